#include "fivek/pipeline/audit.h"

#include <cstdint>
#include <limits>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::AllOf;
using testing::HasSubstr;

// Last item of each rung, domain.md §5.
constexpr int kLastItem[7] = {-1, 4, 7, 12, 14, 17, 18};

int MilestoneOracle(uint32_t mask) {
  if ((mask >> 18 & 1) != 0) return 6;
  int milestone = 0;
  while (milestone < 5) {
    for (int item = 0; item <= kLastItem[milestone + 1]; ++item) {
      if ((mask >> item & 1) == 0) return milestone;
    }
    ++milestone;
  }
  return milestone;
}

struct Want {
  ClaimVerdict verdict;
  int supported, proven, rungs;
  uint32_t missing;
};

Want Oracle(int claimed, uint32_t evidence, uint32_t proven, int tolerance) {
  Want want = {};
  want.supported = MilestoneOracle(evidence);
  want.proven = MilestoneOracle(proven);
  want.rungs = claimed - want.supported;
  const int apart = want.rungs < 0 ? -want.rungs : want.rungs;
  want.verdict = apart <= tolerance ? ClaimVerdict::kInLine
                 : want.rungs > 0   ? ClaimVerdict::kOverClaimed
                                    : ClaimVerdict::kUnderClaimed;
  if (want.verdict == ClaimVerdict::kOverClaimed) {
    for (int item = 0; item <= kLastItem[claimed]; ++item) {
      if ((evidence >> item & 1) == 0) want.missing |= uint32_t{1} << item;
    }
  }
  return want;
}

void ExpectAsOracle(const Policy& policy, int claimed, uint32_t evidence,
                    uint32_t proven, int tolerance) {
  const Want want = Oracle(claimed, evidence, proven, tolerance);
  const absl::StatusOr<ClaimAudit> got =
      AuditClaim(policy, claimed, evidence, proven);
  ASSERT_TRUE(got.ok()) << got.status();
  ASSERT_TRUE(got->verdict == want.verdict &&
              static_cast<int>(got->claimed) == claimed &&
              static_cast<int>(got->supported) == want.supported &&
              static_cast<int>(got->proven_milestone) == want.proven &&
              got->rungs == want.rungs && got->missing == want.missing)
      << "claim " << claimed << " on " << DescribeItems(evidence) << ", proven "
      << DescribeItems(proven) << ": got " << static_cast<int>(got->supported)
      << " missing " << DescribeItems(got->missing) << ", want "
      << want.supported << " missing " << DescribeItems(want.missing);
}

TEST(AuditClaimTest, EqualsTheOracleForEveryClaimAndMask) {
  const Policy policy;
  uint32_t scramble = 1;
  for (uint32_t mask = 0; mask < (1U << 19); ++mask) {
    for (int claimed = 0; claimed < 7; ++claimed) {
      scramble = scramble * 1664525 + 1013904223;
      // Proven: nothing, everything, or any part of it, dense or not.
      const uint32_t proven = claimed % 3 == 0   ? mask & (scramble >> 8)
                              : claimed % 3 == 1 ? mask
                                                 : mask & ~(scramble >> 27);
      ExpectAsOracle(policy, claimed, mask, proven, 0);
      if (HasFatalFailure()) return;
    }
  }
}

TEST(AuditClaimTest, ToleranceIsThePolicys) {
  std::mt19937 random(16);
  for (int tolerance = 0; tolerance <= 6; ++tolerance) {
    PolicyBuilder builder;
    builder.thresholds.claim_tolerance_rungs = tolerance;
    const absl::StatusOr<Policy> policy = builder.Build();
    ASSERT_TRUE(policy.ok()) << policy.status();
    for (int i = 0; i < 5000; ++i) {
      // Prefixes reach every rung; random holes in half of them.
      uint32_t mask = Bits(0, static_cast<int>(random() % 19));
      if (i % 2 == 0) mask &= ~(uint32_t{1} << (random() % 19));
      for (int claimed = 0; claimed < 7; ++claimed) {
        ExpectAsOracle(*policy, claimed, mask, 0, tolerance);
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST(AuditClaimTest, TheExampleOfTheHeader) {
  const auto a = AuditClaim(Policy(), 4, Bits(0, 7), Bits(0, 4));
  ASSERT_TRUE(a.ok());
  EXPECT_EQ(a->verdict, ClaimVerdict::kOverClaimed);
  EXPECT_EQ(a->rungs, 2);
  EXPECT_EQ(a->missing, Bits(8, 14));
  EXPECT_EQ(a->proven_milestone, Milestone::kQualifiedProspect);
}

TEST(AuditClaimTest, AfterSalesAndVendorItemsMoveNoClaim) {
  for (int claimed = 0; claimed < 7; ++claimed) {
    ExpectAsOracle(Policy(), claimed, Bits(0, 7) | Bits(19, 31), Bits(19, 31),
                   0);
  }
}

TEST(AuditClaimTest, WhatAnItemRequiresIsMissingToo) {
  PolicyBuilder builder;
  PolicyBuilder::Item vendor;
  vendor.text = {"budget is named", "已说明预算"};
  builder.evidence[22] = vendor;  // Gates nothing by itself.
  builder.evidence[0].prerequisites = {22};
  const absl::StatusOr<Policy> policy = builder.Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  const auto a = AuditClaim(*policy, 1, Bits(0, 4), 0);
  ASSERT_TRUE(a.ok());
  EXPECT_EQ(a->supported, Milestone::kUnqualified);
  EXPECT_EQ(a->verdict, ClaimVerdict::kOverClaimed);
  EXPECT_EQ(DescribeItems(a->missing), "22");
}

TEST(AuditClaimTest, RefusesUnknownMilestonesAndProofWithoutEvidence) {
  for (const int32_t claimed : {-1, 7, std::numeric_limits<int32_t>::min(),
                                std::numeric_limits<int32_t>::max()}) {
    EXPECT_THAT(
        AuditClaim(Policy(), claimed, 0, 0),
        Refused(Reason::kUnknownCode,
                AllOf(HasSubstr(absl::StrCat(claimed)), HasSubstr("0 to 6"))));
  }
  EXPECT_THAT(AuditClaim(Policy(), 0, Bits(0, 4), Bits(3, 6)),
              Refused(Reason::kValueRange, HasSubstr("5, 6")));
}

TEST(ClaimedMilestoneTest, IsTheHighestRungNotAboveTheClaim) {
  constexpr int kYield[7] = {0,       100'000, 250'000,  500'000,
                             750'000, 900'000, 1'000'000};
  for (int32_t ppm = 0; ppm <= 1'000'000; ++ppm) {
    int want = 0;
    for (int rung = 0; rung < 7; ++rung) {
      if (kYield[rung] <= ppm) want = rung;
    }
    const auto got = ClaimedMilestone(Policy(), ppm);
    ASSERT_TRUE(got.ok());
    ASSERT_EQ(static_cast<int>(*got), want) << ppm;
  }
  for (const int32_t ppm : {-1, 1'000'001, std::numeric_limits<int32_t>::min(),
                            std::numeric_limits<int32_t>::max()}) {
    EXPECT_THAT(ClaimedMilestone(Policy(), ppm),
                Refused(Reason::kValueRange, HasSubstr(absl::StrCat(ppm))));
  }
}

TEST(ClaimedMilestoneTest, OfEqualYieldsTheHigherRungIsMeant) {
  PolicyBuilder builder;
  builder.ladder = {0,       200'000,   200'000,  500'000,
                    500'000, 1'000'000, 1'000'000};
  const absl::StatusOr<Policy> policy = builder.Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_EQ(*ClaimedMilestone(*policy, 199'999), Milestone::kUnqualified);
  EXPECT_EQ(*ClaimedMilestone(*policy, 200'000), Milestone::kQualifiedSponsor);
  EXPECT_EQ(*ClaimedMilestone(*policy, 500'000), Milestone::kDecisionSettled);
  EXPECT_EQ(*ClaimedMilestone(*policy, 1'000'000), Milestone::kClosedWon);
}

// domain.md §7: Power >= 9 needs 5; Control >= 8 needs 7; Power >= 10 needs 10;
// Problem or Vision by the decision maker needs 8 or 9.
TEST(ScoreRulesTest, EveryScoreEqualsTheOracle) {
  constexpr int kPowerPoints[8] = {0, 4, 8, 9, 10, 14, 16, 20};
  constexpr int kControlPoints[7] = {0, 4, 8, 10, 14, 16, 20};
  const Policy policy;
  const auto level = [](int index, int count) {
    return static_cast<uint8_t>(index == count ? 255 : index);
  };
  for (int problem = 0; problem <= 6; ++problem) {
    for (int power = 0; power <= 8; ++power) {
      for (int vision = 0; vision <= 4; ++vision) {
        for (int control = 0; control <= 7; ++control) {
          for (int flags = 0; flags < 8; ++flags) {
            // Every combination of the five items that the rules name.
            for (uint32_t items = 0; items < 32; ++items) {
              uint32_t evidence = Bits(11, 21);
              constexpr int kNamed[5] = {5, 7, 10, 8, 9};
              for (unsigned i = 0; i < 5; ++i) {
                if ((items >> i & 1) != 0) evidence |= Bit(kNamed[i]);
              }
              Assessment a;
              a.level = {level(problem, 6), level(power, 8), level(vision, 4),
                         static_cast<uint8_t>(items % 7), level(control, 7)};
              a.by_decision_maker =
                  static_cast<uint8_t>((flags & 1) | (flags & 6) << 1);
              uint32_t want = 0;
              const auto lacks = [evidence](int item) {
                return (evidence >> item & 1) == 0;
              };
              if (power < 8 && kPowerPoints[power] >= 9 && lacks(5)) want |= 1;
              if (control < 7 && kControlPoints[control] >= 8 && lacks(7)) {
                want |= 2;
              }
              if (power < 8 && kPowerPoints[power] >= 10 && lacks(10)) {
                want |= 4;
              }
              if (problem < 6 && (a.by_decision_maker & 1) != 0 && lacks(8)) {
                want |= 8;
              }
              if (vision < 4 && (a.by_decision_maker & 4) != 0 && lacks(9)) {
                want |= 16;
              }
              const auto got = BrokenScoreRules(policy, a, evidence);
              ASSERT_TRUE(got.ok()) << got.status();
              ASSERT_EQ(*got, want)
                  << problem << " " << power << " " << vision << " " << control
                  << " flags " << flags << " on " << DescribeItems(evidence);
            }
          }
        }
      }
    }
  }
}

TEST(ScoreRulesTest, UnknownLevelsBreakNone) {
  Assessment a;
  a.by_decision_maker = 13;
  EXPECT_EQ(*BrokenScoreRules(Policy(), a, 0), 0U);
}

TEST(ScoreRulesTest, APolicyHasItsOwn) {
  PolicyBuilder builder;
  builder.score_rules.clear();
  for (int i = 0; i < 32; ++i) {
    builder.score_rules.push_back({3, i % 21, false, i % 22});
  }
  const absl::StatusOr<Policy> policy = builder.Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  Assessment a;
  a.level[3] = 6;
  a.by_decision_maker = 8;  // 20 points
  EXPECT_EQ(*BrokenScoreRules(*policy, a, 0), 0xffffffffU);
  EXPECT_EQ(*BrokenScoreRules(*policy, a, Bits(0, 21)), 0U);
  a.by_decision_maker = 0;  // 6 points
  EXPECT_EQ(*BrokenScoreRules(*policy, a, 0), 0x7fU | 0x7fU << 21);
  builder.score_rules.clear();
  EXPECT_EQ(*BrokenScoreRules(builder.Build().value(), a, 0), 0U);
}

TEST(ScoreRulesTest, BadAssessmentsAreRefusedAsForStrength) {
  Assessment a;
  a.level[2] = 4;
  EXPECT_THAT(BrokenScoreRules(Policy(), a, 0),
              Refused(Reason::kUnknownLevel, HasSubstr("Vision level 4")));
  a.level[2] = 0;
  a.by_decision_maker = 2;
  EXPECT_THAT(BrokenScoreRules(Policy(), a, 0),
              RefusedFor(Reason::kReservedNotZero));
}

}  // namespace
}  // namespace fivek
