/* Scores a record batch that was made by hand: a field is a name, a type and a
   buffer. A program that has Arrow exports its batch instead. */
#include <fivek_arrow.h>
#include <stdio.h>

static void keep_schema(struct ArrowSchema* s) { s->release = NULL; }
static void keep_array(struct ArrowArray* a) { a->release = NULL; }

int main(void) {
  const uint32_t evidence[] = {0x1F, 0xFF, 0x1FFF};
  const int64_t amount[] = {120000, 50000, 99999};
  const void* buffers[2][2] = {{NULL, evidence}, {NULL, amount}};
  const void* no_nulls[1] = {NULL};
  struct ArrowSchema field[2] = {
      {.format = "I", .name = "evidence", .release = keep_schema},
      {.format = "l", .name = "amount", .release = keep_schema}};
  struct ArrowArray column[2] = {
      {3, 0, 0, 2, 0, buffers[0], NULL, NULL, keep_array, NULL},
      {3, 0, 0, 2, 0, buffers[1], NULL, NULL, keep_array, NULL}};
  struct ArrowSchema* fields[] = {&field[0], &field[1]};
  struct ArrowArray* columns[] = {&column[0], &column[1]};
  struct ArrowSchema schema = {.format = "+s",
                               .n_children = 2,
                               .children = fields,
                               .release = keep_schema};
  struct ArrowArray batch = {3,        0,       0,    1,          2,
                             no_nulls, columns, NULL, keep_array, NULL};
  struct ArrowSchema out_schema;
  struct ArrowArray out;
  fivek_error error = {.struct_size = sizeof error};
  if (fivek_score_arrow(NULL, &schema, &batch, &out_schema, &out, &error) !=
      FIVEK_OK) {
    fprintf(stderr, "%s\n", error.message);
    return 1;
  }
  const uint8_t* milestone = out.children[4]->buffers[1];
  const int64_t* expected = out.children[6]->buffers[1];
  for (int64_t row = 0; row < out.length; ++row)
    printf("%s: %lld of %lld\n", fivek_label("milestone", milestone[row], "en"),
           (long long)expected[row], (long long)amount[row]);
  out.release(&out);
  out_schema.release(&out_schema);
  return 0;
}
