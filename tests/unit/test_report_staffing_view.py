"""Required against scheduled, and what a few agents more or less do, with their charts."""

import dataclasses
from functools import partial

import pytest

import sim
from sim.experiment.result import Estimate
from sim.report import staffing_charts as charts
from sim.report import staffing_view as view
from sim.report.result_views import IntervalValue
from sim.report.staffing_view import AgentsOutcome, StaffingInterval

ROWS = [
    StaffingInterval("08:00", "", 10, 14, 12, 9.0, -1.0, 1.0, 0.0, "team"),
    StaffingInterval("08:30", "", 8, 11, 12, 10.5, 2.5, 0.0, 2.5, ""),
    StaffingInterval("09:00", "", 9, 12, 12, 8.6, -0.4, 0.4, 0.0, "team"),
]


@pytest.fixture(scope="module")
def shipped(repo_root):
    return lambda name: sim.load(repo_root / "scenarios" / f"{name}.toml")


def simulate(runs, scenario, what):
    return sim.simulate(scenario, runs=runs, seed=1, workers=1)


def test_hours_over_do_not_make_up_for_hours_under():
    found = view.balance(ROWS, 1800.0)
    assert (found.required_h, found.on_duty_h) == (13.5, pytest.approx(14.05))
    assert (found.under_h, found.over_h) == (pytest.approx(0.7), pytest.approx(1.25))
    assert (found.under, found.intervals, found.worst) == (1, 3, ROWS[0])
    assert view.balance([], 1800.0).worst is None


def test_agents_of_one_group_do_not_make_up_for_those_missing_in_another(shipped):
    changes = {"group.cards.agents": "-2", "group.digital.agents": "+9"}
    scenario = shipped("retail_monday").with_(**changes)
    found = sim.staff(scenario, simulate=False)
    rows = view.slots(found)
    mine = [view.slots(found, group) for group in scenario.group]
    under = sum(view.balance(one, found.interval_s).under_h for one in mine)
    assert view.balance(rows, found.interval_s).under_h == pytest.approx(under)
    assert any(row.under >= 0.5 and row.net >= 0 for row in rows)
    assert {row.short_group for row in rows if row.under > 0} <= set(scenario.group)


def test_the_text_sums_missing_and_surplus_hours_apart(shipped):
    found = sim.staff(shipped("retail_monday"), simulate=False)
    text = found.text()
    for group in ("generalists", "cards"):
        part = text.split(f"\nGroup {group} ")[1].split("\n\n", maxsplit=1)[0]
        sums = view.balance(view.slots(found, group), found.interval_s)
        last = [float(cell) for cell in part.splitlines()[-1].split()[-2:]]
        assert last == pytest.approx([sums.under_h, sums.over_h], abs=0.051)
        assert min(last) > 0.4  # a net hour would hide one of the two
    sums = view.balance(view.slots(found), found.interval_s)
    assert f"understaffed by {sums.under_h:,.1f} agent-hours, overstaffed by " in text
    assert f"overstaffed by {sums.over_h:,.1f} agent-hours" in text
    head = next(line for line in text.splitlines() if line.startswith("interval "))
    assert head.split("required", 1)[1].split() == [
        "to", "schedule", "scheduled", "understaffed", "overstaffed",
    ]  # fmt: skip


def test_as_many_on_duty_as_required_is_none_over_and_none_under():
    even = [
        dataclasses.replace(row, on_duty=float(row.required), net=0.0, under=0.0, over=0.0)
        for row in ROWS
    ]
    found = view.balance(even, 1800.0)
    assert (str(found.under_h), str(found.over_h)) == ("0.0", "0.0")  # not -0.0
    axis = charts.over_under_chart(even, "A").to_dict()["layer"][0]["encoding"]["y"]
    assert axis["scale"]["domain"] == [-1, 1]
    uneven = charts.over_under_chart(ROWS, "A").to_dict()["layer"][0]["encoding"]["y"]
    assert "domain" not in uneven["scale"]


def test_groups_add_up_to_all(shipped):
    scenario = shipped("retail_monday")
    found = sim.staff(scenario, simulate=False)
    whole = {row.interval: row for row in view.slots(found)}
    parts = [view.slots(found, group) for group in scenario.group]
    for interval, row in whole.items():
        mine = [one for rows in parts for one in rows if one.interval == interval]
        assert row.required == sum(one.required for one in mine)
        assert row.net == pytest.approx(row.on_duty - row.required)
    assert list(whole) == sorted(whole)
    assert view.slot_table(view.slots(found))[0]["Interval"] == "08:00"


def test_agents_more_or_less(shipped):
    scenario = shipped("retail_monday")
    assert view.agents_more(scenario, "cards", 0) is scenario
    more = view.agents_more(scenario, "cards", 2).group["cards"].agents.values
    assert more == tuple(n + 2 for n in scenario.group["cards"].agents.values)
    fewer = view.agents_more(scenario, "generalists", -1).group["generalists"].shifts
    before = scenario.group["generalists"].shifts
    assert [s.agents for s in fewer] == [s.agents - 1 for s in before]


def test_the_power_of_one_by_formula_and_simulated(shipped):
    # SWPP's table: 21 ... 26 agents answer 36, 59, 75, 85, 91, 95 % within 30 s.
    scenario = shipped("power_of_one").with_(**{"center.length": "10h"})
    rows = view.plus_minus(scenario, "agents", "calls", partial(simulate, 3))
    assert [row.more for row in rows] == [-3, -2, -1, 0, 1, 2, 3]
    by_formula = {23 + row.more: row.formula_level for row in rows}
    for agents, share in {21: 0.36, 22: 0.59, 23: 0.75, 24: 0.85, 25: 0.91, 26: 0.95}.items():
        assert by_formula[agents] == pytest.approx(share, abs=0.006)
    assert [row.formula_level for row in rows] == sorted(by_formula.values())
    assert rows[0].formula_level == 0.0  # 20 agents for 20 erlangs: a line without end
    assert rows[0].formula_occupancy == 1.0
    assert rows[3].formula_occupancy == pytest.approx(20 / 23)
    assert abs(rows[3].occupancy.value - 20 / 23) < 0.03
    table = view.plus_minus_table(rows)
    assert [row["Agents"] for row in table][2:5] == ["-1", "as scheduled (0)", "+1"]
    assert " to " in table[0]["95 % confidence interval"]


def test_no_agent_is_removed_from_an_empty_group(shipped):
    scenario = shipped("power_of_one").with_(**{"center.length": "4h", "group.agents.agents": 1})
    rows = view.plus_minus(scenario, "agents", "calls", partial(simulate, 1))
    assert [row.more for row in rows] == [-1, 0, 1, 2, 3]
    assert rows[0].formula_level == 0.0
    assert view.plus_minus_table(rows)[1]["95 % confidence interval"] == "one replication"


def test_parts_of_agents_lie_between_whole_ones(shipped):
    def level(agents, absent=0.0):
        fields = {"group.agents.agents": agents, "group.agents.absent": absent}
        scenario = shipped("power_of_one").with_(**{"center.length": "4h", **fields})
        return view.by_formula(scenario, sim.simulate(scenario, runs=1), "calls")

    (low, busy), (high, idle) = level(24), level(25)
    between, occupancy = level(25, 0.02)  # 24.5 agents on average
    assert between == pytest.approx((low + high) / 2)
    assert idle < occupancy < busy


def test_no_formula_for_chats(shipped):
    scenario = shipped("retail_monday")
    result = sim.simulate(scenario, runs=1)
    assert view.by_formula(scenario, result, "chat") == (None, None)


def test_the_service_of_required_and_present_agents_stand_side_by_side(shipped):
    scenario = shipped("power_of_one").with_(**{"center.length": "6h"})
    found = sim.staff(scenario, runs=2, workers=1)
    now = sim.simulate(scenario, runs=2, workers=1)
    row = view.service_table(found, now)[0]
    assert row["Required agents, by formula"] == "84.7 %"
    assert row["Required agents, simulated"].endswith(" %)")
    assert row["As scheduled now, simulated"].endswith(" %)")
    assert row["Judged by"] == "service level"


def spec_of(chart):
    return chart.to_dict()


def test_over_and_understaffing_differ_by_place_colour_and_strength():
    spec = spec_of(charts.over_under_chart(ROWS, "Over- and understaffing"))
    bars = spec["layer"][0]
    assert bars["encoding"]["y"]["field"] == "net"
    assert bars["encoding"]["color"]["value"] != bars["encoding"]["color"]["condition"][0]["value"]
    assert bars["encoding"]["opacity"]["scale"]["range"] == [charts.PALE, 1.0]
    assert spec["title"]["text"] == "Over- and understaffing"
    words = charts.alt_text_balance(ROWS)
    assert "under in 1" in words
    assert "most missing 1.0 at 08:00" in words
    assert charts.alt_text_balance([]).endswith("nothing to show.")


def test_required_on_duty_and_scheduled_differ_by_form():
    spec = spec_of(charts.required_chart(ROWS, "Required"))
    marks = [layer["mark"]["type"] for layer in spec["layer"]]
    fields = [layer["encoding"]["y"]["field"] for layer in spec["layer"]]
    assert list(zip(marks, fields, strict=True)) == [
        ("bar", "on_duty"), ("line", "scheduled"), ("line", "required")
    ]  # fmt: skip
    said = charts.alt_text_required(ROWS)
    assert "most required at 08:00, 10 against 9.0 on duty of 12 scheduled" in said
    assert said.endswith("fewer on duty than required in 2.")
    assert charts.alt_text_required([]).endswith("nothing to show.")


def test_agents_more_or_less_are_drawn_with_intervals_and_formula():
    figure = Estimate(0.7, 0.6, 0.8, "share")
    rows = [
        AgentsOutcome(k, figure, dataclasses.replace(figure, value=0.9), 0.75, None)
        for k in (-1, 0)
    ]
    spec = spec_of(charts.plus_minus_chart(rows, "level", "Level"))
    drawn = [(one["mark"]["type"], one["encoding"]["y"]["field"]) for one in spec["layer"]]
    assert drawn[0] == ("rule", "low")
    assert ("line", "formula") in drawn
    data = [row for rows in spec["datasets"].values() for row in rows]
    assert data[0]["value"] == 0.7
    assert data[0]["formula"] == 0.75
    other = spec_of(charts.plus_minus_chart(rows, "occupancy", "Occupancy"))
    assert next(iter(other["datasets"].values()))[0]["value"] == 0.9
    assert charts.alt_text_plus_minus(rows, "level").startswith("-1: 70.0 % simulated, 75.0 %")


def test_two_levels_share_one_axis_of_time():
    one = [IntervalValue("08:00", "", 0.8, 0.7, 0.9, 10.0)]
    two = [IntervalValue("08:30", "", 0.6, 0.5, 0.7, 10.0)]
    spec = spec_of(charts.two_levels_chart(one, two, 0.8, "Levels"))
    assert {tuple(s["encoding"]["x"]["sort"]) for s in spec["layer"] if "x" in s["encoding"]} == {
        ("08:00", "08:30")
    }
    assert spec["layer"][-1]["mark"]["type"] == "rule"
    assert "target 80 %" in " ".join(spec["title"]["subtitle"])
    assert len(spec_of(charts.two_levels_chart(one, [], None, "One"))["layer"]) == 2
