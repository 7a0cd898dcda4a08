"""Python without packages: rows of a list, and a loop over them."""

import peers_book as pb
from peers_numpy import place_table


class Lists:

  def __init__(self, method, book):
    self.method = method
    self.rows = list(zip(*(column.tolist() for column in
                           book.columns().values())))
    self.ppm = [[method.probability(place, outcome)
                 for outcome in range(pb.OUTCOMES)]
                for place in range(len(method.stage))]
    self.place_of = place_table(method).tobytes()
    self.scores = None

  def run(self):
    a_of, b_of, c_of, d_of, e_of = self.method.points
    b_of, e_of = b_of[0], e_of[0]
    stages, milestones = self.method.stage, self.method.milestone
    place_of, ppms = self.place_of, self.ppm
    columns = tuple([] for _ in pb.OUTPUTS)
    (strength, weakest, product, stage, milestone, probability,
     expected) = (column.append for column in columns)
    for (problem, power, vision, value, control, by, evidence, outcome,
         amount) in self.rows:
      points = (a_of[by & 1][problem], b_of[power], c_of[by >> 2 & 1][vision],
                d_of[by >> 3 & 1][value], e_of[control])
      a, b, c, d, e = points
      strength(a + b + c + d + e)
      weakest(points.index(min(points)))
      product(round(a * b * c * d * e * 0.3125))
      place = place_of[evidence & 0x7FFFF]
      stage(stages[place])
      milestone(milestones[place])
      ppm = ppms[place][outcome]
      probability(ppm)
      expected(round(amount * ppm / 1e6))
    self.scores = columns

  def results(self):
    return {name: sum(column) for (name, _), column in zip(pb.OUTPUTS,
                                                           self.scores)}


PEERS = (('Python, lists in a loop', '', 10**6, Lists),)
