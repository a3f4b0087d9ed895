"""Headcounts that a change makes: rounded once, and the same wherever agents are counted."""

import pytest

from sim import simulate
from sim.model import build
from sim.scenario import Scenario, ScenarioError

TEXT = """
[center]
open = "08:00-12:00"
[queue.calls]
volume = 20
talk = "exponential 3min"
[group.team]
agents = 3
wage = 10
skills = { calls = 1 }
"""


@pytest.mark.parametrize(
    ("change", "agents"),
    [("+10%", 3), ("*0.8", 2), ("+15%", 3), ("+17%", 4), ("*1.5", 5), ("+1", 4), ("-0.5", 3)],
)
def test_who_is_on_duty_is_scheduled_and_paid(change: str, agents: int) -> None:
    changed = Scenario.parse(TEXT).with_(**{"group.team.agents": change})
    group = build(changed).groups[0]
    assert group.headcount is not None
    assert group.headcount[16:24].tolist() == group.scheduled[16:24].tolist() == [agents] * 8
    result = simulate(changed, runs=2)
    late = result.estimate("overtime_h", "group", "team").value
    hours = {name: result.estimate(name, "group", "team").value for name in ("scheduled_h", "cost")}
    assert hours["scheduled_h"] == pytest.approx(4 * agents)
    assert hours["cost"] == pytest.approx(10 * (4 * agents + late))
    assert result.estimate("shrinkage", "group", "team").value == pytest.approx(0, abs=1e-12)


def test_shrinkage_is_taken_off_the_whole_number_that_is_scheduled() -> None:
    text = TEXT.replace("agents = 3", 'agents = 10\nshrinkage = "30%"')
    group = build(Scenario.parse(text).with_(**{"group.team.agents": "+5%"})).groups[0]
    assert group.headcount is not None
    assert (group.scheduled[16], group.headcount[16]) == (11, 8)


def test_binary_fractions_turn_no_half_down() -> None:
    text = TEXT.replace("agents = 3", "agents = 50")
    half = Scenario.parse(text).with_(**{"group.team.agents": "*0.29"})  # 14.499999999999998
    assert build(half).groups[0].scheduled[16] == 15


@pytest.mark.parametrize(("value", "row"), [("+10%", 4), ("2", 2), (5, 5), ("*0.5", 2)], ids=str)
def test_single_rows_are_whole_too(value: object, row: float) -> None:
    text = TEXT.replace("agents = 3", "agents = [3, 4, 3, 3, 3, 3, 3, 3]")
    changed = Scenario.parse(text).with_(**{"group.team.agents.1": value})
    assert build(changed).groups[0].scheduled[17] == row


@pytest.mark.parametrize("value", ["2.5", 2.5, "many", "nan", "1e9", True])
def test_rows_that_are_no_whole_number_of_agents_are_refused(value: object) -> None:
    text = TEXT.replace("agents = 3", "agents = [3, 4, 3, 3, 3, 3, 3, 3]")
    with pytest.raises(ScenarioError, match=r"group\.team\.agents\.1.*allowed: "):
        Scenario.parse(text).with_(**{"group.team.agents.1": value})


@pytest.mark.parametrize("path", ["queue.calls.volume", "group.team.agents"])
def test_changes_out_of_bounds_are_refused(path: str) -> None:
    with pytest.raises(ScenarioError, match=rf"{path}: .*out of bounds"):
        Scenario.parse(TEXT).with_(**{path: "*1e9"})
