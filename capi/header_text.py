"""The C headers as data: what is declared, and what its comments say.

The headers keep to a few forms (fixed-width types, structs of plain fields,
macros that are whole numbers, functions), so that reading them takes no
compiler. Whatever is in none of these forms is an error: nothing that stands
in a header can be missing from what is made of it.
"""

import collections
import os
import re

FOLDER = os.path.dirname(os.path.abspath(__file__))
HEADERS = ('fivek.h', 'fivek_arrow.h')

# What a comment says of its function in fixed words, at its end.
TAGS = ('status', 'owner', 'threads', 'since')

Function = collections.namedtuple(
    'Function', 'name result parameters comment tags header'
)
Struct = collections.namedtuple('Struct', 'name fields typedef header')
Field = collections.namedtuple('Field', 'name type count')
Parameter = collections.namedtuple('Parameter', 'name type')

# The scalars: bytes, and whether signed.
SCALARS = {
    'uint8_t': (1, False),
    'int8_t': (1, True),
    'char': (1, True),
    'uint16_t': (2, False),
    'int16_t': (2, True),
    'uint32_t': (4, False),
    'int32_t': (4, True),
    'fivek_status': (4, True),
    'uint64_t': (8, False),
    'int64_t': (8, True),
    'double': (8, True),
}


class HeaderError(Exception):
  """A header has something in it that is in none of the known forms."""


class Headers:
  """All that the headers declare, in their order."""

  def __init__(self, folder=FOLDER, names=HEADERS):
    self.functions = []
    self.structs = []
    self.constants = []  # (name, number)
    self.opaque = []  # structs without fields
    self.scalars = []  # (name, type): typedefs of scalars
    for name in names:
      with open(os.path.join(folder, name), encoding='utf-8') as file:
        self._read(name, file.read())

  def function(self, name):
    return next(f for f in self.functions if f.name == name)

  def struct(self, name):
    return next(s for s in self.structs if s.name == name)

  # ---- Reading ----------------------------------------------------

  def _read(self, header, text):
    comment = ''
    for kind, piece in _pieces(header, text):
      if kind == 'comment':
        comment = piece
      elif kind == 'constant':
        self.constants.append(piece)
      elif kind == 'declaration':
        self._declare(header, piece, comment)

  def _declare(self, header, text, comment):
    text = ' '.join(text.split())
    function = re.fullmatch(
        r'FIVEK_API (?P<result>[\w ]+?\*?) ?(?P<name>fivek_\w+)'
        r'\((?P<parameters>[^()]*)\)',
        text,
    )
    struct = re.fullmatch(
        r'(?P<typedef>typedef )?struct (?P<tag>\w+) \{(?P<fields>.*)\} ?'
        r'(?P<name>\w*)',
        text,
    )
    opaque = re.fullmatch(r'typedef struct (\w+) (\w+)', text)
    scalar = re.fullmatch(r'typedef (\w+) (\w+)', text)
    if function:
      self.functions.append(
          Function(
              function['name'],
              function['result'],
              _parameters(header, function['parameters']),
              comment,
              _tags(comment),
              header,
          )
      )
    elif struct:
      if struct['typedef'] and struct['name'] != struct['tag']:
        raise HeaderError(f'{header}: two names of one struct: {text}')
      self.structs.append(
          Struct(
              struct['tag'],
              _fields(header, struct['fields']),
              bool(struct['typedef']),
              header,
          )
      )
    elif opaque and opaque[1] == opaque[2]:
      self.opaque.append(opaque[1])
    elif scalar and scalar[1] in SCALARS:
      self.scalars.append((scalar[2], scalar[1]))
    else:
      raise HeaderError(
          f'{header}: neither function, struct nor scalar: {text}'
      )


def _pieces(header, text):
  """("comment", text), ("constant", (name, number)), ("declaration", text)."""
  pattern = re.compile(
      r'(?P<comment>/\*.*?\*/)'
      r'|(?P<directive>^[ \t]*#(?:\\\n|[^\n])*)'
      r'|(?P<braces>^extern \"C\" \{$|^\})'
      r'|(?P<declaration>(?:FIVEK_API|typedef|struct)\b'
      r'(?:/\*.*?\*/|\{(?:/\*.*?\*/|[^{}])*\}|[^{};])*;)'
      r'|(?P<space>\s+)',
      re.DOTALL | re.MULTILINE,
  )
  position = 0
  while position < len(text):
    match = pattern.match(text, position)
    if not match:
      line = text.count('\n', 0, position) + 1
      raise HeaderError(
          f'{header}:{line}: not understood: '
          f'{text[position:position + 60]!r}'
      )
    position = match.end()
    if match['comment']:
      yield 'comment', match['comment']
    elif match['directive']:
      # A comment at its end is none of it.
      directive = match['directive'].split('/*')[0]
      constant = re.fullmatch(
          r'\s*#define\s+(?!FIVEK_API\b)(\w+)\s+(\S.*)', directive.rstrip()
      )
      if constant:
        yield 'constant', (constant[1], _number(header, *constant.groups()))
      position = match.start() + len(directive)
    elif match['declaration']:
      yield 'declaration', re.sub(
          r'/\*.*?\*/', ' ', match['declaration'][:-1], flags=re.DOTALL
      )


def c_number(number):
  """As C89 takes it without a warning, where an int has 32 bits."""
  if number == -(2**31):
    return '(-2147483647 - 1)'
  return f'{number}u' if number >= 2**31 else str(number)


def _number(header, name, text):
  """None may be left out of the contract for the way it is written."""
  if text == 'INT32_MIN':
    return -(2**31)
  match = re.fullmatch(r'(\d+)u?|\((-\d+)\)', text)
  if not match:
    raise HeaderError(f'{header}: no number: #define {name} {text}')
  return int(match[1] or match[2])


def _parameters(header, text):
  if text.strip() == 'void':
    return ()
  parameters = []
  for part in text.split(','):
    match = re.fullmatch(
        r'(?P<type>[\w ]+?(?: ?\*(?:const)?)*) ?' r'(?P<name>[a-z]\w*)',
        part.strip(),
    )
    if not match:
      raise HeaderError(f'{header}: no type and name: {part.strip()!r}')
    parameters.append(
        Parameter(match['name'], match['type'].replace(' *', '*'))
    )
  return tuple(parameters)


def _fields(header, text):
  fields = []
  callback = re.compile(r'void \(\*(\w+)\)\([^()]*\)')
  for part in filter(None, (p.strip() for p in text.split(';'))):
    match = callback.fullmatch(part)
    if match:
      fields.append(Field(match[1], 'callback', 1))
      continue
    # One type, then names that may each be pointers or arrays.
    match = re.fullmatch(
        r'(?P<type>(?:const )?(?:struct )?\w+)' r'(?P<names>[ *].*)', part
    )
    if not match:
      raise HeaderError(f'{header}: not a field: {part!r}')
    for name in match['names'].split(','):
      one = re.fullmatch(r'\s*(\**)\s*(\w+)(?:\[(\d+)\])?\s*', name)
      if not one:
        raise HeaderError(f'{header}: not a field: {part!r}')
      fields.append(Field(one[2], match['type'] + one[1], int(one[3] or 1)))
  return tuple(fields)


def _tags(comment):
  """{tag: words} of the tags at the end of a comment."""
  text = re.sub(r'\s+', ' ', comment.strip('/* \n'))
  found = {}
  for match in re.finditer(r'@(\w+) ([^@]*)', text):
    found[match[1]] = match[2].split()
  return found


# ---- Layout ---------------------------------------------------------------

# Pointer and size_t; what 8-byte numbers are aligned to. Windows on 64 bits
# (LLP64) is lp64 here: no field has the type long.
MODELS = {
    'lp64': (8, 8),  # 64-bit machines
    'ilp32': (4, 8),  # 32-bit ARM, WebAssembly, Windows
    'ilp32_i386': (4, 4),  # 32-bit x86 but for Windows
}


def layout(headers, model):
  """Lines of (struct, field or None, offset, size, alignment) as a compiler
  places them: each field at the next multiple of its alignment."""
  pointer, widest = MODELS[model]
  aligned = {}  # struct: (size, alignment)
  lines = []

  def size_of(kind):
    if kind.endswith('*') or kind in ('callback', 'size_t'):
      return pointer, pointer
    if kind in SCALARS:
      size = SCALARS[kind][0]
      return size, min(size, widest)
    return aligned[kind]

  for struct in headers.structs:
    end = 0
    most = 1
    fields = []
    for field in struct.fields:
      size, alignment = size_of(field.type)
      end = -(-end // alignment) * alignment
      fields.append(
          (struct.name, field.name, end, size * field.count, alignment)
      )
      end += size * field.count
      most = max(most, alignment)
    size = -(-end // most) * most
    aligned[struct.name] = (size, most)
    lines.append((struct.name, None, 0, size, most))
    lines.extend(fields)
  return lines
