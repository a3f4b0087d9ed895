"""Parts of a log: small queues together, agents of a group, days before and after."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.call_log import CallLog
from sim.history.estimation.presences import AgentPresences, agents_present

MOST_QUEUES = 8
SMALL_QUEUE = 0.01
"""Queues with a smaller share of the contacts are pooled."""
POOLED = "other queues"
MOST_WEEKS = 26
"""The most that are left out to be compared."""
MOST_SHOWN = 20


def pooled_small_queues(log: CallLog) -> CallLog:
    """Return a log in which small queues are one.

    Queues are in the order of their size; a single small one stays as it is.
    """
    large = _large_queues(log)
    if large.all():
        return log
    kept = int(large.sum())
    queue = np.where(large[log.queue], log.queue, kept)
    channels = log.channels
    if channels:
        others = set(channels[kept:])
        channels = (*channels[:kept], others.pop() if len(others) == 1 else "")
    return replace(log, queue=queue, queues=(*log.queues[:kept], POOLED), channels=channels)


def _large_queues(log: CallLog) -> Bools:
    """Return which queues are not pooled."""
    counts = np.bincount(log.queue, minlength=len(log.queues))
    large = (counts >= SMALL_QUEUE * counts.sum()) & (np.arange(counts.size) < MOST_QUEUES)
    if int((~large).sum()) <= 1 and counts.size <= MOST_QUEUES:
        return np.ones_like(large)
    return np.asarray(large)


def pooled_note(log: CallLog) -> str:
    """Return which queues of a log are pooled, empty where none are."""
    small = [name for name, large in zip(log.queues, _large_queues(log), strict=True) if not large]
    if not small or POOLED in log.queues:
        return ""
    count = int(np.isin(log.queue, [log.queues.index(name) for name in small]).sum())
    shown = ", ".join(small[:MOST_SHOWN])
    if len(small) > MOST_SHOWN:
        shown += f" and {len(small) - MOST_SHOWN} more"
    return (
        f"{POOLED}: {shown}, together {count / len(log):.1%} of the contacts; queues with less "
        f"than {SMALL_QUEUE:.0%} each, or beyond the {MOST_QUEUES} largest, are one queue"
    )


def present_of(found: AgentPresences, agents: Ints, days: int, interval_minutes: float) -> Floats:
    """Return how many of some agents were present, by day and interval."""
    rows = np.isin(found.agent, agents)
    mine = AgentPresences(
        found.agent[rows], found.start[rows], found.end[rows], found.calls[rows], found.gap,
        found.first_call[rows], found.last_call[rows],
    )  # fmt: skip
    return agents_present(mine, days, interval_minutes)


def first_and_last(log: CallLog, share: float = 0.25) -> tuple[CallLog, CallLog] | None:
    """Return a log of the first days and one of the last weeks, None where there are too few.

    The last part has whole weeks: about ``share`` of the days, at least one week and at most half
    a year, and the first has at least two.
    """
    weeks = min(max(round(share * log.days / 7), 1), MOST_WEEKS)
    cut = log.days - 7 * weeks
    if cut < 14:
        return None
    before = np.arange(log.days) < cut
    return log.of_days(before), log.of_days(~before)


def halves(log: CallLog) -> tuple[CallLog, CallLog]:
    """Return a log of the first and one of the second half of the days that are used."""
    days = np.flatnonzero(log.day_used)
    before = np.arange(log.days) < (days[days.size // 2] if days.size else 0)
    return log.of_days(before), log.of_days(~before)
