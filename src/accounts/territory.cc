#include "fivek/accounts/territory.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/fraction.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

using absl::int128;

absl::Status CheckWork(absl::Span<const int64_t> workload, size_t sellers) {
  if (sellers < 1 || sellers > kMostTerritories) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("sellers ", sellers, "; allowed: 1 to ",
                               kMostTerritories));
  }
  int64_t total = 0;
  for (size_t i = 0; i < workload.size(); ++i) {
    const auto row = static_cast<int64_t>(i);
    if (workload[i] < 0) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("workload ", workload[i], "; allowed: 0 or more"),
          {row, 0});
    }
    if (workload[i] > kMostWorkload - total) {
      return Refuse(
          Reason::kOverflow,
          absl::StrCat("workload adds up to more than ", kMostWorkload),
          {row, 0});
    }
    total += workload[i];
  }
  return absl::OkStatus();
}

absl::Status CheckSellers(size_t accounts, absl::Span<const int32_t> seller,
                          size_t sellers) {
  if (seller.size() != accounts) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("seller ", seller.size(), " elements; allowed: ",
                               accounts, ", as many as workloads"));
  }
  for (size_t i = 0; i < accounts; ++i) {
    if (seller[i] < 0 || static_cast<size_t>(seller[i]) >= sellers) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("seller ", seller[i], "; allowed: 0 to ", sellers - 1),
          {static_cast<int64_t>(i), 1});
    }
  }
  return absl::OkStatus();
}

// After the checks.
TerritoryBalance BalanceOf(absl::Span<const int64_t> workload,
                           absl::Span<const int32_t> seller, size_t sellers) {
  TerritoryBalance balance;
  balance.load.assign(sellers, 0);
  for (size_t i = 0; i < workload.size(); ++i) {
    balance.load[static_cast<size_t>(seller[i])] += workload[i];
    balance.total += workload[i];
  }
  const auto ends =
      std::minmax_element(balance.load.begin(), balance.load.end());
  balance.min = *ends.first;
  balance.max = *ends.second;
  if (balance.total > 0) {
    ExactRatio ratio(balance.max);
    ratio.MultiplyBy(static_cast<int64_t>(sellers));
    ratio.DivideBy(balance.total);
    balance.max_to_mean = ratio.AsDouble();
  }
  return balance;
}

// Accounts by falling workload; of equal ones the first row first.
std::vector<size_t> LongestFirst(absl::Span<const int64_t> workload) {
  std::vector<size_t> order(workload.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    return workload[a] != workload[b] ? workload[a] > workload[b] : a < b;
  });
  return order;
}

int64_t LowerBound(absl::Span<const int64_t> workload,
                   const std::vector<size_t>& order, size_t sellers) {
  const size_t n = order.size();
  int64_t total = 0;
  // sum[i]: of the i largest.
  std::vector<int64_t> sum = {0};
  sum.reserve(n + 1);
  for (const size_t row : order) {
    total += workload[row];
    sum.push_back(total);
  }
  const auto m = static_cast<int64_t>(sellers);
  int64_t bound = total / m + (total % m > 0 ? 1 : 0);
  for (size_t k = 0; k * sellers + 1 <= n; ++k) {
    const size_t last = k * sellers + 1;
    bound = std::max(bound, sum[last] - sum[last - (k + 1)]);
  }
  return bound;
}

std::vector<int32_t> LongestFirstSellers(absl::Span<const int64_t> workload,
                                         const std::vector<size_t>& order,
                                         size_t sellers) {
  using Load = std::pair<int64_t, int32_t>;
  std::priority_queue<Load, std::vector<Load>, std::greater<>> least;
  for (size_t s = 0; s < sellers; ++s) {
    least.emplace(0, static_cast<int32_t>(s));
  }
  std::vector<int32_t> seller(workload.size());
  for (const size_t row : order) {
    const Load next = least.top();
    least.pop();
    seller[row] = next.second;
    least.emplace(next.first + workload[row], next.second);
  }
  return seller;
}

// Makes sellers more even, step by step.
class Evening {
 public:
  Evening(absl::Span<const int64_t> workload, std::vector<int32_t> seller,
          std::vector<int64_t> load, const std::vector<size_t>& order,
          bool once)
      : workload_(workload),
        seller_(std::move(seller)),
        load_(std::move(load)),
        once_(once),
        sellers_(load_.size()),
        free_(sellers_),
        best_(sellers_ * sellers_),
        partner_(sellers_) {
    for (const size_t row : order) {
      free_[static_cast<size_t>(seller_[row])].push_back(row);
    }
  }

  // At most `most` accounts in `steps` steps.
  void Run(int64_t most, int64_t steps, TerritoryPlan* plan) {
    bool exchanges = most >= 2;
    FindAll(exchanges);
    for (; most > 0 && steps > 0; --steps) {
      const size_t a = BestRow();
      const size_t b = partner_[a];
      if (GainOf(a, b) == 0) break;
      most -= Take(a, b, &plan->moves);
      if (exchanges && most < 2) {
        exchanges = false;
        FindAll(exchanges);
      } else {
        FindAgain(a, b, exchanges);
      }
    }
    FindAll(true);
    const size_t a = BestRow();
    plan->limited = GainOf(a, partner_[a]) > 0;
  }

  std::vector<int32_t> TakeSellers() { return std::move(seller_); }

 private:
  static constexpr size_t kNone = std::numeric_limits<size_t>::max();

  // What is best between two sellers. A gain of 0: nothing is.
  struct Step {
    // Of an account that moves, in half the sum of squares: shift x (difference
    // - shift), twice that of a move.
    int128 gain = 0;
    size_t out = kNone;   // Position among the accounts of the fuller one.
    size_t back = kNone;  // Of the other; kNone: a move.
  };

  size_t Fuller(size_t a, size_t b) const {
    return load_[a] >= load_[b] ? a : b;
  }

  // The step that makes a and b most even; nothing for a == b.
  void Find(size_t a, size_t b, bool exchanges) {
    if (a == b) return;
    const size_t from = Fuller(std::min(a, b), std::max(a, b));
    const size_t to = from == a ? b : a;
    const int64_t difference = load_[from] - load_[to];
    Step best;
    const auto consider = [&](int64_t shift, size_t out, size_t back) {
      if (shift <= 0 || shift >= difference) return;
      const int128 gain =
          int128(shift) * (difference - shift) * (back == kNone ? 2 : 1);
      if (gain > best.gain) best = {gain, out, back};
    };
    const std::vector<size_t>& full = free_[from];
    const std::vector<size_t>& other = free_[to];
    // The shifts nearest to half the difference, from either side. Accounts
    // fall, so one pass over both finds them, the larger ones first.
    const auto half_at_least = [&](int64_t shift) {
      return shift >= difference - shift;
    };
    const auto above = std::partition_point(
        full.begin(), full.end(),
        [&](size_t row) { return half_at_least(workload_[row]); });
    const auto split = static_cast<size_t>(above - full.begin());
    if (split > 0) consider(workload_[full[split - 1]], split - 1, kNone);
    if (split < full.size()) consider(workload_[full[split]], split, kNone);
    if (exchanges) {
      size_t j = 0;
      for (size_t i = 0; i < full.size() && !other.empty(); ++i) {
        const int64_t given = workload_[full[i]];
        // The first that leaves at least half of the difference to shift.
        while (j < other.size() &&
               !half_at_least(given - workload_[other[j]])) {
          ++j;
        }
        if (j > 0) consider(given - workload_[other[j - 1]], i, j - 1);
        if (j < other.size()) consider(given - workload_[other[j]], i, j);
      }
    }
    best_[std::min(a, b) * sellers_ + std::max(a, b)] = best;
  }

  void FindAll(bool exchanges) {
    for (size_t a = 0; a < sellers_; ++a) {
      for (size_t b = a + 1; b < sellers_; ++b) Find(a, b, exchanges);
      FindPartner(a);
    }
  }

  // After a step between a and b.
  void FindAgain(size_t a, size_t b, bool exchanges) {
    for (size_t s = 0; s < sellers_; ++s) {
      Find(a, s, exchanges);
      Find(b, s, exchanges);
    }
    for (size_t s = 0; s < sellers_; ++s) {
      if (s == a || s == b || partner_[s] == a || partner_[s] == b) {
        FindPartner(s);
        continue;
      }
      for (const size_t changed : {std::min(a, b), std::max(a, b)}) {
        const int128 gain = GainOf(s, changed);
        const int128 best = GainOf(s, partner_[s]);
        if (changed > s && (gain > best || (gain == best && gain > 0 &&
                                            changed < partner_[s]))) {
          partner_[s] = changed;
        }
      }
    }
  }

  int128 GainOf(size_t a, size_t b) const {
    return best_[a * sellers_ + b].gain;
  }

  // The first b > a of those with the largest gain; a where there is none.
  void FindPartner(size_t a) {
    partner_[a] = a;
    for (size_t b = a + 1; b < sellers_; ++b) {
      if (GainOf(a, b) > GainOf(a, partner_[a])) partner_[a] = b;
    }
  }

  size_t BestRow() const {
    size_t best = 0;
    for (size_t a = 1; a < sellers_; ++a) {
      if (GainOf(a, partner_[a]) > GainOf(best, partner_[best])) best = a;
    }
    return best;
  }

  // Where an account stands, or would, among a seller's.
  std::vector<size_t>::iterator Place(size_t s, size_t row) {
    return std::lower_bound(
        free_[s].begin(), free_[s].end(), row, [&](size_t x, size_t y) {
          return workload_[x] != workload_[y] ? workload_[x] > workload_[y]
                                              : x < y;
        });
  }

  void MoveOne(size_t row, size_t from, size_t to,
               std::vector<TerritoryMove>* moves) {
    free_[from].erase(Place(from, row));
    if (!once_) free_[to].insert(Place(to, row), row);
    load_[from] -= workload_[row];
    load_[to] += workload_[row];
    seller_[row] = static_cast<int32_t>(to);
    moves->push_back({static_cast<int64_t>(row), static_cast<int32_t>(from),
                      static_cast<int32_t>(to)});
  }

  // How many accounts moved.
  int64_t Take(size_t a, size_t b, std::vector<TerritoryMove>* moves) {
    const Step step = best_[a * sellers_ + b];
    const size_t from = Fuller(a, b);
    const size_t to = from == a ? b : a;
    const size_t out = free_[from][step.out];
    if (step.back == kNone) {
      MoveOne(out, from, to, moves);
      return 1;
    }
    const size_t back = free_[to][step.back];
    MoveOne(out, from, to, moves);
    MoveOne(back, to, from, moves);
    return 2;
  }

  absl::Span<const int64_t> workload_;
  std::vector<int32_t> seller_;
  std::vector<int64_t> load_;
  bool once_;  // Each account moves once at most.
  size_t sellers_;
  std::vector<std::vector<size_t>> free_;  // By seller, LongestFirst.
  std::vector<Step> best_;       // By the pair a < b; nothing elsewhere.
  std::vector<size_t> partner_;  // By a: FindPartner.
};

TerritoryPlan Even(absl::Span<const int64_t> workload,
                   std::vector<int32_t> seller, size_t sellers,
                   const std::vector<size_t>& order, int64_t most, bool once) {
  TerritoryPlan plan;
  plan.first = BalanceOf(workload, seller, sellers);
  Evening evening(workload, std::move(seller), plan.first.load, order, once);
  evening.Run(most, static_cast<int64_t>(workload.size()) + 1000, &plan);
  plan.seller = evening.TakeSellers();
  plan.balance = BalanceOf(workload, plan.seller, sellers);
  plan.bound = LowerBound(workload, order, sellers);
  plan.gap = plan.balance.max - plan.bound;
  return plan;
}

}  // namespace

absl::StatusOr<TerritoryBalance> MeasureTerritories(
    absl::Span<const int64_t> workload, absl::Span<const int32_t> seller,
    size_t sellers) {
  absl::Status allowed = CheckWork(workload, sellers);
  if (allowed.ok()) allowed = CheckSellers(workload.size(), seller, sellers);
  if (!allowed.ok()) return allowed;
  return BalanceOf(workload, seller, sellers);
}

absl::StatusOr<TerritoryPlan> BalanceTerritories(
    absl::Span<const int64_t> workload, size_t sellers) {
  absl::Status allowed = CheckWork(workload, sellers);
  if (!allowed.ok()) return allowed;
  const std::vector<size_t> order = LongestFirst(workload);
  return Even(workload, LongestFirstSellers(workload, order, sellers), sellers,
              order, std::numeric_limits<int64_t>::max(), false);
}

absl::StatusOr<TerritoryPlan> RebalanceTerritories(
    absl::Span<const int64_t> workload, absl::Span<const int32_t> seller,
    size_t sellers, int64_t most_moved) {
  absl::Status allowed = CheckWork(workload, sellers);
  if (allowed.ok()) allowed = CheckSellers(workload.size(), seller, sellers);
  if (!allowed.ok()) return allowed;
  if (most_moved < 0) {
    return Refuse(Reason::kValueRange, absl::StrCat("most_moved ", most_moved,
                                                    "; allowed: 0 or more"));
  }
  return Even(workload, std::vector<int32_t>(seller.begin(), seller.end()),
              sellers, LongestFirst(workload), most_moved, true);
}

}  // namespace fivek
