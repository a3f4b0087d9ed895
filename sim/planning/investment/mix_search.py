"""The search for the best mix: levers alone, pairs, mixes that promise most, and a selection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import inf

import numpy as np

from sim.experiment.selection.elimination import compare_pairs
from sim.metrics.estimators import InfluenceEstimate
from sim.planning.investment.mix_costs import CostModel, MixCost
from sim.planning.investment.mix_prediction import MixPrediction, possible_pairs
from sim.planning.investment.mix_space import Mix, MixSpace
from sim.planning.investment.objective import Objective
from sim.planning.investment.simulated_mixes import Estimates, SimulatedMixes, Variation

ALL_MIXES = 64
"""Up to so many mixes all of them are simulated."""
PROMISING = 16
"""Mixes of the best predicted effect that are simulated."""
BUDGETS = 8
"""Parts of the budget for each of which the best predicted mixes are simulated."""
ROUNDS = 6
NEAR = 12
"""Neighbours of the best mix that are simulated in each round."""
CONTENDERS = 12
"""Mixes among which the best is selected."""
GROWTH = 1.6
MOST_TIMES = 12
"""Replications of the selection, as a multiple of those of the search."""
CONFIDENCE = 0.95
TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class InvestProgress:
    """How far a search is.

    Attributes
    ----------
    stage : str
    done, planned : int
        Scenarios of the stage.
    best : str
        The best mix so far, in words.
    difference : float
        Of the objective, from the base.
    """

    stage: str
    done: int
    planned: int
    best: str
    difference: float


@dataclass
class MixSearch:
    """The mixes that were simulated, and the best of them.

    Attributes
    ----------
    space : MixSpace
    objective : Objective
    costs : CostModel
    mixes : SimulatedMixes
    budget : float
        A month; infinite without one.
    runs : int
        Replications of each mix.
    target : float or None
        Improvement that is asked for at the least cost, instead of the best under the budget.
    report : callable or None
    """

    space: MixSpace
    objective: Objective
    costs: CostModel
    mixes: SimulatedMixes
    budget: float
    runs: int
    target: float | None = None
    report: Callable[[InvestProgress], None] | None = None
    known: dict[Mix, tuple[float, MixCost]] = field(default_factory=dict)
    refused: dict[Mix, str] = field(default_factory=dict)
    undecided: list[Mix] = field(default_factory=list)
    prediction: MixPrediction | None = None
    selected: list[Mix] = field(default_factory=list)
    decided_runs: int = 0
    _stage: tuple[str, int, int] = ("", 0, 0)

    def __post_init__(self) -> None:
        """Follow the simulation."""
        self.mixes.report = self._progressed

    @property
    def base(self) -> Estimates:
        """Return the metrics of the scenario without levers."""
        return self._estimates(self.space.nothing)

    @property
    def best(self) -> Mix:
        """Return the best mix so far."""
        return min(self.selected or self.known, key=self.rank)

    def gain(self, mix: Mix) -> float:
        """Return by how much the objective is better than in the base."""
        return self.known[mix][0]

    def cost(self, mix: Mix) -> MixCost:
        """Return what a simulated mix costs."""
        return self.known[mix][1]

    def fits(self, mix: Mix) -> bool:
        """Return whether the budget is enough for a simulated mix."""
        return self.cost(mix).total <= self.budget + TOLERANCE * max(1.0, abs(self.budget))

    def is_worse(self, mix: Mix, other: Mix, runs: int) -> bool:
        """Return whether one simulated mix is shown to be worse than another."""
        low, _ = self._signed(other, runs).minus(self._signed(mix, runs)).bounds()
        return bool(low > 0)

    # -- stages ----------------------------------------------------------------------------------

    def screen_alone(self) -> None:
        """Simulate each lever alone, at every level."""
        self.simulate("levers alone", list(self._alone().values()))

    def screen_pairs(self) -> None:
        """Simulate the levers in pairs, and predict mixes from both."""
        space = self.space
        top = tuple(self._top(k) for k in range(len(space.levers)))
        pairs = possible_pairs(space, top)
        self.prediction = self._predicted_from(top, pairs)
        self.simulate("pairs of levers", [mix for _, _, mix in pairs])
        self.prediction = self._predicted_from(top, pairs)

    def improve(self) -> None:
        """Simulate the mixes that promise most, then the neighbours of the best."""
        assert self.prediction is not None
        every = self.prediction.all_mixes()
        if len(every) <= ALL_MIXES:
            self.simulate("all mixes", every)
            return
        self.simulate("mixes that promise most", self._promising(every))
        for _ in range(ROUNDS):
            before = self.best
            near = [mix for mix in self.space.neighbours(before) if mix not in self.known]
            self.simulate("mixes near the best", self._best_predicted(near, self.budget, NEAR))
            if self.best == before:
                return

    def select(self) -> None:
        """Simulate the best mixes further, until one is shown to be the best."""
        runs, remaining = self.runs, self._contenders()
        error = (1 - CONFIDENCE) / max(len(remaining) - 1, 1)
        while True:
            self.decided_runs = runs
            found = [self._signed(mix, runs) for mix in remaining]
            comparison = compare_pairs(found, error)
            worse = set(comparison.worse())
            remaining = [mix for k, mix in enumerate(remaining) if k not in worse]
            kept = comparison.of([k for k in range(len(found)) if k not in worse])
            equal = not kept.errors.any() and np.ptp(kept.values) < TOLERANCE
            self._decide(remaining)
            more = min(int(runs * GROWTH) + 1, MOST_TIMES * self.runs)
            if len(remaining) == 1 or equal or more <= runs:
                return
            self.simulate("selection of the best", remaining, more, further=True)
            runs = more

    def simulate(
        self, stage: str, mixes: Sequence[Mix], runs: int | None = None, further: bool = False
    ) -> None:
        """Simulate mixes that the changes allow, and note what they give."""
        runs = runs or self.runs
        nothing = self.space.nothing
        wanted = list(dict.fromkeys(mix for mix in mixes if self._is_possible(mix)))
        if runs != self.runs and nothing not in wanted:
            wanted.append(nothing)
        new = [mix for mix in wanted if further or mix not in self.known]
        self._stage = stage, 0, len(new)
        for first in range(0, len(new), 8):
            some = new[first : first + 8]
            try:
                self.mixes.simulate([Variation(mix) for mix in some], runs)
            finally:  # when it was stopped, of those that are finished
                if not further:
                    self.note_finished(some)
        for mix in wanted if further else ():
            self._note(mix, runs)

    def note_finished(self, mixes: Sequence[Mix]) -> None:
        """Note what the mixes give that are simulated."""
        for mix in mixes:
            if self.mixes.has(Variation(mix), self.runs):
                self._note(mix)

    def announce(self, stage: str, planned: int) -> None:
        """Begin a stage of the progress."""
        self._stage = stage, 0, planned

    def _alone(self) -> dict[tuple[int, float], Mix]:
        """Return the mix of each lever and level alone."""
        return {
            (k, level): self.space.alone(k, level)
            for k, lever in enumerate(self.space.levers)
            for level in lever.levels
        }

    # -- details ---------------------------------------------------------------------------------

    def _note(self, mix: Mix, runs: int = 0) -> None:
        found = self._estimates(mix, runs)
        base = self._estimates(self.space.nothing, runs)
        name = self.objective.name
        value = float(self.objective.signed(found[name]).value) if name in found else -inf
        gain = value - float(self.objective.signed(base[name]).value)
        gain = -inf if np.isnan(gain) else gain
        self.known[mix] = gain, self.costs.of(mix, found, base)

    def _estimates(self, mix: Mix, runs: int = 0) -> Estimates:
        key = Variation(mix).key
        return self.mixes.found[key, self.mixes.seed, runs or self.runs]

    def _signed(self, mix: Mix, runs: int) -> InfluenceEstimate:
        return self.objective.signed(self._estimates(mix, runs)[self.objective.name])

    def _is_possible(self, mix: Mix) -> bool:
        if mix in self.known:
            return True
        if mix not in self.refused:
            self.refused[mix] = self.space.refusal(mix)
        return not self.refused[mix]

    def rank(self, mix: Mix) -> tuple[float, ...]:
        """Return the place of a mix, the smallest first."""
        gain, cost = round(self.known[mix][0], 12), self.known[mix][1]
        size = float(len(self.space.used(mix)))
        if self.target is not None:
            reached = gain >= self.target - TOLERANCE
            return (0.0, cost.total, size) if reached else (1.0, -gain, cost.total)
        return (0.0, -gain, cost.total, size) if self.fits(mix) else (1.0, cost.total, 0.0, size)

    def _top(self, k: int) -> float:
        """Return the highest level of a lever that the budget allows, else the lowest."""
        levels = self.space.levers[k].levels
        alone = [(level, self.space.alone(k, level)) for level in levels]
        within = [level for level, mix in alone if mix in self.known and self.fits(mix)]
        return within[-1] if within else levels[0]

    def _predicted_from(self, top: Mix, pairs: Sequence[tuple[int, int, Mix]]) -> MixPrediction:
        """Return effects and interactions of what is simulated so far."""
        space = self.space
        own: dict[tuple[int, float], tuple[float, float]] = {}
        for (k, level), mix in self._alone().items():
            if mix in self.known:
                needed = space.without(mix, k) if space.levers[k].needs else space.nothing
                more, price = self._effect(needed) if needed in self.known else (0.0, 0.0)
                gain, cost = self._effect(mix)
                own[k, level] = gain - more, cost - price
        plain = MixPrediction(space, own, {}, top, frozenset())
        done = [(k, j, mix) for k, j, mix in pairs if mix in self.known]
        effects, costs = plain.predicted([mix for _, _, mix in done])
        beyond = {}
        for (k, j, mix), effect, cost in zip(done, effects, costs, strict=True):
            gain, price = self._effect(mix)
            beyond[k, j] = gain - float(effect), price - float(cost)
        out = frozenset((k, j) for k, j, mix in pairs if self.refused.get(mix))
        return MixPrediction(space, own, beyond, top, out)

    def _effect(self, mix: Mix) -> tuple[float, float]:
        gain, cost = self.known[mix]
        return (gain if np.isfinite(gain) else 0.0), cost.total

    def _promising(self, every: list[Mix]) -> list[Mix]:
        """Return the best predicted mixes for the budget and for parts of it."""
        found = self._best_predicted(every, self.budget, PROMISING)
        limit = self.budget
        if not np.isfinite(limit):
            assert self.prediction is not None
            limit = float(np.max(self.prediction.predicted(every)[1], initial=0.0))
        for part in range(1, BUDGETS):
            found += self._best_predicted(every, limit * part / BUDGETS, 2)
        return list(dict.fromkeys(found))

    def _best_predicted(self, mixes: list[Mix], limit: float, count: int) -> list[Mix]:
        """Return the mixes of the best predicted effect under a limit of the predicted cost."""
        if not mixes:
            return []
        assert self.prediction is not None
        effect, cost = self.prediction.predicted(mixes)
        if self.target is not None:
            order = np.lexsort((cost, np.where(effect >= 0.9 * self.target, 0.0, -effect)))
        else:
            allowed = cost <= limit * 1.02 + TOLERANCE
            order = np.lexsort((cost, np.where(allowed, -effect, np.inf)))
            order = order[: int(allowed.sum())]
        return [mixes[int(k)] for k in order[:count]]

    def _contenders(self) -> list[Mix]:
        """Return the best mixes that are allowed, and none that needs more than the budget."""
        possible = [mix for mix, (gain, _) in self.known.items() if np.isfinite(gain)]
        if self.target is None:
            possible = [mix for mix in possible if self.fits(mix)]
            return sorted(possible, key=self.rank)[:CONTENDERS]
        return [min(possible, key=self.rank)]

    def _decide(self, remaining: list[Mix]) -> None:
        """Note which mixes cannot be told apart from the best, the cheapest first."""
        self.selected = remaining
        best = self.best
        others = [mix for mix in remaining if mix != best]
        self.undecided = sorted(others, key=lambda mix: self.cost(mix).total)

    def _progressed(self) -> None:
        stage, done, planned = self._stage
        self._stage = stage, done + 1, planned
        if self.report is not None:
            best = self.best if self.known else self.space.nothing
            gain = self.known[best][0] if self.known else 0.0
            self.report(
                InvestProgress(
                    stage, done + 1, planned, self.space.words(best), self.objective.sign * gain
                )
            )
