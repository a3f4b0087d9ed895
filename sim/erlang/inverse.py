"""Inverse questions: the fewest agents for given goals, and the most calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.erlang.arguments import (
    MOST_LINES,
    Duration,
    Number,
    Share,
    Unstable,
    contacts_per_s,
    fraction,
    seconds,
    whole,
)
from sim.erlang.chat import chat_model
from sim.erlang.erlang_a import ErlangA
from sim.erlang.erlang_c import ErlangC
from sim.erlang.finite_capacity import limited
from sim.erlang.goals import Excess, Goals, missed
from sim.erlang.mmn_g import as_patience, general
from sim.erlang.patience import Patience
from sim.erlang.redials import settle
from sim.erlang.special_functions import Array, Truth, Value, climb, plain
from sim.erlang.steady_state import SteadyState
from sim.units import BadInputError

MODELS = ("erlang_c", "erlang_a", "general_patience", "erlang_chat")
_MOST_AGENTS = 1e9


@dataclass(frozen=True)
class QueueFormula:
    """A queue whose arrival rate and number of agents are left open.

    Attributes
    ----------
    build : callable
        SteadyState for a rate (contacts per second) and a number of agents.
    work : ndarray
        Seconds of an agent's time per contact at best, for a first guess.
    smooth : bool
        Whether `build` takes a fractional number of agents.
    most : ndarray
        Most agents that make sense (the lines), else infinite.
    shape : tuple of int
        Common shape of everything but rate and agents.
    """

    build: Callable[[Array, Array], SteadyState]
    work: Array
    smooth: bool
    most: Array
    shape: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class FewestAgents:
    """The fewest agents that reach every goal.

    Attributes
    ----------
    agents : float or ndarray
        Whole number of agents; 0 where no contact comes.
    fractional_agents : float or ndarray
        The requirement before rounding.
    binding : str or ndarray of str
        The goal that needs the most agents.
    scheduled_agents : float or ndarray or None
        People to schedule, ceil(agents / (1 - shrinkage)).
    metrics : SteadyState
        What these agents achieve (one agent where none is needed).
    """

    agents: Value
    fractional_agents: Value
    binding: Value
    scheduled_agents: Value | None
    metrics: SteadyState
    queue: QueueFormula
    rate: Array

    def around(self, span: int = 3) -> list[SteadyState]:
        """Return the metrics at agents - span ... agents + span, kept within 1 and the lines.

        Without abandonment the metrics are nan where the load reaches the agents.
        """
        steps = np.arange(-span, span + 1.0)
        most = np.where(np.isfinite(self.queue.most), self.queue.most, _MOST_AGENTS)
        staff = [np.clip(np.asarray(self.agents, float) + s, 1.0, most) for s in steps]
        if np.ndim(self.agents) == 0:
            staff = [np.asarray(n, float) for n in sorted({float(n) for n in staff})]
        return [self.queue.build(self.rate, n) for n in staff]


def open_queue(
    model: str,
    aht: Duration,
    *,
    patience: Duration | Patience | None = None,
    lines: Number | None = None,
    redial: Share = 0.0,
    at_once: int | None = None,
) -> QueueFormula:
    """Fix everything about a queue but its rate and agents.

    Raises
    ------
    BadInputError
        If the model is unknown, or an argument is missing, unwanted or out of bounds.
    """
    short = {"c": "erlang_c", "a": "erlang_a", "g": "general_patience", "chat": "erlang_chat"}
    model = short.get(model, model)
    if model not in MODELS:
        raise BadInputError(f"model: {model!r} must be one of {', '.join(MODELS)}")
    if (patience is None) != (model == "erlang_c"):
        raise BadInputError(
            f"patience: {model} {'takes none' if patience is not None else 'needs it'}"
        )
    if lines is not None and model not in ("erlang_c", "erlang_a"):
        raise BadInputError(f"lines: not known for {model}")
    if model == "erlang_chat":
        return _chat_queue(aht, patience, at_once)
    work, redialled = seconds("aht", aht, above=True), fraction("redial", redial)
    if lines is not None:
        return _limited_queue(work, patience, lines, redialled)
    if model == "erlang_c":
        if bool(np.any(redialled > 0.0)):
            raise BadInputError("redial: no contact is lost in Erlang C; give patience or lines")
        return _queue(lambda r, n: ErlangC(r, work, n), work, work.shape)
    if model == "erlang_a":
        mean = seconds("patience", patience, above=True)
        shape = np.broadcast_shapes(work.shape, mean.shape, redialled.shape)
        return _queue(_redialled(lambda r, n: ErlangA(r, work, n, mean), redialled), work, shape)
    if patience is None:
        raise BadInputError("patience: give one to ask for the general queue")
    curve = as_patience(patience)
    return _queue(_redialled(lambda r, n: general(r, work, n, curve), redialled), work, work.shape)


def _queue(
    build: Callable[[Array, Array], SteadyState], work: Array, shape: tuple[int, ...]
) -> QueueFormula:
    return QueueFormula(build, work, True, np.asarray(np.inf), shape)


def _redialled(
    build: Callable[[Array, Array], SteadyState], redialled: Array
) -> Callable[[Array, Array], SteadyState]:
    if not bool(np.any(redialled > 0.0)):
        return build
    return lambda r, n: build(settle(lambda s: build(s, n)._answered(), r, redialled), n)


def _limited_queue(work: Array, patience: Any, lines: Any, redialled: Array) -> QueueFormula:
    k = whole("lines", lines, most=MOST_LINES)
    leave = np.zeros(()) if patience is None else 1.0 / seconds("patience", patience, above=True)
    shape = np.broadcast_shapes(work.shape, k.shape, leave.shape, redialled.shape)

    def build(r: Array, n: Array) -> SteadyState:
        return limited(r, work, n, k, leave, redialled)

    return QueueFormula(build, work, False, k, shape)


def _chat_queue(aht: Any, patience: Any, at_once: int | None) -> QueueFormula:
    times = np.atleast_1d(seconds("aht", aht, above=True))
    k = times.size if at_once is None else int(whole("at_once", at_once))
    if k > times.size:
        raise BadInputError(f"at_once: {k} must be <= {times.size}, the number of handle times")
    mean, times = seconds("patience", patience, above=True), times[:k]
    best = np.asarray(np.min(times / np.arange(1, k + 1)))
    inf = np.asarray(np.inf)
    return QueueFormula(lambda r, n: chat_model(r, times, n, mean), best, False, inf, mean.shape)


def fewest_agents(
    model: str,
    calls: Number,
    per: Duration,
    aht: Duration,
    goals: Goals | str,
    *,
    shrinkage: Share | None = None,
    **more: Any,
) -> FewestAgents:
    """Give the fewest agents that reach every goal.

    Parameters
    ----------
    model : str
        "erlang_c", "erlang_a", "general_patience" or "erlang_chat".
    calls, per, aht
        As for the models; arrays are staffed all at once for Erlang C and A.
    goals : Goals or str
        The goals; a text such as "80/20" is a service level.
    shrinkage : share, optional
        Share of paid time that people are not available, in [0, 1).
    **more
        `patience`, `lines`, `redial`, `at_once`, as the model needs them.

    Returns
    -------
    FewestAgents

    Raises
    ------
    BadInputError
        If an argument is out of its bounds, or no number of agents reaches the goals.

    Notes
    -----
    Goals grow easier with agents, so bisection finds the number. (The variant `short_as_met` may
    not, for it also counts those whom too few agents drive away at once; the number found then
    reaches the goals and one agent less does not.) Before rounding, the
    requirement is the real number at which the goal is just met in the continuous extension of
    the formula (Jagerman 1974: incomplete gamma functions in place of sums). Where a model has
    none (limited lines, chat), the metric is interpolated linearly between two whole numbers.
    """
    goals = Goals.of(goals) if isinstance(goals, str) else goals
    queue, rate = open_queue(model, aht, **more), contacts_per_s(calls, per)
    shape = np.broadcast_shapes(rate.shape, queue.shape)
    rate = np.broadcast_to(rate, shape)
    if shape and model in ("general_patience", "g", "erlang_chat", "chat"):
        raise BadInputError(f"calls: {model} is staffed for single numbers only")
    found = {name: _fewest(queue, rate, excess) for name, excess in goals.each().items()}
    names = np.array(list(found))
    counts = np.stack([count for count, _ in found.values()])
    reals = np.stack([real for _, real in found.values()])
    agents = counts.max(axis=0)
    return FewestAgents(
        agents=plain(agents),
        fractional_agents=plain(reals.max(axis=0)),
        binding=plain(names[reals.argmax(axis=0)]),
        scheduled_agents=None if shrinkage is None else scheduled(agents, shrinkage),
        metrics=queue.build(rate, np.maximum(agents, 1.0)),
        queue=queue,
        rate=rate,
    )


def scheduled(agents: Number, shrinkage: Share) -> Value:
    """Give the people to schedule, ceil(agents / (1 - shrinkage)).

    A quotient that is whole but for rounding stays whole: 14 at 30% are 20.

    Raises
    ------
    BadInputError
        If the shrinkage is not in [0, 1).
    """
    share = fraction("shrinkage", shrinkage, below_one=True)
    paid = np.asarray(agents, float) / (1.0 - share)
    return plain(np.maximum(np.ceil(paid - 1e-9 * np.maximum(paid, 1.0)), 0.0))


def _fewest(queue: QueueFormula, rate: Array, excess: Excess) -> tuple[Array, Array]:
    """Find the whole and the real number of agents for one goal."""
    none = rate <= 0.0

    def short(n: Array) -> Truth:
        return np.asarray(missed(_excess(queue, rate, n, excess)) & ~none)

    low = np.zeros(rate.shape)
    high = np.minimum(np.ceil(rate * queue.work) + 1.0, queue.most) + low
    step = np.ceil(np.sqrt(high))
    while bool(np.any(bad := short(high))):
        if bool(np.any(bad & (high >= np.minimum(queue.most, _MOST_AGENTS)))):
            raise BadInputError("goals: no number of agents reaches them" + _why(queue))
        low, step = np.where(bad, high, low), np.where(bad, 2.0 * step, step)
        high = np.where(bad, np.minimum(high + step, queue.most), high)
    while bool(np.any(high - low > 1.0)):
        middle = np.ceil(0.5 * (low + high))
        bad = short(middle)
        low, high = np.where(bad, middle, low), np.where(bad, high, middle)
    high = np.where(none, 0.0, high)
    refine = _smooth if queue.smooth else _straight
    real = refine(queue, rate, high, excess)
    return high, np.where(none, 0.0, real)


def _why(queue: QueueFormula) -> str:
    return " with so few lines" if bool(np.any(np.isfinite(queue.most))) else ""


def _excess(queue: QueueFormula, rate: Array, n: Array, excess: Excess) -> Array:
    try:
        return excess(queue.build(rate, n))
    except Unstable:
        return np.full(np.shape(n), np.nan)


def _smooth(queue: QueueFormula, rate: Array, n: Array, excess: Excess) -> Array:
    """Bring the last agent down to the real number that just meets the goal."""

    def reached(m: Array) -> Array:
        return -_excess(queue, rate, m, excess)

    return climb(reached, np.maximum(n - 1.0, 1e-9), np.maximum(n, 1e-9))


def _straight(queue: QueueFormula, rate: Array, n: Array, excess: Excess) -> Array:
    """Interpolate the goal's metric between n - 1 and n agents."""
    enough = np.maximum(n, 1.0)
    over = np.where(n > 1.0, _excess(queue, rate, np.maximum(n - 1.0, 1.0), excess), np.nan)
    under = _excess(queue, rate, enough, excess)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = over / (over - under)
    part = np.where(np.isfinite(part), np.clip(part, 0.0, 1.0), 1.0)
    return np.asarray(n - 1.0 + part)


def most_calls(
    model: str, agents: Number, per: Duration, aht: Duration, goals: Goals | str, **more: Any
) -> Value:
    """Give the most calls per `per` with which the agents still reach every goal.

    Parameters
    ----------
    model, aht, goals, **more
        As for `fewest_agents`.
    agents : array_like of int
        Number of agents, >= 1.
    per : duration
        The interval to which the answer refers.

    Returns
    -------
    float or ndarray
        Calls per `per`, a real number; 0 where no call at all may come.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds, or any number of calls reaches the goals.
    """
    goals = Goals.of(goals) if isinstance(goals, str) else goals
    queue, n = open_queue(model, aht, **more), whole("agents", agents)
    n = n + np.zeros(np.broadcast_shapes(n.shape, queue.shape))
    every = list(goals.each().values())

    def short(rate: Array) -> Truth:
        bad = [missed(_excess(queue, rate, n, excess)) for excess in every]
        return np.asarray(np.any(bad, axis=0))

    low, high = np.zeros(n.shape), n / queue.work
    for _ in range(40):
        met = ~short(high)
        if not bool(np.any(met)):
            break
        low, high = np.where(met, high, low), np.where(met, 2.0 * high, high)
    else:
        raise BadInputError("goals: any number of calls reaches them")

    def over(rate: Array) -> Array:
        return np.asarray(np.max([_excess(queue, rate, n, excess) for excess in every], axis=0))

    rate = climb(over, low, high)
    return plain(rate * seconds("per", per, above=True))
