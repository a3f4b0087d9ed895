"""The trend of the volume over a log, and the variation of the days that is left after it."""

import numpy as np
import pytest

from sim.history.calibration.errors_by_day import FEWEST_DAYS, ratio_over_days
from sim.history.estimation.day_variation import shared_part, volume_variation
from sim.history.estimation.volume_trend import levels_of_halves, volume_trend

DAYS = 84
WEEKDAY = np.arange(DAYS) % 7
OPEN = WEEKDAY < 5


def totals(seed, growth=0.0, cv=0.08, memory=0.0, mean=500.0):
    """Contacts of twelve weeks of five days, whose factors resemble those of the day before."""
    rng = np.random.default_rng([seed, 15])
    z = rng.standard_normal(DAYS)
    for day in range(1, DAYS):
        z[day] = memory * z[day - 1] + np.sqrt(1 - memory**2) * z[day]
    factor = np.exp(cv * z) * (1 + growth) ** (np.arange(DAYS) / 7)
    return np.where(OPEN, rng.poisson(mean * (1 + WEEKDAY / 10) * factor), 0).astype(float)


@pytest.mark.parametrize(("growth", "memory"), [(0.02, 0.0), (-0.03, 0.4)])
def test_growth_is_found_with_an_interval_and_left_out_of_busyness(growth, memory):
    count = 30
    inside, certain, cvs, memories, ahead = 0, 0, [], [], []
    for seed in range(count):
        found = volume_trend(totals(seed, growth, memory=memory), WEEKDAY)
        inside += found.weekly.contains(growth)
        certain += found.certain
        trend = found.factor if found.certain else None
        days = volume_variation(totals(seed, growth, memory=memory), WEEKDAY, None, trend)
        cvs.append(days.cv.value)
        memories.append(days.memory.value)
        ahead.append(found.ahead)
    assert inside >= 25  # P(X < 25) = 0.3 % with 95 %
    assert certain >= 27
    assert np.mean(cvs) == pytest.approx(0.08, abs=0.005)
    assert np.mean(memories) == pytest.approx(memory, abs=0.1)
    weeks = (np.arange(DAYS)[OPEN] - np.arange(DAYS)[OPEN].mean()) / 7
    assert np.mean(ahead) == pytest.approx((1 + growth) ** weeks[-1] - 1, abs=0.03)


@pytest.mark.parametrize("memory", [0.0, 0.6])
def test_days_that_resemble_the_day_before_are_no_trend(memory):
    found = [volume_trend(totals(seed, cv=0.12, memory=memory), WEEKDAY) for seed in range(40)]
    assert sum(one.certain for one in found) <= 6  # P(X > 6) = 0.3 % with 5 %
    assert all((one.factor == 1).all() and one.ahead == 0 for one in found if not one.certain)


def test_a_certain_trend_of_little_is_none():
    days = np.arange(DAYS)
    small = volume_trend(1e6 * 1.002 ** (days / 7) * (1 + 0.001 * (days % 2)), WEEKDAY)
    assert small.weekly.low > 0
    assert not small.certain


def test_too_few_days_have_no_trend():
    few = volume_trend(np.full(11, 5.0), np.arange(11) % 7)
    assert np.isnan(few.weekly.value)
    assert not few.certain
    assert np.isnan(volume_trend(np.full(14, 5.0), np.arange(14)).weekly.value)  # no day twice


def test_days_that_do_not_count_have_no_part_in_the_trend():
    counts, usable = totals(1, 0.02), np.ones(DAYS, dtype=bool)
    usable[80:] = False
    other = counts.copy()
    other[80:] *= 9
    found = [volume_trend(one, WEEKDAY, usable).weekly for one in (counts, other)]
    assert found[0] == found[1]


def test_queues_that_grow_share_their_growth_only_without_their_trends():
    columns = np.stack([totals(2, 0.05), totals(3, 0.05)], axis=1)
    trends = [volume_trend(column, WEEKDAY).factor for column in columns.T]
    assert shared_part(columns, WEEKDAY).value > 0.7
    assert shared_part(columns, WEEKDAY, None, trends).value < 0.4


def test_halves_are_compared_as_if_they_had_the_same_weekdays():
    counts = np.where(OPEN, 100.0 * (1 + WEEKDAY), 0.0)
    counts[42:] *= 1.2
    first = np.arange(DAYS) < 42
    one, other = levels_of_halves(counts, WEEKDAY, OPEN, first)
    assert other / one == pytest.approx(1.2)
    assert (one + other) / 2 == pytest.approx(counts[OPEN].mean())
    without = np.isin(np.arange(DAYS), [0, 7, 14], invert=True)
    one, other = levels_of_halves(counts, WEEKDAY, OPEN & without, first)
    assert other / one == pytest.approx(1.2, rel=0.03)
    assert np.isnan(levels_of_halves(counts, WEEKDAY, OPEN, OPEN)[0])


def test_ratios_of_days_lie_in_their_intervals():
    inside = 0
    for seed in range(200):
        rng = np.random.default_rng([seed, 16])
        below = rng.uniform(50, 150, 12)
        _, low, high = ratio_over_days(below * rng.normal(0.3, 0.2, 12), below)
        inside += low <= 0.3 <= high
    assert 180 <= inside <= 199  # 95 % of 200 are 190, three standard deviations 9


def test_ratios_of_too_few_days_have_no_interval():
    value, low, high = ratio_over_days(np.ones(FEWEST_DAYS - 1), np.full(FEWEST_DAYS - 1, 2.0))
    assert value == 0.5
    assert np.isnan([low, high]).all()
