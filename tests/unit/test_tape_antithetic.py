"""Antithetic replications: pairs that share their streams, the second mirrored."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.distributions import Exponential, Gamma, Lognormal, Weibull
from sim.model import Busyness
from sim.streams import Mirrored, RandomStreams, stream
from sim.tape import Purpose, busyness, draw_tape
from tests.support.small_models import center, drawn, group, queue

DISTRIBUTIONS = [
    Exponential(60.0),
    Lognormal(4.0, 1.0),
    Gamma(2.0, 30.0),
    Weibull(1.5, 60.0),
]


def model_of(times=DISTRIBUTIONS[0], expected=200.0, absent=0.0, **frame):
    from dataclasses import replace

    asked = replace(
        drawn("a", expected),
        talk=times,
        hold=times,
        wrap=times,
        patience=times,
    )
    return center([asked], group("team", [0], 200, absent=absent), **frame)


def pair(model, number=1):
    return (draw_tape(model, 1, r, antithetic=True) for r in (2 * number - 1, 2 * number))


def test_first_of_a_pair_has_the_streams_of_the_pair():
    model = model_of()
    plain, first = draw_tape(model, 1, 3), draw_tape(model, 1, 5, antithetic=True)
    for name in ("born", "keys", "talk", "hold", "wrap", "patience"):
        assert getattr(plain, name).tolist() == getattr(first, name).tolist()
    assert (first.mirrored, first.replication) == (False, 5)


def test_without_the_option_nothing_is_mirrored():
    model = model_of()
    assert (
        draw_tape(model, 1, 2).born.tolist()
        != draw_tape(model, 1, 2, antithetic=True).born.tolist()
    )
    assert not draw_tape(model, 1, 2).mirrored


@pytest.mark.parametrize("times", DISTRIBUTIONS)
def test_every_work_of_the_second_is_the_quantile_from_the_other_end(times):
    first, second = pair(model_of(times))
    kept = min(first.born.size, second.born.size)
    frozen = {
        Exponential: lambda a, b: stats.expon(scale=a),
        Lognormal: lambda a, b: stats.lognorm(b, scale=math.exp(a)),
        Gamma: lambda a, b: stats.gamma(a, scale=b),
        Weibull: lambda a, b: stats.weibull_min(a, scale=b),
    }[type(times)](*times.numbers)
    for name in ("talk", "hold", "wrap", "patience"):
        one, other = getattr(first, name)[:kept], getattr(second, name)[:kept]
        np.testing.assert_allclose(frozen.cdf(one) + frozen.cdf(other), 1, atol=1e-9)


def test_early_contacts_of_one_are_late_in_the_other():
    first, second = pair(model_of())
    rate = 200.0 / 600.0
    one, other = np.diff(first.born), np.diff(second.born)
    kept = min(one.size, other.size)
    found = np.exp(-one[:kept] * rate) + np.exp(-other[:kept] * rate)
    np.testing.assert_allclose(found, 1, atol=1e-6)


def test_single_draws_are_mirrored_and_stay_between_zero_and_one():
    first, second = pair(model_of())
    kept = min(first.born.size, second.born.size)
    for issue in range(kept):
        one, other = (tape.uniform(issue, 0, 0, Purpose.BALK) for tape in (first, second))
        assert one + other == 1.0
        assert 0 < other < 1


def test_mirrored_numbers_are_those_from_the_other_end_of_the_same_grid():
    class Ends:
        def random(self, size):
            return np.array([0.0, 1.0 - 2.0**-53, 0.5, 2.0**-53])

    assert Mirrored(Ends()).random(4).tolist() == [
        1.0 - 2.0**-53, 0.0, 0.5 - 2.0**-53, 1.0 - 2.0**-52,
    ]  # fmt: skip


def test_busy_days_of_one_are_calm_in_the_other():
    from dataclasses import replace

    calm = model_of()
    busy = replace(calm, busyness=Busyness(0.3, lognormal=True))
    sizes = np.array([[tape.born.size for tape in pair(busy, k)] for k in range(1, 40)])
    assert np.corrcoef(sizes.T)[0, 1] < -0.8
    assert busyness(busy, 1, 1)[0, 0] != 1


def test_who_shows_up_is_mirrored():
    first, second = pair(model_of(absent=0.5))
    assert (first.present[0] != second.present[0]).all()


def test_streams_of_pairs_are_known_by_the_number_of_the_pair():
    assert [RandomStreams(1, r, antithetic=True).number for r in range(1, 7)] == [1, 1, 2, 2, 3, 3]
    one = RandomStreams(1, 3, antithetic=True).stream("x").random(5)
    assert one.tolist() == stream(1, 2, "x").random(5).tolist()


def test_recorded_arrivals_are_the_same_in_both():
    model = center([queue("a", [10, 20, 30])], group("team", [0]))
    first, second = pair(model)
    assert first.born.tolist() == second.born.tolist() == [10, 20, 30]
