"""Amounts of money by name, from the sums of legs, issues and agent time.

Sums have the shape (runs or 1, queues or groups, periods), those of the center (runs, 1, periods).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics.journey_sums import journey_shape
from sim.units import HOUR, MINUTE

if TYPE_CHECKING:
    from sim.metrics.metric_definition import Base
    from sim.metrics.tally_fields import Floats
    from sim.model import Model

    Sums = Mapping[str, Floats]
    Tables = Mapping[Base, Sums]

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


def _message_cost(model: Model, journeys: Sums) -> Floats:
    queues, kinds, segments = journey_shape(model)
    known = () if model.journeys is None else model.journeys.kinds
    costs = np.array([0.0, *(kind.message_cost for kind in known)])
    by_combination = np.broadcast_to(costs[None, :, None], (queues, kinds, segments)).reshape(-1)
    return np.asarray(journeys["reached"] * by_combination[None, :, None])


OWN: dict[str, Callable[[Model, Sums], Floats]] = {
    "bot_cost": _bot_cost,
    "telephony_cost": _telephony_cost,
    "tools_cost": _tools_cost,
    "message_cost": _message_cost,
}
"""Amounts by queue, by group, or by queue, kind of issue and segment."""


def _all_costs(model: Model, sums: Tables) -> Floats:
    """Return all costs; those of messages are known for the whole horizon only."""
    agents = np.nan_to_num(sums["time"]["pay"]) + sums["time"]["tools_cost"]
    contacts = sums["legs"]["bot_cost"] + sums["legs"]["telephony_cost"]
    found = _together(agents) + _together(contacts)
    return found + _together(sums["journeys"]["message_cost"]) if "journeys" in sums else found


def _done(model: Model, sums: Tables) -> Floats:
    return _together(sums["legs"]["handled"] + sums["legs"]["contained"])


def _ever_resolved(model: Model, sums: Tables) -> Floats:
    return _together(sums["issues"]["ever_resolved"])


def _rework_pay(model: Model, sums: Tables) -> Floats:
    """Return the pay for rework: in each replication a part of all pay, by handle time."""
    pay = _together(np.nan_to_num(sums["time"]["pay"]))
    handle = _together(np.sum([sums["legs"][name] for name in _HANDLE], axis=0))
    worth = pay * _together(sums["legs"]["rework"])
    return np.asarray(np.divide(worth, handle, out=np.zeros_like(worth), where=handle > 0))


def _poor_service(model: Model, sums: Tables) -> Floats:
    lost = _together(sums["journeys"]["value_lost"]) if "journeys" in sums else 0.0
    return np.asarray(_rework_pay(model, sums) + lost)


CENTER: dict[str, Callable[[Model, Tables], Floats]] = {
    "all_costs": _all_costs,
    "done": _done,
    "ever_resolved": _ever_resolved,
    "rework_pay": _rework_pay,
    "poor_service": _poor_service,
}
"""Amounts and numbers of the whole center, shape (runs, 1, periods), from the sums by base."""


def _known(costs: Iterable[float]) -> Floats:
    """Return costs of queues or groups in the shape of sums, zero where nothing is known."""
    return np.nan_to_num(np.array(list(costs), dtype=np.float64))[None, :, None]


def _together(values: Floats) -> Floats:
    return np.asarray(values.sum(axis=1, keepdims=True))
