"""The planning tutorial: its blocks, the results that are cheap to compute, and its commands."""

import json
import re
import shlex

import pytest
import typer

import ccplan
from scripts import tutorial_planning as tutorial
from scripts.tutorial_page import BLOCK, BLOCKS, contract_sum, with_blocks
from sim.cli.commands import app
from sim.planning.roster import read_roster

TEXT = tutorial.PAGE.read_text(encoding="utf-8")
COMMANDS = re.findall(r"^ccplan .+$", TEXT, re.MULTILINE)


@pytest.fixture(scope="module")
def results():
    return json.loads(tutorial.RESULTS.read_text(encoding="utf-8"))


def test_the_page_shows_the_saved_results(results):
    assert with_blocks(TEXT, results) == TEXT


def test_each_block_is_on_the_page_once_and_closed():
    names = [match[2] for match in BLOCK.finditer(TEXT)]
    assert sorted(names) == sorted(BLOCKS)
    assert TEXT.count("<!-- results: ") == TEXT.count("<!-- end of results -->") == len(names)


def test_a_block_is_replaced_and_the_rest_stays(results):
    page = "a\n<!-- results: roster -->\nold\n<!-- end of results -->\nb\n"
    renewed = with_blocks(page, results)
    assert "old" not in renewed
    assert f"{results['roster']['persons']} persons" in renewed
    assert renewed.startswith("a\n")
    assert renewed.endswith("\nb\n")


@pytest.fixture(scope="module", params=["erlang_c", "erlang_a"])
def staffing(request):
    return ccplan.staff(tutorial.SCENARIO, simulate=False, model=request.param)


def test_hours_and_cost_of_the_formulas_are_those_of_today(results, staffing):
    method = staffing.by
    wages = {name: group.wage for name, group in ccplan.load(tutorial.SCENARIO).group.items()}
    groups = staffing.of("group", whole=True)
    (row,) = [row for row in results["methods"] if row["method"] == method]
    assert row["hours"] == pytest.approx(sum(one["scheduled"] for one in groups))
    assert row["cost"] == pytest.approx(
        sum(one["scheduled"] * wages[one["name"]] for one in groups)
    )
    assert row["fractional_hours"] < row["hours"]


def test_the_work_is_that_of_today(results, staffing):
    for shown, today in zip(results["queues"], tutorial.queues(staffing), strict=True):
        assert shown == pytest.approx(today)


def test_the_plan_of_the_roster_is_the_plan_of_the_page(results):
    plan = json.loads(tutorial.PLAN.read_text(encoding="utf-8"))
    shown = results["shifts"]["goals"]
    wages = {name: group.wage for name, group in ccplan.load(tutorial.SCENARIO).group.items()}
    hours = {"full-time": 8, "part-time": 4}
    paid = [(row["agents"] * hours[row["pattern"]], wages[row["group"]]) for row in plan["shifts"]]
    assert sum(h for h, _ in paid) == shown["hours"] == plan["hours"]
    assert sum(h * wage for h, wage in paid) == shown["cost"] == plan["cost"]
    assert shown["cost"] < results["shifts"]["simulation"]["cost"]


def test_contracts_fill_the_shifts_of_the_week(results):
    problem = read_roster(tutorial.ROSTER)
    assert len(problem.persons) == results["roster"]["persons"]
    assert sum(row["persons"] for row in results["contracts"]) == len(problem.persons)
    days = sum(5 - len(person.leave) for person in problem.persons)
    assert days == 5 * sum(row["shifts"] for row in results["contracts"])
    assert contract_sum(results)["cost"] > results["shifts"]["goals"]["cost"]


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_and_their_options_exist(command):
    words = shlex.split(command.partition(" > ")[0])
    group = typer.main.get_group(app)
    parsed = group.commands[words[1]].make_context(words[1], words[2:])
    assert words[2] in {str(value) for value in parsed.params.values()}


def test_every_group_of_the_plan_has_one_shift_more_and_fewer(results):
    plan = json.loads(tutorial.PLAN.read_text(encoding="utf-8"))
    groups = {row["group"] for row in plan["shifts"]}
    assert {row["group"] for row in results["one_shift"]} == groups


def test_leave_is_spread_evenly():
    found = tutorial.leaves(3, 7)
    assert [len(one) for one in found] == [3, 2, 2]
    assert all(len(set(one)) == len(one) for one in found)
    with_all = [day for one in tutorial.leaves(5, 10) for day in one]
    assert {with_all.count(day) for day in tutorial.DAYS} == {2}
