"""NumPy: on whole columns, as users write it, and in its best form."""

import numpy as np

import peers_book as pb
import peers_sql as sql

LOW = np.uint32((1 << pb.CONTRACT + 1) - 1)
# Eight bytes each: one look-up.
Score = np.dtype([('strength', np.uint8), ('weakest', np.uint8),
                  ('product_ppm', np.int32)], align=True)
Standing = np.dtype([('stage', np.uint8), ('milestone', np.uint8),
                     ('probability_ppm', np.int32)], align=True)


class Users:
  """An expression for each output, a fancy index for each table."""

  def __init__(self, method, book):
    self.book = book
    self.points = [np.array(table, np.int32) for table in method.points]
    self.yields = np.array(method.yield_ppm, np.int32)
    self.reached = {which: method.reached(which)
                    for which in ('stage', 'milestone')}
    self.scores = None

  def place(self, which):
    evidence = self.book.evidence
    steps = self.reached[which]
    return np.select([(evidence & mask) == mask for mask, _ in steps],
                     [np.uint8(code) for _, code in steps], np.uint8(0))

  def run(self):
    book = self.book
    by = book.by_decision_maker
    points = np.stack([
        table[by >> d & 1, getattr(book, pb.LEVEL_COLUMNS[d])]
        for d, table in enumerate(self.points)])
    milestone = self.place('milestone')
    ppm = np.where(book.outcome < 2, self.yields[milestone],
                   np.where(book.outcome == pb.WON, pb.CERTAIN, 0))
    self.scores = {
        'strength': points.sum(axis=0).astype(np.uint8),
        'weakest': points.argmin(axis=0).astype(np.uint8),
        'product_ppm': np.rint(points.prod(axis=0) * 0.3125).astype(np.int32),
        'stage': self.place('stage'),
        'milestone': milestone,
        'probability_ppm': ppm.astype(np.int32),
        'expected_amount': np.rint(book.amount * ppm / 1e6).astype(np.int64)}

  def results(self):
    return self.scores


class Tables:
  """One table of all combinations, one of all evidence, block by block.

  Blocks stay in the cache, all steps write into buffers that are kept, indices
  are bytes as long as they fit, and one look-up brings several outputs.
  """

  BLOCK = 32768

  def __init__(self, method, book):
    self.book = book
    self.columns = pb.outputs(book.rows)
    # By 9408 x by decision maker + 49 x first three levels + last two.
    self.score = np.zeros(14 * 9408, Score)
    for number, *score in sql.combinations(method):
      self.score[number] = tuple(score)
    self.place = place_table(method)
    # By 5 x place + outcome.
    self.standing = np.array([row[1:] for row in sql.places(method)], Standing)
    n = self.BLOCK
    self.first = np.empty(n, np.uint8)
    self.last = np.empty(n, np.uint8)
    self.index = np.empty(n, np.intp)
    self.scores = np.empty(n, Score)
    self.standings = np.empty(n, Standing)
    self.real = np.empty(n, np.float64)

  def run(self):
    for begin in range(0, self.book.rows, self.BLOCK):
      self.run_block(slice(begin, min(begin + self.BLOCK, self.book.rows)))

  def run_block(self, row):
    book, out = self.book, self.columns
    n = row.stop - row.start
    first, last, index, scores, standings, real = (
        buffer[:n] for buffer in (self.first, self.last, self.index,
                                  self.scores, self.standings, self.real))
    np.multiply(book.problem[row], 8, out=first)
    np.add(first, book.power[row], out=first)
    np.multiply(first, 4, out=first)
    np.add(first, book.vision[row], out=first)
    np.multiply(book.value[row], 7, out=last)
    np.add(last, book.control[row], out=last)
    np.copyto(index, book.by_decision_maker[row])
    np.multiply(index, 192, out=index)
    np.add(index, first, out=index)
    np.multiply(index, 49, out=index)
    np.add(index, last, out=index)
    np.take(self.score.view(np.int64), index, out=scores.view(np.int64),
            mode='clip')
    for name in Score.names:
      np.copyto(out[name][row], scores[name])
    np.bitwise_and(book.evidence[row], LOW, out=index)
    np.take(self.place, index, out=first, mode='clip')
    np.multiply(first, pb.OUTCOMES, out=first)
    np.add(first, book.outcome[row], out=first)
    np.copyto(index, first)
    np.take(self.standing.view(np.int64), index,
            out=standings.view(np.int64), mode='clip')
    for name in Standing.names:
      np.copyto(out[name][row], standings[name])
    np.multiply(book.amount[row], standings['probability_ppm'], out=index)
    np.divide(index, 1e6, out=real)
    np.rint(real, out=real)
    np.copyto(out['expected_amount'][row], real, casting='unsafe')

  def results(self):
    return self.columns


def place_table(method):
  """The place by the items up to the contract."""
  evidence = np.arange(1 << pb.CONTRACT + 1, dtype=np.uint32)
  place = np.full(evidence.size, pb.CONTRACT, np.uint8)
  for item in range(pb.CONTRACT - 1, -1, -1):
    place[(evidence >> item & 1) == 0] = item
  place[evidence >> pb.CONTRACT == 1] = pb.CONTRACT + 1
  for i in (0, 1, 5, 0xFF, 0x3FFFF, 0x40000, 0x7FFFF):
    assert place[i] == method.place_of(i)
  return place


PEERS = (
    ('NumPy, as users write it', '>= 45', 10**8, Users),
    ('NumPy, one table and blocks', '>= 6', 10**8, Tables),
)
