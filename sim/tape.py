"""Everything random about one replication, fixed before an engine starts.

A draw depends on the seed, the replication, the name of its stream and the number of its
contact, and on nothing else: not on the order in which an engine asks, not on the other
queues of the scenario, not on the agents. Two scenarios that differ in one thing therefore
share all other random numbers, and both engines simulate the same day.

There are two kinds of draws. What every contact needs (arrival, work, patience) is drawn in
arrays, one random stream per queue, day and purpose. What only some contacts need (choices,
further legs) is a pure function of the contact's key: :meth:`Tape.unit`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import special

from sim.distributions import TimeDistribution
from sim.model import Floats, Ints, Model, Queue
from sim.streams import RandomStreams, Uniforms, contact_keys, single_uniform


class Purpose(IntEnum):
    """What a single draw decides; part of its key, so the numbers must never change."""

    TRY_BOT = 1
    SESSION = 2
    SESSION_END = 3
    BOT_RESOLVES = 4
    BOT_RETURN = 5
    BOT_RETURN_DELAY = 6
    BALK = 7
    RETRY = 8
    RETRY_DELAY = 9
    TRANSFER = 10
    RESOLVED = 11
    REPEAT = 12
    REPEAT_DELAY = 13
    ACCEPT_CALLBACK = 14
    CALLBACK_DELAY = 15
    TALK = 16
    HOLD = 17
    WRAP = 18
    PATIENCE = 19
    ANSWER_CALLBACK = 32  # plus the number of the attempt
    DIAL = 64  # likewise
    REDIAL_DELAY = 96  # likewise


def choice_number(contact: int, transfers: int, purpose: int) -> int:
    """Return the number of a choice among all of one issue; arguments as for `Tape.unit`."""
    return (contact << 16) | (transfers << 8) | purpose


@dataclass(frozen=True, eq=False)
class Tape:
    """The random numbers of one replication.

    Attributes
    ----------
    model : Model
    seed, replication : int
    queue : ndarray of int64, shape (issues,)
        Queue that each issue turns to first; issues are numbered by time of birth.
    born : ndarray of float64, shape (issues,)
        Instants of birth (s), ascending.
    backlog : ndarray of bool, shape (issues,)
        The issue waited already when the horizon began.
    keys : ndarray of uint64, shape (issues,)
        Keys of the single draws, see :meth:`unit`.
    talk, hold, wrap, patience : ndarray of float64, shape (issues,)
        Work (s at full speed) and patience (s) of each issue's first contact.
    present : tuple of ndarray of bool, shape (days, agents) for each group
        Whether an agent shows up.
    mirrored : bool
        Every uniform number is the mirror of its pair's, see :mod:`sim.streams`.
    """

    model: Model
    seed: int
    replication: int
    queue: Ints
    born: Floats
    backlog: npt.NDArray[np.bool_]
    keys: npt.NDArray[np.uint64]
    talk: Floats
    hold: Floats
    wrap: Floats
    patience: Floats
    present: tuple[npt.NDArray[np.bool_], ...]
    mirrored: bool = False

    @cached_property
    def _keys(self) -> list[int]:
        return [int(k) for k in self.keys]

    def unit(self, issue: int, contact: int, transfers: int, purpose: int) -> float:
        """Return the number in (0, 1) that decides one choice.

        Parameters
        ----------
        issue : int
        contact : int
            0 for the first contact of the issue, 1 for the second, …
        transfers : int
            Transfers so far within the contact.
        purpose : int
            What is decided, see :class:`Purpose`.
        """
        u = single_uniform(self._keys[issue], choice_number(contact, transfers, purpose))
        return 1.0 - u if self.mirrored else u

    def draw(
        self, distribution: TimeDistribution, issue: int, contact: int, transfers: int, purpose: int
    ) -> float:
        """Return a time (s) from a distribution, decided by :meth:`unit`."""
        return distribution.quantile(self.unit(issue, contact, transfers, purpose))

    def headcount(self, group: int) -> Ints:
        """Return who of a group staffed by headcount shows up, shape (intervals,)."""
        model = self.model
        planned = model.groups[group].headcount
        if planned is None:
            message = f"group {model.groups[group].name} is staffed by shifts, not by headcount"
            raise ValueError(message)
        if model.groups[group].absent == 0:
            return planned
        day = model.day_of(np.arange(model.intervals, dtype=np.float64) * model.interval_s)
        shown_up = np.concatenate(
            [np.zeros((model.days, 1), np.int64), np.cumsum(self.present[group], axis=1)], axis=1
        )
        return shown_up[day, planned]


def draw_tape(model: Model, seed: int, replication: int, antithetic: bool = False) -> Tape:
    """Draw the tape of one replication.

    Parameters
    ----------
    model : Model
    seed : int
    replication : int
        Counted from 1.
    antithetic : bool
        Replications form pairs, of which the second is the mirror of the first.

    Returns
    -------
    Tape
    """
    streams = RandomStreams(seed, replication, antithetic)
    busy = _busyness(model, streams)
    parts: list[_Births] = []
    for number, queue in enumerate(model.queues):
        parts.extend(_births_of(model, number, queue, busy[:, number], streams))
    births = _merged(parts)
    return Tape(
        model, seed, replication,
        births.queue, births.born, births.backlog, births.keys,
        births.talk, births.hold, births.wrap, births.patience,
        tuple(_who_shows_up(model, g, streams) for g in range(len(model.groups))),
        streams.mirrored,
    )  # fmt: skip


def busyness(model: Model, seed: int, replication: int) -> Floats:
    """Return the factor by which each day and queue differs from its expectation.

    Gamma or lognormal with mean 1 and the scenario's CV; a Gaussian copula gives the
    correlation between queues.

    Returns
    -------
    ndarray, shape (days, queues)
    """
    return _busyness(model, RandomStreams(seed, replication))


def _busyness(model: Model, streams: RandomStreams) -> Floats:
    factor = model.busyness
    if factor.cv == 0:
        return np.ones((model.days, len(model.queues)))
    common = _normals(streams, "busyness", model.days)[:, None]
    own = np.column_stack(
        [_normals(streams, f"busyness/{q.name}", model.days) for q in model.queues]
    )
    score = np.sqrt(factor.shared) * common + np.sqrt(1 - factor.shared) * own
    if factor.lognormal:
        sigma = np.sqrt(np.log1p(factor.cv**2))
        return np.asarray(np.exp(sigma * score - sigma**2 / 2))
    shape = factor.cv**-2
    return np.asarray(special.gammaincinv(shape, special.ndtr(score)) / shape)


def _normals(streams: RandomStreams, name: str, count: int) -> Floats:
    return np.asarray(special.ndtri(streams.stream(name).random(count)))


@dataclass(frozen=True)
class _Births:
    """Issues of one queue and day, or of all merged; columns as in :class:`Tape`."""

    queue: Ints
    born: Floats
    backlog: npt.NDArray[np.bool_]
    keys: npt.NDArray[np.uint64]
    talk: Floats
    hold: Floats
    wrap: Floats
    patience: Floats = field(default_factory=lambda: np.empty(0))


def _births_of(
    model: Model, number: int, queue: Queue, busy: Floats, streams: RandomStreams
) -> list[_Births]:
    """Return the issues of one queue: a part for the backlog, one for each day."""
    parts = []
    if queue.demand.backlog:
        instants = np.zeros(queue.demand.backlog)
        parts.append(_with_work(number, queue, "backlog", instants, streams))
    for day in range(model.days):
        rng = streams.stream(f"queue/{queue.name}/{day}/arrivals")
        instants = _arrivals(model, queue, day, float(busy[day]), rng)
        parts.append(_with_work(number, queue, str(day), instants, streams))
    return parts


def _arrivals(model: Model, queue: Queue, day: int, busy: float, rng: Uniforms) -> Floats:
    """Return the ascending instants (s) at which one day's issues are born."""
    demand, per_day = queue.demand, model.intervals // model.days
    if demand.recorded is not None:
        first, last = np.searchsorted(demand.recorded, [day * model.day_s, (day + 1) * model.day_s])
        return demand.recorded[first:last]
    expected = demand.expected[day * per_day : (day + 1) * per_day]
    edges = day * model.day_s + np.arange(per_day + 1) * model.interval_s
    if demand.exact:
        counts = np.rint(expected).astype(np.int64)
        offset = rng.random(int(counts.sum())) * model.interval_s
        return np.sort(np.repeat(edges[:-1], counts) + offset)
    # A Poisson process of unit rate, read on the clock of the cumulated expectation: contact
    # number k keeps its place in the day when the volume changes.
    total = np.concatenate([[0.0], np.cumsum(expected * busy)])
    ticks = np.cumsum(-np.log1p(-rng.random(_enough(total[-1]))))
    while ticks.size and ticks[-1] < total[-1]:
        more = np.cumsum(-np.log1p(-rng.random(_enough(total[-1] - ticks[-1]))))
        ticks = np.concatenate([ticks, ticks[-1] + more])
    return np.asarray(np.interp(ticks[ticks < total[-1]], total, edges))


def _enough(expected: float) -> int:
    return int(expected + 6 * np.sqrt(expected) + 10) if expected > 0 else 0


def _with_work(
    number: int, queue: Queue, part: str, instants: Floats, streams: RandomStreams
) -> _Births:
    """Add to the births of one queue and day what their first contact needs."""
    count = instants.size
    name = f"queue/{queue.name}/{part}"

    def drawn(distribution: TimeDistribution, purpose: str) -> Floats:
        constant = distribution.constant
        if constant is not None:  # to open a stream costs more than to read it
            return np.full(count, constant)
        return distribution.sample(streams.stream(f"{name}/{purpose}"), count)

    talk, patience = drawn(queue.talk, "talk"), drawn(queue.patience, "patience")
    demand = queue.demand
    if demand.recorded is not None and part != "backlog":
        first = int(np.searchsorted(demand.recorded, instants[0])) if count else 0
        talk = _actual_or_drawn(demand.recorded_talk, first, talk)
        patience = _actual_or_drawn(demand.recorded_patience, first, patience)
    return _Births(
        np.full(count, number, np.int64),
        instants,
        np.full(count, part == "backlog"),
        contact_keys(streams.key(name), count),
        talk, drawn(queue.hold, "hold"), drawn(queue.wrap, "wrap"), patience,
    )  # fmt: skip


def _actual_or_drawn(actual: Floats | None, first: int, drawn: Floats) -> Floats:
    if actual is None:
        return drawn
    known = actual[first : first + drawn.size]
    return np.where(np.isnan(known), drawn, known)


def _merged(parts: list[_Births]) -> _Births:
    """Number the issues of all queues by birth, the earlier queue first where they tie."""
    if len(parts) == 1:
        return parts[0]
    columns = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in ("queue", "born", "backlog", "keys", "talk", "hold", "wrap", "patience")
    }
    order = np.argsort(columns["born"], kind="stable")
    return _Births(**{name: column[order] for name, column in columns.items()})


def _who_shows_up(model: Model, group: int, streams: RandomStreams) -> npt.NDArray[np.bool_]:
    """Return whether each agent of a group shows up on each day, shape (days, agents)."""
    staff = model.groups[group]
    if staff.absent == 0:
        return np.ones((model.days, staff.agents), np.bool_)
    return np.stack(
        [
            streams.stream(f"group/{staff.name}/{day}/absent").random(staff.agents) >= staff.absent
            for day in range(model.days)
        ]
    )
