"""Page Experience: scorecards, journey, who can change what; and what it offers without a model."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sim.app.scenario_draft import KEY, parsed
from sim.experiment import simulate
from sim.report.journey_flow import BEFORE, NO_CONTACT, OUTCOMES, journey_flow
from sim.report.journey_flow_chart import alt_text_flow, flow_chart, flow_rows
from sim.scenario import Scenario
from tests.support.small_journeys import SMALL_JOURNEYS

PAGE = "from sim.app.pages import experience\nexperience.page()"
OWN = """
from sim.app.pages import experience
from sim.app.workspace import workspace
from sim.scenario import Scenario

space = workspace()
if "own" not in space.scenarios:
    space.add_scenario(Scenario.parse({0!r}), "own")
experience.page()
"""


def app(text=None, **state):
    test = AppTest.from_string(PAGE if text is None else OWN.format(text), default_timeout=60)
    test.session_state["scenario"] = "callback_peak" if text is None else "mine/own"
    test.session_state["runs"] = 5
    for key, value in state.items():
        test.session_state[key] = value
    test.run()
    assert not test.exception
    return test


def texts(found):
    return " ".join(one.value for one in found).replace("\\", "")


def tables(test):
    return [one.value for one in test.table]


@pytest.fixture(scope="module")
def scenario():
    return Scenario.parse(SMALL_JOURNEYS, Path("."))


@pytest.fixture(scope="module")
def result(scenario):
    return simulate(scenario, runs=5, seed=1)


def test_a_scenario_without_a_model_gets_one_from_the_page():
    test = app()
    assert "no satisfaction model" in texts(test.info)
    field = next(one for one in test.text_input if one.label == "Share resolved by one contact")
    field.set_value("often").run()
    assert "queue.orders.resolved" in texts(test.error)
    next(one for one in test.text_input if one.label == field.label).set_value("80%").run()
    assert not test.error
    next(one for one in test.button if one.label == "Add as unsaved change").click().run()
    assert not test.exception
    assert [one.value for one in test.subheader][:2] == ["Service", "Experience"]


def test_both_scorecards_stand_next_to_each_other_with_intervals():
    test = app(SMALL_JOURNEYS)
    assert [one.value for one in test.subheader] == [
        "Service", "Experience", "Journey", "Who can change what", "Money", "Assumptions",
    ]  # fmt: skip
    service, experience = tables(test)[:2]
    assert {"Service level", "ASA", "FCR"} <= set(service.iloc[:, 0])
    rows = {row.iloc[0]: row for _, row in experience.iterrows()}
    assert re.search(r"\d to \d", rows["CSAT"]["Value"].replace("\\", "").replace(" %", ""))
    assert rows["CSAT"]["Coefficients"] == "uncalibrated"
    assert rows["Channel switches"]["Coefficients"] != "uncalibrated"
    assert "At their ends" not in experience


def test_the_range_of_coefficients_is_shown_on_demand():
    test = app(SMALL_JOURNEYS, **{"experience:range": True})
    experience = tables(test)[1]
    csat = next(row for _, row in experience.iterrows() if row.iloc[0] == "CSAT")
    low, high = map(float, re.findall(r"[\d.]+(?= %)", csat["At their ends"].replace("\\", "")))
    assert low < float(csat["Value"].replace("\\", "").split()[0]) < high


def test_experience_is_shown_by_owner_and_assumptions_have_a_source():
    test = app(SMALL_JOURNEYS, **{"experience:scope": "owner"})
    by_owner = next(one for one in tables(test) if "Owner" in one.columns)
    assert list(by_owner["Owner"]) == ["logistics"]
    assumptions = tables(test)[-1].astype(str).map(lambda cell: cell.replace("\\", ""))
    contact = assumptions[assumptions["Coefficient"] == "contact"].iloc[0]
    assert contact["Range"] == "0.4 to 0.6"
    assert contact["Source"] == "own survey"
    assert "made up" in " ".join(assumptions["Source"])


def test_the_flow_keeps_all_issues(result):
    flow = journey_flow(result)
    for stage in range(3):
        assert sum(n.share.value for n in flow.stage(stage)) == pytest.approx(1)
    for link_stage in range(2):
        for node in flow.stage(link_stage):
            gone = sum(k.share.value for k in flow.links
                       if (k.stage, k.source) == (link_stage, node.name))  # fmt: skip
            assert gone == pytest.approx(node.share.value)
    assert {n.name for n in flow.stage(2)} == set(OUTCOMES)
    assert {k.source for k in flow.links if k.target == BEFORE} == {NO_CONTACT}
    assert all(n.share.low <= n.share.value <= n.share.high for n in flow.nodes)


def test_the_flow_agrees_with_the_metrics(result):
    flow = journey_flow(result)
    share = {n.name: n.share.value for n in flow.nodes}
    contacted = 1 - share[BEFORE]
    assert share["resolved at first contact"] / contacted == pytest.approx(
        result.estimate("fcr").value
    )
    unresolved = share["not resolved"] / contacted
    assert 1 - unresolved == pytest.approx(result.estimate("resolution").value)


def test_the_flow_has_queues_where_no_issue_is_named(scenario):
    plain = scenario.with_(touchpoint={}, issue={}, segment={})
    flow = journey_flow(simulate(plain, runs=2))
    assert [n.name for n in flow.stage(0)] == ["calls", "chat"]
    assert [n.name for n in flow.stage(1)] == ["voice", "chat"]


def test_the_chart_draws_every_share_and_says_it_in_words(result):
    flow = journey_flow(result)
    spec = flow_chart(flow, "Journey").to_dict()
    assert [layer["mark"]["type"] for layer in spec["layer"]] == [
        "area", "rect", "text", "text", "text",
    ]  # fmt: skip
    ribbons = next(rows for rows in spec["datasets"].values() if "x" in rows[0])
    widths = {row["what"]: row["bottom"] - row["top"] for row in ribbons}
    assert sum(widths.values()) == pytest.approx(2)
    assert {row["what"] for row in ribbons} == {f"{k.source} → {k.target}" for k in flow.links}
    assert re.search(r"Outcome: resolved at first contact [\d.]+ % ± [\d.]+", alt_text_flow(flow))
    assert len(flow_rows(flow)) == len(flow.links)


FORMS = "from sim.app.pages import scenario\nscenario.page()"


def forms(part, name="callback_peak"):
    test = AppTest.from_string(FORMS, default_timeout=60)
    test.session_state["scenario"] = name
    test.session_state["scenario:part"] = part
    test.run()
    assert not test.exception
    return test


def click(test, label):
    next(one for one in test.button if one.label == label).click().run()
    assert not test.exception


def typed(test, path, value):
    draft = test.session_state[KEY]
    test.text_input(key=f"field:{draft.number}:{path}").set_value(value).run()
    assert not test.exception


@pytest.mark.parametrize(
    ("part", "family", "field", "wrong", "message"),
    [
        ("Issues", "issue", "prevented", "150%", "150%"),
        ("Segments", "segment", "share", "130%", "130%"),
    ],
)
def test_tables_of_customers_are_added_and_checked_as_by_the_command(
    part, family, field, wrong, message
):
    test = forms(part)
    test.text_input(key=f"new:{family}").set_value("first").run()
    click(test, "Add")
    draft = test.session_state[KEY]
    assert not draft.problems
    assert list(getattr(parsed(draft), family)) == ["first"]
    typed(test, f"{family}.first.{field}", wrong)
    found = [p for p in test.session_state[KEY].problems if p.path.endswith(field)]
    assert found
    assert message in texts(test.error)


def test_a_touchpoint_is_added_with_the_issue_that_comes_from_it():
    test = forms("Touchpoints")
    test.text_input(key="new:touchpoint").set_value("delivery").run()
    click(test, "Add")
    assert "no issue comes from it" in texts(test.error)
    typed(test, "touchpoint.delivery.owner", "logistics")
    test.session_state["scenario:part"] = "Issues"
    test.run()
    test.text_input(key="new:issue").set_value("late parcel").run()
    click(test, "Add")
    typed(test, "issue.late parcel.touchpoint", "delivery")
    draft = test.session_state[KEY]
    assert not draft.problems
    assert parsed(draft).touchpoint["delivery"].owner == "logistics"
    assert parsed(draft).issue["late parcel"].queues == {"orders": 0.1}


def test_a_satisfaction_model_is_added_changed_and_removed():
    test = forms("Satisfaction")
    click(test, "Add a satisfaction model")
    assert "needs to know what is resolved" in texts(test.error)
    test.session_state["scenario:part"] = "Queues"
    test.run()
    typed(test, "queue.orders.resolved", "70%")
    assert not test.session_state[KEY].problems
    test.session_state["scenario:part"] = "Satisfaction"
    test.run()
    number = test.session_state[KEY].number
    contact = test.text_input(key=f"field:{number}:satisfaction.contact")
    assert contact.placeholder == "0.5"
    typed(test, "satisfaction.contact", "1.5")
    assert "is above 1" in texts(test.error)
    typed(test, "satisfaction.contact", "{ value = 0.5, low = 0.4, high = 0.6 }")
    model = parsed(test.session_state[KEY]).satisfaction
    assert model.contact.ends == (0.4, 0.6)
    click(test, "Remove the satisfaction model")
    assert parsed(test.session_state[KEY]).satisfaction is None
