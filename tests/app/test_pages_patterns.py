"""Patterns on page Scenario, without a browser: fields, breaks, what is wrong beside them."""

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.scenario_draft import KEY
from sim.app.workspace import as_text
from sim.scenario import Scenario, ScenarioError

PAGE = "from sim.app.pages import scenario\nscenario.page()"


def opened():
    test = AppTest.from_string(PAGE, default_timeout=60)
    test.session_state["scenario"] = "callback_peak"
    test.session_state["scenario:part"] = "Patterns"
    return checked(test.run())


def checked(test):
    assert not test.exception
    return test


def draft(test):
    return test.session_state[KEY]


def field(test, path):
    key = f"field:{draft(test).number}:{path}"
    return next(one for one in [*test.text_input, *test.selectbox] if one.key == key)


def button(test, label):
    return next(one for one in test.button if one.label == label)


@pytest.fixture
def test():
    page = opened()
    next(one for one in page.text_input if one.key == "new:pattern").set_value("early")
    button(page, "Add").click()
    return checked(page.run())


def test_a_new_pattern_has_a_field_for_each_rule_and_is_planned_with(test):
    assert field(test, "pattern.early.lengths").value == "8h"
    field(test, "pattern.early.latest").set_value("10:00")
    checked(test.run())
    field(test, "shift_planning.seats").set_value("30")
    checked(test.run())
    assert not test.error
    scenario = Scenario.parse(draft(test).text)
    assert scenario.pattern["early"].latest == 36000
    assert scenario.shift_planning.seats == 30
    titles = [one.value for one in test.subheader]
    assert [t for t in titles if t in ("Hours", "Limits", "Pay", "Tours")] == [
        "Hours", "Limits", "Pay", "Tours",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lengths", "30h"),
        ("earliest", "noon"),
        ("most_share", "130%"),
        ("groups", "nightwatch"),
        ("days_a_week", "9"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_in_the_words_of_the_command(test, name, value):
    field(test, f"pattern.early.{name}").set_value(value)
    checked(test.run())
    with pytest.raises(ScenarioError) as refused:
        Scenario.parse(draft(test).text)
    (problem,) = refused.value.problems
    assert problem.path.startswith(f"pattern.early.{name}")
    assert as_text(problem.message) in " ".join(one.value for one in test.error)


def test_a_pattern_in_short_is_one_text_until_it_is_shown_as_fields(test):
    from dataclasses import replace

    from sim.scenario.editing import put

    short = "8h or 6h from 07:00 every 15min"
    now = draft(test)
    test.session_state[KEY] = replace(now, text=put(now.text, "pattern.early", short))
    checked(test.run())
    assert field(test, "pattern.early").value == short
    button(test, "Show as fields").click()
    checked(test.run())
    assert field(test, "pattern.early.step").value == "15min"
    before, after = (
        Scenario.parse(put(now.text, "pattern.early", short)), Scenario.parse(draft(test).text),
    )  # fmt: skip
    assert after.pattern["early"] == before.pattern["early"]
