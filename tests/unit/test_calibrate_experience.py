"""Repeats, resolution and satisfaction come back from a log that has issues and answers."""

import datetime as dt

import numpy as np
import pytest

import sim
from sim.history.calibration.center_estimation import estimate_center
from sim.history.calibration.estimate_rows import rows_of
from sim.history.calibration.scenario_tables import usual_week
from sim.history.calibration.scenario_text import toml_of
from sim.history.call_log import read_call_log
from tests.support.recorded_world import TITLES, write_log

RESOLVED, REPEAT, DELAY = 0.7, 0.5, 20.0
TRUE = {"satisfied": 0.85, "unresolved": 0.15, "contact": 0.5}
DAYS, ISSUES = 40, 5000


def records(answering=0.6, seed=7):
    rng = np.random.default_rng(seed)
    rows = []
    for issue in range(ISSUES):
        offered = rng.integers(DAYS) * 24 + rng.uniform(8, 18)
        for contact in range(4):
            if offered >= 24 * DAYS:
                break
            resolved = rng.random() < RESOLVED
            odds = TRUE["satisfied"] / (1 - TRUE["satisfied"]) * TRUE["contact"] ** contact
            odds *= 1 if resolved else TRUE["unresolved"]
            satisfied = rng.random() < odds / (1 + odds)
            answer = (5 if satisfied else 2) if rng.random() < answering else ""
            when = dt.datetime(2026, 3, 2) + dt.timedelta(hours=offered)
            rows.append((
                when.strftime("%Y-%m-%d %H:%M:%S"), f"{rng.exponential(20):.1f}", "answered",
                f"{rng.exponential(180) + 5:.1f}", f"A{rng.integers(8)}", "billing",
                f"I{issue}", int(resolved), answer,
            ))  # fmt: skip
            if resolved or rng.random() > REPEAT:
                break
            offered += rng.exponential(DELAY)
    return rows


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    file = tmp_path_factory.mktemp("log") / "log.csv"
    log = write_log(file, records(), (*TITLES, "issue", "resolved", "survey"))
    return estimate_center(read_call_log(log).log)


def test_true_parameters_are_inside_the_bounds_of_all_together(found):
    rows = {row.name: row for row in rows_of(found)}
    true = {f"satisfaction_{name}": value for name, value in TRUE.items()}
    true |= {"repeat_if_unresolved": REPEAT, "survey_response": 0.6}
    for name, value in true.items():
        # Five together at 95 %: 2.58 instead of 1.96 standard errors.
        row = rows[name]
        half = 2.58 / 1.96 * (row.high - row.low) / 2
        assert abs(row.value - value) < half, name
        assert half < 0.35 * value, name
    assert rows["fcr_7_days"].value == pytest.approx(1 - 0.3 * REPEAT, abs=0.02)


def test_the_scenario_says_on_what_it_was_calibrated(found):
    tables = usual_week(found)
    scenario = sim.load(tables)
    assert "survey answers, 2026-03-02" in scenario.satisfaction.calibration_text
    one = scenario.satisfaction.unresolved
    assert one.low < one.value < one.high
    assert "repeat" in tables["queue"]["billing"]
    assert 'calibrated_on = "' in toml_of(tables, {})


def test_what_is_missing_is_named(tmp_path):
    log = write_log(tmp_path / "log.csv", [row[:6] for row in records()], TITLES)
    estimates = estimate_center(read_call_log(log).log)
    text = "\n".join(estimates.missing)
    assert "satisfaction: 0 survey answers; at least 100" in text
    assert "repeat contacts: 0 issues" in text
    assert "satisfaction" not in usual_week(estimates)
