"""Interval rows in; table, JSON, CSV and XLSX out."""

import csv
import json

import numpy as np
import openpyxl
import pytest

from sim import erlang
from sim.cli import main
from sim.planning import read_intervals, staff
from sim.scenario import ScenarioError

PLAIN = """interval_start,queue,channel,offered,aht_s
2026-01-05 08:00,Billing,voice,100,00:03:00
2026-01-05 08:30,Billing,voice,120,200
2026-01-05 09:00,Billing,voice,0,
2026-01-05 08:00,Cards,voice,10,4min
2026-01-05 08:30,Cards,voice,20,240
"""
GENESYS = """Interval Start UTC Date,Queue,Media Type,Skill Set,Language,Offered,\
Interactions Handled,Total Handle Time (Seconds)
2026-03-02T08:00:00.000Z,Sales,voice,A,en,60,50,9000
2026-03-02T08:00:00.000Z,Sales,voice,B,en,40,40,7200
2026-03-02T08:30:00.000Z,Sales,voice,A,en,100,100,18000
2026-03-02T08:00:00.000Z,Sales,email,A,en,10,10,3000
2026-03-02T08:30:00.000Z,Sales,email,A,en,0,0,0
"""


@pytest.fixture
def rows(tmp_path):
    def write(text, name="rows.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_rows_are_staffed_interval_by_interval(rows):
    found = staff(rows(PLAIN), simulate=False, shrinkage="30%")
    got = {(r["name"], r["interval"]): r for r in found.of("group")}
    need = erlang.fewest_agents("erlang_c", [100, 120], "30min", [180, 200], "80/20")
    assert got["Billing", "08:00"]["required"] == need.agents[0]
    assert got["Billing", "08:30"]["required"] == need.agents[1]
    assert got["Billing", "08:00"]["scheduled"] == 20
    assert got["Cards", "08:30"]["aht_s"] == pytest.approx(240)
    # No contacts at nine: the row stays, with zero agents.
    assert (got["Billing", "09:00"]["required"], got["Billing", "09:00"]["scheduled"]) == (0, 0)
    assert ("Cards", "09:00") not in got
    assert [r["required"] for r in found.of("queue") if r["interval"] == "09:00"] == [0]
    assert {r["now_scheduled"] for r in found.of("group")} == {None}


def test_the_export_of_genesys_cloud_is_understood(rows):
    read = read_intervals(rows(GENESYS), patience="2min")
    assert sorted(read.scenario.queue) == ["Sales email", "Sales voice"]
    voice = read.scenario.queue["Sales voice"]
    assert voice.volume.values == (100, 100)
    assert voice.patience.mean == pytest.approx(120)
    assert read.handle_s["Sales voice"][[16, 17]] == pytest.approx([180, 180])
    assert read.scenario.queue["Sales email"].is_deferred
    assert any("within a day" in note for note in read.notes)


def test_semicolons_decimal_commas_and_targets_of_rows(rows):
    text = "start;queue;offered;aht;target;patience_s;agents\n"
    text += "2026-01-05 08:00;a;10,5;300,5;90/10;60;3\n2026-01-05 08:15;a;11;300;;120;4\n"
    read = read_intervals(rows(text))
    queue = read.scenario.queue["a"]
    assert read.scenario.center.interval_s == 900
    assert queue.volume.values == (10.5, 11)
    assert (queue.target.service_level, queue.target.within) == (0.9, 10)
    assert queue.patience.mean == pytest.approx((10.5 * 60 + 11 * 120) / 21.5)
    assert read.scenario.group["a"].agents.values == (3, 4)
    assert read.handle_s["a"][32] == pytest.approx(300.5)


def test_sheet_and_row_of_the_titles_can_be_said(tmp_path, capsys):
    book = openpyxl.Workbook()
    book.active.append(["a note", "of its own"])
    book.create_sheet("Week")
    for row in (["queue", "2026"], ["interval_start", "offered", "aht_s"], ["08:00", 30, 240]):
        book["Week"].append(row)
    path = tmp_path / "rows.xlsx"
    book.save(path)
    found = staff(path, sheet="Week", header_row=2, simulate=False)
    assert found.of("queue", whole=True)[0]["volume"] == 30
    options = ["--no-simulate", "--sheet", "Week", "--header-row", "2"]
    with pytest.raises(SystemExit) as left:
        main(["staff", str(path), *options])
    assert left.value.code in (0, None)
    assert "240" in capsys.readouterr().out
    with pytest.raises(SystemExit) as left:
        main(["staff", "erlang_a", *options])
    assert left.value.code == 2
    assert "sheet: is for files of interval rows" in capsys.readouterr().err


def test_what_a_german_spreadsheet_saves_is_understood(tmp_path, rows):
    text = "Auswertung KW 2\nstart;queue;offered;aht\n"
    text += "05.01.2026 08:00;Störung;1.234,5;6:10\n05.01.2026 08:30;Störung;1.234;0:01:05\n"
    for encoding in ("utf-16", "cp1252"):
        path = tmp_path / f"{encoding}.csv"
        path.write_bytes(text.encode(encoding))
        read = read_intervals(path)
        assert read.scenario.queue["Störung"].volume.values == (1234.5, 1234)
        assert list(read.handle_s["Störung"][[16, 17]]) == [370, 65]


def test_a_workbook_is_read_like_a_csv(tmp_path, rows):
    book = openpyxl.Workbook()
    for row in csv.reader(PLAIN.splitlines()):
        book.active.append([float(c) if c.replace(".", "").isdigit() else c for c in row])
    path = tmp_path / "rows.xlsx"
    book.save(path)
    got, expected = read_intervals(path), read_intervals(rows(PLAIN))
    assert got.scenario.queue == expected.scenario.queue
    assert np.array_equal(got.handle_s["Billing"], expected.handle_s["Billing"])


def test_every_bad_cell_is_reported_at_once_with_row_and_column(rows):
    text = (
        "interval_start,queue,offered,aht_s\n"
        "2026-01-05 08:00,a,ten,300\n"
        "05/01/2026 08:30,a,5,300\n"
        "2026-01-05 09:00,a,5,5:70\n"
        "2026-01-05 09:30,a,-5,300\n"
        "2026-01-05 10:00,a,5,\n"
        "2026-01-05 10:30,a\n"
        "2026-01-05 11:00,a,5,300\n"
    )
    with pytest.raises(ScenarioError) as caught:
        staff(rows(text))
    told = [(p.line, p.path) for p in caught.value.problems]
    assert told == [
        (2, "offered"),
        (3, "interval_start"),
        (4, "aht_s"),
        (5, "offered"),
        (6, "aht_s"),
        (7, "offered"),
    ]
    assert "rows.csv:2: offered: 'ten' must be a number of 0 or more" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("interval_start,offered,aht_s\n", "has no rows"),
        ("interval_start,offered\n2026-01-05 08:00,3\n", "aht_s or total_handle_s: no such column"),
        ("queue,aht_s\na,3\n", "interval_start: no such column"),
        (PLAIN + "2026-01-05 08:30,Cards,voice,20,240\n", r"rows\.csv:7: .*as row 6; allowed: one"),
        (PLAIN + "2026-01-05 10:10,Cards,voice,20,240\n", "starts no interval|rows 10min"),
        (PLAIN + "2028-01-05 08:30,Cards,voice,20,240\n", "spans 731 days"),
        (
            "start,offered,aht,target\n2026-01-05 08:00,3,90,80/20\n2026-01-05 08:30,3,90,90/20\n",
            "2: target: '80/20', and '90/20' in row 3",
        ),
    ],
)
def test_files_that_cannot_be_staffed(rows, text, message):
    with pytest.raises(ScenarioError, match=message):
        staff(rows(text))


def test_an_interval_off_the_grid_is_reported_when_the_length_is_given(rows):
    text = PLAIN + "2026-01-05 10:10,Cards,voice,20,240\n"
    with pytest.raises(ScenarioError, match=r"rows\.csv:7: .*10:10:00 starts no interval of 30min"):
        staff(rows(text), interval="30min")


@pytest.mark.parametrize("shrinkage", ["30%", "0.30", "30", 0.3, 30])
def test_shrinkage_as_planners_write_it(rows, shrinkage):
    read = read_intervals(rows(PLAIN), shrinkage=shrinkage)
    assert read.scenario.group["Cards"].shrinkage == pytest.approx(0.3)


def test_shrinkage_out_of_bounds(rows):
    with pytest.raises(ValueError, match="shrinkage: 100 is out of bounds"):
        read_intervals(rows(PLAIN), shrinkage=100)


def test_a_month_is_staffed_in_a_second(rows):
    import time

    rng = np.random.default_rng(1)
    text = "interval_start,queue,offered,aht_s\n"
    for day in range(1, 31):
        for i in range(48):
            start = f"2026-06-{day:02d}T{i // 2:02d}:{30 * (i % 2):02d}"
            text += f"{start},a,{rng.integers(5, 200)},{rng.integers(200, 400)}\n"
    path = rows(text)
    began = time.process_time()
    found = staff(path, simulate=False, patience="2min")
    assert time.process_time() - began < 3  # about half a second on a quiet machine
    assert len(found.of("group")) == 1440


def test_json_is_one_document(rows):
    found = staff(rows(PLAIN), runs=3, seed=7)
    document = json.loads(found.to_json())
    assert {"scenario", "seed", "runs", "version", "requirement", "metrics"} <= document.keys()
    assert (document["seed"], document["runs"], document["scenario"]) == (7, 3, "rows")
    levels = [m for m in document["metrics"] if m["metric"] == "service_level"]
    assert {m["scope"] for m in levels} >= {"total", "queue"}
    assert len(document["requirement"]) == len(found.rows)


def test_the_table_names_groups_queues_and_notes(rows):
    text = staff(rows(PLAIN), runs=3).text()
    assert "Group Billing (agents, load in erlangs; last line in hours" in text
    assert "Service level of the required staffing (3 replications, seed 1)" in text
    assert "- Billing: formulas take the handle time of each interval" in text
    assert staff(rows(PLAIN), simulate=False).text().count("not simulated") == 1


def test_long_horizons_are_summed_up_by_day(rows):
    text = "interval_start,offered,aht_s\n"
    for day in range(1, 10):
        text += "".join(f"2026-06-{day:02d}T{h:02d}:00,40,300\n" for h in range(24))
    found = staff(rows(text), simulate=False)
    table = found.text()
    assert "Group all (hours of agents by day, load in erlang-hours)" in table
    day = next(line for line in table.splitlines() if line.startswith("2026-06-09")).split()
    assert day[1] == "960"
    assert float(day[6]) == 24 * found.of("group")[0]["required"]


def test_csv_has_every_row_and_no_formula(rows, tmp_path):
    found = staff(rows(PLAIN.replace("Cards", "+Cards")), simulate=False)
    found.to_csv(tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8") as file:
        got = list(csv.DictReader(file))
    assert len(got) == len(found.rows)
    assert {row["name"] for row in got} == {"Billing", "'+Cards"}
    with pytest.raises(ValueError, match="there is no folder"):
        found.to_csv(tmp_path / "none" / "out.csv")
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


def test_the_workbook_calculates_and_takes_names_as_text(rows, tmp_path):
    found = staff(rows(PLAIN.replace("Cards", "+Cards")), simulate=False, shrinkage="30%")
    found.to_xlsx(tmp_path / "out.xlsx")
    live = openpyxl.load_workbook(tmp_path / "out.xlsx")
    assert live.sheetnames == [
        "Targets", "Requirement", "By queue", "Service", "Calculation", "Notes",
    ]  # fmt: skip
    sheet = live["Requirement"]
    assert sheet.freeze_panes == "C2"
    assert len(sheet._charts) == 4
    assert sheet["K2"].value == "=ROUNDUP(ROUND(I2/(1-J2),9),0)"
    names = {cell.value: cell.data_type for cell in sheet["A"][1:]}
    assert names == {"+Cards": "s", "Billing": "s"}
    shown = openpyxl.load_workbook(tmp_path / "out.xlsx", data_only=True)["Requirement"]
    groups = {(r["name"], r["interval"]): r for r in found.of("group")}
    for row in shown.iter_rows(min_row=2, values_only=True):
        got = groups[row[0], row[1]]
        assert row[4] == pytest.approx(got["load_erlangs"])
        assert row[2] * (row[3] or 0) / 1800 == pytest.approx(got["load_erlangs"])
        assert (row[8], row[10]) == (got["required"], got["scheduled"])
