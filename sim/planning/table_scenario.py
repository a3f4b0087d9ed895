"""A new scenario from a table of contacts, with the agents that the formulas require."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.history.tables.interval_reader import refuse
from sim.numerals import write_number
from sim.planning.import_queues import (
    TARGETS,
    QueueInput,
)
from sim.planning.occupancy_limit import DEFAULT, max_occupancy_of
from sim.planning.scenario_from_intervals import share_lost
from sim.planning.table_volumes import TableVolumes, table_volumes
from sim.scenario import Problem, ScenarioError
from sim.scenario.editing import put
from sim.scenario.files import TIME_COLUMNS
from sim.scenario.queue import DEFERRED_CHANNELS
from sim.units import HOUR, BadInputError, counted, duration, show_duration, show_share

if TYPE_CHECKING:
    from pathlib import Path

    from sim.history.tables.actuals import Actuals
    from sim.model import Floats
    from sim.scenario import Scenario

QUESTION = "What service do the required agents give?"
RUNS = 20
VOLUMES, AGENTS = "volumes.csv", "agents.csv"


SAMPLE = """interval_start,queue,channel,offered,handled,aht_s
2026-01-05 08:00,billing,voice,42,40,250
2026-01-05 08:30,billing,voice,55,51,260
2026-01-05 09:00,billing,voice,61,56,255
2026-01-05 08:00,support,chat,12,12,600
2026-01-05 08:30,support,chat,18,17,590
2026-01-05 09:00,support,chat,21,20,610
"""
"""A table in the long layout to try with."""


@dataclass(frozen=True)
class TableScenario:
    """A scenario made of a table: its text and the files beside it.

    Attributes
    ----------
    text : str
        TOML.
    files : dict of str to bytes
        Volumes and agents by interval, as CSV by name of the file.
    notes : tuple of str
        What was assumed.
    agents_hours : float
        Scheduled agent-hours over the horizon.
    """

    text: str
    files: dict[str, bytes]
    notes: tuple[str, ...] = ()
    agents_hours: float = 0.0

    def parsed(self, folder: Path) -> Scenario:
        """Write the files to a folder and return the scenario.

        Raises
        ------
        ScenarioError
            With every problem of it.
        """
        from sim.scenario import Scenario

        for name, content in self.files.items():
            (folder / name).write_bytes(content)
        return Scenario.parse(self.text, folder, name="scenario.toml")


def scenario_from_table(
    actuals: Actuals,
    queues: Sequence[QueueInput],
    *,
    name: str,
    question: str = "",
    shrinkage: str = "",
    days: tuple[dt.date, dt.date] | None = None,
    max_occupancy: str = DEFAULT,
) -> TableScenario:
    """Build a scenario from recorded contacts; each queue gets a group of its own.

    Opening hours are those from the first to the last contact of each day. Agents are the
    fewest by Erlang A, or Erlang C where no customer abandons, that reach the target in every
    interval and have the time for all contacts; shrinkage is added.

    Parameters
    ----------
    actuals : Actuals
        With ``offered``; perhaps with ``aht`` or ``total`` (s).
    queues : sequence of QueueInput
        Queues of the table that are not named here are left out.
    name : str
        Of the center.
    question : str
        What the scenario is to answer; :data:`QUESTION` if empty.
    shrinkage : str
        Share of paid time lost, such as "30%"; none if empty.
    days : (date, date), optional
        First and last day to take; all unless given.
    max_occupancy : str
        Largest part of the agents' time that the contacts may need in an interval; no limit if
        empty. Patience is mostly assumed, and without a limit a plan looks good because
        customers abandon.

    Raises
    ------
    ScenarioError
        With every field that is wrong, by its path in the scenario.
    """
    _check(queues, name)
    lost = _shrinkage(shrinkage)
    most = _most(max_occupancy)
    volumes = table_volumes(actuals, {one.name: one.source for one in queues}, days)
    handle = _handle_times(queues, volumes)
    text = _text(queues, volumes, handle, name, question, lost)
    files = {VOLUMES: volumes.csv({_title(n): values for n, values in volumes.offered.items()})}
    agents, notes = _required(text, files, queues, volumes, most)
    for one in queues:
        text = put(text, f"group.{group_name(one.name)}.agents", f"{AGENTS}:{_title(one.name)}")
    files[AGENTS] = volumes.csv({_title(n): numbers for n, numbers in agents.items()})
    hours = sum(float(numbers.sum()) for numbers in agents.values()) * volumes.step / HOUR
    scheduled = f"{hours:,.0f} agent-hours are scheduled, as the formulas require"
    return TableScenario(text, files, (scheduled, *actuals.notes, *volumes.notes, *notes), hours)


def group_name(queue: str) -> str:
    """Return the name of the group that serves a queue."""
    return f"{queue} agents"


def _title(queue: str) -> str:
    """Return the title of a queue's column; a reference to a column takes some signs its own way.

    The column of times has a name of its own too.
    """
    title = " ".join(re.sub(r"[!:]", " ", queue).split())
    return f"queue {title}" if title.lower() in TIME_COLUMNS or not title else title


def _check(queues: Sequence[QueueInput], name: str) -> None:
    problems = [] if name.strip() else [Problem("center.name", "is empty; give it a name")]
    if not queues:
        problems.append(Problem("queue", "no queue is chosen; allowed: at least one"))
    titles = [_title(one.name).lower() for one in queues]
    for one in queues:
        path = f"queue.{one.name}"
        if not one.name.strip() or "." in one.name or "=" in one.name:
            message = f"{one.name!r} is not a name; allowed: some text without . and ="
            problems.append(Problem(path, message))
        elif titles.count(_title(one.name).lower()) > 1:
            problems.append(Problem(path, "two queues have this name; allowed: one each"))
        if not 1 <= one.concurrency <= 20:
            message = f"{one.concurrency} is out of bounds; allowed: 1 to 20"
            problems.append(Problem(f"{path}.concurrency", message))
    refuse(problems)


def _shrinkage(text: str) -> float:
    try:
        return share_lost(text.strip() or None)
    except BadInputError as error:
        message = str(error).removeprefix("shrinkage: ")
        raise ScenarioError([Problem("shrinkage", message)]) from None


def _most(text: str) -> float | None:
    try:
        return max_occupancy_of(text)
    except BadInputError as error:
        message = str(error).removeprefix("max-occupancy: ")
        raise ScenarioError([Problem("occupancy", message)]) from None


def _handle_times(queues: Sequence[QueueInput], volumes: TableVolumes) -> dict[str, float]:
    """Return the mean handle time (s) by queue: as typed, else as the table has it."""
    found, problems = {}, []
    for one in queues:
        path = f"queue.{one.name}.handle_time"
        known = volumes.mean_handle_s(one.name)
        try:
            if one.handle_time.strip():
                found[one.name] = duration(one.handle_time.strip())
                if not found[one.name] > 0:
                    raise BadInputError("is 0 s; allowed: above 0 s")
            elif known is None:
                raise BadInputError("the table has none; type the mean, such as 4min 10s")
            else:
                found[one.name] = known
        except BadInputError as error:
            problems.append(Problem(path, str(error)))
    refuse(problems)
    return found


def _text(
    queues: Sequence[QueueInput],
    volumes: TableVolumes,
    handle: dict[str, float],
    name: str,
    question: str,
    lost: float,
) -> str:
    """Return the scenario as TOML, with one agent a group until the requirement is known."""
    asked = " ".join((question.strip() or QUESTION).split())
    live = [one.name for one in queues if not _is_deferred(one)]
    open_hours = volumes.open_hours(live or [one.name for one in queues])
    text = put(
        f"# {asked}\n",
        "center",
        {
            "name": name.strip(),
            "first_day": volumes.first,
            "days": volumes.days,
            "open": open_hours,
            "interval": show_duration(volumes.step),
        },
    )
    for one in queues:
        text = put(text, f"queue.{one.name}", _queue(one, volumes, handle[one.name], open_hours))
    for one in queues:
        hours = open_hours if _is_deferred(one) else volumes.open_hours([one.name])
        skill: Any = 1 if one.concurrency == 1 else {"level": 1, "at_once": one.concurrency}
        group: dict[str, Any] = {"agents": 1, "skills": {one.name: skill}}
        group |= {} if hours == open_hours else {"open": hours}
        group |= {"shrinkage": lost} if lost else {}
        text = put(text, f"group.{group_name(one.name)}", group)
    return put(text, "experiment", {"runs": RUNS})


def _is_deferred(one: QueueInput) -> bool:
    return one.channel.strip().lower() in DEFERRED_CHANNELS


def _queue(one: QueueInput, volumes: TableVolumes, handle: float, opens: Any) -> dict[str, Any]:
    hours = volumes.open_hours([one.name])
    table: dict[str, Any] = {"channel": one.channel.strip() or "voice"}
    table |= {} if hours == opens and not _is_deferred(one) else {"open": hours}
    table |= {
        "volume": f"{VOLUMES}:{_title(one.name)}",
        "talk": f"exponential {write_number(handle, 6)}s",
    }
    if one.patience.strip() and not _is_deferred(one):
        table["patience"] = f"exponential {write_number(_patience(one), 6)}s"
    if one.target.strip():
        table["target"] = one.target.strip()
    return table


def _patience(one: QueueInput) -> float:
    try:
        found = duration(one.patience.strip())
    except BadInputError as error:
        raise ScenarioError([Problem(f"queue.{one.name}.patience", str(error))]) from None
    if found <= 0:
        message = "0 s is not a patience; allowed: above 0 s, or empty where no customer abandons"
        raise ScenarioError([Problem(f"queue.{one.name}.patience", message)])
    return found


def _required(
    text: str,
    files: dict[str, bytes],
    queues: Sequence[QueueInput],
    volumes: TableVolumes,
    most: float | None,
) -> tuple[dict[str, Floats], list[str]]:
    """Return the scheduled agents by queue and interval, and what was assumed."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from sim.model.build_model import build_model
    from sim.planning.requirement import require

    by_queue = {one.name: _by_interval(one, volumes) for one in queues}
    handle = {name: values for name, values in by_queue.items() if values is not None}
    with TemporaryDirectory(prefix="ccplan-") as folder:
        scenario = TableScenario(text, files).parsed(Path(folder))
        found = require(scenario, build_model(scenario), handle_s=handle, max_occupancy=most)
    plans = {g.name: p for g, p in zip(found.model.groups, found.groups, strict=True)}
    agents = {one.name: plans[group_name(one.name)].scheduled for one in queues}
    return agents, [*_limited(most), *found.notes, *_assumed(queues, handle)]


def _limited(most: float | None) -> Iterator[str]:
    """Yield what a limit of occupancy does."""
    if most is not None:
        yield (
            f"contacts need at most {show_share(most)} of the agents' time in every interval, "
            "those of customers who would abandon too: an assumption (85 to 90% is common); "
            "without it a target may be reached only because customers abandon"
        )


def _assumed(queues: Sequence[QueueInput], handle: Mapping[str, Floats]) -> Iterator[str]:
    """Yield what is taken for granted of each queue."""
    for one in queues:
        yield (
            f"{one.name}: handle times are exponential around their mean, wrap within talk"
            + (
                f"; patience is exponential with the mean {one.patience.strip()}, an assumption "
                "unless you measured it"
                if one.patience.strip() and not _is_deferred(one)
                else ""
            )
        )
        if one.target.strip() and one.target.strip() == TARGETS.get(one.channel.strip().lower()):
            yield f"{one.name}: the target {one.target.strip()} is an assumption unless you set it"
        if one.name in handle:
            yield (
                f"{one.name}: agents follow the handle time of each interval, the simulation "
                "draws around its mean"
            )
        if one.concurrency > 1:
            yield (
                f"{one.name}: handle time is assumed not to depend on how many of the "
                f"{counted(one.concurrency, 'contact')} an agent handles at once"
            )


def _by_interval(one: QueueInput, volumes: TableVolumes) -> Floats | None:
    """Return the handle time of each interval (s) where it is in the table and wanted."""
    if one.handle_time.strip() or not one.by_interval:
        return None
    return volumes.handle_s(one.name)
