// Accounts: portfolio, golden triangle, coverage, effort, sales modes,
// segments.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "capi/barrier.h"
#include "capi/fivek.h"
#include "capi/learning_checks.h"
#include "capi/list_out.h"
#include "capi/sized_struct.h"
#include "fivek/accounts/coverage.h"
#include "fivek/accounts/effort.h"
#include "fivek/accounts/golden_triangle.h"
#include "fivek/accounts/portfolio.h"
#include "fivek/accounts/sales_mode.h"
#include "fivek/accounts/segment_design.h"

namespace {

using fivek::Reason;
using fivek::capi::CheckRows;
using fivek::capi::CheckStruct;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::Report;
using fivek::capi::WriteList;

// A column that may be NULL.
template <typename T>
absl::Span<const T> ColumnOf(const T* column, size_t n) {
  return {column, column == nullptr ? 0 : n};
}

// n rows of `width` values, if any memory holds so many.
fivek_status CheckTable(size_t n, size_t width, fivek_error* error) {
  if (width == 0 || n <= SIZE_MAX / width / sizeof(double)) {
    return CheckRows(n, error);
  }
  return Report(
      Reason::kOverflow,
      absl::StrCat(n, " rows of ", width, "; allowed: as many as memory holds"),
      error);
}

bool IsZero(const uint8_t (&reserved)[3]) {
  return (reserved[0] | reserved[1] | reserved[2]) == 0;
}

fivek_status ReportReserved(size_t row, fivek_error* error) {
  return Report(Reason::kReservedNotZero, "reserved is not zero", error,
                {static_cast<int64_t>(row), -1});
}

// Four numbers by class, unless they are not given.
void TakeFour(const int32_t* from, std::array<int32_t, 4>* to) {
  if (from != nullptr) std::copy(from, from + 4, to->begin());
}

// ---- Visits -----------------------------------------------------------------

fivek_visit_sum SumOut(const fivek::VisitSum& sum) {
  return {sum.accounts,  sum.needed, sum.planned,         sum.done,
          sum.shortfall, sum.beyond, sum.planned_unknown, sum.done_unknown};
}

void LoadOut(const fivek::SellerVisits& seller, fivek_visit_load* load,
             fivek_visit_sum* sums) {
  *load = {seller.capacity, seller.left, seller.left_planned, seller.shortfall};
  for (const fivek::VisitSum& its : seller.classes) *sums++ = SumOut(its);
  *sums = SumOut(seller.all);
}

// ---- Reach ------------------------------------------------------------------

fivek_reach ReachOut(const fivek::ReachSum& sum) {
  return {sum.targets,
          sum.reached,
          sum.unknown,
          sum.penetration_accounts,
          sum.penetration_unknown,
          sum.no_potential,
          sum.above_potential,
          sum.own,
          sum.potential,
          sum.penetration_ppm.value_or(0),
          sum.coverage_ppm,
          sum.low_ppm,
          sum.high_ppm,
          sum.penetration_ppm.has_value() ? 1 : 0};
}

// ---- Effort -----------------------------------------------------------------

fivek_status CheckMethod(int32_t method, fivek_error* error) {
  if (method >= 0 && method < fivek::kEffortMethodCount) return FIVEK_OK;
  return Report(Reason::kUnknownCode,
                absl::StrCat("method ", method, "; allowed: 0 to ",
                             fivek::kEffortMethodCount - 1),
                error);
}

// A form that is no code becomes one that the library refuses too, but would
// say another number of.
fivek_status CheckForm(int32_t form, fivek_error* error,
                       fivek::Where where = {}) {
  if (form >= 0 && form < fivek::kResponseFormCount) return FIVEK_OK;
  return Report(Reason::kUnknownCode,
                absl::StrCat("form ", form, "; allowed: 0 to ",
                             fivek::kResponseFormCount - 1),
                error, where);
}

fivek::EffortAccount AccountIn(const fivek_effort_account& account) {
  return {account.value, static_cast<fivek::ResponseForm>(account.form),
          account.cap, account.shape, account.steepness};
}

fivek::EffortOptions EffortOptionsIn(int32_t budget, int32_t method) {
  return {budget, static_cast<fivek::EffortMethod>(method)};
}

// Where the results of an allocation go.
struct EffortOut {
  int32_t* visits;
  int32_t* picks;
  size_t cap;
  size_t* count;
  fivek_effort* out;
};

fivek_status GivePlan(const fivek::EffortPlan& plan, const EffortOut& to,
                      fivek_error* error) {
  const fivek_status written =
      WriteList(plan.picks, to.picks, to.cap, to.count, error);
  if (written != FIVEK_OK) return written;
  std::copy(plan.visits.begin(), plan.visits.end(), to.visits);
  fivek_effort result = {};
  result.method = static_cast<int32_t>(plan.method);
  result.concave = plan.concave ? 1 : 0;
  result.optimal = plan.optimal ? 1 : 0;
  result.spent = plan.spent;
  result.total = plan.total;
  result.bound = plan.bound;
  result.shadow_price = plan.shadow_price;
  result.next_gain = plan.next_gain;
  Give(result, to.out);
  return FIVEK_OK;
}

// ---- Segments ---------------------------------------------------------------

fivek::MarketSegment SegmentIn(const fivek_segment& s) {
  fivek::MarketSegment segment;
  segment.market = s.market;
  segment.coverage_ppm = s.coverage_ppm;
  segment.win_rate_ppm = s.win_rate_ppm;
  segment.average_deal = s.average_deal;
  segment.mode = s.mode;
  segment.grouping = s.grouping;
  segment.functions = s.functions;
  segment.named = s.named;
  return segment;
}

fivek_segment_result SegmentOut(const fivek::SegmentResult& r) {
  return {r.result,
          r.coverage_point,
          r.win_rate_point,
          r.market_tenth,
          r.coverage_tenth,
          r.win_rate_tenth,
          r.average_deal_tenth,
          r.share_ppm,
          r.missing,
          static_cast<uint8_t>(r.capped_point),
          static_cast<uint8_t>(r.capped_tenth),
          static_cast<uint8_t>(r.best_point),
          static_cast<uint8_t>(r.best_tenth),
          0};
}

}  // namespace

// ---- The portfolio ----------------------------------------------------------

fivek_status fivek_scores_weigh(const int32_t* weight, size_t criteria,
                                const int32_t* score, size_t n,
                                fivek_score_range* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(weight);
    FIVEK_NOT_NULL(score);
    FIVEK_NOT_NULL(out);
    // What is refused is not read.
    const size_t known =
        criteria > fivek::kMostCriteria ? fivek::kMostCriteria + 1 : criteria;
    const fivek_status fits = CheckTable(n, known, error);
    if (fits != FIVEK_OK) return fits;
    const auto ranges =
        fivek::WeighScores({weight, criteria}, {score, n * known});
    if (!ranges.ok()) return Report(ranges.status(), error);
    for (const fivek::ScoreRange& range : *ranges) {
      *out++ = {range.low, range.high, range.of_known, range.unknown};
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_portfolio_cells(const int32_t* attractiveness,
                                   const int32_t* attractiveness_most,
                                   const int32_t* relationship,
                                   const int32_t* relationship_most, size_t n,
                                   const fivek_portfolio_options* options,
                                   fivek_portfolio_account* accounts,
                                   fivek_portfolio* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(attractiveness);
    FIVEK_ALIGNED(attractiveness_most);
    FIVEK_NOT_NULL(relationship);
    FIVEK_ALIGNED(relationship_most);
    FIVEK_NOT_NULL(accounts);
    fivek_status fits = FIVEK_OK;
    fivek::PortfolioOptions o;
    if (options != nullptr) {
      fits = CheckStruct(options, "options", error);
      if (fits != FIVEK_OK) return fits;
      const fivek_portfolio_options given = Given(*options);
      o.attractiveness = {given.attractiveness_cut,
                          given.attractiveness_medium};
      o.relationship = {given.relationship_cut, given.relationship_medium};
      o.within = given.within;
    }
    if (out != nullptr) fits = CheckStruct(out, "out", error);
    if (fits == FIVEK_OK) fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto portfolio = fivek::SortPortfolio(
        {attractiveness, n}, ColumnOf(attractiveness_most, n),
        {relationship, n}, ColumnOf(relationship_most, n), o);
    if (!portfolio.ok()) return Report(portfolio.status(), error);
    for (const fivek::PortfolioAccount& a : portfolio->accounts) {
      *accounts++ = {a.cell,
                     a.attractiveness,
                     a.relationship,
                     a.attractiveness_distance,
                     a.relationship_distance,
                     a.possible,
                     a.near_cells,
                     0};
    }
    if (out != nullptr) {
      fivek_portfolio result = {};
      result.levels = portfolio->levels;
      result.unknown = portfolio->unknown;
      result.borderline = portfolio->borderline;
      std::copy(portfolio->count.begin(), portfolio->count.end(), result.count);
      Give(result, out);
    }
    return FIVEK_OK;
  });
}

// ---- The golden triangle ----------------------------------------------------

fivek_status fivek_triangle_check(
    const fivek_triangle_account* accounts, size_t n, const int32_t* learned_on,
    int32_t as_of, uint32_t required_information,
    const int32_t* stale_after_days, const int32_t* interval_days,
    fivek_triangle_status* out, fivek_triangle_book* book, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(accounts);
    FIVEK_ALIGNED(learned_on);
    FIVEK_ALIGNED(stale_after_days);
    FIVEK_ALIGNED(interval_days);
    FIVEK_NOT_NULL(out);
    fivek_status fits = FIVEK_OK;
    if (book != nullptr) fits = CheckStruct(book, "book", error);
    if (fits == FIVEK_OK) {
      fits = CheckTable(n, fivek::kInformationItems, error);
    }
    if (fits != FIVEK_OK) return fits;
    fivek::TriangleOptions options;
    options.as_of = as_of;
    options.required_information = required_information;
    if (stale_after_days != nullptr) {
      std::copy(stale_after_days, stale_after_days + fivek::kInformationItems,
                options.stale_after_days.begin());
    }
    TakeFour(interval_days, &options.interval_days);
    std::vector<fivek::TriangleAccount> rows;
    rows.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      const fivek_triangle_account& a = accounts[i];
      if (!IsZero(a.reserved)) return ReportReserved(i, error);
      rows.push_back({a.target_day, a.last_contact, a.information, a.grade});
    }
    const auto checked = fivek::CheckTriangles(
        rows, ColumnOf(learned_on, n * size_t{fivek::kInformationItems}),
        options);
    if (!checked.ok()) return Report(checked.status(), error);
    for (const fivek::TriangleStatus& s : checked->accounts) {
      *out++ = {
          s.missing,           s.overdue, s.unknown,     s.missing_information,
          s.stale_information, s.undated, s.contact_due, s.days_over};
    }
    if (book != nullptr) {
      fivek_triangle_book result = {};
      result.complete = checked->complete;
      for (size_t i = 0; i < fivek::kCornerCount; ++i) {
        const fivek::CornerCount& corner = checked->corners[i];
        result.present[i] = corner.present;
        result.missing[i] = corner.missing;
        result.overdue[i] = corner.overdue;
        result.unknown[i] = corner.unknown;
      }
      Give(result, book);
    }
    return FIVEK_OK;
  });
}

// ---- Coverage ---------------------------------------------------------------

fivek_status fivek_visit_plan(const fivek_visit_account* accounts, size_t n,
                              const fivek_visit_seller* sellers,
                              size_t n_sellers, const int32_t* frequency,
                              fivek_visit_load* loads, fivek_visit_sum* sums,
                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(accounts);
    FIVEK_NOT_NULL(sellers);
    FIVEK_ALIGNED(frequency);
    FIVEK_NOT_NULL(loads);
    FIVEK_NOT_NULL(sums);
    fivek_status fits = CheckRows(n, error);
    if (fits == FIVEK_OK) fits = CheckRows(n_sellers, error);
    if (fits != FIVEK_OK) return fits;
    fivek::VisitOptions options;
    TakeFour(frequency, &options.frequency);
    std::vector<fivek::VisitSeller> people;
    people.reserve(n_sellers);
    for (size_t i = 0; i < n_sellers; ++i) {
      const fivek_visit_seller& s = sellers[i];
      people.push_back(
          {s.days, s.other_days, {s.visits_numerator, s.visits_denominator}});
    }
    std::vector<fivek::VisitAccount> rows;
    rows.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      const fivek_visit_account& a = accounts[i];
      if (!IsZero(a.reserved)) return ReportReserved(i, error);
      rows.push_back({a.seller, a.grade, a.planned, a.done});
    }
    const auto plan = fivek::PlanVisits(rows, people, options);
    if (!plan.ok()) return Report(plan.status(), error);
    for (const fivek::SellerVisits& seller : plan->sellers) {
      LoadOut(seller, loads++, sums);
      sums += FIVEK_CLASS_SLOTS + 1;
    }
    LoadOut(plan->total, loads, sums);
    return FIVEK_OK;
  });
}

fivek_status fivek_hours_against_value(const int64_t* hours,
                                       const int64_t* value,
                                       const uint8_t* grade, size_t n,
                                       fivek_hours_share* shares,
                                       fivek_hours_class* classes,
                                       fivek_hours* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(hours);
    FIVEK_NOT_NULL(value);
    FIVEK_ALIGNED(shares);
    FIVEK_NOT_NULL(classes);
    fivek_status fits = CheckStruct(out, "out", error);
    if (fits == FIVEK_OK) fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto report =
        fivek::CompareHoursAndValue({hours, n}, {value, n}, ColumnOf(grade, n));
    if (!report.ok()) return Report(report.status(), error);
    for (size_t i = 0; shares != nullptr && i < n; ++i) {
      const fivek::HoursShare& share = report->shares[i];
      shares[i] = {share.hours_ppm, share.value_ppm, share.index_ppm};
    }
    for (const fivek::HoursClass& its : report->classes) {
      *classes++ = {its.hours_ppm,
                    its.value_ppm,
                    its.index_ppm,
                    its.accounts,
                    its.hours,
                    its.value,
                    static_cast<int32_t>(its.verdict),
                    0};
    }
    fivek_hours result = {};
    result.mismatch_ppm = report->mismatch_ppm;
    result.class_mismatch_ppm = report->class_mismatch_ppm;
    result.more_hours = report->more_hours;
    result.more_value = report->more_value;
    result.accounts = report->accounts;
    result.unknown = report->unknown;
    result.negative = report->negative;
    result.negative_hours = report->negative_hours;
    result.hours = report->hours;
    result.value = report->value;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_account_coverage(
    const uint8_t* target, const uint8_t* reached, const int64_t* own,
    const int64_t* potential, const uint8_t* grade, size_t n, fivek_reach* out,
    int64_t* others, int64_t* others_reached, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(target);
    FIVEK_NOT_NULL(reached);
    FIVEK_ALIGNED(own);
    FIVEK_ALIGNED(potential);
    FIVEK_NOT_NULL(out);
    FIVEK_NOT_NULL(others);
    FIVEK_NOT_NULL(others_reached);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    const auto report =
        fivek::MeasureReach({target, n}, {reached, n}, ColumnOf(own, n),
                            ColumnOf(potential, n), ColumnOf(grade, n));
    if (!report.ok()) return Report(report.status(), error);
    for (const fivek::ReachSum& sum : report->classes) *out++ = ReachOut(sum);
    *out = ReachOut(report->total);
    *others = report->others;
    *others_reached = report->others_reached;
    return FIVEK_OK;
  });
}

fivek_status fivek_rate_goal_check(int64_t part, int64_t whole,
                                   int32_t goal_ppm, int32_t* rate_ppm,
                                   int32_t* gap_ppm, int32_t* met,
                                   int64_t* missing, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(rate_ppm);
    FIVEK_NOT_NULL(gap_ppm);
    FIVEK_NOT_NULL(met);
    FIVEK_NOT_NULL(missing);
    const auto rate = fivek::CheckRateGoal(part, whole, goal_ppm);
    if (!rate.ok()) return Report(rate.status(), error);
    *rate_ppm = rate->rate_ppm;
    *gap_ppm = rate->gap_ppm;
    *met = rate->met ? 1 : 0;
    *missing = rate->missing;
    return FIVEK_OK;
  });
}

// ---- Effort -----------------------------------------------------------------

fivek_status fivek_effort_allocate(const fivek_effort_account* accounts,
                                   size_t n, int32_t budget, int32_t method,
                                   int32_t* visits, int32_t* picks, size_t cap,
                                   size_t* count, fivek_effort* out,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(accounts);
    FIVEK_NOT_NULL(visits);
    FIVEK_LIST_NOT_NULL(picks, cap, count);
    fivek_status fits = CheckStruct(out, "out", error);
    if (fits == FIVEK_OK) fits = CheckMethod(method, error);
    if (fits == FIVEK_OK) fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    std::vector<fivek::EffortAccount> rows;
    rows.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      fits = CheckForm(accounts[i].form, error, {static_cast<int64_t>(i), 1});
      if (fits != FIVEK_OK) return fits;
      rows.push_back(AccountIn(accounts[i]));
    }
    const auto plan =
        fivek::AllocateEffort(rows, EffortOptionsIn(budget, method));
    if (!plan.ok()) return Report(plan.status(), error);
    return GivePlan(*plan, {visits, picks, cap, count, out}, error);
  });
}

fivek_status fivek_effort_allocate_table(
    const double* response, size_t n, size_t width, const int32_t* caps,
    int32_t budget, int32_t method, int32_t* visits, int32_t* picks, size_t cap,
    size_t* count, fivek_effort* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(response);
    FIVEK_ALIGNED(caps);
    FIVEK_NOT_NULL(visits);
    FIVEK_LIST_NOT_NULL(picks, cap, count);
    fivek_status fits = CheckStruct(out, "out", error);
    if (fits == FIVEK_OK) fits = CheckMethod(method, error);
    if (fits == FIVEK_OK) fits = CheckTable(n, width, error);
    if (fits != FIVEK_OK) return fits;
    const auto plan = fivek::AllocateEffortTable(
        {response, n * width}, width, ColumnOf(caps, n),
        EffortOptionsIn(budget, method));
    if (!plan.ok()) return Report(plan.status(), error);
    return GivePlan(*plan, {visits, picks, cap, count, out}, error);
  });
}

fivek_status fivek_effort_response(const fivek_effort_account* account,
                                   int64_t visits, double* value,
                                   fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(account);
    FIVEK_NOT_NULL(value);
    const fivek_status known = CheckForm(account->form, error);
    if (known != FIVEK_OK) return known;
    const auto brings = fivek::ResponseValue(AccountIn(*account), visits);
    if (!brings.ok()) return Report(brings.status(), error);
    *value = *brings;
    return FIVEK_OK;
  });
}

fivek_status fivek_effort_calibrate(double potential, int32_t visits,
                                    double share_today, double share_saturation,
                                    int32_t form, double steepness, int32_t cap,
                                    fivek_effort_account* out,
                                    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    const fivek_status known = CheckForm(form, error);
    if (known != FIVEK_OK) return known;
    const auto account = fivek::CalibrateEffort(
        {potential, visits, share_today, share_saturation,
         static_cast<fivek::ResponseForm>(form), steepness, cap});
    if (!account.ok()) return Report(account.status(), error);
    *out = {account->value, account->shape, account->steepness, account->cap,
            form};
    return FIVEK_OK;
  });
}

// ---- Sales modes and segments -----------------------------------------------

fivek_status fivek_sales_mode_of(const int32_t* weight, size_t n,
                                 fivek_sales_mode* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(weight);
    FIVEK_NOT_NULL(out);
    const fivek_status fits = CheckTable(n, FIVEK_CONCERNS, error);
    if (fits != FIVEK_OK) return fits;
    std::vector<fivek_sales_mode> modes;
    modes.reserve(n);
    for (size_t i = 0; i < n; ++i) {
      const auto choice = fivek::ChooseSalesMode(
          {weight + i * FIVEK_CONCERNS, size_t{FIVEK_CONCERNS}});
      if (!choice.ok()) {
        fivek::Where where = fivek::WhereOf(choice.status());
        where.row = static_cast<int64_t>(i);
        return Report(fivek::AtRow(choice.status(), where), error);
      }
      fivek_sales_mode mode = {};
      mode.mode = choice->mode;
      mode.possible = choice->possible;
      mode.unknown = choice->unknown;
      mode.lead = choice->lead;
      std::copy(choice->low.begin(), choice->low.end(), mode.low);
      std::copy(choice->high.begin(), choice->high.end(), mode.high);
      modes.push_back(mode);
    }
    std::copy(modes.begin(), modes.end(), out);
    return FIVEK_OK;
  });
}

fivek_status fivek_team_person_of(int32_t grouping, int32_t person,
                                  int32_t* people, uint32_t* phases,
                                  uint32_t* traits, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(people);
    FIVEK_NOT_NULL(phases);
    FIVEK_NOT_NULL(traits);
    const auto found = fivek::TeamPersonOf(grouping, person);
    if (!found.ok()) return Report(found.status(), error);
    *people = found->people;
    *phases = found->phases;
    *traits = found->traits;
    return FIVEK_OK;
  });
}

fivek_status fivek_segment_design_result(const fivek_segment* segments,
                                         size_t n, fivek_segment_result* out,
                                         int64_t* total, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(segments);
    FIVEK_NOT_NULL(out);
    FIVEK_NOT_NULL(total);
    const fivek_status fits = CheckRows(n, error);
    if (fits != FIVEK_OK) return fits;
    std::vector<fivek::MarketSegment> rows;
    rows.reserve(n);
    for (size_t i = 0; i < n; ++i) rows.push_back(SegmentIn(segments[i]));
    const auto book = fivek::EstimateSegments(rows);
    if (!book.ok()) return Report(book.status(), error);
    for (const fivek::SegmentResult& result : book->segments) {
      *out++ = SegmentOut(result);
    }
    *total = book->total;
    return FIVEK_OK;
  });
}

fivek_status fivek_segment_rate_needed(const fivek_segment* segment,
                                       int32_t factor, int64_t goal,
                                       int64_t* ppm, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(segment);
    FIVEK_NOT_NULL(ppm);
    if (factor != FIVEK_FACTOR_COVERAGE && factor != FIVEK_FACTOR_WIN_RATE) {
      return Report(Reason::kUnknownCode,
                    absl::StrCat("factor ", factor, "; allowed: 1 and 2"),
                    error);
    }
    const fivek::MarketSegment s = SegmentIn(*segment);
    const auto needed = factor == FIVEK_FACTOR_COVERAGE
                            ? fivek::CoverageNeeded(s, goal)
                            : fivek::WinRateNeeded(s, goal);
    if (!needed.ok()) return Report(needed.status(), error);
    *ppm = *needed;
    return FIVEK_OK;
  });
}
