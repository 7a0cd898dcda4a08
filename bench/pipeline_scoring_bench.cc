// Columns beside the memory: each subset of outputs stands beside a kernel of
// the same traffic, which reads and writes the same columns and does one XOR,
// beside memcpy of as many bytes, and beside the scalar path of the library;
// all outputs also beside the loop that an application would write.
#include <immintrin.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/paired.h"
#include "bench/seeded.h"
#include "fivek/pipeline/scoring.h"
#include "src/pipeline/score_kernels.h"

namespace fivek::bench {
namespace {

// Memory on a line of its own, touched.
template <typename T>
class Array {
 public:
  explicit Array(size_t n) : n_(n) {
    const size_t bytes = (n * sizeof(T) + 4095) / 4096 * 4096;
    data_ = static_cast<T*>(std::aligned_alloc(4096, bytes));
    if (data_ == nullptr) std::abort();
    std::memset(static_cast<void*>(data_), 0, bytes);
  }
  Array(const Array&) = delete;
  ~Array() { std::free(data_); }
  T* get() { return data_; }
  T& operator[](size_t i) { return data_[i]; }

 private:
  size_t n_;
  T* data_;
};

struct Book {
  explicit Book(size_t n)
      : rows(n),
        problem(n),
        power(n),
        vision(n),
        value(n),
        control(n),
        by(n),
        outcome(n),
        evidence(n),
        amount(n),
        strength(n),
        weakest(n),
        stage(n),
        milestone(n),
        product(n),
        probability(n),
        expected(n),
        copy_in(n * 40),
        copy_out(n * 40) {
    SplitMix64 random(7);
    for (size_t i = 0; i < n; ++i) {
      problem[i] = static_cast<uint8_t>(random.Below(6));
      power[i] = static_cast<uint8_t>(random.Below(8));
      vision[i] = static_cast<uint8_t>(random.Below(4));
      value[i] = static_cast<uint8_t>(random.Below(7));
      control[i] = static_cast<uint8_t>(random.Below(7));
      by[i] = static_cast<uint8_t>(random.Next() & 0b01101);
      outcome[i] = static_cast<uint8_t>(random.Below(5));
      // The items are confirmed more or less in order.
      evidence[i] = ((1U << random.Below(20)) - 1) & ~(1U << random.Below(32));
      amount[i] = static_cast<int64_t>(random.Next() >> 30);
    }
  }
  ScoreInput Levels() {
    ScoreInput in;
    in.problem = problem.get();
    in.power = power.get();
    in.vision = vision.get();
    in.value = value.get();
    in.control = control.get();
    in.by_decision_maker = by.get();
    return in;
  }
  ScoreInput All() {
    ScoreInput in = Levels();
    in.evidence = evidence.get();
    in.outcome = outcome.get();
    in.amount = amount.get();
    return in;
  }

  size_t rows;
  Array<uint8_t> problem, power, vision, value, control, by, outcome;
  Array<uint32_t> evidence;
  Array<int64_t> amount;
  Array<uint8_t> strength, weakest, stage, milestone;
  Array<int32_t> product, probability;
  Array<int64_t> expected;
  Array<char> copy_in, copy_out;
};

// ---- The same traffic -------------------------------------------------------

// The columns of a subset by the width of their elements.
struct Columns {
  const char* read8[7];
  const char* read32[1];
  const char* read64[1];
  char* write8[4];
  char* write32[2];
  char* write64[1];
};
// How many there are of each: constants, so that the compiler unrolls it all.
struct Shape {
  int read8, read32, read64, write8, write32, write64;

  constexpr size_t Width() const {
    return static_cast<size_t>(read8 + write8 + 4 * (read32 + write32) +
                               8 * (read64 + write64));
  }
};

// One XOR of all that is read goes to all that is written. FIVEK_TRAFFIC makes
// the kernel of an instruction set; all its loops are unrolled.
#define FIVEK_TRAFFIC(NAME, TARGET, VECTOR, BYTES, ZERO, LOAD, XOR, STORE,     \
                      STREAM)                                                  \
  template <const Shape& kShape, bool kStream>                                 \
  __attribute__((target(TARGET), optimize("O3"))) void NAME(const Columns& c,  \
                                                            size_t rows) {     \
    for (size_t row = 0; row + BYTES <= rows; row += BYTES) {                  \
      VECTOR all = ZERO();                                                     \
      for (int i = 0; i < kShape.read8; ++i) {                                 \
        all = XOR(all, LOAD((const VECTOR*)(c.read8[i] + row)));               \
      }                                                                        \
      if constexpr (kShape.read32 > 0) {                                       \
        for (size_t k = 0; k < 4; ++k) {                                       \
          all = XOR(all,                                                       \
                    LOAD((const VECTOR*)(c.read32[0] + 4 * row + BYTES * k))); \
        }                                                                      \
      }                                                                        \
      if constexpr (kShape.read64 > 0) {                                       \
        for (size_t k = 0; k < 8; ++k) {                                       \
          all = XOR(all,                                                       \
                    LOAD((const VECTOR*)(c.read64[0] + 8 * row + BYTES * k))); \
        }                                                                      \
      }                                                                        \
      for (int i = 0; i < kShape.write8; ++i) {                                \
        VECTOR* const to = (VECTOR*)(c.write8[i] + row);                       \
        kStream ? STREAM(to, all) : STORE(to, all);                            \
      }                                                                        \
      for (int i = 0; i < kShape.write32; ++i) {                               \
        for (size_t k = 0; k < 4; ++k) {                                       \
          VECTOR* const to = (VECTOR*)(c.write32[i] + 4 * row + BYTES * k);    \
          kStream ? STREAM(to, all) : STORE(to, all);                          \
        }                                                                      \
      }                                                                        \
      if constexpr (kShape.write64 > 0) {                                      \
        for (size_t k = 0; k < 8; ++k) {                                       \
          VECTOR* const to = (VECTOR*)(c.write64[0] + 8 * row + BYTES * k);    \
          kStream ? STREAM(to, all) : STORE(to, all);                          \
        }                                                                      \
      }                                                                        \
    }                                                                          \
    if (kStream) _mm_sfence();                                                 \
  }
FIVEK_TRAFFIC(Traffic512, "avx512f", __m512i, 64, _mm512_setzero_si512,
              _mm512_loadu_si512, _mm512_xor_si512, _mm512_storeu_si512,
              _mm512_stream_si512)
FIVEK_TRAFFIC(Traffic256, "avx2", __m256i, 32, _mm256_setzero_si256,
              _mm256_loadu_si256, _mm256_xor_si256, _mm256_storeu_si256,
              _mm256_stream_si256)
#undef FIVEK_TRAFFIC

using Traffic = void (*)(const Columns& columns, size_t rows);

// By whether the vectors are wide and the stores go past the cache.
template <const Shape& kShape>
Traffic TrafficOf(bool wide, bool stream) {
  if (wide) {
    return stream ? Traffic512<kShape, true> : Traffic512<kShape, false>;
  }
  return stream ? Traffic256<kShape, true> : Traffic256<kShape, false>;
}

// ---- A loop as applications have it -----------------------------------------

// Row by row, in doubles, with look-ups in the rubric and the gates; no row is
// checked.
void Naive(Book& book) {
  const MethodTables& t = kBuiltInTables;
  for (size_t i = 0; i < book.rows; ++i) {
    const uint8_t level[5] = {book.problem[i], book.power[i], book.vision[i],
                              book.value[i], book.control[i]};
    double total = 0;
    double product = 1;
    double least = 1e9;
    int weakest = 0;
    for (size_t d = 0; d < 5; ++d) {
      const double points = t.points[d][book.by[i] >> d & 1][level[d]];
      total += points;
      product *= points;
      if (points < least) {
        least = points;
        weakest = static_cast<int>(d);
      }
    }
    const uint32_t have = book.evidence[i];
    const bool is_signed = (have >> 18 & 1) != 0;
    int milestone = 0;
    while (milestone < 6 &&
           (is_signed ||
            (t.needed_through_milestone[milestone + 1] & ~have) == 0)) {
      ++milestone;
    }
    int stage = 0;
    while (stage < 5 &&
           (is_signed || (t.needed_through_stage[stage] & ~have) == 0)) {
      ++stage;
    }
    double probability = t.yield_ppm[milestone] * 1e-6;
    if (book.outcome[i] == 2) probability = 1;
    if (book.outcome[i] > 2) probability = 0;
    book.strength[i] = static_cast<uint8_t>(total);
    book.weakest[i] = static_cast<uint8_t>(weakest);
    book.product[i] = static_cast<int32_t>(std::lrint(product * 1e6 / 3.2e6));
    book.stage[i] = static_cast<uint8_t>(stage);
    book.milestone[i] = static_cast<uint8_t>(milestone);
    book.probability[i] = static_cast<int32_t>(std::lrint(probability * 1e6));
    book.expected[i] =
        std::llrint(static_cast<double>(book.amount[i]) * probability);
  }
}

// That the loop does the same work: all but amounts, which doubles may miss by
// one.
void CheckNaive(Book& book, const ScoreInput& in, const ScoreOutput& out) {
  Naive(book);
  const auto sum = [&book] {
    uint64_t total = 0;
    for (size_t i = 0; i < book.rows; ++i) {
      total += book.strength[i] + 3U * book.weakest[i] + 5U * book.stage[i] +
               7U * book.milestone[i] + static_cast<uint64_t>(book.product[i]) +
               static_cast<uint64_t>(book.probability[i]) * 11;
    }
    return total;
  };
  const uint64_t naive = sum();
  if (!ScoreColumns(kBuiltInTables, in, out, book.rows).ok() ||
      sum() != naive) {
    std::fprintf(stderr, "the naive loop differs\n");
    std::exit(1);
  }
}

// ---- Measuring --------------------------------------------------------------

struct Subset {
  const char* name;
  ScoreInput in;
  ScoreOutput out;
  size_t width;
  Traffic (*traffic)(bool wide, bool stream);
};

constexpr Shape kStrengthShape = {6, 0, 0, 1, 0, 0};
constexpr Shape kWeakestShape = {6, 0, 0, 2, 0, 0};
constexpr Shape kProductShape = {6, 0, 0, 2, 1, 0};
constexpr Shape kMilestoneShape = {1, 1, 0, 2, 1, 0};
constexpr Shape kExpectedShape = {1, 1, 1, 0, 0, 1};
constexpr Shape kAllShape = {7, 1, 1, 4, 2, 1};

template <const Shape& kShape>
Subset MakeSubset(const char* name, const ScoreInput& in,
                  const ScoreOutput& out) {
  return {name, in, out, kShape.Width(), TrafficOf<kShape>};
}

std::vector<Subset> SubsetsOf(Book& book) {
  std::vector<Subset> subsets;
  ScoreOutput out;
  out.strength = book.strength.get();
  subsets.push_back(MakeSubset<kStrengthShape>("strength", book.Levels(), out));
  out.weakest = book.weakest.get();
  subsets.push_back(
      MakeSubset<kWeakestShape>("strength, weakest", book.Levels(), out));
  out.product_ppm = book.product.get();
  subsets.push_back(MakeSubset<kProductShape>("+ product", book.Levels(), out));
  ScoreInput deal;
  deal.evidence = book.evidence.get();
  deal.outcome = book.outcome.get();
  ScoreOutput place;
  place.stage = book.stage.get();
  place.milestone = book.milestone.get();
  place.probability_ppm = book.probability.get();
  subsets.push_back(
      MakeSubset<kMilestoneShape>("milestone, probability", deal, place));
  deal.amount = book.amount.get();
  ScoreOutput money;
  money.expected_amount = book.expected.get();
  subsets.push_back(MakeSubset<kExpectedShape>("expected amount", deal, money));
  out.stage = place.stage;
  out.milestone = place.milestone;
  out.probability_ppm = place.probability_ppm;
  out.expected_amount = money.expected_amount;
  subsets.push_back(MakeSubset<kAllShape>("all", book.All(), out));
  return subsets;
}

Columns ColumnsOf(Book& book) {
  const auto bytes = [](auto* p) { return reinterpret_cast<char*>(p); };
  // The subsets without levels read the outcome first.
  return {{bytes(book.outcome.get()), bytes(book.problem.get()),
           bytes(book.power.get()), bytes(book.vision.get()),
           bytes(book.value.get()), bytes(book.control.get()),
           bytes(book.by.get())},
          {bytes(book.evidence.get())},
          {bytes(book.amount.get())},
          {bytes(book.strength.get()), bytes(book.weakest.get()),
           bytes(book.stage.get()), bytes(book.milestone.get())},
          {bytes(book.product.get()), bytes(book.probability.get())},
          {bytes(book.expected.get())}};
}

// All outputs with learned probabilities, beside all with the policy's.
void RunCalibrated(const ScoreTargetInfo& target, double seconds, Book& book) {
  constexpr int32_t kBuckets = 12;
  std::vector<int32_t> ppm(size_t{kMilestoneCount} * kBuckets, 250'000);
  std::vector<uint8_t> age(book.rows);
  for (size_t i = 0; i < age.size(); ++i) {
    age[i] = static_cast<uint8_t>(i % kBuckets);
  }
  const Calibration calibration = {ppm.data(), kBuckets, age.data()};
  const Subset all = SubsetsOf(book).back();
  const auto score = [&](const Calibration* by) {
    return [&, by] {
      if (!ScoreColumnsOn(target, kBuiltInTables, all.in, all.out, book.rows,
                          nullptr, by)
               .ok()) {
        std::abort();
      }
    };
  };
  const Paired paired = Pair(seconds, score(nullptr), score(&calibration));
  std::printf("%9zu  calibrated, all         %7.0f M/s  1 / %.2f (%.2f-%.2f)\n",
              book.rows,
              static_cast<double>(book.rows) / paired.second.median * 1e-6,
              paired.ratio.median, paired.ratio.low, paired.ratio.high);
}

void Run(const ScoreTargetInfo& target, double seconds, Book& book) {
  const size_t rows = book.rows;
  // A round of at least some 100 000 rows.
  const size_t repeat = (100'000 + rows - 1) / rows;
  const auto many = [repeat](auto call) {
    return [repeat, call] {
      for (size_t i = 0; i < repeat; ++i) call();
    };
  };
  const ScoreTargetInfo& scalar = ScoreTargets().back();
  for (const Subset& subset : SubsetsOf(book)) {
    const size_t width = subset.width;
    const auto score_on = [&](const ScoreTargetInfo& on) {
      return [&] {
        const absl::Status status = ScoreColumnsOn(
            on, kBuiltInTables, subset.in, subset.out, rows, nullptr, nullptr);
        if (!status.ok()) std::abort();
      };
    };
    const auto score = many(score_on(target));
    const bool wide = std::string(target.name) == "avx512";
    const bool stream = width * rows > (size_t{24} << 20);
    const Traffic same = subset.traffic(wide, stream);
    const Columns columns = ColumnsOf(book);
    const auto traffic = many([&] {
      same(columns, rows);
      Clobber(book.strength.get());
    });
    const auto copy = many([&] {
      // As many bytes read and written in all.
      std::memcpy(book.copy_out.get(), book.copy_in.get(), width * rows / 2);
      Clobber(book.copy_out.get());
    });
    const Paired limit = Pair(seconds, score, traffic);
    const Paired memcpy = Pair(seconds, score, copy);
    const Paired slow = Pair(seconds, score, many(score_on(scalar)));
    const double total = static_cast<double>(rows * repeat);
    std::printf(
        "%9zu  %-23s %3zu B %7.0f M/s %6.1f GB/s  %4.2f (%4.2f-%4.2f)  "
        "%5.2f  %5.1f",
        rows, subset.name, width, total / limit.first.median * 1e-6,
        total * static_cast<double>(width) / limit.first.median * 1e-9,
        limit.ratio.median, limit.ratio.low, limit.ratio.high,
        memcpy.ratio.median, slow.ratio.median);
    if (subset.width == kAllShape.Width()) {
      CheckNaive(book, subset.in, subset.out);
      const Paired naive = Pair(seconds, score, many([&] { Naive(book); }));
      std::printf("  %5.1f", naive.ratio.median);
    }
    std::printf("\n");
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace fivek::bench

int main(int argc, char** argv) {
  using namespace fivek::bench;
  const double seconds = SecondsFrom(argc, argv);
  std::vector<size_t> sizes = {1'000, 100'000};
  if (seconds >= 0.1) sizes.push_back(10'000'000);
  for (const fivek::ScoreTargetInfo& target : fivek::ScoreTargets()) {
    if (target.kernel == nullptr) continue;
    std::printf(
        "%s: share of a kernel of the same traffic, x memcpy of as many bytes, "
        "x scalar, x naive\n     rows  outputs\n",
        target.name);
    for (const size_t rows : sizes) {
      Book book(rows);
      Run(target, seconds, book);
      if (rows == 100'000) RunCalibrated(target, seconds, book);
    }
  }
  return 0;
}
