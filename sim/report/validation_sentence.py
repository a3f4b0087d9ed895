"""The verdict on a comparison with actuals in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.metrics.metric_titles import label
from sim.planning.validation_verdict import (
    BOTH,
    DAYS,
    FEWEST_REPLICATIONS,
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
    return " ".join([_bias(found), *_inside(found, validation.band), *_causes(found)])


def _no_verdict(validation: Validation) -> str:
    if validation.runs < FEWEST_REPLICATIONS:
        return (
            f"No verdict: {counted(validation.runs, 'replication')} say too little of random "
            f"variation; {FEWEST_REPLICATIONS} or more do."
        )
    causes = " ".join(_causes(validation.verdict))
    lacking = "No verdict on waits: service level, abandonment and ASA are not compared."
    return f"{lacking} {causes}".strip()


def _bias(found: ValidationVerdict) -> str:
    periods = max((one.periods for one in found.inside), default=0)
    where = f" on {counted(periods, found.period.removesuffix('s'))}" if periods else ""
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


def _inside(found: ValidationVerdict, band: float) -> Iterator[str]:
    """Yield how many days or intervals lie inside their bands, and whether as many as should."""
    if not found.inside:
        return
    what = found.period if found.period == DAYS else "intervals"
    shares = [f"{100 * one.share:.0f} % for {label(one.metric)}" for one in found.inside]
    of_band = f"their {100 * band:.0f} % band"
    if found.has_narrow_bands:
        low = [one for one in found.inside if one.is_too_low]
        yield (
            f"{_share(low[0])} of {what} lie inside {of_band} of {label(low[0].metric)}"
            f"{_others(found.inside, low[0])}, where {100 * found.expected:.0f} % or more should."
        )
        return
    yield f"As many {what} lie inside {of_band} as should: {', '.join(shares)}."


def _share(one: ShareInside) -> str:
    return f"{100 * one.share:.0f} %"


def _others(inside: tuple[ShareInside, ...], but: ShareInside) -> str:
    rest = [f"{label(one.metric)}: {_share(one)}" for one in inside if one is not but]
    return f" ({', '.join(rest)})" if rest else ""


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
