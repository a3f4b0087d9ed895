"""Amounts of money by name, from the sums of legs, issues and agent time.

Sums have the shape (runs or 1, queues or groups, periods), those of the center (runs, 1, periods).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.units import HOUR, MINUTE

if TYPE_CHECKING:
    from sim.metrics.tally_fields import Floats
    from sim.model import Model

    Sums = Mapping[str, Floats]

_TELEPHONY = ("session_time", "wait_answered", "wait_abandoned", "wait_others", "talk", "hold")
_HANDLE = ("talk", "hold", "wrap")


def _bot_cost(model: Model, legs: Sums) -> Floats:
    costs = _known(np.nan if queue.bot is None else queue.bot.cost for queue in model.queues)
    return np.asarray(legs["sessions"] * costs)


def _telephony_cost(model: Model, legs: Sums) -> Floats:
    minutes = np.sum([legs[name] for name in _TELEPHONY], axis=0) / MINUTE
    return np.asarray(minutes * _known(queue.cost_per_minute for queue in model.queues))


def _tools_cost(model: Model, time: Sums) -> Floats:
    return np.asarray(time["paid"] / HOUR * _known(group.tools for group in model.groups))


OWN: dict[str, Callable[[Model, Sums], Floats]] = {
    "bot_cost": _bot_cost,
    "telephony_cost": _telephony_cost,
    "tools_cost": _tools_cost,
}
"""Amounts by queue or group."""


def _all_costs(model: Model, legs: Sums, issues: Sums, time: Sums) -> Floats:
    agents = np.nan_to_num(time["pay"]) + time["tools_cost"]
    return _together(agents) + _together(legs["bot_cost"]) + _together(legs["telephony_cost"])


def _done(model: Model, legs: Sums, issues: Sums, time: Sums) -> Floats:
    return _together(legs["handled"] + legs["contained"])


def _ever_resolved(model: Model, legs: Sums, issues: Sums, time: Sums) -> Floats:
    return _together(issues["ever_resolved"])


def _rework_pay(model: Model, legs: Sums, issues: Sums, time: Sums) -> Floats:
    """Return the pay for rework: in each replication a part of all pay, by handle time."""
    pay = _together(np.nan_to_num(time["pay"]))
    handle = _together(np.sum([legs[name] for name in _HANDLE], axis=0))
    worth = pay * _together(legs["rework"])
    return np.asarray(np.divide(worth, handle, out=np.zeros_like(worth), where=handle > 0))


CENTER: dict[str, Callable[[Model, Sums, Sums, Sums], Floats]] = {
    "all_costs": _all_costs,
    "done": _done,
    "ever_resolved": _ever_resolved,
    "rework_pay": _rework_pay,
}
"""Amounts and numbers of the whole center, from the sums of legs, issues and agent time."""


def of_center(name: str, model: Model, legs: Sums, issues: Sums, time: Sums) -> Floats:
    """Return an amount or a number of the whole center, shape (runs, 1, periods)."""
    return CENTER[name](model, legs, issues, time)


def _known(costs: Iterable[float]) -> Floats:
    """Return costs of queues or groups in the shape of sums, zero where nothing is known."""
    return np.nan_to_num(np.array(list(costs), dtype=np.float64))[None, :, None]


def _together(values: Floats) -> Floats:
    return np.asarray(values.sum(axis=1, keepdims=True))
