#include "fivek/history/evidence_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"
#include "fivek/base/real.h"
#include "fivek/base/reason.h"
#include "fivek/history/wilson.h"
#include "src/base/cholesky.h"
#include "src/base/logit.h"
#include "src/base/not_finite.h"
#include "src/base/serial.h"
#include "src/history/fold.h"
#include "src/history/gate.h"

namespace fivek {
namespace {

constexpr size_t kFive = kEvidenceDimensions;
constexpr size_t kMostDeals = size_t{1} << 31;

using Features = std::array<double, kFive>;

double LogFeature(uint8_t points) { return Log((points + 1.0) / 21.0); }

// ---- Input ------------------------------------------------------------------

absl::Status CheckDeal(uint8_t stage, double ladder,
                       const EvidencePoints& points, int64_t row) {
  if (stage >= kEvidenceStages) {
    return Refuse(
        Reason::kUnknownCode,
        absl::StrCat("stage ", stage, "; allowed: 0 to ", kEvidenceStages - 1),
        {row, 4});
  }
  if (!(ladder > 0.0 && ladder < 1.0)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("ladder ", ladder, "; allowed: above 0 and below 1"),
        {row, 1});
  }
  for (size_t k = 0; k < kFive; ++k) {
    if (points[k] > kMostEvidencePoints && points[k] != kUnknownPoints) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("points ", points[k], " of dimension ", k,
                                 "; allowed: 0 to 20, 255"),
                    {row, 5});
    }
  }
  return absl::OkStatus();
}

absl::Status CheckClosed(const EvidenceDeal& deal, int64_t row) {
  const absl::Status fits =
      CheckDeal(deal.stage, deal.ladder, deal.points, row);
  if (!fits.ok()) return fits;
  if (deal.ladder < kLeastEvidenceLadder) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("ladder ", deal.ladder, " of a closed deal; allowed: ",
                     kLeastEvidenceLadder, " or more, below 1"),
        {row, 1});
  }
  if (deal.won > 1) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("outcome ", deal.won, "; allowed: 0 and 1"),
                  {row, 6});
  }
  if (deal.known_on > deal.closed_on) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("evidence known on day ", deal.known_on,
                               "; allowed: up to day ", deal.closed_on,
                               ", when the deal closed"),
                  {row, 2});
  }
  return absl::OkStatus();
}

// ---- Folds ------------------------------------------------------------------

// Deals as FitLogistic takes them.
struct Rows {
  std::vector<double> features, offset;
  std::vector<uint8_t> won;

  void Add(const Features& x, double ladder, uint8_t outcome) {
    features.insert(features.end(), x.begin(), x.end());
    offset.push_back(ladder);
    won.push_back(outcome);
  }
  size_t size() const { return won.size(); }
  absl::Span<const double> Row(size_t i) const {
    return {&features[i * kFive], kFive};
  }
  bool HasBoth() const {
    return std::find(won.begin(), won.end(), 0) != won.end() &&
           std::find(won.begin(), won.end(), 1) != won.end();
  }
  absl::StatusOr<LogisticModel> Fit(double l2) const {
    LogisticRows rows;
    rows.columns = kFive;
    rows.features = features;
    rows.won = won;
    rows.offset = offset;
    LogisticOptions options;
    options.l2 = l2;
    options.non_negative = true;
    return FitLogistic(rows, options);
  }
};

// The forecast of each row by a fit to the other folds; of others with one
// outcome, the ladder's.
absl::StatusOr<std::vector<double>> OutOfFold(const Rows& rows,
                                              const std::vector<int>& fold,
                                              double l2) {
  std::vector<double> forecast(rows.size());
  for (int held = 0; held < kFolds; ++held) {
    Rows others;
    for (size_t i = 0; i < rows.size(); ++i) {
      if (fold[i] == held) continue;
      Features x;
      std::copy_n(rows.Row(i).begin(), kFive, x.begin());
      others.Add(x, rows.offset[i], rows.won[i]);
    }
    LogisticModel model;
    model.weights.assign(kFive, 0.0);
    if (others.HasBoth()) {
      absl::StatusOr<LogisticModel> fit = others.Fit(l2);
      if (!fit.ok()) return fit.status();
      model = *std::move(fit);
    }
    for (size_t i = 0; i < rows.size(); ++i) {
      if (fold[i] != held) continue;
      forecast[i] = Sigmoid(rows.offset[i] + model.LogOdds(rows.Row(i)));
    }
  }
  return forecast;
}

// ---- Explanations -----------------------------------------------------------

int32_t ToPpm(double p) {
  return static_cast<int32_t>(std::floor(p * 1e6 + 0.5));
}

// What each log-odds share adds to the probability: 32 of them, one for each
// set of dimensions that are known.
Features ShapleyOf(double base, const Features& share) {
  constexpr size_t kSets = size_t{1} << kFive;
  std::array<double, kSets> p;
  for (size_t set = 0; set < kSets; ++set) {
    double z = base;
    for (size_t k = 0; k < kFive; ++k) {
      if ((set >> k & 1) != 0) z += share[k];
    }
    p[set] = Sigmoid(z);
  }
  // Of 5! orders, how many have s before k and 4 - s after: s! (4 - s)!.
  constexpr std::array<double, kFive> kOrders = {24, 6, 4, 6, 24};
  Features value = {};
  for (size_t k = 0; k < kFive; ++k) {
    if (share[k] == 0.0) continue;
    RunningSum sum;
    for (size_t set = 0; set < kSets; ++set) {
      if ((set >> k & 1) != 0) continue;
      size_t size = 0;
      for (size_t j = 0; j < kFive; ++j) size += set >> j & 1;
      sum.Add(kOrders[size] * (p[set | size_t{1} << k] - p[set]));
    }
    value[k] = sum.Total() / 120.0;
  }
  return value;
}

// Rounds shares so that they add up to `total`.
std::array<int32_t, kFive> RoundTo(const Features& share, int32_t total) {
  std::array<int32_t, kFive> rounded;
  std::array<double, kFive> rest;
  std::array<size_t, kFive> order;
  int32_t left = total;
  for (size_t k = 0; k < kFive; ++k) {
    const double floor = std::floor(share[k] * 1e6);
    rounded[k] = static_cast<int32_t>(floor);
    rest[k] = share[k] * 1e6 - floor;
    left -= rounded[k];
    order[k] = k;
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return rest[a] > rest[b]; });
  for (size_t i = 0; left > 0; i = (i + 1) % kFive, --left) {
    ++rounded[order[i]];
  }
  for (size_t i = 0; left < 0; i = (i + 1) % kFive, ++left) {
    --rounded[order[kFive - 1 - i]];
  }
  return rounded;
}

}  // namespace

// ---- The model --------------------------------------------------------------

std::array<double, kFive> EvidenceModel::Features(
    uint8_t stage, const EvidencePoints& points) const {
  std::array<double, kFive> x = {};
  for (size_t k = 0; k < kFive; ++k) {
    if (points[k] == kUnknownPoints) continue;
    x[k] = LogFeature(points[k]) - mean_[stage][k];
  }
  return x;
}

absl::StatusOr<EvidenceFit> EvidenceModel::Fit(
    absl::Span<const EvidenceDeal> deals, const EvidenceOptions& options) {
  if (options.from_day > options.as_of) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("a window from day ", options.from_day,
                               " to day ", options.as_of,
                               "; allowed: that ends when it begins or later"));
  }
  if (deals.size() > kMostDeals) {
    return Refuse(Reason::kOverflow,
                  absl::StrCat(deals.size(), " deals; allowed: 2^31 or fewer"));
  }
  std::vector<size_t> used;
  using Counts = std::array<int64_t, kMostEvidencePoints + 1>;
  std::array<std::array<Counts, kFive>, kEvidenceStages + 1> counts = {};
  size_t won = 0;
  for (size_t i = 0; i < deals.size(); ++i) {
    const EvidenceDeal& deal = deals[i];
    if (deal.closed_on < options.from_day || deal.closed_on > options.as_of) {
      continue;
    }
    const absl::Status fits = CheckClosed(deal, static_cast<int64_t>(i));
    if (!fits.ok()) return fits;
    used.push_back(i);
    won += deal.won;
    for (size_t k = 0; k < kFive; ++k) {
      if (deal.points[k] == kUnknownPoints) continue;
      ++counts[deal.stage][k][deal.points[k]];
      ++counts[kEvidenceStages][k][deal.points[k]];
    }
  }

  EvidenceFit result;
  EvidenceModel& model = result.model;
  model.model_.weights.assign(kFive, 0.0);
  // From counts, so that the order of deals is not in the sums. A stage in
  // which a dimension was never known has the mean of all.
  for (size_t k = 0; k < kFive; ++k) {
    for (size_t stage = kEvidenceStages + 1; stage-- > 0;) {
      double sum = 0.0;
      double rows = 0.0;
      for (size_t points = 0; points <= kMostEvidencePoints; ++points) {
        const auto count = static_cast<double>(counts[stage][k][points]);
        sum += count * LogFeature(static_cast<uint8_t>(points));
        rows += count;
      }
      if (stage == kEvidenceStages) {
        const double mean = rows > 0.0 ? sum / rows : 0.0;
        for (auto& of_stage : model.mean_) of_stage[k] = mean;
      } else if (rows > 0.0) {
        model.mean_[stage][k] = sum / rows;
      }
    }
  }

  result.out_of_fold.assign(deals.size(), -1.0);
  for (const size_t i : used) result.out_of_fold[i] = deals[i].ladder;
  model.gate_.rows = static_cast<int64_t>(used.size());
  const size_t lost = used.size() - won;
  if (used.size() < kLeastEvidenceDeals || won < kLeastEvidenceOutcomes ||
      lost < kLeastEvidenceOutcomes) {
    return result;
  }

  Rows rows;
  std::vector<int> fold;
  std::vector<double> ladder;
  for (const size_t i : used) {
    const EvidenceDeal& deal = deals[i];
    rows.Add(model.Features(deal.stage, deal.points), Logit(deal.ladder),
             deal.won);
    fold.push_back(FoldOf(deal.id));
    ladder.push_back(deal.ladder);
  }
  std::vector<double> best;
  double least = kInfinity;
  for (const double l2 : kEvidenceL2) {
    absl::StatusOr<std::vector<double>> forecast = OutOfFold(rows, fold, l2);
    if (!forecast.ok()) return forecast.status();
    const auto quality = EvaluateForecasts(*forecast, rows.won);
    if (!quality.ok()) return quality.status();
    if (quality->log_loss < least) {
      least = quality->log_loss;
      best = *std::move(forecast);
      model.l2_ = l2;
    }
  }
  const absl::StatusOr<GateResult> gate =
      CompareForecasts(ladder, best, rows.won);
  if (!gate.ok()) return gate.status();
  model.gate_ = *gate;
  for (size_t i = 0; i < used.size(); ++i) {
    result.out_of_fold[used[i]] = best[i];
  }
  if (!model.adopted()) return result;
  absl::StatusOr<LogisticModel> fit = rows.Fit(model.l2_);
  if (!fit.ok()) return fit.status();
  model.model_ = *std::move(fit);
  return result;
}

absl::StatusOr<EvidenceExplanation> EvidenceModel::Explain(
    uint8_t stage, double ladder, const EvidencePoints& points) const {
  const absl::Status fits = CheckDeal(stage, ladder, points, -1);
  if (!fits.ok()) return fits;
  const std::array<double, kFive> x = Features(stage, points);
  const std::array<double, kFive> weight = weights();
  EvidenceExplanation why;
  why.ladder_log_odds = Logit(ladder);
  why.intercept = model_.intercept;
  const double base = why.ladder_log_odds + why.intercept;
  why.log_odds = base;
  for (size_t k = 0; k < kFive; ++k) {
    why.log_odds_share[k] = weight[k] * x[k];
    why.log_odds += why.log_odds_share[k];
  }
  why.probability_ppm = ToPpm(Sigmoid(why.log_odds));
  why.reference_ppm = ToPpm(Sigmoid(base));
  why.share_ppm = RoundTo(ShapleyOf(base, why.log_odds_share),
                          why.probability_ppm - why.reference_ppm);
  return why;
}

absl::StatusOr<Estimate> EvidenceModel::Predict(
    uint8_t stage, double ladder, const EvidencePoints& points) const {
  if (!adopted()) {
    Estimate unknown;  // In [0, 1].
    unknown.value = ladder;
    return Predict(stage, unknown, points);
  }
  Estimate exact;
  exact.value = exact.low = exact.high = ladder;
  exact.effective_n = kInfinity;
  return Predict(stage, exact, points);
}

absl::StatusOr<Estimate> EvidenceModel::Predict(
    uint8_t stage, const Estimate& ladder, const EvidencePoints& points) const {
  const absl::StatusOr<EvidenceExplanation> why =
      Explain(stage, ladder.value, points);
  if (!why.ok()) return why.status();
  if (!(0.0 <= ladder.low && ladder.low <= ladder.value &&
        ladder.value <= ladder.high && ladder.high <= 1.0)) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("ladder ", ladder.value, " in [", ladder.low, ", ",
                     ladder.high, "]; allowed: inside, from 0 to 1"),
        {-1, 1});
  }
  if (!(ladder.effective_n >= 0.0)) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("effective_n ", ladder.effective_n,
                               " of the ladder; allowed: 0 or more"),
                  {-1, 1});
  }
  if (!adopted()) {
    Estimate estimate = ladder;
    if (gate_.verdict != GateVerdict::kTooFewRows) {
      estimate.source = Source::kNoSignal;
    }
    return estimate;
  }
  const double variance = model_.Variance(Features(stage, points));
  const double half_width = kZ90 * std::sqrt(variance);
  // Of a bound of the ladder, that of the estimate; 0 and 1 stay.
  const auto bound = [&](double of_ladder, double sign) {
    if (of_ladder <= 0.0 || of_ladder >= 1.0) return of_ladder;
    const double distance = Logit(of_ladder) - why->ladder_log_odds;
    return Sigmoid(why->log_odds + sign * std::sqrt(distance * distance +
                                                    half_width * half_width));
  };
  Estimate estimate;
  const double p = Sigmoid(why->log_odds);
  estimate.value = p;
  // Where it is narrow, rounding may put p outside.
  estimate.low = std::min(p, bound(ladder.low, -1.0));
  estimate.high = std::max(p, bound(ladder.high, 1.0));
  const double per_deal = std::max(p * (1.0 - p) * variance, 1e-15);
  estimate.effective_n = 1.0 / (1.0 / ladder.effective_n + per_deal);
  estimate.source = Source::kShrunk;
  return estimate;
}

double EvidenceModel::intercept() const { return model_.intercept; }

std::array<double, kFive> EvidenceModel::weights() const {
  std::array<double, kFive> weights = {};
  std::copy_n(model_.weights.begin(), model_.weights.size(), weights.begin());
  return weights;
}

// ---- The serialised form ----------------------------------------------------

namespace {

constexpr SerialForm kEvidenceModelForm = {"evidence model", "5Kweight", 1};
constexpr size_t kOfModel = 1 + kFive;  // Intercept and weights.
constexpr size_t kDoubles =
    1 + kOfModel + kEvidenceStages * kFive + kOfModel * kOfModel;
constexpr size_t kContentSize = 4 + kGateSize + kDoubles * sizeof(double);

// An inverse is rounded by 1e-16 x how near to singular the curvature is: some
// 10 rows / l2, so that is enough for all that can be fitted.
constexpr double kSlack = 1e-5;

// Whether l2 is what a fit that ended with this gate has.
bool IsL2(double l2, const GateResult& gate) {
  if (!WasCompared(gate)) return IsWithin(l2, 0.0, 0.0);
  return gate.rows >= static_cast<int64_t>(kLeastEvidenceDeals) &&
         std::find(kEvidenceL2.begin(), kEvidenceL2.end(), l2) !=
             kEvidenceL2.end();
}

// The objective is at most that of no weights, where a row has an offset within
// 49 of 0 (kLeastEvidenceLadder) and a loss below 51: so l2 / 2 sum w^2 <= 51
// rows. The mean forecast is the share that was won, at least 10 / 2^31, so
// some row has log-odds above -20 and some below 20; with x within 3.05 of 0
// that bounds the intercept.
bool IsMinimum(const LogisticModel& model, double l2, int64_t rows) {
  double sum = 0.0;
  double squares = 0.0;
  for (const double weight : model.weights) {
    if (!IsWithin(weight, 0.0, 1e6)) return false;
    sum += weight;
    squares += weight * weight;
  }
  const double most = 70.0 + 3.05 * sum;
  return l2 / 2 * squares <= 51.0 * static_cast<double>(rows) &&
         IsWithin(model.intercept, -most, most);
}

// The inverse of l2 on the diagonal and what the rows add to it, of the
// intercept and the weights above 0; the rest is 0. A row adds at most 1/4 for
// the intercept and 1/4 of 3.05^2 for a weight.
bool IsCovariance(const LogisticModel& model, double l2, int64_t rows) {
  const std::vector<double>& all = model.covariance;
  std::vector<size_t> free = {0};
  for (size_t k = 0; k < kFive; ++k) {
    if (model.weights[k] > 0.0) free.push_back(k + 1);
  }
  const auto is_free = [&free](size_t i) {
    return std::find(free.begin(), free.end(), i) != free.end();
  };
  for (size_t i = 0; i < kOfModel; ++i) {
    const double own = all[i * kOfModel + i];
    const auto n = static_cast<double>(rows);
    const double least = (1.0 - kSlack) / (i == 0 ? n / 4 : l2 + 2.33 * n);
    const double most = i == 0 ? 1e30 : (1.0 + kSlack) / l2;
    if (!(is_free(i) ? IsWithin(own, least, most) : IsWithin(own, 0.0, 0.0))) {
      return false;
    }
    for (size_t j = 0; j < i; ++j) {
      const double a = all[i * kOfModel + j];
      const double b = all[j * kOfModel + i];
      const double scale = std::sqrt(own * all[j * kOfModel + j]);
      // Of those that are not free the scale is 0.
      const double bound = scale * (1.0 + kSlack);
      if (!IsWithin(a, -bound, bound) || !IsWithin(b, -bound, bound) ||
          !(std::abs(a - b) <= kSlack * scale)) {
        return false;
      }
    }
  }
  std::vector<double> part;
  for (const size_t i : free) {
    for (const size_t j : free) part.push_back(all[i * kOfModel + j]);
  }
  return Cholesky(std::move(part), free.size()).ok();
}

bool IsZero(const std::vector<double>& numbers) {
  return std::all_of(numbers.begin(), numbers.end(),
                     [](double x) { return IsWithin(x, 0.0, 0.0); });
}

}  // namespace

std::string EvidenceModel::Serialise() const {
  SerialWriter out(kEvidenceModelForm, kContentSize);
  out.Put32(0);
  out.PutDouble(l2_);
  PutGate(gate_, &out);
  out.PutDouble(model_.intercept);
  for (const double weight : weights()) out.PutDouble(weight);
  for (const auto& of_stage : mean_) {
    for (const double mean : of_stage) out.PutDouble(mean);
  }
  for (size_t i = 0; i < kOfModel * kOfModel; ++i) {
    out.PutDouble(adopted() ? model_.covariance[i] : 0.0);
  }
  return out.Finish();
}

absl::StatusOr<EvidenceModel> EvidenceModel::Read(absl::string_view bytes) {
  absl::StatusOr<SerialReader> opened =
      SerialReader::Open(kEvidenceModelForm, bytes);
  if (!opened.ok()) return opened.status();
  SerialReader& reader = *opened;
  if (reader.left() != kContentSize) {
    return Damaged(
        kEvidenceModelForm,
        absl::StrCat(bytes.size(), " bytes; it has ",
                     kSerialHeaderSize + kContentSize + kSerialChecksumSize));
  }
  EvidenceModel model;
  const uint32_t zero = reader.Take32();
  model.l2_ = reader.TakeDouble();
  const absl::optional<GateResult> gate = TakeGate(&reader);
  if (zero != 0 || !gate.has_value() || !IsL2(model.l2_, *gate)) {
    return Damaged(kEvidenceModelForm, "what is said of the fit cannot be");
  }
  model.gate_ = *gate;
  LogisticModel& fit = model.model_;
  fit.intercept = reader.TakeDouble();
  for (size_t k = 0; k < kFive; ++k) fit.weights.push_back(reader.TakeDouble());

  // Means of what is at most 0, rounded.
  const double least = gate->rows > 0 ? LogFeature(0) * (1.0 + 1e-12) : 0.0;
  for (size_t stage = 0; stage < kEvidenceStages; ++stage) {
    for (size_t k = 0; k < kFive; ++k) {
      model.mean_[stage][k] = reader.TakeDouble();
      if (!IsWithin(model.mean_[stage][k], least, 0.0)) {
        return Damaged(kEvidenceModelForm,
                       absl::StrCat("the mean of dimension ", k, " in stage ",
                                    stage, " cannot be"));
      }
    }
  }
  for (size_t i = 0; i < kOfModel * kOfModel; ++i) {
    fit.covariance.push_back(reader.TakeDouble());
  }
  if (!model.adopted()) {
    if (!IsWithin(fit.intercept, 0.0, 0.0) || !IsZero(fit.weights) ||
        !IsZero(fit.covariance)) {
      return Damaged(kEvidenceModelForm, "weights without a signal");
    }
    fit.covariance.clear();
    return model;
  }
  if (!IsMinimum(fit, model.l2_, gate->rows)) {
    return Damaged(kEvidenceModelForm, "the weights cannot be");
  }
  if (!IsCovariance(fit, model.l2_, gate->rows)) {
    return Damaged(kEvidenceModelForm, "the covariance cannot be");
  }
  return model;
}

// ---- The five as they are ---------------------------------------------------

absl::StatusOr<FiveK> FiveKOf(const EvidencePoints& points) {
  FiveK five;
  int64_t product = 1;
  int64_t sum = 0;
  double logs = 0.0;
  const uint8_t least = *std::min_element(points.begin(), points.end());
  for (size_t k = 0; k < kFive; ++k) {
    if (points[k] > kMostEvidencePoints) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("points ", points[k], "; allowed: 0 to 20, all known"),
          {-1, static_cast<int32_t>(k)});
    }
    product *= points[k];
    sum += points[k];
    five.log_feature[k] = LogFeature(points[k]);
    logs += five.log_feature[k];
    if (points[k] == least) five.weakest |= 1U << k;
  }
  five.product = static_cast<double>(product) / 3.2e6;  // 20^5
  five.geometric_mean = product == 0 ? 0.0 : Exp(Log(five.product) / 5.0);
  five.arithmetic_mean = static_cast<double>(sum) / 100.0;
  five.smoothed_product = Exp(logs);
  if (logs < 0.0) {
    for (size_t k = 0; k < kFive; ++k) {
      five.drag_share[k] = five.log_feature[k] / logs;
    }
  }
  return five;
}

}  // namespace fivek
