/* Assesses a deal, says what to do next, and what its evidence supports. */
#include <fivek.h>
#include <stdio.h>

int main(void) {
  const char* const levels[] = {"level.problem", "level.power", "level.vision",
                                "level.value", "level.control"};
  const fivek_assessment deal = {{3, 3, 2, 4, 1}, 0, {0, 0}};
  fivek_strength s = {.struct_size = sizeof s};
  int32_t stage, milestone, ppm;
  uint32_t missing;
  if (fivek_strength_of(NULL, &deal, &s, NULL) != FIVEK_OK) return 1;
  printf("strength %d of 100, weakest: %s\n", s.total,
         fivek_label("dimension", s.weakest, "en"));
  printf("next: %s (+%d)\n", fivek_label(levels[s.weakest], s.next_level, "en"),
         s.next_gain);
  fivek_milestone_of(NULL, 0x3F, &stage, &milestone, &ppm, &missing, NULL);
  printf("%s, %d %%\n", fivek_label("milestone", milestone, "en"), ppm / 10000);
  for (int item = 0; item < 32; ++item)
    if (missing >> item & 1)
      printf("missing: %s\n", fivek_label("evidence", item, "en"));
  return 0;
}
