"""Errors of a validation by interval, hour and day, calibration of its bands, and suspects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.metrics.metric_titles import label
from sim.planning.align_actuals import ALL_QUEUES
from sim.report.formatting import show, show_difference
from sim.report.text_table import columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.planning.compare_with_actuals import Validation
    from sim.planning.period_errors import PeriodError, QuantileShare
    from sim.planning.suspects import Suspect

COUNTED = "contacts"
ABOUT_ERRORS = (
    "Mean absolute errors, weighted by contacts. Random error: that of a simulated day in the "
    "place of the actuals. Erlang A: with the same arrivals, agents and handle time, and "
    "exponential patience of the fitted rate: abandonments by time waited."
)
ABOUT_QUANTILES = (
    "How often the actuals are below a quantile of the simulated values. In a good model it is "
    "as often as the quantile says."
)
ABOUT_SUSPECTS = (
    "Each assumption was changed alone, with the same random numbers. Remaining error: error by "
    "day in multiples of the random error, mean over service level, abandonment, ASA and AHT; 1 "
    "cannot be improved. Gain: with its 95 % confidence interval, as only these days are recorded; "
    "the best of several changes looks better on them than on others. A change that fits better "
    "is a reason to check the assumption, not a measurement."
)


def error_rows(errors: Sequence[PeriodError]) -> list[dict[str, str]]:
    """Return one row of text for each metric and period."""
    return [
        {
            "Queue": one.queue,
            "Metric": label(one.metric),
            "By": one.period,
            "Periods": f"{one.count:,}",
            "Error": _size(one.error, one.unit),
            "Random error": _size(one.random_error, one.unit),
            "Erlang A": _size(one.formula_error, one.unit),
        }
        for one in errors
    ]


def quantile_rows(shares: Sequence[QuantileShare]) -> list[dict[str, str]]:
    """Return one row of text for each metric and period, with a column for each quantile."""
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for one in shares:
        key = (one.queue, one.metric, one.period)
        start = {
            "Queue": one.queue, "Metric": label(one.metric), "By": one.period,
            "Periods": f"{one.count:,}",
        }  # fmt: skip
        rows.setdefault(key, start)[show(one.quantile, "share")] = show(one.share, "share")
    return list(rows.values())


def suspect_rows(suspects: Sequence[Suspect]) -> list[dict[str, str]]:
    """Return one row of text for each assumption that was changed."""
    return [
        {
            "Assumption": one.name,
            "Best change": one.change or "none fits better",
            "Remaining error": f"{one.misfit:.2f}",
            "Gain": _gain(one),
        }
        for one in suspects
    ]


def _gain(one: Suspect) -> str:
    """Return the gain with its confidence interval, where there is one."""
    gain = show(one.gain, "share")
    if one.gain_low is None or one.gain_high is None:
        return gain
    return f"{gain} ({show(one.gain_low, 'share')} to {show(one.gain_high, 'share')})"


LITTLE = 0.1
"""Part of the error below which no assumption is called suspect."""


def suspect_words(suspects: Sequence[Suspect]) -> str:
    """Return which assumption is most suspect, in a sentence; empty if none was tried."""
    if not suspects:
        return ""
    first = suspects[0]
    if not first.change:
        return "No change of a single assumption that was tried fits the actuals better."
    if first.gain < LITTLE or (first.gain_low is not None and first.gain_low <= 0):
        return (
            f"No assumption stands out: the best change ({first.name} {first.change}) takes away "
            f"{_gain(first)} of the error."
        )
    return (
        f"Most suspect: {first.name}. A change of {first.change} takes away "
        f"{_gain(first)} of the error."
    )


def details_text(validation: Validation) -> list[str]:
    """Return the details as paragraphs for a terminal.

    Errors by period stand there where they are of several days, or inputs were taken from the
    actuals; the JSON has them always.
    """
    together = any(one.queue == ALL_QUEUES for one in validation.errors)
    several = any(one.period == "day" and one.count > 1 for one in validation.errors)
    compared = {one.metric for one in validation.errors if one.formula_error is not None}
    errors = [
        one
        for one in validation.errors
        if (several or validation.from_actuals)
        and (one.queue == ALL_QUEUES or not together)
        and (one.period != "interval" or one.metric in compared)
    ]
    shares = [q for q in validation.quantiles if q.queue == ALL_QUEUES or not together]
    parts = []
    for rows, about in (
        (error_rows(errors), ABOUT_ERRORS),
        (quantile_rows(shares), ABOUT_QUANTILES),
        (suspect_rows(validation.suspects), ABOUT_SUSPECTS),
    ):
        if rows:
            heads = [head if head == "Erlang A" else head.lower() for head in rows[0]]
            parts += [about, columns([heads, *(list(row.values()) for row in rows)], left=3)]
    if validation.suspects:
        parts.append(suspect_words(validation.suspects))
    return parts


def _size(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return show(value, "share") if unit == COUNTED else show_difference(value, unit).lstrip("+")
