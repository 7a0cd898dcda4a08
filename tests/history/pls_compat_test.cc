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
#include "src/base/fnv1a.h"
#include "tests/history/serial_form.h"
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

// ---- The serialised form ----------------------------------------------------

TEST(PlsCompatTest, ReadsWhatItWrote) {
  PlsOptions options;
  options.fields = 3;
  options.stages = 4;
  options.least_tag_leads = 30;
  options.clamp = true;
  PlsCompat other = *PlsCompat::Create(options);
  for (const Lead& lead : RandomLeads(9, 500)) {
    ASSERT_TRUE(other.Add(lead.Look(), lead.won).ok());
  }
  const std::vector<Lead> leads = RandomLeads(11, 400);
  for (const PlsCompat& pls :
       {Make(leads, 3, 4), Make({leads[0]}, 3, 4), Make(3, 4), other}) {
    const std::string bytes = pls.Serialise();
    absl::StatusOr<PlsCompat> read = PlsCompat::Read(bytes);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->Serialise(), bytes);
    EXPECT_EQ(read->fields(), 3);
    EXPECT_EQ(read->Counts().size(), pls.Counts().size());
    PlsCompat more = pls;
    for (const Lead& lead : RandomLeads(12, 200)) {
      const auto a = *read->Probability(lead.Look());
      const auto b = *more.Probability(lead.Look());
      ASSERT_EQ(a.has_value(), b.has_value());
      if (a.has_value()) {
        EXPECT_EQ(a->raw_percent, b->raw_percent);
        EXPECT_EQ(a->percent, b->percent);
      }
      // What was read counts on as before.
      ASSERT_TRUE(read->Add(lead.Look(), lead.won).ok());
      ASSERT_TRUE(more.Add(lead.Look(), lead.won).ok());
    }
    EXPECT_EQ(read->Serialise(), more.Serialise());
    for (const Lead& lead : RandomLeads(12, 200)) {
      ASSERT_TRUE(read->Remove(lead.Look(), lead.won).ok());
    }
    EXPECT_EQ(read->Serialise(), bytes);
  }
}

TEST(PlsCompatTest, AnyOrderGivesTheSameBytes) {
  std::vector<Lead> leads = RandomLeads(13, 400);
  const std::string want = Make(leads, 3, 4).Serialise();
  SplitMix64 random(3);
  for (int round = 0; round < 3; ++round) {
    for (size_t i = leads.size(); i > 1; --i) {
      std::swap(leads[i - 1], leads[random.Below(static_cast<uint32_t>(i))]);
    }
    EXPECT_EQ(Make(leads, 3, 4).Serialise(), want);
  }
}

// A number that was printed once: other compilers and machines have the same.
TEST(PlsCompatTest, TheSameBytesOnEveryMachine) {
  EXPECT_EQ(Fnv1a64(Make(RandomLeads(14, 1000), 3, 4).Serialise()),
            1396223892839698483U);
}

TEST(PlsCompatTest, RefusesDamagedBytes) {
  ExpectDamageIsSeen(Make(RandomLeads(15, 20), 3, 4).Serialise(),
                     PlsCompat::Read);
  ExpectDamageIsSeen(Make(3, 4).Serialise(), PlsCompat::Read);
}

// Team 1: two won leads, one of them with tag 4; one that was lost in stage 1.
// Team 2: one that was lost in stage 0.
TEST(PlsCompatTest, RefusesNumbersThatCannotBe) {
  const std::string good = Make({{1, 0, {7}, {4}, true},
                                 {1, 0, {8}, {}, true},
                                 {1, 1, {7}, {4}, false},
                                 {2, 0, {kPlsNoValue}, {}, false}},
                                1, 3)
                               .Serialise();
  // The counts: three stages, the tag and two values of team 1, a stage of
  // team 2.
  ASSERT_EQ(good.size(), 48 + 7 * 32 + 8);
  const auto at = [](size_t count, size_t field) {
    return 48 + 32 * count + field;
  };
  constexpr size_t kField = 4;
  constexpr size_t kValue = 8;
  constexpr size_t kZero = 12;
  constexpr size_t kWon = 16;
  constexpr size_t kLost = 24;
  struct Case {
    const char* words;
    Forgery forgery;
  };
  const Case cases[] = {
      {"257 fields", Forge32("fields", 12, 257)},
      {"count 4 cannot be", Forge32("fields: none", 12, 0)},
      {"0 stages", Forge32("stages: none", 16, 0)},
      {"257 stages", Forge32("stages: too many", 16, 257)},
      {"count 2 cannot be", Forge32("stages: fewer", 16, 2)},
      {"counts of team 1", Forge32("stages: more", 16, 4)},
      {"clamp 2", Forge32("clamp", 20, 2)},
      {"tags from -1", Forge64("least_tag_leads", 24, ~uint64_t{0})},
      {"-1 leads", Forge64("leads: below 0", 32, ~uint64_t{0})},
      {"1099511627777 leads",
       Forge64("leads: too many", 32, (uint64_t{1} << 40) + 1)},
      {"4 leads of 5", Forge64("leads: one more", 32, 5)},
      {"4 leads of 3", Forge64("leads: one less", 32, 3)},
      {"bytes are not those of 6 counts", Forge64("counts", 40, 6)},
      {"bytes are not those of 8 counts", Forge64("counts", 40, 8)},
      // 32 times that, in 64 bits, is what there is.
      {"bytes are not those of",
       Forge64("counts: too many", 40, (uint64_t{1} << 59) + 7)},
      {"count 1 cannot be", Forge32("team: falls", at(0, 0), 9)},
      {"count 6 cannot be", Forge32("team: of the next", at(5, 0), 2)},
      {"counts of team 2", Forge32("field: no stages", at(6, kField), 0)},
      {"count 0 cannot be", Forge32("field: none", at(0, kField), ~2U)},
      {"count 4 cannot be", Forge32("field: none", at(4, kField), 1)},
      {"count 1 cannot be", Forge32("stage: twice", at(1, kValue), 0)},
      {"count 2 cannot be", Forge32("stage: none", at(2, kValue), 3)},
      {"count 5 cannot be", Forge32("value: none", at(5, kValue), ~0U)},
      {"count 5 cannot be", Forge32("value: falls", at(5, kValue), 6)},
      {"count 3 cannot be", Forge32("zeros", at(3, kZero), 1)},
      {"count 0 cannot be", Forge64("won: below 0", at(0, kWon), ~uint64_t{0})},
      {"count 0 cannot be", Forge64("won: more than all", at(0, kWon), 5)},
      {"count 0 cannot be", Forge64("won: overflows", at(0, kWon), 1ULL << 62)},
      {"count 6 cannot be", Forge64("lost: below 0", at(6, kLost), ~2ULL)},
      {"count 6 cannot be", Forge64("lost: empty", at(6, kLost), 0)},
      {"count 0 cannot be", Forge64("both: more than all", at(0, kLost), 3)},
      {"counts of team 1", Forge64("won: not in all stages", at(1, kWon), 1)},
      {"counts of team 1", Forge64("lost: later", at(2, kLost), 2)},
      {"counts of team 1", Forge64("won: tag", at(3, kWon), 3)},
      {"counts of team 1", Forge64("lost: tag", at(3, kLost), 2)},
      {"counts of team 1", Forge64("won: value", at(4, kWon), 2)},
      {"counts of team 1", Forge64("lost: value", at(5, kLost), 1)},
      {"counts of team 2", Forge32("stage: not the first", at(6, kValue), 1)},
      {"counts of team 2", Forge64("won: one stage", at(6, kWon), 1)},
  };
  for (const Case& c : cases) {
    EXPECT_THAT(PlsCompat::Read(Forged(good, c.forgery)),
                Refused(Reason::kDataDamaged, HasSubstr(c.words)))
        << c.forgery.name;
  }
  EXPECT_TRUE(PlsCompat::Read(good).ok());
  EXPECT_TRUE(PlsCompat::Read(Forged(good, Forge64("", at(3, kWon), 2))).ok());
}

// More tags than a lead can have, in one team and before teams are looked at.
TEST(PlsCompatTest, RefusesMoreTagsThanLeadsHave) {
  const auto with_tags = [](uint32_t tags) {
    std::string bytes =
        Make({{1, 0, {}, {}, true}, {2, 0, {}, {}, true}}, 0, 1).Serialise();
    const std::string second = bytes.substr(80, 32);
    bytes.resize(80);
    for (uint32_t tag = 0; tag < tags; ++tag) {
      std::string count = second;
      count.resize(40);
      Overwrite(&count, Forge32("", 0, 1));
      Overwrite(&count, Forge32("", 4, ~0U));
      Overwrite(&count, Forge32("", 8, tag));
      bytes += count.substr(0, 32);
    }
    bytes += second + std::string(8, '\0');
    return PlsCompat::Read(Forged(bytes, Forge64("", 40, 2 + tags)));
  };
  EXPECT_TRUE(with_tags(256).ok());
  EXPECT_THAT(with_tags(257),
              Refused(Reason::kDataDamaged, HasSubstr("counts of team 1")));
  EXPECT_THAT(with_tags(513),
              Refused(Reason::kDataDamaged,
                      HasSubstr("more counts of field -1 than 2 leads have")));
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

// Each part of the lead was seen, but in no lead that can have been all of it.
TEST(PlsCompatTest, RefusesToTakeBackWhatNoLeadCanHaveBeen) {
  std::vector<uint32_t> first(kMostPlsTags);
  for (uint32_t i = 0; i < kMostPlsTags; ++i) first[i] = i;
  const std::vector<uint32_t> second = {1000, 1001};
  struct Case {
    const char* name;
    std::vector<Lead> added;
    Lead taken;
  };
  const Case cases[] = {
      {"lost later",
       {{1, 2, {7}, {}, false}, {1, 2, {7}, {}, false}},
       {1, 1, {7}, {}, false}},
      {"has a value", {{1, 0, {7}, {}, true}}, {1, 0, {kPlsNoValue}, {}, true}},
      {"lost, has a value",
       {{1, 0, {7}, {}, false}, {1, 0, {8}, {}, false}},
       {1, 0, {kPlsNoValue}, {}, false}},
      {"has a tag", {{1, 0, {7}, {5}, true}}, {1, 0, {7}, {}, true}},
      {"lost, has a tag",
       {{1, 0, {7}, {5}, false}, {1, 0, {7}, {5, 6}, false}},
       {1, 0, {7}, {6}, false}},
      {"more tags than a lead has",
       {{1, 0, {7}, first, true}, {1, 0, {7}, second, true}},
       {1, 0, {7}, {1}, true}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    // Another team has such a lead; its counts are no help.
    std::vector<Lead> leads = c.added;
    Lead other = c.taken;
    other.team = 2;
    leads.push_back(other);
    PlsCompat pls = Make(leads, 1, 3);
    const std::vector<PlsCount> before = pls.Counts();
    EXPECT_THAT(
        pls.Remove(c.taken.Look(), c.taken.won),
        Refused(Reason::kEventNotAllowed,
                HasSubstr("no leads have the counts that would be left of "
                          "team 1")));
    const std::vector<PlsCount> after = pls.Counts();
    ASSERT_EQ(after.size(), before.size());
    for (size_t i = 0; i < after.size(); ++i) {
      EXPECT_EQ(after[i].won, before[i].won);
      EXPECT_EQ(after[i].lost, before[i].lost);
    }
    // What was added can be taken back.
    for (const Lead& lead : leads) {
      EXPECT_TRUE(pls.Remove(lead.Look(), lead.won).ok());
    }
    EXPECT_TRUE(pls.Counts().empty());
  }
}

}  // namespace
}  // namespace fivek
