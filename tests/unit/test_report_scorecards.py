"""The scorecards of experience and money in text, page, workbook and JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from sim.cli import main
from sim.experiment import Result, compare, simulate
from sim.experiment.coefficient_range import at_end, simulate_ranges
from sim.metrics.experience_metrics import BY_COEFFICIENTS
from sim.report import comparison_text, result_text
from sim.report.coefficients import assumption_rows, calibration_of
from sim.report.metrics_by_scenario import comparison_matrix
from sim.report.result_views import difference_table, main_differences
from sim.report.scorecards import EXPERIENCE, Scorecards
from sim.report.summary_html import summary_page
from sim.report.workbook import write_result
from sim.scenario import Scenario
from sim.units import BadInputError
from tests.support.small_journeys import SMALL_JOURNEYS
from tests.support.small_scenario import small_scenario


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return Scenario.parse(SMALL_JOURNEYS, Path("."))


@pytest.fixture(scope="module")
def result(scenario: Scenario) -> Result:
    found = simulate(scenario, seed=1)
    return replace(found, ranges=simulate_ranges(scenario, lambda s: simulate(s, seed=1).rows))


def numbers(rows: list[dict[str, object]]) -> dict[tuple[object, ...], float]:
    return {
        (row["scope"], row["name"], row["metric"]): float(row["value"])  # type: ignore[arg-type]
        for row in rows
        if row["value"] is not None and row.get("interval") is None
    }


def test_the_ends_are_those_that_lower_and_raise_satisfaction(scenario: Scenario) -> None:
    bad, good = (at_end(scenario, favourable).satisfaction for favourable in (False, True))
    assert bad is not None
    assert good is not None
    assert (bad.contact.value, good.contact.value) == (0.4, 0.6)
    assert (bad.satisfied.value, good.satisfied.value) == (0.78, 0.9)
    assert (bad.leaves.value, good.leaves.value) == (0.32, 0.05)
    assert (bad.effort_switch.value, good.effort_switch.value) == (1.2, 0.3)


def test_only_metrics_by_coefficients_change_at_the_ends(scenario: Scenario) -> None:
    runs = [simulate(one, seed=1) for one in (scenario, at_end(scenario, favourable=True))]
    base, end = ({(r.scope, r.name, r.metric): r.value for r in run.rows} for run in runs)
    changed = {metric for scope, name, metric in base
               if base[scope, name, metric] != end[scope, name, metric]}  # fmt: skip
    assert changed
    assert changed <= BY_COEFFICIENTS


def test_every_value_lies_in_its_range(result: Result) -> None:
    assert result.ranges
    values = {(r.scope, r.name, r.metric): r.value for r in result.rows}
    for one in result.ranges:
        value = values[one.scope, one.name, one.metric]
        if value is not None:
            assert one.low_end is not None
            assert one.high_end is not None
            assert one.low_end <= value <= one.high_end
    csat = next(one for one in result.ranges if (one.scope, one.metric) == ("total", "csat"))
    assert csat.low_end is not None
    assert csat.high_end is not None
    assert csat.low_end < csat.high_end
    assert "response_rate" not in {one.metric for one in result.ranges}


def test_text_has_both_scorecards_and_who_can_change_what(result: Result) -> None:
    text = result_text(result)
    heads = re.findall(r"^(\S.*?)(?:  .*)?\n-{20,}", text, flags=re.MULTILINE)
    assert [head for head in heads if head in (
        "Service", "Experience", "Touchpoint", "Owner", "Segment", "Issue", "Channel", "Money",
        "Cost of poor service",
    )] == ["Service", "Experience", "Touchpoint", "Owner", "Segment", "Issue", "Channel", "Money",
           "Cost of poor service"]  # fmt: skip
    csat = next(line for line in text.splitlines() if line.startswith("CSAT "))
    assert re.search(r"% ± [\d.]+  uncalibrated  [\d.]+ % to [\d.]+ %$", csat)
    switches = next(line for line in text.splitlines() if line.startswith("Channel switches"))
    assert "uncalibrated" not in switches
    assert "* uncalibrated: depends on the coefficients" in text
    assert re.search(r"^logistics  .*%", text, flags=re.MULTILINE)


def test_money_adds_up_and_poor_service_stands_apart(result: Result) -> None:
    cards = Scorecards(result)
    money = {line.row.metric: line.row.value or 0.0 for line in cards.money}
    assert money["total_cost"] == pytest.approx(money["cost"] + money["telephony_cost"])
    assert "cost_of_poor_service" not in money
    assert [line.row.metric for line in cards.poor_service][-1] == "cost_of_poor_service"
    assert cards.poor_service[-1].calibration == "uncalibrated"


def test_calibrated_coefficients_are_not_called_uncalibrated(scenario: Scenario) -> None:
    own = scenario.with_(**{"satisfaction.calibrated_on": "survey of May"})
    text = result_text(simulate(own, runs=2))
    assert "uncalibrated" not in text
    assert "calibrated on survey of May" in text
    assert own.satisfaction is not None
    rows = {row["Coefficient"]: row for row in assumption_rows(own.satisfaction)}
    assert rows["contact"]["Range"] == "0.4 to 0.6"
    assert rows["contact"]["Source"] == "own survey"
    assert rows["transfer"]["Calibration"] == "calibrated on survey of May"


def test_without_a_satisfaction_model_nothing_is_added() -> None:
    text = result_text(simulate(Scenario.parse(small_scenario(""), Path(".")), runs=2))
    assert "\nTotal\n" in text
    assert "Experience" not in text
    assert "Money" not in text


def test_page_and_workbook_have_the_scorecards(
    scenario: Scenario, result: Result, tmp_path: Path
) -> None:
    page = summary_page(scenario, result)
    for title in ("Experience", "Experience by owner", "Money", "Cost of poor service"):
        assert f"<h2>{title}" in page
    assert "uncalibrated" in page
    write_result(tmp_path / "out.xlsx", result)
    book = openpyxl.load_workbook(tmp_path / "out.xlsx", read_only=True)
    rows = list(book["Experience"].iter_rows(values_only=True))
    csat = next(r for r in rows if r[:2] == ("total", "total") and r[-1] == "csat")
    assert csat[7] == "uncalibrated"
    assert csat[8] <= csat[3] <= csat[9]
    owners = {row[1] for row in rows if row[0] == "owner"}
    assert owners == {"logistics"}
    assert "total_cost" in {row[-1] for row in book["Money"].iter_rows(values_only=True)}


def test_the_command_writes_ranges_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "shop.toml"
    file.write_text(SMALL_JOURNEYS)
    with pytest.raises(SystemExit) as left:
        main(["run", str(file), "--runs", "2", "--range", "--json"])
    assert not left.value.code
    found = json.loads(capsys.readouterr().out)
    values = numbers(found["metrics"])
    assert set(found["range"][0]) == {"scope", "name", "metric", "low_end", "high_end"}
    assert {row["metric"] for row in found["range"]} <= {*EXPERIENCE, "cost_of_poor_service"}
    for row in found["range"]:
        if (key := (row["scope"], row["name"], row["metric"])) in values:
            assert row["low_end"] <= values[key] <= row["high_end"]


def test_ranges_need_a_satisfaction_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "small.toml"
    file.write_text(small_scenario(""))
    with pytest.raises(SystemExit) as left:
        main(["run", str(file), "--range"])
    assert left.value.code == 2
    assert "range: the scenario has no table [satisfaction]" in capsys.readouterr().err
    with pytest.raises(BadInputError, match="no table"):
        at_end(Scenario.parse(small_scenario(""), Path(".")), favourable=True)


def test_comparisons_name_the_calibration_of_what_coefficients_decide(scenario: Scenario) -> None:
    changed = scenario.with_(**{"queue.calls.resolved": "90%"})
    found = compare([scenario, changed], runs=4, seed=1)
    lines = [line.split("  ")[0] for line in comparison_text(found).splitlines()]
    assert {"CSAT (uncalibrated)", "cost per resolved"} <= set(lines)
    titles = [line.title for line in comparison_matrix(found)]
    assert "CSAT (uncalibrated)" in titles
    assert "Service level" in titles
    table = difference_table(main_differences(found, found.labels[1]), calibration_of(found))
    csat = next(row for row in table if row["Metric"] == "CSAT (uncalibrated)")
    assert csat["Difference"].startswith("+")


def test_comparisons_say_in_a_word_that_coefficients_are_calibrated(scenario: Scenario) -> None:
    on = scenario.with_(
        **{"satisfaction.calibrated_on": "10,915 answers, 2026-08-31 to 2026-10-24"}
    )
    every = calibration_of(compare([on, on.with_(**{"queue.calls.resolved": "90%"})], runs=2))
    assert every["csat"] == "calibrated"
    mixed = calibration_of(compare([on, scenario], runs=2))
    assert mixed["csat"] == "partly calibrated"


def test_costs_that_no_scenario_has_are_left_out_of_comparisons(
    scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = compare([scenario, scenario.with_(**{"queue.calls.resolved": "90%"})], runs=2)
    assert "cost per resolved" in comparison_text(found)
    free = [
        replace(row, base=0.0, value=0.0) if row.metric == "cost_per_resolved" else row
        for row in found.rows
    ]
    monkeypatch.setitem(found.__dict__, "rows", free)
    assert "cost per resolved" not in comparison_text(found)
    shown = {row.metric for row in main_differences(found, found.labels[1])}
    assert "csat" in shown
    assert "cost_per_resolved" not in shown
