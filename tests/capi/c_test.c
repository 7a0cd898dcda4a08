/* Every function of fivek.h, called from C99: what it gives, each way in which
   it refuses, and that a refusal changes nothing. Linked with libfivek.so and
   once more with libfivek.a. */
#include <fivek.h>
#include <fivek_arrow.h>
#include <inttypes.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Checks -------------------------------------------------------------- */

static int passed = 0;
static int failed = 0;

static void check_true(int holds, const char* text, int line) {
  if (holds) {
    ++passed;
    return;
  }
  ++failed;
  printf("%s:%d: does not hold: %s\n", __FILE__, line, text);
}

static void check_equal(int64_t got, int64_t want, const char* text, int line) {
  if (got == want) {
    ++passed;
    return;
  }
  ++failed;
  printf("%s:%d: %s is %" PRId64 ", not %" PRId64 "\n", __FILE__, line, text,
         got, want);
}

static void check_text(const char* got, const char* want, const char* text,
                       int line) {
  if (got != NULL && want != NULL && strcmp(got, want) == 0) {
    ++passed;
    return;
  }
  ++failed;
  printf("%s:%d: %s is \"%s\", not \"%s\"\n", __FILE__, line, text,
         got == NULL ? "NULL" : got, want == NULL ? "NULL" : want);
}

#define CHECK(condition) check_true((condition) ? 1 : 0, #condition, __LINE__)
#define CHECK_EQ(got, want) \
  check_equal((int64_t)(got), (int64_t)(want), #got, __LINE__)
#define CHECK_TEXT(got, want) check_text((got), (want), #got, __LINE__)

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- Errors and outputs between canaries ----------------------------------
 */

#define CANARY 0xA5

static int all_bytes(const void* memory, size_t size, int value) {
  const unsigned char* const bytes = (const unsigned char*)memory;
  size_t i;
  for (i = 0; i < size; ++i) {
    if (bytes[i] != (unsigned char)value) return 0;
  }
  return 1;
}

/* An output before a call that must not write it, and the check after. */
#define SPOIL(out) memset(&(out), CANARY, sizeof(out))
#define CHECK_SPOILT(out) CHECK(all_bytes(&(out), sizeof(out), CANARY))

static struct {
  unsigned char before[32];
  fivek_error error;
  unsigned char after[32];
} frame;

/* What the calls in these tests give as their last argument: the frame's error
   and, once more, NULL. */
static fivek_error* E = NULL;

static void open_frame(void) {
  memset(&frame, CANARY, sizeof(frame));
  frame.error.struct_size = (uint32_t)sizeof(frame.error);
  E = &frame.error;
}

/* The error was written if and only if the call failed. */
static void check_untouched(const char* text, int line) {
  const unsigned char* const bytes = (const unsigned char*)&frame.error;
  check_true(frame.error.struct_size == sizeof(frame.error) &&
                 all_bytes(bytes + sizeof(uint32_t),
                           sizeof(frame.error) - sizeof(uint32_t), CANARY),
             text, line);
}

static void check_refused(fivek_status got, fivek_status status, int32_t reason,
                          int64_t row, int32_t column, const char* text,
                          int line) {
  const fivek_error* const error = &frame.error;
  check_equal(got, status, text, line);
  check_equal(error->struct_size, sizeof(*error), text, line);
  check_equal(error->status, status, text, line);
  check_equal(error->reason, reason, text, line);
  check_equal(error->row, row, text, line);
  check_equal(error->column, column, text, line);
  check_equal(error->reserved, 0, text, line);
  check_true(error->message_len > 0 &&
                 error->message_len < sizeof(error->message) &&
                 error->message[error->message_len] == '\0' &&
                 strlen(error->message) == error->message_len,
             text, line);
  check_true(all_bytes(frame.before, sizeof(frame.before), CANARY) &&
                 all_bytes(frame.after, sizeof(frame.after), CANARY),
             text, line);
}

/* `call` names E as its error. Each call is made twice: without an error it has
   the same status. */
#define ACCEPTED(call)                \
  do {                                \
    open_frame();                     \
    CHECK_EQ(call, FIVEK_OK);         \
    check_untouched(#call, __LINE__); \
    E = NULL;                         \
    CHECK_EQ(call, FIVEK_OK);         \
  } while (0)

#define REFUSED_AT(status, reason, row, column, call)                        \
  do {                                                                       \
    fivek_status got_status;                                                 \
    open_frame();                                                            \
    got_status = call;                                                       \
    check_refused(got_status, status, reason, row, column, #call, __LINE__); \
    E = NULL;                                                                \
    CHECK_EQ(call, status);                                                  \
  } while (0)

#define REFUSED(status, reason, call) REFUSED_AT(status, reason, -1, -1, call)

#define INVALID(reason, call) REFUSED(FIVEK_INVALID_ARGUMENT, reason, call)
#define NULL_REFUSED(call) INVALID(FIVEK_REASON_NULL_POINTER, call)

/* The message of the last refusal that had an error says so. */
#define CHECK_SAYS(part) CHECK(strstr(frame.error.message, part) != NULL)

/* ---- A policy that differs from the built-in one everywhere ---------------
 */

static const char kOurs[] =
    "{\"fivek_policy\": 1, \"name\": \"ours\","
    " \"rubric\": {\"power\": {\"7\": {\"points\": 18}}},"
    " \"evidence\": {\"4\": {\"mode\": \"advisory\"},"
    "                \"6\": {\"mode\": \"waivable\"},"
    "                \"22\": {\"stage\": 1, \"gate\": 2, \"requires\": [5],"
    "                       \"witness\": \"decision_maker\","
    "                       \"proof\": \"signed_or_recorded\","
    "                       \"en\": \"pilot agreed\", \"zh\": \"同意试点\"}},"
    " \"waiver_reasons\": {\"3\": {\"en\": \"known\", \"zh\": \"老客户\"}},"
    " \"ladder\": {\"2\": {\"yield_ppm\": 300000}},"
    " \"unproven\": \"require\","
    " \"score_rules\": [{\"dimension\": \"value\", \"least_points\": 16,"
    "                  \"only_by_decision_maker\": true, \"evidence\": 22}],"
    " \"thresholds\": {\"claim_tolerance_rungs\": 1, \"roles_met\": 3},"
    " \"labels\": {\"stage\": {\"0\": {\"en\": \"sees it\", \"zh\": "
    "\"发现\"}}},"
    " \"currencies\": {\"USD\": 3, \"XTS\": 1},"
    " \"rounding\": \"half_away_from_zero\"}";

static const fivek_policy* make_ours(void) {
  const fivek_policy* policy = NULL;
  if (fivek_policy_from_json(kOurs, strlen(kOurs), &policy, NULL) != FIVEK_OK) {
    ++failed;
    printf("%s:%d: the test's own policy is refused\n", __FILE__, __LINE__);
    exit(1);
  }
  return policy;
}

/* ---- Version ---------------------------------------------------------------
 */

static void test_version(void) {
  CHECK_EQ(fivek_version_number(), 100);
  CHECK_EQ(fivek_abi_version(), FIVEK_ABI_VERSION);
  CHECK_TEXT(fivek_version_string(), "0.1.0");
  CHECK(strstr(fivek_build_info_json(), "\"version\": \"0.1.0\"") != NULL);
  CHECK_EQ(fivek_build_info_json()[0], '{');
  CHECK_EQ(fivek_has_feature("accounts"), 1);
  CHECK_EQ(fivek_has_feature("arrow"), 1);
  CHECK_EQ(fivek_has_feature("base"), 1);
  CHECK_EQ(fivek_has_feature("history"), 1);
  CHECK_EQ(fivek_has_feature("method"), 1);
  CHECK_EQ(fivek_has_feature("pipeline"), 1);
  CHECK_EQ(fivek_has_feature("policy"), 1);
  CHECK_EQ(fivek_has_feature("rollup"), 1);
  CHECK_EQ(fivek_has_feature("scoring"), 1);
  CHECK_EQ(fivek_has_feature("polic"), 0);
  CHECK_EQ(fivek_has_feature(""), 0);
  CHECK_EQ(fivek_has_feature(NULL), 0);
}

/* ---- Labels ----------------------------------------------------------------
 */

static const struct {
  const char* set;
  int32_t codes;
  const char* first; /* the English label of its first code; NULL: not fixed */
} kSets[] = {
    {"dimension", 5, "Problem"},
    {"dimension.question", 5, NULL},
    {"level.problem", 6, NULL},
    {"level.power", 8, "the decision maker is unknown"},
    {"level.vision", 4, NULL},
    {"level.value", 7, "no value was found"},
    {"level.control", 7, "nothing is in writing"},
    {"stage", 6, "recognise problem"},
    {"action", 6, "explore and listen"},
    {"step", 7, "prospecting"},
    {"role", 5, "decision maker"},
    {"evidence", 22, "problem with the current product is identified"},
    {"shown_by", 8, "not stated"},
    {"proof", 6, "not stated"},
    {"milestone", 7, "unqualified"},
    {"outcome", 5, "open"},
    {"event", 10, "evidence confirmed"},
    {"signal", 15, NULL},
    {"signal.group", 3, NULL},
    {"objection", 4, "strategic priority"},
    {"saying", 3, "I will think about it"},
    {"saying.response", 3, "ask what the worry is"},
    {"pain.question", 4, "What is unsatisfactory?"},
    {"pain.area", 6, "results"},
    {"qualification.question", 3, "Is this the key person?"},
    {"portfolio.cell", 4, "key"},
    {"portfolio.strategy", 4, "grow and protect"},
    {"triangle.corner", 3, "target"},
    {"concern", 4, "price"},
    {"sales.mode", 3, "transactional"},
    {"sales.mode.practice", 3, "shorten the cycle"},
    {"team.function", 6, "field"},
    {"team.phase", 3, "development"},
    {"team.trait", 5, "confidence"},
    {"team.grouping", 4, "one seller does all"},
    {"segment.part", 6, "target customers"},
    {"segment.factor", 4, "market size"},
    {"rfm_segment", 12, "champions"},
    {"order_due", 3, "not yet due"},
    {"follow_up", 4, "overdue"},
    {"visit_group", 3, "once"},
    {"hours_verdict", 3, "even"},
};

static void test_labels(void) {
  const fivek_policy* const ours = make_ours();
  size_t i;
  for (i = 0; i < COUNT_OF(kSets); ++i) {
    const char* const set = kSets[i].set;
    int32_t index = 0;
    int32_t before = -1;
    for (;; ++index) {
      const int32_t code = fivek_label_code(set, index);
      const char* en;
      const char* zh;
      if (code == -1) break;
      en = fivek_label(set, code, "en");
      zh = fivek_label(set, code, "zh");
      CHECK(code > before);
      CHECK(en != NULL && en[0] != '\0');
      CHECK(zh != NULL && zh[0] != '\0');
      CHECK(en != NULL && zh != NULL && strcmp(en, zh) != 0);
      CHECK(fivek_policy_label(NULL, set, code, "en") == en);
      /* What a policy does not say is said by the built-in one. */
      CHECK(fivek_policy_label(ours, set, code, "zh") != NULL);
      before = code;
    }
    CHECK_EQ(index, kSets[i].codes);
    if (kSets[i].first != NULL) {
      CHECK_TEXT(fivek_label(set, fivek_label_code(set, 0), "en"),
                 kSets[i].first);
    }
    CHECK_EQ(fivek_label_code(set, -1), -1);
    CHECK_EQ(fivek_label_code(set, INT32_MAX), -1);
    CHECK_EQ(fivek_label_code(set, INT32_MIN), -1);
    CHECK(fivek_label(set, -1, "en") == NULL);
    CHECK(fivek_label(set, INT32_MIN, "en") == NULL);
    CHECK(fivek_label(set, INT32_MAX, "en") == NULL);
    CHECK(fivek_label(set, 255, "en") == NULL);
    CHECK(fivek_label(set, before, "de") == NULL);
    CHECK(fivek_label(set, before, "") == NULL);
    CHECK(fivek_label(set, before, NULL) == NULL);
    CHECK(fivek_policy_label(ours, set, before, "de") == NULL);
    CHECK(fivek_policy_label(ours, set, before, NULL) == NULL);
    CHECK(fivek_policy_label(ours, set, -1, "en") == NULL);
    CHECK(fivek_policy_label(ours, set, INT32_MAX, "en") == NULL);
  }
  CHECK_TEXT(fivek_label("milestone", 3, "zh"), "合格决策者");
  /* The codes of signals have gaps. */
  CHECK_EQ(fivek_label_code("signal", 4), 16);
  CHECK(fivek_label("signal", 4, "en") == NULL);
  CHECK(fivek_label("signal", 38, "en") != NULL);

  CHECK(fivek_label("stages", 0, "en") == NULL);
  CHECK(fivek_label("", 0, "en") == NULL);
  CHECK(fivek_label(NULL, 0, "en") == NULL);
  CHECK_EQ(fivek_label_code("stages", 0), -1);
  CHECK_EQ(fivek_label_code(NULL, 0), -1);
  CHECK(fivek_policy_label(ours, "stages", 0, "en") == NULL);
  CHECK(fivek_policy_label(ours, NULL, 0, "en") == NULL);
  CHECK(fivek_policy_label(NULL, NULL, 0, "en") == NULL);

  CHECK_TEXT(fivek_policy_label(ours, "stage", 0, "en"), "sees it");
  CHECK_TEXT(fivek_policy_label(ours, "stage", 0, "zh"), "发现");
  CHECK_TEXT(fivek_policy_label(ours, "evidence", 22, "en"), "pilot agreed");
  CHECK(fivek_label("evidence", 22, "en") == NULL);
  CHECK(fivek_policy_label(ours, "evidence", 23, "en") == NULL);
  fivek_policy_release(ours);
}

/* ---- Texts out --------------------------------------------------------------
   Four functions hand text out; all do it alike. */

typedef fivek_status (*text_out)(const void* input, char* buf, size_t cap,
                                 size_t* needed, fivek_error* error);

static void check_text_out(text_out write, const void* input,
                           const char* want) {
  const size_t length = strlen(want);
  char* const buf = (char*)malloc(length + 8);
  size_t needed = 0;
  size_t cap;
  if (buf == NULL) exit(1);

  ACCEPTED(write(input, NULL, 0, &needed, E));
  CHECK_EQ(needed, length);
  memset(buf, CANARY, length + 8);
  needed = 0;
  ACCEPTED(write(input, buf, 0, &needed, E));
  CHECK_EQ(needed, length);
  CHECK(all_bytes(buf, length + 8, CANARY));

  /* All that are too small, or some of many. */
  for (cap = 1; cap < length; cap += length < 50 ? 1 : length / 7) {
    needed = 0;
    REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
            write(input, buf, cap, &needed, E));
    CHECK_EQ(needed, length);
    CHECK(all_bytes(buf, length + 8, CANARY));
  }
  needed = 0;
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          write(input, buf, length - 1, &needed, E));
  CHECK_EQ(needed, length);
  CHECK(all_bytes(buf, length + 8, CANARY));

  needed = 0;
  ACCEPTED(write(input, buf, length, &needed, E));
  CHECK_EQ(needed, length);
  CHECK(memcmp(buf, want, length) == 0);
  CHECK(all_bytes(buf + length, 8, CANARY)); /* no room, no NUL */

  for (cap = length + 1; cap < length + 3; ++cap) {
    memset(buf, CANARY, length + 8);
    needed = 0;
    ACCEPTED(write(input, buf, cap, &needed, E));
    CHECK_EQ(needed, length);
    CHECK(memcmp(buf, want, length + 1) == 0);
    CHECK(all_bytes(buf + length + 1, 7, CANARY));
  }

  SPOIL(needed);
  NULL_REFUSED(write(input, NULL, 1, &needed, E));
  CHECK_SPOILT(needed);
  memset(buf, CANARY, length + 8);
  NULL_REFUSED(write(input, buf, length + 8, NULL, E));
  NULL_REFUSED(write(input, NULL, 0, NULL, E));
  CHECK(all_bytes(buf, length + 8, CANARY));
  free(buf);
}

static fivek_status write_policy(const void* input, char* buf, size_t cap,
                                 size_t* needed, fivek_error* error) {
  return fivek_policy_to_json((const fivek_policy*)input, buf, cap, needed,
                              error);
}

typedef struct {
  int64_t amount;
  int32_t minor_digits;
} amount_input;

static fivek_status write_amount(const void* input, char* buf, size_t cap,
                                 size_t* needed, fivek_error* error) {
  const amount_input* const given = (const amount_input*)input;
  return fivek_amount_format(given->amount, given->minor_digits, buf, cap,
                             needed, error);
}

static fivek_status write_probability(const void* input, char* buf, size_t cap,
                                      size_t* needed, fivek_error* error) {
  return fivek_probability_format(*(const int32_t*)input, buf, cap, needed,
                                  error);
}

static fivek_status write_day(const void* input, char* buf, size_t cap,
                              size_t* needed, fivek_error* error) {
  return fivek_day_format(*(const int32_t*)input, buf, cap, needed, error);
}

/* The document of a policy, for the caller to free. */
static char* json_of(const fivek_policy* policy) {
  size_t needed = 0;
  char* text;
  CHECK_EQ(fivek_policy_to_json(policy, NULL, 0, &needed, NULL), FIVEK_OK);
  text = (char*)malloc(needed + 1);
  if (text == NULL) exit(1);
  CHECK_EQ(fivek_policy_to_json(policy, text, needed + 1, &needed, NULL),
           FIVEK_OK);
  return text;
}

/* ---- Policies
 * ---------------------------------------------------------------- */

static uint64_t fnv1a64(const char* text) {
  uint64_t hash = UINT64_C(14695981039346656037);
  for (; *text != '\0'; ++text) {
    hash = (hash ^ (unsigned char)*text) * UINT64_C(1099511628211);
  }
  return hash;
}

#define JSON(text) text, strlen(text)

static void test_policy(void) {
  const fivek_policy* const ours = make_ours();
  const fivek_policy* copy = NULL;
  const fivek_policy* out;
  char* const built_in = json_of(NULL);
  char* const text = json_of(ours);
  const char no_text = 'x';

  /* The hash is what anybody gets from the document. */
  CHECK(fivek_policy_hash(NULL) == fnv1a64(built_in));
  CHECK(fivek_policy_hash(ours) == fnv1a64(text));
  CHECK(fivek_policy_hash(ours) != fivek_policy_hash(NULL));
  check_text_out(write_policy, NULL, built_in);
  check_text_out(write_policy, ours, text);

  /* Reading a document again gives the same policy. */
  open_frame();
  CHECK_EQ(fivek_policy_from_json(JSON(text), &copy, E), FIVEK_OK);
  check_untouched("fivek_policy_from_json", __LINE__);
  CHECK(fivek_policy_hash(copy) == fivek_policy_hash(ours));
  fivek_policy_release(copy);
  CHECK_EQ(fivek_policy_from_json(JSON(built_in), &copy, NULL), FIVEK_OK);
  CHECK(fivek_policy_hash(copy) == fivek_policy_hash(NULL));

  /* The last reference frees it; a sanitizer sees a wrong count. */
  fivek_policy_retain(copy);
  fivek_policy_retain(copy);
  fivek_policy_release(copy);
  fivek_policy_release(copy);
  CHECK_TEXT(fivek_policy_label(copy, "milestone", 6, "en"), "closed won");
  fivek_policy_release(copy);
  fivek_policy_retain(NULL);
  fivek_policy_release(NULL);

  SPOIL(out);
#define BAD_POLICY(reason, place, text)                           \
  do {                                                            \
    INVALID(reason, fivek_policy_from_json(JSON(text), &out, E)); \
    CHECK_SAYS(place);                                            \
    CHECK_SPOILT(out);                                            \
  } while (0)
  BAD_POLICY(FIVEK_REASON_JSON_SYNTAX, "not JSON", "");
  BAD_POLICY(FIVEK_REASON_JSON_SYNTAX, "not JSON", "{");
  BAD_POLICY(FIVEK_REASON_JSON_SYNTAX, "not JSON at byte ",
             "{\"fivek_policy\": 1]");
  BAD_POLICY(FIVEK_REASON_WRONG_TYPE, "/: ", "[]");
  BAD_POLICY(FIVEK_REASON_MISSING_KEY, "fivek_policy", "{}");
  BAD_POLICY(FIVEK_REASON_WRONG_TYPE,
             "/fivek_policy: ", "{\"fivek_policy\": \"1\"}");
  BAD_POLICY(FIVEK_REASON_POLICY_VALUE,
             "/fivek_policy: ", "{\"fivek_policy\": 2}");
  BAD_POLICY(FIVEK_REASON_UNKNOWN_KEY,
             "/ladders: ", "{\"fivek_policy\": 1, \"ladders\": {}}");
  BAD_POLICY(FIVEK_REASON_DUPLICATE_KEY, "/name: ",
             "{\"fivek_policy\": 1, \"name\": \"a\", \"name\": \"b\"}");
  BAD_POLICY(FIVEK_REASON_POINTS_NOT_MONOTONE, "/rubric/power/1/points: ",
             "{\"fivek_policy\": 1, \"rubric\": {\"power\": {\"0\": "
             "{\"points\": 5}}}}");
  BAD_POLICY(FIVEK_REASON_YIELD_FALLS, "/ladder/3/yield_ppm: ",
             "{\"fivek_policy\": 1, \"ladder\": {\"3\": {\"yield_ppm\": 1}}}");
  BAD_POLICY(FIVEK_REASON_GATE_CYCLE, "/requires: ",
             "{\"fivek_policy\": 1, \"evidence\": {\"1\": {\"requires\": [2]},"
             " \"2\": {\"requires\": [1]}}}");
  BAD_POLICY(FIVEK_REASON_UNKNOWN_LEVEL, "/rubric/vision/4: ",
             "{\"fivek_policy\": 1, \"rubric\": {\"vision\": {\"4\": {}}}}");
  BAD_POLICY(FIVEK_REASON_UNKNOWN_EVIDENCE, "/evidence/32: ",
             "{\"fivek_policy\": 1, \"evidence\": {\"32\": {}}}");
  BAD_POLICY(FIVEK_REASON_UNKNOWN_CODE,
             "/ladder/7: ", "{\"fivek_policy\": 1, \"ladder\": {\"7\": {}}}");
  BAD_POLICY(FIVEK_REASON_POLICY_VALUE,
             "/rounding: ", "{\"fivek_policy\": 1, \"rounding\": \"up\"}");
  /* A long key with Chinese in it: the message is cut, not in a character. */
  BAD_POLICY(FIVEK_REASON_UNKNOWN_KEY, "/合",
             "{\"fivek_policy\": 1, \"合格经办人合格经办人合格经办人合格经办人"
             "合格经办人合格经办人合格经办人合格经办人合格经办人合格经办人合格"
             "经办人合格经办人合格经办人合格经办人合格经办人合格经办人\": 1}");
#undef BAD_POLICY
  NULL_REFUSED(fivek_policy_from_json(NULL, 5, &out, E));
  CHECK_SPOILT(out);
  CHECK_EQ(fivek_policy_from_json(NULL, 0, &out, NULL),
           FIVEK_INVALID_ARGUMENT); /* no text is no policy */
  CHECK_EQ(fivek_policy_from_json(&no_text, 0, &out, NULL),
           FIVEK_INVALID_ARGUMENT);
  CHECK_SPOILT(out);
  NULL_REFUSED(fivek_policy_from_json(JSON(text), NULL, E));

  free(built_in);
  free(text);
  fivek_policy_release(ours);
}

/* ---- Money, probability
 * ------------------------------------------------------ */

static void test_amounts(void) {
  const fivek_policy* const ours = make_ours();
  const int64_t amounts[3] = {123450, 123450, -7};
  const int32_t shares[3] = {250000, 250000, 0};
  const int32_t bad_shares[3] = {0, 1000000, 1000001};
  const int64_t large[2] = {INT64_MAX, 1};
  int64_t out;

  ACCEPTED(fivek_amount_expect(NULL, 123450, 250000, &out, E));
  CHECK_EQ(out, 30862); /* 30862.5 */
  ACCEPTED(fivek_amount_expect(ours, 123450, 250000, &out, E));
  CHECK_EQ(out, 30863);
  ACCEPTED(fivek_amount_expect(NULL, INT64_MIN, 1000000, &out, E));
  CHECK_EQ(out, INT64_MIN);
  SPOIL(out);
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_amount_expect(NULL, 1, -1, &out, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_amount_expect(NULL, 1, 1000001, &out, E));
  CHECK_SAYS("1000001");
  CHECK_SPOILT(out);
  NULL_REFUSED(fivek_amount_expect(NULL, 1, 1, NULL, E));

  ACCEPTED(fivek_amount_total(NULL, amounts, shares, 3, &out, E));
  CHECK_EQ(out, 61725); /* not 2 x 30862 */
  ACCEPTED(fivek_amount_total(ours, amounts, shares, 1, &out, E));
  CHECK_EQ(out, 30863);
  ACCEPTED(fivek_amount_total(NULL, amounts, NULL, 3, &out, E));
  CHECK_EQ(out, 246893);
  ACCEPTED(fivek_amount_total(NULL, amounts, shares, 0, &out, E));
  CHECK_EQ(out, 0);
  ACCEPTED(fivek_amount_total(NULL, NULL, NULL, 0, &out, E));
  CHECK_EQ(out, 0);
  SPOIL(out);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, -1,
             fivek_amount_total(NULL, amounts, bad_shares, 3, &out, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_amount_total(NULL, large, NULL, 2, &out, E));
  NULL_REFUSED(fivek_amount_total(NULL, NULL, shares, 3, &out, E));
  CHECK_SPOILT(out);
  NULL_REFUSED(fivek_amount_total(NULL, amounts, shares, 3, NULL, E));
  fivek_policy_release(ours);
}

static void test_currencies(void) {
  const fivek_policy* const ours = make_ours();
  int32_t digits;
  int64_t out;

  ACCEPTED(fivek_currency_minor_digits(NULL, "USD", &digits, E));
  CHECK_EQ(digits, 2);
  ACCEPTED(fivek_currency_minor_digits(NULL, "JPY", &digits, E));
  CHECK_EQ(digits, 0);
  ACCEPTED(fivek_currency_minor_digits(NULL, "KWD", &digits, E));
  CHECK_EQ(digits, 3);
  ACCEPTED(fivek_currency_minor_digits(ours, "USD", &digits, E));
  CHECK_EQ(digits, 3);
  ACCEPTED(fivek_currency_minor_digits(ours, "XTS", &digits, E));
  CHECK_EQ(digits, 1);
  SPOIL(digits);
  REFUSED(FIVEK_NOT_FOUND, FIVEK_REASON_UNKNOWN_CURRENCY,
          fivek_currency_minor_digits(NULL, "XTS", &digits, E));
  CHECK_SAYS("XTS");
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_currency_minor_digits(NULL, "usd", &digits, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_currency_minor_digits(NULL, "", &digits, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_currency_minor_digits(NULL, "USDX", &digits, E));
  NULL_REFUSED(fivek_currency_minor_digits(NULL, NULL, &digits, E));
  CHECK_SPOILT(digits);
  NULL_REFUSED(fivek_currency_minor_digits(NULL, "USD", NULL, E));

  ACCEPTED(fivek_money_sum(5, "EUR", -7, "EUR", &out, E));
  CHECK_EQ(out, -2);
  SPOIL(out);
  REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_CURRENCY_MISMATCH,
          fivek_money_sum(5, "EUR", 7, "USD", &out, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_money_sum(INT64_MAX, "EUR", 1, "EUR", &out, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_money_sum(INT64_MIN, "EUR", -1, "EUR", &out, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_money_sum(5, "EU", 7, "EUR", &out, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_money_sum(5, "EUR", 7, "E R", &out, E));
  NULL_REFUSED(fivek_money_sum(5, NULL, 7, "EUR", &out, E));
  NULL_REFUSED(fivek_money_sum(5, "EUR", 7, NULL, &out, E));
  CHECK_SPOILT(out);
  NULL_REFUSED(fivek_money_sum(5, "EUR", 7, "EUR", NULL, E));
  fivek_policy_release(ours);
}

#define TEXT(text) text, sizeof(text) - 1

static void test_amount_texts(void) {
  const amount_input amounts[] = {{123450, 2},    {0, 2},         {5, 2},
                                  {-5, 2},        {123450, 0},    {-1, 4},
                                  {INT64_MIN, 2}, {INT64_MAX, 4}, {7, 1}};
  const char* const texts[] = {"1234.50",
                               "0.00",
                               "0.05",
                               "-0.05",
                               "123450",
                               "-0.0001",
                               "-92233720368547758.08",
                               "922337203685477.5807",
                               "0.7"};
  size_t i;
  int64_t out;
  size_t needed;
  char buf[8];

  for (i = 0; i < COUNT_OF(amounts); ++i) {
    check_text_out(write_amount, &amounts[i], texts[i]);
    ACCEPTED(fivek_amount_parse(texts[i], strlen(texts[i]),
                                amounts[i].minor_digits, &out, E));
    CHECK_EQ(out, amounts[i].amount);
  }
  SPOIL(needed);
  SPOIL(buf);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_amount_format(1, -1, buf, sizeof(buf), &needed, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_amount_format(1, 5, buf, sizeof(buf), &needed, E));
  CHECK_SPOILT(needed);
  CHECK_SPOILT(buf);

  ACCEPTED(fivek_amount_parse(TEXT("1234.5"), 2, &out, E));
  CHECK_EQ(out, 123450);
  ACCEPTED(fivek_amount_parse("12345", 3, 0, &out, E)); /* not past len */
  CHECK_EQ(out, 123);
  ACCEPTED(fivek_amount_parse(TEXT("1.500"), 1, &out, E));
  CHECK_EQ(out, 15);
  SPOIL(out);
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_amount_parse(TEXT("1.55"), 1, &out, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_amount_parse(TEXT("1,234"), 2, &out, E));
  CHECK_SAYS("1,234");
  INVALID(FIVEK_REASON_MALFORMED_TEXT, fivek_amount_parse("", 0, 2, &out, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT, fivek_amount_parse(NULL, 0, 2, &out, E));
  /* What is shown of a bad text stays a C string of UTF-8. */
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_amount_parse(TEXT("1\0002"), 2, &out, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_amount_parse(TEXT("\xff\xfe\n"), 2, &out, E));
  CHECK_SAYS("\"???\"");
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_amount_parse(TEXT("合格"), 2, &out, E));
  CHECK_SAYS("\"合格\"");
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_amount_parse(TEXT("1"), -1, &out, E));
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_amount_parse(TEXT("1"), 5, &out, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_amount_parse(TEXT("9223372036854775808"), 0, &out, E));
  NULL_REFUSED(fivek_amount_parse(NULL, 1, 2, &out, E));
  CHECK_SPOILT(out);
  NULL_REFUSED(fivek_amount_parse(TEXT("1"), 2, NULL, E));
}

static void test_probabilities(void) {
  const int32_t shares[] = {0, 1, 250000, 631500, 999999, 1000000};
  const int32_t least = INT32_MIN;
  const char* const texts[] = {"0 %",     "0.0001 %",  "25 %",
                               "63.15 %", "99.9999 %", "100 %"};
  size_t i;
  int32_t ppm;

  for (i = 0; i < COUNT_OF(shares); ++i) {
    check_text_out(write_probability, &shares[i], texts[i]);
    ACCEPTED(fivek_probability_parse(texts[i], strlen(texts[i]) - 2,
                                     FIVEK_UNIT_PERCENT, &ppm, E));
    CHECK_EQ(ppm, shares[i]);
  }
  check_text_out(write_probability, &least, "-214748.3648 %");
  ACCEPTED(fivek_probability_parse(TEXT("0.75"), FIVEK_UNIT_FRACTION, &ppm, E));
  CHECK_EQ(ppm, 750000);
  ACCEPTED(fivek_probability_parse(TEXT("750000"), FIVEK_UNIT_PPM, &ppm, E));
  CHECK_EQ(ppm, 750000);
  ACCEPTED(
      fivek_probability_parse(TEXT("0.00005"), FIVEK_UNIT_PERCENT, &ppm, E));
  CHECK_EQ(ppm, 0); /* half to even */
  SPOIL(ppm);
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_probability_parse(TEXT("101"), FIVEK_UNIT_PERCENT, &ppm, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_probability_parse(TEXT("-1"), FIVEK_UNIT_PERCENT, &ppm, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_probability_parse(TEXT("75"), FIVEK_UNIT_FRACTION, &ppm, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_probability_parse(TEXT("75 %"), FIVEK_UNIT_PERCENT, &ppm, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_probability_parse(NULL, 0, FIVEK_UNIT_PERCENT, &ppm, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_probability_parse(TEXT("75"), -1, &ppm, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_probability_parse(TEXT("75"), 3, &ppm, E));
  NULL_REFUSED(fivek_probability_parse(NULL, 2, FIVEK_UNIT_PERCENT, &ppm, E));
  CHECK_SPOILT(ppm);
  NULL_REFUSED(
      fivek_probability_parse(TEXT("75"), FIVEK_UNIT_PERCENT, NULL, E));

  ACCEPTED(fivek_probability_ratio(4238, 6711, &ppm, E));
  CHECK_EQ(ppm, 631501);
  ACCEPTED(fivek_probability_ratio(INT64_MAX, INT64_MAX, &ppm, E));
  CHECK_EQ(ppm, 1000000);
  SPOIL(ppm);
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_probability_ratio(1, 0, &ppm, E));
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_probability_ratio(0, -1, &ppm, E));
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_probability_ratio(-1, 2, &ppm, E));
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_probability_ratio(3, 2, &ppm, E));
  CHECK_SPOILT(ppm);
  NULL_REFUSED(fivek_probability_ratio(1, 2, NULL, E));
}

/* ---- Calendar
 * ------------------------------------------------------------------ */

static void test_calendar(void) {
  const int32_t first = -719162; /* 0001-01-01 */
  const int32_t last = 2932896;  /* 9999-12-31 */
  const int32_t leap_day = 19782;
  const int32_t bad_dates[][3] = {{2023, 2, 29},
                                  {2024, 13, 1},
                                  {2024, 0, 1},
                                  {2024, 1, 0},
                                  {2024, 4, 31},
                                  {0, 1, 1},
                                  {10000, 1, 1},
                                  {INT32_MIN, INT32_MIN, 1},
                                  {2024, INT32_MAX, INT32_MAX}};
  int32_t day;
  int32_t date[3];
  int64_t instant;
  size_t i;
  size_t needed;
  char buf[16];

  ACCEPTED(fivek_day_from_date(2024, 2, 29, &day, E));
  CHECK_EQ(day, leap_day);
  ACCEPTED(fivek_day_from_date(1, 1, 1, &day, E));
  CHECK_EQ(day, first);
  ACCEPTED(fivek_day_from_date(9999, 12, 31, &day, E));
  CHECK_EQ(day, last);
  SPOIL(day);
  for (i = 0; i < COUNT_OF(bad_dates); ++i) {
    INVALID(FIVEK_REASON_VALUE_RANGE,
            fivek_day_from_date(bad_dates[i][0], bad_dates[i][1],
                                bad_dates[i][2], &day, E));
  }
  CHECK_SPOILT(day);
  NULL_REFUSED(fivek_day_from_date(2024, 2, 29, NULL, E));

  ACCEPTED(fivek_day_to_date(leap_day, &date[0], &date[1], &date[2], E));
  CHECK(date[0] == 2024 && date[1] == 2 && date[2] == 29);
  SPOIL(date);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_day_to_date(first - 1, &date[0], &date[1], &date[2], E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_day_to_date(last + 1, &date[0], &date[1], &date[2], E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_day_to_date(INT32_MIN, &date[0], &date[1], &date[2], E));
  NULL_REFUSED(fivek_day_to_date(0, NULL, &date[1], &date[2], E));
  NULL_REFUSED(fivek_day_to_date(0, &date[0], NULL, &date[2], E));
  NULL_REFUSED(fivek_day_to_date(0, &date[0], &date[1], NULL, E));
  CHECK_SPOILT(date);

  check_text_out(write_day, &leap_day, "2024-02-29");
  check_text_out(write_day, &first, "0001-01-01");
  check_text_out(write_day, &last, "9999-12-31");
  SPOIL(buf);
  SPOIL(needed);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_day_format(last + 1, buf, sizeof(buf), &needed, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_day_format(first - 1, buf, sizeof(buf), &needed, E));
  CHECK_SPOILT(buf);
  CHECK_SPOILT(needed);

  ACCEPTED(fivek_day_parse(TEXT("2024-02-29"), &day, E));
  CHECK_EQ(day, leap_day);
  SPOIL(day);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_day_parse(TEXT("2023-02-29"), &day, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_day_parse(TEXT("29.02.2024"), &day, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT, fivek_day_parse(NULL, 0, &day, E));
  NULL_REFUSED(fivek_day_parse(NULL, 10, &day, E));
  CHECK_SPOILT(day);
  NULL_REFUSED(fivek_day_parse(TEXT("2024-02-29"), NULL, E));

  CHECK_EQ(fivek_day_weekday(0), 3); /* a Thursday */
  CHECK_EQ(fivek_day_weekday(4), 0);
  CHECK_EQ(fivek_day_weekday(-4), 6);
  for (i = 0; i < 7; ++i) {
    CHECK_EQ(fivek_day_weekday(INT32_MIN + (int32_t)i),
             (fivek_day_weekday(INT32_MIN) + (int32_t)i) % 7);
  }
  CHECK(fivek_day_weekday(INT32_MAX) >= 0 && fivek_day_weekday(INT32_MAX) < 7);

  ACCEPTED(fivek_day_of_instant(86399, &day, E));
  CHECK_EQ(day, 0);
  ACCEPTED(fivek_day_of_instant(-1, &day, E));
  CHECK_EQ(day, -1);
  SPOIL(day);
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_day_of_instant(INT64_MAX, &day, E));
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_day_of_instant(INT64_MIN, &day, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_day_of_instant((last + INT64_C(1)) * 86400, &day, E));
  CHECK_SPOILT(day);
  NULL_REFUSED(fivek_day_of_instant(0, NULL, E));

  ACCEPTED(fivek_instant_parse(TEXT("1970-01-02"), &instant, E));
  CHECK_EQ(instant, 86400);
  ACCEPTED(
      fivek_instant_parse(TEXT("2024-02-29T12:30:15.9+08:00"), &instant, E));
  CHECK_EQ(instant, INT64_C(19782) * 86400 + 4 * 3600 + 30 * 60 + 15);
  ACCEPTED(fivek_instant_parse(TEXT("1970-01-01 00:00Z"), &instant, E));
  CHECK_EQ(instant, 0);
  SPOIL(instant);
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_instant_parse(TEXT("2024-02-29T12:30:15"), &instant, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_instant_parse(TEXT("2024-02-29T24:00Z"), &instant, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_instant_parse(TEXT("2023-02-29T12:00Z"), &instant, E));
  INVALID(FIVEK_REASON_MALFORMED_TEXT,
          fivek_instant_parse(NULL, 0, &instant, E));
  NULL_REFUSED(fivek_instant_parse(NULL, 3, &instant, E));
  CHECK_SPOILT(instant);
  NULL_REFUSED(fivek_instant_parse(TEXT("1970-01-02"), NULL, E));
}

/* ---- Result structs of other sizes
   ------------------------------------------------ `call` fills the struct that
   `p` points to. */

/* Sizes that no release has had. */
#define WRONG_SIZES(type)                                                  \
  {                                                                        \
    0, 3, 4, (uint32_t)sizeof(type) - 4, (uint32_t)sizeof(type) - 1, 4097, \
        UINT32_MAX                                                         \
  }

#define CHECK_STRUCT(type, call)                                           \
  do {                                                                     \
    union {                                                                \
      type filled;                                                         \
      unsigned char bytes[sizeof(type) + 64];                              \
    } box, before;                                                         \
    type* const p = &box.filled;                                           \
    static const uint32_t kWrong[] = WRONG_SIZES(type);                    \
    size_t k;                                                              \
    for (k = 0; k < COUNT_OF(kWrong); ++k) {                               \
      memset(&box, CANARY, sizeof(box));                                   \
      p->struct_size = kWrong[k];                                          \
      before = box;                                                        \
      INVALID(FIVEK_REASON_STRUCT_SIZE, call);                             \
      CHECK(memcmp(&box, &before, sizeof(box)) == 0);                      \
    }                                                                      \
    /* The same size: all of it is written, nothing behind it. */          \
    memset(&box, CANARY, sizeof(box));                                     \
    p->struct_size = (uint32_t)sizeof(type);                               \
    ACCEPTED(call);                                                        \
    CHECK_EQ(p->struct_size, sizeof(type));                                \
    CHECK(all_bytes(box.bytes + sizeof(type), 64, CANARY));                \
    before = box;                                                          \
    /* A newer caller with an empty tail gets the same. */                 \
    memset(&box, 0, sizeof(box));                                          \
    memset(box.bytes + sizeof(type) + 32, CANARY, 32);                     \
    p->struct_size = (uint32_t)sizeof(type) + 32;                          \
    ACCEPTED(call);                                                        \
    CHECK_EQ(p->struct_size, sizeof(type) + 32);                           \
    CHECK(memcmp(box.bytes + 4, before.bytes + 4, sizeof(type) - 4) == 0); \
    CHECK(all_bytes(box.bytes + sizeof(type), 32, 0));                     \
    CHECK(all_bytes(box.bytes + sizeof(type) + 32, 32, CANARY));           \
    /* One that wants something this library does not know. */             \
    for (k = 0; k < 32; k += 31) {                                         \
      memset(&box, 0, sizeof(box));                                        \
      p->struct_size = (uint32_t)sizeof(type) + 32;                        \
      box.bytes[sizeof(type) + k] = 1;                                     \
      before = box;                                                        \
      INVALID(FIVEK_REASON_RESERVED_NOT_ZERO, call);                       \
      CHECK(memcmp(&box, &before, sizeof(box)) == 0);                      \
    }                                                                      \
  } while (0)

/* The same for a struct that is only read: `given` is one that is accepted,
   and `call` takes `p`. */
#define CHECK_INPUT_STRUCT(type, given, call)                          \
  do {                                                                 \
    union {                                                            \
      type filled;                                                     \
      unsigned char bytes[sizeof(type) + 64];                          \
    } box, before;                                                     \
    type* const p = &box.filled;                                       \
    static const uint32_t kWrong[] = WRONG_SIZES(type);                \
    size_t k;                                                          \
    memset(&box, CANARY, sizeof(box));                                 \
    box.filled = (given);                                              \
    for (k = 0; k < COUNT_OF(kWrong); ++k) {                           \
      p->struct_size = kWrong[k];                                      \
      INVALID(FIVEK_REASON_STRUCT_SIZE, call);                         \
    }                                                                  \
    /* The same size: what is behind it is nobody's. */                \
    p->struct_size = (uint32_t)sizeof(type);                           \
    before = box;                                                      \
    ACCEPTED(call);                                                    \
    CHECK(memcmp(&box, &before, sizeof(box)) == 0);                    \
    /* A newer caller that asks for nothing new, and one that does. */ \
    memset(box.bytes + sizeof(type), 0, 32);                           \
    p->struct_size = (uint32_t)sizeof(type) + 32;                      \
    ACCEPTED(call);                                                    \
    for (k = 0; k < 32; k += 31) {                                     \
      memset(box.bytes + sizeof(type), 0, 32);                         \
      box.bytes[sizeof(type) + k] = 1;                                 \
      INVALID(FIVEK_REASON_RESERVED_NOT_ZERO, call);                   \
    }                                                                  \
  } while (0)

/* All structs that start with struct_size; the error has its own test below.
   tests/abi/contract.py looks that none is left out. */
static void test_structs(void) {
  const fivek_assessment assessment = {{3, 3, 2, 4, 1}, 0, {0, 0}};
  const uint8_t codes[2] = {0, 1};
  static const int32_t kPpm[7] = {0, 1, 2, 3, 4, 5, 6};
  static const double kForecasts[2] = {0.25, 0.75};
  uint8_t strength[2];
  static const uint8_t kDue[2] = {FIVEK_DUE_WON, FIVEK_DUE_PUSHED};
  static const int32_t kDays[2] = {3, 5};
  static const int64_t kAmounts[2] = {100, 300};
  fivek_rollup* rollup = NULL;
  fivek_rollup_in rows;
  fivek_activity_change change;
  fivek_productivity productivity;
  fivek_snapshot_row deal;
  const fivek_snapshot* snapshot = NULL;
  double weight[2];
  size_t count = 0;
  fivek_score_in in;
  fivek_score_out out;
  fivek_calibration calibration;
  CHECK_STRUCT(fivek_strength, fivek_strength_of(NULL, &assessment, p, E));
  CHECK_STRUCT(fivek_evidence_rule, fivek_evidence_rule_of(NULL, 18, p, E));
  CHECK_STRUCT(fivek_standing, fivek_standing_of(NULL, 0x3F, NULL, 0, p, E));
  CHECK_STRUCT(fivek_alignment, fivek_actions_measure(codes, codes, 2, p, E));
  CHECK_STRUCT(fivek_claim, fivek_claim_audit(NULL, 4, 0x3F, 3, p, E));
  CHECK_STRUCT(fivek_score_rule, fivek_score_rule_of(NULL, 0, p, E));
  CHECK_STRUCT(fivek_forecast_quality,
               fivek_forecasts_evaluate(kForecasts, codes, 2, p, E));
  CHECK_STRUCT(fivek_forecast_gate,
               fivek_forecasts_compare(kForecasts, kForecasts, codes, 2, p, E));
  CHECK_STRUCT(fivek_rate, fivek_rate_shrink(0.1, 20, 3, 12, p, E));
  CHECK_STRUCT(fivek_beta_binomial,
               fivek_beta_binomial_fit(kForecasts, kForecasts, 2, p, E));
  CHECK_STRUCT(fivek_durations, fivek_durations_fit(kDays, codes, NULL, 2, 5, p,
                                                    NULL, 0, &count, E));
  CHECK_STRUCT(fivek_slippage,
               fivek_slippage_measure(kDue, kAmounts, kDays, 2, 1.96, p, NULL,
                                      0, &count, E));
  CHECK_STRUCT(fivek_share, fivek_top_share(kAmounts, 2, 1, 4, FIVEK_SHARE_TOP,
                                            FIVEK_TIES_INCLUDE, weight, p, E));

  memset(&change, 0, sizeof(change));
  change.before_numerator = change.before_denominator = 1;
  change.after_denominator = 1;
  change.calls_per_deal_numerator = change.calls_per_deal_denominator = 1;
  change.struct_size = sizeof(change);
  memset(&productivity, 0, sizeof(productivity));
  productivity.struct_size = sizeof(productivity);
  CHECK_INPUT_STRUCT(fivek_activity_change, change,
                     fivek_productivity_of(p, &productivity, E));
  CHECK_STRUCT(fivek_productivity, fivek_productivity_of(&change, p, E));

  memset(&deal, 0, sizeof(deal));
  CHECK_EQ(fivek_snapshot_create(0, 0, &deal, 1, &snapshot, NULL), FIVEK_OK);
  CHECK_STRUCT(fivek_movement,
               fivek_movement_of(snapshot, snapshot, 0, 90, p, E));
  fivek_snapshot_release(snapshot);

  memset(&rows, 0, sizeof(rows));
  rows.milestone = codes;
  CHECK_EQ(fivek_rollup_create(FIVEK_ROLLUP_BY_MILESTONE, &rollup, NULL),
           FIVEK_OK);
  CHECK_INPUT_STRUCT(fivek_rollup_in, rows, fivek_rollup_add(rollup, p, 2, E));
  CHECK_STRUCT(fivek_rollup_group, fivek_rollup_group_of(rollup, 1, p, E));
  CHECK_STRUCT(fivek_rollup_group, fivek_rollup_total(rollup, p, E));
  fivek_rollup_release(rollup);

  memset(&in, 0, sizeof(in));
  in.struct_size = sizeof(in);
  in.problem = codes;
  memset(&out, 0, sizeof(out));
  out.struct_size = sizeof(out);
  out.strength = strength;
  memset(&calibration, 0, sizeof(calibration));
  calibration.buckets = 1;
  calibration.ppm = kPpm;
  CHECK_INPUT_STRUCT(fivek_score_in, in,
                     fivek_score_columns(NULL, p, &out, 2, NULL, E));
  CHECK_INPUT_STRUCT(fivek_score_out, out,
                     fivek_score_columns(NULL, &in, p, 2, NULL, E));
  CHECK_INPUT_STRUCT(
      fivek_calibration, calibration,
      fivek_score_columns_calibrated(NULL, p, &in, &out, 2, NULL, E));
}

/* An error of any size: written up to it, never further, and a message in it
   ends inside it. */
static void test_error_sizes(void) {
  unsigned char bytes[320];
  uint32_t size;
  int32_t out = 0;
  for (size = 0; size <= 300; ++size) {
    fivek_error error;
    const uint32_t written = size < 256 ? size : 256;
    memset(bytes, CANARY, sizeof(bytes));
    memcpy(bytes, &size, sizeof(size));
    /* The library sees a pointer; how much is behind it, it has to believe. */
    CHECK_EQ(fivek_step_stage(-1, &out, (fivek_error*)(void*)bytes),
             FIVEK_INVALID_ARGUMENT);
    CHECK(memcmp(bytes, &size, sizeof(size)) == 0);
    if (written > 4) {
      CHECK(all_bytes(bytes + written, sizeof(bytes) - written, CANARY));
    } else {
      CHECK(all_bytes(bytes + 4, sizeof(bytes) - 4, CANARY));
    }
    memcpy(&error, bytes, sizeof(error));
    if (written >= 8) CHECK_EQ(error.status, FIVEK_INVALID_ARGUMENT);
    if (written >= 12) CHECK_EQ(error.reason, FIVEK_REASON_UNKNOWN_CODE);
    if (written >= 16) CHECK_EQ(error.column, -1);
    if (written >= 24) CHECK_EQ(error.row, -1);
    if (written > 32) {
      CHECK(error.message_len < written - 32);
      CHECK_EQ(error.message[error.message_len], '\0');
      CHECK_EQ(strlen(error.message), error.message_len);
    }
  }
}

/* ---- The 5K formula
 * ------------------------------------------------------------- */

static void test_strength(void) {
  const fivek_policy* const ours = make_ours();
  fivek_assessment a = {{3, 3, 2, 4, 1}, 0, {0, 0}};
  fivek_strength s;
  fivek_strength before;
  int d;
  int bit;
  static const uint8_t kLevels[5] = {6, 8, 4, 7, 7};

  memset(&s, 0, sizeof(s));
  s.struct_size = (uint32_t)sizeof(s);
  ACCEPTED(fivek_strength_of(NULL, &a, &s, E));
  CHECK_EQ(s.total, 27);
  CHECK_EQ(s.highest_reachable, 27);
  CHECK_EQ(s.points[0], 6);
  CHECK_EQ(s.points[1], 9);
  CHECK_EQ(s.points[2], 4);
  CHECK_EQ(s.points[3], 4);
  CHECK_EQ(s.points[4], 4);
  CHECK_EQ(s.product_ppm, 1080);
  CHECK_EQ(s.product_max_ppm, 1080);
  CHECK_EQ(s.balanced, 26);
  CHECK_EQ(s.weakest, FIVEK_DIMENSION_VISION);
  CHECK_EQ(s.unknown_mask, 0);
  CHECK_EQ(s.next_level, 3);
  CHECK_EQ(s.next_gain, 2);

  a.by_decision_maker = 1 << FIVEK_DIMENSION_VISION;
  a.level[FIVEK_DIMENSION_CONTROL] = FIVEK_UNKNOWN;
  ACCEPTED(fivek_strength_of(NULL, &a, &s, E));
  CHECK_EQ(s.total, 34);
  CHECK_EQ(s.highest_reachable, 54);
  CHECK_EQ(s.points[2], 15);
  CHECK_EQ(s.points[4], -1);
  CHECK_EQ(s.product_ppm, 0);
  CHECK_EQ(s.product_max_ppm, 20250);
  CHECK_EQ(s.balanced, 0);
  CHECK_EQ(s.weakest, FIVEK_UNKNOWN);
  CHECK_EQ(s.unknown_mask, 1 << FIVEK_DIMENSION_CONTROL);
  CHECK_EQ(s.next_level, -1);
  CHECK_EQ(s.next_gain, 0);

  a.level[FIVEK_DIMENSION_POWER] = 7;
  ACCEPTED(fivek_strength_of(ours, &a, &s, E));
  CHECK_EQ(s.points[1], 18);

  memset(&s, CANARY, sizeof(s));
  s.struct_size = (uint32_t)sizeof(s);
  before = s;
  for (d = 0; d < 5; ++d) {
    fivek_assessment bad = {{0, 0, 0, 0, 0}, 0, {0, 0}};
    for (bad.level[d] = kLevels[d]; bad.level[d] != FIVEK_UNKNOWN;
         ++bad.level[d]) {
      REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_LEVEL, -1, d,
                 fivek_strength_of(NULL, &bad, &s, E));
    }
    CHECK_SAYS("254");
    bad.level[d] = (uint8_t)(kLevels[d] - 1);
    ACCEPTED(fivek_strength_of(NULL, &bad, &s, E));
    CHECK_EQ(s.points[d], d == 1 || d == 4 ? 20 : (d == 0 ? 10 : 6));
    s = before;
  }
  for (bit = 0; bit < 8; ++bit) {
    fivek_assessment bad = {{0, 0, 0, 0, 0}, 0, {0, 0}};
    bad.by_decision_maker = (uint8_t)(1 << bit);
    if (bit == 0 || bit == 2 || bit == 3) {
      ACCEPTED(fivek_strength_of(NULL, &bad, &s, E));
      s = before;
    } else {
      INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
              fivek_strength_of(NULL, &bad, &s, E));
    }
  }
  for (d = 0; d < 2; ++d) {
    fivek_assessment bad = {{0, 0, 0, 0, 0}, 0, {0, 0}};
    bad.reserved[d] = 1;
    INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
            fivek_strength_of(NULL, &bad, &s, E));
  }
  NULL_REFUSED(fivek_strength_of(NULL, NULL, &s, E));
  CHECK(memcmp(&s, &before, sizeof(s)) == 0);
  NULL_REFUSED(fivek_strength_of(NULL, &a, NULL, E));
  fivek_policy_release(ours);
}

static void test_rubric(void) {
  const fivek_policy* const ours = make_ours();
  static const int32_t kLevels[5] = {6, 8, 4, 7, 7};
  int32_t points;
  int32_t d;

  ACCEPTED(fivek_rubric_points(NULL, 0, 0, 1, &points, E));
  CHECK_EQ(points, 12);
  ACCEPTED(fivek_rubric_points(NULL, 2, 3, 0, &points, E));
  CHECK_EQ(points, 6);
  ACCEPTED(fivek_rubric_points(NULL, 1, 7, 0, &points, E));
  CHECK_EQ(points, 20);
  ACCEPTED(fivek_rubric_points(ours, 1, 7, 0, &points, E));
  CHECK_EQ(points, 18);
  SPOIL(points);
  INVALID(FIVEK_REASON_UNKNOWN_DIMENSION,
          fivek_rubric_points(NULL, -1, 0, 0, &points, E));
  INVALID(FIVEK_REASON_UNKNOWN_DIMENSION,
          fivek_rubric_points(NULL, 5, 0, 0, &points, E));
  for (d = 0; d < 5; ++d) {
    const int32_t two_columns = d != 1 && d != 4;
    INVALID(FIVEK_REASON_UNKNOWN_LEVEL,
            fivek_rubric_points(NULL, d, -1, 0, &points, E));
    INVALID(FIVEK_REASON_UNKNOWN_LEVEL,
            fivek_rubric_points(NULL, d, kLevels[d], 0, &points, E));
    INVALID(FIVEK_REASON_UNKNOWN_LEVEL,
            fivek_rubric_points(NULL, d, FIVEK_UNKNOWN, 0, &points, E));
    INVALID(FIVEK_REASON_VALUE_RANGE,
            fivek_rubric_points(NULL, d, 0, -1, &points, E));
    INVALID(FIVEK_REASON_VALUE_RANGE,
            fivek_rubric_points(NULL, d, 0, two_columns + 1, &points, E));
  }
  CHECK_SPOILT(points);
  NULL_REFUSED(fivek_rubric_points(NULL, 0, 0, 0, NULL, E));
  fivek_policy_release(ours);
}

/* ---- Evidence and milestones
 * ------------------------------------------------------- */

static void test_evidence(void) {
  const fivek_policy* const ours = make_ours();
  static const int32_t kUnknownItems[] = {-1, 22, 31, 32, INT32_MAX, INT32_MIN};
  fivek_evidence_rule rule;
  fivek_evidence_rule before;
  int32_t proven;
  int32_t item;
  size_t i;

  memset(&rule, 0, sizeof(rule));
  rule.struct_size = (uint32_t)sizeof(rule);
  for (item = 0; item < FIVEK_EVIDENCE_COUNT; ++item) {
    ACCEPTED(fivek_evidence_rule_of(NULL, item, &rule, E));
    CHECK_EQ(rule.mode, FIVEK_GATE_BLOCKING);
    CHECK_EQ(rule.least_proof, item == FIVEK_EVIDENCE_CONTRACT
                                   ? FIVEK_PROOF_SIGNED_DOCUMENT
                                   : FIVEK_PROOF_MEETING_MINUTES);
    CHECK_EQ(rule.witness, item >= 2 && item <= 6 ? FIVEK_WITNESS_SPONSOR
                           : item >= 7 && item <= 10
                               ? FIVEK_WITNESS_DECISION_MAKER
                               : FIVEK_WITNESS_ANYONE);
    CHECK_EQ(rule.prerequisites, 0);
    CHECK_EQ(rule.gate, item < 5     ? 1
                        : item < 8   ? 2
                        : item < 13  ? 3
                        : item < 15  ? 4
                        : item < 18  ? 5
                        : item == 18 ? 6
                                     : 0);
    CHECK_EQ(rule.stage, item < 7    ? 0
                         : item < 11 ? 1
                         : item < 13 ? 2
                         : item < 15 ? 3
                         : item < 19 ? 4
                                     : 5);
  }
  ACCEPTED(fivek_evidence_rule_of(ours, 22, &rule, E));
  CHECK_EQ(rule.stage, 1);
  CHECK_EQ(rule.gate, 2);
  CHECK_EQ(rule.mode, FIVEK_GATE_BLOCKING);
  CHECK_EQ(rule.witness, FIVEK_WITNESS_DECISION_MAKER);
  CHECK_EQ(rule.least_proof, FIVEK_PROOF_SIGNED_DOCUMENT);
  CHECK_EQ(rule.prerequisites, 1 << 5);
  ACCEPTED(fivek_evidence_rule_of(ours, 4, &rule, E));
  CHECK_EQ(rule.mode, FIVEK_GATE_ADVISORY);
  ACCEPTED(fivek_evidence_rule_of(ours, 6, &rule, E));
  CHECK_EQ(rule.mode, FIVEK_GATE_WAIVABLE);

  before = rule;
  SPOIL(proven);
  for (i = 0; i < COUNT_OF(kUnknownItems); ++i) {
    INVALID(FIVEK_REASON_UNKNOWN_EVIDENCE,
            fivek_evidence_rule_of(NULL, kUnknownItems[i], &rule, E));
    CHECK_SAYS("0-21");
    INVALID(FIVEK_REASON_UNKNOWN_EVIDENCE,
            fivek_evidence_is_proven(NULL, kUnknownItems[i], 2, 4, &proven, E));
  }
  CHECK(memcmp(&rule, &before, sizeof(rule)) == 0);
  NULL_REFUSED(fivek_evidence_rule_of(NULL, 0, NULL, E));

  for (i = 0; i < 2; ++i) {
    INVALID(FIVEK_REASON_UNKNOWN_SHOWN_BY,
            fivek_evidence_is_proven(NULL, 0, i == 0 ? -1 : 8, 4, &proven, E));
    INVALID(FIVEK_REASON_UNKNOWN_PROOF,
            fivek_evidence_is_proven(NULL, 0, 2, i == 0 ? -1 : 6, &proven, E));
  }
  CHECK_SPOILT(proven);
  NULL_REFUSED(fivek_evidence_is_proven(NULL, 0, 2, 4, NULL, E));
  ACCEPTED(fivek_evidence_is_proven(NULL, 7, FIVEK_SHOWN_BY_DECISION_MAKER,
                                    FIVEK_PROOF_BUYERS_MESSAGE, &proven, E));
  CHECK_EQ(proven, 1);
  ACCEPTED(fivek_evidence_is_proven(NULL, 7, FIVEK_SHOWN_BY_SPONSOR,
                                    FIVEK_PROOF_BUYERS_MESSAGE, &proven, E));
  CHECK_EQ(proven, 0);
  ACCEPTED(fivek_evidence_is_proven(NULL, 18, FIVEK_SHOWN_BY_NOT_STATED,
                                    FIVEK_PROOF_BUYERS_MESSAGE, &proven, E));
  CHECK_EQ(proven, 0);
  ACCEPTED(fivek_evidence_is_proven(ours, 22, FIVEK_SHOWN_BY_DECISION_MAKER,
                                    FIVEK_PROOF_SYSTEM_RECORD, &proven, E));
  CHECK_EQ(proven, 1);
  fivek_policy_release(ours);
}

static void test_milestone(void) {
  const fivek_policy* const ours = make_ours();
  int32_t stage;
  int32_t milestone;
  int32_t yield;
  uint32_t missing;

#define MILESTONE_IS(policy, evidence, a, b, c, d)                            \
  do {                                                                        \
    ACCEPTED(fivek_milestone_of(policy, evidence, &stage, &milestone, &yield, \
                                &missing, E));                                \
    CHECK_EQ(stage, a);                                                       \
    CHECK_EQ(milestone, b);                                                   \
    CHECK_EQ(yield, c);                                                       \
    CHECK_EQ(missing, d);                                                     \
  } while (0)
  MILESTONE_IS(NULL, 0, 0, 0, 0, 0x1F);
  MILESTONE_IS(NULL, 0x3F, 0, 1, 100000, 0xC0);
  MILESTONE_IS(NULL, 0xFF, 1, 2, 250000, 0x1F00);
  MILESTONE_IS(NULL, 0x3FFFF, 4, 5, 900000, 0x40000);
  MILESTONE_IS(NULL, 0x40000, 5, 6, 1000000, 0);
  MILESTONE_IS(NULL, 0xFFC00000, 0, 0, 0, 0x1F);
  MILESTONE_IS(NULL, UINT32_MAX, 5, 6, 1000000, 0);
  /* Item 4 is only advised there, and 22 stands beside 5, 6 and 7. */
  MILESTONE_IS(ours, 0xF, 0, 1, 100000, 0x4000E0);
  MILESTONE_IS(ours, 0x4000EF, 1, 2, 300000, 0x1F00);
#undef MILESTONE_IS

  SPOIL(stage);
  SPOIL(milestone);
  SPOIL(yield);
  SPOIL(missing);
  NULL_REFUSED(
      fivek_milestone_of(NULL, 1, NULL, &milestone, &yield, &missing, E));
  NULL_REFUSED(fivek_milestone_of(NULL, 1, &stage, NULL, &yield, &missing, E));
  NULL_REFUSED(
      fivek_milestone_of(NULL, 1, &stage, &milestone, NULL, &missing, E));
  NULL_REFUSED(
      fivek_milestone_of(NULL, 1, &stage, &milestone, &yield, NULL, E));
  CHECK_SPOILT(stage);
  CHECK_SPOILT(milestone);
  CHECK_SPOILT(yield);
  CHECK_SPOILT(missing);
  fivek_policy_release(ours);
}

static void test_standing(void) {
  const fivek_policy* const ours = make_ours();
  const fivek_waiver fine[2] = {{6, 3}, {6, 3}};
  const fivek_waiver unknown_item[2] = {{6, 3}, {23, 3}};
  const fivek_waiver blocking[2] = {{6, 3}, {7, 3}};
  const fivek_waiver unknown_reason[2] = {{6, 3}, {6, 2}};
  fivek_standing out;
  fivek_standing before;

  memset(&out, 0, sizeof(out));
  out.struct_size = (uint32_t)sizeof(out);
  ACCEPTED(fivek_standing_of(NULL, 0x3F, NULL, 0, &out, E));
  CHECK_EQ(out.stage, 0);
  CHECK_EQ(out.milestone, 1);
  CHECK_EQ(out.yield_ppm, 100000);
  CHECK_EQ(out.missing_for_next, 0xC0);
  CHECK_EQ(out.skipped, 0);
  CHECK_EQ(out.advised, 0);
  CHECK_EQ(out.waived, 0);
  ACCEPTED(fivek_standing_of(NULL, 0x5FFFF, NULL, 0, &out, E));
  CHECK_EQ(out.skipped, 0x20000);
  CHECK_EQ(out.missing_for_next, 0);
  ACCEPTED(fivek_standing_of(ours, 7, NULL, 0, &out, E));
  CHECK_EQ(out.missing_for_next, 8);
  CHECK_EQ(out.advised, 0x10);
  ACCEPTED(fivek_standing_of(ours, 0x4000AF, fine, 2, &out, E));
  CHECK_EQ(out.stage, 1);
  CHECK_EQ(out.milestone, 2);
  CHECK_EQ(out.yield_ppm, 300000);
  CHECK_EQ(out.missing_for_next, 0x1F00);
  CHECK_EQ(out.waived, 0x40);
  /* What is there needs no waiver. */
  ACCEPTED(fivek_standing_of(ours, 0x4000EF, fine, 1, &out, E));
  CHECK_EQ(out.waived, 0);

  before = out;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_EVIDENCE, 1, -1,
             fivek_standing_of(ours, 0, unknown_item, 2, &out, E));
  REFUSED_AT(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_WAIVER_NOT_ALLOWED, 1, -1,
             fivek_standing_of(ours, 0, blocking, 2, &out, E));
  REFUSED_AT(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_WAIVER_NOT_ALLOWED, 0, -1,
             fivek_standing_of(NULL, 0, fine, 1, &out, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 1, -1,
             fivek_standing_of(ours, 0, unknown_reason, 2, &out, E));
  NULL_REFUSED(fivek_standing_of(ours, 0, NULL, 1, &out, E));
  /* More than any memory holds: refused before one is read. */
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_OUT_OF_MEMORY,
          fivek_standing_of(ours, 0, fine, SIZE_MAX, &out, E));
  CHECK(memcmp(&out, &before, sizeof(out)) == 0);
  NULL_REFUSED(fivek_standing_of(ours, 0, fine, 1, NULL, E));
  fivek_policy_release(ours);
}

/* ---- The opportunity
 * ----------------------------------------------------------------- */

static fivek_event event_at(int64_t at, int32_t kind, int32_t code,
                            int32_t shown_by, int32_t proof) {
  fivek_event event;
  memset(&event, 0, sizeof(event));
  event.at = at;
  event.kind = kind;
  event.code = code;
  event.shown_by = shown_by;
  event.proof = proof;
  event.reference = UINT64_MAX;
  return event;
}

/* Applies an event that is refused, and compares all 64 bytes. */
#define EVENT_REFUSED(status, reason, policy, event)            \
  do {                                                          \
    const fivek_opportunity unchanged = deal;                   \
    const fivek_event given = event;                            \
    REFUSED(status, reason,                                     \
            fivek_opportunity_apply(policy, &deal, &given, E)); \
    CHECK(memcmp(&deal, &unchanged, sizeof(deal)) == 0);        \
  } while (0)

#define EVENT(event)                                                     \
  do {                                                                   \
    const fivek_event given = event;                                     \
    open_frame();                                                        \
    CHECK_EQ(fivek_opportunity_apply(NULL, &deal, &given, E), FIVEK_OK); \
    check_untouched(#event, __LINE__);                                   \
  } while (0)

static void test_opportunity(void) {
  const fivek_policy* const ours = make_ours();
  fivek_opportunity deal;
  fivek_opportunity corrupt;
  fivek_event event;
  int32_t item;

  memset(&deal, CANARY, sizeof(deal));
  ACCEPTED(fivek_opportunity_init(&deal, 1000, E));
  CHECK_EQ(deal.evidence, 0);
  CHECK_EQ(deal.outcome, FIVEK_OUTCOME_OPEN);
  CHECK_EQ(deal.cycle, 1);
  CHECK_EQ(deal.stage, 0);
  CHECK_EQ(deal.milestone, 0);
  CHECK_EQ(deal.highest_milestone, 0);
  CHECK_EQ(deal.regressions, 0);
  CHECK_EQ(deal.lost_reason, -1);
  CHECK_EQ(deal.stage_since, 1000);
  CHECK_EQ(deal.milestone_since, 1000);
  CHECK_EQ(deal.last_event_at, 1000);
  CHECK_EQ(deal.proven, 0);
  CHECK_EQ(deal.reserved, 0);
  NULL_REFUSED(fivek_opportunity_init(NULL, 0, E));

  for (item = 0; item < 8; ++item) {
    EVENT(event_at(1000 + item, FIVEK_EVENT_EVIDENCE_CONFIRMED, item,
                   FIVEK_SHOWN_BY_DECISION_MAKER, FIVEK_PROOF_SYSTEM_RECORD));
  }
  CHECK_EQ(deal.evidence, 0xFF);
  CHECK_EQ(deal.proven, 0xFF);
  CHECK_EQ(deal.stage, 1);
  CHECK_EQ(deal.stage_since, 1006);
  CHECK_EQ(deal.milestone, 2);
  CHECK_EQ(deal.milestone_since, 1007);

  /* Values out of their ranges, each at both ends. */
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_EVENT, NULL,
                event_at(2000, -1, 0, 0, 0));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_EVENT, NULL,
                event_at(2000, 10, 0, 0, 0));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_EVENT, NULL,
                event_at(2000, INT32_MIN, 0, 0, 0));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_EVIDENCE, NULL,
                event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, -1, 0, 0));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_EVIDENCE, NULL,
                event_at(2000, FIVEK_EVENT_EVIDENCE_WITHDRAWN, 32, 0, 0));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_SHOWN_BY, NULL,
                event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 8, -1, 0));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_SHOWN_BY, NULL,
                event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 8, 8, 0));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_PROOF, NULL,
                event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 8, 2, -1));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_PROOF, NULL,
                event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 8, 2, 6));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, NULL,
                event_at(2000, FIVEK_EVENT_LOST, -1, 0, 0));
  EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, NULL,
                event_at(2000, FIVEK_EVENT_VOIDED, INT32_MIN, 0, 0));

  /* What time, outcome, repetition and policy forbid. */
  EVENT_REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_OUT_OF_ORDER,
                NULL, event_at(1006, FIVEK_EVENT_PUT_ON_HOLD, 0, 0, 0));
  EVENT_REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED, NULL,
                event_at(2000, FIVEK_EVENT_RESUMED, 0, 0, 0));
  EVENT_REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED, NULL,
                event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 19, 0, 0));
  EVENT_REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVIDENCE_REPEATED, NULL,
                event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 7, 2, 5));
  EVENT_REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVIDENCE_UNPROVEN, ours,
                event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 8, 1, 5));
  CHECK_SAYS("shown by the decision maker");

  /* The life of a deal, through every event. */
  EVENT(event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 8, 7, 1));
  CHECK_EQ(deal.evidence, 0x1FF);
  CHECK_EQ(deal.proven, 0xFF);
  EVENT(
      event_at(2000, FIVEK_EVENT_EVIDENCE_CONFIRMED, 8, 2, 3)); /* proves it */
  CHECK_EQ(deal.proven, 0x1FF);
  EVENT(event_at(2100, FIVEK_EVENT_EVIDENCE_WITHDRAWN, 7, 99, 99));
  CHECK_EQ(deal.milestone, 1);
  CHECK_EQ(deal.regressions, 1);
  CHECK_EQ(deal.highest_milestone, 2);
  EVENT(event_at(2200, FIVEK_EVENT_SPONSOR_CHANGED, -7, 0, 0));
  CHECK_EQ(deal.evidence, 0x183 & ~0x80);
  CHECK_EQ(deal.regressions, 1);
  EVENT(event_at(2300, FIVEK_EVENT_DECISION_MAKER_CHANGED, 0, 0, 0));
  CHECK_EQ(deal.evidence, 3);
  EVENT(event_at(2400, FIVEK_EVENT_PUT_ON_HOLD, 0, 0, 0));
  CHECK_EQ(deal.outcome, FIVEK_OUTCOME_ON_HOLD);
  EVENT(event_at(2500, FIVEK_EVENT_RESUMED, 0, 0, 0));
  EVENT(event_at(2600, FIVEK_EVENT_LOST, 7, 0, 0));
  CHECK_EQ(deal.outcome, FIVEK_OUTCOME_LOST);
  CHECK_EQ(deal.lost_reason, 7);
  EVENT(event_at(2700, FIVEK_EVENT_REOPENED, 0, 0, 0));
  CHECK_EQ(deal.lost_reason, -1);
  EVENT(event_at(2800, FIVEK_EVENT_VOIDED, 0, 0, 0));
  CHECK_EQ(deal.outcome, FIVEK_OUTCOME_VOID);
  CHECK_EQ(deal.lost_reason, 0);
  EVENT(event_at(2900, FIVEK_EVENT_REOPENED, 0, 0, 0));
  EVENT(event_at(3000, FIVEK_EVENT_EVIDENCE_CONFIRMED, FIVEK_EVIDENCE_CONTRACT,
                 FIVEK_SHOWN_BY_DECISION_MAKER, FIVEK_PROOF_SIGNED_DOCUMENT));
  CHECK_EQ(deal.outcome, FIVEK_OUTCOME_WON);
  CHECK_EQ(deal.stage, 5);
  CHECK_EQ(deal.milestone, 6);
  EVENT(event_at(3100, FIVEK_EVENT_EVIDENCE_CONFIRMED, 19, 0, 0));
  corrupt = deal;
  corrupt.cycle = INT32_MAX;
  EVENT(event_at(3200, FIVEK_EVENT_CYCLE_RESTARTED, 0, 0, 0));
  CHECK_EQ(deal.cycle, 2);
  CHECK_EQ(deal.outcome, FIVEK_OUTCOME_OPEN);
  CHECK_EQ(deal.evidence, 0);
  CHECK_EQ(deal.proven, 0);
  CHECK_EQ(deal.highest_milestone, 6);

  deal = corrupt;
  EVENT_REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_CYCLE_LIMIT, NULL,
                event_at(3200, FIVEK_EVENT_CYCLE_RESTARTED, 0, 0, 0));

  /* States that init and events cannot have made. */
  CHECK_EQ(fivek_opportunity_init(&deal, 0, NULL), FIVEK_OK);
  corrupt = deal;
#define CORRUPT(field, value)                                               \
  do {                                                                      \
    deal = corrupt;                                                         \
    deal.field = value;                                                     \
    EVENT_REFUSED(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_STATE_CORRUPT, NULL, \
                  event_at(5, FIVEK_EVENT_PUT_ON_HOLD, 0, 0, 0));           \
  } while (0)
  CORRUPT(outcome, -1);
  CORRUPT(outcome, 5);
  CORRUPT(stage, -1);
  CORRUPT(stage, 6);
  CORRUPT(milestone, -1);
  CORRUPT(milestone, 7);
  CORRUPT(highest_milestone, -1);
  CORRUPT(highest_milestone, INT32_MAX);
  CORRUPT(proven, 1);
  CORRUPT(reserved, 1);
#undef CORRUPT

  event = event_at(0, 0, 0, 0, 0);
  NULL_REFUSED(fivek_opportunity_apply(NULL, NULL, &event, E));
  corrupt = deal;
  NULL_REFUSED(fivek_opportunity_apply(NULL, &deal, NULL, E));
  CHECK(memcmp(&deal, &corrupt, sizeof(deal)) == 0);
  fivek_policy_release(ours);
}

/* More than one of the blocks that the library works in. */
#define EVENTS 2500
#define ROWS 7

static void test_apply_events(void) {
  static fivek_event events[EVENTS];
  static uint32_t rows[EVENTS];
  static fivek_status statuses[EVENTS];
  fivek_opportunity start[ROWS];
  fivek_opportunity table[ROWS];
  fivek_opportunity one_by_one[ROWS];
  uint32_t random = 1;
  size_t refused = 0;
  size_t want_refused = 0;
  size_t first_refused = EVENTS;
  size_t i;

  for (i = 0; i < ROWS; ++i) {
    CHECK_EQ(fivek_opportunity_init(&start[i], 0, NULL), FIVEK_OK);
  }
  for (i = 0; i < EVENTS; ++i) {
    random = random * 1664525U + 1013904223U;
    rows[i] = (random >> 8) % (ROWS + 1); /* one row too many */
    events[i] =
        event_at((int64_t)(i / 2), (int32_t)((random >> 12) % 11),
                 (int32_t)((random >> 16) % 33), (int32_t)((random >> 20) % 8),
                 (int32_t)((random >> 24) % 6));
    if (i <
        20) { /* a run that is accepted, to be kept by the call that fails */
      rows[i] = (uint32_t)(i % ROWS);
      events[i] =
          event_at(0, FIVEK_EVENT_EVIDENCE_CONFIRMED, (int32_t)i % 18, 2, 4);
    }
  }
  memcpy(one_by_one, start, sizeof(start));
  SPOIL(statuses);
  memcpy(table, start, sizeof(table));
  open_frame();
  CHECK_EQ(fivek_apply_events(NULL, table, ROWS, rows, events, EVENTS, statuses,
                              &refused, E),
           FIVEK_OK);
  check_untouched("fivek_apply_events", __LINE__);
  for (i = 0; i < EVENTS; ++i) {
    const fivek_status want =
        rows[i] >= ROWS ? FIVEK_INVALID_ARGUMENT
                        : fivek_opportunity_apply(NULL, &one_by_one[rows[i]],
                                                  &events[i], NULL);
    CHECK_EQ(statuses[i], want);
    if (want != FIVEK_OK) {
      ++want_refused;
      if (first_refused == EVENTS) first_refused = i;
    }
  }
  CHECK_EQ(refused, want_refused);
  CHECK(memcmp(table, one_by_one, sizeof(table)) == 0);
  CHECK(want_refused > 100 && EVENTS - want_refused > 100);
  CHECK(first_refused >= 20);

  /* The count is not wanted. */
  memcpy(table, start, sizeof(table));
  CHECK_EQ(fivek_apply_events(NULL, table, ROWS, rows, events, EVENTS, statuses,
                              NULL, NULL),
           FIVEK_OK);
  CHECK(memcmp(table, one_by_one, sizeof(table)) == 0);

  /* Without statuses the first refusal ends the call; what went before stays.
   */
  memcpy(one_by_one, start, sizeof(start));
  for (i = 0; i < first_refused; ++i) {
    CHECK_EQ(
        fivek_opportunity_apply(NULL, &one_by_one[rows[i]], &events[i], NULL),
        FIVEK_OK);
  }
  memcpy(table, start, sizeof(table));
  open_frame();
  CHECK(fivek_apply_events(NULL, table, ROWS, rows, events, EVENTS, NULL,
                           &refused, E) != FIVEK_OK);
  CHECK_EQ(frame.error.row, first_refused);
  CHECK_EQ(refused, 1);
  CHECK(memcmp(table, one_by_one, sizeof(table)) == 0);
  memcpy(table, start, sizeof(table));
  CHECK_EQ(fivek_apply_events(NULL, table, ROWS, rows, events, first_refused,
                              NULL, &refused, NULL),
           FIVEK_OK);
  CHECK_EQ(refused, 0);

  /* Each kind of refusal names its row. */
  memcpy(table, start, sizeof(table));
  rows[0] = ROWS;
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_ROW_RANGE, 0, -1,
      fivek_apply_events(NULL, table, ROWS, rows, events, 3, NULL, NULL, E));
  CHECK(memcmp(table, start, sizeof(table)) == 0);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_ROW_RANGE, 0, -1,
             fivek_apply_events(NULL, NULL, 0, rows, events, 3, NULL, NULL, E));
  CHECK_EQ(fivek_apply_events(NULL, NULL, 0, rows, events, 3, statuses,
                              &refused, NULL),
           FIVEK_OK);
  CHECK_EQ(refused, 3);
  rows[0] = rows[1] = 2;
  events[0] = event_at(9, FIVEK_EVENT_PUT_ON_HOLD, 0, 0, 0);
  events[1] = event_at(8, FIVEK_EVENT_RESUMED, 0, 0, 0);
  memcpy(table, start, sizeof(table));
  open_frame();
  check_refused(
      fivek_apply_events(NULL, table, ROWS, rows, events, 2, NULL, NULL, E),
      FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_OUT_OF_ORDER, 1, -1,
      "the second event is older", __LINE__);
  CHECK_EQ(table[2].outcome, FIVEK_OUTCOME_ON_HOLD);

  /* Nothing to do, and pointers that are missing. */
  ACCEPTED(fivek_apply_events(NULL, NULL, 0, NULL, NULL, 0, NULL, NULL, E));
  refused = 5;
  ACCEPTED(fivek_apply_events(NULL, table, ROWS, NULL, NULL, 0, statuses,
                              &refused, E));
  CHECK_EQ(refused, 0);
  memcpy(table, start, sizeof(table));
  SPOIL(statuses);
  SPOIL(refused);
  NULL_REFUSED(fivek_apply_events(NULL, NULL, ROWS, rows, events, 1, statuses,
                                  &refused, E));
  NULL_REFUSED(fivek_apply_events(NULL, table, ROWS, NULL, events, 1, statuses,
                                  &refused, E));
  NULL_REFUSED(fivek_apply_events(NULL, table, ROWS, rows, NULL, 1, statuses,
                                  &refused, E));
  CHECK_SPOILT(statuses);
  CHECK_SPOILT(refused);
  CHECK(memcmp(table, start, sizeof(table)) == 0);
}

/* ---- The buying cycle
 * ----------------------------------------------------------------- */

static void test_cycle(void) {
  const uint8_t actions[4] = {3, 0, 5, 2};
  const uint8_t stages[4] = {0, 4, 5, 2};
  const uint8_t bad[4] = {0, 1, 6, 0};
  fivek_alignment share;
  fivek_alignment before;
  int32_t steps;
  int32_t stage;
  static const int32_t kStages[7] = {0, 0, 1, 2, 3, 4, 4};
  int32_t step;

  ACCEPTED(fivek_action_align(3, 0, &steps, E));
  CHECK_EQ(steps, 3);
  ACCEPTED(fivek_action_align(0, 5, &steps, E));
  CHECK_EQ(steps, -5);
  SPOIL(steps);
  INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_action_align(-1, 0, &steps, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_action_align(6, 0, &steps, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_action_align(0, -1, &steps, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_action_align(0, 6, &steps, E));
  CHECK_SPOILT(steps);
  NULL_REFUSED(fivek_action_align(0, 0, NULL, E));

  memset(&share, 0, sizeof(share));
  share.struct_size = (uint32_t)sizeof(share);
  ACCEPTED(fivek_actions_measure(actions, stages, 4, &share, E));
  CHECK_EQ(share.aligned_ppm, 500000);
  CHECK_EQ(share.aligned, 2);
  CHECK_EQ(share.ahead, 1);
  CHECK_EQ(share.behind, 1);
  ACCEPTED(fivek_actions_measure(NULL, NULL, 0, &share, E));
  CHECK_EQ(share.aligned_ppm, -1);
  CHECK_EQ(share.aligned, 0);
  before = share;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 2, -1,
             fivek_actions_measure(bad, stages, 4, &share, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 2, -1,
             fivek_actions_measure(actions, bad, 4, &share, E));
  NULL_REFUSED(fivek_actions_measure(NULL, stages, 4, &share, E));
  NULL_REFUSED(fivek_actions_measure(actions, NULL, 4, &share, E));
  CHECK(memcmp(&share, &before, sizeof(share)) == 0);
  NULL_REFUSED(fivek_actions_measure(actions, stages, 4, NULL, E));

  for (step = 0; step < 7; ++step) {
    ACCEPTED(fivek_step_stage(step, &stage, E));
    CHECK_EQ(stage, kStages[step]);
  }
  SPOIL(stage);
  INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_step_stage(-1, &stage, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_step_stage(7, &stage, E));
  CHECK_SPOILT(stage);
  NULL_REFUSED(fivek_step_stage(0, NULL, E));
}

static void test_market(void) {
  const int64_t own[6] = {1, 1, 0, 0, 0, 2};
  const int64_t none[6] = {0, 0, 0, 0, 0, 0};
  const int64_t negative[6] = {1, 1, 0, -1, 0, 2};
  const int64_t large[6] = {INT64_MAX, 1, 0, 0, 0, 0};
  /* One more each, to see where writing ends. */
  int32_t share[7];
  int32_t difference[7];
  int i;

  SPOIL(share);
  SPOIL(difference);
  ACCEPTED(fivek_market_compare(own, share, difference, E));
  CHECK_EQ(share[0], 250000);
  CHECK_EQ(share[5], 500000);
  CHECK_EQ(difference[0], 250000 - 790000);
  CHECK_EQ(difference[5], 500000 - 90000);
  CHECK_SPOILT(share[6]);
  CHECK_SPOILT(difference[6]);
  ACCEPTED(fivek_market_compare(none, share, difference, E));
  for (i = 0; i < 6; ++i) {
    CHECK_EQ(share[i], -1);
    CHECK_EQ(difference[i], 0);
  }
  SPOIL(share);
  SPOIL(difference);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_market_compare(negative, share, difference, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_market_compare(large, share, difference, E));
  NULL_REFUSED(fivek_market_compare(NULL, share, difference, E));
  NULL_REFUSED(fivek_market_compare(own, NULL, difference, E));
  NULL_REFUSED(fivek_market_compare(own, share, NULL, E));
  CHECK_SPOILT(share);
  CHECK_SPOILT(difference);
}

static void test_buying_center(void) {
  const fivek_policy* const ours = make_ours();
  uint32_t gaps;
  int bit;

  ACCEPTED(fivek_buying_center_gaps(NULL, 0, 0, 0, &gaps, E));
  CHECK_EQ(gaps, FIVEK_GAP_DECISION_MAKER_UNKNOWN |
                     FIVEK_GAP_DECISION_MAKER_NOT_MET |
                     FIVEK_GAP_SINGLE_THREADED | FIVEK_GAP_NO_SUPPORT);
  ACCEPTED(fivek_buying_center_gaps(NULL, 31, 3, 1, &gaps, E));
  CHECK_EQ(gaps, 0);
  ACCEPTED(fivek_buying_center_gaps(NULL, 3, 2, 0, &gaps, E));
  CHECK_EQ(gaps, FIVEK_GAP_DECISION_MAKER_NOT_MET | FIVEK_GAP_SINGLE_THREADED |
                     FIVEK_GAP_NO_SUPPORT);
  ACCEPTED(fivek_buying_center_gaps(ours, 31, 3, 1, &gaps, E));
  CHECK_EQ(gaps, FIVEK_GAP_SINGLE_THREADED); /* three people are to be met */
  SPOIL(gaps);
  for (bit = 5; bit < 32; ++bit) {
    const uint32_t unknown = UINT32_C(1) << bit;
    INVALID(FIVEK_REASON_UNKNOWN_CODE,
            fivek_buying_center_gaps(NULL, unknown, 0, 0, &gaps, E));
    INVALID(FIVEK_REASON_UNKNOWN_CODE,
            fivek_buying_center_gaps(NULL, 31, unknown, 0, &gaps, E));
    INVALID(FIVEK_REASON_UNKNOWN_CODE,
            fivek_buying_center_gaps(NULL, 31, 31, unknown, &gaps, E));
  }
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_buying_center_gaps(NULL, 1, 2, 0, &gaps, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_buying_center_gaps(NULL, 3, 1, 2, &gaps, E));
  CHECK_SPOILT(gaps);
  NULL_REFUSED(fivek_buying_center_gaps(NULL, 0, 0, 0, NULL, E));
  fivek_policy_release(ours);
}

/* ---- The conversation
 * -------------------------------------------------------------------- */

static void test_conversation(void) {
  static const int32_t kAnswers[3] = {0, 1, FIVEK_UNKNOWN};
  static const int32_t kNoAnswers[] = {-1, 2, 254, 256, INT32_MIN, INT32_MAX};
  int32_t group;
  int32_t verdict;
  int32_t question;
  int32_t signal;
  int a;
  size_t i;

  for (signal = -2; signal < 45; ++signal) {
    if (fivek_label("signal", signal, "en") != NULL) {
      ACCEPTED(fivek_signal_group(signal, &group, E));
      CHECK_EQ(group, signal / 16);
    } else {
      SPOIL(group);
      INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_signal_group(signal, &group, E));
      CHECK_SPOILT(group);
    }
  }
  NULL_REFUSED(fivek_signal_group(0, NULL, E));

  for (a = 0; a < 27; ++a) {
    const int32_t answers[3] = {kAnswers[a / 9], kAnswers[a / 3 % 3],
                                kAnswers[a % 3]};
    int32_t no = -1;
    int32_t unknown = -1;
    int q;
    for (q = 2; q >= 0; --q) {
      if (answers[q] == 0) no = q;
      if (answers[q] == FIVEK_UNKNOWN) unknown = q;
    }
    ACCEPTED(fivek_contact_qualify(answers[0], answers[1], answers[2], &verdict,
                                   &question, E));
    CHECK_EQ(verdict, no >= 0        ? FIVEK_VERDICT_NOT_QUALIFIED
                      : unknown >= 0 ? FIVEK_VERDICT_PENDING
                                     : FIVEK_VERDICT_QUALIFIED);
    CHECK_EQ(question, no >= 0 ? no : unknown);
  }
  SPOIL(verdict);
  SPOIL(question);
  for (i = 0; i < COUNT_OF(kNoAnswers); ++i) {
    INVALID(FIVEK_REASON_UNKNOWN_CODE,
            fivek_contact_qualify(kNoAnswers[i], 1, 1, &verdict, &question, E));
    INVALID(FIVEK_REASON_UNKNOWN_CODE,
            fivek_contact_qualify(0, kNoAnswers[i], 1, &verdict, &question, E));
    INVALID(
        FIVEK_REASON_UNKNOWN_CODE,
        fivek_contact_qualify(0, 255, kNoAnswers[i], &verdict, &question, E));
  }
  NULL_REFUSED(fivek_contact_qualify(1, 1, 1, NULL, &question, E));
  NULL_REFUSED(fivek_contact_qualify(1, 1, 1, &verdict, NULL, E));
  CHECK_SPOILT(verdict);
  CHECK_SPOILT(question);
}

/* ---- The audit
 * ------------------------------------------------------------------------------
 */

static void test_claims(void) {
  const fivek_policy* const ours = make_ours();
  fivek_claim claim;
  fivek_claim before;
  int32_t milestone;

  memset(&claim, 0, sizeof(claim));
  claim.struct_size = (uint32_t)sizeof(claim);
  ACCEPTED(fivek_claim_audit(NULL, 4, 0xFF, 0x1F, &claim, E));
  CHECK_EQ(claim.verdict, FIVEK_CLAIM_OVER);
  CHECK_EQ(claim.claimed, 4);
  CHECK_EQ(claim.supported, 2);
  CHECK_EQ(claim.proven_milestone, 1);
  CHECK_EQ(claim.rungs, 2);
  CHECK_EQ(claim.missing, 0x7F00);
  ACCEPTED(fivek_claim_audit(NULL, 0, 0xFF, 0, &claim, E));
  CHECK_EQ(claim.verdict, FIVEK_CLAIM_UNDER);
  CHECK_EQ(claim.rungs, -2);
  CHECK_EQ(claim.missing, 0);
  ACCEPTED(fivek_claim_audit(NULL, 2, 0xFF, 0xFF, &claim, E));
  CHECK_EQ(claim.verdict, FIVEK_CLAIM_IN_LINE);
  ACCEPTED(fivek_claim_audit(ours, 2, 0x1F, 0, &claim, E));
  CHECK_EQ(claim.verdict, FIVEK_CLAIM_IN_LINE); /* one rung is tolerated */
  CHECK_EQ(claim.rungs, 1);
  before = claim;
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_claim_audit(NULL, -1, 0, 0, &claim, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_claim_audit(NULL, 7, 0, 0, &claim, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_claim_audit(NULL, 1, 1, 3, &claim, E));
  CHECK(memcmp(&claim, &before, sizeof(claim)) == 0);
  NULL_REFUSED(fivek_claim_audit(NULL, 1, 1, 1, NULL, E));

  ACCEPTED(fivek_claim_milestone(NULL, 600000, &milestone, E));
  CHECK_EQ(milestone, 3);
  ACCEPTED(fivek_claim_milestone(NULL, 0, &milestone, E));
  CHECK_EQ(milestone, 0);
  ACCEPTED(fivek_claim_milestone(NULL, 1000000, &milestone, E));
  CHECK_EQ(milestone, 6);
  ACCEPTED(fivek_claim_milestone(NULL, 250000, &milestone, E));
  CHECK_EQ(milestone, 2);
  ACCEPTED(fivek_claim_milestone(ours, 250000, &milestone, E));
  CHECK_EQ(milestone, 1);
  SPOIL(milestone);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_claim_milestone(NULL, -1, &milestone, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_claim_milestone(NULL, 1000001, &milestone, E));
  CHECK_SPOILT(milestone);
  NULL_REFUSED(fivek_claim_milestone(NULL, 0, NULL, E));
  fivek_policy_release(ours);
}

static void test_score_rules(void) {
  const fivek_policy* const ours = make_ours();
  /* dimension, least points, only by the decision maker, item */
  static const int32_t kRules[5][4] = {
      {1, 9, 0, 5}, {4, 8, 0, 7}, {1, 10, 0, 10}, {0, 0, 1, 8}, {2, 0, 1, 9}};
  fivek_assessment a = {{0, 4, 0, 0, 2}, 5, {0, 0}};
  fivek_assessment bad = {{6, 0, 0, 0, 0}, 0, {0, 0}};
  fivek_score_rule rule;
  fivek_score_rule before;
  uint32_t broken;
  int32_t i;

  memset(&rule, 0, sizeof(rule));
  rule.struct_size = (uint32_t)sizeof(rule);
  for (i = 0; i < 5; ++i) {
    ACCEPTED(fivek_score_rule_of(NULL, i, &rule, E));
    CHECK_EQ(rule.dimension, kRules[i][0]);
    CHECK_EQ(rule.least_points, kRules[i][1]);
    CHECK_EQ(rule.only_by_decision_maker, kRules[i][2]);
    CHECK_EQ(rule.item, kRules[i][3]);
  }
  ACCEPTED(fivek_score_rule_of(ours, 0, &rule, E));
  CHECK_EQ(rule.dimension, FIVEK_DIMENSION_VALUE);
  CHECK_EQ(rule.least_points, 16);
  CHECK_EQ(rule.only_by_decision_maker, 1);
  CHECK_EQ(rule.item, 22);
  before = rule;
  REFUSED(FIVEK_NOT_FOUND, FIVEK_REASON_NOT_FOUND,
          fivek_score_rule_of(NULL, 5, &rule, E));
  REFUSED(FIVEK_NOT_FOUND, FIVEK_REASON_NOT_FOUND,
          fivek_score_rule_of(ours, 1, &rule, E));
  CHECK_EQ(fivek_score_rule_of(NULL, INT32_MAX, &rule, NULL), FIVEK_NOT_FOUND);
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_score_rule_of(NULL, -1, &rule, E));
  CHECK(memcmp(&rule, &before, sizeof(rule)) == 0);
  NULL_REFUSED(fivek_score_rule_of(NULL, 0, NULL, E));

  ACCEPTED(fivek_score_rules_broken(NULL, &a, 0, &broken, E));
  CHECK_EQ(broken, 31);
  ACCEPTED(fivek_score_rules_broken(NULL, &a, 0x7A0, &broken, E));
  CHECK_EQ(broken, 0);
  ACCEPTED(fivek_score_rules_broken(NULL, &a, 0x720, &broken, E));
  CHECK_EQ(broken, 2);
  ACCEPTED(fivek_score_rules_broken(ours, &a, 0, &broken, E));
  CHECK_EQ(broken, 0);
  SPOIL(broken);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_LEVEL, -1, 0,
             fivek_score_rules_broken(NULL, &bad, 0, &broken, E));
  bad.level[0] = 0;
  bad.reserved[1] = 1;
  INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
          fivek_score_rules_broken(NULL, &bad, 0, &broken, E));
  NULL_REFUSED(fivek_score_rules_broken(NULL, NULL, 0, &broken, E));
  CHECK_SPOILT(broken);
  NULL_REFUSED(fivek_score_rules_broken(NULL, &a, 0, NULL, E));
  fivek_policy_release(ours);
}

/* ---- Scoring a book
 * ----------------------------------------------------------------- */

#define BOOK 70

static void test_score_columns(void) {
  static uint8_t level[5][BOOK], by[BOOK], outcome[BOOK], age[BOOK];
  static uint32_t evidence[BOOK];
  static int64_t amount[BOOK + 1], expected[BOOK + 1];
  static uint8_t strength[BOOK], weakest[BOOK], stage[BOOK], milestone[BOOK];
  static int32_t product[BOOK], probability[BOOK];
  static fivek_status status[BOOK];
  static const uint8_t kLevels[5] = {6, 8, 4, 7, 7};
  static const uint32_t kItems[7] = {0,      0x1F,    0xFF,   0x1FFF,
                                     0x7FFF, 0x3FFFF, 0x7FFFF};
  static int32_t learned[14];
  fivek_score_in in;
  fivek_score_out out;
  fivek_score_in one_in;
  fivek_score_out one_out;
  struct {
    uint8_t strength, weakest, stage, milestone;
    int32_t product, probability;
    int64_t expected;
    fivek_status status;
  } one_row;
  fivek_deal deal;
  fivek_deal_score score;
  fivek_calibration calibration;
  size_t bad;
  size_t i;
  int d;
  struct {
    fivek_score_in known;
    uint32_t newer[4];
  } long_in;

  memset(&in, 0, sizeof(in));
  memset(&out, 0, sizeof(out));
  in.struct_size = sizeof(in);
  out.struct_size = sizeof(out);
  for (i = 0; i < BOOK; ++i) {
    for (d = 0; d < 5; ++d) {
      level[d][i] = (uint8_t)((i * 7 + (size_t)d * 5) % kLevels[d]);
    }
    by[i] = (uint8_t)(i % 16 & 13);
    evidence[i] = kItems[i % 7];
    outcome[i] = (uint8_t)(i % 5);
    amount[i] = (int64_t)i * 1001 - 500;
    age[i] = (uint8_t)(i % 2);
  }
  level[1][3] = level[4][60] = FIVEK_UNKNOWN;
  in.problem = level[0];
  in.power = level[1];
  in.vision = level[2];
  in.value = level[3];
  in.control = level[4];
  in.by_decision_maker = by;
  in.evidence = evidence;
  in.outcome = outcome;
  in.amount = amount;
  out.strength = strength;
  out.weakest = weakest;
  out.product_ppm = product;
  out.stage = stage;
  out.milestone = milestone;
  out.probability_ppm = probability;
  out.expected_amount = expected;
  out.row_status = status;

  /* Each row is what the functions of one row say. */
  SPOIL(status);
  bad = 7;
  ACCEPTED(fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  CHECK_EQ(bad, 0);
  for (i = 0; i < BOOK; ++i) {
    fivek_assessment a;
    fivek_strength one;
    int32_t want_stage, want_milestone, yield;
    uint32_t missing;
    int64_t want = 0;
    memset(&a, 0, sizeof(a));
    for (d = 0; d < 5; ++d) a.level[d] = level[d][i];
    a.by_decision_maker = by[i];
    one.struct_size = sizeof(one);
    CHECK_EQ(fivek_strength_of(NULL, &a, &one, NULL), FIVEK_OK);
    CHECK_EQ(strength[i], one.total);
    CHECK_EQ(weakest[i], one.weakest);
    if (one.unknown_mask == 0) CHECK_EQ(product[i], one.product_ppm);
    CHECK_EQ(fivek_milestone_of(NULL, evidence[i], &want_stage, &want_milestone,
                                &yield, &missing, NULL),
             FIVEK_OK);
    CHECK_EQ(stage[i], want_stage);
    CHECK_EQ(milestone[i], want_milestone);
    if (outcome[i] == FIVEK_OUTCOME_WON) yield = 1000000;
    if (outcome[i] == FIVEK_OUTCOME_LOST || outcome[i] == FIVEK_OUTCOME_VOID) {
      yield = 0;
    }
    CHECK_EQ(probability[i], yield);
    CHECK_EQ(fivek_amount_expect(NULL, amount[i], yield, &want, NULL),
             FIVEK_OK);
    CHECK_EQ(expected[i], want);
    CHECK_EQ(status[i], FIVEK_OK);
    /* One deal as a struct is the same, and so is one row. */
    memset(&deal, 0, sizeof(deal));
    deal.assessment = a;
    deal.evidence = evidence[i];
    deal.outcome = outcome[i];
    deal.amount = amount[i];
    ACCEPTED(fivek_score_deal(NULL, &deal, &score, E));
    CHECK_EQ(score.strength, strength[i]);
    CHECK_EQ(score.weakest, weakest[i]);
    CHECK_EQ(score.product_ppm, product[i]);
    CHECK_EQ(score.stage, stage[i]);
    CHECK_EQ(score.milestone, milestone[i]);
    CHECK_EQ(score.probability_ppm, probability[i]);
    CHECK_EQ(score.expected_amount, expected[i]);
    one_in = in;
    one_out = out;
    one_in.problem += i, one_in.power += i, one_in.vision += i;
    one_in.value += i, one_in.control += i, one_in.by_decision_maker += i;
    one_in.evidence += i, one_in.outcome += i, one_in.amount += i;
    SPOIL(one_row);
    one_out.strength = &one_row.strength;
    one_out.weakest = &one_row.weakest;
    one_out.product_ppm = &one_row.product;
    one_out.stage = &one_row.stage;
    one_out.milestone = &one_row.milestone;
    one_out.probability_ppm = &one_row.probability;
    one_out.expected_amount = &one_row.expected;
    one_out.row_status = &one_row.status;
    ACCEPTED(fivek_score_columns(NULL, &one_in, &one_out, 1, &bad, E));
    CHECK_EQ(bad, 0);
    CHECK_EQ(one_row.strength, strength[i]);
    CHECK_EQ(one_row.weakest, weakest[i]);
    CHECK_EQ(one_row.product, product[i]);
    CHECK_EQ(one_row.stage, stage[i]);
    CHECK_EQ(one_row.milestone, milestone[i]);
    CHECK_EQ(one_row.probability, probability[i]);
    CHECK_EQ(one_row.expected, expected[i]);
    CHECK_EQ(one_row.status, FIVEK_OK);
  }

  /* What makes a row bad makes a deal bad, and nothing is written. */
  SPOIL(score);
  deal.outcome = 5;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, -1, 7,
             fivek_score_deal(NULL, &deal, &score, E));
  CHECK_SAYS("outcome 5; allowed: 0 to 4");
  deal.outcome = -1;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, -1, 7,
             fivek_score_deal(NULL, &deal, &score, E));
  deal.outcome = FIVEK_OUTCOME_OPEN;
  deal.assessment.level[2] = 4;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_LEVEL, -1, 2,
             fivek_score_deal(NULL, &deal, &score, E));
  CHECK_SAYS("Vision level 4; allowed: 0 to 3");
  deal.assessment.level[2] = 0;
  deal.assessment.by_decision_maker = 2;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_RESERVED_NOT_ZERO, -1, 5,
             fivek_score_deal(NULL, &deal, &score, E));
  deal.assessment.by_decision_maker = 0;
  deal.assessment.reserved[1] = 1;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_RESERVED_NOT_ZERO, -1, 5,
             fivek_score_deal(NULL, &deal, &score, E));
  NULL_REFUSED(fivek_score_deal(NULL, NULL, &score, E));
  CHECK_SPOILT(score);
  NULL_REFUSED(fivek_score_deal(NULL, &deal, NULL, E));

  /* A bad row fails itself where there is a place to say so. */
  level[2][33] = 4;
  outcome[65] = 5;
  ACCEPTED(fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  CHECK_EQ(bad, 2);
  CHECK_EQ(status[32], FIVEK_OK);
  CHECK_EQ(status[33], FIVEK_INVALID_ARGUMENT);
  CHECK_EQ(strength[33], 0);
  CHECK_EQ(weakest[33], 255);
  CHECK_EQ(product[33], -1);
  CHECK_EQ(expected[33], 0);
  CHECK_EQ(status[65], FIVEK_INVALID_ARGUMENT);
  /* Without one, the first fails the call; what stands behind is untouched. */
  out.row_status = NULL;
  SPOIL(strength);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_LEVEL, 33, 2,
             fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  CHECK_EQ(bad, 1);
  CHECK(strength[32] != CANARY && strength[33] == CANARY);
  CHECK(strength[64] == CANARY);
  open_frame();
  CHECK(fivek_score_columns(NULL, &in, &out, BOOK, NULL, E) != FIVEK_OK);
  CHECK_SAYS("row 33");
  CHECK_SAYS("Vision");
  CHECK_SAYS("level 4; allowed: 0 to 3");
  level[2][33] = 0;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 65, 7,
             fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  outcome[65] = 0;
  by[5] = 2;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_RESERVED_NOT_ZERO, 5, 5,
             fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  by[5] = 0;

  /* Learned probabilities. */
  memset(&calibration, 0, sizeof(calibration));
  calibration.struct_size = sizeof(calibration);
  calibration.buckets = 2;
  calibration.ppm = learned;
  calibration.age_bucket = age;
  for (i = 0; i < 14; ++i) learned[i] = (int32_t)i * 1000 + 1;
  ACCEPTED(fivek_score_columns_calibrated(NULL, &calibration, &in, &out, BOOK,
                                          &bad, E));
  for (i = 0; i < BOOK; ++i) {
    if (outcome[i] > FIVEK_OUTCOME_ON_HOLD) continue;
    CHECK_EQ(probability[i], learned[milestone[i] * 2 + age[i]]);
  }
  age[9] = 2;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 9, 9,
             fivek_score_columns_calibrated(NULL, &calibration, &in, &out, BOOK,
                                            &bad, E));
  age[9] = 1;
  SPOIL(strength);
  learned[13] = 1000001;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_score_columns_calibrated(NULL, &calibration, &in, &out, BOOK,
                                         &bad, E));
  learned[13] = -1;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_score_columns_calibrated(NULL, &calibration, &in, &out, BOOK,
                                         &bad, E));
  learned[13] = 0;
  calibration.buckets = 0;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_score_columns_calibrated(NULL, &calibration, &in, &out, BOOK,
                                         &bad, E));
  calibration.buckets = 257;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_score_columns_calibrated(NULL, &calibration, &in, &out, BOOK,
                                         &bad, E));
  calibration.buckets = 2;
  calibration.ppm = NULL;
  NULL_REFUSED(fivek_score_columns_calibrated(NULL, &calibration, &in, &out,
                                              BOOK, &bad, E));
  NULL_REFUSED(
      fivek_score_columns_calibrated(NULL, NULL, &in, &out, BOOK, &bad, E));
  CHECK_SPOILT(strength);

  /* Structs of all sizes, columns off their alignment, counts. */
  NULL_REFUSED(fivek_score_columns(NULL, NULL, &out, BOOK, &bad, E));
  NULL_REFUSED(fivek_score_columns(NULL, &in, NULL, BOOK, &bad, E));
  in.reserved = 1;
  INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
          fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  in.reserved = 0;
  out.reserved = 1;
  INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
          fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  out.reserved = 0;
  in.struct_size = sizeof(in) - 8;
  INVALID(FIVEK_REASON_STRUCT_SIZE,
          fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  in.struct_size = sizeof(in);
  out.struct_size = 5000;
  INVALID(FIVEK_REASON_STRUCT_SIZE,
          fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  out.struct_size = sizeof(out);
  memset(&long_in, 0, sizeof(long_in));
  long_in.known = in;
  long_in.known.struct_size = sizeof(long_in);
  ACCEPTED(fivek_score_columns(NULL, &long_in.known, &out, BOOK, &bad, E));
  SPOIL(strength);
  long_in.newer[1] = 1;
  INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
          fivek_score_columns(NULL, &long_in.known, &out, BOOK, &bad, E));
  in.amount = (const int64_t*)(const void*)((const char*)amount + 4);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  in.amount = amount;
  out.expected_amount = (int64_t*)(void*)((char*)expected + 1);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_score_columns(NULL, &in, &out, BOOK, &bad, E));
  out.expected_amount = expected;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_score_columns(NULL, &in, &out, ~(size_t)0, &bad, E));
  CHECK_SPOILT(strength);
  bad = 3;
  ACCEPTED(fivek_score_columns(NULL, &in, &out, 0, &bad, E));
  CHECK_EQ(bad, 0);
  CHECK_SPOILT(strength);
  /* Nothing given: unknown and empty. */
  memset(&in, 0, sizeof(in));
  in.struct_size = sizeof(in);
  ACCEPTED(fivek_score_columns(NULL, &in, &out, BOOK, NULL, E));
  CHECK_EQ(strength[BOOK - 1], 0);
  CHECK_EQ(weakest[0], 255);
  CHECK_EQ(product[BOOK - 1], -1);
  CHECK_EQ(expected[0], 0);
  CHECK(strlen(fivek_score_target()) > 0);
}

/* ---- Roll-ups ------------------------------------------------------------ */

static fivek_rollup_group group_at(fivek_rollup* rollup, size_t index) {
  fivek_rollup_group group;
  SPOIL(group);
  group.struct_size = (uint32_t)sizeof(group);
  CHECK_EQ(fivek_rollup_group_of(rollup, index, &group, NULL), FIVEK_OK);
  return group;
}

static void test_rollups(void) {
  static const uint8_t milestone[4] = {2, 2, 5, 2};
  static const uint8_t outcome[4] = {FIVEK_OUTCOME_OPEN, FIVEK_OUTCOME_WON,
                                     FIVEK_OUTCOME_LOST, FIVEK_OUTCOME_OPEN};
  static const int64_t amount[4] = {123450, 1000, -7, 123450};
  static const int32_t ppm[4] = {250000, 1000000, -1, 250000};
  static const uint32_t owner[4] = {4000000000U, 3, 3, 4000000000U};
  static const int64_t huge[2] = {INT64_MAX, INT64_MAX};
  static const uint8_t bad[2] = {0, 7};
  static const int32_t certain[2] = {1000000, 1000000};
  fivek_rollup_in in;
  fivek_rollup_in none;
  fivek_rollup_in spoilt;
  fivek_rollup_group group;
  fivek_rollup_group kept;
  fivek_rollup* rollup = NULL;
  fivek_rollup* other = NULL;
  fivek_rollup* read = NULL;
  uint8_t bytes[256];
  uint8_t again[256];
  size_t count = 99;
  size_t needed = 99;

  memset(&none, 0, sizeof(none));
  none.struct_size = (uint32_t)sizeof(none);
  in = none;
  in.milestone = milestone;
  in.outcome = outcome;
  in.amount = amount;
  in.probability_ppm = ppm;
  in.owner = owner;

  /* A new one is empty. Each accepted call is made twice. */
  INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_rollup_create(-1, &rollup, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE, fivek_rollup_create(3, &rollup, E));
  CHECK_SAYS("allowed: 0 to 2");
  CHECK(rollup == NULL);
  NULL_REFUSED(fivek_rollup_create(0, NULL, E));
  CHECK_EQ(fivek_rollup_create(FIVEK_ROLLUP_BY_BOTH, &rollup, NULL), FIVEK_OK);
  CHECK_EQ(fivek_rollup_create(FIVEK_ROLLUP_BY_OWNER, &other, NULL), FIVEK_OK);
  ACCEPTED(fivek_rollup_groups(rollup, &count, E));
  CHECK_EQ(count, 0);
  ACCEPTED(fivek_rollup_add(rollup, &in, 0, E));
  ACCEPTED(fivek_rollup_add(rollup, &in, 4, E));
  ACCEPTED(fivek_rollup_groups(rollup, &count, E));
  CHECK_EQ(count, 3);

  group = group_at(rollup, 0);
  CHECK_EQ(group.owner, 3);
  CHECK_EQ(group.milestone, 2);
  CHECK_EQ(group.reserved, 0);
  CHECK_EQ(group.count, 2);
  CHECK_EQ(group.won, 2);
  CHECK_EQ(group.expected, 2000);
  group = group_at(rollup, 1);
  CHECK_EQ(group.milestone, 5);
  CHECK_EQ(group.lost, 2);
  CHECK_EQ(group.unknown, 2);
  CHECK_EQ(group.amount, -14);
  CHECK_EQ(group.expected, 0);
  group = group_at(rollup, 2);
  CHECK_EQ(group.owner, 4000000000U);
  CHECK_EQ(group.count, 4);
  CHECK_EQ(group.amount, 493800);
  CHECK_EQ(group.expected, 123450);
  ACCEPTED(fivek_rollup_total(rollup, &group, E));
  CHECK_EQ(group.owner, 0);
  CHECK_EQ(group.milestone, -1);
  CHECK_EQ(group.count, 8);
  CHECK_EQ(group.amount, 495786);
  CHECK_EQ(group.expected, 125450);
  CHECK_STRUCT(fivek_rollup_group, fivek_rollup_total(rollup, p, E));
  CHECK_STRUCT(fivek_rollup_group, fivek_rollup_group_of(rollup, 0, p, E));
  kept = group;
  REFUSED(FIVEK_NOT_FOUND, FIVEK_REASON_NOT_FOUND,
          fivek_rollup_group_of(rollup, 3, &group, E));
  CHECK_SAYS("group 3; the roll-up has 3");
  CHECK(memcmp(&group, &kept, sizeof(group)) == 0);

  /* Bytes. */
  ACCEPTED(fivek_rollup_write(rollup, NULL, 0, &needed, E));
  CHECK_EQ(needed, 32 + 3 * 72);
  SPOIL(bytes);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_rollup_write(rollup, bytes, needed - 1, &needed, E));
  CHECK_SPOILT(bytes);
  ACCEPTED(fivek_rollup_write(rollup, bytes, sizeof(bytes), &needed, E));
  CHECK(memcmp(bytes, "5Krollup", 8) == 0);
  CHECK_EQ(bytes[needed], CANARY);
  CHECK_EQ(fivek_rollup_read(bytes, needed, &read, NULL), FIVEK_OK);
  CHECK_EQ(fivek_rollup_write(read, again, sizeof(again), &needed, NULL),
           FIVEK_OK);
  CHECK(memcmp(bytes, again, needed) == 0);

  /* Merging. */
  ACCEPTED(fivek_rollup_merge(read, rollup, E));
  ACCEPTED(fivek_rollup_total(read, &group, E));
  CHECK_EQ(group.count, 24);
  CHECK_EQ(group.amount, 3 * 495786);
  CHECK_EQ(group_at(read, 0).count, 6);
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_rollup_merge(rollup, other, E));
  CHECK_SAYS("by owner");
  NULL_REFUSED(fivek_rollup_merge(NULL, other, E));
  NULL_REFUSED(fivek_rollup_merge(other, NULL, E));
  fivek_rollup_release(read);
  read = NULL;

  /* Refused rows change nothing. */
  spoilt = in;
  spoilt.milestone = bad;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 1, 0,
             fivek_rollup_add(rollup, &spoilt, 2, E));
  spoilt = in;
  spoilt.outcome = bad;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 1, 1,
             fivek_rollup_add(rollup, &spoilt, 2, E));
  spoilt = in;
  spoilt.reserved = 1;
  INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
          fivek_rollup_add(rollup, &spoilt, 2, E));
  spoilt = in;
  spoilt.struct_size = 8;
  INVALID(FIVEK_REASON_STRUCT_SIZE, fivek_rollup_add(rollup, &spoilt, 2, E));
  NULL_REFUSED(fivek_rollup_add(rollup, NULL, 2, E));
  NULL_REFUSED(fivek_rollup_add(NULL, &in, 2, E));
#if SIZE_MAX > UINT32_MAX /* Otherwise these are rows that it has room for. */
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_rollup_add(rollup, &none, SIZE_MAX, E));
#endif
  CHECK_EQ(fivek_rollup_write(rollup, again, sizeof(again), &needed, NULL),
           FIVEK_OK);
  CHECK(memcmp(bytes, again, needed) == 0);

  /* Totals that do not fit are kept, and said. */
  in = none;
  in.amount = huge;
  in.probability_ppm = certain;
  ACCEPTED(fivek_rollup_add(other, &in, 2, E));
  kept = group;
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_rollup_total(other, &group, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_rollup_group_of(other, 0, &group, E));
  CHECK(memcmp(&group, &kept, sizeof(group)) == 0);

  /* Damaged bytes. */
  bytes[40] ^= 1;
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_rollup_read(bytes, needed, &read, E));
  CHECK_SAYS("checksum");
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_rollup_read(NULL, 0, &read, E));
  CHECK(read == NULL);
  NULL_REFUSED(fivek_rollup_read(NULL, 1, &read, E));
  NULL_REFUSED(fivek_rollup_read(bytes, 1, NULL, E));

  NULL_REFUSED(fivek_rollup_groups(NULL, &count, E));
  NULL_REFUSED(fivek_rollup_groups(rollup, NULL, E));
  NULL_REFUSED(fivek_rollup_group_of(NULL, 0, &group, E));
  NULL_REFUSED(fivek_rollup_group_of(rollup, 0, NULL, E));
  NULL_REFUSED(fivek_rollup_total(NULL, &group, E));
  NULL_REFUSED(fivek_rollup_total(rollup, NULL, E));
  NULL_REFUSED(fivek_rollup_write(NULL, bytes, 256, &needed, E));
  NULL_REFUSED(fivek_rollup_write(rollup, NULL, 256, &needed, E));
  NULL_REFUSED(fivek_rollup_write(rollup, bytes, 256, NULL, E));
  fivek_rollup_release(rollup);
  fivek_rollup_release(other);
  fivek_rollup_release(NULL);
}

/* ---- Arrow -----------------------------------------------------------------
   What a C program sees of it; tests/capi/arrow_test.cc has the rest. */

static int arrow_released;
static void release_schema(struct ArrowSchema* schema) {
  ++arrow_released;
  schema->release = NULL;
}
static void release_array(struct ArrowArray* array) {
  ++arrow_released;
  array->release = NULL;
}

static void arrow_schema(struct ArrowSchema* schema, const char* format,
                         const char* name) {
  memset(schema, 0, sizeof(*schema));
  schema->format = format;
  schema->name = name;
  schema->release = release_schema;
}

static void arrow_array(struct ArrowArray* array, const void** buffers,
                        int64_t n_buffers, int64_t length) {
  memset(array, 0, sizeof(*array));
  array->length = length;
  array->n_buffers = n_buffers;
  array->buffers = buffers;
  array->release = release_array;
}

static void test_arrow(void) {
  static const uint32_t kEvidence[4] = {0, 0x1F, 0xFF, 0x1FFF};
  static const int64_t kAmount[4] = {1, 100, 200, 300};
  static const uint8_t kValid[1] = {0x07};
  const void* no_buffers[1] = {NULL};
  const void* evidence[2];
  const void* amount[2];
  struct ArrowSchema schema, fields[2], out_schema;
  struct ArrowArray batch, columns[2], out;
  struct ArrowSchema* field_list[2];
  struct ArrowArray* column_list[2];
  const struct ArrowArray* expected;
  const struct ArrowArray* milestone;
  int i;

  evidence[0] = NULL;
  evidence[1] = kEvidence;
  amount[0] = kValid;
  amount[1] = kAmount;
  arrow_schema(&schema, "+s", "");
  arrow_schema(&fields[0], "l", "amount");
  arrow_schema(&fields[1], "I", "evidence");
  arrow_array(&batch, no_buffers, 1, 3);
  arrow_array(&columns[0], amount, 2, 4);
  arrow_array(&columns[1], evidence, 2, 4);
  columns[0].null_count = 1;
  for (i = 0; i < 2; ++i) {
    field_list[i] = &fields[i];
    column_list[i] = &columns[i];
  }
  schema.n_children = batch.n_children = 2;
  schema.children = field_list;
  batch.children = column_list;
  batch.offset = 1;

  open_frame();
  CHECK_EQ(fivek_score_arrow(NULL, &schema, &batch, &out_schema, &out, E),
           FIVEK_OK);
  check_untouched("fivek_score_arrow", __LINE__);
  CHECK_EQ(arrow_released, 0);
  CHECK_TEXT(out_schema.format, "+s");
  CHECK_EQ(out_schema.n_children, 8);
  CHECK_EQ(out.n_children, 8);
  CHECK_EQ(out.length, 3);
  CHECK_TEXT(out_schema.children[4]->name, "milestone");
  CHECK_TEXT(out_schema.children[6]->name, "expected_amount");
  CHECK_TEXT(out_schema.children[6]->format, "l");
  milestone = out.children[4];
  expected = out.children[6];
  for (i = 0; i < 3; ++i) {
    CHECK_EQ(((const uint8_t*)milestone->buffers[1])[i], i + 1);
  }
  CHECK_EQ(((const int64_t*)expected->buffers[1])[0], 10);
  CHECK_EQ(((const int64_t*)expected->buffers[1])[1], 50);
  CHECK_EQ(expected->null_count, 1);
  CHECK_EQ(((const uint8_t*)expected->buffers[0])[0], 3);
  out.release(&out);
  out_schema.release(&out_schema);
  CHECK(out.release == NULL);
  CHECK(out_schema.release == NULL);

  SPOIL(out);
  SPOIL(out_schema);
  NULL_REFUSED(fivek_score_arrow(NULL, NULL, &batch, &out_schema, &out, E));
  NULL_REFUSED(fivek_score_arrow(NULL, &schema, NULL, &out_schema, &out, E));
  NULL_REFUSED(fivek_score_arrow(NULL, &schema, &batch, NULL, &out, E));
  NULL_REFUSED(fivek_score_arrow(NULL, &schema, &batch, &out_schema, NULL, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_score_arrow(NULL, &schema, &batch, &schema, &out, E));
  fields[0].format = "g";
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_WRONG_TYPE, -1, 8,
             fivek_score_arrow(NULL, &schema, &batch, &out_schema, &out, E));
  CHECK_SPOILT(out);
  CHECK_SPOILT(out_schema);
  CHECK_EQ(arrow_released, 0);
}

/* Within a few units in the last place of numbers near 1. */
static int is_near(double got, double want) {
  const double off = got - want;
  return off <= 1e-14 && off >= -1e-14;
}

static void test_wilson(void) {
  double rate;
  double low;
  double high;
  ACCEPTED(fivek_wilson(37, 120, 1.9599639845400543, &rate, &low, &high, E));
  CHECK(rate == 37.0 / 120.0);
  CHECK(is_near(low, 0.23272736988916293));
  CHECK(is_near(high, 0.3958299772380067));
  ACCEPTED(fivek_wilson(0, 10, 1.9599639845400543, &rate, &low, &high, E));
  CHECK(rate == 0 && low == 0);
  CHECK(is_near(high, 0.27753279986288926));
  ACCEPTED(fivek_wilson(2, 2, 1.9599639845400543, &rate, &low, &high, E));
  CHECK(is_near(low, 0.34238022750665303));
  CHECK(rate == 1 && high == 1);
  ACCEPTED(fivek_wilson(0, 0, 1.96, &rate, &low, &high, E));
  CHECK(rate == 0 && low == 0 && high == 1);

  rate = low = high = -77;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_wilson(-1, 1, 1.96, &rate, &low, &high, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_wilson(3, 2, 1.96, &rate, &low, &high, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_wilson(0, -1, 1.96, &rate, &low, &high, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_wilson(1, 2, -1, &rate, &low, &high, E));
  NULL_REFUSED(fivek_wilson(1, 2, 1.96, NULL, &low, &high, E));
  NULL_REFUSED(fivek_wilson(1, 2, 1.96, &rate, NULL, &high, E));
  NULL_REFUSED(fivek_wilson(1, 2, 1.96, &rate, &low, NULL, E));
  CHECK(rate == -77 && low == -77 && high == -77);
}

static void test_forecasts(void) {
  static const double kForecast[20] = {0.05, 0.1, 0.1,  0.2, 0.25, 0.25, 0.3,
                                       0.4,  0.5, 0.5,  0.6, 0.65, 0.75, 0.8,
                                       0.9,  0.9, 0.95, 1.0, 0.0,  0.35};
  static const uint8_t kWon[20] = {0, 0, 1, 0, 0, 1, 0, 1, 0, 1,
                                   1, 0, 1, 1, 1, 0, 1, 1, 0, 0};
  static const int64_t kRows[FIVEK_FORECAST_BINS] = {2, 2, 3, 2, 1,
                                                     2, 2, 1, 1, 4};
  const double certain[2] = {0, 1};
  double bad[2] = {0.5, 0.5};
  uint8_t bad_won[2] = {0, 2};
  fivek_forecast_quality q;
  fivek_forecast_quality before;
  fivek_reliability_bin bins[FIVEK_FORECAST_BINS];
  fivek_reliability_bin bins_before[FIVEK_FORECAST_BINS];
  int64_t rows = 0;
  size_t i;

  memset(&q, 0, sizeof(q));
  q.struct_size = (uint32_t)sizeof(q);
  ACCEPTED(fivek_forecasts_evaluate(kForecast, kWon, 20, &q, E));
  CHECK_EQ(q.undefined, 0);
  CHECK_EQ(q.rows, 20);
  CHECK_EQ(q.won, 10);
  CHECK(q.base_rate == 0.5);
  CHECK(is_near(q.mean_forecast, 9.55 / 20));
  CHECK(is_near(q.brier, 0.203375));
  CHECK(is_near(q.log_loss, 0.598855705801031));
  CHECK(is_near(q.brier_skill, 0.1865));
  CHECK(is_near(q.auc, 0.77));
  CHECK(is_near(q.ece_width, 0.1925));
  CHECK(is_near(q.mce_width, 0.6));
  CHECK(q.ece_mass > 0 && q.ece_mass < 1);
  CHECK(q.spiegelhalter_z > 0 && q.spiegelhalter_z < 2);
  CHECK(is_near(q.reliability, 0.05984375));
  CHECK(is_near(q.resolution, 0.10416666666666667));
  CHECK(q.uncertainty == 0.25);
  CHECK(is_near(q.within_bin_variance, 0.0006145833333333333));
  CHECK(is_near(q.within_bin_covariance, 0.002916666666666667));
  CHECK(is_near(q.miscalibration, 0.03444642857142857));
  CHECK(is_near(q.discrimination, 0.08107142857142857));
  CHECK(is_near(q.recalibrated_brier, 0.16892857142857143));

  ACCEPTED(fivek_forecasts_evaluate(certain, kWon, 2, &q, E));
  CHECK_EQ(q.undefined, FIVEK_UNDEFINED_BRIER_SKILL | FIVEK_UNDEFINED_AUC |
                            FIVEK_UNDEFINED_SPIEGELHALTER);
  CHECK(q.auc == 0 && q.brier_skill == 0 && q.spiegelhalter_z == 0);
  CHECK(q.brier == 0.5);

  ACCEPTED(fivek_forecasts_reliability(kForecast, kWon, 20,
                                       FIVEK_BINNING_EQUAL_WIDTH,
                                       1.9599639845400543, bins, E));
  for (i = 0; i < FIVEK_FORECAST_BINS; ++i) CHECK_EQ(bins[i].rows, kRows[i]);
  CHECK_EQ(bins[9].won, 3);
  CHECK(is_near(bins[9].mean_forecast, 0.9375));
  CHECK(bins[9].lowest_forecast == 0.9 && bins[9].highest_forecast == 1);
  CHECK(bins[9].rate == 0.75);
  CHECK(bins[9].low > 0.3 && bins[9].low < 0.31);
  CHECK(bins[9].high > 0.95 && bins[9].high < 0.96);
  CHECK(bins[3].low == 0 && bins[4].high == 1);
  ACCEPTED(fivek_forecasts_reliability(kForecast, kWon, 20,
                                       FIVEK_BINNING_EQUAL_MASS, 1.0, bins, E));
  for (i = 0; i < FIVEK_FORECAST_BINS; ++i) rows += bins[i].rows;
  CHECK_EQ(rows, 20);

  memcpy(&before, &q, sizeof(q));
  memcpy(bins_before, bins, sizeof(bins));
  bad[1] = -0.25;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
             fivek_forecasts_evaluate(bad, kWon, 2, &q, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
             fivek_forecasts_reliability(bad, kWon, 2, 0, 1.0, bins, E));
  bad[1] = 0.5;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_forecasts_evaluate(bad, bad_won, 2, &q, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_forecasts_reliability(bad, bad_won, 2, 0, 1.0, bins, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_forecasts_evaluate(bad, kWon, 0, &q, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_forecasts_reliability(bad, kWon, 2, 2, 1.0, bins, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_forecasts_reliability(bad, kWon, 2, 0, -1.0, bins, E));
  NULL_REFUSED(fivek_forecasts_evaluate(NULL, kWon, 2, &q, E));
  NULL_REFUSED(fivek_forecasts_evaluate(bad, NULL, 2, &q, E));
  NULL_REFUSED(fivek_forecasts_evaluate(bad, kWon, 2, NULL, E));
  NULL_REFUSED(fivek_forecasts_reliability(NULL, kWon, 2, 0, 1.0, bins, E));
  NULL_REFUSED(fivek_forecasts_reliability(bad, NULL, 2, 0, 1.0, bins, E));
  NULL_REFUSED(fivek_forecasts_reliability(bad, kWon, 2, 0, 1.0, NULL, E));
  CHECK(memcmp(&before, &q, sizeof(q)) == 0);
  CHECK(memcmp(bins_before, bins, sizeof(bins)) == 0);
}

static void test_gate(void) {
  static const double kBase[3] = {0.5, 0.5, 0.5};
  static const double kModel[3] = {0.75, 0.75, 0.75};
  static const double kSure[3] = {0.95, 0.9, 0.125};
  static const uint8_t kWon[3] = {1, 1, 0};
  const uint8_t bad_won[3] = {1, 2, 0};
  double bad[3] = {0.5, 0.5, 1.25};
  fivek_forecast_gate gate;
  fivek_forecast_gate before;

  memset(&gate, 0, sizeof(gate));
  gate.struct_size = (uint32_t)sizeof(gate);
  ACCEPTED(fivek_forecasts_compare(kBase, kModel, kWon, 3, &gate, E));
  CHECK_EQ(gate.verdict, FIVEK_COMPARED_NOT_SURE);
  CHECK_EQ(gate.undefined, 0);
  CHECK_EQ(gate.rows, 3);
  CHECK(is_near(gate.base_log_loss, 0.6931471805599453));
  CHECK(is_near(gate.model_log_loss, 0.6538861686744841));
  CHECK(is_near(gate.mean_gain, 0.6931471805599453 - 0.6538861686744841));
  CHECK(gate.sd_gain > 0.63 && gate.sd_gain < 0.64);
  CHECK(gate.z > 0.1 && gate.z < 0.11);
  ACCEPTED(fivek_forecasts_compare(kBase, kSure, kWon, 3, &gate, E));
  CHECK_EQ(gate.verdict, FIVEK_COMPARED_ADOPT);
  ACCEPTED(fivek_forecasts_compare(kSure, kBase, kWon, 3, &gate, E));
  CHECK_EQ(gate.verdict, FIVEK_COMPARED_NOT_BETTER);
  CHECK(gate.z < 0);
  ACCEPTED(fivek_forecasts_compare(kBase, kModel, kWon, 2, &gate, E));
  CHECK_EQ(gate.verdict, FIVEK_COMPARED_ADOPT);
  CHECK_EQ(gate.undefined, FIVEK_UNDEFINED_GATE_Z);
  CHECK(gate.sd_gain == 0 && gate.z == 0);
  ACCEPTED(fivek_forecasts_compare(kBase, kModel, kWon, 1, &gate, E));
  CHECK_EQ(gate.verdict, FIVEK_COMPARED_TOO_FEW_ROWS);

  memcpy(&before, &gate, sizeof(gate));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, 0,
             fivek_forecasts_compare(bad, kModel, kWon, 3, &gate, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, 1,
             fivek_forecasts_compare(kBase, bad, kWon, 3, &gate, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 2,
             fivek_forecasts_compare(kBase, bad, bad_won, 3, &gate, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_forecasts_compare(kBase, kModel, kWon, 0, &gate, E));
  NULL_REFUSED(fivek_forecasts_compare(NULL, kModel, kWon, 3, &gate, E));
  NULL_REFUSED(fivek_forecasts_compare(kBase, NULL, kWon, 3, &gate, E));
  NULL_REFUSED(fivek_forecasts_compare(kBase, kModel, NULL, 3, &gate, E));
  NULL_REFUSED(fivek_forecasts_compare(kBase, kModel, kWon, 3, NULL, E));
  CHECK(memcmp(&before, &gate, sizeof(gate)) == 0);
}

static void test_isotonic(void) {
  static const double kValue[4] = {1, 3, 2, 4};
  static const double kWeight[4] = {1, 1, 3, 1};
  static const double kLarge[2] = {1e308, -1e308};
  double bad[2] = {1, -1};
  double fit[4] = {0, 0, 0, 0};

  ACCEPTED(fivek_isotonic_fit(kValue, NULL, 4, fit, E));
  CHECK(fit[0] == 1 && fit[1] == 2.5 && fit[2] == 2.5 && fit[3] == 4);
  ACCEPTED(fivek_isotonic_fit(kValue, kWeight, 4, fit, E));
  CHECK(fit[0] == 1 && fit[1] == 2.25 && fit[2] == 2.25 && fit[3] == 4);
  memcpy(fit, kValue, sizeof(fit));
  ACCEPTED(fivek_isotonic_fit(fit, NULL, 4, fit, E));
  CHECK(fit[0] == 1 && fit[1] == 2.5 && fit[2] == 2.5 && fit[3] == 4);
  ACCEPTED(fivek_isotonic_fit(NULL, NULL, 0, NULL, E));

  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_isotonic_fit(kValue, bad, 2, fit, E));
  bad[0] = 10 * kLarge[0];
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
             fivek_isotonic_fit(bad, NULL, 2, fit, E));
  bad[0] = 10;
  bad[1] = 1;
  REFUSED_AT(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW, 0, 0,
             fivek_isotonic_fit(kLarge, bad, 2, fit, E));
  NULL_REFUSED(fivek_isotonic_fit(NULL, NULL, 1, fit, E));
  NULL_REFUSED(fivek_isotonic_fit(kValue, NULL, 1, NULL, E));
  CHECK(fit[0] == 1 && fit[1] == 2.5);
}

/* ---- Learned from history ------------------------------------------------ */

static void test_rates(void) {
  static const double kWon[4] = {5, 10, 5, 20};
  static const double kTrials[4] = {10, 20, 10, 40};
  static const double kMoves[4] = {0, 0.5, 0.2, 0};
  static const double kWins[2] = {0, 0.4};
  const double round_and_round[4] = {0, 1, 1, 0};
  const double never[2] = {0, 0};
  double bad[4] = {5, 10, 5, 41};
  double probability[2];
  fivek_rate rate;
  fivek_beta_binomial fit;

  memset(&rate, 0, sizeof(rate));
  rate.struct_size = (uint32_t)sizeof(rate);
  ACCEPTED(fivek_rate_shrink(0.10, 20, 3, 12, &rate, E));
  CHECK_EQ(rate.source, FIVEK_SOURCE_SHRUNK);
  CHECK(is_near(rate.mean, 0.15625));
  CHECK(is_near(rate.alpha, 5) && is_near(rate.beta, 27));
  CHECK(is_near(rate.sd, 0.06320623710592894));
  CHECK(is_near(rate.low, 0.06578047054601774));
  CHECK(is_near(rate.high, 0.2713711815575147));
  CHECK(rate.effective_n == 12);
  ACCEPTED(fivek_rate_shrink(0.25, HUGE_VAL, 2, 2, &rate, E));
  CHECK_EQ(rate.source, FIVEK_SOURCE_LADDER);
  CHECK(rate.mean == 0.25 && rate.low == 0.25 && rate.sd == 0);
  SPOIL(rate);
  rate.struct_size = (uint32_t)sizeof(rate);
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_rate_shrink(1.5, 20, 1, 2, &rate, E));
  CHECK_SAYS("prior 1.5");
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_rate_shrink(0.5, -1, 1, 2, &rate, E));
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_rate_shrink(0.5, 20, 3, 2, &rate, E));
  NULL_REFUSED(fivek_rate_shrink(0.5, 20, 1, 2, NULL, E));

  memset(&fit, 0, sizeof(fit));
  fit.struct_size = (uint32_t)sizeof(fit);
  ACCEPTED(fivek_beta_binomial_fit(kWon, kTrials, 4, &fit, E));
  CHECK_EQ(fit.groups, 4);
  CHECK(fit.mean == 0.5 && fit.strength == HUGE_VAL);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 3, 0,
             fivek_beta_binomial_fit(bad, kTrials, 4, &fit, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_beta_binomial_fit(kWon, kTrials, 0, &fit, E));
  NULL_REFUSED(fivek_beta_binomial_fit(NULL, kTrials, 4, &fit, E));
  NULL_REFUSED(fivek_beta_binomial_fit(kWon, NULL, 4, &fit, E));
  NULL_REFUSED(fivek_beta_binomial_fit(kWon, kTrials, 4, NULL, E));

  ACCEPTED(fivek_absorbing_chain_solve(kMoves, kWins, 2, probability, E));
  CHECK(is_near(probability[0], 2.0 / 9));
  CHECK(is_near(probability[1], 4.0 / 9));
  SPOIL(probability);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, -1,
      fivek_absorbing_chain_solve(round_and_round, never, 2, probability, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
             fivek_absorbing_chain_solve(bad, kWins, 2, probability, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_absorbing_chain_solve(kMoves, kWins, 0, probability, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_absorbing_chain_solve(kMoves, kWins, SIZE_MAX, probability, E));
  NULL_REFUSED(fivek_absorbing_chain_solve(NULL, kWins, 2, probability, E));
  NULL_REFUSED(fivek_absorbing_chain_solve(kMoves, NULL, 2, probability, E));
  NULL_REFUSED(fivek_absorbing_chain_solve(kMoves, kWins, 2, NULL, E));
  CHECK_SPOILT(probability);
}

static void test_durations(void) {
  static const int32_t kTime[14] = {3,  5,  5,  8,  8,  9,  12,
                                    15, 15, 21, 30, 30, 42, 60};
  static const uint8_t kEnded[14] = {1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0};
  static const int32_t kWinners[10] = {4, 6, 7, 9, 10, 12, 14, 15, 18, 25};
  static const int32_t kAges[4] = {17, 18, 19, 26};
  static const uint8_t kStalled[4] = {0, 0, 1, 1};
  const int32_t late[1] = {3};
  int32_t bad[1] = {-1};
  uint8_t bad_ended[1] = {2};
  fivek_durations d;
  fivek_duration_step steps[8];
  size_t count = 0;
  int32_t threshold = 0;
  uint8_t stalled[4];
  double longer[4];

  memset(&d, 0, sizeof(d));
  d.struct_size = (uint32_t)sizeof(d);
  ACCEPTED(fivek_durations_fit(kTime, kEnded, NULL, 14, 30, &d, steps, 8,
                               &count, E));
  CHECK_EQ(count, 7);
  CHECK_EQ(d.visits, 14);
  CHECK_EQ(d.ended, 8);
  CHECK_EQ(d.longest, 60);
  CHECK_EQ(d.quarter, 8);
  CHECK_EQ(d.median, 30);
  CHECK_EQ(d.three_quarters, 42);
  CHECK_EQ(d.has_restricted_mean, 1);
  CHECK(is_near(d.restricted_mean, 19.964285714285715));
  CHECK_EQ(steps[6].day, 42);
  CHECK_EQ(steps[6].at_risk, 2);
  CHECK_EQ(steps[6].ended, 1);
  CHECK(is_near(steps[6].survival, 0.19724025974025974));
  CHECK(is_near(steps[6].se, 0.15988714239171983));
  ACCEPTED(
      fivek_durations_fit(kTime, kEnded, NULL, 3, 6, &d, NULL, 0, &count, E));
  CHECK_EQ(count, 2);
  CHECK_EQ(d.three_quarters, -1);
  CHECK_EQ(d.has_restricted_mean, 0);
  CHECK(d.restricted_mean == 0);
  SPOIL(steps);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_durations_fit(kTime, kEnded, NULL, 14, 30, &d, steps, 6, &count,
                              E));
  CHECK_EQ(count, 7);
  CHECK_EQ(d.visits, 3);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
      fivek_durations_fit(bad, kEnded, NULL, 1, 30, &d, steps, 8, &count, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 1,
             fivek_durations_fit(kTime, bad_ended, NULL, 1, 30, &d, steps, 8,
                                 &count, E));
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 2,
      fivek_durations_fit(kTime, kEnded, late, 1, 30, &d, steps, 8, &count, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_durations_fit(kTime, kEnded, NULL, 14, -1, &d, steps, 8, &count,
                              E));
  NULL_REFUSED(
      fivek_durations_fit(NULL, kEnded, NULL, 14, 30, &d, steps, 8, &count, E));
  NULL_REFUSED(
      fivek_durations_fit(kTime, NULL, NULL, 14, 30, &d, steps, 8, &count, E));
  NULL_REFUSED(fivek_durations_fit(kTime, kEnded, NULL, 14, 30, NULL, steps, 8,
                                   &count, E));
  NULL_REFUSED(
      fivek_durations_fit(kTime, kEnded, NULL, 14, 30, &d, NULL, 8, &count, E));
  NULL_REFUSED(
      fivek_durations_fit(kTime, kEnded, NULL, 14, 30, &d, steps, 8, NULL, E));
  CHECK_SPOILT(steps);

  ACCEPTED(fivek_stalled_find(kWinners, 10, 9, 10, kAges, 4, &threshold,
                              stalled, longer, E));
  CHECK_EQ(threshold, 18);
  CHECK(memcmp(stalled, kStalled, sizeof(stalled)) == 0);
  CHECK(longer[0] == 0.2 && longer[1] == 0.1 && longer[3] == 0);
  SPOIL(stalled);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_stalled_find(kWinners, 0, 9, 10, kAges, 4, &threshold, stalled,
                             longer, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_stalled_find(kWinners, 10, 11, 10, kAges, 4, &threshold,
                             stalled, longer, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 1,
             fivek_stalled_find(kWinners, 10, 9, 10, bad, 1, &threshold,
                                stalled, longer, E));
  NULL_REFUSED(fivek_stalled_find(NULL, 10, 9, 10, kAges, 4, &threshold,
                                  stalled, longer, E));
  NULL_REFUSED(fivek_stalled_find(kWinners, 10, 9, 10, NULL, 4, &threshold,
                                  stalled, longer, E));
  NULL_REFUSED(fivek_stalled_find(kWinners, 10, 9, 10, kAges, 4, NULL, stalled,
                                  longer, E));
  NULL_REFUSED(fivek_stalled_find(kWinners, 10, 9, 10, kAges, 4, &threshold,
                                  NULL, longer, E));
  NULL_REFUSED(fivek_stalled_find(kWinners, 10, 9, 10, kAges, 4, &threshold,
                                  stalled, NULL, E));
  CHECK_SPOILT(stalled);
  CHECK_EQ(threshold, 18);
}

static void test_funnel(void) {
  static const uint8_t kHighest[8] = {0, 1, 0, 0, 3, 0, 1, 0};
  static const uint8_t kState[5] = {FIVEK_DUE_WON, FIVEK_DUE_LOST,
                                    FIVEK_DUE_PUSHED, FIVEK_DUE_WON,
                                    FIVEK_DUE_OPEN};
  static const int64_t kAmount[5] = {100, 0, 300, 50, 50};
  static const int32_t kPushes[5] = {0, 2, 2, 0, 7};
  static const int64_t kNumerator[3] = {3, 2, 1};
  static const int64_t kDenominator[3] = {10, 5, 4};
  static const int64_t kPlan[4] = {67, 224, 560, 2240};
  const int64_t huge[2] = {INT64_MAX, INT64_MAX};
  const int64_t negative[1] = {-1};
  const int64_t zero[1] = {0};
  const uint8_t unknown[1] = {4};
  fivek_funnel_rung rungs[4];
  fivek_slippage s;
  fivek_pushed_times times[3];
  fivek_activity_change change;
  fivek_productivity p;
  size_t count = 0;
  int64_t amount = 0;
  int64_t plan[4];
  double per_day = 0;
  double coverage = 0;
  int32_t goal_met = -1;

  ACCEPTED(fivek_funnel_reached(kHighest, 8, 4, 1.96, rungs, E));
  CHECK(rungs[0].reached == 8 && rungs[1].reached == 3);
  CHECK(rungs[2].reached == 1 && rungs[3].reached == 1);
  CHECK(rungs[0].rate == 0.375 && rungs[0].low < 0.14 && rungs[0].high > 0.69);
  CHECK(rungs[3].rate == 0 && rungs[3].low == 0 && rungs[3].high == 1);
  SPOIL(rungs);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 4, 0,
             fivek_funnel_reached(kHighest, 8, 3, 1.96, rungs, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_funnel_reached(kHighest, 8, 0, 1.96, rungs, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_funnel_reached(kHighest, 8, 4, -1, rungs, E));
  NULL_REFUSED(fivek_funnel_reached(NULL, 8, 4, 1.96, rungs, E));
  NULL_REFUSED(fivek_funnel_reached(kHighest, 8, 4, 1.96, NULL, E));
  CHECK_SPOILT(rungs);

  ACCEPTED(fivek_velocity(40, 1, 4, 1200000, 60, 91, &amount, &per_day, E));
  CHECK_EQ(amount, 18200000);
  CHECK(per_day == 200000);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_velocity(40, 1, 4, 1200000, 0, 91, &amount, &per_day, E));
  CHECK_SAYS("cycle days 0");
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_velocity(40, 1, 1, INT64_MAX, 1, 1, &amount, &per_day, E));
  NULL_REFUSED(fivek_velocity(40, 1, 4, 12, 60, 91, NULL, &per_day, E));
  NULL_REFUSED(fivek_velocity(40, 1, 4, 12, 60, 91, &amount, NULL, E));
  CHECK_EQ(amount, 18200000);

  ACCEPTED(fivek_coverage(300, 150, 50, &goal_met, &coverage, E));
  CHECK_EQ(goal_met, 0);
  CHECK(coverage == 3);
  ACCEPTED(fivek_coverage(300, 150, 150, &goal_met, &coverage, E));
  CHECK_EQ(goal_met, 1);
  CHECK(coverage == HUGE_VAL);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_coverage(-1, 150, 50, &goal_met, &coverage, E));
  NULL_REFUSED(fivek_coverage(300, 150, 50, NULL, &coverage, E));
  NULL_REFUSED(fivek_coverage(300, 150, 50, &goal_met, NULL, E));
  ACCEPTED(fivek_coverage_needed(25, 75, &coverage, E));
  CHECK(coverage == 4);
  ACCEPTED(fivek_coverage_needed(0, 75, &coverage, E));
  CHECK(coverage == HUGE_VAL);
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_coverage_needed(1, -1, &coverage, E));
  NULL_REFUSED(fivek_coverage_needed(25, 75, NULL, E));

  memset(&s, 0, sizeof(s));
  s.struct_size = (uint32_t)sizeof(s);
  ACCEPTED(fivek_slippage_measure(kState, kAmount, kPushes, 5, 1.96, &s, times,
                                  3, &count, E));
  CHECK_EQ(count, 3);
  CHECK_EQ(s.undefined, 0);
  CHECK(s.due == 5 && s.pushed == 1 && s.won == 2 && s.lost == 1);
  CHECK(s.due_amount == 500 && s.pushed_amount == 300);
  CHECK(s.push_rate == 0.2 && s.push_low < 0.04 && s.push_high > 0.6);
  CHECK(s.push_amount_rate == 0.6);
  CHECK(is_near(s.mean_pushes, 2.2));
  CHECK(is_near(s.closed_rate, 2.0 / 3) && s.closed_high < 1);
  CHECK(s.due_rate == 0.4 && s.due_low > 0 && s.closed_low > s.due_low);
  CHECK(times[1].pushes == 2 && times[1].deals == 2 && times[1].closed == 1);
  CHECK(times[0].won == 2 && times[0].rate == 1 && times[2].high == 1);
  ACCEPTED(fivek_slippage_measure(kState, kAmount, kPushes, 0, 1.96, &s, NULL,
                                  0, &count, E));
  CHECK_EQ(s.undefined, FIVEK_SLIPPAGE_NO_AMOUNT | FIVEK_SLIPPAGE_NO_DEALS);
  SPOIL(times);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_slippage_measure(kState, kAmount, kPushes, 5, 1.96, &s, times,
                                 2, &count, E));
  CHECK(count == 3 && s.due == 0);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 0, 0,
             fivek_slippage_measure(unknown, kAmount, kPushes, 1, 1.96, &s,
                                    times, 3, &count, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 1,
             fivek_slippage_measure(kState, negative, kPushes, 1, 1.96, &s,
                                    times, 3, &count, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_slippage_measure(kState, huge, kPushes, 2, 1.96, &s, times, 3,
                                 &count, E));
  NULL_REFUSED(fivek_slippage_measure(NULL, kAmount, kPushes, 5, 1.96, &s,
                                      times, 3, &count, E));
  NULL_REFUSED(fivek_slippage_measure(kState, NULL, kPushes, 5, 1.96, &s, times,
                                      3, &count, E));
  NULL_REFUSED(fivek_slippage_measure(kState, kAmount, NULL, 5, 1.96, &s, times,
                                      3, &count, E));
  NULL_REFUSED(fivek_slippage_measure(kState, kAmount, kPushes, 5, 1.96, NULL,
                                      times, 3, &count, E));
  NULL_REFUSED(fivek_slippage_measure(kState, kAmount, kPushes, 5, 1.96, &s,
                                      NULL, 3, &count, E));
  NULL_REFUSED(fivek_slippage_measure(kState, kAmount, kPushes, 5, 1.96, &s,
                                      times, 3, NULL, E));
  CHECK_SPOILT(times);

  ACCEPTED(fivek_activity_plan(100000000, 1500000, kNumerator, kDenominator, 3,
                               plan, E));
  CHECK(memcmp(plan, kPlan, sizeof(plan)) == 0);
  SPOIL(plan);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_activity_plan(1, 0, kNumerator, kDenominator, 3, plan, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
             fivek_activity_plan(1, 1, zero, kDenominator, 1, plan, E));
  REFUSED_AT(
      FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW, 0, 0,
      fivek_activity_plan(INT64_MAX, 1, kNumerator, kDenominator, 3, plan, E));
  NULL_REFUSED(fivek_activity_plan(1, 1, NULL, kDenominator, 3, plan, E));
  NULL_REFUSED(fivek_activity_plan(1, 1, kNumerator, NULL, 3, plan, E));
  NULL_REFUSED(fivek_activity_plan(1, 1, kNumerator, kDenominator, 3, NULL, E));
  CHECK_SPOILT(plan);

  memset(&change, 0, sizeof(change));
  change.struct_size = (uint32_t)sizeof(change);
  change.before_numerator = 11;
  change.before_denominator = 2;
  change.after_numerator = 6;
  change.after_denominator = 1;
  change.sellers = 10;
  change.working_days = 220;
  change.calls_per_deal_numerator = 55;
  change.calls_per_deal_denominator = 1;
  change.average_won = 1500000;
  memset(&p, 0, sizeof(p));
  p.struct_size = (uint32_t)sizeof(p);
  ACCEPTED(fivek_productivity_of(&change, &p, E));
  CHECK(is_near(p.lift, 1.0 / 11));
  CHECK(p.extra_calls == 1100 && p.extra_deals == 20);
  CHECK(p.extra_revenue == 30000000);
  CHECK(is_near(p.sellers_equivalent, 10.0 / 11));
  change.before_numerator = 0;
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_productivity_of(&change, &p, E));
  change.before_numerator = 1;
  change.after_numerator = INT64_MAX;
  change.sellers = INT64_MAX - 1;
  change.working_days = INT64_MAX - 2;
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_productivity_of(&change, &p, E));
  NULL_REFUSED(fivek_productivity_of(NULL, &p, E));
  NULL_REFUSED(fivek_productivity_of(&change, NULL, E));
  CHECK(p.extra_deals == 20);
}

static void test_sellers(void) {
  static const int64_t kWon[3] = {2, 45, 0};
  static const int64_t kClosed[3] = {2, 70, 3};
  static const double kExpected[3] = {0.5, 35, 1};
  static const double kPrior[2] = {
      3.448458042358033 / (3.448458042358033 + 5.083720464133348),
      3.448458042358033 + 5.083720464133348};
  static const int64_t kValues[8] = {10, 9, 9, 9, 8, 7, 6, 5};
  const double bad_prior[2] = {0.5, -1};
  const double bad_expected[1] = {3};
  double used[2];
  double weight[8];
  fivek_seller_rate out[3];
  fivek_share share;

  ACCEPTED(
      fivek_sellers_rank(kWon, kClosed, kExpected, 3, kPrior, used, out, E));
  CHECK(used[0] == kPrior[0] && used[1] == kPrior[1]);
  CHECK(is_near(out[0].mean, 0.5173153910181015));
  CHECK(out[0].low > 0.2725 && out[0].low < 0.2735);
  CHECK(out[0].high > 0.7575 && out[0].high < 0.7585);
  CHECK(out[1].mean > 0.6165 && out[1].mean < 0.6175 && out[1].sd > 0.05);
  CHECK(is_near(out[2].mean, 0.2990291938697377));
  CHECK(out[0].rank == 2 && out[1].rank == 1 && out[2].rank == 3);
  CHECK(out[0].tied == 0 && out[0].surely_better == 0);
  CHECK_EQ(out[0].source, FIVEK_SOURCE_LADDER);
  CHECK_EQ(out[1].source, FIVEK_SOURCE_SHRUNK);
  CHECK(is_near(out[1].mix_ratio, 55.0 / 45));
  ACCEPTED(fivek_sellers_rank(kWon, kClosed, NULL, 3, NULL, NULL, out, E));
  CHECK(out[1].mix_ratio == 0);
  SPOIL(out);
  SPOIL(used);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
      fivek_sellers_rank(kClosed, kWon + 2, NULL, 1, NULL, used, out, E));
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 2,
      fivek_sellers_rank(kWon, kClosed, bad_expected, 1, NULL, used, out, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_sellers_rank(kWon, kClosed, NULL, 3, bad_prior, used, out, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_sellers_rank(kWon, kClosed, NULL, 0, NULL, used, out, E));
  NULL_REFUSED(fivek_sellers_rank(NULL, kClosed, NULL, 3, NULL, used, out, E));
  NULL_REFUSED(fivek_sellers_rank(kWon, NULL, NULL, 3, NULL, used, out, E));
  NULL_REFUSED(fivek_sellers_rank(kWon, kClosed, NULL, 3, NULL, used, NULL, E));
  CHECK_SPOILT(out);
  CHECK_SPOILT(used);

  memset(&share, 0, sizeof(share));
  share.struct_size = (uint32_t)sizeof(share);
  ACCEPTED(fivek_top_share(kValues, 8, 1, 4, FIVEK_SHARE_TOP,
                           FIVEK_TIES_FRACTIONAL, weight, &share, E));
  CHECK(share.places == 2 && share.boundary == 9 && share.tied == 3);
  CHECK(share.tied_numerator == 1 && share.tied_denominator == 3);
  CHECK(weight[0] == 1 && is_near(weight[3], 1.0 / 3) && weight[4] == 0);
  ACCEPTED(fivek_top_share(kValues, 8, 1, 4, FIVEK_SHARE_BOTTOM,
                           FIVEK_TIES_EXCLUDE, weight, &share, E));
  CHECK(weight[7] == 1 && weight[6] == 1 && weight[5] == 0);
  SPOIL(weight);
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_top_share(kValues, 8, 1, 4, 2, 0, weight, &share, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_top_share(kValues, 8, 1, 4, 0, 4, weight, &share, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_top_share(kValues, 8, 0, 4, 0, 0, weight, &share, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_top_share(kValues, 0, 1, 4, 0, 0, weight, &share, E));
  NULL_REFUSED(fivek_top_share(NULL, 8, 1, 4, 0, 0, weight, &share, E));
  NULL_REFUSED(fivek_top_share(kValues, 8, 1, 4, 0, 0, NULL, &share, E));
  NULL_REFUSED(fivek_top_share(kValues, 8, 1, 4, 0, 0, weight, NULL, E));
  CHECK_SPOILT(weight);
}

static void test_snapshots(void) {
  /* Of four deals one grows and is pushed, one is won for less, one is not
     due, one is new. */
  static const fivek_snapshot_row kThen[3] = {
      {7, 100, 150, FIVEK_OUTCOME_OPEN, 3, {0, 0}},
      {5, 100, 150, FIVEK_OUTCOME_OPEN, FIVEK_UNKNOWN, {0, 0}},
      {9, 50, FIVEK_NO_CLOSE_DAY, FIVEK_OUTCOME_OPEN, 0, {0, 0}}};
  static const fivek_snapshot_row kNow[4] = {
      {5, 80, 150, FIVEK_OUTCOME_WON, 6, {0, 0}},
      {7, 120, 250, FIVEK_OUTCOME_OPEN, 3, {0, 0}},
      {9, 50, FIVEK_NO_CLOSE_DAY, FIVEK_OUTCOME_OPEN, 0, {0, 0}},
      {11, 30, 199, FIVEK_OUTCOME_OPEN, 0, {0, 0}}};
  fivek_snapshot_row rows[4];
  fivek_snapshot_row bad[2];
  fivek_deal_movement moves[5];
  fivek_movement m;
  const fivek_snapshot* then = NULL;
  const fivek_snapshot* now = NULL;
  const fivek_snapshot* read = NULL;
  uint8_t bytes[256];
  uint8_t again[256];
  int64_t taken_at = 0;
  uint64_t policy_hash = 0;
  int64_t sum;
  size_t needed = 0;
  size_t count = 0;
  int i;

  CHECK_EQ(fivek_snapshot_create(1000, 77, kThen, 3, &then, NULL), FIVEK_OK);
  CHECK_EQ(fivek_snapshot_create(2000, 77, kNow, 4, &now, NULL), FIVEK_OK);
  ACCEPTED(
      fivek_snapshot_rows(then, &taken_at, &policy_hash, rows, 4, &count, E));
  CHECK_EQ(count, 3);
  CHECK_EQ(taken_at, 1000);
  CHECK_EQ(policy_hash, 77);
  CHECK(memcmp(&rows[0], &kThen[1], sizeof(rows[0])) == 0);
  CHECK(memcmp(&rows[1], &kThen[0], sizeof(rows[0])) == 0);
  SPOIL(rows);
  REFUSED(
      FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
      fivek_snapshot_rows(then, &taken_at, &policy_hash, rows, 2, &count, E));
  ACCEPTED(
      fivek_snapshot_rows(now, &taken_at, &policy_hash, NULL, 0, &count, E));
  CHECK_EQ(count, 4);
  NULL_REFUSED(
      fivek_snapshot_rows(NULL, &taken_at, &policy_hash, rows, 4, &count, E));
  NULL_REFUSED(
      fivek_snapshot_rows(then, NULL, &policy_hash, rows, 4, &count, E));
  NULL_REFUSED(fivek_snapshot_rows(then, &taken_at, NULL, rows, 4, &count, E));
  NULL_REFUSED(
      fivek_snapshot_rows(then, &taken_at, &policy_hash, NULL, 4, &count, E));
  NULL_REFUSED(
      fivek_snapshot_rows(then, &taken_at, &policy_hash, rows, 4, NULL, E));
  CHECK_SPOILT(rows);

  memset(&m, 0, sizeof(m));
  m.struct_size = (uint32_t)sizeof(m);
  ACCEPTED(fivek_movement_of(then, now, 100, 200, &m, E));
  CHECK(m.opening_count == 2 && m.opening_amount == 200);
  CHECK(m.closing_count == 1 && m.closing_amount == 30);
  CHECK(m.count[FIVEK_MOVED_GROWN] == 1 && m.amount[FIVEK_MOVED_GROWN] == 20);
  CHECK(m.amount[FIVEK_MOVED_PUSHED] == -120);
  CHECK(m.amount[FIVEK_MOVED_SHRUNK] == -20);
  CHECK(m.amount[FIVEK_MOVED_WON] == -80);
  CHECK(m.count[FIVEK_MOVED_NEW] == 1 && m.amount[FIVEK_MOVED_NEW] == 30);
  sum = m.opening_amount;
  for (i = 0; i < FIVEK_MOVED_CLASSES; ++i) sum += m.amount[i];
  CHECK_EQ(sum, m.closing_amount);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_movement_of(then, now, 200, 200, &m, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_movement_of(now, then, 100, 200, &m, E));
  NULL_REFUSED(fivek_movement_of(NULL, now, 100, 200, &m, E));
  NULL_REFUSED(fivek_movement_of(then, NULL, 100, 200, &m, E));
  NULL_REFUSED(fivek_movement_of(then, now, 100, 200, NULL, E));
  ACCEPTED(fivek_movement_list(then, now, 100, 200, moves, 5, &count, E));
  CHECK_EQ(count, 5);
  CHECK(moves[0].deal == 5 && moves[0].movement == FIVEK_MOVED_SHRUNK);
  CHECK(moves[1].amount == -80 && moves[1].movement == FIVEK_MOVED_WON);
  CHECK(moves[4].deal == 11 && moves[4].amount == 30);
  SPOIL(moves);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_movement_list(then, now, 100, 200, moves, 4, &count, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_movement_list(then, now, 200, 100, moves, 5, &count, E));
  NULL_REFUSED(fivek_movement_list(NULL, now, 100, 200, moves, 5, &count, E));
  NULL_REFUSED(fivek_movement_list(then, NULL, 100, 200, moves, 5, &count, E));
  NULL_REFUSED(fivek_movement_list(then, now, 100, 200, NULL, 5, &count, E));
  NULL_REFUSED(fivek_movement_list(then, now, 100, 200, moves, 5, NULL, E));
  CHECK_SPOILT(moves);

  ACCEPTED(fivek_snapshot_write(then, NULL, 0, &needed, E));
  CHECK_EQ(needed, 48 + 3 * 24);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_snapshot_write(then, bytes, needed - 1, &needed, E));
  ACCEPTED(fivek_snapshot_write(then, bytes, sizeof(bytes), &needed, E));
  CHECK(memcmp(bytes, "5Ksnapsh", 8) == 0);
  NULL_REFUSED(fivek_snapshot_write(NULL, bytes, 256, &needed, E));
  NULL_REFUSED(fivek_snapshot_write(then, NULL, 256, &needed, E));
  NULL_REFUSED(fivek_snapshot_write(then, bytes, 256, NULL, E));
  CHECK_EQ(fivek_snapshot_read(bytes, needed, &read, NULL), FIVEK_OK);
  CHECK_EQ(fivek_snapshot_write(read, again, sizeof(again), &needed, NULL),
           FIVEK_OK);
  CHECK(memcmp(bytes, again, needed) == 0);
  fivek_snapshot_retain(read);
  fivek_snapshot_release(read);
  fivek_snapshot_release(read);
  read = NULL;
  bytes[50] ^= 1;
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_snapshot_read(bytes, needed, &read, E));
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_snapshot_read(NULL, 0, &read, E));
  NULL_REFUSED(fivek_snapshot_read(NULL, 1, &read, E));
  NULL_REFUSED(fivek_snapshot_read(bytes, 1, NULL, E));

  bad[0] = kThen[0];
  bad[1] = kThen[0];
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
             fivek_snapshot_create(0, 0, bad, 2, &read, E));
  bad[1].deal = 8;
  bad[1].outcome = 5;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 1, 3,
             fivek_snapshot_create(0, 0, bad, 2, &read, E));
  bad[1].outcome = 0;
  bad[1].reserved[1] = 1;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_RESERVED_NOT_ZERO, 1, -1,
             fivek_snapshot_create(0, 0, bad, 2, &read, E));
  NULL_REFUSED(fivek_snapshot_create(0, 0, NULL, 2, &read, E));
  NULL_REFUSED(fivek_snapshot_create(0, 0, bad, 2, NULL, E));
  CHECK(read == NULL);

  /* An empty book. */
  CHECK_EQ(fivek_snapshot_create(0, 0, bad, 0, &read, NULL), FIVEK_OK);
  ACCEPTED(
      fivek_snapshot_rows(read, &taken_at, &policy_hash, rows, 4, &count, E));
  CHECK_EQ(count, 0);
  fivek_snapshot_release(read);

  /* Totals that do not fit. */
  bad[1].reserved[1] = 0;
  bad[0].amount = bad[1].amount = INT64_MAX;
  CHECK_EQ(fivek_snapshot_create(3000, 0, bad, 2, &read, NULL), FIVEK_OK);
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_movement_of(then, read, 100, 200, &m, E));
  ACCEPTED(fivek_movement_list(then, read, 100, 200, moves, 5, &count, E));
  fivek_snapshot_release(read);
  CHECK(m.opening_amount == 200);

  fivek_snapshot_retain(NULL);
  fivek_snapshot_release(NULL);
  fivek_snapshot_release(then);
  fivek_snapshot_release(now);
}

/* Deals that go up from rung 3 in 5 days and are lost there in 10. */
static fivek_visits* three_up_two_lost(void) {
  fivek_visits* visits = NULL;
  fivek_stage_visit visit[5];
  int i;

  memset(visit, 0, sizeof(visit));
  for (i = 0; i < 5; ++i) {
    visit[i].deal = (uint64_t)i;
    visit[i].stage = 3;
    visit[i].entered = 100 + i;
    visit[i].left = visit[i].entered + (i < 3 ? 5 : 10);
    visit[i].end = i < 3 ? FIVEK_VISIT_ADVANCED : FIVEK_VISIT_LOST;
    visit[i].to = i < 3 ? 6 : 0;
    visit[i].seller = 7;
  }
  CHECK_EQ(fivek_visits_create(0, 200, &visits, NULL), FIVEK_OK);
  if (visits == NULL) return NULL;
  CHECK_EQ(fivek_visits_add(visits, visit, 5, NULL), FIVEK_OK);
  ACCEPTED(fivek_visits_check(visit, 5, 200, E));
  visit[4].left = 201;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 4, 3,
             fivek_visits_add(visits, visit, 5, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 4, 3,
             fivek_visits_check(visit, 5, 200, E));
  return visits;
}

static void test_visits(void) {
  fivek_visits* visits = three_up_two_lost();
  int32_t from = -1;
  int32_t as_of = -1;
  int64_t added = -1;
  fivek_visits* read = NULL;
  fivek_stage_move move[3];
  fivek_stage_visit visit[4];
  fivek_stage_move moved[4];
  fivek_event events[2];
  fivek_visit_count counts[16];
  uint8_t bytes[512];
  uint8_t again[512];
  size_t size = 0;
  size_t count = 0;

  ACCEPTED(fivek_visits_write(visits, bytes, sizeof(bytes), &size, E));
  CHECK_EQ(fivek_visits_read(bytes, size, &read, NULL), FIVEK_OK);
  if (read == NULL) {
    fivek_visits_release(visits);
    return;
  }
  CHECK_EQ(fivek_visits_merge(read, visits, NULL), FIVEK_OK);
  ACCEPTED(fivek_visits_write(read, again, sizeof(again), &count, E));
  CHECK(count == size && memcmp(bytes, again, size) != 0);
  /* Of rung 3 those who went up on step 6 and were lost on step 11, twice; of 4
     and 5 those who passed. */
  ACCEPTED(fivek_visits_counts(read, counts, 16, &count, E));
  CHECK_EQ(count, 4);
  CHECK(counts[0].rung == 3 && counts[0].kind == FIVEK_COUNT_ADVANCED);
  CHECK(counts[0].step == 6 && counts[0].count == 6);
  CHECK(counts[1].rung == 3 && counts[1].kind == FIVEK_COUNT_LOST);
  CHECK(counts[1].step == 11 && counts[1].count == 4);
  CHECK(counts[3].rung == 5 && counts[3].kind == FIVEK_COUNT_ADVANCED);
  CHECK(counts[3].step == 1 && counts[3].seller == 7);
  ACCEPTED(fivek_visits_window(read, &from, &as_of, &added, E));
  CHECK_EQ(from, 0);
  CHECK_EQ(as_of, 200);
  CHECK_EQ(added, 10);
  NULL_REFUSED(fivek_visits_window(NULL, &from, &as_of, &added, E));
  NULL_REFUSED(fivek_visits_window(read, NULL, &as_of, &added, E));
  NULL_REFUSED(fivek_visits_window(read, &from, NULL, &added, E));
  NULL_REFUSED(fivek_visits_window(read, &from, &as_of, NULL, E));
  ACCEPTED(fivek_visits_counts(read, NULL, 0, &count, E));
  CHECK_EQ(count, 4);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_visits_counts(read, counts, 3, &count, E));
  bytes[20] ^= 1;
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_visits_read(bytes, size, &read, E));
  fivek_visits_release(read);
  fivek_visits_release(visits);
  fivek_visits_release(NULL);
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_visits_create(5, 4, &read, E));

  memset(move, 0, sizeof(move));
  move[0].day = 10;
  move[0].to = 4;
  move[1].day = 12;
  move[1].to = 1;
  move[2].day = 15;
  move[2].to = FIVEK_MOVE_LOST;
  ACCEPTED(fivek_visits_from_moves(move, 3, 20, NULL, 0, &count, E));
  CHECK_EQ(count, 2);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_visits_from_moves(move, 3, 20, visit, 1, &count, E));
  ACCEPTED(fivek_visits_from_moves(move, 3, 20, visit, 4, &count, E));
  CHECK_EQ(visit[0].stage, 4);
  CHECK_EQ(visit[0].end, FIVEK_VISIT_MOVED_BACK);
  CHECK_EQ(visit[0].to, 1);
  CHECK_EQ(visit[1].stage, 1);
  CHECK_EQ(visit[1].end, FIVEK_VISIT_LOST);
  CHECK_EQ(visit[1].left, 15);
  move[1].to = 10;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 1, 3,
             fivek_visits_from_moves(move, 3, 20, visit, 4, &count, E));

  memset(events, 0, sizeof(events));
  events[0].at = 86400;
  events[0].kind = FIVEK_EVENT_EVIDENCE_CONFIRMED;
  events[0].code = 18;
  events[1].at = 2 * 86400;
  events[1].kind = FIVEK_EVENT_CYCLE_RESTARTED;
  ACCEPTED(fivek_moves_from_events(NULL, 9, 1, 2, 3, 0, events, 2, moved, 4,
                                   &count, E));
  CHECK_EQ(count, 3);
  CHECK_EQ(moved[0].to, 0);
  CHECK_EQ(moved[1].to, 6);
  CHECK_EQ(moved[1].day, 1);
  CHECK_EQ(moved[2].to, 0);
  CHECK(moved[2].deal == 9 && moved[2].segment == 1);
  CHECK(moved[2].team == 2 && moved[2].seller == 3);
  events[1].at = 0;
  REFUSED_AT(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_OUT_OF_ORDER, 1, -1,
             fivek_moves_from_events(NULL, 9, 1, 2, 3, 0, events, 2, moved, 4,
                                     &count, E));
}

static void test_competing_risks(void) {
  static const int32_t kEntry[3] = {0, 0, 0};
  static const int32_t kTime[3] = {5, 8, 9};
  static const uint8_t kEvent[3] = {1, 2, 0};
  static const uint8_t kUnknown[3] = {1, 2, 4};
  fivek_competing_risks risks;

  memset(&risks, 0, sizeof(risks));
  risks.struct_size = sizeof(risks);
  ACCEPTED(fivek_competing_risks_fit(kEntry, kTime, kEvent, 3, &risks, E));
  CHECK(risks.survival > 0.333 && risks.survival < 0.334);
  CHECK(risks.conversion > 0.4999999 && risks.conversion < 0.5000001);
  CHECK(risks.lowest > 0.333 && risks.highest < 0.667);
  CHECK(risks.ended[0] == 1 && risks.ended[1] == 1 && risks.ended[2] == 0);
  ACCEPTED(fivek_competing_risks_fit(NULL, kTime, kEvent, 3, &risks, E));
  ACCEPTED(fivek_competing_risks_fit(NULL, NULL, NULL, 0, &risks, E));
  CHECK(risks.survival == 1 && risks.effective_n == 0);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 2, 2,
             fivek_competing_risks_fit(NULL, kTime, kUnknown, 3, &risks, E));
  CHECK_STRUCT(fivek_competing_risks,
               fivek_competing_risks_fit(kEntry, kTime, kEvent, 3, p, E));
}

static void test_hazards(void) {
  static const double kWon[2] = {0.5, 0.25};
  static const double kLost[2] = {0.25, 0.25};
  static const double kMuch[2] = {0.25, 1};
  fivek_hazard_forecast ages[3];

  memset(ages, 0, sizeof(ages));
  ACCEPTED(fivek_hazards_forecast(kWon, kLost, 2, 2, ages, E));
  CHECK(ages[0].won_within == 0.5625 && ages[0].open_after == 0.125);
  CHECK(ages[0].won_ever == 0.625 && ages[2].won_ever == 0.5);
  CHECK(ages[1].won_within == ages[2].won_within);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_hazards_forecast(kWon, kMuch, 2, 2, ages, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_hazards_forecast(kWon, kLost, 0, 2, ages, E));
}

static fivek_status ladder_fits(const fivek_visits* visits,
                                const fivek_ladder_options* options,
                                fivek_error* error) {
  const fivek_ladder* ladder = NULL;
  const fivek_status status =
      fivek_ladder_fit(NULL, visits, options, &ladder, error);
  fivek_ladder_release(ladder);
  return status;
}

/* A book scored by what was learned: of three deals with the evidence of rung 3
   each has the probability of its age. */
static void check_scored_by(const int32_t* ppm, const uint8_t* bucket) {
  static const uint32_t kEvidence[3] = {0x1FFF, 0x1FFF, 0x1FFF};
  int32_t probability[3] = {0, 0, 0};
  uint8_t milestone[3] = {0, 0, 0};
  fivek_calibration learned;
  fivek_score_in in;
  fivek_score_out out;
  int i;

  memset(&learned, 0, sizeof(learned));
  learned.struct_size = sizeof(learned);
  learned.buckets = FIVEK_AGE_BUCKETS;
  learned.ppm = ppm;
  learned.age_bucket = bucket;
  memset(&in, 0, sizeof(in));
  in.struct_size = sizeof(in);
  in.evidence = kEvidence;
  memset(&out, 0, sizeof(out));
  out.struct_size = sizeof(out);
  out.probability_ppm = probability;
  out.milestone = milestone;
  ACCEPTED(
      fivek_score_columns_calibrated(NULL, &learned, &in, &out, 3, NULL, E));
  for (i = 0; i < 3; ++i) {
    CHECK_EQ(milestone[i], 3);
    CHECK_EQ(probability[i], ppm[3 * FIVEK_AGE_BUCKETS + bucket[i]]);
  }
}

static void test_ladder(void) {
  static const int32_t kMilestones[3] = {5, 2, 7};
  static const int32_t kDays[3] = {3, 3, 3};
  static const int32_t kAges[3] = {-1, 10, 1000};
  double probability[7] = {0, 0.1, 0.25, 0.5, 0.75, 0.9, 1};
  const fivek_ladder* ladder = NULL;
  const fivek_ladder* other = NULL;
  fivek_visits* visits = three_up_two_lost();
  fivek_ladder_options options;
  fivek_ladder_group seller;
  fivek_ladder_group groups[4];
  size_t count = 0;
  fivek_estimate won;
  fivek_estimate within[3];
  fivek_status status[3];
  fivek_rung rung;
  fivek_rung_age ages[FIVEK_AGE_BUCKETS];
  fivek_martingale_gap gaps[6];
  int32_t ppm[7 * FIVEK_AGE_BUCKETS];
  uint8_t bucket[3];

  CHECK_EQ(fivek_ladder_fit(NULL, visits, NULL, &ladder, NULL), FIVEK_OK);
  if (ladder == NULL) {
    fivek_visits_release(visits);
    return;
  }
  fivek_ladder_retain(ladder);
  fivek_ladder_release(ladder);
  fivek_ladder_release(NULL);

  /* (20 x 2/3 + 3) / 25 x 18/23 x 23/23 of what was passed on the way. */
  memset(&rung, 0, sizeof(rung));
  rung.struct_size = sizeof(rung);
  ACCEPTED(fivek_ladder_explain(ladder, NULL, 3, &rung, E));
  CHECK(rung.visits == 5 && rung.advanced == 3 && rung.lost == 2);
  CHECK(rung.open == 0 && rung.moved_back == 0);
  CHECK(rung.conversion.value > 0.6533 && rung.conversion.value < 0.6534);
  CHECK_EQ(rung.conversion.source, FIVEK_SOURCE_SHRUNK);
  CHECK(rung.conversion.low < rung.conversion.value);
  CHECK(rung.strength == 20 && rung.back == 0);
  CHECK_STRUCT(fivek_rung, fivek_ladder_explain(ladder, NULL, 3, p, E));

  memset(&seller, 0, sizeof(seller));
  seller.depth = 3;
  seller.seller = 7;
  ACCEPTED(fivek_ladder_won(ladder, &seller, 3, &won, E));
  CHECK(won.value == rung.won.value && won.low == rung.won.low);
  seller.seller = 8;
  REFUSED(FIVEK_NOT_FOUND, FIVEK_REASON_NOT_FOUND,
          fivek_ladder_explain(ladder, &seller, 3, &rung, E));
  ACCEPTED(fivek_ladder_groups(ladder, groups, 4, &count, E));
  CHECK_EQ(count, 4);
  CHECK(groups[0].depth == 0 && groups[1].depth == 1 && groups[2].depth == 2);
  CHECK(groups[3].depth == 3 && groups[3].seller == 7);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_ladder_groups(ladder, groups, 3, &count, E));
  seller.depth = 4;
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_ladder_won(ladder, &seller, 3, &won, E));
  ACCEPTED(fivek_ladder_won(ladder, NULL, 6, &won, E));
  CHECK(won.value == 1 && won.low == 1);
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_ladder_won(ladder, NULL, 7, &won, E));
  ACCEPTED(fivek_ladder_won_at_age(ladder, NULL, 3, 50, &won, E));
  CHECK(won.value > 0 && won.value < 1);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_ladder_won_at_age(ladder, NULL, 3, -1, &won, E));

  ACCEPTED(fivek_ladder_won_within(ladder, NULL, 30, kMilestones, kDays, 3,
                                   within, status, E));
  CHECK_EQ(status[0], FIVEK_FAILED_PRECONDITION);
  CHECK_EQ(status[1], FIVEK_FAILED_PRECONDITION);
  CHECK_EQ(status[2], FIVEK_INVALID_ARGUMENT);
  CHECK(within[0].value == 0 && within[0].high == 1);
  REFUSED_AT(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_NO_HISTORY, 0, -1,
             fivek_ladder_won_within(ladder, NULL, 30, kMilestones, kDays, 3,
                                     within, NULL, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_ladder_won_within(ladder, NULL, 0, kMilestones, kDays, 3,
                                  within, status, E));

  ACCEPTED(fivek_ladder_explain_ages(ladder, 3, ages, E));
  CHECK(ages[0].advanced == 3 && ages[1].lost == 2);
  CHECK(ages[0].exposures > 0 && ages[6].exposures == 0);
  ACCEPTED(fivek_ladder_table(ladder, NULL, ppm, E));
  CHECK_EQ(ppm[6 * FIVEK_AGE_BUCKETS], 1000000);
  CHECK_EQ(ppm[0], 0);
  ACCEPTED(fivek_ages_bucket(kAges, 3, bucket, E));
  CHECK(bucket[0] == 0 && bucket[1] == 1 && bucket[2] == 6);
  check_scored_by(ppm, bucket);

  ACCEPTED(fivek_martingale_check(visits, probability, gaps, E));
  CHECK(gaps[3].moves == 5 && gaps[3].said == 0.5);
  CHECK(gaps[3].mean_next > 0.4499999 && gaps[3].mean_next < 0.4500001);
  CHECK(gaps[2].moves == 0);
  probability[2] = 2;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, 0,
             fivek_martingale_check(visits, probability, gaps, E));

  memset(&options, 0, sizeof(options));
  options.struct_size = sizeof(options);
  CHECK_EQ(fivek_ladder_fit(NULL, visits, &options, &other, NULL), FIVEK_OK);
  ACCEPTED(fivek_ladder_won(other, NULL, 5, &won, E));
  CHECK(won.value == 1);
  fivek_ladder_release(other);
  other = NULL;
  CHECK_INPUT_STRUCT(fivek_ladder_options, options, ladder_fits(visits, p, E));
  options.strength = -1;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_ladder_fit(NULL, visits, &options, &other, E));
  options.strength = 2e12;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_ladder_fit(NULL, visits, &options, &other, E));
  options.strength = 1e308;
  options.strength *= 10; /* infinite: the policy's ladder, whatever history */
  CHECK_EQ(fivek_ladder_fit(NULL, visits, &options, &other, NULL), FIVEK_OK);
  ACCEPTED(fivek_ladder_won(other, NULL, 3, &won, E));
  CHECK(won.value > 0.4999999 && won.value < 0.5000001);
  fivek_ladder_release(other);
  other = NULL;
  options.strength -= options.strength; /* no number */
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_ladder_fit(NULL, visits, &options, &other, E));
  options.strength = 0;
  options.learn_strength = 2;
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_ladder_fit(NULL, visits, &options, &other, E));
  fivek_ladder_release(ladder);
  fivek_visits_release(visits);
}

/* ---- Learned probabilities ---------------------------------------------- */

static int near(double got, double want) {
  const double off = got - want;
  return off < 1e-9 && off > -1e-9;
}

static void test_curves(void) {
  static const double kX[4] = {0.25, 0.25, 0.75, 0.75};
  static const uint8_t kWon[4] = {0, 0, 1, 1};
  static const uint8_t kAllWon[4] = {1, 1, 1, 1};
  double features[20];
  double weights[5];
  double standard_error[6];
  double intercept;
  double objective;
  double low[2];
  double high[2];
  double merged[2];
  size_t i;
  for (i = 0; i < 20; ++i) features[i] = kX[i / 5];
  ACCEPTED(fivek_logistic_fit(features, 5, kWon, NULL, NULL, 4, 1.0, 0,
                              &intercept, weights, standard_error, &objective,
                              E));
  CHECK(near(intercept, -0.956626318011593));
  for (i = 0; i < 5; ++i) CHECK(near(weights[i], 0.3826505272046372));
  CHECK(standard_error[5] > 0);
  SPOIL(weights);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_logistic_fit(features, 5, kAllWon, NULL, NULL, 4, 1.0, 0,
                             &intercept, weights, NULL, &objective, E));
  CHECK_SAYS("all of 4 rows are won");
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_logistic_fit(features, 5, kWon, NULL, NULL, 4, 0.0, 1,
                             &intercept, weights, NULL, &objective, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_logistic_fit(features, 257, kWon, NULL, NULL, 4, 1.0, 0,
                             &intercept, weights, NULL, &objective, E));
  CHECK_SPOILT(weights);

  ACCEPTED(fivek_platt_fit(kX, kAllWon, 4, &intercept, &objective, E));
  ACCEPTED(fivek_venn_abers(kX, kWon, 4, kX + 1, 2, low, high, merged, E));
  CHECK(low[0] == 0.0);
  CHECK(near(high[0], 1.0 / 3));
  CHECK(near(merged[1], 1.0 / (1.0 - 2.0 / 3 + 1.0)));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_venn_abers(kX, kWon, 4, kX, SIZE_MAX, low, high, merged, E));
  features[1] = 2e6;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 2,
             fivek_venn_abers(kX, kWon, 4, features, 2, low, high, merged, E));
  features[1] = -2e6;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
             fivek_venn_abers(features, kWon, 4, kX, 2, low, high, merged, E));
}

/* Forecasts of 0.2 and 0.8 of which half were won, and too few to say so. */
static void test_recalibration(void) {
  static double forecast[300];
  static uint8_t won[300];
  static uint64_t id[300];
  double right[2] = {-1.0, -1.0};
  double same[2] = {-1.0, -1.0};
  uint8_t bytes[1024];
  size_t needed = 0;
  const fivek_recalibration* step = NULL;
  const fivek_recalibration* again = NULL;
  fivek_recalibration_info info;
  size_t i;
  for (i = 0; i < 300; ++i) {
    forecast[i] = i % 2 == 0 ? 0.1 : 0.9;
    won[i] = (uint8_t)(i % 4 < 2);
    id[i] = i;
  }
  info.struct_size = sizeof(info);
  CHECK_EQ(fivek_recalibration_fit(forecast, won, id, 10, &step, NULL),
           FIVEK_OK);
  ACCEPTED(fivek_recalibration_apply(step, forecast, 2, right, E));
  fivek_recalibration_release(step);
  CHECK_EQ(fivek_recalibration_fit(forecast, won, id, 300, &step, NULL),
           FIVEK_OK);
  ACCEPTED(fivek_recalibration_describe(step, &info, E));
  CHECK_EQ(info.verdict, FIVEK_COMPARED_ADOPT);
  CHECK(info.kind == FIVEK_RECALIBRATION_PLATT ||
        info.kind == FIVEK_RECALIBRATION_ISOTONIC);
  CHECK_EQ(info.rows, 300);
  CHECK(info.model_log_loss < info.base_log_loss);
  ACCEPTED(fivek_recalibration_apply(step, forecast, 2, right, E));
  CHECK(right[0] > 0.45 && right[0] < 0.55);
  CHECK(right[1] > 0.45 && right[1] < 0.55);
  ACCEPTED(fivek_recalibration_write(step, bytes, sizeof(bytes), &needed, E));
  CHECK_EQ(fivek_recalibration_read(bytes, needed, &again, NULL), FIVEK_OK);
  ACCEPTED(fivek_recalibration_apply(again, forecast, 2, same, E));
  CHECK(same[0] == right[0] && same[1] == right[1]);
  fivek_recalibration_release(again);
  again = NULL;
  bytes[20] ^= 1;
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_recalibration_read(bytes, needed, &again, E));
  CHECK_STRUCT(fivek_recalibration_info,
               fivek_recalibration_describe(step, p, E));
  forecast[1] = 1.5;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
             fivek_recalibration_apply(step, forecast, 2, same, E));
  CHECK_SAYS("1.5");
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
             fivek_recalibration_fit(forecast, won, id, 2, &again, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_recalibration_apply(step, forecast, SIZE_MAX, same, E));
  CHECK(same[0] == right[0] && same[1] == right[1]);
  CHECK(again == NULL);
  fivek_recalibration_retain(step);
  fivek_recalibration_release(step);
  fivek_recalibration_release(step);
  fivek_recalibration_release(NULL);
}

/* So that it can be called any number of times. */
static fivek_status fit_and_release(const fivek_score_table* table,
                                    const fivek_score_options* options,
                                    fivek_error* error) {
  const fivek_scorecard* card = NULL;
  const fivek_status status =
      fivek_scorecard_fit(table, 1, 0, 60, options, NULL, &card, error);
  fivek_scorecard_release(card);
  return status;
}

static void test_scorecards(void) {
  static uint32_t level[60];
  static uint8_t won[60];
  static int32_t closed_on[60];
  static double out_of_fold[60];
  fivek_score_table table;
  fivek_score_options options;
  const fivek_scorecard* card = NULL;
  const fivek_scorecard* again = NULL;
  fivek_score_answer answer = {0.0, 1, 0};
  fivek_scorecard_info info;
  fivek_score_line line;
  fivek_estimate estimate;
  int32_t score = 0;
  int32_t of_line = 0;
  int32_t points = 0;
  size_t needed = 0;
  uint8_t bytes[2048];
  double numbers[60];
  size_t i;

  memset(&table, 0, sizeof(table));
  table.struct_size = sizeof(table);
  memset(&options, 0, sizeof(options));
  options.struct_size = sizeof(options);
  options.bins = 5;
  options.as_of = 1000;
  options.l2 = 3.0;
  info.struct_size = sizeof(info);
  line.struct_size = sizeof(line);
  for (i = 0; i < 60; ++i) {
    won[i] = (uint8_t)(i % 2);
    level[i] = i % 7 == 0 ? 2 : won[i];
    closed_on[i] = (int32_t)i;
    numbers[i] = (double)i;
  }
  table.level = level;
  table.won = won;
  table.closed_on = closed_on;
  /* Few rows are not asked for a signal: quick, whatever memory there is. */
  options.from_day = 40;
  CHECK_EQ(
      fivek_scorecard_fit(&table, 1, 0, 60, &options, out_of_fold, &card, NULL),
      FIVEK_OK);
  CHECK(out_of_fold[39] == -1.0);
  CHECK(near(out_of_fold[40], 0.5));
  ACCEPTED(fivek_scorecard_predict(card, &answer, 1, &score, &estimate, E));
  CHECK_EQ(score, 0);
  CHECK_EQ(estimate.source, 3);
  CHECK(near(estimate.value, 0.5));
  fivek_scorecard_release(card);

  options.from_day = 0;
  table.group = NULL;
  {
    static uint64_t group[60];
    for (i = 0; i < 60; ++i) group[i] = i;
    table.group = group;
    CHECK_EQ(fivek_scorecard_fit(&table, 1, 0, 60, &options, NULL, &card, NULL),
             FIVEK_OK);
  }
  ACCEPTED(fivek_scorecard_describe(card, &info, E));
  CHECK_EQ(info.verdict, 0);
  CHECK_EQ(info.rows, 60);
  CHECK_EQ(info.won, 30);
  CHECK_EQ(info.columns, 1);
  CHECK_EQ(info.lines, 5);
  CHECK(info.model_log_loss < info.base_log_loss);
  CHECK(info.l2 == 3.0);
  ACCEPTED(fivek_scorecard_predict(card, &answer, 1, &score, &estimate, E));
  CHECK(score > 10);
  CHECK_EQ(estimate.source, 2);
  CHECK(estimate.value > 0.7 && estimate.low <= estimate.value &&
        estimate.low < estimate.high);
  ACCEPTED(fivek_scorecard_explain(card, &answer, 1, &of_line, &points, E));
  CHECK_EQ(points, score);
  ACCEPTED(fivek_scorecard_line(card, (size_t)of_line, &line, E));
  CHECK_EQ(line.kind, FIVEK_SCORE_LINE_LEVEL);
  CHECK_EQ(line.level, 1);
  CHECK_EQ(line.points, score);
  CHECK_EQ(line.rows, line.won);
  REFUSED(FIVEK_NOT_FOUND, FIVEK_REASON_NOT_FOUND,
          fivek_scorecard_line(card, 5, &line, E));
  {
    int32_t scores[60];
    fivek_estimate estimates[60];
    ACCEPTED(fivek_scorecard_scores(card, level, NULL, NULL, 1, 0, 60, scores,
                                    estimates, E));
    for (i = 0; i < 60; ++i) {
      answer.level = level[i];
      CHECK_EQ(
          fivek_scorecard_predict(card, &answer, 1, &score, &estimate, NULL),
          FIVEK_OK);
      CHECK_EQ(scores[i], score);
      CHECK(memcmp(&estimates[i], &estimate, sizeof(estimate)) == 0);
    }
    SPOIL(scores);
    INVALID(FIVEK_REASON_VALUE_RANGE,
            fivek_scorecard_scores(card, level, numbers, NULL, 1, 1, 60, scores,
                                   NULL, E));
    CHECK_SAYS("2 columns; allowed: 1");
    REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, -1, 0,
               fivek_scorecard_scores(card, NULL, numbers, NULL, 0, 1, 60,
                                      scores, NULL, E));
    CHECK_SAYS("as it was fitted");
    REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
            fivek_scorecard_scores(card, level, NULL, NULL, 1, 0, SIZE_MAX,
                                   scores, NULL, E));
    CHECK_SPOILT(scores);
    answer.level = 1;
    ACCEPTED(fivek_scorecard_predict(card, &answer, 1, &score, &estimate, E));
  }
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_scorecard_predict(card, &answer, 2, &score, &estimate, E));
  CHECK_SAYS("2 answers");
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_scorecard_explain(card, &answer, 65, &of_line, &points, E));

  ACCEPTED(fivek_scorecard_write(card, bytes, sizeof(bytes), &needed, E));
  CHECK_EQ(fivek_scorecard_read(bytes, needed, &again, NULL), FIVEK_OK);
  fivek_scorecard_release(again);
  bytes[40] ^= 1;
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_scorecard_read(bytes, needed, &again, E));
  CHECK_STRUCT(fivek_scorecard_info, fivek_scorecard_describe(card, p, E));
  CHECK_STRUCT(fivek_score_line, fivek_scorecard_line(card, 1, p, E));
  fivek_scorecard_retain(card);
  fivek_scorecard_release(card);
  fivek_scorecard_release(card);

  /* Doubles in structs, and columns that are not there. */
  table.simpler = numbers;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, 3,
             fivek_scorecard_fit(&table, 1, 0, 60, &options, NULL, &again, E));
  table.simpler = NULL;
  table.value = numbers;
  numbers[7] = 1e308 * 10;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 7, 1,
             fivek_scorecard_fit(&table, 1, 1, 60, &options, NULL, &again, E));
  options.l2 = -1.0;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_scorecard_fit(&table, 1, 0, 60, &options, NULL, &again, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_scorecard_fit(&table, 0, 0, 60, NULL, NULL, &again, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_scorecard_fit(&table, 65, 0, 60, NULL, NULL, &again, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_scorecard_fit(&table, 1, 0, SIZE_MAX, NULL, NULL, &again, E));
  options.l2 = 0.0;
  options.from_day = 40;
  table.value = NULL;
  CHECK_INPUT_STRUCT(fivek_score_table, table, fit_and_release(p, &options, E));
  CHECK_INPUT_STRUCT(fivek_score_options, options,
                     fit_and_release(&table, p, E));
}

static void test_evidence_models(void) {
  fivek_evidence_deal deals[2];
  const fivek_evidence_model* model = NULL;
  fivek_estimate estimate;
  fivek_evidence_explanation why;
  double out_of_fold[2];
  static const uint8_t kPoints[5] = {3, 20, 255, 0, 7};
  fivek_estimate ladder = {0.25, 0.125, 0.5, 12.0, FIVEK_SOURCE_SHRUNK, 0};
  fivek_evidence_info info;
  const fivek_evidence_model* again = NULL;
  uint8_t bytes[1024];
  size_t needed = 0;
  memset(deals, 0, sizeof(deals));
  why.struct_size = sizeof(why);
  deals[0].ladder = deals[1].ladder = 0.25;
  deals[1].won = 1;
  CHECK_EQ(fivek_evidence_fit(deals, 2, 0, 0, out_of_fold, &model, NULL),
           FIVEK_OK);
  CHECK(out_of_fold[1] == 0.25);
  ACCEPTED(fivek_evidence_predict(model, 1, 0.25, kPoints, &estimate, &why, E));
  CHECK_EQ(estimate.source, 0);
  CHECK(estimate.value == 0.25);
  CHECK_EQ(why.verdict, 1);
  CHECK_EQ(why.probability_ppm, 250000);
  CHECK_EQ(why.share_ppm[1], 0);
  CHECK_STRUCT(
      fivek_evidence_explanation,
      fivek_evidence_predict(model, 1, 0.25, kPoints, &estimate, p, E));

  ACCEPTED(fivek_evidence_predict_from(model, 1, &ladder, kPoints, &estimate,
                                       &why, E));
  CHECK(memcmp(&estimate, &ladder, sizeof(ladder)) == 0);
  CHECK_STRUCT(
      fivek_evidence_explanation,
      fivek_evidence_predict_from(model, 1, &ladder, kPoints, &estimate, p, E));
  ladder.high = 0.2;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, -1, 1,
             fivek_evidence_predict_from(model, 1, &ladder, kPoints, &estimate,
                                         &why, E));
  ladder.high = 0.3;
  ladder.effective_n = -1.0;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, -1, 1,
             fivek_evidence_predict_from(model, 1, &ladder, kPoints, &estimate,
                                         &why, E));
  CHECK_SAYS("effective_n -1");
  ladder.source = 4;
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_evidence_predict_from(model, 1, &ladder, kPoints, &estimate,
                                      &why, E));
  CHECK_SAYS("ladder.source 4");
  ladder.reserved = 1;
  INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
          fivek_evidence_predict_from(model, 1, &ladder, kPoints, &estimate,
                                      &why, E));

  info.struct_size = sizeof(info);
  ACCEPTED(fivek_evidence_describe(model, &info, E));
  CHECK_EQ(info.verdict, FIVEK_COMPARED_TOO_FEW_ROWS);
  CHECK_EQ(info.rows, 2);
  CHECK(info.weight[4] == 0.0);
  CHECK_STRUCT(fivek_evidence_info, fivek_evidence_describe(model, p, E));
  ACCEPTED(fivek_evidence_write(model, bytes, sizeof(bytes), &needed, E));
  CHECK_EQ(fivek_evidence_read(bytes, needed, &again, NULL), FIVEK_OK);
  ACCEPTED(fivek_evidence_predict(again, 1, 0.25, kPoints, &estimate, &why, E));
  CHECK(estimate.value == 0.25);
  fivek_evidence_release(again);
  again = NULL;
  bytes[20] ^= 1;
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_evidence_read(bytes, needed, &again, E));
  fivek_evidence_retain(model);
  fivek_evidence_release(model);
  fivek_evidence_release(model);
  deals[1].ladder = 1.0;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_evidence_fit(deals, 2, 0, 0, NULL, &model, E));
  deals[1].ladder = 0.5;
  deals[1].known_on = 1;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 2,
             fivek_evidence_fit(deals, 2, 0, 0, NULL, &model, E));
  CHECK_SAYS("known on day 1");
}

/* statistics.md section 2: 20, 15, 10, 5 and 0 points. */
static void test_five_k(void) {
  static const uint8_t kPoints[5] = {20, 15, 10, 5, 0};
  static const uint8_t kUnknown[5] = {20, 15, 10, 5, FIVEK_UNKNOWN};
  fivek_five_k five;
  double drag = 0.0;
  size_t i;
  five.struct_size = sizeof(five);
  ACCEPTED(fivek_five_k_of(kPoints, &five, E));
  CHECK(five.product == 0.0 && five.geometric_mean == 0.0);
  CHECK(five.arithmetic_mean == 0.5);
  CHECK_EQ(five.weakest, 16);
  CHECK(five.log_feature[0] == 0.0 && five.log_feature[4] < -3.0);
  for (i = 0; i < 5; ++i) drag += five.drag_share[i];
  CHECK(near(drag, 1.0));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, -1, 4,
             fivek_five_k_of(kUnknown, &five, E));
  CHECK_STRUCT(fivek_five_k, fivek_five_k_of(kPoints, p, E));
}

/* The method's own ladder, there and back; and down a hierarchy. */
static void test_conversions(void) {
  static const double kLadder[6] = {0.10, 0.25, 0.50, 0.75, 0.90, 1.0};
  static const double kFalls[3] = {0.5, 0.25, 1.0};
  static const double kStrength[2] = {20.0, 10.0};
  static const double kWon[2] = {3.0, 0.0};
  static const double kClosed[2] = {12.0, 0.0};
  static const double kMore[2] = {13.0, 0.0};
  double conversions[5];
  double ladder[6];
  fivek_estimate rates[2];
  size_t i;
  ACCEPTED(fivek_ladder_to_conversions(kLadder, 6, conversions, E));
  CHECK(near(conversions[0], 2.0 / 5) && near(conversions[4], 9.0 / 10));
  ACCEPTED(fivek_conversions_to_ladder(conversions, 5, ladder, E));
  for (i = 0; i < 6; ++i) CHECK(near(ladder[i], kLadder[i]));
  SPOIL(conversions);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_YIELD_FALLS, 1, 0,
             fivek_ladder_to_conversions(kFalls, 3, conversions, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_ladder_to_conversions(kLadder, 1, conversions, E));
  CHECK_SPOILT(conversions);
  SPOIL(ladder);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
             fivek_conversions_to_ladder(kStrength, 2, ladder, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_conversions_to_ladder(conversions, 0, ladder, E));
  CHECK_SPOILT(ladder);
  ACCEPTED(fivek_rates_shrink_down(0.1, kStrength, kWon, kClosed, 2, rates, E));
  CHECK(near(rates[0].value, 0.15625));
  CHECK_EQ(rates[0].source, FIVEK_SOURCE_SHRUNK);
  CHECK(near(rates[1].value, 0.15625));
  CHECK_EQ(rates[1].source, FIVEK_SOURCE_LADDER);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, -1,
      fivek_rates_shrink_down(0.1, kStrength, kMore, kClosed, 2, rates, E));
}

static void test_pls(void) {
  fivek_pls_compat* pls = NULL;
  static const uint32_t kHere[1] = {7};
  static const uint32_t kThere[1] = {8};
  double percent;
  double raw;
  fivek_pls_compat* again = NULL;
  fivek_pls_count counts[8];
  size_t count = 0;
  uint8_t bytes[1024];
  size_t needed = 0;
  CHECK_EQ(fivek_pls_create(1, 2, 50, 1, &pls, NULL), FIVEK_OK);
  REFUSED(FIVEK_NOT_FOUND, FIVEK_REASON_NOT_FOUND,
          fivek_pls_probability(pls, 1, 0, kHere, NULL, 0, &percent, &raw, E));
  CHECK_EQ(fivek_pls_add(pls, 1, 0, kHere, NULL, 0, 1, NULL), FIVEK_OK);
  CHECK_EQ(fivek_pls_add(pls, 1, 0, kThere, NULL, 0, 0, NULL), FIVEK_OK);
  ACCEPTED(fivek_pls_probability(pls, 1, 0, kHere, NULL, 0, &percent, &raw, E));
  /* 1.1 / 1.2 beside 0.1 / 1.2. */
  CHECK(near(raw, 100 * 1.1 / 1.2));
  CHECK(percent == 91.67);
  ACCEPTED(fivek_pls_counts(pls, counts, 8, &count, E));
  /* Values 7 and 8, and two stages. */
  CHECK_EQ(count, 4);
  CHECK_EQ(counts[0].field, FIVEK_PLS_STAGES);
  CHECK(counts[0].won == 1.1 && counts[0].lost == 1.1);
  CHECK(counts[2].value == 7 && counts[2].won == 1.1 && counts[2].lost == 0.1);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_pls_counts(pls, counts, 3, &count, E));
  ACCEPTED(fivek_pls_write(pls, bytes, sizeof(bytes), &needed, E));
  CHECK_EQ(fivek_pls_read(bytes, needed, &again, NULL), FIVEK_OK);
  CHECK_EQ(fivek_pls_remove(again, 1, 0, kThere, NULL, 0, 0, NULL), FIVEK_OK);
  fivek_pls_release(again);
  again = NULL;
  bytes[20] ^= 1;
  REFUSED(FIVEK_DATA_LOSS, FIVEK_REASON_DATA_DAMAGED,
          fivek_pls_read(bytes, needed, &again, E));
  REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_EVENT_NOT_ALLOWED,
          fivek_pls_remove(pls, 1, 0, kThere, NULL, 0, 1, E));
  CHECK_EQ(fivek_pls_remove(pls, 1, 0, kThere, NULL, 0, 0, NULL), FIVEK_OK);
  CHECK_EQ(fivek_pls_remove(pls, 1, 0, kHere, NULL, 0, 1, NULL), FIVEK_OK);
  REFUSED(FIVEK_NOT_FOUND, FIVEK_REASON_NOT_FOUND,
          fivek_pls_probability(pls, FIVEK_PLS_NONE, 0, kHere, NULL, 0,
                                &percent, &raw, E));
  fivek_pls_release(pls);
  fivek_pls_release(NULL);
}

static void test_abc(void) {
  static const int64_t kValue[7] = {500, 0, 300, -120, 150, 50, 0};
  static const int64_t kEqual[10] = {5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
  static const int64_t kThen[5] = {80, 15, 5, INT64_MIN, -5};
  static const int64_t kNow[5] = {INT64_MIN, 15, 5, 80, -5};
  static const int64_t kHuge[2] = {INT64_MAX, 1};
  uint8_t grade[10];
  uint8_t then[5];
  uint8_t now[5];
  uint8_t cause[5];
  fivek_abc_options options;
  fivek_abc abc;
  fivek_abc_movement m;

  ACCEPTED(fivek_abc_classify(kValue, 7, 800000, 950000, grade, E));
  CHECK(memcmp(grade, "\0\2\0\3\1\2\2", 7) == 0);
  ACCEPTED(fivek_abc_classify(kEqual, 10, 800000, 950000, grade, E));
  CHECK(all_bytes(grade, 10, FIVEK_ABC_A));
  SPOIL(grade);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_abc_classify(kValue, 7, -1, 950000, grade, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_abc_classify(kValue, 7, 950001, 950000, grade, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_abc_classify(kValue, 7, 0, 1000001, grade, E));
  NULL_REFUSED(fivek_abc_classify(NULL, 7, 800000, 950000, grade, E));
  NULL_REFUSED(fivek_abc_classify(kValue, 7, 800000, 950000, NULL, E));
  CHECK_SPOILT(grade);

  memset(&options, 0, sizeof(options));
  options.struct_size = (uint32_t)sizeof(options);
  memset(&abc, 0, sizeof(abc));
  abc.struct_size = (uint32_t)sizeof(abc);
  ACCEPTED(fivek_abc_grade(kValue, 7, NULL, grade, &abc, E));
  CHECK(memcmp(grade, "\0\2\0\3\1\2\2", 7) == 0);
  CHECK(abc.total == 1000 && abc.lowest[0] == 300 && abc.lowest[1] == 150);
  CHECK(abc.count[0] == 2 && abc.count[1] == 1 && abc.count[2] == 3);
  CHECK(abc.value[0] == 800 && abc.value[1] == 150 && abc.value[2] == 50);
  CHECK(abc.count[3] == 1 && abc.value[3] == -120);
  options.a_ppm = 800000;
  options.b_ppm = 950000;
  options.ties = FIVEK_EQUALS_BY_ROW;
  ACCEPTED(fivek_abc_grade(kEqual, 10, &options, grade, &abc, E));
  CHECK(memcmp(grade, "\0\0\0\0\0\0\0\0\1\1", 10) == 0);
  options.rule = FIVEK_CUT_INCLUSIVE;
  ACCEPTED(fivek_abc_grade(kEqual, 10, &options, grade, &abc, E));
  CHECK(memcmp(grade, "\0\0\0\0\0\0\0\0\1\2", 10) == 0);
  options.rule = FIVEK_CUT_FIXED_COUNTS;
  options.a_count = 3;
  options.b_count = 1;
  options.a_ppm = -1; /* which is not looked at */
  ACCEPTED(fivek_abc_grade(kEqual, 10, &options, grade, &abc, E));
  CHECK(abc.count[0] == 3 && abc.count[1] == 1 && abc.count[2] == 6);
  CHECK_INPUT_STRUCT(fivek_abc_options, options,
                     fivek_abc_grade(kEqual, 10, p, grade, &abc, E));
  CHECK_STRUCT(fivek_abc, fivek_abc_grade(kEqual, 10, NULL, grade, p, E));
  SPOIL(grade);
  options.a_count = -1;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_abc_grade(kEqual, 10, &options, grade, &abc, E));
  options.rule = 3;
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_abc_grade(kEqual, 10, &options, grade, &abc, E));
  options.rule = 0;
  options.ties = 2;
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_abc_grade(kEqual, 10, &options, grade, &abc, E));
  options.ties = 0;
  options.reserved = 1;
  INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
          fivek_abc_grade(kEqual, 10, &options, grade, &abc, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_abc_grade(kHuge, 2, NULL, grade, &abc, E));
  NULL_REFUSED(fivek_abc_grade(NULL, 10, NULL, grade, &abc, E));
  NULL_REFUSED(fivek_abc_grade(kEqual, 10, NULL, NULL, &abc, E));
  NULL_REFUSED(fivek_abc_grade(kEqual, 10, NULL, grade, NULL, E));
  CHECK_SPOILT(grade);

  memset(&m, 0, sizeof(m));
  m.struct_size = (uint32_t)sizeof(m);
  ACCEPTED(fivek_abc_compare(kThen, kNow, 5, NULL, then, now, cause, &m, E));
  CHECK(memcmp(then, "\0\1\2\377\3", 5) == 0);
  CHECK(memcmp(now, "\377\1\2\0\3", 5) == 0);
  CHECK(memcmp(cause, "\5\0\0\4\0", 5) == 0);
  CHECK(m.moved[20] == 1 && m.moved[4] == 1 && m.moved[18] == 1);
  CHECK(m.causes[FIVEK_CAUSE_CAME] == 1 && m.causes[FIVEK_CAUSE_LEFT] == 1);
  CHECK(m.causes[FIVEK_CAUSE_NONE] == 3 && m.causes[FIVEK_CAUSE_OWN] == 0);
  CHECK(m.then[0] == 80 && m.now[0] == 80);
  CHECK(m.then[1] == 15 && m.now[1] == 15);
  CHECK(m.row_then[0] == 0 && m.row_now[0] == 3);
  CHECK(m.mover[0] == -1 && m.without_mover[0] == 0);
  ACCEPTED(fivek_abc_compare(kThen, kNow, 5, NULL, NULL, NULL, NULL, &m, E));
  CHECK_STRUCT(fivek_abc_movement,
               fivek_abc_compare(kThen, kNow, 5, NULL, then, now, cause, p, E));
  SPOIL(then);
  SPOIL(cause);
  options.reserved = 0;
  options.ties = FIVEK_EQUALS_BY_ROW;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_abc_compare(kThen, kNow, 5, &options, then, now, cause, &m, E));
  NULL_REFUSED(fivek_abc_compare(NULL, kNow, 5, NULL, then, now, cause, &m, E));
  NULL_REFUSED(
      fivek_abc_compare(kThen, NULL, 5, NULL, then, now, cause, &m, E));
  NULL_REFUSED(
      fivek_abc_compare(kThen, kNow, 5, NULL, then, now, cause, NULL, E));
  CHECK_SPOILT(then);
  CHECK_SPOILT(cause);
}

static void test_xyz(void) {
  static const int64_t kMonths[6] = {100, 110, 90, 300, 0, 0};
  static const int64_t kTotal[2] = {300, 300};
  static const int64_t kHuge[2] = {INT64_MAX, INT64_MAX};
  static const uint8_t kAbc[2] = {FIVEK_ABC_A, FIVEK_ABC_A};
  static const uint8_t kXyz[2] = {FIVEK_XYZ_X, FIVEK_XYZ_Z};
  static const uint8_t kSame[2] = {0, 0};
  static const uint8_t kBad[2] = {0, 9};
  fivek_xyz_row rows[2];
  int64_t count[12];
  int64_t sum[12];

  ACCEPTED(fivek_xyz_classify(kMonths, 2, 3, 250000, 500000, 12, rows, E));
  CHECK(rows[0].xyz == FIVEK_XYZ_X &&
        is_near(rows[0].cv, sqrt(200.0 / 3) / 100));
  CHECK(rows[1].xyz == FIVEK_XYZ_Z && is_near(rows[1].cv, sqrt(2.0)));
  CHECK(rows[0].intermittent == 0 && rows[1].intermittent == 1);
  CHECK(all_bytes(rows[1].reserved, 6, 0));
  SPOIL(rows);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_xyz_classify(kMonths, 2, 0, 250000, 500000, 12, rows, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_xyz_classify(kMonths, 2, 4097, 250000, 500000, 12, rows, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_xyz_classify(kMonths, 2, 3, -1, 500000, 12, rows, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_xyz_classify(kMonths, 2, 3, 2, 1, 12, rows, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_xyz_classify(kMonths, 2, 3, 1, 2, 0, rows, E));
  NULL_REFUSED(fivek_xyz_classify(NULL, 2, 3, 1, 2, 12, rows, E));
  NULL_REFUSED(fivek_xyz_classify(kMonths, 2, 3, 1, 2, 12, NULL, E));
  CHECK_SPOILT(rows);

  ACCEPTED(fivek_abc_xyz_cross(kTotal, kAbc, kXyz, 2, count, sum, E));
  CHECK(count[0] == 1 && count[1] == 0 && count[2] == 1 && count[11] == 0);
  CHECK(sum[0] == 300 && sum[2] == 300);
  SPOIL(count);
  SPOIL(sum);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 1, 1,
             fivek_abc_xyz_cross(kTotal, kBad, kXyz, 2, count, sum, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 1, 2,
             fivek_abc_xyz_cross(kTotal, kAbc, kBad, 2, count, sum, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_abc_xyz_cross(kHuge, kAbc, kSame, 2, count, sum, E));
  NULL_REFUSED(fivek_abc_xyz_cross(NULL, kAbc, kXyz, 2, count, sum, E));
  NULL_REFUSED(fivek_abc_xyz_cross(kTotal, NULL, kXyz, 2, count, sum, E));
  NULL_REFUSED(fivek_abc_xyz_cross(kTotal, kAbc, NULL, 2, count, sum, E));
  NULL_REFUSED(fivek_abc_xyz_cross(kTotal, kAbc, kXyz, 2, NULL, sum, E));
  NULL_REFUSED(fivek_abc_xyz_cross(kTotal, kAbc, kXyz, 2, count, NULL, E));
  CHECK_SPOILT(count);
  CHECK_SPOILT(sum);
}

/* ---- Customers -------------------------------------------------------------
 */

static void test_customers(void) {
  static const uint64_t kCustomer[5] = {7, 7, 9, 7, 9};
  static const int32_t kDay[5] = {100, 130, 120, 130, 151};
  static const int64_t kAmount[5] = {5000, 2000, -900, 1000, 1};
  static const int32_t kBadDay[2] = {0, INT32_MAX};
  static const int64_t kHuge[2] = {INT64_MAX, 1};
  static const int32_t kSameDay[2] = {3, 3};
  fivek_customer_purchases out[2];
  size_t count = 0;
  int64_t after = -1;

  ACCEPTED(fivek_purchases_summarize(kCustomer, kDay, kAmount, 5, 150, NULL, 0,
                                     &count, &after, E));
  CHECK_EQ(count, 2);
  SPOIL(out);
  ACCEPTED(fivek_purchases_summarize(kCustomer, kDay, kAmount, 5, 150, out, 2,
                                     &count, &after, E));
  CHECK_EQ(after, 1);
  CHECK_EQ(out[0].customer, 7);
  CHECK_EQ(out[0].orders, 3);
  CHECK_EQ(out[0].purchase_days, 2);
  CHECK_EQ(out[0].total, 8000);
  CHECK_EQ(out[0].repeat_total, 3000);
  CHECK(out[0].first_day == 100 && out[0].last_day == 130);
  CHECK(out[0].recency == 30 && out[0].age == 50);
  CHECK_EQ(out[1].credits, 1);
  CHECK_EQ(out[1].last_day, FIVEK_NEVER_BOUGHT);
  SPOIL(out);
  SPOIL(after);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_purchases_summarize(kCustomer, kDay, kAmount, 5, 150, out, 1,
                                    &count, &after, E));
  CHECK_EQ(count, 2);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_purchases_summarize(kCustomer, kBadDay, kAmount, 2, 150, out,
                                       2, &count, &after, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_purchases_summarize(kCustomer, kDay, kAmount, 5, INT32_MIN, out,
                                    2, &count, &after, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_purchases_summarize(kCustomer, kSameDay, kHuge, 2, 150, out, 2,
                                    &count, &after, E));
  NULL_REFUSED(fivek_purchases_summarize(NULL, kDay, kAmount, 5, 150, out, 2,
                                         &count, &after, E));
  NULL_REFUSED(fivek_purchases_summarize(kCustomer, NULL, kAmount, 5, 150, out,
                                         2, &count, &after, E));
  NULL_REFUSED(fivek_purchases_summarize(kCustomer, kDay, NULL, 5, 150, out, 2,
                                         &count, &after, E));
  NULL_REFUSED(fivek_purchases_summarize(kCustomer, kDay, kAmount, 5, 150, NULL,
                                         2, &count, &after, E));
  NULL_REFUSED(fivek_purchases_summarize(kCustomer, kDay, kAmount, 5, 150, out,
                                         2, NULL, &after, E));
  NULL_REFUSED(fivek_purchases_summarize(kCustomer, kDay, kAmount, 5, 150, out,
                                         2, &count, NULL, E));
  CHECK_SPOILT(out);
  CHECK_SPOILT(after);
}

static void test_rfm(void) {
  static const int64_t kValue[4] = {12, 15, 15, 80};
  static const int32_t kLast[3] = {100, FIVEK_NEVER_BOUGHT, 90};
  static const int64_t kFrequency[3] = {5, 0, 2};
  static const int64_t kBadFrequency[3] = {5, 1, 2};
  static const int64_t kMoney[3] = {-5, 7, 90};
  static const uint8_t kBadScore[3] = {5, 0, 6};
  fivek_rfm_rule rules[2] = {{1, 2, 5, 1, 5, 1, 5, 0},
                             {2, 1, 5, 1, 5, 1, 5, 0}};
  fivek_rfm_options options;
  fivek_rfm_segment_options how;
  fivek_rank_class list[4];
  uint8_t score[4];
  uint8_t r[3];
  uint8_t f[3];
  uint8_t m[3];
  size_t count = 0;

  ACCEPTED(fivek_rank_score(kValue, 4, 5, score, list, 4, &count, E));
  CHECK(score[0] == 1 && score[1] == 2 && score[2] == 2 && score[3] == 4);
  CHECK_EQ(count, 3);
  CHECK(list[1].lowest == 15 && list[1].highest == 15);
  CHECK(list[1].customers == 2 && list[1].score == 2 && list[1].reserved == 0);
  SPOIL(score);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_rank_score(kValue, 4, 5, score, list, 2, &count, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_rank_score(kValue, 4, 1, score, list, 4, &count, E));
  NULL_REFUSED(fivek_rank_score(NULL, 4, 5, score, list, 4, &count, E));
  NULL_REFUSED(fivek_rank_score(kValue, 4, 5, NULL, list, 4, &count, E));
  NULL_REFUSED(fivek_rank_score(kValue, 4, 5, score, NULL, 4, &count, E));
  NULL_REFUSED(fivek_rank_score(kValue, 4, 5, score, list, 4, NULL, E));
  CHECK_SPOILT(score);

  memset(&options, 0, sizeof(options));
  options.struct_size = sizeof(options);
  options.as_of = 100;
  ACCEPTED(fivek_rfm_score(kLast, kFrequency, kMoney, 3, &options, r, f, m, E));
  CHECK(r[0] == 3 && r[1] == 0 && r[2] == 1);
  CHECK(f[0] == 3 && f[1] == 0 && f[2] == 1);
  CHECK(m[0] == 1 && m[1] == 0 && m[2] == 3);
  CHECK_INPUT_STRUCT(
      fivek_rfm_options, options,
      fivek_rfm_score(kLast, kFrequency, kMoney, 3, p, r, f, m, E));
  ACCEPTED(fivek_rfm_segments(r, f, m, 3, NULL, 0, NULL, score, E));
  CHECK_EQ(score[0], FIVEK_RFM_ABOUT_TO_SLEEP);
  CHECK_EQ(score[1], FIVEK_RFM_NO_ORDERS);
  CHECK_EQ(score[2], FIVEK_RFM_LOST);
  ACCEPTED(fivek_rfm_segments(r, f, m, 3, rules, 2, NULL, score, E));
  CHECK(score[0] == 1 && score[1] == 11 && score[2] == 2);
  memset(&how, 0, sizeof(how));
  how.struct_size = sizeof(how);
  how.axes = FIVEK_AXES_MEAN;
  how.never_bought = 200;
  CHECK_INPUT_STRUCT(fivek_rfm_segment_options, how,
                     fivek_rfm_segments(r, f, m, 3, rules, 2, p, score, E));
  CHECK(score[0] == 1 && score[1] == 200 && score[2] == 2);

  SPOIL(score);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_rfm_segments(r, f, m, 3, rules, 1, NULL, score, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_rfm_segments(r, f, m, 3, rules, 0, NULL, score, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_rfm_segments(r, f, m, 3, rules, 256, NULL, score, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, 1,
             fivek_rfm_segments(r, kBadScore, m, 3, NULL, 0, NULL, score, E));
  rules[1].reserved = 1;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_RESERVED_NOT_ZERO, 1, -1,
             fivek_rfm_segments(r, f, m, 3, rules, 2, NULL, score, E));
  rules[1].reserved = 0;
  how.axes = 2;
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_rfm_segments(r, f, m, 3, rules, 2, &how, score, E));
  NULL_REFUSED(fivek_rfm_segments(NULL, f, m, 3, NULL, 0, NULL, score, E));
  NULL_REFUSED(fivek_rfm_segments(r, NULL, m, 3, NULL, 0, NULL, score, E));
  NULL_REFUSED(fivek_rfm_segments(r, f, NULL, 3, NULL, 0, NULL, score, E));
  NULL_REFUSED(fivek_rfm_segments(r, f, m, 3, NULL, 0, NULL, NULL, E));
  CHECK_SPOILT(score);

  SPOIL(r);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
      fivek_rfm_score(kLast, kBadFrequency, kMoney, 3, &options, r, f, m, E));
  options.as_of = 99;
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
      fivek_rfm_score(kLast, kFrequency, kMoney, 3, &options, r, f, m, E));
  options.as_of = 100;
  options.reserved = 1;
  INVALID(FIVEK_REASON_RESERVED_NOT_ZERO,
          fivek_rfm_score(kLast, kFrequency, kMoney, 3, &options, r, f, m, E));
  options.reserved = 0;
  options.money_classes = 256;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_rfm_score(kLast, kFrequency, kMoney, 3, &options, r, f, m, E));
  NULL_REFUSED(
      fivek_rfm_score(NULL, kFrequency, kMoney, 3, &options, r, f, m, E));
  NULL_REFUSED(fivek_rfm_score(kLast, NULL, kMoney, 3, &options, r, f, m, E));
  NULL_REFUSED(
      fivek_rfm_score(kLast, kFrequency, NULL, 3, &options, r, f, m, E));
  NULL_REFUSED(fivek_rfm_score(kLast, kFrequency, kMoney, 3, NULL, r, f, m, E));
  NULL_REFUSED(
      fivek_rfm_score(kLast, kFrequency, kMoney, 3, &options, NULL, f, m, E));
  NULL_REFUSED(
      fivek_rfm_score(kLast, kFrequency, kMoney, 3, &options, r, NULL, m, E));
  NULL_REFUSED(
      fivek_rfm_score(kLast, kFrequency, kMoney, 3, &options, r, f, NULL, E));
  CHECK_SPOILT(r);
}

/* Within 1e-12 of itself. */
static int is_like(double got, double want) {
  const double off = got / want - 1;
  return off <= 1e-12 && off >= -1e-12;
}

static void test_lifetime_values(void) {
  static const fivek_bg_nbd kPaper = {0.243, 4.414, 0.793, 2.426};
  static const fivek_gamma_gamma kPaperValue = {6.25, 3.74, 15.44};
  static const int64_t kFrequency[6] = {0, 0, 1, 2, 6, 1};
  static const double kRecency[6] = {0, 0, 4, 10, 30, 2};
  static const double kAge[6] = {30, 35, 30, 36, 32, 38};
  static const int64_t kBuys[7] = {1, 1, 2, 1, 3, 1, 2};
  static const double kMean[7] = {3, 40, 10, 400, 20, 8, 12};
  static const int64_t kTwo[2] = {2, 1};
  static const double kTwoRecency[2] = {30.43, 9};
  static const double kTwoAge[2] = {38.86, 8}; /* t_x > T */
  static const double kTwoMean[2] = {22.35, 0};
  const fivek_bg_nbd no_model = {0, 1, 1, 1};
  const fivek_gamma_gamma no_value = {1, 0, 1};
  fivek_bg_nbd model;
  fivek_gamma_gamma value_model;
  fivek_fit_quality quality;
  fivek_lifetime_options options;
  fivek_outlook outlook[2];
  fivek_status status[2];
  double out[7];
  double value[2];

  memset(&quality, 0, sizeof(quality));
  quality.struct_size = sizeof(quality);
  ACCEPTED(
      fivek_bg_nbd_fit(kFrequency, kRecency, kAge, 6, &model, &quality, E));
  CHECK(model.r > 0.67 && model.r < 0.68 && model.b > 0.43 && model.b < 0.44);
  CHECK(quality.customers == 6 && quality.repeaters == 4);
  CHECK(quality.steps > 0 && quality.gradient < 1e-9);
  CHECK(quality.standard_error[0] > 0.6 && quality.low[0] < model.r);
  CHECK(quality.high[3] > model.b);
  ACCEPTED(fivek_bg_nbd_fit(kFrequency, kRecency, kAge, 6, &model, NULL, E));
  ACCEPTED(fivek_bg_nbd_log_likelihood(&model, kFrequency, kRecency, kAge, 6,
                                       out, E));
  CHECK(is_like(out[0] + out[1] + out[2] + out[3] + out[4] + out[5],
                quality.log_likelihood));
  CHECK_STRUCT(fivek_fit_quality,
               fivek_bg_nbd_fit(kFrequency, kRecency, kAge, 6, &model, p, E));
  ACCEPTED(fivek_bg_nbd_log_likelihood(&kPaper, kTwo, kTwoRecency, kTwoAge, 1,
                                       out, E));
  CHECK(is_like(out[0], -9.45860630706627));

  SPOIL(model);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_bg_nbd_fit(kTwo, kTwoRecency, kTwoAge, 2, &model, NULL, E));
  REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_NO_HISTORY,
          fivek_bg_nbd_fit(kFrequency, kRecency, kAge, 2, &model, NULL, E));
  REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_NO_HISTORY,
          fivek_bg_nbd_fit(kTwo, kTwoRecency, kTwoAge, 1, &model, NULL, E));
  NULL_REFUSED(fivek_bg_nbd_fit(NULL, kRecency, kAge, 6, &model, NULL, E));
  NULL_REFUSED(fivek_bg_nbd_fit(kFrequency, NULL, kAge, 6, &model, NULL, E));
  NULL_REFUSED(
      fivek_bg_nbd_fit(kFrequency, kRecency, NULL, 6, &model, NULL, E));
  NULL_REFUSED(fivek_bg_nbd_fit(kFrequency, kRecency, kAge, 6, NULL, NULL, E));
  CHECK_SPOILT(model);

  SPOIL(outlook);
  ACCEPTED(fivek_bg_nbd_predict(&kPaper, kTwo, kTwoRecency, kTwoAge, 2, 39,
                                outlook, status, E));
  CHECK(is_like(outlook[0].alive, 0.726578570080673));
  CHECK(is_like(outlook[0].expected, 1.2260281747671444));
  CHECK_EQ(outlook[0].due, FIVEK_ORDER_NOT_YET);
  CHECK_EQ(status[0], FIVEK_OK);
  CHECK_EQ(status[1], FIVEK_INVALID_ARGUMENT);
  CHECK(all_bytes(&outlook[1], sizeof(outlook[1]), 0));
  SPOIL(outlook);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_bg_nbd_predict(&kPaper, kTwo, kTwoRecency, kTwoAge, 2, 39,
                                  outlook, NULL, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_bg_nbd_predict(&kPaper, kTwo, kTwoRecency, kTwoAge, 1, -1,
                               outlook, NULL, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_bg_nbd_predict(&no_model, kTwo, kTwoRecency, kTwoAge, 1, 39,
                               outlook, NULL, E));
  NULL_REFUSED(fivek_bg_nbd_predict(NULL, kTwo, kTwoRecency, kTwoAge, 1, 39,
                                    outlook, NULL, E));
  NULL_REFUSED(fivek_bg_nbd_predict(&kPaper, NULL, kTwoRecency, kTwoAge, 1, 39,
                                    outlook, NULL, E));
  NULL_REFUSED(fivek_bg_nbd_predict(&kPaper, kTwo, NULL, kTwoAge, 1, 39,
                                    outlook, NULL, E));
  NULL_REFUSED(fivek_bg_nbd_predict(&kPaper, kTwo, kTwoRecency, NULL, 1, 39,
                                    outlook, NULL, E));
  NULL_REFUSED(fivek_bg_nbd_predict(&kPaper, kTwo, kTwoRecency, kTwoAge, 1, 39,
                                    NULL, NULL, E));
  CHECK_SPOILT(outlook);
  ACCEPTED(fivek_bg_nbd_expect_new(&kPaper, 1e9, value, E));
  CHECK(is_like(value[0], 256.25492550312434));
  SPOIL(value);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_bg_nbd_expect_new(&no_model, 1, value, E));
  NULL_REFUSED(fivek_bg_nbd_expect_new(NULL, 1, value, E));
  NULL_REFUSED(fivek_bg_nbd_expect_new(&kPaper, 1, NULL, E));
  CHECK_SPOILT(value);
  SPOIL(out);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_bg_nbd_log_likelihood(&no_model, kTwo, kTwoRecency, kTwoAge, 1,
                                      out, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_bg_nbd_log_likelihood(&kPaper, kTwo, kTwoRecency, kTwoAge, 2,
                                         out, E));
  NULL_REFUSED(
      fivek_bg_nbd_log_likelihood(NULL, kTwo, kTwoRecency, kTwoAge, 1, out, E));
  NULL_REFUSED(fivek_bg_nbd_log_likelihood(&kPaper, NULL, kTwoRecency, kTwoAge,
                                           1, out, E));
  NULL_REFUSED(
      fivek_bg_nbd_log_likelihood(&kPaper, kTwo, NULL, kTwoAge, 1, out, E));
  NULL_REFUSED(
      fivek_bg_nbd_log_likelihood(&kPaper, kTwo, kTwoRecency, NULL, 1, out, E));
  NULL_REFUSED(fivek_bg_nbd_log_likelihood(&kPaper, kTwo, kTwoRecency, kTwoAge,
                                           1, NULL, E));
  CHECK_SPOILT(out);

  /* Amounts. */
  ACCEPTED(fivek_gamma_gamma_fit(kBuys, kMean, 7, &value_model, &quality, E));
  CHECK(value_model.p > 6.4 && value_model.q < 0.96 && quality.customers == 7);
  CHECK(quality.standard_error[3] == 0 && quality.low[2] < value_model.v);
  ACCEPTED(
      fivek_gamma_gamma_log_likelihood(&value_model, kBuys, kMean, 7, out, E));
  CHECK(is_like(out[0] + out[1] + out[2] + out[3] + out[4] + out[5] + out[6],
                quality.log_likelihood));
  SPOIL(value_model);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_gamma_gamma_fit(kTwo, kTwoMean, 2, &value_model, NULL, E));
  REFUSED(FIVEK_FAILED_PRECONDITION, FIVEK_REASON_NO_HISTORY,
          fivek_gamma_gamma_fit(kTwo, kTwoMean, 1, &value_model, NULL, E));
  NULL_REFUSED(fivek_gamma_gamma_fit(NULL, kMean, 7, &value_model, NULL, E));
  NULL_REFUSED(fivek_gamma_gamma_fit(kBuys, NULL, 7, &value_model, NULL, E));
  NULL_REFUSED(fivek_gamma_gamma_fit(kBuys, kMean, 7, NULL, NULL, E));
  CHECK_SPOILT(value_model);
  ACCEPTED(fivek_gamma_gamma_predict(&kPaperValue, kTwo, kTwoMean, 2, value,
                                     status, E));
  CHECK(is_like(value[0], 24.663713910761153) && value[1] == 0);
  CHECK(status[0] == FIVEK_OK && status[1] == FIVEK_INVALID_ARGUMENT);
  SPOIL(out);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
      fivek_gamma_gamma_predict(&kPaperValue, kTwo, kTwoMean, 2, out, NULL, E));
  INVALID(
      FIVEK_REASON_VALUE_RANGE,
      fivek_gamma_gamma_predict(&no_value, kTwo, kTwoMean, 1, out, NULL, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
             fivek_gamma_gamma_log_likelihood(&kPaperValue, kFrequency, kMean,
                                              1, out, E));
  INVALID(FIVEK_REASON_VALUE_RANGE, fivek_gamma_gamma_log_likelihood(
                                        &no_value, kTwo, kTwoMean, 1, out, E));
  NULL_REFUSED(
      fivek_gamma_gamma_log_likelihood(NULL, kTwo, kTwoMean, 1, out, E));
  NULL_REFUSED(fivek_gamma_gamma_log_likelihood(&kPaperValue, NULL, kTwoMean, 1,
                                                out, E));
  NULL_REFUSED(
      fivek_gamma_gamma_log_likelihood(&kPaperValue, kTwo, NULL, 1, out, E));
  NULL_REFUSED(fivek_gamma_gamma_log_likelihood(&kPaperValue, kTwo, kTwoMean, 1,
                                                NULL, E));
  NULL_REFUSED(
      fivek_gamma_gamma_predict(NULL, kTwo, kTwoMean, 1, out, NULL, E));
  NULL_REFUSED(
      fivek_gamma_gamma_predict(&kPaperValue, NULL, kTwoMean, 1, out, NULL, E));
  NULL_REFUSED(
      fivek_gamma_gamma_predict(&kPaperValue, kTwo, NULL, 1, out, NULL, E));
  NULL_REFUSED(fivek_gamma_gamma_predict(&kPaperValue, kTwo, kTwoMean, 1, NULL,
                                         NULL, E));

  memset(&options, 0, sizeof(options));
  options.struct_size = sizeof(options);
  options.months = 12;
  options.monthly_discount = 0.01;
  options.month = 30.0 / 7.0;
  SPOIL(out);
  ACCEPTED(fivek_lifetime_value(&kPaper, kTwo, kTwoRecency, kTwoAge, value, 2,
                                &options, out, status, E));
  CHECK(is_like(out[0], 35.88165264756731) && out[1] == 0);
  CHECK_EQ(status[1], FIVEK_INVALID_ARGUMENT);
  CHECK_INPUT_STRUCT(fivek_lifetime_options, options,
                     fivek_lifetime_value(&kPaper, kTwo, kTwoRecency, kTwoAge,
                                          value, 1, p, out, NULL, E));
  ACCEPTED(fivek_lifetime_value(&kPaper, kTwo, kTwoRecency, kTwoAge, value, 1,
                                NULL, out, NULL, E));
  CHECK(out[0] > 136);
  SPOIL(out);
  options.months = 0;
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_lifetime_value(&kPaper, kTwo, kTwoRecency, kTwoAge, value, 1,
                               &options, out, NULL, E));
  value[0] = -1;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 3,
             fivek_lifetime_value(&kPaper, kTwo, kTwoRecency, kTwoAge, value, 1,
                                  NULL, out, NULL, E));
  NULL_REFUSED(fivek_lifetime_value(NULL, kTwo, kTwoRecency, kTwoAge, value, 1,
                                    NULL, out, NULL, E));
  NULL_REFUSED(fivek_lifetime_value(&kPaper, NULL, kTwoRecency, kTwoAge, value,
                                    1, NULL, out, NULL, E));
  NULL_REFUSED(fivek_lifetime_value(&kPaper, kTwo, NULL, kTwoAge, value, 1,
                                    NULL, out, NULL, E));
  NULL_REFUSED(fivek_lifetime_value(&kPaper, kTwo, kTwoRecency, NULL, value, 1,
                                    NULL, out, NULL, E));
  NULL_REFUSED(fivek_lifetime_value(&kPaper, kTwo, kTwoRecency, kTwoAge, NULL,
                                    1, NULL, out, NULL, E));
  NULL_REFUSED(fivek_lifetime_value(&kPaper, kTwo, kTwoRecency, kTwoAge, value,
                                    1, NULL, NULL, NULL, E));
  CHECK_SPOILT(out);
}

/* ---- Leads, visits, events
 * -------------------------------------------------
 */

static void test_leads(void) {
  static const int64_t kFunds[5] = {2000000, 600, 1000, FIVEK_LEAD_UNKNOWN,
                                    1200};
  static const int32_t kPpm[5] = {0, 1000000, 1000000, 5, 500000};
  static const uint64_t kId[5] = {5, 4, 3, 2, 1};
  static const uint64_t kRepeated[2] = {9, 9};
  static const int64_t kThresholds[2] = {1000, 1200};
  static const int64_t kFalling[2] = {5, 5};
  static const int32_t kBadPpm[2] = {5, 1000001};
  static const uint8_t kYes[3] = {1, 1, FIVEK_UNKNOWN};
  static const uint8_t kMixed[3] = {1, FIVEK_UNKNOWN, 0};
  static const uint8_t kBad[3] = {1, 1, 2};
  uint8_t classes[5], verdict[3];
  uint32_t open[3], no[3];
  int64_t value[5], rank[5], order[5];

  ACCEPTED(fivek_leads_classify(kFunds, 5, kThresholds, 2, classes, E));
  CHECK(classes[0] == 0 && classes[1] == 2 && classes[2] == 1);
  CHECK(classes[3] == FIVEK_UNKNOWN && classes[4] == 0);
  ACCEPTED(fivek_leads_classify(kFunds, 5, NULL, 0, classes, E));
  CHECK(classes[0] == 1 && classes[1] == 2);
  SPOIL(classes);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, -1,
             fivek_leads_classify(kFunds, 5, kFalling, 2, classes, E));
  NULL_REFUSED(fivek_leads_classify(NULL, 5, NULL, 0, classes, E));
  NULL_REFUSED(fivek_leads_classify(kFunds, 5, NULL, 2, classes, E));
  NULL_REFUSED(fivek_leads_classify(kFunds, 5, NULL, 0, NULL, E));
  CHECK_SPOILT(classes);

  ACCEPTED(fivek_leads_value(kFunds, kPpm, 5, value, E));
  CHECK(value[0] == 0 && value[1] == 600 && value[2] == 1000);
  CHECK(value[3] == FIVEK_LEAD_UNKNOWN && value[4] == 600);
  SPOIL(value);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_leads_value(kFunds, kBadPpm, 2, value, E));
  NULL_REFUSED(fivek_leads_value(NULL, kPpm, 5, value, E));
  NULL_REFUSED(fivek_leads_value(kFunds, NULL, 5, value, E));
  NULL_REFUSED(fivek_leads_value(kFunds, kPpm, 5, NULL, E));

  ACCEPTED(fivek_leads_rank(kFunds, kPpm, kId, 5, value, rank, order, E));
  CHECK(rank[0] == 4 && rank[1] == 2 && rank[2] == 1 && rank[3] == 0);
  CHECK(rank[4] == 2);
  CHECK(order[0] == 2 && order[1] == 1 && order[2] == 4 && order[3] == 0);
  CHECK(order[4] == 3);
  SPOIL(value);
  SPOIL(rank);
  SPOIL(order);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 2,
      fivek_leads_rank(kFunds, kPpm, kRepeated, 2, value, rank, order, E));
  NULL_REFUSED(fivek_leads_rank(NULL, kPpm, kId, 5, value, rank, order, E));
  NULL_REFUSED(fivek_leads_rank(kFunds, NULL, kId, 5, value, rank, order, E));
  NULL_REFUSED(fivek_leads_rank(kFunds, kPpm, NULL, 5, value, rank, order, E));
  NULL_REFUSED(fivek_leads_rank(kFunds, kPpm, kId, 5, NULL, rank, order, E));
  NULL_REFUSED(fivek_leads_rank(kFunds, kPpm, kId, 5, value, NULL, order, E));
  NULL_REFUSED(fivek_leads_rank(kFunds, kPpm, kId, 5, value, rank, NULL, E));
  CHECK_SPOILT(value);
  CHECK_SPOILT(rank);
  CHECK_SPOILT(order);

  ACCEPTED(fivek_leads_qualify(kYes, kMixed, kYes, 3, verdict, open, no, E));
  CHECK(verdict[0] == FIVEK_VERDICT_QUALIFIED && open[0] == 0 && no[0] == 0);
  CHECK(verdict[1] == FIVEK_VERDICT_PENDING && open[1] == 2 && no[1] == 0);
  CHECK(verdict[2] == FIVEK_VERDICT_NOT_QUALIFIED && open[2] == 5);
  CHECK(no[2] == 2);
  SPOIL(verdict);
  SPOIL(open);
  SPOIL(no);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 2, -1,
             fivek_leads_qualify(kYes, kYes, kBad, 3, verdict, open, no, E));
  NULL_REFUSED(fivek_leads_qualify(NULL, kYes, kYes, 3, verdict, open, no, E));
  NULL_REFUSED(fivek_leads_qualify(kYes, NULL, kYes, 3, verdict, open, no, E));
  NULL_REFUSED(fivek_leads_qualify(kYes, kYes, NULL, 3, verdict, open, no, E));
  NULL_REFUSED(fivek_leads_qualify(kYes, kYes, kYes, 3, NULL, open, no, E));
  NULL_REFUSED(fivek_leads_qualify(kYes, kYes, kYes, 3, verdict, NULL, no, E));
  NULL_REFUSED(
      fivek_leads_qualify(kYes, kYes, kYes, 3, verdict, open, NULL, E));
  CHECK_SPOILT(verdict);
  CHECK_SPOILT(open);
  CHECK_SPOILT(no);
}

static void test_follow_up(void) {
  static const uint8_t kClass[4] = {0, 1, 0, FIVEK_UNKNOWN};
  static const int32_t kLast[4] = {93, FIVEK_LEAD_NO_DAY, 92, 99};
  static const int32_t kInterval[2] = {30, 60};
  static const int32_t kLatest[1] = {INT32_MAX};
  static const uint64_t kTeam[4] = {7, 3, 7, 7};
  static const int64_t kFunds[4] = {123450, 500, 123450, 80};
  static const int32_t kPpm[4] = {250000, 0, 250000, FIVEK_LEAD_UNKNOWN};
  static const int32_t kClose[4] = {10, 40, 11, 12};
  static const int64_t kTooMuch[2] = {INT64_MAX, INT64_MAX};
  static const int32_t kAge[3] = {0, 30, 15};
  static const int32_t kMillion[3] = {1000000, 1000000, 1000000};
  static const int32_t kNegative[2] = {1, -1};
  uint8_t state[4];
  int32_t due[4], left[3];
  fivek_lead_team total, teams[2];
  size_t count = 0;

  ACCEPTED(
      fivek_leads_follow_up(kClass, kLast, 4, NULL, 0, 100, due, state, E));
  CHECK(due[0] == 100 && state[0] == FIVEK_FOLLOW_UP_DUE);
  CHECK(due[1] == 100 && state[1] == FIVEK_FOLLOW_UP_DUE);
  CHECK(due[2] == 99 && state[2] == FIVEK_FOLLOW_UP_OVERDUE);
  CHECK(due[3] == FIVEK_LEAD_NO_DAY);
  CHECK_EQ(state[3], FIVEK_FOLLOW_UP_NO_INTERVAL);
  ACCEPTED(fivek_leads_follow_up(kClass, kLast, 4, kInterval, 2, 100, due,
                                 state, E));
  CHECK(due[0] == 123 && state[0] == FIVEK_FOLLOW_UP_UPCOMING);
  SPOIL(due);
  SPOIL(state);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 1, 5,
      fivek_leads_follow_up(kClass, kLast, 4, kInterval, 1, 99, due, state, E));
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 3, 6,
      fivek_leads_follow_up(kClass, kLast, 4, kInterval, 2, 98, due, state, E));
  REFUSED_AT(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW, 0, 6,
             fivek_leads_follow_up(kClass, kLatest, 1, kInterval, 2, INT32_MAX,
                                   due, state, E));
  NULL_REFUSED(
      fivek_leads_follow_up(NULL, kLast, 4, NULL, 0, 99, due, state, E));
  NULL_REFUSED(
      fivek_leads_follow_up(kClass, NULL, 4, NULL, 0, 99, due, state, E));
  NULL_REFUSED(
      fivek_leads_follow_up(kClass, kLast, 4, NULL, 1, 99, due, state, E));
  NULL_REFUSED(
      fivek_leads_follow_up(kClass, kLast, 4, NULL, 0, 99, NULL, state, E));
  NULL_REFUSED(
      fivek_leads_follow_up(kClass, kLast, 4, NULL, 0, 99, due, NULL, E));
  CHECK_SPOILT(due);
  CHECK_SPOILT(state);

  ACCEPTED(fivek_leads_forecast(kTeam, kFunds, kPpm, kClose, 4, 10, 40, &total,
                                teams, 2, &count, E));
  CHECK(count == 2 && teams[0].team == 3 && teams[1].team == 7);
  CHECK(teams[0].leads == 0 && teams[0].outside == 1);
  CHECK(teams[1].leads == 2 && teams[1].value == 61725);
  CHECK(teams[1].without_probability == 1);
  CHECK(teams[1].funds_without_probability == 80);
  CHECK(total.value == 61725 && total.outside == 1 && total.undated == 0);
  SPOIL(total);
  SPOIL(teams);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_leads_forecast(kTeam, kFunds, kPpm, kClose, 4, 10, 40, &total,
                               teams, 1, &count, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_leads_forecast(kTeam, kTooMuch, kMillion, kClose, 2, 10, 41,
                               &total, teams, 2, &count, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_leads_forecast(kTeam, kFunds, kPpm, kClose, 4, 10, 9, &total,
                               teams, 2, &count, E));
  NULL_REFUSED(fivek_leads_forecast(NULL, kFunds, kPpm, kClose, 4, 10, 40,
                                    &total, teams, 2, &count, E));
  NULL_REFUSED(fivek_leads_forecast(kTeam, kFunds, kPpm, NULL, 4, 10, 40,
                                    &total, teams, 2, &count, E));
  NULL_REFUSED(fivek_leads_forecast(kTeam, kFunds, kPpm, kClose, 4, 10, 40,
                                    NULL, teams, 2, &count, E));
  NULL_REFUSED(fivek_leads_forecast(kTeam, kFunds, kPpm, kClose, 4, 10, 40,
                                    &total, NULL, 2, &count, E));
  CHECK_SPOILT(total);
  CHECK_SPOILT(teams);

  ACCEPTED(fivek_leads_decay(kMillion, kAge, 3, 30, left, E));
  CHECK(left[0] == 1000000 && left[1] == 500000 && left[2] == 707107);
  SPOIL(left);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
             fivek_leads_decay(kNegative, kAge, 2, 30, left, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_leads_decay(kMillion, kNegative, 2, 30, left, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_leads_decay(kMillion, kAge, 3, 0, left, E));
  NULL_REFUSED(fivek_leads_decay(NULL, kAge, 3, 30, left, E));
  NULL_REFUSED(fivek_leads_decay(kMillion, NULL, 3, 30, left, E));
  NULL_REFUSED(fivek_leads_decay(kMillion, kAge, 3, 30, NULL, E));
  CHECK_SPOILT(left);
}

static void test_assignment(void) {
  static const int64_t kScore[24] = {3,  64, 27, 7,  76, 99, 35, 95,
                                     86, 52, 43, 78, 41, 18, 86, 17,
                                     18, 58, 12, 79, 87, 86, 40, 96};
  static const int64_t kCapacity[3] = {3, 3, 2};
  static const int64_t kFew[3] = {2, 1, 1};
  static const int64_t kBadCapacity[3] = {2, 1, -1};
  static const int64_t kTooHigh[2] = {INT64_MAX, 1};
  static const uint64_t kId[8] = {8, 7, 6, 5, 4, 3, 2, 1};
  static const uint64_t kRepeated[3] = {1, 1, 2};
  static const int32_t kWant[8] = {1, 2, 1, 0, 2, 0, 1, 0};
  static const int64_t kWeight[3] = {5, 1, 1};
  static const int64_t kNobody[3] = {0, 0, 0};
  static const uint8_t kAbsent[3] = {1, 0, 0};
  static const uint8_t kBadAbsent[3] = {1, 2, 0};
  static const int32_t kTurns[7] = {0, 0, 1, 0, 2, 0, 0};
  int32_t seller[8], turn[7];
  int64_t seller_price[3], lead_price[8], bound = 0, credit[3] = {0, 0, 0};
  fivek_assignment a;
  size_t i;

  memset(&a, 0, sizeof(a));
  a.struct_size = (uint32_t)sizeof(a);
  ACCEPTED(fivek_leads_assign(kScore, 8, kCapacity, 3, NULL, NULL, seller,
                              seller_price, lead_price, &a, E));
  CHECK(a.total == 578 && a.bound == 578 && a.gap == 0 && a.unassigned == 0);
  CHECK(a.greedy_by_edge == 543 && a.greedy_by_lead == 493);
  CHECK(memcmp(seller, kWant, sizeof(seller)) == 0);
  for (i = 0; i < 3; ++i) bound += kCapacity[i] * seller_price[i];
  for (i = 0; i < 8; ++i) bound += lead_price[i];
  CHECK_EQ(bound, 578);
  ACCEPTED(fivek_leads_assign(kScore, 8, kFew, 3, kId, NULL, seller, NULL, NULL,
                              &a, E));
  CHECK(a.total == 332 && a.unassigned == 4);
  SPOIL(seller);
  SPOIL(seller_price);
  SPOIL(lead_price);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, -1,
             fivek_leads_assign(kScore, 8, kBadCapacity, 3, NULL, NULL, seller,
                                seller_price, lead_price, &a, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 0,
             fivek_leads_assign(kTooHigh, 1, kFew, 2, NULL, NULL, seller,
                                seller_price, lead_price, &a, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, -1,
             fivek_leads_assign(kScore, 8, kFew, 3, NULL, kRepeated, seller,
                                seller_price, lead_price, &a, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_leads_assign(kScore, SIZE_MAX, kFew, 3, NULL, NULL, seller,
                             seller_price, lead_price, &a, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_leads_assign(kScore, 8, kFew, 2049, NULL, NULL, seller,
                             seller_price, lead_price, &a, E));
  NULL_REFUSED(fivek_leads_assign(NULL, 8, kFew, 3, NULL, NULL, seller, NULL,
                                  NULL, &a, E));
  NULL_REFUSED(fivek_leads_assign(kScore, 8, NULL, 3, NULL, NULL, seller, NULL,
                                  NULL, &a, E));
  NULL_REFUSED(fivek_leads_assign(kScore, 8, kFew, 3, NULL, NULL, NULL, NULL,
                                  NULL, &a, E));
  NULL_REFUSED(fivek_leads_assign(kScore, 8, kFew, 3, NULL, NULL, seller, NULL,
                                  NULL, NULL, E));
  CHECK_SPOILT(seller);
  CHECK_SPOILT(seller_price);
  CHECK_SPOILT(lead_price);
  CHECK_STRUCT(fivek_assignment,
               fivek_leads_assign(kScore, 8, kFew, 3, NULL, NULL, seller, NULL,
                                  NULL, p, E));

  ACCEPTED(fivek_round_robin_next(kWeight, NULL, 3, credit, turn, 7, E));
  CHECK(memcmp(turn, kTurns, sizeof(turn)) == 0);
  CHECK(credit[0] == 0 && credit[1] == 0 && credit[2] == 0);
  ACCEPTED(fivek_round_robin_next(kWeight, kAbsent, 3, credit, turn, 2, E));
  CHECK(turn[0] == 1 && turn[1] == 2);
  SPOIL(turn);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
      fivek_round_robin_next(kWeight, kBadAbsent, 3, credit, turn, 2, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_round_robin_next(kNobody, NULL, 3, credit, turn, 2, E));
  NULL_REFUSED(fivek_round_robin_next(NULL, NULL, 3, credit, turn, 2, E));
  NULL_REFUSED(fivek_round_robin_next(kWeight, NULL, 3, NULL, turn, 2, E));
  NULL_REFUSED(fivek_round_robin_next(kWeight, NULL, 3, credit, NULL, 2, E));
  CHECK_SPOILT(turn);
  CHECK(credit[0] == 0 && credit[1] == 0 && credit[2] == 0);
}

static void test_territories(void) {
  static const int64_t kWork[10] = {13, 11, 9, 8, 7, 6, 5, 4, 3, 2};
  static const int64_t kNegative[2] = {1, -1};
  static const int64_t kHuge[2] = {INT64_MAX, 1};
  static const int32_t kOne[10] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
  static const int32_t kNobody[2] = {0, 3};
  int32_t seller[10];
  int64_t load[3];
  fivek_territory_move moves[4];
  fivek_territory_balance b;
  size_t count = 0;

  memset(&b, 0, sizeof(b));
  b.struct_size = (uint32_t)sizeof(b);
  ACCEPTED(fivek_territories_balance(kWork, 10, 3, seller, load, &b, E));
  CHECK(b.total == 68 && b.first_max == 24 && b.first_min == 22);
  CHECK(b.max == 23 && b.bound == 23 && b.gap == 0 && b.limited == 0);
  CHECK(load[0] + load[1] + load[2] == 68);
  CHECK(b.max_to_mean > 1.014 && b.max_to_mean < 1.015);
  ACCEPTED(fivek_territories_balance(kWork, 10, 3, seller, NULL, &b, E));
  SPOIL(seller);
  SPOIL(load);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
             fivek_territories_balance(kNegative, 2, 3, seller, load, &b, E));
  REFUSED_AT(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW, 0, 0,
             fivek_territories_balance(kHuge, 2, 3, seller, load, &b, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_territories_balance(kWork, 10, 0, seller, load, &b, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_territories_balance(kWork, 10, 1001, seller, load, &b, E));
  NULL_REFUSED(fivek_territories_balance(NULL, 10, 3, seller, load, &b, E));
  NULL_REFUSED(fivek_territories_balance(kWork, 10, 3, NULL, load, &b, E));
  NULL_REFUSED(fivek_territories_balance(kWork, 10, 3, seller, load, NULL, E));
  CHECK_SPOILT(seller);
  CHECK_STRUCT(fivek_territory_balance,
               fivek_territories_balance(kWork, 10, 3, seller, NULL, p, E));

  ACCEPTED(fivek_territories_rebalance(kWork, kOne, 10, 3, 4, load, &b, moves,
                                       4, &count, E));
  CHECK(load[0] == 68 && b.first_max == 68 && b.first_max_to_mean == 3);
  CHECK(count == 4 && moves[0].from == 0 && moves[0].account == 0);
  CHECK(b.max < 68 && b.limited == 1);
  SPOIL(load);
  SPOIL(moves);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_territories_rebalance(kWork, kOne, 10, 3, 4, load, &b, moves, 3,
                                      &count, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 1,
             fivek_territories_rebalance(kWork, kNobody, 2, 3, 4, load, &b,
                                         moves, 4, &count, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_territories_rebalance(kWork, kOne, 10, 3, -1, load, &b, moves,
                                      4, &count, E));
  NULL_REFUSED(fivek_territories_rebalance(NULL, kOne, 10, 3, 4, load, &b,
                                           moves, 4, &count, E));
  NULL_REFUSED(fivek_territories_rebalance(kWork, NULL, 10, 3, 4, load, &b,
                                           moves, 4, &count, E));
  NULL_REFUSED(fivek_territories_rebalance(kWork, kOne, 10, 3, 4, load, NULL,
                                           moves, 4, &count, E));
  NULL_REFUSED(fivek_territories_rebalance(kWork, kOne, 10, 3, 4, load, &b,
                                           NULL, 4, &count, E));
  CHECK_SPOILT(load);
  CHECK_SPOILT(moves);
}

static void test_visit_policy(void) {
  static const int64_t kVisits[6] = {1, 1, 2, 1, 4, 0};
  static const int64_t kNegative[2] = {1, -1};
  fivek_visit_policy rules;
  fivek_visit_mix mix;
  int64_t over[6];
  size_t count = 0;

  memset(&mix, 0, sizeof(mix));
  mix.struct_size = (uint32_t)sizeof(mix);
  ACCEPTED(
      fivek_visit_policy_check(NULL, kVisits, 6, &mix, over, 6, &count, E));
  CHECK(mix.unseen == 1 && mix.seen == 5 && mix.visits == 9);
  CHECK(mix.accounts[0] == 3 && mix.share_ppm[0] == 600000 && mix.broken == 5);
  CHECK(count == 1 && over[0] == 4 && mix.visits_over_cap == 2);
  memset(&rules, 0, sizeof(rules));
  rules.struct_size = (uint32_t)sizeof(rules);
  rules.cap = 1;
  rules.mix_ppm[1] = rules.mix_ppm[2] = 1000000;
  ACCEPTED(
      fivek_visit_policy_check(&rules, kVisits, 6, &mix, over, 6, &count, E));
  CHECK(mix.broken == 0 && count == 2 && over[0] == 2);
  CHECK_INPUT_STRUCT(
      fivek_visit_policy, rules,
      fivek_visit_policy_check(p, kVisits, 6, &mix, NULL, 0, &count, E));
  CHECK_STRUCT(fivek_visit_mix, fivek_visit_policy_check(NULL, kVisits, 6, p,
                                                         NULL, 0, &count, E));
  SPOIL(over);
  rules.cap = 0;
  INVALID(
      FIVEK_REASON_VALUE_RANGE,
      fivek_visit_policy_check(&rules, kVisits, 6, &mix, over, 6, &count, E));
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 0,
      fivek_visit_policy_check(NULL, kNegative, 2, &mix, over, 6, &count, E));
  NULL_REFUSED(
      fivek_visit_policy_check(NULL, NULL, 6, &mix, over, 6, &count, E));
  NULL_REFUSED(
      fivek_visit_policy_check(NULL, kVisits, 6, NULL, over, 6, &count, E));
  NULL_REFUSED(
      fivek_visit_policy_check(NULL, kVisits, 6, &mix, over, 6, NULL, E));
  CHECK_SPOILT(over);
}

static void test_seats(void) {
  static const uint64_t kShare[7] = {420, 260, 150, 90, 50, 20, 10};
  static const int64_t kLeast[7] = {1, 1, 1, 1, 1, 1, 1};
  static const int64_t kMost[7] = {40, 9, 40, 40, 1, 40, 40};
  static const int64_t kBad[7] = {1, 1, 1, 1, -1, 1, 1};
  static const int64_t kWant[7] = {18, 9, 6, 4, 1, 1, 1};
  static const uint64_t kNeed[6] = {8, 4, 0, 1, 1, 2};
  static const uint64_t kNone[4] = {1, 1, 0, 0};
  int64_t seats[7], by_territory[2], by_class[3], table[6];

  ACCEPTED(fivek_seats_apportion(40, kShare, kLeast, kMost, 7, seats, E));
  CHECK(memcmp(seats, kWant, sizeof(seats)) == 0);
  ACCEPTED(fivek_seats_apportion(10, kShare, NULL, NULL, 2, seats, E));
  CHECK(seats[0] == 6 && seats[1] == 4);
  SPOIL(seats);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 4, 1,
             fivek_seats_apportion(40, kShare, kBad, kMost, 7, seats, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_seats_apportion(6, kShare, kLeast, NULL, 7, seats, E));
  NULL_REFUSED(fivek_seats_apportion(6, NULL, kLeast, NULL, 7, seats, E));
  NULL_REFUSED(fivek_seats_apportion(6, kShare, kLeast, NULL, 7, NULL, E));
  CHECK_SPOILT(seats);

  ACCEPTED(fivek_invitations_apportion(10, kShare, NULL, NULL, 2, kNeed, 3,
                                       by_territory, by_class, table, E));
  CHECK(by_territory[0] == 6 && by_territory[1] == 4);
  CHECK(table[0] == 4 && table[1] == 2 && table[2] == 0);
  CHECK(table[3] == 1 && table[4] == 1 && table[5] == 2);
  CHECK(by_class[0] == 5 && by_class[1] == 3 && by_class[2] == 2);
  ACCEPTED(fivek_invitations_apportion(10, kShare, NULL, NULL, 2, kNeed, 3,
                                       by_territory, NULL, table, E));
  SPOIL(by_territory);
  SPOIL(by_class);
  SPOIL(table);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 3,
             fivek_invitations_apportion(10, kShare, NULL, NULL, 2, kNone, 2,
                                         by_territory, by_class, table, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, -1, 3,
             fivek_invitations_apportion(10, kShare, NULL, NULL, 2, kNone, 0,
                                         by_territory, by_class, table, E));
  NULL_REFUSED(fivek_invitations_apportion(10, NULL, NULL, NULL, 2, kNeed, 3,
                                           by_territory, by_class, table, E));
  NULL_REFUSED(fivek_invitations_apportion(10, kShare, NULL, NULL, 2, NULL, 3,
                                           by_territory, by_class, table, E));
  NULL_REFUSED(fivek_invitations_apportion(10, kShare, NULL, NULL, 2, kNeed, 3,
                                           NULL, by_class, table, E));
  NULL_REFUSED(fivek_invitations_apportion(10, kShare, NULL, NULL, 2, kNeed, 3,
                                           by_territory, by_class, NULL, E));
  CHECK_SPOILT(by_territory);
  CHECK_SPOILT(by_class);
  CHECK_SPOILT(table);
}

/* ---- Accounts: portfolio, coverage, effort, sales modes ------------------
 */

static void test_account_structs(void) {
  static const int32_t kScore[2] = {80, 20};
  static const int64_t kNumbers[2] = {10, 30};
  const fivek_effort_account account = {100, 0.5, 1, 3,
                                        FIVEK_RESPONSE_EXPONENTIAL};
  fivek_triangle_account corner;
  fivek_portfolio_options options;
  fivek_portfolio_account cells[2];
  fivek_triangle_status status;
  fivek_hours_class classes[FIVEK_CLASS_SLOTS];
  int32_t visits[1];
  size_t count = 0;
  memset(&options, 0, sizeof(options));
  options.struct_size = (uint32_t)sizeof(options);
  options.attractiveness_cut = options.relationship_cut = 50;
  options.attractiveness_medium = FIVEK_SCORE_UNKNOWN;
  options.relationship_medium = FIVEK_SCORE_UNKNOWN;
  memset(&corner, 0, sizeof(corner));
  CHECK_INPUT_STRUCT(
      fivek_portfolio_options, options,
      fivek_portfolio_cells(kScore, NULL, kScore, NULL, 2, p, cells, NULL, E));
  CHECK_STRUCT(fivek_portfolio,
               fivek_portfolio_cells(kScore, NULL, kScore, NULL, 2, &options,
                                     cells, p, E));
  CHECK_STRUCT(
      fivek_triangle_book,
      fivek_triangle_check(&corner, 1, NULL, 0, 0, NULL, NULL, &status, p, E));
  CHECK_STRUCT(fivek_hours, fivek_hours_against_value(kNumbers, kNumbers, NULL,
                                                      2, NULL, classes, p, E));
  CHECK_STRUCT(fivek_effort,
               fivek_effort_allocate(&account, 1, 2, FIVEK_EFFORT_AUTO, visits,
                                     NULL, 0, &count, p, E));
}

static void test_portfolio(void) {
  static const int32_t kWeight[3] = {3, 2, 1};
  static const int32_t kNoWeight[3] = {0, 0, 0};
  static const int32_t kCriteria[6] = {100, 50, 0, -1, 50, 0};
  static const int32_t kWrong[6] = {100, 50, 0, -1, 50, 101};
  static const int32_t kAttractive[7] = {80, 80, 30, 30, 50, 100, 0};
  static const int32_t kRelation[7] = {70, 20, 90, 10, 50, 50, 0};
  static const int32_t kCell[7] = {0, 1, 2, 3, 0, 0, 3};
  static const int32_t kBad[7] = {1, 2, 3, -2, 5, 6, 7};
  fivek_score_range ranges[2];
  fivek_portfolio_account cells[7];
  fivek_portfolio book;
  size_t i;
  ACCEPTED(fivek_scores_weigh(kWeight, 3, kCriteria, 2, ranges, E));
  CHECK(ranges[0].low == 666666 && ranges[0].high == 666666);
  CHECK(ranges[1].low == 166666 && ranges[1].high == 666666);
  CHECK(ranges[1].of_known == 333333 && ranges[1].unknown == 1);
  SPOIL(ranges);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_scores_weigh(kNoWeight, 3, kCriteria, 2, ranges, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 2,
             fivek_scores_weigh(kWeight, 3, kWrong, 2, ranges, E));
  CHECK_SAYS("score 101; allowed: 0 to 100");
  NULL_REFUSED(fivek_scores_weigh(NULL, 3, kCriteria, 2, ranges, E));
  NULL_REFUSED(fivek_scores_weigh(kWeight, 3, NULL, 2, ranges, E));
  NULL_REFUSED(fivek_scores_weigh(kWeight, 3, kCriteria, 2, NULL, E));
  CHECK_SPOILT(ranges);

  memset(&book, 0, sizeof(book));
  book.struct_size = (uint32_t)sizeof(book);
  ACCEPTED(fivek_portfolio_cells(kAttractive, NULL, kRelation, NULL, 7, NULL,
                                 cells, &book, E));
  for (i = 0; i < 7; ++i) CHECK_EQ(cells[i].cell, kCell[i]);
  CHECK(cells[0].attractiveness_distance == 30);
  CHECK(cells[1].relationship_distance == -30);
  CHECK(cells[4].near_cells == 14 && cells[4].possible == 1);
  CHECK(book.levels == 2 && book.count[0] == 3 && book.count[3] == 2);
  CHECK(book.unknown == 0 && book.borderline == 2);
  ACCEPTED(fivek_portfolio_cells(kAttractive, kAttractive, kRelation, kRelation,
                                 7, NULL, cells, NULL, E));
  CHECK_EQ(cells[4].near_cells, 14);
  SPOIL(cells);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 3, 2,
             fivek_portfolio_cells(kAttractive, NULL, kBad, NULL, 7, NULL,
                                   cells, NULL, E));
  NULL_REFUSED(fivek_portfolio_cells(NULL, NULL, kRelation, NULL, 7, NULL,
                                     cells, NULL, E));
  NULL_REFUSED(fivek_portfolio_cells(kAttractive, NULL, NULL, NULL, 7, NULL,
                                     cells, NULL, E));
  NULL_REFUSED(fivek_portfolio_cells(kAttractive, NULL, kRelation, NULL, 7,
                                     NULL, NULL, NULL, E));
  CHECK_SPOILT(cells);
}

static void test_triangle(void) {
  static const int32_t kInterval[4] = {30, 0, 0, 0};
  fivek_triangle_account accounts[2];
  int32_t learned[2 * FIVEK_INFORMATION_ITEMS];
  int32_t stale[FIVEK_INFORMATION_ITEMS];
  fivek_triangle_status out[2];
  fivek_triangle_book book;
  size_t i;
  memset(accounts, 0, sizeof(accounts));
  memset(stale, 0, sizeof(stale));
  accounts[0].target_day = 19030;
  accounts[0].last_contact = 18980;
  accounts[0].information = 5;
  accounts[1].target_day = FIVEK_DAY_NONE;
  accounts[1].last_contact = FIVEK_DAY_NONE;
  accounts[1].grade = FIVEK_UNKNOWN;
  for (i = 0; i < COUNT_OF(learned); ++i) learned[i] = 18000;
  stale[2] = 365;
  memset(&book, 0, sizeof(book));
  book.struct_size = (uint32_t)sizeof(book);
  ACCEPTED(fivek_triangle_check(accounts, 2, NULL, 19000, 7, NULL, NULL, out,
                                &book, E));
  CHECK(out[0].missing == 2 && out[0].missing_information == 2);
  CHECK(out[0].overdue == 4 && out[0].days_over == 6);
  CHECK(out[0].contact_due == 18994);
  CHECK(out[1].missing == 3 && out[1].unknown == 4);
  CHECK_EQ(out[1].contact_due, FIVEK_DAY_NONE);
  CHECK(book.missing[1] == 2 && book.overdue[2] == 1 && book.unknown[2] == 1);
  CHECK(book.present[0] == 1 && book.missing[0] == 1 && book.complete == 0);
  ACCEPTED(fivek_triangle_check(accounts, 2, learned, 19000, 5, stale,
                                kInterval, out, NULL, E));
  CHECK(out[0].missing == 0 && out[0].overdue == 2);
  CHECK(out[0].stale_information == 4 && out[0].undated == 0);
  SPOIL(out);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 1,
             fivek_triangle_check(accounts, 2, NULL, 18979, 7, NULL, NULL, out,
                                  NULL, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, -1, 31,
             (stale[31] = -1, fivek_triangle_check(accounts, 2, NULL, 19000, 7,
                                                   stale, NULL, out, NULL, E)));
  accounts[1].reserved[2] = 1;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_RESERVED_NOT_ZERO, 1, -1,
             fivek_triangle_check(accounts, 2, NULL, 19000, 7, NULL, NULL, out,
                                  NULL, E));
  NULL_REFUSED(
      fivek_triangle_check(NULL, 2, NULL, 19000, 7, NULL, NULL, out, NULL, E));
  NULL_REFUSED(fivek_triangle_check(accounts, 2, NULL, 19000, 7, NULL, NULL,
                                    NULL, NULL, E));
  CHECK_SPOILT(out);
}

static void test_visit_plan(void) {
  static const fivek_visit_seller kSellers[2] = {{100, 10, 1, 2},
                                                 {60, 5, 11, 2}};
  static const fivek_visit_seller kNever = {10, 0, 1, 0};
  static const int32_t kFrequency[4] = {10, 5, 0, 0};
  fivek_visit_account accounts[2] = {{0, 20, 18, 0, {0, 0, 0}},
                                     {0, -1, 15, 1, {0, 0, 0}}};
  fivek_visit_load loads[3];
  fivek_visit_sum sums[3 * (FIVEK_CLASS_SLOTS + 1)];
  ACCEPTED(fivek_visit_plan(accounts, 2, kSellers, 2, NULL, loads, sums, E));
  CHECK(loads[0].capacity == 45 && loads[0].left == 9);
  CHECK(loads[0].shortfall == 6 && loads[0].left_planned == 25);
  CHECK(loads[1].capacity == 302 && loads[1].left == 302);
  CHECK(loads[2].capacity == 347 && loads[2].shortfall == 6);
  CHECK(sums[0].needed == 24 && sums[1].beyond == 3);
  CHECK(sums[FIVEK_CLASS_SLOTS].done == 33);
  CHECK(sums[FIVEK_CLASS_SLOTS].planned_unknown == 1);
  CHECK(memcmp(&sums[FIVEK_CLASS_SLOTS], &sums[3 * FIVEK_CLASS_SLOTS + 2],
               sizeof(sums[0])) == 0);
  ACCEPTED(
      fivek_visit_plan(accounts, 2, kSellers, 2, kFrequency, loads, sums, E));
  CHECK(loads[0].left == 30 && loads[0].shortfall == 0);
  SPOIL(loads);
  SPOIL(sums);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 0, 12,
             fivek_visit_plan(accounts, 2, &kNever, 1, NULL, loads, sums, E));
  accounts[1].seller = 2;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_ROW_RANGE, 1, 0,
             fivek_visit_plan(accounts, 2, kSellers, 2, NULL, loads, sums, E));
  NULL_REFUSED(fivek_visit_plan(NULL, 2, kSellers, 2, NULL, loads, sums, E));
  NULL_REFUSED(fivek_visit_plan(accounts, 2, NULL, 2, NULL, loads, sums, E));
  NULL_REFUSED(fivek_visit_plan(accounts, 2, kSellers, 2, NULL, NULL, sums, E));
  NULL_REFUSED(
      fivek_visit_plan(accounts, 2, kSellers, 2, NULL, loads, NULL, E));
  CHECK_SPOILT(loads);
  CHECK_SPOILT(sums);
}

static void test_hours_and_reach(void) {
  static const int64_t kHours[3] = {10, 30, 9};
  static const int64_t kValue[3] = {900, 100, INT64_MIN};
  static const int64_t kHuge[3] = {INT64_MAX, 30, 9};
  static const uint8_t kGrade[3] = {0, 2, 0};
  static const uint8_t kTarget[3] = {1, 1, 0};
  static const uint8_t kReached[3] = {1, FIVEK_UNKNOWN, 1};
  static const uint8_t kBad[3] = {0, 1, 2};
  fivek_hours_share shares[3];
  fivek_hours_class classes[FIVEK_CLASS_SLOTS];
  fivek_hours out;
  fivek_reach reach[FIVEK_CLASS_SLOTS + 1];
  int64_t others = -1;
  int64_t others_reached = -1;
  int32_t rate = -5;
  int32_t gap = -5;
  int32_t met = -5;
  int64_t missing = -5;
  memset(&out, 0, sizeof(out));
  out.struct_size = (uint32_t)sizeof(out);
  ACCEPTED(fivek_hours_against_value(kHours, kValue, kGrade, 3, shares, classes,
                                     &out, E));
  CHECK(out.mismatch_ppm == 650000 && out.class_mismatch_ppm == 650000);
  CHECK(out.more_hours == 4 && out.more_value == 1);
  CHECK(out.accounts == 2 && out.unknown == 1 && out.negative == 0);
  CHECK(shares[0].hours_ppm == 250000 && shares[0].value_ppm == 900000);
  CHECK(shares[1].index_ppm == 7500000 && shares[2].hours_ppm == -1);
  CHECK_EQ(classes[2].verdict, FIVEK_HOURS_MORE_HOURS);
  CHECK_EQ(classes[0].verdict, FIVEK_HOURS_MORE_VALUE);
  CHECK_EQ(classes[1].verdict, FIVEK_HOURS_EVEN);
  ACCEPTED(fivek_hours_against_value(kHours, kValue, NULL, 3, NULL, classes,
                                     &out, E));
  CHECK_EQ(out.class_mismatch_ppm, 0);
  ACCEPTED(fivek_hours_against_value(kHours, kValue, NULL, 0, NULL, classes,
                                     &out, E));
  CHECK_EQ(classes[0].verdict, FIVEK_HOURS_UNKNOWN);
  SPOIL(shares);
  SPOIL(classes);
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_hours_against_value(kHuge, kHours, kGrade, 3, shares, classes,
                                    &out, E));
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, 0,
             fivek_hours_against_value(kValue, kHours, kGrade, 3, shares,
                                       classes, &out, E));
  NULL_REFUSED(fivek_hours_against_value(NULL, kValue, NULL, 3, shares, classes,
                                         &out, E));
  NULL_REFUSED(fivek_hours_against_value(kHours, NULL, NULL, 3, shares, classes,
                                         &out, E));
  NULL_REFUSED(fivek_hours_against_value(kHours, kValue, NULL, 3, shares, NULL,
                                         &out, E));
  NULL_REFUSED(fivek_hours_against_value(kHours, kValue, NULL, 3, shares,
                                         classes, NULL, E));
  CHECK_SPOILT(shares);
  CHECK_SPOILT(classes);

  ACCEPTED(fivek_account_coverage(kTarget, kReached, kHours, kHours, kGrade, 3,
                                  reach, &others, &others_reached, E));
  CHECK(reach[FIVEK_CLASS_SLOTS].targets == 2);
  CHECK(reach[FIVEK_CLASS_SLOTS].coverage_ppm == 1000000);
  CHECK(reach[FIVEK_CLASS_SLOTS].low_ppm == 500000);
  CHECK(reach[FIVEK_CLASS_SLOTS].high_ppm == 1000000);
  CHECK(reach[FIVEK_CLASS_SLOTS].has_penetration == 1);
  CHECK(reach[FIVEK_CLASS_SLOTS].penetration_ppm == 1000000);
  CHECK(reach[2].coverage_ppm == -1 && reach[0].reached == 1);
  CHECK(others == 1 && others_reached == 1);
  ACCEPTED(fivek_account_coverage(kTarget, kReached, NULL, NULL, NULL, 3, reach,
                                  &others, &others_reached, E));
  CHECK(reach[FIVEK_CLASS_SLOTS].has_penetration == 0);
  CHECK(reach[FIVEK_CLASS_SLOTS].penetration_unknown == 2);
  SPOIL(reach);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 2, 1,
             fivek_account_coverage(kTarget, kBad, NULL, NULL, NULL, 3, reach,
                                    &others, &others_reached, E));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_account_coverage(kTarget, kReached, kHuge, kHours, NULL, 3,
                                 reach, &others, &others_reached, E));
  NULL_REFUSED(fivek_account_coverage(NULL, kReached, NULL, NULL, NULL, 3,
                                      reach, &others, &others_reached, E));
  NULL_REFUSED(fivek_account_coverage(kTarget, NULL, NULL, NULL, NULL, 3, reach,
                                      &others, &others_reached, E));
  NULL_REFUSED(fivek_account_coverage(kTarget, kReached, NULL, NULL, NULL, 3,
                                      NULL, &others, &others_reached, E));
  NULL_REFUSED(fivek_account_coverage(kTarget, kReached, NULL, NULL, NULL, 3,
                                      reach, NULL, &others_reached, E));
  NULL_REFUSED(fivek_account_coverage(kTarget, kReached, NULL, NULL, NULL, 3,
                                      reach, &others, NULL, E));
  CHECK_SPOILT(reach);

  ACCEPTED(
      fivek_rate_goal_check(18, 60, 500000, &rate, &gap, &met, &missing, E));
  CHECK(rate == 300000 && gap == -200000 && met == 0 && missing == 12);
  INVALID(
      FIVEK_REASON_VALUE_RANGE,
      fivek_rate_goal_check(61, 60, 500000, &rate, &gap, &met, &missing, E));
  NULL_REFUSED(
      fivek_rate_goal_check(1, 60, 500000, NULL, &gap, &met, &missing, E));
  NULL_REFUSED(
      fivek_rate_goal_check(1, 60, 500000, &rate, NULL, &met, &missing, E));
  NULL_REFUSED(
      fivek_rate_goal_check(1, 60, 500000, &rate, &gap, NULL, &missing, E));
  NULL_REFUSED(
      fivek_rate_goal_check(1, 60, 500000, &rate, &gap, &met, NULL, E));
  CHECK(rate == 300000 && missing == 12);
}

static void test_effort(void) {
  static const double kValue[6] = {100000, 60000, 45000, 30000, 12000, 8000};
  static const double kShape[6] = {0.3, 0.55, 0.2, 0.9, 0.7, 1.2};
  static const int32_t kCap[6] = {12, 10, 12, 8, 6, 6};
  static const int32_t kVisits[6] = {7, 4, 5, 2, 1, 1};
  static const int32_t kPicks[20] = {0, 1, 0, 3, 1, 0, 0, 1, 2, 0,
                                     3, 2, 4, 0, 5, 2, 1, 2, 0, 2};
  static const double kTable[12] = {0, 7, 8, 8, 0, 4, 4, 4, 0, 0, 2, 17};
  static const int32_t kCaps[3] = {3, 3, 2};
  static const int32_t kBadCaps[3] = {3, 4, 2};
  fivek_effort_account accounts[6];
  fivek_effort_account made;
  fivek_effort out;
  int32_t visits[6];
  int32_t picks[20];
  size_t count = 0;
  double value = -1;
  size_t i;
  for (i = 0; i < 6; ++i) {
    accounts[i].value = kValue[i];
    accounts[i].shape = kShape[i];
    accounts[i].steepness = 1;
    accounts[i].cap = kCap[i];
    accounts[i].form = FIVEK_RESPONSE_EXPONENTIAL;
  }
  memset(&out, 0, sizeof(out));
  out.struct_size = (uint32_t)sizeof(out);
  ACCEPTED(fivek_effort_allocate(accounts, 6, 20, FIVEK_EFFORT_AUTO, visits,
                                 picks, 20, &count, &out, E));
  CHECK(memcmp(visits, kVisits, sizeof(kVisits)) == 0);
  CHECK(memcmp(picks, kPicks, sizeof(kPicks)) == 0 && count == 20);
  CHECK(is_near(out.total / 1e6, 0.20622404883280475));
  CHECK(is_near(out.shadow_price / 1e4, 0.3665228532560067));
  CHECK(out.method == FIVEK_EFFORT_GREEDY && out.concave == 1);
  CHECK(out.optimal == 1 && out.spent == 20 && out.bound == out.total);
  CHECK(out.next_gain > 0 && out.next_gain <= out.shadow_price);
  ACCEPTED(fivek_effort_allocate(accounts, 6, 20, FIVEK_EFFORT_DYNAMIC, visits,
                                 NULL, 0, &count, &out, E));
  CHECK(memcmp(visits, kVisits, sizeof(kVisits)) == 0 && count == 0);
  CHECK_EQ(out.method, FIVEK_EFFORT_DYNAMIC);
  SPOIL(visits);
  SPOIL(picks);
  REFUSED(FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
          fivek_effort_allocate(accounts, 6, 20, FIVEK_EFFORT_AUTO, visits,
                                picks, 19, &count, &out, E));
  CHECK_EQ(count, 20);
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_effort_allocate(accounts, 6, -1, FIVEK_EFFORT_AUTO, visits,
                                picks, 20, &count, &out, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_effort_allocate(accounts, 6, 20, 4, visits, picks, 20, &count,
                                &out, E));
  accounts[4].shape = 0;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 4, 3,
             fivek_effort_allocate(accounts, 6, 20, FIVEK_EFFORT_AUTO, visits,
                                   picks, 20, &count, &out, E));
  accounts[3].form = 4;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 3, 1,
             fivek_effort_allocate(accounts, 6, 20, FIVEK_EFFORT_AUTO, visits,
                                   picks, 20, &count, &out, E));
  NULL_REFUSED(fivek_effort_allocate(NULL, 6, 20, FIVEK_EFFORT_AUTO, visits,
                                     picks, 20, &count, &out, E));
  NULL_REFUSED(fivek_effort_allocate(accounts, 3, 20, FIVEK_EFFORT_AUTO, NULL,
                                     picks, 20, &count, &out, E));
  NULL_REFUSED(fivek_effort_allocate(accounts, 3, 20, FIVEK_EFFORT_AUTO, visits,
                                     NULL, 20, &count, &out, E));
  NULL_REFUSED(fivek_effort_allocate(accounts, 3, 20, FIVEK_EFFORT_AUTO, visits,
                                     picks, 20, NULL, &out, E));
  NULL_REFUSED(fivek_effort_allocate(accounts, 3, 20, FIVEK_EFFORT_AUTO, visits,
                                     picks, 20, &count, NULL, E));
  CHECK_SPOILT(visits);
  CHECK_SPOILT(picks);

  ACCEPTED(fivek_effort_allocate_table(kTable, 3, 4, NULL, 3, FIVEK_EFFORT_AUTO,
                                       visits, picks, 20, &count, &out, E));
  CHECK(visits[0] == 0 && visits[1] == 0 && visits[2] == 3 && count == 0);
  CHECK(out.total == 17 && out.shadow_price == 6 && out.next_gain == 7);
  CHECK(out.method == FIVEK_EFFORT_DYNAMIC && out.concave == 0);
  ACCEPTED(fivek_effort_allocate_table(kTable, 3, 4, NULL, 3,
                                       FIVEK_EFFORT_GREEDY, visits, picks, 20,
                                       &count, &out, E));
  CHECK(out.total == 12 && out.optimal == 0 && out.bound >= 17);
  ACCEPTED(fivek_effort_allocate_table(kTable, 3, 4, NULL, 3, FIVEK_EFFORT_HULL,
                                       visits, picks, 20, &count, &out, E));
  CHECK(out.total <= 17 && out.bound >= 17);
  ACCEPTED(fivek_effort_allocate_table(kTable, 3, 4, kCaps, 3,
                                       FIVEK_EFFORT_AUTO, visits, picks, 20,
                                       &count, &out, E));
  CHECK_EQ(out.total, 12);
  REFUSED_AT(
      FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, -1,
      fivek_effort_allocate_table(kTable, 3, 4, kBadCaps, 3, FIVEK_EFFORT_AUTO,
                                  visits, picks, 20, &count, &out, E));
  REFUSED(
      FIVEK_RESOURCE_EXHAUSTED, FIVEK_REASON_BUFFER_TOO_SMALL,
      fivek_effort_allocate_table(kTable, 3, 4, NULL, 3, FIVEK_EFFORT_GREEDY,
                                  visits, picks, 1, &count, &out, E));
  NULL_REFUSED(fivek_effort_allocate_table(NULL, 3, 4, NULL, 3,
                                           FIVEK_EFFORT_AUTO, visits, picks, 20,
                                           &count, &out, E));
  NULL_REFUSED(fivek_effort_allocate_table(kTable, 3, 4, NULL, 3,
                                           FIVEK_EFFORT_AUTO, NULL, picks, 20,
                                           &count, &out, E));
  NULL_REFUSED(fivek_effort_allocate_table(kTable, 3, 4, NULL, 3,
                                           FIVEK_EFFORT_AUTO, visits, NULL, 20,
                                           &count, &out, E));
  NULL_REFUSED(fivek_effort_allocate_table(kTable, 3, 4, NULL, 3,
                                           FIVEK_EFFORT_AUTO, visits, picks, 20,
                                           NULL, &out, E));
  NULL_REFUSED(fivek_effort_allocate_table(kTable, 3, 4, NULL, 3,
                                           FIVEK_EFFORT_AUTO, visits, picks, 20,
                                           &count, NULL, E));

  ACCEPTED(fivek_effort_calibrate(200000, 4, 0.3, 0.5,
                                  FIVEK_RESPONSE_EXPONENTIAL, 1, 9, &made, E));
  CHECK(made.value == 100000 && made.cap == 9);
  ACCEPTED(fivek_effort_response(&made, 4, &value, E));
  CHECK(is_near(value / 100000, 0.6));
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_effort_calibrate(200000, 4, 1e-300, 0.5,
                                 FIVEK_RESPONSE_EXPONENTIAL, 1, 9, &made, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_effort_calibrate(200000, 4, 0.5, 0.5,
                                 FIVEK_RESPONSE_EXPONENTIAL, 1, 9, &made, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_effort_calibrate(200000, 4, 0, 0.5, FIVEK_RESPONSE_EXPONENTIAL,
                                 1, 9, &made, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_effort_calibrate(200000, 4, 0.5, 1.5,
                                 FIVEK_RESPONSE_EXPONENTIAL, 1, 9, &made, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_effort_calibrate(200000, 4, 0.3, 0.5, FIVEK_RESPONSE_POWER, 1,
                                 9, &made, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_effort_calibrate(200000, 4, 0.3, 0.5, 7, 1, 9, &made, E));
  NULL_REFUSED(fivek_effort_calibrate(
      200000, 4, 0.3, 0.5, FIVEK_RESPONSE_EXPONENTIAL, 1, 9, NULL, E));
  INVALID(FIVEK_REASON_VALUE_RANGE,
          fivek_effort_response(&made, -1, &value, E));
  NULL_REFUSED(fivek_effort_response(NULL, 1, &value, E));
  NULL_REFUSED(fivek_effort_response(&made, 1, NULL, E));
  made.form = -1;
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_effort_response(&made, 1, &value, E));
}

static void test_sales_modes(void) {
  static const int32_t kWeight[8] = {20, 10, 60, 10, 20, 20, 40, -1};
  static const int32_t kBad[8] = {20, 10, 60, 10, 20, 20, 101, -1};
  fivek_sales_mode modes[2];
  fivek_segment segment;
  fivek_segment_result result;
  int64_t total = -1;
  int64_t ppm = -1;
  int32_t people = -1;
  uint32_t phases = 77;
  uint32_t traits = 77;
  ACCEPTED(fivek_sales_mode_of(kWeight, 2, modes, E));
  CHECK(modes[0].mode == FIVEK_MODE_SOLUTION && modes[0].possible == 2);
  CHECK(modes[0].lead == 30 && modes[0].low[0] == 30);
  CHECK(modes[1].mode == FIVEK_UNKNOWN && modes[1].possible == 7);
  CHECK(modes[1].unknown == 8 && modes[1].high[2] == 100);
  SPOIL(modes);
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_VALUE_RANGE, 1, 2,
             fivek_sales_mode_of(kBad, 2, modes, E));
  NULL_REFUSED(fivek_sales_mode_of(NULL, 2, modes, E));
  NULL_REFUSED(fivek_sales_mode_of(kWeight, 2, NULL, E));
  CHECK_SPOILT(modes);

  ACCEPTED(fivek_team_person_of(1, 1, &people, &phases, &traits, E));
  CHECK(people == 2 && phases == 6 && traits == 30);
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_team_person_of(1, 2, &people, &phases, &traits, E));
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_team_person_of(4, 0, &people, &phases, &traits, E));
  NULL_REFUSED(fivek_team_person_of(1, 1, NULL, &phases, &traits, E));
  NULL_REFUSED(fivek_team_person_of(1, 1, &people, NULL, &traits, E));
  NULL_REFUSED(fivek_team_person_of(1, 1, &people, &phases, NULL, E));
  CHECK(people == 2 && phases == 6 && traits == 30);

  memset(&segment, 0, sizeof(segment));
  segment.market = 400;
  segment.coverage_ppm = 500000;
  segment.win_rate_ppm = 250000;
  segment.average_deal = 1200000;
  segment.mode = FIVEK_MODE_SOLUTION;
  segment.grouping = FIVEK_UNKNOWN;
  segment.named = 5;
  ACCEPTED(fivek_segment_design_result(&segment, 1, &result, &total, E));
  CHECK(result.result == 60000000 && total == 60000000);
  CHECK(result.coverage_point == 1200000 && result.win_rate_point == 2400000);
  CHECK(result.best_point == 4 && result.best_tenth == 15);
  CHECK(result.share_ppm == 1000000 && result.missing == 42);
  CHECK(result.market_tenth == 6000000 && result.capped_tenth == 0);
  ACCEPTED(fivek_segment_rate_needed(&segment, FIVEK_FACTOR_COVERAGE, 90000000,
                                     &ppm, E));
  CHECK_EQ(ppm, 750000);
  ACCEPTED(fivek_segment_rate_needed(&segment, FIVEK_FACTOR_WIN_RATE, 90000000,
                                     &ppm, E));
  CHECK_EQ(ppm, 375000);
  INVALID(FIVEK_REASON_UNKNOWN_CODE,
          fivek_segment_rate_needed(&segment, FIVEK_FACTOR_MARKET, 1, &ppm, E));
  NULL_REFUSED(fivek_segment_rate_needed(NULL, 1, 1, &ppm, E));
  NULL_REFUSED(fivek_segment_rate_needed(&segment, 1, 1, NULL, E));
  REFUSED(
      FIVEK_FAILED_PRECONDITION, FIVEK_REASON_NO_HISTORY,
      (segment.market = 0, fivek_segment_rate_needed(&segment, 1, 1, &ppm, E)));
  segment.market = 1;
  segment.average_deal = 1;
  segment.win_rate_ppm = 1;
  REFUSED(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW,
          fivek_segment_rate_needed(&segment, 1, INT64_MAX, &ppm, E));
  CHECK_EQ(ppm, 375000);
  SPOIL(result);
  segment.market = INT64_MAX;
  segment.average_deal = INT64_MAX;
  REFUSED_AT(FIVEK_OUT_OF_RANGE, FIVEK_REASON_OVERFLOW, 0, -1,
             fivek_segment_design_result(&segment, 1, &result, &total, E));
  segment.functions = 64;
  REFUSED_AT(FIVEK_INVALID_ARGUMENT, FIVEK_REASON_UNKNOWN_CODE, 0, 6,
             fivek_segment_design_result(&segment, 1, &result, &total, E));
  NULL_REFUSED(fivek_segment_design_result(NULL, 1, &result, &total, E));
  NULL_REFUSED(fivek_segment_design_result(&segment, 1, NULL, &total, E));
  NULL_REFUSED(fivek_segment_design_result(&segment, 1, &result, NULL, E));
  CHECK_SPOILT(result);
  CHECK_EQ(total, 60000000);
}

int main(void) {
  test_version();
  test_labels();
  test_policy();
  test_amounts();
  test_currencies();
  test_amount_texts();
  test_probabilities();
  test_calendar();
  test_structs();
  test_error_sizes();
  test_strength();
  test_rubric();
  test_evidence();
  test_milestone();
  test_standing();
  test_opportunity();
  test_apply_events();
  test_cycle();
  test_market();
  test_buying_center();
  test_conversation();
  test_claims();
  test_score_rules();
  test_score_columns();
  test_rollups();
  test_wilson();
  test_forecasts();
  test_gate();
  test_isotonic();
  test_visits();
  test_competing_risks();
  test_hazards();
  test_ladder();
  test_rates();
  test_durations();
  test_funnel();
  test_sellers();
  test_snapshots();
  test_curves();
  test_scorecards();
  test_evidence_models();
  test_recalibration();
  test_five_k();
  test_conversions();
  test_pls();
  test_abc();
  test_xyz();
  test_leads();
  test_follow_up();
  test_assignment();
  test_territories();
  test_visit_policy();
  test_seats();
  test_account_structs();
  test_portfolio();
  test_triangle();
  test_visit_plan();
  test_hours_and_reach();
  test_effort();
  test_sales_modes();
  test_customers();
  test_rfm();
  test_lifetime_values();
  test_arrow();
  printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 ? 0 : 1;
}
