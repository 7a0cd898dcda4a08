// The batch kernel for AVX2 with FMA (Haswell, Zen and later).
#include <immintrin.h>

#include "src/pipeline/score_block.h"

namespace fivek {
namespace {

struct Avx2 {
  using V = __m256i;
  using D = __m256d;
  static constexpr size_t kBytes = 32;

  static V Load(const void* p) {
    return _mm256_loadu_si256(static_cast<const V*>(p));
  }
  static void Store(void* p, V v) {
    _mm256_storeu_si256(static_cast<V*>(p), v);
  }
  // Past the cache; `p` is aligned. Done when EndStream was called.
  static void Stream(void* p, V v) {
    _mm256_stream_si256(static_cast<V*>(p), v);
  }
  static void EndStream() { _mm_sfence(); }
  static V Load16(const uint8_t* p) {
    return _mm256_broadcastsi128_si256(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }

  static V Set8(int x) { return _mm256_set1_epi8(static_cast<char>(x)); }
  static V Set32(int32_t x) { return _mm256_set1_epi32(x); }
  static V Set64(int64_t x) { return _mm256_set1_epi64x(x); }
  static D SetD(double x) { return _mm256_set1_pd(x); }

  template <typename T>
  static T Hidden(T v) {
    asm("" : "+x"(v));
    return v;
  }

  static V And(V a, V b) { return _mm256_and_si256(a, b); }
  static V Or(V a, V b) { return _mm256_or_si256(a, b); }
  static V AndNot(V a, V b) { return _mm256_andnot_si256(a, b); }
  static V Or3(V a, V b, V c) { return Or(Or(a, b), c); }
  static V OrAnd(V a, V b, V c) { return Or(a, And(b, c)); }
  static bool AnyBit(V a) { return _mm256_testz_si256(a, a) == 0; }

  static V Add8(V a, V b) { return _mm256_add_epi8(a, b); }
  static V AddSaturated8(V a, V b) { return _mm256_adds_epu8(a, b); }
  static V Min8(V a, V b) { return _mm256_min_epu8(a, b); }
  static V Equal8(V a, V b) { return _mm256_cmpeq_epi8(a, b); }
  static V Mul16(V a, V b) { return _mm256_mullo_epi16(a, b); }
  static V Equal32(V a, V b) { return _mm256_cmpeq_epi32(a, b); }
  static V Sub32(V a, V b) { return _mm256_sub_epi32(a, b); }
  static V Add32(V a, V b) { return _mm256_add_epi32(a, b); }
  template <int kBits>
  static V Shl32(V a) {
    return _mm256_slli_epi32(a, kBits);
  }
  template <int kBits>
  static V Shr32(V a) {
    return _mm256_srli_epi32(a, kBits);
  }
  template <int kBits>
  static V ShrSigned32(V a) {
    return _mm256_srai_epi32(a, kBits);
  }
  static V Add64(V a, V b) { return _mm256_add_epi64(a, b); }
  static V Sub64(V a, V b) { return _mm256_sub_epi64(a, b); }

  static V Table16(V table, V index) {
    return _mm256_shuffle_epi8(table, index);
  }
  static V Table32(const uint8_t* table, V index) {
    return Or(Table16(Load16(table), Add8(index, Set8(0x70))),
              Table16(Load16(table + 16), Add8(index, Set8(-16))));
  }
  static V Table8x32(const int32_t* table, V index) {
    return _mm256_permutevar8x32_epi32(Load(table), index);
  }
  static V LowestBit32(V a) {
    // The exponent of a power of two; of bit 31, with a sign beside it.
    const V lowest = And(a, _mm256_sub_epi32(_mm256_setzero_si256(), a));
    const V exponent =
        Shr32<23>(_mm256_castps_si256(_mm256_cvtepi32_ps(lowest)));
    return And(_mm256_sub_epi32(exponent, Set32(127)), Set32(31));
  }

  static V Narrow(const V (&a)[4]) {
    const V mixed = _mm256_packus_epi16(_mm256_packs_epi32(a[0], a[1]),
                                        _mm256_packs_epi32(a[2], a[3]));
    return _mm256_permutevar8x32_epi32(
        mixed, _mm256_setr_epi32(0, 4, 1, 5, 2, 6, 3, 7));
  }
  static void Widen(V a, V (&out)[4]) {
    const __m128i low = _mm256_castsi256_si128(a);
    const __m128i high = _mm256_extracti128_si256(a, 1);
    out[0] = _mm256_cvtepu8_epi32(low);
    out[1] = _mm256_cvtepu8_epi32(_mm_srli_si128(low, 8));
    out[2] = _mm256_cvtepu8_epi32(high);
    out[3] = _mm256_cvtepu8_epi32(_mm_srli_si128(high, 8));
  }
  static void WidenSigned(V a, V (&out)[4]) {
    const __m128i low = _mm256_castsi256_si128(a);
    const __m128i high = _mm256_extracti128_si256(a, 1);
    out[0] = _mm256_cvtepi8_epi32(low);
    out[1] = _mm256_cvtepi8_epi32(_mm_srli_si128(low, 8));
    out[2] = _mm256_cvtepi8_epi32(high);
    out[3] = _mm256_cvtepi8_epi32(_mm_srli_si128(high, 8));
  }
  // The rows of each half of 128 bits in turn: JoinProducts puts them in order.
  static void Split16(V a, V (&out)[2]) {
    const V zero = _mm256_setzero_si256();
    out[0] = _mm256_unpacklo_epi8(a, zero);
    out[1] = _mm256_unpackhi_epi8(a, zero);
  }
  static void JoinProducts(const V (&a)[2], const V (&b)[2], V (&out)[4]) {
    V mixed[4];  // Rows 0 and 16, 4 and 20, 8 and 24, 12 and 28 on.
    for (size_t half = 0; half < 2; ++half) {
      const V low = _mm256_mullo_epi16(a[half], b[half]);
      const V high = _mm256_mulhi_epu16(a[half], b[half]);
      mixed[2 * half] = _mm256_unpacklo_epi16(low, high);
      mixed[2 * half + 1] = _mm256_unpackhi_epi16(low, high);
    }
    out[0] = _mm256_permute2x128_si256(mixed[0], mixed[1], 0x20);
    out[1] = _mm256_permute2x128_si256(mixed[2], mixed[3], 0x20);
    out[2] = _mm256_permute2x128_si256(mixed[0], mixed[1], 0x31);
    out[3] = _mm256_permute2x128_si256(mixed[2], mixed[3], 0x31);
  }
  // Half to even, of less than 2^24 / 5: exact as floats.
  static V FiveSixteenths32(V a) {
    return _mm256_cvtps_epi32(
        _mm256_mul_ps(_mm256_cvtepi32_ps(a), _mm256_set1_ps(5.0F / 16)));
  }

  static D AsD(V a) { return _mm256_castsi256_pd(a); }
  static V AsV(D a) { return _mm256_castpd_si256(a); }
  static D ToDouble(V a, size_t half) {
    return _mm256_cvtepi32_pd(half == 0 ? _mm256_castsi256_si128(a)
                                        : _mm256_extracti128_si256(a, 1));
  }
  static D AddD(D a, D b) { return _mm256_add_pd(a, b); }
  static D SubD(D a, D b) { return _mm256_sub_pd(a, b); }
  static D MulD(D a, D b) { return _mm256_mul_pd(a, b); }
  static D MulAddD(D a, D b, D c) { return _mm256_fmadd_pd(a, b, c); }
  static D MulSubD(D a, D b, D c) { return _mm256_fmsub_pd(a, b, c); }
  static D NegMulAddD(D a, D b, D c) { return _mm256_fnmadd_pd(a, b, c); }
};

}  // namespace

size_t ScoreBlocksAvx2(const BlockTables& tables, const ScoreInput& in,
                       const ScoreOutput& out, size_t row, size_t rows,
                       const ScorePlan& plan) {
  return Block<Avx2>::Run(tables, in, out, row, rows, plan);
}

}  // namespace fivek
