"""A forecast of a call log is the forecast of its contacts counted by interval."""

import collections
import csv
import datetime as dt
import json

import numpy as np
import pytest

import sim
from sim.cli import main
from sim.history.calibration.column_file import COLUMN_FILE
from sim.history.read_history import read_history
from sim.units import BadInputError
from tests.support.call_log_rows import CLOSED, FIRST, NEARLY_EMPTY, TITLES, as_csv, contacts

FAST = {"methods": ["median of six", "seasonal naive"]}


def counted_in_python(rows, minutes=30):
    """Return the interval table of a log, counted without the code under test."""
    cells = collections.defaultdict(lambda: [0, 0, 0])
    for _, at, queue, _, kind, talk, wrap, _ in rows:
        if kind in ("phantom", "ivr", "transfer"):
            continue
        start = at.replace(minute=at.minute // minutes * minutes, second=0, tzinfo=None)
        cell = cells[start, queue]
        cell[0] += 1
        if kind == "answered":
            cell[1] += 1
            cell[2] += talk + (wrap or 0)
    titles = ("interval_start", "queue", "offered", "answered", "aht_s")
    return as_csv(titles, [
        (f"{start:%Y-%m-%d %H:%M}", queue, n, taken, repr(work / taken) if taken else "")
        for (start, queue), (n, taken, work) in sorted(cells.items())
    ])  # fmt: skip


@pytest.fixture(scope="module")
def rows():
    return contacts()


@pytest.fixture
def files(rows, tmp_path):
    """Return a function that writes a log and the table of its counts."""

    def written(kept=rows, minutes=30):
        log, table = tmp_path / "log.csv", tmp_path / "table.csv"
        log.write_text(as_csv(TITLES, kept))
        table.write_text(counted_in_python(kept, minutes))
        return log, table

    return written


def without_names(found):
    document = found.to_dict()
    return {k: v for k, v in document.items() if k not in ("history", "export", "notes")}


def same_forecast(one, other):
    assert without_names(one) == without_names(other)
    for a, b in zip(one.history.queues, other.history.queues, strict=True):
        np.testing.assert_array_equal(a.offered, b.offered)
        np.testing.assert_array_equal(a.answered, b.answered)


@pytest.mark.parametrize("minutes", [15, 30])
def test_a_log_is_forecast_as_the_table_of_its_counts(files, rows, minutes):
    regular = [row for row in rows if row[2] != "vip"]
    log, table = files(regular, minutes)
    options = {"interval": f"{minutes}min", **FAST}
    found = sim.forecast(log, 14, not_outcome=["transfer"], **options)
    same_forecast(found, sim.forecast(table, 14, **options))
    odd = {(one.kind, one.first) for one in found.history.irregularities}
    assert {("near-empty day", NEARLY_EMPTY), ("day without rows", CLOSED)} <= odd
    assert found.intervals[0].aht is not None


def test_days_without_a_contact_of_a_small_queue_have_none_instead_of_being_unknown(files, rows):
    log, _ = files()
    history = read_history(log, not_outcome=["transfer"])
    vip = next(one for one in history.queues if one.queue == "vip")
    called = {at.date() for _, at, queue, *_ in rows if queue == "vip"}
    silent = [d for d in range(vip.days) if vip.day(d) not in called]
    closed = [d for d in silent if vip.day(d) == CLOSED]
    assert len(silent) > 15
    assert np.isnan(vip.offered[closed]).all()
    assert (np.nansum(vip.offered[[d for d in silent if d not in closed]], axis=1) == 0).all()
    own = [one for one in history.irregularities if one.queue == "vip"]
    assert {one.first for one in own if one.kind == "day without rows"} <= {CLOSED}


def test_days_and_outcomes_are_those_of_calibrate(files, rows):
    log, table = files([row for row in rows if row[2] != "vip"])
    first, last = FIRST + dt.timedelta(days=7), FIRST + dt.timedelta(days=47)
    bounds = {"first": first, "last": last, **FAST}
    found = sim.forecast(log, 7, not_outcome=["transfer"], **bounds)
    same_forecast(found, sim.forecast(table, 7, **bounds))
    assert found.queues[0].first_day == last + dt.timedelta(days=1)
    notes = "\n".join(found.notes)
    for words in ("read as a call log", "phantom records: ", "before the queue: ",
                  "outcome transfer: "):  # fmt: skip
        assert words in notes
    with_transfers = read_history(log)
    assert sum(np.nansum(one.offered) for one in with_transfers.queues) > sum(
        np.nansum(one.offered) for one in read_history(log, not_outcome=["transfer"]).queues
    )


def test_the_clock_of_the_center_decides_where_contacts_are_counted(rows, tmp_path):
    """29 March: the clock of Lisbon is set forward."""
    regular = [row for row in rows if row[2] == "billing"]
    local = [(i, at + dt.timedelta(hours=at.date() >= dt.date(2026, 3, 29)), *more)
             for i, at, *more in regular]  # fmt: skip
    log, table = tmp_path / "log.csv", tmp_path / "table.csv"
    log.write_text(as_csv(TITLES, [(i, f"{at:%Y-%m-%dT%H:%M:%SZ}", *m) for i, at, *m in regular]))
    table.write_text(counted_in_python(local))
    options = {"zone": "Europe/Lisbon", **FAST}
    found = sim.forecast(log, 7, not_outcome=["transfer"], **options)
    same_forecast(found, sim.forecast(table, 7, **options))
    with pytest.raises(BadInputError, match="--zone: is UTC, and --center-zone Europe/Lisbon"):
        read_history(log, zone="UTC", center_zone="Europe/Lisbon")


def test_talk_alone_is_said_where_no_column_has_wrap_up(rows, tmp_path):
    log = tmp_path / "log.csv"
    kept = [row[:6] + row[7:] for row in rows]
    log.write_text(as_csv(TITLES[:6] + TITLES[7:], kept))
    notes = read_history(log).notes
    assert any("handle times are talk alone" in note for note in notes)


def test_volumes_are_forecast_of_a_log_without_talk(rows, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(as_csv(TITLES[:5], [row[:5] for row in rows]))
    found = sim.forecast(log, 7, not_outcome=["transfer"], columns={"outcome": "Outcome"}, **FAST)
    assert all(one.aht is None for one in found.history.queues)
    assert not any("talk alone" in note for note in found.notes)
    assert any("no handle times are known" in note for note in found.notes)


@pytest.fixture
def ccplan(capsys):
    def run(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["forecast", *map(str, arguments)])
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return run


def test_the_command_writes_rows_from_a_parquet_log(ccplan, rows, tmp_path):
    import pandas as pd

    log, out = tmp_path / "log.parquet", tmp_path / "forecast.csv"
    frame = pd.DataFrame(
        rows, columns=["id", "when", "line", "waited", "how", "talk", "wrap", "by"]
    )
    for name in ("waited", "talk", "wrap"):
        frame[name] = pd.to_numeric(frame[name])
    frame.to_parquet(log)
    mapping = [
        f"--column={one}" for one in ("offered=when", "queue=line", "outcome=how", "agent=by")
    ]
    code, printed, err = ccplan(
        log, "--days", 7, "--out", out, "--not-outcome", "transfer", "--method", "median of six",
        *mapping, "--json",
    )  # fmt: skip
    assert code == 0, err
    document = json.loads(printed)
    assert document["export"] == "call log"
    assert [one["queue"] for one in document["queues"]] == ["billing", "orders", "vip"]
    written = list(csv.DictReader(out.read_text().splitlines()))
    assert len(written) == sum(len(one["intervals"]) for one in document["queues"])
    code, printed, _ = ccplan(log, "--method", "median of six", *mapping)
    assert code == 0
    assert f"Forecast from {log}, a call log" in printed


def test_columns_and_outcomes_of_a_calibration_are_those_of_the_forecast(ccplan, rows, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(as_csv(("a", "b", "c", "d", "e", "f", "g", "h"), rows))
    center = tmp_path / "center"
    center.mkdir()
    (center / COLUMN_FILE).write_text(
        '[columns]\noffered = "b"\nqueue = "c"\nwait = "d"\noutcome = "e"\ntalk = "f"\n'
        'wrap = "g"\nagent = "h"\n[outcomes]\nleft_out = ["transfer"]\n'
    )
    code, out, err = ccplan(
        log, "--days", 7, "--out", center / "forecast.csv", "--method", "median of six"
    )
    assert code == 0, err
    assert "outcomes left out, as the last time: 'transfer'" in out
    assert ccplan(log, "--days", 7)[0] == 2  # nothing says what a to h are


CENTER = """[center]
first_day = 2026-03-02
open = "09:00-15:00"
days = 5
interval = "30min"
[queue.billing]
volume = "60 a day"
talk = "3min"
[queue."other queues"]
volume = "20 a day"
talk = "3min"
[group.team]
skills = { billing = 1, "other queues" = 1 }
agents = 9
"""


def test_small_queues_are_those_that_calibration_puts_together(ccplan, files, tmp_path):
    log, _ = files()
    center = tmp_path / "center.toml"
    center.write_text(CENTER)
    code, printed, err = ccplan(
        log, "--days", 14, "--not-outcome", "transfer", "--method", "median of six", "--json",
        "--scenario", center,
    )  # fmt: skip
    assert code == 0, err
    assert "the volumes of orders and vip are those of other queues" in err
    scenario = sim.load(center)
    first = scenario.center.grid.first
    days = {(first + dt.timedelta(days=day)).isoformat() for day in range(5)}
    expected = {
        one["queue"]: sum(day["offered"] for day in one["days"] if day["date"] in days)
        for one in json.loads(printed)["queues"]
    }
    volume = {name: sum(queue.volume.values) for name, queue in scenario.queue.items()}
    assert volume["billing"] == pytest.approx(expected["billing"], rel=1e-5)
    assert volume["other queues"] == pytest.approx(expected["orders"] + expected["vip"], rel=1e-5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--interval", "7min"], "interval: 7min; allowed for a call log: 5, 10, 15"),
        (["--sheet", "calls"], "has no sheet 'calls'; allowed: sheets of workbooks only"),
        (["--header-row", "3"], "--header-row: "),
        (["--not-outcome", "nothing"], "no record has the outcome 'nothing'"),
        (["--column", "wait=Nothing"], "there is no column 'Nothing'"),
        (["--from", "2027-01-01"], "has no contacts on the days asked for"),
        (["--from", "2026-03-05", "--to", "2026-03-06"], "spans 2 days"),
    ],
)
def test_bad_input_is_one_message(ccplan, files, options, message):
    code, out, err = ccplan(files()[0], *options)
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert message in err


def test_outcomes_are_for_logs(ccplan, files):
    code, _, err = ccplan(files()[1], "--not-outcome", "transfer")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "--not-outcome: " in err
    assert "has no contacts; allowed: with a call log" in err


def test_a_file_is_a_log_where_a_meaning_of_logs_is_mapped(ccplan, rows, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text(as_csv(("a", "b", "c", "d", "e", "f", "g", "h"), rows))
    code, _, err = ccplan(log, "--column", "wait=d")
    assert code == 2
    assert "Offered: no column is mapped to it" in err
    assert "--column offered=TITLE or --column queue_entry=TITLE" in err
