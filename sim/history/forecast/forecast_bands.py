"""Prediction intervals of intervals, days and weeks, by horizon."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.forecast.coverage_interval import (
    BLOCKS,
    BLOCKS_OF_WEEKS,
    coverage_interval,
)
from sim.history.forecast.day_table import DayTable
from sim.history.forecast.error_variance import ErrorVariance, error_variance, growth, overlap
from sim.history.forecast.origins import HORIZONS, LEADS, at_targets, target_days
from sim.history.forecast.prediction_intervals import (
    STUDENT_ERRORS,
    STUDENT_ERRORS_OF_WEEKS,
    Bands,
    conformal_bands,
)
from sim.history.forecast.queue_forecast import ForecastBand

KNOWN_SHARE = 0.8
"""Share of the contacts forecast for a day or week whose actual counts must be known."""


class ForecastBands:
    """Prediction intervals of intervals, days and weeks, by horizon.

    Parameters
    ----------
    table : DayTable
        History.
    path : Floats
        Contacts forecast; shape (origins, leads, intervals). NaN where an origin does not
        forecast.
    origins : Ints
        Days known.
    level : float
        Nominal coverage.
    named_variance : Floats
        Variance of contacts over those expected that the name of a day adds; shape (origins,
        leads).
    """

    def __init__(
        self,
        table: DayTable,
        path: Floats,
        origins: Ints,
        level: float,
        named_variance: Floats,
    ) -> None:
        leads = path.shape[1]
        closed = ~table.is_open[: table.known]
        actual = at_targets(np.where(closed, 0.0, table.counts), origins, leads)
        actual[~np.isfinite(path)] = np.nan
        self._table, self._path = table, path
        self._origins, self._level = origins, level
        known_on = target_days(origins, leads) + 1
        ahead = np.arange(1.0, leads + 1)
        is_past = known_on <= table.known
        day_path = path.sum(axis=-1)[..., None]
        day_actual = _filled(path, actual, is_past).sum(axis=-1)[..., None]
        # Of a day's variance only the part that grows is common to days far ahead.
        together = overlap(ahead, 1 - 1 / growth(ahead))
        named = named_variance[..., None]
        day_plain, plain = (np.where(named > 0, np.nan, one) for one in (day_actual, actual))
        days = self._variance(day_path, day_plain, known_on, ahead, together)
        own = self._variance(path, plain, known_on, ahead, together)
        intervals = _of_intervals(days, own, path)
        parts = [slice(one.first - 1, one.last) for one in HORIZONS]
        parts[-1] = slice(HORIZONS[-1].first - 1, leads)
        # Intervals have noise of their own too, so that fewer of their errors go together.
        self._intervals = [
            self._bands(path, (actual, plain), known_on, intervals, named, part, one.last**0.5)
            for part, one in zip(parts, HORIZONS, strict=True)
        ]
        self._days = [
            self._bands(day_path, (day_actual, day_plain), known_on, days, named, part, one.last)
            for part, one in zip(parts, HORIZONS, strict=True)
        ]
        shape, whole = (len(origins), leads // 7, 7), np.s_[:, : leads // 7 * 7, 0]

        def by_week(values: Floats) -> Floats:
            weeks: Floats = values[whole].reshape(shape)
            return weeks

        week_known = known_on[:, 6 : 7 * shape[1] : 7]
        day_actual[whole] = _filled(
            by_week(day_path), by_week(day_actual), week_known <= table.known
        ).reshape(day_actual[whole].shape)
        as_forecast = np.where(np.isfinite(day_actual), day_path, np.nan)
        week_plain = by_week(np.where(named > 0, as_forecast, day_actual)).sum(axis=-1)[..., None]
        week_path, week_actual = (
            by_week(x).sum(axis=-1)[..., None] for x in (day_path, day_actual)
        )
        # Days of one holiday or campaign err together.
        doubt = by_week(np.sqrt(named) * day_path).sum(axis=-1)[..., None]
        week_named = np.square(doubt / np.maximum(week_path, 1e-9))
        weeks = self._variance(week_path, week_plain, week_known, ahead[6::7], overlap(ahead[6::7]))
        self._week_path = week_path
        self._weeks = [
            self._bands(
                week_path,
                (week_actual, week_plain),
                week_known,
                weeks,
                week_named,
                part,
                last,
                STUDENT_ERRORS_OF_WEEKS,
            )  # fmt: skip
            for part, last in ((slice(1), 7), (slice(1, None), LEADS))
        ]

    def _variance(
        self, path: Floats, actual: Floats, known_on: Ints, ahead: Floats, together: Floats
    ) -> ErrorVariance:
        """Variance of errors at all leads, the last of which are beyond the back-test."""
        tested = int((ahead <= LEADS).sum())
        part = np.s_[:, :tested]
        found = error_variance(
            path[part],
            actual[part],
            known_on[part],
            self._origins,
            ahead[:tested],
            together[:tested],
        )
        return found.extended(path.shape[1], tested, int((ahead <= HORIZONS[1].last).sum()))

    def _bands(
        self,
        path: Floats,
        actual: tuple[Floats, Floats],
        known_on: Ints,
        variance: ErrorVariance,
        named: Floats,
        part: slice,
        last: float,
        student_errors: float = STUDENT_ERRORS,
    ) -> Bands:
        """Bounds at some leads, of which the last is so many days ahead.

        ``actual`` are the counts, and those of ordinary days alone.
        """
        own = np.s_[:, part]
        return conformal_bands(
            path[own],
            actual[0][own],
            known_on[own],
            self._origins,
            self._level,
            ErrorVariance(variance.excess[own], variance.errors[own]),
            float(overlap(np.array(float(last)))),
            actual[1][own],
            named[own],
            student_errors,
        )

    def intervals(self, days: int, intervals: int) -> ForecastBand:
        """Return the last origin's forecast in intervals of 24 hours."""
        values = []
        for part in (
            self._path[-1],
            *(np.concatenate([getattr(one, name)[-1] for one in self._intervals])
              for name in ("low", "high")),
        ):  # fmt: skip
            full = np.zeros((days, intervals))
            is_open = self._table.is_open[self._table.known :][:days]
            full[:, self._table.columns] = np.where(is_open, part[:days], 0.0)
            values.append(full)
        return ForecastBand(*values)

    def days(self, days: int) -> ForecastBand:
        """Return the last origin's forecast of whole days."""
        return ForecastBand(self._path[-1].sum(axis=-1)[:days], *_last_bounds(self._days, days))

    def weeks(self, days: int) -> ForecastBand:
        """Return the last origin's forecast of whole weeks."""
        weeks = days // 7
        return ForecastBand(self._week_path[-1, :weeks, 0], *_last_bounds(self._weeks, weeks))

    def coverage_intervals(self, horizon: int) -> dict[str, tuple[float, float]]:
        """Return the 95 % confidence intervals of the coverage at a horizon."""
        block = BLOCKS[horizon]
        weeks = (float("nan"), float("nan"))
        if horizon:
            own = self._weeks[horizon - 1]
            weeks = coverage_interval(own.covered, own.known_on, BLOCKS_OF_WEEKS[horizon - 1])
        found = {"intervals": self._intervals[horizon], "days": self._days[horizon]}
        return {
            kind: coverage_interval(one.covered, one.known_on, block) for kind, one in found.items()
        } | {"weeks": weeks}

    def coverage(self, horizon: int) -> dict[str, float]:
        """Return the coverage in the back-test at a horizon."""
        weeks = float("nan") if horizon == 0 else self._weeks[horizon - 1].coverage
        return {
            "intervals": self._intervals[horizon].coverage,
            "days": self._days[horizon].coverage,
            "weeks": weeks,
        }


def _filled(path: Floats, actual: Floats, is_past: Bools) -> Floats:
    """Counts with the forecast in place of unknown ones, where most of the last axis is known.

    So a day with one interval left out, or a week with one day, is compared all the same.
    """
    known = np.isfinite(actual)
    share = np.where(known, path, 0.0).sum(axis=-1) / np.maximum(path.sum(axis=-1), 1e-9)
    fill = (share >= KNOWN_SHARE) & is_past
    return np.where(~known & fill[..., None], path, actual)


def _last_bounds(bands: list[Bands], number: int) -> list[Floats]:
    """Low and high bounds from the last origin, of all horizons."""
    return [
        np.concatenate([getattr(one, name)[-1, :, 0] for one in bands])[:number]
        for name in ("low", "high")
    ]


def _of_intervals(days: ErrorVariance, intervals: ErrorVariance, path: Floats) -> ErrorVariance:
    """Return the variance of intervals with the independent errors that it is known from.

    Only the part that all intervals of a day share is known from few errors; the more of the
    variance is an interval's own, the more is known of it.
    """
    squares = np.nan_to_num(np.square(path)).sum(axis=-1)
    total = np.nan_to_num(path).sum(axis=-1) + intervals.excess * squares
    shared = np.minimum(days.excess * squares / np.maximum(total, 1e-9), 1.0)
    return ErrorVariance(intervals.excess, intervals.errors / np.square(np.maximum(shared, 0.05)))
