"""A scenario from a table of contacts: layouts, dates, hours, handle times, required agents."""

import dataclasses
import datetime as dt

import pytest

import sim
from sim.fileio import table_from_text
from sim.history.tables.actuals import read_actuals
from sim.history.tables.column_mapping import guess
from sim.history.tables.wide_table import (
    guess_interval_columns,
    handle_columns,
    is_order_open,
    layout_of,
    queue_columns,
    read_wide,
)
from sim.planning.import_queues import clean_name, mean_handle_s, suggested, weeks_of
from sim.planning.table_scenario import SAMPLE, scenario_from_table
from sim.scenario import ScenarioError

WIDE = """Datum\tBilling\tChat\tTotal
05.01.2026 08:00\t40\t\t40
05.01.2026 08:30\t50\t8\t58
05.01.2026 09:00\t44\t9\t53
06.01.2026 08:00\t41\t\t41
06.01.2026 08:30\t52\t7\t59
06.01.2026 09:00\t43\t\t43
"""


def wide(text=WIDE, **options):
    raw = table_from_text("week.csv", text)
    return read_wide(raw, guess_interval_columns(raw), queue_columns(raw), **options)


def long(text=SAMPLE):
    raw = table_from_text("contacts.csv", text)
    return read_actuals(raw, guess(raw))


def made(recording, tmp_path, handle="4min", **options):
    queues = [dataclasses.replace(one, handle_time=handle) for one in suggested(recording)]
    found = scenario_from_table(recording, queues, **({"name": "Mine"} | options))
    return found, found.parsed(tmp_path)


def problems(recording, change=None, **options):
    queues = suggested(recording)
    queues = [
        dataclasses.replace(one, **{"handle_time": "4min"} | (change or {})) for one in queues
    ]
    with pytest.raises(ScenarioError) as caught:
        scenario_from_table(recording, queues, **({"name": "Mine"} | options))
    return {one.path: one.message for one in caught.value.problems}


def test_both_layouts_are_distinguished_and_totals_are_not_a_queue():
    raw = table_from_text("week.csv", WIDE)
    assert layout_of(raw) == "wide"
    assert guess_interval_columns(raw)["start"] == "Datum"
    assert queue_columns(raw) == ["Billing", "Chat"]
    assert layout_of(table_from_text("contacts.csv", SAMPLE)) == "long"


HANDLED = """time,Tier-1 (a),AHT Tier-1 (a),Chat,Chat Bearbeitungszeit (s),Note
2026-01-05 08:00,40,5:24,8,600,x
2026-01-05 08:30,50,4:00,9,,x
2026-01-05 09:00,40,5:24,8,660,x
"""


def test_a_wide_table_has_the_handle_times_of_its_queues(tmp_path):
    raw = table_from_text("week.csv", HANDLED)
    queues = queue_columns(raw)
    assert queues == ["Tier-1 (a)", "Chat"]
    assert handle_columns(raw, queues) == {
        "Tier-1 (a)": "AHT Tier-1 (a)",
        "Chat": "Chat Bearbeitungszeit (s)",
    }
    recording = wide(HANDLED)
    assert mean_handle_s(recording, ("Tier-1 (a)", "")) == pytest.approx(
        (80 * 324 + 50 * 240) / 130
    )
    assert mean_handle_s(recording, ("Chat", "")) == pytest.approx(630)
    found, scenario = made(recording, tmp_path, handle="")
    assert scenario.queue["Chat"].talk.mean == pytest.approx(630)
    assert "Tier-1 (a): agents follow the handle time of each interval" in " ".join(found.notes)


def test_wide_and_long_handle_times_require_the_same_agents(tmp_path):
    lines = [line.split(",") for line in HANDLED.splitlines()[1:]]
    text = "time,queue,channel,offered,aht\n" + "".join(
        f"{time},Tier-1 (a),voice,{a},{aht}\n{time},Chat,chat,{b},{other}\n"
        for time, a, aht, b, other, _ in lines
    )
    one, _ = made(wide(HANDLED), tmp_path, handle="")
    other, _ = made(long(text), tmp_path, handle="")
    assert one.files == other.files


@pytest.mark.parametrize(
    "title", ["AHT", "Average handle time (s)", "calls AHT", "Mittlere Bearbeitungszeit"]
)
def test_one_queue_has_the_handle_time_of_any_title(title):
    raw = table_from_text("a.csv", f"moment,n,{title}\n2026-01-05 08:00,50,300\n")
    assert queue_columns(raw) == ["n"]
    assert handle_columns(raw, ["n"]) == ({} if title == "calls AHT" else {"n": title})
    raw = table_from_text("a.csv", f"moment,calls,{title}\n2026-01-05 08:00,50,300\n")
    assert handle_columns(raw, ["calls"]) == {"calls": title}


def test_a_new_chat_has_a_target_of_its_own_said_to_be_assumed(tmp_path):
    targets = {one.channel: one.target for one in suggested(wide())}
    assert targets == {"voice": "80% in 20s", "chat": "80% in 60s"}
    found, scenario = made(wide(), tmp_path)
    assert scenario.queue["Chat"].target.within == 60
    assert "Chat: the target 80% in 60s is an assumption unless you set it" in found.notes


def test_dates_and_times_are_known_by_what_is_in_them():
    raw = table_from_text("a.csv", "Tag;Uhrzeit;Anrufe\n05.01.2026;08:00;4\n05.01.2026;08:30;5\n")
    assert guess_interval_columns(raw) == {"date": "Tag", "start": "Uhrzeit", "offered": "Anrufe"}
    assert queue_columns(raw) == ["Anrufe"]
    times = {entry.second for entry in wide("Tag;Uhrzeit;A\n05.01.2026;08:00;4\n").entries}
    assert times == {8 * 3600.0}


def test_an_empty_cell_of_a_wide_table_is_an_interval_without_contacts():
    entries = [e for e in wide().entries if e.queue == "Chat"]
    assert [(e.day.day, e.second / 3600, e.numbers["offered"]) for e in entries] == [
        (5, 8.5, 8.0),
        (5, 9.0, 9.0),
        (6, 8.5, 7.0),
    ]


def test_a_wrong_cell_of_a_wide_table_is_named_by_its_own_column():
    raw = table_from_text("week.csv", WIDE.replace("\t9\t", "\tnine\t"))
    with pytest.raises(ScenarioError, match=r"week.csv:4: Chat: 'nine' must be a number"):
        read_wide(raw, guess_interval_columns(raw), ["Billing", "Chat"])


@pytest.mark.parametrize(
    ("cell", "is_open"),
    [("05/01/2026 08:00", True), ("25/01/2026 08:00", False), ("2026-01-05 08:00", False),
     ("05.01.2026 08:00", False)],
)  # fmt: skip
def test_day_or_month_first_is_asked_only_where_the_dates_do_not_tell(cell, is_open):
    raw = table_from_text("a.csv", f"time,billing\n{cell},4\n")
    assert is_order_open(raw, guess_interval_columns(raw)) is is_open


def test_the_order_that_is_said_is_taken():
    text = WIDE.replace(".01.2026", "/02/2026")
    assert {e.day for e in wide(text, order="day first").entries} == {
        dt.date(2026, 2, 5),
        dt.date(2026, 2, 6),
    }
    assert {e.day.month for e in wide(text, order="month first").entries} == {5, 6}


def test_hours_volumes_and_groups_follow_the_table(tmp_path):
    found, scenario = made(wide(), tmp_path, question="Enough people?")
    assert found.text.startswith("# Enough people?\n")
    assert scenario.name == "Mine"
    assert (scenario.center.first_day, scenario.center.days) == (dt.date(2026, 1, 5), 2)
    assert scenario.center.open == {"daily": ((8 * 3600.0, 9.5 * 3600.0),)}
    chat = scenario.queue["Chat"]
    assert chat.channel == "chat"
    assert chat.open == {  # by weekday, as each is there once
        "mon": ((8.5 * 3600.0, 9.5 * 3600.0),),
        "tue": ((8.5 * 3600.0, 9 * 3600.0),),
    }
    assert scenario.group["Chat agents"].skills["Chat"].at_once == 2
    from sim.scenario.interval_series import rules_of, volume_of

    volume = volume_of(chat, scenario.center.grid, rules_of(chat, scenario.center.open))
    assert {i: v for i, v in enumerate(volume) if v} == {17: 8.0, 18: 9.0, 48 + 17: 7.0}


def test_agents_are_those_that_the_formula_requires(tmp_path):
    found, scenario = made(wide("time,calls\n2026-01-05 08:00,50\n2026-01-05 08:30,80\n"), tmp_path)
    agents = scenario.group["calls agents"].agents.values
    for contacts, scheduled in zip((50, 80), agents, strict=True):

        def level(n, contacts=contacts):
            goal = sim.erlang.a(
                calls=contacts, per="30min", aht="4min", agents=int(n), patience="2min"
            )
            return goal.service_level("20s")

        assert level(scheduled) >= 0.8 > level(scheduled - 1)
    assert found.agents_hours == pytest.approx(sum(agents) / 2)
    assert f"{found.agents_hours:,.0f} agent-hours" in found.notes[0]
    assert any("mean 2min, an assumption" in note for note in found.notes)


def test_shrinkage_is_added(tmp_path):
    plain, _ = made(wide(), tmp_path)
    more, scenario = made(wide(), tmp_path, shrinkage="30%")
    assert scenario.group["Billing agents"].shrinkage == 0.3
    assert more.agents_hours > 1.3 * plain.agents_hours


def test_required_agents_reach_the_target_when_simulated(tmp_path):
    _, scenario = made(wide(), tmp_path)
    result = sim.simulate(scenario, runs=200)
    level = result.estimate("service_level", "queue", "Billing")
    assert level.low > 0.8


def test_handle_times_come_from_the_table_by_interval_or_as_a_mean(tmp_path):
    text = (
        "interval_start,queue,offered,handled,aht_s\n"
        "2026-01-05 08:00,q,60,50,100\n2026-01-05 08:30,q,60,50,500\n"
    )
    recording = long(text)
    assert mean_handle_s(recording, ("q", "")) == pytest.approx(300.0)
    by_interval, scenario = made(recording, tmp_path, handle="")
    assert scenario.queue["q"].talk.mean == pytest.approx(300.0)
    first, second = scenario.group["q agents"].agents.values
    assert first < second
    one = dataclasses.replace(suggested(recording)[0], by_interval=False)
    mean = scenario_from_table(recording, [one], name="Mine").parsed(tmp_path)
    assert len(set(mean.group["q agents"].agents.values)) == 1
    assert any("handle time of each interval" in note for note in by_interval.notes)


def test_weeks_can_be_taken_one_by_one(tmp_path):
    rows = "".join(
        f"2026-01-{day:02d} 08:00,{day}\n" for day in range(5, 17) if day not in (10, 11)
    )
    recording = wide("time,calls\n" + rows)
    weeks = weeks_of(recording)
    assert weeks == [
        (dt.date(2026, 1, 5), dt.date(2026, 1, 9)),
        (dt.date(2026, 1, 12), dt.date(2026, 1, 16)),
    ]
    _, scenario = made(recording, tmp_path, days=weeks[1])
    assert (scenario.center.first_day, scenario.center.days) == (dt.date(2026, 1, 12), 5)
    _, both = made(recording, tmp_path)
    assert both.center.open == {"mon-fri": ((8 * 3600.0, 8.5 * 3600.0),)}


@pytest.mark.parametrize(
    ("change", "path", "message"),
    [
        ({"target": "eighty"}, "queue.calls.target", "is not a target"),
        ({"patience": "soon"}, "queue.calls.patience", "is not a time"),
        ({"patience": "0s"}, "queue.calls.patience", "above 0 s"),
        ({"handle_time": ""}, "queue.calls.handle_time", "the table has none"),
        ({"handle_time": "1.440"}, "queue.calls.handle_time", "may be 1.44 or 1440"),
        ({"handle_time": "x"}, "queue.calls.handle_time", "is not a time"),
        ({"name": "a.b"}, "queue.a.b", "is not a name"),
        ({"concurrency": 40}, "queue.calls.concurrency", "allowed: 1 to 20"),
    ],
)
def test_what_is_wrong_is_reported_by_field(change, path, message):
    found = problems(wide("time,calls\n2026-01-05 08:00,50\n"), change)
    assert message in found[path]


def test_names_shrinkage_and_whole_days_are_checked():
    recording = wide("time,calls\n2026-01-05 08:00,50\n")
    assert "is empty" in problems(recording, name=" ")["center.name"]
    assert "30x" in problems(recording, shrinkage="30x")["shrinkage"]
    days = wide("time,calls\n2026-01-05,500\n2026-01-06,400\n")
    assert "whole days" in problems(days)[""]
    twice = wide("time,a,b\n2026-01-05 08:00,50,20\n")
    assert "two queues" in problems(twice, {"name": "same"})["queue.same"]


@pytest.mark.parametrize("name", ["interval_start", "Sheet!a", "b: c", "=cmd|x", "#5", "a,b"])
def test_odd_names_of_queues_stay_readable(name, tmp_path):
    recording = long(f'time,queue,offered,aht\n2026-01-05 08:00,"{name}",50,200\n')
    _, scenario = made(recording, tmp_path)
    assert list(scenario.queue) == [clean_name(name)]
    assert scenario.group[f"{clean_name(name)} agents"].agents.values[0] > 0
