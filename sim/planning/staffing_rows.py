"""Rows of a staffing from the requirement and its simulation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import units
from sim.planning.group_allocation import whole
from sim.planning.staffing_result import COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.experiment import Result
    from sim.model import Bools, Floats
    from sim.planning.queue_plans import GroupPlan, QueuePlan
    from sim.planning.requirement import Requirement

Row = dict[str, Any]
Level = tuple[float | None, float | None, float | None]
Levels = dict[tuple[str, str | None], Level]


def rows(
    found: Requirement,
    result: Result | None,
    has_agents: bool = True,
    named: Mapping[str, Bools] | None = None,
) -> list[Row]:
    """Return the rows of every queue and group.

    Parameters
    ----------
    found : Requirement
    result : Result or None
        Simulation of the required staffing.
    has_agents : bool
        Whether anything is known of the present staffing.
    named : mapping of str to ndarray of bool, optional
        By queue and group: intervals that have a row even when nothing comes.

    Returns
    -------
    list of dict
        Keys as in :class:`sim.planning.staffing_result.Staffing`.
    """
    levels = _levels(result) if result is not None else {}
    out: list[Row] = []
    kept = named or {}
    for group in found.groups:
        out += _of_group(found, group, kept.get(found.model.groups[group.number].name, False))
    for queue in found.queues:
        always = kept.get(found.model.queues[queue.number].name, False)
        out += _of_queue(found, queue, levels, always)
    out += [_whole_group(found, group) for group in found.groups]
    out += [_whole_queue(found, queue, levels) for queue in found.queues]
    unknown = {} if has_agents else dict.fromkeys(("now_scheduled", "now_net", "net_staffing"))
    return [row | (unknown if row["scope"] == "group" else {}) for row in out]


def _row(**values: Any) -> Row:
    """Return a row with every key; numbers that are not finite are None."""
    return {name: _plain(values.get(name)) for name in COLUMNS}


def _plain(value: Any) -> Any:
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return round(number, 9) if math.isfinite(number) else None
    return value


def _levels(result: Result) -> Levels:
    """Return simulated service levels by queue and interval, on time for deferred queues."""
    deferred = {queue.name for queue in result.model.queues if queue.deferred}
    found: Levels = {}
    for row in [*result.rows, *result.by_interval("on_time", "service_level")]:
        wanted = "on_time" if row.name in deferred else "service_level"
        if row.scope == "queue" and row.metric == wanted:
            found[row.name, row.interval] = (row.value, row.low, row.high)
    return found


def _simulated(levels: Levels, name: str, interval: str | None) -> Row:
    value, low, high = levels.get((name, interval), (None, None, None))
    return {"service_level_simulated": value, "low": low, "high": high}


def _of_group(found: Requirement, plan: GroupPlan, always: Bools | bool) -> list[Row]:
    group = found.model.groups[plan.number]
    seen = (plan.required > 0) | (plan.now_scheduled > 0) | (plan.volume > 0) | always
    return [
        _row(
            scope="group",
            name=group.name,
            interval=found.model.starts[i],
            volume=plan.volume[i],
            aht_s=_over(plan.load[i] * found.model.interval_s, plan.volume[i]),
            load_erlangs=plan.load[i],
            agents_erlang_c=_asked(found, plan.by_c, i, "by_c"),
            agents_erlang_a=_asked(found, plan.by_a, i, "by_a"),
            fractional=plan.fractional[i],
            required=int(plan.required[i]),
            scheduled=int(plan.scheduled[i]),
            now_scheduled=plan.now_scheduled[i],
            now_net=plan.now_net[i],
            net_staffing=plan.now_net[i] - plan.required[i],
        )
        for i in np.flatnonzero(seen).tolist()
    ]


def _asked(found: Requirement, values: Floats, i: int, name: str) -> float | None:
    """Return a group's sum by one formula, None when no queue was asked by it."""
    return float(values[i]) if any(getattr(q, name) is not None for q in found.queues) else None


def _of_queue(
    found: Requirement, plan: QueuePlan, levels: Levels, always: Bools | bool
) -> list[Row]:
    queue, hours = found.model.queues[plan.number], units.HOUR
    seen = (plan.volume > 0) | (plan.fractional > 0) | always
    done = plan.spread.done if plan.spread is not None else None
    if done is not None:
        seen = seen | (done > 0)
    result = []
    for i in np.flatnonzero(seen).tolist():
        start = found.model.starts[i]
        result.append(
            _row(
                scope="queue",
                name=queue.name,
                interval=start,
                channel=queue.channel,
                volume=plan.volume[i],
                aht_s=plan.aht_s[i],
                load_erlangs=plan.load[i],
                agents_erlang_c=None if plan.by_c is None else plan.by_c[i],
                agents_erlang_a=None if plan.by_a is None else plan.by_a[i],
                fractional=plan.fractional[i],
                required=int(whole(plan.fractional[i])),
                work_h=None if done is None else plan.volume[i] * plan.aht_s[i] / hours,
                work_done_h=None if done is None else done[i] / hours,
                service_level_formula=None if plan.predicted is None else plan.predicted[i],
                by=plan.by,
                **_simulated(levels, queue.name, start),
            )
        )
    return result


def _whole_group(found: Requirement, plan: GroupPlan) -> Row:
    hours = found.model.interval_s / units.HOUR
    return _row(
        scope="group",
        name=found.model.groups[plan.number].name,
        volume=plan.volume.sum(),
        aht_s=_over(plan.load.sum() * found.model.interval_s, plan.volume.sum()),
        load_erlangs=plan.load.sum() * hours,
        fractional=plan.fractional.sum() * hours,
        required=plan.required.sum() * hours,
        scheduled=plan.scheduled.sum() * hours,
        now_scheduled=plan.now_scheduled.sum() * hours,
        now_net=plan.now_net.sum() * hours,
        net_staffing=(plan.now_net.sum() - plan.required.sum()) * hours,
    )


def _whole_queue(found: Requirement, plan: QueuePlan, levels: Levels) -> Row:
    """Return a queue over the horizon; the formula's service is combined by contacts."""
    model, hours = found.model, found.model.interval_s / units.HOUR
    queue, total = model.queues[plan.number], plan.volume.sum()
    level = None
    if plan.predicted is not None and total > 0:
        level = float(np.nansum(plan.predicted * plan.volume) / total)
    done = None if plan.spread is None else plan.spread.done.sum() / units.HOUR
    return _row(
        scope="queue",
        name=queue.name,
        channel=queue.channel,
        volume=total,
        aht_s=_over(plan.load.sum() * model.interval_s, total),
        load_erlangs=plan.load.sum() * hours,
        fractional=plan.fractional.sum() * hours,
        work_h=None if done is None else (plan.volume @ plan.aht_s) / units.HOUR,
        work_done_h=done,
        service_level_formula=level,
        by=plan.by,
        **_simulated(levels, queue.name, None),
    )


def _over(part: float, total: float) -> float | None:
    return float(part / total) if total > 0 else None
