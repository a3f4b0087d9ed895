"""What presences miss before the first and after the last contact of an agent."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.free_spans import FreeSpans
from sim.history.estimation.presence_rule import AnsweredContacts
from sim.history.estimation.presences import LONGEST, AgentPresences, PresenceEnds

_PASSES = 4
_NEAR = 1800.0
"""As many contacts are missed outside of opening hours as within this time (s) beside them, but
agents log in at most so long before the opening."""
_OPEN = 0.1
"""A half hour is open on the weekdays of which this share has contacts in it."""
_CLOSED = 3600.0
"""Where usually no contacts arrive for so long (s), opening hours end."""
_STAFFED = 900.0
"""Contacts offered when no agent was there for so long (s) before or after do not count: the center
was closed to them, as to calls at night that all abandon, or to mail."""
_RINGING = 20.0
"""Who takes a first contact that waited for longer (s) was not free before."""
_MOST_GAPS = 100_000
"""Of more gaps between contacts, some are compared with what is expected, evenly over the log."""
_NEGLIGIBLE = 1e-9
_MOST_RATIO = 10.0
"""Of gaps, or their ages, to what is expected of them: where hardly a contact is expected."""


def presence_ends(
    contacts: AnsweredContacts, found: AgentPresences, preference: Floats
) -> PresenceEnds:
    """Return the time that each presence is expected to miss at both ends.

    Parameters
    ----------
    contacts : AnsweredContacts
    found : AgentPresences
        Of these contacts.
    preference : ndarray, shape (agents, queues)
        As of :func:`sim.history.estimation.presence_rule.preference`.

    Notes
    -----
    An agent who is free takes each contact that is offered with a probability p, which depends on
    who else is free. Who logged in at an unknown time (each equally likely) before their first
    contact has missed all contacts since, with the probability ∏(1 - p) ≈ exp(-Σp): the expected
    time is w, the integral of exp(-Σp) back from that contact. Outside of opening hours, where no
    customer calls, Σp grows as beside them, so that agents who all begin at the opening have missed
    as much as those who begin at any time. Integrals are multiplied by the ratio of the gaps g
    between contacts to the integrals forward from their begin. Who begins with a contact that
    waited logged in at that time.

    Agents who log out at a moment that contacts do not choose are free with the share of time
    w / (w + work on a contact), w forward from their last contact, and have then been free for the
    age of a gap: E g² / (2 E g) (renewal theory: Cox 1962, Renewal Theory, sec. 5.1), which is w
    times E g² / (2 E w²).

    Who is free depends on the ends of all presences: four passes, from the mean gap.
    """
    between = FreeSpans.of(contacts.agent, contacts.start, contacts.end, LONGEST)
    between = between.without(found.first_call)
    some = np.argsort(between.start, kind="stable")[:: 1 + (between.start.size - 1) // _MOST_GAPS]
    since = between.start[some]
    gap = between.end[some] - since
    first = found.first_call
    waited = contacts.start[first] - contacts.instant[contacts.contact[first]] > _RINGING
    contacts = _while_staffed(contacts, found)
    if not gap.size or not contacts.instant.size:
        return PresenceEnds(np.zeros(found.agent.size), np.zeros(found.agent.size))
    times = _ContactTimes.of(contacts)
    serves, kind = np.unique(contacts.able * preference, axis=0, return_inverse=True)
    of_presence, of_gap = kind.ravel()[found.agent], kind.ravel()[between.agent[some]]
    free_between = [_free(contacts, between, preference, queue) for queue in range(serves.shape[1])]
    worked = contacts.mean_work
    before = np.full(found.agent.size, float(gap.mean()))
    after = before**2 / np.maximum(before + worked, _NEGLIGIBLE)
    expected = np.zeros(gap.size)
    for _ in range(_PASSES):
        ends = _spans_at_ends(found, before, after)
        free = [one + _free(contacts, ends, preference, k) for k, one in enumerate(free_between)]
        for at, weight in enumerate(serves):
            taken = np.zeros(contacts.instant.size)
            for queue in np.flatnonzero(weight):
                # The agent is one of the free.
                least = np.maximum(free[queue], weight[queue])
                taken[contacts.asked == queue] = weight[queue] / least
            free_times = times.free_times(taken)
            before[of_presence == at] = free_times.time_before(found.start[of_presence == at])
            after[of_presence == at] = free_times.time_after(found.end[of_presence == at])
            expected[of_gap == at] = free_times.time_after(since[of_gap == at])
        ratio = min(float(gap.sum() / max(expected.sum(), _NEGLIGIBLE)), _MOST_RATIO)
        squares = max(float(np.sum((ratio * expected) ** 2)), _NEGLIGIBLE)
        age = min(float(np.sum(gap**2)) / (2 * squares), _MOST_RATIO)
        before = np.where(waited, 0.0, np.minimum(ratio * before, LONGEST))
        wait = ratio * after
        after = age * wait**2 / np.maximum(wait + worked, _NEGLIGIBLE)
        after = np.minimum(after, LONGEST)
    return PresenceEnds(before, after)


def _while_staffed(contacts: AnsweredContacts, found: AgentPresences) -> AnsweredContacts:
    """Return contacts without those that were offered when no agent was there."""
    came, went = np.sort(found.start - _STAFFED), np.sort(found.end + _STAFFED)
    instant = contacts.instant
    there = np.searchsorted(came, instant, side="right") > np.searchsorted(went, instant)
    return replace(contacts, instant=instant[there], asked=contacts.asked[there])


def _free(contacts: AnsweredContacts, spans: FreeSpans, preference: Floats, queue: int) -> Floats:
    """Return the weight of who was free when each contact of a queue was offered."""
    weight = preference[:, queue] * contacts.able[:, queue]
    return spans.total(contacts.instant[contacts.asked == queue], weight)


def _spans_at_ends(found: AgentPresences, before: Floats, after: Floats) -> FreeSpans:
    agent = np.concatenate((found.agent, found.agent))
    start = np.concatenate((found.start - before, found.end))
    end = np.concatenate((found.start, found.end + after))
    return FreeSpans(agent, start, end, np.full(agent.size, -1))


@dataclass(frozen=True)
class _ContactTimes:
    """When contacts were offered, in order of time, and when the center was open.

    Attributes
    ----------
    order : ndarray of int, shape (contacts,)
    moment : ndarray, shape (contacts,)
        Seconds since the start of the first day.
    opening_hours : ndarray of int, shape (contacts,)
        Opening hours in which each contact was offered, counted from the first ones.
    opening, closing : ndarray, shape (opening hours,)
        Seconds since the start of the first day.
    """

    order: Ints
    moment: Floats
    opening_hours: Ints
    opening: Floats
    closing: Floats

    @classmethod
    def of(cls, contacts: AnsweredContacts) -> _ContactTimes:
        """Return the times of contacts."""
        order = np.argsort(contacts.instant, kind="stable")
        moment = contacts.instant[order]
        apart_from_next = _closed_between(moment)
        opening_hours = np.append(0, np.cumsum(apart_from_next))
        first = moment[np.append(True, apart_from_next)]
        last = moment[np.append(apart_from_next, True)]
        counted = last - first >= _NEAR
        hours, some = int(np.count_nonzero(counted)), counted[opening_hours]
        opening = first - _mean_step((moment - first[opening_hours])[some], hours)
        closing = last + _mean_step((last[opening_hours] - moment)[some], hours)
        return cls(order, moment, opening_hours, opening, closing)

    def free_times(self, taken: Floats) -> _FreeTimes:
        """Return for how long agents are free who take each contact with some probability.

        Parameters
        ----------
        taken : ndarray, shape (contacts,)
            In the order of the contacts that were passed.
        """
        taken = taken[self.order]
        still_free, gap = np.exp(-taken), np.diff(self.moment)
        change = np.diff(self.opening_hours) > 0
        after_closing = self._outside(taken, self.closing[self.opening_hours] - self.moment)
        until_closing = self.closing[self.opening_hours] - self.moment + after_closing
        before_opening = self._outside(taken, self.moment - self.opening[self.opening_hours])
        since_opening = self.moment - self.opening[self.opening_hours] + before_opening
        last, first = np.append(change, True), np.append(True, change)
        on = _discounted(
            np.where(last, until_closing, np.append(gap, 0.0))[::-1],
            np.where(last, 0.0, np.append(still_free[1:], 0.0))[::-1],
        )[::-1]
        back = _discounted(
            np.where(first, since_opening, np.append(0.0, gap)),
            np.where(first, 0.0, np.append(0.0, still_free[:-1])),
        )
        return _FreeTimes(self, still_free, on, back, before_opening, after_closing)

    def _outside(self, taken: Floats, apart: Floats) -> float:
        """Return the expected time (s) free beyond opening or closing.

        Parameters
        ----------
        taken : ndarray, shape (contacts,)
            In order of time.
        apart : ndarray, shape (contacts,)
            Time (s) from the opening, or to the closing.
        """
        longer = self.closing - self.opening >= _NEAR
        near = float(np.sum(taken[longer[self.opening_hours] & (apart <= _NEAR)]))
        return _NEAR / max(near / max(int(np.count_nonzero(longer)), 1), 1.0)


@dataclass(frozen=True)
class _FreeTimes:
    """Expected times (s) free from just after each contact on, and back from just before it.

    Who is done after closing leaves.
    """

    times: _ContactTimes
    still_free: Floats
    after_contact: Floats
    before_contact: Floats
    before_opening: float
    after_closing: float

    def time_after(self, moment: Floats) -> Floats:
        """Return the expected times free from moments on."""
        times = self.times
        before = np.searchsorted(times.moment, moment, side="right") - 1
        opening_hours = times.opening_hours[np.maximum(before, 0)]
        after = np.minimum(before + 1, times.moment.size - 1)
        same = (before + 1 < times.moment.size) & (times.opening_hours[after] == opening_hours)
        later = times.moment[after] - moment + self.still_free[after] * self.after_contact[after]
        until = times.closing[opening_hours] - moment
        return np.where(same, later, np.where(until > 0, until + self.after_closing, 0.0))

    def time_before(self, moment: Floats) -> Floats:
        """Return the expected times free up to moments."""
        times = self.times
        # The contact that was answered then may have been offered long before.
        latest = np.searchsorted(times.moment, moment, side="right") - 1
        opening_hours = times.opening_hours[np.maximum(latest, 0)]
        count = np.searchsorted(times.moment, moment, side="left")
        before = np.maximum(count - 1, 0)
        same = (count > 0) & (times.opening_hours[before] == opening_hours)
        earlier = self.still_free[before] * self.before_contact[before]
        earlier += moment - times.moment[before]
        since = moment - times.opening[opening_hours]
        return np.where(same, earlier, np.where(since > 0, since + self.before_opening, 0.0))


def _discounted(step: Floats, weight: Floats) -> Floats:
    """Return f with f[k] = step[k] + weight[k] · f[k-1].

    It is computed within all pieces at once, of which there are about as many as contacts in each,
    then from piece to piece.

    Parameters
    ----------
    step, weight : ndarray, shape (contacts,)
    """
    length = max(int(np.sqrt(step.size)), 1)
    pad = np.zeros(-step.size % length)
    found, factor = (np.append(x, pad).reshape(-1, length).T.copy() for x in (step, weight))
    for k in range(1, length):
        found[k] += factor[k] * found[k - 1]
        factor[k] *= factor[k - 1]
    before = 0.0
    for at in range(found.shape[1]):
        found[:, at] += factor[:, at] * before
        before = float(found[-1, at])
    return np.asarray(found.T.reshape(-1)[: step.size])


def _closed_between(moment: Floats) -> Bools:
    """Return between which contacts there are half hours enough that are closed as a rule.

    Parameters
    ----------
    moment : ndarray, shape (contacts,)

    Returns
    -------
    ndarray of bool, shape (contacts - 1,)
    """
    half_hour = np.maximum(moment // 1800, 0).astype(np.int64)
    some = np.zeros((int(half_hour[-1]) // (7 * 48) + 1, 7 * 48), dtype=bool)
    some[np.divmod(np.unique(half_hour), 7 * 48)] = True
    any_day = some.reshape(-1, 7, 48).any(axis=2)
    share = some.sum(axis=0).reshape(7, 48) / np.maximum(any_day.sum(axis=0), 1)[:, None]
    closed = np.tile(share.ravel() < _OPEN, some.shape[0])
    until = np.append(0, np.cumsum(closed))
    return np.asarray((until[half_hour[1:]] - until[half_hour[:-1] + 1]) * 1800.0 >= _CLOSED)


def _mean_step(apart: Floats, hours: int) -> float:
    """Return the mean time (s) between contacts in the half hour next to opening or closing.

    Parameters
    ----------
    apart : ndarray, shape (contacts,)
        Time (s) from the first contact of the opening hours, or to the last.
    hours : int
        Opening hours that they belong to.
    """
    near = int(np.count_nonzero(apart <= _NEAR)) - hours
    return min(_NEAR * hours / max(near, 1), _NEAR)
