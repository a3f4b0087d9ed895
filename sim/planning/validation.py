"""Simulated against actual values by interval: bands, bias, error, and random error."""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.extras import need
from sim.metrics import RATIO_METRICS
from sim.metrics.aggregation import PeriodSums, sum_intervals
from sim.planning.actuals_error import (
    SHARE,
    ComparedArrays,
    IntervalError,
    MetricError,
    date_of,
    hour_of,
    together,
)
from sim.planning.align_actuals import AlignedActuals, lay_out
from sim.planning.prediction_bands import band_share, over
from sim.result_output import Output
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sim.experiment import Result
    from sim.model import Bools, Floats, Model, Queue
    from sim.planning.actuals import Actuals
    from sim.scenario import Scenario

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
ALIKE = 0.05
"""Share by which two handle times may differ and still be taken for the same."""
MEASURE = {one.name: one for one in RATIO_METRICS if one.name in CHECKED}


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
            "recorded_aht": self.recorded_aht,
            "band": round(self.band, 6),
            "notes": list(self.notes),
            "summary": [asdict(one) for one in self.verdicts],
            "intervals": [asdict(one) for one in self.cells],
        }

    def to_json(self) -> str:
        """Return the document as JSON text; metrics that are not known are null."""
        return json.dumps(self.document(), indent=1, allow_nan=False)


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
) -> Validation:
    """Hold a simulated scenario against recorded intervals.

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

    Raises
    ------
    ScenarioError
        When no queue or day of the table is in the scenario.
    BadInputError
        When the intervals do not fit into each other.
    """
    check_aht_kind(recorded_aht)
    aligned = lay_out(table, scenario, queues)
    sums = sum_intervals(result.model, result.tallies)
    cells: list[IntervalError] = []
    verdicts: list[MetricError] = []
    for queue in aligned.queues:
        for metric in CHECKED:
            found = _metric(result, sums, aligned, queue, metric, recorded_aht or HANDLE)
            if found is not None:
                cells += found.cells()
                verdicts.append(found.verdict())
    notes = (
        *table.notes,
        *aligned.notes,
        *_assumed(aligned, table),
        *_handle_time(result, sums, aligned, recorded_aht),
        *_volumes_are_actuals(result.model, aligned),
    )
    band = band_share(result.runs // together(result.runs, aligned.days), SHARE)
    return Validation(
        result.name, table.name, result.runs, result.seed, aligned.days, band,
        tuple(cells), tuple(verdicts), notes, recorded_aht,
    )  # fmt: skip


def _assumed(aligned: AlignedActuals, table: Actuals) -> list[str]:
    notes = []
    if "level" in table.fields:
        notes.append(
            "the recorded service level is taken to follow the formula and threshold of the "
            "scenario's queue"
        )
    for one, other in (("answered", "abandoned"), ("abandoned", "answered")):
        if one not in table.fields and other in table.fields:
            notes.append(f"{one} is not in the table; it was taken as offered less {other}")
    averages = {"asa": "ASA", "aht": "AHT"}
    if aligned.handle_total:
        del averages["aht"]
    names = [name for key, name in averages.items() if key in table.fields]
    if names and not {"answered", "abandoned"} & table.fields:
        notes.append(
            f"answered is not in the table; the recorded {' and '.join(names)} of intervals "
            "are weighted by offered"
        )
    return notes


def _handle_time(
    result: Result, sums: PeriodSums, aligned: AlignedActuals, recorded_aht: str | None
) -> Iterator[str]:
    """Say what the recorded handle time is compared with, and ask where it is not stated."""
    if not any("aht" in recorded for recorded in aligned.queues.values()):
        return
    if aligned.handle_total and not any("answered" in one for one in aligned.queues.values()):
        yield "the recorded handle time is a sum and is not compared: no column answered"
        return
    if recorded_aht == WITH_GAPS:
        yield (
            "the recorded AHT includes gaps between contacts, so it is not compared; do not use "
            "it as talk or wrap of the scenario, since agents are free in a gap"
        )
        return
    if recorded_aht is not None:
        yield f"the recorded AHT is compared with simulated {AHT_KINDS[recorded_aht]}"
        return
    yield (
        "it was not said what the recorded AHT holds; it is compared with simulated "
        f"{AHT_KINDS[HANDLE]}. Say it with --recorded-aht {TALK}, {HANDLE} or {WITH_GAPS} "
        "before you change the scenario by it"
    )
    for queue in aligned.queues:
        handle, talk = (
            _metric(result, sums, aligned, queue, "aht_s", kind) for kind in (HANDLE, TALK)
        )
        if handle is not None and talk is not None:
            yield from _doubt(queue, handle.verdict(), talk.verdict().simulated)


def _doubt(queue: str, handle: MetricError, talk: float) -> Iterator[str]:
    """Ask whether wrap is missing in a record, or gaps are in it."""
    recorded, simulated = handle.recorded, handle.simulated
    if abs(recorded - simulated) <= ALIKE * simulated:
        return
    said = f"{queue}: the recorded AHT of {recorded:,.0f} s is"
    if abs(recorded - talk) <= ALIKE * talk:
        yield (
            f"{said} that of simulated talk alone ({talk:,.0f} s), not of talk, hold and wrap "
            f"({simulated:,.0f} s); ask whether it holds talk only"
        )
    elif recorded > simulated and handle.bias_high is not None and handle.bias_high < 0:
        yield (
            f"{said} longer than simulated talk, hold and wrap ({simulated:,.0f} s); ask whether "
            "it holds gaps between contacts"
        )


def _volumes_are_actuals(model: Model, aligned: AlignedActuals) -> Iterator[str]:
    """Say where the volumes of the scenario are the recorded counts themselves."""
    each = round(aligned.step / model.interval_s)
    names = []
    for queue in model.queues:
        recorded = aligned.queues.get(queue.name, {}).get("offered")
        if recorded is None or queue.demand.exact:
            continue
        expected = queue.demand.expected.reshape(-1, each).sum(axis=1)
        known = ~np.isnan(recorded) & (recorded + expected > 0)
        if known.any() and np.allclose(recorded[known], expected[known], rtol=1e-6, atol=1e-6):
            names.append(queue.name)
    if names:
        yield (
            f"{', '.join(names)}: the volumes of the scenario are the recorded counts "
            "themselves. They are expected values: simulated days vary randomly around them, so "
            "waits are longer and bands wider than for exactly these arrivals, and offered "
            "without bias proves nothing"
        )


def _metric(
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
    recorded = aligned.queues[queue]
    key, by = CHECKED[metric]
    if by == "answered" and by not in recorded and not (key == "aht" and aligned.handle_total):
        by = "offered"  # by which the averages of rows without it were weighted
    if key not in recorded or (by and by not in recorded):
        return None
    model, measure = result.model, MEASURE[metric]
    at = next(k for k, one in enumerate(model.queues) if one.name == queue)
    if metric in ("service_level", "asa_s", "abandonment") and model.queues[at].deferred:
        return None
    each = round(aligned.step / model.interval_s)

    def of_cells(formula: str) -> Floats:
        values = sums.factors("legs", formula)[0][:, at, :]
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
        _whole(model, model.queues[at], aligned.step, known),
    )  # fmt: skip


def _whole(model: Model, queue: Queue, step: float, known: Bools) -> frozenset[str]:
    """Return the hours that are known, and the days that are known while the queue is open."""
    begin = np.arange(known.size)[:, None] * step
    is_open = ((begin < queue.hours[:, 1]) & (begin + step > queue.hours[:, 0])).any(axis=1)
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
