"""Call logs are read whatever their layout, order and names; identifiers are not kept."""

import datetime as dt
import gzip
import io
import pickle

import numpy as np
import openpyxl
import pytest

from sim.fileio import TableError
from sim.history.calibration.column_file import LogColumns, column_file_text, saved_columns
from sim.history.call_log import CallOutcome, read_call_log
from sim.history.call_log.log_outcomes import check_outcomes, outcome_names
from sim.history.call_log.log_titles import is_call_log
from sim.scenario import ScenarioError
from sim.units import BadInputError

TITLES = ("day", "second", "wait", "result", "talk", "who", "kind", "caller")


def rows(days=21, seed=3):
    """Contacts of some weekdays, as (date, second, wait, outcome, talk, agent, queue, caller)."""
    rng = np.random.default_rng(seed)
    found = []
    for day in range(days):
        date = dt.date(2026, 3, 2) + dt.timedelta(days=day)
        if date.weekday() == 6:
            continue
        for second in np.sort(rng.integers(8 * 3600, 18 * 3600, 30)).tolist():
            answered = bool(rng.random() < 0.8)
            found.append((
                date, second, int(rng.integers(0, 90)), "served" if answered else "abandoned",
                int(rng.integers(5, 600)) if answered else None,
                f"Ann {rng.integers(4)}" if answered else None,
                "billing" if rng.random() < 0.7 else "cards", int(rng.integers(1, 90)) + 5_550_000,
            ))  # fmt: skip
    return found


def text(found, titles=TITLES, separator=","):
    lines = [separator.join(titles)]
    lines += [separator.join("" if c is None else str(c) for c in row) for row in found]
    return "\n".join(lines) + "\n"


MAPPING = {
    "date": "day", "offered": "second", "outcome": "result", "agent": "who", "queue": "kind",
}  # fmt: skip


def read(tmp_path, content, name="log.csv", columns=MAPPING, **options):
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_call_log(file, columns, **options)


def same(one, other):
    assert one.first_day == other.first_day
    assert one.queues == other.queues
    assert one.agents == other.agents
    for name, column in one.columns().items():
        np.testing.assert_array_equal(column, other.columns()[name], err_msg=name)


@pytest.fixture
def plain(tmp_path):
    return read(tmp_path, text(rows())).log


def test_a_few_dates_far_away_are_refused_with_the_days_between(tmp_path):
    log = tmp_path / "log.csv"
    days = ["2026-01-05", "2026-01-06", "2062-01-05"]
    rows = "".join(f"{day} 09:00:00,5,answered,60,A\n" for day in days)
    log.write_text("offered,wait,outcome,talk,agent\n" + rows, encoding="utf-8")
    message = "spans 13,150 days, and none from 2026-01-06 to 2062-01-05 has a contact"
    with pytest.raises(BadInputError, match=message):
        read_call_log(log)
    assert len(read_call_log(log, last=dt.date(2026, 1, 31)).log) == 2


def test_columns_that_are_not_read_are_named_and_what_may_be_the_queue(tmp_path):
    known = {key: title for key, title in MAPPING.items() if key != "queue"}
    notes = read(tmp_path, text(rows()), columns=known).cleaning.notes
    assert any("the column kind is not read and has 2 different words" in one for one in notes)
    assert any("say so: --column queue=kind" in one for one in notes)
    assert "columns that are not read: kind" in notes
    assert not any("kind" in one for one in read(tmp_path, text(rows())).cleaning.notes)


def test_the_log_has_what_the_file_has(plain):
    found = rows()
    assert len(plain) == len(found)
    assert plain.answered.sum() == sum(row[3] == "served" for row in found)
    assert plain.talk[plain.answered].sum() == sum(row[4] or 0 for row in found)
    assert plain.wait.sum() == sum(row[2] for row in found)
    assert plain.queues == ("billing", "cards")
    assert plain.offered[0] == found[0][1]
    assert np.unique(plain.customer).size == len({row[7] for row in found})
    assert plain.weekday[0] == 0


def test_order_and_names_change_nothing(plain, tmp_path):
    found = rows()
    np.random.default_rng(1).shuffle(found)
    names = {f"Ann {k}": f"x{7 * k % 4}" for k in range(4)}
    found = [(*r[:5], names.get(r[5]), r[6], r[7] * 3 + 1) for r in found]
    same(plain, read(tmp_path, text(found)).log)


def clock(second):
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def twelve(second):
    hour = second // 3600
    return f"{(hour - 1) % 12 + 1}{clock(second)[2:]} {'pm' if hour >= 12 else 'am'}"


LAYOUTS = {
    "guessed titles": (("date", "t_offer", "wait", "outcome", "ser_time", "server", "type",
                        "customer_id"), lambda r: r),
    "timestamps": (("Start", "Wait time", "Status", "Talk time", "Agent", "Queue", "Caller ID"),
                   lambda r: (f"{r[0]} {clock(r[1])}", *r[2:])),
    "twelve hours": (("date", "offered", "wait", "outcome", "talk", "agent", "queue", "ani"),
                     lambda r: (f"{r[0]:%d.%m.%Y}", twelve(r[1]), *r[2:])),
    "answer times": (("offered at", "answered at", "outcome", "talk", "agent", "queue", "ani"),
                     lambda r: (f"{r[0]}T{clock(r[1])}", f"{r[0]}T{clock(r[1] + r[2])}", *r[3:])),
    "minutes and seconds": (("date", "offered", "wait", "outcome", "talk", "agent", "queue",
                             "ani"),
                            lambda r: (*r[:2], f"{r[2] // 60}:{r[2] % 60:02}", *r[3:])),
    "titles in one word, bars for nothing": (
        ("Datum", "CallStart", "WaitSec", "Ergebnis", "TalkSec", "AgentID", "QueueName",
         "Kundennummer"), lambda r: tuple("-" if cell == "" else cell for cell in r)),
    "six digits": (("date", "offered", "wait", "outcome", "talk", "agent", "queue", "ani"),
                   lambda r: (f"{r[0]:%y%m%d}", *r[1:])),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_are_read_alike(plain, tmp_path, layout):
    titles, turned = LAYOUTS[layout]
    content = text([turned(row) for row in rows()], titles)
    same(plain, read(tmp_path, content, columns={}).log)


ENCODINGS = {
    "utf-16": lambda t: ("\ufeff" + t.replace(",", "\t")).encode("utf-16-le"),
    "latin-1": lambda t: t.replace(",", ";").replace("who", "Größe").encode("latin-1"),
    "bars and a mark": lambda t: b"\xef\xbb\xbf" + t.replace(",", "|").encode(),
    "comments and old ends of lines": lambda t: ("# an export\n" + t).replace("\n", "\r").encode(),
    "windows": lambda t: t.replace("\n", "\r\n").encode(),
}  # fmt: skip


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings_and_separators(plain, tmp_path, encoding):
    content = ENCODINGS[encoding](text(rows()))
    columns = MAPPING | ({"agent": "Größe"} if "latin" in encoding else {})
    same(plain, read(tmp_path, content, columns=columns).log)


def test_packed_and_parquet_files(plain, tmp_path):
    import pandas as pd

    same(plain, read(tmp_path, gzip.compress(text(rows()).encode()), "log.csv.gz").log)
    table = pd.DataFrame(rows(), columns=list(TITLES))
    table.to_parquet(tmp_path / "log.parquet")
    same(plain, read_call_log(tmp_path / "log.parquet", MAPPING).log)
    table["second"] = pd.to_datetime(table["day"]) + pd.to_timedelta(table["second"], unit="s")
    table.drop(columns="day").to_parquet(tmp_path / "times.parquet")
    columns = {key: title for key, title in MAPPING.items() if key != "date"}
    same(plain, read_call_log(tmp_path / "times.parquet", columns).log)


def test_decimal_commas(tmp_path):
    found = [(*row[:2], f"{row[2]},5", *row[3:]) for row in rows()]
    log = read(tmp_path, text(found, separator=";")).log
    assert log.wait.sum() == sum(row[2] + 0.5 for row in rows())


def test_times_with_a_zone_are_those_of_the_center(plain, tmp_path):
    found = [(f"{r[0]}T{clock(r[1] - 3600)}Z", *r[2:]) for r in rows()]
    content = text(found, TITLES[1:])
    columns = {key: title for key, title in MAPPING.items() if key != "date"}
    log = read(tmp_path, content, columns=columns, zone="Europe/Madrid").log
    same(plain, log)


def test_the_layout_in_which_those_who_did_not_wait_have_no_entry(plain, tmp_path):
    titles = ("customer_id", "type", "date", "vru_entry", "vru_exit", "q_start", "q_exit", "q_time",
              "outcome", "ser_start", "ser_exit", "ser_time", "server")  # fmt: skip
    found = []
    for date, second, wait, _result, talk, who, kind, caller in rows():
        queued = (clock(second), clock(second + wait)) if wait else ("0:00:00", "0:00:00")
        served = (clock(second + wait), clock(second + wait + talk)) if talk else ("0:00:00",) * 2
        outcome = "AGENT" if talk else "HANG"
        found.append((caller, kind, f"{date:%y%m%d}", clock(second - 9), clock(second), *queued,
                      wait, outcome, *served, talk or 0, who or "NO_SERVER"))  # fmt: skip
    phantom = (0, "billing", "260302", "9:00:00", "9:00:09", "0:00:00", "0:00:00", 0, "PHANTOM",
               "0:00:00", "0:00:00", 0, "NO_SERVER")  # fmt: skip
    got = read(tmp_path, text([*found, phantom], titles), columns={})
    same(plain, got.log)
    assert [s.count for s in got.cleaning.steps if s.name == "phantom records"] == [1]


def test_segments_with_the_same_agent_are_one_talk(tmp_path):
    content = (
        "contact id,start,wait,outcome,talk,agent\n"
        "7,2026-03-02 09:00:00,5,answered,60,B\n7,2026-03-02 09:02:00,0,answered,30,B\n"
        "7,2026-03-02 09:04:00,9,answered,20,C\n8,2026-03-02 09:05:00,0,answered,10,B\n"
    )
    log = read(tmp_path, content, columns={}).log
    assert log.talk.tolist() == [90, 20, 10]
    assert log.agent.tolist() == [0, 1, 0]


def test_identifiers_are_not_kept(tmp_path):
    got = read(tmp_path, text(rows()))
    kept = pickle.dumps(got)
    assert b"5550" not in kept
    assert b"Ann" not in kept
    assert got.log.agents == ("agent 1", "agent 2", "agent 3", "agent 4")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_lines_above_the_titles_and_a_row_of_totals_below_are_left_out(plain, tmp_path, kind):
    found = rows()
    below = ("Total", None, 1234, None, 99_999, None, None, None)
    if kind == "csv":
        above = "Call detail report\nprinted;2026-04-01\n\n"
        content = above + text([*found, below], separator=";")
    else:
        book = openpyxl.Workbook()
        for cells in [("Call detail report",), (), TITLES, *found, below]:
            book.active.append(cells)
        sink = io.BytesIO()
        book.save(sink)
        content = sink.getvalue()
    got = read(tmp_path, content, f"log.{kind}")
    same(got.log, plain)
    steps = {step.name: step.count for step in got.cleaning.steps}
    assert steps["rows of totals below the contacts"] == 1
    assert got.cleaning.rows == len(found) + 1
    if kind == "csv":  # lines are counted with those above
        wrong = content.replace(f"{found[2][1]};", "soon;", 1)
        line = next(n for n, one in enumerate(wrong.splitlines(), 1) if "soon" in one)
        with pytest.raises(ScenarioError, match=f"log.csv:{line}: second: 'soon'"):
            read(tmp_path, wrong)


def test_cleaning_is_counted(tmp_path):
    found = rows()
    extra = [
        (found[0][0], 40_000, -30, "served", 10, "Ann 1", "cards", 1),
        (found[0][0], 40_001, None, "abandoned", None, None, "cards", 1),
        (found[0][0], 40_002, 4, "served", 0, "Ann 1", "cards", 1),
        (found[0][0], 40_003, 4, "served", 9, "A\x02nn", "cards", 1),
        (found[0][0], 40_004, 4, "wrong number", None, None, "cards", 1),
    ]
    got = read(tmp_path, text([*found, *extra]), not_outcome=["wrong number"])
    counts = {
        step.name.partition(",")[0].partition(" (")[0]: step.count for step in got.cleaning.steps
    }
    assert counts["impossible times"] == 1
    assert counts["hung up in self-service"] == 1
    assert counts["talks of zero length"] == 1
    assert counts["answered without a readable agent"] == 1
    assert counts["outcome wrong number"] == 1
    assert len(got.log) == len(found) + 2


@pytest.mark.parametrize("wait", [None, 30])
def test_an_unknown_outcome_without_waits_is_said_to_have_been_left_out(tmp_path, wait):
    found = rows()
    hung = [(found[0][0], 40_000 + k, wait, "menu end", None, None, "cards", 1) for k in range(9)]
    (note,) = [
        one for one in read(tmp_path, text([*found, *hung])).cleaning.notes if "menu end" in one
    ]
    said = "those without a wait hung up in self-service"
    asked = "if these customers hung up in self-service, leave them out: --not-outcome"
    assert note.endswith(f"(9 rows; {said if wait is None else asked})")


def test_days_with_hardly_a_contact_are_not_used(tmp_path):
    found = [row for row in rows(35) if row[0].day != 17 or row[1] < 9 * 3600]
    found = [row for row in found if row[0].day != 25]
    got = read(tmp_path, text(found))
    log = got.log
    unused = [log.date(day).day for day in np.flatnonzero(~log.day_used) if log.weekday[day] < 6]
    assert unused == [17, 25]
    assert "2026-03-17" in next(s.action for s in got.cleaning.steps if "nearly" in s.name)


def test_a_spike_at_the_longest_talk_is_a_limit(tmp_path):
    found = [(*row[:4], row[4] and min(row[4], 300), *row[5:]) for row in rows()]
    got = read(tmp_path, text(found))
    assert any("cut at 300 s" in step.name for step in got.cleaning.steps)


def test_days_asked_for(tmp_path):
    bounds = {"first": dt.date(2026, 3, 4), "last": dt.date(2026, 3, 12)}
    log = read(tmp_path, text(rows()), **bounds).log
    assert (log.first_day, log.days) == (bounds["first"], 9)
    with pytest.raises(TableError, match="no contacts on the days asked for"):
        read(tmp_path, text(rows()), first=dt.date(2027, 1, 1))


GOOD = "offered,wait,outcome,talk\n2026-03-02 09:00:00,5,answered,60\n"
BAD = {
    "": "no rows",
    "offered,wait,outcome,talk\n": "no rows",
    "a,b\n1,2\n": "Offered: no column is mapped to it; the file has: a, b",
    GOOD + "2026-03-02 09:00:01,soon,answered,60\n": ":3: wait: 'soon'",
    GOOD + "yesterday,1,answered,60\n": ":3: offered: 'yesterday' is not a date",
    GOOD + "2026-03-02 09:00:01,1,answered\n": ":3: has 3 cells; allowed: 4",
    GOOD.replace("talk", "wait"): "'wait' twice",
    GOOD.replace("2026-03-02 ", ""): "a time without a date",
    GOOD + 9 * "2026-03-02 09:00:01,-70,answered,60\n": "impossible times, such as -70 s",
    "\x00\x01\x02\x03": "not a text",
    "date,offered,wait,outcome,talk\n05/01/2026,09:00,5,answered,60\n": (
        "date: '05/01/2026': day or month first? The dates of the file do not show it"
    ),
    "date,offered,wait,outcome,talk\n05/01/2026,09:00,5,answered,60\n"
    "25/01/2026,09:00,5,answered,60\n01/26/2026,09:00,5,answered,60\n": (
        "'05/01/2026': day or month first? The file has both, '25/01/2026' and '01/26/2026'"
    ),
}


@pytest.mark.parametrize("content", BAD)
def test_bad_files_say_what_is_wrong(tmp_path, content):
    with pytest.raises(BadInputError) as error:
        read(tmp_path, content, columns={})
    assert BAD[content] in str(error.value)
    assert str(tmp_path / "log.csv") in str(error.value)


def test_dates_that_can_be_read_either_way_are_one_message_a_column(tmp_path):
    rows = "".join(f"0{k}/01/2026 09:00:0{k},5,answered,60\n" for k in range(1, 9))
    with pytest.raises(BadInputError) as error:
        read(tmp_path, f"offered,wait,outcome,talk\n{rows}", columns={})
    assert str(error.value).count("day or month first?") == 1
    assert "2026-01-05, or --dates day-first or month-first" in str(error.value)
    dotted = rows.replace("/", ".")  # written so where the day comes first
    found = read(tmp_path, f"offered,wait,outcome,talk\n{dotted}", columns={})
    assert found.log.first_day == dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("dates", "day"), [("day-first", (2026, 1, 5)), ("month-first", (2026, 5, 1))]
)
def test_an_option_says_what_dates_mean_that_can_be_read_either_way(tmp_path, dates, day):
    content = "date,offered,wait,outcome,talk\n05/01/2026,09:00,5,answered,60\n"
    found = read(tmp_path, content, columns={}, dates=dates)
    assert (found.log.first_day, found.dates) == (dt.date(*day), dates)
    clear = content + "25/01/2026,09:00,5,answered,60\n"  # what a file shows goes first
    assert read(tmp_path, clear, columns={}, dates=dates).log.first_day == dt.date(2026, 1, 5)
    assert read(tmp_path, clear, columns={}).dates == "day-first"  # for the next log
    with pytest.raises(BadInputError, match="dates: 'mdy' is unknown; allowed: day-first, month"):
        read(tmp_path, content, columns={}, dates="mdy")


def test_a_log_behind_a_cover_of_several_lines_is_found_or_named(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Cover"
    for row in (["Report", "Calls"], ["Month", "March"], ["By", "Operations"]):
        book.active.append(row)
    for name, day in (("March", 2), ("More", 3)):
        sheet = book.create_sheet(name)
        sheet.append(["offered", "wait", "outcome", "talk"])
        sheet.append([dt.datetime(2026, 3, day, 9), 5, "answered", 60])
    book.save(tmp_path / "log.xlsx")
    found = read_call_log(tmp_path / "log.xlsx")
    assert found.log.first_day == dt.date(2026, 3, 2)
    note = "sheet 'March' was read; other sheets of the workbook: 'Cover' and 'More' (--sheet)"
    assert note in found.cleaning.notes
    assert is_call_log(tmp_path / "log.xlsx", {})
    assert not is_call_log(tmp_path / "log.xlsx", {}, sheet="Cover")
    more = read_call_log(tmp_path / "log.xlsx", sheet="More")
    assert more.log.first_day == dt.date(2026, 3, 3)
    with pytest.raises(TableError, match="has no sheet 'May'; it has: Cover, March, More"):
        read_call_log(tmp_path / "log.xlsx", sheet="May")
    (tmp_path / "log.csv").write_text("offered,wait,outcome,talk\n2026-03-02 09:00,5,answered,60\n")
    with pytest.raises(TableError, match="has no sheet 'May'; allowed: sheets of workbooks only"):
        read_call_log(tmp_path / "log.csv", sheet="May")


def test_outcomes_of_the_last_time_are_left_out_again(tmp_path):
    ivr = "2026-03-02 09:00:09,5,IVR hang-up,\n" * 3
    content = GOOD + ivr
    first = read(tmp_path, content, columns={}, not_outcome=["IVR hang-up"])
    saved = saved_columns_of(tmp_path, LogColumns(first.columns, not_outcome=first.not_outcome))
    assert saved.not_outcome == ("IVR hang-up",)
    again = read(tmp_path, content, columns={}, saved_not_outcome=saved.not_outcome)
    assert len(again.log) == len(first.log) == 1
    assert any(
        "outcomes left out, as the last time: 'IVR hang-up'" in x for x in again.cleaning.notes
    )
    assert len(read(tmp_path, content, columns={}).log) == 4
    other = read(tmp_path, GOOD, columns={}, saved_not_outcome=saved.not_outcome)
    assert (len(other.log), other.not_outcome) == (1, ())


def test_times_without_seconds_are_said_to_be_unreliable(tmp_path):
    second = [f"2026-03-02 {9 + k // 60:02}:{k % 60:02}:{k % 7:02}" for k in range(90)]
    for times, notes in ((second, 0), ([one[:-3] for one in second], 1)):
        lines = "".join(f"{one},5,answered,60\n" for one in times)
        found = read(tmp_path, f"offered,wait,outcome,talk\n{lines}", columns={})
        said = [note for note in found.cleaning.notes if "'offered' are whole minutes" in note]
        assert len(said) == notes


def test_how_dates_are_written_is_kept(tmp_path):
    assert saved_columns_of(tmp_path, LogColumns({}, dates="month-first")).dates == "month-first"


def saved_columns_of(folder, found):
    (folder / "columns.toml").write_text(column_file_text(found))
    return saved_columns(folder)


def test_bad_options_say_what_is_allowed(tmp_path):
    with pytest.raises(ScenarioError, match="'waits' is not a meaning.*Did you mean 'wait'"):
        read(tmp_path, GOOD, columns={"waits": "wait"})
    with pytest.raises(ScenarioError, match="there is no column 'talks'.*Did you mean 'talk'"):
        read(tmp_path, GOOD, columns={"talk": "talks"})
    with pytest.raises(ScenarioError, match="no record .* 'ghosts'; allowed: answered"):
        read(tmp_path, GOOD, columns={}, not_outcome=["ghosts"])
    with pytest.raises(BadInputError, match="not a time zone"):
        read(tmp_path, GOOD, columns={}, zone="Europe/Atlantis")
    with pytest.raises(ScenarioError, match="neither answered nor abandoned"):
        read(tmp_path, GOOD + GOOD[GOOD.index("\n") + 1 :].replace("answered", "odd")
             + "2026-03-02 09:00:07,1,odd,\n", columns={})  # fmt: skip
    with pytest.raises(TableError, match="does not exist"):
        read_call_log(tmp_path / "none.csv")
    with pytest.raises(TableError, match="another kind of file"):
        read(tmp_path, GOOD, "log.doc")


def test_too_many_rows_are_refused_with_the_bound(tmp_path, monkeypatch):
    monkeypatch.setattr("sim.history.call_log.log_table.MOST_ROWS", 3)
    with pytest.raises(TableError, match="has 4 rows; allowed: at most 3"):
        read(tmp_path, GOOD + 3 * "2026-03-02 09:00:01,1,answered,60\n", columns={})


def test_outcomes_without_a_column(tmp_path):
    content = "offered,wait,talk\n2026-03-02 09:00:00,5,60\n2026-03-02 09:00:01,9,\n"
    got = read(tmp_path, content, columns={})
    assert got.log.outcome.tolist() == [CallOutcome.ANSWERED, CallOutcome.ABANDONED]
    assert any("without a column of outcomes" in note for note in got.cleaning.notes)


def counts(got):
    return {one.name.partition(",")[0]: one.count for one in got.cleaning.steps}


def test_records_that_stand_twice_are_counted_once(plain, tmp_path):
    found = rows()
    answered = [row for row in found if row[5]]
    got = read(tmp_path, text([*answered[5:8], *found, answered[5]]))
    assert counts(got)["duplicates of an earlier record"] == 4
    same(plain, got.log)


@pytest.mark.parametrize("column", [1, 5])
def test_records_that_differ_in_a_second_or_an_agent_are_not_duplicates(plain, tmp_path, column):
    found = rows()
    one = list(next(row for row in found if row[5]))
    one[column] = one[1] + 1 if column == 1 else f"{one[5]}a"
    got = read(tmp_path, text([*found, tuple(one)]))
    assert counts(got)["duplicates of an earlier record"] == 0
    assert len(got.log) == len(plain) + 1


def test_records_that_differ_in_a_column_without_meaning_are_not_duplicates(plain, tmp_path):
    found = [(*row, at) for at, row in enumerate(rows())]
    again = next((*row[:-1], -1) for row in found if row[5])
    got = read(tmp_path, text([*found, again], (*TITLES, "remark")))
    assert len(got.log) == len(plain) + 1


def test_two_unknown_customers_of_one_second_are_both_counted(tmp_path):
    found = [row[:7] for row in rows()]
    gone = next(row for row in found if not row[5])
    got = read(tmp_path, text([*found, gone], TITLES[:7]))
    assert counts(got)["duplicates of an earlier record"] == 0
    assert len(got.log) == len(found) + 1


@pytest.mark.parametrize(
    ("second", "zone", "noted"),
    [
        ("{date}T{time}Z", None, True),
        ("{date}T{time}+01:00", None, True),
        ("{date}T{time}Z", "Europe/Lisbon", False),
        ("{date}T{time}", None, False),
        ("{epoch}", None, True),
        ("{epoch}", "Europe/Lisbon", False),
    ],
)
def test_times_of_a_zone_without_that_of_the_center_are_noted(tmp_path, second, zone, noted):
    found = []
    for row in rows():
        start = dt.datetime.combine(row[0], dt.time()) + dt.timedelta(seconds=row[1])
        epoch = int(start.replace(tzinfo=dt.UTC).timestamp())
        written = second.format(date=row[0], time=f"{start:%H:%M:%S}", epoch=epoch)
        found.append((written, *row[2:]))
    columns = {key: title for key, title in MAPPING.items() if key != "date"}
    got = read(tmp_path, text(found, TITLES[1:]), columns=columns, zone=zone)
    assert any("stay in UTC" in note for note in got.cleaning.notes) == noted


def test_outcomes_of_a_log_are_named_by_frequency_and_checked_before_it_is_read(tmp_path):
    file = tmp_path / "calls.csv"
    rows = ["offered,wait,outcome,agent,talk"]
    rows += [f"2026-03-02 09:00:0{k},{k},Answered,A,60" for k in range(4)]
    rows += [f"2026-03-02 09:01:0{k},{k},{one},{a}," for k, (one, a) in
             enumerate([("answered", "A"), ("odd", "A"), ("odd", ""), ("", "")])]  # fmt: skip
    file.write_text("\n".join(rows))
    columns = {key: key for key in ("offered", "wait", "outcome", "agent", "talk")}
    assert outcome_names(file, columns) == ("Answered", "odd", "")
    assert outcome_names(file, columns | {"outcome": ""}) == ()
    with pytest.raises(ScenarioError, match="'odd': neither answered nor abandoned"):
        check_outcomes(file, columns)
    check_outcomes(file, columns, ["odd"])
    with pytest.raises(ScenarioError, match="no record has the outcome 'ghost'"):
        check_outcomes(file, columns, ["odd", "ghost"])


def words_of_outcomes(lost):
    """A log of 200 contacts: "done", of which some have neither agent nor talk, and "abandoned"."""
    rows = ["offered,wait,outcome,agent,talk"]
    for k in range(200):
        served = k >= lost
        word = "abandoned" if k >= 150 else "done"
        agent = "A,60" if word == "done" and served else ","
        rows.append(f"2026-03-02 09:{k // 60:02d}:{k % 60:02d},5,{word},{agent}")
    return "\n".join(rows) + "\n"


def test_few_rows_without_agent_of_a_word_taken_for_answered_are_counted_in_its_note(tmp_path):
    got = read(tmp_path, words_of_outcomes(2), columns={})
    assert (
        "outcome 'done' is taken for answered (150 rows, 2 of them with neither agent nor talk)"
        in got.cleaning.notes
    )
    assert int(got.log.answered.sum()) == 150


def test_many_rows_without_agent_are_not_silently_taken_for_answered(tmp_path):
    content = words_of_outcomes(3)  # 1.5 % of the rows, 2 % of those of the word
    with pytest.raises(ScenarioError) as refused:
        read(tmp_path, content, columns={})
    message = str(refused.value)
    assert (
        "outcome: 'done' is unknown: 147 of 150 rows with it have an agent or a talk, 3 have "
        "neither; allowed: answered, abandoned or blocked in the file"
    ) in message
    assert "--column outcome=" in message
    assert "--not-outcome WORD" in message
    by_agent = read(tmp_path, content, columns={"outcome": ""})
    assert int(by_agent.log.answered.sum()) == 147
    assert len(read(tmp_path, content, columns={}, not_outcome=["done"]).log) == 50
    known = read(tmp_path, content.replace("done", "answered"), columns={})
    assert int(known.log.answered.sum()) == 150


def test_the_note_of_a_word_taken_for_abandoned_counts_rows_with_an_agent(tmp_path):
    content = words_of_outcomes(0)
    first = content.index(",abandoned,,")
    content = content[:first] + ",away,A,60" + content[first + len(",abandoned,,") :]
    content = content.replace("abandoned", "away")
    notes = read(tmp_path, content, columns={}).cleaning.notes
    assert any(
        note.startswith("outcome 'away' is taken for abandoned (50 rows, 1 of them with an agent")
        for note in notes
    )
