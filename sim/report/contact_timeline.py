"""The timeline of one customer in sentences, from the legs of a log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.log import Kind, Outcome, Then
from sim.report.formatting import show_seconds
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.log import Log
    from sim.model import Queue

SPAN = "{span}"
"""Stands in a sentence where a length of time is to be put."""

BEGINS = {
    Kind.INBOUND: "Contacts {queue}.",
    Kind.RETRY: "Contacts {queue} again (retrial).",
    Kind.REPEAT: "Contacts {queue} again: the issue was not resolved.",
    Kind.BOUNCE: "Contacts {queue} again: self-service had not resolved the issue.",
    Kind.TRANSFER: "Is transferred to {queue}.",
    Kind.CALLBACK: "Waits for a callback from {queue}.",
    Kind.SELF_SERVICE: "Starts a self-service session for {queue}.",
    Kind.OUTBOUND: "{queue} is to call the customer before the contact.",
    Kind.BACKLOG: "Has been waiting in {queue} since an earlier day.",
}
ENDS = {
    Outcome.ABANDONED: f"Abandons after waiting {SPAN}.",
    Outcome.SILENT: f"Leaves without a word after waiting {SPAN}.",
    Outcome.BALKED: "Hears the expected wait and leaves at once.",
    Outcome.BUSY: "Gets a busy signal.",
    Outcome.FULL: "Finds the queue full and is turned away.",
    Outcome.MESSAGE: f"Leaves a message after the maximum wait of {SPAN}.",
    Outcome.CALLBACK: f"Accepts a callback after waiting {SPAN}.",
    Outcome.SENT_AWAY: f"Is turned away at closing time after waiting {SPAN}.",
    Outcome.NO_ANSWER: "Does not answer when {agent} calls.",
    Outcome.WITHDRAWN: f"The call is not made: {SPAN} after it was due, the queue closes or the "
    "customer makes contact.",
    Outcome.WAITING: "Still waits when the simulation ends.",
    Outcome.CONTAINED: f"Leaves self-service after {SPAN} without asking for an agent{{known}}.",
    Outcome.LEFT_INSIDE: f"Abandons self-service after {SPAN}.",
    Outcome.HANDED_OVER: f"Asks for an agent after {SPAN} of self-service.",
    Outcome.IN_SESSION: "Is still in self-service when the simulation ends.",
}
AFTERWARDS = {
    Then.GAVE_UP: "Would call back, but has reached the limit of the scenario.",
    Then.LATER: "Will call back only after the simulated time.",
}
KNOWN = {1: "; the issue is resolved", 0: "; the issue is not resolved"}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One sentence of a timeline.

    Attributes
    ----------
    at : float
        Instant (s).
    text : str
        With :data:`SPAN` where ``span_s`` belongs.
    span_s : float
        Duration that the sentence is about (s), 0 without one.
    """

    at: float
    text: str
    span_s: float = 0.0

    def words(self) -> str:
        """Return the sentence with its length of time."""
        return self.text.replace(SPAN, show_seconds(round(self.span_s, 1)))


def steps(log: Log, rows: range) -> Iterator[TimelineEntry]:
    """Yield the sentences of some legs in their order.

    Parameters
    ----------
    log : Log
    rows : range
        Rows of the table of legs, mostly those of one issue.
    """
    for row in rows:
        yield from _leg(log, row)


def timeline(log: Log, issue: int) -> list[TimelineEntry]:
    """Return the timeline of one issue, in the order of time.

    Parameters
    ----------
    log : Log
    issue : int
        Its number in the log.

    Raises
    ------
    BadInputError
        When the log has no such issue.
    """
    first, last = np.searchsorted(log.legs.issue, (issue, issue + 1))
    if first == last:
        most = len(log.issues) - 1
        raise BadInputError(f"customer: {issue} is not in this log; allowed: 0 to {most}")
    return sorted(steps(log, range(int(first), int(last))), key=lambda step: step.at)


def _leg(log: Log, row: int) -> Iterator[TimelineEntry]:
    legs = log.legs
    queue = log.model.queues[int(legs.queue[row])]
    enter, leave = float(legs.enter[row]), float(legs.leave[row])
    outcome = Outcome(int(legs.outcome[row]))
    yield TimelineEntry(enter, BEGINS[Kind(int(legs.kind[row]))].replace("{queue}", queue.name))
    if outcome in (Outcome.ANSWERED, Outcome.IN_HAND):
        yield from _handled(log, row, queue)
    else:
        text = ENDS[outcome].replace("{known}", KNOWN.get(int(legs.resolved[row]), ""))
        if "{agent}" in text:
            text = text.replace("{agent}", agent_name(log, row))
        open_ = np.isnan(leave)
        yield (
            TimelineEntry(_stop(log, enter), text)
            if open_
            else TimelineEntry(leave, text, leave - enter)
        )
    after = AFTERWARDS.get(Then(int(legs.then[row])))
    if after is not None:
        yield TimelineEntry(_last(log, row), after)


def _handled(log: Log, row: int, queue: Queue) -> Iterator[TimelineEntry]:
    legs, agent = log.legs, agent_name(log, row)
    enter, leave = float(legs.enter[row]), float(legs.leave[row])
    done, end = float(legs.talk_end[row]), float(legs.end[row])
    taken = "Is picked up" if queue.deferred else "Is answered"
    wait = f"after waiting {SPAN}" if leave > enter else "at once"
    yield TimelineEntry(leave, f"{taken} by {agent} {wait}.", leave - enter)
    if np.isnan(done):
        yield TimelineEntry(_stop(log, leave), "Is still being handled when the simulation ends.")
        return
    work = "Work" if queue.deferred else "The conversation"
    stints = int(legs.stints[row])
    often = f", in {stints} parts" if stints > 1 else ""
    known = KNOWN.get(int(legs.resolved[row]), "")
    yield TimelineEntry(done, f"{work} ends after {SPAN}{often}{known}.", done - leave)
    if end > done:
        yield TimelineEntry(end, f"Wrap-up ends after {SPAN}.", end - done)


def agent_name(log: Log, row: int) -> str:
    """Return who took a leg: ``agent 12 (billing)``, numbered as in the log."""
    group = log.model.groups[int(log.legs.group[row])].name
    return f"agent {int(log.legs.agent[row])} ({group})"


def _last(log: Log, row: int) -> float:
    known = (float(log.legs.talk_end[row]), float(log.legs.leave[row]))
    return next((at for at in known if not np.isnan(at)), _stop(log, float(log.legs.enter[row])))


def _stop(log: Log, at: float) -> float:
    """Return when the clock stopped for who was there at an instant."""
    return max(log.model.horizon, at)
