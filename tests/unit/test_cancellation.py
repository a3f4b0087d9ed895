"""Cancelled work ends within its loops, not at its next stage."""

import datetime as dt
import inspect

import numpy as np
import pytest

import sim
from sim.cancellation import cancelled_by, end_if_cancelled
from sim.fileio import table_from_text
from sim.history.call_log import read_call_log
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.likelihood import fit_likelihood
from sim.history.forecast import forecast
from sim.history.tables.actuals import read_actuals
from sim.history.volume_history import VolumeHistory, infer_open
from tests.support.small_scenario import small_scenario


class Cancelled:
    """Notes who looks, and cancels at a look."""

    def __init__(self, at=10**9):
        self.at, self.looks = at, []

    def __call__(self):
        self.looks.append(inspect.currentframe().f_back.f_back.f_code.co_name)
        if len(self.looks) >= self.at:
            raise KeyboardInterrupt


def test_without_a_check_and_after_it_nothing_ends():
    outer, inner = Cancelled(), Cancelled()
    with cancelled_by(outer):
        with cancelled_by(inner):
            end_if_cancelled()
        end_if_cancelled()
    end_if_cancelled()
    assert (len(outer.looks), len(inner.looks)) == (1, 1)


def test_a_search_for_a_likelihood_ends_at_its_next_evaluation():
    evaluated = []

    def likelihood(parameters):
        evaluated.append(parameters)
        return -np.square(parameters).sum() * np.ones(3)

    day = np.arange(3)
    with cancelled_by(Cancelled(at=4)), pytest.raises(KeyboardInterrupt):
        fit_likelihood(likelihood, np.ones(2), np.eye(3), DayBootstrap(day))
    assert len(evaluated) == 3


def test_a_simulation_ends_at_its_next_replication():
    scenario = sim.Scenario.parse(small_scenario())
    check = Cancelled(at=3)
    with cancelled_by(check), pytest.raises(KeyboardInterrupt):
        sim.simulate(scenario, runs=10**6, workers=1)
    assert len(check.looks) == 3


def test_every_method_of_a_forecast_looks():
    rng = np.random.default_rng(3)
    week = np.array([1.2, 1.0, 1.0, 0.9, 1.0, 0.5, 0.0])
    counts = rng.poisson(week[np.arange(63) % 7][:, None] * np.r_[np.zeros(8), np.full(4, 30.0)])
    monday = dt.date(2024, 1, 1)
    counts = np.pad(counts.astype(float), ((0, 0), (0, 12)))
    history = VolumeHistory("calls", "voice", monday, 60, counts, infer_open(counts, monday))
    check = Cancelled()
    with cancelled_by(check):
        forecast(history)
    slow = {
        "calendar_fits", "regression", "low_rank", "exponential_smoothing", "conformal_bands",
    }  # fmt: skip
    assert slow <= set(check.looks)
    with cancelled_by(Cancelled(at=20)), pytest.raises(KeyboardInterrupt):
        forecast(history)


def test_reading_looks_at_each_column_of_a_log_and_at_rows_of_a_table(tmp_path):
    lines = [f"2026-01-05 {9 + k // 60:02d}:{k % 60:02d}:00,{k},200,a" for k in range(500)]
    file = tmp_path / "log.csv"
    file.write_text("\n".join(["start,wait,talk,agent", *lines]) + "\n")
    check = Cancelled()
    with cancelled_by(check):
        read_call_log(file)
    assert {"coded", "floats"} <= set(check.looks)
    with cancelled_by(Cancelled(at=3)), pytest.raises(KeyboardInterrupt):
        read_call_log(file)
    rows = [
        f"2026-01-{1 + k // 48:02d} {k % 48 // 2:02d}:{30 * (k % 2):02d},5" for k in range(1200)
    ]
    table = table_from_text("t.csv", "\n".join(["start,offered", *rows]))
    with cancelled_by(Cancelled(at=1)), pytest.raises(KeyboardInterrupt):
        read_actuals(table)
