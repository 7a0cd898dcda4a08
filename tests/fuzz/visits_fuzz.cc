// Any bytes as statistics of visits: refused with a reason, or exactly what is
// written again, and a ladder that rises. The checksum is also set right, so
// that what it guards is reached.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/status/statusor.h"
#include "fivek/base/reason.h"
#include "fivek/history/ladder.h"
#include "fivek/history/visits.h"
#include "fivek/method/policy.h"
#include "tests/seal.h"

namespace {

void Need(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

bool IsSound(const fivek::Estimate& e) {
  return 0.0 <= e.low && e.low <= e.value && e.value <= e.high &&
         e.high <= 1.0 && e.effective_n >= 0.0;
}

// What was accepted can be used.
void Use(fivek::VisitStatistics* statistics) {
  const fivek::Policy policy;
  for (const double strength : {0.0, 20.0}) {
    fivek::LadderOptions options;
    options.strength = strength;
    const auto ladder = fivek::FitLadder(policy.tables(), *statistics, options);
    Need(ladder.ok(), "a ladder is learned");
    double before = 0.0;
    for (int32_t m = 0; m < fivek::kMilestoneCount; ++m) {
      const fivek::Estimate won = *ladder->Won({}, m);
      Need(IsSound(won) && won.value >= before, "it rises");
      before = won.value;
      Need(IsSound(*ladder->WonAtAge({}, m, 40)), "an age is sound");
    }
    Need(ladder->Table({}).ok(), "it has a table");
    const auto within = ladder->Within(20);
    for (int32_t m = 0; m < fivek::kMilestoneCount; ++m) {
      const auto soon = within->Won({}, m, 3);
      Need(!soon.ok() || IsSound(*soon), "a horizon is sound");
    }
  }
  const std::string bytes = statistics->Serialise();
  const absl::Status merged = statistics->Merge(*statistics);
  Need(merged.ok() || statistics->Serialise() == bytes,
       "they double, or nothing happens");
}

void ReadOne(const std::string& bytes) {
  absl::StatusOr<fivek::VisitStatistics> read =
      fivek::VisitStatistics::Read(bytes);
  if (!read.ok()) {
    Need(read.status().code() == absl::StatusCode::kDataLoss, "DATA_LOSS");
    Need(fivek::ReasonOf(read.status()) == fivek::Reason::kDataDamaged,
         "a refusal has a reason");
    Need(read.status().message().size() < 200, "a message is short");
    return;
  }
  Need(read->Serialise() == bytes, "what was read is written again");
  Use(&*read);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string bytes(reinterpret_cast<const char*>(data), size);
  ReadOne(bytes);
  if (size < 8) return 0;
  fivek::Seal(&bytes);
  ReadOne(bytes);
  return 0;
}
