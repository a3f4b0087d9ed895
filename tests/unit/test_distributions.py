"""Distributions of times: the array of draws, its scalar twin, and their means."""

import math

import numpy as np
import pytest

from sim.distributions import quantiles, value_at
from sim.model import Law, LawKind
from sim.model.build_distributions import below, mean

FINITE = [
    Law(LawKind.DETERMINISTIC, 90.0),
    Law(LawKind.EXPONENTIAL, 90.0),
    Law(LawKind.LOGNORMAL, 4.2, 0.8),
    Law(LawKind.GAMMA, 2.5, 36.0),
    Law(LawKind.GAMMA, 0.3, 300.0),
    Law(LawKind.WEIBULL, 1.3, 100.0),
    Law(LawKind.UNIFORM, 30.0, 150.0),
    Law(LawKind.POINTS, u=np.array([0, 0.3, 0.3, 1.0]), x=np.array([10.0, 60, 90, 200])),
]
LAWS = FINITE + [Law(law.kind, law.a, law.b, 0.25, law.u, law.x) for law in FINITE]
STEPS = (LawKind.DETERMINISTIC, LawKind.POINTS)


class Given:
    """A generator that returns the numbers it was given."""

    def __init__(self, u):
        self.u = np.asarray(u, dtype=float)

    def random(self, count):
        assert count == self.u.size
        return self.u


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_one_draw_and_many_draws_are_the_same(law):
    u = np.concatenate([np.linspace(0.0005, 0.9995, 1000), [0.3]])
    many = quantiles(law, Given(u), u.size)
    one = [value_at(law, float(each)) for each in u]
    # A gamma draw is read from a table: finer than any time is known
    np.testing.assert_allclose(one, many, rtol=2e-5 if law.kind == LawKind.GAMMA else 1e-12)


def test_draw_of_a_wide_gamma_is_as_precise_as_it_says():
    law = Law(LawKind.GAMMA, 0.1, 900.0)
    u = np.linspace(0.0001, 0.9999, 20_001)
    one = [value_at(law, float(each)) for each in u]
    np.testing.assert_allclose(one, quantiles(law, Given(u), u.size), rtol=2.5e-4)


def test_draw_at_the_very_share_of_zeros_is_zero():
    assert value_at(Law(LawKind.LOGNORMAL, 4.2, 0.8, 0.25), 0.25) == 0


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_draws_grow_with_their_number(law):
    many = quantiles(law, Given(np.linspace(0, 0.9999, 2001)), 2001)
    assert (np.diff(many) >= 0).all()
    assert many[0] >= 0


@pytest.mark.parametrize("law", LAWS, ids=str)
def test_mean_of_the_draws_is_the_mean_of_the_distribution(law):
    u = (np.arange(400_000) + 0.5) / 400_000
    assert quantiles(law, Given(u), u.size).mean() == pytest.approx(mean(law), rel=2e-4)


@pytest.mark.parametrize("law", [law for law in LAWS if law.kind not in STEPS], ids=str)
def test_distribution_function_undoes_the_draw(law):
    u = np.linspace(0.3, 0.99, 70)
    np.testing.assert_allclose(below(law, quantiles(law, Given(u), u.size)), u, rtol=1e-9)


def test_share_of_zeros_is_exact():
    law = Law(LawKind.EXPONENTIAL, 90.0, 0.0, 0.25)
    draws = quantiles(law, Given([0.0, 0.2499, 0.2501, 0.9]), 4)
    assert (draws[:2] == 0).all()
    assert (draws[2:] > 0).all()


def test_distribution_of_only_zeros():
    law = Law(LawKind.EXPONENTIAL, 90.0, 0.0, 1.0)
    assert quantiles(law, Given([0.1, 0.9]), 2).tolist() == [0, 0]


def test_beyond_the_last_point_is_never():
    law = Law(LawKind.POINTS, u=np.array([0, 0.6]), x=np.array([0.0, 60.0]))
    assert quantiles(law, Given([0.3, 0.6, 0.61]), 3).tolist() == [30, 60, math.inf]
    assert [value_at(law, u) for u in (0.3, 0.6, 0.61)] == [30, 60, math.inf]


def test_unlimited_is_never():
    law = Law(LawKind.UNLIMITED)
    assert quantiles(law, Given([]), 0).size == 0
    assert quantiles(law, Given([0.1, 0.9]), 2).tolist() == [math.inf, math.inf]
    assert value_at(law, 0.0) == math.inf


def test_random_numbers_are_not_read_where_nothing_is_random():
    assert quantiles(Law(LawKind.DETERMINISTIC, 5.0), None, 2).tolist() == [5, 5]
