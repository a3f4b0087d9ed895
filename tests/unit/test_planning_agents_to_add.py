"""Agents proposed for a queue that misses its target."""

import sim
from sim.planning.agents_to_add import Shortage, _first_group, _worst, agents_to_add
from sim.report.interval_grid import interval_lines
from sim.report.queue_verdicts import queue_verdicts
from sim.scenario import Scenario


def test_the_proposed_agents_are_where_contacts_wait_and_help(understaffed_peak):
    scenario, result = understaffed_peak
    assert queue_verdicts(result)[0].verdict == "missed"
    edit = agents_to_add(scenario, result, "orders")
    more = scenario.with_(**edit.changes)
    after = sim.simulate(more, runs=5)
    assert after.estimate("service_level").value > result.estimate("service_level").value + 0.01
    lines = interval_lines(scenario, result, "orders")
    worst = max(lines, key=lambda x: (x.target - (x.service_level or x.target)) * x.offered)
    k = next(k for k in range(48) if scenario.center.grid.label(k) == worst.interval)
    before = scenario.group["sales"]
    from sim.scenario.schedules import scheduled

    gained = scheduled(more, more.group["sales"])[k] - scheduled(scenario, before)[k]
    assert gained >= max(worst.required - worst.on_duty, 1) - 0.5


def test_deferred_work_gets_no_proposal_and_a_stationary_one_no_hours(monday, repo_root):
    scenario, result = monday
    assert agents_to_add(scenario, result, "mail") is None
    flat = sim.load(repo_root / "scenarios" / "power_of_one.toml").with_(
        **{"group.agents.agents": 20, "queue.calls.patience": "2min"}
    )
    edit = agents_to_add(flat, sim.simulate(flat, runs=2), "calls")
    assert edit.changes["group.agents.agents"].startswith("+")


def test_the_worst_period_lacks_the_most_contacts_and_is_within_one_day():
    small = [Shortage(10, 3.0, 1.0), Shortage(11, 3.0, 1.0)]
    large = [Shortage(20, 2.0, 1.0), Shortage(21, 6.0, 1.0)]
    assert _worst([*small, *large, Shortage(30, 7.0, 1.0)], 48) == large
    night = [Shortage(47, 5.0, 1.0), Shortage(48, 6.0, 1.0), Shortage(49, 1.0, 1.0)]
    assert _worst(night, 48) == night[1:]
    assert _worst([], 48) == []


def test_agents_are_proposed_for_the_largest_group_of_those_that_come_first():
    text = """
[center]
open = "08:00-12:00"
[queue.a]
volume = 60
talk = "exponential 3min"
[group.few]
agents = 2
skills = { a = 1 }
[group.many]
agents = 5
skills = { a = 1 }
[group.helpers]
agents = 30
skills = { a = { level = 2, after = "1min" } }
"""
    assert _first_group(Scenario.parse(text), "a") == "many"
    few = Scenario.parse(text.replace("agents = 2", "agents = 9"))
    assert _first_group(few, "a") == "few"
