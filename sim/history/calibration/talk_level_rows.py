"""A level of talk that changes: its rows, and what it means for the written week."""

from __future__ import annotations

from sim.history.calibration.center_estimates import CenterEstimates
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.calibration.experience_tables import percent

METHOD = "random walk beside days that remember the one before, restricted likelihood"
NOT_EXCLUDED = "no change is seen; expected of what the days do not exclude, half-Cauchy prior"


def talk_level_rows(estimates: CenterEstimates) -> list[EstimatedValue]:
    """Return how much the level of talk changes, and where it ended; nothing where it is not."""
    level = estimates.talk_level
    if level is None:
        return []
    where = "center.talk_variation.level_change"
    if not level.is_seen:
        return [
            estimated("talk_level_change", "center", level.change, "share", NOT_EXCLUDED, where)
        ]
    return [
        estimated("talk_level_change", "center", level.change, "share", METHOD, where),
        estimated("talk_level_at_end", "center", level.at_end, "ratio",
                  "the same, last day over the mean of the log", "queue.talk"),
    ]  # fmt: skip


def level_changes(estimates: CenterEstimates) -> bool:
    """Return whether a change of the level of talk is seen."""
    return estimates.talk_level is not None and estimates.talk_level.is_seen


def mean_of_log(estimates: CenterEstimates) -> str:
    """Return how the talk of the scenario differs from its mean of the log, or nothing."""
    level = estimates.talk_level
    if level is None or not level.is_seen:
        return ""
    return f", of the whole log: talk in the scenario is {level.at_end.value:.3g} times as long"


def talk_level_note(estimates: CenterEstimates) -> str:
    """Return what a level of talk that changes means for the written week, or nothing."""
    level = estimates.talk_level
    if level is None:
        return ""
    change, end = level.change, level.at_end
    if not level.is_seen:
        return (
            "No change of the level of talk is seen, but the days of the log do not exclude one of "
            f"up to {_percent(change.high)} from one day to the next. So that the bands of later "
            f"days hold, the scenario has {_percent(change.value)}, which is expected of it, "
            f"counted from {estimates.log.date(level.last - level.known)}; talk is the mean of "
            "the log"
        )
    side = "above" if end.value >= 1 else "below"
    ahead = f"{_percent(end.low - 1)} to {_percent(end.high - 1)}"
    return (
        f"The level of talk changes by {_percent(change.value)} from one day to the next "
        f"({_percent(change.low)} to {_percent(change.high)}), and is at the end of the log "
        f"{_percent(abs(end.value - 1))} {side} its mean ({ahead}). Talk in the scenario is that "
        f"of the end, {estimates.log.date(level.last)}; later days are less certain, counted from "
        f"{estimates.log.date(level.last - level.known)}, as the level of the end is not known "
        "exactly"
    )


def _percent(share: float) -> str:
    return percent(float(f"{share:.2g}")).replace("%", " %")
