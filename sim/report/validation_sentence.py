"""The verdict on a comparison with actuals in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.metrics.metric_titles import label
from sim.planning.validation_verdict import (
    BOTH,
    DAYS,
    FEWEST_REPLICATIONS,
    INTERVALS,
    NEITHER,
    OPTIMISTIC,
    PESSIMISTIC,
    UNKNOWN,
)
from sim.report.formatting import show
from sim.scenario.problems import all_of
from sim.units import counted

if TYPE_CHECKING:
    from sim.planning.actuals_error import MetricError
    from sim.planning.compare_with_actuals import Validation
    from sim.planning.validation_verdict import ShareInside, ValidationVerdict

HEADS = {
    OPTIMISTIC: "The model is too optimistic",
    PESSIMISTIC: "The model is too pessimistic",
    BOTH: "The model is off in both directions",
}
MANY_DAYS = 20
"""Days from which on it is not their number that keeps them from showing narrow bands."""
FEW = 20
"""Periods up to which those inside are shown as a number."""


def verdict_sentence(validation: Validation) -> str:
    """Return whether the actuals agree with the simulation, and in which direction it is off.

    Parameters
    ----------
    validation : Validation
    """
    found = validation.verdict
    if not validation.verdicts:
        return ""
    if found.direction == UNKNOWN:
        return _no_verdict(validation)
    return " ".join([_bias(validation), *_inside(validation), *_causes(found)])


def _no_verdict(validation: Validation) -> str:
    if validation.runs < FEWEST_REPLICATIONS:
        return (
            f"No verdict: {counted(validation.runs, 'replication')} say too little of random "
            f"variation; {FEWEST_REPLICATIONS} or more do."
        )
    causes = " ".join(_causes(validation.verdict))
    lacking = "No verdict on waits: service level, abandonment and ASA are not compared."
    return f"{lacking} {causes}".strip()


def _days(validation: Validation) -> str:
    """Return on how many days a verdict rests, and how they were put together."""
    if not validation.dates:
        return ""
    how = ", averaged by weekday" if validation.days > 1 else ""
    return f" on {counted(validation.dates, 'day')}{how}"


def _bias(validation: Validation) -> str:
    found, where = validation.verdict, _days(validation)
    if found.direction == NEITHER:
        shown = all_of([label(one.metric) for one in found.inside])
        return (
            f"The model shows no significant bias of {shown}{where}."
            if shown
            else (f"The model shows no significant bias{where}.")
        )
    return f"{HEADS[found.direction]}{where}: {', '.join(map(_off, found.biases))}."


def _off(one: MetricError) -> str:
    """Return by how much a metric is off, such as ``service level 6.7 points too high``."""
    bias = one.bias or 0.0
    size = f"{100 * abs(bias):.1f} points" if one.unit == "share" else show(abs(bias), one.unit)
    return f"{label(one.metric)} {size} too {'high' if bias > 0 else 'low'}"


def _inside(validation: Validation) -> Iterator[str]:
    """Yield how many days or intervals lie inside their bands, and what that says of the bands."""
    found = validation.verdict
    if not found.inside:
        return
    what, of_band = _periods(validation), f"their {100 * validation.band:.0f} % band"
    if not any(one.is_less for one in found.inside):
        shares = [f"{_share(one)} for {label(one.metric)}" for one in found.inside]
        yield f"As many {what} lie inside {of_band} as should: {', '.join(shares)}."
        return
    first = min(found.inside, key=lambda one: (not one.is_too_low, one.share))
    rest = [f"{label(one.metric)}: {_share(one)}" for one in found.inside if one is not first]
    others = f" ({', '.join(rest)})" if rest else ""
    if found.has_narrow_bands:
        says = ": the bands are too narrow"
    else:
        days = counted(found.days, "weekday" if validation.days > 1 else "day")
        says = f"; {days} cannot tell whether the bands are too narrow"
        if found.days >= MANY_DAYS:
            says = f"; random variation can explain so few inside on {days}"
    yield (
        f"{_share(first, f' of {what}')} lie inside {of_band} of {label(first.metric)}{others}, "
        f"where {100 * found.expected:.0f} % or more should{says}."
    )


def _periods(validation: Validation) -> str:
    """Return what is counted as inside, in words."""
    found = validation.verdict
    if found.period != DAYS:
        return INTERVALS
    if validation.days > 1:
        return "weekdays"
    return "whole days" if found.inside[0].periods < validation.dates else DAYS


def _share(one: ShareInside, of_what: str = "") -> str:
    """Return the share inside in per cent, of few periods as their number; of what if given."""
    if one.periods <= FEW:
        return f"{one.count} of {one.periods}{of_what.removeprefix(' of')}"
    return f"{100 * one.share:.0f} %{of_what}"


def _causes(found: ValidationVerdict) -> Iterator[str]:
    """Yield what of the input is off, which waits follow from."""
    parts = []
    for one in found.causes:
        bias = one.bias or 0.0
        if one.metric == "offered":
            parts.append(f"contacts offered are {100 * abs(bias):.1f} % too "
                         f"{'many' if bias > 0 else 'few'}")  # fmt: skip
        else:
            parts.append(f"AHT is {abs(bias):.0f} s too {'long' if bias > 0 else 'short'}")
    if parts:
        text = " and ".join(parts)
        yield f"{text[0].upper()}{text[1:]}."
