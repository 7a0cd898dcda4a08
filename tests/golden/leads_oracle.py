"""The oracle of leads.json: leads, who gets them, territories, visits, seats.

Worked out by trying all, or by the rules as they are written, with exact
integers; what decays in 60 digits. make_golden.py calls cases().
"""

import decimal
import itertools
from decimal import Decimal
from fractions import Fraction

OK, INVALID_ARGUMENT, OUT_OF_RANGE = 0, 3, 11
UNKNOWN = 255
NO_DAY = -2**31
INT32_MAX, INT64_MAX = 2**31 - 1, 2**63 - 1
MOST_SCORE, MOST_WORKLOAD, MOST_SEATS = 2**60, 2**61, 2**50
DIGITS = decimal.Context(prec=60)


def ok(**fields):
    return {"status": OK, **fields}


def refused(row=-1, column=-1, status=INVALID_ARGUMENT):
    return {"status": status, "row": row, "column": column}


def texts(numbers):
    return [str(x) for x in numbers]


# --- Leads -------------------------------------------------------------------


def classify(funds, thresholds):
    for k, (below, x) in enumerate(zip([0] + thresholds, thresholds)):
        if x <= below:
            return refused(k)
    for row, x in enumerate(funds):
        if x < -1:
            return refused(row, 0)
    return ok(lead_class=[UNKNOWN if x < 0 else sum(t > x for t in thresholds)
                          for x in funds])


def value_of(funds, ppm):
    return -1 if funds < 0 or ppm < 0 else round(Fraction(funds * ppm, 10**6))


def fault(funds, ppm):
    for row, x in enumerate(funds):
        if x < -1:
            return refused(row, 0)
    for row, x in enumerate(ppm):
        if not -1 <= x <= 10**6:
            return refused(row, 1)
    return None


def value(funds, probability):
    return fault(funds, probability) or ok(
        value=texts(map(value_of, funds, probability)))


def rank(funds, probability, id):
    bad = fault(funds, probability)
    if bad:
        return bad
    seen = {}
    again = [row for row, x in enumerate(id) if seen.setdefault(x, row) != row]
    if again:
        return refused(min(again, key=lambda row: (id[row], row)), 2)
    v = list(map(value_of, funds, probability))
    order = sorted(range(len(v)), key=lambda i: (
        -v[i], -probability[i] if v[i] >= 0 else 0, id[i]))
    return ok(value=texts(v), order=order,
              rank=[1 + sum(x > y for x in v) if y >= 0 else 0 for y in v])


def qualify(key_person, wish, means):
    verdict, opened, failed = [], [], []
    for row, answers in enumerate(zip(key_person, wish, means)):
        if any(a not in (0, 1, UNKNOWN) for a in answers):
            return refused(row)
        opened.append(sum(1 << q for q, a in enumerate(answers) if a == UNKNOWN))
        failed.append(sum(1 << q for q, a in enumerate(answers) if a == 0))
        verdict.append(2 if failed[-1] else 0 if opened[-1] else 1)
    return ok(verdict=verdict, open=opened, failed=failed)


def follow_up(lead_class, last_contact, interval, today):
    for k, days in enumerate(interval):
        if days < 1:
            return refused(k)
    due, state = [], []
    for row, (c, last) in enumerate(zip(lead_class, last_contact)):
        if c != UNKNOWN and c >= len(interval):
            return refused(row, 5)
        if last > today:
            return refused(row, 6)
        if last == NO_DAY:
            due.append(today)
            state.append(1)
        elif c == UNKNOWN:
            due.append(NO_DAY)
            state.append(3)
        else:
            day = last + interval[c]
            if day > INT32_MAX:
                return refused(row, 6, OUT_OF_RANGE)
            due.append(day)
            state.append(0 if day < today else 1 if day == today else 2)
    return ok(due=due, state=state)


def forecast(team, funds, probability, close_day, from_day, to_day):
    if from_day > to_day:
        return refused()
    bad = fault(funds, probability)
    if bad:
        return bad
    names = ("leads", "value", "funds", "without_probability",
             "funds_without_probability", "without_funds", "undated", "outside")

    def sums(rows):
        s = dict.fromkeys(names, 0)
        for i in rows:
            if close_day[i] == NO_DAY:
                s["undated"] += 1
            elif not from_day <= close_day[i] < to_day:
                s["outside"] += 1
            elif funds[i] < 0:
                s["without_funds"] += 1
            elif probability[i] < 0:
                s["without_probability"] += 1
                s["funds_without_probability"] += funds[i]
            else:
                s["leads"] += 1
                s["funds"] += funds[i]
                s["value"] += Fraction(funds[i] * probability[i], 10**6)
        s["value"] = round(s["value"])
        return s
    rows = range(len(team))
    parts = [(t, sums([i for i in rows if team[i] == t])) for t in sorted(set(team))]
    parts.append((0, sums(rows)))
    if any(x > INT64_MAX for _, s in parts for x in s.values()):
        return refused(status=OUT_OF_RANGE)
    lines = [texts([t] + [s[name] for name in names]) for t, s in parts]
    return ok(teams=lines[:-1], total=lines[-1])


def decay(value, age, half_life):
    if half_life < 1:
        return refused()
    out = []
    for row, (v, a) in enumerate(zip(value, age)):
        if v < 0:
            return refused(row, 0)
        if a < 0:
            return refused(row, 1)
        whole, rest = divmod(a, half_life)
        if rest == 0:
            out.append(round(Fraction(v, 2**min(whole, 99))))
            continue
        with decimal.localcontext(DIGITS):
            left = v * (Decimal(2).ln() * -a / half_life).exp()
            out.append(int(left.to_integral_value(decimal.ROUND_HALF_EVEN)))
    return ok(out=out)


# --- Assignment --------------------------------------------------------------


def by_enumeration(score, capacity):
    """(total, the lexicographically first optimum), unassigned last."""
    sellers = len(capacity)
    best = (-1, None)
    for choice in itertools.product(range(sellers + 1), repeat=len(score)):
        if any(choice.count(s) > capacity[s] for s in range(sellers)):
            continue
        if any(s < sellers and score[l][s] < 0 for l, s in enumerate(choice)):
            continue
        total = sum(score[l][s] for l, s in enumerate(choice) if s < sellers)
        if total > best[0]:  # Choices come in lexicographical order.
            best = (total, choice)
    return best


def by_cycles(score, capacity):
    """The same for more leads: scores of one number, in which the lead's place
    in the order counts less than any score; then cycles that gain are taken
    until there are none."""
    leads, sellers = len(score), len(capacity)
    base = sellers + 1
    weight = [[None if s < sellers and score[l][s] < 0 else
               (score[l][s] if s < sellers else 0) * base**(leads + 1) +
               (sellers - s) * base**(leads - 1 - l) for s in range(base)]
              for l in range(leads)]
    at = [sellers] * leads
    # What holds a place without being a lead may stand anywhere.
    empty = list(capacity)
    while True:
        gain = {}
        for l, a in enumerate(at):
            for b in range(base):
                if b != a and weight[l][b] is not None:
                    new = (weight[l][b] - weight[l][a], l)
                    gain[a, b] = max(gain.get((a, b), new), new)
        for a in range(base):
            if a == sellers or empty[a]:
                for b in range(base):
                    if b != a:
                        gain[a, b] = max(gain.get((a, b), (0, -1)), (0, -1))
        far, before = [0] * base, [None] * base
        changed = None
        for _ in range(base):
            changed = None
            for (a, b), (g, _) in gain.items():
                if far[a] + g > far[b]:
                    far[b], before[b], changed = far[a] + g, a, b
        if changed is None:
            break
        for _ in range(base):
            changed = before[changed]
        node = changed
        while True:
            a = before[node]
            lead = gain[a, node][1]
            if lead >= 0:
                at[lead] = node
            node = a
            if node == changed:
                break
        empty = [capacity[s] - at.count(s) for s in range(sellers)]
    return sum(score[l][s] for l, s in enumerate(at) if s < sellers), tuple(at)


def greedy_by_edge(score, capacity):
    edges = sorted((-x, l, s) for l, row in enumerate(score) for s, x in enumerate(row) if x >= 0)
    left, taken, total = list(capacity), set(), 0
    for x, l, s in edges:
        if l not in taken and left[s] > 0:
            taken.add(l)
            left[s] -= 1
            total -= x
    return total


def greedy_by_lead(score, capacity):
    left, total = list(capacity), 0
    for row in score:
        able = [(x, -s) for s, x in enumerate(row) if x >= 0 and left[s] > 0]
        if able:
            x, s = max(able)
            left[-s] -= 1
            total += x
    return total


def assign(score, capacity, lead_id=None, seller_id=None):
    leads, sellers = len(score), len(capacity)
    for row, x in enumerate(capacity):
        if x < 0:
            return refused(row)
    for l, row in enumerate(score):
        for s, x in enumerate(row):
            if x > MOST_SCORE:
                return refused(l, s)
    small = (sellers + 1)**leads <= 70000
    solve = by_enumeration if small else by_cycles
    by_lead = sorted(range(leads), key=lambda l: lead_id[l] if lead_id else l)
    by_seller = sorted(range(sellers), key=lambda s: seller_id[s] if seller_id else s)
    score = [[score[l][s] for s in by_seller] for l in by_lead]
    capacity = [capacity[s] for s in by_seller]
    total, choice = solve(score, capacity)
    if small and leads:
        assert by_cycles(score, capacity) == (total, choice)
    if total > INT64_MAX:
        return refused(status=OUT_OF_RANGE)
    seller, lead_price, seller_price = [-1] * leads, [0] * leads, [0] * sellers
    for l, s in enumerate(choice):
        if s < sellers:
            seller[by_lead[l]] = by_seller[s]
        without = score[:l] + [[-1] * sellers] + score[l + 1:]
        lead_price[by_lead[l]] = total - solve(without, capacity)[0]
    for s in range(sellers):
        more = capacity[:s] + [capacity[s] + 1] + capacity[s + 1:]
        seller_price[by_seller[s]] = solve(score, more)[0] - total
    in_order = [capacity[by_seller.index(s)] for s in range(sellers)]
    bound = sum(lead_price) + sum(c * p for c, p in zip(in_order, seller_price))
    assert bound == total
    return ok(seller=seller, total=str(total), bound=str(bound), gap="0",
              seller_price=texts(seller_price), lead_price=texts(lead_price),
              unassigned=seller.count(-1),
              greedy_by_edge=str(greedy_by_edge(score, capacity)),
              greedy_by_lead=str(greedy_by_lead(score, capacity)))


def round_robin(weight, absent, credit, n):
    served = [w > 0 and not (absent and absent[i]) for i, w in enumerate(weight)]
    for row, w in enumerate(weight):
        if not 0 <= w <= 10**6:
            return refused(row, 0)
        if absent and absent[row] > 1:
            return refused(row, 1)
        if abs(credit[row]) > 2 * 10**18:
            return refused(row, 2)
    if not any(served):
        return refused()
    credit, turns = list(credit), []
    for _ in range(n):
        credit = [c + w * on for c, w, on in zip(credit, weight, served)]
        turn = max((c, -i) for i, c in enumerate(credit) if served[i])[1] * -1
        credit[turn] -= sum(w for w, on in zip(weight, served) if on)
        turns.append(turn)
    return ok(seller=turns, credit=texts(credit))


# --- Territories -------------------------------------------------------------


def loads(workload, seller, sellers):
    return [sum(w for w, s in zip(workload, seller) if s == one) for one in range(sellers)]


def even_out(workload, seller, sellers, most, once):
    """Step by step, each time the best of all steps there are."""
    seller, moves, moved = list(seller), [], set()

    def best_step(most):
        load, found = loads(workload, seller, sellers), None
        for a, b in itertools.combinations(range(sellers), 2):
            full, other = (a, b) if load[a] >= load[b] else (b, a)
            gap = load[full] - load[other]
            for i in range(len(seller)):
                if seller[i] != full or i in moved:
                    continue
                for j in [None] + [j for j in range(len(seller))
                                   if seller[j] == other and j not in moved]:
                    shift = workload[i] - (0 if j is None else workload[j])
                    accounts = 1 if j is None else 2
                    if not 0 < shift < gap or accounts > most:
                        continue
                    key = (Fraction(shift * (gap - shift), accounts), -a, -b, -accounts,
                           workload[i], 0 if j is None else workload[j], -i, 0 if j is None else -j)
                    if found is None or key > found[0]:
                        found = (key, i, j, full, other)
        return found
    while most > 0:
        step = best_step(most)
        if step is None:
            break
        _, i, j, full, other = step
        for row, a, b in ((i, full, other), (j, other, full)):
            if row is None:
                continue
            seller[row] = b
            moves.append([row, a, b])
            most -= 1
            if once:
                moved.add(row)
    return seller, moves, best_step(INT64_MAX) is not None


def lower_bound(workload, sellers):
    falling = sorted(workload, reverse=True)
    bounds = [-(-sum(workload) // sellers)]
    for k in range(len(falling)):
        if k * sellers + 1 <= len(falling):
            first = falling[:k * sellers + 1]
            bounds.append(sum(first[len(first) - k - 1:]))
    return max(bounds)


def territory_fault(workload, sellers):
    if not 1 <= sellers <= 1000:
        return refused()
    total = 0
    for row, w in enumerate(workload):
        if w < 0:
            return refused(row, 0)
        total += w
        if total > MOST_WORKLOAD:
            return refused(row, 0, OUT_OF_RANGE)
    return None


def territories(first, last, workload, sellers, limited):
    before, after = loads(workload, first, sellers), loads(workload, last, sellers)
    bound = lower_bound(workload, sellers)
    return dict(total=str(sum(workload)), first_max=str(max(before)),
                first_min=str(min(before)), max=str(max(after)), min=str(min(after)),
                bound=str(bound), gap=str(max(after) - bound), limited=int(limited))


def balance(workload, sellers):
    bad = territory_fault(workload, sellers)
    if bad:
        return bad
    first, load = [0] * len(workload), [0] * sellers
    for row in sorted(range(len(workload)), key=lambda i: (-workload[i], i)):
        s = load.index(min(load))
        first[row] = s
        load[s] += workload[row]
    last, _, limited = even_out(workload, first, sellers, INT64_MAX, False)
    return ok(load=texts(loads(workload, last, sellers)),
              **territories(first, last, workload, sellers, limited))


def rebalance(workload, seller, sellers, most_moved):
    bad = territory_fault(workload, sellers)
    if bad:
        return bad
    for row, s in enumerate(seller):
        if not 0 <= s < sellers:
            return refused(row, 1)
    if most_moved < 0:
        return refused()
    last, moves, limited = even_out(workload, seller, sellers, most_moved, True)
    return ok(load=texts(loads(workload, seller, sellers)), moves=moves,
              **territories(seller, last, workload, sellers, limited))


# --- Visits and events -------------------------------------------------------


def visit_mix(visits, cap=2, mix_ppm=(650000, 250000, 100000)):
    if cap < 1 or any(not 0 <= x <= 10**6 for x in mix_ppm):
        return refused()
    for row, v in enumerate(visits):
        if not 0 <= v <= INT32_MAX:
            return refused(row, 0)
    seen = [v for v in visits if v > 0]
    accounts = [seen.count(1), seen.count(2), sum(v > 2 for v in seen)]
    share = [Fraction(a, len(seen)) * 10**6 if seen else 0 for a in accounts]
    broken = 0
    if seen:
        broken = ((share[0] < mix_ppm[0]) + 2 * (share[1] > mix_ppm[1]) +
                  4 * (share[2] > mix_ppm[2]))
    over = [row for row, v in enumerate(visits) if v > cap]
    return ok(unseen=visits.count(0), seen=len(seen), accounts=accounts,
              share_ppm=[round(x) for x in share], broken=int(broken), visits=sum(visits),
              visits_over_cap=sum(visits[row] - cap for row in over), over_cap=over)


def seats_fault(seats, weight, least, most):
    if not 0 <= seats <= MOST_SEATS:
        return refused()
    low = least or [0] * len(weight)
    high = most or [max(seats, x) for x in low]
    for row in range(len(weight)):
        if low[row] < 0:
            return refused(row, 1)
        if high[row] < low[row]:
            return refused(row, 2)
    able = sum(low[i] if weight[i] == 0 else min(high[i], max(seats, low[i]))
               for i in range(len(weight)))
    return None if sum(low) <= seats <= able else refused()


def seats_of(seats, weight, least=None, most=None):
    """Seat by seat, by fractions."""
    x = list(least or [0] * len(weight))
    for _ in range(seats - sum(x)):
        able = [i for i in range(len(weight)) if weight[i] > 0 and
                (most is None or x[i] < most[i])]
        x[max(able, key=lambda i: (Fraction(weight[i], 2 * x[i] + 1), -i))] += 1
    return x


def apportion(seats, weight, least=None, most=None):
    return seats_fault(seats, weight, least, most) or ok(
        out=texts(seats_of(seats, weight, least, most)))


def invite(seats, share, need, classes, least=None, most=None):
    if classes == 0:
        return refused(-1, 3)
    bad = seats_fault(seats, share, least, most)
    if bad:
        return bad
    by_territory = seats_of(seats, share, least, most)
    table = []
    for t, due in enumerate(by_territory):
        wanted = need[t * classes:(t + 1) * classes]
        if due and not any(wanted):
            return refused(t, 3)
        table += seats_of(due, wanted) if due else [0] * classes
    return ok(by_territory=texts(by_territory), table=texts(table),
              by_class=texts(sum(table[c::classes]) for c in range(classes)))


# --- Cases -------------------------------------------------------------------


def as_text(values):
    """Amounts are texts; -1, which is none, too."""
    return texts(values)


def lead_cases(rng):
    for id, funds, thresholds in (
            ("reference", [0, 999, 1000, 1199, 1200, INT64_MAX, -1], [1000, 1200]),
            ("one", [5, 4], [5]), ("none", [], [7]),
            ("falls", [1], [9, 9]), ("zero", [1], [0, 5]), ("below", [0, -2], [5])):
        yield (f"classify_{id}", "fivek_leads_classify",
               {"funds": as_text(funds), "thresholds": as_text(thresholds)},
               classify(funds, thresholds))
    funds = [rng.below(20_000_000) for _ in range(20)]
    yield ("classify_default", "fivek_leads_classify", {"funds": as_text(funds)},
           classify(funds, [1_000_000, 10_000_000]))

    def some(n, limit=10**9):
        return ([-1 if rng.below(9) == 0 else rng.below(limit) for _ in range(n)],
                [-1 if rng.below(9) == 0 else rng.below(5) * 250_000 if rng.below(2) else
                 rng.below(10**6 + 1) for _ in range(n)])
    rows = [("ties", [1, 3, 5, INT64_MAX, INT64_MAX], [500_000] * 3 + [10**6, 999_999]),
            ("none", [], []), ("funds", [5, -2], [1, 1]), ("above", [1, 1, 1], [0, 1, 10**6 + 1]),
            ("below", [1], [-2])] + [(f"random_{i}", *some(25)) for i in range(4)]
    for id, funds, ppm in rows:
        yield (f"value_{id}", "fivek_leads_value",
               {"funds": as_text(funds), "probability": ppm}, value(funds, ppm))
    for i in range(8):
        funds, ppm = some(18, 12)
        ids = [rng.next() >> 1 for _ in funds]
        if i == 7:
            ids[11] = ids[4]
        yield (f"rank_{i}", "fivek_leads_rank",
               {"funds": as_text(funds), "probability": ppm, "id": texts(ids)},
               rank(funds, ppm, ids))
    answers = list(zip(*itertools.product((0, 1, UNKNOWN), repeat=3)))
    for id, (a, b, c) in (("all", answers), ("bad", ([1, 1], [1, 1], [0, 2])),
                          ("none", ([], [], []))):
        yield (f"qualify_{id}", "fivek_leads_qualify",
               {"key_person": list(a), "wish": list(b), "means": list(c)}, qualify(a, b, c))

    for id, c, last, interval, today in (
            ("states", [0, 0, 0, 1, 2, 255, 255], [92, 93, 94, NO_DAY, 71, 90, NO_DAY],
             [7, 14, 30], 100),
            ("class", [0, 3], [1, 1], [1, 2, 3], 5), ("interval", [0], [1], [1, 0], 5),
            ("future", [0, 0], [5, 6], [1], 5), ("none", [], [], [1], 0),
            ("too_far", [0], [INT32_MAX - 6], [7], INT32_MAX),
            ("farthest", [0], [INT32_MAX - 7], [7], INT32_MAX),
            ("earliest", [0, 0], [NO_DAY + 1, NO_DAY], [7], NO_DAY + 1)):
        yield (f"follow_up_{id}", "fivek_leads_follow_up",
               {"lead_class": c, "last_contact": last, "interval": interval, "today": today},
               follow_up(c, last, interval, today))

    def outlook(id, team, funds, ppm, close, from_day=10, to_day=40):
        return (f"forecast_{id}", "fivek_leads_forecast",
                {"team": texts(team), "funds": as_text(funds), "probability": ppm,
                 "close_day": close, "from_day": from_day, "to_day": to_day},
                forecast(team, funds, ppm, close, from_day, to_day))
    yield outlook("twice_a_half", [7, 7], [123450] * 2, [250_000] * 2, [10, 39])
    yield outlook("edges", [1] * 4, [1] * 4, [10**6] * 4, [9, 10, 39, 40])
    yield outlook("none", [], [], [], [])
    yield outlook("window", [1], [1], [1], [1], 5, 4)
    yield outlook("too_much", [1, 2], [INT64_MAX] * 2, [10**6] * 2, [10] * 2)
    yield outlook("largest", [1, 2], [INT64_MAX, 0], [10**6] * 2, [10] * 2)
    yield outlook("too_much_unknown", [1, 2], [INT64_MAX] * 2, [-1] * 2, [10] * 2)
    yield outlook("bad", [1, 2], [1, 1], [1, 10**6 + 1], [10] * 2)
    for i in range(5):
        n = 30
        funds, ppm = some(n)
        yield outlook(f"random_{i}", [rng.below(5) * 2**60 for _ in range(n)], funds, ppm,
                      [NO_DAY if rng.below(9) == 0 else rng.below(50) for _ in range(n)])

    for id, values, ages, half in (
            ("whole", [10**6, 10**6 + 1, 10**6 + 3, 123457, INT32_MAX, INT32_MAX, 1],
             [30, 30, 30, 0, 31 * 30, 32 * 30, INT32_MAX - INT32_MAX % 30], 30),
            ("days", [10**6] * 40, list(range(40)), 7), ("value", [0, -1], [0, 0], 1),
            ("age", [0, 0], [0, -1], 1), ("half_life", [1], [1], 0),
            ("longest", [10**6, INT32_MAX, INT32_MAX], [INT32_MAX, INT32_MAX, 1], INT32_MAX)):
        yield (f"decay_{id}", "fivek_leads_decay",
               {"value": values, "age": ages, "half_life": half}, decay(values, ages, half))
    for i in range(4):
        values = [rng.below(INT32_MAX) for _ in range(25)]
        ages = [rng.below(4000) for _ in values]
        half = 1 + rng.below(400)
        yield (f"decay_random_{i}", "fivek_leads_decay",
               {"value": values, "age": ages, "half_life": half}, decay(values, ages, half))


def assignment_cases(rng):
    def one(id, score, capacity, **ids):
        return (f"assign_{id}", "fivek_leads_assign",
                {"score": as_text(x for row in score for x in row), "leads": len(score),
                 "capacity": as_text(capacity), **{k: texts(v) for k, v in ids.items()}},
                assign(score, capacity, **ids))
    reference = [[3, 64, 27], [7, 76, 99], [35, 95, 86], [52, 43, 78], [41, 18, 86],
                 [17, 18, 58], [12, 79, 87], [86, 40, 96]]
    yield one("reference", reference, [3, 3, 2])
    yield one("reference_few", reference, [2, 1, 1])
    yield one("reference_one", reference, [1, 0, 0])
    yield one("no_sellers", [[], []], [])
    yield one("no_leads", [], [2, 0])
    yield one("zero_and_below", [[0, -1], [-5, -1], [0, 0]], [1, 5])
    yield one("all_equal", [[4] * 3] * 5, [1, 2, 1])
    yield one("largest", [[MOST_SCORE, MOST_SCORE - 1], [MOST_SCORE, -1]], [1, INT64_MAX])
    yield one("too_high", [[1, 2], [1, MOST_SCORE + 1]], [1, 1])
    yield one("capacity", [[1, 2]], [1, -1])
    yield one("too_much", [[MOST_SCORE]] * 8, [8])
    for i in range(30):
        leads, sellers = 1 + rng.below(6), 1 + rng.below(3)
        limit = 2 + rng.below(9)
        score = [[-1 if rng.below(8) == 0 else rng.below(limit) for _ in range(sellers)]
                 for _ in range(leads)]
        ids = {}
        if i % 3 == 1:
            ids["lead_id"] = [rng.next() >> 1 for _ in range(leads)]
        if i % 3 == 2:
            ids["seller_id"] = [rng.next() >> 1 for _ in range(sellers)]
        yield one(f"small_{i}", score, [rng.below(4) for _ in range(sellers)], **ids)
    for i in range(6):
        limit = (3, 50, 10**6)[i % 3]
        leads, sellers = 16 + 4 * (i // 3), 4
        score = [[rng.below(limit) for _ in range(sellers)] for _ in range(leads)]
        yield one(f"larger_{i}", score, [1 + rng.below(6) for _ in range(sellers)])

    def turns(id, weight, n, absent=None, credit=None):
        credit = credit or [0] * len(weight)
        given = {"weight": weight, "credit": texts(credit), "n": n}
        if absent:
            given["absent"] = absent
        return (f"turns_{id}", "fivek_round_robin_next", given,
                round_robin(weight, absent, credit, n))
    yield turns("reference", [5, 1, 1], 14)
    yield turns("zero", [0, 3, 2], 10)
    yield turns("absent", [1, 2, 3, 4], 12, [0, 0, 1, 0], [5, -5, 3, -3])
    yield turns("nobody", [1, 0], 1, [1, 0])
    yield turns("weight", [1, 10**6 + 1], 1)
    yield turns("credit", [1, 1], 1, None, [0, 2 * 10**18 + 1])
    for i in range(3):
        yield turns(f"random_{i}", [1 + rng.below(9) for _ in range(6)], 40)


def territory_cases(rng):
    def new(id, workload, sellers):
        return (f"balance_{id}", "fivek_territories_balance",
                {"workload": as_text(workload), "sellers": sellers}, balance(workload, sellers))
    yield new("reference", [13, 11, 9, 8, 7, 6, 5, 4, 3, 2], 3)
    yield new("none", [], 2)
    yield new("one_seller", [3, 0, 4], 1)
    yield new("seven_of_three", [5] * 7, 3)
    yield new("negative", [1, -1], 2)
    yield new("no_seller", [1], 0)
    yield new("too_many", [1], 1001)
    yield new("largest", [MOST_WORKLOAD - 4, 2, 2], 3)
    yield new("too_much", [MOST_WORKLOAD, 1], 2)
    for i in range(10):
        yield new(f"random_{i}", [rng.below(60) * (1 + i % 3 * 999) + 1 for _ in range(9 + i)],
                  2 + i % 4)

    def old(id, workload, seller, sellers, most):
        return (f"rebalance_{id}", "fivek_territories_rebalance",
                {"workload": as_text(workload), "seller": seller, "sellers": sellers,
                 "most_moved": most}, rebalance(workload, seller, sellers, most))
    yield old("all_at_one", [13, 11, 9, 8, 7, 6, 5, 4, 3, 2], [0] * 10, 3, 4)
    yield old("nothing", [13, 11], [0, 0], 2, 0)
    yield old("seller", [1, 1], [0, 2], 2, 1)
    yield old("most_moved", [1, 1], [0, 1], 2, -1)
    for i in range(12):
        n, sellers = 14, 2 + i % 3
        # No two are equal, so that it is known which one moves.
        workload = [100 * x + rng.below(90) for x in range(1, n + 1)]
        seller = [rng.below(sellers) if rng.below(2) else 0 for _ in range(n)]
        yield old(f"random_{i}", workload, seller, sellers, (1, 2, 3, 4, 50)[i % 5])


def event_cases(rng):
    def mix(id, visits, **rules):
        return (f"mix_{id}", "fivek_visit_policy_check", {"visits": visits, **rules},
                visit_mix(visits, **rules))
    yield mix("example", [1, 1, 2, 1, 4, 0])
    yield mix("exactly", [1] * 13 + [2] * 5 + [3] * 2)
    yield mix("one_more", [1] * 12 + [2] * 5 + [3] * 3)
    yield mix("nobody", [0, 0])
    yield mix("none", [])
    yield mix("largest", [INT32_MAX, INT32_MAX])
    yield mix("negative", [1, -1])
    yield mix("too_many", [1, INT32_MAX + 1])
    yield mix("cap", [1], cap=0, mix_ppm=[0, 0, 0])
    yield mix("share", [1], cap=1, mix_ppm=[0, 10**6 + 1, 0])
    yield mix("strict", [1, 2, 2, 5], cap=1, mix_ppm=[250_001, 500_000, 250_000])
    for i in range(5):
        yield mix(f"random_{i}", [rng.below(4) for _ in range(20 + i)])

    def seats(id, n, weight, **bounds):
        return (f"seats_{id}", "fivek_seats_apportion",
                {"seats": str(n), "weight": texts(weight), **bounds}, apportion(n, weight, **bounds))
    quota = [420, 260, 150, 90, 50, 20, 10]
    yield seats("quota", 40, quota, least=[1] * 7, most=[40, 9, 40, 40, 1, 40, 40])
    yield seats("alabama", 10, [6, 6, 2])
    yield seats("classic", 7, [53, 24, 23])
    yield seats("ties", 5, [3, 3, 3, 3])
    yield seats("tie_of_different", 1, [1, 3, 3])
    yield seats("tie_after_one", 3, [3, 1, 3])
    yield seats("zero_weight", 3, [0, 1], least=[1, 0])
    yield seats("largest_weight", 9, [2**64 - 1, 2**64 - 2, 2**63])
    yield seats("nobody", 0, [])
    yield seats("negative", -1, [1])
    yield seats("too_many", MOST_SEATS + 1, [1])
    yield seats("few", 6, quota, least=[1] * 7)
    yield seats("capped", 9, [1, 1, 0], most=[4, 4, 9])
    yield seats("least", 9, [1, 1], least=[0, -1])
    yield seats("most", 9, [1, 1], least=[0, 3], most=[9, 2])
    for i in range(12):
        n = 2 + rng.below(6)
        weight = [rng.below(9 if i % 2 else 10**9) + 1 for _ in range(n)]
        least = [rng.below(3) for _ in range(n)]
        most = [x + 1 + rng.below(12) for x in least]
        low, high = sum(least), sum(most)
        yield seats(f"random_{i}", low + rng.below(high - low + 1), weight, least=least, most=most)

    def invited(id, n, share, need, classes, **bounds):
        return (f"invite_{id}", "fivek_invitations_apportion",
                {"seats": str(n), "share": texts(share), "need": texts(need), "classes": classes,
                 **bounds}, invite(n, share, need, classes, **bounds))
    yield invited("example", 10, [60, 40], [8, 4, 0, 1, 1, 2], 3)
    yield invited("quota", 40, quota, [1] * 7, 1, least=[1] * 7, most=[40, 9, 40, 40, 1, 40, 40])
    yield invited("no_need", 4, [1, 1], [1, 1, 0, 0], 2)
    yield invited("not_due", 1, [9, 1], [1, 0], 1)
    yield invited("no_classes", 4, [1, 1], [], 0)
    yield invited("few", 1, [1, 1], [1, 1], 1, least=[1, 1])
    for i in range(5):
        n, classes = 3 + rng.below(4), 3
        need = [rng.below(9) for _ in range(n * classes)]
        for t in range(n):
            need[t * classes] += 1
        yield invited(f"random_{i}", rng.below(60), [1 + rng.below(99) for _ in range(n)], need,
                      classes)


def cases(new_random):
    """`new_random` makes a seeded generator, as make_golden.py has it."""
    rng = new_random(2601)
    for part in (lead_cases, assignment_cases, territory_cases, event_cases):
        yield from part(rng)
