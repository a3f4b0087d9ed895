"""Why agents are missing in a plan, and which rule would be cheapest to relax."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim import units
from sim.planning.shifts.cover_model import slot_count, slots_on_duty
from sim.planning.shifts.interruption import was_interrupted
from sim.planning.shifts.possible_shifts import ShiftTypes, shift_types
from sim.planning.shifts.solve_cover import solve_cover
from sim.scenario.pattern import Pattern, ShiftPlanning
from sim.scenario.problems import all_of
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.shifts.shift_requirement import ShiftRequirement

MOST_TRIED = 40
"""Rules of which each is relaxed for a trial."""
MOST_SHOWN = 5
LONGEST_SHIFT = 12 * units.HOUR
"""No longer shifts are proposed."""
_time = units.show_duration


@dataclass(frozen=True)
class Relaxed:
    """A rule, and another one in its place.

    Attributes
    ----------
    rule, instead : str
        In words, such as ``pattern early: earliest = 08:00`` and ``07:30``.
    patterns : dict of str to Pattern
        With the rule relaxed.
    planning : ShiftPlanning
    """

    rule: str
    instead: str
    patterns: dict[str, Pattern]
    planning: ShiftPlanning


def relaxations(
    requirement: ShiftRequirement,
    patterns: Mapping[str, Pattern],
    planning: ShiftPlanning,
    uncovered: Sequence[Mapping[str, Any]],
    short_h: float,
    by_wage: bool,
    deadline: float,
) -> list[dict[str, Any]]:
    """Return the rules whose change covers more, the best first.

    Each is changed alone, and the shifts are planned anew.

    Parameters
    ----------
    requirement : ShiftRequirement
    patterns : mapping of str to Pattern
    planning : ShiftPlanning
    uncovered : sequence of mapping
        Rows of ``group, interval, short``.
    short_h : float
        Agent hours that the plan does not cover.
    by_wage : bool
    deadline : float
        Of :func:`time.monotonic`; rules that are not tried by then are left out.

    Returns
    -------
    list of dict
        ``rule, instead, cost, short_h``.
    """
    found = []
    tried = [*_candidates(requirement, patterns, planning, uncovered)][:MOST_TRIED]
    for number, one in enumerate(tried):
        left = deadline - time.monotonic()
        if left <= 0 or was_interrupted():
            break
        until = time.monotonic() + max(left / (len(tried) - number), 0.2)
        try:
            types = shift_types(requirement, one.patterns, by_wage)
            cover = solve_cover(requirement, one.patterns, types, one.planning, until)
        except BadInputError:
            continue
        if cover.short_h < short_h - 1e-6:
            found.append(
                {
                    "rule": one.rule,
                    "instead": one.instead,
                    "cost": round(cover.solution.objective, 6),
                    "short_h": round(cover.short_h, 6),
                }
            )
    found.sort(key=lambda row: (row["short_h"], row["cost"]))
    return found[:MOST_SHOWN]


def _candidates(
    requirement: ShiftRequirement,
    patterns: Mapping[str, Pattern],
    planning: ShiftPlanning,
    uncovered: Sequence[Mapping[str, Any]],
) -> Iterator[Relaxed]:
    """Yield each rule with another one in its place."""
    interval = requirement.grid.interval_s
    clocks = [_seconds(str(row["interval"])) for row in uncovered]
    first, last = min(clocks), max(clocks) + interval
    if planning.seats is not None:
        free = ShiftPlanning.model_validate(planning.model_dump() | {"seats": None})
        yield Relaxed(f"shift_planning.seats = {planning.seats}", "no bound", dict(patterns), free)
    for name, pattern in patterns.items():
        for field, shown, instead, changes in _looser(pattern, first, last):
            others = dict(patterns) | {name: pattern | changes}
            yield Relaxed(f"pattern.{name}.{field} = {shown}", instead, others, planning)


def _seconds(label: str) -> float:
    return units.clock(label.rpartition("T")[2])


Change = tuple[str, str, str, dict[str, Any]]


def _looser(pattern: Pattern, first: float, last: float) -> Iterator[Change]:
    """Yield field, value, looser value in words, and the change, for uncovered times of day."""
    yield from _looser_hours(pattern, first, last)
    if pattern.most is not None:
        yield "most", str(pattern.most), "no bound", {"most": None}
    if pattern.most_share < 1:
        yield "most_share", units.show_share(pattern.most_share), "no bound", {"most_share": 1.0}
    if pattern.least:
        yield "least", str(pattern.least), "0", {"least": 0}
    if pattern.least_share:
        yield "least_share", units.show_share(pattern.least_share), "0", {"least_share": 0.0}
    if pattern.days is not None:
        yield "days", ", ".join(pattern.days), "every day", {"days": None}
    if pattern.groups:
        yield "groups", all_of(pattern.groups), "all", {"groups": ()}
    if pattern.breaks:
        yield "breaks", f"{len(pattern.breaks)} in their windows", "none", {"breaks": ()}
    if pattern.days_a_week is not None:
        yield from _looser_tours(pattern)


def _looser_hours(pattern: Pattern, first: float, last: float) -> Iterator[Change]:
    clock = units.show_clock
    if pattern.earliest is not None and first < pattern.earliest:
        yield "earliest", clock(pattern.earliest), clock(first), {"earliest": first}
    if pattern.latest is None:
        return
    longest = max(pattern.lengths)
    later = last - longest
    if pattern.latest < later <= units.DAY:
        yield "latest", clock(pattern.latest), clock(later), {"latest": later}
    elif first > pattern.latest:
        yield "latest", clock(pattern.latest), clock(first), {"latest": first}
    longer = last - pattern.latest
    if longest < longer <= LONGEST_SHIFT:
        shown = ", ".join(_time(length) for length in pattern.lengths)
        lengths = (*pattern.lengths, longer)
        yield "lengths", shown, f"{shown}, {_time(longer)}", {"lengths": lengths}


def _looser_tours(pattern: Pattern) -> Iterator[Change]:
    if pattern.consecutive is not None:
        yield "consecutive", str(pattern.consecutive), "no bound", {"consecutive": None}
    if pattern.days_off_in_pairs:
        yield "days_off_in_pairs", "true", "false", {"days_off_in_pairs": False}
    if pattern.start_varies < units.DAY:
        shown = _time(pattern.start_varies)
        yield "start_varies", shown, "24h", {"start_varies": units.DAY}
    if pattern.rest > 0:
        yield "rest", _time(pattern.rest), "0s", {"rest": 0.0}


def reasons(
    requirement: ShiftRequirement,
    patterns: Mapping[str, Pattern],
    types: ShiftTypes,
    uncovered: Sequence[Mapping[str, Any]],
    found: Sequence[Mapping[str, Any]],
) -> list[str]:
    """Return why agents are missing, in sentences.

    Parameters
    ----------
    requirement : ShiftRequirement
    patterns : mapping of str to Pattern
    types : ShiftTypes
    uncovered : sequence of mapping
        Rows of ``group, interval, short``.
    found : sequence of mapping
        What :func:`relaxations` returned.
    """
    at = {requirement.grid.label(k): k for k in range(requirement.grid.intervals)}
    causes: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in uncovered:
        cause = _cause(requirement, patterns, types, str(row["group"]), at[str(row["interval"])])
        causes.setdefault((str(row["group"]), cause), []).append(row)
    several = len(requirement.agents) > 1
    said = []
    for (group, cause), rows in causes.items():
        where = f"group {group}, " if several else ""
        k = at[str(rows[0]["interval"])]
        needs = units.show_number(float(requirement.agents[group][k]), 2)
        short = units.show_number(float(rows[0]["short"]), 2)
        more = f" (and {units.counted(len(rows) - 1, 'interval')} more)" if len(rows) > 1 else ""
        said.append(f"{where}{rows[0]['interval']} needs {needs} and lacks {short}{more}: {cause}")
    return said + _cheapest(found)


def _cheapest(found: Sequence[Mapping[str, Any]]) -> list[str]:
    if not found:
        return ["no change of a single rule that was tried covers more"]
    best = found[0]
    rest = float(best["short_h"])
    left = (
        "covers everything" if not rest else f"leaves {units.show_number(rest, 2)} hours uncovered"
    )
    cost = units.show_number(float(best["cost"]), 2)
    return [
        f"cheapest rule to relax: {best['rule']}, instead {best['instead']}; this {left} at a cost "
        f"of {cost}"
    ]


def _cause(
    requirement: ShiftRequirement,
    patterns: Mapping[str, Pattern],
    types: ShiftTypes,
    group: str,
    interval: int,
) -> str:
    """Return in words why an interval of a group is not covered."""
    own = [one for one in types.types if one.group == group]
    if not own:
        return f"no pattern is for group {group}"
    slots = slot_count(requirement, types.slot_s)
    per_interval = round(requirement.grid.interval_s / types.slot_s)
    wanted = set(range(interval * per_interval, (interval + 1) * per_interval))
    inside = [
        one
        for one in own
        if wanted & set(slots_on_duty(one, slots, requirement.is_cyclic).tolist())
    ]
    if not inside:
        return _outside(requirement, types, own, interval)
    bounds = [*_bounds(patterns, {one.pattern for one in inside})]
    if bounds:
        return f"the shifts that cover it are limited by {all_of(bounds)}"
    return "the rules of the shifts that cover it, such as breaks and tours, leave no more agents"


def _outside(
    requirement: ShiftRequirement, types: ShiftTypes, own: Sequence[Any], interval: int
) -> str:
    grid = requirement.grid
    day, within = divmod(interval, grid.per_day)
    clock = within * grid.interval_s
    per_day = round(units.DAY / types.slot_s)
    of_day = [one for one in own if one.day == day]
    if not of_day:
        weekday = requirement.weekday(day)
        return f"no pattern allows a shift to start on {weekday or 'this day'}"
    starts = [(one.start - day * per_day) * types.slot_s for one in of_day]
    ends = [(one.start + one.length - day * per_day) * types.slot_s for one in of_day]
    if clock < min(starts):
        return f"no shift may start before {units.show_clock(min(starts))}"
    if clock >= max(ends):
        last = units.show_clock(max(starts))
        return (
            f"no shift may start after {last}, so that the last one ends at "
            f"{units.show_clock(max(ends) % units.DAY or units.DAY)}"
        )
    return "it lies between the shifts that may be planned"


def _bounds(patterns: Mapping[str, Pattern], names: set[str]) -> Iterator[str]:
    for name in sorted(names):
        pattern = patterns[name]
        if pattern.most is not None:
            yield f"pattern.{name}.most = {pattern.most}"
        if pattern.most_share < 1:
            yield f"pattern.{name}.most_share = {units.show_share(pattern.most_share)}"
