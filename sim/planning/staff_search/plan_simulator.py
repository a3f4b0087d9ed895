"""Simulation of plans under common random numbers: every plan meets the same days."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.kernel_tallies import KernelTallier
from sim.metrics import stack
from sim.planning.goal_sums import goal_models, goal_sums
from sim.planning.staff_search.plan_tally import PlanTally
from sim.tape import Tape, draw_tape

if TYPE_CHECKING:
    from sim.model import Model
    from sim.planning.staff_search.goal_periods import GoalPeriods
    from sim.planning.staff_search.plan_space import Plan, PlanSpace

TAPE_BYTES = 400_000_000
"""Memory for the random numbers of days that are simulated with many plans."""


@dataclass(frozen=True)
class PlanTask:
    """What plans are simulated for.

    Attributes
    ----------
    space : PlanSpace
    periods : GoalPeriods
    seed : int
    """

    space: PlanSpace
    periods: GoalPeriods
    seed: int


class PlanSimulator:
    """Simulates plans on the same days, whose random numbers are drawn once.

    Parameters
    ----------
    task : PlanTask
    """

    def __init__(self, task: PlanTask) -> None:
        self.task = task
        groups = tuple(replace(g, agents=task.space.most) for g in task.space.model.groups)
        self._draws = replace(task.space.model, groups=groups)
        self._tapes: OrderedDict[int, Tape] = OrderedDict()
        self._most_tapes = 1

    def simulate(self, plan: Plan, days: range) -> PlanTally:
        """Return what some days give under a plan.

        Parameters
        ----------
        plan : tuple of int
        days : range
            Numbers of the replications.
        """
        periods = self.task.periods
        total = np.zeros((len(periods.goals), 2, periods.intervals))
        surplus = np.zeros((len(periods.goals), len(days), periods.intervals))
        numbers = {goal: k for k, goal in enumerate(periods.goals)}
        for part in goal_models(self.task.space.model_of(plan), periods.goals):
            tallier = KernelTallier(part.model)
            tallies = stack(tallier.tally(self._tape(day, part.model)) for day in days)
            for sums in goal_sums(part, tallies):
                k = numbers[sums.goal]
                total[k] = sums.top.sum(axis=0), sums.bottom.sum(axis=0)
                surplus[k] = sums.surplus
        return PlanTally(total, periods.collect(surplus).astype(np.float32))

    def _tape(self, day: int, model: Model) -> Tape:
        """Return the random numbers of a day, for the agents of a model."""
        tape = self._tapes.get(day)
        if tape is None:
            tape = draw_tape(self._draws, self.task.seed, day)
            self._most_tapes = max(1, TAPE_BYTES // max(_size(tape), 1))
            self._tapes[day] = tape
            if len(self._tapes) > self._most_tapes:
                self._tapes.popitem(last=False)
        return replace(tape, model=model)


def _size(tape: Tape) -> int:
    """Return the memory (bytes) of a tape."""
    arrays = (tape.queue, tape.born, tape.backlog, tape.keys)
    arrays += (tape.talk, tape.hold, tape.wrap, tape.patience, *tape.present)
    return sum(int(array.nbytes) for array in arrays)
