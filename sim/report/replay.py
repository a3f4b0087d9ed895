"""One day of a log as a compact document that an animation plays."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.log import Kind, Outcome, State
from sim.report.contact_timeline import steps, timeline
from sim.report.cumulative import AWAY, running
from sim.units import show_clock

if TYPE_CHECKING:
    from sim.log import Log
    from sim.model import Model
    from sim.scenario import Scenario

MOST_LEGS = 25_000
"""Legs of one document; a day with more is cut into parts."""
QUARTER = 900.0
TICKS = 10
"""Ticks of a document in a second."""
STATES = {
    State.AVAILABLE: ("available", ""),
    State.TALKING: ("with a customer", "T"),
    State.WRAPPING: ("wrap-up", "W"),
    State.WORKING: ("deferred work", "D"),
    State.DIALLING: ("calling back, no answer", "C"),
    State.HELD: ("in a warm transfer", "H"),
    State.ON_BREAK: ("on break", "B"),
    State.NOT_READY: ("not ready", "N"),
}
"""Name and letter of what an agent does."""
OPEN = (Outcome.WAITING, Outcome.IN_HAND, Outcome.IN_SESSION)
"""Outcomes of legs that are open when the simulation ends."""
NEVER = 2_000_000_000
"""Stands where an instant is absent."""


@dataclass(frozen=True, slots=True)
class Window:
    """A period of a log to look at.

    Attributes
    ----------
    label : str
        ``Monday 5 January``, ``the whole simulation``, or a part of it.
    start, end : float
        Instants (s).
    day : float
        Instant at which its day began.
    """

    label: str
    start: float
    end: float
    day: float


def simulated_log(scenario: Scenario, seed: int, run: int) -> Log:
    """Return the log of one replication of a scenario.

    Parameters
    ----------
    scenario : Scenario
    seed : int
    run : int
        Number of the replication, counted from 1.

    Raises
    ------
    sim.scenario.ScenarioError
        When its fields do not fit together.
    """
    from sim.engine import simulate_replication
    from sim.model import build

    return simulate_replication(build(scenario), seed, run)


def windows(log: Log) -> list[Window]:
    """Return the periods of a log that are shown one at a time.

    Returns
    -------
    list of Window
        One for each day, from shortly before the first thing happens until the last is over;
        a day with very many contacts in several parts.
    """
    found = []
    for day in range(log.model.days):
        begin, until = day * log.model.day_s, (day + 1) * log.model.day_s
        first, last = _stir(log, begin, until, day == log.model.days - 1)
        if last <= first:
            continue
        parts = max(ceil(_within(log, first, last).sum() / MOST_LEGS), 1)
        edges = _edges(log, first, last, parts)
        for k in range(parts):
            label = _day_name(log.model, day)
            name = label if parts == 1 else f"{label}, part {k + 1} of {parts}"
            found.append(Window(name, edges[k], edges[k + 1], begin))
    return found


def _stir(log: Log, begin: float, until: float, last_day: bool) -> tuple[float, float]:
    """Return from when to when anything happens on a day, in whole quarters of an hour."""
    legs, there = log.legs, log.presences
    over = np.fmax(legs.leave, np.fmax(legs.end, legs.talk_end))
    most = np.inf if last_day else until
    starts = np.concatenate((legs.enter, there.start))
    ends = np.concatenate((over, there.end))
    starts = starts[(starts >= begin) & (starts < until)]
    ends = ends[(ends > begin) & (ends <= most)]
    if not starts.size:
        return begin, begin
    last = ends.max() if ends.size else starts.max()
    return (
        float(np.floor(starts.min() / QUARTER) * QUARTER),
        float(max(np.ceil(last / QUARTER), np.floor(starts.max() / QUARTER) + 1) * QUARTER),
    )


def _edges(log: Log, first: float, last: float, parts: int) -> list[float]:
    """Cut a period into parts with about as many legs each, at whole quarters of an hour."""
    enter = np.sort(log.legs.enter[(log.legs.enter >= first) & (log.legs.enter < last)])
    inner = [
        float(np.floor(enter[enter.size * k // parts] / QUARTER) * QUARTER) for k in range(1, parts)
    ]
    return [first, *inner, last]


def _day_name(model: Model, day: int) -> str:
    from datetime import date

    at = model.starts[min(round(day * model.day_s / model.interval_s), model.intervals - 1)]
    if "T" not in at:
        return "the whole simulation" if model.day_s != 86_400 else "the day"
    on = date.fromisoformat(at.partition("T")[0])
    return f"{on:%A} {on.day} {on:%B}"


def replay(log: Log, window: Window) -> dict[str, Any]:
    """Return a period of a log as a document of plain numbers and words.

    Parameters
    ----------
    log : Log
    window : Window

    Returns
    -------
    dict
        ``legs`` and ``states`` by column, ``frames`` with the running metrics, ``timelines`` of
        all customers; instants in tenths of a second since the start of the window.
    """
    model = log.model
    return {
        "name": model.name,
        "when": window.label,
        "start": round(window.start - window.day),
        "length": round((window.end - window.start) * TICKS),
        "begin": _begin(log, window),
        "queues": [_queue(model, k) for k in range(len(model.queues))],
        "groups": [{"name": g.name, "agents": g.agents} for g in model.groups],
        "states_named": [list(STATES[state]) for state in State],
        "legs": _legs(log, window),
        "states": _states(log, window),
        "frames": _frames(log, window),
        "timelines": _timelines(log, window),
    }


def _begin(log: Log, window: Window) -> int:
    """Return the tick at which the first agent is there, where the animation begins."""
    there = log.presences
    inside = (there.start < window.end) & (there.end > window.start)
    if not inside.any():
        return 0
    return round(max(float(there.start[inside].min()) - window.start, 0.0) * TICKS)


def _queue(model: Model, number: int) -> dict[str, Any]:
    queue = model.queues[number]
    return {
        "name": queue.name,
        "channel": queue.channel,
        "deferred": bool(queue.deferred),
        "threshold": round(queue.threshold * TICKS) if not queue.deferred else NEVER,
        "bot": queue.bot is not None,
    }


def _within(log: Log, start: float, end: float) -> npt.NDArray[np.bool_]:
    """Mark the legs that are under way at any time of a period."""
    legs = log.legs
    over = np.fmax(legs.leave, legs.talk_end)
    over = np.where(np.isin(legs.outcome, OPEN), np.inf, over)
    return np.asarray((legs.enter < end) & (over >= start))


def _ticks(instants: npt.NDArray[np.float64], window: Window) -> list[int]:
    """Return instants in ticks since the start of the window."""
    found = np.rint((instants - window.start) * TICKS)
    return [int(n) for n in np.where(np.isfinite(found), found, NEVER)]


def _legs(log: Log, window: Window) -> dict[str, list[int]]:
    legs = log.legs
    rows = np.flatnonzero(_within(log, window.start, window.end))
    rows = rows[np.argsort(legs.enter[rows], kind="stable")]
    outcome = legs.outcome[rows]
    open_ = np.isin(outcome, OPEN)
    hand = np.isin(outcome, (Outcome.ANSWERED, Outcome.IN_HAND))
    leave = np.where(open_ & ~hand, np.inf, legs.leave[rows])
    done = np.where(outcome == Outcome.IN_HAND, np.inf, legs.talk_end[rows])
    gone = np.isin(outcome, AWAY)
    return {
        "issue": legs.issue[rows].tolist(),
        "queue": legs.queue[rows].tolist(),
        "enter": _ticks(legs.enter[rows], window),
        "leave": _ticks(leave, window),
        "done": _ticks(np.where(hand, done, leave), window),
        "agent": np.where(hand, legs.agent[rows], -1).tolist(),
        "bot": (legs.kind[rows] == Kind.SELF_SERVICE).astype(int).tolist(),
        "promise": (legs.kind[rows] == Kind.CALLBACK).astype(int).tolist(),
        "left": gone.astype(int).tolist(),
    }


def _states(log: Log, window: Window) -> dict[str, list[int]]:
    """Return what each agent does, by agent; ``first`` says where an agent's rows begin."""
    states = log.states
    rows = np.flatnonzero((states.start < window.end) & (states.end > window.start))
    agents = sum(group.agents for group in log.model.groups)
    first = np.searchsorted(states.agent[rows], np.arange(agents + 1))
    return {
        "first": first.tolist(),
        "state": states.state[rows].tolist(),
        "load": states.load[rows].tolist(),
        "start": _ticks(states.start[rows], window),
        "end": _ticks(states.end[rows], window),
    }


def _frames(log: Log, window: Window) -> dict[str, Any]:
    """Return the running metrics, one value a minute (longer steps for very long periods)."""
    length = window.end - window.start
    step = 60.0 * max(ceil(length / 60.0 / 1500), 1)
    instants = np.arange(window.start, window.end + step / 2, step)
    found = running(log, instants, window.day)
    return {
        "step": round(step * TICKS),
        "offered": found.offered.tolist(),
        "answered": found.answered.tolist(),
        "left": found.left.tolist(),
        "contained": found.contained.tolist(),
        "level": [None if np.isnan(x) else round(float(x), 4) for x in found.level],
    }


def _timelines(log: Log, window: Window) -> dict[str, Any]:
    """Return the timelines of all customers of a period; sentences that recur stand once."""
    legs = log.legs
    issues = np.unique(legs.issue[_within(log, window.start, window.end)])
    begin = np.searchsorted(legs.issue, issues)
    end = np.searchsorted(legs.issue, issues, side="right")
    texts: dict[str, int] = {}
    first, at, text, span = [0], [], [], []
    for a, b in zip(begin.tolist(), end.tolist(), strict=True):
        for step in sorted(steps(log, range(a, b)), key=lambda step: step.at):
            at.append(round((step.at - window.start) * TICKS))
            text.append(texts.setdefault(step.text, len(texts)))
            span.append(round(step.span_s * TICKS))
        first.append(len(at))
    columns = {"first": first, "at": at, "text": text, "span": span}
    return {"texts": list(texts), "issue": issues.tolist(), **columns}


def alt_text_timeline(log: Log, issue: int) -> list[str]:
    """Return the timeline of an issue as lines that begin with the time of day.

    Parameters
    ----------
    log : Log
    issue : int

    Raises
    ------
    sim.units.BadInputError
        When the log has no such issue.
    """
    length = log.model.day_s
    lines = []
    for step in timeline(log, issue):
        day = max(min(int(step.at // length), log.model.days - 1), 0)
        when = show_clock(int(step.at - day * length), "second")
        name = f"{_day_name(log.model, day)}, " if log.model.days > 1 else ""
        lines.append(f"{name}{when} {step.words()}")
    return lines
