"""Every shift that the patterns allow, on a grid of slots, with the places of its breaks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim import units
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.shifts.shift_requirement import ShiftRequirement
    from sim.scenario.pattern import Pattern, PatternBreak

MOST_COLUMNS = 400_000
"""Possible shifts and places of breaks; more would take minutes only to write down."""


@dataclass(frozen=True, slots=True)
class BreakPlaces:
    """A break of a possible shift.

    Attributes
    ----------
    length : int
        In slots.
    starts : tuple of int
        Possible starts in slots from the start of the shift, ascending, at least one.
    paid : bool
    """

    length: int
    starts: tuple[int, ...]
    paid: bool


@dataclass(frozen=True, slots=True)
class ShiftType:
    """A possible shift of a group on one day.

    Attributes
    ----------
    group, pattern : str
    day : int
        From 0.
    start, length : int
        In slots; the start counts from the beginning of the horizon.
    breaks : tuple of BreakPlaces
    hours : float
        Paid hours.
    cost : float
        Of one agent.
    """

    group: str
    pattern: str
    day: int
    start: int
    length: int
    breaks: tuple[BreakPlaces, ...]
    hours: float
    cost: float


@dataclass(frozen=True)
class ShiftTypes:
    """All possible shifts.

    Attributes
    ----------
    slot_s : float
        Length of a slot (s), which divides every start, length and break.
    types : list of ShiftType
    without_place : dict of str to str
        By pattern: a break for which some of its shifts have no place, in words.
    """

    slot_s: float
    types: list[ShiftType]
    without_place: dict[str, str]


def shift_types(
    requirement: ShiftRequirement, patterns: Mapping[str, Pattern], by_wage: bool
) -> ShiftTypes:
    """Return all shifts that patterns allow.

    Parameters
    ----------
    requirement : ShiftRequirement
    patterns : mapping of str to Pattern
    by_wage : bool
        Whether an hour costs its wage; otherwise every paid hour costs 1.

    Raises
    ------
    BadInputError
        When a break has no place in any shift of its pattern, or there are too many shifts.
    """
    slot = slot_length(requirement, patterns)
    types: dict[tuple[object, ...], ShiftType] = {}
    without_place: dict[str, str] = {}
    columns = 0
    for name, pattern in patterns.items():
        allowed, tried = 0, 0
        shared = _is_unlimited(pattern)
        for day, start, length in starts(requirement, pattern):
            tried += 1
            breaks = _places(pattern, start, length, slot)
            if isinstance(breaks, str):
                without_place[name] = breaks
                continue
            allowed += 1
            paid = (length - sum(b.length * slot for b in breaks if not b.paid)) / units.HOUR
            for group in pattern.groups or requirement.agents:
                if group not in requirement.agents:
                    continue
                cost = _cost(requirement, pattern, group, paid, by_wage)
                at = round((day * units.DAY + start) / slot)
                one = ShiftType(group, name, day, at, round(length / slot), breaks, paid, cost)
                key = (group, "" if shared else name, at, one.length, breaks, cost)
                columns += 1 + sum(len(b.starts) for b in breaks if len(b.starts) > 1)
                _refuse_too_many(columns)
                types.setdefault(key, one)
        if tried and not allowed:
            raise BadInputError(
                f"pattern.{name}.breaks: {without_place[name]} has no place in any shift of the "
                "pattern; allowed: a window within the shifts, one break after the other"
            )
    return ShiftTypes(slot, list(types.values()), without_place)


def _is_unlimited(pattern: Pattern) -> bool:
    """Tell whether a pattern has no limits of its own, so that equal shifts are one."""
    has_share = pattern.least_share > 0 or pattern.most_share < 1
    has_bound = pattern.least > 0 or pattern.most is not None
    return not (has_share or has_bound or pattern.days_a_week)


def _refuse_too_many(columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise BadInputError(
            f"pattern: there are more than {MOST_COLUMNS:,} possible shifts and places of breaks; "
            "allowed: at most so many (longer steps, fewer lengths or patterns, a shorter horizon)"
        )


def slot_length(requirement: ShiftRequirement, patterns: Mapping[str, Pattern]) -> float:
    """Return the longest slot (s) that divides all starts, lengths and breaks."""
    times = [requirement.grid.interval_s]
    for pattern in patterns.values():
        times += [*pattern.lengths, pattern.step, pattern.earliest or 0.0, pattern.latest or 0.0]
        for pause in pattern.breaks:
            times += [pause.length, pause.step]
            for moment in (pause.earliest, pause.latest or 0.0):
                times.append(units.clock(moment) if isinstance(moment, str) else moment)
    whole = math.gcd(*(round(each) for each in times))
    return float(max(whole, 60))


def starts(requirement: ShiftRequirement, pattern: Pattern) -> Iterator[tuple[int, float, float]]:
    """Yield day, start (s from midnight) and length (s) of the shifts of a pattern."""
    for day in range(requirement.grid.days):
        weekday = requirement.weekday(day)
        if pattern.days is not None and weekday is not None and weekday not in pattern.days:
            continue
        span = requirement.span(day)
        if span is None and (pattern.days is None or pattern.earliest is None):
            continue
        for length in pattern.lengths:
            first, last = first_and_last(requirement, pattern, day, length)
            count = int((last - first) // pattern.step) if last >= first else 0
            for k in range(count + 1):
                yield day, first + k * pattern.step, length


def first_and_last(
    requirement: ShiftRequirement, pattern: Pattern, day: int, length: float
) -> tuple[float, float]:
    """Return first and last start (s from midnight) of a pattern on a day."""
    opens, closes = requirement.span(day) or (0.0, units.DAY)
    first = opens if pattern.earliest is None else pattern.earliest
    if pattern.latest is not None:
        wraps = pattern.latest < first and pattern.earliest is not None
        return first, pattern.latest + (units.DAY if wraps else 0.0)
    if closes == units.DAY and _goes_on(requirement, day):
        return first, units.DAY - min(pattern.step, units.DAY)
    return first, max(closes - length, first)


def _goes_on(requirement: ShiftRequirement, day: int) -> bool:
    """Tell whether agents are required after the midnight that ends a day."""
    days = requirement.grid.days
    if day + 1 == days and not requirement.is_cyclic:
        return False
    following = requirement.span((day + 1) % days)
    return following is not None and following[0] == 0.0


def _places(
    pattern: Pattern, start: float, length: float, slot: float
) -> tuple[BreakPlaces, ...] | str:
    """Return the breaks of a shift with their places, or the one without a place in words."""
    found = []
    free = 0.0  # end of the break before, at its earliest
    for pause in pattern.breaks:
        if pause.in_shifts_from > length:
            continue
        own = [one for one in _starts_within(pause, start, length) if one >= free]
        if not own:
            return _in_words(pause)
        free = own[0] + pause.length
        offsets = tuple(round(one / slot) for one in own)
        found.append(BreakPlaces(round(pause.length / slot), offsets, pause.paid))
    return tuple(_in_order(found))


def _in_order(breaks: Sequence[BreakPlaces]) -> list[BreakPlaces]:
    """Return breaks without the places that leave none for a later one."""
    result: list[BreakPlaces] = []
    limit = math.inf
    for one in reversed(breaks):
        kept = tuple(at for at in one.starts if at + one.length <= limit)
        result.append(BreakPlaces(one.length, kept or one.starts[:1], one.paid))
        limit = result[-1].starts[-1]
    return result[::-1]


def _starts_within(pause: PatternBreak, start: float, length: float) -> list[float]:
    first, last = pause.window(start)
    last = min(last, length - pause.length)
    if pause.latest is None:
        return [first] if first <= last else []
    count = int((last - first) // pause.step) if last >= first else -1
    return [first + k * pause.step for k in range(count + 1)]


def _in_words(pause: PatternBreak) -> str:
    from sim.scenario.describe_pattern import describe_break

    return f"the break of {describe_break(pause)}"


def _cost(
    requirement: ShiftRequirement, pattern: Pattern, group: str, hours: float, by_wage: bool
) -> float:
    """Return what a shift costs: wages with overtime, or its paid hours."""
    wage = pattern.wage if pattern.wage is not None else requirement.wages.get(group)
    rate = (wage or 0.0) if by_wage else 1.0
    extra = 0.0
    if pattern.overtime_after is not None:
        extra = max(hours - pattern.overtime_after / units.HOUR, 0.0)
    return rate * (hours + extra * (requirement.overtime.get(group, 1.0) - 1.0))
