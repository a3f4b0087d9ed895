"""Page Calibrate without a browser: upload, mapping, result, scenario, bad input, cancel."""

import datetime as dt
import gzip
import io
import sys
from collections import Counter
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from streamlit.testing.v1 import AppTest

import sim
from sim.app.pages import calibrate as page
from sim.app.planning_jobs import PlanningJob
from sim.app.uploaded_files import guard_log
from sim.app.uploads import GeneratedFile, UploadError, scenario_from_files
from sim.app.workspace.session_workspace import home
from sim.fileio import UPLOADS
from sim.history import calibration
from sim.history.calibration import calibrate_center, close_loop
from sim.history.calibration_stages import progress_text
from sim.history.call_log import read_call_log
from sim.planning.log_actuals import columns_of
from sim.units import BadInputError
from tests.support.recorded_world import (
    HALF_HOURS,
    STATE_TITLES,
    TITLES,
    rows_of,
    state_rows_of,
    world,
    write_log,
)

DAYS = 21
PAGE = """
from sim.app import navigation
from sim.app.pages import calibrate
navigation.go_to = lambda address: None
calibrate.page()
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Return a log of a simulated center as bytes: as few days as leave a week out."""
    file = tmp_path_factory.mktemp("log") / "calls.csv"
    small = world(
        center__days=DAYS,
        queue__billing__volume=[n // 2 for n in HALF_HOURS] * DAYS,
        queue__cards__volume=5,
        group__team__agents=[4] * len(HALF_HOURS) * DAYS,
    )
    return write_log(file, rows_of(small)).read_bytes()


@pytest.fixture(scope="module")
def quick():
    """Fewer replications than in earnest."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(calibrate_center, "FIT_RUNS", 4)
        patch.setattr(close_loop, "STEPS", 1)
        patch.setattr(close_loop, "RUNS", 2)
        patch.setattr("sim.history.calibration.assumption_effects.RUNS", 2)
        yield


def callers():
    """Return the names of the functions that are at work."""
    frame, names = sys._getframe(1), set()
    while frame is not None:
        names.add(frame.f_code.co_name)
        frame = frame.f_back
    return names


def opened(content, name="calls.csv"):
    test = AppTest.from_string(PAGE, default_timeout=60).run()
    test.file_uploader(key="calibrate:file").set_value((name, content, "text/csv"))
    test.run()
    assert not test.exception
    return test


def test_a_log_becomes_estimates_errors_assumptions_and_a_scenario(log, quick, monkeypatch):
    seen = {}
    real = calibration.calibrate

    def calibrate(path, **options):
        seen["folder"] = Path(path).parent
        return real(path, **options)

    monkeypatch.setattr(calibration, "calibrate", calibrate)
    looks = Counter()
    monkeypatch.setattr(PlanningJob, "_end_if_cancelled", lambda job: looks.update(callers()))
    test = opened(log)
    test.text_input(key="calibrate:zone").set_value("Europe/Lisbon").run()
    test.button(key="calibrate:start").click().run()
    assert test.session_state["plan:calibrate"].wait(55)
    test.run()
    assert not test.exception
    assert not seen["folder"].exists()  # what was uploaded is deleted
    # Cancel ends the work at the next evaluation or replication, of which there are hundreds.
    assert min(looks["fit_likelihood"], looks["simulate_past_days"]) > 20
    assert looks["assumption_effects"] > 8
    heads = [one.value for one in test.subheader]
    assert heads[1:5] == [
        "What matters most", "Errors on recorded days", "Queues on recorded days",
        "Errors on days left out",
    ]  # fmt: skip
    assert {"Cleaning", "Estimates", "Estimates against the data"} <= set(heads)
    assert "Changed to remove bias" in heads
    errors = next(t.value for t in test.dataframe if "Erlang A" in t.value.columns)
    assert {"ASA", "service level", "abandonment"} == set(errors["metric"])
    found = test.session_state["plan:calibrate"].result
    with ZipFile(io.BytesIO(page._packed(found))) as packed:
        assert {"scenario.toml", "week.csv", "report.html"} <= set(packed.namelist())
    again = scenario_from_files([GeneratedFile("calls-center.zip", page._packed(found))])
    assert {"billing", "cards"} <= set(again.queue)
    test.button(key="calibrate:open").click().run()
    assert not test.exception
    name = test.session_state["scenario:next"].removeprefix("mine/")
    assert name.startswith("calls")
    center = sim.load(next(home().rglob(f"{name}/scenario.toml")))
    assert center.center.time_zone == "Europe/Lisbon"  # so that validation reads the same clock
    assert columns_of(center).columns == {key: key for key in TITLES}
    later = AppTest.from_string(PAGE, default_timeout=60)  # reloaded: a session without upload
    later.session_state["workspace"] = test.session_state["workspace"]
    later.run()
    assert not later.exception
    assert [one.value for one in later.subheader] == heads
    said = " ".join(one.value for one in later.markdown).replace("\\", "")
    assert "mean errors are below those of Erlang A" in said
    assert "multiplied by" in said
    assert "breaks as recorded: there is no file of states" in said
    cleaning = next(t.value for t in later.dataframe if "done" in t.value.columns)
    used = sum(
        int(row["count"].replace(",", ""))
        for _, row in cleaning.iterrows()
        if row["done"].startswith(("left out", "talk added"))
    )
    assert found.cleaning.rows - used == len(found.estimates.log)


def test_a_mapping_that_lacks_a_column_is_shown_below_it(log):
    test = opened(log)
    wait = next(one for one in test.selectbox if one.label == "Wait")
    wait.set_value("(no column)").run()
    assert "Wait: no column is mapped to it" in test.error[0].value.replace("\\", "")
    assert test.button(key="calibrate:start").disabled


def state_file(word="Available"):
    rows = state_rows_of(world())
    shown = [(*row[:3], word if row[3] == "Available" else row[3]) for row in rows]
    lines = [",".join(STATE_TITLES), *(",".join(row) for row in shown)]
    return "\n".join(lines).encode()


def test_states_of_agents_can_be_added_and_unknown_words_said(log, monkeypatch):
    seen = {}

    def calibrate(path, *, states, state_columns, state_words, progress, **options):
        seen.update(columns=state_columns, words=state_words, text=Path(states).read_bytes())
        raise BadInputError(f"{states}:2: agent: wrong")

    monkeypatch.setattr(calibration, "calibrate", calibrate)
    test = opened(log)
    content = state_file("Zulu")
    test.file_uploader(key="calibrate:states").set_value(("calls.csv", content, "text/csv"))
    test.run()
    assert not test.exception
    assert test.button(key="calibrate:start").disabled
    word = next(one for one in test.selectbox if one.label == "Zulu")
    word.set_value("available").run()
    assert not test.button(key="calibrate:start").disabled
    test.button(key="calibrate:start").click().run()
    assert test.session_state["plan:calibrate"].wait(30)
    test.run()
    assert seen["words"] == {"Zulu": "available"}
    assert seen["columns"]["agent"] == "agent"
    assert seen["text"] == content
    assert test.error[0].value.replace("\\", "").startswith("states of calls.csv:2: agent: wrong")


def test_a_file_that_holds_no_states_is_shown_below_it(log):
    test = opened(log)
    test.file_uploader(key="calibrate:states").set_value(("s.csv", b"a,b\n1,2\n", "text/csv"))
    test.run()
    assert "Agent: no column is mapped to it" in test.error[0].value.replace("\\", "")
    assert test.button(key="calibrate:start").disabled


def test_outcomes_are_left_out_and_unclear_ones_reported_beside_the_field(log, monkeypatch):
    seen = {}

    def calibrate(path, *, progress, **options):
        seen.update(options)
        raise BadInputError("enough")

    monkeypatch.setattr(calibration, "calibrate", calibrate)
    lines = log.decode().splitlines()
    at = TITLES.index("outcome")
    for k, agent in ((3, ""), (4, "A1")):  # neither an agent nor none goes with it
        cells = lines[k].split(",")
        cells[at], cells[TITLES.index("agent")], cells[TITLES.index("talk")] = "Zulu", agent, ""
        lines[k] = ",".join(cells)
    test = opened("\n".join(lines).encode())
    message = test.error[0].value.replace("\\", "")
    assert message.startswith("calls.csv: outcome: 'Zulu': neither answered nor abandoned")
    assert message.endswith("or leave these rows out (Leave out outcomes)")
    assert test.button(key="calibrate:start").disabled
    field = next(one for one in test.multiselect if one.label == "Leave out outcomes")
    assert "Zulu" in field.options
    field.set_value(["Zulu"]).run()
    assert not test.error
    test.button(key="calibrate:start").click().run()
    assert test.session_state["plan:calibrate"].wait(10)
    assert seen["not_outcome"] == ("Zulu",)


@pytest.mark.parametrize(("column", "is_time"), [("offered", True), ("talk", False)])
def test_a_bad_cell_has_the_message_of_the_command_line(log, column, is_time):
    lines = log.decode().splitlines()
    cells = lines[3].split(",")
    cells[TITLES.index(column)] = "soon"
    lines[3] = ",".join(cells)
    test = opened("\n".join(lines).encode())
    start = test.button(key="calibrate:start")
    assert start.disabled == is_time  # bad times are reported with the days of the file
    if not is_time:
        start.click().run()
        assert test.session_state["plan:calibrate"].wait(30)
        test.run()
    message = test.error[0].value.replace("\\", "")
    assert message.startswith(f"calls.csv:4: {column}: ")
    assert "soon" in message


def test_only_days_of_the_file_can_be_chosen(log, monkeypatch):
    seen = {}

    def calibrate(path, *, progress, **options):
        seen.update(options)
        raise BadInputError("enough")

    monkeypatch.setattr(calibration, "calibrate", calibrate)
    test = opened(log)
    first, last = (next(one for one in test.selectbox if one.label == k) for k in ("From", "To"))
    assert len(first.options) == len(last.options) == DAYS
    assert first.options[0] == "Mon 2026-03-02"
    first.set_value(dt.date(2026, 3, 9)).run()
    test.button(key="calibrate:start").click().run()
    assert test.session_state["plan:calibrate"].wait(10)
    assert (seen["first"], seen["last"]) == (dt.date(2026, 3, 9), None)
    test.selectbox(key=last.key).set_value(dt.date(2026, 3, 3)).run()
    assert "is after 2026-03-03" in test.error[0].value.replace("\\", "")
    assert test.button(key="calibrate:start").disabled


def test_progress_names_the_stage_and_cancel_answers_at_once(log, monkeypatch):
    at_work, end = Event(), Event()

    def calibrate(path, *, progress, **options):
        progress("estimating", 3, 6)
        at_work.set()
        end.wait(20)
        progress("estimating", 4, 6)

    monkeypatch.setattr(calibration, "calibrate", calibrate)
    test = opened(log)
    test.button(key="calibrate:start").click().run()
    assert at_work.wait(10)
    job = test.session_state["plan:calibrate"]
    now = "Stage 2 of 7: estimating when agents were present"
    assert page._words(job.state) == now
    assert job.state.share == pytest.approx(1.5 / 7)
    away = AppTest.from_string(PAGE, default_timeout=60)
    away.session_state["plan:calibrate"] = job
    away.run()
    said = " ".join(one.value for one in away.caption).replace("\\", "")
    assert f"Calibration of calls.csv, started at {job.clock}, is under way. {now}." in said
    job.stop()
    away.run()
    assert not job.is_over
    assert not any("under way" in one.value for one in away.caption)
    assert [one.value for one in away.info] == ["Cancelled; no calibration was made."]
    end.set()
    assert job.wait(10)


def test_the_first_stages_say_what_is_done_and_the_others_count():
    told = [progress_text("reading", done, 3) for done in (0, 1, 2, 3)]
    assert told == [
        "Stage 1 of 7: reading the file", "Stage 1 of 7: checking times and outcomes",
        "Stage 1 of 7: cleaning", "Stage 1 of 7: cleaning",
    ]  # fmt: skip
    assert progress_text("removing bias", 2, 9) == "Stage 3 of 7: removing bias, 2 of 9"


def test_reading_a_log_tells_its_steps_as_they_end(log, tmp_path):
    file, seen = tmp_path / "calls.csv", []
    file.write_bytes(log)
    read_call_log(file, progress=seen.append)
    assert seen == [1, 2]


def test_a_cancelled_calibration_leaves_no_file(monkeypatch):
    seen = {}

    def calibrate(path, *, progress, **options):
        seen["folder"] = Path(path).parent
        job.stop()
        progress("reading", 0, 1)

    monkeypatch.setattr(calibration, "calibrate", calibrate)
    file = SimpleNamespace(name="calls.csv", getvalue=lambda: b"x")
    job = PlanningJob("key", "Calibrating", page._work(file, {}), noun="calibration")
    assert job.start().wait(10)
    assert (job.result, job.failed, job.wrong) == (None, "", None)
    assert not seen["folder"].exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("calls.csv", b"x" * (UPLOADS.size + 1)),
        ("calls.csv.gz", gzip.compress(b"x" * (UPLOADS.unpacked + 1))),
    ],
)
def test_larger_logs_are_for_the_command(name, content):
    with pytest.raises(UploadError, match=f"{name}: has more than .*use ccplan calibrate"):
        guard_log(name, content, "ccplan calibrate")
