#!/usr/bin/env python3
"""capi/fivek_cdef.h as it is, read by those it is for: LuaJIT, PHP FFI, cffi.

  cdef_test.py LIBFIVEK

Each that is here declares everything with it, then scores the deal at the top
of fivek.h, has one refused, and says the size of a struct. Without any of them
the test is skipped: status 77.
"""
import os
import shutil
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
CDEF = os.path.join(ROOT, 'capi', 'fivek_cdef.h')

# Each gets the library and the declarations as arguments.
LUAJIT = '''
local ffi = require("ffi")
ffi.cdef(io.open(arg[2]):read("*a"))
local f = ffi.load(arg[1])
local levels = ffi.new("fivek_assessment", {{3, 3, 2, 4, 1}, 0, {0, 0}})
local s = ffi.new("fivek_strength", ffi.sizeof("fivek_strength"))
assert(f.fivek_strength_of(nil, levels, s, nil) == f.FIVEK_OK)
levels.level[0] = 6
local refused = f.fivek_strength_of(nil, levels, s, nil)
print(s.total, refused, tonumber(ffi.sizeof("fivek_error")),
      ffi.string(f.fivek_label("stage", 0, "en")))
'''
PHP = '''<?php
$f = FFI::cdef(file_get_contents($argv[2]), $argv[1]);
$levels = $f->new("fivek_assessment");
foreach ([3, 3, 2, 4, 1] as $i => $level) $levels->level[$i] = $level;
$s = $f->new("fivek_strength");
$s->struct_size = FFI::sizeof($s);
$f->fivek_strength_of(null, FFI::addr($levels), FFI::addr($s), null);
$levels->level[0] = 6;
$refused = $f->fivek_strength_of(null, FFI::addr($levels), FFI::addr($s), null);
echo implode("\\t", [$s->total, $refused, FFI::sizeof($f->type("fivek_error")),
    $f->fivek_label("stage", 0, "en")]), "\\n";
'''
CFFI = '''
import sys, cffi
ffi = cffi.FFI()
ffi.cdef(open(sys.argv[2]).read())
f = ffi.dlopen(sys.argv[1])
levels = ffi.new("fivek_assessment *", [[3, 3, 2, 4, 1]])
s = ffi.new("fivek_strength *", [ffi.sizeof("fivek_strength")])
assert f.fivek_strength_of(ffi.NULL, levels, s, ffi.NULL) == f.FIVEK_OK
levels.level[0] = 6
refused = f.fivek_strength_of(ffi.NULL, levels, s, ffi.NULL)
print(s.total, refused, ffi.sizeof("fivek_error"),
      ffi.string(f.fivek_label(b"stage", 0, b"en")).decode(), sep="\\t")
'''


def has_cffi(python):
  """Whether this Python can import it."""
  return (
      subprocess.run(
          (python, '-c', 'import cffi'),
          stderr=subprocess.DEVNULL,
          check=False,
      ).returncode
      == 0
  )


def readers():
  """(name, command, program) of those that are here."""
  if shutil.which('luajit'):
    yield 'LuaJIT', ('luajit',), LUAJIT
  if shutil.which('php'):
    yield 'PHP', ('php', '-d', 'ffi.enable=true'), PHP
  # The distribution's, which may not be the Python that runs this.
  for python in (sys.executable, '/usr/bin/python3'):
    if os.path.exists(python) and has_cffi(python):
      yield 'cffi', (python,), CFFI
      return


def main():
  library = os.path.abspath(sys.argv[1])
  wrong, used = 0, []
  for name, command, program in readers():
    with tempfile.NamedTemporaryFile('w', suffix='.txt') as file:
      file.write(program.lstrip())
      file.flush()
      done = subprocess.run(
          (*command, file.name, library, CDEF),
          stdout=subprocess.PIPE,
          stderr=subprocess.STDOUT,
          text=True,
          check=False,
      )
    used.append(name)
    # Strength, INVALID_ARGUMENT, the size of an error, a label.
    words = done.stdout.rstrip('\n').split('\t')
    if done.returncode != 0 or words[:3] != ['27', '3', '256'] or not words[3]:
      wrong += 1
      print(f'{name}: {done.stdout}')
  if not used:
    print('skipped: neither LuaJIT, PHP nor cffi is here')
    return 77
  print(f'{", ".join(used)}: {wrong} wrong')
  return int(wrong > 0)


if __name__ == '__main__':
  sys.exit(main())
