"""One investment search from beginning to end: search, check on new days, assumptions, advice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from pathlib import Path

import numpy as np

from sim.metrics.metric_ref import has_metric
from sim.metrics.registry import catalogue
from sim.model import Model
from sim.planning.investment import advice as words
from sim.planning.investment import result_rows as rows
from sim.planning.investment.agents_saved import LEVEL, AgentsSaved, agents_saved
from sim.planning.investment.assumptions import TornadoBar, tornado
from sim.planning.investment.investment_result import Investment
from sim.planning.investment.mix_costs import CostModel
from sim.planning.investment.mix_search import InvestProgress, MixSearch
from sim.planning.investment.mix_space import Mix, MixSpace
from sim.planning.investment.naive_answers import NaiveAnswer, naive_answers, record
from sim.planning.investment.objective import Objective, ObjectiveTarget
from sim.planning.investment.recommended_mix import cheapest_that_holds, recommended_mix
from sim.planning.investment.saved_mixes import open_mixes
from sim.planning.investment.simulated_mixes import InvestmentStopped, SimulatedMixes, Variation
from sim.scenario.lever_changes import ScenarioLever
from sim.units import DAY, BadInputError

SEARCH = 0.6
"""Share of the time limit for the search; the rest is for checks, assumptions and naive answers."""
FRESH = 1_000_003
"""Added to the seed for days that the search does not see."""
SHOWN_UNDECIDED = 5
ALREADY = 1e-9
"""Improvement up to which a target is reached without any lever."""
MOST_WORKING_DAYS = 23
"""In a month."""
MOST_SAVED = 6
"""Levers of which the agents saved are searched."""


@dataclass(frozen=True)
class InvestmentTask:
    """What is searched, and how."""

    space: MixSpace
    model: Model
    objective: Objective
    target: ObjectiveTarget | None
    costs: CostModel
    budget: float
    runs: int
    seed: int
    limit_s: float
    days_a_month: float
    notes: tuple[str, ...]
    stop: Callable[[], bool] | None

    @property
    def metrics(self) -> tuple[str, ...]:
        """Return the metrics that are evaluated of each mix."""
        value = rows.VALUE
        kept = (
            [value]
            if value in catalogue() and has_metric(self.model, "total", "total", value)
            else []
        )
        return tuple(dict.fromkeys([self.objective.name, LEVEL, *self.costs.metrics, *kept]))

    @property
    def identity(self) -> dict[str, object]:
        """Return what simulated mixes depend on."""
        from sim import __version__

        return {
            "version": __version__,
            "scenario": self.space.scenario.fingerprint,
            "levers": [
                [lever.name, {path: repr(v) for path, v in lever.changes.items()}]
                for lever in self.space.levers
            ],
            "metrics": list(self.metrics),
            "seed": self.seed,
        }


@dataclass
class Investing:
    """One search from beginning to end."""

    task: InvestmentTask
    workers: int | None
    report: Callable[[InvestProgress], None] | None
    stopped: str = ""
    bars: list[TornadoBar] = field(default_factory=list)
    naive: list[NaiveAnswer] = field(default_factory=list)
    saved: dict[Mix, AgentsSaved] = field(default_factory=dict)
    remedies: dict[Mix, str] = field(default_factory=dict)
    checked: dict[Mix, rows.CheckedMix] = field(default_factory=dict)
    recommended: Mix | None = None
    untried: int = 0

    def __post_init__(self) -> None:
        task, self.began = self.task, time.monotonic()
        self.mixes = SimulatedMixes(
            task.space, task.metrics, task.seed, self.workers, stop=task.stop
        )
        self.search = MixSearch(
            task.space, task.objective, task.costs, self.mixes, task.budget, task.runs,
            report=self.report,
        )  # fmt: skip

    def result(self, resume: Path | None) -> Investment:
        """Search, check, and return the result."""
        with open_mixes(resume, self.task.identity, self.mixes):
            self._search()
            self.mixes.deadline = inf  # what is not simulated yet must not stop the rows below
            return self._investment()

    def _search(self) -> None:
        search = self.search
        with self._stoppable():
            search.simulate("the scenario without levers", [self.task.space.nothing])
            self._start_time()  # the first simulation may compile the engine
            self._set_target()
            if search.target is not None and search.target <= ALREADY:
                search.selected = [self.task.space.nothing]
                return
            search.screen_alone()
            self._refuse_small_budget()
            search.screen_pairs()
            search.improve()
            search.select()
        search.note_finished([self.task.space.nothing])  # perhaps stopped right after it
        if not search.known:
            raise KeyboardInterrupt  # before there was any mix
        if self.stopped == "interrupted":
            return
        self.mixes.deadline = self.started + self.task.limit_s
        with self._stoppable():
            if search.target is None:
                self.recommended = recommended_mix(search)
                self._check([search.best, self.recommended, *search.undecided[:SHOWN_UNDECIDED]])
            else:
                self.untried = cheapest_that_holds(search, lambda mix: self._check([mix])[0])
            self._agents_saved()
            naive_answers(search, self.naive)
            tornado(search, self.bars)

    def _start_time(self) -> None:
        """Let the time limit begin now."""
        self.started = time.monotonic()
        self.mixes.deadline = self.started + SEARCH * self.task.limit_s

    @contextmanager
    def _stoppable(self) -> Iterator[None]:
        try:
            yield
        except InvestmentStopped:
            asked = self.task.stop is not None and self.task.stop()
            self.stopped = "interrupted" if asked else "time"
        except KeyboardInterrupt:
            self.stopped = "interrupted"

    def _set_target(self) -> None:
        target = self.task.target
        if target is not None:
            base = float(self.search.base[target.objective.name].value)
            self.search.target = target.objective.sign * target.difference(base)

    def _refuse_small_budget(self) -> None:
        """Refuse a budget below the cost of every lever alone."""
        search, space = self.search, self.task.space
        alone = [m for m in search.known if space.used(m)]
        if not alone or any(search.fits(mix) for mix in alone):
            return
        cheapest = min(alone, key=lambda mix: search.cost(mix).total)
        raise BadInputError(
            f"budget: {self.task.budget:,.0f} a month is below the cheapest lever, "
            f"{space.words(cheapest)} ({search.cost(cheapest).total:,.0f} a month)"
        )

    def _check(self, mixes: list[Mix]) -> list[rows.CheckedMix]:
        """Simulate mixes on days not seen before."""
        search, seed = self.search, self.task.seed + FRESH
        search.announce("check on new days", len(mixes) + 1)
        runs = max(search.decided_runs, 2 * search.runs)
        wanted = [Variation(mix) for mix in (self.task.space.nothing, *mixes)]
        base, *found = self.mixes.simulate(wanted, runs, seed)
        for mix, one in zip(mixes, found, strict=True):
            cost = self.task.costs.of(mix, one, base)
            self.checked[mix] = rows.CheckedMix(mix, one, base, cost)
        return [self.checked[mix] for mix in mixes]

    def _agents_saved(self) -> None:
        """Search the agents saved by the levers that raise the service level most."""
        search, space = self.search, self.task.space
        search.announce("agents saved", MOST_SAVED * 4)
        alone = [
            space.alone(k, lever.levels[0])
            for k, lever in enumerate(space.levers)
            if not _adds_agents(lever)
        ]
        alone = [mix for mix in alone if mix in search.known]
        levels = {mix: rows.level_difference(rows.searched(search, mix)) or 0.0 for mix in alone}
        likely = sorted((mix for mix in levels if levels[mix] > 0), key=lambda mix: -levels[mix])
        for mix in likely[:MOST_SAVED]:
            found = agents_saved(search, mix)
            if found is not None:
                self.saved[mix] = found
                remedy = words.remedy(search, found)
                if remedy:
                    self.remedies[mix] = remedy

    # -- the result ------------------------------------------------------------------------------

    def _investment(self) -> Investment:
        search, task = self.search, self.task
        best = self._mix(search.best)
        bars = sorted(self.bars, key=lambda bar: -bar.span)
        rec = self._mix(search.best if self.recommended is None else self.recommended)
        target = self._target_row(best)
        found = words.Findings(
            search, best, rec, self.saved, self.remedies, self.naive, bars, target
        )
        return Investment(
            name=task.space.scenario.name,
            budget=None if task.budget == inf else task.budget,
            objective=task.objective.name,
            unit=task.objective.unit,
            better="largest" if task.objective.sign > 0 else "smallest",
            base=rows.base_row(search, best.base),
            best=rows.best_row(search, best),
            recommended=rows.best_row(search, rec) | rows.undecided_row(search, rec, best),
            levers=self._lever_rows(),
            frontier=rows.frontier_rows(search),
            tornado=[rows.tornado_row(search, bar) for bar in bars],
            advice=words.advice(found),
            undecided=[self._undecided_row(mix) for mix in search.undecided],
            naive=[record(search, one) for one in self.naive],
            what_would_it_take=target,
            runs=task.runs,
            seed=task.seed,
            simulated=self.mixes.simulated,
            horizon_days=(task.model.horizon - task.model.measure_from) / DAY,
            days_a_month=task.days_a_month,
            stopped=self.stopped,
            notes=self._notes(),
            seconds=time.monotonic() - self.began,
            invested=task.space.scenario_of(search.best),
        )

    def _mix(self, mix: Mix) -> rows.CheckedMix:
        return self.checked.get(mix) or rows.searched(self.search, mix)

    def _undecided_row(self, mix: Mix) -> rows.Row:
        search = self.search
        if mix in self.checked:
            return rows.undecided_row(search, self.checked[mix], self.checked[search.best])
        best = rows.searched(search, search.best)
        return rows.undecided_row(search, rows.searched(search, mix), best)

    def _lever_rows(self) -> list[rows.Row]:
        """Return each lever alone, at its least level."""
        space, found = self.task.space, []
        for k, lever in enumerate(space.levers):
            mix = space.alone(k, lever.levels[0])
            if mix in self.search.known:
                saved = self.saved.get(mix)
                found.append(rows.lever_row(self.search, k, lever.levels[0], saved))
        return found

    def _target_row(self, best: rows.CheckedMix) -> rows.Row | None:
        """Return whether the target is reached, and by what."""
        target, search = self.task.target, self.search
        if target is None or search.target is None:
            return None
        found = rows.mix_row(search, best)
        least, sign = search.target, self.task.objective.sign
        ends = [found["difference_low"], found["difference_high"]]
        worst = min((sign * end for end in ends if end is not None), default=-inf)
        return {
            "target": target.text,
            "difference_wanted": sign * least,
            "reached": sign * (found["difference"] or 0.0) >= least - 1e-9,
            "certain": worst >= least,
            "levers": found["levers"],
            "words": found["words"],
            "cost": found["cost"],
            "difference": found["difference"],
            "already": least <= ALREADY,
            "tried": max(len(self.checked), 1),
            "untried": self.untried,
        }

    def _notes(self) -> tuple[str, ...]:
        """Return what a reader should know."""
        task, search, notes = self.task, self.search, list(self.task.notes)
        refused = [(mix, text) for mix, text in search.refused.items() if text]
        if refused:
            mix, text = refused[0]
            more = f" (and {len(refused) - 1} further mixes)" if len(refused) > 1 else ""
            notes.append(f"{task.space.words(mix)}{more} cannot be combined: {text}")
        if task.costs.running is None and any(map(_adds_agents, task.space.levers)):
            notes.append("no group has a wage: the cost of agents is only what the levers say")
        if task.days_a_month > MOST_WORKING_DAYS and _only_working_days(task.model):
            notes.append(
                f"the scenario simulates working days only, but a month counts as "
                f"{task.days_a_month:g} of them: set --days-a-month 21 for a center closed at "
                "weekends"
            )
        if search.best in self.checked:
            notes.append(
                "value and difference of the best mix are from days that the search did not use"
            )
        else:
            notes.append(
                "stopped before the check on new days: the difference of the best mix, chosen as "
                "the largest, is probably too good"
            )
        uncertain = [v for v in task.space.levers if not _adds_agents(v)]
        made_up = [v.name for v in uncertain if "made up" in v.source]
        if made_up:
            notes.append(f"uncalibrated: effects of {', '.join(made_up)} are made up")
        model = task.space.scenario.satisfaction
        if model is not None and task.objective.is_experience:
            notes += task.objective.uncalibrated(model.calibrated)
        return tuple(notes)


def _only_working_days(model: Model) -> bool:
    """Return whether the measured days are all from Monday to Friday."""
    first, last = model.measure_from // DAY, -(-model.horizon // DAY)
    days = model.first_day + np.arange(int(first), int(last))
    return bool(np.is_busday(days).all())


def _adds_agents(lever: ScenarioLever) -> bool:
    """Return whether a lever changes the number of agents."""
    return any(path.endswith((".agents", ".shifts")) for path in lever.changes)
