#include "fivek/method/milestone.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fivek/method/evidence.h"
#include "fivek/method/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;

bool Has(uint32_t mask, int item) { return (mask >> item & 1) != 0; }

// domain.md §4 and §5, read again by hand.
constexpr int kStageOf[22] = {0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1,
                              2, 2, 3, 3, 4, 4, 4, 4, 5, 5, 5};
constexpr int kGateOf[22] = {1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3,
                             3, 3, 4, 4, 5, 5, 5, 6, 0, 0, 0};
constexpr int kYieldOf[7] = {0,       100'000, 250'000,  500'000,
                             750'000, 900'000, 1'000'000};

struct Want {
  int stage, milestone, yield;
  uint32_t missing, skipped;
};

// "The milestone is the highest rung whose evidence, and all below it, is
// complete. The buying stage is the first one whose evidence is incomplete;
// once the contract is signed it is stage 5. A milestone counts only items
// 0-18. A signed contract wins the deal even where earlier evidence is missing;
// the missing items are reported as skipped steps."
Want Oracle(uint32_t mask) {
  Want want = {};
  const bool is_signed = Has(mask, 18);
  if (is_signed) {
    want.stage = 5;
    want.milestone = 6;
    for (int item = 0; item <= 17; ++item) {
      if (!Has(mask, item)) want.skipped |= uint32_t{1} << item;
    }
  } else {
    // 18 is missing and belongs to stage 4, so one stage is incomplete.
    for (int item = 21; item >= 0; --item) {
      if (!Has(mask, item) && kStageOf[item] < 5) want.stage = kStageOf[item];
    }
    // The first item that is missing is the first that a rung waits for.
    want.milestone = 6;
    for (int item = 18; item >= 0; --item) {
      if (!Has(mask, item)) want.milestone = kGateOf[item] - 1;
    }
    for (int item = 0; item <= 18; ++item) {
      if (kGateOf[item] == want.milestone + 1 && !Has(mask, item)) {
        want.missing |= uint32_t{1} << item;
      }
    }
  }
  want.yield = kYieldOf[want.milestone];
  return want;
}

bool Same(const Standing& got, const Want& want) {
  return static_cast<int>(got.stage) == want.stage &&
         static_cast<int>(got.milestone) == want.milestone &&
         got.yield_ppm == want.yield && got.missing_for_next == want.missing &&
         got.skipped == want.skipped && got.advised == 0 && got.waived == 0;
}

TEST(MilestoneTest, EqualsTheOracleForEveryMask) {
  const Policy policy;
  for (uint32_t mask = 0; mask < (1U << 22); ++mask) {
    const Want want = Oracle(mask);
    ASSERT_TRUE(Same(StandingOf(policy, mask), want)) << mask;
    // Some vendor bits too, different ones with each mask; they move nothing.
    const uint32_t vendor = (mask * 2654435761U) & 0xffc00000U;
    ASSERT_TRUE(Same(StandingOf(policy, mask | vendor), want))
        << (mask | vendor);
    const Position position = PositionOf(policy.tables(), mask | vendor);
    ASSERT_EQ(position.stage, want.stage) << mask;
    ASSERT_EQ(position.milestone, want.milestone) << mask;
  }
}

TEST(MilestoneTest, AllVendorBitsMoveNothing) {
  const Policy policy;
  for (uint32_t mask = 0; mask < (1U << 22); mask += 37) {
    ASSERT_TRUE(Same(StandingOf(policy, mask | 0xffc00000U), Oracle(mask)));
  }
}

TEST(MilestoneTest, TheExampleOfTheHeader) {
  const Standing s = StandingOf(Policy(), Bits(0, 5) | Bit(7));
  EXPECT_EQ(s.milestone, Milestone::kQualifiedProspect);
  EXPECT_EQ(s.missing_for_next, Bit(6));
}

TEST(MilestoneTest, TheLadderIsTheTableOfTheMethod) {
  for (size_t m = 0; m < 7; ++m) {
    EXPECT_EQ(static_cast<size_t>(kLadder[m].code), m);
    EXPECT_EQ(kLadder[m].yield_ppm, kYieldOf[m]);
  }
}

TEST(MilestoneTest, MoreEvidenceNeverLowersMilestoneOrStage) {
  const MethodTables& tables = Policy().tables();
  std::mt19937 random(10);
  for (int i = 0; i < 200'000; ++i) {
    const auto mask = static_cast<uint32_t>(random() | random());
    const auto more = mask | static_cast<uint32_t>(random() & random());
    const Position before = PositionOf(tables, mask);
    const Position after = PositionOf(tables, more);
    ASSERT_LE(before.milestone, after.milestone);
    ASSERT_LE(before.stage, after.stage);
  }
}

// ---- Other policies --------------------------------------------------------

// A policy as the oracle reads it.
struct PlainItem {
  bool exists = false;
  int stage = 0, gate = 0;
  GateMode mode = GateMode::kBlocking;
  std::vector<int> needs;
};
using PlainPolicy = std::array<PlainItem, 32>;

PlainPolicy BuiltInItems() {
  PlainPolicy plain;
  for (size_t item = 0; item < 22; ++item) {
    plain[item].exists = true;
    plain[item].stage = kStageOf[item];
    plain[item].gate = kGateOf[item];
  }
  return plain;
}

PolicyBuilder BuilderOf(const PlainPolicy& plain) {
  PolicyBuilder builder;
  for (int32_t code = 0; code < 32; ++code) {
    const PlainItem& item = plain[static_cast<size_t>(code)];
    if (!item.exists) continue;
    PolicyBuilder::Item& to = builder.evidence[code];
    to.stage = item.stage;
    to.gate = item.gate;
    to.mode = item.mode;
    to.prerequisites.assign(item.needs.begin(), item.needs.end());
  }
  builder.waiver_reasons = {{3, "board decision", "董事会决定"}};
  return builder;
}

// An item counts only when its prerequisites are there, and theirs.
bool IsThere(const PlainPolicy& plain, uint32_t mask, int item) {
  if (!Has(mask, item)) return false;
  for (const int needed : plain[static_cast<size_t>(item)].needs) {
    if (!IsThere(plain, mask, needed)) return false;
  }
  return true;
}

// What has to be confirmed before `item` counts.
uint32_t Lacks(const PlainPolicy& plain, uint32_t mask, int item) {
  uint32_t lacks = Has(mask, item) ? 0 : uint32_t{1} << item;
  for (const int needed : plain[static_cast<size_t>(item)].needs) {
    lacks |= Lacks(plain, mask, needed);
  }
  return lacks;
}

struct PlainWant {
  int stage = 0, milestone = 0;
  uint32_t missing = 0, skipped = 0, advised = 0;
};

PlainWant Oracle(const PlainPolicy& plain, uint32_t mask) {
  PlainWant want;
  if (Has(mask, 18)) {
    want.stage = 5;
    want.milestone = 6;
    for (int item = 0; item < 32; ++item) {
      const PlainItem& p = plain[static_cast<size_t>(item)];
      if (p.exists && p.mode != GateMode::kAdvisory && p.gate >= 1 &&
          p.gate <= 5) {
        want.skipped |= Lacks(plain, mask, item);
      }
    }
    return want;
  }
  bool found = false;
  for (int stage = 0; stage < 5 && !found; ++stage) {
    for (int item = 0; item < 32; ++item) {
      const PlainItem& p = plain[static_cast<size_t>(item)];
      if (p.exists && p.mode != GateMode::kAdvisory && p.stage == stage &&
          !IsThere(plain, mask, item)) {
        want.stage = stage;
        found = true;
      }
    }
  }
  for (int rung = 1; rung <= 5; ++rung) {
    bool complete = true;
    for (int item = 0; item < 32; ++item) {
      const PlainItem& p = plain[static_cast<size_t>(item)];
      if (p.exists && p.mode != GateMode::kAdvisory && p.gate == rung &&
          !IsThere(plain, mask, item)) {
        complete = false;
      }
    }
    if (!complete) break;
    want.milestone = rung;
  }
  for (int item = 0; item < 32; ++item) {
    const PlainItem& p = plain[static_cast<size_t>(item)];
    if (!p.exists || p.gate != want.milestone + 1) continue;
    if (p.mode == GateMode::kAdvisory) {
      if (!Has(mask, item)) want.advised |= uint32_t{1} << item;
    } else {
      want.missing |= Lacks(plain, mask, item);
    }
  }
  return want;
}

void ExpectSame(const PlainPolicy& plain, const Policy& policy, uint32_t mask) {
  const PlainWant want = Oracle(plain, mask);
  const Standing got = StandingOf(policy, mask);
  ASSERT_EQ(static_cast<int>(got.stage), want.stage) << DescribeItems(mask);
  ASSERT_EQ(static_cast<int>(got.milestone), want.milestone)
      << DescribeItems(mask);
  ASSERT_EQ(got.yield_ppm, kYieldOf[want.milestone]);
  ASSERT_EQ(DescribeItems(got.missing_for_next), DescribeItems(want.missing))
      << DescribeItems(mask);
  ASSERT_EQ(DescribeItems(got.skipped), DescribeItems(want.skipped))
      << DescribeItems(mask);
  ASSERT_EQ(DescribeItems(got.advised), DescribeItems(want.advised))
      << DescribeItems(mask);
}

TEST(MilestonePolicyTest, AdvisoryItemsHoldNothingUp) {
  PlainPolicy plain = BuiltInItems();
  plain[1].mode = GateMode::kAdvisory;
  const absl::StatusOr<Policy> policy = BuilderOf(plain).Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  const Standing before = StandingOf(*policy, 0);
  EXPECT_EQ(before.advised, Bit(1));
  EXPECT_EQ(before.missing_for_next, Bit(0) | Bits(2, 4));
  const Standing after = StandingOf(*policy, Bit(0) | Bits(2, 4));
  EXPECT_EQ(after.milestone, Milestone::kQualifiedProspect);
  EXPECT_EQ(after.advised, 0U) << "only what is advised for the next rung";
}

TEST(MilestonePolicyTest, AnItemCountsOnlyWithItsChainOfPrerequisites) {
  PlainPolicy plain = BuiltInItems();
  plain[22].exists = true;  // A vendor's item that gates nothing by itself.
  plain[23].exists = true;
  plain[4].needs = {22};
  plain[22].needs = {23};
  plain[22].mode = GateMode::kAdvisory;
  plain[23].mode = GateMode::kAdvisory;
  const absl::StatusOr<Policy> policy = BuilderOf(plain).Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  for (const EvidenceMask extra : {EvidenceMask{0}, Bit(22), Bit(23)}) {
    const Standing s = StandingOf(*policy, Bits(0, 4) | extra);
    EXPECT_EQ(s.milestone, Milestone::kUnqualified);
    EXPECT_EQ(s.missing_for_next, Bits(22, 23) & ~extra);
  }
  EXPECT_EQ(StandingOf(*policy, Bits(0, 4) | Bits(22, 23)).milestone,
            Milestone::kQualifiedProspect);
}

TEST(MilestonePolicyTest, VendorItemsGateWhereThePolicyAttachesThem) {
  PlainPolicy plain = BuiltInItems();
  plain[31].exists = true;
  plain[31].stage = 2;
  plain[31].gate = 4;
  const absl::StatusOr<Policy> policy = BuilderOf(plain).Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  const Standing without = StandingOf(*policy, Bits(0, 14));
  EXPECT_EQ(without.milestone, Milestone::kQualifiedDecisionMaker);
  EXPECT_EQ(without.stage, Stage::kSetCriteria);
  EXPECT_EQ(without.missing_for_next, Bit(31));
  const Standing with = StandingOf(*policy, Bits(0, 14) | Bit(31));
  EXPECT_EQ(with.milestone, Milestone::kDecisionSettled);
  EXPECT_EQ(with.stage, Stage::kPurchase);
  EXPECT_EQ(StandingOf(*policy, Bits(0, 18)).skipped, Bit(31));
}

TEST(MilestonePolicyTest, RandomPoliciesEqualTheOracle) {
  std::mt19937 random(11);
  int built = 0;
  for (int round = 0; round < 300 && built < 120; ++round) {
    PlainPolicy plain = BuiltInItems();
    for (size_t item = 0; item < 32; ++item) {
      PlainItem& p = plain[item];
      if (item >= 18 && item <= 21) continue;
      if (item >= 22) {
        p.exists = random() % 2 == 0;
        p.stage = static_cast<int>(random() % 5);
        p.gate = static_cast<int>(random() % 6);
      } else if (random() % 4 == 0) {
        p.stage = static_cast<int>(random() % 5);
        p.gate = static_cast<int>(1 + random() % 5);
      }
      p.mode = static_cast<GateMode>(random() % 3);
    }
    for (size_t item = 0; item < 32; ++item) {
      if (!plain[item].exists || (item >= 18 && item <= 21)) continue;
      // Only upwards or only downwards, so that no circle can arise.
      for (int k = 0; k < 2; ++k) {
        const size_t needed = random() % 32;
        const bool downwards = round % 2 == 0;
        if (!plain[needed].exists || (needed >= 18 && needed <= 21) ||
            needed == item || downwards != (needed < item) ||
            random() % 3 != 0) {
          continue;
        }
        auto& needs = plain[item].needs;
        if (needs.empty()) needs.push_back(static_cast<int>(needed));
      }
    }
    const absl::StatusOr<Policy> policy = BuilderOf(plain).Build();
    if (!policy.ok()) {
      // All that can go wrong here: a rung or a stage that waits for nothing.
      ASSERT_THAT(policy, Refused(Reason::kPolicyValue, HasSubstr("waits")));
      continue;
    }
    ++built;
    for (int i = 0; i < 1500; ++i) {
      uint32_t mask = static_cast<uint32_t>(random());
      // Dense ones reach the upper rungs.
      for (unsigned k = static_cast<unsigned>(i) % 5; k > 0; --k) {
        mask |= static_cast<uint32_t>(random());
      }
      if (i % 3 != 0) mask &= ~(1U << 18);
      ExpectSame(plain, *policy, mask);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GE(built, 100);
}

// Policies whose items are in the order of their gates and stages, as the
// built-in ones are: what is decided faster for those must be the same.
TEST(MilestonePolicyTest, RandomPoliciesInOrderEqualTheOracle) {
  std::mt19937 random(17);
  int built = 0;
  for (int round = 0; round < 60; ++round) {
    PlainPolicy plain = BuiltInItems();
    // Each of 18 items keeps its stage and gate or takes those of the item
    // before, so both still rise; one of each must be left.
    for (size_t item = 1; item < 18; ++item) {
      const PlainItem& before = plain[item - 1];
      PlainItem& p = plain[item];
      p.stage = before.stage + (p.stage > before.stage && random() % 4 != 0);
      p.gate = before.gate + (p.gate > before.gate && random() % 4 != 0);
      if (random() % 3 == 0) p.mode = GateMode::kWaivable;
    }
    for (size_t item = 17; item > 13; --item) {
      plain[item].gate =
          std::max(plain[item].gate, static_cast<int>(item) - 12);
      plain[item].stage =
          std::max(plain[item].stage, static_cast<int>(item) - 13);
    }
    const absl::StatusOr<Policy> policy = BuilderOf(plain).Build();
    if (!policy.ok()) {
      ASSERT_THAT(policy, Refused(Reason::kPolicyValue, HasSubstr("waits")));
      continue;
    }
    ++built;
    for (int i = 0; i < 1500; ++i) {
      auto mask = Bits(0, static_cast<int>(random() % 22));
      if (i % 2 == 0) mask &= ~(uint32_t{1} << (random() % 22));
      if (i % 4 == 0) mask &= static_cast<uint32_t>(random() | random());
      if (i % 8 == 0) mask |= Bits(22, 31);
      if (i % 3 != 0) mask &= ~(1U << 18);
      ExpectSame(plain, *policy, mask);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_GE(built, 20);
}

TEST(MilestonePolicyTest, OtherYields) {
  PolicyBuilder builder;
  builder.ladder = {0, 0, 300'000, 300'000, 600'000, 1'000'000, 1'000'000};
  const absl::StatusOr<Policy> policy = builder.Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(StandingOf(*policy, Bits(0, 4)).yield_ppm, 0);
  EXPECT_EQ(StandingOf(*policy, Bits(0, 7)).yield_ppm, 300'000);
  EXPECT_EQ(StandingOf(*policy, Bits(0, 17)).yield_ppm, 1'000'000);
}

// ---- Waivers ---------------------------------------------------------------

Policy WaivablePolicy() {
  PlainPolicy plain = BuiltInItems();
  plain[2].mode = GateMode::kWaivable;
  plain[6].mode = GateMode::kWaivable;
  plain[22].exists = true;
  plain[22].gate = 1;
  plain[22].mode = GateMode::kWaivable;
  return BuilderOf(plain).Build().value();
}

TEST(WaiverTest, AWaivedItemCountsAndIsReported) {
  const Policy policy = WaivablePolicy();
  const EvidenceMask seen = Bits(0, 1) | Bits(3, 4);
  EXPECT_EQ(StandingOf(policy, seen).milestone, Milestone::kUnqualified);
  EXPECT_EQ(StandingOf(policy, seen).missing_for_next, Bit(2) | Bit(22));
  const auto got = StandingWithWaivers(policy, seen, {{2, 3}, {22, 3}});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->milestone, Milestone::kQualifiedProspect);
  EXPECT_EQ(got->yield_ppm, 100'000);
  EXPECT_EQ(got->waived, Bit(2) | Bit(22));
  EXPECT_EQ(got->missing_for_next, Bits(5, 7));
}

TEST(WaiverTest, WhatWasSeenIsNotWaived) {
  const auto got = StandingWithWaivers(WaivablePolicy(), Bits(0, 4) | Bit(22),
                                       {{2, 3}, {2, 3}});
  ASSERT_TRUE(got.ok()) << got.status();
  EXPECT_EQ(got->waived, 0U);
  EXPECT_EQ(got->milestone, Milestone::kQualifiedProspect);
}

TEST(WaiverTest, WithoutWaiversItIsTheStanding) {
  std::mt19937 random(12);
  const Policy policy = WaivablePolicy();
  for (int i = 0; i < 10'000; ++i) {
    const auto mask = static_cast<uint32_t>(random() | random());
    const Standing want = StandingOf(policy, mask);
    const auto got = StandingWithWaivers(policy, mask, {});
    ASSERT_TRUE(got.ok());
    ASSERT_EQ(got->milestone, want.milestone);
    ASSERT_EQ(got->stage, want.stage);
    ASSERT_EQ(got->missing_for_next, want.missing_for_next);
    ASSERT_EQ(got->skipped, want.skipped);
  }
}

TEST(WaiverTest, AWaivedStepOfASignedContractIsNotSkipped) {
  const auto got = StandingWithWaivers(WaivablePolicy(), Bit(18), {{6, 3}});
  ASSERT_TRUE(got.ok());
  EXPECT_EQ(got->skipped, (Bits(0, 17) & ~Bit(6)) | Bit(22));
}

TEST(WaiverTest, RefusesUnknownItemsAndReasons) {
  const Policy policy = WaivablePolicy();
  for (const int32_t item : {-1, 23, 31, 32, 1000, INT32_MIN, INT32_MAX}) {
    const auto got = StandingWithWaivers(policy, 0, {{2, 3}, {item, 3}});
    ASSERT_THAT(
        got, Refused(Reason::kUnknownEvidence,
                     testing::AllOf(HasSubstr(absl::StrCat("evidence ", item)),
                                    HasSubstr("0-22"))));
    EXPECT_EQ(WhereOf(got.status()).row, 1);
  }
  for (const int32_t reason : {-1, 0, 2, 4, INT32_MAX}) {
    const auto got = StandingWithWaivers(policy, 0, {{2, reason}});
    ASSERT_THAT(got, Refused(Reason::kUnknownCode,
                             HasSubstr(absl::StrCat("reason ", reason))));
    EXPECT_EQ(WhereOf(got.status()).row, 0);
  }
}

TEST(WaiverTest, RefusesWhatThePolicyDoesNotLetBeWaived) {
  const Policy policy = WaivablePolicy();
  for (int item = 0; item <= 22; ++item) {
    const auto got = StandingWithWaivers(policy, 0, {{item, 3}});
    if (item == 2 || item == 6 || item == 22) {
      EXPECT_TRUE(got.ok()) << item;
      continue;
    }
    EXPECT_THAT(got, Refused(Reason::kWaiverNotAllowed, HasSubstr("2, 6, 22")));
    EXPECT_EQ(got.status().code(), absl::StatusCode::kFailedPrecondition);
    // The built-in policy lets none.
    EXPECT_THAT(StandingWithWaivers(Policy(), 0, {{item, 3}}),
                item == 22 ? RefusedFor(Reason::kUnknownEvidence)
                           : RefusedFor(Reason::kWaiverNotAllowed));
  }
}

}  // namespace
}  // namespace fivek
