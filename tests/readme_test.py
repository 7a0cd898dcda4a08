#!/usr/bin/env python3
"""Checks that README.md says what is so, by doing what it says.

  readme_test.py extract SOURCE NAME OUT
      Writes the block whose info string has NAME, as in ```cpp deal.cc.
  readme_test.py check SOURCE [--c-example PROGRAM] [--cpp-example PROGRAM]
                              [--tool PROGRAM]
      Runs the examples that the build made and the lines of the tool, and
      looks that all commands, files and folders named are there.
  readme_test.py installed SOURCE BUILD WORK
      Installs the C library of BUILD into WORK and builds the C example with
      it as C99: by the commands of the README, then by its CMake project.
  readme_test.py embedded SOURCE WORK [CMake option...]
      Builds the C++ example by the CMake project that embeds fivek.

Output is compared whole with the ```text block that follows; a line of three
dots there stands for any number of lines.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys

FENCE = re.compile(r'^```(.*?)$\n(.*?)^```$\n?', re.MULTILINE | re.DOTALL)


class Block:

  def __init__(self, info, text, line):
    self.language, _, self.name = info.strip().partition(' ')
    self.text = text
    self.line = line
    self.output = None  # The text of the ```text block that follows.


class Failure(Exception):
  pass


def read(*path):
  with open(os.path.join(*path), encoding='utf-8') as file:
    return file.read()


def blocks_of(source):
  text = read(source, 'README.md')
  blocks = []
  for match in FENCE.finditer(text):
    block = Block(match.group(1), match.group(2),
                  text.count('\n', 0, match.start()) + 1)
    if block.language == 'text':
      if not blocks or blocks[-1].output is not None:
        raise Failure(f'README.md:{block.line}: output of nothing')
      blocks[-1].output = block.text
    else:
      blocks.append(block)
  for block in blocks:
    if block.language not in ('', 'c', 'cpp', 'cmake', 'json', 'sh'):
      raise Failure(f'README.md:{block.line}: nobody checks '
                    f'"{block.language}" blocks')
  return blocks


def the_block(source, name):
  found = [block for block in blocks_of(source) if block.name == name]
  if len(found) != 1:
    raise Failure(f'README.md has {len(found)} blocks named {name}, not one')
  return found[0]


def run(command, statuses=(0,), **options):
  result = subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, encoding='utf-8',
                          check=False, **options)
  if result.returncode not in statuses:
    raise Failure(f'status {result.returncode} of: '
                  f'{" ".join(map(str, command))}\n{result.stdout}')
  return result.stdout


def compare(block, output):
  """Raises unless `output` is what the README shows after `block`."""
  if block.output is None:
    raise Failure(f'README.md:{block.line}: its output is not shown')
  parts = re.split(r'^\.\.\.\n', block.output, flags=re.MULTILINE)
  pattern = r'(?:.*\n)*?'.join(re.escape(part) for part in parts)
  if re.fullmatch(pattern, output) is None:
    raise Failure(f'README.md:{block.line} shows\n{block.output}'
                  f'-- but it prints\n{output}')


def need(condition, block, what):
  if not condition:
    raise Failure(f'README.md:{block.line}: {what}')


def check_command(source, block, words, tool):
  """Checks one line of a shell block as far as that is cheap."""
  presets = json.loads(read(source, 'CMakePresets.json'))
  names = {kind: {p['name'] for p in presets[kind] if not p.get('hidden')}
           for kind in ('configurePresets', 'buildPresets', 'testPresets')}
  program, arguments = words[0], words[1:]
  if program in ('sh', 'bash'):
    need(os.path.isfile(os.path.join(source, arguments[0])), block,
         f'no file {arguments[0]}')
  elif program == 'build/release/fivek':
    for argument in arguments:
      if '/' in argument:
        need(os.path.isfile(os.path.join(source, argument)), block,
             f'no file {argument}')
    if tool:
      text = None
      if '<' in arguments:  # There is no shell to redirect.
        arguments, name = arguments[:-2], arguments[-1]
        text = read(source, name)
      output = run([tool] + arguments, (0, 1), cwd=source, input=text)
      if block.output is not None:
        compare(block, output)
  elif program.startswith('build/bench/bench/'):
    place = program.replace('build/bench/', '', 1) + '.cc'
    need(os.path.isfile(os.path.join(source, place)), block, f'no {place}')
  elif program == 'ctest' and arguments[0] == '--preset':
    need(arguments[1] in names['testPresets'], block,
         f'no test preset {arguments[1]}')
  elif program == 'cmake' and arguments[0] == '--preset':
    need(arguments[1] in names['configurePresets'], block,
         f'no preset {arguments[1]}')
  elif program == 'cmake' and arguments[:2] == ['--build', '--preset']:
    need(arguments[2] in names['buildPresets'], block,
         f'no build preset {arguments[2]}')
  elif program == 'cmake' and arguments[0] == '--install':
    need(arguments[1].replace('build/', '', 1) in names['configurePresets'],
         block, f'no preset has the folder {arguments[1]}')
  elif program in ('cc', './score'):
    pass  # `installed` runs these.
  else:
    raise Failure(f'README.md:{block.line}: nobody checks "{program}"')


def check_places(source):
  """Every path in backticks and every link is there."""
  text = FENCE.sub('', read(source, 'README.md'))
  folders = {name for name in os.listdir(source)} - {'build'}
  places = re.findall(r'\]\(([^)#:]+)\)', text)
  for code in re.findall(r'`([^`\n]+)`', text):
    if ' ' not in code and '*' not in code and '<' not in code:
      if code.split('/')[0] in folders and '/' in code:
        places.append(code)
  for place in places:
    if not os.path.exists(os.path.join(source, place)):
      raise Failure(f'README.md names {place}, which is not there')
  return len(places)


def check(source, options):
  programs = dict(zip(options[::2], options[1::2]))
  unknown = set(programs) - {'--c-example', '--cpp-example', '--tool'}
  if unknown:
    raise Failure(f'unknown option {sorted(unknown)[0]}')
  example = the_block(source, 'score.c')
  if example.text != read(source, 'capi/examples/score.c'):
    raise Failure('README.md: its C example is not capi/examples/score.c')
  if example.output != read(source, 'capi/examples/score.out'):
    raise Failure('README.md: its C output is not capi/examples/score.out')
  if '--c-example' in programs:
    compare(example, run([programs['--c-example']]))
  if '--cpp-example' in programs:
    compare(the_block(source, 'deal.cc'), run([programs['--cpp-example']]))
  lines = 0
  for block in blocks_of(source):
    if block.language == 'sh':
      for line in block.text.replace('\\\n', ' ').splitlines():
        words = shlex.split(line, comments=True)
        if words:
          check_command(source, block, words, programs.get('--tool'))
          lines += 1
  if '--tool' in programs:
    run([programs['--tool'], 'policy', '/dev/stdin'],
        input=the_block(source, 'policy.json').text)
  places = check_places(source)
  print(f'{len(programs)} programs, {lines} commands, {places} places')


def fresh(work):
  shutil.rmtree(work, ignore_errors=True)
  os.makedirs(work)
  return os.path.abspath(work)


def build_project(work, block, target, options):
  with open(os.path.join(work, 'CMakeLists.txt'), 'w',
            encoding='utf-8') as file:
    file.write(block.text)
  build = os.path.join(work, 'build')
  run(['cmake', '-G', 'Ninja', '-S', work, '-B', build,
       '-DCMAKE_BUILD_TYPE=Release'] + options)
  run(['cmake', '--build', build, '--target', target])
  return run([os.path.join(build, target)])


def installed(source, build, work):
  work = fresh(work)
  prefix = os.path.join(work, 'prefix')
  for component in ('runtime', 'shared', 'static', 'devel'):
    run(['cmake', '--install', build, '--prefix', prefix, '--component',
         component])
  example = the_block(source, 'score.c')
  shutil.copy(os.path.join(source, 'capi/examples/score.c'), work)
  found = [folder for folder, _, files in os.walk(prefix)
           if 'fivek.pc' in files]
  environment = dict(os.environ, PKG_CONFIG_PATH=found[0],
                     LD_LIBRARY_PATH=os.path.dirname(found[0]))
  commands = the_block(source, 'pkg-config')
  # The compiler's words are part of the output: there must be none.
  compare(commands, run(['sh', '-e', '-c', commands.text], cwd=work,
                        env=environment))
  compare(example, run([os.path.join(work, 'score')], env=environment))
  compare(example, build_project(work, the_block(source, 'installed'), 'score',
                                 [f'-DCMAKE_PREFIX_PATH={prefix}']))
  if not os.path.isfile(os.path.join(prefix,
                                     'share/fivek/policy.schema.json')):
    raise Failure('the schema of the policy is not installed')
  print('by pkg-config and by CMake')


def embedded(source, work, options):
  work = fresh(work)
  os.makedirs(os.path.join(work, 'third_party'))
  os.symlink(os.path.abspath(source), os.path.join(work, 'third_party/fivek'))
  example = the_block(source, 'deal.cc')
  with open(os.path.join(work, 'deal.cc'), 'w', encoding='utf-8') as file:
    file.write(example.text)
  compare(example,
          build_project(work, the_block(source, 'embedded'), 'deal', options))
  print('embedded')


def main(arguments):
  try:
    mode, source = arguments[0], arguments[1]
    if mode == 'extract' and len(arguments) == 4:
      with open(arguments[3], 'w', encoding='utf-8') as file:
        file.write(the_block(source, arguments[2]).text)
    elif mode == 'check' and len(arguments) % 2 == 0:
      check(source, arguments[2:])
    elif mode == 'installed' and len(arguments) == 4:
      installed(source, *arguments[2:])
    elif mode == 'embedded' and len(arguments) >= 3:
      embedded(source, arguments[2], arguments[3:])
    else:
      raise IndexError
  except IndexError:
    print(__doc__, file=sys.stderr)
    return 2
  except (Failure, OSError) as failure:
    print(failure, file=sys.stderr)
    return 1
  return 0


if __name__ == '__main__':
  sys.exit(main(sys.argv[1:]))
