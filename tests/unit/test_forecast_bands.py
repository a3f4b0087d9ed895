"""Prediction intervals of intervals, days and weeks, where the true distribution is known."""

import datetime as dt

import numpy as np
import pytest

from sim.history.forecast.day_table import day_table
from sim.history.forecast.error_variance import ErrorVariance, error_variance, growth, overlap
from sim.history.forecast.forecast_bands import ForecastBands
from sim.history.volume_history import VolumeHistory

MONDAY = dt.date(2024, 1, 1)
DAYS, LEADS, HOURS, MEAN = 118, 28, 6, 60.0
DRIFT, NOISE = 0.02, 0.06


def levels(random, drift):
    """Levels of days that move as a random walk, and a smoothed one as known each evening."""
    true = np.exp(np.cumsum(random.normal(size=DAYS + LEADS) * drift))
    days = true * np.exp(random.normal(size=len(true)) * NOISE)
    known = np.empty(len(days))
    state = days[0]
    for day, value in enumerate(days):
        state += 0.3 * (value - state)
        known[day] = state
    return days, known


def bands_of(random, drift):
    """Prediction intervals of 118 days, and whether the four weeks after them are inside."""
    days, known = levels(random, drift)
    counts = np.zeros((len(days), 24))
    counts[:, 8 : 8 + HOURS] = random.poisson(np.full((len(days), HOURS), MEAN) * days[:, None])
    table = day_table(
        VolumeHistory("calls", "voice", MONDAY, 60, counts[:DAYS], counts[:DAYS] > 0), LEADS, {}
    )
    origins = np.arange(14, DAYS + 1)
    path = np.broadcast_to(MEAN * known[origins - 1, None, None], (len(origins), LEADS, HOURS))
    bands = ForecastBands(table, np.array(path), origins, 0.9, np.zeros(path.shape[:2]))
    later = counts[DAYS:].sum(axis=1)
    found = {}
    for name, band, true in (
        ("days", bands.days(LEADS), later),
        ("weeks", bands.weeks(LEADS), later.reshape(4, 7).sum(axis=1)),
    ):
        found[name] = (true >= band.low) & (true <= band.high), (band.high - band.low) / true
    return found


@pytest.mark.parametrize("drift", [DRIFT, pytest.param(0.0, marks=pytest.mark.slow)])
def test_days_and_weeks_ahead_of_four_months_are_inside_as_often_as_stated(drift):
    random = np.random.default_rng(4)
    found = [bands_of(random, drift) for _ in range(20 if drift else 40)]
    for name in ("days", "weeks"):
        inside = np.array([one[name][0] for one in found])
        assert 0.84 <= inside.mean() <= 0.96  # weeks of one history go together
    widths = np.mean([one["weeks"][1][-1] for one in found])
    # Variance of the mean level of the fourth week about the one known, and of 7 days' noise.
    needed = 2 * 1.645 * np.sqrt((drift**2) * 25 + 0.3 / 1.7 * NOISE**2 + NOISE**2 / 7)
    assert 0.8 * needed < widths < 1.6 * needed + 0.05


def test_variance_grows_with_days_ahead_as_it_does_for_a_random_walk():
    random = np.random.default_rng(2)
    days, leads = 4000, 28
    level = np.cumsum(random.normal(size=days + leads) * DRIFT)
    actual = (
        1e7 * (1 + level[np.arange(1, days)[:, None] + np.arange(leads)])
        - 1e7 * level[: days - 1, None]
    )
    forecasts = np.full((days - 1, leads, 1), 1e7)
    ahead = np.arange(1.0, leads + 1)
    origins = np.arange(1, days)
    known_on = origins[:, None] + np.arange(leads) + 1
    found = error_variance(forecasts, actual[..., None], known_on, origins, ahead, overlap(ahead))
    late = slice(2000, None, 91)
    np.testing.assert_allclose(found.excess[late].mean(axis=0), DRIFT**2 * ahead, rtol=0.25)
    assert (found.errors[-1, 0], found.errors[-1, -1]) == pytest.approx((262, 13.8), rel=0.02)


def test_variance_without_errors_is_assumed_and_grows():
    shape = (3, 4, 1)
    ones = np.ones(4)
    origins = np.arange(5, 8)
    found = error_variance(
        np.full(shape, 50.0), np.full(shape, np.nan), np.full((3, 4), 99), origins,
        np.array([7.0, 14, 21, 28]), ones,
    )  # fmt: skip
    np.testing.assert_allclose(found.excess[-1], 0.01 * growth(np.array([7.0, 14, 21, 28])))
    assert not found.errors.any()


def test_later_days_follow_the_growth_of_the_tested_ones():
    excess = np.array([[1.0, 2.0, 3.0, 4.0]])
    found = ErrorVariance(excess, np.ones((1, 4))).extended(6, tested=4, near=2)
    np.testing.assert_allclose(found.excess[0], [1, 2, 3, 4, 5, 6])
    flat = ErrorVariance(excess[:, ::-1], np.ones((1, 4))).extended(6, tested=4, near=2)
    np.testing.assert_allclose(flat.excess[0, 3:], 1.0)
