#!/usr/bin/env python3
"""arrow_pyarrow_test.py LIBFIVEK [PYTHON]: fivek_score_arrow against pyarrow.

pyarrow makes the batches and reads the results, so that neither side is ours:
it exports through the C Data Interface, imports what comes back, validates it
in full and says what the values are. The scores are compared with those of
fivek_score_columns on the values as Python reads them.

PYTHON is an interpreter that has pyarrow, as cmake/setup.sh --full makes one.
Without it, and without pyarrow in this one, the test is skipped: status 77.
"""

import ctypes
import decimal
import gc
import os
import random
import sys
import unittest

try:
  import pyarrow as pa
except ImportError:
  pa = None

SKIPPED = 77
INVALID_ARGUMENT = 3
UNKNOWN = 255

BYTES = ('problem', 'power', 'vision', 'value', 'control', 'by_decision_maker',
         'outcome')
FIELDS = BYTES + ('evidence', 'amount')
OUTCOMES = ('open', 'on hold', 'won', 'lost', 'void')


class ArrowSchema(ctypes.Structure):
  pass


class ArrowArray(ctypes.Structure):
  pass


ReleaseSchema = ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowSchema))
ReleaseArray = ctypes.CFUNCTYPE(None, ctypes.POINTER(ArrowArray))
ArrowSchema._fields_ = [
    ('format', ctypes.c_char_p), ('name', ctypes.c_char_p),
    ('metadata', ctypes.c_void_p), ('flags', ctypes.c_int64),
    ('n_children', ctypes.c_int64), ('children', ctypes.c_void_p),
    ('dictionary', ctypes.c_void_p), ('release', ReleaseSchema),
    ('private_data', ctypes.c_void_p)]
ArrowArray._fields_ = [
    ('length', ctypes.c_int64), ('null_count', ctypes.c_int64),
    ('offset', ctypes.c_int64), ('n_buffers', ctypes.c_int64),
    ('n_children', ctypes.c_int64), ('buffers', ctypes.c_void_p),
    ('children', ctypes.c_void_p), ('dictionary', ctypes.c_void_p),
    ('release', ReleaseArray), ('private_data', ctypes.c_void_p)]


class Error(ctypes.Structure):
  _fields_ = [('struct_size', ctypes.c_uint32), ('status', ctypes.c_int32),
              ('reason', ctypes.c_int32), ('column', ctypes.c_int32),
              ('row', ctypes.c_int64), ('message_len', ctypes.c_uint32),
              ('reserved', ctypes.c_uint32), ('message', ctypes.c_char * 224)]


class ScoreIn(ctypes.Structure):
  _fields_ = [('struct_size', ctypes.c_uint32), ('reserved', ctypes.c_uint32)
             ] + [(name, ctypes.c_void_p) for name in (
                 'problem', 'power', 'vision', 'value', 'control',
                 'by_decision_maker', 'evidence', 'outcome', 'amount')]


class ScoreOut(ctypes.Structure):
  COLUMNS = (('strength', ctypes.c_uint8), ('weakest', ctypes.c_uint8),
             ('product_ppm', ctypes.c_int32), ('stage', ctypes.c_uint8),
             ('milestone', ctypes.c_uint8), ('probability_ppm', ctypes.c_int32),
             ('expected_amount', ctypes.c_int64),
             ('row_status', ctypes.c_int32))
  _fields_ = [('struct_size', ctypes.c_uint32), ('reserved', ctypes.c_uint32)
             ] + [(name, ctypes.c_void_p) for name, _ in COLUMNS]


class Refused(Exception):
  pass


LIB = None
# Releases of what the library gave: how often, since the start.
RELEASED = {'array': 0, 'schema': 0}
# Callbacks have to outlive what they release; ours are never many.
CALLBACKS = []


def counted(structure, callback_type, kind):
  """Puts a callback that counts before the structure's own."""
  own = callback_type(ctypes.cast(structure.release, ctypes.c_void_p).value)

  def release(pointer):
    RELEASED[kind] += 1
    own(pointer)
    if pointer.contents.release:
      raise AssertionError('not marked as released')

  CALLBACKS.append(callback_type(release))
  structure.release = CALLBACKS[-1]


def score(batch, policy=None):
  """The scores of what pyarrow exports: a RecordBatch or a StructArray."""
  schema, array = ArrowSchema(), ArrowArray()
  out_schema, out_array = ArrowSchema(), ArrowArray()
  error = Error(struct_size=ctypes.sizeof(Error))
  batch._export_to_c(ctypes.addressof(array), ctypes.addressof(schema))
  try:
    status = LIB.fivek_score_arrow(
        policy, ctypes.byref(schema), ctypes.byref(array),
        ctypes.byref(out_schema), ctypes.byref(out_array), ctypes.byref(error))
    assert schema.release and array.release, 'the batch is borrowed'
  finally:
    array.release(ctypes.byref(array))
    schema.release(ctypes.byref(schema))
  if status:
    assert status == INVALID_ARGUMENT and not out_array.release
    raise Refused(error.message.decode())
  counted(out_array, ReleaseArray, 'array')
  counted(out_schema, ReleaseSchema, 'schema')
  result = pa.RecordBatch._import_from_c(ctypes.addressof(out_array),
                                         ctypes.addressof(out_schema))
  result.validate(full=True)
  return result


def label(kind, code):
  text = LIB.fivek_label(kind.encode(), code, b'en')
  return None if text is None else text.decode()


def number(value, name, scale):
  """What a value means as an integer; None where no column holds it."""
  if isinstance(value, str):
    return OUTCOMES.index(value) if value in OUTCOMES else None
  if isinstance(value, decimal.Decimal):
    value = int(value.scaleb(scale))
  low, high = {'evidence': (0, 2**32 - 1), 'amount': (-2**63, 2**63 - 1)}.get(
      name, (0, 255))
  return value if low <= value <= high else None


def wanted(columns, rows, valid=None, scale=None, policy=None):
  """The rows that the scores should be, from lists of Python values."""
  inputs = {}
  misfit = [False] * rows
  for name in FIELDS:
    kind = {'evidence': ctypes.c_uint32, 'amount': ctypes.c_int64}.get(
        name, ctypes.c_uint8)
    null = UNKNOWN if name in BYTES[:5] else 0
    inputs[name] = (kind * max(rows, 1))(*[null] * rows)
    for i, value in enumerate(columns.get(name, ())):
      if value is None or (valid is not None and not valid[i]):
        continue
      value = number(value, name, scale)
      if value is None:
        misfit[i] = True
      else:
        inputs[name][i] = value
  for i in range(rows):
    if misfit[i]:
      inputs['problem'][i] = 254
  given = ScoreIn(ctypes.sizeof(ScoreIn), 0,
                  **{name: ctypes.addressof(inputs[name]) for name in FIELDS})
  outputs = {name: (kind * max(rows, 1))() for name, kind in ScoreOut.COLUMNS}
  out = ScoreOut(ctypes.sizeof(ScoreOut), 0, **{
      name: ctypes.addressof(outputs[name]) for name in outputs})
  status = LIB.fivek_score_columns(policy, ctypes.byref(given),
                                   ctypes.byref(out), rows, None, None)
  assert status == 0
  result = []
  for i in range(rows):
    row = {name: outputs[name][i] for name in outputs}
    for kind in ('stage', 'milestone'):
      row[kind] = label(kind, row[kind])
    if scale is not None:
      row['expected_amount'] = decimal.Decimal(
          row['expected_amount']).scaleb(-scale)
    if row['weakest'] == UNKNOWN:
      row['weakest'] = None
    if row['product_ppm'] < 0:
      row['product_ppm'] = None
    if 'amount' in columns and (columns['amount'][i] is None or
                                (valid is not None and not valid[i])):
      row['expected_amount'] = None
    if row['row_status'] != 0:
      row = {name: None for name in row}
      row['row_status'] = INVALID_ARGUMENT
    result.append(row)
  return result


def schema_of(amount=None):
  labels = pa.dictionary(pa.uint8(), pa.utf8())
  return pa.schema([
      ('strength', pa.uint8()), ('weakest', pa.uint8()),
      ('product_ppm', pa.int32()), ('stage', labels), ('milestone', labels),
      ('probability_ppm', pa.int32()),
      ('expected_amount', amount or pa.int64()),
      pa.field('row_status', pa.int32(), nullable=False)])


def integer_types():
  return [pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(),
          pa.uint32(), pa.int64(), pa.uint64()]


def edges(kind):
  """The edges of an integer type and of what columns hold, and null."""
  low = -2**(kind.bit_width - 1) if pa.types.is_signed_integer(kind) else 0
  high = low + 2**kind.bit_width - 1
  return [v for v in (0, 1, 3, 5, 8, 127, 128, 254, 255, 256, 65535, 65536,
                      2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**63 - 1, 2**63,
                      2**64 - 1, -1, -3, -128, -2**15, -2**31, -2**63)
          if low <= v <= high] + [None]


class ArrowTest(unittest.TestCase):

  def setUp(self):
    gc.collect()
    self.bytes = pa.total_allocated_bytes()
    self.released = dict(RELEASED)
    self.scored = 0

  def tearDown(self):
    gc.collect()
    self.assertEqual(pa.total_allocated_bytes(), self.bytes)
    for kind, count in RELEASED.items():
      self.assertEqual(count - self.released[kind], self.scored, kind)

  def score(self, batch, policy=None):
    result = score(batch, policy)
    self.scored += 1
    return result

  def refused(self, batch, words):
    with self.assertRaises(Refused) as caught:
      score(batch)
    self.assertIn(words, str(caught.exception))

  def check(self, batch, valid=None):
    """A RecordBatch or StructArray against the oracle; gives its scores."""
    if isinstance(batch, pa.RecordBatch):
      names = batch.schema.names
      read = {name: batch.column(i).to_pylist()
              for i, name in enumerate(names)}
      types = {name: batch.schema.field(i).type
               for i, name in enumerate(names)}
      rows = batch.num_rows
    else:
      values = batch.to_pylist()
      rows = len(values)
      types = {field.name: field.type for field in batch.type}
      valid = [row is not None for row in values]
      read = {name: [None if row is None else row[name] for row in values]
              for name in types}
    kind = types.get('amount')
    if kind is not None and pa.types.is_dictionary(kind):
      kind = kind.value_type
    is_decimal = kind is not None and pa.types.is_decimal(kind)
    result = self.score(batch)
    self.assertEqual(result.schema.remove_metadata(),
                     schema_of(kind if is_decimal else None))
    self.assertEqual(result.to_pylist(),
                     wanted({name: read[name] for name in read
                             if name in FIELDS}, rows, valid,
                            kind.scale if is_decimal else None))
    return result

  def test_every_integer_type_in_every_field(self):
    for name in FIELDS:
      for kind in integer_types():
        with self.subTest(name=name, type=str(kind)):
          values = edges(kind)
          self.check(pa.record_batch({name: pa.array(values, kind)}))
          encoded = pa.array(values, kind).dictionary_encode()
          self.check(pa.record_batch({name: encoded}))

  def test_dictionaries_with_every_index_type(self):
    words = pa.array(['lost', 'open', None, 'won', 'no outcome', 'on hold'])
    for kind in integer_types():
      for values in (words, words.cast(pa.large_utf8()),
                     pa.array([3, 0, None, 2, 300, 1], pa.int16())):
        indices = pa.array([5, 0, None, 4, 3, 2, 1], kind)
        column = pa.DictionaryArray.from_arrays(indices, values)
        self.check(pa.record_batch({'outcome': column}))
        self.check(pa.record_batch({'outcome': column.slice(2, 4)}))

  def test_outcomes_in_words(self):
    words = list(OUTCOMES) + [None, '', 'Open', 'opened', '开放', 'on  hold']
    for kind in (pa.utf8(), pa.large_utf8()):
      column = pa.array(words, kind)
      self.check(pa.record_batch({'outcome': column}))
      for begin in range(len(words)):
        self.check(pa.record_batch({'outcome': column.slice(begin)}))

  def test_decimals(self):
    for precision, scale in ((1, 0), (9, 2), (18, 0), (18, 18), (19, 4),
                             (38, 2), (38, 38), (20, -3)):
      with self.subTest(precision=precision, scale=scale):
        kind = pa.decimal128(precision, scale)
        most = 10**precision - 1
        numbers = [0, 1, 5, -5, 7, most, -most, min(most, 2**63 - 1),
                   max(-most, -2**63), min(most, 2**63), max(-most, -2**63 - 1)]
        values = [decimal.Decimal(n).scaleb(-scale) for n in numbers] + [None]
        amount = pa.array(values, kind)
        for column in (amount, amount.slice(3), amount.dictionary_encode()):
          evidence = pa.array([0x1FFF] * len(column), pa.uint32())
          self.check(pa.record_batch({'amount': column, 'evidence': evidence}))

  def test_nulls_only_and_no_rows(self):
    for name in FIELDS:
      self.check(pa.record_batch({name: pa.nulls(9)}))
      for kind in (pa.int64(), pa.null()):
        self.check(pa.record_batch({name: pa.array([], kind)}))
    self.check(pa.record_batch({'outcome': pa.array([], pa.utf8())}))
    empty = pa.record_batch({'amount': pa.array([1, 2], pa.int64())}).slice(1, 0)
    self.assertEqual(self.check(empty).num_rows, 0)

  def any_batch(self, rows, pick):
    """A batch of random shape, and a column that is none of ours."""
    below = dict(problem=6, power=8, vision=4, value=7, control=7,
                 by_decision_maker=2, outcome=5, evidence=2**20, amount=10**9)
    columns = {'id': pa.array([f'deal {i}' for i in range(rows)])}
    names = [name for name in FIELDS if pick.random() < 0.9] or ['power']
    pick.shuffle(names)
    for name in names:
      nulls = pick.choice((0, 0, 0.1))
      bad = pick.choice((0, 0, 0.02))
      values = [None if pick.random() < nulls else
                -1 if pick.random() < bad else
                pick.randrange(below[name]) for _ in range(rows)]
      kind = pick.choice([k for k in integer_types() if not (
          bad and pa.types.is_unsigned_integer(k)) and
          k.bit_width > below[name].bit_length()])
      column = pa.array(values, kind)
      if name == 'outcome' and pick.random() < 0.3:
        column = pa.array([v if v is None or v < 0 else OUTCOMES[v]
                           for v in values if v != -1] +
                          ['?'] * values.count(-1))
      elif name == 'amount' and pick.random() < 0.3:
        column = column.cast(pa.decimal128(38, 0)).cast(pa.decimal128(38, 2))
      if pick.random() < 0.3:
        column = column.dictionary_encode()
      columns[name] = column
    return pa.record_batch(columns)

  def test_any_batch(self):
    pick = random.Random(5)
    for i in range(80):
      with self.subTest(i=i):
        # Rows are scored some thousands at a time.
        rows = 4500 if i % 20 == 0 else pick.choice((0, 1, 7, 64, 300))
        batch = self.any_batch(rows, pick)
        self.check(batch)
        begin = pick.randrange(batch.num_rows + 1)
        self.check(batch.slice(begin, pick.randrange(400)))

  def test_a_slice_of_scores_is_the_score_of_a_slice(self):
    batch = self.any_batch(70, random.Random(9))
    whole = self.score(batch)
    for begin in range(0, 71, 3):
      for length in range(0, 71 - begin, 5):
        part = self.score(batch.slice(begin, length))
        self.assertTrue(part.equals(whole.slice(begin, length)))

  def test_structs_with_offsets_and_nulls(self):
    pick = random.Random(7)
    for i in range(40):
      with self.subTest(i=i):
        batch = self.any_batch(90, pick)
        mask = pa.array([pick.random() < 0.2 for _ in range(90)])
        struct = pa.StructArray.from_arrays(
            batch.columns, fields=list(batch.schema), mask=mask)
        self.check(struct)
        self.check(struct.slice(pick.randrange(40), pick.randrange(40)))

  def test_the_batches_of_a_table_make_one_table(self):
    batch = self.any_batch(1000, random.Random(11))
    table = pa.Table.from_batches([batch, batch.slice(13), batch.slice(0, 99)])
    parts = [self.score(part) for part in table.to_batches(max_chunksize=177)]
    self.assertGreater(len(parts), 8)
    scores = pa.Table.from_batches(parts)
    scores.validate(full=True)
    self.assertEqual(scores.num_rows, table.num_rows)
    whole = self.score(table.combine_chunks().to_batches()[0])
    self.assertTrue(scores.combine_chunks().equals(pa.Table.from_batches([whole])))

  def test_columns_outlive_their_batch(self):
    batch = self.any_batch(500, random.Random(13))
    scores = self.score(batch)
    want = scores.to_pylist()
    columns = {name: scores.column(name) for name in scores.schema.names}
    dictionary = scores.column('stage').dictionary
    del scores, batch
    gc.collect()
    self.assertEqual(RELEASED['array'], self.released['array'])
    for name, column in columns.items():
      self.assertEqual(column.to_pylist(), [row[name] for row in want])
    del columns, column
    gc.collect()
    self.assertEqual(dictionary[0].as_py(), label('stage', 0))

  def test_the_policy_signs_its_results(self):
    json = b'{"fivek_policy": 1, "ladder": {"2": {"yield_ppm": 300000}}}'
    policy = ctypes.c_void_p()
    self.assertEqual(LIB.fivek_policy_from_json(json, len(json),
                                                ctypes.byref(policy), None), 0)
    batch = pa.record_batch({'evidence': pa.array([0xFF], pa.uint32()),
                             'amount': pa.array([1000], pa.int64())})
    for one in (None, policy):
      result = self.score(batch, one)
      self.assertEqual(result.schema.metadata, {
          b'fivek.policy': b'%016x' % LIB.fivek_policy_hash(one)})
      self.assertEqual(
          result.to_pylist(),
          wanted({'evidence': [0xFF], 'amount': [1000]}, 1, policy=one))
    self.assertEqual(result.column('expected_amount')[0].as_py(), 300)
    LIB.fivek_policy_release(policy)

  def test_what_is_refused(self):
    ones = pa.array([1, 2], pa.int64())
    for batch, words in (
        ({'id': ones}, 'batch: none of its 1 fields is known'),
        ({'problem': ones.cast(pa.float64())}, 'field "problem": format "g"'),
        ({'problem': ones.cast(pa.utf8())}, 'field "problem": format "u"'),
        ({'outcome': pa.array([True, False])}, 'field "outcome": format "b"'),
        ({'amount': ones.cast(pa.decimal256(40, 2))},
         'field "amount": format "d:40,2,256" is a decimal of 256 bits'),
        ({'amount': ones.cast(pa.utf8())}, 'field "amount": format "u"'),
        ({'power': pa.array([[1], [2]])}, 'field "power": format "+l"'),
        ({'value': ones.cast(pa.float32()).dictionary_encode()},
         'dictionary of field "value": format "f"')):
      self.refused(pa.record_batch(batch), words)
    self.refused(pa.RecordBatch.from_arrays([ones, ones], ['power', 'power']),
                 'field "power": child 1 has the name again')
    self.refused(ones, 'batch: format "l"; allowed: a struct (+s)')


def main(arguments):
  if not 1 <= len(arguments) <= 2:
    print(__doc__, file=sys.stderr)
    return 2
  library = arguments[0]
  if len(arguments) == 2 and os.access(arguments[1], os.X_OK):
    # The pinned one first. It runs this file with one argument less.
    os.execv(arguments[1], [arguments[1], os.path.abspath(__file__), library])
  if pa is None:
    print('skipped: no pyarrow here; sh cmake/setup.sh --full gets it')
    return SKIPPED
  global LIB
  LIB = ctypes.CDLL(library)
  LIB.fivek_label.restype = ctypes.c_char_p
  LIB.fivek_label.argtypes = [ctypes.c_char_p, ctypes.c_int32, ctypes.c_char_p]
  LIB.fivek_policy_hash.restype = ctypes.c_uint64
  LIB.fivek_policy_hash.argtypes = [ctypes.c_void_p]
  LIB.fivek_policy_release.argtypes = [ctypes.c_void_p]
  LIB.fivek_policy_from_json.argtypes = [
      ctypes.c_char_p, ctypes.c_size_t, ctypes.c_void_p, ctypes.c_void_p]
  LIB.fivek_score_columns.argtypes = [ctypes.c_void_p] * 3 + [
      ctypes.c_size_t] + [ctypes.c_void_p] * 2
  LIB.fivek_score_arrow.argtypes = [ctypes.c_void_p] * 6
  decimal.getcontext().prec = 100
  print('pyarrow', pa.__version__)
  suite = unittest.defaultTestLoader.loadTestsFromTestCase(ArrowTest)
  result = unittest.TextTestRunner(verbosity=1).run(suite)
  return 0 if result.wasSuccessful() and result.testsRun > 10 else 1


if __name__ == '__main__':
  sys.exit(main(sys.argv[1:]))
