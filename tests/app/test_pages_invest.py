"""Page Invest without a browser: switches, the search, its result, and what is missing."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sim.planning.investment import find_mix

PAGE = "from sim.app.pages import invest\ninvest.page()"
OFF = ("agent", "bot_coverage", "cross_training", "repair")


def opened(scenario="shop_levers", **state):
    test = AppTest.from_string(PAGE, default_timeout=60)
    test.session_state["scenario"] = scenario
    for key, value in state.items():
        test.session_state[key] = value
    test.run()
    assert not test.exception
    return test


def finished(test):
    next(one for one in test.button if one.label == "Find the best mix").click()
    test.run()
    assert test.session_state["plan:invest"].wait(50)
    test.run()
    assert not test.exception
    return test


def test_levers_are_switches_and_the_best_of_those_that_are_on_is_shown():
    few = {f"invest:lever:{name}": False for name in OFF}
    test = opened(**few, **{"invest:days": 10, "invest:budget": 2000.0})
    labels = [one.label.replace("\\", "") for one in test.toggle]
    assert "Coaching (900 a month)" in labels
    assert "One agent more on the phones (pay only, up to 2 times)" in labels
    finished(test)
    found = test.session_state["plan:invest"].result
    assert [row["name"] for row in found.levers] == ["coaching", "context"]
    assert found.budget == 2000
    assert {one.label.replace("\\", "") for one in test.metric} >= {
        "Difference",
        "Cost a month",
        "Pay-back",
    }
    words = " ".join(one.value for one in test.markdown)
    assert "Take Coaching" in words
    assert "All of it (JSON)" in [one.label for one in test.download_button]
    assert json.loads(found.to_json())["objective"] == "fcr"
    tables = [list(one.value.columns) for one in test.dataframe]
    assert [
        "Lever",
        "In mixes",
        "Cost a month",
        "Difference",
        "95 % CI",
        "Service level",
        "Evidence",
    ] in tables


def test_a_budget_below_every_lever_is_one_message():
    few = {f"invest:lever:{name}": False for name in (*OFF, "context")}
    test = finished(opened(**few, **{"invest:days": 10, "invest:budget": 1.0}))
    assert any("below the cheapest lever" in one.value for one in test.error)


def test_the_tornado_has_room_for_each_bar_below_its_title_and_legend():
    found = find_mix.invest("shop_levers", 2000, levers=["coaching"], runs=5)
    bars = found.tornado
    heights = []
    for count in (1, 2, 9):
        some = replace(found, tornado=[{**bars[0], "assumption": str(k)} for k in range(count)])
        heights.append(some.plot("tornado").to_dict()["height"])
    assert heights[0] >= 150
    assert (heights[1] - heights[0], heights[2] - heights[1]) == (30, 7 * 30)


def test_a_scenario_without_levers_offers_the_catalogue():
    test = opened("bot_promise")
    labels = [one.label.replace("\\", "") for one in test.toggle]
    assert labels[0] == "Levers of the catalogue"
    assert any(one.startswith("Bot contains more") for one in labels)


def test_without_any_lever_there_is_no_button():
    test = opened("bot_promise")
    test.toggle[0].set_value(False).run()
    assert not [one for one in test.button if one.label == "Find the best mix"]
    assert "Switch on at least one lever" in test.info[0].value


def test_a_search_that_was_cancelled_early_says_so(monkeypatch):
    seen = {}

    def found(scenario, *, stop, report, **options):
        seen.update(options)
        raise KeyboardInterrupt

    monkeypatch.setattr(find_mix, "invest", found)
    test = finished(opened())
    assert seen["objective"] == "fcr"
    assert any("Cancelled; no plan was made" in one.value for one in test.info)


@pytest.mark.parametrize("kind", ["frontier", "tornado"])
def test_the_charts_are_drawn_from_the_result(kind):
    found = find_mix.invest("shop_levers", 2000, levers=["coaching"], runs=5)
    text = json.dumps(found.plot(kind).to_dict())
    assert "Coaching" in text
