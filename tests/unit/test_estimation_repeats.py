"""Customers who call again."""

import datetime as dt

import numpy as np
import pytest

from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.scenario_tables import usual_week
from sim.history.call_log import CallLog
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.expected_retrials import expected_retrials
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


def test_who_abandoned_and_calls_again_less_than_the_served_has_a_share_of_zero():
    rng = np.random.default_rng(4)
    found = repeat_calls(*calls(rng, again=0.02, served_again=0.3)).beyond_served
    assert found.value == found.low == 0
    assert 0 <= found.high < 0.1


def test_customers_who_are_not_known_count_neither_way():
    customer, offered, left, abandoned, bootstrap = calls(np.random.default_rng(2), identified=0.0)
    assert repeat_calls(customer, offered, left, abandoned, bootstrap) is None


def test_contacts_near_the_end_of_log_or_day_do_not_count():
    """Customers 2 and 4 abandon in the last hour of a day, with no hour left to call again."""
    offered = np.array([0.0, 1000.0, 5000.0, 5100.0, 2 * DAY, 2 * DAY + 60])
    found = repeat_calls(
        np.array([1, 1, 4, 5, 2, 3]), offered, offered + 10,
        np.array([True, False, True, False, True, False]),
        DayBootstrap((offered // DAY).astype(np.int64)),
    )  # fmt: skip
    assert found.abandoned.within_hour.value == 1.0
    assert found.abandoned.within_hour.records == 1
    assert found.served.within_day.records == 2
    assert found.abandoned.delays.tolist() == [990.0]


def test_expected_retrials_follow_abandonment_by_the_delay():
    left = np.array([0.0, 100.0, DAY + 1790.0])
    found = expected_retrials(left, 0.5, np.array([60.0]), days=3)
    assert found.shape == (3, 48)
    assert found[0, 0] == pytest.approx(1.0)
    assert found[1, 1] == pytest.approx(0.5)
    assert found.sum() == pytest.approx(1.5)
    assert expected_retrials(left, 0.5, np.array([]), days=3).sum() == 0


@pytest.mark.parametrize("identified", [1.0, 0.5])
def test_volumes_do_not_hold_the_retrials_that_the_scenario_adds(identified):
    """150 first contacts a day; of the 30 % who abandon, 80 % call again once."""
    customer, offered, left, abandoned, _ = calls(
        np.random.default_rng(5), again=0.8, served_again=0.0, identified=identified
    )
    day = (offered // DAY).astype(np.int64)
    order = np.argsort(offered, kind="stable")
    wait = np.where(abandoned, left - offered, 0.0)
    log = CallLog(
        dt.date(2026, 1, 5), day, offered - day * DAY, np.zeros(day.size, int), ("calls",), wait,
        abandoned.astype(np.int64), np.where(abandoned, np.nan, 100.0),
        np.where(abandoned, -1, 0), ("agent 1",), customer, np.full(day.size, np.nan),
        np.ones(40, bool),
    ).take(order)  # fmt: skip
    week = usual_week(estimate_center(log))
    assert sum(week["queue"]["calls"]["volume"]) == pytest.approx(7 * 150, rel=0.03)
    share = float(week["queue"]["calls"]["retry"]["share"].strip("%"))
    assert share == pytest.approx(80, abs=4)
