#!/usr/bin/env python3
"""The C headers in every dialect that their users have, by every compiler that
is here, without a warning; and the layout of their structs on other machines.

  headers_test.py [--need COMPILER...] [--work FOLDER]

A compiler after --need must be there; others are left out if they are not.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile

import contract

CAPI = os.path.join(contract.ROOT, 'capi')
STRICT = (
    '-fsyntax-only',
    '-pedantic-errors',
    '-Wall',
    '-Wextra',
    '-Werror',
    '-I' + CAPI,
)
DIALECTS = (
    'c89',
    'c99',
    'c11',
    'c17',
    'c++98',
    'c++11',
    'c++14',
    'c++17',
    'c++20',
)

# Compilers, and the data model each compiles for.
COMPILERS = {
    'gcc': 'lp64',
    'clang': 'lp64',
    'aarch64-linux-gnu-gcc': 'lp64',
    's390x-linux-gnu-gcc': 'lp64',
    'arm-linux-gnueabihf-gcc': 'ilp32',
    'i686-linux-gnu-gcc': 'ilp32_i386',
    'x86_64-w64-mingw32-gcc': 'lp64',
    'i686-w64-mingw32-gcc': 'ilp32',
    'emcc': 'ilp32',
}

# Machines that clang knows without any of their libraries; big-endian ones
# among them.
TARGETS = {
    'aarch64-linux-gnu': 'lp64',
    'arm64-apple-darwin': 'lp64',
    'armv7-linux-gnueabihf': 'ilp32',
    'i386-linux-gnu': 'ilp32_i386',
    'i686-w64-windows-gnu': 'ilp32',
    'mips-linux-gnu': 'ilp32',
    'powerpc-linux-gnu': 'ilp32',
    'powerpc64-linux-gnu': 'lp64',
    'powerpc64le-linux-gnu': 'lp64',
    'riscv32-linux-gnu': 'ilp32',
    'riscv64-linux-gnu': 'lp64',
    's390x-linux-gnu': 'lp64',
    'wasm32-unknown-emscripten': 'ilp32',
    'x86_64-apple-darwin': 'lp64',
    'x86_64-linux-gnu': 'lp64',
    'x86_64-linux-gnux32': 'ilp32',
    'x86_64-pc-windows-msvc': 'lp64',
}


class Matrix:

  def __init__(self, work):
    self.work = work
    self.runs = 0
    self.wrong = []

  def source(self, name, text):
    path = os.path.join(self.work, name)
    with open(path, 'w', encoding='utf-8') as file:
      file.write(text)
    return path

  def compiles(self, *command):
    self.runs += 1
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
      self.wrong.append(' '.join(command) + '\n' + done.stdout)

  def dialects(self, compiler):
    cdef = (
        '#include <stddef.h>\n#include <stdint.h>\n'
        '{begin}#include "fivek_cdef.h"\n{end}'
    )
    for dialect in DIALECTS:
      cpp = '+' in dialect
      ending = '.cc' if cpp else '.c'
      texts = {
          header: f'#include "{header}"\n' * 2
          for header in contract.header_text.HEADERS
      }
      texts['fivek_cdef.h'] = cdef.format(
          begin='extern "C" {\n' if cpp else '', end='}\n' if cpp else ''
      )
      for header, text in texts.items():
        self.compiles(
            compiler,
            f'-std={dialect}',
            *STRICT,
            self.source(header.replace('.', '_') + ending, text),
        )


def main():
  parser = argparse.ArgumentParser()
  parser.add_argument('--need', nargs='*', default=[])
  needed = parser.parse_args().need
  used = [c for c in COMPILERS if shutil.which(c)]
  for compiler in needed:
    if compiler not in used:
      sys.exit(f'{compiler} is not here')
  if not used:
    print('skipped: none of', *COMPILERS)
    return 77
  headers = contract.header_text.Headers(CAPI)
  with tempfile.TemporaryDirectory() as work:
    matrix = Matrix(work)
    layouts = {
        model: matrix.source(
            f'layout_{model}.c', contract.assertions_text(headers, model)
        )
        for model in contract.header_text.MODELS
    }
    for compiler in used:
      matrix.dialects(compiler)
      matrix.compiles(
          compiler, '-std=c99', *STRICT, layouts[COMPILERS[compiler]]
      )
    for target, model in TARGETS.items() if 'clang' in used else ():
      matrix.compiles(
          'clang',
          f'--target={target}',
          '-ffreestanding',
          '-std=c99',
          *STRICT,
          layouts[model],
      )
    # That the assertions can fail: another model's do.
    refuted = Matrix(work)
    refuted.compiles(used[0], '-std=c99', *STRICT, layouts['ilp32'])
    if COMPILERS[used[0]] != 'ilp32' and not refuted.wrong:
      matrix.wrong.append('the assertions of any layout hold')
  print('\n'.join(matrix.wrong))
  print(
      f"{matrix.runs} compilations by {', '.join(used)}, "
      f'{len(matrix.wrong)} wrong'
  )
  return int(bool(matrix.wrong))


if __name__ == '__main__':
  sys.exit(main())
