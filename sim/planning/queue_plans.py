"""What each queue requires and each group has to provide, interval by interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.model import Floats
    from sim.planning.deferred_allocation import DeferredPlan


@dataclass(eq=False)
class QueuePlan:
    """What one queue requires; arrays have shape (intervals,).

    Attributes
    ----------
    number : int
    volume, aht_s, load : ndarray
        Contacts, handle time of one alone (s), and erlangs.
    by_c, by_a : ndarray or None
        Requirement before rounding by each formula.
    fractional : ndarray
        The requirement that counts.
    predicted : ndarray or None
        Service level by formula with the requirement rounded up.
    share : dict
        Part of each group, by its number.
    by : {"erlang_a", "erlang_c"} or None
        The formula that counts; None for deferred work.
    spread : DeferredPlan or None
        For deferred work.
    relative : tuple of float
        Speed of work with 1, 2, … active contacts, relative to the first.
    stricter : bool
        Whether another queue of its pool requires more agents than its own target does.
    """

    number: int
    volume: Floats
    aht_s: Floats
    load: Floats
    by_c: Floats | None
    by_a: Floats | None
    fractional: Floats
    predicted: Floats | None
    share: dict[int, Floats]
    by: str | None = None
    spread: DeferredPlan | None = None
    relative: tuple[float, ...] = (1.0,)
    stricter: bool = False


@dataclass(eq=False)
class GroupPlan:
    """What one group has to give; arrays have shape (intervals,).

    Attributes
    ----------
    number : int
    volume, load : ndarray
        Live contacts and erlangs of the queues it answers for.
    by_c, by_a, fractional : ndarray
        Sums of its parts of the queues' requirements.
    required, scheduled : ndarray
        Agents needed, and people to schedule for it.
    now_scheduled, now_net : ndarray
        People scheduled in the scenario, and the agents they give on average.
    idle : ndarray
        Agents' time that is free for deferred work (in agents).
    spare : ndarray
        The part of it that rounding up to whole agents left over.
    """

    number: int
    volume: Floats
    load: Floats
    by_c: Floats
    by_a: Floats
    fractional: Floats
    idle: Floats
    spare: Floats
    required: Floats
    scheduled: Floats
    now_scheduled: Floats
    now_net: Floats
