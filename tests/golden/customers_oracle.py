"""Purchases, RFM and lifetime values, as make_golden.py writes them to
customers.json: one customer after the other, in exact fractions and, where there
are logarithms, in 60 digits."""

import functools
from decimal import Context, Decimal, localcontext
from fractions import Fraction

OK, INVALID_ARGUMENT, FAILED_PRECONDITION, OUT_OF_RANGE = 0, 3, 9, 11
NEVER = -(2**31)
INT64_MAX = 2**63 - 1
FIRST_DAY, LAST_DAY = -719162, 2932896
DIGITS = 60
NOT_YET, LATE, OVERDUE = range(3)
EACH, MEAN = range(2)
NO_ORDERS = 11


def refused_at(row=-1, column=-1, status=INVALID_ARGUMENT):
    return dict(status=status, row=row, column=column)


# --- Purchases ---------------------------------------------------------------


def summarize(rows, as_of):
    for row, (_, day, _) in enumerate(rows):
        if not FIRST_DAY <= day <= LAST_DAY:
            return refused_at(row, 1)
    known = [r for r in rows if r[1] <= as_of]
    customers = []
    for customer in sorted({r[0] for r in known}):
        own = [r for r in known if r[0] == customer]
        days = sorted({day for _, day, amount in own if amount >= 0})
        total = sum(r[2] for r in own)
        repeat = sum(r[2] for r in own if days and r[1] > days[0])
        if not all(-INT64_MAX - 1 <= t <= INT64_MAX for t in (total, repeat)):
            return refused_at(status=OUT_OF_RANGE)
        first, last = (days[0], days[-1]) if days else (NEVER, NEVER)
        customers.append([
            str(customer), sum(r[2] >= 0 for r in own), sum(r[2] < 0 for r in own), len(days),
            str(total), str(repeat), first, last, last - first,
            as_of - first if days else 0])
    return dict(status=OK, customers=customers, rows_after=len(rows) - len(known))


def purchase_cases(random):
    def one(id, rows, as_of):
        return (f"purchases_{id}", "fivek_purchases_summarize",
                dict(customer=[str(r[0]) for r in rows], day=[r[1] for r in rows],
                     amount=[str(r[2]) for r in rows], as_of=as_of), summarize(rows, as_of))
    yield one("none", [], 10)
    yield one("one_day_twice", [(7, 100, 5000), (7, 130, 2000), (9, 120, 900), (7, 130, 1000),
                                (9, 151, 1)], 150)
    yield one("credits", [(1, 90, -50), (1, 100, 800), (1, 100, -100), (1, 110, -300),
                          (1, 120, 500), (2, 100, -700), (3, 100, 0)], 130)
    yield one("all_later", [(1, 90, 5), (2, 91, 6)], 89)
    yield one("ids", [(2**64 - 1, 0, 5), (0, 0, 6), (2**63, 0, 7)], 0)
    yield one("too_much", [(1, 0, INT64_MAX), (1, 1, 1)], 5)
    yield one("only_the_sum_counts", [(1, 0, INT64_MAX), (1, 1, 1), (1, 1, -1)], 5)
    yield one("repeat_too_much", [(1, 0, -9), (1, 2, 1), (1, 3, INT64_MAX), (1, 4, 8)], 5)
    yield one("bad_day", [(1, 0, 1), (1, LAST_DAY + 1, 1)], 5)
    for i in range(20):
        rows = [(random.below(6), random.below(40) - 9, random.below(5000) - 900)
                for _ in range(random.below(30))]
        yield one(f"random_{i}", rows, random.below(40) - 9)


# --- RFM ---------------------------------------------------------------------


def mid_ranks(values, classes):
    n = len(values)
    scores = []
    for v in values:
        less, equal = sum(w < v for w in values), sum(w == v for w in values)
        scores.append(1 + int(classes * (less + Fraction(equal - 1, 2)) / n))
    return scores


def rank(values, classes):
    if not 2 <= classes <= 255:
        return refused_at()
    scores = mid_ranks(values, classes)
    made = [[v for v, s in zip(values, scores) if s == score] for score in sorted(set(scores))]
    return dict(status=OK, score=scores,
                classes=[[score, str(min(of)), str(max(of)), len(of)]
                         for score, of in zip(sorted(set(scores)), made)])


def rfm(last, frequency, money, as_of, classes):
    for row, (day, often) in enumerate(zip(last, frequency)):
        if day != NEVER and not FIRST_DAY <= day <= as_of:
            return refused_at(row, 0)
        if often < 0 or day == NEVER and often > 0:
            return refused_at(row, 1)
    there = [i for i, day in enumerate(last) if day != NEVER]
    result = {}
    for name, column, q in zip(("recency", "frequency", "money"), (last, frequency, money),
                               classes):
        scores = dict(zip(there, mid_ranks([column[i] for i in there], q)))
        result[name] = [scores.get(i, 0) for i in range(len(last))]
    return dict(status=OK, **result)


# Segment by recency (rows 1 to 5) and the mean of frequency and money (1 to 5).
GRID = [[10, 10, 7, 7, 8],
        [9, 9, 7, 7, 8],
        [6, 6, 5, 1, 1],
        [4, 2, 2, 1, 1],
        [3, 2, 2, 0, 0]]


def segments(scores, rules=None, axes=EACH, classes=(5, 5, 5), never=NO_ORDERS):
    """`rules`: [segment, three ranges]; None: the built-in ones."""
    def of(r, f, m):
        if rules is None:
            return GRID[r - 1][(f + m + 1) // 2 - 1]
        f = (f + m + 1) // 2 if axes == MEAN else f
        for segment, *ranges in rules:
            asked = [r, f] if axes == MEAN else [r, f, m]
            if all(low <= x <= high for x, (low, high) in zip(asked, ranges)):
                return segment
        return None

    result = []
    for row, (r, f, m) in enumerate(scores):
        if (r, f, m) == (0, 0, 0):
            result.append(never)
            continue
        for column, (x, most) in enumerate(zip((r, f, m), classes)):
            if not 1 <= x <= most:
                return refused_at(row, column)
        result.append(of(r, f, m))
    return dict(status=OK, segment=result)


def rfm_cases(random):
    def ranks(id, values, classes):
        return (f"rank_{id}", "fivek_rank_score",
                dict(value=[str(v) for v in values], classes=classes), rank(values, classes))
    yield ranks("known", [12, 15, 15, 15, 20, 20, 35, 35, 50, 50, 50, 50, 80, 120, 120, 300, 300,
                          300, 300, 1000], 5)
    yield ranks("none", [], 5)
    yield ranks("all_equal", [4] * 9, 5)
    yield ranks("ends", [INT64_MAX, -INT64_MAX - 1, 0, INT64_MAX], 3)
    for classes in (1, 256, 0, -5):
        yield ranks(f"classes_{classes}", [1, 2], classes)
    for n in range(1, 7):
        yield ranks(f"few_{n}", list(range(n)), 5)
    for i in range(15):
        values = [random.below(20) - 5 for _ in range(1 + random.below(25))]
        yield ranks(f"random_{i}", values, random.pick([2, 3, 5, 10, 255]))

    def scores(id, last, frequency, money, as_of, classes=(5, 5, 5)):
        return (f"rfm_{id}", "fivek_rfm_score",
                dict(last_day=last, frequency=[str(x) for x in frequency],
                     money=[str(x) for x in money], as_of=as_of, classes=list(classes)),
                rfm(last, frequency, money, as_of, classes))
    yield scores("known", [100, NEVER, 90, 80, 100], [5, 0, 0, 7, 5], [-10, 9, 500, 20, 20], 100)
    yield scores("after", [100, 101], [1, 1], [1, 1], 100)
    yield scores("below_0", [100, 99], [1, -1], [1, 1], 100)
    yield scores("never_and_often", [100, NEVER], [1, 2], [1, 1], 100)
    for i in range(12):
        n = random.below(25)
        last = [NEVER if random.below(6) == 0 else random.below(30) for _ in range(n)]
        yield scores(f"random_{i}", last, [0 if d == NEVER else random.below(5) for d in last],
                     [random.below(9) - 2 for _ in last], 30,
                     [random.pick([2, 4, 5, 255]) for _ in range(3)])

    def groups(id, rows, rules=None, **how):
        given = dict(recency=[r[0] for r in rows], frequency=[r[1] for r in rows],
                     money=[r[2] for r in rows])
        if rules is not None:
            given.update(rules=[[x for part in r for x in (part if isinstance(part, list)
                                                           else [part])] for r in rules],
                         axes=how.get("axes", EACH), classes=list(how.get("classes", (5, 5, 5))),
                         never_bought=how.get("never", NO_ORDERS))
        return (f"segments_{id}", "fivek_rfm_segments", given, segments(rows, rules, **how))
    every = [(r, f, m) for r in range(1, 6) for f in range(1, 6) for m in range(1, 6)]
    yield groups("built_in", every + [(0, 0, 0)])
    for row in ((0, 1, 1), (1, 0, 1), (1, 1, 0), (6, 1, 1), (1, 6, 1), (1, 1, 6)):
        yield groups("refused_" + "".join(map(str, row)), [(5, 5, 5), row])
    own = [[7, [3, 3], [4, 4], [2, 2]], [1, [2, 3], [1, 4], [1, 2]], [7, [1, 3], [3, 4], [1, 2]],
           [254, [1, 3], [1, 4], [1, 2]]]
    yield groups("first_wins", [(r, f, m) for r in (1, 2, 3) for f in (1, 2, 3, 4)
                                for m in (1, 2)] + [(0, 0, 0)], own, classes=(3, 4, 2), never=200)
    yield groups("mean", every, [[0, [4, 5], [4, 5], [1, 1]], [1, [1, 5], [1, 5], [1, 1]]],
                 axes=MEAN)
    gap = [[1, [2, 5], [1, 5], [1, 5]]]
    hidden = [[1, [1, 5], [1, 5], [1, 5]], [2, [2, 3], [1, 5], [1, 5]]]
    for id, rules, row, column in (
            ("gap", gap, -1, -1), ("hidden", hidden, 1, -1), ("no_rules", [], -1, -1),
            ("backwards", [[1, [1, 5], [5, 1], [1, 5]]], 0, 2),
            ("beyond", [[1, [1, 5], [1, 5], [1, 6]]], 0, 3),
            ("no_such_segment", [[255, [1, 5], [1, 5], [1, 5]]], 0, 0)):
        id, fn, given, _ = groups(id, [], rules)
        yield id, fn, given, refused_at(row, column)


# --- Lifetime values ---------------------------------------------------------


def of(x):
    """A double, exactly."""
    return Decimal(float(x))


@functools.lru_cache(maxsize=4096)
def log_gamma(x):
    """By Stirling's series, far out; in the digits of the context."""
    below = Decimal(1)
    while x < 60:
        below *= x
        x += 1
    # B_2k by Akiyama and Tanigawa.
    total = (x - Decimal("0.5")) * x.ln() - x + (2 * PI).ln() / 2
    for k in range(1, 45):
        b = BERNOULLI[2 * k]
        total += Decimal(b.numerator) / b.denominator / (2 * k * (2 * k - 1)) / x**(2 * k - 1)
    return total - below.ln()


def bernoulli(n):
    numbers, a = [], []
    for m in range(n + 1):
        a.append(Fraction(1, m + 1))
        for j in range(m, 0, -1):
            a[j - 1] = j * (a[j - 1] - a[j])
        numbers.append(a[0])
    return numbers


BERNOULLI = bernoulli(90)
PI = Decimal("3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")


def rise(x, n):
    """Gamma(x + n) / Gamma(x) of a whole n."""
    product = Decimal(1)
    for i in range(n):
        product *= x + i
    return product


def log_beta(a, b):
    return log_gamma(a) + log_gamma(b) - log_gamma(a + b)


def bad_history(x, recency, age):
    """The column that is wrong, or None."""
    if not 0 <= x <= 10**6:
        return 0
    if not 0 <= age <= 1e9:
        return 2
    return None if (recency == 0 if x == 0 else 0 < recency <= age) else 1


def bg_nbd_log(model, x, recency, age):
    r, alpha, a, b = model
    never = r * alpha.ln() - (r + x) * (alpha + age).ln()
    ways = never.exp()
    if x > 0:
        ways += (r * alpha.ln() - (r + x) * (alpha + recency).ln()).exp() * a / (b + x - 1)
    return (rise(r, x) * rise(b, x) / rise(a + b, x) * ways).ln()


def alive(model, x, recency, age):
    r, alpha, a, b = model
    if x == 0:
        return Decimal(1)
    return 1 / (1 + a / (b + x - 1) * ((alpha + age) / (alpha + recency))**(r + x))


def hypergeometric(a, b, c, z):
    term = total = Decimal(1)
    k = 0
    while abs(term) > Decimal(10)**-(DIGITS + 30) * abs(total) or k < 50:
        term *= (a + k) * (b + k) / ((c + k) * (k + 1)) * z
        total += term
        k += 1
    return total


def expected(model, x, age, horizon):
    """Of who is alive; beside a = 1 by how the formula goes on there."""
    r, alpha, a, b = model
    if a == 1:
        a += Decimal(10)**-35
    z = horizon / (alpha + age + horizon)
    c = a + b + x - 1
    return c / (a - 1) * (1 - (1 - z)**(r + x) * hypergeometric(r + x, b + x, c, z))


def outlook(model, x, recency, age, horizon):
    r, alpha = model[:2]
    here = alive(model, x, recency, age)
    since, gap = age - recency, (alpha + recency) / (r + x)
    due = NOT_YET if since <= gap else OVERDUE if 2 * here < 1 else LATE
    return [here, here * expected(model, x, age, horizon), since, gap,
            ((alpha + recency) / (alpha + age))**(r + x), due]


def gamma_gamma_log(model, x, mean):
    p, q, v = model
    return (-log_beta(p * x, q) + q * v.ln() + (p * x - 1) * mean.ln() + p * x * Decimal(x).ln()
            - (p * x + q) * (v + x * mean).ln())


def maximum(function, start, rounds=60):
    """Where a function of positive parameters is largest: Newton's method on
    logarithms, with derivatives by differences in many digits."""
    at = [Decimal(s).ln() for s in start]
    h = Decimal(10)**-15
    n = len(at)

    def value(*moves):
        point = list(at)
        for i, by in moves:
            point[i] += by
        return function([x.exp() for x in point])

    for _ in range(rounds):
        here = value()
        up, down = [value((i, h)) for i in range(n)], [value((i, -h)) for i in range(n)]
        slope = [(u - d) / (2 * h) for u, d in zip(up, down)]
        bend = [[None] * n for _ in range(n)]
        for i in range(n):
            bend[i][i] = (up[i] - 2 * here + down[i]) / h**2
            for j in range(i):
                cross = value((i, h), (j, h)) - value((i, h), (j, -h)) - value(
                    (i, -h), (j, h)) + value((i, -h), (j, -h))
                bend[i][j] = bend[j][i] = cross / (4 * h**2)
        inverse = inverted(bend)
        step = [-sum(x * s for x, s in zip(row, slope)) for row in inverse]
        longest = max(abs(s) for s in step)
        share = min(Decimal(1), Decimal("0.5") / longest) if longest else Decimal(1)
        at = [x + share * s for x, s in zip(at, step)]
        if longest < Decimal(10)**-14:
            errors = [(-inverse[i][i]).sqrt() for i in range(n)]
            return [x.exp() for x in at], errors
    raise ValueError("no maximum")


def inverted(matrix):
    n = len(matrix)
    rows = [list(row) + [Decimal(i == j) for j in range(n)] for i, row in enumerate(matrix)]
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(rows[i][k]))
        rows[k], rows[best] = rows[best], rows[k]
        rows[k] = [x / rows[k][k] for x in rows[k]]
        for i in range(n):
            if i != k:
                rows[i] = [x - rows[i][k] * y for x, y in zip(rows[i], rows[k])]
    return [row[n:] for row in rows]


def fit(function, start, customers, repeaters):
    with localcontext(Context(prec=DIGITS)):
        at, errors = maximum(function, start)
        return dict(status=OK, model=at, standard_error=[e * x for e, x in zip(errors, at)],
                    log_likelihood=function(at), customers=customers, repeaters=repeaters)


PAPER = [0.243, 4.414, 0.793, 2.426]
PAPER_VALUE = [6.25, 3.74, 15.44]
FITTED = ([0, 0, 1, 2, 6, 1], [0, 0, 4, 10, 30, 2], [30, 35, 30, 36, 32, 38])
SPENT = ([1, 1, 1, 1, 1, 1, 2, 3, 4, 8], [3, 40, 10, 90, 20, 250, 15, 60, 22, 30])


def lifetime_cases(random):
    def columns(rows):
        return dict(frequency=[str(r[0]) for r in rows], recency=[r[1] for r in rows],
                    age=[r[2] for r in rows])

    def known(rows, one):
        with localcontext(Context(prec=DIGITS + 40)):
            for row, r in enumerate(rows):
                column = bad_history(*r[:3])
                if column is not None:
                    return refused_at(row, column)
            return [one(r[0], *map(of, r[1:])) for r in rows]

    def predict(id, model, rows, horizon):
        m = [of(x) for x in model]
        out = known(rows, lambda *h: outlook(m, *h, of(horizon)))
        if isinstance(out, list):
            names = ("alive", "expected", "since", "gap", "waits", "due")
            out = dict(status=OK, **{n: [o[i] for o in out] for i, n in enumerate(names)})
        return (f"outlook_{id}", "fivek_bg_nbd_predict",
                dict(model=model, **columns(rows), horizon=horizon), out)

    def likely(id, model, rows):
        m = [of(x) for x in model]
        out = known(rows, lambda *h: bg_nbd_log(m, *h))
        out = out if isinstance(out, dict) else dict(status=OK, out=out)
        return (f"bg_nbd_log_{id}", "fivek_bg_nbd_log_likelihood",
                dict(model=model, **columns(rows)), out)

    rows = [(2, 30.43, 38.86), (0, 0.0, 38.86), (26, 30.86, 31.0), (1, 1.71, 38.86),
            (20, 20.0, 60.0), (20, 20.0, 21.5), (0, 0.0, 0.0)]
    models = [PAPER, [2.0, 10.0, 1.0, 3.0], [0.5, 3.0, 2.5, 0.4], [30.0, 20.0, 0.2, 8.0]]
    for i, model in enumerate(models):
        yield likely(f"known_{i}", model, rows)
        for horizon in (0, 0.001, 39, 500):
            yield predict(f"known_{i}_{horizon}", model, rows, horizon)
    for id, row in (("after_age", (1, 9.0, 8.0)), ("no_recency", (1, 0.0, 8.0)),
                    ("recency_of_none", (0, 1.0, 8.0)), ("below_0", (-1, 0.0, 8.0)),
                    ("age", (0, 0.0, -1.0))):
        yield predict(f"refused_{id}", PAPER, rows[:2] + [row], 39)
        yield likely(f"refused_{id}", PAPER, rows[:1] + [row])
    for i in range(8):
        some = []
        for _ in range(4):
            age = float(1 + random.below(60))
            x = random.below(9)
            some.append((x, age * (1 + random.below(8)) / 8 if x else 0.0, age))
        model = [(1 + random.below(40)) / 8 for _ in range(4)]
        yield predict(f"random_{i}", model, some, 1 + random.below(90))
        yield likely(f"random_{i}", model, some)

    def fitted(id, frequency, recency, age):
        histories = [(x, of(t), of(T)) for x, t, T in zip(frequency, recency, age)]
        return (f"bg_nbd_fit_{id}", "fivek_bg_nbd_fit",
                columns(list(zip(frequency, recency, age))),
                fit(lambda m: sum(bg_nbd_log(m, *h) for h in histories),
                    [Decimal("0.7"), Decimal(6), Decimal("0.5"), Decimal("0.5")],
                    len(histories), sum(x > 0 for x in frequency)))
    yield fitted("six", *FITTED)
    yield fitted("upside_down", *[c[::-1] for c in FITTED])
    yield fitted("four", [0, 1, 6, 2], [0, 2, 30, 9], [30, 30, 32, 36])
    for id, column in (("nobody", ([0, 0], [0, 0], [30, 35])), ("none", ([], [], [])),
                       ("one", ([3], [20], [30])), ("alike", ([3] * 9, [20] * 9, [30] * 9))):
        yield (f"bg_nbd_fit_{id}", "fivek_bg_nbd_fit", columns(list(zip(*column))),
               refused_at(status=FAILED_PRECONDITION))
    yield ("bg_nbd_fit_after_age", "fivek_bg_nbd_fit",
           columns([(1, 5.0, 9.0), (1, 9.0, 8.0)]), refused_at(1, 1))

    def spent(id, frequency, mean):
        there = [(x, of(m)) for x, m in zip(frequency, mean) if x]
        return (f"gamma_gamma_fit_{id}", "fivek_gamma_gamma_fit",
                dict(frequency=[str(x) for x in frequency], mean_value=mean),
                fit(lambda m: sum(gamma_gamma_log(m, *s) for s in there),
                    [Decimal(1), Decimal(4), Decimal(125)], len(there), len(there)))
    ten = spent("ten", *SPENT)
    yield ten
    # Who has no repeat purchase is left out.
    yield ("gamma_gamma_fit_others", "fivek_gamma_gamma_fit",
           dict(frequency=["0"] + ten[2]["frequency"] + ["0"],
                mean_value=[-1] + SPENT[1] + [0]), ten[3])
    for id, frequency, mean in (("alike", [3] * 9, [5] * 9), ("none", [0, 0], [0, 0]),
                                ("one", [2], [5])):
        yield (f"gamma_gamma_fit_{id}", "fivek_gamma_gamma_fit",
               dict(frequency=[str(x) for x in frequency], mean_value=mean),
               refused_at(status=FAILED_PRECONDITION))
    yield ("gamma_gamma_fit_mean_0", "fivek_gamma_gamma_fit",
           dict(frequency=["1", "2"], mean_value=[4, 0]), refused_at(1, 1))

    def value(id, model, frequency, mean):
        p, q, v = map(Fraction, model)
        out = []
        for x, m in zip(frequency, mean):
            shape = p * x + q - 1
            out.append(p * (v + (x * Fraction(m) if x else 0)) / shape if shape > 0 else "inf")
        return (f"value_{id}", "fivek_gamma_gamma_predict",
                dict(model=model, frequency=[str(x) for x in frequency], mean_value=mean),
                dict(status=OK, out=out))
    yield value("paper", PAPER_VALUE, [2, 1, 0, 7], [22.35, 11.77, 0.0, 73.74])
    yield value("no_mean", [0.25, 0.5, 5.0], [0, 1, 2, 3], [0, 3, 3, 3])
    yield ("value_refused", "fivek_gamma_gamma_predict",
           dict(model=PAPER_VALUE, frequency=["1", "2"], mean_value=[4, -1]), refused_at(1, 1))
    with localcontext(Context(prec=DIGITS)):
        for id, model, frequency, mean in (
                ("paper", PAPER_VALUE, [2, 1, 7], [22.35, 11.77, 73.74]),
                ("cents", [2.5, 0.75, 900.0], [1, 30, 200], [5.0, 1e4, 3e6])):
            m = [of(x) for x in model]
            yield (f"gamma_gamma_log_{id}", "fivek_gamma_gamma_log_likelihood",
                   dict(model=model, frequency=[str(x) for x in frequency], mean_value=mean),
                   dict(status=OK, out=[gamma_gamma_log(m, x, of(y))
                                        for x, y in zip(frequency, mean)]))
    yield ("gamma_gamma_log_none", "fivek_gamma_gamma_log_likelihood",
           dict(model=PAPER_VALUE, frequency=["0"], mean_value=[4]), refused_at(0, 0))

    with localcontext(Context(prec=DIGITS + 40)):
        for i, model in enumerate(models[:3]):
            new = [0, 1, 39, 500]
            m = [of(x) for x in model]
            for t in new:
                yield (f"new_{i}_{t}", "fivek_bg_nbd_expect_new", dict(model=model, horizon=t),
                       dict(status=OK, expected=expected(m, 0, of(0), of(t))))

        def worth(id, model, rows, order, months, discount, month):
            m, month = [of(x) for x in model], of(month)
            out = []
            for (x, recency, age), each in zip(rows, order):
                h = (x, of(recency), of(age))
                made = [expected(m, x, h[2], i * month) for i in range(months + 1)]
                out.append(of(each) * alive(m, *h) * sum(
                    (made[i] - made[i - 1]) / (1 + of(discount))**i
                    for i in range(1, months + 1)))
            return (f"lifetime_{id}", "fivek_lifetime_value",
                    dict(model=model, **columns(rows), value_per_order=order, months=months,
                         monthly_discount=discount, month=float(month)),
                    dict(status=OK, out=out))
        yield worth("paper", PAPER, rows[:1], [24.663713910761153], 12, 0.01, 30 / 7)
        yield worth("weeks", PAPER, rows, [10.0, 20.0, 30.5, 0.0, 1e6, 7.0, 9.0], 6, 0.02, 30 / 7)
        yield worth("pole", models[1], rows[:3], [10.0, 20.0, 30.0], 3, 0.0, 30.0)
    yield ("lifetime_refused_value", "fivek_lifetime_value",
           dict(model=PAPER, **columns(rows[:2]), value_per_order=[1, -1], months=12,
                monthly_discount=0.01, month=30.0), refused_at(1, 3))
    yield ("lifetime_refused_months", "fivek_lifetime_value",
           dict(model=PAPER, **columns(rows[:1]), value_per_order=[1], months=0,
                monthly_discount=0.01, month=30.0), refused_at())


def self_check():
    assert mid_ranks([12, 15, 15, 15, 20], 5) == [1, 3, 3, 3, 5]
    with localcontext(Context(prec=DIGITS)):
        assert abs(log_gamma(Decimal(6)) - Decimal(120).ln()) < Decimal(10)**-50
        model = [of(x) for x in PAPER]
        row = (2, of(30.43), of(38.86))
        assert abs(bg_nbd_log(model, *row) - Decimal("-9.45860630706627")) < Decimal("1e-14")
        known = outlook(model, *row, Decimal(39))
        assert abs(known[0] - Decimal("0.726578570080673")) < Decimal("1e-14")
        assert abs(known[1] - Decimal("1.2260281747671444")) < Decimal("1e-14")
