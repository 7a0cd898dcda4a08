"""DuckDB, in memory, one thread."""

import peers_book as pb
import peers_sql as sql

try:
  import duckdb
  import pyarrow as pa
except ImportError:
  duckdb = None

ITEMS = (1 << pb.CONTRACT) - 1


class Query:
  """A select of all outputs, folded to sums or into a table."""

  def __init__(self, method, book, select, into_table):
    if duckdb is None:
      raise pb.Missing('duckdb, pyarrow')
    self.connection = duckdb.connect()
    self.connection.execute('SET threads = 1')
    self.fill('book', book.columns())
    self.select = select(self, method)
    self.into_table = into_table
    self.row = None

  def fill(self, table, columns):
    self.connection.register('given', pa.table(columns))
    self.connection.execute(f'CREATE TABLE {table} AS SELECT * FROM given')
    self.connection.unregister('given')

  def fill_rows(self, table, names, rows):
    self.fill(table, dict(zip(names, map(list, zip(*rows)))))

  def run(self):
    if self.into_table:
      self.connection.execute(
          f'CREATE OR REPLACE TABLE scores AS {self.select}')
    else:
      self.row = self.connection.execute(sql.folded(self.select)).fetchone()

  def results(self):
    row = self.row
    if self.into_table:
      row = self.connection.execute(
          sql.folded('SELECT * FROM scores')).fetchone()
    return sql.sums_of(row)


def by_case(_, method):
  return sql.by_case(method, sql.as_double)


# Which needed item is missing first: how many there are below it.
PLACE = (f'CASE WHEN (evidence & {1 << pb.CONTRACT}) <> 0 '
         f'THEN {pb.CONTRACT + 1} ELSE bit_count((evidence & {ITEMS}) & '
         f'~((evidence & {ITEMS}) + 1)) END')


def by_join(query, method):
  """Its best form: list look-ups and a CASE for the evidence are slower."""
  query.fill_rows('combination',
                  ('number', 'strength', 'weakest', 'product_ppm'),
                  sql.combinations(method))
  query.fill_rows('standing',
                  ('number', 'stage', 'milestone', 'probability_ppm'),
                  sql.places(method))
  rounded = sql.as_double('amount * probability_ppm', pb.CERTAIN)
  return (f'SELECT strength, weakest, product_ppm, stage, milestone, '
          f'probability_ppm, {rounded} AS expected_amount FROM book '
          f'JOIN combination ON combination.number = {sql.NUMBER} '
          f'JOIN standing ON standing.number = {PLACE} * 5 + outcome')


def form(select, into_table):
  return lambda method, book: Query(method, book, select, into_table)


PEERS = (
    ('DuckDB, CASE, folded to sums', '>= 130', 10**8, form(by_case, False)),
    ('DuckDB, CASE, into a table', '', 10**8, form(by_case, True)),
    ('DuckDB, one join, folded to sums', '>= 75', 10**8, form(by_join, False)),
    ('DuckDB, one join, into a table', '', 10**8, form(by_join, True)),
)
