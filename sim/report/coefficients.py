"""Which coefficients of the satisfaction model are calibrated, and what depends on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from sim.metrics.experience_metrics import BY_COEFFICIENTS, COEFFICIENTS_OF, HAPPENS
from sim.metrics.metric_titles import metric_title
from sim.scenario.satisfaction import calibration_text

PARTLY = "partly calibrated"

if TYPE_CHECKING:
    from sim.experiment import Comparison, Result
    from sim.scenario import Satisfaction


def calibration_by_metric(result: Result) -> dict[str, str]:
    """Return whether the coefficients behind each metric are calibrated; empty without a model.

    Coefficients for what never happens in the result, such as transfers, do not count.
    """
    model = result.model.satisfaction
    if model is None:
        return {}
    never = set(_never(result))
    found = {}
    for metric, names in COEFFICIENTS_OF.items():
        used = [
            on
            for name, on in model.calibrated.items()
            if name.split(".")[0] in names and name.removeprefix("effort_") not in never
        ]
        found[metric] = calibration_text(used) if all(used) or not any(used) else PARTLY
    return found


def _never(result: Result) -> Iterator[str]:
    """Yield what never happens, as the coefficients name it."""
    values = {row.metric: row.value for row in result.rows if row.scope == "total"}
    for name, metric in HAPPENS.items():
        if not values.get(metric):
            yield name


def calibration_of(comparison: Comparison) -> dict[str, str]:
    """Return in a word or two whether coefficients of compared scenarios are calibrated, by metric.

    On what they are calibrated the result of each scenario says.
    """
    every = [calibration_by_metric(result) for result in comparison.results]
    return {
        metric: _in_short(one[metric] for one in every if metric in one)
        for metric in COEFFICIENTS_OF
        if any(every)
    }


def calibrated_title(metric: str, calibration: Mapping[str, str]) -> str:
    """Return a title that says whether coefficients are calibrated, where they decide."""
    title, found = metric_title(metric), calibration.get(metric)
    return f"{title} ({found})" if found else title


def short_star(metric: str) -> str:
    """Return a star for the heads of columns where coefficients decide; otherwise nothing."""
    return " *" if metric in BY_COEFFICIENTS else ""


def star_text(calibration: Mapping[str, str], metrics: Iterable[str] = ()) -> str:
    """Return what the star in heads of columns means.

    Parameters
    ----------
    calibration : mapping of str to str
        By metric.
    metrics : iterable of str
        Of the columns; all unless passed.
    """
    names = [name for name in metrics if name in calibration] or list(calibration)
    texts = {calibration[name] for name in names}
    text = texts.pop() if len(texts) == 1 else PARTLY
    return f"* {text}: depends on the coefficients of [satisfaction]"


def _in_short(texts: Iterable[str]) -> str:
    short = {text.partition(" on ")[0] for text in texts}
    return short.pop() if len(short) == 1 else PARTLY


def calibrated_text(calibrated: Mapping[str, str]) -> str:
    """Return which coefficients are calibrated and which are not; empty if all are alike."""
    known = [name for name, on in calibrated.items() if on]
    others = [name for name, on in calibrated.items() if not on]
    if not known or not others:
        return ""
    on = calibration_text(calibrated[one] for one in known)
    return (
        f"Coefficients {on}: {', '.join(map(_title, known))}. "
        f"Uncalibrated: {', '.join(map(_title, others))}."
    )


def _title(name: str) -> str:
    return name.replace(".", " ").replace("_", " ")


def assumption_rows(model: Satisfaction) -> Iterator[dict[str, str]]:
    """Yield the coefficients of a satisfaction model with range and source, as rows of text."""
    calibrated = model.calibrated
    for name, coefficient in model.coefficients.items():
        low, high = coefficient.ends
        yield {
            "Coefficient": name,
            "Value": f"{coefficient.value:g}",
            "Range": f"{low:g} to {high:g}" if low < high else "-",
            "Calibration": calibration_text([calibrated[name]]),
            "Source": coefficient.source,
        }
