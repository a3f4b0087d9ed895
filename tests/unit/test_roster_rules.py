"""Each rule of a roster, hard and soft, against every possible roster of a small case."""

import datetime as dt
import itertools
import math

import numpy as np
import pytest

from sim.planning.roster import RULES, RosterProblem, judge_roster, plan_roster
from sim.planning.roster.problem import (
    Person,
    Pin,
    RosterShift,
    RuleSetting,
    ShiftDemand,
    Wish,
)
from sim.planning.roster.rule_registry import default_rules
from sim.units import DAY, HOUR

MONDAY = dt.date(2026, 1, 5)
EARLY = RosterShift("early", 480, 7 * HOUR, 15 * HOUR, not_before=frozenset())
LATE = RosterShift("late", 360, 14 * HOUR, 20 * HOUR, not_before=frozenset({"early"}))
NIGHT = RosterShift("night", 600, 21 * HOUR, 31 * HOUR, night=True)


def problem(days=6, persons=("A01",), shifts=(EARLY, LATE), agents=1, first=MONDAY, **more):
    rules = default_rules() | more.pop("rules", {})
    people = tuple(p if isinstance(p, Person) else Person(p) for p in persons)
    demand = tuple(ShiftDemand(d, s.name, agents) for d in range(days) for s in shifts)
    return RosterProblem("Small", first, days, shifts, people, demand, rules=rules, **more)


def excess(rule, found, row):
    """By how much a row of shifts breaks a rule, counted without the model."""
    return COUNTED[rule](Row(found, row), found.rules[rule].value)


class Row:
    """The shifts of one person, None on a day off."""

    def __init__(self, found, shifts):
        self.shifts, self.days, self.pairs = shifts, found.days, list(itertools.pairwise(shifts))
        self.named = {shift.name: shift for shift in found.shifts}
        self.work = [shift is not None for shift in shifts]
        self.hours = [self.named[s].minutes / 60 if s else 0.0 for s in shifts]
        dates = [found.first_day + dt.timedelta(d) for d in range(found.days)]
        self.weeks = [
            [d for d, date in enumerate(dates) if date.isocalendar()[1] == week]
            for week in sorted({date.isocalendar()[1] for date in dates})
        ]
        self.weekend = [date.weekday() > 4 for date in dates]
        self.series = [(key, len(list(group))) for key, group in itertools.groupby(self.work)]

    def missing(self, worked, least):
        """Days by which the series inside of the roster are too short."""
        begins = itertools.accumulate((n for _, n in self.series), initial=0)
        inside = [
            n for (key, n), at in zip(self.series, begins, strict=False)
            if key == worked and at > 0 and at + n < self.days
        ]  # fmt: skip
        return sum(max(0, least - n) for n in inside)

    def week_hours(self):
        return [(len(week), sum(self.hours[d] for d in week)) for week in self.weeks]

    def weekends(self):
        return sum(any(self.work[d] and self.weekend[d] for d in week) for week in self.weeks)

    def rests(self):
        return [self.named[b].start + DAY - self.named[a].end for a, b in self.pairs if a and b]


COUNTED = {
    "max_hours": lambda row, value: max(0.0, sum(row.hours) - value),
    "min_hours": lambda row, value: max(0.0, value - sum(row.hours)),
    "max_hours_a_week": lambda row, value: sum(max(0.0, h - value) for _, h in row.week_hours()),
    "min_hours_a_week": lambda row, value: sum(
        max(0.0, value * n / 7 - h) for n, h in row.week_hours()
    ),
    "max_consecutive_days": lambda row, value: sum(max(0, n - value) for on, n in row.series if on),
    "min_consecutive_days": lambda row, value: row.missing(True, value),
    "min_consecutive_days_off": lambda row, value: row.missing(False, value),
    "max_weekends": lambda row, value: max(0, row.weekends() - value),
    "max_shifts": lambda row, value: sum(
        max(0, row.shifts.count(name) - most) for name, most in value.items()
    ),
    "forbidden_successions": lambda row, _: sum(
        b in row.named[a].not_before for a, b in row.pairs if a and b
    ),
    "min_rest": lambda row, value: sum(rest < value * HOUR for rest in row.rests()),
}

PERSON_RULES = [
    ("max_hours", 20.0, {}),
    ("min_hours", 30.0, {}),
    ("max_hours_a_week", 14.0, {"first": dt.date(2026, 1, 8)}),
    ("min_hours_a_week", 21.0, {"first": dt.date(2026, 1, 8)}),
    ("max_consecutive_days", 2, {}),
    ("min_consecutive_days", 3, {}),
    ("min_consecutive_days_off", 3, {}),
    ("max_weekends", 0, {"first": dt.date(2026, 1, 8)}),
    ("max_shifts", {"late": 1}, {}),
    ("forbidden_successions", None, {}),
    ("min_rest", 12.0, {}),
]


@pytest.mark.parametrize(("rule", "value", "more"), PERSON_RULES)
def test_a_soft_rule_costs_what_every_row_of_shifts_breaks_it_by(rule, value, more):
    case = problem(rules={rule: RuleSetting(value, 7.0)}, **more)
    choices = list(itertools.product([None, "early", "late"], repeat=case.days))
    for k in np.random.default_rng(3).choice(len(choices), 60, replace=False):
        row = list(choices[k])
        shifts = {("A01", day): shift for day, shift in enumerate(row) if shift}
        judged = judge_roster(case, shifts)
        broken = sum(v.amount for v in judged.violations if v.rule == rule)
        assert broken == pytest.approx(excess(rule, case, row), abs=1e-3), row
        assert sum(v.price for v in judged.violations) == pytest.approx(judged.cost)


@pytest.mark.parametrize(("rule", "value", "more"), PERSON_RULES)
@pytest.mark.parametrize("price", [None, 3.0], ids=["hard", "soft"])
def test_the_best_roster_is_that_of_an_enumeration(rule, value, more, price):
    generator = np.random.default_rng(len(rule))
    wishes = tuple(
        Wish("A01", int(day), str(generator.choice(["early", "late", ""])), bool(on), float(p))
        for day, on, p in zip(generator.permutation(6)[:5], generator.integers(0, 2, 5),
                              generator.integers(1, 9, 5), strict=True)
    )  # fmt: skip
    rules = {
        rule: RuleSetting(value, price),
        "cover_under": RuleSetting(price=2.0),
        "forbidden_successions": RuleSetting(price=price) if rule == "forbidden_successions"
        else RuleSetting(price=1.0),
    }  # fmt: skip
    case = problem(rules=rules, wishes=wishes, **more)
    found = plan_roster(case)
    assert found.proven
    assert found.feasible
    assert found.cost == pytest.approx(min(_costs(case, rule, price)), abs=1e-4)
    assert found.bound == found.cost
    assert judge_roster(case, found.assignments).cost == pytest.approx(found.cost)


def _costs(case, rule, price):
    """Cost of every row of shifts that keeps the hard rule."""
    for row in itertools.product([None, "early", "late"], repeat=case.days):
        broken = excess(rule, case, row)
        if price is None and broken > 1e-9:
            continue
        cost = 2.0 * sum(1 for d in range(case.days) for s in ("early", "late") if row[d] != s)
        cost += broken * (price or 0.0)
        if rule != "forbidden_successions":
            cost += excess("forbidden_successions", case, row)
        for wish in case.wishes:
            has = row[wish.day] == wish.shift if wish.shift else row[wish.day] is not None
            cost += wish.price * (has != wish.on)
        yield cost


def test_two_persons_are_rostered_as_by_enumeration():
    rules = {
        "max_consecutive_days": RuleSetting(2),
        "fair_nights": RuleSetting(0, 5.0),
        "fair_weekends": RuleSetting(0, 4.0),
        "cover_over": RuleSetting(price=3.0),
        "cover_under": RuleSetting(price=10.0),
    }
    shifts = (EARLY, NIGHT)
    wishes = (Wish("A01", 1, "night", True, 4.0), Wish("A02", 0, "", False, 6.0))
    friday = dt.date(2026, 1, 9)
    case = problem(3, ("A01", "A02"), shifts, rules=rules, first=friday, wishes=wishes)
    best = math.inf
    rows = list(itertools.product([None, "early", "night"], repeat=3))
    for pair in itertools.product(rows, rows):
        if any(None not in row for row in pair):
            continue  # three days in a row
        cost = 0.0
        for day, shift in itertools.product(range(3), ("early", "night")):
            agents = sum(row[day] == shift for row in pair)
            cost += 10.0 * max(0, 1 - agents) + 3.0 * max(0, agents - 1)
        cost += 5.0 * abs(pair[0].count("night") - pair[1].count("night"))
        ends = [any(row[d] for d in (1, 2)) for row in pair]
        cost += 4.0 * (ends[0] != ends[1])
        cost += 4.0 * (pair[0][1] != "night") + 6.0 * (pair[1][0] is not None)
        best = min(best, cost)
    assert plan_roster(case).cost == pytest.approx(best)


def test_leave_availability_and_pinned_days_are_kept():
    away = Person("A01", leave=frozenset({0}), unavailable=frozenset({1}),
                  hours_of_day={2: (6 * HOUR, 16 * HOUR)})  # fmt: skip
    pins = (Pin("A01", 3, "late"), Pin("A01", 4, "off"))
    found = plan_roster(problem(persons=(away,), pins=pins))
    days = {day: shift for (_, day), shift in found.assignments.items()}
    assert not {0, 1, 4} & set(days)
    assert (days[2], days[3]) == ("early", "late")
    assert found.feasible


def test_leave_counts_as_worked_where_it_is_said():
    away = Person("A01", leave=frozenset({0, 1}), rules={"min_hours": RuleSetting(40.0)})
    bare = plan_roster(problem(persons=(away,), days=5, shifts=(EARLY,)))
    paid = plan_roster(problem(persons=(away,), days=5, shifts=(EARLY,), leave_minutes=480))
    assert [v.rule for v in bare.violations if v.hard] == ["min_hours"]
    assert paid.feasible


@pytest.mark.parametrize("rule", ["max_hours", "max_hours_a_week"])
def test_leave_for_longer_than_the_contract_breaks_no_rule(rule):
    away = Person("A01", leave=frozenset(range(7)), rules={rule: RuleSetting(40.0)})
    found = plan_roster(problem(persons=(away,), days=7, shifts=(EARLY,), leave_minutes=480))
    assert found.feasible
    assert not found.assignments


def test_a_person_only_works_shifts_of_own_skills():
    billing = RosterShift("billing", 480, skill="billing")
    persons = (Person("A01", frozenset({"cards"})), Person("A02", frozenset({"billing"})))
    case = problem(persons=persons, shifts=(billing,), days=2, agents=2)
    assert {person for person, _ in plan_roster(case).assignments} == {"A02"}


def test_a_rule_of_a_person_goes_before_that_of_everybody():
    own = Person("A02", rules={"max_hours": None})
    case = problem(
        persons=("A01", own), shifts=(EARLY,), agents=2, rules={"max_hours": RuleSetting(8.0)}
    )
    sums = {row["person"]: row["shifts"] for row in plan_roster(case).persons()}
    assert sums == {"A01": 1, "A02": 6}


def test_clashing_hard_rules_are_named_with_the_cheapest_to_relax():
    person = Person("A01", leave=frozenset(range(5)), rules={"min_hours": RuleSetting(16.0)})
    found = plan_roster(problem(persons=(person, "A02"), shifts=(EARLY,)))
    hard = [row for row in found.violation_rows() if row["hard"]]
    assert not found.feasible
    assert [(row["rule"], row["person"], row["amount"]) for row in hard] == [
        ("min_hours", "A01", 8.0)
    ]
    assert hard[0]["text"] == "A01 has 8 hours too few"
    assert found.notes == (
        "the hard rules for A01 clash: the violations marked hard are the least that must give",
    )


def test_a_pinned_shift_during_leave_gives_the_pin_up():
    person = Person("A01", leave=frozenset({1}))
    found = plan_roster(problem(persons=(person,), pins=(Pin("A01", 1, "early"),)))
    assert [(v.rule, v.day) for v in found.violations if v.hard] == [("pinned", 1)]


def test_hard_cover_that_no_one_can_give_is_reported_as_uncovered():
    case = problem(agents=2, shifts=(EARLY,), days=2, rules={"cover_under": RuleSetting()})
    found = plan_roster(case)
    assert not found.feasible
    assert [(row["day"], row["short"]) for row in found.uncovered()] == [
        ("2026-01-05", 1), ("2026-01-06", 1),
    ]  # fmt: skip


def test_every_rule_has_a_sentence_and_a_text_when_broken():
    from sim.planning.roster.violation_text import _WORDS

    assert set(_WORDS) == set(RULES)
    assert all(rule.sentence.endswith(".") for rule in RULES.values())
