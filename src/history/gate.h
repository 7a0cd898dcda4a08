// What a GateResult (metrics.h) says by itself: its verdict, and its part of
// the serialised form of each model that has one.
#ifndef FIVEK_SRC_HISTORY_GATE_H_
#define FIVEK_SRC_HISTORY_GATE_H_

#include <cstddef>

#include "absl/types/optional.h"
#include "fivek/history/metrics.h"
#include "src/base/serial.h"

namespace fivek {

// Sets z and the verdict by rows, mean_gain and sd_gain.
void DecideGate(GateResult* gate);

// Whether CompareForecasts gave it: no loss is 0. Otherwise there was too
// little to ask, and only `rows` is said.
inline bool WasCompared(const GateResult& gate) {
  return gate.base_log_loss > 0.0;
}

//   offset  bytes
//        0      4  verdict; 4 bytes of 0
//        8     40  rows, losses of base and model, mean and sd of the gain
inline constexpr size_t kGateSize = 48;

void PutGate(const GateResult& gate, SerialWriter* out);
// None unless it can be: numbers in range, the gain that of the losses, the
// verdict that of the rest.
absl::optional<GateResult> TakeGate(SerialReader* reader);

}  // namespace fivek

#endif  // FIVEK_SRC_HISTORY_GATE_H_
