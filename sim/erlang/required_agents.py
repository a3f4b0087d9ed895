"""The fewest agents that reach given goals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.erlang.arguments import Duration, Number, Share, contacts_per_s, fraction
from sim.erlang.goals import Excess, Goals, missed
from sim.erlang.queue_formula import QueueFormula, open_queue
from sim.erlang.special_functions import Array, Truth, Value, climb, plain
from sim.erlang.steady_state import SteadyState
from sim.units import BadInputError

_MOST_AGENTS = 1e9


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
        """Return the metrics at agents - span ... agents + span, kept within 1 and the trunks.

        Without abandonment the metrics are nan where the load reaches the agents.
        """
        steps = np.arange(-span, span + 1.0)
        most = np.where(np.isfinite(self.queue.most), self.queue.most, _MOST_AGENTS)
        staff = [np.clip(np.asarray(self.agents, float) + s, 1.0, most) for s in steps]
        if np.ndim(self.agents) == 0:
            staff = [np.asarray(n, float) for n in sorted({float(n) for n in staff})]
        return [self.queue.build(self.rate, n) for n in staff]


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
        return np.asarray(missed(queue.excess(rate, n, excess)) & ~none)

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
    return " with so few trunks" if bool(np.any(np.isfinite(queue.most))) else ""


def _smooth(queue: QueueFormula, rate: Array, n: Array, excess: Excess) -> Array:
    """Bring the last agent down to the real number that just meets the goal."""

    def reached(m: Array) -> Array:
        return -queue.excess(rate, m, excess)

    return climb(reached, np.maximum(n - 1.0, 1e-9), np.maximum(n, 1e-9))


def _straight(queue: QueueFormula, rate: Array, n: Array, excess: Excess) -> Array:
    """Interpolate the goal's metric between n - 1 and n agents."""
    enough = np.maximum(n, 1.0)
    over = np.where(n > 1.0, queue.excess(rate, np.maximum(n - 1.0, 1.0), excess), np.nan)
    under = queue.excess(rate, enough, excess)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = over / (over - under)
    part = np.where(np.isfinite(part), np.clip(part, 0.0, 1.0), 1.0)
    return np.asarray(n - 1.0 + part)
