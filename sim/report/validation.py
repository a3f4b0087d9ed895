"""A simulation compared with actuals, as rows and text: bias, error, share inside the band."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from sim.fileio import escape_formula
from sim.metrics.metric_titles import label, metric_title
from sim.planning.actuals_error import IntervalError
from sim.planning.align_actuals import ALL_QUEUES
from sim.planning.validation_verdict import FEWEST_REPLICATIONS, is_biased
from sim.report.formatting import show, show_difference
from sim.report.result_views import begun
from sim.report.text_table import columns
from sim.report.validation_details import details_text
from sim.report.validation_sentence import verdict_sentence
from sim.units import counted

if TYPE_CHECKING:
    from sim.planning.actuals_error import MetricError
    from sim.planning.compare_with_actuals import Validation

COUNTED = "contacts"
HEADS = ("", "actual", "simulated", "bias", "error", "random error", "inside the band")
"""Columns of the text, after the metric."""
EXPLAINED = {
    "Bias": "Simulated minus actual; positive where the simulation is too high. For contacts it is "
    "relative to the actuals. Its confidence interval includes the random variation of the actual "
    "days.",
    "Error": "Mean absolute difference by interval, weighted by contacts. For contacts it is "
    "relative to the actuals (WAPE).",
    "Random error": "Range of the error in 95 % of cases if a simulated day takes the place of the "
    "actuals: no model can come closer.",
    "Inside": "Share of intervals whose actual value lies in the band of simulated days; then that "
    "of whole hours, and of days with actuals for all opening hours, within their own bands.",
}
"""What the columns of the summary mean."""


def summary_rows(verdicts: Sequence[MetricError]) -> list[dict[str, str]]:
    """Return one row of text for each metric of each queue."""
    return [
        {
            "Queue": one.queue,
            "Metric": metric_title(one.metric),
            "Verdict": verdict_of(one),
            "Actual": show(one.recorded, one.unit),
            "Simulated": spanned(
                show(one.simulated, one.unit), show(one.low, one.unit), show(one.high, one.unit)
            ),
            "Bias": spanned(*(_gap(v, one.unit) for v in (one.bias, one.bias_low, one.bias_high))),
            "Error": spanned(
                *(_size(v, one.unit) for v in (one.error, one.error_low, one.error_high))
            ),
            "Random error": _between(
                _size(one.chance_low, one.unit), _size(one.chance_high, one.unit)
            ),
            "Inside": spanned(
                *(show(v, "share") for v in (one.inside, one.inside_low, one.inside_high))
            ),
            "Hours inside": _of(one.inside_hours, one.hours),
            "Days inside": _of(one.inside_days, one.days),
        }
        for one in verdicts
    ]


def _of(inside: float | None, count: int) -> str:
    """Return how many of so many are inside."""
    return "-" if inside is None else f"{round(inside * count):,} of {count:,}"


def card_of(one: MetricError) -> tuple[str, str, str, str]:
    """Return a metric as a card: title, simulated value, interval and actual, explanation."""
    title = metric_title(one.metric)
    value = show(one.simulated, one.unit)
    known = one.low is not None and one.high is not None
    span = (
        f"{show(one.low, one.unit)} to {show(one.high, one.unit)}" if known else "one replication"
    )
    below = f"{span}; actual {show(one.recorded, one.unit)}"
    explained = (
        f"Over {one.intervals} intervals: {verdict_of(one)}. Simulated value; below, its 95 % "
        "confidence interval and the actual value."
    )
    return title, value, below, explained


def titles(verdicts: Sequence[MetricError]) -> dict[str, str]:
    """Return the titles of the metrics by metric."""
    return {one.metric: metric_title(one.metric) for one in verdicts}


def queues_of(validation: Validation) -> list[str]:
    """Return the compared queues, all of them together first."""
    names = dict.fromkeys(one.queue for one in validation.verdicts)
    return sorted(names, key=lambda name: name != ALL_QUEUES)


def warnings_of(validation: Validation) -> list[str]:
    """Return what is left out, as sentences."""
    return [f"{begun(warning)}." for warning in validation.warnings]


def notes_of(validation: Validation) -> list[str]:
    """Return what was assumed, as sentences."""
    return [f"{begun(note)}." for note in validation.notes]


def cells_csv(validation: Validation) -> str:
    """Return every interval of every metric as CSV; names that begin like formulas are marked."""
    sink = io.StringIO()
    writer = csv.DictWriter(sink, [one.name for one in fields(IntervalError)], lineterminator="\n")
    writer.writeheader()
    for cell in validation.cells:
        writer.writerow({key: escape_formula(value) for key, value in asdict(cell).items()})
    return sink.getvalue()


def verdict_of(one: MetricError) -> str:
    """Return in words whether the actuals differ from the simulation.

    Too high or too low over all intervals comes first; else intervals may be off by more than
    random variation explains, in both directions.
    """
    if one.bias is None or one.bias_low is None or one.bias_high is None:
        return "one replication: no confidence interval"
    if is_biased(one):
        return "simulated too high" if one.bias > 0 else "simulated too low"
    if 0 < one.replications < FEWEST_REPLICATIONS:
        return "too few replications"
    if one.error is not None and one.chance_high is not None and one.error > one.chance_high:
        return "right overall, off by interval"
    return "no significant bias"


def spanned(value: str, low: str, high: str) -> str:
    """Return a metric with its confidence interval in brackets, if that is known."""
    return f"{value} ({low} to {high})" if "-" not in (low, high) else value


def _between(low: str, high: str) -> str:
    return "-" if "-" in (low, high) else f"{low} to {high}"


def _gap(value: float | None, unit: str) -> str:
    """Return a bias; of counts relative to the actuals."""
    if unit == COUNTED and value is not None:
        text = show(abs(value), "share")
        is_below = value < 0 and any(digit in text for digit in "123456789")
        return f"{'-' if is_below else '+'}{text}"
    return show_difference(value, unit)


def _size(value: float | None, unit: str) -> str:
    if unit == COUNTED:
        return show(value, "share")
    return show_difference(value, unit).lstrip("+")


def interval_rows(cells: Sequence[IntervalError]) -> list[dict[str, str]]:
    """Return one row for each interval of a metric, as text."""
    return [
        {
            "Interval": cell.interval.replace("T", " "),
            "Actual": show(cell.recorded, cell.unit),
            "Simulated": spanned(
                show(cell.simulated, cell.unit), show(cell.low, cell.unit),
                show(cell.high, cell.unit),
            ),
            "Band of days": _between(
                show(cell.band_low, cell.unit), show(cell.band_high, cell.unit)
            ),
            "In the band": {True: "yes", False: "no", None: "-"}[cell.inside],
        }
        for cell in cells
    ]  # fmt: skip


def band_words(validation: Validation) -> str:
    """Return what the band of a validation is."""
    one_day = validation.days == 1
    if validation.band >= 0.95:
        return f"95 % of simulated {'days' if one_day else f'means of {validation.days} days'}"
    if validation.band <= 0:
        return "one replication: no band"
    what = "a day" if one_day else f"the mean of {validation.days} days"
    sure = show(validation.band, "share")
    return (
        f"full range of {validation.runs} replications, containing {what} with {sure} probability"
    )


def validation_text(validation: Validation, intervals: bool = False) -> str:
    """Return a validation for a terminal.

    Parameters
    ----------
    validation : Validation
    intervals : bool
        Each interval too.
    """
    replications = counted(validation.runs, "replication")
    warnings = "\n".join(f"Warning: {warning}." for warning in validation.warnings)
    parts = [
        *filter(None, [verdict_sentence(validation), warnings]),
        f"{validation.scenario} against {validation.actuals}\n({replications}, seed "
        f"{validation.seed}; ±: 95 % confidence interval; band: {band_words(validation)})",
    ]
    for name in queues_of(validation):
        own = [one for one in validation.verdicts if one.queue == name]
        parts.append(columns([[name, *HEADS], *map(_text_row, own)], left=2))
        for one in own if intervals else ():
            found = interval_rows(validation.of(name, one.metric))
            heads = [f"{name}: {label(one.metric)}", *(k.lower() for k in list(found[0])[1:])]
            parts.append(columns([heads, *(list(row.values()) for row in found)]))
    parts += details_text(validation)
    if validation.notes:
        parts.append("\n".join(f"Note: {note}." for note in validation.notes))
    parts.append("\n".join(f"{key}: {text}" for key, text in EXPLAINED.items()))
    return "\n\n".join(parts) + "\n"


def _text_row(one: MetricError) -> list[str]:
    row = summary_rows([one])[0]
    return [
        label(one.metric),
        row["Verdict"],
        row["Actual"],
        show(one.simulated, one.unit, _half(one.low, one.high)),
        _sure(_gap(one.bias, one.unit), _half(one.bias_low, one.bias_high), one.unit),
        _size(one.error, one.unit),
        row["Random error"],
        _parts(one.inside, one.inside_hours, one.inside_days),
    ]


def _parts(*shares: float | None) -> str:
    """Return shares in whole per cent, as one cell."""
    shown = ["-" if share is None else f"{100 * share:.0f}" for share in shares]
    return f"{' / '.join(shown)} %"


def _sure(value: str, half: float | None, unit: str) -> str:
    return value if half is None else f"{value} ± {_size(half, unit)}"


def _half(low: float | None, high: float | None) -> float | None:
    return None if low is None or high is None else (high - low) / 2
