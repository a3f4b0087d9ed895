"""``staff`` and ``validate`` read the tables that the app reads: titles, layouts, dates."""

from pathlib import Path

import openpyxl
import pytest

import sim
from sim.cli import main
from sim.fileio import read_table
from sim.history.tables.actuals import read_actuals
from sim.history.tables.wide_table import guess_interval_columns
from sim.planning import read_intervals
from sim.planning.validate_scenario import validate
from sim.scenario import ScenarioError

GERMAN = """Datum;Uhrzeit;Warteschlange;Anrufe;AHT (Sek.)
05.01.2026;08:00;Rechnung;40;240
05.01.2026;08:30;Rechnung;50;250
06.01.2026;08:00;Rechnung;44;260
06.01.2026;08:30;Technik;12,5;300
"""
WIDE = "Datum;Billing;Support\n05.01.2026 08:00;40;10\n05.01.2026 08:30;50;12\n"
OPEN_DATES = "interval_start,offered,aht_s\n01/05/2026 08:00,20,180\n01/05/2026 08:30,25,180\n"


def written(folder: Path, text: str, name: str = "woche.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def error_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_staff_reads_the_titles_of_a_european_table(tmp_path: Path) -> None:
    found = read_intervals(written(tmp_path, GERMAN))
    assert list(found.scenario.queue) == ["Rechnung", "Technik"]
    assert found.scenario.center.days == 2
    assert found.handle_s["Rechnung"][16:18].tolist() == [240, 250]
    assert found.scenario.queue["Technik"].volume.values == (12.5,)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_staff_reads_one_column_a_queue(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, WIDE)
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for line in WIDE.splitlines():
            book.active.append([int(c) if c.isdigit() else c for c in line.split(";")])
        path = tmp_path / "woche.xlsx"
        book.save(path)
    with pytest.raises(ScenarioError, match=r'Support: has no handle time; give --aht.*"AHT Supp'):
        read_intervals(path)
    found = read_intervals(path, aht="4min")
    assert found.scenario.queue["Support"].volume.values == (10, 12)
    assert set(found.handle_s["Billing"][16:18]) == {240}


def test_columns_of_handle_times_go_with_their_queue(tmp_path: Path) -> None:
    text = "Datum;Billing;AHT Billing;Support;AHT Support\n05.01.2026 08:00;40;200;10;6:10\n"
    found = read_intervals(written(tmp_path, text))
    assert list(found.scenario.queue) == ["Billing", "Support"]
    assert (found.handle_s["Billing"][16], found.handle_s["Support"][16]) == (200, 370)


def test_staff_is_reported_whether_day_or_month_comes_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, OPEN_DATES)
    assert "--dates day-first" in error_of(capsys, "staff", str(path))
    with pytest.raises(SystemExit) as caught:
        main(["staff", str(path), "--dates", "day-first", "--no-simulate"])
    assert not caught.value.code
    for order, first in (("day-first", "2026-05-01"), ("month-first", "2026-01-05")):
        staffing = sim.staff(path, dates=order, simulate=False)
        assert str(staffing.staffed.center.first_day) == first
    assert "allowed: day-first, month-first" in error_of(capsys, "staff", str(path), "--dates", "x")


def test_staff_is_reported_which_column_means_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, "interval_start,n,spent\n08:00,20,180\n08:30,22,190\n")
    error = error_of(capsys, "staff", str(path), "--column", "queue=spent")
    assert "--column offered=TITLE" in error
    assert "--aht" in error
    given = {"offered": "n", "aht": "spent"}
    assert read_intervals(path, columns=given).handle_s["all"][16:18].tolist() == [180, 190]
    assert "not a meaning of a column" in error_of(capsys, "staff", str(path), "--column", "x=n")


def test_a_handle_time_that_is_said_fills_rows_without_one(tmp_path: Path) -> None:
    path = written(tmp_path, "interval_start,offered,aht_s\n08:00,20,180\n08:30,22,\n")
    assert read_intervals(path, aht="5min").handle_s["all"][16:18].tolist() == [180, 300]


def test_a_queue_that_is_renamed_is_reported(tmp_path: Path) -> None:
    path = written(tmp_path, "interval_start,queue,offered,aht_s\n08:00,=1+1,20,180\n")
    found = read_intervals(path)
    assert list(found.scenario.queue) == ["_1+1"]
    assert "queue '=1+1' is called '_1+1' here" in found.notes[0]


def test_a_scenario_is_not_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    assert "aht: is for files of interval rows" in error_of(
        capsys, "staff", "retail_monday", "--aht", "4min"
    )


def test_validate_finds_columns_by_their_content(tmp_path: Path) -> None:
    text = "Datum;Von;Bis;Queue;Offered\n05.01.2026;08:00;08:30;calls;12\n"
    text += "05.01.2026;08:30;09:00;calls;9\n"
    path = written(tmp_path, text, "ist.csv")
    columns = guess_interval_columns(read_table(path))
    assert {"date": "Datum", "start": "Von", "offered": "Offered"}.items() <= columns.items()
    scenario = sim.load(
        {
            "center": {"first_day": "2026-01-05", "days": 1, "open": "08:00-09:00"},
            "queue": {"calls": {"volume": 10, "talk": "3min", "channel": "voice"}},
            "group": {"all": {"agents": 4, "skills": {"calls": 1}}},
        }
    )
    found = validate(scenario, path, runs=2, workers=1)
    assert {cell.queue for cell in found.cells} == {"calls"}


def test_a_missing_column_names_the_option(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "a,offered\nx,1\n"))
    with pytest.raises(ScenarioError, match="--column start=TITLE"):
        read_actuals(table)


def test_a_time_in_one_column_takes_the_date_of_another_by_its_content(tmp_path: Path) -> None:
    table = read_table(written(tmp_path, "Päivä;Time;Offered\n05.01.2026;08:00;4\n"))
    assert guess_interval_columns(table) == {"start": "Time", "offered": "Offered", "date": "Päivä"}


def test_a_date_without_a_date_format_is_reported(tmp_path: Path) -> None:
    path = written(tmp_path, "interval_start,offered,aht_s\n46027.333,4,100\n")
    with pytest.raises(ScenarioError, match="a date without a date format"):
        read_intervals(path)
