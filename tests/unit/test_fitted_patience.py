"""The exponential patience with which Erlang A is given what validation and calibration judge."""

import math

import numpy as np
import pytest

from sim import erlang
from sim.planning.align_actuals import ALL_QUEUES, AlignedActuals
from sim.planning.period_errors import fitted_patience
from sim.scenario import Scenario

TWO = """
[center]
first_day = 2026-03-02
open = "08:00-09:00"
[queue.one]
volume = 400
talk = "exponential 100s"
patience = "exponential 90s"
[queue.two]
volume = 10
talk = "exponential 100s"
patience = "none"
[group.team]
agents = 10
skills = { one = 1, two = 1 }
"""


def test_the_rate_is_found_although_the_answered_are_censored():
    random = np.random.default_rng(3)
    patience, offered = random.exponential(120, 200_000), random.uniform(0, 200, 200_000)
    gone, waited = patience < offered, np.minimum(patience, offered)
    found = erlang.fitted_mean(int(gone.sum()), float(waited.sum()))
    assert found == pytest.approx(120, rel=0.01)
    assert waited[gone].mean() < 70  # what the waits of those alone would give
    assert erlang.fitted_mean(0, 50.0) == math.inf


@pytest.fixture(scope="module")
def simulated():
    import sim
    from sim.metrics.aggregation import sum_intervals

    result = sim.simulate(Scenario.parse(TWO), runs=20, seed=1)
    return sum_intervals(result.model, result.tallies), result.model


def test_recorded_waits_go_before_simulated_ones(simulated):
    recorded = {
        "abandoned": np.array([3.0, 1.0, np.nan]),
        "waited": np.array([40.0, 160.0, np.nan]),
    }
    aligned = AlignedActuals(1800.0, {"one": recorded, "two": {"offered": np.array([1.0])}}, 1)
    found = fitted_patience(aligned, *simulated, ["one", "two"])
    assert found == {"one": 50.0, "two": math.inf}
    together = AlignedActuals(1800.0, {ALL_QUEUES: recorded}, 1, together=("one", "two"))
    assert fitted_patience(together, *simulated, ["one", "two"]) == {"one": 50.0, "two": 50.0}


def test_without_recorded_waits_the_simulated_ones_are_fitted(simulated):
    aligned = AlignedActuals(1800.0, {"one": {"offered": np.array([1.0])}}, 1)
    assert fitted_patience(aligned, *simulated, ["one"])["one"] == pytest.approx(90, rel=0.1)
