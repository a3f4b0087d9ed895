"""Today's repeats are taken off observed volumes, and levers then move the volume."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.distributions import Exponential, Lognormal
from sim.model import build
from sim.model.opening_hours import next_open
from sim.model.repeat_deflation import returning
from sim.scenario import Scenario

HOUR = 3600.0
DAYS = np.array([[8 * HOUR, 20 * HOUR], [32 * HOUR, 44 * HOUR], [56 * HOUR, 60 * HOUR]])
THREE = np.array([[(24 * d + 8) * HOUR, (24 * d + 20) * HOUR] for d in range(3)])
TEXT = """
[center]
open = "08:00-20:00"
days = 3

[queue.calls]
volume = 100
talk = "exponential 3min"
resolved = "80%"
repeat = { share = "50%", after = "exponential 2h" }

[queue.cards]
volume = 50
talk = "exponential 3min"

[group.team]
agents = 40
skills = { calls = 1, cards = 1 }
"""


def test_within_hours_a_moment_stays() -> None:
    assert next_open(DAYS, 8 * HOUR) == 8 * HOUR
    assert next_open(DAYS, 33.3 * HOUR) == 33.3 * HOUR


def test_a_moment_in_a_gap_is_carried_in_proportion() -> None:
    assert next_open(DAYS, 20 * HOUR) == 32 * HOUR
    assert next_open(DAYS, 26 * HOUR) == pytest.approx(38 * HOUR)
    assert next_open(DAYS, 53 * HOUR) == pytest.approx(59 * HOUR)
    assert next_open(DAYS, 2 * HOUR) == pytest.approx(11 * HOUR)


def test_after_the_last_closing_nothing_comes() -> None:
    assert next_open(DAYS, 60 * HOUR) == math.inf
    assert next_open(np.empty((0, 2)), 5.0) == math.inf


@given(st.floats(0, 60 * HOUR, exclude_max=True))
def test_a_carried_moment_is_open_and_not_earlier(instant: float) -> None:
    carried = next_open(DAYS, instant)
    assert carried >= instant or carried == pytest.approx(instant)
    assert any(opens <= carried <= closes for opens, closes in DAYS)


def test_those_who_return_are_where_a_simulation_puts_them() -> None:
    volume = np.zeros(120)
    volume[16:40] = np.linspace(20, 60, 24)
    volume[64:88] = 30
    after = Lognormal(math.log(6 * HOUR), 1.0)
    expected = returning(volume, DAYS, 1800, after, hands=200)

    rng = np.random.default_rng(5)
    count = 200_000
    interval = rng.choice(120, count, p=volume / volume.sum())
    moment = (interval + rng.random(count)) * 1800 + 200
    moment += np.exp(after.mu + after.sigma * rng.standard_normal(count))
    landed = np.array([next_open(DAYS, t) for t in moment])
    landed = landed[np.isfinite(landed)] // 1800
    found = np.bincount(landed.astype(int), minlength=120) * volume.sum() / count
    spread = np.sqrt(np.maximum(expected, 0.05) * volume.sum() / count)
    assert (np.abs(found - expected) < 5 * spread + 0.02).all()
    assert found.sum() == pytest.approx(expected.sum(), rel=0.01)


def test_the_repeats_of_a_day_are_taken_off() -> None:
    model = build(Scenario.parse(TEXT))
    calls, cards = model.queues
    volume = np.where(cards.demand.expected > 0, 100.0, 0.0)
    back = returning(volume, THREE, 1800, Exponential(2 * HOUR), 180)
    assert calls.demand.expected == pytest.approx(volume - 0.1 * back)
    assert set(cards.demand.expected) == {0.0, 50.0}
    # New contacts and what comes back of all contacts are the observed volume.
    assert calls.demand.expected + 0.1 * back == pytest.approx(volume)
    assert calls.demand.expected[16] > 99
    assert calls.demand.expected[40 - 1] < 92


def expected(scenario: Scenario, queue: int = 0) -> np.ndarray:
    return build(scenario).queues[queue].demand.expected


def test_a_better_resolution_leaves_the_new_contacts_as_they_are() -> None:
    base = Scenario.parse(TEXT)
    better = base.with_(**{"queue.calls.resolved": "95%"})
    assert expected(better) == pytest.approx(expected(base))
    assert expected(base.with_(**{"queue.calls.repeat": None})) == pytest.approx(expected(base))
    assert expected(base.with_(**{"queue.calls.talk": "*3"})) == pytest.approx(expected(base))
    as_file = Scenario.parse(TEXT.replace('"80%"', '"95%"'))
    assert expected(as_file).sum() > 1.03 * expected(base).sum()


def test_volumes_scale_whatever_was_backed_out() -> None:
    base = Scenario.parse(TEXT)
    more = base.with_(**{"queue.calls.volume": "+10%"})
    assert expected(more) == pytest.approx(1.1 * expected(base))
    doubled = more.with_(**{"queue.calls.volume": "*2"})
    assert expected(doubled) == pytest.approx(2.2 * expected(base))


def test_a_changed_calendar_keeps_the_numbers_of_the_file() -> None:
    base = Scenario.parse(TEXT)
    longer = base.with_(**{"center.days": 5, "queue.calls.resolved": "100%"})
    assert len(expected(longer)) == 240
    as_file = Scenario.parse(TEXT.replace("days = 3", "days = 5"))
    assert expected(longer) == pytest.approx(expected(as_file))


def test_new_volumes_hold_no_repeats() -> None:
    text = TEXT.replace('resolved = "80%"', 'resolved = "80%"\nvolume_is = "new"')
    assert set(expected(Scenario.parse(text))) == {0.0, 100.0}
    assert not Scenario.parse(text).backs_out


def test_repeats_are_taken_off_the_queue_they_come_to() -> None:
    text = TEXT.replace('"exponential 2h" }', '"exponential 2h", by = "cards" }')
    scenario = Scenario.parse(text)
    assert set(expected(scenario)) == {0.0, 100.0}
    back = (50 * 72 - expected(scenario, 1).sum()) / (100 * 72)
    assert 0.08 < back < 0.1


def test_only_what_reaches_people_comes_back() -> None:
    bot = '\n[bot.calls]\nsession = "1min"\ncontained = "50%"\n'
    volume = np.where(expected(Scenario.parse(TEXT), 1) > 0, 100.0, 0.0)
    without = volume - expected(Scenario.parse(TEXT))
    assert volume - expected(Scenario.parse(TEXT + bot)) == pytest.approx(without / 2)


def test_volumes_never_fall_below_zero() -> None:
    text = TEXT.replace('"80%"', '"0%"').replace('share = "50%"', 'share = "100%"')
    text = text.replace("volume = 100", f"volume = {[500] + [1] * 23}")
    found = expected(Scenario.parse(text))
    assert (found >= 0).all()
    assert found[20] == 0


def test_exact_volumes_stay_whole() -> None:
    found = expected(Scenario.parse(TEXT.replace("volume = 100", "volume = { exact = 100 }")))
    assert (found == np.round(found)).all()
    assert 0 < found.sum() < 7200
