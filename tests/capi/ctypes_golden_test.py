#!/usr/bin/env python3
"""The golden vectors through Python's ctypes, every field: a first binding,
which needs nothing but the headers and the library.

  ctypes_golden_test.py LIBFIVEK GOLDEN_FOLDER
"""

import contextlib
import ctypes
import glob
import json
import math
import os
import sys

from ctypes_library import Library

byref = ctypes.byref

# By field: what a vector holds as text since it has 64 bits.
WIDE = {
    'amount',
    'boundary',
    'due_amount',
    'expected',
    'expected_amount',
    'pushed_amount',
}
NOT_OFFERED = {'ppm_product', 'fnv1a64'}
LEVELS = (6, 8, 4, 7, 7)
TWO_COLUMNS = (0, 2, 3)
DIMENSIONS = ('problem', 'power', 'vision', 'value', 'control')
SCORE_OUT = {
    'strength': 'uint8_t',
    'weakest': 'uint8_t',
    'product_ppm': 'int32_t',
    'stage': 'uint8_t',
    'milestone': 'uint8_t',
    'probability_ppm': 'int32_t',
    'expected_amount': 'int64_t',
    'row_status': 'fivek_status',
}
SCORE_IN = dict.fromkeys(
    DIMENSIONS + ('by_decision_maker', 'outcome'), 'uint8_t'
)
SCORE_IN.update(evidence='uint32_t', amount='int64_t')
ROLLUP_IN = {
    'milestone': 'uint8_t',
    'outcome': 'uint8_t',
    'amount': 'int64_t',
    'probability_ppm': 'int32_t',
    'owner': 'uint32_t',
}
UNTOUCHED = 0x5B
BEHIND = 4
# By bit of fivek_forecast_quality.undefined.
UNDEFINED = {
    'brier_skill': 'FIVEK_UNDEFINED_BRIER_SKILL',
    'auc': 'FIVEK_UNDEFINED_AUC',
    'spiegelhalter_z': 'FIVEK_UNDEFINED_SPIEGELHALTER',
}
# By bit of fivek_slippage.undefined.
SLIPPAGE_UNDEFINED = {
    'push_amount_rate': 'FIVEK_SLIPPAGE_NO_AMOUNT',
    'mean_pushes': 'FIVEK_SLIPPAGE_NO_DEALS',
}
FIRST_DAY = -719162
NO_CLOSE_DAY = -(2**31)
UNKNOWN = 255
RUNG = (
    'visits',
    'advanced',
    'lost',
    'moved_back',
    'open',
    'observed',
    'standard_error',
    'lowest',
    'highest',
    'prior',
    'strength',
    'conversion',
    'back',
    'through',
)


def spelled(value):
  """A number as the vectors have it."""
  if isinstance(value, float) and not math.isfinite(value):
    return str(value)
  return value


def agrees(have, want, rel_tol):
  """Exactly, or numbers within rel_tol x max(1, |want|)."""
  numbers = (int, float)
  if rel_tol and isinstance(want, numbers) and isinstance(have, numbers):
    return abs(have - want) <= rel_tol * max(1, abs(want))
  if isinstance(want, list) and isinstance(have, list):
    return len(have) == len(want) and all(
        agrees(*pair, rel_tol) for pair in zip(have, want)
    )
  if isinstance(want, dict) and isinstance(have, dict):
    return have.keys() == want.keys() and all(
        agrees(have[key], want[key], rel_tol) for key in want
    )
  return have == want


class Golden:
  """One method for each `fn`: takes the input, gives what is expected."""

  def __init__(self, path):
    self.f = Library(path)

  # ---- Helpers ----------------------------------------------------

  def ask(self, function, *arguments, outs):
    """The status of a call whose outputs stand before its error, and these."""
    values = [self.f.types[kind]() for kind in outs]
    status = getattr(self.f, function)(*arguments, *map(byref, values), None)
    return status, [v.value for v in values]

  def fields(self, struct, leave_out=('struct_size',)):
    return {
        name: self.plain(name, getattr(struct, name))
        for name, *_ in struct._fields_
        if name not in leave_out
    }

  @staticmethod
  def plain(name, value):
    if isinstance(value, ctypes.Array):
      return list(value)
    return str(value) if name in WIDE else value

  def assessment(self, given):
    kind = self.f.types['fivek_assessment']
    return kind(
        (ctypes.c_uint8 * 5)(*given['level']),
        given['by_decision_maker'],
        (ctypes.c_uint8 * 2)(*given.get('reserved', (0, 0))),
    )

  def policy(self, document):
    """A policy of a JSON document, for a `with`; None is the built-in."""
    return Policy(self.f, document)

  def array(self, kind, numbers):
    return (self.f.types[kind] * len(numbers))(*map(int, numbers))

  def columns(self, struct, given, kinds):
    """Puts the columns that are given into a struct. They have to outlive
    it, so they come back."""
    arrays = {
        name: self.array(kinds[name], numbers)
        for name, numbers in given.items()
    }
    for name, array in arrays.items():
      setattr(struct, name, ctypes.cast(array, dict(struct._fields_)[name]))
    return arrays

  # ---- Rubric and strength ----------------------------------------

  def rubric_points(self, given):
    status, (points,) = self.ask(
        'fivek_rubric_points',
        None,
        given['dimension'],
        given['level'],
        given['by_decision_maker'],
        outs=['int32_t'],
    )
    return {'status': status, 'points': points}

  def strength_of(self, policy, assessment):
    out = self.f.sized('fivek_strength')
    status = self.f.fivek_strength_of(
        policy, byref(assessment), byref(out), None
    )
    return {'status': status, **self.fields(out)}

  def fivek_strength_of(self, given):
    return self.strength_of(None, self.assessment(given))

  def strength_of_points(self, given):
    rubric = {
        name: {
            str(level): {'sponsor': points, 'decision_maker': points}
            if d in TWO_COLUMNS
            else {'points': points}
            for level in range(LEVELS[d])
        }
        for d, (name, points) in enumerate(zip(DIMENSIONS, given['points']))
    }
    with self.policy({'fivek_policy': 1, 'rubric': rubric}) as policy:
      result = self.strength_of(
          policy, self.assessment({'level': [0] * 5, 'by_decision_maker': 0})
      )
    return {
        key: result[key]
        for key in ('status', 'total', 'product_ppm', 'balanced', 'weakest')
    }

  # ---- Evidence and milestones ------------------------------------

  def standing(self, evidence):
    out = self.f.sized('fivek_standing')
    status = self.f.fivek_standing_of(None, evidence, None, 0, byref(out), None)
    short, values = self.ask(
        'fivek_milestone_of',
        None,
        evidence,
        outs=['int32_t', 'int32_t', 'int32_t', 'uint32_t'],
    )
    assert status == short == 0
    assert values == [
        out.stage,
        out.milestone,
        out.yield_ppm,
        out.missing_for_next,
    ]
    return out

  def fivek_milestone_of(self, given):
    out = self.standing(given['evidence'])
    return {
        'status': 0,
        'stage': out.stage,
        'milestone': out.milestone,
        'yield_ppm': out.yield_ppm,
        'missing_for_next': out.missing_for_next,
    }

  def skipped_items(self, given):
    return {'status': 0, 'skipped': self.standing(given['evidence']).skipped}

  def rule(self, item):
    out = self.f.sized('fivek_evidence_rule')
    return self.f.fivek_evidence_rule_of(None, item, byref(out), None), out

  def evidence_item(self, given):
    status, rule = self.rule(given['item'])
    result = {
        'status': status,
        'stage': rule.stage,
        'gate': None,
        'gate_yield_ppm': None,
    }
    if status == 0 and rule.gate != 0:
      items = range(self.f.constants['FIVEK_EVIDENCE_COUNT'])
      gates = [self.rule(item)[1].gate for item in items]
      standing = self.standing(
          sum(1 << item for item in items if 0 < gates[item] <= rule.gate)
      )
      assert standing.milestone == rule.gate
      result.update(gate=rule.gate, gate_yield_ppm=standing.yield_ppm)
    return result

  def evidence_proven(self, given):
    item = given['item']
    contract = self.f.constants['FIVEK_EVIDENCE_CONTRACT']
    own = self.f.constants['FIVEK_EVIDENCE_COUNT']
    proven = []
    for shown_by in range(8):
      proven.append([])
      for proof in range(6):
        state = self.opportunity(0)
        event = self.f.types['fivek_event']()
        if contract < item < own:
          event.code = contract
          assert self.apply(None, event, state) == 0
        event.code, event.shown_by, event.proof = item, shown_by, proof
        assert self.apply(None, event, state) == 0
        says = state.proven >> item & 1
        if item < own:
          assert self.ask(
              'fivek_evidence_is_proven',
              None,
              item,
              shown_by,
              proof,
              outs=['int32_t'],
          ) == (0, [says])
        proven[-1].append(says)
    return {'status': 0, 'proven': proven}

  # ---- The opportunity --------------------------------------------

  def opportunity(self, created_at):
    state = self.f.types['fivek_opportunity']()
    assert self.f.fivek_opportunity_init(byref(state), created_at, None) == 0
    return state

  def apply(self, policy, event, state):
    return self.f.fivek_opportunity_apply(
        policy, byref(state), byref(event), None
    )

  def fivek_opportunity_init(self, given):
    state = self.opportunity(given['created_at'])
    return {'status': 0, 'state': self.fields(state)}

  def fivek_opportunity_apply(self, given):
    kind = self.f.types['fivek_opportunity']
    state = (
        kind(**given['state'])
        if 'state' in given
        else self.opportunity(given['created_at'])
    )
    events = (self.f.types['fivek_event'] * len(given['events']))()
    for number, (event, fields) in enumerate(zip(events, given['events'])):
      for name, value in fields.items():
        setattr(event, name, value)
      event.reference = number
    table = (kind * 1)(kind.from_buffer_copy(state))
    statuses = (ctypes.c_int32 * len(events))()
    document = (
        {'fivek_policy': 1, 'unproven': given['unproven']}
        if 'unproven' in given
        else None
    )
    results = []
    with self.policy(document) as policy:
      for event in events:
        status = self.apply(policy, event, state)
        results.append({'status': status, 'state': self.fields(state)})
      assert (
          self.f.fivek_apply_events(
              policy,
              table,
              1,
              (ctypes.c_uint32 * len(events))(),
              events,
              len(events),
              statuses,
              None,
              None,
          )
          == 0
      )
    assert list(statuses) == [r['status'] for r in results]
    assert bytes(table[0]) == bytes(state)
    return results

  # ---- Money and calendar -----------------------------------------

  def expected_amount(self, given):
    status, (amount,) = self.ask(
        'fivek_amount_expect',
        None,
        int(given['amount']),
        given['ppm'],
        outs=['int64_t'],
    )
    return {'status': status, 'expected_amount': str(amount)}

  def expected_total(self, given):
    status, (total,) = self.ask(
        'fivek_amount_total',
        None,
        self.array('int64_t', given['amount']),
        self.array('int32_t', given['ppm']),
        len(given['amount']),
        outs=['int64_t'],
    )
    return {'status': status, 'expected_amount': str(total)}

  def days_of_date(self, given):
    date = [given['year'], given['month'], given['day']]
    status, (day,) = self.ask('fivek_day_from_date', *date, outs=['int32_t'])
    if status == 0:
      assert self.ask('fivek_day_to_date', day, outs=['int32_t'] * 3) == (
          0,
          date,
      )
    return {'status': status, 'days': day}

  def parsed(self, function, kind, text):
    text = text.encode()
    status, (value,) = self.ask(function, text, len(text), outs=[kind])
    return status, value

  def parse_date(self, given):
    status, day = self.parsed('fivek_day_parse', 'int32_t', given['text'])
    if status == 0:
      text = ctypes.create_string_buffer(11)
      needed = ctypes.c_size_t()
      assert self.f.fivek_day_format(day, text, 11, byref(needed), None) == 0
      assert text.value.decode() == given['text']
    return {'status': status, 'days': day}

  def parse_instant(self, given):
    status, instant = self.parsed(
        'fivek_instant_parse', 'int64_t', given['text']
    )
    return {'status': status, 'seconds': instant}

  # ---- The buying cycle and the audit -----------------------------

  def stage_of_seven_step(self, given):
    status, (stage,) = self.ask(
        'fivek_step_stage', given['step'], outs=['int32_t']
    )
    return {'status': status, 'stage': stage}

  def alignment(self, given):
    out = self.f.sized('fivek_alignment')
    status = self.f.fivek_actions_measure(
        self.array('uint8_t', given['action']),
        self.array('uint8_t', given['stage']),
        len(given['action']),
        byref(out),
        None,
    )
    steps = [
        self.ask('fivek_action_align', action, stage, outs=['int32_t'])
        for action, stage in zip(given['action'], given['stage'])
    ]
    assert all(s == status for s, _ in steps)
    return {
        'status': status,
        'delta': [delta for _, (delta,) in steps],
        'aligned': out.aligned,
        'ahead': out.ahead,
        'behind': out.behind,
        'total': out.aligned + out.ahead + out.behind,
        'share_ppm': out.aligned_ppm if out.aligned_ppm >= 0 else None,
    }

  def compare(self, customers):
    share, difference = (ctypes.c_int32 * 6)(), (ctypes.c_int32 * 6)()
    status = self.f.fivek_market_compare(
        self.array('int64_t', customers), share, difference, None
    )
    return status, list(share), list(difference)

  def market_shares(self, given):
    status, share, difference = self.compare(given['accounts'])
    _, one, off = self.compare([1, 0, 0, 0, 0, 0])
    return {
        'status': status,
        'share_ppm': [s if s >= 0 else None for s in share],
        'gap_ppm': [d if s >= 0 else None for s, d in zip(share, difference)],
        'reference_ppm': [a - b for a, b in zip(one, off)],
    }

  def claimed_milestone(self, given):
    status, (milestone,) = self.ask(
        'fivek_claim_milestone', None, given['ppm'], outs=['int32_t']
    )
    return {'status': status, 'milestone': milestone}

  def claim_audit(self, given):
    claimed = self.claimed_milestone(given)
    if claimed['status'] != 0:
      return claimed
    out = self.f.sized('fivek_claim')
    status = self.f.fivek_claim_audit(
        None, claimed['milestone'], given['evidence'], 0, byref(out), None
    )
    return {
        'status': status,
        'claimed_milestone': out.claimed,
        'supported_milestone': out.supported,
        'rungs': out.rungs,
        'verdict': ('in_line', 'over', 'under')[out.verdict],
        'missing': out.missing,
    }

  def score_contradictions(self, given):
    status, (broken,) = self.ask(
        'fivek_score_rules_broken',
        None,
        byref(self.assessment(given)),
        given['evidence'],
        outs=['uint32_t'],
    )
    return {
        'status': status,
        'rules': [rule for rule in range(32) if broken >> rule & 1],
    }

  # ---- Columns ----------------------------------------------------

  def fivek_score_columns(self, given):
    rows = given['rows']
    source = self.f.sized('fivek_score_in')
    target = self.f.sized('fivek_score_out')
    kept = self.columns(source, given['columns'], SCORE_IN)
    made = {}
    for name in given['wanted']:
      made[name] = (self.f.types[SCORE_OUT[name]] * (rows + BEHIND))()
      ctypes.memset(made[name], UNTOUCHED, ctypes.sizeof(made[name]))
      setattr(
          target, name, ctypes.cast(made[name], dict(target._fields_)[name])
      )
    bad_rows = ctypes.c_size_t()
    error = self.f.sized('fivek_error', row=-1, column=-1)
    rest = (byref(source), byref(target), rows, byref(bad_rows), byref(error))
    with self.policy(given.get('policy')) as policy:
      if 'calibration' in given:
        learned = given['calibration']
        calibration = self.f.sized(
            'fivek_calibration', buckets=learned['buckets']
        )
        kept['of the calibration'] = self.columns(
            calibration,
            {k: v for k, v in learned.items() if k != 'buckets'},
            {'ppm': 'int32_t', 'age_bucket': 'uint8_t'},
        )
        status = self.f.fivek_score_columns_calibrated(
            policy, byref(calibration), *rest
        )
      else:
        status = self.f.fivek_score_columns(policy, *rest)
    result = {'status': status, 'bad_rows': bad_rows.value}
    written = rows
    if status != 0:
      result.update(row=error.row, column=error.column)
      written = max(error.row, 0)
    for name, column in made.items():
      size = ctypes.sizeof(column) // (rows + BEHIND)
      assert set(bytes(column)[written * size :]) <= {UNTOUCHED}, name
      result[name] = [self.plain(name, v) for v in column[:written]]
    return result

  # ---- Roll-ups ---------------------------------------------------

  def group(self, status, group):
    if status != 0:
      return {'status': status}
    return {'status': 0, **self.fields(group, ('struct_size', 'reserved'))}

  def rollup_json(self, rollup):
    count = ctypes.c_size_t()
    assert self.f.fivek_rollup_groups(rollup, byref(count), None) == 0
    group = self.f.sized('fivek_rollup_group')
    groups = []
    for index in range(count.value):
      status = self.f.fivek_rollup_group_of(rollup, index, byref(group), None)
      groups.append(self.group(status, group))
    status = self.f.fivek_rollup_total(rollup, byref(group), None)
    needed = ctypes.c_size_t()
    assert self.f.fivek_rollup_write(rollup, None, 0, byref(needed), None) == 0
    form = (ctypes.c_uint8 * needed.value)()
    assert (
        self.f.fivek_rollup_write(rollup, form, needed, byref(needed), None)
        == 0
    )
    return {
        'status': 0,
        'groups': groups,
        'total': self.group(status, group),
        'bytes': bytes(form).hex(),
    }

  def fivek_rollup_add(self, given):
    rollup = ctypes.POINTER(self.f.types['fivek_rollup'])()
    assert self.f.fivek_rollup_create(given['by'], byref(rollup), None) == 0
    source = self.f.sized('fivek_rollup_in')
    kept = self.columns(source, given['columns'], ROLLUP_IN)
    error = self.f.sized('fivek_error')
    status = self.f.fivek_rollup_add(
        rollup, byref(source), given['rows'], byref(error)
    )
    del kept
    result = (
        self.rollup_json(rollup)
        if status == 0
        else {'status': status, 'row': error.row, 'column': error.column}
    )
    self.f.fivek_rollup_release(rollup)
    return result

  def fivek_rollup_read(self, given):
    form = bytes.fromhex(given['bytes'])
    rollup = ctypes.POINTER(self.f.types['fivek_rollup'])()
    status = self.f.fivek_rollup_read(
        (ctypes.c_uint8 * len(form))(*form), len(form), byref(rollup), None
    )
    if status != 0:
      return {'status': status}
    result = self.rollup_json(rollup)
    self.f.fivek_rollup_release(rollup)
    return result

  # ---- Forecasts and outcomes -------------------------------------

  def reals(self, numbers):
    """float() reads 'nan' and 'inf'."""
    return (ctypes.c_double * len(numbers))(*map(float, numbers))

  def fivek_wilson(self, given):
    status, values = self.ask(
        'fivek_wilson',
        given['successes'],
        given['trials'],
        float(given['z']),
        outs=['double'] * 3,
    )
    return {'status': status, **dict(zip(('rate', 'low', 'high'), values))}

  def fivek_forecasts_evaluate(self, given):
    out = self.f.sized('fivek_forecast_quality')
    error = self.f.sized('fivek_error')
    status = self.f.fivek_forecasts_evaluate(
        self.reals(given['forecast']),
        self.array('uint8_t', given['won']),
        len(given['won']),
        byref(out),
        byref(error),
    )
    if status != 0:
      return {'status': status, 'row': error.row, 'column': error.column}
    result = self.fields(out, ('struct_size', 'undefined'))
    for name, bit in UNDEFINED.items():
      if out.undefined & self.f.constants[bit]:
        assert result[name] == 0
        result[name] = None
    return {'status': 0, **result}

  def fivek_forecasts_reliability(self, given):
    count = self.f.constants['FIVEK_FORECAST_BINS']
    bins = (self.f.types['fivek_reliability_bin'] * count)()
    error = self.f.sized('fivek_error')
    status = self.f.fivek_forecasts_reliability(
        self.reals(given['forecast']),
        self.array('uint8_t', given['won']),
        len(given['won']),
        given['binning'],
        float(given['z']),
        bins,
        byref(error),
    )
    if status != 0:
      return {'status': status, 'row': error.row, 'column': error.column}
    return {
        'status': 0,
        **{
            name: [getattr(one, name) for one in bins]
            for name, *_ in bins._type_._fields_
        },
    }

  def fivek_forecasts_compare(self, given):
    out = self.f.sized('fivek_forecast_gate')
    error = self.f.sized('fivek_error')
    status = self.f.fivek_forecasts_compare(
        self.reals(given['base']),
        self.reals(given['model']),
        self.array('uint8_t', given['won']),
        len(given['won']),
        byref(out),
        byref(error),
    )
    if status != 0:
      return {'status': status, 'row': error.row, 'column': error.column}
    result = self.fields(out, ('struct_size', 'undefined', 'reserved'))
    if out.undefined & self.f.constants['FIVEK_UNDEFINED_GATE_Z']:
      assert out.z == 0
      result['z'] = None
    return {'status': 0, **result}

  def fivek_isotonic_fit(self, given):
    count = len(given['value'])
    fit = (ctypes.c_double * count)()
    error = self.f.sized('fivek_error')
    status = self.f.fivek_isotonic_fit(
        self.reals(given['value']),
        self.reals(given['weight']) if 'weight' in given else None,
        count,
        fit,
        byref(error),
    )
    if status != 0:
      return {'status': status, 'row': error.row, 'column': error.column}
    return {'status': 0, 'fit': list(fit)}

  # ---- The history ------------------------------------------------

  def call(self, function, *arguments):
    """The status of a call, and of a refusal all that is expected of it."""
    error = self.f.sized('fivek_error', row=-1, column=-1)
    status = getattr(self.f, function)(*arguments, byref(error))
    if status == 0:
      return None
    return {'status': status, 'row': error.row, 'column': error.column}

  def out(self, struct, leave_out=()):
    """The fields of a struct; of numbers that are not finite, the text."""
    fields = self.fields(struct, ('struct_size', 'reserved', *leave_out))
    return {'status': 0, **{k: spelled(v) for k, v in fields.items()}}

  def room(self, kind, count):
    return (self.f.types[kind] * count)()

  def all_of(self, function, arguments, kind):
    """A list: first how long it is, then all of it."""
    count = ctypes.c_size_t()
    refused = self.call(function, *arguments, None, 0, byref(count))
    rows = self.room(kind, count.value)
    if refused is None:
      again = self.call(function, *arguments, rows, len(rows), byref(count))
      assert again is None
    return refused, rows

  def as_columns(self, structs, leave_out=('reserved',)):
    return {
        name: [getattr(one, name) for one in structs]
        for name, *_ in structs._type_._fields_
        if name not in leave_out
    }

  def optional(self, given, name):
    return self.reals(given[name]) if name in given else None

  def days(self, given, name):
    return self.array('int32_t', given[name]) if name in given else None

  def fivek_rate_shrink(self, given):
    names = ('prior', 'strength', 'successes', 'trials')
    out = self.f.sized('fivek_rate')
    numbers = [float(given[name]) for name in names]
    return self.call('fivek_rate_shrink', *numbers, byref(out)) or self.out(out)

  def fivek_beta_binomial_fit(self, given):
    out = self.f.sized('fivek_beta_binomial')
    return self.call(
        'fivek_beta_binomial_fit',
        self.reals(given['successes']),
        self.reals(given['trials']),
        len(given['trials']),
        byref(out),
    ) or self.out(out)

  def fivek_absorbing_chain_solve(self, given):
    won = self.reals(given['won'])
    wins = self.room('double', len(won))
    return self.call(
        'fivek_absorbing_chain_solve',
        self.reals(given['moves']),
        won,
        len(won),
        wins,
    ) or {'status': 0, 'probability': list(wins)}

  def fivek_rates_shrink_down(self, given):
    names = ('strength', 'successes', 'trials')
    out = self.room('fivek_estimate', len(given['trials']))
    return self.call(
        'fivek_rates_shrink_down',
        float(given['prior']),
        *(self.reals(given[name]) for name in names),
        len(out),
        out,
    ) or {'status': 0, **self.as_columns(out)}

  def fivek_ladder_to_conversions(self, given):
    ladder = self.reals(given['probability'])
    out = self.room('double', max(len(ladder) - 1, 0))
    return self.call(
        'fivek_ladder_to_conversions', ladder, len(ladder), out
    ) or {'status': 0, 'conversion': list(out)}

  def fivek_conversions_to_ladder(self, given):
    conversions = self.reals(given['conversion'])
    out = self.room('double', len(conversions) + 1)
    return self.call(
        'fivek_conversions_to_ladder', conversions, len(conversions), out
    ) or {'status': 0, 'probability': list(out)}

  def fivek_five_k_of(self, given):
    out = self.f.sized('fivek_five_k')
    return self.call(
        'fivek_five_k_of', self.array('uint8_t', given['points']), byref(out)
    ) or self.out(out)

  def fivek_competing_risks_fit(self, given):
    out = self.f.sized('fivek_competing_risks')
    return self.call(
        'fivek_competing_risks_fit',
        self.days(given, 'entry'),
        self.days(given, 'time'),
        self.array('uint8_t', given['event']),
        len(given['time']),
        byref(out),
    ) or self.out(out)

  def fivek_durations_fit(self, given):
    out = self.f.sized('fivek_durations')
    arguments = (
        self.days(given, 'time'),
        self.array('uint8_t', given['ended']),
        self.days(given, 'entry'),
        len(given['time']),
        given['tau'],
        byref(out),
    )
    refused, steps = self.all_of(
        'fivek_durations_fit', arguments, 'fivek_duration_step'
    )
    if refused:
      return refused
    result = self.out(out, ['has_restricted_mean'])
    if not out.has_restricted_mean:
      assert result['restricted_mean'] == 0
      result['restricted_mean'] = None
    for name in ('day', 'at_risk', 'survival', 'se'):
      result[name] = [getattr(step, name) for step in steps]
    result['ended_then'] = [step.ended for step in steps]
    return result

  def fivek_stalled_find(self, given):
    count = len(given['ages'])
    threshold = ctypes.c_int32()
    stalled, share = self.room('uint8_t', count), self.room('double', count)
    return self.call(
        'fivek_stalled_find',
        self.days(given, 'winners'),
        len(given['winners']),
        *given['q'],
        self.days(given, 'ages'),
        count,
        byref(threshold),
        stalled,
        share,
    ) or {
        'status': 0,
        'threshold': threshold.value,
        'stalled': list(stalled),
        'share_longer': list(share),
    }

  def fivek_velocity(self, given):
    amount, per_day = ctypes.c_int64(), ctypes.c_double()
    return self.call(
        'fivek_velocity',
        given['open_deals'],
        *given['win'],
        int(given['average_won']),
        given['cycle_days'],
        given['days'],
        byref(amount),
        byref(per_day),
    ) or {'status': 0, 'amount': str(amount.value), 'per_day': per_day.value}

  def fivek_coverage(self, given):
    goal_met, coverage = ctypes.c_int32(), ctypes.c_double()
    return self.call(
        'fivek_coverage',
        *(int(given[name]) for name in ('open', 'goal', 'won')),
        byref(goal_met),
        byref(coverage),
    ) or {
        'status': 0,
        'goal_met': goal_met.value,
        'coverage': spelled(coverage.value),
    }

  def fivek_coverage_needed(self, given):
    coverage = ctypes.c_double()
    return self.call(
        'fivek_coverage_needed',
        *(int(given[name]) for name in ('won', 'lost')),
        byref(coverage),
    ) or {'status': 0, 'coverage': spelled(coverage.value)}

  def fivek_funnel_reached(self, given):
    funnel = self.room('fivek_funnel_rung', max(given['rungs'], 0))
    return self.call(
        'fivek_funnel_reached',
        self.array('uint8_t', given['highest']),
        len(given['highest']),
        given['rungs'],
        float(given['z']),
        funnel,
    ) or {'status': 0, **self.as_columns(funnel)}

  def fivek_slippage_measure(self, given):
    out = self.f.sized('fivek_slippage')
    arguments = (
        self.array('uint8_t', given['state']),
        self.array('int64_t', given['amount']),
        self.days(given, 'pushes'),
        len(given['state']),
        float(given['z']),
        byref(out),
    )
    refused, times = self.all_of(
        'fivek_slippage_measure', arguments, 'fivek_pushed_times'
    )
    if refused:
      return refused
    result = self.out(out, ['undefined'])
    for name, bit in SLIPPAGE_UNDEFINED.items():
      if out.undefined & self.f.constants[bit]:
        assert result[name] == 0
        result[name] = None
    result['times'] = [
        self.fields(group, ('reserved',)) for group in times
    ]
    return result

  def fivek_activity_plan(self, given):
    steps = given['conversions']
    plan = self.room('int64_t', len(steps) + 1)
    return self.call(
        'fivek_activity_plan',
        int(given['goal']),
        int(given['average_won']),
        self.array('int64_t', [n for n, _ in steps]),
        self.array('int64_t', [d for _, d in steps]),
        len(steps),
        plan,
    ) or {'status': 0, 'plan': [str(step) for step in plan]}

  def fivek_productivity_of(self, given):
    change = self.f.sized('fivek_activity_change')
    for name in ('before', 'after', 'calls_per_deal'):
      numerator, denominator = given[name]
      setattr(change, f'{name}_numerator', numerator)
      setattr(change, f'{name}_denominator', denominator)
    for name in ('sellers', 'working_days', 'average_won'):
      setattr(change, name, int(given[name]))
    out = self.f.sized('fivek_productivity')
    return self.call(
        'fivek_productivity_of', byref(change), byref(out)
    ) or self.out(out)

  def fivek_sellers_rank(self, given):
    count = len(given['won'])
    used = self.room('double', 2)
    sellers = self.room('fivek_seller_rate', count)
    return self.call(
        'fivek_sellers_rank',
        self.array('int64_t', given['won']),
        self.array('int64_t', given['closed']),
        self.optional(given, 'expected'),
        count,
        self.optional(given, 'prior'),
        used,
        sellers,
    ) or {
        'status': 0,
        'used': [spelled(x) for x in used],
        **self.as_columns(sellers),
    }

  def fivek_top_share(self, given):
    count = len(given['values'])
    weight = self.room('double', count)
    out = self.f.sized('fivek_share')
    return self.call(
        'fivek_top_share',
        self.array('int64_t', given['values']),
        count,
        *given['share'],
        given['end'],
        given['ties'],
        weight,
        byref(out),
    ) or {**self.out(out), 'weight': list(weight)}

  # ---- Visits and the ladder --------------------------------------

  def rows(self, kind, rows):
    """An array of structs whose first fields are given."""
    struct = self.f.types[kind]
    return (struct * len(rows))(*(struct(*row) for row in rows))

  def fivek_visits_from_moves(self, given):
    moves = self.rows('fivek_stage_move', given['moves'])
    refused, visits = self.all_of(
        'fivek_visits_from_moves',
        (moves, len(moves), given['as_of']),
        'fivek_stage_visit',
    )
    names = [name for name, *_ in self.f.types['fivek_stage_visit']._fields_]
    return refused or {
        'status': 0,
        'visits': [[getattr(v, n) for n in names[:-1]] for v in visits],
    }

  @contextlib.contextmanager
  def visits(self, given):
    """The statistics of the visits of a case."""
    handle = ctypes.POINTER(self.f.types['fivek_visits'])()
    added = self.rows('fivek_stage_visit', given['visits'])
    since = given.get('from', FIRST_DAY)
    assert not self.call(
        'fivek_visits_create', since, given['as_of'], byref(handle)
    )
    assert not self.call('fivek_visits_add', handle, added, len(added))
    yield handle
    self.f.fivek_visits_release(handle)

  def learned(self, given, result):
    """What `result` makes of a ladder and the group of a case."""
    options = self.f.sized(
        'fivek_ladder_options',
        strength=float(given['strength']),
        learn_strength=given.get('learn_strength', 0),
    )
    ladder = ctypes.POINTER(self.f.types['fivek_ladder'])()
    with self.visits(given) as visits:
      refused = self.call(
          'fivek_ladder_fit', None, visits, byref(options), byref(ladder)
      )
    if refused:
      return refused
    group = self.f.types['fivek_ladder_group'](*given.get('group', ()))
    fields = result(ladder, byref(group))
    self.f.fivek_ladder_release(ladder)
    return {'status': 0, **fields}

  def listed(self, function, handle, kind):
    """Whether it was refused, and the list that is kept in a handle."""
    refused, rows = self.all_of(function, (handle,), kind)
    names = [name for name, *_ in self.f.types[kind]._fields_]
    return refused, [[getattr(row, n) for n in names] for row in rows]

  def fivek_visits_window(self, given):
    since, as_of = ctypes.c_int32(), ctypes.c_int32()
    added = ctypes.c_int64()
    with self.visits(given) as visits:
      refused = self.call(
          'fivek_visits_window',
          visits,
          byref(since),
          byref(as_of),
          byref(added),
      )
    return refused or {
        'status': 0,
        'from': since.value,
        'as_of': as_of.value,
        'added': added.value,
    }

  def fivek_visits_counts(self, given):
    with self.visits(given) as visits:
      refused, counts = self.listed(
          'fivek_visits_counts', visits, 'fivek_visit_count'
      )
    return refused or {'status': 0, 'counts': counts}

  def fivek_ladder_groups(self, given):
    def result(ladder, _):
      refused, groups = self.listed(
          'fivek_ladder_groups', ladder, 'fivek_ladder_group'
      )
      return refused or {'groups': groups}

    return self.learned(given, result)

  def asked(self, given, function, *columns, kind='fivek_estimate'):
    """The estimates of a function that is called once a row."""

    def result(ladder, group):
      out = self.room('fivek_estimate', len(given['milestone']))
      for estimate, row in zip(out, zip(*(given[name] for name in columns))):
        one = (
            estimate
            if kind == 'fivek_estimate'
            else self.f.sized(kind)
        )
        refused = self.call(function, ladder, group, *row, byref(one))
        if refused:
          return refused
        if kind == 'fivek_rung':
          ctypes.pointer(estimate)[0] = one.conversion
      return self.as_columns(out)

    return self.learned(given, result)

  def fivek_ladder_won(self, given):
    return self.asked(given, 'fivek_ladder_won', 'milestone')

  def fivek_ladder_explain(self, given):
    return self.asked(
        given, 'fivek_ladder_explain', 'milestone', kind='fivek_rung'
    )

  def fivek_ladder_won_at_age(self, given):
    return self.asked(given, 'fivek_ladder_won_at_age', 'milestone', 'days')

  def fivek_ladder_won_within(self, given):
    def result(ladder, group):
      count = len(given['days'])
      out = self.room('fivek_estimate', count)
      statuses = self.room('fivek_status', count)
      return self.call(
          'fivek_ladder_won_within',
          ladder,
          group,
          given['horizon'],
          self.days(given, 'milestone'),
          self.days(given, 'days'),
          count,
          out,
          statuses if given['by_row'] else None,
      ) or {**self.as_columns(out), 'row_status': list(statuses)}

    return self.learned(given, result)

  def fivek_ladder_explain_ages(self, given):
    def result(ladder, _):
      ages = self.room(
          'fivek_rung_age', self.f.constants['FIVEK_AGE_BUCKETS']
      )
      return self.call(
          'fivek_ladder_explain_ages', ladder, given['milestone'], ages
      ) or self.as_columns(ages)

    return self.learned(given, result)

  def fivek_ladder_fit(self, given):
    def result(ladder, group):
      estimate = self.f.types['fivek_estimate']()
      rung = self.f.sized('fivek_rung')
      fields = {name: [] for name in ('won', *RUNG)}
      for milestone in range(7):
        where = (ladder, group, milestone)
        assert not self.call('fivek_ladder_won', *where, byref(estimate))
        fields['won'].append(estimate.value)
        if milestone == 6:
          continue
        assert not self.call('fivek_ladder_explain', *where, byref(rung))
        assert rung.won.value == estimate.value
        for name in RUNG:
          fields[name].append(spelled(getattr(rung, name)))
        fields['conversion'][-1] = rung.conversion.value
      return fields

    return self.learned(given, result)

  def fivek_ladder_table(self, given):
    def result(ladder, group):
      ppm = self.room('int32_t', 7 * self.f.constants['FIVEK_AGE_BUCKETS'])
      return self.call('fivek_ladder_table', ladder, group, ppm) or {
          'ppm': list(ppm)
      }

    return self.learned(given, result)

  def fivek_martingale_check(self, given):
    gaps = self.room('fivek_martingale_gap', 6)
    with self.visits(given) as visits:
      refused = self.call(
          'fivek_martingale_check',
          visits,
          self.reals(given['probability']),
          gaps,
      )
    names = ('moves', 'said', 'mean_next', 'gap', 'standard_error')
    return refused or {
        'status': 0,
        **{name: [getattr(gap, name) for gap in gaps] for name in names},
    }

  def fivek_ages_bucket(self, given):
    bucket = self.room('uint8_t', len(given['days']))
    return self.call(
        'fivek_ages_bucket', self.days(given, 'days'), len(bucket), bucket
    ) or {'status': 0, 'bucket': list(bucket)}

  # ---- Snapshots and movement -------------------------------------

  def created(self, book):
    """A refusal and nothing, or nothing and a snapshot."""
    kind = self.f.types['fivek_snapshot_row']
    rows = (kind * len(book['rows']))()
    for row, (deal, amount, day, outcome, milestone) in zip(rows, book['rows']):
      row.deal, row.amount, row.outcome = int(deal), int(amount), outcome
      row.close_day = NO_CLOSE_DAY if day is None else day
      row.milestone = UNKNOWN if milestone is None else milestone
    handle = ctypes.POINTER(self.f.types['fivek_snapshot'])()
    refused = self.call(
        'fivek_snapshot_create',
        int(book['taken_at']),
        int(book['policy_hash']),
        rows,
        len(rows),
        byref(handle),
    )
    return refused, handle

  def snapshot(self, handle):
    """What a snapshot holds; it is released."""
    taken_at, policy_hash = ctypes.c_int64(), ctypes.c_uint64()
    refused, rows = self.all_of(
        'fivek_snapshot_rows',
        (handle, byref(taken_at), byref(policy_hash)),
        'fivek_snapshot_row',
    )
    also, form = self.all_of('fivek_snapshot_write', (handle,), 'uint8_t')
    assert refused is None and also is None
    self.f.fivek_snapshot_release(handle)
    return {
        'status': 0,
        'taken_at': str(taken_at.value),
        'policy_hash': str(policy_hash.value),
        'rows': [
            [
                str(row.deal),
                str(row.amount),
                None if row.close_day == NO_CLOSE_DAY else row.close_day,
                row.outcome,
                None if row.milestone == UNKNOWN else row.milestone,
            ]
            for row in rows
        ],
        'bytes': bytes(form).hex(),
    }

  def fivek_snapshot_create(self, given):
    refused, handle = self.created(given)
    return refused or self.snapshot(handle)

  def fivek_snapshot_read(self, given):
    form = bytes.fromhex(given['bytes'])
    handle = ctypes.POINTER(self.f.types['fivek_snapshot'])()
    return self.call(
        'fivek_snapshot_read',
        (ctypes.c_uint8 * len(form))(*form),
        len(form),
        byref(handle),
    ) or self.snapshot(handle)

  @contextlib.contextmanager
  def books(self, given):
    """Both snapshots and the period, as the functions want them."""
    handles = []
    for name in ('then', 'now'):
      refused, handle = self.created(given[name])
      assert not refused
      handles.append(handle)
    yield (*handles, given['from_day'], given['to_day'])
    for handle in handles:
      self.f.fivek_snapshot_release(handle)

  def fivek_movement_of(self, given):
    out = self.f.sized('fivek_movement')
    with self.books(given) as books:
      refused = self.call('fivek_movement_of', *books, byref(out))
    if refused:
      return refused
    result = self.out(out)
    for name in ('opening_amount', 'closing_amount'):
      result[name] = str(result[name])
    result['amount'] = [str(amount) for amount in out.amount]
    return result

  def fivek_movement_list(self, given):
    with self.books(given) as books:
      refused, moves = self.all_of(
          'fivek_movement_list', books, 'fivek_deal_movement'
      )
    return refused or {
        'status': 0,
        'moves': [[str(m.deal), m.movement, str(m.amount)] for m in moves],
    }

  # ---- Grades of accounts -----------------------------------------

  def abc_options(self, given):
    names = ('rule', 'ties', 'a_ppm', 'b_ppm', 'a_count', 'b_count')
    return self.f.sized('fivek_abc_options', **{n: given[n] for n in names})

  def fivek_abc_grade(self, given):
    count = len(given['value'])
    classes = self.room('uint8_t', count)
    out = self.f.sized('fivek_abc')
    refused = self.call(
        'fivek_abc_grade',
        self.array('int64_t', given['value']),
        count,
        byref(self.abc_options(given)),
        classes,
        byref(out),
    )
    return refused or {
        'status': 0,
        'out_class': list(classes),
        'count': list(out.count),
        'value': [str(v) for v in out.value],
        'total': str(out.total),
        'lowest': [str(v) for v in out.lowest],
    }

  def fivek_abc_compare(self, given):
    then, now = (
        self.array('int64_t', [-(2**63) if v is None else v for v in given[n]])
        for n in ('then', 'now')
    )
    columns = {
        name: self.room('uint8_t', len(then))
        for name in ('class_then', 'class_now', 'cause')
    }
    out = self.f.sized('fivek_abc_movement')
    refused = self.call(
        'fivek_abc_compare',
        then,
        now,
        len(then),
        byref(self.abc_options(given)),
        *columns.values(),
        byref(out),
    )
    if refused:
      return refused
    result = self.out(out)
    for name in ('then', 'now', 'without_mover'):
      result[name] = [str(v) for v in result[name]]
    return {**result, **{name: list(c) for name, c in columns.items()}}

  def fivek_xyz_classify(self, given):
    rows = self.room('fivek_xyz_row', given['n'])
    return self.call(
        'fivek_xyz_classify',
        self.array('int64_t', given['value']),
        given['n'],
        given['periods'],
        given['x_ppm'],
        given['y_ppm'],
        given['least_periods'],
        rows,
    ) or {'status': 0, **self.as_columns(rows)}

  def fivek_abc_xyz_cross(self, given):
    count, total = self.room('int64_t', 12), self.room('int64_t', 12)
    return self.call(
        'fivek_abc_xyz_cross',
        self.array('int64_t', given['value']),
        self.array('uint8_t', given['abc']),
        self.array('uint8_t', given['xyz']),
        len(given['value']),
        count,
        total,
    ) or {
        'status': 0,
        'count': list(count),
        'sum': [str(v) for v in total],
    }

  # ---- Learned probabilities --------------------------------------

  def fivek_logistic_fit(self, given):
    columns, rows = given['columns'], len(given['won'])
    offset, weight = (
        self.reals(given[name]) if name in given else None
        for name in ('offset', 'weight')
    )
    intercept, objective = ctypes.c_double(), ctypes.c_double()
    weights = self.room('double', columns)
    standard_error = self.room('double', columns + 1)
    return self.call(
        'fivek_logistic_fit',
        self.reals(given['feature']),
        columns,
        self.array('uint8_t', given['won']),
        offset,
        weight,
        rows,
        float(given['l2']),
        given.get('non_negative', 0),
        byref(intercept),
        weights,
        standard_error,
        byref(objective),
    ) or {
        'status': 0,
        'intercept': intercept.value,
        'weights': list(weights),
        'standard_error': list(standard_error),
        'objective': objective.value,
    }

  def closed(self, given):
    """The scores, outcomes and number of closed deals."""
    won = given['won']
    return self.reals(given['score']), self.array('uint8_t', won), len(won)

  def fivek_platt_fit(self, given):
    a, b = ctypes.c_double(), ctypes.c_double()
    return self.call(
        'fivek_platt_fit', *self.closed(given), byref(a), byref(b)
    ) or {'status': 0, 'a': a.value, 'b': b.value}

  def fivek_venn_abers(self, given):
    count = len(given['at'])
    names = ('low', 'high', 'merged')
    out = [self.room('double', count) for _ in names]
    at = self.reals(given['at'])
    return self.call(
        'fivek_venn_abers', *self.closed(given), at, count, *out
    ) or {'status': 0, **dict(zip(names, map(list, out)))}

  def fivek_recalibration_fit(self, given):
    step = ctypes.POINTER(self.f.types['fivek_recalibration'])()
    refused = self.call(
        'fivek_recalibration_fit',
        self.reals(given['forecast']),
        self.array('uint8_t', given['won']),
        self.array('uint64_t', given['id']),
        len(given['won']),
        byref(step),
    )
    if refused:
      return refused
    info = self.f.sized('fivek_recalibration_info')
    assert not self.call('fivek_recalibration_describe', step, byref(info))
    at, right = self.reals(given['at']), self.room('double', len(given['at']))
    refused = self.call('fivek_recalibration_apply', step, at, len(at), right)
    self.f.fivek_recalibration_release(step)
    return refused or {**self.out(info), 'right': list(right)}

  def read_hex(self, kind, function, form):
    """What an oracle wrote in hexadecimal, as the object it is of."""
    handle = ctypes.POINTER(self.f.types[kind])()
    form = bytes.fromhex(form)
    assert not self.call(
        function, self.array('uint8_t', form), len(form), byref(handle)
    )
    return handle

  def fivek_evidence_predict_from(self, given):
    model = self.read_hex(
        'fivek_evidence_model', 'fivek_evidence_read', given['model']
    )
    *reals, source = given['ladder']
    ladder = self.f.types['fivek_estimate'](*map(float, reals), source)
    estimate = self.f.types['fivek_estimate']()
    why = self.f.sized('fivek_evidence_explanation')
    refused = self.call(
        'fivek_evidence_predict_from',
        model,
        given['stage'],
        byref(ladder),
        self.array('uint8_t', given['points']),
        byref(estimate),
        byref(why),
    )
    self.f.fivek_evidence_release(model)
    return refused or {
        **self.fields(estimate, ('reserved',)),
        **self.out(why),
        'effective_n': spelled(estimate.effective_n),
    }

  def fivek_scorecard_scores(self, given):
    card = self.read_hex(
        'fivek_scorecard', 'fivek_scorecard_read', given['card']
    )
    rows = len(given['level'])
    missing = given.get('missing')
    score = self.room('int32_t', rows)
    estimates = self.room('fivek_estimate', rows)
    refused = self.call(
        'fivek_scorecard_scores',
        card,
        self.array('uint32_t', given['level']),
        self.reals(given['value']),
        missing and self.array('uint8_t', missing),
        1,
        1,
        rows,
        score,
        estimates,
    )
    self.f.fivek_scorecard_release(card)
    return refused or {
        'status': 0,
        'score': list(score),
        **self.as_columns(estimates),
    }

  def fivek_pls_probability(self, given):
    pls = ctypes.POINTER(self.f.types['fivek_pls_compat'])()
    fields = len(given['closed'][0][2])
    assert not self.call(
        'fivek_pls_create', fields, given['stages'], 50, 0, byref(pls)
    )
    no_tag = self.room('uint32_t', 1)
    for team, stage, value, won in given['closed']:
      lead = (team, stage, self.array('uint32_t', value), no_tag, 0)
      assert not self.call('fivek_pls_add', pls, *lead, won)
    percent, raw = ctypes.c_double(), ctypes.c_double()
    result = {'status': 0, 'percent': [], 'raw_percent': []}
    for team, stage, value in given['ask']:
      lead = (team, stage, self.array('uint32_t', value), no_tag, 0)
      assert not self.call(
          'fivek_pls_probability', pls, *lead, byref(percent), byref(raw)
      )
      result['percent'].append(percent.value)
      result['raw_percent'].append(raw.value)
    self.f.fivek_pls_release(pls)
    return result

  # ---- Leads, visits, events --------------------------------------

  def column(self, kind, given, name):
    """A column that may be left out."""
    return self.array(kind, given[name]) if name in given else None

  @staticmethod
  def texts(numbers):
    return [str(number) for number in numbers]

  def fivek_leads_classify(self, given):
    n = len(given['funds'])
    out = self.room('uint8_t', n)
    return self.call(
        'fivek_leads_classify',
        self.array('int64_t', given['funds']),
        n,
        self.column('int64_t', given, 'thresholds'),
        len(given.get('thresholds', ())),
        out,
    ) or {'status': 0, 'lead_class': list(out)}

  def fivek_leads_value(self, given):
    n = len(given['funds'])
    value = self.room('int64_t', n)
    return self.call(
        'fivek_leads_value',
        self.array('int64_t', given['funds']),
        self.array('int32_t', given['probability']),
        n,
        value,
    ) or {'status': 0, 'value': self.texts(value)}

  def fivek_leads_rank(self, given):
    n = len(given['funds'])
    value, rank, order = (self.room('int64_t', n) for _ in range(3))
    return self.call(
        'fivek_leads_rank',
        self.array('int64_t', given['funds']),
        self.array('int32_t', given['probability']),
        self.array('uint64_t', given['id']),
        n,
        value,
        rank,
        order,
    ) or {
        'status': 0,
        'value': self.texts(value),
        'rank': list(rank),
        'order': list(order),
    }

  def fivek_leads_qualify(self, given):
    n = len(given['wish'])
    names = ('key_person', 'wish', 'means')
    verdict = self.room('uint8_t', n)
    opened, failed = (self.room('uint32_t', n) for _ in range(2))
    return self.call(
        'fivek_leads_qualify',
        *(self.array('uint8_t', given[name]) for name in names),
        n,
        verdict,
        opened,
        failed,
    ) or {
        'status': 0,
        'verdict': list(verdict),
        'open': list(opened),
        'failed': list(failed),
    }

  def fivek_leads_follow_up(self, given):
    n = len(given['lead_class'])
    due, state = self.room('int32_t', n), self.room('uint8_t', n)
    return self.call(
        'fivek_leads_follow_up',
        self.array('uint8_t', given['lead_class']),
        self.array('int32_t', given['last_contact']),
        n,
        self.array('int32_t', given['interval']),
        len(given['interval']),
        given['today'],
        due,
        state,
    ) or {'status': 0, 'due': list(due), 'state': list(state)}

  def fivek_leads_forecast(self, given):
    total = self.f.types['fivek_lead_team']()
    refused, teams = self.all_of(
        'fivek_leads_forecast',
        (
            self.array('uint64_t', given['team']),
            self.array('int64_t', given['funds']),
            self.array('int32_t', given['probability']),
            self.array('int32_t', given['close_day']),
            len(given['team']),
            given['from_day'],
            given['to_day'],
            byref(total),
        ),
        'fivek_lead_team',
    )
    numbers = lambda team: self.texts(
        self.fields(team, ('reserved',)).values()
    )
    return refused or {
        'status': 0,
        'teams': [numbers(team) for team in teams],
        'total': numbers(total),
    }

  def fivek_leads_decay(self, given):
    n = len(given['value'])
    out = self.room('int32_t', n)
    return self.call(
        'fivek_leads_decay',
        self.array('int32_t', given['value']),
        self.array('int32_t', given['age']),
        n,
        given['half_life'],
        out,
    ) or {'status': 0, 'out': list(out)}

  def fivek_leads_assign(self, given):
    leads, sellers = given['leads'], len(given['capacity'])
    seller = self.room('int32_t', leads)
    seller_price = self.room('int64_t', sellers)
    lead_price = self.room('int64_t', leads)
    out = self.f.sized('fivek_assignment')
    refused = self.call(
        'fivek_leads_assign',
        self.array('int64_t', given['score']),
        leads,
        self.array('int64_t', given['capacity']),
        sellers,
        self.column('uint64_t', given, 'lead_id'),
        self.column('uint64_t', given, 'seller_id'),
        seller,
        seller_price,
        lead_price,
        byref(out),
    )
    totals = ('total', 'bound', 'gap', 'greedy_by_edge', 'greedy_by_lead')
    return refused or {
        'status': 0,
        'seller': list(seller),
        'seller_price': self.texts(seller_price),
        'lead_price': self.texts(lead_price),
        'unassigned': out.unassigned,
        **{name: str(getattr(out, name)) for name in totals},
    }

  def fivek_round_robin_next(self, given):
    credit = self.array('int64_t', given['credit'])
    seller = self.room('int32_t', given['n'])
    return self.call(
        'fivek_round_robin_next',
        self.array('int64_t', given['weight']),
        self.column('uint8_t', given, 'absent'),
        len(given['weight']),
        credit,
        seller,
        given['n'],
    ) or {'status': 0, 'seller': list(seller), 'credit': self.texts(credit)}

  def territories(self, out, load):
    amounts = ('total', 'first_max', 'first_min', 'max', 'min', 'bound', 'gap')
    return {
        'status': 0,
        'load': self.texts(load),
        'limited': out.limited,
        **{name: str(getattr(out, name)) for name in amounts},
    }

  def fivek_territories_balance(self, given):
    n, sellers = len(given['workload']), given['sellers']
    load = self.room('int64_t', sellers)
    out = self.f.sized('fivek_territory_balance')
    return self.call(
        'fivek_territories_balance',
        self.array('int64_t', given['workload']),
        n,
        sellers,
        self.room('int32_t', n),
        load,
        byref(out),
    ) or self.territories(out, load)

  def fivek_territories_rebalance(self, given):
    load = self.room('int64_t', given['sellers'])
    out = self.f.sized('fivek_territory_balance')
    refused, moves = self.all_of(
        'fivek_territories_rebalance',
        (
            self.array('int64_t', given['workload']),
            self.array('int32_t', given['seller']),
            len(given['workload']),
            given['sellers'],
            given['most_moved'],
            load,
            byref(out),
        ),
        'fivek_territory_move',
    )
    return refused or {
        **self.territories(out, load),
        'moves': [list(self.fields(move).values()) for move in moves],
    }

  def fivek_visit_policy_check(self, given):
    rules = self.f.sized('fivek_visit_policy')
    if 'cap' in given:
      rules.cap = given['cap']
      for g, ppm in enumerate(given['mix_ppm']):
        rules.mix_ppm[g] = ppm
    mix = self.f.sized('fivek_visit_mix')
    refused, over_cap = self.all_of(
        'fivek_visit_policy_check',
        (
            byref(rules) if 'cap' in given else None,
            self.array('int64_t', given['visits']),
            len(given['visits']),
            byref(mix),
        ),
        'int64_t',
    )
    return refused or {**self.out(mix), 'over_cap': list(over_cap)}

  def fivek_seats_apportion(self, given):
    n = len(given['weight'])
    out = self.room('int64_t', n)
    return self.call(
        'fivek_seats_apportion',
        int(given['seats']),
        self.array('uint64_t', given['weight']),
        self.column('int64_t', given, 'least'),
        self.column('int64_t', given, 'most'),
        n,
        out,
    ) or {'status': 0, 'out': self.texts(out)}

  def fivek_invitations_apportion(self, given):
    n, classes = len(given['share']), given['classes']
    by_territory = self.room('int64_t', n)
    by_class = self.room('int64_t', classes)
    table = self.room('int64_t', n * classes)
    return self.call(
        'fivek_invitations_apportion',
        int(given['seats']),
        self.array('uint64_t', given['share']),
        self.column('int64_t', given, 'least'),
        self.column('int64_t', given, 'most'),
        n,
        self.array('uint64_t', given['need']),
        classes,
        by_territory,
        by_class,
        table,
    ) or {
        'status': 0,
        'by_territory': self.texts(by_territory),
        'by_class': self.texts(by_class),
        'table': self.texts(table),
    }

  # ---- Portfolio, coverage, effort, sales modes -------------------

  def shown(self, struct, name):
    """A field as coverage.json has it: 64 bits as text."""
    value = getattr(struct, name)
    kind = dict(struct._fields_)[name]
    if isinstance(value, ctypes.Array):
      wide = kind._type_ is ctypes.c_int64
      return [str(v) if wide else v for v in value]
    return str(value) if kind is ctypes.c_int64 else value

  def shown_rows(self, structs):
    return [
        [
            self.shown(one, name)
            for name, *_ in one._fields_
            if name != 'reserved'
        ]
        for one in structs
    ]

  def shown_fields(self, struct):
    return {
        name: self.shown(struct, name)
        for name, *_ in struct._fields_
        if name not in ('struct_size', 'reserved')
    }

  def numbers(self, kind, rows):
    """An array of structs from rows, the texts of 64 bits in them too."""
    return self.rows(
        kind,
        [[int(x) if isinstance(x, str) else x for x in row] for row in rows],
    )

  def column(self, kind, given, name):
    return self.array(kind, given[name]) if name in given else None

  def table(self, kind, given, name):
    if name not in given:
      return None
    cells = [float(x) for row in given[name] for x in row]
    if kind != 'double':
      cells = map(int, cells)
    return (self.f.types[kind] * sum(map(len, given[name])))(*cells)

  def fivek_scores_weigh(self, given):
    out = self.room('fivek_score_range', len(given['score']))
    return self.call(
        'fivek_scores_weigh',
        self.array('int32_t', given['weight']),
        len(given['weight']),
        self.table('int32_t', given, 'score'),
        len(out),
        out,
    ) or {'status': 0, 'rows': self.shown_rows(out)}

  def fivek_portfolio_cells(self, given):
    options = None
    if 'options' in given:
      kind = self.f.types['fivek_portfolio_options']
      options = byref(kind(ctypes.sizeof(kind), *given['options']))
    accounts = self.room(
        'fivek_portfolio_account', len(given['attractiveness'])
    )
    out = self.f.sized('fivek_portfolio')
    return self.call(
        'fivek_portfolio_cells',
        self.column('int32_t', given, 'attractiveness'),
        self.column('int32_t', given, 'attractiveness_most'),
        self.column('int32_t', given, 'relationship'),
        self.column('int32_t', given, 'relationship_most'),
        len(accounts),
        options,
        accounts,
        byref(out),
    ) or {
        'status': 0,
        **self.shown_fields(out),
        'rows': self.shown_rows(accounts),
    }

  def fivek_triangle_check(self, given):
    accounts = self.rows('fivek_triangle_account', given['accounts'])
    out = self.room('fivek_triangle_status', len(accounts))
    book = self.f.sized('fivek_triangle_book')
    return self.call(
        'fivek_triangle_check',
        accounts,
        len(accounts),
        self.table('int32_t', given, 'learned_on'),
        given['as_of'],
        given['required'],
        self.column('int32_t', given, 'stale_after'),
        self.column('int32_t', given, 'interval'),
        out,
        byref(book),
    ) or {
        'status': 0,
        **self.shown_fields(book),
        'rows': self.shown_rows(out),
    }

  def fivek_visit_plan(self, given):
    accounts = self.rows('fivek_visit_account', given['accounts'])
    sellers = self.numbers('fivek_visit_seller', given['sellers'])
    slots = self.f.constants['FIVEK_CLASS_SLOTS'] + 1
    loads = self.room('fivek_visit_load', len(sellers) + 1)
    sums = self.room('fivek_visit_sum', len(loads) * slots)
    return self.call(
        'fivek_visit_plan',
        accounts,
        len(accounts),
        sellers,
        len(sellers),
        self.column('int32_t', given, 'frequency'),
        loads,
        sums,
    ) or {
        'status': 0,
        'loads': self.shown_rows(loads),
        'sums': self.shown_rows(sums),
    }

  def fivek_hours_against_value(self, given):
    shares = self.room('fivek_hours_share', len(given['hours']))
    classes = self.room(
        'fivek_hours_class', self.f.constants['FIVEK_CLASS_SLOTS']
    )
    out = self.f.sized('fivek_hours')
    return self.call(
        'fivek_hours_against_value',
        self.column('int64_t', given, 'hours'),
        self.column('int64_t', given, 'value'),
        self.column('uint8_t', given, 'grade'),
        len(shares),
        shares,
        classes,
        byref(out),
    ) or {
        'status': 0,
        **self.shown_fields(out),
        'shares': self.shown_rows(shares),
        'classes': self.shown_rows(classes),
    }

  def fivek_account_coverage(self, given):
    out = self.room('fivek_reach', self.f.constants['FIVEK_CLASS_SLOTS'] + 1)
    others, reached = ctypes.c_int64(), ctypes.c_int64()
    return self.call(
        'fivek_account_coverage',
        self.column('uint8_t', given, 'target'),
        self.column('uint8_t', given, 'reached'),
        self.column('int64_t', given, 'own'),
        self.column('int64_t', given, 'potential'),
        self.column('uint8_t', given, 'grade'),
        len(given['target']),
        out,
        byref(others),
        byref(reached),
    ) or {
        'status': 0,
        'rows': self.shown_rows(out),
        'others': str(others.value),
        'others_reached': str(reached.value),
    }

  def fivek_rate_goal_check(self, given):
    rate, gap, met = (ctypes.c_int32() for _ in range(3))
    missing = ctypes.c_int64()
    return self.call(
        'fivek_rate_goal_check',
        int(given['part']),
        int(given['whole']),
        given['goal_ppm'],
        byref(rate),
        byref(gap),
        byref(met),
        byref(missing),
    ) or {
        'status': 0,
        'rate_ppm': rate.value,
        'gap_ppm': gap.value,
        'met': met.value,
        'missing': str(missing.value),
    }

  def allocated(self, function, arguments, given, count):
    visits = self.room('int32_t', count)
    picks = self.room('int32_t', max(given['budget'], 0))
    made = ctypes.c_size_t()
    out = self.f.sized('fivek_effort')
    return self.call(
        function,
        *arguments,
        given['budget'],
        given['method'],
        visits,
        picks,
        len(picks),
        byref(made),
        byref(out),
    ) or {
        'status': 0,
        **self.shown_fields(out),
        'visits': list(visits),
        'picks': list(picks)[: made.value],
    }

  def fivek_effort_allocate(self, given):
    accounts = self.rows('fivek_effort_account', given['accounts'])
    return self.allocated(
        'fivek_effort_allocate',
        (accounts, len(accounts)),
        given,
        len(accounts),
    )

  def fivek_effort_allocate_table(self, given):
    count = len(given['response'])
    return self.allocated(
        'fivek_effort_allocate_table',
        (
            self.table('double', given, 'response'),
            count,
            len(given['response'][0]),
            self.column('int32_t', given, 'caps'),
        ),
        given,
        count,
    )

  def fivek_effort_response(self, given):
    value = ctypes.c_double()
    account = self.f.types['fivek_effort_account'](*given['account'])
    return self.call(
        'fivek_effort_response', byref(account), given['visits'], byref(value)
    ) or {'status': 0, 'value': value.value}

  def fivek_effort_calibrate(self, given):
    out = self.f.types['fivek_effort_account']()
    names = (
        'potential',
        'visits',
        'share_today',
        'share_saturation',
        'form',
        'steepness',
        'cap',
    )
    return self.call(
        'fivek_effort_calibrate', *(given[n] for n in names), byref(out)
    ) or {'status': 0, **self.shown_fields(out)}

  def fivek_sales_mode_of(self, given):
    out = self.room('fivek_sales_mode', len(given['weight']))
    return self.call(
        'fivek_sales_mode_of',
        self.table('int32_t', given, 'weight'),
        len(out),
        out,
    ) or {'status': 0, 'rows': self.shown_rows(out)}

  def fivek_team_person_of(self, given):
    people = ctypes.c_int32()
    phases, traits = ctypes.c_uint32(), ctypes.c_uint32()
    return self.call(
        'fivek_team_person_of',
        given['grouping'],
        given['person'],
        byref(people),
        byref(phases),
        byref(traits),
    ) or {
        'status': 0,
        'people': people.value,
        'phases': phases.value,
        'traits': traits.value,
    }

  def fivek_segment_design_result(self, given):
    segments = self.numbers('fivek_segment', given['segments'])
    out = self.room('fivek_segment_result', len(segments))
    total = ctypes.c_int64()
    return self.call(
        'fivek_segment_design_result',
        segments,
        len(segments),
        out,
        byref(total),
    ) or {
        'status': 0,
        'rows': self.shown_rows(out),
        'total': str(total.value),
    }

  def fivek_segment_rate_needed(self, given):
    (segment,) = self.numbers('fivek_segment', [given['segment']])
    ppm = ctypes.c_int64()
    return self.call(
        'fivek_segment_rate_needed',
        byref(segment),
        given['factor'],
        int(given['goal']),
        byref(ppm),
    ) or {'status': 0, 'ppm': str(ppm.value)}

  # ---- Customers --------------------------------------------------

  def fivek_purchases_summarize(self, given):
    after = ctypes.c_int64()
    count = ctypes.c_size_t()
    arguments = (
        self.array('uint64_t', given['customer']),
        self.array('int32_t', given['day']),
        self.array('int64_t', given['amount']),
        len(given['day']),
        given['as_of'],
    )
    name = 'fivek_purchases_summarize'
    refused = self.call(
        name, *arguments, None, 0, byref(count), byref(after)
    )
    if refused:
      return refused
    rows = self.room('fivek_customer_purchases', count.value)
    assert not self.call(
        name, *arguments, rows, len(rows), byref(count), byref(after)
    )
    names = [n for n, *_ in rows._type_._fields_]
    texts = ('customer', 'total', 'repeat_total')
    return {
        'status': 0,
        'customers': [
            [
                str(getattr(r, n)) if n in texts else getattr(r, n)
                for n in names
            ]
            for r in rows
        ],
        'rows_after': after.value,
    }

  def fivek_rank_score(self, given):
    value = self.array('int64_t', given['value'])
    score = self.room('uint8_t', len(value))
    refused, rows = self.all_of(
        'fivek_rank_score',
        (value, len(value), given['classes'], score),
        'fivek_rank_class',
    )
    return refused or {
        'status': 0,
        'score': list(score),
        'classes': [
            [r.score, str(r.lowest), str(r.highest), r.customers] for r in rows
        ],
    }

  def fivek_rfm_score(self, given):
    count = len(given['last_day'])
    names = ('recency', 'frequency', 'money')
    options = self.f.sized(
        'fivek_rfm_options',
        as_of=given['as_of'],
        **{f'{n}_classes': c for n, c in zip(names, given['classes'])},
    )
    scores = {name: self.room('uint8_t', count) for name in names}
    refused = self.call(
        'fivek_rfm_score',
        self.array('int32_t', given['last_day']),
        self.array('int64_t', given['frequency']),
        self.array('int64_t', given['money']),
        count,
        byref(options),
        *scores.values(),
    )
    return refused or {
        'status': 0,
        **{name: list(column) for name, column in scores.items()},
    }

  def fivek_rfm_segments(self, given):
    names = ('recency', 'frequency', 'money')
    count = len(given['recency'])
    rules, options, rule_count = None, None, 0
    if 'rules' in given:
      rule_count = len(given['rules'])
      rules = self.room('fivek_rfm_rule', max(1, rule_count))
      for rule, numbers in zip(rules, given['rules']):
        for (field, *_), number in zip(rule._fields_, numbers):
          setattr(rule, field, number)
      options = byref(
          self.f.sized(
              'fivek_rfm_segment_options',
              axes=given['axes'],
              never_bought=given['never_bought'],
              **{f'{n}_classes': c for n, c in zip(names, given['classes'])},
          )
      )
    segment = self.room('uint8_t', count)
    refused = self.call(
        'fivek_rfm_segments',
        *(self.array('uint8_t', given[name]) for name in names),
        count,
        rules,
        rule_count,
        options,
        segment,
    )
    return refused or {'status': 0, 'segment': list(segment)}

  # ---- Lifetime values --------------------------------------------

  def model_of(self, struct, numbers):
    return byref(self.f.types[struct](*map(float, numbers)))

  def histories(self, given):
    return (
        self.array('int64_t', given['frequency']),
        self.reals(given['recency']),
        self.reals(given['age']),
    )

  def fitted(self, function, struct, columns):
    model = self.f.types[struct]()
    quality = self.f.sized('fivek_fit_quality')
    refused = self.call(
        function, *columns, len(columns[0]), byref(model), byref(quality)
    )
    numbers = [getattr(model, name) for name, *_ in model._fields_]
    return refused or {
        'status': 0,
        'model': numbers,
        'standard_error': list(quality.standard_error)[: len(numbers)],
        'log_likelihood': quality.log_likelihood,
        'customers': quality.customers,
        'repeaters': quality.repeaters,
    }

  def fivek_bg_nbd_fit(self, given):
    return self.fitted(
        'fivek_bg_nbd_fit', 'fivek_bg_nbd', self.histories(given)
    )

  def fivek_gamma_gamma_fit(self, given):
    columns = (
        self.array('int64_t', given['frequency']),
        self.reals(given['mean_value']),
    )
    return self.fitted('fivek_gamma_gamma_fit', 'fivek_gamma_gamma', columns)

  def fivek_bg_nbd_log_likelihood(self, given):
    count = len(given['age'])
    out = self.room('double', count)
    refused = self.call(
        'fivek_bg_nbd_log_likelihood',
        self.model_of('fivek_bg_nbd', given['model']),
        *self.histories(given),
        count,
        out,
    )
    return refused or {'status': 0, 'out': list(out)}

  def fivek_bg_nbd_predict(self, given):
    count = len(given['age'])
    out = self.room('fivek_outlook', count)
    refused = self.call(
        'fivek_bg_nbd_predict',
        self.model_of('fivek_bg_nbd', given['model']),
        *self.histories(given),
        count,
        float(given['horizon']),
        out,
        None,
    )
    return refused or {'status': 0, **self.as_columns(out)}

  def fivek_bg_nbd_expect_new(self, given):
    expected = ctypes.c_double()
    refused = self.call(
        'fivek_bg_nbd_expect_new',
        self.model_of('fivek_bg_nbd', given['model']),
        float(given['horizon']),
        byref(expected),
    )
    return refused or {'status': 0, 'expected': expected.value}

  def of_spends(self, function, given, *more):
    count = len(given['mean_value'])
    out = self.room('double', count)
    refused = self.call(
        function,
        self.model_of('fivek_gamma_gamma', given['model']),
        self.array('int64_t', given['frequency']),
        self.reals(given['mean_value']),
        count,
        out,
        *more,
    )
    return refused or {'status': 0, 'out': [spelled(x) for x in out]}

  def fivek_gamma_gamma_log_likelihood(self, given):
    return self.of_spends('fivek_gamma_gamma_log_likelihood', given)

  def fivek_gamma_gamma_predict(self, given):
    return self.of_spends('fivek_gamma_gamma_predict', given, None)

  def fivek_lifetime_value(self, given):
    count = len(given['age'])
    out = self.room('double', count)
    options = self.f.sized(
        'fivek_lifetime_options',
        **{n: given[n] for n in ('months', 'monthly_discount', 'month')},
    )
    refused = self.call(
        'fivek_lifetime_value',
        self.model_of('fivek_bg_nbd', given['model']),
        *self.histories(given),
        self.reals(given['value_per_order']),
        count,
        byref(options),
        out,
        None,
    )
    return refused or {'status': 0, 'out': list(out)}


class Policy:

  def __init__(self, library, document):
    self.library = library
    self.document = document
    self.handle = None

  def __enter__(self):
    if self.document is not None:
      text = json.dumps(self.document).encode()
      self.handle = ctypes.POINTER(self.library.types['fivek_policy'])()
      assert (
          self.library.fivek_policy_from_json(
              text, len(text), byref(self.handle), None
          )
          == 0
      )
    return self.handle

  def __exit__(self, *_):
    self.library.fivek_policy_release(self.handle)


def main():
  golden = Golden(sys.argv[1])
  run, wrong = 0, 0
  for path in sorted(glob.glob(os.path.join(sys.argv[2], '*.json'))):
    with open(path, encoding='utf-8') as file:
      cases = json.load(file)['cases']
    for case in cases:
      if case['fn'] in NOT_OFFERED:
        continue
      want = case['expected']
      have = getattr(golden, case['fn'])(case['input'])
      if isinstance(want, dict) and want['status'] != 0:
        # A refusal says what is expected of it and no more.
        have = {key: have.get(key) for key in want}
      run += 1
      if not agrees(have, want, case.get('rel_tol', 0)):
        wrong += 1
        print(f"{os.path.basename(path)}: {case['id']}: {have}, " f'not {want}')
  for function, status in golden.f.undocumented():
    wrong += 1
    print(f'{function} gave {status}, which its @status does not have')
  print(f'{run} vectors, {wrong} wrong')
  return int(wrong > 0 or run == 0)


if __name__ == '__main__':
  sys.exit(main())
