// Any bytes as a snapshot: refused with a reason, or exactly what is written
// again. The checksum is also set right, so that what it guards is reached.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "absl/status/statusor.h"
#include "fivek/base/reason.h"
#include "fivek/pipeline/movement.h"
#include "tests/seal.h"

namespace {

void Need(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

void ReadOne(const std::string& bytes) {
  const absl::StatusOr<fivek::Snapshot> read = fivek::Snapshot::Read(bytes);
  if (!read.ok()) {
    Need(read.status().code() == absl::StatusCode::kDataLoss, "DATA_LOSS");
    Need(fivek::ReasonOf(read.status()) == fivek::Reason::kDataDamaged,
         "a refusal has a reason");
    Need(read.status().message().size() < 200, "a message is short");
    return;
  }
  Need(read->Serialise() == bytes, "what was read is written again");
  Need(fivek::Snapshot::Of(read->stamp(), read->rows()).ok(),
       "what was read could have been made");

  // What was accepted can be used.
  const fivek::Snapshot none =
      *fivek::Snapshot::Of({read->stamp().taken_at, 0}, {});
  const absl::StatusOr<fivek::Waterfall> w =
      fivek::MeasureMovement(none, *read, {0, 20000});
  Need(w.ok(), "it has a waterfall");
  Need(w->opening.amount + w->MovedAmount() == w->closing.amount,
       "every cent is somewhere");
  Need(w->MovedCount() == w->closing.count, "every deal too");
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
