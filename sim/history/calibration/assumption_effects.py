"""What each assumption does to the results of the usual week, by paired simulations."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.experiment import simulate
from sim.history.calibration.center_estimates import INTERVAL_MINUTES, CenterEstimates
from sim.history.calibration.close_loop import presence_bounds
from sim.history.calibration.experience_tables import agent_resolution_of, percent
from sim.history.calibration.period_sums import METRICS, simulated_sums
from sim.history.calibration.scenario_tables import (
    Adjustment,
    Tables,
    persons_of,
    usual_week,
)
from sim.history.calibration.scenario_text import scenario_of
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile
from sim.units import show_duration

RUNS = 20
SEED = 1
FARTHEST = 0.5

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class AssumptionEffect:
    """What one assumption does between the ends of its confidence interval.

    Attributes
    ----------
    name : str
        The assumption in words.
    low, high : str
        Its ends: levels, each with its relative change.
    effects : dict of str to float
        Metric at the high end minus that at the low end, with the same random numbers.
    errors : dict of str to float
        Half the 95 % confidence interval of each difference.
    """

    name: str
    low: str
    high: str
    effects: dict[str, float]
    errors: dict[str, float]

    @property
    def size(self) -> float:
        """Return how much it matters: change of the service level and of abandonment."""
        known = (abs(self.effects[name]) for name in ("service_level", "abandonment"))
        return sum(one for one in known if np.isfinite(one))

    def document(self) -> dict[str, Any]:
        """Return the row for JSON."""
        return {
            "name": self.name, "low": self.low, "high": self.high,
            **{name: _plain(self.effects[name]) for name in METRICS},
            **{f"{name}_error": _plain(self.errors[name]) for name in METRICS},
        }  # fmt: skip


@dataclass(frozen=True)
class _Trial:
    name: str
    ends: tuple[str, str]
    tables: tuple[Tables, Tables]


def assumption_effects(
    estimates: CenterEstimates, adjustment: Adjustment, progress: Progress | None = None
) -> tuple[AssumptionEffect, ...]:
    """Return what each assumption does, the most important first.

    Parameters
    ----------
    estimates : CenterEstimates
    adjustment : Adjustment
        Of the closed loop, from which the changes start.
    progress : callable, optional
        Called with the assumptions done and all.
    """
    trials = list(_trials(estimates, adjustment))
    found = []
    for done, trial in enumerate(trials):
        low, high = (_replications(tables) for tables in trial.tables)
        differences = {name: high[name] - low[name] for name in METRICS}
        effects = {name: float(np.nanmean(one)) for name, one in differences.items()}
        errors = {name: _half_width(one) for name, one in differences.items()}
        found.append(AssumptionEffect(trial.name, *trial.ends, effects, errors))
        if progress is not None:
            progress(done + 1, len(trials))
    return tuple(sorted(found, key=lambda one: -one.size))


def _replications(tables: Tables) -> dict[str, Any]:
    result = simulate(scenario_of(tables), runs=RUNS, seed=SEED, workers=1, allow_large=True)
    total = simulated_sums(result.tallies, 1).in_all()
    return {name: total.metric(name)[:, 0] for name in METRICS}


def _half_width(values: Any) -> float:
    known = values[np.isfinite(values)]
    if known.size < 2:
        return float("nan")
    return float(student_quantile(known.size - 1) * known.std(ddof=1) / np.sqrt(known.size))


def _trials(estimates: CenterEstimates, adjustment: Adjustment) -> Iterator[_Trial]:
    for one in _factors(estimates):
        now = getattr(adjustment, one.name)
        ends = tuple(_end(one.level * now * factor, factor - 1, one.show) for factor in one.ends)
        tables = tuple(
            usual_week(estimates, adjustment.with_(one.name, now * factor)) for factor in one.ends
        )
        yield _Trial(one.title, (ends[0], ends[1]), (tables[0], tables[1]))
    base = usual_week(estimates, adjustment)
    yield from _volume_trial(estimates, base)
    for key, title, found in (
        ("busyness", "busyness of days", estimates.volume.cv),
        ("talk_variation", "talk of days", estimates.talk_days.cv),
    ):
        if key in base["center"] and np.isfinite(found.low):
            levels = (max(found.low, 0.0), found.high)
            pair = tuple(_with(base, ("center", key, "cv"), percent(end)) for end in levels)
            yield _Trial(title, _share_ends(found.value, levels), (pair[0], pair[1]))
    spread = estimates.speeds.spread
    if np.isfinite(spread.low) and any(
        {"persons", "speed_spread"} & {*group} for group in base["group"].values()
    ):
        levels = (max(spread.low, 0.0), spread.high)
        resolution = agent_resolution_of(estimates.experience, estimates.speeds)
        on_duty = estimates.speeds.spread_on_duty / spread.value
        pair = tuple(
            _with_spread(base, on_duty * end, resolution) for end in (spread.low, spread.high)
        )
        yield _Trial("speeds of agents", _share_ends(spread.value, levels), (pair[0], pair[1]))


def _end(level: float, change: float, show: Callable[[float], str]) -> str:
    """Return an end as its level, with its relative change from the calibrated one."""
    shown = f"{100 * change:+,.0f}" if abs(change) >= 1 else f"{100 * change:+.3g}"
    return f"{show(level)} ({shown}%)"


def _share_ends(value: float, levels: tuple[float, float]) -> tuple[str, str]:
    low, high = (
        _end(level, level / value - 1, _percent) if value > 0 else _percent(level)
        for level in levels
    )
    return low, high


def _percent(level: float) -> str:
    return percent(float(f"{level:.3g}"))


@dataclass(frozen=True)
class _Factor:
    """Factors between the ends of a confidence interval, and the level that they multiply."""

    name: str
    title: str
    level: float
    ends: tuple[float, float]
    show: Callable[[float], str]


def _seconds(value: float) -> str:
    return show_duration(float(f"{value:.3g}")) if value >= 1 else f"{value:.2g}s"


def _median(value: float) -> str:
    return f"median {_seconds(value)}"


def _agent_hours(value: float) -> str:
    return f"{value:,.3g} agent hours a day"


def _contacts(value: float) -> str:
    return f"{value:,.0f} contacts a week"


def _factors(estimates: CenterEstimates) -> Iterator[_Factor]:
    """Yield factors between the ends of confidence intervals, relative to the estimates."""
    contacts = np.bincount(estimates.log.queue, minlength=len(estimates.queues)).astype(float)
    for name, title, found, weights in (
        ("talk", "mean talk", [q.talk.mean if q.talk else None for q in estimates.queues],
         contacts),
        ("patience", "patience",
         [q.patience.median if q.patience else None for q in estimates.queues], contacts),
        ("gap", "gap after contacts", [estimates.gap.mean if estimates.gap else None],
         np.ones(1)),
    ):  # fmt: skip
        if (pair := _relative(found, weights)) is not None:
            known = [one is not None and np.isfinite(one.value) for one in found]
            values = [one.value for one in found if one is not None and np.isfinite(one.value)]
            level = float(np.average(values, weights=weights[known]))
            yield _Factor(name, title, level, pair, _median if name == "patience" else _seconds)
    if (pair := presence_bounds(estimates)) is not None:
        usable = estimates.usable
        hours = sum(float(one.present[usable].sum()) for one in estimates.groups)
        level = hours * INTERVAL_MINUTES / 60 / max(int(usable.sum()), 1)
        title = "presences (gap rules of 5 and 30 min)"
        yield _Factor("agents", title, level, pair, _agent_hours)


def _relative(found: list[DayEstimate | None], weights: Any) -> tuple[float, float] | None:
    """Return the mean of the relative ends of several estimates, None where there are none."""
    rows = [
        (one.low / one.value, one.high / one.value, weight)
        for one, weight in zip(found, weights.tolist(), strict=True)
        if one is not None and np.isfinite([one.low, one.high]).all() and one.value > 0
    ]
    if not rows or sum(row[2] for row in rows) <= 0:
        return None
    low, high = (
        float(np.average([row[k] for row in rows], weights=[row[2] for row in rows]))
        for k in (0, 1)
    )
    return max(low, 1 - FARTHEST), min(high, 1 + 2 * FARTHEST)


def _volume_trial(estimates: CenterEstimates, base: Tables) -> Iterator[_Trial]:
    """Yield the mean volume at its ends: days differ by the busyness, and there are so many."""
    days = int(estimates.usable.sum())
    cv = estimates.volume.cv.value
    if days < 2 or not np.isfinite(cv):
        return
    half = student_quantile(days - 1) * cv / np.sqrt(days)
    pair = tuple(_scaled_volume(base, 1 + sign * half) for sign in (-1, 1))
    week = sum(sum(record["volume"]) for record in base["queue"].values())
    low, high = (_end(week * (1 + change), change, _contacts) for change in (-half, half))
    yield _Trial("mean volume", (low, high), (pair[0], pair[1]))


def _scaled_volume(base: Tables, factor: float) -> Tables:
    found = copy.deepcopy(base)
    for record in found["queue"].values():
        record["volume"] = [value * factor for value in record["volume"]]
    return found


def _with(base: Tables, path: tuple[str, ...], value: Any) -> Tables:
    found = copy.deepcopy(base)
    table = found
    for key in path[:-1]:
        table = table[key]
    table[path[-1]] = value
    return found


def _with_spread(base: Tables, spread: float, resolution: tuple[float, float]) -> Tables:
    found = copy.deepcopy(base)
    for record in found["group"].values():
        for key in ("persons", "speed_spread"):
            record.pop(key, None)
        record |= persons_of(spread, record["agents"], resolution)
    return found


def _plain(value: float) -> float | None:
    return round(value, 6) if np.isfinite(value) else None
