"""A limit of occupancy beside the service level, and queues that customers leave too busy agents.

By Erlang A a service level can be reached with fewer agents than the contacts need, because
customers abandon. How many do follows from their patience, which is seldom known. A limit that
counts all contacts does not depend on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.model import Floats, Model
from sim.planning.group_allocation import whole
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.planning.queue_plans import QueuePlan

DEFAULT = "90%"
"""Limit of new scenarios: planners commonly allow 85 to 90 %; the higher one changes least."""


def max_occupancy_of(text: str | float | None) -> float | None:
    """Return a limit of occupancy as a share, None where there is none.

    Parameters
    ----------
    text : str, float or None
        Such as "90%" or 0.9; no limit if empty.

    Raises
    ------
    BadInputError
        When it cannot be read, or is not above 0 and at most 100%.
    """
    if text is None or not str(text).strip():
        return None
    found = units.share(text)
    if not 0 < found <= 1:
        raise BadInputError(f"max-occupancy: {text} is out of bounds; allowed: above 0% to 100%")
    return found


def least_agents(load: Floats, speed: Sequence[float], most: float | None) -> Floats:
    """Return the agents of whose time the contacts of each interval need a given part at most.

    Parameters
    ----------
    load : ndarray, shape (intervals,)
        Work on all contacts, those of customers who would abandon too (erlangs).
    speed : sequence of float
        Speed of work with 1, 2, ... active contacts, relative to the first.
    most : float or None
        Limit of occupancy; no agents are required for it if None.
    """
    if most is None:
        return np.zeros_like(load)
    at_best = max((k + 1) * each for k, each in enumerate(speed))
    return np.asarray(load / at_best / most)


def overload_notes(model: Model, queues: Sequence[QueuePlan]) -> Iterator[str]:
    """Yield a sentence for each live queue whose required agents lack the time for its contacts.

    Parameters
    ----------
    model : Model
    queues : sequence of QueuePlan
    """
    for plan in queues:
        agents = float(whole(plan.fractional).sum())
        needed = float(least_agents(plan.load, plan.relative, 1.0).sum())
        if not model.queues[plan.number].deferred and needed > agents > 0:
            yield (
                f"{model.queues[plan.number].name}: contacts need "
                f"{units.show_share(needed / agents)} of the time of the required agents; the "
                "target is reached only because customers abandon. A limit of occupancy, such "
                f"as {DEFAULT}, requires agents for all contacts"
            )
