"""Open intervals without a row: zero where the table has no zeros, else unknown."""

import math

import pytest

from sim.fileio import table_from_text
from sim.history.tables.actuals import read_actuals
from sim.planning.actuals_file import read_actuals_file
from sim.planning.missing_rows import with_missing_rows
from sim.scenario import Scenario

CENTER = """
[center]
first_day = 2026-03-02
open = "09:00-12:00"
interval = "30min"

[queue.orders]
volume = 4
talk = "3min"

[group.sales]
agents = 2
skills = { orders = 1 }
"""
HEAD = "interval_start,offered,answered,asa_s\n"
FULL = [f"{9 + k // 2:02d}:{30 * (k % 2):02d}" for k in range(6)]


@pytest.fixture(scope="module")
def scenario():
    return Scenario.parse(CENTER)


def completed(scenario, rows):
    text = HEAD + "".join(f"{start},{count},{count},5\n" for start, count in rows)
    return with_missing_rows(read_actuals(table_from_text("a.csv", text)), scenario)


def first_day():
    return [(f"2026-03-02 {start}", 3) for start in FULL]


def test_a_missing_row_is_zero_where_no_row_has_zero(scenario):
    second = [("2026-03-03 09:30", 2), ("2026-03-03 12:30", 1)]
    third = [("2026-03-04 09:00", 1), ("2026-03-04 10:00", 1)]
    found = completed(scenario, first_day() + second + third)
    added = found.actuals.entries[-5:]
    assert len(found.actuals.entries) == 6 + 2 + 2 + 6  # 5 of the second day, 1 of the last
    assert {str(one.day) for one in added} == {"2026-03-03", "2026-03-04"}
    assert all(one.numbers["offered"] == one.numbers["answered"] == 0 for one in added)
    assert all(math.isnan(one.numbers["asa"]) for one in added)
    assert found.actuals.notes[-1].startswith("6 open intervals have no row and count as zero")
    assert not found.warnings


def test_a_missing_row_is_unknown_where_zeros_are_written(scenario):
    found = completed(scenario, [*first_day(), ("2026-03-03 09:00", 0), ("2026-03-03 11:30", 2)])
    assert len(found.actuals.entries) == 8
    assert found.warnings[0].startswith("4 open intervals have no row and are left out")


def test_a_table_of_a_part_of_the_day_stays_as_it_is(scenario):
    found = completed(scenario, [("2026-03-02 09:00", 2), ("2026-03-02 09:30", 3)])
    assert len(found.actuals.entries) == 2
    assert not found.actuals.notes
    assert not found.warnings


def test_shorter_intervals_than_those_of_the_scenario_are_filled_each(scenario):
    rows = [(f"2026-03-02 09:{m:02d}", 1) for m in (0, 15, 30)] + [("2026-03-02 10:15", 1)]
    found = completed(scenario, rows)
    assert sorted(one.second / 60 for one in found.actuals.entries[4:]) == [585, 600]


def test_a_file_is_read_with_its_missing_rows(scenario, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(HEAD + "2026-03-02 09:00,2,2,5\n2026-03-02 11:30,3,3,5\n")
    found = read_actuals_file(path, scenario)
    assert len(found.actuals.entries) == 6
    assert found.inputs is None
