"""Which assumption of a scenario is most suspect: each is changed, and the fit compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.planning.align_actuals import ALL_QUEUES
from sim.planning.headcounts import changed_headcounts
from sim.scenario.schedules import scheduled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.planning.period_errors import PeriodError
    from sim.scenario import Scenario

STEPS = {"patience": (0.2, 0.5)}
USUAL_STEPS = (0.05, 0.1, 0.2)
"""By what shares an assumption is changed, in both directions."""
AGENTS = "agents"
SCORED = ("service_level", "abandonment", "asa_s", "aht_s")


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
        With this change: see :func:`misfit`.
    gain : float
        Share of the misfit of the scenario as it is that the change takes away, 0 or more.
    """

    name: str
    change: str
    misfit: float
    gain: float


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


def misfit(errors: Sequence[PeriodError]) -> float:
    """Return how far a simulation is from the actuals, in units of its random error.

    The mean over service level, abandonment, ASA and AHT of the error by day, or by interval where
    there is one day, as a multiple of the error that simulated days have among themselves; 1 is
    as good as a model can be.
    """
    by_metric: dict[tuple[str, str], float] = {}
    together = any(one.queue == ALL_QUEUES for one in errors)
    for one in (
        errors if not together else [e for e in errors if e.queue == ALL_QUEUES]
    ):  # the longest period of a metric comes last
        if one.metric in SCORED and one.error is not None and one.random_error:
            by_metric[one.queue, one.metric] = one.error / one.random_error
    return sum(by_metric.values()) / len(by_metric) if by_metric else math.nan


def find_suspects(
    scenario: Scenario,
    before: Sequence[PeriodError],
    compared: Callable[[Scenario], Sequence[PeriodError]],
    report: Callable[[int, int], None] | None = None,
) -> tuple[Suspect, ...]:
    """Return the assumptions of a scenario, the one whose change fits the actuals best first.

    Parameters
    ----------
    scenario : Scenario
    before : sequence of PeriodError
        Errors of the scenario as it is.
    compared : callable
        Simulates a changed scenario, with the same random numbers, and returns its errors.
    report : callable, optional
        Called with the number of simulations done and in all.
    """
    base = misfit(before)
    if math.isnan(base):
        return ()
    tries = [
        (one, sign * step)
        for one in assumptions_of(scenario)
        for step in STEPS.get(one.name, USUAL_STEPS)
        for sign in (1, -1)
    ]
    best: dict[str, tuple[float, str]] = {}
    for done, (one, share) in enumerate(tries, 1):
        value = misfit(compared(scenario.with_(**one.changed(scenario, share))))
        before_, _ = best.setdefault(one.name, (base, ""))
        if value < before_:
            best[one.name] = (value, f"{share:+.0%}".replace("%", " %"))
        if report is not None:
            report(done, len(tries))
    found = [
        Suspect(name, words, value, max(1 - value / base, 0.0))
        for name, (value, words) in best.items()
    ]
    return tuple(sorted(found, key=lambda one: -one.gain))
