// Portfolio, golden triangle, visits, hours, reach, effort, sales modes and
// segments through the C interface: what is refused changes nothing, and what
// is given has the properties that its header promises, in any order of rows.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>

#include "tests/fuzz/capi_need.h"

namespace fivek {
namespace {

// Numbers below `limit`, less `shift`; one in 256 is anything.
template <typename T>
Exact<T> Column(Bytes* in, size_t n, uint32_t limit, int shift = 0) {
  Exact<T> column(n);
  for (T& x : column) {
    x = in->Rarely()
            ? in->Take<T>()
            : static_cast<T>(static_cast<int>(in->Below(limit)) - shift);
  }
  return column;
}

uint8_t Grade(Bytes* in) {
  const uint32_t grade = in->Below(5);
  return in->Rarely() ? in->Take<uint8_t>()
                      : static_cast<uint8_t>(grade == 4 ? 255 : grade);
}

void Portfolio(Bytes* in, size_t n) {
  const auto a = Column<int32_t>(in, n, 102, 1);
  const auto r = Column<int32_t>(in, n, 102, 1);
  const auto most = Column<int32_t>(in, n, 120);
  const bool has_most = in->Below(4) == 0;
  fivek_portfolio_options options = {};
  options.struct_size = sizeof options;
  options.attractiveness_cut = options.relationship_cut = 50;
  const bool three = in->Below(2) == 0;
  options.attractiveness_medium = options.relationship_medium =
      three ? 20 : FIVEK_SCORE_UNKNOWN;
  options.within = static_cast<int32_t>(in->Below(20)) - 1;
  const auto sort = [&](bool reversed, Exact<fivek_portfolio_account>* cells,
                        Exact<fivek_portfolio>* book) {
    const auto left = reversed ? a.Reversed() : a;
    const auto right = reversed ? r.Reversed() : r;
    const auto up_to = reversed ? most.Reversed() : most;
    return Accepted(
        [&](fivek_portfolio_account* c, fivek_portfolio* b,
            fivek_error* error) {
          return fivek_portfolio_cells(
              left.get(), has_most ? up_to.get() : nullptr, right.get(),
              nullptr, n, &options, c, b, error);
        },
        *cells, *book);
  };
  auto cells = Exact<fivek_portfolio_account>::Canary(n);
  auto again = Exact<fivek_portfolio_account>::Canary(n);
  auto book = SizedCanary<fivek_portfolio>();
  auto same = SizedCanary<fivek_portfolio>();
  const bool good = sort(false, &cells, &book);
  Need(good == sort(true, &again, &same), "good in any order");
  if (!good) return;
  Need(cells.SameBytes(again.Reversed()) && book.SameBytes(same),
       "a cell is the account's own");
  int64_t sum = book[0].unknown;
  for (const int64_t count : book[0].count) sum += count;
  Need(sum == static_cast<int64_t>(n), "each account is counted once");
  for (const fivek_portfolio_account& c : cells) {
    Need(c.possible != 0 && (c.possible & c.near_cells) == 0, "its own cells");
    Need((c.cell == FIVEK_UNKNOWN) == ((c.possible & (c.possible - 1)) != 0),
         "one cell, or not known");
    Need(c.cell == FIVEK_UNKNOWN || c.possible == 1U << c.cell, "that one");
  }
}

void Scores(Bytes* in, size_t n) {
  const size_t criteria = in->Below(6);
  const auto weight = Column<int32_t>(in, criteria, 5);
  const auto score = Column<int32_t>(in, criteria * n, 102, 1);
  auto out = Exact<fivek_score_range>::Canary(n);
  if (!Accepted(
          [&](fivek_score_range* o, fivek_error* error) {
            return fivek_scores_weigh(weight.get(), criteria, score.get(), n, o,
                                      error);
          },
          out)) {
    return;
  }
  for (const fivek_score_range& range : out) {
    Need(0 <= range.low && range.low <= range.high && range.high <= 1000000,
         "a range");
    Need((range.unknown > 0) == (range.low != range.high), "known is one");
  }
}

void Triangle(Bytes* in, size_t n) {
  Exact<fivek_triangle_account> accounts(n);
  for (fivek_triangle_account& a : accounts) {
    a.target_day = in->Below(4) == 0
                       ? FIVEK_DAY_NONE
                       : 900 + static_cast<int32_t>(in->Below(200));
    a.last_contact = in->Below(4) == 0
                         ? FIVEK_DAY_NONE
                         : 900 + static_cast<int32_t>(in->Below(101));
    a.information = in->Take<uint8_t>();
    a.grade = Grade(in);
  }
  const auto learned = Column<int32_t>(in, n * FIVEK_INFORMATION_ITEMS, 250);
  const auto stale = Column<int32_t>(in, FIVEK_INFORMATION_ITEMS, 250);
  const bool dated = in->Below(2) == 0;
  const uint32_t required = in->Take<uint8_t>();
  auto out = Exact<fivek_triangle_status>::Canary(n);
  auto book = SizedCanary<fivek_triangle_book>();
  if (!Accepted(
          [&](fivek_triangle_status* o, fivek_triangle_book* b,
              fivek_error* error) {
            return fivek_triangle_check(
                accounts.get(), n, dated ? learned.get() : nullptr, 1000,
                required, stale.get(), nullptr, o, b, error);
          },
          out, book)) {
    return;
  }
  for (size_t i = 0; i < 3; ++i) {
    Need(book[0].present[i] + book[0].missing[i] + book[0].overdue[i] +
                 book[0].unknown[i] ==
             static_cast<int64_t>(n),
         "a corner is one of four");
  }
  for (const fivek_triangle_status& s : out) {
    Need(((s.missing_information | s.stale_information | s.undated) &
          ~required) == 0,
         "what is required");
    Need((s.overdue & 4) == (s.days_over > 0 ? 4 : 0), "days over");
  }
}

void Visits(Bytes* in, size_t n) {
  const uint32_t people = in->Below(5);
  Exact<fivek_visit_account> accounts(n);
  for (fivek_visit_account& a : accounts) {
    a.seller =
        people == 0 || in->Rarely() ? in->Take<uint8_t>() : in->Below(people);
    a.planned = static_cast<int32_t>(in->Below(30)) - 1;
    a.done = static_cast<int32_t>(in->Below(30)) - 1;
    a.grade = Grade(in);
  }
  Exact<fivek_visit_seller> sellers(people);
  for (fivek_visit_seller& s : sellers) {
    s = {static_cast<int32_t>(in->Below(250)), 0, in->Below(12), in->Below(7)};
  }
  constexpr size_t kSums = FIVEK_CLASS_SLOTS + 1;
  auto loads = Exact<fivek_visit_load>::Canary(people + 1);
  auto sums = Exact<fivek_visit_sum>::Canary((people + 1) * kSums);
  if (!Accepted(
          [&](fivek_visit_load* l, fivek_visit_sum* s, fivek_error* error) {
            return fivek_visit_plan(accounts.get(), n, sellers.get(), people,
                                    nullptr, l, s, error);
          },
          loads, sums)) {
    return;
  }
  int64_t capacity = 0;
  int64_t shortfall = 0;
  for (size_t i = 0; i <= people; ++i) {
    int64_t counted = 0;
    for (size_t slot = 0; slot + 1 < kSums; ++slot) {
      counted += sums[i * kSums + slot].accounts;
    }
    const fivek_visit_sum& all = sums[i * kSums + kSums - 1];
    Need(counted == all.accounts, "classes make all");
    Need(loads[i].left == loads[i].capacity - all.needed, "what is left");
    if (i == people) break;
    capacity += loads[i].capacity;
    shortfall += loads[i].shortfall;
  }
  Need(capacity == loads[people].capacity &&
           shortfall == loads[people].shortfall,
       "sellers make all");
}

void Hours(Bytes* in, size_t n) {
  const auto hours = Column<int64_t>(in, n, 60, 1);
  const auto value = Column<int64_t>(in, n, 250, 5);
  Exact<uint8_t> grade(n);
  for (uint8_t& g : grade) g = Grade(in);
  const auto compare = [&](bool reversed, Exact<fivek_hours_class>* classes,
                           Exact<fivek_hours>* out) {
    const auto h = reversed ? hours.Reversed() : hours;
    const auto v = reversed ? value.Reversed() : value;
    const auto g = reversed ? grade.Reversed() : grade;
    auto shares = Exact<fivek_hours_share>::Canary(n);
    return Accepted(
        [&](fivek_hours_share* s, fivek_hours_class* c, fivek_hours* o,
            fivek_error* error) {
          return fivek_hours_against_value(h.get(), v.get(), g.get(), n, s, c,
                                           o, error);
        },
        shares, *classes, *out);
  };
  auto classes = Exact<fivek_hours_class>::Canary(FIVEK_CLASS_SLOTS);
  auto again = Exact<fivek_hours_class>::Canary(FIVEK_CLASS_SLOTS);
  auto out = SizedCanary<fivek_hours>();
  auto same = SizedCanary<fivek_hours>();
  const bool good = compare(false, &classes, &out);
  Need(good == compare(true, &again, &same), "good in any order");
  if (!good) return;
  Need(classes.SameBytes(again) && out.SameBytes(same), "the same bits");
  Need(out[0].accounts + out[0].unknown + out[0].negative ==
           static_cast<int64_t>(n),
       "each account once");
  Need(out[0].class_mismatch_ppm <= out[0].mismatch_ppm &&
           out[0].mismatch_ppm <= 1000000,
       "classes hide what differs in them");
  Need((out[0].more_hours == 0) == (out[0].more_value == 0),
       "what one has too much another lacks");
}

void Reach(Bytes* in, size_t n) {
  const auto target = Column<uint8_t>(in, n, 2);
  auto reached = Column<uint8_t>(in, n, 3);
  for (uint8_t& x : reached) x = x == 2 ? 255 : x;
  const auto own = Column<int64_t>(in, n, 250, 9);
  const auto potential = Column<int64_t>(in, n, 250);
  auto out = Exact<fivek_reach>::Canary(FIVEK_CLASS_SLOTS + 1);
  auto others = Exact<int64_t>::Canary(2);
  if (!Accepted(
          [&](fivek_reach* o, int64_t* rest, fivek_error* error) {
            return fivek_account_coverage(target.get(), reached.get(),
                                          own.get(), potential.get(), nullptr,
                                          n, o, rest, rest + 1, error);
          },
          out, others)) {
    return;
  }
  const fivek_reach& all = out[FIVEK_CLASS_SLOTS];
  Need(all.targets + others[0] == static_cast<int64_t>(n), "each once");
  Need(all.low_ppm <= all.high_ppm && all.high_ppm <= 1000000, "a range");
  Need(all.coverage_ppm == -1 || (all.low_ppm <= all.coverage_ppm &&
                                  all.coverage_ppm <= all.high_ppm),
       "the rate is in it");
}

double TotalOf(const Exact<double>& table, size_t width,
               const Exact<int32_t>& visits) {
  double total = 0.0;
  for (size_t i = 0; i < visits.size(); ++i) {
    total += table[i * width + static_cast<size_t>(visits[i])];
  }
  return total;
}

void EffortTable(Bytes* in, size_t n) {
  n %= 8;
  const size_t width = in->Below(8);
  Exact<double> table(n * width);
  for (double& x : table) {
    x = in->Rarely() ? in->Take<double>()
                     : static_cast<double>(in->Below(40)) - 4.0;
  }
  const auto budget = static_cast<int32_t>(in->Below(40)) - 1;
  double totals[4] = {};
  double bound = 0.0;
  for (const int32_t method : {FIVEK_EFFORT_DYNAMIC, FIVEK_EFFORT_AUTO,
                               FIVEK_EFFORT_GREEDY, FIVEK_EFFORT_HULL}) {
    auto visits = Exact<int32_t>::Canary(n);
    auto picks = Exact<int32_t>::Canary(64);
    auto out = SizedCanary<fivek_effort>();
    size_t count = 0;
    if (!Accepted(
            [&](int32_t* v, int32_t* p, fivek_effort* o, fivek_error* error) {
              return fivek_effort_allocate_table(table.get(), n, width, nullptr,
                                                 budget, method, v, p, 64,
                                                 &count, o, error);
            },
            visits, picks, out)) {
      return;
    }
    int64_t spent = 0;
    for (const int32_t v : visits) {
      Need(0 <= v && v < static_cast<int32_t>(width), "within the cap");
      spent += v;
    }
    Need(spent == out[0].spent && spent <= budget, "within the budget");
    const double tolerance = 1e-9 * std::fabs(out[0].bound) + 1e-9;
    Need(std::fabs(TotalOf(table, width, visits) - out[0].total) <= tolerance,
         "what the visits bring");
    Need(out[0].total <= out[0].bound, "no more than the bound");
    totals[method] = out[0].total;
    if (method == FIVEK_EFFORT_DYNAMIC) bound = out[0].bound;
    Need(out[0].total <= totals[FIVEK_EFFORT_DYNAMIC] + tolerance,
         "no more than the best");
    Need(out[0].optimal == 0 ||
             out[0].total >= totals[FIVEK_EFFORT_DYNAMIC] - tolerance,
         "the best if it says so");
    Need(std::fabs(out[0].bound - bound) <= tolerance || out[0].optimal == 1,
         "one bound");
  }
}

void Effort(Bytes* in, size_t n) {
  n %= 12;
  Exact<fivek_effort_account> accounts(n);
  for (fivek_effort_account& a : accounts) {
    a.value = in->Rarely() ? in->Take<double>() : in->Below(200);
    a.shape = in->Rarely() ? in->Take<double>() : (1 + in->Below(60)) / 64.0;
    a.steepness = (1 + in->Below(60)) / 16.0;
    a.cap = static_cast<int32_t>(in->Below(20));
    a.form = static_cast<int32_t>(in->Below(4));
  }
  const auto budget = static_cast<int32_t>(in->Below(60));
  double last = 0.0;
  for (int32_t b = budget; b <= budget + 1; ++b) {
    auto visits = Exact<int32_t>::Canary(n);
    auto out = SizedCanary<fivek_effort>();
    size_t count = 0;
    if (!Accepted(
            [&](int32_t* v, fivek_effort* o, fivek_error* error) {
              return fivek_effort_allocate(accounts.get(), n, b,
                                           FIVEK_EFFORT_AUTO, v, nullptr, 0,
                                           &count, o, error);
            },
            visits, out)) {
      return;
    }
    const double tolerance = 1e-9 * std::fabs(out[0].total) + 1e-12;
    Need(out[0].optimal == 1 && out[0].total <= out[0].bound, "the best");
    Need(out[0].shadow_price >= 0.0 && out[0].next_gain >= 0.0, "prices");
    if (b > budget) {
      Need(std::fabs(out[0].total - last) <= tolerance,
           "the next visit brings what was said");
    }
    last = out[0].total + out[0].next_gain;
  }
}

void Modes(Bytes* in, size_t n) {
  const auto weight = Column<int32_t>(in, n * FIVEK_CONCERNS, 102, 1);
  auto modes = Exact<fivek_sales_mode>::Canary(n);
  if (!Accepted(
          [&](fivek_sales_mode* out, fivek_error* error) {
            return fivek_sales_mode_of(weight.get(), n, out, error);
          },
          modes)) {
    return;
  }
  for (const fivek_sales_mode& m : modes) {
    Need(m.possible != 0, "some mode leads");
    Need(m.mode == FIVEK_UNKNOWN || m.possible == 1U << m.mode,
         "a decided one alone");
  }
}

void Segments(Bytes* in, size_t n) {
  Exact<fivek_segment> segments(n);
  for (fivek_segment& s : segments) {
    s.market = in->Rarely() ? in->Take<int64_t>() : in->Below(200);
    s.average_deal = in->Rarely() ? in->Take<int64_t>() : in->Below(200);
    s.coverage_ppm = static_cast<int32_t>(in->Below(201)) * 5000;
    s.win_rate_ppm = static_cast<int32_t>(in->Below(201)) * 5000;
    s.mode = in->Below(2) == 0 ? FIVEK_UNKNOWN : 1;
    s.functions = in->Below(64);
    s.named = in->Below(8);
  }
  auto out = Exact<fivek_segment_result>::Canary(n);
  auto total = Exact<int64_t>::Canary(1);
  if (!Accepted(
          [&](fivek_segment_result* o, int64_t* t, fivek_error* error) {
            return fivek_segment_design_result(segments.get(), n, o, t, error);
          },
          out, total)) {
    return;
  }
  int64_t sum = 0;
  for (size_t i = 0; i < n; ++i) {
    const fivek_segment_result& r = out[i];
    sum += r.result;
    Need(r.result >= 0 && r.coverage_point >= 0 && r.win_rate_point >= 0,
         "nothing is lost by more");
    int64_t ppm = -1;
    const fivek_status status = fivek_segment_rate_needed(
        &segments[i], FIVEK_FACTOR_COVERAGE, r.result, &ppm, nullptr);
    // Rounding may ask for half a unit more.
    if (status == FIVEK_OK && r.result > 0) {
      Need(ppm >= 1, "some coverage is needed");
    }
  }
  Need(std::abs(sum - total[0]) <= static_cast<int64_t>(n), "rounded once");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr void (*kFunctions[])(Bytes*, size_t) = {
      Portfolio, Scores,      Triangle, Visits, Hours,
      Reach,     EffortTable, Effort,   Modes,  Segments};
  Bytes in(data, size);
  const uint32_t function = in.Below(sizeof kFunctions / sizeof kFunctions[0]);
  kFunctions[function](&in, in.Below(32));
  return 0;
}

}  // namespace fivek
