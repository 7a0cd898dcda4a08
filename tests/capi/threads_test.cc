// One policy and fitted models for many threads, books and histories in parts:
// what they compute is what one thread computes, and a sanitizer sees no race.
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "capi/fivek.h"
#include "gtest/gtest.h"

namespace {

constexpr int kThreads = 8;
constexpr char kOurs[] = R"({"fivek_policy": 1, "name": "shared",
  "rubric": {"power": {"7": {"points": 18}}},
  "evidence": {"6": {"mode": "waivable"},
               "22": {"stage": 1, "gate": 2, "requires": [5],
                      "en": "pilot agreed", "zh": "同意试点"}},
  "waiver_reasons": {"3": {"en": "known", "zh": "老客户"}},
  "labels": {"stage": {"0": {"en": "sees a problem", "zh": "发现问题"}}}})";

const fivek_policy* Ours() {
  const fivek_policy* policy = nullptr;
  EXPECT_EQ(fivek_policy_from_json(kOurs, std::strlen(kOurs), &policy, nullptr),
            FIVEK_OK);
  return policy;
}

// Adds what a call gave to a text that two threads can be compared by.
template <typename T>
void Add(const T& result, std::string* trace) {
  trace->append(reinterpret_cast<const char*>(&result), sizeof result);
}

void Strengths(const fivek_policy* policy, std::string* trace) {
  for (uint8_t i = 0; i < 200; ++i) {
    const fivek_assessment a = {
        {static_cast<uint8_t>(i % 7), static_cast<uint8_t>(i % 8),
         static_cast<uint8_t>(i % 4), static_cast<uint8_t>(i % 7),
         i % 5 == 0 ? uint8_t{FIVEK_UNKNOWN} : static_cast<uint8_t>(i % 7)},
        static_cast<uint8_t>(i % 2),
        {0, 0}};
    fivek_strength s;
    std::memset(&s, 0, sizeof s);
    s.struct_size = sizeof s;
    fivek_error error;
    std::memset(&error, 0, sizeof error);
    error.struct_size = sizeof error;
    Add(fivek_strength_of(policy, &a, &s, &error), trace);
    Add(s, trace);
    Add(error, trace);
  }
}

void Milestones(const fivek_policy* policy, std::string* trace) {
  for (uint32_t i = 0; i < 500; ++i) {
    int32_t stage = 0;
    int32_t milestone = 0;
    int32_t yield = 0;
    uint32_t missing = 0;
    const uint32_t evidence = (1U << (i % 23)) - 1 + (i << 22);
    Add(fivek_milestone_of(policy, evidence, &stage, &milestone, &yield,
                           &missing, nullptr),
        trace);
    Add(std::array<int32_t, 3>{stage, milestone, yield}, trace);
    Add(missing, trace);
    const fivek_waiver waiver = {6, static_cast<int32_t>(2 + i % 2)};
    fivek_standing standing;
    std::memset(&standing, 0, sizeof standing);
    standing.struct_size = sizeof standing;
    Add(fivek_standing_of(policy, evidence, &waiver, 1, &standing, nullptr),
        trace);
    Add(standing, trace);
  }
}

void Events(const fivek_policy* policy, std::string* trace) {
  std::vector<fivek_opportunity> table(20);
  for (fivek_opportunity& deal : table) {
    Add(fivek_opportunity_init(&deal, 0, nullptr), trace);
  }
  std::vector<fivek_event> events;
  std::vector<uint32_t> rows;
  uint32_t random = 7;
  for (int64_t i = 0; i < 4000; ++i) {
    random = random * 1664525U + 1013904223U;
    rows.push_back((random >> 8) % 20);
    events.push_back({i / 3, static_cast<int32_t>((random >> 12) % 10),
                      static_cast<int32_t>((random >> 16) % 23),
                      static_cast<int32_t>((random >> 20) % 8),
                      static_cast<int32_t>((random >> 24) % 6), 0});
  }
  std::vector<fivek_status> statuses(events.size());
  size_t refused = 0;
  Add(fivek_apply_events(policy, table.data(), table.size(), rows.data(),
                         events.data(), events.size(), statuses.data(),
                         &refused, nullptr),
      trace);
  Add(refused, trace);
  for (const fivek_status status : statuses) Add(status, trace);
  for (size_t i = 0; i < 500; ++i) {
    Add(fivek_opportunity_apply(policy, &table[rows[i]], &events[i], nullptr),
        trace);
  }
  for (const fivek_opportunity& deal : table) Add(deal, trace);
}

void Words(const fivek_policy* policy, std::string* trace) {
  for (const char* const set : {"stage", "evidence", "signal", "level.power"}) {
    for (int32_t code = 0; code < 40; ++code) {
      const char* const label = fivek_policy_label(policy, set, code, "zh");
      *trace += label == nullptr ? "none" : label;
      Add(fivek_label_code(set, code), trace);
    }
  }
  size_t needed = 0;
  Add(fivek_policy_to_json(policy, nullptr, 0, &needed, nullptr), trace);
  std::string text(needed, '\0');
  Add(fivek_policy_to_json(policy, text.data(), text.size(), &needed, nullptr),
      trace);
  *trace += text;
  Add(fivek_policy_hash(policy), trace);
}

std::string Work(const fivek_policy* policy) {
  std::string trace;
  fivek_policy_retain(policy);
  Strengths(policy, &trace);
  Milestones(policy, &trace);
  Events(policy, &trace);
  Words(policy, &trace);
  fivek_policy_release(policy);
  return trace;
}

// Runs `body(thread)` in all threads, all started before any goes on.
void InThreads(const std::function<void(int)>& body) {
  std::atomic<int> waiting{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([t, &waiting, &body] {
      waiting.fetch_sub(1);
      while (waiting.load() > 0) std::this_thread::yield();
      body(t);
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(ThreadsTest, ASharedPolicyGivesAllTheSame) {
  const fivek_policy* const ours = Ours();
  for (const fivek_policy* const policy :
       {ours, static_cast<const fivek_policy*>(nullptr)}) {
    const std::string alone = Work(policy);
    EXPECT_GT(alone.size(), 10000U);
    std::array<std::string, kThreads> traces;
    InThreads([policy, &traces](int t) {
      traces[static_cast<size_t>(t)] = Work(policy);
    });
    for (const std::string& trace : traces) EXPECT_TRUE(trace == alone);
  }
  fivek_policy_release(ours);
}

// The last of many releases frees the policy, whichever thread it is in, and
// not before: each thread still reads what it has a reference to.
TEST(ThreadsTest, TheLastReleaseFrees) {
  const fivek_policy* const ours = Ours();
  const uint64_t hash = fivek_policy_hash(ours);
  for (int t = 0; t < kThreads; ++t) fivek_policy_retain(ours);
  fivek_policy_release(ours);
  std::atomic<int> right{0};
  InThreads([ours, hash, &right](int) {
    for (int i = 0; i < 1000; ++i) {
      fivek_policy_retain(ours);
      fivek_policy_release(ours);
    }
    if (fivek_policy_hash(ours) == hash) right.fetch_add(1);
    fivek_policy_release(ours);
  });
  EXPECT_EQ(right, kThreads);
}

TEST(ThreadsTest, PoliciesAreReadAtOnce) {
  std::array<uint64_t, kThreads> hashes = {};
  InThreads([&hashes](int t) {
    const fivek_policy* const own = Ours();
    hashes[static_cast<size_t>(t)] = fivek_policy_hash(own);
    fivek_policy_release(own);
  });
  for (const uint64_t hash : hashes) EXPECT_EQ(hash, hashes[0]);
}

// ---- What was learned ------------------------------------------------------

// A history as each thread may make it, in parts.
void AddVisits(fivek_visits* visits, uint64_t first_deal) {
  std::vector<fivek_stage_visit> made;
  for (uint64_t deal = first_deal; deal < first_deal + 40; ++deal) {
    const auto number = static_cast<int32_t>(deal % 40);
    fivek_stage_visit visit = {};
    visit.deal = deal;
    visit.stage = 1 + number % 5;
    visit.entered = number;
    visit.left = number + 3 + number % 7;
    visit.end = number % 3 == 0 ? FIVEK_VISIT_LOST : FIVEK_VISIT_ADVANCED;
    visit.to = number % 3 == 0 ? 0 : visit.stage + 1;
    visit.seller = static_cast<uint32_t>(number % 4);
    made.push_back(visit);
  }
  EXPECT_EQ(fivek_visits_add(visits, made.data(), made.size(), nullptr),
            FIVEK_OK);
}

std::string BytesOf(const fivek_visits* visits) {
  size_t needed = 0;
  EXPECT_EQ(fivek_visits_write(visits, nullptr, 0, &needed, nullptr), FIVEK_OK);
  std::string bytes(needed, '\0');
  EXPECT_EQ(fivek_visits_write(visits, reinterpret_cast<uint8_t*>(&bytes[0]),
                               needed, &needed, nullptr),
            FIVEK_OK);
  return bytes;
}

// Models that were fitted once, to be read by all.
struct Learned {
  Learned() {
    EXPECT_EQ(fivek_visits_create(0, 100, &visits, nullptr), FIVEK_OK);
    AddVisits(visits, 0);
    EXPECT_EQ(fivek_ladder_fit(nullptr, visits, nullptr, &ladder, nullptr),
              FIVEK_OK);
    constexpr size_t kDeals = 200;
    std::vector<uint32_t> level;
    std::vector<uint8_t> won;
    std::vector<uint64_t> group;
    std::vector<fivek_evidence_deal> deals;
    for (size_t i = 0; i < kDeals; ++i) {
      level.push_back(static_cast<uint32_t>(i % 3));
      won.push_back(i % 3 == 0 || i % 10 == 0 ? 1 : 0);
      group.push_back(i);
      fivek_evidence_deal deal = {};
      deal.id = i;
      deal.ladder = 0.25;
      deal.stage = static_cast<uint8_t>(i % 5);
      deal.points[0] = static_cast<uint8_t>(won.back() == 1 ? 18 : i % 12);
      deal.won = won.back();
      deals.push_back(deal);
    }
    fivek_score_table table = {};
    table.struct_size = sizeof table;
    table.level = level.data();
    table.won = won.data();
    table.group = group.data();
    EXPECT_EQ(fivek_scorecard_fit(&table, 1, 0, kDeals, nullptr, nullptr, &card,
                                  nullptr),
              FIVEK_OK);
    EXPECT_EQ(fivek_evidence_fit(deals.data(), kDeals, 0, 10, nullptr, &model,
                                 nullptr),
              FIVEK_OK);
    const std::vector<double> forecast(kDeals, 0.9);
    EXPECT_EQ(fivek_recalibration_fit(forecast.data(), won.data(), group.data(),
                                      kDeals, &step, nullptr),
              FIVEK_OK);
  }
  ~Learned() {
    fivek_visits_release(visits);
    fivek_ladder_release(ladder);
    fivek_scorecard_release(card);
    fivek_evidence_release(model);
    fivek_recalibration_release(step);
  }
  Learned(const Learned&) = delete;
  Learned& operator=(const Learned&) = delete;

  // What they say, by whoever asks.
  std::string Say() const {
    std::string trace;
    fivek_ladder_retain(ladder);
    fivek_scorecard_retain(card);
    fivek_evidence_retain(model);
    fivek_recalibration_retain(step);
    std::array<int32_t, 49> table = {};
    for (uint32_t seller = 0; seller < 6; ++seller) {  // Two are not known.
      const fivek_ladder_group group = {3, 0, 0, seller};
      fivek_estimate won = {};
      Add(fivek_ladder_won(ladder, &group, 2, &won, nullptr), &trace);
      Add(won, &trace);
      Add(fivek_ladder_won_at_age(ladder, &group, 3, 20, &won, nullptr),
          &trace);
      Add(won, &trace);
      Add(fivek_ladder_table(ladder, &group, table.data(), nullptr), &trace);
      Add(table, &trace);
    }
    for (uint32_t level = 0; level < 4; ++level) {
      const fivek_score_answer answer = {0.0, level, 0};
      int32_t score = 0;
      fivek_estimate won = {};
      Add(fivek_scorecard_predict(card, &answer, 1, &score, &won, nullptr),
          &trace);
      Add(score, &trace);
      Add(won, &trace);
    }
    const std::array<uint8_t, 5> points = {18, 4, FIVEK_UNKNOWN, 0, 20};
    fivek_estimate won = {};
    fivek_evidence_explanation why = {};
    why.struct_size = sizeof why;
    Add(fivek_evidence_predict(model, 2, 0.3, points.data(), &won, &why,
                               nullptr),
        &trace);
    Add(won, &trace);
    Add(why, &trace);
    std::array<double, 3> forecasts = {0.1, 0.5, 0.9};
    Add(fivek_recalibration_apply(step, forecasts.data(), forecasts.size(),
                                  forecasts.data(), nullptr),
        &trace);
    Add(forecasts, &trace);
    fivek_ladder_release(ladder);
    fivek_scorecard_release(card);
    fivek_evidence_release(model);
    fivek_recalibration_release(step);
    return trace;
  }

  fivek_visits* visits = nullptr;
  const fivek_ladder* ladder = nullptr;
  const fivek_scorecard* card = nullptr;
  const fivek_evidence_model* model = nullptr;
  const fivek_recalibration* step = nullptr;
};

TEST(ThreadsTest, SharedModelsGiveAllTheSame) {
  const Learned learned;
  const std::string alone = learned.Say();
  EXPECT_GT(alone.size(), 1000U);
  std::array<std::string, kThreads> traces;
  InThreads([&learned, &traces](int t) {
    traces[static_cast<size_t>(t)] = learned.Say();
  });
  for (const std::string& trace : traces) EXPECT_TRUE(trace == alone);
}

// Each thread has statistics of its own; merged they are those of one thread.
TEST(ThreadsTest, PartsOfAHistoryAreCountedAtOnce) {
  fivek_visits* alone = nullptr;
  ASSERT_EQ(fivek_visits_create(0, 100, &alone, nullptr), FIVEK_OK);
  std::array<fivek_visits*, kThreads> parts = {};
  for (int t = 0; t < kThreads; ++t) {
    AddVisits(alone, static_cast<uint64_t>(t) * 40);
    ASSERT_EQ(
        fivek_visits_create(0, 100, &parts[static_cast<size_t>(t)], nullptr),
        FIVEK_OK);
  }
  InThreads([&parts](int t) {
    AddVisits(parts[static_cast<size_t>(t)], static_cast<uint64_t>(t) * 40);
  });
  for (size_t t = kThreads - 1; t > 0; --t) {
    EXPECT_EQ(fivek_visits_merge(parts[t - 1], parts[t], nullptr), FIVEK_OK);
  }
  EXPECT_EQ(BytesOf(parts[0]), BytesOf(alone));
  for (fivek_visits* const part : parts) fivek_visits_release(part);
  fivek_visits_release(alone);
}

// ---- A book in parts --------------------------------------------------------

// A book of more blocks than threads, with bad rows, in columns.
struct Book {
  Book() {
    uint32_t random = 99;
    const auto below = [&random](uint32_t count) {
      random = random * 1664525U + 1013904223U;
      return (random >> 8) % count;
    };
    for (size_t i = 0; i < kRows; ++i) {
      // One row in some hundred is bad.
      level.push_back(static_cast<uint8_t>(below(300) == 0 ? 99 : below(4)));
      evidence.push_back((1U << below(20)) - 1);
      outcome.push_back(static_cast<uint8_t>(below(5)));
      amount.push_back(int64_t{below(1000000)} - 1000);
      milestone.push_back(static_cast<uint8_t>(below(7)));
      ppm.push_back(below(9) == 0 ? -1 : static_cast<int32_t>(below(1000001)));
      owner.push_back(below(2) == 0 ? below(40) : below(40) << 20);
    }
  }

  static constexpr size_t kRows = 20011;
  std::vector<uint8_t> level, outcome, milestone;
  std::vector<uint32_t> evidence, owner;
  std::vector<int64_t> amount;
  std::vector<int32_t> ppm;
};

// The rows of a part: they end where those of the next one begin.
size_t BeginOf(int part) {
  return Book::kRows * static_cast<size_t>(part) / size_t{kThreads};
}

struct Scores {
  std::vector<uint8_t> strength, weakest, stage, milestone;
  std::vector<int32_t> product, probability;
  std::vector<int64_t> expected;
  std::vector<fivek_status> status;

  Scores()
      : strength(Book::kRows),
        weakest(Book::kRows),
        stage(Book::kRows),
        milestone(Book::kRows),
        product(Book::kRows),
        probability(Book::kRows),
        expected(Book::kRows),
        status(Book::kRows) {}

  bool operator==(const Scores& o) const {
    return strength == o.strength && weakest == o.weakest && stage == o.stage &&
           milestone == o.milestone && product == o.product &&
           probability == o.probability && expected == o.expected &&
           status == o.status;
  }
};

// Scores rows of the book; the columns of all rows are shared. Gives the bad.
size_t Score(const fivek_policy* policy, const fivek_calibration* learned,
             const Book& book, size_t begin, size_t end, Scores* scores) {
  fivek_score_in in = {};
  in.struct_size = sizeof in;
  in.problem = in.vision = book.level.data() + begin;
  in.power = in.value = in.control = book.level.data() + begin;
  in.evidence = book.evidence.data() + begin;
  in.outcome = book.outcome.data() + begin;
  in.amount = book.amount.data() + begin;
  fivek_score_out out = {};
  out.struct_size = sizeof out;
  out.strength = scores->strength.data() + begin;
  out.weakest = scores->weakest.data() + begin;
  out.product_ppm = scores->product.data() + begin;
  out.stage = scores->stage.data() + begin;
  out.milestone = scores->milestone.data() + begin;
  out.probability_ppm = scores->probability.data() + begin;
  out.expected_amount = scores->expected.data() + begin;
  out.row_status = scores->status.data() + begin;
  size_t bad = 0;
  EXPECT_EQ(
      learned == nullptr
          ? fivek_score_columns(policy, &in, &out, end - begin, &bad, nullptr)
          : fivek_score_columns_calibrated(policy, learned, &in, &out,
                                           end - begin, &bad, nullptr),
      FIVEK_OK);
  return bad;
}

TEST(ThreadsTest, PartsOfABookAreScoredAtOnce) {
  const Book book;
  const fivek_policy* const ours = Ours();
  const int32_t ppm[7] = {1, 20000, 300000, 400000, 500000, 600000, 1000000};
  const fivek_calibration calibration = {sizeof calibration, 1, ppm, nullptr};
  for (const fivek_policy* const policy :
       {ours, static_cast<const fivek_policy*>(nullptr)}) {
    for (const fivek_calibration* const learned :
         {&calibration, static_cast<const fivek_calibration*>(nullptr)}) {
      Scores alone;
      const size_t bad = Score(policy, learned, book, 0, Book::kRows, &alone);
      EXPECT_GT(bad, 20U);
      Scores together;
      std::atomic<size_t> bad_together{0};
      InThreads([&](int t) {
        bad_together +=
            Score(policy, learned, book, BeginOf(t), BeginOf(t + 1), &together);
      });
      EXPECT_TRUE(together == alone);
      EXPECT_EQ(bad_together, bad);
    }
  }
  fivek_policy_release(ours);
}

fivek_rollup* NewRollup() {
  fivek_rollup* rollup = nullptr;
  EXPECT_EQ(fivek_rollup_create(FIVEK_ROLLUP_BY_BOTH, &rollup, nullptr),
            FIVEK_OK);
  return rollup;
}

void AddRows(const Book& book, size_t begin, size_t end, fivek_rollup* rollup) {
  fivek_rollup_in in = {};
  in.struct_size = sizeof in;
  in.milestone = book.milestone.data() + begin;
  in.outcome = book.outcome.data() + begin;
  in.amount = book.amount.data() + begin;
  in.probability_ppm = book.ppm.data() + begin;
  in.owner = book.owner.data() + begin;
  EXPECT_EQ(fivek_rollup_add(rollup, &in, end - begin, nullptr), FIVEK_OK);
}

std::vector<uint8_t> BytesOf(const fivek_rollup* rollup) {
  size_t needed = 0;
  EXPECT_EQ(fivek_rollup_write(rollup, nullptr, 0, &needed, nullptr), FIVEK_OK);
  std::vector<uint8_t> bytes(needed);
  EXPECT_EQ(fivek_rollup_write(rollup, bytes.data(), needed, &needed, nullptr),
            FIVEK_OK);
  return bytes;
}

// Each thread has a roll-up of its part; merged in any order they are that of
// one thread. What is merged is only read, so that all may merge it at once.
TEST(ThreadsTest, RollupsOfPartsMergeToThatOfAll) {
  const Book book;
  fivek_rollup* const alone = NewRollup();
  AddRows(book, 0, Book::kRows, alone);
  const std::vector<uint8_t> want = BytesOf(alone);

  std::array<fivek_rollup*, kThreads> parts = {};
  InThreads([&](int t) {
    fivek_rollup* const part = NewRollup();
    // In pieces, as rows come.
    const size_t middle = (BeginOf(t) + BeginOf(t + 1)) / 2;
    AddRows(book, BeginOf(t), middle, part);
    AddRows(book, middle, BeginOf(t + 1), part);
    parts[static_cast<size_t>(t)] = part;
  });
  std::array<std::vector<uint8_t>, kThreads> merged;
  InThreads([&](int t) {
    fivek_rollup* const all = NewRollup();
    for (int i = 0; i < kThreads; ++i) {
      const auto part = static_cast<size_t>((t + i) % kThreads);
      EXPECT_EQ(fivek_rollup_merge(all, parts[part], nullptr), FIVEK_OK);
    }
    fivek_rollup_group total = {};
    total.struct_size = sizeof total;
    EXPECT_EQ(fivek_rollup_total(parts[0], &total, nullptr), FIVEK_OK);
    EXPECT_EQ(total.count, static_cast<int64_t>(BeginOf(1)));
    merged[static_cast<size_t>(t)] = BytesOf(all);
    fivek_rollup_release(all);
  });
  for (const std::vector<uint8_t>& bytes : merged) EXPECT_EQ(bytes, want);
  for (fivek_rollup* const part : parts) fivek_rollup_release(part);
  fivek_rollup_release(alone);
}

// Single deals and their errors: nothing is shared but the policy.
TEST(ThreadsTest, DealsAndErrorsAreEachThreadsOwn) {
  const fivek_policy* const ours = Ours();
  std::atomic<int> right{0};
  InThreads([ours, &right](int t) {
    bool all = true;
    for (int i = 0; i < 500; ++i) {
      const int outcome = t * 1000 + i + 5;
      const fivek_deal deal = {
          {{3, 3, 2, 4, 1}, 0, {0, 0}}, 0, outcome, int64_t{1000}};
      fivek_deal_score score = {};
      fivek_error error = {};
      error.struct_size = sizeof error;
      all &= fivek_score_deal(ours, &deal, &score, &error) ==
                 FIVEK_INVALID_ARGUMENT &&
             std::strstr(error.message, std::to_string(outcome).c_str()) !=
                 nullptr;
    }
    if (all) right.fetch_add(1);
  });
  EXPECT_EQ(right, kThreads);
  fivek_policy_release(ours);
}

}  // namespace
