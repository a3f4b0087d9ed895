"""Antithetic pairs and controls as options of an experiment."""

import json

import numpy as np
import pytest

from sim.experiment import compare, simulate
from sim.experiment.control_variates import control_deviations, expected_arrivals
from sim.model import build
from sim.scenario import Scenario, load
from sim.units import BadInputError
from tests.support.small_scenario import small_scenario

SMALL = small_scenario("[experiment]\nruns = 41\n", target=None)


@pytest.fixture(scope="module")
def small() -> Scenario:
    return Scenario.parse(SMALL)


def test_pairs_are_mirrored_also_when_simulated_a_second_time(small: Scenario) -> None:
    result = simulate(small, runs=4, antithetic=True)
    assert result.antithetic
    offered = result.tallies.of("legs", "offered").sum(axis=(1, 2))
    for replication in (1, 2, 3, 4):
        assert len(result.log(replication).legs) == offered[replication - 1]
    plain = simulate(small, runs=2).tallies.of("legs", "offered").sum(axis=(1, 2))
    assert offered[[0, 2]].tolist() == plain.tolist()


def test_both_engines_and_any_workers_simulate_equal_pairs(small: Scenario) -> None:
    given = {"runs": 8, "antithetic": True, "control": True}
    one = simulate(small, **given, workers=1).document(intervals=True)
    for other in ({"engine": "reference"}, {"workers": 2}):
        told = simulate(small, **given, **other).document(intervals=True)
        assert told | {"engine": ""} == one | {"engine": ""}


def test_own_number_of_runs_becomes_whole_pairs_and_a_given_one_must_be(small: Scenario) -> None:
    assert simulate(small, antithetic=True).runs == 42
    with pytest.raises(BadInputError, match="runs: 41 must be even"):
        simulate(small, runs=41, antithetic=True)
    with pytest.raises(BadInputError, match="runs: 41 must be even"):
        compare([small, small], runs=41, antithetic=True)


def test_the_variance_reduction_is_reported(small: Scenario) -> None:
    plain = simulate(small, runs=100)
    assert "variance_taken_off" not in plain.document()
    result = simulate(small, runs=100, control=True)
    document = json.loads(result.to_json())
    assert (document["antithetic"], document["control"]) == (False, True)
    share = {row["metric"]: row["share"] for row in document["variance_taken_off"]}
    half, before = (r.estimate("occupancy").half for r in (result, plain))
    assert half is not None
    assert before is not None
    # The t quantiles of 97 and 99 degrees of freedom differ by less than a thousandth.
    assert share["occupancy"] == pytest.approx(1 - (half / before) ** 2, abs=0.002)
    assert share["occupancy"] > 0.7
    assert "by controls (arrivals, work): service_level by" in result.notes[-1]


def test_controls_of_what_is_exact_are_exact(small: Scenario) -> None:
    result = simulate(small, runs=30, control=True)
    assert result.estimate("offered").value == pytest.approx(120)
    assert result.estimate("offered").half == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize(
    "name", ["bank_week", "random_day", "retail_monday", "erlang_a", "email_backlog"]
)
def test_controls_have_mean_zero(name: str) -> None:
    model = build(load(name))
    runs = 60
    found = control_deviations(model, 3, range(1, runs + 1))
    error = found.std(axis=0, ddof=1) / np.sqrt(runs)
    assert (np.abs(found.mean(axis=0)) < 3.7 * error + 1e-9).all()
    assert (error > 0).any()


def test_nothing_is_expected_of_what_is_not_drawn(small: Scenario) -> None:
    exact = build(small.with_(**{"queue.calls.volume": {"exact": [30, 30, 20, 40]}}))
    assert expected_arrivals(exact, exact.queues[0]) == 0
    found = control_deviations(exact, 1, range(1, 4))
    assert found[:, 0].tolist() == [0, 0, 0]
    assert found[:, 1].all()


def test_arrivals_of_a_warm_up_are_not_expected() -> None:
    model = build(load("erlang_a"))
    assert model.measure_from > 0
    part = 1 - model.measure_from / model.horizon
    whole = model.queues[0].demand.expected.sum()
    assert expected_arrivals(model, model.queues[0]) == pytest.approx(part * whole)


def test_many_scenarios_have_as_few_controls_as_two(small: Scenario) -> None:
    others = [small.with_(**{"queue.calls.volume": f"+{k}%"}) for k in range(1, 10)]
    two = compare([small, others[4]], runs=16, control=True)
    ten = compare([small, *others], runs=16, control=True)
    label = ten.labels[5]
    first = next(r for r in two.rows if r.metric == "service_level")
    same = next(r for r in ten.rows if (r.other, r.metric) == (label, "service_level"))
    widths = [r.high - r.low for r in (first, same) if r.low is not None and r.high is not None]
    assert widths[1] == pytest.approx(widths[0], rel=0.1)
    base = {r.base for r in ten.rows if (r.scope, r.metric) == ("total", "service_level")}
    assert len(base) == 1
    assert len(ten.savings) == 9


def test_differences_use_the_controls_of_both(small: Scenario) -> None:
    other = small.with_(**{"group.all.agents": 5})
    both = compare([small, other], runs=40, control=True, labels=["four", "five"])
    by_metric = {row.metric: row for row in both.rows if row.scope == "total"}
    level = by_metric["service_level"]
    assert level.base is not None
    assert level.value is not None
    assert level.difference == pytest.approx(level.value - level.base)
    taken = both.document()["variance_taken_off"]
    assert {row["other"] for row in taken} == {"five"}
    assert both.notes[0].startswith("five: lower variance than the same number of independent rep")


def test_compared_scenarios_share_mirrored_days(small: Scenario) -> None:
    other = small.with_(**{"group.all.agents": 5})
    both = compare([small, other], runs=10, antithetic=True)
    offered = [r.tallies.of("legs", "offered") for r in both.results]
    assert (offered[0] == offered[1]).all()
    assert [r.antithetic for r in both.results] == [True, True]


def test_percentiles_and_days_count_pairs_too(small: Scenario) -> None:
    from sim.metrics.estimators import percentile, quantile_of_days
    from sim.metrics.tally_fields import WAIT_EDGES

    result = simulate(small, runs=400, antithetic=True)
    tallies, met = result.tallies, result.tallies.of("legs", "within").sum(axis=(1, 2))
    own = percentile(tallies.classes("waits", [0]), WAIT_EDGES, 0.9, unit_size=2)
    found = result.estimate("wait_p90_s")
    assert (found.low, found.high) == own.span
    lost = ("answered", "abandoned", "abandoned_within")
    answered, abandoned, early = (tallies.of("legs", n).sum(axis=(1, 2)) for n in lost)
    level = (met / (answered + abandoned - early))[:, None]
    spans = {1: [], 2: []}
    for p in (10, 50, 90):
        day = result.estimate(f"service_level_day_p{p}")
        for unit_size, found_by in spans.items():
            found_by.append(quantile_of_days(level, p / 100, unit_size=unit_size).span)
        assert (day.low, day.high) == spans[2][-1]
    assert spans[1] != spans[2]
