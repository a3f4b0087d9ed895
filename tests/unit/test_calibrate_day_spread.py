"""Days that differ more than simulated ones make the variation of days larger."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.history.calibration import close_loop
from sim.history.calibration.adjustment import AS_ESTIMATED
from sim.history.calibration.close_loop import ClosedLoop
from sim.history.calibration.day_factors import (
    MOST_SPREAD,
    day_factors,
    indistinct_notes,
    most_talk_days,
)
from sim.history.calibration.day_spread import day_spread
from sim.history.calibration.estimated_values import EstimatedValue
from sim.history.calibration.period_sums import PER_DAY, ContactSums
from sim.history.calibration.scenario_comments import field_comments
from sim.history.estimation.agent_differences import agent_speeds
from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.gap_after_contact import WaitingGaps

DAYS = 60


def sums(capacity):
    """Return days whose metrics all follow their capacity; one period of each has the contacts."""
    shape = (*capacity.shape[:-1], DAYS * PER_DAY)
    values = np.zeros((6, *shape))
    for at, value in enumerate((1000.0, 900.0, 500.0, 100.0, 0.0, 9e4)):
        values[at, ..., ::PER_DAY] = value
    for at in (2, 3, 5):
        values[at, ..., ::PER_DAY] *= capacity
    return ContactSums(*values)


def simulated(factor):
    drawn = np.random.default_rng(3).normal(size=(24, DAYS))
    return sums(1 + 0.1 * factor * drawn)


@pytest.mark.parametrize(("recorded", "factor"), [(0.15, 1.5), (0.05, 1.0), (0.4, MOST_SPREAD)])
def test_the_factor_makes_recorded_days_as_simulated_ones(recorded, factor):
    days = np.random.default_rng(4).normal(size=DAYS)
    days = (days - days.mean()) / days.std()
    # A bias does not count as variation.
    found = day_spread(sums(1.3 + recorded * days), simulated, MOST_SPREAD)
    assert found.factor == pytest.approx(factor, abs=0.15)
    assert (found.unexplained > 1) == (recorded > 0.3)


@pytest.mark.parametrize("largest", [1.0, 1.2])
def test_what_talk_cannot_explain_is_said_instead(largest):
    days = np.random.default_rng(4).normal(size=DAYS)
    days = (days - days.mean()) / days.std()
    calls = []
    found = day_spread(sums(1 + 0.15 * days), lambda by: calls.append(by) or simulated(by), largest)
    assert found.factor == largest
    assert found.unexplained == pytest.approx(1.5 / largest, abs=0.1)
    assert calls == [1.0, 1.2][: len(calls)]
    loop = ClosedLoop(AS_ESTIMATED, (), {}, {}, found.unexplained)
    assert f"differ {found.unexplained:.1f} times as much" in loop.spread_note
    assert ClosedLoop(AS_ESTIMATED, (), {}, {}).spread_note == ""


def estimates(cv, with_volume, memory):
    """Return days that differ in talk and volume, each estimate as (value, low, high)."""
    talk = SimpleNamespace(cv=DayEstimate(*cv), memory=DayEstimate(*memory))
    volume = SimpleNamespace(
        cv=DayEstimate(0.1, 0.05, 0.15), memory=DayEstimate(*memory), shape="gamma"
    )
    return SimpleNamespace(
        volume=volume, shared=DayEstimate(np.nan), queues=(1,), talk_days=talk, talk_level=None,
        talk_with_volume=DayEstimate(*with_volume), log=SimpleNamespace(days=60),
    )  # fmt: skip


def test_only_what_is_distinguishable_from_zero_is_written():
    certain = estimates((0.06, 0.03, 0.09), (-0.4, -0.7, -0.1), (0.5, 0.2, 0.8))
    written = day_factors(certain, 1.5)
    assert written["busyness"] == {"cv": "10%", "shape": "gamma", "memory": "50%"}
    assert written["talk_variation"] == {"cv": "9%", "memory": "50%", "correlation": "-40%"}
    assert most_talk_days(certain) == pytest.approx(1.5)  # the upper end of its interval
    assert indistinct_notes(certain) == ()

    perhaps = estimates((0.06, 0.03, 0.2), (-0.1, -0.4, 0.2), (0.3, -0.1, 0.7))
    written = day_factors(perhaps, 1.0)
    assert written["talk_variation"] == {"cv": "6%"}
    assert "memory" not in written["busyness"]
    assert most_talk_days(perhaps) == MOST_SPREAD
    notes = indistinct_notes(perhaps)
    assert len(notes) == 3
    assert notes[2] == (
        "correlation of talk with the volume of the day: not distinguishable from 0 (-40% to "
        "20%), so that the scenario has none"
    )

    nothing = estimates((0.03, 0.0, 0.06), (-0.4, -0.7, -0.1), (0.5, 0.2, 0.8))
    assert "talk_variation" not in day_factors(nothing, 1.0)
    assert most_talk_days(nothing) == 1.0
    assert indistinct_notes(nothing) == (
        "variation of talk from day to day: not distinguishable from 0 (0% to 6%), so that the "
        "scenario has none",
    )


def test_a_comment_says_that_an_estimate_is_not_there():
    row = EstimatedValue(
        "talk_with_volume", "center", -0.1, -0.4, 0.2, "ratio", "days",
        field="center.talk_variation.correlation",
    )  # fmt: skip
    loop = ClosedLoop(AS_ESTIMATED, (), {}, {})
    for variation, ends in (({"cv": "6%"}, "is not here"), ({"correlation": "-10%"}, "; days")):
        tables = {"center": {"talk_variation": variation}, "group": {}, "queue": {}}
        comments = field_comments((row,), loop, tables)
        assert comments["center.talk_variation"].endswith(ends)


def test_what_may_be_random_changes_nothing():
    days = np.random.default_rng(4).normal(size=DAYS)
    days = (days - days.mean()) / days.std()
    found = day_spread(sums(1 + 0.11 * days), simulated, MOST_SPREAD)
    assert (found.factor, found.unexplained) == (1.0, 1.0)


def test_one_odd_day_does_not_decide():
    days = np.random.default_rng(4).normal(size=DAYS)
    days[7] = 30.0
    assert day_spread(sums(1 + 0.1 * days), simulated, MOST_SPREAD).factor < 1.2


def test_gaps_count_for_each_customer_who_waits():
    gaps = WaitingGaps(
        np.array([3, 5]),
        np.array([8.0, 2.0]),
        np.array([True, False]),
        np.array([1, 30]),
        np.array([8.0, 5.0]),
        np.array([8.0, 9.0]),
    )
    found = gaps.by_customers()
    assert found.rows.tolist() == [3] + 10 * [5]
    assert found.back.tolist() == [8.0] + 10 * [9.0]
    assert found.seconds.mean() == pytest.approx((8 + 10 * 2) / 11)
    assert found.observed.sum() == 1


def test_agents_with_few_contacts_hardly_add_to_the_spread_of_those_on_duty():
    rng = np.random.default_rng(5)
    agent = np.concatenate([np.repeat(np.arange(6), 2000), np.repeat([6, 7], 300)])
    mean = np.where(agent == 6, 20.0, np.where(agent == 7, 500.0, 100.0))
    talk = rng.exponential(mean)
    found = agent_speeds(agent, rng.integers(0, 30, agent.size), talk, np.full(agent.size, 100.0))
    assert found.spread.value > 0.6
    assert found.spread_on_duty < 0.6 * found.spread.value


def test_the_bias_after_is_that_of_the_variation_of_talk_that_is_written(monkeypatch):
    days = np.random.default_rng(4).normal(size=DAYS)
    actual = sums(1 + 0.15 * (days - days.mean()) / days.std())

    def simulate(estimates, log, runs, adjustment):
        drawn = np.random.default_rng(3).normal(size=(24, DAYS))
        return sums(1 - 0.1 * (adjustment.talk_days - 1) + 0.1 * adjustment.talk_days * drawn)

    for name, fake in {
        "week_calendar": lambda log, usable: None,
        "actual_sums": lambda log, calendar: actual,
        "_least_certain": lambda estimates: (),
        "most_talk_days": lambda estimates: MOST_SPREAD,
        "simulate_past_days": simulate,
    }.items():
        monkeypatch.setattr(close_loop, name, fake)
    found = close_loop.close_loop(SimpleNamespace(log=None, usable=None), None)
    assert found.adjustment.talk_days > 1.2
    biases = close_loop._biases(simulate(None, None, 1, found.adjustment), actual.in_all())
    assert found.after == close_loop._in_units(biases) != found.before
