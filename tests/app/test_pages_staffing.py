"""Page Staffing without a browser: one day of several, and a warning where agents lack the time."""

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.staffing_options import occupancy_key
from sim.app.uploads import GeneratedFile, scenario_from_files
from sim.app.workspace.storage import open_workspace

PAGE = "from sim.app.pages import staffing\nstaffing.page()"
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
    def page(occupancy=""):
        space = open_workspace(tmp_path)
        key = "mine/" + space.add_scenario(
            scenario_from_files([GeneratedFile("scenario.toml", CENTER.encode())]), "Busy"
        )
        space.set_value(occupancy_key(key), occupancy)
        test = AppTest.from_string(PAGE, default_timeout=60)
        test.session_state["workspace"] = space
        test.session_state["scenario"] = key
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
