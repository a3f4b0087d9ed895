"""Files as they come: wrong endings and encodings, clocks of twelve hours, displaced cells."""

import datetime as dt
import io
import os
import threading
import zipfile
from pathlib import Path

import openpyxl
import pytest

import sim
from sim.cli import main
from sim.fileio import TableError, dates, read_table, table_from_bytes, table_from_text
from sim.fileio.dates import moment
from sim.scenario import ScenarioError
from sim.units import BadInputError

SCENARIO = """# Müde?
[center]
open = "08:00-10:00"
[queue.calls]
channel = "voice"
volume = 30
talk = "exponential 3min"
[group.all]
agents = 4
skills = { calls = 1 }
"""
ROWS = "start,calls,aht_s\n08:00,4,180\n08:30,5,180\n"


@pytest.mark.parametrize(
    ("cell", "clock"),
    [
        ("2026-01-05 8:00 AM", "08:00"),
        ("2026-01-05 8:30 pm", "20:30"),
        ("2026-01-05T9:00 a.m.", "09:00"),
        ("05.01.2026 12:15 p. m.", "12:15"),
        ("2026-1-5 12 AM", "00:00"),
        ("1/13/2026 9 PM", "21:00"),
    ],
)
def test_clocks_of_twelve_hours(cell: str, clock: str) -> None:
    order = "month first" if "/" in cell else "guess"
    day, second, _ = moment(cell, order)
    assert day == (dt.date(2026, 1, 13) if "/" in cell else dt.date(2026, 1, 5))
    assert sim.units.show_clock(second) == clock


@pytest.mark.parametrize("cell", ["2026-01-05 13:00 PM", "0:30 am", "2026-01-05 8:61 am"])
def test_no_clock_of_twelve_hours(cell: str) -> None:
    with pytest.raises(BadInputError, match="is not a date and time"):
        moment(cell, "guess")


@pytest.mark.parametrize("cell", [46027.333, 46027, "46027.333"])
def test_a_date_without_a_format_is_recognised(cell: object) -> None:
    with pytest.raises(BadInputError, match="a date without a date format"):
        moment(cell, "guess")


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("start,calls\n09:00,1,234\n", 2),
        ("start,calls\n09:00,12\n09:30,1,234\n10:00,13\n", 3),
    ],
)
def test_a_row_longer_than_the_titles_is_refused(text: str, row: int) -> None:
    with pytest.raises(TableError, match="has 3 cells under the 2 titles of row 1") as caught:
        table_from_text("week.csv", text)
    assert caught.value.row == row


def test_empty_cells_at_the_end_of_a_row_displace_nothing() -> None:
    assert table_from_text("week.csv", "start,calls\n09:00,12,,\n").header == ("start", "calls")


def test_text_and_workbooks_are_distinguished_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "rows.xlsx").write_text(ROWS)
    assert read_table(tmp_path / "rows.xlsx").header == ("start", "calls", "aht_s")
    book = openpyxl.Workbook()
    book.active.append(["start", "calls"])
    book.active.append(["08:00", 4])
    book.save(tmp_path / "rows.xlsx")
    (tmp_path / "rows.xlsx").rename(tmp_path / "rows.csv")
    assert read_table(tmp_path / "rows.csv").header == ("start", "calls")
    with pytest.raises(TableError, match="no readable XLSX file"):
        table_from_bytes("rows.xlsx", b"\0\1\2damaged")


def error_of(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    with pytest.raises(SystemExit) as caught:
        main(list(words))
    assert caught.value.code == 2
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "old format .xls; allowed: .xlsx"),
        ("t.dat", ROWS.encode(), "is a .dat file; allowed: .csv"),
    ],
)
def test_staff_knows_a_table_by_its_content(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert message in error_of(capsys, "staff", str(tmp_path / name))


def test_an_invalid_number_in_a_workbook_is_named() -> None:
    book = openpyxl.Workbook()
    for row in (["start", "calls"], ["08:00", 4], ["08:30", 77]):
        book.active.append(row)
    saved, bad = io.BytesIO(), io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(bad, "w") as new:
        for part in old.namelist():
            new.writestr(part, old.read(part).replace(b"<v>77</v>", b"<v>NaN</v>"))
    with pytest.raises(TableError, match="'NaN' is not a value of a cell") as caught:
        table_from_bytes("book.xlsx", bad.getvalue())
    assert caught.value.column == "Sheet!B3"


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-16-le"])
def test_a_scenario_in_another_encoding_is_to_be_saved_as_utf_8(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    encoding: str,
) -> None:  # fmt: skip
    content = SCENARIO.encode(encoding)
    file = tmp_path / "s.toml"
    file.write_bytes(content)
    assert "save it as UTF-8" in error_of(capsys, "check", str(file))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert "save it as UTF-8" in error_of(capsys, "check", "-")


def test_a_pipe_is_read_like_a_file(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for content, read in ((SCENARIO, sim.load), (ROWS, read_table)):
        writer = threading.Thread(target=pipe.write_text, args=(content,))
        writer.start()
        found = read(pipe)
        writer.join()
        assert list(found.queue if isinstance(found, sim.Scenario) else found.header)


@pytest.mark.parametrize("file", ["", "start,calls\n08:00,many\n", "start,calls\n08:00,1,234\n"])
def test_an_override_takes_the_place_of_a_file_that_cannot_be_read(
    tmp_path: Path, file: str
) -> None:
    text = SCENARIO.replace("volume = 30", 'volume = "v.csv:calls"')
    (tmp_path / "s.toml").write_text(text)
    if file:
        (tmp_path / "v.csv").write_text(file)
    found = sim.load(tmp_path / "s.toml", {"queue.calls.volume": "100 an hour"})
    assert found.queue["calls"].volume.per_second == pytest.approx(100 / 3600)
    for change in ({"queue.calls.volume": "+10%"}, {"queue.calls.talk": "2min"}):
        with pytest.raises(ScenarioError, match="v.csv"):
            sim.load(tmp_path / "s.toml", change)


def test_dates_and_times_read_once_are_as_those_of_whole_cells(monkeypatch):
    def read(cell, order):
        try:
            return dates.moment(cell, order)
        except BadInputError as error:
            return str(error)

    days = ["2026-01-05", "2026/1/5", "05/01/2026", "5.1.26", "13-01-2026", "20260105", "", "Tue",
            "2026-13-40", "45000", " 2026-01-05"]  # fmt: skip
    clocks = ["08:00", "8:30 am", "0800", "08:00:59.5", "24:00", "08:00Z", "", "x", "8:00/9:00"]
    cells = [
        (day + mark + clock, order)
        for day in days
        for mark in (" ", "T", ", ", "  ", "")
        for clock in clocks
        for order in dates.ORDERS
    ]
    found = [read(*one) for one in cells]
    assert sum(one == (dt.date(2026, 1, 5), 8 * 3600, None) for one in found) > 50
    monkeypatch.setattr(dates, "_date_and_clock", lambda text, order: None)
    assert found == [read(*one) for one in cells]
