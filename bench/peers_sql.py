"""The method as SQL, by CASE or by look-ups, for every database.

A database says by `half_even(numerator, denominator)` how it rounds: where a
cast from a double rounds half to even, that is the fastest exact way.
"""

import itertools

import peers_book as pb


def as_double(numerator, denominator):
  """Casts from doubles round half to even in DuckDB and PostgreSQL."""
  return (f'CAST({numerator} / CAST({denominator} AS DOUBLE PRECISION) '
          'AS BIGINT)')


def as_integer(numerator, denominator):
  """In integers, of what is not negative."""
  return (f'(({numerator}) / {denominator} + '
          f'(2 * (({numerator}) % {denominator}) + '
          f'(({numerator}) / {denominator} & 1) > {denominator}))')


def case_of(column, codes):
  whens = ' '.join(f'WHEN {i} THEN {code}' for i, code in enumerate(codes))
  return f'CASE {column} {whens} END'


def points_of(method, dimension):
  column = pb.LEVEL_COLUMNS[dimension]
  alone, met = (case_of(column, codes) for codes in method.points[dimension])
  if dimension not in pb.TWO_COLUMNS:
    return alone
  return (f'CASE WHEN (by_decision_maker & {1 << dimension}) = 0 '
          f'THEN {alone} ELSE {met} END')


def place_of(method, which):
  whens = ' '.join(f'WHEN (evidence & {mask}) = {mask} THEN {code}'
                   for mask, code in method.reached(which))
  return f'CASE {whens} ELSE 0 END'


def probability_of(method):
  yields = case_of('milestone', method.yield_ppm)
  return (f'CASE WHEN outcome < 2 THEN {yields} '
          f'WHEN outcome = {pb.WON} THEN {pb.CERTAIN} ELSE 0 END')


WEAKEST = ('CASE WHEN a <= b AND a <= c AND a <= d AND a <= e THEN 0 '
           'WHEN b <= c AND b <= d AND b <= e THEN 1 '
           'WHEN c <= d AND c <= e THEN 2 WHEN d <= e THEN 3 ELSE 4 END')


def by_case(method, half_even, barrier=''):
  """All outputs of the table book. `barrier` keeps a sub-select by itself."""
  points = ', '.join(f'{points_of(method, d)} AS {name}'
                     for d, name in enumerate('abcde'))
  return (
      f"SELECT a + b + c + d + e AS strength, {WEAKEST} AS weakest, "
      f"{half_even('a * b * c * d * e * 5', 16)} AS product_ppm, stage, "
      f"milestone, probability_ppm, "
      f"{half_even('amount * probability_ppm', pb.CERTAIN)} AS expected_amount "
      f"FROM (SELECT *, {probability_of(method)} AS probability_ppm FROM "
      f"(SELECT {points}, {place_of(method, 'stage')} AS stage, "
      f"{place_of(method, 'milestone')} AS milestone, outcome, amount "
      f"FROM book {barrier}) AS placed {barrier}) AS known")


def combinations(method):
  """(number, strength, weakest, product_ppm) of all levels; see NUMBER."""
  for by in range(16):
    if by & ~sum(1 << d for d in pb.TWO_COLUMNS):
      continue
    for levels in itertools.product(*map(range, pb.LEVELS)):
      number = by
      for level, most in zip(levels, pb.LEVELS):
        number = number * most + level
      yield (number, *method.combination(levels, by))


# Of a row, in 32 bits: smaller types would overflow.
NUMBER = 'CAST(by_decision_maker AS INTEGER)'
for _name, _most in zip(pb.LEVEL_COLUMNS, pb.LEVELS):
  NUMBER = f'({NUMBER} * {_most} + {_name})'


def places(method):
  """(number, stage, milestone, ppm); the number is 5 x place + outcome."""
  for place, stage in enumerate(method.stage):
    for outcome in range(pb.OUTCOMES):
      yield (place * pb.OUTCOMES + outcome, stage, method.milestone[place],
             method.probability(place, outcome))


def folded(select):
  """To one sum for each output, which is to SQL's advantage."""
  sums = ', '.join(f'sum({name})' for name, _ in pb.OUTPUTS)
  return f'SELECT {sums} FROM ({select}) AS scores'


def sums_of(row):
  return {name: int(value) for (name, _), value in zip(pb.OUTPUTS, row)}
