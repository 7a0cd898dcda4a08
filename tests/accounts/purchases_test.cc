#include "fivek/accounts/purchases.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <set>
#include <string>
#include <tuple>

#include "bench/seeded.h"
#include "fivek/base/calendar.h"
#include "fivek/base/reason.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/accounts/cdnow.h"
#include "tests/refused.h"

namespace fivek {
namespace {

using bench::SplitMix64;
using testing::HasSubstr;

struct Rows {
  std::vector<uint64_t> customer;
  std::vector<int32_t> day;
  std::vector<int64_t> amount;

  void Add(uint64_t c, int32_t d, int64_t a) {
    customer.push_back(c);
    day.push_back(d);
    amount.push_back(a);
  }
  PurchaseRows all() const { return {customer, day, amount}; }
};

using Key = std::tuple<uint64_t, int32_t, int32_t, int32_t, int32_t, int64_t,
                       int64_t, int64_t, int64_t, int64_t>;
std::vector<Key> KeysOf(const std::vector<CustomerPurchases>& customers) {
  std::vector<Key> keys;
  for (const CustomerPurchases& c : customers) {
    keys.emplace_back(c.customer, c.first_day, c.last_day, c.recency, c.age,
                      c.orders, c.credits, c.purchase_days, c.total,
                      c.repeat_total);
  }
  return keys;
}

// By definition, a customer at a time.
std::vector<CustomerPurchases> Oracle(const Rows& rows, int32_t as_of) {
  std::set<uint64_t> ids;
  for (size_t i = 0; i < rows.day.size(); ++i) {
    if (rows.day[i] <= as_of) ids.insert(rows.customer[i]);
  }
  std::vector<CustomerPurchases> all;
  for (const uint64_t id : ids) {
    CustomerPurchases c;
    c.customer = id;
    std::set<int32_t> days;
    for (size_t i = 0; i < rows.day.size(); ++i) {
      if (rows.customer[i] != id || rows.day[i] > as_of) continue;
      ++(rows.amount[i] < 0 ? c.credits : c.orders);
      c.total += rows.amount[i];
      if (rows.amount[i] >= 0) days.insert(rows.day[i]);
    }
    c.purchase_days = static_cast<int64_t>(days.size());
    if (!days.empty()) {
      c.first_day = *days.begin();
      c.last_day = *days.rbegin();
      c.recency = c.last_day - c.first_day;
      c.age = as_of - c.first_day;
      for (size_t i = 0; i < rows.day.size(); ++i) {
        if (rows.customer[i] == id && rows.day[i] <= as_of &&
            rows.day[i] > c.first_day) {
          c.repeat_total += rows.amount[i];
        }
      }
    }
    all.push_back(c);
  }
  return all;
}

TEST(PurchasesTest, Known) {
  Rows rows;
  rows.Add(7, 100, 5000);
  rows.Add(7, 130, 2000);
  rows.Add(9, 120, 900);
  rows.Add(7, 130, 1000);
  rows.Add(9, 151, 1);
  const PurchaseSummary s = *SummarizePurchases(rows.all(), 150);
  ASSERT_EQ(s.customers.size(), 2u);
  const CustomerPurchases& c = s.customers[0];
  EXPECT_EQ(c.customer, 7u);
  EXPECT_EQ(c.first_day, 100);
  EXPECT_EQ(c.last_day, 130);
  EXPECT_EQ(c.recency, 30);
  EXPECT_EQ(c.age, 50);
  EXPECT_EQ(c.orders, 3);
  EXPECT_EQ(c.purchase_days, 2);
  EXPECT_EQ(c.frequency(), 1);
  EXPECT_EQ(c.total, 8000);
  EXPECT_EQ(c.repeat_total, 3000);
  EXPECT_EQ(*c.mean_repeat(), 3000.0);
  EXPECT_EQ(s.customers[1].frequency(), 0);
  EXPECT_FALSE(s.customers[1].mean_repeat().has_value());
  EXPECT_EQ(s.purchase_days, 3);
  EXPECT_EQ(s.rows_after, 1);
}

TEST(PurchasesTest, CreditNotesAreNoPurchases) {
  Rows rows;
  rows.Add(1, 90, -50);  // Before anything was bought.
  rows.Add(1, 100, 800);
  rows.Add(1, 100, -100);  // On the first day.
  rows.Add(1, 110, -300);
  rows.Add(1, 120, 500);
  rows.Add(2, 100, -700);  // Never bought, as far as is known.
  rows.Add(3, 100, 0);     // A gift is a purchase.
  const PurchaseSummary s = *SummarizePurchases(rows.all(), 130);
  const CustomerPurchases& c = s.customers[0];
  EXPECT_EQ(c.first_day, 100);
  EXPECT_EQ(c.last_day, 120);
  EXPECT_EQ(c.orders, 2);
  EXPECT_EQ(c.credits, 3);
  EXPECT_EQ(c.frequency(), 1);
  EXPECT_EQ(c.total, 850);
  EXPECT_EQ(c.repeat_total, 200);
  EXPECT_EQ(s.customers[1].last_day, kNeverBought);
  EXPECT_EQ(s.customers[1].purchase_days, 0);
  EXPECT_EQ(s.customers[1].frequency(), 0);
  EXPECT_EQ(s.customers[1].total, -700);
  EXPECT_EQ(s.customers[1].age, 0);
  EXPECT_EQ(s.customers[2].purchase_days, 1);
}

TEST(PurchasesTest, AsByDefinitionInAnyOrder) {
  for (uint64_t seed = 0; seed < 300; ++seed) {
    SplitMix64 random(seed);
    Rows rows;
    const uint32_t n = random.Below(60);
    for (uint32_t i = 0; i < n; ++i) {
      rows.Add(random.Below(8), static_cast<int32_t>(random.Below(20)) - 10,
               static_cast<int64_t>(random.Below(100)) - 20);
    }
    for (const int32_t as_of : {-20, -3, 5, 30}) {
      const PurchaseSummary s = *SummarizePurchases(rows.all(), as_of);
      EXPECT_EQ(KeysOf(s.customers), KeysOf(Oracle(rows, as_of)));
      int64_t known = s.rows_after;
      int64_t days = 0;
      for (const CustomerPurchases& c : s.customers) {
        known += c.orders + c.credits;
        days += c.purchase_days;
      }
      EXPECT_EQ(known, int64_t{n});
      EXPECT_EQ(days, s.purchase_days);
      Rows shuffled;
      std::vector<size_t> order(n);
      std::iota(order.begin(), order.end(), size_t{0});
      for (size_t i = order.size(); i > 1; --i) {
        std::swap(order[i - 1], order[random.Below(static_cast<uint32_t>(i))]);
      }
      for (const size_t i : order) {
        shuffled.Add(rows.customer[i], rows.day[i], rows.amount[i]);
      }
      EXPECT_EQ(KeysOf(SummarizePurchases(shuffled.all(), as_of)->customers),
                KeysOf(s.customers));
    }
  }
}

TEST(PurchasesTest, Cdnow) {
  const Cdnow cdnow = ReadCdnow();
  FIVEK_NEEDS_CDNOW(cdnow);
  const PurchaseSummary all =
      *SummarizePurchases(cdnow.rows(), *ParseDay("1998-06-30"));
  EXPECT_EQ(all.purchase_days, 6696);
  EXPECT_EQ(all.customers.size(), 2357u);
  int64_t total = 0;
  for (const CustomerPurchases& c : all.customers) total += c.total;
  EXPECT_EQ(total, 24409194);

  const PurchaseSummary s =
      *SummarizePurchases(cdnow.rows(), *ParseDay("1997-09-30"));
  const SharedCsv want =
      ReadSharedCsv("cdnow_sample/expected_summary_weeks.csv", ',');
  ASSERT_EQ(s.customers.size(), want.rows.size());
  int64_t repeat = 0;
  int64_t once = 0;
  int64_t later = 0;
  int64_t later_buyers = 0;
  const auto weeks = [](int32_t days) {  // To two decimals, as the file has.
    return std::round(days / 7.0 * 100.0) / 100.0;
  };
  for (size_t i = 0; i < want.rows.size(); ++i) {
    const CustomerPurchases& c = s.customers[i];
    EXPECT_EQ(c.customer, std::stoull(want.rows[i][0]));
    EXPECT_EQ(c.frequency(), std::stoll(want.rows[i][1]));
    EXPECT_EQ(weeks(c.recency), std::stod(want.rows[i][2]));
    EXPECT_EQ(weeks(c.age), std::stod(want.rows[i][3]));
    repeat += c.frequency();
    once += c.frequency() == 0 ? 1 : 0;
    const int64_t next = all.customers[i].purchase_days - c.purchase_days;
    later += next;
    later_buyers += next > 0 ? 1 : 0;
  }
  EXPECT_EQ(repeat, 2457);
  EXPECT_EQ(once, 1411);
  EXPECT_EQ(later, 1882);
  EXPECT_EQ(later_buyers, 684);
}

TEST(PurchasesTest, Refusals) {
  const std::vector<uint64_t> one = {1};
  const std::vector<int32_t> day = {0};
  const std::vector<int64_t> amount = {5};
  EXPECT_THAT(SummarizePurchases({one, {}, amount}, 0),
              Refused(Reason::kValueRange, HasSubstr("day has 0")));
  EXPECT_THAT(SummarizePurchases({one, day, {}}, 0),
              Refused(Reason::kValueRange, HasSubstr("amount 0 rows of 1")));
  for (const int32_t bad : {kFirstDay - 1, kLastDay + 1, kNeverBought}) {
    EXPECT_THAT(SummarizePurchases({one, day, amount}, bad),
                Refused(Reason::kValueRange, HasSubstr("as_of ")));
    const auto refused = SummarizePurchases(
        {std::vector<uint64_t>{1, 1}, std::vector<int32_t>{0, bad},
         std::vector<int64_t>{1, 1}},
        0);
    EXPECT_THAT(refused, Refused(Reason::kValueRange, HasSubstr("day ")));
    EXPECT_EQ(WhereOf(refused.status()).row, 1);
    EXPECT_EQ(WhereOf(refused.status()).column, 1);
  }
  constexpr int64_t kMost = std::numeric_limits<int64_t>::max();
  EXPECT_THAT(SummarizePurchases({std::vector<uint64_t>{3, 4, 4},
                                  std::vector<int32_t>{0, 0, 1},
                                  std::vector<int64_t>{1, kMost, 1}},
                                 9),
              Refused(Reason::kOverflow, HasSubstr("customer 4")));
  // Only what is summed has to fit, not what is on the way there.
  EXPECT_EQ(SummarizePurchases(
                {std::vector<uint64_t>{4, 4, 4}, std::vector<int32_t>{0, 0, 1},
                 std::vector<int64_t>{kMost, 5, -5}},
                9)
                ->customers[0]
                .total,
            kMost);
  EXPECT_TRUE(SummarizePurchases({}, 0)->customers.empty());
}

}  // namespace
}  // namespace fivek
