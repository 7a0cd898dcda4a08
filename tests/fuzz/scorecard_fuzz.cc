// Any bytes as a scorecard: refused with a reason, or exactly what is written
// again, and a card whose points add up. The checksum is also set right, so
// that what it guards is reached.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/base/reason.h"
#include "fivek/history/scorecard.h"
#include "tests/seal.h"

namespace {

void Need(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// Whatever is answered, points add up and say the probability.
void Use(const fivek::Scorecard& card,
         const std::vector<fivek::ScoreAnswer>& answers) {
  const auto parts = card.Explain(answers);
  Need(parts.ok(), "answers of a card are explained");
  int32_t score = 0;
  for (const fivek::ScorePart& part : *parts) {
    const fivek::ScoreLine& line = card.Table()[static_cast<size_t>(part.line)];
    Need(line.column == part.column && line.points == part.points,
         "a part is a line of the table");
    score += part.points;
  }
  const fivek::Estimate p = *card.Predict(answers);
  Need(0.0 <= p.low && p.low <= p.value && p.value <= p.high && p.high <= 1.0,
       "an estimate is inside its interval");
  Need(p.value == card.Probability(score).value, "points explain it");
}

void ReadOne(const std::string& bytes) {
  const absl::StatusOr<fivek::Scorecard> card = fivek::Scorecard::Read(bytes);
  if (!card.ok()) {
    Need(card.status().code() == absl::StatusCode::kDataLoss, "DATA_LOSS");
    Need(fivek::ReasonOf(card.status()) == fivek::Reason::kDataDamaged,
         "a refusal has a reason");
    Need(card.status().message().size() < 200, "a message is short");
    return;
  }
  Need(card->Serialise() == bytes, "what was read is written again");
  std::vector<fivek::ScoreAnswer> answers(card->columns());
  Use(*card, answers);
  for (const fivek::ScoreLine& line : card->Table()) {
    fivek::ScoreAnswer& answer = answers[static_cast<size_t>(line.column)];
    answer.level = line.level;
    answer.value = line.kind == fivek::ScoreLineKind::kRange && line.to < 1e300
                       ? line.to
                       : -1.0;
    answer.missing = line.kind == fivek::ScoreLineKind::kMissing;
    Use(*card, answers);
  }
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
