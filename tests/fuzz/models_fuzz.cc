// Any bytes as a fitted model (serial_form.h) that says probabilities. The
// first eight letters choose the form.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/span.h"
#include "fivek/history/estimate.h"
#include "fivek/history/evidence_model.h"
#include "fivek/history/pls_compat.h"
#include "fivek/history/recalibration.h"
#include "fivek/history/scorecard.h"
#include "tests/fuzz/need.h"
#include "tests/fuzz/serial_form.h"

using fivek::Need;

namespace {

void NeedEstimate(const fivek::Estimate& p) {
  Need(0.0 <= p.low && p.low <= p.value && p.value <= p.high && p.high <= 1.0,
       "an estimate is inside its interval");
  Need(p.effective_n >= 0.0, "as many deals as none or more");
}

// ---- Scorecards -------------------------------------------------------------

// Whatever is answered, points add up and say the probability.
void UseAnswers(const fivek::Scorecard& card,
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
  NeedEstimate(p);
  Need(p.value == card.Probability(score).value, "points explain it");
}

void Use(const fivek::Scorecard& card) {
  std::vector<fivek::ScoreAnswer> answers(card.columns());
  UseAnswers(card, answers);
  for (const fivek::ScoreLine& line : card.Table()) {
    fivek::ScoreAnswer& answer = answers[static_cast<size_t>(line.column)];
    answer.level = line.level;
    answer.value = line.kind == fivek::ScoreLineKind::kRange && line.to < 1e300
                       ? line.to
                       : -1.0;
    answer.missing = line.kind == fivek::ScoreLineKind::kMissing;
    UseAnswers(card, answers);
  }
}

// ---- The others -------------------------------------------------------------

// More evidence never counts against a deal, and explanations add up.
void Use(const fivek::EvidenceModel& model) {
  for (uint8_t stage = 0; stage < fivek::kEvidenceStages; ++stage) {
    for (const double ladder : {1e-9, 0.5, 0.999}) {
      double before = -1e300;
      for (uint8_t points = 0; points <= 20; points += 4) {
        fivek::EvidencePoints all;
        all.fill(points);
        const fivek::Estimate p = *model.Predict(stage, ladder, all);
        NeedEstimate(p);
        const fivek::EvidenceExplanation why =
            *model.Explain(stage, ladder, all);
        Need(why.log_odds >= before, "more evidence counts for a deal");
        before = why.log_odds;
        int32_t ppm = why.reference_ppm;
        for (const int32_t share : why.share_ppm) ppm += share;
        Need(ppm == why.probability_ppm, "shares add up");
      }
    }
  }
}

// Each lead that is counted can be one, and what is read counts on.
void Use(const fivek::PlsCompat& pls) {
  fivek::PlsCompat more = pls;
  std::vector<uint32_t> values(pls.fields(), fivek::kPlsNoValue);
  for (const fivek::PlsCount& count : pls.Counts()) {
    fivek::PlsLead lead;
    lead.team = count.team;
    if (count.field == fivek::kPlsStageField) lead.stage = count.value;
    if (count.field == fivek::kPlsTagField) lead.tag = {&count.value, 1};
    if (count.field >= 0) {
      values[static_cast<size_t>(count.field)] = count.value;
    }
    lead.value = values;
    const auto p = pls.Probability(lead);
    Need(p.ok() && p->has_value(), "where leads have closed, it is known");
    Need(0.0 <= (*p)->raw_percent && (*p)->raw_percent <= 100.0 &&
             0.0 <= (*p)->percent && (*p)->percent <= 100.0,
         "a percentage");
    if (!more.Add(lead, true).ok()) return;  // Too many leads.
    Need(fivek::PlsCompat::Read(more.Serialise()).ok(), "counts are of leads");
    Need(more.Remove(lead, true).ok(), "what was added is taken back");
  }
  Need(more.Serialise() == pls.Serialise(), "nothing is left of it");
}

void Use(const fivek::Recalibration& step) {
  const std::vector<double> forecasts = {0.0, 1e-300, 0.1, 0.5, 0.7, 1.0};
  const auto all = step.Apply(absl::MakeConstSpan(forecasts));
  Need(all.ok() && all->size() == forecasts.size(), "each is set right");
  for (size_t i = 0; i < forecasts.size(); ++i) {
    Need(0.0 <= (*all)[i] && (*all)[i] <= 1.0, "a probability");
    Need((*all)[i] == *step.Apply(forecasts[i]), "many are as one");
  }
}

template <typename Model>
void ReadModel(const std::string& bytes) {
  fivek::ReadAs<Model>(bytes, [](const Model* model) { Use(*model); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  fivek::ReadPlainAndSealed(data, size, [](const std::string& bytes) {
    ReadModel<fivek::Scorecard>(bytes);
    ReadModel<fivek::EvidenceModel>(bytes);
    ReadModel<fivek::PlsCompat>(bytes);
    ReadModel<fivek::Recalibration>(bytes);
  });
  return 0;
}
