"""Staffing without a browser: one day of several, and the limit of occupancy on three pages."""

import pytest
from streamlit.testing.v1 import AppTest

from sim import planning
from sim.app.occupancy_field import occupancy_key
from sim.app.uploads import GeneratedFile, scenario_from_files
from sim.app.workspace.storage import open_workspace
from sim.units import BadInputError

PAGE = "from sim.app.pages import {0}\n{0}.page()"
CENTER = """
[center]
name = "Busy"
first_day = 2026-01-05
days = 2
open = "09:00-11:00"
interval = "30min"
[queue.calls]
volume = 300
talk = "exponential 190s"
patience = "exponential 60s"
target = "80% in 20s"
[group.team]
agents = 30
skills = { calls = 1 }
"""


@pytest.fixture
def opened(tmp_path):
    def page(occupancy="", name="staffing"):
        space = open_workspace(tmp_path)
        key = "mine/" + space.add_scenario(
            scenario_from_files([GeneratedFile("scenario.toml", CENTER.encode())]), "Busy"
        )
        space.set_value(occupancy_key(key), occupancy)
        test = AppTest.from_string(PAGE.format(name), default_timeout=60)
        test.session_state["workspace"] = space
        test.session_state["scenario"] = key
        test.session_state["runs"] = 5
        test.run()
        assert not test.exception
        return test

    return page


def said(test):
    return " ".join(one.value for one in test.warning).replace("\\", "")


def test_too_little_time_is_said_at_the_top_of_scheduled_and_of_required_agents(opened):
    test = opened()
    assert "handling needs" in said(test)
    assert "only because customers abandon" in said(test)
    (field,) = [one for one in test.sidebar.text_input if one.label == "Occupancy at most"]
    field.set_value("90%").run()
    assert "of the time of the required agents" not in said(test)
    assert "handling needs" in said(test)  # of those scheduled


def test_a_day_is_shown_by_itself_with_the_limit_of_the_new_scenario(opened):
    test = opened("85%")
    assert [one.value for one in test.sidebar.text_input if one.label == "Occupancy at most"] == [
        "85%"
    ]
    whole = test.dataframe[0].value
    assert len(whole) == 8
    (day,) = [one for one in test.selectbox if one.label == "Day"]
    assert day.options == ["All days", "Mon 05 Jan 2026", "Tue 06 Jan 2026"]
    day.set_value("2026-01-06").run()
    assert not test.exception
    assert list(test.dataframe[0].value["Interval"]) == ["09:00", "09:30", "10:00", "10:30"]


def required(test):
    return next(one.value for one in test.metric if one.label == "Required")


def test_shifts_are_drawn_and_planned_over_a_requirement_with_a_limit(opened, monkeypatch):
    asked = {}

    def refused(scenario, **options):
        asked.update(options)
        raise BadInputError("enough")

    monkeypatch.setattr(planning, "plan_shifts", refused)
    test = opened(name="shifts")
    free = required(test)
    (field,) = [one for one in test.text_input if one.label == "Occupancy at most"]
    field.set_value("60%").run()
    assert float(required(test).split()[0]) > float(free.split()[0])
    assert "at most 60% occupancy" in " ".join(one.value for one in test.caption)
    test.button(key="shifts:start").click().run()
    assert test.session_state["plan:shifts"].wait(20)
    assert asked["max_occupancy"] == "60%"
    field.set_value("much").run()
    assert not test.exception
    assert "much" in test.error[0].value
    assert required(test) == free


def test_required_agents_on_start_keep_the_limit(opened):
    test = opened("60%", "start")
    assert [one.value for one in test.text_input if one.label == "Occupancy at most"] == ["60%"]
    said = " ".join(one.value for one in test.caption)
    assert "all contacts need at most 60% of their time" in said
    # 300 contacts of 190 s in half an hour are 31.7 erlangs.
    grid = next(one.value for one in test.dataframe if "Required" in one.value)
    assert set(grid["Required"]) == {53}
