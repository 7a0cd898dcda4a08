// The pass of abc.h that writes classes, for AVX2 (Haswell, Zen and later).
#include <immintrin.h>

#include "src/accounts/abc_kernel.h"

namespace fivek {
namespace {

using V = __m256i;

V Load(const int64_t* p) {
  return _mm256_loadu_si256(reinterpret_cast<const V*>(p));
}

// The low 32 bits of eight numbers of 64: 0 1 4 5 of them, then 2 3 6 7.
V LowHalves(V x, V y) {
  return _mm256_castps_si256(_mm256_shuffle_ps(
      _mm256_castsi256_ps(x), _mm256_castsi256_ps(y), _MM_SHUFFLE(2, 0, 2, 0)));
}

int64_t SumOf(V lanes) {
  alignas(32) int64_t part[4];
  _mm256_store_si256(reinterpret_cast<V*>(part), lanes);
  return part[0] + part[1] + part[2] + part[3];
}

// Bytes of 32 small numbers of 64 bits.
void StoreBytes(const V* c, uint8_t* to) {
  const V words_low =
      _mm256_packs_epi32(LowHalves(c[0], c[1]), LowHalves(c[2], c[3]));
  const V words_high =
      _mm256_packs_epi32(LowHalves(c[4], c[5]), LowHalves(c[6], c[7]));
  // Of each four: the first two in the lower half, the others in the upper.
  const V bytes = _mm256_packs_epi16(words_low, words_high);
  const __m128i first = _mm256_castsi256_si128(bytes);
  const __m128i second = _mm256_extracti128_si256(bytes, 1);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                   _mm_unpacklo_epi16(first, second));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to + 16),
                   _mm_unpackhi_epi16(first, second));
}

uint32_t Mask(V lanes) {
  return static_cast<uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(lanes)));
}

}  // namespace

size_t ClassifyTileAvx2(const AbcTile& tile, size_t rows, AbcCut a, AbcCut b) {
  const V below_a = _mm256_set1_epi64x(a.below);
  const V last_a = _mm256_set1_epi64x(a.last);
  const V below_b = _mm256_set1_epi64x(b.below);
  const V last_b = _mm256_set1_epi64x(b.last);
  const V c_class = _mm256_set1_epi64x(2);
  const V zero = _mm256_setzero_si256();
  // Of lanes that are -1 where it holds.
  V in_a = zero;
  V in_a_or_b = zero;
  V negative = zero;
  size_t opened = 0;
  for (size_t row = 0; row < rows; row += kAbcLanes) {
    V classes[8];
    V open[8];
    V any = zero;
    for (size_t i = 0; i < 8; ++i) {
      const V v = Load(tile.value + row + 4 * i);
      const V above_a = _mm256_cmpgt_epi64(v, below_a);
      const V above_b = _mm256_cmpgt_epi64(v, below_b);
      const V minus = _mm256_cmpgt_epi64(zero, v);
      open[i] = _mm256_or_si256(
          _mm256_andnot_si256(_mm256_cmpgt_epi64(v, last_a), above_a),
          _mm256_andnot_si256(_mm256_cmpgt_epi64(v, last_b), above_b));
      any = _mm256_or_si256(any, open[i]);
      classes[i] = _mm256_sub_epi64(
          _mm256_add_epi64(c_class, _mm256_add_epi64(above_a, above_b)), minus);
      in_a = _mm256_add_epi64(in_a, above_a);
      in_a_or_b = _mm256_add_epi64(in_a_or_b, above_b);
      negative = _mm256_add_epi64(negative, minus);
    }
    StoreBytes(classes, tile.classes + row);
    if (_mm256_testz_si256(any, any) != 0) continue;
    for (size_t i = 0; i < 8; ++i) {
      for (uint32_t mask = Mask(open[i]); mask != 0; mask &= mask - 1) {
        tile.open[opened++] = static_cast<uint32_t>(row + 4 * i) +
                              static_cast<uint32_t>(__builtin_ctz(mask));
      }
    }
  }
  const int64_t a_rows = -SumOf(in_a);
  const int64_t a_or_b_rows = -SumOf(in_a_or_b);
  const int64_t negative_rows = -SumOf(negative);
  tile.count[0] += a_rows;
  tile.count[1] += a_or_b_rows - a_rows;
  tile.count[2] += static_cast<int64_t>(rows) - a_or_b_rows - negative_rows;
  tile.count[3] += negative_rows;
  return opened;
}

}  // namespace fivek
