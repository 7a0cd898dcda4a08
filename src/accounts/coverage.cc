#include "fivek/accounts/coverage.h"

#include <algorithm>
#include <cstddef>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/probability.h"
#include "fivek/base/reason.h"
#include "src/accounts/exact_share.h"

namespace fivek {
namespace {

using absl::int128;
using absl::uint128;

absl::Status CheckGrade(uint8_t grade, size_t row, int32_t column) {
  if (grade <= 3 || grade == kGradeUnknown) return absl::OkStatus();
  return Refuse(Reason::kUnknownCode,
                absl::StrCat("grade ", int{grade}, "; allowed: 0 to 3, or ",
                             int{kGradeUnknown}),
                {static_cast<int64_t>(row), column});
}

size_t SlotOf(uint8_t grade) {
  return grade <= 3 ? grade : size_t{kUnknownSlot};
}

absl::Status RefuseSum(const char* name) {
  return Refuse(Reason::kOverflow,
                absl::StrCat(name, " of all accounts does not fit 64 bits"));
}

// ---- Visits -----------------------------------------------------------------

absl::Status CheckVisits(const char* name, int32_t visits, size_t row,
                         int32_t column) {
  if (visits >= kVisitsUnknown && visits <= kMostVisits) {
    return absl::OkStatus();
  }
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", visits, "; allowed: 0 to ", kMostVisits,
                             ", or ", kVisitsUnknown),
                {static_cast<int64_t>(row), column});
}

absl::StatusOr<int64_t> CapacityOf(const VisitSeller& seller, size_t index) {
  const auto row = static_cast<int64_t>(index);
  if (seller.days < 0 || seller.days > kMostIntervalDays) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("days ", seller.days, "; allowed: 0 to ",
                               kMostIntervalDays),
                  {row, 10});
  }
  if (seller.other_days < 0 || seller.other_days > seller.days) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("other_days ", seller.other_days,
                               "; allowed: 0 to days, ", seller.days),
                  {row, 11});
  }
  const Fraction visits = seller.visits_a_day;
  if (visits.numerator < 0 || visits.denominator <= 0 ||
      visits.numerator > int128(visits.denominator) * kMostVisits) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("visits_a_day ", visits.numerator, " / ",
                     visits.denominator, "; allowed: 0 to ", kMostVisits),
        {row, 12});
  }
  // At most 36525 x 10^6.
  return static_cast<int64_t>(int128(seller.days - seller.other_days) *
                              visits.numerator / visits.denominator);
}

absl::Status CheckVisitAccount(const VisitAccount& account, size_t row,
                               size_t sellers) {
  if (account.seller >= sellers) {
    return Refuse(
        Reason::kRowRange,
        absl::StrCat("seller ", account.seller, "; allowed: below ", sellers),
        {static_cast<int64_t>(row), 0});
  }
  absl::Status s = CheckGrade(account.grade, row, 1);
  if (s.ok()) s = CheckVisits("planned", account.planned, row, 2);
  if (s.ok()) s = CheckVisits("done", account.done, row, 3);
  return s;
}

// Each is at most 10^6, so 2^43 accounts fit.
void Count(const VisitAccount& account, const VisitOptions& options,
           VisitSum* sum) {
  ++sum->accounts;
  const bool graded = account.grade != kGradeUnknown;
  const int64_t needed = graded ? options.frequency[account.grade] : 0;
  sum->needed += needed;
  if (account.planned == kVisitsUnknown) {
    ++sum->planned_unknown;
  } else {
    sum->planned += account.planned;
  }
  if (account.done == kVisitsUnknown) {
    ++sum->done_unknown;
    return;
  }
  sum->done += account.done;
  if (!graded) return;
  sum->shortfall += std::max<int64_t>(needed - account.done, 0);
  sum->beyond += std::max<int64_t>(account.done - needed, 0);
}

void Count(const VisitAccount& account, const VisitOptions& options,
           SellerVisits* seller) {
  Count(account, options, &seller->all);
  Count(account, options, &seller->classes[SlotOf(account.grade)]);
}

void Close(SellerVisits* seller) {
  seller->left = seller->capacity - seller->all.needed;
  seller->left_planned = seller->capacity - seller->all.planned;
  seller->shortfall = seller->all.shortfall;
}

// ---- Hours against value ----------------------------------------------------

struct Pair {
  int64_t hours, value;
};

uint128 Size(int128 x) { return static_cast<uint128>(x < 0 ? -x : x); }

// How far a share of the hours is from that of the value, times both totals: at
// most their product, below 2^126.
uint128 GapOf(Pair p, const HoursReport& all) {
  return Size(int128(p.hours) * all.value - int128(p.value) * all.hours);
}

HoursShare ShareOf(Pair p, const HoursReport& all) {
  HoursShare share;
  const auto hours = static_cast<uint128>(all.hours);
  const auto value = static_cast<uint128>(all.value);
  if (all.hours > 0) {
    share.hours_ppm = static_cast<int32_t>(
        ScaledShare(static_cast<uint128>(p.hours), hours, kCertain));
  }
  if (all.value > 0) {
    share.value_ppm = static_cast<int32_t>(
        ScaledShare(static_cast<uint128>(p.value), value, kCertain));
  }
  if (all.hours <= 0 || all.value <= 0 || p.value <= 0) return share;
  // Of h V / (v H) the whole part, and the rest in ppm.
  const uint128 above = static_cast<uint128>(p.hours) * value;
  const uint128 below = static_cast<uint128>(p.value) * hours;
  const uint128 whole = above / below;
  // Up to 9 x 10^18 - 1 in ppm: fits with the rest.
  if (whole < uint128{9'000'000'000'000}) {
    share.index_ppm = static_cast<int64_t>(whole) * kMillion +
                      ScaledShare(above % below, below, kCertain);
  }
  return share;
}

HoursVerdict VerdictOf(Pair p, const HoursReport& all) {
  if (all.hours <= 0 || all.value <= 0) return HoursVerdict::kNotKnown;
  const int128 gap = int128(p.hours) * all.value - int128(p.value) * all.hours;
  if (gap == 0) return HoursVerdict::kEven;
  return gap > 0 ? HoursVerdict::kMoreHours : HoursVerdict::kMoreValue;
}

absl::Status CheckHoursRow(int64_t hours, uint8_t grade, size_t row) {
  if (hours < kHoursUnknown) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("hours ", hours, "; allowed: 0 or more, or ",
                               kHoursUnknown),
                  {static_cast<int64_t>(row), 0});
  }
  return CheckGrade(grade, row, 2);
}

// Adds an account to what it belongs to; false where a sum does not fit.
bool AddHours(Pair p, uint8_t grade, HoursReport* report) {
  if (p.hours == kHoursUnknown || p.value == kAmountUnknown) {
    ++report->unknown;
    return true;
  }
  if (p.value < 0) {
    ++report->negative;
    return AddTo(p.hours, &report->negative_hours);
  }
  HoursClass& its = report->classes[SlotOf(grade)];
  ++report->accounts;
  ++its.accounts;
  // What fits the totals fits the classes.
  return AddTo(p.hours, &report->hours) && AddTo(p.value, &report->value) &&
         AddTo(p.hours, &its.hours) && AddTo(p.value, &its.value);
}

int32_t HalfInPpm(uint128 gaps, const HoursReport& report) {
  const uint128 product =
      static_cast<uint128>(report.hours) * static_cast<uint128>(report.value);
  return static_cast<int32_t>(ScaledShare(gaps, product * 2, kCertain));
}

// ---- Coverage ---------------------------------------------------------------

int32_t ShareInPpm(int64_t part, int64_t whole) {
  if (whole == 0) return -1;
  return static_cast<int32_t>(ScaledShare(
      static_cast<uint128>(part), static_cast<uint128>(whole), kCertain));
}

absl::Status CheckReachRow(uint8_t target, uint8_t reached, int64_t potential,
                           uint8_t grade, size_t index) {
  const auto row = static_cast<int64_t>(index);
  if (target > 1) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("target ", int{target}, "; allowed: 0 and 1"),
                  {row, 0});
  }
  if (reached > 1 && reached != kReachedUnknown) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("reached ", int{reached}, "; allowed: 0, 1 and ",
                               int{kReachedUnknown}),
                  {row, 1});
  }
  if (potential < 0 && potential != kAmountUnknown) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("potential ", potential,
                               "; allowed: 0 or more, or ", kAmountUnknown),
                  {row, 3});
  }
  return CheckGrade(grade, index, 4);
}

// Sums in 128 bits, so that whether they fit does not depend on the order.
struct ReachTally {
  ReachSum sum;
  int128 own = 0, potential = 0;
};

void AddReach(uint8_t reached, int64_t own, int64_t potential,
              ReachTally* tally) {
  ReachSum* const sum = &tally->sum;
  ++sum->targets;
  sum->reached += reached == 1 ? 1 : 0;
  sum->unknown += reached == kReachedUnknown ? 1 : 0;
  if (own == kAmountUnknown || potential == kAmountUnknown) {
    ++sum->penetration_unknown;
    return;
  }
  if (potential == 0) {
    ++sum->no_potential;
    return;
  }
  ++sum->penetration_accounts;
  sum->above_potential += own > potential ? 1 : 0;
  tally->own += own;
  tally->potential += potential;
}

absl::Status Close(const ReachTally& tally, ReachSum* sum) {
  *sum = tally.sum;
  sum->own = static_cast<int64_t>(tally.own);
  sum->potential = static_cast<int64_t>(tally.potential);
  if (sum->own != tally.own || sum->potential != tally.potential) {
    return RefuseSum("own or potential");
  }
  sum->coverage_ppm = ShareInPpm(sum->reached, sum->targets - sum->unknown);
  sum->low_ppm = ShareInPpm(sum->reached, sum->targets);
  sum->high_ppm = ShareInPpm(sum->reached + sum->unknown, sum->targets);
  if (sum->potential > 0) {
    const absl::StatusOr<int64_t> ppm = PpmOf("own", sum->own, sum->potential);
    if (!ppm.ok()) return ppm.status();
    sum->penetration_ppm = *ppm;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<VisitPlan> PlanVisits(absl::Span<const VisitAccount> accounts,
                                     absl::Span<const VisitSeller> sellers,
                                     const VisitOptions& options) {
  for (size_t i = 0; i < options.frequency.size(); ++i) {
    if (options.frequency[i] < 0 || options.frequency[i] > kMostVisits) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("frequency ", options.frequency[i],
                                 "; allowed: 0 to ", kMostVisits),
                    {-1, 20 + static_cast<int32_t>(i)});
    }
  }
  VisitPlan plan;
  plan.sellers.resize(sellers.size());
  for (size_t i = 0; i < sellers.size(); ++i) {
    const absl::StatusOr<int64_t> capacity = CapacityOf(sellers[i], i);
    if (!capacity.ok()) return capacity.status();
    plan.sellers[i].capacity = *capacity;
    plan.total.capacity += *capacity;
  }
  for (size_t row = 0; row < accounts.size(); ++row) {
    absl::Status allowed =
        CheckVisitAccount(accounts[row], row, sellers.size());
    if (!allowed.ok()) return allowed;
    Count(accounts[row], options, &plan.sellers[accounts[row].seller]);
    Count(accounts[row], options, &plan.total);
  }
  for (SellerVisits& seller : plan.sellers) Close(&seller);
  Close(&plan.total);
  return plan;
}

absl::StatusOr<HoursReport> CompareHoursAndValue(
    absl::Span<const int64_t> hours, absl::Span<const int64_t> value,
    absl::Span<const uint8_t> grade) {
  const size_t n = hours.size();
  if (value.size() != n || (!grade.empty() && grade.size() != n)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("hours has ", n, " rows, value ", value.size(), ", grade ",
                     grade.size(), "; allowed: as many, or no grade"));
  }
  const auto grade_at = [grade](size_t row) {
    return grade.empty() ? kGradeUnknown : grade[row];
  };
  HoursReport report;
  for (size_t row = 0; row < n; ++row) {
    absl::Status allowed = CheckHoursRow(hours[row], grade_at(row), row);
    if (!allowed.ok()) return allowed;
    if (!AddHours({hours[row], value[row]}, grade_at(row), &report)) {
      return RefuseSum("hours or value");
    }
  }
  report.shares.reserve(n);
  uint128 gaps = 0;  // At most twice the product of the totals.
  for (size_t row = 0; row < n; ++row) {
    const Pair p = {hours[row], value[row]};
    if (p.hours == kHoursUnknown || p.value < 0) {  // Or unknown.
      report.shares.push_back({});
      continue;
    }
    report.shares.push_back(ShareOf(p, report));
    gaps += GapOf(p, report);
  }
  uint128 class_gaps = 0;
  for (size_t slot = 0; slot < report.classes.size(); ++slot) {
    HoursClass& its = report.classes[slot];
    const Pair p = {its.hours, its.value};
    static_cast<HoursShare&>(its) = ShareOf(p, report);
    its.verdict = VerdictOf(p, report);
    class_gaps += GapOf(p, report);
    const uint32_t bit = uint32_t{1} << slot;
    if (its.verdict == HoursVerdict::kMoreHours) report.more_hours |= bit;
    if (its.verdict == HoursVerdict::kMoreValue) report.more_value |= bit;
  }
  if (report.hours > 0 && report.value > 0) {
    report.mismatch_ppm = HalfInPpm(gaps, report);
    report.class_mismatch_ppm = HalfInPpm(class_gaps, report);
  }
  return report;
}

absl::StatusOr<ReachReport> MeasureReach(absl::Span<const uint8_t> target,
                                         absl::Span<const uint8_t> reached,
                                         absl::Span<const int64_t> own,
                                         absl::Span<const int64_t> potential,
                                         absl::Span<const uint8_t> grade) {
  const size_t n = target.size();
  const auto fits = [n](size_t size) { return size == 0 || size == n; };
  if (reached.size() != n || !fits(own.size()) || !fits(potential.size()) ||
      !fits(grade.size())) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("target has ", n, " rows, reached ", reached.size(),
                     ", own ", own.size(), ", potential ", potential.size(),
                     ", grade ", grade.size(),
                     "; allowed: as many, of the last three none"));
  }
  ReachReport report;
  std::array<ReachTally, kClassSlots> classes;
  ReachTally total;
  for (size_t row = 0; row < n; ++row) {
    const int64_t sales = own.empty() ? kAmountUnknown : own[row];
    const int64_t most = potential.empty() ? kAmountUnknown : potential[row];
    const uint8_t its = grade.empty() ? kGradeUnknown : grade[row];
    absl::Status allowed =
        CheckReachRow(target[row], reached[row], most, its, row);
    if (!allowed.ok()) return allowed;
    if (target[row] == 0) {
      ++report.others;
      report.others_reached += reached[row] == 1 ? 1 : 0;
      continue;
    }
    AddReach(reached[row], sales, most, &total);
    AddReach(reached[row], sales, most, &classes[SlotOf(its)]);
  }
  absl::Status closed = Close(total, &report.total);
  for (size_t slot = 0; slot < classes.size() && closed.ok(); ++slot) {
    closed = Close(classes[slot], &report.classes[slot]);
  }
  if (!closed.ok()) return closed;
  return report;
}

absl::StatusOr<RateAgainstGoal> CheckRateGoal(int64_t part, int64_t whole,
                                              int32_t goal_ppm) {
  if (whole < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("whole ", whole, "; allowed: 0 or more"));
  }
  if (part < 0 || part > whole) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("part ", part, "; allowed: 0 to whole, ", whole));
  }
  if (!IsProbability(goal_ppm)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("goal_ppm ", goal_ppm, "; allowed: 0 to ", kCertain));
  }
  RateAgainstGoal result;
  const int128 needed = int128(whole) * goal_ppm;
  // Rounded up.
  const auto least = static_cast<int64_t>((needed + kMillion - 1) / kMillion);
  result.met = whole == 0 ? goal_ppm == 0 : part >= least;
  result.missing = std::max<int64_t>(least - part, 0);
  result.rate_ppm = ShareInPpm(part, whole);
  if (whole > 0) result.gap_ppm = result.rate_ppm - goal_ppm;
  return result;
}

}  // namespace fivek
