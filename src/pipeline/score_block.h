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

// A call would pass vectors through memory.
#if defined(__GNUC__)
#define FIVEK_INLINE __attribute__((always_inline)) inline
#else
#define FIVEK_INLINE inline
#endif

namespace fivek {

// Isa is of an unnamed namespace, so what is made of this is too.
template <typename Isa>
struct Block {
  using V = typename Isa::V;  // Of any lanes.
  using D = typename Isa::D;  // Of doubles.
  static constexpr size_t kRows = Isa::kBytes;

  // A double of this size counts in ones, so adding to it rounds to an integer,
  // half to even, that stands in the lowest bits. For results within 2^51.
  static constexpr int64_t kMagicBits = 0x4338'0000'0000'0000;  // 1.5 x 2^52.
  static constexpr double kMagic = 6755399441055744.0;

  // Made once for all blocks and hidden from the compiler, which would make
  // them anew for each use, by three instructions.
  struct Constants {
    V needed, none_missing, magic_bits, half_range;
    D magic, million, millionth;

    FIVEK_INLINE explicit Constants(const BlockTables& t)
        : needed(Isa::Hidden(Isa::Set32(static_cast<int32_t>(t.needed)))),
          none_missing(
              Isa::Hidden(Isa::Set32(std::numeric_limits<int32_t>::min()))),
          magic_bits(Isa::Hidden(Isa::Set64(kMagicBits))),
          half_range(Isa::Hidden(Isa::Set64(int64_t{1} << 51))),
          magic(Isa::Hidden(Isa::SetD(kMagic))),
          million(Isa::Hidden(Isa::SetD(1e6))),
          millionth(Isa::Hidden(Isa::SetD(1e-6))) {}
  };

  // Which columns are written past the cache. That needs lines that one block
  // fills, aligned.
  struct Streams {
    bool strength = false, weakest = false, product_ppm = false, stage = false,
         milestone = false, probability_ppm = false, expected_amount = false,
         row_status = false;
  };
  template <typename T>
  static bool Streamable(const T* column, size_t row) {
    constexpr uintptr_t kLine = 64;
    return column != nullptr && kRows * sizeof(T) % kLine == 0 &&
           reinterpret_cast<uintptr_t>(column + row) % kLine == 0;
  }
  static Streams StreamsOf(const ScoreOutput& out, size_t row) {
    Streams streams;
    streams.strength = Streamable(out.strength, row);
    streams.weakest = Streamable(out.weakest, row);
    streams.product_ppm = Streamable(out.product_ppm, row);
    streams.stage = Streamable(out.stage, row);
    streams.milestone = Streamable(out.milestone, row);
    streams.probability_ppm = Streamable(out.probability_ppm, row);
    streams.expected_amount = Streamable(out.expected_amount, row);
    streams.row_status = Streamable(out.row_status, row);
    return streams;
  }
  FIVEK_INLINE static void Put(void* p, V v, bool stream) {
    if (stream) {
      Isa::Stream(p, v);
    } else {
      Isa::Store(p, v);
    }
  }
  template <typename T, size_t kCount>
  FIVEK_INLINE static void Put(T* column, const V (&v)[kCount], bool stream) {
    for (size_t k = 0; k < kCount; ++k) {
      Put(column + k * (kRows / kCount), v[k], stream);
    }
  }

  FIVEK_INLINE static V Column(const uint8_t* column, size_t row, int absent) {
    return column == nullptr ? Isa::Set8(absent) : Isa::Load(column + row);
  }

  // Half to even of amounts within 2^51 x ppm / 10^6.
  FIVEK_INLINE static V Expected(const Constants& c, V amount, D ppm) {
    const V shifted = Isa::Add64(amount, c.magic_bits);
    const D exact = Isa::SubD(Isa::AsD(shifted), c.magic);
    // The product as a sum of two doubles, of which the second is small.
    const D high = Isa::MulD(exact, ppm);
    const D low = Isa::MulSubD(exact, ppm, high);
    // Within 1.25 of the quotient: three roundings of at most 2^51.
    const D rounded = Isa::MulAddD(high, c.millionth, c.magic);
    const D quotient = Isa::SubD(rounded, c.magic);
    // Both steps are exact, as the results are integers below 2^21.
    const D rest = Isa::AddD(Isa::NegMulAddD(quotient, c.million, high), low);
    // Rounded, 500000 x 1e-6 is 0.5 and no other integer's product is, so the
    // sum is rounded as the exact quotient would be.
    const D result = Isa::AddD(rounded, Isa::MulD(rest, c.millionth));
    return Isa::Sub64(Isa::AsV(result), c.magic_bits);
  }

  // All ones where the contract is signed: nothing is missing then.
  FIVEK_INLINE static V IsSigned(V have) {
    return Isa::template ShrSigned32<31>(
        Isa::template Shl32<31 - kBlockContractItem>(have));
  }

  // Stage + 16 x milestone of the rows of 4 vectors of masks, as bytes.
  FIVEK_INLINE static V Places(const BlockTables& t, const Constants& c,
                               const uint32_t* evidence) {
    if (!t.in_order) return PlacesByRungs(t, evidence);
    V first[4];  // Missing item.
    for (size_t k = 0; k < 4; ++k) {
      const V have = Isa::Load(evidence + k * (kRows / 4));
      const V missing = Isa::Or(
          Isa::AndNot(Isa::Or(have, IsSigned(have)), c.needed), c.none_missing);
      first[k] = Isa::LowestBit32(missing);
    }
    return Isa::Table32(t.place, Isa::Narrow(first));
  }

  // For any policy. The masks grow from rung to rung, so the complete ones come
  // first and counting them finds the highest.
  FIVEK_INLINE static V PlacesByRungs(const BlockTables& t,
                                      const uint32_t* evidence) {
    V place[4];
    for (size_t k = 0; k < 4; ++k) {
      const V have = Isa::Load(evidence + k * (kRows / 4));
      const auto incomplete = [have](const uint32_t(&rungs)[6]) {
        V count = Isa::Set32(6);
        for (const uint32_t rung : rungs) {
          const V lacks =
              Isa::AndNot(have, Isa::Set32(static_cast<int32_t>(rung)));
          count = Isa::Add32(count, Isa::Equal32(lacks, Isa::Set32(0)));
        }
        return count;
      };
      const V counted = Isa::Sub32(
          Isa::Set32(6 + 16 * 6),
          Isa::Add32(incomplete(t.stage_rungs),
                     Isa::template Shl32<4>(incomplete(t.milestone_rungs))));
      const V is_signed = IsSigned(have);
      place[k] = Isa::OrAnd(Isa::AndNot(is_signed, counted), is_signed,
                            Isa::Set32(kBlockPlaceSigned));
    }
    return Isa::Narrow(place);
  }

  // What of the levels is given.
  enum class Given { kNone, kSome, kAll };

  template <Given kGiven>
  FIVEK_INLINE static V Level(const uint8_t* column, size_t row, int absent) {
    return kGiven == Given::kAll ? Isa::Load(column + row)
                                 : Column(column, row, absent);
  }

  // False if the block has to be scored by row; then rows are as they were or
  // hold what they will be given.
  template <Given kLevels, bool kDeal>
  FIVEK_INLINE static bool Score(const BlockTables& t, const Constants& c,
                                 const ScoreInput& in, const ScoreOutput& out,
                                 const Streams& streams, size_t row) {
    V outcome;
    if constexpr (kDeal) {
      outcome = Column(in.outcome, row, 0);
      const V high = Isa::Or(
          outcome, Isa::Add8(outcome, Isa::Set8(0x80 - kBlockOutcomes)));
      if (Isa::AnyBit(Isa::And(high, Isa::Set8(0x80)))) return false;
    }
    if constexpr (kLevels != Given::kNone) {
      if (!ScoreLevels<kLevels>(t, in, out, streams, row)) return false;
    }
    if (out.row_status != nullptr) {
      const V good[4] = {Isa::Set8(0), Isa::Set8(0), Isa::Set8(0),
                         Isa::Set8(0)};
      Put(out.row_status + row, good, streams.row_status);
    }
    if constexpr (kDeal) return ScoreDeal(t, c, in, out, streams, row, outcome);
    return true;
  }

  // A block's levels and what they are worth, unless a bit of `special` says
  // that some are unknown or wrong.
  struct Levels {
    V level[5], by, points[5], total, special;
  };
  template <Given kGiven>
  FIVEK_INLINE static Levels LookUp(const BlockTables& t, const ScoreInput& in,
                                    size_t row) {
    Levels l;
    l.by = Level<kGiven>(in.by_decision_maker, row, 0);
    l.level[0] = Level<kGiven>(in.problem, row, 255);
    l.level[1] = Level<kGiven>(in.power, row, 255);
    l.level[2] = Level<kGiven>(in.vision, row, 255);
    l.level[3] = Level<kGiven>(in.value, row, 255);
    l.level[4] = Level<kGiven>(in.control, row, 255);
    // 8 more for the decision maker's column, by the bits 0, 2, 3.
    const V eight = Isa::Set8(8);
    const V index[5] = {
        Isa::OrAnd(l.level[0], Isa::template Shl32<3>(l.by), eight), l.level[1],
        Isa::OrAnd(l.level[2], Isa::template Shl32<1>(l.by), eight),
        Isa::OrAnd(l.level[3], l.by, eight), l.level[4]};
    for (int d = 0; d < 5; ++d) {
      l.points[d] = Isa::Table16(Isa::Load16(t.points[d]), index[d]);
    }
    // One without points makes the sum too large, whatever the others are.
    l.total = Isa::AddSaturated8(
        Isa::AddSaturated8(Isa::AddSaturated8(l.points[0], l.points[1]),
                           Isa::AddSaturated8(l.points[2], l.points[3])),
        l.points[4]);
    // What is no level: 8 and above, or below and without points.
    const V levels = Isa::Or3(Isa::Or3(l.level[0], l.level[1], l.level[2]),
                              l.level[3], l.level[4]);
    l.special = Isa::OrAnd(Isa::OrAnd(Isa::And(levels, Isa::Set8(kNoLevel)),
                                      l.total, Isa::Set8(kNoPoints)),
                           l.by, Isa::Set8(kBlockNotByDecisionMaker));
    return l;
  }
  static constexpr int kNoLevel = 0xF8;

  template <Given kGiven>
  FIVEK_INLINE static bool ScoreLevels(const BlockTables& t,
                                       const ScoreInput& in,
                                       const ScoreOutput& out,
                                       const Streams& streams, size_t row) {
    const Levels l = LookUp<kGiven>(t, in, row);
    const V(&level)[5] = l.level;
    const V(&points)[5] = l.points;
    const V by = l.by;
    const V no_level = Isa::Set8(kNoLevel);
    const V no_points = Isa::Set8(kNoPoints);
    const bool special = Isa::AnyBit(l.special);
    V unknown[5];
    if (special) {
      V wrong = Isa::And(by, Isa::Set8(kBlockNotByDecisionMaker));
      for (int d = 0; d < 5; ++d) {
        unknown[d] = Isa::Equal8(level[d], Isa::Set8(255));
        wrong = Isa::Or(
            wrong,
            Isa::AndNot(unknown[d], Isa::OrAnd(Isa::And(level[d], no_level),
                                               points[d], no_points)));
      }
      if (Isa::AnyBit(wrong)) return false;
    }

    if (out.strength != nullptr)
      Put(out.strength + row, l.total, streams.strength);
    if (out.weakest != nullptr) {
      // Points x 8 + dimension: the smallest is the weakest's. Without points
      // an unknown dimension is weaker than any but a known one without.
      V rank[5];
      for (int d = 0; d < 5; ++d) {
        rank[d] = Isa::Or(Isa::template Shl32<3>(points[d]), Isa::Set8(d));
      }
      const V lowest = Isa::Min8(
          Isa::Min8(Isa::Min8(rank[0], rank[1]), Isa::Min8(rank[2], rank[3])),
          rank[4]);
      V weakest = Isa::And(lowest, Isa::Set8(7));
      if (special) {
        for (int d = 0; d < 5; ++d) {
          weakest =
              Isa::OrAnd(weakest, unknown[d], Isa::Equal8(rank[d], lowest));
        }
      }
      Put(out.weakest + row, weakest, streams.weakest);
    }
    if (out.product_ppm != nullptr) {
      V factors[5][2];
      for (int d = 0; d < 5; ++d) Isa::Split16(points[d], factors[d]);
      V two[2];
      V three[2];
      for (int half = 0; half < 2; ++half) {
        two[half] = Isa::Mul16(factors[0][half], factors[1][half]);
        three[half] = Isa::Mul16(Isa::Mul16(factors[2][half], factors[3][half]),
                                 factors[4][half]);
      }
      V product[4];
      Isa::JoinProducts(two, three, product);
      for (V& p : product) p = Isa::FiveSixteenths32(p);
      if (special) {
        V any_unknown = Isa::Set8(0);
        V known_zero = Isa::Set8(0);
        for (int d = 0; d < 5; ++d) {
          any_unknown = Isa::Or(any_unknown, unknown[d]);
          known_zero = Isa::Or(
              known_zero,
              Isa::AndNot(unknown[d], Isa::Equal8(points[d], Isa::Set8(0))));
        }
        // The product of something unknown is 0, so all ones make it -1.
        V minus[4];
        Isa::WidenSigned(Isa::AndNot(known_zero, any_unknown), minus);
        for (size_t k = 0; k < 4; ++k) {
          product[k] = Isa::Or(product[k], minus[k]);
        }
      }
      Put(out.product_ppm + row, product, streams.product_ppm);
    }
    return true;
  }

  FIVEK_INLINE static bool ScoreDeal(const BlockTables& t, const Constants& c,
                                     const ScoreInput& in,
                                     const ScoreOutput& out,
                                     const Streams& streams, size_t row,
                                     V outcome) {
    const V place = in.evidence == nullptr ? Isa::Set8(t.place_of_nothing)
                                           : Places(t, c, in.evidence + row);
    const V milestone = Isa::And(Isa::template Shr32<4>(place), Isa::Set8(7));
    if (out.stage != nullptr) {
      Put(out.stage + row, Isa::And(place, Isa::Set8(7)), streams.stage);
    }
    if (out.milestone != nullptr) {
      Put(out.milestone + row, milestone, streams.milestone);
    }
    if (out.probability_ppm == nullptr && out.expected_amount == nullptr) {
      return true;
    }
    const V code =
        Isa::OrAnd(Isa::Table16(Isa::Load16(t.closed), outcome), milestone,
                   Isa::Table16(Isa::Load16(t.open), outcome));
    V codes[4];
    Isa::Widen(code, codes);
    V ppm[4];
    for (size_t k = 0; k < 4; ++k) ppm[k] = Isa::Table8x32(t.ppm, codes[k]);
    if (out.probability_ppm != nullptr) {
      Put(out.probability_ppm + row, ppm, streams.probability_ppm);
    }
    if (out.expected_amount == nullptr) return true;
    if (in.amount == nullptr) {
      V none[8];
      for (V& v : none) v = Isa::Set8(0);
      Put(out.expected_amount + row, none, streams.expected_amount);
      return true;
    }
    const int64_t* const amount = in.amount + row;
    V beyond = Isa::Set8(0);
    for (size_t k = 0; k < 8; ++k) {
      const V shifted =
          Isa::Add64(Isa::Load(amount + k * (kRows / 8)), c.half_range);
      beyond = Isa::Or(beyond, shifted);
    }
    constexpr uint64_t kTooHigh = uint64_t{0xFFF} << 52;
    if (Isa::AnyBit(
            Isa::And(beyond, Isa::Set64(static_cast<int64_t>(kTooHigh))))) {
      return false;
    }
    for (size_t k = 0; k < 8; ++k) {
      const size_t from = k * (kRows / 8);
      Put(out.expected_amount + row + from,
          Expected(c, Isa::Load(amount + from),
                   Isa::ToDouble(ppm[k / 2], k % 2)),
          streams.expected_amount);
    }
    return true;
  }

  template <Given kLevels, bool kDeal, bool kStream>
  static size_t RunBlocks(const BlockTables& t, const ScoreInput& in,
                          const ScoreOutput& out, size_t row, size_t rows) {
    const Streams streams = kStream ? StreamsOf(out, row) : Streams();
    // Copies that no store can change.
    const BlockTables own = t;
    const Constants c(t);
    while (rows - row >= kRows &&
           Score<kLevels, kDeal>(own, c, in, out, streams, row)) {
      row += kRows;
    }
    if (kStream) Isa::EndStream();
    return row;
  }

  // Strength alone, of levels that are all given, is bound by the memory: no
  // look at what else might be wanted, and one check for some blocks. Stops
  // where one of them has a special level, or so many are not left.
  static constexpr size_t kTogether = 4;
  template <bool kStream>
  static size_t RunStrength(const BlockTables& t, const ScoreInput& given,
                            uint8_t* strength, size_t row, size_t rows) {
    const BlockTables own = t;
    const ScoreInput in = given;
    while (rows - row >= kTogether * kRows) {
      V total[kTogether];
      V special = Isa::Set8(0);
      for (size_t k = 0; k < kTogether; ++k) {
        const Levels l = LookUp<Given::kAll>(own, in, row + k * kRows);
        total[k] = l.total;
        special = Isa::Or(special, l.special);
      }
      if (Isa::AnyBit(special)) break;
      for (const V& v : total) {
        Put(strength + row, v, kStream);
        row += kRows;
      }
    }
    if (kStream) Isa::EndStream();
    return row;
  }

  template <bool kStream>
  static size_t RunAll(const BlockTables& t, const ScoreInput& in,
                       const ScoreOutput& out, size_t row, size_t rows,
                       const ScorePlan& plan) {
    const auto run = !plan.levels ? RunBlocks<Given::kNone, true, kStream>
                     : !plan.all_levels
                         ? (plan.deal ? RunBlocks<Given::kSome, true, kStream>
                                      : RunBlocks<Given::kSome, false, kStream>)
                         : (plan.deal ? RunBlocks<Given::kAll, true, kStream>
                                      : RunBlocks<Given::kAll, false, kStream>);
    if (!plan.only_strength) return run(t, in, out, row, rows);
    auto* run_strength = RunStrength<false>;
    if (kStream && Streamable(out.strength, row)) {
      run_strength = RunStrength<kStream>;
    }
    while (true) {
      row = run_strength(t, in, out.strength, row, rows);
      const size_t end = rows - row < kTogether * kRows
                             ? rows - (rows - row) % kRows
                             : row + kTogether * kRows;
      const size_t reached = run(t, in, out, row, end);
      if (reached != end || rows - end < kRows) return reached;
      row = end;
    }
  }

  static size_t Run(const BlockTables& t, const ScoreInput& in,
                    const ScoreOutput& out, size_t row, size_t rows,
                    const ScorePlan& plan) {
    return plan.stream ? RunAll<true>(t, in, out, row, rows, plan)
                       : RunAll<false>(t, in, out, row, rows, plan);
  }
};

}  // namespace fivek

#endif  // FIVEK_SRC_PIPELINE_SCORE_BLOCK_H_
