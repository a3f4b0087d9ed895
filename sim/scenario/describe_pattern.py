"""Shift patterns as plain sentences."""

from __future__ import annotations

from collections.abc import Iterator

from sim import units
from sim.scenario.form_fields import phrases
from sim.scenario.pattern import Pattern, PatternBreak, ShiftPlanning
from sim.scenario.problems import all_of

_time = units.show_duration


def describe_pattern(name: str, pattern: Pattern) -> Iterator[str]:
    """Yield what a pattern says: hours, breaks, limits, pay and tours."""
    lengths = _either([_time(length) for length in pattern.lengths])
    days = "" if pattern.days is None else f" on {', '.join(pattern.days)}"
    of_groups = f" for {all_of(pattern.groups)}" if pattern.groups else ""
    yield f"Pattern {name}{of_groups}: shifts of {lengths}, {_starts(pattern)}{days}."
    if pattern.breaks:
        yield f"Pattern {name}: breaks of {all_of(map(describe_break, pattern.breaks))}."
    if found := phrases(pattern):
        yield f"Pattern {name}: {'; '.join(found)}."


def _either(words: list[str]) -> str:
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
    first = pause.earliest if isinstance(pause.earliest, str) else _time(pause.earliest)
    after = "" if isinstance(pause.earliest, str) else " after the start"
    at = "at " if isinstance(pause.earliest, str) else ""
    place = f"{at}{first}{after}"
    if pause.latest is not None:
        last = pause.latest if isinstance(pause.latest, str) else _time(pause.latest)
        place = f"between {first} and {last}{after}"
    return " ".join([f"{_time(pause.length)}{paid} {place}", *phrases(pause)])


def describe_planning(planning: ShiftPlanning) -> Iterator[str]:
    """Yield the prices and the bound that all patterns share, where they are set."""
    if found := phrases(planning):
        yield f"Planning of shifts: {'; '.join(found)}."
