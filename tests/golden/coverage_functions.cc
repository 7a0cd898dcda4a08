// The golden vectors of portfolio, coverage, effort and sales modes, through
// the C++ interface.
#include <array>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "fivek/accounts/coverage.h"
#include "fivek/accounts/effort.h"
#include "fivek/accounts/golden_triangle.h"
#include "fivek/accounts/portfolio.h"
#include "fivek/accounts/sales_mode.h"
#include "fivek/accounts/segment_design.h"
#include "fivek/base/reason.h"
#include "tests/golden/golden_answer.h"
#include "tests/golden/golden_input.h"

namespace fivek {
namespace {

using Json = GoldenJson;

template <size_t kSize>
void Take(const Json& input, const char* name, std::array<int32_t, kSize>* to) {
  if (input.contains(name)) *to = input.at(name);
}

Json WeighScoresOf(const Json& input) {
  const auto ranges = WeighScores(Numbers<int32_t>(input, "weight"),
                                  Flat<int32_t>(input, "score"));
  if (!ranges.ok()) return Refused(ranges.status());
  Json rows = Json::array();
  for (const ScoreRange& r : *ranges) {
    rows.push_back({r.low, r.high, r.of_known, r.unknown});
  }
  return Result(0, {{"rows", rows}});
}

Json PortfolioOf(const Json& input) {
  PortfolioOptions options;
  if (input.contains("options")) {
    const Json& o = input.at("options");
    options.attractiveness = {o[0], o[1]};
    options.relationship = {o[2], o[3]};
    options.within = o[4];
  }
  const auto p = SortPortfolio(
      Numbers<int32_t>(input, "attractiveness"),
      NumbersOrNone<int32_t>(input, "attractiveness_most"),
      Numbers<int32_t>(input, "relationship"),
      NumbersOrNone<int32_t>(input, "relationship_most"), options);
  if (!p.ok()) return Refused(p.status());
  Json rows = Json::array();
  for (const PortfolioAccount& a : p->accounts) {
    rows.push_back({a.cell, a.attractiveness, a.relationship,
                    a.attractiveness_distance, a.relationship_distance,
                    a.possible, a.near_cells});
  }
  Json count = Json::array();
  for (const int64_t c : p->count) count.push_back(Text(c));
  return Result(0, {{"levels", p->levels},
                    {"unknown", Text(p->unknown)},
                    {"borderline", Text(p->borderline)},
                    {"count", count},
                    {"rows", rows}});
}

Json TriangleOf(const Json& input) {
  TriangleOptions options;
  options.as_of = input.at("as_of");
  options.required_information = input.at("required");
  Take(input, "stale_after", &options.stale_after_days);
  Take(input, "interval", &options.interval_days);
  std::vector<TriangleAccount> accounts;
  for (const Json& a : input.at("accounts")) {
    accounts.push_back({a[0], a[1], a[2], a[3]});
  }
  const auto book =
      CheckTriangles(accounts, Flat<int32_t>(input, "learned_on"), options);
  if (!book.ok()) return Refused(book.status());
  Json fields = {{"complete", Text(book->complete)}, {"rows", Json::array()}};
  for (const TriangleStatus& s : book->accounts) {
    fields["rows"].push_back({s.missing, s.overdue, s.unknown,
                              s.missing_information, s.stale_information,
                              s.undated, s.contact_due, s.days_over});
  }
  for (const CornerCount& c : book->corners) {
    fields["present"].push_back(Text(c.present));
    fields["missing"].push_back(Text(c.missing));
    fields["overdue"].push_back(Text(c.overdue));
    fields["unknown"].push_back(Text(c.unknown));
  }
  return Result(0, fields);
}

Json SumJson(const VisitSum& s) {
  return {Text(s.accounts),        Text(s.needed),
          Text(s.planned),         Text(s.done),
          Text(s.shortfall),       Text(s.beyond),
          Text(s.planned_unknown), Text(s.done_unknown)};
}

Json VisitPlanOf(const Json& input) {
  std::vector<VisitAccount> accounts;
  for (const Json& a : input.at("accounts")) {
    accounts.push_back({a[0], a[3], a[1], a[2]});
  }
  std::vector<VisitSeller> sellers;
  for (const Json& s : input.at("sellers")) {
    sellers.push_back({s[0], s[1], {Int64Of(s[2]), Int64Of(s[3])}});
  }
  VisitOptions options;
  Take(input, "frequency", &options.frequency);
  const auto plan = PlanVisits(accounts, sellers, options);
  if (!plan.ok()) return Refused(plan.status());
  Json loads = Json::array();
  Json sums = Json::array();
  std::vector<SellerVisits> all = plan->sellers;
  all.push_back(plan->total);
  for (const SellerVisits& s : all) {
    loads.push_back({Text(s.capacity), Text(s.left), Text(s.left_planned),
                     Text(s.shortfall)});
    for (const VisitSum& its : s.classes) sums.push_back(SumJson(its));
    sums.push_back(SumJson(s.all));
  }
  return Result(0, {{"loads", loads}, {"sums", sums}});
}

Json HoursOf(const Json& input) {
  const auto r = CompareHoursAndValue(Numbers<int64_t>(input, "hours"),
                                      Numbers<int64_t>(input, "value"),
                                      NumbersOrNone<uint8_t>(input, "grade"));
  if (!r.ok()) return Refused(r.status());
  Json shares = Json::array();
  for (const HoursShare& s : r->shares) {
    shares.push_back({s.hours_ppm, s.value_ppm, Text(s.index_ppm)});
  }
  Json classes = Json::array();
  for (const HoursClass& c : r->classes) {
    classes.push_back({c.hours_ppm, c.value_ppm, Text(c.index_ppm),
                       Text(c.accounts), Text(c.hours), Text(c.value),
                       static_cast<int>(c.verdict)});
  }
  return Result(0, {{"shares", shares},
                    {"classes", classes},
                    {"mismatch_ppm", r->mismatch_ppm},
                    {"class_mismatch_ppm", r->class_mismatch_ppm},
                    {"more_hours", r->more_hours},
                    {"more_value", r->more_value},
                    {"accounts", Text(r->accounts)},
                    {"unknown", Text(r->unknown)},
                    {"negative", Text(r->negative)},
                    {"negative_hours", Text(r->negative_hours)},
                    {"hours", Text(r->hours)},
                    {"value", Text(r->value)}});
}

Json ReachJson(const ReachSum& s) {
  return {Text(s.targets),
          Text(s.reached),
          Text(s.unknown),
          Text(s.penetration_accounts),
          Text(s.penetration_unknown),
          Text(s.no_potential),
          Text(s.above_potential),
          Text(s.own),
          Text(s.potential),
          Text(s.penetration_ppm.value_or(0)),
          s.coverage_ppm,
          s.low_ppm,
          s.high_ppm,
          s.penetration_ppm.has_value() ? 1 : 0};
}

Json ReachOf(const Json& input) {
  const auto r = MeasureReach(Numbers<uint8_t>(input, "target"),
                              Numbers<uint8_t>(input, "reached"),
                              NumbersOrNone<int64_t>(input, "own"),
                              NumbersOrNone<int64_t>(input, "potential"),
                              NumbersOrNone<uint8_t>(input, "grade"));
  if (!r.ok()) return Refused(r.status());
  Json rows = Json::array();
  for (const ReachSum& s : r->classes) rows.push_back(ReachJson(s));
  rows.push_back(ReachJson(r->total));
  return Result(0, {{"rows", rows},
                    {"others", Text(r->others)},
                    {"others_reached", Text(r->others_reached)}});
}

Json RateOf(const Json& input) {
  const auto r =
      CheckRateGoal(Int64Of(input.at("part")), Int64Of(input.at("whole")),
                    input.at("goal_ppm"));
  if (!r.ok()) return Refused(r.status());
  return Result(0, {{"rate_ppm", r->rate_ppm},
                    {"gap_ppm", r->gap_ppm},
                    {"met", r->met ? 1 : 0},
                    {"missing", Text(r->missing)}});
}

EffortAccount AccountOf(const Json& a) {
  return {Real(a[0]), static_cast<ResponseForm>(a[4].get<int>()), a[3],
          Real(a[1]), Real(a[2])};
}

EffortOptions EffortOptionsOf(const Json& input) {
  return {input.at("budget"),
          static_cast<EffortMethod>(input.at("method").get<int>())};
}

Json PlanJson(const absl::StatusOr<EffortPlan>& p) {
  if (!p.ok()) return Refused(p.status());
  return Result(0, {{"visits", p->visits},
                    {"picks", p->picks},
                    {"method", static_cast<int>(p->method)},
                    {"concave", p->concave ? 1 : 0},
                    {"optimal", p->optimal ? 1 : 0},
                    {"spent", Text(p->spent)},
                    {"total", p->total},
                    {"bound", p->bound},
                    {"shadow_price", p->shadow_price},
                    {"next_gain", p->next_gain}});
}

Json EffortOf(const Json& input) {
  std::vector<EffortAccount> accounts;
  for (const Json& a : input.at("accounts")) accounts.push_back(AccountOf(a));
  return PlanJson(AllocateEffort(accounts, EffortOptionsOf(input)));
}

Json EffortTableOf(const Json& input) {
  std::vector<double> response;
  for (const Json& row : input.at("response")) {
    for (const Json& x : row) response.push_back(Real(x));
  }
  return PlanJson(AllocateEffortTable(
      response, input.at("response").at(0).size(),
      NumbersOrNone<int32_t>(input, "caps"), EffortOptionsOf(input)));
}

Json ResponseOf(const Json& input) {
  const auto value =
      ResponseValue(AccountOf(input.at("account")), input.at("visits"));
  if (!value.ok()) return Refused(value.status());
  return Result(0, {{"value", *value}});
}

Json CalibrateOf(const Json& input) {
  const auto a = CalibrateEffort(
      {Real(input.at("potential")), input.at("visits"),
       Real(input.at("share_today")), Real(input.at("share_saturation")),
       static_cast<ResponseForm>(input.at("form").get<int>()),
       Real(input.at("steepness")), input.at("cap")});
  if (!a.ok()) return Refused(a.status());
  return Result(0, {{"value", a->value},
                    {"shape", a->shape},
                    {"steepness", a->steepness},
                    {"cap", a->cap},
                    {"form", static_cast<int>(a->form)}});
}

Json ModesOf(const Json& input) {
  Json rows = Json::array();
  for (const Json& weight : input.at("weight")) {
    const auto c = ChooseSalesMode(weight.get<std::vector<int32_t>>());
    if (!c.ok()) {
      const Where at = WhereOf(c.status());
      return RefusedAt(static_cast<int>(c.status().code()),
                       {static_cast<int64_t>(rows.size()), at.column});
    }
    rows.push_back(
        {c->mode, c->possible, c->unknown, c->lead, c->low, c->high});
  }
  return Result(0, {{"rows", rows}});
}

Json PersonOf(const Json& input) {
  const auto p = TeamPersonOf(input.at("grouping"), input.at("person"));
  if (!p.ok()) return Refused(p.status());
  return Result(
      0, {{"people", p->people}, {"phases", p->phases}, {"traits", p->traits}});
}

MarketSegment SegmentOf(const Json& s) {
  MarketSegment segment;
  segment.market = Int64Of(s[0]);
  segment.average_deal = Int64Of(s[1]);
  segment.coverage_ppm = s[2];
  segment.win_rate_ppm = s[3];
  segment.mode = s[4];
  segment.grouping = s[5];
  segment.functions = s[6];
  segment.named = s[7];
  return segment;
}

Json SegmentDesignsOf(const Json& input) {
  std::vector<MarketSegment> segments;
  for (const Json& s : input.at("segments")) segments.push_back(SegmentOf(s));
  const auto book = EstimateSegments(segments);
  if (!book.ok()) return Refused(book.status());
  Json rows = Json::array();
  for (const SegmentResult& r : book->segments) {
    rows.push_back(
        {Text(r.result), Text(r.coverage_point), Text(r.win_rate_point),
         Text(r.market_tenth), Text(r.coverage_tenth), Text(r.win_rate_tenth),
         Text(r.average_deal_tenth), r.share_ppm, r.missing, r.capped_point,
         r.capped_tenth, r.best_point, r.best_tenth});
  }
  return Result(0, {{"rows", rows}, {"total", Text(book->total)}});
}

Json NeededOf(const Json& input) {
  const MarketSegment segment = SegmentOf(input.at("segment"));
  const int64_t goal = Int64Of(input.at("goal"));
  const auto ppm = input.at("factor") == 1 ? CoverageNeeded(segment, goal)
                                           : WinRateNeeded(segment, goal);
  if (!ppm.ok()) return Refused(ppm.status());
  return Result(0, {{"ppm", Text(*ppm)}});
}

}  // namespace

GoldenFunctions CoverageFunctions() {
  return {
      {"fivek_scores_weigh", WeighScoresOf},
      {"fivek_portfolio_cells", PortfolioOf},
      {"fivek_triangle_check", TriangleOf},
      {"fivek_visit_plan", VisitPlanOf},
      {"fivek_hours_against_value", HoursOf},
      {"fivek_account_coverage", ReachOf},
      {"fivek_rate_goal_check", RateOf},
      {"fivek_effort_allocate", EffortOf},
      {"fivek_effort_allocate_table", EffortTableOf},
      {"fivek_effort_response", ResponseOf},
      {"fivek_effort_calibrate", CalibrateOf},
      {"fivek_sales_mode_of", ModesOf},
      {"fivek_team_person_of", PersonOf},
      {"fivek_segment_design_result", SegmentDesignsOf},
      {"fivek_segment_rate_needed", NeededOf},
  };
}

}  // namespace fivek
