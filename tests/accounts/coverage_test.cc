#include "fivek/accounts/coverage.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "absl/numeric/int128.h"
#include "bench/seeded.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/accounts/exact_share.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using absl::int128;
using absl::uint128;
using bench::SplitMix64;
using testing::AllOf;
using testing::HasSubstr;

constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
using Amounts = std::vector<int64_t>;
using Bytes = std::vector<uint8_t>;

void ExpectAt(const absl::Status& status, int64_t row, int32_t column) {
  EXPECT_EQ(WhereOf(status).row, row);
  EXPECT_EQ(WhereOf(status).column, column);
}

// ---- Shares -----------------------------------------------------------------

TEST(ScaledShareTest, SmallOnesByDefinition) {
  for (uint32_t whole = 1; whole <= 40; ++whole) {
    for (uint32_t part = 0; part <= whole; ++part) {
      for (const uint32_t factor : {0U, 1U, 3U, 10U, 1000000U}) {
        const uint64_t product = uint64_t{factor} * part;
        uint64_t want = product / whole;
        const uint64_t rest = product % whole;
        if (2 * rest > whole || (2 * rest == whole && want % 2 == 1)) ++want;
        EXPECT_EQ(ScaledShare(part, whole, factor), static_cast<int64_t>(want));
      }
    }
  }
}

TEST(ScaledShareTest, TheLargest) {
  const uint128 whole = uint128{1} << 127;
  EXPECT_EQ(ScaledShare(whole, whole, 1000000), 1000000);
  EXPECT_EQ(ScaledShare(0, whole, 1000000), 0);
  EXPECT_EQ(ScaledShare(whole / 2, whole, 1000001), 500000) << "to even";
  EXPECT_EQ(ScaledShare(whole / 2, whole, 1000003), 500002) << "to even";
  EXPECT_EQ(ScaledShare(whole - 1, whole, 1000000), 1000000);
  EXPECT_EQ(ScaledShare(whole / 3, whole, 1000000), 333333);
}

// ---- Visits -----------------------------------------------------------------

TEST(PlanVisitsTest, Capacity) {
  const auto capacity = [](VisitSeller seller) {
    return PlanVisits({}, {seller}, {})->sellers[0].capacity;
  };
  EXPECT_EQ(capacity({60, 5, {11, 2}}), 302);
  EXPECT_EQ(capacity({60, 60, {11, 2}}), 0);
  EXPECT_EQ(capacity({0, 0, {5, 1}}), 0);
  EXPECT_EQ(capacity({220, 0, {0, 1}}), 0);
  EXPECT_EQ(capacity({kMostIntervalDays, 0, {kMostVisits, 1}}), 36525000000);
  EXPECT_EQ(capacity({1, 0, {kMost / 1000, kMost}}), 0);
  EXPECT_EQ(capacity({3, 0, {1, 3}}), 1);
}

TEST(PlanVisitsTest, Known) {
  const VisitPlan p = *PlanVisits({{0, 0, 20, 18},
                                   {0, 1, 12, 15},
                                   {1, 2, 4, -1},
                                   {1, 255, 3, 2},
                                   {1, 3, -1, 1}},
                                  {{100, 10, {1, 2}}, {10, 0, {1, 2}}}, {});
  const SellerVisits& s = p.sellers[0];
  EXPECT_EQ(s.capacity, 45);
  EXPECT_EQ(s.all.needed, 36);
  EXPECT_EQ(s.left, 9);
  EXPECT_EQ(s.left_planned, 13);
  EXPECT_EQ(s.shortfall, 6) << "3 too many elsewhere make up for none";
  EXPECT_EQ(s.all.beyond, 3);
  EXPECT_EQ(s.classes[0].shortfall, 6);
  EXPECT_EQ(s.classes[1].beyond, 3);
  const SellerVisits& t = p.sellers[1];
  EXPECT_EQ(t.all.needed, 4);
  EXPECT_EQ(t.all.done, 3);
  EXPECT_EQ(t.all.done_unknown, 1);
  EXPECT_EQ(t.all.planned_unknown, 1);
  EXPECT_EQ(t.all.beyond, 1) << "an N needs none";
  EXPECT_EQ(t.classes[kUnknownSlot].done, 2);
  EXPECT_EQ(t.left, 1);
  EXPECT_EQ(p.total.capacity, 50);
  EXPECT_EQ(p.total.all.accounts, 5);
  EXPECT_EQ(p.total.left, 10);
}

// Sellers and classes make the whole, in any order.
TEST(PlanVisitsTest, PartsMakeTheWhole) {
  SplitMix64 random(4);
  std::vector<VisitAccount> accounts;
  for (int i = 0; i < 500; ++i) {
    const uint32_t grade = random.Below(5);
    accounts.push_back(
        {random.Below(7),
         grade == 4 ? kGradeUnknown : static_cast<uint8_t>(grade),
         static_cast<int32_t>(random.Below(30)) - 1,
         static_cast<int32_t>(random.Below(30)) - 1});
  }
  const std::vector<VisitSeller> sellers(7, VisitSeller{200, 20, {5, 2}});
  const VisitPlan p = *PlanVisits(accounts, sellers, {});
  std::reverse(accounts.begin(), accounts.end());
  const VisitPlan q = *PlanVisits(accounts, sellers, {});
  VisitSum sum;
  const auto add = [](const VisitSum& from, VisitSum* to) {
    to->accounts += from.accounts;
    to->needed += from.needed;
    to->planned += from.planned;
    to->done += from.done;
    to->shortfall += from.shortfall;
    to->beyond += from.beyond;
    to->planned_unknown += from.planned_unknown;
    to->done_unknown += from.done_unknown;
  };
  const auto equal = [](const VisitSum& a, const VisitSum& b) {
    EXPECT_EQ(a.accounts, b.accounts);
    EXPECT_EQ(a.needed, b.needed);
    EXPECT_EQ(a.planned, b.planned);
    EXPECT_EQ(a.done, b.done);
    EXPECT_EQ(a.shortfall, b.shortfall);
    EXPECT_EQ(a.beyond, b.beyond);
    EXPECT_EQ(a.planned_unknown, b.planned_unknown);
    EXPECT_EQ(a.done_unknown, b.done_unknown);
  };
  for (size_t i = 0; i < sellers.size(); ++i) {
    VisitSum of_classes;
    for (const VisitSum& its : p.sellers[i].classes) add(its, &of_classes);
    equal(of_classes, p.sellers[i].all);
    equal(p.sellers[i].all, q.sellers[i].all);
    add(p.sellers[i].all, &sum);
    int64_t shortfall = 0;
    for (const VisitAccount& a : accounts) {
      if (a.seller != i || a.grade == kGradeUnknown || a.done < 0) continue;
      shortfall += std::max(0, VisitOptions().frequency[a.grade] - a.done);
    }
    EXPECT_EQ(p.sellers[i].shortfall, shortfall);
  }
  equal(sum, p.total.all);
  EXPECT_EQ(p.total.capacity, 7 * 450);
}

TEST(PlanVisitsTest, Refusals) {
  const std::vector<VisitSeller> one = {{10, 0, {1, 1}}};
  const auto refuse = [&](VisitAccount a, Reason reason, const char* message,
                          int32_t column) {
    const auto plan = PlanVisits({VisitAccount{}, a}, one, {});
    EXPECT_THAT(plan, Refused(reason, HasSubstr(message)));
    ExpectAt(plan.status(), 1, column);
  };
  refuse({1, 0, 0, 0}, Reason::kRowRange, "seller 1; allowed: below 1", 0);
  refuse({0, 9, 0, 0}, Reason::kUnknownCode, "grade 9", 1);
  refuse({0, 0, -2, 0}, Reason::kValueRange, "planned -2", 2);
  refuse({0, 0, 0, kMostVisits + 1}, Reason::kValueRange, "done 1000001", 3);
  const auto refuse_seller = [](VisitSeller s, const char* message,
                                int32_t column) {
    const auto plan = PlanVisits({}, {VisitSeller{}, s}, {});
    EXPECT_THAT(plan, Refused(Reason::kValueRange, HasSubstr(message)));
    ExpectAt(plan.status(), 1, column);
  };
  refuse_seller({-1, 0, {1, 1}}, "days -1", 10);
  refuse_seller({kMostIntervalDays + 1, 0, {1, 1}}, "days 36526", 10);
  refuse_seller({5, 6, {1, 1}}, "other_days 6; allowed: 0 to days, 5", 11);
  refuse_seller({5, 0, {1, 0}}, "visits_a_day 1 / 0", 12);
  refuse_seller({5, 0, {-1, 1}}, "visits_a_day -1 / 1", 12);
  refuse_seller({5, 0, {kMostVisits + 1, 1}}, "visits_a_day 1000001", 12);
  VisitOptions options;
  options.frequency[3] = -1;
  const auto plan = PlanVisits({}, {}, options);
  EXPECT_THAT(plan, Refused(Reason::kValueRange, HasSubstr("frequency -1")));
  ExpectAt(plan.status(), -1, 23);
  EXPECT_EQ(PlanVisits({}, {}, {})->total.all.accounts, 0);
}

// ---- Hours ------------------------------------------------------------------

TEST(HoursTest, Known) {
  const HoursReport h = *CompareHoursAndValue({10, 30}, {900, 100}, {0, 2});
  EXPECT_EQ(h.mismatch_ppm, 650000);
  EXPECT_EQ(h.class_mismatch_ppm, 650000);
  EXPECT_EQ(h.shares[0].hours_ppm, 250000);
  EXPECT_EQ(h.shares[0].value_ppm, 900000);
  EXPECT_EQ(h.shares[0].index_ppm, 277778);
  EXPECT_EQ(h.classes[2].index_ppm, 7500000);
  EXPECT_EQ(h.classes[2].verdict, HoursVerdict::kMoreHours);
  EXPECT_EQ(h.classes[0].verdict, HoursVerdict::kMoreValue);
  EXPECT_EQ(h.classes[1].verdict, HoursVerdict::kEven);
  EXPECT_EQ(h.more_hours, 1U << 2);
  EXPECT_EQ(h.more_value, 1U << 0);
}

TEST(HoursTest, WhatIsNotKnownIsInNoShare) {
  const HoursReport h = *CompareHoursAndValue(
      {10, -1, 30, 7, 5}, {900, 100, kAmountUnknown, -50, 0}, {});
  EXPECT_EQ(h.accounts, 2);
  EXPECT_EQ(h.unknown, 2);
  EXPECT_EQ(h.negative, 1);
  EXPECT_EQ(h.negative_hours, 7);
  EXPECT_EQ(h.hours, 15);
  EXPECT_EQ(h.value, 900);
  EXPECT_EQ(h.shares[1].hours_ppm, -1);
  EXPECT_EQ(h.shares[3].value_ppm, -1);
  EXPECT_EQ(h.shares[4].hours_ppm, 333333);
  EXPECT_EQ(h.shares[4].value_ppm, 0);
  EXPECT_EQ(h.shares[4].index_ppm, -1) << "hours without value";
  EXPECT_EQ(h.mismatch_ppm, 333333);
  EXPECT_EQ(h.class_mismatch_ppm, 0);
}

TEST(HoursTest, NothingToCompare) {
  for (const HoursReport& h :
       {*CompareHoursAndValue({}, {}, {}), *CompareHoursAndValue({0}, {5}, {}),
        *CompareHoursAndValue({5}, {0}, {})}) {
    EXPECT_EQ(h.mismatch_ppm, -1);
    EXPECT_EQ(h.class_mismatch_ppm, -1);
    EXPECT_EQ(h.classes[0].verdict, HoursVerdict::kNotKnown);
    EXPECT_EQ(h.more_hours | h.more_value, 0U);
  }
  EXPECT_EQ(CompareHoursAndValue({0}, {5}, {})->shares[0].value_ppm, 1000000);
}

TEST(HoursTest, TheLargest) {
  const HoursReport h = *CompareHoursAndValue({kMost, 0}, {0, kMost}, {0, 1});
  EXPECT_EQ(h.mismatch_ppm, 1000000);
  EXPECT_EQ(h.shares[1].index_ppm, 0);
  const HoursReport same =
      *CompareHoursAndValue({kMost - 1, 1}, {kMost - 1, 1}, {0, 1});
  EXPECT_EQ(same.mismatch_ppm, 0);
  EXPECT_EQ(same.shares[1].index_ppm, 1000000);
  const HoursReport far =
      *CompareHoursAndValue({kMost - 1, 1}, {1, kMost - 1}, {0, 1});
  EXPECT_EQ(far.shares[0].index_ppm, -1) << "does not fit";
  EXPECT_THAT(CompareHoursAndValue({kMost, 1}, {1, 1}, {}),
              Refused(Reason::kOverflow, HasSubstr("does not fit 64 bits")));
  EXPECT_THAT(CompareHoursAndValue({1, 1}, {kMost, 1}, {}),
              RefusedFor(Reason::kOverflow));
}

// The exact sum of |h_i V - v_i H| over 2 H V; scaled, and in another order.
TEST(HoursTest, MismatchByDefinition) {
  SplitMix64 random(9);
  for (int round = 0; round < 300; ++round) {
    Amounts hours;
    Amounts value;
    Bytes grade;
    for (uint32_t i = 0; i < 1 + random.Below(6); ++i) {
      hours.push_back(random.Below(20));
      value.push_back(random.Below(1000));
      grade.push_back(static_cast<uint8_t>(random.Below(4)));
    }
    int64_t all_hours = 0;
    int64_t all_value = 0;
    for (const int64_t h : hours) all_hours += h;
    for (const int64_t v : value) all_value += v;
    if (all_hours == 0 || all_value == 0) continue;
    int64_t gaps = 0;
    for (size_t i = 0; i < hours.size(); ++i) {
      gaps += std::abs(hours[i] * all_value - value[i] * all_hours);
    }
    const HoursReport h = *CompareHoursAndValue(hours, value, grade);
    EXPECT_EQ(h.mismatch_ppm,
              DivideRounded(int128(gaps) * 1000000, 2 * all_hours * all_value,
                            Rounding::kHalfEven));
    EXPECT_LE(h.class_mismatch_ppm, h.mismatch_ppm);
    for (int64_t& v : value) v *= 1000;
    std::reverse(hours.begin(), hours.end());
    std::reverse(value.begin(), value.end());
    std::reverse(grade.begin(), grade.end());
    const HoursReport other = *CompareHoursAndValue(hours, value, grade);
    EXPECT_EQ(other.mismatch_ppm, h.mismatch_ppm);
    EXPECT_EQ(other.class_mismatch_ppm, h.class_mismatch_ppm);
    EXPECT_EQ(other.more_hours, h.more_hours);
    EXPECT_EQ(other.more_value, h.more_value);
  }
}

TEST(HoursTest, Refusals) {
  EXPECT_THAT(CompareHoursAndValue({1}, {}, {}),
              Refused(Reason::kValueRange, HasSubstr("value 0")));
  EXPECT_THAT(CompareHoursAndValue({1}, {1}, {1, 1}),
              RefusedFor(Reason::kValueRange));
  auto bad = CompareHoursAndValue({1, -2}, {1, 1}, {});
  EXPECT_THAT(bad, Refused(Reason::kValueRange, HasSubstr("hours -2")));
  ExpectAt(bad.status(), 1, 0);
  bad = CompareHoursAndValue({1, 1}, {1, 1}, {0, 4});
  EXPECT_THAT(bad, Refused(Reason::kUnknownCode, HasSubstr("grade 4")));
  ExpectAt(bad.status(), 1, 2);
}

// ---- Coverage and penetration -----------------------------------------------

TEST(ReachTest, Known) {
  const ReachReport r =
      *MeasureReach({1, 1, 1, 1, 0, 0}, {1, 0, 255, 1, 1, 0},
                    {100, 0, 50, kAmountUnknown, 70, 0},
                    {400, 100, 0, 10, 1, 1}, {0, 0, 1, 255, 2, 2});
  EXPECT_EQ(r.total.targets, 4);
  EXPECT_EQ(r.total.reached, 2);
  EXPECT_EQ(r.total.unknown, 1);
  EXPECT_EQ(r.total.coverage_ppm, 666667);
  EXPECT_EQ(r.total.low_ppm, 500000);
  EXPECT_EQ(r.total.high_ppm, 750000);
  EXPECT_EQ(r.total.penetration_accounts, 2);
  EXPECT_EQ(r.total.penetration_unknown, 1);
  EXPECT_EQ(r.total.no_potential, 1);
  EXPECT_EQ(r.total.penetration_ppm, 200000);
  EXPECT_EQ(r.others, 2);
  EXPECT_EQ(r.others_reached, 1);
  EXPECT_EQ(r.classes[0].coverage_ppm, 500000);
  EXPECT_EQ(r.classes[1].coverage_ppm, -1) << "nobody knows";
  EXPECT_EQ(r.classes[1].low_ppm, 0);
  EXPECT_EQ(r.classes[1].high_ppm, 1000000);
  EXPECT_EQ(r.classes[2].targets, 0);
  EXPECT_EQ(r.classes[2].low_ppm, -1);
  EXPECT_EQ(r.classes[kUnknownSlot].reached, 1);
  EXPECT_FALSE(r.classes[kUnknownSlot].penetration_ppm.has_value());
}

TEST(ReachTest, SumsDoNotDependOnTheOrder) {
  const Bytes three = {1, 1, 1};
  Amounts own = {kMost, 5, -10};
  Amounts most = {kMost - 2, 1, 1};
  const ReachReport r = *MeasureReach(three, three, own, most, {});
  std::reverse(own.begin(), own.end());
  std::reverse(most.begin(), most.end());
  const ReachReport q = *MeasureReach(three, three, own, most, {});
  EXPECT_EQ(r.total.own, kMost - 5);
  EXPECT_EQ(q.total.own, kMost - 5);
  EXPECT_EQ(r.total.above_potential, 2);
  EXPECT_THAT(MeasureReach(three, three, {kMost, 5, 1}, {kMost, 1, 0}, {}),
              Refused(Reason::kOverflow, HasSubstr("own or potential")));
}

TEST(ReachTest, PenetrationOutsideZeroToOne) {
  EXPECT_EQ(MeasureReach({1}, {1}, {-3}, {2}, {})->total.penetration_ppm,
            -1500000);
  EXPECT_EQ(MeasureReach({1}, {1}, {3}, {2}, {})->total.penetration_ppm,
            1500000);
}

TEST(ReachTest, Refusals) {
  const auto refuse = [](const absl::StatusOr<ReachReport>& r, Reason reason,
                         const char* message, int32_t column) {
    EXPECT_THAT(r, Refused(reason, HasSubstr(message)));
    ExpectAt(r.status(), 0, column);
  };
  refuse(MeasureReach({2}, {0}, {}, {}, {}), Reason::kValueRange, "target 2",
         0);
  refuse(MeasureReach({1}, {2}, {}, {}, {}), Reason::kValueRange, "reached 2",
         1);
  refuse(MeasureReach({1}, {1}, {}, {-1}, {}), Reason::kValueRange,
         "potential -1", 3);
  refuse(MeasureReach({1}, {1}, {}, {}, {7}), Reason::kUnknownCode, "grade 7",
         4);
  EXPECT_THAT(MeasureReach({1}, {}, {}, {}, {}),
              Refused(Reason::kValueRange, HasSubstr("reached 0")));
  EXPECT_THAT(MeasureReach({1}, {1}, {1, 2}, {}, {}),
              RefusedFor(Reason::kValueRange));
  EXPECT_EQ(MeasureReach({}, {}, {}, {}, {})->total.coverage_ppm, -1);
}

// ---- Rates against goals ----------------------------------------------------

TEST(RateGoalTest, EverySmallCase) {
  for (int64_t whole = 1; whole <= 12; ++whole) {
    for (int64_t part = 0; part <= whole; ++part) {
      for (int32_t goal = 0; goal <= 1000000; goal += 62500) {
        const RateAgainstGoal r = *CheckRateGoal(part, whole, goal);
        EXPECT_EQ(r.met, part * 1000000 >= goal * whole);
        EXPECT_EQ(r.met, r.missing == 0);
        EXPECT_TRUE(CheckRateGoal(part + r.missing, whole, goal)->met);
        if (r.missing > 0) {
          EXPECT_FALSE(CheckRateGoal(part + r.missing - 1, whole, goal)->met);
        }
        EXPECT_EQ(r.gap_ppm, r.rate_ppm - goal);
      }
    }
  }
  // Below the goal by less than a ppm is not met, though the gap is 0.
  const RateAgainstGoal close = *CheckRateGoal(333333, 1000001, 333333);
  EXPECT_FALSE(close.met);
  EXPECT_EQ(close.gap_ppm, 0);
  EXPECT_EQ(close.missing, 1);
  EXPECT_EQ(CheckRateGoal(0, 0, 0)->met, true);
  EXPECT_EQ(CheckRateGoal(0, 0, 1)->met, false);
  EXPECT_EQ(CheckRateGoal(0, 0, 1)->rate_ppm, -1);
  EXPECT_EQ(CheckRateGoal(kMost, kMost, 1000000)->missing, 0);
  EXPECT_EQ(CheckRateGoal(0, kMost, 1000000)->missing, kMost);
}

TEST(RateGoalTest, Refusals) {
  EXPECT_THAT(CheckRateGoal(0, -1, 0),
              Refused(Reason::kValueRange, HasSubstr("whole -1")));
  EXPECT_THAT(CheckRateGoal(3, 2, 0),
              Refused(Reason::kValueRange,
                      HasSubstr("part 3; allowed: 0 to whole, 2")));
  EXPECT_THAT(CheckRateGoal(-1, 2, 0), RefusedFor(Reason::kValueRange));
  EXPECT_THAT(CheckRateGoal(1, 2, 1000001),
              Refused(Reason::kValueRange, AllOf(HasSubstr("goal_ppm 1000001"),
                                                 HasSubstr("0 to 1000000"))));
}

}  // namespace
}  // namespace fivek
