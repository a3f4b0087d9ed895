"""Talk as long as recorded on each day: a scenario's own distributions, scaled by day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.planning.compared_metrics import AHT_KINDS, HANDLE, WITH_GAPS
from sim.scenario.interval_series import rules_of
from sim.scenario.interval_times import means_of, times_of
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.model import Floats
    from sim.scenario import Scenario


def with_actual_talk(
    scenario: Scenario,
    actuals: Mapping[str, Mapping[str, Floats]],
    kind: str,
    notes: list[str],
) -> Scenario:
    """Return a scenario whose talk is on each day as long as recorded, all queues together.

    A day's factor is the recorded talk time of its answered contacts over the one that the
    scenario expects of them by queue and interval; days without an answered contact keep the
    scenario's. ``talk_variation`` is left out.

    Parameters
    ----------
    scenario : Scenario
        Over the recorded days.
    actuals : mapping of str to mapping of str to ndarray, shape (intervals,)
        Sums of each queue: ``answered``, and ``aht`` times answered (s).
    kind : {"talk", "handle"}
        What the recorded handle time includes: wrap-up is taken off as the scenario has it.
    notes : list of str
        Gets the days with the smallest and the largest factor.

    Raises
    ------
    BadInputError
        When no handle time is recorded, or one that includes gaps.
    """
    if kind == WITH_GAPS or not all(
        {"aht", "answered"} <= sums.keys() for sums in actuals.values()
    ):
        raise BadInputError(
            "given: the talk of the actuals is not known; allowed: a table with answered contacts "
            f"and their handle time as {AHT_KINDS[HANDLE]}, or a call log"
        )
    grid = scenario.center.grid
    talked, expected = np.zeros(grid.days), np.zeros(grid.days)
    for name, sums in actuals.items():
        wrap, hold, talk = (np.array(means_of(scenario, name, k)) for k in ("wrap", "hold", "talk"))
        known = np.isfinite(sums["aht"]) & (np.nan_to_num(sums["answered"]) > 0)
        answered = np.where(known, sums["answered"], 0.0)
        other = hold + (wrap if kind == HANDLE else 0.0)
        talked += _by_day(np.where(known, sums["aht"], 0.0) - answered * other, grid.days)
        expected += _by_day(answered * talk, grid.days)
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where((talked > 0) & (expected > 0), talked / expected, 1.0)
    changes: dict[str, Any] = {}
    for name in actuals:
        opens = grid.open_intervals(rules_of(scenario.queue[name], scenario.center.open))
        rows = times_of(scenario, name, "talk")
        scaled = {}
        for k in opens:
            day = k // grid.per_day
            key = id(rows[k]), day
            if key not in scaled:
                scaled[key] = rows[k].scaled(float(factor[day]))
        changes[f"queue.{name}.talk"] = [scaled[id(rows[k]), k // grid.per_day] for k in opens]
    if scenario.center.talk_variation is not None:
        changes["center.talk_variation"] = "none"
    ends = (int(factor.argmin()), int(factor.argmax()))
    low, high = (
        f"{100 * (factor[day] - 1):+.0f} % on {grid.first + dt.timedelta(days=day)}" for day in ends
    )
    notes.append(
        "talk is as long as on each day of the actuals, compared with the scenario's between "
        f"{low} and {high}"
    )
    return scenario.with_(**changes)


def _by_day(values: Floats, days: int) -> Floats:
    return np.asarray(values.reshape(days, -1).sum(axis=1))
