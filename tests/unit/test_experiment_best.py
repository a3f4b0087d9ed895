"""The best of many: what is shown, what is refused, and where the runs go."""

import json
from collections.abc import Sequence
from math import exp, log, log1p

import numpy as np
import pytest
from scipy import stats

from sim.experiment import SelectionResult, best, compare
from sim.experiment.selection.elimination import (
    MIXTURE,
    PairwiseComparison,
    compare_pairs,
    critical_ratio,
    likely_best,
)
from sim.metrics.estimators import mean_per_replication
from sim.scenario import Scenario
from sim.units import BadInputError
from tests.unit.test_experiment_variance import SMALL


@pytest.fixture(scope="module")
def small() -> Scenario:
    return Scenario.parse(SMALL)


def staffed(small: Scenario, agents: Sequence[int]) -> list[Scenario]:
    return [small.with_(**{"group.all.agents": n}) for n in agents]


@pytest.fixture(scope="module")
def choice(small: Scenario) -> SelectionResult:
    labels = ["four", "five", "six"]
    return best(staffed(small, (4, 5, 6)), "service_level", labels=labels, seed=3)


def test_the_best_is_found_and_the_others_say_by_whom_they_were_beaten(
    choice: SelectionResult,
) -> None:
    assert choice.best == "six"
    assert choice.possible == ("six",)
    assert [a.label for a in choice.alternatives] == ["six", "five", "four"]
    assert {a.than for a in choice.alternatives if not a.possible} <= {"six", "five"}
    for out in choice.alternatives[1:]:
        assert out.behind_low is not None
        assert out.behind_high is not None
        assert 0 < out.behind_low < out.behind < out.behind_high
    assert choice.confidence == 0.95
    assert choice.likely > 0.95


def test_the_error_is_shared_by_all_pairs_of_the_best(
    small: Scenario, choice: SelectionResult
) -> None:
    few = choice.alternatives[-1]
    assert (few.label, few.than, few.runs) == ("four", "six", 20)
    both = compare(staffed(small, (4, 6)), runs=20, seed=3)
    [gap] = [r for r in both.rows if (r.scope, r.metric) == ("total", "service_level")]
    assert few.behind == pytest.approx(gap.difference)
    assert gap.high is not None
    assert gap.difference is not None
    error = (gap.high - gap.difference) / stats.t.ppf(0.975, 19)
    assert few.behind_high == pytest.approx(few.behind + critical_ratio(0.05 / 2, 20) * error)


def test_those_that_are_out_live_no_further_day(small: Scenario) -> None:
    close = small.with_(**{"queue.calls.talk": "exponential 178s"})
    found = best([small, close, *staffed(small, (2,))], "asa_s", labels=["a", "b", "few"], seed=2)
    runs = {a.label: a.runs for a in found.alternatives}
    assert runs["few"] == 20
    assert runs["a"] == runs["b"] > 20
    assert found.runs == sum(runs.values()) <= found.budget == 3000


def test_smaller_is_better_by_metric_or_by_option(small: Scenario) -> None:
    some = staffed(small, (4, 6))
    assert best(some, "asa_s", labels=["four", "six"]).best == "six"
    assert best(some, "asa_s", labels=["four", "six"], largest=True).best == "four"
    assert best(some, "group.all.occupancy", labels=["four", "six"], largest=False).best == "six"


def test_equals_are_indistinguishable(small: Scenario) -> None:
    found = best(staffed(small, (4, 4, 2)), "service_level", labels=["a", "b", "few"])
    assert found.best is None
    assert found.possible == ("a", "b")
    assert found.notes[0] == "exactly equal in all replications: a, b"
    assert found.runs < found.budget
    assert found.likely <= 0.5


def test_the_budget_is_kept_and_those_left_are_a_group(small: Scenario) -> None:
    near = [small.with_(**{"queue.calls.wrap": f"exponential {s}s"}) for s in (1, 1.01)]
    renamed = near[1].with_(**{"queue.calls.patience": "exponential 119.9s"})
    found = best([near[0], renamed], "service_level", budget=100, labels=["a", "b"])
    assert found.runs <= 100
    if found.best is None:
        assert set(found.possible) == {"a", "b"}


def test_a_difference_that_does_not_matter_ends_the_choice(small: Scenario) -> None:
    found = best(staffed(small, (4, 4)), "service_level", labels=["a", "b"], within="0.1%")
    assert found.best == "a"
    assert found.possible == ("a", "b")
    assert found.short <= 0.001


def test_the_document_is_json(choice: SelectionResult) -> None:
    told = json.loads(choice.to_json())
    assert told["best"] == "six"
    assert told["better"] == "largest"
    assert len(told["alternatives"]) == 3
    assert list(choice.table()["label"]) == ["six", "five", "four"]


def test_workers_and_progress(small: Scenario) -> None:
    told: list[tuple[int, int]] = []
    some = staffed(small, (4, 5))
    one = best(some, "asa_s", progress=lambda done, planned: told.append((done, planned)))
    assert best(some, "asa_s", workers=2).to_json() == one.to_json()
    assert told[-1] == (one.runs, one.budget)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_pairs_and_controls_go_with_a_choice(small: Scenario) -> None:
    found = best(staffed(small, (4, 5)), "asa_s", antithetic=True, control=True, budget=400)
    assert found.best is not None
    assert all(a.runs % 2 == 0 for a in found.alternatives)


@pytest.mark.parametrize(
    ("metric", "given", "message"),
    [
        ("occupancy", {}, "neither more nor less is better; say which: --largest or --smallest"),
        ("asa", {}, "best: asa: there is no metric"),
        ("asa_s", {"budget": 39}, "budget: 39 must be at least 40, 20 for each of 2"),
        ("asa_s", {"confidence": "30%"}, "confidence: 30% must be from 50 %"),
        ("asa_s", {"confidence": 1}, "confidence: 1 must be from 50 %"),
        ("asa_s", {"within": "2%"}, "within: .*the metric is in s"),
        ("asa_s", {"labels": ["a"]}, "labels: 1 given, 2 are needed"),
    ],
)
def test_bad_input_is_refused(
    small: Scenario, metric: str, given: dict[str, object], message: str
) -> None:
    with pytest.raises(BadInputError, match=message):
        best(staffed(small, (4, 5)), metric, **given)  # type: ignore[arg-type]


def test_a_single_alternative_is_rejected(small: Scenario) -> None:
    with pytest.raises(BadInputError, match="1 given, at least 2"):
        best([small], "asa_s")


# -- the race ----------------------------------------------------------------------------------


def likelihood_ratio(ratio: float, units: int, fitted: int = 0) -> float:
    """Return the likelihood ratio of a mean other than zero against zero.

    Parameters
    ----------
    ratio : float
        Mean difference over its standard error (Student's t).
    units : int
        Independent differences.
    fitted : int
        Numbers fitted beside the mean.
    """
    freedom = units - 1 - fitted
    part = MIXTURE / (units + MIXTURE)
    size = ratio * ratio / freedom
    power = log1p(size) - log1p(part * size)
    return exp(min(0.5 * log(part) + 0.5 * (freedom + 1) * power, 700.0))


def test_evidence_is_the_mixture_of_likelihoods() -> None:
    """Against the ratio of densities of Student's t, mixed numerically over the effect."""
    from scipy import integrate

    units, ratio = 30, 2.7

    def mixed(effect: float) -> float:
        t = stats.nct.pdf(ratio, units - 1, effect * np.sqrt(units))
        return float(t * stats.norm.pdf(effect, scale=10.0**-0.5))

    top = integrate.quad(mixed, -3, 3)[0]
    assert likelihood_ratio(ratio, units) == pytest.approx(
        top / stats.t.pdf(ratio, units - 1), rel=1e-6
    )


@pytest.mark.parametrize("units", [20, 100, 5000])
@pytest.mark.parametrize("error", [0.05, 0.001])
def test_reach_is_where_the_evidence_is_enough(units: int, error: float) -> None:
    assert likelihood_ratio(critical_ratio(error, units), units) == pytest.approx(1 / error)
    assert critical_ratio(1e-9, 4) == np.inf


def test_standing_takes_differences_of_common_days() -> None:
    rng = np.random.default_rng(1)
    day = rng.standard_normal(50)
    found = [mean_per_replication(day + shift) for shift in (0.0, 1.0, 0.5)]
    now = compare_pairs(found, 0.01)
    assert now.leader == 1
    assert now.worse() == [0, 2]
    assert now.beaten_by(0) == 1
    assert now.of([1, 2]).values.tolist() == now.values[[1, 2]].tolist()
    assert now.short_of_best()[1] == pytest.approx(0.0)
    assert now.short_of_best()[0] == pytest.approx(1.0)


def test_probability_that_the_leader_is_best() -> None:
    errors = np.array([[0.0, 1.0], [1.0, 0.0]])
    assert likely_best(np.array([0.0, 1.6448536]), errors) == pytest.approx(0.95)
    assert likely_best(np.array([1.0, 1.0]), errors) == pytest.approx(0.5)
    assert likely_best(np.array([1.0, 1.0]), 0 * errors) == pytest.approx(0.5)
    now = PairwiseComparison(np.array([1.0, 1.0]), 0 * errors, 50, 0, 0.05)
    assert now.worse() == []
