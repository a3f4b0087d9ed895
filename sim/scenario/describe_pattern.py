"""Shift patterns as plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sim import units
from sim.scenario.pattern import Pattern, PatternBreak, ShiftPlanning
from sim.scenario.problems import all_of

STEP = PatternBreak.model_fields["step"].default
_number, _share, _time = units.show_number, units.show_share, units.show_duration


def describe_pattern(name: str, pattern: Pattern) -> Iterator[str]:
    """Yield what a pattern says: hours, breaks, limits, pay and tours."""
    lengths = listed_in_order([_time(length) for length in pattern.lengths])
    days = "" if pattern.days is None else f" on {', '.join(pattern.days)}"
    of_groups = f" for {all_of(pattern.groups)}" if pattern.groups else ""
    yield f"Pattern {name}{of_groups}: shifts of {lengths}, {_starts(pattern)}{days}."
    if pattern.breaks:
        yield f"Pattern {name}: breaks of {all_of(map(describe_break, pattern.breaks))}."
    if limits := [*_limits(pattern)]:
        yield f"Pattern {name}: {all_of(limits)}."
    if pattern.days_a_week is not None:
        yield f"Pattern {name}: {all_of(_tour(pattern))}."


def listed_in_order(words: list[str]) -> str:
    """Return words in their order as ``a, b or c``."""
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _starts(pattern: Pattern) -> str:
    earliest, latest = pattern.earliest, pattern.latest
    if earliest is not None and earliest == latest:
        return f"starting at {units.show_clock(earliest)}"
    first = "" if earliest is None else f" from {units.show_clock(earliest)}"
    last = "" if latest is None else f" to {units.show_clock(latest)}"
    return f"starting every {_time(pattern.step)}{first}{last}"


def describe_break(pause: PatternBreak) -> str:
    """Return a break as words: ``30min (unpaid) between 3h and 5h after the start``."""
    paid = "" if pause.paid else " (unpaid)"
    only = f" in shifts from {_time(pause.in_shifts_from)}" if pause.in_shifts_from else ""
    first = pause.earliest if isinstance(pause.earliest, str) else _time(pause.earliest)
    after = "" if isinstance(pause.earliest, str) else " after the start"
    if pause.latest is None:
        at = "at " if isinstance(pause.earliest, str) else ""
        return f"{_time(pause.length)}{paid} {at}{first}{after}{only}"
    last = pause.latest if isinstance(pause.latest, str) else _time(pause.latest)
    step = f" every {_time(pause.step)}" if pause.step != STEP else ""
    return f"{_time(pause.length)}{paid} between {first} and {last}{after}{step}{only}"


def _limits(pattern: Pattern) -> Iterator[str]:
    if pattern.least:
        yield f"at least {units.counted(pattern.least, 'agent')}"
    if pattern.most is not None:
        yield f"at most {units.counted(pattern.most, 'agent')}"
    if pattern.least_share:
        yield f"at least {_share(pattern.least_share)} of the shifts"
    if pattern.most_share < 1:
        yield f"at most {_share(pattern.most_share)} of the shifts"
    if pattern.wage is not None:
        yield f"wage {_number(pattern.wage)} per hour"
    if pattern.overtime_after is not None:
        yield f"overtime after {_time(pattern.overtime_after)}"


def _tour(pattern: Pattern) -> Iterator[str]:
    yield f"{units.counted(pattern.days_a_week or 0, 'day')} a week"
    if pattern.consecutive is not None:
        yield f"at most {pattern.consecutive} consecutive days"
    yield f"rest of {_time(pattern.rest)} between shifts"
    varies = pattern.start_varies
    yield f"starts within {_time(varies)} of each other" if varies else "the same start on all days"
    if pattern.days_off_in_pairs:
        yield "days off in pairs"


def describe_planning(planning: ShiftPlanning) -> Iterator[str]:
    """Yield the prices and the bound that all patterns share, where they are set."""
    if planning.understaffing is not None:
        yield f"A missing agent costs {_number(planning.understaffing)} per hour in planning."
    if planning.overstaffing:
        yield f"A surplus agent costs {_number(planning.overstaffing)} per hour in planning."
    if planning.seats is not None:
        yield f"At most {units.counted(planning.seats, 'agent')} can be on duty at the same time."
