"""When an agent without a contact is taken to have left, by contacts that others took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.concurrency import busy_times
from sim.history.estimation.free_spans import FreeSpans
from sim.history.estimation.kaplan_meier import survival_curve
from sim.history.estimation.presences import (
    LONGEST,
    MOST_MISSED,
    PRESENCE_GAP,
    latest_ends,
    presences,
)
from sim.units import HOUR

_AT_ONCE = 1.0
"""A contact answered within a second (s) met a free agent."""
_PRIOR = 5.0
"""Contacts that say that all free agents are equally likely to take one, before the data do."""
_EXTREME = 50.0
_ROUNDS, _PASSES = 15, 3
_FEWEST_WAITS = 200
"""Waits for a contact from which on their distribution is looked at."""
_SURE = 1 - 1e-9
"""Probability in place of 1, whose complement has no logarithm."""
_ANOTHER_DAY = 6 * HOUR
"""Gaps longer than this (s) are those between two shifts."""
_WINDOW = 600.0
_MOST_OVERDUE, _STEP = 1500.0, 150.0
_PRIOR_BREAKS, _PRIOR_LENGTH = 10.0, 150.0
_RATES = 1 / np.geomspace(20.0, 2000.0, 200)


@dataclass(frozen=True)
class PresenceRule:
    """When an agent without a contact is taken to have left.

    Attributes
    ----------
    overdue : ndarray, shape (answered,)
        Seconds from when the agent was expected to have missed `most_missed` contacts to this
        one; below 0 where they had not missed so many, or it is their first.
    longest : float
        Who is overdue for longer (s) had left, after a gap of :data:`PRESENCE_GAP` at least.
    preference : ndarray, shape (agents, queues)
        How likely an agent takes a contact that several are free for, in ratio to others.
    most_missed : float
        Contacts that agents who are free are hardly ever expected to have missed.
    """

    overdue: Floats
    longest: float
    preference: Floats
    most_missed: float = MOST_MISSED


@dataclass(frozen=True)
class AnsweredContacts:
    """Contacts that were answered by known agents, and all that were offered.

    Attributes
    ----------
    agent : int64, shape (answered,)
    start, end : ndarray, shape (answered,)
        Begin and end of the work on each, in seconds since the start of the first day.
    contact : int64, shape (answered,)
        Their positions among all contacts.
    instant : ndarray, shape (contacts,)
        When all contacts were offered.
    asked : int64, shape (contacts,)
        Their queues.
    able : bool, shape (agents, queues)
        Queues that each agent serves.
    several : bool
        Agents have several at once; `end` is when they had ended all begun by then.
    """

    agent: Ints
    start: Floats
    end: Floats
    contact: Ints
    instant: Floats
    asked: Ints
    able: Bools
    several: bool = False

    @property
    def mean_work(self) -> float:
        """Mean time (s) that agents work without interruption: on a contact, or on several."""
        if self.several:
            return float(busy_times(self.agent, self.start, self.end).mean())
        return float(np.nanmean(self.end - self.start))


def presence_rule(contacts: AnsweredContacts) -> PresenceRule:
    """Return when agents of a log are taken to have left.

    Parameters
    ----------
    contacts : AnsweredContacts

    Notes
    -----
    Agents who wait for a contact are among those who are free, and a contact is theirs as often as
    their :func:`preference` makes it: where few contacts arrive, a long time without one says
    little; where many do, a short one says much. Who was free is what the rule says, which is
    applied three times for that.
    """
    spans = FreeSpans.of(contacts.agent, contacts.start, contacts.end, PRESENCE_GAP)
    for _ in range(_PASSES):
        weight = preference(contacts, spans)
        missed = MissedContacts.of(contacts, spans, weight)
        most = missed.most(contacts)
        overdue = missed.overdue(contacts, most)
        longest = longest_overdue(overdue)
        found = presences(
            contacts.agent, contacts.start, contacts.end, PRESENCE_GAP, overdue, longest
        )
        spans = FreeSpans.of(contacts.agent, contacts.start, contacts.end, LONGEST)
        spans = spans.without(found.first_call)
    return PresenceRule(overdue, longest, weight, most)


def preference(contacts: AnsweredContacts, spans: FreeSpans) -> Floats:
    """Return how likely an agent takes a contact that several are free for.

    Agents with the same skills have the same, by queue; only ratios say something.

    Parameters
    ----------
    contacts : AnsweredContacts
    spans : FreeSpans

    Returns
    -------
    ndarray, shape (agents, queues)

    Notes
    -----
    The model of Luce (1959, Individual Choice Behavior), its likelihood maximised by the MM
    algorithm (Hunter 2004, MM algorithms for generalized Bradley-Terry models, Annals of Statistics
    32, 384-406), from contacts that were answered at once when agents with different skills were
    free.
    """
    able = contacts.able
    found = np.ones(able.shape)
    sets, place = np.unique(able, axis=0, return_inverse=True)
    of_agent = place.ravel()
    moment = contacts.instant[contacts.contact]
    at_once = contacts.start - moment <= _AT_ONCE
    for queue in range(able.shape[1]):
        able_sets = np.flatnonzero(sets[:, queue])
        if able_sets.size < 2:
            continue
        mine = np.flatnonzero(at_once & (contacts.asked[contacts.contact] == queue))
        free = np.stack([spans.count(moment[mine], of_agent == one) for one in able_sets], axis=1)
        taker = of_agent[contacts.agent[mine]][:, None] == able_sets
        useful = ((free > 0).sum(axis=1) > 1) & ((free > 0) & taker).any(axis=1)
        weight = _most_likely(free[useful].astype(float), taker[useful])
        for one, value in zip(able_sets, weight, strict=True):
            found[of_agent == one, queue] = value
    return found


def _most_likely(free: Floats, taker: Bools) -> Floats:
    weight = np.ones(free.shape[1])
    for _ in range(_ROUNDS):
        expected = (free / np.maximum(free @ weight, 1e-9)[:, None]).sum(axis=0)
        weight = (taker.sum(axis=0) + _PRIOR) / (expected + _PRIOR)
    return np.asarray(np.clip(weight, 1 / _EXTREME, _EXTREME))


def taken_by_one_more(
    spans: FreeSpans, weight: Floats, able: Bools, instant: Floats, asked: Ints, serves: Floats
) -> Floats:
    """Return the probability that one more free agent would have taken each contact.

    Parameters
    ----------
    spans : FreeSpans
    weight : ndarray, shape (agents, queues)
        As of :func:`preference`.
    able : bool, shape (agents, queues)
    instant : ndarray, shape (contacts,)
    asked : int64, shape (contacts,)
    serves : ndarray, shape (queues,)
        The preference of that agent; 0 where they do not serve the queue.
    """
    found = np.zeros(instant.size)
    for queue in np.flatnonzero(serves > 0):
        mine = np.flatnonzero(asked == queue)
        others = spans.total(instant[mine], weight[:, queue] * able[:, queue])
        found[mine] = serves[queue] / (serves[queue] + others)
    return found


@dataclass(frozen=True)
class MissedContacts:
    """Contacts that agents were expected to have missed between two of their own.

    Attributes
    ----------
    after : int64, shape (gaps,)
        Position of the contact after each gap among those answered.
    since : ndarray, shape (gaps,)
        End of the work before each gap.
    alike : int64, shape (gaps,)
        Which agents take contacts as the one of each gap does.
    instant : ndarray, shape (contacts,)
        When all contacts were offered, in order of time.
    total : ndarray, shape (kinds of agents, contacts + 1)
        How many of the first of them a free agent of each kind was expected to take.
    at_random : ndarray, shape (gaps,)
        Probability that the agent, free and given contacts at random, took none until
        :data:`MOST_MISSED` were expected.
    """

    after: Ints
    since: Floats
    alike: Ints
    instant: Floats
    total: Floats
    at_random: Floats

    @classmethod
    def of(cls, contacts: AnsweredContacts, spans: FreeSpans, weight: Floats) -> MissedContacts:
        """Return what agents were expected to miss.

        Parameters
        ----------
        contacts : AnsweredContacts
        spans : FreeSpans
            Times in which agents were free.
        weight : ndarray, shape (agents, queues)
            As of :func:`preference`.
        """
        order = np.lexsort((contacts.start, contacts.agent))
        agent = contacts.agent[order]
        same = np.diff(agent) == 0
        by_time = np.argsort(contacts.instant, kind="stable")
        instant, asked = contacts.instant[by_time], contacts.asked[by_time]
        since = latest_ends(agent, contacts.end[order])[:-1][same]
        kinds, kind = np.unique(contacts.able * weight, axis=0, return_inverse=True)
        alike = kind.ravel()[agent[1:][same]]
        total, at_random = np.zeros((len(kinds), instant.size + 1)), np.zeros(since.size)
        for number, serves in enumerate(kinds):
            taken = taken_by_one_more(spans, weight, contacts.able, instant, asked, serves)
            np.cumsum(taken, out=total[number, 1:])
            none = np.append(0.0, np.cumsum(np.log1p(-np.minimum(taken, _SURE))))
            mine = np.flatnonzero(alike == number)
            first = np.searchsorted(instant, since[mine])
            until = total[number, first] + MOST_MISSED
            last = np.minimum(np.searchsorted(total[number, 1:], until), instant.size)
            at_random[mine] = np.exp(none[last] - none[first])
        return cls(order[1:][same], since, alike, instant, total, at_random)

    def most(self, contacts: AnsweredContacts) -> float:
        """Return how many contacts agents who are free are hardly ever expected to have missed.

        Notes
        -----
        Where contacts are given to the free at random, :data:`MOST_MISSED` are missed by at most
        exp(-3) of those who wait for one. Where they are given to who has been free for longest,
        nearly all miss fewer: as many as are missed no more often, by a product-limit curve of
        the waits for contacts that were answered at once. Waits of more than
        :data:`PRESENCE_GAP`, which may be absences, are cut off there.
        """
        start, offered = contacts.start[self.after], contacts.instant[contacts.contact[self.after]]
        gap = start - self.since
        free = (gap > 0) & (gap <= _ANOTHER_DAY) & (start - offered <= _AT_ONCE)
        if np.count_nonzero(free) < _FEWEST_WAITS:
            return MOST_MISSED
        until = np.minimum(offered, self.since + PRESENCE_GAP)
        missed = self._total(until) - self._total(self.since)
        curve = survival_curve(np.maximum(missed, 0.0)[free], gap[free] <= PRESENCE_GAP)
        found = curve.quantile(1.0 - float(self.at_random[free].mean()))
        return MOST_MISSED if np.isnan(found) else min(found, MOST_MISSED)

    def overdue(self, contacts: AnsweredContacts, most: float = MOST_MISSED) -> Floats:
        """Return for how long each agent had been expected to have missed so many contacts.

        Returns
        -------
        ndarray, shape (answered,)
            Seconds until each contact; below 0 where the agent had not missed so many others.
        """
        found = np.full(contacts.agent.size, -np.inf)
        start, instant = contacts.start[self.after], np.append(self.instant, np.inf)
        until = self._total(self.since) + most
        for kind, total in enumerate(self.total):
            mine = np.flatnonzero(self.alike == kind)
            late = start[mine] - instant[np.searchsorted(total[1:], until[mine], side="right")]
            found[self.after[mine]] = np.where(late > _AT_ONCE, late, -np.inf)
        return found

    def _total(self, moment: Floats) -> Floats:
        """Return how many contacts before each moment the agent of each gap was to take."""
        return np.asarray(self.total[self.alike, np.searchsorted(self.instant, moment)])


def longest_overdue(overdue: Floats) -> float:
    """Return for how long (s) agents are overdue at most who have not left.

    Parameters
    ----------
    overdue : ndarray, shape (answered,)
        As of :func:`overdue_times`.

    Notes
    -----
    What is left of a break is about exponential, whenever one looks at it. The rate is that of the
    first ten minutes (with a prior of ten breaks of 150 s where there are few). The bound, of up
    to 25 min, is where as many of those breaks are longer as shorter times were not breaks but
    absences, which are what is beyond the exponential distribution.
    """
    some = overdue[(overdue > 0) & (overdue < _WINDOW)]
    ended = -np.expm1(-_RATES * _WINDOW)
    likely = some.size * np.log(_RATES / ended) - _RATES * some.sum()
    likely += _PRIOR_BREAKS * (np.log(_RATES) - _RATES * _PRIOR_LENGTH)
    best = int(np.argmax(likely))
    times = np.arange(0.0, _MOST_OVERDUE + _STEP / 2, _STEP)
    breaks = some.size / ended[best] * np.exp(-_RATES[best] * times)
    seen = np.histogram(overdue, times)[0]
    absences = np.append(0.0, np.cumsum(seen + np.diff(breaks)))
    absences = np.maximum.accumulate(np.maximum(absences, 0.0))
    # Breaks beyond all times looked at would be cut off by any of the bounds.
    return float(times[np.argmin(absences + breaks - breaks[-1])])
