// Any bytes as moves, visits and deals at risk, through the C functions that
// read them: refused with a reason, or accepted, and then used.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/capi_need.h"
#include "tests/fuzz/need.h"

using fivek::Accepted;
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

void Learn(const std::vector<fivek_stage_visit>& visit, int32_t as_of) {
  fivek_visits* visits = nullptr;
  fivek_error error = NewError();
  fivek_status status = fivek_visits_create(-719162, as_of, &visits, &error);
  NeedSaid(status, error);
  if (status != FIVEK_OK) return;
  error = NewError();
  status = fivek_visits_add(visits, visit.data(), visit.size(), &error);
  NeedSaid(status, error);
  const fivek_ladder* ladder = nullptr;
  Need(fivek_ladder_fit(nullptr, visits, nullptr, &ladder, nullptr) == FIVEK_OK,
       "a ladder is learned");
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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 5) return 0;
  int32_t as_of;
  std::memcpy(&as_of, data + 1, sizeof as_of);
  switch (data[0] % 3) {
    case 0:
      Moves(data + 5, size - 5, as_of);
      break;
    case 1:
      Visits(data + 5, size - 5, as_of);
      break;
    default:
      Risks(data + 5, size - 5);
  }
  return 0;
}
