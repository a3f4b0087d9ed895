"""Decisions that every engine shares, and the order of events that fall on one instant.

Small pure functions of numbers. An engine owns the clock and the lists; what it does next
is decided here, so two engines cannot disagree about it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum

from sim.log import Outcome
from sim.model import Floats, Rule

LEGS = 250
"""Most legs of one issue; a customer who would come again after that gives up."""

NEVER = math.inf

HOPS = 3
"""Most transfers within one contact; a customer who would be passed on again gives up."""


def most_again(issues: int) -> int:
    """Return how often customers of one replication may come again, all together.

    Fifty times each, or a million times, is no day any more but an overload that feeds itself.
    Beyond it who would come again gives up, and the day counts as unstable.
    """
    return min(50 * issues, 1_000_000) + 1_000


class Rank(IntEnum):
    """What comes first among events of the same instant; then the lower number goes first.

    The values leave the lower 48 bits to that number: ``rank | number`` orders both.
    Contacts are numbered by issue and leg, agents and groups by their own numbers, so the
    order does not depend on the order in which an engine came to know of the events.
    """

    OPENING = 1 << 48
    COMPLETION = 2 << 48
    AGENTS_COME = 3 << 48
    ARRIVAL = 4 << 48
    OVERFLOW = 5 << 48
    CALLBACK_OFFER = 6 << 48
    LONGEST_WAIT = 7 << 48
    PATIENCE = 8 << 48
    AGENTS_LEAVE = 9 << 48
    CLOSING = 10 << 48


def contact_number(issue: int, leg: int) -> int:
    """Return the number by which a contact's events are ordered."""
    return (issue << 8) | leg


def agent_key(
    rule: int, level: int, load: int, since: float, busy: float, speed: float, resolves: float
) -> tuple[float, float, float, float]:
    """Return the key by which a contact chooses among agents: the smallest goes first.

    Parameters
    ----------
    rule : Rule
    level : int
        Preference level of the agent's group for this queue.
    load : int
        Contacts the agent has in hand.
    since : float
        Instant (s) since which the agent has been as idle as now.
    busy : float
        Time (s) with a contact in hand so far.
    speed, resolves : float
        Of the group's skill for this queue.
    """
    if rule == Rule.FASTEST:
        return (float(level), -speed, float(load), since)
    if rule == Rule.BEST_RESOLVER:
        return (float(level), -resolves, float(load), since)
    if rule == Rule.LEAST_BUSY:
        return (float(level), float(load), busy, since)
    return (float(level), float(load), since, 0.0)


def queue_key(
    take: int, deferred: int, priority: int, weight: float, wait: float, place: float
) -> tuple[float, float, float, float, float]:
    """Return the key by which an agent chooses among the heads of queues: the smallest first.

    Preference of the group, then live before deferred, then priority, then wait times
    weight, then the earlier place in line (s).
    """
    return (float(take), float(deferred), -float(priority), -(weight * wait), place)


def speed_among(speeds: list[float], load: int) -> float:
    """Return the speed of work on each of ``load`` contacts that an agent has in hand."""
    return speeds[min(load, len(speeds)) - 1]


def has_waited(place: float, delay: float, now: float) -> bool:
    """Return whether a contact has waited ``delay`` seconds, as its timer reckons it."""
    return place + delay <= now


def end_of_session(left: float, contained: float, u: float) -> int:
    """Return how a session with the bot ends (:class:`~sim.log.Outcome`), by two shares."""
    if u < left:
        return _LEFT_INSIDE
    if u < left + contained:
        return _CONTAINED
    return _HANDED_OVER


_LEFT_INSIDE, _CONTAINED, _HANDED_OVER = (
    int(Outcome.LEFT_INSIDE),
    int(Outcome.CONTAINED),
    int(Outcome.HANDED_OVER),
)


def bot_is_out(outages: Floats, now: float) -> bool:
    """Return whether the bot is down at an instant (s); outages have shape (n, 2)."""
    for k in range(len(outages)):  # noqa: SIM110, a loop can be compiled
        if outages[k, 0] <= now < outages[k, 1]:
            return True
    return False


def passed_on(shares: Sequence[float] | Floats, u: float) -> int:
    """Return which of the transfers with these shares happens, -1 for none."""
    reached = 0.0
    for k in range(len(shares)):
        reached += shares[k]
        if u < reached:
            return k
    return -1


def altered(work: float, factor: float, add: float) -> float:
    """Return talk work (s) changed by a factor and an amount, never below zero."""
    return max(0.0, work * factor + add)


def offered_in_line(offer_at: int, waiting: int) -> bool:
    """Return whether a callback is offered on arrival behind ``waiting`` others."""
    return offer_at > 0 and waiting + 1 >= offer_at
