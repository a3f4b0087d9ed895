"""Watch, Staffing, Self-service and Report without a browser."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from sim.app import animation, simulation_jobs

PAGE = "from sim.app.pages import {0}\n{0}.page()"
PAGES = ("watch", "staffing", "self_service", "report")
NASTY = "**<img src=x onerror=alert(1)>**"


def page(name, scenario="callback_peak", **state):
    test = AppTest.from_string(PAGE.format(name), default_timeout=30)
    test.session_state["scenario"] = scenario
    test.session_state["runs"] = 5
    for key, value in state.items():
        test.session_state[key] = value
    return test.run()


def texts(found):
    return " ".join(one.value for one in found)


def choose(test, label, value):
    controls = [*test.selectbox, *test.get("button_group")]
    next(one for one in controls if one.label == label).set_value(value)
    return test.run()


@pytest.mark.parametrize("name", PAGES)
def test_without_a_scenario_each_page_says_what_to_do(name):
    test = page(name, "Files of my own")
    assert not test.exception
    assert "Choose a scenario in the sidebar" in texts(test.markdown)
    assert not test.dataframe


@pytest.mark.parametrize("name", PAGES)
def test_each_page_has_one_title_and_names_the_scenario(name):
    test = page(name)
    assert not test.exception
    assert len(test.title) == 1
    if name != "self_service":
        assert "A peak with callbacks" in texts(test.caption)


def test_the_day_is_shown_as_table_and_as_timeline():
    test = page("watch")
    table = test.dataframe[0].value
    assert {"Time", "Waiting: orders", "Agents available", "In time so far"} <= set(table.columns)
    assert table.Time.iloc[0] == "09:00"
    number = next(one for one in test.number_input if one.label == "Customer")
    number.set_value(5).run()
    assert re.search(r"\d\d\\:\d\d\\:\d\d Contacts orders", texts(test.markdown))


def test_another_run_is_another_day():
    test = page("watch")
    first = test.dataframe[0].value
    next(one for one in test.number_input if one.label == "Replication").set_value(2).run()
    assert not test.exception
    assert not first.equals(test.dataframe[0].value)
    assert "replication 2" in texts(test.caption)


def test_days_of_a_week_are_chosen_one_at_a_time():
    test = page("watch", "bank_week")
    box = next(one for one in test.selectbox if one.label == "Day")
    assert box.options == [
        "Monday 2 March", "Tuesday 3 March", "Wednesday 4 March", "Thursday 5 March",
        "Friday 6 March",
    ]  # fmt: skip
    box.set_value("Friday 6 March").run()
    assert not test.exception


def test_the_animation_holds_no_way_to_make_markup_of_a_name():
    code = "\n".join(animation.asset(name) for name in animation.SCRIPTS)
    markup = animation.asset("watch.html")
    for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(",
                 "fetch(", "XMLHttpRequest", "import(", "http:", "https:"):  # fmt: skip
        assert word not in code
        assert word not in markup
    assert "<script" not in markup
    for tag in re.findall(r"<(?:input|select)[^>]*>", markup):
        before = markup[: markup.index(tag)]
        assert before.rfind("<label") > before.rfind("</label"), tag


@pytest.mark.slow
def test_staffing_says_where_it_is_short_and_what_it_gives():
    test = page("staffing", "retail_monday")
    values = {one.label: one.value for one in test.metric}
    assert values["Required"].endswith(" h")
    assert values["Understaffed intervals"].endswith("of 24")
    assert "Most understaffed at" in texts(test.caption)
    assert "have not been simulated yet" in texts(test.info)
    next(one for one in test.button if one.label == "Simulate the required agents").click()
    test.run()
    assert not test.exception
    view = next(one for one in test.get("button_group") if one.label == "View")
    assert view.value == "Simulated service level"
    test.run()
    assert "OVERSHOT\\: billing" in texts(test.info)
    assert "not been simulated yet" not in texts(test.info)
    table = test.dataframe[0].value
    assert set(table.Queue) == {"billing", "cards", "chat", "mail", "service"}
    assert all("(" in text for text in table["Required agents, simulated"])


def test_the_present_staffing_is_judged_by_the_typed_target():
    test = page("staffing")
    choose(test, "View", "Simulated service level")
    own = test.dataframe[0].value["As scheduled now, simulated"][0]
    test.text_input(key=next(k.key for k in test.text_input if k.label == "Target")).input(
        "80% in 300s"
    ).run()
    assert not test.exception
    test.run()
    typed = test.dataframe[0].value["As scheduled now, simulated"][0]
    assert float(typed.split()[0]) > float(own.split()[0]) + 5


def test_a_few_agents_more_or_less():
    test = page("staffing")
    choose(test, "View", "What if ±3 agents")
    assert not test.exception
    table = test.dataframe[0].value
    assert list(table["Agents in every interval"]) == [
        "-3",
        "-2",
        "-1",
        "as scheduled (0)",
        "+1",
        "+2",
        "+3",
    ]
    shares = [float(text.split()[0]) for text in table["Service level"]]
    assert shares == sorted(shares)


def test_what_was_cancelled_does_not_begin_again_by_itself(monkeypatch):
    monkeypatch.setattr(simulation_jobs, "MOMENT", 1)  # everything is long
    test = page("staffing", runs=500, seed=97)
    choose(test, "View", "What if ±3 agents")
    job = test.session_state["job:staffing"]
    next(one for one in test.button if one.label == "Cancel").click().run()
    assert job.wait(10)
    monkeypatch.setattr(simulation_jobs, "MOMENT", 10**9)  # what is left would take a moment
    test.run()
    assert not test.exception
    assert "Cancelled after" in texts(test.info)
    assert not test.dataframe


def test_an_unreadable_target_is_reported_at_its_field():
    test = page("staffing")
    next(one for one in test.text_input if one.label == "Target").set_value("always").run()
    assert not test.exception
    assert "always" in texts(test.sidebar.error)
    assert test.metric
    next(one for one in test.text_input if one.label == "Target").set_value("95/10").run()
    assert not test.error


def as_read(table):
    """Return a table as Markdown shows it: a backslash keeps a sign from being markup."""
    return table.value.replace(r"\\(.)", r"\1", regex=True)


def test_self_service_compares_promise_and_simulation():
    test = page("self_service", "retail_monday")
    table = as_read(test.table[0])
    assert list(table.Share)[:3] == ["Contained", "Resolved by the bot", "Abandoned in the bot"]
    assert list(table["Assumed"])[:4] == ["30.0 %", "24.0 %", "4.0 %", "34.0 %"]
    assert all(" to " in text for text in table["95 % confidence interval"])
    assert "\\-" in list(test.table[1].value["Simulated"])  # a bare dash would begin a list
    choose(test, "View", "Definitions")
    assert "Deflection" in list(test.table[0].value["Term"])


def test_a_bot_can_be_put_in_front_of_a_queue_that_has_none():
    test = page("self_service", "power_of_one")
    assert "This queue has no self-service" in texts(test.caption)
    choose(test, "View", "Agents required")
    assert not test.exception
    table = as_read(test.table[0])
    assert list(table.Staff)[:3] == ["Without self-service", "Naive cut", "Required, by formula"]
    assert "The naive cut goes from 24 agents" in texts(test.markdown)
    for label, value in (("Contained", 90), ("Abandoned in the bot", 40)):
        next(one for one in test.slider if one.label == label).set_value(value)
    test.run()
    assert not test.exception
    assert "contained" in texts(test.sidebar.error)
    assert "Fix the marked field to simulate" in texts(test.warning)


def test_other_values_begin_with_those_of_the_file():
    test = page("self_service", "bot_promise")
    choose(test, "Values", "Try other values")
    sliders = {one.label: one.value for one in test.slider}
    assert sliders["Contained"] == 20
    assert sliders["Resolved, of contained"] == 100
    assert sliders["Use the bot"] == 100


ONLY_MAIL = """
[queue.mail]
channel = "email"
volume = 5
talk = "60s"
due = "1d"

[group.clerks]
agents = 1
skills = { mail = 1 }
"""


def test_only_mail_has_nothing_to_put_self_service_before(monkeypatch):
    from sim.app.pages import self_service
    from sim.app.scenario_picker import ScenarioChoice
    from sim.scenario import Scenario

    choice = ScenarioChoice(Scenario.parse(ONLY_MAIL), "mail", "")
    monkeypatch.setattr(self_service, "pick_scenario", lambda: choice)
    test = page("self_service")
    assert not test.exception
    assert "no live queue" in texts(test.info)


def test_the_report_shows_title_and_note_as_text():
    test = page("report")
    fields = {one.label: one for one in test.text_input}
    fields["Title"].set_value(NASTY)
    fields["Note"].set_value("<script>alert(1)</script>")
    test.run()
    assert not test.exception
    shown = test.get("iframe")[0].proto.srcdoc
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown
    assert "<script" not in shown
    assert "What happens" in shown or "<em>" in shown


def saved(test, name, changes=()):
    import sim
    from sim.app.workspace import SavedResult

    scenario = sim.load("callback_peak")
    for change in changes:
        scenario = scenario.with_(**change)
    result = sim.simulate(scenario, runs=10)
    words = ("+2 agents",) if changes else ()
    one = SavedResult(name, "as asked", scenario, words, result)
    test.session_state["workspace"].save_result(one)


def test_the_report_takes_a_saved_result_or_a_comparison():
    test = page("report")
    saved(test, "Today")
    test.run()
    box = next(one for one in test.selectbox if one.label == "Report on")
    assert box.options == ["Current scenario", "Today"]
    saved(test, "<More>", [{"group.sales.agents": "+2"}])
    test.run()
    choose(test, "Report on", "<More>")
    assert not test.exception
    shown = test.get("iframe")[0].proto.srcdoc
    assert "<h1>&lt;More&gt;</h1>" in shown
    assert "Changed: +2 agents." in shown
    assert "as asked" in shown
    choose(test, "Report on", "Comparison of saved results")
    assert not test.exception
    shown = test.get("iframe")[0].proto.srcdoc
    assert "<h1>Today vs. &lt;More&gt;</h1>" in shown
    assert '<td class="better">' in shown
    assert "<strong>&lt;More&gt;</strong>: +2 agents. as asked" in shown
    assert [one.label for one in test.download_button] == ["Report (HTML)", "Workbook (XLSX)"]
