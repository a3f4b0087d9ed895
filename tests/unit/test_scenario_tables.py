"""Rows and intervals of a scenario as tables."""

from pathlib import Path

import pytest

import sim
from sim.scenario.by_interval import by_interval, change_cells
from sim.scenario.editing import EditError, written
from sim.scenario.form_fields import fields_of, record_at
from sim.scenario.table_rows import change_rows, rows_at

SCENARIOS = Path(__file__).parents[2] / "scenarios"
RETAIL = (SCENARIOS / "retail_monday.toml").read_text(encoding="utf-8")


def test_every_field_has_a_help_and_a_kind():
    for path in ("center", "queue.a", "bot.a", "group.a", "experiment", "queue.a.callback"):
        fields = fields_of(record_at(path))
        assert all(one.help and one.title for one in fields)
    kinds = {one.key: one.kind for one in fields_of(record_at("queue.a"))}
    assert kinds["channel"] == "text"
    assert (kinds["deferred"], kinds["priority"]) == ("flag", "whole")
    assert (kinds["retry"], kinds["transfer"], kinds["route"]) == ("record", "table", "choice")
    talk = next(one for one in fields_of(record_at("queue.a")) if one.key == "talk")
    assert talk.needed
    assert "lognormal 4min cv 0.9" in talk.help


def test_rows_are_read_in_short_and_as_tables():
    rows = {row["of"]: row for row in rows_at(RETAIL, "group.generalists.skills")}
    assert (rows["billing"]["level"], rows["cards"]["after"]) == ("1", "30s")
    shifts = rows_at(RETAIL, "group.generalists.shifts")
    assert (shifts[0]["name"], shifts[0]["agents"], len(shifts)) == ("early A", "7", 6)


def test_cells_of_rows_change_the_text():
    after = change_rows(
        RETAIL,
        "group.generalists.skills",
        {
            "edited_rows": {0: {"level": "2"}, 1: {"after": "10s"}, 2: {"of": "chat"}},
            "added_rows": [{"of": "cards", "level": "3"}, {}],
            "deleted_rows": [3],
        },
    )
    assert written(after, "group.generalists.skills") == {
        "billing": 2,
        "service": {"level": 1, "after": "10s"},
        "chat": {"level": 2, "after": "30s"},
        "cards": 3,
    }
    assert len(set(after.splitlines()) ^ set(RETAIL.splitlines())) == 2


@pytest.mark.parametrize("name", [None, "billing", "a.b"])
def test_a_row_without_a_name_of_its_own_is_refused(name):
    with pytest.raises(EditError, match="allowed"):
        change_rows(RETAIL, "group.generalists.skills", {"added_rows": [{"of": name, "level": 1}]})


def test_intervals_change_the_file_they_come_from():
    scenario = sim.load("retail_monday")
    table = by_interval(scenario)
    assert len(table.labels) == 24
    first = table.records()[0]
    assert (first["start"], first["billing: contacts"], first["digital: agents"]) == (
        "08:00",
        36,
        3,
    )
    files = {"retail_monday.csv": (SCENARIOS / "retail_monday.csv").read_bytes()}
    text, after = change_cells((RETAIL, files), table, {1: {"billing: contacts": 99}})
    assert text == RETAIL
    old = files["retail_monday.csv"].splitlines()
    new = after["retail_monday.csv"].splitlines()
    assert [k for k, (a, b) in enumerate(zip(old, new, strict=True)) if a != b] == [2]
    assert new[2].startswith(b"08:30,99,31,")


def test_intervals_change_a_list_by_one_number_and_make_one_of_a_constant():
    base = '[center]\nopen = "09:00-10:00"\n[queue.a]\nvolume = [4, 5] # by hand\ntalk = "3min"\n'
    text = base + "[group.g]\nagents = 3\nskills = { a = 1 }\n"
    table = by_interval(sim.scenario.Scenario.parse(text))
    after, _ = change_cells((text, {}), table, {1: {"a: contacts": 7, "g: agents": 4}})
    assert "volume = [4, 7] # by hand\n" in after
    assert written(after, "group.g.agents") == [3, 4]
    with pytest.raises(EditError, match=r"a: contacts at 09:30: -1 is not a number; allowed: 0 or"):
        change_cells((text, {}), table, {1: {"a: contacts": -1}})
