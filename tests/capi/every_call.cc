#include "tests/capi/every_call.h"

#include <algorithm>
#include <cfloat>
#include <cstring>
#include <tuple>
#include <type_traits>
#include <utility>

#include "gtest/gtest.h"

namespace fivek::hostile {
namespace {

constexpr char kPolicy[] = R"({"fivek_policy": 1, "name": "ours",
  "evidence": {"6": {"mode": "waivable"},
               "22": {"stage": 1, "gate": 2, "requires": [5],
                      "en": "pilot agreed", "zh": "同意试点"}},
  "waiver_reasons": {"3": {"en": "known", "zh": "老客户"}}})";

// What an output holds before.
constexpr int kCanary = 0xA5;

// Arrow's inputs are borrowed: nobody may release them.
void Keep(ArrowSchema* /*schema*/) { ADD_FAILURE() << "released"; }
void Keep(ArrowArray* /*array*/) { ADD_FAILURE() << "released"; }

// Read once for all worlds.
const fivek_policy* Shared() {
  static const fivek_policy* const kShared = [] {
    const fivek_policy* policy = nullptr;
    EXPECT_EQ(
        fivek_policy_from_json(kPolicy, sizeof kPolicy - 1, &policy, nullptr),
        FIVEK_OK);
    return policy;
  }();
  return kShared;
}

fivek_rollup* NewRollup() {
  fivek_rollup* rollup = nullptr;
  EXPECT_EQ(fivek_rollup_create(FIVEK_ROLLUP_BY_BOTH, &rollup, nullptr),
            FIVEK_OK);
  return rollup;
}

// Read once for all worlds: a card with points, and a model without.
const fivek_scorecard* SharedCard() {
  static const fivek_scorecard* const kCard = [] {
    constexpr size_t kRows = 60;
    uint32_t level[kRows];
    double value[kRows];
    uint8_t won[kRows];
    uint64_t group[kRows];
    for (size_t i = 0; i < kRows; ++i) {
      won[i] = i % 2 == 0 ? 1 : 0;
      level[i] = i % 7 == 0 ? 2 : won[i];
      value[i] = static_cast<double>(i % 5);
      group[i] = i;
    }
    fivek_score_table table = {};
    table.struct_size = sizeof table;
    table.level = level;
    table.value = value;
    table.won = won;
    table.group = group;
    const fivek_scorecard* card = nullptr;
    EXPECT_EQ(fivek_scorecard_fit(&table, 1, 1, kRows, nullptr, nullptr, &card,
                                  nullptr),
              FIVEK_OK);
    return card;
  }();
  return kCard;
}

const fivek_evidence_model* SharedEvidence() {
  static const fivek_evidence_model* const kModel = [] {
    fivek_evidence_deal deal = {};
    deal.ladder = 0.5;
    const fivek_evidence_model* model = nullptr;
    EXPECT_EQ(fivek_evidence_fit(&deal, 1, 0, 0, nullptr, &model, nullptr),
              FIVEK_OK);
    return model;
  }();
  return kModel;
}

fivek_pls_compat* NewPls() {
  fivek_pls_compat* pls = nullptr;
  const uint32_t values[2] = {0, 0};
  EXPECT_EQ(fivek_pls_create(2, 3, 50, 0, &pls, nullptr), FIVEK_OK);
  EXPECT_EQ(fivek_pls_add(pls, 0, 0, values, values, 2, 0, nullptr), FIVEK_OK);
  return pls;
}

const fivek_recalibration* SharedRecalibration() {
  static const fivek_recalibration* const kStep = [] {
    const double forecast[2] = {0.25, 0.75};
    const uint8_t won[2] = {0, 1};
    const uint64_t id[2] = {1, 2};
    const fivek_recalibration* step = nullptr;
    EXPECT_EQ(fivek_recalibration_fit(forecast, won, id, 2, &step, nullptr),
              FIVEK_OK);
    return step;
  }();
  return kStep;
}

// What is written of an object.
template <typename Handle>
std::string BytesOf(fivek_status (*write)(const Handle*, uint8_t*, size_t,
                                          size_t*, fivek_error*),
                    const Handle* handle) {
  size_t needed = 0;
  EXPECT_EQ(write(handle, nullptr, 0, &needed, nullptr), FIVEK_OK);
  std::string bytes(needed, '\0');
  EXPECT_EQ(write(handle, reinterpret_cast<uint8_t*>(&bytes[0]), needed,
                  &needed, nullptr),
            FIVEK_OK);
  return bytes;
}

// The same, in memory of a call.
template <typename Handle, size_t kSize>
void Write(fivek_status (*write)(const Handle*, uint8_t*, size_t, size_t*,
                                 fivek_error*),
           const Handle* handle, uint8_t (&bytes)[kSize], size_t* size) {
  EXPECT_EQ(write(handle, bytes, kSize, size, nullptr), FIVEK_OK);
}

// Of deals that pass all rungs from 2 on, and one that is lost there.
fivek_visits* NewVisits() {
  fivek_visits* visits = nullptr;
  EXPECT_EQ(fivek_visits_create(0, 1000, &visits, nullptr), FIVEK_OK);
  for (int32_t deal = 0; deal < 6; ++deal) {
    fivek_stage_visit visit = {};
    visit.stage = 2;
    visit.entered = 10 * deal;
    visit.left = visit.entered + 3;
    visit.end = deal == 5 ? FIVEK_VISIT_LOST : FIVEK_VISIT_ADVANCED;
    visit.to = deal == 5 ? 0 : 6;
    EXPECT_EQ(fivek_visits_add(visits, &visit, 1, nullptr), FIVEK_OK);
  }
  return visits;
}

template <typename T>
void Spoil(T* struct_out) {
  std::memset(static_cast<void*>(struct_out), kCanary, sizeof *struct_out);
  struct_out->struct_size = sizeof *struct_out;
}

}  // namespace

World::World() {
  // Padding too is compared.
  std::memset(static_cast<void*>(&memory), 0, sizeof memory);
  Memory& m = memory;
  policy = Shared();
  fivek_policy_retain(policy);
  std::memset(m.text_out, kCanary, sizeof m.text_out);
  std::memset(m.rollup_bytes, kCanary, sizeof m.rollup_bytes);
  std::memset(m.share_ppm, kCanary, sizeof m.share_ppm);
  std::memset(m.difference_ppm, kCanary, sizeof m.difference_ppm);
  std::memset(m.event_status, kCanary, sizeof m.event_status);
  std::memset(&m.deal_score, kCanary, sizeof m.deal_score);
  std::memset(m.bytes_out, kCanary, sizeof m.bytes_out);
  std::memset(static_cast<void*>(&m.schema_out), kCanary, sizeof m.schema_out);
  std::memset(static_cast<void*>(&m.array_out), kCanary, sizeof m.array_out);
  Spoil(&m.strength);
  Spoil(&m.evidence_rule);
  Spoil(&m.standing);
  Spoil(&m.alignment);
  Spoil(&m.claim);
  Spoil(&m.score_rule);
  Spoil(&m.group);
  Spoil(&m.quality);
  Spoil(&m.gate);
  std::memset(&m.bins, kCanary, sizeof m.bins);
  Spoil(&m.shrunk);
  Spoil(&m.fit);
  Spoil(&m.durations);
  Spoil(&m.slippage);
  Spoil(&m.productivity);
  Spoil(&m.share);
  Spoil(&m.movement);
  std::memset(&m.steps, kCanary, sizeof m.steps);
  std::memset(&m.rungs, kCanary, sizeof m.rungs);
  std::memset(&m.pushed_times, kCanary, sizeof m.pushed_times);
  std::memset(&m.sellers, kCanary, sizeof m.sellers);
  std::memset(&m.snapshot_rows_out, kCanary, sizeof m.snapshot_rows_out);
  std::memset(&m.deal_movements, kCanary, sizeof m.deal_movements);
  std::memset(&m.plan, kCanary, sizeof m.plan);
  m.amount_out = m.a = m.b = m.c = -77;
  m.mask = 0xA5A5A5A5;
  m.count = 0xA5A5;

  for (size_t i = 0; i < 6; ++i) {
    m.amounts[i] = 1000;
    m.ppm[i] = 250000;
    m.customers[i] = 5;
  }
  m.forecast[0] = m.forecast[1] = 0.25;
  m.model[0] = m.model[1] = 0.5;
  m.weight[0] = m.weight[1] = 1;
  m.rate = m.low = m.high = m.fitted[0] = m.fitted[1] = -77;
  m.waivers[0] = m.waivers[1] = {6, 3};
  for (fivek_opportunity& deal : m.table) {
    EXPECT_EQ(fivek_opportunity_init(&deal, 1000, nullptr), FIVEK_OK);
  }
  m.row[1] = 1;
  m.events[0] = {2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 0, 2, 4, 0};
  m.events[1] = {2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 1, 2, 4, 0};
  m.deal.amount = 1000;

  for (size_t i = 0; i < 14; ++i) m.calibrated_ppm[i] = 1000;
  m.score_in.struct_size = sizeof m.score_in;
  m.score_in.problem = m.levels[0];
  m.score_in.power = m.levels[1];
  m.score_in.vision = m.levels[2];
  m.score_in.value = m.levels[3];
  m.score_in.control = m.levels[4];
  m.score_in.by_decision_maker = m.by_decision_maker;
  m.score_in.evidence = m.evidence;
  m.score_in.outcome = m.outcome;
  m.score_in.amount = m.amounts;
  m.score_out.struct_size = sizeof m.score_out;
  m.score_out.strength = m.bytes_out;
  m.calibration.struct_size = sizeof m.calibration;
  m.calibration.buckets = 2;
  m.calibration.ppm = m.calibrated_ppm;
  m.calibration.age_bucket = m.age_bucket;
  m.rollup_in.struct_size = sizeof m.rollup_in;
  m.rollup_in.milestone = m.milestone;
  m.rollup_in.outcome = m.outcome;
  m.rollup_in.amount = m.amounts;
  m.rollup_in.probability_ppm = m.ppm;
  m.rollup_in.owner = m.owner;

  std::memset(&m.stage_moves_out, kCanary, sizeof m.stage_moves_out);
  std::memset(&m.visits_out, kCanary, sizeof m.visits_out);
  std::memset(&m.ladder_groups, kCanary, sizeof m.ladder_groups);
  std::memset(&m.visit_counts, kCanary, sizeof m.visit_counts);
  std::memset(&m.estimate, kCanary, sizeof m.estimate);
  std::memset(&m.estimates, kCanary, sizeof m.estimates);
  std::memset(&m.ages, kCanary, sizeof m.ages);
  std::memset(&m.hazard_ages, kCanary, sizeof m.hazard_ages);
  std::memset(m.ladder_table, kCanary, sizeof m.ladder_table);
  std::memset(&m.gaps, kCanary, sizeof m.gaps);
  Spoil(&m.risks);
  Spoil(&m.rung);
  for (size_t i = 0; i < 2; ++i) {
    m.stage_moves[i].deal = i;
    m.stage_moves[i].day = 100;
    m.stage_moves[i].to = 2;
    m.visits[i].deal = i;
    m.visits[i].stage = 2;
    m.visits[i].entered = 100;
    m.visits[i].left = 110;
    m.visits[i].end = FIVEK_VISIT_LOST;
    m.time[i] = 5;
    m.causes[i] = 1;
    m.milestones[i] = 6;
  }
  m.ladder_options.struct_size = sizeof m.ladder_options;
  m.ladder_options.strength = 20;
  for (double& p : m.probabilities) p = 0.5;
  visits = NewVisits();
  other_visits = NewVisits();
  EXPECT_EQ(fivek_visits_write(visits, m.visits_bytes, sizeof m.visits_bytes,
                               &m.visits_size, nullptr),
            FIVEK_OK);
  EXPECT_EQ(fivek_ladder_fit(nullptr, visits, nullptr, &ladder, nullptr),
            FIVEK_OK);

  rollup = NewRollup();
  other = NewRollup();
  for (fivek_rollup* const r : {rollup, other}) {
    EXPECT_EQ(fivek_rollup_add(r, &m.rollup_in, 2, nullptr), FIVEK_OK);
  }
  EXPECT_EQ(fivek_rollup_write(rollup, m.rollup_bytes, sizeof m.rollup_bytes,
                               &m.rollup_size, nullptr),
            FIVEK_OK);

  for (size_t i = 0; i < 2; ++i) {
    m.successes[i] = static_cast<double>(i);
    m.trials[i] = 10;
    m.closed_deals[i] = 10;
    m.won_deals[i] = static_cast<int64_t>(i);
    m.numerator[i] = 1;
    m.denominator[i] = i == 0 ? 2 : 1;
    m.days[i] = 10;
    m.ended[i] = 1;
    m.snapshot_rows[i] = {3 + 2 * uint64_t{i}, 1000, 150, 0, 0, {0, 0}};
  }
  m.prior[0] = 0.25;
  m.prior[1] = 20;
  m.activity_change.struct_size = sizeof m.activity_change;
  m.activity_change.before_numerator = 11;
  m.activity_change.before_denominator = 2;
  m.activity_change.after_numerator = 6;
  m.activity_change.after_denominator = 1;
  m.activity_change.sellers = 10;
  m.activity_change.working_days = 220;
  m.activity_change.calls_per_deal_numerator = 55;
  m.activity_change.calls_per_deal_denominator = 1;
  m.activity_change.average_won = 150;
  EXPECT_EQ(fivek_snapshot_create(7, 8, m.snapshot_rows, 2, &snapshot, nullptr),
            FIVEK_OK);
  Write(fivek_snapshot_write, snapshot, m.snapshot_bytes, &m.snapshot_size);
  Spoil(&m.card_info);
  Spoil(&m.score_line);
  Spoil(&m.explanation);
  Spoil(&m.evidence_info);
  Spoil(&m.five_k);
  Spoil(&m.recalibration_info);
  std::memset(m.pls_counts, kCanary, sizeof m.pls_counts);
  std::memset(m.evidence_bytes, kCanary, sizeof m.evidence_bytes);
  std::memset(m.recalibration_bytes, kCanary, sizeof m.recalibration_bytes);
  std::memset(m.pls_bytes, kCanary, sizeof m.pls_bytes);
  std::memset(m.out_of_fold, kCanary, sizeof m.out_of_fold);
  std::memset(m.card_line, kCanary, sizeof m.card_line);
  std::memset(m.card_points, kCanary, sizeof m.card_points);
  std::memset(m.card_bytes, kCanary, sizeof m.card_bytes);
  std::memset(m.weights, kCanary, sizeof m.weights);
  std::memset(m.standard_error, kCanary, sizeof m.standard_error);
  m.objective = -77;
  m.score_won[1] = m.score_won[3] = 1;
  for (size_t i = 0; i < 4; ++i) {
    m.score_level[i] = static_cast<uint32_t>(i % 3);
    m.score_value[i] = static_cast<double>(i) / 4;
    m.score_simpler[i] = 0.5;
    m.score_weight[i] = 1.0;
    m.score_closed_on[i] = 10;
    m.score_group[i] = i;
    m.evidence_deals[i].ladder = 0.5;
    m.evidence_deals[i].closed_on = 10;
  }
  m.score_table.struct_size = sizeof m.score_table;
  m.score_table.level = m.score_level;
  m.score_table.value = m.score_value;
  m.score_table.missing = m.score_missing;
  m.score_table.known_on = m.score_known_on;
  m.score_table.won = m.score_won;
  m.score_table.group = m.score_group;
  m.score_table.closed_on = m.score_closed_on;
  m.score_table.simpler = m.score_simpler;
  m.score_options.struct_size = sizeof m.score_options;
  m.score_options.bins = 5;
  m.score_options.from_day = 0;
  m.score_options.as_of = 100;
  card = SharedCard();
  fivek_scorecard_retain(card);
  evidence = SharedEvidence();
  fivek_evidence_retain(evidence);
  pls = NewPls();
  recalibration = SharedRecalibration();
  fivek_recalibration_retain(recalibration);
  Write(fivek_scorecard_write, card, m.card_bytes, &m.card_size);
  Write(fivek_evidence_write, evidence, m.evidence_bytes, &m.evidence_size);
  Write(fivek_recalibration_write, recalibration, m.recalibration_bytes,
        &m.recalibration_size);
  Write<fivek_pls_compat>(fivek_pls_write, pls, m.pls_bytes, &m.pls_size);
  m.ladder_estimate = {0.5, 0.25, 0.75, 10.0, FIVEK_SOURCE_SHRUNK, 0};
  m.conversions[0] = 0.5;
  m.conversions[1] = 1.0;
  m.ladder_of_three[0] = 0.25;
  m.ladder_of_three[1] = 1.0;
  m.ladder_of_three[2] = 1.0;

  m.account_value[0] = m.account_value_now[1] = 7;
  std::memset(m.account_class, kCanary, sizeof m.account_class);
  std::memset(m.account_class_now, kCanary, sizeof m.account_class_now);
  std::memset(m.account_cause, kCanary, sizeof m.account_cause);
  std::memset(m.cell_count, kCanary, sizeof m.cell_count);
  std::memset(m.cell_sum, kCanary, sizeof m.cell_sum);
  std::memset(m.xyz_rows, kCanary, sizeof m.xyz_rows);
  m.abc_options.struct_size = sizeof m.abc_options;
  m.abc_options.a_ppm = 800000;
  m.abc_options.b_ppm = 950000;
  Spoil(&m.abc);
  Spoil(&m.abc_movement);
  Spoil(&m.assignment);
  Spoil(&m.balance);
  Spoil(&m.visit_mix);
  std::memset(&m.lead_total, kCanary, sizeof m.lead_total);
  std::memset(m.lead_teams, kCanary, sizeof m.lead_teams);
  std::memset(m.territory_moves, kCanary, sizeof m.territory_moves);
  std::memset(m.sellers_out, kCanary, sizeof m.sellers_out);
  m.thresholds[0] = 1000;
  for (size_t i = 0; i < 3; ++i) m.interval[i] = 7;
  for (size_t i = 0; i < 2; ++i) {
    m.funds[i] = 1000;
    m.lead_ppm[i] = 250000;
    m.lead_id[i] = 11 + i;
    m.seller_id[i] = 11 + i;
    m.need[i] = 1;
    m.capacity[i] = 1;
    m.turn_weight[i] = 1;
    m.seats_least[i] = 1;
    m.seats_most[i] = 20;
  }
  for (int64_t& score : m.lead_score) score = 1000;
  m.visit_policy = {sizeof m.visit_policy, {650000, 250000, 100000}, 2};
  std::memset(m.score_ranges, kCanary, sizeof m.score_ranges);
  std::memset(m.portfolio_accounts, kCanary, sizeof m.portfolio_accounts);
  std::memset(m.triangle_status, kCanary, sizeof m.triangle_status);
  std::memset(m.visit_loads, kCanary, sizeof m.visit_loads);
  std::memset(m.visit_sums, kCanary, sizeof m.visit_sums);
  std::memset(m.hours_shares, kCanary, sizeof m.hours_shares);
  std::memset(m.hours_classes, kCanary, sizeof m.hours_classes);
  std::memset(m.reach, kCanary, sizeof m.reach);
  std::memset(m.effort_visits, kCanary, sizeof m.effort_visits);
  std::memset(m.effort_picks, kCanary, sizeof m.effort_picks);
  std::memset(&m.effort_account, kCanary, sizeof m.effort_account);
  std::memset(m.sales_modes, kCanary, sizeof m.sales_modes);
  std::memset(m.segment_results, kCanary, sizeof m.segment_results);
  Spoil(&m.portfolio);
  Spoil(&m.triangle_book);
  Spoil(&m.hours);
  Spoil(&m.effort);
  m.others = m.others_reached = -77;
  m.effort_value = -77;
  m.phases = m.traits = 0xA5A5A5A5;
  m.portfolio_options.struct_size = sizeof m.portfolio_options;
  m.portfolio_options.attractiveness_cut = 50;
  m.portfolio_options.attractiveness_medium = 20;
  m.portfolio_options.relationship_cut = 50;
  m.portfolio_options.relationship_medium = 20;
  for (int32_t& day : m.learned_on) day = 100;
  for (size_t i = 0; i < 2; ++i) {
    m.criterion_weight[i] = 1;
    m.attractiveness_most[i] = m.relationship_most[i] = 1000000;
    m.triangle_accounts[i].target_day = 100;
    m.triangle_accounts[i].last_contact = 100;
    m.triangle_accounts[i].information = 1;
    m.visit_accounts[i].seller = static_cast<uint32_t>(i);
    m.visit_sellers[i] = {10, 0, 1, 1};
    m.hours_spent[i] = m.hours_value[i] = m.own[i] = 1000;
    m.potential[i] = i == 0 ? 1000 : 1000000000000;
    m.target[i] = 1;
    m.effort_accounts[i] = {100.0, 0.5, 1.0, 4, FIVEK_RESPONSE_EXPONENTIAL};
    m.effort_caps[i] = 2;
    m.segments[i].market = 1;
    for (size_t v = 0; v < 3; ++v) {
      m.response[3 * i + v] = static_cast<double>(v);
    }
  }
  Spoil(&m.fit_quality);
  std::memset(&m.customers_out, kCanary, sizeof m.customers_out);
  std::memset(&m.rank_classes, kCanary, sizeof m.rank_classes);
  std::memset(&m.rfm_out, kCanary, sizeof m.rfm_out);
  std::memset(&m.outlooks, kCanary, sizeof m.outlooks);
  std::memset(&m.six_statuses, kCanary, sizeof m.six_statuses);
  m.rfm_options.struct_size = sizeof m.rfm_options;
  m.rfm_options.as_of = 100;
  m.rfm_rules[0] = {1, 1, 1, 1, 5, 1, 5, 0};
  m.rfm_rules[1] = {2, 1, 5, 1, 5, 1, 5, 0};
  m.segment_options.struct_size = sizeof m.segment_options;
  for (size_t i = 0; i < 2; ++i) {
    m.recency_in[i] = m.frequency_in[i] = m.money_in[i] = 1;
  }
  const int64_t frequencies[6] = {2, 0, 1, 0, 6, 1};
  const double recencies[6] = {10, 0, 4, 0, 30, 2};
  const double ages[6] = {36, 35, 30, 30, 32, 38};
  const int64_t buys[7] = {1, 1, 2, 1, 3, 1, 2};
  const double means[7] = {3, 40, 10, 400, 20, 8, 12};
  std::copy(frequencies, frequencies + 6, m.frequency);
  std::copy(recencies, recencies + 6, m.recency);
  std::copy(ages, ages + 6, m.age);
  std::copy(buys, buys + 7, m.buys);
  std::copy(means, means + 7, m.mean_value);
  m.two_frequencies[0] = m.two_frequencies[1] = 3;
  m.bg_nbd = {0.25, 4.5, 0.75, 2.5};
  m.gamma_gamma = {6.25, 3.75, 15.5};
  m.lifetime_options.struct_size = sizeof m.lifetime_options;
  m.lifetime_options.months = 12;
  m.lifetime_options.month = 30;
  m.customer[1] = 1;

  m.buffers[1] = m.levels[0];
  m.field_schema.format = "C";
  m.field_schema.name = "problem";
  m.field_schema.release = Keep;
  m.field_array.length = 2;
  m.field_array.n_buffers = 2;
  m.field_array.buffers = m.buffers;
  m.field_array.release = Keep;
  m.schema_children[0] = &m.field_schema;
  m.array_children[0] = &m.field_array;
  m.schema.format = "+s";
  m.schema.n_children = 1;
  m.schema.children = m.schema_children;
  m.schema.release = Keep;
  m.array.length = 2;
  m.array.n_buffers = 1;
  m.array.buffers = m.buffers;
  m.array.n_children = 1;
  m.array.children = m.array_children;
  m.array.release = Keep;
}

World::~World() {
  fivek_policy_release(policy);
  fivek_rollup_release(rollup);
  fivek_rollup_release(other);
  fivek_visits_release(visits);
  fivek_visits_release(other_visits);
  fivek_ladder_release(ladder);
  fivek_snapshot_release(snapshot);
  fivek_scorecard_release(card);
  fivek_evidence_release(evidence);
  fivek_recalibration_release(recalibration);
  fivek_pls_release(pls);
}

std::string World::Contents() const {
  return std::string(reinterpret_cast<const char*>(&memory), sizeof memory) +
         BytesOf(fivek_rollup_write, rollup) +
         BytesOf(fivek_rollup_write, other) +
         BytesOf(fivek_visits_write, visits) +
         BytesOf(fivek_visits_write, other_visits) +
         BytesOf(fivek_pls_write, pls) +
         BytesOf(fivek_snapshot_write, snapshot) +
         BytesOf(fivek_scorecard_write, card) +
         BytesOf(fivek_evidence_write, evidence) +
         BytesOf(fivek_recalibration_write, recalibration);
}

Values Refused(int32_t reason, fivek_status status) {
  return {INT64_MIN, INT64_MAX, status, reason};
}

Domain Codes(int64_t first, int64_t last, int32_t reason) {
  return {{first, last}, Refused(reason)};
}

namespace {

// ---- Calls by words ---------------------------------------------------------

template <typename T>
T FromWord(uint64_t word) {
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<T>(static_cast<uintptr_t>(word));
  } else if constexpr (std::is_floating_point_v<T>) {
    T value;
    static_assert(sizeof value == sizeof word);
    std::memcpy(&value, &word, sizeof value);
    return value;
  } else {
    return static_cast<T>(word);
  }
}

template <typename T>
uint64_t ToWord(T value) {
  if constexpr (std::is_pointer_v<T>) {
    return reinterpret_cast<uintptr_t>(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    uint64_t word;
    static_assert(sizeof value == sizeof word);
    std::memcpy(&word, &value, sizeof word);
    return word;
  } else {
    return static_cast<uint64_t>(value);
  }
}

template <typename Result, typename... Args, size_t... I>
uint64_t CallWith(Result (*function)(Args...), const Words& words,
                  std::index_sequence<I...> /*places*/) {
  if constexpr (std::is_void_v<Result>) {
    function(FromWord<Args>(words.at(I))...);
    return 0;
  } else {
    return ToWord(function(FromWord<Args>(words.at(I))...));
  }
}

template <typename Result, typename... Args>
std::function<uint64_t(const Words&)> ByWords(Result (*function)(Args...)) {
  return [function](const Words& words) {
    return CallWith(function, words, std::index_sequence_for<Args...>());
  };
}

// ---- Arguments --------------------------------------------------------------

// A pointer to a member of the memory; to the elements, if it is an array.
template <typename T>
Argument To(const char* name, T Memory::*member, const Domain& domain = {}) {
  return {name,
          [member](World& world) { return ToWord(&(world.memory.*member)); },
          false,
          alignof(std::remove_all_extents_t<T>),
          domain,
          sizeof(T)};
}

Argument OrNull(Argument argument) {
  argument.may_be_null = true;
  return argument;
}

Argument Text(const char* name, const char* text) {
  return {name, [text](World&) { return ToWord(text); }};
}

// Any integer that is no code: an amount, an instant, a count, a mask of items.
Argument Number(const char* name, int64_t value) {
  return {name, [value](World&) { return ToWord(value); }, false, 1, {kAll}};
}

Argument Code(const char* name, int64_t value, const Domain& domain) {
  return {name, [value](World&) { return ToWord(value); }, false, 1, domain};
}

Argument InRange(Argument argument, double least, double most) {
  argument.least = least;
  argument.most = most;
  return argument;
}

Argument Real(const char* name, double value, double least, double most) {
  return InRange({name, [value](World&) { return ToWord(value); }}, least,
                 most);
}

Argument OrInfinite(Argument argument) {
  argument.may_be_infinite = true;
  return argument;
}

Argument Matrix(Argument argument) {
  argument.is_matrix = true;
  return argument;
}

Argument Fitted(Argument argument) {
  argument.is_fitted = true;
  return argument;
}

// A length or a count, which is the test's own matter.
Argument Size(const char* name, size_t value) {
  return {name, [value](World&) { return ToWord(value); }};
}

Argument Policy() {
  return {"policy", [](World& world) { return ToWord(world.policy); }, true};
}

template <typename Handle>
Argument HandleOf(const char* name, Handle* World::*member) {
  return {name, [member](World& world) { return ToWord(world.*member); }, false,
          alignof(void*)};
}

Argument RollupOf(const char* name, fivek_rollup* World::*member) {
  return {name, [member](World& world) { return ToWord(world.*member); }, false,
          alignof(void*)};
}

Argument Snapshot(const char* name) {
  return {name, [](World& world) { return ToWord(world.snapshot); }, false,
          alignof(void*)};
}

Argument VisitsOf(const char* name, fivek_visits* World::*member) {
  return {name, [member](World& world) { return ToWord(world.*member); }, false,
          alignof(void*)};
}

Argument Ladder() {
  return {"ladder", [](World& world) { return ToWord(world.ladder); }, false,
          alignof(void*)};
}

// Tests put their own there.
Argument Error() {
  return {"error", [](World&) { return uint64_t{0}; }, true,
          alignof(fivek_error)};
}

bool IsOk(uint64_t result) { return result == FIVEK_OK; }

// ---- Domains ----------------------------------------------------------------

// The message does not say the value.
Values Unsaid(Values values) {
  values.said = false;
  return values;
}

const Domain kAny = {kAll};
const Domain kPpm = Codes(0, 1000000, FIVEK_REASON_VALUE_RANGE);
const Domain kPpmOrUnknown = Codes(-1, 1000000, FIVEK_REASON_VALUE_RANGE);
const Domain kDigits = Codes(0, 4, FIVEK_REASON_VALUE_RANGE);
const Domain kDay = Codes(-719162, 2932896, FIVEK_REASON_VALUE_RANGE);
const Domain kItem = Codes(0, 22, FIVEK_REASON_UNKNOWN_EVIDENCE);
const Domain kShownBy = Codes(0, 7, FIVEK_REASON_UNKNOWN_SHOWN_BY);
const Domain kProof = Codes(0, 5, FIVEK_REASON_UNKNOWN_PROOF);
const Domain kStage = Codes(0, 5, FIVEK_REASON_UNKNOWN_CODE);
const Domain kMilestone = Codes(0, 6, FIVEK_REASON_UNKNOWN_CODE);
const Domain kOutcome = Codes(0, 4, FIVEK_REASON_UNKNOWN_CODE);
const Domain kStep = Codes(0, 6, FIVEK_REASON_UNKNOWN_CODE);
const Domain kAnswer = {{0, 1}, {255, 255}, Refused(FIVEK_REASON_UNKNOWN_CODE)};
// -1 is unknown.
const Domain kFunds = {{-1, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)};
// The first of two, of which the other one is 12.
const Domain kFirstId = {
    {INT64_MIN, 11},
    {12, 12, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE},
    kAll};
const Domain kSignal = {
    {0, 3}, {16, 19}, {32, 38}, Refused(FIVEK_REASON_UNKNOWN_CODE)};
// As in ../../include/fivek/method/rubric.h.
Domain LevelUpTo(int64_t top) {
  return {{0, top}, {255, 255}, Refused(FIVEK_REASON_UNKNOWN_LEVEL)};
}
// Bits 0, 2, 3 of a byte.
const Domain kDecisionMaker = {
    {0, 1}, {4, 5}, {8, 9}, {12, 13}, Refused(FIVEK_REASON_RESERVED_NOT_ZERO)};
const Domain kReserved = {{0, 0},
                          Unsaid(Refused(FIVEK_REASON_RESERVED_NOT_ZERO))};
const Domain kNotNegative = {{0, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)};
const Domain kPositive = {{1, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)};
// Of two amounts, the other one 1000, whose sum has to fit.
const Domain kOneOfTwoAmounts = {
    {0, INT64_MAX - 1000},
    {INT64_MIN, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE},
    Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))};
// Of accounts.
const Domain kGrade = {{0, 3}, {255, 255}, Refused(FIVEK_REASON_UNKNOWN_CODE)};
const Domain kScore = Codes(-1, 1000000, FIVEK_REASON_VALUE_RANGE);
const Domain kInterval = Codes(0, 36525, FIVEK_REASON_VALUE_RANGE);
const Domain kFewVisits = Codes(0, 1000000, FIVEK_REASON_VALUE_RANGE);
// Up to the day of the test, 19000.
const Domain kPastDay = {{-719162, 19000},
                         {INT32_MIN, INT32_MIN},
                         Refused(FIVEK_REASON_VALUE_RANGE)};
const Domain kResponseForm = Codes(0, 3, FIVEK_REASON_UNKNOWN_CODE);
const Domain kEffortMethod = Codes(0, 3, FIVEK_REASON_UNKNOWN_CODE);
// A label's code: without it there is no label.
// Of a history that has a recency. Not all others make histories that can be
// fitted.
const Domain kFrequency = {
    {1, 300},
    {0, 0, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false},
    {301, 1000000, kNotTried},
    Refused(FIVEK_REASON_VALUE_RANGE)};
const Domain kFittedFrequency = {
    {2, 2}, {0, 1000000, kNotTried}, Refused(FIVEK_REASON_VALUE_RANGE)};
const Domain kFittedBuys = {
    {1, 1}, {0, 1000000, kNotTried}, Refused(FIVEK_REASON_VALUE_RANGE)};
const Domain kBuys = Codes(1, 1000000, FIVEK_REASON_VALUE_RANGE);
const Domain kBuysOrNone = Codes(0, 1000000, FIVEK_REASON_VALUE_RANGE);
const Domain kClasses = {{2, 255}, {0, 0}, Refused(FIVEK_REASON_VALUE_RANGE)};
// Rules for 5 classes leave a gap, or are beyond, where there are others.
const Domain kFiveClasses = {
    {5, 5},
    {0, 0},
    {2, 255, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false},
    Refused(FIVEK_REASON_VALUE_RANGE)};
const Domain kLabel = {{0, 5}, {INT64_MIN, INT64_MAX, FIVEK_NOT_FOUND}};

}  // namespace

bool Function::fallible() const {
  return !arguments.empty() && std::strcmp(arguments.back().name, "error") == 0;
}

Words Function::WordsIn(World& world) const {
  Words words;
  for (const Argument& argument : arguments) {
    words.push_back(argument.value(world));
  }
  return words;
}

Words Function::LeastWordsIn(World& world) const {
  Words words = WordsIn(world);
  for (size_t i = 0; i < arguments.size(); ++i) {
    const bool is_policy = std::strcmp(arguments[i].name, "policy") == 0;
    if (arguments[i].may_be_null && !is_policy && arguments[i].domain.empty()) {
      words[i] = 0;
    }
  }
  return words;
}

uint64_t Function::CallIn(World& world, Words words) const {
  if (before != nullptr) before(world, &words);
  const uint64_t result = call(words);
  if (after != nullptr && (!fallible() || IsOk(result))) after(world, words);
  return result;
}

#define FUNCTION(name) #name, ByWords(&(name))

// clang-format off
const std::vector<Function>& EveryFunction() {
  static const auto* const kFunctions = new std::vector<Function>{
      {FUNCTION(fivek_version_number), {}},
      {FUNCTION(fivek_abi_version), {}},
      {FUNCTION(fivek_version_string), {}},
      {FUNCTION(fivek_build_info_json), {}},
      {FUNCTION(fivek_score_target), {}},
      {FUNCTION(fivek_has_feature), {Text("name", "base")}},

      {FUNCTION(fivek_label),
       {Text("set", "stage"), Code("code", 0, kLabel), Text("lang", "en")}},
      {FUNCTION(fivek_label_code),
       {Text("set", "stage"), Code("index", 0, kLabel)}, ~uint64_t{0}},
      {FUNCTION(fivek_policy_label),
       {Policy(), Text("set", "stage"), Code("code", 0, kLabel), Text("lang", "en")}},

      {FUNCTION(fivek_policy_from_json),
       {Text("json", kPolicy), Size("len", sizeof kPolicy - 1), To("out", &Memory::policy_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_policy_release(world.memory.policy_out); }},
      {FUNCTION(fivek_policy_to_json),
       {Policy(), To("buf", &Memory::text_out), Size("cap", sizeof Memory::text_out), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_policy_retain), {Policy()}, 0,
       nullptr, [](World&, const Words& words) { fivek_policy_release(FromWord<const fivek_policy*>(words[0])); }},
      {FUNCTION(fivek_policy_release), {Policy()}, 0,
       [](World&, Words* words) { fivek_policy_retain(FromWord<const fivek_policy*>((*words)[0])); }},
      {FUNCTION(fivek_policy_hash), {Policy()}},

      {FUNCTION(fivek_amount_expect),
       {Policy(), Number("amount", 1000), Code("ppm", 250000, kPpm), To("out", &Memory::amount_out), Error()}},
      {FUNCTION(fivek_amount_total),
       {Policy(), To("amount", &Memory::amounts), OrNull(To("ppm", &Memory::ppm, kPpm)), Size("n", 6), To("out", &Memory::amount_out), Error()}},
      {FUNCTION(fivek_currency_minor_digits),
       {Policy(), Text("currency", "USD"), To("out", &Memory::a), Error()}},
      {FUNCTION(fivek_money_sum),
       {Number("a", 0), Text("currency_a", "USD"), Number("b", 0), Text("currency_b", "USD"), To("out", &Memory::amount_out), Error()}},
      {FUNCTION(fivek_amount_parse),
       {Text("text", "12"), Size("len", 2), Code("minor_digits", 2, kDigits), To("out", &Memory::amount_out), Error()}},
      {FUNCTION(fivek_amount_format),
       {Number("amount", 123456), Code("minor_digits", 2, kDigits), To("buf", &Memory::text_out), Size("cap", 64), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_probability_parse),
       {Text("text", "1"), Size("len", 1), Code("unit", 0, Codes(0, 2, FIVEK_REASON_UNKNOWN_CODE)), To("ppm", &Memory::a), Error()}},
      {FUNCTION(fivek_probability_format),
       {Code("ppm", 631500, kAny), To("buf", &Memory::text_out), Size("cap", 64), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_probability_ratio),
       {Code("part", 0, Codes(0, 10, FIVEK_REASON_VALUE_RANGE)), Code("whole", 10, {{1, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)}), To("ppm", &Memory::a), Error()}},

      {FUNCTION(fivek_day_from_date),
       {Code("year", 2024, Codes(1, 9999, FIVEK_REASON_VALUE_RANGE)), Code("month", 1, Codes(1, 12, FIVEK_REASON_VALUE_RANGE)), Code("day", 1, Codes(1, 31, FIVEK_REASON_VALUE_RANGE)), To("out", &Memory::a), Error()}},
      {FUNCTION(fivek_day_to_date),
       {Code("day", 0, kDay), To("year", &Memory::a), To("month", &Memory::b), To("day_of_month", &Memory::c), Error()}},
      {FUNCTION(fivek_day_parse),
       {Text("text", "2024-02-29"), Size("len", 10), To("out", &Memory::a), Error()}},
      {FUNCTION(fivek_day_format),
       {Code("day", 0, kDay), To("buf", &Memory::text_out), Size("cap", 64), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_day_weekday), {Code("day", 0, kAny)}},
      {FUNCTION(fivek_day_of_instant),
       {Code("instant", 0, Codes(-719162 * int64_t{86400}, 2932897 * int64_t{86400} - 1, FIVEK_REASON_VALUE_RANGE)), To("out", &Memory::a), Error()}},
      {FUNCTION(fivek_instant_parse),
       {Text("text", "2024-02-29T12:00Z"), Size("len", 17), To("out", &Memory::amount_out), Error()}},

      {FUNCTION(fivek_strength_of),
       {Policy(), To("assessment", &Memory::assessment), To("out", &Memory::strength), Error()}},
      {FUNCTION(fivek_rubric_points),
       {Policy(), Code("dimension", 0, Codes(0, 4, FIVEK_REASON_UNKNOWN_DIMENSION)), Code("level", 0, Codes(0, 5, FIVEK_REASON_UNKNOWN_LEVEL)), Code("by_decision_maker", 0, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), To("out", &Memory::a), Error()}},
      {FUNCTION(fivek_evidence_rule_of),
       {Policy(), Code("item", 0, kItem), To("out", &Memory::evidence_rule), Error()}},
      {FUNCTION(fivek_evidence_is_proven),
       {Policy(), Code("item", 0, kItem), Code("shown_by", 0, kShownBy), Code("proof", 0, kProof), To("out", &Memory::a), Error()}},
      {FUNCTION(fivek_milestone_of),
       {Policy(), Number("evidence", 7), To("stage", &Memory::a), To("milestone", &Memory::b), To("yield_ppm", &Memory::c), To("missing_for_next", &Memory::mask), Error()}},
      {FUNCTION(fivek_standing_of),
       {Policy(), Number("evidence", 7), To("waivers", &Memory::waivers), Size("n", 2), To("out", &Memory::standing), Error()}, 0,
       // The built-in method lets nothing be waived.
       [](World&, Words* words) { if ((*words)[0] == 0) (*words)[3] = 0; }},

      {FUNCTION(fivek_opportunity_init),
       {To("out", &Memory::table), Number("created_at", 0), Error()}},
      {FUNCTION(fivek_opportunity_apply),
       {Policy(), To("state", &Memory::table), To("event", &Memory::events), Error()}},
      {FUNCTION(fivek_apply_events),
       {Policy(), To("table", &Memory::table), Size("rows", 2), To("row", &Memory::row, {{0, 1}, Refused(FIVEK_REASON_ROW_RANGE)}), To("events", &Memory::events), Size("n", 2), OrNull(To("event_status", &Memory::event_status)), OrNull(To("refused", &Memory::count)), Error()}},

      {FUNCTION(fivek_action_align),
       {Code("action", 0, kStage), Code("stage", 0, kStage), To("steps", &Memory::a), Error()}},
      {FUNCTION(fivek_actions_measure),
       {To("action", &Memory::actions, kStage), To("stage", &Memory::stages, kStage), Size("n", 6), To("out", &Memory::alignment), Error()}},
      {FUNCTION(fivek_market_compare),
       {To("customers", &Memory::customers, {{INT64_MIN, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, {0, INT64_MAX - 25}, Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))}), To("share_ppm", &Memory::share_ppm), To("difference_ppm", &Memory::difference_ppm), Error()}},
      {FUNCTION(fivek_step_stage),
       {Code("step", 0, kStep), To("stage", &Memory::a), Error()}},
      {FUNCTION(fivek_buying_center_gaps),
       {Policy(), Code("identified", 31, {{0, 31}, Refused(FIVEK_REASON_UNKNOWN_CODE)}), Code("met", 0, {{0, 31}, Refused(FIVEK_REASON_UNKNOWN_CODE)}), Code("supportive", 0, {{0, 0}, {1, 31, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Refused(FIVEK_REASON_UNKNOWN_CODE)}), To("gaps", &Memory::mask), Error()}},
      {FUNCTION(fivek_signal_group),
       {Code("signal", 0, kSignal), To("group", &Memory::a), Error()}},
      {FUNCTION(fivek_contact_qualify),
       {Code("key_person", 1, kAnswer), Code("wish", 1, kAnswer), Code("means", 1, kAnswer), To("verdict", &Memory::a), To("next_question", &Memory::b), Error()}},

      {FUNCTION(fivek_score_columns),
       {Policy(), To("in", &Memory::score_in), To("out", &Memory::score_out), Size("rows", 2), OrNull(To("bad_rows", &Memory::count)), Error()}},
      {FUNCTION(fivek_score_columns_calibrated),
       {Policy(), To("calibration", &Memory::calibration), To("in", &Memory::score_in), To("out", &Memory::score_out), Size("rows", 2), OrNull(To("bad_rows", &Memory::count)), Error()}},
      {FUNCTION(fivek_score_deal),
       {Policy(), To("deal", &Memory::deal), To("out", &Memory::deal_score), Error()}},

      {FUNCTION(fivek_claim_audit),
       {Policy(), Code("claimed", 0, kMilestone), Number("evidence", 0), Code("proven", 0, {{0, 0}, Unsaid(Refused(FIVEK_REASON_VALUE_RANGE))}), To("out", &Memory::claim), Error()}},
      {FUNCTION(fivek_claim_milestone),
       {Policy(), Code("ppm", 0, kPpm), To("milestone", &Memory::a), Error()}},
      {FUNCTION(fivek_score_rules_broken),
       {Policy(), To("assessment", &Memory::assessment), Number("evidence", 0), To("broken", &Memory::mask), Error()}},
      {FUNCTION(fivek_score_rule_of),
       {Policy(), Code("index", 0, {{0, 4}, {INT64_MIN, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Refused(FIVEK_REASON_NOT_FOUND, FIVEK_NOT_FOUND)}), To("out", &Memory::score_rule), Error()}},

      {FUNCTION(fivek_rollup_create),
       {Code("by", 0, Codes(0, 2, FIVEK_REASON_UNKNOWN_CODE)), To("out", &Memory::rollup_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_rollup_release(world.memory.rollup_out); }},
      {FUNCTION(fivek_rollup_release), {OrNull(RollupOf("rollup", &World::rollup))}, 0,
       [](World&, Words* words) { if ((*words)[0] != 0) (*words)[0] = ToWord(NewRollup()); }},
      {FUNCTION(fivek_rollup_add),
       {RollupOf("rollup", &World::rollup), To("in", &Memory::rollup_in), Size("rows", 2), Error()}},
      {FUNCTION(fivek_rollup_merge),
       {RollupOf("into", &World::rollup), RollupOf("from", &World::other), Error()}},
      {FUNCTION(fivek_rollup_groups),
       {RollupOf("rollup", &World::rollup), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_rollup_group_of),
       {RollupOf("rollup", &World::rollup), Size("index", 0), To("out", &Memory::group), Error()}},
      {FUNCTION(fivek_rollup_total),
       {RollupOf("rollup", &World::rollup), To("out", &Memory::group), Error()}},
      {FUNCTION(fivek_rollup_write),
       {RollupOf("rollup", &World::rollup), To("buf", &Memory::text_out), Size("cap", 4096), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_rollup_read),
       {To("bytes", &Memory::rollup_bytes, {{'5', '5'}, Unsaid(Refused(FIVEK_REASON_DATA_DAMAGED, FIVEK_DATA_LOSS))}), {"len", [](World& world) { return ToWord(world.memory.rollup_size); }}, To("out", &Memory::rollup_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_rollup_release(world.memory.rollup_out); }},

      {FUNCTION(fivek_wilson),
       {Code("successes", 0, Codes(0, 10, FIVEK_REASON_VALUE_RANGE)), Code("trials", 10, kNotNegative), Real("z", 1.96, 0, DBL_MAX), To("rate", &Memory::rate), To("low", &Memory::low), To("high", &Memory::high), Error()}},
      {FUNCTION(fivek_forecasts_evaluate),
       {InRange(To("forecast", &Memory::forecast), 0, 1), To("won", &Memory::won, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), To("out", &Memory::quality), Error()}},
      {FUNCTION(fivek_forecasts_reliability),
       {InRange(To("forecast", &Memory::forecast), 0, 1), To("won", &Memory::won, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), Code("binning", 0, Codes(0, 1, FIVEK_REASON_UNKNOWN_CODE)), Real("z", 1.96, 0, DBL_MAX), To("bins", &Memory::bins), Error()}},
      {FUNCTION(fivek_forecasts_compare),
       {InRange(To("base", &Memory::forecast), 0, 1), InRange(To("model", &Memory::model), 0, 1), To("won", &Memory::won, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), To("out", &Memory::gate), Error()}},
      {FUNCTION(fivek_isotonic_fit),
       {InRange(To("value", &Memory::forecast), -DBL_MAX, DBL_MAX), OrNull(InRange(To("weight", &Memory::weight), DBL_TRUE_MIN, DBL_MAX)), Size("n", 2), To("fit", &Memory::fitted), Error()}},

      {FUNCTION(fivek_rate_shrink),
       {Real("prior", 0.5, 0, 1), OrInfinite(Real("strength", 20, 0, 1e12)), Real("successes", 0, 0, 12), Real("trials", 12, 0, 1e12), To("out", &Memory::shrunk), Error()}},
      {FUNCTION(fivek_beta_binomial_fit),
       {InRange(To("successes", &Memory::successes), 0, 10), InRange(To("trials", &Memory::trials), 0, 1e12), Size("n", 2), To("out", &Memory::fit), Error()}},
      {FUNCTION(fivek_rates_shrink_down),
       {Real("prior", 0.5, 0, 1), OrInfinite(InRange(To("strength", &Memory::score_weight), 0, 1e12)), InRange(To("successes", &Memory::successes), 0, 10), InRange(To("trials", &Memory::trials), 0, 1e12), Size("n", 2), To("out", &Memory::estimates), Error()}},
      {FUNCTION(fivek_ladder_to_conversions),
       {InRange(To("probability", &Memory::ladder_of_three), 0, 1), Size("n", 3), To("conversion", &Memory::chances), Error()}},
      {FUNCTION(fivek_conversions_to_ladder),
       {InRange(To("conversion", &Memory::conversions), 0, 1), Size("n", 2), To("probability", &Memory::standard_error), Error()}},
      {FUNCTION(fivek_absorbing_chain_solve),
       {Matrix(To("moves", &Memory::moves)), InRange(To("won", &Memory::wins), 0, 1), Size("n", 2), To("probability", &Memory::chances), Error()}},

      {FUNCTION(fivek_durations_fit),
       {To("time", &Memory::days, kNotNegative), To("ended", &Memory::ended, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), OrNull(To("entry", &Memory::entries, Codes(0, 9, FIVEK_REASON_VALUE_RANGE))), Size("n", 2), Code("tau", 5, kNotNegative), To("out", &Memory::durations), To("steps", &Memory::steps), Size("cap", 2), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_stalled_find),
       {To("winners", &Memory::days, kNotNegative), Size("n_winners", 2), Code("q_numerator", 9, Codes(1, 10, FIVEK_REASON_VALUE_RANGE)), Code("q_denominator", 10, {{9, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)}), To("ages", &Memory::entries, kNotNegative), Size("n", 2), To("threshold", &Memory::a), To("stalled", &Memory::bytes_out), To("share_longer", &Memory::weight), Error()}},

      {FUNCTION(fivek_funnel_reached),
       {To("highest", &Memory::highest, Codes(0, 3, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), Code("rungs", 4, Codes(1, 256, FIVEK_REASON_VALUE_RANGE)), Real("z", 1.96, 0, DBL_MAX), To("out", &Memory::rungs), Error()}},
      {FUNCTION(fivek_velocity),
       {Code("open_deals", 40, kNotNegative), Code("win_numerator", 1, Codes(0, 4, FIVEK_REASON_VALUE_RANGE)), Code("win_denominator", 4, kPositive), Number("average_won", 4), Code("cycle_days", 60, kPositive), Code("days", 1, kNotNegative), To("amount", &Memory::amount_out), To("per_day", &Memory::rate), Error()}},
      {FUNCTION(fivek_coverage),
       {Code("open", 300, kNotNegative), Code("goal", 150, kNotNegative), Code("won", 50, kNotNegative), To("goal_met", &Memory::a), To("coverage", &Memory::rate), Error()}},
      {FUNCTION(fivek_coverage_needed),
       {Code("won", 25, kNotNegative), Code("lost", 75, kNotNegative), To("coverage", &Memory::rate), Error()}},
      {FUNCTION(fivek_slippage_measure),
       {To("state", &Memory::due, Codes(0, 3, FIVEK_REASON_UNKNOWN_CODE)), To("amount", &Memory::amounts, kOneOfTwoAmounts), To("pushes", &Memory::entries, kNotNegative), Size("n", 2), Real("z", 1.96, 0, DBL_MAX), To("out", &Memory::slippage), To("times", &Memory::pushed_times), Size("cap", 2), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_activity_plan),
       {Code("goal", 8, kNotNegative), Code("average_won", 8, kPositive), To("numerator", &Memory::numerator, Codes(1, 2, FIVEK_REASON_VALUE_RANGE)), To("denominator", &Memory::denominator, kPositive), Size("n", 2), To("plan", &Memory::plan), Error()}},
      {FUNCTION(fivek_productivity_of),
       {To("change", &Memory::activity_change), To("out", &Memory::productivity), Error()}},

      {FUNCTION(fivek_abc_classify),
       {To("value", &Memory::account_value, kAny), Size("n", 2), Code("a_ppm", 800000, Codes(0, 950000, FIVEK_REASON_VALUE_RANGE)), Code("b_ppm", 950000, Codes(800000, 1000000, FIVEK_REASON_VALUE_RANGE)), To("out_class", &Memory::account_class), Error()}},
      {FUNCTION(fivek_abc_grade),
       {To("value", &Memory::account_value, kAny), Size("n", 2), OrNull(To("options", &Memory::abc_options, kAny)), To("out_class", &Memory::account_class), To("out", &Memory::abc), Error()}},
      {FUNCTION(fivek_abc_compare),
       {To("then", &Memory::account_value, kAny), To("now", &Memory::account_value_now, kAny), Size("n", 2), OrNull(To("options", &Memory::abc_options, kAny)), OrNull(To("class_then", &Memory::account_class)), OrNull(To("class_now", &Memory::account_class_now)), OrNull(To("cause", &Memory::account_cause)), To("out", &Memory::abc_movement), Error()}},
      {FUNCTION(fivek_xyz_classify),
       {To("value", &Memory::account_value, kAny), Size("n", 2), Size("periods", 1), Code("x_ppm", 250000, Codes(0, 500000, FIVEK_REASON_VALUE_RANGE)), Code("y_ppm", 500000, {{250000, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)}), Code("least_periods", 12, kPositive), To("out", &Memory::xyz_rows), Error()}},
      {FUNCTION(fivek_abc_xyz_cross),
       {To("value", &Memory::account_value, {{INT64_MIN, INT64_MAX}}), To("abc", &Memory::abc_class, Codes(0, 3, FIVEK_REASON_UNKNOWN_CODE)), To("xyz", &Memory::xyz_class, Codes(0, 2, FIVEK_REASON_UNKNOWN_CODE)), Size("n", 2), To("count", &Memory::cell_count), To("sum", &Memory::cell_sum), Error()}},

      {FUNCTION(fivek_sellers_rank),
       {To("won", &Memory::won_deals, Codes(0, 10, FIVEK_REASON_VALUE_RANGE)), To("closed", &Memory::closed_deals, Codes(0, 1000000000000, FIVEK_REASON_VALUE_RANGE)), OrNull(InRange(To("expected", &Memory::expected), 0, 10)), Size("n", 2), OrNull(InRange(To("prior", &Memory::prior), 0, 1)), OrNull(To("used", &Memory::prior_used)), To("out", &Memory::sellers), Error()}},
      {FUNCTION(fivek_top_share),
       {To("values", &Memory::amounts), Size("n", 2), Code("numerator", 1, Codes(1, 4, FIVEK_REASON_VALUE_RANGE)), Code("denominator", 4, kPositive), Code("end", 0, Codes(0, 1, FIVEK_REASON_UNKNOWN_CODE)), Code("ties", 0, Codes(0, 3, FIVEK_REASON_UNKNOWN_CODE)), To("weight", &Memory::weight), To("out", &Memory::share), Error()}},

      {FUNCTION(fivek_leads_classify),
       {To("funds", &Memory::funds, kFunds), Size("n", 2), To("thresholds", &Memory::thresholds, kPositive), Size("k", 1), To("lead_class", &Memory::lead_class), Error()}},
      {FUNCTION(fivek_leads_value),
       {To("funds", &Memory::funds, kFunds), To("probability", &Memory::lead_ppm, kPpmOrUnknown), Size("n", 2), To("value", &Memory::lead_value), Error()}},
      {FUNCTION(fivek_leads_rank),
       {To("funds", &Memory::funds, kFunds), To("probability", &Memory::lead_ppm, kPpmOrUnknown), To("id", &Memory::lead_id, kFirstId), Size("n", 2), To("value", &Memory::lead_value), To("rank", &Memory::lead_rank), To("order", &Memory::lead_order), Error()}},
      {FUNCTION(fivek_leads_qualify),
       {To("key_person", &Memory::answers_given, kAnswer), To("wish", &Memory::answers_given, kAnswer), To("means", &Memory::answers_given, kAnswer), Size("n", 2), To("verdict", &Memory::verdicts), To("open", &Memory::open), To("failed", &Memory::failed), Error()}},
      {FUNCTION(fivek_leads_follow_up),
       {To("lead_class", &Memory::lead_class, {{0, 2}, {255, 255}, Refused(FIVEK_REASON_UNKNOWN_CODE)}), To("last_contact", &Memory::last_contact, {{INT64_MIN, 100}, Refused(FIVEK_REASON_VALUE_RANGE)}), Size("n", 2), To("interval", &Memory::interval, kPositive), Size("classes", 3), Code("today", 100, kNotNegative), To("due", &Memory::follow_up_due), To("state", &Memory::verdicts), Error()}},
      {FUNCTION(fivek_leads_forecast),
       {To("team", &Memory::lead_id, kAny), To("funds", &Memory::funds, {{-1, INT64_MAX - 1000}, {INT64_MIN, -2, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))}), To("probability", &Memory::lead_ppm, kPpmOrUnknown), To("close_day", &Memory::last_contact, kAny), Size("n", 2), Code("from_day", 0, {{INT64_MIN, 30}, Refused(FIVEK_REASON_VALUE_RANGE)}), Code("to_day", 30, kNotNegative), To("total", &Memory::lead_total), To("teams", &Memory::lead_teams), Size("cap", 2), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_leads_decay),
       {To("value", &Memory::decaying, kNotNegative), To("age", &Memory::last_contact, kNotNegative), Size("n", 2), Code("half_life", 30, kPositive), To("out", &Memory::decayed), Error()}},
      {FUNCTION(fivek_leads_assign),
       {To("score", &Memory::lead_score, {{INT64_MIN, int64_t{1} << 60}, Refused(FIVEK_REASON_VALUE_RANGE)}), Size("leads", 2), To("capacity", &Memory::capacity, kNotNegative), Size("sellers", 2), OrNull(To("lead_id", &Memory::lead_id, kFirstId)), OrNull(To("seller_id", &Memory::seller_id, kFirstId)), To("seller", &Memory::sellers_out), OrNull(To("seller_price", &Memory::seller_price)), OrNull(To("lead_price", &Memory::lead_price)), To("out", &Memory::assignment), Error()}},
      {FUNCTION(fivek_round_robin_next),
       {To("weight", &Memory::turn_weight, Codes(0, 1000000, FIVEK_REASON_VALUE_RANGE)), OrNull(To("absent", &Memory::absent, Codes(0, 1, FIVEK_REASON_VALUE_RANGE))), Size("sellers", 2), To("credit", &Memory::credit), To("seller", &Memory::sellers_out), Size("n", 2), Error()}},
      {FUNCTION(fivek_territories_balance),
       {To("workload", &Memory::funds, {{0, (int64_t{1} << 61) - 1000}, {INT64_MIN, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))}), Size("n", 2), Size("sellers", 2), To("seller", &Memory::sellers_out), OrNull(To("load", &Memory::load)), To("out", &Memory::balance), Error()}},
      {FUNCTION(fivek_territories_rebalance),
       {To("workload", &Memory::funds, {{0, (int64_t{1} << 61) - 1000}, {INT64_MIN, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))}), To("seller", &Memory::territory, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), Size("sellers", 2), Code("most_moved", 2, kNotNegative), OrNull(To("load", &Memory::load)), To("out", &Memory::balance), To("moves", &Memory::territory_moves), Size("cap", 2), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_visit_policy_check),
       {OrNull(To("rules", &Memory::visit_policy, kAny)), To("visits", &Memory::funds, Codes(0, INT32_MAX, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), To("out", &Memory::visit_mix), To("over_cap", &Memory::over_cap), Size("cap", 2), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_seats_apportion),
       {Code("seats", 10, Codes(2, 40, FIVEK_REASON_VALUE_RANGE)), To("weight", &Memory::need, {{0, 0}, kAll}), OrNull(To("least", &Memory::seats_least, {{0, 9}, {21, INT64_MAX, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, {10, 20, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, Refused(FIVEK_REASON_VALUE_RANGE)})), OrNull(To("most", &Memory::seats_most, {{1, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)})), Size("n", 2), To("out", &Memory::lead_value), Error()}},
      {FUNCTION(fivek_invitations_apportion),
       {Code("seats", 10, Codes(2, 40, FIVEK_REASON_VALUE_RANGE)), To("share", &Memory::lead_id, {{0, 0}, kAll}), OrNull(To("least", &Memory::seats_least, {{0, 9}, {21, INT64_MAX, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, {10, 20, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, Refused(FIVEK_REASON_VALUE_RANGE)})), OrNull(To("most", &Memory::seats_most, {{1, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)})), Size("territories", 2), To("need", &Memory::need, {{0, 0, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, kAll}), Size("classes", 1), To("by_territory", &Memory::lead_value), OrNull(To("by_class", &Memory::lead_rank)), To("table", &Memory::lead_order), Error()}},
      {FUNCTION(fivek_purchases_summarize),
       {To("customer", &Memory::customer, kAny), To("day", &Memory::days, kDay), To("amount", &Memory::amounts), Size("n", 2), Code("as_of", 100, kDay), To("out", &Memory::customers_out), Size("cap", 2), To("count", &Memory::count), To("rows_after", &Memory::amount_out), Error()}},
      {FUNCTION(fivek_rank_score),
       {To("value", &Memory::amounts), Size("n", 2), Code("classes", 5, Codes(2, 255, FIVEK_REASON_VALUE_RANGE)), To("score", &Memory::bytes_out), To("list", &Memory::rank_classes), Size("cap", 2), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_rfm_score),
       {To("last_day", &Memory::days, {{-719162, 100}, {INT32_MIN, INT32_MIN, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, Refused(FIVEK_REASON_VALUE_RANGE)}), To("frequency", &Memory::two_frequencies, kNotNegative), To("money", &Memory::amounts), Size("n", 2), To("options", &Memory::rfm_options), To("recency_score", &Memory::rfm_out), To("frequency_score", &Memory::bytes_out), To("money_score", &Memory::score_won), Error()}},
      {FUNCTION(fivek_rfm_segments),
       {To("recency", &Memory::recency_in, Codes(1, 5, FIVEK_REASON_VALUE_RANGE)), To("frequency", &Memory::frequency_in, Codes(1, 5, FIVEK_REASON_VALUE_RANGE)), To("money", &Memory::money_in, Codes(1, 5, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), OrNull(To("rules", &Memory::rfm_rules, kAny)), Size("rule_count", 2), OrNull(To("options", &Memory::segment_options, kAny)), To("segment", &Memory::bytes_out), Error()}},
      {FUNCTION(fivek_bg_nbd_fit),
       {To("frequency", &Memory::frequency, kFittedFrequency), Fitted(InRange(To("recency", &Memory::recency), DBL_TRUE_MIN, 36)), Fitted(InRange(To("age", &Memory::age), 10, 1e9)), Size("n", 6), To("model", &Memory::bg_nbd_out), OrNull(To("quality", &Memory::fit_quality)), Error()}},
      {FUNCTION(fivek_bg_nbd_log_likelihood),
       {To("model", &Memory::bg_nbd), To("frequency", &Memory::frequency, kFrequency), InRange(To("recency", &Memory::recency), DBL_TRUE_MIN, 36), InRange(To("age", &Memory::age), 10, 1e9), Size("n", 6), To("out", &Memory::six_values), Error()}},
      {FUNCTION(fivek_bg_nbd_predict),
       {To("model", &Memory::bg_nbd), To("frequency", &Memory::frequency, kFrequency), InRange(To("recency", &Memory::recency), DBL_TRUE_MIN, 36), InRange(To("age", &Memory::age), 10, 1e9), Size("n", 6), Real("horizon", 39, 0, 1e9), To("out", &Memory::outlooks), OrNull(To("row_status", &Memory::six_statuses)), Error()}},
      {FUNCTION(fivek_bg_nbd_expect_new),
       {To("model", &Memory::bg_nbd), Real("horizon", 39, 0, 1e9), To("expected", &Memory::rate), Error()}},
      {FUNCTION(fivek_gamma_gamma_fit),
       {To("frequency", &Memory::buys, kFittedBuys), Fitted(InRange(To("mean_value", &Memory::mean_value), 1e-9, 1e15)), Size("n", 7), To("model", &Memory::gamma_gamma_out), OrNull(To("quality", &Memory::fit_quality)), Error()}},
      {FUNCTION(fivek_gamma_gamma_log_likelihood),
       {To("model", &Memory::gamma_gamma), To("frequency", &Memory::buys, kBuys), InRange(To("mean_value", &Memory::mean_value), 1e-9, 1e15), Size("n", 6), To("out", &Memory::six_values), Error()}},
      {FUNCTION(fivek_gamma_gamma_predict),
       {To("model", &Memory::gamma_gamma), To("frequency", &Memory::buys, kBuysOrNone), InRange(To("mean_value", &Memory::mean_value), 1e-9, 1e15), Size("n", 6), To("out", &Memory::six_values), OrNull(To("row_status", &Memory::six_statuses)), Error()}},
      {FUNCTION(fivek_lifetime_value),
       {To("model", &Memory::bg_nbd), To("frequency", &Memory::frequency, kFrequency), InRange(To("recency", &Memory::recency), DBL_TRUE_MIN, 36), InRange(To("age", &Memory::age), 10, 1e9), OrInfinite(InRange(To("value_per_order", &Memory::mean_value), 0, DBL_MAX)), Size("n", 6), OrNull(To("options", &Memory::lifetime_options, kAny)), To("out", &Memory::six_values), OrNull(To("row_status", &Memory::six_statuses)), Error()}},

      {FUNCTION(fivek_snapshot_create),
       {Number("taken_at", 7), Number("policy_hash", 8), To("rows", &Memory::snapshot_rows), Size("n", 2), To("out", &Memory::snapshot_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_snapshot_release(world.memory.snapshot_out); }},
      {FUNCTION(fivek_snapshot_retain), {OrNull(Snapshot("snapshot"))}, 0,
       nullptr, [](World&, const Words& words) { fivek_snapshot_release(FromWord<const fivek_snapshot*>(words[0])); }},
      {FUNCTION(fivek_snapshot_release), {OrNull(Snapshot("snapshot"))}, 0,
       [](World&, Words* words) { fivek_snapshot_retain(FromWord<const fivek_snapshot*>((*words)[0])); }},
      {FUNCTION(fivek_snapshot_rows),
       {Snapshot("snapshot"), To("taken_at", &Memory::amount_out), To("policy_hash", &Memory::hash), To("rows", &Memory::snapshot_rows_out), Size("cap", 2), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_snapshot_write),
       {Snapshot("snapshot"), To("buf", &Memory::text_out), Size("cap", 4096), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_snapshot_read),
       {To("bytes", &Memory::snapshot_bytes, {{'5', '5'}, Unsaid(Refused(FIVEK_REASON_DATA_DAMAGED, FIVEK_DATA_LOSS))}), {"len", [](World& world) { return ToWord(world.memory.snapshot_size); }}, To("out", &Memory::snapshot_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_snapshot_release(world.memory.snapshot_out); }},
      {FUNCTION(fivek_movement_of),
       {Snapshot("then"), Snapshot("now"), Code("from_day", 100, {{INT64_MIN, 199}, Refused(FIVEK_REASON_VALUE_RANGE)}), Code("to_day", 200, {{101, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)}), To("out", &Memory::movement), Error()}},
      {FUNCTION(fivek_movement_list),
       {Snapshot("then"), Snapshot("now"), Code("from_day", 100, {{INT64_MIN, 199}, Refused(FIVEK_REASON_VALUE_RANGE)}), Code("to_day", 200, {{101, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)}), To("out", &Memory::deal_movements), Size("cap", 4), To("count", &Memory::count), Error()}},

      {FUNCTION(fivek_visits_from_moves),
       {To("moves", &Memory::stage_moves), Size("n", 2), Code("as_of", 1000, {{-719162, 100099}, Unsaid(Refused(FIVEK_REASON_VALUE_RANGE))}), To("visits", &Memory::visits_out), Size("cap", 8), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_moves_from_events),
       {Policy(), Number("deal", 1), Number("segment", 0), Number("team", 0), Number("seller", 0), Code("created_at", 0, {{-719162 * int64_t{86400}, 2000}, {2001, 2932897 * int64_t{86400} - 1, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_OUT_OF_ORDER, false}, Refused(FIVEK_REASON_VALUE_RANGE)}), To("events", &Memory::events), Size("n", 2), To("moves", &Memory::stage_moves_out), Size("cap", 8), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_visits_check),
       {To("visits", &Memory::visits), Size("n", 2), Code("as_of", 1000, {{110, 2932896}, Unsaid(Refused(FIVEK_REASON_VALUE_RANGE))}), Error()}},
      {FUNCTION(fivek_visits_create),
       {Code("from", 0, Codes(-719162, 1000, FIVEK_REASON_VALUE_RANGE)), Code("as_of", 1000, Codes(0, 2932896, FIVEK_REASON_VALUE_RANGE)), To("out", &Memory::visits_made), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_visits_release(world.memory.visits_made); }},
      {FUNCTION(fivek_visits_release), {OrNull(VisitsOf("visits", &World::visits))}, 0,
       [](World& world, Words* words) { if ((*words)[0] != 0) world.visits = NewVisits(); }},
      {FUNCTION(fivek_visits_add),
       {VisitsOf("visits", &World::visits), To("added", &Memory::visits), Size("n", 2), Error()}},
      {FUNCTION(fivek_visits_merge),
       {VisitsOf("into", &World::visits), VisitsOf("from", &World::other_visits), Error()}},
      {FUNCTION(fivek_visits_window),
       {VisitsOf("visits", &World::visits), To("from", &Memory::a), To("as_of", &Memory::b), To("added", &Memory::amount_out), Error()}},
      {FUNCTION(fivek_visits_counts),
       {VisitsOf("visits", &World::visits), To("out", &Memory::visit_counts), Size("cap", 32), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_visits_write),
       {VisitsOf("visits", &World::visits), To("buf", &Memory::text_out), Size("cap", 4096), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_visits_read),
       {To("bytes", &Memory::visits_bytes, {{'5', '5'}, Unsaid(Refused(FIVEK_REASON_DATA_DAMAGED, FIVEK_DATA_LOSS))}), {"len", [](World& world) { return ToWord(world.memory.visits_size); }}, To("out", &Memory::visits_made), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_visits_release(world.memory.visits_made); }},
      {FUNCTION(fivek_competing_risks_fit),
       {OrNull(To("entry", &Memory::entry, Codes(0, 4, FIVEK_REASON_VALUE_RANGE))), To("time", &Memory::time, Codes(1, 100000, FIVEK_REASON_VALUE_RANGE)), To("event", &Memory::causes, Codes(0, 3, FIVEK_REASON_UNKNOWN_CODE)), Size("n", 2), To("out", &Memory::risks), Error()}},
      {FUNCTION(fivek_hazards_forecast),
       {InRange(To("won", &Memory::won_hazard), 0, 1), InRange(To("lost", &Memory::lost_hazard), 0, 1), Size("n", 2), Code("horizon", 4, Codes(0, 10000, FIVEK_REASON_VALUE_RANGE)), To("ages", &Memory::hazard_ages), Error()}},
      {FUNCTION(fivek_ladder_fit),
       {Policy(), VisitsOf("visits", &World::visits), OrNull(To("options", &Memory::ladder_options, kAny)), To("out", &Memory::ladder_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_ladder_release(world.memory.ladder_out); }},
      {FUNCTION(fivek_ladder_retain), {OrNull(Ladder())}, 0,
       nullptr, [](World&, const Words& words) { fivek_ladder_release(FromWord<const fivek_ladder*>(words[0])); }},
      {FUNCTION(fivek_ladder_release), {OrNull(Ladder())}, 0,
       [](World&, Words* words) { fivek_ladder_retain(FromWord<const fivek_ladder*>((*words)[0])); }},
      {FUNCTION(fivek_ladder_groups),
       {Ladder(), To("out", &Memory::ladder_groups), Size("cap", 8), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_ladder_won),
       {Ladder(), OrNull(To("group", &Memory::ladder_group, kAny)), Code("milestone", 2, kMilestone), To("out", &Memory::estimate), Error()}},
      {FUNCTION(fivek_ladder_won_at_age),
       {Ladder(), OrNull(To("group", &Memory::ladder_group, kAny)), Code("milestone", 2, kMilestone), Code("days", 2, kNotNegative), To("out", &Memory::estimate), Error()}},
      {FUNCTION(fivek_ladder_won_within),
       {Ladder(), OrNull(To("group", &Memory::ladder_group, kAny)), Code("horizon", 30, Codes(1, 3660, FIVEK_REASON_VALUE_RANGE)), To("milestone", &Memory::milestones, {{2, 6}, {0, 1, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_NO_HISTORY, false}, Refused(FIVEK_REASON_UNKNOWN_CODE)}), To("days", &Memory::ages_in_days, kNotNegative), Size("n", 2), To("out", &Memory::estimates), OrNull(To("row_status", &Memory::event_status)), Error()}},
      {FUNCTION(fivek_ladder_explain),
       {Ladder(), OrNull(To("group", &Memory::ladder_group, kAny)), Code("milestone", 2, kStage), To("out", &Memory::rung), Error()}},
      {FUNCTION(fivek_ladder_explain_ages),
       {Ladder(), Code("milestone", 2, kStage), To("ages", &Memory::ages), Error()}},
      {FUNCTION(fivek_ladder_table),
       {Ladder(), OrNull(To("group", &Memory::ladder_group, kAny)), To("ppm", &Memory::ladder_table), Error()}},
      {FUNCTION(fivek_ages_bucket),
       {To("days", &Memory::ages_in_days, kAny), Size("n", 2), To("bucket", &Memory::bytes_out), Error()}},
      {FUNCTION(fivek_martingale_check),
       {VisitsOf("visits", &World::visits), InRange(To("probability", &Memory::probabilities), 0, 1), To("gaps", &Memory::gaps), Error()}},

      {FUNCTION(fivek_logistic_fit),
       {InRange(To("feature", &Memory::score_value), -1e6, 1e6), Size("columns", 1), To("won", &Memory::score_won, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), OrNull(InRange(To("offset", &Memory::score_simpler), -50, 50)), OrNull(InRange(To("weight", &Memory::score_weight), 1e-9, 1e9)), Size("n", 4), Real("l2", 1, 0, 1e9), Code("non_negative", 0, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), To("intercept", &Memory::rate), To("weights", &Memory::weights), OrNull(To("standard_error", &Memory::standard_error)), To("objective", &Memory::objective), Error()}},
      {FUNCTION(fivek_platt_fit),
       {InRange(To("score", &Memory::score_value), -1e6, 1e6), To("won", &Memory::score_won, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), Size("n", 4), To("a", &Memory::rate), To("b", &Memory::low), Error()}},
      {FUNCTION(fivek_venn_abers),
       {InRange(To("score", &Memory::score_value), -1e6, 1e6), To("won", &Memory::score_won, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), Size("n", 4), InRange(To("at", &Memory::score_simpler), -1e6, 1e6), Size("m", 2), To("low", &Memory::weights), To("high", &Memory::standard_error), To("merged", &Memory::out_of_fold), Error()}},
      {FUNCTION(fivek_recalibration_fit),
       {InRange(To("forecast", &Memory::forecast), 0, 1), To("won", &Memory::won, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), To("id", &Memory::score_group), Size("n", 2), To("out", &Memory::recalibration_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_recalibration_release(world.memory.recalibration_out); }},
      {FUNCTION(fivek_recalibration_retain), {OrNull(HandleOf("recalibration", &World::recalibration))}, 0,
       nullptr, [](World&, const Words& words) { fivek_recalibration_release(FromWord<const fivek_recalibration*>(words[0])); }},
      {FUNCTION(fivek_recalibration_release), {OrNull(HandleOf("recalibration", &World::recalibration))}, 0,
       [](World&, Words* words) { fivek_recalibration_retain(FromWord<const fivek_recalibration*>((*words)[0])); }},
      {FUNCTION(fivek_recalibration_describe),
       {HandleOf("recalibration", &World::recalibration), To("out", &Memory::recalibration_info), Error()}},
      {FUNCTION(fivek_recalibration_apply),
       {HandleOf("recalibration", &World::recalibration), InRange(To("forecast", &Memory::forecast), 0, 1), Size("n", 2), To("out", &Memory::fitted), Error()}},
      {FUNCTION(fivek_recalibration_write),
       {HandleOf("recalibration", &World::recalibration), To("buf", &Memory::text_out), Size("cap", 4096), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_recalibration_read),
       {To("bytes", &Memory::recalibration_bytes, {{'5', '5'}, Unsaid(Refused(FIVEK_REASON_DATA_DAMAGED, FIVEK_DATA_LOSS))}), {"len", [](World& world) { return ToWord(world.memory.recalibration_size); }}, To("out", &Memory::recalibration_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_recalibration_release(world.memory.recalibration_out); }},
      {FUNCTION(fivek_scorecard_fit),
       {To("table", &Memory::score_table), Size("levels", 1), Size("values", 1), Size("rows", 4), OrNull(To("options", &Memory::score_options, kAny)), OrNull(To("out_of_fold", &Memory::out_of_fold)), To("out", &Memory::card_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_scorecard_release(world.memory.card_out); }},
      {FUNCTION(fivek_scorecard_retain), {OrNull(HandleOf("card", &World::card))}, 0,
       nullptr, [](World&, const Words& words) { fivek_scorecard_release(FromWord<const fivek_scorecard*>(words[0])); }},
      {FUNCTION(fivek_scorecard_release), {OrNull(HandleOf("card", &World::card))}, 0,
       [](World&, Words* words) { fivek_scorecard_retain(FromWord<const fivek_scorecard*>((*words)[0])); }},
      {FUNCTION(fivek_scorecard_describe),
       {HandleOf("card", &World::card), To("out", &Memory::card_info), Error()}},
      {FUNCTION(fivek_scorecard_line),
       {HandleOf("card", &World::card), Size("index", 0), To("out", &Memory::score_line), Error()}},
      {FUNCTION(fivek_scorecard_predict),
       {HandleOf("card", &World::card), To("answers", &Memory::answers), Size("n", 2), To("score", &Memory::a), To("out", &Memory::estimate), Error()}},
      {FUNCTION(fivek_scorecard_scores),
       {HandleOf("card", &World::card), To("level", &Memory::score_level, kAny), InRange(To("value", &Memory::score_value), -DBL_MAX, DBL_MAX), OrNull(To("missing", &Memory::score_missing, Codes(0, 1, FIVEK_REASON_VALUE_RANGE))), Size("levels", 1), Size("values", 1), Size("rows", 4), To("score", &Memory::scores), OrNull(To("out", &Memory::four_estimates)), Error()}},
      {FUNCTION(fivek_scorecard_explain),
       {HandleOf("card", &World::card), To("answers", &Memory::answers), Size("n", 2), To("line", &Memory::card_line), To("points", &Memory::card_points), Error()}},
      {FUNCTION(fivek_scorecard_write),
       {HandleOf("card", &World::card), To("buf", &Memory::text_out), Size("cap", 4096), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_scorecard_read),
       {To("bytes", &Memory::card_bytes, {{'5', '5'}, Unsaid(Refused(FIVEK_REASON_DATA_DAMAGED, FIVEK_DATA_LOSS))}), {"len", [](World& world) { return ToWord(world.memory.card_size); }}, To("out", &Memory::card_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_scorecard_release(world.memory.card_out); }},
      {FUNCTION(fivek_evidence_fit),
       {To("deals", &Memory::evidence_deals), Size("n", 4), Code("from_day", 0, {{INT64_MIN, 100}, Refused(FIVEK_REASON_VALUE_RANGE)}), Code("as_of", 100, {{0, INT64_MAX}, Refused(FIVEK_REASON_VALUE_RANGE)}), OrNull(To("out_of_fold", &Memory::out_of_fold)), To("out", &Memory::evidence_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_evidence_release(world.memory.evidence_out); }},
      {FUNCTION(fivek_evidence_retain), {OrNull(HandleOf("model", &World::evidence))}, 0,
       nullptr, [](World&, const Words& words) { fivek_evidence_release(FromWord<const fivek_evidence_model*>(words[0])); }},
      {FUNCTION(fivek_evidence_release), {OrNull(HandleOf("model", &World::evidence))}, 0,
       [](World&, Words* words) { fivek_evidence_retain(FromWord<const fivek_evidence_model*>((*words)[0])); }},
      {FUNCTION(fivek_evidence_describe),
       {HandleOf("model", &World::evidence), To("out", &Memory::evidence_info), Error()}},
      {FUNCTION(fivek_evidence_predict),
       {HandleOf("model", &World::evidence), Code("stage", 0, Codes(0, 6, FIVEK_REASON_UNKNOWN_CODE)), Real("ladder", 0.5, DBL_TRUE_MIN, 1 - DBL_EPSILON / 2), To("points", &Memory::points, {{0, 20}, {255, 255}, Refused(FIVEK_REASON_VALUE_RANGE)}), To("out", &Memory::estimate), To("why", &Memory::explanation), Error()}},
      {FUNCTION(fivek_evidence_predict_from),
       {HandleOf("model", &World::evidence), Code("stage", 0, Codes(0, 6, FIVEK_REASON_UNKNOWN_CODE)), To("ladder", &Memory::ladder_estimate), To("points", &Memory::points, {{0, 20}, {255, 255}, Refused(FIVEK_REASON_VALUE_RANGE)}), To("out", &Memory::estimate), To("why", &Memory::explanation), Error()}},
      {FUNCTION(fivek_evidence_write),
       {HandleOf("model", &World::evidence), To("buf", &Memory::text_out), Size("cap", 4096), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_evidence_read),
       {To("bytes", &Memory::evidence_bytes, {{'5', '5'}, Unsaid(Refused(FIVEK_REASON_DATA_DAMAGED, FIVEK_DATA_LOSS))}), {"len", [](World& world) { return ToWord(world.memory.evidence_size); }}, To("out", &Memory::evidence_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_evidence_release(world.memory.evidence_out); }},
      {FUNCTION(fivek_five_k_of),
       {To("points", &Memory::points, Codes(0, 20, FIVEK_REASON_VALUE_RANGE)), To("out", &Memory::five_k), Error()}},
      {FUNCTION(fivek_pls_create),
       {Size("fields", 2), Code("stages", 3, {{1, 256}, Refused(FIVEK_REASON_VALUE_RANGE)}), Code("least_tag_leads", 50, kNotNegative), Code("clamp", 0, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), To("out", &Memory::pls_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_pls_release(world.memory.pls_out); }},
      {FUNCTION(fivek_pls_release), {OrNull(HandleOf("pls", &World::pls))}, 0,
       [](World&, Words* words) { if ((*words)[0] != 0) (*words)[0] = ToWord(NewPls()); }},
      {FUNCTION(fivek_pls_add),
       {HandleOf("pls", &World::pls), Number("team", 0), Code("stage", 0, Codes(0, 2, FIVEK_REASON_UNKNOWN_CODE)), To("value", &Memory::pls_value, kAny), To("tag", &Memory::pls_tag, kAny), Size("tags", 2), Code("won", 0, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), Error()}},
      // Of leads like the one that was added there is none but that.
      {FUNCTION(fivek_pls_remove),
       {HandleOf("pls", &World::pls), Code("team", 0, {{0, 0}, Refused(FIVEK_REASON_EVENT_NOT_ALLOWED, FIVEK_FAILED_PRECONDITION)}), Code("stage", 0, {{0, 0}, {1, 2, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED}, Refused(FIVEK_REASON_UNKNOWN_CODE)}), To("value", &Memory::pls_value, {{0, 0}, {0xFFFFFFFF, 0xFFFFFFFF, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED, false}, Refused(FIVEK_REASON_EVENT_NOT_ALLOWED, FIVEK_FAILED_PRECONDITION)}), To("tag", &Memory::pls_tag, {{0, 0}, Refused(FIVEK_REASON_EVENT_NOT_ALLOWED, FIVEK_FAILED_PRECONDITION)}), Size("tags", 2), Code("won", 0, {{0, 0}, {1, 1, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED, false}, Refused(FIVEK_REASON_VALUE_RANGE)}), Error()}, 0,
       nullptr, [](World& world, const Words&) {
         fivek_pls_release(world.pls);
         world.pls = NewPls();
       }},
      {FUNCTION(fivek_pls_probability),
       {HandleOf("pls", &World::pls), Number("team", 0), Code("stage", 0, Codes(0, 2, FIVEK_REASON_UNKNOWN_CODE)), To("value", &Memory::pls_value, kAny), To("tag", &Memory::pls_tag, kAny), Size("tags", 2), To("percent", &Memory::rate), To("raw_percent", &Memory::low), Error()}},
      {FUNCTION(fivek_pls_counts),
       {HandleOf("pls", &World::pls), To("out", &Memory::pls_counts), Size("cap", 16), To("count", &Memory::count), Error()}},
      {FUNCTION(fivek_pls_write),
       {HandleOf("pls", &World::pls), To("buf", &Memory::text_out), Size("cap", 4096), To("needed", &Memory::count), Error()}},
      {FUNCTION(fivek_pls_read),
       {To("bytes", &Memory::pls_bytes, {{'5', '5'}, Unsaid(Refused(FIVEK_REASON_DATA_DAMAGED, FIVEK_DATA_LOSS))}), {"len", [](World& world) { return ToWord(world.memory.pls_size); }}, To("out", &Memory::pls_out), Error()}, 0,
       nullptr, [](World& world, const Words&) { fivek_pls_release(world.memory.pls_out); }},

      {FUNCTION(fivek_score_arrow),
       {Policy(), To("schema", &Memory::schema), To("array", &Memory::array), To("out_schema", &Memory::schema_out), To("out_array", &Memory::array_out), Error()}, 0,
       nullptr, [](World& world, const Words&) {
         world.memory.schema_out.release(&world.memory.schema_out);
         world.memory.array_out.release(&world.memory.array_out);
       }},

      {FUNCTION(fivek_scores_weigh),
       {To("weight", &Memory::criterion_weight, kFewVisits), Size("criteria", 2), To("score", &Memory::criterion_score, Codes(-1, 100, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), To("out", &Memory::score_ranges), Error()}},
      {FUNCTION(fivek_portfolio_cells),
       {To("attractiveness", &Memory::attractiveness, kScore), OrNull(To("attractiveness_most", &Memory::attractiveness_most, kScore)), To("relationship", &Memory::relationship, kScore), OrNull(To("relationship_most", &Memory::relationship_most, kScore)), Size("n", 2), OrNull(To("options", &Memory::portfolio_options, kAny)), To("accounts", &Memory::portfolio_accounts), OrNull(To("out", &Memory::portfolio)), Error()}},
      {FUNCTION(fivek_triangle_check),
       {To("accounts", &Memory::triangle_accounts), Size("n", 2), OrNull(To("learned_on", &Memory::learned_on, kPastDay)), Code("as_of", 19000, Codes(100, 2932896, FIVEK_REASON_VALUE_RANGE)), Number("required_information", 3), OrNull(To("stale_after_days", &Memory::stale_after_days, kInterval)), OrNull(To("interval_days", &Memory::interval_days, kInterval)), To("out", &Memory::triangle_status), OrNull(To("book", &Memory::triangle_book)), Error()}},
      {FUNCTION(fivek_visit_plan),
       {To("accounts", &Memory::visit_accounts), Size("n", 2), To("sellers", &Memory::visit_sellers), Size("n_sellers", 2), OrNull(To("frequency", &Memory::visit_frequency, kFewVisits)), To("loads", &Memory::visit_loads), To("sums", &Memory::visit_sums), Error()}},
      {FUNCTION(fivek_hours_against_value),
       {To("hours", &Memory::hours_spent, {{-1, INT64_MAX - 1000}, {INT64_MIN, -2, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))}), To("value", &Memory::hours_value, {{INT64_MIN, INT64_MAX - 1000}, Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))}), OrNull(To("grade", &Memory::grade, kGrade)), Size("n", 2), OrNull(To("shares", &Memory::hours_shares)), To("classes", &Memory::hours_classes), To("out", &Memory::hours), Error()}},
      {FUNCTION(fivek_account_coverage),
       {To("target", &Memory::target, Codes(0, 1, FIVEK_REASON_VALUE_RANGE)), To("reached", &Memory::reached, {{0, 1}, {255, 255}, Refused(FIVEK_REASON_VALUE_RANGE)}), OrNull(To("own", &Memory::own, {{INT64_MIN, INT64_MAX - 1000}, Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))})), OrNull(To("potential", &Memory::potential, {{0, INT64_MAX - 1000000000000}, {INT64_MIN, INT64_MIN}, {INT64_MIN, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Unsaid(Refused(FIVEK_REASON_OVERFLOW, FIVEK_OUT_OF_RANGE))})), OrNull(To("grade", &Memory::grade, kGrade)), Size("n", 2), To("out", &Memory::reach), To("others", &Memory::others), To("others_reached", &Memory::others_reached), Error()}},
      {FUNCTION(fivek_rate_goal_check),
       {Code("part", 0, Codes(0, 10, FIVEK_REASON_VALUE_RANGE)), Code("whole", 10, kNotNegative), Code("goal_ppm", 500000, kPpm), To("rate_ppm", &Memory::a), To("gap_ppm", &Memory::b), To("met", &Memory::c), To("missing", &Memory::amount_out), Error()}},
      {FUNCTION(fivek_effort_allocate),
       {To("accounts", &Memory::effort_accounts), Size("n", 2), Code("budget", 3, kNotNegative), Code("method", 0, kEffortMethod), To("visits", &Memory::effort_visits), To("picks", &Memory::effort_picks), Size("cap", 8), To("count", &Memory::count), To("out", &Memory::effort), Error()}},
      {FUNCTION(fivek_effort_allocate_table),
       {InRange(To("response", &Memory::response), -1e18, 1e18), Size("n", 2), Size("width", 3), OrNull(To("caps", &Memory::effort_caps, Codes(0, 2, FIVEK_REASON_VALUE_RANGE))), Code("budget", 3, kNotNegative), Code("method", 0, kEffortMethod), To("visits", &Memory::effort_visits), To("picks", &Memory::effort_picks), Size("cap", 8), To("count", &Memory::count), To("out", &Memory::effort), Error()}},
      {FUNCTION(fivek_effort_response),
       {To("account", &Memory::effort_accounts), Code("visits", 3, kNotNegative), To("value", &Memory::effort_value), Error()}},
      // What the shares may be depends on each other: tried in c_test.c.
      {FUNCTION(fivek_effort_calibrate),
       {Real("potential", 100, 0, 1e18), Code("visits", 1, kPositive), Matrix(Real("share_today", 0.3, 0, 1)), Matrix(Real("share_saturation", 0.5, 0, 1)), Code("form", 3, {{0, 1}, {3, 3}, Refused(FIVEK_REASON_UNKNOWN_CODE)}), Real("steepness", 1, 1e-9, 64), Code("cap", 4, kNotNegative), To("out", &Memory::effort_account), Error()}},
      {FUNCTION(fivek_sales_mode_of),
       {To("weight", &Memory::concerns, Codes(-1, 100, FIVEK_REASON_VALUE_RANGE)), Size("n", 2), To("out", &Memory::sales_modes), Error()}},
      {FUNCTION(fivek_team_person_of),
       {Code("grouping", 3, kEffortMethod), Code("person", 0, Codes(0, 2, FIVEK_REASON_UNKNOWN_CODE)), To("people", &Memory::a), To("phases", &Memory::phases), To("traits", &Memory::traits), Error()}},
      {FUNCTION(fivek_segment_design_result),
       {To("segments", &Memory::segments), Size("n", 2), To("out", &Memory::segment_results), To("total", &Memory::amount_out), Error()}},
      {FUNCTION(fivek_segment_rate_needed),
       {To("segment", &Memory::segments), Code("factor", 1, Codes(1, 2, FIVEK_REASON_UNKNOWN_CODE)), Code("goal", 0, {{0, 0}, {INT64_MIN, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Unsaid(Refused(FIVEK_REASON_NO_HISTORY, FIVEK_FAILED_PRECONDITION))}), To("ppm", &Memory::amount_out), Error()}},
  };
  return *kFunctions;
}

#define FIELD(owner, name) \
  #owner, #name, offsetof(owner, name), sizeof(static_cast<owner*>(nullptr)->name)
#define ELEMENT(owner, name) \
  alignof(std::remove_pointer_t<decltype(static_cast<owner*>(nullptr)->name)>)

const std::vector<Field>& EveryField() {
  const int32_t kCorrupt = FIVEK_REASON_STATE_CORRUPT;
  // Only open deals take the event of the table.
  const Domain open_only = {{0, 0}, {1, 4, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED, false}, Refused(kCorrupt)};
  const Domain not_after_the_event = {{INT64_MIN, 2000}, Unsaid(Refused(FIVEK_REASON_EVENT_OUT_OF_ORDER, FIVEK_FAILED_PRECONDITION))};
  static const auto* const kFields = new std::vector<Field>{
      {FIELD(fivek_assessment, level[0]), LevelUpTo(5)},
      {FIELD(fivek_assessment, level[1]), LevelUpTo(7)},
      {FIELD(fivek_assessment, level[2]), LevelUpTo(3)},
      {FIELD(fivek_assessment, level[3]), LevelUpTo(6)},
      {FIELD(fivek_assessment, level[4]), LevelUpTo(6)},
      {FIELD(fivek_assessment, by_decision_maker), kDecisionMaker},
      {FIELD(fivek_assessment, reserved[0]), kReserved},
      {FIELD(fivek_assessment, reserved[1]), kReserved},

      {FIELD(fivek_waiver, item), {{6, 6}, {0, 22, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_WAIVER_NOT_ALLOWED}, Refused(FIVEK_REASON_UNKNOWN_EVIDENCE)}},
      {FIELD(fivek_waiver, reason), Codes(3, 3, FIVEK_REASON_UNKNOWN_CODE)},

      // Confirmed again with the proof it lacked: the item 0 too may be there.
      {FIELD(fivek_opportunity, evidence), kAny},
      {FIELD(fivek_opportunity, outcome), open_only},
      {FIELD(fivek_opportunity, cycle), kAny},
      {FIELD(fivek_opportunity, stage), Codes(0, 5, kCorrupt)},
      {FIELD(fivek_opportunity, milestone), Codes(0, 6, kCorrupt)},
      {FIELD(fivek_opportunity, highest_milestone), Codes(0, 6, kCorrupt)},
      {FIELD(fivek_opportunity, regressions), kAny},
      {FIELD(fivek_opportunity, lost_reason), kAny},
      {FIELD(fivek_opportunity, stage_since), kAny},
      {FIELD(fivek_opportunity, milestone_since), kAny},
      {FIELD(fivek_opportunity, last_event_at), not_after_the_event},
      {FIELD(fivek_opportunity, proven), {{0, 0}, Unsaid(Refused(kCorrupt))}},
      {FIELD(fivek_opportunity, reserved), Codes(0, 0, kCorrupt)},

      {FIELD(fivek_event, at), {{1000, INT64_MAX}, Unsaid(Refused(FIVEK_REASON_EVENT_OUT_OF_ORDER, FIVEK_FAILED_PRECONDITION))}},
      {FIELD(fivek_event, kind), {{0, 4}, {6, 6}, {9, 9}, {5, 8, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED, false}, Refused(FIVEK_REASON_UNKNOWN_EVENT)}},
      {FIELD(fivek_event, code), {{0, 18}, {22, 31}, {19, 21, FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED, false}, Refused(FIVEK_REASON_UNKNOWN_EVIDENCE)}},
      {FIELD(fivek_event, shown_by), kShownBy},
      {FIELD(fivek_event, proof), kProof},
      {FIELD(fivek_event, reference), kAny},

      {FIELD(fivek_deal, assessment.level[0]), LevelUpTo(5)},
      {FIELD(fivek_deal, assessment.level[1]), LevelUpTo(7)},
      {FIELD(fivek_deal, assessment.level[2]), LevelUpTo(3)},
      {FIELD(fivek_deal, assessment.level[3]), LevelUpTo(6)},
      {FIELD(fivek_deal, assessment.level[4]), LevelUpTo(6)},
      {FIELD(fivek_deal, assessment.by_decision_maker), kDecisionMaker},
      {FIELD(fivek_deal, assessment.reserved[0]), kReserved},
      {FIELD(fivek_deal, assessment.reserved[1]), kReserved},
      {FIELD(fivek_deal, evidence), kAny},
      {FIELD(fivek_deal, outcome), kOutcome},
      {FIELD(fivek_deal, amount), kAny},

      {FIELD(fivek_score_in, reserved), kReserved},
      {FIELD(fivek_score_in, problem), LevelUpTo(5), true},
      {FIELD(fivek_score_in, power), LevelUpTo(7), true},
      {FIELD(fivek_score_in, vision), LevelUpTo(3), true},
      {FIELD(fivek_score_in, value), LevelUpTo(6), true},
      {FIELD(fivek_score_in, control), LevelUpTo(6), true},
      {FIELD(fivek_score_in, by_decision_maker), kDecisionMaker, true},
      {FIELD(fivek_score_in, evidence), kAny, true, ELEMENT(fivek_score_in, evidence)},
      {FIELD(fivek_score_in, outcome), kOutcome, true},
      {FIELD(fivek_score_in, amount), kAny, true, ELEMENT(fivek_score_in, amount)},

      {FIELD(fivek_score_out, reserved), kReserved},
      {FIELD(fivek_score_out, strength), {}, true},
      {FIELD(fivek_score_out, weakest), {}, true},
      {FIELD(fivek_score_out, product_ppm), {}, true, ELEMENT(fivek_score_out, product_ppm)},
      {FIELD(fivek_score_out, stage), {}, true},
      {FIELD(fivek_score_out, milestone), {}, true},
      {FIELD(fivek_score_out, probability_ppm), {}, true, ELEMENT(fivek_score_out, probability_ppm)},
      {FIELD(fivek_score_out, expected_amount), {}, true, ELEMENT(fivek_score_out, expected_amount)},
      {FIELD(fivek_score_out, row_status), {}, true, ELEMENT(fivek_score_out, row_status)},

      // The table has two buckets.
      {FIELD(fivek_calibration, buckets), {{1, 2}, {3, 256, kNotTried}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_calibration, ppm), kPpm, false, ELEMENT(fivek_calibration, ppm)},
      {FIELD(fivek_calibration, age_bucket), Codes(0, 1, FIVEK_REASON_VALUE_RANGE), true},

      {FIELD(fivek_abc_options, rule), Codes(0, 2, FIVEK_REASON_UNKNOWN_CODE)},
      {FIELD(fivek_abc_options, ties), {{0, 0}, {1, 1, kNotTried}, Refused(FIVEK_REASON_UNKNOWN_CODE)}},
      {FIELD(fivek_abc_options, a_ppm), Codes(0, 950000, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_abc_options, b_ppm), Codes(800000, 1000000, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_abc_options, reserved), kReserved},
      {FIELD(fivek_abc_options, a_count), kAny},
      {FIELD(fivek_abc_options, b_count), kAny},

      {FIELD(fivek_activity_change, reserved), kReserved},
      {FIELD(fivek_activity_change, before_numerator), kPositive},
      {FIELD(fivek_activity_change, before_denominator), kPositive},
      {FIELD(fivek_activity_change, after_numerator), kNotNegative},
      {FIELD(fivek_activity_change, after_denominator), kPositive},
      {FIELD(fivek_activity_change, sellers), kNotNegative},
      {FIELD(fivek_activity_change, working_days), kNotNegative},
      {FIELD(fivek_activity_change, calls_per_deal_numerator), kPositive},
      {FIELD(fivek_activity_change, calls_per_deal_denominator), kPositive},
      {FIELD(fivek_activity_change, average_won), kNotNegative},

      // The other row has deal 5.
      {FIELD(fivek_snapshot_row, deal), {{5, 5, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, kAll}},
      {FIELD(fivek_snapshot_row, amount), kAny},
      {FIELD(fivek_snapshot_row, close_day), kAny},
      {FIELD(fivek_snapshot_row, outcome), kOutcome},
      {FIELD(fivek_snapshot_row, milestone), {{0, 6}, {255, 255}, Refused(FIVEK_REASON_UNKNOWN_CODE)}},
      {FIELD(fivek_snapshot_row, reserved[0]), kReserved},
      {FIELD(fivek_snapshot_row, reserved[1]), kReserved},

      {FIELD(fivek_stage_move, deal), kAny},
      {FIELD(fivek_stage_move, day), {{-98999, 2932896}, Unsaid(Refused(FIVEK_REASON_VALUE_RANGE))}},
      {FIELD(fivek_stage_move, sequence), kAny},
      {FIELD(fivek_stage_move, to), Codes(0, 9, FIVEK_REASON_UNKNOWN_CODE)},
      {FIELD(fivek_stage_move, segment), kAny},
      {FIELD(fivek_stage_move, team), kAny},
      {FIELD(fivek_stage_move, seller), kAny},

      {FIELD(fivek_stage_visit, deal), kAny},
      {FIELD(fivek_stage_visit, stage), kStage},
      {FIELD(fivek_stage_visit, entered), {{-99889, 110}, Unsaid(Refused(FIVEK_REASON_VALUE_RANGE))}},
      {FIELD(fivek_stage_visit, left), Codes(100, 1000, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_stage_visit, spent), Codes(0, 99989, FIVEK_REASON_VALUE_RANGE)},
      // Those who advance have to say where; 0 is below 2.
      {FIELD(fivek_stage_visit, end), {{2, 4}, {0, 0}, {1, 1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Refused(FIVEK_REASON_UNKNOWN_CODE)}},
      {FIELD(fivek_stage_visit, to), Codes(0, 0, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_stage_visit, segment), kAny},
      {FIELD(fivek_stage_visit, team), kAny},
      {FIELD(fivek_stage_visit, seller), kAny},
      {FIELD(fivek_stage_visit, reserved), kReserved},

      {FIELD(fivek_ladder_options, learn_strength), Codes(0, 1, FIVEK_REASON_UNKNOWN_CODE)},
      {FIELD(fivek_ladder_group, depth), Codes(0, 3, FIVEK_REASON_UNKNOWN_CODE)},
      // Of all deals there is no segment.
      {FIELD(fivek_ladder_group, segment), Codes(0, 0, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_ladder_group, team), Codes(0, 0, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_ladder_group, seller), Codes(0, 0, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_score_table, reserved), kReserved},
      {FIELD(fivek_score_table, level), kAny, false, ELEMENT(fivek_score_table, level)},
      {FIELD(fivek_score_table, value), {}, false, ELEMENT(fivek_score_table, value)},
      {FIELD(fivek_score_table, missing), Codes(0, 1, FIVEK_REASON_VALUE_RANGE), true},
      {FIELD(fivek_score_table, known_on), {{INT64_MIN, 10}, Refused(FIVEK_REASON_VALUE_RANGE)}, true, ELEMENT(fivek_score_table, known_on)},
      {FIELD(fivek_score_table, won), Codes(0, 1, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_score_table, group), kAny, true, ELEMENT(fivek_score_table, group)},
      // Outside the window it is not looked at.
      {FIELD(fivek_score_table, closed_on), kAny, true, ELEMENT(fivek_score_table, closed_on)},
      {FIELD(fivek_score_table, simpler), {}, true, ELEMENT(fivek_score_table, simpler)},
      {FIELD(fivek_score_options, bins), Codes(2, 16, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_score_options, from_day), {{INT64_MIN, 10}, {11, 100, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_score_options, as_of), {{10, INT64_MAX}, {0, 9, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_score_options, l2), {}},
      {FIELD(fivek_score_answer, value), {}},
      {FIELD(fivek_score_answer, level), kAny},
      {FIELD(fivek_score_answer, missing), Codes(0, 1, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_evidence_deal, id), kAny},
      {FIELD(fivek_evidence_deal, ladder), {}},
      {FIELD(fivek_evidence_deal, known_on), {{INT64_MIN, 10}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      // Before the window it is not looked at.
      {FIELD(fivek_evidence_deal, closed_on), kAny},
      {FIELD(fivek_evidence_deal, stage), Codes(0, 6, FIVEK_REASON_UNKNOWN_CODE)},
      {FIELD(fivek_evidence_deal, points[0]), {{0, 20}, {255, 255}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_evidence_deal, points[4]), {{0, 20}, {255, 255}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_evidence_deal, won), Codes(0, 1, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_evidence_deal, reserved), kReserved},

      {FIELD(fivek_visit_policy, mix_ppm[0]), kPpm},
      {FIELD(fivek_visit_policy, mix_ppm[2]), kPpm},
      {FIELD(fivek_visit_policy, cap), kPositive},
      {FIELD(fivek_rfm_options, as_of), {{10, 2932896}, {-719162, 9, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_rfm_options, recency_classes), kClasses},
      {FIELD(fivek_rfm_options, frequency_classes), kClasses},
      {FIELD(fivek_rfm_options, money_classes), kClasses},
      {FIELD(fivek_rfm_options, reserved), kReserved},
      {FIELD(fivek_rfm_rule, segment), Codes(0, 254, FIVEK_REASON_UNKNOWN_CODE)},
      {FIELD(fivek_rfm_rule, recency_low), Codes(1, 1, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_rfm_rule, recency_high), {{1, 4}, {5, 5, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_rfm_rule, frequency_low), Codes(1, 5, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_rfm_rule, frequency_high), Codes(1, 5, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_rfm_rule, money_low), Codes(1, 5, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_rfm_rule, money_high), Codes(1, 5, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_rfm_rule, reserved), kReserved},
      {FIELD(fivek_rfm_segment_options, axes), Codes(0, 1, FIVEK_REASON_UNKNOWN_CODE)},
      {FIELD(fivek_rfm_segment_options, recency_classes), kFiveClasses},
      {FIELD(fivek_rfm_segment_options, frequency_classes), kFiveClasses},
      {FIELD(fivek_rfm_segment_options, money_classes), kFiveClasses},
      {FIELD(fivek_rfm_segment_options, never_bought), Codes(0, 254, FIVEK_REASON_UNKNOWN_CODE)},
      {FIELD(fivek_bg_nbd, r), {}},
      {FIELD(fivek_bg_nbd, alpha), {}},
      {FIELD(fivek_bg_nbd, a), {}},
      {FIELD(fivek_bg_nbd, b), {}},
      {FIELD(fivek_gamma_gamma, p), {}},
      {FIELD(fivek_gamma_gamma, q), {}},
      {FIELD(fivek_gamma_gamma, v), {}},
      {FIELD(fivek_lifetime_options, months), Codes(1, 1200, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_lifetime_options, monthly_discount), {}},
      {FIELD(fivek_lifetime_options, month), {}},

      {FIELD(fivek_rollup_in, reserved), kReserved},
      {FIELD(fivek_rollup_in, milestone), kMilestone, true},
      {FIELD(fivek_rollup_in, outcome), kOutcome, true},
      {FIELD(fivek_rollup_in, amount), kAny, true, ELEMENT(fivek_rollup_in, amount)},
      {FIELD(fivek_rollup_in, probability_ppm), kPpmOrUnknown, true, ELEMENT(fivek_rollup_in, probability_ppm)},
      {FIELD(fivek_rollup_in, owner), kAny, true, ELEMENT(fivek_rollup_in, owner)},

      {FIELD(fivek_portfolio_options, attractiveness_cut), Codes(21, 1000000, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_portfolio_options, attractiveness_medium), {{1, 49}, {-1, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_portfolio_options, relationship_cut), Codes(21, 1000000, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_portfolio_options, relationship_medium), {{1, 49}, {-1, -1, FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, false}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_portfolio_options, within), Codes(0, 1000000, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_triangle_account, target_day), {{-719162, 2932896}, {INT32_MIN, INT32_MIN}, Refused(FIVEK_REASON_VALUE_RANGE)}},
      {FIELD(fivek_triangle_account, last_contact), kPastDay},
      {FIELD(fivek_triangle_account, information), kAny},
      {FIELD(fivek_triangle_account, grade), kGrade},
      {FIELD(fivek_triangle_account, reserved[0]), kReserved},
      {FIELD(fivek_triangle_account, reserved[2]), kReserved},
      {FIELD(fivek_visit_account, seller), {{0, 1}, Refused(FIVEK_REASON_ROW_RANGE)}},
      {FIELD(fivek_visit_account, planned), kScore},
      {FIELD(fivek_visit_account, done), kScore},
      {FIELD(fivek_visit_account, grade), kGrade},
      {FIELD(fivek_visit_account, reserved[0]), kReserved},
      {FIELD(fivek_visit_account, reserved[2]), kReserved},
      {FIELD(fivek_visit_seller, days), kInterval},
      {FIELD(fivek_visit_seller, other_days), Codes(0, 10, FIVEK_REASON_VALUE_RANGE)},
      {FIELD(fivek_visit_seller, visits_numerator), kFewVisits},
      {FIELD(fivek_visit_seller, visits_denominator), kPositive},
      {FIELD(fivek_effort_account, cap), kNotNegative},
      {FIELD(fivek_effort_account, form), kResponseForm},
      {FIELD(fivek_segment, market), kNotNegative},
      {FIELD(fivek_segment, average_deal), kNotNegative},
      {FIELD(fivek_segment, coverage_ppm), kPpm},
      {FIELD(fivek_segment, win_rate_ppm), kPpm},
      {FIELD(fivek_segment, mode), {{0, 2}, {255, 255}, Refused(FIVEK_REASON_UNKNOWN_CODE)}},
      {FIELD(fivek_segment, grouping), kGrade},
      {FIELD(fivek_segment, functions), Codes(0, 63, FIVEK_REASON_UNKNOWN_CODE)},
      {FIELD(fivek_segment, named), Codes(0, 7, FIVEK_REASON_UNKNOWN_CODE)},
  };
  return *kFields;
}
#undef FUNCTION
#undef FIELD
#undef ELEMENT
// clang-format on

namespace {

struct CallersError {
  CallersError() {
    std::memset(&error, kCanary, sizeof error);
    error.struct_size = sizeof error;
    before = error;
  }
  bool untouched() const {
    return std::memcmp(&error, &before, sizeof error) == 0;
  }
  fivek_error error, before;
};

}  // namespace

void ExpectOk(const Function& function, World& world, const Words& words) {
  CallersError caller;
  Words with_error = words;
  if (function.fallible()) with_error.back() = ToWord(&caller.error);
  const uint64_t result = function.CallIn(world, with_error);
  if (!function.fallible()) return;
  EXPECT_EQ(static_cast<fivek_status>(result), FIVEK_OK)
      << caller.error.message;
  EXPECT_TRUE(caller.untouched());
}

void ExpectRefused(const Function& function, World& world, const Words& words,
                   fivek_status status, int32_t reason,
                   const std::vector<std::string>& says) {
  const std::string before = world.Contents();
  if (!function.fallible()) {
    EXPECT_EQ(function.CallIn(world, words), function.nothing);
    EXPECT_TRUE(world.Contents() == before) << "something is changed";
    return;
  }
  CallersError caller;
  Words with_error = words;
  with_error.back() = ToWord(&caller.error);
  const uint64_t result = function.CallIn(world, with_error);
  EXPECT_EQ(static_cast<fivek_status>(result), status);
  if (IsOk(result)) return;
  EXPECT_TRUE(world.Contents() == before) << "something is changed";
  EXPECT_EQ(caller.error.status, status);
  EXPECT_EQ(caller.error.reason, reason);
  EXPECT_EQ(std::strlen(caller.error.message), caller.error.message_len);
  for (const std::string& part : says) {
    EXPECT_NE(std::string(caller.error.message).find(part), std::string::npos)
        << "\"" << caller.error.message << "\" does not say " << part;
  }
  Words without_error = words;
  without_error.back() = 0;
  EXPECT_EQ(static_cast<fivek_status>(function.CallIn(world, without_error)),
            status);
  EXPECT_TRUE(world.Contents() == before) << "something is changed";
}

}  // namespace fivek::hostile
