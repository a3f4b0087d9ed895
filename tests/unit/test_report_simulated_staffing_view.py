"""Staff by simulation as cards, tables, charts and as a change of the scenario."""

import dataclasses

import pytest

import sim
from sim.planning.plan_goals import parse_goals
from sim.planning.simulated_goals import simulate_goals
from sim.planning.simulated_staffing import MethodRow, SimulatedStaffing
from sim.planning.staff_search.plan_space import plan_space
from sim.planning.staff_search.search import StaffProgress
from sim.report import simulated_staffing_charts as charts
from sim.report import simulated_staffing_view as view
from sim.scenario.schedules import scheduled


@pytest.fixture(scope="module")
def scenario(repo_root):
    return sim.load(repo_root / "scenarios" / "callback_peak.toml")


@pytest.fixture(scope="module")
def found(scenario):
    """A plan of 12 agents in all intervals, with its goal as simulated."""
    from sim.model.build_model import build_model

    model = build_model(scenario)
    (goal,) = simulate_goals(model, parse_goals(model, ["queue.orders=80/30"]), 2, 1, 1)
    grid = scenario.center.grid
    opens = [grid.label(k) for k in grid.open_intervals(scenario.center.open)]
    rows = [{"group": "sales", "interval": t, "agents": 12, "on_duty": 11} for t in opens]
    effects = [
        {
            "group": "sales",
            "interval": t,
            "goal": goal.text,
            "one_more": 0.0125,
            "one_more_low": 0.01,
            "one_more_high": 0.015,
            "one_less": -0.02,
            "one_less_low": -0.03,
            "one_less_high": -0.01,
        }
        for t in opens
    ]
    method = MethodRow("simulation", 108.0, 108.0, None, 1, "all", (goal,))
    return SimulatedStaffing(
        "Peak", rows, (goal,), (method,), effects, 108.0, 108.0, False, 100.0, "heuristic", 2, 2,
        1.0, 1, "", (), scenario, 1800.0,
    )  # fmt: skip


def test_cards_say_cost_bound_and_goals(found):
    cards = {name: value for name, value, _ in view.staffing_cards(found)}
    met = sum(row.met for row in found.goals)
    assert cards == {
        "Agent-hours": "108.0 h", "Cost": "108.0 h", "Bound": "100.0 h",
        "Above the bound": "7.4 %", "Goals met": f"{met} of 1",
    }  # fmt: skip
    paid = dataclasses.replace(found, paid=True, bound=None)
    cards = {name: value for name, value, _ in view.staffing_cards(paid)}
    assert (cards["Cost"], cards["Bound"], cards["Above the bound"]) == ("108", "-", "-")


def test_the_plan_is_shown_beside_the_formula_and_becomes_headcounts(scenario, found):
    formula = sim.staff(scenario, simulate=False)
    rows = view.planned_intervals(found, formula)
    assert [row.agents for row in rows] == [11.0] * 18
    required = [row["required"] for row in formula.of("group")]
    assert [row.other for row in rows] == pytest.approx(required)
    assert view.planned_intervals(found, formula, "sales") == rows
    edit = view.plan_edit(scenario, found)
    after = scenario.with_(**edit.changes)
    assert sum(scheduled(after, after.group["sales"])) == 18 * 12
    assert edit.words == "Agents by simulation, 108.0 h"
    drawn = charts.planned_chart(rows, "Plan", "by simulation", "by formula").to_dict()
    assert [layer["mark"]["type"] for layer in drawn["layer"]] == ["bar", "line"]
    peak = max(required)
    text = charts.alt_text_planned(rows, "by simulation", "by formula")
    lower = sum(one > 11 for one in required)
    assert peak > 11
    assert f"by simulation is lower in {lower} intervals" in text


def test_all_methods_are_drawn_over_the_day(found):
    plan = {"erlang_c": 14, "erlang_a": 13, "modified_offered_load": 12, "simulation": 11}
    methods = tuple(
        MethodRow(name, n * 9.0, n * 9.0, None, None, "not simulated", (),
                  [row | {"on_duty": n} for row in found.staffing])
        for name, n in plan.items()
    )  # fmt: skip
    rows = view.method_intervals(dataclasses.replace(found, methods=methods))
    assert len(rows) == 18
    names = ["Erlang C", "Erlang A", "Modified offered load", "Simulation"]
    assert rows[0].agents == dict(zip(names, plan.values(), strict=True))
    assert view.method_intervals(dataclasses.replace(found, methods=methods), "none") == []
    drawn = charts.methods_chart(rows, "Methods").to_dict()
    assert [layer["mark"]["type"] for layer in drawn["layer"]] == ["bar", "line", "line", "line"]
    assert {layer["encoding"]["y"]["field"] for layer in drawn["layer"]} == set(names)
    assert "Erlang C 14, Erlang A 13" in charts.alt_text_methods(rows)


def test_effects_name_the_goal_that_binds_and_what_an_agent_changes(found):
    rows = view.effect_table(found)
    assert len(rows) == 18
    assert rows[0] == {
        "Interval": "09:00", "Group": "sales", "On duty": "11",
        "Binding goal": "orders: service level at least 80% within 30s",
        "One agent more": "+1.25 pp (+1.00 to +1.50)",
        "One agent fewer": "-2.00 pp (-3.00 to -1.00)",
    }  # fmt: skip
    assert view.effect_table(found, "none") == []


def test_the_text_says_what_single_agents_change(found):
    text = found.text()
    assert f"a: {found.goals[0].text.removesuffix(' in every day')}\n" in text
    assert text.count("a +1.25 ±0.25 / -2.00 ±1.00 pp") == 18


def test_the_text_says_when_nothing_was_searched(found):
    text = dataclasses.replace(found, stopped="time", plans=1).text()
    assert "STOPPED (out of time): nothing was searched" in text
    text = dataclasses.replace(found, stopped="time", plans=9).text()
    assert "STOPPED (out of time): this is the best plan so far" in text


def test_progress_shows_the_best_plan_and_the_one_simulated_last(scenario):
    space = plan_space(scenario, 40)
    best = tuple([9] * space.blocks)
    last = (10, *best[1:])
    progress = StaffProgress(best, last, 81.0, 81.0, True, 0.0, 12, 40, 3.0)
    rows = view.progress_intervals(progress, space)
    assert [(row.agents, row.other) for row in rows][:2] == [(9.0, 10.0), (9.0, 9.0)]
    assert view.progress_words(progress) == (
        "Best plan so far: 81.0 h, its goals are met; 12 plans simulated, 40 replications each"
    )


def test_the_period_that_goals_share_is_written_once(found):
    text = found.text()
    heading = "Goals in every day, from 2 replications that the search did not use"
    assert text.count(heading) == 1
    table = text.partition(heading)[2]
    assert "queue.orders service level at least 80" in table
    assert "in every day" not in table
