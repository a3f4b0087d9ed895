"""Levers in the app: a form on page Scenario."""

from streamlit.testing.v1 import AppTest

from sim.app.scenario_draft import KEY, parsed

SCENARIO = "from sim.app.pages import scenario\nscenario.page()"


def test_a_lever_is_added_and_edited():
    test = AppTest.from_string(SCENARIO, default_timeout=30)
    test.session_state["scenario"] = "shop_levers"
    test.session_state["scenario:part"] = "Levers"
    test.run()
    assert not test.exception
    test.text_input(key="new:lever").set_value("hire").run()
    next(one for one in test.button if one.label == "Add").click()
    test.run()
    assert not test.exception
    draft = test.session_state[KEY]
    assert not draft.problems
    assert parsed(draft).lever["hire"].changes == {"group.*.agents": "+1"}
    cost = test.text_input(key=f"field:{draft.number}:lever.hire.cost")
    cost.set_value("{ once = 1200, life = 12 }")
    test.run()
    changed = test.session_state[KEY]
    assert parsed(changed).lever["hire"].cost.fixed == 100
    changes = test.text_input(key=f"field:{changed.number}:lever.hire.changes")
    changes.set_value('{ "group.phone.agents" = "+1" }')
    test.run()
    assert "Did you mean" in " ".join(one.value for one in test.error)
