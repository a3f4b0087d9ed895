"""Shifts straight from the goals, their simulation, and scenarios that hold them."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.model.build_model import build_model
from sim.planning import plan_shifts
from sim.planning.plan_goals import parse_goals
from sim.planning.shifts.goal_plan import GoalRequest
from sim.planning.shifts.goal_search import GoalSearch
from sim.planning.shifts.possible_shifts import shift_types
from sim.planning.shifts.shift_inputs import read_inputs
from sim.planning.simulated_goals import simulate_goals
from sim.scenario import Scenario, load
from sim.scenario.schedules import on_break, on_duty
from tests.support.small_shifts import MORNING


@pytest.fixture
def center() -> Scenario:
    return Scenario.parse(MORNING)


def search_of(center: Scenario, goals=("total=80/20",), per="day", days_met=None) -> GoalSearch:
    inputs = read_inputs(center, None, {})
    request = GoalRequest(goals, per, days_met, None, 1, None, None)
    types = shift_types(inputs.requirement, inputs.patterns, inputs.by_wage)
    return GoalSearch(inputs, request.of(center), types, 1)


@pytest.mark.parametrize(("per", "days_met"), [("day", None), ("interval", None), ("day", "70%")])
def test_the_search_finds_the_enumerated_least(center, per, days_met):
    search = search_of(center, per=per, days_met=days_met)
    search.days = range(1, 13)
    counts = sorted(itertools.product(range(2, 7), repeat=3), key=sum)  # all shifts cost the same

    def lacks(values) -> float:
        values = np.array(values, dtype=float)
        return search._simulated(search.simulator, values, search.days).missed(0.0)

    least = 2 * sum(next(values for values in counts if lacks(values) <= 1e-6))
    assert least > 2 * 6
    search.choose_days = lambda *_: None
    found = search.run(np.full(3, 6.0), 20.0)
    assert found is not None
    assert min(plan.cost for plan in search.plans if plan.missed(0.0) <= 1e-6) == least


def test_goals_need_less_than_a_requirement_that_is_covered(center):
    plan = plan_shifts(center, method="both", time_limit=4, runs=60)
    cover, goals = plan.methods
    assert (cover["method"], goals["method"]) == ("cover", "goals")
    assert goals["cost"] < cover["cost"]
    assert plan.method == "goals"
    assert plan.bound_is == "heuristic"
    assert [row["met"] for row in plan.goals] == [True]
    assert plan.cost == plan.hours == goals["cost"]


def test_goals_that_are_much_stricter_than_the_targets_are_reached():
    center = Scenario.parse(MORNING.replace("80% in 20s", "40% in 2min"))
    plan = plan_shifts(center, method="goals", goals=["total=97/5"], time_limit=4, runs=20)
    required = sum(row["required"] for row in plan.coverage)
    assert plan.reasons == ()
    assert sum(row["agents"] for row in plan.coverage) > 1.3 * required
    assert plan.bound <= plan.cost


def test_the_goals_of_a_plan_are_those_of_its_scenario(center):
    plan = plan_shifts(center, simulate=True, runs=12, goals=["total=90/30"])
    assert plan.scenario is not None
    model = build_model(plan.scenario)
    (row,) = simulate_goals(model, parse_goals(model, ["total=90/30"]), 12, 1)
    assert plan.goals == [row.record()]


def test_agents_on_duty_in_the_scenario_are_those_of_the_plan(center):
    patterns = {
        "long": {"lengths": "3h", "step": "30min", "breaks": ["30min between 1h and 2h"]},
        "short": {"lengths": "1h", "step": "1h", "most": 2},
    }
    plan = plan_shifts(center, patterns=patterns)
    scenario = plan.scenario
    assert scenario is not None
    team = scenario.group["team"]
    there = np.array(on_duty(scenario, team)) - np.array(on_break(scenario, team))
    wanted = [row["required"] for row in plan.coverage]
    assert (there[8:12] >= wanted).all()
    hours = [row["agents"] + row["over"] for row in plan.coverage]
    assert there[8:12].sum() == pytest.approx(there.sum())
    assert there.sum() >= sum(row["agents"] for row in plan.coverage)
    assert (there[8:12] <= np.array(hours) + 2).all()


def test_shrinkage_leaves_out_a_part_of_every_shift(center):
    shrunk = center.with_(**{"group.team.shrinkage": "30%"})
    plan = plan_shifts(shrunk, patterns={"half": "2h every 2h"})
    scenario = plan.scenario
    assert scenario is not None
    team = scenario.group["team"]
    there = on_duty(scenario, team)[8:12]
    planned = [row["agents"] for row in plan.coverage]
    assert np.abs(np.array(there) - 0.7 * np.array(planned)).max() <= 1.0
    assert plan.shift_count == team.shift_agents


def test_shifts_of_several_days_are_written_by_weekday(center):
    week = center.with_(**{"center.days": 3, "queue.calls.volume": [14, 40, 30, 12] * 2 + [9] * 4})
    plan = plan_shifts(week)
    scenario = plan.scenario
    assert scenario is not None
    there = np.array(on_duty(scenario, scenario.group["team"])).reshape(3, 24)
    by_label = {row["interval"]: row["agents"] for row in plan.coverage}
    grid = scenario.center.grid
    for k, agents in enumerate(there.ravel()):
        assert by_label.get(grid.label(k), 0) == agents


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    said = capsys.readouterr()
    return int(left.value.code or 0), said.out, said.err


def test_out_writes_a_scenario_that_is_checked_and_simulated(capsys, tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    source, out = tmp_path / "in" / "center.toml", tmp_path / "out" / "shifts.toml"
    (tmp_path / "in" / "day.csv").write_text("calls\n14\n40\n30\n12\n")
    source.write_text(MORNING.replace("[14, 40, 30, 12]", '"day.csv:calls"'))
    code, text, _ = run(capsys, "shifts", str(source), "--out", str(out), "--json")
    document = json.loads(text)
    assert code == 0
    written = load(out)
    assert written.group["team"].shift_agents == document["shift_count"]
    assert written.group["team"].agents is None
    assert (tmp_path / "out" / "day.csv").is_file()
    assert run(capsys, "check", str(out))[0] == 0
    assert run(capsys, "run", str(out), "--runs", "2")[0] == 0
    assert out.read_text().startswith("# Which shifts keep the promise?")


def test_the_json_has_what_is_promised(capsys, tmp_path):
    file = tmp_path / "center.toml"
    file.write_text(MORNING)
    code, text, _ = run(capsys, "shifts", str(file), "--simulate", "--runs", "3", "--json")
    document = json.loads(text)
    assert code == 0
    assert {"hours", "cost", "people", "bound", "gap", "shifts", "uncovered", "goals"} <= set(
        document
    )
    keys = {"group", "pattern", "start", "end", "agents", "breaks"}
    assert all(set(row) == keys for row in document["shifts"])
    goal = document["goals"][0]
    assert {"scope", "name", "metric", "per", "target", "value", "low", "high", "probability",
            "met"} <= set(goal)  # fmt: skip


def test_a_plan_is_written_as_csv_and_workbook(capsys, tmp_path):
    file, csv, xlsx = (tmp_path / name for name in ("center.toml", "plan.csv", "plan.xlsx"))
    Path(file).write_text(MORNING)
    code, text, _ = run(capsys, "shifts", str(file), "--csv", str(csv), "--xlsx", str(xlsx))
    assert code == 0
    assert "Shifts\ngroup" in text
    rows = csv.read_text().splitlines()
    assert rows[0] == "group,pattern,start,end,agents,breaks"
    assert rows[1].startswith("team,short,08:00,10:00,")
    from openpyxl import load_workbook

    book = load_workbook(xlsx)
    assert book.sheetnames == ["Summary", "Shifts", "Coverage", "Notes"]


def test_a_requirement_by_simulation_is_covered_beside_that_by_formula_and_the_goals(
    capsys, tmp_path
):
    file = tmp_path / "center.toml"
    file.write_text(MORNING)
    options = ["--requirement", "simulation", "--method", "both", "--time-limit", "6s", "--json"]
    code, text, _ = run(capsys, "shifts", str(file), *options, "--runs", "50", "--workers", "1")
    document = json.loads(text)
    assert code == 0
    ways = [(row["method"], row["requirement"]) for row in document["methods"]]
    assert ways == [("cover", "formula"), ("cover", "simulation"), ("goals", "")]
    formula, simulation, goals = document["methods"]
    assert simulation["cost"] <= formula["cost"]
    assert all(row["goals"] == 1 for row in document["methods"])
    reaching = [row["cost"] for row in document["methods"] if row["goals_met"] == 1]
    assert document["cost"] == min(reaching)


def test_the_requirement_by_simulation_is_that_of_staff(center):
    plan = plan_shifts(center, requirement="simulation", time_limit=4, runs=200, workers=1)
    assert plan.inputs.requirement.source == "the requirement by simulation"
    required = plan.inputs.requirement.agents["team"][8:12].tolist()
    headcounts = center.with_(**{"group.team.agents": required})
    (row,) = simulate_goals(
        build_model(headcounts), parse_goals(build_model(headcounts), ["total=80/20"]), 400, 9
    )
    assert row.value == pytest.approx(0.8, abs=0.08)
    assert [row["requirement"] for row in plan.methods] == ["formula", "simulation"]
    assert "cover (simulation)" in plan.text()


def test_a_table_has_no_requirement_by_simulation(capsys, tmp_path):
    file = tmp_path / "day.csv"
    file.write_text("interval,agents\n8:00,3\n9:00,4\n")
    code, out, err = run(capsys, "shifts", str(file), "--requirement", "simulation")
    assert (code, out) == (2, "")
    assert "requirement: simulation needs a scenario" in err
