// `fivek learn`: what it prints and returns, on small tables worked out by hand
// and on real ones.
#include <algorithm>
#include <cstdio>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "fivek/base/calendar.h"
#include "fivek/history/scorecard.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/tool/commands.h"
#include "src/tool/learn_deals.h"
#include "src/tool/learn_input.h"
#include "src/tool/learn_visits.h"
#include "tests/history/made_history.h"

namespace fivek::tool {
namespace {

using ::nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Output {
  int status;
  std::string out, error;
};

Output Learned(const LearnArguments& arguments) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  Output output;
  output.status = RunLearn(arguments);
  output.out = testing::internal::GetCapturedStdout();
  output.error = testing::internal::GetCapturedStderr();
  return output;
}

std::string FileWith(absl::string_view text, const char* name = "learn.csv") {
  const std::string path = absl::StrCat(testing::TempDir(), "/", name);
  EXPECT_TRUE(WriteFile(path, text).ok());
  return path;
}

LearnArguments On(absl::string_view text) {
  LearnArguments arguments;
  arguments.file = FileWith(text);
  return arguments;
}

json JsonOf(LearnArguments arguments, int status) {
  arguments.json = true;
  const Output output = Learned(arguments);
  EXPECT_EQ(output.status, status) << output.error;
  json parsed = json::parse(output.out, nullptr, /*allow_exceptions=*/false);
  EXPECT_FALSE(parsed.is_discarded()) << output.out;
  return parsed;
}

std::string Salvirt() {
  return absl::StrCat(FIVEK_SOURCE_DIR, "/tests/data/salvirt_b2b.csv");
}

// An estimate has all its parts, and a number that is none is a count, a rule
// or a comparison.
void ExpectNothingBare(const json& node, const std::string& path) {
  static const std::set<std::string> kRules = {
      "strength",       "from",      "to_below", "base_log_loss",
      "model_log_loss", "mean_gain", "sd_gain",  "z"};
  if (node.is_object() && node.contains("value")) {
    EXPECT_EQ(node.size(), 5U) << path;
    EXPECT_LE(node["low"], node["value"]) << path;
    EXPECT_LE(node["value"], node["high"]) << path;
    EXPECT_GE(node["effective_n"], 0.0) << path;
    EXPECT_TRUE(
        (std::set<std::string>{"ladder", "shrunk", "learned", "no_signal"})
            .count(node["source"]))
        << path;
    return;
  }
  if (!node.is_structured()) return;
  for (const auto& [key, value] : node.items()) {
    EXPECT_TRUE(!value.is_number_float() || kRules.count(key) == 1)
        << path << "/" << key;
    ExpectNothingBare(value, absl::StrCat(path, "/", key));
  }
}

// The same rows behind the header, in another order.
std::string Shuffled(absl::string_view csv, uint64_t seed) {
  std::vector<std::string> lines = absl::StrSplit(csv, '\n', absl::SkipEmpty());
  Seeded random(seed);
  for (size_t i = lines.size() - 1; i > 1; --i) {
    std::swap(lines[i], lines[1 + random.Next() % i]);
  }
  return absl::StrCat(absl::StrJoin(lines, "\n"), "\n");
}

// ---- Visits -----------------------------------------------------------------

constexpr char kVisits[] =
    "deal,stage,entered,left,outcome\n"
    "A,4,2024-01-01,2024-01-11,\n"
    "A,5,2024-01-11,2024-01-21,won\n"
    "B,5,2024-01-01,2024-01-05,lost\n"
    "C,5,2024-01-10,,\n"
    "D,4,2024-01-02,2024-01-04,lost\n";

// Deals from milestone 1 on, one visit a row, with the way out of the last.
std::string MadeVisits(int32_t deals, uint64_t seed) {
  MadeHistory made;
  made.conversion = {0.5, 0.6, 0.6, 0.6, 0.8, 0.9};
  made.back = {0.0, 0.0, 0.1, 0.1, 0.1, 0.1};
  made.deals = deals;
  std::string csv = "deal,stage,entered,left,outcome\n";
  for (const StageVisit& v : MakeVisits(made, seed)) {
    const auto end = static_cast<fivek::VisitEnd>(v.end);
    const bool open = end == fivek::VisitEnd::kOpen;
    absl::StrAppend(&csv, v.deal, ",", v.stage, ",", FormatDay(v.entered), ",",
                    open ? "" : FormatDay(v.left), ",",
                    v.to == kRungCount                   ? "won"
                    : end == fivek::VisitEnd::kLost      ? "lost"
                    : end == fivek::VisitEnd::kMovedBack ? "moved back"
                    : open                               ? ""
                                                         : "advanced",
                    "\n");
  }
  return csv;
}

TEST(LearnVisitsTest, ByHand) {
  const Output output = Learned(On(kVisits));
  EXPECT_EQ(output.status, kExitFindings);  // Nothing to compare with.
  EXPECT_THAT(output.error, IsEmpty());
  EXPECT_THAT(
      output.out,
      AllOf(HasSubstr("visits: 5   deals: 4 (won 1, lost 2, open 1)   "
                      "2024-01-01 to 2024-01-21"),
            // Day 5: 1 of 3 is lost; day 11: 1 of 2 is won; 1 is open.
            HasSubstr("pending close                  3         1     1      "
                      "     0     1   50.0 %    33.3 %   66.7 %"),
            HasSubstr("decision settled               2         1     1      "
                      "     0     0   50.0 %    50.0 %   50.0 %"),
            HasSubstr("Out of sample")));
  const json report = JsonOf(On(kVisits), kExitFindings);
  ExpectNothingBare(report, "");
  EXPECT_EQ(report["kind"], "visits");
  EXPECT_EQ(report["as_of"], "2024-01-21");
  const json& top = report["milestones"][0];
  EXPECT_EQ(top["milestone"], 5);
  EXPECT_NEAR(top["observed_conversion"]["low"], 1.0 / 3, 1e-12);
  EXPECT_NEAR(top["observed_conversion"]["high"], 2.0 / 3, 1e-12);
  EXPECT_NEAR(top["prior_won"]["value"], 0.9, 1e-12);
  EXPECT_EQ(top["prior_won"]["source"], "ladder");
  EXPECT_EQ(top["won"]["source"], "ladder");  // 2 deals say too little.
  const json& settled = report["milestones"][1];
  EXPECT_NEAR(settled["conversion"]["value"],
              (20 * 5.0 / 6 + 2 * 0.5) / (20 + 2), 1e-12);
  EXPECT_NEAR(settled["conversion"]["effective_n"], 2.0, 1e-9);
  EXPECT_TRUE(report["milestones"][5]["observed_conversion"].is_null());
  // One won of three that have closed.
  EXPECT_NEAR(report["closed_rate"]["value"], 1.0 / 3, 1e-12);
  EXPECT_EQ(report["expected_wins"]["open_deals"], 1);
  EXPECT_NEAR(report["expected_wins"]["by_closed_rate"]["value"], 1.0 / 3,
              1e-12);
  EXPECT_NEAR(report["expected_wins"]["by_prior"]["value"], 0.9, 1e-12);
}

TEST(LearnVisitsTest, AsOfAnEarlierDay) {
  LearnArguments arguments = On(kVisits);
  arguments.as_of = "2024-01-09";
  const json report = JsonOf(arguments, kExitFindings);
  EXPECT_EQ(report["visits"], 3);
  EXPECT_EQ(report["visits_later"], 2);
  EXPECT_EQ(report["deals"],
            json({{"all", 3}, {"won", 0}, {"lost", 2}, {"open", 1}}));
  EXPECT_EQ(report["milestones"][1]["open"], 1);  // A has not moved yet.
  // Nothing of what was left out comes through.
  LearnArguments cut =
      On("deal,stage,entered,left,outcome\nA,4,2024-01-01,,\n"
         "B,5,2024-01-01,2024-01-05,lost\nD,4,2024-01-02,2024-01-04,lost\n");
  cut.as_of = "2024-01-09";
  const json same = JsonOf(cut, kExitFindings);
  for (const char* const key : {"milestones", "expected_wins", "deals"}) {
    EXPECT_EQ(report[key], same[key]) << key;
  }
}

TEST(LearnVisitsTest, StrengthAndWindow) {
  LearnArguments arguments = On(kVisits);
  arguments.strength = 0.0;
  arguments.from = "2024-01-05";
  const json report = JsonOf(arguments, kExitFindings);
  EXPECT_EQ(report["from"], "2024-01-05");
  // The loss of the 4th is before the window.
  EXPECT_EQ(report["milestones"][1]["visits"], 1);
  EXPECT_EQ(report["milestones"][1]["conversion"]["value"], 1.0);
}

TEST(LearnVisitsTest, WinsWithinDays) {
  LearnArguments few = On(kVisits);
  few.within = 30;
  const Output refused = Learned(few);
  EXPECT_EQ(refused.status, kExitFindings);
  EXPECT_THAT(refused.out,
              HasSubstr("History does not say when deals are won: 1 deals"));
  LearnArguments many = On(MadeVisits(400, 7));
  many.within = 30;
  const json a = JsonOf(many, kExitFindings)["expected_wins"];
  many.within = 60;
  const json b = JsonOf(many, kExitFindings)["expected_wins"];
  EXPECT_GT(a["within_days"]["value"], 0.0);
  EXPECT_LT(a["within_days"]["value"], b["within_days"]["value"]);
  EXPECT_LT(b["within_days"]["value"], b["in_the_end"]["value"]);
}

TEST(LearnVisitsTest, OutOfSample) {
  // The method says 10, 25, 50, 75, 90 %: far below what is so here.
  const Output output = Learned(On(MadeVisits(2000, 11)));
  EXPECT_THAT(output.out, HasSubstr("Verdict, against ladder of the method: "));
  const json report = JsonOf(On(MadeVisits(2000, 11)), output.status);
  ExpectNothingBare(report, "");
  const json& check = report["out_of_sample"];
  EXPECT_EQ(check["as_of"], FormatDay(180));  // Two thirds of 0 to 270.
  EXPECT_GT(check["decided_since"], 100);
  EXPECT_EQ(check["learned"]["rows"], check["decided_since"]);
  EXPECT_EQ(check["closed_rate"]["auc"]["value"], 0.5);
  EXPECT_EQ(check["gate_closed_rate"]["verdict"], "adopt");
  EXPECT_EQ(report["adopted"], check["gate_prior"]["verdict"] == "adopt");
  EXPECT_EQ(output.status, report["adopted"] ? kExitFine : kExitFindings);
}

TEST(LearnVisitsTest, TheModelIsTheStatistics) {
  LearnArguments arguments = On(MadeVisits(100, 3));
  arguments.out_file = absl::StrCat(testing::TempDir(), "/learn_visits.bin");
  EXPECT_NE(Learned(arguments).status, kExitBadInput);
  const auto bytes = ReadFile(arguments.out_file);
  ASSERT_TRUE(bytes.ok());
  const auto statistics = VisitStatistics::Read(*bytes);
  ASSERT_TRUE(statistics.ok()) << statistics.status();
  EXPECT_EQ(statistics->window().as_of, 270);
}

TEST(LearnVisitsTest, AnyOrderOfRows) {
  const std::string csv = MadeVisits(200, 5);
  LearnArguments arguments = On(csv);
  arguments.json = true;
  arguments.out_file = absl::StrCat(testing::TempDir(), "/learn_order.bin");
  const Output before = Learned(arguments);
  const std::string model = *ReadFile(arguments.out_file);
  FileWith(Shuffled(csv, 1));
  EXPECT_EQ(Learned(arguments).out, before.out);
  EXPECT_EQ(*ReadFile(arguments.out_file), model);
}

// What the library makes of a log of moves.
TEST(LearnVisitsTest, VisitsAreThoseOfMoves) {
  Seeded random(9);
  std::string csv = "deal,stage,entered,left,outcome\n";
  std::vector<StageMove> moves;
  const auto move = [&moves](int32_t deal, int32_t day, int32_t to) {
    StageMove one;
    one.deal = static_cast<uint64_t>(deal);
    one.day = day;
    one.to = to;
    moves.push_back(one);
  };
  for (int32_t deal = 0; deal < 200; ++deal) {
    int32_t day = random.Below(100);
    int32_t stage = random.Below(kRungCount);
    const std::string name = std::to_string(1000 + deal);
    while (stage < kRungCount) {
      move(deal, day, stage);
      absl::StrAppend(&csv, name, ",", stage, ",", FormatDay(day));
      day += 1 + random.Below(30);
      if (random.Below(5) == 0) {
        const bool lost = random.Below(2) == 0;
        absl::StrAppend(&csv, ",", lost ? FormatDay(day) : "",
                        lost ? ",lost\n" : ",\n");
        if (lost) move(deal, day, kMoveLost);
        break;
      }
      int32_t to = random.Below(kRungCount);
      to = to >= stage ? to + 1 : to;
      absl::StrAppend(&csv, to == kRungCount ? "," : ",,",
                      to == kRungCount ? FormatDay(day) : "",
                      to == kRungCount ? ",won\n" : "\n");
      stage = to;
      if (stage == kRungCount) move(deal, day, stage);
    }
  }
  const auto input = ReadLearnInput(CsvSourceFromText(csv), {});
  ASSERT_TRUE(input.ok()) << input.status();
  ASSERT_THAT(input->errors.messages, IsEmpty());
  for (const int32_t as_of : {50, 120, 1000}) {
    const auto want = VisitsOfMoves(moves, as_of);
    ASSERT_TRUE(want.ok()) << want.status();
    const std::vector<StageVisit> got =
        StageVisitsOf(std::get<VisitTable>(input->table), as_of);
    ASSERT_EQ(got.size(), want->size()) << as_of;
    for (size_t i = 0; i < got.size(); ++i) {
      const StageVisit& w = (*want)[i];
      EXPECT_EQ(got[i].stage, w.stage) << i;
      EXPECT_EQ(got[i].entered, w.entered) << i;
      EXPECT_EQ(got[i].left, w.left) << i;
      EXPECT_EQ(got[i].spent, w.spent) << i;
      EXPECT_EQ(got[i].end, w.end) << i;
      EXPECT_EQ(got[i].to, w.to) << i;
    }
  }
}

TEST(LearnVisitsTest, AVoidDealIsWatchedUntilThen) {
  const auto input = ReadLearnInput(
      CsvSourceFromText("deal,stage,entered,left,outcome,seller\n"
                        "A,1,2024-01-01,2024-01-05,void,Ann\n"),
      {});
  const auto visits = StageVisitsOf(std::get<VisitTable>(input->table), 20000);
  ASSERT_EQ(visits.size(), 1U);
  EXPECT_EQ(visits[0].end, static_cast<int32_t>(fivek::VisitEnd::kVoid));
  EXPECT_EQ(visits[0].left - visits[0].entered, 4);
  EXPECT_EQ(visits[0].seller, 1U);
  EXPECT_EQ(visits[0].team, 0U);
}

// ---- Deals ------------------------------------------------------------------

// Whoever has a budget wins four of five; the colour says nothing.
std::string MadeDeals(int rows) {
  std::string csv = "id;budget;colour;when;status\n";
  for (int i = 0; i < rows; ++i) {
    const bool budget = i % 2 == 0;
    const bool won = (i / 2) % 5 == 0 ? !budget : budget;
    absl::StrAppend(&csv, "X", i, ";", budget ? "Yes" : "No", ";",
                    i / 10 % 2 == 0 ? "red" : "blue", ";2024-01-02;",
                    won ? "Won" : "Lost", "\n");
  }
  return absl::StrCat(csv, "Y;Yes;red;2024-01-02;Open\n");
}

TEST(LearnDealsTest, Scorecard) {
  const Output output = Learned(On(MadeDeals(400)));
  EXPECT_EQ(output.status, kExitFine) << output.error;
  EXPECT_THAT(output.out,
              AllOf(HasSubstr("closed deals: 400   won: 200   open, left out: "
                              "1   outcome: status"),
                    HasSubstr("budget  Yes "), HasSubstr("  160    80.0 %"),
                    HasSubstr("        No           0   40    20.0 %"),
                    HasSubstr("id      another text in every row"),
                    HasSubstr("when    a date")));
  LearnArguments arguments = On(MadeDeals(400));
  std::string folds = "row,fold\n";
  for (int i = 0; i <= 400; ++i) absl::StrAppend(&folds, i, ",", i % 3, "\n");
  arguments.folds_file = FileWith(folds, "folds.csv");
  const json report = JsonOf(arguments, output.status);
  ExpectNothingBare(report, "");
  EXPECT_EQ(report["rows"],
            json({{"read", 401}, {"closed", 400}, {"won", 200}, {"open", 1}}));
  EXPECT_EQ(report["unseen"]["folds"], "given");
  EXPECT_EQ(report["columns_left_out"],
            json::array({{{"column", "id"}, {"why", "identity"}},
                         {{"column", "when"}, {"why", "date"}}}));
}

TEST(LearnDealsTest, Salvirt) {
  LearnArguments arguments;
  arguments.file = Salvirt();
  const Output text = Learned(arguments);
  EXPECT_EQ(text.status, kExitFine) << text.error;
  EXPECT_THAT(
      text.out,
      AllOf(HasSubstr("closed deals: 448   won: 227   open, left out: 0"),
            HasSubstr("Verdict: adopted: on deals it had not seen"),
            HasSubstr("\nUp_sale       Yes                    14  179    "
                      "74.3 %  69.4 %   78.6 %  241.0  learned\n"
                      "              No                      0   48    23.2 %"),
            HasSubstr("From score to probability of winning"),
            HasSubstr("five folds by what rows say"),
            HasSubstr("naive Bayes (pls_compat)")));
  arguments.language = Language::kChinese;
  EXPECT_THAT(Learned(arguments).out,
              AllOf(HasSubstr("结论: 采用"), HasSubstr("学得"),
                    Not(HasSubstr("Verdict"))));
  const json report = JsonOf(arguments, kExitFine);
  ExpectNothingBare(report, "");
  EXPECT_EQ(report["scorecard"].size(), 22U);
  // Highest points first, columns by their spread; every deal is in a line and
  // in a band.
  int64_t before = 1000;
  for (const json& question : report["scorecard"]) {
    const int64_t most = question["answers"][0]["points"];
    EXPECT_LE(most, before);
    before = most;
    int64_t points = most;
    int64_t deals = 0;
    for (const json& answer : question["answers"]) {
      EXPECT_LE(answer["points"], points);
      points = answer["points"];
      deals += answer["deals"].get<int64_t>();
    }
    EXPECT_EQ(points, 0) << question["column"];
    EXPECT_EQ(deals, 448) << question["column"];
  }
  int64_t deals = 0;
  double probability = 0.0;
  for (const json& band : report["scores"]) {
    deals += band["deals"].get<int64_t>();
    EXPECT_GT(band["probability"]["value"], probability);
    probability = band["probability"]["value"];
  }
  EXPECT_EQ(deals, 448);
}

TEST(LearnDealsTest, SalvirtWithTheFoldsGiven) {
  LearnArguments arguments;
  arguments.file = Salvirt();
  arguments.folds_file =
      absl::StrCat(FIVEK_SHARED_DATA_DIR, "/salvirt_b2b/folds.csv");
  if (!ReadFile(arguments.folds_file).ok()) GTEST_SKIP() << "no folds";
  const json unseen = JsonOf(arguments, kExitFine)["unseen"];
  EXPECT_GE(unseen["scorecard"]["auc"]["value"], 0.813);
  EXPECT_LE(unseen["scorecard"]["brier"]["value"], 0.173);
  EXPECT_LT(unseen["scorecard"]["log_loss"]["high"],
            unseen["pls_compat"]["log_loss"]["low"]);
  EXPECT_LT(unseen["scorecard"]["log_loss"]["high"],
            unseen["constant"]["log_loss"]["low"]);
}

TEST(LearnDealsTest, AnyOrderOfRows) {
  const std::string csv = *ReadFile(Salvirt());
  LearnArguments arguments = On(csv);
  arguments.out_file = absl::StrCat(testing::TempDir(), "/learn_card.bin");
  const Output before = Learned(arguments);
  const std::string model = *ReadFile(arguments.out_file);
  const auto card = Scorecard::Read(model);
  ASSERT_TRUE(card.ok()) << card.status();
  EXPECT_EQ(card->rows(), 448);
  FileWith(Shuffled(csv, 2));
  EXPECT_EQ(Learned(arguments).out, before.out);
  EXPECT_EQ(*ReadFile(arguments.out_file), model);
}

TEST(LearnDealsTest, MavenHasNoSignal) {
  LearnArguments arguments;
  arguments.file =
      absl::StrCat(FIVEK_SHARED_DATA_DIR, "/maven_crm/sales_pipeline.csv");
  arguments.without = {"close_value"};
  if (!ReadFile(arguments.file).ok()) GTEST_SKIP() << "no Maven data";
  const Output output = Learned(arguments);
  EXPECT_EQ(output.status, kExitFindings);
  EXPECT_THAT(output.out,
              AllOf(HasSubstr("Verdict: no signal: "),
                    HasSubstr("every deal has the base rate: 63.2 % (62.2 % to "
                              "64.1 %, n 6711.0, no signal)"),
                    Not(HasSubstr("points"))));
}

TEST(LearnDealsTest, TooFewDeals) {
  const Output output =
      Learned(On("budget,status\nYes,Won\nNo,Lost\nYes,Won\n"));
  EXPECT_EQ(output.status, kExitFindings) << output.error;
  EXPECT_THAT(output.out,
              AllOf(HasSubstr("no signal: there are too few closed deals"),
                    HasSubstr("every deal has the base rate: 66.7 %")));
}

TEST(LearnDealsTest, OneFoldLeavesNothingUnseen) {
  LearnArguments arguments = On("budget,status\nYes,Won\nYes,Lost\n");
  const Output output = Learned(arguments);
  EXPECT_EQ(output.status, kExitFindings) << output.error;
  EXPECT_THAT(output.out, HasSubstr("All rows are in one fold"));
  EXPECT_TRUE(
      JsonOf(arguments, kExitFindings)["unseen"]["scorecard"].is_null());
}

TEST(LearnDealsTest, NumbersAndMissingAnswers) {
  std::string csv = "size,budget,status\n";
  for (int i = 0; i < 300; ++i) {
    const bool won = i * 7 % 300 < 150;
    absl::StrAppend(&csv, i % 10 == 0 ? "" : std::to_string(won ? i : 2000 + i),
                    ",", i % 3 == 0 ? "Yes" : "No", ",", won ? "Won" : "Lost",
                    "\n");
  }
  const Output output = Learned(On(csv));
  EXPECT_EQ(output.status, kExitFine) << output.error;
  EXPECT_THAT(output.out, AllOf(HasSubstr("below "), HasSubstr("(no answer)"),
                                HasSubstr("from ")));
  ExpectNothingBare(JsonOf(On(csv), kExitFine), "");
}

// ---- What is refused --------------------------------------------------------

void ExpectRefused(const LearnArguments& arguments,
                   const std::vector<std::string>& pieces) {
  const Output output = Learned(arguments);
  EXPECT_EQ(output.status, kExitBadInput);
  for (const std::string& piece : pieces) {
    EXPECT_THAT(output.error, HasSubstr(piece));
  }
}

TEST(LearnTest, BadRowsAreNamedAndNoModelIsWritten) {
  LearnArguments arguments =
      On("deal,stage,entered,left,outcome\nA,9,2024-01-01,,\n"
         "B,1,2024-01-01,2024-01-09,lost\nC,0,2024-01-01,2024-01-02,moved "
         "back\n");
  arguments.out_file = absl::StrCat(testing::TempDir(), "/learn_never.bin");
  std::remove(arguments.out_file.c_str());
  const Output output = Learned(arguments);
  EXPECT_EQ(output.status, kExitBadInput);
  EXPECT_THAT(output.out, HasSubstr("visits: 1   deals: 1 (won 0, lost 1"));
  EXPECT_THAT(output.error,
              AllOf(HasSubstr("cannot be read: 2"),
                    HasSubstr("row 2 (line 2), column 2"),
                    HasSubstr("milestone \"9\"; allowed: 0 to 6"),
                    HasSubstr("outcome \"moved back\" of milestone 0; allowed"),
                    HasSubstr("no model is written")));
  EXPECT_FALSE(ReadFile(arguments.out_file).ok());
}

TEST(LearnTest, Refusals) {
  LearnArguments arguments;
  arguments.file = "/no/such/file.csv";
  ExpectRefused(arguments, {"cannot open /no/such/file.csv"});

  arguments = On(kVisits);
  arguments.as_of = "2024-02-30";
  ExpectRefused(arguments, {"--as-of: date 2024-2-30 does not exist"});
  arguments.as_of = "2023-12-31";
  ExpectRefused(arguments, {"as-of 2023-12-31; allowed: 2024-01-01"});
  arguments.as_of = "";
  arguments.from = "2024-01-22";
  ExpectRefused(arguments,
                {"from 2024-01-22; allowed: up to as-of, 2024-01-21"});
  arguments.from = "";
  arguments.within = 0;
  ExpectRefused(arguments, {"a horizon of 0 days; allowed: 1 to 3660"});
  arguments.within.reset();
  arguments.strength = -1.0;
  ExpectRefused(arguments, {"strength"});
  arguments.strength.reset();
  arguments.without = {"seller"};
  ExpectRefused(arguments, {"--without is of deals, but this is a table of "
                            "visits"});
  arguments.without.clear();
  arguments.kind = "both";
  ExpectRefused(arguments, {"kind \"both\"; allowed: visits, deals"});
  arguments.kind = "";
  arguments.out_file = "/no/such/folder/model.bin";
  ExpectRefused(arguments, {"cannot write /no/such/folder/model.bin"});

  arguments = On("deal,stage,entered\nA,1,\n");
  ExpectRefused(arguments, {"row 2 (line 2), column 3 \"entered\"",
                            "the day is blank", "no visit to learn from"});
  arguments = On("deal,stage,entered,left\nA,1,0001-01-01,\nB,1,9999-12-31,\n");
  ExpectRefused(arguments, {"deal \"A\", entered 0001-01-01", "spent 0 steps"});

  arguments = On("budget,status\nYes,Won\nNo,Lost\n");
  arguments.within = 30;
  ExpectRefused(arguments,
                {"--within is of visits, but this is a table of deals"});
  arguments.within.reset();
  arguments.without = {"colour"};
  ExpectRefused(arguments, {"colour", "budget"});
  arguments.without = {"budget"};
  ExpectRefused(arguments, {"no column is left to learn from; allowed"});
  arguments.without.clear();
  arguments.folds_file = FileWith("row,fold\n0,x\n", "folds.csv");
  ExpectRefused(arguments, {"folds.csv: row 2 (line 2), column 2", "fold \"x\"",
                            "allowed: 0 to 999"});
  arguments = On("budget,status\nYes,Won\nNo,Won\n");
  ExpectRefused(arguments, {"outcome"});
  arguments = On("budget,status\nYes,Open\n");
  ExpectRefused(arguments, {"status"});
}

}  // namespace
}  // namespace fivek::tool
