#!/usr/bin/env python3
"""peers.py LIBFIVEK [PYTHON] [options]: fivek beside others, same work.

Each peer computes all seven outputs of fivek_score_columns from the same nine
columns. Its outputs, or their sums where it folds to sums, have to equal
fivek's before anything is measured. Then the two take turns, for five rounds,
in alternating order, both warm, each with one thread; the ratio is of CPU time
within a round. What is printed is the median, with the lowest and the highest.

Last come single calls and columns through ctypes, see peers_ctypes.py.

  --rows N,N    sizes; 100000,1000000,10000000 if not given. Slow peers take
                part up to 1000000.
  --rounds N    5 if not given
  --native PROGRAM  bench_tools/peers_native of a build with FIVEK_BENCH
  --only TEXT   peers with TEXT in their name
  --check       10000 rows, one round, no server started: that all is well

PYTHON is an interpreter with the packages of cmake/python.txt, as
cmake/setup.sh --full makes one. Without NumPy there all is skipped: status 77.
A peer that is not installed is a row that says so.
"""

import argparse
import importlib
import os
import sys
import time

SKIPPED = 77
ONE_THREAD = ('OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS',
              'NUMBA_NUM_THREADS')
MODULES = ('numpy', 'numba', 'duckdb', 'sqlite', 'python', 'postgres')
LEAST = 0.005  # Seconds of a measurement; shorter calls are repeated.


def timed(call, clock, repeat):
  begin = clock()
  for _ in range(repeat):
    call()
  return (clock() - begin) / repeat


def repeats(call, clock):
  call()
  once = timed(call, clock, 1)
  return max(1, int(LEAST / max(once, 1e-7)))


def spread(values):
  values = sorted(values)
  return values[(len(values) - 1) // 2], values[0], values[-1]


def pair(first, second, rounds, clock=time.process_time,
         second_clock=time.process_time):
  """Seconds of both, and the spread of second over first."""
  many, many_second = repeats(first, clock), repeats(second, second_clock)
  seconds, ratios = [], []
  for i in range(rounds):
    if i % 2 == 0:
      a = timed(first, clock, many)
      b = timed(second, second_clock, many_second)
    else:
      b = timed(second, second_clock, many_second)
      a = timed(first, clock, many)
    seconds.append((a, b))
    ratios.append(b / a)
  firsts, others = zip(*seconds)
  return spread(firsts)[0], spread(others)[0], spread(ratios)


def same(name, results, wanted):
  """Columns are compared element by element, sums as sums."""
  import numpy as np
  for output, want in wanted.items():
    have = results[output]
    if isinstance(have, np.ndarray):
      good = have.dtype == want.dtype and np.array_equal(have, want)
    else:
      good = have == int(want.sum())
    if not good:
      raise SystemExit(f'{name}: {output} differs from that of fivek')


def measure(fivek, form, method, book, rounds):
  """A cell of the table: M rows/s and the ratio."""
  name, _, _, make = form
  peer = make(method, book)
  try:
    peer.run()
    same(name, peer.results(), fivek.results())
    own, others, ratio = pair(fivek.run, peer.run, rounds,
                              second_clock=getattr(peer, 'clock',
                                                   time.process_time))
    same(name, peer.results(), fivek.results())
  finally:
    if hasattr(peer, 'close'):
      peer.close()
  return book.rows / own * 1e-6, book.rows / others * 1e-6, ratio


def figure(number):
  """Three digits."""
  return f'{number:.0f}' if number >= 100 else f'{number:.3g}'


def compare(library, forms, sizes, rounds):
  import peers_book
  method = peers_book.Method(library)
  rows = {form[0]: [] for form in forms}
  own = []
  for size in sizes:
    book = peers_book.Book(size)
    fivek = peers_book.Fivek(library, book.columns(), peers_book.outputs(size))
    fivek.run()
    speeds = []
    for form in forms:
      cell = ['–', '–']
      if size <= form[2]:
        try:
          mine, others, (median, low, high) = measure(fivek, form, method, book,
                                                      rounds)
          speeds.append(mine)
          cell = [figure(others),
                  f'{figure(median)} ({figure(low)}–{figure(high)})']
        except peers_book.Missing as missing:
          cell = [f'not installed: {missing}', '–']
      rows[form[0]] += cell
      print(f'{size} {form[0]}: {" x ".join(cell)}', file=sys.stderr)
    own += [figure(spread(speeds)[0]) if speeds else '–', '1']
  print_table(sizes, rows, own, {form[0]: form[1] for form in forms})


def print_table(sizes, rows, own, goals):
  target = ['M rows/s, and how often fivek is as fast']
  for size in sizes:
    target += [f'{size:,} rows', '×']
  print('| ' + ' | '.join(target + ['goal']) + ' |')
  print('|---' * (len(target) + 1) + '|')
  for name, cells in rows.items():
    print('| ' + ' | '.join([name] + cells + [goals[name]]) + ' |')
  print('| ' + ' | '.join(['fivek, by ctypes'] + own + ['']) + ' |')


def arguments_of(words):
  parser = argparse.ArgumentParser(usage=__doc__)
  parser.add_argument('library')
  parser.add_argument('python', nargs='?')
  parser.add_argument('--rows', default='100000,1000000,10000000')
  parser.add_argument('--rounds', type=int, default=5)
  parser.add_argument('--native')
  parser.add_argument('--only', default='')
  parser.add_argument('--check', action='store_true')
  return parser.parse_args(words)


def main(words):
  arguments = arguments_of(words)
  if arguments.python is not None:
    words.remove(arguments.python)
    if os.access(arguments.python, os.X_OK):
      # The pinned packages first. It runs this file with one argument less.
      os.execv(arguments.python,
               [arguments.python, os.path.abspath(__file__)] + words)
  # Before NumPy and its like read them.
  os.environ.update({name: '1' for name in ONE_THREAD})
  try:
    import peers_book
  except ImportError as error:
    print(f'skipped: {error}; sh cmake/setup.sh --full gets what is needed')
    return SKIPPED
  import peers_ctypes
  library = peers_book.load(os.path.abspath(arguments.library))
  sizes = [int(float(size)) for size in arguments.rows.split(',')]
  rounds = arguments.rounds
  modules = MODULES
  if arguments.check:
    sizes, rounds = [10_000], 1
    modules = [name for name in MODULES if name != 'postgres']
  forms = [form for module in modules
           for form in importlib.import_module(f'peers_{module}').PEERS
           if arguments.only in form[0]]
  print(f'fivek runs {library.fivek_score_target().decode()}; {rounds} rounds')
  compare(library, forms, sizes, rounds)
  print()
  peers_ctypes.report(library, arguments.native, 1 if arguments.check else 9,
                      pair)
  return 0


if __name__ == '__main__':
  sys.exit(main(sys.argv[1:]))
