// The review: a real export with known answers, the bundled sample, and what
// bad input gets.
#include "src/tool/review.h"

#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/tool/review_json.h"
#include "src/tool/review_text.h"
#include "src/tool/sample.h"

namespace fivek::tool {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr char kHeader[] =
    "id,stage,outcome,amount,currency,created,closed,problem,power,vision,"
    "value,control,by_decision_maker,evidence\n";

absl::StatusOr<Review> ReviewOf(const std::string& text,
                                const Policy& policy = Policy()) {
  ReviewOptions options;
  options.policy = policy;
  return ReviewExport(CsvSourceFromText(text), options);
}

// The review of rows in the native format, which must be readable as a whole.
Review Must(const std::string& rows, const Policy& policy = Policy()) {
  absl::StatusOr<Review> review = ReviewOf(absl::StrCat(kHeader, rows), policy);
  EXPECT_TRUE(review.ok()) << review.status();
  return review.ok() ? *std::move(review) : Review();
}

int64_t Deals(const Review& review, Outcome outcome) {
  return review.outcomes[static_cast<size_t>(outcome)].deals;
}

int64_t Total(const ExactTotal& total) {
  const auto rounded = total.Rounded(Rounding::kHalfEven);
  EXPECT_TRUE(rounded.ok());
  return rounded.value_or(-1);
}

// ---- A real export ----------------------------------------------------------

TEST(MavenExport, EqualsTheKnownAnswers) {
  const std::string path =
      absl::StrCat(FIVEK_SHARED_DATA_DIR, "/maven_crm/sales_pipeline.csv");
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) GTEST_SKIP() << path << " is not there";
  const auto review =
      ReviewExport(CsvSourceFromDescriptor(descriptor), ReviewOptions());
  close(descriptor);
  ASSERT_TRUE(review.ok()) << review.status();

  EXPECT_EQ(review->map_name, "maven_crm");
  EXPECT_EQ(review->rows_read, 8800);
  EXPECT_EQ(review->rows_reviewed, 8800);
  EXPECT_FALSE(review->HasErrors());
  EXPECT_EQ(Deals(*review, Outcome::kWon), 4238);
  EXPECT_EQ(Deals(*review, Outcome::kLost), 2473);
  EXPECT_EQ(Deals(*review, Outcome::kOpen), 1589 + 500);
  EXPECT_EQ(review->stages.at("Engaging").deals, 1589);
  EXPECT_EQ(review->stages.at("Prospecting").deals, 500);
  const MoneySum& won =
      review->outcomes[static_cast<size_t>(Outcome::kWon)].money.at("USD");
  EXPECT_EQ(Total(won.amount), int64_t{10'005'534} * 100);
  EXPECT_EQ(won.unknown, 0);
  // Open deals have no value in the export: unknown, not zero.
  const MoneySum& open =
      review->outcomes[static_cast<size_t>(Outcome::kOpen)].money.at("USD");
  EXPECT_EQ(open.unknown, 2089);

  // Nothing is verified; the gap is the finding.
  EXPECT_FALSE(review->has_evidence);
  EXPECT_FALSE(review->has_assessments);
  EXPECT_EQ(review->items_confirmed, 0);
  EXPECT_EQ(review->over_claimed, 4238 + 1589);
  EXPECT_EQ(review->in_line, 500);
  EXPECT_EQ(review->won_without_contract.deals, 4238);
  EXPECT_TRUE(review->HasFindings());

  const std::string english =
      ReviewText(*review, path, Language::kEnglish, false);
  EXPECT_THAT(english, AllOf(HasSubstr("4,238 / 6,711 = 63.15 %"),
                             HasSubstr("10,005,534.00"),
                             HasSubstr("Nothing in this export is verified"),
                             HasSubstr("strength is unknown, not zero")));
  EXPECT_THAT(ReviewText(*review, path, Language::kChinese, false),
              AllOf(HasSubstr("63.15 %"), HasSubstr("没有任何经过验证的内容")));
}

// ---- The sample
// ---------------------------------------------------------------

TEST(Sample, IsReviewedWithoutErrors) {
  std::string csv;
  ASSERT_TRUE(WriteSample(200, 1, [&csv](absl::string_view piece) {
                csv.append(piece.data(), piece.size());
                return absl::OkStatus();
              }).ok());
  const auto review = ReviewOf(csv);
  ASSERT_TRUE(review.ok()) << review.status();
  EXPECT_EQ(review->rows_reviewed, 200);
  EXPECT_FALSE(review->HasErrors());
  int64_t deals = 0;
  for (const Group& group : review->outcomes) deals += group.deals;
  EXPECT_EQ(deals, 200);
  int64_t open = 0;
  for (const Group& group : review->book) open += group.deals;
  EXPECT_EQ(open, Deals(*review, Outcome::kOpen));
  EXPECT_EQ(review->strongest.size(), 5U);
  for (size_t i = 1; i < 5; ++i) {
    EXPECT_GE(review->strongest[i - 1].strength.total,
              review->strongest[i].strength.total);
    EXPECT_LE(review->weakest[i - 1].strength.total,
              review->weakest[i].strength.total);
  }
  EXPECT_GT(review->items_proven, 0);
  EXPECT_LT(review->items_proven, review->items_confirmed);
  EXPECT_TRUE(ReviewJson(*review, "sample", Language::kEnglish).ok());
}

TEST(Sample, SameWordsForAnyOrderOfRowsInSums) {
  const std::string a = "a,Unqualified,,10.01,USD,,,,,,,,,0 1 2 3 4\n";
  const std::string b = "b,Unqualified,,20.02,USD,,,,,,,,,0 1 2 3 4\n";
  const Review one = Must(a + b);
  const Review other = Must(b + a);
  EXPECT_EQ(Total(one.book[1].money.at("USD").expected), 300);  // 3.003
  EXPECT_EQ(Total(one.book[1].money.at("USD").expected),
            Total(other.book[1].money.at("USD").expected));
}

// ---- What it finds
// --------------------------------------------------------------

TEST(Findings, EvidenceDecidesTheBookAndClaimsAreAudited) {
  const Review review = Must(
      "over,Decision settled,,100.00,USD,,,,,,,,,0 1 2 3 4\n"
      "fits,Qualified prospect,,100.00,USD,,,,,,,,,0 1 2 3 4\n"
      "under,Unqualified,,,USD,,,,,,,,,0 1 2 3 4\n");
  EXPECT_EQ(review.book[1].deals, 3);
  EXPECT_EQ(review.over_claimed, 1);
  EXPECT_EQ(review.in_line, 1);
  EXPECT_EQ(review.under_claimed, 1);
  EXPECT_EQ(review.claims[4][1], 1);
  ASSERT_EQ(review.widest_gaps.size(), 1U);
  EXPECT_EQ(review.widest_gaps[0].id, "over");
  EXPECT_EQ(review.widest_gaps[0].claim.rungs, 3);
  EXPECT_EQ(review.widest_gaps[0].claim.missing, Bits(5, 14));
  EXPECT_EQ(Total(review.claimed.money.at("USD").expected), 7500 + 1000);
  EXPECT_EQ(review.carried_by_claims, 3);  // No provenance: not proven.
}

TEST(Findings, ProvenEvidenceIsCounted) {
  const Review review =
      Must("a,Unqualified,,,,,,,,,,,,0:1:2 1:7:1 2:1:3 7:1:3\n");
  EXPECT_EQ(review.items_confirmed, 4);
  EXPECT_EQ(review.items_proven, 2);  // 7 needs the decision maker.
}

TEST(Findings, APolicyThatRequiresProofRefusesTheRest) {
  PolicyBuilder builder;
  builder.unproven = Unproven::kRequire;
  const Review review =
      Must("a,Unqualified,,,,,,,,,,,,0:1:2 1:7:1\n", *builder.Build());
  EXPECT_EQ(review.items_confirmed, 1);
  EXPECT_EQ(review.items_refused, 1);
  EXPECT_TRUE(review.HasFindings());
}

TEST(Findings, RuleBreaksNameTheirDeals) {
  const Review review = Must(
      "power,Unqualified,,,,,,0,3,0,0,0,,\n"
      "won,Closed won,won,1.00,USD,,,,,,,,,0\n"
      "signed,Pending close,,,,,,,,,,,,18:2:4\n"
      "gaps,Closed won,won,1.00,USD,,,,,,,,,18:2:4\n"
      "dates,Unqualified,,,,2026-02-02,2026-01-01,,,,,,,\n");
  EXPECT_THAT(review.score_rules[0].examples, ElementsAre("power"));
  EXPECT_THAT(review.won_without_contract.examples, ElementsAre("won"));
  EXPECT_THAT(review.signed_but_not_won.examples, ElementsAre("signed"));
  EXPECT_THAT(review.won_with_skipped_steps.examples, ElementsAre("gaps"));
  EXPECT_THAT(review.closed_before_created.examples, ElementsAre("dates"));
}

TEST(Findings, NothingToFindIsFine) {
  const Review review = Must("a,Unqualified,,1.00,USD,,,,,,,,,\n");
  EXPECT_FALSE(review.HasFindings());
  EXPECT_FALSE(review.HasErrors());
}

TEST(Findings, CurrenciesNeverMix) {
  const Review review = Must(
      "a,Unqualified,,50.00,USD,,,,,,,,,\n"
      "b,Unqualified,,50,JPY,,,,,,,,,\n"
      "c,Unqualified,,50.000,KWD,,,,,,,,,\n");
  const auto& money =
      review.outcomes[static_cast<size_t>(Outcome::kOpen)].money;
  ASSERT_EQ(money.size(), 3U);
  EXPECT_EQ(Total(money.at("USD").amount), 5000);
  EXPECT_EQ(Total(money.at("JPY").amount), 50);
  EXPECT_EQ(Total(money.at("KWD").amount), 50000);
}

TEST(Findings, VoidDealsAreInNoWinRateAndNoEvidence) {
  const Review review = Must("a,Void,,,,,,,,,,,,0 1\n");
  EXPECT_EQ(Deals(review, Outcome::kVoid), 1);
  EXPECT_EQ(review.items_confirmed, 0);
  EXPECT_FALSE(review.has_claims);
}

// ---- Bad input
// --------------------------------------------------------------------

struct BadRow {
  const char* name;
  const char* row;
  const char* place;  // In the message,
  const char* what;   // and so are the value and what is allowed.
};
void PrintTo(const BadRow& bad, std::ostream* os) { *os << bad.name; }

const BadRow kBadRows[] = {
    {"Level", "x,Unqualified,,,,,,6,,,,,,\n", "row 3 (line 3), column 8",
     "0..5"},
    {"Evidence", "x,Unqualified,,,,,,,,,,,,0 32\n", "column 14", "32"},
    {"Proof", "x,Unqualified,,,,,,,,,,,,0:1:6\n", "column 14", "6"},
    {"ByDecisionMaker", "x,Unqualified,,,,,,,,,,,2,\n", "column 13", "2"},
    {"Amount", "x,Unqualified,,1.2.3,USD,,,,,,,,,\n", "column 4 \"amount\"",
     "1.2.3"},
    {"TooManyDecimals", "x,Unqualified,,1.5,JPY,,,,,,,,,\n", "column 4",
     "decimals"},
    {"Currency", "x,Unqualified,,1,usd,,,,,,,,,\n", "column 5", "capital"},
    {"UnknownCurrency", "x,Unqualified,,1,QQQ,,,,,,,,,\n", "column 5", "QQQ"},
    {"AmountWithoutCurrency", "x,Unqualified,,1,,,,,,,,,,\n", "column 4",
     "without a currency"},
    {"Date", "x,Unqualified,,,,2026-02-30,,,,,,,,\n", "column 6 \"created\"",
     "2026-2-30"},
    {"DateFormat", "x,Unqualified,,,,30.1.2026,,,,,,,,\n", "column 6",
     "YYYY-MM-DD"},
    {"Outcome", "x,Unqualified,maybe,,,,,,,,,,,\n", "column 3", "maybe"},
    {"BlankId", ",Unqualified,,,,,,,,,,,,\n", "column 1", "blank"},
    {"DuplicateId", "good,Unqualified,,,,,,,,,,,,\n", "column 1",
     "first in row 2"},
    {"FewFields", "x,Unqualified\n", "row 3", "14"},
    {"NotUtf8", "x\xFF,Unqualified,,,,,,,,,,,,\n", "row 3", "UTF-8"},
};

class BadRowTest : public testing::TestWithParam<BadRow> {};

TEST_P(BadRowTest, FailsItselfAndIsNamed) {
  const Review review =
      Must(absl::StrCat("good,Unqualified,,,,,,,,,,,,\n", GetParam().row,
                        "last,Unqualified,,,,,,,,,,,,\n"));
  EXPECT_EQ(review.rows_read, 3);
  EXPECT_EQ(review.rows_reviewed, 2);
  ASSERT_EQ(review.error_count, 1);
  EXPECT_THAT(review.errors[0],
              AllOf(HasSubstr(GetParam().place), HasSubstr(GetParam().what)));
  EXPECT_TRUE(review.HasErrors());
  EXPECT_THAT(ReviewErrors(review, Language::kEnglish),
              HasSubstr("cannot be read: 1"));
  EXPECT_TRUE(ReviewJson(review, "x", Language::kEnglish).ok());
}
INSTANTIATE_TEST_SUITE_P(Row, BadRowTest, testing::ValuesIn(kBadRows),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(BadInput, UnmappedStagesAreCountedAndNeverGuessed) {
  const Review review = Must(
      "a,Dreaming,,,,,,,,,,,,\n"
      "b,Dreaming,,,,,,,,,,,,\n"
      "c,Hoping,won,,,,,,,,,,,\n"
      "d,Unqualified,,,,,,,,,,,,\n");
  EXPECT_THAT(review.unmapped_stages,
              ElementsAre(Pair("Dreaming", 2), Pair("Hoping", 1)));
  EXPECT_EQ(review.rows_reviewed, 1);
  EXPECT_TRUE(review.HasErrors());
  EXPECT_THAT(ReviewErrors(review, Language::kEnglish),
              AllOf(HasSubstr("\"Dreaming\": 2"), HasSubstr("\"Hoping\": 1")));
}

TEST(BadInput, AMissingColumnListsTheColumnsFound) {
  absl::StatusOr<ColumnMap> map = FindMap(BuiltinMaps(), "maven_crm");
  ASSERT_TRUE(map.ok());
  ReviewOptions options;
  options.map = &*map;
  const auto review = ReviewExport(
      CsvSourceFromText("opportunity_id,colour\n1,red\n"), options);
  EXPECT_EQ(review.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(review.status().message()),
              AllOf(HasSubstr("deal_stage"), HasSubstr("colour")));
}

TEST(BadInput, NoMapFits) {
  const auto review = ReviewOf("colour,size\nred,3\n");
  EXPECT_EQ(review.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(
      std::string(review.status().message()),
      AllOf(HasSubstr("fivek"), HasSubstr("maven_crm"), HasSubstr("colour")));
}

TEST(BadInput, EmptyFileAndHeaderOnly) {
  EXPECT_EQ(ReviewOf("").status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ReviewOf(kHeader).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST(BadInput, ManyErrorsAreCountedAndTheFirstAreKept) {
  std::string rows;
  for (int i = 0; i < 50; ++i) {
    absl::StrAppend(&rows, "x", i, ",Unqualified,,,,,,9,,,,,,\n");
  }
  const Review review = Must(rows);
  EXPECT_EQ(review.error_count, 50);
  EXPECT_EQ(review.errors.size(), 20U);
  EXPECT_THAT(ReviewErrors(review, Language::kEnglish), HasSubstr("+ 30"));
}

TEST(BadInput, TextFromTheFileCannotSteerTheTerminal) {
  const Review review =
      Must("\x1b[31mred,Decision settled,,1.00,USD,,,,,,,,,\n");
  const std::string text = ReviewText(review, "f", Language::kEnglish, false);
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_THAT(text, HasSubstr("\\x1B[31mred"));
}

}  // namespace
}  // namespace fivek::tool
