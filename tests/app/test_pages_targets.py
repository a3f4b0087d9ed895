"""Targets of several queues in the app: a form on page Scenario, a place to look at on Start."""

from streamlit.testing.v1 import AppTest

from sim.app.scenario_draft import KEY, parsed

SCENARIO = "from sim.app.pages import scenario\nscenario.page()"
START = """
import sim
from sim.app import result_components
from sim.app.pages import start
from sim.app.queue_verdicts import interval_grid, verdicts
from sim.scenario import load

table = {{"front": {{"channels": ["voice"], "goal": "80% in 30s"}}}}
scenario = load("callback_peak").with_(target=table)
result = sim.simulate(scenario, runs=3)
place = {0!r}
verdicts(None, scenario, result, place)
result_components.cards(result, place)
result_components.level_caption(result, place)
start._day(None, result, place)
interval_grid(scenario, result, place)
start._staffing("callback_peak", scenario, result, place)
start._formula_comparison(scenario, result, place)
"""


def checked(test):
    assert not test.exception
    return test


def test_a_target_is_added_and_edited():
    test = AppTest.from_string(SCENARIO, default_timeout=30)
    test.session_state["scenario"] = "callback_peak"
    test.session_state["scenario:part"] = "Targets"
    checked(test.run())
    test.text_input(key="new:target").set_value("front").run()
    next(one for one in test.button if one.label == "Add").click()
    checked(test.run())
    draft = test.session_state[KEY]
    assert not draft.problems
    assert parsed(draft).target["front"].queues == ("orders",)
    goal = test.text_input(key=f"field:{draft.number}:target.front.goal")
    assert goal.value == "80% in 20s"
    goal.set_value("soon")
    checked(test.run())
    assert "'soon' is not a target" in " ".join(one.value for one in test.error)


def test_the_pages_of_a_result_show_a_target():
    test = checked(AppTest.from_string(START.format("target.front"), default_timeout=60).run())
    said = " ".join(one.value for one in [*test.markdown, *test.caption]).replace("\\", "")
    assert "target front: service level (abandons ignored within 30s)" in said
    assert "Service level of target front: **abandons ignored within 30s**" in said
    assert {one.label for one in test.metric} >= {"Service level", "ASA"}
    assert len(test.dataframe) >= 1


def test_the_whole_shows_its_targets_first():
    test = checked(AppTest.from_string(START.format(None), default_timeout=60).run())
    verdicts = [one.value for one in test.markdown if "service level" in one.value]
    assert sum("target front" in one for one in verdicts) == 1
