"""Method Simulation of page Staffing without a browser: goals, the search, its result."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from sim.planning import least_staff as searching
from sim.planning.plan_goals import own_goals, parse_goals
from sim.planning.simulated_goals import simulate_goals
from sim.planning.simulated_staffing import MethodRow, SimulatedStaffing

PAGE = "from sim.app.pages import staffing\nstaffing.page()"


def opened(**state):
    test = AppTest.from_string(PAGE, default_timeout=60)
    given = {"scenario": "callback_peak", "runs": 5, "staffing:method": "Simulation"} | state
    for key, value in given.items():
        test.session_state[key] = value
    return clean(test.run())


def clean(test):
    assert not test.exception
    return test


def texts(found):
    return " ".join(one.value for one in found)


def press(test, label):
    next(one for one in test.button if one.label == label).click()
    return clean(test.run())


def finished(test):
    press(test, "Find the least staff")
    assert test.session_state["plan:staff-search"].wait(40)
    return clean(test.run())


@pytest.fixture
def asked(monkeypatch):
    """What the search is asked for; it finds the present agents at once, or when stopped."""
    seen = {"hold": False, "begun": threading.Event()}

    def found(scenario, goals, *, per, days_met, time_limit, seed, report, stop):
        from sim.model.build_model import build_model
        from sim.scenario.schedules import scheduled

        seen.update(goals=goals, per=per, days_met=days_met, time_limit=time_limit)
        model = build_model(scenario)
        wanted = parse_goals(model, goals, per, days_met) if goals else own_goals(scenario, model)
        seen["begun"].set()
        while seen["hold"] and not stop():
            threading.Event().wait(0.05)
        rows = simulate_goals(model, wanted, 2, seed, 1)
        agents = scheduled(scenario, scenario.group["sales"])
        plan = [
            {"group": "sales", "interval": when, "agents": int(n), "on_duty": int(n)}
            for when, n in zip(model.starts, agents, strict=True)
            if n
        ]
        hours = sum(agents) / 2
        methods = tuple(MethodRow(m, hours, hours, None, 1, "all", tuple(rows))
                        for m in ("erlang_c", "erlang_a", "simulation"))  # fmt: skip
        return SimulatedStaffing(
            scenario.name, plan, tuple(rows), methods, [], hours, hours, False, None, "heuristic",
            2, 2, 1.0, seed, "interrupted" if stop() else "", ("a note",), scenario, 1800.0,
        )  # fmt: skip

    monkeypatch.setattr(searching, "staff_by_simulation", found)
    return seen


def test_the_least_staff_is_shown_with_goals_methods_and_ways_to_use_it(asked):
    test = finished(opened())
    assert (asked["goals"], asked["per"], asked["days_met"]) == ((), "day", None)
    goals, methods = (one.value for one in test.dataframe[:2])
    assert goals.Goal.iloc[0].startswith("orders: service level at least 80% within 30s")
    assert list(methods.Method) == ["Erlang C", "Erlang A", "Simulation"]
    assert {one.label for one in test.metric} >= {"Agent-hours", "Bound", "Goals met"}
    assert {one.label for one in test.download_button} >= {"Plan (CSV)", "All of it (JSON)"}
    press(test, "Add as unsaved change")
    words = str(test.session_state["workspace"].values["start:callback_peak|:edits"])
    assert "Agents by simulation, " in words


def test_goals_are_those_typed_else_the_target_of_the_sidebar(asked):
    test = opened()
    next(one for one in test.text_input if one.label == "Target").set_value("85/20").run()
    finished(test)
    assert asked["goals"] == ("queue.orders=85/20",)
    test.text_area[0].set_value("total=90/15\n\nqueue.orders.asa=20s\n").run()
    days = next(one for one in test.text_input if one.label == "On a share of days")
    days.set_value("90%").run()
    finished(test)
    assert asked["goals"] == ("total=90/15", "queue.orders.asa=20s")
    assert asked["days_met"] == "90%"


def test_a_goal_that_cannot_be_read_is_reported(asked):
    test = opened()
    test.text_area[0].set_value("orders please").run()
    finished(test)
    assert "'orders please' is not a goal" in texts(test.error).replace("\\", "")


def test_a_search_that_is_cancelled_shows_the_best_plan_so_far(asked):
    asked["hold"] = True
    test = press(opened(), "Find the least staff")
    assert asked["begun"].wait(20)
    clean(test.run())
    press(test, "Cancel")
    assert test.session_state["plan:staff-search"].wait(20)
    clean(test.run())
    assert "the best plan found until then" in texts(test.info)
    assert len(test.dataframe) >= 2
