"""The naive cut beside what is needed behind self-service."""

from functools import partial

import pytest

import sim
from sim.planning import self_service_savings
from sim.planning.self_service_savings import FORMULA, NAIVE, SIMULATED, WITHOUT, cuts
from sim.report import self_service_view as view
from sim.scenario import ScenarioError
from sim.scenario.what_if import bot_in_front
from sim.units import BadInputError


def with_bot(scenario, queue, fields):
    return scenario.with_(**bot_in_front(scenario, queue, fields).changes)


def simulated(runs, scenario, what):
    assert what.startswith("Simulating the staff")
    return sim.simulate(scenario, runs=runs, seed=1, workers=1)


@pytest.fixture(scope="module")
def shipped(repo_root):
    return lambda name: sim.load(repo_root / "scenarios" / f"{name}.toml")


@pytest.fixture(scope="module")
def promise(shipped):
    return cuts(shipped("bot_promise"), "calls", partial(simulated, 4))


def test_the_promise_of_the_shipped_scenario(promise):
    # Its first comment: 109 agents today, 99 are needed, not 88.
    assert promise.taken == pytest.approx(0.2)
    assert promise.stationary
    assert [promise.of(name).agents for name in (WITHOUT, NAIVE, FORMULA)] == [109, 88, 99]
    assert not promise.of(NAIVE).reached
    assert promise.of(NAIVE).level.value < 0.3
    assert promise.of(FORMULA).level.value > 0.75


def test_the_naive_cut_takes_the_share_off_the_hours_also_of_a_small_team(shipped):
    # Rounded up in each half hour, 15 % of 5 agents would be nothing all day.
    small = {"queue.orders.volume": "*0.4", "group.sales.agents": "*0.4"}
    fields = {"session": "90s", "tried": "60%", "contained": "25%", "resolved": "80%"}
    scenario = with_bot(shipped("callback_peak").with_(**small), "orders", fields)
    found = cuts(scenario, "orders", partial(simulated, 1))
    before, naive = found.of(WITHOUT).agents, found.of(NAIVE).agents
    assert found.taken == pytest.approx(0.15)
    assert naive == pytest.approx(0.85 * before, abs=0.5)


def test_the_simulated_need_lies_near_the_formula_and_reaches_the_target(promise):
    found = promise.of(SIMULATED)
    assert abs(found.agents - 99) <= 3
    assert found.reached
    assert found.level.value >= promise.target


def test_nothing_is_saved_when_nothing_is_resolved(shipped):
    # All that is contained comes back with its work, so the naive cut is wrong altogether.
    fields = {"session": "10s", "contained": "30%", "resolved": "0%", "takes": "average"}
    returns = {"share": "100%", "after": "exponential 5min"}
    scenario = with_bot(shipped("power_of_one"), "calls", {**fields, "returns": returns})
    found = cuts(scenario, "calls", partial(simulated, 2))
    assert found.of(FORMULA).agents == found.of(WITHOUT).agents == 24


def test_what_does_not_fit_is_named(shipped):
    scenario = shipped("retail_monday")
    with pytest.raises(BadInputError, match=r"queue.mail: is deferred work; a live queue"):
        cuts(scenario, "mail", partial(simulated, 1))
    with pytest.raises(BadInputError, match=r"queue.cards: has no self-service"):
        cuts(scenario, "cards", partial(simulated, 1))
    with pytest.raises(ScenarioError, match="contained"):
        with_bot(scenario, "cards", {"session": "60s", "contained": "80%", "left": "30%"})


def test_a_search_without_end_is_given_up(shipped, monkeypatch):
    monkeypatch.setattr(self_service_savings, "MOST_STEPS", 1)
    scenario = shipped("bot_promise").with_(**{"center.length": "8h"})
    found = cuts(scenario, "calls", partial(simulated, 1))
    assert len(found.rows) in (3, 4)
    if found.of(SIMULATED) is None:
        assert "with no number near it" in view.cut_words(found)


def test_the_sliders_give_back_what_they_took(shipped):
    scenario = shipped("retail_monday")
    values = view.slider_values(scenario, "billing")
    assert values == {
        "tried": 55, "contained": 30, "resolved": 80, "left": 4, "back": 90,
        "easy": 62, "session": 90,
    }  # fmt: skip
    again = with_bot(scenario, "billing", view.bot_fields(scenario, "billing", values))
    assert view.slider_values(again, "billing") == values
    assert again.bot["billing"].handover == scenario.bot["billing"].handover
    assert again.bot["billing"].returns.after == scenario.bot["billing"].returns.after
    assert view.slider_values(scenario, "cards") == {}


def test_promises_are_shown_with_simulated_values(shipped):
    scenario = shipped("retail_monday")
    result = sim.simulate(scenario, runs=4, workers=1)
    rows = view.promises(scenario.bot["billing"], result, "billing")
    promised = {row.name: row.promised for row in rows}
    assert promised["Containment"] == pytest.approx(0.34)
    assert promised["Resolved by the bot"] == pytest.approx(0.24)
    assert promised["Bounce-back"] == pytest.approx(0.18)
    for row in rows:
        assert row.low - 0.03 <= row.promised <= row.high + 0.03, row.name
    assert view.promise_table(rows)[0]["Assumed"] == "30.0 %"


def test_what_is_left_talks_longer(shipped):
    scenario = shipped("bot_promise").with_(**{"center.length": "6h"})
    before = self_service_savings.without_bot(scenario, "calls")
    results = [sim.simulate(one, runs=2, workers=1) for one in (scenario, before)]
    table = {row["Mean time"]: row for row in view.talk_table(scenario, "calls", *results)}
    # (360 - 0.2 * 180) / 0.8 = 405 s
    assert table["Talk time of the remaining contacts"]["By formula"] == "6:45"
    assert table["Talk time of all contacts, as set for the queue"]["By formula"] == "6:00"


def test_the_words_say_what_the_naive_cut_does(promise):
    words = view.cut_words(promise)
    assert "goes from 109 agents to 88" in words
    assert "By formula 99 are required, by simulation" in words
    table = view.cut_table(promise)
    assert [row["Agents"] for row in table][:3] == ["109", "88", "99"]
    assert table[1]["Targets reached"] == "no"
    assert all(" to " in row["95 % confidence interval"] for row in table)
    assert table[3]["Targets reached"] == "undecided"  # found by its mean, just above the target
    assert words.endswith(f"by simulation {table[3]['Agents']}, in steps of 1.")
