"""Searching for rosters by parts and processes, interrupted, out of time; the benchmark format."""

import datetime as dt
import time

import numpy as np
import pytest

from sim.planning.roster import parse_roster, plan_roster, read_roster
from sim.planning.roster import roster_search as search_module
from sim.planning.roster.benchmark_format import MONDAY, read_benchmark
from sim.planning.roster.neighbourhoods import Neighbourhoods, by_person, improvements
from sim.planning.roster.roster_model import RosterModel
from sim.planning.roster.solve_part import relax, solve
from sim.units import BadInputError

INSTANCE = """# a comment
SECTION_HORIZON
# days
14

SECTION_SHIFTS
E,480,
L,360,E

SECTION_STAFF
A,E=14|L=14,4320,2400,5,2,2,1
B,E=14|L=0,4320,2400,5,2,2,1
C,E=3|L=14,4320,2400,5,2,2,2
D,E=14|L=14,4320,2400,5,2,3,1

SECTION_DAYS_OFF
A,3
B,0,9

SECTION_SHIFT_ON_REQUESTS
A,2,E,2
C,5,L,3
D,1,E,4

SECTION_SHIFT_OFF_REQUESTS
B,1,E,3
C,8,L,1

SECTION_COVER
""" + "".join(
    f"{d},{s},{1 + (d * k) % 3},100,1\n" for d in range(14) for k, s in ((2, "E"), (1, "L"))
)


@pytest.fixture(scope="module")
def problem():
    return read_benchmark(INSTANCE, "small.txt")


@pytest.fixture(scope="module")
def best(problem):
    return plan_roster(problem)


def penalty(problem, shifts):
    """Penalty and broken rules as the format defines them, counted without the model."""
    wishes = sum(w.price for w in problem.wishes
                 if (shifts.get((w.person, w.day)) == w.shift) != w.on)  # fmt: skip
    for need in problem.demand:
        agents = sum(shifts.get((p.name, need.day)) == need.shift for p in problem.persons)
        wishes += 100 * max(0, need.agents - agents) + max(0, agents - need.agents)
    return wishes


def test_the_format_is_read_as_it_is_described(problem):
    assert (problem.days, problem.first_day, problem.weekday(0)) == (14, MONDAY, 0)
    assert [(s.name, s.minutes, set(s.not_before)) for s in problem.shifts] == [
        ("E", 480, set()), ("L", 360, {"E"}),
    ]  # fmt: skip
    c = problem.persons[2]
    assert {name: s.value for name, s in c.rules.items()} == {
        "max_hours": 72, "min_hours": 40, "max_consecutive_days": 5, "min_consecutive_days": 2,
        "min_consecutive_days_off": 2, "max_weekends": 2, "max_shifts": {"E": 3},
    }  # fmt: skip
    assert problem.persons[1].leave == {0, 9}
    assert [(w.person, w.day, w.shift, w.on, w.price) for w in problem.wishes][:2] == [
        ("A", 2, "E", True, 2), ("C", 5, "L", True, 3),
    ]  # fmt: skip
    assert problem.offered[4, "E"].agents == 1 + 8 % 3


def test_the_best_roster_costs_what_the_format_says(problem, best):
    assert best.proven
    assert best.feasible
    assert best.cost == penalty(problem, best.assignments)
    for person in problem.persons:
        days = sorted(day for name, day in best.assignments if name == person.name)
        hours = sum(problem.shift[best.assignments[person.name, day]].minutes for day in days) / 60
        assert 40 <= hours <= 72
        assert not person.leave & set(days)
        assert not any(set(range(d, d + 6)) <= set(days) for d in days)
        late = [d for d in days if best.assignments[person.name, d] == "L"]
        assert all(best.assignments.get((person.name, d + 1)) != "E" for d in late)


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("A,3\n", "Z,3\n", "small.txt: SECTION_DAYS_OFF: 'Z' is not among the staff"),
        ("E,480,\n", "E,long,\n", "small.txt:7: 'long' is not allowed; allowed: a whole number"),
        ("A,2,E,2", "A,99,E,2", "small.txt:21: day 99 is beyond the horizon; allowed: 0 to 13"),
        ("A,2,E,2", "A,2,X,2", "small.txt:21: 'X' is not a shift; allowed: E, L"),
        ("A,2,E,2", "A,2,E", "small.txt:21: SECTION_SHIFT_ON_REQUESTS: has 3 cells; allowed: 4"),
        ("# days\n14\n", "", "small.txt: SECTION_HORIZON is missing; allowed: a number of days"),
        ("SECTION_HORIZON", "14", "small.txt:2: '14' stands before the first section"),
        ("E=3|L", "E=3|N", "small.txt:13: 'N' is not a shift"),
    ],
)
def test_a_bad_instance_is_refused_with_its_line(before, after, message):
    with pytest.raises(BadInputError) as refused:
        read_benchmark(INSTANCE.replace(before, after, 1), "small.txt")
    assert str(refused.value).startswith(message)


def test_an_instance_is_recognised_by_its_content(tmp_path, best):
    (tmp_path / "instance.txt").write_text(INSTANCE)
    assert plan_roster(tmp_path / "instance.txt").cost == best.cost


def test_the_relaxed_model_is_a_bound_and_near(problem, best):
    relaxed = relax(RosterModel(problem).linear, 30.0)
    assert 0.9 * best.cost <= relaxed.bound <= best.cost


def test_nothing_is_cheaper_than_the_best(problem, best):
    model = RosterModel(problem).linear
    assert solve(model.below(best.cost), 30.0).infeasible
    assert solve(model.below(best.cost + 1), 30.0).cost == best.cost


def test_the_start_keeps_all_hard_rules_and_parts_only_improve_it(problem, best):
    model = RosterModel(problem)
    start, clashing = by_person(model.linear, [2, 0, 3, 1], time.monotonic() + 60, lambda _: None)
    assert clashing == []
    costs = [model.linear.value(start)]
    for cost, x in improvements(model.linear, start, 1, time.monotonic() + 3.0):
        assert cost < costs[-1]
        assert penalty(problem, model.assignments(x)) == pytest.approx(cost)
        costs.append(cost)
        if cost <= best.cost:
            break
    assert best.cost <= costs[-1] < costs[0]


def test_parts_free_what_they_say(problem):
    model = RosterModel(problem).linear
    parts = Neighbourhoods(model, np.random.default_rng(1))
    parts.sizes = {"persons": 2.0, "days": 3.0, "half": 3.0}
    choice = model.choice
    free = parts.of("persons") & choice
    assert len(set(model.owner[free])) == 2
    assert len(set(model.day[free])) == 14
    assert len(set(model.day[parts.of("days") & choice])) <= 3
    half = parts.of("half") & choice
    assert len(set(model.owner[half])) <= 2
    parts.adapt("days", True, 0.0)
    parts.adapt("half", False, 5.0)
    assert parts.sizes["days"] > 3.0 > parts.sizes["half"]


@pytest.mark.slow
def test_processes_find_and_prove_the_same_optimum(problem, best, monkeypatch):
    monkeypatch.setattr(search_module, "AT_ONCE", 0)
    seen = []
    found = plan_roster(problem, time_limit=60, progress=lambda *state: seen.append(state))
    assert (found.cost, found.proven, found.stopped) == (best.cost, True, "")
    assert all(bound <= best.cost <= cost for cost, bound in seen)


def test_interrupted_it_gives_the_best_so_far(problem, best, monkeypatch):
    monkeypatch.setattr(search_module, "AT_ONCE", 0)

    def interrupt(cost, bound):
        if cost < float("inf"):
            raise KeyboardInterrupt

    found = plan_roster(problem, time_limit=60, progress=interrupt)
    assert found.stopped == "interrupted"
    assert not found.proven
    assert found.feasible
    assert found.cost >= best.cost


def test_out_of_time_it_gives_the_best_so_far_and_its_bound(problem, best, monkeypatch):
    monkeypatch.setattr(search_module, "AT_ONCE", 0)
    monkeypatch.setattr(search_module, "GRACE_S", 0.0)
    found = plan_roster(problem, time_limit=0.1)
    assert found.stopped == "time limit"
    assert found.cost >= best.cost
    assert found.bound is None or found.bound <= best.cost


@pytest.mark.parametrize("limit", [0, -1.0, float("nan"), float("inf")])
def test_a_time_limit_is_above_zero(problem, limit):
    with pytest.raises(BadInputError, match="time limit"):
        plan_roster(problem, time_limit=limit)


def test_a_shipped_roster_is_found_by_name():
    found = read_roster("two_weeks")
    assert (found.days, found.first_day) == (14, dt.date(2026, 1, 5))
    assert "night" in found.shift


def test_a_roster_without_time_to_place_everyone_is_judged_and_not_called_proven(
    problem, monkeypatch
):
    monkeypatch.setattr(search_module, "AT_ONCE", 0)
    unplaced = np.zeros(RosterModel(problem).linear.size)
    monkeypatch.setattr(search_module, "by_person", lambda *_: (unplaced, []))
    monkeypatch.setattr(search_module, "_long", lambda state: None)
    found = plan_roster(problem)
    assert not found.proven
    assert not found.feasible
    assert {v.rule for v in found.violations if v.hard} == {"min_hours"}
    assert found.notes[-1].startswith("the time was too short")


def test_hard_rules_of_persons_who_can_work_no_shift_are_reported():
    text = """
[roster]
days = 2
[shift.day]
start = "09:00"
end = "17:00"
skill = "calls"
[[demand]]
shift = "day"
agents = 1
[rules]
min_hours = 60
max_hours = 10
[person.Ann]
skills = ["calls"]
[person.Bob]
"""
    found = plan_roster(parse_roster(text), time_limit=20)
    assert not found.feasible
    broken = {(one.rule, one.person) for one in found.violations if one.hard}
    assert broken >= {("min_hours", "Ann"), ("min_hours", "Bob")}
    assert any("Bob has none of the skills" in note for note in found.notes)
