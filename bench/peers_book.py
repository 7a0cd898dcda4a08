"""What all peers are given: the method's tables, a book, and fivek itself.

The tables are asked of the library by its one-row functions, so that no rule is
written down a second time here.
"""

import ctypes

import numpy as np

# Columns of fivek_score_in and fivek_score_out, in their order.
INPUTS = (('problem', np.uint8), ('power', np.uint8), ('vision', np.uint8),
          ('value', np.uint8), ('control', np.uint8),
          ('by_decision_maker', np.uint8), ('evidence', np.uint32),
          ('outcome', np.uint8), ('amount', np.int64))
OUTPUTS = (('strength', np.uint8), ('weakest', np.uint8),
           ('product_ppm', np.int32), ('stage', np.uint8),
           ('milestone', np.uint8), ('probability_ppm', np.int32),
           ('expected_amount', np.int64))
LEVEL_COLUMNS = tuple(name for name, _ in INPUTS[:5])
LEVELS = (6, 8, 4, 7, 7)
TWO_COLUMNS = (0, 2, 3)  # Dimensions with points by decision maker.
CONTRACT = 18  # The item that wins; those before it are needed in order.
OUTCOMES = 5
OPEN_OUTCOMES = (0, 1)  # Open, on hold: the milestone's yield counts.
WON = 2
CERTAIN = 1_000_000


class Missing(Exception):
  """A peer is not here; says what is missing."""


class ScoreIn(ctypes.Structure):
  _fields_ = [('struct_size', ctypes.c_uint32), ('reserved', ctypes.c_uint32)
             ] + [(name, ctypes.c_void_p) for name, _ in INPUTS]


class ScoreOut(ctypes.Structure):
  _fields_ = [('struct_size', ctypes.c_uint32), ('reserved', ctypes.c_uint32)
             ] + [(name, ctypes.c_void_p) for name, _ in OUTPUTS
                 ] + [('row_status', ctypes.c_void_p)]


class Deal(ctypes.Structure):
  _fields_ = [('level', ctypes.c_uint8 * 5), ('by_decision_maker',
                                              ctypes.c_uint8),
              ('reserved', ctypes.c_uint8 * 2), ('evidence', ctypes.c_uint32),
              ('outcome', ctypes.c_int32), ('amount', ctypes.c_int64)]


class DealScore(ctypes.Structure):
  _fields_ = [(name, ctypes.c_int32) for name, _ in OUTPUTS[:6]
             ] + [('expected_amount', ctypes.c_int64)]


def load(path):
  library = ctypes.CDLL(path)
  library.fivek_score_target.restype = ctypes.c_char_p
  library.fivek_score_columns.argtypes = [ctypes.c_void_p] * 3 + [
      ctypes.c_size_t] + [ctypes.c_void_p] * 2
  library.fivek_score_deal.argtypes = [ctypes.c_void_p] * 4
  return library


class Method:
  """The built-in policy as tables of plain Python."""

  def __init__(self, library):
    number = ctypes.c_int32()

    def points(dimension, level, by):
      if dimension not in TWO_COLUMNS:
        by = 0
      if library.fivek_rubric_points(None, dimension, level, by,
                                     ctypes.byref(number), None):
        raise AssertionError('a level was refused')
      return number.value

    # points[dimension][by decision maker][level]
    self.points = [[[points(d, level, by) for level in range(LEVELS[d])]
                    for by in (0, 1)] for d in range(5)]
    # By how many of the items 0.. are there without a gap, up to the contract;
    # the last is a signed contract, whatever is missing.
    self.stage, self.milestone = [], []
    self.yield_ppm = [0] * 7
    stage, milestone, ppm = (ctypes.c_int32() for _ in range(3))
    missing = ctypes.c_uint32()
    for evidence in [(1 << k) - 1 for k in range(CONTRACT + 1)
                    ] + [1 << CONTRACT]:
      if library.fivek_milestone_of(
          None, evidence, *map(ctypes.byref, (stage, milestone, ppm, missing)),
          None):
        raise AssertionError('evidence was refused')
      self.stage.append(stage.value)
      self.milestone.append(milestone.value)
      self.yield_ppm[milestone.value] = ppm.value

  def reached(self, which):
    """(mask, code): the code is reached once the mask is there; best first."""
    codes = {'stage': self.stage, 'milestone': self.milestone}[which]
    steps = [(1 << CONTRACT, codes[-1])]
    for k in range(CONTRACT, 0, -1):
      if codes[k] != codes[k - 1]:
        steps.append(((1 << k) - 1, codes[k]))
    return steps

  def combination(self, levels, by):
    """Strength, weakest and product of five levels."""
    points = [self.points[d][by >> d & 1][level]
              for d, level in enumerate(levels)]
    product = 1
    for p in points:
      product *= p
    # round() is half to even, and 5/16 of it a double.
    return sum(points), points.index(min(points)), round(product * 0.3125)

  def place_of(self, evidence):
    """An index of stage and milestone: which needed item is missing first."""
    if evidence >> CONTRACT & 1:
      return CONTRACT + 1
    k = 0
    while k < CONTRACT and evidence >> k & 1:
      k += 1
    return k

  def probability(self, place, outcome):
    if outcome in OPEN_OUTCOMES:
      return self.yield_ppm[self.milestone[place]]
    return CERTAIN if outcome == WON else 0


class Book:
  """`rows` deals, the same ones for every peer.

  Amounts are below 2^33 and not negative: with them amount x ppm is an exact
  double, and its millionth, rounded once to a double, is nowhere as far from
  the exact one as a tie from its neighbours. So peers round by their fastest
  way, and still exactly.
  """

  def __init__(self, rows):
    pick = np.random.default_rng(7)
    self.rows = rows
    for name, most in zip(LEVEL_COLUMNS, LEVELS):
      setattr(self, name, pick.integers(0, most, rows, np.uint8))
    self.by_decision_maker = pick.integers(0, 16, rows, np.uint8) & np.uint8(13)
    # Items are confirmed more or less in order; a few deals are signed.
    one = np.uint32(1)
    have = (one << pick.integers(0, 20, rows, np.uint32)) - one
    gap = one << pick.integers(0, 32, rows, np.uint32)
    self.evidence = have & ~gap
    self.outcome = pick.integers(0, OUTCOMES, rows, np.uint8)
    self.amount = pick.integers(0, 1 << 33, rows, np.int64)

  def columns(self):
    return {name: getattr(self, name) for name, _ in INPUTS}


def outputs(rows):
  """Columns to fill, touched."""
  return {name: np.full(rows, 1, kind) for name, kind in OUTPUTS}


class Fivek:
  """fivek_score_columns by ctypes, into columns that the caller keeps."""

  def __init__(self, library, given, columns):
    self.score = library.fivek_score_columns
    self.columns = columns
    self.given = given  # What addresses point into has to live on.
    self.rows = len(columns['strength'])
    self.input = ScoreIn(ctypes.sizeof(ScoreIn), 0, **{
        name: given[name].ctypes.data for name, _ in INPUTS})
    self.output = ScoreOut(ctypes.sizeof(ScoreOut), 0, **{
        name: columns[name].ctypes.data for name, _ in OUTPUTS})
    self.arguments = (None, ctypes.addressof(self.input),
                      ctypes.addressof(self.output), self.rows, None, None)

  def run(self):
    if self.score(*self.arguments):
      raise AssertionError('a row was refused')

  def results(self):
    return self.columns
