"""Small models with recorded arrivals, so that tests can tell the time.

Unless said otherwise a center is open for one hour from instant 0, patience is unlimited, and
what arrives at :func:`queue` is listed: arrival times, and a talk time for all or for each.
Queues and groups are numbered in alphabetical order, as in a model built from a file.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from sim.distributions import Deterministic, TimeDistribution
from sim.engine import simulate_replication
from sim.log import Kind, Legs, Log, Outcome, State, Then
from sim.model import (
    AT_ONCE,
    NEVER,
    AtClose,
    Bot,
    Busyness,
    Callback,
    Demand,
    Group,
    Model,
    Queue,
    Repeat,
    Retry,
    Shift,
    Skill,
    TalkChange,
    Transfer,
)
from verification.engine_differences import first_difference

__all__ = [
    "bot", "callback", "center", "drawn", "fixed", "group", "legs", "simulate", "queue", "repeat",
    "retry", "shift", "skill", "states", "leg_rows", "transfer",
]  # fmt: skip

HOUR = 3600.0
DAY = 86400.0
UNCHANGED = TalkChange()
Times = float | Sequence[float]


def fixed(seconds: float) -> TimeDistribution:
    """Return the distribution of a constant time; infinite means never."""
    return NEVER if math.isinf(seconds) else Deterministic(seconds)


def _each(values: Times, count: int) -> np.ndarray:
    return np.broadcast_to(np.asarray(values, np.float64), count).copy()


def queue(
    name: str,
    arrivals: Sequence[float] = (),
    talk: Times = 60.0,
    patience: Times = math.inf,
    *,
    hold: float = 0.0,
    wrap: float = 0.0,
    backlog: int = 0,
    hours: Sequence[tuple[float, float]] = ((0.0, HOUR),),
    **fields: Any,
) -> Queue:
    """Return a queue with recorded arrivals.

    Parameters
    ----------
    name : str
    arrivals : sequence of float
        Ascending instants (s).
    talk, patience : float or sequence of float
        Of all contacts, or of each arrival (s). Contacts that are drawn (backlog, retries
        and the like) take the first one.
    hold, wrap : float
        Of every contact (s).
    **fields
        Other fields of :class:`sim.model.Queue`.
    """
    count = len(arrivals)
    demand = Demand(
        np.empty(0), True, np.array(arrivals, np.float64),
        _each(talk, count), _each(patience, count), backlog,
    )  # fmt: skip
    given: dict[str, Any] = {"channel": "voice", "deferred": False, "at_close": AtClose.SERVE}
    return Queue(
        name=name,
        demand=demand,
        hours=np.array(hours, np.float64).reshape(-1, 2),
        talk=fixed(float(np.ravel(talk)[0])),
        patience=fixed(float(np.ravel(patience)[0])),
        hold=fixed(hold),
        wrap=fixed(wrap),
        **(given | fields),
    )


def drawn(
    name: str, expected: Times, intervals: int = 6, *, exact: bool = False, **fields: Any
) -> Queue:
    """Return a queue whose arrivals are drawn: expected (or exact) number in each interval."""
    asked = queue(name, **fields)
    return replace(asked, demand=Demand(_each(expected, intervals), exact))


def email(name: str, arrivals: Sequence[float] = (), talk: Times = 60.0, **fields: Any) -> Queue:
    """Return a queue of deferred work."""
    return queue(
        name, arrivals, talk, channel="email", deferred=True, at_close=AtClose.CARRY_OVER, **fields
    )


def chat(name: str, arrivals: Sequence[float] = (), talk: Times = 60.0, **fields: Any) -> Queue:
    """Return a queue of chats."""
    return queue(name, arrivals, talk, channel="chat", **fields)


def skill(
    queue: int,
    level: int = 1,
    take: int | None = None,
    *,
    after: float = 0.0,
    speed: float | Sequence[float] = 1.0,
    at_once: int = 1,
    reserve: int = 0,
    resolves: float = 1.0,
) -> Skill:
    """Return a skill; ``take`` is ``level`` and the last speed holds for more, unless given."""
    speeds = list(np.ravel(speed))
    speeds += [speeds[-1]] * (at_once - len(speeds))
    return Skill(
        queue, level, level if take is None else take, after,
        np.array(speeds, np.float64), at_once, reserve, resolves,
    )  # fmt: skip


def shift(
    agent: int, start: float, end: float, *breaks: tuple[float, float], day: int = 0
) -> Shift:
    """Return a shift with breaks of (start, length), all in seconds."""
    return Shift(agent, day, start, end, np.array(breaks, np.float64).reshape(-1, 2))


def group(
    name: str,
    skills: Iterable[Skill | int],
    agents: int | Sequence[int] = 1,
    shifts: Sequence[Shift] = (),
    **fields: Any,
) -> Group:
    """Return a group; skills may be given as numbers of queues.

    ``agents`` is the headcount of the whole horizon or of each interval; without effect
    when there are shifts.
    """
    known = [each if isinstance(each, Skill) else skill(each) for each in skills]
    heads = None if shifts else np.ravel(np.asarray(agents, np.int64))
    size = max(s.agent for s in shifts) + 1 if heads is None else int(heads.max())
    return Group(
        name,
        tuple(sorted(known, key=lambda each: each.queue)),
        np.empty(0) if heads is None else heads.astype(np.float64),
        heads,
        tuple(sorted(shifts, key=lambda each: (each.day, each.start, each.agent))),
        size,
        **fields,
    )


def center(
    queues: Sequence[Queue] | Queue,
    groups: Sequence[Group] | Group,
    *,
    days: int = 1,
    day_s: float = HOUR,
    interval_s: float = 600.0,
    lines: float = math.inf,
) -> Model:
    """Return a model of queues and groups, given in alphabetical order of their names."""
    queues = [queues] if isinstance(queues, Queue) else list(queues)
    groups = [groups] if isinstance(groups, Group) else list(groups)
    for named in (queues, groups):
        assert [each.name for each in named] == sorted(each.name for each in named)
    intervals = round(days * day_s / interval_s)
    return Model(
        "world",
        tuple(_spread(q, intervals) for q in queues),
        tuple(_staffed(g, intervals) for g in groups),
        tuple(sorted({q.channel for q in queues})),
        days, day_s, interval_s, tuple(str(i) for i in range(intervals)),
        days * day_s, 0.0, lines, Busyness(), 1, 1, "by hand",
    )  # fmt: skip


def _spread(queue: Queue, intervals: int) -> Queue:
    if queue.demand.expected.size:
        return queue
    return replace(queue, demand=replace(queue.demand, expected=np.zeros(intervals)))


def _staffed(group: Group, intervals: int) -> Group:
    heads = group.headcount
    if heads is None:
        return replace(group, scheduled=np.zeros(intervals))
    wide = np.broadcast_to(heads, intervals) if heads.size == 1 else heads
    assert wide.size == intervals, f"{heads.size} headcounts for {intervals} intervals"
    return replace(group, headcount=wide.astype(np.int64), scheduled=wide.astype(np.float64))


# -- what may follow --------------------------------------------------------------------------


def retry(share: float = 1.0, delay: float = 60.0, **fields: Any) -> Retry:
    """Return a retry, by default of everybody after a minute, once, at queue 0."""
    given = {"after_abandon": share, "after_busy": share, "delay": fixed(delay)}
    return Retry(**(given | {"at_most": 1, "queue": 0, "keeps_patience": False} | fields))


def repeat(share: float = 1.0, delay: float = 60.0, **fields: Any) -> Repeat:
    """Return a repeat, by default of everybody unresolved after a minute, once, at queue 0."""
    given = {"share": share, "delay": fixed(delay), "at_most": 1, "queue": 0}
    return Repeat(**(given | {"change": UNCHANGED} | fields))


def transfer(queue: int, warm: bool = False, share: float = 1.0, **change: float) -> Transfer:
    """Return a transfer of everybody, unless a share is given."""
    return Transfer(queue, share, warm, TalkChange(**change))


def callback(**fields: Any) -> Callback:
    """Return an offer that everybody takes, with the place kept, unless given otherwise."""
    given: dict[str, Any] = {
        "offer_after": math.inf, "offer_at": 0, "accepted": 1.0, "answered": 1.0, "tries": 1,
        "keeps_place": True, "delay": AT_ONCE, "dial": fixed(20.0), "again": fixed(600.0),
    }  # fmt: skip
    return Callback(**(given | fields))


def bot(session: float = 30.0, **fields: Any) -> Bot:
    """Return self-service that everybody tries and that hands everybody over, unless given."""
    given: dict[str, Any] = {
        "tried": 1.0, "left": 0.0, "contained": 0.0, "resolved": 1.0, "comes_back": 1.0,
        "comes_back_after": fixed(60.0), "handover": UNCHANGED, "residual": 1.0,
        "outage": np.empty((0, 2)),
    }  # fmt: skip
    return Bot(session=fixed(session), **(given | fields))


# -- telling the time -------------------------------------------------------------------------


def simulate(model: Model, seed: int = 1, replication: int = 1) -> Log:
    """Play a model on both engines and return the log, which must be the same."""
    logs = (
        simulate_replication(model, seed, replication, "reference"),
        simulate_replication(model, seed, replication, "kernel"),
    )
    assert first_difference(model, seed, replication, logs) is None
    return logs[0]


_WORDS: dict[str, Any] = {"kind": Kind, "outcome": Outcome, "then": Then, "state": State}


def _word(column: str, value: Any) -> Any:
    if column in _WORDS:
        return _WORDS[column](int(value)).name.lower()
    if isinstance(value, float):
        return None if math.isnan(value) else round(value, 6)
    return int(value)


def _rows(table: Any, columns: str) -> list[tuple[Any, ...]]:
    names = columns.split()
    listed = [getattr(table, name).tolist() for name in names]
    return [tuple(map(_word, names, row)) for row in zip(*listed, strict=True)]


def legs(log: Log, columns: str = "issue agent enter leave end outcome") -> list[tuple[Any, ...]]:
    """Return legs as rows, by issue and leg: kinds and outcomes as words, NaN as None."""
    return _rows(log.legs, columns)


def states(log: Log, columns: str = "agent state load start end") -> list[tuple[Any, ...]]:
    """Return agent states as rows, by agent and time."""
    return _rows(log.states, columns)


def leg_rows(model: Model, columns: str = "issue agent enter leave end outcome") -> list[Any]:
    """Play a model once and return its legs as rows."""
    return legs(simulate(model), columns)


def of_queue(log: Log, number: int) -> Legs:
    """Return the legs at one queue."""
    here = log.legs.queue == number
    return Legs(**{name: column[here] for name, column in log.legs.columns().items()})
