#include "fivek/accounts/portfolio.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

absl::StatusOr<int64_t> TotalWeight(absl::Span<const int32_t> weight) {
  if (weight.empty() || weight.size() > kMostCriteria) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("weight has ", weight.size(),
                               " criteria; allowed: 1 to ", kMostCriteria));
  }
  int64_t total = 0;
  for (size_t i = 0; i < weight.size(); ++i) {
    if (weight[i] < 0 || weight[i] > kMostCriterionWeight) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("weight ", weight[i], "; allowed: 0 to ",
                                 kMostCriterionWeight),
                    {-1, static_cast<int32_t>(i)});
    }
    total += weight[i];
  }
  if (total == 0) {
    return Refuse(Reason::kValueRange,
                  "weight is 0 of all criteria; allowed: one above 0");
  }
  return total;
}

// sum / (weight x kMostCriterion) in ppm, rounded down. At most 10^3 weights of
// 10^6 and scores of 10^2: below 10^17 after the product.
int32_t PpmOfScale(int64_t sum, int64_t weight) {
  return static_cast<int32_t>(sum * (kMostPortfolioScore / kMostCriterion) /
                              weight);
}

// What is known of one axis of an account: equal where the score is.
struct Range {
  int32_t low, high;
};

constexpr size_t kMostCuts = 2;

// An axis with its cuts in order.
struct Cuts {
  std::array<int32_t, kMostCuts> at = {};
  int32_t count = 0;

  int32_t LevelOf(int32_t score) const {
    int32_t level = 0;
    for (int32_t i = 0; i < count; ++i) {
      level += score >= at[static_cast<size_t>(i)] ? 1 : 0;
    }
    return level;
  }

  int32_t DistanceOf(int32_t score) const {
    int32_t nearest = score - at[0];
    for (int32_t i = 1; i < count; ++i) {
      const int32_t distance = score - at[static_cast<size_t>(i)];
      if (std::abs(distance) < std::abs(nearest)) nearest = distance;
    }
    return nearest;
  }

  // The levels on both sides of each cut that is at most `within` away, and
  // all between: bit = level.
  uint32_t LevelsWithin(int32_t score, int32_t within) const {
    uint32_t levels = uint32_t{1} << LevelOf(score);
    for (int32_t i = 0; i < count; ++i) {
      if (std::abs(score - at[static_cast<size_t>(i)]) <= within) {
        levels |= uint32_t{3} << i;
      }
    }
    return levels;
  }
};

absl::StatusOr<Cuts> CutsOf(const char* name, const PortfolioAxis& axis) {
  const bool three = axis.medium != kScoreUnknown;
  if (axis.high < 0 || axis.high > kMostPortfolioScore) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(name, " high cut ", axis.high,
                               "; allowed: 0 to ", kMostPortfolioScore));
  }
  if (three && (axis.medium <= 0 || axis.medium >= axis.high)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat(name, " medium cut ", axis.medium,
                     "; allowed: above 0, below the high cut, ", axis.high));
  }
  Cuts cuts;
  if (three) cuts.at[static_cast<size_t>(cuts.count++)] = axis.medium;
  cuts.at[static_cast<size_t>(cuts.count++)] = axis.high;
  return cuts;
}

absl::Status CheckScore(const char* name, int32_t score, size_t row,
                        int32_t column) {
  if (score >= kScoreUnknown && score <= kMostPortfolioScore)
    return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", score, "; allowed: 0 to ",
                             kMostPortfolioScore, ", or ", kScoreUnknown),
                {static_cast<int64_t>(row), column});
}

// The columns of one axis.
struct AxisColumns {
  const char* name;
  const char* most_name;
  absl::Span<const int32_t> score, most;
  int32_t column;  // Of `score`; `most` is the next.

  absl::StatusOr<Range> At(size_t row) const {
    const int32_t low = score[row];
    absl::Status allowed = CheckScore(name, low, row, column);
    if (!allowed.ok()) return allowed;
    if (most.empty()) {
      return low == kScoreUnknown ? Range{0, kMostPortfolioScore}
                                  : Range{low, low};
    }
    const int32_t high = most[row];
    allowed = CheckScore(most_name, high, row, column + 1);
    if (!allowed.ok()) return allowed;
    const Range range = {low == kScoreUnknown ? 0 : low,
                         high == kScoreUnknown ? kMostPortfolioScore : high};
    if (range.low > range.high) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat(most_name, " ", high, "; allowed: ", name,
                                 ", ", low, ", or above"),
                    {static_cast<int64_t>(row), column + 1});
    }
    return range;
  }
};

// All levels from that of the lowest possible score to that of the highest.
uint32_t LevelsOf(const Cuts& cuts, Range range) {
  uint32_t levels = 0;
  for (int32_t level = cuts.LevelOf(range.low);
       level <= cuts.LevelOf(range.high); ++level) {
    levels |= uint32_t{1} << level;
  }
  return levels;
}

// The cells of any of these levels with any of those.
uint32_t CellsOf(uint32_t attractiveness, uint32_t relationship,
                 int32_t levels) {
  uint32_t cells = 0;
  for (int32_t a = 0; a < levels; ++a) {
    if ((attractiveness >> a & 1) == 0) continue;
    for (int32_t r = 0; r < levels; ++r) {
      if ((relationship >> r & 1) == 0) continue;
      cells |= uint32_t{1} << ((levels - 1 - a) * levels + levels - 1 - r);
    }
  }
  return cells;
}

int32_t LevelIfOne(const Cuts& cuts, Range range) {
  const int32_t level = cuts.LevelOf(range.low);
  return level == cuts.LevelOf(range.high) ? level : kCellUnknown;
}

PortfolioAccount Place(const Cuts& by_attractiveness,
                       const Cuts& by_relationship, Range attractiveness,
                       Range relationship, int32_t within) {
  const int32_t levels = by_attractiveness.count + 1;
  PortfolioAccount account;
  account.attractiveness = LevelIfOne(by_attractiveness, attractiveness);
  account.relationship = LevelIfOne(by_relationship, relationship);
  const bool known_a = attractiveness.low == attractiveness.high;
  const bool known_r = relationship.low == relationship.high;
  if (known_a) {
    account.attractiveness_distance =
        by_attractiveness.DistanceOf(attractiveness.low);
  }
  if (known_r) {
    account.relationship_distance =
        by_relationship.DistanceOf(relationship.low);
  }
  account.possible = CellsOf(LevelsOf(by_attractiveness, attractiveness),
                             LevelsOf(by_relationship, relationship), levels);
  if (account.attractiveness != kCellUnknown &&
      account.relationship != kCellUnknown) {
    account.cell = (levels - 1 - account.attractiveness) * levels + levels - 1 -
                   account.relationship;
    // An axis that is known to the level only is not moved.
    const uint32_t near_a =
        known_a ? by_attractiveness.LevelsWithin(attractiveness.low, within)
                : uint32_t{1} << account.attractiveness;
    const uint32_t near_r =
        known_r ? by_relationship.LevelsWithin(relationship.low, within)
                : uint32_t{1} << account.relationship;
    account.near_cells = CellsOf(near_a, near_r, levels) & ~account.possible;
  }
  return account;
}

absl::Status CheckLengths(const AxisColumns& a, const AxisColumns& r) {
  const size_t n = a.score.size();
  if (r.score.size() == n && (a.most.empty() || a.most.size() == n) &&
      (r.most.empty() || r.most.size() == n)) {
    return absl::OkStatus();
  }
  return Refuse(
      Reason::kValueRange,
      absl::StrCat("attractiveness has ", n, " rows and ", a.most.size(),
                   " of its most, relationship ", r.score.size(), " and ",
                   r.most.size(), "; allowed: as many, or no most"));
}

}  // namespace

absl::StatusOr<std::vector<ScoreRange>> WeighScores(
    absl::Span<const int32_t> weight, absl::Span<const int32_t> score) {
  const absl::StatusOr<int64_t> total = TotalWeight(weight);
  if (!total.ok()) return total.status();
  if (score.size() % weight.size() != 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("score has ", score.size(),
                               " values; allowed: as many for each account as "
                               "there are weights, ",
                               weight.size()));
  }
  const size_t n = score.size() / weight.size();
  std::vector<ScoreRange> ranges;
  ranges.reserve(n);
  for (size_t row = 0; row < n; ++row) {
    ScoreRange range;
    int64_t sum = 0;
    int64_t known = 0;
    for (size_t i = 0; i < weight.size(); ++i) {
      const int32_t s = score[row * weight.size() + i];
      if (s < kScoreUnknown || s > kMostCriterion) {
        return Refuse(Reason::kValueRange,
                      absl::StrCat("score ", s, "; allowed: 0 to ",
                                   kMostCriterion, ", or ", kScoreUnknown),
                      {static_cast<int64_t>(row), static_cast<int32_t>(i)});
      }
      if (s == kScoreUnknown) {
        range.unknown += weight[i] > 0 ? 1 : 0;
        continue;
      }
      sum += int64_t{weight[i]} * s;
      known += weight[i];
    }
    range.low = PpmOfScale(sum, *total);
    range.high = PpmOfScale(sum + (*total - known) * kMostCriterion, *total);
    if (known > 0) range.of_known = PpmOfScale(sum, known);
    ranges.push_back(range);
  }
  return ranges;
}

absl::StatusOr<Portfolio> SortPortfolio(
    absl::Span<const int32_t> attractiveness,
    absl::Span<const int32_t> attractiveness_most,
    absl::Span<const int32_t> relationship,
    absl::Span<const int32_t> relationship_most,
    const PortfolioOptions& options) {
  const AxisColumns a = {"attractiveness", "attractiveness_most",
                         attractiveness, attractiveness_most, 0};
  const AxisColumns r = {"relationship", "relationship_most", relationship,
                         relationship_most, 2};
  absl::Status allowed = CheckLengths(a, r);
  if (!allowed.ok()) return allowed;
  const absl::StatusOr<Cuts> cuts_a =
      CutsOf("attractiveness", options.attractiveness);
  if (!cuts_a.ok()) return cuts_a.status();
  const absl::StatusOr<Cuts> cuts_r =
      CutsOf("relationship", options.relationship);
  if (!cuts_r.ok()) return cuts_r.status();
  if (cuts_a->count != cuts_r->count) {
    return Refuse(Reason::kValueRange,
                  "medium cut of one axis; allowed: of both or of none");
  }
  if (options.within < 0 || options.within > kMostPortfolioScore) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("within ", options.within, "; allowed: 0 to ",
                               kMostPortfolioScore));
  }
  Portfolio portfolio;
  portfolio.levels = cuts_a->count + 1;
  portfolio.accounts.reserve(attractiveness.size());
  for (size_t row = 0; row < attractiveness.size(); ++row) {
    const absl::StatusOr<Range> range_a = a.At(row);
    if (!range_a.ok()) return range_a.status();
    const absl::StatusOr<Range> range_r = r.At(row);
    if (!range_r.ok()) return range_r.status();
    const PortfolioAccount account =
        Place(*cuts_a, *cuts_r, *range_a, *range_r, options.within);
    if (account.cell == kCellUnknown) {
      ++portfolio.unknown;
    } else {
      ++portfolio.count[static_cast<size_t>(account.cell)];
    }
    portfolio.borderline += account.near_cells != 0 ? 1 : 0;
    portfolio.accounts.push_back(account);
  }
  return portfolio;
}

}  // namespace fivek
