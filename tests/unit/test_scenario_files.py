"""Columns of CSV and XLSX files are assigned to the open intervals."""

import datetime as dt
from pathlib import Path

import pytest

from sim.scenario import Scenario, ScenarioError, lint_warnings
from sim.scenario.interval_series import arrivals, volume_of

FRAME = """
[center]
{center}
[queue.calls]
{queue}
talk = "exponential 3min"
[group.team]
agents = 4
skills = {{ calls = 1 }}
"""
TWO_HOURS = 'open = "08:00-10:00"'


def volumes(
    folder: Path | None, volume: str, center: str = TWO_HOURS, more: str = ""
) -> list[float]:
    scenario = Scenario.parse(
        FRAME.format(center=center, queue=f"volume = {volume}\n{more}"), folder
    )
    return volume_of(scenario.queue["calls"], scenario.center.grid, scenario.center.open)


def opened(all_day: list[float]) -> list[float]:
    assert not any(all_day[:16])
    assert not any(all_day[20:48])
    return all_day[16:20]


@pytest.mark.parametrize(
    ("volume", "expected"),
    [
        ("10", [10, 10, 10, 10]),
        ("[1, 2, 3.5, 0]", [1, 2, 3.5, 0]),
        ('"40 a day"', [10, 10, 10, 10]),
        ('"2 per min"', [60, 60, 60, 60]),
        ('"100 per 30min"', [100, 100, 100, 100]),
        ("{ exact = [1, 2, 3, 4] }", [1, 2, 3, 4]),
        ("{ exact = 3 }", [3, 3, 3, 3]),
        ('{ recorded = ["08:00", "08:29:59", "2026-01-05 09:30", 35999] }', [2, 0, 0, 2]),
    ],
)
def test_volumes_without_files(volume: str, expected: list[float]) -> None:
    assert opened(volumes(None, volume)) == pytest.approx(expected)


def test_a_profile_spreads_the_day() -> None:
    spread = volumes(None, '"40 a day"', more="profile = [1, 2, 1, 0]")
    assert opened(spread) == pytest.approx([10, 20, 10, 0])


def test_a_profile_spreads_each_day_alike() -> None:
    spread = volumes(None, '"40 a day"', TWO_HOURS + "\ndays = 2", "profile = [1, 2, 1, 0]")
    assert spread[16:20] == spread[64:68] == pytest.approx([10, 20, 10, 0])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_column_of_a_csv_file(tmp_path: Path, mark: str) -> None:
    rows = [["other", "Calls"], ["9", "1"], ["9", "2"], ["9", "3"], ["9", "4"]]
    text = "# exported\n" + "\n".join(mark.join(row) for row in rows) + "\n\n"
    (tmp_path / "v.csv").write_text("﻿" + text if mark == "," else text, encoding="utf-8")
    assert opened(volumes(tmp_path, '"v.csv:calls"')) == [1, 2, 3, 4]


@pytest.mark.parametrize("source", ["v.xlsx:calls", "v.xlsx:Second!calls"])
def test_a_column_of_a_workbook(tmp_path: Path, source: str) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["time", "calls"])
    second = book.create_sheet("Second")
    second.append(["interval_start", "calls"])
    for i in range(4):
        start = dt.datetime(2026, 1, 5, 8 + i // 2, 30 * (i % 2))
        sheet.append([start.time(), i])
        second.append([start, 10 + i])
    book.save(tmp_path / "v.xlsx")
    first = 10 if "Second" in source else 0
    assert opened(volumes(tmp_path, f'"{source}"')) == [first, first + 1, first + 2, first + 3]


def test_dated_rows_are_matched_in_any_order_and_others_ignored(tmp_path: Path) -> None:
    rows = [("2026-01-05 09:30", 4), ("2026-01-05T08:00", 1), ("2026-01-04 08:00", 99)]
    rows += [("2026-01-05 08:30", 2), ("2026-01-05 09:00", 3), ("2026-01-05 07:30", 7)]
    (tmp_path / "v.csv").write_text("start,c\n" + "\n".join(f"{t},{n}" for t, n in rows))
    assert opened(volumes(tmp_path, '"v.csv:c"')) == [1, 2, 3, 4]
    scenario = Scenario.parse(FRAME.format(center=TWO_HOURS, queue='volume = "v.csv:c"'), tmp_path)
    assert any(
        "7 contacts of its file outside the opening hours" in x for x in lint_warnings(scenario)
    )


def test_rows_of_one_day_serve_every_day(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("c\n1\n2\n3\n4\n")
    (tmp_path / "t.csv").write_text("time,c\n08:00,1\n08:30,2\n09:00,3\n09:30,4\n")
    for file in ("v.csv", "t.csv"):
        found = volumes(tmp_path, f'"{file}:c"', TWO_HOURS + "\ndays = 3")
        assert [found[48 * d + 16 : 48 * d + 20] for d in range(3)] == [[1, 2, 3, 4]] * 3


def test_clock_times_that_restart_begin_the_next_open_day(tmp_path: Path) -> None:
    rows = [
        f"{8 + i // 2:02d}:{30 * (i % 2):02d},{10 * day + i}" for day in (1, 2) for i in range(4)
    ]
    (tmp_path / "t.csv").write_text("time,c\n" + "\n".join(rows))
    center = 'open = { fri = "08:00-10:00", mon = "08:00-10:00" }\nfirst_day = 2026-01-09\ndays = 4'
    found = volumes(tmp_path, '"t.csv:c"', center)
    assert found[16:20] == [10, 11, 12, 13]
    assert found[3 * 48 + 16 : 3 * 48 + 20] == [20, 21, 22, 23]
    assert sum(found) == 46 + 86


def test_rows_of_one_week_serve_every_week() -> None:
    center = 'open = { mon = "08:00-09:00", tue = "08:00-08:30" }\ndays = 14'
    found = volumes(None, "[1, 2, 3]", center)
    assert [n for n in found if n] == [1, 2, 3, 1, 2, 3]


def test_deferred_work_may_come_by_the_centers_hours_or_its_own(tmp_path: Path) -> None:
    few = volumes(None, "[1, 2, 3, 4]", more='channel = "email"')
    many = volumes(None, str([1.0] * 48), more='channel = "email"')
    assert opened(few) == [1, 2, 3, 4]
    assert many == [1.0] * 48


def test_a_wrong_number_of_rows_says_all_that_fit() -> None:
    with pytest.raises(ScenarioError) as caught:
        volumes(None, "[1, 2, 3]", TWO_HOURS + "\ndays = 5")
    assert (
        "3 rows; expected 20 (one per open interval, 5 open days) or 4 (one day, repeated)"
        in str(caught.value)
    )


def test_recorded_arrivals_keep_their_seconds() -> None:
    text = FRAME.format(
        center=TWO_HOURS,
        queue='volume = { recorded = ["08:00:05", 30000.5], talk = ["1min", nan] }',
    )
    scenario = Scenario.parse(text)
    assert arrivals(scenario.queue["calls"], scenario.center.grid) == [28805, 30000.5]
    talk = scenario.queue["calls"].volume.talk
    assert talk is not None
    assert talk[0] == 60
    assert talk[1] != talk[1]


def test_load_may_go_up_a_folder_but_an_upload_may_not(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("c\n1\n2\n3\n4\n")
    (tmp_path / "sub").mkdir()
    text = FRAME.format(center=TWO_HOURS, queue='volume = "../v.csv:c"')
    with pytest.raises(ScenarioError, match="leaves the scenario's folder"):
        Scenario.parse(text, tmp_path / "sub")
    assert Scenario.parse(text, tmp_path / "sub", confined=False).queue["calls"].volume.values
    with pytest.raises(ScenarioError, match="has no folder"):
        Scenario.parse(text)


def calls(folder: Path, volume: str) -> Scenario:
    return Scenario.parse(FRAME.format(center=TWO_HOURS, queue=f"volume = {volume}"), folder)


TRACE = '{ recorded = "calls.csv:start", talk = "calls.csv:talk", patience = "calls.csv:gone" }'


def test_what_a_trace_does_not_record_is_drawn_also_at_its_end(tmp_path: Path) -> None:
    text = "start;talk;gone\n08:00:05;6:10;\n08:01;;12,5\n05.01.2026 09:30;0:01:05;\n09:45;;\n"
    (tmp_path / "calls.csv").write_text(text)
    volume = calls(tmp_path, TRACE).queue["calls"].volume
    assert volume.recorded == (28865 - 60, 28860, "2026-01-05T09:30:00", 35100)
    nan = float("nan")
    assert volume.talk == pytest.approx((370, nan, 65, nan), nan_ok=True)
    assert volume.patience == pytest.approx((nan, 12.5, nan, nan), nan_ok=True)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("start,talk,gone\n08:00,5,5\n08:01,soon,5\n", "calls.csv:talk row 3: talk: 'soon' is no"),
        ("start,talk,gone\n08:00,5,5\n,5,5\n08:05,5,5\n", "calls.csv:start row 3: arrival: the nu"),
        ("start,talk,gone\n08:00,5,5\n,5,5\n", "talk has 2 rows and recorded has 1; allowed: as"),
    ],
)
def test_a_cell_of_a_trace_that_cannot_be_used_is_reported_with_its_row(
    tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "calls.csv").write_text(text)
    with pytest.raises(ScenarioError) as caught:
        calls(tmp_path, TRACE)
    assert f"queue.calls.volume: {told}" in str(caught.value)


def test_a_row_is_reported_by_its_number_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("# exported\n\nc\n1\n\n2\nx\n4\n")
    with pytest.raises(ScenarioError, match=r"v\.csv:c row 7: 'x' is not a number"):
        calls(tmp_path, '"v.csv:c"')


def test_files_of_spreadsheets_in_other_countries(tmp_path: Path) -> None:
    rows = [("08:00", "1,5"), ("08:30", "1.234,5"), ("09:00", "2"), ("09:30", "1.234")]
    text = "start;Anrufe\r\n" + "".join(f"05.01.2026 {t};{n}\r\n" for t, n in rows)
    (tmp_path / "v.csv").write_bytes(text.encode("utf-16"))
    assert opened(volumes(tmp_path, '"v.csv:anrufe"')) == [1.5, 1234.5, 2, 1234]


def test_a_number_that_can_be_read_in_two_ways_is_refused_with_its_row(tmp_path: Path) -> None:
    (tmp_path / "v.csv").write_text("c\td\n1,234\t1\n2\t2\n3\t3\n4\t4\n")
    with pytest.raises(ScenarioError, match=r"v\.csv:2: c: '1,234' may be 1\.2340 or 1234"):
        calls(tmp_path, '"v.csv:c"')


def test_a_file_that_links_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "v.csv").symlink_to("v.csv")
    with pytest.raises(ScenarioError, match=r"queue\.calls\.volume: 'v\.csv' is a link to itself"):
        calls(tmp_path, '"v.csv:c"')


def test_a_workbook_beside_a_scenario_is_bounded_and_read_as_it_is(tmp_path: Path) -> None:
    from zipfile import ZIP_DEFLATED, ZipFile

    from openpyxl import Workbook

    book = Workbook()
    assert book.active is not None
    for row in (["c"], [1], [2], [3], [4]):
        book.active.append(row)
    book.save(tmp_path / "v.xlsx")
    with ZipFile(tmp_path / "v.xlsx") as old:
        parts = {name: old.read(name) for name in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]

    def written(body: bytes) -> None:
        with ZipFile(tmp_path / "v.xlsx", "w", ZIP_DEFLATED) as new:
            for name, part in (parts | {"xl/worksheets/sheet1.xml": body}).items():
                new.writestr(name, part)

    written(sheet.replace(b"A1:A5", b"A1:A2"))
    assert opened(volumes(tmp_path, '"v.xlsx:c"')) == [1, 2, 3, 4]
    written(sheet + b" " * (61 << 20))
    with pytest.raises(ScenarioError, match=r"v\.xlsx: unpacks to more than 60 MB"):
        calls(tmp_path, '"v.xlsx:c"')
