"""From a model and a tape to the tables of :mod:`sim.engine.kernel.layout`."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.distributions import curve
from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.layout import Records, World
from sim.model import Callback, Group, Ints, Law, Model, Queue, Skill
from sim.tape import Tape


class _Lists:
    """Lists of different lengths, end to end."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def add(self, items: list[Any]) -> tuple[int, int]:
        """Append a list; return where it begins and ends."""
        first = len(self.items)
        self.items += items
        return first, len(self.items)


class Compiler:
    """Turns a model into the unchanging tables; the tape's own columns are added per run."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._laws: list[tuple[Any, ...]] = []
        self._knots, self._values = _Lists(), _Lists()
        self._spans, self._numbers = _Lists(), _Lists()
        self._ways, self._transfers = _Lists(), _Lists()
        self._skills = [(g, s) for g, group in enumerate(model.groups) for s in group.skills]
        self.queues = np.zeros(len(model.queues), t.QUEUE)
        for number, queue in enumerate(model.queues):
            self._queue(number, queue, self.queues[number])
        self.skills = np.array([self._skill(g, skill) for g, skill in self._skills], t.SKILL)
        self.groups = self._groups()
        self.together = self._together()
        self._fixed = len(self._spans.items)

    # -- laws and lists ---------------------------------------------------------------------

    def _law(self, law: Law) -> int:
        """Return the number of a law."""
        knots, values = curve(law)
        first, last = self._knots.add(knots.tolist())
        self._values.add(values.tolist())
        self._laws.append((int(law.kind), first, last, law.a, law.b, law.zero))
        return len(self._laws) - 1

    # -- queues -----------------------------------------------------------------------------

    def _queue(self, number: int, q: Queue, row: Any) -> None:
        row["channel"] = self.model.channels.index(q.channel)
        for name in ("deferred", "at_close", "shares_lines", "priority", "start_over", "rule"):
            row[name] = getattr(q, name)
        for name in ("weight", "balk", "lines", "limit", "longest_wait", "resolved"):
            row[name] = getattr(q, name)
        for name in ("talk", "hold", "wrap", "patience"):
            row[name] = self._law(getattr(q, name))
        self._lists_of(number, q, row)
        self._bot_of(q, row)
        self._further_contacts_of(q, row)
        self._callback_of(q.callback, row)

    def _lists_of(self, number: int, q: Queue, row: Any) -> None:
        serving = [
            (skill.level, group, k, skill)
            for k, (group, skill) in enumerate(self._skills)
            if skill.queue == number
        ]
        serving.sort(key=lambda way: way[:2])
        delays = sorted({skill.after for *_, skill in serving if skill.after})
        row["ways"], row["ways_end"] = self._ways.add([k for _, _, k, _ in serving])
        row["delays"], row["delays_end"] = self._numbers.add(delays)
        row["hours"], row["hours_end"] = self._spans.add(q.hours.tolist())
        row["transfers"], row["transfers_end"] = self._transfers.add(list(q.transfers))

    def _bot_of(self, q: Queue, row: Any) -> None:
        bot = q.bot
        if bot is None:
            return
        row["bot"] = 1
        row["session"] = self._law(bot.session)
        row["back_after"] = self._law(bot.comes_back_after)
        row["outages"], row["outages_end"] = self._spans.add(bot.outage.tolist())
        for name in ("tried", "left", "contained", "comes_back", "residual", "comeback"):
            row[name] = getattr(bot, name)
        row["bot_resolved"] = bot.resolved
        row["handover_factor"], row["handover_add"] = bot.handover.factor, bot.handover.add

    def _further_contacts_of(self, q: Queue, row: Any) -> None:
        if q.retry is not None:
            row["retry"], row["retry_after"] = 1, self._law(q.retry.delay)
            row["retry_most"], row["retry_to"] = q.retry.at_most, q.retry.queue
            row["retry_keeps"] = q.retry.keeps_patience
            row["after_abandon"], row["after_busy"] = q.retry.after_abandon, q.retry.after_busy
        if q.repeat is not None:
            row["repeats"], row["repeat_after"] = 1, self._law(q.repeat.delay)
            row["repeat_most"], row["repeat_to"] = q.repeat.at_most, q.repeat.queue
            row["repeat_share"] = q.repeat.share
            row["repeat_factor"], row["repeat_add"] = q.repeat.change.factor, q.repeat.change.add

    def _callback_of(self, offer: Callback | None, row: Any) -> None:
        if offer is None:
            return
        row["callback"] = 1
        for name in ("offer_at", "tries", "keeps_place", "offer_after", "accepted", "answered"):
            row[name] = getattr(offer, name)
        for name in ("delay", "dial", "again"):
            row[name] = self._law(getattr(offer, name))

    # -- groups -----------------------------------------------------------------------------

    def _skill(self, group: int, skill: Skill) -> tuple[Any, ...]:
        first, last = self._numbers.add(skill.speed.tolist())
        return (
            group, skill.queue, skill.level, skill.take, skill.at_once, skill.reserve, first,
            last, skill.after, skill.resolves,
        )  # fmt: skip

    def _groups(self) -> Records:
        rows, agent, skill = [], 0, 0
        for group in self.model.groups:
            rows.append(self._group(group, agent, skill))
            agent, skill = agent + group.agents, skill + len(group.skills)
        return np.array(rows, t.GROUP)

    @staticmethod
    def _group(group: Group, agent: int, skill: int) -> tuple[Any, ...]:
        concurrent = bool(group.mixes) or any(s.at_once > 1 for s in group.skills)
        return (
            agent, group.agents, skill, skill + len(group.skills), group.wrap_when_idle,
            group.hands_back, concurrent, concurrent or bool(group.interrupts),
            bool(group.interrupts), group.headcount is not None,
        )  # fmt: skip

    def _together(self) -> npt.NDArray[np.int8]:
        table = np.zeros((len(self._skills), len(self.model.queues)), np.int8)
        for k, (g, skill) in enumerate(self._skills):
            group, mine = self.model.groups[g], self.model.queues[skill.queue].channel
            for q, queue in enumerate(self.model.queues):
                if queue.channel == mine or (mine, queue.channel) in group.mixes:
                    table[k, q] |= c.MIXES
                if (skill.queue, q) in group.interrupts:
                    table[k, q] |= c.YIELDS
        return table

    # -- the tape ---------------------------------------------------------------------------

    def world(self, tape: Tape) -> World:
        """Return all tables for one tape."""
        del self._spans.items[self._fixed :]  # the breaks of another tape
        shifts = self._shifts(tape)
        spans = np.array(self._spans.items, np.float64).reshape(-1, 2)
        return self._same._replace(
            born=tape.born,
            first_queue=tape.queue,
            backlog=tape.backlog.astype(np.int64),
            keys=tape.keys,
            work=np.column_stack((tape.talk, tape.hold, tape.wrap, tape.patience)),
            headcount=self._headcount(tape),
            shifts=shifts,
            spans=spans,
            limits=np.append(self._same.limits[:-1], float(tape.mirrored)),
        )

    @cached_property
    def _same(self) -> World:
        """What is the same for every tape; the tape's own tables are empty."""
        model, none = self.model, np.empty(0)
        first_share, transfers = len(self._numbers.items), self._transfers.items
        rows = [(to.queue, to.warm, to.change.factor, to.change.add) for to in transfers]
        return World(
            none, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint64), none,
            np.array(self._laws, t.LAW), np.array(self._knots.items, np.float64),
            np.array(self._values.items, np.float64), self.queues, np.array(rows, t.TRANSFER),
            np.array(self._ways.items, np.int64), self.skills, self.groups, self.together,
            np.empty((0, 0), np.int64), np.empty(0, t.SHIFT), none,
            np.array([*self._numbers.items, *(to.share for to in transfers)], np.float64),
            np.array([model.horizon, model.interval_s, model.lines, float(first_share), 0.0]),
        )  # fmt: skip

    def _headcount(self, tape: Tape) -> Ints:
        table = np.zeros((len(self.model.groups), self.model.intervals + 1), np.int64)
        for g, group in enumerate(self.model.groups):
            if group.headcount is not None:
                table[g, :-1] = tape.headcount(g)
        return table

    def _shifts(self, tape: Tape) -> Records:
        rows = []
        for g, group in enumerate(self.model.groups):
            for shift in group.shifts:
                if tape.present[g][shift.day, shift.agent]:
                    agent = int(self.groups[g]["first"]) + shift.agent
                    breaks = self._spans.add(shift.breaks.tolist())
                    rows.append((agent, *breaks, shift.start, shift.end))
        return np.array(rows, t.SHIFT)
