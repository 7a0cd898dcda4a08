// Any bytes as moves, visits and deals at risk, through the C functions that
// read them: refused with a reason, or accepted, and then used.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "capi/fivek.h"

namespace {

void Need(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

// As many of a struct as there are bytes for.
template <typename Struct>
std::vector<Struct> From(const uint8_t* data, size_t size) {
  std::vector<Struct> all(size / sizeof(Struct));
  if (!all.empty()) {
    std::memcpy(all.data(), data, all.size() * sizeof(Struct));
  }
  return all;
}

fivek_error NewError() {
  fivek_error error = {};
  error.struct_size = sizeof error;
  return error;
}

void NeedSaid(fivek_status status, const fivek_error& error) {
  Need(status == FIVEK_OK || (error.status == status && error.reason != 0 &&
                              error.message_len > 0),
       "a refusal says why");
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
