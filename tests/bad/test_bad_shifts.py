"""Patterns and tables of requirements that cannot be used get one message each."""

import time
from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.planning import plan_shifts
from sim.planning.shifts.cover_model import build_cover
from sim.planning.shifts.greedy_cover import greedy_cover
from sim.planning.shifts.possible_shifts import shift_types
from sim.planning.shifts.shift_inputs import read_inputs
from sim.scenario import Scenario
from sim.scenario.pattern import ShiftPlanning
from sim.units import BadInputError

GOOD = "interval,agents\n08:00,2\n09:00,3\n10:00,1\n"
TEXT = """
[queue.calls]
volume = 10
talk = "exponential 3min"
[group.team]
agents = 4
skills = { calls = 1 }
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "day.csv"
    path.write_text(GOOD)
    return path


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("interval,agents\n08:00,2\n09:00,-3\n", "day.csv:3: agents: '-3' is out of bounds"),
        ("interval,agents\n08:00,2\n09:00,many\n", "day.csv:3: agents: 'many' is not a number"),
        ("interval,agents\n08:00,2\n09:00,\n", "day.csv:3: agents: is empty"),
        ("interval,agents\n08:00,2\n10:00,1\n11:00,1\n", "there is no row for 09:00"),
        ("interval,agents\n08:00,2\n08:00,1\n09:00,1\n", "day.csv:3: a second row for 08:00"),
        ("interval,agents\n08:00,0\n09:00,0\n", "requires no agents at all"),
        ("interval,agents\n08:00,2\n", "single interval"),
        ("interval,agents\nnoon,2\n13:00,1\n", "'noon' is not a date and time"),
        ("interval,agents\n08:00,2\n2026-01-05 09:00,1\n", "has no date"),
        ("interval,agents\n08:00,2\n08:07,1\n", "intervals of 7min are not allowed"),
        ("interval,agents\n0,2\n1,1\n3,1\n", "interval 2 is missing"),
        ("interval,agents\n0,2\n1,1\n2,1\n", "3 numbered intervals do not say how long they are"),
        ("interval,agents\n5,2\n6,1\n", "the intervals are counted from 5"),
        ("interval,agents\n08:00,1e9\n09:00,1\n", "is out of bounds"),
        ("when,agents\n08:00,1\n", "interval: no such column; the file has: when, agents"),
        ("interval,agents\n", "has no rows"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(table, content, said):
    table.write_text(content)
    with pytest.raises(BadInputError) as caught:
        plan_shifts(table, patterns={"day": "1h"})
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ({}, "lengths: is missing"),
        ({"lengths": []}, "lengths: there is no length"),
        ({"lengths": "25h"}, "lengths.0: 1day 1h is longer than a day"),
        ({"lengths": "2h", "least": 3, "most": 2}, "least: 3 is more than most = 2"),
        ({"lengths": "2h", "least_share": "60%", "most_share": "50%"}, "least_share: 60% is more"),
        ({"lengths": "2h", "most_share": "50%"}, "the most_share of all patterns add up to 50%"),
        ({"lengths": "2h", "breaks": ["3h after 1h"]}, "breaks.0.length: 3h is not shorter"),
        ({"lengths": "2h", "breaks": ["1h after 90min"]}, "breaks.0: begins 1h 30min after the"),
        (
            {"lengths": "2h", "breaks": ["30min between 1h and 70min"]},
            "breaks.0: the window from 1h to 1h 10min is shorter than the break of 30min",
        ),
        ({"lengths": "2h", "breaks": ["30min between 20:00 and 21:00"]}, "has no place in any"),
        ({"lengths": "2h", "breaks": ["sometimes"]}, "is not a break of a pattern"),
        ({"lengths": "2h", "breaks": ["30min after 12:00"]}, '"at" with a time of day'),
        ({"lengths": "2h", "step": "0s"}, "step: 0.0 is not above zero"),
        ({"lengths": "2h", "step": "90s"}, "step: 1min 30s is not a whole number of minutes"),
        ({"lengths": "2h", "rest": "9h"}, "rest: is a rule of weekly tours"),
        ({"lengths": "2h", "days_a_week": 6, "days": "mon-fri"}, "6 is more than the 5 days"),
        ({"lengths": "2h", "groups": "nurses"}, "the group 'nurses' is unknown; allowed: agents"),
        ({"lengths": "2h", "latst": "9:00"}, "unknown field"),
        ("whenever", "'whenever' is not a time"),
    ],
)
def test_a_pattern_that_cannot_be_planned_is_refused(table, pattern, said):
    with pytest.raises(BadInputError) as caught:
        plan_shifts(table, patterns={"odd": pattern})
    assert said in str(caught.value)
    assert "pattern" in str(caught.value)


def test_a_scenario_with_a_bad_pattern_is_refused_with_its_line():
    with pytest.raises(BadInputError, match=r"scenario:9: pattern\.a\.least: 5 is more than most"):
        Scenario.parse(TEXT + '[pattern.a]\nleast = 5\nmost = 3\nlengths = "8h"\n')


def test_bounds_that_clash_are_named(table):
    patterns = {"a": {"lengths": "2h", "least": 9}, "b": {"lengths": "1h", "step": "1h"}}
    with pytest.raises(BadInputError) as caught:
        plan_shifts(table, patterns=patterns, seats=4)
    assert "the bounds of a (least = 9), shift_planning (seats = 4) cannot all hold" in str(
        caught.value
    )


def test_a_thousand_patterns_are_refused_at_once(table):
    began = time.process_time()
    with pytest.raises(BadInputError, match="there are 1,000 patterns; allowed: at most 200"):
        plan_shifts(table, patterns={f"p{k}": "2h" for k in range(1000)})
    assert time.process_time() - began < 5


def test_too_many_possible_shifts_are_refused(table):
    table.write_text(
        "interval,agents\n" + "".join(f"2026-01-{d:02d} {h:02d}:00,1\n" for d in range(1, 13)
                                      for h in range(24))
    )  # fmt: skip
    fine = {"lengths": ["4h", "5h", "6h"], "earliest": "00:00", "latest": "23:00", "step": "1min"}
    with pytest.raises(BadInputError, match="more than 400,000 possible shifts"):
        plan_shifts(table, patterns={"a": fine | {"breaks": ["5min between 1h and 3h"]}, "b": fine})


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--method", "guess"], "method: 'guess' is unknown; allowed: cover, goals, both"),
        (["--time-limit", "0s"], "time-limit: '0s' is not above zero"),
        (["--patterns", "nowhere.toml"], "nowhere.toml: does not exist"),
        (["--pattern", "8h", "--patterns", "x.toml"], "--pattern: cannot be combined"),
        (["--pattern", "a=8h", "--pattern", "a=6h"], "one name each"),
        (["--out", "x.toml"], "is a table; allowed: scenarios"),
        (["--simulate"], "a table of requirements has none"),
        (["--method", "goals"], "goals needs a scenario"),
        (["--csv", "no/folder.csv"], "there is no folder no"),
        (["--set", "center.days=2"], "is not a scenario and has no fields to change"),
    ],
)
def test_an_option_that_does_not_fit_is_refused(capsys, table, monkeypatch, options, said):
    monkeypatch.chdir(table.parent)
    (table.parent / "x.toml").write_text('[pattern.a]\nlengths = "2h"\n')
    with pytest.raises(SystemExit) as left:
        main(["shifts", str(table), *options])
    shown = capsys.readouterr()
    assert left.value.code == 2
    assert said in shown.err
    assert shown.out == ""
    assert "Traceback" not in shown.err


def test_without_time_there_is_still_a_plan(table):
    inputs = read_inputs(table, {"a": "2h every 1h", "b": {"lengths": "1h", "most": 1}}, {})
    types = shift_types(inputs.requirement, inputs.patterns, False)
    for planning in (ShiftPlanning(), ShiftPlanning(seats=2), ShiftPlanning(understaffing=3)):
        model = build_cover(inputs.requirement, inputs.patterns, types, planning, is_soft=True)
        unknown = np.full(len(model.linear.costs), np.nan)
        values = greedy_cover(model, inputs.requirement, inputs.patterns, planning, unknown)
        assert values is not None
        rows = model.linear.matrix() @ values
        assert (rows >= np.array(model.linear.low) - 1e-6).all()
        assert (rows <= np.array(model.linear.high) + 1e-6).all()
        missing = sum(values[column] * hours for column, hours in model.short.items())
        assert missing == (1 if planning.seats else 0)
