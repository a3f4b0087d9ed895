"""How likely free agents are ready, in the gap after a contact, or on a break in quiet times."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.free_agents import FreeAgents
from sim.history.estimation.gap_curve import GapCurve

_LEAST = 0.1
"""Contacts that an agent would have taken by the end of their presence, at least."""
_TINY = 1e-300
_SAME = 1e-6


@dataclass(frozen=True)
class _Step:
    """One event of every span that has as many: the first of all, then the second, and so on.

    Attributes
    ----------
    event : int64, shape (spans,)
    rows : slice
        Where the pairs of span and event are among all pairs.
    quiet : ndarray
        Time (s) without an event before it.
    lasted : ndarray
        Time (s) in which customers waited, until the agent took one.
    within : bool
        The agent became free while customers waited.
    waited, taken : bool
        Customers waited, and the agent took one of them.
    gap_before, gap_at, gap_after, gap_end : ndarray
        Share of gaps that last: to the begin of the quiet time, to the event, to its end, and to
        the end of the presence.
    density : ndarray
        Of gaps at the end of the event.
    time_at, time_after : ndarray
        Time (s) to the end of the presence, from the event and from its end.
    left_at, left_after : ndarray
        Contacts that the agent would have taken in it.
    """

    event: Ints
    rows: slice
    quiet: Floats
    lasted: Floats
    within: Bools
    waited: Bools
    taken: Bools
    gap_before: Floats
    gap_at: Floats
    gap_after: Floats
    gap_end: Floats
    density: Floats
    time_at: Floats
    time_after: Floats
    left_at: Floats
    left_after: Floats


class _BreakEnds:
    """The probability that a break ends within a time, and that a contact comes after it.

    Parameters
    ----------
    time : ndarray
        Seconds.
    contacts : ndarray
        Expected in that time.
    """

    def __init__(self, time: Floats, contacts: Floats) -> None:
        self.time, self.contacts, self.none = time, contacts, np.exp(-contacts)

    def __call__(self, rate: float) -> Floats:
        """Return the probabilities, by how many breaks end a second."""
        back = rate * self.time
        apart = back - self.contacts
        near = np.flatnonzero(np.abs(apart) < 1e-4)
        apart[near] = 1.0
        middle = self.none - np.exp(-back)
        middle /= apart
        middle[near] = np.exp(-(back[near] + self.contacts[near]) / 2)
        middle *= back
        found = -np.expm1(-back)
        found -= middle
        return np.maximum(found, 1e-9, out=found)


class _StepTerms:
    """What the states at the events of a step are made of, whatever the breaks are.

    Parameters
    ----------
    step : _Step
    seen : bool, shape (spans,)
        Of which the probabilities are asked for.

    Attributes
    ----------
    ended : ndarray, shape (spans,)
        Share of gaps that ended in the quiet time.
    waiting : int64, shape (waiting,)
        Where customers waited.
    seen : int64, shape (seen,)
    comes, gap : ndarray, shape (seen,)
        Probability that a contact comes before the presence ends, and that it comes after the gap.
    some : int64, shape (some,)
        Places in `seen` where customers waited and the agent was free before.
    lasting : int64, shape (some,)
        Their places in `waiting`.
    """

    def __init__(self, step: _Step, seen: Bools) -> None:
        self.step = step
        self.ended = step.gap_before - step.gap_at
        self.waiting = np.flatnonzero(step.waited)
        self.lasted = step.lasted[self.waiting]
        self.seen = np.flatnonzero(seen)
        self.comes = -np.expm1(-step.left_at[self.seen])
        self.gap = np.maximum(step.gap_at - step.gap_end, 0.0)[self.seen] * self.comes
        self.back = _BreakEnds(step.time_at[self.seen], step.left_at[self.seen])
        self.some = np.flatnonzero((step.waited & ~step.within)[self.seen])
        at = self.seen[self.some]
        self.lasting = np.searchsorted(self.waiting, at)
        self._taken, self._density = step.taken[at], step.density[at]
        self._back_after = _BreakEnds(step.time_after[at], step.left_after[at])
        gap = np.maximum(step.gap_after - step.gap_end, 0.0)[at]
        self._gap_after = gap * -np.expm1(-step.left_after[at])

    def log_density(self, lasting: Floats, away: Floats, rate: float) -> Floats:
        """Return that of the time until an agent takes a contact, or does not, of `some`.

        Parameters
        ----------
        lasting, away : ndarray, shape (some,)
            Weights of a break that lasts, and of an agent who is not ready.
        rate : float
            Ends of a break per second.
        """
        stays = lasting * self._back_after(rate) + self._gap_after
        found = np.where(self._taken, lasting * rate + self._density, stays)
        return np.log(np.maximum(found / np.maximum(away, _TINY), 1e-12))


class BreakLikelihood:
    """The states of free agents through their spans, by the share and the length of breaks.

    Parameters
    ----------
    agents : FreeAgents
    gap : GapCurve
    counted : bool, shape (contacts,)
        Contacts that count.

    Attributes
    ----------
    contact : int64, shape (pairs,)
        Contact of each pair of a free agent and an event, where the agent was free at its begin.
    first : bool, shape (pairs,)
        Those that count, and where the agent was free at the begin.
    counted : int64, shape (counted,)
        Their positions, in the order of :meth:`run_counted`.

    Notes
    -----
    An agent is in the gap, ready or on a break: after the gap on a break with the share s; breaks
    last L on average, and begin after a ready time of L (1 - s) / s. Whatever happens says more
    about the state (forward algorithm of hidden Markov models; Baum and Petrie 1966): who is ready
    is not free for long where many contacts arrive, and who was free while customers waited was not
    ready. Agents whose span would last too long are not seen, as their presence would be over; all
    probabilities are those given that it ends before.
    """

    def __init__(self, agents: FreeAgents, gap: GapCurve, counted: Bools) -> None:
        self.agents = agents
        self.steps = _steps(agents, gap)
        event = _joined([one.event for one in self.steps]).astype(np.int64)
        self.contact = agents.events.contact[event]
        within = _joined([one.within for one in self.steps]).astype(bool)
        self.waited = _joined([one.waited for one in self.steps]).astype(bool)
        self.met = ~within
        self.first = self.met & counted[self.contact]
        span = _joined([np.arange(one.event.size) for one in self.steps]).astype(np.int64)
        # Whose agent took the contact, and whether an agent had been free for longer than that one.
        start, since = agents.start[span], agents.since[self.contact]
        self.own = self.met & (np.abs(start - since) < _SAME) & ~self.waited
        self.longer = np.where(self.own | np.isnan(since), np.nan, (start < since).astype(float))
        self._passed_over = np.zeros(event.size)
        self._terms = [_StepTerms(one, np.ones(one.event.size, dtype=bool)) for one in self.steps]
        self._shorten(gap)

    def _shorten(self, gap: GapCurve) -> None:
        """Prepare the spans up to their last pair that counts: what is later says nothing of it."""
        count = np.zeros(self.agents.start.size, dtype=np.int64)
        for number, step in enumerate(self.steps):
            count[: step.event.size][self.first[step.rows]] = number + 1
        kept = np.argsort(-count, kind="stable")[: np.count_nonzero(count)]
        short = self.agents.only(kept)
        steps = _steps(replace(short, count=count[kept]), gap)
        rows = [
            one.rows.start + kept[: short.event.size]
            for one, short in zip(self.steps, steps, strict=False)
        ]
        self._short_pairs = _joined(rows).astype(np.int64)
        counts = self.first[self._short_pairs]
        self._short_terms = [_StepTerms(one, counts[one.rows]) for one in steps]
        self.counted = self._short_pairs[counts]

    def set_order(self, ready: Floats, longest_first: float) -> None:
        """Set how likely each ready agent would have taken the contact that another one took.

        Parameters
        ----------
        ready : ndarray, shape (pairs,)
            Probability that the agent was ready.
        longest_first : float
            1: whoever has been free for longest takes it; 0: anyone who is ready; or in between.
        """
        others = self.by_contact(np.where(self.own, 0.0, ready), self.met)
        anyone = 1 / (1 + others[self.contact])
        ordered = longest_first * np.nan_to_num(self.longer) + (1 - longest_first) * anyone
        self._passed_over = np.where(np.isnan(self.longer), anyone, ordered)

    def by_contact(self, values: Floats, some: Bools) -> Floats:
        """Return sums over the free agents of each contact, shape (contacts,)."""
        size = self.agents.since.size
        return np.asarray(np.bincount(self.contact[some], values[some], size))

    def run(self, share: float, length: float) -> tuple[Floats, Floats]:
        """Return the states by share and mean length (s) of breaks.

        Returns
        -------
        ready : ndarray, shape (pairs,)
            Probability that the agent is ready when the event begins.
        log_density : ndarray, shape (pairs,)
            Of the time until the agent took a customer who waited, or that they did not; 0 where
            none waited.
        """
        return _run(self._terms, self._passed_over, share, length)

    def run_counted(self, share: float, length: float) -> tuple[Floats, Floats]:
        """Return the same of the pairs `counted` only, with as much less work."""
        passed_over = self._passed_over[self._short_pairs]
        return _run(self._short_terms, passed_over, share, length)


def _run(
    terms: list[_StepTerms], passed_over: Floats, share: float, length: float
) -> tuple[Floats, Floats]:
    rate, begins = 1 / length, share / ((1 - share) * length)
    ready, on_break = np.zeros((2, terms[0].step.event.size if terms else 0))
    shares, densities = [np.empty(0)], [np.empty(0)]
    for one in terms:
        n = one.step.event.size
        now, resting = _through_quiet(one, ready[:n], on_break[:n], share, rate, begins)
        lasting = resting[one.waiting] * np.exp(-rate * one.lasted)
        weight = now[one.seen] * one.comes
        away = one.gap + resting[one.seen] * one.back(rate)
        shares.append(weight / (weight + away + _TINY))
        densities.append(np.zeros(one.seen.size))
        densities[-1][one.some] = one.log_density(lasting[one.lasting], away[one.some], rate)
        ready[:n] = now * (1 - passed_over[one.step.rows])
        on_break[:n] = resting
        ready[one.waiting], on_break[one.waiting] = 0.0, lasting
    return np.concatenate(shares), np.concatenate(densities)


def _through_quiet(
    one: _StepTerms, ready: Floats, on_break: Floats, share: float, rate: float, begins: float
) -> tuple[Floats, Floats]:
    """Return the weights of ready and on a break after a time without events."""
    both = rate + begins
    steady = begins / both
    total = ready + on_break
    settled = steady * total
    passed = -both * one.step.quiet
    resting = settled + (on_break - settled) * np.exp(passed)
    # Gaps that end meanwhile do so in the middle of it.
    new = one.ended * (steady + (share - steady) * np.exp(passed / 2))
    return total - resting + one.ended - new, resting + new


def _steps(agents: FreeAgents, gap: GapCurve) -> list[_Step]:
    """Return the first events of all spans, then the second ones, and so on."""
    found = list[_Step]()
    for number in range(int(agents.count.max(initial=0))):
        found.append(_step(agents, gap, number, found[-1].rows.stop if found else 0))
    return found


def _step(agents: FreeAgents, gap: GapCurve, number: int, done: int) -> _Step:
    """Return the events of this number, of all spans that have so many, after `done` pairs."""
    n = int(np.searchsorted(-agents.count, -number, side="left"))
    event, events = agents.first[:n] + number, agents.events
    start, end, latest = agents.start[:n], agents.end[:n], agents.latest[:n]
    begins, over = events.start[event], events.end[event]
    quiet_from = start if number == 0 else np.maximum(events.end[event - 1], start)
    until, waited = np.minimum(over, end), over > begins
    at = np.maximum(begins, start)
    left = agents.left[:n]
    return _Step(
        event, slice(done, done + n), np.maximum(begins - quiet_from, 0.0), until - at,
        begins < start, waited, waited & (end <= over + _SAME),
        gap.at(quiet_from - start), gap.at(np.maximum(begins, quiet_from) - start),
        gap.at(until - start), gap.at(latest - start), gap.density(until - start),
        np.maximum(latest - at, 0.0), np.maximum(latest - until, 0.0),
        np.maximum(left - events.before[event], _LEAST),
        np.maximum(left - events.after[event], _LEAST),
    )  # fmt: skip


def _joined(parts: list[Floats] | list[Ints] | list[Bools]) -> Floats:
    return np.concatenate([np.empty(0), *parts])
