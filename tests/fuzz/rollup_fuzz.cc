// Any bytes as a roll-up (serial_form.h), which merges with itself.
#include <cstddef>
#include <cstdint>
#include <string>

#include "fivek/pipeline/rollup.h"
#include "tests/fuzz/need.h"
#include "tests/fuzz/serial_form.h"

using fivek::Need;

namespace {

void Use(fivek::Rollup* rollup) {
  const fivek::RollupSums total = rollup->Total();
  Need(total.count <= fivek::kMaxRollupRows, "a roll-up has a bound");
  Need(total.won + total.lost <= total.count, "no row is won and lost");
  const bool room = total.count <= fivek::kMaxRollupRows / 2;
  Need(rollup->Merge(*rollup).ok() == room, "it merges while there is room");
  Need(rollup->Total().count == total.count * (room ? 2 : 1), "as much again");
  for (const fivek::RollupGroup& group : rollup->Groups()) {
    Need(group.sums.count > 0, "no group is empty");
    (void)group.sums.ExpectedRounded(fivek::Rounding::kHalfEven);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fivek::ReadPlainAndSealed(data, size, [](const std::string& bytes) {
    fivek::ReadAs<fivek::Rollup>(bytes, Use);
  });
  return 0;
}
