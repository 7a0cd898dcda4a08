// Any bytes as statistics of visits (serial_form.h), with a ladder that rises.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "fivek/history/ladder.h"
#include "fivek/history/visits.h"
#include "fivek/method/policy.h"
#include "tests/fuzz/need.h"
#include "tests/fuzz/serial_form.h"

using fivek::Need;

namespace {

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fivek::ReadPlainAndSealed(data, size, [](const std::string& bytes) {
    fivek::ReadAs<fivek::VisitStatistics>(bytes, Use);
  });
  return 0;
}
