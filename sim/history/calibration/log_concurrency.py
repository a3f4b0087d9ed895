"""How many contacts the agents of a call log have at once, as the scenario has it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.estimated_values import EstimatedValue
from sim.history.call_log import CallLog
from sim.history.estimation.concurrency import EXCEEDED, Concurrency, concurrency

MOST_AT_ONCE = 20
"""As many as a scenario may have."""


def work_end_of(log: CallLog) -> Floats:
    """Return when the work on each contact ended, wrap-up included."""
    return log.end if log.wrap is None else log.end + np.nan_to_num(log.wrap)


def concurrency_of(log: CallLog) -> Concurrency:
    """Return how many contacts agents have at once."""
    calls = np.flatnonzero(has_agent_and_talk(log))
    words = [word.lower() for word in log.channels or ("",) * len(log.queues)]
    channel = np.unique(words, return_inverse=True)[1].astype(np.int64)
    return concurrency(
        log.agent[calls], log.queue[calls], log.answer[calls], log.end[calls],
        work_end_of(log)[calls], channel,
    )  # fmt: skip


def has_agent_and_talk(log: CallLog) -> Bools:
    """Return which contacts were answered by a known agent and have a talk."""
    return np.asarray(log.answered & (log.agent >= 0) & np.isfinite(log.talk))


def skill_of(found: Concurrency, queue: int) -> int | dict[str, int]:
    """Return the skill of a group for a queue: its level, or a table where several are at once."""
    at_once = int(simulated_at_once(found)[queue])
    return {"level": 1, "at_once": at_once} if at_once > 1 else 1


def simulated_at_once(found: Concurrency) -> Ints:
    """Return the number of contacts at once of each queue, as the scenario has it."""
    return np.minimum(found.at_once, MOST_AT_ONCE)


def concurrency_rows(found: Concurrency, queues: tuple[str, ...]) -> Iterator[EstimatedValue]:
    """Yield the concurrency of the queues whose contacts overlap."""
    for at in np.flatnonzero(found.at_once > 1):
        yield EstimatedValue(
            "concurrency", f"queue.{queues[at]}", float(found.at_once[at]), np.nan, np.nan, "count",
            f"{100 * found.overlapping[at]:.0f} % of the contacts of {queues[at]} overlap another "
            f"of their agent; at most {100 * EXCEEDED:.0f} % begin with more in progress",
            int(found.contacts[at]), f"group.skills.{queues[at]}.at_once", "none: a whole number",
        )  # fmt: skip


def concurrency_notes(found: Concurrency, queues: tuple[str, ...]) -> Iterator[str]:
    """Yield what is assumed of contacts that agents have at once."""
    for at in np.flatnonzero(found.at_once > 1):
        simulated = int(simulated_at_once(found)[at])
        most = ", as many as a scenario may have" if simulated < found.at_once[at] else ""
        yield (
            f"agents have up to {found.at_once[at]} contacts of {queues[at]} at once "
            f"({100 * found.overlapping[at]:.0f} % overlap another of their agent); the scenario "
            f"has at_once = {simulated}{most}, with talk as recorded, so as long as it is beside "
            "others"
        )
    for at in np.flatnonzero(found.other_channel > EXCEEDED):
        yield (
            f"{100 * found.other_channel[at]:.0f} % of the contacts of {queues[at]} begin while "
            "their agent has one of another channel; agents of the scenario have one channel at a "
            "time (field mix of groups)"
        )
