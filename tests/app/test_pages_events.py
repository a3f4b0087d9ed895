"""Events in the app: a form on page Scenario."""

from streamlit.testing.v1 import AppTest

from sim.app.scenario_draft import KEY, parsed

SCENARIO = "from sim.app.pages import scenario\nscenario.page()"


def test_an_event_is_added_and_edited():
    test = AppTest.from_string(SCENARIO, default_timeout=30)
    test.session_state["scenario"] = "callback_peak"
    test.session_state["scenario:part"] = "Events"
    test.run()
    assert not test.exception
    test.text_input(key="new:event").set_value("campaign").run()
    next(one for one in test.button if one.label == "Add").click()
    test.run()
    assert not test.exception
    draft = test.session_state[KEY]
    assert not draft.problems
    assert parsed(draft).event["campaign"].changes == {"queue.*.volume": "+20%"}
    changes = test.text_input(key=f"field:{draft.number}:event.campaign.changes")
    changes.set_value('{ "queue.orders.talk" = "+10%" }')
    test.run()
    changed = test.session_state[KEY]
    assert parsed(changed).event["campaign"].changes == {"queue.orders.talk": "+10%"}
    changes = test.text_input(key=f"field:{changed.number}:event.campaign.changes")
    changes.set_value('{ "queue.orders.priority" = 3 }')
    test.run()
    assert "an event cannot change it" in " ".join(one.value for one in test.error)
