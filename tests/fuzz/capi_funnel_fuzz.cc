// Any columns as durations, sellers, groups, close dates, chains, hazards,
// hierarchies and conversions: refused with a reason and nothing changed, or
// numbers that belong together, the same bits for the rows in another order.
//
// Input: 1 byte of the function, 1 of the rows, then values.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "capi/fivek.h"
#include "tests/fuzz/capi_need.h"
#include "tests/fuzz/need.h"

using fivek::Accepted;
using fivek::Bytes;
using fivek::Exact;
using fivek::Need;
using fivek::SizedCanary;

namespace {

// Mostly small, now and then any.
template <typename T>
Exact<T> Column(Bytes* in, size_t n, uint32_t limit) {
  Exact<T> column(n);
  for (T& value : column) {
    value = in->Rarely() ? in->Take<T>() : static_cast<T>(in->Below(limit));
  }
  return column;
}

Exact<double> Reals(Bytes* in, size_t n, double most) {
  Exact<double> column(n);
  for (double& value : column) {
    value = in->Rarely() ? in->Take<double>() : in->Below(256) / 255.0 * most;
  }
  return column;
}

bool IsRate(double low, double rate, double high) {
  return 0.0 <= low && low <= rate && rate <= high && high <= 1.0;
}

template <typename Item, typename Out, typename Call>
bool List(const Call& call, Exact<Out>* out, Exact<Item>* list) {
  Exact<size_t> count(1);
  if (!Accepted(
          [&](Out* o, size_t* n, fivek_error* error) {
            return call(o, nullptr, 0, n, error);
          },
          *out, count)) {
    return false;
  }
  Exact<Item> room(count[0]);
  size_t again = 0;
  Need(call(out->get(), room.get(), room.size(), &again, nullptr) == FIVEK_OK &&
           again == room.size(),
       "as many as were counted");
  list->Swap(&room);
  return true;
}

void Durations(Bytes* in, size_t n) {
  const auto time = Column<int32_t>(in, n, 60);
  const auto ended = Column<uint8_t>(in, n, 2);
  const auto entry = Column<int32_t>(in, n, in->Below(2) == 0 ? 1 : 20);
  const int32_t tau = in->Take<int16_t>();
  const bool has_entry = in->Below(2) == 0;
  const auto fit = [&](bool reversed, Exact<fivek_durations>* out,
                       Exact<fivek_duration_step>* steps) {
    const auto t = reversed ? time.Reversed() : time;
    const auto d = reversed ? ended.Reversed() : ended;
    const auto e = reversed ? entry.Reversed() : entry;
    return List(
        [&](fivek_durations* o, fivek_duration_step* list, size_t cap,
            size_t* count, fivek_error* error) {
          return fivek_durations_fit(t.get(), d.get(),
                                     has_entry ? e.get() : nullptr, n, tau, o,
                                     list, cap, count, error);
        },
        out, steps);
  };
  auto out = SizedCanary<fivek_durations>();
  auto again = SizedCanary<fivek_durations>();
  Exact<fivek_duration_step> steps;
  Exact<fivek_duration_step> same;
  const bool good = fit(false, &out, &steps);
  Need(good == fit(true, &again, &same), "good in any order");
  if (!good) return;
  Need(out.SameBytes(again) && steps.SameBytes(same), "the same bits");
  int64_t ends = 0;
  double survival = 1.0;
  for (const fivek_duration_step& step : steps) {
    ends += step.ended;
    Need(0 < step.ended && step.ended <= step.at_risk, "who ends was at risk");
    Need(0.0 <= step.survival && step.survival <= survival && step.se >= 0.0,
         "the share falls");
    survival = step.survival;
  }
  Need(out[0].visits == static_cast<int64_t>(n) && out[0].ended == ends,
       "every end is in a step");
  Need(out[0].has_restricted_mean == 0 ||
           (0.0 <= out[0].restricted_mean && out[0].restricted_mean <= tau),
       "a mean up to tau is not above it");
}

void Stalled(Bytes* in, size_t n) {
  const auto winners = Column<int32_t>(in, n, 60);
  const auto ages = Column<int32_t>(in, in->Below(16), 80);
  const int64_t q = in->Below(12);
  Exact<int32_t> threshold(1);
  auto stalled = Exact<uint8_t>::Canary(ages.size());
  auto longer = Exact<double>::Canary(ages.size());
  const auto find = [&](const Exact<int32_t>& of) {
    return Accepted(
        [&](int32_t* t, uint8_t* s, double* share, fivek_error* error) {
          return fivek_stalled_find(of.get(), n, q, 10, ages.get(), ages.size(),
                                    t, s, share, error);
        },
        threshold, stalled, longer);
  };
  if (!find(winners)) return;
  const Exact<double> before(longer);
  for (size_t i = 0; i < ages.size(); ++i) {
    Need(stalled[i] == (ages[i] > threshold[0] ? 1 : 0), "older than that");
    Need(0.0 <= longer[i] && longer[i] <= 1.0, "a share");
  }
  Need(find(winners.Reversed()) && longer.SameBytes(before), "the same bits");
}

void Funnel(Bytes* in, size_t n) {
  const auto highest = Column<uint8_t>(in, n, 7);
  const auto rungs = static_cast<int32_t>(in->Below(12));
  const double z = in->Rarely() ? in->Take<double>() : in->Below(5);
  auto funnel = Exact<fivek_funnel_rung>::Canary(static_cast<size_t>(rungs));
  if (!Accepted(
          [&](fivek_funnel_rung* out, fivek_error* error) {
            return fivek_funnel_reached(highest.get(), n, rungs, z, out, error);
          },
          funnel)) {
    return;
  }
  int64_t reached = static_cast<int64_t>(n);
  for (const fivek_funnel_rung& rung : funnel) {
    Need(rung.reached <= reached, "who goes on was there");
    reached = rung.reached;
    Need(IsRate(rung.low, rung.rate, rung.high), "a rate in its interval");
  }
  Need(funnel[0].reached == static_cast<int64_t>(n), "all are at the bottom");
}

void Slippage(Bytes* in, size_t n) {
  const auto state = Column<uint8_t>(in, n, 4);
  const auto amount = Column<int64_t>(in, n, 250);
  const auto pushes = Column<int32_t>(in, n, 4);
  const auto measure = [&](bool reversed, Exact<fivek_slippage>* out,
                           Exact<fivek_pushed_times>* times) {
    const auto s = reversed ? state.Reversed() : state;
    const auto a = reversed ? amount.Reversed() : amount;
    const auto p = reversed ? pushes.Reversed() : pushes;
    return List(
        [&](fivek_slippage* o, fivek_pushed_times* list, size_t cap,
            size_t* count, fivek_error* error) {
          return fivek_slippage_measure(s.get(), a.get(), p.get(), n, 1.64, o,
                                        list, cap, count, error);
        },
        out, times);
  };
  auto out = SizedCanary<fivek_slippage>();
  auto again = SizedCanary<fivek_slippage>();
  Exact<fivek_pushed_times> times;
  Exact<fivek_pushed_times> same;
  const bool good = measure(false, &out, &times);
  Need(good == measure(true, &again, &same), "good in any order");
  if (!good) return;
  Need(out.SameBytes(again) && times.SameBytes(same), "the same bits");
  int64_t deals = 0;
  int64_t won = 0;
  int64_t closed = 0;
  for (const fivek_pushed_times& group : times) {
    deals += group.deals;
    won += group.won;
    closed += group.closed;
    Need(group.deals > 0 && IsRate(group.low, group.rate, group.high),
         "a group has deals and a rate");
  }
  const fivek_slippage& s = out[0];
  Need(deals == s.due && s.due == static_cast<int64_t>(n) && won == s.won &&
           closed == s.won + s.lost && s.pushed <= s.due,
       "groups add up to all that was due");
  Need(0 <= s.pushed_amount && s.pushed_amount <= s.due_amount,
       "what was pushed was due");
}

void Sellers(Bytes* in, size_t n) {
  const auto closed = Column<int64_t>(in, n, 60);
  Exact<int64_t> won = Column<int64_t>(in, n, 60);
  const auto expected = Reals(in, n, 4.0);
  for (size_t i = 0; i < n; ++i) {
    if (won[i] > closed[i] && !in->Rarely()) won[i] = closed[i];
  }
  const bool has_expected = in->Below(2) == 0;
  const bool has_prior = in->Below(2) == 0;
  const auto prior = Reals(in, 2, 1.0);
  const auto rank = [&](bool reversed, Exact<double>* used,
                        Exact<fivek_seller_rate>* out) {
    const auto w = reversed ? won.Reversed() : won;
    const auto c = reversed ? closed.Reversed() : closed;
    const auto e = reversed ? expected.Reversed() : expected;
    return Accepted(
        [&](double* u, fivek_seller_rate* o, fivek_error* error) {
          return fivek_sellers_rank(
              w.get(), c.get(), has_expected ? e.get() : nullptr, n,
              has_prior ? prior.get() : nullptr, u, o, error);
        },
        *used, *out);
  };
  auto used = Exact<double>::Canary(2);
  auto sellers = Exact<fivek_seller_rate>::Canary(n);
  auto used_again = Exact<double>::Canary(2);
  auto again = Exact<fivek_seller_rate>::Canary(n);
  const bool good = rank(false, &used, &sellers);
  Need(good == rank(true, &used_again, &again), "good in any order");
  if (!good) return;
  Need(used.SameBytes(used_again) && sellers.SameBytes(again.Reversed()),
       "a seller's are the same");
  for (const fivek_seller_rate& s : sellers) {
    Need(IsRate(s.low, s.mean, s.high) && s.sd >= 0.0, "a sound rate");
    Need(1 <= s.rank && s.rank + s.tied <= static_cast<int64_t>(n) &&
             s.surely_better < s.rank,
         "a rank among them");
  }
}

void Top(Bytes* in, size_t n) {
  const auto values = Column<int64_t>(in, n, 9);
  const auto ties = static_cast<int32_t>(in->Below(5));
  const auto end = static_cast<int32_t>(in->Below(3));
  const int64_t numerator = in->Below(6);
  auto weight = Exact<double>::Canary(n);
  auto share = SizedCanary<fivek_share>();
  if (!Accepted(
          [&](double* w, fivek_share* out, fivek_error* error) {
            return fivek_top_share(values.get(), n, numerator, 5, end, ties, w,
                                   out, error);
          },
          weight, share)) {
    return;
  }
  double sum = 0.0;
  for (const double w : weight) {
    Need(0.0 <= w && w <= 1.0, "a value belongs, or a part of it");
    sum += w;
  }
  const auto places = static_cast<double>(share[0].places);
  const bool as_many =
      ties == FIVEK_TIES_FRACTIONAL || ties == FIVEK_TIES_ORDINAL;
  Need(as_many                      ? sum > places - 1e-9 && sum < places + 1e-9
       : ties == FIVEK_TIES_INCLUDE ? sum >= places
                                    : sum <= places,
       "weights are the places");
}

void Plan(Bytes* in, size_t n) {
  const auto denominator = Column<int64_t>(in, n, 12);
  auto numerator = Column<int64_t>(in, n, 12);
  const auto numbers = Column<int64_t>(in, 2, 200);
  auto plan = Exact<int64_t>::Canary(n + 1);
  if (!Accepted(
          [&](int64_t* out, fivek_error* error) {
            return fivek_activity_plan(numbers[0], numbers[1], numerator.get(),
                                       denominator.get(), n, out, error);
          },
          plan)) {
    return;
  }
  for (size_t i = 1; i <= n; ++i) {
    Need(plan[i] >= plan[i - 1], "a step takes as many as the next");
  }
}

void Groups(Bytes* in, size_t n) {
  const auto trials = Reals(in, n, 64.0);
  Exact<double> successes = Reals(in, n, 64.0);
  for (size_t i = 0; i < n; ++i) {
    if (successes[i] > trials[i] && !in->Rarely()) successes[i] = trials[i];
  }
  const auto fit = [&](const Exact<double>& won, const Exact<double>& all,
                       Exact<fivek_beta_binomial>* to) {
    return Accepted(
        [&](fivek_beta_binomial* out, fivek_error* error) {
          return fivek_beta_binomial_fit(won.get(), all.get(), n, out, error);
        },
        *to);
  };
  auto out = SizedCanary<fivek_beta_binomial>();
  auto again = SizedCanary<fivek_beta_binomial>();
  const bool good = fit(successes, trials, &out);
  Need(good == fit(successes.Reversed(), trials.Reversed(), &again),
       "good in any order");
  if (!good) return;
  Need(out.SameBytes(again), "the same bits");
  Need(0.0 <= out[0].mean && out[0].mean <= 1.0 && out[0].strength >= 0.0,
       "a prior");
}

void Chain(Bytes* in, size_t n) {
  n %= 10;
  auto moves = Reals(in, n * n, 1.0);
  auto won = Reals(in, n, 1.0);
  if (in->Below(4) != 0) {  // Mostly so that no stage has more than one.
    for (double& p : moves) p /= static_cast<double>(n + 1);
    for (double& p : won) p /= static_cast<double>(n + 1);
  }
  auto probability = Exact<double>::Canary(n);
  if (!Accepted(
          [&](double* out, fivek_error* error) {
            return fivek_absorbing_chain_solve(moves.get(), won.get(), n, out,
                                               error);
          },
          probability)) {
    return;
  }
  for (const double p : probability) Need(0.0 <= p && p <= 1.0, "it is one");
}

void Hazards(Bytes* in, size_t n) {
  const auto won = Reals(in, n, 0.5);
  const auto lost = Reals(in, n, 0.5);
  const auto horizon = static_cast<int32_t>(in->Below(80)) - 1;
  auto ages = Exact<fivek_hazard_forecast>::Canary(n + 1);
  if (Accepted(
          [&](fivek_hazard_forecast* out, fivek_error* error) {
            return fivek_hazards_forecast(won.get(), lost.get(), n, horizon,
                                          out, error);
          },
          ages)) {
    for (const fivek_hazard_forecast& age : ages) {
      Need(0.0 <= age.won_within && age.open_after >= 0.0 &&
               age.won_within + age.open_after <= 1.0 + 1e-12 &&
               age.won_within <= age.won_ever + 1e-12 &&
               age.won_ever <= 1.0 + 1e-12,
           "won in time is won");
    }
  }
  const auto days = Column<int32_t>(in, n, 255);
  auto bucket = Exact<uint8_t>::Canary(n);
  Need(fivek_ages_bucket(days.get(), n, bucket.get(), nullptr) == FIVEK_OK,
       "every age has a bucket");
  for (const uint8_t b : bucket) Need(b < FIVEK_AGE_BUCKETS, "one of seven");
}

// Each level is what fivek_rate_shrink says with the rate above as its prior.
void Hierarchy(Bytes* in, size_t n) {
  const double first = in->Rarely() ? in->Take<double>() : in->Below(9) / 8.0;
  const auto strength = Reals(in, n, 64.0);
  const auto trials = Reals(in, n, 64.0);
  Exact<double> successes = Reals(in, n, 64.0);
  for (size_t i = 0; i < n; ++i) {
    if (successes[i] > trials[i] && !in->Rarely()) successes[i] = trials[i];
  }
  auto rates = Exact<fivek_estimate>::Canary(n);
  fivek_error error = fivek::NewError();
  const bool good = Accepted(
      [&](fivek_estimate* out, fivek_error* why) {
        const fivek_status status = fivek_rates_shrink_down(
            first, strength.get(), successes.get(), trials.get(), n, out, why);
        error = *why;
        return status;
      },
      rates);
  double prior = first;
  for (size_t i = 0; i < n; ++i) {
    auto rate = SizedCanary<fivek_rate>();
    if (fivek_rate_shrink(prior, strength[i], successes[i], trials[i],
                          rate.get(), nullptr) != FIVEK_OK) {
      Need(!good && error.row == static_cast<int64_t>(i), "the level is named");
      return;
    }
    prior = rate[0].mean;
    if (!good) continue;
    const fivek_estimate& e = rates[i];
    Need(e.value == rate[0].mean && e.low == rate[0].low &&
             e.high == rate[0].high && e.effective_n == rate[0].effective_n &&
             e.source == rate[0].source && e.reserved == 0,
         "a level is shrunk to the one above");
    Need(IsRate(e.low, e.value, e.high), "a rate in its interval");
  }
  Need(good, "levels that are good one by one are good");
}

// A ladder as its conversions, and back.
void Conversions(Bytes* in, size_t n) {
  const auto conversion = Reals(in, n, 1.0);
  auto ladder = Exact<double>::Canary(n + 1);
  if (Accepted(
          [&](double* out, fivek_error* error) {
            return fivek_conversions_to_ladder(conversion.get(), n, out, error);
          },
          ladder)) {
    for (size_t i = 0; i < n; ++i) {
      Need(0.0 <= ladder[i] && ladder[i] <= ladder[i + 1], "it does not fall");
    }
    Need(ladder[n] == 1.0, "at its top all is won");
    auto back = Exact<double>::Canary(n);
    // Below that, digits are lost.
    if (n < 2 || ladder[1] > 1e-280) {
      Need(fivek_ladder_to_conversions(ladder.get(), n + 1, back.get(),
                                       nullptr) == FIVEK_OK,
           "what conversions make has conversions");
      for (size_t i = 0; i < n; ++i) {
        Need(back[i] - conversion[i] < 1e-15 && conversion[i] - back[i] < 1e-15,
             "those that it was made of");
      }
    }
  }
  // And numbers that are mostly no ladder.
  Exact<double> rungs = Reals(in, n, 1.0);
  const bool rises = in->Below(2) == 0;
  for (size_t i = 1; rises && i < n; ++i) {
    rungs[i] = std::max(rungs[i], rungs[i - 1]);
  }
  if (n > 0 && in->Below(2) == 0) rungs[n - 1] = 1.0;
  auto steps = Exact<double>::Canary(n > 0 ? n - 1 : 0);
  if (Accepted(
          [&](double* out, fivek_error* error) {
            return fivek_ladder_to_conversions(rungs.get(), n, out, error);
          },
          steps)) {
    for (const double c : steps) Need(0.0 <= c && c <= 1.0, "a conversion");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr void (*kFunctions[])(Bytes*, size_t) = {
      Durations, Stalled, Funnel, Slippage, Sellers,   Top,
      Plan,      Groups,  Chain,  Hazards,  Hierarchy, Conversions};
  Bytes in(data, size);
  const uint32_t function = in.Below(sizeof kFunctions / sizeof kFunctions[0]);
  kFunctions[function](&in, in.Below(32));
  return 0;
}
