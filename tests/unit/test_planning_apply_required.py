"""Required agents as a change of the scenario: the requirement is then on duty."""

import pytest

import sim
from sim.planning.apply_required import apply_required
from sim.scenario.schedules import on_duty, scheduled


@pytest.mark.parametrize("name", ["callback_peak", "retail_monday", "two_classes_overflow"])
def test_the_scheduled_people_of_the_staffing_are_scheduled(name):
    before = sim.load(name)
    found = sim.staff(before, simulate=False)
    after = before.with_(**apply_required(before, found).changes)
    grid = before.center.grid
    for group in before.group:
        wanted = {r["interval"]: r["scheduled"] for r in found.of("group") if r["name"] == group}
        people = scheduled(after, after.group[group])
        assert {grid.label(k): n for k, n in enumerate(people) if n} == {
            when: n for when, n in wanted.items() if n
        }
        assert after.group[group].absent == before.group[group].absent


def test_shrinkage_stays_and_leaves_what_is_required():
    before = sim.load("callback_peak").with_(**{"group.sales.shrinkage": "25%"})
    found = sim.staff(before, simulate=False)
    after = before.with_(**apply_required(before, found).changes)
    there = on_duty(after, after.group["sales"])
    grid = before.center.grid
    for row in found.of("group"):
        k = next(k for k in range(grid.intervals) if grid.label(k) == row["interval"])
        assert there[k] >= row["required"]


def test_a_stationary_run_takes_one_number():
    before = sim.load("power_of_one")
    found = sim.staff(before, simulate=False)
    edit = apply_required(before, found)
    assert edit.changes == {"group.agents.agents": found.of("group")[0]["scheduled"]}
