"""Charts and tables of a simulation over its record, by their specification; the verification."""

import json
import re
from dataclasses import replace

import pytest

from sim.planning.actuals_error import IntervalError, MetricError
from sim.report.validation import cells_csv, interval_rows, spanned, summary_rows
from sim.report.validation_charts import alt_text_validation, validation_chart
from sim.report.verification import verified


def cell(start, recorded, inside=True, unit="share", queue="orders"):
    return IntervalError(
        queue, "service_level", start, "", unit, recorded, 0.8, 0.78, 0.82, 0.6, 0.95, inside, 40.0
    )


CELLS = [cell("08:00", 0.82), cell("08:30", 0.4, inside=False)]
VERDICT = MetricError("orders", "service_level", "share", 2, 0.61, 0.8, 0.78, 0.82, 0.19, 0.1, 0.28,
                  0.21, 0.19, 0.23, 0.05, 0.12, 0.5, 0.2, 0.8)  # fmt: skip


def test_the_chart_lays_the_record_over_two_bands():
    spec = validation_chart(CELLS, "Service level of orders", "95 % of simulated days").to_dict()
    marks = [layer["mark"]["type"] for layer in spec["layer"]]
    assert marks == ["area", "area", "line", "line", "point", "point"]
    drawn = [layer["encoding"]["y"]["field"] for layer in spec["layer"]]
    assert drawn == ["band_low", "low", "simulated", "recorded", "recorded", "recorded"]
    assert spec["layer"][0]["encoding"]["y2"]["field"] == "band_high"
    assert spec["layer"][1]["encoding"]["y2"]["field"] == "high"
    assert spec["layer"][0]["encoding"]["y"]["axis"]["format"] == "%"
    assert "95 % of simulated days" in " ".join(spec["title"]["subtitle"])
    assert spec["layer"][2]["mark"]["strokeDash"]
    assert "datum.inside === 'no'" in json.dumps(spec["layer"][-1]["transform"])
    assert spec["layer"][-1]["mark"]["filled"] is False
    rows = next(iter(spec["datasets"].values()))
    assert [(row["recorded"], row["inside"]) for row in rows] == [(0.82, "yes"), (0.4, "no")]


def test_seconds_have_their_unit_on_the_axis():
    spec = validation_chart([cell("08:00", 20.0, unit="s")], "x", "y").to_dict()
    assert spec["layer"][0]["encoding"]["y"]["title"].endswith("(s)")


def test_the_chart_is_described_in_words():
    text = alt_text_validation(CELLS, VERDICT)
    assert "outside the band in 1" in text
    assert "Furthest apart at 08:30: actual 40.0 %, simulated 80.0 %" in text


def test_rows_say_bias_error_and_verdict_with_intervals():
    (row,) = summary_rows([VERDICT])
    assert row["Bias"] == "+19.0 pp (+10.0 pp to +28.0 pp)"
    assert row["Error"] == "21.0 pp (19.0 pp to 23.0 pp)"
    assert row["Random error"] == "5.0 pp to 12.0 pp"
    assert row["Verdict"] == "simulated too high"
    even = replace(VERDICT, bias_low=-0.1)
    assert summary_rows([even])[0]["Verdict"] == "right overall, off by interval"
    alike = replace(even, chance_high=VERDICT.error)
    assert summary_rows([alike])[0]["Verdict"] == "no significant bias"
    assert spanned("1", "-", "-") == "1"
    assert [one["In the band"] for one in interval_rows(CELLS)] == ["yes", "no"]


def test_names_like_formulas_are_exported_as_text():
    class Some:
        cells = (cell("08:00", 0.5, queue="=cmd()"),)

    assert cells_csv(Some()).splitlines()[1].startswith("'=cmd(),service_level,08:00")


def test_the_verification_is_read_from_its_page(repo_root):
    page = (repo_root / "docs" / "verification.md").read_text(encoding="utf-8")
    found = verified()
    assert found.summary == re.search(r"\*\*(.+agree)\*\*.*", page)[0].replace("**", "")
    titles = [section.title for section in found.sections]
    assert titles[:1] == ["Simulated"]
    assert {"Formulas", "Recorded contacts"} <= set(titles)
    rows = sum(len(rows) for section in found.sections for rows in section.tables)
    ruled = len(re.findall(r"^\|", page, re.MULTILINE))
    tables = sum(len(section.tables) for section in found.sections)
    assert rows == ruled - 2 * tables
    assert {"case", "source", "expected", "found", "±", "verdict"} <= set(
        found.sections[0].tables[0][0]
    )


def test_an_installation_without_the_page_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        verified(tmp_path / "nowhere.md")
