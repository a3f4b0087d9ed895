"""Names of the sums that one replication leaves behind.

Every sum is additive: over intervals, over queues or groups, over replications. A metric is
a ratio of such sums, so any engine that can fill these arrays needs no further statistics.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class LegSum(IntEnum):
    """Sums over legs, by queue and by the interval in which the leg began.

    Legs of callbacks, outbound calls, sessions of self-service and the backlog of earlier days
    are not among the offered and answered; the handling times hold whatever agents handled.
    """

    OFFERED = 0  # legs that reached the queue
    ANSWERED = 1  # taken up by an agent, done or not
    WITHIN = 2  # of these within the threshold
    AT_ONCE = 3  # of these without any wait
    ABANDONED = 4  # left while waiting, with or without a word, or balked
    ABANDONED_WITHIN = 5  # of these within the threshold
    ABANDONED_SHORT = 6  # of these after at most the "short" wait
    BALKED = 7  # left at once on hearing of the wait
    BUSY = 8  # met a busy signal
    FULL = 9  # met a full queue
    MESSAGE = 10  # left a message after the longest wait allowed
    CALLBACKS = 11  # took the offer of a callback
    SENT_AWAY = 12  # still waiting when the queue closed
    STILL_WAITING = 13  # when the clock stopped
    IN_HAND = 14  # answered, but not finished when the clock stopped
    WAIT_ANSWERED = 15  # s
    WAIT_ABANDONED = 16  # s
    WAIT_OTHERS = 17  # s, of messages, callbacks taken, sent away
    CALLBACKS_ANSWERED = 18  # called back and reached
    CALLBACKS_MISSED = 19  # dialled without an answer
    CALLBACKS_OPEN = 20  # still to be dialled when the clock stopped
    WAIT_CALLBACK = 21  # s, from the promise to the answered callback
    HANDLED = 22  # finished by an agent, callbacks and outbound calls included
    TALK = 23  # s, of the handled
    HOLD = 24  # s, of the handled
    WRAP = 25  # s, of the handled
    TRANSFERRED = 26  # handled, then passed on
    REPEATING = 27  # handled, then back about the same issue
    RETRYING = 28  # abandoned, blocked or sent away, then another try
    TRANSFERS_IN = 29  # offered by being passed on
    RETRIES = 30  # offered as another try
    REPEATS = 31  # offered because an earlier contact did not resolve the issue
    BOUNCES = 32  # offered because self-service only seemed to help
    KNOWN = 33  # handled, and it is known whether that resolved the issue
    RESOLVED = 34  # of these resolved
    DUE_MET = 35  # deferred: done by the due time
    DUE_MISSED = 36  # deferred: done late, or overdue at the end
    DONE = 37  # deferred: done
    COMPLETION = 38  # s, deferred: from arrival until done
    BACKLOG = 39  # deferred: open at the end of the interval (an instant, not a sum)
    SESSIONS = 40  # self-service that ended
    CONTAINED = 41  # ended by the bot
    LEFT_INSIDE = 42  # gave up inside
    HANDED_OVER = 43  # went on to people
    BOT_RESOLVED = 44  # contained and truly resolved
    BOUNCED = 45  # contained, then back
    SESSION_TIME = 46  # s
    WITHIN_CENTER = 47  # answered within the center's threshold (the queue's, without one)
    ABANDONED_WITHIN_CENTER = 48  # abandoned within the center's threshold
    REWORK = 49  # s, handling of repeat contacts, bounce-backs and transferred contacts
    SILENT = 50  # abandoned while waiting without a word
    ANNOUNCED = 51  # a wait was announced
    ANNOUNCED_WAIT = 52  # s, announced
    ANNOUNCED_ANSWERED = 53  # a wait was announced, and an agent answered
    ANNOUNCED_ERROR = 54  # s, by which waits of these differ from the announced ones


class IssueSum(IntEnum):
    """Sums over issues, by the queue they first turned to and the interval of their birth."""

    ISSUES = 0  # each customer has one
    CONTACTS = 1  # that these issues caused
    JUDGED = 2  # issues of queues for which resolution is modelled
    FIRST_RESOLVED = 3  # resolved by the first contact
    EVER_RESOLVED = 4  # resolved by any contact
    RESOLUTION_TIME = 5  # s, from birth to the contact that resolved it
    GAVE_UP = 6  # ended at a cap of tries
    SERVED = 7  # issues that spoke to an agent at least once
    SWITCHES = 8  # changes of channel between one leg and the next


class JourneySum(IntEnum):
    """Sums over issues by the queue they first turned to, kind and segment, over the horizon.

    The first ones are those of :class:`IssueSum`. All of issues that lead to a contact, but for
    those from ``PREVENTED`` on, and VALUE, which has the customers of issues that never arise
    too.
    """

    ISSUES = 0
    CONTACTS = 1
    JUDGED = 2
    FIRST_RESOLVED = 3
    EVER_RESOLVED = 4
    RESOLUTION_TIME = 5
    GAVE_UP = 6
    SERVED = 7
    SWITCHES = 8
    TRANSFERS = 9  # legs that came about by a transfer
    CONTEXT_LOST = 10  # answered legs without the context of the one before
    WAITED = 11  # s, of all legs at live queues, callbacks and backlog not included
    SATISFIED = 12  # expected number of satisfied customers; like the following, of the judged
    PROMOTERS = 13
    DETRACTORS = 14
    EFFORT = 15  # points
    HIGH_EFFORT = 16  # issues with high effort
    AT_RISK = 17  # expected number of customers who leave
    VALUE = 18  # money a year, of customers whose value is known, also of issues that never arise
    VALUE_LOST = 19  # of these, expected, of those who leave
    RESPONSES = 20  # expected number of answers to a survey
    RESPONSES_SATISFIED = 21  # of these by the satisfied
    PREVENTED = 22  # issues that never arose
    REACHED = 23  # issues whose customer a message reached before any contact
    SETTLED = 24  # of these without any contact
    OUTBOUND_ATTEMPTS = 25  # outbound calls made
    OUTBOUND_REACHED = 26  # of these that reached the customer
    OUTBOUND_SETTLED = 27  # of these that settled the issue
    OPEN_AT_END = 28  # judged, not resolved: waiting, with an agent, or to contact the center later


class TimeSum(IntEnum):
    """Time of agents (s), by group and by the interval in which it was spent."""

    AVAILABLE = 0  # ready, no active contact
    TALKING = 1  # with at least one live contact
    WRAPPING = 2  # after the talk
    WORKING = 3  # on deferred work only, outbound calls included
    DIALLING = 4  # callbacks and outbound calls that are not answered
    HELD = 5  # with the customer during a warm transfer
    ON_BREAK = 6  # logged in, on a break
    NOT_READY = 7  # in a gap after a contact, or a break in quiet times
    LOAD = 8  # active contacts times time, while talking
    OVERTIME = 9  # of any state, after the shift or after the horizon
    PAID = 10  # scheduled, or logged in where that is more (a last contact is finished)


WAIT_EDGES: Floats = np.concatenate(
    [np.arange(0.0, 60.25, 0.5), 60.0 * 1.01 ** np.arange(1, 1075), [np.inf]]
)
"""Upper edges (s) of the classes of wait: exactly 0, half seconds to 60 s, then steps of 1 %
to beyond 30 days. Class ``k`` holds waits above edge ``k - 1`` up to and with edge ``k``."""


TICK_S = 2.0**-20
"""Seconds are summed in whole multiples of this (about a microsecond): such sums are exact, so
they are the same in whatever order, and by whatever engine, they are made."""


def in_ticks(seconds: Floats) -> Floats:
    """Return times (s) as the nearest multiples of :data:`TICK_S`."""
    return np.asarray(np.rint(seconds / TICK_S) * TICK_S)


def names(kind: type[IntEnum]) -> tuple[str, ...]:
    """Return the names of sums as formulas write them."""
    return tuple(member.name.lower() for member in kind)
