#!/usr/bin/env python3
"""instructions.py BUILD [--record]: instructions per row, without a clock.

Runs each workload of BUILD/bench_tools/instructions under valgrind's callgrind
for two counts of rounds and divides what the totals differ by by the rows, so
that a busy machine gives the same numbers as a quiet one. A number that differs
from bench/instructions.txt by more than 2 %, up or down, fails; --record
rewrites that file.

The record is of one compiler and its flags. For another one, without valgrind
and on a processor without the same kernels it is skipped: status 77. valgrind
has no AVX-512, so what the C interface chooses here is at most AVX2; the first
lines say what.
"""

import concurrent.futures
import os
import re
import shutil
import subprocess
import sys

SKIPPED = 77
RECORD = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                      'instructions.txt')
MOST = 0.02
ROUNDS = (2, 10)
GOALS = {'all avx2': 13, 'all scalar': 85}
VALGRIND = ('valgrind', '--tool=callgrind', '--callgrind-out-file=/dev/null')
HEAD = '''\
# Instructions per row, written by bench/instructions.py --record. A change by
# more than 2 % fails .ci/run; if it is meant, record it and say why.
'''


def output_of(words):
  run = subprocess.run(words, check=False, text=True, stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
  if run.returncode:
    raise SystemExit(f'{" ".join(words)}: {run.stderr[-2000:]}')
  return run.stdout, run.stderr


def total(program, workload, rounds):
  """All instructions of a process."""
  _, log = output_of([*VALGRIND, program, *workload.split(), str(rounds)])
  found = re.search(r'Collected : (\d+)', log)
  if not found:
    raise SystemExit(f'valgrind says no number of instructions: {log[-2000:]}')
  return int(found[1])


def measure(program):
  """What the numbers depend on, and the numbers."""
  # Under valgrind, as its processor is another one.
  lines = output_of(['valgrind', '-q', program])[0].splitlines()
  workloads, about = lines[:-1], lines[-1]
  rows = int(re.match(r'rows (\d+) ', about)[1])
  with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
    runs = {workload: [pool.submit(total, program, workload, rounds)
                       for rounds in ROUNDS] for workload in workloads}
    counts = {workload: [run.result() for run in pair]
              for workload, pair in runs.items()}
  return about, {
      workload: (most - least) / ((ROUNDS[1] - ROUNDS[0]) * rows)
      for workload, (least, most) in counts.items()}


def read_record():
  with open(RECORD, encoding='ascii') as record:
    lines = [line.strip() for line in record if not line.startswith('#')]
  return lines[0], {workload: float(number) for workload, number in (
      line.rsplit(' ', 1) for line in lines[1:])}


def write_record(about, numbers):
  with open(RECORD, 'w', encoding='ascii') as record:
    record.write(f'{HEAD}{about}\n')
    for workload, number in numbers.items():
      record.write(f'{workload} {number:.3f}\n')


def compare(old, new):
  """Prints both beside each other; the workloads that changed."""
  changed = []
  for workload in sorted({*old, *new}):
    before, now = old.get(workload), new.get(workload)
    if before is None or now is None:
      print(f'{workload:20} recorded {before}, now {now}')
      changed.append(workload)
      continue
    goal = f'  (goal: <= {GOALS[workload]})' if workload in GOALS else ''
    off = now / before - 1
    verdict = ''
    if abs(off) > MOST:
      verdict = f'  CHANGED by {100 * off:+.1f} %'
      changed.append(workload)
    print(f'{workload:20} recorded {before:8.3f}, now {now:8.3f}{goal}'
          f'{verdict}')
  return changed


def main(arguments):
  record = '--record' in arguments
  folders = [word for word in arguments if word != '--record']
  if len(folders) != 1:
    print(__doc__, file=sys.stderr)
    return 2
  if not shutil.which('valgrind'):
    print('skipped: no valgrind here; sh cmake/setup.sh --full gets it')
    return SKIPPED
  program = os.path.join(folders[0], 'bench_tools', 'instructions')
  if not record:
    # Before anything is counted.
    recorded, old = read_record()
    here = output_of(['valgrind', '-q', program])[0].splitlines()[-1]
    if here != recorded:
      print(f'the record is of "{recorded}"\nthis is          "{here}"')
      print('skipped: the record is of another compiler, flags or processor')
      return SKIPPED
  about, new = measure(program)
  print(about)
  if record:
    write_record(about, new)
    for workload, number in new.items():
      print(f'{workload:20} {number:8.3f}')
    return 0
  changed = compare(old, new)
  if changed:
    print(f'instructions per row changed by more than {100 * MOST:.0f} %: '
          f'{", ".join(changed)}')
    print(f'if that is meant: bench/instructions.py {folders[0]} --record')
    return 1
  print(', '.join(f'{workload} {new[workload]:.1f}' for workload in GOALS
                  if workload in new) + ' instructions per row; as recorded')
  return 0


if __name__ == '__main__':
  sys.exit(main(sys.argv[1:]))
