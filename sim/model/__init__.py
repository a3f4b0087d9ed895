"""A scenario as arrays: what the tape, the engines and the metrics read.

Here names have become indices. Queues and groups are numbered in the alphabetical order
of their names, so the order in which a file lists them changes nothing. Time is in
seconds since midnight of the first day. The arrays are filled by :func:`build`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from sim.scenario import Scenario

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NOBODY = -1
"""Stands where an index of a queue, group, agent or law is absent."""


class LawKind(IntEnum):
    """The families of distributions; the comment gives the meaning of ``a`` and ``b``."""

    DETERMINISTIC = 0  # a: the value
    EXPONENTIAL = 1  # a: mean
    LOGNORMAL = 2  # a: mean of the logarithm, b: its standard deviation
    GAMMA = 3  # a: shape, b: scale
    WEIBULL = 4  # a: shape, b: scale
    UNIFORM = 5  # a: lowest, b: highest
    POINTS = 6  # a quantile curve: value against probability, linear between points
    UNLIMITED = 7  # always infinite


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
class Law:
    """One distribution of a time in seconds.

    Attributes
    ----------
    kind : LawKind
    a, b : float
        Parameters, see :class:`LawKind`.
    zero : float
        Share of draws that are exactly zero; the law holds for the others.
    u, x : ndarray, shape (n,)
        For ``POINTS``: probabilities (ascending, from 0 to at most 1) and values (seconds).
        Probability beyond the last point means "never" (infinite).
    """

    kind: LawKind
    a: float = 0.0
    b: float = 0.0
    zero: float = 0.0
    u: Floats = field(default_factory=lambda: np.empty(0))
    x: Floats = field(default_factory=lambda: np.empty(0))


NEVER = Law(LawKind.UNLIMITED)
AT_ONCE = Law(LawKind.DETERMINISTIC, 0.0)


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
        Ascending recorded arrival times; when given, nothing else is drawn.
    recorded_talk, recorded_patience : ndarray or None, shape (contacts,)
        Recorded talk time and patience that go with ``recorded`` (NaN: draw from the law).
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
class Change:
    """How talk work is altered on a further leg: ``work * factor + add`` (never below zero)."""

    factor: float = 1.0
    add: float = 0.0


@dataclass(frozen=True, slots=True)
class Bot:
    """Self-service in front of a queue; shares are of sessions unless said otherwise.

    ``residual`` multiplies the talk work of everything that reaches people, because what
    the bot contains is the easy part; those who come back because it only seemed to help
    bring that easy part, ``comeback``.
    """

    tried: float  # of arriving contacts
    session: Law
    left: float
    contained: float
    resolved: float  # of the contained
    comes_back: float  # of the contained but unresolved
    comes_back_after: Law
    handover: Change
    residual: float
    outage: Floats  # shape (n, 2): start and end of each outage
    comeback: float = 1.0  # multiplies the talk of those who come back: the easy part
    name: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Trying again after an abandonment or a busy line."""

    after_abandon: float
    after_busy: float
    delay: Law
    at_most: int
    queue: int
    keeps_patience: bool


@dataclass(frozen=True, slots=True)
class Repeat:
    """Coming back because the issue was not resolved."""

    share: float
    delay: Law
    at_most: int
    queue: int
    change: Change


@dataclass(frozen=True, slots=True)
class Transfer:
    """Being passed on to another queue after the talk."""

    queue: int
    share: float
    warm: bool
    change: Change


@dataclass(frozen=True, slots=True)
class Callback:
    """An offer to be called back instead of waiting.

    Offered once, at ``offer_after`` seconds of wait or on arrival at ``offer_at`` or later
    in line (whichever is set; infinite or 0 when not). With ``keeps_place`` the promise
    stands in line where the caller stood; otherwise it joins the line after ``delay``.
    ``dial`` is the agent's time for an attempt that nobody answers; a further attempt joins
    the line after ``again``.
    """

    offer_after: float
    offer_at: int
    accepted: float
    answered: float
    tries: int
    keeps_place: bool
    delay: Law
    dial: Law
    again: Law


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue. Times in seconds, shares from 0 to 1."""

    name: str
    channel: str
    deferred: bool  # email, cases: waits over closing time, yields to live contacts
    demand: Demand
    hours: Floats  # shape (n, 2): opening and closing instants, ascending, disjoint
    at_close: AtClose
    talk: Law
    hold: Law
    wrap: Law
    patience: Law
    balk: float = 0.0
    lines: float = np.inf  # contacts in self-service, waiting or talking; inf: no bound
    shares_lines: bool = False  # counts against the center's common lines too
    limit: float = np.inf  # contacts waiting
    longest_wait: float = np.inf  # then a message is taken
    priority: int = 1  # higher goes first
    weight: float = 1.0  # wait times weight decides among equal priorities
    threshold: float = 20.0
    target: float = 0.8
    variant: str = "abandons_ignored"
    short: float = 5.0  # an abandonment up to this wait is "short"
    due: float = np.inf  # deferred: time to finish
    start_over: bool = False  # interrupted work is lost instead of continued
    rule: Rule = Rule.LONGEST_IDLE
    resolved: float = np.nan  # share resolved by one contact; NaN: not modelled
    bot: Bot | None = None
    retry: Retry | None = None
    repeat: Repeat | None = None
    transfers: tuple[Transfer, ...] = ()
    callback: Callback | None = None


@dataclass(frozen=True, slots=True)
class Skill:
    """What one group may do for one queue.

    Attributes
    ----------
    queue : int
    level : int
        For a contact that seeks an agent: groups of the lowest level are asked first.
    take : int
        For an agent who seeks a contact: queues of the lowest number are served first.
    after : float
        The group may take the queue's contacts only once they have waited so long (s).
    speed : ndarray, shape (at_once,)
        Work done per second on each contact when the agent has 1, 2, … contacts in hand.
    at_once : int
        Contacts of this queue that one agent may have in hand.
    reserve : int
        The group takes these contacts only while more than this many of its agents are idle.
    resolves : float
        Multiplies the queue's share of resolved contacts.
    """

    queue: int
    level: int
    take: int
    after: float
    speed: Floats
    at_once: int
    reserve: int
    resolves: float


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's planned presence on one day.

    Attributes
    ----------
    agent : int
        Number within the group.
    day : int
    start, end : float
        Instants (s since midnight of the first day).
    breaks : ndarray, shape (n, 2)
        Planned start (instant) and length (s) of each break, ascending. A break begins
        when the contact in hand is finished and keeps its length.
    """

    agent: int
    day: int
    start: float
    end: float
    breaks: Floats


@dataclass(frozen=True, slots=True)
class Group:
    """One group of agents.

    A group is staffed either by ``headcount`` (anonymous: when the number falls, idle agents
    leave at once, then those who hand their work back; the others asked to go, the highest
    number first, leave when what they have in hand is done and take no other contact) or by
    ``shifts`` (persons).

    Attributes
    ----------
    name : str
    skills : tuple of Skill, by queue number
    scheduled : ndarray, shape (intervals,)
        Paid headcount in each interval.
    headcount : ndarray or None, shape (intervals,)
        Headcount net of planned shrinkage, for groups without shifts.
    shifts : tuple of Shift
        For groups with shifts (persons taken off by planned shrinkage are not listed).
    agents : int
        Size: the largest headcount, or the number of persons.
    absent : float
        Chance that an agent does not show up on a day.
    wage, overtime_wage : float
        Pay of an agent for an hour, planned or beyond; NaN where nothing is known of pay.
    wrap_when_idle : bool
        Wrap is put off until nothing waits.
    hands_back : bool
        At the end of a shift, and when the headcount falls, deferred work in hand goes back
        to its queue.
    mixes : frozenset of (str, str)
        Pairs of different channels, both ways round, that one agent may have in hand together.
    interrupts : frozenset of (int, int)
        Pairs (deferred queue, live queue): the live contact interrupts the deferred work.
    """

    name: str
    skills: tuple[Skill, ...]
    scheduled: Floats
    headcount: Ints | None
    shifts: tuple[Shift, ...]
    agents: int
    absent: float = 0.0
    wage: float = np.nan
    overtime_wage: float = np.nan
    wrap_when_idle: bool = False
    hands_back: bool = False
    mixes: frozenset[tuple[str, str]] = frozenset()
    interrupts: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Busyness:
    """How days differ: one factor a day and queue, mean 1.

    ``shared`` is the correlation (of the underlying normal variables) between queues: 1 is
    one factor common to all, 0 a factor of each queue's own. ``cv`` 0 means no variation.
    """

    cv: float = 0.0
    shared: float = 1.0
    lognormal: bool = False


@dataclass(frozen=True, slots=True)
class Goal:
    """What the center as a whole promises to all who turn to its live queues.

    Attributes
    ----------
    threshold : float
        Longest wait (s) that counts as in time.
    target : float
        Share that is to be answered in time.
    variant : str
        Formula of the service level.
    """

    threshold: float
    target: float
    variant: str


@dataclass(frozen=True, slots=True, repr=False)
class Model:
    """A whole scenario as arrays and records.

    Attributes
    ----------
    name : str
    queues, groups : tuples, alphabetical by name
    channels : tuple of str, alphabetical
    days : int
        Days (or stretches) of the horizon.
    day_s : float
        Length of a day: 86400, or the whole stretch of a stationary run.
    interval_s : float
    first_day : datetime64[D]
        Date of the first day.
    starts : tuple of str, shape (intervals,)
        Label of each interval's start: "08:00" for one day, "2026-03-02T08:00" for several.
    horizon : float
        End of the last interval; arrivals stop here.
    measure_from : float
        End of the warm-up: contacts and agent time before it are not counted.
    lines : float
        Lines common to all queues with ``shares_lines``.
    busyness : Busyness
    runs, seed : int
        The scenario's own defaults for an experiment.
    fingerprint : str
        Hash of the scenario and every file it read.
    goal : Goal or None
        By what the live queues together are judged; None: each by its own promise.
    """

    name: str
    queues: tuple[Queue, ...]
    groups: tuple[Group, ...]
    channels: tuple[str, ...]
    days: int
    day_s: float
    interval_s: float
    starts: tuple[str, ...]
    horizon: float
    measure_from: float
    lines: float
    busyness: Busyness
    runs: int
    seed: int
    fingerprint: str
    goal: Goal | None = None
    first_day: np.datetime64 = np.datetime64("2026-01-05")

    def __repr__(self) -> str:
        """Return the model in one line."""
        told = f"{len(self.queues)} queues, {len(self.groups)} groups, {self.intervals} intervals"
        return f"Model({self.name!r}, {told})"

    @property
    def instants(self) -> npt.NDArray[np.datetime64]:
        """Return date and time of each interval's start, shape (intervals,)."""
        since = np.round(np.arange(self.intervals) * self.interval_s).astype("timedelta64[s]")
        return np.asarray(self.first_day.astype("datetime64[s]") + since)

    @property
    def intervals(self) -> int:
        """Return the number of intervals of the horizon."""
        return len(self.starts)

    def interval_of(self, instants: Floats) -> Ints:
        """Return the interval in which each instant (s) falls, the last one for later ones."""
        index = np.floor(instants / self.interval_s).astype(np.int64)
        return np.clip(index, 0, self.intervals - 1)

    def day_of(self, instants: Floats) -> Ints:
        """Return the day in which each instant (s) falls, the last one for later ones."""
        index = np.floor(instants / self.day_s).astype(np.int64)
        return np.clip(index, 0, self.days - 1)


def build(scenario: Scenario) -> Model:
    """Turn a scenario into arrays.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Model

    Raises
    ------
    sim.scenario.ScenarioError
        When fields that are right one by one do not fit together.
    """
    from sim.model.build_model import build_model

    return build_model(scenario)
