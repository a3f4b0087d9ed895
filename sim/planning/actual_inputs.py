"""A scenario with the arrivals, agents or talk times that were recorded, over the recorded days."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim import units
from sim.planning.actual_talk import with_actual_talk
from sim.planning.align_actuals import ALL_QUEUES, lay_out, matched
from sim.planning.compared_metrics import HANDLE
from sim.planning.headcounts import changed_headcounts
from sim.planning.log_inputs import with_log_inputs
from sim.scenario.interval_series import rules_of
from sim.scenario.other_days import AGENTS, ARRIVALS, over_days
from sim.scenario.problems import all_of, listed
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.history.tables.actuals import Actuals
    from sim.model import Floats
    from sim.planning.align_actuals import AlignedActuals
    from sim.planning.log_inputs import LogInputs
    from sim.scenario import Scenario
    from sim.scenario.calendar import Grid

TALK_TIMES = "talk"
INPUTS = (ARRIVALS, AGENTS, TALK_TIMES)
"""What a simulation may take from actuals."""
MOST_DAYS = 366


@dataclass(frozen=True)
class ActualInputs:
    """A scenario that takes recorded inputs.

    Attributes
    ----------
    scenario : Scenario
        Its horizon is that of the recorded days.
    notes : tuple of str
        What was taken, and what was left out because the record includes it.
    actuals : Actuals
        Without the contacts outside the opening hours, where arrivals are taken.
    warnings : tuple of str
        What of the actuals is left out.
    """

    scenario: Scenario
    actuals: Actuals
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def check_inputs(from_actuals: Sequence[str]) -> None:
    """Refuse words that do not say what is taken from the actuals.

    Raises
    ------
    BadInputError
    """
    for one in from_actuals:
        if one not in INPUTS:
            raise BadInputError(f"given: {one!r} is unknown; allowed: {listed(INPUTS)}")


def with_actual_inputs(
    scenario: Scenario,
    actuals: Actuals,
    from_actuals: Sequence[str],
    queues: Mapping[str, str] | None = None,
    recorded: LogInputs | None = None,
    aht: str | None = None,
) -> ActualInputs:
    """Return a scenario over the recorded days with what was recorded on each of them.

    With the day's own arrivals the model of queueing is judged apart from the forecast: each
    interval has exactly the recorded number of contacts. As a record counts retrials and repeat
    contacts too, these are left out of the scenario, and so are bots, whose contained contacts
    were not offered, and the variation of the volume.

    Parameters
    ----------
    scenario : Scenario
    actuals : Actuals
        With dates; with ``agents`` where these are taken.
    from_actuals : sequence of {"arrivals", "agents", "talk"}
    queues : mapping of str to str, optional
        Queue of the scenario by name in the table; alike names unless given.
    recorded : LogInputs, optional
        Arrivals and agents of a call log; else the columns ``offered`` and ``agents`` of the table.
    aht : {"talk", "handle", "with-gaps"}, optional
        What the recorded handle time includes; all of it unless given.

    Raises
    ------
    BadInputError
        When the table has no dates or no agents, spans more than 366 days, or the agents of a
        queue belong to several groups.
    ScenarioError
        When no queue or day fits, or the scenario has nothing for a weekday.
    """
    check_inputs(from_actuals)
    if not from_actuals:
        return ActualInputs(scenario, actuals)
    first, days = _span(actuals, scenario.center.grid)
    over = over_days(
        scenario, first, days, from_actuals, ", or taking this from the actuals too (--given)"
    )
    notes: list[str] = []
    warnings: list[str] = []
    aligned = lay_out(actuals, over, queues)
    _check_aligned(aligned, over)
    if ARRIVALS in from_actuals:
        actuals = _in_opening_hours(actuals, over, queues, warnings)
        aligned = lay_out(actuals, over, queues)
    changes: dict[str, Any] = {}
    if ARRIVALS in from_actuals:
        changes |= _arrivals(over, aligned.queues, notes)
    if AGENTS in from_actuals:
        if recorded is not None and not any(one.any() for one in recorded.agents.values()):
            raise BadInputError(
                f"given agents: {actuals.name} has no agents; allowed: a log with a column of them"
            )
        numbers = (
            _agents_by_queue(over, actuals, aligned.queues)
            if recorded is None
            else recorded.mean_agents(over.center.grid)
        )
        changes |= _staffed(over, numbers, notes)
    found = over.with_(**changes)
    if TALK_TIMES in from_actuals:
        found = with_actual_talk(found, aligned.queues, aht or HANDLE, notes)
    if recorded is not None:
        names = matched(actuals, over) if queues is None else queues
        offered = {name: sums["offered"] for name, sums in aligned.queues.items()}
        found = with_log_inputs(found, recorded, from_actuals, names, offered, notes)
    # Volumes are those of the actuals, from which no repeats are taken off.
    found = found.as_written() if ARRIVALS in from_actuals else found
    return ActualInputs(found, actuals, tuple(notes), tuple(warnings))


def _check_aligned(aligned: AlignedActuals, over: Scenario) -> None:
    if aligned.together:
        raise BadInputError(
            f"given: the table has {ALL_QUEUES} together; allowed: a table that names the queue of "
            "each row, or the one queue that it is of"
        )
    if aligned.step != over.center.grid.interval_s:
        lengths = [units.show_duration(s) for s in (aligned.step, over.center.grid.interval_s)]
        raise BadInputError(
            f"given: intervals of {lengths[0]} in the table and {lengths[1]} in the scenario; "
            "allowed: intervals of the table no longer than those of the scenario"
        )


def _span(actuals: Actuals, grid: Grid) -> tuple[dt.date, int]:
    """Return the first recorded day, and the days from it to the last."""
    if grid.days == 1 and all(entry.day is None for entry in actuals.entries):
        return grid.first, 1
    dates = sorted({entry.day for entry in actuals.entries if entry.day is not None})
    if not dates or any(entry.day is None for entry in actuals.entries):
        raise BadInputError(
            f"{actuals.name}: start: some rows have no date; allowed: rows with dates where "
            "arrivals or agents are taken from the actuals"
        )
    days = (dates[-1] - dates[0]).days + 1
    if days > MOST_DAYS:
        raise BadInputError(
            f"{actuals.name}: start: {dates[0]} to {dates[-1]} are {days:,} days; allowed: at most "
            f"{MOST_DAYS}"
        )
    return dates[0], days


def _in_opening_hours(
    actuals: Actuals, scenario: Scenario, queues: Mapping[str, str] | None, warnings: list[str]
) -> Actuals:
    """Return the rows within the opening hours of their queue; others cannot be simulated."""
    center, names = scenario.center, matched(actuals, scenario) if queues is None else queues
    opens = {
        name: set(center.grid.open_intervals(rules_of(queue, center.open)))
        for name, queue in scenario.queue.items()
    }
    kept, lost = [], 0.0
    for entry in actuals.entries:
        queue = names.get(entry.queue, "")
        day = 0 if entry.day is None else (entry.day - center.grid.first).days
        at = day * center.grid.per_day + int(entry.second // center.grid.interval_s)
        if queue not in opens or at in opens[queue]:
            kept.append(entry)
        else:
            lost += entry.numbers.get("offered", 0.0)
    if lost > 0:
        lost_contacts = counted(round(lost), "contact")
        are = "is" if round(lost) == 1 else "are"
        warnings.append(f"{lost_contacts} outside the opening hours {are} left out")
    return replace(actuals, entries=tuple(kept))


def _arrivals(
    scenario: Scenario, recorded: Mapping[str, Mapping[str, Floats]], notes: list[str]
) -> dict[str, Any]:
    """Return the recorded arrivals as exact volumes, and what they make superfluous."""
    changes: dict[str, Any] = {}
    center = scenario.center
    dropped: list[str] = []
    for name, sums in recorded.items():
        queue = scenario.queue[name]
        opens = center.grid.open_intervals(rules_of(queue, center.open))
        offered = sums["offered"]
        counts = [0.0 if math.isnan(offered[k]) else round(float(offered[k])) for k in opens]
        changes[f"queue.{name}.volume"] = {"exact": counts}
        for field in ("retry", "repeat"):
            if getattr(queue, field) is not None:
                changes[f"queue.{name}.{field}"] = "none"
                dropped.append(f"queue.{name}.{field}")
    for name, bot in scenario.bot.items():
        if (bot.queue or name) in recorded:
            changes[f"bot.{name}"] = "none"
            dropped.append(f"bot.{name}")
    if center.busyness.cv:
        changes["center.busyness"] = "none"
    notes.append(
        f"the arrivals of {all_of(recorded)} are those of the actuals, interval by interval"
    )
    if dropped:
        notes.append(f"left out, as the recorded arrivals include its effect: {all_of(dropped)}")
    return changes


def _staffed(
    scenario: Scenario, numbers: Mapping[str, Sequence[float]], notes: list[str]
) -> dict[str, Any]:
    """Return headcounts by interval of the horizon as changes of the groups."""
    changes: dict[str, Any] = {}
    for group, agents in numbers.items():
        team = scenario.group[group]
        rules = scenario.center.open if team.open is None else team.open
        opens = scenario.center.grid.open_intervals(rules)
        if team.shifts:
            changes[f"group.{group}.shifts"] = []
        changes[f"group.{group}.agents"] = whole_headcounts([agents[k] for k in opens])
        for field in ("shrinkage", "absent"):
            if getattr(team, field):
                changes[f"group.{group}.{field}"] = "none"
    notes.append(
        f"the agents of {all_of(numbers)} are those of the actuals, as whole numbers with the "
        "same sum"
    )
    return changes


def _agents_by_queue(
    scenario: Scenario, actuals: Actuals, recorded: Mapping[str, Mapping[str, Floats]]
) -> dict[str, list[float]]:
    """Return the recorded agents of each queue as those of the group that serves it."""
    if "agents" not in actuals.fields:
        raise BadInputError(
            f"{actuals.name}: agents: there is no such column; allowed: a column with the agents "
            "who were staffed in each interval (--column agents=TITLE)"
        )
    found: dict[str, list[float]] = {}
    for name, sums in recorded.items():
        group = _only_group(scenario, name, found)
        found[group] = [0.0 if math.isnan(n) else float(n) for n in sums["agents"]]
    return found


def whole_headcounts(agents: Sequence[float]) -> list[int]:
    """Return whole headcounts with the same sum; what is rounded off is carried on."""
    return changed_headcounts(agents, 0.0)


def _only_group(scenario: Scenario, queue: str, taken: Mapping[str, Any]) -> str:
    """Return the group whose agents a queue's record counts."""
    serving = [name for name, group in scenario.group.items() if queue in group.skills]
    if len(serving) != 1 or serving[0] in taken:
        raise BadInputError(
            f"given: agents of {queue} are those of {all_of(serving) or 'no group'}, who serve "
            "several queues or share them; allowed: one group for each recorded queue"
        )
    return serving[0]
