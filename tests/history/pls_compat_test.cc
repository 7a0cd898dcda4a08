#include "fivek/history/pls_compat.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "bench/seeded.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::HasSubstr;

struct Lead {
  uint32_t team = 0, stage = 0;
  std::vector<uint32_t> value;
  std::vector<uint32_t> tag;
  bool won = false;

  PlsLead Look() const { return {team, stage, value, tag}; }
};

PlsCompat Make(size_t fields, uint32_t stages, bool clamp = false) {
  PlsOptions options;
  options.fields = fields;
  options.stages = stages;
  options.clamp = clamp;
  return *PlsCompat::Create(options);
}

PlsCompat Make(const std::vector<Lead>& leads, size_t fields, uint32_t stages) {
  PlsCompat pls = Make(fields, stages);
  for (const Lead& lead : leads) {
    EXPECT_TRUE(pls.Add(lead.Look(), lead.won).ok());
  }
  return pls;
}

double Raw(const PlsCompat& pls, const Lead& lead) {
  const auto p = pls.Probability(lead.Look());
  EXPECT_TRUE(p.ok() && p->has_value());
  return (*p)->raw_percent;
}

// Three fields, four stages of which the last is the won one; the values that
// were published for these leads.
TEST(PlsCompatTest, Published) {
  const std::vector<Lead> closed = {
      {1, 0, {0, 0, 0}, {}, false}, {1, 1, {1, 1, 1}, {}, false},
      {1, 2, {2, 2, 2}, {}, true},  {2, 2, {0, 1, 1}, {}, false},
      {2, 1, {0, 1, 2}, {}, false}, {2, 0, {0, 2, 2}, {}, true},
      {3, 2, {1, 1, 1}, {}, true},  {3, 0, {0, 1, 0}, {}, false},
      {3, 0, {1, 2, 2}, {}, false},
  };
  Lead open = {1, 1, {0, 1, 2}, {}, false};
  const PlsCompat pls = Make(closed, 3, 4);
  EXPECT_NEAR(Raw(pls, open), 33.48654153, 5e-9);
  EXPECT_EQ((*pls.Probability(open.Look()))->percent, 33.49);
  open.team = 2;
  EXPECT_NEAR(Raw(pls, open), 7.73522404, 5e-9);
  EXPECT_EQ((*pls.Probability(open.Look()))->percent, 7.74);
  open.team = 3;
  EXPECT_NEAR(Raw(pls, open), 35.09015257, 5e-9);
  open.team = kPlsNoTeam;  // All teams.
  EXPECT_NEAR(Raw(pls, open), 35.19065000, 5e-9);
  open.team = 99;  // Has no closed leads.
  EXPECT_NEAR(Raw(pls, open), 35.19065000, 5e-9);
}

TEST(PlsCompatTest, CountsAsTheyAreRead) {
  const PlsCompat pls =
      Make({{1, 1, {7}, {4, 4}, false}, {1, 0, {7}, {}, true}}, 1, 3);
  const std::vector<PlsCount> counts = pls.Counts();
  struct Want {
    int32_t field;
    uint32_t value;
    double won, lost;
  };
  const Want want[] = {
      {kPlsStageField, 0, 1.1, 1.1}, {kPlsStageField, 1, 1.1, 1.1},
      {kPlsStageField, 2, 1.1, 0.1},  // Not where it was lost before.
      {kPlsTagField, 4, 0.1, 1.1},   {0, 7, 1.1, 1.1},
  };
  ASSERT_EQ(counts.size(), 5);
  for (size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(counts[i].team, 1U);
    EXPECT_EQ(counts[i].field, want[i].field);
    EXPECT_EQ(counts[i].value, want[i].value);
    EXPECT_EQ(counts[i].won, want[i].won);
    EXPECT_EQ(counts[i].lost, want[i].lost);
  }
}

std::vector<Lead> RandomLeads(uint64_t seed, size_t n) {
  SplitMix64 random(seed);
  std::vector<Lead> leads;
  for (size_t i = 0; i < n; ++i) {
    Lead lead;
    lead.team = random.Below(4) == 0 ? kPlsNoTeam : random.Below(3);
    lead.stage = random.Below(4);
    for (int f = 0; f < 3; ++f) {
      const uint32_t value = random.Below(6);
      lead.value.push_back(value == 5 ? kPlsNoValue : value);
    }
    for (uint32_t t = random.Below(3); t > 0; --t) {
      lead.tag.push_back(random.Below(4));
    }
    lead.won = random.Below(3) == 0;
    leads.push_back(lead);
  }
  return leads;
}

// Adds, takes back and adds again in any order: the same as a rebuild.
TEST(PlsCompatTest, UpdatesAreARebuild) {
  SplitMix64 random(1);
  for (uint64_t seed = 1; seed < 6; ++seed) {
    const std::vector<Lead> leads = RandomLeads(seed, 400);
    const std::vector<Lead> gone = RandomLeads(seed + 100, 150);
    std::vector<Lead> kept = leads;
    std::reverse(kept.begin(), kept.end());
    const PlsCompat rebuilt = Make(kept, 3, 4);
    PlsCompat updated = Make(gone, 3, 4);
    for (size_t i = 0; i < leads.size(); ++i) {
      EXPECT_TRUE(updated.Add(leads[i].Look(), leads[i].won).ok());
      if (i < gone.size()) {
        EXPECT_TRUE(updated.Remove(gone[i].Look(), gone[i].won).ok());
      }
    }
    const auto a = rebuilt.Counts();
    const auto b = updated.Counts();
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) {
      EXPECT_EQ(a[i].value, b[i].value);
      EXPECT_EQ(a[i].won, b[i].won);
      EXPECT_EQ(a[i].lost, b[i].lost);
    }
    for (const Lead& lead : gone)
      EXPECT_EQ(Raw(rebuilt, lead), Raw(updated, lead));
  }
}

// The product as it is described, from the counts.
TEST(PlsCompatTest, AsTheProductSays) {
  const std::vector<Lead> leads = RandomLeads(9, 500);
  PlsOptions options;
  options.fields = 3;
  options.stages = 4;
  options.least_tag_leads = 30;
  PlsCompat pls = *PlsCompat::Create(options);
  for (const Lead& lead : leads) {
    ASSERT_TRUE(pls.Add(lead.Look(), lead.won).ok());
  }
  const std::vector<PlsCount> counts = pls.Counts();
  for (const Lead& lead : RandomLeads(10, 50)) {
    const auto in_team = [&lead](const PlsCount& c) {
      return lead.team == kPlsNoTeam || c.team == lead.team;
    };
    const auto total = [&](int32_t field, uint32_t value, bool any) {
      std::pair<double, double> sum = {0.0, 0.0};
      for (const PlsCount& c : counts) {
        if (!in_team(c) || c.field != field || (!any && c.value != value)) {
          continue;
        }
        sum.first += c.won;
        sum.second += c.lost;
      }
      return sum;
    };
    const auto first = total(kPlsStageField, 0, false);
    double won = first.first / (first.first + first.second);
    double lost = first.second / (first.first + first.second);
    const auto stage = total(kPlsStageField, lead.stage, false);
    won *= stage.first / first.first;
    lost *= stage.second / first.second;
    const auto multiply = [&](int32_t field, uint32_t value) {
      const auto count = total(field, value, false);
      if (count.first == 0.0) return;
      const auto sum = total(field, value, true);
      won *= count.first / sum.first;
      lost *= count.second / sum.second;
    };
    for (int32_t f = 0; f < 3; ++f) {
      const uint32_t value = lead.value[static_cast<size_t>(f)];
      if (value != kPlsNoValue) multiply(f, value);
    }
    std::vector<uint32_t> tags = lead.tag;
    std::sort(tags.begin(), tags.end());
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    for (const uint32_t tag : tags) {
      const auto count = total(kPlsTagField, tag, false);
      if (std::floor(count.first) + std::floor(count.second) < 30) continue;
      multiply(kPlsTagField, tag);
    }
    EXPECT_NEAR(Raw(pls, lead), 100 * won / (won + lost), 1e-9);
  }
}

TEST(PlsCompatTest, FewTagsAreLeftOut) {
  std::vector<Lead> leads;
  for (uint32_t i = 0; i < 60; ++i) {
    leads.push_back({1, 0, {}, {i < 49 ? 1U : 2U}, i < 40});
  }
  PlsCompat pls = Make(leads, 0, 2);
  const double without = Raw(pls, {1, 0, {}, {}, false});
  EXPECT_EQ(Raw(pls, {1, 0, {}, {1}, false}), without);
  ASSERT_TRUE(pls.Add({1, 0, {}, leads[0].tag}, true).ok());
  EXPECT_GT(Raw(pls, {1, 0, {}, {1}, false}), Raw(pls, {1, 0, {}, {}, false}));
}

TEST(PlsCompatTest, NoLeadsSayNothing) {
  PlsCompat pls = Make(1, 2);
  const std::vector<uint32_t> value = {3};
  EXPECT_FALSE(pls.Probability({1, 0, value, {}})->has_value());
  ASSERT_TRUE(pls.Add({1, 0, value, {}}, true).ok());
  EXPECT_TRUE(pls.Probability({1, 0, value, {}})->has_value());
  ASSERT_TRUE(pls.Remove({1, 0, value, {}}, true).ok());
  EXPECT_FALSE(pls.Probability({1, 0, value, {}})->has_value());
  EXPECT_TRUE(pls.Counts().empty());
}

// Hundreds of fields that agree: sure, but a number, and clamped if asked for.
TEST(PlsCompatTest, Saturates) {
  const std::vector<uint32_t> one(kMostPlsFields, 1);
  const std::vector<uint32_t> two(kMostPlsFields, 2);
  for (const bool clamp : {false, true}) {
    PlsCompat pls = Make(kMostPlsFields, 1, clamp);
    for (int i = 0; i < 1000; ++i) {
      ASSERT_TRUE(pls.Add({1, 0, one, {}}, true).ok());
      ASSERT_TRUE(pls.Add({1, 0, two, {}}, false).ok());
    }
    EXPECT_EQ((*pls.Probability({1, 0, one, {}}))->percent,
              clamp ? 99.99 : 100.0);
    EXPECT_EQ((*pls.Probability({1, 0, two, {}}))->percent, clamp ? 0.01 : 0.0);
  }
}

TEST(PlsCompatTest, Refusals) {
  PlsOptions options;
  options.stages = 0;
  EXPECT_THAT(PlsCompat::Create(options),
              Refused(Reason::kValueRange, HasSubstr("0 stages")));
  options.stages = kMostPlsStages + 1;
  EXPECT_THAT(PlsCompat::Create(options), RefusedFor(Reason::kValueRange));
  options.stages = 1;
  options.fields = kMostPlsFields + 1;
  EXPECT_THAT(PlsCompat::Create(options),
              Refused(Reason::kValueRange, HasSubstr("257 fields")));
  options.fields = 0;
  options.least_tag_leads = -1;
  EXPECT_THAT(PlsCompat::Create(options), RefusedFor(Reason::kValueRange));

  PlsCompat pls = Make(1, 2);
  const std::vector<uint32_t> value = {3};
  const std::vector<uint32_t> tags(kMostPlsTags + 1, 1);
  for (const PlsLead& bad : {PlsLead{1, 2, value, {}}, PlsLead{1, 0, {}, {}},
                             PlsLead{1, 0, value, tags}}) {
    EXPECT_FALSE(pls.Add(bad, true).ok());
    EXPECT_FALSE(pls.Remove(bad, true).ok());
    EXPECT_FALSE(pls.Probability(bad).ok());
  }
  EXPECT_THAT(pls.Add({1, 2, value, {}}, true),
              Refused(Reason::kUnknownCode, HasSubstr("stage 2")));
  EXPECT_THAT(pls.Add({1, 0, {}, {}}, true),
              Refused(Reason::kValueRange, HasSubstr("0 values")));
  EXPECT_THAT(pls.Add({1, 0, value, tags}, true),
              Refused(Reason::kValueRange, HasSubstr("257 tags")));
  EXPECT_TRUE(pls.Counts().empty());
  // What was not added: nothing changes.
  ASSERT_TRUE(pls.Add({1, 0, value, {}}, false).ok());
  const std::vector<uint32_t> other = {4};
  EXPECT_THAT(pls.Remove({1, 0, other, {}}, false),
              Refused(Reason::kEventNotAllowed, HasSubstr("not added")));
  EXPECT_THAT(pls.Remove({1, 0, value, {}}, true),
              RefusedFor(Reason::kEventNotAllowed));
  EXPECT_EQ(pls.Counts().size(), 2);
  EXPECT_EQ(pls.Counts()[0].lost, 1.1);
}

}  // namespace
}  // namespace fivek
