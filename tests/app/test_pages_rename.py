"""Copies ask for a name and a question of their own; queues, groups and files are renamed."""

import json
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.scenario_draft import KEY
from sim.app.workspace import MOST_SAVED, Variant
from sim.app.workspace.folder import Folder
from sim.scenario import Scenario
from sim.scenario.what_if import bot_in_front
from sim.units import BadInputError

PAGE = "from sim.app.pages import scenario\nscenario.page()"


def opened(part="Queues", scenario="one_agent_late", workspace=None):
    test = AppTest.from_string(PAGE, default_timeout=30)
    if workspace is not None:
        test.session_state["workspace"] = workspace
    test.session_state["scenario"] = scenario
    test.session_state["scenario:part"] = part
    test.run()
    assert not test.exception
    return test


@pytest.fixture
def copy():
    test = opened()
    field = next(one for one in test.text_input if one.key.endswith(":queue.calls.balk"))
    field.set_value("5%").run()
    assert not test.exception
    return test


def named(test, label, place):
    return next(o for o in test.text_input if o.label == label and f":{place}:" in str(o.key))


def save(test, place):
    buttons = [b for b in test.button if b.label == "Save name and question"]
    next(b for b in buttons if f":{place}:" in str(b.proto.form_id)).click().run()
    assert not test.exception


def own(test):
    (name, scenario), *_ = test.session_state["workspace"].scenarios.items()
    return name, scenario


def test_a_copy_asks_for_a_name_and_a_question_of_its_own(copy):
    assert any("This is a copy of" in one.value for one in copy.markdown)
    assert named(copy, "Question", "copy").value == ""
    named(copy, "Name", "copy").set_value("Our shop")
    named(copy, "Question", "copy").set_value("Do we need a late shift?")
    named(copy, "File", "copy").set_value("our shop")
    save(copy, "copy")
    name, scenario = own(copy)
    assert name == "our-shop"
    assert scenario.name == "Our shop"
    assert scenario.text.startswith("# Do we need a late shift?\n")
    assert scenario.queue["calls"].balk == 0.05
    assert copy.session_state["scenario"] == "mine/our-shop"
    assert copy.session_state[KEY].name == "our-shop.toml"
    assert not any("This is a copy of" in one.value for one in copy.markdown)


def test_the_question_of_an_example_is_not_taken_for_that_of_a_copy(copy):
    key = copy.session_state["scenario"]
    test = AppTest.from_string(
        "import streamlit as st\nfrom sim.app.scenario_picker import pick_scenario\n"
        "st.text(pick_scenario().question)",
        default_timeout=30,
    )
    test.session_state["workspace"] = copy.session_state["workspace"]
    test.session_state["scenario"] = key
    test.run()
    assert test.text[0].value == ""


def test_a_shipped_scenario_asks_nothing():
    assert not any("This is a copy of" in one.value for one in opened().markdown)


def test_a_wrong_name_is_reported_and_changes_nothing(copy):
    before = own(copy)[1].text
    named(copy, "Name", "copy").set_value(" ")
    save(copy, "copy")
    assert any("is empty" in one.value for one in copy.error)
    assert own(copy)[1].text == before


def rename(test, family, old, new):
    next(o for o in test.text_input if o.key == f"rename:{family}:{old}").set_value(new)
    next(b for b in test.button if b.key == f"do:rename:{family}:{old}").click().run()
    assert not test.exception


def test_a_renamed_queue_takes_variants_and_unsaved_changes_with_it(copy):
    space, key = copy.session_state["workspace"], copy.session_state["scenario"]
    step = {"queue.calls.volume": "+10%"}
    space.save_variant(Variant("more", "", key, ("Queue calls: volume +10 %",), (step,)))
    edit = json.dumps({"words": "Queue calls: balk 7%", "set": {"queue.calls.balk": "7%"}})
    space.set_value(f"start:{key}|:edits", [edit])
    rename(copy, "queue", "calls", "Tier-1 (a)")
    assert list(own(copy)[1].queue) == ["Tier-1 (a)"]
    (variant,) = space.variants(key).values()
    assert variant.steps == ({"queue.Tier-1 (a).volume": "+10%"},)
    assert variant.words == ("Queue Tier-1 (a): volume +10 %",)
    (kept,) = space.values[f"start:{key}|:edits"]
    assert json.loads(kept)["set"] == {"queue.Tier-1 (a).balk": "7%"}


def test_a_group_is_renamed_and_a_name_that_is_taken_is_refused():
    test = opened("Groups", "two_classes_overflow")
    rename(test, "group", "small", "large")
    assert any("there is a 'large' already" in one.value for one in test.error)
    rename(test, "group", "small", "front desk")
    assert "front desk" in own(test)[1].group


def rename_file(test, name):
    named(test, "Name", "copy").set_value("Our shop")
    named(test, "File", "copy").set_value(name)
    save(test, "copy")


def test_a_renamed_file_keeps_as_many_variants_as_there_may_be(copy):
    space, key = copy.session_state["workspace"], copy.session_state["scenario"]
    names = [f"Variant {k}" for k in range(MOST_SAVED)]
    for k, name in enumerate(names):
        step = {"queue.calls.volume": f"+{k + 1}%"}
        space.save_variant(Variant(name, "a note", key, ("more",), (step,)))
    before = space.variants(key)
    rename_file(copy, "our shop")
    after = space.variants("mine/our-shop")
    assert after == {n: replace(one, base="mine/our-shop") for n, one in before.items()}
    assert len(after) == space.variant_count == MOST_SAVED


def test_a_file_whose_variants_cannot_follow_keeps_its_name(copy, monkeypatch):
    space, key = copy.session_state["workspace"], copy.session_state["scenario"]
    for name in ("a", "b"):
        step = {"queue.calls.volume": "+10%"}
        space.save_variant(Variant(name, "", key, ("more",), (step,)))
    before, write = space.variants(key), Folder.write

    def full(folder, name, content):
        if name.endswith("variants/b.toml") and b"our-shop" in content.encode():
            raise BadInputError(f"{name}: cannot be written: No space left on device")
        write(folder, name, content)

    monkeypatch.setattr(Folder, "write", full)
    rename_file(copy, "our shop")
    assert any("No space left" in one.value for one in copy.error)
    assert (space.variants(key), list(space.scenarios)) == (before, [key.removeprefix("mine/")])


@pytest.mark.parametrize("queue", ["", 'queue = "calls"\n'])
def test_a_variant_with_another_bot_fits_the_renamed_scenario(copy, queue):
    space, key = copy.session_state["workspace"], copy.session_state["scenario"]
    scenario = own(copy)[1]
    bot = f'\n[bot.calls]\n{queue}session = "40s"\ncontained = "20%"\nresolved = "80%"\n'
    space.change_scenario(key.removeprefix("mine/"), Scenario.parse(scenario.text + bot))
    edit = bot_in_front(own(copy)[1], "calls", {"contained": "30%", "session": "40s"})
    steps = (edit.changes, {"bot.calls.contained": "35%"})
    space.save_variant(Variant("more", "", key, (edit.words, "Bot calls: contained 35%"), steps))
    space.save_variant(Variant("none", "", key, ("No bot",), ({"bot.calls": "none"},)))
    copy.run()
    rename(copy, "queue", "calls", "phone")
    more, none = (space.variants(key)[name] for name in ("more", "none"))
    assert more.words[0] == "Bot in front of phone, 30 % contained"
    assert more.over(own(copy)[1]).bot_of("phone")[1].contained == 0.35
    assert none.over(own(copy)[1]).bot_of("phone") is None
