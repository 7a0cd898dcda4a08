// The batch kernel of scoring.h, once for every instruction set: `Isa` gives
// vectors of kBytes bytes and a few operations on them, and a block is kBytes
// rows, so one vector of a byte column, four of a 32-bit and eight of a 64-bit
// one.
//
// A kernel scores block after block until one has a bad row or an amount beyond
// 2^51, and returns where that block begins; score_row.h, the same rules a row
// at a time, takes it from there. All results are exact, so all instruction
// sets agree to the bit.
//
// Included only by score_<isa>.cc, which are compiled for processors that may
// not be there: nothing here may call an inline function of another header, as
// the linker could choose the copy made here for the whole program.
#ifndef FIVEK_SRC_PIPELINE_SCORE_BLOCK_H_
#define FIVEK_SRC_PIPELINE_SCORE_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <limits>

#include "src/pipeline/score_tables.h"

namespace fivek {
namespace {

// A double of this size counts in ones, so adding it rounds to an integer that
// stands in the lowest bits. For integers within 2^51 of it.
constexpr int64_t kMagicBits = 0x4338'0000'0000'0000;  // 1.5 x 2^52.
constexpr double kMagic = 6755399441055744.0;
// Of magic + integer, if the integer was small enough.
constexpr int64_t kMagicExponent = 0x4330'0000'0000'0000;

template <typename Isa>
struct Block {
  using V = typename Isa::V;  // Of any lanes.
  using D = typename Isa::D;  // Of doubles.
  static constexpr size_t kRows = Isa::kBytes;

  struct Levels {
    V level[5];
    V points[5];
    V rank[5];  // points x 8 + dimension: the smallest is the weakest's.
  };

  static V Column(const uint8_t* column, size_t row, int absent) {
    return column == nullptr ? Isa::Set8(absent) : Isa::Load(column + row);
  }

  // Half to even of amounts x ppm / 10^6. `beyond` gathers bits of amounts that
  // are too large; the results are wrong then.
  static V Expected(V amount, D ppm, V& beyond) {
    const V shifted = Isa::Add64(amount, Isa::Set64(kMagicBits));
    beyond = Isa::OrXor(beyond, shifted, Isa::Set64(kMagicExponent));
    const D exact = Isa::SubD(Isa::AsD(shifted), Isa::SetD(kMagic));
    // The product as a sum of two doubles, of which the second is small.
    const D high = Isa::MulD(exact, ppm);
    const D low = Isa::MulSubD(exact, ppm, high);
    // Within 1.25 of the quotient: three roundings of at most 2^51.
    const D rounded = Isa::MulAddD(high, Isa::SetD(1e-6), Isa::SetD(kMagic));
    const D quotient = Isa::SubD(rounded, Isa::SetD(kMagic));
    // Both steps are exact, as the results are integers below 2^21.
    const D rest =
        Isa::AddD(Isa::NegMulAddD(quotient, Isa::SetD(1e6), high), low);
    // More than half away, or just half and odd: 500000 less 1/2 if odd, of
    // which the bits differ by 2^29.
    const V odd = Isa::And(Isa::template Shl64<29>(Isa::AsV(rounded)),
                           Isa::Set64(int64_t{1} << 29));
    const D half = Isa::AsD(
        Isa::Sub64(Isa::Set64(0x411E'8480'0000'0000), odd));  // 500000.0
    V result = Isa::Sub64(Isa::AsV(rounded), Isa::Set64(kMagicBits));
    result = Isa::IncrementIfGreater(result, rest, half);
    return Isa::DecrementIfGreater(result, Isa::SubD(Isa::SetD(0), rest), half);
  }

  // 5 x product / 16, half to even.
  static V Ppm(V product) {
    const V scaled = Isa::Add32(Isa::template Shl32<2>(product), product);
    const V odd = Isa::And(Isa::template Shr32<4>(scaled), Isa::Set32(1));
    return Isa::template Shr32<4>(
        Isa::Add32(Isa::Add32(scaled, Isa::Set32(7)), odd));
  }

  // Numbers of the first missing items, 0..31, of 4 vectors of masks, as bytes.
  static V FirstMissing(const BlockTables& t, const uint32_t* evidence) {
    V first[4];
    for (size_t k = 0; k < 4; ++k) {
      const V have = Isa::Load(evidence + k * (kRows / 4));
      // All ones where the contract is signed: nothing is missing then.
      const V is_signed = Isa::template ShrSigned32<31>(
          Isa::template Shl32<31 - kBlockContractItem>(have));
      const V missing =
          Isa::Or(Isa::AndNot(Isa::Or(have, is_signed),
                              Isa::Set32(static_cast<int32_t>(t.needed))),
                  Isa::Set32(std::numeric_limits<int32_t>::min()));
      first[k] = Isa::LowestBit32(missing);
    }
    return Isa::Narrow(first);
  }

  // False if the block has to be scored by row. Writes nothing then.
  static bool Score(const BlockTables& t, const ScoreInput& in,
                    const ScoreOutput& out, size_t row) {
    // ---- Levels.
    Levels x;
    const V by = Column(in.by_decision_maker, row, 0);
    const uint8_t* const columns[5] = {in.problem, in.power, in.vision,
                                       in.value, in.control};
    V special = Isa::Set8(0);
    for (int d = 0; d < 5; ++d) {
      x.level[d] = Column(columns[d], row, 255);
      // The highest bit shows what is above the highest level.
      special = Isa::Or(
          special, Isa::Or(Isa::Add8(x.level[d], Isa::Set8(0x80 - t.levels[d])),
                           x.level[d]));
    }
    const V outcome = Column(in.outcome, row, 0);
    V bad = Isa::And(by, Isa::Set8(kBlockNotByDecisionMaker));
    bad = Isa::Or(
        bad,
        Isa::And(Isa::Or(outcome,
                         Isa::Add8(outcome, Isa::Set8(0x80 - kBlockOutcomes))),
                 Isa::Set8(0x80)));
    if (Isa::AnyBit(bad)) return false;
    special = Isa::And(special, Isa::Set8(0x80));

    const V column_bit = Isa::Set8(8);
    const V index[5] = {
        Isa::Or(x.level[0], Isa::And(Isa::template Shl32<3>(by), column_bit)),
        x.level[1],
        Isa::Or(x.level[2], Isa::And(Isa::template Shl32<1>(by), column_bit)),
        Isa::Or(x.level[3], Isa::And(by, column_bit)), x.level[4]};
    for (int d = 0; d < 5; ++d) {
      x.points[d] = Isa::Table16(Isa::Load16(t.points[d]), index[d]);
    }
    V unknown_weakest = Isa::Set8(0);
    V undefined = Isa::Set8(0);
    const bool any_special = Isa::AnyBit(special);
    for (int d = 0; d < 5; ++d) {
      x.rank[d] = Isa::Or(Isa::template Shl32<3>(x.points[d]), Isa::Set8(d));
    }
    const V weakest = Isa::Min8(Isa::Min8(Isa::Min8(x.rank[0], x.rank[1]),
                                          Isa::Min8(x.rank[2], x.rank[3])),
                                x.rank[4]);
    if (any_special) {
      V known_zero = Isa::Set8(0);
      V any_unknown = Isa::Set8(0);
      V wrong = Isa::Set8(0);
      for (int d = 0; d < 5; ++d) {
        const V unknown = Isa::Equal8(x.level[d], Isa::Set8(255));
        const V above = Isa::Or(
            Isa::Add8(x.level[d], Isa::Set8(0x80 - t.levels[d])), x.level[d]);
        wrong = Isa::Or(wrong, Isa::AndNot(unknown, above));
        any_unknown = Isa::Or(any_unknown, unknown);
        known_zero = Isa::Or(
            known_zero,
            Isa::AndNot(unknown, Isa::Equal8(x.points[d], Isa::Set8(0))));
        unknown_weakest =
            Isa::Or(unknown_weakest,
                    Isa::And(unknown, Isa::Equal8(x.rank[d], weakest)));
      }
      if (Isa::AnyBit(Isa::And(wrong, Isa::Set8(0x80)))) return false;
      undefined = Isa::AndNot(known_zero, any_unknown);
    }

    // ---- The deal.
    V place = Isa::Set8(0);
    if (in.evidence != nullptr) {
      place = Isa::Table32(t.place, FirstMissing(t, in.evidence + row));
    } else {
      place = Isa::Set8(t.place[t.first_needed]);
    }
    const V milestone = Isa::And(Isa::template Shr32<4>(place), Isa::Set8(7));
    if (out.probability_ppm != nullptr || out.expected_amount != nullptr) {
      const V code = Isa::Or(
          Isa::And(milestone, Isa::Table16(Isa::Load16(t.open), outcome)),
          Isa::Table16(Isa::Load16(t.closed), outcome));
      V codes[4];
      Isa::Widen(code, codes);
      V ppm[4];
      for (size_t k = 0; k < 4; ++k) ppm[k] = Isa::Table8x32(t.ppm, codes[k]);
      if (out.expected_amount != nullptr) {
        V beyond = Isa::Set8(0);
        V expected[8];
        for (size_t k = 0; k < 8; ++k) {
          const V amount = in.amount == nullptr
                               ? Isa::Set8(0)
                               : Isa::Load(in.amount + row + k * (kRows / 8));
          expected[k] =
              Expected(amount, Isa::ToDouble(ppm[k / 2], k % 2), beyond);
        }
        if (Isa::AnyBit(Isa::And(beyond, Isa::Set64(static_cast<int64_t>(
                                             uint64_t{0xFFF} << 52))))) {
          return false;
        }
        for (size_t k = 0; k < 8; ++k) {
          Isa::Store(out.expected_amount + row + k * (kRows / 8), expected[k]);
        }
      }
      if (out.probability_ppm != nullptr) {
        for (size_t k = 0; k < 4; ++k) {
          Isa::Store(out.probability_ppm + row + k * (kRows / 4), ppm[k]);
        }
      }
    }
    if (out.stage != nullptr) {
      Isa::Store(out.stage + row, Isa::And(place, Isa::Set8(7)));
    }
    if (out.milestone != nullptr) Isa::Store(out.milestone + row, milestone);

    // ---- Strength.
    if (out.strength != nullptr) {
      Isa::Store(out.strength + row,
                 Isa::Add8(Isa::Add8(Isa::Add8(x.points[0], x.points[1]),
                                     Isa::Add8(x.points[2], x.points[3])),
                           x.points[4]));
    }
    if (out.weakest != nullptr) {
      Isa::Store(out.weakest + row,
                 Isa::Or(Isa::And(weakest, Isa::Set8(7)), unknown_weakest));
    }
    if (out.product_ppm != nullptr) {
      V factors[5][2];
      for (int d = 0; d < 5; ++d) Isa::WidenTo16(x.points[d], factors[d]);
      V product[4];
      for (int half = 0; half < 2; ++half) {
        const V two = Isa::Mul16(factors[0][half], factors[1][half]);
        const V three = Isa::Mul16(
            Isa::Mul16(factors[2][half], factors[3][half]), factors[4][half]);
        Isa::WidenProduct(two, three, product + 2 * half);
      }
      for (size_t k = 0; k < 4; ++k) product[k] = Ppm(product[k]);
      if (any_special) {
        // 0 where unknown, so that all ones make it -1.
        V minus[4];
        Isa::WidenSigned(undefined, minus);
        for (size_t k = 0; k < 4; ++k)
          product[k] = Isa::Or(product[k], minus[k]);
      }
      for (size_t k = 0; k < 4; ++k) {
        Isa::Store(out.product_ppm + row + k * (kRows / 4), product[k]);
      }
    }
    if (out.row_status != nullptr) {
      for (size_t k = 0; k < 4; ++k) {
        Isa::Store(out.row_status + row + k * (kRows / 4), Isa::Set8(0));
      }
    }
    return true;
  }

  static size_t Run(const BlockTables& t, const ScoreInput& in,
                    const ScoreOutput& out, size_t row, size_t rows) {
    while (rows - row >= kRows && Score(t, in, out, row)) row += kRows;
    return row;
  }
};

}  // namespace
}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_BLOCK_H_
