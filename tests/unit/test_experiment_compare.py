"""Comparing scenarios on common random numbers."""

import json
from pathlib import Path

import numpy as np
import pytest

from sim.experiment import Comparison, compare, simulate
from sim.scenario import Scenario
from tests.support.small_scenario import small_scenario

SCENARIO = small_scenario(target=None)


@pytest.fixture(scope="module")
def base() -> Scenario:
    return Scenario.parse(SCENARIO, Path("."))


@pytest.fixture(scope="module")
def comparison(base: Scenario) -> Comparison:
    return compare([base, base.with_(**{"group.all.agents": 5}), base], runs=12, seed=3)


def test_an_agent_more_helps_and_shows(comparison: Comparison) -> None:
    table = comparison.differences(scope="queue", metric="service_level")
    more, same = table[table["other"] == "Small (2)"], table[table["other"] == "Small (3)"]
    assert more["difference"].item() > 0.05
    assert more["low"].item() > 0
    assert bool(more["significant"].item())
    assert same["difference"].item() == 0
    assert not bool(same["significant"].item())


def test_nothing_differs_from_itself(comparison: Comparison) -> None:
    same = [row for row in comparison.rows if row.other == "Small (3)"]
    assert len(same) > 50
    assert not any(row.significant for row in same)
    assert all(row.difference in (0.0, None) for row in same)


def test_common_random_numbers_give_narrower_differences(base: Scenario) -> None:
    other = base.with_(**{"group.all.agents": 5})
    paired = compare([base, other], runs=12, seed=3)
    row = next(r for r in paired.rows if (r.scope, r.metric) == ("total", "abandonment"))
    alone = [simulate(s, runs=12, seed=3).estimate("abandonment").half for s in (base, other)]
    assert row.high is not None
    assert row.low is not None
    assert (row.high - row.low) / 2 < 0.8 * np.hypot(*[h or 0.0 for h in alone])


def test_the_difference_is_that_of_the_metrics(base: Scenario, comparison: Comparison) -> None:
    one, two = comparison.results[:2]
    for row in comparison.rows:
        if row.other == "Small (2)" and row.difference is not None:
            assert row.base == one.estimate(row.metric, row.scope, row.name).value
            assert row.value == two.estimate(row.metric, row.scope, row.name).value
            assert row.difference == pytest.approx(row.value - row.base)  # type: ignore[operator]
            assert row.low is not None
            assert row.high is not None
            assert row.low <= row.difference + 1e-12
            assert row.difference <= row.high + 1e-12


def test_json_keeps_its_promise(comparison: Comparison) -> None:
    document = json.loads(comparison.to_json())
    assert document["base"] == "Small"
    assert document["others"] == ["Small (2)", "Small (3)"]
    keys = ["other", "scope", "name", "metric", "base", "value"]
    keys += ["difference", "low", "high", "significant"]
    assert all(list(row) == keys for row in document["differences"])


def test_one_pair_shows_nothing(base: Scenario) -> None:
    pair = compare([base, base.with_(**{"group.all.agents": 5})], runs=1)
    assert all(row.low is None and not row.significant for row in pair.rows)


def test_one_scenario_is_too_few(base: Scenario) -> None:
    with pytest.raises(ValueError, match="1 given, at least 2"):
        compare([base])


def test_labels_must_fit(base: Scenario) -> None:
    with pytest.raises(ValueError, match="labels: 1 given, 2 are needed"):
        compare([base, base], runs=1, labels=["one"])


def test_what_only_one_side_counts_is_zero_on_the_other(base: Scenario) -> None:
    offer = {"offer_after": "5s", "accepted": "90%", "answered": "100%"}
    offering = base.with_(**{"queue.calls.callback": offer})
    for pair, sign in (([base, offering], 1), ([offering, base], -1)):
        rows = {(r.scope, r.metric): r for r in compare(pair, runs=6, seed=3).rows}
        row = rows["total", "callbacks"]
        assert row.significant
        assert sign * (row.difference or 0.0) > 0
        assert 0.0 in (row.base, row.value)
        assert ("total", "callback_wait_s") not in rows


def test_a_change_that_rounding_takes_back_is_said():
    center = Scenario.parse("""
        [center]
        length = "2h"
        [queue.calls]
        volume = 10
        talk = "exponential 3min"
        [group.team]
        agents = 6
        shrinkage = "28%"
        skills = { calls = 1 }
    """)
    found = compare([center, center.with_(**{"group.team.agents": 5})], runs=2, labels=["6", "5"])
    assert found.differences("total", "offered")["difference"].tolist() == [0]
    assert any("5: group team: other numbers are scheduled" in note for note in found.all_notes)
    more = compare([center, center.with_(**{"group.team.agents": 8})], runs=2)
    assert not any("are scheduled" in note for note in more.all_notes)
