// Sellers beside each other, by what their numbers can carry: two wins of two
// are no 100 %, and whoever sells the easy deals is not the better seller.
//
//   SellerOptions options;
//   SellerRanking r = *RankSellers({2, 45, 0}, {2, 70, 3}, {}, options);
//   r.sellers[0].rate;    // 0.5173 [0.2733, 0.7578] by ten sellers' prior
//   r.sellers[1].rank;    // 1: nobody's lower end is higher
//
// Units: rates as fractions in [0, 1]; counts of closed deals, credited by who
// owned the deal; amounts in minor units. Errors: kInvalidArgument, as each
// function says. Thread-safety: pure functions; the same bits on every machine,
// and a seller's are the same in any order of sellers. Source: statistics.md
// §4, domain.md.
#ifndef FIVEK_HISTORY_SELLERS_H_
#define FIVEK_HISTORY_SELLERS_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"
#include "fivek/base/fraction.h"
#include "fivek/history/estimate.h"
#include "fivek/history/shrinkage.h"

namespace fivek {

// ---- Ranking ----------------------------------------------------------------

// What a seller's mix of deals is weighed with: as many wins as expected, of
// this many, are assumed before the first.
inline constexpr double kMixStrength = 10.0;

struct SellerPrior {
  double mean = 0.0;
  double strength = 0.0;
};

struct SellerOptions {
  absl::optional<SellerPrior> prior;  // Else the sellers' own: FitBetaBinomial.
};

struct SellerRate {
  BetaPosterior posterior;
  Estimate rate;  // Its mean and 90 % interval; of no deals, the prior.
  // Sellers with a higher lower end, and 1. Equal ends share a rank.
  int64_t rank = 1;
  int64_t tied = 0;  // Others with that rank.
  // Sellers whose lower end is above this one's upper end: surely better. 0 of
  // many is what should keep anybody from reading the ranks as a list.
  int64_t surely_better = 0;
  // (won + k) / (expected + k), k = kMixStrength: above 1, more was won than
  // these deals promised. Nothing where nothing is expected of anyone.
  absl::optional<double> mix_ratio;
};

struct SellerRanking {
  double prior_mean = 0.0;
  double prior_strength = 0.0;      // May be infinite: sellers do not differ.
  std::vector<SellerRate> sellers;  // In the order given.
};

// `closed` deals of each seller, of which `won`; `expected` is the sum of the
// calibrated probabilities that these deals had, 0 to `closed`, or empty.
// kInvalidArgument, naming the row and the column (0 won, 1 closed, 2
// expected), unless lengths are equal, 0 <= won <= closed <= kMostTrials and
// expected is in range; also unless the prior is as in ShrinkRate or, without
// one, some seller has deals. O(n log n) and ShrinkRate for each.
absl::StatusOr<SellerRanking> RankSellers(absl::Span<const int64_t> won,
                                          absl::Span<const int64_t> closed,
                                          absl::Span<const double> expected,
                                          const SellerOptions& options);

// ---- Top and bottom ---------------------------------------------------------

// Who belongs to the top where the last place is shared. Part of the ABI:
// append, never renumber.
enum class TieRule : uint8_t {
  kFractional = 0,  // All tied ones share the places that are left.
  kInclude = 1,     // All tied ones belong: there may be more than k.
  kExclude = 2,     // None of them, where not all fit: there may be fewer.
  kOrdinal = 3,     // The first ones given, until there are k.
};
inline constexpr int kTieRuleCount = 4;

enum class ShareEnd : uint8_t { kTop = 0, kBottom = 1 };

struct TopShare {
  int64_t k = 0;         // Places: max(1, floor(n x share + 1/2)).
  int64_t boundary = 0;  // The value at the last place.
  int64_t tied = 0;      // Values that are equal to it.
  // How much of each of these belongs: exact; of all others all or nothing.
  Fraction at_boundary;
  std::vector<double> weight;  // 0 to 1, by value, in the order given.
};

// The top (or bottom) share of the values: a quarter is {1, 4}. With
// kFractional weights add up to k, so that top, middle and bottom make the
// whole, where 2 k <= n. kOrdinal depends on the order given, as it says.
// kInvalidArgument unless there is a value, 0 < share <= 1 and the codes are
// known. O(n log n).
absl::StatusOr<TopShare> TakeShare(absl::Span<const int64_t> values,
                                   Fraction share, ShareEnd end, TieRule rule);

}  // namespace fivek

#endif  // FIVEK_HISTORY_SELLERS_H_
