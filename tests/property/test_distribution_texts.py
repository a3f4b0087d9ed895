"""Every distribution is read back as it is shown, and has finite moments."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.scenario import Distribution, Queue, Scenario, describe
from sim.units import LONGEST

SECONDS = st.floats(1e-3, 1e7) | st.integers(1, 10**8).map(lambda ms: ms / 1000)
SHAPE = st.floats(0.012, 1000) | st.integers(12, 10**6).map(lambda n: n / 1000)
ZERO = st.just(0) | st.floats(0, 1)


@st.composite
def tables(draw: st.DrawFn) -> dict[str, object]:
    kind = draw(
        st.sampled_from(
            ["deterministic", "exponential", "lognormal", "gamma", "erlang", "weibull", "uniform"]
            + ["points"]
        )
    )
    table: dict[str, object] = {"law": kind, "zero": draw(ZERO)}
    if kind == "uniform":
        table["low"], table["high"] = sorted((draw(SECONDS), draw(SECONDS)))
        return table
    if kind == "points":
        times = sorted(draw(st.lists(SECONDS, min_size=1, max_size=6)))
        shares = sorted(draw(st.lists(st.floats(0, 1), min_size=len(times), max_size=len(times))))
        return table | {"points": [list(pair) for pair in zip(times, shares, strict=True)]}
    table["mean"] = draw(SECONDS)
    if kind in ("lognormal", "gamma"):
        table["cv"] = draw(SHAPE)
    if kind == "weibull":
        table["shape"] = draw(SHAPE)
    if kind == "erlang":
        table["k"] = draw(st.integers(1, 1000))
    return table


@given(tables())
def test_a_shown_distribution_is_read_back_as_the_same(table: dict[str, object]) -> None:
    law = Distribution.model_validate(table)
    assert Distribution.model_validate(str(law)) == law


@given(tables())
def test_what_check_prints_of_patience_is_what_the_parser_takes(table: dict[str, object]) -> None:
    queue = Queue.model_validate({"volume": 1, "talk": "1min", "patience": table})
    again = Queue.model_validate({"volume": 1, "talk": "1min", "patience": str(queue.patience)})
    assert again.patience == queue.patience
    if math.isfinite(queue.patience.mean):
        text = (
            '[queue.a]\nvolume = 1\ntalk = "exponential 1min"\n'
            f'patience = "{queue.patience}"\n[group.g]\nagents = 1\nskills = {{ a = 1 }}\n'
        )
        told = describe(Scenario.parse(text))
        assert any(f"patience {queue.patience}" in line for line in told)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("uniform 2min 30s 3min 30s", 150, 210),
        ("uniform 2min 30s to 3min 30s", 150, 210),
        ("uniform 2:30 to 3:30", 150, 210),
        ("uniform 10s 50s", 10, 50),
        ("uniform 50s 1min 30s", 50, 90),
        ("uniform 1h 2h 30min zero 10%", 3600, 9000),
    ],
)
def test_two_bounds_are_distinguished(text: str, low: float, high: float) -> None:
    law = Distribution.model_validate(text)
    assert (law.low, law.high) == (low, high)


@pytest.mark.parametrize("text", ["uniform 10s", "uniform 1h 30min 20s", "uniform 1s to 2s to 3s"])
def test_indistinguishable_bounds_are_rejected(text: str) -> None:
    with pytest.raises(ValidationError, match='allowed: "uniform 10s to 50s"'):
        Distribution.model_validate(text)


@pytest.mark.parametrize(
    ("table", "names"),
    [
        ("weibull 1min shape 0.005", "shape 0.005 .*not finite.*0.012 to 1,000"),
        ({"law": "weibull", "scale": "1min", "shape": 0.001}, "shape 0.001 .*not finite"),
        ({"law": "weibull", "scale": "1min", "shape": 0.012}, "longer than 100 years"),
        ({"law": "lognormal", "mean": "1min", "sigma": 30}, "sigma 30 .*0.001 to 3.71"),
        ({"law": "lognormal", "median": "90years", "cv": 2}, "unit"),
        ({"law": "lognormal", "median": "30000d", "cv": 1000}, "longer than 100 years"),
        ({"law": "unlimited", "zero": "10%"}, "takes no zero"),
    ],
)
def test_distributions_without_finite_moments_are_refused(table: object, names: str) -> None:
    with pytest.raises(ValidationError, match=names):
        Distribution.model_validate(table)


@pytest.mark.parametrize(
    "text",
    ["weibull {} shape 0.012", "weibull {} shape 1000", "lognormal {} cv 1000", "gamma {} cv 1000"]
    + ["lognormal {} cv 0.001", "gamma {} cv 0.001", "erlang {} k 1000", "exponential {}"],
)
@pytest.mark.parametrize("mean", ["1ms", "36525d"])
def test_distributions_at_their_bounds_have_finite_moments_and_draws(text: str, mean: str) -> None:
    found = Distribution.model_validate(text.format(mean))
    assert 0 < found.mean <= LONGEST
    assert math.isfinite(found.cv)
    distribution = found.to_model()
    edges = (1e-12, 0.5, 1 - 1e-12)
    assert all(math.isfinite(distribution.quantile(u)) for u in edges)
    assert np.isfinite(distribution.sample(np.random.default_rng(1), 1000)).all()


@pytest.mark.parametrize("value", ["*1e5", "+100000day", "*1e299"])
def test_means_beyond_all_bounds_are_refused(value: str) -> None:
    text = (
        '[queue.a]\nvolume = 1\ntalk = "exponential 20day"\n'
        "[group.g]\nagents = 1\nskills = { a = 1 }\n"
    )
    with pytest.raises(ValueError, match=r"queue\.a\.talk"):
        Scenario.parse(text).with_(**{"queue.a.talk": value, "queue.a.talk.mean": value})
