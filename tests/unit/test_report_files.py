"""Files are written whole or not at all, and hold what was found."""

import csv
import time
from dataclasses import asdict, fields, replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest

from sim.experiment import Result, compare, simulate
from sim.fileio import OutputError, checked, replaced
from sim.metrics import MetricRow, catalogue
from sim.report import write_log, write_rows
from sim.report.comparison_workbook import write_comparison
from sim.report.workbook import write_result
from sim.scenario import Scenario

SCENARIO = """
[center]
name = "=1+1"
open = "08:00-10:00"
[queue.calls]
channel = "voice"
volume = 30
talk = "exponential 3min"
patience = "exponential 2min"
[group.all]
agents = 5
skills = { calls = 1 }
"""


@pytest.fixture(scope="module")
def result() -> Result:
    return simulate(Scenario.parse(SCENARIO, Path(".")), runs=3, seed=1)


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    with pytest.raises(FileNotFoundError), replaced(target) as temporary:
        (temporary.parent / "half" / temporary.name).write_text("half")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_success_replaces_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    with replaced(target) as temporary:
        temporary.write_text("new")
    assert target.read_text() == "new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_reported(tmp_path: Path) -> None:
    with (
        pytest.raises(OutputError, match="there is no folder"),
        replaced(tmp_path / "no" / "out.csv"),
    ):
        pass
    with pytest.raises(OutputError, match="is a folder"), replaced(tmp_path):
        pass


def test_csv_holds_every_row(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "figures.csv"
    write_rows(path, [asdict(r) for r in result.rows], [f.name for f in fields(MetricRow)])
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(result.rows)
    for read, row in zip(rows, result.rows, strict=True):
        assert read["metric"] == row.metric
        assert read["value"] == ("" if row.value is None else str(row.value))


def test_csv_escapes_formulas(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    write_rows(
        path, [{"name": "=1+1", "value": -1.5}, {"name": "@x", "value": 2}], ["name", "value"]
    )
    assert path.read_text().splitlines() == ["name,value", "'=1+1,-1.5", "'@x,2"]


def test_the_workbook_holds_every_metric(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "result.xlsx"
    write_result(path, result)
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [
        "Summary", "By queue", "By group", "By interval", "Inputs", "Definitions",
    ]  # fmt: skip
    assert all(book[name].freeze_panes == "A2" for name in book.sheetnames)
    found = {row[7]: row[2] for row in book["By queue"].iter_rows(min_row=2, values_only=True)}
    for row in result.rows:
        if row.scope == "queue":
            assert found[row.metric] == pytest.approx(row.value), row.metric
    assert [c.value for c in book["By interval"][1]][3:7] == [
        "Offered", "Answered", "Abandoned", "Service level",
    ]  # fmt: skip
    defined = {row[0] for row in book["Definitions"].iter_rows(min_row=2, values_only=True)}
    assert defined == set(catalogue())
    titles = [row[4] for row in book["Definitions"].iter_rows(min_row=2, values_only=True)]
    assert len(set(titles)) == len(titles)  # no two metrics share a title
    assert not any("_" in title for title in titles)
    offered = [row[3] for row in book["By interval"].iter_rows(min_row=2, values_only=True)]
    assert sum(filter(None, offered)) == pytest.approx(result.estimate("offered").value)


def test_no_text_in_the_workbook_is_a_formula(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "result.xlsx"
    write_result(path, result)
    inputs = dict(openpyxl.load_workbook(path)["Inputs"].iter_rows(min_row=2, values_only=True))
    assert inputs["scenario"] == "=1+1"
    with ZipFile(path) as parts:
        sheets = [n for n in parts.namelist() if n.startswith("xl/worksheets/sheet")]
        assert all(b"<f>" not in parts.read(name) for name in sheets)


def test_the_workbook_of_a_comparison(result: Result, tmp_path: Path) -> None:
    path = tmp_path / "differences.xlsx"
    comparison = compare([result.model, result.model], runs=2)
    write_comparison(path, comparison)
    sheet = openpyxl.load_workbook(path)["Differences"]
    assert sheet.max_row == len(comparison.rows) + 1
    assert [cell.value for cell in sheet[1]][-1] == "significant"
    said = list(openpyxl.load_workbook(path)["Compared"].iter_rows(min_row=2, values_only=True))
    assert [(who, value) for who, what, value in said if what == "runs"] == [
        (label, 2) for label in comparison.labels
    ]


def test_logs_hold_names_and_every_row(result: Result, tmp_path: Path) -> None:
    log = result.log(2)
    written = write_log(tmp_path / "logs", log)
    assert [p.name for p in written] == [
        "legs-0002.parquet", "states-0002.parquet", "issues-0002.parquet",
    ]  # fmt: skip
    legs, states, issues = map(pd.read_parquet, written)
    assert len(legs) == len(log.legs)
    assert (legs["queue"] == "calls").all()
    assert set(legs["outcome"]) <= {"answered", "abandoned"}
    assert legs.loc[legs["outcome"] == "abandoned", "group"].isna().all()
    assert (legs["enter"].to_numpy() == log.legs.enter).all()
    assert (states["end"] - states["start"]).sum() == pytest.approx(
        (log.presences.end - log.presences.start).sum()
    )
    assert len(issues) == len(log.issues)


def test_logs_need_a_place(result: Result, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="there is no folder"):
        write_log(tmp_path / "no" / "logs", result.log(1))
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="is a file"):
        write_log(tmp_path / "file", replace(result.log(1), replication=2))


def test_the_same_result_gives_the_same_workbook(result: Result, tmp_path: Path) -> None:
    first, second = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    write_result(first, result)
    time.sleep(1.1)  # a workbook tells its time in whole seconds
    write_result(second, result)
    assert first.read_bytes() == second.read_bytes()


def test_a_workbook_is_refused_another_ending() -> None:
    with pytest.raises(OutputError, match=r"must end in \.xlsx"):
        checked("figures.csv", ".xlsx")
    assert checked("figures.XLSX", ".xlsx") == Path("figures.XLSX")


def test_more_lines_than_a_sheet_has_are_refused(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.report.workbook.MOST_ROWS", 5)
    with pytest.raises(OutputError, match=r"sheet '.*': \d+ rows; allowed: at most 5. Write CSV"):
        write_result(tmp_path / "out.xlsx", result)
    assert list(tmp_path.iterdir()) == []
