"""Forecasts as files: rows of its own, layouts of other suites, volumes of a scenario."""

import csv
import datetime as dt
import io
import json
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import sim
from sim.fileio import table_from_text
from sim.history.export_layouts import in_layout
from sim.history.interval_forecast import IntervalForecast, forecast_csv
from sim.history.scenario_volumes import scenario_volumes
from sim.history.tables.actuals import read_actuals
from sim.scenario.interval_series import volume_of
from sim.units import BadInputError

MONDAY = dt.date(2026, 10, 19)
DAYS = 14


def forecast(queue="calls", channel="voice", minutes=30, aht=200.0):
    """From 8 to 10 o'clock on weekdays; 10.4, 10.9, 11.4, … contacts in half hours."""
    per_day = 1440 // minutes
    is_open = np.zeros((DAYS, per_day), bool)
    is_open[:, 480 // minutes : 600 // minutes] = True
    is_open[5::7] = is_open[6::7] = False
    offered = np.where(is_open, 10.4 + 0.5 * np.arange(per_day)[None] % 2.0, 0.0)
    handle = None if aht is None else np.full(offered.shape, aht)
    low, high = 0.8 * offered, 1.25 * offered
    return IntervalForecast(queue, channel, MONDAY, minutes, offered, low, high, is_open, handle)


def rows(text, separator=","):
    return list(csv.DictReader(io.StringIO(text), delimiter=separator))


def test_rows_are_read_as_they_were_written():
    one = forecast()
    found = read_actuals(table_from_text("f.csv", forecast_csv([one, forecast("chat", "chat")])))
    assert len(found.entries) == 2 * int(one.is_open.sum())
    for entry in found.entries[:40]:
        at = (entry.day - MONDAY).days, int(entry.second // 1800)
        assert entry.numbers["offered"] == pytest.approx(one.offered[at])
        assert entry.numbers["aht"] == 200
    assert "aht_s" not in forecast_csv([forecast(aht=None)]).splitlines()[0]


@pytest.mark.parametrize(("minutes", "length"), [(5, "15mins"), (15, "15mins"), (60, "30mins")])
def test_override_of_amazon_connect_is_whole_in_utc_and_adds_up(minutes, length):
    one = forecast(minutes=minutes)
    found = rows(in_layout("connect", [one], ZoneInfo("Europe/Berlin")))
    assert list(found[0]) == [
        "QueueName", "QueueId", "ChannelType", "TimeStamp", "IntervalDuration",
        "IncomingContactVolume", "AverageHandleTime",
    ]  # fmt: skip
    assert {row["IntervalDuration"] for row in found} == {length}
    assert {row["ChannelType"] for row in found} == {"VOICE"}
    assert found[0]["TimeStamp"] == "2026-10-19T06:00:00Z"
    after = next(row for row in found if row["TimeStamp"].startswith("2026-10-26"))
    assert after["TimeStamp"] == "2026-10-26T07:00:00Z"  # winter time
    whole = sum(int(row["IncomingContactVolume"]) for row in found)
    assert whole == pytest.approx(one.offered.sum(), abs=0.5 * DAYS)
    assert {row["AverageHandleTime"] for row in found} == {"200"}


def test_override_of_amazon_connect_needs_a_zone_and_known_channels():
    with pytest.raises(BadInputError, match="--center-zone is needed"):
        in_layout("connect", [forecast()], None)
    with pytest.raises(BadInputError, match="queue mail has the channel email; allowed: voice or"):
        in_layout("connect", [forecast("mail", "email")], ZoneInfo("UTC"))
    with pytest.raises(BadInputError, match="layout: 'verint' is unknown; allowed: connect"):
        in_layout("verint", [forecast()], None)


@pytest.mark.parametrize("layout", ["connect", "genesys"])
def test_layouts_with_a_number_for_each_handle_time_need_them(layout):
    unknown = forecast("chats", "chat", aht=None)
    with pytest.raises(BadInputError, match="queue chats has no handle times.*--column aht=TITLE"):
        in_layout(layout, [forecast(), unknown], ZoneInfo("UTC"))


@pytest.mark.parametrize("minutes", [5, 15, 30, 60])
def test_import_of_genesys_has_quarters_of_whole_weeks_and_a_day(minutes):
    one = forecast(minutes=minutes)
    body = json.loads(in_layout("genesys", [one, forecast("b")], None))
    assert (body["weekCount"], body["canUseForScheduling"]) == (2, True)
    first, second = body["planningGroups"]
    assert (first["planningGroupId"], second["planningGroupId"]) == ("calls", "b")
    offered = first["offeredPerInterval"]
    assert len(offered) == 96 * 15 == len(first["averageHandleTimeSecondsPerInterval"])
    assert sum(offered) == pytest.approx(one.offered.sum(), abs=0.01 * len(offered))
    assert (offered[31], offered[32] > 0, offered[40]) == (0, True, 0)
    assert first["averageHandleTimeSecondsPerInterval"][32] == 200
    assert second["averageHandleTimeSecondsPerInterval"].count(200) > 0


def test_rows_of_nice_are_read_again():
    text = in_layout("nice", [forecast()], ZoneInfo("Europe/Berlin"))
    first = rows(text, "|")[0]
    assert (first["date"], first["period"], first["TZ"]) == ("10192026", "0800", "Europe/Berlin")
    found = read_actuals(
        table_from_text("f.csv", text),
        {"date": "date", "start": "period", "offered": "contactsReceived", "aht": "AHT"},
        order="month first",
    )
    assert found.entries[0].day == MONDAY
    assert found.entries[0].second == 8 * 3600


SCENARIO = """# My center.
[center]
first_day = 2026-01-05   # a Monday
days = 2
open = "08:00-09:30"
interval = "{interval}"

[queue.Calls]
volume = "60 a day"  # a guess
profile = [{profile}]
talk = "3min"

[queue.mail]
channel = "email"
volume = 3
talk = "5min"

[group.team]
agents = 3
skills = {{ Calls = 1, mail = 1 }}
"""


@pytest.mark.parametrize(
    ("interval", "profile"), [("30min", "1, 1, 1"), ("15min", "1, " * 5 + "1")]
)
def test_volumes_of_a_scenario_are_replaced_and_all_else_stays(tmp_path, interval, profile):
    file = tmp_path / "center.toml"
    text = SCENARIO.format(interval=interval, profile=profile)
    file.write_text(text, encoding="utf-8")
    found = scenario_volumes(file, [forecast()], {"cv": "8%", "shared": "50%", "shape": "gamma"})
    assert file.read_text(encoding="utf-8") == text  # not yet
    assert not (tmp_path / "center_forecast.csv").exists()
    found.write()
    new = file.read_text(encoding="utf-8")
    assert "# My center.\n" in new
    assert "first_day = 2026-10-19   # a Monday\n" in new
    one = forecast()
    days = f"{one.first_day} to {one.last_day}"
    assert f'volume = "center_forecast.csv:Calls"  # forecast of {days}\n' in new
    assert "a guess" not in new
    assert "profile" not in new
    assert list(found.notes) == [
        "the first day is 2026-10-19, the first Monday of the forecast (it was 2026-01-05)",
        "12 of the 14 days of the forecast are not used, with 357 contacts: the scenario simulates "
        "2 days from 2026-10-19 on; --all-days makes it simulate all of them",
        "Calls: 24 forecast contacts of the days that are simulated lie outside its opening hours "
        'and are not used; the forecast has contacts within "08:00-10:00": set center.open so, and '
        "forecast again",
        "queue mail is not in the forecast; its volume stays",
    ]
    center = sim.load(file)
    assert (center.center.busyness.cv, center.center.busyness.shared) == (0.08, 0.5)
    mean = sum(volume_of(center.queue["Calls"], center.center.grid, center.center.open))
    assert mean == pytest.approx(one.offered[:2, 16:19].sum())


def test_scenario_set_as_the_notes_say_uses_the_whole_forecast(tmp_path):
    file = tmp_path / "center.toml"
    text = SCENARIO.format(interval="30min", profile="1, 1, 1").replace("profile = [1, 1, 1]\n", "")
    for change in (
        ("days = 2", "days = 14"), ("09:30", "10:00"), ("2026-01-05", "2026-10-19"),
    ):  # fmt: skip
        text = text.replace(*change)
    file.write_text(text, encoding="utf-8")
    found = scenario_volumes(file, [forecast()])
    assert found.notes == ("queue mail is not in the forecast; its volume stays",)
    found.write()
    center = sim.load(file)
    mean = sum(volume_of(center.queue["Calls"], center.center.grid, center.center.open))
    assert mean == pytest.approx(forecast().offered.sum())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("days = 2", "days = 21"), "has 21 days, .* such as --days 21"),
        (("[queue.Calls]", "[queue.other]"), "no queue of the forecast is in it"),
        (('"30min"', '"20min"'), "intervals of 20 min do not fit those of the forecast, 30 min"),
    ],
)
def test_scenarios_that_do_not_fit_are_refused_and_left_alone(tmp_path, change, message):
    file = tmp_path / "center.toml"
    text = SCENARIO.format(interval="30min", profile="1, 1, 1").replace(*change)
    text = text.replace("{ Calls = 1", "{ other = 1" if "other" in text else "{ Calls = 1")
    text = text.replace("profile = [1, 1, 1]\n", "").replace("09:30", "10:00")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInputError, match=message):
        scenario_volumes(file, [forecast()])
    assert file.read_text(encoding="utf-8") == text
    assert [path.name for path in tmp_path.iterdir()] == ["center.toml"]
