#include "fivek/method/opportunity.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivek/method/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/method/opportunity_kernel.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

constexpr int32_t kOpen = 0, kOnHold = 1, kWon = 2, kLostDeal = 3, kVoid = 4;

std::string Show(const Opportunity& o) {
  return absl::StrCat("evidence ", DescribeItems(o.evidence), " proven ",
                      DescribeItems(o.proven), " outcome ", o.outcome,
                      " cycle ", o.cycle, " stage ", o.stage, " since ",
                      o.stage_since, " milestone ", o.milestone, " since ",
                      o.milestone_since, " highest ", o.highest_milestone,
                      " regressions ", o.regressions, " reason ", o.lost_reason,
                      " last ", o.last_event_at);
}

std::string Show(const Event& e) {
  return absl::StrCat("event ", e.kind, " code ", e.code, " by ", e.shown_by,
                      " proof ", e.proof, " at ", e.at);
}

bool SameBytes(const Opportunity& a, const Opportunity& b) {
  return std::memcmp(static_cast<const void*>(&a), static_cast<const void*>(&b),
                     sizeof a) == 0;
}

// ---- The oracle: domain.md §4-6 in plain steps -----------------------------

bool Has(uint32_t mask, int item) { return (mask >> item & 1) != 0; }

int MilestoneOf(uint32_t mask) {
  constexpr int kLast[] = {-1, 4, 7, 12, 14, 17};  // Last item of each rung.
  if (Has(mask, 18)) return 6;
  int milestone = 0;
  for (int rung = 1; rung <= 5; ++rung) {
    for (int item = 0; item <= kLast[rung]; ++item) {
      if (!Has(mask, item)) return milestone;
    }
    milestone = rung;
  }
  return milestone;
}

int StageOf(uint32_t mask) {
  if (Has(mask, 18)) return 5;
  constexpr int kLast[] = {6, 10, 12, 14, 18};  // Last item of each stage.
  int item = 0;
  for (int stage = 0; stage < 5; ++stage) {
    for (; item <= kLast[stage]; ++item) {
      if (!Has(mask, item)) return stage;
    }
  }
  return 5;
}

bool Proves(int item, int shown_by, int proof) {
  if (proof < 2) return false;
  if (item == 18) return proof >= 4;
  if (item >= 2 && item <= 6) return shown_by == 1 || shown_by == 2;
  if (item >= 7 && item <= 10) return shown_by == 2;
  return true;
}

// What the oracle says of an event: kNone and the state after it, or the
// reason.
struct Verdict {
  Reason reason;
  Opportunity after;
};

Verdict Refusal(Reason reason, const Opportunity& before) {
  return {reason, before};
}

Verdict Oracle(const Opportunity& before, const Event& e,
               bool require_proof = false) {
  Opportunity o = before;
  // Can the event be read at all?
  if (e.kind < 0 || e.kind > 9) return Refusal(Reason::kUnknownEvent, before);
  if (e.kind <= 1 && (e.code < 0 || e.code > 31)) {
    return Refusal(Reason::kUnknownEvidence, before);
  }
  if ((e.kind == 6 || e.kind == 9) && e.code < 0) {
    return Refusal(Reason::kUnknownCode, before);
  }
  if (e.kind == 0 && (e.shown_by < 0 || e.shown_by > 7)) {
    return Refusal(Reason::kUnknownShownBy, before);
  }
  if (e.kind == 0 && (e.proof < 0 || e.proof > 5)) {
    return Refusal(Reason::kUnknownProof, before);
  }
  // Does the present state permit it?
  if (e.at < o.last_event_at) return Refusal(Reason::kEventOutOfOrder, before);
  const bool open = o.outcome == kOpen;
  const bool on_hold = o.outcome == kOnHold;
  bool allowed = false;
  if (e.kind == 0) {
    const bool while_open = e.code <= 18 || e.code >= 22;
    const bool while_won = e.code >= 18 && e.code <= 21;
    allowed = (open && while_open) || (o.outcome == kWon && while_won);
  }
  if (e.kind >= 1 && e.kind <= 4) allowed = open;
  if (e.kind == 5) allowed = on_hold;
  if (e.kind == 6 || e.kind == 9) allowed = open || on_hold;
  if (e.kind == 7) allowed = o.outcome == kLostDeal || o.outcome == kVoid;
  if (e.kind == 8) allowed = o.outcome == kWon;
  if (!allowed) return Refusal(Reason::kEventNotAllowed, before);

  const uint32_t bit = e.kind <= 1 ? uint32_t{1} << e.code : 0;
  if (e.kind == 0) {
    const bool proves = Proves(e.code, e.shown_by, e.proof);
    if ((o.evidence & bit) != 0 && ((o.proven & bit) != 0 || !proves)) {
      return Refusal(Reason::kEvidenceRepeated, before);
    }
    if (require_proof && !proves) {
      return Refusal(Reason::kEvidenceUnproven, before);
    }
    o.evidence |= bit;
    if (proves) o.proven |= bit;
    if (e.code == 18) o.outcome = kWon;
  }
  uint32_t cleared = 0;
  if (e.kind == 1) cleared = bit;
  if (e.kind == 2) cleared = 0x7c;             // 2-6
  if (e.kind == 3) cleared = 0x780 | 0x3e000;  // 7-10 and 13-17
  if (e.kind == 4) o.outcome = kOnHold;
  if (e.kind == 5) o.outcome = kOpen;
  if (e.kind == 6) {
    o.outcome = kLostDeal;
    o.lost_reason = e.code;
  }
  if (e.kind == 7) {
    o.outcome = kOpen;
    o.lost_reason = -1;
  }
  if (e.kind == 8) {
    if (o.cycle == std::numeric_limits<int32_t>::max()) {
      return Refusal(Reason::kCycleLimit, before);
    }
    ++o.cycle;
    cleared = 0xffffffff;
    o.outcome = kOpen;
  }
  if (e.kind == 9) {
    o.outcome = kVoid;
    o.lost_reason = e.code;
  }
  o.evidence &= ~cleared;
  o.proven &= ~cleared;
  if (StageOf(o.evidence) != o.stage) {
    o.stage = StageOf(o.evidence);
    o.stage_since = e.at;
  }
  if (MilestoneOf(o.evidence) != o.milestone) {
    if (e.kind == 1 && MilestoneOf(o.evidence) < o.milestone) ++o.regressions;
    o.milestone = MilestoneOf(o.evidence);
    o.milestone_since = e.at;
    if (o.milestone > o.highest_milestone) o.highest_milestone = o.milestone;
  }
  o.last_event_at = e.at;
  return {Reason::kNone, o};
}

// ---- Helpers ---------------------------------------------------------------

Event Make(int32_t kind, int32_t code = 0, int64_t at = 0, int32_t shown_by = 0,
           int32_t proof = 0) {
  Event event;
  event.at = at;
  event.kind = kind;
  event.code = code;
  event.shown_by = shown_by;
  event.proof = proof;
  return event;
}

Event Confirm(int32_t item, int64_t at = 0, int32_t shown_by = 2,
              int32_t proof = 4) {
  return Make(0, item, at, shown_by, proof);
}

// A state in line with its evidence.
Opportunity State(uint32_t evidence, int32_t outcome, uint32_t proven = 0,
                  int64_t last = 1000) {
  Opportunity o = NewOpportunity(last - 500);
  o.evidence = evidence;
  o.proven = proven & evidence;
  o.outcome = outcome;
  o.stage = StageOf(evidence);
  o.milestone = MilestoneOf(evidence);
  o.highest_milestone = o.milestone;
  o.stage_since = last - 300;
  o.milestone_since = last - 200;
  o.last_event_at = last;
  o.lost_reason = outcome == kLostDeal || outcome == kVoid ? 5 : -1;
  return o;
}

Policy RequiringPolicy() {
  PolicyBuilder builder;
  builder.unproven = Unproven::kRequire;
  return builder.Build().value();
}

// ---- The table of domain.md §6 ---------------------------------------------

struct ApplyCase {
  const char* name;
  Opportunity from;
  Event on;
  Reason want;
  // What is expected of the state after it.
  uint32_t evidence = 0;
  int32_t outcome = 0, stage = 0, milestone = 0;
};
void PrintTo(const ApplyCase& c, std::ostream* os) { *os << c.name; }

constexpr Reason kFine = Reason::kNone;
constexpr Reason kForbidden = Reason::kEventNotAllowed;

std::vector<ApplyCase> Cases() {
  const int64_t t = 2000;
  // clang-format off
  return {
      // name                          from                             event                 verdict  evidence after                  outcome stage milestone
      {"FirstItemMovesNothing",        State(0, kOpen),                 Confirm(0, t),         kFine, Bit(0),                          kOpen,   0, 0},
      {"FifthItemQualifiesTheProspect",State(Bits(0, 3), kOpen),        Confirm(4, t),         kFine, Bits(0, 4),                      kOpen,   0, 1},
      {"ContactReachesStageOne",       State(Bits(0, 6), kOpen),        Confirm(7, t),         kFine, Bits(0, 7),                      kOpen,   1, 2},
      {"LaterEvidenceIsKept",          State(Bits(0, 3) | Bits(5, 12), kOpen), Confirm(4, t),  kFine, Bits(0, 12),                     kOpen,   3, 3},
      {"SignatureWins",                State(Bits(0, 17), kOpen),       Confirm(18, t),        kFine, Bits(0, 18),                     kWon,    5, 6},
      {"SignatureWinsWithGaps",        State(0, kOpen),                 Confirm(18, t),        kFine, Bit(18),                         kWon,    5, 6},
      {"VendorItemMovesNothing",       State(Bits(0, 4), kOpen),        Confirm(31, t),        kFine, Bits(0, 4) | Bit(31),            kOpen,   0, 1},
      {"AfterSalesNeedsAWin",          State(Bits(0, 17), kOpen),       Confirm(19, t),        kForbidden},
      {"AfterSalesAfterTheWin",        State(Bits(0, 18), kWon),        Confirm(20, t),        kFine, Bits(0, 18) | Bit(20),           kWon,    5, 6},
      {"WonTakesNoEarlierEvidence",    State(Bit(18), kWon),            Confirm(0, t),         kForbidden},
      {"WonTakesNoVendorItem",         State(Bit(18), kWon),            Confirm(22, t),        kForbidden},
      {"AClaimedContractCanBeProven",  State(Bits(0, 18), kWon),        Confirm(18, t),        kFine, Bits(0, 18),                     kWon,    5, 6},
      {"WithdrawalRegresses",          State(Bits(0, 7), kOpen),        Make(1, 6, t),         kFine, Bits(0, 5) | Bit(7),             kOpen,   0, 1},
      {"WithdrawalOfNothing",          State(Bits(0, 4), kOpen),        Make(1, 21, t),        kFine, Bits(0, 4),                      kOpen,   0, 1},
      {"NewSponsorQualifiesAnew",      State(Bits(0, 7), kOpen),        Make(2, 0, t),         kFine, Bits(0, 1) | Bit(7),             kOpen,   0, 0},
      {"NewDecisionMakerQualifiesAnew",State(Bits(0, 17) | Bit(25), kOpen), Make(3, 0, t),     kFine, Bits(0, 6) | Bits(11, 12) | Bit(25), kOpen, 1, 1},
      {"HoldKeepsEvidence",            State(Bits(0, 6), kOpen),        Make(4, 0, t),         kFine, Bits(0, 6),                      kOnHold, 1, 1},
      {"HoldIsNotRepeated",            State(Bits(0, 6), kOnHold),      Make(4, 0, t),         kForbidden},
      {"HeldDealsTakeNoEvidence",      State(Bits(0, 6), kOnHold),      Confirm(7, t),         kForbidden},
      {"HeldDealsResume",              State(Bits(0, 6), kOnHold),      Make(5, 0, t),         kFine, Bits(0, 6),                      kOpen,   1, 1},
      {"OpenDealsDoNotResume",         State(Bits(0, 6), kOpen),        Make(5, 0, t),         kForbidden},
      {"LostKeepsEvidence",            State(Bits(0, 6), kOpen),        Make(6, 7, t),         kFine, Bits(0, 6),                      kLostDeal, 1, 1},
      {"HeldDealsCanBeLost",           State(Bits(0, 6), kOnHold),      Make(6, 0, t),         kFine, Bits(0, 6),                      kLostDeal, 1, 1},
      {"WonCannotBeLost",              State(Bits(0, 18), kWon),        Make(6, 0, t),         kForbidden},
      {"LostReopens",                  State(Bits(0, 6), kLostDeal),    Make(7, 0, t),         kFine, Bits(0, 6),                      kOpen,   1, 1},
      {"VoidReopens",                  State(Bits(0, 6), kVoid),        Make(7, 0, t),         kFine, Bits(0, 6),                      kOpen,   1, 1},
      {"WonDoesNotReopen",             State(Bits(0, 18), kWon),        Make(7, 0, t),         kForbidden},
      {"WonStartsANewCycle",           State(Bits(0, 21), kWon),        Make(8, 0, t),         kFine, 0,                               kOpen,   0, 0},
      {"LostStartsNoNewCycle",         State(Bits(0, 6), kLostDeal),    Make(8, 0, t),         kForbidden},
      {"OpenCanBeVoided",              State(Bits(0, 6), kOpen),        Make(9, 1, t),         kFine, Bits(0, 6),                      kVoid,   1, 1},
      {"LostCannotBeVoided",           State(Bits(0, 6), kLostDeal),    Make(9, 1, t),         kForbidden},
      {"LostTakesNoEvidence",          State(Bits(0, 6), kLostDeal),    Confirm(7, t),         kForbidden},
      {"OlderThanTheLast",             State(Bits(0, 6), kOpen),        Confirm(7, 999),       Reason::kEventOutOfOrder},
      {"TheSameTimeIsFine",            State(Bits(0, 6), kOpen),        Confirm(7, 1000),      kFine, Bits(0, 7),                      kOpen,   1, 2},
      {"RepeatedWithoutProof",         State(Bits(0, 6), kOpen),        Confirm(5, t, 1, 1),   Reason::kEvidenceRepeated},
      {"RepeatedWithProof",            State(Bits(0, 6), kOpen),        Confirm(5, t, 1, 3),   kFine, Bits(0, 6),                      kOpen,   1, 1},
      {"ProvenTwice",                  State(Bits(0, 6), kOpen, Bit(5)),Confirm(5, t, 1, 3),   Reason::kEvidenceRepeated},
  };
  // clang-format on
}

class ApplyTest : public testing::TestWithParam<ApplyCase> {};

TEST_P(ApplyTest, FollowsTheTable) {
  const ApplyCase& c = GetParam();
  Opportunity state = c.from;
  const absl::Status status = ApplyEvent(Policy(), c.on, &state);
  EXPECT_EQ(ReasonOf(status), c.want) << status;
  if (c.want != Reason::kNone) {
    EXPECT_TRUE(SameBytes(state, c.from));
    return;
  }
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(DescribeItems(state.evidence), DescribeItems(c.evidence));
  EXPECT_EQ(state.outcome, c.outcome);
  EXPECT_EQ(state.stage, c.stage);
  EXPECT_EQ(state.milestone, c.milestone);
  EXPECT_EQ(state.last_event_at, c.on.at);
}
INSTANTIATE_TEST_SUITE_P(Outcome, ApplyTest, testing::ValuesIn(Cases()),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

// ---- Every event in every state --------------------------------------------

void ExpectAsOracle(const MethodTables& tables, const Opportunity& before,
                    const Event& event, bool require_proof) {
  const Verdict want = Oracle(before, event, require_proof);
  Opportunity got = before;
  const Reason reason = TryEvent(tables, event, &got);
  ASSERT_EQ(static_cast<int>(reason), static_cast<int>(want.reason))
      << Show(event) << "\non " << Show(before);
  ASSERT_TRUE(SameBytes(got, want.after))
      << Show(event) << "\non   " << Show(before) << "\ngot  " << Show(got)
      << "\nwant " << Show(want.after);
  if (reason == Reason::kNone) {
    const Position position = PositionOf(tables, got.evidence);
    ASSERT_EQ(position.stage, got.stage);
    ASSERT_EQ(position.milestone, got.milestone);
    ASSERT_EQ(got.proven & ~got.evidence, 0U);
  }
}

const uint32_t kMasks[] = {
    0,
    Bit(0),
    Bits(0, 3),
    Bits(0, 4),
    Bits(0, 6),
    Bits(0, 7),
    Bits(0, 12),
    Bits(0, 14) | Bit(22),
    Bits(0, 17),
    Bits(0, 17) & ~Bit(9),
    Bits(5, 17) | Bits(22, 31),
    Bit(18),
    Bits(0, 18),
    Bits(0, 21),
    Bits(0, 31),
};

TEST(OpportunityTest, EveryEventInEveryStateEqualsTheOracle) {
  const Policy count;
  const Policy require = RequiringPolicy();
  for (const bool require_proof : {false, true}) {
    const MethodTables& tables =
        require_proof ? require.tables() : count.tables();
    for (int32_t outcome = 0; outcome < 5; ++outcome) {
      for (const uint32_t mask : kMasks) {
        for (const uint32_t proven : {0U, 0x55555555U, 0xffffffffU}) {
          const Opportunity before = State(mask, outcome, proven);
          for (int32_t kind = -1; kind <= 10; ++kind) {
            for (int32_t code = -1; code <= 33; ++code) {
              for (const int64_t at : {999, 1000, 1001}) {
                const Event event = Make(kind, code, at, 2, 4);
                ExpectAsOracle(tables, before, event, require_proof);
                if (HasFatalFailure()) return;
              }
              if (kind > 1) continue;
              for (int32_t shown_by = -1; shown_by <= 8; ++shown_by) {
                for (int32_t proof = -1; proof <= 6; ++proof) {
                  const Event event = Make(kind, code, 1001, shown_by, proof);
                  ExpectAsOracle(tables, before, event, require_proof);
                  if (HasFatalFailure()) return;
                }
              }
            }
          }
        }
      }
    }
  }
}

TEST(OpportunityTest, ChecksComeInTheirOrder) {
  // Wrong in every way; each repair uncovers the next refusal.
  const Policy require = RequiringPolicy();
  Opportunity state = State(Bit(3), kOnHold, 0);
  Event e = Make(10, 32, 0, 8, 6);
  const auto reason = [&] { return TryEvent(require.tables(), e, &state); };
  EXPECT_EQ(reason(), Reason::kUnknownEvent);
  e.kind = 0;
  EXPECT_EQ(reason(), Reason::kUnknownEvidence);
  e.code = 3;
  EXPECT_EQ(reason(), Reason::kUnknownShownBy);
  e.shown_by = 7;
  EXPECT_EQ(reason(), Reason::kUnknownProof);
  e.proof = 1;
  EXPECT_EQ(reason(), Reason::kEventOutOfOrder);
  e.at = 1000;
  EXPECT_EQ(reason(), Reason::kEventNotAllowed);
  state.outcome = kOpen;
  EXPECT_EQ(reason(), Reason::kEvidenceRepeated);
  state.evidence = 0;
  EXPECT_EQ(reason(), Reason::kEvidenceUnproven);
  e.shown_by = 1;
  e.proof = 2;
  EXPECT_EQ(reason(), Reason::kNone);
}

TEST(OpportunityTest, ANewOneIsEmptyAndOpen) {
  for (const int64_t at :
       {int64_t{0}, int64_t{1'700'000'000}, std::numeric_limits<int64_t>::min(),
        std::numeric_limits<int64_t>::max()}) {
    Opportunity want;
    std::memset(static_cast<void*>(&want), 0, sizeof want);
    want.cycle = 1;
    want.lost_reason = -1;
    want.stage_since = want.milestone_since = want.last_event_at = at;
    EXPECT_TRUE(SameBytes(NewOpportunity(at), want)) << at;
  }
}

TEST(OpportunityTest, HasTheLayoutOfTheContract) {
  EXPECT_EQ(sizeof(Opportunity), 64U);
  EXPECT_EQ(offsetof(Opportunity, evidence), 0U);
  EXPECT_EQ(offsetof(Opportunity, outcome), 4U);
  EXPECT_EQ(offsetof(Opportunity, cycle), 8U);
  EXPECT_EQ(offsetof(Opportunity, stage), 12U);
  EXPECT_EQ(offsetof(Opportunity, milestone), 16U);
  EXPECT_EQ(offsetof(Opportunity, highest_milestone), 20U);
  EXPECT_EQ(offsetof(Opportunity, regressions), 24U);
  EXPECT_EQ(offsetof(Opportunity, lost_reason), 28U);
  EXPECT_EQ(offsetof(Opportunity, stage_since), 32U);
  EXPECT_EQ(offsetof(Opportunity, milestone_since), 40U);
  EXPECT_EQ(offsetof(Opportunity, last_event_at), 48U);
  EXPECT_EQ(offsetof(Opportunity, proven), 56U);
  EXPECT_EQ(offsetof(Opportunity, reserved), 60U);
  EXPECT_EQ(sizeof(Event), 32U);
  EXPECT_EQ(offsetof(Event, at), 0U);
  EXPECT_EQ(offsetof(Event, kind), 8U);
  EXPECT_EQ(offsetof(Event, code), 12U);
  EXPECT_EQ(offsetof(Event, shown_by), 16U);
  EXPECT_EQ(offsetof(Event, proof), 20U);
  EXPECT_EQ(offsetof(Event, reference), 24U);
}

TEST(OpportunityTest, TimesAtTheEndsOfTheRange) {
  constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  Opportunity o = NewOpportunity(kMin);
  EXPECT_EQ(TryEvent(kBuiltInTables, Confirm(0, kMin), &o), Reason::kNone);
  EXPECT_EQ(TryEvent(kBuiltInTables, Confirm(1, kMax), &o), Reason::kNone);
  EXPECT_EQ(o.last_event_at, kMax);
  const Opportunity before = o;
  EXPECT_EQ(TryEvent(kBuiltInTables, Confirm(2, kMin), &o),
            Reason::kEventOutOfOrder);
  EXPECT_TRUE(SameBytes(o, before));
  EXPECT_EQ(TryEvent(kBuiltInTables, Confirm(2, kMax), &o), Reason::kNone);
}

TEST(OpportunityTest, TheReferenceStaysOutOfTheState) {
  Opportunity a = NewOpportunity(0);
  Opportunity b = NewOpportunity(0);
  Event e = Confirm(0);
  EXPECT_EQ(TryEvent(kBuiltInTables, e, &a), Reason::kNone);
  e.reference = ~uint64_t{0};
  EXPECT_EQ(TryEvent(kBuiltInTables, e, &b), Reason::kNone);
  EXPECT_TRUE(SameBytes(a, b));
}

TEST(OpportunityTest, OnlyWithdrawalsThatCostAMilestoneAreRegressions) {
  Opportunity o = State(Bits(0, 7), kOpen);
  EXPECT_EQ(TryEvent(kBuiltInTables, Make(1, 30, 2000), &o), Reason::kNone);
  EXPECT_EQ(o.regressions, 0);
  EXPECT_EQ(TryEvent(kBuiltInTables, Make(1, 7, 2000), &o), Reason::kNone);
  EXPECT_EQ(o.regressions, 1);
  EXPECT_EQ(o.highest_milestone, 2);
  EXPECT_EQ(TryEvent(kBuiltInTables, Make(2, 0, 2001), &o), Reason::kNone);
  EXPECT_EQ(o.milestone, 0);
  EXPECT_EQ(o.regressions, 1) << "the customer changed, not the evidence";
  EXPECT_EQ(o.highest_milestone, 2);
}

TEST(OpportunityTest, TimesOfEntryChangeOnlyWithTheirValue) {
  Opportunity o = State(Bits(0, 4), kOpen);
  EXPECT_EQ(TryEvent(kBuiltInTables, Confirm(5, 2000), &o), Reason::kNone);
  EXPECT_EQ(o.stage_since, 700);
  EXPECT_EQ(o.milestone_since, 800);
  EXPECT_EQ(TryEvent(kBuiltInTables, Confirm(6, 2001), &o), Reason::kNone);
  EXPECT_EQ(o.stage_since, 2001);
  EXPECT_EQ(o.milestone_since, 800);
  EXPECT_EQ(TryEvent(kBuiltInTables, Confirm(7, 2002), &o), Reason::kNone);
  EXPECT_EQ(o.stage_since, 2001);
  EXPECT_EQ(o.milestone_since, 2002);
}

TEST(OpportunityTest, ANewCycleKeepsTheHistory) {
  Opportunity o = State(Bits(0, 21), kWon, Bits(0, 21));
  o.regressions = 3;
  EXPECT_EQ(TryEvent(kBuiltInTables, Make(8, 0, 2000), &o), Reason::kNone);
  EXPECT_EQ(o.cycle, 2);
  EXPECT_EQ(o.evidence, 0U);
  EXPECT_EQ(o.proven, 0U);
  EXPECT_EQ(o.highest_milestone, 6);
  EXPECT_EQ(o.regressions, 3);
  EXPECT_EQ(o.stage_since, 2000);
  EXPECT_EQ(o.milestone_since, 2000);
}

TEST(OpportunityTest, TheLastCycleIsRefused) {
  Opportunity o = State(Bit(18), kWon);
  o.cycle = std::numeric_limits<int32_t>::max();
  const Opportunity before = o;
  const absl::Status status = ApplyEvent(Policy(), Make(8, 0, 2000), &o);
  EXPECT_THAT(status, RefusedFor(Reason::kCycleLimit));
  EXPECT_EQ(status.code(), absl::StatusCode::kOutOfRange);
  EXPECT_TRUE(SameBytes(o, before));
}

TEST(OpportunityTest, AStateFromElsewhereIsRefusedUnchanged) {
  const auto expect_corrupt = [](auto spoil) {
    Opportunity o = State(Bits(0, 6), kOpen);
    spoil(&o);
    const Opportunity before = o;
    for (int32_t kind = 0; kind < 10; ++kind) {
      EXPECT_THAT(ApplyEvent(Policy(), Make(kind, 7, 2000, 2, 4), &o),
                  RefusedFor(Reason::kStateCorrupt))
          << kind;
      EXPECT_TRUE(SameBytes(o, before));
    }
  };
  for (const int32_t bad : {-1, 7, INT32_MIN, INT32_MAX}) {
    expect_corrupt([bad](Opportunity* o) { o->outcome = bad; });
    expect_corrupt([bad](Opportunity* o) { o->stage = bad; });
    expect_corrupt([bad](Opportunity* o) { o->milestone = bad; });
    expect_corrupt([bad](Opportunity* o) { o->highest_milestone = bad; });
  }
  expect_corrupt([](Opportunity* o) { o->outcome = 5; });
  expect_corrupt([](Opportunity* o) { o->stage = 6; });
  expect_corrupt([](Opportunity* o) { o->proven = Bit(20); });
  expect_corrupt([](Opportunity* o) { o->reserved = 1; });
}

// ---- Messages --------------------------------------------------------------

std::string MessageOf(const Policy& policy, const Opportunity& from,
                      const Event& event) {
  Opportunity state = from;
  const absl::Status status = ApplyEvent(policy, event, &state);
  EXPECT_FALSE(status.ok());
  return std::string(status.message());
}

TEST(RefusalMessageTest, SaysWhatWasGivenAndWhatIsAllowed) {
  const Policy policy;
  const Opportunity open = State(Bits(0, 6), kOpen);
  EXPECT_THAT(MessageOf(policy, open, Make(12)),
              AllOf(HasSubstr("12"), HasSubstr("0 to 9")));
  EXPECT_THAT(MessageOf(policy, open, Confirm(32)),
              AllOf(HasSubstr("evidence 32"), HasSubstr("0 to 31")));
  EXPECT_THAT(MessageOf(policy, open, Confirm(7, 2000, 8)),
              AllOf(HasSubstr("shown_by 8"), HasSubstr("0 to 7")));
  EXPECT_THAT(MessageOf(policy, open, Confirm(7, 2000, 2, -1)),
              AllOf(HasSubstr("proof -1"), HasSubstr("0 to 5")));
  EXPECT_THAT(
      MessageOf(policy, open, Make(6, -3, 2000)),
      AllOf(HasSubstr("lost"), HasSubstr("-3"), HasSubstr("0 or more")));
  EXPECT_THAT(MessageOf(policy, open, Confirm(7, 999)),
              AllOf(HasSubstr("999"), HasSubstr("1000")));
}

TEST(RefusalMessageTest, NamesEventItemAndOutcomes) {
  const Policy policy;
  EXPECT_THAT(MessageOf(policy, State(Bits(0, 6), kLostDeal), Confirm(7, 2000)),
              AllOf(HasSubstr("evidence confirmed"), HasSubstr("evidence 7"),
                    HasSubstr("decision maker is contacted"), HasSubstr("lost"),
                    HasSubstr("allowed while: open")));
  EXPECT_THAT(MessageOf(policy, State(Bits(0, 6), kOpen), Confirm(19, 2000)),
              AllOf(HasSubstr("evidence 19"), HasSubstr("allowed while: won"),
                    Not(HasSubstr("won, "))));
  EXPECT_THAT(MessageOf(policy, State(Bit(18), kWon), Make(6, 0, 2000)),
              AllOf(HasSubstr("'lost'"), HasSubstr("won"),
                    HasSubstr("allowed while: open, on hold")));
  EXPECT_THAT(MessageOf(policy, State(0, kOpen), Make(7, 0, 2000)),
              AllOf(HasSubstr("reopened"), HasSubstr("lost, void")));
}

TEST(RefusalMessageTest, SaysWhatWouldProveAnItem) {
  const Policy policy;
  EXPECT_THAT(
      MessageOf(policy, State(Bits(0, 6), kOpen), Confirm(5, 2000, 7, 1)),
      AllOf(HasSubstr("evidence 5"), HasSubstr("already confirmed"),
            HasSubstr("proof 2 to 5"), HasSubstr("sponsor")));
  EXPECT_THAT(MessageOf(policy, State(Bits(0, 6), kOpen, Bit(5)),
                        Confirm(5, 2000, 1, 4)),
              AllOf(HasSubstr("evidence 5"), HasSubstr("already proven")));
  const Policy require = RequiringPolicy();
  EXPECT_THAT(MessageOf(require, State(0, kOpen), Confirm(8, 2000, 1, 4)),
              AllOf(HasSubstr("evidence 8"), HasSubstr("unproven"),
                    HasSubstr("shown by the decision maker (2)")));
  EXPECT_THAT(MessageOf(require, State(0, kOpen), Confirm(18, 2000, 2, 3)),
              HasSubstr("proof 4 or 5"));
  EXPECT_THAT(MessageOf(require, State(0, kOpen), Confirm(30, 2000, 0, 0)),
              HasSubstr("evidence 30"));
}

// Every refusal that can occur has a message of its own.
TEST(RefusalMessageTest, NoRefusalIsLeftWithoutWords) {
  for (const bool require_proof : {false, true}) {
    const Policy policy = require_proof ? RequiringPolicy() : Policy();
    for (int32_t outcome = 0; outcome < 5; ++outcome) {
      for (int32_t kind = -1; kind <= 10; ++kind) {
        for (int32_t code = -1; code <= 33; ++code) {
          Opportunity state = State(Bits(0, 6), outcome, Bits(0, 3));
          const Event event = Make(kind, code, 2000, 3, 1);
          const Reason want = Oracle(state, event, require_proof).reason;
          const absl::Status status = ApplyEvent(policy, event, &state);
          ASSERT_EQ(ReasonOf(status), want) << Show(event);
          if (want == Reason::kNone) continue;
          ASSERT_EQ(status.code(), CodeOf(want));
          ASSERT_THAT(std::string(status.message()),
                      AllOf(Not(HasSubstr("unexpected")), Not(HasSubstr("  ")),
                            Not(testing::EndsWith(": "))))
              << Show(event);
          ASSERT_GT(status.message().size(), 15U);
        }
      }
    }
  }
}

// ---- Logs ------------------------------------------------------------------

struct Log {
  std::vector<Event> events;
  std::vector<uint32_t> row;
};

// Mostly what happens to a deal, in an order that gets somewhere, mixed with
// what must be refused.
Log RandomLog(size_t events, uint32_t rows, uint64_t seed) {
  std::mt19937_64 random(seed);
  Log log;
  log.events.resize(events);
  log.row.resize(events);
  for (size_t i = 0; i < events; ++i) {
    // A few deals have most of the events, so that they climb the ladder.
    log.row[i] =
        static_cast<uint32_t>(random() % (i % 2 == 0 ? rows : rows / 100));
    Event& e = log.events[i];
    const uint64_t r = random() % 100;
    // Ways back in are more likely than ways out, so that few deals end.
    constexpr int32_t kOther[] = {2, 3, 4, 5, 5, 5, 6, 7, 7, 7, 8, 8, 9};
    e.kind = r < 84   ? 0
             : r < 87 ? 1
             : r < 98 ? kOther[random() % 13]
                      : static_cast<int32_t>(random() % 14) - 2;
    e.code = static_cast<int32_t>(random() % (r % 16 == 0  ? 34
                                              : r % 2 == 0 ? 8
                                                           : 18)) -
             (r == 50 ? 2 : 0);
    e.shown_by = static_cast<int32_t>(random() % 8) + (r == 51 ? 4 : 0);
    e.proof = static_cast<int32_t>(random() % 6) + (r == 52 ? 3 : 0);
    // Ties are common, and some events are too old.
    e.at =
        static_cast<int64_t>(i / 1000) * 10 - (random() % 50 == 0 ? 1000 : 0);
    e.reference = random();
  }
  return log;
}

TEST(LogTest, BulkEqualsOneByOneEqualsTheOracle) {
  constexpr uint32_t kRows = 100'000;
  constexpr size_t kEvents = 1'000'000;
  const Log log = RandomLog(kEvents, kRows, 13);
  const MethodTables& tables = Policy().tables();

  std::vector<Opportunity> oracle(kRows, NewOpportunity(-5));
  std::vector<Reason> oracle_reasons(kEvents);
  size_t refused = 0;
  size_t first = kEvents;
  for (size_t i = 0; i < kEvents; ++i) {
    const Verdict v = Oracle(oracle[log.row[i]], log.events[i]);
    oracle[log.row[i]] = v.after;
    oracle_reasons[i] = v.reason;
    if (v.reason != Reason::kNone) {
      if (refused == 0) first = i;
      ++refused;
    }
  }
  // The log exercises what it should.
  EXPECT_GT(refused, kEvents / 10);
  EXPECT_LT(refused, kEvents * 8 / 10);

  std::vector<Opportunity> single(kRows, NewOpportunity(-5));
  for (size_t i = 0; i < kEvents; ++i) {
    Opportunity& state = single[log.row[i]];
    const Opportunity before = state;
    const Reason reason = TryEvent(tables, log.events[i], &state);
    ASSERT_EQ(static_cast<int>(reason), static_cast<int>(oracle_reasons[i]))
        << i << ": " << Show(log.events[i]) << "\non " << Show(before);
    if (reason != Reason::kNone) {
      ASSERT_TRUE(SameBytes(state, before)) << i;
      continue;
    }
    const Position position = PositionOf(tables, state.evidence);
    ASSERT_TRUE(position.stage == state.stage &&
                position.milestone == state.milestone)
        << i << ": " << Show(state);
  }

  std::vector<Opportunity> bulk(kRows, NewOpportunity(-5));
  std::vector<Reason> reasons(kEvents, Reason::kInternal);
  const BulkResult result =
      ApplyEvents(tables, log.events, log.row, absl::MakeSpan(bulk),
                  absl::MakeSpan(reasons));
  EXPECT_EQ(result.refused, refused);
  EXPECT_EQ(result.first_refused, first);
  EXPECT_EQ(result.first_reason, oracle_reasons[first]);
  EXPECT_TRUE(reasons == oracle_reasons);
  std::vector<int> highest(7);
  for (size_t i = 0; i < kRows; ++i) {
    ASSERT_TRUE(SameBytes(bulk[i], oracle[i])) << i;
    ASSERT_TRUE(SameBytes(single[i], oracle[i])) << i;
    ++highest[static_cast<size_t>(oracle[i].highest_milestone)];
  }
  for (const size_t milestone : {0U, 1U, 2U, 6U}) {
    EXPECT_GT(highest[milestone], 100) << "the log should climb the ladder";
  }

  // The same log without a refused event, in parts.
  std::vector<Event> fine;
  std::vector<uint32_t> fine_row;
  for (size_t i = 0; i < kEvents; ++i) {
    if (oracle_reasons[i] != Reason::kNone) continue;
    fine.push_back(log.events[i]);
    fine_row.push_back(log.row[i]);
  }
  std::vector<Opportunity> parts(kRows, NewOpportunity(-5));
  const size_t half = fine.size() / 2;
  const auto apply = [&](size_t from, size_t count) {
    return ApplyEvents(tables, absl::MakeSpan(fine).subspan(from, count),
                       absl::MakeSpan(fine_row).subspan(from, count),
                       absl::MakeSpan(parts), {});
  };
  EXPECT_EQ(apply(0, half).refused, 0U);
  EXPECT_EQ(apply(half, fine.size() - half).refused, 0U);
  for (size_t i = 0; i < kRows; ++i) {
    ASSERT_TRUE(SameBytes(parts[i], oracle[i])) << i;
  }
}

TEST(LogTest, RequiringProofEqualsTheOracleToo) {
  const Log log = RandomLog(200'000, 3000, 14);
  const Policy policy = RequiringPolicy();
  std::vector<Opportunity> states(3000, NewOpportunity(0));
  for (size_t i = 0; i < log.events.size(); ++i) {
    ExpectAsOracle(policy.tables(), states[log.row[i]], log.events[i], true);
    if (HasFatalFailure()) return;
    TryEvent(policy.tables(), log.events[i], &states[log.row[i]]);
    ASSERT_EQ(states[log.row[i]].proven, states[log.row[i]].evidence);
  }
}

TEST(LogTest, WithoutReasonsTheFirstRefusalEndsTheCall) {
  const std::vector<Event> events = {Confirm(0, 1), Confirm(0, 2, 0, 0),
                                     Confirm(1, 3)};
  const std::vector<uint32_t> row = {1, 1, 1};
  std::vector<Opportunity> table(2, NewOpportunity(0));
  const BulkResult result =
      ApplyEvents(kBuiltInTables, events, row, absl::MakeSpan(table), {});
  EXPECT_EQ(result.refused, 1U);
  EXPECT_EQ(result.first_refused, 1U);
  EXPECT_EQ(result.first_reason, Reason::kEvidenceRepeated);
  EXPECT_EQ(table[1].evidence, Bit(0)) << "the event before it stays applied";
  EXPECT_TRUE(SameBytes(table[0], NewOpportunity(0)));
}

TEST(LogTest, RowsOutsideTheTableFailThemselves) {
  const std::vector<Event> events = {Confirm(0, 1), Confirm(1, 2),
                                     Confirm(2, 3), Confirm(3, 4)};
  const std::vector<uint32_t> row = {2, 0, ~uint32_t{0}, 1};
  std::vector<Opportunity> table(2, NewOpportunity(0));
  std::vector<Reason> reasons(4, Reason::kInternal);
  const BulkResult result =
      ApplyEvents(kBuiltInTables, events, row, absl::MakeSpan(table),
                  absl::MakeSpan(reasons));
  EXPECT_EQ(result.refused, 2U);
  EXPECT_EQ(result.first_refused, 0U);
  EXPECT_EQ(result.first_reason, Reason::kRowRange);
  EXPECT_THAT(reasons, testing::ElementsAre(Reason::kRowRange, Reason::kNone,
                                            Reason::kRowRange, Reason::kNone));
  EXPECT_EQ(table[0].evidence, Bit(1));
  EXPECT_EQ(table[1].evidence, Bit(3));
}

TEST(LogTest, NothingToDo) {
  EXPECT_EQ(ApplyEvents(kBuiltInTables, {}, {}, {}, {}).refused, 0U);
}

TEST(ReplayTest, GivesTheStateOfTheSameEvents) {
  const Log log = RandomLog(60'000, 500, 15);
  std::vector<std::vector<Event>> accepted(500);
  std::vector<Opportunity> states(500, NewOpportunity(-7));
  for (size_t i = 0; i < log.events.size(); ++i) {
    if (TryEvent(kBuiltInTables, log.events[i], &states[log.row[i]]) ==
        Reason::kNone) {
      accepted[log.row[i]].push_back(log.events[i]);
    }
  }
  for (size_t i = 0; i < states.size(); ++i) {
    const absl::StatusOr<Opportunity> got =
        ReplayLog(Policy(), -7, accepted[i]);
    ASSERT_TRUE(got.ok()) << got.status();
    ASSERT_TRUE(SameBytes(*got, states[i])) << i;
  }
}

TEST(ReplayTest, NamesTheRowOfTheFirstRefusedEvent) {
  const absl::StatusOr<Opportunity> got = ReplayLog(
      Policy(), 10, {Confirm(0, 10), Confirm(1, 11), Confirm(2, 5), Make(99)});
  EXPECT_THAT(got, Refused(Reason::kEventOutOfOrder, HasSubstr("5")));
  EXPECT_EQ(WhereOf(got.status()).row, 2);
  EXPECT_TRUE(SameBytes(*ReplayLog(Policy(), 10, {}), NewOpportunity(10)));
}

// The short way of plain events beside the general code, on states and events
// of which any field may be anything: taken, it gives the same bytes; not
// taken, it has changed none.
TEST(PlainEventTest, EqualsTheGeneralCodeWhateverTheFieldsHold) {
  PolicyBuilder strict;
  strict.unproven = Unproven::kRequire;
  PolicyBuilder advisory;  // Not in the order of its gates.
  advisory.evidence[6].mode = GateMode::kAdvisory;
  std::mt19937 random(7);
  const auto any = [&random](uint32_t below) {
    return static_cast<uint32_t>(random() % below);
  };
  // Mostly a code below `count`, else one at the edges of what is allowed.
  const auto code = [&any](int32_t count) {
    constexpr int32_t kMax = std::numeric_limits<int32_t>::max();
    const std::array<int32_t, 8> edges = {-1, count,     count + 1, 7,
                                          8,  -kMax - 1, kMax,      -2};
    return any(24) == 0
               ? edges[any(8)]
               : static_cast<int32_t>(any(static_cast<uint32_t>(count)));
  };
  for (const PolicyBuilder& builder : {PolicyBuilder(), strict, advisory}) {
    const Policy policy = *builder.Build();
    int taken = 0;
    int refused = 0;
    for (int i = 0; i < 400'000; ++i) {
      Opportunity before;
      before.evidence = static_cast<uint32_t>(random());
      if (any(2) == 0) before.evidence &= Bits(0, 17);
      before.proven = any(32) == 0
                          ? static_cast<uint32_t>(random())
                          : before.evidence & static_cast<uint32_t>(random());
      before.outcome = any(2) == 0 ? 0 : code(kOutcomeCount);
      before.stage = code(kStageCount);
      before.milestone = code(kMilestoneCount);
      before.highest_milestone = code(kMilestoneCount);
      before.regressions = code(1000);
      before.last_event_at = any(3);
      before.reserved = any(64) == 0 ? 1 : 0;
      Event event;
      event.at = any(3) + 1;
      event.kind = any(4) == 0 ? code(kEventKindCount) : code(2);
      event.code = code(kEvidenceBits);
      event.shown_by = code(kShownByCount);
      event.proof = code(kProofCount);
      Opportunity general = before;
      const Reason want = ComputeAnyEvent(policy.tables(), event, &general);
      Opportunity plain = before;
      if (ComputePlainEvent(policy.tables(), event, &plain)) {
        ASSERT_EQ(want, Reason::kNone) << Show(event) << "\n" << Show(before);
        ASSERT_EQ(std::memcmp(&plain, &general, sizeof plain), 0)
            << Show(event) << "\nbefore " << Show(before) << "\nplain "
            << Show(plain) << "\ngeneral " << Show(general);
        ++taken;
      } else {
        ASSERT_EQ(std::memcmp(&plain, &before, sizeof plain), 0);
      }
      if (want != Reason::kNone) ++refused;
    }
    EXPECT_GT(refused, 10'000);
#if defined(__GNUC__)
    if (policy.tables().needed_in_order != 0) {
      EXPECT_GT(taken, 10'000);
    } else {
      EXPECT_EQ(taken, 0);
    }
#endif
  }
}

TEST(OpportunityPolicyTest, PrerequisitesAndVendorGatesMoveTheState) {
  PolicyBuilder builder;
  PolicyBuilder::Item vendor;
  vendor.stage = 0;
  vendor.gate = 1;
  vendor.text = {"budget is named", "已说明预算"};
  builder.evidence[22] = vendor;
  builder.evidence[4].prerequisites = {3};
  const absl::StatusOr<Policy> policy = builder.Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  Opportunity o = NewOpportunity(0);
  for (const int32_t item : {0, 1, 2, 4}) {
    ASSERT_TRUE(ApplyEvent(*policy, Confirm(item), &o).ok());
  }
  ASSERT_TRUE(ApplyEvent(*policy, Confirm(22), &o).ok());
  EXPECT_EQ(o.milestone, 0);
  ASSERT_TRUE(ApplyEvent(*policy, Confirm(3), &o).ok());
  EXPECT_EQ(o.milestone, 1);
  // Taking away what another item needs takes that one away too.
  ASSERT_TRUE(ApplyEvent(*policy, Make(1, 22), &o).ok());
  EXPECT_EQ(o.milestone, 0);
  EXPECT_EQ(o.regressions, 1);
  EXPECT_THAT(ApplyEvent(*policy, Confirm(0), &o),
              Refused(Reason::kEvidenceRepeated, HasSubstr("evidence 0")));
}

}  // namespace
}  // namespace fivek
