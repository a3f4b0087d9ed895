"""A recorded week, simulated with its own arrivals and talk times, and what happened."""

from pathlib import Path

import numpy as np
import pytest

from verification.bank import (
    Calls,
    WeekComparison,
    gap_points,
    in_slots,
    patience_points,
    read_calls,
    simulate_week,
)


@pytest.fixture(scope="module")
def week(data_dir: Path) -> WeekComparison:
    return simulate_week(data_dir, gap=900, runs=3)


def test_every_recorded_call_is_offered(week: WeekComparison) -> None:
    # Counted in the record of these seven days.
    assert week.offered.sum() == 9106


def test_simulated_week_resembles_the_recorded_one(week: WeekComparison) -> None:
    n = week.offered.sum()
    # Agents are inferred, not recorded: the rules for that differ by as much as 15 % in waits.
    assert week.waited_sim.sum() / n == pytest.approx(week.waited.sum() / n, rel=0.15)
    assert abs(week.abandoned_sim.sum() - week.abandoned.sum()) / n < 0.03


def test_busy_half_hours_are_busy_in_the_simulation_too(week: WeekComparison) -> None:
    assert week.correlation > 0.65


def test_patience_is_what_each_second_loses(data_dir: Path) -> None:
    calls = read_calls(data_dir)
    points = np.array(patience_points(calls))
    for second in (10, 60, 200):
        still = 1.0
        for s in range(second + 1):
            at_risk = np.sum(calls.wait >= s)
            still *= 1 - np.sum((calls.wait == s) & ~calls.answered) / at_risk
        assert np.interp(second, points[:, 0], points[:, 1]) == pytest.approx(1 - still, abs=0.005)


def test_pauses_are_the_published_ones(data_dir: Path) -> None:
    points = np.array(gap_points(read_calls(data_dir), longest=1800))
    assert np.interp(0.5, points[:, 1], points[:, 0]) == pytest.approx(5, abs=2)


def test_patience_of_a_worked_example() -> None:
    # Hung up after 1 and 3, answered after 2: survival 1 - 1/3, then 0 of the last at risk.
    nan = float("nan")
    size = 60
    calls = Calls(
        np.zeros(3 * size, np.int64),
        np.arange(3.0 * size),
        np.repeat([1.0, 2.0, 3.0], size),
        np.repeat([nan, 10.0, nan], size),
        np.full(3 * size, "A"),
    )
    points = patience_points(calls)
    assert [u for t, u in points if t == 1.0] == [pytest.approx(1 / 3)]


def test_fractions_of_agents_become_slots() -> None:
    slots = in_slots(np.array([[2.5, 0.0, 1.17]]))
    assert slots.tolist() == [3, 3, 3, 2, 2, 2] + [0] * 6 + [2, 1, 1, 1, 1, 1]
