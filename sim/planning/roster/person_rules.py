"""Rules about one person, one function each."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from sim.planning.roster.constraints import PersonConstraints, RuleInUse
from sim.planning.roster.problem import OFF, WEEK_DAYS
from sim.units import DAY, HOUR

MINUTES = 60


def leave(person: PersonConstraints, rule: RuleInUse) -> None:
    """Leave: no shift on a day of leave."""
    for day in sorted(person.person.leave):
        person.at_most(person.work(day), 0.0, rule, day)


def availability(person: PersonConstraints, rule: RuleInUse) -> None:
    """Availability: no shift on a day or at a time at which the person is not available."""
    for day in sorted(person.person.unavailable):
        person.at_most(person.work(day), 0.0, rule, day)
    for day, shift in person.assigned:
        hours = person.person.hours_of_day.get(person.problem.weekday(day))
        found = person.problem.shift[shift]
        if hours is None or found.start is None or found.end is None:
            continue
        if found.start < hours[0] or found.end > hours[1]:
            person.at_most(person.works(day, shift), 0.0, rule, day, shift)


def pinned(person: PersonConstraints, rule: RuleInUse) -> None:
    """Pinned days: a shift or a day off that is settled."""
    for pin in person.problem.pins_of.get(person.name, ()):
        if pin.shift == OFF:
            person.at_most(person.work(pin.day), 0.0, rule, pin.day)
        else:
            person.at_least(person.works(pin.day, pin.shift), 1.0, rule, pin.day, pin.shift)


def max_hours(person: PersonConstraints, rule: RuleInUse) -> None:
    """Contract hours: at most so many paid hours over the whole roster."""
    days = range(person.problem.days)
    person.at_most(person.minutes(days), _most_minutes(person, rule, days), rule, unit=MINUTES)


def min_hours(person: PersonConstraints, rule: RuleInUse) -> None:
    """Contract hours: at least so many paid hours over the whole roster."""
    least = _minutes(rule) - _credit(person, range(person.problem.days))
    person.at_least(person.minutes(range(person.problem.days)), least, rule, unit=MINUTES)


def max_hours_a_week(person: PersonConstraints, rule: RuleInUse) -> None:
    """Contract hours: at most so many paid hours in each calendar week."""
    for week in person.problem.weeks:
        most = _most_minutes(person, rule, week)
        person.at_most(person.minutes(week), most, rule, week.start, unit=MINUTES)


def min_hours_a_week(person: PersonConstraints, rule: RuleInUse) -> None:
    """Contract hours: at least so many paid hours a calendar week, in part of one in proportion."""
    for week in person.problem.weeks:
        least = _minutes(rule) * len(week) / WEEK_DAYS - _credit(person, week)
        person.at_least(person.minutes(week), least, rule, week.start, unit=MINUTES)


def _minutes(rule: RuleInUse) -> float:
    return rule.setting.number * MINUTES


def _most_minutes(person: PersonConstraints, rule: RuleInUse, days: range) -> float:
    """Return the minutes that are left to work; leave for longer than the contract breaks none."""
    return max(0.0, _minutes(rule) - _credit(person, days))


def _credit(person: PersonConstraints, days: Iterable[int]) -> int:
    """Return the minutes that leave counts as worked."""
    return person.problem.leave_minutes * len(person.person.leave.intersection(days))


def max_consecutive_days(person: PersonConstraints, rule: RuleInUse) -> None:
    """Work days in a row: at most so many."""
    most = int(rule.setting.number)
    for day in range(most, person.problem.days):
        window = range(day - most, day + 1)
        person.at_most([t for d in window for t in person.work(d)], most, rule, day)
        if rule.strict:
            # Whoever works has started within the last days: tighter than the windows alone.
            began = person.starts(range(day - most + 1, day + 1), -1.0)
            person.builder.row([*person.work(day), *began], -math.inf, 0.0)


def min_consecutive_days(person: PersonConstraints, rule: RuleInUse) -> None:
    """Work days in a row: at least so many, unless the roster begins or ends meanwhile."""
    _min_run(person, rule, person.starts, person.work, worked=True)


def min_consecutive_days_off(person: PersonConstraints, rule: RuleInUse) -> None:
    """Days off in a row: at least so many, unless the roster begins or ends meanwhile."""
    _min_run(person, rule, person.ends, person.work, worked=False)


Expression = Callable[..., list[tuple[int, float]]]


def _min_run(person: PersonConstraints, rule: RuleInUse, begins: Expression, work: Expression,
             worked: bool) -> None:  # fmt: skip
    """Keep every series of days (of work, or off) at a least length.

    The strict rows are those of minimum up and down times (Rajan and Takriti 2005), which
    describe the convex hull.
    """
    least, days = int(rule.setting.number), person.problem.days
    if least < 2:
        return
    for day in range(1, days):
        if rule.strict:
            begun = begins(range(day - least + 1, day + 1))
            sign = -1.0 if worked else 1.0
            person.builder.row([*begun, *work(day, sign)], -math.inf, 0.0 if worked else 1.0)
        else:
            _missing_days(person, rule, begins(range(day, day + 1))[0][0], day, worked)


def _missing_days(
    person: PersonConstraints, rule: RuleInUse, begun: int, first: int, worked: bool
) -> None:
    """Charge each day that a series which begins on a day is too short."""
    terms: list[tuple[int, float]] = []
    lasts = begun
    for day in range(first + 1, first + int(rule.setting.number)):
        if day < person.problem.days:
            before, lasts = lasts, person.builder.variable(1.0, False, person.owner, day)
            person.builder.row([(lasts, 1.0), (before, -1.0)], -math.inf, 0.0)
            sign = -1.0 if worked else 1.0
            inside = person.work(day, sign)
            person.builder.row([(lasts, 1.0), *inside], -math.inf, 0.0 if worked else 1.0)
        # Beyond the last day, a series that has not ended may go on.
        terms += [(begun, 1.0), (lasts, -1.0)]
    if terms:
        person.charge(terms, 0.0, rule, first)


def max_weekends(person: PersonConstraints, rule: RuleInUse) -> None:
    """Weekends: at most so many with a shift on Saturday or Sunday."""
    worked = [(variable, 1.0) for variable in person.weekends]
    person.at_most(worked, rule.setting.number, rule)


def max_shifts(person: PersonConstraints, rule: RuleInUse) -> None:
    """Shifts of a type: at most so many of each."""
    for shift, most in rule.setting.by_shift.items():
        terms = [(v, 1.0) for (_, name), v in person.assigned.items() if name == shift]
        person.at_most(terms, most, rule, shift=shift)


def forbidden_successions(person: PersonConstraints, rule: RuleInUse) -> None:
    """Successions: a shift is not followed on the next day by one that its type rules out."""
    shifts = person.problem.shifts
    _no_succession(person, rule, {shift.name: shift.not_before for shift in shifts})


def min_rest(person: PersonConstraints, rule: RuleInUse) -> None:
    """Rest: at least so many hours from the end of a shift to the start of one on the next day."""
    rest = rule.setting.number * HOUR
    timed = [(s.name, s.start, s.end) for s in person.problem.shifts]
    _no_succession(
        person,
        rule,
        {
            name: frozenset(
                after
                for after, start, _ in timed
                if start is not None and end is not None and start + DAY - end < rest - 1e-9
            )
            for name, _, end in timed
        },
    )


def _no_succession(
    person: PersonConstraints, rule: RuleInUse, ruled_out: dict[str, frozenset[str]]
) -> None:
    if not any(ruled_out.values()):
        return
    for day in range(1, person.problem.days):
        before, after = person.shifts_on(day - 1), set(person.shifts_on(day))
        if rule.strict:
            _strict_succession(person, day, before, after, ruled_out)
            continue
        for first in before:
            for second in sorted(ruled_out[first] & after):
                both = [*person.works(day - 1, first), *person.works(day, second)]
                person.at_most(both, 1.0, rule, day, second)


def _strict_succession(
    person: PersonConstraints, day: int, before: list[str], after: set[str],
    ruled_out: dict[str, frozenset[str]],
) -> None:  # fmt: skip
    """Let a shift follow a day off, or a shift after which it may stand, and likewise precede.

    These rows are those of a flow through the shifts of two days, and tighter than pairs.
    """
    sets = {frozenset({name}) for name in after} | {ruled_out[a] & after for a in before}
    for together in sorted(sets, key=sorted):
        allowed = [a for a in before if not together <= ruled_out[a]]
        if together and len(allowed) < len(before):
            started = person.starts(range(day, day + 1), -1.0)
            _flow(person, day, together, started, allowed, day - 1)
    for first in before:
        kept = sorted(after - ruled_out[first])
        if len(kept) < len(after):
            ended = person.ends(range(day, day + 1), -1.0)
            _flow(person, day - 1, {first}, ended, kept, day)


def _flow(
    person: PersonConstraints, day: int, shifts: Iterable[str],
    change: list[tuple[int, float]], others: Iterable[str], other_day: int,
) -> None:  # fmt: skip
    inner = [term for name in sorted(shifts) for term in person.works(day, name)]
    outer = [term for name in others for term in person.works(other_day, name, -1.0)]
    person.builder.row([*inner, *change, *outer], -math.inf, 0.0)


def wishes_on(person: PersonConstraints, rule: RuleInUse) -> None:
    """Wishes for a shift, or for work on a day: granted."""
    for wish in person.problem.wishes_of.get(person.name, ()):
        if not wish.on:
            continue
        terms = person.works(wish.day, wish.shift)
        if rule.strict and wish.price is None:
            person.at_least(terms, 1.0, rule, wish.day, wish.shift)
        else:
            missing = [(column, -value) for column, value in terms]
            person.charge(missing, 1.0, rule, wish.day, wish.shift, wish.price)


def wishes_off(person: PersonConstraints, rule: RuleInUse) -> None:
    """Wishes for a day off, or not to work a shift: granted."""
    for wish in person.problem.wishes_of.get(person.name, ()):
        if wish.on:
            continue
        terms = person.works(wish.day, wish.shift)
        if rule.strict and wish.price is None:
            person.at_most(terms, 0.0, rule, wish.day, wish.shift)
        elif terms:
            person.charge(terms, 0.0, rule, wish.day, wish.shift, wish.price)
