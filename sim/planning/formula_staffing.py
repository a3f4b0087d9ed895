"""Agents that one queue needs in each interval, by formula."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim import erlang
from sim.erlang import Goals, Patience
from sim.model import Floats, Queue
from sim.planning.occupancy_limit import least_agents
from sim.planning.queue_patience import patience_by_interval, patience_of
from sim.units import BadInputError

MOST_EXACT = 64
"""Different loads up to which a formula without vectors is solved one by one."""
GRID = 40
"""Loads at which it is solved otherwise; the requirement between them is interpolated."""
POINTS = 8
"""Volumes at which the service level of one number of agents is solved, interpolated between."""
ENDLESS = 1e7
"""Mean patience (s) that stands for one without end where a formula needs a number."""
LARGEST_CHAIN = 16
"""Agents up to which chats are staffed by the exact chain, which grows fast."""


@dataclass(frozen=True)
class FormulaAgents:
    """Agents that one live queue needs by itself.

    Attributes
    ----------
    erlang_c, erlang_a : ndarray or None, shape (intervals,)
        Requirement before rounding; None where the formula was not asked for or does not hold.
    predicted : callable
        Service level by formula for an array of whole agents, NaN where no contact arrives.
    notes : tuple of str
        Which formula stands behind the numbers.
    """

    erlang_c: Floats | None
    erlang_a: Floats | None
    predicted: Callable[[Floats], Floats] = field(repr=False)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class QueueLoad:
    """One queue as the formulas see it.

    Attributes
    ----------
    queue : Queue
    interval_s : float
    volume, aht_s : ndarray, shape (intervals,)
        Contacts, and agent's time of one handled alone.
    speed : tuple of float
        Speed of work with 1, 2, … active contacts, relative to the first.
    check : callable
        Called before each load that is solved by itself; raises what ends the computation.
    max_occupancy : float, optional
        As for :func:`sim.planning.occupancy_limit.least_agents`.
    """

    queue: Queue
    interval_s: float
    volume: Floats
    aht_s: Floats
    speed: tuple[float, ...] = (1.0,)
    check: Callable[[], None] = lambda: None
    max_occupancy: float | None = None

    @property
    def least_agents(self) -> Floats:
        """Return the agents of whose time the contacts need ``max_occupancy``; 0 without it."""
        return least_agents(
            self.volume * self.aht_s / self.interval_s, self.speed, self.max_occupancy
        )

    @property
    def goals(self) -> Goals:
        """Return the service level that is to be reached.

        Raises
        ------
        BadInputError
            When it is 0% or 100%, which no formula can staff.
        """
        queue = self.queue
        if not 0 < queue.target < 1:
            raise BadInputError(
                f"queue.{queue.name}.target: a service level of {queue.target:.0%} cannot be "
                "staffed; allowed: above 0% and below 100%"
            )
        variant: Any = queue.variant
        return Goals(queue.target, queue.threshold, variant, queue.short)

    @property
    def slots(self) -> int:
        """Return how many contacts an agent may handle at once."""
        return len(self.speed)


def need(asked: QueueLoad, c: bool = True, a: bool = True) -> FormulaAgents:
    """Return the agents that one live queue needs in each interval.

    Parameters
    ----------
    asked : QueueLoad
    c, a : bool
        Which formulas: without abandonment (Erlang C), with it (Erlang A and its kin).

    Returns
    -------
    FormulaAgents
        For patience that is not exponential the general queue M/M/n+G is used instead of Erlang A;
        for concurrent chats the exact chain, or slots where that is too large.

    Raises
    ------
    BadInputError
        When no number of agents could reach the target.
    """
    found = _for_service(asked, c, a)
    both = (found.erlang_c, found.erlang_a)
    by_c, by_a = (None if one is None else np.maximum(one, asked.least_agents) for one in both)
    return replace(found, erlang_c=by_c, erlang_a=by_a)


def _for_service(asked: QueueLoad, c: bool, a: bool) -> FormulaAgents:
    """Return the agents that reach the service level."""
    means = patience_by_interval(asked.queue)
    if means is not None and asked.slots == 1:
        return need_with_mean_patience(asked, means, c, a)
    patience = patience_of(asked.queue)
    if asked.slots > 1:
        return _chat(asked, patience, c, a)
    if patience is None or not a:
        found, predicted = _single(asked, asked.aht_s, None)
        return FormulaAgents(found, None, predicted)
    by_c = _single(asked, asked.aht_s, None)[0] if c else None
    if patience.name == "exponential":
        by_a, predicted = _single(asked, asked.aht_s, patience.mean_s)
        return FormulaAgents(by_c, by_a, predicted)
    by_g, note = _general(asked, patience)
    text = "instead of Erlang A, M/M/n+G with the patience of the scenario" + note
    return FormulaAgents(
        by_c, by_g, _general_service(asked, patience), (f"{asked.queue.name}: {text}",)
    )


def need_with_mean_patience(
    asked: QueueLoad, patience: Floats, c: bool = True, a: bool = True
) -> FormulaAgents:
    """Return the agents of one queue whose mean patience differs from interval to interval.

    Parameters
    ----------
    asked : QueueLoad
    patience : ndarray, shape (intervals,)
        Mean of the exponential patience (s); infinite where no customer abandons.
    c, a : bool
        Which formulas.
    """
    by_c, predicted = _single(asked, asked.aht_s, None)
    by_c = np.maximum(by_c, asked.least_agents)
    if not a:
        return FormulaAgents(by_c, None, predicted)
    by_a, predicted = _single(asked, asked.aht_s, np.minimum(patience, ENDLESS))
    return FormulaAgents(by_c if c else None, np.maximum(by_a, asked.least_agents), predicted)


def _single(
    asked: QueueLoad, aht: Floats, patience: float | Floats | None
) -> tuple[Floats, Callable[[Floats], Floats]]:
    """Staff by Erlang C, or A with a mean patience (s), all intervals at once."""
    goals, per = asked.goals, asked.interval_s
    work = np.where(aht > 0, aht, 1.0)
    volume = np.where(aht > 0, asked.volume, 0.0)
    name = "erlang_c" if patience is None else "erlang_a"
    more: Any = {} if patience is None else {"patience": patience}
    found = erlang.fewest_agents(name, volume, per, work, goals, **more)

    def predicted(agents: Floats) -> Floats:
        n = np.maximum(agents, 1.0)
        if patience is None:
            # Too few agents for the load: in the long run no contact is answered in time.
            stable = n * per > volume * work
            n = np.where(stable, n, np.floor(volume * work / per) + 1)
            formula: Any = erlang.c(volume, per, work, n)
        else:
            stable = np.ones(len(n), dtype=bool)
            formula = erlang.a(volume, per, work, n, patience)
        level = formula.service_level(goals.within, goals.variant, goals.short)
        level = np.where(stable & (agents > 0), level, 0.0)
        return np.where(asked.volume > 0, level, np.nan)

    return np.asarray(found.fractional_agents, dtype=float), predicted


def _general(asked: QueueLoad, patience: Patience) -> tuple[Floats, str]:
    goals, per = asked.goals, asked.interval_s

    def solve(calls: float, aht: float) -> float:
        asked.check()
        found = erlang.fewest_agents("general_patience", calls, per, aht, goals, patience=patience)
        return float(np.asarray(found.fractional_agents))

    return by_load(asked.volume, asked.aht_s, per, solve)


def _general_service(asked: QueueLoad, patience: Patience) -> Callable[[Floats], Floats]:
    goals = asked.goals

    def one(calls: float, aht: float, n: float) -> float:
        asked.check()
        if calls * aht * patience.remain >= n * asked.interval_s:
            return 0.0
        formula = erlang.g(calls, asked.interval_s, aht, n, patience)
        return float(np.asarray(formula.service_level(goals.within, goals.variant, goals.short)))

    return lambda agents: _each(asked, agents, one)


def _each(asked: QueueLoad, agents: Floats, one: Callable[[float, float, float], float]) -> Floats:
    """Ask for every different volume and handle time, or for few where there are many.

    For the same number of agents the service level is nearly straight between volumes that
    need about as many.
    """
    result = np.full(len(asked.volume), np.nan)
    result[(asked.volume > 0) & (agents <= 0)] = 0.0
    busy = (asked.volume > 0) & (asked.aht_s > 0) & (agents > 0)
    for n in np.unique(agents[busy]):
        at = np.flatnonzero(busy & (agents == n))
        volume, aht = asked.volume[at], asked.aht_s[at]
        pairs, where = np.unique(np.stack([volume, aht], axis=1), axis=0, return_inverse=True)
        if len(pairs) <= POINTS:
            found = np.array([one(float(v), float(s), float(n)) for v, s in pairs])
            result[at] = found[where.ravel()]
            continue
        load, mean = volume * aht, float(np.average(aht, weights=volume))
        points = np.linspace(load.min(), load.max(), POINTS)
        result[at] = np.interp(load, points, [one(float(x) / mean, mean, float(n)) for x in points])
    return result


def by_load(
    volume: Floats, aht: Floats, interval_s: float, solve: Callable[[float, float], float]
) -> tuple[Floats, str]:
    """Return the requirement of every interval from few solutions.

    Parameters
    ----------
    volume, aht : ndarray, shape (intervals,)
    interval_s : float
    solve : callable
        Requirement for one volume and handle time.

    Returns
    -------
    required : ndarray, shape (intervals,)
    note : str
        Says so when there were too many different intervals: then the part of the requirement
        beyond the load is interpolated along the square root of the load, in which it is
        nearly straight, for the mean handle time.
    """
    result = np.zeros(len(volume))
    busy = (volume > 0) & (aht > 0)
    pairs, where = np.unique(
        np.stack([volume[busy], aht[busy]], axis=1), axis=0, return_inverse=True
    )
    if len(pairs) <= MOST_EXACT:
        found = np.array([solve(float(v), float(s)) for v, s in pairs])
        result[busy] = found[where.ravel()] if len(pairs) else 0.0
        return result, ""
    load = volume[busy] * aht[busy] / interval_s
    mean = float(np.average(aht[busy], weights=volume[busy]))
    roots = np.sqrt(load)
    points = np.linspace(roots.min(), roots.max(), GRID)
    beyond = [solve(float(r * r * interval_s / mean), mean) - r * r for r in points]
    result[busy] = load + np.interp(roots, points, beyond)
    return result, f", solved at {GRID} loads and interpolated"


def _chat(asked: QueueLoad, patience: Patience | None, c: bool, a: bool) -> FormulaAgents:
    """Staff concurrent chats: Erlang C by slots, Erlang A by the exact chain where it can."""
    slots = asked.slots
    slow = asked.aht_s / asked.speed[-1]
    by_c, by_slots = _single(asked, slow, None)
    mean = ENDLESS if patience is None or not np.isfinite(patience.mean_s) else patience.mean_s
    suffix = "" if patience is None or patience.name == "exponential" else ", patience by its mean"
    if float((by_c / slots).max(initial=0)) > LARGEST_CHAIN or not a:
        return _chat_by_slots(asked, slow, mean, c, a, suffix)
    exact, note = by_load(asked.volume, asked.aht_s, asked.interval_s, _chain(asked, mean))
    text = f"{asked.queue.name}: Erlang A is the exact chain of {slots} chats at once{note}{suffix}"
    return FormulaAgents(
        by_c / slots if c else None,
        exact,
        _chain_service(asked, mean),
        (text, *(_by_slots(asked.queue.name, "Erlang C") if c else ())),
    )


def _by_slots(queue: str, formula: str) -> tuple[str]:
    return (
        f"{queue}: {formula} treats each chat slot as an agent, and an agent as always having "
        "the full number of chats, which overstaffs slightly",
    )


def _chat_by_slots(
    asked: QueueLoad, slow: Floats, mean: float, c: bool, a: bool, suffix: str
) -> FormulaAgents:
    slots = asked.slots
    by_c, predicted_c = _single(asked, slow, None)
    by_a, predicted_a = _single(asked, slow, mean)
    chosen = predicted_a if a else predicted_c
    names = " and ".join(["Erlang C"] * c + ["Erlang A"] * a)
    return FormulaAgents(
        by_c / slots if c else None,
        by_a / slots if a else None,
        lambda agents: chosen(agents * slots),
        (_by_slots(asked.queue.name, names)[0] + suffix,),
    )


def _chain(asked: QueueLoad, patience: float) -> Callable[[float, float], float]:
    goals, per = asked.goals, asked.interval_s

    def solve(calls: float, aht: float) -> float:
        asked.check()
        times = [aht / speed for speed in asked.speed]
        found = erlang.fewest_agents("erlang_chat", calls, per, times, goals, patience=patience)
        return float(np.asarray(found.fractional_agents))

    return solve


def _chain_service(asked: QueueLoad, patience: float) -> Callable[[Floats], Floats]:
    goals, per = asked.goals, asked.interval_s

    def one(calls: float, aht: float, n: float) -> float:
        asked.check()
        times = [aht / speed for speed in asked.speed]
        formula = erlang.chat(calls, per, times, int(n), patience)
        return float(np.asarray(formula.service_level(goals.within, goals.variant, goals.short)))

    return lambda agents: _each(asked, agents, one)
