#!/usr/bin/env python3
"""What Doxygen reads in place of a header of this folder: the comments in the
form that it looks for, sections as groups, the tags as paragraphs.

  doxygen_filter.py HEADER
"""

import re
import sys

PARAGRAPHS = {
    'status': 'Statuses beside FIVEK_OK',
    'owner': 'Memory',
    'threads': 'Threads',
    'since': 'Since',
}


class Filter:

  def __init__(self, text):
    self.text = text
    self.group_open = False

  def comment(self, match):
    text = match['text']
    if match.start() == 0:
      text = re.sub(r'^ \* ?', '', text, flags=re.MULTILINE)
      return f'/** @file\n@verbatim\n{text}\n@endverbatim\n */'
    section = re.match(r' ---- (.+?) -{2,}\n?(.*)', text, re.DOTALL)
    if section:
      close = '/** @} */\n' if self.group_open else ''
      self.group_open = True
      return f'{close}/** @name {section[1]}\n{section[2]} */\n' f'/** @{{ */\n'
    for tag, name in PARAGRAPHS.items():
      text = re.sub(rf'@{tag}\b', f'\n@par {name}\n', text)
    # Behind a declaration it is about that one, else about the next.
    line = self.text[
        self.text.rfind('\n', 0, match.start()) + 1 : match.start()
    ]
    return f"/**{'<' if line.strip() else ''}{text}*/"

  def output(self):
    text = re.sub(
        r'/\*(?P<text>.*?)\*/', self.comment, self.text, flags=re.DOTALL
    )
    # One comment may be that of two functions.
    previous = ''
    out = []
    for piece in re.split(
        r'(/\*\*.*?\*/|FIVEK_API[^;]*;)', text, flags=re.DOTALL
    ):
      if piece.startswith('/**'):
        previous = piece
      elif piece.startswith('FIVEK_API') and not out[-2].startswith('/**'):
        out.append(previous + '\n')
      out.append(piece)
    text = ''.join(out)
    if self.group_open:
      text = text.replace(
          '#ifdef __cplusplus\n} ', '/** @} */\n#ifdef __cplusplus\n} '
      )
    return text


def main():
  with open(sys.argv[1], encoding='utf-8') as file:
    print(Filter(file.read()).output(), end='')


if __name__ == '__main__':
  main()
