"""Better resolution, prevention and messages on the same days: what they do to volumes."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sim.engine import simulate_replication
from sim.metrics import tally_log
from sim.metrics.tally_fields import JourneySum
from sim.model import Model, build
from sim.scenario import Scenario

WEEKS = """
[center]
days = 28
open = { mon-fri = "08:00-18:00" }
[queue.calls]
volume = "200 a day"
talk = "exponential 4min"
resolved = "65%"
repeat = { share = "60%", after = "lognormal 1day cv 1", at_most = 20 }
[queue.chat]
channel = "chat"
volume = "80 a day"
talk = "exponential 6min"
resolved = "60%"
repeat = { share = "50%", after = "exponential 6h", by = "calls", at_most = 20 }
[issue.parcel]
queues = { calls = "40%", chat = "25%" }
[issue.other]
queues = { calls = "30%" }
[segment.loyal]
share = "30%"
value = 100
[group.team]
agents = 40
skills = { calls = 1, chat = 1 }
[satisfaction]
"""
DIFFERENT = WEEKS.replace('"25%" }', '"25%" }\nresolves = "80%"').replace(
    "skills =", 'tenure = [{ share = "25%", resolves = "90%" }]\nskills ='
)
"""The same, with an issue that is more difficult and agents who resolve less."""


@pytest.fixture(scope="module")
def weeks() -> Scenario:
    return Scenario.parse(WEEKS)


def offered(model: Model, replication: int) -> int:
    """Return the contacts of one replication."""
    return len(simulate_replication(model, 1, replication).legs.issue)


def _sums(model: Model, replication: int) -> np.ndarray:
    """Return the sums of issues of one replication, all of them together."""
    tally = tally_log(simulate_replication(model, 1, replication))
    return np.asarray(tally.journeys).reshape(len(JourneySum), -1).sum(axis=1)


@pytest.mark.parametrize("text", [WEEKS, DIFFERENT], ids=["alike", "different"])
def test_observed_volumes_come_back_in_each_week(text: str) -> None:
    model, week_s, runs = build(Scenario.parse(text)), 7 * 86400, 40
    counts = np.zeros((runs, 2, 4))
    for replication in range(runs):
        legs = simulate_replication(model, 1, replication + 1).legs
        np.add.at(counts[replication], (legs.queue, (legs.enter // week_s).astype(int)), 1)
    error = counts.std(axis=0, ddof=1) / np.sqrt(runs)
    volumes = 5 * np.array([[200.0], [80.0]])
    assert (error < 0.015 * volumes).all()
    assert (abs(counts.mean(axis=0) - volumes) < 3 * error).all(), counts.mean(axis=0)


def test_better_resolution_never_raises_volume(weeks: Scenario) -> None:
    steps: list[dict[str, Any]] = [
        {"queue.calls.resolved": "45%"},
        {},
        {"issue.parcel.resolves": "120%"},
        {"issue.parcel.resolves": "120%", "queue.calls.resolved": "80%"},
        {"queue.calls.resolved": "100%", "queue.chat.resolved": "100%"},
    ]
    models = [build(weeks.with_(**step)) for step in steps]
    for replication in (1, 2, 3):
        numbers = [offered(model, replication) for model in models]
        assert all(a > b for a, b in pairwise(numbers)), numbers


def test_better_resolution_satisfies_more_with_less_effort(weeks: Scenario) -> None:
    low, high = (
        _sums(build(weeks.with_(**{"queue.calls.resolved": share})), 1) for share in ("60%", "70%")
    )
    assert low[JourneySum.JUDGED] == high[JourneySum.JUDGED]
    for sign, name in ((1, "SATISFIED"), (1, "PROMOTERS"), (-1, "EFFORT"), (-1, "VALUE_LOST")):
        index = JourneySum[name]
        assert sign * (high[index] - low[index]) > 0, name


CHANGES: dict[str, tuple[dict[str, Any], float]] = {
    "prevented": ({"issue.parcel.prevented": "50%"}, 0.5),
    "notice": ({"issue.parcel.notice": {"reached": "60%", "settled": "50%"}}, 0.3),
    "both": (
        {
            "issue.parcel.prevented": "20%",
            "issue.parcel.notice": {"reached": "50%", "settled": "40%"},
        },
        1 - 0.8 * 0.8,
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_prevention_and_messages_lower_what_is_offered_by_their_share(
    weeks: Scenario, name: str
) -> None:
    changes, share = CHANGES[name]
    alike = weeks.with_(**{"issue.parcel.queues": {"calls": "40%", "chat": "40%"}})
    before, after = (
        np.array([offered(model, replication) for replication in range(1, 25)])
        for model in (build(alike), build(alike.with_(**changes)))
    )
    assert (after < before).all()
    lost = (before - after) / before.mean()
    error = lost.std(ddof=1) / np.sqrt(len(lost))
    assert error < 0.01
    assert lost.mean() == pytest.approx(0.4 * share, abs=3 * error)


CONTEXT = """
[center]
open = "08:00-18:00"
days = 3
[queue.calls]
volume = "400 a day"
talk = "exponential 4min"
patience = "exponential 4min"
resolved = "65%"
resolution = { transferred = "86%", context_lost = "85%" }
repeat = { share = "60%", after = "exponential 2h", carried = "50%", lost = "+30%" }
transfer = { claims = { share = "20%", carried = "50%", lost = "+60s" } }
[queue.claims]
volume = "100 a day"
talk = "exponential 6min"
patience = "exponential 4min"
resolved = "70%"
resolution = { context_lost = "85%" }
[bot.calls]
tried = "60%"
session = "exponential 60s"
contained = "20%"
resolved = "60%"
handover = { carried = "30%", talk = "-30s", lost = "+20s" }
[group.team]
agents = 12
skills = { calls = 1, claims = 1 }
[satisfaction]
"""
CARRIED = (
    "queue.calls.repeat.carried",
    "queue.calls.transfer.claims.carried",
    "bot.calls.handover.carried",
)


def test_more_context_never_raises_effort_and_loses_less() -> None:
    center = Scenario.parse(CONTEXT)
    shares = (0.0, 0.4, 0.8, 1.0)
    models = [build(center.with_(**dict.fromkeys(CARRIED, share))) for share in shares]
    for replication in range(1, 6):
        sums = [_sums(model, replication) for model in models]
        effort, lost = (
            [row[index] / row[JourneySum.JUDGED] for row in sums]
            for index in (JourneySum.EFFORT, JourneySum.CONTEXT_LOST)
        )
        assert all(a > b for a, b in pairwise(effort)), effort
        assert all(a > b for a, b in pairwise(lost)), lost
        assert lost[-1] == 0


@pytest.mark.parametrize("path", CARRIED)
def test_each_way_of_carrying_context_lowers_effort_and_satisfies_more(path: str) -> None:
    center = Scenario.parse(CONTEXT)
    models = [build(center.with_(**{path: share})) for share in (0.0, 1.0)]
    sums = [np.sum([_sums(model, k) for k in range(1, 7)], axis=0) for model in models]
    without, carried = (row / row[JourneySum.JUDGED] for row in sums)
    assert carried[JourneySum.EFFORT] < without[JourneySum.EFFORT]
    assert carried[JourneySum.SATISFIED] > without[JourneySum.SATISFIED]
