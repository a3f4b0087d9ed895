"""Weekly tours: which days of a week and which starts one person may work together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING

from sim import units

if TYPE_CHECKING:
    from sim.planning.shifts.linear_model import LinearModel
    from sim.planning.shifts.possible_shifts import ShiftTypes
    from sim.planning.shifts.shift_requirement import ShiftRequirement
    from sim.scenario.pattern import Pattern

WEEK = 7


@dataclass(frozen=True)
class TourClass:
    """Tours of one group and pattern on the same days, with starts near each other.

    Attributes
    ----------
    group, pattern : str
    week : int
    days : tuple of int
        Of the horizon, ascending.
    types : dict of int to list of int
        By day: possible shifts, by number.
    """

    group: str
    pattern: str
    week: int
    days: tuple[int, ...]
    types: dict[int, list[int]]


@dataclass
class TourColumns:
    """Columns of the tours of a model.

    Attributes
    ----------
    classes : list of TourClass
    persons : list of int
        Column of each class: persons on its tours.
    shifts : list of dict of (int, int) to int
        For each class, the column of its persons by day and possible shift.
    """

    classes: list[TourClass] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    shifts: list[dict[tuple[int, int], int]] = field(default_factory=list)


def tour_classes(
    requirement: ShiftRequirement, name: str, pattern: Pattern, found: ShiftTypes
) -> Iterator[TourClass]:
    """Yield the tours that a pattern allows.

    Parameters
    ----------
    requirement : ShiftRequirement
    name : str
        Of the pattern.
    pattern : Pattern
        With ``days_a_week``.
    found : ShiftTypes
    """
    own: dict[tuple[str, int], dict[int, list[int]]] = {}
    for number, one in enumerate(found.types):
        if one.pattern == name:
            days = own.setdefault((one.group, one.day // WEEK), {})
            days.setdefault(one.day, []).append(number)
    per_day = round(units.DAY / found.slot_s)
    for (group, week), by_day in own.items():
        for worked in _day_sets(requirement, pattern, sorted(by_day)):
            for band in _bands(pattern, found, by_day, worked, per_day):
                types = {
                    day: [n for n in by_day[day] if _start(found, n, per_day) in band]
                    for day in worked
                }
                if all(types.values()):
                    yield TourClass(group, name, week, worked, types)


def _day_sets(
    requirement: ShiftRequirement, pattern: Pattern, open_days: Sequence[int]
) -> Iterator[tuple[int, ...]]:
    """Yield the sets of working days in a week that the rules allow."""
    count = min(pattern.days_a_week or WEEK, len(open_days))
    first = open_days[0] // WEEK * WEEK
    last = min(first + WEEK, requirement.grid.days)
    cyclic = requirement.is_cyclic and requirement.grid.days == WEEK
    for days in combinations(open_days, count):
        works = [day in days for day in range(first, last)]
        if pattern.consecutive is not None and _longest(works, cyclic) > pattern.consecutive:
            continue
        if pattern.days_off_in_pairs and _has_single_day_off(works, cyclic):
            continue
        yield days


def _longest(works: list[bool], cyclic: bool) -> int:
    """Return the most consecutive working days."""
    if all(works):
        return len(works)
    found = run = 0
    for each in works * 2 if cyclic else works:
        run = run + 1 if each else 0
        found = max(found, run)
    return found


def _has_single_day_off(works: list[bool], cyclic: bool) -> bool:
    before = [works[-1] if cyclic else False, *works[:-1]]
    after = [*works[1:], works[0] if cyclic else False]
    return any(b and not w and a for b, w, a in zip(before, works, after, strict=True))


def _start(found: ShiftTypes, number: int, per_day: int) -> int:
    """Return the start of a possible shift in slots from midnight of its day."""
    one = found.types[number]
    return one.start - one.day * per_day


def _bands(
    pattern: Pattern,
    found: ShiftTypes,
    by_day: dict[int, list[int]],
    days: tuple[int, ...],
    per_day: int,
) -> list[set[int]]:
    """Return the largest sets of starts that one tour may mix."""
    starts = sorted({_start(found, n, per_day) for day in days for n in by_day[day]})
    reach = round(pattern.start_varies / found.slot_s)
    bands: list[set[int]] = []
    for first in starts:
        band = {start for start in starts if first <= start <= first + reach}
        if not bands or not band <= bands[-1]:
            bands.append(band)
    return bands


def add_tours(
    model: LinearModel,
    requirement: ShiftRequirement,
    patterns: dict[str, Pattern],
    found: ShiftTypes,
    shift_columns: Sequence[int],
) -> TourColumns:
    """Add tours to a model: every shift of their patterns belongs to one.

    Parameters
    ----------
    model : LinearModel
    requirement : ShiftRequirement
    patterns : dict of str to Pattern
    found : ShiftTypes
    shift_columns : sequence of int
        Column of each possible shift.
    """
    columns = TourColumns()
    of_shift: dict[int, list[int]] = {}
    for name, pattern in patterns.items():
        if pattern.days_a_week is None:
            continue
        for one in tour_classes(requirement, name, pattern, found):
            persons, shifts = _add_class(model, requirement, pattern, found, one)
            if persons is None:
                continue
            columns.classes.append(one)
            columns.persons.append(persons)
            columns.shifts.append(shifts)
            for (_, number), column in shifts.items():
                of_shift.setdefault(number, []).append(column)
    for number, one_type in enumerate(found.types):
        if patterns[one_type.pattern].days_a_week is not None:
            own = of_shift.get(number, [])
            model.row([shift_columns[number], *own], [1.0, *[-1.0] * len(own)], 0.0, 0.0)
    return columns


def _add_class(
    model: LinearModel,
    requirement: ShiftRequirement,
    pattern: Pattern,
    found: ShiftTypes,
    one: TourClass,
) -> tuple[int | None, dict[tuple[int, int], int]]:
    """Add the tours of a class; None where the rest between its shifts is always too short."""
    pairs = _following(requirement, one.days)
    rules = [rule for pair in pairs if (rule := _rest(requirement, pattern, found, one, pair))]
    fixed = all(len(numbers) == 1 for numbers in one.types.values())
    if fixed and rules:
        return None, {}
    persons = model.column()
    shifts: dict[tuple[int, int], int] = {}
    for day, numbers in one.types.items():
        if len(numbers) == 1:
            shifts[day, numbers[0]] = persons
            continue
        own = [model.column() for _ in numbers]
        shifts |= {(day, n): column for n, column in zip(numbers, own, strict=True)}
        model.row([persons, *own], [1.0, *[-1.0] * len(own)], 0.0, 0.0)
    for thresholds in rules:
        for later, earlier in thresholds:
            inside = [shifts[key] for key in later]
            before = [shifts[key] for key in earlier]
            values = [1.0] * len(inside) + [-1.0] * len(before)
            model.row([*inside, *before], values, high=0.0)
    return persons, shifts


def _following(requirement: ShiftRequirement, days: tuple[int, ...]) -> list[tuple[int, int]]:
    """Return the pairs of working days that follow one another."""
    pairs = [(a, b) for a, b in zip(days, days[1:], strict=False) if b == a + 1]
    count = requirement.grid.days
    if requirement.is_cyclic and count == WEEK and days[0] == 0 and days[-1] == count - 1:
        pairs.append((days[-1], days[0]))
    return pairs


Keys = list[tuple[int, int]]


def _rest(
    requirement: ShiftRequirement,
    pattern: Pattern,
    found: ShiftTypes,
    one: TourClass,
    pair: tuple[int, int],
) -> list[tuple[Keys, Keys]]:
    """Return, for each start on the second day, the shifts that must not outnumber the others.

    Persons who start by then must be as many as finish early enough the day before. As both sides
    grow with the start, this is enough for a pairing of the shifts of both days.
    """
    per_day = round(units.DAY / found.slot_s)
    first, second = pair
    rest = pattern.rest / found.slot_s
    ends = {n: _start(found, n, per_day) + found.types[n].length for n in one.types[first]}
    begins = {n: _start(found, n, per_day) + per_day for n in one.types[second]}
    rules = []
    for start in sorted(set(begins.values())):
        later = [(second, n) for n, at in begins.items() if at <= start]
        earlier = [(first, n) for n, end in ends.items() if end + rest <= start]
        if len(earlier) < len(ends):
            rules.append((later, earlier))
    return rules
