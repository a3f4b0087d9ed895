"""Free play: a shift of one day; a decision changes what follows, never the past."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.log import Kind, Outcome
from sim.scenario import Scenario
from sim.streams import RandomStreams
from sim.toml_text import read_toml
from sim.units import BadInputError, share, show_clock

if TYPE_CHECKING:
    from sim.log import Log
    from sim.model import Model

DECISIONS = {
    "breaks": "Start breaks now",
    "hour more": "Work an extra hour",
    "mails": "Mails between calls",
}
"""Shown names of the decisions."""
FILE = Path(__file__).resolve().parent / "free_play.toml"
QUARTER_S = 900.0
CALLS, OFFERED, MAIL = "calls", "calls_offered", "mail"


@dataclass(frozen=True, slots=True)
class QuarterDecision:
    """The decision at the beginning of a quarter of an hour.

    Attributes
    ----------
    breaks : int
        Agents who begin their break now.
    extra : int
        Agents who work an extra hour from now on.
    callbacks : bool
        Whether new callers are offered a callback.
    blend : int
        Agents who do mails between calls from now on.
    """

    breaks: int = 0
    extra: int = 0
    callbacks: bool = False
    blend: int = 0


Moves = Mapping[int, QuarterDecision]
"""Decisions by the number of the quarter of an hour; without one, the plan applies."""


@dataclass(frozen=True, slots=True)
class Score:
    """Cost of a shift; fewer points are better.

    Attributes
    ----------
    offered, in_time, lost, late, called : int
        Callers: all, answered in time, hung up, answered later, called back.
    mail : int
        Mails open at the end.
    hours : float
        Extra hours worked.
    missed : int
        Breaks not taken.
    points : float
    """

    offered: int
    in_time: int
    lost: int
    late: int
    called: int
    mail: int
    hours: float
    missed: int
    points: float


class FreePlayShift:
    """The day of free play: its scenario, the possible decisions, the cost.

    Parameters
    ----------
    text : str
        A scenario file with two further tables, ``[play]`` and ``[points]``.
    """

    def __init__(self, text: str) -> None:
        data = read_toml(text)
        self.play: dict[str, Any] = data["play"]
        self.points: dict[str, float] = data["points"]
        begin, end = text.index("\n[play]"), text.index("\n[center]")
        self.scenario = Scenario.parse(text[:begin] + text[end:], name="free_play.toml")
        self.quarters = len(self.play["breaks"])
        self.first_s = self.scenario.center.hours[0][0]

    @property
    def owed(self) -> int:
        """Breaks that are owed over the day."""
        return sum(self.play["breaks"])

    @cached_property
    def planned(self) -> list[int]:
        """Agents on the phones by quarter of an hour, before breaks."""
        agents = self.scenario.group["phones"].agents
        values = agents.values if agents is not None else None
        return [int(value) for value in values or ()]

    def clock(self, quarter: int) -> str:
        """Return the time of day at which a quarter of an hour begins."""
        return show_clock(self.first_s + quarter * QUARTER_S, "minute")

    def instant(self, quarter: int) -> float:
        """Return the instant (s) at which a quarter of an hour begins."""
        return self.first_s + quarter * QUARTER_S

    def suggested(self, moves: Moves, quarter: int) -> QuarterDecision:
        """Return what the plan does in a quarter of an hour, after the decisions so far."""
        before = max((q for q in moves if q < quarter), default=None)
        last = QuarterDecision() if before is None else moves[before]
        left = self.owed - sum(one.breaks for q, one in moves.items() if q < quarter)
        spare = min(left, self.planned[quarter] - 1)
        breaks = max(min(int(self.play["breaks"][quarter]), spare), 0)
        return QuarterDecision(breaks, 0, last.callbacks, last.blend)

    def all_moves(self, moves: Moves) -> list[QuarterDecision]:
        """Return a decision for every quarter of an hour."""
        done: dict[int, QuarterDecision] = {}
        for quarter in range(self.quarters):
            done[quarter] = moves.get(quarter) or self.suggested(done, quarter)
        return list(done.values())

    def check(self, moves: Moves, quarter: int, decision: QuarterDecision) -> None:
        """Refuse an impossible decision.

        Raises
        ------
        BadInputError
            With field, value and what is allowed.
        """
        most = self.most(moves, quarter)
        wish = {"breaks": decision.breaks, "hour more": decision.extra, "mails": decision.blend}
        for name, value in wish.items():
            if not 0 <= value <= most[name]:
                why = self._why(moves, quarter)[name]
                raise BadInputError(
                    f"{DECISIONS[name]}: {value} people; allowed: 0 to {most[name]}, as {why}"
                )

    def _why(self, moves: Moves, quarter: int) -> dict[str, str]:
        """Return the reason of each upper bound, by decision."""
        there = f"one of the {self.planned[quarter]} on the phones stays there"
        return {
            "breaks": f"{self.left(moves, quarter)} breaks are still owed, and {there}",
            "hour more": f"{self.play['most_extra']} people can be asked",
            "mails": f"{self.play['most_blend']} people know the mails, and {there}",
        }

    def most(self, moves: Moves, quarter: int) -> dict[str, int]:
        """Return the most agents of each decision: ``breaks``, ``hour more`` and ``mails``."""
        spare = self.planned[quarter] - 1
        return {
            "breaks": max(min(self.left(moves, quarter), spare), 0),
            "hour more": int(self.play["most_extra"]),
            "mails": max(min(int(self.play["most_blend"]), spare), 0),
        }

    def left(self, moves: Moves, quarter: int) -> int:
        """Return the breaks that are still owed when a quarter of an hour begins."""
        before = {q: one for q, one in moves.items() if q < quarter}
        return self.owed - sum(one.breaks for one in self.all_moves(before)[:quarter])

    def go_on(
        self, moves: Moves, decision: QuarterDecision, quarters: int
    ) -> dict[int, QuarterDecision]:
        """Return the moves with a decision that lasts some quarters of an hour, breaks as planned.

        Raises
        ------
        BadInputError
            When the decision is impossible.
        """
        self.check(moves, len(moves), decision)
        found = {**moves, len(moves): decision}
        while quarters > 1 and len(found) < self.quarters:
            found[len(found)] = self.suggested(found, len(found))
            quarters -= 1
        return found

    def rules(self) -> str:
        """Return the rules for points as a text."""
        cost = {name: f"{value:g}" for name, value in self.points.items()}
        length = int(self.play["break_length"]) * QUARTER_S / 60
        return (
            f"Points, fewer are better: {cost['lost']} for a caller who hangs up, {cost['late']} "
            f"for one answered later than in {self.promise_s:g} s, {cost['called']} for one who is "
            f"called back, {cost['mail']} for a mail open at the end, {cost['hour']} for an extra "
            f"hour, {cost['missed']} for a break not taken. {self.owed} breaks of "
            f"{length:g} minutes are owed over the day. Agents finish their call "
            "before they go on a break or to the mails."
        )

    @property
    def target(self) -> float | None:
        """Share of callers to be answered in time."""
        goal = self.scenario.queue[CALLS].target
        return None if goal is None else goal.service_level

    @property
    def promise_s(self) -> float:
        """Wait (s) within which a caller is answered in time."""
        goal = self.scenario.queue[CALLS].target
        return 20.0 if goal is None or goal.within is None else goal.within

    def overlay(self, moves: Moves) -> dict[str, Any]:
        """Return what the decisions change in the scenario, by path."""
        every = self.all_moves(moves)
        phones, mixed, extra = [], [], []
        for quarter in range(self.quarters):
            away = _ongoing(every, quarter, "breaks", int(self.play["break_length"]))
            blend = min(every[quarter].blend, self.planned[quarter] - 1)
            mixed.append(blend)
            phones.append(max(self.planned[quarter] - blend - away, 0))
            extra.append(_ongoing(every, quarter, "extra", int(self.play["extra_length"])))
        return {
            "group.phones.agents": phones,
            "group.mixed.agents": mixed,
            "group.extra.agents": extra,
        }

    def model(self, moves: Moves, seed: int, run: int) -> Model:
        """Return the model of the day with some decisions; its callers never change.

        Parameters
        ----------
        moves : mapping
        seed, run : int
            Fix the random numbers of the day.
        """
        from sim.model import build

        model = build(self.scenario.with_(**self.overlay(moves)))
        born, talk, patience, takes = self._callers(seed, run)
        at = np.clip((born - self.first_s) // QUARTER_S, 0, self.quarters - 1).astype(np.int64)
        offers = np.array([one.callbacks for one in self.all_moves(moves)])
        offered = takes & offers[at] if born.size else takes
        queues = []
        for queue in model.queues:
            if queue.name in (CALLS, OFFERED):
                mine = offered if queue.name == OFFERED else ~offered
                demand = replace(
                    queue.demand,
                    recorded=born[mine],
                    recorded_talk=talk[mine],
                    recorded_patience=patience[mine],
                )
                queue = replace(queue, demand=demand)
            queues.append(queue)
        return replace(model, queues=tuple(queues))

    def log(self, moves: Moves, seed: int, run: int = 1) -> Log:
        """Simulate the day with some decisions."""
        from sim.engine import simulate_replication

        return simulate_replication(self.model(moves, seed, run), seed, run)

    def score(self, log: Log, moves: Moves, until: int | None = None) -> Score:
        """Return the cost of a day, or its cost so far.

        Parameters
        ----------
        log : Log
        moves : mapping
        until : int, optional
            Quarter of an hour that begins now: what comes later does not count, extra hours
            count whole once they are decided, and no break is missed yet.
        """
        legs, names = log.legs, [q.name for q in log.model.queues]
        threshold = log.model.queues[names.index(CALLS)].threshold
        live = np.isin(legs.queue, [names.index(CALLS), names.index(OFFERED)])
        now = self.instant(self.quarters if until is None else until)
        came = live & (legs.kind != Kind.CALLBACK) & ((until is None) | (legs.enter < now))
        first = came & ((until is None) | (legs.leave <= now))
        answered = first & np.isin(legs.outcome, (Outcome.ANSWERED, Outcome.IN_HAND))
        within = answered & (legs.leave <= legs.enter + threshold)
        lost = first & np.isin(legs.outcome, (Outcome.ABANDONED, Outcome.BALKED))
        called = first & (legs.outcome == Outcome.CALLBACK)
        mails = legs.queue == names.index(MAIL)
        undone = mails & (legs.enter <= now) & ~(legs.end <= now)
        every = self.all_moves(moves)[:until]
        taken, length = sum(one.breaks for one in every), int(self.play["extra_length"])
        hours = [min(length, self.quarters - q) * one.extra for q, one in enumerate(every)]
        counts = {
            "lost": int(lost.sum()),
            "late": int((answered & ~within).sum()),
            "called": int(called.sum()),
            "mail": int(undone.sum()),
            "hour": sum(hours) * QUARTER_S / 3600,
            "missed": 0 if until is not None else max(self.owed - taken, 0),
        }
        points = sum(self.points[name] * count for name, count in counts.items())
        return Score(
            int(came.sum()),
            int(within.sum()),
            int(counts["lost"]),
            int(counts["late"]),
            int(counts["called"]),
            int(counts["mail"]),
            float(counts["hour"]),
            int(counts["missed"]),
            float(points),
        )

    def _callers(self, seed: int, run: int) -> tuple[Any, Any, Any, Any]:
        """Return the callers of a day: time of the call, talk, patience, and who takes an offer."""
        from sim.model import build
        from sim.tape import draw_tape

        model = build(self.scenario)
        tape = draw_tape(model, seed, run)
        mine = tape.queue == [q.name for q in model.queues].index(CALLS)
        uniform = RandomStreams(seed, run).stream("free play/offer").random(int(mine.sum()))
        takes = uniform < share(self.play["offer_taken"])
        return tape.born[mine], tape.talk[mine], tape.patience[mine], takes


def _ongoing(every: list[QuarterDecision], quarter: int, field: str, length: int) -> int:
    """Return how many who began within the last quarters are not finished yet."""
    return sum(getattr(one, field) for one in every[max(quarter - length + 1, 0) : quarter + 1])


def load_free_play() -> FreePlayShift:
    """Return the shipped shift."""
    return FreePlayShift(FILE.read_text(encoding="utf-8"))
