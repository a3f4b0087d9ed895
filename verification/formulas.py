"""The closed formulas, compared with the digits of their sources."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim import erlang
from verification import published as p
from verification.checks import Check, exact

REFERENCE = "40-digit calculation"
OWN = "forward equations or chain, solved by a program of its own"


def formula_checks() -> Iterator[Check]:
    """Give every check of a formula."""
    for family in (_references, _erlang_b, _erlang_c, _erlang_a, _lines, _chats, _days, _others):
        yield from family()


def _references() -> Iterator[Check]:
    for r in p.REFERENCES:
        arguments: dict[str, Any] = {"calls": r.calls_per_hour, "per": "1h", "aht": r.aht_s}
        b = erlang.b(**arguments, lines=r.agents)
        yield exact(f"Erlang B, {r.name}", REFERENCE, "blocking", r.blocking, b.blocking)
        c = erlang.c(**arguments, agents=r.agents)
        for name, value in zip(p.C_METRICS, r.c, strict=True):
            found = c.service_level(r.within_s) if name == "service_level" else getattr(c, name)
            yield exact(f"Erlang C, {r.name}", REFERENCE, name, value, found)
        patient = arguments | {"agents": r.agents, "patience": r.patience_s}
        yield from _reference_a(f"Erlang A, {r.name}", erlang.a(**patient), r, r.a)
        case, redialled = f"Erlang A with redials, {r.name}", erlang.a(**patient, redial=0.5)
        yield from _reference_a(case, redialled, r, r.redial)
        yield exact(case, REFERENCE, "calls an hour", r.redial_calls, redialled.calls_per_hour)


def _reference_a(
    case: str, a: erlang.SteadyState, r: p.Reference, values: tuple[float, ...]
) -> Iterator[Check]:
    for name, value in zip(p.A_METRICS, values, strict=True):
        found = value_of(a, name, r.within_s)
        yield exact(case, REFERENCE, name, value, found, 1e-9, 1e-13)


def value_of(a: erlang.SteadyState, name: str, within: float) -> float:
    """Give one column of the reference, by its name."""
    if name in ("abandons_ignored", "abandons_negative", "answered_only"):
        return float(a.service_level(within, name))  # type: ignore[arg-type]
    if name == "virtual_within":
        return 1.0 - float(a.virtual_longer(within))
    if name == "abandoned_within":
        return float(a.abandoned_within(within))
    return float(getattr(a, name))


def _erlang_b() -> Iterator[Check]:
    for lines, printed in enumerate(p.B_TABLE, 1):
        load = erlang.load_for_blocking(lines, 0.001)
        digits = 0.0006 if lines <= 5 else 0.051
        yield exact("Erlang B, printed table", "table of 0.1 % blocking", f"load of {lines} lines",
                    printed, load, 0.0, digits)  # fmt: skip
    n, a, blocking = p.B_TRAP
    found = erlang.b(a, "1h", "1h", n).blocking
    yield exact("Erlang B, 200 lines", "exact; a wrong value circulates", "blocking", blocking,
                found, 0.0, 5e-10)  # fmt: skip


def _erlang_c() -> Iterator[Check]:
    for n, level in p.CRAN_C.items():
        c = erlang.c(100, "30min", 180, n)
        case, source = f"Erlang C, 10 erlangs on {n}", "CRAN package ErlangC, README"
        wait, within = level
        yield exact(case, source, "wait_probability", wait, c.wait_probability, 0, 6e-8)
        yield exact(case, source, "service_level", within, c.service_level(20), 0, 6e-7)
    case, found = "Erlang C, 10 erlangs on 14", erlang.c(100, "30min", 180, 14)
    yield exact(case, source, "asa_s", p.CRAN_ASA_S, found.asa_s)
    need = erlang.fewest_agents("erlang_c", 100, "30min", 180, "80/20", shrinkage="30%")
    yield exact(case, source, "agents", 14, need.agents)
    yield exact(case, source, "agents with shrinkage", 20, need.scheduled_agents)
    need = erlang.fewest_agents("erlang_c", 250, "1h", 330, "80/30")
    yield exact("Erlang C, 250 calls of 330 s", "jonesthenet.com", "agents", 28, need.agents)
    for n, a, b, wait, mean in p.C_EXACT:
        case, c = f"Erlang C, {a} erlangs on {n}", erlang.c(a, "1s", 1, n)
        yield exact(case, REFERENCE, "erlang b", b, erlang.b(a, "1s", 1, n).blocking, 1e-10)
        yield exact(case, REFERENCE, "wait_probability", wait, c.wait_probability, 1e-10)
        yield exact(case, REFERENCE, "mean wait in handle times", mean, c.asa_s, 1e-10)
    trap = "exact; a wrong value circulates"
    for n, load, wait in p.C_TRAPS:
        found = erlang.c(load, "1s", 1, n)
        yield exact(f"Erlang C, {load} erlangs on {n}", trap, "wait_probability", wait,
                    found.wait_probability, 0, 6e-5 if n < 10 else 6e-9)  # fmt: skip
    for n, load, aht, within, share in p.C_TRAP_LEVELS:
        found = erlang.c(load, aht, aht, n)
        yield exact(f"Erlang C, {load} erlangs on {n}", trap, f"within {within} s", share,
                    found.service_level(within), 0, 6e-4)  # fmt: skip
    for beta, delay in p.HALFIN_WHITT.items():
        yield exact("Delay function", "Halfin and Whitt 1981", f"beta {beta}", delay,
                    erlang.halfin_whitt_delay(beta), 1e-10)  # fmt: skip


def _erlang_a() -> Iterator[Check]:
    palm = erlang.a(48, "1min", "1min", 50, "2min")
    for name, value in p.PALM.items():
        digits = 6 * 10.0 ** -(7 if name == "mean_wait_all_s" or "queue" in name else 9)
        yield exact("Erlang A, 48 erlangs on 50", "Mandelbaum and Zeltyn", name, value,
                    getattr(palm, name), 0, digits)  # fmt: skip
    yield exact("Erlang A, 48 erlangs on 50", "Mandelbaum and Zeltyn", "wait exceeded by 10 %",
                0.1, palm.waiting_longer(p.PALM_P90_S), 0, 1e-6)  # fmt: skip
    whitt = erlang.a(102, "1s", "1s", 100, "1s")
    for name, value in p.WHITT_A.items():
        yield exact("Erlang A, 102 erlangs on 100", "own chain and LINE solver", name, value,
                    getattr(whitt, name), 1e-11)  # fmt: skip
    for many in p.MANY:
        if many.service.startswith("exponential"):
            found = erlang.g(102, "60s", "60s", 100, _erlang_2(60.0))
            yield from _many("M/M/100 with Erlang-2 patience", many, found)


def _erlang_2(mean: float) -> erlang.Patience:
    from sim.erlang.patience import gamma

    return gamma(mean, 2)


def _many(case: str, many: p.Many, found: erlang.GeneralPatience) -> Iterator[Check]:
    # The source gives 95 % bounds; the verdict needs wider ones.
    pairs = {
        "abandonment": (many.abandonment, found.abandonment),
        "answered at once": (many.at_once, 1.0 - float(found.wait_probability)),
        "asa in handle times": (many.asa, float(found.asa_s) / 60.0),
        "mean_queue_length": (many.queue, found.mean_queue_length),
    }
    for name, ((value, half), own) in pairs.items():
        yield exact(case, "simulation of 40 million arrivals", name, value, own, 0, 1.7 * half)


def _lines() -> Iterator[Check]:
    source = "GNU Octave queueing 1.2.7"
    for o in p.OCTAVE:
        case = f"M/M/{o.agents}/{o.lines}"
        q = erlang.c(o.calls_per_hour, "1h", o.aht_s, o.agents, lines=o.lines)
        admitted = o.calls_per_hour / 3600 * (1 - float(q.blocking))
        response = float(q.mean_wait_all_s) + o.aht_s
        for name, value, found in (
            ("blocking", o.blocking, float(q.blocking)),
            ("occupancy", o.utilisation, float(q.occupancy)),
            ("time in the system s", o.response_s, response),
            ("mean number present", o.present, admitted * response),
        ):
            yield exact(case, source, name, value, found, 1e-12)
    n, lines, rate, aht, _, response_h = p.OCTAVE_TEST
    q = erlang.c(rate, "1h", aht, n, lines=lines)
    found = (float(q.mean_wait_all_s) + aht) / 3600
    yield exact(f"M/M/{n}/{lines}", source, "time in the system h", response_h, found, 0, 6e-7)


def _chats() -> Iterator[Check]:
    for c in p.CHATS:
        q = erlang.chat(c.per_hour, "1h", c.aht_s, c.agents, c.patience_s)
        case = f"{c.agents} agents with {len(c.aht_s)} chats each"
        for name, value in c._asdict().items():
            if name in ("agents", "per_hour", "aht_s", "patience_s"):
                continue
            found = q.slot_occupancy if name == "slots" else getattr(q, name)
            yield exact(case, OWN, name, value, found, 1e-9)
    found = erlang.inflated_handle_s(500, 3, 0.75)
    yield exact("Inflated chat time", "US patent 8,064,589", "seconds", p.PATENT_INFLATED_S,
                found, 0, 6e-5)  # fmt: skip
    found = erlang.effective_concurrency(3, 0.75)
    yield exact("Inflated chat time", "US patent 8,064,589", "concurrency", p.PATENT_CONCURRENCY,
                found, 0, 6e-7)  # fmt: skip


def _days() -> Iterator[Check]:
    day = erlang.day([20 * 480.0], "480min", "5min", 105, "2min")
    for name, value in p.FLAT_DAY.items():
        if name == "queue_time_per_arrival_min":
            found = day.queue_time_per_arrival_s / 60
        else:
            found = getattr(day, name)
        yield exact("A flat day from empty", OWN, name, value, found, 1e-7)
    day = erlang.day([4.2 * 480], "480min", "2min", 12)
    found_by = {
        "good": day.answered_within(20) * day.arrivals,
        "level": day.service_level(20),
        "asa_min": day.asa_s / 60,
        "occupancy": day.occupancy,
    }
    for name, value in p.EMPTY_DAY_ODE.items():
        yield exact("M/M/12 for 8 h from empty", OWN, name, value, found_by[name], 0,
                    0.006 if name == "good" else 6e-6)  # fmt: skip
    for name, (value, half) in p.EMPTY_DAY.items():
        yield exact("M/M/12 for 8 h from empty", "ContactCenters, MMC.res", name, value,
                    found_by[name], 0, half)  # fmt: skip
    for cv, (abandonment, wait) in p.BUSYNESS.items():
        mix = erlang.busy_days(48, "1min", "1min", 55, "2min", cv)
        case = f"Random busyness, CV {cv:.0%}"
        by_source = _by_quantiles(cv) if cv else (mix.abandonment, mix.wait_probability)
        exactly = f"{case}, as its source"
        yield exact(exactly, OWN, "abandonment", abandonment, by_source[0], 0, 2e-6)
        yield exact(exactly, OWN, "wait_probability", wait, by_source[1], 0, 6e-7)
        # The source replaces the distribution by 200 quantiles, which truncates its tail.
        digits = 3e-4 if cv else 3e-6
        yield exact(case, OWN, "abandonment", abandonment, mix.abandonment, 0, digits)
        yield exact(case, OWN, "wait_probability", wait, mix.wait_probability, 0, digits)


def _by_quantiles(cv: float) -> tuple[float, float]:
    """Return abandonment and wait probability with 200 quantiles of the gamma distribution."""
    from scipy.special import gammaincinv

    shape = cv**-2
    busy = gammaincinv(shape, (np.arange(200) + 0.5) / 200) / shape
    days = erlang.a(48 * busy, "1min", "1min", 55, "2min")
    weights = busy / busy.sum()
    return float(weights @ days.abandonment), float(weights @ days.wait_probability)


def _others() -> Iterator[Check]:
    t = np.linspace(0, 2 * np.pi, 100_001)
    m = np.asarray(erlang.busy_under_sine(100, 20, 1, 1, t))
    case, source = "Load of a sinusoidal day", "Eick, Massey and Whitt 1993"
    yield exact(case, source, "lowest", 85.857864, m.min(), 0, 6e-7)
    yield exact(case, source, "highest", 114.142136, m.max(), 0, 6e-7)
    yield exact(case, source, "lag", np.pi / 4, t[m.argmax()] - np.pi / 2, 0, 1e-4)
    for at in (0.0, 1.0, 2.5, 4.0):
        expected = 5 + 5 * (2 * np.sin(at) - np.cos(at)) / 5
        yield exact(case, source, f"at {at}", expected, erlang.busy_under_sine(10, 5, 1, 2, at))
    source = "shiftmesh, tests of deferred work"
    for items, staff in ((100, 1), (200, 2)):
        found = erlang.deferred_agents(items, 480, "24h", 0.85, 0.3)
        yield exact("Agents for mail", source, f"{items} mails", staff, found)
    carried, done = erlang.drain([10, 10, 10, 0, 0, 0], [5] * 6)
    for k, value in enumerate((5, 10, 15, 10, 5, 0)):
        yield exact("A backlog worked off", source, f"carried over {k + 1}", value, carried[k])
    yield exact("A backlog worked off", source, "processed", 30, float(np.sum(done)))
