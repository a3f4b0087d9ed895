"""What presences miss before the first and after the last contact of an agent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.estimation.free_spans import FreeSpans
from sim.history.estimation.presence_rule import AnsweredContacts
from sim.history.estimation.presences import LONGEST, PRESENCE_GAP, AgentPresences, PresenceEnds
from sim.units import DAY

_PASSES = 4
_USUAL_OPENING = 0.05
"""Of the days of a weekday, this share may have opened earlier than is usual, or closed later."""
_NEAR = 1800.0
"""As many contacts are missed outside of opening hours as within this time (s) beside them."""
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
    """When contacts were offered, in order of time, and when their days opened and closed.

    Attributes
    ----------
    order : ndarray of int, shape (contacts,)
    moment, day : ndarray, shape (contacts,)
        Seconds since the start of the first day, and days.
    opening, closing : ndarray, shape (days,)
        Seconds since the start of the first day.
    """

    order: Ints
    moment: Floats
    day: Ints
    opening: Floats
    closing: Floats

    @classmethod
    def of(cls, contacts: AnsweredContacts) -> _ContactTimes:
        """Return the times of contacts."""
        order = np.argsort(contacts.instant, kind="stable")
        moment = contacts.instant[order]
        day = (moment // DAY).astype(np.int64)
        opening = _usual_bounds(moment, day, -1.0)
        closing = _usual_bounds(moment, day, 1.0)
        return cls(order, moment, day, opening, closing)

    def until_taken(self, taken: Floats) -> _FreeTimes:
        """Return for how long agents are free who take each contact with some probability.

        Parameters
        ----------
        taken : ndarray, shape (contacts,)
            In the order of the contacts that were passed.
        """
        taken = taken[self.order]
        kept, gap, change = np.exp(-taken), np.diff(self.moment), np.diff(self.day) > 0
        after_closing = self._outside(taken, self.closing[self.day] - self.moment)
        until_closing = self.closing[self.day] - self.moment + after_closing
        before_opening = self._outside(taken, self.moment - self.opening[self.day])
        since_opening = self.moment - self.opening[self.day] + before_opening
        last, first = np.append(change, True), np.append(True, change)
        on = _discounted(
            np.where(last, until_closing, np.append(gap, 0.0))[::-1],
            np.append(kept[1:], 0.0)[::-1],
            self.day[::-1],
        )[::-1]
        back = _discounted(
            np.where(first, since_opening, np.append(0.0, gap)), np.append(0.0, kept[:-1]), self.day
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
        near = float(np.sum(taken[apart <= _NEAR])) / (np.count_nonzero(np.diff(self.day)) + 1)
        return min(_NEAR / max(near, _NEGLIGIBLE), LONGEST)


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
        day = np.minimum((moment // DAY).astype(np.int64), times.opening.size - 1)
        after = np.searchsorted(times.moment, moment, side="right")
        following = np.minimum(after, times.moment.size - 1)
        today = (after < times.moment.size) & (times.day[following] == day)
        until = times.moment[following] - moment
        later = until + self.kept[following] * self.on_after[following]
        until = times.closing[day] - moment
        return np.where(today, later, np.where(until > 0, until + self.after_closing, 0.0))

    def back(self, moment: Floats) -> Floats:
        """Return the expected times free up to moments."""
        times = self.times
        day = np.minimum((moment // DAY).astype(np.int64), times.opening.size - 1)
        before = np.searchsorted(times.moment, moment, side="left") - 1
        previous = np.maximum(before, 0)
        today = (before >= 0) & (times.day[previous] == day)
        earlier = moment - times.moment[previous]
        earlier += self.kept[previous] * self.back_before[previous]
        since = moment - times.opening[day]
        return np.where(today, earlier, np.where(since > 0, since + self.before_opening, 0.0))


def _discounted(step: Floats, kept: Floats, day: Ints) -> Floats:
    """Return f with f[k] = step[k] + kept[k] · f[k-1], from the start of each day.

    Parameters
    ----------
    step, kept, day : ndarray, shape (contacts,)
        Contacts of a day stand together.
    """
    found = step.copy()
    starts = np.flatnonzero(np.append(True, np.diff(day) != 0))
    size = np.diff(np.append(starts, day.size))
    starts = starts[np.argsort(-size, kind="stable")]
    longer = size.size - np.searchsorted(np.sort(size), np.arange(size.max()), side="right")
    for k in range(1, int(size.max())):  # a contact of every day that has so many, at once
        at = starts[: longer[k]] + k
        found[at] += kept[at] * found[at - 1]
    return found


def _usual_bounds(moment: Floats, day: Ints, side: float) -> Floats:
    """Return when each day opened (side -1) or closed (1), as is usual on its weekday.

    It is at most :data:`PRESENCE_GAP` from the first or last contact of the day.
    """
    days = int(day[-1]) + 1 if day.size else 1
    bound = np.full(days, -np.inf)
    np.maximum.at(bound, day, side * moment)
    known = np.isfinite(bound)
    start = side * DAY * np.arange(days)
    for weekday in range(min(days, 7)):
        mine = np.arange(days) % 7 == weekday
        some = mine & known
        if some.any():
            usual = float(np.quantile((bound - start)[some], 1 - _USUAL_OPENING))
            bound[some] = np.clip(start[some] + usual, bound[some], bound[some] + PRESENCE_GAP)
    return np.asarray(np.where(known, side * bound, side * start))
