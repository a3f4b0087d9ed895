"""Staffing by simulation: plans, search, proof, check, interruption and resuming."""

import time
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from sim.model.build_model import build_model
from sim.planning.least_staff import staff_by_simulation
from sim.planning.plan_goals import PlanGoal, parse_goals
from sim.planning.simulated_goals import simulate_goals, simulate_goals_until
from sim.planning.staff_search.formula_plans import formula_plan
from sim.planning.staff_search.goal_periods import goal_periods
from sim.planning.staff_search.plan_simulator import PlanSimulator, PlanTask
from sim.planning.staff_search.plan_space import plan_space
from sim.planning.staff_search.plan_tally import PlanTally
from sim.planning.staff_search.repair_plan import cheapest_between
from sim.planning.staff_search.search import StaffSearch
from sim.planning.staff_search.simulated_plans import SearchStopped, SimulatedPlans
from sim.planning.staff_search.single_agents import single_agents
from sim.scenario import Scenario
from sim.units import BadInputError
from tests.support.small_scenario import small_scenario

TWO = """
[queue.cards]
volume = 20
talk = "exponential 3min"
patience = "exponential 2min"
target = "80% in 20s"
[group.cards]
agents = 3
skills = { cards = 1, calls = 2 }
shrinkage = "30%"
absent = "5%"
"""

MAIL = """
[queue.mail]
channel = "email"
volume = 4
talk = "3min"
due = "1min"
[group.mail]
agents = 1
skills = { mail = 1 }
"""
"""Nothing that takes three minutes is done in one."""


def parsed(text):
    return Scenario.parse(text, Path("."))


@pytest.fixture(scope="module")
def small():
    return parsed(small_scenario(open='"08:00-09:00"'))


@pytest.fixture(scope="module")
def two():
    return parsed(small_scenario(TWO, open='"08:00-09:00"'))


def test_a_plan_is_simulated_as_its_scenario(two):
    space = plan_space(two, 40)
    goals = parse_goals(space.model, ["total=80/20", "group.cards.occupancy<=85%"], "interval")
    periods = goal_periods(space.model, goals)
    plan = tuple(3 + k % 3 for k in range(space.blocks))
    cell = PlanSimulator(PlanTask(space, periods, 7)).simulate(plan, range(1, 21))
    model = build_model(space.scenario_of(plan))
    for group, expected in zip(model.groups, space.model_of(plan).groups, strict=True):
        assert (group.headcount == expected.headcount).all()
        assert (group.scheduled == expected.scheduled).all()
    rows = simulate_goals(model, goals, 20, 7)
    slack = periods.slack(cell)
    for number, row in enumerate(rows):
        assert row.met == (slack[periods.goal == number] >= 0).all()
        assert row.periods_missed == (slack[periods.goal == number] < 0).sum()


def test_hours_and_cost_are_those_of_scheduled_agents(two):
    paid = two.with_(**{"group.cards.wage": 20, "group.all.wage": 10})
    space = plan_space(paid, 20)
    plan = (2,) * space.blocks
    hired = space.scheduled_agents(plan)
    groups = np.array([space.model.groups[g].name for g in space.group])
    assert set(hired[groups == "all"]) == {2}
    assert set(hired[groups == "cards"]) == {3}  # of 3 at 30 % shrinkage 2 are on duty
    assert space.hours_of(plan) == 2 + 3
    assert space.cost_of(plan) == 2 * 10 + 3 * 20


def test_the_least_staff_is_found_and_proven(small):
    result = staff_by_simulation(small, ["total=80/20"], runs=60, seed=2, workers=1)
    assert result.bound_is == "proven"
    assert 0 <= result.gap < 0.2
    assert result.met
    assert result.stopped == ""
    space = plan_space(small, 20)
    goals = parse_goals(space.model, ["total=80/20"])
    periods = goal_periods(space.model, goals)
    simulator = PlanSimulator(PlanTask(space, periods, 2))
    cheaper = [
        plan
        for plan in product(range(12), repeat=2)
        if space.cost_of(plan) < result.bound and sum(plan) > 2 * result.bound - 2
    ]
    assert cheaper  # one agent fewer, however placed, is too few
    for plan in cheaper:
        assert periods.slack(simulator.simulate(plan, range(1, 61)))[0] < 0


@pytest.mark.slow
def test_every_method_is_simulated_and_the_formulas_need_more(two):
    result = staff_by_simulation(two, runs=20, seed=1, time_limit="100s", workers=1)
    methods = {row.method: row for row in result.methods}
    assert list(methods) == ["erlang_c", "erlang_a", "modified_offered_load", "simulation"]
    assert methods["simulation"].hours == result.hours <= methods["erlang_a"].hours
    assert methods["erlang_a"].hours <= methods["erlang_c"].hours
    assert all(row.goals_met <= 2 for row in result.methods)
    assert methods["erlang_c"].fractional_hours < methods["erlang_c"].hours
    document = result.document()
    for key in ("method", "hours", "cost", "bound", "bound_is", "gap", "days", "seconds"):
        assert key in document
    row = document["goals"][0]
    for key in ("scope", "name", "metric", "per", "target", "value", "low", "high"):
        assert key in row
    assert {"group", "interval", "agents"} <= set(document["staffing"][0])
    assert {"method", "hours", "cost", "goals_met", "worst"} <= set(document["methods"][0])
    assert len(document["effects"]) == len(document["staffing"])


def test_the_written_scenario_has_the_plan(two):
    result = staff_by_simulation(two, runs=10, seed=1, time_limit="2s", workers=1)
    model = build_model(result.staffed)
    hired = {
        (group.name, model.starts[k]): agents
        for group in model.groups
        for k, agents in enumerate(group.scheduled)
    }
    for row in result.staffing:
        assert hired[row["group"], row["interval"]] == row["agents"]
    assert sum(row["agents"] for row in result.staffing) / 2 == result.hours


def test_a_goal_that_no_staff_reaches_is_named_and_the_rest_planned(small):
    late = parsed(small_scenario(MAIL, open='"08:00-09:00"'))
    goals = ["queue.calls=80/20", "queue.mail.on_time=95%"]
    result = staff_by_simulation(late, goals, runs=20, seed=1, time_limit="5s", workers=1)
    assert not result.met
    assert any("no staff reaches it" in note for note in result.notes)
    assert result.text().splitlines()[1].startswith("MISSED")
    assert result.hours < 15


def test_a_group_with_an_occupancy_goal_alone_gets_an_agent(two):
    goals = ["queue.calls=80/20", "group.cards.occupancy<=85%"]
    result = staff_by_simulation(two, goals, runs=10, seed=1, time_limit="3s", workers=1)
    assert sum(row["agents"] for row in result.staffing if row["group"] == "cards") > 0
    occupancy = next(row for row in result.goals if row.metric == "occupancy")
    assert occupancy.value is not None


def test_a_goal_without_a_value_is_not_met(two):
    model = build_model(two.with_(**{"group.cards.agents": 0}))
    (row,) = simulate_goals(model, parse_goals(model, ["group.cards.occupancy<=85%"]), 10, 1)
    assert (row.value, row.met, row.probability) == (None, False, None)
    assert row.shortfall > 0


def test_the_goal_nearest_to_a_miss_is_not_one_that_cannot_be_better(two):
    """100 % in time lies 5 points above 95 %, but nothing lies above it."""
    model = build_model(two)
    goals = parse_goals(model, ["queue.cards=95/20", "queue.calls=80/20", "total.asa=10s"])
    cards, calls, asa = simulate_goals(model, goals, 10, 1, 1)
    at_best = replace(cards, value=1.0).shortfall
    assert at_best < replace(calls, value=0.9).shortfall < replace(asa, value=6.0).shortfall < 0
    assert at_best == replace(asa, value=0.0).shortfall == pytest.approx(-1)
    assert replace(cards, value=0.76).shortfall == pytest.approx(0.2)
    assert replace(asa, value=12.0).shortfall == pytest.approx(0.2)


def test_single_agents_name_the_goal_nearest_to_a_miss(two):
    """Not the one that is met by all contacts, however near its target lies to that."""
    space = plan_space(two, 40)
    goals = parse_goals(space.model, ["queue.cards=95/20", "queue.calls=80/20"])
    task = PlanTask(space, goal_periods(space.model, goals), 1)
    plan = tuple(30 if space.model.groups[g].name == "cards" else 4 for g in space.group)
    found = single_agents(task, plan, 1, float("inf"))
    assert found.level.max() == pytest.approx(1.0, abs=0.01)
    assert found.level[found.goal == 0] == pytest.approx(1.0, abs=0.01)


def test_goals_are_in_words(two):
    model = build_model(two)
    texts = [
        "total.asa=20s",
        "queue.cards.service_level_abandons_negative=80/20",
        "queue.calls=80/20",
    ]
    words = [str(goal) for goal in parse_goals(model, texts, "horizon")]
    assert words == [
        "total ASA at most 20.0 s",
        "queue.cards service level abandons negative at least 80% within 20s",
        "queue.calls service level at least 80% within 20s",
    ]


def test_a_goal_without_contacts_is_refused(two):
    empty = two.with_(**{"queue.cards.volume": 0})
    for goal in ("queue.cards=80/20", PlanGoal("queue", "cards", "service_level", 0.8)):
        with pytest.raises(BadInputError, match=r"queue\.cards has no contacts"):
            staff_by_simulation(empty, [goal])


def test_a_proven_bound_needs_a_plan_that_holds_on_fresh_days(small, monkeypatch):
    monkeypatch.setattr("sim.planning.staff_search.solve.CHECKS", 1)
    monkeypatch.setattr("sim.planning.method_comparison.repaired", lambda *a: a[3])
    # Formulas that are asked for less, so that none of their plans holds.
    monkeypatch.setattr("sim.planning.staff_search.formula_plans.MOST_SHARE", 0.8)
    result = staff_by_simulation(small, ["total=100%/20"], runs=10, seed=1, workers=1)
    assert not result.met
    assert result.bound_is == "heuristic"
    assert "all were simulated" not in result.text()


def test_fresh_days_end_with_the_time(two):
    model = build_model(two)
    goals = parse_goals(model, ["queue.calls=80/20"])
    rows, days = simulate_goals_until(model, goals, 300, 1, 0.0, 10, 1)
    assert days == 10
    assert rows == simulate_goals(model, goals, 10, 1, 1)


def test_few_fresh_days_are_said_in_a_note(two, monkeypatch):
    monkeypatch.setattr("sim.planning.method_comparison.LEAST_S", 0.0)
    result = staff_by_simulation(two, runs=2000, seed=1, time_limit="0.3s", workers=1)
    assert result.days < 2000
    assert any(f"time for {result.days} fresh days instead of 2000" in n for n in result.notes)


def test_a_tiny_time_limit_holds_and_the_result_says_what_was_not_done(repo_root, monkeypatch):
    """Formulas, first simulations and comparison of a center that takes long come under it."""
    monkeypatch.setattr("sim.planning.method_comparison.LEAST_S", 0.5)
    result = staff_by_simulation(
        repo_root / "scenarios" / "retail_monday.toml", time_limit="0.05s", workers=1
    )
    assert result.seconds < 5
    assert (result.stopped, result.searched) == ("time", False)
    assert "nothing was searched" in result.notes[0]
    for method in ("Erlang A", "modified offered load"):
        assert any(note.startswith(f"{method}: not") for note in result.notes)
    assert result.effects == []
    assert len(result.goals) == 5
    assert "STOPPED (out of time): nothing was searched" in result.text()


def test_a_formula_that_is_cheaper_and_holds_is_the_plan(two, monkeypatch):
    """The search ends before it finds anything better than too many agents."""
    from sim.planning.staff_search import solve

    def many(self):
        self.search.runs = 10
        self.search.simulate([tuple(3 * n + 5 for n in self.start.plan)])

    monkeypatch.setattr(solve.StaffingSolver, "_search", many)
    result = staff_by_simulation(two, ["total=60/20"], runs=20, seed=1, workers=1)
    cheapest = min(m.hours for m in result.methods if m.goals_met == 1)
    assert result.hours == cheapest
    assert any("the plan is that of" in note for note in result.notes)
    assert result.bound_is == "heuristic"


def test_a_plan_that_misses_gets_agents_on_the_way_to_a_formula(two, monkeypatch):
    from sim.planning.staff_search import solve

    def few(self):
        self.search.runs = 10
        self.search.simulate([tuple(max(n - 2, 0) for n in self.start.plan)])

    monkeypatch.setattr(solve.StaffingSolver, "_search", few)
    result = staff_by_simulation(two, ["total=75/20"], runs=20, seed=1, workers=1)
    assert result.met
    assert result.hours < min(m.hours for m in result.methods[:-1] if m.goals_met == 1)
    assert any("agents were added or moved" in note for note in result.notes)


def test_between_two_plans_the_fewest_agents_are_added():
    """By bisection; where the time ends, the last plan that holds."""
    asked = []

    def holds(plan):
        asked.append(plan)
        return sum(plan) >= 13

    found = cheapest_between((1, 5, 2), (9, 5, 6), holds)
    assert sum(found) == 13
    assert (found[1], len(asked)) == (5, 4)
    assert 0 < found[2] - 2 < found[0] - 1  # in proportion
    turns = iter((True, None))
    assert sum(cheapest_between((1, 5, 2), (9, 5, 6), lambda _: next(turns))) == 14
    assert cheapest_between((1, 5, 2), (9, 5, 6), lambda _: None) is None
    assert cheapest_between((2,), (2,), holds) is None


def test_a_plan_that_misses_by_little_does_not_become_that_of_a_formula(two, monkeypatch):
    """It is changed on further days, with more slack each time, until it holds on the fresh."""
    from sim.planning.staff_search import solve

    def stopped(self):
        self.search.hurried = True
        raise SearchStopped

    monkeypatch.setattr(solve.StaffingSolver, "_check", stopped)
    result = staff_by_simulation(two, ["total=80/20"], runs=10, seed=1, workers=1)
    assert result.met
    assert result.stopped == "time"
    assert result.hours <= min(m.hours for m in result.methods[:-1] if m.goals_met == 1) - 1


def test_the_number_of_workers_does_not_change_the_plan(small):
    """Nor the order in which processes are done, where the time does not end the search."""
    found = [
        staff_by_simulation(small, ["total=80/20"], runs=20, seed=5, workers=n, time_limit="10min")
        for n in (1, 2)
    ]
    assert found[0].staffing == found[1].staffing
    assert [row.record() for row in found[0].goals] == [row.record() for row in found[1].goals]
    assert (found[0].plans, found[0].effects) == (found[1].plans, found[1].effects)


def test_plans_are_ordered_the_same_whatever_was_simulated_first(two):
    """Two plans of the same rank: the order of their names decides, not that of their results."""
    space = plan_space(two, 20)
    periods = goal_periods(space.model, parse_goals(space.model, ["total=80/20"]))
    plans = [(3,) * space.blocks, (3, 3, 2, 4)[: space.blocks], (4, 2, 3, 3)[: space.blocks]]
    best = []
    for order in (plans, plans[::-1]):
        cells = SimulatedPlans(PlanTask(space, periods, 1), workers=1)
        (cell,) = cells.simulate(plans[:1], 10)
        cells.cells = {plan: cell for plan in order}
        search = StaffSearch(space, periods, cells, np.zeros(periods.count))
        search.restart(10, order[0])
        best.append(search.best)
    assert best[0] == best[1]


def test_parts_of_workers_are_added_as_one_process_would(two, monkeypatch):
    """Sums are equal to the bit, also where replications are added to those of before."""
    monkeypatch.setattr("sim.tape.drawn_days.MOST_TOGETHER", 4)
    space = plan_space(two, 20)
    goals = parse_goals(space.model, ["queue.calls.asa_s<=30", "queue.cards=80/20"])
    task = PlanTask(space, goal_periods(space.model, goals), 1)
    plan = (3,) * space.blocks
    here, sent = SimulatedPlans(task, workers=1), SimulatedPlans(task, workers=1)
    here.simulate([plan], 9)
    here.simulate([plan], 30)
    simulator = PlanSimulator(task)
    for days in (range(1, 10), range(10, 31)):
        sent._keep_all(plan, list(simulator.parts(plan, days)))
    assert (here.cells[plan].total == sent.cells[plan].total).all()
    assert (here.cells[plan].surplus == sent.cells[plan].surplus).all()
    assert here.cells[plan].runs == 30
    tiny = PlanTally(np.full((2, 2, 1), 1e-16), np.zeros((1, 1), np.float32))
    sent.cells[plan] = PlanTally(np.ones((2, 2, 1)), np.zeros((1, 1), np.float32))
    sent._keep_all(plan, [tiny, tiny])  # each is lost, both together would not be
    assert (sent.cells[plan].total == 1.0).all()


def test_compiling_is_not_counted_in_the_time_limit(two, monkeypatch):
    def slow(scenario, goals):
        time.sleep(0.2)
        return 20.0

    monkeypatch.setattr("sim.planning.least_staff.compile_search", slow)
    began = time.monotonic()
    result = staff_by_simulation(two, ["total=80/20"], runs=10, time_limit="1s", workers=1)
    assert result.seconds < time.monotonic() - began - 0.2
    assert any(
        "compiling took 20 s, which the time limit does not count" in n for n in result.notes
    )


def test_single_agents_change_what_simulated_plans_change(small):
    """The interval around each effect covers the change in a larger simulation."""
    space = plan_space(small, 20)
    goals = parse_goals(space.model, ["total=80/20"])
    periods = goal_periods(space.model, goals)
    plan = (7,) * space.blocks
    found = single_agents(PlanTask(space, periods, 3), plan, 1, float("inf"))
    rows = found.records(space)
    assert len(rows) == space.blocks
    simulator = PlanSimulator(PlanTask(space, periods, 99))
    base = simulator.simulate(plan, range(1, 601))
    for b, row in enumerate(rows):
        for step, name in ((1, "one_more"), (-1, "one_less")):
            changed = tuple(n + step * (k == b) for k, n in enumerate(plan))
            other = simulator.simulate(changed, range(1, 601))
            change = ((periods.slack(other) - periods.slack(base)) / periods.size(base))[0]
            half = row[f"{name}_high"] - row[name]
            assert 0 < half < 0.05
            assert row[name] * step > 0
            assert abs(row[name] - change) < 2 * half


def test_a_plan_that_takes_long_is_stopped_between_its_days(two, monkeypatch):
    monkeypatch.setattr("sim.tape.drawn_days.MOST_TOGETHER", 1)
    space = plan_space(two, 20)
    periods = goal_periods(space.model, parse_goals(space.model, ["total=80/20"]))
    cells = SimulatedPlans(PlanTask(space, periods, 1), workers=1)
    cells.stop = lambda: cells.replications >= 1
    plan = (3,) * space.blocks
    with pytest.raises(SearchStopped):
        cells.simulate([plan], 20)
    assert cells.cells[plan].runs == 1


def test_an_interrupted_search_returns_the_best_plan_so_far(two):
    asked = []

    def stop():
        asked.append(1)
        return len(asked) > 12

    result = staff_by_simulation(two, runs=20, seed=1, workers=1, stop=stop)
    assert result.stopped == "interrupted"
    assert len(result.goals) == 2
    assert "STOPPED (interrupted)" in result.text()


def test_ctrl_c_returns_the_best_plan_so_far(two):
    seen = []

    def report(progress, space):
        seen.append(progress)
        if len(seen) == 12:
            raise KeyboardInterrupt

    result = staff_by_simulation(two, runs=20, seed=1, workers=1, report=report)
    assert len(seen) == 12
    assert result.stopped == "interrupted"
    assert result.searched
    notes = " ".join(result.notes)
    changed = "the plan is that of" in notes or "agents were added or moved" in notes
    assert result.hours == seen[-1].hours or changed
    assert "STOPPED (interrupted): this is the best plan so far" in result.text()


def test_a_goal_missed_on_fresh_days_makes_the_search_go_on_with_more_days(small, monkeypatch):
    from sim.planning.staff_search import solve

    checked = []
    simulated = solve.StaffingSolver._fresh_slack

    def missed_once(self, plan, runs, seed):
        checked.append((plan, runs, seed, self.search.runs))
        slack = simulated(self, plan, runs, seed)
        return slack - 1e-3 - slack.max() if len(checked) == 1 else slack

    monkeypatch.setattr(solve.StaffingSolver, "_fresh_slack", missed_once)
    result = staff_by_simulation(small, ["total=80/20"], runs=20, seed=1, workers=1)
    assert len(checked) >= 2
    (_, _, first_seed, first_runs), (_, days, seed, runs) = checked[:2]
    assert seed > first_seed  # other days than those that were missed
    assert runs > first_runs == 20
    assert result.search_days == checked[-1][3]
    assert result.days == checked[-1][1] >= days
    assert result.met


def test_the_days_that_are_reported_decide_nothing_unless_a_goal_is_missed(small, monkeypatch):
    """What is shown comes from other days than those on which the plan was chosen."""
    from sim.planning import method_comparison

    simulated, seeds = method_comparison.simulate_goals_until, []

    def recorded(model, goals, days, seed, *rest):
        rows, runs = simulated(model, goals, days, seed, *rest)
        seeds.append((seed, rows))
        return rows, runs

    monkeypatch.setattr(method_comparison, "simulate_goals_until", recorded)
    result = staff_by_simulation(small, ["total=80/20"], runs=20, seed=1, workers=1)
    assert result.met
    reported = [seed for seed, rows in seeds if tuple(rows) == result.goals]
    assert len(reported) == 1
    assert reported[0] > max(seed for seed, rows in seeds if tuple(rows) != result.goals)


@pytest.mark.parametrize("clearly", [True, False])
def test_a_plan_that_misses_on_the_days_that_are_reported(small, monkeypatch, clearly):
    """Clearly: it gets agents. Not clearly: four times the days decide."""
    from sim.planning import method_comparison

    simulated = method_comparison.simulate_goals_until
    first = 1 + method_comparison.REPORTED
    missed: list[object] = []

    def misses(model, goals, days, seed, *rest):
        rows, runs = simulated(model, goals, days, seed, *rest)
        if seed == first:
            missed.append(rows)
        if seed == first and rows == missed[0]:
            sure = 0.0 if clearly else 0.2
            rows = [replace(row, met=False, value=0.7, probability=sure) for row in rows]
        return rows, runs

    plain = staff_by_simulation(small, ["total=80/20"], runs=20, seed=1, workers=1)
    monkeypatch.setattr(method_comparison, "simulate_goals_until", misses)
    result = staff_by_simulation(small, ["total=80/20"], runs=20, seed=1, workers=1)
    assert missed
    assert result.met
    if clearly:
        assert result.hours > plain.hours
        assert any("agents were added or moved" in n or "the plan is that of" in n
                   for n in result.notes)  # fmt: skip
    else:
        assert (result.hours, result.days) == (plain.hours, 4 * plain.days)


def test_a_goal_close_to_its_target_is_simulated_on_more_days(small):
    from sim.planning.staff_search import solve

    with_search = solve.StaffingSolver(
        small,
        parse_goals(build_model(small), ["total=80/20"]),
        solve.SearchOptions(20.0, 20, 1, 1, None, None, None),
    )
    with with_search.searched():
        plan = with_search.best
        cells = solve.SimulatedPlans(with_search.search.cells.task, 1)
        (cell,) = cells.simulate([plan], 20)
    mean, error = cell.surplus.mean(axis=0), cell.surplus.std(axis=0, ddof=1) / np.sqrt(20)
    answers = []
    for level in (-2.0, 0.5, 2.0):
        moved = replace(cell, surplus=cell.surplus - mean + level * error)
        answers.append(with_search._is_close(moved))
    assert answers == [False, True, False]


def test_a_miss_on_fresh_days_asks_for_slack(small, monkeypatch):
    """Where each check misses by much, more agents are planned each time."""
    from sim.planning.staff_search import solve

    plans = []

    def missed(self, plan, runs, seed):
        plans.append(plan)
        seen = self.periods.slack(self.search.cells.cells[plan])
        return np.full(seen.shape, -5.0)

    monkeypatch.setattr(solve.StaffingSolver, "_fresh_slack", missed)
    monkeypatch.setattr(solve, "CHECKS", 3)
    staff_by_simulation(small, ["total=80/20"], runs=20, seed=1, workers=1)
    assert len(plans) == 3
    assert sum(plans[0]) < sum(plans[-1])


def test_a_plan_without_time_for_its_check_is_repaired_on_fresh_days(small, monkeypatch):
    """The plan is made two agents too few: the comparison adds what is missed."""
    from sim.planning.staff_search import solve

    def unchecked(self):
        search = self.search
        fewer = tuple(n - 1 for n in search.best)
        search.cells.simulate([fewer], search.runs)
        search.best, self.stopped = fewer, "time"

    monkeypatch.setattr(solve.StaffingSolver, "_check", unchecked)
    monkeypatch.setattr("sim.planning.method_comparison.FORMULAS", ())
    result = staff_by_simulation(small, ["total=80/20"], runs=60, seed=2, workers=1)
    monkeypatch.setattr("sim.planning.method_comparison.repaired", lambda *a: a[3])
    as_found = staff_by_simulation(small, ["total=80/20"], runs=60, seed=2, workers=1)
    assert result.met
    assert result.bound_is == "heuristic"  # other plans were proven than this one
    assert as_found.goals[0].value < result.goals[0].value


def test_contradictory_goals_are_refused(two):
    goals = ["group.cards.occupancy<=30%", "group.cards.occupancy>=80%"]
    with pytest.raises(BadInputError, match="contradicts"):
        staff_by_simulation(two, goals)


def test_goals_that_exclude_one_another_end_with_a_plan_that_names_what_is_missed(small):
    goals = ["queue.calls=99/5", "group.all.occupancy>=97%"]
    result = staff_by_simulation(small, goals, runs=10, seed=1, time_limit="5s", workers=1)
    assert not result.met
    assert result.text().splitlines()[1].startswith("MISSED: ")


def test_a_search_is_resumed_without_simulating_again(two, tmp_path):
    folder = tmp_path / "plans"
    options = {"runs": 10, "seed": 1, "workers": 1}
    asked = iter(range(40))  # some plans further, it is asked to stop
    staff_by_simulation(two, resume=folder, stop=lambda: next(asked, None) is None, **options)
    (first,) = folder.glob("plans-*.npz")
    plans = np.load(first)["plans"]
    assert len(plans) > 5
    seen = []
    staff_by_simulation(
        two, resume=folder, report=lambda p, _: seen.append(p), stop=lambda: bool(seen), **options
    )
    assert seen[0].plans >= len(plans)  # there from the beginning
    for further in folder.glob("plans-0002.npz"):
        known = {tuple(plan) for plan in plans}
        again = np.load(further)
        runs = dict(zip(map(tuple, again["plans"]), again["runs"], strict=True))
        assert all(runs[plan] > 10 for plan in known & set(runs))
    with pytest.raises(BadInputError, match="belongs to another search"):
        staff_by_simulation(two, ["total=70/20"], resume=folder, **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"time_limit": "0s"}, "time-limit"),
        ({"runs": 3}, "from 10"),
        ({"goals": ["queue.x=80/20"]}, "not in this scenario"),
    ],
)
def test_bad_options_get_one_message(small, options, message):
    with pytest.raises(BadInputError, match=message):
        staff_by_simulation(small, **options)


def test_formulas_are_asked_for_the_goals_and_not_for_the_targets(small):
    strict = small.with_(**{"queue.calls.target": "99% in 5s"})
    (goal,) = parse_goals(build_model(strict), ["total=50/60"], "horizon")
    spaces = [plan_space(scenario, 20) for scenario in (small, strict)]
    plans = [formula_plan(space, [goal], "erlang_c") for space in spaces]
    assert plans[0] is not None
    assert plans[1] is not None
    assert plans[0].plan == plans[1].plan
    own = formula_plan(spaces[1], [], "erlang_c")
    assert own is not None
    assert own.fractional.sum() > plans[1].fractional.sum()
