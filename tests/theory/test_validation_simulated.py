"""Published and closed results, simulated: each inside the 99.9 % interval of the simulation.

The seed is fixed, so a verdict changes only when the engine does. `make verify` plays the same
cases with many more replications, and the others too.
"""

from dataclasses import replace
from typing import Any

import pytest

from sim.units import duration
from verification.cases import Case
from verification.known import known_cases
from verification.probes import probe_cases

# Replications, of runs cut short: together about half a minute on one core.
RUNS = {
    "Erlang A, tiny2": 10,
    "Erlang A, s5": 10,
    "Erlang C, s5": 10,
    "M/M/5/10": 10,
    "Erlang B, s5": 20,
    "M/GI/100+GI, lognormal talk": 8,
    "2 agents with 2 chats each": 10,
    "5 agents with 3 chats each": 8,
    "A flat day from empty": 12,
    "M/M/12 for 8 h from empty": 40,
    "A random day": 60,
    "Random busyness, CV 20%": 300,
    "Load of a sinusoidal day": 10,
    "Patience fixed": 10,
    "Patience measured": 10,
    "M/G/1, lognormal talk": 10,
    "Two priorities, 6 agents": 10,
    "Wait times weight": 12,
    "Two queues as one": 10,
    "Help after 30 s": 10,
    "Agents in reserve": 10,
    "Balking": 10,
    "Calls interrupt mail": 10,
    "Callbacks that keep their place": 10,
    "Transfers": 8,
    "A bot in front": 8,
    "Repeats, observed volumes": 6,
    "Slow agents": 10,
    "A growing day, sent away": 150,
}

CASES = {case.name: case for case in (*known_cases(), *probe_cases())}


def shorter(case: Case, part: float = 0.3) -> dict[str, Any]:
    """The tables of a case with a stationary run cut short."""
    center = dict(case.tables["center"])
    if "length" in center:
        center["length"] = f"{part * duration(center['length']):.12g}s"
    return {**case.tables, "center": center}


@pytest.mark.parametrize("name", RUNS)
def test_simulation_agrees_with_the_known_value(name: str) -> None:
    case = replace(CASES[name], runs=RUNS[name], tables=shorter(CASES[name]))
    wrong = [
        f"{c.metric}: found {c.found:.5g} ± {c.half:.2g}, expected {c.expected:.5g}"
        for c in case.checks(workers=1)
        if not c.agrees
    ]
    assert not wrong


def test_a_scenario_off_by_a_tenth_is_noticed() -> None:
    case = replace(CASES["Erlang A, s5"], runs=10)
    tables = dict(case.tables)
    tables["queue"] = {"calls": dict(tables["queue"]["calls"]) | {"talk": "exponential 264s"}}
    assert not all(c.agrees for c in replace(case, tables=tables).checks(workers=1))
