"""Checks of levers: names, contradictions, and whether their changes can be made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim import units
from sim.scenario.lever_catalogue import CATALOGUE
from sim.scenario.lever_changes import ScenarioLever, filled_in, scenario_levers
from sim.scenario.problems import Problem, ScenarioError, all_of, listed, nearest
from sim.scenario.schedules import scheduled

if TYPE_CHECKING:
    from sim.scenario.lever import Lever
    from sim.scenario.scenario_record import ScenarioFields


def check_levers(scenario: ScenarioFields, change: Callable[..., object]) -> list[Problem]:
    """Return a problem for every lever that cannot be used, alone or at all.

    Parameters
    ----------
    scenario : Scenario
    change : callable
        Makes changes by path, as :meth:`Scenario.with_` of the scenario without levers.
    """
    found = list(lever_problems(scenario)) or list(_changes_refused(scenario, change))
    return found or list(_too_many_taken(scenario))


def _too_many_taken(scenario: ScenarioFields) -> Iterator[Problem]:
    """Yield a problem where a lever takes more agents from a group than it ever has."""
    for lever in scenario_levers(scenario):
        for path, value in lever.changes_at(lever.levels[-1]).items():
            kind, _, name = path.removesuffix(".agents").partition(".")
            group = scenario.group.get(name.partition(".shifts.")[0])
            if kind != "group" or not path.endswith(".agents") or group is None:
                continue
            change = units.change(value) if _is_repeatable(value) else units.Change()
            shifts = [shift.agents for shift in group.shifts]
            number = name.partition(".shifts.")[2]
            if number.isdecimal() and int(number) < len(shifts):
                most = float(shifts[int(number)])
            else:
                most = float(max(scheduled(scenario, group)))
            if change.apply(most) < 0:
                times = "" if lever.levels[-1] == 1 else f" ({lever.levels[-1]:g} times)"
                message = f"{path}{times}: takes {-change.add:g} agents of at most {most:g}"
                path = f"lever.{lever.name}.changes"
                yield Problem(path, f"{message}; allowed: no more than there are", value)


def _changes_refused(scenario: ScenarioFields, change: Callable[..., object]) -> Iterator[Problem]:
    """Yield a problem where the smallest or the largest amount of a lever does not fit."""
    levers = {lever.name: lever for lever in scenario_levers(scenario)}
    for lever in levers.values():
        first: dict[str, Any] = {}
        for name in lever.needs:
            first |= levers[name].changes_at(levers[name].levels[0])
        for level in dict.fromkeys((lever.levels[0], lever.levels[-1])):
            try:
                change(**first, **_without(lever.changes_at(level), first))
            except ScenarioError as error:
                for one in error.problems[:1]:
                    times = "" if level == 1 else f" ({level:g} times)"
                    path = f"lever.{lever.name}.changes"
                    yield replace(
                        one, path=path, message=f"{one.path}{times}: {one.message}", file=""
                    )
                break


def _without(changes: Mapping[str, Any], first: Mapping[str, Any]) -> dict[str, Any]:
    return {path: value for path, value in changes.items() if path not in first}


def lever_problems(scenario: ScenarioFields) -> Iterator[Problem]:
    """Yield a problem for each lever that names what is not there, or contradicts another."""
    known = scenario.lever
    found = [
        problem
        for name, lever in known.items()
        for problem in _problems(scenario, f"lever.{name}", name, lever)
    ]
    yield from found or _contradictions(scenario_levers(scenario))


def _problems(scenario: ScenarioFields, path: str, name: str, lever: Lever) -> Iterator[Problem]:
    if lever.use is not None and lever.use not in CATALOGUE:
        message = f"the catalogue has no lever {lever.use!r}; allowed: {listed(CATALOGUE)}."
        yield Problem(f"{path}.use", message, lever.use, nearest(lever.use, CATALOGUE))
        return
    if lever.use is None and not lever.changes:
        yield Problem(path, "changes nothing; allowed: changes, or use with a catalogue lever")
        return
    for key in ("excludes", "needs"):
        for other in getattr(lever, key):
            if other not in scenario.lever or other == name:
                some = [one for one in scenario.lever if one != name]
                message = f"the lever {other!r} is unknown; allowed: {listed(some)}."
                yield Problem(f"{path}.{key}", message, other, nearest(other, some))
    for other in set(lever.excludes) & set(lever.needs):
        yield Problem(f"{path}.needs", f"lever {other!r} is also excluded; allowed: one of both")
    yield from _path_problems(scenario, path, name, lever)


def _path_problems(
    scenario: ScenarioFields, path: str, name: str, lever: Lever
) -> Iterator[Problem]:
    found = filled_in(scenario, name, lever)
    if not found.changes:
        what = listed(lever.changes) if lever.changes else f"the catalogue's {lever.use}"
        of = f" of {all_of(lever.of)}" if lever.of else ""
        yield Problem(path, f"changes nothing here: the scenario has no field for {what}{of}")
    for one in found.changes:
        if one.partition(".")[0] == "lever":
            yield Problem(f"{path}.changes", f"{one!r} changes a lever; allowed: other fields")
    if len(found.levels) > 1 or found.levels[0] != 1:
        fixed = [one for one, value in found.changes.items() if not _is_repeatable(value)]
        if fixed:
            message = f"{fixed[0]!r} is set to a value, which cannot be done several times"
            yield Problem(f"{path}.limit", f'{message}; allowed: "on/off", or a change as "+10%"')


def _is_repeatable(value: Any) -> bool:
    return isinstance(value, str) and units.is_change(value)


def _contradictions(levers: Sequence[ScenarioLever]) -> Iterator[Problem]:
    """Yield a problem for levers of which one would undo what the other does."""
    by_name = {lever.name: lever for lever in levers}
    for lever in levers:
        for name in lever.needs:
            if lever.name in by_name[name].excludes:
                path = f"lever.{lever.name}.needs"
                yield Problem(path, f"lever {name!r} excludes it; allowed: one of both")
    for k, one in enumerate(levers):
        others = [other for other in levers[:k] if not _exclude_each_other(one, other)]
        both = {o.name: path for o in others if (path := _both_change(one.changes, o.changes))}
        if both:
            names = ", ".join(f'"{name}"' for name in both)
            changed = f"lever{'s' if len(both) > 1 else ''} {all_of(map(repr, both))}"
            yield Problem(
                f"lever.{one.name}.changes",
                f"{next(iter(both.values()))!r} is changed by {changed} too, "
                f"and one of them sets a value; allowed: excludes = [{names}], or a change as "
                '"+10%" in each',
            )


def _exclude_each_other(one: ScenarioLever, other: ScenarioLever) -> bool:
    return other.name in one.excludes or one.name in other.excludes


def _both_change(one: Mapping[str, Any], other: Mapping[str, Any]) -> str:
    """Return a path that two levers change so that the order matters, else an empty text."""
    for path, value in one.items():
        for further, new in other.items():
            related = f"{path}.".startswith(f"{further}.") or f"{further}.".startswith(f"{path}.")
            alike = value == new or (_is_repeatable(value) and _is_repeatable(new))
            if related and not (path == further and alike):
                return max(path, further, key=len)
    return ""
