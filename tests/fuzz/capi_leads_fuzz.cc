// Any columns as leads, scores, weights, territories, visits and shares:
// refused with a reason and nothing changed, or results that prove themselves,
// and the same for the rows in another order.
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
Exact<T> Column(Bytes* in, size_t n, uint32_t limit, int64_t from = 0) {
  Exact<T> column(n);
  for (T& value : column) {
    value =
        in->Rarely() ? in->Take<T>() : static_cast<T>(from + in->Below(limit));
  }
  return column;
}

template <typename T>
Exact<T> Counted(size_t n) {
  Exact<T> column(n);
  T next = 0;
  for (T& value : column) value = next++;
  return column;
}

// ---- Leads ------------------------------------------------------------------

void Classes(Bytes* in, size_t n) {
  const auto funds = Column<int64_t>(in, n, 12, -1);
  auto thresholds = Column<int64_t>(in, in->Below(5), 4, 1);
  if (!in->Rarely()) {
    for (size_t k = 1; k < thresholds.size(); ++k) {
      thresholds[k] = std::min(thresholds[k], int64_t{1} << 60) +
                      std::min(thresholds[k - 1], int64_t{1} << 60);
    }
  }
  auto classes = Exact<uint8_t>::Canary(n);
  if (!Accepted(
          [&](uint8_t* out, fivek_error* error) {
            return fivek_leads_classify(funds.get(), n, thresholds.get(),
                                        thresholds.size(), out, error);
          },
          classes)) {
    return;
  }
  for (size_t i = 0; i < n; ++i) {
    const auto above = std::count_if(thresholds.begin(), thresholds.end(),
                                     [&](int64_t t) { return t > funds[i]; });
    Need(classes[i] == (funds[i] == FIVEK_LEAD_UNKNOWN ? FIVEK_UNKNOWN : above),
         "as many classes below as thresholds reached");
  }
}

void Rank(Bytes* in, size_t n) {
  const auto funds = Column<int64_t>(in, n, 40, -1);
  Exact<int32_t> ppm(n);
  for (int32_t& p : ppm) {
    p = in->Rarely() ? in->Take<int32_t>()
                     : static_cast<int32_t>(in->Below(6) * 200000);
  }
  auto id =
      in->Below(4) == 0 ? Column<uint64_t>(in, n, 200) : Counted<uint64_t>(n);
  const auto call = [&](bool reversed, Exact<int64_t>* value,
                        Exact<int64_t>* rank, Exact<int64_t>* order) {
    const auto f = reversed ? funds.Reversed() : funds;
    const auto p = reversed ? ppm.Reversed() : ppm;
    const auto i = reversed ? id.Reversed() : id;
    return Accepted(
        [&](int64_t* v, int64_t* r, int64_t* o, fivek_error* error) {
          return fivek_leads_rank(f.get(), p.get(), i.get(), n, v, r, o, error);
        },
        *value, *rank, *order);
  };
  auto value = Exact<int64_t>::Canary(n);
  auto rank = Exact<int64_t>::Canary(n);
  auto order = Exact<int64_t>::Canary(n);
  auto value_again = Exact<int64_t>::Canary(n);
  auto rank_again = Exact<int64_t>::Canary(n);
  auto order_again = Exact<int64_t>::Canary(n);
  const bool good = call(false, &value, &rank, &order);
  Need(good == call(true, &value_again, &rank_again, &order_again),
       "good in any order");
  if (!good) return;
  Need(value.SameBytes(value_again.Reversed()) &&
           rank.SameBytes(rank_again.Reversed()),
       "a lead's are the same");
  auto alone = Exact<int64_t>::Canary(n);
  Need(fivek_leads_value(funds.get(), ppm.get(), n, alone.get(), nullptr) ==
               FIVEK_OK &&
           alone.SameBytes(value),
       "the value by itself");
  Exact<uint8_t> seen(n);
  for (size_t k = 0; k < n; ++k) {
    const auto row = static_cast<size_t>(order[k]);
    Need(row < n && seen[row]++ == 0, "each row once");
    Need(order_again[k] == static_cast<int64_t>(n - 1 - row), "the same order");
    Need(k == 0 || value[static_cast<size_t>(order[k - 1])] >= value[row],
         "values fall");
    Need((rank[row] == 0) == (value[row] == FIVEK_LEAD_UNKNOWN) &&
             rank[row] <= static_cast<int64_t>(k) + 1,
         "a rank where there is a value");
  }
}

void Qualify(Bytes* in, size_t n) {
  Exact<uint8_t> answers(3 * n);
  for (uint8_t& answer : answers) {
    answer = in->Rarely() ? in->Take<uint8_t>()
                          : static_cast<uint8_t>(in->Below(3) - 1);
  }
  Exact<uint8_t> column[3] = {Exact<uint8_t>(n), Exact<uint8_t>(n),
                              Exact<uint8_t>(n)};
  for (size_t i = 0; i < 3 * n; ++i) column[i % 3][i / 3] = answers[i];
  auto verdict = Exact<uint8_t>::Canary(n);
  auto open = Exact<uint32_t>::Canary(n);
  auto failed = Exact<uint32_t>::Canary(n);
  if (!Accepted(
          [&](uint8_t* v, uint32_t* o, uint32_t* f, fivek_error* error) {
            return fivek_leads_qualify(column[0].get(), column[1].get(),
                                       column[2].get(), n, v, o, f, error);
          },
          verdict, open, failed)) {
    return;
  }
  for (size_t i = 0; i < n; ++i) {
    int32_t one = 0;
    int32_t next = 0;
    Need(fivek_contact_qualify(column[0][i], column[1][i], column[2][i], &one,
                               &next, nullptr) == FIVEK_OK &&
             verdict[i] == one,
         "as one by one");
    Need((open[i] & failed[i]) == 0 && open[i] + failed[i] < 8,
         "open or answered");
    Need((failed[i] != 0) == (one == FIVEK_VERDICT_NOT_QUALIFIED) &&
             (one != FIVEK_VERDICT_QUALIFIED || open[i] == 0),
         "a no decides");
  }
}

void FollowUp(Bytes* in, size_t n) {
  const auto classes = Column<uint8_t>(in, n, 3);
  auto last = Column<int32_t>(in, n, 60);
  for (int32_t& day : last) {
    if (in->Below(8) == 0) day = FIVEK_LEAD_NO_DAY;
  }
  const auto interval = Column<int32_t>(in, 3, 30, 1);
  const auto today =
      in->Rarely() ? in->Take<int32_t>() : static_cast<int32_t>(60);
  auto due = Exact<int32_t>::Canary(n);
  auto state = Exact<uint8_t>::Canary(n);
  if (Accepted(
          [&](int32_t* d, uint8_t* s, fivek_error* error) {
            return fivek_leads_follow_up(classes.get(), last.get(), n,
                                         interval.get(), 3, today, d, s, error);
          },
          due, state)) {
    for (size_t i = 0; i < n; ++i) {
      const bool has_day = due[i] != FIVEK_LEAD_NO_DAY;
      Need(has_day == (state[i] != FIVEK_FOLLOW_UP_NO_INTERVAL),
           "a day or no interval");
      Need(!has_day ||
               state[i] == (due[i] < today    ? FIVEK_FOLLOW_UP_OVERDUE
                            : due[i] == today ? FIVEK_FOLLOW_UP_DUE
                                              : FIVEK_FOLLOW_UP_UPCOMING),
           "the state of that day");
    }
  }
  const auto half_life = static_cast<int32_t>(in->Below(40));
  auto left = Exact<int32_t>::Canary(3);
  if (!Accepted(
          [&](int32_t* out, fivek_error* error) {
            return fivek_leads_decay(interval.get(), interval.get(), 3,
                                     half_life, out, error);
          },
          left)) {
    return;
  }
  for (size_t i = 0; i < 3; ++i) {
    Need(0 <= left[i] && left[i] <= interval[i], "what is left is not more");
  }
}

void Forecast(Bytes* in, size_t n) {
  const auto team = Column<uint64_t>(in, n, 4);
  const auto funds = Column<int64_t>(in, n, 200, -1);
  Exact<int32_t> ppm(n);
  for (int32_t& p : ppm) {
    p = in->Rarely() ? in->Take<int32_t>()
                     : static_cast<int32_t>(in->Below(5) * 250000) -
                           static_cast<int32_t>(in->Below(6) == 0);
    if (p % 250000 != 0 && p > -3) p = -1;
  }
  const auto day = Column<int32_t>(in, n, 50);
  const auto call = [&](bool reversed, Exact<fivek_lead_team>* total,
                        Exact<fivek_lead_team>* teams) {
    const auto t = reversed ? team.Reversed() : team;
    const auto f = reversed ? funds.Reversed() : funds;
    const auto p = reversed ? ppm.Reversed() : ppm;
    const auto d = reversed ? day.Reversed() : day;
    Exact<size_t> count(1);
    if (!Accepted(
            [&](fivek_lead_team* o, size_t* c, fivek_error* error) {
              return fivek_leads_forecast(t.get(), f.get(), p.get(), d.get(), n,
                                          10, 40, o, nullptr, 0, c, error);
            },
            *total, count)) {
      return false;
    }
    Exact<fivek_lead_team> room(count[0]);
    size_t again = 0;
    Need(fivek_leads_forecast(t.get(), f.get(), p.get(), d.get(), n, 10, 40,
                              total->get(), room.get(), room.size(), &again,
                              nullptr) == FIVEK_OK &&
             again == room.size(),
         "as many as were counted");
    teams->Swap(&room);
    return true;
  };
  auto total = Exact<fivek_lead_team>::Canary(1);
  auto total_again = Exact<fivek_lead_team>::Canary(1);
  Exact<fivek_lead_team> teams;
  Exact<fivek_lead_team> same;
  const bool good = call(false, &total, &teams);
  Need(good == call(true, &total_again, &same), "good in any order");
  if (!good) return;
  Need(total.SameBytes(total_again) && teams.SameBytes(same), "the same bits");
  int64_t rows = 0;
  int64_t sum = 0;
  for (const fivek_lead_team& one : teams) {
    rows += one.leads + one.without_probability + one.without_funds +
            one.undated + one.outside;
    Need(one.value <= one.funds, "no more than the funds");
    sum += one.value;
  }
  Need(rows == static_cast<int64_t>(n), "each lead in one count");
  const auto off = static_cast<int64_t>(teams.size());
  Need(sum - off <= total[0].value && total[0].value <= sum + off,
       "the teams are the total but for their rounding");
}

// ---- Who gets them ----------------------------------------------------------

void Assign(Bytes* in, size_t n) {
  const size_t sellers = in->Below(6);
  const uint32_t limit = 1 + in->Below(40);
  auto score = Column<int64_t>(in, n * sellers, limit, -2);
  const auto capacity = Column<int64_t>(in, sellers, 6);
  const bool has_ids = in->Below(2) == 0;
  const auto id = Counted<uint64_t>(n);
  auto seller = Exact<int32_t>::Canary(n);
  auto seller_price = Exact<int64_t>::Canary(sellers);
  auto lead_price = Exact<int64_t>::Canary(n);
  auto out = SizedCanary<fivek_assignment>();
  const auto call = [&](const Exact<int64_t>& s, const Exact<uint64_t>& ids) {
    return Accepted(
        [&](int32_t* who, int64_t* sp, int64_t* lp, fivek_assignment* o,
            fivek_error* error) {
          return fivek_leads_assign(s.get(), n, capacity.get(), sellers,
                                    has_ids ? ids.get() : nullptr, nullptr, who,
                                    sp, lp, o, error);
        },
        seller, seller_price, lead_price, out);
  };
  if (!call(score, id)) return;
  Exact<int64_t> held(sellers);
  int64_t total = 0;
  int64_t unassigned = 0;
  for (size_t l = 0; l < n; ++l) {
    const int64_t* const scores = score.get() + l * sellers;
    for (size_t s = 0; s < sellers; ++s) {
      Need(scores[s] < 0 || scores[s] - seller_price[s] <= lead_price[l],
           "no pair beats the prices");
    }
    if (seller[l] == FIVEK_UNASSIGNED) {
      ++unassigned;
      Need(lead_price[l] == 0, "who is unassigned has price 0");
      continue;
    }
    const auto s = static_cast<size_t>(seller[l]);
    Need(s < sellers && scores[s] >= 0 && ++held[s] <= capacity[s],
         "a pair that can be");
    Need(scores[s] == seller_price[s] + lead_price[l], "paid in full");
    total += scores[s];
  }
  for (size_t s = 0; s < sellers; ++s) {
    Need(seller_price[s] >= 0 &&
             (held[s] == capacity[s] || seller_price[s] == 0),
         "who has room has price 0");
  }
  Need(out[0].total == total && out[0].gap == 0 && out[0].bound == total &&
           out[0].unassigned == unassigned,
       "the total of the pairs");
  Need(out[0].greedy_by_edge <= total &&
           total - out[0].greedy_by_edge <= out[0].greedy_by_edge,
       "greedy has at least half");
  if (!has_ids) return;
  // Rows turned round, with their ids.
  const Exact<int32_t> before(seller);
  Exact<int64_t> turned(n * sellers);
  for (size_t l = 0; l < n; ++l) {
    std::copy(score.get() + l * sellers, score.get() + (l + 1) * sellers,
              turned.get() + (n - 1 - l) * sellers);
  }
  Need(call(turned, id.Reversed()) && seller.SameBytes(before.Reversed()),
       "a lead's seller is the same");
}

void Turns(Bytes* in, size_t n) {
  const auto weight = Column<int64_t>(in, n, 6);
  const auto absent = Column<uint8_t>(in, n, 2);
  auto credit = Column<int64_t>(in, n, 1);
  const bool has_absent = in->Below(2) == 0;
  int64_t sum = 0;
  bool is_new = !has_absent;
  for (size_t s = 0; s < n; ++s) {
    sum += weight[s] < 100 ? std::max(weight[s], int64_t{0}) : 100;
    is_new = is_new && credit[s] == 0 && weight[s] < 100;
  }
  auto turns = Exact<int32_t>::Canary(static_cast<size_t>(sum));
  if (!Accepted(
          [&](int64_t* c, int32_t* out, fivek_error* error) {
            return fivek_round_robin_next(weight.get(),
                                          has_absent ? absent.get() : nullptr,
                                          n, c, out, turns.size(), error);
          },
          credit, turns)) {
    return;
  }
  Exact<int64_t> served(n);
  for (const int32_t turn : turns) {
    const auto s = static_cast<size_t>(turn);
    Need(s < n && weight[s] > 0 && (!has_absent || absent[s] == 0),
         "somebody who is there");
    ++served[s];
  }
  Need(!is_new || served.SameBytes(weight), "each as his weight says");
}

// ---- Territories ------------------------------------------------------------

void Territories(Bytes* in, size_t n) {
  const auto workload = Column<int64_t>(in, n, 60);
  const size_t sellers = in->Below(7);
  const auto owner = Column<int32_t>(
      in, n, static_cast<uint32_t>(std::max<size_t>(sellers, 1)));
  auto seller = Exact<int32_t>::Canary(n);
  auto load = Exact<int64_t>::Canary(sellers);
  auto out = SizedCanary<fivek_territory_balance>();
  if (Accepted(
          [&](int32_t* s, int64_t* l, fivek_territory_balance* o,
              fivek_error* error) {
            return fivek_territories_balance(workload.get(), n, sellers, s, l,
                                             o, error);
          },
          seller, load, out)) {
    Exact<int64_t> again(sellers);
    for (size_t i = 0; i < n; ++i) {
      Need(static_cast<size_t>(seller[i]) < sellers, "one of them");
      again[static_cast<size_t>(seller[i])] += workload[i];
    }
    Need(again.SameBytes(load), "loads are sums");
    Need(out[0].max == *std::max_element(load.begin(), load.end()) &&
             out[0].bound <= out[0].max && out[0].max <= out[0].first_max &&
             out[0].gap == out[0].max - out[0].bound,
         "between the bound and the beginning");
    Need(out[0].limited == 0, "a local optimum");
  }
  const int64_t most = in->Below(6);
  Exact<size_t> count(1);
  const auto call = [&](Exact<fivek_territory_move>* moves) {
    return Accepted(
        [&](int64_t* l, fivek_territory_balance* o, fivek_territory_move* m,
            size_t* c, fivek_error* error) {
          return fivek_territories_rebalance(workload.get(), owner.get(), n,
                                             sellers, most, l, o, m,
                                             moves->size(), c, error);
        },
        load, out, *moves, count);
  };
  auto moves = Exact<fivek_territory_move>::Canary(static_cast<size_t>(most));
  if (!call(&moves)) return;
  Need(count[0] <= static_cast<size_t>(most), "no more than were allowed");
  if (most == 0) return;  // Then only the count was asked for.
  Exact<int32_t> now(owner);
  for (size_t k = 0; k < count[0]; ++k) {
    const auto account = static_cast<size_t>(moves[k].account);
    Need(account < n && now[account] == moves[k].from &&
             owner[account] == moves[k].from && moves[k].from != moves[k].to,
         "from where it is, once");
    now[account] = moves[k].to;
    load[static_cast<size_t>(moves[k].from)] -= workload[account];
    load[static_cast<size_t>(moves[k].to)] += workload[account];
  }
  Need(out[0].max == *std::max_element(load.begin(), load.end()) &&
           out[0].max <= out[0].first_max,
       "the moves lead there");
}

// ---- Visits and events ------------------------------------------------------

void Visits(Bytes* in, size_t n) {
  const auto visits = Column<int64_t>(in, n, 5);
  fivek_visit_policy rules = {
      sizeof rules,
      {650000, static_cast<int32_t>(in->Below(11) * 100000), 100000},
      in->Below(4)};
  auto mix = SizedCanary<fivek_visit_mix>();
  auto over = Exact<int64_t>::Canary(n);
  Exact<size_t> count(1);
  if (!Accepted(
          [&](fivek_visit_mix* out, int64_t* rows, size_t* c,
              fivek_error* error) {
            return fivek_visit_policy_check(&rules, visits.get(), n, out, rows,
                                            n, c, error);
          },
          mix, over, count)) {
    return;
  }
  const fivek_visit_mix& m = mix[0];
  Need(m.unseen + m.seen == static_cast<int64_t>(n) &&
           m.accounts[0] + m.accounts[1] + m.accounts[2] == m.seen,
       "each account in one group");
  const int32_t shares = m.share_ppm[0] + m.share_ppm[1] + m.share_ppm[2];
  Need(m.seen == 0 ? shares == 0 && m.broken == 0
                   : shares >= 999998 && shares <= 1000002,
       "shares of all");
  for (size_t k = 0; k < count[0] && n > 0; ++k) {
    Need(visits[static_cast<size_t>(over[k])] > rules.cap, "above the cap");
  }
}

void Seats(Bytes* in, size_t n) {
  const auto weight = Column<uint64_t>(in, n, 30);
  const auto least = Column<int64_t>(in, n, 3);
  auto most = Column<int64_t>(in, n, 9, 3);
  const bool has_least = in->Below(2) == 0;
  const bool has_most = in->Below(2) == 0;
  const int64_t seats = in->Rarely() ? in->Take<int64_t>() : in->Below(120);
  const auto call = [&](int64_t s, Exact<int64_t>* out) {
    return Accepted(
        [&](int64_t* o, fivek_error* error) {
          return fivek_seats_apportion(
              s, weight.get(), has_least ? least.get() : nullptr,
              has_most ? most.get() : nullptr, n, o, error);
        },
        *out);
  };
  auto out = Exact<int64_t>::Canary(n);
  if (call(seats, &out)) {
    int64_t sum = 0;
    for (size_t i = 0; i < n; ++i) {
      sum += out[i];
      Need(out[i] >= (has_least ? least[i] : 0) &&
               (!has_most || out[i] <= most[i]),
           "within the bounds");
    }
    Need(sum == seats, "all seats and no more");
    auto more = Exact<int64_t>::Canary(n);
    if (call(seats + 1, &more)) {
      for (size_t i = 0; i < n; ++i) {
        Need(more[i] >= out[i], "one more seat takes none away");
      }
    }
  }
  const size_t classes = in->Below(4);
  const auto need = Column<uint64_t>(in, n * classes, 9);
  auto territory = Exact<int64_t>::Canary(n);
  auto by_class = Exact<int64_t>::Canary(classes);
  auto table = Exact<int64_t>::Canary(n * classes);
  if (!Accepted(
          [&](int64_t* t, int64_t* c, int64_t* cells, fivek_error* error) {
            return fivek_invitations_apportion(
                seats, weight.get(), has_least ? least.get() : nullptr,
                has_most ? most.get() : nullptr, n, need.get(), classes, t, c,
                cells, error);
          },
          territory, by_class, table)) {
    return;
  }
  Need(territory.SameBytes(out), "territories as seats");
  for (size_t t = 0; t < n; ++t) {
    for (size_t c = 0; c < classes; ++c) {
      const int64_t cell = table[t * classes + c];
      Need(cell >= 0 && (cell == 0 || need[t * classes + c] > 0),
           "seats where there is need");
      territory[t] -= cell;
      by_class[c] -= cell;
    }
  }
  for (const int64_t left : territory) Need(left == 0, "rows add up");
  for (const int64_t left : by_class) Need(left == 0, "columns add up");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  constexpr void (*kFunctions[])(Bytes*, size_t) = {
      Classes, Rank,  Qualify,     FollowUp, Forecast,
      Assign,  Turns, Territories, Visits,   Seats};
  Bytes in(data, size);
  const uint32_t function = in.Below(sizeof kFunctions / sizeof kFunctions[0]);
  kFunctions[function](&in, in.Below(32));
  return 0;
}
