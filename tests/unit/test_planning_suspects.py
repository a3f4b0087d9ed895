"""The search for the assumption that is most suspect, with errors that are known."""

import numpy as np
import pytest

from sim.planning.scored_periods import ScoredPeriods, gain_bounds, misfit
from sim.planning.suspects import SEARCH_RUNS, find_suspects
from sim.scenario import Scenario

CENTER = """
[center]
name = "shop"
first_day = 2026-03-02
open = "08:00-10:00"
[queue.orders]
volume = 40
talk = "exponential 200s"
patience = "exponential 120s"
[group.team]
agents = 4
skills = { orders = 1 }
"""
DAYS = tuple(f"2026-03-{day:02d}" for day in range(2, 22))
NOISE = np.random.default_rng(5).uniform(0.5, 1.5, len(DAYS))


def periods(error, random_error=1.0, labels=DAYS):
    weight = np.ones(len(labels))
    values = error * NOISE[: len(labels)]
    return (ScoredPeriods("orders", "asa_s", labels, values * weight, weight, random_error),)


@pytest.fixture(scope="module")
def scenario():
    return Scenario.parse(CENTER)


@pytest.fixture
def asked():
    return []


def scored_by(asked, right_talk):
    def scored(scenario, runs):
        talk = scenario.queue["orders"].talk.mean
        asked.append((talk, scenario.queue["orders"].patience.mean, runs))
        return periods(0.5 + abs(talk - right_talk) / 10)

    return scored


@pytest.mark.parametrize(
    ("right", "change"),
    [(240, "+20 %"), (220, "+10 %"), (210, "+5 %"), (190, "-5 %"), (160, "-20 %")],
)
def test_the_change_that_is_right_is_found_and_simulated_with_all_replications(
    scenario, asked, right, change
):
    found = find_suspects(scenario, scored_by(asked, right), 100)
    assert (found[0].name, found[0].change, found[0].runs) == ("talk", change, 100)
    assert found[0].misfit == pytest.approx(0.5 * NOISE.mean())
    assert [one.change for one in found[1:]] == ["", ""]
    full = [one for one in asked if one[2] == 100]
    assert full == [(200, 120, 100), (pytest.approx(right), 120, 100)]
    assert {one[2] for one in asked} == {SEARCH_RUNS, 100}
    assert len(asked) <= 14


def test_a_right_scenario_has_no_suspect(scenario, asked):
    found = find_suspects(scenario, scored_by(asked, 200), 100)
    assert {one.change for one in found} == {""}
    assert {one.gain for one in found} == {0.0}
    assert {one[2] for one in asked} == {SEARCH_RUNS}


def test_progress_ends_at_its_end(scenario, asked):
    seen = []
    find_suspects(scenario, scored_by(asked, 240), 100, lambda *done: seen.append(done))
    assert seen == sorted(seen)
    assert seen[-1][0] == seen[-1][1] >= len(asked)


def test_days_that_vary_more_are_no_better_fit():
    base, changed = periods(2.0, random_error=1.0), periods(2.0, random_error=4.0)
    assert misfit(changed, base) == misfit(base, base)


def test_the_gain_is_as_certain_as_the_days_are_many():
    better = periods(1.0)
    noise = np.where(np.arange(len(DAYS)) % 2, 3.0, 0.5)
    worse_on_some = (ScoredPeriods("orders", "asa_s", DAYS, noise, np.ones(len(DAYS)), 1.0),)
    low, high = gain_bounds(worse_on_some, better)
    gain = 1 - float(misfit(better, worse_on_some)[0] / misfit(worse_on_some, worse_on_some)[0])
    assert low < gain < high
    assert 0.1 < high - low < 0.6
    certain = gain_bounds(periods(2.0), periods(1.0))
    assert certain == pytest.approx((0.5, 0.5))
    assert gain_bounds(periods(2.0, labels=DAYS[:4]), periods(1.0, labels=DAYS[:4])) is None
