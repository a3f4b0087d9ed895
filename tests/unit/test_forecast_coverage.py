"""The confidence interval of a coverage holds although errors of days go together."""

import numpy as np
import pytest
from scipy.special import ndtri

from sim.history.forecast.coverage_interval import BLOCKS, coverage_interval

REPEATS = 120


def counts_inside(rng, days, leads, coverage, memory):
    """Return which counts are inside their bounds, and the day that each is of.

    An error is that of its day, which remembers the day before, and that of its origin.
    """
    first, last = leads
    error = np.zeros(days + last)
    for day in range(1, days + last):
        error[day] = memory * error[day - 1] + np.sqrt(1 - memory**2) * rng.normal()
    origins = np.arange(days - last)
    known_on = origins[:, None] + np.arange(first, last + 1)
    scores = np.sqrt(0.6) * error[known_on] + np.sqrt(0.4) * rng.normal(size=days - last)[:, None]
    return (np.abs(scores) < ndtri((1 + coverage) / 2))[..., None].astype(float), known_on


@pytest.mark.parametrize(
    ("days", "leads", "block"),
    [(120, (1, 1), BLOCKS[0]), (120, (2, 7), BLOCKS[1]), (200, (8, 28), BLOCKS[2])],
)
@pytest.mark.parametrize("memory", [0.0, 0.8])
def test_true_coverages_lie_in_it_and_others_are_found(days, leads, block, memory):
    rng = np.random.default_rng(7)
    right = found = 0
    for _ in range(REPEATS):
        low, high = coverage_interval(*counts_inside(rng, days, leads, 0.9, memory), block)
        right += low <= 0.9 <= high
        low, high = coverage_interval(*counts_inside(rng, days, leads, 0.7, memory), block)
        found += high < 0.9
    assert right >= 0.9 * REPEATS
    assert found >= 0.8 * REPEATS


def test_a_few_blocks_say_nothing():
    covered, known_on = np.ones((20, 21, 1)), np.arange(20)[:, None] + np.arange(8, 29)
    assert np.isnan(coverage_interval(covered, known_on, 28)).all()
    assert np.isnan(coverage_interval(np.full((20, 21, 1), np.nan), known_on, 7)).all()


def test_all_inside_is_certain_only_over_many_blocks():
    days = np.arange(1, 71)[:, None]
    low, high = coverage_interval(np.ones((70, 1, 1)), days, 7)
    assert (low < 0.9, high) == (True, pytest.approx(1.0))
    many = np.arange(1, 701)[:, None]
    assert coverage_interval(np.ones((700, 1, 1)), many, 7)[0] > 0.9
