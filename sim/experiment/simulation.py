"""Simulate one scenario: as many replications as asked for, or as the precision needs."""

from __future__ import annotations

from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.replicate import Progress, replications
from sim.experiment.result import Result
from sim.metrics import Tallies, Tally, headline, stack
from sim.model import Group, Model
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenario import Scenario

MOST_RUNS = 10_000
FIRST_RUNS = 20
"""Replications before the first look at the precision: fewer judge the spread badly."""


def simulate(
    center: Scenario | Model | str | Path,
    runs: int | None = None,
    seed: int | None = None,
    precision: float | str | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Result:
    """Simulate a scenario.

    Parameters
    ----------
    center : Scenario, Model, or path of a scenario file
    runs : int, optional
        Replications; the scenario's own number unless given.
    seed : int, optional
        The scenario's own seed unless given.
    precision : float or str, optional
        Instead of ``runs``: go on until half the width of the 95 % interval of the service
        level of the whole is no more than this share (``0.005`` or ``"0.5%"``), for at most
        10,000 replications.
    engine : str
        ``auto`` or the name of an engine.
    workers : int, optional
        Processes. The result is the same whatever their number.
    progress : callable, optional
        Called with the replications done and planned.

    Returns
    -------
    Result

    Raises
    ------
    BadInputError
        When there is no such engine, a number is out of its bounds, or ``runs`` and
        ``precision`` are both given.
    sim.scenario.ScenarioError
        When the file is no valid scenario.
    """
    model, own_precision = understood(center)
    played = _engine(engine)
    seed = model.seed if seed is None else seed
    wanted = _precision(precision) if precision is not None else None
    if wanted is None and runs is None:
        wanted = own_precision
    _guard(runs, precision, seed, workers)
    if wanted is not None:
        return _until(model, seed, wanted, played, workers, progress)
    tallies = gather(model, seed, range(1, (runs or model.runs) + 1), played, workers, progress)
    return Result(model, seed, played, tallies, _warnings(model, tallies))


def understood(center: Scenario | Model | str | Path) -> tuple[Model, float | None]:
    """Return the model of a scenario, and the precision it asks for itself."""
    if isinstance(center, Model):
        return center, None
    if isinstance(center, (str, Path)):
        from sim.scenario import load

        center = load(center)
    from sim.model.building import build_model

    return build_model(center), getattr(center.experiment, "precision", None)


def gather(
    model: Model,
    seed: int,
    which: range,
    engine: str,
    workers: int | None,
    progress: Progress | None,
) -> Tallies:
    """Return the tallies of some replications, telling the progress."""

    def told() -> Iterator[Tally]:
        lived = replications(model, seed, which, engine, workers)
        for done, one in enumerate(lived, start=which[0]):
            if progress is not None:
                progress(done, which[-1])
            yield one

    return stack(told())


def _until(
    model: Model,
    seed: int,
    precision: float,
    engine: str,
    workers: int | None,
    progress: Progress | None,
) -> Result:
    planned = FIRST_RUNS
    tallies = gather(model, seed, range(1, planned + 1), engine, workers, progress)
    while True:
        half = float(headline(model, tallies).half)
        if half <= precision or np.isnan(half) or planned >= MOST_RUNS:
            break
        # The spread falls with the root of the runs; half again is for its own chance.
        needed = ceil(planned * (half / precision) ** 2 * 1.1)
        planned = min(MOST_RUNS, max(planned + FIRST_RUNS, min(needed, 4 * planned)))
        which = range(tallies.runs + 1, planned + 1)
        tallies += gather(model, seed, which, engine, workers, progress)
    notes = _warnings(model, tallies) + _missed(half, precision, tallies.runs)
    return Result(model, seed, engine, tallies, notes)


def _engine(engine: str) -> str:
    """Return the name of the engine that will play."""
    from sim.engine import chosen

    try:
        return chosen(engine)
    except ValueError as error:  # all it does is to look for the name
        raise BadInputError(str(error)) from None


def _missed(half: float, precision: float, runs: int) -> tuple[str, ...]:
    if np.isnan(half):
        return ("precision: there is no service level to judge it by",)
    if half > precision:
        return (f"precision: ± {half:.3%} after {runs} runs, wanted ± {precision:.3%}",)
    return ()


def _warnings(model: Model, tallies: Tallies) -> tuple[str, ...]:
    served = {s.queue for g in model.groups if _is_there(g) for s in g.skills}
    alone = [queue.name for k, queue in enumerate(model.queues) if k not in served]
    found = [f"nobody serves queue {name} at any time" for name in alone]
    if unstable := int(tallies.unstable.sum()):
        found.append(
            f"unstable: contacts piled up without end in {unstable} of {tallies.runs} runs"
        )
    return tuple(found)


def _is_there(group: Group) -> bool:
    """Tell whether a group has anybody on duty at any time."""
    return bool(group.shifts) if group.headcount is None else bool((group.headcount > 0).any())


def _precision(precision: float | str) -> float:
    from sim.units import share

    try:
        value = share(precision)
    except BadInputError as error:
        raise BadInputError(f"precision: {error}") from None
    if not 0 < value < 1:
        raise BadInputError(f"precision: {precision} must lie between 0 % and 100 %")
    return value


def _guard(runs: int | None, precision: float | str | None, seed: int, workers: int | None) -> None:
    if runs is not None and precision is not None:
        raise BadInputError("runs, precision: give one of them, not both")
    if runs is not None and not 1 <= runs <= 1_000_000:
        raise BadInputError(f"runs: {runs} must be from 1 to 1,000,000")
    if seed < 0:
        raise BadInputError(f"seed: {seed} must not be negative")
    if workers is not None and workers < 1:
        raise BadInputError(f"workers: {workers} must be at least 1")
