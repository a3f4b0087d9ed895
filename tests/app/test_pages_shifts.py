"""Page Shifts without a browser: the day, an edited table, a planned schedule."""

import pytest
from streamlit.testing.v1 import AppTest

from sim import planning
from sim.app.pages import shifts
from sim.report.shift_view import shift_rows
from sim.units import BadInputError

PAGE = "from sim.app.pages import shifts\nshifts.page()"


def opened(scenario="retail_monday"):
    test = AppTest.from_string(PAGE, default_timeout=60)
    test.session_state["scenario"] = scenario
    test.session_state["runs"] = 5
    test.session_state["shifts:limit"] = 10
    return clean(test.run())


def clean(test):
    assert not test.exception
    return test


def texts(found):
    return " ".join(one.value for one in found)


def hours(test):
    return {one.label: one.value for one in test.metric}


@pytest.fixture
def typed(monkeypatch):
    """What is typed into the table, as a function of its rows."""
    change = {"rows": lambda rows: rows}
    monkeypatch.setattr(
        shifts, "_editor", lambda _, tables, mark: change["rows"](shift_rows(tables))
    )
    return change


def test_the_day_is_drawn_with_missing_and_surplus_hours_and_simulated():
    test = opened()
    found = hours(test)
    assert list(found) == ["Required", "On duty", "Understaffed", "Overstaffed"]
    table = test.dataframe[0].value
    assert list(table["name"])[:2] == ["early A", "early B"]
    assert "cards\\: service level" in texts(test.markdown)
    assert not any(one.label == "Add as unsaved change" for one in test.button)


def test_an_edited_table_is_drawn_and_simulated_and_can_be_applied(typed):
    test = opened()
    before = hours(test)["On duty"]
    typed["rows"] = lambda rows: [row | {"agents": row["agents"] + 4} for row in rows]
    clean(test.run())
    assert float(hours(test)["On duty"].split()[0]) > float(before.split()[0])
    table = test.dataframe[-1].value
    row = table[table.Metric == "Service level"].iloc[0]
    assert row.Verdict == "significant"
    assert row.Difference.startswith("+")
    next(one for one in test.button if one.label == "Add as unsaved change").click()
    clean(test.run())
    words = str(test.session_state["workspace"].values["start:retail_monday|:edits"])
    assert "Shifts of generalists: 6 shifts, 60 agents" in words


def test_what_is_wrong_in_the_table_is_shown_and_nothing_is_simulated(typed):
    typed["rows"] = lambda rows: [rows[0] | {"length": "much"}]
    test = opened()
    assert "length" in texts(test.error)
    assert not test.metric


def test_headcounts_are_covered_by_a_planned_schedule():
    test = opened("callback_peak")
    assert "No group of this scenario has shifts" in texts(test.info)
    next(one for one in test.button if one.key == "shifts:start").click()
    clean(test.run())
    job = test.session_state["plan:shifts"]
    assert job.wait(40)
    clean(test.run())
    found = job.result
    assert hours(test)["Paid hours"] == f"{found.hours:,.1f} h"
    table = next(one.value for one in test.dataframe if "agents" in one.value)
    assert table["agents"].sum() == sum(row["agents"] for row in found.shift_tables["sales"])
    assert float(hours(test)["Understaffed"].split()[0]) < 1
    next(one for one in test.button if one.label == "Discard the plan").click()
    clean(test.run())
    assert "Paid hours" not in hours(test)


def test_a_plan_that_is_cancelled_or_wrong_says_so():
    test = opened("callback_peak")
    next(one for one in test.number_input if one.label == "Seats").set_value(1)
    test.run()
    next(one for one in test.button if one.key == "shifts:start").click()
    clean(test.run())
    assert test.session_state["plan:shifts"].wait(40)
    clean(test.run())
    assert "of the requirement are not covered" in texts(test.warning)


def test_the_chosen_method_is_planned_and_its_errors_are_reported(monkeypatch):
    asked = {}

    def refused(scenario, **options):
        asked.update(options)
        raise BadInputError("pattern.day: ends before it begins")

    monkeypatch.setattr(planning, "plan_shifts", refused)
    test = opened("callback_peak")
    method = next(one for one in test.get("button_group") if one.label == "Method")
    method.set_value("Straight from the goals")
    test.run()
    next(one for one in test.button if one.key == "shifts:start").click()
    clean(test.run())
    assert test.session_state["plan:shifts"].wait(20)
    clean(test.run())
    assert (asked["method"], asked["time_limit"], asked["runs"]) == ("goals", 10.0, 5)
    assert "ends before it begins" in texts(test.error)


def test_a_stationary_scenario_has_no_shifts():
    assert "no times of day" in texts(opened("power_of_one").info)
