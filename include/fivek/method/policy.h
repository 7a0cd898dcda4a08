// The policy: a vendor's version of the method.
//
// It holds rubric points and texts, evidence items (also ten of the vendor's
// own), how each gate holds (blocking, advisory, waivable with a named reason),
// the yields of the ladder, score rules, thresholds, labels, currencies and
// rounding. `Policy()` is the built-in method exactly as domain.md states it.
// A policy is immutable, shared, cheap to copy, and versioned by the hash of
// its content, which names it beside results and snapshots.
//
//   PolicyBuilder builder;                       // starts as the built-in one
//   builder.ladder[2] = 300'000;                 // qualified sponsor: 30 %
//   absl::StatusOr<Policy> ours = builder.Build();
//   std::string json = ours->ToJson();           // canonical; has the hash
//   absl::StatusOr<Policy> again = Policy::FromJson(json);
//   again->hash() == ours->hash();               // true
//
// The JSON document is described by policy.schema.json beside this header.
// Every section may be left out and is then the built-in one. Errors carry the
// place as a JSON pointer ("/ladder/3/yield_ppm"), from the builder too.
//
// Units: points 0..20; yields ppm. Cost: Build about 0.2 ms; reading a policy
// is free. Thread-safety: a const Policy may be used by any number of threads.
// Source: design.md §4; the built-in values domain.md §2, §4, §5, §7.
#ifndef FIVEK_METHOD_POLICY_H_
#define FIVEK_METHOD_POLICY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "fivek/base/language.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "fivek/method/evidence.h"
#include "fivek/method/labels.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/rubric.h"

namespace fivek {

// How a gate holds an item that is missing.
enum class GateMode : uint8_t {
  kBlocking = 0,  // The milestone waits for it. The built-in mode of all.
  kAdvisory = 1,  // Milestone and stage do not wait; the gap is reported.
  kWaivable = 2,  // Blocking, unless waived with a reason the policy names.
};

// What happens to evidence that is confirmed without proof (domain.md §4).
enum class Unproven : uint8_t {
  kCount = 0,    // It counts, and is reported as unproven wherever it carries a
                 // milestone (audit.h). The built-in rule.
  kRequire = 1,  // It is refused.
};

// Score against evidence (domain.md §7): a dimension that earned `least_points`
// or more contradicts the evidence while `item` is missing.
struct ScoreRule {
  Dimension dimension;
  uint8_t least_points;         // 0: any level.
  bool only_by_decision_maker;  // Only where the decision maker showed it.
  uint8_t item;
};

// clang-format off
inline constexpr std::array<ScoreRule, 5> kScoreRules = {{
    // dimension           points  only DM  needs evidence
    {Dimension::kPower,     9,     false,   5},
    {Dimension::kControl,   8,     false,   7},
    {Dimension::kPower,    10,     false,  10},
    {Dimension::kProblem,   0,     true,    8},
    {Dimension::kVision,    0,     true,    9},
}};
// clang-format on

inline constexpr size_t kMaxScoreRules = 32;  // A result is a 32-bit mask.

struct Thresholds {
  // A claim at most so many rungs above or below the evidence is in line; 0..6.
  int32_t claim_tolerance_rungs = 0;
  // Fewer people met than this is a single-threaded deal; 0..5.
  int32_t roles_met = 2;
};

// Length of the tables of milestones and of stages, unused places included.
inline constexpr int kRungs = 8;

inline constexpr int kNoNextLevel = -1;

// Where items are needed in order, the place of a missing item 31, which the
// vendor would have to attach, is that of a signed deal.
inline constexpr EvidenceMask kNoneMissing = Bit(kEvidenceBits - 1);

// Items whose confirmation does nothing beside being evidence, in any policy.
inline constexpr EvidenceMask kPlainItems =
    Bits(0, kContractSigned - 1) | kVendorItems;

// Stage and milestone as one number.
constexpr uint64_t PackPlace(int32_t stage, int32_t milestone) {
  return static_cast<uint32_t>(stage) |
         static_cast<uint64_t>(static_cast<uint32_t>(milestone)) << 32;
}

// Where the levels of an assessment stand once it is packed into a number:
// level d at bit 8 d, by_decision_maker at bit 40. A multiplication brings
// copies of them to its highest bits, so that these are an index: for the first
// two dimensions, power + 68 problem + 32 by, and for the other three, 4 vision
// + 33 value + 260 control + by, cut to 7 and to 10 bits. No two choices of
// known levels have the same, and nothing else in the number has a part in it.
constexpr size_t FirstTwoIndex(uint64_t packed) {
  constexpr uint64_t kCopies =
      uint64_t{68} << 57 | uint64_t{1} << 49 | uint64_t{32} << 17;
  return static_cast<size_t>(packed * kCopies >> 57);
}
constexpr size_t LastThreeIndex(uint64_t packed) {
  constexpr uint64_t kCopies = uint64_t{4} << 38 | uint64_t{33} << 30 |
                               uint64_t{260} << 22 | uint64_t{1} << 12;
  return static_cast<size_t>(packed * kCopies >> 54);
}

// ppm / 10^6 x 2^63, rounded; certainty is 2^63 - 1. See ExpectedByShare.
constexpr int64_t ShareOf(int32_t ppm) {
  if (ppm == kCertain) return std::numeric_limits<int64_t>::max();
  // ppm x 2^57 / 5^6, in two steps that fit.
  constexpr uint64_t kDivisor = 15'625;
  const uint64_t first = static_cast<uint64_t>(ppm) << 40;
  const uint64_t second = (first % kDivisor) << 17;
  const uint64_t up = second % kDivisor * 2 > kDivisor ? 1 : 0;
  return static_cast<int64_t>((first / kDivisor << 17) + second / kDivisor +
                              up);
}

// One choice of levels in one or two dimensions.
struct LevelGroup {
  int32_t points[2] = {};  // Of the first and the second dimension.
  uint32_t total = 0;
  uint32_t product = 0;
  // Of the weaker dimension, from the lowest bit: the next level (16 bits,
  // signed), the points that it gains (8), and points x 8 + dimension (8). The
  // smallest of all groups is the weakest dimension's.
  uint32_t weakest = 0;
  uint32_t unused[3] = {};  // 32 bytes: an index is a shift.
};

// The numbers of a policy in the form that inner loops read: plain, constexpr,
// no pointers. The second part is derived from the first by `Derive`, the one
// place that knows how.
struct MethodTables {
  uint8_t points[kDimensionCount][2][kMaxLevels] = {};  // [by decision maker]
  uint8_t levels[kDimensionCount] = {};
  EvidenceRule rule[kEvidenceBits] = {};
  GateMode mode[kEvidenceBits] = {};
  EvidenceMask prerequisites[kEvidenceBits] = {};  // Items that must be there.
  EvidenceMask attached = 0;                       // Items that exist.
  int32_t yield_ppm[kMilestoneCount] = {};
  Unproven unproven = Unproven::kCount;
  Rounding rounding = Rounding::kHalfEven;

  // Derived.
  uint8_t top_points[kDimensionCount] = {};
  // Items that the milestones 1..m, or the stages 0..s, wait for, with the
  // prerequisites of each. Filled up to kRungs with all ones, which no unsigned
  // deal has, so that a loop over them has a fixed length.
  EvidenceMask needed_through_milestone[kRungs] = {};
  EvidenceMask needed_through_stage[kRungs] = {};
  EvidenceMask advised_for[kMilestoneCount] = {};
  EvidenceMask waivable = 0;
  // The items that a confirmation with this provenance proves.
  EvidenceMask proven_by[8][8] = {};
  // The items that a confirmation without proof is refused for: none or all.
  EvidenceMask refused_unproven = 0;
  // Where the items are in the order of their gates and of their stages, as the
  // built-in ones are, the first missing one says where a deal stands. 0 for
  // another policy.
  EvidenceMask needed_in_order = 0;
  uint64_t place_if_first_missing[kEvidenceBits] = {};  // See PackPlace.
  // Bits of a packed assessment plus kAboveHighest, or of itself, with which
  // the short way of scoring leaves it to others: what is special, or all,
  // unless the items are in order and rounding is half to even.
  uint64_t not_plain = ~uint64_t{0};
  // By 8 x first missing item + outcome: where such a deal stands (PackPlace),
  // its probability, and that as a share.
  uint64_t deal_place[8 * kEvidenceBits] = {};
  int32_t deal_ppm[8 * kEvidenceBits] = {};
  int64_t deal_share[8 * kEvidenceBits] = {};
  // By FirstTwoIndex, LastThreeIndex: see PackGroup.
  uint32_t first_two[1 << 7] = {};
  uint32_t last_three[1 << 10] = {};
  // Items whose events may do more than become evidence; all, if not in order.
  EvidenceMask special_items = ~EvidenceMask{0};
  // What groups of known levels contribute to a strength. Indices:
  // problem + 8 power + 64 by (bit 0 of by_decision_maker), and
  // vision + 4 value + 8 by (its bits 2 and 3).
  LevelGroup problem_power[2 * 64] = {};
  LevelGroup vision_value[4 * 32] = {};
  LevelGroup control[8] = {};
};

constexpr MethodTables Derive(MethodTables tables);

// A waiver's reason: a code >= 0 that is the vendor's own.
struct WaiverReason {
  int32_t code = 0;
  std::string en, zh;
};

class Policy {
 public:
  // The built-in method. Allocates nothing.
  Policy() = default;

  // Reads a policy. kInvalidArgument with the JSON pointer of what is wrong:
  // syntax, unknown or duplicate keys, wrong types, points that are not
  // monotone, yields that fall, prerequisites in a circle, values out of range.
  static absl::StatusOr<Policy> FromJson(absl::string_view json);

  // The canonical document: all sections, fixed order, two-space indent, ends
  // with a newline. FromJson of it gives a policy with the same hash.
  std::string ToJson() const;

  // FNV-1a 64 of ToJson(): anybody can recompute it.
  uint64_t hash() const;

  const MethodTables& tables() const;
  absl::Span<const ScoreRule> score_rules() const;
  const Thresholds& thresholds() const;
  absl::Span<const WaiverReason> waiver_reasons() const;

  // The policy's word for a code; the built-in one where it has no own; nullptr
  // for a code that neither knows. Valid as long as a copy of the policy lives.
  const char* Label(LabelSet set, int32_t code, Language language) const;

  // Decimals of a currency: the policy's own, else ISO 4217, else kNotFound.
  absl::StatusOr<int> MinorDigitsOf(Currency currency) const;

 private:
  friend struct PolicyBuilder;
  struct State;
  explicit Policy(std::shared_ptr<const State> state)
      : state_(std::move(state)) {}

  std::shared_ptr<const State> state_;  // Null: the built-in method.
};

// A policy being made: plain data, the built-in method until changed. Values
// are checked by Build, all in one place, for JSON and C++ alike.
struct PolicyBuilder {
  struct Text {
    std::string en, zh;
  };
  struct Level {
    int32_t sponsor = 0, decision_maker = 0;  // Equal in Power and Control.
    Text seen;
  };
  struct Item {
    int32_t stage = 0;  // Stage 0..4; 19-21: 5.
    int32_t gate = 0;   // Milestone 1..5; 18: 6; 0: none (vendor's, 19-21).
    GateMode mode = GateMode::kBlocking;
    Witness witness = Witness::kAnyone;
    ProofDemand proof = ProofDemand::kOutsideTheSeller;
    // Items without which this one does not count yet; not 18-21.
    std::vector<int32_t> prerequisites;
    Text text;
  };
  struct Rule {
    int32_t dimension = 0;
    int32_t least_points = 0;
    bool only_by_decision_maker = false;
    int32_t item = 0;
  };

  PolicyBuilder();                               // The built-in method.
  explicit PolicyBuilder(const Policy& policy);  // A changed copy of another.

  std::string name = "built-in";
  // As many levels in each dimension as the built-in rubric: their codes never
  // change meaning. Points must not fall from level to level, and the decision
  // maker's not be below the sponsor's.
  std::array<std::vector<Level>, kDimensionCount> rubric;
  // 0-21 must all be there; 22-31 are the vendor's. The contract (18) stays in
  // stage 4, the last gate and blocking, after-sales items (19-21) stay in
  // stage 5 without one; neither has prerequisites. Milestones 1-5 and stages
  // 0-4 each wait for at least one item that is blocking or waivable.
  std::map<int32_t, Item> evidence;
  std::vector<WaiverReason> waiver_reasons;
  // The yields, by milestone, in ppm; never falls, ends at 10^6.
  std::array<int32_t, kMilestoneCount> ladder;
  Unproven unproven = Unproven::kCount;
  std::vector<Rule> score_rules;
  Thresholds thresholds;
  // Own words for built-in codes; not for levels and evidence, whose texts
  // stand above.
  std::map<std::pair<LabelSet, int32_t>, Text> labels;
  // Decimals, 0..4, of currencies that ISO 4217 lacks or has otherwise.
  std::map<std::string, int32_t> currencies;
  Rounding rounding = Rounding::kHalfEven;

  // Errors as Policy::FromJson.
  absl::StatusOr<Policy> Build() const;
};

constexpr void DeriveOrder(MethodTables& t) {
  // The vendor's items come last by code, wherever their gates are.
  if ((t.attached & kVendorItems) != 0) return;
  const EvidenceMask needed = t.needed_through_milestone[kMilestoneCount - 1] |
                              t.needed_through_stage[kStageCount - 2];
  int stage = 0;
  int milestone = 0;
  for (int item = 0; item < kFirstAfterSales; ++item) {
    if ((needed & Bit(item)) == 0) continue;
    const int own_stage = static_cast<int>(t.rule[item].stage);
    const int own_milestone = static_cast<int>(t.rule[item].gate) - 1;
    if (own_stage < stage || own_milestone < milestone ||
        t.mode[item] == GateMode::kAdvisory || t.prerequisites[item] != 0) {
      return;
    }
    stage = own_stage;
    milestone = own_milestone;
    t.place_if_first_missing[item] = PackPlace(stage, milestone);
  }
  t.place_if_first_missing[kEvidenceBits - 1] =
      PackPlace(static_cast<int32_t>(Stage::kExperience),
                static_cast<int32_t>(Milestone::kClosedWon));
  t.needed_in_order = needed;
  t.special_items = ~kPlainItems;
}

// `column`: 1 for what the decision maker showed.
constexpr LevelGroup GroupOf(const MethodTables& t, Dimension dimension,
                             int column, int level) {
  const auto d = static_cast<uint32_t>(dimension);
  const uint32_t points = t.points[d][column][level];
  const bool climbs = level + 1 < t.levels[d];
  const int next = climbs ? level + 1 : kNoNextLevel;
  const uint32_t gain = climbs ? t.points[d][column][level + 1] - points : 0;
  LevelGroup group;
  group.points[0] = static_cast<int32_t>(points);
  group.total = group.product = points;
  group.weakest = (static_cast<uint32_t>(next) & 0xFFFF) | gain << 16 |
                  (points * 8 + d) << 24;
  return group;
}

constexpr LevelGroup Together(const LevelGroup& a, const LevelGroup& b) {
  LevelGroup group;
  group.points[0] = a.points[0];
  group.points[1] = b.points[0];
  group.total = a.total + b.total;
  group.product = a.product * b.product;
  group.weakest = a.weakest < b.weakest ? a.weakest : b.weakest;
  return group;
}

constexpr void DeriveGroups(MethodTables& t) {
  using D = Dimension;
  const auto levels = [&t](Dimension d) {
    return int{t.levels[static_cast<size_t>(d)]};
  };
  for (int by = 0; by < 2; ++by) {
    for (int problem = 0; problem < levels(D::kProblem); ++problem) {
      for (int power = 0; power < levels(D::kPower); ++power) {
        t.problem_power[problem + 8 * power + 64 * by] =
            Together(GroupOf(t, D::kProblem, by, problem),
                     GroupOf(t, D::kPower, 0, power));
      }
    }
  }
  for (int by = 0; by < 4; ++by) {
    for (int vision = 0; vision < levels(D::kVision); ++vision) {
      for (int value = 0; value < levels(D::kValue); ++value) {
        t.vision_value[vision + 4 * value + 32 * by] =
            Together(GroupOf(t, D::kVision, by % 2, vision),
                     GroupOf(t, D::kValue, by / 2, value));
      }
    }
  }
  for (int level = 0; level < levels(D::kControl); ++level) {
    t.control[level] = GroupOf(t, D::kControl, 0, level);
  }
}

// Added to a packed assessment, sets the highest bit of the byte of a level
// that is too high. The levels' number is the method's: no policy changes it.
constexpr uint64_t MakeAboveHighest() {
  uint64_t add = 0;
  for (const DimensionRow& row : kDimensions) {
    add |= static_cast<uint64_t>(0x80 - row.levels)
           << (8 * static_cast<int>(row.code));
  }
  return add;
}
inline constexpr uint64_t kAboveHighest = MakeAboveHighest();

// Those highest bits, which are set in unknown levels; bits that have to be 0.
inline constexpr uint64_t kLevelBits = 0x80'8080'8080;
inline constexpr uint64_t kReservedBits =
    uint64_t{0xFF'FFFF & ~uint32_t{kTwoColumnDimensions}} << 40;

// What of a group scoring a deal needs, from the highest bit: points x 8 +
// dimension of the weakest (8 bits), total (8), product (16). The smaller of
// two is the weakest dimension's, and totals can be added.
constexpr uint32_t PackGroup(const LevelGroup& group) {
  return (group.weakest >> 24) << 24 | group.total << 16 | group.product;
}

// After the groups.
constexpr void DeriveDeals(MethodTables& t) {
  if (t.needed_in_order != 0 && t.rounding == Rounding::kHalfEven) {
    t.not_plain = kLevelBits | kReservedBits;
  }
  for (size_t item = 0; item < kEvidenceBits; ++item) {
    const uint64_t place = t.place_if_first_missing[item];
    for (size_t o = 0; o < kOutcomeCount; ++o) {
      const int32_t ppm =
          ProbabilityOf(static_cast<Outcome>(o), t.yield_ppm[place >> 32]);
      t.deal_place[8 * item + o] = place;
      t.deal_ppm[8 * item + o] = ppm;
      t.deal_share[8 * item + o] = ShareOf(ppm);
    }
  }
  using D = Dimension;
  const auto levels = [&t](D d) {
    return uint64_t{t.levels[static_cast<size_t>(d)]};
  };
  for (uint64_t by = 0; by < 2; ++by) {
    for (uint64_t problem = 0; problem < levels(D::kProblem); ++problem) {
      for (uint64_t power = 0; power < levels(D::kPower); ++power) {
        t.first_two[FirstTwoIndex(problem | power << 8 | by << 40)] =
            PackGroup(t.problem_power[problem + 8 * power + 64 * by]);
      }
    }
  }
  for (uint64_t by = 0; by < 4; ++by) {
    for (uint64_t vision = 0; vision < levels(D::kVision); ++vision) {
      for (uint64_t value = 0; value < levels(D::kValue); ++value) {
        const LevelGroup& two = t.vision_value[vision + 4 * value + 32 * by];
        for (uint64_t control = 0; control < levels(D::kControl); ++control) {
          t.last_three[LastThreeIndex(vision << 16 | value << 24 |
                                      control << 32 | by << 42)] =
              PackGroup(Together(two, t.control[control]));
        }
      }
    }
  }
}

constexpr MethodTables Derive(MethodTables t) {
  for (int i = kMilestoneCount; i < kRungs; ++i) {
    t.needed_through_milestone[i] = ~EvidenceMask{0};
  }
  for (int i = kStageCount; i < kRungs; ++i) {
    t.needed_through_stage[i] = ~EvidenceMask{0};
  }
  for (int d = 0; d < kDimensionCount; ++d) {
    t.top_points[d] = t.points[d][1][t.levels[d] - 1];
  }
  // Prerequisites of prerequisites count too; a circle was refused before.
  for (int round = 0; round < kEvidenceBits; ++round) {
    for (EvidenceMask& needed : t.prerequisites) {
      for (int other = 0; other < kEvidenceBits; ++other) {
        if ((needed & Bit(other)) != 0) needed |= t.prerequisites[other];
      }
    }
  }
  for (int item = 0; item < kEvidenceBits; ++item) {
    if ((t.attached & Bit(item)) == 0) continue;
    const EvidenceRule rule = t.rule[item];
    if (t.mode[item] == GateMode::kWaivable) t.waivable |= Bit(item);
    if (t.mode[item] == GateMode::kAdvisory) {
      t.advised_for[static_cast<int>(rule.gate)] |= Bit(item);
      continue;
    }
    // An item counts only with its prerequisites, so who waits for it waits for
    // them: a mask is complete when all of it is there, and nothing else has to
    // be looked at.
    const EvidenceMask needed = Bit(item) | t.prerequisites[item];
    if (rule.gate != Milestone::kUnqualified) {
      for (int m = static_cast<int>(rule.gate); m < kMilestoneCount; ++m) {
        t.needed_through_milestone[m] |= needed;
      }
    }
    for (int s = static_cast<int>(rule.stage); s < kStageCount; ++s) {
      t.needed_through_stage[s] |= needed;
    }
  }
  if (t.unproven == Unproven::kRequire) t.refused_unproven = ~EvidenceMask{0};
  for (int shown_by = 0; shown_by < kShownByCount; ++shown_by) {
    for (int proof = 0; proof < kProofCount; ++proof) {
      for (int item = 0; item < kEvidenceBits; ++item) {
        if (IsProven(t.rule[item], static_cast<ShownBy>(shown_by),
                     static_cast<Proof>(proof))) {
          t.proven_by[shown_by][proof] |= Bit(item);
        }
      }
    }
  }
  DeriveOrder(t);
  DeriveGroups(t);
  DeriveDeals(t);
  return t;
}

constexpr MethodTables MakeBuiltInTables() {
  MethodTables t;
  const auto copy = [&t](Dimension dimension, const auto& rows) {
    const auto d = static_cast<size_t>(dimension);
    t.levels[d] = static_cast<uint8_t>(rows.size());
    for (size_t level = 0; level < rows.size(); ++level) {
      t.points[d][0][level] = rows[level].sponsor;
      t.points[d][1][level] = rows[level].decision_maker;
    }
  };
  copy(Dimension::kProblem, kProblem);
  copy(Dimension::kPower, kPower);
  copy(Dimension::kVision, kVision);
  copy(Dimension::kValue, kValue);
  copy(Dimension::kControl, kControl);
  for (const EvidenceRow& row : kEvidenceItems) {
    t.rule[row.code] = row.rule;
    t.attached |= Bit(row.code);
  }
  for (size_t m = 0; m < kLadder.size(); ++m) {
    t.yield_ppm[m] = kLadder[m].yield_ppm;
  }
  return Derive(t);
}

// The built-in method's numbers, made by the compiler.
inline constexpr MethodTables kBuiltInTables = MakeBuiltInTables();

}  // namespace fivek

#endif  // FIVEK_METHOD_POLICY_H_
