// Any bytes as a roll-up: refused with a reason, or exactly what is written
// again. The checksum is also set right, so that what it guards is reached.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/base/reason.h"
#include "fivek/pipeline/rollup.h"
#include "src/base/fnv1a.h"

namespace {

void Need(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void ReadOne(const std::string& bytes) {
  absl::StatusOr<fivek::Rollup> rollup = fivek::Rollup::Read(bytes);
  if (!rollup.ok()) {
    Need(rollup.status().code() == absl::StatusCode::kDataLoss, "DATA_LOSS");
    Need(fivek::ReasonOf(rollup.status()) == fivek::Reason::kDataDamaged,
         "a refusal has a reason");
    Need(rollup.status().message().size() < 200, "a message is short");
    return;
  }
  Need(rollup->Serialise() == bytes, "what was read is written again");

  // What was accepted can be used.
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
  std::string bytes(reinterpret_cast<const char*>(data), size);
  ReadOne(bytes);
  if (size < 8) return 0;
  const uint64_t sum =
      fivek::Fnv1a64(absl::string_view(bytes).substr(0, size - 8));
  for (size_t i = 0; i < 8; ++i) {
    bytes[size - 8 + i] = static_cast<char>(sum >> 8 * i & 0xFF);
  }
  ReadOne(bytes);
  return 0;
}
