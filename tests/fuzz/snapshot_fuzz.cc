// Any bytes as a snapshot (serial_form.h), of which every cent is somewhere.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "fivek/pipeline/movement.h"
#include "tests/fuzz/need.h"
#include "tests/fuzz/serial_form.h"

using fivek::Need;

namespace {

void Use(const fivek::Snapshot* read) {
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
  fivek::ReadPlainAndSealed(data, size, [](const std::string& bytes) {
    fivek::ReadAs<fivek::Snapshot>(bytes, Use);
  });
  return 0;
}
