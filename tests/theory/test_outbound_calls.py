"""Outbound calls with ample agents: how many customers they reach, and how many they settle."""

from __future__ import annotations

from itertools import pairwise
from math import sqrt

import numpy as np
import pytest

from sim.engine import simulate_replication
from sim.experiment import simulate
from sim.log import Kind, Log, Outcome
from sim.model import build
from sim.scenario import Scenario

AMPLE = """
[center]
days = 2
open = { daily = "00:00-24:00" }
[queue.calls]
volume = "2000 a day"
talk = "exponential 3min"
[queue.outreach]
channel = "outbound"
deferred = true
volume = 0
talk = "exponential 2min"
[issue.bill]
queues = { calls = "50%" }
outbound = { queue = "outreach", ahead = "3h", attempts = 3, right_party = "35%", again = "20min", settled = "60%" }
[group.team]
agents = 150
skills = { calls = 1, outreach = 1 }
"""  # noqa: E501
AHEAD_S = 3 * 3600


def shares(log: Log, least_born: float) -> tuple[int, list[int], int]:
    """Return the issues with calls born late enough, how many reached by each attempt, settled."""
    legs, issues = log.legs, log.issues
    counted = (issues.issue_kind == 0) & (issues.born >= least_born)
    calls = (legs.kind == Kind.OUTBOUND) & counted[legs.issue]
    answered = calls & (legs.outcome == Outcome.ANSWERED)
    by_attempt = np.bincount(legs.leg[answered], minlength=3).tolist()
    return int(counted.sum()), by_attempt, int((answered & (legs.resolved == 1)).sum())


def test_reached_and_settled_are_those_of_independent_attempts() -> None:
    model = build(Scenario.parse(AMPLE))
    found = [shares(simulate_replication(model, 1, k), AHEAD_S) for k in (1, 2, 3)]
    size = sum(one[0] for one in found)
    assert size > 4000
    for attempt in range(3):
        share = 0.35 * 0.65**attempt
        error = sqrt(share * (1 - share) / size)
        reached = sum(one[1][attempt] for one in found) / size
        assert reached == pytest.approx(share, abs=3.5 * error), attempt
    share = (1 - 0.65**3) * 0.6
    error = sqrt(share * (1 - share) / size)
    assert sum(one[2] for one in found) / size == pytest.approx(share, abs=3.5 * error)


@pytest.mark.parametrize("field", ["settled", "right_party", "attempts"])
def test_more_of_it_never_raises_what_is_offered(field: str) -> None:
    center = Scenario.parse(AMPLE.replace("days = 2", "days = 1"))
    values = [1, 2, 3] if field == "attempts" else ["0%", "20%", "60%", "100%"]
    models = [build(center.with_(**{f"issue.bill.outbound.{field}": value})) for value in values]
    spared: list[set[int]] = []
    for model in models:
        log = simulate_replication(model, 1, 1)
        contacts = set(log.legs.issue[log.legs.contact >= 0].tolist())
        spared.append(set(range(len(log.issues))) - contacts)
    assert all(fewer < more for fewer, more in pairwise(spared)), [len(one) for one in spared]


def test_calls_are_no_part_of_the_service_level() -> None:
    few = AMPLE.replace("agents = 150", "agents = 6").replace("days = 2", "days = 1")
    result = simulate(Scenario.parse(few), runs=3)
    value = {(row.scope, row.name, row.metric): row.value for row in result.rows}
    assert 0.1 < value["queue", "calls", "service_level"] < 0.9
    for metric in ("service_level", "offered", "asa_s", "abandonment"):
        assert value["total", "total", metric] == value["queue", "calls", metric], metric
    assert value["queue", "outreach", "offered"] == value["total", "total", "backlog"] == 0
    reached = value["issue", "bill", "outbound_reached"]
    assert value["queue", "outreach", "handled"] == reached > 0
    rate = reached / value["issue", "bill", "outbound_attempts"]
    assert value["total", "total", "right_party_rate"] == pytest.approx(rate)
