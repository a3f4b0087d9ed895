"""What events make of queues, bots and shifts, in arrays and records of the model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.model.conditions import Conditions
from sim.model.groups import Shift
from sim.scenario.event_effects import EventChange, changed_record, during, edges, event_changes
from sim.scenario.interval_times import mean_of, queue_in, varies
from sim.scenario.issue_volumes import usual_bot

if TYPE_CHECKING:
    from sim.scenario import Bot, Queue, Scenario
    from sim.scenario.distribution import Distribution


def conditions(scenario: Scenario, name: str) -> tuple[Conditions, ...]:
    """Return what holds of the contacts of a queue by instant of arrival; empty without events.

    Parameters
    ----------
    scenario : Scenario
    name : str
        Of the queue.
    """
    of_queue = [each for each in event_changes(scenario, "queue", name) if each.field != "volume"]
    bot = scenario.bot_of(name)
    of_bot = event_changes(scenario, "bot", bot[0]) if bot else []
    if not of_queue and not of_bot:
        return ()
    found, grid = [], scenario.center.grid
    mean = mean_of(scenario, name, "talk")
    for start in _starts(scenario, name, [*of_queue, *of_bot]):
        usual = queue_in(scenario, name, min(int(start / grid.interval_s), grid.intervals - 1))
        now = during(of_queue, start)
        queue = changed_record(usual, now)
        present = None if bot is None else changed_record(bot[1], during(of_bot, start))
        over_all = None if present is None else usual_bot(scenario, name, present)
        residual = 1.0 if over_all is None else over_all[1].residual(mean)
        is_down = any(each.field == "lines" for each in now)
        found.append(_conditions(start, usual, queue, present, residual, is_down))
    return tuple(found)


def _starts(scenario: Scenario, name: str, changes: list[EventChange]) -> list[float]:
    """Return from when on (s) other conditions hold: with times by interval, any interval."""
    grid = scenario.center.grid
    found = edges(changes, grid.days * grid.day_s)
    if not varies(scenario.queue[name]):
        return found
    return sorted({*found, *(i * grid.interval_s for i in range(grid.intervals))})


def _conditions(
    start: float, usual: Queue, queue: Queue, bot: Bot | None, residual: float, is_down: bool
) -> Conditions:
    return Conditions(
        start,
        talk=_factor(usual.talk, queue.talk),
        hold=_factor(usual.hold, queue.hold),
        wrap=_factor(usual.wrap, queue.wrap),
        patience=_factor(usual.patience, queue.patience),
        residual=residual,
        balk=queue.balk,
        resolved=np.nan if queue.resolved is None else queue.resolved,
        tried=0.0 if bot is None else bot.tried,
        contained=0.0 if bot is None else bot.contained,
        down=is_down,
    )


def _factor(usual: Distribution, changed: Distribution) -> float:
    return 1.0 if changed.time == usual.time else changed.time / usual.time


def shifts_during_events(
    scenario: Scenario, name: str, shifts: Iterable[Shift]
) -> tuple[Shift, ...]:
    """Return the shifts of a group without the time that events take off.

    Of the persons who are there at any time of an event, those with the highest numbers are
    missing, only while it lasts.

    Parameters
    ----------
    scenario : Scenario
    name : str
        Of the group.
    shifts : iterable of Shift
    """
    found = list(shifts)
    for each in event_changes(scenario, "group", name):
        if each.field == "agents":
            found = list(_without_missing(found, each))
    return tuple(sorted(found, key=lambda shift: (shift.day, shift.start, shift.agent)))


def _without_missing(shifts: list[Shift], event: EventChange) -> Iterator[Shift]:
    there = sorted({s.agent for s in shifts if s.start < event.end and s.end > event.begin})
    left = units.to_whole(max(units.change(event.value).apply(len(there)), 0.0))
    missing = set(there[left:])
    for shift in shifts:
        if shift.agent in missing:
            yield from _part(shift, shift.start, min(shift.end, event.begin))
            yield from _part(shift, max(shift.start, event.end), shift.end)
        else:
            yield shift


def _part(shift: Shift, start: float, end: float) -> Iterator[Shift]:
    """Yield the part of a shift between two instants, if any, with the breaks that start in it."""
    if start < end:
        begins, length = shift.breaks[:, 0], shift.breaks[:, 1]
        inside = (begins >= start) & (begins < end)
        lasts = np.minimum(length[inside], end - begins[inside])
        breaks = np.column_stack([begins[inside], lasts])
        yield replace(shift, start=start, end=end, breaks=breaks)
