"""What had happened in an issue up to each contact, as the satisfaction model counts it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.call_log import CallLog
from sim.scenario.queue import DEFERRED_CHANNELS
from sim.scenario.satisfaction import Satisfaction
from sim.units import DAY


@dataclass(frozen=True)
class IssueHistory:
    """Contacts of a log, one each: records after a transfer belong to the contact before it.

    Attributes
    ----------
    first, last : ndarray of int, shape (contacts,)
        First and last record of each contact in the log.
    answered, transferred : ndarray of bool, shape (contacts,)
    survey : ndarray, shape (contacts,)
        The last answer that its records have; NaN without.
    resolved : ndarray, shape (contacts,)
        1 resolved, 0 not, NaN unknown.
    effects : dict of str to ndarray, shape (contacts,)
        By field of `[satisfaction]`: further contacts, transfers, switches of channel (where
        channels are known) and minutes of waiting beyond ``wait_from``, up to the end of the
        contact; 1 if it was not resolved. As in a simulation, a retrial is a further contact, and
        time in queues of deferred channels does not count as waiting.
    further : dict of str to ndarray, shape (contacts,)
        What the scenario has no field for: retrials among the further contacts, changes of agent
        between contacts, changes of queue where channels are unknown.
    channel : ndarray of int, shape (contacts,)
        Index into ``channels``: that of the first contact of the issue.
    channels : tuple of str
        Empty where they are unknown.
    """

    first: Ints
    last: Ints
    answered: Bools
    transferred: Bools
    survey: Floats
    resolved: Floats
    effects: dict[str, Floats]
    further: dict[str, Floats]
    channel: Ints
    channels: tuple[str, ...]


def issue_history(log: CallLog, issue: Ints, resolved: Floats | None) -> IssueHistory:
    """Return the contacts of a log with what had happened before.

    An answer knows nothing of what came later. A contact without an issue is one of its own.

    Parameters
    ----------
    log : CallLog
    issue : ndarray of int, shape (records,)
        Below 0 unknown.
    resolved : ndarray, shape (records,), optional
        1 resolved, 0 not, NaN unknown.
    """
    order, issue_begins, begins = _in_order(log, issue)
    names = tuple(dict.fromkeys(log.channels))
    place = log.queue[order]
    if names:
        place = np.array([names.index(name) for name in log.channels])[place]
    waits = np.nan_to_num(log.wait[order])
    if log.channels:
        deferred = np.array([channel in DEFERRED_CHANNELS for channel in log.channels])
        waits = np.where(deferred[log.queue[order]], 0.0, waits)
    waited = _sums_within(waits, issue_begins)
    counted = {
        "contact": begins & ~issue_begins,
        "transfer": ~begins,
        "retrial": _before(log.abandoned[order], issue_begins),
        "hand_off": _agent_changes(log.agent[order], issue_begins, begins),
        "switch": _changes(place) & ~issue_begins,
    }
    sums = {name: _sums_within(one.astype(float), issue_begins) for name, one in counted.items()}
    sums["wait"] = np.maximum(waited - float(Satisfaction().wait_from), 0) / 60
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], order.size) - 1
    found = {name: one[ends] for name, one in sums.items()}
    further = {name: found.pop(name) for name in ("retrial", "hand_off")}
    if not log.channels:
        further["queue_switch"] = found.pop("switch")
    state = _last_known(resolved, order, starts)
    if resolved is not None:
        found["unresolved"] = (state == 0).astype(float)
    answered = np.maximum.reduceat(log.answered[order], starts) if order.size else np.zeros(0, bool)
    return IssueHistory(
        order[starts], order[ends], answered.astype(bool), ends > starts,
        _last_known(log.survey, order, starts),
        state, found, further,
        place[np.maximum.accumulate(np.where(issue_begins, np.arange(order.size), 0))][ends], names,
    )  # fmt: skip


def first_records(log: CallLog) -> Bools:
    """Return which records begin a contact: not those that follow after a transfer."""
    if log.contact is None:
        return np.ones(len(log), dtype=bool)
    order = np.lexsort((log.answer, log.contact))
    same = (np.diff(log.contact[order]) == 0) & (log.contact[order][1:] >= 0)
    found = np.ones(len(log), dtype=bool)
    found[order[1:][same]] = False
    return found


def transferred_from(log: CallLog) -> Ints:
    """Return for each record the record of another queue that was transferred to it; -1 none."""
    found = np.full(len(log), -1, dtype=np.int64)
    if log.contact is None:
        return found
    order = np.lexsort((log.answer, log.contact))
    before, after = order[:-1], order[1:]
    is_moved = (log.contact[before] == log.contact[after]) & (log.contact[after] >= 0)
    is_moved &= log.answered[before] & (log.queue[before] != log.queue[after])
    found[after[is_moved]] = before[is_moved]
    return found


def resolved_without_repeat(log: CallLog, issue: Ints, days: float) -> Floats:
    """Return 0 for answered contacts that another of the issue follows in time, 1 for the others.

    Where a log does not say what was resolved, this is all that it shows; NaN where the log ends
    before the time is over, and where the issue is unknown.
    """
    first = np.flatnonzero(first_records(log) & (issue >= 0))
    order = first[np.lexsort((log.instant[first], issue[first]))]
    next_in = np.full(order.size, np.inf)
    same = issue[order[1:]] == issue[order[:-1]]
    next_in[:-1][same] = np.diff(log.instant[order])[same]
    seen = float(log.instant.max(initial=0)) - log.instant[order] >= days * DAY
    found = np.full(len(log), np.nan)
    found[order] = np.where(next_in <= days * DAY, 0.0, np.where(seen, 1.0, np.nan))
    found[~log.answered] = np.nan
    return found


def _in_order(log: CallLog, issue: Ints) -> tuple[Ints, Bools, Bools]:
    """Return records by issue and time, and which of them begin an issue, and a contact."""
    own = np.where(issue >= 0, issue, issue.max(initial=0) + 1 + np.arange(issue.size))
    contact = np.full(len(log), -1) if log.contact is None else log.contact
    if contact.max(initial=-1) >= 0:
        # Records of one contact are of one issue, though only one of them may say which.
        top = int(own.max()) + 1
        by_contact = np.full(int(contact.max()) + 1, np.iinfo(np.int64).max)
        known = contact >= 0
        np.minimum.at(by_contact, contact[known], np.where(issue >= 0, issue, top)[known])
        joined = np.where(by_contact[contact] < top, by_contact[contact], top + contact)
        own = np.where(known, joined, own)
    order = np.lexsort((log.answer, contact, own))
    order = order[np.lexsort((_contact_starts(log, contact)[order], own[order]))]
    issue_begins = np.ones(order.size, dtype=bool)
    issue_begins[1:] = np.diff(own[order]) != 0
    begins = np.ones(order.size, dtype=bool)
    begins[1:] = (np.diff(contact[order]) != 0) | (contact[order][1:] < 0) | issue_begins[1:]
    return order, issue_begins, begins


def _contact_starts(log: CallLog, contact: Ints) -> Floats:
    """Return for each record when its contact began, so that records of a contact stay together."""
    starts = log.instant.copy()
    known = contact >= 0
    if known.any():
        first = np.full(int(contact.max()) + 1, np.inf)
        np.minimum.at(first, contact[known], log.instant[known])
        starts[known] = first[contact[known]]
    return starts


def _changes(place: Ints) -> Bools:
    """Return which records are of another channel (or queue) than the one before."""
    found = np.zeros(place.size, dtype=bool)
    found[1:] = np.diff(place) != 0
    return found


def _before(hits: Bools, issue_begins: Bools) -> Bools:
    """Return which records follow a hit of the same issue."""
    found = np.zeros(hits.size, dtype=bool)
    found[1:] = hits[:-1]
    return found & ~issue_begins


def _agent_changes(agent: Ints, issue_begins: Bools, begins: Bools) -> Bools:
    """Return which contacts are at another agent than the last known one of the issue."""
    places = np.flatnonzero(agent >= 0)
    found = np.zeros(agent.size, dtype=bool)
    number = np.cumsum(issue_begins)
    same = number[places[1:]] == number[places[:-1]]
    moved = (agent[places[1:]] != agent[places[:-1]]) & same
    found[places[1:][moved]] = True
    return found & begins


def _last_known(values: Floats | None, order: Ints, starts: Ints) -> Floats:
    """Return the last known value of each contact."""
    if values is None or not order.size:
        return np.full(starts.size, np.nan)
    ordered = values[order]
    place = np.where(np.isfinite(ordered), np.arange(order.size), -1)
    last = np.maximum.reduceat(place, starts)
    return np.where(last >= 0, ordered[last], np.nan)


def _sums_within(values: Floats, begins: Bools) -> Floats:
    """Return running sums that begin anew where an issue begins."""
    sums = np.cumsum(values)
    before = (sums - values)[begins]
    return np.asarray(sums - before[np.cumsum(begins) - 1]) if values.size else sums
