"""Staffing a scenario or a file of interval rows, and simulating what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import units
from sim.fileio import is_table
from sim.metrics.scopes import threshold_text
from sim.model import Model
from sim.model.build_model import build_model
from sim.planning.occupancy_limit import max_occupancy_of
from sim.planning.requirement import MODELS, Requirement, require
from sim.planning.scenario_from_intervals import IntervalScenario, read_intervals
from sim.planning.staffing_result import Staffing
from sim.planning.staffing_rows import rows
from sim.planning.target_check import check_targets
from sim.scenario.problems import all_of
from sim.scenario.size import expected_contacts, refuse_too_large
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario
    from sim.scenario.field_types import Record
    from sim.scenario.queue import Target

Progress = Callable[[int, int], None]
Simulate = Callable[["Scenario"], "Result"]
AS_SIMULATED = (
    "simulated are the required agents themselves, without shrinkage and absence, as the "
    "formulas count them"
)
ROWS_ONLY = ("patience", "shrinkage", "interval", "sheet", "header_row", "columns", "dates", "aht")


def staff(
    center: Scenario | str | Path,
    *,
    model: str = "both",
    by: str | None = None,
    target: str | None = None,
    runs: int | None = None,
    seed: int | None = None,
    simulate: bool | Simulate = True,
    engine: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    patience: float | str | None = None,
    shrinkage: float | str | None = None,
    interval: float | str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    columns: Mapping[str, str] | None = None,
    dates: str | None = None,
    aht: float | str | None = None,
    allow_large: bool = False,
    max_occupancy: float | str | None = None,
) -> Staffing:
    """Find the agents by interval and group that reach the targets, and simulate them.

    Parameters
    ----------
    center : Scenario, or path
        A scenario, the path of one, the name of a shipped one, or a CSV or XLSX file of
        interval rows (see :func:`sim.planning.scenario_from_intervals.read_intervals`).
    model : {"both", "erlang_a", "erlang_c"}
        Formulas to show.
    by : {"erlang_a", "erlang_c"}, optional
        Staffing formula; Erlang A unless ``model`` is "erlang_c". Where no customer abandons
        Erlang C is used.
    target : str, optional
        Such as "80/20", for every live queue instead of its own.
    runs, seed : int, optional
        Of the simulation; the scenario's own unless given.
    simulate : bool or callable
        Whether to simulate the required staffing; a callable is given the scenario with it and
        returns a result, in its own way.
    engine, workers, progress
        As for :func:`sim.experiment.simulate`.
    patience, shrinkage, interval : optional
        For files of interval rows: mean patience (s or text), share of paid time lost, and
        length of an interval (s or text).
    sheet, header_row : optional
        For files of interval rows: sheet of a workbook, and number of the row with the titles,
        counted from 1; found unless given.
    columns, dates, aht : optional
        For files of interval rows: title of the column by meaning, such as ``{"offered":
        "Calls"}``; "day-first" or "month-first"; handle time of contacts for which the file has
        none (s or text).
    allow_large : bool
        As for :func:`sim.experiment.simulate`.
    max_occupancy : float or str, optional
        Such as "90%": the largest part of the agents' time that the contacts of a live queue may
        need in an interval, those of customers who would abandon too.

    Returns
    -------
    Staffing

    Raises
    ------
    BadInputError
        When an option does not fit, or no number of agents reaches a target.
    sim.scenario.ScenarioError
        When the file is not a valid scenario; the message tells every problem.
    """
    formulas, counts = _formulas(model, by)
    options = {
        "patience": patience, "shrinkage": shrinkage, "interval": interval,
        "sheet": sheet, "header_row": header_row, "columns": columns, "dates": dates, "aht": aht,
    }  # fmt: skip
    parsed = read_center(center, target, options)
    scenario = parsed.scenario
    if simulate and not allow_large:
        refuse_too_large(expected_contacts(scenario), scenario.name)
    built = build_model(scenario)
    most = max_occupancy_of(max_occupancy)
    found = require(scenario, built, formulas, counts, parsed.handle_s, max_occupancy=most)
    staffed = with_required(scenario, found)
    result = None
    if callable(simulate):
        result = simulate(staffed)
    elif simulate:
        from sim.experiment import simulate as live

        result = live(
            staffed, runs=runs, seed=seed, engine=engine, workers=workers, progress=progress,
            allow_large=allow_large,
        )  # fmt: skip
    return Staffing(
        name=scenario.name,
        rows=rows(found, result, parsed.has_agents, parsed.named),
        notes=(*parsed.notes, *found.notes, *(() if result is None else (AS_SIMULATED,))),
        by=found.by(counts),
        interval_s=built.interval_s,
        seed=built.seed if seed is None else seed,
        runs=0 if result is None else result.runs,
        groups=_losses(built, scenario),
        metrics=_metrics(result),
        staffed=staffed,
        requirement=found,
        targets=() if result is None else check_targets(found, result),
        sharings=tuple(found.sharings),
        promises={queue.name: (queue.target, threshold_text(queue)) for queue in built.queues},
    )


def _formulas(model: str, by: str | None) -> tuple[str, str]:
    if model not in MODELS:
        raise BadInputError(f"model: {model!r} is unknown; allowed: {', '.join(MODELS)}")
    counts = by or ("erlang_c" if model == "erlang_c" else "erlang_a")
    if counts not in MODELS[1:]:
        raise BadInputError(f"by: {counts!r} is unknown; allowed: {', '.join(MODELS[1:])}")
    if model not in ("both", counts):
        raise BadInputError(f'by: {counts} cannot count with model {model}; allowed: model "both"')
    return model, counts


def read_center(
    center: Scenario | str | Path, target: str | None, options: Mapping[str, Any]
) -> IntervalScenario:
    """Return the scenario, with handle times by interval where rows give them."""
    if isinstance(center, (str, Path)) and is_table(center):
        return read_intervals(center, target=target or "80/20", **options)
    for name in ROWS_ONLY:
        if options[name] is not None:
            raise BadInputError(
                f"{name.replace('_', '-')}: is for files of interval rows; a scenario says its own"
            )
    if isinstance(center, (str, Path)):
        from sim.scenario import load

        center = load(center)
    if target is None:
        center, notes = _by_common_targets(center)
    else:
        where = [path for path, _, _ in _common_targets(center)]
        notes = [f"{path} sizes nothing here: target is that of every live queue" for path in where]
    return IntervalScenario(_aimed(center, target), {}, True, tuple(notes))


def with_targets_in_force(scenario: Scenario, target: str | None) -> Scenario:
    """Return a scenario as it is with the targets by which :func:`staff` sizes its queues.

    Parameters
    ----------
    scenario : Scenario
    target : str or None
        As for :func:`staff`.
    """
    return read_center(scenario, target, dict.fromkeys(ROWS_ONLY)).scenario


def with_target_everywhere(scenario: Scenario, target: str | None) -> Scenario:
    """Return a scenario in which the center's own target, if it has one, is another one too.

    Parameters
    ----------
    scenario : Scenario
    target : str or None
        As for :func:`staff`; None leaves the scenario unchanged.
    """
    from sim.erlang import read_target

    if target is None or scenario.center.target is None:
        return scenario
    share, within_s = read_target(target)
    return scenario.with_(**{"center.target": f"{100 * share:.10g}% in {within_s:.10g}s"})


def _common_targets(scenario: Scenario) -> list[tuple[str, Target, list[str]]]:
    """Return path, target and live queues of each target of several queues, the center's last."""
    live = [name for name, queue in scenario.queue.items() if not queue.is_deferred]
    found = []
    for name, target in scenario.target.items():
        if target.goal is not None and target.goal.within is not None:
            inside = scenario.target_queues(target)
            found.append((f"target.{name}.goal", target.goal, [q for q in live if q in inside]))
    if scenario.center.target is not None and live:
        found.append(("center.target", scenario.center.target, live))
    return found


def _by_common_targets(scenario: Scenario) -> tuple[Scenario, list[str]]:
    """Return the scenario with the targets of several queues for those without one of their own.

    A queue takes the first target that it belongs to, else the center's.
    """
    aims: dict[str, dict[str, Any]] = {}
    notes = []
    for path, goal, queues in _common_targets(scenario):
        free = [q for q in queues if scenario.queue[q].target is None and q not in aims]
        together = "all live queues" if path == "center.target" else all_of(queues)
        said = f"{path} ({units.show_share(goal.service_level)} in "
        said += f"{units.show_duration(goal.within or 0.0)}, {together} together)"
        if free:
            notes.append(f"{said} is the target of each queue without its own: {', '.join(free)}")
        else:
            every = "every live queue" if path == "center.target" else "each of them"
            notes.append(
                f"{said} sizes nothing, because {every} has a target of its own; the simulation "
                "shows whether it is reached"
            )
        aim = {"service_level": goal.service_level, "within": goal.within}
        for q in free:
            aims[q] = {"target": aim | _variant(goal.variant or scenario.queue[q].variant)}
    if not aims:
        return scenario, notes
    return scenario.with_(queue=_tables(scenario.queue, aims)), notes


def _variant(variant: str | None) -> dict[str, str]:
    return {} if variant is None else {"variant": variant}


def _aimed(scenario: Scenario, target: str | None) -> Scenario:
    """Return the scenario with one target for every live queue."""
    if target is None:
        return scenario
    from sim.erlang import read_target

    least, within = read_target(target)
    aims: dict[str, Any] = {}
    for name, queue in scenario.queue.items():
        if not queue.is_deferred:
            kept = queue.target.variant if queue.target is not None else None
            aim = {"service_level": least, "within": within}
            aims[name] = {"target": aim | _variant(kept)}
    return scenario.with_(queue=_tables(scenario.queue, aims))


def _tables(records: Mapping[str, Record], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return all records as tables, some of their fields changed; names may hold dots."""
    tables = {}
    for name, record in records.items():
        table = {key: getattr(record, key) for key in record.model_fields_set}
        tables[name] = table | changes.get(name, {})
    return tables


def with_required(scenario: Scenario, found: Requirement) -> Scenario:
    """Return the scenario with the agents required, as headcounts instead of shifts.

    Shrinkage and absence are taken out of the copy: what is left of whole people scheduled is
    mostly more than was required, and formula and simulation would speak of other agents.

    Parameters
    ----------
    scenario : Scenario
    found : Requirement

    Returns
    -------
    Scenario
        A stationary run takes one number: the largest of its intervals.
    """
    stationary = scenario.center.length is not None
    changes: dict[str, Any] = {}
    for group, plan in zip(found.model.groups, found.groups, strict=True):
        numbers = [int(n) for n in plan.required]
        agents = max(numbers) if stationary else numbers
        hours = {} if stationary else {"open": "always"}
        present = {"shrinkage": 0.0, "absent": 0.0}
        changes[group.name] = {"shifts": (), "agents": agents, **present, **hours}
    return scenario.with_(group=_tables(scenario.group, changes))


def _losses(model: Model, scenario: Scenario) -> dict[str, dict[str, float]]:
    result = {}
    for group in model.groups:
        shrinkage = scenario.group[group.name].shrinkage
        lost = shrinkage + group.absent
        result[group.name] = {"shrinkage": shrinkage, "absent": group.absent, "lost": lost}
    return result


def _metrics(result: Result | None) -> list[dict[str, Any]]:
    return [] if result is None else [row.record() for row in result.rows]
