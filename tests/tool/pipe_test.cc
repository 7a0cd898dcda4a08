#include "src/tool/pipe.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "fivek/base/money.h"
#include "fivek/method/milestone.h"
#include "fivek/method/opportunity.h"
#include "fivek/method/strength.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/tool/pipe_rows.h"

namespace fivek::tool {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

// Delivers `text` in pieces of 1..most bytes.
CsvSource InPieces(absl::string_view text, size_t most) {
  return [text, most, random = std::minstd_rand()](
             char* to, size_t capacity) mutable -> absl::StatusOr<size_t> {
    const size_t n = std::min({1 + random() % most, capacity, text.size()});
    if (n > 0) std::memcpy(to, text.data(), n);
    text.remove_prefix(n);
    return n;
  };
}

struct Piped {
  absl::Status status;
  PipeCount count;
  std::string out;
  std::vector<std::string> pieces;  // As they were written.
};

Piped RunFrom(CsvSource source, const PipeOptions& options) {
  Piped run;
  const auto count = ScorePipe(
      std::move(source),
      [&run](absl::string_view piece) {
        run.pieces.emplace_back(piece);
        absl::StrAppend(&run.out, piece);
        return absl::OkStatus();
      },
      options);
  run.status = count.status();
  if (count.ok()) run.count = *count;
  return run;
}

Piped RunOn(absl::string_view text, const PipeOptions& options) {
  return RunFrom(CsvSourceFromText(text), options);
}

PipeOptions Json() {
  PipeOptions options;
  options.json = true;
  return options;
}

std::vector<std::string> LinesOf(absl::string_view text) {
  if (!text.empty()) text.remove_suffix(1);
  return absl::StrSplit(text, '\n');
}

constexpr char kTsvHeader[] =
    "id\tproblem\tpower\tvision\tvalue\tcontrol\tby_decision_maker\tevidence\t"
    "outcome\tamount\n";
constexpr char kTsvAnswers[] =
    "strength\tweakest\tproduct_ppm\tstage\tmilestone\tprobability_ppm\t"
    "expected_amount\terror\n";

// ---- The oracle: the functions for one row ---------------------------------

// A row as both formats can have it. Empty: not given.
struct Deal {
  std::string id;
  absl::optional<int64_t> level[kDimensionCount];
  absl::optional<int64_t> by_decision_maker, evidence, outcome, amount;
};

std::string Cell(absl::optional<int64_t> value) {
  return value.has_value() ? absl::StrCat(*value) : "";
}

std::vector<std::pair<PipeColumn, std::string>> CellsOf(const Deal& deal) {
  std::vector<std::pair<PipeColumn, std::string>> cells = {
      {PipeColumn::kId, deal.id}};
  for (size_t d = 0; d < kDimensionCount; ++d) {
    cells.emplace_back(static_cast<PipeColumn>(d + 1), Cell(deal.level[d]));
  }
  cells.emplace_back(PipeColumn::kByDecisionMaker,
                     Cell(deal.by_decision_maker));
  cells.emplace_back(PipeColumn::kEvidence, Cell(deal.evidence));
  cells.emplace_back(PipeColumn::kOutcome, Cell(deal.outcome));
  cells.emplace_back(PipeColumn::kAmount, Cell(deal.amount));
  return cells;
}

std::vector<std::string> ScoresOf(const Policy& policy, const Deal& deal) {
  Assessment assessment;
  for (size_t d = 0; d < kDimensionCount; ++d) {
    assessment.level[d] =
        static_cast<uint8_t>(deal.level[d].value_or(kUnknown));
  }
  assessment.by_decision_maker =
      static_cast<uint8_t>(deal.by_decision_maker.value_or(0));
  const auto strength = StrengthOf(policy, assessment);
  EXPECT_TRUE(strength.ok()) << strength.status();
  const Position position = PositionOf(
      policy.tables(), static_cast<EvidenceMask>(deal.evidence.value_or(0)));
  int32_t ppm = policy.tables().yield_ppm[position.milestone];
  switch (static_cast<Outcome>(deal.outcome.value_or(0))) {
    case Outcome::kOpen:
    case Outcome::kOnHold:
      break;
    case Outcome::kWon:
      ppm = 1000000;
      break;
    default:
      ppm = 0;
  }
  // The product is known where nothing is unknown, or one zero decides it.
  const bool has_product =
      strength->unknown_mask == 0 || strength->product_max_ppm == 0;
  return {absl::StrCat(strength->total),
          strength->weakest == kUnknown ? "" : absl::StrCat(strength->weakest),
          has_product ? absl::StrCat(strength->product_ppm) : "",
          absl::StrCat(static_cast<int>(position.stage)),
          absl::StrCat(static_cast<int>(position.milestone)),
          absl::StrCat(ppm),
          deal.amount.has_value()
              ? absl::StrCat(*ExpectedAmount(*deal.amount, ppm,
                                             policy.tables().rounding))
              : "",
          ""};
}

std::vector<Deal> Deals(size_t count, uint32_t seed) {
  std::minstd_rand random(seed);
  std::vector<Deal> deals(count);
  for (size_t i = 0; i < count; ++i) {
    Deal& deal = deals[i];
    deal.id = absl::StrCat(random() % 2 == 0 ? "A-" : "客户", i);
    for (size_t d = 0; d < kDimensionCount; ++d) {
      const auto level = random() % (kDimensions[d].levels + 2);
      if (level < kDimensions[d].levels) deal.level[d] = level;
      if (level == kDimensions[d].levels) deal.level[d] = kUnknown;
    }
    const auto given = [&random] { return random() % 8 != 0; };
    if (given()) deal.by_decision_maker = random() & kTwoColumnDimensions;
    if (given()) {
      // Mostly a ladder with a gap, sometimes anything.
      EvidenceMask evidence = Bits(0, static_cast<int>(random() % 19)) &
                              ~Bit(static_cast<int>(random() % 22));
      if (random() % 8 == 0) evidence = static_cast<EvidenceMask>(random() * 2);
      deal.evidence = evidence;
    }
    if (given()) deal.outcome = random() % 5;
    if (given()) {
      deal.amount = static_cast<int64_t>(random()) << random() % 34;
      if (random() % 4 == 0) deal.amount = -*deal.amount;
      if (i == 7) deal.amount = std::numeric_limits<int64_t>::min();
      if (i == 8) deal.amount = std::numeric_limits<int64_t>::max();
    }
  }
  return deals;
}

std::string Tsv(const std::vector<Deal>& deals,
                const std::vector<PipeColumn>& columns) {
  const auto name = [](std::string* out, PipeColumn column) {
    absl::StrAppend(out, kPipeColumns[static_cast<size_t>(column)]);
  };
  std::string text = absl::StrCat(absl::StrJoin(columns, "\t", name), "\n");
  for (const Deal& deal : deals) {
    const auto cells = CellsOf(deal);
    absl::StrAppend(
        &text,
        absl::StrJoin(columns, "\t",
                      [&cells](std::string* out, PipeColumn column) {
                        absl::StrAppend(
                            out, cells[static_cast<size_t>(column)].second);
                      }),
        "\n");
  }
  return text;
}

std::vector<PipeColumn> AllColumns() {
  std::vector<PipeColumn> columns;
  for (size_t i = 0; i < kPipeColumns.size(); ++i) {
    columns.push_back(static_cast<PipeColumn>(i));
  }
  return columns;
}

std::string JsonLines(const std::vector<Deal>& deals) {
  std::string text;
  for (const Deal& deal : deals) {
    std::vector<std::string> members;
    for (const auto& [column, cell] : CellsOf(deal)) {
      const absl::string_view key = kPipeColumns[static_cast<size_t>(column)];
      const bool is_id = column == PipeColumn::kId;
      // What is not given is left out or null.
      if (cell.empty() && deal.id.size() % 2 == 0) continue;
      members.push_back(absl::StrCat("\"", key, "\": ", is_id ? "\"" : "",
                                     cell.empty() ? "null" : cell,
                                     is_id ? "\"" : ""));
    }
    absl::StrAppend(&text, "{", absl::StrJoin(members, ", "), "}\n");
  }
  return text;
}

std::string JsonAnswer(absl::string_view id,
                       const std::vector<std::string>& scores) {
  std::string line = absl::StrCat("{", id);
  for (size_t i = 0; i < kPipeScores.size(); ++i) {
    absl::StrAppend(&line, "\"", kPipeScores[i],
                    "\":", scores[i].empty() ? "null" : scores[i],
                    i + 1 < kPipeScores.size() ? "," : "}\n");
  }
  return line;
}

Policy OwnPolicy() {
  // Evidence out of the order of its gates, and rounding of its own: scored
  // by the general code.
  const auto policy = Policy::FromJson(R"({
      "fivek_policy": 1,
      "evidence": {"22": {"stage": 2, "gate": 3, "en": "pilot", "zh": "试点"}},
      "ladder": {"2": {"yield_ppm": 300001}},
      "rounding": "half_away_from_zero"})");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return policy.ok() ? *policy : Policy();
}

TEST(PipeTest, TsvIsWhatTheFunctionsForOneRowSay) {
  // More than a batch.
  const std::vector<Deal> deals = Deals(3000, 1);
  for (const Policy& policy : {Policy(), OwnPolicy()}) {
    PipeOptions options;
    options.policy = policy;
    const Piped run = RunOn(Tsv(deals, AllColumns()), options);
    ASSERT_TRUE(run.status.ok()) << run.status;
    EXPECT_EQ(run.count.rows, 3000);
    EXPECT_EQ(run.count.bad, 0);
    const std::vector<std::string> lines = LinesOf(run.out);
    ASSERT_THAT(lines, SizeIs(3001));
    EXPECT_EQ(lines[0] + "\n", absl::StrCat("id\t", kTsvAnswers));
    for (size_t i = 0; i < deals.size(); ++i) {
      ASSERT_EQ(lines[i + 1],
                absl::StrCat(deals[i].id, "\t",
                             absl::StrJoin(ScoresOf(policy, deals[i]), "\t")))
          << i;
    }
  }
}

TEST(PipeTest, JsonLinesAreWhatTheFunctionsForOneRowSay) {
  const std::vector<Deal> deals = Deals(1500, 2);
  const Piped run = RunOn(JsonLines(deals), Json());
  ASSERT_TRUE(run.status.ok()) << run.status;
  EXPECT_EQ(run.count.rows, 1500);
  EXPECT_EQ(run.count.bad, 0) << run.out;
  std::string want;
  for (const Deal& deal : deals) {
    absl::StrAppend(&want, JsonAnswer(absl::StrCat("\"id\":\"", deal.id, "\","),
                                      ScoresOf(Policy(), deal)));
  }
  EXPECT_TRUE(run.out == want);
}

TEST(PipeTest, AnySubsetAndOrderOfColumns) {
  std::minstd_rand random(3);
  for (uint32_t round = 0; round < 200; ++round) {
    std::vector<PipeColumn> columns = AllColumns();
    std::shuffle(columns.begin(), columns.end(), random);
    columns.resize(1 + random() % columns.size());
    std::vector<Deal> deals = Deals(3, round);
    const Piped run = RunOn(Tsv(deals, columns), {});
    ASSERT_TRUE(run.status.ok()) << run.status;
    EXPECT_EQ(run.count.bad, 0);
    const auto has = [&columns](PipeColumn column) {
      return std::find(columns.begin(), columns.end(), column) != columns.end();
    };
    std::string want =
        absl::StrCat(has(PipeColumn::kId) ? "id\t" : "", kTsvAnswers);
    for (Deal& deal : deals) {
      for (size_t d = 0; d < kDimensionCount; ++d) {
        if (!has(static_cast<PipeColumn>(d + 1))) deal.level[d].reset();
      }
      if (!has(PipeColumn::kByDecisionMaker)) deal.by_decision_maker.reset();
      if (!has(PipeColumn::kEvidence)) deal.evidence.reset();
      if (!has(PipeColumn::kOutcome)) deal.outcome.reset();
      if (!has(PipeColumn::kAmount)) deal.amount.reset();
      absl::StrAppend(&want,
                      has(PipeColumn::kId) ? absl::StrCat(deal.id, "\t") : "",
                      absl::StrJoin(ScoresOf(Policy(), deal), "\t"), "\n");
    }
    EXPECT_EQ(run.out, want);
  }
}

// ---- Delivery ---------------------------------------------------------------

// Good and bad rows of all kinds, a long line among them.
std::string MixedTsv() {
  std::string text = Tsv(Deals(300, 4), AllColumns());
  absl::StrAppend(&text, "X\t9\t\t\t\t\t\t\t\t\n", "short\t1\n", "\n",
                  std::string(300, 'y'), "\n", "Z\t\t\t\t\t\t\t\t\t5\r\n",
                  std::string("n\0l\t\t\t\t\t\t\t\t\t\n", 13),
                  "last\t\t\t\t\t\t\t\t\t7");
  return text;
}

std::string MixedJson() {
  std::string text = JsonLines(Deals(200, 5));
  absl::StrAppend(&text, "{\"problem\":9,\"id\":\"late\"}\n", "\n", "[]\n",
                  "{\"id\":\"", std::string(300, 'y'), "\"}\n", "{}\r\n",
                  "{\"id\":1}");
  return text;
}

TEST(PipeTest, PiecesOfAnySizeAndFlushGiveTheSameBytes) {
  for (const bool json : {false, true}) {
    const std::string text = json ? MixedJson() : MixedTsv();
    PipeOptions options;
    options.json = json;
    options.blocks.max_line = 250;
    const Piped whole = RunOn(text, options);
    ASSERT_TRUE(whole.status.ok()) << whole.status;
    EXPECT_EQ(whole.count.bad, json ? 4 : 5) << whole.out;
    EXPECT_EQ(std::count(whole.out.begin(), whole.out.end(), '\n'),
              std::count(text.begin(), text.end(), '\n') + 1);
    for (size_t most = 1; most <= 50; ++most) {
      for (const bool flush : {false, true}) {
        options.flush = flush;
        const Piped run = RunFrom(InPieces(text, most), options);
        ASSERT_TRUE(run.status.ok()) << run.status;
        EXPECT_EQ(run.count.rows, whole.count.rows);
        EXPECT_EQ(run.count.bad, whole.count.bad);
        ASSERT_TRUE(run.out == whole.out) << most << " " << flush;
      }
    }
  }
}

TEST(PipeTest, FlushAnswersEachLineBeforeTheNextIsRead) {
  for (const bool json : {false, true}) {
    const std::vector<std::string> lines =
        json ? std::vector<std::string>{"{}\n", "{\"id\":1}\n", "{\n"}
             : std::vector<std::string>{"id\n", "A\n", "\x01\n"};
    size_t asked = 0;
    size_t answered = 0;
    PipeOptions options;
    options.json = json;
    options.flush = true;
    const auto count = ScorePipe(
        [&](char* to, size_t) -> absl::StatusOr<size_t> {
          EXPECT_EQ(answered, asked);
          if (asked == lines.size()) return 0;
          const std::string& line = lines[asked++];
          std::memcpy(to, line.data(), line.size());
          return line.size();
        },
        [&](absl::string_view piece) {
          EXPECT_EQ(std::count(piece.begin(), piece.end(), '\n'), 1);
          ++answered;
          return absl::OkStatus();
        },
        options);
    ASSERT_TRUE(count.ok()) << count.status();
    EXPECT_EQ(answered, 3U);
    EXPECT_EQ(count->bad, 1);
  }
}

TEST(PipeTest, WritesInPiecesWithoutFlush) {
  const Piped run = RunOn(Tsv(Deals(10000, 6), AllColumns()), {});
  EXPECT_GT(run.out.size(), 4U << 16);
  for (size_t i = 0; i + 1 < run.pieces.size(); ++i) {
    EXPECT_GE(run.pieces[i].size(), 1U << 16);
    EXPECT_LE(run.pieces[i].size(), 3U << 16);
    EXPECT_EQ(run.pieces[i].back(), '\n');
  }
}

TEST(PipeTest, LineEndsAndByteOrderMark) {
  const std::string want =
      RunOn("id\tamount\tevidence\nA\t10\t\nB\t\t3\n", {}).out;
  EXPECT_THAT(want, HasSubstr("\nB\t"));
  for (const absl::string_view text :
       {"id\tamount\tevidence\r\nA\t10\t\r\nB\t\t3\r\n",
        "id\tamount\tevidence\nA\t10\t\nB\t\t3",
        "id\tamount\tevidence\r\nA\t10\t\nB\t\t3\r",
        "\xEF\xBB\xBFid\tamount\tevidence\nA\t10\t\nB\t\t3\n"}) {
    EXPECT_EQ(RunOn(text, {}).out, want) << text;
  }
  EXPECT_EQ(RunOn("\xEF\xBB\xBF{\"id\":1}\r\n{}", Json()).out,
            RunOn("{\"id\":1}\n{}\n", Json()).out);
}

TEST(PipeTest, AHeaderAloneIsAnsweredByAHeader) {
  for (const absl::string_view text : {"amount", "amount\n", "amount\r\n"}) {
    const Piped run = RunOn(text, {});
    ASSERT_TRUE(run.status.ok()) << run.status;
    EXPECT_EQ(run.out, kTsvAnswers);
    EXPECT_EQ(run.count.rows, 0);
  }
}

// ---- Refusals ---------------------------------------------------------------

struct BadRowCase {
  const char* name;
  bool json;
  std::string line;
  std::string id;     // That is given back; empty: none.
  std::string error;  // Behind "row 2" (TSV) or "row 1" (JSON lines).
};
void PrintTo(const BadRowCase& c, std::ostream* os) { *os << c.name; }

const std::string kLevelOfSix =
    "; allowed: 0 to 5, or 255 or nothing if unknown";
const std::string kAnyAmount =
    "; allowed: whole minor units, -9223372036854775808 to "
    "9223372036854775807";
const std::string kAnyKey =
    "\" is unknown; allowed: id, problem, power, vision, value, control, "
    "by_decision_maker, evidence, outcome, amount";

const BadRowCase kBadRows[] = {
    {"Level", false, "A\t6\t\t\t\t\t\t\t\t", "A",
     ", column 2 \"problem\": \"6\"" + kLevelOfSix},
    {"LevelBelow", false, "A\t-1\t\t\t\t\t\t\t\t", "A",
     ", column 2 \"problem\": \"-1\"" + kLevelOfSix},
    {"LevelOf256", false, "A\t256\t\t\t\t\t\t\t\t", "A",
     ", column 2 \"problem\": \"256\"" + kLevelOfSix},
    {"LevelThatWrapsTo64Bits", false, "A\t18446744073709551617\t\t\t\t\t\t\t\t",
     "A", ", column 2 \"problem\": \"18446744073709551617\"" + kLevelOfSix},
    {"Power", false, "A\t\t8\t\t\t\t\t\t\t", "A",
     ", column 3 \"power\": \"8\"; allowed: 0 to 7, or 255 or nothing if "
     "unknown"},
    {"Blank", false, "A\t\t\t 1\t\t\t\t\t\t", "A",
     ", column 4 \"vision\": \" 1\"; allowed: 0 to 3, or 255 or nothing if "
     "unknown"},
    {"Sign", false, "A\t\t\t\t+1\t\t\t\t\t", "A",
     ", column 5 \"value\": \"+1\"; allowed: 0 to 6, or 255 or nothing if "
     "unknown"},
    {"SignAlone", false, "A\t\t\t\t\t-\t\t\t\t", "A",
     ", column 6 \"control\": \"-\"; allowed: 0 to 6, or 255 or nothing if "
     "unknown"},
    {"ByDecisionMaker", false, "A\t\t\t\t\t\t2\t\t\t", "A",
     ", column 7 \"by_decision_maker\": \"2\"; allowed: a sum of 1 (problem), "
     "4 (vision) and 8 (value)"},
    {"Evidence", false, "A\t\t\t\t\t\t\t4294967296\t\t", "A",
     ", column 8 \"evidence\": \"4294967296\"; allowed: 0 to 4294967295"},
    {"Outcome", false, "A\t\t\t\t\t\t\t\t5\t", "A",
     ", column 9 \"outcome\": \"5\"; allowed: 0 to 4"},
    {"OutcomeWord", false, "A\t\t\t\t\t\t\t\twon\t", "A",
     ", column 9 \"outcome\": \"won\"; allowed: 0 to 4"},
    {"AmountOver", false, "A\t\t\t\t\t\t\t\t\t9223372036854775808", "A",
     ", column 10 \"amount\": \"9223372036854775808\"" + kAnyAmount},
    {"AmountUnder", false, "A\t\t\t\t\t\t\t\t\t-9223372036854775809", "A",
     ", column 10 \"amount\": \"-9223372036854775809\"" + kAnyAmount},
    {"AmountWithDecimals", false, "A\t\t\t\t\t\t\t\t\t12.50", "A",
     ", column 10 \"amount\": \"12.50\"" + kAnyAmount},
    {"CrWithin", false, "A\t\t\t\t\t\t\t\t\t1\r2", "A",
     ", column 10 \"amount\": \"1\\r2\"" + kAnyAmount},
    {"TwoCrs", false, "A\t\t\t\t\t\t\t\t\t1\r\r", "A",
     ", column 10 \"amount\": \"1\\r\"" + kAnyAmount},
    {"NulInANumber", false, std::string("A\t\t\t\t\t\t\t\t\t1\0", 12), "A",
     ", column 10 \"amount\": \"1\\x00\"" + kAnyAmount},
    {"NulInTheId", false, std::string("A\0\t\t\t\t\t\t\t\t\t", 11), "",
     ", column 1 \"id\": \"A\\x00\"; allowed: UTF-8 without control "
     "characters"},
    {"IdIsNotUtf8", false, "A\xE5\xAE\t\t\t\t\t\t\t\t\t", "",
     ", column 1 \"id\": \"A\\xE5\\xAE\"; allowed: UTF-8 without control "
     "characters"},
    {"EscapeInTheId", false, "\x1B[1m\t\t\t\t\t\t\t\t\t", "",
     ", column 1 \"id\": \"\\x1B[1m\"; allowed: UTF-8 without control "
     "characters"},
    {"TooFewCells", false, "A\t1\t2", "", ": 3 cells; the header names 10"},
    {"TooManyCells", false, "A\t\t\t\t\t\t\t\t\t\t", "",
     ": 11 cells; the header names 10"},
    {"EmptyLine", false, "", "", ": 1 cell; the header names 10"},
    {"LongValue", false,
     absl::StrCat("A\t\t\t\t\t\t\t\t", std::string(1000, '1'), "\t"), "A",
     absl::StrCat(", column 9 \"outcome\": \"", std::string(59, '1'),
                  "…\"; allowed: 0 to 4")},
    {"LongLine", false, std::string(65537, 'x'), "",
     ": longer than 65536 bytes"},

    {"JsonLevel", true, R"({"id": "A", "problem": 6})", R"("A")",
     ", key \"problem\": 6" + kLevelOfSix},
    {"JsonIdBehind", true, R"({"problem": -1, "id": "A"})", R"("A")",
     ", key \"problem\": -1" + kLevelOfSix},
    {"JsonFirstOfTwoErrors", true, R"({"outcome": 9, "powr": 1, "id": 3})", "3",
     ", key \"outcome\": 9; allowed: 0 to 4"},
    {"JsonText", true, R"({"problem": "3"})", "",
     ", key \"problem\": \"3\"" + kLevelOfSix},
    {"JsonTrue", true, R"({"problem": true})", "",
     ", key \"problem\": true" + kLevelOfSix},
    {"JsonDecimals", true, R"({"amount": 1.0})", "",
     ", key \"amount\": 1.0" + kAnyAmount},
    {"JsonOver63Bits", true, R"({"amount": 9223372036854775808})", "",
     ", key \"amount\": 9223372036854775808" + kAnyAmount},
    {"JsonOver64Bits", true, R"({"amount": 18446744073709551616})", "",
     ", key \"amount\": 18446744073709551616" + kAnyAmount},
    {"JsonObject", true, R"({"id": "A", "amount": {"id": 1}})", R"("A")",
     ", key \"amount\": an object" + kAnyAmount},
    {"JsonArray", true, R"({"evidence": [1, 2]})", "",
     ", key \"evidence\": an array; allowed: 0 to 4294967295"},
    {"JsonIdTrue", true, R"({"id": true})", "",
     ", key \"id\": true; allowed: a string or a number"},
    {"JsonIdArray", true, R"({"id": []})", "",
     ", key \"id\": an array; allowed: a string or a number"},
    {"JsonUnknownKey", true, R"({"powr": [1], "id": 3})", "",
     ": key \"powr" + kAnyKey},
    {"JsonUnknownKeyAndId", true, R"({"p\tr": "x", "id": 3})", "3",
     ": key \"p\\tr" + kAnyKey},
    {"JsonDuplicateKey", true, R"({"power": 1, "id": 3, "power": 1})", "3",
     ": key \"power\" stands twice"},
    {"JsonDuplicateId", true, R"({"id": 3, "id": 4})", "3",
     ": key \"id\" stands twice"},
    {"JsonNotAnObject", true, "[1]", "", ": an array; expected a JSON object"},
    {"JsonNumber", true, "5", "", ": 5; expected a JSON object"},
    {"JsonNull", true, "null", "", ": null; expected a JSON object"},
    {"JsonString", true, "\"{}\"", "", ": \"{}\"; expected a JSON object"},
    {"JsonEmptyLine", true, "", "", ": not a JSON object at byte 1"},
    {"JsonCut", true, R"({"id": "A", "power")", R"("A")",
     R"(: not a JSON object at byte 20, near "power")"},
    {"JsonMoreBehind", true, R"({"id": "A"} {})", R"("A")",
     R"(: not a JSON object at byte 13, near "A"} {)"},
    {"JsonNotUtf8", true, "{\"id\": \"\xFF\"}", "",
     ": not a JSON object at byte 9, near \"\\xFF"},
    {"JsonNul", true, std::string("{}\0", 3), "",
     ": not a JSON object at byte 3, which is NUL"},
    {"JsonTooDeep", true, std::string(60000, '['), "",
     ": an array; expected a JSON object"},
};

class BadRowTest : public testing::TestWithParam<BadRowCase> {};
TEST_P(BadRowTest, IsAnsweredByItsErrorAndTheRunGoesOn) {
  const BadRowCase& c = GetParam();
  const std::string good = c.json ? R"({"id":"G","evidence":63,"amount":1000})"
                                  : "G\t\t\t\t\t\t\t63\t\t1000";
  PipeOptions options;
  options.json = c.json;
  const Piped run =
      RunOn(absl::StrCat(c.json ? "" : kTsvHeader, c.line, "\n", good, "\n"),
            options);
  ASSERT_TRUE(run.status.ok()) << run.status;
  EXPECT_EQ(run.count.rows, 2);
  EXPECT_EQ(run.count.bad, 1);
  const std::string error = absl::StrCat(c.json ? "row 1" : "row 2", c.error);
  Deal deal;
  deal.evidence = 63;
  deal.amount = 1000;
  const std::vector<std::string> scores = ScoresOf(Policy(), deal);
  if (c.json) {
    const std::string quoted = absl::StrCat(
        "\"", absl::StrReplaceAll(error, {{"\\", "\\\\"}, {"\"", "\\\""}}),
        "\"");
    EXPECT_EQ(run.out,
              JsonAnswer(c.id.empty() ? "" : absl::StrCat("\"id\":", c.id, ","),
                         {"", "", "", "", "", "", "", quoted}) +
                  JsonAnswer("\"id\":\"G\",", scores));
  } else {
    EXPECT_EQ(run.out,
              absl::StrCat("id\t", kTsvAnswers, c.id, "\t\t\t\t\t\t\t\t", error,
                           "\nG\t", absl::StrJoin(scores, "\t"), "\n"));
  }
}
INSTANTIATE_TEST_SUITE_P(Pipe, BadRowTest, testing::ValuesIn(kBadRows),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(PipeTest, GivesIdsBackAsTheyCame) {
  const std::vector<std::string> ids = {"0",          "-0",
                                        "-5",         "1.50",
                                        "1e3",        "18446744073709551616",
                                        "\"\"",       "null",
                                        "\"客户\"",   "\"a\\\"b\\\\c\\n\\t\"",
                                        "\"\\u0000\""};
  std::string text;
  std::string want;
  for (const std::string& id : ids) {
    absl::StrAppend(&text, "{\"id\": ", id, "}\n");
    absl::StrAppend(&want, JsonAnswer(absl::StrCat("\"id\":", id, ","),
                                      ScoresOf(Policy(), Deal())));
  }
  EXPECT_EQ(RunOn(text, Json()).out, want);
}

TEST(PipeTest, ALineOfTheLongestLengthIsFine) {
  const std::string id(65536, 'x');
  const Piped run = RunOn(absl::StrCat("id\n", id, "\n", id, "x\nB\n"), {});
  ASSERT_TRUE(run.status.ok()) << run.status;
  EXPECT_EQ(run.count.rows, 3);
  EXPECT_EQ(run.count.bad, 1);
  EXPECT_THAT(run.out, HasSubstr("\n" + id + "\t0\t"));
  EXPECT_THAT(run.out, HasSubstr("row 3: longer than 65536 bytes\nB\t0\t"));
}

TEST(PipeTest, NumbersOfManyDigits) {
  const Piped run = RunOn(
      "amount\toutcome\n0000000000000000000000000000012\t2\n"
      "-0\t2\n-9223372036854775808\t2\n9223372036854775807\t00002\n",
      {});
  EXPECT_EQ(run.count.bad, 0) << run.out;
  EXPECT_THAT(LinesOf(run.out),
              ElementsAre(testing::_, HasSubstr("\t12\t"), HasSubstr("\t0\t"),
                          HasSubstr("\t-9223372036854775808\t"),
                          HasSubstr("\t9223372036854775807\t")));
}

struct NothingCase {
  const char* name;
  bool json;
  std::string text;
  std::string error;
};
void PrintTo(const NothingCase& c, std::ostream* os) { *os << c.name; }
constexpr char kNames[] =
    "id, problem, power, vision, value, control, by_decision_maker, evidence, "
    "outcome, amount";
const NothingCase kNothing[] = {
    {"Empty", false, "",
     absl::StrCat("empty; expected a header with any of these columns, "
                  "separated by tabs: ",
                  kNames)},
    {"EmptyJson", true, "",
     absl::StrCat("empty; expected one JSON object a line, with any of these "
                  "keys: ",
                  kNames)},
    {"UnknownColumn", false, "id\tpowr\tvision\n1\t2\t3\n",
     absl::StrCat("header: column 2 \"powr\" is unknown; allowed, in any "
                  "order: ",
                  kNames, "; found: id, powr, vision")},
    {"TwiceTheSame", false, "id\tvision\tid\n",
     absl::StrCat("header: column 3 \"id\" stands twice; allowed, in any "
                  "order: ",
                  kNames, "; found: id, vision, id")},
    {"NoName", false, "\n",
     absl::StrCat("header: column 1 \"\" is unknown; allowed, in any order: ",
                  kNames, "; found: ")},
    {"Commas", false, "id,power",
     absl::StrCat("header: column 1 \"id,power\" is unknown; allowed, in any "
                  "order: ",
                  kNames, "; found: id,power")},
    {"ManyNames", false, "id" + std::string(30, '\t'),
     absl::StrCat("header: column 2 \"\" is unknown; allowed, in any order: ",
                  kNames, "; found: id, ",
                  absl::StrJoin(std::vector<std::string>(19), ", "), ", ...")},
    {"LongHeader", false, std::string(70000, 'x') + "\n",
     "header: longer than 65536 bytes"},
};
class NothingTest : public testing::TestWithParam<NothingCase> {};
TEST_P(NothingTest, IsRefusedWithoutAnyOutput) {
  const NothingCase& c = GetParam();
  PipeOptions options;
  options.json = c.json;
  const Piped run = RunOn(c.text, options);
  EXPECT_EQ(run.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(run.status.message(), c.error);
  EXPECT_EQ(run.out, "");
}
INSTANTIATE_TEST_SUITE_P(Pipe, NothingTest, testing::ValuesIn(kNothing),
                         [](const auto& p) {
                           return std::string(p.param.name);
                         });

TEST(PipeTest, AFailingSourceLeavesWhatWasScored) {
  bool first = true;
  const Piped run = RunFrom(
      [&first](char* to, size_t) -> absl::StatusOr<size_t> {
        if (!first) return absl::DataLossError("disk");
        first = false;
        std::memcpy(to, "id\nA\nB", 6);
        return 6;
      },
      {});
  EXPECT_EQ(run.status, absl::DataLossError("disk"));
  EXPECT_THAT(LinesOf(run.out), SizeIs(2));
}

TEST(PipeTest, AFailingSinkEndsTheRun) {
  for (const bool flush : {false, true}) {
    PipeOptions options;
    options.flush = flush;
    int calls = 0;
    const auto count = ScorePipe(
        CsvSourceFromText(Tsv(Deals(20000, 7), AllColumns())),
        [&calls](absl::string_view) {
          ++calls;
          return absl::DataLossError("full");
        },
        options);
    EXPECT_EQ(count.status(), absl::DataLossError("full"));
    EXPECT_EQ(calls, 1);
  }
}

}  // namespace
}  // namespace fivek::tool
