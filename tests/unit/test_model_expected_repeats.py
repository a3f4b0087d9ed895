"""Repeats deducted from volumes where issues, transfers, context and tenure change resolution."""

import numpy as np
import pytest

from sim.experiment import simulate
from sim.model import build
from sim.model.build_groups import agent_factors
from sim.model.expected_repeats import has_factors, repeat_shares, tenure_factor
from sim.scenario import Scenario

TEXT = """
[center]
days = 28
open = "08:00-18:00"
[queue.calls]
volume = "300 a day"
talk = "exponential 3min"
resolved = "70%"
resolution = { context_lost = "80%", transferred = "90%" }
repeat = { share = "60%", after = "exponential 5h", carried = "40%", lost = "+20%" }
transfer = { experts = { share = "20%", carried = "50%", lost = "+30%" } }
[queue.experts]
volume = "40 a day"
talk = "exponential 5min"
resolved = "80%"
resolution = { transferred = "85%", context_lost = "70%" }
repeat = { share = "50%", after = "exponential 8h", by = "calls" }
[bot.calls]
session = "60s"
contained = "15%"
resolved = "80%"
takes = "100s"
handover = { talk = "-25s", carried = "60%", lost = "+10%" }
[issue.parcel]
queues = { calls = "40%" }
resolves = "70%"
bot_contains = "50%"
[group.team]
agents = 60
skills = { calls = 1, experts = 1 }
tenure = [{ name = "new", share = "30%", speed = "80%", resolves = "85%" }]
"""


@pytest.fixture(scope="module")
def center() -> Scenario:
    return Scenario.parse(TEXT)


def outside(scenario: Scenario, runs: int = 6) -> tuple[float, float]:
    """Contacts that reach the bot or the queue calls from outside, and their standard error."""
    found = simulate(scenario, runs=runs)
    legs = found.tallies
    count = legs.of("legs", "sessions") + legs.of("legs", "offered")
    count -= legs.of("legs", "handed_over") + legs.of("legs", "transfers_in")
    count -= legs.of("legs", "bounces")
    calls = [queue.name for queue in found.model.queues].index("calls")
    totals = count[:, calls].sum(axis=1)
    return float(totals.mean()), float(totals.std(ddof=1) / np.sqrt(runs))


def test_the_volumes_of_the_file_come_back_over_four_weeks(center) -> None:
    assert has_factors(center)
    mean, error = outside(center)
    assert mean == pytest.approx(28 * 300, abs=3 * error + 0.004 * 28 * 300)


def test_better_resolution_lowers_the_volume_and_worse_raises_it(center) -> None:
    before, _ = outside(center, 2)
    for path, value, lower in (
        ("queue.calls.resolution.context_lost", 1.0, True),
        ("queue.calls.resolution.context_lost", 0.5, False),
        ("bot.calls.handover.carried", 1.0, True),
        ("issue.parcel.resolves", 1.0, True),
        ("group.team.tenure", "none", True),
        ("queue.calls.resolved", "80%", True),
    ):
        after, _ = outside(center.with_(**{path: value}), 2)
        assert (after < before) == lower, path


def test_the_share_followed_by_a_repeat_is_what_the_simulation_has(center) -> None:
    new = build(center).queues[0].demand.expected.sum()
    assert new < 28 * 300
    shares = repeat_shares(center, "calls")
    assert set(shares) == {"calls", "experts"}
    assert 0.15 < sum(shares.values()) < 0.4


def test_agents_of_any_headcount_hold_the_shares_as_nearly_as_they_can(center) -> None:
    factors = agent_factors(center.group["team"], 60)
    new = np.cumsum(factors[:, 0] < 1)
    assert new[-1] == 18
    assert np.abs(new - 0.3 * np.arange(1, 61)).max() < 1
    assert set(map(tuple, factors)) == {(1.0, 1.0), (0.8, 0.85)}
    expected = (0.7 + 0.3 * 0.8 * 0.85) / (0.7 + 0.3 * 0.8)
    assert tenure_factor(center, "calls") == pytest.approx(expected)


def test_a_scenario_without_factors_is_deflated_as_before() -> None:
    plain = TEXT.replace('resolution = { context_lost = "80%", transferred = "90%" }\n', "")
    plain = plain.replace('resolution = { transferred = "85%", context_lost = "70%" }\n', "")
    plain = plain.replace('resolves = "70%"\n', "").partition("tenure")[0]
    assert not has_factors(Scenario.parse(plain))


def test_a_plan_with_more_agents_than_the_scenario_has_bands_too(center) -> None:
    [team] = build(center).groups
    more = [team.factors_of(k) for k in range(500)]
    assert sum(speed < 1 for speed, _ in more) == pytest.approx(150, abs=2)
