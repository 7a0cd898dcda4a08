/* The binary contract, as this compiler sees it: sizes and offsets against
   layout.txt, constants against constants.txt, and the values that are promised
   in words, at compile time.

     abi_layout_test layout      prints what layout.txt has to hold
     abi_layout_test constants   and constants.txt

   A difference is a break of the ABI, unless it is an addition at an end. */
#include <fivek.h>
#include <fivek_arrow.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define STATIC_ASSERT(name, condition) \
  typedef char static_assert_##name[(condition) ? 1 : -1]

/* ---- What is promised ---------------------------------------------------- */

STATIC_ASSERT(status_is_int32, sizeof(fivek_status) == 4);
STATIC_ASSERT(error_is_256_bytes, sizeof(fivek_error) == 256);
STATIC_ASSERT(assessment_is_8_bytes, sizeof(fivek_assessment) == 8);
STATIC_ASSERT(opportunity_is_64_bytes, sizeof(fivek_opportunity) == 64);
STATIC_ASSERT(event_is_32_bytes, sizeof(fivek_event) == 32);
STATIC_ASSERT(deal_is_24_bytes, sizeof(fivek_deal) == 24);
STATIC_ASSERT(deal_score_is_32_bytes, sizeof(fivek_deal_score) == 32);
STATIC_ASSERT(waiver_is_8_bytes, sizeof(fivek_waiver) == 8);
STATIC_ASSERT(no_status_moved,
              FIVEK_OK == 0 && FIVEK_INVALID_ARGUMENT == 3 &&
                  FIVEK_NOT_FOUND == 5 && FIVEK_RESOURCE_EXHAUSTED == 8 &&
                  FIVEK_FAILED_PRECONDITION == 9 && FIVEK_OUT_OF_RANGE == 11 &&
                  FIVEK_UNIMPLEMENTED == 12 && FIVEK_INTERNAL == 13 &&
                  FIVEK_DATA_LOSS == 15);
STATIC_ASSERT(unknown_is_255, FIVEK_UNKNOWN == 255);

/* ---- Sizes and offsets ----------------------------------------------------
 */

typedef struct {
  const char* name;
  size_t offset;
  size_t size;
} part;

#define WHOLE(type) \
  { #type, 0, sizeof(type) }
#define FIELD(type, field) \
  { "  " #field, offsetof(type, field), sizeof(((type*)0)->field) }

/* Arrow's names are tags. */
typedef struct ArrowSchema ArrowSchema;
typedef struct ArrowArray ArrowArray;

/* clang-format off */
static const part kLayout[] = {
    WHOLE(fivek_error),
    FIELD(fivek_error, struct_size),
    FIELD(fivek_error, status),
    FIELD(fivek_error, reason),
    FIELD(fivek_error, column),
    FIELD(fivek_error, row),
    FIELD(fivek_error, message_len),
    FIELD(fivek_error, reserved),
    FIELD(fivek_error, message),
    WHOLE(fivek_assessment),
    FIELD(fivek_assessment, level),
    FIELD(fivek_assessment, by_decision_maker),
    FIELD(fivek_assessment, reserved),
    WHOLE(fivek_strength),
    FIELD(fivek_strength, struct_size),
    FIELD(fivek_strength, total),
    FIELD(fivek_strength, highest_reachable),
    FIELD(fivek_strength, points),
    FIELD(fivek_strength, product_ppm),
    FIELD(fivek_strength, product_max_ppm),
    FIELD(fivek_strength, balanced),
    FIELD(fivek_strength, weakest),
    FIELD(fivek_strength, unknown_mask),
    FIELD(fivek_strength, next_level),
    FIELD(fivek_strength, next_gain),
    WHOLE(fivek_evidence_rule),
    FIELD(fivek_evidence_rule, struct_size),
    FIELD(fivek_evidence_rule, stage),
    FIELD(fivek_evidence_rule, gate),
    FIELD(fivek_evidence_rule, mode),
    FIELD(fivek_evidence_rule, witness),
    FIELD(fivek_evidence_rule, least_proof),
    FIELD(fivek_evidence_rule, prerequisites),
    WHOLE(fivek_waiver),
    FIELD(fivek_waiver, item),
    FIELD(fivek_waiver, reason),
    WHOLE(fivek_standing),
    FIELD(fivek_standing, struct_size),
    FIELD(fivek_standing, stage),
    FIELD(fivek_standing, milestone),
    FIELD(fivek_standing, yield_ppm),
    FIELD(fivek_standing, missing_for_next),
    FIELD(fivek_standing, skipped),
    FIELD(fivek_standing, advised),
    FIELD(fivek_standing, waived),
    WHOLE(fivek_opportunity),
    FIELD(fivek_opportunity, evidence),
    FIELD(fivek_opportunity, outcome),
    FIELD(fivek_opportunity, cycle),
    FIELD(fivek_opportunity, stage),
    FIELD(fivek_opportunity, milestone),
    FIELD(fivek_opportunity, highest_milestone),
    FIELD(fivek_opportunity, regressions),
    FIELD(fivek_opportunity, lost_reason),
    FIELD(fivek_opportunity, stage_since),
    FIELD(fivek_opportunity, milestone_since),
    FIELD(fivek_opportunity, last_event_at),
    FIELD(fivek_opportunity, proven),
    FIELD(fivek_opportunity, reserved),
    WHOLE(fivek_event),
    FIELD(fivek_event, at),
    FIELD(fivek_event, kind),
    FIELD(fivek_event, code),
    FIELD(fivek_event, shown_by),
    FIELD(fivek_event, proof),
    FIELD(fivek_event, reference),
    WHOLE(fivek_alignment),
    FIELD(fivek_alignment, struct_size),
    FIELD(fivek_alignment, aligned_ppm),
    FIELD(fivek_alignment, aligned),
    FIELD(fivek_alignment, ahead),
    FIELD(fivek_alignment, behind),
    WHOLE(fivek_deal),
    FIELD(fivek_deal, assessment),
    FIELD(fivek_deal, evidence),
    FIELD(fivek_deal, outcome),
    FIELD(fivek_deal, amount),
    WHOLE(fivek_deal_score),
    FIELD(fivek_deal_score, strength),
    FIELD(fivek_deal_score, weakest),
    FIELD(fivek_deal_score, product_ppm),
    FIELD(fivek_deal_score, stage),
    FIELD(fivek_deal_score, milestone),
    FIELD(fivek_deal_score, probability_ppm),
    FIELD(fivek_deal_score, expected_amount),
    WHOLE(fivek_score_in),
    FIELD(fivek_score_in, struct_size),
    FIELD(fivek_score_in, reserved),
    FIELD(fivek_score_in, problem),
    FIELD(fivek_score_in, power),
    FIELD(fivek_score_in, vision),
    FIELD(fivek_score_in, value),
    FIELD(fivek_score_in, control),
    FIELD(fivek_score_in, by_decision_maker),
    FIELD(fivek_score_in, evidence),
    FIELD(fivek_score_in, outcome),
    FIELD(fivek_score_in, amount),
    WHOLE(fivek_score_out),
    FIELD(fivek_score_out, struct_size),
    FIELD(fivek_score_out, reserved),
    FIELD(fivek_score_out, strength),
    FIELD(fivek_score_out, weakest),
    FIELD(fivek_score_out, product_ppm),
    FIELD(fivek_score_out, stage),
    FIELD(fivek_score_out, milestone),
    FIELD(fivek_score_out, probability_ppm),
    FIELD(fivek_score_out, expected_amount),
    FIELD(fivek_score_out, row_status),
    WHOLE(fivek_calibration),
    FIELD(fivek_calibration, struct_size),
    FIELD(fivek_calibration, buckets),
    FIELD(fivek_calibration, ppm),
    FIELD(fivek_calibration, age_bucket),
    WHOLE(fivek_claim),
    FIELD(fivek_claim, struct_size),
    FIELD(fivek_claim, verdict),
    FIELD(fivek_claim, claimed),
    FIELD(fivek_claim, supported),
    FIELD(fivek_claim, proven_milestone),
    FIELD(fivek_claim, rungs),
    FIELD(fivek_claim, missing),
    WHOLE(fivek_score_rule),
    FIELD(fivek_score_rule, struct_size),
    FIELD(fivek_score_rule, dimension),
    FIELD(fivek_score_rule, least_points),
    FIELD(fivek_score_rule, only_by_decision_maker),
    FIELD(fivek_score_rule, item),
    WHOLE(fivek_rollup_in),
    FIELD(fivek_rollup_in, struct_size),
    FIELD(fivek_rollup_in, reserved),
    FIELD(fivek_rollup_in, milestone),
    FIELD(fivek_rollup_in, outcome),
    FIELD(fivek_rollup_in, amount),
    FIELD(fivek_rollup_in, probability_ppm),
    FIELD(fivek_rollup_in, owner),
    WHOLE(fivek_rollup_group),
    FIELD(fivek_rollup_group, struct_size),
    FIELD(fivek_rollup_group, owner),
    FIELD(fivek_rollup_group, milestone),
    FIELD(fivek_rollup_group, reserved),
    FIELD(fivek_rollup_group, count),
    FIELD(fivek_rollup_group, won),
    FIELD(fivek_rollup_group, lost),
    FIELD(fivek_rollup_group, unknown),
    FIELD(fivek_rollup_group, amount),
    FIELD(fivek_rollup_group, expected),
    WHOLE(ArrowSchema),
    FIELD(ArrowSchema, format),
    FIELD(ArrowSchema, name),
    FIELD(ArrowSchema, metadata),
    FIELD(ArrowSchema, flags),
    FIELD(ArrowSchema, n_children),
    FIELD(ArrowSchema, children),
    FIELD(ArrowSchema, dictionary),
    FIELD(ArrowSchema, release),
    FIELD(ArrowSchema, private_data),
    WHOLE(ArrowArray),
    FIELD(ArrowArray, length),
    FIELD(ArrowArray, null_count),
    FIELD(ArrowArray, offset),
    FIELD(ArrowArray, n_buffers),
    FIELD(ArrowArray, n_children),
    FIELD(ArrowArray, buffers),
    FIELD(ArrowArray, children),
    FIELD(ArrowArray, dictionary),
    FIELD(ArrowArray, release),
    FIELD(ArrowArray, private_data),
};
/* clang-format on */

/* ---- Constants
 * --------------------------------------------------------------- */

#define CONSTANT(name) \
  { #name, name }

static const struct {
  const char* name;
  long value;
} kConstants[] = {
    CONSTANT(FIVEK_OK),
    CONSTANT(FIVEK_INVALID_ARGUMENT),
    CONSTANT(FIVEK_NOT_FOUND),
    CONSTANT(FIVEK_RESOURCE_EXHAUSTED),
    CONSTANT(FIVEK_FAILED_PRECONDITION),
    CONSTANT(FIVEK_OUT_OF_RANGE),
    CONSTANT(FIVEK_UNIMPLEMENTED),
    CONSTANT(FIVEK_INTERNAL),
    CONSTANT(FIVEK_DATA_LOSS),
    CONSTANT(FIVEK_REASON_NONE),
    CONSTANT(FIVEK_REASON_NULL_POINTER),
    CONSTANT(FIVEK_REASON_STRUCT_SIZE),
    CONSTANT(FIVEK_REASON_RESERVED_NOT_ZERO),
    CONSTANT(FIVEK_REASON_BUFFER_TOO_SMALL),
    CONSTANT(FIVEK_REASON_OUT_OF_MEMORY),
    CONSTANT(FIVEK_REASON_INTERNAL),
    CONSTANT(FIVEK_REASON_NOT_FOUND),
    CONSTANT(FIVEK_REASON_VALUE_RANGE),
    CONSTANT(FIVEK_REASON_MALFORMED_TEXT),
    CONSTANT(FIVEK_REASON_OVERFLOW),
    CONSTANT(FIVEK_REASON_CURRENCY_MISMATCH),
    CONSTANT(FIVEK_REASON_UNKNOWN_CURRENCY),
    CONSTANT(FIVEK_REASON_UNKNOWN_DIMENSION),
    CONSTANT(FIVEK_REASON_UNKNOWN_LEVEL),
    CONSTANT(FIVEK_REASON_UNKNOWN_EVIDENCE),
    CONSTANT(FIVEK_REASON_UNKNOWN_EVENT),
    CONSTANT(FIVEK_REASON_UNKNOWN_SHOWN_BY),
    CONSTANT(FIVEK_REASON_UNKNOWN_PROOF),
    CONSTANT(FIVEK_REASON_UNKNOWN_CODE),
    CONSTANT(FIVEK_REASON_EVENT_OUT_OF_ORDER),
    CONSTANT(FIVEK_REASON_EVENT_NOT_ALLOWED),
    CONSTANT(FIVEK_REASON_EVIDENCE_REPEATED),
    CONSTANT(FIVEK_REASON_EVIDENCE_UNPROVEN),
    CONSTANT(FIVEK_REASON_STATE_CORRUPT),
    CONSTANT(FIVEK_REASON_ROW_RANGE),
    CONSTANT(FIVEK_REASON_WAIVER_NOT_ALLOWED),
    CONSTANT(FIVEK_REASON_CYCLE_LIMIT),
    CONSTANT(FIVEK_REASON_JSON_SYNTAX),
    CONSTANT(FIVEK_REASON_UNKNOWN_KEY),
    CONSTANT(FIVEK_REASON_DUPLICATE_KEY),
    CONSTANT(FIVEK_REASON_WRONG_TYPE),
    CONSTANT(FIVEK_REASON_MISSING_KEY),
    CONSTANT(FIVEK_REASON_POINTS_NOT_MONOTONE),
    CONSTANT(FIVEK_REASON_YIELD_FALLS),
    CONSTANT(FIVEK_REASON_GATE_CYCLE),
    CONSTANT(FIVEK_REASON_POLICY_VALUE),
    CONSTANT(FIVEK_REASON_DATA_DAMAGED),
    CONSTANT(FIVEK_UNKNOWN),
    CONSTANT(FIVEK_ABI_VERSION),
    CONSTANT(FIVEK_UNIT_PERCENT),
    CONSTANT(FIVEK_UNIT_FRACTION),
    CONSTANT(FIVEK_UNIT_PPM),
    CONSTANT(FIVEK_DIMENSION_PROBLEM),
    CONSTANT(FIVEK_DIMENSION_POWER),
    CONSTANT(FIVEK_DIMENSION_VISION),
    CONSTANT(FIVEK_DIMENSION_VALUE),
    CONSTANT(FIVEK_DIMENSION_CONTROL),
    CONSTANT(FIVEK_EVIDENCE_COUNT),
    CONSTANT(FIVEK_EVIDENCE_CONTRACT),
    CONSTANT(FIVEK_SHOWN_BY_NOT_STATED),
    CONSTANT(FIVEK_SHOWN_BY_SPONSOR),
    CONSTANT(FIVEK_SHOWN_BY_DECISION_MAKER),
    CONSTANT(FIVEK_SHOWN_BY_PURCHASER),
    CONSTANT(FIVEK_SHOWN_BY_SUPPORTER),
    CONSTANT(FIVEK_SHOWN_BY_TECHNICAL_EVALUATOR),
    CONSTANT(FIVEK_SHOWN_BY_USER),
    CONSTANT(FIVEK_SHOWN_BY_SELLER),
    CONSTANT(FIVEK_PROOF_NOT_STATED),
    CONSTANT(FIVEK_PROOF_SELLERS_NOTE),
    CONSTANT(FIVEK_PROOF_MEETING_MINUTES),
    CONSTANT(FIVEK_PROOF_BUYERS_MESSAGE),
    CONSTANT(FIVEK_PROOF_SIGNED_DOCUMENT),
    CONSTANT(FIVEK_PROOF_SYSTEM_RECORD),
    CONSTANT(FIVEK_GATE_BLOCKING),
    CONSTANT(FIVEK_GATE_ADVISORY),
    CONSTANT(FIVEK_GATE_WAIVABLE),
    CONSTANT(FIVEK_WITNESS_ANYONE),
    CONSTANT(FIVEK_WITNESS_SPONSOR),
    CONSTANT(FIVEK_WITNESS_DECISION_MAKER),
    CONSTANT(FIVEK_OUTCOME_OPEN),
    CONSTANT(FIVEK_OUTCOME_ON_HOLD),
    CONSTANT(FIVEK_OUTCOME_WON),
    CONSTANT(FIVEK_OUTCOME_LOST),
    CONSTANT(FIVEK_OUTCOME_VOID),
    CONSTANT(FIVEK_EVENT_EVIDENCE_CONFIRMED),
    CONSTANT(FIVEK_EVENT_EVIDENCE_WITHDRAWN),
    CONSTANT(FIVEK_EVENT_SPONSOR_CHANGED),
    CONSTANT(FIVEK_EVENT_DECISION_MAKER_CHANGED),
    CONSTANT(FIVEK_EVENT_PUT_ON_HOLD),
    CONSTANT(FIVEK_EVENT_RESUMED),
    CONSTANT(FIVEK_EVENT_LOST),
    CONSTANT(FIVEK_EVENT_REOPENED),
    CONSTANT(FIVEK_EVENT_CYCLE_RESTARTED),
    CONSTANT(FIVEK_EVENT_VOIDED),
    CONSTANT(FIVEK_GAP_DECISION_MAKER_UNKNOWN),
    CONSTANT(FIVEK_GAP_DECISION_MAKER_NOT_MET),
    CONSTANT(FIVEK_GAP_SINGLE_THREADED),
    CONSTANT(FIVEK_GAP_NO_SUPPORT),
    CONSTANT(FIVEK_VERDICT_PENDING),
    CONSTANT(FIVEK_VERDICT_QUALIFIED),
    CONSTANT(FIVEK_VERDICT_NOT_QUALIFIED),
    CONSTANT(FIVEK_CLAIM_IN_LINE),
    CONSTANT(FIVEK_CLAIM_OVER),
    CONSTANT(FIVEK_CLAIM_UNDER),
    CONSTANT(FIVEK_ROLLUP_BY_MILESTONE),
    CONSTANT(FIVEK_ROLLUP_BY_OWNER),
    CONSTANT(FIVEK_ROLLUP_BY_BOTH),
};

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void print_layout(FILE* out) {
  size_t i;
  fprintf(out, "# struct, then its fields: offset size\n");
  for (i = 0; i < COUNT_OF(kLayout); ++i) {
    fprintf(out, "%-30s %4lu %4lu\n", kLayout[i].name,
            (unsigned long)kLayout[i].offset, (unsigned long)kLayout[i].size);
  }
}

static void print_constants(FILE* out) {
  size_t i;
  for (i = 0; i < COUNT_OF(kConstants); ++i) {
    fprintf(out, "%-40s %ld\n", kConstants[i].name, kConstants[i].value);
  }
}

/* Fields follow each other without a gap, so none is missing above and none has
   hidden bytes behind it that nobody sets to zero. */
static int has_gaps(void) {
  size_t i = 0;
  int gaps = 0;
  while (i < COUNT_OF(kLayout)) {
    const part* const whole = &kLayout[i++];
    size_t end = 0;
    for (; i < COUNT_OF(kLayout) && kLayout[i].name[0] == ' '; ++i) {
      if (kLayout[i].offset != end) {
        printf("%s: gap before%s\n", whole->name, kLayout[i].name);
        gaps = 1;
      }
      end = kLayout[i].offset + kLayout[i].size;
    }
    if (end != whole->size) {
      printf("%s: gap at the end\n", whole->name);
      gaps = 1;
    }
  }
  return gaps;
}

/* Compares what `print` gives with a file, and says the first other line. */
static int differs(const char* path, void (*print)(FILE*)) {
  char got[128];
  char want[128];
  int line = 1;
  FILE* const expected = fopen(path, "r");
  FILE* const actual = tmpfile();
  int other = expected == NULL || actual == NULL;
  if (other) printf("%s: cannot be read\n", path);
  if (actual != NULL) {
    print(actual);
    rewind(actual);
  }
  for (; !other; ++line) {
    const char* const a = fgets(got, (int)sizeof(got), actual);
    const char* const b = fgets(want, (int)sizeof(want), expected);
    if (a == NULL && b == NULL) break;
    if (a == NULL || b == NULL || strcmp(got, want) != 0) {
      printf("%s:%d: is %s  not %s", path, line, a == NULL ? "nothing\n" : got,
             b == NULL ? "nothing\n" : want);
      other = 1;
    }
  }
  if (expected != NULL) fclose(expected);
  if (actual != NULL) fclose(actual);
  return other;
}

int main(int argc, char** argv) {
  int failed = 0;
  if (argc > 1) {
    (strcmp(argv[1], "layout") == 0 ? print_layout : print_constants)(stdout);
    return 0;
  }
  failed |= has_gaps();
  failed |= differs(FIVEK_SOURCE_DIR "/tests/abi/layout.txt", print_layout);
  failed |=
      differs(FIVEK_SOURCE_DIR "/tests/abi/constants.txt", print_constants);
  printf("%lu fields, %lu constants\n", (unsigned long)COUNT_OF(kLayout),
         (unsigned long)COUNT_OF(kConstants));
  return failed;
}
