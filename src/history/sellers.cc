#include "fivek/history/sellers.h"

#include <algorithm>
#include <cstddef>
#include <functional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

absl::Status CheckSellers(absl::Span<const int64_t> won,
                          absl::Span<const int64_t> closed,
                          absl::Span<const double> expected) {
  if (won.size() != closed.size() ||
      (!expected.empty() && expected.size() != closed.size())) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat(won.size(), " won, ", closed.size(), " closed, ",
                               expected.size(),
                               " expected; allowed: as many, expected none"));
  }
  for (size_t i = 0; i < closed.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (closed[i] < 0 || static_cast<double>(closed[i]) > kMostTrials) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("closed ", closed[i], "; allowed: 0 to ", kMostTrials),
          {row, 1});
    }
    if (won[i] < 0 || won[i] > closed[i]) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("won ", won[i], "; allowed: 0 to the closed, ",
                                 closed[i]),
                    {row, 0});
    }
    if (!expected.empty() && !(expected[i] >= 0.0 &&
                               expected[i] <= static_cast<double>(closed[i]))) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("expected ", expected[i],
                                 "; allowed: 0 to the closed, ", closed[i]),
                    {row, 2});
    }
  }
  return absl::OkStatus();
}

// How many of the sorted numbers are above x.
int64_t CountAbove(const std::vector<double>& sorted, double x) {
  return sorted.end() - std::upper_bound(sorted.begin(), sorted.end(), x);
}

// Ranks by the lower end of what is believed.
void Rank(std::vector<SellerRate>* sellers) {
  std::vector<double> lows;
  lows.reserve(sellers->size());
  for (const SellerRate& seller : *sellers) lows.push_back(seller.rate.low);
  std::sort(lows.begin(), lows.end());
  for (SellerRate& seller : *sellers) {
    const auto same =
        std::equal_range(lows.begin(), lows.end(), seller.rate.low);
    seller.rank = lows.end() - same.second + 1;
    seller.tied = same.second - same.first - 1;
    seller.surely_better = CountAbove(lows, seller.rate.high);
  }
}

}  // namespace

absl::StatusOr<SellerRanking> RankSellers(absl::Span<const int64_t> won,
                                          absl::Span<const int64_t> closed,
                                          absl::Span<const double> expected,
                                          const SellerOptions& options) {
  absl::Status allowed = CheckSellers(won, closed, expected);
  if (!allowed.ok()) return allowed;
  SellerRanking ranking;
  if (options.prior.has_value()) {
    ranking.prior_mean = options.prior->mean;
    ranking.prior_strength = options.prior->strength;
    // Also where there is nobody to shrink.
    const absl::StatusOr<BetaPosterior> prior =
        ShrinkRate(ranking.prior_mean, ranking.prior_strength, 0.0, 0.0);
    if (!prior.ok()) return prior.status();
  } else {
    const std::vector<double> successes(won.begin(), won.end());
    const std::vector<double> trials(closed.begin(), closed.end());
    const absl::StatusOr<BetaBinomialFit> fit =
        FitBetaBinomial(successes, trials);
    if (!fit.ok()) return fit.status();
    ranking.prior_mean = fit->mean;
    ranking.prior_strength = fit->strength;
  }
  ranking.sellers.reserve(closed.size());
  for (size_t i = 0; i < closed.size(); ++i) {
    const auto wins = static_cast<double>(won[i]);
    const auto deals = static_cast<double>(closed[i]);
    const absl::StatusOr<BetaPosterior> posterior =
        ShrinkRate(ranking.prior_mean, ranking.prior_strength, wins, deals);
    if (!posterior.ok()) return posterior.status();
    SellerRate seller;
    seller.posterior = *posterior;
    seller.rate = EstimateOf(*posterior, deals);
    if (!expected.empty()) {
      seller.mix_ratio = (wins + kMixStrength) / (expected[i] + kMixStrength);
    }
    ranking.sellers.push_back(seller);
  }
  Rank(&ranking.sellers);
  return ranking;
}

absl::StatusOr<TopShare> TakeShare(absl::Span<const int64_t> values,
                                   Fraction share, ShareEnd end, TieRule rule) {
  absl::Status allowed = CheckShare("share", share);
  if (!allowed.ok()) return allowed;
  if (share.numerator == 0) {
    return Refuse(Reason::kValueRange, "share 0; allowed: above 0, to 1");
  }
  if (static_cast<int>(rule) >= kTieRuleCount ||
      static_cast<int>(end) > static_cast<int>(ShareEnd::kBottom)) {
    return Refuse(
        Reason::kUnknownCode,
        absl::StrCat("tie rule ", static_cast<int>(rule), ", end ",
                     static_cast<int>(end), "; allowed: 0 to 3, 0 and 1"));
  }
  if (values.empty()) {
    return Refuse(Reason::kValueRange, "no values; allowed: 1 or more");
  }
  const size_t n = values.size();
  // floor(n s / d + 1/2) = floor((2 n s + d) / 2 d), from above 0 on: at most
  // n, as s <= d.
  const absl::int128 doubled =
      absl::int128(static_cast<int64_t>(n)) * share.numerator * 2 +
      share.denominator;
  const absl::int128 places = doubled / (absl::int128(share.denominator) * 2);
  TopShare top;
  top.k = std::max(static_cast<int64_t>(places), int64_t{1});
  const auto k = static_cast<size_t>(top.k);
  std::vector<int64_t> sorted(values.begin(), values.end());
  const bool is_top = end == ShareEnd::kTop;
  if (is_top) {
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
  } else {
    std::sort(sorted.begin(), sorted.end());
  }
  top.boundary = sorted[k - 1];
  const auto before = [&](int64_t value) {
    return is_top ? value > top.boundary : value < top.boundary;
  };
  int64_t sure = 0;
  for (const int64_t value : values) {
    sure += before(value) ? 1 : 0;
    top.tied += value == top.boundary ? 1 : 0;
  }
  int64_t left = top.k - sure;  // Places for those at the boundary.
  switch (rule) {
    case TieRule::kFractional:
    case TieRule::kOrdinal:
      top.at_boundary = {left, top.tied};
      break;
    case TieRule::kInclude:
      top.at_boundary = {1, 1};
      break;
    case TieRule::kExclude:
      top.at_boundary = {left == top.tied ? 1 : 0, 1};
      break;
  }
  const double tied_weight = static_cast<double>(top.at_boundary.numerator) /
                             static_cast<double>(top.at_boundary.denominator);
  top.weight.reserve(n);
  for (const int64_t value : values) {
    double weight = before(value) ? 1.0 : 0.0;
    if (value == top.boundary) {
      weight = tied_weight;
      if (rule == TieRule::kOrdinal) weight = left-- > 0 ? 1.0 : 0.0;
    }
    top.weight.push_back(weight);
  }
  return top;
}

}  // namespace fivek
