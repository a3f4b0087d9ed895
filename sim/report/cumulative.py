"""Metrics of a log as they stand at one instant after the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.log import Kind, Outcome, State
from sim.metrics import VARIANTS
from sim.metrics.aggregation import parse_terms
from sim.metrics.scopes import Scope

if TYPE_CHECKING:
    from sim.log import Log

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
AWAY = (
    Outcome.ABANDONED,
    Outcome.SILENT,
    Outcome.BALKED,
    Outcome.BUSY,
    Outcome.FULL,
    Outcome.SENT_AWAY,
    Outcome.LEFT_INSIDE,
)
"""How contacts end that leave without help."""


@dataclass(frozen=True, slots=True)
class Running:
    """Counts at some instants; ``so far`` means since the day began.

    Attributes
    ----------
    waiting : ndarray, shape (queues, instants)
        Contacts waiting.
    inside : ndarray, shape (instants,)
        Contacts in self-service.
    agents : ndarray, shape (states, instants)
        Agents by what they do.
    offered, answered, left, contained : ndarray, shape (instants,)
        So far: contacts that reached a queue, were answered, left without help, ended with
        the bot.
    level : ndarray, shape (instants,)
        Service level so far, of contacts whose wait is over; NaN before the first.
    """

    waiting: Ints
    inside: Ints
    agents: Ints
    offered: Ints
    answered: Ints
    left: Ints
    contained: Ints
    level: Floats


def running(log: Log, instants: Floats, since: float) -> Running:
    """Return the metrics of a log at some instants.

    Parameters
    ----------
    log : Log
    instants : ndarray
        Ascending (s).
    since : float
        Instant from which is counted what has happened so far (s).
    """
    legs, model = log.legs, log.model
    bot = legs.kind == Kind.SELF_SERVICE
    counted = legs.enter >= max(since, model.measure_from)
    offered = counted & ~np.isin(legs.kind, (Kind.SELF_SERVICE, Kind.CALLBACK, Kind.BACKLOG))
    taken = np.isin(legs.outcome, (Outcome.ANSWERED, Outcome.IN_HAND))
    leave = np.where(
        np.isin(legs.outcome, (Outcome.WAITING, Outcome.IN_SESSION)), np.inf, legs.leave
    )

    def so_far(mask: Bools, moments: Floats) -> Ints:
        return np.searchsorted(np.sort(moments[mask]), instants, side="right")

    def now(mask: Bools, start: Floats, end: Floats) -> Ints:
        return so_far(mask, start) - so_far(mask, end)

    queues = [(legs.queue == k) & ~bot for k in range(len(model.queues))]
    states = log.states
    doing = [now(states.state == s, states.start, states.end) for s in State]
    return Running(
        waiting=np.array([now(mask, legs.enter, leave) for mask in queues]),
        inside=now(bot, legs.enter, leave),
        agents=np.array(doing),
        offered=so_far(offered, legs.enter),
        answered=so_far(offered & taken, legs.leave),
        left=so_far(counted & np.isin(legs.outcome, AWAY), leave),
        contained=so_far(counted & bot & (legs.outcome == Outcome.CONTAINED), leave),
        level=_level(log, offered, instants),
    )


def _level(log: Log, offered: Bools, instants: Floats) -> Floats:
    """Return met over judged, each leg by its queue's formula or the center's, when it is known."""
    legs, model = log.legs, log.model
    met, judged = np.zeros(len(legs)), np.zeros(len(legs))
    whole = Scope("total", "total")
    goal = whole.goal(model)
    for k in whole.members(model, "legs", "any", "service_level").tolist():
        queue = model.queues[k]
        if queue.deferred:
            continue
        threshold, variant = queue.threshold, queue.variant
        if goal is not None:
            threshold, variant = goal.threshold, goal.variant
        mine = offered & (legs.queue == k)
        marks = _marks(log, mine, threshold, queue.short)
        for formula, into in zip(VARIANTS[variant], (met, judged), strict=True):
            for weight, name in parse_terms(formula):
                into += weight * marks[name]
    order = np.argsort(legs.leave, kind="stable")
    at = np.searchsorted(legs.leave[order], instants, side="right")
    sums = [np.concatenate(([0.0], np.cumsum(each[order])))[at] for each in (met, judged)]
    level = np.divide(sums[0], sums[1], out=np.full(at.shape, np.nan), where=sums[1] > 0)
    return np.asarray(level)


def _marks(log: Log, mine: Bools, threshold: float, short: float) -> dict[str, Bools]:
    """Mark the legs that a formula of the service level counts, by its words."""
    legs = log.legs
    answered = mine & np.isin(legs.outcome, (Outcome.ANSWERED, Outcome.IN_HAND))
    gone = mine & np.isin(legs.outcome, (Outcome.ABANDONED, Outcome.BALKED))
    within = legs.leave <= legs.enter + threshold
    return {
        "answered": answered,
        "within": answered & within,
        "abandoned": gone,
        "abandoned_within": gone & within,
        "abandoned_short": gone & (legs.leave <= legs.enter + short),
    }
