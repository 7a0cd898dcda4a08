// The C interface beside what the machine can do at best.
//
// Single calls stand beside an empty call through a function pointer, bulk
// events beside a prefetched random read-modify-write of the same records.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "bench/paired.h"
#include "bench/seeded.h"
#include "capi/fivek.h"

namespace fivek::bench {
namespace {

constexpr size_t kCalls = 36 * 512;  // Of a round.
constexpr size_t kInputs = 1 << 10;
constexpr size_t kAhead = 24;  // As far as the library prefetches.

void Check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "%s was refused\n", what);
  std::exit(1);
}

// ---- Single calls -----------------------------------------------------------

using EmptyCall = fivek_status (*)(const fivek_policy*, const void*, void*,
                                   fivek_error*);
fivek_status Empty(const fivek_policy* /*policy*/, const void* /*in*/,
                   void* /*out*/, fivek_error* /*error*/) {
  return FIVEK_OK;
}
// Volatile: the compiler may not know what is called.
volatile EmptyCall empty_call = Empty;
decltype(&fivek_strength_of) volatile strength_of = fivek_strength_of;
decltype(&fivek_opportunity_apply) volatile opportunity_apply =
    fivek_opportunity_apply;
decltype(&fivek_milestone_of) volatile milestone_of = fivek_milestone_of;
decltype(&fivek_score_deal) volatile score_deal = fivek_score_deal;
decltype(&fivek_score_columns) volatile score_columns = fivek_score_columns;

std::vector<fivek_assessment> MakeAssessments() {
  constexpr uint32_t kLevels[5] = {6, 8, 4, 7, 7};
  SplitMix64 random(1);
  std::vector<fivek_assessment> inputs(kInputs);
  for (fivek_assessment& input : inputs) {
    for (int d = 0; d < 5; ++d) {
      input.level[d] = static_cast<uint8_t>(random.Below(kLevels[d]));
    }
    input.by_decision_maker = static_cast<uint8_t>(random.Next() & 0b01101);
    input.reserved[0] = input.reserved[1] = 0;
  }
  return inputs;
}

void Print(const char* name, const char* goal, size_t calls, const Paired& p) {
  std::printf("%-28s %7.2f ns  %5.2f x (%.2f-%.2f)  %s\n", name,
              p.second.median * 1e9 / static_cast<double>(calls),
              p.ratio.median, p.ratio.low, p.ratio.high, goal);
}

void SingleCalls(double seconds) {
  const std::vector<fivek_assessment> inputs = MakeAssessments();
  fivek_strength out = {};
  out.struct_size = sizeof out;
  const auto empty = [&] {
    for (size_t i = 0; i < kCalls; ++i) {
      empty_call(nullptr, &inputs[i % kInputs], &out, nullptr);
    }
  };

  const Paired strength = Pair(seconds, empty, [&] {
    fivek_status status = FIVEK_OK;
    for (size_t i = 0; i < kCalls; ++i) {
      status |= strength_of(nullptr, &inputs[i % kInputs], &out, nullptr);
    }
    Check(status == FIVEK_OK, "an assessment");
  });
  std::printf("one call, beside an empty one (%.2f ns), %zu rounds\n",
              strength.first.median * 1e9 / kCalls, strength.rounds);
  Print("fivek_strength_of", "goal: <= 6", kCalls, strength);

  SplitMix64 random(3);
  std::vector<uint32_t> masks(kInputs);
  for (uint32_t& mask : masks) {
    mask = static_cast<uint32_t>(random.Next()) & 0x3FFFFF;
  }
  std::vector<fivek_deal> rows(kInputs);
  for (size_t i = 0; i < kInputs; ++i) {
    rows[i] = {inputs[i], masks[i], static_cast<int32_t>(random.Below(5)),
               static_cast<int64_t>(random.Next() >> 30)};
  }
  std::vector<fivek_deal_score> scores(kInputs);
  const Paired one_deal = Pair(seconds, empty, [&] {
    fivek_status status = FIVEK_OK;
    for (size_t i = 0; i < kCalls; ++i) {
      status |= score_deal(nullptr, &rows[i % kInputs], &scores[i % kInputs],
                           nullptr);
    }
    Check(status == FIVEK_OK, "a deal");
  });
  Print("fivek_score_deal", "goal: <= 4", kCalls, one_deal);
  // Columns of one row: a host that keeps the structs and puts each row where
  // they point, and one that makes the structs anew for each.
  struct RowColumns {
    fivek_deal row;
    uint8_t outcome, bytes[4];
    fivek_deal_score score;

    fivek_score_in In() const {
      const uint8_t* const level = row.assessment.level;
      return {sizeof(fivek_score_in),
              0,
              level,
              level + 1,
              level + 2,
              level + 3,
              level + 4,
              &row.assessment.by_decision_maker,
              &row.evidence,
              &outcome,
              &row.amount};
    }
    fivek_score_out Out() {
      return {
          sizeof(fivek_score_out), 0,         bytes,     bytes + 1,
          &score.product_ppm,      bytes + 2, bytes + 3, &score.probability_ppm,
          &score.expected_amount,  nullptr};
    }
    void Put(const fivek_deal& deal) {
      row = deal;
      outcome = static_cast<uint8_t>(deal.outcome);
    }
  };
  RowColumns columns = {};
  const fivek_score_in in = columns.In();
  const fivek_score_out to = columns.Out();
  const Paired one_row = Pair(seconds, empty, [&] {
    fivek_status status = FIVEK_OK;
    for (size_t i = 0; i < kCalls; ++i) {
      columns.Put(rows[i % kInputs]);
      status |= score_columns(nullptr, &in, &to, 1, nullptr, nullptr);
    }
    Check(status == FIVEK_OK, "a row");
  });
  Print("fivek_score_columns, 1 row", "goal: <= 8", kCalls, one_row);
  const Paired made_row = Pair(seconds, empty, [&] {
    fivek_status status = FIVEK_OK;
    for (size_t i = 0; i < kCalls; ++i) {
      columns.Put(rows[i % kInputs]);
      const fivek_score_in made_in = columns.In();
      const fivek_score_out made_to = columns.Out();
      status |= score_columns(nullptr, &made_in, &made_to, 1, nullptr, nullptr);
    }
    Check(status == FIVEK_OK, "a row");
  });
  Print("  with structs made anew", "", kCalls, made_row);

  // The next deal is known when this one's score is.
  const Paired chain = Pair(seconds, empty, [&] {
    fivek_status status = FIVEK_OK;
    fivek_deal_score score = {};
    size_t next = 0;
    for (size_t i = 0; i < kCalls; ++i) {
      status |= score_deal(nullptr, &rows[next], &score, nullptr);
      const auto sum = static_cast<size_t>(score.expected_amount +
                                           score.product_ppm + score.weakest);
      next = (i + (sum >> 62)) % kInputs;
    }
    Check(status == FIVEK_OK, "a deal");
  });
  Print("fivek_score_deal, in a chain", "goal: <= 10", kCalls, chain);

  // Confirms every item 0-17 of 64 opportunities in turn, then withdraws them,
  // so that every event is legal and stages and milestones move.
  std::array<fivek_opportunity, 64> deals;
  for (auto& deal : deals) fivek_opportunity_init(&deal, 0, nullptr);
  std::vector<fivek_event> events;
  for (int32_t kind = 0; kind < 2; ++kind) {
    for (int32_t item = 0; item < 18; ++item) {
      events.push_back({0, kind, item, 2, 4, 0});
    }
  }
  static_assert(kCalls % (36 * 64) == 0, "a round ends where it began");
  const Paired apply = Pair(seconds, empty, [&] {
    fivek_status status = FIVEK_OK;
    for (size_t round = 0; round < kCalls / (36 * 64); ++round) {
      for (const fivek_event& event : events) {
        for (fivek_opportunity& deal : deals) {
          status |= opportunity_apply(nullptr, &deal, &event, nullptr);
        }
      }
    }
    Check(status == FIVEK_OK, "an event");
  });
  Print("fivek_opportunity_apply", "goal: <= 6", kCalls, apply);

  const Paired milestone = Pair(seconds, empty, [&] {
    int32_t stage = 0;
    int32_t rung = 0;
    int32_t yield = 0;
    uint32_t missing = 0;
    fivek_status status = FIVEK_OK;
    for (size_t i = 0; i < kCalls; ++i) {
      status |= milestone_of(nullptr, masks[i % kInputs], &stage, &rung, &yield,
                             &missing, nullptr);
    }
    Check(status == FIVEK_OK, "a mask");
  });
  Print("fivek_milestone_of", "", kCalls, milestone);
}

// ---- Bulk events ------------------------------------------------------------

// Each event confirms an item that is missing or withdraws one that is there,
// so all are legal; the second half undoes the first.
struct Bulk {
  std::vector<uint32_t> row;
  std::vector<fivek_event> events;
};

Bulk MakeEvents(uint32_t table, size_t events, bool sorted) {
  SplitMix64 random(4);
  std::vector<uint32_t> mask(table, 0);
  Bulk bulk;
  for (size_t i = 0; i < events / 2; ++i)
    bulk.row.push_back(random.Below(table));
  if (sorted) std::sort(bulk.row.begin(), bulk.row.end());
  for (const uint32_t row : bulk.row) {
    const auto item = static_cast<int32_t>(random.Below(18));
    const uint32_t bit = uint32_t{1} << item;
    bulk.events.push_back({0, (mask[row] & bit) != 0 ? 1 : 0, item, 2, 4, 0});
    mask[row] ^= bit;
  }
  for (size_t i = events / 2; i-- > 0;) {
    fivek_event undo = bulk.events[i];
    undo.kind = 1 - undo.kind;
    bulk.row.push_back(bulk.row[i]);
    bulk.events.push_back(undo);
  }
  return bulk;
}

// Beside the bound, and beside the loop that a caller would write.
void BulkEvents(double seconds, uint32_t rows, bool sorted) {
  // Enough to touch most of the table in a round.
  const size_t count = std::max<size_t>(size_t{2} * rows, 1 << 16);
  const Bulk bulk = MakeEvents(rows, count, sorted);
  std::vector<fivek_opportunity> touched(rows);
  std::vector<fivek_opportunity> table(rows);
  for (auto& deal : table) fivek_opportunity_init(&deal, 0, nullptr);
  std::vector<fivek_status> status(count);
  const auto apply = [&] {
    size_t refused = 0;
    fivek_apply_events(nullptr, table.data(), table.size(), bulk.row.data(),
                       bulk.events.data(), count, status.data(), &refused,
                       nullptr);
    Check(refused == 0, "an event in bulk");
  };
  const Paired bound = Pair(
      seconds,
      [&] {
        for (size_t i = 0; i < count; ++i) {
          if (i + kAhead < count) {
            // A record that does not begin with a line is in two.
            fivek_opportunity* const next = &touched[bulk.row[i + kAhead]];
            __builtin_prefetch(next, 1);
            __builtin_prefetch(&next->reserved, 1);
          }
          fivek_opportunity& deal = touched[bulk.row[i]];
          deal.evidence ^= 1;
          deal.last_event_at += static_cast<int64_t>(i);
        }
        Clobber(touched.data());
      },
      apply);
  const Paired loop = Pair(seconds, apply, [&] {
    for (size_t i = 0; i < count; ++i) {
      status[i] = opportunity_apply(nullptr, &table[bulk.row[i]],
                                    &bulk.events[i], nullptr);
      Check(status[i] == FIVEK_OK, "an event");
    }
  });
  std::printf("%10u %-7s %8.1f   %.2f (%.2f-%.2f)   %.2f (%.2f-%.2f)\n", rows,
              sorted ? "sorted" : "random",
              static_cast<double>(count) / bound.second.median * 1e-6,
              1 / bound.ratio.median, 1 / bound.ratio.high, 1 / bound.ratio.low,
              loop.ratio.median, loop.ratio.low, loop.ratio.high);
}

}  // namespace
}  // namespace fivek::bench

int main(int argc, char** argv) {
  const double seconds = fivek::bench::SecondsFrom(argc, argv);
  fivek::bench::SingleCalls(seconds);
  std::printf(
      "\nfivek_apply_events, M events/s; share of a prefetched "
      "read-modify-write of the same records\n(goals, random: 0.40 at 10^6, "
      "0.60 at 10^7); x fivek_opportunity_apply in a loop (goal, sorted: "
      "0.85)\n%10s %-7s %8s   %-18s %s\n",
      "rows", "ids", "events", "share", "x loop");
  fivek::bench::BulkEvents(seconds, 10'000, false);
  fivek::bench::BulkEvents(seconds, 1'000'000, false);
  fivek::bench::BulkEvents(seconds, 1'000'000, true);
  if (seconds >= 0.1) fivek::bench::BulkEvents(seconds, 10'000'000, false);
  return 0;
}
