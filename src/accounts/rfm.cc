#include "fivek/accounts/rfm.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "fivek/base/calendar.h"
#include "fivek/base/reason.h"

namespace fivek {
namespace {

constexpr size_t kMostRules = 255;

// ---- Scores -----------------------------------------------------------------

absl::Status CheckClasses(const char* name, int32_t classes) {
  if (kFewestRfmClasses <= classes && classes <= kMostRfmClasses) {
    return absl::OkStatus();
  }
  return Refuse(Reason::kValueRange,
                absl::StrCat(name, " ", classes, "; allowed: ",
                             kFewestRfmClasses, " to ", kMostRfmClasses));
}

// The classes of the values. Scores rise with values, so a class is a range.
// The product fits: 255 x 2 n, n below 2^54.
std::vector<RankClass> ClassesOf(std::vector<int64_t> values, int32_t classes) {
  std::sort(values.begin(), values.end());
  std::vector<RankClass> list;
  const uint64_t n = values.size();
  for (size_t from = 0; from < values.size();) {
    size_t to = from + 1;
    while (to < values.size() && values[to] == values[from]) ++to;
    // Twice less + (equal - 1) / 2.
    const uint64_t doubled = 2 * uint64_t{from} + (to - from - 1);
    const auto score = static_cast<int32_t>(1 + static_cast<uint64_t>(classes) *
                                                    doubled / (2 * n));
    if (list.empty() || list.back().score != score) {
      list.push_back({score, values[from], values[from], 0});
    }
    list.back().highest = values[from];
    list.back().customers += static_cast<int64_t>(to - from);
    from = to;
  }
  return list;
}

// The score of a value that is in one of the classes.
uint8_t ScoreOf(int64_t value, const std::vector<RankClass>& classes) {
  const auto found = std::lower_bound(
      classes.begin(), classes.end(), value,
      [](const RankClass& c, int64_t v) { return c.highest < v; });
  return static_cast<uint8_t>(found->score);
}

absl::Status Check(const RfmColumns& columns, const RfmOptions& options) {
  absl::Status allowed =
      CheckClasses("recency_classes", options.recency_classes);
  if (allowed.ok()) {
    allowed = CheckClasses("frequency_classes", options.frequency_classes);
  }
  if (allowed.ok()) {
    allowed = CheckClasses("money_classes", options.money_classes);
  }
  if (!allowed.ok()) return allowed;
  const size_t n = columns.last_day.size();
  if (columns.frequency.size() != n || columns.money.size() != n) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("frequency has ", columns.frequency.size(),
                               " and money ", columns.money.size(), " rows of ",
                               n, "; allowed: one for each last_day"));
  }
  if (options.as_of < kFirstDay || options.as_of > kLastDay) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("as_of ", options.as_of,
                               "; allowed: ", kFirstDay, " to ", kLastDay));
  }
  for (size_t i = 0; i < n; ++i) {
    const auto row = static_cast<int64_t>(i);
    const int32_t last = columns.last_day[i];
    const bool bought = last != kNeverBought;
    if (bought && (last < kFirstDay || last > options.as_of)) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("last_day ", last, "; allowed: ", kFirstDay,
                                 " to as_of, ", options.as_of, ", or ",
                                 kNeverBought, " for none"),
                    {row, 0});
    }
    const int64_t frequency = columns.frequency[i];
    if (frequency < 0 || (!bought && frequency != 0)) {
      return Refuse(
          Reason::kValueRange,
          absl::StrCat("frequency ", frequency, "; allowed: ",
                       bought ? "0 or more" : "0 of who never bought"),
          {row, 1});
    }
  }
  return absl::OkStatus();
}

// Scores the values of who bought; 0 for the others.
template <typename T>
RankScores ScoreBuyers(absl::Span<const T> value,
                       absl::Span<const int32_t> last_day, int32_t classes) {
  std::vector<int64_t> ranked;
  ranked.reserve(value.size());
  for (size_t i = 0; i < value.size(); ++i) {
    if (last_day[i] != kNeverBought) ranked.push_back(value[i]);
  }
  RankScores scores;
  scores.classes = ClassesOf(std::move(ranked), classes);
  scores.score.reserve(value.size());
  for (size_t i = 0; i < value.size(); ++i) {
    scores.score.push_back(last_day[i] == kNeverBought
                               ? uint8_t{0}
                               : ScoreOf(value[i], scores.classes));
  }
  return scores;
}

// ---- Segments ---------------------------------------------------------------

absl::Status CheckOptions(const RfmSegmentOptions& options) {
  if (options.axes != RfmAxes::kFrequencyAndMoney &&
      options.axes != RfmAxes::kMean) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("axes ", static_cast<int>(options.axes),
                               "; allowed: 0 and 1"));
  }
  absl::Status allowed =
      CheckClasses("recency_classes", options.recency_classes);
  if (allowed.ok()) {
    allowed = CheckClasses("frequency_classes", options.frequency_classes);
  }
  if (allowed.ok()) {
    allowed = CheckClasses("money_classes", options.money_classes);
  }
  if (!allowed.ok()) return allowed;
  if (options.axes == RfmAxes::kMean &&
      options.frequency_classes != options.money_classes) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("money_classes ", options.money_classes,
                               "; allowed: for a mean as many as of frequency,"
                               " ",
                               options.frequency_classes));
  }
  const int64_t money =
      options.axes == RfmAxes::kMean ? 1 : options.money_classes;
  const int64_t combinations =
      int64_t{options.recency_classes} * options.frequency_classes * money;
  if (combinations > kMostRfmCombinations) {
    return Refuse(Reason::kValueRange,
                  absl::StrCat("recency_classes x frequency_classes x "
                               "money_classes ",
                               combinations, "; allowed: ",
                               kMostRfmCombinations, " or fewer"));
  }
  if (options.never_bought < 0 || options.never_bought > kMostRfmSegment) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("never_bought ", options.never_bought,
                               "; allowed: 0 to ", kMostRfmSegment));
  }
  return absl::OkStatus();
}

absl::Status CheckRange(const char* name, RfmRange range, int32_t classes,
                        Where where) {
  if (1 <= range.low && range.low <= range.high && range.high <= classes) {
    return absl::OkStatus();
  }
  return Refuse(
      Reason::kValueRange,
      absl::StrCat(name, " ", range.low, " to ", range.high,
                   "; allowed: from 1 to ", classes, ", the lower first"),
      where);
}

absl::Status CheckRule(const RfmRule& rule, const RfmSegmentOptions& options,
                       int64_t row) {
  if (rule.segment < 0 || rule.segment > kMostRfmSegment) {
    return Refuse(Reason::kUnknownCode,
                  absl::StrCat("segment ", rule.segment, "; allowed: 0 to ",
                               kMostRfmSegment),
                  {row, 0});
  }
  absl::Status allowed =
      CheckRange("recency", rule.recency, options.recency_classes, {row, 1});
  if (allowed.ok()) {
    allowed = CheckRange("frequency", rule.frequency, options.frequency_classes,
                         {row, 2});
  }
  if (allowed.ok() && options.axes == RfmAxes::kFrequencyAndMoney) {
    allowed = CheckRange("money", rule.money, options.money_classes, {row, 3});
  }
  return allowed;
}

}  // namespace

absl::StatusOr<RankScores> ScoreByRank(absl::Span<const int64_t> value,
                                       int32_t classes) {
  absl::Status allowed = CheckClasses("classes", classes);
  if (!allowed.ok()) return allowed;
  RankScores scores;
  scores.classes = ClassesOf({value.begin(), value.end()}, classes);
  scores.score.reserve(value.size());
  for (const int64_t v : value) {
    scores.score.push_back(ScoreOf(v, scores.classes));
  }
  return scores;
}

absl::StatusOr<RfmScores> ScoreRfm(const RfmColumns& columns,
                                   const RfmOptions& options) {
  absl::Status allowed = Check(columns, options);
  if (!allowed.ok()) return allowed;
  RfmScores scores;
  const auto& last_day = columns.last_day;
  scores.recency = ScoreBuyers(last_day, last_day, options.recency_classes);
  scores.frequency =
      ScoreBuyers(columns.frequency, last_day, options.frequency_classes);
  scores.money = ScoreBuyers(columns.money, last_day, options.money_classes);
  for (const int32_t last : last_day) {
    ++(last == kNeverBought ? scores.never_bought : scores.scored);
  }
  return scores;
}

RfmSegments RfmSegments::Default() {
  RfmSegmentOptions options;
  options.axes = RfmAxes::kMean;
  options.never_bought = static_cast<int32_t>(RfmSegment::kNoOrders);
  return *FromRules(kRfmRules, options);
}

absl::StatusOr<RfmSegments> RfmSegments::FromRules(
    absl::Span<const RfmRule> rules, const RfmSegmentOptions& options) {
  absl::Status allowed = CheckOptions(options);
  if (!allowed.ok()) return allowed;
  if (rules.empty() || rules.size() > kMostRules) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("rules: ", rules.size(), "; allowed: 1 to ", kMostRules));
  }
  for (size_t i = 0; i < rules.size(); ++i) {
    allowed = CheckRule(rules[i], options, static_cast<int64_t>(i));
    if (!allowed.ok()) return allowed;
  }
  const bool is_mean = options.axes == RfmAxes::kMean;
  RfmSegments segments;
  segments.options_ = options;
  std::vector<bool> wins(rules.size());
  for (int32_t r = 1; r <= options.recency_classes; ++r) {
    for (int32_t f = 1; f <= options.frequency_classes; ++f) {
      for (int32_t m = 1; m <= (is_mean ? 1 : options.money_classes); ++m) {
        const auto rule =
            std::find_if(rules.begin(), rules.end(), [&](const RfmRule& one) {
              return one.recency.Contains(r) && one.frequency.Contains(f) &&
                     (is_mean || one.money.Contains(m));
            });
        if (rule == rules.end()) {
          return Refuse(Reason::kValueRange,
                        absl::StrCat("rules: none for recency ", r,
                                     is_mean ? ", mean " : ", frequency ", f,
                                     is_mean ? "" : absl::StrCat(", money ", m),
                                     "; allowed: one for every combination"));
        }
        wins[static_cast<size_t>(rule - rules.begin())] = true;
        segments.segment_.push_back(static_cast<uint8_t>(rule->segment));
      }
    }
  }
  for (size_t i = 0; i < rules.size(); ++i) {
    if (!wins[i]) {
      return Refuse(Reason::kValueRange,
                    absl::StrCat("rules: those before rule ", i,
                                 " leave it nothing; allowed: each first for "
                                 "some combination"),
                    {static_cast<int64_t>(i), -1});
    }
  }
  return segments;
}

size_t RfmSegments::PlaceOf(int32_t recency, int32_t frequency,
                            int32_t money) const {
  const bool is_mean = options_.axes == RfmAxes::kMean;
  const int32_t f = is_mean ? (frequency + money + 1) / 2 : frequency;
  const auto row =
      static_cast<size_t>((recency - 1) * options_.frequency_classes + f - 1);
  if (is_mean) return row;
  return row * static_cast<size_t>(options_.money_classes) +
         static_cast<size_t>(money - 1);
}

int32_t RfmSegments::SegmentOf(int32_t recency, int32_t frequency,
                               int32_t money) const {
  if (recency == 0 && frequency == 0 && money == 0) {
    return options_.never_bought;
  }
  if (recency < 1 || recency > options_.recency_classes || frequency < 1 ||
      frequency > options_.frequency_classes || money < 1 ||
      money > options_.money_classes) {
    return -1;
  }
  return segment_[PlaceOf(recency, frequency, money)];
}

absl::Status RfmSegments::Assign(absl::Span<const uint8_t> recency,
                                 absl::Span<const uint8_t> frequency,
                                 absl::Span<const uint8_t> money,
                                 absl::Span<uint8_t> segment) const {
  const size_t n = recency.size();
  if (frequency.size() != n || money.size() != n || segment.size() != n) {
    return Refuse(
        Reason::kValueRange,
        absl::StrCat("frequency has ", frequency.size(), ", money ",
                     money.size(), " and segment ", segment.size(), " rows of ",
                     n, "; allowed: one for each recency"));
  }
  const struct {
    const char* name;
    absl::Span<const uint8_t> score;
    int32_t classes;
  } axes[] = {{"recency", recency, options_.recency_classes},
              {"frequency", frequency, options_.frequency_classes},
              {"money", money, options_.money_classes}};
  // All before any is written.
  for (size_t i = 0; i < n; ++i) {
    if (SegmentOf(recency[i], frequency[i], money[i]) >= 0) continue;
    for (size_t axis = 0; axis < std::size(axes); ++axis) {
      const int32_t score = axes[axis].score[i];
      if (1 <= score && score <= axes[axis].classes) continue;
      return Refuse(
          Reason::kValueRange,
          absl::StrCat(axes[axis].name, " ", score, "; allowed: 1 to ",
                       axes[axis].classes, ", or 0 on all axes"),
          {static_cast<int64_t>(i), static_cast<int32_t>(axis)});
    }
  }
  for (size_t i = 0; i < n; ++i) {
    segment[i] =
        static_cast<uint8_t>(SegmentOf(recency[i], frequency[i], money[i]));
  }
  return absl::OkStatus();
}

}  // namespace fivek
