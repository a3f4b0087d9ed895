"""Choices are right at least as often as they say, and intervals hold as often as they should."""

import numpy as np
import pytest

from sim.experiment import best
from sim.experiment.selection.elimination import compare_pairs
from sim.metrics.estimators import mean_per_replication
from sim.model import Model, build
from sim.scenario import Scenario
from verification.intervals import SCENARIO, expected, hour, studies

STUDIES = {study.name: study for study in studies()}


def test_the_exact_hour_is_known() -> None:
    few, many = expected(6), expected(7)
    assert few["offered"] == pytest.approx(120)
    assert few["service_level"] < many["service_level"]
    assert few["asa_s"] > many["asa_s"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("20 runs", marks=pytest.mark.slow),
        pytest.param("20 antithetic pairs, controls", marks=pytest.mark.slow),
        pytest.param("Difference, 20 paired runs", marks=pytest.mark.slow),
    ],
)
def test_intervals_hold_as_often_as_they_say(name: str) -> None:
    """The whole study is part of `make verify`; here 200 experiments, so within 4.5 points."""
    for coverage in STUDIES[name].coverage(200, workers=1):
        assert coverage.agrees, f"{coverage.metric}: {coverage.share:.1%} of {coverage.experiments}"


@pytest.mark.slow
def test_intervals_that_are_too_narrow_are_seen() -> None:
    study = STUDIES["20 runs"]
    other = {name: value * 1.05 for name, value in study.exact.items()}
    wrong = type(study)(study.name, other, study.experiment)
    assert not any(
        coverage.agrees
        for coverage in wrong.coverage(200, workers=1)
        if coverage.metric == "offered"
    )


def race(rng: np.random.Generator, means: np.ndarray, common: float) -> int:
    """Race normal alternatives with common days to the end; return the one that is left."""
    left, error = list(range(len(means))), 0.05 / (len(means) - 1)
    day = common * rng.standard_normal(4000)
    simulated = means + day[:, None] + rng.standard_normal((4000, len(means)))
    runs = 20
    while len(left) > 1 and runs < 4000:
        now = compare_pairs([mean_per_replication(simulated[:runs, k]) for k in left], error)
        worse = now.worse()
        left = [alternative for k, alternative in enumerate(left) if k not in worse]
        runs = min(4000, int(runs * 1.25))
    return left[0] if len(left) == 1 else -1


@pytest.mark.parametrize("common", [0.0, 2.0])
def test_races_of_normal_alternatives_are_won_by_the_best(common: float) -> None:
    rng = np.random.default_rng(5)
    means = np.array([0.0, 0.35, 0.1, 0.2, -0.5])
    won = [race(rng, means, common) for _ in range(200)]
    wrong = sum(k not in (1, -1) for k in won)
    assert wrong <= 10 + 3 * 3.1  # at most one in twenty; three standard errors
    assert sum(k == 1 for k in won) > 100


def test_the_best_of_equals_is_hardly_ever_thrown_out() -> None:
    rng = np.random.default_rng(6)
    out = 0
    for _ in range(300):
        days = rng.standard_normal((1000, 2))
        looks = [int(20 * 1.25**k) for k in range(17)]
        out += any(
            0 in compare_pairs([mean_per_replication(days[:n, k]) for k in (0, 1)], 0.05).worse()
            for n in looks
        )
    assert out <= 15 + 3 * 3.8


def talks(seconds: float) -> Model:
    text = SCENARIO.format(agents=6).replace("3min", f"{seconds}s", 1)
    return build(Scenario.parse(text))


@pytest.mark.slow
def test_selections_of_days_scenarios_are_right() -> None:
    """Seven agents beat six with a shorter talk: by the formula, and in a hundred choices."""
    from sim.erlang import transient

    quick = transient.day([120.0], "1h", "165s", 6, "2min").asa_s
    assert expected(7)["asa_s"] < quick - 1
    some = [hour(6), talks(165), hour(7)]
    labels = ["six", "quick", "seven"]
    chosen = [
        best(some, "asa_s", labels=labels, seed=seed, workers=1, budget=1500).best
        for seed in range(100)
    ]
    assert sum(one not in ("seven", None) for one in chosen) <= 5
    assert sum(one == "seven" for one in chosen) >= 90
