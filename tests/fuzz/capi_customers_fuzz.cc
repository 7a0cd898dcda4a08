// Any orders, scores, rules and histories: refused and nothing written, or sums
// that add up, scores that follow from ranks, segments of the first rule that
// fits, and outlooks within their bounds, in any order of rows.
//
// Input: 1 byte that chooses, 8 of parameters, then rows.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "capi/fivek.h"
#include "tests/fuzz/capi_need.h"
#include "tests/fuzz/need.h"

using fivek::Accepted;
using fivek::Bytes;
using fivek::Exact;
using fivek::Need;

namespace {

constexpr size_t kMostRows = 64;
constexpr size_t kMostRules = 12;

// ---- Orders
// ------------------------------------------------------------------

struct Orders {
  Exact<uint64_t> customer;
  Exact<int32_t> day;
  Exact<int64_t> amount;
};

bool Summarized(const Orders& orders, int32_t as_of,
                Exact<fivek_customer_purchases>* list, int64_t* after) {
  Exact<size_t> count(1);
  Exact<int64_t> rows_after(1);
  const auto call = [&](size_t cap, size_t* n, int64_t* left,
                        fivek_error* error) {
    return fivek_purchases_summarize(orders.customer.get(), orders.day.get(),
                                     orders.amount.get(), orders.day.size(),
                                     as_of, cap == 0 ? nullptr : list->get(),
                                     cap, n, left, error);
  };
  if (!Accepted([&](size_t* n, int64_t* left,
                    fivek_error* error) { return call(0, n, left, error); },
                count, rows_after)) {
    return false;
  }
  auto made = Exact<fivek_customer_purchases>::Canary(count[0]);
  list->Swap(&made);
  Need(count[0] == 0 || call(list->size(), count.get(), rows_after.get(),
                             nullptr) == FIVEK_OK,
       "as many customers the second time");
  *after = rows_after[0];
  return true;
}

void TryOrders(Bytes* bytes) {
  const auto as_of = static_cast<int32_t>(bytes->Take<uint16_t>() % 400);
  const size_t n = std::min(bytes->left() / 8, kMostRows);
  Orders orders{Exact<uint64_t>(n), Exact<int32_t>(n), Exact<int64_t>(n)};
  for (size_t i = 0; i < n; ++i) {
    orders.customer[i] = bytes->Below(9);
    orders.day[i] = static_cast<int32_t>(bytes->Take<uint16_t>() % 410);
    if (bytes->Rarely()) orders.day[i] = INT32_MIN;
    orders.amount[i] = bytes->Take<int32_t>();
    if (bytes->Rarely()) orders.amount[i] = INT64_MAX;
  }
  Exact<fivek_customer_purchases> list(0);
  int64_t after = 0;
  if (!Summarized(orders, as_of, &list, &after)) return;
  const Orders backwards{orders.customer.Reversed(), orders.day.Reversed(),
                         orders.amount.Reversed()};
  Exact<fivek_customer_purchases> again(0);
  int64_t after_again = 0;
  Need(Summarized(backwards, as_of, &again, &after_again) &&
           list.SameBytes(again) && after == after_again,
       "any order of rows gives the same");
  int64_t rows = after;
  for (size_t i = 0; i < list.size(); ++i) {
    const fivek_customer_purchases& c = list[i];
    rows += c.orders + c.credits;
    Need(i == 0 || list[i - 1].customer < c.customer, "by rising customer");
    Need(c.purchase_days <= c.orders, "a day has an order");
    Need((c.orders == 0) == (c.last_day == FIVEK_NEVER_BOUGHT),
         "who never bought has no day");
    if (c.orders == 0) continue;
    Need(c.recency == c.last_day - c.first_day &&
             c.age == as_of - c.first_day && 0 <= c.recency &&
             c.recency <= c.age,
         "times follow from days");
    Need((c.recency == 0) == (c.purchase_days == 1), "one day is no time");
  }
  Need(rows == static_cast<int64_t>(n), "each row counts once");
}

// ---- Scores and segments ----------------------------------------------------

void TryRanks(Bytes* bytes) {
  const auto classes = static_cast<int32_t>(bytes->Below(10));
  const size_t n = std::min(bytes->left() / 2, kMostRows);
  Exact<int64_t> value(n);
  for (int64_t& v : value) v = bytes->Take<int16_t>() % 50;
  auto score = Exact<uint8_t>::Canary(n);
  auto list = Exact<fivek_rank_class>::Canary(10);
  Exact<size_t> count(1);
  if (!Accepted(
          [&](uint8_t* to, fivek_rank_class* out, size_t* k,
              fivek_error* error) {
            return fivek_rank_score(value.get(), n, classes, to, out, 10, k,
                                    error);
          },
          score, list, count)) {
    Need(classes < 2, "2 classes are enough");
    return;
  }
  int64_t customers = 0;
  for (size_t c = 0; c < count[0]; ++c) customers += list[c].customers;
  Need(customers == static_cast<int64_t>(n), "each is in a class");
  for (size_t i = 0; i < n; ++i) {
    int64_t less = 0;
    int64_t equal = 0;
    for (const int64_t v : value) {
      less += v < value[i] ? 1 : 0;
      equal += v == value[i] ? 1 : 0;
    }
    const int64_t by_rank =
        1 + classes * (2 * less + equal - 1) / (2 * static_cast<int64_t>(n));
    Need(score[i] == by_rank, "a score is its mid-rank");
  }
}

int32_t Cell(uint8_t byte, int32_t shift) { return byte >> shift & 7; }

void TrySegments(Bytes* bytes) {
  fivek_rfm_segment_options options = {};
  options.struct_size = sizeof options;
  options.axes = static_cast<int32_t>(bytes->Below(3));
  options.recency_classes = 2 + static_cast<int32_t>(bytes->Below(4));
  options.frequency_classes = 2 + static_cast<int32_t>(bytes->Below(4));
  options.money_classes = bytes->Rarely() ? 300 : options.frequency_classes;
  options.never_bought = bytes->Take<uint8_t>();
  const size_t rule_count = bytes->Below(kMostRules);
  Exact<fivek_rfm_rule> rules(rule_count);
  for (fivek_rfm_rule& rule : rules) {
    rule.segment = bytes->Take<uint8_t>();
    const auto recency = bytes->Take<uint8_t>();
    const auto frequency = bytes->Take<uint8_t>();
    const auto money = bytes->Take<uint8_t>();
    rule.recency_low = Cell(recency, 0);
    rule.recency_high = Cell(recency, 3);
    rule.frequency_low = Cell(frequency, 0);
    rule.frequency_high = Cell(frequency, 3);
    rule.money_low = Cell(money, 0);
    rule.money_high = Cell(money, 3);
  }
  const bool built_in = rule_count == 0;
  const size_t n = std::min(bytes->left(), kMostRows);
  Exact<uint8_t> recency(n);
  Exact<uint8_t> frequency(n);
  Exact<uint8_t> money(n);
  for (size_t i = 0; i < n; ++i) {
    const auto byte = bytes->Take<uint8_t>();
    recency[i] = byte & 7;
    frequency[i] = byte >> 3 & 7;
    money[i] = frequency[i];
  }
  auto segment = Exact<uint8_t>::Canary(n);
  if (!Accepted(
          [&](uint8_t* to, fivek_error* error) {
            return fivek_rfm_segments(recency.get(), frequency.get(),
                                      money.get(), n,
                                      built_in ? nullptr : rules.get(),
                                      rule_count, &options, to, error);
          },
          segment)) {
    return;
  }
  for (size_t i = 0; i < n; ++i) {
    if (built_in) {
      Need(segment[i] <= FIVEK_RFM_NO_ORDERS, "a built-in segment");
      continue;
    }
    if (recency[i] == 0) {
      Need(segment[i] == options.never_bought, "who never bought");
      continue;
    }
    const auto fits = [&](const fivek_rfm_rule& rule) {
      return rule.recency_low <= recency[i] &&
             recency[i] <= rule.recency_high &&
             rule.frequency_low <= frequency[i] &&
             frequency[i] <= rule.frequency_high &&
             (options.axes == FIVEK_AXES_MEAN ||
              (rule.money_low <= money[i] && money[i] <= rule.money_high));
    };
    const fivek_rfm_rule* const first =
        std::find_if(rules.begin(), rules.end(), fits);
    Need(first != rules.end() && first->segment == segment[i],
         "the first rule that fits wins");
  }
}

// ---- Lifetime value ---------------------------------------------------------

double Some(Bytes* bytes) {
  if (bytes->Rarely()) {
    constexpr double kOdd[] = {0.0, -1.0, NAN, INFINITY, 1e300, 1e-300};
    return kOdd[bytes->Below(6)];
  }
  return std::ldexp(1.0 + bytes->Take<uint8_t>() / 256.0,
                    bytes->Take<int8_t>() / 16);
}

struct Histories {
  Exact<int64_t> frequency;
  Exact<double> recency, age, mean;

  Histories Reversed() const {
    return {frequency.Reversed(), recency.Reversed(), age.Reversed(),
            mean.Reversed()};
  }
};

template <typename Model, typename Call>
void FitBothWays(const Call& fit, const Histories& h) {
  auto model = Exact<Model>::Canary(1);
  auto quality = fivek::SizedCanary<fivek_fit_quality>();
  const auto with = [&fit](const Histories& of) {
    return [&fit, &of](Model* to, fivek_fit_quality* q, fivek_error* error) {
      return fit(of, to, q, error);
    };
  };
  const bool fitted = Accepted(with(h), model, quality);
  auto model_again = Exact<Model>::Canary(1);
  auto quality_again = fivek::SizedCanary<fivek_fit_quality>();
  Need(Accepted(with(h.Reversed()), model_again, quality_again) == fitted,
       "there is a best model in any order, or in none");
  if (!fitted) return;
  Need(model.SameBytes(model_again) && quality.SameBytes(quality_again),
       "any order of rows gives the same bits");
  Need(std::isfinite(quality[0].log_likelihood) && quality[0].repeaters > 0,
       "a fit is of somebody");
}

void TryHistories(Bytes* bytes) {
  fivek_bg_nbd model = {Some(bytes), Some(bytes), Some(bytes), Some(bytes)};
  fivek_gamma_gamma spend = {Some(bytes), Some(bytes), Some(bytes)};
  const double horizon = Some(bytes);
  const size_t n = std::min(bytes->left() / 4, size_t{24});
  const Histories h{Exact<int64_t>(n), Exact<double>(n), Exact<double>(n),
                    Exact<double>(n)};
  for (size_t i = 0; i < n; ++i) {
    h.frequency[i] = bytes->Below(12);
    if (bytes->Rarely()) h.frequency[i] = bytes->Take<int32_t>();
    const double age = 1.0 + bytes->Below(200);
    h.recency[i] = h.frequency[i] == 0 ? 0.0 : age * bytes->Below(8) / 7.0;
    h.age[i] = bytes->Rarely() ? Some(bytes) : age;
    h.mean[i] = bytes->Rarely() ? Some(bytes) : 0.5 + age / 16.0;
  }
  FitBothWays<fivek_bg_nbd>(
      [](const Histories& of, fivek_bg_nbd* to, fivek_fit_quality* q,
         fivek_error* error) {
        return fivek_bg_nbd_fit(of.frequency.get(), of.recency.get(),
                                of.age.get(), of.age.size(), to, q, error);
      },
      h);
  FitBothWays<fivek_gamma_gamma>(
      [](const Histories& of, fivek_gamma_gamma* to, fivek_fit_quality* q,
         fivek_error* error) {
        return fivek_gamma_gamma_fit(of.frequency.get(), of.mean.get(),
                                     of.mean.size(), to, q, error);
      },
      h);

  auto outlook = Exact<fivek_outlook>::Canary(n);
  auto status = Exact<fivek_status>::Canary(n);
  const bool asked = Accepted(
      [&](fivek_outlook* out, fivek_status* rows, fivek_error* error) {
        return fivek_bg_nbd_predict(&model, h.frequency.get(), h.recency.get(),
                                    h.age.get(), n, horizon, out, rows, error);
      },
      outlook, status);
  auto likelihood = Exact<double>::Canary(n);
  Accepted(
      [&](double* out, fivek_error* error) {
        return fivek_bg_nbd_log_likelihood(&model, h.frequency.get(),
                                           h.recency.get(), h.age.get(), n, out,
                                           error);
      },
      likelihood);
  auto worth = Exact<double>::Canary(n);
  auto worth_status = Exact<fivek_status>::Canary(n);
  fivek_lifetime_options months = {};
  months.struct_size = sizeof months;
  months.months = 3;
  months.monthly_discount = 0.01;
  months.month = 30.0;
  const bool valued = Accepted(
      [&](double* out, fivek_status* rows, fivek_error* error) {
        return fivek_lifetime_value(&model, h.frequency.get(), h.recency.get(),
                                    h.age.get(), h.mean.get(), n, &months, out,
                                    rows, error);
      },
      worth, worth_status);
  for (size_t i = 0; i < n; ++i) {
    if (asked && status[i] == FIVEK_OK) {
      const fivek_outlook& o = outlook[i];
      Need(0.0 <= o.alive && o.alive <= 1.0, "alive is a probability");
      Need(h.frequency[i] > 0 || o.alive == 1.0, "who bought once is alive");
      Need(o.expected >= 0.0 && o.waits >= 0.0 && o.waits <= 1.0,
           "what is expected is no loss");
      Need(o.since == h.age[i] - h.recency[i], "silent since the last order");
      Need((o.due == FIVEK_ORDER_NOT_YET) == (o.since <= o.gap),
           "due by the gap");
      Need((o.due == FIVEK_ORDER_OVERDUE) == (o.since > o.gap && o.alive < 0.5),
           "overdue is probably lost");
    }
    if (valued && worth_status[i] == FIVEK_OK) {
      Need(worth[i] >= 0.0, "a value is no loss");
    }
  }
  auto each = Exact<double>::Canary(n);
  auto each_status = Exact<fivek_status>::Canary(n);
  Accepted(
      [&](double* out, fivek_status* rows, fivek_error* error) {
        return fivek_gamma_gamma_predict(&spend, h.frequency.get(),
                                         h.mean.get(), n, out, rows, error);
      },
      each, each_status);
  auto density = Exact<double>::Canary(n);
  Accepted(
      [&](double* out, fivek_error* error) {
        return fivek_gamma_gamma_log_likelihood(&spend, h.frequency.get(),
                                                h.mean.get(), n, out, error);
      },
      density);
  auto of_new = Exact<double>::Canary(1);
  Accepted(
      [&](double* out, fivek_error* error) {
        return fivek_bg_nbd_expect_new(&model, horizon, out, error);
      },
      of_new);
}

void TryScores(Bytes* bytes) {
  fivek_rfm_options options = {};
  options.struct_size = sizeof options;
  options.as_of = 300;
  options.recency_classes = static_cast<int32_t>(bytes->Below(8));
  const size_t n = std::min(bytes->left() / 5, kMostRows);
  Exact<int32_t> last_day(n);
  Exact<int64_t> frequency(n);
  Exact<int64_t> money(n);
  for (size_t i = 0; i < n; ++i) {
    last_day[i] = static_cast<int32_t>(bytes->Take<uint16_t>() % 304);
    frequency[i] = 1 + bytes->Below(9);
    if (bytes->Rarely()) {
      last_day[i] = FIVEK_NEVER_BOUGHT;
      frequency[i] = 0;
    }
    money[i] = bytes->Take<int8_t>();
  }
  auto r = Exact<uint8_t>::Canary(n);
  auto f = Exact<uint8_t>::Canary(n);
  auto m = Exact<uint8_t>::Canary(n);
  if (!Accepted(
          [&](uint8_t* x, uint8_t* y, uint8_t* z, fivek_error* error) {
            return fivek_rfm_score(last_day.get(), frequency.get(), money.get(),
                                   n, &options, x, y, z, error);
          },
          r, f, m)) {
    return;
  }
  for (size_t i = 0; i < n; ++i) {
    const bool never = last_day[i] == FIVEK_NEVER_BOUGHT;
    Need((r[i] == 0) == never && (f[i] == 0) == never && (m[i] == 0) == never,
         "who never bought has no score");
    for (size_t k = 0; k < i && !never; ++k) {
      if (last_day[k] == FIVEK_NEVER_BOUGHT) continue;
      Need((last_day[k] <= last_day[i]) ? r[k] <= r[i] : r[k] >= r[i],
           "later is not worse");
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes(data, size);
  switch (bytes.Below(5)) {
    case 0:
      TryOrders(&bytes);
      break;
    case 1:
      TryRanks(&bytes);
      break;
    case 2:
      TrySegments(&bytes);
      break;
    case 3:
      TryScores(&bytes);
      break;
    default:
      TryHistories(&bytes);
  }
  return 0;
}
