"""A roster week by week: calendar of persons, coverage, sums, broken rules, calendars."""

import io
import zipfile
from math import inf

import pytest

from sim.planning.roster import judge_roster, parse_roster
from sim.report import roster_view as view
from sim.units import BadInputError

FILE = """
[roster]
name = "Desk"
first_day = 2026-01-08
days = 6
[shift.early]
start = "07:00"
end = "15:00"
[shift.night]
start = "22:00"
end = "06:00"
[[demand]]
shift = "early"
days = "all"
agents = 2
[[demand]]
shift = "night"
days = "Fri"
agents = 1
[person.Ann]
leave = ["2026-01-12"]
[person.Bob]
"""


@pytest.fixture(scope="module")
def roster():
    problem = parse_roster(FILE)
    assigned = {("Ann", 0): "early", ("Bob", 0): "early", ("Bob", 1): "night", ("Ann", 5): "early"}
    return judge_roster(problem, assigned)


def test_a_week_has_a_cell_for_each_person_and_day_with_its_times(roster):
    assert view.week_titles(roster.problem) == [
        "Thu 08 Jan 2026 to Sun 11 Jan 2026", "Mon 12 Jan 2026 to Tue 13 Jan 2026",
    ]  # fmt: skip
    first, second = (view.week_calendar(roster, week) for week in (0, 1))
    assert first.days == ("Thu 08 Jan", "Fri 09 Jan", "Sat 10 Jan", "Sun 11 Jan")
    assert [list(row.values()) for row in first.rows] == [
        ["Ann", "early 07:00-15:00", "", "", ""],
        ["Bob", "early 07:00-15:00", "night 22:00-06:00", "", ""],
    ]
    assert [list(row.values()) for row in second.rows] == [
        ["Ann", "leave", "early 07:00-15:00"], ["Bob", "", ""],
    ]  # fmt: skip


def test_times_in_the_name_of_a_shift_go_first_and_stand_once():
    text = FILE.replace("shift.early", 'shift."cards 07:00-15:00 8 h"')
    problem = parse_roster(text.replace('"early"', '"cards 07:00-15:00 8 h"'))
    found = judge_roster(problem, {("Ann", 0): "cards 07:00-15:00 8 h"})
    calendar = view.week_calendar(found, 0)
    assert calendar.rows[0]["Thu 08 Jan"] == "07:00-15:00 cards 8 h"
    assert calendar.cover[0]["Shift"] == "07:00-15:00 cards 8 h"


def test_coverage_is_agents_of_required_where_a_shift_is_required(roster):
    cover = view.week_calendar(roster, 0).cover
    assert list(cover[0].values()) == ["early 07:00-15:00", "2 / 2", "0 / 2", "0 / 2", "0 / 2"]
    assert list(cover[1].values()) == ["night 22:00-06:00", "", "1 / 1", "", ""]


def test_each_shift_has_its_colour_in_every_week(roster):
    names = [shift.name for shift in roster.problem.shifts]
    pages = [view.styled_week(view.week_calendar(roster, k), names).to_html() for k in (0, 1)]
    early, night = view.TINTS[:2]
    assert all(f"background-color: {early}" in page for page in pages)
    assert [f"background-color: {night}" in page for page in pages] == [True, False]
    assert view.LEAVE_TINT in pages[1]
    assert view.alt_text_week(view.week_calendar(roster, 1)) == (
        "2 persons work 1 shift in this week; 1 day of leave."
    )


def test_cards_and_rules_name_what_is_missing(roster):
    cards = {name: value for name, value, _ in view.roster_cards(roster)}
    missing = sum(row["short"] for row in roster.uncovered())
    assert cards["Agents missing"] == f"{missing}"
    assert missing == 9
    assert (cards["Bound"], cards["Paid hours"]) == ("-", "32.0 h")
    rules = view.soft_rule_rows(roster)
    assert sum(row["Price"] for row in rules) == pytest.approx(roster.cost)
    assert {row["Rule"] for row in rules} >= {"cover under"}
    assert {row["Price of a unit"] for row in rules if row["Rule"] == "cover under"} == {100}
    assert view.soft_rules_title(roster) == (
        f"Soft rules broken: {len(rules)}, at a price of {roster.cost:g}"
    )
    assert view.hard_rule_rows(roster) == []
    hours = {row["Person"]: row["Hours"] for row in view.person_rows(roster)}
    assert hours == {"Ann": 16.0, "Bob": 16.0}


def test_calendars_are_an_archive_with_a_file_for_each_person(roster):
    with zipfile.ZipFile(io.BytesIO(view.calendars_archive(roster))) as archive:
        assert sorted(archive.namelist()) == ["Ann.ics", "Bob.ics"]
        assert archive.read("Bob.ics").count(b"BEGIN:VEVENT") == 2


def test_progress_is_the_best_roster_so_far():
    assert view.progress_words(inf, -inf) == "No roster yet"
    assert view.progress_words(12.0, 7.0) == (
        "Best roster so far costs 12, no roster costs less than 7"
    )


def test_the_chart_shows_the_start_of_each_shift_and_days_without_one(roster):
    drawn = roster.plot().to_dict()
    (cells,) = drawn["datasets"].values()
    of = {(cell["person"], cell["day"]): (cell["shift"], cell["text"]) for cell in cells}
    assert len(cells) == 2 * 6
    assert of["Ann", "Thu 01-08"] == ("early", "07:00")
    assert of["Bob", "Fri 01-09"] == ("night", "22:00")
    assert of["Ann", "Mon 01-12"] == ("leave", "")
    assert of["Bob", "Mon 01-12"] == ("off", "")


def test_the_chart_of_an_unknown_skill_is_refused(roster):
    with pytest.raises(BadInputError, match="skill: 'nights' is not a skill of anyone"):
        roster.plot(skill="nights")
