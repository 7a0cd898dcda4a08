/* fivek: how a complex sale works, as a C library.
 *
 * This header is the contract: names, numbers and layouts in it never change
 * inside an ABI version, functions are only added. It compiles as C89 and as
 * C++98 and newer.
 *
 *   fivek_assessment levels = {{3, 3, 2, 4, 1}, 0, {0, 0}};
 *   fivek_strength strength;
 *   strength.struct_size = sizeof strength;
 *   if (fivek_strength_of(NULL, &levels, &strength, NULL) == FIVEK_OK)
 *     printf("%d of 100\n", (int)strength.total);    27 of 100
 *
 * What holds for every function
 *   Results    Fallible functions return a fivek_status: 0 is success. On
 *              failure outputs are as they were, and `error`, the last
 *              parameter, may be NULL or say what was given, what is allowed
 *              and where; it is written only on failure.
 *   Arguments  NULL where the comment does not allow it, a pointer that is not
 *              aligned to its type (FIVEK_REASON_VALUE_RANGE), and any value
 *              out of its range, gives FIVEK_INVALID_ARGUMENT. An `error` that
 *              is not aligned counts as NULL. A NULL policy is the built-in
 *              method. Handles are what the library gave and has not freed, and
 *              memory is as long as it is said to be: that nobody can check.
 *   Memory     Nothing is kept after a call returns; the caller owns every
 *              buffer. Only policies, snapshots, ladders, scorecards, evidence
 *              models and recalibrations, counted by references, and roll-ups,
 *              visits and fivek_pls_compat are objects.
 *   Threads    No globals, no thread-local state. Functions may run in any
 *              number of threads at once as long as no two write to the same
 *              memory; a const fivek_policy may be shared by all.
 *   Effects    No I/O, no clock, no locale, no environment. The same input
 *              gives the same bits on every machine.
 *   Structs    A struct that starts with struct_size must have it set to its
 *              sizeof by the caller; what a newer caller has beyond the
 *              library's struct must be zero. The struct_size of a result
 *              struct may be at most 4096; one that is larger, or smaller than
 *              the first release's, gives FIVEK_INVALID_ARGUMENT
 *              (FIVEK_REASON_STRUCT_SIZE). Structs used in arrays
 *              (fivek_assessment, fivek_opportunity, fivek_event,
 *              fivek_waiver, fivek_reliability_bin, fivek_duration_step,
 *              fivek_funnel_rung, fivek_pushed_times, fivek_seller_rate,
 *              fivek_snapshot_row, fivek_deal_movement, fivek_estimate,
 *              fivek_stage_visit, fivek_stage_move, fivek_visit_count,
 *              fivek_ladder_group, fivek_rung_age, fivek_martingale_gap,
 *              fivek_score_answer, fivek_evidence_deal, fivek_hazard_forecast,
 *              fivek_pls_count, fivek_xyz_row, fivek_lead_team,
 *              fivek_territory_move, fivek_score_range,
 *              fivek_portfolio_account, fivek_triangle_account,
 *              fivek_triangle_status, fivek_visit_account, fivek_visit_seller,
 *              fivek_visit_load, fivek_visit_sum, fivek_hours_share,
 *              fivek_hours_class, fivek_reach, fivek_effort_account,
 *              fivek_sales_mode, fivek_segment, fivek_segment_result,
 *              fivek_customer_purchases, fivek_rank_class, fivek_rfm_rule,
 *              fivek_bg_nbd, fivek_gamma_gamma, fivek_outlook) are frozen;
 *              their reserved fields must be zero.
 *   Units      Money: int64 minor units. Probability: int32 parts per million
 *              (ppm); in statistics, double in [0, 1]. Instants: int64 seconds
 *              since 1970 UTC. Days: int32 days since 1970-01-01.
 *   Cost       O(1), or linear in a count of rows or a length of text; where it
 *              is more, the comment says so.
 *   Texts in   UTF-8, pointer and length; NULL with length 0 is empty text.
 *              Names and codes without a length end with a NUL.
 *   Texts out  (buf, cap, needed): *needed is the length without a NUL; with
 *              cap >= *needed the text is written, and a NUL after it if there
 *              is room; cap 0 asks for the length; a cap between gives
 *              FIVEK_RESOURCE_EXHAUSTED and writes nothing but *needed.
 *
 * Tags end the comment of each function
 *   @status    What it gives beside FIVEK_OK. FIVEK_RESOURCE_EXHAUSTED, when
 *              memory runs out, and FIVEK_INTERNAL, by a defect, go without
 *              saying. None: it cannot fail.
 *   @owner     caller: all memory is the caller's, nothing is kept. new: what
 *              the output parameters receive is the caller's to release.
 *              static, policy: the result lives as long as the library, or as
 *              the policy. reference: one is added or given up.
 *   @threads   any: any number at once. one: one at a time for each object that
 *              is not const.
 *   @since     The release that it came with.
 *
 * The rules and tables behind the codes stand in include/fivek/, in the headers
 * that each section names.
 */
#ifndef FIVEK_H_
#define FIVEK_H_

#include <stddef.h>
#include <stdint.h>

#ifndef FIVEK_API
#if defined(_WIN32) && defined(FIVEK_SHARED)
#define FIVEK_API __declspec(dllimport)
#elif defined(__GNUC__) && !defined(_WIN32)
#define FIVEK_API __attribute__((visibility("default")))
#else
#define FIVEK_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status, error, version ------------------------------------------- */

/* The numbers of absl::StatusCode and gRPC. */
typedef int32_t fivek_status;
#define FIVEK_OK 0
#define FIVEK_INVALID_ARGUMENT 3
#define FIVEK_NOT_FOUND 5
#define FIVEK_RESOURCE_EXHAUSTED 8
#define FIVEK_FAILED_PRECONDITION 9
#define FIVEK_OUT_OF_RANGE 11
#define FIVEK_UNIMPLEMENTED 12
#define FIVEK_INTERNAL 13
#define FIVEK_DATA_LOSS 15

/* Why, for programs (fivek_error.reason). */
#define FIVEK_REASON_NONE 0
#define FIVEK_REASON_NULL_POINTER 1
#define FIVEK_REASON_STRUCT_SIZE 2
#define FIVEK_REASON_RESERVED_NOT_ZERO 3
#define FIVEK_REASON_BUFFER_TOO_SMALL 4
#define FIVEK_REASON_OUT_OF_MEMORY 5
#define FIVEK_REASON_INTERNAL 6
#define FIVEK_REASON_NOT_FOUND 7
#define FIVEK_REASON_VALUE_RANGE 10
#define FIVEK_REASON_MALFORMED_TEXT 11
#define FIVEK_REASON_OVERFLOW 12
#define FIVEK_REASON_CURRENCY_MISMATCH 13
#define FIVEK_REASON_UNKNOWN_CURRENCY 14
#define FIVEK_REASON_UNKNOWN_DIMENSION 20
#define FIVEK_REASON_UNKNOWN_LEVEL 21
#define FIVEK_REASON_UNKNOWN_EVIDENCE 22
#define FIVEK_REASON_UNKNOWN_EVENT 23
#define FIVEK_REASON_UNKNOWN_SHOWN_BY 24
#define FIVEK_REASON_UNKNOWN_PROOF 25
#define FIVEK_REASON_UNKNOWN_CODE 26
#define FIVEK_REASON_EVENT_OUT_OF_ORDER 30
#define FIVEK_REASON_EVENT_NOT_ALLOWED 31
#define FIVEK_REASON_EVIDENCE_REPEATED 32
#define FIVEK_REASON_EVIDENCE_UNPROVEN 33
#define FIVEK_REASON_STATE_CORRUPT 34
#define FIVEK_REASON_ROW_RANGE 35
#define FIVEK_REASON_WAIVER_NOT_ALLOWED 36
#define FIVEK_REASON_CYCLE_LIMIT 37
#define FIVEK_REASON_JSON_SYNTAX 40
#define FIVEK_REASON_UNKNOWN_KEY 41
#define FIVEK_REASON_DUPLICATE_KEY 42
#define FIVEK_REASON_WRONG_TYPE 43
#define FIVEK_REASON_MISSING_KEY 44
#define FIVEK_REASON_POINTS_NOT_MONOTONE 45
#define FIVEK_REASON_YIELD_FALLS 46
#define FIVEK_REASON_GATE_CYCLE 47
#define FIVEK_REASON_POLICY_VALUE 48
#define FIVEK_REASON_DATA_DAMAGED 49
#define FIVEK_REASON_NO_HISTORY 50

/* What went wrong, in 256 bytes that the caller owns. Set struct_size; a
   smaller one is written that far. */
typedef struct fivek_error {
  uint32_t struct_size; /* in: sizeof(fivek_error) */
  fivek_status status;
  int32_t reason;       /* FIVEK_REASON_... */
  int32_t column;       /* of the input, or dimension; 0-based; -1: none */
  int64_t row;          /* of the input, 0-based; -1: none */
  uint32_t message_len; /* without the NUL */
  uint32_t reserved;
  char message[224]; /* one line of UTF-8, ends with a NUL; cut at a character;
                        '?' for what is no text in a quoted input */
} fivek_error;

#define FIVEK_UNKNOWN 255 /* a level that was not assessed; not zero */

/* The version of the library: major * 10000 + minor * 100 + patch.
   Cannot fail.
   @owner caller @threads any @since 0.1 */
FIVEK_API uint32_t fivek_version_number(void);

/* The version of this contract. Programs compiled against another one must not
   be mixed with the library. Cannot fail.
   @owner caller @threads any @since 0.1 */
FIVEK_API uint32_t fivek_abi_version(void);
#define FIVEK_ABI_VERSION 1

/* "0.1.0". Static. Cannot fail.
   @owner static @threads any @since 0.1 */
FIVEK_API const char* fivek_version_string(void);

/* Version, compiler and language standard as a JSON object, for bug reports.
   Static. Cannot fail.
   @owner static @threads any @since 0.1 */
FIVEK_API const char* fivek_build_info_json(void);

/* 1 if the library has the named part, else 0: "accounts", "arrow"
   (fivek_arrow.h), "base", "history", "method", "pipeline", "policy", "rollup",
   "scoring". NULL is none. Cannot fail.
   @owner caller @threads any @since 0.1 */
FIVEK_API int32_t fivek_has_feature(const char* name);

/* ---- Labels ------------------------------------------------------------ */

/* The built-in word for a code, in "en" or "zh"; NULL if set, code or language
   is unknown. Sets: dimension, dimension.question, level.problem, level.power,
   level.vision, level.value, level.control, stage, action, step, role,
   evidence, shown_by, proof, milestone, outcome, event, signal, signal.group,
   objection, saying, saying.response, pain.question, pain.area,
   qualification.question, portfolio.cell, portfolio.strategy, triangle.corner,
   concern, sales.mode, sales.mode.practice, team.function, team.phase,
   team.trait, team.grouping, segment.part, segment.factor, rfm_segment,
   order_due, follow_up, visit_group, hours_verdict. The text is static.
   @owner static @threads any @since 0.1 */
FIVEK_API const char* fivek_label(const char* set, int32_t code,
                                  const char* lang);

/* The codes of a set, for index 0, 1, 2, ...; -1 past the last one and for an
   unknown set.
   @owner caller @threads any @since 0.1 */
FIVEK_API int32_t fivek_label_code(const char* set, int32_t index);

/* ---- Policy ------------------------------------------------------------ */

/* A vendor's version of the method, immutable and counted by references. */
typedef struct fivek_policy fivek_policy;

/* Reads a policy from JSON (include/fivek/method/policy.schema.json; every
   section may be left out). *out has one reference, for the caller to release.
   INVALID_ARGUMENT with the JSON pointer of what is wrong.
   @status INVALID_ARGUMENT @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_policy_from_json(const char* json, size_t len,
                                              const fivek_policy** out,
                                              fivek_error* error);

/* Writes the canonical document of a policy (text out, see above). Reading it
   gives a policy with the same hash.
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_policy_to_json(const fivek_policy* policy,
                                            char* buf, size_t cap,
                                            size_t* needed, fivek_error* error);

/* Adds or drops a reference; the last one frees the policy. NULL is allowed and
   does nothing.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_policy_retain(const fivek_policy* policy);
FIVEK_API void fivek_policy_release(const fivek_policy* policy);

/* The version of a policy's content: FNV-1a 64 of its canonical document.
   Cannot fail.
   @owner caller @threads any @since 0.1 */
FIVEK_API uint64_t fivek_policy_hash(const fivek_policy* policy);

/* As fivek_label in the words of the policy. The text lives as long as the
   policy.
   @owner policy @threads any @since 0.1 */
FIVEK_API const char* fivek_policy_label(const fivek_policy* policy,
                                         const char* set, int32_t code,
                                         const char* lang);

/* ---- Money, probability, calendar -------------------------------------- */

/* amount x ppm / 10^6, rounded once as the policy says (built-in: half to
   even).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_amount_expect(const fivek_policy* policy,
                                           int64_t amount, int32_t ppm,
                                           int64_t* out, fivek_error* error);

/* The sum of amount[i] x ppm[i] / 10^6 over n rows: exact 128-bit products,
   rounded once. `ppm` NULL: certain, the plain sum. OUT_OF_RANGE if the total
   does not fit; a bad row fails the call, naming the row.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_amount_total(const fivek_policy* policy,
                                          const int64_t* amount,
                                          const int32_t* ppm, size_t n,
                                          int64_t* out, fivek_error* error);

/* The decimals of a currency's minor unit: the policy's, else ISO 4217, else
   NOT_FOUND. `currency` is three capital letters, e.g. "USD".
   @status INVALID_ARGUMENT NOT_FOUND @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_currency_minor_digits(const fivek_policy* policy,
                                                   const char* currency,
                                                   int32_t* out,
                                                   fivek_error* error);

/* a + b. FAILED_PRECONDITION if the currencies differ, OUT_OF_RANGE if the sum
   does not fit.
   @status INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_money_sum(int64_t a, const char* currency_a,
                                       int64_t b, const char* currency_b,
                                       int64_t* out, fivek_error* error);

/* "1234.5" with minor_digits 2 is 123450. No grouping, no spaces, no exponent;
   more decimals than the currency has are an error unless zero. minor_digits is
   0..4.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_amount_parse(const char* text, size_t len,
                                          int32_t minor_digits, int64_t* out,
                                          fivek_error* error);

/* The inverse: "1234.50" (text out, see above).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_amount_format(int64_t amount, int32_t minor_digits,
                                           char* buf, size_t cap,
                                           size_t* needed, fivek_error* error);

/* How a source writes probabilities. */
#define FIVEK_UNIT_PERCENT 0
#define FIVEK_UNIT_FRACTION 1
#define FIVEK_UNIT_PPM 2

/* Reads "75", "0.75" or "750000" by its unit into ppm; decimals beyond a ppm
   are rounded half to even.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_probability_parse(const char* text, size_t len,
                                               int32_t unit, int32_t* ppm,
                                               fivek_error* error);

/* "63.15 %" (text out, see above). Any int32, as differences are written too.
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_probability_format(int32_t ppm, char* buf,
                                                size_t cap, size_t* needed,
                                                fivek_error* error);

/* part / whole in ppm, rounded half to even; 0 <= part <= whole, whole > 0.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_probability_ratio(int64_t part, int64_t whole,
                                               int32_t* ppm,
                                               fivek_error* error);

/* A day of the Gregorian calendar, years 1..9999, and back. A date that does
   not exist is an error.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_day_from_date(int32_t year, int32_t month,
                                           int32_t day, int32_t* out,
                                           fivek_error* error);
FIVEK_API fivek_status fivek_day_to_date(int32_t day, int32_t* year,
                                         int32_t* month, int32_t* day_of_month,
                                         fivek_error* error);

/* Reads and writes "YYYY-MM-DD".
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_day_parse(const char* text, size_t len,
                                       int32_t* out, fivek_error* error);
FIVEK_API fivek_status fivek_day_format(int32_t day, char* buf, size_t cap,
                                        size_t* needed, fivek_error* error);

/* 0 Monday .. 6 Sunday, of any day. Cannot fail.
   @owner caller @threads any @since 0.1 */
FIVEK_API int32_t fivek_day_weekday(int32_t day);

/* The UTC day of an instant, years 1..9999.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_day_of_instant(int64_t instant, int32_t* out,
                                            fivek_error* error);

/* Reads ISO 8601: "YYYY-MM-DD", or a date, 'T' or a space, HH:MM[:SS[.f]] and Z
   or an offset +HH:MM or -HH:MM. A time without zone is an error.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_instant_parse(const char* text, size_t len,
                                           int64_t* out, fivek_error* error);

/* ---- The 5K formula ----------------------------------------------------
   Rubric and formula: rubric.h, strength.h. Source: domain.md section 2. */

#define FIVEK_DIMENSION_PROBLEM 0
#define FIVEK_DIMENSION_POWER 1
#define FIVEK_DIMENSION_VISION 2
#define FIVEK_DIMENSION_VALUE 3
#define FIVEK_DIMENSION_CONTROL 4

/* What a seller assessed. Frozen, 8 bytes. */
typedef struct fivek_assessment {
  uint8_t level[5];          /* by dimension code; FIVEK_UNKNOWN */
  uint8_t by_decision_maker; /* bit d: dimension d was shown by the decision
                                maker; bits 0, 2, 3 only */
  uint8_t reserved[2];       /* zero */
} fivek_assessment;

/* What the assessment makes of the deal. */
typedef struct fivek_strength {
  uint32_t struct_size;      /* in: sizeof(fivek_strength) */
  int32_t total;             /* known points, 0..100 */
  int32_t highest_reachable; /* if every unknown dimension were at its top */
  int32_t points[5];         /* 0..20; -1 where unknown */
  int32_t product_ppm;       /* deal product, prod(points / 20), half to even;
                                the lower end: 0 if a dimension is unknown */
  int32_t product_max_ppm;   /* the upper end; equal when all is known */
  int32_t balanced;          /* 100 x geometric mean of points / 20, 0..100,
                                rounded half to even; of the lower end */
  int32_t weakest;           /* dimension; FIVEK_UNKNOWN while undefined */
  int32_t unknown_mask;      /* bit d: dimension d is unknown */
  int32_t next_level;        /* to reach in the weakest; -1: at its top */
  int32_t next_gain;         /* points that it adds */
} fivek_strength;

/* Strength, deal product and balanced strength of the five dimensions, the
   weakest one (ties: the lower code) and its next level. INVALID_ARGUMENT for a
   level above the highest, a bit of by_decision_maker other than 0, 2, 3, or a
   reserved byte. A few nanoseconds.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_strength_of(const fivek_policy* policy,
                                         const fivek_assessment* assessment,
                                         fivek_strength* out,
                                         fivek_error* error);

/* The points of one level; by_decision_maker is 0 or 1 (0 only, in Power and
   Control).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_rubric_points(const fivek_policy* policy,
                                           int32_t dimension, int32_t level,
                                           int32_t by_decision_maker,
                                           int32_t* out, fivek_error* error);

/* ---- Evidence and milestones --------------------------------------------
   Items and proof: evidence.h; the ladder: milestone.h. Source: domain.md
   sections 4 and 5. */

#define FIVEK_EVIDENCE_COUNT 22    /* the method's own; 22..31 the vendor's */
#define FIVEK_EVIDENCE_CONTRACT 18 /* the item that wins the deal */

#define FIVEK_SHOWN_BY_NOT_STATED 0
#define FIVEK_SHOWN_BY_SPONSOR 1
#define FIVEK_SHOWN_BY_DECISION_MAKER 2
#define FIVEK_SHOWN_BY_PURCHASER 3
#define FIVEK_SHOWN_BY_SUPPORTER 4
#define FIVEK_SHOWN_BY_TECHNICAL_EVALUATOR 5
#define FIVEK_SHOWN_BY_USER 6
#define FIVEK_SHOWN_BY_SELLER 7

#define FIVEK_PROOF_NOT_STATED 0
#define FIVEK_PROOF_SELLERS_NOTE 1
#define FIVEK_PROOF_MEETING_MINUTES 2
#define FIVEK_PROOF_BUYERS_MESSAGE 3
#define FIVEK_PROOF_SIGNED_DOCUMENT 4
#define FIVEK_PROOF_SYSTEM_RECORD 5

/* How a gate holds a missing item. */
#define FIVEK_GATE_BLOCKING 0
#define FIVEK_GATE_ADVISORY 1
#define FIVEK_GATE_WAIVABLE 2

/* Whom an item's text names: who must show it. */
#define FIVEK_WITNESS_ANYONE 0
#define FIVEK_WITNESS_SPONSOR 1 /* or the decision maker */
#define FIVEK_WITNESS_DECISION_MAKER 2

/* What an item asks for. */
typedef struct fivek_evidence_rule {
  uint32_t struct_size;   /* in: sizeof(fivek_evidence_rule) */
  int32_t stage;          /* buying stage it belongs to */
  int32_t gate;           /* milestone it is required for; 0: none */
  int32_t mode;           /* FIVEK_GATE_... */
  int32_t witness;        /* FIVEK_WITNESS_... */
  int32_t least_proof;    /* 2, or 4 as for the signed contract */
  uint32_t prerequisites; /* items without which it does not count */
} fivek_evidence_rule;

/* The rule of an item. INVALID_ARGUMENT for an item that the policy does not
   have.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_evidence_rule_of(const fivek_policy* policy,
                                              int32_t item,
                                              fivek_evidence_rule* out,
                                              fivek_error* error);

/* *out is 1 if a confirmation with this provenance proves the item, else 0.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_evidence_is_proven(const fivek_policy* policy,
                                                int32_t item, int32_t shown_by,
                                                int32_t proof, int32_t* out,
                                                fivek_error* error);

/* Stage, milestone, its yield and the items missing for the next one (0 at
   closed won), from any set of evidence (bit = item).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_milestone_of(const fivek_policy* policy,
                                          uint32_t evidence, int32_t* stage,
                                          int32_t* milestone,
                                          int32_t* yield_ppm,
                                          uint32_t* missing_for_next,
                                          fivek_error* error);

/* A gate left open on purpose, for a reason that the policy names. Frozen. */
typedef struct fivek_waiver {
  int32_t item;
  int32_t reason;
} fivek_waiver;

/* Where an opportunity stands by its evidence. */
typedef struct fivek_standing {
  uint32_t struct_size; /* in: sizeof(fivek_standing) */
  int32_t stage, milestone, yield_ppm;
  uint32_t missing_for_next; /* items still to confirm */
  uint32_t skipped;          /* signed with gaps: the gaps */
  uint32_t advised;          /* missing, but only advised */
  uint32_t waived;           /* counted because they were waived */
} fivek_standing;

/* As fivek_milestone_of with skipped steps, advisory gates and waivers.
   `waivers` may be NULL if n is 0. INVALID_ARGUMENT for an unknown item or
   reason, FAILED_PRECONDITION if the policy does not let an item be waived;
   error->row is the waiver.
   @status INVALID_ARGUMENT FAILED_PRECONDITION @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_standing_of(const fivek_policy* policy,
                                         uint32_t evidence,
                                         const fivek_waiver* waivers, size_t n,
                                         fivek_standing* out,
                                         fivek_error* error);

/* ---- The opportunity as a state machine ---------------------------------
   Which event is allowed when, and what it does: opportunity.h. Source:
   domain.md section 6. */

#define FIVEK_OUTCOME_OPEN 0
#define FIVEK_OUTCOME_ON_HOLD 1
#define FIVEK_OUTCOME_WON 2
#define FIVEK_OUTCOME_LOST 3
#define FIVEK_OUTCOME_VOID 4

#define FIVEK_EVENT_EVIDENCE_CONFIRMED 0
#define FIVEK_EVENT_EVIDENCE_WITHDRAWN 1
#define FIVEK_EVENT_SPONSOR_CHANGED 2
#define FIVEK_EVENT_DECISION_MAKER_CHANGED 3
#define FIVEK_EVENT_PUT_ON_HOLD 4
#define FIVEK_EVENT_RESUMED 5
#define FIVEK_EVENT_LOST 6
#define FIVEK_EVENT_REOPENED 7
#define FIVEK_EVENT_CYCLE_RESTARTED 8
#define FIVEK_EVENT_VOIDED 9

/* The whole state of an opportunity. Frozen, 64 bytes. Made by
   fivek_opportunity_init and changed only by events. */
typedef struct fivek_opportunity {
  uint32_t evidence;         /* confirmed and not withdrawn; bit = item */
  int32_t outcome;           /* FIVEK_OUTCOME_... */
  int32_t cycle;             /* 1 for the first purchase */
  int32_t stage;             /* 0..5 */
  int32_t milestone;         /* 0..6 */
  int32_t highest_milestone; /* ever reached, in any cycle */
  int32_t regressions;       /* withdrawals that made the milestone fall,
                                in all cycles */
  int32_t lost_reason;       /* of lost and void; -1: none */
  int64_t stage_since;       /* instants: entry into the stage, */
  int64_t milestone_since;   /* into the milestone, */
  int64_t last_event_at;     /* the last event accepted */
  uint32_t proven;           /* the part of evidence that is proven */
  uint32_t reserved;         /* zero */
} fivek_opportunity;

/* One thing that happened. Frozen, 32 bytes. */
typedef struct fivek_event {
  int64_t at;         /* instant; not before the last event */
  int32_t kind;       /* FIVEK_EVENT_... */
  int32_t code;       /* item (0, 1) or reason >= 0 (6, 9); else ignored */
  int32_t shown_by;   /* for 0; else ignored */
  int32_t proof;      /* for 0; else ignored */
  uint64_t reference; /* the caller's own id of the proof; not in the state */
} fivek_event;

/* A new opportunity: open, first cycle, no evidence.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_opportunity_init(fivek_opportunity* out,
                                              int64_t created_at,
                                              fivek_error* error);

/* Applies one event. INVALID_ARGUMENT for an unknown kind, item, reason,
   shown_by or proof and for a state with a code out of range, proven items that
   are not evidence or reserved not 0; OUT_OF_RANGE if the cycle number cannot
   grow; FAILED_PRECONDITION for an event older than the last, one that the
   outcome forbids, an item confirmed again without becoming proven, and
   unproven evidence where the policy requires proof. Refused: all 64 bytes are
   as they were. A few nanoseconds.
   @status INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_opportunity_apply(const fivek_policy* policy,
                                               fivek_opportunity* state,
                                               const fivek_event* event,
                                               fivek_error* error);

/* Applies events[i] to table[row[i]], for i = 0 .. n - 1 in order. With
   event_status (n of them) each event has its own status, a refused one fails
   only itself and the call is OK; without (NULL) the first refused event fails
   the call, error->row is its index, and the events before it stay applied.
   *refused (may be NULL) counts them. A row number outside the table refuses
   its event with INVALID_ARGUMENT. Pointers may be NULL if n is 0.
   @status INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_apply_events(const fivek_policy* policy,
                                          fivek_opportunity* table, size_t rows,
                                          const uint32_t* row,
                                          const fivek_event* events, size_t n,
                                          fivek_status* event_status,
                                          size_t* refused, fivek_error* error);

/* ---- The buying cycle ----------------------------------------------------
   Stages, selling actions, people: buying_cycle.h. Source: domain.md section
   3. */

/* action - stage: > 0, so many stages ahead of the buyer; < 0 behind. Both are
   0..5.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_action_align(int32_t action, int32_t stage,
                                          int32_t* steps, fivek_error* error);

typedef struct fivek_alignment {
  uint32_t struct_size; /* in: sizeof(fivek_alignment) */
  int32_t aligned_ppm;  /* share of all actions; -1 if there are none */
  int64_t aligned, ahead, behind;
} fivek_alignment;

/* Counts n logged actions beside the stage the buyer had then; alignment is the
   share with steps 0. A bad row fails the call, naming it.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_actions_measure(const uint8_t* action,
                                             const uint8_t* stage, size_t n,
                                             fivek_alignment* out,
                                             fivek_error* error);

/* Own customers by stage (six counts) beside the reference distribution of a
   market: shares and own minus reference, six of each, in ppm. Without any
   customer the shares are -1 and the differences 0. INVALID_ARGUMENT for a
   negative count, OUT_OF_RANGE if the total does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_market_compare(const int64_t* customers,
                                            int32_t* share_ppm,
                                            int32_t* difference_ppm,
                                            fivek_error* error);

/* Where a step (0..6) of the seven-step process stands in the cycle.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_step_stage(int32_t step, int32_t* stage,
                                        fivek_error* error);

#define FIVEK_GAP_DECISION_MAKER_UNKNOWN 1
#define FIVEK_GAP_DECISION_MAKER_NOT_MET 2
#define FIVEK_GAP_SINGLE_THREADED 4 /* fewer met than roles_met, 2 */
#define FIVEK_GAP_NO_SUPPORT 8      /* nobody is supportive */

/* What is missing among the five people who decide (bit = role code): who is
   identified, met, supportive; each set lies in the one before. *gaps is a mask
   of FIVEK_GAP_... INVALID_ARGUMENT for other bits than 0..4 and for sets that
   are not nested.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_buying_center_gaps(
    const fivek_policy* policy, uint32_t identified, uint32_t met,
    uint32_t supportive, uint32_t* gaps, fivek_error* error);

/* ---- The conversation ----------------------------------------------------
   Catalogues: conversation.h. Source: domain.md section 9. */

/* The group (0 expression, 1 posture, 2 speech) of a buying signal, which is
   0-3, 16-19 or 32-38.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_signal_group(int32_t signal, int32_t* group,
                                          fivek_error* error);

#define FIVEK_VERDICT_PENDING 0
#define FIVEK_VERDICT_QUALIFIED 1
#define FIVEK_VERDICT_NOT_QUALIFIED 2

/* Qualifies a contact before a visit: key person, wish to sign, means to pay,
   each 0 no, 1 yes, FIVEK_UNKNOWN. *next_question is the question to ask or the
   one that failed, -1 if qualified.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_contact_qualify(int32_t key_person, int32_t wish,
                                             int32_t means, int32_t* verdict,
                                             int32_t* next_question,
                                             fivek_error* error);

/* ---- Scoring a book ------------------------------------------------------
   Columns in, columns out, at memory speed: ../pipeline/scoring.h. Source:
   domain.md sections 2, 4, 5. */

/* Columns with one element a row; NULL = not given: levels unknown, evidence
   empty, outcome open, amount 0. The caller's, aligned to their type. */
typedef struct fivek_score_in {
  uint32_t struct_size; /* sizeof(fivek_score_in) */
  uint32_t reserved;    /* zero */
  /* Columns 0 to 4: levels, or FIVEK_UNKNOWN. */
  const uint8_t* problem;
  const uint8_t* power;
  const uint8_t* vision;
  const uint8_t* value;
  const uint8_t* control;
  const uint8_t* by_decision_maker; /* column 5: as in fivek_assessment */
  const uint32_t* evidence;         /* column 6: bit = item */
  const uint8_t* outcome;           /* column 7: FIVEK_OUTCOME_... */
  const int64_t* amount;            /* column 8: minor units, one currency */
} fivek_score_in;

/* Columns to fill; NULL = not wanted. None may overlap another column. */
typedef struct fivek_score_out {
  uint32_t struct_size; /* sizeof(fivek_score_out) */
  uint32_t reserved;    /* zero */
  uint8_t* strength;    /* known points, 0..100 */
  uint8_t* weakest;     /* dimension; 255 where an unknown one may be */
  int32_t* product_ppm; /* -1 where a dimension is unknown and no known one
                           has 0 points */
  uint8_t* stage;       /* of the evidence */
  uint8_t* milestone;   /* of the evidence */
  int32_t*
      probability_ppm; /* 10^6 won, 0 lost and void, else the milestone's */
  int64_t* expected_amount; /* amount x probability, rounded once; exact */
  fivek_status* row_status; /* of each row */
} fivek_score_out;

/* Probabilities learned elsewhere, for rows that are open or on hold. */
typedef struct fivek_calibration {
  uint32_t struct_size;      /* sizeof(fivek_calibration) */
  int32_t buckets;           /* age buckets, 1..256 */
  const int32_t* ppm;        /* 7 x buckets, 0..10^6: [milestone][bucket] */
  const uint8_t* age_bucket; /* column 9; NULL: bucket 0 */
} fivek_calibration;

/* Scores `rows` rows. A row with an unknown level code, a bit of
   by_decision_maker other than 0, 2, 3 or an unknown outcome is bad, whatever
   is wanted of it. With row_status it gets INVALID_ARGUMENT there and as
   outputs 0, weakest 255, product -1, and the call goes on. Without, the first
   bad row fails the call with INVALID_ARGUMENT, error->row and error->column
   (numbered above); the rows before it are scored, those behind are not.
   *bad_rows (may be NULL) counts the bad rows met. INVALID_ARGUMENT also for a
   misaligned column; nothing is written then. Allocates nothing unless refused.
   Some nanoseconds a row where the processor has AVX2 or AVX-512.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_score_columns(const fivek_policy* policy,
                                           const fivek_score_in* in,
                                           const fivek_score_out* out,
                                           size_t rows, size_t* bad_rows,
                                           fivek_error* error);

/* The same with learned probabilities in place of the policy's yields. An age
   bucket beyond the table makes a row bad; a table that is NULL, misaligned or
   holds anything but 0..10^6 fails the call.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_score_columns_calibrated(
    const fivek_policy* policy, const fivek_calibration* calibration,
    const fivek_score_in* in, const fivek_score_out* out, size_t rows,
    size_t* bad_rows, fivek_error* error);

/* One deal, for callers without columns. Frozen, 24 bytes. */
typedef struct fivek_deal {
  fivek_assessment assessment;
  uint32_t evidence; /* bit = item */
  int32_t outcome;   /* FIVEK_OUTCOME_... */
  int64_t amount;    /* minor units */
} fivek_deal;

/* What fivek_score_out says of one row. Frozen, 32 bytes. */
typedef struct fivek_deal_score {
  int32_t strength;        /* known points, 0..100 */
  int32_t weakest;         /* dimension; 255 where an unknown one may be */
  int32_t product_ppm;     /* -1 where undefined */
  int32_t stage;           /* of the evidence */
  int32_t milestone;       /* of the evidence */
  int32_t probability_ppm; /* 10^6 won, 0 lost and void, else the milestone's */
  int64_t expected_amount; /* amount x probability, rounded once; exact */
} fivek_deal_score;

/* Scores one deal by the rules of fivek_score_columns. INVALID_ARGUMENT, with
   error->column as numbered above, for what makes a row bad and for reserved
   bytes of the assessment that are set; *out is unchanged then. Allocates
   nothing unless refused. Some nanoseconds.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_score_deal(const fivek_policy* policy,
                                        const fivek_deal* deal,
                                        fivek_deal_score* out,
                                        fivek_error* error);

/* What scores the built-in policy on this processor: "avx512", "avx2", "neon"
   or "scalar". Static.
   @owner static @threads any @since 0.1 */
FIVEK_API const char* fivek_score_target(void);

/* ---- The audit -----------------------------------------------------------
   Claim and score against evidence: ../pipeline/audit.h. Source: domain.md
   section 7. */

#define FIVEK_CLAIM_IN_LINE 0
#define FIVEK_CLAIM_OVER 1
#define FIVEK_CLAIM_UNDER 2

typedef struct fivek_claim {
  uint32_t struct_size;     /* in: sizeof(fivek_claim) */
  int32_t verdict;          /* FIVEK_CLAIM_... */
  int32_t claimed;          /* milestone */
  int32_t supported;        /* milestone that the evidence supports */
  int32_t proven_milestone; /* milestone that proven evidence supports */
  int32_t rungs;            /* claimed - supported */
  uint32_t missing;         /* items up to the claim; 0 unless over-claimed */
} fivek_claim;

/* A claimed milestone (0..6) beside the evidence and its proven part; in line
   within the policy's claim_tolerance_rungs (built-in 0). INVALID_ARGUMENT if
   proven is not part of evidence.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_claim_audit(const fivek_policy* policy,
                                         int32_t claimed, uint32_t evidence,
                                         uint32_t proven, fivek_claim* out,
                                         fivek_error* error);

/* The milestone that a claimed probability stands for: the highest rung whose
   yield is not above it (60 % claims that of 50 %).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_claim_milestone(const fivek_policy* policy,
                                             int32_t ppm, int32_t* milestone,
                                             fivek_error* error);

/* The score rules that an assessment breaks: bit i is the policy's rule i
   (fivek_score_rule_of). Unknown levels break none.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_score_rules_broken(
    const fivek_policy* policy, const fivek_assessment* assessment,
    uint32_t evidence, uint32_t* broken, fivek_error* error);

typedef struct fivek_score_rule {
  uint32_t struct_size; /* in: sizeof(fivek_score_rule) */
  int32_t dimension;
  int32_t least_points;           /* applies from so many points on */
  int32_t only_by_decision_maker; /* 1: only if the decision maker showed it */
  int32_t item;                   /* the evidence it needs */
} fivek_score_rule;

/* The policy's score rule i, from 0; NOT_FOUND past the last one.
   @status INVALID_ARGUMENT NOT_FOUND @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_score_rule_of(const fivek_policy* policy,
                                           int32_t index, fivek_score_rule* out,
                                           fivek_error* error);

/* ---- Roll-ups ------------------------------------------------------------
   Sums by milestone and owner that merge: ../pipeline/rollup.h has the rules
   and the serialised form. A roll-up is an accumulator: one thread at a time.
   Source: design.md section 1. */

/* What has sums of its own. */
#define FIVEK_ROLLUP_BY_MILESTONE 0
#define FIVEK_ROLLUP_BY_OWNER 1
#define FIVEK_ROLLUP_BY_BOTH 2

typedef struct fivek_rollup fivek_rollup;

/* Columns with one element a row, aligned to their types, of one currency.
   NULL: not given. */
typedef struct fivek_rollup_in {
  uint32_t struct_size;           /* in: sizeof(fivek_rollup_in) */
  uint32_t reserved;              /* zero */
  const uint8_t* milestone;       /* 0..6; else all 0 */
  const uint8_t* outcome;         /* FIVEK_OUTCOME_...; else all open */
  const int64_t* amount;          /* minor units; else all 0 */
  const int32_t* probability_ppm; /* 0..10^6; -1 and else: unknown */
  const uint32_t* owner;          /* any key; else all 0 */
} fivek_rollup_in;

/* A group's sums, or those of all. */
typedef struct fivek_rollup_group {
  uint32_t struct_size; /* in: sizeof(fivek_rollup_group) */
  uint32_t owner;       /* 0 if not grouped by owner */
  int32_t milestone;    /* -1 if not grouped by milestone */
  uint32_t reserved;    /* zero */
  int64_t count;        /* rows */
  int64_t won, lost;    /* rows with that outcome */
  int64_t unknown;      /* rows without a probability */
  int64_t amount;       /* minor units, unknown rows too */
  int64_t expected;     /* minor units, known rows only: exact, then rounded
                           half to even once */
} fivek_rollup_group;

/* An empty roll-up; `by` is FIVEK_ROLLUP_BY_... The caller releases *out.
   @status INVALID_ARGUMENT @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_rollup_create(int32_t by, fivek_rollup** out,
                                           fivek_error* error);

/* Frees a roll-up. NULL is allowed and does nothing.
   @owner reference @threads one @since 0.1 */
FIVEK_API void fivek_rollup_release(fivek_rollup* rollup);

/* Adds rows, all or none: the first row with a value out of its range fails the
   call, naming row and column (0 milestone .. 4 owner). OUT_OF_RANGE beyond
   2^43 rows in a roll-up. Allocates only for new owners.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads one @since
   0.1 */
FIVEK_API fivek_status fivek_rollup_add(fivek_rollup* rollup,
                                        const fivek_rollup_in* in, size_t rows,
                                        fivek_error* error);

/* Adds all that is in `from`; in any order, the sums are the same.
   INVALID_ARGUMENT if the groupings differ, OUT_OF_RANGE beyond 2^43 rows;
   nothing is changed then. Both may be the same.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads one @since
   0.1 */
FIVEK_API fivek_status fivek_rollup_merge(fivek_rollup* into,
                                          const fivek_rollup* from,
                                          fivek_error* error);

/* The number of groups, none of them empty. Lists them, in O(n log n), if the
   roll-up has changed since; fivek_rollup_group is O(1) then.
   @status INVALID_ARGUMENT @owner caller @threads one @since 0.1 */
FIVEK_API fivek_status fivek_rollup_groups(fivek_rollup* rollup, size_t* count,
                                           fivek_error* error);

/* Group i, from 0, in order of owner, then milestone. NOT_FOUND past the last
   one, OUT_OF_RANGE if a total does not fit.
   @status INVALID_ARGUMENT NOT_FOUND OUT_OF_RANGE @owner caller @threads
   one @since 0.1 */
FIVEK_API fivek_status fivek_rollup_group_of(fivek_rollup* rollup, size_t index,
                                             fivek_rollup_group* out,
                                             fivek_error* error);

/* The sums of all rows, with owner 0 and milestone -1. OUT_OF_RANGE if a total
   does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_rollup_total(const fivek_rollup* rollup,
                                          fivek_rollup_group* out,
                                          fivek_error* error);

/* Writes the serialised form, the same bytes for the same sums on every
   machine (as a text out, see above, but without the NUL).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_rollup_write(const fivek_rollup* rollup,
                                          uint8_t* buf, size_t cap,
                                          size_t* needed, fivek_error* error);

/* Reads what fivek_rollup_write wrote; the caller releases *out. DATA_LOSS for
   any other bytes.
   @status INVALID_ARGUMENT DATA_LOSS @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_rollup_read(const uint8_t* bytes, size_t len,
                                         fivek_rollup** out,
                                         fivek_error* error);

/* ---- Forecasts and outcomes ---------------------------------------------
   How good forecasts were, now that it is known who won:
   ../history/metrics.h, ../history/wilson.h, ../history/isotonic.h. Scores do
   not depend on the order of rows. Source: Murphy 1973; Dimitriadis, Gneiting,
   Jordan 2021; Wilson 1927. */

/* successes / trials with Wilson's score interval, 0 <= *low <= *rate <= *high
   <= 1, within 1e-15. `z` is the standard normal quantile: 1.9599639845400543
   for 95 %; finite, 0 or more. No success: *low is exactly 0; only successes:
   *high is exactly 1; no trials: nothing is known, 0 in [0, 1].
   INVALID_ARGUMENT unless 0 <= successes <= trials.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_wilson(int64_t successes, int64_t trials, double z,
                                    double* rate, double* low, double* high,
                                    fivek_error* error);

/* What cannot be said (fivek_forecast_quality.undefined): the field is 0. */
#define FIVEK_UNDEFINED_BRIER_SKILL 1   /* all rows have one outcome */
#define FIVEK_UNDEFINED_AUC 2           /* all rows have one outcome */
#define FIVEK_UNDEFINED_SPIEGELHALTER 4 /* all forecasts are 0, 1/2 or 1 */

/* How good forecasts are. Two sums are exact but for rounding:
   brier = reliability - resolution + uncertainty + within_bin_variance
           - within_bin_covariance
   brier = miscalibration - discrimination + uncertainty */
typedef struct fivek_forecast_quality {
  uint32_t struct_size; /* in: sizeof(fivek_forecast_quality) */
  uint32_t undefined;   /* FIVEK_UNDEFINED_..., those that hold */
  int64_t rows, won;
  double base_rate;       /* won / rows */
  double mean_forecast;   /* equal to it, if right on the whole */
  double brier;           /* mean (forecast - outcome)^2 */
  double log_loss;        /* mean -ln of what was given to what happened, in
                             [1e-15, 1 - 1e-15] */
  double brier_skill;     /* 1 - brier / uncertainty; above 0 is better than the
                             base rate */
  double auc;             /* share of pairs (won, lost) in order; ties half */
  double spiegelhalter_z; /* standard normal for calibrated forecasts */
  double ece_width;       /* mean |mean forecast - rate| of 10 bins of equal
                             width */
  double mce_width;       /* the largest of them */
  double ece_mass;        /* mean of 10 bins of about as many rows */
  double reliability, resolution, uncertainty;
  double within_bin_variance, within_bin_covariance;
  double miscalibration, discrimination; /* beside isotonic regression */
  double recalibrated_brier;             /* of that */
} fivek_forecast_quality;

/* Compares n forecasts in [0, 1] with outcomes, 1 won and 0 lost. O(n log n);
   allocates 8 bytes a row and 16 for each distinct forecast. INVALID_ARGUMENT
   for no rows and for a bad value, with error->row and error->column (0
   forecast, 1 won); OUT_OF_RANGE above 2^31 rows.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_forecasts_evaluate(const double* forecast,
                                                const uint8_t* won, size_t n,
                                                fivek_forecast_quality* out,
                                                fivek_error* error);

#define FIVEK_BINNING_EQUAL_WIDTH 0 /* [k/10, (k + 1)/10), the last with 1 */
#define FIVEK_BINNING_EQUAL_MASS 1  /* by rank; equal forecasts share a bin */
#define FIVEK_FORECAST_BINS 10

/* What was forecast beside what happened. Frozen, 64 bytes. */
typedef struct fivek_reliability_bin {
  int64_t rows, won;
  double mean_forecast; /* 0 of no rows, as the next two */
  double lowest_forecast, highest_forecast;
  double rate, low, high; /* won / rows, as fivek_wilson */
} fivek_reliability_bin;

/* The reliability table: bins[0] to bins[9], from the lowest forecasts on; some
   may be empty. `z` as in fivek_wilson; else as fivek_forecasts_evaluate.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_forecasts_reliability(const double* forecast,
                                                   const uint8_t* won, size_t n,
                                                   int32_t binning, double z,
                                                   fivek_reliability_bin* bins,
                                                   fivek_error* error);

/* Whether a model is adopted, or why not (fivek_forecast_gate.verdict). */
#define FIVEK_COMPARED_ADOPT 0
#define FIVEK_COMPARED_TOO_FEW_ROWS 1 /* one row has no spread */
#define FIVEK_COMPARED_NOT_BETTER 2   /* its loss is not below the base's */
#define FIVEK_COMPARED_NOT_SURE 3     /* less than chance may give: z < 1.645 */

/* fivek_forecast_gate.undefined: every row gains as much, and the sign of that
   decides. */
#define FIVEK_UNDEFINED_GATE_Z 8

/* Gains are loss of the base - loss of the model, as log_loss of
   fivek_forecast_quality. */
typedef struct fivek_forecast_gate {
  uint32_t struct_size; /* in: sizeof(fivek_forecast_gate) */
  uint32_t undefined;   /* FIVEK_UNDEFINED_GATE_Z, or 0; then z is 0 */
  int32_t verdict;      /* FIVEK_COMPARED_... */
  int32_t reserved;     /* 0 */
  int64_t rows;
  double base_log_loss, model_log_loss;
  double mean_gain;
  double sd_gain; /* by n - 1; 0 of one row */
  double z;       /* mean_gain / (sd_gain / sqrt(n)) */
} fivek_forecast_gate;

/* The gate: whether `model` may replace `base`, n forecasts in [0, 1] of the
   same rows, to none of which either was fitted; `won` as in
   fivek_forecasts_evaluate. ADOPT if the mean gain is above 0 and z at least
   1.645; else the simpler source stays. O(n log n); allocates 24 bytes a row.
   Errors as there, with error->column 0 base, 1 model, 2 won.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_forecasts_compare(const double* base,
                                               const double* model,
                                               const uint8_t* won, size_t n,
                                               fivek_forecast_gate* out,
                                               fivek_error* error);

/* Isotonic regression: fit[0] <= ... <= fit[n - 1], the nearest to n values in
   weighted squares; of outcomes in order of their forecasts, the forecasts
   recalibrated. `weight` NULL: 1 each. `fit` may be `value`. What violates
   nothing is given back exactly; the mean of m pooled ones is within 2 m x
   1.2e-16 of the largest. O(n); allocates 40 bytes a value. n = 0 is allowed.
   INVALID_ARGUMENT, with error->row and error->column (0 value, 1 weight),
   unless values are finite and weights finite and above 0; OUT_OF_RANGE above
   2^31 values and if a sum is too large. Source: Ayer et al. 1955.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_isotonic_fit(const double* value,
                                          const double* weight, size_t n,
                                          double* fit, fivek_error* error);

/* ---- What a learned number says of itself ---------------------------------
   No number learned from history is given without how sure it is and where it
   comes from: ../history/estimate.h. Source: statistics.md section 0. */

/* Where a learned number comes from. */
#define FIVEK_SOURCE_LADDER 0    /* the prior: history says too little */
#define FIVEK_SOURCE_SHRUNK 1    /* history and the prior, each by its weight */
#define FIVEK_SOURCE_LEARNED 2   /* history alone */
#define FIVEK_SOURCE_NO_SIGNAL 3 /* a model was tried and refused */

/* Frozen, 40 bytes. */
typedef struct fivek_estimate {
  double value;
  double low, high;   /* 90 % of what is believed; low <= value <= high */
  double effective_n; /* independent observations that would tell as much */
  int32_t source;     /* FIVEK_SOURCE_... */
  int32_t reserved;   /* 0 */
} fivek_estimate;

/* ---- Rates of few deals and chains ----------------------------------------
   What a rate is believed to be after some trials, and how strongly groups are
   to be pulled together: ../history/shrinkage.h. Rates are fractions in [0, 1];
   trials need not be whole. Results do not depend on the order of rows. Source:
   statistics.md section 1. */

/* A rate, beta distributed. */
typedef struct fivek_rate {
  uint32_t struct_size; /* in: sizeof(fivek_rate) */
  int32_t source;       /* FIVEK_SOURCE_... */
  double alpha, beta;   /* may be infinite */
  double mean, sd;
  double low, high;   /* 90 % of what is believed, the mean in it */
  double effective_n; /* the trials */
} fivek_rate;

/* The rate after `successes` of `trials`, where a prior of the mean `prior`
   counts as `strength` trials. An infinite strength is the prior exactly.
   INVALID_ARGUMENT unless 0 <= prior <= 1, strength is infinite or in [0,
   10^12] and 0 <= successes <= trials <= 10^12.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_rate_shrink(double prior, double strength,
                                         double successes, double trials,
                                         fivek_rate* out, fivek_error* error);

/* The prior under which the counts of groups are most likely. */
typedef struct fivek_beta_binomial {
  uint32_t struct_size;  /* in: sizeof(fivek_beta_binomial) */
  uint32_t reserved;     /* zero */
  int64_t groups;        /* those with trials */
  double alpha, beta;    /* mean x strength, the rest; may be infinite */
  double mean, strength; /* infinite: groups differ no more than by chance; 0:
                            all groups won all or lost all */
} fivek_beta_binomial;

/* Fits it to n groups, by maximum likelihood. INVALID_ARGUMENT, with row and
   column (0 successes, 1 trials), unless 0 <= successes <= trials <= 10^12 and
   some group has trials. O(n log n), and some 4 microseconds a
   group.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_beta_binomial_fit(const double* successes,
                                               const double* trials, size_t n,
                                               fivek_beta_binomial* out,
                                               fivek_error* error);

/* Down a hierarchy of n levels (all, segment, team, seller): the prior of the
   first is `prior`, that of each other the rate of the one above, with so many
   trials as `strength` says; out[i] is the rate of level i. INVALID_ARGUMENT as
   fivek_rate_shrink, with the row of the level.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_rates_shrink_down(
    double prior, const double* strength, const double* successes,
    const double* trials, size_t n, fivek_estimate* out, fivek_error* error);

/* The conversions behind a ladder of n probabilities of winning: conversion[i]
   = probability[i] / probability[i + 1], n - 1 of them. {0.10, 0.25, 0.50,
   0.75, 0.90, 1} has 2/5, 1/2, 2/3, 5/6, 9/10. INVALID_ARGUMENT, with the row,
   unless n is 2 or more, the ladder does not fall, all but its first are above
   0 and the last is 1.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_ladder_to_conversions(const double* probability,
                                                   size_t n, double* conversion,
                                                   fivek_error* error);

/* And back: the products of n conversions from each rung to the top, and 1; n +
   1 of them. INVALID_ARGUMENT, with the row, unless n is 1 or more and all are
   in [0, 1], above 0 but for the first.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_conversions_to_ladder(const double* conversion,
                                                   size_t n,
                                                   double* probability,
                                                   fivek_error* error);

/* The probability of winning in the end from each of n stages, 1 to 8: `moves`
   is n x n, by rows, the probability that the next move from a stage leads to
   another; `won` that it wins; what is left of 1 is lost. INVALID_ARGUMENT,
   with row and column (n is `won`), unless all are in [0, 1], no row adds up to
   more than 1 and deals can leave from every stage. O(n^3).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_absorbing_chain_solve(const double* moves,
                                                   const double* won, size_t n,
                                                   double* probability,
                                                   fivek_error* error);

/* ---- Durations ------------------------------------------------------------
   How long deals take, open ones counted too: ../history/durations.h. Days, 0
   or more. Source: Kaplan, Meier 1958; Greenwood 1926. */

/* A day on which visits ended. Frozen, 40 bytes. */
typedef struct fivek_duration_step {
  int32_t day;
  uint32_t reserved; /* zero */
  int64_t at_risk;   /* watched and not over before that day */
  int64_t ended;
  double survival, se; /* the share that takes longer; Greenwood's error */
} fivek_duration_step;

typedef struct fivek_durations {
  uint32_t struct_size; /* in: sizeof(fivek_durations) */
  int32_t longest;      /* the last day watched */
  int64_t visits, ended;
  int32_t quarter, median, three_quarters; /* days; -1: not reached, as too many
                                              are still open */
  int32_t has_restricted_mean; /* 0: some are open at the longest day, and tau
                                  is beyond it */
  double restricted_mean;      /* of min(duration, tau) */
} fivek_durations;

/* n visits: `time` is how long each took, or has taken so far, `ended` 1 if it
   is over, `entry` the age at which it came under watch, NULL for all from the
   start. *count is the number of steps; with cap >= *count they are written,
   cap 0 asks for it, a cap between gives RESOURCE_EXHAUSTED and writes nothing
   but *count. INVALID_ARGUMENT, with row and column (0 time, 1 ended, 2 entry),
   unless days and tau are 0 or more, ended is 0 or 1 and entry is below time or
   both are 0. O(n) where no time is much above n, else O(n log n).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_durations_fit(
    const int32_t* time, const uint8_t* ended, const int32_t* entry, size_t n,
    int32_t tau, fivek_durations* out, fivek_duration_step* steps, size_t cap,
    size_t* count, fivek_error* error);

/* Deals older than the smallest duration that the share q_numerator /
   q_denominator of `winners` did not exceed, *threshold: stalled[i] is 1.
   `share_longer` is the share of winners that took longer than ages[i].
   INVALID_ARGUMENT, with row and column (0 winners, 1 ages), for no winners,
   days below 0 and unless 0 < q <= 1. O((winners + n) log winners).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_stalled_find(
    const int32_t* winners, size_t n_winners, int64_t q_numerator,
    int64_t q_denominator, const int32_t* ages, size_t n, int32_t* threshold,
    uint8_t* stalled, double* share_longer, fivek_error* error);

/* ---- The funnel -----------------------------------------------------------
   Counts and amounts of the pipeline on the whole: ../history/funnel.h. Exact
   in 128 bits, rounded once. Source: statistics.md section 4. */

/* Deals that reached a rung or went beyond. Frozen, 32 bytes. */
typedef struct fivek_funnel_rung {
  int64_t reached;
  double rate, low, high; /* to the next rung, as fivek_wilson; of the last
                             nothing is known */
} fivek_funnel_rung;

/* `highest` is the highest rung that each of n deals ever reached; out[0] to
   out[rungs - 1]. INVALID_ARGUMENT unless 1 <= rungs <= 256, all are below it
   and z is as in fivek_wilson.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_funnel_reached(const uint8_t* highest, size_t n,
                                            int32_t rungs, double z,
                                            fivek_funnel_rung* out,
                                            fivek_error* error);

/* open_deals x win rate x average won amount / cycle: *amount in `days` days,
   rounded half to even once, and *per_day, unrounded. INVALID_ARGUMENT unless
   open_deals and days are 0 or more, the win rate, a fraction, is in [0, 1] and
   cycle_days is above 0. OUT_OF_RANGE for what does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_velocity(int64_t open_deals, int64_t win_numerator,
                                      int64_t win_denominator,
                                      int64_t average_won, int64_t cycle_days,
                                      int64_t days, int64_t* amount,
                                      double* per_day, fivek_error* error);

/* open / (goal - won): *goal_met is 1 and *coverage infinite where the goal is
   won already. INVALID_ARGUMENT below 0.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_coverage(int64_t open, int64_t goal, int64_t won,
                                      int32_t* goal_met, double* coverage,
                                      fivek_error* error);

/* The coverage that a goal takes: 1 / the win rate of amounts, (won + lost) /
   won; infinity where nothing was won. INVALID_ARGUMENT below 0.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_coverage_needed(int64_t won, int64_t lost,
                                             double* coverage,
                                             fivek_error* error);

/* What became of a deal that was due in a period, by its end. */
#define FIVEK_DUE_OPEN 0   /* not closed, still due then */
#define FIVEK_DUE_PUSHED 1 /* not closed, its date moved out of the period */
#define FIVEK_DUE_WON 2
#define FIVEK_DUE_LOST 3

#define FIVEK_SLIPPAGE_NO_AMOUNT 1 /* nothing is due: push_amount_rate */
#define FIVEK_SLIPPAGE_NO_DEALS 2  /* no deal is: mean_pushes */

/* Rates with Wilson's interval. */
typedef struct fivek_slippage {
  uint32_t struct_size; /* in: sizeof(fivek_slippage) */
  uint32_t undefined;   /* FIVEK_SLIPPAGE_NO_..., those that hold: the field is
                           0 */
  int64_t due, pushed, won, lost;
  int64_t due_amount, pushed_amount;
  double push_rate, push_low, push_high; /* pushed / due */
  double push_amount_rate;
  double mean_pushes;
  double closed_rate, closed_low, closed_high; /* won / (won + lost) */
  double due_rate, due_low, due_high;          /* won / due */
} fivek_slippage;

/* The deals that were pushed so many times. Frozen, 56 bytes. */
typedef struct fivek_pushed_times {
  int32_t pushes;
  uint32_t reserved; /* zero */
  int64_t deals, won, closed;
  double rate, low, high; /* won / closed */
} fivek_pushed_times;

/* n deals that were due: their state (FIVEK_DUE_...), amount and how often
   their close date was moved in all. `times`, cap and count as the steps of
   fivek_durations_fit, by rising number. INVALID_ARGUMENT, with row and column
   (0 state, 1 amount, 2 pushes), for unknown states, below 0 and unless z is as
   in fivek_wilson; OUT_OF_RANGE above 2^31 deals and if an amount does not fit.
   O(n log n).
   @status INVALID_ARGUMENT OUT_OF_RANGE RESOURCE_EXHAUSTED @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_slippage_measure(
    const uint8_t* state, const int64_t* amount, const int32_t* pushes,
    size_t n, double z, fivek_slippage* out, fivek_pushed_times* times,
    size_t cap, size_t* count, fivek_error* error);

/* What a goal takes: the deals to win, and before each step as many as its
   conversion numerator[i] / denominator[i] takes, rounded up. Steps run from
   the last, the win, to the first; `plan` has n + 1 numbers. INVALID_ARGUMENT,
   with the row, unless goal >= 0, average_won > 0 and conversions are above 0,
   to 1; OUT_OF_RANGE for what does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_activity_plan(int64_t goal, int64_t average_won,
                                           const int64_t* numerator,
                                           const int64_t* denominator, size_t n,
                                           int64_t* plan, fivek_error* error);

/* More activity a day, if all else stays. Fractions; denominators above 0, and
   above 0 too what is divided by. */
typedef struct fivek_activity_change {
  uint32_t struct_size;                         /* in: sizeof it */
  uint32_t reserved;                            /* zero */
  int64_t before_numerator, before_denominator; /* calls a seller and day; above
                                                   0 */
  int64_t after_numerator, after_denominator;   /* 0 or more, as the rest */
  int64_t sellers, working_days;
  int64_t calls_per_deal_numerator; /* above 0 */
  int64_t calls_per_deal_denominator;
  int64_t average_won; /* minor units */
} fivek_activity_change;

typedef struct fivek_productivity {
  uint32_t struct_size;      /* in: sizeof(fivek_productivity) */
  uint32_t reserved;         /* zero */
  double lift;               /* after / before - 1 */
  double extra_calls;        /* sellers x days x (after - before) */
  double extra_deals;        /* extra calls / calls per deal */
  double extra_revenue;      /* extra deals x average won */
  double sellers_equivalent; /* sellers x lift */
} fivek_productivity;

/* What it is worth. OUT_OF_RANGE if an exact product is beyond 128 bits.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status
fivek_productivity_of(const fivek_activity_change* change,
                      fivek_productivity* out, fivek_error* error);

/* ---- Sellers --------------------------------------------------------------
   Beside each other, by what their numbers can carry: ../history/sellers.h. */

/* Frozen, 72 bytes. */
typedef struct fivek_seller_rate {
  double mean, sd, low, high; /* the win rate, as fivek_rate */
  double mix_ratio;           /* (won + 10) / (expected + 10); 0 if nothing is
                                 expected of anyone */
  int64_t rank;               /* sellers with a higher low, and 1 */
  int64_t tied;               /* others with that rank */
  int64_t surely_better;      /* sellers whose low is above this high */
  int32_t source;             /* FIVEK_SOURCE_... */
  uint32_t reserved;          /* zero */
} fivek_seller_rate;

/* n sellers with `won` of `closed` deals and `expected` wins, the sum of these
   deals' calibrated probabilities; NULL for none. `prior` is {mean, strength}
   as in fivek_rate_shrink, NULL for the sellers' own (fivek_beta_binomial_fit);
   `used` receives what was used, NULL is allowed. INVALID_ARGUMENT, with row
   and column (0 won, 1 closed, 2 expected), unless 0 <= won <= closed <= 10^12
   and 0 <= expected <= closed, and without a prior for no deals. O(n log n).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_sellers_rank(const int64_t* won,
                                          const int64_t* closed,
                                          const double* expected, size_t n,
                                          const double* prior, double* used,
                                          fivek_seller_rate* out,
                                          fivek_error* error);

/* Who belongs to the top where the last place is shared. */
#define FIVEK_TIES_FRACTIONAL 0 /* all tied ones share the places left */
#define FIVEK_TIES_INCLUDE 1    /* all of them */
#define FIVEK_TIES_EXCLUDE 2    /* none of them, where not all fit */
#define FIVEK_TIES_ORDINAL 3    /* the first ones given */

#define FIVEK_SHARE_TOP 0
#define FIVEK_SHARE_BOTTOM 1

typedef struct fivek_share {
  uint32_t struct_size; /* in: sizeof(fivek_share) */
  uint32_t reserved;    /* zero */
  int64_t places;       /* k = max(1, floor(n x share + 1/2)) */
  int64_t boundary;     /* the value at the last place */
  int64_t tied;         /* values equal to it */
  int64_t tied_numerator, tied_denominator; /* how much of each belongs */
} fivek_share;

/* The top (or bottom) share of n values; a quarter is 1 / 4. `weight` is how
   much of each value belongs, 0 to 1. INVALID_ARGUMENT unless there is a value,
   0 < share <= 1 and the codes are known. O(n log n).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_top_share(const int64_t* values, size_t n,
                                       int64_t numerator, int64_t denominator,
                                       int32_t end, int32_t ties,
                                       double* weight, fivek_share* out,
                                       fivek_error* error);

/* ---- Snapshots and movement -----------------------------------------------
   What moved in the pipeline between two days, to the cent:
   ../pipeline/movement.h has the rules and the serialised form. Snapshots do
   not change and are counted by references. */

#define FIVEK_NO_CLOSE_DAY INT32_MIN

/* A deal in a snapshot. Frozen, 24 bytes. */
typedef struct fivek_snapshot_row {
  uint64_t deal;       /* the caller's own id */
  int64_t amount;      /* minor units */
  int32_t close_day;   /* FIVEK_NO_CLOSE_DAY: none */
  uint8_t outcome;     /* FIVEK_OUTCOME_... */
  uint8_t milestone;   /* 0..6; FIVEK_UNKNOWN: not given */
  uint8_t reserved[2]; /* zero */
} fivek_snapshot_row;

typedef struct fivek_snapshot fivek_snapshot;

/* Freezes n rows in any order, with the instant and the hash of the policy
   (fivek_policy_hash). The caller releases *out. INVALID_ARGUMENT, with row and
   column (0 deal .. 4 milestone), for unknown codes and for a deal given twice.
   O(n log n).
   @status INVALID_ARGUMENT @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_snapshot_create(
    int64_t taken_at, uint64_t policy_hash, const fivek_snapshot_row* rows,
    size_t n, const fivek_snapshot** out, fivek_error* error);

/* Adds a reference. NULL is allowed and does nothing.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_snapshot_retain(const fivek_snapshot* snapshot);

/* Gives one up; the last frees the snapshot. NULL is allowed and does nothing.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_snapshot_release(const fivek_snapshot* snapshot);

/* The rows by rising deal, and the stamp. `rows`, cap and count as the steps of
   fivek_durations_fit.
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_snapshot_rows(const fivek_snapshot* snapshot,
                                           int64_t* taken_at,
                                           uint64_t* policy_hash,
                                           fivek_snapshot_row* rows, size_t cap,
                                           size_t* count, fivek_error* error);

/* Writes the serialised form, the same bytes for the same rows on every machine
   (as a text out, see above, but without the NUL).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_snapshot_write(const fivek_snapshot* snapshot,
                                            uint8_t* buf, size_t cap,
                                            size_t* needed, fivek_error* error);

/* Reads what fivek_snapshot_write wrote; the caller releases *out. DATA_LOSS
   for any other bytes.
   @status INVALID_ARGUMENT DATA_LOSS @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_snapshot_read(const uint8_t* bytes, size_t len,
                                           const fivek_snapshot** out,
                                           fivek_error* error);

/* The classes of movement, and the place of each in fivek_movement. */
#define FIVEK_MOVED_NEW 0
#define FIVEK_MOVED_PULLED_IN 1
#define FIVEK_MOVED_REOPENED 2
#define FIVEK_MOVED_GROWN 3
#define FIVEK_MOVED_SHRUNK 4
#define FIVEK_MOVED_PUSHED 5
#define FIVEK_MOVED_WON 6
#define FIVEK_MOVED_LOST 7
#define FIVEK_MOVED_ON_HOLD 8
#define FIVEK_MOVED_VOID 9
#define FIVEK_MOVED_REMOVED 10
#define FIVEK_MOVED_CLASSES 11

/* opening_amount + the sum of amount[] = closing_amount, exactly. */
typedef struct fivek_movement {
  uint32_t struct_size;                  /* in: sizeof(fivek_movement) */
  uint32_t reserved;                     /* zero */
  int64_t opening_count, opening_amount; /* open and due in the period then */
  int64_t closing_count, closing_amount; /* and now */
  int64_t count[11];                     /* deals, by FIVEK_MOVED_... */
  int64_t amount[11];                    /* signed: what it adds */
} fivek_movement;

/* The waterfall from `then` to `now` for close days in [from_day, to_day).
   INVALID_ARGUMENT unless from_day < to_day and `now` was taken no earlier than
   `then`; OUT_OF_RANGE if a total does not fit. O(n).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_movement_of(const fivek_snapshot* then,
                                         const fivek_snapshot* now,
                                         int32_t from_day, int32_t to_day,
                                         fivek_movement* out,
                                         fivek_error* error);

/* One movement of one deal. Frozen, 24 bytes. */
typedef struct fivek_deal_movement {
  uint64_t deal;
  int64_t amount;    /* signed */
  int32_t movement;  /* FIVEK_MOVED_... */
  uint32_t reserved; /* zero */
} fivek_deal_movement;

/* The movements that the waterfall adds up, by deal, up to two each; `out`, cap
   and count as the steps of fivek_durations_fit, else as fivek_movement_of.
   @status INVALID_ARGUMENT OUT_OF_RANGE RESOURCE_EXHAUSTED @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_movement_list(const fivek_snapshot* then,
                                           const fivek_snapshot* now,
                                           int32_t from_day, int32_t to_day,
                                           fivek_deal_movement* out, size_t cap,
                                           size_t* count, fivek_error* error);

/* ---- Stage visits ----------------------------------------------------------
   How long each deal stood on each rung of the ladder, and how it left. All
   that the ladder is learned from: ../history/visits.h has the rules and the
   serialised form. Days since 1970; as-of is the last day of which all is
   known. Source: statistics.md section 1. */

/* How a visit ended. */
#define FIVEK_VISIT_OPEN 0     /* still there */
#define FIVEK_VISIT_ADVANCED 1 /* to a higher milestone, or won */
#define FIVEK_VISIT_LOST 2
#define FIVEK_VISIT_MOVED_BACK 3
#define FIVEK_VISIT_VOID 4 /* a duplicate, a test */

/* One stay of one deal on one rung. Frozen, 48 bytes. */
typedef struct fivek_stage_visit {
  uint64_t deal;   /* the caller's id; only fivek_visits_check looks at it */
  int32_t stage;   /* milestone, 0..5 */
  int32_t entered; /* day */
  int32_t left;    /* day; not looked at while open */
  int32_t spent;   /* days here in earlier visits, each day begun counted; 0 */
  int32_t end;     /* FIVEK_VISIT_... */
  int32_t to;      /* the milestone afterwards: above `stage` if advanced, below
                      if moved back; else 0 */
  uint32_t segment, team, seller; /* a seller is in a team, that in a segment */
  uint32_t reserved;              /* zero */
} fivek_stage_visit;

/* Where a deal moves, beside the milestones 0..6. */
#define FIVEK_MOVE_LOST 7
#define FIVEK_MOVE_VOID 8
#define FIVEK_MOVE_REOPENED 9 /* to where it was before 7 or 8 */

/* One line of a stage history. Frozen, 32 bytes. */
typedef struct fivek_stage_move {
  uint64_t deal;
  int32_t day;
  int32_t sequence;               /* the order of a deal's moves on one day */
  int32_t to;                     /* milestone 0..6, or FIVEK_MOVE_... */
  uint32_t segment, team, seller; /* of the visit that begins */
} fivek_stage_move;

/* The visits that n moves make, by deal, then day; moves may be in any order,
   those after as-of are left out. *count is their number; with cap >= *count
   they are written, cap 0 asks for it, a cap between gives RESOURCE_EXHAUSTED
   and writes nothing but *count. INVALID_ARGUMENT, with row and column (by the
   order of the struct), for a day or milestone out of range and for two moves
   of a deal with one day and sequence. O(n log n).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_visits_from_moves(const fivek_stage_move* moves,
                                               size_t n, int32_t as_of,
                                               fivek_stage_visit* visits,
                                               size_t cap, size_t* count,
                                               fivek_error* error);

/* The moves that a log of n events of one deal makes (see
   fivek_opportunity_apply); days are UTC. Counts
   and writes as fivek_visits_from_moves. Errors as fivek_opportunity_apply,
   with the event's row. O(n).
   @status INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE RESOURCE_EXHAUSTED
   @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_moves_from_events(
    const fivek_policy* policy, uint64_t deal, uint32_t segment, uint32_t team,
    uint32_t seller, int64_t created_at, const fivek_event* events, size_t n,
    fivek_stage_move* moves, size_t cap, size_t* count, fivek_error* error);

/* Whether n visits are plausible together: each by itself, and no two of a deal
   at one time. INVALID_ARGUMENT, with row and column (by the order of the
   struct), if not. O(n log n).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_visits_check(const fivek_stage_visit* visits,
                                          size_t n, int32_t as_of,
                                          fivek_error* error);

/* Statistics of visits: an accumulator, one thread at a time. */
typedef struct fivek_visits fivek_visits;

/* Without visits yet. Only what happened from day `from` on is counted; the
   first day of the calendar, -719162, for all. The caller releases *out.
   @status INVALID_ARGUMENT @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_visits_create(int32_t from, int32_t as_of,
                                           fivek_visits** out,
                                           fivek_error* error);

/* Frees them. NULL is allowed and does nothing.
   @owner reference @threads one @since 0.1 */
FIVEK_API void fivek_visits_release(fivek_visits* visits);

/* Adds n visits, all or none: INVALID_ARGUMENT, with row and column (by the
   order of the struct), for the first bad one: a code out of range, left before
   it was entered or after as-of, above 100 000 days. OUT_OF_RANGE beyond 2^43.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads one @since
   0.1 */
FIVEK_API fivek_status fivek_visits_add(fivek_visits* visits,
                                        const fivek_stage_visit* added,
                                        size_t n, fivek_error* error);

/* Adds all that is in `from`; in any order, the statistics are the same.
   INVALID_ARGUMENT if the days differ, OUT_OF_RANGE beyond 2^43 visits; nothing
   is changed then. Both may be the same.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads one @since
   0.1 */
FIVEK_API fivek_status fivek_visits_merge(fivek_visits* into,
                                          const fivek_visits* from,
                                          fivek_error* error);

/* The window that the statistics were created for, as those that are merged
   have to share it, and how many visits were added, outside the window too.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_visits_window(const fivek_visits* visits,
                                           int32_t* from, int32_t* as_of,
                                           int64_t* added, fivek_error* error);

/* What is counted of the visits on a rung, by steps: days, each day begun
   counted, so the day that a visit is entered is step 1. */
#define FIVEK_COUNT_WATCHED 0  /* not left at this step, not seen after it */
#define FIVEK_COUNT_ADVANCED 1 /* left at this step, as the next two */
#define FIVEK_COUNT_LOST 2
#define FIVEK_COUNT_MOVED_BACK 3
#define FIVEK_COUNT_LATE 4    /* not watched up to this step */
#define FIVEK_COUNT_BACK_TO 5 /* moved back, by the milestone moved to */

/* Frozen, 32 bytes. */
typedef struct fivek_visit_count {
  uint32_t segment, team, seller; /* whose */
  int32_t rung;                   /* 0..5 */
  int32_t kind;                   /* FIVEK_COUNT_... */
  int32_t step;                   /* of FIVEK_COUNT_BACK_TO the milestone */
  int64_t count;                  /* above 0 */
} fivek_visit_count;

/* All counts, by segment, team, seller, rung, kind and step; `out`, cap and
   count as the steps of fivek_durations_fit. O(*count).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_visits_counts(const fivek_visits* visits,
                                           fivek_visit_count* out, size_t cap,
                                           size_t* count, fivek_error* error);

/* Writes the serialised form, the same bytes for the same counts on every
   machine (as a text out, see above, but without the NUL).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_visits_write(const fivek_visits* visits,
                                          uint8_t* buf, size_t cap,
                                          size_t* needed, fivek_error* error);

/* Reads what fivek_visits_write wrote; the caller releases *out. DATA_LOSS for
   any other bytes.
   @status INVALID_ARGUMENT DATA_LOSS @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_visits_read(const uint8_t* bytes, size_t len,
                                         fivek_visits** out,
                                         fivek_error* error);

/* ---- The ladder learned from history ----------------------------------------
   What 10, 25, 50, 75 and 90 % really are here, from closed and open deals:
   ../history/ladder.h has the model. Source: statistics.md section 1. */

/* Closed and open deals alike: what became of those at risk, cause by cause. */
typedef struct fivek_competing_risks {
  uint32_t struct_size;   /* in: sizeof(fivek_competing_risks) */
  uint32_t reserved;      /* 0 */
  int64_t ended[3];       /* by event 1, 2, 3, that were counted */
  double survival;        /* neither ended nor known to end */
  double incidence[3];    /* ended by event 1, 2, 3; with survival they are 1 */
  double covariance[16];  /* of (survival, incidence), by rows of 4 */
  double conversion;      /* of what ended by 1 or 2, the share of 1 */
  double standard_error;  /* of that */
  double lowest, highest; /* what it is at least and at most, whatever becomes
                             of the open deals */
  double effective_n;     /* as many closed deals would tell as much */
} fivek_competing_risks;

/* Aalen's and Johansen's estimate from n deals: at risk on the days after
   `entry` through `time`, on which it ended (event 1 to 3) or was last seen
   open (0). entry NULL: 0 for all. INVALID_ARGUMENT, with row and column (0
   entry, 1 time, 2 event), unless 0 <= entry < time <= 100000. O(n + longest
   time).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_competing_risks_fit(const int32_t* entry,
                                                 const int32_t* time,
                                                 const uint8_t* event, size_t n,
                                                 fivek_competing_risks* out,
                                                 fivek_error* error);

/* What hazards say of a deal of some age. Frozen, 24 bytes. */
typedef struct fivek_hazard_forecast {
  double won_within; /* the horizon */
  double open_after; /* that */
  double won_ever;
} fivek_hazard_forecast;

/* From n hazards of winning and of losing a step, 1 to 10000, by the steps that
   a deal has been there, the last for all later ones: ages[0] to ages[n], n
   being those as old or older. INVALID_ARGUMENT, with row and column (0 won, 1
   lost), unless each is in [0, 1], together too, and the horizon 0 to 10000
   steps. O(n x horizon).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_hazards_forecast(const double* won,
                                              const double* lost, size_t n,
                                              int32_t horizon,
                                              fivek_hazard_forecast* ages,
                                              fivek_error* error);

/* A learned ladder: immutable, any number of threads at once. */
typedef struct fivek_ladder fivek_ladder;

typedef struct fivek_ladder_options {
  uint32_t struct_size;   /* in: sizeof(fivek_ladder_options) */
  int32_t learn_strength; /* 1: that of groups from how much they differ, where
                             there are 5 or more; else 0 */
  double strength; /* pseudo-deals of the prior, 0 to 10^12 or infinite */
} fivek_ladder_options;

/* Whose deals. Frozen, 16 bytes. */
typedef struct fivek_ladder_group {
  int32_t depth; /* 0 all, 1 a segment, 2 a team in it, 3 a seller in that */
  uint32_t segment, team, seller; /* 0 below the depth */
} fivek_ladder_group;

/* Learns it; without visits it is the policy's. `options` NULL: a strength of
   20. *out has one reference, for the caller to release.
   @status INVALID_ARGUMENT @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_ladder_fit(const fivek_policy* policy,
                                        const fivek_visits* visits,
                                        const fivek_ladder_options* options,
                                        const fivek_ladder** out,
                                        fivek_error* error);

/* One reference more, one less. NULL is allowed and does nothing.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_ladder_retain(const fivek_ladder* ladder);
/* @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_ladder_release(const fivek_ladder* ladder);

/* All deals, then the groups with visits of their own, by depth, then keys:
   those that fivek_ladder_explain knows. `out`, cap and count as the steps of
   fivek_durations_fit.
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_ladder_groups(const fivek_ladder* ladder,
                                           fivek_ladder_group* out, size_t cap,
                                           size_t* count, fivek_error* error);

/* The probability that a deal that enters `milestone`, 0..6, is won in the end.
   `group` NULL: all deals; one that is not known has its parent's value.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_ladder_won(const fivek_ladder* ladder,
                                        const fivek_ladder_group* group,
                                        int32_t milestone, fivek_estimate* out,
                                        fivek_error* error);

/* The same of a deal that has been there for `days`, 0 or more: as-of less the
   day it entered.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_ladder_won_at_age(const fivek_ladder* ladder,
                                               const fivek_ladder_group* group,
                                               int32_t milestone, int32_t days,
                                               fivek_estimate* out,
                                               fivek_error* error);

/* That each of n deals is won within `horizon` days after as-of, 1..3660. With
   row_status a bad row gets its status there and in `out` 0 with the interval
   [0, 1], and the call goes on; else it fails the call, with its row.
   FAILED_PRECONDITION where too few deals have moved to say when. 3 horizon^2
   steps, and horizon for each deal.
   @status INVALID_ARGUMENT FAILED_PRECONDITION @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_ladder_won_within(
    const fivek_ladder* ladder, const fivek_ladder_group* group,
    int32_t horizon, const int32_t* milestone, const int32_t* days, size_t n,
    fivek_estimate* out, fivek_status* row_status, fivek_error* error);

/* The counts behind a rung. */
typedef struct fivek_rung {
  uint32_t struct_size; /* in: sizeof(fivek_rung) */
  uint32_t reserved;    /* 0 */
  int64_t visits;       /* the next four together */
  int64_t advanced, lost, moved_back, open;
  double observed, standard_error; /* of those who left up or out, up */
  double lowest, highest;          /* whatever becomes of the open ones */
  double prior, strength;          /* what it was shrunk to, how strongly */
  double back;                     /* share of moves that go back */
  double through; /* up in the end, moves back and up again included */
  fivek_estimate conversion, won;
} fivek_rung;

/* Explains rung `milestone`, 0..5. NOT_FOUND for a group without visits.
   @status INVALID_ARGUMENT NOT_FOUND @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_ladder_explain(const fivek_ladder* ladder,
                                            const fivek_ladder_group* group,
                                            int32_t milestone, fivek_rung* out,
                                            fivek_error* error);

#define FIVEK_AGE_BUCKETS 7 /* 0-7, 8-14, 15-30, 31-60, 61-90, 91-180, 181- */

/* A rung at an age, of all deals. Frozen, 64 bytes. */
typedef struct fivek_rung_age {
  int64_t exposures; /* days on which a deal might have left */
  int64_t advanced, lost, moved_back;
  double advance_hazard, loss_hazard, back_hazard; /* a day's, shrunk */
  double odds_ratio; /* of going up, beside those at entry */
} fivek_rung_age;

/* Explains the ages of rung `milestone`, 0..5: ages[0] to ages[6].
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_ladder_explain_ages(const fivek_ladder* ladder,
                                                 int32_t milestone,
                                                 fivek_rung_age* ages,
                                                 fivek_error* error);

/* For fivek_calibration.ppm, with buckets = FIVEK_AGE_BUCKETS: 7 milestones x 7
   buckets, in ppm.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_ladder_table(const fivek_ladder* ladder,
                                          const fivek_ladder_group* group,
                                          int32_t* ppm, fivek_error* error);

/* For fivek_calibration.age_bucket: the buckets of n ages in days; of one below
   0 the first.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_ages_bucket(const int32_t* days, size_t n,
                                         uint8_t* bucket, fivek_error* error);

/* What a ladder says of a rung, and what became of those who left it. Frozen,
   48 bytes. */
typedef struct fivek_martingale_gap {
  int64_t moves;         /* out of it; open visits are none */
  double said;           /* the ladder's probability */
  double mean_next;      /* mean of the probabilities moved to; lost is 0 */
  double gap;            /* mean_next - said; 0 without moves */
  double standard_error; /* of mean_next; 0 below two moves */
  double reserved;       /* 0 */
} fivek_martingale_gap;

/* The simplest test of a ladder, any one's: a probability that is right stays
   so on average. `probability` has 7, by milestone, `gaps` 6. INVALID_ARGUMENT
   unless they are in [0, 1], with the row.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_martingale_check(const fivek_visits* visits,
                                              const double* probability,
                                              fivek_martingale_gap* gaps,
                                              fivek_error* error);

/* ---- Learned probabilities ------------------------------------------------
   From here on, rows in any order give the same bits. What is fitted is
   immutable and counted by references; a fivek_pls_compat is an accumulator.
   ../history/logistic.h, recalibration.h. Source: statistics.md section 2. */

/* Ridge logistic regression: the intercept and `columns` weights that minimise
   the sum of weight x ln(1 + e^-yz) + l2 / 2 x sum w^2, z = offset + intercept
   + sum w x. `feature` has `columns` doubles a row, row after row, -1e6 to
   1e6; won is 0 or 1; `offset` (-50 to 50) and `weight` (1e-9 to 1e9) may be
   NULL: 0 and 1. l2 is 0 to 1e9; non_negative is 0, or 1: no weight is below 0.
   `standard_error` has columns + 1 elements, the intercept's first, or is NULL.
   INVALID_ARGUMENT names row and column (the features, then won, offset,
   weight), and for rows of one outcome only; OUT_OF_RANGE if there is no
   minimum. O(n log n + steps x n x columns^2).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_logistic_fit(
    const double* feature, size_t columns, const uint8_t* won,
    const double* offset, const double* weight, size_t n, double l2,
    int32_t non_negative, double* intercept, double* weights,
    double* standard_error, double* objective, fivek_error* error);

/* Platt's curve p = 1 / (1 + e^(*a x score + *b)) of n scores, -1e6 to 1e6, and
   outcomes. O(n log n).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_platt_fit(const double* score, const uint8_t* won,
                                       size_t n, double* a, double* b,
                                       fivek_error* error);

/* Venn-Abers intervals of m scores `at`, from n closed deals: low[i], high[i]
   and merged[i] of m elements each. INVALID_ARGUMENT names row and column (0
   score, 1 won, 2 at). O((n + m) log n).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_venn_abers(const double* score, const uint8_t* won,
                                        size_t n, const double* at, size_t m,
                                        double* low, double* high,
                                        double* merged, fivek_error* error);

/* ---- Forecasts set right ----------------------------------------------------
   A step for a model that has drifted, if it is worth it: Recalibration in
   ../history/recalibration.h. Immutable, counted by references. */

#define FIVEK_RECALIBRATION_IDENTITY 0 /* forecasts stay as they are */
#define FIVEK_RECALIBRATION_PLATT 1    /* a curve over their log-odds */
#define FIVEK_RECALIBRATION_ISOTONIC 2 /* steps; from 200 rows on */

typedef struct fivek_recalibration fivek_recalibration;

/* Chooses the step by forecasts of rows that it was not fitted to, in 5 folds
   by the hash of `id`: rows with one id stay together. What is not adopted
   beside the forecasts as they are (fivek_forecasts_compare) is none.
   `forecast` is 0 to 1, `won` 0 or 1. INVALID_ARGUMENT for no rows, and naming
   row and column (0 forecast, 1 won). O(n log n). The caller releases *out.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_recalibration_fit(const double* forecast,
                                               const uint8_t* won,
                                               const uint64_t* id, size_t n,
                                               const fivek_recalibration** out,
                                               fivek_error* error);

/* Adds a reference. NULL is allowed and does nothing.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_recalibration_retain(
    const fivek_recalibration* recalibration);

/* Gives up a reference; the last one frees it. NULL is allowed.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_recalibration_release(
    const fivek_recalibration* recalibration);

typedef struct fivek_recalibration_info {
  uint32_t struct_size; /* in: sizeof(fivek_recalibration_info) */
  int32_t kind;         /* FIVEK_RECALIBRATION_... */
  int32_t verdict;      /* FIVEK_COMPARED_..., of that kind; of Platt's curve if
                           nothing is adopted */
  int32_t reserved;     /* zero */
  int64_t rows;
  double base_log_loss, model_log_loss; /* on rows of other folds */
} fivek_recalibration_info;

/* What was chosen, and why.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status
fivek_recalibration_describe(const fivek_recalibration* recalibration,
                             fivek_recalibration_info* out, fivek_error* error);

/* n forecasts, 0 to 1, set right; `out` may be `forecast`. INVALID_ARGUMENT
   names the row.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_recalibration_apply(
    const fivek_recalibration* recalibration, const double* forecast, size_t n,
    double* out, fivek_error* error);

/* Writes the serialised form, the same bytes for the same step on every machine
   (as a text out, see above, but without the NUL).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_recalibration_write(
    const fivek_recalibration* recalibration, uint8_t* buf, size_t cap,
    size_t* needed, fivek_error* error);

/* Reads what fivek_recalibration_write wrote; the caller releases *out.
   DATA_LOSS for any other bytes.
   @status INVALID_ARGUMENT DATA_LOSS @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_recalibration_read(const uint8_t* bytes,
                                                size_t len,
                                                const fivek_recalibration** out,
                                                fivek_error* error);

/* ---- Scorecards -------------------------------------------------------------
   Points for the answers of a deal: ../history/scorecard.h. */

typedef struct fivek_scorecard fivek_scorecard;

/* Columns of closed deals. Categories come first, then numbers; each block has
   its columns one after the other, `rows` elements each. NULL: not given. */
typedef struct fivek_score_table {
  uint32_t struct_size;    /* in: sizeof(fivek_score_table) */
  uint32_t reserved;       /* zero */
  const uint32_t* level;   /* `levels` columns of any codes */
  const double* value;     /* `values` columns, finite */
  const uint8_t* missing;  /* of all columns; 1: no answer; else all have one */
  const int32_t* known_on; /* of all columns: the day an answer became known;
                              after closed_on it is refused; else unchecked */
  const uint8_t* won;      /* 0 or 1 */
  const uint64_t* group;   /* the deal or account, which is never divided; else
                              rows with the same answers are together */
  const int32_t* closed_on; /* the day; else all rows are in the window */
  const double* simpler;    /* forecasts that are to be beaten, 0 to 1; else the
                               base rate is */
} fivek_score_table;

/* What may be chosen; NULL for one is what is in brackets. */
typedef struct fivek_score_options {
  uint32_t struct_size; /* in: sizeof(fivek_score_options) */
  int32_t bins;         /* of numbers, 2 to 16 [5] */
  int32_t from_day;     /* the window, both days in it [INT32_MIN] */
  int32_t as_of;        /* [INT32_MAX] */
  double l2;            /* 0.01 to 1e6, or 0: chosen [0] */
} fivek_score_options;

/* A points scorecard; ten points more double the odds. One that does not beat
   the base rate, and `simpler`, on deals it was not fitted to has no points,
   and its estimates have the source 3. `options` may be NULL. `out_of_fold`, of
   `rows` elements or NULL, receives the forecast of each row by a card that was
   not fitted to it, -1 outside the window. INVALID_ARGUMENT names row and
   column (the columns, then won, closed_on, simpler), and for rows of one
   outcome only. O(rows x columns) a pass, of which there are some 40. The
   caller releases *out.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_scorecard_fit(
    const fivek_score_table* table, size_t levels, size_t values, size_t rows,
    const fivek_score_options* options, double* out_of_fold,
    const fivek_scorecard** out, fivek_error* error);

/* Adds a reference. NULL is allowed and does nothing.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_scorecard_retain(const fivek_scorecard* card);

/* Gives up a reference; the last one frees the card. NULL is allowed.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_scorecard_release(const fivek_scorecard* card);

typedef struct fivek_scorecard_info {
  uint32_t struct_size; /* in: sizeof(fivek_scorecard_info) */
  int32_t verdict;      /* FIVEK_COMPARED_... */
  int32_t columns, lines;
  int64_t rows, won;
  double offset; /* log-odds = offset + score x ln 2 / 10 */
  double l2;
  double base_log_loss, model_log_loss; /* on rows of other folds */
} fivek_scorecard_info;

/* What is said of the whole card.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_scorecard_describe(const fivek_scorecard* card,
                                                fivek_scorecard_info* out,
                                                fivek_error* error);

#define FIVEK_SCORE_LINE_LEVEL 0
#define FIVEK_SCORE_LINE_RANGE 1   /* from <= value < to */
#define FIVEK_SCORE_LINE_OTHER 2   /* a level that has no line */
#define FIVEK_SCORE_LINE_MISSING 3 /* no answer */

typedef struct fivek_score_line {
  uint32_t struct_size; /* in: sizeof(fivek_score_line) */
  int32_t column;
  int32_t kind; /* FIVEK_SCORE_LINE_... */
  uint32_t level;
  double from, to; /* -infinity and infinity at the ends */
  int32_t points;
  int32_t reserved;       /* zero */
  int64_t rows, won;      /* that it was fitted to */
  double rate, low, high; /* won / rows, with Wilson's interval of 90 % */
} fivek_score_line;

/* Line i of the card, from 0, by columns; NOT_FOUND past the last one.
   @status INVALID_ARGUMENT NOT_FOUND @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_scorecard_line(const fivek_scorecard* card,
                                            size_t index, fivek_score_line* out,
                                            fivek_error* error);

/* An answer of a deal: the level or the value, as its column has it. Frozen, 16
   bytes. */
typedef struct fivek_score_answer {
  double value;
  uint32_t level;
  uint32_t missing; /* 1: no answer */
} fivek_score_answer;

/* The score of n answers, one for each column, and the probability it says.
   INVALID_ARGUMENT for another number of them and for a value that is not
   finite, naming the column.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_scorecard_predict(
    const fivek_scorecard* card, const fivek_score_answer* answers, size_t n,
    int32_t* score, fivek_estimate* out, fivek_error* error);

/* The scores of many rows, and the estimates, or NULL. `level`, `value` and
   `missing` (or NULL) are as in fivek_score_table, as many columns as the card
   has, in their order; `score` and `out` have `rows` elements. INVALID_ARGUMENT
   names row and column. O(rows x columns), and O(log scores) an estimate.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_scorecard_scores(
    const fivek_scorecard* card, const uint32_t* level, const double* value,
    const uint8_t* missing, size_t levels, size_t values, size_t rows,
    int32_t* score, fivek_estimate* out, fivek_error* error);

/* What adds up to the score: of each answer its line of the card and the
   points; n elements each.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_scorecard_explain(
    const fivek_scorecard* card, const fivek_score_answer* answers, size_t n,
    int32_t* line, int32_t* points, fivek_error* error);

/* Writes the serialised form, the same bytes for the same card on every machine
   (as a text out, see above, but without the NUL).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_scorecard_write(const fivek_scorecard* card,
                                             uint8_t* buf, size_t cap,
                                             size_t* needed,
                                             fivek_error* error);

/* Reads what fivek_scorecard_write wrote; the caller releases *out. DATA_LOSS
   for any other bytes.
   @status INVALID_ARGUMENT DATA_LOSS @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_scorecard_read(const uint8_t* bytes, size_t len,
                                            const fivek_scorecard** out,
                                            fivek_error* error);

/* ---- Evidence beside the ladder ---------------------------------------------
   What the five dimensions say of a deal beyond its rung:
   ../history/evidence_model.h. */

typedef struct fivek_evidence_model fivek_evidence_model;

/* A deal that has closed, as it stood before. Frozen, 32 bytes. */
typedef struct fivek_evidence_deal {
  uint64_t id;
  double ladder;     /* 1e-21 or more, below 1 */
  int32_t known_on;  /* the day from which on this was known; up to closed_on */
  int32_t closed_on; /* the day */
  uint8_t stage;     /* 0..6 */
  uint8_t points[5]; /* 0..20 by dimension; FIVEK_UNKNOWN */
  uint8_t won;       /* 0 or 1 */
  uint8_t reserved;  /* zero */
} fivek_evidence_deal;

/* What the five dimensions add to the ladder, fitted to the deals that closed
   from from_day to as_of. Where it does not beat the ladder, or there are too
   few deals, estimates are the ladder's. `out_of_fold`: as
   fivek_scorecard_fit. The caller releases *out. O(n log n).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_evidence_fit(const fivek_evidence_deal* deals,
                                          size_t n, int32_t from_day,
                                          int32_t as_of, double* out_of_fold,
                                          const fivek_evidence_model** out,
                                          fivek_error* error);

/* Adds a reference. NULL is allowed and does nothing.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_evidence_retain(const fivek_evidence_model* model);

/* Gives up a reference; the last one frees the model. NULL is allowed.
   @owner reference @threads any @since 0.1 */
FIVEK_API void fivek_evidence_release(const fivek_evidence_model* model);

typedef struct fivek_evidence_info {
  uint32_t struct_size;        /* in: sizeof(fivek_evidence_info) */
  int32_t verdict;             /* FIVEK_COMPARED_... */
  int64_t rows;                /* deals in the window */
  double intercept, weight[5]; /* 0 unless it is adopted; no weight is below */
  double l2;
  double base_log_loss, model_log_loss; /* on deals of other folds */
} fivek_evidence_info;

/* What is said of the whole model.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status
fivek_evidence_describe(const fivek_evidence_model* model,
                        fivek_evidence_info* out, fivek_error* error);

typedef struct fivek_evidence_explanation {
  uint32_t struct_size; /* in: sizeof(fivek_evidence_explanation) */
  int32_t verdict;      /* as fivek_scorecard_info */
  double log_odds; /* ladder_log_odds + intercept + the five, in that order */
  double ladder_log_odds, intercept;
  double log_odds_share[5];
  int32_t probability_ppm; /* reference_ppm + the five, exactly */
  int32_t reference_ppm;   /* with the mean evidence of the stage */
  int32_t share_ppm[5];    /* Shapley's */
  int32_t reserved;        /* zero */
} fivek_evidence_explanation;

/* The probability of a deal in `stage` (0..6), whose `ladder` says so much
   (above 0, below 1), with points[0] to points[4], 0..20 or FIVEK_UNKNOWN, and
   what adds up to it.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_evidence_predict(const fivek_evidence_model* model,
                                              int32_t stage, double ladder,
                                              const uint8_t* points,
                                              fivek_estimate* out,
                                              fivek_evidence_explanation* why,
                                              fivek_error* error);

/* As fivek_evidence_predict, with what the ladder itself is uncertain by: the
   intervals of both are combined in log-odds, and a model that is not adopted
   gives the ladder's own.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_evidence_predict_from(
    const fivek_evidence_model* model, int32_t stage,
    const fivek_estimate* ladder, const uint8_t* points, fivek_estimate* out,
    fivek_evidence_explanation* why, fivek_error* error);

/* Writes the serialised form, the same bytes for the same model on every
   machine (as a text out, see above, but without the NUL).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_evidence_write(const fivek_evidence_model* model,
                                            uint8_t* buf, size_t cap,
                                            size_t* needed, fivek_error* error);

/* Reads what fivek_evidence_write wrote; the caller releases *out. DATA_LOSS
   for any other bytes.
   @status INVALID_ARGUMENT DATA_LOSS @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_evidence_read(const uint8_t* bytes, size_t len,
                                           const fivek_evidence_model** out,
                                           fivek_error* error);

/* The five dimensions as they are, without history. */
typedef struct fivek_five_k {
  uint32_t struct_size; /* in: sizeof(fivek_five_k) */
  uint32_t weakest;     /* bit k: no dimension has fewer points than k */
  double product;       /* of points / 20: any 0 is the end of the deal */
  double geometric_mean, arithmetic_mean; /* of points / 20 */
  double smoothed_product;                /* e^ the sum of the next five */
  double log_feature[5];                  /* ln((points + 1) / 21) */
  double drag_share[5]; /* of what is missing, this dimension's part; they
                           add up to 1, or all are 0 */
} fivek_five_k;

/* Of points[0] to points[4], 0 to 20; INVALID_ARGUMENT names the column.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_five_k_of(const uint8_t* points, fivek_five_k* out,
                                       fivek_error* error);

/* ---- Lead scoring to compare with -------------------------------------------
   Naive Bayes as the leading open CRM has it: ../history/pls_compat.h. */

typedef struct fivek_pls_compat fivek_pls_compat;

#define FIVEK_PLS_NONE 4294967295u /* no team; no value in a field */

/* Counts for lead scoring by naive Bayes, as the leading open CRM has it, with
   `fields` fields (up to 256) and stages 0 to stages - 1 (up to 256), the last
   one won. Tags of fewer than `least_tag_leads` leads are left out; there it is
   50. clamp: 1 to keep percent from 0.01 to 99.99. The caller releases *out.
   @status INVALID_ARGUMENT @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_pls_create(size_t fields, uint32_t stages,
                                        int64_t least_tag_leads, int32_t clamp,
                                        fivek_pls_compat** out,
                                        fivek_error* error);

/* Frees it. NULL is allowed and does nothing.
   @owner reference @threads one @since 0.1 */
FIVEK_API void fivek_pls_release(fivek_pls_compat* pls);

/* A lead that has closed, in `stage` when it did: `value` has one element for
   each field. Adding and removing in any order is a rebuild, bit for bit.
   OUT_OF_RANGE beyond 2^40 leads.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads one @since
   0.1 */
FIVEK_API fivek_status fivek_pls_add(fivek_pls_compat* pls, uint32_t team,
                                     uint32_t stage, const uint32_t* value,
                                     const uint32_t* tag, size_t tags,
                                     int32_t won, fivek_error* error);

/* Takes back a lead that was added. FAILED_PRECONDITION if none such can have
   been.
   @status INVALID_ARGUMENT FAILED_PRECONDITION @owner caller @threads one
   @since 0.1 */
FIVEK_API fivek_status fivek_pls_remove(fivek_pls_compat* pls, uint32_t team,
                                        uint32_t stage, const uint32_t* value,
                                        const uint32_t* tag, size_t tags,
                                        int32_t won, fivek_error* error);

/* What it says of an open lead: *percent as it is shown there, rounded to two
   decimals, and *raw_percent before that. NOT_FOUND if no lead has closed.
   @status INVALID_ARGUMENT NOT_FOUND @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_pls_probability(
    const fivek_pls_compat* pls, uint32_t team, uint32_t stage,
    const uint32_t* value, const uint32_t* tag, size_t tags, double* percent,
    double* raw_percent, fivek_error* error);

/* What a count is of, beside the fields 0, 1, ... */
#define FIVEK_PLS_STAGES (-2)
#define FIVEK_PLS_TAGS (-1)

/* Frozen, 32 bytes. */
typedef struct fivek_pls_count {
  double won, lost; /* as they are read, with 0.1 more */
  uint32_t team;    /* or FIVEK_PLS_NONE */
  int32_t field;    /* 0, 1, ..., or FIVEK_PLS_STAGES, FIVEK_PLS_TAGS */
  uint32_t value;
  uint32_t reserved; /* zero */
} fivek_pls_count;

/* All counts, by team, field and value; `out`, cap and count as the steps of
   fivek_durations_fit.
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_pls_counts(const fivek_pls_compat* pls,
                                        fivek_pls_count* out, size_t cap,
                                        size_t* count, fivek_error* error);

/* Writes the serialised form, the same bytes for the same leads on every
   machine (as a text out, see above, but without the NUL).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_pls_write(const fivek_pls_compat* pls,
                                       uint8_t* buf, size_t cap, size_t* needed,
                                       fivek_error* error);

/* Reads what fivek_pls_write wrote, to go on; the caller releases *out.
   DATA_LOSS for any other bytes.
   @status INVALID_ARGUMENT DATA_LOSS @owner new @threads any @since 0.1 */
FIVEK_API fivek_status fivek_pls_read(const uint8_t* bytes, size_t len,
                                      fivek_pls_compat** out,
                                      fivek_error* error);

/* ---- Accounts by value: ABC and XYZ ---------------------------------------
   Every rule of ties and bounds: ../accounts/abc.h, abc_movement.h, xyz.h. */

#define FIVEK_ABC_A 0
#define FIVEK_ABC_B 1
#define FIVEK_ABC_C 2
#define FIVEK_ABC_NEGATIVE 3 /* a value below 0: in no total */

/* Which accounts a class holds. */
#define FIVEK_CUT_CROSSING 0     /* that start below its share of the total */
#define FIVEK_CUT_INCLUSIVE 1    /* that end at or below it */
#define FIVEK_CUT_FIXED_COUNTS 2 /* the first a_count, the next b_count */

/* Equal values. */
#define FIVEK_EQUALS_TOGETHER 0 /* share a class, in any order of rows */
#define FIVEK_EQUALS_BY_ROW 1   /* one by one, the first row first */

/* Classes by FIVEK_CUT_CROSSING and FIVEK_EQUALS_TOGETHER: A up to a_ppm of the
   total of values above 0, B up to b_ppm, C the rest and zero. Multiplying all
   values by a constant, or another order of rows, changes no class. 0 <= a_ppm
   <= b_ppm <= 10^6; 800 000 and 950 000 are usual. Exact. O(n), without
   sorting.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_abc_classify(const int64_t* value, size_t n,
                                          int32_t a_ppm, int32_t b_ppm,
                                          uint8_t* out_class,
                                          fivek_error* error);

typedef struct fivek_abc_options {
  uint32_t struct_size;     /* in: sizeof(fivek_abc_options) */
  int32_t rule;             /* FIVEK_CUT_CROSSING, ... */
  int32_t ties;             /* FIVEK_EQUALS_TOGETHER or FIVEK_EQUALS_BY_ROW */
  int32_t a_ppm, b_ppm;     /* as above; not of FIVEK_CUT_FIXED_COUNTS */
  uint32_t reserved;        /* zero */
  int64_t a_count, b_count; /* of FIVEK_CUT_FIXED_COUNTS alone: 0 or more */
} fivek_abc_options;

typedef struct fivek_abc {
  uint32_t struct_size; /* in: sizeof(fivek_abc) */
  uint32_t reserved;    /* zero */
  int64_t count[4];     /* accounts, by class */
  int64_t value[4];     /* the sum of their values */
  int64_t total;        /* of A, B and C */
  int64_t lowest[2];    /* the least value that is an A, and a B; 0: nobody */
} fivek_abc;

/* The same by options (NULL: those of fivek_abc_classify, 80 and 95 %), with
   what is in each class. OUT_OF_RANGE if a sum does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since 0.1
 */
FIVEK_API fivek_status fivek_abc_grade(const int64_t* value, size_t n,
                                       const fivek_abc_options* options,
                                       uint8_t* out_class, fivek_abc* out,
                                       fivek_error* error);

/* Why an account has another class than it had. */
#define FIVEK_CAUSE_NONE 0
#define FIVEK_CAUSE_OWN 1 /* by the bounds of then, its value has the class */
#define FIVEK_CAUSE_BOUNDARY                                               \
  2                        /* by them it has the old one: the bounds moved \
                            */
#define FIVEK_CAUSE_BOTH 3 /* by them it has a third */
#define FIVEK_CAUSE_CAME 4
#define FIVEK_CAUSE_LEFT 5

/* Of the boundary below A [0] and below B [1]. */
typedef struct fivek_abc_movement {
  uint32_t struct_size;    /* in: sizeof(fivek_abc_movement) */
  uint32_t reserved;       /* zero */
  int64_t moved[25];       /* [5 x class then + class now]; 4: not there */
  int64_t causes[6];       /* FIVEK_CAUSE_NONE, ... */
  int64_t then[2], now[2]; /* the least value above it; 0: nobody */
  int64_t row_then[2];     /* the first row of that value; -1: nobody */
  int64_t row_now[2];
  int64_t mover[2];         /* the row that moved it; -1: no one row */
  int64_t without_mover[2]; /* where it would be but for that; 0: no mover */
} fivek_abc_movement;

/* Classes at two dates, by rows that are the same accounts. INT64_MIN is an
   account that is not there: its class is 255. `class_then`, `class_now` and
   `cause` have n elements or are NULL. INVALID_ARGUMENT for FIVEK_EQUALS_BY_ROW
   too. O(n).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_abc_compare(
    const int64_t* then, const int64_t* now, size_t n,
    const fivek_abc_options* options, uint8_t* class_then, uint8_t* class_now,
    uint8_t* cause, fivek_abc_movement* out, fivek_error* error);

#define FIVEK_XYZ_X 0
#define FIVEK_XYZ_Y 1
#define FIVEK_XYZ_Z 2

/* Frozen, 16 bytes. */
typedef struct fivek_xyz_row {
  double cv;            /* standard deviation / mean; -1: no mean above 0 */
  uint8_t xyz;          /* FIVEK_XYZ_X, ... */
  uint8_t intermittent; /* 1: a period is empty, and there are too few */
  uint8_t reserved[6];  /* zero */
} fivek_xyz_row;

/* How steadily accounts order: value[i x periods + t] is what account i bought
   in period t, 0 in an empty one. X has a variation up to x_ppm, Y up to y_ppm,
   both inclusive and exact; 250 000 and 500 000, or twice that, are usual.
   `least_periods`: from so many on an empty period is no reservation, 12 is
   usual. INVALID_ARGUMENT unless 1 <= periods <= 4096, 0 <= x_ppm <= y_ppm and
   1 <= least_periods.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_xyz_classify(const int64_t* value, size_t n,
                                          size_t periods, int32_t x_ppm,
                                          int32_t y_ppm, int32_t least_periods,
                                          fivek_xyz_row* out,
                                          fivek_error* error);

/* How many accounts, and how much value, in each pair of classes: `count` and
   `sum` have 12 elements, [3 x abc + xyz]. INVALID_ARGUMENT names row and
   column (1 abc, 2 xyz); OUT_OF_RANGE if a sum does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since 0.1
 */
FIVEK_API fivek_status fivek_abc_xyz_cross(const int64_t* value,
                                           const uint8_t* abc,
                                           const uint8_t* xyz, size_t n,
                                           int64_t* count, int64_t* sum,
                                           fivek_error* error);
/* ---- Customers --------------------------------------------------------------
   From orders to customers, how they rank among each other, and what those
   without a contract will still buy: ../accounts/purchases.h, rfm.h and
   lifetime_value.h. */

#define FIVEK_NEVER_BOUGHT INT32_MIN

/* A customer's orders, as of a day. Frozen, 64 bytes. */
typedef struct fivek_customer_purchases {
  uint64_t customer; /* the caller's own id */
  int64_t orders;    /* rows of 0 or more */
  int64_t credits;   /* rows below 0: credit notes, which are no purchases */
  int64_t purchase_days; /* days with an order; less 1 the frequency */
  int64_t total;         /* of all rows, minor units */
  int64_t repeat_total;  /* of the rows after the first such day */
  int32_t first_day; /* of an order; FIVEK_NEVER_BOUGHT: credit notes only */
  int32_t last_day;  /* the same */
  int32_t recency;   /* days from the first to the last */
  int32_t age;       /* days from the first to the day asked for */
} fivek_customer_purchases;

/* Adds up n orders in any order, each of a customer, day and amount, as of the
   end of `as_of`; those after it are counted in *rows_after and left out. What
   a customer orders on one day is one purchase. `out`, cap and count as the
   steps of fivek_durations_fit, by customer. INVALID_ARGUMENT, with row and
   column (1 day), for a day that is none; OUT_OF_RANGE above 2^31 rows and if a
   total does not fit. O(n log n).
   @status INVALID_ARGUMENT OUT_OF_RANGE RESOURCE_EXHAUSTED @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_purchases_summarize(
    const uint64_t* customer, const int32_t* day, const int64_t* amount,
    size_t n, int32_t as_of, fivek_customer_purchases* out, size_t cap,
    size_t* count, int64_t* rows_after, fivek_error* error);

/* The values that have a score. Frozen, 32 bytes. */
typedef struct fivek_rank_class {
  int64_t lowest, highest; /* of the values in it */
  int64_t customers;       /* 1 or more: empty classes are not listed */
  int32_t score;           /* 1 to the classes asked for */
  uint32_t reserved;       /* zero */
} fivek_rank_class;

/* The scores of n values among each other, higher is better, by mid-rank:
   1 + floor(classes x (less + (equal - 1) / 2) / n), exactly. Equal values have
   equal scores. `list`, cap and count as the steps of fivek_durations_fit, by
   score. INVALID_ARGUMENT unless classes is 2..255; OUT_OF_RANGE above 2^31
   values. O(n log n).
   @status INVALID_ARGUMENT OUT_OF_RANGE RESOURCE_EXHAUSTED @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_rank_score(const int64_t* value, size_t n,
                                        int32_t classes, uint8_t* score,
                                        fivek_rank_class* list, size_t cap,
                                        size_t* count, fivek_error* error);

typedef struct fivek_rfm_options {
  uint32_t struct_size; /* in: sizeof(fivek_rfm_options) */
  int32_t as_of;        /* no last day is after it */
  int32_t recency_classes, frequency_classes, money_classes; /* 2..255; 0: 5 */
  uint32_t reserved;                                         /* zero */
} fivek_rfm_options;

/* Recency, frequency and money of n customers as scores, 1 to the classes of
   each, the higher the better, by fivek_rank_score. Who never bought has 0 on
   all three, is not ranked with, and his money is not read. INVALID_ARGUMENT,
   with row and column (0 last_day, 1 frequency), for a last day after as-of or
   a frequency below 0, or above it of who never bought; OUT_OF_RANGE above 2^31
   customers. O(n log n).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_rfm_score(
    const int32_t* last_day, const int64_t* frequency, const int64_t* money,
    size_t n, const fivek_rfm_options* options, uint8_t* recency_score,
    uint8_t* frequency_score, uint8_t* money_score, fivek_error* error);

/* The built-in segments; names: the label set rfm_segment. */
#define FIVEK_RFM_CHAMPIONS 0
#define FIVEK_RFM_LOYAL 1
#define FIVEK_RFM_POTENTIAL_LOYAL 2
#define FIVEK_RFM_NEW 3
#define FIVEK_RFM_PROMISING 4
#define FIVEK_RFM_NEED_ATTENTION 5
#define FIVEK_RFM_ABOUT_TO_SLEEP 6
#define FIVEK_RFM_AT_RISK 7
#define FIVEK_RFM_CANNOT_LOSE 8
#define FIVEK_RFM_HIBERNATING 9
#define FIVEK_RFM_LOST 10
#define FIVEK_RFM_NO_ORDERS 11 /* never bought */

/* What rules look at beside recency. */
#define FIVEK_AXES_EACH 0 /* frequency and money, each by its own range */
#define FIVEK_AXES_MEAN                                    \
  1 /* (frequency + money) / 2, halves up, by the range of \
       frequency; that of money is not read */

/* Scores from low to high, both included, and their segment. Frozen, 32
   bytes. */
typedef struct fivek_rfm_rule {
  int32_t segment; /* 0..254 */
  int32_t recency_low, recency_high;
  int32_t frequency_low, frequency_high;
  int32_t money_low, money_high;
  uint32_t reserved; /* zero */
} fivek_rfm_rule;

typedef struct fivek_rfm_segment_options {
  uint32_t struct_size; /* in: sizeof(fivek_rfm_segment_options) */
  int32_t axes;         /* FIVEK_AXES_EACH, FIVEK_AXES_MEAN */
  int32_t recency_classes, frequency_classes, money_classes; /* 2..255; 0: 5 */
  int32_t never_bought; /* the segment of who has the scores 0, 0, 0 */
} fivek_rfm_segment_options;

/* The segments of n customers by their scores. With `rules` NULL by the
   built-in ones, of 5 classes and the mean, and `options` is not read; else by
   `rule_count` rules, 1..255, which are tried in order: the first that fits
   wins. A combination of scores without a rule, and a rule that wins nowhere,
   is INVALID_ARGUMENT, as are, with row and column (0 recency, 1 frequency, 2
   money), scores out of range, and 0 on some of the axes only. With options
   NULL: each, 5 classes, 11 for who never bought. `segment` is written last: it
   may be one of the columns. Classes multiply to 2^20 at most, money's left out
   for a mean; their product x rule_count steps beside n.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status
fivek_rfm_segments(const uint8_t* recency, const uint8_t* frequency,
                   const uint8_t* money, size_t n, const fivek_rfm_rule* rules,
                   size_t rule_count, const fivek_rfm_segment_options* options,
                   uint8_t* segment, fivek_error* error);

/* ---- Lifetime value ---------------------------------------------------------
   ../accounts/lifetime_value.h. A history is the frequency, purchase days after
   the first; the recency, from the first to the last; and the age, from the
   first to now: 0 <= recency <= age <= 1e9 in any unit of time, the recency 0
   where the frequency is, else above 0; the frequency 0..10^6. Columns of a bad
   one: 0 frequency, 1 recency, 2 age. */

/* BG/NBD. r, a, b: 1e-6 to 1e6; alpha, in the unit of time: to 1e12. Frozen, 32
   bytes. */
typedef struct fivek_bg_nbd {
  double r, alpha, a, b;
} fivek_bg_nbd;

/* Gamma-gamma. p, q: 1e-6 to 1e6; v, in the unit of amounts: to 1e12. Frozen,
   24 bytes. */
typedef struct fivek_gamma_gamma {
  double p, q, v;
} fivek_gamma_gamma;

/* How well a model is known: by its parameters in their order, 0 beyond. */
typedef struct fivek_fit_quality {
  uint32_t struct_size;  /* in: sizeof(fivek_fit_quality) */
  int32_t steps;         /* of Newton's method */
  int64_t customers;     /* that were looked at */
  int64_t repeaters;     /* of these, with a frequency above 0 */
  double log_likelihood; /* in the caller's units */
  double gradient;       /* a customer's, by logarithm, before the last step */
  double standard_error[4];
  double low[4], high[4]; /* 95 % of what is believed */
} fivek_fit_quality;

/* The BG/NBD of largest likelihood of n histories, the same bits in any order;
   `quality` may be NULL. INVALID_ARGUMENT, with row and column, for a history
   out of range; FAILED_PRECONDITION if nobody bought again or no parameters are
   the best, saying which runs away; OUT_OF_RANGE above 2^31. O(n log n) and
   about 10 steps of O(n).
   @status INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_bg_nbd_fit(const int64_t* frequency,
                                        const double* recency,
                                        const double* age, size_t n,
                                        fivek_bg_nbd* model,
                                        fivek_fit_quality* quality,
                                        fivek_error* error);

/* ln L of each of n histories.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_bg_nbd_log_likelihood(
    const fivek_bg_nbd* model, const int64_t* frequency, const double* recency,
    const double* age, size_t n, double* out, fivek_error* error);

/* Whether the next order should have come; names: the label set order_due. */
#define FIVEK_ORDER_NOT_YET 0 /* silent for no longer than the gap */
#define FIVEK_ORDER_LATE 1    /* for longer, but probably still a customer */
#define FIVEK_ORDER_OVERDUE 2 /* for longer, and alive below 1/2 */

/* Frozen, 48 bytes. */
typedef struct fivek_outlook {
  double alive;      /* P(still a customer); 1 where frequency is 0 */
  double expected;   /* purchases within the horizon */
  double since;      /* age - recency */
  double gap;        /* (alpha + recency) / (r + frequency) */
  double waits;      /* P(a gap is longer than since | alive) */
  int32_t due;       /* FIVEK_ORDER_... */
  uint32_t reserved; /* zero */
} fivek_outlook;

/* Of each of n customers within `horizon`, 0 to 1e9. With row_status a bad row
   gets its status there and zeros in `out`, and the call goes on; else it fails
   the call, with its row and column.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_bg_nbd_predict(
    const fivek_bg_nbd* model, const int64_t* frequency, const double* recency,
    const double* age, size_t n, double horizon, fivek_outlook* out,
    fivek_status* row_status, fivek_error* error);

/* The purchases of a new customer within `horizon`, that which makes him one
   not counted.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_bg_nbd_expect_new(const fivek_bg_nbd* model,
                                               double horizon, double* expected,
                                               fivek_error* error);

/* The gamma-gamma of largest likelihood of n customers with the mean value of a
   repeat purchase, 1e-9 to 1e15, not read where the frequency is 0; as
   fivek_bg_nbd_fit. Columns: 0 frequency, 1 mean_value.
   @status INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_gamma_gamma_fit(const int64_t* frequency,
                                             const double* mean_value, size_t n,
                                             fivek_gamma_gamma* model,
                                             fivek_fit_quality* quality,
                                             fivek_error* error);

/* ln L of each of n means, as densities; frequencies above 0.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_gamma_gamma_log_likelihood(
    const fivek_gamma_gamma* model, const int64_t* frequency,
    const double* mean_value, size_t n, double* out, fivek_error* error);

/* The mean value of a purchase to come of each of n customers; with frequency 0
   that of all. Infinity where p x frequency + q <= 1: the model has no mean
   there. row_status as in fivek_bg_nbd_predict.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_gamma_gamma_predict(const fivek_gamma_gamma* model,
                                                 const int64_t* frequency,
                                                 const double* mean_value,
                                                 size_t n, double* out,
                                                 fivek_status* row_status,
                                                 fivek_error* error);

typedef struct fivek_lifetime_options {
  uint32_t struct_size;    /* in: sizeof(fivek_lifetime_options) */
  int32_t months;          /* 1..1200 */
  double monthly_discount; /* 0 to 1: of the last day of each month */
  double month;            /* in the model's unit of time, above 0 */
} fivek_lifetime_options;

/* What each of n customers will buy in the coming months is worth today, at
   value_per_order (0 or more; infinity gives infinity) of each. `options` NULL:
   12 months of 30 at 1 %. Column 3: value_per_order. row_status as in
   fivek_bg_nbd_predict. `months` times its cost.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_lifetime_value(
    const fivek_bg_nbd* model, const int64_t* frequency, const double* recency,
    const double* age, const double* value_per_order, size_t n,
    const fivek_lifetime_options* options, double* out,
    fivek_status* row_status, fivek_error* error);

/* ---- Leads, visits, events -------------------------------------------------
   Which lead is worth what, who gets it and when it is called again; who is
   seen too often; who is invited. ../accounts/lead.h, assignment.h,
   round_robin.h, territory.h, visit_policy.h, invitation.h, base/apportion.h.
   Source: domain.md section 9, statistics.md section 7. */

/* Funds, probability or value: unknown is not zero. */
#define FIVEK_LEAD_UNKNOWN (-1)
/* No expected close day; never contacted. */
#define FIVEK_LEAD_NO_DAY INT32_MIN

/* The class of each lead by available funds: 0 (A) on or above the highest of k
   thresholds, which rise, k below the lowest; FIVEK_UNKNOWN where funds are
   unknown. `thresholds` NULL, with k = 0: 10 000.00 and 100 000.00 in cents.
   INVALID_ARGUMENT names the row and column 0, or the threshold.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_leads_classify(const int64_t* funds, size_t n,
                                            const int64_t* thresholds, size_t k,
                                            uint8_t* lead_class,
                                            fivek_error* error);

/* funds x probability of each lead, rounded half to even once, or
   FIVEK_LEAD_UNKNOWN. INVALID_ARGUMENT names row and column (0 funds, 1
   probability).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_leads_value(const int64_t* funds,
                                         const int32_t* probability, size_t n,
                                         int64_t* value, fivek_error* error);

/* The value of each lead, its rank by value (equal values share it; 0 where it
   is unknown) and the rows in the order to call them: by value and probability,
   falling, then id, rising; unknown ones last. Ids occur once.
   INVALID_ARGUMENT as fivek_leads_value (column 2: id). O(n log n).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_leads_rank(const int64_t* funds,
                                        const int32_t* probability,
                                        const uint64_t* id, size_t n,
                                        int64_t* value, int64_t* rank,
                                        int64_t* order, fivek_error* error);

/* fivek_contact_qualify for columns of answers: the verdict (FIVEK_VERDICT_...:
   visit, ask, do not visit), and the questions that are open and that were
   answered no, as bits 0 key person, 1 wish, 2 means. INVALID_ARGUMENT names
   the row.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_leads_qualify(const uint8_t* key_person,
                                           const uint8_t* wish,
                                           const uint8_t* means, size_t n,
                                           uint8_t* verdict, uint32_t* open,
                                           uint32_t* failed,
                                           fivek_error* error);

#define FIVEK_FOLLOW_UP_OVERDUE 0
#define FIVEK_FOLLOW_UP_DUE 1 /* today, or never contacted */
#define FIVEK_FOLLOW_UP_UPCOMING 2
#define FIVEK_FOLLOW_UP_NO_INTERVAL 3 /* contacted, but of no class */

/* When each lead is due (last contact + the interval of its class, or
   FIVEK_LEAD_NO_DAY) and how that stands today. A class is below `classes` or
   FIVEK_UNKNOWN. `interval` NULL, with classes = 0: 7, 14 and 30 days.
   INVALID_ARGUMENT names row and column (5 class, 6 last_contact: not after
   today), or the interval; OUT_OF_RANGE for a day that does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_leads_follow_up(const uint8_t* lead_class,
                                             const int32_t* last_contact,
                                             size_t n, const int32_t* interval,
                                             size_t classes, int32_t today,
                                             int32_t* due, uint8_t* state,
                                             fivek_error* error);

/* What a team's leads are expected to bring in a period. Frozen, 80 bytes. */
typedef struct fivek_lead_team {
  uint64_t team;
  int64_t leads; /* in the period, with funds and probability: counted */
  int64_t value; /* their exact sum, rounded half to even once */
  int64_t funds; /* what they have together */
  int64_t without_probability;       /* in the period, but not counted */
  int64_t funds_without_probability; /* of those */
  int64_t without_funds;             /* in the period, but not counted */
  int64_t undated;                   /* no expected close day */
  int64_t outside;                   /* of the period */
  int64_t reserved;                  /* 0 */
} fivek_lead_team;

/* The expected new value by team of leads with from_day <= close_day < to_day;
   `total` (its team is 0) is rounded once by itself. `teams`, by rising team,
   cap and count as the steps of fivek_durations_fit. INVALID_ARGUMENT names row
   and column (0 funds, 1 probability); OUT_OF_RANGE if a total does not fit.
   O(n log n).
   @status INVALID_ARGUMENT OUT_OF_RANGE RESOURCE_EXHAUSTED @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_leads_forecast(
    const uint64_t* team, const int64_t* funds, const int32_t* probability,
    const int32_t* close_day, size_t n, int32_t from_day, int32_t to_day,
    fivek_lead_team* total, fivek_lead_team* teams, size_t cap, size_t* count,
    fivek_error* error);

/* value x 2^(-age / half_life) of each row, rounded to the nearest integer
   (whole half-lives exactly, half to even): what is left of a probability in
   ppm, or of a score, after so many days. INVALID_ARGUMENT unless value >= 0
   (row, column 0), age >= 0 (row, column 1), half_life >= 1.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_leads_decay(const int32_t* value,
                                         const int32_t* age, size_t n,
                                         int32_t half_life, int32_t* out,
                                         fivek_error* error);

#define FIVEK_NO_SCORE (-1) /* a pair that cannot be; none below 0 is taken */
#define FIVEK_UNASSIGNED (-1)

typedef struct fivek_assignment {
  uint32_t struct_size;   /* in: sizeof(fivek_assignment) */
  uint32_t reserved;      /* zero */
  int64_t total;          /* no assignment has a higher one */
  int64_t bound;          /* sum of capacity x seller_price + lead_price */
  int64_t gap;            /* bound - total: 0 proves it */
  int64_t unassigned;     /* leads */
  int64_t greedy_by_edge; /* the best pair left, again and again */
  int64_t greedy_by_lead; /* lead by lead */
} fivek_assignment;

/* Assigns leads to sellers with the highest total score. `score` has `sellers`
   elements for each lead, up to 2^60; below 0 a pair is not taken. Of several
   optima the one that is lexicographically first by lead, then seller
   (unassigned last), in the order of `lead_id` and `seller_id`, or, where they
   are NULL, in that given. `seller` receives the index or FIVEK_UNASSIGNED;
   seller_price, or NULL, what one more place would add to the total;
   lead_price, or NULL, what the total would lose without the lead.
   INVALID_ARGUMENT names the row, and of a score (row: lead, column: seller),
   unless sellers are up to 2048 and leads x sellers up to 2^31; OUT_OF_RANGE
   if the total does not fit. O(leads x sellers^2) at most.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_leads_assign(
    const int64_t* score, size_t leads, const int64_t* capacity, size_t sellers,
    const uint64_t* lead_id, const uint64_t* seller_id, int32_t* seller,
    int64_t* seller_price, int64_t* lead_price, fivek_assignment* out,
    fivek_error* error);

/* Who is next, `n` times: smooth weighted round robin of `sellers` with weights
   0 to 10^6. `credit` is the caller's, all 0 at first, and is what follows
   from the turns taken. `absent`, or NULL, has 1 for who is not served and
   keeps his credit. INVALID_ARGUMENT names row and column (0 weight, 1 absent,
   2 credit: within +-2 x 10^18), and if nobody can be served.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_round_robin_next(const int64_t* weight,
                                              const uint8_t* absent,
                                              size_t sellers, int64_t* credit,
                                              int32_t* seller, size_t n,
                                              fivek_error* error);

typedef struct fivek_territory_balance {
  uint32_t struct_size; /* in: sizeof(fivek_territory_balance) */
  int32_t limited; /* 1: a limit ended the steps before the local optimum */
  int64_t total;
  int64_t first_max, first_min; /* loads before any step */
  int64_t max, min;             /* loads in the end */
  int64_t bound;                /* no division has a lower largest load */
  int64_t gap;                  /* max - bound: 0 proves that none is better */
  double first_max_to_mean, max_to_mean; /* 1 is even; 0: there is no work */
} fivek_territory_balance;

/* An account that changes its seller. Frozen, 16 bytes. */
typedef struct fivek_territory_move {
  int64_t account;
  int32_t from, to; /* sellers */
} fivek_territory_move;

/* New territories for 1 to 1000 sellers: longest first, then moves and
   exchanges of two to a local optimum. `seller` receives the index of each
   account's, `load`, or NULL, has `sellers` elements. INVALID_ARGUMENT names
   the row and column 0 (workload: 0 or more); OUT_OF_RANGE for a sum above
   2^61.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any @since
   0.1 */
FIVEK_API fivek_status fivek_territories_balance(const int64_t* workload,
                                                 size_t n, size_t sellers,
                                                 int32_t* seller, int64_t* load,
                                                 fivek_territory_balance* out,
                                                 fivek_error* error);

/* Existing territories: how uneven they are, and which accounts, most_moved at
   most, each once, to move to which seller. `load`, or NULL, is theirs before.
   `moves`, in order, cap and count as the steps of fivek_durations_fit.
   Errors as fivek_territories_balance (column 1: seller).
   @status INVALID_ARGUMENT OUT_OF_RANGE RESOURCE_EXHAUSTED @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_territories_rebalance(
    const int64_t* workload, const int32_t* seller, size_t n, size_t sellers,
    int64_t most_moved, int64_t* load, fivek_territory_balance* out,
    fivek_territory_move* moves, size_t cap, size_t* count, fivek_error* error);

typedef struct fivek_visit_policy {
  uint32_t struct_size; /* in: sizeof(fivek_visit_policy) */
  int32_t mix_ppm[3];   /* at least once; at most twice, three times or more */
  int64_t cap;          /* visits before a decision; 1 or more */
} fivek_visit_policy;

typedef struct fivek_visit_mix {
  uint32_t struct_size; /* in: sizeof(fivek_visit_mix) */
  uint32_t broken;      /* bit g: the bound of once, twice, three or more */
  int64_t unseen, seen; /* accounts */
  int64_t accounts[3];  /* seen once, twice, three times or more */
  int32_t share_ppm[3]; /* of those seen; 0 if nobody was */
  int32_t reserved;     /* zero */
  int64_t visits;
  int64_t visits_over_cap; /* beyond the cap */
} fivek_visit_mix;

/* How often accounts were seen, beside the policy; NULL: at most 2 visits, 65 %
   once, 25 % twice, 10 % more often. `visits` are 0 to 2^31 - 1. `over_cap`,
   the rows with more visits than the cap, cap and count as the steps of
   fivek_durations_fit. INVALID_ARGUMENT names the row.
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_visit_policy_check(const fivek_visit_policy* rules,
                                                const int64_t* visits, size_t n,
                                                fivek_visit_mix* out,
                                                int64_t* over_cap, size_t cap,
                                                size_t* count,
                                                fivek_error* error);

/* Divides 0 to 2^50 seats by weight, Webster's method: each has his `least` (or
   NULL: 0) and at most his `most` (or NULL: no bound), and seat by seat goes to
   the largest weight / (2 x + 1), of equals the first one. Weight 0 has his
   least. INVALID_ARGUMENT names row and column (0 weight, 1 least, 2 most),
   and for seats that cannot be given so. O(n log n).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_seats_apportion(int64_t seats,
                                             const uint64_t* weight,
                                             const int64_t* least,
                                             const int64_t* most, size_t n,
                                             int64_t* out, fivek_error* error);

/* Invitations, whole people: by share to territories as fivek_seats_apportion,
   and in each of them by `need` (`classes` elements a territory) to classes.
   `table` is as long as `need`; by_class, or NULL, has its column sums.
   INVALID_ARGUMENT as there, and for a territory that is due seats and has no
   need (its row, column 3).
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_invitations_apportion(
    int64_t seats, const uint64_t* share, const int64_t* least,
    const int64_t* most, size_t territories, const uint64_t* need,
    size_t classes, int64_t* by_territory, int64_t* by_class, int64_t* table,
    fivek_error* error);

/* ---- Accounts: portfolio, coverage, effort, sales modes ------------------
   ../accounts/portfolio.h, golden_triangle.h, coverage.h, effort.h,
   sales_mode.h, segment_design.h. Classes of accounts are 0 A, 1 B, 2 C, 3 N
   and FIVEK_UNKNOWN; arrays by class have FIVEK_CLASS_SLOTS places: A, B, C, N,
   unknown. Unknown amounts are INT64_MIN. */

#define FIVEK_CLASS_SLOTS 5
#define FIVEK_DAY_NONE INT32_MIN
#define FIVEK_SCORE_UNKNOWN (-1)

/* What criteria come to, in ppm of the scale, rounded down. Frozen, 16
   bytes. */
typedef struct fivek_score_range {
  int32_t low, high; /* as unknown criteria are 0 or 100; equal: all known */
  int32_t of_known;  /* by those that are known; FIVEK_SCORE_UNKNOWN of none */
  int32_t unknown;   /* criteria with a weight that are unknown */
} fivek_score_range;

/* Weighs the scores of n accounts: `score` has a row of `criteria` scores for
   each, 0 to 100 or FIVEK_SCORE_UNKNOWN; weights are 0 to 1 000 000, not all 0,
   of 1 to 1000 criteria. INVALID_ARGUMENT names row and column (criterion).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_scores_weigh(const int32_t* weight,
                                          size_t criteria, const int32_t* score,
                                          size_t n, fivek_score_range* out,
                                          fivek_error* error);

/* Cells, bits of possible and near_cells; with three levels cells are 0 (both
   high) to 8 (both low). */
#define FIVEK_CELL_KEY 0
#define FIVEK_CELL_PROSPECTIVE 1
#define FIVEK_CELL_ORDINARY 2
#define FIVEK_CELL_IGNORE 3

typedef struct fivek_portfolio_options {
  uint32_t struct_size;          /* in: sizeof(fivek_portfolio_options) */
  int32_t attractiveness_cut;    /* high from it on: 0 to 1 000 000 [50] */
  int32_t attractiveness_medium; /* medium from it on, or FIVEK_SCORE_UNKNOWN:
                                    two levels [FIVEK_SCORE_UNKNOWN] */
  int32_t relationship_cut, relationship_medium; /* the same */
  int32_t within; /* borderline at most so far from a cut [0] */
} fivek_portfolio_options;

/* Frozen, 32 bytes. */
typedef struct fivek_portfolio_account {
  int32_t cell;           /* FIVEK_UNKNOWN: more than one is possible */
  int32_t attractiveness; /* level: 0 low, 1, 2; FIVEK_UNKNOWN */
  int32_t relationship;
  int32_t attractiveness_distance; /* score - nearest cut; INT32_MIN: the score
                                      is not known */
  int32_t relationship_distance;
  uint32_t possible;   /* bit = cell that it may be in */
  uint32_t near_cells; /* bit = other cell beyond cuts within reach */
  uint32_t reserved;   /* zero */
} fivek_portfolio_account;

typedef struct fivek_portfolio {
  uint32_t struct_size; /* in: sizeof(fivek_portfolio) */
  int32_t levels;       /* 2 or 3 */
  int64_t unknown;      /* accounts in no cell */
  int64_t borderline;   /* accounts with near_cells */
  int64_t count[9];     /* by cell */
} fivek_portfolio;

/* The cell of each of n accounts, at or above a cut being high. Scores are 0 to
   1 000 000 or FIVEK_SCORE_UNKNOWN, in the unit of the cuts. With a column
   `..._most` a score is known to lie between the two; NULL: scores are exact.
   `options` and `out` may be NULL. INVALID_ARGUMENT names row and column (0
   attractiveness, 1 its most, 2 relationship, 3 its most).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_portfolio_cells(
    const int32_t* attractiveness, const int32_t* attractiveness_most,
    const int32_t* relationship, const int32_t* relationship_most, size_t n,
    const fivek_portfolio_options* options, fivek_portfolio_account* accounts,
    fivek_portfolio* out, fivek_error* error);

/* Bits of corners. */
#define FIVEK_CORNER_TARGET 0
#define FIVEK_CORNER_INFORMATION 1
#define FIVEK_CORNER_FREQUENCY 2
#define FIVEK_INFORMATION_ITEMS 32

/* Frozen, 16 bytes. */
typedef struct fivek_triangle_account {
  int32_t target_day;   /* due day of the open target, or FIVEK_DAY_NONE */
  int32_t last_contact; /* up to as_of, or FIVEK_DAY_NONE: never */
  uint32_t information; /* bit = item that is known */
  uint8_t grade;
  uint8_t reserved[3]; /* zero */
} fivek_triangle_account;

/* Frozen, 32 bytes. */
typedef struct fivek_triangle_status {
  uint32_t missing, overdue, unknown; /* bit = corner */
  uint32_t missing_information;       /* bit = item */
  uint32_t stale_information, undated;
  int32_t contact_due; /* FIVEK_DAY_NONE: not asked for, never yet, unknown */
  int32_t days_over;   /* days that contact is overdue */
} fivek_triangle_status;

typedef struct fivek_triangle_book {
  uint32_t struct_size; /* in: sizeof(fivek_triangle_book) */
  uint32_t reserved;
  int64_t complete; /* accounts with all three corners present */
  int64_t present[3], missing[3], overdue[3], unknown[3]; /* by corner */
} fivek_triangle_book;

/* The golden triangle of n accounts on the day as_of: corners that are missing
   or overdue. learned_on has FIVEK_INFORMATION_ITEMS days for each account
   (FIVEK_DAY_NONE: not known), NULL: none is known; stale_after_days by item, 0
   for never, NULL: all never; interval_days by class A, B, C, N, 0 for no
   contact, NULL: 14, 30, 90, 0. `book` may be NULL. INVALID_ARGUMENT names row
   and column (0 target_day, 1 last_contact, 3 grade, 4 + item learned_on; row
   -1: the item or class of the other two).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_triangle_check(
    const fivek_triangle_account* accounts, size_t n, const int32_t* learned_on,
    int32_t as_of, uint32_t required_information,
    const int32_t* stale_after_days, const int32_t* interval_days,
    fivek_triangle_status* out, fivek_triangle_book* book, fivek_error* error);

/* Frozen, 16 bytes. */
typedef struct fivek_visit_account {
  uint32_t seller;       /* its number in the list of sellers */
  int32_t planned, done; /* 0 to 1 000 000; -1: not known */
  uint8_t grade;
  uint8_t reserved[3]; /* zero */
} fivek_visit_account;

/* Frozen, 24 bytes. Capacity: (days - other_days) x visits a day, rounded
   down. */
typedef struct fivek_visit_seller {
  int32_t days, other_days; /* 0 to 36525; for other work up to `days` */
  int64_t visits_numerator; /* visits a day, to 1 000 000: 11 / 2 is 5.5 */
  int64_t visits_denominator;
} fivek_visit_seller;

/* Frozen, 32 bytes. */
typedef struct fivek_visit_load {
  int64_t capacity;
  int64_t left, left_planned; /* of it without needed, and planned, visits */
  int64_t shortfall;          /* of all classes */
} fivek_visit_load;

/* Frozen, 64 bytes. */
typedef struct fivek_visit_sum {
  int64_t accounts, needed, planned, done;
  int64_t shortfall, beyond; /* sums over accounts of what is too few, and too
                                many */
  int64_t planned_unknown, done_unknown; /* accounts */
} fivek_visit_sum;

/* Visits needed (by `frequency`, per class A, B, C, N in the period; NULL: 24,
   12, 4, 0), planned and done, against what sellers can do. `loads` has
   `sellers` + 1 places, the last for all together; `sums` for each of these
   FIVEK_CLASS_SLOTS + 1: A, B, C, N, unknown, all. INVALID_ARGUMENT names row
   and column (accounts: 0 seller, 1 grade, 2 planned, 3 done; sellers: 10 days,
   11 other_days, 12 visits; row -1: 20 + class of frequency).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status
fivek_visit_plan(const fivek_visit_account* accounts, size_t n,
                 const fivek_visit_seller* sellers, size_t n_sellers,
                 const int32_t* frequency, fivek_visit_load* loads,
                 fivek_visit_sum* sums, fivek_error* error);

#define FIVEK_HOURS_EVEN 0
#define FIVEK_HOURS_MORE_HOURS 1
#define FIVEK_HOURS_MORE_VALUE 2
#define FIVEK_HOURS_UNKNOWN 255

/* Frozen, 16 bytes. -1: not known, or no share. */
typedef struct fivek_hours_share {
  int32_t hours_ppm, value_ppm;
  int64_t index_ppm; /* share of hours / share of value */
} fivek_hours_share;

/* Frozen, 48 bytes. */
typedef struct fivek_hours_class {
  int32_t hours_ppm, value_ppm; /* as fivek_hours_share */
  int64_t index_ppm;
  int64_t accounts, hours, value;
  int32_t verdict;   /* FIVEK_HOURS_... */
  uint32_t reserved; /* zero */
} fivek_hours_class;

typedef struct fivek_hours {
  uint32_t struct_size; /* in: sizeof(fivek_hours) */
  int32_t mismatch_ppm; /* half the sum of |share of hours - share of value|
                           over accounts; -1 without hours or value */
  int32_t class_mismatch_ppm;      /* and over classes */
  uint32_t more_hours, more_value; /* bit = class slot with more of it */
  uint32_t reserved;
  int64_t accounts, unknown, negative; /* compared; left out, as not known or
                                          as value is below 0 */
  int64_t negative_hours;              /* spent on the latter */
  int64_t hours, value;
} fivek_hours;

/* Where the hours of n accounts went against where the value is. hours: 0 or
   more, -1 unknown; value: minor units; `grade` may be NULL (all unknown), so
   may `shares` (n places). `classes` has FIVEK_CLASS_SLOTS. INVALID_ARGUMENT
   names row and column (0 hours, 2 grade); OUT_OF_RANGE if a sum does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_hours_against_value(
    const int64_t* hours, const int64_t* value, const uint8_t* grade, size_t n,
    fivek_hours_share* shares, fivek_hours_class* classes, fivek_hours* out,
    fivek_error* error);

/* Frozen, 96 bytes. Rates are -1 where there is nothing to divide by. */
typedef struct fivek_reach {
  int64_t targets, reached, unknown;
  int64_t penetration_accounts, penetration_unknown; /* with own sales and a
                                                        potential; without */
  int64_t no_potential, above_potential;
  int64_t own, potential;
  int64_t penetration_ppm;   /* own / potential, if has_penetration */
  int32_t coverage_ppm;      /* reached / (targets - unknown) */
  int32_t low_ppm, high_ppm; /* if none, or all, of the unknown are reached */
  int32_t has_penetration;   /* 0 or 1 */
} fivek_reach;

/* Coverage rate and penetration of the target accounts among n. target: 0 or 1;
   reached: 0, 1 or FIVEK_UNKNOWN; own and potential: amounts, the second not
   below 0. own, potential and grade may be NULL: all unknown. `out` has
   FIVEK_CLASS_SLOTS + 1 places, the last for all; *others and *others_reached
   count accounts that are no targets. INVALID_ARGUMENT names row and column (0
   target, 1 reached, 3 potential, 4 grade); OUT_OF_RANGE if a sum does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_account_coverage(
    const uint8_t* target, const uint8_t* reached, const int64_t* own,
    const int64_t* potential, const uint8_t* grade, size_t n, fivek_reach* out,
    int64_t* others, int64_t* others_reached, fivek_error* error);

/* A rate that is counted, part of whole, against its goal: *rate_ppm (-1 if
   whole is 0), *gap_ppm = rate - goal, *met exactly, and how many more of the
   same whole it takes.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_rate_goal_check(
    int64_t part, int64_t whole, int32_t goal_ppm, int32_t* rate_ppm,
    int32_t* gap_ppm, int32_t* met, int64_t* missing, fivek_error* error);

#define FIVEK_RESPONSE_EXPONENTIAL 0 /* 1 - e^(-shape v) */
#define FIVEK_RESPONSE_HYPERBOLIC 1  /* v / (v + shape) */
#define FIVEK_RESPONSE_POWER 2       /* v^shape, shape to 1 */
#define FIVEK_RESPONSE_SIGMOID 3     /* v^steepness / (shape + v^steepness) */

#define FIVEK_EFFORT_AUTO 0
#define FIVEK_EFFORT_GREEDY 1
#define FIVEK_EFFORT_DYNAMIC 2
#define FIVEK_EFFORT_HULL 3

/* Frozen, 32 bytes. */
typedef struct fivek_effort_account {
  double value;     /* of all that can be won: 0 to 1e18 */
  double shape;     /* 1e-9 to 1e18 */
  double steepness; /* of the sigmoid: 1e-9 to 64 */
  int32_t cap;      /* most visits */
  int32_t form;     /* FIVEK_RESPONSE_... */
} fivek_effort_account;

typedef struct fivek_effort {
  uint32_t struct_size; /* in: sizeof(fivek_effort) */
  int32_t method;       /* that was used: FIVEK_EFFORT_... */
  int32_t concave;      /* 1: no account's gains rise */
  int32_t optimal;      /* 1: no allocation brings more */
  int64_t spent;        /* visits */
  double total;         /* what they bring */
  double bound;         /* what none can exceed */
  double shadow_price; /* what the budget's last visit brings; 0: not used up */
  double next_gain;    /* what one more would bring */
} fivek_effort;

/* The allocation of at most `budget` visits to n accounts that brings most,
   into visits[n]; the accounts in the order of picks by the greedy method as a
   list (picks, cap, count), as the steps of fivek_durations_fit. See
   ../accounts/effort.h for ties and prices. O(n + budget log n) by the greedy
   method, O(n budget cap) by the dynamic one. INVALID_ARGUMENT names row and
   column (0 value, 1 form, 2 cap, 3 shape, 4 steepness).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED OUT_OF_RANGE @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_effort_allocate(
    const fivek_effort_account* accounts, size_t n, int32_t budget,
    int32_t method, int32_t* visits, int32_t* picks, size_t cap, size_t* count,
    fivek_effort* out, fivek_error* error);

/* The same of n rows of `width` values, of 0 to width - 1 visits each; `caps`
   (0 to width - 1) may be NULL. Values are -1e18 to 1e18. INVALID_ARGUMENT
   names row and column (visits; -1: caps).
   @status INVALID_ARGUMENT RESOURCE_EXHAUSTED OUT_OF_RANGE @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_effort_allocate_table(
    const double* response, size_t n, size_t width, const int32_t* caps,
    int32_t budget, int32_t method, int32_t* visits, int32_t* picks, size_t cap,
    size_t* count, fivek_effort* out, fivek_error* error);

/* What `visits` bring of an account.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status
fivek_effort_response(const fivek_effort_account* account, int64_t visits,
                      double* value, fivek_error* error);

/* An account's response from what a manager knows: its potential, today's
   visits (1 or more) and the share of it that they reach, and the share that
   any number of them would (up to 1, above today's). Not of the power form.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_effort_calibrate(
    double potential, int32_t visits, double share_today,
    double share_saturation, int32_t form, double steepness, int32_t cap,
    fivek_effort_account* out, fivek_error* error);

#define FIVEK_CONCERNS 4 /* label set concern */
#define FIVEK_MODE_TRANSACTIONAL 0
#define FIVEK_MODE_SOLUTION 1
#define FIVEK_MODE_KEY_ACCOUNT 2

/* Frozen, 40 bytes. */
typedef struct fivek_sales_mode {
  int32_t mode;      /* FIVEK_MODE_...; FIVEK_UNKNOWN: a tie, or not known */
  uint32_t possible; /* bit = mode that none is surely ahead of */
  uint32_t unknown;  /* bit = concern whose weight is not known */
  int32_t lead;      /* of a decided mode */
  int32_t low[3], high[3]; /* sums by mode, unknown weights as 0 and as 100 */
} fivek_sales_mode;

/* The sales mode of n customers: `weight` has FIVEK_CONCERNS for each, 0 to
   100, or -1: not known. INVALID_ARGUMENT names row and column (concern).
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_sales_mode_of(const int32_t* weight, size_t n,
                                           fivek_sales_mode* out,
                                           fivek_error* error);

/* What person 0, 1, ... of a grouping does (bit = phase) and has to be (bit =
   trait), and how many there are: label sets team.grouping, team.phase,
   team.trait.
   @status INVALID_ARGUMENT @owner caller @threads any @since 0.1 */
FIVEK_API fivek_status fivek_team_person_of(int32_t grouping, int32_t person,
                                            int32_t* people, uint32_t* phases,
                                            uint32_t* traits,
                                            fivek_error* error);

/* Bits of factors and of parts: label sets segment.factor, segment.part. */
#define FIVEK_FACTOR_MARKET 0
#define FIVEK_FACTOR_COVERAGE 1
#define FIVEK_FACTOR_WIN_RATE 2
#define FIVEK_FACTOR_AVERAGE_DEAL 3

/* Frozen, 40 bytes. */
typedef struct fivek_segment {
  int64_t market;       /* customers: 0 or more */
  int64_t average_deal; /* minor units: 0 or more */
  int32_t coverage_ppm, win_rate_ppm;
  int32_t mode;       /* FIVEK_MODE_..., or FIVEK_UNKNOWN */
  int32_t grouping;   /* 0 to 3, or FIVEK_UNKNOWN */
  uint32_t functions; /* bit = function that takes part: 0 to 63 */
  uint32_t named;     /* bit = part that the design names: 0 target, 1 offer, 2
                         process */
} fivek_segment;

/* Frozen, 72 bytes. */
typedef struct fivek_segment_result {
  int64_t result;         /* market x coverage x win rate x average deal */
  int64_t coverage_point; /* gained by one point more of it, */
  int64_t win_rate_point;
  int64_t market_tenth, coverage_tenth; /* and by a tenth more */
  int64_t win_rate_tenth, average_deal_tenth;
  int32_t share_ppm;    /* of the total; -1: that is 0 */
  uint32_t missing;     /* bit = part that the design lacks */
  uint8_t capped_point; /* bit = factor that had less left to 100 % */
  uint8_t capped_tenth; /* the same */
  uint8_t best_point;   /* bit = factor that gives most */
  uint8_t best_tenth;   /* the same */
  uint32_t reserved;    /* zero */
} fivek_segment_result;

/* Expected results of n segments, exact and rounded once, half to even; *total
   of all, rounded once. INVALID_ARGUMENT names row and column (0 market, 1
   coverage_ppm, 2 win_rate_ppm, 3 average_deal, 4 mode, 5 grouping, 6
   functions, 7 named); OUT_OF_RANGE if a result does not fit.
   @status INVALID_ARGUMENT OUT_OF_RANGE @owner caller @threads any
   @since 0.1 */
FIVEK_API fivek_status fivek_segment_design_result(
    const fivek_segment* segments, size_t n, fivek_segment_result* out,
    int64_t* total, fivek_error* error);

/* The least coverage (FIVEK_FACTOR_COVERAGE) or win rate
   (FIVEK_FACTOR_WIN_RATE) in ppm with which the segment's exact result is at
   least `goal`; above 1 000 000 none is enough. FAILED_PRECONDITION if another
   factor is 0 and the goal is not.
   @status INVALID_ARGUMENT FAILED_PRECONDITION OUT_OF_RANGE @owner caller
   @threads any @since 0.1 */
FIVEK_API fivek_status fivek_segment_rate_needed(const fivek_segment* segment,
                                                 int32_t factor, int64_t goal,
                                                 int64_t* ppm,
                                                 fivek_error* error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FIVEK_H_ */
