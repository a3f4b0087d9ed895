"""Customers who call again."""

import numpy as np
import pytest

from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.repeat_calls import repeat_calls

DAY = 86_400.0


def calls(rng, again=0.4, served_again=0.1, identified=0.7, days=40, per_day=150):
    """Calls of customers, each once, some of whom call again after about ten minutes."""
    n = days * per_day
    offered = np.repeat(np.arange(days), per_day) * DAY + rng.uniform(8, 18, n) * 3600
    abandoned = rng.random(n) < 0.3
    left = offered + rng.exponential(60.0, n)
    customer = np.where(rng.random(n) < identified, np.arange(n), -1)
    repeats = rng.random(n) < np.where(abandoned, again, served_again)
    later = left[repeats] + rng.lognormal(np.log(600) - 0.125, 0.5, repeats.sum())
    offered = np.concatenate((offered, later))
    left = np.concatenate((left, later + 30.0))
    customer = np.concatenate((customer, customer[repeats]))
    abandoned = np.concatenate((abandoned, np.zeros(later.size, dtype=bool)))
    return customer, offered, left, abandoned, DayBootstrap((offered // DAY).astype(np.int64))


def test_the_shares_who_call_again_are_found():
    found = repeat_calls(*calls(np.random.default_rng(1)))
    assert found.abandoned.within_hour.contains(0.4)
    assert found.abandoned.identified.contains(0.7)
    # Repeats are served and do not call again: they dilute the share of the served.
    first, repeats = 0.7, 0.3 * 0.4 + 0.7 * 0.1
    served = 0.1 * first / (first + repeats)
    assert found.served.within_hour.contains(served)
    assert found.beyond_served.contains((0.4 - served) / (1 - served))
    assert found.abandoned.median_delay.contains(600 * np.exp(-0.125))
    assert found.abandoned.delay_text.startswith("lognormal 10min")
    assert found.abandoned.delays.size == pytest.approx(0.4 * 0.3 * 0.7 * 6000, rel=0.15)


def test_customers_who_are_not_known_count_neither_way():
    customer, offered, left, abandoned, bootstrap = calls(np.random.default_rng(2), identified=0.0)
    assert repeat_calls(customer, offered, left, abandoned, bootstrap) is None


def test_contacts_near_the_end_of_the_log_do_not_count():
    """The second customer abandons in the last hour, with no hour left to call again."""
    offered = np.array([0.0, 1000.0, 2 * DAY, 2 * DAY + 60])
    found = repeat_calls(
        np.array([1, 1, 2, 3]), offered, offered + 10, np.array([True, False, True, False]),
        DayBootstrap((offered // DAY).astype(np.int64)),
    )  # fmt: skip
    assert found.abandoned.within_hour.value == 1.0
    assert found.abandoned.within_hour.records == 1
    assert found.served.within_day.records == 1
    assert found.abandoned.delays.tolist() == [990.0]
