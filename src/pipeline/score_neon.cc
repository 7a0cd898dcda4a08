// The batch kernel for AArch64, all of which has Advanced SIMD and fused
// multiply-add. Little-endian only: lanes would be in another order.
#include <arm_neon.h>

#include "src/pipeline/score_block.h"

#if !defined(__AARCH64EL__)
#error "score_neon.cc is for little-endian AArch64"
#endif

namespace fivek {
namespace {

struct Neon {
  using V = uint8x16_t;
  using D = float64x2_t;
  static constexpr size_t kBytes = 16;

  static V Load(const void* p) {
    return vld1q_u8(static_cast<const uint8_t*>(p));
  }
  static void Store(void* p, V v) { vst1q_u8(static_cast<uint8_t*>(p), v); }
  // As any other: what AArch64 has for it, STNP, is a hint, and processors find
  // out by themselves that whole lines are written and do not read them first.
  static void Stream(void* p, V v) { Store(p, v); }
  static void EndStream() {}
  static V Load16(const uint8_t* p) { return vld1q_u8(p); }

  static V Set8(int x) { return vdupq_n_u8(static_cast<uint8_t>(x)); }
  static V Set32(int32_t x) { return vreinterpretq_u8_s32(vdupq_n_s32(x)); }
  static V Set64(int64_t x) { return vreinterpretq_u8_s64(vdupq_n_s64(x)); }
  static D SetD(double x) { return vdupq_n_f64(x); }

  template <typename T>
  static T Hidden(T v) {
    asm("" : "+w"(v));
    return v;
  }

  static V And(V a, V b) { return vandq_u8(a, b); }
  static V Or(V a, V b) { return vorrq_u8(a, b); }
  static V AndNot(V a, V b) { return vbicq_u8(b, a); }
  static V Or3(V a, V b, V c) { return Or(Or(a, b), c); }
  static V OrAnd(V a, V b, V c) { return Or(a, And(b, c)); }
  static bool AnyBit(V a) { return vmaxvq_u32(As32(a)) != 0; }

  static V Add8(V a, V b) { return vaddq_u8(a, b); }
  static V AddSaturated8(V a, V b) { return vqaddq_u8(a, b); }
  static V Min8(V a, V b) { return vminq_u8(a, b); }
  static V Equal8(V a, V b) { return vceqq_u8(a, b); }
  static V Mul16(V a, V b) { return From16(vmulq_u16(As16(a), As16(b))); }
  static V Equal32(V a, V b) { return From32(vceqq_u32(As32(a), As32(b))); }
  static V Sub32(V a, V b) { return From32(vsubq_u32(As32(a), As32(b))); }
  static V Add32(V a, V b) { return From32(vaddq_u32(As32(a), As32(b))); }
  template <int kBits>
  static V Shl32(V a) {
    return From32(vshlq_n_u32(As32(a), kBits));
  }
  template <int kBits>
  static V Shr32(V a) {
    return From32(vshrq_n_u32(As32(a), kBits));
  }
  template <int kBits>
  static V ShrSigned32(V a) {
    return vreinterpretq_u8_s32(vshrq_n_s32(vreinterpretq_s32_u8(a), kBits));
  }
  static V Add64(V a, V b) { return From64(vaddq_u64(As64(a), As64(b))); }
  static V Sub64(V a, V b) { return From64(vsubq_u64(As64(a), As64(b))); }

  // An index above 15 gives 0, on x86 only one above 127; what is between is of
  // a bad row, which is refused whatever it has for points.
  static V Table16(V table, V index) { return vqtbl1q_u8(table, index); }
  static V Table32(const uint8_t* table, V index) {
    return vqtbl2q_u8({{vld1q_u8(table), vld1q_u8(table + 16)}}, index);
  }
  static V Table8x32(const int32_t* table, V index) {
    // The numbers of the four bytes of each element.
    const V bytes = From32(vmlaq_u32(vdupq_n_u32(0x03020100), As32(index),
                                     vdupq_n_u32(0x04040404)));
    return vqtbl2q_u8({{Load(table), Load(table + 4)}}, bytes);
  }
  static V LowestBit32(V a) {
    const V reversed = vrev32q_u8(vrbitq_u8(a));
    return From32(vclzq_u32(As32(reversed)));
  }

  static V Narrow(const V (&a)[4]) {
    const uint16x8_t low = vuzp1q_u16(As16(a[0]), As16(a[1]));
    const uint16x8_t high = vuzp1q_u16(As16(a[2]), As16(a[3]));
    return vuzp1q_u8(From16(low), From16(high));
  }
  static void Widen(V a, V (&out)[4]) {
    const uint16x8_t low = vmovl_u8(vget_low_u8(a));
    const uint16x8_t high = vmovl_high_u8(a);
    out[0] = From32(vmovl_u16(vget_low_u16(low)));
    out[1] = From32(vmovl_high_u16(low));
    out[2] = From32(vmovl_u16(vget_low_u16(high)));
    out[3] = From32(vmovl_high_u16(high));
  }
  static void WidenSigned(V a, V (&out)[4]) {
    const int8x16_t bytes = vreinterpretq_s8_u8(a);
    const int16x8_t low = vmovl_s8(vget_low_s8(bytes));
    const int16x8_t high = vmovl_high_s8(bytes);
    out[0] = vreinterpretq_u8_s32(vmovl_s16(vget_low_s16(low)));
    out[1] = vreinterpretq_u8_s32(vmovl_high_s16(low));
    out[2] = vreinterpretq_u8_s32(vmovl_s16(vget_low_s16(high)));
    out[3] = vreinterpretq_u8_s32(vmovl_high_s16(high));
  }
  static void Split16(V a, V (&out)[2]) {
    out[0] = From16(vmovl_u8(vget_low_u8(a)));
    out[1] = From16(vmovl_high_u8(a));
  }
  static void JoinProducts(const V (&a)[2], const V (&b)[2], V (&out)[4]) {
    for (size_t half = 0; half < 2; ++half) {
      const uint16x8_t x = As16(a[half]);
      const uint16x8_t y = As16(b[half]);
      out[2 * half] = From32(vmull_u16(vget_low_u16(x), vget_low_u16(y)));
      out[2 * half + 1] = From32(vmull_high_u16(x, y));
    }
  }
  // Half to even, of less than 2^24 / 5: exact as floats.
  static V FiveSixteenths32(V a) {
    const float32x4_t exact = vcvtq_f32_u32(As32(a));
    return vreinterpretq_u8_s32(vcvtnq_s32_f32(vmulq_n_f32(exact, 5.0F / 16)));
  }

  static D AsD(V a) { return vreinterpretq_f64_u8(a); }
  static V AsV(D a) { return vreinterpretq_u8_f64(a); }
  static D ToDouble(V a, size_t half) {
    const int32x4_t integers = vreinterpretq_s32_u8(a);
    return vcvtq_f64_s64(half == 0 ? vmovl_s32(vget_low_s32(integers))
                                   : vmovl_high_s32(integers));
  }
  static D AddD(D a, D b) { return vaddq_f64(a, b); }
  static D SubD(D a, D b) { return vsubq_f64(a, b); }
  static D MulD(D a, D b) { return vmulq_f64(a, b); }
  static D MulAddD(D a, D b, D c) { return vfmaq_f64(c, a, b); }
  static D MulSubD(D a, D b, D c) { return vfmaq_f64(vnegq_f64(c), a, b); }
  static D NegMulAddD(D a, D b, D c) { return vfmsq_f64(c, a, b); }

 private:
  static uint16x8_t As16(V a) { return vreinterpretq_u16_u8(a); }
  static uint32x4_t As32(V a) { return vreinterpretq_u32_u8(a); }
  static uint64x2_t As64(V a) { return vreinterpretq_u64_u8(a); }
  static V From16(uint16x8_t a) { return vreinterpretq_u8_u16(a); }
  static V From32(uint32x4_t a) { return vreinterpretq_u8_u32(a); }
  static V From64(uint64x2_t a) { return vreinterpretq_u8_u64(a); }
};

}  // namespace

size_t ScoreBlocksNeon(const BlockTables& tables, const ScoreInput& in,
                       const ScoreOutput& out, size_t row, size_t rows,
                       const ScorePlan& plan) {
  return Block<Neon>::Run(tables, in, out, row, rows, plan);
}

}  // namespace fivek
