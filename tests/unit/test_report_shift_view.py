"""Shifts as rows of a table and bars of a day, and the change that an edited table means."""

import pytest

import sim
from sim.report import shift_charts as charts
from sim.report import shift_view as view
from sim.report.staffing_view import slots
from sim.scenario import Scenario
from sim.units import BadInputError

NIGHT = """
[center]
open = "always"
days = 2
first_day = 2026-01-05
[queue.calls]
volume = 10
talk = "exponential 3min"
[group.day]
skills = { calls = 1 }
shifts = [
  { name = "late", agents = 2, start = "22:00", length = "8h", breaks = ["30min after 4h"] },
  { agents = 3, start = "08:00", length = "4h", days = ["mon"] },
]
[group.fixed]
skills = { calls = 1 }
agents = 4
"""


@pytest.fixture(scope="module")
def night():
    return Scenario.parse(NIGHT)


def test_rows_of_a_table_mean_the_shifts_they_were_made_of(night):
    tables = view.shift_tables(night)
    rows = view.shift_rows(tables)
    assert [row["group"] for row in rows] == ["day", "day"]
    assert (rows[0]["breaks"], rows[1]["days"]) == ("30min after 4h", "mon")
    assert view.tables_of(rows) == {
        "day": [
            {"agents": 2, "start": "22:00", "length": "8h", "breaks": ["30min after 4h"],
             "name": "late"},
            {"agents": 3, "start": "08:00", "length": "4h", "days": ["mon"]},
        ]
    }  # fmt: skip
    assert view.shifts_edit(night, tables).changes == {}


def test_an_edited_table_changes_the_scenario_and_takes_the_place_of_a_headcount(night):
    rows = view.shift_rows(view.shift_tables(night))
    rows[0]["agents"] = 7
    rows.append({"group": "fixed", "agents": 5.0, "start": "09:00", "length": "6h"})
    rows.append(dict.fromkeys(view.COLUMNS))  # an empty row, as the table has below
    edit = view.shifts_edit(night, view.tables_of(rows))
    after = night.with_(**edit.changes)
    assert [shift.agents for shift in after.group["day"].shifts] == [7, 3]
    assert (after.group["fixed"].agents, after.group["fixed"].shift_agents) == (None, 5)
    assert edit.words == "Shifts of day: 2 shifts, 10 agents; fixed: 1 shift, 5 agents"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"group": "day", "agents": 2, "start": "08:00"}, "row 1: length is empty"),
        ({"group": "day", "agents": 1.5, "start": "08:00", "length": "4h"}, "agents: '1.5'"),
        ({"group": "no", "agents": 1, "start": "08:00", "length": "4h"}, "allowed: day, fixed"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_with_its_number_and_field(night, row, message):
    with pytest.raises(BadInputError, match=message):
        view.shifts_edit(night, view.tables_of([row]))


def test_bars_of_a_day_pass_midnight_and_have_their_breaks(night):
    bars = view.shift_bars(night, 0)
    assert [(bar.part, bar.start, bar.end) for bar in bars] == [
        ("shift", 8, 12), ("shift", 22, 30), ("break", 26, 26.5),
    ]  # fmt: skip
    assert [bar.label for bar in bars[:2]] == ["08:00, 3 agents", "late, 2 agents"]
    assert [bar.start for bar in view.shift_bars(night, 1)] == [22]  # no Tuesday in the morning
    assert view.shift_bars(night, 0, "fixed") == []


def test_required_and_on_duty_are_those_of_the_day(repo_root):
    scenario = sim.load(repo_root / "scenarios" / "retail_monday.toml")
    found = sim.staff(scenario, simulate=False)
    rows = slots(found)
    steps = view.duty_steps(rows, found.interval_s, "")
    assert (steps[0].start, steps[0].end, len(steps)) == (8.0, 8.5, 24)
    assert sum(s.under for s in steps) == pytest.approx(sum(row.under for row in rows))
    bars = view.shift_bars(scenario, 0)
    drawn = charts.shift_chart(bars, steps, "Shifts").to_dict()
    x = drawn["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert x == charts.duty_chart(bars, steps, "Duty").to_dict()["layer"][0]["encoding"]["x"][
        "scale"]["domain"] == [8, 20]  # fmt: skip
    assert charts.alt_text_shifts(bars) == "6 shifts of 36 agents, from 08:00 to 20:00."
    worst = max(steps, key=lambda step: step.under)
    assert f"most at 12:30 by {worst.under:.1f} agents" in charts.alt_text_duty(steps)


def test_a_planned_schedule_shows_its_cost_and_what_it_cannot_cover(night):
    scenario = sim.load("callback_peak")
    found = sim.planning.plan_shifts(
        scenario, patterns={"late": {"lengths": "8h", "earliest": "10:00"}}, time_limit=5
    )
    cards = {name: value for name, value, _ in view.schedule_cards(found)}
    assert cards["Paid hours"] == f"{found.hours:,.1f} h"
    assert cards["Not covered"] == f"{found.uncovered_hours:,.1f} h"
    assert found.uncovered_hours > 0  # the center opens before 10:00
    assert view.schedule_reasons(found)[0] == found.reasons[0]
