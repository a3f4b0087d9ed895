"""`ccplan forecast`: text, JSON, rows for staffing, layouts, scenarios; bad input is reported."""

import csv
import datetime as dt
import json
import shutil

import numpy as np
import pytest

import sim
from scripts.artificial_history import FILE as HISTORY
from scripts.artificial_history import FIRST, packed, text
from sim.cli import main
from sim.history.forecast_history import HOLIDAYS_UNNAMED
from sim.report.forecast_text import forecast_text

EVENTS = HISTORY.with_name("shop_events.csv")
FAST = ["--method", "median of six", "--method", "regression"]


@pytest.fixture
def ccplan(capsys):
    def run(*arguments, command="forecast"):
        with pytest.raises(SystemExit) as left:
            main([command, *map(str, arguments)])
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return run


@pytest.fixture(scope="module")
def found():
    return sim.forecast(HISTORY, 28, country="US", events=EVENTS)


def test_the_shipped_history_is_that_of_the_script():
    assert HISTORY.read_bytes() == packed()


def test_the_text_has_methods_choice_coverage_and_what_was_odd(found):
    out = forecast_text(found)
    for words in (
        "calls (voice): 28 days from 2026-06-26 on, in intervals of 30 min",
        "seasonal naive", "median of six", "exponential smoothing", "low rank", "Poisson noise",
        "1 day: WAPE", "4 weeks: WAPE", "coverage of 90 %",
        "Fri 2026-06-26 to Thu 2026-07-02",
        "near-empty day       2026-02-11", "(Memorial Day)", "incomplete last day  2026-06-26",
        "Note: queues share",
    ):  # fmt: skip
        assert words in out


def test_what_was_chosen_errs_less_than_the_naive_methods(found):
    for one in found.queues:
        for horizon in ("1 day", "1 week", "4 weeks"):
            naive = one.back_test.error("seasonal naive", horizon).wape
            assert one.back_test.error("chosen", horizon).wape < 0.85 * naive
        assert one.back_test.error("chosen", "1 day").wape > one.back_test.poisson_wape


def test_rows_and_days_add_up_and_closed_hours_are_empty(found):
    document = found.to_dict()
    assert [one["queue"] for one in document["queues"]] == ["calls", "chat"]
    for one in document["queues"]:
        by_day = dict.fromkeys((day["date"] for day in one["days"]), 0.0)
        for row in one["intervals"]:
            assert 0 <= row["low"] <= row["offered"] <= row["high"]
            assert "09:00" <= row["start"][11:] < "17:00"
            by_day[row["start"][:10]] += row["offered"]
        for day in one["days"]:
            assert by_day[day["date"]] == pytest.approx(day["offered"], abs=1e-3)
            if dt.date.fromisoformat(day["date"]).weekday() == 6:
                assert day["offered"] == 0


def test_a_stated_change_multiplies_the_forecast_of_its_queue_and_days(tmp_path):
    campaigns = tmp_path / "events.csv"
    lines = EVENTS.read_text(encoding="utf-8").splitlines()
    campaigns.write_text("\n".join(lines[:-1]), encoding="utf-8")
    none, plain, events = (
        sim.forecast(HISTORY, 28, events=table, methods=["regression"])
        for table in (None, campaigns, EVENTS)
    )
    letter = (dt.date(2026, 7, 14) - dt.date(2026, 6, 26)).days
    for one, other, factor in zip(plain.intervals, events.intervals, (1.15, 1), strict=True):
        assert other.offered[letter] == pytest.approx(factor * one.offered[letter])
        assert other.high[letter] == pytest.approx(factor * one.high[letter])
        assert other.offered[letter + 1] == pytest.approx(one.offered[letter + 1])
    campaign = (dt.date(2026, 7, 8) - dt.date(2026, 6, 26)).days
    with_name, without = (x.intervals[0].offered[campaign].sum() for x in (plain, none))
    assert with_name > 1.15 * without


@pytest.mark.parametrize(
    ("name", "message"),
    [("week.csv", "is read by the same command"), ("week.xlsx", "is written as text")],
)
def test_the_history_is_not_overwritten(name, message, ccplan, tmp_path):
    history = tmp_path / "week.csv"
    history.write_text(text(), encoding="utf-8")
    code, out, err = ccplan(history, "--out", tmp_path / name)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert message in err
    assert history.read_text(encoding="utf-8") == text()


def test_a_call_log_is_one_message(ccplan, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("date,time,offered\n" + "2026-01-05,08:00,1\n" * 40)
    code, _, err = ccplan(log)
    assert (code, len(err.splitlines())) == (2, 1)
    assert "log.csv:3: time: the same queue and interval as row 2" in err
    assert "38 further rows" in err
    assert "'ccplan forecast' and 'ccplan calibrate' read such logs" in err
    seconds = [f"2026-01-05,08:00:{k:02},1\n" for k in (1, 2, 2, *range(3, 40))]
    log.write_text("date,time,offered\n" + "".join(seconds))
    assert "'ccplan forecast' and 'ccplan calibrate' read such logs" in ccplan(log)[2]


@pytest.mark.parametrize("titles", ["id,arrival,outcome,idle", "queue,arrived,idle,agent"])
def test_a_file_with_titles_of_a_call_log_but_no_wait_is_asked_for_its_columns(
    ccplan, tmp_path, titles
):
    log = tmp_path / "log.csv"
    log.write_text(f"{titles}\n1,2026-01-05 08:00:12,3,4\n")
    code, _, err = ccplan(log)
    assert code == 2
    assert err.count("does the file have one row per contact? 'ccplan forecast'") == 1
    assert "Wait: no column is mapped to it" in ccplan(log, "--column", "agent=idle")[2]
    log.write_text("interval,wait,talk\n2026-01-05 08:00,3,4\n")
    assert "one row per contact" not in ccplan(log)[2]


def test_staff_reads_the_rows_as_they_are(ccplan, tmp_path):
    out = tmp_path / "forecast.csv"
    code, printed, err = ccplan(HISTORY, "--days", "7", "--out", out, *FAST, "--json")
    assert code == 0
    assert f"wrote {out}" in err
    document = json.loads(printed)
    rows = list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == sum(len(one["intervals"]) for one in document["queues"])
    staffing = sim.staff(out, simulate=False)
    volume = {name: sum(queue.volume.values) for name, queue in staffing.staffed.queue.items()}
    for one in document["queues"]:
        expected = sum(row["offered"] for row in one["intervals"])
        assert volume[one["queue"]] == pytest.approx(expected, abs=0.05)
    again = sim.forecast(HISTORY, 7, methods=FAST[1::2])
    assert again.intervals[0].aht is not None
    assert float(rows[0]["aht_s"]) == pytest.approx(again.intervals[0].aht[0, 18], abs=0.1)
    code, printed, _ = ccplan(out, "--no-simulate", command="staff")
    assert code == 0
    assert "calls" in printed


def test_volumes_and_busyness_are_written_into_a_scenario(ccplan, tmp_path):
    code, _, _ = ccplan(tmp_path / "center", command="new")
    assert code == 0
    file = tmp_path / "center.toml"
    comments = [line for line in file.read_text().splitlines() if line.startswith("#")]
    code, _, err = ccplan(HISTORY, "--days", "14", "--scenario", file, *FAST)
    assert code == 0
    assert "note: the first day is 2026-06-29, the first Monday of the forecast" in err
    new = file.read_text(encoding="utf-8")
    assert [line for line in new.splitlines() if line.startswith("#")] == comments
    assert '"center_forecast.csv:calls"' in new
    center = sim.load(file)
    assert 0.02 < center.center.busyness.cv < 0.2
    assert center.center.first_day == dt.date(2026, 6, 29)


@pytest.mark.parametrize("layout", ["connect", "genesys", "nice"])
def test_layouts_are_written_to_the_file(ccplan, tmp_path, layout):
    out = tmp_path / "forecast.txt"
    code, _, _ = ccplan(HISTORY, "--days", "7", "--layout", layout, "--out", out,
                        "--center-zone", "Europe/London", *FAST)  # fmt: skip
    assert code == 0
    head = out.read_text(encoding="utf-8")[:40]
    assert head.startswith(
        {"connect": "QueueName,QueueId", "genesys": "{", "nice": "date|"}[layout]
    )


def test_shorter_intervals_are_put_together():
    hours = sim.forecast(HISTORY, 7, interval="1h", methods=["median of six"])
    halves = sim.forecast(HISTORY, 7, methods=["median of six"])
    assert hours.intervals[0].interval_minutes == 60
    longer, shorter = hours.history.queues[0], halves.history.queues[0]
    assert longer.offered[:170].sum() == shorter.offered[:170].sum() > 90_000
    day = 20
    work = np.nansum((shorter.aht * shorter.answered)[day])
    assert np.nansum((longer.aht * longer.answered)[day]) == pytest.approx(work)


def test_no_contacts_are_forecast_outside_stated_hours():
    found = sim.forecast(HISTORY, 7, opening={"mon-fri": "10:00-16:00"}, methods=["regression"])
    for one in found.intervals:
        assert one.offered[:, :20].sum() == one.offered[:, 32:].sum() == 0
        assert one.offered[1].sum() == 0  # a Saturday
        assert one.offered[0, 20:32].min() > 0
    assert any("contacts outside the opening hours" in note for note in found.notes)


def test_naming_holidays_is_proposed_where_days_are_odd(found):
    assert HOLIDAYS_UNNAMED not in found.notes  # it has a country
    options = {"methods": ["median of six"], "opening": "09:00-17:00"}
    assert HOLIDAYS_UNNAMED in sim.forecast(HISTORY, 7, **options).notes


def test_days_that_are_not_odd_propose_no_names(tmp_path):
    rows = [
        f"2026-03-{day:02d} {hour:02d}:00,{20 + (7 * day + 3 * hour) % 5}"
        for day in range(1, 31)
        for hour in range(9, 17)
    ]
    plain = tmp_path / "plain.csv"
    plain.write_text("\n".join(["interval_start,offered", *rows]) + "\n", encoding="utf-8")
    found = sim.forecast(plain, 7, methods=["median of six"])
    assert not any("--country" in note for note in found.notes)


def test_odd_days_can_be_kept():
    kept = sim.forecast(HISTORY, 7, keep_odd=True, methods=["median of six"])
    assert {one.treatment for one in kept.history.irregularities} == {"kept"}
    usable = kept.history.usable()[0]
    assert np.nansum(usable.offered[(dt.date(2026, 2, 11) - FIRST).days]) == 78


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--layout", "verint", "--out", "x.csv"], "layout: 'verint' is unknown; allowed: connect"),
        (["--layout", "nice"], "--layout: needs --out FILE"),
        (["--scenario", "none.toml"], "none.toml: the file does not exist"),
        (["--country", "XX"], "country: 'XX' has no known holidays"),
        (["--method", "magic"], "method: 'magic'"),
        (["--level", "1.5"], "level"),
        (["--open", "8 to 9"], "opening: "),
        (["--interval", "45min"], "interval: 45min; allowed: a multiple of the table's 30 min"),
        (["--center-zone", "Lisbon"], "'Lisbon' is not a time zone"),
        (["--out", "nowhere/x.csv"], "there is no folder nowhere"),
        (["--column", "offered=Calls"], "no such column"),
        (["--layout", "connect", "--out", "x.csv"], "--center-zone is needed"),
    ],
)
def test_bad_input_is_one_message_and_writes_nothing(ccplan, tmp_path, monkeypatch, words, message):
    monkeypatch.chdir(tmp_path)
    shutil.copy(HISTORY, "h.csv.gz")
    code, out, err = ccplan("h.csv.gz", *words, "--days", "7")
    assert (code, out) == (2, "")
    assert message in err
    assert err.strip().count("\n") <= 1
    assert [path.name for path in tmp_path.iterdir()] == ["h.csv.gz"]


def test_a_short_history_is_refused_or_said_to_be_untested(ccplan, tmp_path):
    rows = text().splitlines()
    short = tmp_path / "short.csv"
    short.write_text("\n".join(rows[:60]), encoding="utf-8")
    code, _, err = ccplan(short)
    assert code == 2
    assert "allowed: 7 to" in err
    calls = [row for row in rows[1:] if ",calls," in row]
    short.write_text("\n".join([rows[0], *calls[:700]]), encoding="utf-8")
    code, out, _ = ccplan(short, "--days", "7")
    assert code == 0
    assert "four weeks" in out
