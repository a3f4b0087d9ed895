"""Validation without a browser: uploaded actuals, confidence intervals, the verification."""

import datetime as dt
import gzip
import re

import pytest
from streamlit.testing.v1 import AppTest

import sim
from sim.history.calibration.column_file import LogColumns

PAGE = "from sim.app.pages import validation\nvalidation.page()"


@pytest.fixture(scope="module")
def actuals():
    """One day of the scenario itself, as a planner would have exported it."""
    rows = {}
    for row in sim.simulate("callback_peak", runs=1, seed=99).interval_rows:
        if row.scope == "queue":
            rows.setdefault(row.interval, {})[row.metric] = row.value
    lines = ["interval_start,queue,offered,answered,abandoned,ASA"]
    for start, one in rows.items():
        if one["offered"]:
            cells = [one["offered"], one["answered"], one["abandoned"], one["asa_s"] or 0]
            lines.append(f"{start},orders," + ",".join(f"{cell:g}" for cell in cells))
    return "\n".join(lines) + "\n"


def opened(**state):
    test = AppTest.from_string(PAGE, default_timeout=30)
    test.session_state["scenario"] = "callback_peak"
    test.session_state["validation:runs"] = 50
    for key, value in state.items():
        test.session_state[key.replace("__", ":")] = value
    return test.run()


def texts(found):
    return " ".join(one.value for one in found)


def test_without_a_table_the_page_says_what_to_do():
    test = opened()
    assert not test.exception
    assert not test.metric
    assert "Upload actuals for" in texts(test.caption)


def test_the_simulation_is_compared_with_the_actuals(actuals):
    test = opened(actuals__paste=actuals)
    assert not test.exception
    assert not test.error
    assert test.markdown[0].value.startswith(("**The model ", "**No verdict"))
    cards = {one.label: (one.value, one.delta) for one in test.metric}
    assert list(cards) == ["Offered", "Answered", "Abandonment", "ASA"]
    assert all(" to " in below and "; actual " in below for _, below in cards.values())
    charts = test.get("vega_lite_chart") + test.get("arrow_vega_lite_chart")
    assert "outside the band in" in charts[0].proto.alt
    actual, bias, inside = (one.value for one in test.dataframe[1:4])
    assert {"Verdict", "Actual", "Simulated"} <= set(actual)
    assert {"Bias", "Error"} <= set(bias)
    assert {"Random error", "Inside", "Days inside"} <= set(inside)
    assert all("(" in cell for cell in bias["Bias"])
    figure = next(one for one in test.segmented_control if one.label == "Metric")
    figure.set_value("asa_s").run()
    assert not test.exception
    assert (
        "ASA of orders"
        in (test.get("vega_lite_chart") + test.get("arrow_vega_lite_chart"))[0].proto.alt
    )


def test_a_table_of_another_queue_asks_which_is_which(actuals):
    two = actuals + "09:00,second,5,5,0,3\n"
    test = opened(actuals__paste=two)
    assert not test.exception
    asked = {one.label: one.value for one in test.selectbox}
    assert (asked["orders"], asked["second"]) == ("orders", "(no queue)")
    assert test.metric


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("09:00,orders,", "09:00,orders,x", "must be a number of 0 or more"),
        ("offered,answered", "Puhelut,Vastatut", "Offered: no column is mapped to it"),
    ],
)
def test_a_bad_table_is_reported(actuals, old, new, told):
    test = opened(actuals__paste=actuals.replace(old, new))
    assert not test.exception
    assert told in texts(test.error).replace("\\", "")
    assert not test.metric


def test_the_verification_is_shown_as_its_page_says_it():
    from sim.report.verification import verified

    test = opened(validation__part="Verification")
    assert not test.exception
    assert "values agree" in texts(test.success)
    found = verified()
    assert len(test.dataframe[0].value) == len(found.sections[0].tables[0])
    source = next(one for one in test.selectbox if one.label == "Source")
    source.set_value(found.sections[0].sources[1]).run()
    assert 0 < len(test.dataframe[0].value) < len(found.sections[0].tables[0])


def test_arrivals_are_taken_from_the_actuals_and_errors_stand_beside_erlang_a(actuals):
    test = opened(actuals__paste=actuals, validation__taken=["arrivals"])
    assert not test.exception
    assert not test.error
    cards = {one.label: one.value for one in test.metric}
    assert "Offered" not in cards  # it was taken from the actuals
    assert any("arrivals of orders are those of the actuals" in one.value for one in test.markdown)
    tables = [set(one.value.columns) for one in test.dataframe]
    assert any({"By", "Error", "Random error", "Erlang A"} <= columns for columns in tables)
    alts = [
        one.proto.alt for one in test.get("vega_lite_chart") + test.get("arrow_vega_lite_chart")
    ]
    assert any("below the simulated median" in alt for alt in alts)


@pytest.fixture(scope="module")
def log():
    """A call log of three days, one title of which is not known."""
    lines = ["start,wait,outcome,Gespräch,agent"]
    for day in (5, 6, 7):
        for k in range(40):
            start = f"2026-01-{day:02d}T{9 + k % 8:02d}:{k:02d}:00"
            lines.append(f"{start},{k % 7},answered,{120 + k},agent {k % 5}")
    return "\n".join(lines).encode()


def uploaded(name, content):
    test = opened()
    test.file_uploader(key="actuals:file").set_value((name, content, "text/csv")).run()
    assert not test.exception
    return test


def actual_answered(test):
    delta = next(one.delta for one in test.metric if one.label == "Answered")
    return delta[delta.index("actual") :]


def field(test, label):
    return next(one for one in [*test.selectbox, *test.multiselect] if one.label == label)


@pytest.mark.parametrize("name", ["calls.csv", "calls.csv.gz"])
def test_a_call_log_is_read_with_its_own_arrivals_and_agents(log, name):
    test = uploaded(name, gzip.compress(log) if name.endswith("gz") else log)
    message = test.error[0].value.replace("\\", "")
    assert "Talk: no column is mapped to it" in message
    assert "--" not in message
    field(test, "Talk").set_value("Gespräch").run()
    assert not test.error
    assert "120 contacts of 3 days" in texts(test.caption)
    offered = next(one.delta for one in test.metric if one.label == "Offered")
    assert offered.endswith("actual 40")  # of Monday, the only day of the scenario
    assert "2 of 3 days of the table are left out" in test.warning[0].value
    test.session_state["validation:taken"] = ["arrivals", "agents"]
    test.run()
    assert not test.error
    assert actual_answered(test) == "actual 120"
    assert "agents of" in texts(test.markdown)
    if name == "calls.csv":
        test.session_state["validation:taken"] = ["arrivals", "agents", "talk"]
        test.run()
        assert not test.error
        assert "Talk is as long as on each day of the actuals" in texts(test.markdown)
        field(test, "Leave out days").set_value([dt.date(2026, 1, 6)]).run()
        assert actual_answered(test) == "actual 80"
        field(test, "To").set_value(dt.date(2026, 1, 5)).run()
        assert actual_answered(test) == "actual 40"


def test_contacts_with_an_outcome_that_is_left_out_are_not_compared(log):
    lines = log.decode().replace("Gespräch", "talk").splitlines()
    lines[1] = lines[1].replace("answered", "transferred")
    test = uploaded("calls.csv", "\n".join(lines).encode())
    assert "120 contacts of 3 days" in texts(test.caption)
    field(test, "Leave out outcomes").set_value(["transferred"]).run()
    assert not test.error
    assert "119 contacts of 3 days" in texts(test.caption)


def test_dates_of_a_log_are_read_as_those_of_the_calibration(log, monkeypatch):
    saved = LogColumns({"talk": "Gespräch"}, dates="day-first")
    monkeypatch.setattr("sim.planning.log_actuals.columns_of", lambda scenario: saved)
    test = uploaded("calls.csv", re.sub(rb"2026-01-(..)T", rb"\1/01/2026 ", log))
    assert not test.error
    assert field(test, "Date format").value == "day first"
    assert field(test, "From").value == dt.date(2026, 1, 5)
    field(test, "Date format").set_value("month first").run()
    assert field(test, "From").value == dt.date(2026, 5, 1)


def test_states_of_agents_with_the_columns_and_words_of_the_calibration(log, monkeypatch):
    saved = LogColumns({"talk": "Gespräch"}, {"start": "Since"}, {"Zulu": "available"})
    monkeypatch.setattr("sim.planning.log_actuals.columns_of", lambda scenario: saved)
    test = uploaded("calls.csv", log)
    assert not test.error
    assert field(test, "Talk").value == "Gespräch"
    assert "Europe/Lisbon" not in texts(test.caption)
    lines = ["agent,Since,state"]
    for day in (5, 6, 7):
        for at in range(5):
            begin = f"agent {at},2026-01-{day:02d}T"
            lines += [f"{begin}09:00:00,Zulu", f"{begin}18:00:00,Log out"]
    states = ("calls.csv", "\n".join(lines).encode(), "text/csv")
    test.file_uploader(key="actuals:states").set_value(states).run()
    assert not test.exception
    assert not test.error
    assert [field(test, one).value for one in ("Zulu", "State")] == ["available", "state"]
    assert field(test, "Start").value == "Since"
    assert "no effect unless agents are taken" in texts(test.info)
    test.session_state["validation:taken"] = ["arrivals", "agents"]
    test.run()
    assert not test.error
    assert not test.info
    said = texts(test.markdown).replace("\\", "")
    assert "agents as recorded by states of calls.csv: 5 of 5 agents" in said.lower()
    field(test, "Zulu").set_value("(choose)").run()
    assert "Say what the unknown states mean" in texts(test.caption)
    assert not test.metric


def test_times_of_a_log_are_converted_to_the_time_zone_of_the_center(log):
    lines = log.decode().replace("Gespräch", "talk").replace(":00,", ":00Z,").encode()
    test = uploaded("calls.csv", lines)
    assert not test.error
    said = texts(test.markdown).replace("\\", "")
    assert "the time zone, such as Europe/Lisbon, converts them" in said
    assert "--" not in said
    before = field(test, "From").options
    zone = next(one for one in test.text_input if one.label == "Time zone of the center")
    zone.set_value("Pacific/Auckland").run()
    assert not test.error
    assert field(test, "From").options != before  # the evening there is the next day
    zone.set_value("Mars").run()
    assert "'Mars' is not a time zone" in texts(test.error).replace("\\", "")
    assert not test.metric


def test_a_table_without_queues_is_asked_which_queue_it_is_of():
    table = "start,offered,answered\n09:00,30,28\n09:30,31,30\n10:00,20,20\n"
    test = opened(scenario="two_classes_overflow", actuals__paste=table)
    assert not test.exception
    asked = next(one for one in test.selectbox if "no name" in one.label)
    assert asked.value == "all queues"
    assert test.metric
    assert "all queues together" in texts(test.markdown)
    single = asked.options[2]
    asked.set_value(single).run()
    assert not test.exception
    assert not test.error
    charts = test.get("vega_lite_chart") + test.get("arrow_vega_lite_chart")
    assert single in charts[0].proto.spec or single in charts[0].proto.alt


def test_suspects_are_found_in_the_background(actuals):
    test = opened(actuals__paste=actuals)
    next(one for one in test.button if one.label.startswith("Try changes")).click()
    test.run()
    assert test.session_state["plan:suspects"].wait(50)
    test.run()
    assert not test.exception
    sentences = ("fits the actuals better", "Most suspect", "No assumption stands out")
    assert any(words in one.value for one in test.markdown for words in sentences)
    tables = [list(one.value.columns) for one in test.dataframe]
    assert ["Assumption", "Best change", "Remaining error", "Gain"] in tables
