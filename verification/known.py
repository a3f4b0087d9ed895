"""Simulations of cases with published or exactly computed results."""

from collections.abc import Iterator

from verification import published as p
from verification.cases import (
    Case,
    Estimator,
    Expected,
    Tables,
    a_second,
    in_interval,
    legs,
    line,
    metric,
    scaled,
    steady,
    team,
    time,
)

REFERENCE = "40-digit calculation"


def known_cases() -> Iterator[Case]:
    """Give every case whose numbers come from elsewhere."""
    for family in (_references, _palm, _lines, _many, _chats, _days, _busyness, _sine, _skills):
        yield from family()


_COLUMNS: dict[str, Estimator] = {
    "wait_probability": metric("wait_probability"),
    "abandonment": metric("abandonment"),
    "mean_wait_all_s": metric("mean_wait_all_s"),
    "asa_s": metric("asa_s"),
    "occupancy": metric("occupancy"),
    "abandons_negative": metric("service_level_abandons_negative"),
    "answered_only": metric("service_level_answered_only"),
    "abandons_ignored": metric("service_level_abandons_ignored"),
    "service_level": metric("service_level"),
    "abandoned_within": legs("abandoned_within", "offered"),
}


_SMOOTH = ("wait_probability", "abandonment", "mean_wait_all_s", "occupancy", "abandons_negative")


def erlang_tables(r: p.Reference, patience: bool, hours: float, warm_up: float) -> Tables:
    """Give the stationary run of one reference queue."""
    mean = r.patience_s if patience else None
    queue = line(r.calls_per_hour, r.aht_s, mean, target=f"80% in {r.within_s}s")
    return steady({"calls": queue}, {"agents": team(r.agents, "calls")}, hours, warm_up)


def _references() -> Iterator[Case]:
    # name: runs and hours for Erlang A, then for Erlang C; 0 leaves a case to the formulas.
    sizes = {
        "tiny2": (200, 300, 300, 400),
        "s5": (150, 200, 240, 250),
        "s14_classic": (160, 100, 200, 100),
        "m55_qed": (120, 30, 160, 40),
        "b105": (120, 15, 0, 0),
        "l250": (60, 8, 0, 0),
        "xl1000": (40, 2, 0, 0),
    }
    for r in p.REFERENCES:
        runs_a, hours_a, runs_c, hours_c = sizes[r.name]
        warm_up = 40 * r.aht_s / 3600
        yield _reference_a(r, runs_a, hours_a, warm_up if r.agents < 200 else 1.0)
        if runs_c:
            yield _reference_c(r, runs_c, hours_c, 100 * r.aht_s / 3600)
    yield from _redials()


def _reference_a(r: p.Reference, runs: int, hours: float, warm_up: float) -> Case:
    values = dict(zip(p.A_METRICS, r.a, strict=True))
    if r.agents >= 200:  # rare long waits of a large team: not normal in few replications
        values = {n: v for n, v in values.items() if n in _SMOOTH}
    expected = tuple(Expected(n, values[n], e) for n, e in _COLUMNS.items() if n in values)
    tables = erlang_tables(r, True, hours, warm_up)
    return Case(f"Erlang A, {r.name}", REFERENCE, tables, runs, expected)


def _reference_c(r: p.Reference, runs: int, hours: float, warm_up: float) -> Case:
    values = dict(zip(p.C_METRICS, r.c, strict=True))
    expected = tuple(Expected(n, values[n], e) for n, e in _COLUMNS.items() if n in values)
    tables = erlang_tables(r, False, hours, warm_up)
    return Case(f"Erlang C, {r.name}", REFERENCE, tables, runs, expected)


def _redials() -> Iterator[Case]:
    for r in p.REFERENCES[1:3]:
        hours = 250.0
        # Redials after hours look like Poisson arrivals, which the formula assumes.
        retry = {"share": "50%", "after": "exponential 10h", "at_most": 20}
        queue = line(r.calls_per_hour, r.aht_s, r.patience_s, retry=retry,
                     target=f"80% in {r.within_s}s")  # fmt: skip
        tables = steady({"calls": queue}, {"agents": team(r.agents, "calls")}, hours, 100)
        values = dict(zip(p.A_METRICS, r.redial, strict=True))
        expected = [Expected(n, values[n], e) for n, e in _COLUMNS.items() if n in values]
        offered = scaled(a_second("offered"), 3600)
        expected.append(Expected("calls an hour", r.redial_calls, offered))
        name = f"Erlang A with redials, {r.name}"
        yield Case(name, REFERENCE, tables, 40, tuple(expected))


def _palm() -> Iterator[Case]:
    tables = steady({"calls": line(2880, 60, 120)}, {"agents": team(50, "calls")}, 8, 1)
    expected = [Expected(n, p.PALM[n], _COLUMNS[n]) for n in p.PALM if n in _COLUMNS]
    length = a_second("wait_answered + wait_abandoned")
    expected.append(Expected("mean_queue_length", p.PALM["mean_queue_length"], length))
    yield Case("Erlang A, 48 erlangs on 50", "Mandelbaum and Zeltyn", tables, 100, tuple(expected))


def _lines() -> Iterator[Case]:
    source = "GNU Octave queueing 1.2.7"
    for o in p.OCTAVE:
        queue = line(o.calls_per_hour, o.aht_s, lines=o.lines)
        tables = steady({"calls": queue}, {"agents": team(o.agents, "calls")}, 120, 4)
        expected = (
            Expected("blocking", o.blocking, legs("blocked", "offered")),
            Expected("occupancy", o.utilisation, metric("occupancy")),
            Expected("mean wait s", o.response_s - o.aht_s, metric("asa_s")),
        )
        yield Case(f"M/M/{o.agents}/{o.lines}", source, tables, 150, expected)
    n, k, rate, aht, _, response = p.OCTAVE_TEST
    queue = line(rate, aht, limit=k - n)
    tables = steady({"calls": queue}, {"agents": team(n, "calls")}, 200, 4)
    wait = Expected("mean wait s", response * 3600 - aht, metric("asa_s"), 3600 * 6e-7)
    yield Case(f"M/M/{n}/{k}, places to wait", source, tables, 200, (wait,))
    for r in (p.REFERENCES[1], p.REFERENCES[4]):
        queue = line(r.calls_per_hour, r.aht_s, lines=r.agents)
        hours = 6000 / r.calls_per_hour
        tables = steady({"calls": queue}, {"agents": team(r.agents, "calls")}, hours, 2)
        blocking = Expected("blocking", r.blocking, legs("blocked", "offered"))
        yield Case(f"Erlang B, {r.name}", REFERENCE, tables, 200, (blocking,))


def _many() -> Iterator[Case]:
    for many in p.MANY:
        queue = line(102 * 60, many.service, many.patience)
        tables = steady({"calls": queue}, {"agents": team(100, "calls")}, 3, 0.5)
        length = a_second("wait_answered + wait_abandoned")
        at_once = legs("at_once", "offered")
        expected = (
            Expected("abandonment", many.abandonment[0], metric("abandonment"),
                     many.abandonment[1]),
            Expected("answered at once", many.at_once[0], at_once, many.at_once[1]),
            Expected("asa in handle times", many.asa[0], scaled(metric("asa_s"), 1 / 60),
                     many.asa[1]),
            Expected("mean_queue_length", many.queue[0], length, many.queue[1]),
        )  # fmt: skip
        name = f"M/GI/100+GI, {many.service.split()[0]} talk"
        yield Case(name, "simulation of 40 million arrivals", tables, 120, expected)


def _chats() -> Iterator[Case]:
    for c in p.CHATS:
        queue = line(c.per_hour, c.aht_s[0], c.patience_s, route="least busy", channel="chat")
        speed = [c.aht_s[0] / aht for aht in c.aht_s]
        skill = {"level": 1, "at_once": len(c.aht_s), "speed": speed}
        group = {"agents": c.agents, "skills": {"chats": skill}}
        tables = steady({"chats": queue}, {"agents": group}, 12000 / c.per_hour, 5)
        slots = time("load", f"talking{' + talking' * (len(c.aht_s) - 1)}"
                     f"{' + available' * len(c.aht_s)}")  # fmt: skip
        expected = (
            *(Expected(n, getattr(c, n), _COLUMNS[n])
              for n in ("wait_probability", "abandonment", "mean_wait_all_s", "occupancy")),
            Expected("slots in use", c.slots, slots),
        )  # fmt: skip
        name = f"{c.agents} agents with {len(c.aht_s)} chats each"
        yield Case(name, "exact chain", tables, 120, expected)


def _days() -> Iterator[Case]:
    center = {"open": "08:00-16:00", "at_close": "send away"}
    tables = {
        "center": center,
        "queue": {"calls": line(1200, 300, 120)},
        "group": {"agents": team(105, "calls")},
    }
    d = p.FLAT_DAY
    minutes = 1 / (60 * d["arrivals"])
    waited = scaled(legs("wait_answered + wait_abandoned + wait_others"), minutes)
    busy = scaled(time("talking"), 1 / (8 * 3600))
    expected = (
        Expected("arrivals", d["arrivals"], metric("offered")),
        Expected("abandons", d["abandons"], metric("abandoned")),
        Expected("wait_probability", d["wait_probability"], metric("wait_probability")),
        Expected("queue time min per arrival", d["queue_time_per_arrival_min"], waited),
        Expected("mean busy", d["mean_busy"], busy),
    )
    yield Case("A flat day from empty", "forward equations", tables, 500, expected)
    yield from _empty_day()
    yield from _random_day()


def _empty_day() -> Iterator[Case]:
    tables = {
        "center": {"open": "08:00-16:00"},
        "queue": {"calls": line(252, 120)},
        "group": {"agents": team(12, "calls")},
    }
    found = {
        "good": legs("within"),
        "level": legs("within", "answered"),
        "asa_min": scaled(metric("asa_s"), 1 / 60),
        "occupancy": scaled(time("talking"), 1 / (12 * 8 * 3600)),
    }
    ode, digits = p.EMPTY_DAY_ODE, {"good": 0.006}
    exact = [Expected(f"{n}, exact", v, found[n], digits.get(n, 6e-6), "forward equations")
             for n, v in ode.items()]  # fmt: skip
    printed = [Expected(n, v, found[n], half) for n, (v, half) in p.EMPTY_DAY.items()]
    source = "ContactCenters, MMC.res"
    yield Case("M/M/12 for 8 h from empty", source, tables, 1500, (*printed, *exact))


def _random_day() -> Iterator[Case]:
    staff = [4, 6, 8, 8, 8, 7, 8, 8, 6, 6, 4, 4, 4]
    volume = [100, 150, 150, 180, 200, 150, 150, 150, 120, 100, 80, 70, 60]
    busyness = {"cv": 10**-0.5, "shape": "gamma"}
    queue = {
        "volume": volume,
        "talk": "exponential 100s",
        "patience": "exponential 1000s",
        "balk": "10%",
        "target": "80% in 20s",
    }
    tables = {
        "center": {"open": "08:00-21:00", "interval": "60min", "busyness": busyness},
        "queue": {"calls": queue},
        "group": {"agents": {"agents": staff, "skills": {"calls": 1}}},
    }
    by = 1 / 1660
    found = {
        "offered": metric("offered"),
        "wait_s_by_1660": scaled(legs("wait_answered + wait_abandoned"), by),
        "good_by_1660": scaled(legs("within + abandoned_within"), by),
        "lost_by_1660": scaled(metric("abandoned"), by),
    }
    own = [Expected(f"{n}, own program", v, found[n], half, "own program, 20,000 days")
           for n, (v, half) in p.RANDOM_DAY_OWN.items()]  # fmt: skip
    # The source prints 90 %; the verdict allows it three and a half standard errors.
    printed = [Expected(n, v, found[n], 2 * half) for n, (v, half) in p.RANDOM_DAY.items()]
    yield Case("A random day", "SSJ library, example CallCenter", tables, 3000, (*printed, *own))


def _busyness() -> Iterator[Case]:
    for cv, (abandonment, wait) in p.BUSYNESS.items():
        if not cv:
            continue
        queue, agents = line(2880, 60, 120), team(55, "calls")
        center = {"busyness": {"cv": cv, "shape": "gamma"}}
        tables = steady({"calls": queue}, {"agents": agents}, 0.2, 0.1, **center)
        expected = (
            Expected("abandonment", abandonment, metric("abandonment"), 3e-4),
            Expected("wait_probability", wait, metric("wait_probability"), 3e-4),
        )
        yield Case(f"Random busyness, CV {cv:.0%}", "own mixture", tables, 4000, expected)


def _sine() -> Iterator[Case]:
    from math import cos, pi, sin, tau

    # One round of the sine is a day; a time unit is a radian of it, 86400 s / (2 pi).
    unit = 86400 / tau
    a, b, mu, many = 10.0, 5.0, 2.0, 20.0
    edges = [k * tau / 288 for k in range(289)]
    volume = [many * (a * (v - u) + b * (cos(u) - cos(v)))
              for u, v in zip(edges, edges[1:], strict=False)]  # fmt: skip
    tables = {
        "center": {"open": "always", "days": 2, "interval": "5min", "warm_up": "1day"},
        "queue": {"calls": {"volume": volume * 2, "talk": f"exponential {unit / mu:.10g}s"}},
        "group": {"agents": team(300, "calls")},
    }
    expected = []
    for hour in (0, 4, 8, 12, 16, 20):
        t = (hour + 1 / 24) * pi / 12
        busy = a / mu + b * (mu * sin(t) - cos(t)) / (mu * mu + 1)
        found = in_interval("talking", 288 + 12 * hour, each=300 * many)
        expected.append(Expected(f"mean busy at {hour}:00", busy, found))
    source = "Eick, Massey and Whitt 1993"
    yield Case("Load of a sinusoidal day", source, tables, 300, tuple(expected))


def _skills() -> Iterator[Case]:
    import tomllib

    from sim.resources import scenarios_dir

    text = (scenarios_dir() / "two_classes_overflow.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    level = metric("service_level", "queue", "large")
    t = p.TWO_CLASSES
    found = {
        "offered": metric("offered"),
        "small@20s": metric("service_level", "queue", "small"),
        "large@40s": level,
        "abandonment": metric("abandonment"),
        "abandonment small": metric("abandonment", "queue", "small"),
        "abandonment large": metric("abandonment", "queue", "large"),
        "mean_wait_all_s": metric("mean_wait_all_s"),
        "occupancy": metric("occupancy"),
        "occupancy small": metric("occupancy", "group", "small"),
        "occupancy large": metric("occupancy", "group", "large"),
        "wait_probability": metric("wait_probability"),
    }
    expected = tuple(Expected(n, t[n], e, 0.015 * t[n]) for n, e in found.items())
    source = "ContactCenters 0.9.9, 300 days"
    yield Case("Two classes with overflow", source, tables, 300, expected, whole=True)
    both = tables | {"queue": {n: q | {"target": "80% in 20s"} for n, q in tables["queue"].items()}}
    total = Expected("total@20s", t["total@20s"], metric("service_level"), 0.015 * t["total@20s"])
    yield Case("Two classes, both at 20 s", source, both, 100, (total,))
