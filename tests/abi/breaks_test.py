#!/usr/bin/env python3
"""Breaks the ABI on purpose, in every way that has a check, and sees that the
check says so; and that an addition passes.

  breaks_test.py              what a change of the headers can break
  breaks_test.py BUILD_DIR    also what a change of the build can: relinks the
                              libfivek.so of a finished release build; and
                              what the second opinion says (cmake/check_abi.sh)

Whoever breaks the headers here has remade every list as well, so that nothing
but the promise is left to object.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import contract

FIVEK_H = 'capi/fivek.h'
SYMBOLS = 'capi/symbols.txt'

# What is done, the edits (file, pattern, replacement), what contract.py says.
BREAKS = (
    (
        'a function is renamed',
        (
            (FIVEK_H, r'\bfivek_day_weekday\b', 'fivek_day_of_week'),
            (SYMBOLS, r'\bfivek_day_weekday\b', 'fivek_day_of_week'),
            (
                'tests/capi/c_test.c',
                r'\bfivek_day_weekday\b',
                'fivek_day_of_week',
            ),
        ),
        'fivek_day_weekday: was int32_t fivek_day_weekday(int32_t), is None',
    ),
    (
        'a function is taken away',
        (
            (
                FIVEK_H,
                r'FIVEK_API int32_t fivek_day_weekday\(int32_t day\);',
                '',
            ),
            (SYMBOLS, r'fivek_day_weekday.*\n', ''),
        ),
        'fivek_day_weekday: was int32_t fivek_day_weekday(int32_t), is None',
    ),
    (
        'a parameter is narrowed',
        (
            (
                FIVEK_H,
                r'fivek_day_weekday\(int32_t',
                'fivek_day_weekday(int16_t',
            ),
        ),
        'fivek_day_weekday: was int32_t fivek_day_weekday(int32_t), '
        'is int32_t fivek_day_weekday(int16_t)',
    ),
    (
        'a parameter is added',
        (
            (
                FIVEK_H,
                r'fivek_day_weekday\(int32_t day',
                'fivek_day_weekday(int32_t day, int32_t first',
            ),
        ),
        'is int32_t fivek_day_weekday(int32_t, int32_t)',
    ),
    (
        'a constant gets another number',
        ((FIVEK_H, 'FIVEK_OUTCOME_VOID 4', 'FIVEK_OUTCOME_VOID 5'),),
        'FIVEK_OUTCOME_VOID: was 4, is 5',
    ),
    (
        'a constant is written in a way that is not looked at',
        ((FIVEK_H, 'FIVEK_OUTCOME_VOID 4', 'FIVEK_OUTCOME_VOID (2 + 2)'),),
        'no number: #define FIVEK_OUTCOME_VOID (2 + 2)',
    ),
    (
        'two constants share a number',
        ((FIVEK_H, 'FIVEK_OUTCOME_VOID 4', 'FIVEK_OUTCOME_VOID 3'),),
        'FIVEK_OUTCOME_VOID and FIVEK_OUTCOME_LOST are both 3',
    ),
    (
        'two fields change places',
        (
            (
                FIVEK_H,
                r'(int32_t claimed;[^\n]*\n)(\s*int32_t supported;[^\n]*\n)',
                r'\2\1',
            ),
        ),
        "fivek_claim: was int32_t ('claimed', 8, 4, 4), "
        "is int32_t ('supported', 8, 4, 4)",
    ),
    (
        'a field changes its sign',
        ((FIVEK_H, 'int32_t cycle; ', 'uint32_t cycle; '),),
        "fivek_opportunity: was int32_t ('cycle', 8, 4, 4), "
        "is uint32_t ('cycle', 8, 4, 4)",
    ),
    (
        'a frozen struct grows',
        ((FIVEK_H, r'\} fivek_waiver;', 'int64_t until; } fivek_waiver;'),),
        'fivek_waiver: had 8 bytes, has 16',
    ),
    (
        'a struct loses its last field',
        ((FIVEK_H, r'uint32_t missing;[^\n]*\n(\} fivek_claim;)', r'\1'),),
        'fivek_claim: had 28 bytes, has 24',
    ),
    (
        'a comment lacks a tag',
        ((FIVEK_H, '@threads any', ''),),
        "tags ['owner', 'since'], not",
    ),
    (
        'a function is said to be older',
        (
            (
                SYMBOLS,
                r'(fivek_day_weekday *)FIVEK_0.1 *0.1',
                r'\1FIVEK_0.0  0.0',
            ),
        ),
        'fivek_day_weekday: node FIVEK_0.0',
    ),
    (
        'the ABI gets a number without the headers that belong to it',
        ((FIVEK_H, 'FIVEK_ABI_VERSION 1', 'FIVEK_ABI_VERSION 2'),),
        'tests/abi/v2: not there',
    ),
)

# No break: a new function and a new constant; a longer struct that starts with
# its size.
NEW_FUNCTION = (
    (
        FIVEK_H,
        r'(FIVEK_API int32_t fivek_day_weekday\(int32_t day\);)',
        r'\1\n\n/* New. Cannot fail. @owner caller @threads any @since 0.1 */\n'
        r'FIVEK_API int32_t fivek_day_new(int32_t day);\n#define FIVEK_NEW_1 1',
    ),
    (SYMBOLS, r'\Z', 'fivek_day_new FIVEK_0.1 0.1\n'),
    ('tests/capi/c_test.c', r'\Z', '/* fivek_day_new( */\n'),
)
LONGER = ((FIVEK_H, r'\} fivek_claim;', 'int32_t more; } fivek_claim;'),)


class Tree:
  """A copy of what contract.py reads, with edits."""

  def __init__(self, folder, edits):
    self.root = folder
    for part in ('capi', os.path.join('tests', 'abi')):
      shutil.copytree(
          os.path.join(contract.ROOT, part), os.path.join(folder, part)
      )
    os.mkdir(os.path.join(folder, 'tests', 'capi'))
    test = os.path.join('tests', 'capi', 'c_test.c')
    shutil.copy(os.path.join(contract.ROOT, test), os.path.join(folder, test))
    for path, pattern, new in edits:
      path = os.path.join(folder, path)
      text, count = re.subn(pattern, new, contract.read(path), count=1)
      if count == 0:
        sys.exit(f'nothing to break: {pattern} in {path}')
      with open(path, 'w', encoding='utf-8') as file:
        file.write(text)

  def run(self, *script):
    return subprocess.run(
        (
            sys.executable,
            os.path.join(self.root, *script[0].split('/')),
            *script[1:],
        ),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

  def run_shell(self, script, *arguments):
    return subprocess.run(
        ('sh', os.path.join(self.root, *script.split('/')), *arguments),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )

  def remade(self):
    """What contract.py finds after all lists were made anew, or why they are
    not."""
    for script in (('tests/abi/contract.py', 'write'), ('capi/make_cdef.py',)):
      made = self.run(*script)
      if made.returncode != 0:
        return made
    return self.run('tests/abi/contract.py', 'check')


def header_breaks():
  for what, edits, says in BREAKS:
    with tempfile.TemporaryDirectory() as folder:
      done = Tree(folder, edits).remade()
    yield what, done.returncode != 0 and says in done.stdout, done.stdout
  with tempfile.TemporaryDirectory() as folder:
    tree = Tree(folder, NEW_FUNCTION + LONGER)
    stale = tree.run('tests/abi/contract.py', 'check')
    done = tree.remade()
  yield (
      'an addition is in no list yet',
      stale.returncode != 0
      and 'fivek_cdef.h' in stale.stdout
      and '+FIVEK_0.1 int32_t fivek_day_new(int32_t)' in stale.stdout,
      stale.stdout,
  )
  yield 'an addition is no break', done.returncode == 0, done.stdout


# What the second opinion says of them, all at once.
IN_THE_BINARY = (
    (
        (FIVEK_H, r'fivek_day_weekday\(int32_t', 'fivek_day_weekday(int16_t'),
        (
            'capi/base.cc',
            r'fivek_day_weekday\(int32_t',
            'fivek_day_weekday(int16_t',
        ),
        (
            FIVEK_H,
            r'(int32_t claimed;[^\n]*\n)(\s*int32_t supported;[^\n]*\n)',
            r'\2\1',
        ),
    ),
    (
        "parameter 1 of type 'typedef int32_t' changed",
        "'int32_t claimed' offset changed",
        "'int32_t supported' offset changed",
    ),
)


def second_opinion(edits, build):
  with tempfile.TemporaryDirectory() as folder:
    tree = Tree(folder, edits)
    shutil.copytree(
        os.path.join(contract.ROOT, 'cmake'), os.path.join(folder, 'cmake')
    )
    for part in ('include', 'src', 'build'):
      os.symlink(os.path.join(contract.ROOT, part), os.path.join(folder, part))
    return tree.run_shell('cmake/check_abi.sh', build)


def binary_breaks(build):
  edits, says = IN_THE_BINARY
  done = second_opinion(edits, build)
  for words in says:
    yield (
        f'abidiff: {words}',
        done.returncode != 0 and words in done.stdout,
        done.stdout,
    )
  done = second_opinion(NEW_FUNCTION, build)
  yield 'abidiff: a new function is no break', done.returncode == 0, done.stdout


# ---- The finished library -------------------------------------------------

# What is done to the link, and what cmake/check_exports.sh says.
LINKS = (
    ('the link as it is', lambda c, map_: (c, map_), None),
    (
        'a C++ symbol leaks',
        lambda c, map_: (
            c + ' leak.cc',
            map_.replace('global:', 'global:\n _ZN5fivek*;', 1),
        ),
        'libfivek.so shows C++ or Abseil',
    ),
    (
        'nodelete is gone',
        lambda c, map_: (c.replace('-Wl,-z,nodelete', ''), map_),
        'libfivek.so lacks NODELETE',
    ),
    (
        'a function is not exported',
        lambda c, map_: (c, map_.replace('fivek_day_weekday;', '')),
        'fivek_day_weekday',
    ),
    (
        'a function moves to another version node',
        lambda c, map_: (
            c,
            map_.replace('fivek_day_weekday;', '')
            + 'FIVEK_0.2 { fivek_day_weekday; } FIVEK_0.1;\n',
        ),
        'fivek_day_weekday FIVEK_0.2',
    ),
    (
        'another soname',
        lambda c, map_: (
            c.replace('-soname,libfivek.so.0.1', '-soname,libfivek.so.0.2'),
            map_,
        ),
        'the soname is libfivek.so.0.2',
    ),
    (
        'another library is needed',
        lambda c, map_: (
            c.replace('-shared', '-shared -Wl,--no-as-needed ' '-lresolv'),
            map_,
        ),
        'needs another library',
    ),
)


def link_breaks(build):
  commands = subprocess.run(
      ('ninja', '-C', build, '-t', 'commands', 'libfivek.so'),
      stdout=subprocess.PIPE,
      text=True,
      check=True,
  ).stdout.splitlines()
  link = next(c for c in reversed(commands) if '--version-script' in c)
  link = link[link.index('&& ') + 3 : link.rindex(' && :')]
  map_path = re.search(r'--version-script=(\S+)', link)[1]
  for what, change, says in LINKS:
    with tempfile.TemporaryDirectory() as folder:
      new_map = os.path.join(folder, 'fivek.map')
      new_link, new_text = change(link, contract.read(map_path))
      with open(new_map, 'w', encoding='utf-8') as file:
        file.write(new_text)
      leak = os.path.join(folder, 'leak.cc')
      with open(leak, 'w', encoding='utf-8') as file:
        file.write('namespace fivek { void Leak() {} }\n')
      words = shlex.split(
          new_link.replace(map_path, new_map).replace('leak.cc', leak)
      )
      words[words.index('-o') + 1] = os.path.join(folder, 'libfivek.so')
      subprocess.run(words, cwd=build, check=True)
      for part in ('libfivek.a', 'capi'):
        os.symlink(os.path.join(build, part), os.path.join(folder, part))
      done = subprocess.run(
          (
              'sh',
              os.path.join(contract.ROOT, 'cmake', 'check_exports.sh'),
              folder,
          ),
          stdout=subprocess.PIPE,
          stderr=subprocess.STDOUT,
          text=True,
          check=False,
      )
    right = (
        done.returncode == 0
        if says is None
        else (done.returncode != 0 and says in done.stdout)
    )
    yield what, right, done.stdout


def main():
  results = list(header_breaks())
  for build in sys.argv[1:]:
    build = os.path.abspath(build)
    results.extend(link_breaks(build))
    results.extend(binary_breaks(build))
  for what, right, output in results:
    print('seen:  ' if right else 'MISSED:', what)
    if not right:
      print(output)
  missed = sum(not right for _, right, _ in results)
  print(f'{len(results)} changes of the ABI, {missed} missed')
  return int(missed > 0)


if __name__ == '__main__':
  sys.exit(main())
