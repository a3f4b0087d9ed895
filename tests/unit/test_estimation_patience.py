"""Patience from logs: what was true lies in the confidence intervals."""

import numpy as np
import pytest

from sim.distributions import DISTRIBUTIONS
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.kaplan_meier import curve_replicates, survival_curve
from sim.history.estimation.patience_curve import patience_curve
from sim.history.estimation.patience_models import patience_models
from sim.scenario import Scenario
from verification.known_center import KnownCenter, simulate_center

DAYS = 40


def waits(rng, patience, offered_wait=90.0, balk=0.0):
    """Waits of customers whose patience is known, cut off by a wait of exponential length."""
    n = patience.size
    cut = rng.exponential(offered_wait, n)
    balks = rng.random(n) < balk
    wait = np.where(balks, 0.0, np.minimum(patience, cut))
    return wait, balks | (patience <= cut), DayBootstrap(np.arange(n) % DAYS)


def test_the_curve_is_that_of_the_textbook():
    """Remission times of 21 patients with 6-MP (Freireich et al. 1963; Cox and Oakes 1984)."""
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    cut = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = survival_curve(
        np.array([*ended, *cut], dtype=float), np.array([True] * 9 + [False] * 12)
    )
    assert curve.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert curve.survival == pytest.approx(
        [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482], abs=5e-5
    )
    # Standard error 0.0764 at 6 by Greenwood, on the scale of log(-log S).
    spread = 0.0764 / (0.8571 * abs(np.log(0.8571)))
    assert curve.low[0] == pytest.approx(0.8571 ** np.exp(1.96 * spread), abs=2e-3)
    assert curve.quantile(0.5) == 23
    assert np.isnan(curve.quantile(0.9))
    assert curve.restricted_mean(6) == 6
    assert curve.restricted_mean(8) == pytest.approx(6 + 0.8571 + 0.8067, abs=1e-3)


def test_replicates_surround_the_curve_also_on_fewer_times():
    rng = np.random.default_rng(1)
    wait, ended, bootstrap = waits(rng, rng.exponential(60.0, 20_000))
    found = curve_replicates(wait, ended, bootstrap, np.arange(20_000), most=100)
    assert 95 <= found.curve.time.size <= 100
    assert np.abs(found.survival.mean(axis=0) - found.curve.survival).max() < 0.01
    assert found.curve.at(np.array([60.0]))[0] == pytest.approx(np.exp(-1), abs=0.02)


@pytest.mark.parametrize("balk", [0.0, 0.02])
def test_times_in_whole_seconds_look_like_no_balking(balk):
    """Waits of up to a second and a half are recorded as one."""
    n = 60_000
    rng = np.random.default_rng(7)
    wait, ended, bootstrap = waits(rng, rng.exponential(80.0, n), balk=balk)
    wait = np.round(wait)
    met = (wait > 0) | ended
    found = patience_curve(wait[met], ended[met], np.flatnonzero(met), bootstrap).balk
    assert found.contains(balk)
    assert found.high - found.low < 0.005


def test_patience_and_balking_of_a_center_are_found():
    log = simulate_center(KnownCenter(agents=3, balk=0.1, patience_mean=200.0), 3)
    met = (log.wait > 0) | log.abandoned
    rows = np.flatnonzero(met)
    bootstrap = DayBootstrap(log.day)
    found = patience_curve(log.wait[met], log.abandoned[met], rows, bootstrap)
    assert found.balk.contains(0.1)
    assert found.median.contains(200 * np.log(2))
    assert found.survival[60.0].contains(np.exp(-60 / 200))
    assert 0 < found.balk.high - found.balk.low < 0.1
    assert found.tail_rate.contains(1 / 200)
    models = patience_models(log.wait[met], log.abandoned[met], rows, bootstrap)
    plain = next(m for m in models if m.family == "exponential" and m.cured is None)
    assert plain.mean.contains(200.0)


@pytest.mark.parametrize(
    ("family", "shape", "draw"),
    [
        ("weibull", 0.7, lambda rng, n: 120.0 * rng.weibull(0.7, n)),
        ("lognormal", np.sqrt(np.expm1(1.0)), lambda rng, n: rng.lognormal(4.5, 1.0, n)),
        ("gamma", 0.5, lambda rng, n: rng.gamma(4.0, 30.0, n)),
        ("exponential", None, lambda rng, n: rng.exponential(100.0, n)),
    ],
)
def test_the_family_of_patience_is_found_with_its_shape(family, shape, draw):
    rng = np.random.default_rng(5)
    patience = draw(rng, 20_000)
    wait, ended, bootstrap = waits(rng, patience)
    models = patience_models(wait, ended, np.arange(wait.size), bootstrap)
    best = next(m for m in models if m.cured is None)
    aics = [m.aic for m in models]
    assert aics == sorted(aics)
    same = next(m for m in models if m.family == family and m.cured is None)
    assert same.aic - aics[0] < 6
    if shape is not None:
        assert best.family == family
        assert same.shape.contains(shape)
    text = same.text
    assert text.startswith(family)
    assert text.split()[0] in DISTRIBUTIONS
    assert same.survival(np.array([0.0, 50.0]))[1] == pytest.approx(
        np.mean(patience > 50), abs=0.02
    )


def test_a_share_who_never_abandon_is_seen_when_waits_are_long():
    rng = np.random.default_rng(7)
    patience = np.where(rng.random(20_000) < 0.3, np.inf, rng.exponential(60.0, 20_000))
    wait, ended, bootstrap = waits(rng, patience, offered_wait=300.0)
    best = patience_models(wait, ended, np.arange(wait.size), bootstrap)[0]
    assert best.cured is not None
    assert best.cured.contains(0.3)
    assert best.text.startswith("points ")
    curve = patience_curve(wait, ended, np.arange(wait.size), bootstrap)
    assert curve.tail_share == pytest.approx(0.3, abs=0.03)


def test_the_tail_that_is_not_seen_is_closed_at_the_rate_before_it():
    rng = np.random.default_rng(8)
    wait, ended, bootstrap = waits(rng, rng.exponential(300.0, 5000), offered_wait=40.0)
    found = patience_curve(wait, ended, np.arange(5000), bootstrap)
    assert found.tail_from < 400
    assert found.tail_share == pytest.approx(np.exp(-found.tail_from / 300), abs=0.15)
    assert found.points[1][-1] == 1.0
    scenario = Scenario.parse(
        f'[queue.a]\nvolume = 10\ntalk = "exponential 3min"\npatience = "{found.text}"\n'
        "[group.g]\nagents = 1\nskills = { a = 1 }\n"
    )
    patience = scenario.queue["a"].patience
    assert patience is not None
    assert 150 < patience.mean < 600


def test_without_abandonments_patience_is_not_guessed():
    bootstrap = DayBootstrap(np.arange(50) % 5)
    wait = np.linspace(1, 50, 50)
    none = np.zeros(50, dtype=bool)
    assert patience_models(wait, none, np.arange(50), bootstrap) == []
    found = patience_curve(wait, none, np.arange(50), bootstrap)
    assert found.text == "never"
    assert np.isnan(found.median.value)


def test_nothing_is_said_of_waits_that_hardly_anyone_had():
    patience = np.random.default_rng(6).exponential(200.0, 2000)
    wait, ended, bootstrap = waits(np.random.default_rng(7), patience, offered_wait=20.0)
    found = patience_curve(wait, ended, np.arange(2000), bootstrap)
    assert 60 < found.tail_from < 120
    assert list(found.survival) == [10.0, 30.0, 60.0]
