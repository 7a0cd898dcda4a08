#include "src/tool/sample.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "fivek/base/calendar.h"
#include "fivek/base/money.h"
#include "fivek/base/probability.h"
#include "gtest/gtest.h"
#include "src/tool/cell.h"
#include "src/tool/column_map.h"
#include "src/tool/csv.h"

namespace fivek::tool {
namespace {

std::string Sample(size_t rows, uint64_t seed) {
  std::string all;
  EXPECT_TRUE(WriteSample(rows, seed, [&](absl::string_view piece) {
                absl::StrAppend(&all, piece);
                return absl::OkStatus();
              }).ok());
  return all;
}

TEST(SampleTest, TheBundledFileIsTwoHundredRowsOfSeedOne) {
  std::ifstream file(
      std::string(FIVEK_SOURCE_DIR) + "/tests/data/sample_pipeline.csv",
      std::ios::binary);
  ASSERT_TRUE(file.good());
  const std::string bundled{std::istreambuf_iterator<char>(file),
                            std::istreambuf_iterator<char>()};
  EXPECT_TRUE(bundled == Sample(200, 1))
      << "write it again: see tests/data/README.md";
}

TEST(SampleTest, ALongerSampleStartsWithTheShorterOne) {
  const std::string shorter = Sample(300, 7), longer = Sample(2000, 7);
  EXPECT_TRUE(absl::StartsWith(longer, shorter));
  EXPECT_NE(Sample(300, 8), shorter);
  EXPECT_TRUE(absl::StartsWith(shorter, Sample(0, 7)));
}

TEST(SampleTest, StopsAtTheFirstFailure) {
  int calls = 0;
  const absl::Status status = WriteSample(100000, 1, [&](absl::string_view) {
    ++calls;
    return absl::DataLossError("full");
  });
  EXPECT_EQ(status, absl::DataLossError("full"));
  EXPECT_EQ(calls, 1);
}

// An item is proven as the method has it: domain rules written out again.
bool Proven(const EvidenceEntry& e) {
  if (e.proof < 2) return false;
  if (e.item >= 2 && e.item <= 6 && e.shown_by != 1 && e.shown_by != 2) {
    return false;
  }
  if (e.item >= 7 && e.item <= 10 && e.shown_by != 2) return false;
  return e.item != 18 || e.proof >= 4;
}

TEST(SampleTest, EveryRowIsSoundAndTheMixIsAsTold) {
  constexpr int kRows = 5000;
  const std::string text = Sample(kRows, 3);
  CsvReader reader(CsvSourceFromText(text));
  ASSERT_TRUE(reader.ReadHeader().ok());
  const absl::StatusOr<ColumnMap> map =
      ChooseMap(BuiltinMaps(), reader.header());
  ASSERT_TRUE(map.ok()) << map.status();
  EXPECT_EQ(map->name(), "fivek");
  const absl::StatusOr<ColumnBinding> binding =
      ColumnBinding::Bind(*map, reader.header());
  ASSERT_TRUE(binding.ok()) << binding.status();
  const int note = static_cast<int>(reader.header().size()) - 1;
  ASSERT_EQ(reader.header()[static_cast<size_t>(note)], "note");

  std::set<std::string> ids;
  std::map<OutcomeKind, int> outcomes;
  int evidence = 0, proven = 0, blank_amounts = 0, unknown_levels = 0;
  std::vector<EvidenceEntry> entries;
  while (reader.Next()) {
    ASSERT_TRUE(reader.status().ok()) << reader.status();
    const auto fields = reader.record().fields;
    const auto text_of = [&](Field field) {
      return binding->text(field, fields);
    };
    const std::string id(text_of(Field::kId));
    EXPECT_TRUE(absl::StartsWith(id, "INV-"));
    EXPECT_TRUE(ids.insert(id).second) << id;
    EXPECT_EQ(fields[static_cast<size_t>(note)], "invented sample data");
    const absl::string_view account = text_of(Field::kAccount);
    EXPECT_TRUE(absl::StrContains(account, "(invented)") ||
                absl::StrContains(account, "（虚构）"));

    const absl::StatusOr<OutcomeKind> outcome =
        ParseOutcome(text_of(Field::kOutcome));
    ASSERT_TRUE(outcome.ok());
    ++outcomes[*outcome];
    const StageMeaning* const stage = map->FindStage(text_of(Field::kStage));
    ASSERT_NE(stage, nullptr) << text_of(Field::kStage);
    if (*outcome != OutcomeKind::kOnHold) {
      EXPECT_EQ(stage->kind, *outcome) << id;
    }

    if (text_of(Field::kAmount).empty()) {
      ++blank_amounts;
    } else {
      const absl::StatusOr<int64_t> amount =
          ParseAmount(text_of(Field::kAmount), 2);
      ASSERT_TRUE(amount.ok()) << amount.status();
      EXPECT_GT(*amount, 150000);
      EXPECT_LT(*amount, 600000000);
    }
    EXPECT_EQ(text_of(Field::kCurrency), "USD");
    const absl::string_view probability = text_of(Field::kProbability);
    EXPECT_TRUE(probability.empty() ||
                ParseProbability(probability, map->probability_unit()).ok());

    const absl::StatusOr<int32_t> created = ParseDay(text_of(Field::kCreated));
    ASSERT_TRUE(created.ok()) << created.status();
    const bool is_closed =
        *outcome != OutcomeKind::kOpen && *outcome != OutcomeKind::kOnHold;
    EXPECT_EQ(!text_of(Field::kClosed).empty(), is_closed);
    if (is_closed) {
      const absl::StatusOr<int32_t> closed = ParseDay(text_of(Field::kClosed));
      ASSERT_TRUE(closed.ok()) << closed.status();
      EXPECT_GT(*closed, *created);
    }

    constexpr uint8_t kHighest[] = {5, 7, 3, 6, 6};
    for (size_t d = 0; d < 5; ++d) {
      const absl::StatusOr<uint8_t> level = ParseLevel(
          text_of(static_cast<Field>(static_cast<size_t>(Field::kProblem) + d)),
          kHighest[d]);
      ASSERT_TRUE(level.ok()) << id << level.status();
      if (*level == 255) ++unknown_levels;
    }
    ASSERT_TRUE(ParseByDecisionMaker(text_of(Field::kByDecisionMaker)).ok());
    ASSERT_TRUE(ParseEvidence(text_of(Field::kEvidence), &entries).ok());
    bool is_signed = false;
    for (const EvidenceEntry& entry : entries) {
      ++evidence;
      if (Proven(entry)) ++proven;
      if (entry.item == 18) is_signed = true;
      EXPECT_LE(entry.item, 21);
    }
    EXPECT_EQ(is_signed, *outcome == OutcomeKind::kWon) << id;
  }
  EXPECT_EQ(ids.size(), static_cast<size_t>(kRows));
  const auto between = [](int value, int whole, int low, int high) {
    return low * whole <= 100 * value && 100 * value <= high * whole;
  };
  EXPECT_TRUE(between(outcomes[OutcomeKind::kOpen], kRows, 57, 63));
  EXPECT_TRUE(between(outcomes[OutcomeKind::kOnHold], kRows, 6, 10));
  EXPECT_TRUE(between(outcomes[OutcomeKind::kWon], kRows, 12, 16));
  EXPECT_TRUE(between(outcomes[OutcomeKind::kLost], kRows, 12, 16));
  EXPECT_TRUE(between(outcomes[OutcomeKind::kVoid], kRows, 2, 6));
  EXPECT_TRUE(between(proven, evidence, 60, 70)) << proven << "/" << evidence;
  EXPECT_TRUE(between(blank_amounts, kRows, 1, 7));
  EXPECT_TRUE(between(unknown_levels, 5 * kRows, 5, 14)) << unknown_levels;
}

}  // namespace
}  // namespace fivek::tool
