"""Roster files: what they say, and what is refused; tables of persons, plans of shifts."""

import datetime as dt
import json

import pytest

from sim.planning.roster import parse_roster, plan_roster, read_roster
from sim.planning.roster.day_words import RosterDays, read_days
from sim.planning.roster.shift_plans import is_night
from sim.units import HOUR, BadInputError
from tests.support.small_scenario import small_scenario

SMALL = """
[roster]
name = "Team"
first_day = 2026-01-05
days = 7
leave_hours = "8h"

[shift.early]
start = "07:00"
end = "15:30"
unpaid = "30min"
skill = "calls"

[shift.night]
start = "21:30"
end = "07:00"
not_before = ["early"]

[[demand]]
shift = ["early", "night"]
days = "Mon-Fri"
agents = 1

[[demand]]
shift = "early"
days = ["2026-01-06"]
agents = 2
under = 50

[rules]
max_hours_a_week = "40h"
max_consecutive_days = { value = 5, price = 7 }
cover_over = false
cover_under = "hard"
max_shifts = { night = 3 }

[person.A01]
skills = ["calls"]
leave = ["2026-01-09 to 2026-01-20"]
available = { Mon = "06:00-16:00", Sat = "none" }
rules = { max_hours_a_week = 20 }

[person.A02]
skills = "calls"
unavailable = "Wed"

[[wish]]
person = "A02"
days = "weekends"
want = "off"
price = 3

[[wish]]
person = "A01"
days = 2026-01-06
avoid = "night"

[[pinned]]
person = "A02"
days = ["2026-01-05"]
shift = "night"
"""


@pytest.fixture
def small():
    return parse_roster(SMALL)


def test_shifts_and_demand_are_read(small):
    early, night = small.shifts
    assert (early.minutes, early.start, early.end, early.skill) == (
        480,
        7 * HOUR,
        15.5 * HOUR,
        "calls",
    )
    assert (night.minutes, night.end, night.night) == (570, 31 * HOUR, True)
    assert night.not_before == {"early"}
    assert [(d.day, d.agents, d.under) for d in small.demand if d.shift == "early"] == [
        (0, 1, None), (1, 2, 50.0), (2, 1, None), (3, 1, None), (4, 1, None),
    ]  # fmt: skip


def test_rules_are_read(small):
    found = {name: (s.value, s.price) for name, s in small.rules.items()}
    assert found["max_hours_a_week"] == (40.0, None)
    assert found["max_consecutive_days"] == (5.0, 7.0)
    assert found["cover_under"] == (None, None)
    assert found["max_shifts"] == ({"night": 3.0}, None)
    assert found["wishes_on"] == (None, 1.0)
    assert "cover_over" not in found
    assert small.setting(small.persons[0], "max_hours_a_week").value == 20.0
    assert small.setting(small.persons[1], "max_hours_a_week").value == 40.0


def test_persons_wishes_and_pins_are_read(small):
    one, two = small.persons
    assert (one.leave, two.unavailable) == ({4, 5, 6}, {2})
    assert one.hours_of_day == {0: (6 * HOUR, 16 * HOUR), 5: (0.0, 0.0)}
    assert [(w.person, w.day, w.shift, w.on, w.price) for w in small.wishes] == [
        ("A02", 5, "", False, 3.0), ("A02", 6, "", False, 3.0), ("A01", 1, "night", False, None),
    ]  # fmt: skip
    assert [(p.person, p.day, p.shift) for p in small.pins] == [("A02", 0, "night")]
    assert small.leave_minutes == 480


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('person = "A02"\ndays = "weekends"', 'person = "A09"\ndays = "weekends"',
         "wish.0.person: 'A09' is not a person; allowed: A01 or A02."),
        ('want = "off"', 'want = "earl"', "wish.0.want: 'earl' is not a shift; allowed: early or"),
        ('want = "off"', "", "wish.0: needs want or avoid, one of the two"),
        ('days = "Mon-Fri"', 'days = "Mo-Fry day"', "demand.0.days: 'Mo-Fry day' is not a day;"),
        ("2026-01-06\"]", "2026-02-06\"]",
         "'2026-02-06' lies outside of the roster; allowed: 2026-01-05 to 2026-01-11"),
        ("max_shifts = { night = 3 }", "max_shifts = { nights = 3 }",
         "rules.max_shifts: 'nights' is not a shift; allowed: early or night"),
        ("max_shifts = { night = 3 }", "max_shift = 3", "rules.max_shift: unknown rule; known"),
        ('"40h"', "-1", "rules.max_hours_a_week: -1 is not allowed; allowed: hours such as 40"),
        ("value = 5", "value = 2.5", "max_consecutive_days: 2.5 is not allowed; allowed: a"),
        ("price = 7", "price = -7", "rules.max_consecutive_days:"),
        ("{ max_hours_a_week = 20 }", "{ cover_over = 3 }",
         "person.A01.rules.cover_over: unknown rule"),
        ("06:00-16:00", "6-16", "person.A01.available.Mon: '6-16' is not allowed; allowed"),
        ("Sat =", "Sun2 =", "'Sun2' is not a weekday"),
        ('unpaid = "30min"', 'unpaid = "9h"', "shift.early.unpaid: leaves no paid time"),
        ("[shift.night]", "[shift.off]", "shift.off: means no shift; allowed: another name"),
        ('shift = "night"\n', 'shift = "late"\n', "pinned.0.shift: 'late' is not a shift"),
        ('skills = "calls"', "", "team.toml: "),
        ("days = 7", "days = 0", "roster.days: 0 is out of bounds; allowed: a whole number from 1"),
        ("first_day = 2026-01-05", 'first_day = "soon"', "roster.first_day: 'soon' is not a date"),
        ("leave_hours", "time_zone = \"Mars\"\nleave_hours",
         "time_zone: 'Mars' is not a time zone"),
        ("agents = 2", "agents = 2\nagent = 3", "demand.1.agent: unknown field"),
        ("days = 7", 'days = 7\npersons = "a.csv"',
         "roster.persons: is a field of the file, not of [roster]; allowed: above the first"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_field_value_and_what_is_allowed(before, after, message):
    assert before in SMALL
    text = SMALL.replace(before, after, 1)
    if before == 'skills = "calls"':
        text = text.replace('shift = "night"\n', 'shift = "early"\n')
        message = "pinned.0.shift: A02 has not the skill calls; allowed: a shift without it"
    with pytest.raises(BadInputError) as refused:
        parse_roster(text, name="team.toml")
    assert message in str(refused.value)
    assert str(refused.value).startswith("team.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no persons; allowed"),
        ("[person.A01]", "has no shifts; allowed"),
        ('[person.A01]\n[shift.a]\nstart = "8:00"\nend = "9:00"', "no shift has a demand"),
        ('persons = "none.csv"', "none.csv: the file does not exist"),
        ('shifts = { plan = "none.json" }', "none.json: cannot be read"),
        ("roster = 3", "roster: 3 is not a table"),
        ("[roster", "team.toml"),
    ],
)
def test_what_is_empty_or_absent_is_said(text, message, tmp_path):
    with pytest.raises(BadInputError) as refused:
        parse_roster(text, tmp_path, "team.toml")
    assert message in str(refused.value)


def test_a_roster_that_is_too_large_is_refused():
    persons = "\n".join(f"[person.P{k}]" for k in range(2001))
    head, _, _ = SMALL.partition("[person.A01]")
    with pytest.raises(BadInputError, match="too large; allowed: at most 2,000 persons"):
        parse_roster(f"{head}{persons}")


def test_persons_without_skills_and_wishes_that_clash_are_noted():
    text = SMALL.replace(
        '[shift.night]\nstart = "21:30"', '[shift.night]\nskill = "nights"\nstart = "21:30"'
    )
    text = text.replace("[[pinned]]", '[person.B01]\nskills = ["mail"]\n[[pinned]]')
    text = text.replace('shift = "night"\n', 'shift = "off"\n')
    wish = '[[wish]]\nperson = "A02"\ndays = "Sat"\nwant = "work"\n'
    notes = parse_roster(f"{text}\n{wish}").notes
    assert notes == (
        "B01 has none of the skills that the shifts need (calls or nights) and gets no shift",
        "no person has the skill nights: its shifts stay uncovered",
        "wishes of A02 for 2026-01-10 clash: only one can be granted",
    )


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("Mon-Wed", {0, 1, 2, 7, 8, 9}),
        ("Sat - Mon", {0, 5, 6, 7, 12, 13}),
        ("weekends", {5, 6, 12, 13}),
        ("2026-01-06; Fri", {1, 4, 11}),
        ("2026-01-10 to 2026-01-12", {5, 6, 7}),
        ("2025-12-01 to 2026-01-06", {0, 1}),
        (dt.date(2026, 1, 18), {13}),
    ],
)
def test_days_are_read_as_planners_write_them(written, days):
    assert read_days([written], RosterDays(dt.date(2026, 1, 5), 14)) == days


@pytest.mark.parametrize(
    ("start", "end", "night"),
    [(22, 30, True), (0, 6, True), (16, 25, False), (4, 12, False), (3, 9, True)],
)
def test_a_night_has_three_hours_between_23_and_6(start, end, night):
    assert is_night(start * HOUR, end * HOUR) is night


def test_persons_come_from_a_table(tmp_path):
    (tmp_path / "team.csv").write_text(
        "person;skills;max_hours;leave;max_shifts;available Tue;max_weekends\n"
        "B01;calls, nights;37,5;2026-01-05 to 2026-01-06;night=2;06:00-14:00;\n"
        "B02;calls;;;;;no\n"
    )
    head, _, rest = SMALL.partition("[person.A01]")
    text = 'persons = "team.csv"\n' + head.replace("[rules]", "[rules]\nmax_weekends = 1")
    one, two = parse_roster(text, tmp_path).persons
    assert (one.name, one.skills, one.leave) == ("B01", {"calls", "nights"}, {0, 1})
    assert one.rules["max_hours"].value == 37.5
    assert one.rules["max_shifts"].value == {"night": 2.0}
    assert one.hours_of_day == {1: (6 * HOUR, 14 * HOUR)}
    assert two.rules == {"max_weekends": None}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,skills\nB01,calls\n", "team.csv: person: no such column"),
        ("person,skill\nB01,calls\n", "team.csv: skill: unknown column; allowed: person,"),
        ("person,max_hours\nB01,many\n", "team.csv:2: max_hours:"),
        ("person,max_shifts\nB01,nights=2\n", "team.csv:2: max_shifts: 'nights' is not a shift"),
        ("person,leave\nB01,soon\n", "team.csv:2: leave: 'soon' is not a day"),
        ("person,skills\nB01,calls\nB01,calls\n", "team.csv:3: person: 'B01' stands twice"),
        ("person,skills\n,calls\n", "team.csv:2: person: is empty"),
    ],
)
def test_a_bad_table_of_persons_is_refused_with_row_and_column(table, message, tmp_path):
    (tmp_path / "team.csv").write_text(table)
    head, _, _ = SMALL.partition("[person.A01]")
    with pytest.raises(BadInputError) as refused:
        parse_roster(f'persons = "team.csv"\n{head}', tmp_path)
    assert message in str(refused.value)


PLAN = {
    "shifts": [
        {"group": "calls", "pattern": "day", "start": "2026-01-05T08:00", "end": "2026-01-05T16:30",
         "agents": 1, "breaks": [
             {"start": "2026-01-05T12:00", "end": "2026-01-05T12:30", "paid": False},
             {"start": "2026-01-05T10:00", "end": "2026-01-05T10:15", "paid": True}]},
        {"group": "calls", "pattern": "day", "start": "2026-01-05T08:00", "end": "2026-01-05T16:30",
         "agents": 1, "breaks": [
             {"start": "2026-01-05T12:30", "end": "2026-01-05T13:00", "paid": False}]},
        {"group": "mail", "pattern": "late", "start": "2026-01-06T22:00", "end": "2026-01-07T06:00",
         "agents": 3, "breaks": []},
    ]
}  # fmt: skip
TEAM = """shifts = { plan = "plan.json" }
[person.A01]
skills = ["calls"]
[person.A02]
skills = ["calls"]
"""


def test_shifts_come_from_a_plan_of_ccplan_shifts(tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    found = parse_roster(TEAM, tmp_path)
    assert found.first_day == dt.date(2026, 1, 5)
    assert [(s.name, s.minutes, s.skill, s.night) for s in found.shifts] == [
        ("calls 08:00-16:30", 480, "calls", False), ("mail 22:00-06:00", 480, "mail", True),
    ]  # fmt: skip
    assert [(d.day, d.shift, d.agents) for d in found.demand] == [
        (0, "calls 08:00-16:30", 2), (1, "mail 22:00-06:00", 3),
    ]  # fmt: skip
    roster = plan_roster(found)
    assert {person for person, _ in roster.assignments} == {"A01", "A02"}
    assert [(row["shift"], row["short"]) for row in roster.uncovered()] == [("mail 22:00-06:00", 3)]


def test_a_plan_of_a_single_day_is_wanted_on_the_days_of_the_file(tmp_path):
    one = [{"group": "calls", "start": "08:00", "end": "16:00", "agents": 1, "breaks": []}]
    (tmp_path / "plan.json").write_text(json.dumps({"shifts": one}))
    text = TEAM.replace('"plan.json" }', '"plan.json", days = "Mon-Tue" }')
    assert [d.day for d in parse_roster(text, tmp_path).demand] == [0, 1]


def test_shifts_come_from_a_scenario(tmp_path):
    shift = '[{ agents = 2, start = "08:00", length = "2h", breaks = ["15min at 9:00"] }]'
    scenario = small_scenario(agents=None, skills=f"{{ calls = 1 }}\nshifts = {shift}")
    (tmp_path / "plan.toml").write_text(scenario)
    text = TEAM.replace("plan.json", "plan.toml").replace('"calls"', '"all"')
    found = parse_roster(text, tmp_path)
    assert [(s.minutes, s.start, s.skill) for s in found.shifts] == [(120, 8 * HOUR, "all")]
    assert {d.agents for d in found.demand} == {2}
    assert len(found.demand) == 7


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"group": "a", "start": "08:00", "end": "25:99", "agents": 1}, "'25:99' is not a time"),
        ({"group": "a", "start": "08:00", "agents": 1}, "allowed: group, start, end, agents"),
        ({"group": "a", "start": "08:00", "end": "09:00", "agents": -1}, "allowed: group"),
        (3, "allowed: group"),
    ],
)
def test_a_bad_plan_is_refused_with_its_row(row, reason, tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps({"shifts": [row]}))
    with pytest.raises(BadInputError, match=r"plan\.json: shifts, row 1: ") as refused:
        parse_roster(TEAM, tmp_path)
    assert reason in str(refused.value)


def test_a_table_of_persons_with_a_plan_is_a_roster(tmp_path):
    (tmp_path / "plan.json").write_text(json.dumps(PLAN))
    (tmp_path / "team.csv").write_text("person,skills\nA01,calls\nA02,calls; mail\n")
    found = read_roster(tmp_path / "team.csv", shifts=tmp_path / "plan.json")
    assert [p.name for p in found.persons] == ["A01", "A02"]
    assert len(found.shifts) == 2
