"""Sums by name over periods, and formulas evaluated on them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np
import numpy.typing as npt

from sim.metrics import cost_sums
from sim.metrics.agent_time import measured_time, open_time, scheduled_time
from sim.metrics.further_thresholds import source_of
from sim.metrics.metric_definition import Base
from sim.metrics.registry import SHORTHAND, VARIANTS
from sim.metrics.scopes import CENTER, EACH_QUEUE, OF_TARGET, TargetOwner
from sim.metrics.tally_fields import Floats, names
from sim.metrics.tally_store import KINDS, Tallies
from sim.model import Goal, Model
from sim.units import HOUR


@dataclass(frozen=True, slots=True)
class Periods:
    """Some intervals taken together: ``first`` is the first interval of each period."""

    first: npt.NDArray[np.int64]
    intervals: int

    def sum(self, values: Floats, at_instant: bool = False) -> Floats:
        """Sum over the intervals (last axis); of an instant the last one holds."""
        if self.first.size == self.intervals:
            return values
        if at_instant:
            last = np.append(self.first[1:], self.intervals) - 1
            return np.asarray(values[..., last])
        return np.asarray(np.add.reduceat(values, self.first, axis=-1))


class NamedSums(Mapping[str, Floats]):
    """Sums of one base by name, each computed when it is asked for.

    Values have the shape (runs or 1, queues or groups or 1, periods).

    Parameters
    ----------
    model : Model
    tallies : Tallies
    base : {"legs", "issues", "journeys", "time"}
    periods : Periods
    """

    def __init__(self, model: Model, tallies: Tallies, base: Base, periods: Periods) -> None:
        self._model, self._tallies, self._base = model, tallies, base
        self._periods = periods
        self._computed: dict[str, Floats] = {}

    def __getitem__(self, name: str) -> Floats:
        if name in self._computed:
            return self._computed[name]
        found = self._compute(name)
        if self._periods.first.size == 1:  # small, and asked for by many metrics
            self._computed[name] = found
        return found

    def __iter__(self) -> Iterator[str]:
        yield from names(KINDS[self._base]) if self._base in KINDS else ()
        yield from _EXTRA[self._base]

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _compute(self, name: str) -> Floats:
        if OF_TARGET in name:
            return self._of_target(*name.split(OF_TARGET, 1))
        if name not in _EXTRA[self._base]:
            values = self._tallies.of(self._base, name)
            return self._periods.sum(values, at_instant=name == "backlog")
        if name == "open":
            each = [self.open_time([k]) for k in range(len(self._model.queues))]
            return np.stack(each)[None]
        if self._base == "center":
            tables = _tables(self._model, self._tallies, self._periods)
            return cost_sums.CENTER[name](self._model, tables)
        if name in cost_sums.OWN:
            return cost_sums.OWN[name](self._model, self)
        if self._base == "legs" and name != "span":
            return self._service_level_sums(name)
        if name == "pay":
            return self._pay()
        planned, span = scheduled_time(self._model), measured_time(self._model)
        clock = {"scheduled": planned, "staffed": (planned > 0) * span, "span": span[None]}
        return self._periods.sum(clock[name])[None]

    def open_time(self, queues: Iterable[int]) -> Floats:
        """Return how long some of the queues are open (s), shape (periods,).

        Of single intervals all of it counts, as in a plan by intervals.
        """
        if self._periods.first.size == self._periods.intervals > 1:
            return measured_time(self._model)
        return self._periods.sum(open_time(self._model, queues))

    def _pay(self) -> Floats:
        """Return what the agents are paid, planned hours and overtime."""
        wages = [(group.wage, group.overtime_wage) for group in self._model.groups]
        usual, late = np.array(wages).reshape(-1, 2).T[:, None, :, None] / HOUR
        return np.asarray(usual * self["paid"] + late * self["overtime"])

    def _service_level_sums(self, name: str) -> Floats:
        """Return what is counted as met, or of what, by each queue's promise or the center's."""
        if name.endswith("_center"):
            goal = self._model.goal
            every = range(len(self._model.queues))
            return self._judged(name.removesuffix("_center"), every, CENTER, goal)
        return self._judged(name, range(len(self._model.queues)), EACH_QUEUE, None)

    def _judged(
        self, name: str, queues: Iterable[int], owner: TargetOwner, goal: Goal | None
    ) -> Floats:
        place = 0 if name == "met" else 1
        read = cache(self.__getitem__)
        out = np.zeros_like(read("offered"))
        for k in queues:
            queue = self._model.queues[k]
            variant = queue.variant if goal is None else goal.variant
            formula = DONE_IN_TIME[place] if queue.deferred else VARIANTS[variant][place]
            for weight, one in parse_terms(formula):
                out[:, k] += weight * read(owner.sum_name(one))[:, k]
        return out

    def _of_target(self, name: str, target: str) -> Floats:
        """Return a sum of the queues of a target, judged by its goal; zero for the others."""
        found = self._model.target(target)
        assert found.goal is not None
        if name in ("met", "judged"):
            return self._judged(name, found.queues, TargetOwner("target", target), found.goal)
        out = np.zeros_like(self["offered"])
        for k in found.queues:
            source = source_of(self._model, name, k, found.goal.threshold)
            out[:, k] = self[source][:, k]
        return out


DONE_IN_TIME = ("due_met", "due_met + due_missed")
_EXTRA: dict[Base, tuple[str, ...]] = {
    "legs": (
        "met",
        "judged",
        "met_center",
        "judged_center",
        "span",
        "open",
        "bot_cost",
        "telephony_cost",
    ),
    "issues": (),
    "journeys": ("message_cost",),
    "time": ("scheduled", "staffed", "pay", "tools_cost"),
    "center": tuple(cost_sums.CENTER),
}


@dataclass(frozen=True, slots=True)
class PeriodSums:
    """Sums by name, over some periods of time.

    Attributes
    ----------
    model : Model
    runs, periods : int
        Replications, and periods: the intervals, the days, or one for the whole horizon.
    unit_size : int
        Consecutive replications that share random numbers.
    by_name : dict of mappings of ndarray, shape (runs or 1, queues or groups, periods)
        One table for each base.
    """

    model: Model
    runs: int
    periods: int
    by_name: Mapping[Base, NamedSums] = field(repr=False)
    unit_size: int = 1

    def factors(self, base: Base, formula: str, owner: TargetOwner = EACH_QUEUE) -> list[Floats]:
        """Evaluate each factor of a formula.

        Parameters
        ----------
        base : {"legs", "issues", "time"}
        formula : str
        owner : TargetOwner
            Whose promise contacts are compared with.

        Returns
        -------
        list of ndarray, shape (runs, queues or groups, periods)
        """
        return [self._linear(base, factor, owner) for factor in formula.split("*")]

    def open_time(self, queues: Iterable[int]) -> Floats:
        """Return how long some of the queues are open (s), shape (periods,)."""
        return self.by_name["legs"].open_time(queues)

    def _linear(self, base: Base, formula: str, owner: TargetOwner) -> Floats:
        table = self.by_name[base]
        out = np.zeros((1, 1, 1))
        for weight, name in parse_terms(formula):
            out = out + weight * table[owner.sum_name(name) if base == "legs" else name]
        return np.broadcast_to(out, (self.runs, *out.shape[1:]))


def sum_horizon(model: Model, tallies: Tallies) -> PeriodSums:
    """Sum over the whole horizon."""
    return _sum_periods(model, tallies, np.zeros(1, dtype=np.int64))


def sum_days(model: Model, tallies: Tallies) -> PeriodSums:
    """Sum over each day."""
    middles = (np.arange(model.intervals, dtype=np.float64) + 0.5) * model.interval_s
    first = np.searchsorted(model.day_of(middles), np.arange(model.days))
    return _sum_periods(model, tallies, first.astype(np.int64))


def sum_intervals(model: Model, tallies: Tallies, together: int = 1) -> PeriodSums:
    """Sum over each interval, or over several together."""
    return _sum_periods(model, tallies, np.arange(0, model.intervals, together, dtype=np.int64))


def _sum_periods(model: Model, tallies: Tallies, first: npt.NDArray[np.int64]) -> PeriodSums:
    periods = Periods(first, model.intervals)
    tables = _tables(model, tallies, periods)
    tables["center"] = NamedSums(model, tallies, "center", periods)
    return PeriodSums(model, tallies.runs, first.size, tables, tallies.unit_size)


def _tables(model: Model, tallies: Tallies, periods: Periods) -> dict[Base, NamedSums]:
    """Return the stored sums by base; those of journeys are over the whole horizon only."""
    tables: dict[Base, NamedSums] = {
        base: NamedSums(model, tallies, base, periods) for base in KINDS if base != "journeys"
    }
    if periods.first.size == 1:
        tables["journeys"] = NamedSums(model, tallies, "journeys", Periods(periods.first, 1))
    return tables


@cache
def parse_terms(formula: str) -> tuple[tuple[float, str], ...]:
    """Read a sum such as ``"answered + abandoned - abandoned_within"``.

    Parameters
    ----------
    formula : str
        Names with signs; a final ``/ number`` divides all of it.

    Returns
    -------
    tuple of (float, str)
        Weight and name, shorthand resolved.
    """
    body, _, divisor = formula.partition("/")
    scale = 1.0 / float(divisor) if divisor else 1.0
    out: list[tuple[float, str]] = []
    for sign, name in re.findall(r"([+-]?)\s*([a-z_]+)", body):
        weight = -scale if sign == "-" else scale
        inner = parse_terms(SHORTHAND[name]) if name in SHORTHAND else ((1.0, name),)
        out += [(weight * w, n) for w, n in inner]
    return tuple(out)
