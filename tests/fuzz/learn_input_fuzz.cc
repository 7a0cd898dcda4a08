// Any bytes are a table of visits, one of deals, or an error that says why. The
// columns of what is read belong together.
//
// Input: 1 byte for the kind (of 3: by the header, visits, deals), then the
// text.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/tool/learn_input.h"
#include "tests/fuzz/need.h"

namespace fivek::tool {
namespace {

bool AreNames(const std::vector<std::string>& names) {
  return std::adjacent_find(names.begin(), names.end(),
                            [](const std::string& a, const std::string& b) {
                              return a >= b;
                            }) == names.end();
}

void CheckVisits(const VisitTable& t) {
  const size_t n = t.deal.size();
  Need(t.stage.size() == n && t.entered.size() == n && t.left.size() == n &&
           t.end.size() == n && t.segment.size() == n && t.team.size() == n &&
           t.seller.size() == n,
       "columns are of one length");
  Need(AreNames(t.deals) && AreNames(t.segments) && AreNames(t.teams) &&
           AreNames(t.sellers),
       "names are sorted and stand once");
  Need(n <= static_cast<size_t>(t.rows_read), "no more visits than rows");
  Need(t.deals_won + t.deals_lost <= static_cast<int64_t>(t.deals.size()),
       "a deal ends once");
  for (size_t i = 0; i < n; ++i) {
    Need(t.stage[i] < 6, "the stage");
    Need(t.entered[i] <= t.left[i], "entered before it was left");
    Need(t.end[i] == VisitEnd::kOpen || t.left[i] != kStillThere,
         "what has ended was left");
    Need(t.deal[i] < t.deals.size(), "the deal");
    for (const auto& [column, names] :
         {std::make_pair(&t.segment, &t.segments),
          std::make_pair(&t.team, &t.teams),
          std::make_pair(&t.seller, &t.sellers)}) {
      Need((*column)[i] == kNoText || (*column)[i] < names->size(), "a text");
    }
    if (i == 0 || t.deal[i] != t.deal[i - 1]) {
      Need(i == 0 || t.deal[i] > t.deal[i - 1], "by deal");
    } else {
      Need(t.left[i - 1] <= t.entered[i], "visits follow each other");
      Need(t.end[i - 1] != VisitEnd::kLost, "nothing comes after a loss");
    }
  }
}

void CheckDeals(const DealTable& t, bool has_errors) {
  const size_t n = t.won.size();
  Need(n > 0 || has_errors, "a deal that was won or lost");
  Need(t.row.size() == n && t.fold.empty(), "columns are of one length");
  for (const FeatureColumn& column : t.columns) {
    if (column.numeric) {
      Need(column.number.size() == n && column.known.size() == n &&
               column.levels.empty() && column.level.empty(),
           "a column of numbers");
      for (size_t i = 0; i < n; ++i) {
        Need(column.number[i] - column.number[i] == 0, "numbers are finite");
        Need(column.known[i] == 1 || column.number[i] == 0, "missing is 0");
      }
      continue;
    }
    Need(column.level.size() == n && column.number.empty(), "of levels");
    Need(AreNames(column.levels) && !column.levels.empty(), "the levels");
    std::vector<bool> stands(column.levels.size());
    int64_t missing = 0;
    for (const uint32_t level : column.level) {
      missing += level == kMissingLevel ? 1 : 0;
      if (level == kMissingLevel) continue;
      Need(level < column.levels.size(), "a level");
      stands[level] = true;
    }
    Need(missing == column.missing, "the missing are counted");
    Need(std::find(stands.begin(), stands.end(), false) == stands.end(),
         "each level stands somewhere");
  }
}

}  // namespace
}  // namespace fivek::tool

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using fivek::tool::LearnKind;
  if (size == 0) return 0;
  const absl::string_view text(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  fivek::tool::LearnOptions options;
  if (data[0] % 3 == 1) options.kind = LearnKind::kVisits;
  if (data[0] % 3 == 2) options.kind = LearnKind::kDeals;
  const auto input = fivek::tool::ReadLearnInput(
      fivek::tool::CsvSourceFromText(text), options);
  if (!input.ok()) {
    fivek::Need(!input.status().message().empty(), "it says why");
  } else if (input->kind() == LearnKind::kVisits) {
    fivek::tool::CheckVisits(std::get<fivek::tool::VisitTable>(input->table));
  } else {
    fivek::tool::CheckDeals(std::get<fivek::tool::DealTable>(input->table),
                            input->errors.count > 0);
  }
  fivek::tool::ReadFolds(fivek::tool::CsvSourceFromText(text))
      .status()
      .IgnoreError();
  return 0;
}
