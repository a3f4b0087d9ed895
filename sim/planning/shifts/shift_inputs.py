"""What shifts are planned from: a scenario or a table, patterns, prices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError

from sim import units
from sim.fileio import is_table, read_table
from sim.planning.shifts.requirement_table import is_requirement, read_requirement
from sim.planning.shifts.shift_requirement import BY_FORMULA, ShiftRequirement, repeats
from sim.scenario.check_pattern import check_patterns
from sim.scenario.pattern import Pattern, PatternFile, ShiftPlanning
from sim.scenario.problems import Problem, ScenarioError, placed
from sim.scenario.validation_errors import explain
from sim.toml_text import TomlError, decode_toml, read_toml
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.staffing_result import Staffing
    from sim.scenario import Scenario

DEFAULT_PATTERNS: dict[str, dict[str, Any]] = {
    "full-time": {
        "lengths": "8h 30min",
        "breaks": [
            "15min between 1h 30min and 3h",
            "30min unpaid between 3h 30min and 5h 30min",
            "15min between 6h and 7h 30min",
        ],
    },
    "part-time": {
        "lengths": "4h",
        "breaks": ["15min between 1h 30min and 3h"],
        "most_share": "30%",
    },
}
"""Patterns of a scenario or table that has none."""
BY_DEFAULT = (
    "no patterns are defined, so these are assumed: full-time, 8h 30min with two paid breaks of "
    "15min and an unpaid one of 30min; part-time, 4h with a paid break of 15min, at most 30% of "
    "the shifts of a group and day; both starting every 30min"
)


@dataclass(frozen=True)
class ShiftInputs:
    """What shifts are planned from.

    Attributes
    ----------
    name : str
    requirement : ShiftRequirement
    patterns : dict of str to Pattern
    planning : ShiftPlanning
    by_wage : bool
        Whether every agent has a wage; else an hour costs 1.
    scenario : Scenario or None
        None for a table of requirements.
    notes : tuple of str
    """

    name: str
    requirement: ShiftRequirement
    patterns: dict[str, Pattern]
    planning: ShiftPlanning
    by_wage: bool
    scenario: Scenario | None
    notes: tuple[str, ...]


ALWAYS = ("columns", "dates", "target", "max_occupancy")
"""Options of the requirement by formula, of a scenario too."""


def read_inputs(
    center: Scenario | str | Path,
    patterns: str | Path | Mapping[str, Any] | None,
    options: Mapping[str, Any],
) -> ShiftInputs:
    """Return what shifts are planned from.

    Parameters
    ----------
    center : Scenario, or path
        A scenario, the path or shipped name of one, a table of requirements, or of interval rows.
    patterns : path, or mapping of str to object, optional
        A TOML file of patterns, or patterns by name as such a file has them; those of the scenario
        unless given.
    options : mapping
        ``requirement`` (path of a table in place of the formulas), ``cyclic``, ``interval``,
        ``sheet``, ``header_row``, ``understaffing``, ``overstaffing``, ``seats``, ``target``,
        ``max_occupancy``, ``patience``, ``shrinkage``, ``aht``, ``columns``, ``dates``.
    """
    scenario, requirement, notes = _requirement(center, options)
    own = (scenario.pattern, scenario.shift_planning) if scenario is not None else None
    found, planning = _patterns(patterns, list(requirement.agents)) or own or ({}, ShiftPlanning())
    if not found:
        found = {name: Pattern.model_validate(one) for name, one in DEFAULT_PATTERNS.items()}
        notes = [BY_DEFAULT, *notes]
    planning = _priced(planning, options)
    by_wage = _has_wages(requirement, found)
    if not by_wage and any(wage is not None for wage in requirement.wages.values()):
        notes.append("not every group has a wage, so the cost is counted in paid hours")
    name = scenario.name if scenario is not None else Path(str(center)).name
    return ShiftInputs(name, requirement, found, planning, by_wage, scenario, tuple(notes))


def _requirement(
    center: Scenario | str | Path, options: Mapping[str, Any]
) -> tuple[Scenario | None, ShiftRequirement, list[str]]:
    from sim.planning.staff_scenario import staff

    if isinstance(center, str | Path) and is_table(center):
        table = read_table(center, options.get("sheet"), options.get("header_row"))
        if is_requirement(table):
            return None, _of_table(center, options), []
    interval_rows = ("patience", "shrinkage", "interval", "sheet", "header_row", "aht")
    wanted: dict[str, Any] = {name: options.get(name) for name in (*interval_rows, *ALWAYS)}
    if not (isinstance(center, str | Path) and is_table(center)):
        wanted |= dict.fromkeys(("interval", "sheet", "header_row"))  # of a table of requirements
    staffing = staff(center, simulate=False, **wanted)
    scenario = _before(center, staffing)
    if scenario.center.length is not None:
        raise BadInputError(
            "center.length: a stationary simulation has no times of day; allowed: days and open"
        )
    if options.get("requirement") is not None:
        found = _matched(_of_table(options["requirement"], options), scenario)
        return scenario, found, []
    return scenario, _of_staffing(staffing, scenario, options.get("cyclic")), []


def _of_table(path: str | Path, options: Mapping[str, Any]) -> ShiftRequirement:
    return read_requirement(
        path,
        interval=options.get("interval"),
        is_cyclic=options.get("cyclic"),
        sheet=options.get("sheet"),
        header_row=options.get("header_row"),
    )


def _before(center: Scenario | str | Path, staffing: Staffing) -> Scenario:
    """Return the scenario that was staffed, with its own shrinkage and absence."""
    from sim.scenario import Scenario, load

    if isinstance(center, Scenario):
        return center
    return staffing.staffed if is_table(center) else load(center)


def _of_staffing(staffing: Staffing, scenario: Scenario, cyclic: bool | None) -> ShiftRequirement:
    """Return the agents that a staffing schedules, shrinkage and absence included."""
    found = staffing.requirement
    agents = {
        found.model.groups[plan.number].name: np.asarray(plan.scheduled, dtype=float)
        for plan in found.groups
    }
    if not any(each.any() for each in agents.values()):
        raise BadInputError(f"{scenario.name}: no agents are required in any interval")
    agents = {name: each for name, each in agents.items() if each.any()}
    grid = scenario.center.grid
    groups = {name: scenario.group[name] for name in agents}
    return ShiftRequirement(
        grid, agents, repeats(grid, agents) if cyclic is None else cyclic, True,
        {name: group.wage for name, group in groups.items()},
        {name: group.overtime for name, group in groups.items()},
        BY_FORMULA,
    )  # fmt: skip


def _matched(table: ShiftRequirement, scenario: Scenario) -> ShiftRequirement:
    """Return the requirement of a table on the days and groups of a scenario."""
    grid = scenario.center.grid
    for name in table.agents:
        if name not in scenario.group:
            if len(table.agents) == 1 and len(scenario.group) == 1:
                continue  # a table without a column for the only group
            known = ", ".join(scenario.group)
            raise BadInputError(
                f"{table.source}: group {name!r} is not in the scenario; allowed: {known}"
            )
    if table.grid.interval_s != grid.interval_s or table.grid.days not in (1, grid.days):
        shown = units.show_duration(grid.interval_s)
        raise BadInputError(
            f"{table.source}: has {table.grid.days} days of intervals of "
            f"{units.show_duration(table.grid.interval_s)}; allowed: one day, or the {grid.days} "
            f"days of the scenario, in intervals of {shown}"
        )
    names = dict.fromkeys(table.agents, next(iter(scenario.group)))
    names |= {name: name for name in table.agents if name in scenario.group}
    times = grid.days // table.grid.days
    agents = {names[name]: np.tile(each, times) for name, each in table.agents.items()}
    return ShiftRequirement(
        grid, agents, table.is_cyclic, True,
        {name: scenario.group[name].wage for name in agents},
        {name: scenario.group[name].overtime for name in agents},
        table.source,
    )  # fmt: skip


def _patterns(
    source: str | Path | Mapping[str, Any] | None, groups: list[str]
) -> tuple[dict[str, Pattern], ShiftPlanning] | None:
    """Return the patterns of a file or mapping, None where none are given."""
    if source is None:
        return None
    file, text = "patterns", ""
    if isinstance(source, Mapping):
        tables: Any = {"pattern": dict(source)}
    else:
        file = str(source)
        text, tables = _read(Path(source))
    try:
        found = PatternFile.model_validate(tables)
    except ValidationError as error:
        raise ScenarioError(placed(explain(error, PatternFile), text, file)) from None
    if not found.pattern:
        message = "there is no pattern; allowed: at least one table [pattern.NAME]"
        raise ScenarioError([Problem("pattern", message, file=file)])
    problems = list(check_patterns(found.pattern, groups))
    if problems:
        raise ScenarioError(placed(problems, text, file))
    return found.pattern, found.shift_planning


def _read(file: Path) -> tuple[str, Any]:
    """Return text and tables of a TOML file; of a scenario only its patterns."""
    if file.is_dir() or not file.exists():
        kind = "is a folder" if file.is_dir() else "does not exist"
        raise BadInputError(f"{file}: {kind}; allowed: a TOML file with tables [pattern.NAME]")
    try:
        text = decode_toml(file.read_bytes())
        tables = read_toml(text)
    except TomlError as error:
        raise ScenarioError([Problem("", str(error), file=str(file), line=error.line)]) from None
    if "queue" in tables and "group" in tables:
        tables = {key: tables[key] for key in ("pattern", "shift_planning") if key in tables}
    return text, tables


def _priced(planning: ShiftPlanning, options: Mapping[str, Any]) -> ShiftPlanning:
    """Return the prices and bounds with those of the options."""
    wanted = {
        name: options[name]
        for name in ("understaffing", "overstaffing", "seats")
        if options.get(name) is not None
    }
    if not wanted:
        return planning
    try:
        return ShiftPlanning.model_validate(planning.model_dump() | wanted)
    except ValidationError as error:
        problems = explain(error, ShiftPlanning)
        raise ScenarioError([Problem(p.path, p.message) for p in problems]) from None


def _has_wages(requirement: ShiftRequirement, patterns: Mapping[str, Pattern]) -> bool:
    return all(
        pattern.wage is not None or requirement.wages.get(group) is not None
        for pattern in patterns.values()
        for group in pattern.groups or requirement.agents
        if group in requirement.agents
    )
