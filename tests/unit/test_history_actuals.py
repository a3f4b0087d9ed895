"""Tables of the field: columns guessed, cells read strictly, daylight saving flagged."""

import datetime as dt

import pytest

from sim.fileio import Table, TableError, table_from_text
from sim.history.tables.actuals import read_actuals
from sim.history.tables.column_mapping import export_of, guess
from sim.scenario import ScenarioError
from sim.units import BadInputError

GENESYS = """Interval Start UTC Date,Queue,Media Type,Skill Set,Language,Offered,\
Interactions Handled,Total Handle Time (Seconds)
2026-03-02T08:00:00.000Z,Sales,voice,A,en,60,50,9000
2026-03-02T08:30:00.000Z,Sales,voice,B,en,40,40,7200
"""
ELEVEO = "Date-Time;ACD ID;Queue;Contacts offered;AHT s\n2026-03-02 08:00;7;Sales;60,5;180\n"
CONNECT = """QueueName,QueueId,ChannelType,Timestamp,Incoming contact volume,Average handle time
Sales,ab-1,VOICE,2026-03-02 08:00,60,180
"""
NICE = """date|period|TZ|ctQueue|contactsReceived|contactsHandled|serviceLevel
03152026|0800|E|Sales|60|50|80
03152026|0830|E|Sales|40|40|0.5
"""
PLAIN = """interval_start,queue,channel,offered,handled,aht_s,shrinkage
2026-03-02 08:00,Sales,voice,60,50,00:03:00,30
2026-03-02 08:15,Sales,voice,40,40,200,12.5%
"""


def read(text, **options):
    return read_actuals(table_from_text("t.csv", text), **options)


@pytest.mark.parametrize(
    ("text", "whose", "known"),
    [
        (GENESYS, "Genesys Cloud", {"start", "queue", "channel", "offered", "answered", "total"}),
        (ELEVEO, "Eleveo", {"start", "queue", "offered", "aht"}),
        (CONNECT, "Amazon Connect", {"start", "queue", "channel", "offered", "aht"}),
        (NICE, "", {"start", "date", "queue", "offered", "answered", "level"}),
        (PLAIN, "interval rows",
         {"start", "queue", "channel", "offered", "answered", "aht", "shrinkage"}),
    ],
)  # fmt: skip
def test_exports_are_mapped_by_their_titles(text, whose, known):
    raw = table_from_text("t.csv", text)
    found = guess(raw)
    assert set(found) == known
    assert len(set(found.values())) == len(found)
    if whose:
        assert export_of(raw) == whose
    first = read(text).entries[0]
    assert (first.queue, first.second, first.numbers["offered"] // 1) == ("Sales", 8 * 3600, 60)


@pytest.mark.parametrize("below", ["Total,,,100,90,180,", "Grand total:,,,100,,,"])
def test_a_row_of_totals_is_left_out_and_noted(below):
    found = read(f"{PLAIN}{below}\n")
    assert found.entries == read(PLAIN).entries
    assert "left out as totals: row 4" in found.notes


def test_a_queue_of_this_name_stays():
    table = "queue,start,offered\nTotal,2026-03-02 08:00,60\nTotal,2026-03-02 08:30,40\n"
    assert [one.queue for one in read(table).entries] == ["Total", "Total"]


def test_times_and_shares_are_read_as_they_are_written():
    one, two = read(PLAIN).entries
    assert (one.numbers["aht"], two.numbers["aht"]) == (180, 200)
    assert (one.numbers["shrinkage"], two.numbers["shrinkage"]) == (0.3, 0.125)
    assert read(PLAIN).step == 900
    assert read(PLAIN.replace(",30\n", ",0.30\n")).entries[0].numbers["shrinkage"] == 0.3
    levels = [one.numbers["level"] for one in read(NICE).entries]
    assert levels == [0.8, 0.005]  # one way of writing holds for the whole column
    assert read(ELEVEO).entries[0].numbers["offered"] == 60.5


def test_a_mapping_of_ones_own_and_pasted_cells():
    text = "Ab\tAnrufe\n08:00\t12\n08:30\t14\n"
    with pytest.raises(ScenarioError, match="Start of the interval: no column is mapped to it"):
        read(text)
    found = read(text, mapping={"start": "Ab", "offered": "Anrufe", "queue": ""})
    assert [(e.day, e.second, e.numbers["offered"]) for e in found.entries] == [
        (None, 8 * 3600, 12),
        (None, 8.5 * 3600, 14),
    ]
    with pytest.raises(ScenarioError, match="is mapped twice"):
        read(text, mapping={"start": "Ab", "offered": "Ab"})
    with pytest.raises(TableError, match=r"Anruf: no such column; the file has: Ab, Anrufe"):
        read(text, mapping={"start": "Ab", "offered": "Anruf"})


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ("2026-03-02 08:00,Sales,x,3", "t.csv:2: offered: 'x' must be a number of 0 or more"),
        ("2026-03-02 08:00,Sales,-1,3", "t.csv:2: offered: '-1' must be a number of 0 or more"),
        ("2026-03-02 08:00,Sales,,3", "t.csv:2: offered: is empty; a value is needed"),
        (",Sales,5,3", "t.csv:2: start: is empty; a value is needed"),
        (
            "yesterday,Sales,5,3",
            "t.csv:2: start: 'yesterday' is not a date and time; allowed: 2026",
        ),
        (
            "2026-03-02 08:00,Sales,5,soon",
            "t.csv:2: aht: 'soon' is not a time; allowed: a time such",
        ),
        ("2026-03-02 08:00,Sales,=1+1,3", "t.csv:2: offered: '=1+1' must be a number"),
    ],
)
def test_a_bad_cell_is_reported_with_file_row_column_value_and_what_is_allowed(cells, told):
    with pytest.raises(ScenarioError) as caught:
        read(f"start,queue,offered,aht\n{cells}\n2026-03-02 08:30,Sales,5,3\n")
    assert str(caught.value).startswith(told)


def test_two_rows_for_one_interval_are_refused():
    with pytest.raises(ScenarioError, match=r"t.csv:3: start: the same queue and interval as row"):
        read("start,offered\n2026-03-02 08:00,5\n2026-03-02 08:00,5\n")


@pytest.mark.parametrize(
    ("date", "order", "found"),
    [
        ("25/01/2026 08:00", "guess", dt.date(2026, 1, 25)),
        ("01/25/2026 08:00 AM", "guess", dt.date(2026, 1, 25)),
        ("05.01.2026 08:00", "day first", dt.date(2026, 1, 5)),
        ("05.01.2026 08:00", "guess", dt.date(2026, 1, 5)),
        ("05/01/26 8:00", "month first", dt.date(2026, 5, 1)),
    ],
)
def test_dates_are_read_in_the_order_that_the_column_tells(date, order, found):
    entry = read(f"start,offered\n{date},5\n", order=order).entries[0]
    assert (entry.day, entry.second) == (found, 8 * 3600)


def test_a_date_that_may_be_two_days_is_asked_about():
    with pytest.raises(ScenarioError, match="day or month first"):
        read("start,offered\n05/01/2026 08:00,5\n")
    with pytest.raises(BadInputError, match="dates: 'any' is unknown; allowed: guess, year first"):
        read("start,offered\n05/01/2026 08:00,5\n", order="any")


LISBON = {"center_zone": "Europe/Lisbon"}


def test_the_missing_hour_is_flagged():
    found = read("start,offered\n2026-03-29 01:30,5\n2026-03-29 02:00,6\n", **LISBON)
    assert any("jumps over this hour" in note and "row 2" in note for note in found.notes)
    assert any("set forward: the hour from 01:00" in note for note in found.notes)


def test_the_doubled_hour_is_flagged_and_added_up():
    text = "start,offered\n2026-10-25 01:00,5\n2026-10-25 01:00,6\n2026-10-25 02:00,7\n"
    found = read(text, **LISBON)
    assert [one.numbers["offered"] for one in found.entries] == [5, 6, 7]
    assert any("twice (set back); both are added up: rows 2, 3" in note for note in found.notes)
    with pytest.raises(ScenarioError, match="the same queue and interval"):
        read(text)  # unknown without a time zone


def test_times_of_another_zone_become_those_of_the_center():
    text = "start,offered\n2026-10-25T00:30:00Z,5\n2026-10-25T01:30:00Z,6\n2026-10-25T02:30:00Z,7\n"
    found = read(text, **LISBON)
    assert [one.second / 3600 for one in found.entries] == [1.5, 1.5, 2.5]
    assert any("twice" in note for note in found.notes)
    winter = read("start,offered\n2026-01-05 23:30,5\n", zone="Asia/Tokyo", **LISBON).entries[0]
    assert (winter.day, winter.second / 3600) == (dt.date(2026, 1, 5), 14.5)
    with pytest.raises(BadInputError, match=r"not a time zone; .* did you mean .Europe/Lisbon"):
        read(text, zone="Europe/Lisboa")


def test_handle_times_that_are_shares_of_a_day_are_refused():
    rows = [(n, ["2026-01-05", f"{n}:00", 9, share]) for n, share in ((8, 0), (9, 0.0041898148))]
    raw = Table("t.xlsx", ("Date", "Time", "Offered", "AHT"), rows)
    with pytest.raises(
        ScenarioError, match=r"t\.xlsx:9: AHT: 0\.0042 s on average: a share of a day"
    ):
        read_actuals(raw)
    rows[1][1][3] = 150
    assert read_actuals(raw).entries[1].numbers["aht"] == 150


def test_shares_of_a_day_are_times_beside_dates_and_refused_alone():
    rows = [(n, ["2026-01-05", share, 9]) for n, share in enumerate((0, 0.354166667, 0.75))]
    raw = Table("t.xlsx", ("Date", "Time", "Offered"), rows)
    assert [entry.second for entry in read_actuals(raw).entries] == [0, 8.5 * 3600, 18 * 3600]
    alone = Table("t.xlsx", ("Time", "Offered"), [(n, row[1:]) for n, row in rows])
    with pytest.raises(ScenarioError, match=r"Time: 0\.354167 is not a time; allowed: 08:30"):
        read_actuals(alone)
