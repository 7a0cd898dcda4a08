// Any bytes as moves, visits, deals at risk, events and serialised visits,
// through the C functions that read them: refused with a reason, or accepted,
// and then used.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/capi_need.h"
#include "tests/fuzz/need.h"
#include "tests/seal.h"

using fivek::Accepted;
using fivek::Bytes;
using fivek::Exact;
using fivek::Need;
using fivek::NeedSaid;
using fivek::NewError;

namespace {

// As many of a struct as there are bytes for.
template <typename Struct>
std::vector<Struct> From(const uint8_t* data, size_t size) {
  std::vector<Struct> all(size / sizeof(Struct));
  if (!all.empty()) {
    std::memcpy(all.data(), data, all.size() * sizeof(Struct));
  }
  return all;
}

// ---- What is counted --------------------------------------------------------

Exact<uint8_t> Written(const fivek_visits* visits) {
  size_t needed = 0;
  Need(fivek_visits_write(visits, nullptr, 0, &needed, nullptr) == FIVEK_OK,
       "the length is given");
  Exact<uint8_t> bytes(needed);
  Need(fivek_visits_write(visits, bytes.get(), needed, &needed, nullptr) ==
           FIVEK_OK,
       "exactly enough is enough");
  return bytes;
}

// A list: its length, then all of it. `call` takes (out, cap, count).
template <typename Item, typename Call>
Exact<Item> ListOf(const Call& call) {
  size_t count = 0;
  Need(call(nullptr, 0, &count) == FIVEK_OK, "the length is given");
  Exact<Item> list(count);
  Need(call(list.get(), count, &count) == FIVEK_OK && count == list.size(),
       "exactly enough is enough");
  if (count < 2) return list;
  auto small = Exact<Item>::Canary(count - 1);
  const Exact<Item> before(small);
  Need(call(small.get(), count - 1, &count) == FIVEK_RESOURCE_EXHAUSTED &&
           small.SameBytes(before) && count == list.size(),
       "too little is not written to");
  return list;
}

auto KeysOf(const fivek_visit_count& c) {
  return std::make_tuple(c.segment, c.team, c.seller, c.rung, c.kind, c.step);
}
auto KeysOf(const fivek_ladder_group& g) {
  return std::make_tuple(g.depth, g.segment, g.team, g.seller);
}

template <typename Item>
void NeedRising(const Exact<Item>& list) {
  for (size_t i = 1; i < list.size(); ++i) {
    Need(KeysOf(list[i - 1]) < KeysOf(list[i]), "in order, and none twice");
  }
}

// Serialised, merged and listed it is the same.
void Keep(const fivek_visits* visits, int32_t from, int32_t as_of) {
  const Exact<uint8_t> bytes = Written(visits);
  Exact<fivek_visits*> read(1);
  Need(Accepted(
           [&](fivek_visits** out, fivek_error* error) {
             return fivek_visits_read(bytes.get(), bytes.size(), out, error);
           },
           read),
       "what was written is read");
  Need(bytes.SameBytes(Written(read[0])), "and written again");
  Exact<int32_t> days(2);
  Exact<int64_t> added(1);
  Need(fivek_visits_window(read[0], &days[0], &days[1], &added[0], nullptr) ==
               FIVEK_OK &&
           days[0] == from && days[1] == as_of && added[0] >= 0,
       "for the days that it was created for");
  fivek_visits* all = nullptr;
  Need(fivek_visits_create(from, as_of, &all, nullptr) == FIVEK_OK,
       "it begins without visits");
  Need(fivek_visits_merge(all, visits, nullptr) == FIVEK_OK &&
           bytes.SameBytes(Written(all)),
       "none and all are all");

  const auto counts = ListOf<fivek_visit_count>(
      [&](fivek_visit_count* out, size_t cap, size_t* count) {
        return fivek_visits_counts(visits, out, cap, count, nullptr);
      });
  NeedRising(counts);
  // With itself, twice of each; it may say that these are too many.
  fivek_error error = NewError();
  const fivek_status status = fivek_visits_merge(all, all, &error);
  NeedSaid(status, error);
  const auto twice = ListOf<fivek_visit_count>(
      [&](fivek_visit_count* out, size_t cap, size_t* count) {
        return fivek_visits_counts(all, out, cap, count, nullptr);
      });
  Need(counts.size() == twice.size(), "the same cells");
  for (size_t i = 0; i < counts.size(); ++i) {
    Need(counts[i].count > 0 && 0 <= counts[i].rung && counts[i].rung < 6,
         "a count is of a rung");
    Need(KeysOf(counts[i]) == KeysOf(twice[i]) &&
             twice[i].count == counts[i].count * (status == FIVEK_OK ? 2 : 1),
         "merging adds");
  }
  fivek_visits_release(all);
  fivek_visits_release(read[0]);
}

// Each group that is listed is known, and what its parts are of is listed.
void Groups(const fivek_visits* visits, const fivek_ladder* ladder) {
  const auto groups = ListOf<fivek_ladder_group>(
      [&](fivek_ladder_group* out, size_t cap, size_t* count) {
        return fivek_ladder_groups(ladder, out, cap, count, nullptr);
      });
  NeedRising(groups);
  Need(groups.size() > 0 && groups[0].depth == 0, "all deals are first");
  std::set<std::tuple<uint32_t, uint32_t, uint32_t>> sellers;
  for (const fivek_visit_count& c : ListOf<fivek_visit_count>(
           [&](fivek_visit_count*out, size_t cap, size_t*count) {
             return fivek_visits_counts(visits, out, cap, count, nullptr);
           })) {
    sellers.emplace(c.segment, c.team, c.seller);
  }
  size_t listed = 0;
  for (const fivek_ladder_group& group : groups) {
    listed += group.depth == 3 ? 1 : 0;
    fivek_rung rung = {};
    rung.struct_size = sizeof rung;
    Need(fivek_ladder_explain(ladder, &group, 2, &rung, nullptr) == FIVEK_OK,
         "a group that is listed is known");
    Need(rung.visits == rung.advanced + rung.lost + rung.moved_back + rung.open,
         "visits end in some way");
  }
  Need(listed == sellers.size(), "whose visits are counted is listed");
}

// ---- Learning ---------------------------------------------------------------

void Learn(const std::vector<fivek_stage_visit>& visit, int32_t as_of) {
  fivek_visits* visits = nullptr;
  fivek_error error = NewError();
  fivek_status status = fivek_visits_create(-719162, as_of, &visits, &error);
  NeedSaid(status, error);
  if (status != FIVEK_OK) return;
  error = NewError();
  status = fivek_visits_add(visits, visit.data(), visit.size(), &error);
  NeedSaid(status, error);
  if (status == FIVEK_OK) {
    // In two parts, which are merged.
    const size_t half = visit.size() / 2;
    fivek_visits* parts[2] = {nullptr, nullptr};
    for (fivek_visits*& part : parts) {
      Need(fivek_visits_create(-719162, as_of, &part, nullptr) == FIVEK_OK,
           "a part");
    }
    Need(fivek_visits_add(parts[0], visit.data() + half, visit.size() - half,
                          nullptr) == FIVEK_OK &&
             fivek_visits_add(parts[1], visit.data(), half, nullptr) ==
                 FIVEK_OK &&
             fivek_visits_merge(parts[0], parts[1], nullptr) == FIVEK_OK &&
             Written(parts[0]).SameBytes(Written(visits)),
         "parts are the whole");
    for (fivek_visits* const part : parts) fivek_visits_release(part);
  }
  Keep(visits, -719162, as_of);
  const fivek_ladder* ladder = nullptr;
  Need(fivek_ladder_fit(nullptr, visits, nullptr, &ladder, nullptr) == FIVEK_OK,
       "a ladder is learned");
  Groups(visits, ladder);
  fivek_estimate won = {};
  Need(fivek_ladder_won(ladder, nullptr, 3, &won, nullptr) == FIVEK_OK &&
           0.0 <= won.low && won.low <= won.value && won.value <= won.high &&
           won.high <= 1.0,
       "an estimate is sound");
  // As many rows as there are visits, within the month.
  const size_t n = std::min<size_t>(visit.size(), 24);
  Exact<int32_t> milestone(n);
  Exact<int32_t> days(n);
  for (size_t i = 0; i < n; ++i) {
    milestone[i] = visit[i].stage;
    days[i] = visit[i].spent;
  }
  auto soon = Exact<fivek_estimate>::Canary(n);
  auto row_status = Exact<fivek_status>::Canary(n);
  Need(Accepted(
           [&](fivek_estimate* out, fivek_status* rows, fivek_error* why) {
             return fivek_ladder_won_within(ladder, nullptr, 30,
                                            milestone.get(), days.get(), n, out,
                                            rows, why);
           },
           soon, row_status),
       "rows have a status of their own");
  for (size_t i = 0; i < n; ++i) {
    Need(0.0 <= soon[i].low && soon[i].low <= soon[i].value &&
             soon[i].value <= soon[i].high && soon[i].high <= 1.0,
         "an estimate within a time is sound");
  }
  Exact<double> probability(7);
  for (size_t m = 0; m < 7; ++m) {
    Need(fivek_ladder_won(ladder, nullptr, static_cast<int32_t>(m), &won,
                          nullptr) == FIVEK_OK,
         "every milestone has one");
    probability[m] = won.value;
  }
  auto gaps = Exact<fivek_martingale_gap>::Canary(6);
  Need(fivek_martingale_check(visits, probability.get(), gaps.get(), nullptr) ==
           FIVEK_OK,
       "a ladder is checked");
  auto ppm = Exact<int32_t>::Canary(size_t{7} * FIVEK_AGE_BUCKETS);
  Need(fivek_ladder_table(ladder, nullptr, ppm.get(), nullptr) == FIVEK_OK &&
           std::all_of(ppm.begin(), ppm.end(),
                       [](int32_t p) { return 0 <= p && p <= 1000000; }),
       "its table is of probabilities");
  fivek_ladder_release(ladder);
  fivek_visits_release(visits);
}

void Moves(const uint8_t* data, size_t size, int32_t as_of) {
  const auto moves = From<fivek_stage_move>(data, size);
  size_t count = 0;
  fivek_error error = NewError();
  const fivek_status status = fivek_visits_from_moves(
      moves.data(), moves.size(), as_of, nullptr, 0, &count, &error);
  NeedSaid(status, error);
  if (status != FIVEK_OK) return;
  std::vector<fivek_stage_visit> visits(count);
  Need(fivek_visits_from_moves(moves.data(), moves.size(), as_of, visits.data(),
                               count, &count, nullptr) == FIVEK_OK,
       "as many as were counted");
  Need(fivek_visits_check(visits.data(), count, as_of, nullptr) == FIVEK_OK,
       "what moves make is plausible");
  Learn(visits, as_of);
}

void Visits(const uint8_t* data, size_t size, int32_t as_of) {
  const auto visits = From<fivek_stage_visit>(data, size);
  fivek_error error = NewError();
  NeedSaid(fivek_visits_check(visits.data(), visits.size(), as_of, &error),
           error);
  Learn(visits, as_of);
}

void Risks(const uint8_t* data, size_t size) {
  const size_t n = size / 9;
  const auto entry = From<int32_t>(data, 4 * n);
  const auto time = From<int32_t>(data + 4 * n, 4 * n);
  const auto event = From<uint8_t>(data + 8 * n, n);
  fivek_competing_risks risks = {};
  risks.struct_size = sizeof risks;
  fivek_error error = NewError();
  const fivek_status status = fivek_competing_risks_fit(
      entry.data(), time.data(), event.data(), n, &risks, &error);
  NeedSaid(status, error);
  if (status != FIVEK_OK) return;
  const double sum = risks.survival + risks.incidence[0] + risks.incidence[1] +
                     risks.incidence[2];
  Need(0.999999 < sum && sum < 1.000001, "all are somewhere");
}

// ---- Events -----------------------------------------------------------------

// Mostly near their ranges, and in time.
std::vector<fivek_event> EventsOf(Bytes* in, int64_t created_at) {
  std::vector<fivek_event> events;
  int64_t now = created_at;
  while (in->left() > 0 && events.size() < 200) {
    fivek_event event = {};
    if (in->Rarely()) {
      event = in->Take<fivek_event>();
    } else {
      now += int64_t{in->Below(64)} * 7200;
      event.at = now;
      // Most is evidence, or no deal gets far.
      const uint32_t kind = in->Below(20);
      event.kind = static_cast<int32_t>(kind < 10 ? kind : 0);
      event.code = static_cast<int32_t>(in->Below(22));
      event.shown_by = static_cast<int32_t>(in->Below(4));
      event.proof = static_cast<int32_t>(in->Below(6));
    }
    events.push_back(event);
  }
  return events;
}

// The state after the events that are accepted, which are left in `events`, or
// after all, if all are.
fivek_opportunity Replayed(int64_t created_at, bool leave_out,
                           std::vector<fivek_event>* events, size_t* refused) {
  fivek_opportunity deal;
  Need(fivek_opportunity_init(&deal, created_at, nullptr) == FIVEK_OK, "init");
  std::vector<fivek_event> good;
  for (size_t i = 0; i < events->size(); ++i) {
    const fivek_event& event = (*events)[i];
    if (fivek_opportunity_apply(nullptr, &deal, &event, nullptr) == FIVEK_OK) {
      good.push_back(event);
    } else if (!leave_out) {
      *refused = i;
      return deal;
    }
  }
  *events = good;
  *refused = good.size();
  return deal;
}

// Input: 1 byte whether what would be refused is left out, then events.
void Events(const uint8_t* data, size_t size, int32_t as_of) {
  Bytes in(data, size);
  const bool leave_out = in.Below(4) != 0;
  const int64_t created_at = int64_t{as_of} * 86400;
  std::vector<fivek_event> events = EventsOf(&in, created_at);
  size_t refused = 0;
  const fivek_opportunity deal =
      Replayed(created_at, leave_out, &events, &refused);
  const auto list = [&](fivek_stage_move* out, size_t cap, size_t* count,
                        fivek_error* error) {
    return fivek_moves_from_events(nullptr, 9, 1, 2, 3, created_at,
                                   events.data(), events.size(), out, cap,
                                   count, error);
  };
  size_t count = 0;
  fivek_error error = NewError();
  const fivek_status status = list(nullptr, 0, &count, &error);
  NeedSaid(status, error);
  if (status != FIVEK_OK) {
    // Some instants that a state may have are of no calendar day.
    Need(error.row <= static_cast<int64_t>(refused), "no later event");
    return;
  }
  Need(refused == events.size(), "what one deal takes its moves show");
  const auto moves = ListOf<fivek_stage_move>(
      [&](fivek_stage_move* out, size_t cap, size_t* n) {
        return list(out, cap, n, nullptr);
      });
  Need(moves.size() > 0 && moves[0].to == 0, "a deal begins at the bottom");
  int32_t at = 0;
  int32_t closed = -1;
  for (size_t i = 0; i < moves.size(); ++i) {
    const fivek_stage_move& move = moves[i];
    Need(move.deal == 9 && move.segment == 1 && move.team == 2 &&
             move.seller == 3 && move.sequence == static_cast<int32_t>(i) &&
             (i == 0 || moves[i - 1].day <= move.day),
         "whose moves they are, in turn");
    closed =
        move.to == FIVEK_MOVE_LOST || move.to == FIVEK_MOVE_VOID ? move.to : -1;
    if (move.to <= 6) at = move.to;
  }
  Need(at == deal.milestone, "the last is where the deal is");
  Need((deal.outcome == FIVEK_OUTCOME_LOST) == (closed == FIVEK_MOVE_LOST) &&
           (deal.outcome == FIVEK_OUTCOME_VOID) == (closed == FIVEK_MOVE_VOID),
       "and how it ended");
  // Longer than 100 000 days no visit is.
  const int32_t last = moves[moves.size() - 1].day;
  if (int64_t{last} - moves[0].day > 50000) return;
  const auto visits = ListOf<fivek_stage_visit>(
      [&](fivek_stage_visit* out, size_t cap, size_t* n) {
        return fivek_visits_from_moves(moves.get(), moves.size(), last, out,
                                       cap, n, nullptr);
      });
  Need(fivek_visits_check(visits.get(), visits.size(), last, nullptr) ==
           FIVEK_OK,
       "what events make is plausible");
}

// ---- Bytes ------------------------------------------------------------------

void Read(const uint8_t* data, size_t size) {
  std::string form(reinterpret_cast<const char*>(data), size);
  for (const bool seal : {false, true}) {
    if (seal && size < 8) return;
    if (seal) fivek::Seal(&form);
    Exact<uint8_t> bytes(size);
    std::copy(form.begin(), form.end(), bytes.begin());
    auto visits = Exact<fivek_visits*>::Canary(1);
    if (!Accepted(
            [&](fivek_visits** out, fivek_error* error) {
              return fivek_visits_read(bytes.get(), size, out, error);
            },
            visits)) {
      continue;
    }
    Need(bytes.SameBytes(Written(visits[0])), "what was read is written");
    int32_t days[2];
    std::memcpy(days, data + 12, sizeof days);
    Keep(visits[0], days[0], days[1]);
    const fivek_ladder* ladder = nullptr;
    Need(fivek_ladder_fit(nullptr, visits[0], nullptr, &ladder, nullptr) ==
             FIVEK_OK,
         "a ladder is learned of what was read");
    Groups(visits[0], ladder);
    fivek_ladder_release(ladder);
    fivek_visits_release(visits[0]);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 5) return 0;
  int32_t as_of;
  std::memcpy(&as_of, data + 1, sizeof as_of);
  switch (data[0] % 5) {
    case 0:
      Moves(data + 5, size - 5, as_of);
      break;
    case 1:
      Visits(data + 5, size - 5, as_of);
      break;
    case 2:
      Risks(data + 5, size - 5);
      break;
    case 3:
      Events(data + 5, size - 5, as_of);
      break;
    default:
      Read(data + 5, size - 5);
  }
  return 0;
}
