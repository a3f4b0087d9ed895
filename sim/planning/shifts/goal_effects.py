"""What shifts give in a simulation, and what one agent more in an interval would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment.kernel_tallies import KernelTallier
from sim.metrics import stack
from sim.model.build_groups import group as build_group
from sim.model.build_model import build_model
from sim.model.groups import Shift
from sim.planning.goal_sums import GoalSums, goal_models, goal_sums
from sim.scenario.group import Shift as WrittenShift
from sim.tape.drawn_days import DrawnDays

if TYPE_CHECKING:
    from sim.array_types import Floats, Ints
    from sim.model import Model
    from sim.planning.plan_goals import PlanGoal
    from sim.scenario import Scenario

PHASES = 3
"""An agent more in an interval has its effect in this and the next two intervals."""
NEAR = 0.2
"""Share of days, nearest to the one that decides, whose surplus stands for it."""


@dataclass(frozen=True)
class SimulatedService:
    """What a plan of shifts gives.

    Attributes
    ----------
    sums : list of GoalSums
        Of each goal.
    """

    sums: list[GoalSums]

    def judged(self) -> list[Floats]:
        """Return by goal and period what must not be negative for the goal to hold.

        Contacts (or seconds) above the target of an average day; with ``days_met`` those of the
        days near the one that decides.
        """
        return [
            np.where(one.counted, (_weights(one) * one.by_period(one.surplus)).sum(axis=0), np.inf)
            for one in self.sums
        ]


def _weights(sums: GoalSums) -> Floats:
    """Return the weight of each day in each period, shape (runs, periods)."""
    surplus = sums.by_period(sums.surplus)
    runs = len(surplus)
    if sums.goal.days_met is None:
        return np.full(surplus.shape, 1 / runs)
    decides = (1 - sums.goal.days_met) * (runs - 1)
    rank = surplus.argsort(axis=0).argsort(axis=0)
    near = np.abs(rank - decides) <= max(NEAR * runs / 2, 0.5)
    found: Floats = near / near.sum(axis=0)
    return found


class ShiftSimulator:
    """Simulates plans of shifts on the same days, whose random numbers are drawn once.

    Parameters
    ----------
    scenario : Scenario
    goals : sequence of PlanGoal
    seed : int
    """

    def __init__(self, scenario: Scenario, goals: Sequence[PlanGoal], seed: int) -> None:
        self.scenario, self.goals, self.seed = scenario, goals, seed
        self.model = build_model(scenario)
        self._numbers = {queue.name: k for k, queue in enumerate(self.model.queues)}
        self._days: DrawnDays | None = None
        self._agents = 0

    def model_of(self, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Model:
        """Return the model in which groups work in some shifts, as a scenario writes them."""
        written = dict(self.scenario.group)
        for name, rows in tables.items():
            shifts = tuple(WrittenShift.model_validate(dict(row)) for row in rows)
            fields = {"agents": None, "open": None, "shifts": shifts}
            written[name] = written[name].model_copy(update=fields)
        changed = self.scenario.model_copy(update={"group": written})
        groups = tuple(build_group(changed, one.name, self._numbers) for one in self.model.groups)
        return replace(self.model, groups=groups)

    def simulate(self, model: Model, days: range) -> SimulatedService:
        """Return what a model gives on some days."""
        found: dict[PlanGoal, GoalSums] = {}
        for part in goal_models(model, self.goals):
            tallier = KernelTallier(part.model)
            drawn = self._drawn(part.model)
            tallies = stack(
                tally
                for together in drawn.parts(days)
                for tally in tallier.tally_together(drawn.tapes(part.model, together))
            )
            found |= {sums.goal: sums for sums in goal_sums(part, tallies)}
        return SimulatedService([found[goal] for goal in self.goals])

    def _drawn(self, model: Model) -> DrawnDays:
        """Return random numbers for at least the agents of a model."""
        agents = max(group.agents for group in model.groups)
        if self._days is None or agents > self._agents:
            self._agents = 2 * agents + self.model.intervals
            groups = tuple(replace(one, agents=self._agents) for one in self.model.groups)
            self._days = DrawnDays(replace(self.model, groups=groups), self.seed)
        return self._days

    def effects(
        self, model: Model, before: SimulatedService, days: range, wanted: Mapping[int, Ints]
    ) -> list[Floats]:
        """Return what one agent more in an interval changes, by goal.

        In one simulation every third interval of a group gets an agent more; a change in an
        interval is put down to the last of these.

        Parameters
        ----------
        model : Model
        before : SimulatedService
            Of the model on the same days.
        days : range
        wanted : mapping of int to ndarray of int
            By group, the intervals in which an agent may be added.

        Returns
        -------
        list of ndarray, shape (periods, groups, intervals)
            Change of what :meth:`SimulatedService.judged` returns, zero or more.
        """
        groups, intervals = len(model.groups), model.intervals
        found = [np.zeros((one.first.size, groups, intervals)) for one in before.sums]
        for group, places in wanted.items():
            for phase in range(PHASES):
                added = places[places % PHASES == phase]
                if not added.size:
                    continue
                after = self.simulate(_with_agents(model, group, added), days)
                for k, (old, new) in enumerate(zip(before.sums, after.sums, strict=True)):
                    _attribute(found[k][:, group], old, new, added)
        return [np.maximum(each, 0.0) for each in found]


def _with_agents(model: Model, group: int, intervals: Ints) -> Model:
    """Return a model with one agent more of a group in each of some intervals."""
    team, length = model.groups[group], model.interval_s
    nobreak = np.empty((0, 2))
    more = tuple(
        Shift(
            team.agents + k,
            int(i * length // 86400.0),
            float(i * length),
            float((i + 1) * length),
            nobreak,
        )
        for k, i in enumerate(intervals.tolist())
    )
    shifts = sorted((*team.shifts, *more), key=lambda one: (one.day, one.start, one.agent))
    larger = replace(team, shifts=tuple(shifts), agents=team.agents + len(more))
    groups = (*model.groups[:group], larger, *model.groups[group + 1 :])
    return replace(model, groups=groups)


def _attribute(effect: Floats, old: GoalSums, new: GoalSums, added: Ints) -> None:
    """Add the changes in each interval to the last interval before with an agent more."""
    period_of = np.searchsorted(old.first, np.arange(old.surplus.shape[1]), side="right") - 1
    weights = _weights(old)[:, period_of]
    change = (weights * (new.surplus - old.surplus)).sum(axis=0)
    place = np.searchsorted(added, np.arange(change.size), side="right") - 1
    for interval, at in enumerate(place.tolist()):
        if at >= 0:
            effect[period_of[interval], added[at]] += change[interval]
