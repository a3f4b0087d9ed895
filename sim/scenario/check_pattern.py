"""Consistency checks within a shift pattern."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim import units
from sim.scenario.pattern import Pattern, PatternBreak
from sim.scenario.problems import Problem, listed, nearest

MOST_PATTERNS = 200
"""Patterns of a file; more kinds of shifts are starts and lengths of one pattern."""
MOST_STARTS = 1_440
"""Starts of a pattern within a day."""
_time = units.show_duration


def check_patterns(
    patterns: Mapping[str, Pattern], groups: Collection[str] | None
) -> Iterator[Problem]:
    """Yield a problem for every pattern that cannot be planned.

    Parameters
    ----------
    patterns : mapping of str to Pattern
    groups : collection of str or None
        Names of the groups; None where they are not known yet.
    """
    if len(patterns) > MOST_PATTERNS:
        message = f"there are {len(patterns):,} patterns; allowed: at most {MOST_PATTERNS}"
        hint = "; a pattern may have many starts and several lengths"
        yield Problem("pattern", message + hint)
        return
    for name, pattern in patterns.items():
        path = f"pattern.{name}"
        if "." in name or "=" in name:
            yield Problem(path, "has a dot or = in its name; allowed: neither")
        yield from _groups(path, pattern, groups)
        yield from _hours(path, pattern)
        yield from _limits(path, pattern)
        yield from _tours(path, pattern)
        yield from _breaks(path, pattern)
    yield from _shares(patterns)


def _groups(path: str, pattern: Pattern, groups: Collection[str] | None) -> Iterator[Problem]:
    for word in pattern.groups if groups is not None else ():
        if word not in (groups or ()):
            message = f"the group {word!r} is unknown; allowed: {listed(groups or ())}."
            yield Problem(f"{path}.groups", message, word, nearest(word, groups or ()))


def _hours(path: str, pattern: Pattern) -> Iterator[Problem]:
    times = {f"lengths.{i}": each for i, each in enumerate(pattern.lengths)}
    times |= {"step": pattern.step, "earliest": pattern.earliest or 0.0}
    times |= {"latest": pattern.latest or 0.0}
    for i, pause in enumerate(pattern.breaks):
        times |= {f"breaks.{i}.length": pause.length, f"breaks.{i}.step": pause.step}
    for field, seconds in times.items():
        if seconds % units.MINUTE:
            message = f"{_time(seconds)} is not a whole number of minutes; allowed: whole minutes"
            yield Problem(f"{path}.{field}", message)
    for i, length in enumerate(pattern.lengths):
        if length > units.DAY:
            message = f"{_time(length)} is longer than a day; allowed: up to 24h"
            yield Problem(f"{path}.lengths.{i}", message)
    if pattern.days == ():
        yield Problem(f"{path}.days", 'there is no day; allowed: such as "mon-fri"')


def _limits(path: str, pattern: Pattern) -> Iterator[Problem]:
    if pattern.most is not None and pattern.least > pattern.most:
        message = f"{pattern.least} is more than most = {pattern.most}; allowed: at most that"
        yield Problem(f"{path}.least", message)
    if pattern.least_share > pattern.most_share:
        low, high = units.show_share(pattern.least_share), units.show_share(pattern.most_share)
        message = f"{low} is more than most_share = {high}; allowed: at most that"
        yield Problem(f"{path}.least_share", message)


def _tours(path: str, pattern: Pattern) -> Iterator[Problem]:
    if pattern.days_a_week is None:
        for field in ("consecutive", "rest", "start_varies", "days_off_in_pairs"):
            if field in pattern.model_fields_set:
                message = "is a rule of weekly tours; allowed: together with days_a_week"
                yield Problem(f"{path}.{field}", message)
        return
    days = 7 if pattern.days is None else len(pattern.days)
    if pattern.days_a_week > days:
        message = f"{pattern.days_a_week} is more than the {days} days of the pattern; allowed: up"
        yield Problem(f"{path}.days_a_week", f"{message} to {days}")
    if pattern.rest > units.DAY:
        message = f"{_time(pattern.rest)} is longer than a day; allowed: up to 24h"
        yield Problem(f"{path}.rest", message)
    if pattern.start_varies > units.DAY:
        message = f"{_time(pattern.start_varies)} is longer than a day; allowed: up to 24h"
        yield Problem(f"{path}.start_varies", message)


def _breaks(path: str, pattern: Pattern) -> Iterator[Problem]:
    longest = max(pattern.lengths)
    for i, pause in enumerate(pattern.breaks):
        where = f"{path}.breaks.{i}"
        if pause.length >= longest:
            message = f"{_time(pause.length)} is not shorter than the shift of {_time(longest)}"
            yield Problem(f"{where}.length", f"{message}; allowed: less than that")
        elif pause.in_shifts_from <= longest:
            yield from _window(where, pattern, pause, longest)
    for length in pattern.lengths:
        own = [pause for pause in pattern.breaks if pause.in_shifts_from <= length]
        if sum(pause.length for pause in own) >= length:
            message = f"together they last as long as the shift of {_time(length)}"
            yield Problem(f"{path}.breaks", f"{message}; allowed: less than that")


def _window(where: str, pattern: Pattern, pause: PatternBreak, longest: float) -> Iterator[Problem]:
    """Yield a problem where a window is too short, or outside of every shift."""
    if isinstance(pause.earliest, float) and isinstance(pause.latest, float):
        span = pause.latest - pause.earliest
        if span < pause.length:
            message = (
                f"the window from {_time(pause.earliest)} to {_time(pause.latest)} is shorter than "
                f"the break of {_time(pause.length)}; allowed: a window that holds it"
            )
            yield Problem(where, message)
            return
    if isinstance(pause.earliest, float) and pause.earliest + pause.length > longest:
        message = (
            f"begins {_time(pause.earliest)} after the start and ends after the shift, which lasts "
            f"{_time(longest)}; allowed: a window within the shift"
        )
        yield Problem(where, message)


def _shares(patterns: Mapping[str, Pattern]) -> Iterator[Problem]:
    total = sum(pattern.least_share for pattern in patterns.values())
    if total > 1 + 1e-9:
        message = f"the least_share of all patterns add up to {units.show_share(total)}"
        yield Problem("pattern", f"{message}; allowed: at most 100%")
    everyone = all(not pattern.groups and pattern.days is None for pattern in patterns.values())
    most = sum(pattern.most_share for pattern in patterns.values())
    if patterns and everyone and most < 1 - 1e-9:
        message = f"the most_share of all patterns add up to {units.show_share(most)}"
        yield Problem("pattern", f"{message}; allowed: at least 100%")
