"""Simulated against actual values by interval: bands, bias, error, and random error."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.extras import need
from sim.metrics.aggregation import sum_intervals
from sim.planning.actuals_error import (
    SHARE,
    ComparedArrays,
    IntervalError,
    MetricError,
    together,
)
from sim.planning.align_actuals import ALL_QUEUES, lay_out
from sim.planning.calibrated_days import calibrated_days
from sim.planning.compared_metrics import (
    AHT_KINDS,
    CHECKED,
    HANDLE,
    compared_arrays,
)
from sim.planning.period_errors import (
    PeriodError,
    QuantileShare,
    erlang_a_values,
    erlang_inputs,
    fitted_patience,
    period_errors,
    quantile_shares,
)
from sim.planning.prediction_bands import band_share
from sim.planning.validation_notes import assumptions, handle_time_notes, volumes_are_actuals
from sim.planning.validation_verdict import ValidationVerdict, verdict_on
from sim.result_output import Output
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.experiment import Result
    from sim.history.tables.actuals import Actuals
    from sim.model import Floats
    from sim.planning.suspects import Suspect
    from sim.scenario import Scenario

OFFERED = "offered"
NOT_JUDGED = {"arrivals": OFFERED, "talk": "aht_s"}
"""Metrics that say nothing where an input is that of the actuals."""


@dataclass(frozen=True, repr=False)
class Validation(Output):
    """A scenario compared with actuals.

    Attributes
    ----------
    scenario, actuals : str
        Names of the scenario and of the recorded table.
    runs, seed : int
    days : int
        Recorded days that one simulated day stands for, at most.
    band : float
        Share of days between the bounds of a band.
    cells : tuple of IntervalError
    verdicts : tuple of MetricError
    notes : tuple of str
    recorded_aht : {"talk", "handle", "with-gaps"} or None
        What the recorded handle time holds; None when it was not stated.
    from_actuals : tuple of str
        What the simulation took from the actuals: "arrivals", "agents".
    errors : tuple of PeriodError
        By interval, hour and day, beside those of Erlang A.
    quantiles : tuple of QuantileShare
    suspects : tuple of Suspect
        Assumptions that were changed, the one that improves the fit most first.
    warnings : tuple of str
        What of the actuals is not compared.
    dates : int
        Recorded days that are compared, in all; 0 where unknown.
    """

    scenario: str
    actuals: str
    runs: int
    seed: int
    days: int
    band: float
    cells: tuple[IntervalError, ...]
    verdicts: tuple[MetricError, ...]
    notes: tuple[str, ...]
    recorded_aht: str | None = None
    from_actuals: tuple[str, ...] = ()
    errors: tuple[PeriodError, ...] = ()
    quantiles: tuple[QuantileShare, ...] = ()
    suspects: tuple[Suspect, ...] = ()
    warnings: tuple[str, ...] = ()
    dates: int = 0

    def __repr__(self) -> str:
        """Return the validation in one line."""
        described = f"runs={self.runs}, seed={self.seed}, recorded_days={self.days}"
        return f"Validation({self.scenario!r}, {self.actuals!r}, {described})"

    def table(self, whole: bool = False) -> pd.DataFrame:
        """Return the intervals that are compared as a table.

        Parameters
        ----------
        whole : bool
            One row for each metric of each queue over all its intervals instead.

        Returns
        -------
        DataFrame
            Columns as the attributes of :class:`IntervalError`, or of :class:`MetricError`.
        """
        need("table", "pandas")
        import pandas as pd

        rows: tuple[IntervalError, ...] | tuple[MetricError, ...] = (
            self.verdicts if whole else self.cells
        )
        return pd.DataFrame([asdict(row) for row in rows])

    def without(self, metric: str) -> Validation:
        """Return the same without the bias, errors and quantiles of one metric.

        Its intervals stay; a validation of this metric alone stays as it is.
        """
        if all(one.metric == metric for one in self.verdicts):
            return self
        return replace(
            self,
            verdicts=tuple(one for one in self.verdicts if one.metric != metric),
            errors=tuple(one for one in self.errors if one.metric != metric),
            quantiles=tuple(one for one in self.quantiles if one.metric != metric),
        )

    def without_taken(self, from_actuals: Sequence[str]) -> Validation:
        """Return the same without the metrics that were taken from the actuals."""
        found = self
        for metric in not_judged(from_actuals):
            found = found.without(metric)
        return found

    @property
    def verdict(self) -> ValidationVerdict:
        """What the comparison says as a whole."""
        return verdict_on(self.verdicts, self.band, len({cell.day for cell in self.cells}))

    def of(self, queue: str, metric: str) -> list[IntervalError]:
        """Return the intervals of one metric of one queue."""
        return [cell for cell in self.cells if (cell.queue, cell.metric) == (queue, metric)]

    def document(self) -> dict[str, Any]:
        """Return what the command line writes as JSON."""
        from sim import __version__

        return {
            "scenario": self.scenario,
            "actuals": self.actuals,
            "seed": self.seed,
            "runs": self.runs,
            "version": __version__,
            "recorded_days": self.days,
            "compared_days": self.dates,
            "recorded_aht": self.recorded_aht,
            "given": list(self.from_actuals),
            "band": round(self.band, 6),
            "verdict": self.verdict.document(),
            "warnings": list(self.warnings),
            "notes": list(self.notes),
            "summary": [asdict(one) for one in self.verdicts],
            "errors": [asdict(one) for one in self.errors],
            "quantiles": [asdict(one) for one in self.quantiles],
            "suspects": [asdict(one) for one in self.suspects],
            "intervals": [asdict(one) for one in self.cells],
        }

    def to_json(self) -> str:
        """Return the document as JSON text; metrics that are not known are null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)


def not_judged(from_actuals: Sequence[str]) -> list[str]:
    """Return the metrics that say nothing as they were taken from the actuals."""
    return [metric for name, metric in NOT_JUDGED.items() if name in from_actuals]


def check_aht_kind(recorded_aht: str | None) -> None:
    """Refuse a word that does not say what a recorded handle time holds.

    Raises
    ------
    BadInputError
    """
    if recorded_aht is not None and recorded_aht not in AHT_KINDS:
        raise BadInputError(
            f"recorded-aht: {recorded_aht!r} is unknown; allowed: {', '.join(AHT_KINDS)}"
        )


def validate(
    scenario: Scenario,
    result: Result,
    table: Actuals,
    queues: Mapping[str, str] | None = None,
    recorded_aht: str | None = None,
    match: str | None = None,
) -> Validation:
    """Compare a simulated scenario with recorded intervals.

    Parameters
    ----------
    scenario : Scenario
    result : Result
        Its simulation.
    table : Actuals
    queues : mapping of str to str, optional
        Queue of the scenario by name in the table; alike names unless given.
    recorded_aht : {"talk", "handle", "with-gaps"}, optional
        What the recorded handle time holds: talk and hold, wrap too, or gaps too, which no
        simulated handle time has. Taken for "handle" unless given, with a note that asks.
    match : {"date", "weekday"}, optional
        How days are matched, as for :func:`sim.planning.align_actuals.lay_out`.

    Raises
    ------
    ScenarioError
        When no queue or day of the table is in the scenario.
    BadInputError
        When the intervals do not fit into each other.
    """
    check_aht_kind(recorded_aht)
    aligned = lay_out(table, scenario, queues, match)
    sums = sum_intervals(result.model, result.tallies)
    cells: list[IntervalError] = []
    verdicts: list[MetricError] = []
    errors: list[PeriodError] = []
    quantiles: list[QuantileShare] = []

    simulated = [name for one in aligned.queues for name in aligned.names_of(one)]
    patience = fitted_patience(aligned, sums, result.model, simulated)
    inputs = erlang_inputs(scenario, result.model, patience, aligned.step)
    each = round(aligned.step / result.model.interval_s)
    place = {label: k for k, label in enumerate(result.model.starts[::each])}

    def by_formula(found: ComparedArrays) -> Floats | None:
        names = aligned.names_of(found.queue)
        known = [inputs[one] for one in names if one in inputs]
        values = erlang_a_values(known, found.metric) if len(known) == len(names) else None
        return None if values is None else values[[place[label] for label in found.labels]]

    together_too = [ALL_QUEUES] if len(aligned.queues) > 1 else []
    for queue in (*aligned.queues, *together_too):
        for metric in CHECKED:
            found = compared_arrays(result, sums, aligned, queue, metric, recorded_aht or HANDLE)
            if found is not None:
                cells += found.cells()
                verdicts.append(found.verdict())
                errors += period_errors(found, by_formula(found))
                quantiles += quantile_shares(found)
    notes = (
        *table.notes,
        *aligned.notes,
        *assumptions(aligned, table),
        *handle_time_notes(result, sums, aligned, recorded_aht),
        *volumes_are_actuals(result.model, aligned),
    )
    band = band_share(result.runs // together(result.runs, aligned.days), SHARE)
    return Validation(
        result.name, table.name, result.runs, result.seed, aligned.days, band,
        tuple(cells), tuple(verdicts), notes, recorded_aht,
        errors=tuple(errors), quantiles=tuple(quantiles),
        warnings=(*calibrated_days(scenario, table), *aligned.warnings), dates=aligned.dates,
    )  # fmt: skip
