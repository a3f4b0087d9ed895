"""What every agent between two contacts saw: contacts answered by others, and those who waited."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.free_spans import FreeSpans
from sim.history.estimation.presence_rule import PresenceRule, taken_by_one_more
from sim.history.estimation.presences import LONGEST, PRESENCE_GAP

_SAME = 1e-6


@dataclass(frozen=True)
class QueueEvents:
    """Contacts that met no customer waiting, of the queues of agents with the same skills.

    Attributes
    ----------
    start, end : ndarray, shape (events,)
        Ascending. A contact that is answered at once ends as it starts; one that has to wait ends
        when no customer waits any more.
    contact : int64, shape (events,)
        The first contact of the event.
    before, after : ndarray, shape (events,)
        Contacts that one more agent would have taken so far: up to the start, and to the end.
    """

    start: Floats
    end: Floats
    contact: Ints
    before: Floats
    after: Floats

    @classmethod
    def of(cls, instant: Floats, wait: Floats, contact: Ints, taken: Floats) -> QueueEvents:
        """Return the events.

        Parameters
        ----------
        instant, wait : ndarray, shape (contacts,)
            Instants ascending.
        contact : int64, shape (contacts,)
        taken : ndarray, shape (contacts,)
            Probability that one more agent would have taken each contact.
        """
        latest = np.maximum.accumulate(instant + wait)
        first = np.flatnonzero(instant >= np.append(-np.inf, latest[:-1]))
        end = latest[np.append(first[1:], instant.size) - 1]
        total = np.append(0.0, np.cumsum(taken))
        return cls(
            instant[first], end, contact[first], total[first],
            total[np.searchsorted(instant, end, side="right")],
        )  # fmt: skip


@dataclass(frozen=True)
class FreeAgents:
    """Spans of free agents with the events in them; spans with more events come first.

    Attributes
    ----------
    start, end, latest : ndarray, shape (spans,)
        Seconds; `latest` is when the presence would have been taken to be over.
    left : ndarray, shape (spans,)
        Contacts that the agent would have taken up to `latest`, counted as in :class:`QueueEvents`.
    first, count : int64, shape (spans,)
        Their events.
    events : QueueEvents
        Of all sets of skills, one after another.
    since : ndarray, shape (contacts,)
        When the agent who took a contact had become free; NaN unknown.
    """

    start: Floats
    end: Floats
    latest: Floats
    left: Floats
    first: Ints
    count: Ints
    events: QueueEvents
    since: Floats

    def only(self, some: Bools | Ints) -> FreeAgents:
        """Return some of the spans, by a mask or by their positions."""
        return replace(
            self, start=self.start[some], end=self.end[some], latest=self.latest[some],
            left=self.left[some], first=self.first[some], count=self.count[some],
        )  # fmt: skip


def free_agents(
    spans: FreeSpans, calls: Ints, able: Bools, instant: Floats, wait: Floats, queue: Ints,
    asked: Ints, rule: PresenceRule,
) -> FreeAgents:  # fmt: skip
    """Return what free agents saw.

    Parameters
    ----------
    spans : FreeSpans
        Within presences.
    calls : int64
        Contacts that the spans refer to.
    able : bool, shape (agents, queues)
    instant, wait, queue : ndarray, shape (contacts,)
    asked : int64
        Contacts that asked for an agent.
    rule : PresenceRule
        When an agent is taken to have left, and who is preferred.
    """
    order = asked[np.argsort(instant[asked], kind="stable")]
    sets, place = np.unique(able, axis=0, return_inverse=True)
    of_span = place.ravel()[spans.agent]
    since = np.full(instant.size, np.nan)
    since[calls[spans.contact]] = spans.start
    parts, events, shift = [], [], 0
    for number, serves in enumerate(sets):
        some, mine = np.flatnonzero(of_span == number), order[serves[queue[order]]]
        if not some.size or not mine.size:
            continue
        usual = serves * rule.preference[place.ravel() == number].mean(axis=0)
        taken = taken_by_one_more(
            spans, rule.preference, able, instant[mine], queue[mine], usual
        )  # fmt: skip
        found = QueueEvents.of(instant[mine], wait[mine], mine, taken)
        parts.append(_part(spans, some, found, instant[mine], taken, rule, shift))
        events.append(found)
        shift += found.start.size
    if not parts:
        none, no = np.empty(0), asked[:0]
        nothing = QueueEvents(none, none, no, none, none)
        return FreeAgents(none, none, none, none, no, no, nothing, since)
    start, end, latest, left, first, count = (
        np.concatenate(one) for one in zip(*parts, strict=True)
    )
    kept = np.argsort(-count, kind="stable")
    kept = kept[count[kept] > 0]
    together = QueueEvents(*(
        np.concatenate([getattr(one, name) for one in events])
        for name in ("start", "end", "contact", "before", "after")
    ))  # fmt: skip
    return FreeAgents(
        start[kept], end[kept], latest[kept], left[kept], first[kept], count[kept], together, since
    )


def _part(
    spans: FreeSpans, some: Ints, events: QueueEvents, instant: Floats, taken: Floats,
    rule: PresenceRule, shift: int,
) -> tuple[Floats, Floats, Floats, Floats, Ints, Ints]:  # fmt: skip
    """Return the spans of agents with the same skills, and where their events are."""
    start, end = spans.start[some], spans.end[some]
    first = np.searchsorted(events.end, start, side="right")
    last = np.searchsorted(events.start, end + _SAME, side="right")
    total = np.append(0.0, np.cumsum(taken))
    ended = total[np.searchsorted(instant, start)] + rule.most_missed
    latest = np.append(instant, np.inf)[np.searchsorted(total[1:], ended, side="right")]
    latest = np.clip(latest + rule.longest, start + PRESENCE_GAP, start + LONGEST)
    latest = np.maximum(latest, end)
    left = total[np.searchsorted(instant, latest, side="right")]
    return start, end, latest, left, first + shift, np.maximum(last - first, 0)
