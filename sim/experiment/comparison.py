"""Compare scenarios that share all chance: replication by replication, figure by figure."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.replicate import Progress
from sim.experiment.result import Result
from sim.experiment.simulation import simulate, understood
from sim.metrics import MEASURES, Finding, findings
from sim.metrics.estimate import Estimate
from sim.metrics.figures import number
from sim.units import BadInputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import Model
    from sim.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of one scenario against the base.

    Attributes
    ----------
    other : str
        Label of the scenario.
    scope, name, metric : str
    base, value : float or None
        The figure of the base and of the other scenario.
    difference : float or None
        ``value - base``.
    low, high : float or None
        95 % interval of the difference, from pairs of replications; None for one pair.
    significant : bool
        The interval does not hold zero.
    """

    other: str
    scope: str
    name: str
    metric: str
    base: float | None
    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    significant: bool


@dataclass(frozen=True)
class Comparison:
    """Several scenarios that lived the same days.

    Attributes
    ----------
    results : tuple of Result
        The base first.
    labels : tuple of str
        One for each result, all different.
    """

    results: tuple[Result, ...]
    labels: tuple[str, ...]

    @property
    def base(self) -> Result:
        """Return the result of the base."""
        return self.results[0]

    @cached_property
    def rows(self) -> list[Difference]:
        """Return every difference of every other scenario against the base."""
        base = _by_key(self.base)
        found: list[Difference] = []
        for label, result in zip(self.labels[1:], self.results[1:], strict=True):
            pairs = _pairs(base, _by_key(result))
            found += [_difference(label, *pair) for pair in pairs]
        return found

    def differences(self, scope: str | None = None, metric: str | None = None) -> pd.DataFrame:
        """Return the differences as a table.

        Parameters
        ----------
        scope, metric : str, optional
            Only these.

        Returns
        -------
        DataFrame
            Columns as the attributes of :class:`Difference`.
        """
        import pandas as pd

        kept = [r for r in self.rows if scope in (None, r.scope) and metric in (None, r.metric)]
        return pd.DataFrame([asdict(r) for r in kept], columns=list(Difference.__slots__))

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        return {
            "base": self.labels[0],
            "others": list(self.labels[1:]),
            "seed": self.base.seed,
            "runs": self.base.runs,
            "engine": self.base.engine,
            "version": __version__,
            "differences": [asdict(row) for row in self.rows],
        }

    def to_json(self) -> str:
        """Return the document as JSON text; figures that are not known are null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)


def compare(
    scenarios: Sequence[Scenario | Model | str | Path],
    runs: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    labels: Sequence[str] | None = None,
) -> Comparison:
    """Compare scenarios with the first of them.

    Parameters
    ----------
    scenarios : sequence of Scenario, Model, or paths
        The base and at least one other.
    runs : int, optional
        Replications of each; the number of the base unless given.
    seed : int, optional
        One for all; the seed of the base unless given.
    engine, workers, progress
        As for :func:`simulate`; progress counts the replications of all scenarios.
    labels : sequence of str, optional
        One for each scenario; their names unless given, numbered where they are the same.

    Returns
    -------
    Comparison

    Raises
    ------
    BadInputError
        With fewer than two scenarios, or labels that do not fit.
    """
    models = [understood(s)[0] for s in scenarios]
    if len(models) < 2:
        raise BadInputError(f"scenarios: {len(models)} given, at least 2 are needed")
    runs = models[0].runs if runs is None else runs
    seed = models[0].seed if seed is None else seed
    names = _labels([m.name for m in models] if labels is None else list(labels), len(models))
    results = []
    for k, model in enumerate(models):
        told = _shifted(progress, k * runs, len(models) * runs)
        results.append(
            simulate(model, runs=runs, seed=seed, engine=engine, workers=workers, progress=told)
        )
    return Comparison(tuple(results), names)


def _shifted(progress: Progress | None, before: int, planned: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, _: progress(before + done, planned)


def _labels(names: list[str], count: int) -> tuple[str, ...]:
    """Number names that appear more than once."""
    if len(names) != count:
        raise BadInputError(f"labels: {len(names)} given, {count} are needed")
    out: list[str] = []
    for name in names:
        label, k = name, 2
        while label in out:
            label, k = f"{name} ({k})", k + 1
        out.append(label)
    return tuple(out)


Key = tuple[str, str, str]
Findings = dict[Key, Finding]


def _pairs(base: Findings, other: Findings) -> Iterator[tuple[Finding, Finding]]:
    """Pair the figures of two scenarios, in the order of the base and then of the other.

    What is counted in one of them alone (callbacks, say) is zero in the other, where that
    has the place; any other figure needs both.
    """
    counts = {measure.name for measure in MEASURES if not measure.bottom}
    shared = {key[:2] for key in base} & {key[:2] for key in other}
    for key in dict.fromkeys([*base, *other]):
        if key in base and key in other:
            yield base[key], other[key]
        elif key[:2] in shared and key[2] in counts:
            there = base.get(key) or other[key]
            none = replace(there, estimate=there.estimate.minus(there.estimate))
            yield (there, none) if key in base else (none, there)


def _by_key(result: Result) -> Findings:
    found = findings(result.model, result.tallies)
    return {(f.scope.kind, f.scope.name, f.metric): f for f in found}


def _difference(label: str, base: Finding, other: Finding) -> Difference:
    gap = other.estimate.minus(base.estimate)
    widest = 1.0 if base.unit == "share" else float("inf")
    low, high = (number(bound) for bound in gap.bounds(-widest, widest))
    return Difference(
        other=label,
        scope=base.scope.kind,
        name=base.scope.name,
        metric=base.metric,
        base=number(base.estimate.value),
        value=number(other.estimate.value),
        difference=number(gap.value),
        low=low,
        high=high,
        significant=low is not None and high is not None and not _holds_zero(gap, low, high),
    )


def _holds_zero(gap: Estimate, low: float, high: float) -> bool:
    """Tell whether zero lies within; rounding alone makes no difference."""
    slack = 1e-12 * max(1.0, abs(float(gap.value)))
    return low <= slack and high >= -slack
