// Every function of the C interface with a call that it accepts, as data: tests
// of hostile callers change one argument, field or element of it at a time.
//
// That nothing of the headers is missing here is a test too: pointers_test.cc
// and values_test.cc.
#ifndef FIVEK_TESTS_CAPI_EVERY_CALL_H_
#define FIVEK_TESTS_CAPI_EVERY_CALL_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "capi/fivek.h"
#include "capi/fivek_arrow.h"

namespace fivek::hostile {

// ---- Memory -----------------------------------------------------------------

// All that the calls read and write, so that a test can see what changed.
struct Memory {
  char text_out[1 << 15];
  int64_t amounts[6];
  int32_t ppm[6];
  uint8_t actions[6], stages[6];
  int64_t customers[6];
  int32_t share_ppm[6], difference_ppm[6];

  fivek_assessment assessment;
  fivek_waiver waivers[2];
  fivek_opportunity table[2];
  fivek_event events[2];
  uint32_t row[2];
  fivek_status event_status[2];
  fivek_deal deal;
  fivek_deal_score deal_score;

  fivek_strength strength;
  fivek_evidence_rule evidence_rule;
  fivek_standing standing;
  fivek_alignment alignment;
  fivek_claim claim;
  fivek_score_rule score_rule;
  fivek_rollup_group group;

  double forecast[2];
  uint8_t won[2];
  double model[2], fitted[2];
  fivek_forecast_quality quality;
  fivek_forecast_gate gate;
  fivek_reliability_bin bins[FIVEK_FORECAST_BINS];
  double rate, low, high;

  double successes[2], trials[2], moves[4], wins[2], chances[2];
  double expected[2], prior[2], prior_used[2], weight[2];
  int64_t won_deals[2], closed_deals[2], numerator[2], denominator[2], plan[3];
  int32_t days[2], entries[2];
  uint8_t ended[2], due[2], highest[2];
  fivek_rate shrunk;
  fivek_beta_binomial fit;
  fivek_durations durations;
  fivek_duration_step steps[2];
  fivek_funnel_rung rungs[256];
  fivek_slippage slippage;
  fivek_pushed_times pushed_times[2];
  fivek_activity_change activity_change;
  fivek_productivity productivity;
  fivek_seller_rate sellers[2];
  fivek_share share;
  fivek_snapshot_row snapshot_rows[2], snapshot_rows_out[2];
  fivek_movement movement;
  fivek_deal_movement deal_movements[4];
  uint8_t snapshot_bytes[256];
  size_t snapshot_size;
  uint64_t hash;
  // Four closed deals with two columns, the second of numbers.
  uint32_t score_level[4];
  double score_value[4], score_simpler[4], score_weight[4], out_of_fold[4];
  uint8_t score_missing[8], score_won[4], points[5];
  int32_t score_known_on[8], score_closed_on[4], card_line[2], card_points[2];
  uint64_t score_group[4];
  fivek_score_table score_table;
  fivek_score_options score_options;
  fivek_score_answer answers[2];
  fivek_scorecard_info card_info;
  fivek_score_line score_line;
  fivek_estimate estimate;
  fivek_evidence_deal evidence_deals[4];
  fivek_evidence_explanation explanation;
  double weights[2], standard_error[3], objective;
  uint8_t card_bytes[4096];
  size_t card_size;
  fivek_evidence_info evidence_info;
  fivek_five_k five_k;
  fivek_estimate ladder_estimate;
  fivek_recalibration_info recalibration_info;
  fivek_pls_count pls_counts[16];
  uint8_t evidence_bytes[1024], recalibration_bytes[1024], pls_bytes[1024];
  size_t evidence_size, recalibration_size, pls_size;
  double conversions[2], ladder_of_three[3];
  int32_t scores[4];
  fivek_estimate four_estimates[4];
  uint32_t pls_value[2], pls_tag[2];
  const fivek_scorecard* card_out;
  const fivek_evidence_model* evidence_out;
  fivek_pls_compat* pls_out;
  const fivek_recalibration* recalibration_out;

  // Of the columns: element 0 is what tests change.
  uint8_t levels[5][2], by_decision_maker[2], outcome[2], age_bucket[2],
      milestone[2];
  uint32_t evidence[2], owner[2];
  int32_t calibrated_ppm[7 * 2];
  fivek_score_in score_in;
  fivek_score_out score_out;
  fivek_calibration calibration;
  fivek_rollup_in rollup_in;
  uint8_t bytes_out[2], rollup_bytes[4096];
  size_t rollup_size;

  fivek_stage_move stage_moves[2], stage_moves_out[8];
  fivek_stage_visit visits[2], visits_out[8];
  uint8_t visits_bytes[4096];
  size_t visits_size;
  int32_t entry[2], time[2];
  uint8_t causes[2];
  fivek_competing_risks risks;
  fivek_ladder_options ladder_options;
  fivek_ladder_group ladder_group, ladder_groups[8];
  fivek_visit_count visit_counts[32];
  fivek_estimate estimates[2];
  fivek_rung rung;
  double won_hazard[2], lost_hazard[2];
  fivek_hazard_forecast hazard_ages[3];
  fivek_rung_age ages[FIVEK_AGE_BUCKETS];
  int32_t milestones[2], ages_in_days[2], ladder_table[7 * FIVEK_AGE_BUCKETS];
  double probabilities[7];
  fivek_martingale_gap gaps[6];

  int64_t account_value[2], account_value_now[2], cell_count[12], cell_sum[12];
  uint8_t account_class[2], account_class_now[2], account_cause[2],
      abc_class[2], xyz_class[2];
  fivek_abc_options abc_options;
  fivek_abc abc;
  fivek_abc_movement abc_movement;
  fivek_xyz_row xyz_rows[2];
  // Two leads, sellers, territories, accounts.
  int64_t funds[2], thresholds[1], lead_value[2], lead_rank[2], lead_order[2];
  int32_t lead_ppm[2], last_contact[2], interval[3], follow_up_due[2];
  uint64_t lead_id[2], seller_id[2], need[2];
  uint8_t lead_class[2], answers_given[2], verdicts[2];
  uint32_t open[2], failed[2];
  fivek_lead_team lead_total, lead_teams[2];
  int32_t decaying[2], decayed[2], sellers_out[2], territory[2];
  int64_t lead_score[4], capacity[2], seller_price[2], lead_price[2];
  int64_t turn_weight[2], credit[2], load[2];
  uint8_t absent[2];
  fivek_assignment assignment;
  fivek_territory_balance balance;
  fivek_territory_move territory_moves[2];
  fivek_visit_policy visit_policy;
  fivek_visit_mix visit_mix;
  int64_t seats_least[2], seats_most[2], over_cap[2];
  int32_t criterion_weight[2], criterion_score[4];
  fivek_score_range score_ranges[2];
  int32_t attractiveness[2], attractiveness_most[2], relationship[2],
      relationship_most[2];
  fivek_portfolio_options portfolio_options;
  fivek_portfolio_account portfolio_accounts[2];
  fivek_portfolio portfolio;
  fivek_triangle_account triangle_accounts[2];
  int32_t learned_on[2 * FIVEK_INFORMATION_ITEMS],
      stale_after_days[FIVEK_INFORMATION_ITEMS], interval_days[4];
  fivek_triangle_status triangle_status[2];
  fivek_triangle_book triangle_book;
  fivek_visit_account visit_accounts[2];
  fivek_visit_seller visit_sellers[2];
  int32_t visit_frequency[4];
  fivek_visit_load visit_loads[3];
  fivek_visit_sum visit_sums[3 * (FIVEK_CLASS_SLOTS + 1)];
  int64_t hours_spent[2], hours_value[2];
  uint8_t grade[2], target[2], reached[2];
  fivek_hours_share hours_shares[2];
  fivek_hours_class hours_classes[FIVEK_CLASS_SLOTS];
  fivek_hours hours;
  int64_t own[2], potential[2], others, others_reached;
  fivek_reach reach[FIVEK_CLASS_SLOTS + 1];
  fivek_effort_account effort_accounts[2], effort_account;
  int32_t effort_visits[2], effort_picks[8], effort_caps[2];
  double response[6], effort_value;
  fivek_effort effort;
  int32_t concerns[2 * FIVEK_CONCERNS];
  fivek_sales_mode sales_modes[2];
  uint32_t phases, traits;
  fivek_segment segments[2];
  fivek_segment_result segment_results[2];

  ArrowSchema schema, field_schema, schema_out;
  ArrowArray array, field_array, array_out;
  ArrowSchema* schema_children[1];
  ArrowArray* array_children[1];
  const void* buffers[2];

  // Of customers: six histories, three scores.
  uint64_t customer[2];
  fivek_customer_purchases customers_out[2];
  fivek_rank_class rank_classes[2];
  fivek_rfm_options rfm_options;
  fivek_rfm_rule rfm_rules[2];
  fivek_rfm_segment_options segment_options;
  uint8_t recency_in[2], frequency_in[2], money_in[2], rfm_out[2];
  int64_t frequency[6], two_frequencies[2];
  double recency[6], age[6], mean_value[7], six_values[6];
  int64_t buys[7];
  fivek_bg_nbd bg_nbd, bg_nbd_out;
  fivek_gamma_gamma gamma_gamma, gamma_gamma_out;
  fivek_fit_quality fit_quality;
  fivek_outlook outlooks[6];
  fivek_lifetime_options lifetime_options;
  fivek_status six_statuses[6];

  int64_t amount_out;
  int32_t a, b, c;
  uint32_t mask;
  size_t count;
  const fivek_policy* policy_out;
  fivek_rollup* rollup_out;
  fivek_visits* visits_made;
  const fivek_ladder* ladder_out;
  const fivek_snapshot* snapshot_out;
};

// The memory of one call, as the call is to find it, and the objects in it.
struct World {
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // What a call that is refused must leave as it was, objects too.
  std::string Contents() const;

  Memory memory;
  const fivek_policy* policy = nullptr;  // Attaches item 22, lets 6 be waived.
  fivek_rollup* rollup = nullptr;
  fivek_rollup* other = nullptr;
  fivek_visits* visits = nullptr;
  fivek_visits* other_visits = nullptr;
  const fivek_ladder* ladder = nullptr;
  const fivek_snapshot* snapshot = nullptr;
  const fivek_scorecard* card = nullptr;
  const fivek_evidence_model* evidence = nullptr;
  const fivek_recalibration* recalibration = nullptr;
  fivek_pls_compat* pls = nullptr;  // Has one lead that was lost.
};

// ---- Values -----------------------------------------------------------------

// The values from `first` to `last` and what becomes of a call with one. Such
// with kNotTried are nothing that a test can give.
constexpr fivek_status kNotTried = -1;
struct Values {
  int64_t first, last;
  fivek_status status = FIVEK_OK;
  int32_t reason = FIVEK_REASON_NONE;
  bool said = true;  // The message says the value.
};

// What an integer may be: the first that holds it says. The last one holds all.
using Domain = std::vector<Values>;

const Values kAll = {INT64_MIN, INT64_MAX};
Values Refused(int32_t reason, fivek_status status = FIVEK_INVALID_ARGUMENT);
Domain Codes(int64_t first, int64_t last, int32_t reason);

// ---- Functions --------------------------------------------------------------

// A word for each argument; a result of any type is one too.
using Words = std::vector<uint64_t>;

struct Argument {
  const char* name;
  std::function<uint64_t(World&)> value;
  bool may_be_null = false;  // Of a pointer.
  size_t alignment = 1;      // Of what it points to; 1 for handles.
  Domain domain = {};        // Of an integer, or of what it points to.
  size_t size = 0;           // Of what it points to; 0 for texts and handles.
  // Of a double, or of what it points to: all others are refused.
  double least = 0.0, most = -1.0;
  bool may_be_infinite = false;  // Infinity too is accepted.
  // What an element may be depends on the others: tried in c_test.c.
  bool is_matrix = false;
  bool is_fitted = false;  // Not all that is in range has a fit.
};

struct Function {
  const char* name;
  std::function<uint64_t(const Words&)> call;
  std::vector<Argument> arguments;
  uint64_t nothing = 0;  // What it gives where there is nothing to give.
  // Around a call, where objects are made or dropped.
  std::function<void(World&, Words*)> before = nullptr;
  std::function<void(World&, const Words&)> after = nullptr;

  bool fallible() const;
  Words WordsIn(World& world) const;
  // Without what may be missing, so that a bad row fails the call.
  Words LeastWordsIn(World& world) const;
  // Calls it as it is to be called, with an error unless that is NULL.
  uint64_t CallIn(World& world, Words words) const;
};

const std::vector<Function>& EveryFunction();

// ---- Structs ----------------------------------------------------------------

// A field of a struct that functions read. A pointer's domain is that of the
// element it points to.
struct Field {
  const char* owner;
  const char* name;  // "level[0]": of an array, one line for each element.
  size_t offset, size;
  Domain domain;
  bool may_be_null = false;
  size_t alignment = 1;
};

const std::vector<Field>& EveryField();

// ---- Checks -----------------------------------------------------------------

// The call is accepted and leaves the error alone.
void ExpectOk(const Function& function, World& world, const Words& words);

// The call is refused, with an error and without one, and all the memory is as
// it was. The message says each of `says`.
void ExpectRefused(const Function& function, World& world, const Words& words,
                   fivek_status status, int32_t reason,
                   const std::vector<std::string>& says);

}  // namespace fivek::hostile

#endif  // FIVEK_TESTS_CAPI_EVERY_CALL_H_
