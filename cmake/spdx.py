#!/usr/bin/env python3
"""What the packages consist of, as an SPDX 2.3 document in JSON.

  spdx.py write --output FILE --version VERSION --package NAME=TREE...
                --compiled-in NAME=VERSION...
      Describes the files of each tree and what of others is compiled in. The
      date is that of SOURCE_DATE_EPOCH; the same files make the same bytes.
  spdx.py check FILE --package NAME=TREE...
      Looks whether the document is one of SPDX 2.3 (fields that the
      specification requires, identifiers, relationships, licence expressions)
      and says what is in the trees.
"""

import argparse
import datetime
import hashlib
import json
import os
import re
import sys
import uuid

FIVEK = 'Apache-2.0 WITH LLVM-exception'

# What is compiled in: licence, holders, how, and into which packages. Headers
# are contained, archives are linked in.
COMPILED_IN = {
    # name            licence         copyright                 relationship   into
    'Abseil':        ('Apache-2.0',   'The Abseil Authors',     'STATIC_LINK', 'LDC'),
    'nlohmann-json': ('MIT',          'Niels Lohmann, Florian Loitsch, '
                                      'Bjoern Hoehrmann',       'CONTAINS',    'LDC'),
    'CLI11':         ('BSD-3-Clause', 'University of Cincinnati', 'CONTAINS',  'C'),
}
LICENCES = {FIVEK} | {row[0] for row in COMPILED_IN.values()}


class Failure(Exception):
  pass


def kind_of(package):
  """L library, D development, C command."""
  if package.endswith('-dev'):
    return 'D'
  return 'L' if package.startswith('lib') else 'C'


def is_binary(path):
  return bool(re.search(r'\.so(\.|$)|\.a$|/bin/', path))


def licence_of(package, path=None):
  """Of a file, or of a package with all that is in its binaries."""
  if path is not None and not is_binary(path):
    return FIVEK
  within = {row[0] for row in COMPILED_IN.values() if kind_of(package) in row[3]}
  return ' AND '.join([f'({FIVEK})'] + sorted(within))


def identifier(*words):
  return 'SPDXRef-' + re.sub(r'[^A-Za-z0-9.-]', '-', '-'.join(words))


def digest(path, name):
  with open(path, 'rb') as file:
    return hashlib.new(name, file.read()).hexdigest()


def files_of(tree, but=None):
  """The regular files of a tree, by name; links have no bytes of their own."""
  found = []
  for folder, _, names in os.walk(tree):
    for name in names:
      path = os.path.join(folder, name)
      if os.path.islink(path) or (but and os.path.abspath(path) == but):
        continue
      found.append('./' + os.path.relpath(path, tree))
  return sorted(found)


def verification_code(sums):
  """SPDX 2.3, 7.9: the SHA-1 of the sorted SHA-1s."""
  return hashlib.sha1(''.join(sorted(sums)).encode()).hexdigest()


def write(arguments):
  trees = dict(pair.split('=', 1) for pair in arguments.package)
  versions = dict(pair.split('=', 1) for pair in arguments.compiled_in)
  if set(versions) != set(COMPILED_IN):
    raise Failure(f'compiled in are {sorted(COMPILED_IN)}, given {sorted(versions)}')
  output = os.path.abspath(arguments.output)
  epoch = int(os.environ['SOURCE_DATE_EPOCH'])
  packages, files, relations = [], [], []

  def relate(subject, kind, other):
    relations.append({'spdxElementId': subject, 'relationshipType': kind,
                      'relatedSpdxElement': other})

  for name, tree in sorted(trees.items()):
    package = identifier('Package', name)
    relate('SPDXRef-DOCUMENT', 'DESCRIBES', package)
    sums = []
    for path in files_of(tree, but=output):
      full = os.path.join(tree, path)
      sha1 = digest(full, 'sha1')
      sums.append(sha1)
      # With the sum, as two names may differ in a sign that no identifier has.
      file_id = identifier('File', name, path[2:], sha1[:8])
      licence = licence_of(name, path)
      files.append({
          'SPDXID': file_id,
          'fileName': path,
          'fileTypes': ['BINARY' if is_binary(path) else 'OTHER'],
          'checksums': [
              {'algorithm': 'SHA1', 'checksumValue': sha1},
              {'algorithm': 'SHA256', 'checksumValue': digest(full, 'sha256')},
          ],
          'licenseConcluded': licence,
          'licenseInfoInFiles': ['NOASSERTION'],
          'copyrightText': 'NOASSERTION' if is_binary(path) else 'fivek developers',
      })
      relate(package, 'CONTAINS', file_id)
    code = {'packageVerificationCodeValue': verification_code(sums)}
    if output.startswith(os.path.abspath(tree) + os.sep):
      code['packageVerificationCodeExcludedFiles'] = [
          './' + os.path.relpath(output, tree)]
    packages.append({
        'SPDXID': package,
        'name': name,
        'versionInfo': arguments.version,
        'supplier': 'Organization: fivek developers',
        'downloadLocation': 'NOASSERTION',
        'filesAnalyzed': True,
        'packageVerificationCode': code,
        'licenseConcluded': licence_of(name),
        'licenseDeclared': FIVEK,
        'licenseInfoFromFiles': ['NOASSERTION'],
        'copyrightText': 'fivek developers',
    })
    for other, row in sorted(COMPILED_IN.items()):
      if kind_of(name) in row[3]:
        relate(package, row[2], identifier('Package', other))

  for name, (licence, holders, _, _) in sorted(COMPILED_IN.items()):
    packages.append({
        'SPDXID': identifier('Package', name),
        'name': name,
        **({'versionInfo': versions[name]} if versions[name] else {}),
        'downloadLocation': 'NOASSERTION',
        'filesAnalyzed': False,
        'licenseConcluded': licence,
        'licenseDeclared': licence,
        'copyrightText': holders,
    })

  created = datetime.datetime.fromtimestamp(epoch, datetime.timezone.utc)
  content = json.dumps([packages, files, relations])
  document = {
      'spdxVersion': 'SPDX-2.3',
      'dataLicense': 'CC0-1.0',
      'SPDXID': 'SPDXRef-DOCUMENT',
      'name': f'fivek-{arguments.version}',
      # Of the content: another one for other files, and of nobody's host.
      'documentNamespace': 'urn:uuid:' + str(
          uuid.uuid5(uuid.NAMESPACE_OID, content)),
      'creationInfo': {
          'created': created.strftime('%Y-%m-%dT%H:%M:%SZ'),
          'creators': ['Organization: fivek developers',
                       f'Tool: fivek-spdx-{arguments.version}'],
      },
      'packages': packages,
      'files': files,
      'relationships': relations,
  }
  with open(output, 'w', encoding='utf-8') as file:
    json.dump(document, file, indent=1)
    file.write('\n')
  os.chmod(output, 0o644)


# ---- The check ---------------------------------------------------------------
# What SPDX 2.3 requires of each element, with the form of the value.
ID = r'SPDXRef-[A-Za-z0-9.-]+'
TEXT = r'(?s).+'
REQUIRED = {
    'document': {
        'spdxVersion': r'SPDX-2\.3',
        'dataLicense': r'CC0-1\.0',
        'SPDXID': r'SPDXRef-DOCUMENT',
        'name': TEXT,
        'documentNamespace': r'[a-z][a-z0-9+.-]*:[^#\s]+',
    },
    'creationInfo': {
        'created': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ',
    },
    'package': {
        'SPDXID': ID,
        'name': TEXT,
        'versionInfo': r'\d+(\.\d+)+',  # Not required there, but here.
        'downloadLocation': TEXT,
        'licenseConcluded': TEXT,
        'licenseDeclared': TEXT,
        'copyrightText': TEXT,
    },
    'file': {
        'SPDXID': ID,
        'fileName': r'\./[^/].*',
        'licenseConcluded': TEXT,
        'copyrightText': TEXT,
    },
    'relationship': {
        'spdxElementId': ID,
        'relationshipType': r'DESCRIBES|CONTAINS|STATIC_LINK',
        'relatedSpdxElement': ID,
    },
}


def require(what, element, problems):
  for field, form in REQUIRED[what].items():
    value = element.get(field)
    if not isinstance(value, str) or not re.fullmatch(form, value):
      problems.append(f'{what} {element.get("SPDXID", "")}: {field}: {value!r}')
  for field in ('licenseConcluded', 'licenseDeclared'):
    for licence in re.split(r' AND |[()]', element.get(field, '')):
      if licence and licence not in LICENCES:
        problems.append(f'{what} {element.get("SPDXID")}: no licence of '
                        f'what is in here: {licence!r}')


def check(arguments):
  trees = dict(pair.split('=', 1) for pair in arguments.package)
  with open(arguments.file, encoding='utf-8') as file:
    document = json.load(file)
  problems = []
  require('document', document, problems)
  creation = document.get('creationInfo', {})
  require('creationInfo', creation, problems)
  creators = creation.get('creators') or ['']
  if not all(re.match('(Person|Organization|Tool): .', c) for c in creators):
    problems.append(f'creators: {creators}')

  elements = [document] + document['packages'] + document['files']
  known = [element.get('SPDXID') for element in elements]
  for twice in {i for i in known if known.count(i) > 1}:
    problems.append(f'twice: {twice}')
  for relation in document['relationships']:
    require('relationship', relation, problems)
    for field in ('spdxElementId', 'relatedSpdxElement'):
      if relation.get(field) not in known:
        problems.append(f'relationship to nothing: {relation}')
  related = {(r['spdxElementId'], r['relationshipType'], r['relatedSpdxElement'])
             for r in document['relationships']}
  described = {other for _, kind, other in related if kind == 'DESCRIBES'}
  files = {element['SPDXID']: element for element in document['files']}
  names = {element['name']: element for element in document['packages']}
  for element in document['files']:
    require('file', element, problems)
  for element in document['packages']:
    require('package', element, problems)
    tree = trees.pop(element['name'], None)
    if (tree is None) == element.get('filesAnalyzed', True):
      problems.append(f'{element["name"]}: not what was given')
    if tree is None:
      if element['name'] not in COMPILED_IN:
        problems.append(f'{element["name"]}: in none of the packages')
      continue
    if element['SPDXID'] not in described:
      problems.append(f'{element["name"]}: not described')
    for other, row in COMPILED_IN.items():
      if kind_of(element['name']) in row[3] and (
          other not in names or
          (element['SPDXID'], row[2], names[other]['SPDXID']) not in related):
        problems.append(f'{element["name"]}: {other} is not said to be in it')
    code = element.get('packageVerificationCode', {})
    left_out = code.get('packageVerificationCodeExcludedFiles', [])
    there = {p for p in files_of(tree) if p not in left_out}
    mine = [files[other] for subject, kind, other in related
            if subject == element['SPDXID'] and other in files]
    for path in there.symmetric_difference(f['fileName'] for f in mine):
      problems.append(f'{element["name"]}: only in document or tree: {path}')
    sums = []
    for entry in mine:
      path = os.path.join(tree, entry['fileName'])
      told = {c['algorithm']: c['checksumValue'] for c in entry['checksums']}
      sums.append(told.get('SHA1', ''))
      for algorithm in ('SHA1', 'SHA256'):
        if not os.path.isfile(path) or (
            told.get(algorithm) != digest(path, algorithm.lower())):
          problems.append(f'{element["name"]}: {algorithm} of {entry["fileName"]}')
    if code.get('packageVerificationCodeValue') != verification_code(sums):
      problems.append(f'{element["name"]}: verification code')
  for name in trees:
    problems.append(f'{name}: not in the document')
  if problems:
    raise Failure('\n'.join(problems))
  inside = ', '.join(f'{name} {names[name]["versionInfo"]}'
                     for name in sorted(COMPILED_IN))
  print(f'SPDX: {len(files)} files; {inside}')


def main():
  parser = argparse.ArgumentParser()
  commands = parser.add_subparsers(dest='command', required=True)
  writer = commands.add_parser('write')
  writer.add_argument('--output', required=True)
  writer.add_argument('--version', required=True)
  writer.add_argument('--compiled-in', action='append', required=True)
  checker = commands.add_parser('check')
  checker.add_argument('file')
  for each in (writer, checker):
    each.add_argument('--package', action='append', required=True)
  arguments = parser.parse_args()
  try:
    (write if arguments.command == 'write' else check)(arguments)
  except Failure as failure:
    print(failure, file=sys.stderr)
    return 1
  return 0


if __name__ == '__main__':
  sys.exit(main())
