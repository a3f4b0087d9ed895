"""Days drawn once and together are those that are drawn one by one."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.experiment.kernel_tallies import KernelTallier
from sim.model.build_model import build_model
from sim.scenario import Scenario
from sim.tape import draw_tape
from sim.tape.drawn_days import DrawnDays
from tests.support.small_scenario import small_scenario

ABSENT = """
[queue.cards]
volume = 20
talk = "exponential 3min"
[group.cards]
agents = 3
skills = { cards = 1, calls = 2 }
absent = "5%"
"""


@pytest.fixture(scope="module")
def model():
    return build_model(Scenario.parse(small_scenario(ABSENT, open='"08:00-09:00"'), Path(".")))


def test_each_day_is_the_one_drawn_alone(model, monkeypatch):
    monkeypatch.setattr("sim.tape.drawn_days.MOST_TOGETHER", 4)
    days = DrawnDays(model, 7)
    numbers = []
    for wanted in (range(3, 6), range(1, 11), range(6, 8)):
        for part in days.parts(wanted):
            tapes = days.tapes(model, part)
            for k, number in enumerate(part):
                numbers.append(number)
                tape, alone = tapes[k], draw_tape(model, 7, number)
                for name in ("queue", "born", "keys", "talk", "hold", "wrap", "patience"):
                    assert (getattr(tape, name) == getattr(alone, name)).all()
                for present, expected in zip(tape.present, alone.present, strict=True):
                    assert (present == expected).all()
                assert tape.replication == number
    assert numbers == [*range(3, 6), *range(1, 11), *range(6, 8)]


def test_parts_end_at_the_same_numbers_wherever_they_begin(model, monkeypatch):
    monkeypatch.setattr("sim.tape.drawn_days.MOST_TOGETHER", 4)
    days = DrawnDays(model, 7)
    assert list(days.parts(range(3, 11))) == [range(3, 5), range(5, 9), range(9, 11)]
    assert list(days.parts(range(5, 5))) == []


def test_no_more_memory_is_taken_than_for_a_part(model, monkeypatch):
    monkeypatch.setattr("sim.tape.drawn_days.MOST_TOGETHER", 4)
    monkeypatch.setattr("sim.tape.drawn_days.MOST_BYTES", 1)
    days = DrawnDays(model, 7)
    for part in days.parts(range(1, 13)):
        days.tapes(model, part)
    assert len(days._tapes) == 1


def test_agents_of_the_model_may_be_fewer_than_were_drawn(model):
    many = replace(model, groups=tuple(replace(g, agents=50) for g in model.groups))
    days, tallier = DrawnDays(many, 7), KernelTallier(model)
    (part,) = days.parts(range(1, 6))
    for number, tally in zip(part, tallier.tally_together(days.tapes(model, part)), strict=True):
        tape = replace(draw_tape(many, 7, number), model=model)
        assert np.array_equal(tally.legs, tallier.tally(tape).legs)
