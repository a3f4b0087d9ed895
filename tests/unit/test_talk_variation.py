"""Days that differ in talk, and remember the day before."""

from __future__ import annotations

import numpy as np
import pytest

from sim.engine import simulate_replication
from sim.model import build
from sim.scenario import Scenario, describe
from sim.scenario.problems import ScenarioError
from sim.tape import busyness, draw_tape
from sim.tape.busy_days import shared_innovation
from sim.tape.tape_drawer import TapeDrawer

ENGINES = ("reference", "kernel")
TEXT = """
[center]
days = 60
open = "08:00-10:00"
[queue.calls]
volume = "400 a day"
talk = "exponential 3min"
hold = "exponential 20s"
wrap = "exponential 30s"
[queue.more]
volume = "5 a day"
talk = "3min"
[group.team]
agents = 60
skills = { calls = 1, more = 1 }
"""
VARIED = '{ cv = "9%", correlation = "30%", memory = "50%" }'
BUSY = '{ cv = "12%", memory = "40%", shape = "lognormal" }'


def parse(variation: str = VARIED, busy: str = BUSY, text: str = TEXT) -> Scenario:
    center = f"[center]\ntalk_variation = {variation}\nbusyness = {busy}"
    return Scenario.parse(text.replace("[center]", center))


def factors(scenario: Scenario, replications: int) -> tuple[np.ndarray, np.ndarray]:
    """Logs of the factors of volume and talk of the first queue, shape (replications, days)."""
    model = build(scenario)
    tapes = TapeDrawer(model).draw_together(7, range(1, replications + 1))
    busy = np.array([busyness(model, 7, k + 1) for k in range(replications)])
    return np.log(busy[:, :, 0]), np.log(tapes.talk_factor[:, :, 0])


def test_cv_memory_and_correlation_are_those_of_the_file():
    busy, talk = factors(parse(), 60)
    assert np.exp(talk).mean() == pytest.approx(1, abs=0.006)
    assert np.exp(talk).std() == pytest.approx(0.09, rel=0.06)
    assert np.corrcoef(talk[:, 1:].ravel(), talk[:, :-1].ravel())[0, 1] == pytest.approx(
        0.5, abs=0.05
    )
    assert np.corrcoef(busy[:, 1:].ravel(), busy[:, :-1].ravel())[0, 1] == pytest.approx(
        0.4, abs=0.05
    )
    assert np.corrcoef(busy.ravel(), talk.ravel())[0, 1] == pytest.approx(0.3, abs=0.05)


def test_a_negative_correlation_makes_talk_short_on_busy_days():
    busy, talk = factors(parse('{ cv = "9%", correlation = "-60%" }'), 30)
    assert np.corrcoef(busy.ravel(), talk.ravel())[0, 1] == pytest.approx(-0.6, abs=0.05)


@pytest.mark.parametrize(
    ("busy", "expected"),
    [('{ cv = "12%", shared = 0 }', 1 - 0.8**2), ("{ cv = 0, shared = 0 }", 1.0)],
    ids=["busyness of each queue", "no busyness"],
)
def test_queues_share_the_talk_that_does_not_come_from_busyness(busy, expected):
    model = build(parse('{ cv = "9%", correlation = "80%" }', busy))
    talk = np.log(TapeDrawer(model).draw_together(7, range(1, 31)).talk_factor)
    assert talk.shape == (30, 60, 2)
    assert np.corrcoef(talk[:, :, 0].ravel(), talk[:, :, 1].ravel())[0, 1] == pytest.approx(
        expected, abs=0.05
    )
    assert talk.std() == pytest.approx(0.09, rel=0.06)


def test_a_correlation_without_busyness_changes_no_talk():
    tapes = [
        draw_tape(build(parse(f'{{ cv = "9%", correlation = "{one}" }}', '"0"')), 2, 1)
        for one in ("0%", "80%")
    ]
    assert tapes[0].talk.tolist() == tapes[1].talk.tolist()


def test_days_differ_in_mean_talk_as_the_cv_says_and_else_by_sampling():
    for variation, expected in (("0", 0.0), ("9%", 0.09)):
        tapes = [draw_tape(build(parse(f'"{variation}"', '"0"')), 3, k) for k in range(1, 5)]
        means, counts = [], []
        for tape in tapes:
            own = tape.queue == 0
            days = (tape.born[own] // 86400).astype(int)
            counts.append(np.bincount(days, minlength=60))
            means.append(np.bincount(days, tape.talk[own], 60) / counts[-1])
        spread = np.var(np.array(means) / 180.0, ddof=1)
        sampling = np.mean(1 / np.array(counts)) * (1 + expected**2)  # exponential: CV 1
        assert spread == pytest.approx(expected**2 + sampling, rel=0.25)


def test_talk_and_hold_are_multiplied_by_day_and_nothing_else():
    plain, varied = (draw_tape(build(parse(one)), 2, 1) for one in ('"0"', VARIED))
    assert plain.talk_factor is None
    assert plain.born.tolist() == varied.born.tolist()
    factor = varied.talk_factor[(varied.born // 86400).astype(int), varied.queue]
    assert varied.talk.tolist() == (plain.talk * factor).tolist()
    assert varied.hold.tolist() == (plain.hold * factor).tolist()
    assert varied.wrap.tolist() == plain.wrap.tolist()
    assert varied.patience.tolist() == plain.patience.tolist()


def test_recorded_talk_stays_as_recorded():
    recorded = '{ recorded = ["08:10", "08:20", "08:30"], talk = ["1min", "", "2min"] }'
    recorded = recorded.replace('""', "nan")
    text = TEXT.replace("days = 60", "days = 1").replace('"400 a day"', recorded)
    tape = draw_tape(build(parse(text=text)), 1, 1)
    plain = draw_tape(build(parse('"0"', text=text)), 1, 1)
    own = tape.queue == 0
    ratio = tape.talk[own] / plain.talk[own]
    assert ratio.tolist() == [1.0, pytest.approx(tape.talk_factor[0, 0]), 1.0]


@pytest.mark.parametrize("engine", ENGINES)
def test_later_legs_have_the_factor_of_their_own_day(engine):
    text = TEXT.replace("days = 60", "days = 3").replace('"400 a day"', '{ recorded = ["08:10"] }')
    text = text.replace('"5 a day"', "0").replace(
        'talk = "exponential 3min"',
        'talk = "3min"\nresolved = 0\n'
        'repeat = { share = 1, after = "24h", at_most = 2, by = "more" }',
    )
    model = build(parse(text=text))
    legs = simulate_replication(model, 4, 1, engine).legs
    factor = draw_tape(model, 4, 1).talk_factor
    assert legs.queue.tolist() == [0, 1]
    expected = [180 * factor[0, 0], 180 * factor[1, 1]]
    assert legs.talk_s.tolist() == pytest.approx(expected, rel=1e-12)


def test_the_engines_agree_to_the_bit():
    text = TEXT.replace("days = 60", "days = 2").replace(
        'hold = "exponential 20s"',
        'hold = "exponential 20s"\ntransfer = { more = "30%" }\nresolved = "50%"\n'
        'repeat = { share = "90%", after = "exponential 12h" }\nvolume_is = "new"',
    )
    model = build(parse(text=text))
    one, other = (simulate_replication(model, 1, 1, engine) for engine in ENGINES)
    for name in ("enter", "leave", "talk_s", "hold_s", "end"):
        assert getattr(one.legs, name).tobytes() == getattr(other.legs, name).tobytes(), name


def test_without_a_memory_or_variation_nothing_changes():
    base = Scenario.parse(TEXT.replace("[center]", '[center]\nbusyness = "10%"'))
    same = Scenario.parse(
        TEXT.replace(
            "[center]", '[center]\nbusyness = { cv = "10%", memory = 0 }\ntalk_variation = 0'
        )
    )
    assert base.fingerprint == same.fingerprint
    assert draw_tape(build(base), 1, 1).talk.tolist() == draw_tape(build(same), 1, 1).talk.tolist()


def test_two_series_cannot_have_any_correlation():
    with pytest.raises(ScenarioError, match="center.talk_variation.correlation: 0.95 cannot be"):
        parse('{ cv = "9%", correlation = "95%", memory = "90%" }')
    assert parse('{ cv = "9%", correlation = "95%", memory = "90%" }', '"0"')
    with pytest.raises(ScenarioError, match="memory: 100% would make"):
        parse('{ cv = "9%", memory = "100%" }')
    assert shared_innovation(0.3, 0.4, 0.4) == pytest.approx(0.3)


def test_check_says_it_and_a_change_by_path_sets_it():
    said = " ".join(describe(parse()))
    assert "Talk and hold vary from day to day by 9% (standard deviation)" in said
    assert "Daily volume: memory 40% from one day to the next" in said
    changed = parse().with_(**{"center.talk_variation": "12%", "center.busyness.memory": "+10pp"})
    assert changed.center.talk_variation.cv == pytest.approx(0.12)
    assert changed.center.busyness.memory == pytest.approx(0.5)
