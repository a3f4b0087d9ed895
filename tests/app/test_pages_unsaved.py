"""One notion of state: unsaved changes lie over every page, and are saved or discarded there."""

import json

import pytest
from streamlit.testing.v1 import AppTest

PLACE = "start:callback_peak|"
EDIT = {"words": "+2 agents in sales", "set": {"group.sales.agents": "+2"}}
PAGE = """
import streamlit as st
from sim.app.changes_bar import changes_bar
from sim.app.choose import chosen
with st.sidebar:
    choice = chosen()
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
    next(one for one in test.text_input if one.label == "Name of the variant").set_value(name)
    return press(test, "Save as variant")


def test_unsaved_changes_lie_over_every_page_and_are_named(test):
    assert agents(test)[0] == 16
    assert "**Unsaved changes:** \\+2 agents in sales" in words(test)
    assert test.session_state["seen"].title.endswith("with unsaved changes")
    press(test, "Discard")
    assert agents(test)[0] == 14
    assert "No unsaved changes" in words(test)
    assert "Discard" not in [one.label for one in test.button]


def test_unsaved_changes_become_a_variant_that_is_then_at_hand(test):
    named(test, "")
    assert "name\\: is empty" in " ".join(one.value for one in test.error)
    named(test, "Two more")
    clean(test.run())
    choice = test.session_state["seen"]
    assert (choice.variant.name, choice.unsaved, choice.words) == (
        "Two more",
        (),
        ("+2 agents in sales",),
    )
    assert agents(test)[0] == 16
    assert "Two more. :gray[No unsaved changes.]" in words(test)


def test_further_changes_go_into_the_variant_at_hand(test):
    named(test, "More")
    clean(test.run())
    space = test.session_state["workspace"]
    space.set_value(f"{PLACE}More:edits", [json.dumps(EDIT)])
    clean(test.run())
    assert agents(test)[0] == 18
    press(test, "Save in variant More")
    one = space.variants("callback_peak")["More"]
    assert one.words == ("+2 agents in sales", "+2 agents in sales")
    clean(test.run())
    assert (agents(test)[0], test.session_state["seen"].unsaved) == (18, ())


def test_changes_are_written_into_a_copy_of_a_shipped_scenario(test):
    press(test, "Write into the scenario")
    clean(test.run())
    choice = test.session_state["seen"]
    assert choice.key.startswith("mine/")
    assert (choice.unsaved, choice.scenario.steps) == ((), ())
    assert agents(test)[0] == 16
    assert test.session_state["workspace"].variants(choice.key) == {}


def test_a_change_that_fits_no_more_is_said_and_can_be_discarded(test):
    edited(test, {"words": "+1 agent in gone", "set": {"group.gone.agents": "+1"}})
    assert "Unsaved changes do not fit it" in words(test)
    assert agents(test)[0] == 14
    press(test, "Discard")
    assert "No unsaved changes" in words(test)


def test_a_damaged_store_of_changes_is_left_out(test):
    test.session_state["workspace"].set_value(f"{PLACE}:edits", ["{", json.dumps(EDIT), "3"])
    clean(test.run())
    assert test.session_state["seen"].unsaved == ("+2 agents in sales",)
