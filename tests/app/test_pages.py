"""Pages without a browser: a slider changes the metrics, errors are shown at their fields."""

import pytest
from streamlit.testing.v1 import AppTest

SCENARIO = """
[center]
name = "Small *shop*"
open = "09:00-11:00"

[queue.orders]
volume = 40
talk = "exponential 3min"
patience = "exponential 2min"

[group.sales]
agents = 5
skills = { orders = 1 }
"""
PAGE = "from sim.app.pages import {0}\n{0}.page()"


def app(repo_root, scenario="callback_peak"):
    test = AppTest.from_file(str(repo_root / "planner_app.py"), default_timeout=30)
    test.session_state["scenario"] = scenario
    test.session_state["runs"] = 5
    return test


TOGETHER = """
import sim
from sim.app.result_components import level_caption
from sim.scenario import Scenario

aims = {{"center.target": "90% in 45s", "center.variant": "answered_only"}}
aims["queue.orders.variant"] = "short_as_met"
level_caption(sim.simulate(Scenario.parse('''{0}''').with_(**aims), runs=1), {1!r})
"""


def page(name, before):
    test = AppTest.from_string(PAGE.format(name), default_timeout=30)
    test.session_state["workspace"] = before.session_state["workspace"]
    test.session_state["runs"] = 5
    return test.run()


def slider(test, label):
    return next(one for one in test.slider if one.label == label)


def metric_cards(test):
    return {one.label: (one.value, one.delta) for one in test.metric}


def texts(found):
    return " ".join(one.value for one in found)


def save(test, name, note=""):
    fields = {one.label: one for one in test.text_input}
    fields["Name"].set_value(name)
    fields["Note"].set_value(note)
    next(one for one in test.button if one.label == "Save result").click()
    return test.run()


@pytest.fixture(scope="module")
def started(repo_root):
    test = app(repo_root).run()
    assert not test.exception
    return test


def test_start_shows_metrics_with_intervals_and_names_the_formula(started):
    found = metric_cards(started)
    assert list(found)[:4] == ["Service level", "Abandoned", "ASA", "90th percentile wait"]
    assert {
        "Occupancy",
        "Offered (average per replication)",
        "Answered (average per replication)",
    } <= set(found)
    assert all(" to " in interval for _, interval in found.values())
    assert "abandons ignored within 30s" in texts(started.caption)
    assert "95 % confidence interval from 5 replications" in texts(started.caption)
    assert "Do callbacks save the hour of the peak" in texts(started.markdown)


def test_metrics_are_those_of_the_package(started, repo_root):
    import sim
    from sim.report import show

    result = sim.simulate(repo_root / "scenarios" / "callback_peak.toml", runs=5, seed=1)
    level = result.estimate("service_level")
    assert metric_cards(started)["Service level"] == (
        show(level.value, "share"),
        f"{show(level.low, 'share')} to {show(level.high, 'share')}",
    )


def test_charts_have_words_for_those_who_cannot_see(started):
    alts = [
        one.proto.alt
        for one in started.get("vega_lite_chart") + started.get("arrow_vega_lite_chart")
    ]
    assert len(alts) == 2
    assert alts[0].startswith("Service level of all live queues by interval")
    assert "fewer than needed" in alts[1]


def test_a_slider_changes_the_metrics_and_says_what_it_does(repo_root):
    test = app(repo_root).run()
    before = metric_cards(test)
    slider(test, "Volume").set_value(30).run()
    assert not test.exception
    after = metric_cards(test)
    assert float(after["Service level"][0].split()[0]) < float(
        before["Service level"][0].split()[0]
    )
    assert "Changed: Volume \\+30 %" in texts(test.caption)
    assert test.code[0].value.startswith("ccplan run callback_peak --runs 5 ")
    assert "--set queue.orders.volume=+30%" in test.code[0].value
    verdicts = test.dataframe[0].value.set_index("Metric")["Verdict"]
    assert verdicts["Service level"] == "significant"
    next(one for one in test.button if one.label == "Discard").click().run()
    assert metric_cards(test) == before


def test_parts_have_sliders_of_their_own(repo_root):
    test = app(repo_root)
    test.session_state["runs"] = 5
    test.run()
    reach = next(one for one in test.segmented_control if one.label == "Change")
    reach.set_value("Per queue").run()
    assert {one.label for one in test.expander} >= {"Queue orders", "Group sales"}
    slider(test, "Agents").set_value(3).run()
    assert "--set group.sales.agents=+3" in test.code[0].value


def test_a_wrong_value_is_reported_as_on_the_command_line(repo_root):
    import sim
    from sim.app.workspace import as_text
    from sim.scenario import ScenarioError

    with pytest.raises(ScenarioError) as caught:
        sim.load(repo_root / "scenarios" / "callback_peak.toml", ["queue.orders.balk=140%"])
    test = app(repo_root).run()
    test.text_area[0].set_value("queue.orders.balk=140%").run()
    assert not test.exception
    assert not test.metric
    assert as_text(str(caught.value)) in [one.value for one in test.error]
    test.text_area[0].set_value("queue.orders.balk").run()
    assert "is not a change" in texts(test.error)


def test_an_upload_is_parsed_and_its_names_are_text(repo_root):
    test = app(repo_root, "Files of my own").run()
    assert "Upload a scenario file" in texts(test.info)
    test.file_uploader[0].set_value([("shop.toml", SCENARIO.encode(), "application/toml")]).run()
    assert not test.exception
    assert test.title[0].value == r"Small \*shop\*"
    assert "Service level" in metric_cards(test)


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("shop.toml", SCENARIO.replace("agents = 5", "agents = -5"), "")], "shop\\.toml\\:12"),
        ([("shop.toml", SCENARIO.replace("volume", "volum"), "")], "Did you mean 'volume'?"),
        ([("shop.csv", "a\n1", "text/csv")], "0 scenarios"),
    ],
)
def test_a_bad_upload_shows_its_message(repo_root, files, words):
    test = app(repo_root, "Files of my own").run()
    test.file_uploader[0].set_value([(n, c.encode(), m) for n, c, m in files]).run()
    assert not test.exception
    assert not test.metric
    assert words in texts(test.error)


def test_a_result_can_be_downloaded(started, repo_root):
    import io

    from openpyxl import load_workbook

    import sim
    from sim.app import result_components

    assert started.download_button[0].label == "Workbook with all metrics (XLSX)"
    result = sim.simulate(repo_root / "scenarios" / "callback_peak.toml", runs=2)
    assert len(load_workbook(io.BytesIO(result_components.workbook(result))).sheetnames) >= 2
    assert result_components.file_name("A peak, ../with <callbacks>") == "a-peak-with-callbacks"
    assert result_components.file_name("...") == "result"


def upload(repo_root, volume):
    test = app(repo_root, "Files of my own").run()
    big = SCENARIO.replace("volume = 40", f"volume = {volume}")
    test.file_uploader[0].set_value([("big.toml", big.encode(), "")]).run()
    assert not test.exception
    assert not test.error, texts(test.error)
    return test


def test_very_long_experiments_ask_before_they_begin(repo_root):
    test = upload(repo_root, 1_000_000)
    assert not test.metric
    assert "8.0 million contacts" in texts(test.warning)
    assert test.checkbox[0].label == "Simulate anyway"


def test_runs_that_are_too_large_for_the_planner_are_left_to_the_command_line(repo_root):
    test = app(repo_root, "Files of my own").run()
    big = SCENARIO.replace("volume = 40", "volume = 1_000_000").replace(
        'open = "09:00-11:00"', 'open = "09:00-20:00"'
    )
    test.file_uploader[0].set_value([("big.toml", big.encode(), "")]).run()
    assert not test.exception
    assert "too many for the app" in texts(test.error)


def test_long_experiments_do_not_block_the_page_and_can_be_cancelled(repo_root):
    test = upload(repo_root, 400_000)
    assert not test.metric
    job = test.session_state["job:start"]
    assert (job.planned, job.failed) == (2, "")
    next(one for one in test.button if one.label == "Cancel").click().run()
    assert job.wait(20)
    test.run()
    assert "Cancelled after" in texts(test.info)
    next(one for one in test.button if one.label == "Restart").click().run()
    assert test.session_state["job:start"].wait(20)
    test.run()
    assert "Service level" in metric_cards(test)


def test_keep_and_compare(repo_root):
    test = app(repo_root).run()
    compare = page("results", test)
    assert "No saved results yet" in texts(compare.info)
    save(test, "Today", "as it is")
    save(test, "Today")
    assert "'Today' is taken" in texts(test.error)
    assert "Save a second result" in texts(page("results", test).info)
    slider(test, "Volume").set_value(30).run()
    save(test, "Busy")
    compare = page("results", test)
    assert not compare.exception
    assert "as it is" in texts(compare.markdown)
    matrix = compare.dataframe[0].value.set_index("Metric")
    assert list(matrix.columns) == ["Today (base)", "Busy"]
    assert matrix.loc["Service level", "Busy"].endswith(" pp *)")
    table = compare.dataframe[1].value
    row = table[(table.Metric == "Service level") & (table.Of == "whole center")].iloc[0]
    assert row.Verdict == "significant"
    assert row["to"].startswith("-")
    next(one for one in compare.button if one.key == "remove:Busy").click().run()
    assert "Save a second result" in texts(compare.info)


@pytest.mark.slow
def test_any_saved_result_can_be_the_base(repo_root):
    test = app(repo_root).run()
    slider(test, "Volume").set_value(30).run()
    save(test, "Busy")
    slider(test, "Volume").set_value(0).run()
    save(test, "Today")
    results = page("results", test)
    matrix = results.dataframe[0].value.set_index("Metric")
    assert list(matrix.columns) == ["Today (base)", "Busy"]  # an unchanged scenario by default
    next(one for one in results.button if one.key == "base:Busy").click().run()
    matrix = results.dataframe[0].value.set_index("Metric")
    assert list(matrix.columns) == ["Busy (base)", "Today"]
    assert next(one for one in results.button if one.key == "base:Busy").disabled
    next(one for one in results.selectbox if one.label == "Scenario").set_value("retail_monday")
    next(one for one in results.get("button_group") if one.label == "Results of").set_value(
        "This scenario"
    )
    assert "No saved results of this scenario" in texts(results.run().info)


def test_the_same_scenario_shows_no_difference(repo_root):
    test = app(repo_root).run()
    save(test, "One")
    save(test, "Two")
    matrix, table = (one.value for one in page("results", test).dataframe[:2])
    assert "*" not in matrix.to_string()
    assert set(table.Verdict) == {"not significant"}


def test_results_with_other_numbers_of_replications_are_simulated_again(repo_root):
    test = app(repo_root).run()
    save(test, "Five")
    slider(test, "Volume").set_value(10)
    test.select_slider[0].set_value(10).run()
    save(test, "Ten")
    compare = page("results", test)
    assert not compare.exception
    assert "All used the same 5 simulated replications" in texts(compare.caption)


def test_every_metric_is_defined_on_its_page():
    from sim.metrics import VARIANTS, catalogue

    test = AppTest.from_string(PAGE.format("metrics"), default_timeout=30).run()
    assert not test.exception
    columns = [table.value["Name in files"] for table in test.table]
    named = {cell.strip("`") for column in columns for cell in column}
    levels = {f"service_level_{name}" for name in VARIANTS}
    assert named == ({*catalogue()} - levels) | {*VARIANTS}
    assert not any("_" in cell for table in test.table for cell in table.value.iloc[:, 0])
    assert all(table.value.map(bool).all().all() for table in test.table)


def test_the_promise_of_the_center_stands_beside_that_of_each_queue():
    whole = texts(AppTest.from_string(TOGETHER.format(SCENARIO, None)).run().caption)
    common = "Service level of the center and of channels: **answered only within 45s**"
    assert common in whole
    assert "orders: **short as met within 20s**" in whole
    assert "answered only = " in whole
    one = texts(AppTest.from_string(TOGETHER.format(SCENARIO, "orders")).run().caption)
    assert "orders: **short as met within 20s**" in one
    assert "45s" not in one
