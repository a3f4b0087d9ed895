"""Queues with a closed answer, chosen to try each rule of the engine by itself."""

from collections.abc import Iterator

from sim import erlang
from sim.erlang import patience as distributions
from verification.cases import (
    FORMULA,
    Case,
    Expected,
    Tables,
    expected_of,
    line,
    metric,
    one_team,
    steady,
    team,
)
from verification.flows import flow_cases


def probe_cases() -> Iterator[Case]:
    """Give every case whose answer is a closed formula."""
    for family in (_grid, _patience, _single, _priorities, _weights, _pooling, _chats):
        yield from family()
    yield from flow_cases()


def _grid() -> Iterator[Case]:
    """Erlang A from light to overloaded, impatient to patient."""
    for agents, load, patience in (
        (3, 1.5, 600), (3, 4.5, 60), (8, 8, 240), (20, 26, 300), (40, 36, 30),
    ):  # fmt: skip
        rate = load * 3600 / 240
        q = erlang.a(rate, "1h", 240, agents, patience)
        tables = one_team(line(rate, 240, patience), agents, 12000 / rate)
        yield Case(
            f"Erlang A, {load} on {agents}, {patience} s", FORMULA, tables, 40, expected_of(q)
        )


def _patience() -> Iterator[Case]:
    points = {"law": "points", "points": [["0s", "0%"], ["15s", "20%"], ["60s", "30%"],
                                          ["240s", "70%"]]}  # fmt: skip
    curve = distributions.measured([0, 15, 60, 240], [1, 0.8, 0.7, 0.3])
    kinds = {
        "fixed": ("deterministic 90s", distributions.fixed(90)),
        "Weibull": ("weibull 3min shape 0.8", distributions.weibull(180, 0.8)),
        "lognormal": ("lognormal 2min cv 1.5", distributions.lognormal(120, 1.5)),
        "uniform": ("uniform 10s 190s", distributions.uniform(10, 190)),
        "gamma": ("gamma 2min cv 0.5", distributions.gamma(120, 4)),
        "with a share at zero": (
            "exponential 100s zero 15%", distributions.balking(0.15, distributions.exponential(100))
        ),
        "measured": (points, curve),
    }  # fmt: skip
    for name, (text, shape) in kinds.items():
        q = erlang.g(220, "1h", 180, 11, shape)
        queue = {"volume": "220 an hour", "talk": "exponential 180s", "patience": text}
        yield Case(f"Patience {name}", FORMULA, one_team(queue, 11, 80), 40, expected_of(q))


def _chats() -> Iterator[Case]:
    """Other teams and speeds than those with a published answer, and the usual choice of agent."""
    for agents, rate, times, patience in (
        (4, 45.0, (400.0, 480.0, 540.0), 120.0), (7, 70.0, (300.0, 600.0), 300.0),
    ):  # fmt: skip
        q = erlang.chat(rate, "1h", times, agents, patience)
        speed = [times[0] / t for t in times]
        skill = {"level": 1, "at_once": len(times), "speed": speed}
        queues = {"chats": line(rate, times[0], patience, channel="chat")}
        group: Tables = {"agents": agents, "skills": {"chats": skill}}
        tables = steady(queues, {"a": group}, 9000 / rate, 5)
        expected = (
            *expected_of(q)[:3],
            Expected("occupancy", float(q.occupancy), metric("occupancy")),
            Expected("concurrency", float(q.concurrency), metric("concurrency")),
            Expected("handle time s", float(q.handle_time_s), metric("aht_s")),
        )
        yield Case(
            f"{agents} agents, {len(times)} chats, other speeds", FORMULA, tables, 60, expected
        )


def _single() -> Iterator[Case]:
    """One agent and any distribution of talk (Pollaczek and Khinchine)."""
    talks = {
        "fixed": ("150s", 0.0),
        "uniform": ("uniform 60s 240s", 180**2 / 12 / 150**2),
        "lognormal": ("lognormal 150s cv 1.3", 1.69),
        "gamma": ("gamma 150s cv 0.6", 0.36),
        "Weibull": ("weibull 150s shape 2", 0.27323954473516265),
    }
    for name, (talk, scv) in talks.items():
        wait = 0.7 / 0.3 * 150 * (1 + scv) / 2
        expected = (
            Expected("asa_s", wait, metric("asa_s")),
            Expected("wait_probability", 0.7, metric("wait_probability")),
            Expected("occupancy", 0.7, metric("occupancy")),
        )
        tables = one_team(line(0.7 * 24, talk), 1, 1000, 30)
        yield Case(f"M/G/1, {name} talk", "Pollaczek and Khinchine", tables, 40, expected)
    # Talk, hold and wrap in a row: the agent is busy with all three.
    mean, variance = 150.0, 80**2 + 20**2 * 3 + 50**2
    wait = 0.7 / 0.3 * mean * (1 + variance / mean**2) / 2
    queue = line(0.7 * 24, 80, hold="exponential 40s zero 50%", wrap="exponential 50s")
    expected = (
        Expected("asa_s", wait, metric("asa_s")),
        Expected("aht_s", mean, metric("aht_s")),
        Expected("occupancy", 0.7, metric("occupancy")),
    )
    tables = one_team(queue, 1, 1000, 30)
    yield Case("M/G/1, talk, hold and wrap", "Pollaczek and Khinchine", tables, 40, expected)


def _priorities() -> Iterator[Case]:
    """Two priorities without interruption (Cobham 1954; Kella and Yechiali 1985)."""
    for agents, high, low in ((1, 8.0, 8.0), (6, 40.0, 60.0)):
        aht = 150.0 if agents == 1 else 180.0
        c = erlang.c(high + low, "1h", aht, agents)
        first = 1 - high * aht / 3600 / agents
        residual = float(c.wait_probability) * aht / agents
        queues = {"gold": line(high, aht, priority=2), "plain": line(low, aht)}
        groups = {"agents": team(agents, "gold", "plain")}
        rest = 1 - (high + low) * aht / 3600 / agents
        expected = (
            Expected("asa_s first", residual / first, metric("asa_s", "queue", "gold")),
            Expected("asa_s second", residual / first / rest, metric("asa_s", "queue", "plain")),
            Expected("asa_s of all", float(c.asa_s), metric("asa_s")),
        )
        tables = steady(queues, groups, 12000 / (high + low), 10)
        yield Case(f"Two priorities, {agents} agents", "Cobham 1954", tables, 80, expected)
        taken = {"skills": {"gold": {"level": 1, "take": 1}, "plain": {"level": 1, "take": 2}}}
        queues = {"gold": line(high, aht), "plain": line(low, aht)}
        tables = steady(queues, {"agents": {"agents": agents} | taken}, 12000 / (high + low), 10)
        yield Case(f"Order of taking, {agents} agents", "Cobham 1954", tables, 40, expected)


def _weights() -> Iterator[Case]:
    """Wait times weight decides: accumulating priority (Kleinrock 1964)."""
    agents, aht, fast, slow, weight = 4, 180.0, 30.0, 38.0, 3.0
    c = erlang.c(fast + slow, "1h", aht, agents)
    share_fast, share_slow = (r * aht / 3600 / agents for r in (fast, slow))
    first_in_first = float(c.asa_s)
    w_slow = first_in_first / (1 - share_fast * (1 - 1 / weight))
    w_fast = first_in_first - share_slow * w_slow * (1 - 1 / weight)
    # Conservation: the mean over both is that of first come, first served.
    w_fast = (first_in_first * (share_fast + share_slow) - share_slow * w_slow) / share_fast
    queues = {"fast": line(fast, aht, weight=weight), "slow": line(slow, aht)}
    expected = (
        Expected("asa_s weight 3", w_fast, metric("asa_s", "queue", "fast")),
        Expected("asa_s weight 1", w_slow, metric("asa_s", "queue", "slow")),
    )
    tables = steady(queues, {"agents": team(agents, "fast", "slow")}, 150, 5)
    yield Case("Wait times weight", "Kleinrock 1964", tables, 100, expected)


def _pooling() -> Iterator[Case]:
    """Two queues and two teams that share everything are one queue."""
    q = erlang.a(240, "1h", 180, 13, 150)
    one = line(240, 180, 150)
    half = line(120, 180, 150)
    both = {"a": 1, "b": 1}
    yield Case("Two teams as one", FORMULA, steady(
        {"calls": one},
        {"north": team(7, "calls"), "south": team(6, "calls")}, 50, 2),
        40, expected_of(q))  # fmt: skip
    yield Case("Two teams, one preferred", FORMULA, steady(
        {"calls": one},
        {"north": team(7, "calls"), "south": {"agents": 6, "skills": {"calls": 2}}}, 50, 2),
        40, expected_of(q))  # fmt: skip
    yield Case("Two queues as one", FORMULA, steady(
        {"a": half, "b": half}, {"all": {"agents": 13, "skills": both}}, 50, 2),
        40, expected_of(q))  # fmt: skip
    at_once = {"a": {"level": 1}, "b": {"level": 2, "after": "0s"}}
    other = {"b": {"level": 1}, "a": {"level": 2, "after": "0s"}}
    yield Case("Overflow at once", FORMULA, steady(
        {"a": half, "b": half},
        {"north": {"agents": 7, "skills": at_once}, "south": {"agents": 6, "skills": other}},
        50, 2),
        40, expected_of(q)[:2])  # fmt: skip
    apart = erlang.a(120, "1h", 180, 7, 150)
    never = {"b": {"level": 1}, "a": {"level": 2, "after": "20h"}}
    expected = (
        Expected("abandonment a", float(apart.abandonment), metric("abandonment", "queue", "a")),
        Expected("asa_s a", float(apart.asa_s), metric("asa_s", "queue", "a")),
    )
    yield Case("Overflow never", FORMULA, steady(
        {"a": half, "b": half},
        {"north": team(7, "a"), "south": {"agents": 6, "skills": never}}, 50, 2),
        40, expected)  # fmt: skip
    # Only whoever has waited 30 s may be helped: a second team without calls of its own.
    yield _late_help()


def _late_help() -> Case:
    # A fixed patience of 30 s seen from the first team: those it loses are helped at once by a
    # second team that is never full, so the first is M/M/7+D with its loss as overflow.
    q = erlang.g(150, "1h", 180, 7, distributions.fixed(30))
    overflow = {"calls": {"level": 2, "after": "30s"}}
    groups = {"first": team(7, "calls"), "second": {"agents": 40, "skills": overflow}}
    tables = steady({"calls": line(150, 180)}, groups, 80, 2)
    a = 150 * 180 / 3600
    helped = float(q.abandonment)
    expected = (
        Expected("occupancy first", a * (1 - helped) / 7, metric("occupancy", "group", "first")),
        Expected("occupancy second", a * helped / 40, metric("occupancy", "group", "second")),
        Expected("wait_probability", float(q.wait_probability), metric("wait_probability")),
        Expected("asa_s", float(q.mean_wait_all_s), metric("asa_s")),
    )
    return Case("Help after 30 s", FORMULA, tables, 80, expected)
