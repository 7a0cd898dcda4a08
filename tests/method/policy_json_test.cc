#include "src/method/policy_json.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "fivek/method/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/fnv1a.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;
using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;

std::string With(absl::string_view sections) {
  return absl::StrCat(R"({"fivek_policy": 1, )", sections, "}");
}

// ---- Documents that say a part ---------------------------------------------

TEST(PolicyJsonTest, WhatIsLeftOutIsBuiltIn) {
  for (const char* const json :
       {R"({"fivek_policy": 1})", "{\"fivek_policy\":1,\"rubric\":{}}",
        R"({"fivek_policy": 1, "rubric": {"power": {}}, "evidence": {},
            "waiver_reasons": {}, "ladder": {}, "thresholds": {},
            "labels": {}, "currencies": {}})",
        R"({"fivek_policy": 1, "labels": {"stage": {}}})",
        "\xef\xbb\xbf{\"fivek_policy\": 1}", " \r\n\t{\"fivek_policy\":1}\n"}) {
    const absl::StatusOr<Policy> policy = Policy::FromJson(json);
    ASSERT_TRUE(policy.ok()) << json << ": " << policy.status();
    EXPECT_EQ(policy->hash(), Policy().hash()) << json;
  }
}

TEST(PolicyJsonTest, AnEmptyListOfRulesIsNone) {
  const auto policy = Policy::FromJson(With(R"("score_rules": [])"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(policy->score_rules().empty());
}

TEST(PolicyJsonTest, APartOfAnEntryChangesThatPart) {
  const auto policy = Policy::FromJson(With(R"(
      "name": "ours",
      "rubric": {"problem": {"1": {"sponsor": 3}},
                 "power": {"1": {"points": 5, "zh": "知道"}}},
      "evidence": {
        "4": {"mode": "waivable", "requires": [3, 2]},
        "22": {"stage": 1, "gate": 0, "en": "budget", "zh": "预算"}},
      "waiver_reasons": {"7": {"en": "by the board", "zh": "董事会"}},
      "ladder": {"2": {"yield_ppm": 300000}},
      "unproven": "require",
      "thresholds": {"roles_met": 3},
      "labels": {"milestone": {"1": {"en": "lead", "zh": "线索"}}},
      "currencies": {"XBT": 4},
      "rounding": "half_away_from_zero")"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  PolicyBuilder want;
  want.name = "ours";
  want.rubric[0][1].sponsor = 3;
  want.rubric[1][1].sponsor = want.rubric[1][1].decision_maker = 5;
  want.rubric[1][1].seen.zh = "知道";
  want.evidence[4].mode = GateMode::kWaivable;
  want.evidence[4].prerequisites = {2, 3};
  want.evidence[22].stage = 1;
  want.evidence[22].text = {"budget", "预算"};
  want.waiver_reasons = {{7, "by the board", "董事会"}};
  want.ladder[2] = 300'000;
  want.unproven = Unproven::kRequire;
  want.thresholds.roles_met = 3;
  want.labels[{LabelSet::kMilestone, 1}] = {"lead", "线索"};
  want.currencies["XBT"] = 4;
  want.rounding = Rounding::kHalfAwayFromZero;
  const absl::StatusOr<Policy> built = want.Build();
  ASSERT_TRUE(built.ok()) << built.status();
  EXPECT_EQ(policy->ToJson(), built->ToJson());
  EXPECT_EQ(policy->hash(), built->hash());
}

TEST(PolicyJsonTest, EveryWordOfAnEnumerator) {
  const auto hash_of = [](absl::string_view sections) {
    const auto policy = Policy::FromJson(With(sections));
    EXPECT_TRUE(policy.ok()) << sections << ": " << policy.status();
    return policy.ok() ? policy->hash() : 0;
  };
  std::set<uint64_t> hashes;
  for (const char* const mode : {"blocking", "advisory", "waivable"}) {
    hashes.insert(
        hash_of(absl::StrCat(R"("evidence": {"0": {"mode": ")", mode, "\"}}")));
  }
  for (const char* const witness : {"anyone", "sponsor", "decision_maker"}) {
    hashes.insert(hash_of(
        absl::StrCat(R"("evidence": {"0": {"witness": ")", witness, "\"}}")));
  }
  for (const char* const proof : {"outside_the_seller", "signed_or_recorded"}) {
    hashes.insert(hash_of(
        absl::StrCat(R"("evidence": {"0": {"proof": ")", proof, "\"}}")));
  }
  for (const char* const word : {"count", "require"}) {
    hashes.insert(hash_of(absl::StrCat(R"("unproven": ")", word, "\"")));
  }
  for (const char* const word : {"half_even", "half_away_from_zero"}) {
    hashes.insert(hash_of(absl::StrCat(R"("rounding": ")", word, "\"")));
  }
  // Five of the twelve say what is built in anyway.
  EXPECT_EQ(hashes.size(), 8U);
  EXPECT_EQ(hashes.count(Policy().hash()), 1U);
}

// Turns the order of all members round, at every level.
OrderedJson Reversed(const OrderedJson& value) {
  if (!value.is_object()) return value;
  OrderedJson reversed = OrderedJson::object();
  std::vector<std::string> keys;
  for (const auto& member : value.items()) keys.push_back(member.key());
  for (auto key = keys.rbegin(); key != keys.rend(); ++key) {
    reversed[*key] = Reversed(value[*key]);
  }
  return reversed;
}

TEST(PolicyJsonTest, TheOrderOfKeysAndTheSpacesDoNotMatter) {
  PolicyBuilder builder;
  builder.labels[{LabelSet::kStage, 1}] = {"a", "甲"};
  builder.labels[{LabelSet::kAction, 2}] = {"b", "乙"};
  builder.waiver_reasons = {{2, "c", "丙"}, {1, "d", "丁"}};
  builder.currencies = {{"XBT", 4}, {"AAA", 0}};
  const Policy policy = builder.Build().value();
  const OrderedJson document = OrderedJson::parse(policy.ToJson());
  const std::string reversed = Reversed(document).dump();
  EXPECT_NE(reversed, document.dump());
  for (const std::string& json :
       {reversed, document.dump(), document.dump(7, '\t'),
        document.dump(-1, ' ', true)}) {  // All but ASCII as \u escapes.
    const absl::StatusOr<Policy> read = Policy::FromJson(json);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->hash(), policy.hash());
    EXPECT_EQ(read->ToJson(), policy.ToJson());
  }
}

TEST(PolicyJsonTest, TheDocumentIsCanonical) {
  const std::string json = Policy().ToJson();
  EXPECT_EQ(json.back(), '\n');
  EXPECT_EQ(json.find('\t'), std::string::npos);
  const OrderedJson document = OrderedJson::parse(json);
  EXPECT_EQ(json, document.dump(2) + "\n");
  std::vector<std::string> sections;
  for (const auto& member : document.items()) {
    sections.push_back(member.key());
  }
  EXPECT_THAT(sections,
              testing::ElementsAre("fivek_policy", "name", "rubric", "evidence",
                                   "waiver_reasons", "ladder", "unproven",
                                   "score_rules", "thresholds", "labels",
                                   "currencies", "rounding"));
}

TEST(Fnv1a64Test, KnownVectors) {
  EXPECT_EQ(Fnv1a64(""), 0xcbf29ce484222325U);
  EXPECT_EQ(Fnv1a64("a"), 0xaf63dc4c8601ec8cU);
  EXPECT_EQ(Fnv1a64("foobar"), 0x85944171f73967e8U);
  EXPECT_EQ(Fnv1a64("\xff"), 0xaf64724c8602eb6eU);
}

// ---- Documents that are refused --------------------------------------------

struct JsonCase {
  const char* name;
  std::string json;
  Reason reason;
  const char* path;  // The message starts with it, and a colon.
  const char* says = "";
};
void PrintTo(const JsonCase& c, std::ostream* os) { *os << c.name; }

std::vector<JsonCase> JsonCases() {
  constexpr Reason kSyntax = Reason::kJsonSyntax;
  constexpr Reason kKey = Reason::kUnknownKey;
  constexpr Reason kTwice = Reason::kDuplicateKey;
  constexpr Reason kType = Reason::kWrongType;
  constexpr Reason kMissing = Reason::kMissingKey;
  constexpr Reason kValue = Reason::kPolicyValue;
  const std::string nul("\0", 1);
  // clang-format off
  return {
      // Syntax.
      {"Empty",            "",                              kSyntax, "/", "not JSON"},
      {"OnlySpace",        "  ",                            kSyntax, "/"},
      {"OnlyABom",         "\xef\xbb\xbf",                  kSyntax, "/"},
      {"Cut",              R"({"fivek_policy": 1)",         kSyntax, "/", "byte"},
      {"CutInside",        R"({"fivek_policy": 1, "ladder": {"3": {)", kSyntax, "/ladder/3"},
      {"TrailingComma",    R"({"fivek_policy": 1,})",       kSyntax, "/"},
      {"TrailingText",     R"({"fivek_policy": 1} x)",      kSyntax, "/"},
      {"TwoDocuments",     R"({"fivek_policy": 1}{})",      kSyntax, "/"},
      {"Comment",          R"({"fivek_policy": 1 /* one */})", kSyntax, "/"},
      {"SingleQuotes",     "{'fivek_policy': 1}",           kSyntax, "/"},
      {"BareWord",         "fivek",                         kSyntax, "/"},
      {"NotANumber",       With(R"("ladder": {"0": {"yield_ppm": NaN}})"), kSyntax, "/ladder/0"},
      {"HexNumber",        With(R"("ladder": {"0": {"yield_ppm": 0x1}})"), kSyntax, "/ladder/0"},
      {"LeadingZero",      With(R"("ladder": {"0": {"yield_ppm": 01}})"), kSyntax, "/ladder/0"},
      {"HugeExponent",     With(R"("ladder": {"0": {"yield_ppm": 1e999}})"), kSyntax, "/ladder/0"},
      {"NulByte",          With("\"name\": \"" + nul + "\""), kSyntax, "/"},
      {"ControlCharacter", With("\"name\": \"a\nb\""),      kSyntax, "/"},
      {"InvalidUtf8",      With("\"name\": \"\xff\""),      kSyntax, "/"},
      {"InvalidUtf8Key",   With("\"na\xc0\xafme\": 1"),     kSyntax, "/"},
      {"LoneSurrogate",    With(R"("name": "\ud800")"),     kSyntax, "/"},
      {"BadEscape",        With(R"("name": "\x41")"),       kSyntax, "/"},
      {"Utf16",            std::string("\xff\xfe{\0}\0", 6), kSyntax, "/"},
      {"NestedTooDeeply",  With("\"name\": " + std::string(100'000, '[')), kSyntax, "/name/0/0", "nested deeper"},
      {"ObjectsTooDeep",   [] { std::string s; for (int i = 0; i < 50'000; ++i) s += R"({"a":)"; return s; }(), kSyntax, "/a/a", "nested deeper"},
      // Types.
      {"NotAnObject",      "[]",                            kType, "/", "not an object"},
      {"Null",             "null",                          kType, "/"},
      {"Number",           "1",                             kType, "/"},
      {"VersionText",      R"({"fivek_policy": "1"})",      kType, "/fivek_policy", "whole number"},
      {"VersionNull",      R"({"fivek_policy": null})",     kType, "/fivek_policy"},
      {"VersionFloat",     R"({"fivek_policy": 1.0})",      kType, "/fivek_policy"},
      {"NameNumber",       With(R"("name": 1)"),            kType, "/name", "string"},
      {"RubricArray",      With(R"("rubric": [])"),         kType, "/rubric", "object"},
      {"DimensionArray",   With(R"("rubric": {"power": []})"), kType, "/rubric/power"},
      {"LevelNumber",      With(R"("rubric": {"power": {"1": 4}})"), kType, "/rubric/power/1"},
      {"PointsText",       With(R"("rubric": {"power": {"1": {"points": "4"}}})"), kType, "/rubric/power/1/points"},
      {"PointsFloat",      With(R"("rubric": {"problem": {"1": {"sponsor": 2.5}}})"), kType, "/rubric/problem/1/sponsor"},
      {"PointsBool",       With(R"("rubric": {"problem": {"1": {"sponsor": true}}})"), kType, "/rubric/problem/1/sponsor"},
      {"LevelTextNumber",  With(R"("rubric": {"problem": {"1": {"en": 1}}})"), kType, "/rubric/problem/1/en"},
      {"EvidenceArray",    With(R"("evidence": [])"),       kType, "/evidence"},
      {"ItemText",         With(R"("evidence": {"1": "x"})"), kType, "/evidence/1"},
      {"StageText",        With(R"("evidence": {"1": {"stage": "0"}})"), kType, "/evidence/1/stage"},
      {"GateNull",         With(R"("evidence": {"1": {"gate": null}})"), kType, "/evidence/1/gate"},
      {"ModeNumber",       With(R"("evidence": {"1": {"mode": 1}})"), kType, "/evidence/1/mode"},
      {"RequiresNumber",   With(R"("evidence": {"1": {"requires": 0}})"), kType, "/evidence/1/requires", "array"},
      {"RequiresText",     With(R"("evidence": {"1": {"requires": [0, "2"]}})"), kType, "/evidence/1/requires/1"},
      {"ReasonsArray",     With(R"("waiver_reasons": [])"), kType, "/waiver_reasons"},
      {"ReasonText",       With(R"("waiver_reasons": {"1": "x"})"), kType, "/waiver_reasons/1"},
      {"LadderArray",      With(R"("ladder": [0, 1])"),     kType, "/ladder"},
      {"RungNumber",       With(R"("ladder": {"1": 100000})"), kType, "/ladder/1"},
      {"YieldFloat",       With(R"("ladder": {"1": {"yield_ppm": 0.1}})"), kType, "/ladder/1/yield_ppm"},
      {"YieldTooLarge",    With(R"("ladder": {"1": {"yield_ppm": 2147483648}})"), kType, "/ladder/1/yield_ppm", "32-bit"},
      {"YieldTooSmall",    With(R"("ladder": {"1": {"yield_ppm": -2147483649}})"), kType, "/ladder/1/yield_ppm"},
      {"YieldOf64Bits",    With(R"("ladder": {"1": {"yield_ppm": 18446744073709551615}})"), kType, "/ladder/1/yield_ppm"},
      {"YieldBeyond64Bits",With(R"("ladder": {"1": {"yield_ppm": 99999999999999999999999}})"), kType, "/ladder/1/yield_ppm"},
      {"YieldAsExponent",  With(R"("ladder": {"1": {"yield_ppm": 1e5}})"), kType, "/ladder/1/yield_ppm"},
      {"UnprovenBool",     With(R"("unproven": true)"),     kType, "/unproven"},
      {"RulesObject",      With(R"("score_rules": {})"),    kType, "/score_rules", "array"},
      {"RuleArray",        With(R"("score_rules": [[]])"),  kType, "/score_rules/0"},
      {"RuleBoolNumber",   With(R"("score_rules": [{"dimension": "problem", "evidence": 1, "only_by_decision_maker": 1}])"), kType, "/score_rules/0/only_by_decision_maker"},
      {"RuleDimensionNumber", With(R"("score_rules": [{"dimension": 1, "evidence": 1}])"), kType, "/score_rules/0/dimension"},
      {"ThresholdsArray",  With(R"("thresholds": [])"),     kType, "/thresholds"},
      {"ThresholdText",    With(R"("thresholds": {"roles_met": "2"})"), kType, "/thresholds/roles_met"},
      {"LabelsArray",      With(R"("labels": [])"),         kType, "/labels"},
      {"LabelSetArray",    With(R"("labels": {"stage": []})"), kType, "/labels/stage"},
      {"LabelText",        With(R"("labels": {"stage": {"1": "x"}})"), kType, "/labels/stage/1"},
      {"LabelNumber",      With(R"("labels": {"stage": {"1": {"en": 1, "zh": "x"}}})"), kType, "/labels/stage/1/en"},
      {"CurrenciesArray",  With(R"("currencies": [])"),     kType, "/currencies"},
      {"DecimalsText",     With(R"("currencies": {"USD": "2"})"), kType, "/currencies/USD"},
      {"RoundingNumber",   With(R"("rounding": 0)"),        kType, "/rounding"},
      // Unknown keys, at each level.
      {"KeyAtTheTop",      With(R"("yields": 1)"),          kKey, "/yields", "allowed: fivek_policy, name"},
      {"EmptyKey",         With(R"("": 1)"),                kKey, "/"},
      {"KeyInCapitals",    With(R"("Name": "x")"),          kKey, "/Name"},
      {"KeyOfADimension",  With(R"("rubric": {"Power": {}})"), kKey, "/rubric/Power", "problem, power"},
      {"KeyOfALevel",      With(R"("rubric": {"power": {"one": {}}})"), kKey, "/rubric/power/one", "codes"},
      {"KeyWithZero",      With(R"("rubric": {"power": {"01": {}}})"), kKey, "/rubric/power/01"},
      {"KeyWithSpace",     With(R"("rubric": {"power": {" 1": {}}})"), kKey, "/rubric/power/ 1"},
      {"KeyWithPlus",      With(R"("evidence": {"+1": {}})"), kKey, "/evidence/+1"},
      {"KeyBeyond32Bits",  With(R"("evidence": {"4294967296": {}})"), kKey, "/evidence/4294967296"},
      {"KeyInALevel",      With(R"("rubric": {"power": {"1": {"sponsor": 4}}})"), kKey, "/rubric/power/1/sponsor", "points"},
      {"KeyInATwoColumnLevel", With(R"("rubric": {"vision": {"1": {"points": 4}}})"), kKey, "/rubric/vision/1/points", "sponsor, decision_maker"},
      {"KeyInAnItem",      With(R"("evidence": {"1": {"stages": 0}})"), kKey, "/evidence/1/stages", "stage, gate"},
      {"KeyInAReason",     With(R"("waiver_reasons": {"1": {"en": "a", "zh": "b", "de": "c"}})"), kKey, "/waiver_reasons/1/de"},
      {"KeyOfAReason",     With(R"("waiver_reasons": {"a": {"en": "a", "zh": "b"}})"), kKey, "/waiver_reasons/a"},
      {"KeyInARung",       With(R"("ladder": {"1": {"yield_ppm": 1, "name": "x"}})"), kKey, "/ladder/1/name"},
      {"KeyOfARung",       With(R"("ladder": {"first": {"yield_ppm": 1}})"), kKey, "/ladder/first"},
      {"KeyInARule",       With(R"("score_rules": [{"dimension": "power", "evidence": 1, "item": 2}])"), kKey, "/score_rules/0/item"},
      {"KeyInThresholds",  With(R"("thresholds": {"roles": 2})"), kKey, "/thresholds/roles"},
      {"KeyOfALabelSet",   With(R"("labels": {"stages": {}})"), kKey, "/labels/stages"},
      {"KeyOfALabel",      With(R"("labels": {"stage": {"x": {"en": "a", "zh": "b"}}})"), kKey, "/labels/stage/x"},
      {"KeyInALabel",      With(R"("labels": {"stage": {"1": {"en": "a", "zh": "b", "fr": "c"}}})"), kKey, "/labels/stage/1/fr"},
      {"KeyIsEscaped",     With(R"("a/b~c": 1)"),           kKey, "/a~1b~0c"},
      // Duplicate keys, at each level.
      {"TwiceAtTheTop",    R"({"fivek_policy": 1, "fivek_policy": 1})", kTwice, "/fivek_policy", "twice"},
      {"TwiceInEscapes",   With(R"("name": "a", "n\u0061me": "b")"), kTwice, "/name"},
      {"SectionTwice",     With(R"("ladder": {}, "ladder": {})"), kTwice, "/ladder"},
      {"DimensionTwice",   With(R"("rubric": {"power": {}, "power": {}})"), kTwice, "/rubric/power"},
      {"LevelTwice",       With(R"("rubric": {"power": {"1": {}, "1": {}}})"), kTwice, "/rubric/power/1"},
      {"PointsTwice",      With(R"("rubric": {"power": {"1": {"points": 4, "points": 5}}})"), kTwice, "/rubric/power/1/points"},
      {"ItemTwice",        With(R"("evidence": {"1": {}, "2": {}, "1": {}})"), kTwice, "/evidence/1"},
      {"StageTwice",       With(R"("evidence": {"1": {"stage": 0, "stage": 0}})"), kTwice, "/evidence/1/stage"},
      {"ReasonTwice",      With(R"("waiver_reasons": {"1": {"en": "a", "zh": "b"}, "1": {"en": "a", "zh": "b"}})"), kTwice, "/waiver_reasons/1"},
      {"RungTwice",        With(R"("ladder": {"1": {"yield_ppm": 1}, "1": {"yield_ppm": 1}})"), kTwice, "/ladder/1"},
      {"InARuleTwice",     With(R"("score_rules": [{}, {"evidence": 1, "evidence": 1}])"), kTwice, "/score_rules/1/evidence"},
      {"LabelTwice",       With(R"("labels": {"stage": {"1": {"en": "a", "en": "b"}}})"), kTwice, "/labels/stage/1/en"},
      {"CurrencyTwice",    With(R"("currencies": {"USD": 2, "USD": 2})"), kTwice, "/currencies/USD"},
      {"TwiceInAnUnknownSection", With(R"("x": {"a": 1, "a": 2})"), kTwice, "/x/a"},
      // Missing keys.
      {"NoVersion",        "{}",                            kMissing, "/", "\"fivek_policy\" is missing"},
      {"VendorWithoutStage", With(R"("evidence": {"22": {"gate": 1, "en": "a", "zh": "b"}})"), kMissing, "/evidence/22", "\"stage\""},
      {"VendorWithoutGate",With(R"("evidence": {"22": {"stage": 1, "en": "a", "zh": "b"}})"), kMissing, "/evidence/22", "\"gate\""},
      {"VendorWithoutEnglish", With(R"("evidence": {"31": {"stage": 1, "gate": 1, "zh": "b"}})"), kMissing, "/evidence/31", "\"en\""},
      {"VendorWithoutChinese", With(R"("evidence": {"31": {"stage": 1, "gate": 1, "en": "a"}})"), kMissing, "/evidence/31", "\"zh\""},
      {"RungWithoutYield", With(R"("ladder": {"1": {}})"),  kMissing, "/ladder/1", "\"yield_ppm\""},
      {"ReasonWithoutText",With(R"("waiver_reasons": {"1": {"en": "a"}})"), kMissing, "/waiver_reasons/1", "\"zh\""},
      {"RuleWithoutDimension", With(R"("score_rules": [{"evidence": 1}])"), kMissing, "/score_rules/0", "\"dimension\""},
      {"RuleWithoutItem",  With(R"("score_rules": [{"dimension": "power"}])"), kMissing, "/score_rules/0", "\"evidence\""},
      {"LabelWithoutText", With(R"("labels": {"stage": {"1": {"zh": "a"}}})"), kMissing, "/labels/stage/1", "\"en\""},
      // Codes and words.
      {"OtherVersion",     R"({"fivek_policy": 2})",        kValue, "/fivek_policy", "allowed: 1"},
      {"NoSuchLevel",      With(R"("rubric": {"vision": {"4": {}}})"), Reason::kUnknownLevel, "/rubric/vision/4", "0 to 3"},
      {"NegativeLevel",    With(R"("rubric": {"vision": {"-1": {}}})"), Reason::kUnknownLevel, "/rubric/vision/-1"},
      {"NoSuchItem",       With(R"("evidence": {"32": {}})"), Reason::kUnknownEvidence, "/evidence/32", "0 to 31"},
      {"NegativeItem",     With(R"("evidence": {"-1": {}})"), Reason::kUnknownEvidence, "/evidence/-1"},
      {"NoSuchRung",       With(R"("ladder": {"7": {"yield_ppm": 1}})"), Reason::kUnknownCode, "/ladder/7", "0 to 6"},
      {"NoSuchMode",       With(R"("evidence": {"1": {"mode": "soft"}})"), kValue, "/evidence/1/mode", "blocking, advisory, waivable"},
      {"NoSuchWitness",    With(R"("evidence": {"1": {"witness": "seller"}})"), kValue, "/evidence/1/witness", "anyone, sponsor"},
      {"NoSuchProof",      With(R"("evidence": {"1": {"proof": ""}})"), kValue, "/evidence/1/proof", "outside_the_seller"},
      {"NoSuchUnproven",   With(R"("unproven": "Count")"),  kValue, "/unproven", "count, require"},
      {"NoSuchRounding",   With(R"("rounding": "up")"),     kValue, "/rounding", "half_even"},
      {"NoSuchDimension",  With(R"("score_rules": [{"dimension": "money", "evidence": 1}])"), kValue, "/score_rules/0/dimension", "problem, power"},
      {"EscapedNul",       With(R"("name": "a\u0000b")"),   kValue, "/name", "NUL"},
      {"EscapedNulInALabel", With(R"("labels": {"stage": {"1": {"en": "a", "zh": "\u0000"}}})"), kValue, "/labels/stage/1/zh", "NUL"},
      // What Build refuses: the same errors as from C++.
      {"YieldsFall",       With(R"("ladder": {"3": {"yield_ppm": 249999}})"), Reason::kYieldFalls, "/ladder/3/yield_ppm", "249999 after 250000"},
      {"PointsFall",       With(R"("rubric": {"power": {"2": {"points": 3}}})"), Reason::kPointsNotMonotone, "/rubric/power/2/points", "3 points after 4"},
      {"MakerBelowSponsor",With(R"("rubric": {"problem": {"0": {"sponsor": 13}}})"), Reason::kPointsNotMonotone, "/rubric/problem/0/decision_maker"},
      {"PointsTooHigh",    With(R"("rubric": {"power": {"7": {"points": 21}}})"), kValue, "/rubric/power/7/points"},
      {"Circle",           With(R"("evidence": {"3": {"requires": [4]}, "4": {"requires": [3]}})"), Reason::kGateCycle, "/evidence/3/requires", "3 -> 4 -> 3"},
      {"NeedsItself",      With(R"("evidence": {"3": {"requires": [3]}})"), Reason::kGateCycle, "/evidence/3/requires"},
      {"NeedsNothingKnown",With(R"("evidence": {"3": {"requires": [1, 25]}})"), kValue, "/evidence/3/requires/1", "evidence 25"},
      {"ContractMoved",    With(R"("evidence": {"18": {"gate": 5}})"), kValue, "/evidence/18/gate"},
      {"ContractAdvisory", With(R"("evidence": {"18": {"mode": "advisory"}})"), kValue, "/evidence/18/"},
      {"AfterSalesGate",   With(R"("evidence": {"19": {"gate": 1}})"), kValue, "/evidence/19/gate"},
      {"GateTooHigh",      With(R"("evidence": {"1": {"gate": 7}})"), kValue, "/evidence/1/gate", "1 to 5"},
      {"StageTooHigh",     With(R"("evidence": {"1": {"stage": 6}})"), kValue, "/evidence/1/stage", "0 to 4"},
      {"ReasonBelowZero",  With(R"("waiver_reasons": {"-1": {"en": "a", "zh": "b"}})"), kValue, "/waiver_reasons/-1"},
      {"LabelOfALevel",    With(R"("labels": {"level.power": {"1": {"en": "a", "zh": "b"}}})"), kValue, "/labels/level.power/1"},
      {"LabelOfNoCode",    With(R"("labels": {"signal": {"4": {"en": "a", "zh": "b"}}})"), kValue, "/labels/signal/4"},
      {"CurrencySmall",    With(R"("currencies": {"usd": 2})"), kValue, "/currencies/usd"},
      {"DecimalsTooMany",  With(R"("currencies": {"USD": 5})"), kValue, "/currencies/USD", "0 to 4"},
      {"ToleranceTooHigh", With(R"("thresholds": {"claim_tolerance_rungs": 7})"), kValue, "/thresholds/claim_tolerance_rungs"},
      {"RuleOfNoItem",     With(R"("score_rules": [{"dimension": "power", "evidence": 30}])"), kValue, "/score_rules/0/evidence"},
      {"RuleByNobody",     With(R"("score_rules": [{"dimension": "power", "evidence": 3, "only_by_decision_maker": true}])"), kValue, "/score_rules/0/only_by_decision_maker"},
  };
  // clang-format on
}

class FromJsonRefusesTest : public testing::TestWithParam<JsonCase> {};

TEST_P(FromJsonRefusesTest, AndNamesThePlace) {
  const JsonCase& c = GetParam();
  const absl::StatusOr<Policy> got = Policy::FromJson(c.json);
  ASSERT_THAT(got, Refused(c.reason, AllOf(StartsWith(c.path), HasSubstr(": "),
                                           HasSubstr(c.says))));
  EXPECT_EQ(got.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_LT(got.status().message().size(), 600U) << "short enough to show";
}
INSTANTIATE_TEST_SUITE_P(Policy, FromJsonRefusesTest,
                         testing::ValuesIn(JsonCases()), [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(PolicyJsonTest, TheDefaultViewIsAnEmptyText) {
  EXPECT_THAT(Policy::FromJson(absl::string_view()),
              RefusedFor(Reason::kJsonSyntax));
}

TEST(PolicyJsonTest, EveryCutOfTheDocumentIsRefused) {
  const std::string json = Policy().ToJson();
  // The last newline and the brace before it are all that can be cut.
  for (size_t length = 0; length + 2 < json.size(); length += 7) {
    ASSERT_THAT(Policy::FromJson(absl::string_view(json).substr(0, length)),
                RefusedFor(Reason::kJsonSyntax))
        << length;
  }
  EXPECT_TRUE(
      Policy::FromJson(absl::string_view(json).substr(0, json.size() - 1))
          .ok());
}

TEST(PolicyJsonTest, AnyByteChangedIsRefusedOrAnotherPolicy) {
  const std::string json = Policy().ToJson();
  const uint64_t hash = Policy().hash();
  for (size_t at = 0; at < json.size(); at += 31) {
    for (const char byte : {'\0', '"', '{', ',', '9', '\xff'}) {
      std::string changed = json;
      if (changed[at] == byte) continue;
      changed[at] = byte;
      const absl::StatusOr<Policy> got = Policy::FromJson(changed);
      if (!got.ok()) {
        ASSERT_NE(ReasonOf(got.status()), Reason::kNone) << got.status();
        continue;
      }
      const absl::StatusOr<Policy> again = Policy::FromJson(got->ToJson());
      ASSERT_TRUE(again.ok()) << again.status();
      ASSERT_EQ(again->hash(), got->hash());
      ASSERT_NE(got->hash(), hash) << "byte " << at;
    }
  }
}

TEST(PolicyJsonTest, AMessageStaysUtf8WhereItShortensAKey) {
  for (size_t pad = 110; pad < 125; ++pad) {
    const std::string json =
        With(absl::StrCat("\"", std::string(pad, 'a'), "里程碑里程碑\": 1"));
    const absl::StatusOr<Policy> got = Policy::FromJson(json);
    ASSERT_THAT(got, RefusedFor(Reason::kUnknownKey));
    // Throws, and so fails the test, if the text is not UTF-8.
    EXPECT_NO_THROW(Json(std::string(got.status().message())).dump()) << pad;
  }
  for (size_t pad = 36; pad < 42; ++pad) {
    const std::string json = With(
        absl::StrCat(R"("unproven": ")", std::string(pad, 'a'), "里程碑\""));
    const absl::StatusOr<Policy> got = Policy::FromJson(json);
    ASSERT_THAT(got, RefusedFor(Reason::kPolicyValue));
    EXPECT_NO_THROW(Json(std::string(got.status().message())).dump()) << pad;
  }
}

}  // namespace
}  // namespace fivek
