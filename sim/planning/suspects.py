"""Which assumption of a scenario is most suspect: each is changed, and the fit compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.planning.headcounts import changed_headcounts
from sim.planning.scored_periods import gain_bounds, misfit
from sim.scenario.schedules import scheduled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.planning.scored_periods import ScoredPeriods
    from sim.scenario import Scenario

STEPS = {"patience": (0.2, 0.5)}
USUAL_STEPS = (0.05, 0.1, 0.2)
"""By what shares an assumption is changed, in both directions."""
AGENTS = "agents"
SEARCH_RUNS = 20
"""Replications of each change that is tried; the best has all."""


@dataclass(frozen=True, slots=True)
class Suspect:
    """One assumption, and the change of it that fits the actuals best.

    Attributes
    ----------
    name : str
        Such as "talk".
    change : str
        Such as "+10%"; empty where no change that was tried fits better.
    misfit : float
        With this change: see :func:`sim.planning.scored_periods.misfit`.
    gain : float
        Share of the misfit of the scenario as it is that the change takes away; 0 without a change.
    gain_low, gain_high : float or None
        95 % confidence interval, as recorded days are few; that the change is the best of several
        for these very days makes the gain too large, which it does not show. None for few days.
    runs : int
        Replications with the change.
    """

    name: str
    change: str
    misfit: float
    gain: float
    gain_low: float | None = None
    gain_high: float | None = None
    runs: int = 0


@dataclass(frozen=True)
class ChangeableAssumption:
    """An assumption by the fields that hold it.

    Attributes
    ----------
    name : str
    paths : tuple of str
        All are changed by the same share.
    """

    name: str
    paths: tuple[str, ...]

    def changed(self, scenario: Scenario, share: float) -> dict[str, Any]:
        """Return the changes by path that make it larger by a share."""
        if self.name != AGENTS:
            return dict.fromkeys(self.paths, f"{share:+.0%}")
        found: dict[str, Any] = {}
        grid, hours = scenario.center.grid, scenario.center.open
        for path in self.paths:
            team = scenario.group[path.split(".")[1]]
            numbers = scheduled(scenario, team)
            opens = grid.open_intervals(hours if team.open is None else team.open)
            found[path] = changed_headcounts([numbers[k] for k in opens], share)
        return found


def assumptions_of(scenario: Scenario) -> list[ChangeableAssumption]:
    """Return the assumptions that can be changed: talk, wrap-up, gap, patience and agents."""
    found: list[ChangeableAssumption] = []
    for field in ("talk", "wrap", "patience"):
        paths = tuple(
            f"queue.{name}.{field}"
            for name, queue in scenario.queue.items()
            if not queue.is_deferred and 0 < getattr(queue, field).mean < math.inf
        )
        if paths:
            found.append(ChangeableAssumption("wrap-up" if field == "wrap" else field, paths))
    staffed = [name for name, group in scenario.group.items() if group.agents is not None]
    if staffed:
        found.append(
            ChangeableAssumption(AGENTS, tuple(f"group.{name}.agents" for name in staffed))
        )
    return found


@dataclass(frozen=True)
class _Fit:
    """A change of an assumption by a share, 0 for none, and its errors."""

    assumption: ChangeableAssumption
    share: float
    errors: Sequence[ScoredPeriods]
    misfit: float


@dataclass
class _Search:
    """Tries changes of a scenario, and counts them."""

    scenario: Scenario
    scored: Callable[[Scenario, int], Sequence[ScoredPeriods]]
    runs: int
    base: Sequence[ScoredPeriods]
    report: Callable[[int, int], None]
    most: int
    done: int = 0

    def tried(self, one: ChangeableAssumption, share: float) -> _Fit:
        """Return the fit of the scenario with a change."""
        changed = self.scenario.with_(**one.changed(self.scenario, share))
        errors = self.scored(changed, self.runs)
        self.counted()
        return _Fit(one, share, errors, float(misfit(errors, self.base)[0]))

    def counted(self) -> None:
        """Count a simulation."""
        self.done += 1
        self.report(min(self.done, self.most), self.most)

    def best_of(self, one: ChangeableAssumption, unchanged: _Fit) -> _Fit:
        """Return the best change of an assumption, or none.

        Both directions are tried with the middle step, the better one with a longer step where
        that fits better than no change, else with a shorter one: the fit is taken to have one
        minimum.
        """
        steps = STEPS.get(one.name, USUAL_STEPS)
        at = len(steps) // 2
        middle = min(
            (self.tried(one, sign * steps[at]) for sign in (1, -1)), key=lambda fit: fit.misfit
        )
        sign = math.copysign(1, middle.share)
        found = [unchanged, middle]
        longer = steps[at + 1 :] if middle.misfit < unchanged.misfit else ()
        for step in longer:
            found.append(self.tried(one, sign * step))
        if found[-1] is middle or found[-1].misfit > middle.misfit:
            found += [self.tried(one, sign * step) for step in steps[:at]]
        return min(found, key=lambda fit: fit.misfit)


def find_suspects(
    scenario: Scenario,
    scored: Callable[[Scenario, int], Sequence[ScoredPeriods]],
    runs: int,
    report: Callable[[int, int], None] | None = None,
) -> tuple[Suspect, ...]:
    """Return the assumptions of a scenario, the one whose change fits the actuals best first.

    Changes are searched with few replications; whichever is the best is simulated with all.

    Parameters
    ----------
    scenario : Scenario
    scored : callable
        Simulates a scenario with so many replications, which have the same random numbers in
        every scenario, and returns its errors.
    runs : int
        Replications of the best change.
    report : callable, optional
        Called with the number of simulations done and at most.
    """
    show = report or (lambda done, most: None)
    assumptions = assumptions_of(scenario)
    few = min(runs, SEARCH_RUNS)
    most = 3 + sum(len(STEPS.get(one.name, USUAL_STEPS)) + 1 for one in assumptions)
    show(0, most)
    base = scored(scenario, few)
    if not base or not assumptions:
        return ()
    search = _Search(scenario, scored, few, base, show, most)
    search.counted()
    unchanged = float(misfit(base, base)[0])
    fits = {one.name: search.best_of(one, _Fit(one, 0.0, base, unchanged)) for one in assumptions}
    found = {name: _suspect(fit, base, few) for name, fit in fits.items()}
    whole: Sequence[ScoredPeriods] = ()
    while few < runs:
        best = max(found.values(), key=lambda one: one.gain)
        if not best.change or best.runs == runs:
            break
        search.runs = runs
        if not whole:
            whole = search.base = scored(scenario, runs)
            search.counted()
        fit = fits[best.name]
        found[best.name] = _suspect(search.tried(fit.assumption, fit.share), whole, runs)
    show(most, most)
    return tuple(sorted(found.values(), key=lambda one: -one.gain))


def _suspect(fit: _Fit, base: Sequence[ScoredPeriods], runs: int) -> Suspect:
    gain = 1 - fit.misfit / float(misfit(base, base)[0])
    if not fit.share or not gain > 0:
        return Suspect(fit.assumption.name, "", fit.misfit, 0.0, runs=runs)
    low, high = gain_bounds(base, fit.errors) or (None, None)
    words = f"{fit.share:+.0%}".replace("%", " %")
    return Suspect(fit.assumption.name, words, fit.misfit, gain, low, high, runs)
