"""Numba: a plain loop over the rows, compiled for this processor."""

import numpy as np

import peers_book as pb
from peers_numpy import place_table

try:
  import numba
except ImportError:
  numba = None


def score(points, place_of, stages, milestones, ppms, problem, power, vision,
          value, control, by_decision_maker, evidence, outcome, amount,
          strength, weakest, product_ppm, stage, milestone, probability_ppm,
          expected_amount):
  for i in range(problem.size):
    by = by_decision_maker[i]
    a = points[0, by & 1, problem[i]]
    b = points[1, 0, power[i]]
    c = points[2, by >> 2 & 1, vision[i]]
    d = points[3, by >> 3 & 1, value[i]]
    e = points[4, 0, control[i]]
    strength[i] = a + b + c + d + e
    # The smaller of two numbers of points and dimension.
    weakest[i] = min(8 * a, 8 * b + 1, 8 * c + 2, 8 * d + 3, 8 * e + 4) & 7
    product_ppm[i] = np.int32(np.rint(a * b * c * d * e * 0.3125))
    place = place_of[evidence[i] & 0x7FFFF]
    stage[i] = stages[place]
    milestone[i] = milestones[place]
    ppm = ppms[place, outcome[i]]
    probability_ppm[i] = ppm
    expected_amount[i] = np.int64(np.rint(amount[i] * ppm / 1e6))


class Loop:

  def __init__(self, method, book):
    if numba is None:
      raise pb.Missing('numba')
    assert pb.CONTRACT == 18 and pb.TWO_COLUMNS == (0, 2, 3)
    points = np.zeros((5, 2, 8), np.int32)
    for d, table in enumerate(method.points):
      points[d, :, :pb.LEVELS[d]] = table
    ppms = np.array([[method.probability(place, outcome)
                      for outcome in range(pb.OUTCOMES)]
                     for place in range(len(method.stage))], np.int32)
    self.columns = pb.outputs(book.rows)
    self.arguments = (points, place_table(method),
                      np.array(method.stage, np.uint8),
                      np.array(method.milestone, np.uint8), ppms,
                      *book.columns().values(), *self.columns.values())
    self.score = numba.njit(score, error_model='numpy')

  def run(self):
    self.score(*self.arguments)

  def results(self):
    return self.columns


PEERS = (('Numba, plain loop', '>= 9', 10**8, Loop),)
