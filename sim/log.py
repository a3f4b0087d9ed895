"""What happened in one replication: legs of contacts and states of agents.

The engines write these tables, the metrics read them and nothing else. Rows stand in one
canonical order, whatever the order in which an engine wrote them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.extras import need
from sim.tape import Prevention
from sim.units import BadInputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import Model
    from sim.tape import Tape


class Kind(IntEnum):
    """Why a leg came about."""

    INBOUND = 0  # the first contact of an issue, or what self-service hands over of it
    RETRY = 1  # after a busy signal or an abandonment
    REPEAT = 2  # after an unresolved contact
    BOUNCE = 3  # after self-service that only seemed to help
    TRANSFER = 4  # passed on by an agent
    CALLBACK = 5  # the center calls back
    SELF_SERVICE = 6  # a session with the bot in front of the queue
    BACKLOG = 7  # waited already when the horizon began; not offered today
    OUTBOUND = 8  # a call by an agent before the customer contacts the center


class Outcome(IntEnum):
    """How a leg ended; exactly one for each."""

    ANSWERED = 0
    ABANDONED = 1  # left while waiting
    BALKED = 2  # left at once on hearing of the wait: an abandonment without waiting
    BUSY = 3  # met a busy signal
    FULL = 4  # met a full queue
    MESSAGE = 5  # waited the longest wait allowed, left a message
    CALLBACK = 6  # took the offer to be called back
    SENT_AWAY = 7  # still waiting when the queue closed
    NO_ANSWER = 8  # a callback or an outbound call that did not reach the customer
    WAITING = 9  # still waiting when the clock stopped
    IN_HAND = 10  # still with an agent, or interrupted, when the clock stopped
    CONTAINED = 11  # self-service: ended without a person
    LEFT_INSIDE = 12  # self-service: gave up inside
    HANDED_OVER = 13  # self-service: went on to people
    IN_SESSION = 14  # self-service: still inside when the clock stopped
    SILENT = 15  # left while waiting without a word; an agent may have found an empty contact
    WITHDRAWN = 16  # an outbound call not made: the queue closed, or the customer made contact


class Then(IntEnum):
    """What the customer does after a leg."""

    NOTHING = 0
    RETRY = 1
    REPEAT = 2
    BOUNCE = 3
    TRANSFER = 4
    CALLBACK = 5
    PEOPLE = 6  # handed over by self-service to the queue behind it
    GAVE_UP = 7  # would have made a recontact, but the cap was reached
    LATER = 8  # recontacts after the horizon


class State(IntEnum):
    """What an agent does."""

    AVAILABLE = 0
    TALKING = 1  # with at least one live contact, talk or hold
    WRAPPING = 2
    WORKING = 3  # on deferred work only, outbound calls included
    DIALLING = 4  # a callback or an outbound call that is not answered
    HELD = 5  # with the customer during a warm transfer
    ON_BREAK = 6
    NOT_READY = 7  # in a gap after a contact, or a break because it is quiet


@dataclass(frozen=True, slots=True)
class LogTable:
    """Columns of equal length; subclasses name them."""

    def __len__(self) -> int:
        """Return the number of rows."""
        return int(getattr(self, fields(self)[0].name).shape[0])

    def columns(self) -> dict[str, npt.NDArray[Any]]:
        """Return the columns by name."""
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def frame(self) -> pd.DataFrame:
        """Return the table as a DataFrame of numbers; :meth:`Log.table` puts names for codes."""
        need("frame", "pandas")
        import pandas as pd

        return pd.DataFrame(self.columns())


@dataclass(frozen=True, slots=True)
class Legs(LogTable):
    """One row per leg, by issue and then leg; times are instants in seconds.

    Attributes
    ----------
    issue : int64
        Number of the issue within the replication.
    leg : int64
        0, 1, … within the issue.
    contact : int64
        0 for the first contact of the issue, 1 for the second, … Self-service, its
        hand-over, transfers and callbacks belong to the contact they arose from. -1 for outbound
        calls, which come before the first.
    kind, queue, group, agent : int64
        ``group`` and ``agent`` are -1 when no agent took part; ``agent`` counts over all groups.
    enter : float64
        The leg begins: the session starts, or the contact reaches the queue.
    leave : float64
        It stops waiting: answered, abandoned, …; for self-service the end of the session. Who
        leaves without a word does so at the end of patience, whenever an agent notices it.
    talk_end : float64
        The customer is done (NaN when no agent took part or not done).
    end : float64
        The agent is done, wrap included (NaN likewise).
    talk_s, hold_s, wrap_s : float64
        Time in the hands of an agent, over all stints.
    work : float64
        Talk and hold work of the leg (s at full speed), 0 when no agent took part.
    done : float64
        How much of ``work`` was done (below ``work`` only when the clock stopped;
        above it when interrupted work started over).
    wrap_work : float64
        Wrap work of the leg (s at full speed).
    stints : int64
        Times an agent took it up (more than one after interruptions).
    outcome, then : int64
        See :class:`Outcome` and :class:`Then`.
    resolved : int64
        1 yes, 0 no, -1 not known (not modelled, or no agent helped). Of an outbound call: whether
        it settled the issue.
    context : int64
        Whether the leg came with the context of the one before: 1 carried, 0 lost, -1 not
        applicable.
    announced : float64
        Wait (s) that was announced to the customer, NaN where none was.
    """

    issue: npt.NDArray[np.int64]
    leg: npt.NDArray[np.int64]
    contact: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    queue: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    agent: npt.NDArray[np.int64]
    enter: npt.NDArray[np.float64]
    leave: npt.NDArray[np.float64]
    talk_end: npt.NDArray[np.float64]
    end: npt.NDArray[np.float64]
    talk_s: npt.NDArray[np.float64]
    hold_s: npt.NDArray[np.float64]
    wrap_s: npt.NDArray[np.float64]
    work: npt.NDArray[np.float64]
    done: npt.NDArray[np.float64]
    wrap_work: npt.NDArray[np.float64]
    stints: npt.NDArray[np.int64]
    outcome: npt.NDArray[np.int64]
    then: npt.NDArray[np.int64]
    resolved: npt.NDArray[np.int64]
    context: npt.NDArray[np.int64]
    announced: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class States(LogTable):
    """What each agent did, by agent and then time; the rows tile every presence exactly.

    Attributes
    ----------
    agent, group : int64
    state : int64
        See :class:`State`.
    load : int64
        Active contacts.
    overtime : int64
        1 after the scheduled end of the shift (a group staffed by headcount: after its
        headcount has fallen to zero).
    start, end : float64
        Instants (s); never equal.
    """

    agent: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    state: npt.NDArray[np.int64]
    load: npt.NDArray[np.int64]
    overtime: npt.NDArray[np.int64]
    start: npt.NDArray[np.float64]
    end: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Presences(LogTable):
    """When agents were there, by agent and then time: from logging in to logging out (s)."""

    agent: npt.NDArray[np.int64]
    start: npt.NDArray[np.float64]
    end: npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Issues(LogTable):
    """What was born on the tape: one row per issue, by number.

    Attributes
    ----------
    queue : int64
        Queue (or the bot in front of it) that the issue first turned to.
    born : float64
        Instant (s) of the first contact.
    issue_kind, segment : int64
        Kind of issue and segment of the customer, -1 for none.
    prevention : int64
        A :class:`sim.tape.Prevention`: issues that were settled beforehand have no legs.
    """

    queue: npt.NDArray[np.int64]
    born: npt.NDArray[np.float64]
    issue_kind: npt.NDArray[np.int64]
    segment: npt.NDArray[np.int64]
    prevention: npt.NDArray[np.int64]

    @classmethod
    def of(cls, tape: Tape) -> Issues:
        """Return what a tape says of its issues."""
        if tape.model.journeys is None:
            return cls.plain(tape.queue, tape.born)
        columns = (tape.issue_kind, tape.segment, tape.prevention)
        return cls(tape.queue, tape.born, *(column.astype(np.int64) for column in columns))

    @classmethod
    def plain(cls, queue: npt.NDArray[np.int64], born: npt.NDArray[np.float64]) -> Issues:
        """Return issues of no kind, of customers of no segment."""
        none = np.full(born.size, -1)
        return cls(queue, born, none, none, np.zeros(born.size, np.int64))

    @property
    def arrives(self) -> npt.NDArray[np.bool_]:
        """Return which issues lead to a contact."""
        return self.prevention <= Prevention.REACHED


@dataclass(frozen=True, slots=True, repr=False)
class Log:
    """The complete record of one replication."""

    model: Model
    seed: int
    replication: int
    issues: Issues
    legs: Legs
    states: States
    presences: Presences
    unstable: bool = False

    def __repr__(self) -> str:
        """Return the log in one line."""
        details = f"seed={self.seed}, replication={self.replication}, legs={len(self.legs)}"
        return f"Log({self.model.name!r}, {details}, states={len(self.states)})"

    def table(self, name: str = "legs") -> pd.DataFrame:
        """Return one table of the log, with names instead of codes.

        Parameters
        ----------
        name : {"legs", "states", "presences", "issues"}

        Returns
        -------
        DataFrame
            Columns as the attributes of :class:`Legs`, :class:`States`, :class:`Presences` or
            :class:`Issues`, these with their number ``issue`` first. Times are in seconds since
            midnight of the first day.

        Raises
        ------
        BadInputError
            When there is no such table.
        """
        known = {table: getattr(self, table) for table in TABLES}
        if name not in known:
            raise BadInputError(f"table: {name!r} is unknown; allowed: {', '.join(TABLES)}")
        found: pd.DataFrame = known[name].frame()
        if name == "issues":
            found.insert(0, "issue", range(len(found)))
        for column in found.columns.intersection(list(_NAMES)):
            found[column] = _named(found[column], _NAMES[column](self.model))
        if "overtime" in found:
            found["overtime"] = found["overtime"].astype(bool)
        return found


TABLES = ("legs", "states", "presences", "issues")
"""The tables of a log."""


def _of(kinds: type[IntEnum]) -> Callable[[Model], list[str]]:
    return lambda model: [kind.name.lower() for kind in kinds]


def _names_of(model: Model, parts: str) -> list[str]:
    return [] if model.journeys is None else [one.name for one in getattr(model.journeys, parts)]


_NAMES: dict[str, Callable[[Model], list[str]]] = {
    "queue": lambda model: [queue.name for queue in model.queues],
    "group": lambda model: [group.name for group in model.groups],
    "kind": _of(Kind),
    "outcome": _of(Outcome),
    "then": _of(Then),
    "state": _of(State),
    "issue_kind": lambda model: _names_of(model, "kinds"),
    "segment": lambda model: _names_of(model, "segments"),
    "prevention": _of(Prevention),
}
"""By column of codes: the names that belong to 0, 1, …"""


def _named(numbers: pd.Series[Any], names: list[str]) -> pd.Series[Any]:
    """Put names for codes; -1 stays empty."""
    import pandas as pd

    codes = numbers.to_numpy(dtype="int64")
    words = pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype=object))
    return pd.Series(words, index=numbers.index)
