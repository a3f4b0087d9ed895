"""What presences miss before the first and after the last contact of an agent."""

from __future__ import annotations

from dataclasses import dataclass

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
"""A usual time without contacts (s) that is as long parts opening hours."""
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
    between contacts to the integrals forward from their begin.

    Agents who log out at a moment that contacts do not choose are free with the share of time
    w / (w + work on a contact), w forward from their last contact, and have then been free for the
    age of a gap: E g² / (2 E g) (renewal theory: Cox 1962, Renewal Theory, sec. 5.1), which is w
    times E g² / (2 E w²).

    Who is free depends on the ends of all presences: four passes, from the mean gap.
    """
    between = FreeSpans.of(contacts.agent, contacts.start, contacts.end, LONGEST)
    between = between.without(found.first_call)
    some = np.argsort(between.start, kind="stable")[:: 1 + between.start.size // _MOST_GAPS]
    since = between.start[some]
    gap = between.end[some] - since
    if not gap.size:
        return PresenceEnds(np.zeros(found.agent.size), np.zeros(found.agent.size))
    times = _ContactTimes.of(contacts)
    serves, kind = np.unique(contacts.able * preference, axis=0, return_inverse=True)
    of_presence, of_gap = kind.ravel()[found.agent], kind.ravel()[between.agent[some]]
    free_between = [_free(contacts, between, preference, queue) for queue in range(serves.shape[1])]
    worked = float(np.mean(contacts.end - contacts.start))
    before = np.full(found.agent.size, float(gap.mean()))
    after = before**2 / (before + worked)
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
            free_times = times.until_taken(taken)
            before[of_presence == at] = free_times.back(found.start[of_presence == at])
            after[of_presence == at] = free_times.on(found.end[of_presence == at])
            expected[of_gap == at] = free_times.on(since[of_gap == at])
        ratio = min(float(gap.sum() / max(expected.sum(), _NEGLIGIBLE)), _MOST_RATIO)
        squares = max(float(np.sum((ratio * expected) ** 2)), _NEGLIGIBLE)
        age = min(float(np.sum(gap**2)) / (2 * squares), _MOST_RATIO)
        before, wait = ratio * before, ratio * after
        after = age * wait**2 / (wait + worked)
    return PresenceEnds(before, after)


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
    opened : ndarray of int, shape (contacts,)
        Opening hours in which each contact was offered, counted from the first ones.
    opening, closing : ndarray, shape (opening hours,)
        Seconds since the start of the first day.
    """

    order: Ints
    moment: Floats
    opened: Ints
    opening: Floats
    closing: Floats

    @classmethod
    def of(cls, contacts: AnsweredContacts) -> _ContactTimes:
        """Return the times of contacts."""
        order = np.argsort(contacts.instant, kind="stable")
        moment = contacts.instant[order]
        parted = _parted(moment)
        opened = np.append(0, np.cumsum(parted))
        first = moment[np.append(True, parted)]
        last = moment[np.append(parted, True)]
        counted = (last - first >= _NEAR)[opened]
        opening = first - _mean_step((moment - first[opened])[counted])
        closing = last + _mean_step((last[opened] - moment)[counted])
        return cls(order, moment, opened, opening, closing)

    def until_taken(self, taken: Floats) -> _FreeTimes:
        """Return for how long agents are free who take each contact with some probability.

        Parameters
        ----------
        taken : ndarray, shape (contacts,)
            In the order of the contacts that were passed.
        """
        taken = taken[self.order]
        kept, gap, change = np.exp(-taken), np.diff(self.moment), np.diff(self.opened) > 0
        after_closing = self._outside(taken, self.closing[self.opened] - self.moment)
        until_closing = self.closing[self.opened] - self.moment + after_closing
        before_opening = self._outside(taken, self.moment - self.opening[self.opened])
        since_opening = self.moment - self.opening[self.opened] + before_opening
        last, first = np.append(change, True), np.append(True, change)
        on = _discounted(
            np.where(last, until_closing, np.append(gap, 0.0))[::-1],
            np.where(last, 0.0, np.append(kept[1:], 0.0))[::-1],
        )[::-1]
        back = _discounted(
            np.where(first, since_opening, np.append(0.0, gap)),
            np.where(first, 0.0, np.append(0.0, kept[:-1])),
        )
        return _FreeTimes(self, kept, on, back, before_opening, after_closing)

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
        near = float(np.sum(taken[longer[self.opened] & (apart <= _NEAR)]))
        return _NEAR / max(near / max(int(np.count_nonzero(longer)), 1), 1.0)


@dataclass(frozen=True)
class _FreeTimes:
    """Expected times (s) free from just after each contact on, and back from just before it.

    Who is done after closing leaves.
    """

    times: _ContactTimes
    kept: Floats
    on_after: Floats
    back_before: Floats
    before_opening: float
    after_closing: float

    def on(self, moment: Floats) -> Floats:
        """Return the expected times free from moments on."""
        times = self.times
        before = np.searchsorted(times.moment, moment, side="right") - 1
        opened = times.opened[np.maximum(before, 0)]
        after = np.minimum(before + 1, times.moment.size - 1)
        same = (before + 1 < times.moment.size) & (times.opened[after] == opened)
        later = times.moment[after] - moment + self.kept[after] * self.on_after[after]
        until = times.closing[opened] - moment
        return np.where(same, later, np.where(until > 0, until + self.after_closing, 0.0))

    def back(self, moment: Floats) -> Floats:
        """Return the expected times free up to moments."""
        times = self.times
        after = np.searchsorted(times.moment, moment, side="left")
        opened = times.opened[np.minimum(after, times.moment.size - 1)]
        before = np.maximum(after - 1, 0)
        same = (after > 0) & (times.opened[before] == opened)
        earlier = moment - times.moment[before] + self.kept[before] * self.back_before[before]
        since = moment - times.opening[opened]
        return np.where(same, earlier, np.where(since > 0, since + self.before_opening, 0.0))


def _discounted(step: Floats, kept: Floats) -> Floats:
    """Return f with f[k] = step[k] + kept[k] · f[k-1]: within all pieces at once, then one by one.

    Parameters
    ----------
    step, kept : ndarray, shape (contacts,)
    """
    length = max(int(np.sqrt(step.size)), 1)
    pad = -step.size % length
    found, factor = (np.append(x, np.zeros(pad)).reshape(-1, length).T.copy() for x in (step, kept))
    for k in range(1, length):
        found[k] += factor[k] * found[k - 1]
        factor[k] *= factor[k - 1]
    before = 0.0
    for at in range(found.shape[1]):
        found[:, at] += factor[:, at] * before
        before = float(found[-1, at])
    return np.asarray(found.T.reshape(-1)[: step.size])


def _parted(moment: Floats) -> Bools:
    """Return whether closed hours lie between contacts, as is usual on their weekdays."""
    half_hour = (moment // 1800).astype(np.int64)
    some = np.zeros((int(half_hour[-1]) // (7 * 48) + 1, 7 * 48), dtype=bool)
    some[np.divmod(np.unique(half_hour), 7 * 48)] = True
    any_day = some.reshape(-1, 7, 48).any(axis=2)
    share = some.sum(axis=0).reshape(7, 48) / np.maximum(any_day.sum(axis=0), 1)[:, None]
    closed = np.tile(share.ravel() < _OPEN, some.shape[0])
    until = np.append(0, np.cumsum(closed))
    return np.asarray((until[half_hour[1:]] - until[half_hour[:-1] + 1]) * 1800.0 >= _CLOSED)


def _mean_step(apart: Floats) -> float:
    """Return the mean time (s) between contacts in the first half hour after the first ones.

    Parameters
    ----------
    apart : ndarray, shape (contacts,)
        Time since the first contact of the opening hours, which is 0 itself.
    """
    near = int(np.count_nonzero((apart > 0) & (apart <= _NEAR)))
    return min(_NEAR * int(np.count_nonzero(apart == 0)) / max(near, 1), _NEAR)
