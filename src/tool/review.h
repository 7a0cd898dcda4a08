// The review of an export of opportunities: what `fivek review` finds.
//
// It reads rows as a stream and keeps only sums and the few deals that it will
// name, so a file of a million rows takes no more memory than their ids (kept
// to find duplicates). What it finds is a `Review`, plain data; how a review is
// told is decided in review_text.h and review_json.h.
//
// Rules of the method are not decided here: milestones, claims, strength and
// score rules come from the library.
#ifndef FIVEK_TOOL_REVIEW_H_
#define FIVEK_TOOL_REVIEW_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fivek/base/money.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/policy.h"
#include "fivek/method/strength.h"
#include "fivek/pipeline/audit.h"
#include "src/tool/column_map.h"
#include "src/tool/csv.h"

namespace fivek::tool {

// Amounts of one currency. Deals whose amount is unknown are counted, not
// taken for zero.
struct MoneySum {
  int minor_digits = 2;
  int64_t deals = 0;
  int64_t unknown = 0;  // Of them, without an amount.
  ExactTotal amount;
  ExactTotal expected;  // Amount x yield of the evidence's milestone.
};

// Deals of one kind; amounts by currency ("" where no currency is known), since
// amounts of different currencies never mix.
struct Group {
  int64_t deals = 0;
  std::map<std::string, MoneySum> money;
};

// One deal that the review names.
struct NamedDeal {
  int64_t row = 0;
  std::string id, account, owner;
  std::string currency;
  int minor_digits = 2;
  bool has_amount = false;
  int64_t amount = 0;
  Assessment assessment;
  Strength strength;
  Standing standing;
  ClaimAudit claim;
};

struct StageCount {
  OutcomeKind kind = OutcomeKind::kOpen;
  int64_t deals = 0;
};

// A rule that deals break, and the first of them.
struct RuleBreak {
  int64_t deals = 0;
  std::vector<std::string> examples;  // Ids.
};

struct Review {
  // What was read.
  std::string map_name;
  Policy policy;
  int64_t rows_read = 0;      // Records after the header.
  int64_t rows_reviewed = 0;  // The others are in `errors` or `unmapped`.
  bool has_assessments = false, has_evidence = false, has_claims = false;

  // What could not be read: the first messages, and how many there are.
  std::vector<std::string> errors;
  int64_t error_count = 0;
  std::map<std::string, int64_t> unmapped_stages;

  // The book.
  std::map<std::string, StageCount> stages;  // By the CRM's own name.
  std::array<Group, kOutcomeCount> outcomes;
  std::array<Group, kMilestoneCount> book;  // Open deals, by the evidence.
  // Open deals with a claim: amounts, and expected amounts by the CRM's
  // probability (or the yield of the milestone it claims).
  Group claimed;

  // Evidence of all deals that are not void.
  int64_t items_confirmed = 0, items_proven = 0;
  int64_t items_refused = 0;  // Unproven, where the policy requires proof.
  int64_t deals_with_evidence = 0, deals_without_evidence = 0;
  int64_t carried_by_claims = 0;  // Milestone would be lower if proven only.

  // Claims against evidence: open, on hold and won deals, [claimed][supported].
  std::array<std::array<int64_t, kMilestoneCount>, kMilestoneCount> claims = {};
  int64_t in_line = 0, over_claimed = 0, under_claimed = 0;
  std::vector<NamedDeal> widest_gaps;  // Over-claimed open deals.

  // Strength of open deals.
  int64_t fully_assessed = 0, partly_assessed = 0, not_assessed = 0;
  std::vector<NamedDeal> strongest, weakest;

  // Rule breaks.
  std::vector<RuleBreak> score_rules;  // As policy.score_rules().
  RuleBreak won_without_contract;      // Won, but 18 is not confirmed.
  RuleBreak signed_but_not_won;        // 18 is confirmed, but not won.
  RuleBreak won_with_skipped_steps;
  RuleBreak closed_before_created;

  // Whether a manager has something to look at.
  bool HasFindings() const;
  bool HasErrors() const { return error_count > 0 || !unmapped_stages.empty(); }
};

struct ReviewOptions {
  Policy policy;
  const ColumnMap* map = nullptr;  // Null: chosen by the header.
  size_t named_deals = 5;          // Length of each list of deals.
  size_t errors_kept = 20;
  // Called with the bytes read so far.
  std::function<void(int64_t)> progress = [](int64_t) {};
};

// Reads and reviews a whole export. Rows that cannot be read fail themselves
// and are listed in `errors`. An error is returned only if nothing can be
// reviewed: no header, a missing column, no map that fits, a source that fails.
absl::StatusOr<Review> ReviewExport(CsvSource source,
                                    const ReviewOptions& options);

}  // namespace fivek::tool

#endif  // FIVEK_TOOL_REVIEW_H_
