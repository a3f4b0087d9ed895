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


@pytest.fixture(scope="module")
def weeks() -> Scenario:
    return Scenario.parse(WEEKS)


def offered(model: Model, replication: int) -> int:
    """Return the contacts of one replication."""
    return len(simulate_replication(model, 1, replication).legs.issue)


def judged(scenario: Scenario, replication: int) -> np.ndarray:
    """Return the sums of issues of one replication, all of them together."""
    tally = tally_log(simulate_replication(build(scenario), 1, replication))
    return np.asarray(tally.journeys).reshape(len(JourneySum), -1).sum(axis=1)


def test_observed_volumes_come_back_in_each_week(weeks: Scenario) -> None:
    model, week_s, runs = build(weeks), 7 * 86400, 40
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
        judged(weeks.with_(**{"queue.calls.resolved": share}), 1) for share in ("60%", "70%")
    )
    assert low[JourneySum.JUDGED] == high[JourneySum.JUDGED]
    for sign, name in ((1, "SATISFIED"), (1, "PROMOTERS"), (-1, "EFFORT"), (-1, "VALUE_LOST")):
        index = JourneySum[name]
        assert sign * (high[index] - low[index]) > 0, name


CHANGES = {
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
