/* What a C program does first with an installed fivek. */
#include <fivek.h>
#include <fivek_arrow.h>
#include <stdio.h>
#include <string.h>

int main(void) {
  fivek_assessment assessment;
  fivek_strength strength;
  fivek_error error;
  fivek_status status;
  struct ArrowSchema schema, scores_schema;
  struct ArrowArray batch, scores;

  memset(&assessment, 0, sizeof(assessment));
  memset(assessment.level, FIVEK_UNKNOWN, sizeof(assessment.level));
  memset(&strength, 0, sizeof(strength));
  strength.struct_size = (uint32_t)sizeof(strength);
  memset(&error, 0, sizeof(error));
  error.struct_size = (uint32_t)sizeof(error);

  /* Nothing is known: nothing is earned, everything can still be. */
  status = fivek_strength_of(NULL, &assessment, &strength, &error);
  if (status != 0 || strength.total != 0 || strength.highest_reachable != 100) {
    fprintf(stderr, "status %d, total %d: %s\n", (int)status,
            (int)strength.total, error.message);
    return 1;
  }
  /* An error crosses the interface as a status, with words. */
  status = fivek_strength_of(NULL, NULL, &strength, &error);
  if (status != 3 || error.message_len == 0) {
    fprintf(stderr, "no error for NULL: status %d\n", (int)status);
    return 1;
  }
  /* So does a batch that is none. */
  memset(&schema, 0, sizeof(schema));
  memset(&batch, 0, sizeof(batch));
  status =
      fivek_score_arrow(NULL, &schema, &batch, &scores_schema, &scores, &error);
  if (status != 3 || error.message_len == 0) {
    fprintf(stderr, "no error for a released batch: status %d\n", (int)status);
    return 1;
  }
  printf("fivek %s works\n", fivek_version_string());
  return 0;
}
