"""What a validation assumes, and what it asks, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.planning.compared_metrics import AHT_KINDS, HANDLE, TALK, WITH_GAPS, compared_arrays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.experiment import Result
    from sim.history.tables.actuals import Actuals
    from sim.metrics.aggregation import PeriodSums
    from sim.model import Model
    from sim.planning.actuals_error import MetricError
    from sim.planning.align_actuals import AlignedActuals


ALIKE = 0.05
"""Share by which two handle times may differ and still be taken for the same."""


def assumptions(aligned: AlignedActuals, table: Actuals) -> list[str]:
    """Return what is assumed about columns that the actuals lack, as sentences."""
    notes = []
    if "level" in table.fields:
        notes.append(
            "the actual service level is assumed to follow the formula and threshold of the "
            "scenario's queue"
        )
    for one, other in (("answered", "abandoned"), ("abandoned", "answered")):
        if one not in table.fields and other in table.fields:
            notes.append(f"{one} is not in the table; it is assumed to be offered minus {other}")
    averages = {"asa": "ASA", "aht": "AHT"}
    if aligned.handle_total:
        del averages["aht"]
    names = [name for key, name in averages.items() if key in table.fields]
    if names and not {"answered", "abandoned"} & table.fields:
        notes.append(
            f"answered is not in the table; the actual {' and '.join(names)} of intervals "
            "are weighted by offered"
        )
    return notes


def handle_time_notes(
    result: Result, sums: PeriodSums, aligned: AlignedActuals, recorded_aht: str | None
) -> Iterator[str]:
    """State what the actual handle time is compared with, and ask where it is not specified."""
    if not any("aht" in recorded for recorded in aligned.queues.values()):
        return
    if aligned.handle_total and not any("answered" in one for one in aligned.queues.values()):
        yield "the actual handle time is a total and is not compared: no column answered"
        return
    if recorded_aht == WITH_GAPS:
        yield (
            "the actual AHT includes gaps between contacts, so it is not compared; do not use "
            "it as talk or wrap of the scenario, since agents are available in a gap"
        )
        return
    if recorded_aht is not None:
        yield f"the actual AHT is compared with simulated {AHT_KINDS[recorded_aht]}"
        return
    yield (
        "it is not specified what the AHT of the actuals includes; it is compared with simulated "
        f"{AHT_KINDS[HANDLE]}. Specify --recorded-aht {TALK}, {HANDLE} or {WITH_GAPS} "
        "before you use it to correct the scenario"
    )
    for queue in aligned.queues:
        handle, talk = (
            compared_arrays(result, sums, aligned, queue, "aht_s", kind) for kind in (HANDLE, TALK)
        )
        if handle is not None and talk is not None:
            yield from _doubt(queue, handle.verdict(), talk.verdict().simulated)


def _doubt(queue: str, handle: MetricError, talk: float) -> Iterator[str]:
    """Ask whether wrap is missing in a record, or gaps are in it."""
    recorded, simulated = handle.recorded, handle.simulated
    if abs(recorded - simulated) <= ALIKE * simulated:
        return
    said = f"{queue}: the actual AHT of {recorded:,.0f} s is"
    if abs(recorded - talk) <= ALIKE * talk:
        yield (
            f"{said} close to simulated talk alone ({talk:,.0f} s), not to talk, hold and wrap "
            f"({simulated:,.0f} s); check whether it includes talk only"
        )
    elif recorded > simulated and handle.bias_high is not None and handle.bias_high < 0:
        yield (
            f"{said} longer than simulated talk, hold and wrap ({simulated:,.0f} s); check whether "
            "it includes gaps between contacts"
        )


def volumes_are_actuals(model: Model, aligned: AlignedActuals) -> Iterator[str]:
    """State where the volumes of the scenario are the actual counts themselves."""
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
            f"{', '.join(names)}: the volumes of the scenario are the actual counts "
            "themselves. They are expected values: simulated days vary randomly around them, so "
            "waits are longer and bands wider than for exactly these arrivals, and offered "
            "without bias proves nothing"
        )
