#!/usr/bin/env python3
"""manual_test.py FIVEK MANUAL: each command of the manual page has the options
that the program says it has, and no others."""

import re
import subprocess
import sys

OPTION = r'--[a-z][a-z-]*'


def said(tool, *command):
  """The text that --help prints, by its headings."""
  text = subprocess.run([tool, *command, '--help'], check=True,
                        capture_output=True, text=True).stdout
  parts = re.split(r'^(\w+):\n', text, flags=re.MULTILINE)
  return dict(zip(parts[1::2], parts[2::2]))


def main():
  tool, manual = sys.argv[1:]
  with open(manual, encoding='utf-8') as file:
    page = file.read().replace(r'\-', '-')
  commands = re.split(r'^\.S[SH] (.+)\n', page, flags=re.MULTILINE)
  written = {name: set(re.findall(rf'^\.B\w* .*?({OPTION})(?= |$)', text,
                                  flags=re.MULTILINE))
             for name, text in zip(commands[1::2], commands[2::2])}
  # A sentence that refers to --help describes no option.
  for options in written.values():
    options.discard('--help')

  failed = False
  for name in re.findall(r'^  (\w+) ', said(tool)['Subcommands'], re.MULTILINE):
    there = set(re.findall(rf'^  .*?({OPTION})', said(tool, name)['Options'],
                           re.MULTILINE)) - {'--help'}
    if written.get(name) != there:
      print(f'{name}: the program has {sorted(there)}, '
            f'the page {sorted(written.get(name) or [])}')
      failed = True
    if not re.search(rf'^\.B fivek {name}$', page, re.MULTILINE):
      print(f'{name}: not in the synopsis')
      failed = True
  return failed


if __name__ == '__main__':
  sys.exit(main())
