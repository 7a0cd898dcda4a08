#include "fivek/history/visits.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "fivek/base/reason.h"
#include "fivek/history/competing_risks.h"
#include "fivek/method/policy.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/history/made_history.h"
#include "tests/seal.h"

namespace fivek {
namespace {

using testing::HasSubstr;

constexpr int32_t kAsOf = 270;

VisitStatistics StatisticsOf(absl::Span<const StageVisit> visits,
                             VisitWindow window = {0, kAsOf}) {
  auto statistics = VisitStatistics::Create(window);
  EXPECT_TRUE(statistics.ok()) << statistics.status();
  const absl::Status added = statistics->Add(visits);
  EXPECT_TRUE(added.ok()) << added;
  return *std::move(statistics);
}

MadeHistory Busy(int32_t deals) {
  MadeHistory made;
  made.conversion = {0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
  made.back = {0, 0.1, 0.2, 0.1, 0.2, 0.1};
  made.first_rung = 0;
  made.deals = deals;
  made.sellers = 4;
  made.teams = 3;
  made.segments = 2;
  return made;
}

template <typename T>
void Shuffle(std::vector<T>* all, uint64_t seed) {
  Seeded random(seed);
  for (size_t i = all->size(); i > 1; --i) {
    std::swap((*all)[i - 1], (*all)[random.Next() % i]);
  }
}

// ---- Visits from moves ------------------------------------------------------

struct Line {
  int32_t day, to;
};
std::vector<StageMove> MovesOf(const std::vector<Line>& lines) {
  std::vector<StageMove> moves;
  for (const Line& line : lines) {
    StageMove move;
    move.deal = 5;
    move.day = line.day;
    move.sequence = static_cast<int32_t>(moves.size());
    move.to = line.to;
    move.seller = 9;
    moves.push_back(move);
  }
  return moves;
}

using Row = std::tuple<int32_t, int32_t, int32_t, int32_t, int32_t, int32_t>;
std::vector<Row> RowsOf(const std::vector<StageVisit>& visits) {
  std::vector<Row> rows;
  for (const StageVisit& v : visits) {
    EXPECT_EQ(v.deal, 5U);
    EXPECT_EQ(v.seller, 9U);
    rows.emplace_back(v.stage, v.entered, v.left, v.spent, v.end, v.to);
  }
  return rows;
}

constexpr int32_t kWon = 6;
constexpr int32_t kOpen = 0, kUp = 1, kLost = 2, kBack = 3, kVoid = 4;

struct MovesCase {
  const char* name;
  std::vector<Line> moves;
  std::vector<Row> visits;  // stage, entered, left, spent, end, to
};
void PrintTo(const MovesCase& c, std::ostream* os) { *os << c.name; }

// clang-format off
const MovesCase kMovesCases[] = {
    {"StillOpen",        {{3, 1}},                         {{1, 3, 0, 0, kOpen, 0}}},
    {"Won",              {{3, 5}, {9, kWon}},              {{5, 3, 9, 0, kUp, 6}}},
    {"Skips",            {{3, 1}, {9, 4}},                 {{1, 3, 9, 0, kUp, 4}, {4, 9, 0, 0, kOpen, 0}}},
    {"Lost",             {{3, 2}, {4, kMoveLost}},         {{2, 3, 4, 0, kLost, 0}}},
    {"Void",             {{3, 2}, {4, kMoveVoid}},         {{2, 3, 4, 0, kVoid, 0}}},
    {"BackTakesItUpAgain", {{3, 1}, {9, 2}, {11, 1}},      {{1, 3, 9, 0, kUp, 2}, {2, 9, 11, 0, kBack, 1}, {1, 11, 0, 7, kOpen, 0}}},
    {"BackToWhatWasSkipped", {{3, 1}, {9, 4}, {11, 3}},    {{1, 3, 9, 0, kUp, 4}, {4, 9, 11, 0, kBack, 3}, {3, 11, 0, 1, kOpen, 0}}},
    {"BackTwiceAddsUp",  {{0, 1}, {4, 2}, {4, 1}, {6, 2}, {6, 1}}, {{1, 0, 4, 0, kUp, 2}, {2, 4, 4, 0, kBack, 1}, {1, 4, 6, 5, kUp, 2}, {2, 6, 6, 0, kBack, 1}, {1, 6, 0, 8, kOpen, 0}}},
    {"ForwardAgainIsNew", {{0, 1}, {4, 2}, {8, 1}, {9, 2}}, {{1, 0, 4, 0, kUp, 2}, {2, 4, 8, 0, kBack, 1}, {1, 8, 9, 5, kUp, 2}, {2, 9, 0, 0, kOpen, 0}}},
    {"ReopenedIsNotLost", {{3, 2}, {4, kMoveLost}, {8, kMoveReopened}, {9, 3}}, {{2, 3, 9, 0, kUp, 3}, {3, 9, 0, 0, kOpen, 0}}},
    {"LostThenMovedIsReopened", {{3, 2}, {4, kMoveLost}, {9, 3}}, {{2, 3, 9, 0, kUp, 3}, {3, 9, 0, 0, kOpen, 0}}},
    {"LostTwiceIsOnce",  {{3, 2}, {4, kMoveLost}, {6, kMoveLost}}, {{2, 3, 4, 0, kLost, 0}}},
    {"LostBelowOnTheDay", {{3, 1}, {9, 2}, {9, 1}, {9, kMoveLost}}, {{1, 3, 9, 0, kUp, 2}, {2, 9, 9, 0, kBack, 1}, {1, 9, 9, 7, kLost, 0}}},
    {"LostBeforeItBegan", {{3, kMoveLost}, {4, kMoveReopened}}, {}},
    {"TheSameAgain",     {{3, 2}, {5, 2}},                 {{2, 3, 0, 0, kOpen, 0}}},
    {"WonTwiceIsTwoCycles", {{1, 5}, {2, kWon}, {3, 5}, {4, 1}}, {{5, 1, 2, 0, kUp, 6}, {5, 3, 4, 0, kBack, 1}, {1, 4, 0, 0, kOpen, 0}}},
    {"AfterAsOfIsNotKnown", {{3, 2}, {271, 3}, {272, kMoveLost}}, {{2, 3, 0, 0, kOpen, 0}}},
    {"AllAfterAsOf",     {{271, 3}},                       {}},
};
// clang-format on

class MovesTest : public testing::TestWithParam<MovesCase> {};

TEST_P(MovesTest, BecomeVisits) {
  std::vector<StageMove> moves = MovesOf(GetParam().moves);
  for (uint64_t seed = 0; seed < 5; ++seed) {
    const auto visits = VisitsOfMoves(moves, kAsOf);
    ASSERT_TRUE(visits.ok()) << visits.status();
    EXPECT_EQ(RowsOf(*visits), GetParam().visits);
    EXPECT_TRUE(CheckVisits(*visits, kAsOf).ok())
        << CheckVisits(*visits, kAsOf);
    Shuffle(&moves, seed);
  }
}

INSTANTIATE_TEST_SUITE_P(All, MovesTest, testing::ValuesIn(kMovesCases),
                         [](const auto& c) {
                           return std::string(c.param.name);
                         });

TEST(VisitsOfMovesTest, Refusals) {
  const auto expect = [](std::vector<StageMove> moves, int32_t as_of,
                         Where where, const char* words) {
    const auto visits = VisitsOfMoves(moves, as_of);
    ASSERT_FALSE(visits.ok()) << words;
    EXPECT_EQ(visits.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(visits.status().message()), HasSubstr(words));
    EXPECT_EQ(WhereOf(visits.status()).row, where.row);
    EXPECT_EQ(WhereOf(visits.status()).column, where.column);
  };
  expect(MovesOf({{1, 1}, {2, 10}}), kAsOf, {1, 3},
         "move to 10; allowed: 0 to 9");
  expect(MovesOf({{1, -1}}), kAsOf, {0, 3}, "move to -1");
  expect(MovesOf({{kLastDay + 1, 1}}), kAsOf, {0, 1}, "day 2932897; allowed:");
  expect(MovesOf({{0, 1}, {200'000, 2}}), 200'000, {-1, -1}, "together 100000");
  expect({}, kFirstDay - 1, {}, "as-of, day");
  std::vector<StageMove> twice = MovesOf({{1, 1}, {1, 2}});
  twice[1].sequence = 0;
  expect(twice, kAsOf, {1, 2}, "sequence 0 twice on day 1 for deal 5");
}

// ---- Visits from the state machine ------------------------------------------

Event EventOf(int64_t day, EventKind kind, int32_t code = 0) {
  Event event;
  event.at = day * kSecondsPerDay + 3600;
  event.kind = static_cast<int32_t>(kind);
  event.code = code;
  return event;
}

TEST(AppendMovesTest, FollowsTheStateMachine) {
  std::vector<Event> log;
  for (int32_t item = 0; item <= 4; ++item) {
    log.push_back(EventOf(2, EventKind::kEvidenceConfirmed, item));
  }
  for (int32_t item = 5; item <= 12; ++item) {
    log.push_back(EventOf(5, EventKind::kEvidenceConfirmed, item));
  }
  log.push_back(EventOf(7, EventKind::kPutOnHold));
  log.push_back(EventOf(8, EventKind::kResumed));
  log.push_back(EventOf(9, EventKind::kEvidenceWithdrawn, 8));
  log.push_back(EventOf(10, EventKind::kLost));
  log.push_back(EventOf(12, EventKind::kReopened));
  log.push_back(EventOf(14, EventKind::kEvidenceConfirmed, 18));
  log.push_back(EventOf(20, EventKind::kCycleRestarted));
  log.push_back(EventOf(21, EventKind::kVoided));
  StageMove like;
  like.deal = 5;
  like.seller = 9;
  std::vector<StageMove> moves;
  ASSERT_TRUE(AppendMoves(Policy(), like, kSecondsPerDay, log, &moves).ok());
  const auto visits = VisitsOfMoves(moves, kAsOf);
  ASSERT_TRUE(visits.ok()) << visits.status();
  EXPECT_EQ(RowsOf(*visits), (std::vector<Row>{{0, 1, 2, 0, kUp, 1},
                                               {1, 2, 5, 0, kUp, 2},
                                               {2, 5, 5, 0, kUp, 3},
                                               {3, 5, 9, 0, kBack, 2},
                                               {2, 9, 14, 1, kUp, 6},
                                               {0, 20, 21, 0, kVoid, 0}}));
}

TEST(AppendMovesTest, ARefusedLogAppendsNothing) {
  std::vector<StageMove> moves(1);
  const std::vector<Event> log = {EventOf(2, EventKind::kEvidenceConfirmed, 0),
                                  EventOf(1, EventKind::kLost)};
  const absl::Status status = AppendMoves(Policy(), {}, 0, log, &moves);
  EXPECT_EQ(ReasonOf(status), Reason::kEventOutOfOrder);
  EXPECT_EQ(WhereOf(status).row, 1);
  EXPECT_EQ(moves.size(), 1U);
  EXPECT_EQ(AppendMoves(Policy(), {}, int64_t{1} << 60, {}, &moves).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(moves.size(), 1U);
}

// ---- Checks -----------------------------------------------------------------

StageVisit Lost(uint64_t deal, int32_t stage, int32_t entered, int32_t left) {
  StageVisit visit;
  visit.deal = deal;
  visit.stage = stage;
  visit.entered = entered;
  visit.left = left;
  visit.end = kLost;
  return visit;
}
StageVisit Up(uint64_t deal, int32_t stage, int32_t entered, int32_t left) {
  StageVisit visit = Lost(deal, stage, entered, left);
  visit.end = kUp;
  visit.to = stage + 1;
  return visit;
}

struct RefusedVisit {
  const char* name;
  void (*spoil)(StageVisit* visit);
  int32_t column;
  const char* words;
};

// clang-format off
const RefusedVisit kRefusedVisits[] = {
    {"StageBelow",    [](StageVisit* v) { v->stage = -1; },            1, "stage -1; allowed: 0 to 5"},
    {"StageAbove",    [](StageVisit* v) { v->stage = 6; },             1, "stage 6"},
    {"EnteredLate",   [](StageVisit* v) { v->entered = 271; },         2, "entered on day 271; allowed: -719162 to as-of, day 270"},
    {"EnteredBefore", [](StageVisit* v) { v->entered = kFirstDay - 1; }, 2, "entered on day -719163"},
    {"LeftBefore",    [](StageVisit* v) { v->left = 9; },              3, "left on day 9; allowed: from its entry, day 10, to as-of, day 270"},
    {"LeftLate",      [](StageVisit* v) { v->left = 271; },            3, "left on day 271"},
    {"SpentBelow",    [](StageVisit* v) { v->spent = -1; },            4, "spent -1 steps, then 11"},
    {"TooLong",       [](StageVisit* v) { v->spent = 99'990; },        4, "together 100000"},
    {"TooFar",        [](StageVisit* v) { v->spent = INT32_MAX; },     4, "spent 2147483647"},
    {"EndAbove",      [](StageVisit* v) { v->end = 5; },               5, "end 5; allowed: 0 to 4"},
    {"EndBelow",      [](StageVisit* v) { v->end = -1; },              5, "end -1"},
    {"UpToNowhere",   [](StageVisit* v) { v->to = 0; },                6, "end 1 from stage 2 to 0"},
    {"UpToItself",    [](StageVisit* v) { v->to = 2; },                6, "to 2; allowed: advanced to above it"},
    {"UpTooHigh",     [](StageVisit* v) { v->to = 7; },                6, "to 7"},
    {"BackUp",        [](StageVisit* v) { v->end = kBack; },           6, "end 3 from stage 2 to 3"},
    {"BackBelow",     [](StageVisit* v) { v->end = kBack; v->to = -1; }, 6, "to -1"},
    {"LostTo",        [](StageVisit* v) { v->end = kLost; },           6, "end 2 from stage 2 to 3"},
    {"OpenTo",        [](StageVisit* v) { v->end = kOpen; },           6, "end 0 from stage 2 to 3"},
    {"Reserved",      [](StageVisit* v) { v->reserved = 1; },          10, "reserved 1; allowed: 0"},
};
// clang-format on

TEST(VisitStatisticsTest, RefusesAndStaysAsItWas) {
  VisitStatistics statistics = StatisticsOf({Up(1, 2, 10, 20)});
  const std::string before = statistics.Serialise();
  for (const RefusedVisit& c : kRefusedVisits) {
    SCOPED_TRACE(c.name);
    std::vector<StageVisit> visits = {Up(1, 2, 10, 20), Up(2, 2, 10, 20)};
    c.spoil(&visits[1]);
    for (const absl::Status& status :
         {statistics.Add(visits), CheckVisits(visits, kAsOf)}) {
      EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
      EXPECT_EQ(WhereOf(status).row, 1);
      EXPECT_EQ(WhereOf(status).column, c.column);
      EXPECT_THAT(std::string(status.message()), HasSubstr(c.words));
    }
    EXPECT_EQ(statistics.Serialise(), before);
  }
  EXPECT_EQ(VisitStatistics::Create({5, 4}).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(VisitStatistics::Create({5, 4}).status().message()),
              HasSubstr("from, day 5; allowed: -719162 to as-of, day 4"));
  EXPECT_FALSE(VisitStatistics::Create({0, kLastDay + 1}).ok());
  EXPECT_FALSE(VisitStatistics::Create({kFirstDay - 1, 0}).ok());
}

TEST(CheckVisitsTest, OneStageAtATime) {
  const auto expect = [](std::vector<StageVisit> visits, int64_t row,
                         const char* words) {
    const absl::Status status = CheckVisits(visits, kAsOf);
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << words;
    EXPECT_EQ(WhereOf(status).row, row);
    EXPECT_EQ(WhereOf(status).column, 2);
    EXPECT_THAT(std::string(status.message()), HasSubstr(words));
  };
  EXPECT_TRUE(CheckVisits({Up(1, 2, 10, 20), Up(1, 3, 20, 20),
                           Lost(1, 4, 20, 30), Up(2, 2, 15, 25)},
                          kAsOf)
                  .ok());
  // All on one day: whatever the stages, the loss is last.
  EXPECT_TRUE(CheckVisits({Lost(1, 2, 20, 20), Up(1, 3, 20, 20)}, kAsOf).ok());
  EXPECT_TRUE(CheckVisits({Lost(1, 3, 20, 20), Up(1, 2, 20, 20)}, kAsOf).ok());
  expect({Lost(1, 3, 20, 20), Lost(1, 2, 20, 20)}, 0, "after one that is lost");
  expect({Up(1, 3, 19, 30), Up(1, 2, 10, 20)}, 0,
         "deal 1 is entered on day 19, before it has left stage 2 on day 20");
  expect({Lost(1, 2, 10, 20), Up(1, 3, 30, 40)}, 1, "after one that is lost");
  StageVisit open;
  open.deal = 1;
  open.entered = 5;
  expect({open, Up(1, 3, 30, 40)}, 1, "after one that is open");
}

// ---- Statistics -------------------------------------------------------------

// What Aalen and Johansen say of a rung, visit by visit.
CompetingRisks SlowRisks(const std::vector<StageVisit>& visits, int32_t rung,
                         const VisitWindow& window) {
  std::vector<int32_t> entry;
  std::vector<int32_t> time;
  std::vector<uint8_t> event;
  const auto add = [&](int32_t from, int32_t to, int32_t end) {
    entry.push_back(from);
    time.push_back(to);
    event.push_back(static_cast<uint8_t>(end == kVoid ? 0 : end));
  };
  for (const StageVisit& v : visits) {
    const int32_t last = v.end == kOpen ? window.as_of : v.left;
    if (last < window.from) continue;
    if (v.stage < rung && rung < v.to) add(0, 1, kUp);
    if (v.stage != rung) continue;
    const int32_t before = std::max(window.from - v.entered, 0);
    add(v.spent + before, v.spent + last - v.entered + 1, v.end);
  }
  return *AalenJohansen(entry, time, event);
}

CompetingRisks RisksOf(const VisitStatistics& statistics, size_t rung) {
  std::map<int32_t, std::array<int64_t, kCauses>> ended;
  std::map<int32_t, int64_t> after;  // At risk from the next step on.
  int64_t at_risk = 0;
  for (const VisitGroup& group : statistics.Groups()) {
    for (const VisitCell& cell : group.cells) {
      if (cell.rung() != rung || cell.kind() == VisitCount::kBackTo) continue;
      const bool late = cell.kind() == VisitCount::kLate;
      const int64_t count = late ? -cell.count : cell.count;
      at_risk += count;
      after[cell.step()] -= count;
      std::array<int64_t, kCauses>& causes = ended[cell.step()];
      const auto kind = static_cast<size_t>(cell.kind());
      if (kind > 0 && !late) causes[kind - 1] += count;
    }
  }
  RiskAccumulator risks;
  for (const auto& [step, causes] : ended) {
    risks.AddDay(at_risk, causes);
    at_risk += after[step];
  }
  EXPECT_EQ(at_risk, 0);
  return risks.total();
}

TEST(VisitStatisticsTest, CountsWhatTheVisitsAre) {
  for (const VisitWindow window : {VisitWindow{0, kAsOf}, {100, kAsOf}}) {
    std::vector<StageVisit> visits = MakeVisits(Busy(400), 3);
    StageVisit skips = Up(77, 1, 5, 150);
    skips.to = 5;
    visits.push_back(skips);
    StageVisit void_visit = Lost(78, 2, 5, 150);
    void_visit.end = kVoid;
    visits.push_back(void_visit);
    const VisitStatistics statistics = StatisticsOf(visits, window);
    EXPECT_EQ(statistics.visits(), static_cast<int64_t>(visits.size()));
    for (int32_t rung = 0; rung < kRungCount; ++rung) {
      const CompetingRisks want = SlowRisks(visits, rung, window);
      const CompetingRisks got = RisksOf(statistics, static_cast<size_t>(rung));
      EXPECT_EQ(got.incidence, want.incidence) << rung;
      EXPECT_EQ(got.survival, want.survival) << rung;
      EXPECT_EQ(got.ended, want.ended) << rung;
    }
  }
}

TEST(VisitStatisticsTest, AnyOrderAndPartitionGivesTheSameBytes) {
  std::vector<StageVisit> visits = MakeVisits(Busy(1000), 4);
  const std::string want = StatisticsOf(visits).Serialise();
  Seeded random(9);
  for (uint64_t round = 0; round < 12; ++round) {
    Shuffle(&visits, round);
    std::vector<VisitStatistics> parts;
    for (size_t from = 0; from < visits.size();) {
      const size_t size = std::min(
          visits.size() - from, static_cast<size_t>(random.Next() % 300 + 1));
      parts.push_back(
          StatisticsOf(absl::MakeConstSpan(visits).subspan(from, size)));
      from += size;
    }
    while (parts.size() > 1) {
      const size_t into = random.Next() % (parts.size() - 1);
      ASSERT_TRUE(parts[into].Merge(parts.back()).ok());
      parts.pop_back();
    }
    EXPECT_EQ(parts.front().Serialise(), want);
  }
  VisitStatistics singly = StatisticsOf({});
  for (const StageVisit& visit : visits) {
    ASSERT_TRUE(singly.Add({visit}).ok());
  }
  EXPECT_EQ(singly.Serialise(), want);
}

// More than one digit of the sort, and groups that share a place in its table.
TEST(VisitStatisticsTest, ManyGroups) {
  std::vector<StageVisit> visits = MakeVisits(Busy(20'000), 5);
  Seeded random(1);
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, int64_t> want;
  for (StageVisit& visit : visits) {
    visit.segment = static_cast<uint32_t>(random.Next() % 3) << 30;
    visit.team = static_cast<uint32_t>(random.Next() % 5);
    visit.seller = static_cast<uint32_t>(random.Next() % 2000) * 4096;
    ++want[{visit.segment, visit.team, visit.seller}];
  }
  std::map<std::tuple<uint32_t, uint32_t, uint32_t>, int64_t> got;
  for (const VisitGroup& group : StatisticsOf(visits).Groups()) {
    uint32_t before = 0;
    for (const VisitCell& cell : group.cells) {
      EXPECT_TRUE(before < cell.code || &cell == &group.cells.front());
      before = cell.code;
      if (cell.kind() < VisitCount::kLate) {
        got[{group.segment, group.team, group.seller}] += cell.count;
      }
    }
  }
  EXPECT_EQ(got, want);
}

TEST(VisitStatisticsTest, MergingWithItselfDoubles) {
  VisitStatistics statistics = StatisticsOf(MakeVisits(Busy(50), 6));
  const auto before = statistics.Groups();
  ASSERT_TRUE(statistics.Merge(statistics).ok());
  const auto after = statistics.Groups();
  ASSERT_EQ(after.size(), before.size());
  for (size_t g = 0; g < after.size(); ++g) {
    ASSERT_EQ(after[g].cells.size(), before[g].cells.size());
    for (size_t c = 0; c < after[g].cells.size(); ++c) {
      EXPECT_EQ(after[g].cells[c].count, 2 * before[g].cells[c].count);
    }
  }
}

TEST(VisitStatisticsTest, OtherWindowsDoNotMix) {
  VisitStatistics statistics = StatisticsOf({});
  const absl::Status status = statistics.Merge(StatisticsOf({}, {1, kAsOf}));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("statistics of days 1 to 270; allowed: 0 to 270"));
}

// ---- Bytes ------------------------------------------------------------------

TEST(VisitStatisticsTest, ReadsWhatItWrote) {
  for (const int32_t deals : {0, 1, 500}) {
    const VisitStatistics statistics =
        StatisticsOf(MakeVisits(Busy(deals), 7), {100, kAsOf});
    const std::string bytes = statistics.Serialise();
    auto read = VisitStatistics::Read(bytes);
    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->Serialise(), bytes);
    EXPECT_EQ(read->visits(), statistics.visits());
    EXPECT_EQ(read->window().from, 100);
    EXPECT_EQ(read->window().as_of, kAsOf);
    ASSERT_TRUE(read->Merge(statistics).ok());
  }
}

// The format, byte for byte: it never changes.
TEST(VisitStatisticsTest, TheSerialisedForm) {
  StageVisit back = Lost(1, 3, 10, 12);
  back.end = kBack;
  back.to = 1;
  back.spent = 2;
  back.seller = 0x01020304;
  const std::string bytes = StatisticsOf({back}).Serialise();
  const std::string want(
      "5Kvisits\1\0\0\0"
      "\0\0\0\0\x0E\1\0\0"           // From, as of: 270.
      "\1\0\0\0\0\0\0\0"             // Visits.
      "\1\0\0\0\0\0\0\0"             // Groups.
      "\0\0\0\0\0\0\0\0\4\3\2\1"     // Seller.
      "\3\0\0\0\0\0\0\0"             // Cells.
      "\5\0\x36\0\1\0\0\0\0\0\0\0"   // Rung 3, moved back, step 5.
      "\2\0\x38\0\1\0\0\0\0\0\0\0"   // Not watched up to step 2.
      "\1\0\x3A\0\1\0\0\0\0\0\0\0",  // Back to 1.
      92);
  EXPECT_EQ(bytes.substr(0, bytes.size() - 8), want);
}

TEST(VisitStatisticsTest, DamageIsFound) {
  const std::string bytes = StatisticsOf(MakeVisits(Busy(3), 8)).Serialise();
  const auto expect = [](const std::string& damaged) {
    const auto read = VisitStatistics::Read(damaged);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(read.status().message()),
                HasSubstr("visit statistics: "));
  };
  for (size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 4);
    expect(damaged);
    expect(bytes.substr(0, i));
  }
  // Sealed again, what no visits make is still refused, and nothing crashes.
  for (size_t i = 12; i + 8 < bytes.size(); ++i) {
    for (const int bit : {0, 1, 3, 7}) {
      std::string other = bytes;
      other[i] = static_cast<char>(other[i] ^ 1 << bit);
      Seal(&other);
      const auto read = VisitStatistics::Read(other);
      if (read.ok()) {
        EXPECT_EQ(read->Serialise(), other);
      }
    }
  }
  std::string longer = bytes + std::string(12, '\0');
  Seal(&longer);
  expect(longer);
}

TEST(VisitStatisticsTest, CountsOfNoVisitsAreRefused) {
  const auto expect = [](size_t at, char value, const char* words) {
    StageVisit back = Lost(1, 3, 10, 12);
    back.end = kBack;
    back.to = 1;
    back.spent = 2;
    std::string bytes = StatisticsOf({back}).Serialise();
    bytes[at] = value;
    Seal(&bytes);
    const auto read = VisitStatistics::Read(bytes);
    ASSERT_FALSE(read.ok()) << words;
    EXPECT_THAT(std::string(read.status().message()), HasSubstr(words));
  };
  const char* const kNoVisits = "group 0 has counts of no visits";
  constexpr size_t kCells = 56;
  expect(kCells, 2, kNoVisits);         // Left before it was watched.
  expect(kCells, 0, kNoVisits);         // Step 0.
  expect(kCells + 4, 2, kNoVisits);     // Two moves back, one target.
  expect(kCells + 4, 0, kNoVisits);     // No count.
  expect(kCells + 2, 0x66, kNoVisits);  // Rung 6.
  expect(kCells + 12, 5, kNoVisits);    // Watched from after it left.
  expect(kCells + 24, 3, kNoVisits);    // Back to where it is.
  expect(20, 0, "are not those of");    // Of no visits.
  expect(15, '\x7F', "a window");
}

}  // namespace
}  // namespace fivek
