"""PostgreSQL, if its server is installed: one of its own in a scratch folder.

It listens on a socket in that folder and nowhere else, and ends with the
script. Its CPU time is that of the backend that serves the connection.
"""

import io
import os
import shutil
import signal
import subprocess
import tempfile
import time

import peers_book as pb
import peers_sql as sql

# Nothing in parallel; what is not asked of a scratch server is off.
SETTINGS = ('listen_addresses=', 'max_parallel_workers_per_gather=0',
            'shared_buffers=1GB', 'work_mem=256MB', 'autovacuum=off',
            'fsync=off')
# It refuses to run for root, so root lends it another user's name.
USER = 'postgres'


class Server:

  def __init__(self):
    self.process = None
    if not shutil.which('postgres') or not shutil.which('initdb'):
      raise pb.Missing('a PostgreSQL server')
    self.folder = tempfile.mkdtemp(prefix='fivek-peers-')
    self.prefix = []
    data = f'{self.folder}/data'
    try:
      if os.getuid() == 0:
        self.prefix = ['setpriv', f'--reuid={USER}', '--clear-groups']
        shutil.chown(self.folder, USER)
      subprocess.run(
          self.prefix + ['initdb', '-D', data, '-A', 'trust', '-U', 'peers',
                         '-E', 'UTF8', '--locale=C', '-N'],
          check=True, stdout=subprocess.DEVNULL, cwd=self.folder)
    except (LookupError, OSError, subprocess.CalledProcessError) as error:
      shutil.rmtree(self.folder, ignore_errors=True)
      raise pb.Missing(f'a PostgreSQL server that starts: {error}') from error
    settings = [word for setting in SETTINGS for word in ('-c', setting)]
    self.process = subprocess.Popen(
        self.prefix + ['postgres', '-D', data, '-k', self.folder] + settings,
        stderr=subprocess.DEVNULL, cwd=self.folder)
    for _ in range(100):
      if subprocess.run(['pg_isready', '-q', '-h', self.folder],
                        check=False).returncode == 0:
        break
      if self.process.poll() is not None:
        shutil.rmtree(self.folder, ignore_errors=True)
        raise pb.Missing('a PostgreSQL server that starts')
      time.sleep(0.1)

  def close(self):
    if self.process is not None:
      self.process.send_signal(signal.SIGINT)  # Ends its sessions as well.
      self.process.wait()
      self.process = None
      shutil.rmtree(self.folder, ignore_errors=True)


class Session:
  """psql on a pipe: a statement in, a line out."""

  def __init__(self, folder):
    self.psql = subprocess.Popen(
        ['psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', folder,
         '-U', 'peers', 'postgres'],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    self.backend = self.ask('SELECT pg_backend_pid()')

  def ask(self, statement):
    self.psql.stdin.write(statement + ';\n\\echo done\n')
    self.psql.stdin.flush()
    lines = []
    for line in self.psql.stdout:
      if line == 'done\n':
        return '\n'.join(lines)
      lines.append(line.rstrip('\n'))
    raise AssertionError('PostgreSQL refused a statement')

  def cpu(self):
    """Seconds on a processor, to the nanosecond."""
    with open(f'/proc/{self.backend}/schedstat', encoding='ascii') as stat:
      return int(stat.read().split()[0]) * 1e-9


  def close(self):
    self.psql.stdin.close()
    self.psql.stdout.close()
    self.psql.wait()


class Folded:
  """By CASE. OFFSET 0 keeps sub-selects from being evaluated several times."""

  def __init__(self, method, book):
    self.session = None
    self.server = Server()
    try:
      self.session = Session(self.server.folder)
      names = ', '.join(f'{name} bigint' if name in ('evidence', 'amount') else
                        f'{name} int' for name, _ in pb.INPUTS)
      self.session.ask(f'CREATE UNLOGGED TABLE book ({names})')
      self.copy(book)
    except BaseException:
      self.close()
      raise
    self.session.ask('VACUUM ANALYZE book')
    self.query = sql.folded(sql.by_case(method, sql.as_double, 'OFFSET 0'))
    self.row = None
    self.clock = self.session.cpu

  def copy(self, book):
    lines = io.StringIO()
    for row in zip(*(column.tolist() for column in book.columns().values())):
      lines.write('\t'.join(map(str, row)) + '\n')
    stdin = self.session.psql.stdin
    stdin.write('COPY book FROM STDIN;\n')
    stdin.write(lines.getvalue())
    stdin.write('\\.\n')

  def run(self):
    self.row = self.session.ask(self.query)

  def results(self):
    return sql.sums_of(self.row.split('|'))

  def close(self):
    if self.session is not None:
      self.session.close()
    self.server.close()


PEERS = (('PostgreSQL, CASE, folded to sums', '>= 350', 10**6, Folded),)
