/* The binary contract as this compiler sees it: sizes and offsets against
   layout.MODEL.txt, constants against constants.txt, and what is promised in
   words, at compile time. contract.py makes the lists from the headers without
   a compiler; here one confirms them.

     abi_layout_test layout      prints what the layout of this machine is
     abi_layout_test constants   prints what the constants are */
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

/* ---- Sizes, offsets, constants --------------------------------------------
 */

typedef struct {
  const char* name;
  size_t offset;
  size_t size;
  size_t alignment;
} part;

typedef void (*callback)(void);

/* The table names everything once, so a line of it is a name of its own. */
#define JOIN(a, b) a##b
#define PROBE_OF(line) JOIN(probe_, line)
#define PROBE struct PROBE_OF(__LINE__)

#define FUNCTION(name)
#define PARAMETER(type, name)
#define CONSTANT(name)
#define WHOLE(name, type) \
  PROBE {                 \
    char before;          \
    type it;              \
  };
#define FIELD(name, type, field, field_type) WHOLE(name, field_type)
#include "contract_table.inc"
#undef WHOLE
#undef FIELD

#define WHOLE(name, type) {name, 0, sizeof(type), offsetof(PROBE, it)},
#define FIELD(name, type, field, field_type) \
  {name, offsetof(type, field), sizeof(((type*)0)->field), offsetof(PROBE, it)},
static const part kLayout[] = {
#include "contract_table.inc"
};
#undef WHOLE
#undef FIELD
#undef CONSTANT

#define WHOLE(name, type)
#define FIELD(name, type, field, field_type)
#define CONSTANT(name) {#name, (double)name},
static const struct {
  const char* name;
  double value; /* C89 has no larger integer that is the same everywhere */
} kConstants[] = {
#include "contract_table.inc"
};

/* The data model: what pointers are, and where an int64_t may stand. */
static const char* layout_file(void) {
  struct {
    char before;
    int64_t number;
  } probe;
  const size_t alignment = (size_t)((char*)&probe.number - &probe.before);
  if (sizeof(void*) == 8) return "layout.lp64.txt";
  return alignment == 8 ? "layout.ilp32.txt" : "layout.ilp32_i386.txt";
}

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static void print_layout(FILE* out) {
  size_t i;
  fprintf(out, "# struct, then its fields: offset size alignment\n");
  for (i = 0; i < COUNT_OF(kLayout); ++i) {
    fprintf(out, "%-30s %4lu %4lu %4lu\n", kLayout[i].name,
            (unsigned long)kLayout[i].offset, (unsigned long)kLayout[i].size,
            (unsigned long)kLayout[i].alignment);
  }
}

static void print_constants(FILE* out) {
  size_t i;
  for (i = 0; i < COUNT_OF(kConstants); ++i) {
    fprintf(out, "%-40s %.0f\n", kConstants[i].name, kConstants[i].value);
  }
}

/* Fields follow each other without a gap, so none has hidden bytes behind it
   that nobody sets to zero. Arrow's structs are not ours to arrange. */
static int has_gaps(void) {
  size_t i = 0;
  int gaps = 0;
  while (i < COUNT_OF(kLayout)) {
    const part* const whole = &kLayout[i++];
    const int ours = strncmp(whole->name, "fivek_", 6) == 0;
    size_t end = 0;
    for (; i < COUNT_OF(kLayout) && kLayout[i].name[0] == ' '; ++i) {
      if (ours && kLayout[i].offset != end) {
        printf("%s: gap before%s\n", whole->name, kLayout[i].name);
        gaps = 1;
      }
      end = kLayout[i].offset + kLayout[i].size;
    }
    if (ours && end != whole->size) {
      printf("%s: gap at the end\n", whole->name);
      gaps = 1;
    }
  }
  return gaps;
}

/* Compares what `print` gives with a file, and says the first other line. */
static int differs(const char* file, void (*print)(FILE*)) {
  char path[512];
  char got[128];
  char want[128];
  int line = 1;
  FILE* expected;
  FILE* const actual = tmpfile();
  int other;
  sprintf(path, "%.400s/%.100s", FIVEK_SOURCE_DIR "/tests/abi", file);
  expected = fopen(path, "r");
  other = expected == NULL || actual == NULL;
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
  failed |= differs(layout_file(), print_layout);
  failed |= differs("constants.txt", print_constants);
  printf("%s: %lu fields, %lu constants\n", layout_file(),
         (unsigned long)COUNT_OF(kLayout), (unsigned long)COUNT_OF(kConstants));
  return failed;
}
