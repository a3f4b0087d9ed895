"""Historical exports by their published titles; encodings and notations of spreadsheets."""

import gzip

import pytest

from sim.fileio import TableError, TableLimits, read_table, table_from_bytes, table_from_text
from sim.history.tables.actuals import read_actuals
from sim.history.tables.column_mapping import export_of, guess
from sim.history.tables.interval_rows import read_rows
from sim.scenario import ScenarioError

AVAYA_ITEMS = """row_date,starttime,split,callsoffered,acdcalls,abncalls,acdtime,holdtime,acwtime
2026-03-02,0,7,60,50,10,9000,500,500
2026-03-02,30,7,40,40,0,7000,100,100
2026-03-02,1030,7,30,20,10,2000,0,0
"""
AVAYA_REPORT = """Split/Skill;Date;Time;Avg Speed Ans;ACD Calls;Avg ACD Time;Avg ACW Time;Aban Calls
Sales;02.03.2026;8:00-8:30;0:12;50;3:20;0:10;10
Sales;02.03.2026;8:30-9:00;0:09;40;3:00;0:05;0
"""
FIVE9 = """DATE,HALF HOUR,SKILL,CALLS,ABANDONED COUNT,Average TALK TIME,Average AFTER CALL WORK TIME
2026/03/02,08:00,Sales,60,10,00:03:20,00:00:10
2026/03/02,08:30,Sales,40,0,00:03:00,00:00:05
"""
ZENDESK = """Call - Date,Call - Hour,COUNT(Calls),COUNT(Abandoned calls),AVG(Talk time (sec))
2026-03-02,8,60,10,200
2026-03-02,9,40,0,180
"""
CONNECT = """QueueName,QueueId,ChannelType,TimeStamp,IntervalDuration,IncomingContactVolume,\
AverageHandleTime,ContactsHandled
Sales,ab-1,VOICE,2026-03-02T08:00:00Z,30mins,60,210,50
Sales,ab-1,VOICE,2026-03-02T08:30:00Z,30mins,40,185,40
Sales,ab-1,VOICE,2026-03-02T00:00:00Z,daily,100,200,90
"""


def read(text, **options):
    return read_actuals(table_from_text("t.csv", text), **options)


@pytest.mark.parametrize(
    ("text", "whose", "rows"),
    [
        (AVAYA_ITEMS, "Avaya CMS, database items",
         [(0, 60, 10000), (1800, 40, 7200), (37800, 30, 2000)]),
        (AVAYA_REPORT, "Avaya CMS", [(28800, 60, 210 * 50), (30600, 40, 185 * 40)]),
        (FIVE9, "Five9", [(28800, 60, 210), (30600, 40, 185)]),
        (ZENDESK, "Zendesk", [(28800, 60, 200), (32400, 40, 180)]),
        (CONNECT, "Amazon Connect", [(28800, 60, 210 * 50), (30600, 40, 185 * 40)]),
    ],
)  # fmt: skip
def test_titles_of_exports_are_understood(text, whose, rows):
    assert export_of(table_from_text("t.csv", text)) == whose
    found = []
    for entry in read(text).entries:
        numbers = entry.numbers
        aht = numbers.get("aht", float("nan"))
        total = numbers.get("total", aht * numbers.get("answered", 1))
        found.append((entry.second, numbers["offered"], pytest.approx(total)))
    assert [tuple(row) for row in rows] == found


def test_what_was_put_together_is_said_and_long_term_rows_are_left_out():
    notes = read(AVAYA_REPORT).notes
    assert "offered is ACD Calls + Aban Calls" in notes
    assert "the handle time is Avg ACD Time + Avg ACW Time" in notes
    daily, zone = read(CONNECT).notes
    assert daily == "rows of whole days (IntervalDuration = daily) are left out: 1"
    assert zone.startswith("times with Z or an offset stay as they are written")


def test_staff_reads_the_same_exports(tmp_path):
    file = tmp_path / "cms.csv"
    file.write_text(AVAYA_REPORT, encoding="utf-8")
    lines, notes = read_rows(file)
    assert [(x.start.hour, x.start.minute, x.queue) for x in lines] == [
        (8, 0, "Sales"), (8, 30, "Sales")
    ]  # fmt: skip
    assert [x.numbers["offered"] for x in lines] == [60, 40]
    assert [x.numbers["aht"] for x in lines] == [210, 185]
    assert "offered is ACD Calls + Aban Calls" in notes


def test_a_part_that_cannot_be_read_is_named_with_its_value():
    text = AVAYA_REPORT.replace("3:00;0:05", "soon;0:05")
    with pytest.raises(ScenarioError, match=r"t.csv:3: Avg ACD Time \+ Avg ACW Time: .*soon"):
        read(text)


def test_a_skill_is_the_queue_only_without_a_column_of_queues():
    raw = table_from_text("t.csv", "start,queue,skill,offered\n2026-03-02 08:00,a,b,3\n")
    assert guess(raw)["queue"] == "queue"
    assert (
        guess(table_from_text("t.csv", "start,skill,offered\n2026-03-02 08:00,b,3\n"))["queue"]
        == "skill"
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_encodings_marks_decimal_commas_and_clocks(encoding, mark):
    rows = [
        ["Datum", "Uhrzeit", "Warteschlange", "Anrufe", "Bearbeitungszeit"],
        ["02.03.2026", "1:30 PM", "Störung", "12,5", "6:10"],
        ["02.03.2026", "1:00 PM", "Störung", "8,5", "5:20"],  # out of order
    ]
    content = "\r\n".join(mark.join(row) for row in rows).encode(encoding)
    found = read_actuals(table_from_bytes("t.csv", content)).entries
    assert [(e.queue, e.second) for e in found] == [("Störung", 48600), ("Störung", 46800)]
    assert [(e.numbers["offered"], e.numbers["aht"]) for e in found] == [(12.5, 370), (8.5, 320)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("60,50", "-60,50"), r"t.csv:2: .*IncomingContactVolume.*'-60' must be a number of 0"),
        (("T08:30", "T08:00"), "t.csv:3: TimeStamp: the same queue and interval as row 2"),
        (("T08:30:00Z", "T08:71:00Z"), "t.csv:3: TimeStamp: '2026-03-02T08:71:00Z' is not a date"),
    ],
)
def test_bad_cells_are_refused_with_row_column_and_value(change, message):
    text = CONNECT.replace("60,210,50", "60,50,50").replace("40,185,40", "40,50,40")
    with pytest.raises(ScenarioError, match=message):
        read(text.replace(*change))


def test_packed_tables_are_read_within_the_bound(tmp_path):
    file = tmp_path / "t.csv.gz"
    file.write_bytes(gzip.compress(FIVE9.encode()))
    assert len(read_table(file).rows) == 2
    file.write_bytes(gzip.compress(b"start,calls\n" + b"2026-03-02 08:00,1\n" * 100_000))
    with pytest.raises(TableError, match="holds more than 1 MB"):
        read_table(file, bounds=TableLimits(1_048_576, 10, 10, 100))
    file.write_bytes(gzip.compress(FIVE9.encode())[:-12])
    with pytest.raises(TableError, match="cannot be unpacked"):
        read_table(file)
