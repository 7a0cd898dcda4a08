// An invented pipeline for demonstrations and tests, in the native format
// (maps/fivek.map). Nothing in it comes from a real business: every id starts
// with INV-, every account says that it is invented, and so does the note.
//
// The same bytes for the same seed on every machine: integer arithmetic only. A
// row depends on the seed and its own number, so a longer sample starts with
// the shorter one.

#ifndef FIVEK_SRC_TOOL_SAMPLE_H_
#define FIVEK_SRC_TOOL_SAMPLE_H_

#include <cstddef>
#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace fivek::tool {

// Writes a header and `rows` opportunities as CSV, in pieces of about 64 KiB.
// About 60 % are open, the others on hold, won, lost and void; two thirds of
// their evidence is proven; most claim more than their evidence supports; some
// levels contradict the evidence; amounts are skewed as in a real book, some
// are unknown. Errors: what `write` returns, at once.
absl::Status WriteSample(
    size_t rows, uint64_t seed,
    absl::FunctionRef<absl::Status(absl::string_view)> write);

}  // namespace fivek::tool

#endif  // FIVEK_SRC_TOOL_SAMPLE_H_
