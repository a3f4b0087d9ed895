"""Contacts of a call center, one record each, as arrays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.array_types import Bools, Floats, Ints
from sim.history.call_log.agent_states import AgentStates
from sim.units import DAY


class CallOutcome(IntEnum):
    """How a contact ended."""

    ANSWERED = 0
    ABANDONED = 1
    BLOCKED = 2  # refused: all trunks in use, or the queue full


@dataclass(frozen=True)
class CallLog:
    """Contacts of a call center, one row each, sorted by the time at which they were offered.

    Customers, agents and issues are codes; nothing leads from a code back to the identifier that
    the file has. All times are by the clock of the center.

    Attributes
    ----------
    first_day : date
    day : int64
        Day of the contact, counted from ``first_day``.
    offered : float64
        When the contact asked for an agent, in seconds since midnight of its day.
    queue : int64
        Index into ``queues``.
    queues : tuple of str
    wait : float64
        From offered to answer or abandonment (s).
    outcome : int64
        A :class:`CallOutcome`.
    talk : float64
        Talk and hold (s); NaN where not answered.
    agent : int64
        Index into ``agents``; -1 where none is known.
    agents : tuple of str
        ``agent 1``, ``agent 2``, … by their first contact.
    customer : int64
        A code; -1 where unknown.
    priority : float64
        Larger is served first, as the file has it; NaN where unknown.
    day_used : bool, shape (days,)
        Whether a day is used for estimates: neither missing nor nearly without contacts.
    wrap : float64, optional
        After-call work (s); NaN where unknown.
    resolved : float64, optional
        1 where the issue was resolved, 0 where not, NaN where unknown.
    survey : float64, optional
        Answer to a survey; NaN where there is none.
    issue : int64, optional
        A code; -1 where unknown.
    states : AgentStates, optional
        What agents did, where a file says it.
    contact : int64, optional
        A code that records of one contact share, such as after a transfer; -1 where unknown.
    channels : tuple of str
        Channel of each queue, an empty text where it is unknown; empty without channels.
    """

    first_day: dt.date
    day: Ints
    offered: Floats
    queue: Ints
    queues: tuple[str, ...]
    wait: Floats
    outcome: Ints
    talk: Floats
    agent: Ints
    agents: tuple[str, ...]
    customer: Ints
    priority: Floats
    day_used: Bools
    wrap: Floats | None = None
    resolved: Floats | None = None
    survey: Floats | None = None
    issue: Ints | None = None
    states: AgentStates | None = None
    contact: Ints | None = None
    channels: tuple[str, ...] = ()

    def __len__(self) -> int:
        """Return the number of contacts."""
        return int(self.day.size)

    @property
    def days(self) -> int:
        """Number of days from the first to the last, used or not."""
        return int(self.day_used.size)

    @property
    def weekday(self) -> Ints:
        """Weekday of each day, Monday is 0; shape (days,)."""
        return (self.first_day.weekday() + np.arange(self.days)) % 7

    @property
    def instant(self) -> Floats:
        """When each contact was offered, in seconds since midnight of the first day."""
        return self.day * DAY + self.offered

    @property
    def answer(self) -> Floats:
        """When each contact was answered or left, in seconds since midnight of the first day."""
        return self.instant + self.wait

    @property
    def end(self) -> Floats:
        """When each talk ended, in seconds since midnight of the first day; NaN if not answered."""
        return self.answer + self.talk

    @property
    def answered(self) -> Bools:
        """Which contacts were answered."""
        return np.asarray(self.outcome == CallOutcome.ANSWERED)

    @property
    def abandoned(self) -> Bools:
        """Which contacts were abandoned while they waited."""
        return np.asarray(self.outcome == CallOutcome.ABANDONED)

    @property
    def used(self) -> Bools:
        """Which contacts are on days that are used."""
        return np.asarray(self.day_used[self.day])

    def date(self, day: int) -> dt.date:
        """Return the date of a day."""
        return self.first_day + dt.timedelta(days=int(day))

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return the columns with one value per contact, by name; those that are known."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value
            for name, value in found.items()
            if isinstance(value, np.ndarray) and name != "day_used"
        }

    def take(self, rows: Bools | Ints) -> CallLog:
        """Return a log with some of the contacts, in the order of the log.

        Parameters
        ----------
        rows : bool or int64
            A mask over all contacts, or their places in ascending order.
        """
        return self._with({name: column[rows] for name, column in self.columns().items()})

    def of_days(self, days: Bools) -> CallLog:
        """Return a log whose other days are not used, and have no contacts.

        Parameters
        ----------
        days : bool, shape (days,)
        """
        kept = self.take(np.asarray(days[self.day]))
        return kept._with({}, day_used=np.asarray(self.day_used & days))

    def _with(self, columns: dict[str, npt.NDArray[Any]], **others: Any) -> CallLog:
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return CallLog(**(found | columns | others))
