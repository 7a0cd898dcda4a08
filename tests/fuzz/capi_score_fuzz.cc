// Any columns into the batch call: each row is what the functions of one row
// say, and nothing but the rows asked for is written.
//
// Input: 2 bytes of columns given, 1 of columns wanted, 1 of offset, then rows
// of 19 bytes: six of levels, outcome, evidence, amount.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/need.h"

using fivek::Need;

namespace {

constexpr size_t kRowBytes = 19;
constexpr size_t kGuard = 3;  // Elements behind a column.

template <typename T>
struct Column {
  Column(size_t rows, size_t offset, T fill)
      : data(rows + offset + kGuard, fill), start(offset), fill_with(fill) {}
  T* get(bool wanted) { return wanted ? data.data() + start : nullptr; }
  T& operator[](size_t i) { return data[start + i]; }
  void NeedGuard(size_t rows, bool written) {
    for (size_t i = 0; i < data.size(); ++i) {
      const bool inside = written && i >= start && i < start + rows;
      if (!inside) Need(data[i] == fill_with, "nothing else is written");
    }
  }

  std::vector<T> data;
  size_t start;
  T fill_with;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size < 4) return 0;
  const unsigned given = data[0] | unsigned{data[1]} << 8;
  const unsigned wanted = data[2];
  const size_t offset = data[3] % 64;
  const size_t rows = std::min<size_t>((size - 4) / kRowBytes, 1000);
  const uint8_t* const body = data + 4;
  const auto has = [given](unsigned bit) { return (given >> bit & 1) != 0; };
  const auto wants = [wanted](unsigned bit) {
    return (wanted >> bit & 1) != 0;
  };

  std::vector<std::vector<uint8_t>> bytes(7, std::vector<uint8_t>(rows));
  std::vector<uint32_t> evidence(rows);
  std::vector<int64_t> amount(rows);
  for (size_t i = 0; i < rows; ++i) {
    const uint8_t* const row = body + i * kRowBytes;
    for (size_t c = 0; c < 7; ++c) bytes[c][i] = row[c];
    std::memcpy(&evidence[i], row + 7, 4);
    std::memcpy(&amount[i], row + 11, 8);
  }
  const auto column = [&](unsigned c) -> const uint8_t* {
    return has(c) ? bytes[c].data() : nullptr;
  };
  const fivek_score_in in = {sizeof(fivek_score_in),
                             0,
                             column(0),
                             column(1),
                             column(2),
                             column(3),
                             column(4),
                             column(5),
                             has(7) ? evidence.data() : nullptr,
                             column(6),
                             has(8) ? amount.data() : nullptr};
  Column<uint8_t> strength(rows, offset, 0xA5);
  Column<uint8_t> weakest(rows, offset, 0xA5);
  Column<uint8_t> stage(rows, offset, 0xA5);
  Column<uint8_t> milestone(rows, offset, 0xA5);
  Column<int32_t> product(rows, offset, 0x5A5A);
  Column<int32_t> probability(rows, offset, 0x5A5A);
  Column<int64_t> expected(rows, offset, 0x5A5A);
  Column<fivek_status> status(rows, offset, 0x5A5A);
  const fivek_score_out out = {
      sizeof(fivek_score_out), 0,
      strength.get(wants(0)),  weakest.get(wants(1)),
      product.get(wants(2)),   stage.get(wants(3)),
      milestone.get(wants(4)), probability.get(wants(5)),
      expected.get(wants(6)),  status.get(wants(7))};
  fivek_error error = {};
  error.struct_size = sizeof error;
  size_t bad = 0;
  const fivek_status called =
      fivek_score_columns(nullptr, &in, &out, rows, &bad, &error);

  size_t want_bad = 0;
  size_t first_bad = rows;
  for (size_t i = 0; i < rows; ++i) {
    fivek_assessment a = {};
    for (unsigned d = 0; d < 5; ++d) {
      a.level[d] = has(d) ? bytes[d][i] : uint8_t{FIVEK_UNKNOWN};
    }
    a.by_decision_maker = has(5) ? bytes[5][i] : uint8_t{0};
    const int32_t outcome = has(6) ? bytes[6][i] : 0;
    fivek_strength one = {};
    one.struct_size = sizeof one;
    const bool good =
        fivek_strength_of(nullptr, &a, &one, nullptr) == FIVEK_OK &&
        outcome <= FIVEK_OUTCOME_VOID;
    const fivek_deal deal = {a, has(7) ? evidence[i] : 0, outcome,
                             has(8) ? amount[i] : 0};
    fivek_deal_score score = {};
    Need(
        (fivek_score_deal(nullptr, &deal, &score, nullptr) == FIVEK_OK) == good,
        "one deal's status");
    if (!good) {
      ++want_bad;
      first_bad = std::min(first_bad, i);
      if (wants(7)) Need(status[i] == FIVEK_INVALID_ARGUMENT, "a bad row");
    }
    if (!good && !wants(7)) break;
    if (!good) continue;
    if (wants(7)) Need(status[i] == FIVEK_OK, "a good row");
    if (wants(0)) Need(strength[i] == one.total, "strength");
    if (wants(1)) Need(weakest[i] == one.weakest, "weakest");
    if (one.unknown_mask == 0) {
      Need(score.product_ppm == one.product_ppm, "product");
    }
    if (wants(2)) Need(product[i] == score.product_ppm, "product of a row");
    int32_t at_stage = 0;
    int32_t at_milestone = 0;
    int32_t yield = 0;
    uint32_t missing = 0;
    fivek_milestone_of(nullptr, has(7) ? evidence[i] : 0, &at_stage,
                       &at_milestone, &yield, &missing, nullptr);
    if (outcome == FIVEK_OUTCOME_WON) yield = 1'000'000;
    if (outcome > FIVEK_OUTCOME_WON) yield = 0;
    int64_t want = 0;
    fivek_amount_expect(nullptr, has(8) ? amount[i] : 0, yield, &want, nullptr);
    Need(score.strength == one.total && score.weakest == one.weakest &&
             score.stage == at_stage && score.milestone == at_milestone &&
             score.probability_ppm == yield && score.expected_amount == want,
         "one deal");
    if (wants(3)) Need(stage[i] == at_stage, "stage");
    if (wants(4)) Need(milestone[i] == at_milestone, "milestone");
    if (wants(5)) Need(probability[i] == yield, "probability");
    if (wants(6)) Need(expected[i] == want, "expected amount");
  }
  Need(bad == want_bad, "the bad rows are counted");
  Need((called == FIVEK_OK) == (want_bad == 0 || wants(7)),
       "the call's status");
  if (called != FIVEK_OK) {
    Need(error.row == static_cast<int64_t>(first_bad), "the first bad row");
  }
  strength.NeedGuard(rows, wants(0));
  weakest.NeedGuard(rows, wants(1));
  product.NeedGuard(rows, wants(2));
  stage.NeedGuard(rows, wants(3));
  milestone.NeedGuard(rows, wants(4));
  probability.NeedGuard(rows, wants(5));
  expected.NeedGuard(rows, wants(6));
  status.NeedGuard(rows, wants(7));
  return 0;
}
