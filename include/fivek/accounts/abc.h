// ABC: which few customers make most of the value. Classes are cut at shares of
// the total: A up to 80 %, B up to 95 %, C the rest.
//
//   std::vector<uint8_t> grade(5);
//   AbcResult r = *ClassifyAbc({40, 30, 15, 10, 5}, {}, absl::MakeSpan(grade));
//   grade;                         // A A A B C: 15 crosses 80 %
//   *r.of[0].lowest;               // 15: with this an account is an A
//   r.of[0].value;                 // 85 of 100
//
// What decides, where two readings are possible:
// - The total is that of values above 0. Zero is C. A negative value (returns
//   above purchases) is N: counted, and in no total.
// - kCrossing, the default: a class holds all who start below its share, so the
//   one that crosses the share still belongs to the better class, and a single
//   customer is an A. kInclusive: only who ends at or below the share, so that
//   one customer with 90 % of the value is a B.
// - Equal values share a class (kTogether): the class depends on the value
//   alone, whatever the order of rows. The whole group crosses or ends, as if
//   it were one. kByRow, for comparing with what sorts rows: equal values are
//   taken one by one in the order given.
// - Multiplying all values by a positive constant changes no class: sums are
//   compared exactly, in 128 bits.
//
// Units: minor units of one currency, or any count. Shares in ppm. Errors:
// kInvalidArgument, as each function says. Cost: O(n), without sorting, at
// about twice reading the values twice; memory 64 KB and up to 24 bytes for
// each value that shares the first seven bits with a boundary. Thread-safety:
// pure functions. Source: domain.md §8, statistics.md §5.
#ifndef FIVEK_ACCOUNTS_ABC_H_
#define FIVEK_ACCOUNTS_ABC_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "absl/types/span.h"

namespace fivek {

// Part of the ABI: append, never renumber.
enum class AbcClass : uint8_t { kA = 0, kB = 1, kC = 2, kNegative = 3 };
inline constexpr int kAbcClassCount = 4;

enum class AbcRule : uint8_t {
  kCrossing = 0,
  kInclusive = 1,
  kFixedCounts =
      2,  // The first a_count of the values above 0, the next b_count.
};
inline constexpr int kAbcRuleCount = 3;

enum class AbcTies : uint8_t {
  kTogether = 0,
  kByRow = 1,
};
inline constexpr int kAbcTiesCount = 2;

struct AbcOptions {
  AbcRule rule = AbcRule::kCrossing;
  AbcTies ties = AbcTies::kTogether;
  // Of kCrossing and kInclusive: 0 <= a_ppm <= b_ppm <= 10^6.
  int32_t a_ppm = 800'000;
  int32_t b_ppm = 950'000;
  // Of kFixedCounts: 0 or more. Equal values at the end of a count all belong
  // to the better class (kTogether), which then has more.
  int64_t a_count = 0;
  int64_t b_count = 0;
};

struct AbcGroup {
  int64_t count = 0;
  absl::int128 value = 0;  // The sum of its values.
  // Its least value, of A and B; nothing where the class is empty.
  absl::optional<int64_t> lowest;
};

struct AbcResult {
  std::array<AbcGroup, kAbcClassCount> of;  // By class.
  absl::int128 total = 0;                   // Of A, B and C.
};

// The class of each value, by AbcClass, into `out`, which is as long.
// kInvalidArgument for options out of their range and another length of `out`;
// nothing is written then.
absl::StatusOr<AbcResult> ClassifyAbc(absl::Span<const int64_t> value,
                                      const AbcOptions& options,
                                      absl::Span<uint8_t> out);

}  // namespace fivek

#endif  // FIVEK_ACCOUNTS_ABC_H_
