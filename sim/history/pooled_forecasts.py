"""Forecasts of small queues together, as a calibration puts small queues of a log together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.history.tables.column_mapping import word
from sim.scenario.problems import all_of

if TYPE_CHECKING:
    from sim.history.interval_forecast import IntervalForecast
    from sim.scenario import Scenario


def with_pooled(
    forecasts: Sequence[IntervalForecast], scenario: Scenario
) -> tuple[list[IntervalForecast], list[str]]:
    """Return forecasts in which queues that a scenario lacks are its pooled queue, and a note.

    Nothing changes where the scenario has no pooled queue
    (:data:`sim.history.calibration.log_parts.POOLED`), or it is in the forecasts. The prediction
    interval of the sum is left out: its ends are its expected contacts, and it has no handle time.

    Parameters
    ----------
    forecasts : sequence of IntervalForecast
        Of the same days and intervals.
    scenario : Scenario
    """
    from sim.history.calibration.log_parts import POOLED

    known = {word(name) for name in scenario.queue}
    small = [one for one in forecasts if word(one.queue) not in known]
    names = [one.queue for one in forecasts]
    if not small or POOLED not in scenario.queue or POOLED in names:
        return list(forecasts), []
    offered = np.sum([one.offered for one in small], axis=0)
    together = replace(
        small[0], queue=POOLED, offered=offered, low=offered, high=offered, aht=None,
        is_open=np.any([one.is_open for one in small], axis=0),
    )  # fmt: skip
    note = (
        f"the volumes of {all_of([one.queue for one in small])} are those of {POOLED}, in which "
        "calibration puts small queues together"
    )
    return [*(one for one in forecasts if one not in small), together], [note]
