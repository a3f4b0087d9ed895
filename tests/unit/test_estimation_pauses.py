"""Pauses of agents while customers wait, which are no part of the time they are at work."""

import numpy as np
import pytest

from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.gap_after_contact import WaitingGaps, gap_estimate
from sim.history.estimation.gaps_and_pauses import gaps_and_pauses
from sim.history.estimation.pauses import Pauses, pauses, without_pauses
from sim.history.estimation.presences import AgentPresences
from sim.history.estimation.queue_states import Waiting

NONE = np.zeros(0, dtype=np.int64)


def presences_of(*rows):
    agent, start, end = np.array(rows, dtype=float).T
    ones = np.ones(agent.size, dtype=np.int64)
    return AgentPresences(agent.astype(np.int64), start, end, ones, 900.0, ones, ones)


def test_time_with_customers_waiting_is_summed():
    waiting = Waiting.of(np.array([0.0, 50.0, 300.0, 400.0]), np.array([100.0, 80.0, 0.0, 20.0]))
    moments = np.array([-5.0, 0.0, 60.0, 130.0, 350.0, 410.0, 1e6])
    assert waiting.time_until(moments).tolist() == [0, 0, 60, 130, 130, 140, 150]
    assert Waiting.of(np.zeros(1), np.zeros(1)).time_until(moments).tolist() == [0] * 7


def log_of(waited_from, waited_until, queue=0):
    """Agent 0 ends a contact at 100 and takes the next at 500; a customer waits meanwhile."""
    answered = {
        "agent": np.array([0, 0, 1]), "start": np.array([0.0, 500.0, 0.0]),
        "end": np.array([100.0, 600.0, 50.0]), "queue": np.array([0, 0, 1]),
    }  # fmt: skip
    many = np.concatenate([np.zeros(30, int), np.ones(30, int)])  # who serves what is seen
    answered = {
        "agent": np.concatenate([answered["agent"], many]),
        "start": np.concatenate([answered["start"], 1e4 + 100.0 * np.arange(60)]),
        "end": np.concatenate([answered["end"], 1e4 + 50 + 100.0 * np.arange(60)]),
        "queue": np.concatenate([answered["queue"], many]),
    }
    return pauses(
        **answered, instant=np.array([waited_from]), wait=np.array([waited_until - waited_from]),
        asked=np.array([queue]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("waited", "queue", "found"),
    [
        ((60.0, 400.0), 0, [(0, 100.0, 500.0)]),
        ((60.0, 250.0), 0, []),  # for 150 s
        ((200.0, 490.0), 0, []),  # the agent had left in a quiet moment
        ((60.0, 400.0), 1, []),  # not a customer of this agent
    ],
)
def test_a_pause_begins_while_customers_wait_and_lets_them_wait_long(waited, queue, found):
    rows = log_of(*waited, queue)
    assert list(zip(rows.agent, rows.start, rows.end, strict=True)) == found


def test_presences_are_parted_by_the_pauses_within_them():
    present = presences_of((1, 0, 1000), (0, 200, 900), (1, 5000, 9000))
    found = Pauses(
        np.array([0, 1, 1, 1, 1]),
        np.array([950.0, 100.0, 400.0, 5100.0, 8000.0]),
        np.array([960.0, 300.0, 500.0, 5300.0, 9500.0]),
    )
    parts = without_pauses(present, found)
    rows = sorted(zip(parts.agent, parts.start, parts.end, strict=True))
    assert rows == [
        (0, 200, 900), (1, 0, 100), (1, 300, 400), (1, 500, 1000), (1, 5000, 5100), (1, 5300, 9000),
    ]  # fmt: skip
    same = without_pauses(present, Pauses(NONE, np.zeros(0), np.zeros(0)))
    assert same.hours == present.hours


def _gaps_with_pauses(share, cv, seed):
    """Gaps of 20 s on average, a fifth of them zero, and pauses; cut off within some minutes."""
    rng, n = np.random.default_rng(seed), 6000
    spread = np.log1p(cv**2)
    seconds = rng.lognormal(np.log(25.0) - spread / 2, np.sqrt(spread), n) * (rng.random(n) > 0.2)
    seconds = np.where(rng.random(n) < share, rng.uniform(200.0, 600.0, n), seconds)
    empty = rng.exponential(120.0, n)
    ones = np.ones(n, dtype=np.int64)
    rows = np.arange(n)
    gaps = WaitingGaps(rows, np.minimum(seconds, empty), seconds <= empty, ones)
    return gaps, DayBootstrap(rows % 30)


@pytest.mark.parametrize("cv", [0.8, 1.5])
def test_gaps_are_found_apart_from_pauses(cv):
    gaps, bootstrap = _gaps_with_pauses(0.03, cv, 1)
    found = gaps_and_pauses(gaps, bootstrap)
    assert found.gap.contains(20.0)
    assert found.pauses.contains(0.03)
    assert gap_estimate(gaps, bootstrap, 900.0).mean.low > 20.0  # holds the pauses


def test_a_long_tail_of_gaps_is_not_taken_for_pauses():
    assert gaps_and_pauses(*_gaps_with_pauses(0.0, 1.5, 2)) is None
    assert gaps_and_pauses(*_gaps_with_pauses(0.0, 3.0, 3)) is None
