"""libfivek for Python by ctypes, declared from the headers themselves.

  library = Library("libfivek.so")
  out = library.sized("fivek_strength")
  status = library.fivek_strength_of(None, byref(assessment), byref(out), None)

Structs are `library.types["fivek_claim"]`, constants `library.constants`. What
each function has given is in `library.seen`, by its name.
"""

import collections
import ctypes
import os
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), '..', '..'))
sys.path.insert(0, os.path.join(ROOT, 'capi'))
import header_text  # noqa: E402

SCALARS = {
    'uint8_t': ctypes.c_uint8,
    'int8_t': ctypes.c_int8,
    'char': ctypes.c_char,
    'uint16_t': ctypes.c_uint16,
    'int16_t': ctypes.c_int16,
    'uint32_t': ctypes.c_uint32,
    'int32_t': ctypes.c_int32,
    'uint64_t': ctypes.c_uint64,
    'int64_t': ctypes.c_int64,
    'double': ctypes.c_double,
    'size_t': ctypes.c_size_t,
    'fivek_status': ctypes.c_int32,
    'void': None,
    'callback': ctypes.c_void_p,
}


class Library:

  def __init__(self, path):
    self.headers = header_text.Headers()
    self.constants = dict(self.headers.constants)
    self.seen = collections.defaultdict(set)
    self.types = dict(SCALARS)
    for name in self.headers.opaque:
      self.types[name] = type(name, (ctypes.Structure,), {})
    for struct in self.headers.structs:
      self.types[struct.name] = type(struct.name, (ctypes.Structure,), {})
      self.types[struct.name]._fields_ = [
          (
              f.name,
              self._type(f.type) * f.count
              if f.count > 1
              else self._type(f.type),
          )
          for f in struct.fields
      ]
    library = ctypes.CDLL(path)
    for function in self.headers.functions:
      setattr(self, function.name, self._bind(library, function))

  def _type(self, text):
    words = text.replace('const ', '').replace('struct ', '')
    name = words.rstrip('*')
    stars = len(words) - len(name)
    if name == 'void' and stars:
      return ctypes.c_void_p
    # Texts, and bytes that are handed in as such.
    if name == 'char' and stars == 1 and text.startswith('const'):
      return ctypes.c_char_p
    kind = self.types[name]
    for _ in range(stars):
      kind = ctypes.POINTER(kind)
    return kind

  def _bind(self, library, function):
    call = getattr(library, function.name)
    call.argtypes = [self._type(p.type) for p in function.parameters]
    call.restype = self._type(function.result)
    if function.result != 'fivek_status':
      return call
    seen = self.seen[function.name]

    def recorded(*arguments):
      status = call(*arguments)
      seen.add(status)
      return status

    return recorded

  def sized(self, name, **fields):
    """A struct that says its size."""
    struct = self.types[name](**fields)
    struct.struct_size = ctypes.sizeof(struct)
    return struct

  def undocumented(self):
    """(function, status): what no @status tag speaks of."""
    for function in self.headers.functions:
      known = {0} | {
          self.constants['FIVEK_' + word]
          for word in function.tags.get('status', ())
      }
      for status in sorted(self.seen[function.name] - known):
        yield function.name, status
