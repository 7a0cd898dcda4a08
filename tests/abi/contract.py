#!/usr/bin/env python3
"""The contract of the C headers, as text that a change of it cannot hide in.

  contract.py check                 the lists beside this file are what the
                                    headers say; what was promised before
                                    (v1/) still stands; comments have their
                                    tags; fivek_cdef.h is made of the headers
  contract.py write                 makes the lists
  contract.py lists FOLDER          makes what tests in C and C++ are compiled
                                    with: contract_table.inc, which has all that
                                    is declared, and fivek_refused_calls.h
  contract.py assertions MODEL FILE makes a C source that compiles only where
                                    structs are laid out as in layout.MODEL.txt

MODEL is one of header_text.MODELS. `check --root FOLDER` is for another tree.
"""

import argparse
import difflib
import os
import re
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'capi'))
import header_text  # noqa: E402

# Structs of which many stand in a row, so that none may ever grow, and those
# that others have specified.
FROZEN = {
    'fivek_error',
    'fivek_assessment',
    'fivek_opportunity',
    'fivek_event',
    'fivek_waiver',
    'fivek_deal',
    'fivek_deal_score',
    'fivek_reliability_bin',
    'fivek_duration_step',
    'fivek_funnel_rung',
    'fivek_pushed_times',
    'fivek_seller_rate',
    'fivek_snapshot_row',
    'fivek_deal_movement',
    'fivek_estimate',
    'fivek_stage_visit',
    'fivek_stage_move',
    'fivek_visit_count',
    'fivek_ladder_group',
    'fivek_hazard_forecast',
    'fivek_rung_age',
    'fivek_martingale_gap',
    'fivek_score_answer',
    'fivek_evidence_deal',
    'fivek_pls_count',
    'fivek_xyz_row',
    'fivek_lead_team',
    'fivek_territory_move',
    'fivek_score_range',
    'fivek_portfolio_account',
    'fivek_triangle_account',
    'fivek_triangle_status',
    'fivek_visit_account',
    'fivek_visit_seller',
    'fivek_visit_load',
    'fivek_visit_sum',
    'fivek_hours_share',
    'fivek_hours_class',
    'fivek_reach',
    'fivek_effort_account',
    'fivek_sales_mode',
    'fivek_segment',
    'fivek_segment_result',
    'fivek_customer_purchases',
    'fivek_rank_class',
    'fivek_rfm_rule',
    'fivek_bg_nbd',
    'fivek_gamma_gamma',
    'fivek_outlook',
    'ArrowSchema',
    'ArrowArray',
}

STATUSES = {
    'INVALID_ARGUMENT',
    'NOT_FOUND',
    'RESOURCE_EXHAUSTED',
    'FAILED_PRECONDITION',
    'OUT_OF_RANGE',
    'UNIMPLEMENTED',
    'DATA_LOSS',
}
OWNERS = {'caller', 'new', 'static', 'policy', 'reference'}


def read(*path):
  with open(os.path.join(*path), encoding='utf-8') as file:
    return file.read()


def nodes(root):
  """{function: (version node, since)} of capi/symbols.txt."""
  lines = (
      line.split('#')[0].split()
      for line in read(root, 'capi', 'symbols.txt').splitlines()
  )
  return {name: (node, since) for name, node, since in filter(None, lines)}


# ---- The lists ------------------------------------------------------------


def prototype(function):
  parameters = ', '.join(p.type for p in function.parameters) or 'void'
  return f'{function.result} {function.name}({parameters})'


def symbols_text(headers, root):
  node_of = nodes(root)
  return '# version node, then the function without names\n' + ''.join(
      sorted(
          f"{node_of.get(f.name, ('?',))[0]} {prototype(f)}\n"
          for f in headers.functions
      )
  )


def constants_text(headers):
  return ''.join(f'{name:40} {number}\n' for name, number in headers.constants)


def layout_text(headers, model):
  return '# struct, then its fields: offset size alignment\n' + ''.join(
      f"{'  ' + field if field else struct:30} {offset:4} {size:4}"
      f' {alignment:4}\n'
      for struct, field, offset, size, alignment in header_text.layout(
          headers, model
      )
  )


def lists(headers, root):
  found = {
      'symbols.txt': symbols_text(headers, root),
      'constants.txt': constants_text(headers),
  }
  for model in header_text.MODELS:
    found[f'layout.{model}.txt'] = layout_text(headers, model)
  return found


def of_type(struct):
  return struct.name if struct.typedef else 'struct ' + struct.name


def table_text(headers):
  lines = []
  for function in headers.functions:
    lines.append(f'FUNCTION("{function.name}")')
    lines.extend(f'PARAMETER("{p.type}", "{p.name}")'
                 for p in function.parameters)
  for struct in headers.structs:
    kind = of_type(struct)
    lines.append(f'WHOLE("{struct.name}", {kind})')
    lines.extend(f'FIELD("  {f.name}", {kind}, {f.name}, {f.type})'
                 for f in struct.fields)
  lines.extend(f'CONSTANT({name})' for name, _ in headers.constants)
  return '\n'.join(lines) + '\n'


def refused_calls_text(headers):
  """For tests/capi/refuse_each.h: each function that can fail, as a macro."""
  return ''.join(
      f'#define {f.name}(...) FIVEK_REFUSE_EACH({f.name}, __VA_ARGS__)\n'
      for f in headers.functions
      if f.result == 'fivek_status'
  )


def assertions_text(headers, model):
  lines = [
      '#include <fivek.h>',
      '#include <fivek_arrow.h>',
      '#include <stddef.h>',
      '#define HOLDS(n, c) typedef char holds_##n[(c) ? 1 : -1]',
      'typedef void (*callback)(void);',
  ]
  kinds = {s.name: of_type(s) for s in headers.structs}
  types = {
      (s.name, f.name): f.type for s in headers.structs for f in s.fields
  }
  for number, (struct, field, offset, size, alignment) in enumerate(
      header_text.layout(headers, model)
  ):
    kind = kinds[struct]
    lines.append(
        f'struct probe_{number} {{ char before; '
        f'{types.get((struct, field), kind)} it; }};'
    )
    holds = f'offsetof(struct probe_{number}, it) == {alignment} && ' + (
        f'sizeof({kind}) == {size}'
        if field is None
        else (
            f'offsetof({kind}, {field}) == {offset} && '
            f'sizeof((({kind}*)0)->{field}) == {size}'
        )
    )
    lines.append(f"HOLDS({number}, {holds}); /* {struct} {field or ''} */")
  lines.extend(
      f'HOLDS({name}, {name} == {header_text.c_number(number)});'
      for name, number in headers.constants
  )
  return '\n'.join(lines) + '\n'


# ---- The checks: each gives lines that say what is wrong ------------------


def check_lists(headers, root):
  for name, want in lists(headers, root).items():
    have = read(root, 'tests', 'abi', name)
    yield from difflib.unified_diff(
        have.splitlines(),
        want.splitlines(),
        f'tests/abi/{name}',
        'the headers',
        lineterm='',
        n=0,
    )


def check_symbols(headers, root):
  node_of = nodes(root)
  declared = {f.name for f in headers.functions}
  for name in sorted(declared ^ set(node_of)):
    where = 'capi/symbols.txt' if name in declared else 'the headers'
    yield f'{name}: not in {where}'
  for f in headers.functions:
    node, since = node_of.get(f.name, (None, None))
    if node and (node != f'FIVEK_{since}' or f.tags.get('since') != [since]):
      yield (
          f'{f.name}: node {node}, since {since} and '
          f"@since {f.tags.get('since')} differ"
      )


def check_tags(headers, root):
  del root
  for f in headers.functions:
    fallible = f.result == 'fivek_status'
    takes_error = [p for p in f.parameters if p.type == 'fivek_error*']
    if fallible != (f.parameters[-1:] == tuple(takes_error[-1:]) != ()):
      yield f'{f.name}: a status goes with an error as last parameter'
    want = set(header_text.TAGS) - (set() if fallible else {'status'})
    if set(f.tags) != want:
      yield f'{f.name}: tags {sorted(f.tags)}, not {sorted(want)}'
      continue
    if not set(f.tags.get('status', ())) <= STATUSES:
      yield f"{f.name}: @status {f.tags['status']}"
    owner = f.tags['owner']
    if len(owner) != 1 or owner[0] not in OWNERS:
      yield f'{f.name}: @owner {owner}'
    static = f.result == 'const char*'
    if static != (owner[0] in ('static', 'policy')):
      yield f'{f.name}: gives {f.result} with @owner {owner[0]}'
    # What is changed is no other thread's meanwhile.
    one = any(
        p.type == name + '*' for p in f.parameters for name in headers.opaque
    )
    if f.tags['threads'] != ['one' if one else 'any']:
      yield f"{f.name}: @threads {f.tags['threads']}"


def check_constants(headers, root):
  """Two names for one code would be two meanings."""
  del root
  seen = {}
  for name, number in headers.constants:
    group = name.split('_')[1]
    # A count and an item; the statuses have no prefix.
    if name.startswith('FIVEK_') and group != 'EVIDENCE':
      other = seen.setdefault((group, number), name)
      if other != name:
        yield f'{name} and {other} are both {number}'


def check_cdef(headers, root):
  del headers
  made = subprocess.run(
      [sys.executable, os.path.join(root, 'capi', 'make_cdef.py'), '--check'],
      stdout=subprocess.PIPE,
      text=True,
      check=False,
  )
  yield from made.stdout.splitlines()


def check_tests(headers, root):
  test = read(root, 'tests', 'capi', 'c_test.c')
  for f in headers.functions:
    if f.name + '(' not in test:
      yield f'{f.name}: not called in tests/capi/c_test.c'
  for struct in headers.structs:
    # The error has a test of all sizes.
    sized = struct.fields[0].name == 'struct_size'
    if sized and struct.name != 'fivek_error' and not re.search(
        rf'CHECK(_INPUT)?_STRUCT\(\s*{struct.name},', test
    ):
      yield f'{struct.name}: its sizes are not tested in tests/capi/c_test.c'


def check_promises(headers, root):
  """Against the headers as they were when the ABI got its number."""
  version = dict(headers.constants)['FIVEK_ABI_VERSION']
  folder = os.path.join(root, 'tests', 'abi', f'v{version}')
  if not os.path.isdir(folder):
    yield f'tests/abi/v{version}: not there; it has the headers of that ABI'
    return
  old = header_text.Headers(folder)
  now = {f.name: prototype(f) for f in headers.functions}
  for f in old.functions:
    if now.get(f.name) != prototype(f):
      yield f'{f.name}: was {prototype(f)}, is {now.get(f.name)}'
  numbers = dict(headers.constants)
  for name, number in old.constants:
    if numbers.get(name) != number:
      yield f'{name}: was {number}, is {numbers.get(name)}'
  for model in header_text.MODELS:
    yield from _moved(old, headers, model)


def may_grow(struct):
  return struct.name not in FROZEN and struct.fields[0].name == 'struct_size'


def _moved(old, headers, model):
  def by_struct(of):
    found = {}
    for struct, *placed in header_text.layout(of, model):
      found.setdefault(struct, []).append(tuple(placed))
    return found

  types = {s.name: [f.type for f in s.fields] for s in headers.structs}
  now = by_struct(headers)
  was = by_struct(old)
  for struct in old.structs:
    if struct.name not in now:
      yield f'{struct.name}: gone'
      continue
    (_, _, old_size, *_), *old_fields = was[struct.name]
    (_, _, size, *_), *fields = now[struct.name]
    for want, kind, have, new in zip(
        old_fields,
        (f.type for f in struct.fields),
        fields + [None] * len(old_fields),
        types[struct.name] + [None] * len(old_fields),
    ):
      if want != have or kind != new:
        yield f'{model}: {struct.name}: was {kind} {want}, is {new} {have}'
    if size < old_size or (size > old_size and not may_grow(struct)):
      yield f'{model}: {struct.name}: had {old_size} bytes, has {size}'


CHECKS = (
    check_lists,
    check_symbols,
    check_tags,
    check_constants,
    check_cdef,
    check_tests,
    check_promises,
)


def main():
  parser = argparse.ArgumentParser(
      description=__doc__, formatter_class=argparse.RawTextHelpFormatter
  )
  parser.add_argument('what', choices=('check', 'write', 'lists', 'assertions'))
  parser.add_argument('arguments', nargs='*')
  parser.add_argument('--root', default=ROOT)
  options = parser.parse_args()
  try:
    headers = header_text.Headers(os.path.join(options.root, 'capi'))
  except header_text.HeaderError as error:
    print(error)
    return 1
  if options.what == 'check':
    wrong = [line for check in CHECKS for line in check(headers, options.root)]
    print(
        '\n'.join(wrong)
        if wrong
        else f'{len(headers.functions)} functions, {len(headers.structs)} '
        f'structs, {len(headers.constants)} constants'
    )
    return int(bool(wrong))
  if options.what == 'write':
    texts = {
        os.path.join(options.root, 'tests', 'abi', name): text
        for name, text in lists(headers, options.root).items()
    }
  elif options.what == 'lists':
    folder = options.arguments[0]
    texts = {
        os.path.join(folder, 'contract_table.inc'): table_text(headers),
        os.path.join(folder, 'fivek_refused_calls.h'): refused_calls_text(
            headers
        ),
    }
  else:
    texts = {
        options.arguments[1]: assertions_text(headers, options.arguments[0])
    }
  for path, text in texts.items():
    with open(path, 'w', encoding='utf-8') as file:
      file.write(text)
  return 0


if __name__ == '__main__':
  sys.exit(main())
