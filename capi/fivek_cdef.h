/* fivek.h and fivek_arrow.h without preprocessor, for cffi, PHP FFI, LuaJIT and
 * other readers of C declarations. Made by make_cdef.py; what the declarations
 * mean stands in the headers.
 */
/* clang-format off */
typedef int32_t fivek_status;

typedef struct fivek_policy fivek_policy;
typedef struct fivek_rollup fivek_rollup;
typedef struct fivek_snapshot fivek_snapshot;
typedef struct fivek_visits fivek_visits;
typedef struct fivek_ladder fivek_ladder;
typedef struct fivek_recalibration fivek_recalibration;
typedef struct fivek_scorecard fivek_scorecard;
typedef struct fivek_evidence_model fivek_evidence_model;
typedef struct fivek_pls_compat fivek_pls_compat;

typedef struct fivek_error {
  uint32_t struct_size;
  fivek_status status;
  int32_t reason;
  int32_t column;
  int64_t row;
  uint32_t message_len;
  uint32_t reserved;
  char message[224];
} fivek_error;

typedef struct fivek_assessment {
  uint8_t level[5];
  uint8_t by_decision_maker;
  uint8_t reserved[2];
} fivek_assessment;

typedef struct fivek_strength {
  uint32_t struct_size;
  int32_t total;
  int32_t highest_reachable;
  int32_t points[5];
  int32_t product_ppm;
  int32_t product_max_ppm;
  int32_t balanced;
  int32_t weakest;
  int32_t unknown_mask;
  int32_t next_level;
  int32_t next_gain;
} fivek_strength;

typedef struct fivek_evidence_rule {
  uint32_t struct_size;
  int32_t stage;
  int32_t gate;
  int32_t mode;
  int32_t witness;
  int32_t least_proof;
  uint32_t prerequisites;
} fivek_evidence_rule;

typedef struct fivek_waiver {
  int32_t item;
  int32_t reason;
} fivek_waiver;

typedef struct fivek_standing {
  uint32_t struct_size;
  int32_t stage;
  int32_t milestone;
  int32_t yield_ppm;
  uint32_t missing_for_next;
  uint32_t skipped;
  uint32_t advised;
  uint32_t waived;
} fivek_standing;

typedef struct fivek_opportunity {
  uint32_t evidence;
  int32_t outcome;
  int32_t cycle;
  int32_t stage;
  int32_t milestone;
  int32_t highest_milestone;
  int32_t regressions;
  int32_t lost_reason;
  int64_t stage_since;
  int64_t milestone_since;
  int64_t last_event_at;
  uint32_t proven;
  uint32_t reserved;
} fivek_opportunity;

typedef struct fivek_event {
  int64_t at;
  int32_t kind;
  int32_t code;
  int32_t shown_by;
  int32_t proof;
  uint64_t reference;
} fivek_event;

typedef struct fivek_alignment {
  uint32_t struct_size;
  int32_t aligned_ppm;
  int64_t aligned;
  int64_t ahead;
  int64_t behind;
} fivek_alignment;

typedef struct fivek_score_in {
  uint32_t struct_size;
  uint32_t reserved;
  const uint8_t* problem;
  const uint8_t* power;
  const uint8_t* vision;
  const uint8_t* value;
  const uint8_t* control;
  const uint8_t* by_decision_maker;
  const uint32_t* evidence;
  const uint8_t* outcome;
  const int64_t* amount;
} fivek_score_in;

typedef struct fivek_score_out {
  uint32_t struct_size;
  uint32_t reserved;
  uint8_t* strength;
  uint8_t* weakest;
  int32_t* product_ppm;
  uint8_t* stage;
  uint8_t* milestone;
  int32_t* probability_ppm;
  int64_t* expected_amount;
  fivek_status* row_status;
} fivek_score_out;

typedef struct fivek_calibration {
  uint32_t struct_size;
  int32_t buckets;
  const int32_t* ppm;
  const uint8_t* age_bucket;
} fivek_calibration;

typedef struct fivek_deal {
  fivek_assessment assessment;
  uint32_t evidence;
  int32_t outcome;
  int64_t amount;
} fivek_deal;

typedef struct fivek_deal_score {
  int32_t strength;
  int32_t weakest;
  int32_t product_ppm;
  int32_t stage;
  int32_t milestone;
  int32_t probability_ppm;
  int64_t expected_amount;
} fivek_deal_score;

typedef struct fivek_claim {
  uint32_t struct_size;
  int32_t verdict;
  int32_t claimed;
  int32_t supported;
  int32_t proven_milestone;
  int32_t rungs;
  uint32_t missing;
} fivek_claim;

typedef struct fivek_score_rule {
  uint32_t struct_size;
  int32_t dimension;
  int32_t least_points;
  int32_t only_by_decision_maker;
  int32_t item;
} fivek_score_rule;

typedef struct fivek_rollup_in {
  uint32_t struct_size;
  uint32_t reserved;
  const uint8_t* milestone;
  const uint8_t* outcome;
  const int64_t* amount;
  const int32_t* probability_ppm;
  const uint32_t* owner;
} fivek_rollup_in;

typedef struct fivek_rollup_group {
  uint32_t struct_size;
  uint32_t owner;
  int32_t milestone;
  uint32_t reserved;
  int64_t count;
  int64_t won;
  int64_t lost;
  int64_t unknown;
  int64_t amount;
  int64_t expected;
} fivek_rollup_group;

typedef struct fivek_forecast_quality {
  uint32_t struct_size;
  uint32_t undefined;
  int64_t rows;
  int64_t won;
  double base_rate;
  double mean_forecast;
  double brier;
  double log_loss;
  double brier_skill;
  double auc;
  double spiegelhalter_z;
  double ece_width;
  double mce_width;
  double ece_mass;
  double reliability;
  double resolution;
  double uncertainty;
  double within_bin_variance;
  double within_bin_covariance;
  double miscalibration;
  double discrimination;
  double recalibrated_brier;
} fivek_forecast_quality;

typedef struct fivek_reliability_bin {
  int64_t rows;
  int64_t won;
  double mean_forecast;
  double lowest_forecast;
  double highest_forecast;
  double rate;
  double low;
  double high;
} fivek_reliability_bin;

typedef struct fivek_forecast_gate {
  uint32_t struct_size;
  uint32_t undefined;
  int32_t verdict;
  int32_t reserved;
  int64_t rows;
  double base_log_loss;
  double model_log_loss;
  double mean_gain;
  double sd_gain;
  double z;
} fivek_forecast_gate;

typedef struct fivek_estimate {
  double value;
  double low;
  double high;
  double effective_n;
  int32_t source;
  int32_t reserved;
} fivek_estimate;

typedef struct fivek_rate {
  uint32_t struct_size;
  int32_t source;
  double alpha;
  double beta;
  double mean;
  double sd;
  double low;
  double high;
  double effective_n;
} fivek_rate;

typedef struct fivek_beta_binomial {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t groups;
  double alpha;
  double beta;
  double mean;
  double strength;
} fivek_beta_binomial;

typedef struct fivek_duration_step {
  int32_t day;
  uint32_t reserved;
  int64_t at_risk;
  int64_t ended;
  double survival;
  double se;
} fivek_duration_step;

typedef struct fivek_durations {
  uint32_t struct_size;
  int32_t longest;
  int64_t visits;
  int64_t ended;
  int32_t quarter;
  int32_t median;
  int32_t three_quarters;
  int32_t has_restricted_mean;
  double restricted_mean;
} fivek_durations;

typedef struct fivek_funnel_rung {
  int64_t reached;
  double rate;
  double low;
  double high;
} fivek_funnel_rung;

typedef struct fivek_slippage {
  uint32_t struct_size;
  uint32_t undefined;
  int64_t due;
  int64_t pushed;
  int64_t won;
  int64_t lost;
  int64_t due_amount;
  int64_t pushed_amount;
  double push_rate;
  double push_low;
  double push_high;
  double push_amount_rate;
  double mean_pushes;
  double closed_rate;
  double closed_low;
  double closed_high;
  double due_rate;
  double due_low;
  double due_high;
} fivek_slippage;

typedef struct fivek_pushed_times {
  int32_t pushes;
  uint32_t reserved;
  int64_t deals;
  int64_t won;
  int64_t closed;
  double rate;
  double low;
  double high;
} fivek_pushed_times;

typedef struct fivek_activity_change {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t before_numerator;
  int64_t before_denominator;
  int64_t after_numerator;
  int64_t after_denominator;
  int64_t sellers;
  int64_t working_days;
  int64_t calls_per_deal_numerator;
  int64_t calls_per_deal_denominator;
  int64_t average_won;
} fivek_activity_change;

typedef struct fivek_productivity {
  uint32_t struct_size;
  uint32_t reserved;
  double lift;
  double extra_calls;
  double extra_deals;
  double extra_revenue;
  double sellers_equivalent;
} fivek_productivity;

typedef struct fivek_seller_rate {
  double mean;
  double sd;
  double low;
  double high;
  double mix_ratio;
  int64_t rank;
  int64_t tied;
  int64_t surely_better;
  int32_t source;
  uint32_t reserved;
} fivek_seller_rate;

typedef struct fivek_share {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t places;
  int64_t boundary;
  int64_t tied;
  int64_t tied_numerator;
  int64_t tied_denominator;
} fivek_share;

typedef struct fivek_snapshot_row {
  uint64_t deal;
  int64_t amount;
  int32_t close_day;
  uint8_t outcome;
  uint8_t milestone;
  uint8_t reserved[2];
} fivek_snapshot_row;

typedef struct fivek_movement {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t opening_count;
  int64_t opening_amount;
  int64_t closing_count;
  int64_t closing_amount;
  int64_t count[11];
  int64_t amount[11];
} fivek_movement;

typedef struct fivek_deal_movement {
  uint64_t deal;
  int64_t amount;
  int32_t movement;
  uint32_t reserved;
} fivek_deal_movement;

typedef struct fivek_stage_visit {
  uint64_t deal;
  int32_t stage;
  int32_t entered;
  int32_t left;
  int32_t spent;
  int32_t end;
  int32_t to;
  uint32_t segment;
  uint32_t team;
  uint32_t seller;
  uint32_t reserved;
} fivek_stage_visit;

typedef struct fivek_stage_move {
  uint64_t deal;
  int32_t day;
  int32_t sequence;
  int32_t to;
  uint32_t segment;
  uint32_t team;
  uint32_t seller;
} fivek_stage_move;

typedef struct fivek_visit_count {
  uint32_t segment;
  uint32_t team;
  uint32_t seller;
  int32_t rung;
  int32_t kind;
  int32_t step;
  int64_t count;
} fivek_visit_count;

typedef struct fivek_competing_risks {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t ended[3];
  double survival;
  double incidence[3];
  double covariance[16];
  double conversion;
  double standard_error;
  double lowest;
  double highest;
  double effective_n;
} fivek_competing_risks;

typedef struct fivek_hazard_forecast {
  double won_within;
  double open_after;
  double won_ever;
} fivek_hazard_forecast;

typedef struct fivek_ladder_options {
  uint32_t struct_size;
  int32_t learn_strength;
  double strength;
} fivek_ladder_options;

typedef struct fivek_ladder_group {
  int32_t depth;
  uint32_t segment;
  uint32_t team;
  uint32_t seller;
} fivek_ladder_group;

typedef struct fivek_rung {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t visits;
  int64_t advanced;
  int64_t lost;
  int64_t moved_back;
  int64_t open;
  double observed;
  double standard_error;
  double lowest;
  double highest;
  double prior;
  double strength;
  double back;
  double through;
  fivek_estimate conversion;
  fivek_estimate won;
} fivek_rung;

typedef struct fivek_rung_age {
  int64_t exposures;
  int64_t advanced;
  int64_t lost;
  int64_t moved_back;
  double advance_hazard;
  double loss_hazard;
  double back_hazard;
  double odds_ratio;
} fivek_rung_age;

typedef struct fivek_martingale_gap {
  int64_t moves;
  double said;
  double mean_next;
  double gap;
  double standard_error;
  double reserved;
} fivek_martingale_gap;

typedef struct fivek_recalibration_info {
  uint32_t struct_size;
  int32_t kind;
  int32_t verdict;
  int32_t reserved;
  int64_t rows;
  double base_log_loss;
  double model_log_loss;
} fivek_recalibration_info;

typedef struct fivek_score_table {
  uint32_t struct_size;
  uint32_t reserved;
  const uint32_t* level;
  const double* value;
  const uint8_t* missing;
  const int32_t* known_on;
  const uint8_t* won;
  const uint64_t* group;
  const int32_t* closed_on;
  const double* simpler;
} fivek_score_table;

typedef struct fivek_score_options {
  uint32_t struct_size;
  int32_t bins;
  int32_t from_day;
  int32_t as_of;
  double l2;
} fivek_score_options;

typedef struct fivek_scorecard_info {
  uint32_t struct_size;
  int32_t verdict;
  int32_t columns;
  int32_t lines;
  int64_t rows;
  int64_t won;
  double offset;
  double l2;
  double base_log_loss;
  double model_log_loss;
} fivek_scorecard_info;

typedef struct fivek_score_line {
  uint32_t struct_size;
  int32_t column;
  int32_t kind;
  uint32_t level;
  double from;
  double to;
  int32_t points;
  int32_t reserved;
  int64_t rows;
  int64_t won;
  double rate;
  double low;
  double high;
} fivek_score_line;

typedef struct fivek_score_answer {
  double value;
  uint32_t level;
  uint32_t missing;
} fivek_score_answer;

typedef struct fivek_evidence_deal {
  uint64_t id;
  double ladder;
  int32_t known_on;
  int32_t closed_on;
  uint8_t stage;
  uint8_t points[5];
  uint8_t won;
  uint8_t reserved;
} fivek_evidence_deal;

typedef struct fivek_evidence_info {
  uint32_t struct_size;
  int32_t verdict;
  int64_t rows;
  double intercept;
  double weight[5];
  double l2;
  double base_log_loss;
  double model_log_loss;
} fivek_evidence_info;

typedef struct fivek_evidence_explanation {
  uint32_t struct_size;
  int32_t verdict;
  double log_odds;
  double ladder_log_odds;
  double intercept;
  double log_odds_share[5];
  int32_t probability_ppm;
  int32_t reference_ppm;
  int32_t share_ppm[5];
  int32_t reserved;
} fivek_evidence_explanation;

typedef struct fivek_five_k {
  uint32_t struct_size;
  uint32_t weakest;
  double product;
  double geometric_mean;
  double arithmetic_mean;
  double smoothed_product;
  double log_feature[5];
  double drag_share[5];
} fivek_five_k;

typedef struct fivek_pls_count {
  double won;
  double lost;
  uint32_t team;
  int32_t field;
  uint32_t value;
  uint32_t reserved;
} fivek_pls_count;

typedef struct fivek_abc_options {
  uint32_t struct_size;
  int32_t rule;
  int32_t ties;
  int32_t a_ppm;
  int32_t b_ppm;
  uint32_t reserved;
  int64_t a_count;
  int64_t b_count;
} fivek_abc_options;

typedef struct fivek_abc {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t count[4];
  int64_t value[4];
  int64_t total;
  int64_t lowest[2];
} fivek_abc;

typedef struct fivek_abc_movement {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t moved[25];
  int64_t causes[6];
  int64_t then[2];
  int64_t now[2];
  int64_t row_then[2];
  int64_t row_now[2];
  int64_t mover[2];
  int64_t without_mover[2];
} fivek_abc_movement;

typedef struct fivek_xyz_row {
  double cv;
  uint8_t xyz;
  uint8_t intermittent;
  uint8_t reserved[6];
} fivek_xyz_row;

typedef struct fivek_customer_purchases {
  uint64_t customer;
  int64_t orders;
  int64_t credits;
  int64_t purchase_days;
  int64_t total;
  int64_t repeat_total;
  int32_t first_day;
  int32_t last_day;
  int32_t recency;
  int32_t age;
} fivek_customer_purchases;

typedef struct fivek_rank_class {
  int64_t lowest;
  int64_t highest;
  int64_t customers;
  int32_t score;
  uint32_t reserved;
} fivek_rank_class;

typedef struct fivek_rfm_options {
  uint32_t struct_size;
  int32_t as_of;
  int32_t recency_classes;
  int32_t frequency_classes;
  int32_t money_classes;
  uint32_t reserved;
} fivek_rfm_options;

typedef struct fivek_rfm_rule {
  int32_t segment;
  int32_t recency_low;
  int32_t recency_high;
  int32_t frequency_low;
  int32_t frequency_high;
  int32_t money_low;
  int32_t money_high;
  uint32_t reserved;
} fivek_rfm_rule;

typedef struct fivek_rfm_segment_options {
  uint32_t struct_size;
  int32_t axes;
  int32_t recency_classes;
  int32_t frequency_classes;
  int32_t money_classes;
  int32_t never_bought;
} fivek_rfm_segment_options;

typedef struct fivek_bg_nbd {
  double r;
  double alpha;
  double a;
  double b;
} fivek_bg_nbd;

typedef struct fivek_gamma_gamma {
  double p;
  double q;
  double v;
} fivek_gamma_gamma;

typedef struct fivek_fit_quality {
  uint32_t struct_size;
  int32_t steps;
  int64_t customers;
  int64_t repeaters;
  double log_likelihood;
  double gradient;
  double standard_error[4];
  double low[4];
  double high[4];
} fivek_fit_quality;

typedef struct fivek_outlook {
  double alive;
  double expected;
  double since;
  double gap;
  double waits;
  int32_t due;
  uint32_t reserved;
} fivek_outlook;

typedef struct fivek_lifetime_options {
  uint32_t struct_size;
  int32_t months;
  double monthly_discount;
  double month;
} fivek_lifetime_options;

typedef struct fivek_lead_team {
  uint64_t team;
  int64_t leads;
  int64_t value;
  int64_t funds;
  int64_t without_probability;
  int64_t funds_without_probability;
  int64_t without_funds;
  int64_t undated;
  int64_t outside;
  int64_t reserved;
} fivek_lead_team;

typedef struct fivek_assignment {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t total;
  int64_t bound;
  int64_t gap;
  int64_t unassigned;
  int64_t greedy_by_edge;
  int64_t greedy_by_lead;
} fivek_assignment;

typedef struct fivek_territory_balance {
  uint32_t struct_size;
  int32_t limited;
  int64_t total;
  int64_t first_max;
  int64_t first_min;
  int64_t max;
  int64_t min;
  int64_t bound;
  int64_t gap;
  double first_max_to_mean;
  double max_to_mean;
} fivek_territory_balance;

typedef struct fivek_territory_move {
  int64_t account;
  int32_t from;
  int32_t to;
} fivek_territory_move;

typedef struct fivek_visit_policy {
  uint32_t struct_size;
  int32_t mix_ppm[3];
  int64_t cap;
} fivek_visit_policy;

typedef struct fivek_visit_mix {
  uint32_t struct_size;
  uint32_t broken;
  int64_t unseen;
  int64_t seen;
  int64_t accounts[3];
  int32_t share_ppm[3];
  int32_t reserved;
  int64_t visits;
  int64_t visits_over_cap;
} fivek_visit_mix;

typedef struct fivek_score_range {
  int32_t low;
  int32_t high;
  int32_t of_known;
  int32_t unknown;
} fivek_score_range;

typedef struct fivek_portfolio_options {
  uint32_t struct_size;
  int32_t attractiveness_cut;
  int32_t attractiveness_medium;
  int32_t relationship_cut;
  int32_t relationship_medium;
  int32_t within;
} fivek_portfolio_options;

typedef struct fivek_portfolio_account {
  int32_t cell;
  int32_t attractiveness;
  int32_t relationship;
  int32_t attractiveness_distance;
  int32_t relationship_distance;
  uint32_t possible;
  uint32_t near_cells;
  uint32_t reserved;
} fivek_portfolio_account;

typedef struct fivek_portfolio {
  uint32_t struct_size;
  int32_t levels;
  int64_t unknown;
  int64_t borderline;
  int64_t count[9];
} fivek_portfolio;

typedef struct fivek_triangle_account {
  int32_t target_day;
  int32_t last_contact;
  uint32_t information;
  uint8_t grade;
  uint8_t reserved[3];
} fivek_triangle_account;

typedef struct fivek_triangle_status {
  uint32_t missing;
  uint32_t overdue;
  uint32_t unknown;
  uint32_t missing_information;
  uint32_t stale_information;
  uint32_t undated;
  int32_t contact_due;
  int32_t days_over;
} fivek_triangle_status;

typedef struct fivek_triangle_book {
  uint32_t struct_size;
  uint32_t reserved;
  int64_t complete;
  int64_t present[3];
  int64_t missing[3];
  int64_t overdue[3];
  int64_t unknown[3];
} fivek_triangle_book;

typedef struct fivek_visit_account {
  uint32_t seller;
  int32_t planned;
  int32_t done;
  uint8_t grade;
  uint8_t reserved[3];
} fivek_visit_account;

typedef struct fivek_visit_seller {
  int32_t days;
  int32_t other_days;
  int64_t visits_numerator;
  int64_t visits_denominator;
} fivek_visit_seller;

typedef struct fivek_visit_load {
  int64_t capacity;
  int64_t left;
  int64_t left_planned;
  int64_t shortfall;
} fivek_visit_load;

typedef struct fivek_visit_sum {
  int64_t accounts;
  int64_t needed;
  int64_t planned;
  int64_t done;
  int64_t shortfall;
  int64_t beyond;
  int64_t planned_unknown;
  int64_t done_unknown;
} fivek_visit_sum;

typedef struct fivek_hours_share {
  int32_t hours_ppm;
  int32_t value_ppm;
  int64_t index_ppm;
} fivek_hours_share;

typedef struct fivek_hours_class {
  int32_t hours_ppm;
  int32_t value_ppm;
  int64_t index_ppm;
  int64_t accounts;
  int64_t hours;
  int64_t value;
  int32_t verdict;
  uint32_t reserved;
} fivek_hours_class;

typedef struct fivek_hours {
  uint32_t struct_size;
  int32_t mismatch_ppm;
  int32_t class_mismatch_ppm;
  uint32_t more_hours;
  uint32_t more_value;
  uint32_t reserved;
  int64_t accounts;
  int64_t unknown;
  int64_t negative;
  int64_t negative_hours;
  int64_t hours;
  int64_t value;
} fivek_hours;

typedef struct fivek_reach {
  int64_t targets;
  int64_t reached;
  int64_t unknown;
  int64_t penetration_accounts;
  int64_t penetration_unknown;
  int64_t no_potential;
  int64_t above_potential;
  int64_t own;
  int64_t potential;
  int64_t penetration_ppm;
  int32_t coverage_ppm;
  int32_t low_ppm;
  int32_t high_ppm;
  int32_t has_penetration;
} fivek_reach;

typedef struct fivek_effort_account {
  double value;
  double shape;
  double steepness;
  int32_t cap;
  int32_t form;
} fivek_effort_account;

typedef struct fivek_effort {
  uint32_t struct_size;
  int32_t method;
  int32_t concave;
  int32_t optimal;
  int64_t spent;
  double total;
  double bound;
  double shadow_price;
  double next_gain;
} fivek_effort;

typedef struct fivek_sales_mode {
  int32_t mode;
  uint32_t possible;
  uint32_t unknown;
  int32_t lead;
  int32_t low[3];
  int32_t high[3];
} fivek_sales_mode;

typedef struct fivek_segment {
  int64_t market;
  int64_t average_deal;
  int32_t coverage_ppm;
  int32_t win_rate_ppm;
  int32_t mode;
  int32_t grouping;
  uint32_t functions;
  uint32_t named;
} fivek_segment;

typedef struct fivek_segment_result {
  int64_t result;
  int64_t coverage_point;
  int64_t win_rate_point;
  int64_t market_tenth;
  int64_t coverage_tenth;
  int64_t win_rate_tenth;
  int64_t average_deal_tenth;
  int32_t share_ppm;
  uint32_t missing;
  uint8_t capped_point;
  uint8_t capped_tenth;
  uint8_t best_point;
  uint8_t best_tenth;
  uint32_t reserved;
} fivek_segment_result;

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

enum {
  FIVEK_OK = 0,
  FIVEK_INVALID_ARGUMENT = 3,
  FIVEK_NOT_FOUND = 5,
  FIVEK_RESOURCE_EXHAUSTED = 8,
  FIVEK_FAILED_PRECONDITION = 9,
  FIVEK_OUT_OF_RANGE = 11,
  FIVEK_UNIMPLEMENTED = 12,
  FIVEK_INTERNAL = 13,
  FIVEK_DATA_LOSS = 15,
  FIVEK_REASON_NONE = 0,
  FIVEK_REASON_NULL_POINTER = 1,
  FIVEK_REASON_STRUCT_SIZE = 2,
  FIVEK_REASON_RESERVED_NOT_ZERO = 3,
  FIVEK_REASON_BUFFER_TOO_SMALL = 4,
  FIVEK_REASON_OUT_OF_MEMORY = 5,
  FIVEK_REASON_INTERNAL = 6,
  FIVEK_REASON_NOT_FOUND = 7,
  FIVEK_REASON_VALUE_RANGE = 10,
  FIVEK_REASON_MALFORMED_TEXT = 11,
  FIVEK_REASON_OVERFLOW = 12,
  FIVEK_REASON_CURRENCY_MISMATCH = 13,
  FIVEK_REASON_UNKNOWN_CURRENCY = 14,
  FIVEK_REASON_UNKNOWN_DIMENSION = 20,
  FIVEK_REASON_UNKNOWN_LEVEL = 21,
  FIVEK_REASON_UNKNOWN_EVIDENCE = 22,
  FIVEK_REASON_UNKNOWN_EVENT = 23,
  FIVEK_REASON_UNKNOWN_SHOWN_BY = 24,
  FIVEK_REASON_UNKNOWN_PROOF = 25,
  FIVEK_REASON_UNKNOWN_CODE = 26,
  FIVEK_REASON_EVENT_OUT_OF_ORDER = 30,
  FIVEK_REASON_EVENT_NOT_ALLOWED = 31,
  FIVEK_REASON_EVIDENCE_REPEATED = 32,
  FIVEK_REASON_EVIDENCE_UNPROVEN = 33,
  FIVEK_REASON_STATE_CORRUPT = 34,
  FIVEK_REASON_ROW_RANGE = 35,
  FIVEK_REASON_WAIVER_NOT_ALLOWED = 36,
  FIVEK_REASON_CYCLE_LIMIT = 37,
  FIVEK_REASON_JSON_SYNTAX = 40,
  FIVEK_REASON_UNKNOWN_KEY = 41,
  FIVEK_REASON_DUPLICATE_KEY = 42,
  FIVEK_REASON_WRONG_TYPE = 43,
  FIVEK_REASON_MISSING_KEY = 44,
  FIVEK_REASON_POINTS_NOT_MONOTONE = 45,
  FIVEK_REASON_YIELD_FALLS = 46,
  FIVEK_REASON_GATE_CYCLE = 47,
  FIVEK_REASON_POLICY_VALUE = 48,
  FIVEK_REASON_DATA_DAMAGED = 49,
  FIVEK_REASON_NO_HISTORY = 50,
  FIVEK_UNKNOWN = 255,
  FIVEK_ABI_VERSION = 1,
  FIVEK_UNIT_PERCENT = 0,
  FIVEK_UNIT_FRACTION = 1,
  FIVEK_UNIT_PPM = 2,
  FIVEK_DIMENSION_PROBLEM = 0,
  FIVEK_DIMENSION_POWER = 1,
  FIVEK_DIMENSION_VISION = 2,
  FIVEK_DIMENSION_VALUE = 3,
  FIVEK_DIMENSION_CONTROL = 4,
  FIVEK_EVIDENCE_COUNT = 22,
  FIVEK_EVIDENCE_CONTRACT = 18,
  FIVEK_SHOWN_BY_NOT_STATED = 0,
  FIVEK_SHOWN_BY_SPONSOR = 1,
  FIVEK_SHOWN_BY_DECISION_MAKER = 2,
  FIVEK_SHOWN_BY_PURCHASER = 3,
  FIVEK_SHOWN_BY_SUPPORTER = 4,
  FIVEK_SHOWN_BY_TECHNICAL_EVALUATOR = 5,
  FIVEK_SHOWN_BY_USER = 6,
  FIVEK_SHOWN_BY_SELLER = 7,
  FIVEK_PROOF_NOT_STATED = 0,
  FIVEK_PROOF_SELLERS_NOTE = 1,
  FIVEK_PROOF_MEETING_MINUTES = 2,
  FIVEK_PROOF_BUYERS_MESSAGE = 3,
  FIVEK_PROOF_SIGNED_DOCUMENT = 4,
  FIVEK_PROOF_SYSTEM_RECORD = 5,
  FIVEK_GATE_BLOCKING = 0,
  FIVEK_GATE_ADVISORY = 1,
  FIVEK_GATE_WAIVABLE = 2,
  FIVEK_WITNESS_ANYONE = 0,
  FIVEK_WITNESS_SPONSOR = 1,
  FIVEK_WITNESS_DECISION_MAKER = 2,
  FIVEK_OUTCOME_OPEN = 0,
  FIVEK_OUTCOME_ON_HOLD = 1,
  FIVEK_OUTCOME_WON = 2,
  FIVEK_OUTCOME_LOST = 3,
  FIVEK_OUTCOME_VOID = 4,
  FIVEK_EVENT_EVIDENCE_CONFIRMED = 0,
  FIVEK_EVENT_EVIDENCE_WITHDRAWN = 1,
  FIVEK_EVENT_SPONSOR_CHANGED = 2,
  FIVEK_EVENT_DECISION_MAKER_CHANGED = 3,
  FIVEK_EVENT_PUT_ON_HOLD = 4,
  FIVEK_EVENT_RESUMED = 5,
  FIVEK_EVENT_LOST = 6,
  FIVEK_EVENT_REOPENED = 7,
  FIVEK_EVENT_CYCLE_RESTARTED = 8,
  FIVEK_EVENT_VOIDED = 9,
  FIVEK_GAP_DECISION_MAKER_UNKNOWN = 1,
  FIVEK_GAP_DECISION_MAKER_NOT_MET = 2,
  FIVEK_GAP_SINGLE_THREADED = 4,
  FIVEK_GAP_NO_SUPPORT = 8,
  FIVEK_VERDICT_PENDING = 0,
  FIVEK_VERDICT_QUALIFIED = 1,
  FIVEK_VERDICT_NOT_QUALIFIED = 2,
  FIVEK_CLAIM_IN_LINE = 0,
  FIVEK_CLAIM_OVER = 1,
  FIVEK_CLAIM_UNDER = 2,
  FIVEK_ROLLUP_BY_MILESTONE = 0,
  FIVEK_ROLLUP_BY_OWNER = 1,
  FIVEK_ROLLUP_BY_BOTH = 2,
  FIVEK_UNDEFINED_BRIER_SKILL = 1,
  FIVEK_UNDEFINED_AUC = 2,
  FIVEK_UNDEFINED_SPIEGELHALTER = 4,
  FIVEK_BINNING_EQUAL_WIDTH = 0,
  FIVEK_BINNING_EQUAL_MASS = 1,
  FIVEK_FORECAST_BINS = 10,
  FIVEK_COMPARED_ADOPT = 0,
  FIVEK_COMPARED_TOO_FEW_ROWS = 1,
  FIVEK_COMPARED_NOT_BETTER = 2,
  FIVEK_COMPARED_NOT_SURE = 3,
  FIVEK_UNDEFINED_GATE_Z = 8,
  FIVEK_SOURCE_LADDER = 0,
  FIVEK_SOURCE_SHRUNK = 1,
  FIVEK_SOURCE_LEARNED = 2,
  FIVEK_SOURCE_NO_SIGNAL = 3,
  FIVEK_DUE_OPEN = 0,
  FIVEK_DUE_PUSHED = 1,
  FIVEK_DUE_WON = 2,
  FIVEK_DUE_LOST = 3,
  FIVEK_SLIPPAGE_NO_AMOUNT = 1,
  FIVEK_SLIPPAGE_NO_DEALS = 2,
  FIVEK_TIES_FRACTIONAL = 0,
  FIVEK_TIES_INCLUDE = 1,
  FIVEK_TIES_EXCLUDE = 2,
  FIVEK_TIES_ORDINAL = 3,
  FIVEK_SHARE_TOP = 0,
  FIVEK_SHARE_BOTTOM = 1,
  FIVEK_NO_CLOSE_DAY = (-2147483647 - 1),
  FIVEK_MOVED_NEW = 0,
  FIVEK_MOVED_PULLED_IN = 1,
  FIVEK_MOVED_REOPENED = 2,
  FIVEK_MOVED_GROWN = 3,
  FIVEK_MOVED_SHRUNK = 4,
  FIVEK_MOVED_PUSHED = 5,
  FIVEK_MOVED_WON = 6,
  FIVEK_MOVED_LOST = 7,
  FIVEK_MOVED_ON_HOLD = 8,
  FIVEK_MOVED_VOID = 9,
  FIVEK_MOVED_REMOVED = 10,
  FIVEK_MOVED_CLASSES = 11,
  FIVEK_VISIT_OPEN = 0,
  FIVEK_VISIT_ADVANCED = 1,
  FIVEK_VISIT_LOST = 2,
  FIVEK_VISIT_MOVED_BACK = 3,
  FIVEK_VISIT_VOID = 4,
  FIVEK_MOVE_LOST = 7,
  FIVEK_MOVE_VOID = 8,
  FIVEK_MOVE_REOPENED = 9,
  FIVEK_COUNT_WATCHED = 0,
  FIVEK_COUNT_ADVANCED = 1,
  FIVEK_COUNT_LOST = 2,
  FIVEK_COUNT_MOVED_BACK = 3,
  FIVEK_COUNT_LATE = 4,
  FIVEK_COUNT_BACK_TO = 5,
  FIVEK_AGE_BUCKETS = 7,
  FIVEK_RECALIBRATION_IDENTITY = 0,
  FIVEK_RECALIBRATION_PLATT = 1,
  FIVEK_RECALIBRATION_ISOTONIC = 2,
  FIVEK_SCORE_LINE_LEVEL = 0,
  FIVEK_SCORE_LINE_RANGE = 1,
  FIVEK_SCORE_LINE_OTHER = 2,
  FIVEK_SCORE_LINE_MISSING = 3,
  FIVEK_PLS_STAGES = -2,
  FIVEK_PLS_TAGS = -1,
  FIVEK_ABC_A = 0,
  FIVEK_ABC_B = 1,
  FIVEK_ABC_C = 2,
  FIVEK_ABC_NEGATIVE = 3,
  FIVEK_CUT_CROSSING = 0,
  FIVEK_CUT_INCLUSIVE = 1,
  FIVEK_CUT_FIXED_COUNTS = 2,
  FIVEK_EQUALS_TOGETHER = 0,
  FIVEK_EQUALS_BY_ROW = 1,
  FIVEK_CAUSE_NONE = 0,
  FIVEK_CAUSE_OWN = 1,
  FIVEK_CAUSE_BOTH = 3,
  FIVEK_CAUSE_CAME = 4,
  FIVEK_CAUSE_LEFT = 5,
  FIVEK_XYZ_X = 0,
  FIVEK_XYZ_Y = 1,
  FIVEK_XYZ_Z = 2,
  FIVEK_NEVER_BOUGHT = (-2147483647 - 1),
  FIVEK_RFM_CHAMPIONS = 0,
  FIVEK_RFM_LOYAL = 1,
  FIVEK_RFM_POTENTIAL_LOYAL = 2,
  FIVEK_RFM_NEW = 3,
  FIVEK_RFM_PROMISING = 4,
  FIVEK_RFM_NEED_ATTENTION = 5,
  FIVEK_RFM_ABOUT_TO_SLEEP = 6,
  FIVEK_RFM_AT_RISK = 7,
  FIVEK_RFM_CANNOT_LOSE = 8,
  FIVEK_RFM_HIBERNATING = 9,
  FIVEK_RFM_LOST = 10,
  FIVEK_RFM_NO_ORDERS = 11,
  FIVEK_AXES_EACH = 0,
  FIVEK_ORDER_NOT_YET = 0,
  FIVEK_ORDER_LATE = 1,
  FIVEK_ORDER_OVERDUE = 2,
  FIVEK_LEAD_UNKNOWN = -1,
  FIVEK_LEAD_NO_DAY = (-2147483647 - 1),
  FIVEK_FOLLOW_UP_OVERDUE = 0,
  FIVEK_FOLLOW_UP_DUE = 1,
  FIVEK_FOLLOW_UP_UPCOMING = 2,
  FIVEK_FOLLOW_UP_NO_INTERVAL = 3,
  FIVEK_NO_SCORE = -1,
  FIVEK_UNASSIGNED = -1,
  FIVEK_CLASS_SLOTS = 5,
  FIVEK_DAY_NONE = (-2147483647 - 1),
  FIVEK_SCORE_UNKNOWN = -1,
  FIVEK_CELL_KEY = 0,
  FIVEK_CELL_PROSPECTIVE = 1,
  FIVEK_CELL_ORDINARY = 2,
  FIVEK_CELL_IGNORE = 3,
  FIVEK_CORNER_TARGET = 0,
  FIVEK_CORNER_INFORMATION = 1,
  FIVEK_CORNER_FREQUENCY = 2,
  FIVEK_INFORMATION_ITEMS = 32,
  FIVEK_HOURS_EVEN = 0,
  FIVEK_HOURS_MORE_HOURS = 1,
  FIVEK_HOURS_MORE_VALUE = 2,
  FIVEK_HOURS_UNKNOWN = 255,
  FIVEK_RESPONSE_EXPONENTIAL = 0,
  FIVEK_RESPONSE_HYPERBOLIC = 1,
  FIVEK_RESPONSE_POWER = 2,
  FIVEK_RESPONSE_SIGMOID = 3,
  FIVEK_EFFORT_AUTO = 0,
  FIVEK_EFFORT_GREEDY = 1,
  FIVEK_EFFORT_DYNAMIC = 2,
  FIVEK_EFFORT_HULL = 3,
  FIVEK_CONCERNS = 4,
  FIVEK_MODE_TRANSACTIONAL = 0,
  FIVEK_MODE_SOLUTION = 1,
  FIVEK_MODE_KEY_ACCOUNT = 2,
  FIVEK_FACTOR_MARKET = 0,
  FIVEK_FACTOR_COVERAGE = 1,
  FIVEK_FACTOR_WIN_RATE = 2,
  FIVEK_FACTOR_AVERAGE_DEAL = 3,
  ARROW_FLAG_DICTIONARY_ORDERED = 1,
  ARROW_FLAG_NULLABLE = 2,
  ARROW_FLAG_MAP_KEYS_SORTED = 4
};
/* FIVEK_PLS_NONE is 4294967295, no int. */

uint32_t fivek_version_number(void);
uint32_t fivek_abi_version(void);
const char* fivek_version_string(void);
const char* fivek_build_info_json(void);
int32_t fivek_has_feature(const char* name);
const char* fivek_label(const char* set, int32_t code, const char* lang);
int32_t fivek_label_code(const char* set, int32_t index);
fivek_status fivek_policy_from_json(const char* json, size_t len, const fivek_policy** out, fivek_error* error);
fivek_status fivek_policy_to_json(const fivek_policy* policy, char* buf, size_t cap, size_t* needed, fivek_error* error);
void fivek_policy_retain(const fivek_policy* policy);
void fivek_policy_release(const fivek_policy* policy);
uint64_t fivek_policy_hash(const fivek_policy* policy);
const char* fivek_policy_label(const fivek_policy* policy, const char* set, int32_t code, const char* lang);
fivek_status fivek_amount_expect(const fivek_policy* policy, int64_t amount, int32_t ppm, int64_t* out, fivek_error* error);
fivek_status fivek_amount_total(const fivek_policy* policy, const int64_t* amount, const int32_t* ppm, size_t n, int64_t* out, fivek_error* error);
fivek_status fivek_currency_minor_digits(const fivek_policy* policy, const char* currency, int32_t* out, fivek_error* error);
fivek_status fivek_money_sum(int64_t a, const char* currency_a, int64_t b, const char* currency_b, int64_t* out, fivek_error* error);
fivek_status fivek_amount_parse(const char* text, size_t len, int32_t minor_digits, int64_t* out, fivek_error* error);
fivek_status fivek_amount_format(int64_t amount, int32_t minor_digits, char* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_probability_parse(const char* text, size_t len, int32_t unit, int32_t* ppm, fivek_error* error);
fivek_status fivek_probability_format(int32_t ppm, char* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_probability_ratio(int64_t part, int64_t whole, int32_t* ppm, fivek_error* error);
fivek_status fivek_day_from_date(int32_t year, int32_t month, int32_t day, int32_t* out, fivek_error* error);
fivek_status fivek_day_to_date(int32_t day, int32_t* year, int32_t* month, int32_t* day_of_month, fivek_error* error);
fivek_status fivek_day_parse(const char* text, size_t len, int32_t* out, fivek_error* error);
fivek_status fivek_day_format(int32_t day, char* buf, size_t cap, size_t* needed, fivek_error* error);
int32_t fivek_day_weekday(int32_t day);
fivek_status fivek_day_of_instant(int64_t instant, int32_t* out, fivek_error* error);
fivek_status fivek_instant_parse(const char* text, size_t len, int64_t* out, fivek_error* error);
fivek_status fivek_strength_of(const fivek_policy* policy, const fivek_assessment* assessment, fivek_strength* out, fivek_error* error);
fivek_status fivek_rubric_points(const fivek_policy* policy, int32_t dimension, int32_t level, int32_t by_decision_maker, int32_t* out, fivek_error* error);
fivek_status fivek_evidence_rule_of(const fivek_policy* policy, int32_t item, fivek_evidence_rule* out, fivek_error* error);
fivek_status fivek_evidence_is_proven(const fivek_policy* policy, int32_t item, int32_t shown_by, int32_t proof, int32_t* out, fivek_error* error);
fivek_status fivek_milestone_of(const fivek_policy* policy, uint32_t evidence, int32_t* stage, int32_t* milestone, int32_t* yield_ppm, uint32_t* missing_for_next, fivek_error* error);
fivek_status fivek_standing_of(const fivek_policy* policy, uint32_t evidence, const fivek_waiver* waivers, size_t n, fivek_standing* out, fivek_error* error);
fivek_status fivek_opportunity_init(fivek_opportunity* out, int64_t created_at, fivek_error* error);
fivek_status fivek_opportunity_apply(const fivek_policy* policy, fivek_opportunity* state, const fivek_event* event, fivek_error* error);
fivek_status fivek_apply_events(const fivek_policy* policy, fivek_opportunity* table, size_t rows, const uint32_t* row, const fivek_event* events, size_t n, fivek_status* event_status, size_t* refused, fivek_error* error);
fivek_status fivek_action_align(int32_t action, int32_t stage, int32_t* steps, fivek_error* error);
fivek_status fivek_actions_measure(const uint8_t* action, const uint8_t* stage, size_t n, fivek_alignment* out, fivek_error* error);
fivek_status fivek_market_compare(const int64_t* customers, int32_t* share_ppm, int32_t* difference_ppm, fivek_error* error);
fivek_status fivek_step_stage(int32_t step, int32_t* stage, fivek_error* error);
fivek_status fivek_buying_center_gaps(const fivek_policy* policy, uint32_t identified, uint32_t met, uint32_t supportive, uint32_t* gaps, fivek_error* error);
fivek_status fivek_signal_group(int32_t signal, int32_t* group, fivek_error* error);
fivek_status fivek_contact_qualify(int32_t key_person, int32_t wish, int32_t means, int32_t* verdict, int32_t* next_question, fivek_error* error);
fivek_status fivek_score_columns(const fivek_policy* policy, const fivek_score_in* in, const fivek_score_out* out, size_t rows, size_t* bad_rows, fivek_error* error);
fivek_status fivek_score_columns_calibrated(const fivek_policy* policy, const fivek_calibration* calibration, const fivek_score_in* in, const fivek_score_out* out, size_t rows, size_t* bad_rows, fivek_error* error);
fivek_status fivek_score_deal(const fivek_policy* policy, const fivek_deal* deal, fivek_deal_score* out, fivek_error* error);
const char* fivek_score_target(void);
fivek_status fivek_claim_audit(const fivek_policy* policy, int32_t claimed, uint32_t evidence, uint32_t proven, fivek_claim* out, fivek_error* error);
fivek_status fivek_claim_milestone(const fivek_policy* policy, int32_t ppm, int32_t* milestone, fivek_error* error);
fivek_status fivek_score_rules_broken(const fivek_policy* policy, const fivek_assessment* assessment, uint32_t evidence, uint32_t* broken, fivek_error* error);
fivek_status fivek_score_rule_of(const fivek_policy* policy, int32_t index, fivek_score_rule* out, fivek_error* error);
fivek_status fivek_rollup_create(int32_t by, fivek_rollup** out, fivek_error* error);
void fivek_rollup_release(fivek_rollup* rollup);
fivek_status fivek_rollup_add(fivek_rollup* rollup, const fivek_rollup_in* in, size_t rows, fivek_error* error);
fivek_status fivek_rollup_merge(fivek_rollup* into, const fivek_rollup* from, fivek_error* error);
fivek_status fivek_rollup_groups(fivek_rollup* rollup, size_t* count, fivek_error* error);
fivek_status fivek_rollup_group_of(fivek_rollup* rollup, size_t index, fivek_rollup_group* out, fivek_error* error);
fivek_status fivek_rollup_total(const fivek_rollup* rollup, fivek_rollup_group* out, fivek_error* error);
fivek_status fivek_rollup_write(const fivek_rollup* rollup, uint8_t* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_rollup_read(const uint8_t* bytes, size_t len, fivek_rollup** out, fivek_error* error);
fivek_status fivek_wilson(int64_t successes, int64_t trials, double z, double* rate, double* low, double* high, fivek_error* error);
fivek_status fivek_forecasts_evaluate(const double* forecast, const uint8_t* won, size_t n, fivek_forecast_quality* out, fivek_error* error);
fivek_status fivek_forecasts_reliability(const double* forecast, const uint8_t* won, size_t n, int32_t binning, double z, fivek_reliability_bin* bins, fivek_error* error);
fivek_status fivek_forecasts_compare(const double* base, const double* model, const uint8_t* won, size_t n, fivek_forecast_gate* out, fivek_error* error);
fivek_status fivek_isotonic_fit(const double* value, const double* weight, size_t n, double* fit, fivek_error* error);
fivek_status fivek_rate_shrink(double prior, double strength, double successes, double trials, fivek_rate* out, fivek_error* error);
fivek_status fivek_beta_binomial_fit(const double* successes, const double* trials, size_t n, fivek_beta_binomial* out, fivek_error* error);
fivek_status fivek_rates_shrink_down(double prior, const double* strength, const double* successes, const double* trials, size_t n, fivek_estimate* out, fivek_error* error);
fivek_status fivek_ladder_to_conversions(const double* probability, size_t n, double* conversion, fivek_error* error);
fivek_status fivek_conversions_to_ladder(const double* conversion, size_t n, double* probability, fivek_error* error);
fivek_status fivek_absorbing_chain_solve(const double* moves, const double* won, size_t n, double* probability, fivek_error* error);
fivek_status fivek_durations_fit(const int32_t* time, const uint8_t* ended, const int32_t* entry, size_t n, int32_t tau, fivek_durations* out, fivek_duration_step* steps, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_stalled_find(const int32_t* winners, size_t n_winners, int64_t q_numerator, int64_t q_denominator, const int32_t* ages, size_t n, int32_t* threshold, uint8_t* stalled, double* share_longer, fivek_error* error);
fivek_status fivek_funnel_reached(const uint8_t* highest, size_t n, int32_t rungs, double z, fivek_funnel_rung* out, fivek_error* error);
fivek_status fivek_velocity(int64_t open_deals, int64_t win_numerator, int64_t win_denominator, int64_t average_won, int64_t cycle_days, int64_t days, int64_t* amount, double* per_day, fivek_error* error);
fivek_status fivek_coverage(int64_t open, int64_t goal, int64_t won, int32_t* goal_met, double* coverage, fivek_error* error);
fivek_status fivek_coverage_needed(int64_t won, int64_t lost, double* coverage, fivek_error* error);
fivek_status fivek_slippage_measure(const uint8_t* state, const int64_t* amount, const int32_t* pushes, size_t n, double z, fivek_slippage* out, fivek_pushed_times* times, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_activity_plan(int64_t goal, int64_t average_won, const int64_t* numerator, const int64_t* denominator, size_t n, int64_t* plan, fivek_error* error);
fivek_status fivek_productivity_of(const fivek_activity_change* change, fivek_productivity* out, fivek_error* error);
fivek_status fivek_sellers_rank(const int64_t* won, const int64_t* closed, const double* expected, size_t n, const double* prior, double* used, fivek_seller_rate* out, fivek_error* error);
fivek_status fivek_top_share(const int64_t* values, size_t n, int64_t numerator, int64_t denominator, int32_t end, int32_t ties, double* weight, fivek_share* out, fivek_error* error);
fivek_status fivek_snapshot_create(int64_t taken_at, uint64_t policy_hash, const fivek_snapshot_row* rows, size_t n, const fivek_snapshot** out, fivek_error* error);
void fivek_snapshot_retain(const fivek_snapshot* snapshot);
void fivek_snapshot_release(const fivek_snapshot* snapshot);
fivek_status fivek_snapshot_rows(const fivek_snapshot* snapshot, int64_t* taken_at, uint64_t* policy_hash, fivek_snapshot_row* rows, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_snapshot_write(const fivek_snapshot* snapshot, uint8_t* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_snapshot_read(const uint8_t* bytes, size_t len, const fivek_snapshot** out, fivek_error* error);
fivek_status fivek_movement_of(const fivek_snapshot* then, const fivek_snapshot* now, int32_t from_day, int32_t to_day, fivek_movement* out, fivek_error* error);
fivek_status fivek_movement_list(const fivek_snapshot* then, const fivek_snapshot* now, int32_t from_day, int32_t to_day, fivek_deal_movement* out, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_visits_from_moves(const fivek_stage_move* moves, size_t n, int32_t as_of, fivek_stage_visit* visits, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_moves_from_events(const fivek_policy* policy, uint64_t deal, uint32_t segment, uint32_t team, uint32_t seller, int64_t created_at, const fivek_event* events, size_t n, fivek_stage_move* moves, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_visits_check(const fivek_stage_visit* visits, size_t n, int32_t as_of, fivek_error* error);
fivek_status fivek_visits_create(int32_t from, int32_t as_of, fivek_visits** out, fivek_error* error);
void fivek_visits_release(fivek_visits* visits);
fivek_status fivek_visits_add(fivek_visits* visits, const fivek_stage_visit* added, size_t n, fivek_error* error);
fivek_status fivek_visits_merge(fivek_visits* into, const fivek_visits* from, fivek_error* error);
fivek_status fivek_visits_window(const fivek_visits* visits, int32_t* from, int32_t* as_of, int64_t* added, fivek_error* error);
fivek_status fivek_visits_counts(const fivek_visits* visits, fivek_visit_count* out, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_visits_write(const fivek_visits* visits, uint8_t* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_visits_read(const uint8_t* bytes, size_t len, fivek_visits** out, fivek_error* error);
fivek_status fivek_competing_risks_fit(const int32_t* entry, const int32_t* time, const uint8_t* event, size_t n, fivek_competing_risks* out, fivek_error* error);
fivek_status fivek_hazards_forecast(const double* won, const double* lost, size_t n, int32_t horizon, fivek_hazard_forecast* ages, fivek_error* error);
fivek_status fivek_ladder_fit(const fivek_policy* policy, const fivek_visits* visits, const fivek_ladder_options* options, const fivek_ladder** out, fivek_error* error);
void fivek_ladder_retain(const fivek_ladder* ladder);
void fivek_ladder_release(const fivek_ladder* ladder);
fivek_status fivek_ladder_groups(const fivek_ladder* ladder, fivek_ladder_group* out, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_ladder_won(const fivek_ladder* ladder, const fivek_ladder_group* group, int32_t milestone, fivek_estimate* out, fivek_error* error);
fivek_status fivek_ladder_won_at_age(const fivek_ladder* ladder, const fivek_ladder_group* group, int32_t milestone, int32_t days, fivek_estimate* out, fivek_error* error);
fivek_status fivek_ladder_won_within(const fivek_ladder* ladder, const fivek_ladder_group* group, int32_t horizon, const int32_t* milestone, const int32_t* days, size_t n, fivek_estimate* out, fivek_status* row_status, fivek_error* error);
fivek_status fivek_ladder_explain(const fivek_ladder* ladder, const fivek_ladder_group* group, int32_t milestone, fivek_rung* out, fivek_error* error);
fivek_status fivek_ladder_explain_ages(const fivek_ladder* ladder, int32_t milestone, fivek_rung_age* ages, fivek_error* error);
fivek_status fivek_ladder_table(const fivek_ladder* ladder, const fivek_ladder_group* group, int32_t* ppm, fivek_error* error);
fivek_status fivek_ages_bucket(const int32_t* days, size_t n, uint8_t* bucket, fivek_error* error);
fivek_status fivek_martingale_check(const fivek_visits* visits, const double* probability, fivek_martingale_gap* gaps, fivek_error* error);
fivek_status fivek_logistic_fit(const double* feature, size_t columns, const uint8_t* won, const double* offset, const double* weight, size_t n, double l2, int32_t non_negative, double* intercept, double* weights, double* standard_error, double* objective, fivek_error* error);
fivek_status fivek_platt_fit(const double* score, const uint8_t* won, size_t n, double* a, double* b, fivek_error* error);
fivek_status fivek_venn_abers(const double* score, const uint8_t* won, size_t n, const double* at, size_t m, double* low, double* high, double* merged, fivek_error* error);
fivek_status fivek_recalibration_fit(const double* forecast, const uint8_t* won, const uint64_t* id, size_t n, const fivek_recalibration** out, fivek_error* error);
void fivek_recalibration_retain(const fivek_recalibration* recalibration);
void fivek_recalibration_release(const fivek_recalibration* recalibration);
fivek_status fivek_recalibration_describe(const fivek_recalibration* recalibration, fivek_recalibration_info* out, fivek_error* error);
fivek_status fivek_recalibration_apply(const fivek_recalibration* recalibration, const double* forecast, size_t n, double* out, fivek_error* error);
fivek_status fivek_recalibration_write(const fivek_recalibration* recalibration, uint8_t* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_recalibration_read(const uint8_t* bytes, size_t len, const fivek_recalibration** out, fivek_error* error);
fivek_status fivek_scorecard_fit(const fivek_score_table* table, size_t levels, size_t values, size_t rows, const fivek_score_options* options, double* out_of_fold, const fivek_scorecard** out, fivek_error* error);
void fivek_scorecard_retain(const fivek_scorecard* card);
void fivek_scorecard_release(const fivek_scorecard* card);
fivek_status fivek_scorecard_describe(const fivek_scorecard* card, fivek_scorecard_info* out, fivek_error* error);
fivek_status fivek_scorecard_line(const fivek_scorecard* card, size_t index, fivek_score_line* out, fivek_error* error);
fivek_status fivek_scorecard_predict(const fivek_scorecard* card, const fivek_score_answer* answers, size_t n, int32_t* score, fivek_estimate* out, fivek_error* error);
fivek_status fivek_scorecard_scores(const fivek_scorecard* card, const uint32_t* level, const double* value, const uint8_t* missing, size_t levels, size_t values, size_t rows, int32_t* score, fivek_estimate* out, fivek_error* error);
fivek_status fivek_scorecard_explain(const fivek_scorecard* card, const fivek_score_answer* answers, size_t n, int32_t* line, int32_t* points, fivek_error* error);
fivek_status fivek_scorecard_write(const fivek_scorecard* card, uint8_t* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_scorecard_read(const uint8_t* bytes, size_t len, const fivek_scorecard** out, fivek_error* error);
fivek_status fivek_evidence_fit(const fivek_evidence_deal* deals, size_t n, int32_t from_day, int32_t as_of, double* out_of_fold, const fivek_evidence_model** out, fivek_error* error);
void fivek_evidence_retain(const fivek_evidence_model* model);
void fivek_evidence_release(const fivek_evidence_model* model);
fivek_status fivek_evidence_describe(const fivek_evidence_model* model, fivek_evidence_info* out, fivek_error* error);
fivek_status fivek_evidence_predict(const fivek_evidence_model* model, int32_t stage, double ladder, const uint8_t* points, fivek_estimate* out, fivek_evidence_explanation* why, fivek_error* error);
fivek_status fivek_evidence_predict_from(const fivek_evidence_model* model, int32_t stage, const fivek_estimate* ladder, const uint8_t* points, fivek_estimate* out, fivek_evidence_explanation* why, fivek_error* error);
fivek_status fivek_evidence_write(const fivek_evidence_model* model, uint8_t* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_evidence_read(const uint8_t* bytes, size_t len, const fivek_evidence_model** out, fivek_error* error);
fivek_status fivek_five_k_of(const uint8_t* points, fivek_five_k* out, fivek_error* error);
fivek_status fivek_pls_create(size_t fields, uint32_t stages, int64_t least_tag_leads, int32_t clamp, fivek_pls_compat** out, fivek_error* error);
void fivek_pls_release(fivek_pls_compat* pls);
fivek_status fivek_pls_add(fivek_pls_compat* pls, uint32_t team, uint32_t stage, const uint32_t* value, const uint32_t* tag, size_t tags, int32_t won, fivek_error* error);
fivek_status fivek_pls_remove(fivek_pls_compat* pls, uint32_t team, uint32_t stage, const uint32_t* value, const uint32_t* tag, size_t tags, int32_t won, fivek_error* error);
fivek_status fivek_pls_probability(const fivek_pls_compat* pls, uint32_t team, uint32_t stage, const uint32_t* value, const uint32_t* tag, size_t tags, double* percent, double* raw_percent, fivek_error* error);
fivek_status fivek_pls_counts(const fivek_pls_compat* pls, fivek_pls_count* out, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_pls_write(const fivek_pls_compat* pls, uint8_t* buf, size_t cap, size_t* needed, fivek_error* error);
fivek_status fivek_pls_read(const uint8_t* bytes, size_t len, fivek_pls_compat** out, fivek_error* error);
fivek_status fivek_abc_classify(const int64_t* value, size_t n, int32_t a_ppm, int32_t b_ppm, uint8_t* out_class, fivek_error* error);
fivek_status fivek_abc_grade(const int64_t* value, size_t n, const fivek_abc_options* options, uint8_t* out_class, fivek_abc* out, fivek_error* error);
fivek_status fivek_abc_compare(const int64_t* then, const int64_t* now, size_t n, const fivek_abc_options* options, uint8_t* class_then, uint8_t* class_now, uint8_t* cause, fivek_abc_movement* out, fivek_error* error);
fivek_status fivek_xyz_classify(const int64_t* value, size_t n, size_t periods, int32_t x_ppm, int32_t y_ppm, int32_t least_periods, fivek_xyz_row* out, fivek_error* error);
fivek_status fivek_abc_xyz_cross(const int64_t* value, const uint8_t* abc, const uint8_t* xyz, size_t n, int64_t* count, int64_t* sum, fivek_error* error);
fivek_status fivek_purchases_summarize(const uint64_t* customer, const int32_t* day, const int64_t* amount, size_t n, int32_t as_of, fivek_customer_purchases* out, size_t cap, size_t* count, int64_t* rows_after, fivek_error* error);
fivek_status fivek_rank_score(const int64_t* value, size_t n, int32_t classes, uint8_t* score, fivek_rank_class* list, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_rfm_score(const int32_t* last_day, const int64_t* frequency, const int64_t* money, size_t n, const fivek_rfm_options* options, uint8_t* recency_score, uint8_t* frequency_score, uint8_t* money_score, fivek_error* error);
fivek_status fivek_rfm_segments(const uint8_t* recency, const uint8_t* frequency, const uint8_t* money, size_t n, const fivek_rfm_rule* rules, size_t rule_count, const fivek_rfm_segment_options* options, uint8_t* segment, fivek_error* error);
fivek_status fivek_bg_nbd_fit(const int64_t* frequency, const double* recency, const double* age, size_t n, fivek_bg_nbd* model, fivek_fit_quality* quality, fivek_error* error);
fivek_status fivek_bg_nbd_log_likelihood(const fivek_bg_nbd* model, const int64_t* frequency, const double* recency, const double* age, size_t n, double* out, fivek_error* error);
fivek_status fivek_bg_nbd_predict(const fivek_bg_nbd* model, const int64_t* frequency, const double* recency, const double* age, size_t n, double horizon, fivek_outlook* out, fivek_status* row_status, fivek_error* error);
fivek_status fivek_bg_nbd_expect_new(const fivek_bg_nbd* model, double horizon, double* expected, fivek_error* error);
fivek_status fivek_gamma_gamma_fit(const int64_t* frequency, const double* mean_value, size_t n, fivek_gamma_gamma* model, fivek_fit_quality* quality, fivek_error* error);
fivek_status fivek_gamma_gamma_log_likelihood(const fivek_gamma_gamma* model, const int64_t* frequency, const double* mean_value, size_t n, double* out, fivek_error* error);
fivek_status fivek_gamma_gamma_predict(const fivek_gamma_gamma* model, const int64_t* frequency, const double* mean_value, size_t n, double* out, fivek_status* row_status, fivek_error* error);
fivek_status fivek_lifetime_value(const fivek_bg_nbd* model, const int64_t* frequency, const double* recency, const double* age, const double* value_per_order, size_t n, const fivek_lifetime_options* options, double* out, fivek_status* row_status, fivek_error* error);
fivek_status fivek_leads_classify(const int64_t* funds, size_t n, const int64_t* thresholds, size_t k, uint8_t* lead_class, fivek_error* error);
fivek_status fivek_leads_value(const int64_t* funds, const int32_t* probability, size_t n, int64_t* value, fivek_error* error);
fivek_status fivek_leads_rank(const int64_t* funds, const int32_t* probability, const uint64_t* id, size_t n, int64_t* value, int64_t* rank, int64_t* order, fivek_error* error);
fivek_status fivek_leads_qualify(const uint8_t* key_person, const uint8_t* wish, const uint8_t* means, size_t n, uint8_t* verdict, uint32_t* open, uint32_t* failed, fivek_error* error);
fivek_status fivek_leads_follow_up(const uint8_t* lead_class, const int32_t* last_contact, size_t n, const int32_t* interval, size_t classes, int32_t today, int32_t* due, uint8_t* state, fivek_error* error);
fivek_status fivek_leads_forecast(const uint64_t* team, const int64_t* funds, const int32_t* probability, const int32_t* close_day, size_t n, int32_t from_day, int32_t to_day, fivek_lead_team* total, fivek_lead_team* teams, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_leads_decay(const int32_t* value, const int32_t* age, size_t n, int32_t half_life, int32_t* out, fivek_error* error);
fivek_status fivek_leads_assign(const int64_t* score, size_t leads, const int64_t* capacity, size_t sellers, const uint64_t* lead_id, const uint64_t* seller_id, int32_t* seller, int64_t* seller_price, int64_t* lead_price, fivek_assignment* out, fivek_error* error);
fivek_status fivek_round_robin_next(const int64_t* weight, const uint8_t* absent, size_t sellers, int64_t* credit, int32_t* seller, size_t n, fivek_error* error);
fivek_status fivek_territories_balance(const int64_t* workload, size_t n, size_t sellers, int32_t* seller, int64_t* load, fivek_territory_balance* out, fivek_error* error);
fivek_status fivek_territories_rebalance(const int64_t* workload, const int32_t* seller, size_t n, size_t sellers, int64_t most_moved, int64_t* load, fivek_territory_balance* out, fivek_territory_move* moves, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_visit_policy_check(const fivek_visit_policy* rules, const int64_t* visits, size_t n, fivek_visit_mix* out, int64_t* over_cap, size_t cap, size_t* count, fivek_error* error);
fivek_status fivek_seats_apportion(int64_t seats, const uint64_t* weight, const int64_t* least, const int64_t* most, size_t n, int64_t* out, fivek_error* error);
fivek_status fivek_invitations_apportion(int64_t seats, const uint64_t* share, const int64_t* least, const int64_t* most, size_t territories, const uint64_t* need, size_t classes, int64_t* by_territory, int64_t* by_class, int64_t* table, fivek_error* error);
fivek_status fivek_scores_weigh(const int32_t* weight, size_t criteria, const int32_t* score, size_t n, fivek_score_range* out, fivek_error* error);
fivek_status fivek_portfolio_cells(const int32_t* attractiveness, const int32_t* attractiveness_most, const int32_t* relationship, const int32_t* relationship_most, size_t n, const fivek_portfolio_options* options, fivek_portfolio_account* accounts, fivek_portfolio* out, fivek_error* error);
fivek_status fivek_triangle_check(const fivek_triangle_account* accounts, size_t n, const int32_t* learned_on, int32_t as_of, uint32_t required_information, const int32_t* stale_after_days, const int32_t* interval_days, fivek_triangle_status* out, fivek_triangle_book* book, fivek_error* error);
fivek_status fivek_visit_plan(const fivek_visit_account* accounts, size_t n, const fivek_visit_seller* sellers, size_t n_sellers, const int32_t* frequency, fivek_visit_load* loads, fivek_visit_sum* sums, fivek_error* error);
fivek_status fivek_hours_against_value(const int64_t* hours, const int64_t* value, const uint8_t* grade, size_t n, fivek_hours_share* shares, fivek_hours_class* classes, fivek_hours* out, fivek_error* error);
fivek_status fivek_account_coverage(const uint8_t* target, const uint8_t* reached, const int64_t* own, const int64_t* potential, const uint8_t* grade, size_t n, fivek_reach* out, int64_t* others, int64_t* others_reached, fivek_error* error);
fivek_status fivek_rate_goal_check(int64_t part, int64_t whole, int32_t goal_ppm, int32_t* rate_ppm, int32_t* gap_ppm, int32_t* met, int64_t* missing, fivek_error* error);
fivek_status fivek_effort_allocate(const fivek_effort_account* accounts, size_t n, int32_t budget, int32_t method, int32_t* visits, int32_t* picks, size_t cap, size_t* count, fivek_effort* out, fivek_error* error);
fivek_status fivek_effort_allocate_table(const double* response, size_t n, size_t width, const int32_t* caps, int32_t budget, int32_t method, int32_t* visits, int32_t* picks, size_t cap, size_t* count, fivek_effort* out, fivek_error* error);
fivek_status fivek_effort_response(const fivek_effort_account* account, int64_t visits, double* value, fivek_error* error);
fivek_status fivek_effort_calibrate(double potential, int32_t visits, double share_today, double share_saturation, int32_t form, double steepness, int32_t cap, fivek_effort_account* out, fivek_error* error);
fivek_status fivek_sales_mode_of(const int32_t* weight, size_t n, fivek_sales_mode* out, fivek_error* error);
fivek_status fivek_team_person_of(int32_t grouping, int32_t person, int32_t* people, uint32_t* phases, uint32_t* traits, fivek_error* error);
fivek_status fivek_segment_design_result(const fivek_segment* segments, size_t n, fivek_segment_result* out, int64_t* total, fivek_error* error);
fivek_status fivek_segment_rate_needed(const fivek_segment* segment, int32_t factor, int64_t goal, int64_t* ppm, fivek_error* error);
fivek_status fivek_score_arrow(const fivek_policy* policy, const struct ArrowSchema* schema, const struct ArrowArray* array, struct ArrowSchema* out_schema, struct ArrowArray* out_array, fivek_error* error);
