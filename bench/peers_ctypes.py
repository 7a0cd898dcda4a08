"""What Python's ctypes costs: one row beside an empty call, columns beside a
native program that makes the same call.

Both processes map one file, so they score the same memory, the same pages.
"""

import ctypes
import mmap
import subprocess
import tempfile
import time

import numpy as np

import peers_book as pb

ROWS = 1_000_000
CALLS = 20_000


def one_row(library, rounds, pair):
  """fivek_score_deal with structs that are used again."""
  deal = pb.Deal((3, 3, 2, 4, 1), 0, (0, 0), 0x3F, 0, 123456)
  score = pb.DealScore()
  empty, score_deal = library.fivek_version_number, library.fivek_score_deal
  given, result = ctypes.byref(deal), ctypes.byref(score)

  def nothing():
    for _ in range(CALLS):
      empty()

  def score_it():
    for _ in range(CALLS):
      score_deal(None, given, result, None)

  first, second, ratio = pair(nothing, score_it, rounds)
  if score.strength != 27 or score.expected_amount != 12346:
    raise SystemExit('fivek_score_deal: another result than the README has')
  return first / CALLS, second / CALLS, ratio


class Shared:
  """Columns in a file that is mapped, one behind the other, on pages."""

  def __init__(self, file, rows):
    self.rows = rows
    kinds = pb.INPUTS + pb.OUTPUTS
    sizes = [-(-rows * np.dtype(kind).itemsize // mmap.PAGESIZE) * mmap.PAGESIZE
             for _, kind in kinds]
    file.truncate(sum(sizes))
    self.map = mmap.mmap(file.fileno(), sum(sizes))
    self.columns, at = {}, 0
    for (name, kind), size in zip(kinds, sizes):
      self.columns[name] = np.frombuffer(self.map, kind, rows, at)
      at += size


def in_columns(library, native, rounds):
  """Native seconds, ctypes' seconds, and the spread of the second over the
  first."""
  with tempfile.NamedTemporaryFile(dir='/dev/shm') as file:
    shared = Shared(file, ROWS)
    for name, column in pb.Book(ROWS).columns().items():
      shared.columns[name][:] = column
    fivek = pb.Fivek(library, shared.columns, {
        name: shared.columns[name] for name, _ in pb.OUTPUTS})
    with subprocess.Popen([native, file.name, str(ROWS)],
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          text=True) as runner:

      def there(calls):
        runner.stdin.write(f'{calls}\n')
        runner.stdin.flush()
        return float(runner.stdout.readline()) / calls

      def here(calls):
        begin = time.thread_time()
        for _ in range(calls):
          fivek.run()
        return (time.thread_time() - begin) / calls

      there(3)
      sums = [int(shared.columns[name].sum()) for name, _ in pb.OUTPUTS]
      for name, _ in pb.OUTPUTS:
        shared.columns[name][:] = 1
      here(3)
      if sums != [int(shared.columns[name].sum()) for name, _ in pb.OUTPUTS]:
        raise SystemExit('the native program scores otherwise')
      firsts, seconds, ratios = [], [], []
      for i in range(rounds):
        if i % 2 == 0:
          a, b = there(20), here(20)
        else:
          b, a = here(20), there(20)
        firsts.append(a)
        seconds.append(b)
        ratios.append(b / a)
      runner.stdin.close()
  ratios.sort()
  middle = (rounds - 1) // 2
  return (sorted(firsts)[middle], sorted(seconds)[middle],
          (ratios[middle], ratios[0], ratios[-1]))


def report(library, native, rounds, pair):
  first, second, (median, low, high) = one_row(library, rounds, pair)
  print(f'ctypes, one row: {second * 1e9:.0f} ns, an empty call '
        f'{first * 1e9:.0f} ns: {median:.2f} x ({low:.2f}–{high:.2f}), '
        'goal <= 5')
  if native is None:
    print(f'ctypes, {ROWS:,} rows: not measured, no --native program given')
    return
  first, second, (median, low, high) = in_columns(library, native, rounds)
  print(f'ctypes, {ROWS:,} rows: {second * 1e3:.2f} ms, native '
        f'{first * 1e3:.2f} ms: {median:.2f} x ({low:.2f}–{high:.2f}), '
        'goal <= 1.3')
