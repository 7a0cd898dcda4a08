/* The library as a program has it that does not link it: functions by name. For
   tests in C that load it themselves. */
#ifndef FIVEK_TESTS_CAPI_LOADED_H_
#define FIVEK_TESTS_CAPI_LOADED_H_

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "capi/fivek.h"

#define LOADED_FUNCTIONS(f)                                                    \
  f(fivek_version_string) f(fivek_label) f(fivek_policy_label)                 \
      f(fivek_policy_from_json) f(fivek_policy_release) f(fivek_policy_hash)   \
          f(fivek_strength_of) f(fivek_score_columns) f(fivek_day_parse)       \
              f(fivek_rollup_create) f(fivek_rollup_add) f(fivek_rollup_merge) \
                  f(fivek_rollup_total) f(fivek_rollup_release)

/* Declarations of the header, used for their types only: nothing is linked. */
#define LOADED_TYPE(name) __extension__ __typeof__(&name)
typedef struct loaded {
  void* handle;
#define LOADED_FIELD(name) LOADED_TYPE(name) name;
  LOADED_FUNCTIONS(LOADED_FIELD)
#undef LOADED_FIELD
} loaded;

/* 0 if something is missing, and says what. */
static int load(loaded* library, const char* path, int flags) {
  library->handle = dlopen(path, RTLD_NOW | flags);
  if (library->handle == NULL) {
    printf("%s: %s\n", path, dlerror());
    return 0;
  }
#define LOADED_FIND(name)                                  \
  do {                                                     \
    void* const found = dlsym(library->handle, #name);     \
    if (found == NULL) {                                   \
      printf("%s: %s\n", path, dlerror());                 \
      return 0;                                            \
    }                                                      \
    memcpy(&library->name, &found, sizeof(library->name)); \
  } while (0);
  LOADED_FUNCTIONS(LOADED_FIND)
#undef LOADED_FIND
  return 1;
}

#define HOLDS(condition)                                                    \
  do {                                                                      \
    if (!(condition)) {                                                     \
      printf("%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
      return 0;                                                             \
    }                                                                       \
  } while (0)

/* Something of all that a thread can do: objects, errors with words, columns.
   1 if all is as it should be. */
static int use(const loaded* library) {
  static const char kJson[] =
      "{\"fivek_policy\": 1, \"name\": \"ours\", \"labels\": {\"stage\": "
      "{\"1\": {\"en\": \"sees it\", \"zh\": \"发现\"}}}}";
  static const uint8_t kLevels[4] = {0, 1, 2, 9};
  static const int64_t kAmounts[4] = {100, 200, 300, 400};
  const fivek_assessment assessment = {{3, 3, 2, 4, 1}, 0, {0, 0}};
  const fivek_policy* policy = NULL;
  fivek_rollup* rollup = NULL;
  fivek_rollup* other = NULL;
  fivek_rollup_in rows;
  fivek_rollup_group total;
  fivek_strength strength;
  fivek_score_in in;
  fivek_score_out out;
  fivek_error error;
  uint8_t points[4];
  int32_t day = 0;

  memset(&error, 0, sizeof(error));
  error.struct_size = sizeof(error);
  memset(&strength, 0, sizeof(strength));
  strength.struct_size = sizeof(strength);
  memset(&in, 0, sizeof(in));
  in.struct_size = sizeof(in);
  in.problem = kLevels;
  memset(&out, 0, sizeof(out));
  out.struct_size = sizeof(out);
  out.strength = points;
  memset(&rows, 0, sizeof(rows));
  rows.struct_size = sizeof(rows);
  rows.amount = kAmounts;
  memset(&total, 0, sizeof(total));
  total.struct_size = sizeof(total);

  HOLDS(library->fivek_policy_from_json(kJson, strlen(kJson), &policy,
                                        &error) == FIVEK_OK);
  HOLDS(strcmp(library->fivek_policy_label(policy, "stage", 1, "en"),
               "sees it") == 0);
  HOLDS(library->fivek_policy_hash(policy) != library->fivek_policy_hash(NULL));
  HOLDS(library->fivek_strength_of(policy, &assessment, &strength, &error) ==
        FIVEK_OK);
  HOLDS(strength.total == 27);
  HOLDS(library->fivek_day_parse("2024-02-30", 10, &day, &error) ==
        FIVEK_INVALID_ARGUMENT);
  HOLDS(strstr(error.message, "2024") != NULL);
  HOLDS(library->fivek_score_columns(policy, &in, &out, 4, NULL, &error) ==
        FIVEK_INVALID_ARGUMENT);
  HOLDS(error.row == 3 && error.column == 0);
  HOLDS(library->fivek_rollup_create(FIVEK_ROLLUP_BY_BOTH, &rollup, &error) ==
        FIVEK_OK);
  HOLDS(library->fivek_rollup_create(FIVEK_ROLLUP_BY_BOTH, &other, &error) ==
        FIVEK_OK);
  HOLDS(library->fivek_rollup_add(rollup, &rows, 4, &error) == FIVEK_OK);
  HOLDS(library->fivek_rollup_merge(other, rollup, &error) == FIVEK_OK);
  HOLDS(library->fivek_rollup_merge(other, rollup, &error) == FIVEK_OK);
  HOLDS(library->fivek_rollup_total(other, &total, &error) == FIVEK_OK);
  HOLDS(total.count == 8 && total.amount == 2000);
  library->fivek_rollup_release(rollup);
  library->fivek_rollup_release(other);
  library->fivek_policy_release(policy);
  return 1;
}

#endif /* FIVEK_TESTS_CAPI_LOADED_H_ */
