#include "src/history/gate.h"

#include <cmath>
#include <cstdint>

#include "fivek/history/isotonic.h"

namespace fivek {
namespace {

// -ln kLeastLikelihood is 34.5388, and no sd of two rows or more is above
// sqrt(2) times that.
constexpr double kMostLoss = 34.54;
constexpr double kMostSd = 48.85;
// Each gain is rounded, by 4e-15 at most.
constexpr double kRounding = 1e-12;

bool IsEmpty(const GateResult& gate) {
  return gate.base_log_loss == 0.0 && gate.model_log_loss == 0.0 &&
         gate.mean_gain == 0.0 && gate.sd_gain == 0.0;
}

bool AreNumbers(const GateResult& gate) {
  return 0 <= gate.rows && gate.rows <= static_cast<int64_t>(kMostValues) &&
         IsWithin(gate.base_log_loss, 0.0, kMostLoss) &&
         IsWithin(gate.model_log_loss, 0.0, kMostLoss) &&
         IsWithin(gate.mean_gain, -kMostLoss, kMostLoss) &&
         IsWithin(gate.sd_gain, 0.0, kMostSd);
}

// Of rows, one of which has no spread.
bool IsComparison(const GateResult& gate) {
  const double gain = gate.base_log_loss - gate.model_log_loss;
  return gate.rows >= 1 && gate.base_log_loss > 0.0 &&
         gate.model_log_loss > 0.0 &&
         std::abs(gate.mean_gain - gain) <= kRounding &&
         (gate.rows > 1 || gate.sd_gain == 0.0);
}

}  // namespace

void DecideGate(GateResult* gate) {
  gate->z.reset();
  if (gate->sd_gain > 0.0) {
    gate->z = gate->mean_gain /
              (gate->sd_gain / std::sqrt(static_cast<double>(gate->rows)));
  }
  if (gate->rows < 2) {
    gate->verdict = GateVerdict::kTooFewRows;
  } else if (!(gate->mean_gain > 0.0)) {
    gate->verdict = GateVerdict::kNotBetter;
  } else if (gate->z.has_value() && *gate->z < kGateZ) {
    gate->verdict = GateVerdict::kNotSure;
  } else {
    gate->verdict = GateVerdict::kAdopt;
  }
}

void PutGate(const GateResult& gate, SerialWriter* out) {
  out->Put64(static_cast<uint64_t>(gate.verdict));
  out->Put64(static_cast<uint64_t>(gate.rows));
  out->PutDouble(gate.base_log_loss);
  out->PutDouble(gate.model_log_loss);
  out->PutDouble(gate.mean_gain);
  out->PutDouble(gate.sd_gain);
}

absl::optional<GateResult> TakeGate(SerialReader* reader) {
  const uint64_t verdict = reader->Take64();
  GateResult gate;
  gate.rows = reader->TakeSigned64();
  gate.base_log_loss = reader->TakeDouble();
  gate.model_log_loss = reader->TakeDouble();
  gate.mean_gain = reader->TakeDouble();
  gate.sd_gain = reader->TakeDouble();
  if (!AreNumbers(gate)) return absl::nullopt;
  if (!IsEmpty(gate)) {
    if (!IsComparison(gate)) return absl::nullopt;
    DecideGate(&gate);
  }
  if (verdict != static_cast<uint64_t>(gate.verdict)) return absl::nullopt;
  return gate;
}

}  // namespace fivek
