"""Shifts that pass midnight and headcounts that shrink, as the plan and the simulation see them."""

import pytest

from sim.experiment import simulate
from sim.model import build
from sim.scenario import Scenario, lint_warnings
from sim.scenario.schedules import on_duty, scheduled, turns
from sim.scenario.workload import at_work

NIGHT = """
[center]
first_day = 2026-01-05
days = 2
open = "always"
[queue.calls]
volume = 5
talk = "exponential 3min"
patience = "exponential 2min"
target = "80% in 20s"
[group.all]
skills = { calls = 1 }
shifts = [
  { agents = 4, start = "06:00", length = "8h" },
  { agents = 4, start = "14:00", length = "8h" },
  { agents = 4, start = "22:00", length = "8h", breaks = ["30min after 105min", "1h after 4h"] },
]
"""


def test_the_night_before_the_first_day_is_there_from_midnight_on() -> None:
    night = Scenario.parse(NIGHT)
    assert scheduled(night, night.group["all"]) == [4.0] * 96
    model = build(night)
    assert model.groups[0].scheduled.tolist() == [4.0] * 96
    shifts = [(s.day, s.start, s.end) for s in model.groups[0].shifts if s.agent == 8]
    assert shifts == [(0, 0, 21600), (0, 79200, 108000), (1, 165600, 172800)]


def test_four_are_there_at_any_instant_and_no_agent_stays_on() -> None:
    result = simulate(Scenario.parse(NIGHT), runs=3, engine="reference")
    here = result.log(1).presences
    for instant in range(450, 2 * 86400, 900):
        assert ((here.start <= instant) & (instant < here.end)).sum() >= 4
    # An active contact at the end of a shift: minutes, where a shift cut off wrongly is hours.
    assert result.estimate("overtime_h").value < 2


def test_a_night_that_began_on_a_day_off_is_not_there() -> None:
    # The first day is a Monday: the night from Sunday is not worked.
    text = NIGHT.replace('start = "22:00"', 'days = "mon-fri", start = "22:00"')
    weekdays = Scenario.parse(text)
    agents = on_duty(weekdays, weekdays.group["all"])
    assert agents[:12] == [0.0] * 12
    assert agents[12:] == [4.0] * 84


def test_breaks_of_the_night_before_are_cut_at_midnight() -> None:
    night = Scenario.parse(NIGHT)
    first = next(t for t in turns(night, night.group["all"]) if t.first == 8)
    # At 23:45 for half an hour, and at 02:00 for an hour.
    assert first.breaks == [(0.0, 900.0), (7200.0, 3600.0)]
    last = turns(night, night.group["all"])[-1]
    assert last.breaks == [(165600 + 6300.0, 900.0)]


def test_who_is_in_a_break_is_not_at_work() -> None:
    text = NIGHT.replace("skills =", 'shrinkage = "25%"\nabsent = "10%"\nskills =')
    night = Scenario.parse(text)
    agents = at_work(night, night.group["all"])
    # Nine of twelve are there, so one of the four of the night; a tenth of all is absent. The
    # break of 23:45 is in its second half, the one of 02:00 takes an hour.
    one, half = 0.9, 0.45
    assert agents[:7] == pytest.approx([half, one, one, one, 0, 0, one])
    assert agents[12:16] == pytest.approx([4 * 0.9] * 4)


def test_shifts_round_the_clock_are_within_the_opening_hours() -> None:
    assert not [odd for odd in lint_warnings(Scenario.parse(NIGHT)) if "outside" in odd]


@pytest.mark.parametrize(("shrinkage", "agents"), [("0%", 12), ("30%", 8), ("29%", 9)])
def test_the_plan_counts_as_the_simulation_does(shrinkage: str, agents: int) -> None:
    text = NIGHT[: NIGHT.index("shifts")] + f'agents = 12\nshrinkage = "{shrinkage}"\n'
    center = Scenario.parse(text)
    assert on_duty(center, center.group["all"]) == [agents] * 96
    assert build(center).groups[0].headcount.tolist() == [agents] * 96
