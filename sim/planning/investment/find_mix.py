"""Find the mix of levers that helps an objective most under a budget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, inf
from pathlib import Path
from typing import TYPE_CHECKING

from sim import units
from sim.model import Model
from sim.model.build_model import build_model
from sim.planning.investment.investing import Investing, InvestmentTask
from sim.planning.investment.investment_result import Investment
from sim.planning.investment.mix_costs import DAYS_A_MONTH, cost_model, refuse_small_budget
from sim.planning.investment.mix_search import InvestProgress
from sim.planning.investment.mix_space import MixSpace, only
from sim.planning.investment.objective import parse_objective, parse_target
from sim.scenario.lever_changes import catalogue_levers, scenario_levers
from sim.scenario.problems import ScenarioError, listed, nearest
from sim.scenario.size import expected_contacts, refuse_too_large
from sim.units import DAY, BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

TIME_LIMIT_S = 300.0
DAYS = 30.0
"""Simulated days of each mix, unless another number is set."""
FEWEST, MOST = 5, 100_000
DEFAULT_FEWEST = 10
"""Fewest replications where their number is not set."""


def invest(
    center: Scenario | str | Path,
    budget: float | None = None,
    *,
    objective: str | None = None,
    what_would_it_take: str | None = None,
    levers: Sequence[str] | None = None,
    catalogue: bool = False,
    runs: int | None = None,
    days: float | None = None,
    days_a_month: float = DAYS_A_MONTH,
    seed: int | None = None,
    time_limit: float | str | None = None,
    workers: int | None = None,
    report: Callable[[InvestProgress], None] | None = None,
    stop: Callable[[], bool] | None = None,
    resume: str | Path | None = None,
    allow_large: bool = False,
) -> Investment:
    """Find the mix of levers that improves an objective most under a budget.

    Parameters
    ----------
    center : Scenario, or path
        A scenario with tables ``[lever.NAME]``, the path of one, or the name of a shipped one.
    budget : float, optional
        Money a month; required unless ``what_would_it_take`` is set.
    objective : str, optional
        A metric (``"csat"``, ``"queue.calls.asa_s"``, ``"cost_per_resolved"``) or ``"value"``; by
        default the first of csat, fcr and service_level that the scenario has.
    what_would_it_take : str, optional
        Find the cheapest mix that reaches a target instead, such as ``"csat=+2pp"``.
    levers : sequence of str, optional
        Only these levers, and those that they need.
    catalogue : bool
        Add the levers of the catalogue that fit the scenario.
    runs : int, optional
        Replications of each mix.
    days : float, optional
        Instead of ``runs``: days to simulate of each mix, 30 by default, in at least ten
        replications.
    days_a_month : float
        Days like those of the scenario in a month.
    seed : int, optional
        The scenario's own unless set.
    time_limit : float or str, optional
        Of everything (s or text), five minutes unless set.
    workers : int, optional
        Threads; one for each core unless set. The result does not depend on it.
    report : callable, optional
        Called with the progress after each simulated mix.
    stop : callable, optional
        Whether to stop with the best mix so far; asked often.
    resume : str or Path, optional
        Folder for simulated mixes: a search that was stopped goes on from it.
    allow_large : bool
        As for :func:`sim.experiment.simulate`.

    Returns
    -------
    Investment
        Also when the time is up or the search is interrupted: then with the best mix so far.

    Raises
    ------
    BadInputError
        When an option does not fit, there are no levers, or the budget is below the cheapest.
    sim.scenario.ScenarioError
        When the file is not a valid scenario.
    """
    if isinstance(center, (str, Path)):
        from sim.scenario import load

        center = load(center)
    if not allow_large:
        refuse_too_large(expected_contacts(center), center.name)
    _check_options(budget, what_would_it_take, objective, days_a_month)
    space, notes = _space(center, catalogue, levers)
    model = build_model(space.scenario)
    target = None if what_would_it_take is None else parse_target(model, what_would_it_take)
    goal = parse_objective(model, objective) if target is None else target.objective
    costs = cost_model(space, model, days_a_month)
    if budget is not None:
        refuse_small_budget(space, costs, float(budget))
    task = InvestmentTask(
        space, model, goal, target, costs, inf if budget is None else float(budget),
        _runs(model, runs, days), model.seed if seed is None else seed,
        _limit(time_limit), days_a_month, notes, stop,
    )  # fmt: skip
    return Investing(task, workers, report).result(None if resume is None else Path(resume))


def _check_options(
    budget: float | None, target: str | None, objective: str | None, days_a_month: float
) -> None:
    """Refuse options that do not fit together."""
    if budget is None and target is None:
        raise BadInputError("budget: is missing; allowed: money a month, such as 20000")
    if budget is not None and not 0 <= budget < inf:
        raise BadInputError(f"budget: {budget} must be 0 or more")
    if target is not None and objective is not None:
        raise BadInputError("for: what-would-it-take names its metric; allowed: one of both")
    if not 0 < days_a_month <= 31:
        raise BadInputError(f"days-a-month: {days_a_month:g} must be above 0, up to 31")


def _space(
    scenario: Scenario, catalogue: bool, wanted: Sequence[str] | None
) -> tuple[MixSpace, tuple[str, ...]]:
    """Return the mixes of the levers of a scenario and of the catalogue."""
    notes: list[str] = []
    if problems := scenario.lever_problems():
        raise ScenarioError(problems)
    if catalogue:
        scenario, notes = with_catalogue(scenario)
    if not scenario.lever:
        raise BadInputError(
            f"{scenario.name}: has no lever; allowed: tables [lever.NAME], or the catalogue "
            "(--catalogue)"
        )
    space = MixSpace(scenario.without_levers, tuple(scenario_levers(scenario)))
    for name in wanted or ():
        if name not in scenario.lever:
            like = nearest(name, scenario.lever)
            hint = f"; did you mean {like}?" if like else ""
            known = listed(scenario.lever)
            raise BadInputError(f"lever: {name!r} is unknown; allowed: {known}{hint}")
    return (only(space, wanted) if wanted else space), tuple(notes)


def with_catalogue(scenario: Scenario) -> tuple[Scenario, list[str]]:
    """Return a scenario with the levers of the catalogue that do not contradict its own."""
    notes = []
    own = {lever.use for lever in scenario.lever.values()}
    for name, lever in catalogue_levers(scenario).items():
        if name in scenario.lever or lever.use in own:
            continue
        more = scenario.model_copy(update={"lever": {**scenario.lever, name: lever}})
        problems = more.lever_problems()
        if problems:
            notes.append(f"catalogue: {name} is left out: {problems[0].message}")
        else:
            scenario = more
    return scenario, notes


def _runs(model: Model, runs: int | None, days: float | None) -> int:
    """Return the replications of each mix."""
    if runs is not None and days is not None:
        raise BadInputError("runs, days: set one of them, not both")
    if runs is None:
        wanted = DAYS if days is None else days
        if not 0 < wanted <= MOST:
            raise BadInputError(f"days: {wanted:g} must be above 0, up to {MOST:,}")
        horizon = (model.horizon - model.measure_from) / DAY
        return max(FEWEST if days is not None else DEFAULT_FEWEST, ceil(wanted / horizon - 1e-9))
    if not FEWEST <= runs <= MOST:
        raise BadInputError(f"runs: {runs} must be from {FEWEST} to {MOST:,}")
    return runs


def _limit(time_limit: float | str | None) -> float:
    if time_limit is None:
        return TIME_LIMIT_S
    try:
        limit = units.duration(time_limit)
    except ValueError as error:
        raise BadInputError(f"time-limit: {error}") from None
    if limit <= 0:
        raise BadInputError(f"time-limit: {time_limit} must be above 0 s")
    return limit
