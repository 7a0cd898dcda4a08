// The ladder learned from a real stage log, as it was known on three days, and
// what it says of the deals that were open then. Skipped where the log is not.
#include <array>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "fivek/base/calendar.h"
#include "fivek/history/ladder.h"
#include "fivek/history/metrics.h"
#include "fivek/method/policy.h"
#include "gtest/gtest.h"

namespace fivek {
namespace {

constexpr char kLog[] =
    FIVEK_SHARED_DATA_DIR "/loan_stage_log/events_AO.csv.gz";

// Milestones 1 to 5; won and lost.
const std::map<std::string, int32_t>& Activities() {
  static const auto* const kActivities = new std::map<std::string, int32_t>{
      {"A_SUBMITTED", 1},        {"A_PREACCEPTED", 2},
      {"A_ACCEPTED", 3},         {"O_SENT", 4},
      {"O_SENT_BACK", 5},        {"A_APPROVED", 6},
      {"A_REGISTERED", 6},       {"A_ACTIVATED", 6},
      {"A_DECLINED", kMoveLost}, {"A_CANCELLED", kMoveLost}};
  return *kActivities;
}

// Each deal's first occurrence of each activity that is on the way up.
std::vector<StageMove> ReadMoves() {
  std::vector<StageMove> moves;
  FILE* const pipe =
      popen((std::string("gzip -dc '") + kLog + "'").c_str(), "r");
  if (pipe == nullptr) return moves;
  std::map<uint64_t, int32_t> highest;
  char line[256];
  while (std::fgets(line, sizeof line, pipe) != nullptr) {
    const std::vector<std::string> cells =
        absl::StrSplit(absl::string_view(line), absl::ByAnyChar(",\n"));
    const auto activity = Activities().find(cells[2]);
    if (activity == Activities().end()) continue;
    StageMove move;
    move.deal = std::stoull(cells[0]);
    move.sequence = std::stoi(cells[1]);
    move.day = *DayOfInstant(*ParseInstant(cells[5]));
    move.to = activity->second;
    // Offers are sent again: the ladder has first occurrences.
    int32_t& before = highest[move.deal];
    if (move.to <= before) continue;
    before = move.to;
    moves.push_back(move);
  }
  pclose(pipe);
  return moves;
}

struct OpenDeal {
  int32_t milestone;
  int32_t days;
  uint8_t won = 0;
};

TEST(LoanLogTest, OpenDealsAreForecastFromWhatWasKnown) {
  if (!std::ifstream(kLog)) GTEST_SKIP() << "no " << kLog;
  const std::vector<StageMove> moves = ReadMoves();
  ASSERT_GT(moves.size(), 10'000U);
  const int32_t end = *ParseDay("2011-12-01");
  std::map<uint64_t, int32_t> won_on;
  for (const StageMove& move : moves) {
    if (move.to == kRungCount) won_on[move.deal] = move.day;
  }
  double error = 0.0;
  double naive_error = 0.0;
  std::printf("as of       open  won  expected  Brier | closed only  Brier\n");
  for (const char* const day : {"2011-11-05", "2011-11-10", "2011-11-15"}) {
    const int32_t as_of = *ParseDay(day) - 1;  // The last day known.
    const auto visits = VisitsOfMoves(moves, as_of);
    ASSERT_TRUE(visits.ok()) << visits.status();
    ASSERT_TRUE(CheckVisits(*visits, as_of).ok());
    VisitStatistics statistics = *VisitStatistics::Create({kFirstDay, as_of});
    ASSERT_TRUE(statistics.Add(*visits).ok());
    const Ladder ladder = *FitLadder(Policy().tables(), statistics, {});
    const WinHorizon within = *ladder.Within(end - 1 - as_of);

    // The usual way: of those closed that were ever there, the share won.
    std::array<std::array<double, 2>, kMilestoneCount> closed = {};
    std::map<uint64_t, int32_t> reached;
    std::vector<OpenDeal> open;
    for (const StageVisit& v : *visits) {
      reached[v.deal] = v.stage;
      const auto outcome = static_cast<VisitEnd>(v.end);
      if (outcome == VisitEnd::kOpen) {
        const auto won = won_on.find(v.deal);
        open.push_back({v.stage, as_of - v.entered,
                        won != won_on.end() && won->second < end ? uint8_t{1}
                                                                 : uint8_t{0}});
      } else if (outcome == VisitEnd::kLost || v.to == kRungCount) {
        for (int32_t s = 1; s <= v.stage; ++s) {
          ++closed[static_cast<size_t>(s)][v.to == kRungCount ? 0 : 1];
        }
      }
    }
    std::vector<double> said;
    std::vector<double> naive;
    std::vector<uint8_t> won;
    double expected = 0.0;
    double naive_expected = 0.0;
    double wins = 0.0;
    for (const OpenDeal& deal : open) {
      const auto estimate = within.Won({}, deal.milestone, deal.days);
      ASSERT_TRUE(estimate.ok()) << estimate.status();
      EXPECT_EQ(estimate->source, Source::kShrunk);
      said.push_back(estimate->value);
      const auto& rate = closed[static_cast<size_t>(deal.milestone)];
      naive.push_back(rate[0] / (rate[0] + rate[1]));
      won.push_back(deal.won);
      expected += said.back();
      naive_expected += naive.back();
      wins += deal.won;
    }
    const double brier = EvaluateForecasts(said, won)->brier;
    const double naive_brier = EvaluateForecasts(naive, won)->brier;
    std::printf("%s  %4zu %4.0f  %8.1f  %.4f | %11.1f  %.4f\n", day,
                open.size(), wins, expected, brier, naive_expected,
                naive_brier);
    EXPECT_LE(brier, 0.185);
    EXPECT_LT(brier, naive_brier);
    error += std::abs(expected - wins) / 3;
    naive_error += std::abs(naive_expected - wins) / 3;
  }
  std::printf("mean error of the expected wins: %.1f, closed only %.1f\n",
              error, naive_error);
  EXPECT_NEAR(naive_error, (357 - 240 + 380 - 238 + 370 - 219) / 3.0, 2.0);
  EXPECT_LE(error, naive_error / 2);
}

}  // namespace
}  // namespace fivek
