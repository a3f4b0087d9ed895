"""Distributions of times: text, tables, moments, scaling."""

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.distributions import NEVER
from sim.scenario import Distribution, Scenario


def read(written: object) -> Distribution:
    return Distribution.model_validate(written)


MOMENTS = [
    ("exponential 40s", 40, 1),
    ("lognormal 4min cv 0.9", 240, 0.9),
    ("gamma 4min cv 0.5", 240, 0.5),
    ("erlang 4min k 4", 240, 0.5),
    ("weibull 3min shape 1", 180, 1),
    ("weibull 3min shape 2", 180, math.sqrt(4 / math.pi - 1)),
    ("deterministic 30s", 30, 0),
    ("30s", 30, 0),
    (30, 30, 0),
    ("uniform 10s 50s", 30, 40 / math.sqrt(12) / 30),
    ({"law": "lognormal", "median": "100s", "sigma": 0.5}, 100 * math.exp(0.125), None),
    ({"law": "weibull", "scale": 100, "shape": 2}, 50 * math.sqrt(math.pi), None),
    ({"law": "gamma", "shape": 4, "scale": "10s"}, 40, 0.5),
    ({"points": [["10s", "0%"], ["30s", "50%"], ["50s", "100%"]]}, 30, None),
    ("exponential 40s zero 25%", 30, math.sqrt(2 / 0.75 - 1)),
    ("0s", 0, None),
]


@pytest.mark.parametrize(("written", "expected", "cv"), MOMENTS)
def test_the_mean_is_the_mean(written: object, expected: float, cv: float | None) -> None:
    found = read(written)
    assert found.mean == pytest.approx(expected)
    if cv is not None:
        assert found.cv == pytest.approx(cv)


@pytest.mark.parametrize("written", [row[0] for row in MOMENTS])
def test_the_distribution_of_the_tape_has_the_same_moments(written: object) -> None:
    found = read(written)
    parameters = found.to_model()
    assert parameters.mean == pytest.approx(found.mean)
    # E[T] is the area above the distribution function, E[T²] that of 2 t (1 - F).
    grid = np.linspace(0, 120 * max(found.mean, 1), 2_000_001)
    left = 1 - parameters.cdf(grid)
    assert np.trapezoid(left, grid) == pytest.approx(found.mean, rel=2e-3, abs=1e-3)
    if found.mean > 0:
        second = np.trapezoid(2 * grid * left, grid)
        assert second == pytest.approx(found.mean**2 * (1 + found.cv**2), rel=5e-3)


@pytest.mark.parametrize(
    "written",
    ["-5s", "-5", -5, "exponential -5s", "uniform -5s 5s", {"law": "exponential", "mean": "-5s"}],
)
def test_a_negative_time_is_called_negative(written: object) -> None:
    with pytest.raises(ValueError, match="-5s?'? is negative; allowed: a time"):
        read(written)


@pytest.mark.parametrize("word", ["unlimited", "none", "never"])
def test_unlimited_never_ends(word: str) -> None:
    found = read(word)
    assert found.is_unlimited
    assert found.mean == math.inf
    assert found.to_model() == NEVER
    assert not found.to_model().cdf(np.array([1e9])).any()


def test_a_curve_that_ends_below_one_holds_some_who_never_leave() -> None:
    found = read({"points": [["10s", "5%"], ["60s", "50%"]]})
    assert found.mean == math.inf
    assert found.to_model().u[-1] == 0.5
    assert found.to_model().cdf(np.array([5.0, 10.0, 35.0, 1e9])) == pytest.approx(
        [0.025, 0.05, 0.275, 0.5]
    )


def test_the_cv_stays_when_the_mean_changes() -> None:
    for written, expected, _ in MOMENTS:
        before = read(written)
        after = before.scaled(1.5)
        assert after.mean == pytest.approx(1.5 * expected)
        if expected > 0:
            assert after.cv == pytest.approx(before.cv)


@given(
    st.sampled_from(["lognormal", "gamma"]),
    st.floats(1, 1e5),
    st.floats(0.05, 4),
    st.floats(0, 0.9),
)
def test_what_is_shown_is_read_back(name: str, time: float, cv: float, zero: float) -> None:
    before = read({"law": name, "mean": time, "cv": cv, "zero": zero})
    again = read(str(before))
    assert again.mean == pytest.approx(before.mean, rel=2e-3, abs=1e-3)
    assert again.cv == pytest.approx(before.cv, rel=2e-2)


def test_reading_a_distribution_twice_changes_nothing() -> None:
    for written, _, _ in MOMENTS:
        once = read(written)
        twice = read(once.model_dump(by_alias=True))
        assert twice.model_dump_json() == once.model_dump_json()


def test_a_recorded_sample_becomes_a_curve(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    sample = rng.exponential(100, 5000)
    sample[:500] = 0
    (tmp_path / "calls.csv").write_text("talk\n" + "\n".join(f"{x:.3f}" for x in sample))
    text = (
        '[queue.a]\nvolume = 5\ntalk = "empirical calls.csv:talk"\n'
        "[group.g]\nagents = 1\nskills = { a = 1 }\n"
    )
    talk = Scenario.parse(text, tmp_path).queue["a"].talk
    assert talk.zero == pytest.approx(0.1)
    assert len(talk.points) <= 2003
    assert talk.mean == pytest.approx(sample.mean(), rel=0.01)
    quarter = np.quantile(sample, 0.25)
    assert talk.to_model().cdf(np.array([quarter]))[0] == pytest.approx(0.25, abs=0.002)


def test_draws_up_to_a_longest_one():
    rng = np.random.default_rng(2)
    whole = Distribution.model_validate("lognormal 36s cv 3 zero 10%")
    draws = whole.to_model().quantiles(rng.random(400_000))
    kept = draws[draws <= 180]
    found = whole.with_longer(180, 0.0)
    assert found.mean == pytest.approx(kept.mean(), rel=0.01)
    below = found.to_model().cdf(np.array([0.0, 10.0, 100.0, 180.0]))
    assert below[1:] == pytest.approx([(kept <= t).mean() for t in (10, 100, 180)], abs=0.01)
    assert Distribution.model_validate(str(found)) == found
    short = Distribution.model_validate("deterministic 20s")
    assert short.with_longer(180, 0.3) is short


def test_longer_draws_as_often_as_said():
    whole = Distribution.model_validate("lognormal 36s cv 3 zero 10%")
    found = whole.with_longer(180, 0.2)
    assert found.share_beyond(180) == pytest.approx(0.2)
    one, other = whole.to_model(), found.to_model()
    for low, high in ((0.0, 180.0), (180.0, np.inf)):
        asked = np.array([low, 90.0, 400.0])
        asked = asked[(asked >= low) & (asked < high)]
        ends = np.array([low if low else -1.0, min(high, 1e6)])
        parts = []
        for model in (one, other):
            first, last = model.cdf(ends)
            parts.append((model.cdf(asked) - first) / (last - first))
        assert parts[1] == pytest.approx(parts[0], abs=0.01)
