#!/usr/bin/env python3
"""policy_schema_test.py SCHEMA LIBFIVEK: the schema accepts what is read.

Changes the built-in policy in thousands of ways and compares the schema's
verdict with the library's. Where the schema says yes and the library no, the
reason must be one that the schema's own description leaves to the library.
"""

import copy
import ctypes
import json
import re
import sys

# What no schema can say, by words of the library's message.
LEFT_TO_THE_LIBRARY = (
    'a higher level must not earn less',
    "are below the sponsor's",
    'a higher milestone must not yield less',
    'waits for no item',
    'items require each other in a circle',
    'allowed: items of the policy',
)


class Schema:
  """The part of JSON Schema 2020-12 that the schema uses, and no other."""

  ANNOTATIONS = {'$schema', '$defs', 'title', 'description', 'default', 'then'}

  def __init__(self, root):
    self.root = root

  def accepts(self, value, schema=None):
    schema = self.root if schema is None else schema
    return all(getattr(self, '_' + key.lstrip('$'))(value, operand, schema)
               for key, operand in schema.items()
               if key not in self.ANNOTATIONS)

  def _ref(self, value, operand, _):
    return self.accepts(value, self.root['$defs'][operand.split('/')[-1]])

  def _type(self, value, operand, _):
    kind = {'object': dict, 'array': list, 'string': str, 'boolean': bool,
            'integer': int}[operand]
    return isinstance(value, kind) and (kind is not int or
                                        not isinstance(value, bool))

  def _const(self, value, operand, _):
    return type(value) is type(operand) and value == operand

  def _enum(self, value, operand, _):
    return any(self._const(value, one, None) for one in operand)

  def _minimum(self, value, operand, _):
    return not isinstance(value, (int, float)) or value >= operand

  def _maximum(self, value, operand, _):
    return not isinstance(value, (int, float)) or value <= operand

  def _pattern(self, value, operand, _):
    return not isinstance(value, str) or re.search(operand, value) is not None

  def _maxItems(self, value, operand, _):
    return not isinstance(value, list) or len(value) <= operand

  def _uniqueItems(self, value, _, __):
    return not isinstance(value, list) or len(
        {json.dumps(one) for one in value}) == len(value)

  def _items(self, value, operand, _):
    return not isinstance(value, list) or all(
        self.accepts(one, operand) for one in value)

  def _anyOf(self, value, operand, _):
    return any(self.accepts(value, one) for one in operand)

  def _required(self, value, operand, _):
    return not isinstance(value, dict) or all(key in value for key in operand)

  def _properties(self, value, operand, _):
    return not isinstance(value, dict) or all(
        self.accepts(one, operand[key]) for key, one in value.items()
        if key in operand)

  def _patternProperties(self, value, operand, _):
    return not isinstance(value, dict) or all(
        self.accepts(one, schema) for key, one in value.items()
        for pattern, schema in operand.items() if re.search(pattern, key))

  def _additionalProperties(self, value, operand, schema):
    assert operand is False
    return not isinstance(value, dict) or all(
        key in schema.get('properties', {}) or
        any(re.search(p, key) for p in schema.get('patternProperties', {}))
        for key in value)

  def _if(self, value, operand, schema):
    return not self.accepts(value, operand) or self.accepts(value,
                                                            schema['then'])


class Error(ctypes.Structure):
  _fields_ = [('struct_size', ctypes.c_uint32), ('status', ctypes.c_int32),
              ('reason', ctypes.c_int32), ('column', ctypes.c_int32),
              ('row', ctypes.c_int64), ('message_len', ctypes.c_uint32),
              ('reserved', ctypes.c_uint32), ('message', ctypes.c_char * 224)]


class Library:

  def __init__(self, path):
    self.lib = ctypes.CDLL(path)
    self.lib.fivek_policy_from_json.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.POINTER(ctypes.c_void_p),
        ctypes.POINTER(Error)]
    self.lib.fivek_policy_to_json.argtypes = [
        ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t,
        ctypes.POINTER(ctypes.c_size_t), ctypes.POINTER(Error)]
    self.lib.fivek_policy_release.argtypes = [ctypes.c_void_p]

  def built_in(self):
    needed = ctypes.c_size_t()
    self.lib.fivek_policy_to_json(None, None, 0, ctypes.byref(needed), None)
    text = ctypes.create_string_buffer(needed.value)
    status = self.lib.fivek_policy_to_json(None, text, needed.value,
                                           ctypes.byref(needed), None)
    assert status == 0, status
    return json.loads(text.raw.decode('utf-8'))

  def refusal(self, document):
    """None, or the message with which the document is refused."""
    text = json.dumps(document).encode('utf-8')
    error = Error(struct_size=ctypes.sizeof(Error))
    policy = ctypes.c_void_p()
    if self.lib.fivek_policy_from_json(text, len(text), ctypes.byref(policy),
                                       ctypes.byref(error)) == 0:
      self.lib.fivek_policy_release(policy)
      return None
    return error.message.decode('utf-8')


def places(node, path=()):
  items = (node.items() if isinstance(node, dict) else
           enumerate(node) if isinstance(node, list) else ())
  for key, value in items:
    yield path + (key,)
    yield from places(value, path + (key,))


def part(node, path):
  """Of the node, the container at the end of the path and what leads there."""
  if len(path) == 1 or not isinstance(node, dict):
    return node
  return {path[0]: part(node[path[0]], path[1:])}


REMOVED = object()
VALUES = (None, -1, 0, 1, 4, 5, 6, 7, 20, 21, 31, 32, 1000000, 1000001, 1.5,
          True, False, 'x', '', 'nul\0', [], {}, {'x': 1}, 'blocking',
          'advisory', 'sponsor', 'signed_or_recorded', 'require', 'power',
          'half_away_from_zero', [3], [3, 3], [18], [19], [31], ['3'])
KEYS = ('0', '4', '5', '6', '7', '8', '10', '15', '16', '17', '18', '19', '21',
        '22', '31', '32', '38', '39', '2147483647', '2147483648', '-1', '01',
        '+1', 'x', '')
TEXT = {'en': 'a', 'zh': 'b'}
VENDOR = {'stage': 0, 'gate': 1, **TEXT}


def documents(built_in, label_sets):
  head = {'fivek_policy': 1}
  yield from ([], {}, head, built_in, {'fivek_policy': 2},
              {'fivek_policy': '1'}, {**head, 'x': 1})
  for section, value in built_in.items():
    for path in places(value):
      base = part(value, path)
      for new in VALUES + (REMOVED,):
        changed = copy.deepcopy(base)
        node = changed
        for key in path[:-1]:
          node = node[key]
        if new is REMOVED:
          del node[path[-1]]
        else:
          node[path[-1]] = new
        yield {**head, section: changed}
    for new in VALUES:
      yield {**head, section: new}
  for key in KEYS:
    for entry in (VENDOR, {**VENDOR, 'gate': 0}, {**VENDOR, 'stage': 5},
                  {**VENDOR, 'gate': 6}, {'gate': 1, **TEXT},
                  {**VENDOR, 'requires': [1, 2]},
                  {**VENDOR, 'requires': [1, 1]}, {'mode': 'advisory'}, {}):
      yield {**head, 'evidence': {key: entry}}
    yield {**head, 'waiver_reasons': {key: TEXT}}
    yield {**head, 'waiver_reasons': {key: {'en': 'a'}}}
    yield {**head, 'ladder': {key: {'yield_ppm': 1000000}}}
    for dimension in ('problem', 'power', 'vision', 'value', 'control'):
      yield {**head, 'rubric': {dimension: {key: TEXT}}}
    for name in label_sets:
      yield {**head, 'labels': {name: {key: TEXT}}}
  for code in ('USD', 'usd', 'US', 'EURO', 'A1B'):
    for digits in (-1, 0, 4, 5, '2'):
      yield {**head, 'currencies': {code: digits}}
  for dimension in ('problem', 'power', 'vision', 'value', 'control', 'x'):
    for only in (True, False):
      for item in (-1, 0, 18, 25, 32):
        yield {**head, 'score_rules': [{'dimension': dimension,
                                        'only_by_decision_maker': only,
                                        'evidence': item}]}
  for count in (32, 33):
    yield {**head, 'score_rules': count * [{'dimension': 'power',
                                            'evidence': 1}]}


def main(schema_file, library_file):
  with open(schema_file, encoding='utf-8') as file:
    schema = Schema(json.load(file))
  library = Library(library_file)
  built_in = library.built_in()
  if not schema.accepts(built_in):
    print('the schema refuses the built-in policy')
    return 1
  label_sets = list(schema.root['properties']['labels']['properties']) + [
      'evidence', 'level.power', 'x']
  wrong = count = 0
  for document in documents(built_in, label_sets):
    count += 1
    says_yes = schema.accepts(document)
    refusal = library.refusal(document)
    if says_yes == (refusal is None):
      continue
    if says_yes and any(words in refusal for words in LEFT_TO_THE_LIBRARY):
      continue
    wrong += 1
    if wrong <= 20:
      print(f'schema {"accepts" if says_yes else "refuses"}, library: '
            f'{refusal or "accepted"}: {json.dumps(document)[:300]}')
  print(f'{count} documents, {wrong} judged differently')
  return 1 if wrong else 0


if __name__ == '__main__':
  sys.exit(main(*sys.argv[1:]))
