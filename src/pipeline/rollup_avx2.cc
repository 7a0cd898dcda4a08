// The batch kernel of rollup.h for AVX2 (Haswell, Zen and later).
#include <immintrin.h>

#include "src/pipeline/rollup_kernels.h"

namespace fivek {
namespace {

using V = __m256i;

V Load(const void* p) { return _mm256_loadu_si256(static_cast<const V*>(p)); }

// Bits are set where `x` is above `most`, of 8 and 32 bits.
V Above8(V x, int most) {
  const V limit = _mm256_set1_epi8(static_cast<char>(most));
  return _mm256_xor_si256(_mm256_max_epu8(x, limit), limit);
}
V Above32(V x, uint32_t most) {
  const V limit = _mm256_set1_epi32(static_cast<int32_t>(most));
  return _mm256_xor_si256(_mm256_max_epu32(x, limit), limit);
}

// The tile is taken by value: what is stored could be its pointers otherwise,
// and they would be loaded again for every row.
template <bool kMapped>
bool Fits(RollupTile t, size_t row) {
  V bad = _mm256_or_si256(Above8(Load(t.milestone + row), 6),
                          Above8(Load(t.outcome + row), 4));
  V amounts = _mm256_setzero_si256();
  for (size_t i = row; i < row + kRollupBlock; i += 8) {
    // From -1 on becomes from 0 on.
    const V ppm = _mm256_add_epi32(Load(t.ppm + i), _mm256_set1_epi32(1));
    bad = _mm256_or_si256(bad, Above32(ppm, 1'000'001));
    if (kMapped) {
      bad = _mm256_or_si256(bad, Above32(Load(t.key + i), t.keys - 1));
    }
    const V bias = _mm256_set1_epi64x(kNarrowAmount);
    amounts = _mm256_or_si256(
        amounts,
        _mm256_or_si256(_mm256_add_epi64(Load(t.amount + i), bias),
                        _mm256_add_epi64(Load(t.amount + i + 4), bias)));
  }
  bad = _mm256_or_si256(bad, _mm256_srli_epi64(amounts, kNarrowAmountBits + 1));
  return _mm256_testz_si256(bad, bad) != 0;
}

template <bool kMapped>
void AddRow(RollupTile t, size_t row, V sums) {
  const uint32_t key = t.key[row];
  const size_t slot = size_t{kMapped ? t.slot_of_key[key] : key} + t.rung[row];
  V* const to = reinterpret_cast<V*>(t.sums + slot);
  _mm256_store_si256(to, _mm256_add_epi64(_mm256_load_si256(to), sums));
}

// Four rows: their sums are made side by side, then turned.
template <bool kMapped>
void AddFour(RollupTile t, size_t row, V tally_shift) {
  const V one = _mm256_set1_epi64x(1);
  const V amount = Load(t.amount + row);
  const V ppm = _mm256_cvtepi32_epi64(
      _mm_loadu_si128(reinterpret_cast<const __m128i*>(t.ppm + row)));
  // Of -1 this bit is set, of a probability it is not.
  const V unknown =
      _mm256_and_si256(ppm, _mm256_slli_epi64(one, kUnknownShift));
  const V tally = _mm256_or_si256(unknown, _mm256_sllv_epi64(one, tally_shift));
  const V known = _mm256_max_epi32(ppm, _mm256_setzero_si256());
  const V product = _mm256_add_epi64(
      _mm256_mul_epu32(amount, known),
      _mm256_slli_epi64(_mm256_mul_epu32(_mm256_srli_epi64(amount, 32), known),
                        32));
  const V low = _mm256_or_si256(
      _mm256_and_si256(product, _mm256_set1_epi64x((1 << kLowBits) - 1)),
      _mm256_slli_epi64(one, kCountShift));
  const V high = _mm256_srli_epi64(
      _mm256_add_epi64(product, _mm256_set1_epi64x(kProductBias)), kLowBits);
  const V amount_even = _mm256_unpacklo_epi64(amount, tally);
  const V amount_odd = _mm256_unpackhi_epi64(amount, tally);
  const V product_even = _mm256_unpacklo_epi64(low, high);
  const V product_odd = _mm256_unpackhi_epi64(low, high);
  const auto lower = [](V a, V b) {
    return _mm256_permute2x128_si256(a, b, 0x20);
  };
  const auto upper = [](V a, V b) {
    return _mm256_permute2x128_si256(a, b, 0x31);
  };
  AddRow<kMapped>(t, row, lower(amount_even, product_even));
  AddRow<kMapped>(t, row + 1, lower(amount_odd, product_odd));
  AddRow<kMapped>(t, row + 2, upper(amount_even, product_even));
  AddRow<kMapped>(t, row + 3, upper(amount_odd, product_odd));
}

template <bool kMapped>
size_t AddBlocks(RollupTile t, size_t rows) {
  // By outcome, where its bit goes: won, lost, and nowhere.
  const __m128i shifts = _mm_setr_epi8(64, 64, 0, kLostShift, 64, 64, 64, 64,
                                       64, 64, 64, 64, 64, 64, 64, 64);
  size_t row = 0;
  for (; rows - row >= kRollupBlock; row += kRollupBlock) {
    if (!Fits<kMapped>(t, row)) break;
    for (size_t i = row; i < row + kRollupBlock; i += 4) {
      const __m128i outcome = _mm_loadu_si32(t.outcome + i);
      AddFour<kMapped>(t, i,
                       _mm256_cvtepu8_epi64(_mm_shuffle_epi8(shifts, outcome)));
    }
  }
  return row;
}

}  // namespace

size_t AddBlocksAvx2(const RollupTile& tile, size_t rows) {
  return tile.slot_of_key == nullptr ? AddBlocks<false>(tile, rows)
                                     : AddBlocks<true>(tile, rows);
}

}  // namespace fivek
