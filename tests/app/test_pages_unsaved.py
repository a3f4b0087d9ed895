"""One notion of state: unsaved changes lie over every page, and are saved or discarded there."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.workspace.folder import Folder
from sim.units import BadInputError

PLACE = "start:callback_peak|"
EDIT = {"words": "Group sales: +2 agents", "set": {"group.sales.agents": "+2"}}
PAGE = """
import streamlit as st
from sim.app.changes_bar import changes_bar
from sim.app.scenario_picker import pick_scenario
with st.sidebar:
    choice = pick_scenario()
st.session_state["seen"] = choice
changes_bar()
"""


@pytest.fixture
def test():
    found = AppTest.from_string(PAGE, default_timeout=30)
    found.session_state["scenario"] = "callback_peak"
    found.run()
    return edited(found, EDIT)


def edited(test, *edits):
    test.session_state["workspace"].set_value(f"{PLACE}:edits", [json.dumps(e) for e in edits])
    return clean(test.run())


def clean(test):
    assert not test.exception
    return test


def agents(test):
    return test.session_state["seen"].scenario.group["sales"].agents.values


def words(test):
    return " ".join(one.value for one in test.markdown)


def press(test, label):
    next(one for one in test.button if one.label == label).click()
    return clean(test.run())


def named(test, name):
    next(one for one in test.text_input if one.label == "Variant name").set_value(name)
    return press(test, "Save as variant")


def test_unsaved_changes_lie_over_every_page_and_are_named(test):
    assert agents(test)[0] == 16
    assert "**Unsaved changes:** Group sales\\: \\+2 agents" in words(test)
    assert test.session_state["seen"].title.endswith("with unsaved changes")
    press(test, "Discard")
    assert agents(test)[0] == 14
    assert "No unsaved changes" in words(test)
    assert "Discard" not in [one.label for one in test.button]


def test_unsaved_changes_become_a_variant_that_is_then_chosen(test):
    named(test, "")
    assert "name\\: is empty" in " ".join(one.value for one in test.error)
    named(test, "Two more")
    clean(test.run())
    choice = test.session_state["seen"]
    assert (choice.variant.name, choice.unsaved, choice.words) == (
        "Two more",
        (),
        ("Group sales: +2 agents",),
    )
    assert agents(test)[0] == 16
    assert "Two more. :gray[No unsaved changes.]" in words(test)


def test_further_changes_go_into_the_chosen_variant(test):
    named(test, "More")
    clean(test.run())
    space = test.session_state["workspace"]
    space.set_value(f"{PLACE}More:edits", [json.dumps(EDIT)])
    clean(test.run())
    assert agents(test)[0] == 18
    press(test, "Update variant More")
    one = space.variants("callback_peak")["More"]
    assert one.words == ("Group sales: +2 agents", "Group sales: +2 agents")
    clean(test.run())
    assert (agents(test)[0], test.session_state["seen"].unsaved) == (18, ())


def test_a_variant_that_cannot_be_saved_stays_with_its_unsaved_changes(test, monkeypatch):
    named(test, "More")
    clean(test.run())
    space = test.session_state["workspace"]
    space.set_value(f"{PLACE}More:edits", [json.dumps(EDIT)])
    clean(test.run())
    before, write = space.variants("callback_peak"), Folder.write

    def full(folder, name, content):
        if name.startswith("variants/"):
            raise BadInputError(f"{name}: cannot be written: No space left on device")
        write(folder, name, content)

    monkeypatch.setattr(Folder, "write", full)
    press(test, "Update variant More")
    assert "No space left" in " ".join(one.value for one in test.error)
    assert space.variants("callback_peak") == before
    clean(test.run())
    assert (agents(test)[0], test.session_state["seen"].unsaved) == (
        18,
        ("Group sales: +2 agents",),
    )


def test_changes_are_written_into_a_copy_of_a_shipped_scenario(test):
    press(test, "Apply to the scenario")
    clean(test.run())
    choice = test.session_state["seen"]
    assert choice.key.startswith("mine/")
    assert (choice.unsaved, choice.scenario.steps) == ((), ())
    assert agents(test)[0] == 16
    assert test.session_state["workspace"].variants(choice.key) == {}


def test_a_change_that_fits_no_more_is_said_and_can_be_discarded(test):
    edited(test, {"words": "Group gone: +1 agent", "set": {"group.gone.agents": "+1"}})
    assert "Unsaved changes do not fit the scenario" in words(test)
    assert agents(test)[0] == 14
    press(test, "Discard")
    assert "No unsaved changes" in words(test)


def test_a_damaged_store_of_changes_is_left_out(test):
    test.session_state["workspace"].set_value(f"{PLACE}:edits", ["{", json.dumps(EDIT), "3"])
    clean(test.run())
    assert test.session_state["seen"].unsaved == ("Group sales: +2 agents",)


def test_a_change_by_question_comes_after_what_sliders_change(test):
    from sim.scenario import load

    script = AppTest.from_string(
        """
import streamlit as st
from sim.app.unsaved_edits import add_edit, unsaved
from sim.scenario import load
from sim.scenario.what_if import add_agents
base, place = load("callback_peak"), "start:callback_peak|"
now = unsaved(base, place)
if not st.session_state.get("added"):
    st.session_state["added"] = True
    add_edit(base, place, add_agents(now.scenario, "sales", 3, "09:00", "09:30"))
    now = unsaved(base, place)
st.session_state["now"] = now
"""
    )
    space = test.session_state["workspace"]
    script.session_state["workspace"] = space
    space.forget_values(PLACE)
    space.set_value(f"{PLACE}:|group.sales.agents", 2)
    space.set_value(f"{PLACE}:further", "queue.orders.balk=5%")
    clean(script.run())
    now = script.session_state["now"]
    assert now.words == (
        "Agents +2",
        "Queue orders: balk 5%",
        "Group sales: +3 agents, 09:00 to 09:30",
    )
    base = load("callback_peak").group["sales"].agents.values
    found = now.scenario.group["sales"].agents.values
    assert [b - a for a, b in zip(base, found, strict=True)] == [5, *[2] * 17]
    assert f"{PLACE}:further" not in space.values


def opened(page):
    found = AppTest.from_string(f"from sim.app.pages import {page}\n{page}.page()")
    found.default_timeout = 60
    found.session_state["scenario"] = "callback_peak"
    found.session_state["runs"] = 5
    return clean(found.run())


def stored(test, place=PLACE):
    values = test.session_state["workspace"].values
    return [json.loads(text)["words"] for text in values[f"{place}:edits"]]


def test_required_agents_are_applied_to_the_scenario_or_as_a_variant():
    found = opened("staffing")
    press(found, "Add as unsaved change")
    assert stored(found) == ["Required agents by formula"]
    next(one for one in found.text_input if one.label == "Variant name").set_value("Mine")
    press(found, "Save as variant")
    space = found.session_state["workspace"]
    assert space.variants("callback_peak")["Mine"].words[0] == "Required agents by formula"
    assert not space.values.get(f"{PLACE}:edits")


def test_a_bot_that_was_tried_is_applied_and_its_result_is_saved():
    found = opened("self_service")
    press(found, "Save result")
    space = found.session_state["workspace"]
    one = space.saved_results["A peak with callbacks: bot in front of orders"]
    assert one.words == ("Bot in front of orders, 25 % contained",)
    assert one.scenario.bot_of("orders")
    press(found, "Add as unsaved change")
    assert stored(found) == ["Bot in front of orders, 25 % contained"]


def drawer(scenario):
    found = AppTest.from_string(PAGE, default_timeout=60)
    found.session_state["scenario"] = scenario
    clean(found.run())
    return press(found, "What if …")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("Agents", "Group generalists: +2 agents on each shift"),
        ("Merge groups", "Groups generalists and cards merged into generalists"),
        ("Bot", "Bot in front of billing, 55 % try it, 30 % of these contained"),
        ("Volume", "Volume +10 %"),
    ],
)
def test_each_kind_of_change_is_built_without_syntax(kind, words):
    found = drawer("retail_monday")
    next(one for one in found.get("button_group") if one.key == "if:kind").set_value(kind)
    clean(found.run())
    clean(found.run())  # the page is drawn anew, as when a simulation ends; the drawer stays
    press(found, "Add this change")
    assert [one.label for one in found.button if one.label == "Add this change"] == []
    seen = found.session_state["seen"].unsaved or stored(found, "start:retail_monday|")
    assert seen[0].startswith(words)


def test_agents_are_set_to_a_number_all_day():
    found = drawer("callback_peak")
    next(one for one in found.get("button_group") if one.key == "if:how").set_value(
        "Set to a number"
    )
    clean(found.run())
    press(found, "Add this change")
    assert agents(found)[0] == 20
    assert set(agents(found)) == {20}
    assert found.session_state["seen"].unsaved == ("Group sales: 20 agents all day",)


def test_what_cannot_be_built_is_said_in_the_drawer():
    found = drawer("callback_peak")
    number = next(one for one in found.number_input if one.key == "if:agents")
    number.set_value(0)
    clean(found.run())
    assert "changes nothing" in " ".join(one.value for one in found.error)
    add = next(one for one in found.button if one.label == "Add this change")
    assert add.disabled
    next(one for one in found.get("button_group") if one.key == "if:kind").set_value("Merge groups")
    clean(found.run())
    assert "only one group" in " ".join(one.value for one in found.info)
