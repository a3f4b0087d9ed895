"""Days that differ more than simulated ones make the variation of days larger."""

import numpy as np
import pytest

from sim.history.calibration.day_spread import MOST_SPREAD, day_spread
from sim.history.calibration.period_sums import PER_DAY, ContactSums
from sim.history.estimation.agent_differences import agent_speeds
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
    assert day_spread(sums(1.3 + recorded * days), simulated) == pytest.approx(factor, abs=0.15)


def test_what_may_be_random_changes_nothing():
    days = np.random.default_rng(4).normal(size=DAYS)
    days = (days - days.mean()) / days.std()
    assert day_spread(sums(1 + 0.11 * days), simulated) == 1.0


def test_one_odd_day_does_not_decide():
    days = np.random.default_rng(4).normal(size=DAYS)
    days[7] = 30.0
    assert day_spread(sums(1 + 0.1 * days), simulated) < 1.2


def test_gaps_count_for_each_customer_who_waits():
    gaps = WaitingGaps(
        np.array([3, 5]), np.array([8.0, 2.0]), np.array([True, False]), np.array([1, 30])
    )
    found = gaps.by_customers()
    assert found.rows.tolist() == [3] + 10 * [5]
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
