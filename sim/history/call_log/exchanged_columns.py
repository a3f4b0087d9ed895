"""Whether columns are exchanged, by what they hold: agents and queues, waits and talks."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.call_log.contact_records import CallOutcome
from sim.history.call_log.log_cells import LogReader
from sim.history.call_log.queue_channels import NO_QUEUE, named_codes
from sim.scenario import Problem, ScenarioError

FEWEST = 20
"""Contacts of each outcome below which nothing is said."""
NEARLY_ALL, NEARLY_NONE = 0.9, 0.1
OVERLAPS, NO_OVERLAPS = 0.25, 0.05
"""Shares of contacts that begin before the one before has ended: of a queue, of an agent."""


def check_agents_and_queues(
    reader: LogReader, agent: Ints, times: tuple[Floats, Floats, Floats], outcome: Ints
) -> None:
    """Refuse a log in whose column of queues are persons.

    A contact that was not answered has a queue and no agent: where nearly all answered contacts
    have a queue and nearly no others, and the others have an agent, the columns are exchanged. They
    are too where there are more queues than agents, and agents have several contacts at once while
    queues have not.

    Parameters
    ----------
    reader : LogReader
    agent : int64, shape (rows,)
        Negative where there is none.
    times : tuple of float64, shape (rows,)
        When each contact was offered, its wait and its talk (s).
    outcome : int64, shape (rows,)
        A :class:`CallOutcome`, negative for records that are left out.

    Raises
    ------
    ScenarioError
        With the columns, and how to map them.
    """
    if not reader.has("queue"):
        return
    queue = named_codes(reader, "queue", NO_QUEUE)[1]
    answered = outcome == CallOutcome.ANSWERED
    lost = (outcome == CallOutcome.ABANDONED) & np.isfinite(times[1])
    if _is_known_when_answered(queue, answered, lost):
        with_agent = _share(agent >= 0, lost)
        if not reader.has("agent"):
            _refuse(reader, "of contacts without an answer nearly none has one")
        if with_agent >= NEARLY_ALL:
            _refuse(reader, f"of contacts without an answer {with_agent:.0%} have an agent, and "
                            "nearly none has a queue")  # fmt: skip
    if _count(queue) > _count(agent) > 0:
        offered, wait, talk = times
        start, end = offered + wait, offered + wait + talk
        at_once = _share_at_once(agent, start, end)
        if at_once > OVERLAPS and _share_at_once(queue, start, end) < NO_OVERLAPS:
            _refuse(
                reader,
                f"agents begin {at_once:.0%} of their contacts before the one before has ended, "
                "and queues do not",
            )


def check_waits_and_talks(
    reader: LogReader, agent: Ints, wait: Floats, talk: Floats, outcome: Ints
) -> None:
    """Refuse a log in whose column of talks are waits.

    A contact without an agent has a wait and no talk: where nearly all of them have a talk and no
    wait, and the others waited longer on average than they talked, the columns are exchanged.

    Parameters
    ----------
    reader : LogReader
    agent : int64, shape (rows,)
        Negative where there is none.
    wait, talk : float64, shape (rows,)
        Seconds, NaN where there is none.
    outcome : int64, shape (rows,)
        A :class:`CallOutcome`, negative for records that are left out.

    Raises
    ------
    ScenarioError
        With the columns, and how to map them.
    """
    if not (reader.has("wait") and reader.has("talk")):
        return
    waits, talks = (np.nan_to_num(one) for one in (wait, talk))
    # A word that is unknown for those who abandoned is taken for answered, as they have a talk.
    answered = (outcome == CallOutcome.ANSWERED) & (agent >= 0)
    lost = (outcome == CallOutcome.ABANDONED) | ((outcome >= 0) & (agent < 0))
    lost &= (waits > 0) | (talks > 0)
    if min(lost.sum(), answered.sum()) < FEWEST:
        return
    exchanged = _share((waits == 0) & (talks > 0), lost)
    if exchanged < NEARLY_ALL or waits[answered].mean() <= talks[answered].mean():
        return
    waited, talked = reader.columns["wait"], reader.columns["talk"]
    message = (
        f"the columns of waits, {waited!r}, and of talks, {talked!r}, seem to be exchanged: of "
        f"contacts without an agent {exchanged:.0%} have a talk and no wait; allowed: the other "
        f'way round (--column wait="{talked}" --column talk="{waited}")'
    )
    raise ScenarioError([Problem("wait", message, file=reader.table.name)])


def _is_known_when_answered(queue: Ints, answered: Bools, lost: Bools) -> bool:
    """Return whether answered contacts have a queue, and others have none."""
    if min(answered.sum(), lost.sum()) < FEWEST:
        return False
    return _share(queue >= 0, answered) >= NEARLY_ALL and _share(queue >= 0, lost) <= NEARLY_NONE


def _share(known: Bools, among: Bools) -> float:
    return float(known[among].mean())


def _count(codes: Ints) -> int:
    return int(np.unique(codes[codes >= 0]).size)


def _share_at_once(codes: Ints, start: Floats, end: Floats) -> float:
    """Return the share of contacts that begin before an earlier one of the same code has ended."""
    rows = np.flatnonzero((codes >= 0) & (end > start))
    if rows.size < FEWEST:
        return 0.0
    order = rows[np.lexsort((start[rows], codes[rows]))]
    same = codes[order][1:] == codes[order][:-1]
    at_once = same & (start[order][1:] < end[order][:-1] - 1.0)
    return float(at_once.mean())


def _refuse(reader: LogReader, why: str) -> None:
    """Ask whether agents and queues are exchanged."""
    queue, agent = reader.columns["queue"], reader.columns.get("agent")
    seems = f"the column of queues, {queue!r}, seems to have agents, not queues: {why}"
    message = (
        f"{seems}; allowed: the columns exchanged "
        f'(--column queue="{agent}" --column agent="{queue}")'
    )
    if agent is None:
        message = (
            f"{seems}; allowed: another column, or none "
            f'(--column agent="{queue}" --column queue=TITLE, or --column queue= for none)'
        )
    raise ScenarioError([Problem("queue", message, file=reader.table.name)])
