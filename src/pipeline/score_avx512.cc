// The batch kernel for AVX-512 (F, BW, CD, DQ, VL: Skylake-X, Zen 4 and later).
#include <immintrin.h>

#include "src/pipeline/score_block.h"

namespace fivek {
namespace {

struct Avx512 {
  using V = __m512i;
  using D = __m512d;
  static constexpr size_t kBytes = 64;

  static V Load(const void* p) { return _mm512_loadu_si512(p); }
  static void Store(void* p, V v) { _mm512_storeu_si512(p, v); }
  // Past the cache; `p` is aligned. Done when EndStream was called.
  static void Stream(void* p, V v) {
    _mm512_stream_si512(static_cast<V*>(p), v);
  }
  static void EndStream() { _mm_sfence(); }
  static V Load16(const uint8_t* p) {
    return _mm512_broadcast_i32x4(
        _mm_loadu_si128(reinterpret_cast<const __m128i*>(p)));
  }

  static V Set8(int x) { return _mm512_set1_epi8(static_cast<char>(x)); }
  static V Set32(int32_t x) { return _mm512_set1_epi32(x); }
  static V Set64(int64_t x) { return _mm512_set1_epi64(x); }
  static D SetD(double x) { return _mm512_set1_pd(x); }

  template <typename T>
  static T Hidden(T v) {
    asm("" : "+v"(v));
    return v;
  }

  static V And(V a, V b) { return _mm512_and_si512(a, b); }
  static V Or(V a, V b) { return _mm512_or_si512(a, b); }
  static V AndNot(V a, V b) { return _mm512_andnot_si512(a, b); }
  static V Or3(V a, V b, V c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0xFE);
  }
  static V OrAnd(V a, V b, V c) {
    return _mm512_ternarylogic_epi64(a, b, c, 0xF8);
  }
  static bool AnyBit(V a) { return _mm512_test_epi32_mask(a, a) != 0; }

  static V Add8(V a, V b) { return _mm512_add_epi8(a, b); }
  static V AddSaturated8(V a, V b) { return _mm512_adds_epu8(a, b); }
  static V Min8(V a, V b) { return _mm512_min_epu8(a, b); }
  static V Equal8(V a, V b) {
    return _mm512_movm_epi8(_mm512_cmpeq_epi8_mask(a, b));
  }
  static V Mul16(V a, V b) { return _mm512_mullo_epi16(a, b); }
  static V Equal32(V a, V b) {
    return _mm512_movm_epi32(_mm512_cmpeq_epi32_mask(a, b));
  }
  static V Sub32(V a, V b) { return _mm512_sub_epi32(a, b); }
  static V Add32(V a, V b) { return _mm512_add_epi32(a, b); }
  template <int kBits>
  static V Shl32(V a) {
    return _mm512_slli_epi32(a, kBits);
  }
  template <int kBits>
  static V Shr32(V a) {
    return _mm512_srli_epi32(a, kBits);
  }
  template <int kBits>
  static V ShrSigned32(V a) {
    return _mm512_srai_epi32(a, kBits);
  }
  static V Add64(V a, V b) { return _mm512_add_epi64(a, b); }
  static V Sub64(V a, V b) { return _mm512_sub_epi64(a, b); }

  static V Table16(V table, V index) {
    return _mm512_shuffle_epi8(table, index);
  }
  static V Table32(const uint8_t* table, V index) {
    return Or(Table16(Load16(table), Add8(index, Set8(0x70))),
              Table16(Load16(table + 16), Add8(index, Set8(-16))));
  }
  static V Table8x32(const int32_t* table, V index) {
    return _mm512_permutexvar_epi32(
        index, _mm512_broadcast_i32x8(_mm256_loadu_si256(
                   reinterpret_cast<const __m256i*>(table))));
  }
  static V LowestBit32(V a) {
    const V lowest = And(a, _mm512_sub_epi32(_mm512_setzero_si512(), a));
    return _mm512_sub_epi32(Set32(31), _mm512_lzcnt_epi32(lowest));
  }

  static V Narrow(const V (&a)[4]) {
    // Within each 128 bits in order, so the 128 bits are transposed.
    const V mixed = _mm512_packus_epi16(_mm512_packs_epi32(a[0], a[1]),
                                        _mm512_packs_epi32(a[2], a[3]));
    return _mm512_permutexvar_epi32(
        _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15),
        mixed);
  }
  static void Widen(V a, V (&out)[4]) {
    out[0] = _mm512_cvtepu8_epi32(_mm512_castsi512_si128(a));
    out[1] = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(a, 1));
    out[2] = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(a, 2));
    out[3] = _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(a, 3));
  }
  static void WidenSigned(V a, V (&out)[4]) {
    out[0] = _mm512_cvtepi8_epi32(_mm512_castsi512_si128(a));
    out[1] = _mm512_cvtepi8_epi32(_mm512_extracti32x4_epi32(a, 1));
    out[2] = _mm512_cvtepi8_epi32(_mm512_extracti32x4_epi32(a, 2));
    out[3] = _mm512_cvtepi8_epi32(_mm512_extracti32x4_epi32(a, 3));
  }
  static void Split16(V a, V (&out)[2]) {
    out[0] = _mm512_cvtepu8_epi16(_mm512_castsi512_si256(a));
    out[1] = _mm512_cvtepu8_epi16(_mm512_extracti64x4_epi64(a, 1));
  }
  // Factors below 2^15: with a zero beside each, madd is a product.
  static void JoinProducts(const V (&a)[2], const V (&b)[2], V (&out)[4]) {
    for (size_t half = 0; half < 2; ++half) {
      out[2 * half] = _mm512_madd_epi16(
          _mm512_cvtepu16_epi32(_mm512_castsi512_si256(a[half])),
          _mm512_cvtepu16_epi32(_mm512_castsi512_si256(b[half])));
      out[2 * half + 1] = _mm512_madd_epi16(
          _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(a[half], 1)),
          _mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(b[half], 1)));
    }
  }
  // Half to even, of less than 2^24 / 5: exact as floats.
  static V FiveSixteenths32(V a) {
    return _mm512_cvtps_epi32(
        _mm512_mul_ps(_mm512_cvtepi32_ps(a), _mm512_set1_ps(5.0F / 16)));
  }

  static D AsD(V a) { return _mm512_castsi512_pd(a); }
  static V AsV(D a) { return _mm512_castpd_si512(a); }
  static D ToDouble(V a, size_t half) {
    return _mm512_cvtepi32_pd(half == 0 ? _mm512_castsi512_si256(a)
                                        : _mm512_extracti64x4_epi64(a, 1));
  }
  static D AddD(D a, D b) { return _mm512_add_pd(a, b); }
  static D SubD(D a, D b) { return _mm512_sub_pd(a, b); }
  static D MulD(D a, D b) { return _mm512_mul_pd(a, b); }
  static D MulAddD(D a, D b, D c) { return _mm512_fmadd_pd(a, b, c); }
  static D MulSubD(D a, D b, D c) { return _mm512_fmsub_pd(a, b, c); }
  static D NegMulAddD(D a, D b, D c) { return _mm512_fnmadd_pd(a, b, c); }
};

}  // namespace

size_t ScoreBlocksAvx512(const BlockTables& tables, const ScoreInput& in,
                         const ScoreOutput& out, size_t row, size_t rows,
                         const ScorePlan& plan) {
  return Block<Avx512>::Run(tables, in, out, row, rows, plan);
}

}  // namespace fivek
