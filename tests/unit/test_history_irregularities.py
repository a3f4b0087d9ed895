"""What is odd in a history is found, named with its days, and left out or kept as it says."""

import datetime as dt

import numpy as np
import pytest

from sim.history.forecast.day_table import day_table
from sim.history.irregularities import find_irregularities, leave_out
from sim.history.table_histories import read_histories
from sim.history.volume_history import VolumeHistory, infer_open
from sim.scenario import ScenarioError
from sim.units import BadInputError

MONDAY = dt.date(2026, 1, 5)
DAYS, OPEN = 84, range(16, 40)


def volumes(seed=3, mean=40.0, days=DAYS):
    """Counts of a queue open from Monday to Saturday, 8 to 20 o'clock; busyness of 8 %."""
    rng = np.random.default_rng(seed)
    means = np.zeros((days, 48))
    means[:, OPEN] = mean * (1 + 0.5 * np.sin(np.linspace(0, np.pi, len(OPEN))))
    means *= rng.gamma(150, 1 / 150, days)[:, None]
    means[6::7] = 0
    return rng.poisson(means).astype(float)


def history(offered):
    return VolumeHistory("sales", "voice", MONDAY, 30, offered, infer_open(offered, MONDAY))


def found(offered, **options):
    return [
        (x.kind, (x.first - MONDAY).days, (x.last - MONDAY).days, x.clock(30), x.treatment)
        for x in find_irregularities(history(offered), **options)
    ]


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("mean", [2.0, 40.0])
def test_plain_random_days_are_not_odd(seed, mean):
    assert found(volumes(seed, mean)) == []


def test_every_kind_is_found_and_nothing_else():
    offered = volumes()
    offered[9] = np.nan  # a Wednesday without rows
    offered[10] = np.nan
    offered[15, OPEN] = 0  # a Tuesday of zeros
    offered[22, 24:30] = 0  # zeros within a day
    offered[29, 28:] = 0  # closed from 14:00
    offered[36, OPEN] = 1  # near-empty
    offered[50] *= 2.2
    offered[57, 20:22] *= 6
    offered[64, 24:26] = np.nan
    assert found(offered) == [
        ("day without rows", 9, 10, "", "left out"),
        ("day of zeros", 15, 15, "", "left out"),
        ("outage", 22, 22, "12:00-15:00", "left out"),
        ("half-open day", 29, 29, "14:00-20:00", "taken as closed"),
        ("near-empty day", 36, 36, "", "left out"),
        ("outlier day", 50, 50, "", "left out"),
        ("outlier interval", 57, 57, "10:00-11:00", "left out"),
        ("gap", 64, 64, "12:00-13:00", "left out"),
    ]


@pytest.mark.parametrize("change", [0.7, 1.3])
def test_a_level_shift_is_dated_and_hides_no_odd_day(change):
    offered = volumes()
    offered[42:] = np.round(offered[42:] * change)
    offered[60, OPEN] = 2
    kinds = {x.kind: x for x in find_irregularities(history(offered))}
    assert set(kinds) == {"level shift", "near-empty day"}
    assert abs((kinds["level shift"].first - MONDAY).days - 42) <= 3
    assert kinds["level shift"].treatment == "kept"


def test_odd_days_with_a_name_are_kept_or_closed():
    offered = volumes()
    offered[9] = np.nan
    offered[36, OPEN] = 1
    names = {MONDAY + dt.timedelta(days=day): "Founders' Day" for day in (9, 36)}
    assert found(offered, named_days=names) == [
        ("day without rows", 9, 9, "", "taken as closed"),
        ("near-empty day", 36, 36, "", "kept"),
    ]


def test_what_is_left_out_is_unknown_and_the_rest_is_as_it_was():
    offered = volumes()
    offered[29, 28:] = 0
    offered[57, 20:22] *= 6
    before = history(offered)
    after = leave_out(before, find_irregularities(before))
    assert np.isnan(after.offered[57, 20:22]).all()
    assert not after.is_open[29, 28:40].any()
    assert before.is_open[29, 28:40].all()
    same = np.ones(offered.shape, bool)
    same[57, 20:22] = same[29, 28:40] = False
    assert (after.offered[same] == offered[same]).all()
    assert (before.offered == offered).all()


def table(tmp_path, offered, *, zeros=True, step=30, first=MONDAY, extra=""):
    rows = ["start,queue,calls,aht" + (",handled" if extra else "")]
    for day, own in enumerate(offered):
        for at, calls in enumerate(own):
            if np.isnan(calls) or (calls == 0 and not zeros):
                continue
            start = dt.datetime.combine(first, dt.time()) + dt.timedelta(
                days=day, minutes=at * step
            )
            rows.append(f"{start:%Y-%m-%d %H:%M},sales,{calls:.0f},{180 + at}{extra}")
    file = tmp_path / "history.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


@pytest.mark.parametrize("zeros", [True, False])
def test_a_table_becomes_the_history_that_it_was_made_of(tmp_path, zeros):
    offered = volumes(mean=4.0)
    read = read_histories(table(tmp_path, offered, zeros=zeros))
    assert read.irregularities == ()
    (one,) = read.queues
    days = DAYS if zeros else DAYS - 1  # the last Sunday is closed
    assert (one.queue, one.channel, one.first_day, one.days) == ("sales", "voice", MONDAY, days)
    assert (one.offered == offered[:days]).all()
    assert one.is_open[:, OPEN].any(axis=1).tolist() == [day % 7 != 6 for day in range(days)]
    assert one.aht is not None
    assert one.aht[0, 20] == 200


def test_rows_that_are_missing_are_unknown_where_zeros_are_written(tmp_path):
    offered = volumes()
    offered[22, 24:26] = np.nan
    offered[82, 30:] = np.nan  # the export was made at 15:00 of the last day
    read = read_histories(table(tmp_path, offered[:83]))
    assert [(x.kind, x.clock(30), x.treatment) for x in read.irregularities] == [
        ("gap", "12:00-13:00", "left out"),
        ("incomplete last day", "", "left out"),
    ]
    (usable,) = read.usable()
    assert np.isnan(usable.offered[22, 24:26]).all()
    assert usable.days == 82  # so that the forecast begins with the incomplete day


@pytest.mark.parametrize("zeros", [True, False])
def test_cells_without_a_number_are_gaps(tmp_path, zeros):
    offered = volumes(days=56)
    file = table(tmp_path, offered, zeros=zeros)
    text = file.read_text(encoding="utf-8")
    blank = [f"2026-01-2{7 + k} {at}" for k, at in enumerate(("12:00", "12:30"))]
    blank += ["2026-01-27 12:30", "2026-01-28 19:30", "2026-01-28 19:00"]
    for start in blank:
        before, line, after = text.partition(f"{start},sales,")
        text = before + line + after[after.index(",") :]
    file.write_text(text, encoding="utf-8")
    read = read_histories(file)
    assert [(x.kind, str(x.first), x.clock(30), x.text) for x in read.irregularities] == [
        ("gap", "2026-01-27", "12:00-13:00", "2 intervals without a number"),
        ("gap", "2026-01-28", "12:30-13:00", "1 interval without a number"),
        ("gap", "2026-01-28", "19:00-20:00", "2 intervals without a number"),
    ]


def test_days_without_rows_are_named_where_zeros_are_written(tmp_path):
    offered = volumes(days=56)
    offered[16:18] = np.nan
    (one,) = read_histories(table(tmp_path, offered)).irregularities
    assert (one.kind, one.text) == ("day without rows", "no rows on 2 days in a row")
    names = {one.first: "Christmas Day", one.last: "Second Day of Christmas"}
    history = read_histories(table(tmp_path, offered)).queues[0]
    texts = [odd.text for odd in find_irregularities(history, names) if odd.kind == one.kind]
    assert texts == ["no rows on 2 days in a row (Christmas Day, Second Day of Christmas)"]


@pytest.mark.parametrize("kind", ["plain", "table"])
def test_stated_hours_leave_closed_weekdays_closed(tmp_path, kind):
    file = table(tmp_path, volumes(days=57), zeros=kind == "table")
    read = read_histories(file, opening="08:00-20:00")
    (one,) = read.queues
    assert read.irregularities == ()
    assert not one.is_open[6::7].any()
    assert one.is_open[0, OPEN].all()
    assert [note for note in read.notes if "closed" in note] == [
        "sales: Sundays stay closed, as in the history; hours that name days open them: --open "
        '"daily 08:00-20:00"'
    ]


@pytest.mark.parametrize(
    "opening",
    ["mon-sat 08:00-20:00; sun 10:00-14:00", "mon-sat 08:00-20:00, sun 10:00-14:00",
     "Mon-Sat: 08:00-20:00; Sunday = 10:00-14:00",
     '{ "mon-sat" = "08:00-20:00", sun = "10:00-14:00" }',
     {"mon-sat": "08:00-20:00", "sun": "10:00-14:00"}],
)  # fmt: skip
def test_hours_by_weekday_are_read_as_a_scenario_writes_them(tmp_path, opening):
    read = read_histories(table(tmp_path, volumes(days=21)), opening=opening)
    is_open = read.queues[0].is_open
    assert (is_open[[6, 13]].sum(axis=1) == 8).all()
    assert (is_open[0:6].sum(axis=1) == 24).all()


@pytest.mark.parametrize("opening", ["mon-fry 08:00-20:00", "8 to 20", "mon 09:00", "{ mon = 3"])
def test_hours_that_cannot_be_read_are_refused_with_both_forms(tmp_path, opening):
    with pytest.raises(BadInputError, match=r"^opening: .*mon-fri 08:00-20:00; sat"):
        read_histories(table(tmp_path, volumes(days=21)), opening=opening)


def test_hours_of_daylight_saving_are_named(tmp_path):
    first = dt.date(2026, 9, 7)
    rng = np.random.default_rng(1)
    offered = rng.poisson(30.0, (56, 24)).astype(float)
    offered[48, 1] = 63  # 25 October in Lisbon: the hour from 1:00 comes twice
    file = table(tmp_path, offered, step=60, first=first)
    read = read_histories(file, zone="Europe/Lisbon")
    (one,) = read.irregularities
    assert (one.kind, one.first, one.clock(60)) == (
        "doubled hour", dt.date(2026, 10, 25), "01:00-02:00"
    )  # fmt: skip
    assert np.isnan(read.usable()[0].offered[48, 1])


def test_times_of_another_zone_are_turned_into_those_of_the_center(tmp_path):
    offered = volumes()
    read = read_histories(table(tmp_path, offered), zone="UTC", center_zone="Europe/Berlin")
    assert (read.queues[0].offered[1, 18:42] == offered[1, 16:40]).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("start,calls\n08:00,3\n", "history.csv:2: has a time without a date"),
        ("date,calls\n2026-01-05,3\n2026-01-06,3\n", "rows are whole days"),
        ("start,calls\n2026-01-05 08:00,3\n2026-01-06 08:00,3\n", "spans 2 days; allowed: 7 to"),
        ("start,calls\n2016-01-05 08:00,3\n2026-01-06 08:00,3\n", "days; allowed: 7 to 2,196"),
        ("start,calls\n2026-01-05 08:00,-3\n", "history.csv:2: calls: '-3' must be a number of 0"),
    ],
)
def test_tables_without_a_history_are_refused(tmp_path, text, message):
    file = tmp_path / "history.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError, match=message):
        read_histories(file)


def test_columns_that_are_known_to_be_no_contacts_are_no_queues(tmp_path):
    rows = ["date,time,Billing,Cards,FTE,Agents required,Service level,Length,AHT (sec),ASA"]
    for day in range(14):
        rows += [f"2026-01-{5 + day:02d},{hour}:00,10,4,3.5,5,0.8,60,300,12" for hour in (9, 10)]
    file = tmp_path / "history.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    read = read_histories(file)
    assert [one.queue for one in read.queues] == ["Billing", "Cards"]
    assert read.notes[0] == (
        "each of these columns is taken as the contacts of a voice queue: Billing, Cards; these are"
        " not contacts: FTE, Agents required, Service level, Length, AHT (sec), ASA; --column "
        "offered=TITLE takes one column alone"
    )


def test_times_with_a_zone_stay_as_they_are_with_a_note(tmp_path):
    file = table(tmp_path, volumes(days=14))
    text = file.read_text(encoding="utf-8").replace(",sales", "Z,sales")
    file.write_text(text, encoding="utf-8")
    assert any("times with Z or an offset stay" in note for note in read_histories(file).notes)
    noted = read_histories(file, center_zone="Europe/Lisbon").notes
    assert not any("stay as they are written" in note for note in noted)


def test_several_queues_and_channels_are_histories_of_their_own(tmp_path):
    rows = ["start,queue,channel,offered,answered,total handle time"]
    for day in range(14):
        for hour in (9, 10):
            start = f"2026-01-{5 + day:02d} {hour:02d}:00"
            rows += [f"{start},sales,voice,10,8,1600", f"{start},sales,chat,5,5,1500"]
            rows += [f"{start},mail,email,7,7,0"]
    file = tmp_path / "history.csv"
    file.write_text("\n".join(rows), encoding="utf-8")
    read = read_histories(file)
    found = {(x.queue, x.channel): (x.offered[3, 9 * 60 // x.interval_minutes],
                                    None if x.aht is None else np.nanmean(x.aht))
             for x in read.queues}  # fmt: skip
    assert found == {
        ("sales voice", "voice"): (10, 200),
        ("sales chat", "chat"): (5, 300),
        ("mail", "email"): (7, None),
    }


def test_a_queue_begins_with_its_first_contact(tmp_path):
    """Zeros of months before are no closed days: coming weekdays would be closed as most were."""
    offered = volumes()
    offered[:60] = 0
    read = read_histories(table(tmp_path, offered))
    history = read.queues[0]
    assert (history.first_day, history.days) == (MONDAY + dt.timedelta(days=60), DAYS - 60)
    assert (history.offered[0] == offered[60]).all()
    assert read.notes == ("queue sales: no contacts before 2026-03-06; its history begins then",)
    assert read.irregularities == ()
    coming = day_table(history, 7, {}).is_open[-7:].any(axis=1)
    assert coming.tolist() == [True] * 6 + [False]


def test_a_few_empty_days_at_first_are_days_of_the_queue(tmp_path):
    offered = volumes()
    offered[:12] = 0
    read = read_histories(table(tmp_path, offered))
    assert read.queues[0].first_day == MONDAY
    assert not any("its history begins then" in note for note in read.notes)


def test_one_wrong_number_is_the_only_finding():
    offered = volumes(days=56)
    offered[22, 25] = 9999  # 12:30 of a Tuesday
    assert found(offered) == [("outlier interval", 22, 22, "12:30-13:00", "left out")]
    (one,) = find_irregularities(history(offered))
    assert one.text.startswith("9,999 contacts, ")
    usual = float(one.text.split(", ")[-1].split()[0])
    assert usual == pytest.approx(np.delete(offered[1::7, 25], 3).mean(), rel=0.2)


@pytest.mark.parametrize("days", [10, 14, 21])
@pytest.mark.parametrize("seed", range(3))
def test_a_wrong_number_in_a_short_history_is_the_only_finding(days, seed):
    offered = volumes(seed, days=days)
    assert found(offered) == []
    offered[8, 25] = 9999
    assert found(offered) == [("outlier interval", 8, 8, "12:30-13:00", "left out")]


def test_two_wrong_numbers_in_the_same_half_hour_of_a_weekday_are_found():
    offered = volumes(days=56)
    offered[[8, 22], 25] = 9999, 500
    offered[40, [17, 30]] = 9999, 0
    assert [one[:4] for one in found(offered)] == [
        ("outlier interval", 8, 8, "12:30-13:00"),
        ("outlier interval", 22, 22, "12:30-13:00"),
        ("outlier interval", 40, 40, "08:30-09:00"),
        ("outage", 40, 40, "15:00-15:30"),
    ]


@pytest.mark.parametrize("seed", range(3))
def test_an_outage_with_a_trickle_of_contacts_is_found_as_one(seed):
    """In no half hour are the few contacts improbable enough, in two hours together they are."""
    offered = volumes(seed, mean=18.0)
    offered[30, 22:26] = 5, 1, 1, 2
    offered[45, 22:24] *= 0.5  # no more than a quiet hour
    assert found(offered) == [("outage", 30, 30, "11:00-13:00", "left out")]
    [one] = find_irregularities(history(offered))
    assert one.text.startswith("9 contacts in 4 intervals, ")
    assert found(offered, named_days={MONDAY + dt.timedelta(days=30): "Fair"}) == []
