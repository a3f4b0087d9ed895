"""Rules that both engines share, and the order of events that fall on one instant.

Small pure functions of numbers. An engine owns the clock and the queues; what happens next
is decided here, so the two engines cannot disagree about it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import IntEnum

from sim.log import Outcome
from sim.model import Floats, Rule
from sim.model.opening_hours import first_open

MAX_LEGS = 250
"""Most legs of one issue; a customer who would make another contact after that gives up."""

NEVER = math.inf

MAX_TRANSFERS = 3
"""Most transfers within one contact; a customer who would be transferred again gives up."""


def recontact_cap(issues: int) -> int:
    """Return the most retrials and repeat contacts of one replication, over all customers.

    Fifty for each issue, or a million, is an overload that feeds itself. Beyond it whoever would
    make another contact gives up, and the replication counts as unstable.
    """
    return min(50 * issues, 1_000_000) + 1_000


MOST_CALLS = 100
"""Most outbound calls of one issue, those that were withdrawn at closing included."""

CALL = 128
"""Draws of an outbound call are those of the first contact after so many transfers, plus the
number of the attempt: more than any contact has, so that no other leg has the same."""


_NUMBERS = (1 << 48) - 1


class Rank(IntEnum):
    """What comes first among events of the same instant; then the lower number goes first.

    The values leave the lower 48 bits to that number: :func:`event_order` orders by both.
    Legs are numbered by issue and leg, agents and queues by their own numbers, so the order
    does not depend on the order in which an engine scheduled the events.
    """

    OPENING = 1 << 48
    COMPLETION = 2 << 48
    AGENTS_READY = 3 << 48
    AGENTS_ON_DUTY = 4 << 48
    ARRIVAL = 5 << 48
    OVERFLOW = 6 << 48
    CALLBACK_OFFER = 7 << 48
    LONGEST_WAIT = 8 << 48
    PATIENCE = 9 << 48
    AGENTS_PAUSE = 10 << 48
    AGENTS_OFF_DUTY = 11 << 48
    CLOSING = 12 << 48


def leg_order(issue: int, leg: int) -> int:
    """Return the number by which simultaneous events of legs are ordered."""
    return (issue << 8) | leg


def event_order(rank: int, number: int) -> int:
    """Return what simultaneous events are ordered by: their rank, then their number."""
    return rank | number


def rank_of(order: int) -> int:
    """Return the rank that :func:`event_order` has packed with a number."""
    return order & ~_NUMBERS


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
        Active contacts of the agent.
    since : float
        Instant (s) since which the agent has been as idle as now.
    busy : float
        Time (s) with active contacts so far.
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
    take: int,
    deferred: int,
    priority: int,
    weight: float,
    head_start: float,
    wait: float,
    place: float,
) -> tuple[float, float, float, float, float]:
    """Return the key by which an agent chooses among the heads of queues: the smallest first.

    Preference of the group, then live before deferred, then priority, then wait and head start (s)
    together times weight, then the earlier place in the queue (an instant, s).
    """
    urgency = weight * (wait + head_start)
    return (float(take), float(deferred), -float(priority), -urgency, place)


def service_speed(speeds: list[float], load: int) -> float:
    """Return the speed of work on each of an agent's ``load`` active contacts."""
    return speeds[min(load, len(speeds)) - 1]


def has_waited(place: float, delay: float, now: float) -> bool:
    """Return whether a contact has waited ``delay`` seconds, computed as for its timeout."""
    return place + delay <= now


def session_outcome(abandoned: float, contained: float, u: float) -> int:
    """Return how a session with the bot ends, a :class:`~sim.log.Outcome`, by two shares."""
    if u < abandoned:
        return _ABANDONED_BOT
    if u < abandoned + contained:
        return _CONTAINED
    return _HANDED_OVER


_ABANDONED_BOT, _CONTAINED, _HANDED_OVER = (
    int(Outcome.LEFT_INSIDE),
    int(Outcome.CONTAINED),
    int(Outcome.HANDED_OVER),
)


def bot_is_down(outages: Floats, now: float) -> bool:
    """Return whether the bot is down at an instant (s); outages have shape (n, 2)."""
    for k in range(len(outages)):  # noqa: SIM110, a loop can be compiled
        if outages[k, 0] <= now < outages[k, 1]:
            return True
    return False


def share_resolved(
    queue: float, skill: float, kind: float, agent: float, transferred: float, transfers: int,
    context: float, wait: float,
) -> float:  # fmt: skip
    """Return the share of contacts that resolve their issue: that of the queue times factors.

    Parameters
    ----------
    queue : float
        Share resolved by the queue.
    skill, kind, agent : float
        Factors of the group's skill, the kind of issue and the agent.
    transferred : float
        Factor for each transfer.
    transfers : int
        Of the contact so far.
    context, wait : float
        Factors for lost context and for a long wait, 1 without them.
    """
    share = queue * skill * kind * agent
    for _ in range(transfers):
        share *= transferred
    return min(share * context * wait, 1.0)


def has_context(carried: float, u: float) -> bool:
    """Return whether context is carried, given the share of contacts with it."""
    return u < carried


def choose_transfer(shares: Sequence[float] | Floats, u: float) -> int:
    """Return the number of the transfer that happens, given the share of each; -1 for none."""
    reached = 0.0
    for k in range(len(shares)):
        reached += shares[k]
        if u < reached:
            return k
    return -1


def changed_work(work: float, factor: float, add: float) -> float:
    """Return talk work (s) changed by a factor and an amount, never below zero."""
    return max(0.0, work * factor + add)


def announced_wait(ahead: int, handle: float, capacity: float, scale: float) -> float:
    """Return the wait (s) that is announced to a contact.

    Parameters
    ----------
    ahead : int
        Contacts that wait in the queue already.
    handle : float
        Mean handle time (s).
    capacity : float
        Contacts that those logged in can work on at a time, at full speed.
    scale : float
        Announced wait as a multiple of the estimate.
    """
    return (ahead + 1) * handle / capacity * scale


def share_by_announcement(share: float, per_minute: float, announced: float) -> float:
    """Return a share raised by so much for each announced minute; NaN: nothing was announced."""
    if math.isnan(announced):
        return share
    return share + per_minute * (announced / 60.0)


def conditions_at(starts: Sequence[float] | Floats, instant: float) -> int:
    """Return which conditions hold at an instant (s); ``starts`` ascend, the first is 0."""
    first, last = 0, len(starts) - 1
    while first < last:
        middle = (first + last + 1) // 2
        if starts[middle] <= instant:
            first = middle
        else:
            last = middle - 1
    return first


def interval_at(instant: float, interval_s: float, intervals: int) -> int:
    """Return the interval of the horizon in which an instant (s) falls, the last one for later."""
    return min(int(instant / interval_s), intervals - 1)


def day_at(instant: float, day_s: float, days: int) -> int:
    """Return the day of the horizon in which an instant (s) falls, the last one for later."""
    return min(int(instant / day_s), days - 1)


def call_starts(hours: Floats, instant: float, born: float, calls: int) -> float:
    """Return when an outbound call may be made; infinite when the customer would be first.

    Parameters
    ----------
    hours : ndarray, shape (n, 2)
        Of the queue of outbound calls.
    instant : float
        When it is due (s).
    born : float
        When the customer contacts the center (s).
    calls : int
        Calls that there were before.
    """
    starts = first_open(hours, max(instant, 0.0))
    return starts if starts < born and calls < MOST_CALLS else math.inf


def callback_offered(offer_at: int, waiting: int) -> bool:
    """Return whether a callback is offered on arrival with ``waiting`` others in the queue."""
    return offer_at > 0 and waiting + 1 >= offer_at
