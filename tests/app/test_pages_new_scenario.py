"""New scenario without a browser: a pasted table becomes a scenario, errors stand beside it."""

import pytest
from streamlit.testing.v1 import AppTest

from sim.app import navigation
from sim.app.workspace.storage import open_workspace

PAGE = "from sim.app.pages import new_scenario\nnew_scenario.page()"
START = "from sim.app.pages import start\nstart.page()"
TABLE = "time\tbilling\tchat\n05/02/2026 08:00\t40\t6\n05/02/2026 08:30\t50\t9\n"


@pytest.fixture
def went(monkeypatch):
    """Where the page led to; a single page has no others to go to."""
    found = []
    monkeypatch.setattr(navigation, "go_to", found.append)
    return found


def pasted(text=TABLE):
    test = AppTest.from_string(PAGE, default_timeout=30)
    test.run()
    test.text_area[0].set_value(text).run()
    assert not test.exception
    return test


def field(test, label, at=0):
    return [one for one in test.text_input if one.label.startswith(label)][at]


def create(test):
    next(one for one in test.button if one.label == "Create and simulate").click().run()
    return test


def test_the_order_of_dates_is_asked_and_nothing_is_guessed_before(went):
    test = pasted()
    assert "05/02/2026" in test.radio[0].label
    assert test.radio[0].value is None
    assert not any(one.label == "Create and simulate" for one in test.button)
    test.radio[0].set_value("day first").run()
    assert [one.value for one in test.text_input if one.label == "Queue"] == ["billing", "chat"]


def test_a_pasted_table_becomes_a_scenario_of_ones_own(went):
    test = pasted()
    test.radio[0].set_value("day first").run()
    for at in (0, 1):
        field(test, "Handle time", at).set_value("4min")
    field(test, "Question").set_value("Do we have enough people?")
    create(test)
    assert not test.exception
    assert not test.error
    assert went == [navigation.START]
    (name, scenario), *_ = test.session_state["workspace"].scenarios.items()
    assert test.session_state["scenario:next"] == f"mine/{name}"
    assert list(scenario.queue) == ["billing", "chat"]
    assert scenario.center.first_day.isoformat() == "2026-02-05"
    assert scenario.text.startswith("# Do we have enough people?\n")


def test_assumptions_outlive_a_reload_and_say_when_the_scenario_was_changed(went):
    test = pasted(TABLE.replace("05/02/2026", "2026-02-05"))
    for at in (0, 1):
        field(test, "Handle time", at).set_value("4min")
    create(test)
    started = AppTest.from_string(START, default_timeout=30)
    folder = test.session_state["workspace"].folder.root
    started.session_state["workspace"] = open_workspace(folder)  # read anew, as after a restart
    started.session_state["scenario"] = test.session_state["scenario:next"]
    started.session_state["runs"] = 5
    (box,) = assumptions(started.run())
    assert "handle times are exponential" in box.markdown[0].value
    assert not box.caption
    next(one for one in started.slider if one.label == "Volume").set_value(10).run()
    (box,) = assumptions(started)
    assert "has been changed since" in box.caption[0].value


def assumptions(test):
    assert not test.exception
    return [one for one in test.expander if one.label.startswith("Assumptions")]


def test_a_handle_time_column_of_a_queue_fills_its_field(went):
    lines = ["2026-02-05 08:00\t40\t5:24\tx", "2026-02-05 08:30\t50\t5:24\ty"]
    test = pasted("\n".join(["time\tbilling\tAHT billing\tremark", *lines]))
    assert field(test, "Handle time").label == "Handle time (AHT)"
    assert any("mean handle time 5min 24s" in box.label for box in test.checkbox)
    assert any("Columns not used: remark" in one.value for one in test.caption)
    (picked,) = [one for one in test.selectbox if one.label == "Handle time of billing"]
    picked.set_value(picked.options[0]).run()
    assert field(test, "Handle time").label == "Handle time (AHT) *"


def test_what_is_wrong_stands_beside_its_queue_until_it_is_changed(went):
    test = pasted(TABLE.replace("05/02/2026", "2026-02-05"))
    field(test, "Handle time", 0).set_value("4min")
    create(test)
    assert [one.value.replace("\\", "") for one in test.error] == [
        "handle time: the table has none; type the mean, such as 4min 10s"
    ]
    field(test, "Handle time", 1).set_value("5min").run()
    assert not test.error
    assert not went


def test_the_row_with_the_titles_is_found_or_chosen(went):
    table = "Week 6\n\nlast year\tx\ty\n" + TABLE.replace("05/02/2026", "2026-02-05")
    test = pasted(table)
    shown = [one.value for one in test.text_input if one.label == "Queue"]
    rows = next(one for one in test.number_input if one.label == "Header row")
    rows.set_value(4).run()
    assert not test.exception
    assert [one.value for one in test.text_input if one.label == "Queue"] == ["billing", "chat"]
    assert any("row 4" in one.value for one in test.caption), shown


def test_start_says_that_a_shipped_scenario_is_an_example_and_leads_on(went):
    test = AppTest.from_string("from sim.app.pages import start\nstart.page()", default_timeout=60)
    test.session_state["scenario"] = "erlang_a"
    test.run()
    assert any("**ccplan**" in one.value and "example" in one.value for one in test.markdown)
    for key in ("new:start", "new:picker"):
        test.button(key=key).click().run()
    assert went == [navigation.NEW_SCENARIO] * 2


def test_every_address_leads_to_a_page():
    test = AppTest.from_string(
        "import streamlit as st\n"
        "from sim.app import pages\n"
        "for section in pages.pages().values():\n"
        "    for page in section:\n"
        "        st.text(page.url_path)"
    ).run()
    assert {navigation.START, navigation.NEW_SCENARIO} <= {one.value for one in test.text}
