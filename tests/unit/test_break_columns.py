"""Breaks of shifts and speeds of skills as plain cells, there and back."""

import tomllib

import pytest

from sim.resources import shipped_scenarios
from sim.scenario import load
from sim.scenario.table_rows import change_rows, columns_at, rows_at

PATH = "group.generalists.shifts"


@pytest.fixture
def text():
    return shipped_scenarios()["retail_monday"].read_text()


def shifts(text):
    return tomllib.loads(text)["group"]["generalists"]["shifts"]


def test_no_cell_of_shipped_shifts_and_skills_holds_toml():
    for file in shipped_scenarios().values():
        text = file.read_text()
        for name, group in tomllib.loads(text)["group"].items():
            for part in {"shifts", "skills"} & set(group):
                cells = [c for row in rows_at(text, f"group.{name}.{part}") for c in row.values()]
                assert [cell for cell in cells if set(cell) & set('[]{}"')] == []


def test_breaks_have_a_column_for_start_and_minutes(text):
    first = rows_at(text, PATH)[0]
    assert (first["break 2 start"], first["break 2 minutes"]) == ("12:00", "30")
    titles = [one.title for one in columns_at(text, PATH)]
    assert titles[3:5] == ["Break 1 start", "Break 1 minutes"]
    assert "Breaks" not in titles


@pytest.mark.parametrize(
    ("cells", "breaks"),
    [
        ({"break 2 start": "12:15"}, ["15min at 10:00", "30min at 12:15", "15min at 14:30"]),
        ({"break 1 start": None, "break 1 minutes": ""}, ["30min at 12:00", "15min at 14:30"]),
        (
            {"break 3 start": "6h", "break 3 minutes": "12,5"},
            ["15min at 10:00", "30min at 12:00", "12.5min after 6h"],
        ),
        (
            {"break 1 start": "after 90min", "break 1 minutes": "10 min"},
            ["10min after 90min", "30min at 12:00", "15min at 14:30"],
        ),
    ],
)
def test_changed_break_cells_are_written_in_short(text, cells, breaks):
    changed = change_rows(text, PATH, {"edited_rows": {0: cells}})
    assert shifts(changed)[0]["breaks"] == breaks
    assert shifts(changed)[1:] == shifts(text)[1:]


def test_a_shift_loses_its_last_break_and_an_added_one_has_some(text):
    empty = {f"break {k} {what}": "" for k in (1, 2, 3) for what in ("start", "minutes")}
    new = {"agents": "3", "start": "10:00", "length": "8h"}
    new |= {"break 1 start": "2h", "break 1 minutes": "15"}
    changes = {"edited_rows": {0: empty}, "added_rows": [new, {}], "deleted_rows": [1]}
    found = shifts(change_rows(text, PATH, changes))
    assert "breaks" not in found[0]
    assert found[-1]["breaks"] == ["15min after 2h"]
    assert len(found) == len(shifts(text))


def test_half_a_break_is_reported_and_not_dropped(text, tmp_path):
    file = tmp_path / "half.toml"
    for beside in shipped_scenarios()["retail_monday"].parent.glob("retail_monday*"):
        (tmp_path / beside.name).write_bytes(beside.read_bytes())
    half = {"break 1 start": "", "break 1 minutes": "15"}
    file.write_text(change_rows(text, PATH, {"edited_rows": {0: half}}))
    with pytest.raises(ValueError, match=r"breaks"):
        load(file)


def test_speeds_by_number_of_active_contacts_are_listed_in_order():
    text = shipped_scenarios()["bank_week"].read_text()
    names = [n for n, g in tomllib.loads(text)["group"].items() if "chat" in g["skills"]]
    path = f"group.{names[0]}.skills"
    row = next(k for k, one in enumerate(rows_at(text, path)) if one["of"] == "chat")
    assert rows_at(text, path)[row]["speed"] == "100%, 85%, 70%"
    changed = change_rows(text, path, {"edited_rows": {row: {"speed": "100%; 80%"}}})
    skills = tomllib.loads(changed)["group"][names[0]]["skills"]
    assert skills["chat"]["speed"] == ["100%", "80%"]
