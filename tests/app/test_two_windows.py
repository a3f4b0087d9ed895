"""Page Scenario in two windows on one workspace, and versions that outlive a reload."""

import tomllib

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.scenario_draft import KEY
from sim.app.workspace.storage import open_workspace
from sim.resources import shipped_scenarios
from sim.scenario import load

PAGE = "from sim.app.pages import scenario\nscenario.page()"


@pytest.fixture
def windows(tmp_path):
    """Open windows on a workspace that holds one scenario, as often as it is called."""
    open_workspace(tmp_path).add_scenario(load(shipped_scenarios()["callback_peak"]), "peak")

    def opened():
        test = AppTest.from_string(PAGE, default_timeout=30)
        test.session_state["workspace"] = open_workspace(tmp_path)
        test.session_state["scenario"] = "mine/peak"
        test.session_state["scenario:part"] = "Queues"
        return checked(test.run())

    return opened


def checked(test):
    assert not test.exception
    return test


def typed(test, field, value):
    found = next(one for one in test.text_input if one.key.endswith(f":queue.orders.{field}"))
    return checked(found.set_value(value).run())


def stored(test):
    text = test.session_state["workspace"].scenarios["peak"].text
    return tomllib.loads(text)["queue"]["orders"]


def press(test, label):
    return checked(next(one for one in test.button if one.label == label).click().run())


def test_another_field_saved_in_another_window_is_kept(windows):
    first, second = windows(), windows()
    typed(first, "balk", "5%")
    typed(second, "wrap", "40s")
    assert (stored(second)["balk"], stored(second)["wrap"]) == ("5%", "40s")
    assert second.session_state[KEY].conflicts == ()
    press(second, "Undo")  # takes back what this window did, and only that
    assert stored(second)["balk"] == "5%"
    assert stored(second).get("wrap") != "40s"


@pytest.mark.parametrize(("button", "value"), [(0, "9%"), (1, "5%")])
def test_the_same_field_is_shown_with_both_values_to_choose_from(windows, button, value):
    first, second = windows(), windows()
    typed(first, "balk", "5%")
    typed(second, "balk", "9%")
    assert stored(second)["balk"] == "5%"
    shown = " ".join(one.value for one in [*second.warning, *second.markdown]).replace("\\", "")
    assert "queue.orders.balk** was also changed in another window" in shown
    assert "**9%**" in shown
    assert "**5%**" in shown
    takes = [one for one in second.button if one.label == "Use this"]
    checked(takes[button].click().run())
    assert stored(second)["balk"] == value
    assert not [one for one in second.button if one.label == "Use this"]


def test_what_is_not_right_yet_outlives_a_save_in_another_window(windows):
    first, second = windows(), windows()
    typed(second, "talk", "long")
    typed(first, "balk", "5%")
    checked(second.run())
    assert second.session_state[KEY].problems
    now = tomllib.loads(second.session_state[KEY].text)["queue"]["orders"]
    assert (now["talk"], now["balk"]) == ("long", "5%")


def test_a_text_beyond_the_bounds_is_reported_after_a_save_in_another_window(windows):
    first, second = windows(), windows()
    second.session_state["scenario:part"] = "Text"
    checked(second.run())
    typed(first, "balk", "5%")
    field = next(one for one in second.text_area)
    field.set_value(f"{field.value}\na = {'[' * 3000}\n")
    press(second, "Check text")
    assert len(second.session_state[KEY].conflicts) == 1
    assert stored(second)["balk"] == "5%"
    press(second, "Use this")
    assert any("allowed" in one.message for one in second.session_state[KEY].problems)
    assert stored(second)["balk"] == "5%"


def test_an_earlier_version_is_restored_after_a_reload(windows):
    first = windows()
    before = stored(first)
    typed(first, "balk", "5%")
    typed(first, "wrap", "40s")
    again = windows()  # a new session, as after a reload
    choice = next(one for one in again.selectbox if one.label == "Version (last used)")
    assert len(choice.options) == 2
    checked(choice.set_value(1).run())
    told = " ".join(one.value for one in again.markdown).replace("\\", "")
    assert "Changed since: queue.orders.wrap, queue.orders.balk" in told
    press(again, "Restore")
    assert stored(again) == before
    assert len(again.session_state["workspace"].versions("peak")) == 3
