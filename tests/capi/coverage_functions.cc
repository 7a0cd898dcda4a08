// The golden vectors of portfolio, coverage, effort and sales modes, through
// the C interface and nothing but it.
#include <cstdint>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "tests/capi/golden_call.h"

namespace fivek {
namespace {

using Json = GoldenJson;

Json WeighScores(const Json& input) {
  const auto weight = Numbers<int32_t>(input, "weight");
  const auto score = Flat<int32_t>(input, "score");
  std::vector<fivek_score_range> out(input.at("score").size());
  Failure failure;
  const int status =
      fivek_scores_weigh(Start(weight), weight.size(), Start(score), out.size(),
                         Start(out), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json rows = Json::array();
  for (const fivek_score_range& r : out) {
    rows.push_back({r.low, r.high, r.of_known, r.unknown});
  }
  return Result(0, {{"rows", rows}});
}

Json Portfolio(const Json& input) {
  const auto attractiveness = Numbers<int32_t>(input, "attractiveness");
  const auto relationship = Numbers<int32_t>(input, "relationship");
  const OptionalColumn<int32_t> attractiveness_most(input,
                                                    "attractiveness_most");
  const OptionalColumn<int32_t> relationship_most(input, "relationship_most");
  auto options = Sized<fivek_portfolio_options>();
  const bool has_options = input.contains("options");
  if (has_options) {
    const Json& o = input.at("options");
    options.attractiveness_cut = o[0];
    options.attractiveness_medium = o[1];
    options.relationship_cut = o[2];
    options.relationship_medium = o[3];
    options.within = o[4];
  }
  std::vector<fivek_portfolio_account> accounts(attractiveness.size());
  auto book = Sized<fivek_portfolio>();
  Failure failure;
  const int status = fivek_portfolio_cells(
      Start(attractiveness), attractiveness_most.get(), Start(relationship),
      relationship_most.get(), accounts.size(),
      has_options ? &options : nullptr, Start(accounts), &book, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json rows = Json::array();
  for (const fivek_portfolio_account& a : accounts) {
    EXPECT_EQ(a.reserved, 0U);
    rows.push_back({a.cell, a.attractiveness, a.relationship,
                    a.attractiveness_distance, a.relationship_distance,
                    a.possible, a.near_cells});
  }
  return Result(0, {{"levels", book.levels},
                    {"unknown", Text(book.unknown)},
                    {"borderline", Text(book.borderline)},
                    {"count", Texts({book.count, book.count + 9})},
                    {"rows", rows}});
}

Json Triangle(const Json& input) {
  std::vector<fivek_triangle_account> accounts;
  for (const Json& a : input.at("accounts")) {
    accounts.push_back({a[0], a[1], a[2], a[3], {0, 0, 0}});
  }
  const auto learned = Flat<int32_t>(input, "learned_on");
  const OptionalColumn<int32_t> stale(input, "stale_after");
  const OptionalColumn<int32_t> interval(input, "interval");
  std::vector<fivek_triangle_status> out(accounts.size());
  auto book = Sized<fivek_triangle_book>();
  Failure failure;
  const int status =
      fivek_triangle_check(Start(accounts), accounts.size(),
                           learned.empty() ? nullptr : learned.data(),
                           input.at("as_of"), input.at("required"), stale.get(),
                           interval.get(), Start(out), &book, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json rows = Json::array();
  for (const fivek_triangle_status& s : out) {
    rows.push_back({s.missing, s.overdue, s.unknown, s.missing_information,
                    s.stale_information, s.undated, s.contact_due,
                    s.days_over});
  }
  return Result(0, {{"complete", Text(book.complete)},
                    {"rows", rows},
                    {"present", Texts({book.present, book.present + 3})},
                    {"missing", Texts({book.missing, book.missing + 3})},
                    {"overdue", Texts({book.overdue, book.overdue + 3})},
                    {"unknown", Texts({book.unknown, book.unknown + 3})}});
}

Json VisitPlan(const Json& input) {
  std::vector<fivek_visit_account> accounts;
  for (const Json& a : input.at("accounts")) {
    accounts.push_back({a[0], a[1], a[2], a[3], {0, 0, 0}});
  }
  std::vector<fivek_visit_seller> sellers;
  for (const Json& s : input.at("sellers")) {
    sellers.push_back({s[0], s[1], Int64Of(s[2]), Int64Of(s[3])});
  }
  const OptionalColumn<int32_t> frequency(input, "frequency");
  std::vector<fivek_visit_load> loads(sellers.size() + 1);
  std::vector<fivek_visit_sum> sums(loads.size() * (FIVEK_CLASS_SLOTS + 1));
  Failure failure;
  const int status = fivek_visit_plan(
      Start(accounts), accounts.size(), Start(sellers), sellers.size(),
      frequency.get(), Start(loads), Start(sums), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json load_rows = Json::array();
  for (const fivek_visit_load& l : loads) {
    load_rows.push_back({Text(l.capacity), Text(l.left), Text(l.left_planned),
                         Text(l.shortfall)});
  }
  Json sum_rows = Json::array();
  for (const fivek_visit_sum& s : sums) {
    sum_rows.push_back({Text(s.accounts), Text(s.needed), Text(s.planned),
                        Text(s.done), Text(s.shortfall), Text(s.beyond),
                        Text(s.planned_unknown), Text(s.done_unknown)});
  }
  return Result(0, {{"loads", load_rows}, {"sums", sum_rows}});
}

Json Hours(const Json& input) {
  const auto hours = Numbers<int64_t>(input, "hours");
  const auto value = Numbers<int64_t>(input, "value");
  const OptionalColumn<uint8_t> grade(input, "grade");
  std::vector<fivek_hours_share> shares(hours.size());
  std::vector<fivek_hours_class> classes(FIVEK_CLASS_SLOTS);
  auto out = Sized<fivek_hours>();
  Failure failure;
  const int status = fivek_hours_against_value(
      Start(hours), Start(value), grade.get(), hours.size(), Start(shares),
      Start(classes), &out, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json share_rows = Json::array();
  for (const fivek_hours_share& s : shares) {
    share_rows.push_back({s.hours_ppm, s.value_ppm, Text(s.index_ppm)});
  }
  Json class_rows = Json::array();
  for (const fivek_hours_class& c : classes) {
    class_rows.push_back({c.hours_ppm, c.value_ppm, Text(c.index_ppm),
                          Text(c.accounts), Text(c.hours), Text(c.value),
                          c.verdict});
  }
  return Result(0, {{"shares", share_rows},
                    {"classes", class_rows},
                    {"mismatch_ppm", out.mismatch_ppm},
                    {"class_mismatch_ppm", out.class_mismatch_ppm},
                    {"more_hours", out.more_hours},
                    {"more_value", out.more_value},
                    {"accounts", Text(out.accounts)},
                    {"unknown", Text(out.unknown)},
                    {"negative", Text(out.negative)},
                    {"negative_hours", Text(out.negative_hours)},
                    {"hours", Text(out.hours)},
                    {"value", Text(out.value)}});
}

Json Reach(const Json& input) {
  const auto target = Numbers<uint8_t>(input, "target");
  const auto reached = Numbers<uint8_t>(input, "reached");
  const OptionalColumn<int64_t> own(input, "own");
  const OptionalColumn<int64_t> potential(input, "potential");
  const OptionalColumn<uint8_t> grade(input, "grade");
  std::vector<fivek_reach> out(FIVEK_CLASS_SLOTS + 1);
  int64_t others = 0;
  int64_t others_reached = 0;
  Failure failure;
  const int status = fivek_account_coverage(
      Start(target), Start(reached), own.get(), potential.get(), grade.get(),
      target.size(), Start(out), &others, &others_reached, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json rows = Json::array();
  for (const fivek_reach& r : out) {
    rows.push_back({Text(r.targets), Text(r.reached), Text(r.unknown),
                    Text(r.penetration_accounts), Text(r.penetration_unknown),
                    Text(r.no_potential), Text(r.above_potential), Text(r.own),
                    Text(r.potential), Text(r.penetration_ppm), r.coverage_ppm,
                    r.low_ppm, r.high_ppm, r.has_penetration});
  }
  return Result(0, {{"rows", rows},
                    {"others", Text(others)},
                    {"others_reached", Text(others_reached)}});
}

Json Rate(const Json& input) {
  int32_t rate = 0;
  int32_t gap = 0;
  int32_t met = 0;
  int64_t missing = 0;
  Failure failure;
  const int status = fivek_rate_goal_check(
      Int64Of(input.at("part")), Int64Of(input.at("whole")),
      input.at("goal_ppm"), &rate, &gap, &met, &missing, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"rate_ppm", rate},
                    {"gap_ppm", gap},
                    {"met", met},
                    {"missing", Text(missing)}});
}

fivek_effort_account AccountOf(const Json& a) {
  return {Real(a[0]), Real(a[1]), Real(a[2]), a[3], a[4]};
}

// Allocates and shows what came out; `call` takes visits, the list and out.
template <typename Call>
Json Plan(size_t n, const Call& call) {
  std::vector<int32_t> visits(n);
  std::vector<int32_t> picks;
  auto out = Sized<fivek_effort>();
  const int status = TakeList(
      [&](int32_t* list, size_t cap, size_t* count) {
        return call(Start(visits), list, cap, count, &out);
      },
      &picks);
  if (status != FIVEK_OK) return Refusal(status);
  return Result(0, {{"visits", visits},
                    {"picks", picks},
                    {"method", out.method},
                    {"concave", out.concave},
                    {"optimal", out.optimal},
                    {"spent", Text(out.spent)},
                    {"total", out.total},
                    {"bound", out.bound},
                    {"shadow_price", out.shadow_price},
                    {"next_gain", out.next_gain}});
}

Json Effort(const Json& input) {
  std::vector<fivek_effort_account> accounts;
  for (const Json& a : input.at("accounts")) accounts.push_back(AccountOf(a));
  Failure failure;
  Json result =
      Plan(accounts.size(), [&](int32_t* visits, int32_t* picks, size_t cap,
                                size_t* count, fivek_effort* out) {
        return fivek_effort_allocate(
            Start(accounts), accounts.size(), input.at("budget"),
            input.at("method"), visits, picks, cap, count, out, failure.get());
      });
  if (result.at("status") == 0) return result;
  return RefusedAt(result.at("status"), failure.where());
}

Json EffortTable(const Json& input) {
  const auto response = Flat<double>(input, "response");
  const OptionalColumn<int32_t> caps(input, "caps");
  const size_t n = input.at("response").size();
  Failure failure;
  Json result = Plan(n, [&](int32_t* visits, int32_t* picks, size_t cap,
                            size_t* count, fivek_effort* out) {
    return fivek_effort_allocate_table(
        Start(response), n, response.size() / n, caps.get(), input.at("budget"),
        input.at("method"), visits, picks, cap, count, out, failure.get());
  });
  if (result.at("status") == 0) return result;
  return RefusedAt(result.at("status"), failure.where());
}

Json Response(const Json& input) {
  const fivek_effort_account account = AccountOf(input.at("account"));
  double value = 0.0;
  Failure failure;
  const int status = fivek_effort_response(&account, input.at("visits"), &value,
                                           failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"value", value}});
}

Json Calibrate(const Json& input) {
  fivek_effort_account a = {};
  Failure failure;
  const int status = fivek_effort_calibrate(
      Real(input.at("potential")), input.at("visits"),
      Real(input.at("share_today")), Real(input.at("share_saturation")),
      input.at("form"), Real(input.at("steepness")), input.at("cap"), &a,
      failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"value", a.value},
                    {"shape", a.shape},
                    {"steepness", a.steepness},
                    {"cap", a.cap},
                    {"form", a.form}});
}

Json Modes(const Json& input) {
  const auto weight = Flat<int32_t>(input, "weight");
  std::vector<fivek_sales_mode> out(input.at("weight").size());
  Failure failure;
  const int status =
      fivek_sales_mode_of(Start(weight), out.size(), Start(out), failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json rows = Json::array();
  for (const fivek_sales_mode& m : out) {
    rows.push_back({m.mode, m.possible, m.unknown, m.lead, m.low, m.high});
  }
  return Result(0, {{"rows", rows}});
}

Json Person(const Json& input) {
  int32_t people = 0;
  uint32_t phases = 0;
  uint32_t traits = 0;
  Failure failure;
  const int status =
      fivek_team_person_of(input.at("grouping"), input.at("person"), &people,
                           &phases, &traits, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0,
                {{"people", people}, {"phases", phases}, {"traits", traits}});
}

fivek_segment SegmentOf(const Json& s) {
  return {Int64Of(s[0]), Int64Of(s[1]), s[2], s[3], s[4], s[5], s[6], s[7]};
}

Json Segments(const Json& input) {
  std::vector<fivek_segment> segments;
  for (const Json& s : input.at("segments")) segments.push_back(SegmentOf(s));
  std::vector<fivek_segment_result> out(segments.size());
  int64_t total = 0;
  Failure failure;
  const int status = fivek_segment_design_result(
      Start(segments), segments.size(), Start(out), &total, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  Json rows = Json::array();
  for (const fivek_segment_result& r : out) {
    EXPECT_EQ(r.reserved, 0U);
    rows.push_back(
        {Text(r.result), Text(r.coverage_point), Text(r.win_rate_point),
         Text(r.market_tenth), Text(r.coverage_tenth), Text(r.win_rate_tenth),
         Text(r.average_deal_tenth), r.share_ppm, r.missing, r.capped_point,
         r.capped_tenth, r.best_point, r.best_tenth});
  }
  return Result(0, {{"rows", rows}, {"total", Text(total)}});
}

Json Needed(const Json& input) {
  const fivek_segment segment = SegmentOf(input.at("segment"));
  int64_t ppm = 0;
  Failure failure;
  const int status =
      fivek_segment_rate_needed(&segment, input.at("factor"),
                                Int64Of(input.at("goal")), &ppm, failure.get());
  if (status != FIVEK_OK) return RefusedAt(status, failure.where());
  return Result(0, {{"ppm", Text(ppm)}});
}

}  // namespace

GoldenFunctions CoverageFunctions() {
  return {
      {"fivek_scores_weigh", WeighScores},
      {"fivek_portfolio_cells", Portfolio},
      {"fivek_triangle_check", Triangle},
      {"fivek_visit_plan", VisitPlan},
      {"fivek_hours_against_value", Hours},
      {"fivek_account_coverage", Reach},
      {"fivek_rate_goal_check", Rate},
      {"fivek_effort_allocate", Effort},
      {"fivek_effort_allocate_table", EffortTable},
      {"fivek_effort_response", Response},
      {"fivek_effort_calibrate", Calibrate},
      {"fivek_sales_mode_of", Modes},
      {"fivek_team_person_of", Person},
      {"fivek_segment_design_result", Segments},
      {"fivek_segment_rate_needed", Needed},
  };
}

}  // namespace fivek
