// What `fivek learn` found, and how it is told: tables for people in English or
// Chinese, JSON for programs.
//
// Nothing is published bare: each number that is estimated has its value, low,
// high, effective n and source beside it (fivek/history/estimate.h); counts are
// counts.
#ifndef FIVEK_TOOL_LEARN_REPORT_H_
#define FIVEK_TOOL_LEARN_REPORT_H_

#include <string>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/base/language.h"
#include "fivek/method/policy.h"
#include "src/tool/learn_deals.h"
#include "src/tool/learn_visits.h"
#include "src/tool/row_errors.h"

namespace fivek::tool {

struct LearnReport {
  Policy policy;
  std::variant<VisitReport, DealReport> found;
  RowErrors errors;

  // The bytes for --out: those of VisitStatistics or Scorecard.
  std::string Model() const;
  // Whether what was learned forecasts better than what is simpler.
  bool adopted() const;
};

// `file` is what was learned from. Colour only if asked.
std::string LearnText(const LearnReport& report, absl::string_view file,
                      Language language, bool colour);

absl::StatusOr<std::string> LearnJson(const LearnReport& report,
                                      absl::string_view file,
                                      Language language);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_LEARN_REPORT_H_
