#!/usr/bin/env python3
"""Makes fivek_cdef.h, the headers without preprocessor, for what reads C
declarations by itself: cffi, PHP FFI, LuaJIT.

  make_cdef.py           writes it
  make_cdef.py --check   exit 1 if it is not what the headers make of it
"""

import difflib
import os
import sys

import header_text

PATH = os.path.join(header_text.FOLDER, 'fivek_cdef.h')

INTRODUCTION = """\
/* fivek.h and fivek_arrow.h without preprocessor, for cffi, PHP FFI, LuaJIT and
 * other readers of C declarations. Made by make_cdef.py; what the declarations
 * mean stands in the headers.
 */
/* clang-format off */
"""


def text_of(headers):
  lines = []
  for name, kind in headers.scalars:
    lines.append(f'typedef {kind} {name};')
  lines.append('')
  for name in headers.opaque:
    lines.append(f'typedef struct {name} {name};')
  for struct in headers.structs:
    lines.append('')
    lines.append(
        f"{'typedef ' if struct.typedef else ''}" f'struct {struct.name} {{'
    )
    for field in struct.fields:
      if field.type == 'callback':
        kind = f'void (*{field.name})(struct {struct.name}*)'
      else:
        kind = f'{field.type} {field.name}'
      count = f'[{field.count}]' if field.count > 1 else ''
      lines.append(f'  {kind}{count};')
    lines.append(f'}} {struct.name};' if struct.typedef else '};')
  # A constant that is no macro: no storage, an int in every language. What is
  # no int can only be said.
  ints = [c for c in headers.constants if -(2**31) <= c[1] < 2**31]
  lines.append('')
  lines.append('enum {')
  lines.append(',\n'.join(f'  {name} = {header_text.c_number(n)}' for name, n in ints))
  lines.append('};')
  for name, number in headers.constants:
    if (name, number) not in ints:
      lines.append(f'/* {name} is {number}, no int. */')
  lines.append('')
  for function in headers.functions:
    parameters = (
        ', '.join(f'{p.type} {p.name}' for p in function.parameters) or 'void'
    )
    lines.append(f'{function.result} {function.name}({parameters});')
  return INTRODUCTION + '\n'.join(lines) + '\n'


def main():
  want = text_of(header_text.Headers())
  if sys.argv[1:] == []:
    with open(PATH, 'w', encoding='utf-8') as file:
      file.write(want)
    return 0
  if sys.argv[1:] != ['--check']:
    sys.exit(__doc__)
  with open(PATH, encoding='utf-8') as file:
    have = file.read()
  sys.stdout.writelines(
      difflib.unified_diff(
          have.splitlines(True),
          want.splitlines(True),
          'fivek_cdef.h',
          'what make_cdef.py makes of the headers',
      )
  )
  return int(have != want)


if __name__ == '__main__':
  sys.exit(main())
