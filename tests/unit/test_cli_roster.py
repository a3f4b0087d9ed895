"""`ccplan roster`: text, JSON, tables, workbook, calendars; Ctrl-C; bad input is reported."""

import csv
import json
import re
import signal
from datetime import UTC, datetime

import openpyxl
import pytest

from sim.cli import main
from sim.cli.roster_command import RosterProgress
from sim.planning.roster import judge_roster, parse_roster, plan_roster, roster_search
from sim.report.roster_calendars import calendar_text, escaped, file_names, folded

SMALL = """
[roster]
name = "Team; a, b"
first_day = 2026-03-27
days = 4
time_zone = "Europe/Berlin"

[shift.late]
start = "14:00"
end = "22:00"
skill = "calls"

[shift.night]
start = "22:00"
end = "06:00"

[[demand]]
shift = ["late", "night"]
agents = 1

[rules]
min_rest = 11
max_consecutive_days = 3

[person.A01]
skills = ["calls"]
[person."A/02 Ümit"]
skills = ["calls"]
leave = ["Mon"]
[person.B01]

[[wish]]
person = "A01"
days = 2026-03-28
want = "night"
price = 4
"""


@pytest.fixture
def file(tmp_path):
    (tmp_path / "team.toml").write_text(SMALL, encoding="utf-8")
    return str(tmp_path / "team.toml")


@pytest.fixture
def ccplan(capsys):
    def call(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["roster", *arguments])
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return call


@pytest.fixture(scope="module")
def found():
    return plan_roster(parse_roster(SMALL))


def test_the_document_has_the_keys_that_are_promised(ccplan, file):
    code, out, _ = ccplan(file, "--json")
    document = json.loads(out)
    assert code == 0
    assert document["roster"] == "Team; a, b"
    assert document["proven"] is True
    assert document["feasible"] is True
    assert document["gap"] == 0
    assert document["cost"] == document["bound"] == sum(v["price"] for v in document["violations"])
    assert set(document["assignments"][0]) == {
        "person", "day", "shift", "start", "end", "hours", "index",
    }  # fmt: skip
    night = next(r for r in document["assignments"] if r["person"] == "A01" and r["index"] == 1)
    assert night == {"person": "A01", "day": "2026-03-28", "shift": "night", "start": "22:00",
                     "end": "06:00", "hours": 8.0, "index": 1}  # fmt: skip
    shifts = sum(row["shifts"] for row in document["persons"])
    assert shifts == len(document["assignments"]) == 8 - len(document["uncovered"])


def test_the_text_has_calendar_sums_and_verdict(ccplan, file):
    _, out, _ = ccplan(file)
    assert out.startswith("Team; a, b: cost of broken rules 0, proven: no roster is cheaper")
    assert re.search(r"^B01 +N? ?", out, re.MULTILINE)
    assert "L   late: 14:00-22:00, 8 h paid" in out
    assert "Every rule is kept, every wish is granted." in out


def test_tables_and_workbook_hold_the_same_shifts(ccplan, file, tmp_path):
    code, out, err = ccplan(
        file, "--json", "--csv", str(tmp_path / "r.csv"), "--xlsx", str(tmp_path / "r.xlsx")
    )
    shifts = [(r["person"], r["day"], r["shift"]) for r in json.loads(out)["assignments"]]
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as table:
        assert [(r["person"], r["day"], r["shift"]) for r in csv.DictReader(table)] == shifts
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert book.sheetnames == ["Calendar", "Persons", "Shifts", "Cover", "Violations"]
    head, *rows = book["Calendar"].iter_rows(values_only=True)
    assert head == (
        "person",
        "Fri 2026-03-27",
        "Sat 2026-03-28",
        "Sun 2026-03-29",
        "Mon 2026-03-30",
    )
    cells = {
        (row[0], day[4:]): cell for row in rows for day, cell in zip(head[1:], row[1:], strict=True)
    }
    assert {key: cells[key] for key in cells if cells[key] and cells[key] != "leave"} == {
        (person, day): shift for person, day, shift in shifts
    }
    assert cells["A/02 Ümit", "2026-03-30"] == "leave"
    assert (code, err.count("wrote")) == (0, 2)


def unfolded(text):
    """Lines of an iCalendar text as names with parameters, and values (RFC 5545, 3.1)."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    lines = text.split("\r\n")[:-1]
    assert max(len(line.encode()) for line in lines) <= 75
    return [
        line.partition(":")[::2] for line in "\r\n".join(lines).replace("\r\n ", "").split("\r\n")
    ]


def events(text):
    """Properties of each event."""
    lines, inside, found = unfolded(text), None, []
    assert lines[0] == ("BEGIN", "VCALENDAR")
    assert lines[-1] == ("END", "VCALENDAR")
    assert ("VERSION", "2.0") in lines
    assert sum(name == "PRODID" for name, _ in lines) == 1
    for name, value in lines:
        if (name, value) == ("BEGIN", "VEVENT"):
            inside = {}
        elif (name, value) == ("END", "VEVENT"):
            found.append(inside)
            inside = None
        elif inside is not None:
            assert name not in inside
            inside[name] = value
    return found


def test_calendars_are_written_for_each_person(ccplan, file, tmp_path):
    folder = tmp_path / "calendars"
    code, out, err = ccplan(file, "--json", "--calendars", str(folder))
    assert (code, "wrote 3 calendars" in err) == (0, True)
    assert sorted(path.name for path in folder.iterdir()) == ["A01.ics", "A_02_Ümit.ics", "B01.ics"]
    document = json.loads(out)
    own = [row for row in document["assignments"] if row["person"] == "A01"]
    read = events((folder / "A01.ics").read_bytes().decode())
    assert [event["SUMMARY"] for event in read] == [row["shift"] for row in own]
    assert all(re.fullmatch(r"\d{8}T\d{6}Z", event["DTSTAMP"]) for event in read)


def test_times_are_in_utc_over_the_change_to_summer_time(found):
    event = next(e for e in events(calendar_text(found, "A01", datetime(2026, 1, 1, tzinfo=UTC)))
                 if e["DTSTART"].startswith("20260328"))  # fmt: skip
    # 28 March 22:00 is UTC+1; the night ends on the 29th at 6:00, in summer time.
    assert (event["DTSTART"], event["DTEND"]) == ("20260328T210000Z", "20260329T040000Z")
    assert event["DTSTAMP"] == "20260101T000000Z"
    assert event["DESCRIPTION"] == "A01\\, Team\\; a\\, b: 8 h paid"


def test_identifiers_stay_and_differ_by_person_and_day(found):
    stamps = [datetime(2026, 1, day, tzinfo=UTC) for day in (1, 2)]
    first, second = ([e["UID"] for e in events(calendar_text(found, "A01", s))] for s in stamps)
    others = [e["UID"] for e in events(calendar_text(found, "B01", stamps[0]))]
    assert first == second
    assert len({*first, *others}) == len(first) + len(others)


def test_without_a_zone_times_are_local_and_without_times_events_last_the_day():
    plain = plan_roster(parse_roster(SMALL.replace('time_zone = "Europe/Berlin"', "")))
    read = events(calendar_text(plain, "A01", datetime(2026, 1, 1, tzinfo=UTC)))
    assert all(re.fullmatch(r"2026\d{4}T(14|22)0000", event["DTSTART"]) for event in read)


def test_the_calendar_of_a_person_without_shifts_has_a_component():
    empty = judge_roster(parse_roster(SMALL), {})
    lines = unfolded(calendar_text(empty, "A01", datetime(2026, 1, 1, tzinfo=UTC)))
    names = [name for name, _ in lines[4:-1]]
    assert names == ["BEGIN", "UID", "DTSTAMP", "END"]


def test_long_lines_are_folded_between_characters():
    line = "SUMMARY:" + "ü€😀" * 40
    parts = list(folded(line))
    assert all(len(part.removesuffix("\r\n").encode()) <= 75 for part in parts)
    assert "".join(parts).replace("\r\n ", "") == line + "\r\n"
    assert escaped("a;b,c\\d\ne\r\nf") == "a\\;b\\,c\\\\d\\ne\\nf"


def test_names_of_files_are_safe_and_each_once():
    names = list(file_names(["A/1", "A_1", "a_1", "..", "con", "x" * 300]).values())
    assert names == [
        "A_1.ics",
        "A_1_2.ics",
        "a_1_3.ics",
        "person.ics",
        "con_.ics",
        "x" * 80 + ".ics",
    ]


def test_the_rules_are_listed_and_those_in_force(ccplan, file):
    rules = {row["rule"]: row for row in json.loads(ccplan("--rules", "--json")[1])["rules"]}
    assert rules["min_rest"]["default"] == "off"
    assert rules["cover_under"]["default"] == "price 100"
    own = {row["rule"]: row for row in json.loads(ccplan(file, "--rules", "--json")[1])["rules"]}
    assert own["min_rest"]["in_force"] == "11, hard"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "FILE: is missing; allowed: a roster file"),
        (["none.toml"], "none.toml: cannot be read"),
        (["FILE", "--time-limit", "0s"], "--time-limit 0s: allowed: a time above zero"),
        (["FILE", "--time-limit", "soon"], "'soon'"),
        (["FILE", "--xlsx", "roster.xls"], "roster.xls: the name of a workbook must end in .xlsx"),
        (["FILE", "--calendars", "FILE"], "is not a folder; allowed: a folder, or a new name"),
        (["FILE", "--calendars", "none/here"], "there is no folder none"),
        (["FILE", "--persons", "none.csv"], "none.csv: the file does not exist"),
        (["FILE", "--shifts", "none.json"], "none.json: cannot be read"),
        (["retail_monday.toml"], "retail_monday.toml: cannot be read"),
    ],
)
def test_bad_input_gets_one_message_and_exit_code_2(ccplan, file, arguments, message):
    code, out, err = ccplan(*(file if a == "FILE" else a for a in arguments))
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert message in err


def test_ctrl_c_shows_the_best_roster_so_far(ccplan, file, heard, monkeypatch):
    def interrupt(shown, cost, bound):
        if cost < float("inf"):
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(roster_search, "AT_ONCE", 0)
    monkeypatch.setattr(RosterProgress, "__call__", interrupt)
    code, out, err = ccplan(file, "--json")
    assert (code, json.loads(out)["stopped"]) == (0, "interrupted")
    assert "interrupted: this is the best roster so far" in err


def test_the_processes_end_with_the_one_that_started_them(found, monkeypatch):
    monkeypatch.setattr(roster_search, "AT_ONCE", 0)
    started = []
    real = roster_search.SolverProcess

    def remembered(*arguments):
        started.append(real(*arguments))
        return started[-1]

    monkeypatch.setattr(roster_search, "SolverProcess", remembered)
    plan_roster(parse_roster(SMALL))
    assert len(started) >= 2
    assert all(process._process.poll() is not None for process in started)
