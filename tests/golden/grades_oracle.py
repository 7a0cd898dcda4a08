"""ABC, what moved it, and XYZ, as make_golden.py writes them to grades.json: one
account after the other, in sums of integers and exact fractions."""

import math
from decimal import Context
from fractions import Fraction

OK, INVALID_ARGUMENT, OUT_OF_RANGE = 0, 3, 11
INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1
PPM = 10**6
A, B, C, N, NOBODY = 0, 1, 2, 3, 255
CROSSING, INCLUSIVE, FIXED_COUNTS = range(3)
TOGETHER, BY_ROW = range(2)
SAME, OWN, BOUNDARY, BOTH, CAME, LEFT = range(6)
MOST_PERIODS = 4096
DIGITS = Context(prec=60)

DEFAULT = dict(rule=CROSSING, ties=TOGETHER, a_ppm=800_000, b_ppm=950_000, a_count=0, b_count=0)


def refused_at(row=-1, column=-1, status=INVALID_ARGUMENT):
    return dict(status=status, row=row, column=column)


def fits(*numbers):
    return all(INT64_MIN <= n <= INT64_MAX for n in numbers)


def good(o):
    if o["rule"] not in range(3) or o["ties"] not in range(2):
        return False
    if o["rule"] == FIXED_COUNTS:
        return o["a_count"] >= 0 and o["b_count"] >= 0
    return 0 <= o["a_ppm"] <= o["b_ppm"] <= PPM


def classes(value, o):
    """Who is not there (None) has no class."""
    total = sum(v for v in value if v is not None and v > 0)

    def holds(before, after, ppm, count):
        if o["rule"] == FIXED_COUNTS:
            return before < count
        if o["rule"] == INCLUSIVE:
            return Fraction(after) <= Fraction(total * ppm, PPM)
        return Fraction(before) < Fraction(total * ppm, PPM)

    result = []
    for row, v in enumerate(value):
        if v is None:
            result.append(NOBODY)
            continue
        if v <= 0:
            result.append(N if v < 0 else C)
            continue
        others = [w for w in value if w is not None]
        above = [w for w in others if w > v]
        equal = [w for w in others if w == v]
        if o["ties"] == BY_ROW:
            first = [w for w in value[:row] if w == v]
            above, equal = above + first, [v]
        if o["rule"] == FIXED_COUNTS:
            before, after = len(above), len(above) + len(equal)
        else:
            before, after = sum(above), sum(above) + sum(equal)
        result.append(A if holds(before, after, o["a_ppm"], o["a_count"]) else
                      B if holds(before, after, o["b_ppm"], o["a_count"] + o["b_count"]) else C)
    return result


def of_class(value, grade, c):
    return [v for v, g in zip(value, grade) if g == c]


def abc(value, o):
    if not good(o):
        return refused_at()
    grade = classes(value, o)
    groups = [of_class(value, grade, c) for c in range(4)]
    sums = [sum(group) for group in groups]
    if not fits(*sums, sum(sums[:3])):
        return refused_at(status=OUT_OF_RANGE)
    return dict(status=OK, out_class=grade, count=[len(group) for group in groups],
                value=[str(s) for s in sums], total=str(sum(sums[:3])),
                lowest=[str(min(group, default=0)) for group in groups[:2]])


def bounds(value, grade):
    a = of_class(value, grade, A)
    return min(a, default=None), min(a + of_class(value, grade, B), default=None)


def class_by(limits, v):
    if v < 0:
        return N
    a, b = limits
    return A if a is not None and v >= a else B if b is not None and v >= b else C


def why(limits, before, after, v):
    if before == after:
        return SAME
    if before == NOBODY:
        return CAME
    if after == NOBODY:
        return LEFT
    by_then = class_by(limits, v)
    return OWN if by_then == after else BOUNDARY if by_then == before else BOTH


def compare(then, now, o):
    if not good(o) or o["ties"] == BY_ROW:
        return refused_at()
    before, after = classes(then, o), classes(now, o)
    limits = bounds(then, before)
    cause = [why(limits, *row) for row in zip(before, after, now)]
    moved = [0] * 25
    for pair in zip(before, after):
        i, k = (min(c, 4) for c in pair)
        moved[5 * i + k] += 1
    change = [abs((t or 0) - (n or 0)) for t, n in zip(then, now)]
    mover = change.index(max(change)) if any(change) else -1
    without = (None, None)
    if mover >= 0:
        undone = [then[i] if i == mover else v for i, v in enumerate(now)]
        without = bounds(undone, classes(undone, o))
    lines = dict(then=[], now=[], row_then=[], row_now=[], mover=[], without_mover=[])
    for t, n, w in zip(limits, bounds(now, after), without):
        lines["then"].append(str(t or 0))
        lines["now"].append(str(n or 0))
        lines["row_then"].append(-1 if t is None else then.index(t))
        lines["row_now"].append(-1 if n is None else now.index(n))
        moves = None not in (t, n, w) and t != n and 2 * abs(w - t) <= abs(n - t)
        lines["mover"].append(mover if moves else -1)
        lines["without_mover"].append(str(w if moves else 0))
    return dict(status=OK, class_then=before, class_now=after, cause=cause, moved=moved,
                causes=[cause.count(c) for c in range(6)], **lines)


def xyz(value, n, periods, x_ppm, y_ppm, least_periods):
    if not (1 <= periods <= MOST_PERIODS and 0 <= x_ppm <= y_ppm and least_periods >= 1):
        return refused_at()
    result = dict(status=OK, xyz=[], intermittent=[], cv=[])
    for i in range(n):
        row = value[i * periods:(i + 1) * periods]
        result["intermittent"].append(int(0 in row and periods < least_periods))
        mean = Fraction(sum(row), periods)
        if mean <= 0:
            result["xyz"].append(2)
            result["cv"].append(-1)
            continue
        squared = sum((v - mean)**2 for v in row) / periods / mean**2
        result["xyz"].append(0 if squared <= Fraction(x_ppm, PPM)**2 else
                             1 if squared <= Fraction(y_ppm, PPM)**2 else 2)
        result["cv"].append(
            DIGITS.sqrt(DIGITS.divide(squared.numerator, squared.denominator)))
    return result


def cross(value, abc_class, xyz_class):
    count, total = [0] * 12, [0] * 12
    for row, (v, a, x) in enumerate(zip(value, abc_class, xyz_class)):
        if a > 3 or x > 2:
            return refused_at(row, 1 if a > 3 else 2)
        count[3 * a + x] += 1
        total[3 * a + x] += v
    if not fits(*total):
        return refused_at(status=OUT_OF_RANGE)
    return dict(status=OK, count=count, sum=[str(t) for t in total])


def text(value):
    return [None if v is None else str(v) for v in value]


def abc_cases(random):
    def case(id, value, **given):
        o = {**DEFAULT, **given}
        return (f"abc_{id}", "fivek_abc_grade", dict(value=text(value), **o), abc(value, o))

    def all_rules(id, value):
        yield case(id, value)
        yield case(f"{id}_by_row", value, ties=BY_ROW)
        yield case(f"{id}_inclusive", value, rule=INCLUSIVE)
        yield case(f"{id}_inclusive_by_row", value, rule=INCLUSIVE, ties=BY_ROW)

    for id, value in dict(five=[40, 30, 15, 10, 5], dominant=[9000, 500, 300, 200],
                          equal=[5] * 10, signs=[500, 0, 300, -120, 150, 50, 0], one=[7], none=[],
                          zero=[0, 0], negative=[-1, -2], exact=[40, 40, 15, 5],
                          near=[71252, 8907, 8906], huge=[INT64_MAX, 5, 5], large=[2**61] * 3 + [2**60],
                          steps=[2**i for i in range(20)]).items():
        yield from all_rules(id, value)
    for a in range(4):
        for b in range(3):
            for ties in (TOGETHER, BY_ROW):
                yield case(f"counts_{a}_{b}_{ties}", [3, 9, 3, 0, 3, 1, -4, 9], rule=FIXED_COUNTS,
                           a_count=a, b_count=b, ties=ties)
    yield case("bounds_0", [3, 2, 1], a_ppm=0, b_ppm=0)
    yield case("bounds_1", [3, 2, 1], a_ppm=PPM, b_ppm=PPM)
    yield case("bounds_1_inclusive", [3, 2, 1], a_ppm=PPM, b_ppm=PPM, rule=INCLUSIVE)
    for i in range(12):
        n = 5 + 9 * i
        spread = random.pick([6, 40, 10_000, 10**12])
        value = [random.below(spread) - random.below(2) * random.below(4) for _ in range(n)]
        a = random.below(PPM)
        yield case(f"random_{i}", value, rule=random.below(2), ties=random.below(2), a_ppm=a,
                   b_ppm=a + random.below(PPM + 1 - a))
    for name, bad in dict(a=dict(a_ppm=-1), b=dict(b_ppm=PPM + 1), order=dict(a_ppm=950_001),
                          rule=dict(rule=3), ties=dict(ties=2),
                          a_count=dict(rule=FIXED_COUNTS, a_count=-1),
                          b_count=dict(rule=FIXED_COUNTS, b_count=-1)).items():
        yield case(f"bad_{name}", [1, 2], **bad)
    yield case("too_large", [INT64_MAX, 1])
    yield case("too_negative", [INT64_MIN, -1])


def compare_cases(random):
    def case(id, then, now, **given):
        o = {**DEFAULT, **given}
        return (f"compare_{id}", "fivek_abc_compare", dict(then=text(then), now=text(now), **o),
                compare(then, now, o))

    yield case("one_grows", [50, 30, 15, 5], [500, 30, 15, 5])
    yield case("one_shrinks", [50, 30, 15, 5], [2, 30, 15, 5])
    yield case("both", [50, 30, 15, 5], [900, 20, 15, 5])
    yield case("who_came_and_left", [80, 15, 5, None, -5], [None, 15, 5, 80, -5])
    yield case("all_grow", [30, 25, 20, 15, 10], [130, 125, 120, 115, 110])
    yield case("nobody", [], [])
    yield case("nobody_yet", [0, 0], [5, 0])
    yield case("nobody_left", [5, 0], [None, None])
    yield case("returns", [5, 4, 3], [-5, 4, 3])
    yield case("counts", [9, 8, 7, 6], [9, 5, 7, 6], rule=FIXED_COUNTS, a_count=1, b_count=2)
    yield case("bad_by_row", [1], [2], ties=BY_ROW)
    yield case("bad_ppm", [1], [2], a_ppm=-1)
    for i in range(14):
        n = 4 + 5 * i
        draw = [random.pick([20, 500])] * n

        def some(spread):
            return None if random.below(9) == 0 else random.below(spread) - 2
        then = [some(s) for s in draw]
        now = [v if random.below(2) else some(s) for v, s in zip(then, draw)]
        yield case(f"random_{i}", then, now, rule=random.below(2))


def cross_cases(random):
    def case(id, value, abc_class, xyz_class):
        return (f"cross_{id}", "fivek_abc_xyz_cross",
                dict(value=text(value), abc=abc_class, xyz=xyz_class),
                cross(value, abc_class, xyz_class))

    yield case("five", [10, 20, 5, -3, 1], [0, 0, 1, 3, 2], [0, 0, 2, 2, 1])
    yield case("none", [], [], [])
    yield case("bad_abc", [1, 2], [0, 4], [0, 0])
    yield case("bad_xyz", [1, 2], [0, 0], [3, 0])
    yield case("too_large", [INT64_MAX, 1], [0, 0], [1, 1])
    n = 40
    yield case("random", [random.below(10**9) for _ in range(n)], [random.below(4) for _ in range(n)],
               [random.below(3) for _ in range(n)])


def xyz_cases(random):
    def case(id, rows, x_ppm=250_000, y_ppm=500_000, least_periods=12, periods=None):
        value = [v for row in rows for v in row]
        periods = len(rows[0]) if periods is None else periods
        given = dict(value=text(value), n=len(rows), periods=periods, x_ppm=x_ppm, y_ppm=y_ppm,
                     least_periods=least_periods)
        return (f"xyz_{id}", "fivek_xyz_classify", given,
                xyz(value, len(rows), periods, x_ppm, y_ppm, least_periods))

    yield case("bounds", [[3, 5], [2, 6], [1, 7], [299, 501], [1999, 6001], [7, 7]])
    yield case("wide_bounds", [[3, 5], [2, 6], [0, 6], [0, 0]], 500_000, 1_000_000)
    yield case("no_mean", [[0, 0], [5, -5], [5, -6], [6, -5]])
    yield case("one_period", [[5], [0], [-3]])
    yield case("eleven_months", [[10] * 11, [10] * 10 + [0]])
    yield case("twelve_months", [[10] * 12, [10] * 11 + [0]])
    yield case("nothing_may_vary", [[5, 5], [5, 6]], 0, 0)
    d = INT64_MAX // 5
    yield case("huge", [[3 * d, 5 * d], [3 * d - 1, 5 * d], [3 * d + 1, 5 * d], [INT64_MAX] * 2,
                        [INT64_MIN, INT64_MAX]])
    for i in range(8):
        periods = 2 + 3 * i
        yield case(f"random_{i}", [[random.below(200) - (i % 2) * 20 for _ in range(periods)]
                                   for _ in range(6)], 10_000 * random.below(60), 10**6)
    yield case("bad_x", [[1]], -1)
    yield case("bad_order", [[1]], 2, 1)
    yield case("bad_least", [[1]], least_periods=0)
    yield case("no_period", [[]], periods=0)


def self_check():
    """Published: statistics.md, of the five, the dominant and the ten equal ones."""
    def letters(value, **given):
        return "".join("ABCN"[c] for c in classes(value, {**DEFAULT, **given}))
    assert letters([40, 30, 15, 10, 5]) == "AAABC"
    assert letters([40, 30, 15, 10, 5], rule=INCLUSIVE, ties=BY_ROW) == "AABBC"
    assert letters([9000, 500, 300, 200]) == "ABCC"
    assert letters([9000, 500, 300, 200], rule=INCLUSIVE) == "BBCC"
    assert letters([5] * 10) == "A" * 10
    assert letters([5] * 10, ties=BY_ROW) == "AAAAAAAABB"
    assert letters([5] * 10, ties=BY_ROW, rule=INCLUSIVE) == "AAAAAAAABC"
    assert letters([500, 0, 300, -120, 150, 50, 0]) == "ACANBCC"
    assert math.isclose(xyz([100, 110, 90], 1, 3, 1, 2, 3)["cv"][0], (2 / 3)**.5 / 10)
    moved = compare([50, 30, 15, 5], [500, 30, 15, 5], DEFAULT)
    assert moved["cause"] == [SAME, BOUNDARY, BOUNDARY, SAME] and moved["mover"] == [0, 0]
