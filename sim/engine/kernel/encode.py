"""From a model and a tape to :class:`sim.engine.kernel.layout.ModelTables`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from sim.distributions import DistributionByInterval, TimeDistribution
from sim.engine.kernel import codes as c
from sim.engine.kernel import layout as t
from sim.engine.kernel.layout import ModelTables, Records
from sim.model import (
    Announce,
    Callback,
    Conditions,
    Context,
    Group,
    Ints,
    Model,
    Queue,
    Silent,
    Skill,
    Transfer,
)
from sim.model.journeys import NO_KIND, NO_SEGMENT, OutboundCalls
from sim.tape import Tapes
from sim.tape.random_numbers import shown_up


class _Lists:
    """Lists of different lengths, end to end."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def add(self, items: Iterable[Any]) -> tuple[int, int]:
        """Append a list; return where it begins and ends."""
        first = len(self.items)
        self.items += items
        return first, len(self.items)


class Encoder:
    """A model as tables; what tapes say is added for their replications."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._distributions: list[dict[str, Any]] = []
        self._knots, self._values, self._by_interval = _Lists(), _Lists(), _Lists()
        self._spans, self._delays, self._speeds = _Lists(), _Lists(), _Lists()
        self._routes, self._transfers, self._conditions = _Lists(), _Lists(), _Lists()
        self._skills = [(g, s) for g, group in enumerate(model.groups) for s in group.skills]
        queues = [self._queue(number, queue) for number, queue in enumerate(model.queues)]
        skills = [self._skill(g, skill) for g, skill in self._skills]
        kinds = self._kinds(model)
        settings = {
            "horizon": model.horizon, "interval_s": model.interval_s, "trunks": model.lines,
            "has_journeys": model.journeys is not None,
            "talk_varies": model.talk_variation.varies, "days": model.days, "day_s": model.day_s,
        }  # fmt: skip
        self.groups = _records(t.GROUP, self._group_rows())
        agents = _records(t.AGENT_FACTORS, self._agents())
        self._someone_absent = any(group.someone_absent for group in model.groups)
        shifts, breaks, self._places_of_shifts = self._all_shifts()
        self._fixed = ModelTables(
            settings=_records(t.SETTINGS, [settings]),
            born=np.empty(0),
            first_queue=np.empty(0, np.int64),
            backlog=np.empty(0, np.int8),
            keys=np.empty(0, np.uint64),
            first_work=np.empty(0, t.WORK),
            issue_kind=np.empty(0, np.int16),
            issue_segment=np.empty(0, np.int16),
            prevention=np.empty(0, np.int8),
            kinds=_records(t.KIND, kinds),
            segments=_records(t.SEGMENT, _segments(model)),
            distributions=_records(t.DISTRIBUTION, self._distributions),
            interval_distributions=np.array(self._by_interval.items, np.int64),
            knots=np.array(self._knots.items, np.float64),
            values=np.array(self._values.items, np.float64),
            talk_factors=np.empty(0),
            queues=_records(t.QUEUE, queues),
            transfers=_records(t.TRANSFER, [_transfer(to) for to in self._transfers.items]),
            transfer_shares=np.array([to.share for to in self._transfers.items], np.float64),
            routes=np.array(self._routes.items, np.int64),
            overflow_delays=np.array(self._delays.items, np.float64),
            spans=_pairs(self._spans.items),
            condition_starts=np.array([each.start for each in self._conditions.items], np.float64),
            conditions=_records(
                t.CONDITIONS, [_conditions(each) for each in self._conditions.items]
            ),
            skills=_records(t.SKILL, skills),
            speeds=np.array(self._speeds.items, np.float64),
            groups=self.groups,
            agent_factors=agents,
            compatibility=self._compatibility(),
            pause_keys=np.empty(0, np.uint64),
            headcount=self._planned_headcount(),
            shifts=shifts,
            breaks=breaks,
        )

    def tables(self, tapes: Tapes) -> tuple[ModelTables, dict[str, Ints]]:
        """Return the tables of some replications, one after the other.

        Returns
        -------
        ModelTables
        dict of str to ndarray of int64, shape (replications + 1,)
            By name of each table that differs, where the rows of a replication begin.
        """
        numbers = np.arange(len(tapes) + 1)
        settings = np.repeat(self._fixed.settings, len(tapes))
        settings["mirrored"] = tapes.mirrored
        changed: dict[str, npt.NDArray[Any]] = {
            "born": tapes.born,
            "first_queue": tapes.queue,
            "backlog": tapes.backlog.view(np.int8),
            "keys": tapes.keys,
            "first_work": tapes.work.view(t.WORK).ravel(),
        }
        if self.model.journeys is not None:
            changed |= {
                "issue_kind": tapes.issue_kind + np.int16(1),
                "issue_segment": tapes.segment + np.int16(1),
                "prevention": tapes.prevention,
            }
        first = dict.fromkeys(changed, tapes.first)
        changed["settings"], first["settings"] = settings, numbers
        if tapes.talk_factor is not None:
            changed["talk_factors"] = tapes.talk_factor.ravel()
            first["talk_factors"] = numbers * tapes.talk_factor[0].size
        if any(one is not None for one in tapes.agent_speed):
            changed["agent_factors"] = self._agent_speeds(tapes)
            first["agent_factors"] = numbers * len(self._fixed.agent_factors)
        if any(group.quiet is not None for group in self.model.groups):
            changed["pause_keys"] = tapes.pause_keys.ravel()
            first["pause_keys"] = numbers * len(self.model.groups)
        if self._someone_absent:
            changed["headcount"] = self._headcounts(tapes)
            first["headcount"] = numbers * len(self.model.groups)
            changed["shifts"], first["shifts"] = self._shifts(tapes)
        return self._fixed._replace(**changed), first

    # -- queues ----------------------------------------------------------------------------------

    def _distribution(self, distribution: TimeDistribution) -> int:
        """Return the number of a distribution."""
        knots, values = distribution.curve()
        a, b = distribution.numbers
        first, end = self._knots.add(knots.tolist())
        self._values.add(values.tolist())
        self._distributions.append({
            "family": distribution.code, "knots": first, "knots_end": end,
            "a": a, "b": b, "zero": distribution.zero,
        })  # fmt: skip
        return len(self._distributions) - 1

    def _time(self, time: TimeDistribution) -> int:
        """Return the number of a distribution, or -1 less the place of those by interval."""
        if not isinstance(time, DistributionByInterval):
            return self._distribution(time)
        numbers = [self._distribution(one) for one in time.rows]
        return -1 - self._by_interval.add(numbers[row] for row in time.row)[0]

    def _queue(self, number: int, q: Queue) -> dict[str, Any]:
        return {
            "channel": self.model.channels.index(q.channel),
            "deferred": q.deferred, "at_close": q.at_close, "shares_trunks": q.shares_lines,
            "priority": q.priority, "start_over": q.start_over, "rule": q.rule,
            "weight": q.weight, "head_start": q.head_start, "balk": q.balk, "trunks": q.lines,
            "limit": q.limit,
            "longest_wait": q.longest_wait, "resolved": q.resolved,
            "talk": self._time(q.talk), "hold": self._time(q.hold),
            "wrap": self._time(q.wrap), "patience": self._time(q.patience),
            "resolves_transferred": q.resolution.transferred,
            "resolves_context_lost": q.resolution.context_lost,
            "waited_over": q.resolution.waited_over, "resolves_waited": q.resolution.waited,
            **self._lists_of(number, q), **self._bot_of(q), **self._retrial_of(q),
            **self._repeat_of(q), **self._callback_of(q.callback), **self._silent_of(q.silent),
            **_announce_of(q.announce),
        }  # fmt: skip

    def _lists_of(self, number: int, q: Queue) -> dict[str, int]:
        serving = [
            (skill.level, group, k, skill)
            for k, (group, skill) in enumerate(self._skills)
            if skill.queue == number
        ]
        serving.sort(key=lambda way: way[:2])
        delays = sorted({skill.after for *_, skill in serving if skill.after})
        return {
            **_range("routes", self._routes.add(k for _, _, k, _ in serving)),
            **_range("delays", self._delays.add(delays)),
            **_range("hours", self._spans.add(q.hours.tolist())),
            **_range("transfers", self._transfers.add(q.transfers)),
            **_range("conditions", self._conditions.add(q.conditions)),
        }

    def _bot_of(self, q: Queue) -> dict[str, Any]:
        bot = q.bot
        if bot is None:
            return {}
        return {
            "bot": True, "session": self._distribution(bot.session), "tried": bot.tried,
            "left": bot.left, "contained": bot.contained, "bot_resolved": bot.resolved,
            "comes_back": bot.comes_back, "residual": bot.residual, "comeback": bot.comeback,
            "return_after": self._distribution(bot.comes_back_after),
            "handover_factor": bot.handover.factor, "handover_add": bot.handover.add,
            **_context("handover_", bot.context),
            **_range("outages", self._spans.add(bot.outage.tolist())),
        }  # fmt: skip

    def _retrial_of(self, q: Queue) -> dict[str, Any]:
        retry = q.retry
        if retry is None:
            return {}
        return {
            "retrial": True, "retrial_after": self._distribution(retry.delay),
            "max_retrials": retry.at_most, "retrial_queue": retry.queue,
            "keeps_patience": retry.keeps_patience,
            "after_abandon": retry.after_abandon, "after_busy": retry.after_busy,
        }  # fmt: skip

    def _repeat_of(self, q: Queue) -> dict[str, Any]:
        repeat = q.repeat
        if repeat is None:
            return {}
        return {
            "repeats": True, "repeat_after": self._distribution(repeat.delay),
            "max_repeats": repeat.at_most, "repeat_queue": repeat.queue,
            "repeat_share": repeat.share,
            "repeat_factor": repeat.change.factor, "repeat_add": repeat.change.add,
            **_context("repeat_", repeat.context),
        }  # fmt: skip

    def _callback_of(self, offer: Callback | None) -> dict[str, Any]:
        if offer is None:
            return {}
        return {
            "callback": True, "offer_at": offer.offer_at, "offer_after": offer.offer_after,
            "accepted": offer.accepted, "answered": offer.answered, "tries": offer.tries,
            "keeps_place": offer.keeps_place, "dial": self._distribution(offer.dial),
            "callback_after": self._distribution(offer.delay),
            "redial_after": self._distribution(offer.again),
        }  # fmt: skip

    def _silent_of(self, silent: Silent | None) -> dict[str, Any]:
        if silent is None:
            return {}
        return {
            "silent": True, "noticed": self._distribution(silent.noticed),
            "silent_waiting": silent.waiting, "silent_within": silent.within,
        }  # fmt: skip

    def _kinds(self, model: Model) -> list[dict[str, Any]]:
        """Return the rows of kinds of issues, first that of issues of no kind."""
        kinds = () if model.journeys is None else model.journeys.kinds
        return [
            {
                "factor": kind.change.factor, "add": kind.change.add, "resolves": kind.resolves,
                "bot_contains": kind.bot_contains, "bot_resolves": kind.bot_resolves,
                **self._outbound_of(kind.outbound),
            }
            for kind in (NO_KIND, *kinds)
        ]  # fmt: skip

    def _outbound_of(self, calls: OutboundCalls | None) -> dict[str, Any]:
        if calls is None:
            return {}
        return {
            "outbound": True, "calls_queue": calls.queue, "ahead": calls.ahead,
            "attempts": calls.attempts, "right_party": calls.right_party,
            "call_settles": calls.settled, "again": self._distribution(calls.again),
            "unanswered": self._distribution(calls.unanswered),
        }  # fmt: skip

    # -- groups ----------------------------------------------------------------------------------

    def _skill(self, group: int, skill: Skill) -> dict[str, Any]:
        return {
            "group": group, "queue": skill.queue, "level": skill.level,
            "preference": skill.take, "share": 1.0 / skill.at_once, "reserve": skill.reserve,
            "after": skill.after, "resolves": skill.resolves,
            **_range("speeds", self._speeds.add(skill.speed.tolist())),
        }  # fmt: skip

    def _group_rows(self) -> list[dict[str, Any]]:
        rows, agent, skill = [], 0, 0
        for group in self.model.groups:
            rows.append({**_group(group, agent, skill), **self._pauses_of(group)})
            agent, skill = agent + group.agents, skill + len(group.skills)
        return rows

    def _agents(self) -> list[dict[str, Any]]:
        """Return the rows of all agents, group by group."""
        rows = []
        for group in self.model.groups:
            gaps = (group.gap, *group.person_gaps)
            numbers = {gap: self._distribution(gap) for gap in gaps if gap is not None}
            for agent in range(group.agents):
                speed, resolves = group.factors_of(agent)
                gap = group.gap_of(agent)
                number = -1 if gap is None else numbers[gap]
                rows.append({"gap": number, "speed": speed, "resolves": resolves})
        return rows

    def _pauses_of(self, group: Group) -> dict[str, Any]:
        found: dict[str, Any] = {"pauses": group.has_pauses}
        if group.quiet is not None:
            found |= {
                "quiet": True, "quiet_share": group.quiet.share,
                "length": self._distribution(group.quiet.length),
                "ready": self._distribution(group.quiet.ready),
            }  # fmt: skip
        return found

    def _compatibility(self) -> npt.NDArray[np.int8]:
        table = np.zeros((len(self._skills), len(self.model.queues)), np.int8)
        for k, (g, skill) in enumerate(self._skills):
            group, mine = self.model.groups[g], self.model.queues[skill.queue].channel
            for q, queue in enumerate(self.model.queues):
                if queue.channel == mine or (mine, queue.channel) in group.mixes:
                    table[k, q] |= c.MIXES
                if (skill.queue, q) in group.interrupts:
                    table[k, q] |= c.INTERRUPTIBLE
        return table

    # -- the tape --------------------------------------------------------------------------------

    def _planned_headcount(self) -> Ints:
        table = np.zeros((len(self.model.groups), self.model.intervals + 1), np.int64)
        for g, group in enumerate(self.model.groups):
            if group.headcount is not None:
                table[g, :-1] = group.headcount
        return table

    def _agent_speeds(self, tapes: Tapes) -> Records:
        """Return the factors of all agents, one replication after the other."""
        table = np.repeat(self._fixed.agent_factors[None], len(tapes), axis=0)
        for g, drawn in enumerate(tapes.agent_speed):
            if drawn is not None:
                begin, count = int(self.groups["first"][g]), self.model.groups[g].agents
                table["speed"][:, begin : begin + count] *= drawn[:, :count]
        return table.reshape(-1)

    def _headcounts(self, tapes: Tapes) -> Ints:
        """Return who shows up, shape (replications * groups, intervals + 1)."""
        table = np.repeat(self._fixed.headcount[None], len(tapes), axis=0)
        for g, group in enumerate(self.model.groups):
            if group.headcount is not None and group.someone_absent:
                table[:, g, :-1] = shown_up(self.model, group.headcount, tapes.present[g])
        return table.reshape(-1, table.shape[2])

    def _all_shifts(self) -> tuple[Records, Records, Ints]:
        """Return all shifts, all breaks, and group, day and agent of each shift."""
        rows, breaks, places = [], _Lists(), []
        for g, group in enumerate(self.model.groups):
            first = int(self.groups["first"][g])
            for shift in group.shifts:
                places.append((g, shift.day, shift.agent))
                rows.append({
                    "agent": first + shift.agent, "start": shift.start, "ends": shift.end,
                    **_range("breaks", breaks.add(shift.breaks.tolist())),
                })  # fmt: skip
        pairs = [{"start": start, "length": length} for start, length in breaks.items]
        return (
            _records(t.SHIFT, rows),
            _records(t.BREAK, pairs),
            np.array(places, np.int64).reshape(-1, 3),
        )

    def _shifts(self, tapes: Tapes) -> tuple[Records, Ints]:
        """Return the shifts of all agents who show up, and where each replication's begin."""
        there = np.ones((len(tapes), len(self._places_of_shifts)), np.bool_)
        group, day, agent = self._places_of_shifts.T
        for g, present in enumerate(tapes.present):
            first, end = np.searchsorted(group, (g, g + 1))  # they stand group by group
            there[:, first:end] = present[:, day[first:end], agent[first:end]]
        begins = np.concatenate([[0], np.cumsum(there.sum(axis=1))])
        return self._fixed.shifts[np.nonzero(there)[1]], begins


def _range(name: str, ends: tuple[int, int]) -> dict[str, int]:
    return {name: ends[0], f"{name}_end": ends[1]}


def _records(dtype: np.dtype[np.void], rows: list[Any]) -> Records:
    """Return rows as records; a field that a row does not mention is 0.

    Raises
    ------
    ValueError
        When a row has a field that the records have not.
    """
    names = dtype.names or ()
    for row in rows:
        if not row.keys() <= set(names):
            raise ValueError(f"no field of these records: {sorted(row.keys() - set(names))}")
    return np.array([tuple(row.get(name, 0) for name in names) for row in rows], dtype)


def _pairs(items: list[Any]) -> npt.NDArray[np.float64]:
    return np.array(items, np.float64).reshape(-1, 2)


def _segments(model: Model) -> list[dict[str, float]]:
    """Return the rows of segments, first that of customers of no segment."""
    segments = () if model.journeys is None else model.journeys.segments
    return [
        {"patience": one.patience, "tries_bot": one.tries_bot} for one in (NO_SEGMENT, *segments)
    ]


def _context(prefix: str, context: Context) -> dict[str, float]:
    """Return the fields that say how often context is carried, and what its loss does."""
    return {
        f"{prefix}carried": context.carried,
        f"{prefix}lost_factor": context.lost.factor,
        f"{prefix}lost_add": context.lost.add,
    }


def _transfer(transfer: Transfer) -> Mapping[str, Any]:
    return {
        "queue": transfer.queue, "warm": transfer.warm,
        "factor": transfer.change.factor, "add": transfer.change.add,
        **_context("", transfer.context),
    }  # fmt: skip


def _announce_of(announce: Announce | None) -> dict[str, Any]:
    if announce is None:
        return {}
    names = (field.name for field in fields(Announce))
    return {"announce": True, **{f"announce_{name}": getattr(announce, name) for name in names}}


def _conditions(conditions: Conditions) -> Mapping[str, Any]:
    return {name: getattr(conditions, name) for name in t.CONDITIONS.names or ()}


def _group(group: Group, agent: int, skill: int) -> dict[str, Any]:
    """Return the row of a group places first agent and first skill have these numbers."""
    concurrent = bool(group.mixes) or any(s.at_once > 1 for s in group.skills)
    return {
        "first": agent, "agents": group.agents,
        "skills": skill, "skills_end": skill + len(group.skills),
        "wrap_when_idle": group.wrap_when_idle, "hands_back": group.hands_back,
        "concurrent": concurrent, "shares_capacity": concurrent or bool(group.interrupts),
        "interrupts": bool(group.interrupts), "by_headcount": group.headcount is not None,
        "reserves": any(s.reserve for s in group.skills),
    }  # fmt: skip
