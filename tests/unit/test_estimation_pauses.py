"""Pauses of agents while customers wait, which are no part of the time they are at work."""

from dataclasses import replace

import numpy as np
import pytest

from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.gap_after_contact import WaitingGaps, gap_estimate, waiting_gaps
from sim.history.estimation.gap_curve import GapCurve
from sim.history.estimation.gaps_and_pauses import gaps_and_pauses
from sim.history.estimation.pause_lengths import pause_lengths
from sim.history.estimation.pauses import Pauses, pauses, share_left_out, without_pauses
from sim.history.estimation.presences import AgentPresences
from sim.history.estimation.queue_states import Waiting
from sim.history.estimation.quiet_readiness import breaks_within
from sim.scenario.distribution import Distribution

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
    rng, n = np.random.default_rng(seed), 15_000
    spread = np.log1p(cv**2)
    seconds = rng.lognormal(np.log(25.0) - spread / 2, np.sqrt(spread), n) * (rng.random(n) > 0.2)
    seconds = np.where(rng.random(n) < share, rng.uniform(200.0, 600.0, n), seconds)
    empty = rng.exponential(120.0, n)
    ones = np.ones(n, dtype=np.int64)
    rows = np.arange(n)
    seen = seconds <= empty
    # Customers wait again now and then: until then the agent may be back, or not.
    again = empty + rng.exponential(100.0, n)
    away = np.where(seen, seconds, np.where(again < seconds, again, empty))
    back = np.where(seen, seconds, seconds + rng.exponential(80.0, n))
    gaps = WaitingGaps(rows, np.minimum(seconds, empty), seen, ones, away, back)
    return gaps, DayBootstrap(rows % 30), seconds


@pytest.mark.parametrize("cv", [0.8, 1.5])
def test_gaps_are_found_apart_from_pauses(cv):
    gaps, bootstrap, seconds = _gaps_with_pauses(0.03, cv, 1)
    found = gaps_and_pauses(gaps, bootstrap)
    long = seconds > 180
    assert found.gap.contains(20.0)
    assert found.pauses.contains(long.mean())
    assert found.length.contains(seconds[long].mean())
    whole = gap_estimate(gaps, bootstrap, 3600.0, found.lengths)  # holds the pauses
    assert whole.mean.value == pytest.approx(
        np.minimum(seconds, 180).mean() + (seconds[long] - 180).sum() / seconds.size, rel=0.1
    )
    written = Distribution.model_validate(whole.points)
    assert written.mean == pytest.approx(whole.mean.value, rel=0.03)
    assert GapCurve.of(whole).at(np.array([179.0, 650.0])) == pytest.approx(
        [found.pauses.value, 0.0], abs=0.002
    )


def test_lengths_of_pauses_lie_between_away_and_back():
    rng = np.random.default_rng(4)
    length = rng.choice([300.0, 900.0], 400)
    away, back = length * rng.uniform(0.3, 1.0, 400), length + rng.exponential(60.0, 400)
    taken = rng.random(400) < 0.5  # a customer who waited: back is exact
    found = pause_lengths(np.where(taken, length, away), np.where(taken, length, back), 60.0)
    assert found.mean == pytest.approx(length.mean(), rel=0.03)
    assert found.expected[taken] == pytest.approx(length[taken], rel=0.01)
    time, left = found.points()
    assert (np.diff(time) > 0).all()
    assert np.interp([280.0, 600.0, 1500.0], time, left) == pytest.approx([1, 0.5, 0], abs=0.1)


def test_a_gap_cut_off_counts_however_far_the_next_contact_is():
    """A customer waits until 110 only; those who pause are back after 1,000 s."""
    answered = {"agent": np.array([0, 0, -1]), "end": np.array([100.0, 1300.0, np.nan])}
    log = {"offered": np.array([0.0, 1200.0, 60.0]), "wait": np.array([0.0, 0.0, 50.0])}
    gaps = waiting_gaps(**log, **answered, longest=3600.0, last=np.array([1]))
    assert gaps.observed.tolist() == [False]
    found = [gaps.seconds, gaps.away, gaps.back]
    assert np.concatenate(found) == pytest.approx([10.0, 10.0, 1100.0])
    assert waiting_gaps(**log, **answered, longest=3600.0, last=np.array([0])).rows.size == 0


def test_the_share_of_pauses_left_out_is_of_contacts():
    present = presences_of((1, 0, 1000), (0, 200, 900))
    present = replace(present, calls=np.array([6, 4]))
    found = Pauses(np.array([1]), np.array([100.0]), np.array([400.0]))
    assert share_left_out(present, without_pauses(present, found)) == 0.1


def test_breaks_that_end_a_presence_are_none_of_a_scenario():
    rng = np.random.default_rng(6)
    length, longest = rng.exponential(1800.0, 10**6), rng.uniform(900.0, 2700.0, 10**6)
    takes, ends = rng.random(10**6) < 0.1, length < longest
    share, mean = breaks_within(0.1, 1800.0, longest)
    assert mean == pytest.approx(length[ends].mean(), rel=0.01)
    assert share == pytest.approx((takes & ends).mean() / (1 - (takes & ~ends).mean()), rel=0.01)
    assert breaks_within(0.1, 30.0, longest) == pytest.approx((0.1, 30.0))


def test_a_long_tail_of_gaps_is_not_taken_for_pauses():
    assert gaps_and_pauses(*_gaps_with_pauses(0.0, 1.5, 2)[:2]) is None
    assert gaps_and_pauses(*_gaps_with_pauses(0.0, 3.0, 3)[:2]) is None


def test_the_gap_of_a_scenario_has_the_mean_that_is_reported():
    """Also where the last gaps that are seen are cut off, far from the longest possible one."""
    rng = np.random.default_rng(4)
    length = rng.lognormal(np.log(20) - 0.5, 1.0, 400)
    left = rng.uniform(10.0, 40.0, 400)  # until the queue is empty
    gaps = WaitingGaps(
        np.arange(400), np.minimum(length, left), length <= left, np.ones(400, dtype=np.int64),
        np.minimum(length, left), length,
    )  # fmt: skip
    days = DayBootstrap(np.arange(400) % 10)
    found = gap_estimate(gaps, days, 900.0)
    mean = Distribution.model_validate(found.points).mean
    assert mean == pytest.approx(found.mean.value, rel=0.08)
    assert found.mean.low < 20 < found.mean.high
