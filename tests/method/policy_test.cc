#include "fivek/method/policy.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::HasSubstr;
using testing::StartsWith;
using Change = std::function<void(PolicyBuilder*)>;

// FNV-1a as its authors state it, so that the hash can be recomputed by
// anybody.
uint64_t HashOracle(const std::string& text) {
  uint64_t hash = 14695981039346656037U;
  for (const char c : text) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  }
  return hash;
}

PolicyBuilder::Item VendorItem() {
  PolicyBuilder::Item item;
  item.stage = 1;
  item.gate = 2;
  item.text = {"budget is named", "已说明预算"};
  return item;
}

// ---- The built-in policy ---------------------------------------------------

TEST(BuiltInPolicyTest, TheStatedHashIsThatOfItsDocument) {
  EXPECT_EQ(Policy().hash(), HashOracle(Policy().ToJson()));
}

TEST(BuiltInPolicyTest, BuilderAndDocumentGiveTheSamePolicy) {
  const Policy built_in;
  const absl::StatusOr<Policy> built = PolicyBuilder().Build();
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(built->hash(), built_in.hash());
  EXPECT_EQ(built->ToJson(), built_in.ToJson());
  const absl::StatusOr<Policy> read = Policy::FromJson(built_in.ToJson());
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->hash(), built_in.hash());
  EXPECT_EQ(read->ToJson(), built_in.ToJson());
  EXPECT_EQ(PolicyBuilder(built_in).Build()->hash(), built_in.hash());
  EXPECT_EQ(PolicyBuilder(*read).Build()->hash(), built_in.hash());
}

// What inner loops read must be the same whichever way the policy was made.
TEST(BuiltInPolicyTest, TablesMadeByTheCompilerEqualThoseThatAreBuilt) {
  const MethodTables& a = Policy().tables();
  const Policy built = PolicyBuilder().Build().value();
  const MethodTables& b = built.tables();
  for (int d = 0; d < kDimensionCount; ++d) {
    EXPECT_EQ(a.levels[d], b.levels[d]);
    EXPECT_EQ(a.top_points[d], b.top_points[d]);
    EXPECT_EQ(a.top_points[d], 20);
    for (int column = 0; column < 2; ++column) {
      for (int level = 0; level < kMaxLevels; ++level) {
        EXPECT_EQ(a.points[d][column][level], b.points[d][column][level]);
      }
    }
  }
  for (int item = 0; item < kEvidenceCount; ++item) {
    EXPECT_EQ(a.rule[item].stage, b.rule[item].stage);
    EXPECT_EQ(a.rule[item].gate, b.rule[item].gate);
    EXPECT_EQ(a.rule[item].witness, b.rule[item].witness);
    EXPECT_EQ(a.rule[item].proof, b.rule[item].proof);
    EXPECT_EQ(a.mode[item], GateMode::kBlocking);
    EXPECT_EQ(b.mode[item], GateMode::kBlocking);
  }
  EXPECT_EQ(a.attached, Bits(0, 21));
  EXPECT_EQ(b.attached, Bits(0, 21));
  EXPECT_EQ(a.waivable, 0U);
  EXPECT_EQ(b.waivable, 0U);
  for (int m = 0; m < kMilestoneCount; ++m) {
    EXPECT_EQ(a.yield_ppm[m], b.yield_ppm[m]);
    EXPECT_EQ(a.needed_through_milestone[m], b.needed_through_milestone[m]);
    EXPECT_EQ(a.advised_for[m], b.advised_for[m]);
  }
  for (int s = 0; s < kStageCount; ++s) {
    EXPECT_EQ(a.needed_through_stage[s], b.needed_through_stage[s]);
  }
  for (int shown_by = 0; shown_by < 8; ++shown_by) {
    for (int proof = 0; proof < 6; ++proof) {
      EXPECT_EQ(a.proven_by[shown_by][proof], b.proven_by[shown_by][proof]);
    }
  }
  EXPECT_EQ(a.unproven, Unproven::kCount);
  EXPECT_EQ(a.rounding, Rounding::kHalfEven);
}

TEST(BuiltInPolicyTest, NeedsWhatTheLadderSays) {
  const MethodTables& t = Policy().tables();
  const EvidenceMask milestone[7] = {0,           Bits(0, 4),  Bits(0, 7),
                                     Bits(0, 12), Bits(0, 14), Bits(0, 17),
                                     Bits(0, 18)};
  for (int m = 0; m < 7; ++m) {
    EXPECT_EQ(t.needed_through_milestone[m], milestone[m]) << m;
  }
  const EvidenceMask stage[6] = {Bits(0, 6),  Bits(0, 10), Bits(0, 12),
                                 Bits(0, 14), Bits(0, 18), Bits(0, 21)};
  for (int s = 0; s < 6; ++s) EXPECT_EQ(t.needed_through_stage[s], stage[s]);
}

TEST(BuiltInPolicyTest, RulesThresholdsAndReasons) {
  const Policy policy;
  // domain.md §7: dimension, points, only by the decision maker, item.
  const int want[5][4] = {
      {1, 9, 0, 5}, {4, 8, 0, 7}, {1, 10, 0, 10}, {0, 0, 1, 8}, {2, 0, 1, 9}};
  ASSERT_EQ(policy.score_rules().size(), 5U);
  for (size_t i = 0; i < 5; ++i) {
    const ScoreRule& rule = policy.score_rules()[i];
    EXPECT_EQ(static_cast<int>(rule.dimension), want[i][0]);
    EXPECT_EQ(rule.least_points, want[i][1]);
    EXPECT_EQ(rule.only_by_decision_maker, want[i][2] == 1);
    EXPECT_EQ(rule.item, want[i][3]);
  }
  EXPECT_EQ(policy.thresholds().claim_tolerance_rungs, 0);
  EXPECT_EQ(policy.thresholds().roles_met, 2);
  EXPECT_TRUE(policy.waiver_reasons().empty());
}

TEST(PolicyTest, IsReadThroughConstAndCheapToCopy) {
  static_assert(std::is_nothrow_default_constructible<Policy>::value,
                "the built-in policy allocates nothing");
  static_assert(std::is_nothrow_move_constructible<Policy>::value, "");
  // All members that read are const: many threads may use one policy.
  const Policy original = [] {
    PolicyBuilder builder;
    builder.name = "ours";
    return builder.Build().value();
  }();
  const char* label = nullptr;
  uint64_t hash = 0;
  {
    const Policy copy = original;  // NOLINT: the copy is what is tested.
    EXPECT_EQ(&copy.tables(), &original.tables()) << "shared, not copied";
    label = copy.Label(LabelSet::kEvidence, 3, Language::kEnglish);
    hash = copy.hash();
  }
  EXPECT_STREQ(label, "sponsor holds a valuable buying vision");
  EXPECT_EQ(hash, original.hash());
}

// Under the thread sanitizer this shows that const means safe to share.
TEST(PolicyTest, ManyThreadsUseOnePolicy) {
  PolicyBuilder builder;
  builder.name = "shared";
  const Policy policy = builder.Build().value();
  std::vector<std::thread> threads;
  std::vector<uint64_t> seen(4);
  for (size_t i = 0; i < seen.size(); ++i) {
    threads.emplace_back([&policy, &seen, i] {
      for (int round = 0; round < 25; ++round) {
        const Policy mine = policy;  // NOLINT: the copy is what is tested.
        const EvidenceMask mask = Bits(0, static_cast<int>(i) + 4);
        seen[i] = mine.hash() + mine.ToJson().size() +
                  static_cast<uint64_t>(StandingOf(policy, mask).yield_ppm) +
                  static_cast<uint64_t>(mine.Label(LabelSet::kEvidence, 3,
                                                   Language::kEnglish)[0]);
        PolicyBuilder again(mine);
        again.name = "changed";
        seen[i] += again.Build()->hash();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(seen[1], seen[2]) << "both stand at 10 %";
  EXPECT_EQ(policy.hash(), builder.Build()->hash());
}

// ---- The hash --------------------------------------------------------------

// One change of everything that a policy holds.
std::vector<std::pair<const char*, Change>> AllChanges() {
  return {
      {"name", [](auto* b) { b->name = "ours"; }},
      {"sponsor points", [](auto* b) { b->rubric[0][1].sponsor = 3; }},
      {"decision maker points",
       [](auto* b) { b->rubric[0][1].decision_maker = 14; }},
      {"one-column points",
       [](auto* b) {
         b->rubric[1][1].sponsor = b->rubric[1][1].decision_maker = 5;
       }},
      {"level en", [](auto* b) { b->rubric[4][6].seen.en = "done"; }},
      {"level zh", [](auto* b) { b->rubric[4][6].seen.zh = "完成"; }},
      {"stage", [](auto* b) { b->evidence[7].stage = 0; }},
      {"gate", [](auto* b) { b->evidence[7].gate = 3; }},
      {"advisory", [](auto* b) { b->evidence[7].mode = GateMode::kAdvisory; }},
      {"waivable", [](auto* b) { b->evidence[7].mode = GateMode::kWaivable; }},
      {"witness", [](auto* b) { b->evidence[7].witness = Witness::kSponsor; }},
      {"proof",
       [](auto* b) { b->evidence[7].proof = ProofDemand::kSignedOrRecorded; }},
      {"contract's proof",
       [](auto* b) { b->evidence[18].proof = ProofDemand::kOutsideTheSeller; }},
      {"prerequisite", [](auto* b) { b->evidence[7].prerequisites = {2}; }},
      {"prerequisites",
       [](auto* b) {
         b->evidence[7].prerequisites = {2, 3};
       }},
      {"item en", [](auto* b) { b->evidence[7].text.en = "met"; }},
      {"item zh", [](auto* b) { b->evidence[7].text.zh = "见过"; }},
      {"vendor item", [](auto* b) { b->evidence[22] = VendorItem(); }},
      {"other vendor item", [](auto* b) { b->evidence[31] = VendorItem(); }},
      {"waiver reason",
       [](auto* b) {
         b->waiver_reasons = {{1, "a", "甲"}};
       }},
      {"waiver code",
       [](auto* b) {
         b->waiver_reasons = {{2, "a", "甲"}};
       }},
      {"waiver en",
       [](auto* b) {
         b->waiver_reasons = {{1, "b", "甲"}};
       }},
      {"waiver zh",
       [](auto* b) {
         b->waiver_reasons = {{1, "a", "乙"}};
       }},
      {"yield", [](auto* b) { b->ladder[2] = 250'001; }},
      {"unproven", [](auto* b) { b->unproven = Unproven::kRequire; }},
      {"no rules", [](auto* b) { b->score_rules.clear(); }},
      {"rule's dimension", [](auto* b) { b->score_rules[0].dimension = 4; }},
      {"rule's points", [](auto* b) { b->score_rules[0].least_points = 8; }},
      {"rule's item", [](auto* b) { b->score_rules[0].item = 6; }},
      {"rule's person",
       [](auto* b) { b->score_rules[3].only_by_decision_maker = false; }},
      {"order of rules",
       [](auto* b) { std::swap(b->score_rules[0], b->score_rules[1]); }},
      {"tolerance", [](auto* b) { b->thresholds.claim_tolerance_rungs = 1; }},
      {"roles met", [](auto* b) { b->thresholds.roles_met = 3; }},
      {"label",
       [](auto* b) {
         b->labels[{LabelSet::kStage, 1}] = {"a", "甲"};
       }},
      {"label of another code",
       [](auto* b) {
         b->labels[{LabelSet::kStage, 2}] = {"a", "甲"};
       }},
      {"label of another set",
       [](auto* b) {
         b->labels[{LabelSet::kAction, 1}] = {"a", "甲"};
       }},
      {"currency", [](auto* b) { b->currencies["XBT"] = 4; }},
      {"decimals", [](auto* b) { b->currencies["XBT"] = 3; }},
      {"rounding", [](auto* b) { b->rounding = Rounding::kHalfAwayFromZero; }},
  };
}

TEST(PolicyHashTest, AnyChangeChangesItAndSurvivesTheDocument) {
  std::set<uint64_t> hashes = {Policy().hash()};
  for (const auto& [what, change] : AllChanges()) {
    PolicyBuilder builder;
    change(&builder);
    const absl::StatusOr<Policy> policy = builder.Build();
    ASSERT_TRUE(policy.ok()) << what << ": " << policy.status();
    EXPECT_TRUE(hashes.insert(policy->hash()).second) << what;
    EXPECT_EQ(policy->hash(), HashOracle(policy->ToJson())) << what;
    const absl::StatusOr<Policy> read = Policy::FromJson(policy->ToJson());
    ASSERT_TRUE(read.ok()) << what << ": " << read.status();
    EXPECT_EQ(read->hash(), policy->hash()) << what;
    EXPECT_EQ(PolicyBuilder(*policy).Build()->hash(), policy->hash()) << what;
  }
}

TEST(PolicyHashTest, SayingTheSameInAnotherOrderDoesNotChangeIt) {
  PolicyBuilder a;
  a.evidence[7].prerequisites = {5, 2, 3};
  a.waiver_reasons = {{9, "i", "九"}, {1, "a", "一"}};
  PolicyBuilder b;
  b.evidence[7].prerequisites = {2, 3, 5};
  b.waiver_reasons = {{1, "a", "一"}, {9, "i", "九"}};
  EXPECT_EQ(a.Build()->hash(), b.Build()->hash());
}

// ---- What a policy says ----------------------------------------------------

TEST(PolicyLabelTest, BuiltInIsTheBuiltInWord) {
  const Policy policy;
  for (int set = 0; set < kLabelSetCount; ++set) {
    const auto s = static_cast<LabelSet>(set);
    for (int32_t code = -1; code < 45; ++code) {
      for (const Language language : {Language::kEnglish, Language::kChinese}) {
        EXPECT_EQ(policy.Label(s, code, language), Label(s, code, language));
      }
    }
  }
}

TEST(PolicyLabelTest, OwnWordsAreSaidAndOthersStay) {
  PolicyBuilder builder;
  builder.labels[{LabelSet::kMilestone, 3}] = {"power reached", "见到决策者"};
  builder.evidence[22] = VendorItem();
  builder.evidence[0].text = {"gap is named", "差距已说明"};
  builder.rubric[1][7].seen = {"agreed", "同意"};
  const absl::StatusOr<Policy> policy = builder.Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  const auto say = [&policy](LabelSet set, int32_t code, Language language) {
    return policy->Label(set, code, language);
  };
  constexpr Language kEn = Language::kEnglish;
  constexpr Language kZh = Language::kChinese;
  EXPECT_STREQ(say(LabelSet::kMilestone, 3, kEn), "power reached");
  EXPECT_STREQ(say(LabelSet::kMilestone, 3, kZh), "见到决策者");
  EXPECT_STREQ(say(LabelSet::kMilestone, 2, kEn), "qualified sponsor");
  EXPECT_STREQ(say(LabelSet::kEvidence, 22, kEn), "budget is named");
  EXPECT_STREQ(say(LabelSet::kEvidence, 22, kZh), "已说明预算");
  EXPECT_STREQ(say(LabelSet::kEvidence, 0, kEn), "gap is named");
  EXPECT_STREQ(say(LabelSet::kEvidence, 1, kZh), "潜在问题与痛苦已找到");
  EXPECT_EQ(say(LabelSet::kEvidence, 23, kEn), nullptr);
  EXPECT_STREQ(say(LabelSet::kLevelPower, 7, kZh), "同意");
  EXPECT_STREQ(say(LabelSet::kLevelPower, 0, kEn),
               "the decision maker is unknown");
  for (const int32_t code : {-1, 8, std::numeric_limits<int32_t>::min(),
                             std::numeric_limits<int32_t>::max()}) {
    EXPECT_EQ(say(LabelSet::kLevelPower, code, kEn), nullptr);
    EXPECT_EQ(say(LabelSet::kMilestone, code, kEn), nullptr);
    EXPECT_EQ(say(LabelSet::kEvidence, code == 8 ? 32 : code, kEn), nullptr);
  }
  EXPECT_EQ(say(static_cast<LabelSet>(99), 0, kEn), nullptr);
}

TEST(PolicyCurrencyTest, OwnDecimalsComeFirst) {
  PolicyBuilder builder;
  builder.currencies = {{"XBT", 4}, {"HUF", 0}};
  const absl::StatusOr<Policy> policy = builder.Build();
  ASSERT_TRUE(policy.ok()) << policy.status();
  const auto code = [](const char* c) { return *Currency::FromCode(c); };
  EXPECT_EQ(policy->MinorDigitsOf(code("XBT")).value(), 4);
  EXPECT_EQ(policy->MinorDigitsOf(code("HUF")).value(), 0);
  EXPECT_EQ(policy->MinorDigitsOf(code("USD")).value(), 2);
  EXPECT_EQ(Policy().MinorDigitsOf(code("HUF")).value(), 2);
  EXPECT_THAT(Policy().MinorDigitsOf(code("XBT")),
              RefusedFor(Reason::kUnknownCurrency));
}

TEST(PolicyTest, ProofIsThePolicysToDemand) {
  PolicyBuilder builder;
  builder.evidence[0].witness = Witness::kDecisionMaker;
  builder.evidence[8].witness = Witness::kAnyone;
  builder.evidence[8].proof = ProofDemand::kSignedOrRecorded;
  const Policy policy = builder.Build().value();
  const auto& proven_by = policy.tables().proven_by;
  EXPECT_EQ(proven_by[1][3] & Bit(0), 0U);
  EXPECT_NE(proven_by[2][3] & Bit(0), 0U);
  EXPECT_EQ(proven_by[2][3] & Bit(8), 0U);
  EXPECT_NE(proven_by[7][4] & Bit(8), 0U);
}

// ---- What Build refuses ----------------------------------------------------

struct RefusalCase {
  const char* name;
  Change change;
  Reason reason;
  const char* path;  // The message starts with it, and a colon.
  const char* says;
};
void PrintTo(const RefusalCase& c, std::ostream* os) { *os << c.name; }

std::vector<RefusalCase> Refusals() {
  constexpr Reason kValue = Reason::kPolicyValue;
  constexpr Reason kPoints = Reason::kPointsNotMonotone;
  using B = PolicyBuilder;
  // clang-format off
  return {
      {"PointsBelowZero",     [](B* b) { b->rubric[0][0].sponsor = -1; },  kValue,  "/rubric/problem/0/sponsor", "-1"},
      {"PointsAboveTwenty",   [](B* b) { b->rubric[2][3].decision_maker = 21; }, kValue, "/rubric/vision/3/decision_maker", "0 to 20"},
      {"OneColumnAboveTwenty",[](B* b) { b->rubric[1][7] = {21, 21, {}}; }, kValue, "/rubric/power/7/points", "21"},
      {"SponsorPointsFall",   [](B* b) { b->rubric[0][2].sponsor = 1; },   kPoints, "/rubric/problem/2/sponsor", "1 points after 2"},
      {"MakerPointsFall",     [](B* b) { b->rubric[3][1].decision_maker = 7; }, kPoints, "/rubric/value/1/decision_maker", "7"},
      {"OneColumnFalls",      [](B* b) { b->rubric[4][2] = {3, 3, {}}; },  kPoints, "/rubric/control/2/points", "3 points after 4"},
      {"MakerBelowSponsor",   [](B* b) { b->rubric[0][0].sponsor = 13; },  kPoints, "/rubric/problem/0/decision_maker", "below the sponsor"},
      {"TwoNumbersInOneColumn", [](B* b) { b->rubric[1][7].sponsor = 19; }, kPoints, "/rubric/power/7/points", "one column"},
      {"LevelDropped",        [](B* b) { b->rubric[1].pop_back(); },       kValue,  "/rubric/power", "7 levels; allowed: exactly 8"},
      {"LevelAdded",          [](B* b) { b->rubric[2].push_back({6, 20, {}}); }, kValue, "/rubric/vision", "exactly 4"},
      {"NoLevels",            [](B* b) { b->rubric[3].clear(); },          kValue,  "/rubric/value", "0 levels"},
      {"ItemDropped",         [](B* b) { b->evidence.erase(3); },          kValue,  "/evidence", "evidence 3 is missing"},
      {"ContractDropped",     [](B* b) { b->evidence.erase(18); },         kValue,  "/evidence", "evidence 18"},
      {"ItemTooHigh",         [](B* b) { b->evidence[32] = VendorItem(); },  kValue, "/evidence/32", "0 to 31"},
      {"ItemBelowZero",       [](B* b) { b->evidence[-1] = VendorItem(); },  kValue, "/evidence/-1", "0 to 31"},
      {"StageTooHigh",        [](B* b) { b->evidence[3].stage = 5; },      kValue,  "/evidence/3/stage", "0 to 4"},
      {"StageBelowZero",      [](B* b) { b->evidence[3].stage = -1; },     kValue,  "/evidence/3/stage", "-1"},
      {"GateTooHigh",         [](B* b) { b->evidence[3].gate = 6; },       kValue,  "/evidence/3/gate", "1 to 5"},
      {"ItemWithoutGate",     [](B* b) { b->evidence[3].gate = 0; },       kValue,  "/evidence/3/gate", "1 to 5"},
      {"VendorGateTooHigh",   [](B* b) { b->evidence[22] = VendorItem(); b->evidence[22].gate = 6; }, kValue, "/evidence/22/gate", "0 to 5"},
      {"VendorStageTooHigh",  [](B* b) { b->evidence[31] = VendorItem(); b->evidence[31].stage = 5; }, kValue, "/evidence/31/stage", "0 to 4"},
      {"ContractGate",        [](B* b) { b->evidence[18].gate = 5; },      kValue,  "/evidence/18/gate", "last gate"},
      {"ContractStage",       [](B* b) { b->evidence[18].stage = 3; },     kValue,  "/evidence/18/", "stage 4"},
      {"ContractMode",        [](B* b) { b->evidence[18].mode = GateMode::kWaivable; }, kValue, "/evidence/18/", "blocking"},
      {"ContractNeedsAnItem", [](B* b) { b->evidence[18].prerequisites = {3}; }, kValue, "/evidence/18/", "no other item"},
      {"AfterSalesGate",      [](B* b) { b->evidence[19].gate = 5; },      kValue,  "/evidence/19/gate", "19-21"},
      {"AfterSalesStage",     [](B* b) { b->evidence[20].stage = 4; },     kValue,  "/evidence/20/", "stage 5"},
      {"AfterSalesMode",      [](B* b) { b->evidence[21].mode = GateMode::kAdvisory; }, kValue, "/evidence/21/", "19-21"},
      {"AfterSalesNeedsAnItem", [](B* b) { b->evidence[21].prerequisites = {20}; }, kValue, "/evidence/21/", "no other item"},
      {"NeedsAnUnknownItem",  [](B* b) { b->evidence[3].prerequisites = {0, 22}; }, kValue, "/evidence/3/requires/1", "evidence 22"},
      {"NeedsTheContract",    [](B* b) { b->evidence[3].prerequisites = {18}; }, kValue, "/evidence/3/requires/0", "evidence 18"},
      {"NeedsAfterSales",     [](B* b) { b->evidence[3].prerequisites = {19}; }, kValue, "/evidence/3/requires/0", "evidence 19"},
      {"NeedsANegativeItem",  [](B* b) { b->evidence[3].prerequisites = {-1}; }, kValue, "/evidence/3/requires/0", "-1"},
      {"NeedsAnItemTwice",    [](B* b) { b->evidence[3].prerequisites = {1, 1}; }, kValue, "/evidence/3/requires/1", "twice"},
      {"NeedsItself",         [](B* b) { b->evidence[3].prerequisites = {3}; }, Reason::kGateCycle, "/evidence/3/requires", "3 -> 3"},
      {"CircleOfTwo",         [](B* b) { b->evidence[3].prerequisites = {4}; b->evidence[4].prerequisites = {3}; }, Reason::kGateCycle, "/evidence/3/requires", "3 -> 4 -> 3"},
      {"CircleOfThree",       [](B* b) { b->evidence[3].prerequisites = {4}; b->evidence[4].prerequisites = {9}; b->evidence[9].prerequisites = {1, 3}; }, Reason::kGateCycle, "/evidence/3/requires", "4 -> 9"},
      {"CircleBeyondAChain",  [](B* b) { b->evidence[0].prerequisites = {1}; b->evidence[1].prerequisites = {2}; b->evidence[2].prerequisites = {1}; }, Reason::kGateCycle, "/evidence/1/requires", "1 -> 2 -> 1"},
      {"EmptyMilestone",      [](B* b) { b->evidence[13].mode = b->evidence[14].mode = GateMode::kAdvisory; }, kValue, "/evidence", "milestone 4 waits for no item"},
      {"EmptyStage",          [](B* b) { b->evidence[11].stage = b->evidence[12].stage = 1; }, kValue, "/evidence", "stage 2 waits for no item"},
      {"YieldsFall",          [](B* b) { b->ladder[3] = 249'999; },        Reason::kYieldFalls, "/ladder/3/yield_ppm", "249999 after 250000"},
      {"YieldTooHigh",        [](B* b) { b->ladder[5] = 1'000'001; },      kValue,  "/ladder/5/yield_ppm", "0 to 1000000"},
      {"YieldBelowZero",      [](B* b) { b->ladder[0] = -1; },             kValue,  "/ladder/0/yield_ppm", "-1"},
      {"WonIsCertain",        [](B* b) { b->ladder[6] = 999'999; },        kValue,  "/ladder/6/yield_ppm", "1000000"},
      {"WaiverCodeBelowZero", [](B* b) { b->waiver_reasons = {{-1, "a", "b"}}; }, kValue, "/waiver_reasons/-1", "0 or more"},
      {"WaiverCodeTwice",     [](B* b) { b->waiver_reasons = {{1, "a", "b"}, {2, "a", "b"}, {1, "c", "d"}}; }, kValue, "/waiver_reasons/1", "twice"},
      {"TooManyRules",        [](B* b) { b->score_rules.resize(33); },     kValue,  "/score_rules", "33 rules; allowed: 32"},
      {"RuleOfNoDimension",   [](B* b) { b->score_rules[1].dimension = 5; }, kValue, "/score_rules/1/dimension", "0 to 4"},
      {"RuleBelowZero",       [](B* b) { b->score_rules[1].dimension = -1; }, kValue, "/score_rules/1/dimension", "-1"},
      {"RulePointsTooHigh",   [](B* b) { b->score_rules[2].least_points = 21; }, kValue, "/score_rules/2/least_points", "0 to 20"},
      {"RulePointsBelowZero", [](B* b) { b->score_rules[2].least_points = -1; }, kValue, "/score_rules/2/least_points", "-1"},
      {"RuleByNobody",        [](B* b) { b->score_rules[0].only_by_decision_maker = true; }, kValue, "/score_rules/0/only_by_decision_maker", "one column"},
      {"RuleOfUnknownItem",   [](B* b) { b->score_rules[0].item = 22; },   kValue,  "/score_rules/0/evidence", "22"},
      {"ToleranceBelowZero",  [](B* b) { b->thresholds.claim_tolerance_rungs = -1; }, kValue, "/thresholds/claim_tolerance_rungs", "0 to 6"},
      {"ToleranceTooHigh",    [](B* b) { b->thresholds.claim_tolerance_rungs = 7; }, kValue, "/thresholds/claim_tolerance_rungs", "7"},
      {"RolesBelowZero",      [](B* b) { b->thresholds.roles_met = -1; },  kValue,  "/thresholds/roles_met", "0 to 5"},
      {"RolesTooMany",        [](B* b) { b->thresholds.roles_met = 6; },   kValue,  "/thresholds/roles_met", "6"},
      {"LabelOfNoCode",       [](B* b) { b->labels[{LabelSet::kStage, 6}] = {"a", "b"}; }, kValue, "/labels/stage/6", "no such code"},
      {"LabelOfNoSet",        [](B* b) { b->labels[{static_cast<LabelSet>(kLabelSetCount), 0}] = {"a", "b"}; }, kValue, "/labels/?/0", "no such code"},
      {"LabelOfEvidence",     [](B* b) { b->labels[{LabelSet::kEvidence, 0}] = {"a", "b"}; }, kValue, "/labels/evidence/0", "own sections"},
      {"LabelOfALevel",       [](B* b) { b->labels[{LabelSet::kLevelControl, 0}] = {"a", "b"}; }, kValue, "/labels/level.control/0", "own sections"},
      {"CurrencyNotACode",    [](B* b) { b->currencies["usd"] = 2; },      kValue,  "/currencies/usd", "three capital letters"},
      {"DecimalsTooMany",     [](B* b) { b->currencies["XBT"] = 5; },      kValue,  "/currencies/XBT", "0 to 4"},
      {"DecimalsBelowZero",   [](B* b) { b->currencies["XBT"] = -1; },     kValue,  "/currencies/XBT", "-1"},
  };
  // clang-format on
}

class BuildRefusesTest : public testing::TestWithParam<RefusalCase> {};

TEST_P(BuildRefusesTest, AndNamesThePlace) {
  const RefusalCase& c = GetParam();
  PolicyBuilder builder;
  c.change(&builder);
  EXPECT_THAT(
      builder.Build(),
      Refused(c.reason, testing::AllOf(StartsWith(c.path), HasSubstr(": "),
                                       HasSubstr(c.says))));
}
INSTANTIATE_TEST_SUITE_P(Policy, BuildRefusesTest,
                         testing::ValuesIn(Refusals()), [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(BuildTest, WhatIsJustAllowedIsAllowed) {
  const std::vector<Change> changes = {
      [](PolicyBuilder* b) { b->ladder.fill(1'000'000); },
      [](PolicyBuilder* b) { b->ladder = {0, 0, 0, 0, 0, 0, 1'000'000}; },
      [](PolicyBuilder* b) {
        for (auto& level : b->rubric[0]) level.sponsor = level.decision_maker;
      },
      [](PolicyBuilder* b) {
        for (auto& level : b->rubric[0]) {
          level.sponsor = level.decision_maker = 0;
        }
      },
      [](PolicyBuilder* b) { b->score_rules.resize(32); },
      [](PolicyBuilder* b) {
        b->thresholds = {6, 5};
      },
      [](PolicyBuilder* b) {
        b->thresholds = {0, 0};
      },
      [](PolicyBuilder* b) {
        b->waiver_reasons = {{std::numeric_limits<int32_t>::max(), "", ""}};
      },
      [](PolicyBuilder* b) {
        for (int32_t code = 22; code < 32; ++code) {
          b->evidence[code] = VendorItem();
        }
      },
      [](PolicyBuilder* b) {
        // A long chain, over items that gate nothing too.
        for (int32_t code = 1; code < 18; ++code) {
          b->evidence[code].prerequisites = {code - 1};
        }
        b->evidence[22] = VendorItem();
        b->evidence[22].gate = 0;
        b->evidence[0].prerequisites = {22};
      },
      [](PolicyBuilder* b) { b->evidence[0].mode = GateMode::kAdvisory; },
      [](PolicyBuilder* b) {
        // Two ways to the same item are no circle.
        b->evidence[0].prerequisites = {1, 2};
        b->evidence[1].prerequisites = {3};
        b->evidence[2].prerequisites = {1, 3};
      },
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    PolicyBuilder builder;
    changes[i](&builder);
    const absl::StatusOr<Policy> policy = builder.Build();
    ASSERT_TRUE(policy.ok()) << i << ": " << policy.status();
    const absl::StatusOr<Policy> read = Policy::FromJson(policy->ToJson());
    ASSERT_TRUE(read.ok()) << i << ": " << read.status();
    EXPECT_EQ(read->hash(), policy->hash()) << i;
  }
}

// Every text of a policy.
std::vector<std::pair<const char*, std::function<std::string*(PolicyBuilder*)>>>
AllTexts() {
  return {
      {"name", [](PolicyBuilder* b) { return &b->name; }},
      {"level", [](PolicyBuilder* b) { return &b->rubric[2][1].seen.en; }},
      {"item", [](PolicyBuilder* b) { return &b->evidence[5].text.zh; }},
      {"waiver reason",
       [](PolicyBuilder* b) {
         b->waiver_reasons = {{1, "a", "b"}};
         return &b->waiver_reasons[0].en;
       }},
      {"label",
       [](PolicyBuilder* b) {
         return &(b->labels[{LabelSet::kStage, 0}] = {"a", "b"}).zh;
       }},
  };
}

TEST(BuildTest, AnyUtf8TextIsKept) {
  for (const auto& [what, text] : AllTexts()) {
    for (const std::string& value :
         {std::string(), std::string("\"\\/\b\f\n\r\t\x01\x1f\x7f"),
          std::string("里程碑 \xf0\x9f\x8e\xaf \xef\xbf\xbd"),
          std::string(10'000, 'x')}) {
      PolicyBuilder builder;
      *text(&builder) = value;
      const absl::StatusOr<Policy> policy = builder.Build();
      ASSERT_TRUE(policy.ok()) << what << ": " << policy.status();
      const absl::StatusOr<Policy> read = Policy::FromJson(policy->ToJson());
      ASSERT_TRUE(read.ok()) << what << ": " << read.status();
      EXPECT_EQ(read->hash(), policy->hash()) << what;
    }
  }
}

TEST(BuildTest, TextThatIsNotUtf8IsRefused) {
  for (const auto& [what, text] : AllTexts()) {
    for (const char* const value :
         {"\xff", "\xc3", "\xe4\xb8", "\xc0\xaf", "\xed\xa0\x80", "a\x80z",
          "\xf5\x80\x80\x80"}) {
      PolicyBuilder builder;
      *text(&builder) = value;
      EXPECT_THAT(builder.Build(),
                  Refused(Reason::kMalformedText, HasSubstr("UTF-8")))
          << what;
    }
  }
}

// A label is a C string, so a NUL would cut it; the document refuses it too.
TEST(BuildTest, TextWithANulIsRefused) {
  for (const auto& [what, text] : AllTexts()) {
    PolicyBuilder builder;
    *text(&builder) = std::string("a\0b", 3);
    EXPECT_THAT(builder.Build(),
                Refused(Reason::kPolicyValue, HasSubstr("NUL")))
        << what;
  }
}

// Numbers of enumerators from elsewhere, as a cast makes them.
TEST(BuildTest, EnumeratorsFromElsewhereAreRefused) {
  const std::vector<std::pair<const char*, Change>> changes = {
      {"/evidence/3/mode",
       [](auto* b) { b->evidence[3].mode = static_cast<GateMode>(3); }},
      {"/evidence/18/witness",
       [](auto* b) { b->evidence[18].witness = static_cast<Witness>(3); }},
      {"/evidence/3/proof",
       [](auto* b) { b->evidence[3].proof = static_cast<ProofDemand>(255); }},
      {"/unproven", [](auto* b) { b->unproven = static_cast<Unproven>(2); }},
      {"/rounding", [](auto* b) { b->rounding = static_cast<Rounding>(2); }},
  };
  for (const auto& [path, change] : changes) {
    PolicyBuilder builder;
    change(&builder);
    EXPECT_THAT(builder.Build(),
                Refused(Reason::kPolicyValue, StartsWith(path)));
  }
}

}  // namespace
}  // namespace fivek
