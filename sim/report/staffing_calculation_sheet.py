"""Rows of the *Calculation* sheet of a staffing workbook, one per requirement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.erlang.queue_formula import open_queue
from sim.planning.pooling import mixed_patience, one_distribution
from sim.planning.queue_patience import is_exponential, patience_of
from sim.report.erlang_cell_formulas import PARTS, STAGES, ErlangCells

if TYPE_CHECKING:
    from sim.model import Floats, Model, Queue
    from sim.planning.queue_plans import QueuePlan
    from sim.planning.requirement import Requirement


@dataclass(frozen=True, eq=False)
class Calculation:
    """One queue, or one pool for the target of one of its queues, by one formula.

    Attributes
    ----------
    model : {"erlang_c", "erlang_a"}
    members : tuple of QueuePlan
        Of the pool; of a queue apart it alone.
    goal : QueuePlan
        Whose target counts.
    queue : Queue
        That of the goal.
    volume, aht_s, load, patience_s : ndarray, shape (intervals,)
        Patience is infinite where no customer abandons.
    """

    model: str
    members: tuple[QueuePlan, ...]
    goal: QueuePlan
    queue: Queue
    volume: Floats
    aht_s: Floats
    load: Floats
    patience_s: Floats

    def cells(self, row: int) -> ErlangCells:
        """Return the formulas of one row, columns as in `sim.report.staffing_live_sheets`."""
        return ErlangCells(
            self.model, f"I{row}", f"F{row}", f"J{row}", f"K{row}", f"H{row}", f"G{row}",
            self.queue.variant, self.queue.short,
        )  # fmt: skip

    def levels(self, agents: Floats) -> Floats:
        """Return the service level with so many agents, real numbers above 0.

        Parameters
        ----------
        agents : ndarray, shape (intervals, n)
        """
        patience = None if self.model == "erlang_c" else self.patience_s[:, None]
        queue = open_queue(self.model, self.aht_s[:, None], patience=patience)
        rate = (self.load / self.aht_s)[:, None]
        formula = queue.build(rate, agents)
        variant: Any = self.queue.variant
        level = formula.service_level(self.queue.threshold, variant, self.queue.short)
        return np.asarray(np.nan_to_num(np.asarray(level, dtype=float)))

    def search(self, most: int) -> dict[str, Floats]:
        """Return what the cells of the search hold for the volumes of the scenario.

        Parameters
        ----------
        most : int
            Whole numbers that are tried.

        Returns
        -------
        dict of str to ndarray, shape (intervals,)
            ``base``, ``missed``, ``whole``, ``low1``, ``low2`` and ``real``.
        """
        busy, load = self.load > 0, self.load
        base = np.floor(load) + 1
        if self.model == "erlang_a":
            base = np.maximum(1.0, np.floor(load - 3 * np.sqrt(load)))

        def missed(tried: Floats) -> Floats:
            return np.where(busy, (self.levels(tried) < self.queue.target).sum(axis=1), 0.0)

        count = missed(base[:, None] + np.arange(most))
        whole = np.where(busy, base + count, 0.0)
        low = np.where(busy, whole - 1, 0.0)
        found = {"base": base, "missed": count, "whole": whole}
        for stage in range(1, STAGES + 1):
            step = 1 / PARTS**stage
            low = np.where(busy, low + step * missed(low[:, None] + step * np.arange(1, PARTS)), 0)
            found[f"low{stage}"] = low
        step = 1 / PARTS**STAGES
        ends = self.levels(np.stack([np.maximum(low, 1e-6), low + step], axis=1))
        with np.errstate(divide="ignore", invalid="ignore"):
            part = (self.queue.target - ends[:, 0]) / (ends[:, 1] - ends[:, 0]) * step
        part = np.clip(np.where(np.isfinite(part), part, step), 0, step)
        return found | {"real": np.where(busy, low + part, 0.0)}


def calculations(found: Requirement) -> list[Calculation]:
    """Return every requirement of live queues that Erlang C or A gives exactly."""
    apart: dict[int, tuple[QueuePlan, ...]] = {plan.number: (plan,) for plan in found.queues}
    for sharing in found.sharings:
        if sharing.pooled:
            names = sharing.queues
            pool = tuple(p for p in found.queues if found.model.queues[p.number].name in names)
            apart |= {plan.number: pool for plan in pool}
    return [one for number in apart for one in _of(found, found.queues[number], apart[number])]


def _of(found: Requirement, goal: QueuePlan, members: tuple[QueuePlan, ...]) -> list[Calculation]:
    model = found.model
    if model.queues[goal.number].deferred or len(goal.relative) > 1:
        return []
    volume = np.sum([plan.volume for plan in members], axis=0)
    load = np.sum([plan.load for plan in members], axis=0)
    usual = np.full_like(load, float(goal.aht_s.mean()) or 1.0)
    aht = np.divide(load * model.interval_s, volume, out=usual, where=volume > 0)
    aht = np.where(aht > 0, aht, 1.0)
    named = {"erlang_c": goal.by_c, "erlang_a": goal.by_a if _exponential(model, members) else None}
    patience = mixed_patience([model.queues[p.number] for p in members], list(members), volume)
    return [
        Calculation(
            name, members, goal, model.queues[goal.number], volume, aht, load,
            np.minimum(patience, 1e7),
        )
        for name, value in named.items()
        if value is not None
    ]  # fmt: skip


def _exponential(model: Model, members: tuple[QueuePlan, ...]) -> bool:
    """Tell whether Erlang A itself counts, not a queue with another distribution of patience."""
    queues = [model.queues[plan.number] for plan in members]
    waits_forever = patience_of(queues[0]) is None
    return not one_distribution(queues) or (is_exponential(queues[0]) and not waits_forever)
