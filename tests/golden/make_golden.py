#!/usr/bin/env python3
"""Writes the golden test vectors in this directory.

An oracle for the library: it is written from the method's tables and rules
alone and shares nothing with the C++ code. Every number is exact (int and
Fraction; logs and roots in 60 digits), rounded to a float when it is written and
not before; random choices come from SplitMix64 with fixed seeds, so that a second
run gives the same bytes.

  make_golden.py           writes the files
  make_golden.py --check   compares them with what it would write; exit 1 on a
                           difference
"""

import datetime
import decimal
import functools
import itertools
import json
import math
import pathlib
import struct
import sys
from decimal import Decimal
from fractions import Fraction
from math import prod

sys.dont_write_bytecode = True  # Nothing but the vectors appears in this folder.
import customers_oracle  # noqa: E402
import grades_oracle  # noqa: E402
import leads_oracle  # noqa: E402
import coverage_oracle  # noqa: E402

OK, INVALID_ARGUMENT, NOT_FOUND, FAILED_PRECONDITION, OUT_OF_RANGE = 0, 3, 5, 9, 11
UNKNOWN = 255
INT32_MIN, INT32_MAX = -(2**31), 2**31 - 1
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
PPM = 10**6

# --- The tables of the method ------------------------------------------------

PROBLEM, POWER, VISION, VALUE, CONTROL = range(5)
DIMENSION_NAMES = ["problem", "power", "vision", "value", "control"]
TOP_POINTS = 20

# Points by level: (shown by the sponsor, shown by the decision maker). None: the
# dimension has one column.
RUBRIC = {
    PROBLEM: ([0, 2, 4, 6, 8, 10], [12, 13, 14, 16, 18, 20]),
    POWER: ([0, 4, 8, 9, 10, 14, 16, 20], None),
    VISION: ([0, 2, 4, 6], [8, 10, 15, 20]),
    VALUE: ([0, 1, 2, 3, 4, 5, 6], [8, 10, 12, 14, 16, 18, 20]),
    CONTROL: ([0, 4, 8, 10, 14, 16, 20], None),
}
TOP_LEVEL = [len(RUBRIC[d][0]) - 1 for d in range(5)]
ALLOWED_BY_DM = sum(1 << d for d in RUBRIC if RUBRIC[d][1] is not None)

# Milestone yields in ppm, by milestone code.
YIELD_PPM = [0, 100000, 250000, 500000, 750000, 900000, 1000000]

# Evidence: code -> (buying stage, gate as a milestone code or None, the person
# that its text names).
NOBODY, SPONSOR, DECISION_MAKER = None, 1, 2
EVIDENCE = [
    # stage gate  names
    (0, 1, NOBODY),             # 0 problem with the current product
    (0, 1, NOBODY),             # 1 latent problem and pain
    (0, 1, SPONSOR),            # 2 sponsor admits problem and pain
    (0, 1, SPONSOR),            # 3 sponsor holds a vision
    (0, 1, SPONSOR),            # 4 sponsor agrees to explore
    (0, 2, SPONSOR),            # 5 sponsor agrees to refer
    (0, 2, SPONSOR),            # 6 letter to the sponsor
    (1, 2, DECISION_MAKER),     # 7 decision maker is contacted
    (1, 3, DECISION_MAKER),     # 8 decision maker admits problem and pain
    (1, 3, DECISION_MAKER),     # 9 decision maker holds a vision
    (1, 3, DECISION_MAKER),     # 10 decision maker agrees to explore
    (2, 3, NOBODY),             # 11 product attributes presented
    (2, 3, NOBODY),             # 12 presentation confirmed
    (3, 4, NOBODY),             # 13 supplier and product selected
    (3, 4, NOBODY),             # 14 decision asked for
    (4, 5, NOBODY),             # 15 proposal settled
    (4, 5, NOBODY),             # 16 verbal agreement
    (4, 5, NOBODY),             # 17 contract negotiated
    (4, 6, NOBODY),             # 18 contract signed
    (5, None, NOBODY),          # 19 after-sales service
    (5, None, NOBODY),          # 20 usage feedback
    (5, None, NOBODY),          # 21 prospect database
]
SIGNED = 18
ITEMS = len(EVIDENCE)
AFTER_SALES = [19, 20, 21]
VENDOR_BITS = list(range(22, 32))
SHOWN_BY, PROOFS = range(8), range(6)

# Reference share of customers in each buying stage, in percent.
MARKET_PERCENT = [79, 2, 5, 3, 2, 9]
# Buying stage of each step of the seven-step process.
SEVEN_STEPS = [0, 0, 1, 2, 3, 4, 4]

OPEN, ON_HOLD, WON, LOST, VOID = range(5)
(CONFIRMED, WITHDRAWN, SPONSOR_CHANGED, DM_CHANGED, PUT_ON_HOLD, RESUMED,
 MARKED_LOST, REOPENED, RESTARTED, VOIDED) = range(10)

# event -> (outcomes that allow it, outcome after it (None: as before), items cleared)
EVENTS = {
    CONFIRMED:       ({OPEN, WON},     None,    []),  # which items: items_allowed()
    WITHDRAWN:       ({OPEN},          None,    []),  # clears the item it names
    SPONSOR_CHANGED: ({OPEN},          None,    [2, 3, 4, 5, 6]),
    DM_CHANGED:      ({OPEN},          None,    [7, 8, 9, 10, 13, 14, 15, 16, 17]),
    PUT_ON_HOLD:     ({OPEN},          ON_HOLD, []),
    RESUMED:         ({ON_HOLD},       OPEN,    []),
    MARKED_LOST:     ({OPEN, ON_HOLD}, LOST,    []),
    REOPENED:        ({LOST, VOID},    OPEN,    []),
    RESTARTED:       ({WON},           OPEN,    range(32)),
    VOIDED:          ({OPEN, ON_HOLD}, VOID,    []),
}

# --- Small tools -------------------------------------------------------------


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) % 2**64
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
        z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
        return z ^ z >> 31

    def below(self, n):
        return self.next() % n

    def pick(self, values):
        return values[self.below(len(values))]


def mask_of(items):
    return sum(1 << i for i in items)


def items_of(mask):
    return [i for i in range(32) if mask >> i & 1]


def half_even(numerator, denominator=1):
    return round(Fraction(numerator, denominator))  # exact, ties to even


def ok(**fields):
    return {"status": OK, **fields}


def refused(status):
    return {"status": status}


# Every *_cases() below yields (id, fn, input, expected) or the same with a note.

# --- Rubric and strength -----------------------------------------------------


def points_of(dimension, level, by_dm):
    sponsor, decision_maker = RUBRIC[dimension]
    return (decision_maker if by_dm and decision_maker else sponsor)[level]


def product_ppm(points):
    return half_even(prod(points) * PPM, TOP_POINTS**5)


def balanced(points):
    """100 * (prod(p/20))^(1/5) = 5 * P^(1/5) to the nearest integer.

    k is the answer when (2k-1)^5 <= 10^5 P <= (2k+1)^5; an odd number is never
    equal to an even one, so a tie cannot happen.
    """
    k = 0
    while (2 * k + 1)**5 < 10**5 * prod(points):
        k += 1
    return k


def strength(level, by_dm, reserved=(0, 0)):
    if by_dm & ~ALLOWED_BY_DM or any(reserved):
        return refused(INVALID_ARGUMENT)
    if any(TOP_LEVEL[d] < level[d] != UNKNOWN for d in range(5)):
        return refused(INVALID_ARGUMENT)
    points = [-1 if level[d] == UNKNOWN else points_of(d, level[d], by_dm >> d & 1)
              for d in range(5)]
    low = [max(p, 0) for p in points]
    high = [TOP_POINTS if p < 0 else p for p in points]
    weakest = low.index(min(low))  # the first one: ties go to the lower code
    next_level, next_gain = -1, 0
    if points[weakest] < 0:
        weakest = UNKNOWN
    elif level[weakest] < TOP_LEVEL[weakest]:
        next_level = level[weakest] + 1
        next_gain = points_of(weakest, next_level, by_dm >> weakest & 1) - points[weakest]
    return ok(total=sum(low), highest_reachable=sum(high), points=points,
              product_ppm=product_ppm(low), product_max_ppm=product_ppm(high),
              balanced=balanced(low), weakest=weakest,
              unknown_mask=mask_of(d for d in range(5) if points[d] < 0),
              next_level=next_level, next_gain=next_gain)


def rubric_cases():
    for d, name in enumerate(DIMENSION_NAMES):
        def input(level, by_dm):
            return {"dimension": d, "level": level, "by_decision_maker": by_dm}
        for by_dm, column in enumerate(RUBRIC[d]):
            for level, points in enumerate(column or []):
                yield (f"{name}_{level}_{'dm' if by_dm else 'sponsor'}", "rubric_points",
                       input(level, by_dm), ok(points=points))
        yield (f"{name}_too_high", "rubric_points", input(TOP_LEVEL[d] + 1, 0),
               refused(INVALID_ARGUMENT))


def strength_rows():
    """(id, level, by_decision_maker, reserved)"""
    none, tops, dm = (0, 0), TOP_LEVEL, ALLOWED_BY_DM

    def but(levels, d, value):
        return [value if i == d else x for i, x in enumerate(levels)]

    for name, by_dm in (("sponsor", 0), ("dm", dm)):
        yield f"all_lowest_{name}", [0] * 5, by_dm, none
        yield f"all_top_{name}", tops, by_dm, none
        yield f"all_unknown_{name}", [UNKNOWN] * 5, by_dm, none
        for d, dim in enumerate(DIMENSION_NAMES):
            yield f"top_but_{dim}_unknown_{name}", but(tops, d, UNKNOWN), by_dm, none
            yield f"lowest_but_{dim}_unknown_{name}", but([0] * 5, d, UNKNOWN), by_dm, none
            yield f"only_{dim}_known_{name}", but([UNKNOWN] * 5, d, tops[d]), by_dm, none
            yield f"one_lowest_{dim}_{name}", but(tops, d, 0), by_dm, none
            yield f"one_below_top_{dim}_{name}", but(tops, d, tops[d] - 1), by_dm, none
    for d in (PROBLEM, VISION, VALUE):
        dim = DIMENSION_NAMES[d]
        yield f"single_dm_bit_{dim}", tops, 1 << d, none
        yield f"dm_bit_of_unknown_{dim}_is_ignored", but(tops, d, UNKNOWN), dm, none
        yield f"weakest_at_top_of_sponsor_column_{dim}", tops, dm & ~(1 << d), none
    for zero in range(5):
        for unknown in (d for d in range(5) if d != zero):
            yield (f"zero_{DIMENSION_NAMES[zero]}_unknown_{DIMENSION_NAMES[unknown]}",
                   but(but(tops, zero, 0), unknown, UNKNOWN), 0, none)
    yield "tie_all_at_4", [2, 1, 2, 4, 1], 0, none
    yield "tie_problem_value_control_at_8", [4, 5, 1, 0, 2], 0b1100, none
    yield "tie_power_value_at_8", [5, 2, 3, 0, 6], dm, none
    yield "tie_power_control_at_10", [5, 4, 3, 6, 3], dm, none
    yield "tie_vision_value_at_6", [5, 7, 3, 6, 6], 0b0001, none
    yield "tie_four_at_10", [5, 4, 1, 2, 3], 0b1100, none
    ties = []  # products that lie halfway between two ppm
    for level in itertools.product(*(range(top + 1) for top in tops)):
        for by_dm in (0, dm):
            low = [points_of(d, level[d], by_dm >> d & 1) for d in range(5)]
            if prod(low) * PPM * 2 % TOP_POINTS**5 == 0 != prod(low) * PPM % TOP_POINTS**5:
                ties.append((level, by_dm))
    for i, (level, by_dm) in enumerate(ties[::len(ties) // 20]):
        yield f"product_is_a_tie_{i:02}", level, by_dm, none
    rng = SplitMix64(501)
    for i in range(300):
        level = [UNKNOWN if rng.below(8) == 0 else rng.below(top + 1) for top in tops]
        by_dm = mask_of(d for d in (PROBLEM, VISION, VALUE) if rng.below(2))
        yield f"random_{i:03}", level, by_dm, none
    for d, dim in enumerate(DIMENSION_NAMES):
        for level in (tops[d] + 1, 100, 254):
            yield f"refused_{dim}_level_{level}", but([0] * 5, d, level), 0, none
        yield (f"refused_{dim}_level_among_unknown", but([UNKNOWN] * 5, d, tops[d] + 1), 0,
               none)
    for bit in (1, 4, 5, 6, 7):
        yield f"refused_dm_bit_{bit}", [0] * 5, 1 << bit, none
        yield f"refused_dm_bit_{bit}_unknown", [UNKNOWN] * 5, dm | 1 << bit, none
    for reserved in ((1, 0), (0, 1), (255, 255)):
        yield f"refused_reserved_{reserved[0]}_{reserved[1]}", tops, dm, reserved


def strength_cases():
    for id, level, by_dm, reserved in strength_rows():
        yield (id, "fivek_strength_of",
               {"level": level, "by_decision_maker": by_dm, "reserved": reserved},
               strength(level, by_dm, reserved))
    rng = SplitMix64(502)
    lists = [[16, 12, 18, 14, 10], [20] * 5, [0, 20, 20, 20, 20], [1] * 5,
             [1, 1, 1, 1, 8], [1, 1, 1, 2, 12], [1, 1, 1, 3, 8]]
    lists += [[rng.below(21) for _ in range(5)] for _ in range(25)]
    for i, points in enumerate(lists):
        yield (f"points_{i:02}", "strength_of_points", {"points": points},
               ok(total=sum(points), product_ppm=product_ppm(points),
                  balanced=balanced(points), weakest=points.index(min(points))))


# --- Evidence, stage and milestone -------------------------------------------


def is_proven(item, shown_by, proof):
    if item == SIGNED:
        return proof in (4, 5)
    if proof not in (2, 3, 4, 5):
        return False
    names = EVIDENCE[item][2] if item < ITEMS else NOBODY
    if names == SPONSOR:  # the decision maker may stand for the sponsor
        return shown_by in (SPONSOR, DECISION_MAKER)
    return names is NOBODY or shown_by == names


def missing_for(mask, milestone):
    return mask_of(i for i in range(ITEMS)
                   if EVIDENCE[i][1] == milestone and not mask >> i & 1)


def stage_and_milestone(mask):
    if mask >> SIGNED & 1:
        return 5, 6
    stage = min(EVIDENCE[i][0] for i in range(SIGNED + 1) if not mask >> i & 1)
    milestone = 0
    while not missing_for(mask, milestone + 1):
        milestone += 1
    return stage, milestone


def milestone_of(mask):
    stage, milestone = stage_and_milestone(mask)
    return ok(stage=stage, milestone=milestone, yield_ppm=YIELD_PPM[milestone],
              missing_for_next=missing_for(mask, milestone + 1))


def skipped_items(mask):
    return mask_of(range(SIGNED)) & ~mask if mask >> SIGNED & 1 else 0


def milestone_masks():
    vendor, method, signed = mask_of(VENDOR_BITS), mask_of(range(ITEMS)), 1 << SIGNED
    for k in range(ITEMS + 1):
        yield f"prefix_{k:02}", mask_of(range(k))
        yield f"prefix_{k:02}_vendor", mask_of(range(k)) | vendor
    for i in range(32):
        yield f"single_{i:02}", 1 << i
    for rung in range(1, 7):
        need = [i for i in range(SIGNED + 1) if EVIDENCE[i][1] <= rung]
        for i in need:
            yield f"rung_{rung}_without_{i:02}", mask_of(need) & ~(1 << i)
    for i in range(ITEMS):
        yield f"all_without_{i:02}", method & ~(1 << i)
    yield "only_after_sales", mask_of(AFTER_SALES)
    yield "only_vendor", vendor
    yield "signed_and_vendor", vendor | signed
    yield "all_bits", 2**32 - 1
    rng = SplitMix64(601)
    for i in range(40):
        yield f"signed_with_gaps_{i:02}", rng.below(2**32) | rng.below(2**18) | signed
    for i in range(60):
        later = rng.below(2**32) & rng.below(2**32) & ~signed
        yield f"prefix_and_later_{i:02}", mask_of(range(rng.below(SIGNED + 1))) | later
    for i in range(30):
        yield f"random_{i:02}", rng.below(2**32)


def milestone_cases():
    for id, mask in milestone_masks():
        yield id, "fivek_milestone_of", {"evidence": mask}, milestone_of(mask)
    for id, mask in milestone_masks():
        if mask >> SIGNED & 1 or id.startswith("prefix"):
            yield (f"skipped_{id}", "skipped_items", {"evidence": mask},
                   ok(skipped=skipped_items(mask)))


def evidence_cases():
    for item, (stage, gate, _) in enumerate(EVIDENCE):
        yield (f"item_{item:02}", "evidence_item", {"item": item},
               ok(stage=stage, gate=gate, gate_yield_ppm=gate and YIELD_PPM[gate]))
    for item in range(32):
        yield (f"proven_{item:02}", "evidence_proven", {"item": item},
               ok(proven=[[int(is_proven(item, s, p)) for p in PROOFS] for s in SHOWN_BY]))


# --- The opportunity ---------------------------------------------------------


def new_opportunity(at):
    return {"evidence": 0, "outcome": OPEN, "cycle": 1, "stage": 0, "milestone": 0,
            "highest_milestone": 0, "regressions": 0, "lost_reason": -1, "stage_since": at,
            "milestone_since": at, "last_event_at": at, "proven": 0, "reserved": 0}


def items_allowed(outcome):
    return [SIGNED] + AFTER_SALES if outcome == WON else [*range(SIGNED + 1), *VENDOR_BITS]


def refusal(state, event, require_proof):
    kind, code, shown_by, proof = (event[k] for k in ("kind", "code", "shown_by", "proof"))
    if (kind not in EVENTS or
            kind in (CONFIRMED, WITHDRAWN) and not 0 <= code < 32 or
            kind in (MARKED_LOST, VOIDED) and code < 0 or
            kind == CONFIRMED and (shown_by not in SHOWN_BY or proof not in PROOFS)):
        return INVALID_ARGUMENT
    if event["at"] < state["last_event_at"] or state["outcome"] not in EVENTS[kind][0]:
        return FAILED_PRECONDITION
    if kind == CONFIRMED:
        now_proven = is_proven(code, shown_by, proof)
        was_set, was_proven = state["evidence"] >> code & 1, state["proven"] >> code & 1
        if (code not in items_allowed(state["outcome"]) or
                was_set and (was_proven or not now_proven) or  # a repeat
                require_proof and not now_proven):
            return FAILED_PRECONDITION
    if kind == RESTARTED and state["cycle"] == INT32_MAX:
        return OUT_OF_RANGE
    return OK


def apply(state, event, require_proof=False):
    """The status of the event and the state after it."""
    status = refusal(state, event, require_proof)
    if status != OK:
        return status, state
    at, kind, code = event["at"], event["kind"], event["code"]
    _, outcome, cleared = EVENTS[kind]
    gone = mask_of([code] if kind == WITHDRAWN else cleared)
    after = dict(state, last_event_at=at, evidence=state["evidence"] & ~gone,
                 proven=state["proven"] & ~gone)
    if outcome is not None:
        after["outcome"] = outcome
    if kind == CONFIRMED:
        after["evidence"] |= 1 << code
        after["proven"] |= is_proven(code, event["shown_by"], event["proof"]) << code
        if code == SIGNED:
            after["outcome"] = WON
    if kind in (MARKED_LOST, VOIDED, REOPENED):
        after["lost_reason"] = -1 if kind == REOPENED else code
    if kind == RESTARTED:
        after["cycle"] += 1
    after["stage"], after["milestone"] = stage_and_milestone(after["evidence"])
    for place in ("stage", "milestone"):
        if after[place] != state[place]:
            after[f"{place}_since"] = at
    if kind == WITHDRAWN and after["milestone"] < state["milestone"]:
        after["regressions"] += 1
    after["highest_milestone"] = max(state["highest_milestone"], after["milestone"])
    return OK, after


def event(at, kind, code=0, shown_by=0, proof=0):
    return {"at": at, "kind": kind, "code": code, "shown_by": shown_by, "proof": proof}


def confirm(at, items, step=10, shown_by=2, proof=4):
    return [event(at + step * n, CONFIRMED, i, shown_by, proof)
            for n, i in enumerate(items)]


def log_case(id, start, events, *note, require_proof=False):
    """`start`: the time of creation, or a complete state to begin from."""
    state = start if isinstance(start, dict) else new_opportunity(start)
    input = {"state": start} if isinstance(start, dict) else {"created_at": start}
    if require_proof:
        input["unproven"] = "require"
    input["events"], expected = events, []
    for e in events:
        status, state = apply(state, e, require_proof)
        expected.append({"status": status, "state": state})
    return (id, "fivek_opportunity_apply", input, expected, *note)


def state_after(state, events):
    for e in events:
        status, state = apply(state, e)
        assert status == OK, e
    return state


def probe_states():
    """One state for each outcome: items 0-7, 11, 13 and 24; 1 and 18 unproven."""
    base = state_after(new_opportunity(1000), [
        *confirm(1010, [0, 2, 3, 4, 5, 6, 7, 11, 13, 24]), event(1200, CONFIRMED, 1, 7, 1)])
    yield "open", base
    yield "on_hold", state_after(base, [event(1300, PUT_ON_HOLD)])
    yield "won", state_after(base, [event(1300, CONFIRMED, SIGNED, 7, 1),
                                    event(1300, CONFIRMED, 19, 6, 5)])
    yield "lost", state_after(base, [event(1300, MARKED_LOST, 7)])
    yield "void", state_after(base, [event(1300, VOIDED, 8)])


PROBES = [
    # name                          at    kind             code shown_by proof
    ("confirm_new",                 1500, CONFIRMED,       8, 2, 2),
    ("confirm_new_unproven",        1500, CONFIRMED,       8, 1, 2),
    ("confirm_repeat",              1500, CONFIRMED,       0, 2, 4),
    ("confirm_again_with_proof",    1500, CONFIRMED,       1, 1, 3),
    ("confirm_again_without_proof", 1500, CONFIRMED,       1, 1, 1),
    ("confirm_signed_unproven",     1500, CONFIRMED,       18, 2, 3),
    ("confirm_signed",              1500, CONFIRMED,       18, 0, 4),
    ("confirm_19",                  1500, CONFIRMED,       19, 6, 5),
    ("confirm_20",                  1500, CONFIRMED,       20, 6, 3),
    ("confirm_21_unproven",         1500, CONFIRMED,       21, 7, 1),
    ("confirm_vendor_22",           1500, CONFIRMED,       22, 0, 5),
    ("confirm_vendor_24_repeat",    1500, CONFIRMED,       24, 0, 5),
    ("confirm_vendor_31",           1500, CONFIRMED,       31, 0, 0),
    ("withdraw_set",                1500, WITHDRAWN,       5),
    ("withdraw_rung_1",             1500, WITHDRAWN,       1),
    ("withdraw_later_item",         1500, WITHDRAWN,       13),
    ("withdraw_vendor",             1500, WITHDRAWN,       24),
    ("withdraw_not_set",            1500, WITHDRAWN,       16),
    ("withdraw_signed",             1500, WITHDRAWN,       18),
    ("withdraw_19",                 1500, WITHDRAWN,       19),
    ("sponsor_changed",             1500, SPONSOR_CHANGED),
    ("decision_maker_changed",      1500, DM_CHANGED),
    ("put_on_hold",                 1500, PUT_ON_HOLD),
    ("resumed",                     1500, RESUMED),
    ("lost_0",                      1500, MARKED_LOST,     0),
    ("lost_max",                    1500, MARKED_LOST,     INT32_MAX),
    ("reopened",                    1500, REOPENED),
    ("restarted",                   1500, RESTARTED),
    ("voided",                      1500, VOIDED,          3),
    # Wrong in every state: seen before the time and the outcome are looked at.
    ("kind_minus_1",                1500, -1),
    ("kind_10",                     1500, 10),
    ("kind_10_older",               1,    10),
    ("confirm_code_minus_1",        1500, CONFIRMED,       -1, 2, 4),
    ("confirm_code_32",             1500, CONFIRMED,       32, 2, 4),
    ("withdraw_code_minus_1",       1500, WITHDRAWN,       -1),
    ("withdraw_code_32_older",      1,    WITHDRAWN,       32),
    ("lost_reason_minus_1",         1500, MARKED_LOST,     -1),
    ("void_reason_minus_1",         1500, VOIDED,          -1),
    ("shown_by_8",                  1500, CONFIRMED,       8, 8, 2),
    ("shown_by_minus_1",            1500, CONFIRMED,       8, -1, 2),
    ("proof_6",                     1500, CONFIRMED,       8, 2, 6),
    ("proof_minus_1_older",         1,    CONFIRMED,       8, 2, -1),
    # The last event of the states other than open is at 1300.
    ("older_hold",                  1199, PUT_ON_HOLD),
    ("older_resume",                1299, RESUMED),
    ("older_reopen",                1299, REOPENED),
    ("older_restart",               1299, RESTARTED),
    ("same_time_hold",              1200, PUT_ON_HOLD),
    ("same_time_resume",            1300, RESUMED),
    ("same_time_reopen",            1300, REOPENED),
    ("same_time_restart",           1300, RESTARTED),
    # Code, shown_by and proof mean nothing to the events that do not name them.
    ("ignored_fields_withdraw",     1500, WITHDRAWN,       2, 99, -99),
    ("ignored_fields_sponsor",      1500, SPONSOR_CHANGED, -5, 99, -99),
    ("ignored_fields_dm",           1500, DM_CHANGED,      99, 99, -99),
    ("ignored_fields_hold",         1500, PUT_ON_HOLD,     -5, 99, -99),
    ("ignored_fields_resume",       1500, RESUMED,         -5, 99, -99),
    ("ignored_fields_lost",         1500, MARKED_LOST,     2, 99, -99),
    ("ignored_fields_reopen",       1500, REOPENED,        -5, 99, -99),
    ("ignored_fields_restart",      1500, RESTARTED,       -5, 99, -99),
    ("ignored_fields_void",         1500, VOIDED,          2, 99, -99),
]


def scripted_logs(t=1_700_000_000):
    ladder = confirm(t, range(ITEMS))
    yield log_case("ladder_in_order", t, ladder)
    yield log_case("ladder_backwards", -5000, [
        *confirm(-4000, range(17, -1, -1)), event(-3000, CONFIRMED, SIGNED, 2, 5)],
        "later evidence is kept and counts when the earlier gates fill")
    yield log_case("signed_first", t, [
        event(t, CONFIRMED, SIGNED, 0, 4), *confirm(t, [0, 17, 22]),
        *confirm(t + 50, AFTER_SALES)], "earlier items can no longer be confirmed")
    yield log_case("signed_unproven_then_proven", t, [
        event(t, CONFIRMED, SIGNED, 2, 3), event(t, CONFIRMED, SIGNED, 2, 2),
        event(t + 1, CONFIRMED, SIGNED, 2, 4), event(t + 2, CONFIRMED, SIGNED, 2, 5)])
    for kind, name in ((SPONSOR_CHANGED, "sponsor"), (DM_CHANGED, "dm")):
        yield log_case(f"{name}_changed_at_90", t, [
            *confirm(t, [*range(18), 25]), event(t + 900, kind), event(t + 901, kind),
            *confirm(t + 910, EVENTS[kind][2])], "cleared evidence is no regression")
    yield log_case("regressions_and_back", t, [
        *confirm(t, range(13)), event(t + 500, WITHDRAWN, 11),
        event(t + 501, WITHDRAWN, 12), event(t + 502, WITHDRAWN, 6),
        event(t + 503, WITHDRAWN, 6), event(t + 504, WITHDRAWN, 0),
        event(t + 505, WITHDRAWN, 22), *confirm(t + 600, [0, 6, 12, 11])])
    yield log_case("withdrawn_is_no_longer_proven", t, [
        event(t, CONFIRMED, 2, 1, 2), event(t + 1, WITHDRAWN, 2),
        event(t + 2, CONFIRMED, 2, 7, 2), event(t + 3, CONFIRMED, 2, 3, 5),
        event(t + 4, CONFIRMED, 2, 2, 3), event(t + 5, CONFIRMED, 2, 1, 4)])
    yield log_case("hold_lose_reopen_void_reopen", t, [
        *confirm(t, range(8)),
        *(event(t + 100 + n, kind, code) for n, (kind, code) in enumerate([
            (PUT_ON_HOLD, 4), (RESUMED, 0), (RESUMED, 0), (PUT_ON_HOLD, 0),
            (MARKED_LOST, 42), (MARKED_LOST, 43), (REOPENED, 99), (VOIDED, 17),
            (VOIDED, 18), (REOPENED, 0), (PUT_ON_HOLD, 0), (VOIDED, 0), (RESUMED, 0),
            (REOPENED, 0), (MARKED_LOST, 0)]))])
    yield log_case("three_cycles", t, [
        *ladder, event(t + 500, RESTARTED), *confirm(t + 510, range(5)),
        event(t + 600, WITHDRAWN, 0), event(t + 601, RESTARTED),
        event(t + 602, CONFIRMED, SIGNED, 2, 5), event(t + 603, RESTARTED),
        *confirm(t + 610, [0])], "highest milestone and regressions stay over a restart")
    full = dict(state_after(new_opportunity(t), ladder), cycle=INT32_MAX)
    yield log_case("cycle_at_its_end", full, [
        event(t - 1, RESTARTED), event(t + 1000, RESTARTED), event(t + 1001, PUT_ON_HOLD)],
        "older comes before out of range")
    yield log_case("cycle_before_its_end", dict(full, cycle=INT32_MAX - 1), [
        event(t + 1000, RESTARTED), event(t + 1001, RESTARTED),
        event(t + 1001, CONFIRMED, SIGNED, 0, 5), event(t + 1002, RESTARTED)])
    yield log_case("require_proof", t, [
        event(t, CONFIRMED, item, shown_by, proof) for item, shown_by, proof in [
            (0, 7, 1), (0, 7, 2), (0, 7, 1), (2, 3, 4), (2, 1, 4), (8, 1, 4), (8, 2, 4),
            (31, 0, 0), (31, 0, 3), (18, 2, 3), (18, 2, 5), (19, 6, 0), (19, 6, 5)]],
        "a policy that requires proof", require_proof=True)


def random_log(rng, length):
    """Mostly the next items in order, so that deals get far; often something wrong."""
    created = rng.below(10**9)
    state, events = new_opportunity(created), []
    exits = {ON_HOLD: [RESUMED, RESUMED, MARKED_LOST, VOIDED], WON: [RESTARTED],
             LOST: [REOPENED], VOID: [REOPENED]}
    for _ in range(length):
        at = state["last_event_at"] + rng.below(1000) * (rng.below(5) > 0)
        if rng.below(20) == 0:
            at = state["last_event_at"] - 1 - rng.below(3)
        seen = items_of(state["evidence"]) or [0]
        missing = items_of(~state["evidence"] & mask_of(range(SIGNED + 1)))
        shown = rng.pick([1, 2, 2, 2, 7]), rng.pick([1, 2, 3, 4, 5, 5])
        dice = rng.below(100)
        if dice < 12:  # anything
            e = event(at, rng.below(13) - 1, rng.below(36) - 2, rng.below(10) - 1,
                      rng.below(8) - 1)
        elif state["outcome"] != OPEN and dice < 60:
            e = event(at, rng.pick(exits[state["outcome"]]), rng.below(9))
        elif state["outcome"] == WON:
            e = event(at, CONFIRMED, SIGNED + rng.below(4), *shown)
        elif dice < 78 and missing:
            e = event(at, CONFIRMED, rng.pick(missing[:1 + rng.below(2)]), *shown)
        elif dice < 84:
            e = event(at, CONFIRMED, rng.pick(seen), *shown)
        elif dice < 90:
            e = event(at, WITHDRAWN, rng.pick(seen))
        elif dice < 93:
            e = event(at, CONFIRMED, rng.pick(VENDOR_BITS), *shown)
        else:
            e = event(at, rng.pick([SPONSOR_CHANGED, DM_CHANGED, PUT_ON_HOLD, MARKED_LOST,
                                    VOIDED]), rng.below(50))
        events.append(e)
        state = apply(state, e)[1]
    return created, events


def opportunity_cases():
    for t in (0, 1_700_000_000, -86400):
        yield (f"init_{t}", "fivek_opportunity_init", {"created_at": t},
               ok(state=new_opportunity(t)))
    yield from scripted_logs()
    for outcome, state in probe_states():
        for name, *fields in PROBES:
            yield log_case(f"{outcome}_{name}", state, [event(*fields)])
    rng = SplitMix64(701)
    for i in range(20):
        yield log_case(f"random_{i:02}", *random_log(rng, 60))


# --- Money and ratios --------------------------------------------------------


def expected_amount(rows):
    if any(not 0 <= ppm <= PPM for _, ppm in rows):
        return refused(INVALID_ARGUMENT)
    total = half_even(sum(amount * ppm for amount, ppm in rows), PPM)
    if not INT64_MIN <= total <= INT64_MAX:
        return refused(OUT_OF_RANGE)
    return ok(expected_amount=str(total))


def money_totals():
    top, bottom = (INT64_MAX, PPM), (INT64_MIN, PPM)
    yield "empty", []
    yield "two_quarters", [(123450, 250000)] * 2
    yield "three_thirds", [(1, 333333)] * 3
    yield "of_halves", [(1, 500000)] * 7
    yield "of_negative_halves", [(-1, 500000)] * 5
    yield "cancels", [(123457, 333333), (-123457, 333333)]
    yield "refused_ppm_minus_1", [(100, 0), (100, -1)]
    yield "refused_ppm_over", [(100, 0), (100, PPM + 1)]
    yield "max", [top]
    yield "max_and_a_bit", [top, (1, 499999)]
    yield "max_and_a_half", [top, (1, 500000)]  # the even neighbour is 2^63
    yield "max_twice", [top, top]
    yield "over_and_back", [top, top, top, bottom, bottom]  # only the total has to fit
    yield "min", [bottom]
    yield "min_and_a_half", [bottom, (-1, 500000)]  # the even neighbour is -2^63
    yield "min_and_more", [bottom, (-1, 500001)]
    rng = SplitMix64(801)
    for i in range(40):
        yield f"random_{i:02}", [
            ((rng.next() >> 1 + rng.below(60)) * rng.pick([1, 1, 1, -1]),
             rng.pick(YIELD_PPM + [rng.below(PPM + 1)])) for _ in range(1 + rng.below(8))]


def money_cases():
    for size in (0, 1, 2, 3, 5, 123450, 999999, INT64_MAX, INT64_MAX - 1, INT64_MIN):
        for amount in sorted({size, -size} - {-INT64_MIN}):
            for ppm in (0, 1, 100000, 250000, 499999, 500000, 500001, 900000, 999999, PPM):
                yield (f"amount_{amount}_at_{ppm}", "expected_amount",
                       {"amount": str(amount), "ppm": ppm}, expected_amount([(amount, ppm)]))
    for ppm in (-1, PPM + 1, INT32_MAX):
        yield (f"refused_ppm_{ppm}", "expected_amount", {"amount": "100", "ppm": ppm},
               expected_amount([(100, ppm)]))
    for id, rows in money_totals():
        yield (f"total_{id}", "expected_total",
               {"amount": [str(a) for a, _ in rows], "ppm": [p for _, p in rows]},
               expected_amount(rows))
    rng = SplitMix64(802)
    lists = [[], [PPM], [0, PPM], [500000, 1], [500000, 3], [500000, 5], [1, 1],
             [999999, 999999], [250000] * 2, [100000] * 6, [500000] * 6, [999999] * 6,
             [900000, 750000, 500000, 250000, 100000]]
    lists += [[rng.below(PPM + 1) for _ in range(2)] for _ in range(20)]
    lists += [[rng.below(PPM + 1) for _ in range(3 + rng.below(4))] for _ in range(10)]
    for i, ratios in enumerate(lists):
        yield (f"product_{i:02}", "ppm_product", {"ppm": ratios},
               ok(ppm=half_even(prod(Fraction(r, PPM) for r in ratios) * PPM)))


# --- Calendar ----------------------------------------------------------------

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
DATES = """
    1970-01-01 1970-01-02 1969-12-31 1968-02-29 2000-02-28 2000-02-29 2000-03-01 1900-02-28
    1900-03-01 2100-02-28 2100-03-01 2024-02-29 2024-12-31 2023-02-28 2023-03-01 1600-02-29
    1582-10-04 1582-10-15 2038-01-19 0001-01-01 0001-12-31 0004-02-29 0400-12-31 9999-01-01
    9999-12-31""".split()
NO_DATES = ["", " 2023-01-01", "2023-01-01 ", "2023-01-0１", *"""
    x 2023 2023-02 2023-02-29 1900-02-29 2100-02-29 2024-02-30 2023-04-31 2023-06-31 2023-09-31
    2023-11-31 2023-01-32 2023-01-00 2023-00-01 2023-13-01 2023-1-01 2023-01-1 23-01-01
    2023/01/01 2023_01_01 01.02.2023 2023-01-01x 2023-01--1 +023-01-01 2023-0a-01""".split()]
INSTANTS = """
    1970-01-01T00:00:00Z 1970-01-01T00:00:00+00:00 1970-01-01T08:00:00+08:00
    1969-12-31T19:00:00-05:00 1969-12-31T23:59:59Z 2024-02-29T12:34:56Z
    2024-02-29T23:59:59+05:30 2024-03-01T00:00:00-03:30 2024-01-01T00:30:00+01:00
    2023-12-31T23:30:00-01:00 2038-01-19T03:14:07Z 2038-01-19T03:14:08Z 1900-03-01T00:00:00Z
    2000-02-29T23:59:59+14:00 2000-02-29T00:00:00-12:00 2024-06-15T10:20:30+05:45
    0001-01-01T00:00:00Z 9999-12-31T23:59:59Z""".split()
NO_INSTANTS = ["", " 2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z ", *"""
    Z 2024-01-01T 2024-01-01T00:00:00 2024-01-01T00:00:00+ 2024-01-01T25:00:00Z
    2024-01-01T00:60:00Z 2024-01-01T00:00:61Z 2023-02-29T00:00:00Z 2024-13-01T00:00:00Z
    2024-01-01T00:00:00+25:00 2024-01-01T00:00:00+08:60 2024-01-01T00:00:00ZZ
    2024-01-01T00:00:00+08:00Z 2024-01-01T0:00:00Z 2024-01-01T00:00:00+8:00
    2024-01-01X00:00:00Z 2024-01-01T-1:00:00Z""".split()]


def calendar_cases():
    rng = SplitMix64(901)
    last = datetime.date.max.toordinal()
    for date in [*map(datetime.date.fromisoformat, DATES),
                 *(datetime.date.fromordinal(1 + rng.below(last)) for _ in range(60))]:
        days = (date - EPOCH.date()).days
        yield (f"days_{date}", "days_of_date",
               {"year": date.year, "month": date.month, "day": date.day}, ok(days=days))
        yield f"date_{date}", "parse_date", {"text": str(date)}, ok(days=days)
    instants = list(INSTANTS)
    for _ in range(30):
        local = datetime.datetime(1, 1, 2) + datetime.timedelta(
            seconds=rng.below(9998 * 365 * 86400))
        instants.append(f"{local.isoformat()}{rng.pick('+-')}{rng.below(15):02}:"
                        f"{rng.pick([0, 0, 15, 30, 45]):02}")
    for text in instants:
        since = datetime.datetime.fromisoformat(text.replace("Z", "+00:00")) - EPOCH
        yield (f"instant_{text}", "parse_instant", {"text": text},
               ok(seconds=since.days * 86400 + since.seconds))
    for fn, texts in (("parse_date", NO_DATES), ("parse_instant", NO_INSTANTS)):
        for i, text in enumerate(texts):
            yield f"{fn}_refused_{i:02}", fn, {"text": text}, refused(INVALID_ARGUMENT)


# --- The cycle, claims and scores against evidence ---------------------------


def share_ppm(part, total):
    return half_even(part * PPM, total) if total else None


def claimed_milestone(ppm):
    return max(m for m in range(7) if YIELD_PPM[m] <= ppm)


def claim_against_evidence(ppm, mask):
    if not 0 <= ppm <= PPM:
        return refused(INVALID_ARGUMENT)
    claimed, supported = claimed_milestone(ppm), stage_and_milestone(mask)[1]
    rungs = claimed - supported
    missing = sum(missing_for(mask, m) for m in range(1, claimed + 1))
    return ok(claimed_milestone=claimed, supported_milestone=supported, rungs=rungs,
              verdict="over" if rungs > 0 else "under" if rungs else "in_line",
              missing=missing if rungs > 0 else 0)


def contradictions(level, by_dm, mask):
    points = [0 if level[d] == UNKNOWN else points_of(d, level[d], by_dm >> d & 1)
              for d in range(5)]
    shown_by_dm = [level[d] != UNKNOWN and by_dm >> d & 1 for d in range(5)]
    rules = [  # by code: what the score says, the evidence that it needs
        (points[POWER] >= 9,   5),
        (points[CONTROL] >= 8, 7),
        (points[POWER] >= 10,  10),
        (shown_by_dm[PROBLEM], 8),
        (shown_by_dm[VISION],  9),
    ]
    return [code for code, (scored, item) in enumerate(rules)
            if scored and not mask >> item & 1]


def score_rows(rng):
    """(id, level, by_decision_maker, evidence)"""
    top, dm = TOP_LEVEL, ALLOWED_BY_DM
    for level in range(top[POWER] + 1):
        yield f"power_{level}", [0, level, 0, 0, 0], 0, 0
    for level in range(top[CONTROL] + 1):
        yield f"control_{level}", [0, 0, 0, 0, level], 0, 0
    for by_dm in (0, 1, 4, 8, 13):
        yield f"dm_bits_{by_dm}", [0] * 5, by_dm, 0
    yield "top_nothing_seen", top, dm, 0
    yield "unknown", [UNKNOWN] * 5, dm, 0
    needed = mask_of([5, 7, 8, 9, 10])
    yield "top_all_seen", top, dm, needed
    for item in items_of(needed):
        yield f"top_without_{item}", top, dm, needed & ~(1 << item)
        yield f"top_only_{item}", top, dm, 1 << item
    for i in range(40):
        yield (f"random_{i:02}",
               [UNKNOWN if rng.below(8) == 0 else rng.below(t + 1) for t in top],
               rng.below(16) & dm, rng.below(2**22))


def cycle_cases():
    for step in range(-1, len(SEVEN_STEPS) + 1):
        known = 0 <= step < len(SEVEN_STEPS)
        yield (f"seven_step_{step}", "stage_of_seven_step", {"step": step},
               ok(stage=SEVEN_STEPS[step]) if known else refused(INVALID_ARGUMENT))
    rng = SplitMix64(1001)
    logs = [[], [(2, 2)], [(0, 3)], [(5, 0)], list(itertools.product(range(6), range(6)))]
    logs += [[(rng.below(6), rng.below(6)) for _ in range(1 + rng.below(12))]
             for _ in range(20)]
    for i, log in enumerate(logs):
        delta = [action - stage for stage, action in log]
        yield (f"alignment_{i:02}", "alignment",
               {"stage": [s for s, _ in log], "action": [a for _, a in log]},
               ok(delta=delta, aligned=delta.count(0), ahead=sum(d > 0 for d in delta),
                  behind=sum(d < 0 for d in delta), total=len(log),
                  share_ppm=share_ppm(delta.count(0), len(log))))
    counts = [MARKET_PERCENT, [0] * 6, [1] * 6, [1, 0, 0, 0, 0, 0], [5, 4, 3, 2, 1, 1],
              [1, 1, 1, 0, 0, 0], [10**9] * 6, [127, 1, 0, 0, 0, 0], [125, 3, 0, 0, 0, 0]]
    counts += [[rng.below(200) for _ in range(6)] for _ in range(10)]
    reference = [percent * PPM // 100 for percent in MARKET_PERCENT]
    for i, accounts in enumerate(counts):
        shares = [share_ppm(n, sum(accounts)) for n in accounts]
        gaps = [None if s is None else s - r for s, r in zip(shares, reference)]
        yield (f"market_{i:02}", "market_shares", {"accounts": accounts},
               ok(share_ppm=shares, reference_ppm=reference, gap_ppm=gaps))
    for ppm in sorted({max(0, min(PPM, y + d)) for y in YIELD_PPM for d in (-1, 0, 1)}):
        yield (f"claimed_{ppm}", "claimed_milestone", {"ppm": ppm},
               ok(milestone=claimed_milestone(ppm)))
    claims = [(f"{ppm}_on_{k:02}_items", ppm, mask_of(range(k)))
              for ppm in YIELD_PPM for k in (0, 5, 8, 13, 15, 18, 19)]
    claims += [(f"random_{i:02}", rng.below(PPM + 1), mask_of(range(rng.below(19))) |
                rng.below(2**32) & rng.below(2**32)) for i in range(40)]
    claims += [("refused_minus_1", -1, 0), ("refused_over", PPM + 1, 0)]
    for id, ppm, mask in claims:
        yield (f"claim_{id}", "claim_audit", {"ppm": ppm, "evidence": mask},
               claim_against_evidence(ppm, mask))
    for id, level, by_dm, mask in score_rows(rng):
        yield (f"score_{id}", "score_contradictions",
               {"level": level, "by_decision_maker": by_dm, "evidence": mask},
               ok(rules=contradictions(level, by_dm, mask)))


# --- Hash --------------------------------------------------------------------


def fnv1a64(data):
    h = 0xCBF29CE484222325
    for byte in data:
        h = (h ^ byte) * 0x100000001B3 % 2**64
    return h


def hash_cases():
    texts = ["", "a", "b", "foobar", "fivek", "{}", '{"a":1}', '{"a": 1}', "\0", "\0\0",
             "合格经办人", "Problem × Power × Vision × Value × Control", "\n", "x" * 1000,
             "".join(map(chr, range(128)))]
    for i, text in enumerate(texts):
        h = fnv1a64(text.encode())
        yield (f"fnv1a64_{i:02}", "fnv1a64", {"text": text},
               ok(hash=str(h), hex=f"{h:016x}"))


# --- Columns -----------------------------------------------------------------

LEVEL_COLUMNS = DIMENSION_NAMES  # columns 0 to 4 of a book
BY_COLUMN, OUTCOME_COLUMN, AGE_COLUMN = 5, 7, 9
SCORE_OUTPUTS = ["strength", "weakest", "product_ppm", "stage", "milestone",
                 "probability_ppm", "expected_amount", "row_status"]
BAD_ROW = dict(strength=0, weakest=UNKNOWN, product_ppm=-1, stage=0, milestone=0,
               probability_ppm=0, expected_amount="0", row_status=INVALID_ARGUMENT)


def half_away(numerator, denominator):
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return size if numerator >= 0 else -size


def book_row(level=(UNKNOWN,) * 5, by_dm=0, evidence=0, outcome=OPEN, amount=0, age=0):
    return dict(zip(LEVEL_COLUMNS, level), by_decision_maker=by_dm, evidence=evidence,
                outcome=outcome, amount=amount, age=age)


def faults_of(row, buckets):
    """The columns that make a row bad."""
    return ([d for d, name in enumerate(LEVEL_COLUMNS) if TOP_LEVEL[d] < row[name] != UNKNOWN]
            + [BY_COLUMN] * bool(row["by_decision_maker"] & ~ALLOWED_BY_DM)
            + [OUTCOME_COLUMN] * (row["outcome"] > VOID)
            + [AGE_COLUMN] * (row["age"] >= buckets))


def score_row(row, probability, rounded):
    """What the columns get; `probability` of a milestone and an age."""
    s = strength([row[name] for name in LEVEL_COLUMNS], row["by_decision_maker"])
    points = s["points"]
    known = 0 in points or -1 not in points  # a factor of 0 makes the product 0
    stage, milestone = stage_and_milestone(row["evidence"])
    ppm = {WON: PPM, LOST: 0, VOID: 0}.get(row["outcome"], probability(milestone, row["age"]))
    return dict(strength=s["total"], weakest=s["weakest"],
                product_ppm=s["product_ppm"] if known else -1, stage=stage,
                milestone=milestone, probability_ppm=ppm,
                expected_amount=str(rounded(row["amount"] * ppm, PPM)), row_status=OK)


def columns_case(id, rows, *note, given=None, wanted=SCORE_OUTPUTS, calibration=None,
                 policy=None, yields=YIELD_PPM, rounded=half_even):
    """`rows` of book_row; columns that are not `given` are not in the input."""
    given = list(book_row())[:-1] if given is None else given
    absent = book_row()
    rows = [{name: row[name] if name in given or name == "age" else absent[name]
             for name in absent} for row in rows]
    columns = {name: [str(row[name]) if name == "amount" else row[name] for row in rows]
               for name in given}
    input = {"rows": len(rows), "columns": columns, "wanted": wanted}
    if policy:
        input["policy"] = policy
    buckets, usable = 1, True
    if calibration:
        buckets, table = calibration["buckets"], calibration["ppm"]
        usable = 1 <= buckets <= 256 and all(0 <= ppm <= PPM for ppm in table)
        input["calibration"] = calibration
        if calibration.get("age_bucket") is None:
            calibration.pop("age_bucket", None)
            rows = [dict(row, age=0) for row in rows]
        else:
            calibration["age_bucket"] = [row["age"] for row in rows]
    else:
        rows = [dict(row, age=0) for row in rows]

    def probability(milestone, age):
        return table[milestone * buckets + age] if calibration else yields[milestone]
    expected = dict(status=OK, bad_rows=0)
    if not usable:
        expected = dict(status=INVALID_ARGUMENT, bad_rows=0, row=-1, column=-1)
        rows = []
    scored = []
    for i, row in enumerate(rows):
        faults = faults_of(row, buckets)
        if not faults:
            scored.append(score_row(row, probability, rounded))
            continue
        expected["bad_rows"] += 1
        if "row_status" not in wanted:
            assert len(faults) == 1, "which one is named is not fixed"
            expected.update(status=INVALID_ARGUMENT, row=i, column=faults[0])
            break
        scored.append(BAD_ROW)
    expected.update({name: [row[name] for row in scored] for name in wanted})
    return (id, "fivek_score_columns", input, expected, *note)


def random_level(rng, unknown=0):
    return [UNKNOWN if unknown and rng.below(unknown) == 0 else rng.below(top + 1)
            for top in TOP_LEVEL]


def random_row(rng, unknown=0, ages=1):
    evidence = mask_of(range(rng.below(ITEMS + 1)))
    if rng.below(3) == 0:
        evidence = rng.below(2**32)
    elif rng.below(3) == 0:
        evidence &= ~(1 << rng.below(32))
    amount = (rng.next() >> 14 + rng.below(48)) * rng.pick([1, 1, 1, -1])
    if rng.below(2):
        amount = amount // 10 * 10 + 5
    return book_row(random_level(rng, unknown), rng.below(16) & ALLOWED_BY_DM, evidence,
                    rng.pick([OPEN, OPEN, OPEN, ON_HOLD, WON, LOST, VOID]), amount,
                    rng.below(ages))


def rungs():
    """The least evidence of each milestone."""
    for m in range(7):
        yield mask_of(i for i in range(SIGNED + 1) if EVIDENCE[i][1] <= m)


def columns_cases():
    rng = SplitMix64(1101)
    deal = ["evidence", "outcome", "amount"]
    deal_out = ["stage", "milestone", "probability_ppm", "expected_amount"]
    yield columns_case("no_rows", [])
    for rows in (1, 15, 16, 17, 31, 33, 64, 97, 200):
        yield columns_case(f"known_{rows}", [random_row(rng) for _ in range(rows)])
    yield columns_case("unknown", [random_row(rng, unknown=4) for _ in range(150)])
    levels = [book_row(level, by_dm) for _, level, by_dm, reserved in strength_rows()
              if not any(reserved) and not faults_of(book_row(level, by_dm), 1)]
    yield columns_case("strength_corners", levels[:-300] + levels[-60:],
                       given=[*LEVEL_COLUMNS, "by_decision_maker"],
                       wanted=["strength", "weakest", "product_ppm"])
    yield columns_case("evidence_masks",
                       [book_row(evidence=mask, amount=100) for _, mask in milestone_masks()],
                       given=["evidence", "amount"], wanted=deal_out)
    yield columns_case("outcomes_and_rungs",
                       [book_row(evidence=mask, outcome=outcome, amount=1_000_000)
                        for mask in rungs() for outcome in range(VOID + 1)],
                       given=deal, wanted=deal_out)
    yield columns_case("ties",
                       [book_row(evidence=mask, amount=sign * amount) for mask in rungs()
                        for sign in (1, -1) for amount in (*range(1, 21), 10**15 + 5,
                                                           2**50 + 2)],
                       "10 %, 50 % and 90 % of what ends in 5, 25 % and 75 % of 2, 6, 10...",
                       given=["evidence", "amount"], wanted=["expected_amount"])
    sizes = [2**31, 2**50, 2**51 - 2, 2**51, 2**51 + 2, 2**53 + 1, 2**62 + 5, INT64_MAX - 5,
             INT64_MAX, -INT64_MIN]
    yield columns_case("extreme_amounts",
                       [book_row(evidence=mask, amount=amount) for mask in rungs()
                        for size in sizes for amount in (size, -size) if amount <= INT64_MAX],
                       given=["evidence", "amount"], wanted=["expected_amount"])
    yield columns_case("one_extreme_amount_among_many",
                       [book_row(evidence=0x1F, amount=INT64_MIN if i == 70 else 5 + 10 * i)
                        for i in range(140)],
                       given=["evidence", "amount"], wanted=["expected_amount"])
    for name in [*list(book_row())[:-1], None]:
        yield columns_case(f"only_{name}_given", [random_row(rng, 4) for _ in range(20)],
                           given=[name] if name else [])
    for name in SCORE_OUTPUTS:
        yield columns_case(f"only_{name}_wanted", [random_row(rng, 4) for _ in range(20)],
                           wanted=[name])
    yield columns_case("nothing_wanted", [random_row(rng, 4) for _ in range(20)], wanted=[])

    bad = [*((name, top + 1) for name, top in zip(LEVEL_COLUMNS, TOP_LEVEL)),
           *((name, 254) for name in LEVEL_COLUMNS), ("power", 16), ("control", 64),
           ("problem", 128), *(("by_decision_maker", 1 << bit) for bit in (1, 4, 5, 6, 7)),
           ("outcome", 5), ("outcome", 133), ("outcome", 255)]
    rows = [random_row(rng, 20) for _ in range(170)]
    for i, (name, code) in enumerate(bad):
        rows[(5 * i + i * i) % 90][name] = code
    yield columns_case("bad_rows", rows, "rows 90 to 169 are good")
    yield columns_case("all_bad", [book_row(outcome=9)] * 70)
    for i, (name, code) in enumerate(bad):
        rows = [random_row(rng, 20) for _ in range(40)]
        rows[i * 7 % 40][name] = code
        yield columns_case(f"refused_{name}_{code}", rows,
                           wanted=["strength", "stage", "expected_amount"])
    rows = [random_row(rng) for _ in range(100)]
    rows[64]["vision"], rows[80]["outcome"] = 4, 7
    yield columns_case("refused_at_the_first_bad_row", rows, wanted=["strength"])

    table = [rng.below(PPM + 1) for _ in range(7 * 3)]
    by_age = dict(buckets=3, ppm=table, age_bucket=True)
    rows = [book_row(evidence=mask, outcome=outcome, age=age, amount=10**6 + 5)
            for mask in rungs() for outcome in range(VOID + 1) for age in range(3)]
    yield columns_case("calibrated", rows, given=deal, wanted=deal_out,
                       calibration=dict(by_age))
    yield columns_case("calibrated_random", [random_row(rng, 8, ages=3) for _ in range(80)],
                       calibration=dict(by_age))
    yield columns_case("calibrated_without_ages", rows, given=deal, wanted=deal_out,
                       calibration=dict(by_age, age_bucket=None))
    yield columns_case("calibrated_bad_ages", [random_row(rng, 8, ages=5) for _ in range(60)],
                       calibration=dict(by_age))
    rows = [random_row(rng) for _ in range(20)]
    rows[11]["age"] = 3
    yield columns_case("refused_age", rows, wanted=deal_out, calibration=dict(by_age))
    for name, learned in (("probability_above_1", dict(by_age, ppm=[*table[:-1], PPM + 1])),
                          ("negative_probability", dict(by_age, ppm=[-1, *table[1:]])),
                          ("no_buckets", dict(by_age, buckets=0)),
                          ("257_buckets", dict(by_age, buckets=257, ppm=[0] * 7 * 257))):
        yield columns_case(f"refused_calibration_{name}", [random_row(rng)],
                           calibration=learned)

    own = [0, 123_457, 250_000, 500_001, 750_000, 999_999, PPM]
    ladder = {str(m): {"yield_ppm": ppm} for m, ppm in enumerate(own)}
    rows = [random_row(rng, 8) for _ in range(80)]
    yield columns_case("own_yields", rows, yields=own,
                       policy={"fivek_policy": 1, "ladder": ladder})
    yield columns_case("half_away_from_zero", rows, rounded=half_away,
                       policy={"fivek_policy": 1, "rounding": "half_away_from_zero"})


# --- Roll-ups ----------------------------------------------------------------

BY_MILESTONE, BY_OWNER, BY_BOTH = GROUPINGS = range(3)
DATA_LOSS = 15
ROLLUP_COLUMNS = ["milestone", "outcome", "amount", "probability_ppm", "owner"]
NUMBERS = ["count", "won", "lost", "unknown", "amount", "expected"]
MOST_ROWS = 2**43


def sums_of(rows):
    """Exact; `expected` in millionths."""
    known = [row for row in rows if row["probability_ppm"] >= 0]
    return dict(count=len(rows), won=sum(row["outcome"] == WON for row in rows),
                lost=sum(row["outcome"] == LOST for row in rows),
                unknown=len(rows) - len(known), amount=sum(row["amount"] for row in rows),
                expected=sum(row["amount"] * row["probability_ppm"] for row in known))


def little_endian(value, size):
    return (value % 2**(8 * size)).to_bytes(size, "little")


def rollup_body(by, groups, magic=b"5Krollup", version=1, count=None):
    """The form that rollup.h documents, up to the checksum; groups {(owner,
    milestone): sums} in their order."""
    out = magic + little_endian(version, 4) + little_endian(by, 4)
    out += little_endian(len(groups) if count is None else count, 8)
    for (owner, milestone), sums in groups:
        out += little_endian(owner, 4) + little_endian(milestone, 4)
        for name in NUMBERS:
            out += little_endian(sums[name], 16 if name in ("amount", "expected") else 8)
    return out


def sealed(body):
    return body + little_endian(fnv1a64(body), 8)


def group_json(owner, milestone, sums):
    amount, expected = sums["amount"], half_even(sums["expected"], PPM)
    if not all(INT64_MIN <= total <= INT64_MAX for total in (amount, expected)):
        return refused(OUT_OF_RANGE)
    return ok(owner=owner, milestone=milestone, **{n: sums[n] for n in NUMBERS[:4]},
              amount=str(amount), expected=str(expected))


def rollup_json(by, groups):
    total = {name: sum(sums[name] for _, sums in groups) for name in NUMBERS}
    return ok(groups=[group_json(owner, -1 if by == BY_OWNER else milestone, sums)
                      for (owner, milestone), sums in groups],
              total=group_json(0, -1, total), bytes=sealed(rollup_body(by, groups)).hex())


def rollup_row(milestone=0, outcome=OPEN, amount=0, ppm=-1, owner=0):
    return dict(zip(ROLLUP_COLUMNS, (milestone, outcome, amount, ppm, owner)))


def rollup_case(id, by, rows, *note, given=ROLLUP_COLUMNS):
    absent = rollup_row()
    rows = [{name: row[name] if name in given else absent[name] for name in absent}
            for row in rows]
    columns = {name: [str(row[name]) if name == "amount" else row[name] for row in rows]
               for name in given}
    groups = {}
    expected = None
    for i, row in enumerate(rows):
        faults = [column for column, good in (
            (0, row["milestone"] <= 6), (1, row["outcome"] <= VOID),
            (3, -1 <= row["probability_ppm"] <= PPM)) if not good]
        if faults:
            assert len(faults) == 1, "which one is named is not fixed"
            expected = {"status": INVALID_ARGUMENT, "row": i, "column": faults[0]}
            break
        key = (row["owner"] * (by != BY_MILESTONE), row["milestone"] * (by != BY_OWNER))
        groups.setdefault(key, []).append(row)
    if expected is None:
        expected = rollup_json(by, [(key, sums_of(groups[key])) for key in sorted(groups)])
    return (id, "fivek_rollup_add", {"by": by, "rows": len(rows), "columns": columns},
            expected, *note)


def random_rollup_row(rng, owners):
    amount = (rng.next() >> 1 + rng.below(60)) * rng.pick([1, 1, 1, -1])
    return rollup_row(rng.below(7), rng.below(VOID + 1), amount,
                      rng.pick([-1, 0, PPM, 500_000, rng.below(PPM + 1)]), rng.pick(owners))


def damaged_rollups():
    """(id, bytes): not what any roll-up writes."""
    one = dict(count=3, won=1, lost=1, unknown=1, amount=-5, expected=2_500_000)

    def both(*groups, **header):
        return sealed(rollup_body(BY_BOTH, list(groups), **header))

    def but(**change):
        return both(((1, 2), dict(one, **change)))
    good = both(((1, 2), one), ((1, 3), one))
    for size in (0, 1, 8, 31, 32, 103, len(good) - 72, len(good) - 1):
        yield f"cut_to_{size}", good[:size]
    yield "one_byte_more", good + b"\0"
    for place in (24, 60, len(good) - 9, len(good) - 8, len(good) - 1):
        yield f"bit_changed_at_{place}", good[:place] + bytes([good[place] ^ 1]) + good[place + 1:]
    yield "magic", both(magic=b"5krollup")
    yield "version_0", both(version=0)
    yield "version_2", both(version=2)
    yield "grouping_3", sealed(rollup_body(3, []))
    for count in (0, 2, 2**60 + 1, 2**64 - 1):
        yield f"says_{count}_groups", both(((1, 2), one), count=count)
    yield "milestones_out_of_order", both(((1, 3), one), ((1, 2), one))
    yield "owners_out_of_order", both(((2, 0), one), ((1, 6), one))
    yield "a_group_twice", both(((1, 2), one), ((1, 2), one))
    yield "milestone_7", both(((1, 7), one))
    yield "milestone_by_owner", sealed(rollup_body(BY_OWNER, [((1, 2), one)]))
    yield "owner_by_milestone", sealed(rollup_body(BY_MILESTONE, [((1, 2), one)]))
    yield "no_rows", but(count=0, won=0, lost=0, unknown=0, amount=0, expected=0)
    for name in NUMBERS[:4]:
        yield f"negative_{name}", but(**{name: -1})
    for name in NUMBERS[1:4]:
        yield f"more_{name}_than_rows", but(**{"won": 0, "lost": 0, name: 4})
    yield "more_closed_than_rows", but(won=2, lost=2)
    yield "amount_above", but(amount=INT64_MAX * 3 + 1)
    yield "amount_below", but(amount=INT64_MIN * 3 - 1)
    yield "expected_above", but(expected=INT64_MAX * 2 * PPM + 1)
    yield "expected_below", but(expected=INT64_MIN * 2 * PPM - 1)
    yield "expected_of_unknown", but(unknown=3, expected=1)
    yield "too_many_rows", but(count=MOST_ROWS + 1)
    yield "too_many_rows_together", both(((1, 2), dict(one, count=MOST_ROWS - 2)),
                                         ((1, 3), one))


def rollup_cases():
    rng = SplitMix64(1201)
    owners = [0, 1, 2, 1023, 1024, 65535, 65536, 2**31, 2**32 - 1]
    names = ("milestone", "owner", "both")
    book = [random_rollup_row(rng, owners) for _ in range(150)]
    halves = [rollup_row(3, OPEN, sign, 500_000, owner) for owner, sign in ((7, 1), (8, -1))
              for _ in range(5)]
    thirds = [rollup_row(1, OPEN, 1, 333_333, 5)] * 3
    most = [rollup_row(m, WON, INT64_MAX, PPM, m) for m in (5, 6, 6)]
    least = [rollup_row(m, ON_HOLD, INT64_MIN, PPM, m) for m in (5, 6, 6)]
    for by, name in enumerate(names):
        yield rollup_case(f"no_rows_{name}", by, [])
        yield rollup_case(f"one_row_{name}", by, [rollup_row(6, WON, 12345, PPM, 77)])
        yield rollup_case(f"random_{name}", by, book)
        yield rollup_case(f"rounded_once_{name}", by, halves + thirds,
                          "not row by row; halves to even")
        yield rollup_case(f"beyond_64_bits_{name}", by, most,
                          "a total that does not fit is refused, the bytes have it")
        yield rollup_case(f"below_64_bits_{name}", by, least)
        yield rollup_case(f"cancels_{name}", by, most + least)
        for absent in ROLLUP_COLUMNS:
            yield rollup_case(f"without_{absent}_{name}", by, book[:40],
                              given=[c for c in ROLLUP_COLUMNS if c != absent])
        yield rollup_case(f"nothing_given_{name}", by, book[:5], given=[])
    yield rollup_case("many_rows", BY_MILESTONE, [
        random_rollup_row(rng, [0]) for _ in range(1500)], given=ROLLUP_COLUMNS[:4])
    for i, (column, value) in enumerate((
            ("milestone", 7), ("milestone", 255), ("outcome", 5), ("outcome", 255),
            ("probability_ppm", -2), ("probability_ppm", PPM + 1),
            ("probability_ppm", -(2**31)), ("probability_ppm", INT32_MAX))):
        rows = list(book[:70])
        rows[i * 11 % 70] = dict(rows[i * 11 % 70], **{column: value})
        rows[69] = rollup_row(milestone=7) if i % 2 else rows[69]
        yield rollup_case(f"refused_{column}_{value}", i % 3, rows)

    full = dict(count=MOST_ROWS, won=MOST_ROWS, lost=0, unknown=0,
                amount=INT64_MAX * MOST_ROWS, expected=INT64_MIN * PPM * MOST_ROWS)
    groups = [((2**32 - 1, 6), full)]
    yield ("read_largest", "fivek_rollup_read",
           {"bytes": sealed(rollup_body(BY_BOTH, groups)).hex()}, rollup_json(BY_BOTH, groups))
    for id, data in damaged_rollups():
        yield f"damaged_{id}", "fivek_rollup_read", {"bytes": data.hex()}, refused(DATA_LOSS)


# --- Snapshots and movement ----------------------------------------------------

(NEW, PULLED_IN, REOPENED_DEAL, GROWN, SHRUNK, PUSHED, MOVED_WON, MOVED_LOST, MOVED_ON_HOLD,
 MOVED_VOID, REMOVED) = range(11)
# By outcome, where a deal that counted has gone that does not any more.
GONE = {OPEN: PUSHED, ON_HOLD: MOVED_ON_HOLD, WON: MOVED_WON, LOST: MOVED_LOST,
        VOID: MOVED_VOID}


def snapshot_fault(rows):
    """A row is [deal, amount, close day, outcome, milestone], deal and amount as text, None
    where there is no day or milestone."""
    for i, (_, _, _, outcome, milestone) in enumerate(rows):
        if outcome > VOID:
            return refused_at(i, 3)
        if milestone is not None and milestone > 6:
            return refused_at(i, 4)
    deals = [row[0] for row in rows]
    for i, deal in enumerate(deals):
        if deal in deals[:i]:
            return refused_at(i, 0)
    return None


def by_deal(rows):
    return sorted(rows, key=lambda row: int(row[0]))


def snapshot_bytes(taken_at, policy_hash, rows, magic=b"5Ksnapsh", version=1, reserved=0,
                   count=None):
    form = magic + little_endian(version, 4) + little_endian(reserved, 4)
    form += little_endian(int(taken_at), 8) + little_endian(int(policy_hash), 8)
    form += little_endian(len(rows) if count is None else count, 8)
    for deal, amount, day, outcome, milestone in rows:
        form += little_endian(int(deal), 8) + little_endian(int(amount), 8)
        form += little_endian(INT32_MIN if day is None else day, 4)
        form += bytes([outcome, UNKNOWN if milestone is None else milestone, 0, 0])
    return form


def snapshot(taken_at, policy_hash, rows):
    rows = by_deal(rows)
    return ok(taken_at=taken_at, policy_hash=policy_hash, rows=rows,
              bytes=sealed(snapshot_bytes(taken_at, policy_hash, rows)).hex())


def movements(then, now, since, to):
    """[deal, class, amount] by deal, by the table of the header."""
    def counts(row):
        return (row is not None and row[3] == OPEN and row[2] is not None and
                since <= row[2] < to)
    before, after = ({row[0]: row for row in rows} for rows in (then, now))
    for deal in sorted({*before, *after}, key=int):
        x, y = before.get(deal), after.get(deal)
        a, b = int(x[1]) if x else 0, int(y[1]) if y else 0
        if counts(x) and y is None:
            yield deal, REMOVED, -a
        elif counts(x):
            if b != a:
                yield deal, GROWN if b > a else SHRUNK, b - a
            if not counts(y):
                yield deal, GONE[y[3]], -b
        elif counts(y):
            yield deal, (NEW if x is None else PULLED_IN if x[3] == OPEN else REOPENED_DEAL), b


def movement(then, now, since, to):
    """What both functions say: the waterfall and the list."""
    if since >= to or int(now["taken_at"]) < int(then["taken_at"]):
        return refused_at(-1, -1), refused_at(-1, -1)
    moved = list(movements(then["rows"], now["rows"], since, to))
    # In the period on either day; without a past, all that counts is new.
    opening, closing = ([amount for _, _, amount in movements([], rows["rows"], since, to)]
                        for rows in (then, now))
    amounts = [sum(m[2] for m in moved if m[1] == kind) for kind in range(11)]
    assert sum(opening) + sum(amounts) == sum(closing)
    too_large = {**refused_at(-1, -1), "status": OUT_OF_RANGE}
    waterfall = too_large
    if all(map(fits, [sum(opening), sum(closing), *amounts])):
        waterfall = ok(opening_count=len(opening), opening_amount=str(sum(opening)),
                       closing_count=len(closing), closing_amount=str(sum(closing)),
                       count=[sum(m[1] == kind for m in moved) for kind in range(11)],
                       amount=[str(amount) for amount in amounts])
    if not all(fits(m[2]) for m in moved):
        return waterfall, too_large
    return waterfall, ok(moves=[[deal, kind, str(amount)] for deal, kind, amount in moved])


def damaged_snapshots(rows):
    def form(rows=rows, **header):
        return sealed(snapshot_bytes(5, 7, rows, **header))
    good = form()
    for size in (0, 7, 8, 47, len(good) - 24, len(good) - 1):
        yield f"cut_to_{size}", good[:size]
    yield "one_byte_more", good + b"\0"
    for place in (3, 20, 44, len(good) - 9, len(good) - 1):
        yield f"bit_changed_at_{place}", good[:place] + bytes([good[place] ^ 1]) + good[place + 1:]
    yield "magic", form(magic=b"5Ksnapsx")
    yield "version_0", form(version=0)
    yield "version_2", form(version=2)
    yield "reserved", form(reserved=1)
    for count in (0, 2, 4, 2**61 + 3, 2**64 - 1):
        yield f"says_{count}_deals", form(count=count)
    yield "out_of_order", form(rows[::-1])
    yield "twice", form(rows[:1] * 2)
    yield "outcome_5", form([[*rows[0][:3], 5, 1]])
    yield "milestone_7", form([[*rows[0][:4], 7]])
    yield "row_reserved", sealed(snapshot_bytes(5, 7, rows)[:-1] + b"\1")


def random_book(rng, deals, amounts=10**9):
    return [[str(deal), str(rng.below(amounts) - rng.below(3) // 2 * 500),
             rng.pick([None, 50, 99, 100, 101, 130, 189, 190, 300]), rng.pick([0, 0, 0, 1, 2, 3, 4]),
             rng.pick([None, *range(7)])] for deal in deals]


def movement_cases():
    def create(id, taken_at, policy_hash, rows):
        return (f"snapshot_{id}", "fivek_snapshot_create",
                {"taken_at": taken_at, "policy_hash": policy_hash, "rows": rows},
                snapshot_fault(rows) or snapshot(taken_at, policy_hash, rows))
    rng = SplitMix64(1701)
    one = ["7", "100", 120, OPEN, 3]
    yield create("none", "0", "0", [])
    yield create("one", "1700000000", "81985529216486895", [one])
    yield create("edges", str(INT64_MIN), str(2**64 - 1), [
        [str(2**64 - 1), str(INT64_MAX), INT32_MAX, VOID, 6],
        ["0", str(INT64_MIN), INT32_MIN + 1, OPEN, 0], ["1", "0", None, WON, None]])
    shuffled = random_book(rng, [19, 3, 2**63, 2**63 + 1, 8, 0, 2**32, 2**32 - 1])
    yield create("in_any_order", "-5", "7", shuffled)
    yield create("by_deal", "-5", "7", by_deal(shuffled))
    yield create("refused_outcome", "5", "7", [one, ["8", "1", 3, 5, 3]])
    yield create("refused_milestone", "5", "7", [one, ["8", "1", 3, 0, 7]])
    yield create("refused_milestone_254", "5", "7", [["8", "1", 3, 0, 254], one])
    yield create("refused_twice", "5", "7", [one, ["8", "1", 3, 0, 3], ["7", "9", None, 2, 6]])
    yield create("refused_twice_next_to_it", "5", "7", [one, one])
    yield create("refused_code_before_twice", "5", "7", [one, one, ["8", "1", 3, 0, 7]])
    three = by_deal(random_book(rng, [3, 5, 900]))
    yield ("read_three", "fivek_snapshot_read",
           {"bytes": sealed(snapshot_bytes(5, 7, three)).hex()}, snapshot("5", "7", three))
    yield ("read_none", "fivek_snapshot_read",
           {"bytes": sealed(snapshot_bytes(-9, 7, [])).hex()}, snapshot("-9", "7", []))
    for id, form in damaged_snapshots(three):
        yield f"read_{id}", "fivek_snapshot_read", {"bytes": form.hex()}, refused(DATA_LOSS)

    def compare(id, then, now, since=100, to=190, times=("10", "20")):
        books = [dict(taken_at=at, policy_hash="1", rows=rows)
                 for at, rows in zip(times, (then, now))]
        given = {"then": books[0], "now": books[1], "from_day": since, "to_day": to}
        both = movement(*books, since, to)
        for fn, name, expected in zip(("fivek_movement_of", "fivek_movement_list"),
                                      ("movement", "list"), both):
            yield f"{name}_{id}", fn, given, expected

    def deal(amount, day=120, outcome=OPEN, id=7):
        return [str(id), str(amount), day, outcome, 3]
    # Each line of the table by itself, at the same amount, more and less.
    was = dict(counts=deal(100), later=deal(100, 190), earlier=deal(100, 99),
               without_a_day=deal(100, None), held=deal(100, 120, ON_HOLD),
               won=deal(100, 120, WON), lost=deal(100, 120, LOST), void=deal(100, 120, VOID))
    for id, row in was.items():
        if id != "counts":
            yield from compare(f"{id}_stays", [row], [row])
            yield from compare(f"{id}_now_counts", [row], [deal(130)])
        yield from compare(f"counted_and_{id}", [deal(80)], [row])
        yield from compare(f"new_and_{id}", [], [row])
        yield from compare(f"removed_and_{id}", [row], [])
    yield from compare("shrunk_to_0_and_lost", [deal(100)], [deal(0, 120, LOST)])
    yield from compare("below_0", [deal(-100)], [deal(-130)])
    yield from compare("pushed_and_grown", [deal(100)], [deal(120, 190)])
    yield from compare("of_nothing", [deal(0)], [deal(0, 190)])
    yield from compare("none", [], [])
    yield from compare("one_day", [deal(5, 119, id=1), deal(6, 120, id=2), deal(7, 121, id=3)],
                       [], 120, 121)
    yield from compare("all_days", [deal(5, INT32_MIN + 1, id=1), deal(6, None, id=2)],
                       [deal(7, INT32_MAX - 1, id=3), deal(8, INT32_MAX, id=4)],
                       INT32_MIN, INT32_MAX)
    yield from compare("at_once", [deal(5)], [deal(6)], times=("10", "10"))
    for i in range(4):
        size = 8 + 12 * i
        then = random_book(rng, range(size))
        now = random_book(rng, sorted({rng.below(size * 3 // 2) for _ in range(size)}))
        # Some as they were.
        now = [then[int(row[0])] if int(row[0]) < size and rng.below(3) == 0 else row
               for row in now]
        yield from compare(f"random_{i}", then, now)
    large = [deal(INT64_MAX, id=1), deal(1, id=2)]
    yield from compare("largest", large[:1], [])
    yield from compare("largest_cancel", [deal(INT64_MAX, id=1)], [deal(INT64_MIN, id=2)])
    yield from compare("refused_opening", large, large)
    yield from compare("refused_class", large[:1], [deal(INT64_MAX, id=3), deal(1, id=4)])
    yield from compare("refused_change", [deal(INT64_MIN)], [deal(1)])
    yield from compare("refused_minus_the_least", [deal(INT64_MIN)], [])
    yield from compare("refused_period", [], [], 100, 100)
    yield from compare("refused_period_backwards", [], [], 101, 100)
    yield from compare("refused_times", [], [], times=("10", "9"))


# --- Forecasts and outcomes --------------------------------------------------

# Results are real numbers; a case with a result has this as `rel_tol`.
REL_TOL = {"wilson": 1e-14, "forecasts": 1e-13, "history": 1e-12,
           "ladder": 1e-12, "model": 1e-9, "steadiness": 1e-14,
           "coverage": 1e-12, "lifetime": 1e-11}
# Where the prior is fitted first, to so many digits.
FITTED_TOL = 1e-9
DIGITS = decimal.Context(prec=60)
Z90, Z95 = 1.6448536269514722, 1.9599639845400543
BINS = 10
EQUAL_WIDTH, EQUAL_MASS = range(2)
ADOPT, TOO_FEW_ROWS, NOT_BETTER, NOT_SURE = range(4)
GATE_Z = Decimal("1.645")
LEAST_LIKELIHOOD = Fraction(1e-15)
NO_NUMBERS = ["nan", "inf", "-inf"]


def digits(x):
    x = Fraction(x)
    return DIGITS.divide(Decimal(x.numerator), Decimal(x.denominator))


def mean(values):
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def refused_at(row, column):
    return {"status": INVALID_ARGUMENT, "row": row, "column": column}


def rounded(value):
    """What was exact, as the float nearest to it."""
    if isinstance(value, (Fraction, Decimal)):
        return float(value)
    if isinstance(value, dict):
        return {key: rounded(v) for key, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


def wilson(successes, trials, z):
    """The roots of trials (p - rate)^2 = z^2 p (1 - p)."""
    if trials == 0:
        return dict(rate=Fraction(0), low=Fraction(0), high=Fraction(1))
    rate, t = Fraction(successes, trials), Fraction(z)**2 / trials
    middle, root = rate + t / 2, DIGITS.sqrt(digits(t * rate * (1 - rate) + t * t / 4))
    low, high = (DIGITS.divide(DIGITS.add(digits(middle), r), digits(1 + t))
                 for r in (-root, root))
    return dict(rate=rate, low=Fraction(0) if successes == 0 else low,
                high=Fraction(1) if successes == trials else high)


def wilson_cases():
    def case(id, x, n, z, *note):
        z_is_good = z not in NO_NUMBERS and z >= 0
        good = 0 <= x <= n and z_is_good
        return (id, "fivek_wilson", {"successes": x, "trials": n, "z": z},
                ok(**wilson(x, n, z)) if good else refused(INVALID_ARGUMENT), *note)
    for x, n in ((0, 0), (0, 1), (1, 1), (2, 2), (0, 10), (5, 10), (10, 10), (37, 120),
                 (4238, 6711), (1, 10**6)):
        yield case(f"{x}_of_{n}_at_95", x, n, Z95)
        yield case(f"{x}_of_{n}_at_90", x, n, Z90)
    for x in (0, 1, 6, 7):
        for z, name in ((0, "0"), (1.0, "1"), (5.5, "5.5"), (1e-9, "1e-9"), (40.0, "40")):
            yield case(f"{x}_of_7_at_{name}", x, 7, z, *["the rate alone"] * (z == 0))
    for x in (0, 1, 2**52, 2**53 - 1):
        yield case(f"{x}_of_many", x, 2**53 - 1, Z95)
    rng = SplitMix64(1301)
    for i in range(20):
        n = 1 + rng.below(10**(1 + i % 7))
        yield case(f"random_{i:02}", rng.below(n + 1), n, rng.pick([Z90, Z95, 0.75, 3.25]))
    for x, n in ((-1, 5), (6, 5), (0, -1), (-2, -1), (1, 0)):
        yield case(f"refused_{x}_of_{n}", x, n, Z95)
    for z in (-1.0, -5e-324, *NO_NUMBERS):
        yield case(f"refused_z_{z}", 1, 2, z)
        yield case(f"refused_z_{z}_of_none", 0, 0, z)


def isotonic(values, weights):
    """The max-min formula: the largest, of all beginnings at or before a place, of
    the smallest mean to any end at or behind it."""
    n = len(values)
    total = [Fraction(0), *itertools.accumulate(v * w for v, w in zip(values, weights))]
    weight = [0, *itertools.accumulate(weights)]
    return [max(min((total[end] - total[begin]) / (weight[end] - weight[begin])
                    for end in range(i + 1, n + 1)) for begin in range(i + 1))
            for i in range(n)]


def loss(p, won):
    p = min(max(p, LEAST_LIKELIHOOD), 1 - LEAST_LIKELIHOOD)
    return DIGITS.minus(DIGITS.ln(digits(p if won else 1 - p)))


def bin_by_width(p):
    return sum(p >= Fraction(k / BINS) for k in range(1, BINS))


def bins_of(p, won, binning):
    """The rows of each bin, as pairs of forecast and outcome."""
    bins = [[] for _ in range(BINS)]
    for x, y in zip(p, won):
        before, upto = sum(other < x for other in p), sum(other <= x for other in p)
        k = (bin_by_width(x) if binning == EQUAL_WIDTH else
             BINS * (before + upto) // (2 * len(p)))
        bins[k].append((x, y))
    return bins


def forecast_fault(columns):
    """`columns`: forecasts, the outcome last. What is expected of bad rows."""
    rows = list(zip(*columns))
    if not rows:
        return refused_at(-1, -1)
    for i, (*forecasts, won) in enumerate(rows):
        for column, p in enumerate(forecasts):
            if p in NO_NUMBERS or not 0 <= p <= 1:
                return refused_at(i, column)
        if won not in (0, 1):
            return refused_at(i, len(forecasts))
    return None


def quality(forecast, won):
    p, n = [Fraction(x) for x in forecast], len(won)
    base_rate = Fraction(sum(won), n)
    uncertainty = base_rate * (1 - base_rate)
    brier = mean((x - y)**2 for x, y in zip(p, won))
    pairs = [Fraction((a > b) + (a >= b), 2) for a, y in zip(p, won) if y
             for b, other in zip(p, won) if not other]
    lean = sum((y - x) * (1 - 2 * x) for x, y in zip(p, won))
    variance = sum((1 - 2 * x)**2 * x * (1 - x) for x in p)

    def gaps(binning):
        return [(len(rows), mean(x for x, _ in rows), mean(y for _, y in rows))
                for rows in bins_of(p, won, binning) if rows]

    width, mass = gaps(EQUAL_WIDTH), gaps(EQUAL_MASS)
    inside = [(x - m, y - rate)
              for rows in bins_of(p, won, EQUAL_WIDTH) if rows
              for m, rate in [(mean(x for x, _ in rows), mean(y for _, y in rows))]
              for x, y in rows]
    levels = sorted(set(p))
    weights = [p.count(x) for x in levels]
    rates = [mean(y for x, y in zip(p, won) if x == level) for level in levels]
    fit = dict(zip(levels, isotonic(rates, weights)))
    recalibrated = mean((fit[x] - y)**2 for x, y in zip(p, won))
    return dict(
        rows=n, won=sum(won), base_rate=base_rate, mean_forecast=mean(p), brier=brier,
        log_loss=digits(mean(Fraction(loss(x, y)) for x, y in zip(p, won))),
        brier_skill=1 - brier / uncertainty if uncertainty else None,
        auc=mean(pairs) if pairs else None,
        spiegelhalter_z=(DIGITS.divide(digits(lean), DIGITS.sqrt(digits(variance)))
                         if variance else None),
        ece_width=sum(k * abs(m - r) for k, m, r in width) / n,
        mce_width=max(abs(m - r) for _, m, r in width),
        ece_mass=sum(k * abs(m - r) for k, m, r in mass) / n,
        reliability=sum(k * (m - r)**2 for k, m, r in width) / n,
        resolution=sum(k * (r - base_rate)**2 for k, _, r in width) / n,
        uncertainty=uncertainty,
        within_bin_variance=mean(dx**2 for dx, _ in inside),
        within_bin_covariance=2 * mean(dx * dy for dx, dy in inside),
        miscalibration=brier - recalibrated, discrimination=uncertainty - recalibrated,
        recalibrated_brier=recalibrated)


def reliability(forecast, won, binning, z):
    bins = []
    for rows in bins_of([Fraction(x) for x in forecast], won, binning):
        p, y = [x for x, _ in rows] or [Fraction(0)], [y for _, y in rows]
        bins.append(dict(rows=len(rows), won=sum(y), mean_forecast=mean(p),
                         lowest_forecast=min(p), highest_forecast=max(p),
                         **wilson(sum(y), len(rows), z)))
    return {name: [b[name] for b in bins] for name in bins[0]}


# Of the reference vectors.
TWENTY = ([0.05, 0.1, 0.1, 0.2, 0.25, 0.25, 0.3, 0.4, 0.5, 0.5, 0.6, 0.65, 0.75, 0.8, 0.9,
           0.9, 0.95, 1.0, 0.0, 0.35],
          [0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0])


def forecast_books():
    """(id, forecasts, outcomes)"""
    yield "twenty", *TWENTY
    yield "twenty_backwards", TWENTY[0][::-1], TWENTY[1][::-1]
    for p in (0.0, 0.25, 0.5, 1.0):
        for y in (0, 1):
            yield f"one_row_{p}_{y}", [p], [y]
    yield "certain_and_right", [0.0, 1.0] * 3, [0, 1] * 3
    yield "certain_and_wrong", [0.0, 1.0] * 3, [1, 0] * 3
    yield "all_won", [k / 8 for k in range(9)], [1] * 9
    yield "all_lost", [k / 8 for k in range(9)], [0] * 9
    yield "all_the_same", [0.3] * 10, [1, 0, 0] * 3 + [1]
    yield "all_half", [0.5] * 6, [1, 0, 1, 1, 0, 0]
    yield "ties_of_both", [0.2, 0.2, 0.2, 0.7, 0.7, 0.7], [0, 1, 0, 1, 1, 0]
    yield "perfect_order", [k / 16 for k in range(16)], [0] * 8 + [1] * 8
    yield "reversed_order", [k / 16 for k in range(16)], [1] * 8 + [0] * 8
    edges = [k / BINS for k in range(BINS + 1)]
    below = [math.ldexp(math.floor(math.ldexp(x, 60) - 256), -60) for x in edges[1:]]
    yield "edges_of_bins", edges + below, [k % 3 == 0 and 1 or 0 for k in range(21)]
    yield "nearly_certain", [1e-15, 1e-16, 5e-324, 1 - 2.0**-53, 1e-14, 1 - 1e-14], \
        [0, 1, 0, 0, 1, 1]
    yield "minus_zero", [-0.0, 0.0, 0.5, -0.0], [0, 1, 1, 0]
    rng = SplitMix64(1302)
    for i, (n, steps) in enumerate(((7, 4), (10, 1000), (30, 10), (60, 1000), (100, 20))):
        p = [rng.below(steps + 1) / steps for _ in range(n)]
        yield f"random_{i}", p, [int(rng.below(1000) < 150 + 700 * x) for x in p]


def gate(base, model, won):
    losses = [[loss(Fraction(p), y) for p, y in zip(column, won)] for column in (base, model)]
    gains = [Fraction(a) - Fraction(b) for a, b in zip(*losses)]
    n, gain = len(won), mean(gains)
    variance = sum((g - gain)**2 for g in gains) / max(n - 1, 1)
    z = DIGITS.divide(digits(gain), DIGITS.sqrt(digits(variance / n))) if variance else None
    verdict = (TOO_FEW_ROWS if n < 2 else NOT_BETTER if gain <= 0 else
               NOT_SURE if z is not None and z < GATE_Z else ADOPT)
    assert z is None or abs(z - GATE_Z) > Decimal("1e-6"), "not for rounding to decide"
    return dict(verdict=verdict, rows=n, base_log_loss=mean(map(Fraction, losses[0])),
                model_log_loss=mean(map(Fraction, losses[1])), mean_gain=gain,
                sd_gain=DIGITS.sqrt(digits(variance)), z=z)


# Of the reference vectors: what the model gains on each row.
GAINS = [0.12, -0.03, 0.045, 0.08, -0.01, 0.06, 0.015, -0.025, 0.09, 0.04, 0.005, -0.06]
GAINING = ([0.5] * 12, [float(DIGITS.exp(Decimal(g)) / 2) for g in GAINS], [1] * 12)


def gate_cases():
    def case(id, base, model, won):
        return (f"compare_{id}", "fivek_forecasts_compare",
                {"base": base, "model": model, "won": won},
                forecast_fault((base, model, won)) or ok(**gate(base, model, won)))
    p, won = TWENTY
    half = [0.5] * 20
    yield case("gains_of_the_reference", *GAINING)
    yield case("against_a_half", half, p, won)
    yield case("a_half_against", p, half, won)
    yield case("the_same", p, p, won)
    yield case("surely_better", half, [0.9 if y else 0.25 for y in won], won)
    yield case("better_by_as_much", [0.5] * 4, [0.75] * 4, [1] * 4)
    yield case("worse_by_as_much", [0.5] * 4, [0.75] * 4, [0] * 4)
    yield case("one_row", [0.5], [0.75], [1])
    yield case("two_rows", [0.5, 0.5], [0.75, 0.125], [1, 0])
    yield case("certain_and_right", [0.5] * 3, [1.0, 0.0, 1.0], [1, 0, 1])
    yield case("certain_and_wrong_once", half, [float(y) for y in won[:-1]] + [1.0], won)
    yield case("refused_no_rows", [], [], [])
    for place, x in enumerate((-0.25, 1 + 2.0**-52, *NO_NUMBERS)):
        bad = half[:place] + [x, 7.0]
        yield case(f"refused_base_{x}", bad, half[:place + 2], won[:place + 2])
        yield case(f"refused_model_{x}", half[:place + 2], bad, won[:place + 2])
    yield case("refused_outcome", half[:3], half[:3], [1, 2, 3])


def isotonic_cases():
    def case(id, value, weight=None):
        input = {"value": value}
        if weight is not None:
            input["weight"] = weight
        for i, (v, w) in enumerate(zip(value, weight or [1] * len(value))):
            for column, good in enumerate((v not in NO_NUMBERS, w not in NO_NUMBERS and w > 0)):
                if not good:
                    return f"isotonic_{id}", "fivek_isotonic_fit", input, refused_at(i, column)
        weights = [Fraction(w) for w in weight or [1] * len(value)]
        fit = isotonic([Fraction(v) for v in value], weights)
        return f"isotonic_{id}", "fivek_isotonic_fit", input, ok(fit=fit)
    yield case("decreasing", [5.0, 4.0, 3.0, 2.0, 1.0], [1.0, 2.0, 3.0, 4.0, 5.0])
    yield case("constant", [0.5] * 4, [3.0, 1.0, 4.0, 1.0])
    yield case("none", [])
    yield case("one", [0.3], [7.0])
    yield case("rising", [-1.1, 0.1, 0.1, 0.3, 0.7])
    yield case("one_violator", [1.0, 3.0, 2.0, 4.0])
    yield case("the_last_pulls_all_down", [1.0, 2.0, 3.0, -6.0])
    yield case("outcomes", [float(y) for y in TWENTY[1]])
    yield case("heavy_and_light", [0.3, 0.1, 0.2], [1e-9, 1e9, 1.0])
    rng = SplitMix64(1303)
    for i in range(8):
        n, steps = 5 + 3 * i, rng.pick([2, 5, 100])
        yield case(f"random_{i}", [rng.below(steps + 1) / steps for _ in range(n)],
                   *[[1.0 + rng.below(9) for _ in range(n)]] * (i % 2))
    for x in NO_NUMBERS:
        yield case(f"refused_value_{x}", [1.0, x, x])
        yield case(f"refused_weight_{x}", [1.0, 2.0], [1.0, x])
    for w in (0, -1.0):
        yield case(f"refused_weight_{w}", [1.0, 2.0, "nan"], [1.0, w, 1.0])


def forecast_cases():
    def case(id, p, won):
        fault = forecast_fault((p, won))
        return (f"evaluate_{id}", "fivek_forecasts_evaluate", {"forecast": p, "won": won},
                fault or ok(**quality(p, won)))

    def table(id, p, won, binning, z):
        z_is_good = z not in NO_NUMBERS and z >= 0
        fault = (forecast_fault((p, won)) if z_is_good and binning in (0, 1) else
                 refused_at(-1, -1))
        return (f"reliability_{id}", "fivek_forecasts_reliability",
                {"forecast": p, "won": won, "binning": binning, "z": z},
                fault or ok(**reliability(p, won, binning, z)))
    for id, p, won in forecast_books():
        yield case(id, p, won)
        if id in ("twenty", "edges_of_bins", "random_0", "random_4"):
            yield table(f"{id}_by_width", p, won, EQUAL_WIDTH, Z95)
        if id in ("twenty", "all_the_same", "random_0", "random_4"):
            yield table(f"{id}_by_mass", p, won, EQUAL_MASS, Z90)
    yield table("rates_alone", *TWENTY, EQUAL_WIDTH, 0)
    yield case("refused_no_rows", [], [])
    yield table("refused_no_rows", [], [], EQUAL_WIDTH, Z95)
    for row, p in enumerate((-0.25, -5e-324, 1 + 2.0**-52, 1.5, *NO_NUMBERS)):
        rows = [0.5] * row + [p, 2.0 - row], [0] * (row + 2)
        yield case(f"refused_{p}", *rows)
        yield table(f"refused_{p}", *rows, row % 2, Z95)
    for row, y in enumerate((2, 255)):
        rows = [0.5] * (row + 2), [1] * row + [y, 3]
        yield case(f"refused_outcome_{y}", *rows)
        yield table(f"refused_outcome_{y}", *rows, row % 2, Z95)
    for binning in (-1, 2):
        yield table(f"refused_binning_{binning}", *TWENTY, binning, Z95)
    for z in (-1.0, *NO_NUMBERS):
        yield table(f"refused_z_{z}", [0.5], [1], EQUAL_MASS, z)
    yield from gate_cases()
    yield from isotonic_cases()


# --- The history: rates, chains, durations, the funnel -----------------------

DUE_OPEN, DUE_PUSHED, DUE_WON, DUE_LOST = range(4)
FRACTIONAL, INCLUDE, EXCLUDE, ORDINAL = range(4)
MOST_TRIALS, MOST_RISK_DAY = 10**12, 100_000


def is_real(x, least, most):
    return x not in NO_NUMBERS and least <= x <= most


def root(x):
    return DIGITS.sqrt(digits(x))


def beta_below(x, a, b):
    """I_x(a, b) B(a, b): x^a (1-x)^b / a times the sum of (a+b)_k / (a+1)_k x^k, in which all
    is above 0."""
    total, term, k = Decimal(0), Decimal(1), 0
    while term > total * Decimal("1e-50"):
        total += term
        term = term * x * (a + b + k) / (a + 1 + k)
        k += 1
    return (a * x.ln() + b * (1 - x).ln()).exp() / a * total


@functools.lru_cache(maxsize=None)
def beta_quantile(q, a, b):
    """Newton's method between bounds, as the function of distribution only rises."""
    a, b = digits(a), digits(b)
    if a > b:
        return 1 - beta_quantile(1 - q, b, a)
    with decimal.localcontext(DIGITS):
        m = a / (a + b)
        # Farther than 4.4 sd from the mean are fewer than 5 % (Cantelli).
        low, high = Decimal(0), min(m + (m * (1 - m) / (a + b + 1)).sqrt() * Decimal("4.4"),
                                    Decimal(1))
        ln_whole = ln_gamma_rise(Decimal(1), a - 1)[0] - ln_gamma_rise(b, a)[0]
        x, whole = (low + high) / 2, ln_whole.exp()
        for _ in range(400):
            missing = q - beta_below(x, a, b) / whole
            low, high = (x, high) if missing > 0 else (low, x)
            # It only steers.
            slope = float((a - 1) * x.ln() + (b - 1) * (1 - x).ln() - ln_whole)
            slope = math.exp(slope) if slope < 600 else 0
            x_next = x + missing / Decimal(slope) if slope else low
            if not low < x_next < high:
                x_next = (low + high) / 2
            if abs(x_next - x) < Decimal("1e-30"):
                return x_next
            x = x_next
    raise AssertionError("no quantile")


def rate_shrink(prior, strength, successes, trials):
    if not (is_real(prior, 0, 1) and (strength == "inf" or is_real(strength, 0, MOST_TRIALS))
            and is_real(trials, 0, MOST_TRIALS) and is_real(successes, 0, trials)):
        return refused_at(-1, -1)
    rest = dict(source=0 if trials < 5 else 1, effective_n=trials)

    def sure(rate, weight):
        return ok(alpha=weight if rate > 0 else 0, beta=weight if rate < 1 else 0, mean=rate,
                  sd=0, low=rate, high=rate, **rest)
    if strength == "inf":
        return sure(prior, "inf")
    prior = Fraction(prior)
    alpha = prior * Fraction(strength) + Fraction(successes)
    n = Fraction(strength) + Fraction(trials)
    beta = n - alpha
    if n == 0:
        return ok(alpha=0, beta=0, mean=prior, sd=root(prior * (1 - prior)), low=0, high=1,
                  **rest)
    if alpha == 0 or beta == 0:
        return sure(int(beta == 0), n)
    m = alpha / n
    ends = [Fraction(beta_quantile(Decimal(q), alpha, beta)) for q in ("0.05", "0.95")]
    return ok(alpha=alpha, beta=beta, mean=m, sd=root(m * (1 - m) / (n + 1)),
              low=min(ends[0], m), high=max(ends[1], m), **rest)


def bernoulli(count):
    """B_2, B_4, ... by their recurrence."""
    b = [Fraction(1)]
    for m in range(1, 2 * count + 1):
        b.append(-sum(math.comb(m + 1, k) * b[k] for k in range(m)) / (m + 1))
    return b[2::2]


BERNOULLI = bernoulli(30)


def ln_gamma_rise(x, d):
    """ln Gamma(x + d) / Gamma(x) and its derivative by x, by Stirling's series from 60 on."""
    def at(y):
        slope, passed = Decimal(0), Decimal(1)
        while y < 60:
            passed, slope, y = passed * y, slope - 1 / y, y + 1
        value = (y - Decimal("0.5")) * y.ln() - y - passed.ln()
        slope += y.ln() - 1 / (2 * y)
        for k, b in enumerate(BERNOULLI, 1):
            term = digits(b) / (2 * k) / y**(2 * k)
            value, slope = value + term * y / (2 * k - 1), slope - term
        return value, slope
    (top, by_d), (bottom, below) = at(x + d), at(x)
    return top - bottom, by_d - below


def group_likelihood(groups, a, b):
    """Of (won, lost): ln of the likelihood and what it changes by with ln a and ln b."""
    value = by_a = by_b = Decimal(0)
    for won, lost in groups:
        for x, d, sign, in_a, in_b in ((a, won, 1, 1, 0), (b, lost, 1, 0, 1),
                                       (a + b, won + lost, -1, 1, 1)):
            rise, slope = ln_gamma_rise(x, d)
            value += sign * rise
            by_a += sign * slope * in_a * a
            by_b += sign * slope * in_b * b
    return value, by_a, by_b


def roughly_likeliest(groups, rate):
    """(a, b) to some digits: the best of a grid, then ever smaller steps to what is better."""
    groups = [(float(x), float(y)) for x, y in groups]

    def height(a, b):
        return sum(math.lgamma(a + x) - math.lgamma(a) + math.lgamma(b + y) - math.lgamma(b)
                   - math.lgamma(a + b + x + y) + math.lgamma(a + b) for x, y in groups)
    _, a, b = max((height(mean * n, (1 - mean) * n), mean * n, (1 - mean) * n)
                  for n in (2.0**k for k in range(-5, 17))
                  for mean in (rate + (1 - rate if k > 0 else rate) * k / 12
                               for k in range(-11, 12)))
    step = 1.0
    while step > 1e-6 and a + b < 2**18:
        up = math.exp(step)
        around = [(a, b), (a * up, b * up), (a / up, b / up), (a * up, b), (a / up, b),
                  (a, b * up), (a, b / up)]
        _, best = max((height(*place), -i) for i, place in enumerate(around))
        a, b = around[-best]
        step = step / 2 if best == 0 else step
    return a, b


@functools.lru_cache(maxsize=None)
def likeliest(groups):
    """(a, b) where the likelihood is highest, by Newton's method with differences; None
    where it is highest without end."""
    won, lost = (sum(part) for part in zip(*groups))
    with decimal.localcontext(DIGITS):
        p, tiny = won / (won + lost), Decimal("1e-24")
        limit = won * p.ln() + lost * (1 - p).ln()
        a, b = map(Decimal, roughly_likeliest(groups, float(p)))
        if a + b > 2**16:
            return None
        for _ in range(30):
            _, by_a, by_b = group_likelihood(groups, a, b)
            if max(abs(by_a), abs(by_b)) < Decimal("1e-40"):
                break
            more_a = group_likelihood(groups, a * tiny.exp(), b)
            more_b = group_likelihood(groups, a, b * tiny.exp())
            aa, ab = ((x - y) / tiny for x, y in zip(more_a[1:], (by_a, by_b)))
            bb = (more_b[2] - by_b) / tiny
            assert aa < 0 and aa * bb > ab * ab, "no top"
            det = aa * bb - ab * ab
            a, b = a * ((ab * by_b - bb * by_a) / det).exp(), b * ((ab * by_a - aa * by_b)
                                                                   / det).exp()
        top, by_a, by_b = group_likelihood(groups, a, b)
        assert max(abs(by_a), abs(by_b)) < Decimal("1e-30") and top > limit
        return a, b


def beta_binomial(successes, trials):
    for row, (x, n) in enumerate(zip(successes, trials)):
        if not is_real(n, 0, MOST_TRIALS):
            return refused_at(row, 1)
        if not is_real(x, 0, n):
            return refused_at(row, 0)
    groups = [(digits(x), digits(n) - digits(x)) for x, n in zip(successes, trials) if n > 0]
    if not groups:
        return refused_at(-1, -1)
    won, lost = (sum(part) for part in zip(*groups))
    count = dict(groups=len(groups))
    pooled = ok(**count, alpha="inf" if won else 0, beta="inf" if lost else 0,
                mean=won / (won + lost), strength="inf")
    if not won or not lost or all(x + y <= 1 for x, y in groups):
        return pooled
    if all(x == 0 or y == 0 for x, y in groups):
        return ok(**count, alpha=0, beta=0, strength=0,
                  mean=Fraction(sum(y == 0 for _, y in groups), len(groups)))
    top = likeliest(tuple(sorted(groups)))
    if top is None:
        return pooled
    a, b = top
    return ok(**count, alpha=a, beta=b, mean=a / (a + b), strength=a + b)


def solved(matrix):
    """x of a square matrix with the right side behind it, by Gauss and Jordan."""
    rows = [list(map(Fraction, row)) for row in matrix]
    for i in range(len(rows)):
        pivot = next(k for k in range(i, len(rows)) if rows[k][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for k in range(len(rows)):
            if k != i:
                rows[k] = [x - rows[k][i] * y for x, y in zip(rows[k], rows[i])]
    return [row[-1] for row in rows]


def chain(moves, won):
    n = len(won)
    if not 1 <= n <= 8:
        return refused_at(-1, -1)
    rows = [moves[i * n:(i + 1) * n] + [won[i]] for i in range(n)]
    for i, row in enumerate(rows):
        for j, p in enumerate(row):
            if not is_real(p, 0, 1):
                return refused_at(i, j)
        if sum(map(Fraction, row)) > 1:
            return refused_at(i, -1)
    leaves = {i for i in range(n) if won[i] > 0 or sum(rows[i]) < 1}
    while True:
        more = {i for i in range(n) if any(rows[i][j] > 0 for j in leaves)} - leaves
        if not more:
            break
        leaves |= more
    if len(leaves) < n:
        return refused_at(min(set(range(n)) - leaves), -1)
    return ok(probability=solved(
        [[(i == j) - Fraction(rows[i][j]) for j in range(n)] + [won[i]] for i in range(n)]))


def shrink_down(prior, strength, successes, trials):
    rates = []
    for row, given in enumerate(zip(strength, successes, trials)):
        rate = rate_shrink(prior, *given)
        if rate["status"] != OK:
            return refused_at(row, -1)
        rates.append(rate)
        prior = rate["mean"]
    return ok(**{name: [rate[of] for rate in rates] for name, of in (
        ("value", "mean"), ("low", "low"), ("high", "high"), ("effective_n", "effective_n"),
        ("source", "source"))})


def conversions_of(ladder):
    if len(ladder) < 2:
        return refused_at(-1, -1)
    for row, p in enumerate(ladder):
        if not is_real(p, 0, 1) or row and (p == 0 or p < ladder[row - 1]):
            return refused_at(row, 0)
    if ladder[-1] != 1:
        return refused_at(len(ladder) - 1, 0)
    return ok(conversion=[Fraction(a) / Fraction(b) for a, b in zip(ladder, ladder[1:])])


def ladder_of(conversions):
    if not conversions:
        return refused_at(-1, -1)
    for row, c in enumerate(conversions):
        if not is_real(c, 0, 1) or row and c == 0:
            return refused_at(row, 0)
    ladder = [Fraction(1)]
    for c in reversed(conversions):
        ladder.insert(0, Fraction(c) * ladder[0])
    return ok(probability=ladder)


def five_k(points):
    for column, p in enumerate(points):
        if p > 20:
            return refused_at(-1, column)
    product = math.prod(Fraction(p, 20) for p in points)
    logs = [(digits(p + 1) / 21).ln(DIGITS) for p in points]
    missing = sum(logs)
    with decimal.localcontext(DIGITS):
        return ok(
            product=product,
            geometric_mean=(digits(product).ln() / 5).exp() if product else 0,
            arithmetic_mean=Fraction(sum(points), 100),
            smoothed_product=math.prod(Fraction(p + 1, 21) for p in points),
            log_feature=logs,
            drag_share=[x / missing if missing else 0 for x in logs],
            weakest=sum(1 << k for k, p in enumerate(points) if p == min(points)))


def competing_risks(entry, time, event):
    for row, (e, t, cause) in enumerate(zip(entry, time, event)):
        column = (0 if e < 0 else 1 if not e < t <= MOST_RISK_DAY else 2 if cause > 3 else None)
        if column is not None:
            return refused_at(row, column)
    state = [Fraction(1)] + [Fraction(0)] * 3
    cov = [[Fraction(0)] * 4 for _ in range(4)]
    counted = [0] * 3
    index = range(4)
    for day in sorted({t for t, cause in zip(time, event) if cause}):
        n = sum(e < day <= t for e, t in zip(entry, time))
        ends = [sum(t == day and cause == j for t, cause in zip(time, event))
                for j in (1, 2, 3)]
        if state[0] == 0:
            continue
        h = [Fraction(d, n) for d in ends]
        # What the state after the day changes by: the state before it, and h.
        by_state = [[1 - sum(h), 0, 0, 0]] + [[h[j], *(int(i == j) for i in range(3))]
                                              for j in range(3)]
        by_h = [[-state[0]] * 3] + [[state[0] * (i == j) for i in range(3)] for j in range(3)]
        noise = [[(h[i] * (i == j) - h[i] * h[j]) / n for j in range(3)] for i in range(3)]
        cov = [[sum(by_state[a][i] * cov[i][j] * by_state[b][j] for i in index for j in index)
                + sum(by_h[a][i] * noise[i][j] * by_h[b][j]
                      for i in range(3) for j in range(3)) for b in index] for a in index]
        state = [sum(by_state[a][i] * state[i] for i in index) for a in index]
        counted = [c + d for c, d in zip(counted, ends)]
    s, won, lost, _ = state
    known, most = won + lost, s + won + lost
    share = dict(conversion=Fraction(0), standard_error=0, lowest=0, highest=1, effective_n=0)
    if known > 0:
        variance = (lost**2 * cov[1][1] + won**2 * cov[2][2]
                    - 2 * won * lost * cov[1][2]) / known**4
        share = dict(conversion=won / known, standard_error=root(variance),
                     lowest=won / most, highest=(won + s) / most,
                     effective_n=won * lost / known**2 / variance if variance > 0 else
                     counted[0] + counted[1])
    return ok(ended=counted, survival=s, incidence=state[1:],
              covariance=[x for row in cov for x in row], **share)


def durations(time, ended, entry, tau):
    for row, (t, d, e) in enumerate(zip(time, ended, entry or [0] * len(time))):
        column = 0 if t < 0 else 1 if d > 1 else 2 if e < 0 or 0 < e >= t else None
        if column is not None:
            return refused_at(row, column)
    if tau < 0:
        return refused_at(-1, -1)
    visits = list(zip(time, ended, entry or [0] * len(time)))
    steps, s, greenwood = [], Fraction(1), Fraction(0)
    for day in sorted({t for t, d, _ in visits if d}):
        n = sum(t >= day and (e < day or e == 0) for t, _, e in visits)
        d = sum(t == day and d for t, d, _ in visits)
        s *= Fraction(n - d, n)
        if s > 0:
            greenwood += Fraction(d, n * (n - d))
        steps.append((day, n, d, s, s * s * greenwood))
    longest = max(time, default=0)

    def quantile(q):
        return next((day for day, _, _, left, _ in steps if left <= 1 - q), -1)

    def left_after(day):
        return next((left for step, _, _, left, _ in reversed(steps) if step <= day),
                    Fraction(1))
    known = tau <= longest or s == 0
    return ok(longest=longest, visits=len(time), ended=sum(ended),
              quarter=quantile(Fraction(1, 4)), median=quantile(Fraction(1, 2)),
              three_quarters=quantile(Fraction(3, 4)),
              restricted_mean=sum(map(left_after, range(tau)), Fraction(0)) if known else None,
              day=[x[0] for x in steps], at_risk=[x[1] for x in steps],
              ended_then=[x[2] for x in steps], survival=[x[3] for x in steps],
              se=[root(x[4]) for x in steps])


def stalled(winners, q, ages):
    n, d = q
    if not (d > 0 and 0 < n <= d and winners):
        return refused_at(-1, -1)
    for column, days in enumerate((winners, ages)):
        for row, x in enumerate(days):
            if x < 0:
                return refused_at(row, column)
    threshold = min(w for w in winners
                    if Fraction(sum(v <= w for v in winners), len(winners)) >= Fraction(n, d))
    return ok(threshold=threshold, stalled=[int(a > threshold) for a in ages],
              share_longer=[Fraction(sum(w > a for w in winners), len(winners))
                            for a in ages])


def fits(x):
    return INT64_MIN <= x <= INT64_MAX


def velocity(open_deals, win, average_won, cycle_days, days):
    n, d = win
    if not (open_deals >= 0 and d > 0 and 0 <= n <= d and cycle_days > 0 and days >= 0):
        return refused_at(-1, -1)
    per_day = Fraction(n, d) * open_deals * average_won / cycle_days
    amount = half_even(per_day * days)
    if not fits(amount):
        return {**refused_at(-1, -1), "status": OUT_OF_RANGE}
    return ok(amount=str(amount), per_day=per_day)


def coverage(open_amount, goal, won):
    if min(open_amount, goal, won) < 0:
        return refused_at(-1, -1)
    if won >= goal:
        return ok(goal_met=1, coverage="inf")
    return ok(goal_met=0, coverage=Fraction(open_amount, goal - won))


def coverage_needed(won, lost):
    if min(won, lost) < 0:
        return refused_at(-1, -1)
    return ok(coverage=Fraction(won + lost, won) if won else "inf")


def funnel_reached(highest, rungs, z):
    if not 1 <= rungs <= 256:
        return refused_at(-1, -1)
    for row, rung in enumerate(highest):
        if rung >= rungs:
            return refused_at(row, 0)
    if not is_real(z, 0, math.inf):
        return refused_at(-1, -1)
    reached = [sum(h >= rung for h in highest) for rung in range(rungs)]
    to_next = [wilson(b, a, z) for a, b in zip(reached, reached[1:])] + [wilson(0, 0, z)]
    return ok(reached=reached, **{name: [p[name] for p in to_next]
                                  for name in ("rate", "low", "high")})


def sellers_rank(won, closed, expected, prior):
    for row, (w, n) in enumerate(zip(won, closed)):
        if not 0 <= n <= MOST_TRIALS:
            return refused_at(row, 1)
        if not 0 <= w <= n:
            return refused_at(row, 0)
        if expected is not None and not is_real(expected[row], 0, n):
            return refused_at(row, 2)
    if prior is None:
        fit = beta_binomial(won, closed)
        if fit["status"] != OK:
            return fit
        prior = [fit["mean"], fit["strength"]]
    elif rate_shrink(*prior, 0, 0)["status"] != OK:
        return refused_at(-1, -1)
    rates = [rate_shrink(*prior, w, n) for w, n in zip(won, closed)]
    lows = [r["low"] for r in rates]
    rank = [1 + sum(other > low for other in lows) for low in lows]
    return ok(used=prior, **{name: [r[name] for r in rates]
                             for name in ("mean", "sd", "low", "high", "source")},
              mix_ratio=[0 if expected is None else (Fraction(w) + 10) /
                         (Fraction(expected[i]) + 10) for i, w in enumerate(won)],
              rank=rank, tied=[rank.count(r) - 1 for r in rank],
              surely_better=[sum(low > r["high"] for low in lows) for r in rates])


def slippage(state, amount, pushes, z):
    for row, (s, a, p) in enumerate(zip(state, amount, pushes)):
        column = 0 if s > DUE_LOST else 1 if a < 0 else 2 if p < 0 else None
        if column is not None:
            return refused_at(row, column)
    if not is_real(z, 0, math.inf):
        return refused_at(-1, -1)
    due, total = len(state), sum(amount)
    if not fits(total):
        return {**refused_at(-1, -1), "status": OUT_OF_RANGE}
    pushed, won, lost = (state.count(s) for s in (DUE_PUSHED, DUE_WON, DUE_LOST))
    moved = sum(a for s, a in zip(state, amount) if s == DUE_PUSHED)

    def named(prefix, x, n):
        return {f"{prefix}_{name}": value for name, value in wilson(x, n, z).items()}
    groups = []
    for times in sorted(set(pushes)):
        of = [s for s, p in zip(state, pushes) if p == times]
        wins = of.count(DUE_WON)
        closed = wins + of.count(DUE_LOST)
        groups.append(dict(pushes=times, deals=len(of), won=wins, closed=closed,
                           **wilson(wins, closed, z)))
    return ok(due=due, pushed=pushed, won=won, lost=lost, due_amount=str(total),
              pushed_amount=str(moved), **named("push", pushed, due),
              push_amount_rate=Fraction(moved, total) if total else None,
              mean_pushes=Fraction(sum(pushes), due) if due else None,
              **named("closed", won, won + lost), **named("due", won, due), times=groups)


def activity_plan(goal, average_won, conversions):
    if goal < 0 or average_won <= 0:
        return refused_at(-1, -1)
    for row, (n, d) in enumerate(conversions):
        if not 0 < n <= d:
            return refused_at(row, 0)
    plan = [math.ceil(Fraction(goal, average_won))]
    for row, (n, d) in enumerate(conversions):
        plan.append(math.ceil(plan[-1] / Fraction(n, d)))
        if not fits(plan[-1]):
            return {**refused_at(row, 0), "status": OUT_OF_RANGE}
    return ok(plan=[str(x) for x in plan])


def productivity(before, after, sellers, working_days, calls_per_deal, average_won):
    (b, bd), (a, ad), (c, cd) = before, after, calls_per_deal
    if not (b > 0 and bd > 0 and a >= 0 and ad > 0 and c > 0 and cd > 0 and
            min(sellers, working_days, average_won) >= 0):
        return refused_at(-1, -1)
    before, after = Fraction(b, bd), Fraction(a, ad)
    calls = sellers * working_days * (after - before)
    deals = calls / Fraction(c, cd)
    return ok(lift=after / before - 1, extra_calls=calls, extra_deals=deals,
              extra_revenue=deals * average_won,
              sellers_equivalent=sellers * (after / before - 1))


def top_share(values, share, end, ties):
    n, d = share
    if not (values and d > 0 and 0 < n <= d and end in (0, 1) and ties in range(4)):
        return refused_at(-1, -1)
    k = max(1, math.floor(Fraction(len(values) * n, d) + Fraction(1, 2)))
    sign = -1 if end == 0 else 1
    boundary = sorted(values, key=lambda v: sign * v)[k - 1]
    sure = sum(sign * v < sign * boundary for v in values)
    tied = values.count(boundary)
    places = k - sure
    numerator, denominator = {FRACTIONAL: (places, tied), ORDINAL: (places, tied),
                              INCLUDE: (1, 1), EXCLUDE: (int(places == tied), 1)}[ties]
    first = [i for i, v in enumerate(values) if v == boundary][:places]
    weight = [int(sign * v < sign * boundary) if v != boundary else
              int(i in first) if ties == ORDINAL else Fraction(numerator, denominator)
              for i, v in enumerate(values)]
    return ok(places=k, boundary=str(boundary), tied=tied, tied_numerator=numerator,
              tied_denominator=denominator, weight=weight)


# Of the reference vectors.
TEN_SELLERS = ([2, 0, 12, 45, 3, 20, 7, 1, 9, 30], [2, 3, 30, 70, 8, 60, 25, 6, 15, 90])
TIED = dict(time=[5, 5, 5, 8, 12, 12, 15, 20, 20, 22, 30, 30, 31, 40, 44, 50],
            event=[1, 2, 0, 2, 1, 1, 0, 2, 0, 1, 0, 0, 2, 1, 0, 0])
MEIER = ([3, 5, 5, 8, 8, 9, 12, 15, 15, 21, 30, 30, 42, 60],
         [1, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0])
DUE = ([DUE_WON] * 18 + [DUE_LOST] * 12 + [DUE_PUSHED] * 20, [2_250_000] * 20 + [1_000_000] * 10
       + [2_250_000] * 20, [0] * 30 + [1] * 11 + [2] * 6 + [3] * 3)


def rate_cases():
    def case(id, *given):
        names = ("prior", "strength", "successes", "trials")
        return (f"shrink_{id}", "fivek_rate_shrink", dict(zip(names, given)),
                rate_shrink(*given))
    yield case("3_of_12", 0.1, 20, 3, 12)
    yield case("2_of_2", 0.5, 20, 2, 2)
    yield case("0_of_5", 0.9, 8, 0, 5)
    yield case("nothing_known", 0.25, 0, 0, 0)
    yield case("no_strength", 0.25, 0, 2, 9)
    yield case("no_strength_and_none", 0.25, 0, 0, 9)
    yield case("no_strength_and_all", 0.25, 0, 9, 9)
    yield case("no_trials", 0.3, 6, 0, 0)
    yield case("sure_to_lose", 0, 12, 0, 7)
    yield case("sure_to_win", 1, 12, 7, 7)
    yield case("sure_to_win_but_lost", 1, 12, 6, 7)
    for prior in (0, 0.35, 1):
        yield case(f"infinite_strength_{prior}", prior, "inf", 3, 40)
    yield case("just_enough", 0.5, 10, 2, 5)
    yield case("just_too_few", 0.5, 10, 2, 4.875)
    yield case("effective_trials", 0.4, 12.5, 3.25, 17.75)
    yield case("mean_below_its_interval", 0.01, 1, 0, 3)
    rng = SplitMix64(1401)
    for i in range(10):
        trials = rng.below(60)
        yield case(f"random_{i}", (1 + rng.below(99)) / 128, 1 + rng.below(40),
                   rng.below(trials + 1), trials)
    for name, given in (("prior", (-0.25, 20, 3, 12)), ("prior_above_1", (1.5, 20, 3, 12)),
                        ("prior_nan", ("nan", 20, 3, 12)), ("strength", (0.5, -1, 3, 12)),
                        ("strength_nan", (0.5, "nan", 3, 12)), ("large", (0.5, 2e12, 3, 12)),
                        ("successes", (0.5, 20, 13, 12)), ("below_0", (0.5, 20, -1, 12)),
                        ("trials_inf", (0.5, 20, 3, "inf")), ("trials", (0.5, 20, 0, -1))):
        yield case(f"refused_{name}", *given)


def beta_binomial_cases():
    def case(id, successes, trials):
        return (f"groups_{id}", "fivek_beta_binomial_fit",
                {"successes": successes, "trials": trials}, beta_binomial(successes, trials))
    yield case("ten_sellers", *TEN_SELLERS)
    yield case("two", [1, 9], [10, 10])
    yield case("some_without_trials", [0, 2, 0, 7, 0, 5], [0, 9, 0, 8, 0, 10])
    yield case("trials_that_are_not_whole", [0.5, 2.25, 7.125, 3], [4.5, 3, 11.25, 3.5])
    yield case("nearly_certain", [9, 10, 40, 7, 19], [10, 10, 41, 9, 19])
    yield case("far_apart", [0, 30, 1, 28, 15], [30, 30, 30, 30, 30])
    yield case("weak", [0, 5, 0, 7, 1], [6, 5, 9, 7, 8])
    rng = SplitMix64(1406)
    for i in range(5):
        trials = [1 + rng.below(40) for _ in range(4 + 3 * i)]
        yield case(f"random_{i}", [rng.below(n + 1) for n in trials], trials)
    yield case("one_rate", [5, 10, 5, 20], [10, 20, 10, 40])
    yield case("nearer_than_by_chance", [5, 6, 5, 7], [10, 12, 11, 13])
    yield case("one_group", [3], [10])
    yield case("one_trial_each", [1, 0, 1, 1], [1, 1, 1, 1])
    yield case("all_won", [3, 5], [3, 5])
    yield case("none_won", [0, 0], [3, 5])
    yield case("all_or_nothing", [3, 0, 4, 1], [3, 5, 4, 1])
    yield case("refused_none", [], [])
    yield case("refused_no_trials", [0, 0], [0, 0])
    yield case("refused_successes", [1, 4], [2, 3])
    yield case("refused_below_0", [1, -1], [2, 3])
    yield case("refused_trials", [1, 0], [2, -1])
    yield case("refused_large", [1, 0], [2e12, 3])
    yield case("refused_nan", [1, "nan"], [2, 3])
    yield case("refused_trials_inf", [1, 1, 1], [2, 3, "inf"])


def sellers_cases():
    def case(id, won, closed, expected=None, prior=None):
        given = {"won": won, "closed": closed}
        if expected is not None:
            given["expected"] = expected
        if prior is not None:
            given["prior"] = prior
        return (f"sellers_{id}", "fivek_sellers_rank", given,
                sellers_rank(won, closed, expected, prior))
    yield case("ten", *TEN_SELLERS)
    yield case("ten_by_mix", *TEN_SELLERS,
               [n * (1 + i) / 16 for i, n in enumerate(TEN_SELLERS[1])])
    yield case("by_a_prior", [2, 45, 0, 0, 2], [2, 70, 3, 0, 2], None, [0.4, 8.5])
    yield case("by_a_sure_prior", [2, 45, 0], [2, 70, 3], [0.5, 40, 2.75], [0.25, "inf"])
    yield case("by_none", [2, 45, 0, 0], [2, 70, 3, 0], None, [0.5, 0])
    yield case("who_do_not_differ", [5, 10, 5, 20], [10, 20, 10, 40])
    yield case("who_won_all_or_nothing", [3, 0, 4], [3, 5, 4])
    yield case("one", [4], [9], [0])
    yield case("far_apart", [0, 30, 1, 28, 30], [30, 30, 30, 30, 30], [9, 9, 9, 9, 9])
    yield case("nobody", [], [], None, [0.5, 20])
    rng = SplitMix64(1407)
    for i in range(4):
        closed = [rng.below(35) for _ in range(5 + 4 * i)]
        yield case(f"random_{i}", [rng.below(n + 1) for n in closed], closed,
                   [n * rng.below(17) / 16 for n in closed] if i % 2 else None,
                   [(1 + rng.below(7)) / 8, 1 + rng.below(30)] if i > 1 else None)
    yield case("refused_won", [1, 4], [2, 3])
    yield case("refused_won_below_0", [1, -1], [2, 3])
    yield case("refused_closed", [1, 0], [2, -1])
    yield case("refused_large", [1, 0], [2, 10**12 + 1])
    yield case("refused_expected", [1, 0], [2, 3], [1, 3.5])
    yield case("refused_expected_below_0", [1, 0], [2, 3], [-0.5, 3])
    yield case("refused_expected_nan", [1, 0], [2, 3], [1, "nan"])
    yield case("refused_nobody", [], [])
    yield case("refused_no_deals", [0, 0], [0, 0])
    yield case("refused_prior", [1], [2], None, [1.5, 3])
    yield case("refused_strength", [1], [2], None, [0.5, -3])
    yield case("refused_prior_of_nobody", [], [], None, ["nan", 3])


def chain_cases():
    def case(id, moves, won):
        return (f"chain_{id}", "fivek_absorbing_chain_solve", {"moves": moves, "won": won},
                chain(moves, won))
    yield case("two", [0, 0.5, 0.25, 0], [0, 0.5])
    yield case("one", [0], [0.375])
    yield case("stays", [0.75], [0.125])
    yield case("never_won", [0.5], [0])
    yield case("sure", [0, 1, 0, 0], [0, 1])
    rng = SplitMix64(1402)
    for n in (2, 3, 4, 5, 6, 7, 8):
        moves, won = [], []
        for _ in range(n):
            parts = [rng.below(8) * rng.below(2) for _ in range(n)] + [rng.below(6)]
            moves += [p / 128 for p in parts[:-1]]
            won.append(parts[-1] / 8)
        yield case(f"random_{n}", moves, won)
    yield case("refused_none", [], [])
    yield case("refused_nine", [0] * 81, [0.5] * 9)
    yield case("refused_move", [0, 0.5, -0.25, 0], [0.5, 0.5])
    yield case("refused_won", [0, 0.5, 0, 0], [0.5, "nan"])
    yield case("refused_sum", [0, 0.5, 0.5, 0.25], [0.5, 0.5])
    yield case("refused_never_leaves", [0.5, 0, 0, 0, 0, 1, 0, 1, 0], [0.5, 0, 0])


def hierarchy_cases():
    def down(id, prior, *levels):
        columns = [list(column) for column in zip(*levels)] or [[], [], []]
        names = ("strength", "successes", "trials")
        return (f"down_{id}", "fivek_rates_shrink_down",
                {"prior": prior, **dict(zip(names, columns))}, shrink_down(prior, *columns))
    yield down("four_levels", 0.1, (20, 30, 200), (20, 9, 40), (10, 3, 12), (5, 0, 4))
    yield down("one", 0.1, (20, 3, 12))
    yield down("none", 0.5)
    yield down("nothing_below", 0.25, (20, 5, 20), (20, 0, 0), (20, 0, 0))
    yield down("infinite", 0.25, (20, 5, 20), ("inf", 9, 9))
    yield down("no_strength", 0.25, (0, 5, 20), (0, 0, 0))
    yield down("refused_prior", 1.5, (20, 3, 12))
    yield down("refused_second", 0.5, (20, 3, 12), (20, 13, 12))
    yield down("refused_strength", 0.5, (20, 3, 12), (20, 1, 12), (-1, 1, 12))

    def conversions(id, ladder):
        return (f"conversions_{id}", "fivek_ladder_to_conversions", {"probability": ladder},
                conversions_of(ladder))
    yield conversions("of_the_method", [0.1, 0.25, 0.5, 0.75, 0.9, 1])
    yield conversions("two", [0.5, 1])
    yield conversions("level", [0.5, 0.5, 1, 1])
    yield conversions("from_0", [0, 0.5, 1])
    yield conversions("refused_one", [1])
    yield conversions("refused_none", [])
    yield conversions("refused_falls", [0.25, 0.5, 0.375, 1])
    yield conversions("refused_0_later", [0, 0, 1])
    yield conversions("refused_end", [0.25, 0.5])
    yield conversions("refused_nan", [0.25, "nan", 1])
    yield conversions("refused_above_1", [0.25, 1.25, 1])

    def ladder(id, given):
        return (f"ladder_{id}", "fivek_conversions_to_ladder", {"conversion": given},
                ladder_of(given))
    yield ladder("of_the_method", [0.4, 0.5, 2 / 3, 5 / 6, 0.9])
    yield ladder("one", [0.375])
    yield ladder("from_0", [0, 0.5])
    yield ladder("all", [1, 1, 1])
    yield ladder("long", [0.5] * 20)
    yield ladder("refused_none", [])
    yield ladder("refused_0_later", [0.5, 0])
    yield ladder("refused_below_0", [-0.25, 0.5])
    yield ladder("refused_nan", [0.5, 0.5, "nan"])


def five_k_cases():
    def case(id, *points):
        return (f"five_k_{id}", "fivek_five_k_of", {"points": list(points)},
                five_k(points))
    yield case("full", 20, 20, 20, 20, 20)
    yield case("empty", 0, 0, 0, 0, 0)
    yield case("one_is_0", 20, 15, 10, 5, 0)
    yield case("one_point_short", 20, 20, 19, 20, 20)
    yield case("tied", 7, 3, 12, 3, 3)
    rng = SplitMix64(1417)
    for i in range(12):
        yield case(f"random_{i}", *(rng.below(21) for _ in range(5)))
    for k in range(5):
        yield case(f"refused_{k}", *(21 if j == k else 4 for j in range(5)))
    yield case("refused_unknown", 1, 2, 255, 4, 5)
    yield case("refused_first_of_two", 1, 30, 2, 30, 5)


def risk_cases():
    def case(id, time, event, entry=None):
        given = dict(time=time, event=event)
        if entry is not None:
            given["entry"] = entry
        return (f"risks_{id}", "fivek_competing_risks_fit", given,
                competing_risks(entry or [0] * len(time), time, event))
    yield case("ties", **TIED)
    yield case("none", [], [])
    yield case("all_open", [3, 9], [0, 0])
    yield case("three_deals", [5, 8, 9], [1, 2, 0])
    yield case("all_won", [2, 4, 7], [1, 1, 1])
    yield case("only_the_third_cause", [2, 4, 7], [3, 3, 0])
    yield case("nobody_is_left_for_a_while", [3, 20, 22, 25], [1, 1, 2, 0], [0, 10, 12, 12])
    rng = SplitMix64(1403)
    for i in range(8):
        n = 4 + rng.below(12)
        entry = [rng.below(4) * rng.below(3) for _ in range(n)]
        entry[:2] = [0, 0]
        time = [e + 1 + rng.below(14) for e in entry]
        time[:2] = [30, 31]  # Somebody is watched to the end.
        event = [0, 0] + [rng.below(4) for _ in range(n - 2)]
        yield case(f"random_{i}", time, event, entry)
    yield case("refused_entry", [5, 6], [1, 1], [0, -1])
    yield case("refused_time", [5, 6], [1, 1], [0, 6])
    yield case("refused_time_0", [0], [1])
    yield case("refused_long", [100_001], [1])
    yield case("refused_event", [5, 6, 7], [0, 1, 4])


def duration_cases():
    def case(id, time, ended, tau, entry=None):
        given = dict(time=time, ended=ended, tau=tau)
        if entry is not None:
            given["entry"] = entry
        return (f"durations_{id}", "fivek_durations_fit", given,
                durations(time, ended, entry, tau))
    yield case("fourteen", *MEIER, 30)
    yield case("beyond_the_longest", *MEIER, 61)
    yield case("none", [], [], 0)
    yield case("all_open", [4, 9], [0, 0], 9)
    yield case("all_ended", [4, 9, 9, 30], [1, 1, 1, 1], 90)
    yield case("on_the_first_day", [0, 0, 7], [1, 0, 1], 5)
    yield case("entries", [10, 12, 20], [1, 1, 1], 20, [0, 10, 11])
    rng = SplitMix64(1404)
    for i in range(8):
        n = 3 + rng.below(14)
        entry = [rng.below(6) * rng.below(2) for _ in range(n)]
        entry[0] = 0
        time = [e + 1 + rng.below(25) for e in entry]
        time[0] = 40
        yield case(f"random_{i}", time, [0] + [rng.below(2) for _ in range(n - 1)],
                   rng.below(45), entry)
    yield case("refused_time", [3, -1], [1, 1], 3)
    yield case("refused_ended", [3, 4], [1, 2], 3)
    yield case("refused_entry", [3, 4], [1, 1], 3, [0, 4])
    yield case("refused_entry_below_0", [3, 4], [1, 1], 3, [-1, 0])
    yield case("refused_tau", [3, 4], [1, 1], -1)

    def stall(id, winners, q, ages):
        return (f"stalled_{id}", "fivek_stalled_find",
                {"winners": winners, "q": q, "ages": ages}, stalled(winners, q, ages))
    ten = [25, 4, 6, 7, 9, 10, 12, 14, 15, 18]
    yield stall("nine_of_ten", ten, [9, 10], [17, 18, 19, 26])
    yield stall("half", ten, [1, 2], [0, 9, 10, 11])
    yield stall("just_above_a_half", ten, [501, 1000], [10, 11])
    yield stall("all", ten, [7, 7], [24, 25, 26])
    yield stall("one_winner", [0], [1, 10], [0, 1])
    yield stall("no_ages", ten, [1, 4], [])
    yield stall("refused_no_winners", [], [1, 2], [1])
    yield stall("refused_winner", [3, -1], [1, 2], [1])
    yield stall("refused_age", [3, 4], [1, 2], [1, 1, -1])
    for q in ([0, 1], [3, 2], [1, 0], [-1, 2]):
        yield stall(f"refused_{q[0]}_{q[1]}", ten, q, [1])


def funnel_cases():
    def texts(numbers):
        return [str(x) for x in numbers]

    def speed(id, *given):
        n, win, won, cycle, days = given
        return (f"velocity_{id}", "fivek_velocity",
                {"open_deals": n, "win": win, "average_won": str(won), "cycle_days": cycle,
                 "days": days}, velocity(*given))
    yield speed("reference", 40, [1, 4], 1_200_000, 60, 91)
    yield speed("tie_to_even", 1, [1, 2], 5, 1, 1)
    yield speed("tie_to_even_up", 3, [1, 2], 5, 1, 1)
    yield speed("a_loss", 7, [2, 3], -1001, 9, 31)
    yield speed("no_deals", 0, [1, 4], 1_200_000, 60, 91)
    yield speed("large", 1, [1, 1], INT64_MAX, 1, 1)
    yield speed("large_in_between", 10**9, [1, 10**9], INT64_MAX, 1, 1)
    yield speed("refused_overflow", 2, [1, 1], INT64_MAX, 1, 1)
    for name, given in (("deals", (-1, [1, 4], 5, 60, 91)), ("rate", (1, [5, 4], 5, 60, 91)),
                        ("denominator", (1, [0, 0], 5, 60, 91)), ("cycle", (1, [1, 4], 5, 0, 9)),
                        ("days", (1, [1, 4], 5, 60, -1))):
        yield speed(f"refused_{name}", *given)

    def covers(id, *given):
        return (f"coverage_{id}", "fivek_coverage",
                dict(zip(("open", "goal", "won"), texts(given))), coverage(*given))
    yield covers("three", 3000, 1500, 500)
    yield covers("a_third", 500, 2000, 500)
    yield covers("nothing_open", 0, 2000, 500)
    yield covers("goal_met", 300, 500, 500)
    yield covers("goal_beaten", 300, 500, 501)
    yield covers("no_goal", 0, 0, 0)
    yield covers("large", INT64_MAX, INT64_MAX, 0)
    for i, given in enumerate(((-1, 2, 1), (1, -2, 1), (1, 2, -1))):
        yield covers(f"refused_{i}", *given)

    def needs(id, *given):
        return (f"needed_{id}", "fivek_coverage_needed",
                dict(zip(("won", "lost"), texts(given))), coverage_needed(*given))
    yield needs("four", 2500, 7500)
    yield needs("a_third", 3, 4)
    yield needs("all_won", 9, 0)
    yield needs("none_won", 0, 9)
    yield needs("nothing_closed", 0, 0)
    yield needs("large", INT64_MAX, INT64_MAX)
    yield needs("one_of_many", 1, INT64_MAX)
    yield needs("refused_won", -1, 9)
    yield needs("refused_lost", 9, -1)

    def reached(id, highest, rungs, z):
        return (f"reached_{id}", "fivek_funnel_reached",
                {"highest": highest, "rungs": rungs, "z": z}, funnel_reached(highest, rungs, z))
    yield reached("seven", [0, 1, 1, 2, 6, 3, 3, 3, 5, 6, 0, 4, 2], 7, Z90)
    yield reached("none", [], 3, Z95)
    yield reached("one_rung", [0, 0, 0], 1, Z90)
    yield reached("all_to_the_top", [3] * 5, 4, Z90)
    yield reached("all_at_the_bottom", [0] * 5, 4, Z90)
    yield reached("no_interval", [0, 1, 2, 2], 3, 0)
    yield reached("most_rungs", [255, 254, 0], 256, Z90)
    rng = SplitMix64(1408)
    for i in range(3):
        yield reached(f"random_{i}", [rng.below(5 + i) for _ in range(20 + 30 * i)], 5 + i, Z95)
    yield reached("refused_rung", [0, 3, 4], 4, Z90)
    yield reached("refused_no_rungs", [], 0, Z90)
    yield reached("refused_rungs_below_0", [0], -1, Z90)
    yield reached("refused_257_rungs", [0], 257, Z90)
    yield reached("refused_z", [0, 1], 2, -0.5)
    yield reached("refused_z_nan", [0, 1], 2, "nan")
    yield reached("refused_z_inf", [0, 1], 2, "inf")

    def slips(id, state, amount, pushes, z):
        return (f"slippage_{id}", "fivek_slippage_measure",
                {"state": state, "amount": texts(amount), "pushes": pushes, "z": z},
                slippage(state, amount, pushes, z))
    yield slips("reference", *DUE, Z90)
    yield slips("none", [], [], [], Z90)
    yield slips("no_amount", [0, 1], [0, 0], [2, 0], Z95)
    yield slips("each_once", [3, 2, 1, 0], [5, 7, 11, 13], [4, 0, 2, 9], 0)
    rng = SplitMix64(1405)
    for i in range(3):
        n = 9 + rng.below(16)
        yield slips(f"random_{i}", [rng.below(4) for _ in range(n)],
                    [rng.below(10**9) for _ in range(n)], [rng.below(4) for _ in range(n)], Z90)
    yield slips("refused_overflow", [0, 1], [INT64_MAX, 1], [0, 0], Z90)
    yield slips("refused_state", [0, 4], [1, 1], [0, 0], Z90)
    yield slips("refused_amount", [0, 1], [1, -1], [0, 0], Z90)
    yield slips("refused_pushes", [0, 1, 2], [1, 1, 1], [0, 0, -1], Z90)
    yield slips("refused_z", [0], [1], [0], "nan")

    def plan(id, goal, won, conversions):
        return (f"plan_{id}", "fivek_activity_plan",
                {"goal": str(goal), "average_won": str(won), "conversions": conversions},
                activity_plan(goal, won, conversions))
    steps = [[1, 4], [1, 2], [3, 10], [1, 11]]
    yield plan("four_steps", 9_000_000, 1_200_000, steps)
    yield plan("exact", 12, 4, [[1, 3], [2, 3], [1, 1]])
    yield plan("no_steps", 5, 2, [])
    yield plan("no_goal", 0, 2, steps)
    yield plan("large", INT64_MAX, 1, [[1, 1]])
    yield plan("refused_overflow", INT64_MAX, 1, [[1, 1], [1, 2]])
    yield plan("refused_goal", -1, 2, steps)
    yield plan("refused_average", 5, 0, steps)
    for i, bad in enumerate(([0, 2], [3, 2], [1, 0])):
        yield plan(f"refused_step_{i}", 5, 2, steps[:i] + [bad])

    def lift(id, *given):
        names = ("before", "after", "sellers", "working_days", "calls_per_deal", "average_won")
        return (f"productivity_{id}", "fivek_productivity_of",
                {**dict(zip(names, given)), "average_won": str(given[-1])}, productivity(*given))
    yield lift("reference", [11, 2], [6, 1], 10, 220, [55, 1], 1_500_000)
    yield lift("less", [6, 1], [11, 2], 10, 220, [55, 2], 1_500_000)
    yield lift("nothing", [6, 1], [0, 1], 3, 200, [40, 1], 77)
    yield lift("the_same", [3, 2], [6, 4], 3, 200, [40, 1], 77)
    yield lift("thirds", [10, 3], [22, 7], 13, 211, [49, 3], 99_999)
    good = [[1, 1], [6, 1], 1, 1, [5, 1], 1]
    for i, bad in ((0, [0, 1]), (1, [-6, 1]), (1, [6, 0]), (2, -1), (3, -1), (4, [0, 1]), (5, -1)):
        given = good[:i] + [bad] + good[i + 1:]
        yield lift(f"refused_{i}_{bad}".replace(", ", "_").replace("[", "").replace("]", ""),
                   *given)

    def top(id, values, share, end, ties):
        return (f"top_{id}", "fivek_top_share",
                {"values": texts(values), "share": share, "end": end, "ties": ties},
                top_share(values, share, end, ties))
    for ties in range(4):
        yield top(f"all_equal_{ties}", [5] * 5, [1, 4], 0, ties)
        for end in range(2):
            yield top(f"tied_{end}_{ties}", [7, -3, 7, 9, 7, -3, 1, 1, 7, 2], [3, 10], end, ties)
    yield top("all_fit", [4, 4, 2, 1], [1, 2], 0, EXCLUDE)
    yield top("half_a_place_rounds_up", [1, 2, 3, 4, 5, 6], [1, 4], 0, ORDINAL)
    yield top("at_least_one", [1, 2, 3], [1, 1000], 1, FRACTIONAL)
    yield top("all", [INT64_MIN, INT64_MAX, 0], [1, 1], 0, FRACTIONAL)
    for name, given in (("none", ([], [1, 4], 0, 0)), ("share_0", ([1], [0, 4], 0, 0)),
                        ("share", ([1], [5, 4], 0, 0)), ("end", ([1], [1, 4], 2, 0)),
                        ("ties", ([1], [1, 4], 0, 4))):
        yield top(f"refused_{name}", *given)


def history_cases():
    yield from rate_cases()
    yield from beta_binomial_cases()
    yield from chain_cases()
    yield from hierarchy_cases()
    yield from five_k_cases()
    yield from risk_cases()
    yield from duration_cases()
    yield from funnel_cases()
    yield from sellers_cases()


# --- The history: visits and the ladder --------------------------------------

FIRST_DAY, LAST_DAY = -719162, 2932896
RUNGS = 6
MOVE_LOST, MOVE_VOID, MOVE_REOPENED = 7, 8, 9
VISIT_OPEN, VISIT_UP, VISIT_LOST, VISIT_BACK, VISIT_VOID = range(5)
AGE_BUCKET_ENDS = [7, 14, 30, 60, 90, 180]


def visits_of_moves(moves, as_of):
    """A move is [deal, day, sequence, to, segment, team, seller], a visit [deal, stage,
    entered, left, spent, end, to, segment, team, seller]."""
    if not FIRST_DAY <= as_of <= LAST_DAY:
        return refused_at(-1, -1)
    for row, (_, day, _, to, *_) in enumerate(moves):
        if not FIRST_DAY <= day <= LAST_DAY:
            return refused_at(row, 1)
        if not 0 <= to <= MOVE_REOPENED:
            return refused_at(row, 3)
    for row, move in enumerate(moves):
        if move[:3] in [other[:3] for other in moves[:row]]:
            return refused_at(row, 2)
    visits = []
    for deal in sorted({move[0] for move in moves}):
        path, closed = [], None  # Where it was in turn, and how it stands at the end.
        for _, day, _, to, *keys in sorted(m for m in moves if m[0] == deal and m[1] <= as_of):
            begun = path and path[-1][1] != 6
            if to in (MOVE_LOST, MOVE_VOID):
                if begun and closed is None:
                    closed = (day, to)
                continue
            closed = None
            if to != MOVE_REOPENED and (begun or to != 6) and (not path or path[-1][1] != to):
                path.append((day, to, keys))
        spent = {}
        for i, (day, stage, keys) in enumerate(path):
            if stage == 6:
                continue
            before = path[i - 1] if i > 0 and path[i - 1][1] != 6 else None
            spent[i] = 0
            if before and before[1] > stage:  # Back: what is known of the last time here.
                for j in range(i - 1, -1, -1):
                    if path[j][1] == 6:
                        break
                    if path[j][1] == stage:
                        spent[i] = spent[j] + path[j + 1][0] - path[j][0] + 1
                        break
                    if path[j][1] < stage < path[j + 1][1]:
                        spent[i] = 1
                        break
            if i + 1 < len(path):
                left, to, _ = path[i + 1]
                end = VISIT_UP if to > stage else VISIT_BACK
            else:
                left, to = closed[0] if closed else 0, 0
                end = (VISIT_OPEN if closed is None else
                       VISIT_LOST if closed[1] == MOVE_LOST else VISIT_VOID)
            visits.append([deal, stage, day, left, spent[i], end, to, *keys])
    return ok(visits=visits)


def rung_rows(visits, rung, as_of):
    """(entry, time, event) of each stay on a rung, those that were skipped too."""
    for _, stage, entered, left, spent, end, to, *_ in visits:
        if stage == rung:
            last = as_of if end == VISIT_OPEN else left
            yield spent, spent + last - entered + 1, {1: 1, 2: 2, 3: 3}.get(end, 0)
        elif end == VISIT_UP and stage < rung < to:
            yield 0, 1, 1


COUNT_WATCHED, COUNT_UP, COUNT_LOST, COUNT_BACK, COUNT_LATE, COUNT_BACK_TO = range(6)


def visit_counts(visits, as_of, since=FIRST_DAY):
    """[segment, team, seller, rung, kind, step, count] of all that is counted."""
    counts = {}
    for visit in visits:
        _, stage, entered, left, _, end, to, *keys = visit
        last = as_of if end == VISIT_OPEN else left
        if last < since:
            continue
        unseen = max(since - entered, 0)  # Days before anybody watched.
        cells = []
        for rung in range(RUNGS):
            for entry, time, event in rung_rows([visit], rung, as_of):
                if rung == stage:
                    entry += unseen
                cells.append((rung, event, time))
                if entry:
                    cells.append((rung, COUNT_LATE, entry))
        if end == VISIT_BACK:
            cells.append((stage, COUNT_BACK_TO, to))
        for cell in cells:
            counts[(*keys, *cell)] = counts.get((*keys, *cell), 0) + 1
    return ok(counts=[[*cell, n] for cell, n in sorted(counts.items())])


def ladder_groups(visits):
    """[depth, segment, team, seller], all deals first."""
    return ok(groups=[[0, 0, 0, 0]] + sorted(
        [depth, *key] for depth in (1, 2, 3)
        for key in {(*v[7:7 + depth], *[0] * (3 - depth)) for v in visits}))


def weighed(prior, strength, value, n):
    if n == 0 or strength == "inf":
        return prior
    return (Fraction(strength) * prior + n * value) / (Fraction(strength) + n)


def learned_strength(visits, as_of, depth, rung, otherwise):
    """That of the groups of a depth on a rung, by how much they differ."""
    of = {}
    for v in visits:
        of.setdefault(tuple(v[7:7 + depth]), []).append(v)
    ends = [[event for _, _, event in rung_rows(rows, rung, as_of)] for rows in of.values()]
    moved = [(e.count(1), e.count(1) + e.count(2)) for e in ends if 1 in e or 2 in e]
    return beta_binomial(*zip(*moved))["strength"] if len(moved) >= 5 else otherwise


@functools.lru_cache(maxsize=None)
def risks_of(rows):
    return competing_risks(*(map(list, zip(*rows)) if rows else ([], [], [])))


def learned_rungs(visits, as_of, strength, group, learn=0):
    """By rung, of all deals and then of each group down to this one."""
    parents, prior_strength = None, strength
    for depth in range(group[0] + 1):
        of = [v for v in visits if v[7:7 + depth] == group[1:1 + depth]]
        # A group that is all that its parent has is its parent.
        others = {tuple(v[7:7 + depth]) for v in visits
                  if v[7:6 + depth] == group[1:depth]} if depth else set()
        if others == {tuple(group[1:1 + depth])}:
            continue
        rungs = []
        for s in range(RUNGS):
            rows = list(rung_rows(of, s, as_of))
            risks = risks_of(tuple(rows))
            up, lost, back = risks["incidence"]
            above = parents[s] if parents else None
            events = [event for _, _, event in rows]
            strength = (learned_strength(visits, as_of, depth, s, prior_strength)
                        if learn and depth else prior_strength)
            n = risks["effective_n"]
            r = dict(rows=rows, effective_n=n, path_n=n + (above["path_n"] if above else 0),
                     visits=len(rows), open=events.count(0), advanced=events.count(1),
                     lost=events.count(2), moved_back=events.count(3),
                     observed=risks["conversion"], standard_error=risks["standard_error"],
                     lowest=risks["lowest"], highest=risks["highest"], strength=strength,
                     prior=above["conversion"] if above else
                     Fraction(YIELD_PPM[s], YIELD_PPM[s + 1]))
            r["conversion"] = weighed(r["prior"], strength, r["observed"],
                                      risks["effective_n"])
            moved = up + lost + back
            r["back"] = weighed(above["back"] if above else Fraction(0), strength,
                                back / moved if moved else 0,
                                len(rows) - r["open"] if moved else 0)
            falls = [v[6] for v in of if v[1] == s and v[5] == VISIT_BACK]
            r["to"] = ([Fraction(falls.count(t), len(falls)) for t in range(s)] if falls else
                       above["to"] if above else [Fraction(0)] * s)
            # f / (1 - sum b_t u_t .. u_(s-1))
            again = sum(r["back"] * r["to"][t] * prod([q["through"] for q in rungs[t:]])
                        for t in range(s))
            r["through"] = (1 - r["back"]) * r["conversion"] / (1 - again)
            rungs.append(r)
        parents = rungs
    return parents


def ladder(visits, as_of, strength, group):
    rungs = learned_rungs(visits, as_of, strength, group)
    won = [Fraction(1)]
    for r in reversed(rungs):
        won.insert(0, r["through"] * won[0])
    names = ("visits", "advanced", "lost", "moved_back", "open", "observed", "standard_error",
             "lowest", "highest", "prior", "strength", "conversion", "back", "through")
    return ok(won=won, **{name: [r[name] for r in rungs] for name in names})


# What is believed beside the value: a product of independent betas, taken for one.


def concentration(value, factors, known):
    """The trials of the beta that has the mean `value` and the relative variance of a product
    of betas of mean and strength; known(factor) more trials tell of each."""
    spread = Decimal(1)
    for factor in factors:
        if factor["mean"] == 0:
            return math.inf
        if factor["strength"] != "inf":
            m = digits(factor["mean"])
            spread *= 1 + (1 - m) / m / (digits(factor["strength"]) + digits(known(factor)) + 1)
    if spread == 1:
        return math.inf
    k = (1 - value) / (value * (spread - 1)) - 1
    return math.inf if k > MOST_TRIALS else max(k, Decimal(0))


def estimated(value, factors):
    """Of factors with mean, strength, effective_n, path_n (of the groups above too)."""
    with decimal.localcontext(DIGITS):
        value = digits(value)
        here, path, prior = (concentration(value, factors, known) for known in (
            lambda f: f["effective_n"], lambda f: f["path_n"], lambda f: 0))
        if here == math.inf:
            low = high = value
        elif here == 0:
            low, high = 0, 1
        else:
            low, high = (beta_quantile(Decimal(q), value * here, (1 - value) * here)
                         for q in ("0.05", "0.95"))

        def added(k):
            return 0 if prior == math.inf else max(min(k, Decimal(MOST_TRIALS)) - prior, 0)
        alone = all(f["strength"] == 0 for f in factors)
        n, n_above = added(here), added(path)
        if alone and value in (0, 1):  # By history: a 0 by those, all else by all factors.
            n, n_above = (
                max(f[name] for f in factors if f["mean"] == 0) if value == 0 else
                min(f[name] for f in factors) for name in ("effective_n", "path_n"))
        source = 0 if n_above < 5 - Decimal("1e-40") else 2 if alone else 1
        return dict(value=value, low=min(low, value), high=max(high, value), effective_n=n,
                    source=source)


CERTAIN = dict(value=1, low=1, high=1, effective_n=0, source=0)


def factors_from(rungs, s, **here):
    """The rungs on the way, the first of them changed."""
    way = [dict(mean=r["through"], **{name: r[name] for name in
                                      ("strength", "effective_n", "path_n")})
           for r in rungs[s:]]
    way[0].update(here)
    return way


def columns_of(rows):
    return {name: [row[name] for row in rows] for name in rows[0]} if rows else {
        name: [] for name in CERTAIN}


def group_fault(group):
    depth, *keys = group
    return refused_at(-1, -1) if not 0 <= depth <= 3 or any(keys[depth:]) else None


def ladder_won(visits, as_of, strength, group, milestones, learn=0):
    if group_fault(group) or not all(0 <= m <= 6 for m in milestones):
        return refused_at(-1, -1)
    rungs = learned_rungs(visits, as_of, strength, group, learn)
    return ok(**columns_of([
        CERTAIN if m == 6 else
        estimated(prod([r["through"] for r in rungs[m:]]), factors_from(rungs, m))
        for m in milestones]))


def ladder_explain(visits, as_of, strength, group, milestones):
    if group_fault(group) or not all(0 <= m <= 5 for m in milestones):
        return refused_at(-1, -1)
    depth = group[0]
    if depth and not any(v[7:7 + depth] == group[1:1 + depth] for v in visits):
        return {**refused_at(-1, -1), "status": NOT_FOUND}
    rungs = learned_rungs(visits, as_of, strength, group)
    return ok(**columns_of([
        estimated(r["conversion"], factors_from(rungs, m, mean=r["conversion"])[:1])
        for m, r in enumerate(rungs) if m in milestones]))


# Age: hazards by bucket, shrunk to the rung's, in 60 digits. A deal of an age of a days has
# outlasted step a + 1.

LAST_AGES = [*AGE_BUCKET_ENDS, None]
HAZARD_EXPOSURES = 20


def bucket_of(days):
    return sum(days > end for end in AGE_BUCKET_ENDS)


class RungAges:
    def __init__(self, rows):
        self.exposures, self.ended = [0] * 7, [[0] * 3 for _ in range(7)]
        for entry, time, event in rows:
            for step in range(entry + 1, time + 1):
                self.exposures[bucket_of(step - 1)] += 1
            if event:
                self.ended[bucket_of(time - 1)][event - 1] += 1
        days = sum(self.exposures)
        pooled = [Fraction(sum(ends), days) if days else 0 for ends in zip(*self.ended)]
        self.hazard = [[(d + HAZARD_EXPOSURES * p) / Fraction(n + HAZARD_EXPOSURES)
                        for d, p in zip(ends, pooled)]
                       for n, ends in zip(self.exposures, self.ended)]

    def at(self, step):
        return self.hazard[bucket_of(step - 1)]

    @functools.lru_cache(maxsize=None)
    def leaves(self, step):
        """By which cause those leave in the end who are there before `step`: bucket by bucket,
        as a geometric series."""
        here, ever = Decimal(1), [Decimal(0)] * 3
        for b in range(bucket_of(step - 1), 7):
            first = max(step - 1, AGE_BUCKET_ENDS[b - 1] + 1 if b else 0)
            h = [digits(x) for x in self.hazard[b]]
            stay = 0 if b == 6 else (1 - sum(h))**(LAST_AGES[b] - first + 1)
            if sum(h):
                ever = [e + here * (1 - stay) * x / sum(h) for e, x in zip(ever, h)]
            here *= stay
        return ever

    def odds_ratio(self, ever):
        entry = self.leaves(1)
        if ever[1] * entry[0] == 0 or entry[1] == 0:
            return Decimal(1)
        return ever[0] / ever[1] / (entry[0] / entry[1])

    def odds_ratio_at(self, days):
        return self.odds_ratio(self.leaves(days + 2))

    def odds_ratio_in(self, bucket):
        """Of all that came to the first day of the bucket, on each day those still there."""
        first = AGE_BUCKET_ENDS[bucket - 1] + 1 if bucket else 0
        if bucket == 6:
            return self.odds_ratio_at(first)
        here, ever = Decimal(1), [Decimal(0)] * 3
        for days in range(first, LAST_AGES[bucket] + 1):
            ever = [e + here * x for e, x in zip(ever, self.leaves(days + 2))]
            here *= 1 - digits(sum(self.at(days + 2)))
        return self.odds_ratio(ever)


rung_ages = functools.lru_cache(maxsize=None)(RungAges)


def ages_of(visits, as_of):
    return [rung_ages(tuple(rung_rows(visits, s, as_of))) for s in range(RUNGS)]


def through_at(rungs, s, ratio):
    """u_s where the odds of going up are times `ratio`, and the conversion there."""
    r = rungs[s]
    c = digits(r["conversion"])
    c = c * ratio / (c * ratio + 1 - c)
    again = sum([r["back"] * r["to"][t] * prod([q["through"] for q in rungs[t:s]])
                 for t in range(s)], Fraction(0))
    return (1 - digits(r["back"])) * c / (1 - digits(again))


def won_at_age(rungs, ages, s, days, share=1):
    if s == 6:
        return CERTAIN
    through = through_at(rungs, s, ages[s].odds_ratio_at(days))
    # Those who left at that age or later, by bucket, are what is known of it.
    later = sum(event in (1, 2) and bucket_of(time - 1) >= bucket_of(days)
                for _, time, event in rungs[s]["rows"])
    value = digits(share) * through * digits(prod([r["through"] for r in rungs[s + 1:]]))
    return estimated(value, factors_from(rungs, s, mean=through, effective_n=min(
        rungs[s]["effective_n"], later)))


def ladder_won_at_age(visits, as_of, strength, group, milestones, days):
    if (group_fault(group) or not all(0 <= m <= 6 for m in milestones) or
            min(days, default=0) < 0):
        return refused_at(-1, -1)
    rungs, ages = learned_rungs(visits, as_of, strength, group), ages_of(visits, as_of)
    with decimal.localcontext(DIGITS):
        return ok(**columns_of([won_at_age(rungs, ages, m, d)
                                for m, d in zip(milestones, days)]))


def won_in_time(ages, to, s, step, horizon):
    """By the hazards alone, day after day: who goes up may go on the same day, who falls back
    from the next day on."""
    here, won = {(s, step): Decimal(1)}, Decimal(0)
    hazard = [[[digits(x) for x in h] for h in rung.hazard] for rung in ages]
    for _ in range(horizon):
        tomorrow = {}
        for place in sorted(here) if here else ():
            s, step = place
            share, entered = here[place], place
            while share:
                up, lost, back = hazard[entered[0]][bucket_of(entered[1] - 1)]
                for t in range(entered[0]):
                    fallen = share * back * digits(to[entered[0]][t])
                    if fallen:
                        tomorrow[t, 1] = tomorrow.get((t, 1), 0) + fallen
                stays = (entered[0], entered[1] + 1)
                tomorrow[stays] = tomorrow.get(stays, 0) + share * (1 - up - lost - back)
                share *= up
                if entered[0] == RUNGS - 1:
                    won += share
                    break
                entered = (entered[0] + 1, 1)
        here = tomorrow
    return won


def won_in_the_end(ages, to):
    """From the entry of each rung, by the hazards alone."""
    rows = []
    for s, rung in enumerate(ages):
        up, _, back = map(Fraction, rung.leaves(1))
        row = [Fraction(int(t == s)) - (up if t == s + 1 else 0) - (back * to[s][t] if t < s else 0)
               for t in range(RUNGS)]
        rows.append(row + [up if s == RUNGS - 1 else 0])
    return [*map(digits, solved(rows)), Decimal(1)]


def ladder_won_within(visits, as_of, strength, group, horizon, milestones, days, by_row):
    if not 1 <= horizon <= 3660:
        return refused_at(-1, -1)
    rungs, ages = learned_rungs(visits, as_of, strength, group), ages_of(visits, as_of)
    to = [r["to"] for r in learned_rungs(visits, as_of, strength, [0, 0, 0, 0])]
    moved = [[sum(ends) for ends in zip(*rung.ended)] for rung in ages]
    rows, statuses = [], []
    with decimal.localcontext(DIGITS):
        ever = won_in_the_end(ages, to)
        for i, (s, d) in enumerate(zip(milestones, days)):
            status = INVALID_ARGUMENT if group_fault(group) or not 0 <= s <= 6 or d < 0 else OK
            if status == OK and any(up == 0 or up + lost < 5 for up, lost, _ in moved[s:]):
                status = FAILED_PRECONDITION
            if status != OK and not by_row:
                return {"status": status, "row": i, "column": -1}
            statuses.append(status)
            if status != OK:
                rows.append(dict(value=0, low=0, high=1, effective_n=0, source=0))
                continue
            if s == 6:
                rows.append(CERTAIN)
                continue
            up, _, back = ages[s].leaves(d + 2)
            end = up * ever[s + 1] + back * sum(digits(to[s][t]) * ever[t] for t in range(s))
            soon = won_in_time(ages, to, s, d + 2, horizon)
            assert soon <= end + Decimal("1e-50")
            rows.append(won_at_age(rungs, ages, s, d, min(soon / end, Decimal(1))))
    return ok(**columns_of(rows), row_status=statuses)


def ladder_explain_ages(visits, as_of, milestone):
    if not 0 <= milestone <= 5:
        return refused_at(-1, -1)
    rung = ages_of(visits, as_of)[milestone]
    result = ok(exposures=rung.exposures)
    for j, (ended, hazard) in enumerate((("advanced", "advance_hazard"), ("lost", "loss_hazard"),
                                         ("moved_back", "back_hazard"))):
        result[ended] = [ends[j] for ends in rung.ended]
        result[hazard] = [h[j] for h in rung.hazard]
    with decimal.localcontext(DIGITS):
        result["odds_ratio"] = [rung.odds_ratio_in(b) for b in range(7)]
    return result


def ladder_table(visits, as_of, strength, group):
    if group_fault(group):
        return group_fault(group)
    rungs, ages = learned_rungs(visits, as_of, strength, group), ages_of(visits, as_of)
    ppm = []
    with decimal.localcontext(DIGITS):
        for s in range(RUNGS):
            rest = digits(prod([r["through"] for r in rungs[s + 1:]]))
            for b in range(7):
                value = through_at(rungs, s, ages[s].odds_ratio_in(b)) * rest * PPM
                assert abs(value % 1 - Decimal("0.5")) > Decimal("1e-6"), "which way is not fixed"
                ppm.append(int(value + Decimal("0.5")))
    return ok(ppm=ppm + [PPM] * 7)


def martingale(visits, as_of, since, probability):
    for row, p in enumerate(probability):
        if not is_real(p, 0, 1):
            return refused_at(row, 0)
    gaps = {name: [] for name in ("moves", "said", "mean_next", "gap", "standard_error")}
    for s in range(RUNGS):
        said = Fraction(probability[s])
        to = []
        for _, stage, _, left, _, end, target, *_ in visits:
            if end == VISIT_OPEN or left < since:
                continue
            if end == VISIT_UP and stage <= s < target:
                to.append(Fraction(probability[s + 1]))
            if stage == s and end == VISIT_LOST:
                to.append(Fraction(0))
            if stage == s and end == VISIT_BACK:
                to.append(Fraction(probability[target]))
        next_mean = mean(to) if to else Fraction(0)
        spread = (sum((p - next_mean)**2 for p in to) / (len(to) - 1) / len(to)
                  if len(to) > 1 else Fraction(0))
        for name, value in dict(moves=len(to), said=said, mean_next=next_mean,
                                gap=next_mean - said if to else 0,
                                standard_error=root(spread)).items():
            gaps[name].append(value)
    return ok(**gaps)


def moves_cases():
    lost, void, again, won = MOVE_LOST, MOVE_VOID, MOVE_REOPENED, 6
    for id, moves in dict(
            still_open=[(3, 1)], won=[(3, 5), (9, won)], skips=[(3, 1), (9, 4)],
            lost=[(3, 2), (4, lost)], void=[(3, 2), (4, void)],
            back_takes_it_up_again=[(3, 1), (9, 2), (11, 1)],
            back_to_what_was_skipped=[(3, 1), (9, 4), (11, 3)],
            back_twice_adds_up=[(0, 1), (4, 2), (4, 1), (6, 2), (6, 1)],
            forward_again_is_new=[(0, 1), (4, 2), (8, 1), (9, 2)],
            back_below_where_it_began=[(0, 3), (4, 1)],
            reopened_is_not_lost=[(3, 2), (4, lost), (8, again), (9, 3)],
            lost_then_moved=[(3, 2), (4, lost), (9, 3)],
            lost_then_moved_to_where_it_was=[(3, 2), (4, lost), (9, 2)],
            lost_twice=[(3, 2), (4, lost), (6, lost)],
            reopened_and_lost_again=[(3, 2), (4, lost), (6, again), (7, lost)],
            lost_before_it_began=[(3, lost), (4, again)], won_before_it_began=[(3, won)],
            the_same_again=[(3, 2), (5, 2)],
            two_cycles=[(1, 5), (2, won), (3, 5), (4, 1)],
            after_as_of=[(3, 2), (271, 3), (272, lost)], all_after_as_of=[(271, 3)]).items():
        rows = [[5, day, i, to, 1, 2, 3] for i, (day, to) in enumerate(moves)]
        yield f"moves_{id}", rows, 270
    rng = SplitMix64(1501)
    for i in range(6):
        rows, day = [], [0] * 3
        for sequence in range(20):
            deal = rng.below(3)
            day[deal] += rng.below(5)
            to = rng.below(7) if rng.below(4) else 7 + 2 * rng.below(2)
            rows.append([deal, day[deal], sequence, to, deal, 0, rng.below(4)])
        for k in range(19, 0, -1):  # In any order.
            j = rng.below(k + 1)
            rows[k], rows[j] = rows[j], rows[k]
        yield f"moves_random_{i}", rows, 25
    good = [5, 3, 0, 1, 0, 0, 0]
    for id, bad in dict(move=[5, 4, 0, 10, 0, 0, 0], move_below_0=[5, 4, 0, -1, 0, 0, 0],
                        day=[5, LAST_DAY + 1, 0, 1, 0, 0, 0], twice=good[:3] + [2, 0, 0, 0]
                        ).items():
        yield f"moves_refused_{id}", [good, bad], 270
    yield "moves_refused_as_of", [], FIRST_DAY - 1


def random_history(seed, deals, as_of, pace=9, back=3, rest=0):
    rng = SplitMix64(seed)
    rows = []
    for deal in range(deals):
        keys = [1 + deal % 2, 1 + deal % 3, 0]
        day = rng.below(20)
        stage, sequence = rng.below(3), 0
        rows.append([deal, day, sequence, stage, *keys])
        while stage < 6 and rng.below(8):
            day, sequence = day + rng.below(pace) + rest * rng.below(2), sequence + 1
            kind = rng.below(12)
            stage = (min(6, stage + 1 + rng.below(8) // 6) if kind < 7 else
                     max(stage - 1 - rng.below(2), 0) if kind < 7 + back else MOVE_LOST)
            rows.append([deal, day, sequence, stage, *keys])
    return visits_of_moves(rows, as_of)["visits"]


def ladder_age_cases(histories):
    # Where deals take months, with moves back and without.
    slow = random_history(1503, 36, 420, pace=25, rest=80)
    straight = random_history(1504, 44, 420, pace=40, back=0, rest=60)
    histories = dict(histories, slow=slow, straight=straight)
    # Nobody got through, or everybody: what is sure for history alone.
    histories["lost_there"] = [[d, 3, d, d + 9, 0, VISIT_LOST, 0, 1, 1, 1] for d in range(12)]
    histories["all_up"] = [[d, s, d, d + s, 0, VISIT_UP, s + 1, 1, 1, 1]
                           for d in range(8) for s in range(6)]
    everyone = [0, 0, 0, 0]

    def case(name, fn, id, given, expected):
        return (f"{fn}_{name}_{id}", f"fivek_ladder_{fn}",
                {"as_of": 60 if name not in ("slow", "straight") else 420,
                 "visits": histories[name], **given}, expected)

    def ask(fn, answer, name, id, strength, group, *given, **more):
        names = {"won": ["milestone"], "explain": ["milestone"], "table": [],
                 "won_at_age": ["milestone", "days"],
                 "won_within": ["horizon", "milestone", "days", "by_row"]}[fn]
        as_of = 420 if name in ("slow", "straight") else 60
        return case(name, fn, id, {"strength": strength, "group": group,
                                   **dict(zip(names, given)), **more},
                    answer(histories[name], as_of, strength, group, *given, *more.values()))

    def won(name, id, strength, group, milestones=range(7), **more):
        return ask("won", ladder_won, name, id, strength, group, list(milestones), **more)
    for name in ("none", "one_lost", "book", "slow", "straight"):
        yield won(name, "all", 20, everyone)
    for strength in (0, 0.5, 1000, "inf"):
        yield won("book", f"strength_{strength}", strength, everyone)
    for group in ([1, 1, 0, 0], [2, 1, 3, 0], [3, 2, 1, 0]):
        yield won("book", "group_" + "_".join(map(str, group)), 20, group)
    for group in ([1, 9, 0, 0], [2, 2, 9, 0], [3, 2, 1, 9], [3, 9, 9, 9]):
        yield won("book", "unknown_" + "_".join(map(str, group)), 20, group)
    for group in ([1, 2, 0, 0], [2, 1, 3, 0], [2, 1, 9, 0]):
        yield won("straight", "learned_" + "_".join(map(str, group)), 20, group,
                  learn_strength=1)
    for name in ("lost_there", "all_up"):
        yield won(name, "by_history_alone", 0, everyone)
        yield won(name, "all", 20, everyone)
    yield won("none", "refused_milestone", 20, everyone, [7])
    yield won("none", "refused_milestone_below_0", 20, everyone, [-1])
    yield won("none", "refused_depth", 20, [4, 1, 1, 1], [3])
    yield won("none", "refused_depth_below_0", 20, [-1, 0, 0, 0], [3])
    for group in ([0, 1, 0, 0], [1, 1, 1, 0], [2, 1, 1, 1]):
        yield won("none", "refused_key_" + "_".join(map(str, group)), 20, group, [3])

    def explain(name, id, strength, group, milestones=range(6)):
        return ask("explain", ladder_explain, name, id, strength, group, list(milestones))
    for name in ("none", "book", "slow", "straight"):
        yield explain(name, "all", 20, everyone)
    yield explain("book", "strength_0", 0, everyone)
    yield explain("lost_there", "by_history_alone", 0, everyone)
    yield explain("book", "group_2_1_3_0", 20, [2, 1, 3, 0])
    yield explain("book", "refused_group", 20, [2, 1, 9, 0])
    yield explain("book", "refused_milestone", 20, everyone, [6])

    days = [0, 1, 7, 8, 29, 60, 61, 90, 150, 180, 181, 5000, INT32_MAX]

    def at_age(name, id, strength, group, milestones, days):
        return ask("won_at_age", ladder_won_at_age, name, id, strength, group, milestones, days)
    for name in ("none", "book", "slow", "straight"):
        yield at_age(name, "all", 20, everyone, [d % 7 for d in range(13)], days)
    yield at_age("slow", "each_age", 20, everyone, [2] * 13, days)
    yield at_age("slow", "strength_0", 0, everyone, [4, 3, 1], [3, 40, 200])
    yield at_age("slow", "group", 20, [1, 2, 0, 0], [1, 2, 3, 4], [12, 80, 30, 95])
    yield at_age("slow", "unknown_group", 20, [1, 7, 0, 0], [2, 3], [80, 30])
    yield at_age("lost_there", "by_history_alone", 0, everyone, [3], [20])
    yield at_age("none", "refused_days", 20, everyone, [3], [-1])
    yield at_age("none", "refused_milestone", 20, everyone, [7], [1])

    def within(name, id, strength, group, horizon, milestones, days, by_row=0):
        return ask("won_within", ladder_won_within, name, id, strength, group, horizon,
                   milestones, days, by_row)
    for name in ("slow", "straight"):
        for horizon in (1, 30, 90):
            yield within(name, str(horizon), 20, everyone, horizon, [0, 2, 3, 5, 6],
                         [0, 45, 8, 200, 3])
    yield within("slow", "group", 20, [2, 1, 3, 0], 60, [4, 1], [5, 70])
    yield within("slow", "strength_0", 0, everyone, 45, [4], [12])
    yield within("slow", "year", 20, everyone, 365, [3], [12])
    yield within("slow", "no_rows", 20, everyone, 7, [], [])
    yield within("slow", "bad_rows", 20, everyone, 7, [3, 7, 3, -1, 5], [1, 1, -1, 1, 9], 1)
    yield within("slow", "refused_row", 20, everyone, 7, [3, 3, 7], [1, -1, 1])
    yield within("one_lost", "refused_unknown", 20, everyone, 7, [6, 3], [1, 1])
    yield within("one_lost", "unknown_row", 20, everyone, 7, [6, 3], [1, 1], 1)
    for horizon in (0, -1, 3661):
        yield within("slow", f"refused_{horizon}", 20, everyone, horizon, [3], [1])

    for name in ("none", "book", "slow", "straight"):
        for m in (0, 3) if name == "none" else range(1, 6, 2):
            yield case(name, "explain_ages", m, {"strength": 20, "milestone": m},
                       ladder_explain_ages(histories[name], 420 if name in ("slow", "straight")
                                           else 60, m))
    for m in (-1, 6):
        yield case("none", "explain_ages", f"refused_{m}", {"strength": 20, "milestone": m},
                   ladder_explain_ages([], 60, m))

    def table(name, id, strength, group):
        return ask("table", ladder_table, name, id, strength, group)
    for name in ("none", "book", "slow", "straight"):
        yield table(name, "all", 20, everyone)
    yield table("slow", "group", 20, [1, 1, 0, 0])
    yield table("slow", "strength_inf", "inf", everyone)
    yield table("none", "refused_depth", 20, [4, 1, 1, 1])


def ladder_cases():
    for id, moves, as_of in moves_cases():
        yield (id, "fivek_visits_from_moves", {"as_of": as_of, "moves": moves},
               visits_of_moves(moves, as_of))
    book = random_history(1502, 14, 60)
    histories = dict(
        none=[], one_won=[[1, s, s, s + 1, 0, VISIT_UP, s + 1, 1, 1, 1] for s in range(6)],
        one_lost=[[1, 2, 0, 9, 0, VISIT_LOST, 0, 1, 1, 1]],
        all_open=[[d, d % 6, d, 0, 0, VISIT_OPEN, 0, 1, 1, 1] for d in range(7)],
        skips=[[1, 0, 3, 9, 0, VISIT_UP, 6, 1, 1, 1], [2, 1, 3, 3, 0, VISIT_UP, 4, 1, 2, 1],
               [2, 4, 3, 8, 0, VISIT_LOST, 0, 1, 2, 1]],
        void=[[1, 2, 3, 9, 0, VISIT_VOID, 0, 1, 1, 1], [2, 2, 3, 5, 0, VISIT_UP, 3, 1, 1, 1],
              [3, 2, 3, 12, 0, VISIT_LOST, 0, 1, 1, 1]],
        book=book)

    def case(name, id, strength, group):
        visits = histories[name]
        return (f"ladder_{name}_{id}", "fivek_ladder_fit",
                {"as_of": 60, "visits": visits, "strength": strength, "group": group},
                ladder(visits, 60, strength, group))
    for name in histories:
        yield case(name, "all", 20, [0, 0, 0, 0])
    for strength in (0.5, 100, "inf"):
        yield case("book", f"strength_{strength}", strength, [0, 0, 0, 0])
    for group in ([1, 1, 0, 0], [1, 2, 0, 0], [2, 1, 3, 0], [2, 2, 1, 0], [3, 2, 1, 0]):
        yield case("book", "group_" + "_".join(map(str, group)), 20, group)
    # Keys in no order, of few and of many, and the largest.
    keys = [[2, 1, 7], [1, 9, 3], [1, 2, 3], [0, 0, 0], [2**32 - 1, 5, 2**32 - 1], [1, 9, 1]]
    histories["keys"] = [[d, d % 6, d, d + 5, 0, VISIT_UP, 6, *keys[d % 6]] for d in range(9)]
    for name, visits in histories.items():
        yield (f"ladder_groups_{name}", "fivek_ladder_groups",
               {"as_of": 60, "visits": visits, "strength": 20}, ladder_groups(visits))
        yield (f"counts_{name}", "fivek_visits_counts", {"as_of": 60, "visits": visits},
               visit_counts(visits, 60))
        yield (f"window_{name}", "fivek_visits_window", {"as_of": 60, "visits": visits},
               {"status": 0, "from": FIRST_DAY, "as_of": 60, "added": len(visits)})
    for since in (10, 20, 60):
        yield (f"window_since_{since}", "fivek_visits_window",
               {"from": since, "as_of": 60, "visits": book},
               {"status": 0, "from": since, "as_of": 60, "added": len(book)})
        yield (f"counts_since_{since}", "fivek_visits_counts",
               {"from": since, "as_of": 60, "visits": book}, visit_counts(book, 60, since))
    # Those of a seller who is not seen any more are of no group.
    early = [[1, 2, 0, 4, 0, VISIT_LOST, 0, 1, 1, 1], [2, 2, 3, 15, 0, VISIT_UP, 4, 1, 1, 2]]
    yield ("ladder_groups_since", "fivek_ladder_groups",
           {"from": 10, "as_of": 60, "visits": early, "strength": 20},
           ladder_groups(early[1:]))
    yield from ladder_age_cases(histories)
    for strength in (-1, "nan", 2e12):
        yield (f"ladder_refused_{strength}", "fivek_ladder_fit",
               {"as_of": 60, "visits": [], "strength": strength, "group": [0, 0, 0, 0]},
               refused_at(-1, -1))
    method = [p / PPM for p in YIELD_PPM]
    for name, visits in histories.items():
        yield (f"martingale_{name}", "fivek_martingale_check",
               {"from": FIRST_DAY, "as_of": 60, "visits": visits, "probability": method},
               martingale(visits, 60, FIRST_DAY, method))
    yield ("martingale_since", "fivek_martingale_check",
           {"from": 20, "as_of": 60, "visits": book, "probability": method},
           martingale(book, 60, 20, method))
    for row, p in enumerate((-0.25, 1.5, "nan")):
        bad = method[:row] + [p] + method[row + 1:]
        yield (f"martingale_refused_{p}", "fivek_martingale_check",
               {"from": FIRST_DAY, "as_of": 60, "visits": [], "probability": bad},
               refused_at(row, 0))
    days = sorted({d for end in AGE_BUCKET_ENDS for d in (end, end + 1)}
                  | {INT32_MAX, -1, 0, INT32_MIN, 100_000})
    yield ("ages", "fivek_ages_bucket", {"days": days},
           ok(bucket=[sum(d > end for end in AGE_BUCKET_ENDS) for d in days]))
    yield "no_ages", "fivek_ages_bucket", {"days": []}, ok(bucket=[])


# --- The history: learned probabilities --------------------------------------

PLS_NO_TEAM = 2**32 - 1


def logistic(features, targets, l2, offset=None, weight=None):
    """Newton's method in 60 digits: (coefficients, the intercept first; H^-1; objective)."""
    rows = [[Decimal(1), *(digits(x) for x in row)] for row in features]
    n, k = len(rows), len(rows[0])
    offset = [digits(x) for x in offset or [0] * n]
    weight = [digits(x) for x in weight or [1] * n]
    targets = [digits(t) for t in targets]
    ridge = [Decimal(0)] + [digits(l2)] * (k - 1)
    w = [Decimal(0)] * k
    with decimal.localcontext(DIGITS):
        for _ in range(14):
            z = [o + sum(a * b for a, b in zip(w, x)) for o, x in zip(offset, rows)]
            p = [1 / (1 + (-value).exp()) for value in z]
            gradient = [sum(q * (t - s) * x[i] for q, t, s, x in zip(weight, targets, p, rows))
                        - ridge[i] * w[i] for i in range(k)]
            hessian = [[sum(q * s * (1 - s) * x[i] * x[j] for q, s, x in zip(weight, p, rows))
                        + (ridge[i] if i == j else 0) for j in range(k)] for i in range(k)]
            if max(map(abs, gradient)) < Decimal("1e-40"):
                break
            step = solved([row + [g] for row, g in zip(hessian, gradient)])
            w = [a + digits(b) for a, b in zip(w, step)]
        assert max(map(abs, gradient)) < Decimal("1e-25")
        spread = [digits(solved([row + [int(i == j)] for j, row in enumerate(hessian)])[i])
                  for i in range(k)]
        objective = -sum(q * (t * s.ln() + (1 - t) * (1 - s).ln())
                         for q, t, s in zip(weight, targets, p))
        objective += sum(r * a * a for r, a in zip(ridge, w)) / 2
        return w, [x.sqrt() for x in spread], objective


def logistic_non_negative(features, targets, l2, **rest):
    """Of all sets of weights held at 0 the one whose other weights are not below 0 and at which
    none of those held would lower the objective by rising."""
    columns = len(features[0])
    found = []
    for free in itertools.chain.from_iterable(
            itertools.combinations(range(columns), n) for n in range(columns + 1)):
        w, se, objective = logistic([[row[c] for c in free] for row in features], targets, l2,
                                    **rest)
        if any(x < 0 for x in w[1:]):
            continue
        weights, errors = [Decimal(0)] * columns, [Decimal(0)] * columns
        for c, x, e in zip(free, w[1:], se[1:]):
            weights[c], errors[c] = x, e
        with decimal.localcontext(DIGITS):
            fall = [Decimal(0)] * columns
            for i, (row, t) in enumerate(zip(features, targets)):
                z = w[0] + sum(a * digits(x) for a, x in zip(weights, row))
                z += digits(rest["offset"][i]) if "offset" in rest else 0
                miss = t - 1 / (1 + (-z).exp())
                for c in range(columns):
                    fall[c] += miss * digits(row[c]) * digits(
                        rest["weight"][i] if "weight" in rest else 1)
        if all(c in free or fall[c] < 0 for c in range(columns)):
            found.append(([w[0], *weights], [se[0], *errors], objective))
    assert len(found) == 1, "the minimum is unique"
    return found[0]


def platt(score, won):
    up = Fraction(sum(won) + 1, sum(won) + 2)
    down = Fraction(1, len(won) - sum(won) + 2)
    w, _, _ = logistic([[x] for x in score], [up if y else down for y in won], 0)
    return ok(a=-w[1], b=-w[0])


def venn_abers(score, won, at):
    def fitted(x, outcome):
        rows = list(zip(score, won)) + [(x, outcome)]
        places = sorted({s for s, _ in rows})
        groups = [[y for s, y in rows if s == place] for place in places]
        return isotonic([mean(g) for g in groups], [len(g) for g in groups])[places.index(x)]
    low, high = [fitted(x, 0) for x in at], [fitted(x, 1) for x in at]
    return ok(low=low, high=high, merged=[h / (1 - l + h) for l, h in zip(low, high)])


def pls_percent(closed, stages, team, stage, value):
    """Naive Bayes over counts, 0.1 more of each that is not empty."""
    teams = sorted({lead[0] for lead in closed})
    if team in teams and team != PLS_NO_TEAM:
        teams = [team]

    def count(test, won):
        total = Fraction(0)
        for t in teams:
            of = [lead for lead in closed if lead[0] == t and test(lead)]
            if of:
                total += sum(lead[3] == won for lead in of) + Fraction(1, 10)
        return total

    def in_stage(s):
        return lambda lead: lead[3] == 1 or lead[1] >= s
    scores = []
    for won in (1, 0):
        first = count(in_stage(0), won)
        p = first / (first + count(in_stage(0), 1 - won)) * count(in_stage(stage), won) / first
        for field, v in enumerate(value):
            def has(x):
                return lambda lead: lead[2][field] == x
            if any(has(v)(lead) for lead in closed if lead[0] in teams):
                seen = {lead[2][field] for lead in closed if lead[0] in teams}
                p *= count(has(v), won) / sum(count(has(x), won) for x in seen)
        scores.append(p)
    return 100 * scores[0] / sum(scores)


def pls(closed, stages, ask):
    raw = [pls_percent(closed, stages, *lead) for lead in ask]
    return ok(raw_percent=raw, percent=[round(p, 2) for p in raw])


def fold_of(id):
    return SplitMix64(id).next() % 5


def log_odds(p):
    with decimal.localcontext(DIGITS):
        p = digits(p)
        return (p / (1 - p)).ln()


def probability_of(odds):
    with decimal.localcontext(DIGITS):
        return 1 / (1 + (-odds).exp())


def score_of(forecast):
    return log_odds(min(max(Fraction(forecast), LEAST_LIKELIHOOD), 1 - LEAST_LIKELIHOOD))


def by_forecast(rows):
    """The rows with each forecast, as (forecast, rows, won), rising."""
    groups = {}
    for forecast, won in rows:
        groups.setdefault(Fraction(forecast), []).append(won)
    return [(f, len(groups[f]), sum(groups[f])) for f in sorted(groups)]


def curve_over(rows):
    """Platt's curve over the log-odds of forecasts."""
    groups = by_forecast(rows)
    n, won = len(rows), sum(y for _, y in rows)
    up, down = Fraction(won + 1, won + 2), Fraction(1, n - won + 2)
    target = [(y * up + (k - y) * down) / k for _, k, y in groups]
    if len(groups) == 1:
        flat = log_odds(target[0])
        return lambda forecast: probability_of(flat)
    w, _, _ = logistic([[score_of(f)] for f, _, _ in groups], target, 0,
                       weight=[k for _, k, _ in groups])
    return lambda forecast: probability_of(w[0] + w[1] * score_of(forecast))


def steps_over(rows):
    groups = by_forecast(rows)
    fit = isotonic([Fraction(y, k) for _, k, y in groups], [k for _, k, _ in groups])
    return lambda forecast: fit[max(sum(f <= forecast for f, _, _ in groups) - 1, 0)]


IDENTITY, PLATT_CURVE, ISOTONIC = range(3)


def recalibration(forecast, won, ids, at):
    """The step that is chosen on rows of other folds, and what it makes of `at`."""
    fault = forecast_fault((forecast, won))
    if fault:
        return fault
    rows = list(zip(forecast, won))
    kind, chosen = IDENTITY, None
    for fit, to in ((curve_over, PLATT_CURVE), (steps_over, ISOTONIC)):
        if to == ISOTONIC and len(rows) < 200:
            continue
        held = {}
        for fold in range(5):
            others = [row for row, id in zip(rows, ids) if fold_of(id) != fold]
            held[fold] = fit(others) if others else Fraction
        result = gate(forecast, [held[fold_of(id)](f) for f, id in zip(forecast, ids)], won)
        better = chosen is None or kind == IDENTITY or (
            result["model_log_loss"] < chosen["model_log_loss"])
        if chosen is None or result["verdict"] == ADOPT and better:
            chosen = result
            kind = to if result["verdict"] == ADOPT else IDENTITY
    step = {IDENTITY: lambda _: Fraction, PLATT_CURVE: curve_over,
            ISOTONIC: steps_over}[kind](rows)
    for row, f in enumerate(at):
        if not is_real(f, 0, 1):
            return refused_at(row, 0)
    return ok(kind=kind, verdict=chosen["verdict"], rows=len(rows),
              base_log_loss=chosen["base_log_loss"], model_log_loss=chosen["model_log_loss"],
              right=[step(f) for f in at])


def doubles(*numbers):
    return b"".join(struct.pack("<d", float(x)) for x in numbers)


def gate_bytes(verdict, rows, losses, mean_gain, sd_gain):
    return (little_endian(verdict, 8) + little_endian(rows, 8) +
            doubles(*losses, mean_gain, sd_gain))


# Rows, losses of base and model, the mean gain and its spread: of z = 5 and z = 1/2.
ADOPTED = (ADOPT, 400, (0.625, 0.5), 0.125, 0.5)
UNSURE = (NOT_SURE, 400, (0.625, 0.5), 0.125, 5.0)
UNTRIED = (TOO_FEW_ROWS, 30, (0, 0), 0, 0)


class Evidence:
    """A model that is written down, not fitted: weights, means by stage, covariance."""

    def __init__(self, seed, gate):
        rng = SplitMix64(seed)
        self.gate = gate
        self.mean = [[-(1 + rng.below(40)) / 32 for _ in range(5)] for _ in range(7)]
        self.weights, self.covariance = [0.0] * 6, [[0.0] * 6 for _ in range(6)]
        if gate != ADOPTED:
            return
        self.weights = [rng.below(33) / 16 - 1] + [rng.below(40) / 16 for _ in range(5)]
        free = [0] + [k for k in range(1, 6) if self.weights[k]]
        for i in free:  # Its diagonal is more than all beside it.
            for j in free:
                self.covariance[i][j] = self.covariance[j][i] = (
                    (40 + rng.below(20)) / 1024 if i == j else (rng.below(9) - 4) / 1024)

    def written(self):
        l2 = 0 if self.gate == UNTRIED else 1
        return sealed(b"5Kweight" + little_endian(1, 4) + little_endian(0, 4) + doubles(l2) +
                      gate_bytes(*self.gate) + doubles(*self.weights) +
                      doubles(*(m for row in self.mean for m in row)) +
                      doubles(*(c for row in self.covariance for c in row))).hex()

    def predict_from(self, stage, ladder, points):
        value, low, high, effective_n, source = ladder
        sound = (is_real(value, 0, 1) and 0 < value < 1 and is_real(low, 0, value) and
                 is_real(high, value, 1) and effective_n != "nan" and float(effective_n) >= 0)
        if not sound:
            return refused_at(-1, 1)
        if any(20 < p < 255 for p in points):
            return refused_at(-1, 5)
        with decimal.localcontext(DIGITS):
            x = [Decimal(0) if p == 255 else (digits(p + 1) / 21).ln() - digits(m)
                 for p, m in zip(points, self.mean[stage])]
            share = [digits(w) * v for w, v in zip(self.weights[1:], x)]
            base = log_odds(value) + digits(self.weights[0])
            odds = base + sum(share)
            p = probability_of(odds)
            why = dict(verdict=self.gate[0], log_odds=odds, ladder_log_odds=log_odds(value),
                       intercept=self.weights[0], log_odds_share=share,
                       **shapley(base, share))
            if self.gate != ADOPTED:
                return ok(value=value, low=low, high=high, effective_n=effective_n,
                          source=source if self.gate == UNTRIED else 3, **why)
            v = [Decimal(1), *x]
            variance = sum(v[i] * v[j] * digits(self.covariance[i][j])
                           for i in range(6) for j in range(6))

            def bound(of, sign):
                if of in (0, 1):
                    return of
                away = log_odds(of) - log_odds(value)
                return probability_of(odds + sign * (
                    away**2 + digits(Z90)**2 * variance).sqrt())
            n = 0 if effective_n == 0 else 1 / (
                (0 if effective_n == "inf" else 1 / digits(effective_n)) +
                p * (1 - p) * variance)
            return ok(value=p, low=bound(low, -1), high=bound(high, 1), effective_n=n,
                      source=1, **why)


def shapley(base, share):
    """The mean of what each adds over all orders, in ppm: rounded down, then what is left to
    those that lost most."""
    value = [Decimal(0)] * 5
    for order in itertools.permutations(range(5)):
        odds = base
        for k in order:
            value[k] += (probability_of(odds + share[k]) - probability_of(odds)) / 120
            odds += share[k]

    def ppm(p):
        assert abs(p * PPM % 1 - Decimal("0.5")) > Decimal("1e-6"), "which way is not fixed"
        return int(p * PPM + Decimal("0.5"))
    total, reference = ppm(probability_of(base + sum(share))), ppm(probability_of(base))
    down = [int((v * PPM).to_integral_value(decimal.ROUND_FLOOR)) for v in value]
    lost = [v * PPM - d for v, d in zip(value, down)]
    left = total - reference - sum(down)
    assert 0 <= left <= 5 or not any(share)
    first = sorted(range(5), key=lambda k: (-lost[k], k))[:left]
    return dict(probability_ppm=total, reference_ppm=reference,
                share_ppm=[d + (k in first) for k, d in enumerate(down)])


SCORE_LEVEL, SCORE_RANGE, SCORE_OTHER, SCORE_MISSING = range(4)


class Card:
    """A scorecard that is written down: a column of levels and one of numbers."""

    def __init__(self, seed, gate, levels, edges):
        rng = SplitMix64(seed)
        self.gate, self.offset = gate, rng.below(65) / 16 - 2
        self.levels, self.edges = levels, edges
        self.rows = gate[1]

        def divided(total, n):  # Into n parts, 0 among them.
            cuts = sorted(rng.below(total + 1) for _ in range(n - 1))
            return [b - a for a, b in zip([0, *cuts], [*cuts, total])]
        self.won = self.rows * 3 // 8
        self.columns = []
        for kinds in ([(SCORE_LEVEL, level, 0, 0) for level in levels] + [(SCORE_OTHER, 0, 0, 0)],
                      [(SCORE_RANGE, 0, a, b) for a, b in zip(
                          [-math.inf, *edges], [*edges, math.inf])]):
            kinds = kinds + [(SCORE_MISSING, 0, 0, 0)]
            won = divided(self.won, len(kinds))
            lost = divided(self.rows - self.won, len(kinds))
            points = [rng.below(40) if gate == ADOPTED else 0 for _ in kinds]
            self.columns.append(list(zip(kinds, points, won, lost)))
        # Scores of rows in other folds.
        self.counts = []
        if gate == ADOPTED:
            scores = sorted({rng.below(90) for _ in range(12)})
            self.counts = [(score, w + 1, l + 1) for score, w, l in zip(
                scores, divided(self.won - len(scores), len(scores)),
                divided(self.rows - self.won - len(scores), len(scores)))]

    def written(self):
        lines = [(c, *line) for c, column in enumerate(self.columns) for line in column]
        body = b"5Kpoints" + b"".join(little_endian(x, 4) for x in (
            1, len(self.columns), len(lines), len(self.counts)))
        body += little_endian(self.rows, 8) + little_endian(self.won, 8)
        body += doubles(self.offset, 0.5) + gate_bytes(*self.gate)
        for column, (kind, level, start, end), points, won, lost in lines:
            body += b"".join(little_endian(x, 4) for x in (column, kind, level, points))
            body += little_endian(won + lost, 8) + little_endian(won, 8) + doubles(start, end)
        for score, won, lost in self.counts:
            body += little_endian(score, 4) + little_endian(0, 4)
            body += little_endian(won + lost, 8) + little_endian(won, 8)
        return sealed(body).hex()

    def points_of(self, column, answer):
        for (kind, level, start, end), points, *_ in self.columns[column]:
            if answer is None:
                takes = kind == SCORE_MISSING
            else:
                takes = (kind == SCORE_LEVEL and level == answer or kind == SCORE_OTHER or
                         kind == SCORE_RANGE and start <= answer < end)
            if takes:
                return points

    def scores(self, levels, values, missing):
        n = len(levels)
        for column, of in enumerate((levels, values)):
            for row, value in enumerate(of):
                gone = missing[column * n + row] if missing else 0
                if gone > 1 or not gone and value in NO_NUMBERS:
                    return refused_at(row, column)
        rows = []
        for row in range(n):
            gone = [missing[column * n + row] if missing else 0 for column in range(2)]
            rows.append(sum(self.points_of(column, None if gone[column] else of[row])
                            for column, of in enumerate((levels, values))))
        return ok(score=rows, **columns_of([self.estimate(score) for score in rows]))

    def estimate(self, score):
        if self.gate != ADOPTED:
            rate = wilson(self.won, self.rows, Z90)
            return dict(value=rate["rate"], low=rate["low"], high=rate["high"],
                        effective_n=self.rows, source=3)
        with decimal.localcontext(DIGITS):
            value = probability_of(digits(self.offset) + score * Decimal(2).ln() / 10)
        low, high = (self.venn(score, outcome) for outcome in (0, 1))
        return dict(value=value, low=min(digits(low), value), high=max(digits(high), value),
                    effective_n=1 / (high - low) - 1, source=2)

    def venn(self, score, outcome):
        """The isotonic regression of the counts and one row more."""
        counts = {s: [w, w + l] for s, w, l in self.counts}
        mine = counts.setdefault(score, [0, 0])
        mine[0] += outcome
        mine[1] += 1
        places = sorted(counts)
        return isotonic([Fraction(*counts[s]) for s in places],
                        [counts[s][1] for s in places])[places.index(score)]


PLATT = ([-2.1, -1.7, -1.5, -0.9, -0.4, -0.3, 0.1, 0.2, 0.6, 0.8, 1.3, 1.9, 2.4, 2.5, 3.0],
         [0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1])


def recalibration_cases():
    at = [0, 1e-9, 0.125, 0.3, 0.5, 0.734375, 0.9, 1]

    def case(id, forecast, won, at=at, ids=None):
        ids = ids or list(range(1, 1 + len(forecast)))
        return (f"recalibration_{id}", "fivek_recalibration_fit",
                {"forecast": forecast, "won": won, "id": ids, "at": at},
                recalibration(forecast, won, ids, at))
    rng = SplitMix64(1602)

    def drawn(n, places, true):
        forecast = [(1 + rng.below(places)) / (places + 1) for _ in range(n)]
        return forecast, [int(rng.below(1000) < 1000 * true(p)) for p in forecast]
    yield case("as_they_are", *drawn(60, 7, lambda p: p))
    yield case("half_the_odds", *drawn(160, 7, lambda p: p / (4 - 3 * p)))
    yield case("steps", *drawn(600, 9, lambda p: 0.05 if p < 0.45 else 0.95 if p < 0.55 else 0.75))
    yield case("of_deals", *drawn(90, 5, lambda p: p / (5 - 4 * p)),
               ids=[7 * (i // 3) for i in range(90)])
    yield case("equal_forecasts", [0.9] * 60, [1, 0] * 30)
    yield case("all_won", [0.25] * 40, [1] * 40)
    yield case("certain", [1.0, 0.0] * 30, [int(i % 6 < 2) for i in range(60)])
    yield case("one_row", [0.5], [1])
    yield case("one_deal", [0.75] * 8, [0] * 8, ids=[5] * 8)
    yield case("at_none", [0.5, 0.25], [1, 0], at=[])
    yield case("refused_no_rows", [], [])
    yield case("refused_forecast", [0.5, 1.5], [1, 0])
    yield case("refused_nan", ["nan", 1.5], [1, 0])
    yield case("refused_won", [0.5, 0.5], [1, 2])
    yield case("refused_at", [0.5, 0.5], [1, 0], at=[0.5, 0.5, -0.25, 2])


def written_model_cases():
    def ask(id, model, stage, ladder, points):
        return (f"evidence_{id}", "fivek_evidence_predict_from",
                {"model": model.written(), "stage": stage, "ladder": ladder, "points": points},
                model.predict_from(stage, ladder, points))
    half = [0.5, 0.375, 0.75, 60, 1]
    rng = SplitMix64(1603)
    for name, gate in (("adopted", ADOPTED), ("unsure", UNSURE), ("untried", UNTRIED)):
        yield ask(f"{name}", Evidence(1, gate), 2, half, [3, 12, 255, 20, 7])
    for i in range(8):
        low, value, high = sorted((1 + rng.below(255)) / 256 for _ in range(3))
        points = [rng.below(21) if rng.below(6) else 255 for _ in range(5)]
        yield ask(f"random_{i}", Evidence(2 + i, ADOPTED), rng.below(7),
                  [value, low, high, rng.below(500), rng.below(4)], points)
    model = Evidence(11, ADOPTED)
    yield ask("exact_ladder", model, 4, [0.75, 0.75, 0.75, "inf", 0], [20] * 5)
    yield ask("unknown_ladder", model, 4, [0.75, 0, 1, 0, 0], [0] * 5)
    yield ask("no_points", model, 6, half, [255] * 5)
    yield ask("rare", model, 0, [2.0**-20, 0, 2.0**-10, 12.5, 2], [1, 2, 3, 4, 5])
    for name, ladder in dict(value=[0, 0, 1, 5, 0], one=[1, 0, 1, 5, 0],
                             below=[0.5, 0.625, 0.75, 5, 0], above=[0.5, 0.25, 0.375, 5, 0],
                             low=[0.5, -0.25, 1, 5, 0], high=[0.5, 0, 1.5, 5, 0],
                             nan=["nan", 0, 1, 5, 0], nan_low=[0.5, "nan", 1, 5, 0],
                             n=[0.5, 0, 1, -1, 0], nan_n=[0.5, 0, 1, "nan", 0]).items():
        yield ask(f"refused_{name}", model, 1, ladder, [4] * 5)
    yield ask("refused_points", model, 1, half, [4, 4, 21, 4, 4])

    def score(id, card, levels, values, missing=None):
        given = {"card": card.written(), "level": levels, "value": values}
        if missing is not None:
            given["missing"] = missing
        return (f"card_{id}", "fivek_scorecard_scores", given,
                card.scores(levels, values, missing))
    for name, gate in (("adopted", ADOPTED), ("unsure", UNSURE)):
        card = Card(21, gate, [0, 3, 7], [0.5, 2.25])
        yield score(name, card, [0, 3, 7, 1, 2**32 - 1, 7], [-9, 0.5, 0.25, 2.25, 1e300, -1e300])
        yield score(f"{name}_missing", card, [0, 3, 7], [1, 0.5, 3], [1, 0, 0, 0, 1, 0])
    for i in range(4):
        levels = sorted({rng.below(9) for _ in range(4)})
        edges = sorted({rng.below(17) / 4 - 2 for _ in range(1 + i)})
        yield score(f"random_{i}", Card(22 + i, ADOPTED, levels, edges),
                    [rng.below(9) for _ in range(10)], [rng.below(33) / 8 - 2 for _ in range(10)],
                    [int(rng.below(5) == 0) for _ in range(20)])
    yield score("no_rows", card, [], [])
    for x in NO_NUMBERS:
        yield score(f"refused_{x}", card, [0, 0], [0, x])
    yield score("not_looked_at", card, [0, 0], [0, 1.5], [0, 0, 0, 1])
    yield score("refused_missing", card, [0, 0], [0, 0], [0, 2, 0, 0])


def model_cases():
    def fit(id, features, won, l2, **rest):
        w, se, objective = logistic(features, won, l2, **rest)
        return (f"logistic_{id}", "fivek_logistic_fit",
                {"feature": [x for row in features for x in row], "columns": len(features[0]),
                 "won": won, "l2": l2, **rest},
                ok(intercept=w[0], weights=w[1:], standard_error=se, objective=objective))
    yield fit("four", [[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1], 1)
    yield fit("no_ridge", [[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1], 0)
    yield fit("separated", [[-1.0], [-2.0], [1.0], [4.0]], [0, 0, 1, 1], 0.5)
    rng = SplitMix64(1601)
    for i, (n, k) in enumerate(((12, 2), (20, 3), (24, 1), (30, 5))):
        features = [[rng.below(41) / 16 - 1 for _ in range(k)] for _ in range(n)]
        won = [0, 1] + [rng.below(2) for _ in range(n - 2)]
        rest = {}
        if i % 2:
            rest["offset"] = [rng.below(33) / 8 - 2 for _ in range(n)]
        if i > 1:
            rest["weight"] = [(1 + rng.below(24)) / 8 for _ in range(n)]
        yield fit(f"random_{i}", features, won, 2.0**(i - 1), **rest)
    for i, (n, k) in enumerate(((12, 1), (18, 2), (24, 3), (30, 4), (40, 3), (16, 2))):
        features = [[rng.below(41) / 16 - 1 for _ in range(k)] for _ in range(n)]
        # Half of them count against the deal.
        won = [0, 1] + [int(sum((-1)**c * x for c, x in enumerate(row)) * (1 - i % 2 * 2)
                            + rng.below(33) / 8 - 2 > 0) for row in features[2:]]
        rest = {}
        if i == 3:
            rest["offset"] = [rng.below(33) / 8 - 2 for _ in range(n)]
        if i > 3:
            rest["weight"] = [(1 + rng.below(24)) / 8 for _ in range(n)]
        w, se, objective = logistic_non_negative(features, won, 2.0**(i - 2), **rest)
        yield (f"logistic_non_negative_{i}", "fivek_logistic_fit",
               {"feature": [x for row in features for x in row], "columns": k, "won": won,
                "l2": 2.0**(i - 2), "non_negative": 1, **rest},
               ok(intercept=w[0], weights=w[1:], standard_error=se, objective=objective))
    for id, feature, won, row, column in (
            ("nan", [0, "nan"], [0, 1], 1, 0), ("large", [2e6, 0], [0, 1], 0, 0),
            ("won", [0, 1], [0, 2], 1, 1)):
        yield (f"logistic_refused_{id}", "fivek_logistic_fit",
               {"feature": feature, "columns": 1, "won": won, "l2": 1}, refused_at(row, column))
    # Without a ridge a column that separates has no minimum, but at 0 where it counts against.
    yield ("logistic_non_negative_no_ridge", "fivek_logistic_fit",
           {"feature": [-2, -1, 1, 4], "columns": 1, "won": [1, 1, 0, 0], "l2": 0,
            "non_negative": 1}, ok(intercept=0, weights=[0], standard_error=[1, 0],
                                   objective=4 * Decimal(2).ln(DIGITS)))
    yield ("logistic_non_negative_refused", "fivek_logistic_fit",
           {"feature": [-2, -1, 1, 4], "columns": 1, "won": [0, 0, 1, 1], "l2": 0,
            "non_negative": 1}, {**refused_at(-1, -1), "status": OUT_OF_RANGE})

    def curve(id, score, won):
        return (f"platt_{id}", "fivek_platt_fit", {"score": score, "won": won},
                platt(score, won))
    yield curve("fifteen", *PLATT)
    yield curve("separated", [-1.0, 0.0, 1.0, 2.0], [0, 0, 1, 1])
    yield curve("upside_down", [-1.0, 0.0, 1.0, 2.5, 3.0], [1, 1, 0, 1, 0])
    for i in range(2):
        n = 10 + rng.below(15)
        yield curve(f"random_{i}", [rng.below(65) / 16 - 2 for _ in range(n)],
                    [rng.below(2) for _ in range(n)])
    yield ("platt_refused_score", "fivek_platt_fit", {"score": [0, "inf"], "won": [0, 1]},
           refused_at(1, 0))
    yield ("platt_refused_won", "fivek_platt_fit", {"score": [0, 1], "won": [0, 2]},
           refused_at(1, 1))

    def interval(id, score, won, at):
        return (f"venn_{id}", "fivek_venn_abers", {"score": score, "won": won, "at": at},
                venn_abers(score, won, at))
    yield interval("fifteen", *PLATT, [-3, -2.1, -1.0, -0.35, 0.1, 0.15, 2.5, 4])
    yield interval("one_lost", [0.5], [0], [0, 0.5, 1])
    yield interval("all_won", [0.5, 0.75, 1], [1, 1, 1], [0, 0.75, 2])
    yield interval("ties", [1, 1, 1, 2, 2, 3], [0, 1, 1, 0, 1, 0], [0, 1, 1.5, 2, 3, 4])
    yield interval("at_none", [1, 2], [0, 1], [])
    for i in range(4):
        n = 8 + rng.below(20)
        yield interval(f"random_{i}", [rng.below(12) / 4 for _ in range(n)],
                       [rng.below(2) for _ in range(n)], [x / 8 for x in range(-1, 26, 3)])
    yield ("venn_refused_score", "fivek_venn_abers",
           {"score": [0, "nan"], "won": [1, 0], "at": [0]}, refused_at(1, 0))
    yield from written_model_cases()
    yield from recalibration_cases()
    for i in range(3):
        closed = [[rng.below(2) if rng.below(5) else PLS_NO_TEAM, rng.below(4),
                   [rng.below(3), rng.below(2), rng.below(4)], rng.below(2)]
                  for _ in range(8 + 8 * i)]
        closed += [[team, 2, [0, 0, 0], won] for team in (0, 1) for won in (0, 1)]
        ask = [[team, rng.below(4), [rng.below(4), rng.below(2), rng.below(4)]]
               for team in (0, 1, 7, PLS_NO_TEAM)]
        yield (f"pls_{i}", "fivek_pls_probability",
               {"stages": 4, "closed": closed, "ask": ask}, pls(closed, 4, ask))


# --- Accounts: each has a module of its own -----------------------------------


def grades_cases():
    random = SplitMix64(1801)
    yield from grades_oracle.abc_cases(random)
    yield from grades_oracle.compare_cases(random)
    yield from grades_oracle.cross_cases(random)


def customers_cases():
    yield from customers_oracle.purchase_cases(SplitMix64(1803))
    yield from customers_oracle.rfm_cases(SplitMix64(1804))


def lifetime_cases():
    yield from customers_oracle.lifetime_cases(SplitMix64(1805))


def steadiness_cases():
    yield from grades_oracle.xyz_cases(SplitMix64(1802))


# --- Files -------------------------------------------------------------------

SECTIONS = {"rubric": rubric_cases, "strength": strength_cases, "milestone": milestone_cases,
            "evidence": evidence_cases, "opportunity": opportunity_cases,
            "money": money_cases, "calendar": calendar_cases, "cycle": cycle_cases,
            "hash": hash_cases, "columns": columns_cases, "rollup": rollup_cases,
            "movement": movement_cases, "wilson": wilson_cases, "forecasts": forecast_cases,
            "history": history_cases, "ladder": ladder_cases,
            "model": model_cases, "grades": grades_cases, "steadiness": steadiness_cases,
            "leads": lambda: leads_oracle.cases(SplitMix64),
            "coverage": lambda: coverage_oracle.cases(SplitMix64(2601)),
            "customers": customers_cases, "lifetime": lifetime_cases}


def is_fitted(case):
    given = case["input"]
    return (case["fn"] == "fivek_beta_binomial_fit" or given.get("learn_strength") == 1 or
            case["fn"] in ("fivek_bg_nbd_fit", "fivek_gamma_gamma_fit") or
            case["fn"] == "fivek_sellers_rank" and "prior" not in given)


def text_of(section):
    cases = [dict(zip(("id", "fn", "input", "expected", "note"), row))
             for row in SECTIONS[section]()]
    if section in REL_TOL:
        for c in cases:
            c["expected"] = rounded(c["expected"])
            if c["expected"]["status"] == OK:
                c["rel_tol"] = FITTED_TOL if is_fitted(c) else REL_TOL[section]
    assert len(cases) == len({c["id"] for c in cases}), f"{section}: an id is used twice"
    lines = [json.dumps(c, ensure_ascii=False, separators=(",", ":")) for c in cases]
    return f'{{"section":"{section}","cases":[\n' + ",\n".join(lines) + "\n]}\n"


def self_check():
    """Values worked out by hand, so that the oracle is not its own witness."""
    customers_oracle.self_check()
    grades_oracle.self_check()
    assert SplitMix64(0).next() == 16294208416658607535
    assert product_ppm([16, 12, 18, 14, 10]) == 151200
    assert balanced([16, 12, 18, 14, 10]) == 69
    assert balanced([20] * 5) == 100 and balanced([1] * 5) == 5
    # P = 8 and 24: 2.5 goes to 2, 7.5 goes to 8.
    assert product_ppm([1, 1, 1, 1, 8]) == 2
    assert product_ppm([1, 1, 1, 2, 12]) == product_ppm([1, 1, 1, 3, 8]) == 8
    assert strength([5, 7, 3, 6, 6], 13)["total"] == 100
    assert strength([0] * 5, 13)["total"] == 12 + 0 + 8 + 8 + 0
    assert expected_amount([(123450, 250000)] * 2)["expected_amount"] == "61725"
    assert expected_amount([(123450, 250000)])["expected_amount"] == "30862"
    assert stage_and_milestone(0b11111) == (0, 1)
    assert stage_and_milestone(0xFF) == (1, 2)
    assert stage_and_milestone(0x1FFF) == (3, 3)
    assert stage_and_milestone(0x7FFF) == (4, 4)
    assert stage_and_milestone(0x3FFFF) == (4, 5)
    assert stage_and_milestone(1 << 18) == (5, 6)
    deal = state_after(new_opportunity(0), confirm(1, range(5), step=1, proof=1))
    status, deal = apply(deal, event(9, WITHDRAWN, 0))
    assert (status, deal) == (OK, dict(
        new_opportunity(0), evidence=0b11110, highest_milestone=1, regressions=1,
        milestone_since=9, last_event_at=9))
    assert apply(deal, event(8, PUT_ON_HOLD)) == (FAILED_PRECONDITION, deal)
    assert sum(MARKET_PERCENT) == 100
    assert fnv1a64(b"a") == 0xAF63DC4C8601EC8C
    assert fnv1a64(b"foobar") == 0x85944171F73967E8
    assert [half_away(n, 10) for n in (4, 5, 15, -4, -5, -15)] == [0, 1, 2, 0, -1, -2]
    assert little_endian(-2, 4) == b"\xFE\xFF\xFF\xFF"
    row = book_row([5, 7, 3, 6, 6], 13, 0x1F, amount=-25)
    assert score_row(row, lambda milestone, age: 100_000, half_even) == dict(
        strength=100, weakest=0, product_ppm=PPM, stage=0, milestone=1,
        probability_ppm=100_000, expected_amount="-2", row_status=OK)
    empty = rollup_json(BY_OWNER, [])["bytes"]
    assert [isotonic([5, 4, 3, 2, 1], [1, 2, 3, 4, 5])[k] for k in (0, 4)] == [
        Fraction(7, 3)] * 2
    assert isotonic([1, 3, 2, 4], [1] * 4) == [1, Fraction(5, 2), Fraction(5, 2), 4]
    # Those of the reference vectors.
    for x, n, z, low, high in (
            (37, 120, Z95, 0.23272736988916293, 0.3958299772380067),
            (1, 10**6, Z90, 2.2309225235210433e-07, 4.482438470725465e-06)):
        known = rounded(wilson(x, n, z))
        assert math.isclose(known["low"], low, rel_tol=1e-12)
        assert math.isclose(known["high"], high, rel_tol=1e-12)
    known = rounded(quality(*TWENTY))
    for name, value in dict(
            brier=0.203375, log_loss=0.598855705801031, auc=0.77, ece_width=0.1925,
            mce_width=0.6, reliability=0.05984375, resolution=0.10416666666666667,
            uncertainty=0.25, within_bin_variance=0.0006145833333333333, base_rate=0.5,
            within_bin_covariance=0.002916666666666667, brier_skill=0.1865,
            miscalibration=0.03444642857142857, discrimination=0.08107142857142857,
            recalibrated_brier=0.16892857142857143).items():
        assert abs(known[name] - value) <= 1e-13, name
    known = rounded(gate(*GAINING))
    assert math.isclose(known["mean_gain"], 0.0275, rel_tol=1e-12)
    assert math.isclose(known["z"], 1.751906834202768, rel_tol=1e-12)
    assert known["verdict"] == ADOPT
    known = rounded(reliability(*TWENTY, EQUAL_WIDTH, Z95))
    assert known["rows"] == [2, 2, 3, 2, 1, 2, 2, 1, 1, 4]
    assert known["mean_forecast"][9] == 0.9375 and known["rate"][9] == 0.75
    # Those of the reference vectors.
    known = rounded(rate_shrink(0.1, 20, 3, 12))
    for name, value in dict(mean=0.15625, sd=0.06320623710592894, low=0.06578047054601774,
                            high=0.2713711815575147).items():
        assert math.isclose(known[name], value, rel_tol=1e-12), name
    known = competing_risks([0] * 16, **TIED)
    assert [known["survival"], *known["incidence"][:2]] == [
        Fraction(10, 39), Fraction(769, 1872), Fraction(623, 1872)]
    known = rounded(known)
    assert math.isclose(known["conversion"], 0.5524425287356322, rel_tol=1e-12)
    assert math.isclose(known["covariance"][5]**0.5, 0.15100644497524884, rel_tol=1e-12)
    assert math.isclose(known["covariance"][6], -0.011402521926785963, rel_tol=1e-12)
    known = rounded(durations(*MEIER, [], 30))
    assert [known[q] for q in ("quarter", "median", "three_quarters")] == [8, 30, 42]
    assert math.isclose(known["restricted_mean"], 19.964285714285715, rel_tol=1e-12)
    assert math.isclose(known["se"][6], 0.15988714239171983, rel_tol=1e-12)
    assert velocity(40, [1, 4], 1_200_000, 60, 91)["amount"] == "18200000"
    # 1 and 2 are left upwards and back; from 2 as often down to 1 as up and as lost.
    both = [[1, 2, 0, 1, 0, VISIT_BACK, 1, 1, 1, 1], [2, 2, 0, 1, 0, VISIT_UP, 3, 1, 1, 1],
            [3, 2, 0, 1, 0, VISIT_LOST, 0, 1, 1, 1], [4, 1, 0, 1, 0, VISIT_UP, 2, 1, 1, 1]]
    known = ladder(both, 9, 0, [0, 0, 0, 0])
    assert known["through"][1:3] == [1, Fraction(1, 2)] and known["back"][2] == Fraction(1, 3)
    known = rounded(platt(*PLATT))
    assert math.isclose(known["a"], -0.5570546285777688, rel_tol=1e-9)
    assert math.isclose(known["b"], 0.36463731333970384, rel_tol=1e-9)
    w, se, objective = logistic_non_negative([[-2.0], [-1.0], [1.0], [4.0]], [1, 1, 0, 0], 1)
    assert w == [0, 0] and se == [1, 0] and math.isclose(objective, 4 * math.log(2))
    # From 1/2 to 3/4 by one that triples the odds; and by two that do together.
    three = Decimal(3).ln(DIGITS)
    for share, want in (([three, 0, 0, 0, 0], [250_000, 0, 0, 0, 0]),
                        ([0, three / 2, 0, 0, three / 2], [0, 125_000, 0, 0, 125_000])):
        known = shapley(Decimal(0), [Decimal(x) for x in share])
        assert known == dict(probability_ppm=750_000, reference_ppm=500_000, share_ppm=want)
    assert curve_over([(0.9, 1), (0.9, 0)])(0.1) == Decimal("0.5")
    assert [steps_over([(0.25, 1), (0.5, 0), (0.75, 1)])(f) for f in (0, 0.5, 1)] == [
        Fraction(1, 2), Fraction(1, 2), 1]
    # Where hazards are the same at every age, age tells nothing.
    flat = RungAges(tuple((0, 300, event) for event in (1, 2, 3)))
    flat.hazard = [[Fraction(1, 40), Fraction(1, 50), Fraction(0)]] * 7
    assert rounded(flat.leaves(1)) == [5 / 9, 4 / 9, 0] == rounded(flat.leaves(60))
    assert rounded(flat.odds_ratio_in(2)) == 1
    to_the_top = [flat] * RUNGS
    assert math.isclose(won_in_time(to_the_top, [[0] * 6] * 6, 5, 3, 2), 1 / 40 * (1 + 191 / 200))
    assert math.isclose(won_in_time(to_the_top, [[0] * 6] * 6, 4, 1, 1), 1 / 1600)
    known = rounded(estimated(Fraction(5, 32), [dict(
        mean=Fraction(5, 32), strength=20, effective_n=12, path_n=12)]))
    assert known["effective_n"] == 12 and known["source"] == 1
    assert math.isclose(known["low"], 0.06578047054601774, rel_tol=1e-12)
    known = rounded(beta_binomial([1, 9], [10, 10]))
    assert math.isclose(known["mean"], 0.5)
    known = movement(dict(taken_at="1", rows=[["1", "100", 5, OPEN, 3]]),
                     dict(taken_at="1", rows=[["1", "80", 5, WON, 6]]), 0, 9)
    assert known[1]["moves"] == [["1", SHRUNK, "-20"], ["1", MOVED_WON, "-80"]]
    known = rounded(slippage(*DUE, Z90))
    assert [known[x] for x in ("push_rate", "push_amount_rate", "mean_pushes", "closed_rate",
                               "due_rate")] == [0.4, 0.45, 0.64, 0.6, 0.36]
    assert productivity([11, 2], [6, 1], 10, 220, [55, 1], 1)["extra_deals"] == 20
    assert top_share([5] * 5, [1, 4], 0, FRACTIONAL)["weight"] == [Fraction(1, 5)] * 5
    assert stalled([4, 6, 7, 9, 10, 12, 14, 15, 18, 25], [9, 10], [18, 19])["stalled"] == [0, 1]
    assert empty[:48] == "354b726f6c6c7570" "01000000" "01000000" "0000000000000000"
    assert len(empty) == 64


def main():
    self_check()
    here = pathlib.Path(__file__).resolve().parent
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit(__doc__)
    differs = False
    for section in SECTIONS:
        path, want = here / f"{section}.json", text_of(section).encode()
        if not check:
            path.write_bytes(want)
        elif not path.exists() or path.read_bytes() != want:
            print(f"{path.name} differs from what make_golden.py writes")
            differs = True
    return int(differs)


if __name__ == "__main__":
    sys.exit(main())
