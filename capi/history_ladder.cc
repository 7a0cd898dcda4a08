// The C interface of include/fivek/history/visits.h and ladder.h.
#include <algorithm>
#include <cstring>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "capi/barrier.h"
#include "capi/counted.h"
#include "capi/estimate_out.h"
#include "capi/fivek.h"
#include "capi/list_out.h"
#include "capi/sized_struct.h"
#include "fivek/history/competing_risks.h"
#include "fivek/history/hazards.h"
#include "fivek/history/ladder.h"
#include "fivek/history/visits.h"

using fivek::LadderGroup;
using fivek::Reason;
using fivek::StageMove;
using fivek::StageVisit;
using fivek::capi::CheckStruct;
using fivek::capi::EstimateOut;
using fivek::capi::Give;
using fivek::capi::Given;
using fivek::capi::Guard;
using fivek::capi::PolicyOf;
using fivek::capi::Report;
using fivek::capi::SameBytes;
using fivek::capi::TablesOf;
using fivek::capi::WriteBytes;
using fivek::capi::WriteList;

static_assert(FIVEK_AGE_BUCKETS == fivek::kAgeBuckets);
static_assert(FIVEK_COUNT_BACK_TO + 1 == fivek::kVisitCountKinds);

struct fivek_visits {
  explicit fivek_visits(fivek::VisitStatistics s) : statistics(std::move(s)) {}

  fivek::VisitStatistics statistics;
};

struct fivek_ladder : fivek::capi::Counted {
  explicit fivek_ladder(fivek::Ladder l) : ladder(std::move(l)) {}

  fivek::Ladder ladder;
};

namespace {

// C arrays of the frozen structs, as the library has them.
template <typename To, typename From>
std::vector<To> Copied(const From* from, size_t n) {
  static_assert(sizeof(To) == sizeof(From));
  std::vector<To> to(n);
  if (n > 0) {
    std::memcpy(static_cast<void*>(to.data()), from, n * sizeof(To));
  }
  return to;
}

LadderGroup GroupOf(const fivek_ladder_group* group) {
  return group == nullptr ? LadderGroup() : SameBytes<LadderGroup>(*group);
}

fivek_status WriteEstimate(const absl::StatusOr<fivek::Estimate>& estimate,
                           fivek_estimate* out, fivek_error* error) {
  if (!estimate.ok()) return Report(estimate.status(), error);
  *out = EstimateOut(*estimate);
  return FIVEK_OK;
}

}  // namespace

// ---- Visits -----------------------------------------------------------------

fivek_status fivek_visits_from_moves(const fivek_stage_move* moves, size_t n,
                                     int32_t as_of, fivek_stage_visit* visits,
                                     size_t cap, size_t* count,
                                     fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (n > 0) FIVEK_NOT_NULL(moves);
    FIVEK_LIST_NOT_NULL(visits, cap, count);
    const auto made = fivek::VisitsOfMoves(Copied<StageMove>(moves, n), as_of);
    if (!made.ok()) return Report(made.status(), error);
    return WriteList(Copied<fivek_stage_visit>(made->data(), made->size()),
                     visits, cap, count, error);
  });
}

fivek_status fivek_moves_from_events(const fivek_policy* policy, uint64_t deal,
                                     uint32_t segment, uint32_t team,
                                     uint32_t seller, int64_t created_at,
                                     const fivek_event* events, size_t n,
                                     fivek_stage_move* moves, size_t cap,
                                     size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (n > 0) FIVEK_NOT_NULL(events);
    FIVEK_LIST_NOT_NULL(moves, cap, count);
    StageMove like;
    like.deal = deal;
    like.segment = segment;
    like.team = team;
    like.seller = seller;
    std::vector<StageMove> made;
    const absl::Status status =
        fivek::AppendMoves(PolicyOf(policy), like, created_at,
                           Copied<fivek::Event>(events, n), &made);
    if (!status.ok()) return Report(status, error);
    return WriteList(Copied<fivek_stage_move>(made.data(), made.size()), moves,
                     cap, count, error);
  });
}

fivek_status fivek_visits_check(const fivek_stage_visit* visits, size_t n,
                                int32_t as_of, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (n > 0) FIVEK_NOT_NULL(visits);
    return Report(fivek::CheckVisits(Copied<StageVisit>(visits, n), as_of),
                  error);
  });
}

fivek_status fivek_visits_create(int32_t from, int32_t as_of,
                                 fivek_visits** out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(out);
    auto statistics = fivek::VisitStatistics::Create({from, as_of});
    if (!statistics.ok()) return Report(statistics.status(), error);
    *out = new fivek_visits(*std::move(statistics));
    return FIVEK_OK;
  });
}

void fivek_visits_release(fivek_visits* visits) { delete visits; }

fivek_status fivek_visits_add(fivek_visits* visits,
                              const fivek_stage_visit* added, size_t n,
                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(visits);
    if (n > 0) FIVEK_NOT_NULL(added);
    return Report(visits->statistics.Add(Copied<StageVisit>(added, n)), error);
  });
}

fivek_status fivek_visits_merge(fivek_visits* into, const fivek_visits* from,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(into);
    FIVEK_NOT_NULL(from);
    return Report(into->statistics.Merge(from->statistics), error);
  });
}

fivek_status fivek_visits_window(const fivek_visits* visits, int32_t* from,
                                 int32_t* as_of, int64_t* added,
                                 fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(visits);
    FIVEK_NOT_NULL(from);
    FIVEK_NOT_NULL(as_of);
    FIVEK_NOT_NULL(added);
    *from = visits->statistics.window().from;
    *as_of = visits->statistics.window().as_of;
    *added = visits->statistics.visits();
    return FIVEK_OK;
  });
}

fivek_status fivek_visits_counts(const fivek_visits* visits,
                                 fivek_visit_count* out, size_t cap,
                                 size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(visits);
    FIVEK_LIST_NOT_NULL(out, cap, count);
    std::vector<fivek_visit_count> counts;
    for (const fivek::VisitGroup& group : visits->statistics.Groups()) {
      for (const fivek::VisitCell& cell : group.cells) {
        counts.push_back({group.segment, group.team, group.seller,
                          static_cast<int32_t>(cell.rung()),
                          static_cast<int32_t>(cell.kind()), cell.step(),
                          cell.count});
      }
    }
    return WriteList(counts, out, cap, count, error);
  });
}

fivek_status fivek_visits_write(const fivek_visits* visits, uint8_t* buf,
                                size_t cap, size_t* needed,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(visits);
    return WriteBytes(visits->statistics.Serialise(), buf, cap, needed, error);
  });
}

fivek_status fivek_visits_read(const uint8_t* bytes, size_t len,
                               fivek_visits** out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_TEXT_NOT_NULL(bytes, len);
    FIVEK_NOT_NULL(out);
    auto statistics =
        fivek::VisitStatistics::Read(fivek::capi::BytesIn(bytes, len));
    if (!statistics.ok()) return Report(statistics.status(), error);
    *out = new fivek_visits(*std::move(statistics));
    return FIVEK_OK;
  });
}

// ---- The ladder -------------------------------------------------------------

fivek_status fivek_competing_risks_fit(const int32_t* entry,
                                       const int32_t* time,
                                       const uint8_t* event, size_t n,
                                       fivek_competing_risks* out,
                                       fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_ALIGNED(entry);
    if (n > 0) FIVEK_NOT_NULL(time);
    if (n > 0) FIVEK_NOT_NULL(event);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const std::vector<int32_t> from_the_start(entry == nullptr ? n : 0);
    if (entry == nullptr) entry = from_the_start.data();
    const auto risks = fivek::AalenJohansen({entry, n}, {time, n}, {event, n});
    if (!risks.ok()) return Report(risks.status(), error);
    const fivek::Share share = ConversionOf(*risks);
    fivek_competing_risks result = {};
    result.survival = risks->survival;
    std::copy(risks->ended.begin(), risks->ended.end(), result.ended);
    std::copy(risks->incidence.begin(), risks->incidence.end(),
              result.incidence);
    double* cell = result.covariance;
    for (const auto& row : risks->covariance) {
      cell = std::copy(row.begin(), row.end(), cell);
    }
    result.conversion = share.value;
    result.standard_error = share.standard_error;
    result.lowest = share.lowest;
    result.highest = share.highest;
    result.effective_n = share.effective_n;
    Give(result, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_hazards_forecast(const double* won, const double* lost,
                                    size_t n, int32_t horizon,
                                    fivek_hazard_forecast* ages,
                                    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(won);
    FIVEK_NOT_NULL(lost);
    FIVEK_NOT_NULL(ages);
    const auto forecasts =
        fivek::ForecastByHazards({won, n}, {lost, n}, horizon);
    if (!forecasts.ok()) return Report(forecasts.status(), error);
    for (const fivek::HazardForecast& age : *forecasts) {
      *ages++ = {age.won_within, age.open_after, age.won_ever};
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_ladder_fit(const fivek_policy* policy,
                              const fivek_visits* visits,
                              const fivek_ladder_options* options,
                              const fivek_ladder** out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(visits);
    fivek::LadderOptions chosen;
    if (options != nullptr) {
      const fivek_status fits = CheckStruct(options, "options", error);
      if (fits != FIVEK_OK) return fits;
      const fivek_ladder_options given = Given(*options);
      if (given.learn_strength != 0 && given.learn_strength != 1) {
        return Report(Reason::kUnknownCode,
                      absl::StrCat("learn_strength ", given.learn_strength,
                                   "; allowed: 0 and 1"),
                      error);
      }
      chosen.strength = given.strength;
      chosen.learn_strength = given.learn_strength == 1;
    }
    FIVEK_NOT_NULL(out);
    auto ladder =
        fivek::FitLadder(TablesOf(policy), visits->statistics, chosen);
    if (!ladder.ok()) return Report(ladder.status(), error);
    *out = new fivek_ladder(*std::move(ladder));
    return FIVEK_OK;
  });
}

void fivek_ladder_retain(const fivek_ladder* ladder) {
  fivek::capi::Retain(ladder);
}

void fivek_ladder_release(const fivek_ladder* ladder) {
  fivek::capi::Release(ladder);
}

fivek_status fivek_ladder_groups(const fivek_ladder* ladder,
                                 fivek_ladder_group* out, size_t cap,
                                 size_t* count, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(ladder);
    FIVEK_LIST_NOT_NULL(out, cap, count);
    const std::vector<LadderGroup> groups = ladder->ladder.Groups();
    return WriteList(Copied<fivek_ladder_group>(groups.data(), groups.size()),
                     out, cap, count, error);
  });
}

fivek_status fivek_ladder_won(const fivek_ladder* ladder,
                              const fivek_ladder_group* group,
                              int32_t milestone, fivek_estimate* out,
                              fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(ladder);
    FIVEK_ALIGNED(group);
    FIVEK_NOT_NULL(out);
    return WriteEstimate(ladder->ladder.Won(GroupOf(group), milestone), out,
                         error);
  });
}

fivek_status fivek_ladder_won_at_age(const fivek_ladder* ladder,
                                     const fivek_ladder_group* group,
                                     int32_t milestone, int32_t days,
                                     fivek_estimate* out, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(ladder);
    FIVEK_ALIGNED(group);
    FIVEK_NOT_NULL(out);
    return WriteEstimate(
        ladder->ladder.WonAtAge(GroupOf(group), milestone, days), out, error);
  });
}

fivek_status fivek_ladder_won_within(
    const fivek_ladder* ladder, const fivek_ladder_group* group,
    int32_t horizon, const int32_t* milestone, const int32_t* days, size_t n,
    fivek_estimate* out, fivek_status* row_status, fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(ladder);
    FIVEK_ALIGNED(group);
    if (n > 0) FIVEK_NOT_NULL(milestone);
    if (n > 0) FIVEK_NOT_NULL(days);
    if (n > 0) FIVEK_NOT_NULL(out);
    FIVEK_ALIGNED(row_status);
    const auto within = ladder->ladder.Within(horizon);
    if (!within.ok()) return Report(within.status(), error);
    std::vector<fivek_estimate> estimates(n);
    std::vector<fivek_status> statuses(n);
    for (size_t i = 0; i < n; ++i) {
      const auto won = within->Won(GroupOf(group), milestone[i], days[i]);
      if (!won.ok() && row_status == nullptr) {
        return Report(fivek::AtRow(won.status(), {static_cast<int64_t>(i), -1}),
                      error);
      }
      statuses[i] = static_cast<fivek_status>(won.status().code());
      estimates[i] = EstimateOut(won.ok() ? *won : fivek::Estimate());
    }
    std::copy(estimates.begin(), estimates.end(), out);
    if (row_status != nullptr) {
      std::copy(statuses.begin(), statuses.end(), row_status);
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_ladder_explain(const fivek_ladder* ladder,
                                  const fivek_ladder_group* group,
                                  int32_t milestone, fivek_rung* out,
                                  fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(ladder);
    FIVEK_ALIGNED(group);
    const fivek_status fits = CheckStruct(out, "out", error);
    if (fits != FIVEK_OK) return fits;
    const auto why = ladder->ladder.Explain(GroupOf(group), milestone);
    if (!why.ok()) return Report(why.status(), error);
    fivek_rung rung = {};
    rung.visits = why->visits;
    rung.advanced = why->advanced;
    rung.lost = why->lost;
    rung.moved_back = why->moved_back;
    rung.open = why->open;
    rung.observed = why->observed.value;
    rung.standard_error = why->observed.standard_error;
    rung.lowest = why->observed.lowest;
    rung.highest = why->observed.highest;
    rung.prior = why->prior;
    rung.strength = why->strength;
    rung.back = why->back;
    rung.through = why->through;
    rung.conversion = EstimateOut(why->conversion);
    rung.won = EstimateOut(why->won);
    Give(rung, out);
    return FIVEK_OK;
  });
}

fivek_status fivek_ladder_explain_ages(const fivek_ladder* ladder,
                                       int32_t milestone, fivek_rung_age* ages,
                                       fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(ladder);
    FIVEK_NOT_NULL(ages);
    const auto why = ladder->ladder.ExplainAges(milestone);
    if (!why.ok()) return Report(why.status(), error);
    for (const fivek::AgeExplanation& age : *why) {
      *ages++ = {age.exposures, age.ended[0],  age.ended[1],  age.ended[2],
                 age.hazard[0], age.hazard[1], age.hazard[2], age.odds_ratio};
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_ladder_table(const fivek_ladder* ladder,
                                const fivek_ladder_group* group, int32_t* ppm,
                                fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(ladder);
    FIVEK_ALIGNED(group);
    FIVEK_NOT_NULL(ppm);
    const auto table = ladder->ladder.Table(GroupOf(group));
    if (!table.ok()) return Report(table.status(), error);
    std::copy(table->begin(), table->end(), ppm);
    return FIVEK_OK;
  });
}

fivek_status fivek_ages_bucket(const int32_t* days, size_t n, uint8_t* bucket,
                               fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    if (n > 0) FIVEK_NOT_NULL(days);
    if (n > 0) FIVEK_NOT_NULL(bucket);
    for (size_t i = 0; i < n; ++i) {
      bucket[i] = static_cast<uint8_t>(fivek::AgeBucketOf(days[i]));
    }
    return FIVEK_OK;
  });
}

fivek_status fivek_martingale_check(const fivek_visits* visits,
                                    const double* probability,
                                    fivek_martingale_gap* gaps,
                                    fivek_error* error) {
  return Guard(error, [&]() -> fivek_status {
    FIVEK_NOT_NULL(visits);
    FIVEK_NOT_NULL(probability);
    FIVEK_NOT_NULL(gaps);
    const auto checked = fivek::CheckMartingale(
        visits->statistics, {probability, fivek::kMilestoneCount});
    if (!checked.ok()) return Report(checked.status(), error);
    for (const fivek::MartingaleGap& gap : *checked) {
      *gaps++ = {gap.moves, gap.said,           gap.mean_next,
                 gap.gap,   gap.standard_error, 0.0};
    }
    return FIVEK_OK;
  });
}
