"""Queues: what arrives, how it waits, how it is handled, and what follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from sim.array_types import Floats
from sim.distributions import TimeDistribution
from sim.model.bots import Bot, Context, TalkChange
from sim.model.conditions import Conditions
from sim.model.waiting import Announce, Silent


class AtClose(IntEnum):
    """What happens to those who wait when their queue closes."""

    SERVE = 0
    SEND_AWAY = 1
    CARRY_OVER = 2


class Rule(IntEnum):
    """How an agent is chosen among those of the same preference level."""

    LONGEST_IDLE = 0
    LEAST_BUSY = 1
    FASTEST = 2
    BEST_RESOLVER = 3


@dataclass(frozen=True, slots=True)
class Demand:
    """What arrives at one queue, before any self-service in front of it.

    Attributes
    ----------
    expected : ndarray, shape (intervals,)
        Expected (Poisson) or exact number of new contacts in each interval of the horizon.
    exact : bool
        The numbers are exact counts, not expectations.
    recorded : ndarray or None, shape (contacts,)
        Ascending recorded arrival times; where set, no others are drawn.
    recorded_talk, recorded_patience : ndarray or None, shape (contacts,)
        Recorded talk time and patience that go with ``recorded`` (NaN: draw from the distribution).
    backlog : int
        Contacts that wait already when the horizon begins.
    """

    expected: Floats
    exact: bool = False
    recorded: Floats | None = None
    recorded_talk: Floats | None = None
    recorded_patience: Floats | None = None
    backlog: int = 0


@dataclass(frozen=True, slots=True)
class Retry:
    """A retrial after an abandonment or a busy signal."""

    after_abandon: float
    after_busy: float
    delay: TimeDistribution
    at_most: int
    queue: int
    keeps_patience: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """A repeat contact because the issue was not resolved."""

    share: float
    delay: TimeDistribution
    at_most: int
    queue: int
    change: TalkChange
    context: Context = Context()


@dataclass(frozen=True, slots=True)
class Transfer:
    """A transfer to another queue after the talk."""

    queue: int
    share: float
    warm: bool
    change: TalkChange
    context: Context = Context()


@dataclass(frozen=True, slots=True)
class Resolution:
    """Factors on the share resolved: for each transfer, without context, and after a long wait."""

    transferred: float = 1.0
    context_lost: float = 1.0
    waited_over: float = np.inf
    waited: float = 1.0


@dataclass(frozen=True, slots=True)
class Callback:
    """An offer to be called back instead of waiting.

    Offered once, after a wait of ``offer_after`` seconds or on arrival at position ``offer_at``
    or later (whichever is set; infinite or 0 when not). With ``keeps_place`` the callback keeps
    the caller's place in the queue; otherwise it joins the queue after ``delay``. ``dial`` is the
    agent's time for an unanswered attempt; a further attempt joins the queue after ``again``.
    """

    accepted: float
    answered: float
    tries: int
    keeps_place: bool
    delay: TimeDistribution
    dial: TimeDistribution
    again: TimeDistribution
    offer_after: float = np.inf
    offer_at: int = 0


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue. Times in seconds, shares from 0 to 1."""

    name: str
    channel: str
    deferred: bool  # email, cases: waits over closing time, yields to live contacts
    demand: Demand
    hours: Floats  # shape (n, 2): opening and closing instants, ascending, disjoint
    at_close: AtClose
    talk: TimeDistribution
    hold: TimeDistribution
    wrap: TimeDistribution
    patience: TimeDistribution
    balk: float = 0.0
    lines: float = np.inf  # contacts in self-service, waiting or talking; inf: no bound
    shares_lines: bool = False  # counts against the center's common lines too
    limit: float = np.inf  # contacts waiting
    longest_wait: float = np.inf  # then a message is taken
    priority: int = 1  # higher goes first
    weight: float = 1.0  # wait and head start times weight decide among equal priorities
    head_start: float = 0.0  # s
    threshold: float = 20.0
    target: float = 0.8
    variant: str = "abandons_ignored"
    short: float = 5.0  # an abandonment up to this wait is "short"
    due: float = np.inf  # deferred: time to finish
    start_over: bool = False  # interrupted work is lost instead of continued
    rule: Rule = Rule.LONGEST_IDLE
    resolved: float = np.nan  # share resolved by one contact; NaN: not modelled
    resolution: Resolution = Resolution()
    bot: Bot | None = None
    retry: Retry | None = None
    repeat: Repeat | None = None
    transfers: tuple[Transfer, ...] = ()
    callback: Callback | None = None
    cost_per_minute: float = np.nan  # telephony; NaN: not known
    silent: Silent | None = None
    announce: Announce | None = None
    conditions: tuple[Conditions, ...] = ()  # by instant of arrival, from 0 on; () if none
