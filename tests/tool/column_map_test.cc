#include "src/tool/column_map.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/tool/csv.h"

namespace fivek::tool {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kWhole =
    "\xEF\xBB\xBF# A map.\r\n"
    "[columns]\r\n"
    "  id = Deal ID # 1\r\n"
    "stage=Stage\n"
    "title ? = Deal = Name\n"
    "amount = Amount\n"
    "probability = Prob. (%)\n"
    "\n"
    "[stages]\n"
    "Negotiation = open, 75 %\n"
    "Won = Lost? = open\n"
    "Closed Won = won, 6\n"
    "closed won = WON\n"
    "Parked= hold ,2\n"
    "Gone =lost\n"
    "Test = void\n"
    "1/3 = open, 33.3333%\n"
    "[options]\n"
    "probability_unit = fraction\n"
    "amount_unit = minor\n"
    "currency = EUR";

TEST(ColumnMapTest, ReadsAllSections) {
  const absl::StatusOr<ColumnMap> map = ColumnMap::Parse(kWhole, "mine");
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->name(), "mine");
  EXPECT_EQ(map->column(Field::kId), "Deal ID # 1");
  EXPECT_EQ(map->column(Field::kTitle), "Deal = Name");
  EXPECT_TRUE(map->optional(Field::kTitle));
  EXPECT_FALSE(map->optional(Field::kStage));
  EXPECT_EQ(map->column(Field::kOwner), "");
  EXPECT_EQ(map->probability_unit(), ProbabilityUnit::kFraction);
  EXPECT_EQ(map->amount_unit(), AmountUnit::kMinor);
  EXPECT_EQ(map->currency(), "EUR");
}

TEST(ColumnMapTest, FindsStagesExactlyFirst) {
  const absl::StatusOr<ColumnMap> map = ColumnMap::Parse(kWhole, "mine");
  ASSERT_TRUE(map.ok()) << map.status();
  const auto check = [&](absl::string_view name, OutcomeKind kind,
                         int32_t milestone, int32_t probability) {
    const StageMeaning* const stage = map->FindStage(name);
    ASSERT_NE(stage, nullptr) << name;
    EXPECT_EQ(stage->kind, kind) << name;
    EXPECT_EQ(stage->milestone, milestone) << name;
    EXPECT_EQ(stage->probability, probability) << name;
  };
  check("Negotiation", OutcomeKind::kOpen, -1, 750000);
  check(" Negotiation\t", OutcomeKind::kOpen, -1, 750000);
  check("NEGOTIATION", OutcomeKind::kOpen, -1, 750000);
  check("Won = Lost?", OutcomeKind::kOpen, -1, -1);
  check("Closed Won", OutcomeKind::kWon, 6, -1);
  check("closed won", OutcomeKind::kWon, -1, -1);
  check("Parked", OutcomeKind::kOnHold, 2, -1);
  check("gone", OutcomeKind::kLost, -1, -1);
  check("Test", OutcomeKind::kVoid, -1, -1);
  check("1/3", OutcomeKind::kOpen, -1, 333333);
  // Two names fit but for the case, and nothing is guessed.
  EXPECT_EQ(map->FindStage("CLOSED WON"), nullptr);
  EXPECT_EQ(map->FindStage("Negotiations"), nullptr);
  EXPECT_EQ(map->FindStage("Closed  Won"), nullptr);
  EXPECT_EQ(map->FindStage(""), nullptr);
}

struct BadMapCase {
  const char* name;
  absl::string_view text;
  absl::string_view want;  // Behind "column map m".
};
void PrintTo(const BadMapCase& c, std::ostream* os) { *os << c.name; }
const BadMapCase kBadMaps[] = {
    {"Empty", "", ": [columns] must have the key \"id\""},
    {"NoSection", "# x\nid = a\n",
     ", line 2: a section must come first: [columns], [stages] or [options]"},
    {"UnknownSection", "[columns]\nid = a\n[colums]\n",
     ", line 3: unknown section \"[colums]\"; allowed are [columns], [stages], "
     "[options]"},
    {"OpenSection", "[columns\n",
     ", line 1: unknown section \"[columns\"; allowed are [columns], [stages], "
     "[options]"},
    {"SectionTwice", "[columns]\nid = a\n[options]\n[columns]\n",
     ", line 4: the section \"[columns]\" stands twice"},
    {"UnknownField", "[columns]\nident = a\n",
     ", line 2: unknown key \"ident\" in [columns]; allowed are id, title, "
     "account, owner, product, stage, outcome, probability, milestone, amount, "
     "currency, created, closed, problem, power, vision, value, control, "
     "by_decision_maker, evidence, entered, left, segment, team"},
    {"FieldTwice", "[columns]\nid = a\nid = b\n",
     ", line 3: the key \"id\" stands twice"},
    {"FieldTwiceOptional", "[columns]\nid = a\ntitle = b\ntitle? = b\n",
     ", line 4: the key \"title\" stands twice"},
    {"OptionalId", "[columns]\nid? = a\n",
     ", line 2: the id cannot be left out"},
    {"NoEquals", "[columns]\nid a\n",
     ", line 2: \"id a\" is not of the form key = value"},
    {"NoKey", "[columns]\n= a\n", ", line 2: the key is missing in \"= a\""},
    {"NoValue", "[columns]\nid =\n",
     ", line 2: the value is missing in \"id =\""},
    {"NoId", "[columns]\ntitle = a\n", ": [columns] must have the key \"id\""},
    {"StageWithoutStages", "[columns]\nid = a\nstage = b\n",
     ": a stage is mapped, so [stages] must say what the names mean"},
    {"StagesWithoutStage", "[columns]\nid = a\n[stages]\nWon = won\n",
     ": [stages] is there, so [columns] must have the key \"stage\""},
    {"StageTwice", "[stages]\nWon = won\nWon = lost\n",
     ", line 3: the stage \"Won\" stands twice"},
    {"UnknownKind", "[stages]\nWon = closed, 6\n",
     ", line 2: \"closed\" is no kind of stage; allowed are open, hold, won, "
     "lost, void"},
    {"MilestoneTooHigh", "[stages]\nWon = won, 7\n",
     ", line 2: \"7\" is no claim; allowed are a milestone 0..6 and a "
     "probability as in 75%"},
    {"PercentTooHigh", "[stages]\nWon = won, 101%\n",
     ", line 2: \"101%\" is no claim; allowed are a milestone 0..6 and a "
     "probability as in 75%"},
    {"EmptyClaim", "[stages]\nWon = won,\n",
     ", line 2: \"\" is no claim; allowed are a milestone 0..6 and a "
     "probability as in 75%"},
    {"TwoClaims", "[stages]\nWon = won, 6, 100%\n",
     ", line 2: \"6, 100%\" is no claim; allowed are a milestone 0..6 and a "
     "probability as in 75%"},
    {"UnknownOption", "[options]\nunit = major\n",
     ", line 2: unknown key \"unit\" in [options]; allowed are "
     "probability_unit, amount_unit, currency"},
    {"OptionTwice", "[options]\ncurrency = USD\ncurrency = USD\n",
     ", line 3: the key \"currency\" stands twice"},
    {"BadProbabilityUnit", "[options]\nprobability_unit = %\n",
     ", line 2: probability_unit = \"%\": allowed are percent, fraction, ppm"},
    {"BadAmountUnit", "[options]\namount_unit = cents\n",
     ", line 2: amount_unit = \"cents\": allowed are major, minor"},
    {"BadCurrency", "[options]\ncurrency = usd\n",
     ", line 2: currency = \"usd\": allowed are three capital letters as in "
     "USD"},
    {"ProbabilityWithoutUnit", "[columns]\nid = a\nprobability = p\n",
     ": a probability is mapped, so [options] must have the key "
     "\"probability_unit\" (percent, fraction or ppm)"},
    {"AmountWithoutUnit",
     "[columns]\nid = a\namount = p\n[options]\ncurrency = USD\n",
     ": an amount is mapped, so [options] must have the key \"amount_unit\" "
     "(major or minor)"},
    {"AmountWithoutCurrency",
     "[columns]\nid = a\namount = p\n[options]\namount_unit = major\n",
     ": an amount is mapped, so [columns] or [options] must have the key "
     "\"currency\""},
    {"CurrencyTwice",
     "[columns]\nid = a\ncurrency = c\n[options]\ncurrency = USD\n",
     ": the currency is given twice: in [columns] and in [options]"},
    {"InvalidUtf8", "[columns]\nid = \xFF\n",
     ", line 2: the line is not UTF-8 text; save the map as UTF-8"},
    {"Nul", absl::string_view("[columns]\n\0\n", 12),
     ", line 2: the line is not UTF-8 text; save the map as UTF-8"},
};
class BadMapTest : public testing::TestWithParam<BadMapCase> {};
TEST_P(BadMapTest, IsRefusedWithItsLine) {
  const absl::Status status = ColumnMap::Parse(GetParam().text, "m").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(status.message(), absl::StrCat("column map m", GetParam().want));
}
INSTANTIATE_TEST_SUITE_P(ColumnMap, BadMapTest, testing::ValuesIn(kBadMaps),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(ColumnBindingTest, FindsColumnsExactlyFirst) {
  const absl::StatusOr<ColumnMap> map = ColumnMap::Parse(
      "[columns]\nid = ID\ntitle? = Name\nowner? = Owner\n", "m");
  ASSERT_TRUE(map.ok()) << map.status();
  const absl::StatusOr<ColumnBinding> binding = ColumnBinding::Bind(
      *map, std::vector<std::string>{"id", "Id", " ID ", "NAME"});
  ASSERT_TRUE(binding.ok()) << binding.status();
  EXPECT_EQ(binding->index(Field::kId), 2);
  EXPECT_EQ(binding->index(Field::kTitle), 3);
  EXPECT_FALSE(binding->has(Field::kOwner));
  EXPECT_FALSE(binding->has(Field::kStage));
  const std::vector<absl::string_view> record = {"w", "x", "y", "z"};
  EXPECT_EQ(binding->text(Field::kId, record), "y");
  EXPECT_EQ(binding->text(Field::kOwner, record), "");
}

TEST(ColumnBindingTest, AMissingColumnListsTheColumnsFound) {
  const absl::StatusOr<ColumnMap> map =
      ColumnMap::Parse("[columns]\nid = ID\naccount = Firm\n", "m");
  ASSERT_TRUE(map.ok()) << map.status();
  absl::Status status =
      ColumnBinding::Bind(*map, std::vector<std::string>{"Firm", "x\x1B"})
          .status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            "the file lacks the column \"ID\" that the column map m needs; it "
            "has: \"Firm\", \"x\\x1B\"");
  // Two columns that differ from the name only in case: neither is taken.
  status =
      ColumnBinding::Bind(*map, std::vector<std::string>{"id", "Id"}).status();
  EXPECT_EQ(status.message(),
            "the file lacks the columns \"ID\", \"Firm\" that the column map m "
            "needs; it has: \"id\", \"Id\"");
}

TEST(ColumnBindingTest, AmountsNeedTheirCurrency) {
  const absl::StatusOr<ColumnMap> map = ColumnMap::Parse(
      "[columns]\nid = ID\namount? = A\ncurrency? = C\n"
      "[options]\namount_unit = major\n",
      "m");
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_TRUE(ColumnBinding::Bind(*map, std::vector<std::string>{"ID"}).ok());
  EXPECT_EQ(ColumnBinding::Bind(*map, std::vector<std::string>{"ID", "A"})
                .status()
                .message(),
            "the file has amounts (\"A\") but lacks the column \"C\" that the "
            "column map m takes their currency from; it has: \"ID\", \"A\"");
}

constexpr BuiltinMap kMaps[] = {
    {"one", "[columns]\nid = a\ntitle = b\n"},
    {"two", "[columns]\nid = a\nowner = c\ntitle? = z\n"},
};

TEST(ChooseMapTest, TakesTheOnlyOneThatFits) {
  EXPECT_EQ(ChooseMap(kMaps, std::vector<std::string>{"a", "b"})->name(),
            "one");
  EXPECT_EQ(ChooseMap(kMaps, std::vector<std::string>{"x", "c", "A"})->name(),
            "two");
  absl::Status status =
      ChooseMap(kMaps, std::vector<std::string>{"b", "c"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            "no built-in column map (one, two) fits the columns of the file: "
            "\"b\", \"c\"");
  status = ChooseMap(kMaps, std::vector<std::string>{"a", "b", "c"}).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(status.message(),
            "several built-in column maps (one, two) fit the columns of the "
            "file: \"a\", \"b\", \"c\"; name the one to use");
}

TEST(FindMapTest, FindsByName) {
  EXPECT_EQ(FindMap(kMaps, "two")->name(), "two");
  const absl::Status status = FindMap(kMaps, "Two").status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            "there is no built-in column map \"Two\"; there are: one, two");
}

TEST(BuiltinMapsTest, AllAreSound) {
  std::vector<std::string> names;
  for (const BuiltinMap& map : BuiltinMaps()) {
    names.emplace_back(map.name);
    EXPECT_TRUE(ColumnMap::Parse(map.text, map.name).ok())
        << ColumnMap::Parse(map.text, map.name).status();
  }
  EXPECT_THAT(names, testing::ElementsAre("fivek", "maven_crm"));
}

TEST(BuiltinMapsTest, EachTellsItsFileByTheHeader) {
  const std::vector<std::string> maven = {
      "opportunity_id", "sales_agent", "product",    "account",
      "deal_stage",     "engage_date", "close_date", "close_value"};
  EXPECT_EQ(ChooseMap(BuiltinMaps(), maven)->name(), "maven_crm");
  EXPECT_EQ(
      ChooseMap(BuiltinMaps(), std::vector<std::string>{"id", "stage"})->name(),
      "fivek");
}

TEST(BuiltinMapsTest, TheNativeMapHasEveryField) {
  const absl::StatusOr<ColumnMap> map = FindMap(BuiltinMaps(), "fivek");
  ASSERT_TRUE(map.ok());
  for (size_t i = 0; i < kFieldCount; ++i) {
    const Field field = static_cast<Field>(i);
    EXPECT_EQ(map->column(field), FieldKey(field));
  }
  EXPECT_EQ(map->FindStage("qualified Sponsor")->milestone, 2);
  EXPECT_EQ(map->FindStage("合格决策者")->milestone, 3);
  EXPECT_EQ(map->FindStage("Closed lost")->kind, OutcomeKind::kLost);
}

TEST(ColumnBindingTest, ByNamesTakesTheFirstThatIsThere) {
  constexpr FieldName kNames[] = {{Field::kId, "deal"},
                                  {Field::kId, "id"},
                                  {Field::kTeam, "team"},
                                  {Field::kOwner, "seller"}};
  const std::vector<std::string> header = {"ID", "Deal", "TEAM", "Team"};
  const ColumnBinding binding = ColumnBinding::ByNames(kNames, header);
  EXPECT_EQ(binding.index(Field::kId), 1);
  EXPECT_FALSE(binding.has(Field::kTeam)) << "two differ in case only";
  EXPECT_FALSE(binding.has(Field::kOwner));
  EXPECT_FALSE(binding.has(Field::kStage));
}

// Visits have milestones as stages; of opportunities their map has to say it.
TEST(ColumnMapTest, StagesOfVisitsMayBeLeftOut) {
  const std::string visits = "[columns]\nid = a\nstage = b\nentered = c\n";
  EXPECT_TRUE(ColumnMap::Parse(visits, "m").ok());
  EXPECT_TRUE(ColumnMap::Parse(visits + "[stages]\nx = open\n", "m").ok());
  EXPECT_FALSE(ColumnMap::Parse("[columns]\nid = a\nstage = b\n", "m").ok());
  EXPECT_FALSE(ColumnMap::Parse(
                   "[columns]\nid = a\nentered = c\n[stages]\nx = open\n", "m")
                   .ok());
}

TEST(BuiltinMapsTest, TheRealExportIsReadWhole) {
  const std::string path =
      std::string(FIVEK_SHARED_DATA_DIR) + "/maven_crm/sales_pipeline.csv";
  const int file = open(path.c_str(), O_RDONLY);
  if (file < 0) GTEST_SKIP() << "the export is not here: " << path;
  CsvReader reader(CsvSourceFromDescriptor(file));
  ASSERT_TRUE(reader.ReadHeader().ok());
  const absl::StatusOr<ColumnMap> map =
      ChooseMap(BuiltinMaps(), reader.header());
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->name(), "maven_crm");
  EXPECT_EQ(map->currency(), "USD");
  const absl::StatusOr<ColumnBinding> binding =
      ColumnBinding::Bind(*map, reader.header());
  ASSERT_TRUE(binding.ok()) << binding.status();
  std::map<std::string, int> stages;
  int blank_amounts = 0, rows = 0;
  while (reader.Next()) {
    ASSERT_TRUE(reader.status().ok()) << reader.status();
    ++rows;
    const auto fields = reader.record().fields;
    const absl::string_view stage = binding->text(Field::kStage, fields);
    EXPECT_NE(map->FindStage(stage), nullptr);
    ++stages[std::string(stage)];
    if (binding->text(Field::kAmount, fields).empty()) ++blank_amounts;
  }
  close(file);
  EXPECT_EQ(rows, 8800);
  EXPECT_EQ(blank_amounts, 2089);
  EXPECT_EQ(stages, (std::map<std::string, int>{{"Won", 4238},
                                                {"Lost", 2473},
                                                {"Engaging", 1589},
                                                {"Prospecting", 500}}));
  EXPECT_EQ(map->FindStage("Won")->milestone, 6);
  EXPECT_EQ(map->FindStage("Engaging")->milestone, 1);
  EXPECT_EQ(map->FindStage("Prospecting")->milestone, 0);
  EXPECT_EQ(map->FindStage("Lost")->milestone, -1);
}

}  // namespace
}  // namespace fivek::tool
