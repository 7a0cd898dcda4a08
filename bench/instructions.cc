// instructions WORKLOAD TARGET ROUNDS: what bench/instructions.py counts the
// instructions of.
//
// Runs one workload on the same kRows rows as often as asked. What two counts
// of rounds differ by is the workload alone, without start and input. TARGET is
// one of ScoreTargets(), or "c" for a workload that goes through the C
// interface, which chooses. Without arguments it lists workloads and targets,
// and in the last line what they depend on.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "bench/seeded.h"
#include "capi/fivek.h"
#include "fivek/pipeline/scoring.h"
#include "src/pipeline/score_kernels.h"

namespace fivek::bench {
namespace {

// Whole blocks of any kernel, and nothing that is written past the cache.
constexpr size_t kRows = 8192;
constexpr uint32_t kOwners = 100;

void Check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s was refused\n", what);
  std::exit(1);
}

// ---- Columns ----------------------------------------------------------------

struct Book {
  std::vector<uint8_t> levels[5], by, outcome;
  std::vector<uint32_t> evidence, owner;
  std::vector<int64_t> amount;
  std::vector<uint8_t> strength, weakest, stage, milestone;
  std::vector<int32_t> product, probability;
  std::vector<int64_t> expected;

  ScoreInput Input() const {
    return {levels[0].data(), levels[1].data(), levels[2].data(),
            levels[3].data(), levels[4].data(), by.data(),
            evidence.data(),  outcome.data(),   amount.data()};
  }
  ScoreOutput Output() {
    return {strength.data(),  weakest.data(),     product.data(),  stage.data(),
            milestone.data(), probability.data(), expected.data(), nullptr};
  }
};

// One level in `unknown_of` is not known; 0: all are.
Book MakeBook(uint32_t unknown_of) {
  constexpr uint32_t kLevels[5] = {6, 8, 4, 7, 7};
  SplitMix64 random(7);
  Book book;
  for (size_t i = 0; i < kRows; ++i) {
    for (size_t d = 0; d < 5; ++d) {
      const bool known = unknown_of == 0 || random.Below(unknown_of) != 0;
      book.levels[d].push_back(
          known ? static_cast<uint8_t>(random.Below(kLevels[d]))
                : uint8_t{kUnknown});
    }
    book.by.push_back(static_cast<uint8_t>(random.Next() & 0b01101));
    book.outcome.push_back(static_cast<uint8_t>(random.Below(5)));
    book.evidence.push_back(((1U << random.Below(20)) - 1) &
                            ~(1U << random.Below(32)));
    book.amount.push_back(static_cast<int64_t>(random.Next() >> 30));
    book.owner.push_back(random.Below(kOwners));
  }
  for (auto* column :
       {&book.strength, &book.weakest, &book.stage, &book.milestone}) {
    column->resize(kRows);
  }
  book.product.resize(kRows);
  book.probability.resize(kRows);
  book.expected.resize(kRows);
  return book;
}

void ScoreRounds(const std::string& target, const ScoreInput& in,
                 const ScoreOutput& out, int rounds) {
  for (const ScoreTargetInfo& info : ScoreTargets()) {
    if (target != info.name) continue;
    for (int i = 0; i < rounds; ++i) {
      Check(
          ScoreColumnsOn(info, kBuiltInTables, in, out, kRows, nullptr, nullptr)
              .ok(),
          "a row");
    }
    return;
  }
  std::fprintf(stderr, "no target %s on this processor\n", target.c_str());
  std::exit(1);
}

void All(const std::string& target, int rounds) {
  Book book = MakeBook(0);
  ScoreRounds(target, book.Input(), book.Output(), rounds);
}

void Strength(const std::string& target, int rounds) {
  Book book = MakeBook(0);
  ScoreInput in = book.Input();
  in.evidence = nullptr;
  in.outcome = nullptr;
  in.amount = nullptr;
  ScoreOutput out;
  out.strength = book.strength.data();
  ScoreRounds(target, in, out, rounds);
}

// By itself, so that one operation more is more than 2 %.
void Expected(const std::string& target, int rounds) {
  Book book = MakeBook(0);
  ScoreInput in;
  in.evidence = book.evidence.data();
  in.outcome = book.outcome.data();
  in.amount = book.amount.data();
  ScoreOutput out;
  out.expected_amount = book.expected.data();
  ScoreRounds(target, in, out, rounds);
}

void Unknown(const std::string& target, int rounds) {
  Book book = MakeBook(8);
  ScoreRounds(target, book.Input(), book.Output(), rounds);
}

// ---- Through the C interface ------------------------------------------------

std::vector<fivek_deal> MakeDeals() {
  const Book book = MakeBook(0);
  std::vector<fivek_deal> deals(kRows);
  for (size_t i = 0; i < kRows; ++i) {
    fivek_deal& deal = deals[i];
    for (size_t d = 0; d < 5; ++d) deal.assessment.level[d] = book.levels[d][i];
    deal.assessment.by_decision_maker = book.by[i];
    deal.evidence = book.evidence[i];
    deal.outcome = book.outcome[i];
    deal.amount = book.amount[i];
  }
  return deals;
}

void Deals(const std::string& /*target*/, int rounds) {
  const std::vector<fivek_deal> deals = MakeDeals();
  fivek_deal_score score;
  for (int i = 0; i < rounds; ++i) {
    for (const fivek_deal& deal : deals) {
      Check(fivek_score_deal(nullptr, &deal, &score, nullptr) == FIVEK_OK,
            "a deal");
    }
  }
}

// Columns of one row, where each deal is put in turn.
void Rows(const std::string& /*target*/, int rounds) {
  const std::vector<fivek_deal> deals = MakeDeals();
  fivek_deal row = {};
  uint8_t outcome = 0;
  uint8_t bytes[4] = {};
  fivek_deal_score score = {};
  const uint8_t* const level = row.assessment.level;
  const fivek_score_in in = {
      sizeof in,     0,         level,      level + 1,
      level + 2,     level + 3, level + 4,  &row.assessment.by_decision_maker,
      &row.evidence, &outcome,  &row.amount};
  const fivek_score_out out = {sizeof out,
                               0,
                               bytes,
                               bytes + 1,
                               &score.product_ppm,
                               bytes + 2,
                               bytes + 3,
                               &score.probability_ppm,
                               &score.expected_amount,
                               nullptr};
  for (int i = 0; i < rounds; ++i) {
    for (const fivek_deal& deal : deals) {
      row = deal;
      outcome = static_cast<uint8_t>(deal.outcome);
      Check(fivek_score_columns(nullptr, &in, &out, 1, nullptr, nullptr) ==
                FIVEK_OK,
            "a row");
    }
  }
}

// Items confirmed at random, then withdrawn in the opposite order, so that a
// round ends where it began.
void Events(const std::string& /*target*/, int rounds) {
  constexpr size_t kDeals = 1024;
  SplitMix64 random(4);
  std::vector<uint32_t> mask(kDeals);
  std::vector<uint32_t> row;
  std::vector<fivek_event> events;
  for (size_t i = 0; i < kRows / 2; ++i) {
    row.push_back(random.Below(kDeals));
    const auto item = static_cast<int32_t>(random.Below(18));
    const uint32_t bit = uint32_t{1} << item;
    const int32_t kind = (mask[row[i]] & bit) != 0 ? 1 : 0;
    events.push_back({0, kind, item, 2, 4, 0});
    mask[row[i]] ^= bit;
  }
  for (size_t i = kRows / 2; i-- > 0;) {
    fivek_event undo = events[i];
    undo.kind = 1 - undo.kind;
    row.push_back(row[i]);
    events.push_back(undo);
  }
  std::vector<fivek_opportunity> table(kDeals);
  for (fivek_opportunity& deal : table) {
    fivek_opportunity_init(&deal, 0, nullptr);
  }
  std::vector<fivek_status> status(kRows);
  for (int i = 0; i < rounds; ++i) {
    Check(fivek_apply_events(nullptr, table.data(), table.size(), row.data(),
                             events.data(), events.size(), status.data(),
                             nullptr, nullptr) == FIVEK_OK &&
              status[kRows - 1] == FIVEK_OK,
          "an event");
  }
}

void Rollups(const std::string& /*target*/, int rounds) {
  Book book = MakeBook(0);
  ScoreRounds("scalar", book.Input(), book.Output(), 1);
  fivek_rollup_in in = {};
  in.struct_size = sizeof in;
  in.milestone = book.milestone.data();
  in.outcome = book.outcome.data();
  in.amount = book.amount.data();
  in.probability_ppm = book.probability.data();
  in.owner = book.owner.data();
  fivek_rollup* rollup = nullptr;
  Check(fivek_rollup_create(2, &rollup, nullptr) == FIVEK_OK, "a roll-up");
  for (int i = 0; i < rounds; ++i) {
    Check(fivek_rollup_add(rollup, &in, kRows, nullptr) == FIVEK_OK,
          "a roll-up's row");
  }
  fivek_rollup_release(rollup);
}

// ---- The command ------------------------------------------------------------

struct Workload {
  const char* name;
  bool by_target;  // Else what the C interface chooses.
  void (*run)(const std::string& target, int rounds);
};
constexpr Workload kWorkloads[] = {
    {"all", true, All},
    {"strength", true, Strength},
    {"expected", true, Expected},
    {"unknown", true, Unknown},
    {"score_deal", false, Deals},
    {"score_row", false, Rows},
    {"apply_events", false, Events},
    {"rollup_add", false, Rollups},
};

int List() {
  for (const Workload& workload : kWorkloads) {
    if (!workload.by_target) {
      std::printf("%s c\n", workload.name);
      continue;
    }
    for (const ScoreTargetInfo& target : ScoreTargets()) {
      std::printf("%s %s\n", workload.name, target.name);
    }
  }
  std::printf("rows %zu target %s compiler %s %s flags %s\n", kRows,
              fivek_score_target(), FIVEK_COMPILER_ID, __VERSION__,
              FIVEK_FLAGS);
  return 0;
}

int Run(const char* name, const char* target, int rounds) {
  for (const Workload& workload : kWorkloads) {
    if (std::strcmp(name, workload.name) != 0) continue;
    workload.run(target, rounds);
    return 0;
  }
  std::fprintf(stderr, "no workload %s\n", name);
  return 2;
}

}  // namespace
}  // namespace fivek::bench

int main(int argc, char** argv) {
  if (argc == 1) return fivek::bench::List();
  if (argc != 4) {
    std::fprintf(stderr, "usage: %s [WORKLOAD TARGET ROUNDS]\n", argv[0]);
    return 2;
  }
  return fivek::bench::Run(argv[1], argv[2], std::atoi(argv[3]));
}
