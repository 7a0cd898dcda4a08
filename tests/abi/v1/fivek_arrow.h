/* fivek for Arrow: a record batch in, a record batch out.
 *
 * The structures are those of the Arrow C Data Interface, so nothing of Arrow
 * is needed to build or to call this: whatever exports a batch (pyarrow,
 * nanoarrow, DuckDB, Polars, a C++ or Rust program) can have it scored, and
 * imports the result, without copying a column.
 *
 *   struct ArrowSchema schema, out_schema;
 *   struct ArrowArray batch, out;
 *   ...  export a batch into schema and batch
 *   if (fivek_score_arrow(NULL, &schema, &batch, &out_schema, &out, NULL) ==
 *       FIVEK_OK) {
 *     ...  import out_schema and out, or read them and then call
 *     out.release(&out);
 *     out_schema.release(&out_schema);
 *   }
 *   ...  batch and schema are still the caller's: release them
 *
 * What fivek.h says of every function holds here too.
 *
 * What goes in
 *   A struct array ("+s"), as a record batch is exported. These fields are
 *   found by name, in any order:
 *
 *     column  name                type     null means  not there means
 *     0..4    problem, power,     uint8    unknown     unknown
 *             vision, value,
 *             control
 *     5       by_decision_maker   uint8    0           0
 *     6       evidence            uint32   empty       empty
 *     7       outcome             uint8    open        open
 *     8       amount              int64    see below   0
 *
 *   Their values are those of fivek_score_in. Other fields are not looked at. A
 *   batch without any of these names is refused, as is one with a name twice.
 *   Types    Integers of any width and sign (c C s S i I l L) in every field,
 *            and null (n), which is all null. outcome may also be text (u, U):
 *            the English labels of the set "outcome" ("open", "on hold", ...).
 *            amount may also be decimal128 ("d:P,S", "d:P,S,128"): its minor
 *            unit is 10^-S, and expected_amount is rounded to that unit.
 *            Each of these may be encoded by a dictionary with indices of any
 *            integer type.
 *   Bad      A value that its column cannot hold is never wrapped: its row is
 *   rows     bad, as one that fivek_score_columns finds bad. That is an integer
 *            beyond the type above, a decimal beyond int64 or with more than P
 *            digits, a text that is no label, an index outside its dictionary.
 *   Nulls    Of the batch, of fields and of dictionaries. A null row is one in
 *            which all fields are null.
 *   Slices   The offsets of the batch, of each field and of dictionaries.
 *   Lengths  0 rows are fine. The buffers of an array of length 0 are not read
 *            and may be NULL.
 *
 * What comes out
 *   A struct array with one row for each row:
 *
 *     name              type                        null where
 *     strength          uint8                       the row is bad
 *     weakest           uint8, a dimension          bad, or an unknown one may
 *                                                   be weaker
 *     product_ppm       int32                       bad, or a dimension is
 *                                                   unknown and no known one
 *                                                   has 0 points
 *     stage             dictionary(uint8, utf8)     the row is bad
 *     milestone         dictionary(uint8, utf8)     the row is bad
 *     probability_ppm   int32                       the row is bad
 *     expected_amount   int64, or amount's decimal  bad, or the amount is null
 *     row_status        int32                       never
 *
 *   Indices of stage and milestone are their codes; the dictionaries hold the
 *   built-in English labels in order of the codes, the same for every policy.
 *   row_status is FIVEK_OK or FIVEK_INVALID_ARGUMENT. Below a null the values
 *   are those of fivek_score_columns (weakest 255, product_ppm -1, else 0); the
 *   expected amount of a null amount is 0. The schema has the metadata
 *   "fivek.policy": fivek_policy_hash as 16 hexadecimal digits. Buffers are
 *   aligned and padded to 64 bytes; a column without nulls has no validity
 *   buffer. Each child and dictionary may be moved out and released by itself,
 *   on any thread, also after the policy; the memory of the whole result is
 *   freed with the last of them.
 *
 * Rows are scored where they are: a field of the type above that is aligned and
 * has no nulls is not copied; others pass through a scratch space of some 60
 * KiB, the only memory taken beside the result.
 */
#ifndef FIVEK_ARROW_H_
#define FIVEK_ARROW_H_

#include "fivek.h"

#ifdef __cplusplus
extern "C" {
#endif

/* As the specification gives them, but for the style of the comments. */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  /* Array type description */
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;

  /* Release callback */
  void (*release)(struct ArrowSchema*);
  /* Opaque producer-specific data */
  void* private_data;
};

struct ArrowArray {
  /* Array data description */
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;

  /* Release callback */
  void (*release)(struct ArrowArray*);
  /* Opaque producer-specific data */
  void* private_data;
};

#endif /* ARROW_C_DATA_INTERFACE */

/* Scores a record batch. `schema` and `array` are borrowed: only read, and only
   during the call. On success *out_schema and *out_array, whatever they held,
   are new and the caller's, who calls their `release`; on failure they are as
   they were. INVALID_ARGUMENT for what is NULL, released, not a struct array,
   of a type that its field cannot have, or contradicts itself, naming the field
   (error->column as numbered above); RESOURCE_EXHAUSTED if there is no memory.
   Bad rows do not fail the call. What buffers hold beyond what the lengths
   and offsets say is not read; that they hold so much, nobody can check.
   Thread-safe. @since 0.1 */
FIVEK_API fivek_status fivek_score_arrow(const fivek_policy* policy,
                                         const struct ArrowSchema* schema,
                                         const struct ArrowArray* array,
                                         struct ArrowSchema* out_schema,
                                         struct ArrowArray* out_array,
                                         fivek_error* error);

#ifdef __cplusplus
} /* extern "C" */
#endif

#endif /* FIVEK_ARROW_H_ */
