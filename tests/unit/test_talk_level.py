"""A level of talk that changes slowly from day to day."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from sim.engine import simulate_replication
from sim.model import build
from sim.scenario import Scenario, describe
from sim.scenario.other_days import over_days
from sim.scenario.problems import ScenarioError
from sim.streams import RandomStreams
from sim.tape import draw_tape
from sim.tape.busy_days import BusyDays

TEXT = """
[center]
first_day = 2026-03-02
days = 40
open = "08:00-10:00"
[queue.calls]
volume = "20 a day"
talk = "3min"
hold = "20s"
wrap = "30s"
[queue.more]
volume = "5 a day"
talk = "3min"
[group.team]
agents = 60
skills = { calls = 1, more = 1 }
"""
REPLICATIONS = range(1, 401)


def parse(variation: str, text: str = TEXT) -> Scenario:
    return Scenario.parse(text.replace("[center]", f"[center]\ntalk_variation = {variation}"))


def levels(scenario: Scenario, replications: range = REPLICATIONS) -> np.ndarray:
    """Factors of talk, shape (replications, days, queues)."""
    found = BusyDays(build(scenario)).draw([RandomStreams(5, number) for number in replications])[1]
    assert found is not None
    return np.asarray(found)


@pytest.mark.parametrize(
    ("date", "since"),
    [("", 1), (", level_date = 2026-03-02", 0), (", level_date = 2026-02-10", 20)],
)
def test_the_level_has_mean_1_and_its_variance_grows_with_the_days(date: str, since: int) -> None:
    found = levels(parse(f'{{ level_change = "2%"{date} }}'))
    assert np.array_equal(found[:, :, 0], found[:, :, 1])  # one level of all queues
    days = since + np.arange(40)
    logs = np.log(found[:, :, 0])
    sigma = np.log1p(0.02**2) ** 0.5
    # Of 400 replications a standard deviation is known to 3.5 %, a mean to 5 % of it.
    assert logs.std(axis=0) == pytest.approx(sigma * days**0.5, rel=0.13, abs=1e-12)
    # A mean of lognormal factors; without half the variance it would be 1.35 after 60 days.
    wide = levels(parse(f'{{ level_change = "10%"{date} }}'))[:, :, 0]
    off = (wide.mean(axis=0) - 1) / np.maximum(wide.std(axis=0) / 20, 1e-12)
    assert np.abs(off).max() < 4.5
    steps = np.diff(logs, axis=1)
    assert steps.std() == pytest.approx(sigma, rel=0.02)
    assert np.corrcoef(steps[:, 1:].ravel(), steps[:, :-1].ravel())[0, 1] == pytest.approx(
        0, abs=0.03
    )


def test_the_level_multiplies_the_factor_of_the_day_which_keeps_its_draws() -> None:
    plain, varied = (
        levels(parse(f'{{ cv = "9%", correlation = "30%", memory = "50%"{more} }}'), range(1, 4))
        for more in ("", ', level_change = "1.1%"')
    )
    alone = levels(parse('{ level_change = "1.1%" }'), range(1, 4))
    assert (plain * alone).tobytes() == varied.tobytes()


@pytest.mark.parametrize("variation", ['"9%"', '{ cv = "9%", memory = "50%" }', "0"])
def test_without_a_change_of_the_level_nothing_changes(variation: str) -> None:
    plain = parse(variation)
    same = plain.with_(**{"center.talk_variation.level_change": 0})
    assert plain.fingerprint == same.fingerprint
    one, other = (draw_tape(build(scenario), 2, 1) for scenario in (plain, same))
    assert one.talk.tobytes() == other.talk.tobytes()


def test_talk_and_hold_have_the_level_and_wrap_up_has_not() -> None:
    tape = draw_tape(build(parse('{ level_change = "5%" }')), 2, 1)
    assert tape.talk_factor is not None
    own = tape.queue == 0
    of_day = tape.talk_factor[(tape.born[own] // 86400).astype(int), 0]
    assert tape.talk[own] == pytest.approx(180 * of_day)
    assert tape.hold[own] == pytest.approx(20 * of_day)
    assert set(tape.wrap[own]) == {30.0}


def test_the_engines_agree_to_the_bit() -> None:
    text = TEXT.replace("days = 40", "days = 3").replace(
        'hold = "20s"', 'hold = "20s"\ntransfer = { more = "30%" }'
    )
    model = build(parse('{ level_change = "10%" }', text))
    one, other = (
        simulate_replication(model, 1, 1, engine).legs for engine in ("reference", "kernel")
    )
    assert len(set(np.round(one.talk_s, 6))) == 3  # one of each day
    for name in ("talk_s", "hold_s", "end"):
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


def test_other_days_count_from_the_date_of_the_level() -> None:
    scenario = parse('{ level_change = "2%", level_date = 2026-02-28 }')
    later = build(over_days(scenario, dt.date(2026, 5, 1), 10)).talk_variation
    assert later.level_days == 62
    assert later.cv_of_day(9) == pytest.approx(0.02 * 71**0.5, rel=0.02)
    assert build(scenario).talk_variation.level_days == 2
    assert build(over_days(scenario, dt.date(2026, 2, 1), 10)).talk_variation.level_days == 1
    undated = parse('{ level_change = "2%" }')
    assert build(over_days(undated, dt.date(2026, 5, 1), 10)).talk_variation.level_days == 1


@pytest.mark.parametrize(
    ("text", "variation", "message"),
    [
        (TEXT, '{ level_change = "1%", level_date = 2026-03-03 }',
         "center.talk_variation.level_date: 2026-03-03 is after the first day; allowed: up to "
         "2026-03-02"),
        (TEXT, '{ level_change = "-1%" }', "center.talk_variation.level_change: '-1%'"),
        (TEXT, '{ level_change = "101%" }', "center.talk_variation.level_change: '101%'"),
        (TEXT, '{ level_change = "1%", level_date = "soon" }', "center.talk_variation.level_date"),
        (TEXT, '{ drift = "1%" }', "center.talk_variation.drift"),
        ('[center]\nlength = "8h"\n[queue.calls]\nvolume = "20 an hour"\ntalk = "3min"\n'
         "[group.team]\nagents = 4\nskills = { calls = 1 }",
         '{ level_change = "1%", level_date = 2026-01-01 }',
         "center.talk_variation.level_date: cannot be combined with length"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_said(text: str, variation: str, message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        parse(variation, text)
    assert message in str(caught.value)


def test_check_says_it_and_a_change_by_path_sets_it() -> None:
    said = " ".join(describe(parse('{ level_change = "1.1%", level_date = 2026-02-28 }')))
    assert "changes at random by 1.1% from one day to the next (standard deviation)" in said
    assert "in all queues alike, from 2026-02-28 on: 7% by the last day" in said
    changed = parse('"9%"').with_(**{
        "center.talk_variation.level_change": "1.5%",
        "center.talk_variation.level_date": "2026-02-01",
    })  # fmt: skip
    assert changed.center.talk_variation.level_date == dt.date(2026, 2, 1)
    assert changed.center.talk_variation.cv == pytest.approx(0.09)
    without = changed.with_(**{"center.talk_variation": "none"})
    assert not build(without).talk_variation.varies
