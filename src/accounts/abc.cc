#include "fivek/accounts/abc.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/numeric/bits.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/reason.h"
#include "src/accounts/abc_kernel.h"

namespace fivek {
namespace {

using absl::uint128;

constexpr int64_t kMillion = 1'000'000;

using ClassCounts = std::array<int64_t, kAbcClassCount>;

absl::Status CheckOptions(const AbcOptions& o) {
  if (static_cast<int>(o.rule) >= kAbcRuleCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("rule ", static_cast<int>(o.rule),
                               "; allowed: 0 to ", kAbcRuleCount - 1));
  }
  if (static_cast<int>(o.ties) >= kAbcTiesCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("ties ", static_cast<int>(o.ties),
                               "; allowed: 0 to ", kAbcTiesCount - 1));
  }
  if (o.rule == AbcRule::kFixedCounts) {
    if (o.a_count >= 0 && o.b_count >= 0) return absl::OkStatus();
    return Refuse(Reason::kValueRange,
                  absl::StrCat("a_count ", o.a_count, ", b_count ", o.b_count,
                               "; allowed: 0 or more"));
  }
  if (0 <= o.a_ppm && o.a_ppm <= o.b_ppm && o.b_ppm <= kMillion) {
    return absl::OkStatus();
  }
  return Refuse(Reason::kValueRange,
                absl::StrCat("a_ppm ", o.a_ppm, ", b_ppm ", o.b_ppm,
                             "; allowed: 0 <= a_ppm <= b_ppm <= ", kMillion));
}

// ---- Sums by the first bits of a value --------------------------------------

// Values with the same first kBits bits share a bucket, so that buckets are in
// the order of values and, at any scale of money, as fine. Values below 2^kBits
// have one each; negative ones, their sign bit taken for a value bit, come
// last.
template <int kBits>
struct Buckets {
  static constexpr size_t kHalf = size_t{1} << (kBits - 1);
  static constexpr size_t kNegatives = size_t{65 - kBits} * kHalf;
  static constexpr size_t kCount = kNegatives + kHalf;

  static size_t Of(uint64_t x) {
    constexpr uint64_t kLeast = 2 * kHalf - 1;
    const auto shift =
        static_cast<size_t>(64 - kBits - absl::countl_zero(x | kLeast));
    return shift * kHalf + static_cast<size_t>(x >> shift);
  }
  // The least value in it; of kNegatives, 2^63.
  static uint64_t Begin(size_t bucket) {
    if (bucket < 2 * kHalf) return bucket;
    const size_t shift = bucket / kHalf - 1;
    return static_cast<uint64_t>(bucket - shift * kHalf) << shift;
  }
};

// As fine as the first cache has room for; few values are not worth that.
using FineBuckets = Buckets<7>;
using CoarseBuckets = Buckets<1>;
constexpr size_t kWorthFine = 8192;

// 128 bits in two words, which the compiler adds with one carry.
struct Sum {
  uint64_t low = 0;
  uint64_t high = 0;

  void Add(uint64_t x) {
    low += x;
    high += low < x ? 1 : 0;
  }
};

uint128 Total(const Sum& sum) { return absl::MakeUint128(sum.high, sum.low); }

// By what the classes are cut: sums of values or numbers of them.
template <typename Buckets, bool kCounted>
std::vector<Sum> SumByBucket(absl::Span<const int64_t> value) {
  std::vector<Sum> sums(Buckets::kCount);
  Sum* const to = sums.data();
  for (const int64_t v : value) {
    const auto x = static_cast<uint64_t>(v);
    to[Buckets::Of(x)].Add(kCounted ? 1 : x);
  }
  return sums;
}

// ---- A boundary
// --------------------------------------------------------------

// Where the sum of values, from the largest down, reaches `need`.
struct Reach {
  bool reached = false;
  uint64_t value = 0;   // Of the group that reaches it: all equal values.
  uint128 before = 0;   // Of larger values.
  uint128 members = 0;  // How many are equal.
};

uint128 Weight(bool counted, uint64_t value, size_t members) {
  return counted ? uint128(members) : uint128(value) * members;
}

// In values that are in any order; `before` is the sum of larger ones. Splits
// the range of what is left until few are, or all are equal.
Reach ReachAmong(std::vector<uint64_t> values, uint128 before, uint128 need,
                 bool counted) {
  constexpr size_t kFew = 512;
  constexpr int kPartBits = 11;
  while (values.size() > kFew) {
    const auto [least, most] =
        std::minmax_element(values.begin(), values.end());
    const uint64_t low = *least;
    if (low == *most) break;
    const int bits = static_cast<int>(absl::bit_width(*most - low));
    const int shift = std::max(bits - kPartBits, 0);
    std::vector<Sum> sums(size_t{1} << kPartBits);
    for (const uint64_t v : values) {
      sums[static_cast<size_t>((v - low) >> shift)].Add(counted ? 1 : v);
    }
    size_t part = sums.size() - 1;
    while (before + Total(sums[part]) < need) before += Total(sums[part--]);
    values.erase(
        std::remove_if(values.begin(), values.end(),
                       [=](uint64_t v) { return (v - low) >> shift != part; }),
        values.end());
  }
  std::sort(values.begin(), values.end(), std::greater<uint64_t>());
  for (auto i = values.begin(); i != values.end();) {
    const auto end =
        std::upper_bound(i, values.end(), *i, std::greater<uint64_t>());
    const auto members = static_cast<size_t>(end - i);
    const uint128 sum = Weight(counted, *i, members);
    if (before + sum >= need) return {true, *i, before, members};
    before += sum;
    i = end;
  }
  return {};
}

// Values from begin on.
struct Bracket {
  uint64_t begin = 0;
  uint64_t size = 0;

  bool Holds(int64_t value) const {
    return static_cast<uint64_t>(value) - begin < size;
  }
};

// What a class needs, and where that is found before rows are looked at again.
struct Boundary {
  // The class holds all down to the group that reaches this sum (0: nobody),
  // with it or, if `open`, without it.
  uint128 need = 0;
  bool open = false;

  bool reached = false;
  Bracket bracket;     // Where it is reached,
  uint128 before = 0;  // after this sum.
  Reach group;         // Then, among the bucket's values.
  size_t members = 0;  // How many of the group belong to the class.

  // The largest value that does not belong to it, were the group's partial
  // members not there.
  int64_t below = 0;
};

Boundary MakeBoundary(const AbcOptions& options, uint128 total, int32_t ppm,
                      int64_t count) {
  Boundary b;
  if (options.rule == AbcRule::kFixedCounts) {
    b.need = static_cast<uint64_t>(count);
    return b;
  }
  // A group is reached where it ends at or above, or, inclusive, above the
  // share: the first sum of integers to do so.
  const uint128 share = total * static_cast<uint32_t>(ppm);
  b.open = options.rule == AbcRule::kInclusive;
  b.need = b.open ? share / kMillion + 1 : (share + (kMillion - 1)) / kMillion;
  return b;
}

template <typename Buckets>
void FindBracket(const std::vector<Sum>& sums, Boundary* b) {
  if (b->need == 0) return;
  for (size_t k = Buckets::kNegatives - 1; k > 0; --k) {  // Zero has bucket 0.
    const uint128 sum = Total(sums[k]);
    if (b->before + sum >= b->need) {
      const uint64_t begin = Buckets::Begin(k);
      b->reached = true;
      b->bracket = {begin, Buckets::Begin(k + 1) - begin};
      return;
    }
    b->before += sum;
  }
}

struct Boundaries {
  Boundary a, b;
  uint128 total = 0;     // Of values above 0,
  uint128 negative = 0;  // and of others, each 2^64 too much: if not counted.
};

template <typename Buckets>
Boundaries FindBrackets(absl::Span<const int64_t> value,
                        const AbcOptions& options) {
  const bool counted = options.rule == AbcRule::kFixedCounts;
  const std::vector<Sum> sums = counted ? SumByBucket<Buckets, true>(value)
                                        : SumByBucket<Buckets, false>(value);
  Boundaries found;
  for (size_t k = 0; k < Buckets::kNegatives; ++k) {
    found.total += Total(sums[k]);
  }
  for (size_t k = Buckets::kNegatives; k < sums.size(); ++k) {
    found.negative += Total(sums[k]);
  }
  found.a = MakeBoundary(options, found.total, options.a_ppm, options.a_count);
  found.b = MakeBoundary(options, found.total, options.b_ppm, options.b_count);
  if (counted) found.b.need += found.a.need;
  FindBracket<Buckets>(sums, &found.a);
  FindBracket<Buckets>(sums, &found.b);
  return found;
}

void FindGroup(const AbcOptions& options, std::vector<uint64_t> values,
               Boundary* b) {
  const bool counted = options.rule == AbcRule::kFixedCounts;
  if (b->reached) {
    b->group = ReachAmong(std::move(values), b->before, b->need, counted);
    const auto all = static_cast<size_t>(absl::Uint128Low64(b->group.members));
    if (options.ties == AbcTies::kTogether) {
      b->members = b->open ? 0 : all;
    } else {
      const uint128 each = counted ? 1 : b->group.value;
      const uint128 room = b->need - b->group.before - (b->open ? 1 : 0);
      const uint128 fit = (room + (b->open ? 0 : each - 1)) / each;
      b->members = static_cast<size_t>(absl::Uint128Low64(fit));
    }
    b->below = static_cast<int64_t>(b->group.value);
    if (b->members == all) --b->below;
  } else {
    // Nobody belongs to it, or all above 0 do.
    b->below = b->need == 0 ? std::numeric_limits<int64_t>::max() : 0;
  }
}

// ---- Classes
// -----------------------------------------------------------------

uint8_t ClassOf(int64_t value, int64_t below_a, int64_t below_b) {
  return static_cast<uint8_t>(int{value <= below_a} + int{value <= below_b} +
                              int{value < 0});
}

// In bytes, as far as they hold a count: the compiler makes vectors of them.
void CountClasses(const uint8_t* classes, size_t rows, int64_t* counts) {
  constexpr size_t kRun = 255;
  for (size_t begin = 0; begin < rows; begin += kRun) {
    const size_t end = std::min(rows, begin + kRun);
    for (uint8_t c = 0; c < kAbcClassCount; ++c) {
      uint8_t count = 0;
      for (size_t i = begin; i < end; ++i) {
        count = static_cast<uint8_t>(count + (classes[i] == c ? 1 : 0));
      }
      counts[c] += count;
    }
  }
}

size_t ClassifyTile(const AbcTile& tile, size_t rows, AbcCut a, AbcCut b) {
  size_t opened = 0;
  for (size_t i = 0; i < rows; ++i) {
    const int64_t v = tile.value[i];
    tile.classes[i] = ClassOf(v, a.below, b.below);
    if (ABSL_PREDICT_FALSE(((v > a.below) & (v <= a.last)) |
                           ((v > b.below) & (v <= b.last)))) {
      tile.open[opened++] = static_cast<uint32_t>(i);
    }
  }
  CountClasses(tile.classes, rows, tile.count);
  return opened;
}

AbcKernel BestKernel() {
#if defined(FIVEK_ABC_AVX2)
  if (__builtin_cpu_supports("avx2") != 0) return ClassifyTileAvx2;
#endif
  return nullptr;
}

AbcCut CutOf(const Boundary& b) {
  if (b.reached) {
    return {static_cast<int64_t>(b.bracket.begin - 1),
            static_cast<int64_t>(b.bracket.begin + b.bracket.size - 1)};
  }
  // Nobody belongs to the class, or all above 0 do.
  const int64_t below =
      b.need == 0 ? std::numeric_limits<int64_t>::max() : int64_t{0};
  return {below, below};
}

struct OpenRow {
  size_t row;
  int64_t value;
};

// Rows whose class is not clear from the bracket, in order. All others get
// theirs.
std::vector<OpenRow> ClassifyOutside(absl::Span<const int64_t> value,
                                     const Boundary& a, const Boundary& b,
                                     absl::Span<uint8_t> out,
                                     ClassCounts* counts) {
  const AbcCut cut_a = CutOf(a);
  const AbcCut cut_b = CutOf(b);
  const AbcKernel kernel = BestKernel();
  std::array<uint32_t, kAbcTile> open;
  std::vector<OpenRow> rows;
  for (size_t begin = 0; begin < value.size();) {
    size_t size = std::min(kAbcTile, value.size() - begin);
    const AbcTile tile = {value.data() + begin, out.data() + begin, open.data(),
                          counts->data()};
    size_t opened = 0;
    if (kernel != nullptr && size >= kAbcLanes) {
      size -= size % kAbcLanes;
      opened = kernel(tile, size, cut_a, cut_b);
    } else {
      opened = ClassifyTile(tile, size, cut_a, cut_b);
    }
    for (size_t i = 0; i < opened; ++i) {
      rows.push_back({begin + open[i], tile.value[open[i]]});
    }
    begin += size;
  }
  return rows;
}

std::vector<uint64_t> ValuesIn(const Bracket& bracket,
                               const std::vector<OpenRow>& rows) {
  std::vector<uint64_t> values;
  for (const OpenRow& row : rows) {
    if (bracket.Holds(row.value)) {
      values.push_back(static_cast<uint64_t>(row.value));
    }
  }
  return values;
}

// Takes the first members of a group that belongs to the class in part.
class Partial {
 public:
  explicit Partial(const Boundary& b)
      : value_(b.reached ? static_cast<int64_t>(b.group.value) : -1),
        left_(b.reached && b.below == value_ ? b.members : 0) {}

  bool Takes(int64_t value) {
    if (value != value_ || left_ == 0) return false;
    --left_;
    return true;
  }

 private:
  int64_t value_;
  size_t left_;
};

void ClassifyInside(const std::vector<OpenRow>& rows, const Boundary& a,
                    const Boundary& b, absl::Span<uint8_t> out,
                    ClassCounts* counts) {
  Partial partial_a(a);
  Partial partial_b(b);
  for (const OpenRow& open : rows) {
    uint8_t c = ClassOf(open.value, a.below, b.below);
    // Both count from the first row of the group: who is an A is a B's too.
    const bool in_b = partial_b.Takes(open.value);
    if (partial_a.Takes(open.value)) {
      c = static_cast<uint8_t>(AbcClass::kA);
    } else if (in_b) {
      c = static_cast<uint8_t>(AbcClass::kB);
    }
    uint8_t& classified = out[open.row];
    --(*counts)[classified];
    ++(*counts)[c];
    classified = c;
  }
}

// The sum of values down to the boundary.
uint128 SumAbove(const Boundary& b, uint128 total) {
  if (b.need == 0) return 0;
  if (!b.reached) return total;
  return b.group.before + uint128(b.group.value) * b.members;
}

void SetValuesByBoundary(const Boundary& a, const Boundary& b, uint128 total,
                         uint128 negative, AbcResult* result) {
  auto& of = result->of;
  const uint128 above_a = SumAbove(a, total);
  const uint128 above_b = SumAbove(b, total);
  of[0].value = static_cast<absl::int128>(above_a);
  of[1].value = static_cast<absl::int128>(above_b - above_a);
  of[2].value = static_cast<absl::int128>(total - above_b);
  const auto count = static_cast<uint64_t>(of[3].count);
  of[3].value = static_cast<absl::int128>(negative) -
                static_cast<absl::int128>(absl::MakeUint128(count, 0));
  result->total = static_cast<absl::int128>(total);
}

void SetValuesByClass(absl::Span<const int64_t> value,
                      absl::Span<const uint8_t> classes, AbcResult* result) {
  std::array<absl::int128, kAbcClassCount> sums = {};
  for (size_t i = 0; i < value.size(); ++i) sums[classes[i]] += value[i];
  for (size_t c = 0; c < sums.size(); ++c) result->of[c].value = sums[c];
  result->total = sums[0] + sums[1] + sums[2];
}

// The least value from the boundary on that is above `below`, which belongs to
// the class.
absl::optional<int64_t> LeastAbove(absl::Span<const int64_t> value,
                                   const Boundary& b) {
  if (b.need == 0) return absl::nullopt;
  if (b.members > 0) return static_cast<int64_t>(b.group.value);
  absl::optional<int64_t> least;
  for (const int64_t v : value) {
    if (v > b.below && (!least.has_value() || v < *least)) least = v;
  }
  return least;
}

}  // namespace

absl::StatusOr<AbcResult> ClassifyAbc(absl::Span<const int64_t> value,
                                      const AbcOptions& options,
                                      absl::Span<uint8_t> out) {
  absl::Status allowed = CheckOptions(options);
  if (!allowed.ok()) return allowed;
  if (out.size() != value.size()) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("out of ", out.size(), " rows; allowed: ",
                               value.size(), ", one for each value"));
  }
  auto [a, b, total, negative] =
      value.size() < kWorthFine ? FindBrackets<CoarseBuckets>(value, options)
                                : FindBrackets<FineBuckets>(value, options);
  ClassCounts counts = {};
  const std::vector<OpenRow> rows = ClassifyOutside(value, a, b, out, &counts);
  FindGroup(options, ValuesIn(a.bracket, rows), &a);
  FindGroup(options, ValuesIn(b.bracket, rows), &b);
  ClassifyInside(rows, a, b, out, &counts);

  AbcResult result;
  for (size_t c = 0; c < counts.size(); ++c) result.of[c].count = counts[c];
  if (options.rule == AbcRule::kFixedCounts) {
    SetValuesByClass(value, out, &result);
  } else {
    SetValuesByBoundary(a, b, total, negative, &result);
  }
  result.of[0].lowest = LeastAbove(value, a);
  if (result.of[1].count > 0) result.of[1].lowest = LeastAbove(value, b);
  return result;
}

}  // namespace fivek
