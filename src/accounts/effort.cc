#include "fivek/accounts/effort.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "src/accounts/response.h"
#include "src/base/not_finite.h"

namespace fivek {
namespace {

// Gains that rise by less of the largest value are rounding.
constexpr double kRounding = 0x1p-48;

// ---- Responses --------------------------------------------------------------

bool GainsNeverRise(const double* values, int32_t cap) {
  double largest = 0.0;
  for (int32_t v = 0; v <= cap; ++v) {
    largest = std::max(largest, std::fabs(values[v]));
  }
  double last = kInfinity;
  for (int32_t v = 0; v < cap; ++v) {
    const double gain = values[v + 1] - values[v];
    if (gain > last + kRounding * largest) return false;
    last = std::min(last, gain);
  }
  return true;
}

// Accounts with a formula.
class Formulas {
 public:
  explicit Formulas(absl::Span<const EffortAccount> accounts)
      : accounts_(accounts) {}

  size_t size() const { return accounts_.size(); }
  int32_t Cap(size_t i) const { return accounts_[i].cap; }
  double At(size_t i, int64_t v) const {
    return accounts_[i].value * ResponseAt(accounts_[i], v);
  }
  double Gain(size_t i, int64_t v) const {
    return accounts_[i].value * ResponseGain(accounts_[i], v);
  }
  // If that can be said without looking at each number of visits.
  bool IsConcaveByForm(size_t i) const {
    return accounts_[i].form != ResponseForm::kSigmoid ||
           accounts_[i].steepness <= 1.0 || accounts_[i].value == 0.0;
  }

 private:
  absl::Span<const EffortAccount> accounts_;
};

// Accounts with a row of a table.
class Rows {
 public:
  Rows(absl::Span<const double> values, size_t width,
       absl::Span<const int32_t> cap)
      : values_(values), width_(width), cap_(cap) {}

  size_t size() const { return values_.size() / width_; }
  int32_t Cap(size_t i) const {
    return cap_.empty() ? static_cast<int32_t>(width_ - 1) : cap_[i];
  }
  double At(size_t i, int64_t v) const {
    return values_[i * width_ + static_cast<size_t>(v)];
  }
  double Gain(size_t i, int64_t v) const { return At(i, v + 1) - At(i, v); }
  bool IsConcaveByForm(size_t i) const { return Cap(i) < 2; }

 private:
  absl::Span<const double> values_;
  size_t width_;
  absl::Span<const int32_t> cap_;
};

// ---- What all methods share -------------------------------------------------

// The next visit to an account: the largest gain first, then the lowest index.
struct Offer {
  double gain;
  size_t account;

  bool operator<(const Offer& other) const {
    if (gain != other.gain) return gain < other.gain;
    return account > other.account;
  }
};
using Offers = std::priority_queue<Offer>;

template <typename Curves>
double TotalOf(const Curves& curves, const std::vector<int32_t>& visits) {
  RunningSum sum;
  for (size_t i = 0; i < visits.size(); ++i) sum.Add(curves.At(i, visits[i]));
  return sum.Total();
}

template <typename Curves>
int64_t SumOfCaps(const Curves& curves) {
  int64_t sum = 0;
  for (size_t i = 0; i < curves.size(); ++i) sum += curves.Cap(i);
  return sum;
}

absl::Status RefuseCells(const char* what, int64_t cells) {
  return Refuse(Reason::kValueRange,
                absl::StrCat("budget and caps need ", cells, " ", what,
                             "; allowed: ", kMostEffortCells, " or fewer"));
}

// ---- Greedy -----------------------------------------------------------------

template <typename Curves>
absl::Status Greedy(const Curves& curves, int32_t budget, EffortPlan* plan) {
  const int64_t most = std::min<int64_t>(budget, SumOfCaps(curves));
  if (most > kMostEffortCells) return RefuseCells("visits", most);
  std::vector<Offer> first;
  first.reserve(curves.size());
  for (size_t i = 0; i < curves.size(); ++i) {
    const double gain = curves.Cap(i) > 0 ? curves.Gain(i, 0) : 0.0;
    if (gain > 0.0) first.push_back({gain, i});
  }
  Offers offers(std::less<Offer>(), std::move(first));
  plan->visits.assign(curves.size(), 0);
  plan->picks.reserve(static_cast<size_t>(most));
  double last = 0.0;
  while (plan->spent < budget && !offers.empty()) {
    const Offer best = offers.top();
    offers.pop();
    last = best.gain;
    const int32_t visits = ++plan->visits[best.account];
    plan->picks.push_back(static_cast<int32_t>(best.account));
    ++plan->spent;
    if (visits == curves.Cap(best.account)) continue;
    const double gain = curves.Gain(best.account, visits);
    if (gain > 0.0) offers.push({gain, best.account});
  }
  plan->shadow_price = plan->spent == budget ? last : 0.0;
  plan->next_gain = offers.empty() ? 0.0 : offers.top().gain;
  return absl::OkStatus();
}

// ---- Dynamic programme ------------------------------------------------------

// best[b]: the most that the accounts from some on bring with at most b visits;
// choice[i][b]: the most visits to account i that bring it.
template <typename Curves>
absl::Status Dynamic(const Curves& curves, int32_t budget, EffortPlan* plan) {
  const int64_t caps = SumOfCaps(curves);
  const int64_t used = std::min<int64_t>(budget, caps);
  // One more, for what it would bring.
  const int64_t width = std::min<int64_t>(int64_t{budget} + 1, caps) + 1;
  const auto n = static_cast<int64_t>(curves.size());
  if (width > kMostEffortCells || n * width > kMostEffortCells) {
    return RefuseCells("cells", width > kMostEffortCells ? width : n * width);
  }
  const auto columns = static_cast<size_t>(width);
  std::vector<int32_t> choice(curves.size() * columns);
  std::vector<double> rest(columns, 0.0);
  std::vector<double> best(columns);
  std::vector<double> response;
  for (size_t i = curves.size(); i-- > 0;) {
    const int64_t cap = std::min<int64_t>(curves.Cap(i), width - 1);
    response.clear();
    for (int64_t v = 0; v <= cap; ++v) response.push_back(curves.At(i, v));
    for (size_t b = 0; b < columns; ++b) {
      const size_t most = std::min(b, static_cast<size_t>(cap));
      double top = response[0] + rest[b];
      size_t at = 0;
      for (size_t v = 1; v <= most; ++v) {
        const double value = response[v] + rest[b - v];
        if (value >= top) {
          top = value;
          at = v;
        }
      }
      best[b] = top;
      choice[i * columns + b] = static_cast<int32_t>(at);
    }
    best.swap(rest);
  }
  // As few visits as bring as much.
  const auto last = static_cast<size_t>(used);
  size_t left = last;
  while (left > 0 && rest[left - 1] == rest[last]) --left;
  plan->spent = static_cast<int64_t>(left);
  plan->visits.reserve(curves.size());
  for (size_t i = 0; i < curves.size(); ++i) {
    const int32_t visits = choice[i * columns + left];
    plan->visits.push_back(visits);
    left -= static_cast<size_t>(visits);
  }
  if (used == budget && used > 0) {
    plan->shadow_price = rest[last] - rest[last - 1];
  }
  if (last + 1 < columns) plan->next_gain = rest[last + 1] - rest[last];
  return absl::OkStatus();
}

// ---- Concave hulls ----------------------------------------------------------

// From one corner of a hull to the next.
struct Step {
  int32_t visits;
  double slope;
};

// The steps of an account's hull that gain something.
template <typename Curves>
std::vector<Step> HullOf(const Curves& curves, size_t account) {
  struct Point {
    int32_t v;
    double value;
  };
  std::vector<Point> corners;
  for (int32_t v = 0; v <= curves.Cap(account); ++v) {
    const Point next = {v, curves.At(account, v)};
    // Those below the line to it are no corners.
    while (corners.size() >= 2) {
      const Point& a = corners[corners.size() - 2];
      const Point& b = corners.back();
      if ((b.value - a.value) * (next.v - a.v) >
          (next.value - a.value) * (b.v - a.v)) {
        break;
      }
      corners.pop_back();
    }
    corners.push_back(next);
  }
  std::vector<Step> steps;
  for (size_t i = 1; i < corners.size(); ++i) {
    const int32_t visits = corners[i].v - corners[i - 1].v;
    const double slope = (corners[i].value - corners[i - 1].value) / visits;
    if (!(slope > 0.0)) break;
    steps.push_back({visits, slope});
  }
  return steps;
}

// The most that any allocation brings, and whole steps that come near it.
template <typename Curves>
absl::Status Hull(const Curves& curves, int32_t budget, EffortPlan* plan) {
  const int64_t points =
      SumOfCaps(curves) + static_cast<int64_t>(curves.size());
  if (points > kMostEffortCells) return RefuseCells("points", points);
  std::vector<std::vector<Step>> hulls;
  hulls.reserve(curves.size());
  Offers offers;
  for (size_t i = 0; i < curves.size(); ++i) {
    hulls.push_back(HullOf(curves, i));
    if (!hulls[i].empty()) offers.push({hulls[i][0].slope, i});
  }
  plan->visits.assign(curves.size(), 0);
  std::vector<size_t> taken(curves.size(), 0);
  RunningSum bound;
  for (size_t i = 0; i < curves.size(); ++i) bound.Add(curves.At(i, 0));
  // Of the bound, which takes parts of a step too.
  int64_t left = budget;
  double last = 0.0;
  double next = 0.0;
  while (!offers.empty()) {
    const Offer offer = offers.top();
    offers.pop();
    const Step step = hulls[offer.account][taken[offer.account]];
    const int64_t part = std::min<int64_t>(step.visits, left);
    if (part > 0) {
      bound.Add(step.slope * static_cast<double>(part));
      last = step.slope;
    }
    // The budget ends in this step or before it: the next visit is of it.
    if (part < step.visits && next == 0.0) next = step.slope;
    left -= part;
    if (plan->spent + step.visits > budget) continue;  // What does not fit.
    plan->visits[offer.account] += step.visits;
    plan->spent += step.visits;
    const size_t further = ++taken[offer.account];
    if (further < hulls[offer.account].size()) {
      offers.push({hulls[offer.account][further].slope, offer.account});
    }
  }
  plan->bound = bound.Total();
  plan->shadow_price = left == 0 ? last : 0.0;
  plan->next_gain = next;
  return absl::OkStatus();
}

// ---- The choice of method ---------------------------------------------------

template <typename Curves>
absl::StatusOr<bool> AllConcave(const Curves& curves) {
  int64_t points = 0;
  for (size_t i = 0; i < curves.size(); ++i) {
    if (!curves.IsConcaveByForm(i)) points += curves.Cap(i) + int64_t{1};
  }
  if (points > kMostEffortCells) return RefuseCells("points", points);
  std::vector<double> values;
  for (size_t i = 0; i < curves.size(); ++i) {
    if (curves.IsConcaveByForm(i)) continue;
    values.clear();
    for (int32_t v = 0; v <= curves.Cap(i); ++v) {
      values.push_back(curves.At(i, v));
    }
    if (!GainsNeverRise(values.data(), curves.Cap(i))) return false;
  }
  return true;
}

template <typename Curves>
EffortMethod BestMethod(const Curves& curves, bool concave, int32_t budget) {
  if (concave) return EffortMethod::kGreedy;
  const int64_t width =
      std::min<int64_t>(int64_t{budget} + 1, SumOfCaps(curves)) + 1;
  const auto n = static_cast<int64_t>(curves.size());
  return width <= kMostEffortCells && n * width <= kMostEffortCells
             ? EffortMethod::kDynamic
             : EffortMethod::kHull;
}

template <typename Curves>
absl::StatusOr<EffortPlan> Allocate(const Curves& curves,
                                    const EffortOptions& options) {
  const absl::StatusOr<bool> concave = AllConcave(curves);
  if (!concave.ok()) return concave.status();
  EffortPlan plan;
  plan.concave = *concave;
  plan.method = options.method == EffortMethod::kAuto
                    ? BestMethod(curves, *concave, options.budget)
                    : options.method;
  absl::Status done;
  switch (plan.method) {
    case EffortMethod::kDynamic:
      done = Dynamic(curves, options.budget, &plan);
      break;
    case EffortMethod::kHull:
      done = Hull(curves, options.budget, &plan);
      break;
    case EffortMethod::kAuto:
    case EffortMethod::kGreedy:
      done = Greedy(curves, options.budget, &plan);
      break;
  }
  if (!done.ok()) return done;
  plan.total = TotalOf(curves, plan.visits);
  plan.optimal = plan.method == EffortMethod::kDynamic ||
                 (plan.method == EffortMethod::kGreedy && plan.concave);
  if (plan.method == EffortMethod::kGreedy && plan.concave) {
    plan.bound = plan.total;
    return plan;
  }
  if (plan.method != EffortMethod::kHull) {
    EffortPlan relaxed;
    done = Hull(curves, options.budget, &relaxed);
    if (!done.ok()) return done;
    plan.bound = relaxed.bound;
  }
  // Below by rounding only.
  plan.bound = std::max(plan.bound, plan.total);
  return plan;
}

absl::Status CheckOptions(const EffortOptions& options) {
  if (options.budget < 0) {
    return Refuse(Reason::kValueRange, absl::StrCat("budget ", options.budget,
                                                    "; allowed: 0 or more"));
  }
  if (static_cast<int>(options.method) >= kEffortMethodCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("method ", static_cast<int>(options.method),
                               "; allowed: 0 to ", kEffortMethodCount - 1));
  }
  return absl::OkStatus();
}

absl::Status CheckReal(const char* name, double x, double least, double most,
                       Where where) {
  if (x >= least && x <= most) return absl::OkStatus();
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", x, "; allowed: ", least, " to ", most),
                where);
}

absl::Status CheckAccount(const EffortAccount& a, int64_t row) {
  absl::Status s = CheckReal("value", a.value, 0.0, kMostEffortValue, {row, 0});
  if (!s.ok()) return s;
  if (static_cast<int>(a.form) >= kResponseFormCount) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("form ", static_cast<int>(a.form),
                               "; allowed: 0 to ", kResponseFormCount - 1),
                  {row, 1});
  }
  if (a.cap < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("cap ", a.cap, "; allowed: 0 or more"),
                  {row, 2});
  }
  const double most =
      a.form == ResponseForm::kPowerLaw ? 1.0 : kMostResponseShape;
  s = CheckReal("shape", a.shape, kLeastResponseShape, most, {row, 3});
  if (!s.ok() || a.form != ResponseForm::kSigmoid) return s;
  return CheckReal("steepness", a.steepness, kLeastResponseShape,
                   kMostSteepness, {row, 4});
}

}  // namespace

absl::StatusOr<double> ResponseValue(const EffortAccount& account,
                                     int64_t visits) {
  absl::Status allowed = CheckAccount(account, -1);
  if (!allowed.ok()) return allowed;
  if (visits < 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("visits ", visits, "; allowed: 0 or more"));
  }
  return account.value * ResponseAt(account, visits);
}

absl::StatusOr<EffortPlan> AllocateEffort(
    absl::Span<const EffortAccount> accounts, const EffortOptions& options) {
  absl::Status allowed = CheckOptions(options);
  for (size_t i = 0; allowed.ok() && i < accounts.size(); ++i) {
    allowed = CheckAccount(accounts[i], static_cast<int64_t>(i));
  }
  if (!allowed.ok()) return allowed;
  return Allocate(Formulas(accounts), options);
}

absl::StatusOr<EffortPlan> AllocateEffortTable(
    absl::Span<const double> response, size_t width,
    absl::Span<const int32_t> cap, const EffortOptions& options) {
  absl::Status allowed = CheckOptions(options);
  if (!allowed.ok()) return allowed;
  if (width == 0 || width > static_cast<size_t>(kMostEffortCells) ||
      response.size() % width != 0) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("width ", width, " for ", response.size(),
                               " values; allowed: 1 to ", kMostEffortCells,
                               ", whole rows"));
  }
  const size_t n = response.size() / width;
  if (!cap.empty() && cap.size() != n) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("cap has ", cap.size(), " rows for ", n,
                               " accounts; allowed: none or as many"));
  }
  const Rows rows(response, width, cap);
  for (size_t i = 0; i < n; ++i) {
    const auto row = static_cast<int64_t>(i);
    if (rows.Cap(i) < 0 || static_cast<size_t>(rows.Cap(i)) >= width) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("cap ", rows.Cap(i), "; allowed: 0 to ", width - 1),
          {row, -1});
    }
    for (int32_t v = 0; v <= rows.Cap(i); ++v) {
      allowed = CheckReal("response", rows.At(i, v), -kMostEffortValue,
                          kMostEffortValue, {row, v});
      if (!allowed.ok()) return allowed;
    }
  }
  return Allocate(rows, options);
}

absl::StatusOr<EffortAccount> CalibrateEffort(
    const EffortCalibration& calibration) {
  const EffortCalibration& c = calibration;
  EffortAccount account;
  account.form = c.form;
  account.cap = c.cap;
  account.steepness = c.steepness;
  absl::Status allowed =
      CheckReal("potential", c.potential, 0.0, kMostEffortValue, {});
  if (!allowed.ok()) return allowed;
  if (c.visits < 1) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("visits ", c.visits, "; allowed: 1 or more"));
  }
  if (!(c.share_saturation > 0.0 && c.share_saturation <= 1.0)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("share_saturation ", c.share_saturation,
                               "; allowed: above 0, to 1"));
  }
  if (!(c.share_today > 0.0 && c.share_today < c.share_saturation)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("share_today ", c.share_today,
                               "; allowed: above 0, below share_saturation, ",
                               c.share_saturation));
  }
  if (c.form == ResponseForm::kPowerLaw) {
    return Refuse(Reason::kUnknownCode,
                  "form 2, a power, never saturates; allowed: 0, 1 and 3");
  }
  allowed = CheckAccount(account, -1);
  if (!allowed.ok()) return allowed;
  account.value = c.potential * c.share_saturation;
  const auto visits = static_cast<double>(c.visits);
  const double reached = c.share_today / c.share_saturation;
  switch (c.form) {
    case ResponseForm::kExponential:
      account.shape = -Log1p(-reached) / visits;
      break;
    case ResponseForm::kSigmoid:
    case ResponseForm::kHyperbolic:
    case ResponseForm::kPowerLaw:
      account.shape =
          (c.form == ResponseForm::kSigmoid ? PowerOf(visits, c.steepness)
                                            : visits) *
          ((c.share_saturation - c.share_today) / c.share_today);
      break;
  }
  if (!(account.shape >= kLeastResponseShape &&
        account.shape <= kMostResponseShape)) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat("shape ", account.shape,
                               "; allowed: ", kLeastResponseShape, " to ",
                               kMostResponseShape));
  }
  return account;
}

}  // namespace fivek
