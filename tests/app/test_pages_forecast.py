"""Page Forecast without a browser: upload, options, result, downloads, bad input, cancel."""

import datetime as dt
import gzip
import io
from pathlib import Path
from types import SimpleNamespace

import pytest
from openpyxl import Workbook
from streamlit.testing.v1 import AppTest

from sim.app import navigation
from sim.app.forecast_table import TABLE
from sim.app.planning_jobs import PlanningJob
from sim.app.scenario_picker import MINE
from sim.app.uploaded_files import temporary_files
from sim.app.workspace.scenario_files import content_at
from sim.fileio import UPLOADS
from sim.history import forecast_history
from sim.history.interval_forecast import forecast_csv
from sim.model import build
from sim.resources import scenarios_dir
from sim.scenario import load
from sim.units import BadInputError
from tests.support.call_log_rows import FIRST, TITLES, as_csv, contacts

NEW = "from sim.app.pages import new_scenario\nnew_scenario.page()"
PAGE = "from sim.app.pages import forecast\nforecast.page()"
OTHER = "insurer_month"
WEEK = dt.timedelta(days=7)
CENTER = """# My center.
[center]
days = 1
first_day = 2026-01-05
open = "00:00-24:00"
interval = "30min"

[queue.calls]
volume = "600 a day"
talk = "3min"

[group.team]
skills = { calls = 1 }
agents = 20
"""
HISTORY = scenarios_dir() / "history" / "shop.csv.gz"


def short_history(days=70):
    """Return the first days of the shipped history, of the voice queue."""
    lines = gzip.decompress(HISTORY.read_bytes()).decode().splitlines()
    kept = [line for line in lines[1:] if ",calls," in line]
    dates = sorted({line[:10] for line in kept})[:days]
    return "\n".join([lines[0], *(line for line in kept if line[:10] in dates)]).encode()


@pytest.fixture
def quick(monkeypatch):
    """Forecast by two methods instead of all."""
    real = forecast_history.forecast
    seen = {}

    def forecast(history, days, **options):
        seen["folder"] = Path(history).parent
        seen["files"] = sorted(file.name for file in seen["folder"].iterdir())
        return real(history, days, methods=["median of six", "seasonal naive"], **options)

    monkeypatch.setattr(forecast_history, "forecast", forecast)
    return seen


def opened(name="shop.csv", content=None):
    test = AppTest.from_string(PAGE, default_timeout=60).run()
    test.file_uploader(key="forecast:file").set_value(
        (name, content or short_history(), "text/csv")
    )
    return test.run()


def finished(test):
    test.button(key="forecast:start").click().run()
    assert test.session_state["plan:forecast"].wait(50)
    test.run()
    assert not test.exception
    return test


def test_a_history_becomes_a_forecast_with_its_errors_and_downloads(quick):
    test = opened()
    test.number_input(key="forecast:days").set_value(7)
    test.selectbox(key="forecast:country").set_value("US")
    finished(test.run())
    found = test.session_state["plan:forecast"].result
    assert found.intervals[0].days == 7
    assert found.history.name == "shop.csv"
    titles = [table.value.columns[0] for table in test.dataframe]
    assert titles[1:] == ["days", "day", "odd in the history", "method", "horizon"]
    assert "chosen" not in test.dataframe[5].value
    said = [one.value for one in test.markdown]
    assert any(one.startswith("One day ahead, the m") for one in said)
    assert any(one.startswith("- Chosen for 1 day") for one in said)
    methods = list(test.dataframe[4].value["method"])
    assert {"seasonal naive", "median of six", "chosen", "Poisson noise"} == set(methods)
    assert len(test.get("vega_lite_chart")) == 2
    labels = [one.label for one in test.get("download_button")]
    assert {"Interval rows (CSV)", "NICE IEX"} <= set(labels)
    assert "Amazon Connect" not in labels  # which requires a time zone, and the page says so
    assert any("Amazon Connect" in one.value for one in test.caption)


def test_volumes_are_written_into_a_copy_of_the_current_scenario(quick, tmp_path):
    scenario = tmp_path / "center.toml"
    scenario.write_text(CENTER, encoding="utf-8")
    test = finished(opened())
    test.session_state["scenario:next"] = MINE + test.session_state["workspace"].add_scenario(
        load(scenario), "center"
    )
    test.run()
    test.button(key="forecast:write").click().run()
    assert not test.exception
    assert not test.error
    assert test.success[0].value.startswith("Volumes written.")
    found = test.session_state["plan:forecast"].result
    (text, files) = content_at(test.session_state["workspace"].scenarios["center"])
    assert text.startswith("# My center.\n")
    assert "forecast.csv:calls" in text
    assert list(files)
    written = test.session_state["workspace"].scenarios["center"]
    monday = next(k for k, date in enumerate(found.queues[0].dates) if date.weekday() == 0)
    volume = build(written).queues[0].demand.expected.sum()
    assert volume == pytest.approx(found.intervals[0].offered[monday].sum(), rel=0.01)
    test.checkbox(key="forecast:all_days").check().run()
    test.button(key="forecast:write").click().run()
    volume = build(test.session_state["workspace"].scenarios["center"]).queues[0].demand.expected
    assert volume.sum() == pytest.approx(found.intervals[0].offered.sum(), rel=0.01)


def test_the_scenario_to_write_into_is_chosen_beside_the_button(quick):
    test = finished(opened())
    first = test.selectbox(key="scenario").value
    assert all(one.key != "new:picker" for one in test.button)  # it would lose the forecast
    test.selectbox(key="scenario").set_value(OTHER).run()
    assert not test.exception
    test.button(key="forecast:write").click().run()
    assert first != OTHER
    assert test.error[0].value.replace("\\", "").startswith(f"{OTHER}.toml: no queue")


def test_volumes_of_other_queues_are_refused_with_the_message_of_the_command_line(quick):
    test = opened()
    test.session_state["scenario"] = OTHER
    finished(test.run())
    test.button(key="forecast:write").click().run()
    assert not test.exception
    assert "calls" in test.error[0].value
    assert len(test.success) == 0


def test_what_was_uploaded_is_deleted_when_the_work_ends(quick):
    test = finished(opened())
    assert quick["files"] == ["shop.csv"]
    assert not quick["folder"].exists()
    job = test.session_state["plan:forecast"]
    assert job.work.__closure__ is None  # it held the content


def test_wrong_hours_are_shown_at_their_field_and_nothing_starts():
    test = opened()
    test.text_input(key="forecast:opening").set_value("late").run()
    assert test.error[0].value.startswith("opening hours")
    assert test.button(key="forecast:start").disabled


def test_intervals_are_put_together_and_the_forecast_goes_on_to_a_new_scenario(quick, monkeypatch):
    went = []
    monkeypatch.setattr(navigation, "go_to", went.append)
    test = opened()
    assert "Germany (DE)" in test.selectbox(key="forecast:country").options
    test.number_input(key="forecast:days").set_value(8)
    test.selectbox(key="forecast:interval").set_value("60min")
    finished(test.run())
    assert test.session_state["plan:forecast"].result.intervals[0].interval_minutes == 60
    test.button(key="forecast:scenario").click().run()
    assert went == [navigation.NEW_SCENARIO]
    new = AppTest.from_string(NEW, default_timeout=60)
    new.session_state[TABLE] = test.session_state[TABLE]
    new.run()
    assert not new.exception
    assert [one.value for one in new.text_input if one.label == "Queue"] == ["calls"]
    assert any("handle time" in one.label for one in new.checkbox)
    (days,) = [one for one in new.selectbox if one.label == "Days"]
    assert days.options[0] == "All 7 days with contacts"
    assert len(days.options) == 1 + 2 + 7
    new.button(key="new:other").click().run()
    assert new.file_uploader


def test_a_bad_cell_has_the_message_of_the_command_line():
    rows = short_history(14).decode().splitlines()
    rows[5] = rows[5].rsplit(",", 3)[0] + ",many,1,200"
    test = finished(opened(content="\n".join(rows).encode()))
    message = test.error[0].value.replace("\\", "")
    assert message == "shop.csv:6: offered: 'many' must be a number of 0 or more"


def test_a_cancelled_forecast_says_so_and_leaves_no_file(monkeypatch):
    seen = {}

    def forecast(history, days, *, progress, **options):
        seen["folder"] = Path(history).parent
        job.stop()
        progress(0, 1)

    monkeypatch.setattr(forecast_history, "forecast", forecast)
    from sim.app.pages.forecast import _work

    file = SimpleNamespace(name="shop.csv", getvalue=lambda: b"x")
    job = PlanningJob("key", "Forecasting", _work(file, None, {"days": 1}), noun="forecast")
    assert job.start().wait(10)
    assert (job.result, job.failed, job.wrong) == (None, "", None)
    assert not seen["folder"].exists()


def test_messages_name_uploads_without_their_folder():
    with (
        pytest.raises(BadInputError, match=r"^week\.csv: wrong$"),
        temporary_files({"week.csv": b"x"}) as path,
    ):
        raise BadInputError(f"{path('week.csv')}: wrong")


def test_a_packed_history_that_is_too_large_is_refused():
    test = opened("large.csv.gz", gzip.compress(b"a,b\n" * (UPLOADS.size // 4 + 2)))
    assert "large.csv.gz: holds more than" in test.error[0].value.replace("\\", "")


def test_a_call_log_is_counted_and_forecast_as_by_the_command_line(quick, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(as_csv(TITLES, contacts()))
    test = opened("log.csv", log.read_bytes())
    assert not test.error
    assert [one.value for one in test.get("button_group")] == ["one contact (call log)"]
    outcomes = next(one for one in test.multiselect if one.label == "Leave out outcomes")
    outcomes.set_value(["transfer"])
    next(one for one in test.selectbox if one.label == "From").set_value(FIRST + WEEK)
    test.number_input(key="forecast:days").set_value(7)
    finished(test.run())
    found = test.session_state["plan:forecast"].result
    here = forecast_history.forecast(
        log, 7, first=FIRST + WEEK, not_outcome=["transfer"], interval="30min"
    )
    assert forecast_csv(found.intervals) == forecast_csv(here.intervals)
    notes = next(one for one in test.expander if one.label == "Notes").markdown[0].value
    assert "read as a call log" in notes
    assert "--" not in notes


def test_columns_of_a_call_log_that_are_not_guessed_are_asked_for(quick):
    titles = ("id", "when", "line", "waited", "how", "talk", "wrap", "who")
    test = opened("log.csv", as_csv(titles, contacts(21)).encode())
    test.get("button_group")[0].set_value("one contact (call log)").run()
    assert "no column is mapped to it" in test.error[0].value
    assert "--" not in test.error[0].value
    assert test.button(key="forecast:start").disabled
    for label, title in (("Offered", "when"), ("Queue", "line"), ("Outcome", "how"),
                         ("Agent", "who")):  # fmt: skip
        next(one for one in test.selectbox if one.label == label).set_value(title)
    test.run()
    assert not test.error
    assert not test.button(key="forecast:start").disabled


def named(fields, label):
    return next(one for one in fields if one.label == label)


def first_day(test):
    return test.session_state["plan:forecast"].result.intervals[0].first_day


def month_first(rows):
    return [(number, f"{at:%m/%d/%Y %H:%M:%S}", *others) for number, at, *others in rows]


def test_dates_of_a_call_log_that_can_be_read_either_way_are_asked_for(quick):
    test = opened("log.csv", as_csv(TITLES, month_first(contacts(10))).encode())
    assert "day or month first?" in test.error[0].value
    assert test.button(key="forecast:start").disabled
    named(test.selectbox, "Date format").set_value("month first").run()
    assert not test.error
    assert named(test.selectbox, "From").value == FIRST
    finished(test)
    assert first_day(test) == FIRST + dt.timedelta(days=10)


def test_the_sheet_of_a_call_log_is_chosen(quick):
    book = Workbook()
    sheets = (book.active, book.create_sheet("shorter"), book.create_sheet("longer"))
    for sheet, days in zip(sheets, (14, 7, 28), strict=True):
        for row in (TITLES, *contacts(days)):
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    test = opened("log.xlsx", content.getvalue())
    assert named(test.selectbox, "To").value == FIRST + dt.timedelta(days=12)
    for name in ("shorter", "longer"):
        named(test.selectbox, "Sheet").set_value(name).run()
    assert not test.error
    assert named(test.selectbox, "To").value == FIRST + dt.timedelta(days=26)
    finished(test)
    assert first_day(test) == FIRST + dt.timedelta(days=27)


def test_sheet_and_date_format_of_a_table_of_intervals_are_chosen(quick):
    book = Workbook()
    for sheet, days in ((book.active, 7), (book.create_sheet("longer"), 10)):
        sheet.append(("Date", "Time", "Queue", "Offered"))
        for day in range(days):
            for hour in range(9, 17):
                sheet.append((f"03/{day + 2:02}/2026", f"{hour:02}:00", "calls", 20 + day))
    content = io.BytesIO()
    book.save(content)
    test = opened("weeks.xlsx", content.getvalue())
    named(test.selectbox, "Sheet").set_value("longer").run()
    named(test.selectbox, "Date format").set_value("month first").run()
    finished(test)
    assert first_day(test) == FIRST + dt.timedelta(days=10)


def test_a_table_without_the_columns_that_are_needed_cannot_be_forecast():
    test = opened("colours.csv", b"Name,Colour,Price\na,red,1\nb,blue,2\n")
    assert "Start of the interval" in test.error[0].value
    assert "Name, Colour, Price" in test.error[0].value
    assert "--" not in test.error[0].value
    assert test.button(key="forecast:start").disabled
