// The batch kernel for any processor: the rules of score_row.h a column at a
// time. All loops but three have neither branches nor look-ups, so a compiler
// makes vectors of them; what is left for each row are five look-ups of points,
// those by the first missing item, and the expected amount.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "src/pipeline/score_row.h"
#include "src/pipeline/score_tables.h"

namespace fivek {
namespace {

constexpr size_t kRows = kScalarBlock;

using Bytes = std::array<uint8_t, kRows>;
using Words = std::array<uint32_t, kRows>;

// Columns that are not given.
struct Absent {
  Bytes zero = {};
  Bytes unknown = {};
  Words no_evidence = {};
  std::array<int64_t, kRows> no_amount = {};
};
constexpr Absent MakeAbsent() {
  Absent absent;
  for (size_t i = 0; i < kRows; ++i) absent.unknown[i] = kUnknown;
  return absent;
}
constexpr Absent kAbsent = MakeAbsent();

template <typename T>
const T* At(const T* column, size_t row, const std::array<T, kRows>& absent) {
  return column == nullptr ? absent.data() : column + row;
}

// All ones or 0.
constexpr uint8_t Mask(bool condition) {
  return static_cast<uint8_t>(condition ? 0xFF : 0);
}
constexpr uint8_t Byte(int value) { return static_cast<uint8_t>(value); }

// out[i] = table[index[i]], one by one: a vector put together from what was
// looked up costs more than it saves, but compilers like to make one.
template <typename T>
void LookUpEach(const T* table, const Bytes& index, T* out) {
  static_assert(kRows % 8 == 0);
  for (size_t i = 0; i < kRows; i += 8) {
    out[i] = table[index[i]];
    out[i + 1] = table[index[i + 1]];
    out[i + 2] = table[index[i + 2]];
    out[i + 3] = table[index[i + 3]];
    out[i + 4] = table[index[i + 4]];
    out[i + 5] = table[index[i + 5]];
    out[i + 6] = table[index[i + 6]];
    out[i + 7] = table[index[i + 7]];
#if defined(__GNUC__)
    asm volatile("");
#endif
  }
}

// One dimension of a block.
struct DimensionBlock {
  Bytes points;   // 0 where unknown.
  Bytes unknown;  // Masks.
};

// Returns kNoPoints if a level is wrong, with other bits.
template <int kD>
uint8_t LookUp(const BlockTables& t, const uint8_t* level, const uint8_t* by,
               DimensionBlock& out) {
  constexpr int kOwnBit = kTwoColumnDimensions & 1 << kD;
  Bytes index;
  for (size_t i = 0; i < kRows; ++i) {
    index[i] =
        Byte((level[i] & 7) | (kOwnBit == 0 ? 0 : (by[i] >> kD & 1) * 8));
  }
  LookUpEach(t.points[kD], index, out.points.data());
  uint8_t wrong = 0;
  for (size_t i = 0; i < kRows; ++i) {
    const uint8_t unknown = Mask(level[i] == kUnknown);
    out.unknown[i] = unknown;
    out.points[i] = Byte(out.points[i] & ~unknown);
    // One more than an unknown level is 0.
    wrong = Byte(wrong | out.points[i] | Mask(Byte(level[i] + 1) > kMaxLevels));
  }
  return wrong;
}

using DimensionBlocks = std::array<DimensionBlock, kDimensionCount>;

void Total(const DimensionBlocks& dimension, uint8_t* __restrict total) {
  for (size_t i = 0; i < kRows; ++i) {
    total[i] = Byte(dimension[0].points[i] + dimension[1].points[i] +
                    dimension[2].points[i] + dimension[3].points[i] +
                    dimension[4].points[i]);
  }
}

// Points x 8 + dimension: the smallest is the weakest's. Without points an
// unknown dimension is weaker than any other but a known one without.
void Weakest(const DimensionBlocks& dimension, uint8_t* __restrict weakest) {
  for (size_t i = 0; i < kRows; ++i) {
    uint8_t rank[kDimensionCount];
    uint8_t lowest = 0xFF;
    for (size_t d = 0; d < kDimensionCount; ++d) {
      rank[d] = Byte(dimension[d].points[i] * 8 + static_cast<int>(d));
      lowest = std::min(lowest, rank[d]);
    }
    uint8_t unknown = 0;
    for (size_t d = 0; d < kDimensionCount; ++d) {
      unknown =
          Byte(unknown | (Mask(rank[d] == lowest) & dimension[d].unknown[i]));
    }
    weakest[i] = Byte((lowest & 7) | unknown);
  }
}

void ProductPpms(const DimensionBlocks& dimension, int32_t* __restrict ppm) {
  std::array<uint16_t, kRows> two;
  std::array<uint16_t, kRows> three;
  Bytes undefined;
  for (size_t i = 0; i < kRows; ++i) {
    two[i] =
        static_cast<uint16_t>(dimension[0].points[i] * dimension[1].points[i]);
    three[i] =
        static_cast<uint16_t>(dimension[2].points[i] * dimension[3].points[i] *
                              dimension[4].points[i]);
  }
  for (size_t i = 0; i < kRows; ++i) {
    uint8_t any_unknown = 0;
    uint8_t known_zero = 0;
    for (const DimensionBlock& d : dimension) {
      any_unknown |= d.unknown[i];
      known_zero = Byte(known_zero | (Mask(d.points[i] == 0) & ~d.unknown[i]));
    }
    undefined[i] = Byte(any_unknown & ~known_zero);
  }
  for (size_t i = 0; i < kRows; ++i) {
    // The product of something unknown is 0, so all ones make it -1.
    ppm[i] = ProductPpm(static_cast<int32_t>(uint32_t{two[i]} * three[i])) |
             static_cast<int8_t>(undefined[i]);
  }
}

// False if a level is wrong.
bool ScoreLevels(const BlockTables& t, const ScoreInput& in,
                 const ScoreOutput& out, size_t row) {
  const uint8_t* const by = At(in.by_decision_maker, row, kAbsent.zero);
  const auto level = [row](const uint8_t* column) {
    return At(column, row, kAbsent.unknown);
  };
  DimensionBlocks dimension;
  uint8_t wrong = LookUp<0>(t, level(in.problem), by, dimension[0]);
  wrong |= LookUp<1>(t, level(in.power), by, dimension[1]);
  wrong |= LookUp<2>(t, level(in.vision), by, dimension[2]);
  wrong |= LookUp<3>(t, level(in.value), by, dimension[3]);
  wrong |= LookUp<4>(t, level(in.control), by, dimension[4]);
  uint8_t all_by = 0;
  for (size_t i = 0; i < kRows; ++i) all_by |= by[i];
  if (((wrong & kNoPoints) | (all_by & kBlockNotByDecisionMaker)) != 0) {
    return false;
  }
  if (out.strength != nullptr) Total(dimension, out.strength + row);
  if (out.weakest != nullptr) Weakest(dimension, out.weakest + row);
  if (out.product_ppm != nullptr) ProductPpms(dimension, out.product_ppm + row);
  return true;
}

// Probabilities by 8 x outcome + milestone.
struct DealProbabilities {
  int32_t ppm[8 * kOutcomeCount];

  explicit DealProbabilities(const BlockTables& t) {
    for (size_t i = 0; i < size_t{8} * kOutcomeCount; ++i) {
      const size_t outcome = i / 8;
      ppm[i] = t.ppm[(i % 8 & t.open[outcome]) | t.closed[outcome]];
    }
  }
};

// Stage + 16 x milestone.
Bytes PlacesInOrder(const BlockTables& t, const uint32_t* evidence) {
  Words missing;
  for (size_t i = 0; i < kRows; ++i) {
    missing[i] = MissingOf(t.needed, evidence[i]) | kNoneMissing;
  }
  Bytes place;
  for (size_t i = 0; i < kRows; ++i) {
    place[i] = t.place[static_cast<size_t>(__builtin_ctz(missing[i]))];
  }
  return place;
}

// For any policy: the rungs that are complete are counted.
Bytes PlacesByRungs(const BlockTables& t, const uint32_t* evidence) {
  Words place = {};
  for (const uint32_t rung : t.stage_rungs) {
    for (size_t i = 0; i < kRows; ++i) {
      place[i] += (rung & ~evidence[i]) == 0 ? 1U : 0U;
    }
  }
  for (const uint32_t rung : t.milestone_rungs) {
    for (size_t i = 0; i < kRows; ++i) {
      place[i] += (rung & ~evidence[i]) == 0 ? 16U : 0U;
    }
  }
  Bytes bytes;
  for (size_t i = 0; i < kRows; ++i) {
    const bool is_signed = (evidence[i] >> kContractSigned & 1) != 0;
    bytes[i] = Byte(is_signed ? kBlockPlaceSigned : static_cast<int>(place[i]));
  }
  return bytes;
}

bool AreOutcomes(const uint8_t* outcome) {
  uint8_t wrong = 0;
  for (size_t i = 0; i < kRows; ++i) wrong |= Mask(outcome[i] >= kOutcomeCount);
  return wrong == 0;
}

void ScoreDeals(const BlockTables& t, const DealProbabilities& by_deal,
                const uint8_t* outcome, const ScoreInput& in,
                const ScoreOutput& out, size_t row) {
  const uint32_t* const evidence = At(in.evidence, row, kAbsent.no_evidence);
  const Bytes place =
      t.in_order ? PlacesInOrder(t, evidence) : PlacesByRungs(t, evidence);
  if (out.stage != nullptr) {
    uint8_t* __restrict const stage = out.stage + row;
    for (size_t i = 0; i < kRows; ++i) stage[i] = Byte(place[i] & 7);
  }
  if (out.milestone != nullptr) {
    uint8_t* __restrict const milestone = out.milestone + row;
    for (size_t i = 0; i < kRows; ++i) milestone[i] = Byte(place[i] >> 4 & 7);
  }
  if (out.probability_ppm == nullptr && out.expected_amount == nullptr) return;
  Bytes index;
  for (size_t i = 0; i < kRows; ++i) {
    index[i] = Byte(outcome[i] * 8 + (place[i] >> 4 & 7));
  }
  std::array<int32_t, kRows> unwanted;
  int32_t* const ppm = out.probability_ppm == nullptr
                           ? unwanted.data()
                           : out.probability_ppm + row;
  LookUpEach(by_deal.ppm, index, ppm);
  if (out.expected_amount != nullptr) {
    const int64_t* const amount = At(in.amount, row, kAbsent.no_amount);
    int64_t* const expected = out.expected_amount + row;
    for (size_t i = 0; i < kRows; ++i) {
      expected[i] = ExpectedHalfEven(amount[i], ppm[i]);
    }
  }
}

}  // namespace

size_t ScoreBlocksScalar(const BlockTables& tables, const ScoreInput& in,
                         const ScoreOutput& out, size_t row, size_t rows,
                         const ScorePlan& plan) {
  const DealProbabilities by_deal(tables);
  while (rows - row >= kRows) {
    // Nothing is written into a block with a bad row.
    const uint8_t* const outcome = At(in.outcome, row, kAbsent.zero);
    if (!AreOutcomes(outcome)) break;
    if (plan.levels && !ScoreLevels(tables, in, out, row)) break;
    if (plan.deal) ScoreDeals(tables, by_deal, outcome, in, out, row);
    if (out.row_status != nullptr) {
      std::fill_n(out.row_status + row, kRows, 0);
    }
    row += kRows;
  }
  return row;
}

}  // namespace fivek
