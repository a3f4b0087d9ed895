"""How days differ, as a scenario has it: what the log distinguishes from no difference."""

from __future__ import annotations

import numpy as np

from sim.history.calibration.center_estimates import LEAST_SHARE, CenterEstimates
from sim.history.calibration.experience_tables import percent
from sim.history.estimation.day_bootstrap import DayEstimate

MOST_SPREAD = 2.0
"""Factor up to which the variation of days is made larger in any case."""


def day_factors(estimates: CenterEstimates, talk_days: float) -> dict[str, object]:
    """Return the busyness and the talk variation of the days after a log.

    Parameters
    ----------
    estimates : CenterEstimates
    talk_days : float
        By what the variation of talk is multiplied.
    """
    found: dict[str, object] = {}
    volume, shared = estimates.volume, estimates.shared.value
    if np.isfinite(volume.cv.value) and volume.cv.value > LEAST_SHARE:
        busyness = {"cv": percent(volume.cv.value), "shape": volume.shape}
        if len(estimates.queues) > 1 and np.isfinite(shared):
            busyness["shared"] = percent(min(max(shared, 0.0), 1.0))
        found["busyness"] = busyness | _memory(volume.memory)
    return found | talk_variation_from(estimates, talk_days, estimates.log.days)


def talk_variation_from(
    estimates: CenterEstimates, talk_days: float, first: int
) -> dict[str, object]:
    """Return how days differ in talk from a first day of the log on, or after it.

    A level that changes is known on days of the log, and walks on from its end.
    """
    talk, level = estimates.talk_days, estimates.talk_level
    variation: dict[str, object] = {}
    if varies_in_talk(estimates):
        variation["cv"] = percent(talk.cv.value * talk_days)
        variation |= _memory(talk.memory)
        correlation = _possible_correlation(estimates)
        if abs(correlation) >= LEAST_SHARE:
            variation["correlation"] = percent(correlation)
    if level is not None and first > level.last:
        variation["level_change"] = percent(level.change.value)
        variation["level_date"] = estimates.log.date(level.last - level.known)
    return {"talk_variation": variation} if variation else {}


def varies_in_talk(estimates: CenterEstimates) -> bool:
    """Return whether days differ in talk, and not only perhaps."""
    cv = estimates.talk_days.cv
    return _is_distinct(cv) and cv.value > LEAST_SHARE


def most_talk_days(estimates: CenterEstimates) -> float:
    """Return by what the variation of talk from day to day may be multiplied.

    Up to the upper end of its interval: that days differ more than simulated ones for another
    reason does not make them differ in talk.
    """
    cv = estimates.talk_days.cv
    return min(cv.high / cv.value, MOST_SPREAD) if varies_in_talk(estimates) else 1.0


def indistinct_notes(estimates: CenterEstimates) -> tuple[str, ...]:
    """Return what a scenario does not have because it may be zero, with the interval."""
    talk = estimates.talk_days
    found = [
        ("correlation of the volume with the day before", estimates.volume.memory),
        ("variation of talk from day to day", talk.cv),
    ]
    if varies_in_talk(estimates):
        found += [
            ("correlation of talk with the day before", talk.memory),
            ("correlation of talk with the volume of the day", estimates.talk_with_volume),
        ]
    return tuple(
        f"{name}: not distinguishable from 0 ({_rounded(one.low)} to {_rounded(one.high)}), so "
        "that the scenario has none"
        for name, one in found
        if np.isfinite([one.value, one.low, one.high]).all()
        and abs(one.value) >= LEAST_SHARE
        and not _is_distinct(one)
    )


def _is_distinct(found: DayEstimate) -> bool:
    """Return whether the confidence interval of an estimate leaves zero out."""
    return bool(found.low > 0 or found.high < 0)


def _rounded(value: float) -> str:
    return percent(float(f"{value:.3g}"))


def _memory(found: DayEstimate) -> dict[str, str]:
    if not (found.low > 0 and found.value >= LEAST_SHARE):
        return {}
    return {"memory": percent(min(found.value, 0.99))}


def _possible_correlation(estimates: CenterEstimates) -> float:
    """Return the correlation of talk with volume, no stronger than their memories allow."""
    if not _is_distinct(estimates.talk_with_volume):
        return 0.0
    one, other = (
        min(found.memory.value, 0.99) if found.memory.low > 0 else 0.0
        for found in (estimates.volume, estimates.talk_days)
    )
    most = 0.98 * np.sqrt((1 - one**2) * (1 - other**2)) / (1 - one * other)
    return float(np.clip(estimates.talk_with_volume.value, -min(most, 0.99), min(most, 0.99)))
