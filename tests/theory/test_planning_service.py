"""What formulas promise for a staffing, against its simulation."""

import pytest

from sim.planning import staff
from sim.scenario import Scenario

DAY = """
[center]
days = 1
open = "08:00-20:00"
interval = "60min"
[queue.calls]
volume = {volume}
talk = "exponential 90s"
patience = "exponential 120s"
[group.agents]
agents = 1
skills = {{ calls = 1 }}
"""


def test_simulated_service_is_near_the_formula_interval_by_interval():
    """Short calls and long intervals: each interval is nearly stationary."""
    scenario = Scenario.parse(DAY.format(volume=[400 + 20 * (k % 5) for k in range(12)]))
    found = staff(scenario, runs=60, seed=3, workers=1)
    rows = found.of("queue")
    assert len(rows) == 12
    for row in rows[1:]:  # the day starts empty
        width = row["high"] - row["low"]
        assert row["service_level_simulated"] == pytest.approx(
            row["service_level_formula"], abs=max(width, 0.01)
        )
    total = found.of("queue", whole=True)[0]
    assert total["low"] - 0.005 <= total["service_level_formula"] <= total["high"] + 0.005


def test_the_simulated_staffing_reaches_the_target_and_one_agent_less_does_not():
    found = staff(Scenario.parse(DAY.format(volume=400)), runs=40, seed=3, workers=1)
    total = found.of("queue", whole=True)[0]
    assert total["low"] > 0.8
    required = found.of("group")[0]["required"]
    from sim.experiment import simulate

    fewer = simulate(
        found.staffed.with_(**{"group.agents.agents": required - 1}), runs=40, seed=3, workers=1
    )
    assert fewer.estimate("service_level").high < total["low"]


def test_mail_in_idle_time_is_on_time():
    found = staff("email_backlog", runs=8, seed=2, workers=1)
    mail = next(r for r in found.of("queue", whole=True) if r["name"] == "mail")
    calls = next(r for r in found.of("queue", whole=True) if r["name"] == "calls")
    assert mail["low"] >= 0.95
    assert calls["service_level_simulated"] == pytest.approx(
        calls["service_level_formula"], abs=0.03
    )
    required = sum(r["required"] for r in found.of("group", whole=True))
    now = sum(r["now_scheduled"] for r in found.of("group", whole=True))
    assert required < now


@pytest.mark.parametrize("by", ["erlang_a", "erlang_c"])
def test_seed_and_runs_are_kept(by):
    scenario = Scenario.parse(DAY.format(volume=40))
    first = staff(scenario, runs=4, seed=9, by=by, workers=1)
    again = staff(scenario, runs=4, seed=9, by=by, workers=1)
    assert (first.seed, first.runs, first.by) == (9, 4, by)
    assert first.to_json() == again.to_json()


POOL = """
[center]
open = "08:00-20:00"
interval = "60min"
[queue.short]
volume = 200
talk = "exponential 60s"
patience = "exponential 90s"
[queue.long]
volume = 100
talk = "exponential 150s"
patience = "exponential 180s"
[group.all]
agents = 1
skills = { short = 1, long = 1 }
"""


def test_a_pool_gives_what_its_formula_says():
    found = staff(Scenario.parse(POOL), runs=60, seed=3, workers=1)
    assert found.sharings[0].pooled
    for row in found.of("queue", whole=True):
        assert row["service_level_simulated"] == pytest.approx(
            row["service_level_formula"], abs=0.015
        )
    apart, pooled = found.sharings[0].apart_h, found.sharings[0].pooled_h
    assert apart > pooled == sum(r["required"] for r in found.of("group", whole=True))
