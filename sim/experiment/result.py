"""The result of an experiment: its metrics as rows, table, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from sim.experiment.variance_report import VarianceSaving, reported_estimates, variance_savings
from sim.extras import need
from sim.metrics import (
    MetricRow,
    Tallies,
    VarianceReduction,
    check_metric_name,
    check_scope,
    compute_interval_rows,
    compute_rows,
    parse_metric,
)
from sim.result_output import Output
from sim.units import BadInputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.coefficient_range import MetricRange
    from sim.log import Log
    from sim.model import Floats, Model


@dataclass(frozen=True, slots=True)
class Estimate:
    """One metric with its 95 % confidence interval (None for one replication)."""

    value: float | None
    low: float | None
    high: float | None
    unit: str
    note: str = ""

    @property
    def half(self) -> float | None:
        """Return half the width of the interval."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2


@dataclass(frozen=True, repr=False)
class Result(Output):
    """The replications of one scenario.

    Attributes
    ----------
    model : Model
    seed : int
    engine : str
        The engine that simulated.
    tallies : Tallies
        Sums of each replication.
    notes : tuple of str
        What a reader should know: precision not reached, queues that grow without limit.
    controls : ndarray, shape (runs, controls), or None
        By how much each replication missed what was to be expected, where that is used.
    ranges : tuple of MetricRange, or None
        What metrics of experience are with all coefficients at either end, where that was asked
        for.
    """

    model: Model
    seed: int
    engine: str
    tallies: Tallies = field(repr=False)
    notes: tuple[str, ...] = ()
    controls: Floats | None = field(default=None, repr=False)
    ranges: tuple[MetricRange, ...] | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        """Return the result in one line."""
        details = f"runs={self.runs}, seed={self.seed}, engine={self.engine!r}"
        return f"Result({self.name!r}, {details})"

    @property
    def antithetic(self) -> bool:
        """Return whether replications form pairs."""
        return self.tallies.unit_size > 1

    @cached_property
    def reduction(self) -> VarianceReduction:
        """Return the variance reduction that was used."""
        return VarianceReduction(self.tallies.unit_size, self.controls)

    @cached_property
    def savings(self) -> list[VarianceSaving]:
        """Return the share of variance removed from metrics of the whole center."""
        if not self.reduction:
            return []
        return variance_savings(reported_estimates(self.model, self.tallies), self.reduction)

    def with_notes(self, notes: tuple[str, ...]) -> Result:
        """Return the result with further notes."""
        return replace(self, notes=self.notes + notes) if notes else self

    @property
    def runs(self) -> int:
        """Return the number of replications."""
        return self.tallies.runs

    @property
    def name(self) -> str:
        """Return the name of the scenario."""
        return self.model.name

    @cached_property
    def rows(self) -> list[MetricRow]:
        """Return every metric of the whole horizon."""
        return compute_rows(self.model, self.tallies, reduction=self.reduction)

    @cached_property
    def interval_rows(self) -> list[MetricRow]:
        """Return every metric of every interval."""
        return list(compute_interval_rows(self.model, self.tallies, self.reduction))

    def by_interval(self, *metrics: str) -> list[MetricRow]:
        """Return some metrics of every interval, in the order of :attr:`interval_rows`.

        Parameters
        ----------
        *metrics : str
            Such as ``"service_level"``; others are not computed.
        """
        if "interval_rows" in self.__dict__:
            return [row for row in self.interval_rows if row.metric in metrics]
        return list(compute_interval_rows(self.model, self.tallies, self.reduction, metrics))

    def each_row(self, intervals: bool = False) -> Iterator[MetricRow]:
        """Give every metric of the whole horizon, then those of each interval where wanted.

        Nothing is kept of the intervals, as a long horizon in short ones has millions of rows.
        """
        yield from self.rows
        if intervals and "interval_rows" in self.__dict__:
            yield from self.interval_rows
        elif intervals:
            yield from compute_interval_rows(self.model, self.tallies, self.reduction)

    def table(
        self, scope: str | None = None, interval: bool = False, metric: str | None = None
    ) -> pd.DataFrame:
        """Return metrics as a table.

        Parameters
        ----------
        scope : {"total", "channel", "target", "queue", "group", "issue"}, optional
            Only this scope.
        interval : bool
            Metrics of single intervals instead of the whole horizon.
        metric : str, optional
            Only this metric.

        Returns
        -------
        DataFrame
            Columns scope, name, interval, metric, value, low, high, unit, note. The interval is
            its start as date and time, and missing for metrics of the whole horizon.

        Raises
        ------
        BadInputError
            When there is no such scope or metric.
        """
        from dataclasses import fields

        need("table", "pandas")
        if scope is not None:
            check_scope(self.model, scope)
        if metric is not None:
            check_metric_name(metric)
        import pandas as pd

        rows = self.rows
        if interval:
            rows = self.interval_rows if metric is None else self.by_interval(metric)
        kept = [r for r in rows if scope in (None, r.scope) and metric in (None, r.metric)]
        names = [f.name for f in fields(MetricRow)]
        table = pd.DataFrame({name: [getattr(r, name) for r in kept] for name in names})
        instants = dict(zip(self.model.starts, self.model.instants, strict=True))
        table["interval"] = pd.to_datetime(table["interval"].map(instants))
        return table

    def estimate(self, metric: str, scope: str = "total", name: str | None = None) -> Estimate:
        """Return one metric of the whole horizon.

        Parameters
        ----------
        metric : str
            See :func:`sim.metrics.catalogue`; with its place before it, such as
            ``"queue.billing.asa_s"``, or alone.
        scope : str
            Of a metric that stands alone.
        name : str, optional
            Of the channel, target, queue or group; not needed where the scope has one.

        Raises
        ------
        BadInputError
            When there is no such metric, or several.
        """
        if "." in metric:
            place = parse_metric(self.model, metric)
            metric, scope, name = place.metric.name, place.scope.kind, place.scope.name
        check_scope(self.model, scope)
        check_metric_name(metric)
        names = [r for r in self.rows if r.scope == scope and r.metric == metric]
        found = [r for r in names if name in (None, r.name)]
        if len(found) != 1:
            known = ", ".join(sorted({r.name for r in names})) or "none"
            raise BadInputError(f"{metric} of {scope} {name or ''}: choose one of {known}")
        row = found[0]
        return Estimate(row.value, row.low, row.high, row.unit, row.note)

    figure = estimate  # its name before 0.2.0, in programs of users

    def log(self, replication: int = 1) -> Log:
        """Return the complete record of one replication, simulated again.

        Raises
        ------
        BadInputError
            When the replication is not one of this result.
        """
        if not 1 <= replication <= self.runs:
            raise BadInputError(f"replication {replication}: must be from 1 to {self.runs}")
        from sim.engine import simulate_replication

        return simulate_replication(
            self.model, self.seed, replication, self.engine, self.antithetic
        )

    def document(self, intervals: bool = False) -> dict[str, Any]:
        """Return what the command line writes as JSON.

        Parameters
        ----------
        intervals : bool
            The metrics of each interval too.
        """
        return {
            **self._about(),
            "metrics": [row.record() for row in self.each_row(intervals)],
        }

    def _about(self) -> dict[str, Any]:
        from sim import __version__

        options: dict[str, Any] = {}
        if self.reduction:
            options = {
                "antithetic": self.antithetic,
                "control": self.controls is not None,
                "variance_taken_off": [asdict(saving) for saving in self.savings],
            }
        return {
            "scenario": self.name,
            "seed": self.seed,
            "runs": self.runs,
            "engine": self.engine,
            "version": __version__,
            "unstable": int(self.tallies.unstable.sum()),
            "notes": list(self.notes),
            **options,
            **({} if self.ranges is None else {"range": [asdict(one) for one in self.ranges]}),
        }

    def to_json(self, intervals: bool = False) -> str:
        """Return the document as JSON text; metrics that are not known are null."""
        return "".join(self.json_parts(intervals))

    def json_parts(self, intervals: bool = False) -> Iterator[str]:
        """Give the JSON text of :meth:`to_json` piece by piece."""
        head = json.dumps(self._about(), indent=1, allow_nan=False)
        yield f'{head[:-2]},\n "metrics": ['
        # The module lays out long text far slower than these equal lines are written.
        quoted, before = cache(json.dumps), "\n  "
        for row in self.each_row(intervals):
            yield before + _json_row(row, quoted)
            before = ",\n  "
        yield "\n ]\n}"


def _json_row(row: MetricRow, quoted: Callable[[str | None], str]) -> str:
    """Return the record of a row as :mod:`json` writes it with an indent of 1."""
    return (
        f'{{\n   "scope": {quoted(row.scope)},\n   "name": {quoted(row.name)},'
        f'\n   "interval": {quoted(row.interval)},\n   "metric": {quoted(row.metric)},'
        f'\n   "value": {_json_number(row.value)},\n   "low": {_json_number(row.low)},'
        f'\n   "high": {_json_number(row.high)},\n   "unit": {quoted(row.unit)}\n  }}'
    )


def _json_number(value: float | None) -> str:
    return "null" if value is None else float.__repr__(value)
