"""The cases of coverage.json: portfolio, golden triangle, coverage, effort, sales
modes and segments, worked out from their definitions.

Counts and amounts are exact; responses have 60 digits. The best allocation of
effort is the best of all allocations, looked at one by one.
"""

import itertools
from decimal import Context, Decimal
from fractions import Fraction

OK, INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE = 0, 3, 9, 11
UNKNOWN, PPM = 255, 10**6
INT32_MIN, INT64_MIN, INT64_MAX = -(2**31), -(2**63), 2**63 - 1
DIGITS = Context(prec=60)


def ok(**fields):
    return {"status": OK, **fields}


def refused(status, row, column):
    return {"status": status, "row": row, "column": column}


def invalid(row, column):
    return refused(INVALID_ARGUMENT, row, column)


def text(numbers):
    return [str(n) for n in numbers]


def ppm(part, whole):
    return round(Fraction(part * PPM, whole))  # Half to even.


def bits(flags):
    return sum(1 << i for i, flag in enumerate(flags) if flag)


# --- Portfolio ---------------------------------------------------------------


def weigh(weight, score):
    rows = []
    for row in score:
        def scale(values, of):
            return sum(w * v for w, v in zip(weight, values)) * 10**4 // of
        known = sum(w for w, s in zip(weight, row) if s >= 0)
        rows.append([scale([max(s, 0) for s in row], sum(weight)),
                     scale([100 if s < 0 else s for s in row], sum(weight)),
                     scale([max(s, 0) for s in row], known) if known else -1,
                     sum(1 for w, s in zip(weight, row) if w and s < 0)])
    return ok(rows=rows)


def portfolio(columns, options):
    cut_a, medium_a, cut_r, medium_r, within = options
    axes = [[c for c in cuts if c >= 0] for cuts in ((medium_a, cut_a), (medium_r, cut_r))]
    k = len(axes[0]) + 1
    rows, count, unknown, borderline = [], [0] * 9, 0, 0
    for low_a, high_a, low_r, high_r in zip(*columns):
        ranges = [(0 if low < 0 else low, 10**6 if high < 0 else high)
                  for low, high in ((low_a, high_a), (low_r, high_r))]
        levels, distances, near = [], [], []
        for (low, high), cuts in zip(ranges, axes):
            # A level is a set of scores between cuts: which of them are possible?
            edges = [0, *cuts, 10**6 + 1]
            may = [i for i in range(k) if low < edges[i + 1] and high >= edges[i]]
            levels.append(may)
            one = low == high
            distances.append(min((low - c for c in cuts), key=abs) if one else INT32_MIN)
            near.append(set(may) | {i + side for i, c in enumerate(cuts) for side in (0, 1)
                                    if one and abs(low - c) <= within})
        def cells(a, r):
            return {(k - 1 - x) * k + k - 1 - y for x in a for y in r}
        possible = cells(*levels)
        cell = UNKNOWN
        near_cells = set()
        if len(possible) == 1:
            cell, = possible
            near_cells = cells(*near) - possible
            count[cell] += 1
        else:
            unknown += 1
        borderline += bool(near_cells)
        rows.append([cell, *(may[0] if len(may) == 1 else UNKNOWN for may in levels), *distances,
                     sum(1 << c for c in possible), sum(1 << c for c in near_cells)])
    return ok(levels=k, unknown=str(unknown), borderline=str(borderline), count=text(count),
              rows=rows)


def portfolio_cases(rng):
    yield ("weigh_known", "fivek_scores_weigh",
           {"weight": [3, 2, 1], "score": [[100, 50, 0], [-1, 50, 0], [-1, -1, -1]]},
           weigh([3, 2, 1], [[100, 50, 0], [-1, 50, 0], [-1, -1, -1]]))
    for i in range(12):
        weight = [1 + rng.below(9) if rng.below(5) else 0 for _ in range(1 + i % 5)]
        weight[0] += 1
        score = [[rng.below(102) - 1 for _ in weight] for _ in range(6)]
        yield (f"weigh_{i}", "fivek_scores_weigh", {"weight": weight, "score": score},
               weigh(weight, score))
    for name, weight, score, where in (
            ("no_weight", [0, 0], [[1, 2]], (-1, -1)), ("weight", [1, -1], [[1, 2]], (-1, 1)),
            ("score", [1, 1], [[1, 2], [3, 101]], (1, 1))):
        yield (f"weigh_refused_{name}", "fivek_scores_weigh",
               {"weight": weight, "score": score}, invalid(*where))
    known = [[80, 80, 30, 30, 50, 100, 0], [70, 20, 90, 10, 50, 50, 0]]
    yield ("cells_known", "fivek_portfolio_cells",
           {"attractiveness": known[0], "relationship": known[1]},
           portfolio([known[0], known[0], known[1], known[1]], [50, -1, 50, -1, 0]))
    for i in range(24):
        n = 1 + rng.below(12)
        options = [50 + rng.below(40), rng.below(45) + 1, 60, 20 + rng.below(30), rng.below(15)]
        if i % 2:
            options[1] = options[3] = -1
        a, r = ([rng.below(102) - 1 for _ in range(n)] for _ in range(2))
        given = {"attractiveness": a, "relationship": r, "options": options}
        columns = [a, a, r, r]
        if i % 3 == 0:
            most = [-1 if rng.below(5) == 0 else max(x, 0) + rng.below(30) for x in a]
            given["attractiveness_most"] = most
            columns[1] = most
        if i % 4 == 0:
            most = [max(x, 0) + rng.below(3) for x in r]
            given["relationship_most"] = most
            columns[3] = most
        yield f"cells_{i}", "fivek_portfolio_cells", given, portfolio(columns, options)
    for name, a, r, options, where in (
            ("score", [1, -2], [1, 1], None, (1, 0)), ("relation", [1], [10**6 + 1], None, (0, 2)),
            ("one_medium", [1], [1], [50, 20, 50, -1, 0], (-1, -1)),
            ("medium", [1], [1], [50, 50, 50, 20, 0], (-1, -1)),
            ("within", [1], [1], [50, -1, 50, -1, -1], (-1, -1))):
        given = {"attractiveness": a, "relationship": r}
        if options:
            given["options"] = options
        yield f"cells_refused_{name}", "fivek_portfolio_cells", given, invalid(*where)


# --- The golden triangle -----------------------------------------------------


def triangle(accounts, learned, as_of, required, stale, interval):
    rows, corners, complete = [], {k: [0] * 3 for k in ("present", "missing", "overdue",
                                                       "unknown")}, 0
    for i, (target, last, known, grade) in enumerate(accounts):
        lacks = [required >> b & 1 and not known >> b & 1 for b in range(32)]
        ages = [required >> b & 1 and known >> b & 1 and stale[b] > 0 for b in range(32)]
        day = learned[i] if learned else [INT32_MIN] * 32
        undated = [a and d == INT32_MIN for a, d in zip(ages, day)]
        old = [a and not u and as_of - d > s for a, u, d, s in zip(ages, undated, day, stale)]
        asked = grade != UNKNOWN and interval[grade] > 0
        due = last + interval[grade] if asked and last != INT32_MIN else INT32_MIN
        over = max(as_of - due, 0) if due != INT32_MIN else 0
        missing = [target == INT32_MIN, any(lacks), asked and last == INT32_MIN]
        overdue = [target != INT32_MIN and target < as_of, any(old), over > 0]
        nobody = [False, False, grade == UNKNOWN]
        rows.append([*map(bits, (missing, overdue, nobody, lacks, old, undated)), due, over])
        for c in range(3):
            name = ("missing" if missing[c] else "overdue" if overdue[c] else
                    "unknown" if nobody[c] else "present")
            corners[name][c] += 1
        complete += not any(missing + overdue + nobody)
    return ok(rows=rows, complete=str(complete), **{k: text(v) for k, v in corners.items()})


def triangle_cases(rng):
    for i in range(16):
        accounts = [[INT32_MIN if rng.below(4) == 0 else 18985 + rng.below(40),
                     INT32_MIN if rng.below(4) == 0 else 18880 + rng.below(121),
                     rng.below(2**6), (0, 1, 2, 3, UNKNOWN)[rng.below(5)]]
                    for _ in range(1 + rng.below(10))]
        required = rng.below(2**6)
        given = {"accounts": accounts, "as_of": 19000, "required": required}
        stale, interval, learned = [0] * 32, [14, 30, 90, 0], None
        if i % 2:
            stale = [rng.below(3) * 100 for _ in range(32)]
            given["stale_after"] = stale
        if i % 3:
            learned = [[INT32_MIN if rng.below(6) == 0 else 18700 + rng.below(301)
                        for _ in range(32)] for _ in accounts]
            given["learned_on"] = learned
        if i % 4 == 0:
            interval = [rng.below(4) * 30 for _ in range(4)]
            given["interval"] = interval
        yield (f"triangle_{i}", "fivek_triangle_check", given,
               triangle(accounts, learned, 19000, required, stale, interval))
    good = [19000, 18990, 1, 0]
    for name, place, value, column in (("target", 0, 2932897, 0), ("contact", 1, 19001, 1),
                                       ("grade", 3, 4, 3)):
        bad = list(good)
        bad[place] = value
        yield (f"triangle_refused_{name}", "fivek_triangle_check",
               {"accounts": [good, bad], "as_of": 19000, "required": 1}, invalid(1, column))
    yield ("triangle_refused_learned", "fivek_triangle_check",
           {"accounts": [good], "as_of": 19000, "required": 1, "learned_on": [[19001] * 32]},
           invalid(0, 4))


# --- Coverage ----------------------------------------------------------------


def slot_of(grade):
    return 4 if grade == UNKNOWN else grade


def visit_sum(accounts, frequency):
    needs = [(0 if g == UNKNOWN else frequency[g], planned, done, g)
             for _, planned, done, g in accounts]
    judged = [(need, done) for need, _, done, g in needs if done >= 0 and g != UNKNOWN]
    return text([len(accounts), sum(n[0] for n in needs), sum(max(n[1], 0) for n in needs),
                 sum(max(n[2], 0) for n in needs), sum(max(n - d, 0) for n, d in judged),
                 sum(max(d - n, 0) for n, d in judged), sum(n[1] < 0 for n in needs),
                 sum(n[2] < 0 for n in needs)])


def visit_plan(accounts, sellers, frequency):
    capacity = [int(Fraction((days - other) * int(n), int(d)) // 1)
                for days, other, n, d in sellers]
    loads, sums = [], []
    for which in [*range(len(sellers)), None]:
        mine = [a for a in accounts if which in (None, a[0])]
        cap = sum(capacity) if which is None else capacity[which]
        all_of = visit_sum(mine, frequency)
        loads.append(text([cap, cap - int(all_of[1]), cap - int(all_of[2]), all_of[4]]))
        sums += [visit_sum([a for a in mine if slot_of(a[3]) == s], frequency) for s in range(5)]
        sums.append(all_of)
    return ok(loads=loads, sums=sums)


def hours_against_value(hours, value, grade):
    use = [h >= 0 and v >= 0 for h, v in zip(hours, value)]
    all_h, all_v = (sum(x for x, u in zip(xs, use) if u) for xs in (hours, value))
    if max(all_h, all_v) > INT64_MAX:
        return refused(OUT_OF_RANGE, -1, -1)

    def share(h, v):
        index = -1
        if all_h and all_v and v:
            index = round(Fraction(h * all_v * PPM, v * all_h))
            index = index if index < 9 * 10**18 else -1
        return [ppm(h, all_h) if all_h else -1, ppm(v, all_v) if all_v else -1, str(index)]

    def gap(h, v):
        return Fraction(h, all_h) - Fraction(v, all_v)
    both = all_h > 0 and all_v > 0
    groups = [[(h, v) for h, v, g, u in zip(hours, value, grade, use) if u and slot_of(g) == s]
              for s in range(5)]
    sums = [(sum(h for h, _ in g), sum(v for _, v in g)) for g in groups]
    verdicts = [(1 if gap(*s) > 0 else 2 if gap(*s) < 0 else 0) if both else UNKNOWN for s in sums]
    half = (lambda pairs: round(sum((abs(gap(*p)) for p in pairs), Fraction(0)) / 2 * PPM)
            if both else -1)
    negative = [h for h, v in zip(hours, value) if h >= 0 and INT64_MIN < v < 0]
    return ok(
        shares=[share(h, v) if u else [-1, -1, "-1"] for h, v, u in zip(hours, value, use)],
        classes=[[*share(*s), str(len(g)), *text(s), w]
                 for g, s, w in zip(groups, sums, verdicts)],
        mismatch_ppm=half([p for g in groups for p in g]), class_mismatch_ppm=half(sums),
        more_hours=bits(w == 1 for w in verdicts), more_value=bits(w == 2 for w in verdicts),
        accounts=str(sum(use)), unknown=str(len(use) - sum(use) - len(negative)),
        negative=str(len(negative)), negative_hours=str(sum(negative)), hours=str(all_h),
        value=str(all_v))


def reach(rows):
    def of(mine):
        n, hit, unknown = len(mine), sum(r[1] == 1 for r in mine), sum(r[1] == UNKNOWN for r in mine)
        both = [(o, p) for _, _, o, p, _ in mine if INT64_MIN not in (o, p)]
        counted = [(o, p) for o, p in both if p > 0]
        own, potential = (sum(pair[i] for pair in counted) for i in (0, 1))
        return [*text([n, hit, unknown, len(counted), n - len(both), len(both) - len(counted),
                       sum(o > p for o, p in counted), own, potential,
                       ppm(own, potential) if counted else 0]),
                ppm(hit, n - unknown) if n > unknown else -1, ppm(hit, n) if n else -1,
                ppm(hit + unknown, n) if n else -1, int(bool(counted))]
    targets = [r for r in rows if r[0]]
    others = [r for r in rows if not r[0]]
    return ok(rows=[*(of([r for r in targets if slot_of(r[4]) == s]) for s in range(5)),
                    of(targets)],
              others=str(len(others)), others_reached=str(sum(r[1] == 1 for r in others)))


def rate_goal(part, whole, goal):
    rate = ppm(part, whole) if whole else -1
    least = -(-whole * goal // PPM)
    return ok(rate_ppm=rate, gap_ppm=rate - goal if whole else 0,
              met=int(part * PPM >= goal * whole if whole else goal == 0),
              missing=str(max(least - part, 0)))


def coverage_part(rng):
    for i in range(12):
        sellers = [[200 + rng.below(30), rng.below(40), str(1 + rng.below(30)),
                    str(1 + rng.below(6))] for _ in range(1 + i % 4)]
        accounts = [[rng.below(len(sellers)), rng.below(30) - 1, rng.below(30) - 1,
                     (0, 1, 2, 3, UNKNOWN)[rng.below(5)]] for _ in range(rng.below(20))]
        given = {"accounts": accounts, "sellers": sellers}
        frequency = [24, 12, 4, 0]
        if i % 2:
            frequency = [rng.below(30) for _ in range(4)]
            given["frequency"] = frequency
        yield f"visits_{i}", "fivek_visit_plan", given, visit_plan(accounts, sellers, frequency)
    for name, account, seller, where in (
            ("seller", [1, 0, 0, 0], [10, 0, "1", "1"], (0, 0)),
            ("grade", [0, 0, 0, 4], [10, 0, "1", "1"], (0, 1)),
            ("done", [0, 0, -2, 0], [10, 0, "1", "1"], (0, 3)),
            ("other_days", [0, 0, 0, 0], [10, 11, "1", "1"], (0, 11)),
            ("a_day", [0, 0, 0, 0], [10, 0, "1", "0"], (0, 12))):
        yield (f"visits_refused_{name}", "fivek_visit_plan",
               {"accounts": [account], "sellers": [seller]}, invalid(*where))

    def hours(id, h, v, g=None):
        given = {"hours": text(h), "value": text(v)}
        if g is not None:
            given["grade"] = g
        return (f"hours_{id}", "fivek_hours_against_value", given,
                hours_against_value(h, v, g or [UNKNOWN] * len(h)))
    yield hours("known", [10, 30], [900, 100], [0, 2])
    yield hours("none", [], [])
    yield hours("no_value", [5, 0], [0, 0], [0, 1])
    yield hours("largest", [INT64_MAX, 0], [0, INT64_MAX], [0, 1])
    yield hours("largest_index", [INT64_MAX - 1, 1], [1, INT64_MAX - 1], [0, 1])
    yield hours("overflow", [INT64_MAX, 1], [1, 1])
    yield hours("ties_to_even", [1, 1999999], [1, 1])
    for i in range(14):
        n = 1 + rng.below(12)
        yield hours(str(i), [rng.below(50) - 1 for _ in range(n)],
                    [INT64_MIN if rng.below(9) == 0 else rng.below(10**5) - 2000
                     for _ in range(n)],
                    [(0, 1, 2, 3, UNKNOWN)[rng.below(5)] for _ in range(n)] if i % 3 else None)
    yield ("hours_refused", "fivek_hours_against_value", {"hours": ["1", "-2"],
                                                          "value": ["1", "1"]}, invalid(1, 0))
    yield ("hours_refused_grade", "fivek_hours_against_value",
           {"hours": ["1"], "value": ["1"], "grade": [4]}, invalid(0, 2))
    for i in range(14):
        n = rng.below(15)
        rows = [[rng.below(4) > 0, (0, 1, 1, UNKNOWN)[rng.below(4)],
                 INT64_MIN if rng.below(6) == 0 else rng.below(10**6) - 1000,
                 INT64_MIN if rng.below(6) == 0 else rng.below(5) * rng.below(10**6),
                 (0, 1, 2, 3, UNKNOWN)[rng.below(5)]] for _ in range(n)]
        rows = [[int(r[0]), *r[1:]] for r in rows]
        given = {"target": [r[0] for r in rows], "reached": [r[1] for r in rows]}
        if i % 5:
            given.update(own=text(r[2] for r in rows), potential=text(r[3] for r in rows))
        else:
            rows = [[r[0], r[1], INT64_MIN, INT64_MIN, r[4]] for r in rows]
        if i % 3:
            given["grade"] = [r[4] for r in rows]
        else:
            rows = [[*r[:4], UNKNOWN] for r in rows]
        yield f"reach_{i}", "fivek_account_coverage", given, reach(rows)
    for name, given, where in (
            ("target", dict(target=[2], reached=[0]), (0, 0)),
            ("reached", dict(target=[1, 1], reached=[0, 2]), (1, 1)),
            ("potential", dict(target=[1], reached=[0], own=["1"], potential=["-1"]), (0, 3))):
        yield f"reach_refused_{name}", "fivek_account_coverage", given, invalid(*where)
    for part, whole, goal in ((18, 60, 500000), (30, 60, 500000), (333333, 1000001, 333333),
                              (0, 0, 0), (0, 0, 1), (0, INT64_MAX, PPM), (1, 2000000, 0),
                              (3, 2000000, 1)):
        yield (f"rate_{part}_{whole}_{goal}", "fivek_rate_goal_check",
               {"part": str(part), "whole": str(whole), "goal_ppm": goal},
               rate_goal(part, whole, goal))
    yield ("rate_refused", "fivek_rate_goal_check", {"part": "3", "whole": "2", "goal_ppm": 1},
           invalid(-1, -1))


# --- Effort ------------------------------------------------------------------

EXPONENTIAL, HYPERBOLIC, POWER, SIGMOID = range(4)
AUTO, GREEDY, DYNAMIC, HULL = range(4)


def response(account, v):
    value, shape, steepness, _, form = account
    value, shape, steepness = (Decimal(x) for x in (value, shape, steepness))
    if v == 0:
        return Decimal(0)
    x = Decimal(v)
    if form == EXPONENTIAL:
        r = DIGITS.subtract(Decimal(1), DIGITS.exp(DIGITS.multiply(-shape, x)))
    elif form == HYPERBOLIC:
        r = DIGITS.divide(x, DIGITS.add(x, shape))
    elif form == POWER:
        r = DIGITS.power(x, shape)
    else:
        p = DIGITS.power(x, steepness)
        r = DIGITS.divide(p, DIGITS.add(shape, p))
    return DIGITS.multiply(value, r)


def best_of_all(curves, budget):
    """The most, by all allocations: fewest visits, then most for the lowest index."""
    def every(i, left):
        if i == len(curves):
            yield ()
            return
        for v in range(min(left, len(curves[i]) - 1) + 1):
            for rest in every(i + 1, left - v):
                yield (v, *rest)
    def worth(visits):
        total = sum((c[v] for c, v in zip(curves, visits)), curves[0][0] * 0)
        return total, -sum(visits), visits
    total, spent, visits = max(map(worth, every(0, budget)))
    return total, -spent, list(visits)


def is_concave(curve):
    gains = [b - a for a, b in zip(curve, curve[1:])]
    return all(a >= b for a, b in zip(gains, gains[1:]))


def hull_bound(curves, budget):
    """The most with visits in parts, each curve filled up to be concave."""
    gains = []
    for curve in curves:
        n = len(curve)
        full = [max(curve[a] + (curve[b] - curve[a]) * (v - a) / (b - a) if b > a else curve[v]
                    for a in range(v + 1) for b in range(v, n) if b > a or a == v)
                for v in range(n)]
        gains += [b - a for a, b in zip(full, full[1:])]
    gains = sorted((g for g in gains if g > 0), reverse=True)[:budget]
    return sum((c[0] for c in curves), curves[0][0] * 0) + sum(gains, curves[0][0] * 0)


def greedy(curves, budget):
    visits, picks = [0] * len(curves), []
    last = following = curves[0][0] * 0
    while True:
        offers = [(c[v + 1] - c[v], -i) for i, (c, v) in enumerate(zip(curves, visits))
                  if v + 1 < len(c) and c[v + 1] > c[v]]
        if not offers:
            break
        gain, i = max(offers)
        if len(picks) == budget:
            following = gain
            break
        last = gain
        visits[-i] += 1
        picks.append(-i)
    return visits, picks, last if len(picks) == budget else last * 0, following


def effort(curves, budget, method):
    concave = all(map(is_concave, curves))
    best, spent, visits = best_of_all(curves, budget)
    used = method or (GREEDY if concave else DYNAMIC)
    one_less = best_of_all(curves, budget - 1)[0] if budget else best
    fields = dict(picks=[], shadow_price=best - one_less,
                  next_gain=best_of_all(curves, budget + 1)[0] - best)
    if used == GREEDY:
        visits, fields["picks"], last, following = greedy(curves, budget)
        spent = sum(visits)
        total = sum((c[v] for c, v in zip(curves, visits)), curves[0][0] * 0)
        if concave:  # The prices of the greedy method are those of the best.
            assert abs(total - best) <= abs(best) * Fraction(1, 10**50) if isinstance(
                best, Fraction) else abs(total - best) <= abs(best) * Decimal("1e-50")
        fields.update(shadow_price=last, next_gain=following)
        best = total
    bound = best if concave and used == GREEDY else hull_bound(curves, budget)
    return ok(visits=visits, method=used, concave=int(concave),
              optimal=int(used == DYNAMIC or concave), spent=str(spent), total=best, bound=bound,
              **fields)


def effort_cases(rng):
    def table(id, rows, budget, method=AUTO, caps=None):
        given = {"response": rows, "budget": budget, "method": method}
        if caps:
            given["caps"] = caps
        curves = [[Fraction(x) for x in row[:(cap + 1)]]
                  for row, cap in zip(rows, caps or [len(r) - 1 for r in rows])]
        return (f"table_{id}", "fivek_effort_allocate_table", given,
                effort(curves, budget, method))
    step = [[0, 7, 8, 8], [0, 4, 4, 4], [0, 0, 2, 17]]
    for method in (AUTO, GREEDY, DYNAMIC):
        yield table(f"threshold_{method}", step, 3, method)
    yield table("more_than_all", [[0, 3, 4], [1, 2, 2]], 9)
    yield table("no_budget", [[0, 3, 4], [1, 2, 2]], 0)
    yield table("equal_gains", [[0, 2, 4, 6], [0, 2, 4, 6], [0, 2, 4, 6]], 4)
    yield table("nothing_gained", [[0, 0, 0], [5, 5, 5]], 3)
    yield table("less_with_more", [[0, 4, 3], [0, -1, 6]], 3)
    for i in range(24):
        n, width = 1 + rng.below(3), 2 + rng.below(4)
        rows = [[rng.below(16) - 1 for _ in range(width)] for _ in range(n)]
        caps = [rng.below(width) for _ in range(n)] if i % 3 == 0 else None
        yield table(f"random_{i}", rows, rng.below(8), (AUTO, DYNAMIC, GREEDY)[i % 3], caps)
    for i in range(12):  # Concave.
        rows = []
        for _ in range(1 + rng.below(3)):
            gains = sorted((rng.below(7) for _ in range(4)), reverse=True)
            rows.append(list(itertools.accumulate([rng.below(3), *gains])))
        yield table(f"concave_{i}", rows, rng.below(14), (AUTO, DYNAMIC)[i % 2])
    yield ("table_refused_caps", "fivek_effort_allocate_table",
           {"response": [[0, 1]], "budget": 1, "method": 0, "caps": [2]}, invalid(0, -1))
    yield ("table_refused_value", "fivek_effort_allocate_table",
           {"response": [[0, 1], [0, "nan"]], "budget": 1, "method": 0}, invalid(1, 1))

    def forms(id, accounts, budget, method=AUTO):
        curves = [[response(a, v) for v in range(a[3] + 1)] for a in accounts]
        return (f"effort_{id}", "fivek_effort_allocate",
                {"accounts": accounts, "budget": budget, "method": method},
                effort(curves, budget, method))
    six = list(zip((100000, 60000, 45000, 30000, 12000, 8000), (.3, .55, .2, .9, .7, 1.2)))
    for budget in (0, 1, 5, 8):
        yield forms(f"six_{budget}", [[v, k, 1, 3, EXPONENTIAL] for v, k in six], budget)
    for i in range(20):
        accounts = [[1000 + rng.below(90000), (1 + rng.below(99)) / 64 if form != POWER else
                     (1 + rng.below(15)) / 16, (1, .5, 2, 3)[rng.below(4)] if i % 2 else .75,
                     1 + rng.below(5), form]
                    for form in (rng.below(4) for _ in range(1 + rng.below(4)))]
        yield forms(str(i), accounts, rng.below(9), (AUTO, DYNAMIC)[i % 4 == 3])
    for name, place, value, column in (("value", 0, -1, 0), ("form", 4, 4, 1), ("cap", 3, -1, 2),
                                       ("shape", 1, 0, 3)):
        account = [100, .5, 1, 3, EXPONENTIAL]
        account[place] = value
        yield (f"effort_refused_{name}", "fivek_effort_allocate",
               {"accounts": [[100, .5, 1, 3, 0], account], "budget": 1, "method": 0},
               invalid(1, column))
    yield ("effort_refused_budget", "fivek_effort_allocate",
           {"accounts": [[100, .5, 1, 3, 0]], "budget": -1, "method": 0}, invalid(-1, -1))
    for form in range(4):
        for shape in (1e-9, .004, .3, 1.0):
            for v in (0, 1, 7, 1000):
                account = [1000, shape, 2.5, 5, form]
                yield (f"response_{form}_{shape}_{v}", "fivek_effort_response",
                       {"account": account, "visits": v}, ok(value=response(account, v)))
    for i, (visits, today, most, form, s) in enumerate((
            (4, .3, .5, EXPONENTIAL, 1), (4, .3, .5, HYPERBOLIC, 1), (4, .3, .5, SIGMOID, 2.5),
            (1, .5, 1, EXPONENTIAL, 1), (52, .001, .9, SIGMOID, 3))):
        reached = DIGITS.divide(Decimal(today), Decimal(most))
        if form == EXPONENTIAL:
            shape = DIGITS.divide(-DIGITS.ln(1 - reached), Decimal(visits))
        else:
            base = Decimal(visits) if form == HYPERBOLIC else DIGITS.power(
                Decimal(visits), Decimal(s))
            shape = DIGITS.multiply(base, DIGITS.divide(1 - reached, reached))
        yield (f"calibrate_{i}", "fivek_effort_calibrate",
               {"potential": 200000, "visits": visits, "share_today": today,
                "share_saturation": most, "form": form, "steepness": s, "cap": 9},
               ok(value=DIGITS.multiply(Decimal(200000), Decimal(most)), shape=shape,
                  steepness=s, cap=9, form=form))
    for name, change in (("visits", {"visits": 0}), ("today", {"share_today": .5}),
                         ("saturation", {"share_saturation": 1.5}), ("power", {"form": POWER})):
        given = {"potential": 2, "visits": 4, "share_today": .3, "share_saturation": .5,
                 "form": 0, "steepness": 1, "cap": 9, **change}
        yield f"calibrate_refused_{name}", "fivek_effort_calibrate", given, invalid(-1, -1)


# --- Sales modes and segments ------------------------------------------------


def sales_mode(weight):
    low = [max(weight[0], 0) + max(weight[1], 0), max(weight[2], 0), max(weight[3], 0)]
    high = [sum(100 if w < 0 else w for w in part)
            for part in (weight[:2], weight[2:3], weight[3:])]
    ahead = [low[m] - max(high[:m] + high[m + 1:]) for m in range(3)]
    mode = next((m for m in range(3) if ahead[m] > 0), UNKNOWN)
    return [mode, bits(all(high[m] >= low[o] for o in range(3) if o != m) for m in range(3)),
            bits(w < 0 for w in weight), ahead[mode] if mode != UNKNOWN else 0, low, high]


PHASE_TRAITS = (0b00111, 0b00110, 0b11000)
PERSONS = ((0, 0, 0), (0, 1, 1), (0, 0, 1), (0, 1, 2))


def segment_result(segment):
    market, deal, coverage, win, mode, grouping, functions, named = segment
    c, w = Fraction(coverage, PPM), Fraction(win, PPM)

    def of(m, cov, rate, d):
        return m * cov * rate * d
    base = of(market, c, w, deal)
    c_up, w_up = min(c + Fraction(1, 100), 1), min(w + Fraction(1, 100), 1)
    c_ten, w_ten = min(c * Fraction(11, 10), 1), min(w * Fraction(11, 10), 1)
    points = [of(market, c_up, w, deal) - base, of(market, c, w_up, deal) - base]
    tenths = [base / 10, of(market, c_ten, w, deal) - base, of(market, c, w_ten, deal) - base,
              base / 10]

    def most(gains):
        return bits(g > 0 and g == max(gains) for g in gains)
    missing = bits([not named & 1, not named & 2, not named & 4, functions == 0, mode == UNKNOWN,
                    grouping == UNKNOWN])
    return base, [*text(round(x) for x in (base, *points, *tenths)), None, missing,
                  bits([0, c + Fraction(1, 100) > 1, w + Fraction(1, 100) > 1]),
                  bits([0, c * 11 > 10, w * 11 > 10]), most(points) << 1, most(tenths)]


def segments(rows):
    results = [segment_result(row) for row in rows]
    total = sum((base for base, _ in results), Fraction(0))
    for base, row in results:
        row[7] = round(base / total * PPM) if total else -1
    return ok(rows=[row for _, row in results], total=str(round(total)))


def given_segments(rows):
    return [[str(r[0]), str(r[1]), *r[2:]] for r in rows]


def mode_cases(rng):
    weights = [[20, 10, 60, 10], [20, 20, 40, 0], [0, 0, 0, 0], [100, 50, 20, -1],
               [-1, -1, -1, -1], [50, 50, 20, -1]]
    weights += [[rng.below(102) - 1 for _ in range(4)] for _ in range(30)]
    yield "modes", "fivek_sales_mode_of", {"weight": weights}, ok(rows=[*map(sales_mode, weights)])
    yield ("modes_refused", "fivek_sales_mode_of", {"weight": [[1, 2, 3, 4], [1, 2, 101, 4]]},
           invalid(1, 2))
    for g, persons in enumerate(PERSONS):
        for p in range(max(persons) + 1):
            mine = [i for i in range(3) if persons[i] == p]
            traits = 0
            for i in mine:
                traits |= PHASE_TRAITS[i]
            yield (f"team_{g}_{p}", "fivek_team_person_of", {"grouping": g, "person": p},
                   ok(people=max(persons) + 1, phases=sum(1 << i for i in mine), traits=traits))
        yield (f"team_refused_{g}", "fivek_team_person_of",
               {"grouping": g, "person": max(persons) + 1}, invalid(-1, -1))
    yield ("team_refused", "fivek_team_person_of", {"grouping": 4, "person": 0}, invalid(-1, -1))
    books = [[[400, 1200000, 500000, 250000, 1, 3, 5, 7]], [],
             [[1, 1, 500000, PPM, UNKNOWN, UNKNOWN, 0, 0]] * 2,
             [[1000, 100, 995000, 950000, 0, 0, 63, 2]], [[INT64_MAX, 1, PPM, PPM, 2, 1, 1, 1]],
             [[5, 7, 0, 0, 2, 1, 1, 1]]]
    books += [[[rng.below(5000), rng.below(10**7), rng.below(PPM + 1), rng.below(PPM + 1),
                (0, 1, 2, UNKNOWN)[rng.below(4)], (0, 3, UNKNOWN)[rng.below(3)], rng.below(64),
                rng.below(8)] for _ in range(1 + rng.below(6))] for _ in range(16)]
    for i, rows in enumerate(books):
        yield (f"segments_{i}", "fivek_segment_design_result", {"segments": given_segments(rows)},
               segments(rows))
    good = [400, 1200000, 500000, 250000, 1, 3, 5, 7]
    for place, value, column in ((0, -1, 0), (2, PPM + 1, 1), (3, -1, 2), (1, -1, 3), (4, 3, 4),
                                 (5, 4, 5), (6, 64, 6), (7, 8, 7)):
        bad = list(good)
        bad[place] = value
        yield (f"segments_refused_{column}", "fivek_segment_design_result",
               {"segments": given_segments([good, bad])}, invalid(1, column))
    yield ("segments_overflow", "fivek_segment_design_result",
           {"segments": given_segments([good, [INT64_MAX, 2, PPM, PPM, 0, 0, 0, 0]])},
           refused(OUT_OF_RANGE, 1, -1))
    yield ("segments_overflow_total", "fivek_segment_design_result",
           {"segments": given_segments([[2**62, 1, PPM, PPM, 0, 0, 0, 0]] * 2)},
           refused(OUT_OF_RANGE, -1, -1))
    for factor in (1, 2):
        for goal in (0, 1, 90000000, 90000001, 10**12):
            other = good[3] if factor == 1 else good[2]
            each = Fraction(good[0] * good[1] * other, 10**12)
            yield (f"needed_{factor}_{goal}", "fivek_segment_rate_needed",
                   {"segment": given_segments([good])[0], "factor": factor, "goal": str(goal)},
                   ok(ppm=str(-(-goal // each) if goal else 0)))
    for name, change, goal, status in (("no_deal", {1: 0}, 1, FAILED_PRECONDITION),
                                       ("goal", {}, -1, INVALID_ARGUMENT),
                                       ("range", {0: 1, 1: 1, 3: 1}, INT64_MAX, OUT_OF_RANGE)):
        bad = [change.get(i, x) for i, x in enumerate(good)]
        yield (f"needed_refused_{name}", "fivek_segment_rate_needed",
               {"segment": given_segments([bad])[0], "factor": 1, "goal": str(goal)},
               refused(status, -1, -1))


def cases(rng):
    for part in (portfolio_cases, triangle_cases, coverage_part, effort_cases, mode_cases):
        yield from part(rng)
