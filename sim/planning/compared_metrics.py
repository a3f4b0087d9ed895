"""Metrics of a simulation and of actuals on the same intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.metrics import RATIO_METRICS
from sim.planning.actuals_error import ComparedArrays, date_of, hour_of
from sim.planning.prediction_bands import over

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.experiment import Result
    from sim.metrics.aggregation import PeriodSums
    from sim.model import Bools, Floats, Model, Queue
    from sim.planning.align_actuals import AlignedActuals


CHECKED = {
    "offered": ("offered", ""),
    "answered": ("answered", ""),
    "abandonment": ("abandoned", "offered"),
    "service_level": ("level", "judged"),
    "asa_s": ("asa", "answered"),
    "aht_s": ("aht", "answered"),
}
"""Metrics that are compared, and the recorded sums they are ratios of."""
TALK, HANDLE, WITH_GAPS = "talk", "handle", "with-gaps"
AHT_KINDS = {
    TALK: "talk and hold, without wrap",
    HANDLE: "talk, hold and wrap",
    WITH_GAPS: "gaps between contacts too",
}
"""What a recorded handle time may hold, by the word that says so."""
MEASURE = {one.name: one for one in RATIO_METRICS if one.name in CHECKED}


def compared_arrays(
    result: Result,
    sums: PeriodSums,
    aligned: AlignedActuals,
    queue: str,
    metric: str,
    recorded_aht: str,
) -> ComparedArrays | None:
    """Return one metric on the cells that are recorded, None where the table has none of it."""
    if metric == "aht_s" and recorded_aht == WITH_GAPS:
        return None
    recorded = aligned.of(queue)
    key, by = CHECKED[metric]
    if by == "answered" and by not in recorded and not (key == "aht" and aligned.handle_total):
        by = "offered"  # by which the averages of rows without it were weighted
    if key not in recorded or (by and by not in recorded):
        return None
    model, measure = result.model, MEASURE[metric]
    names = aligned.names_of(queue)
    at = [k for k, one in enumerate(model.queues) if one.name in names]
    waits = metric in ("service_level", "asa_s", "abandonment")
    if waits and any(model.queues[k].deferred for k in at):
        return None
    each = round(aligned.step / model.interval_s)

    def of_cells(formula: str) -> Floats:
        values = sums.factors("legs", formula)[0][:, at, :].sum(axis=1)
        return np.asarray(values.reshape(values.shape[0], -1, each).sum(axis=2))

    top = recorded[key]
    bottom = recorded[by] if by else None
    weight = bottom if bottom is not None else top
    measured = np.arange(top.size) >= _first(model, aligned.step)
    known = measured & ~np.isnan(top) & (True if bottom is None else ~np.isnan(bottom))
    kept = measured & ~np.isnan(over(top, bottom))
    above = "talk + hold" if metric == "aht_s" and recorded_aht == TALK else measure.top
    simulated = of_cells(above)
    # Where neither has anything the center is closed: that both agree on it says nothing.
    kept &= (top != 0) | simulated.any(axis=0) if bottom is None else True
    if not kept.any():
        return None
    starts = tuple(model.starts[k * each] for k in np.flatnonzero(kept))
    return ComparedArrays(
        queue, metric, measure.unit, starts, simulated[:, kept],
        of_cells(measure.bottom)[:, kept] if bottom is not None else None,
        top[kept], None if bottom is None else bottom[kept], weight[kept], aligned.days,
        _whole(model, [model.queues[k] for k in at], aligned.step, known),
    )  # fmt: skip


def _whole(model: Model, queues: Sequence[Queue], step: float, known: Bools) -> frozenset[str]:
    """Return the hours that are known, and the days that are known while the queue is open."""
    begin = np.arange(known.size)[:, None] * step
    hours = np.concatenate([queue.hours for queue in queues])
    is_open = ((begin < hours[:, 1]) & (begin + step > hours[:, 0])).any(axis=1)
    labels = model.starts[:: round(step / model.interval_s)]
    found: set[str] = set()
    for name_of, missing in ((hour_of, ~known), (date_of, is_open & ~known)):
        names = [name_of(label) for label in labels]
        lacking = {name for name, lacks in zip(names, missing, strict=True) if lacks}
        found |= set(names) - lacking
    return frozenset(found)


def _first(model: Model, step: float) -> int:
    """Return the first cell that is measured."""
    return math.ceil(model.measure_from / step)
