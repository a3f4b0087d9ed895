"""Holidays by country and a planner's own events."""

import datetime as dt

import pytest

from sim.history.named_days import holidays_of, read_events
from sim.scenario import ScenarioError
from sim.units import BadInputError


def day(month, number):
    return dt.date(2026, month, number)


def test_holidays_of_a_country_and_of_a_part_of_it():
    found = holidays_of("us", day(5, 1), day(7, 31)).names
    assert found[day(5, 25)] == "Memorial Day"
    assert min(found) >= day(5, 1)
    assert max(found) <= day(7, 31)
    bavaria = holidays_of("DE-BY", day(1, 1), day(12, 31)).names
    assert set(holidays_of("DE", day(1, 1), day(12, 31)).names) < set(bavaria)


@pytest.mark.parametrize(
    ("country", "message"),
    [("XX", "country: 'XX' has no known holidays"), ("US-ZZ", "country: US has no part 'ZZ'")],
)
def test_unknown_countries_are_refused(country, message):
    with pytest.raises(BadInputError, match=message):
        holidays_of(country, day(1, 1), day(12, 31))


def events(tmp_path, text):
    file = tmp_path / "events.csv"
    file.write_text(text, encoding="utf-8")
    return read_events(file)


def test_events_have_names_or_stated_changes(tmp_path):
    found = events(
        tmp_path,
        "date,until,name,change,queue\n"
        "2026-03-11,2026-03-12,campaign,,\n"
        "2026-07-14,,letter,+15%,calls\n"
        "2026-07-14,,strike,-10%,\n",
    )
    assert found.names == {day(3, 11): "campaign", day(3, 12): "campaign"}
    assert found.factor("calls", day(7, 14)) == pytest.approx(1.15 * 0.9)
    assert found.factor("chat", day(7, 14)) == pytest.approx(0.9)
    assert found.factor("chat", day(7, 15)) == 1
    both = holidays_of("US", day(1, 1), day(12, 31)).joined(found)
    assert both.names[day(12, 25)] == "Christmas Day"
    assert both.factor("calls", day(7, 14)) == pytest.approx(1.15 * 0.9)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("date,what is on\n2026-03-11,x\n", "name: no such column; the file has: date, what is on"),
        ("date,name\n2026-02-30,x\n", "events.csv:2: date: .*2026-02-30"),
        ("date,name\n2026-03-11,\n", "events.csv:2: name: is empty"),
        ("date,name,change\n2026-03-11,x,15%\n", "change: '15%' is not a change; allowed: such as"),
        ("date,name,until\n2026-03-11,x,2026-03-01\n", "the event has -9 days; allowed: 1 to 92"),
        ("date,name\n03/04/2026,x\n", "day or month first"),
    ],
)
def test_bad_events_are_refused_with_row_and_column(tmp_path, text, message):
    with pytest.raises(ScenarioError, match=message):
        events(tmp_path, text)
