"""The tables of a scenario from the estimates of a log: a usual week, or the recorded days."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.adjustment import AS_ESTIMATED, Adjustment
from sim.history.calibration.center_estimates import (
    INTERVAL_MINUTES,
    LEAST_BREAK,
    LEAST_SHARE,
    CenterEstimates,
    GroupEstimates,
    QueueEstimates,
)
from sim.history.calibration.day_factors import day_factors, talk_variation_from
from sim.history.calibration.experience_tables import (
    agent_resolution_of,
    percent,
    resolution_fields,
    satisfaction_table,
    transfer_fields,
)
from sim.history.calibration.log_concurrency import skill_of
from sim.history.calibration.log_parts import present_of
from sim.history.calibration.representative_persons import (
    MOST_PERSONS,
    representative_persons,
    speed_over_contacts,
)
from sim.history.calibration.simulated_gap import gap_of_past_days, simulated_gap
from sim.history.calibration.week_calendar import WeekOpening, monday_after, week_calendar
from sim.history.call_log import CallLog, CallOutcome
from sim.history.estimation.arrival_rates import counts_by_interval
from sim.history.estimation.distribution_text import rounded
from sim.scenario.distribution import Distribution
from sim.scenario.group import Group
from sim.scenario.queue import Queue

FINE_MINUTES = 10
"""Length of an interval where recorded days are simulated: agents come and leave in it."""
LEAST_MEAN = 1e-3
"""A weekday's interval with fewer contacts on average has none."""

Tables = dict[str, Any]


def can_say(record: type[Any], name: str) -> bool:
    """Return whether scenarios have a field."""
    return name in record.model_fields


def usual_week(
    estimates: CenterEstimates, adjustment: Adjustment = AS_ESTIMATED, name: str = ""
) -> Tables:
    """Return a scenario of the week after the log, with lists by open interval.

    Parameters
    ----------
    estimates : CenterEstimates
    adjustment : Adjustment
    name : str
        Of the center.
    """
    log = estimates.log
    calendar = week_calendar(log, estimates.usable, INTERVAL_MINUTES)
    weekdays = np.arange(7)
    first_day = monday_after(log.date(log.days - 1))
    center: Tables = {
        "name": name or "Calibrated center",
        "first_day": first_day,
        "days": 7,
        "open": calendar.rules(),
        "interval": f"{INTERVAL_MINUTES}min",
    }
    center |= day_factors(estimates, adjustment.talk_days)
    ends = np.full(7, log.days)
    tables: Tables = {"center": center, "queue": {}, "group": {}}
    for queue in estimates.queues:
        volume = _by_open_interval(calendar, weekdays, np.nan_to_num(queue.arrivals.mean))
        volume = [round(value, 3) if value >= LEAST_MEAN else 0.0 for value in volume]
        tables["queue"][queue.name] = {
            **_channel(log, queue.name),
            "volume": volume,
            **_queue_fields(
                estimates, queue, adjustment, calendar, weekdays, INTERVAL_MINUTES, ends
            ),
            **_recontacts(queue),
            **resolution_fields(estimates.experience, queue.name),
            **transfer_fields(estimates.experience, queue.name),
        }
    resolution = agent_resolution_of(estimates.experience, estimates.speeds)
    speeds = estimates.group_speeds
    for group in estimates.groups:
        present = _usual_presence(estimates, group) * adjustment.agents
        agents = [
            int(n)
            for day in weekdays
            for n in whole_numbers(present[day][calendar.open_mask(int(day))])
        ]
        tables["group"][group.name] = {
            "agents": agents,
            **_group_fields(estimates, group, adjustment),
            **persons_of(
                estimates.speeds.spread_on_duty, agents, resolution, speeds[group.name],
                estimates.busy,
            ),
        }  # fmt: skip
    tables |= satisfaction_table(estimates.experience)
    tables["experiment"] = {"runs": 100, "seed": 1}
    return tables


def _channel(log: CallLog, queue: str) -> Tables:
    channel = log.channels[log.queues.index(queue)] if log.channels else ""
    return {"channel": channel} if channel else {}


def past_days(
    estimates: CenterEstimates, log: CallLog, adjustment: Adjustment = AS_ESTIMATED
) -> Tables:
    """Return a scenario of recorded days, with their own arrivals and inferred agents.

    Parameters
    ----------
    estimates : CenterEstimates
    log : CallLog
        The days from its first used one to its last are simulated; those between that are not
        used are closed. Its queues are those of the estimates.
    adjustment : Adjustment
    """
    calendar = week_calendar(estimates.log, estimates.usable, INTERVAL_MINUTES)
    days = np.flatnonzero(log.day_used)
    weekdays = log.weekday[days]
    rules: Tables = calendar.rules()
    first, last = int(days[0]), int(days[-1])
    unused = first + np.flatnonzero(~log.day_used[first:last])
    rules |= {log.date(int(day)).isoformat(): "closed" for day in unused}
    center: Tables = {
        "name": "Recorded days",
        "first_day": log.date(first),
        "days": last - first + 1,
        "open": rules,
        "interval": f"{FINE_MINUTES}min",
    }
    center |= talk_variation_from(estimates, adjustment.talk_days, first)
    tables: Tables = {"center": center, "queue": {}, "group": {}}
    inside = in_opening_hours(log, calendar)
    for at, queue in enumerate(estimates.queues):
        mine = (log.queue == at) & inside
        table = counts_by_interval(log.day[mine], log.offered[mine], log.days, FINE_MINUTES)
        counts = [
            int(n)
            for day, weekday in zip(days, weekdays, strict=True)
            for n in table[day][calendar.open_mask(int(weekday), FINE_MINUTES)]
        ]
        tables["queue"][queue.name] = {
            "volume": {"exact": counts},
            **_queue_fields(estimates, queue, adjustment, calendar, weekdays, FINE_MINUTES, days),
        }
    speeds = estimates.group_speeds
    for group in estimates.groups:
        present = _present_in(estimates, group, log.days) * adjustment.agents
        agents = [
            int(n)
            for day, weekday in zip(days, weekdays, strict=True)
            for n in whole_numbers(present[day][calendar.open_mask(int(weekday), FINE_MINUTES)])
        ]
        tables["group"][group.name] = {
            "agents": agents,
            **_group_fields(estimates, group, adjustment, gap_of_past_days),
            **persons_of(
                estimates.speeds.spread_on_duty, agents, speed=speeds[group.name],
                busy=estimates.busy,
            ),
        }  # fmt: skip
    return tables


def in_opening_hours(log: CallLog, calendar: WeekOpening) -> Bools:
    """Return which contacts were offered on a used day in the opening hours."""
    interval = np.minimum(log.offered // (calendar.minutes * 60), calendar.opens.shape[1] - 1)
    inside = calendar.opens[log.weekday[log.day], interval.astype(np.int64)] & log.used
    return np.asarray(inside & (log.outcome != CallOutcome.BLOCKED))


def whole_numbers(values: Floats) -> Ints:
    """Return whole numbers whose sum up to each place is nearest to that of the values."""
    sums = np.floor(np.cumsum(np.maximum(values, 0.0)) + 0.5)
    return np.diff(np.concatenate([[0.0], sums])).astype(np.int64)


def _by_open_interval(calendar: WeekOpening, weekdays: Ints, table: Floats) -> list[float]:
    """Return the values of a table by weekday and interval in the order of open intervals."""
    return [
        float(value)
        for weekday in weekdays
        for value in table[weekday][calendar.open_mask(int(weekday))]
    ]


def _text(distribution: Distribution) -> str:
    """Return a distribution as text, its times to four digits."""
    return str(
        distribution
        | {
            "time": rounded(distribution.time),
            "points": tuple((rounded(x), p) for x, p in distribution.points),
        }
    )


def _queue_fields(
    estimates: CenterEstimates,
    queue: QueueEstimates,
    adjustment: Adjustment,
    calendar: WeekOpening,
    weekdays: Ints,
    minutes: int,
    days: Ints,
) -> Tables:
    """Return talk, wrap, patience and balking of a queue; days have the level of talk of theirs."""
    factor = estimates.talk_factor(queue.name)
    # Rounded to 1 %, recorded days have few distributions.
    levels = np.round(estimates.talk_levels(days), 3 if minutes == INTERVAL_MINUTES else 2)
    longer = adjustment.talk * factor * levels
    fields: Tables = {"talk": _talk(queue, longer, calendar, weekdays, minutes)}
    if queue.wrap is not None:
        fields["wrap"] = _text(Distribution.model_validate(queue.wrap.text).scaled(factor))
    if not estimates.groups or not can_say(Group, "gap"):
        wrap = _gap_as_wrap(estimates, queue, adjustment)
        fields |= {"wrap": wrap} if wrap else {}
    if (patience := queue.patience) is not None and patience.points[0].size:
        found = Distribution.model_validate(patience.text)
        fields["patience"] = _text(found.scaled(adjustment.patience))
        if patience.balk.value > LEAST_SHARE:
            fields["balk"] = percent(patience.balk.value)
    if estimates.order is not None:
        fields |= estimates.order.fields(queue.name)
    return fields


def _talk(
    queue: QueueEstimates,
    longer: Floats,
    calendar: WeekOpening,
    weekdays: Ints,
    minutes: int,
) -> Any:
    """Return the talk of a queue, or a list by open interval where hours or days differ."""
    if queue.talk is None:
        return "deterministic 1s"
    whole = Distribution.model_validate(queue.talk.text)
    by_hour = queue.talk_by_hour
    if not _by_interval_possible() or np.ptp(by_hour) < LEAST_SHARE:
        if np.ptp(longer) == 0:
            return _text(whole.scaled(float(longer[0])))
        by_hour = np.ones(24)
    per_hour = 60 // minutes
    hours_of: dict[float, list[Any]] = {}
    for one in np.unique(longer).tolist():
        hours: list[Any] = [whole.scaled(one * ratio) for ratio in by_hour.tolist()]
        hours_of[one] = [_text(each) for each in hours] if minutes != FINE_MINUTES else hours
    return [
        hours_of[one][at // per_hour]
        for weekday, one in zip(weekdays, longer.tolist(), strict=True)
        for at in np.flatnonzero(calendar.open_mask(int(weekday), minutes))
    ]


def _by_interval_possible() -> bool:
    kind = Queue.model_fields["talk"].annotation
    return "rows" in getattr(kind, "model_fields", {})


def _gap_as_wrap(estimates: CenterEstimates, queue: QueueEstimates, adjustment: Adjustment) -> str:
    """Return the gap as wrap-up, for scenarios that cannot say it otherwise."""
    gap = estimates.gap
    if gap is None or queue.wrap is not None:
        return queue.wrap.text if queue.wrap is not None else ""
    return _text(Distribution.model_validate(gap.text).scaled(adjustment.gap))


def _group_fields(
    estimates: CenterEstimates,
    group: GroupEstimates,
    adjustment: Adjustment,
    gap: Callable[[CenterEstimates, Adjustment], Distribution] = simulated_gap,
) -> Tables:
    """Return skills, gap and breaks."""
    names = [queue.name for queue in estimates.queues]
    fields: Tables = {
        "skills": {
            names[at]: skill_of(estimates.concurrency, at)
            for at in np.flatnonzero(group.skills).tolist()
        }
    }
    if estimates.gap is not None and can_say(Group, "gap"):
        fields["gap"] = _text(gap(estimates, adjustment))
    fields |= _quiet_breaks(estimates, adjustment)
    return fields


def persons_of(
    spread: float,
    agents: list[int],
    resolution: tuple[float, float] = (0.0, 0.0),
    speed: float = 1.0,
    busy: float = 1.0,
) -> Tables:
    """Return how the agents of a group differ, by their number in each interval.

    Parameters
    ----------
    spread : float
        CV of their speeds.
    agents : list of int
    resolution : tuple of float
        CV of what they resolve, and its correlation with the speed.
    speed : float
        Their speed over their contacts.
    busy : float
        Share of their time that is talk and wrap-up.
    """
    most = max(agents, default=0)
    cv = spread if np.isfinite(spread) and spread > LEAST_SHARE else 0.0
    is_usual = abs(speed - 1) < LEAST_SHARE
    if (cv == 0 and resolution[0] == 0 and is_usual) or most == 0:
        return {}
    if most <= MOST_PERSONS:
        on_duty = np.bincount(agents, minlength=most + 1)[:0:-1].cumsum()[::-1].astype(float)
        return {"persons": representative_persons(cv, most, *resolution, speed, busy, on_duty)}
    fields: Tables = {"speed_spread": percent(cv)} if cv else {}
    speed *= speed_over_contacts(cv, busy)
    if abs(speed - 1) >= LEAST_SHARE:
        fields["tenure"] = [{"name": "usual", "share": "100%", "speed": percent(speed)}]
    return fields


def quiet_of(
    estimates: CenterEstimates, adjustment: Adjustment = AS_ESTIMATED
) -> tuple[float, float] | None:
    """Return share and mean length (s) of breaks when quiet: as recorded, or inferred.

    Breaks of another length are as much more or less frequent: how many of the free agents are not
    ready is seen in the log, for how long is not.
    """
    states = estimates.states
    if states is not None and states.quiet is not None:
        length = max(states.quiet.length.value * adjustment.quiet, LEAST_BREAK)
        return states.quiet.as_simulated, length
    breaks = estimates.quiet_breaks
    if breaks.share == 0:
        return None
    breaks = breaks.lasting(max(breaks.length * adjustment.quiet, LEAST_BREAK))
    return breaks.share, breaks.length


def _quiet_breaks(estimates: CenterEstimates, adjustment: Adjustment) -> Tables:
    found = quiet_of(estimates, adjustment)
    if found is None or not can_say(Group, "breaks_when_quiet"):
        return {}
    share, length = found
    if share < LEAST_SHARE:
        return {}
    return {
        "breaks_when_quiet": {
            "share": percent(share), "length": f"exponential {rounded(length, 3)}s",
        }
    }  # fmt: skip


def _recontacts(queue: QueueEstimates) -> Tables:
    """Return retrials, where customers are known in a share that says something."""
    fields: Tables = {}
    repeats = queue.repeats
    if repeats is not None and queue.retry_share:
        fields["retry"] = {
            "share": percent(queue.retry_share), "after": repeats.abandoned.delay_text
        }  # fmt: skip
    return fields


def _present_in(estimates: CenterEstimates, group: GroupEstimates, days: int) -> Floats:
    return present_of(estimates.working, group.agents, days, FINE_MINUTES)


def _usual_presence(estimates: CenterEstimates, group: GroupEstimates) -> Floats:
    """Return mean agents present by weekday and interval, over the days that are used."""
    weekday = estimates.log.weekday
    found = np.zeros((7, group.present.shape[1]))
    for one in range(7):
        days = (weekday == one) & estimates.usable
        if days.any():
            found[one] = group.present[days].mean(axis=0)
    return found
