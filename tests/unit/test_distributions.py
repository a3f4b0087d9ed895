"""Distributions of times: the array of draws, its scalar twin, and their means."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.distributions import (
    Deterministic,
    Exponential,
    Gamma,
    Lognormal,
    Points,
    Uniform,
    Unlimited,
    Weibull,
)

FINITE = [
    Deterministic(90.0),
    Exponential(90.0),
    Lognormal(4.2, 0.8),
    Gamma(2.5, 36.0),
    Gamma(0.3, 300.0),
    Weibull(1.3, 100.0),
    Uniform(30.0, 150.0),
    Points(u=np.array([0, 0.3, 0.3, 1.0]), x=np.array([10.0, 60, 90, 200])),
]
DISTRIBUTIONS = FINITE + [replace(one, zero=0.25) for one in FINITE]
STEPS = (Deterministic, Points)


class Given:
    """A generator that returns the numbers it was given."""

    def __init__(self, u):
        self.u = np.asarray(u, dtype=float)

    def random(self, count):
        assert count == self.u.size
        return self.u


@pytest.mark.parametrize("times", DISTRIBUTIONS, ids=str)
def test_one_draw_and_many_draws_are_the_same(times):
    u = np.concatenate([np.linspace(0.0005, 0.9995, 1000), [0.3]])
    many = times.sample(Given(u), u.size)
    one = [times.quantile(float(each)) for each in u]
    # A gamma draw is read from a table: finer than any time is known
    np.testing.assert_allclose(one, many, rtol=2e-5 if isinstance(times, Gamma) else 1e-12)


def test_draw_of_a_wide_gamma_is_as_precise_as_it_says():
    times = Gamma(0.1, 900.0)
    u = np.linspace(0.0001, 0.9999, 20_001)
    one = [times.quantile(float(each)) for each in u]
    np.testing.assert_allclose(one, times.sample(Given(u), u.size), rtol=2.5e-4)


def test_draw_at_the_very_share_of_zeros_is_zero():
    assert Lognormal(4.2, 0.8, 0.25).quantile(0.25) == 0


@pytest.mark.parametrize("times", DISTRIBUTIONS, ids=str)
def test_draws_grow_with_their_number(times):
    many = times.sample(Given(np.linspace(0, 0.9999, 2001)), 2001)
    assert (np.diff(many) >= 0).all()
    assert many[0] >= 0


@pytest.mark.parametrize("times", DISTRIBUTIONS, ids=str)
def test_mean_of_the_draws_is_the_mean_of_the_distribution(times):
    u = (np.arange(400_000) + 0.5) / 400_000
    assert times.sample(Given(u), u.size).mean() == pytest.approx(times.mean, rel=2e-4)


@pytest.mark.parametrize(
    "times",
    [one for one in DISTRIBUTIONS if not isinstance(one, STEPS)],
    ids=str,
)
def test_distribution_function_undoes_the_draw(times):
    u = np.linspace(0.3, 0.99, 70)
    np.testing.assert_allclose(times.cdf(times.sample(Given(u), u.size)), u, rtol=1e-9)


def test_share_of_zeros_is_exact():
    times = Exponential(90.0, 0.25)
    draws = times.sample(Given([0.0, 0.2499, 0.2501, 0.9]), 4)
    assert (draws[:2] == 0).all()
    assert (draws[2:] > 0).all()


def test_distribution_of_only_zeros():
    times = Exponential(90.0, 1.0)
    assert times.sample(Given([0.1, 0.9]), 2).tolist() == [0, 0]


def test_beyond_the_last_point_is_never():
    times = Points(u=np.array([0, 0.6]), x=np.array([0.0, 60.0]))
    assert times.sample(Given([0.3, 0.6, 0.61]), 3).tolist() == [30, 60, math.inf]
    assert [times.quantile(u) for u in (0.3, 0.6, 0.61)] == [30, 60, math.inf]


def test_unlimited_is_never():
    times = Unlimited()
    assert times.sample(Given([]), 0).size == 0
    assert times.sample(Given([0.1, 0.9]), 2).tolist() == [math.inf, math.inf]
    assert times.quantile(0.0) == math.inf


def test_random_numbers_are_not_read_where_nothing_is_random():
    assert Deterministic(5.0).sample(None, 2).tolist() == [5, 5]
