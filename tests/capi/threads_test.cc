// One policy and many threads: what they compute is what one thread computes,
// and a sanitizer sees no race.
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

}  // namespace
