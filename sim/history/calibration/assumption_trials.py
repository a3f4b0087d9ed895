"""The usual week with each assumption at the ends of its confidence interval."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.history.calibration.adjustment import Adjustment
from sim.history.calibration.center_estimates import (
    INTERVAL_MINUTES,
    LEAST_SHARE,
    MOST_QUIET,
    CenterEstimates,
)
from sim.history.calibration.close_loop import presence_bounds
from sim.history.calibration.experience_tables import agent_resolution_of, percent
from sim.history.calibration.scenario_tables import Tables, persons_of, quiet_of, usual_week
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile
from sim.units import readable_duration

FARTHEST = 0.5


@dataclass(frozen=True)
class Trial:
    """An assumption at both ends of its confidence interval.

    Attributes
    ----------
    name : str
        The assumption in words.
    ends : (str, str)
        Its levels, each with its relative change.
    tables : (dict, dict)
        The usual week with each.
    """

    name: str
    ends: tuple[str, str]
    tables: tuple[Tables, Tables]


def trials(estimates: CenterEstimates, adjustment: Adjustment) -> Iterator[Trial]:
    """Yield the usual week with each assumption at both ends of its confidence interval.

    Parameters
    ----------
    estimates : CenterEstimates
    adjustment : Adjustment
        Of the closed loop, from which the changes start.
    """
    for one in _factors(estimates):
        now = getattr(adjustment, one.name)
        ends = tuple(_end(one.level * now * factor, factor - 1, one.show) for factor in one.ends)
        tables = tuple(
            usual_week(estimates, adjustment.with_(one.name, now * factor)) for factor in one.ends
        )
        yield Trial(one.title, (ends[0], ends[1]), (tables[0], tables[1]))
    base = usual_week(estimates, adjustment)
    yield from _volume_trial(estimates, base)
    for key, title, found in (
        ("busyness", "busyness of days", estimates.volume.cv),
        ("talk_variation", "talk of days", estimates.talk_days.cv),
    ):
        if key in base["center"] and np.isfinite(found.low):
            levels = (max(found.low, 0.0), found.high)
            pair = tuple(_with(base, ("center", key, "cv"), percent(end)) for end in levels)
            yield Trial(title, _share_ends(found.value, levels), (pair[0], pair[1]))
    spread = estimates.speeds.spread
    if np.isfinite(spread.low) and any(
        {"persons", "speed_spread"} & {*group} for group in base["group"].values()
    ):
        levels = (max(spread.low, 0.0), spread.high)
        resolution = agent_resolution_of(estimates.experience, estimates.speeds)
        on_duty = estimates.speeds.spread_on_duty / spread.value
        pair = tuple(
            _with_spread(base, on_duty * end, resolution, estimates)
            for end in (spread.low, spread.high)
        )
        yield Trial("speeds of agents", _share_ends(spread.value, levels), (pair[0], pair[1]))
    yield from _quiet_trials(estimates, adjustment, base)
    yield from _balking_trial(estimates, base)
    yield from _order_trial(estimates, base)


def _quiet_trials(
    estimates: CenterEstimates, adjustment: Adjustment, base: Tables
) -> Iterator[Trial]:
    """Yield how many of the free agents are on a break in quiet times, and how long breaks are."""
    simulated = quiet_of(estimates, adjustment)
    states, ready = estimates.states, estimates.readiness
    if states is not None and states.quiet is not None:
        share, length = states.quiet.share, states.quiet.length
    elif ready is not None:
        share, length = ready.not_ready, ready.length
    else:
        return
    if simulated is None or simulated[0] < LEAST_SHARE:
        return
    if (ends := _relative([share], np.ones(1))) is not None:
        levels = tuple(share.value * factor for factor in ends)
        yield Trial(
            "breaks when quiet", _share_ends(share.value, (levels[0], levels[1])),
            _pair(_with_quiet(base, min(simulated[0] * one, MOST_QUIET)) for one in ends),
        )  # fmt: skip
    if (ends := _relative([length], np.ones(1))) is not None:
        now = adjustment.quiet
        low, high = (_end(length.value * now * one, one - 1, _seconds) for one in ends)
        yield Trial(
            "length of breaks when quiet", (low, high),
            _pair(usual_week(estimates, adjustment.with_("quiet", now * one)) for one in ends),
        )  # fmt: skip


def _with_quiet(base: Tables, share: float) -> Tables:
    found = copy.deepcopy(base)
    for record in found["group"].values():
        if share < LEAST_SHARE:
            record.pop("breaks_when_quiet", None)
        elif "breaks_when_quiet" in record:
            record["breaks_when_quiet"]["share"] = percent(share)
    return found


def _balking_trial(estimates: CenterEstimates, base: Tables) -> Iterator[Trial]:
    """Yield balking of all queues that have it at its ends."""
    found = {
        queue.name: queue.patience.balk
        for queue in estimates.queues
        if queue.patience is not None and "balk" in base["queue"][queue.name]
    }
    found = {name: one for name, one in found.items() if np.isfinite([one.low, one.high]).all()}
    if not found:
        return
    contacts = [max(one.records, 1) for one in found.values()]

    def level(key: str) -> float:
        values = [max(getattr(one, key), 0.0) for one in found.values()]
        return float(np.average(values, weights=contacts))

    def with_balking(end: int) -> Tables:
        tables = copy.deepcopy(base)
        for name, one in found.items():
            value = (one.low, one.high)[end]
            if value > LEAST_SHARE:
                tables["queue"][name]["balk"] = percent(value)
            else:
                tables["queue"][name].pop("balk")
        return tables

    levels = (level("low"), level("high"))
    yield Trial("balking", _share_ends(level("value"), levels), _pair(map(with_balking, (0, 1))))


def _order_trial(estimates: CenterEstimates, base: Tables) -> Iterator[Trial]:
    """Yield the head starts, or weights, of all queues that have them at their ends."""
    order = estimates.order
    if order is None or order.rule not in ORDER_FIELDS:
        return
    field, title, show = ORDER_FIELDS[order.rule]
    moved = [name for name, record in base["queue"].items() if field in record]
    found = {name: order.estimate(name) for name in moved}
    found = {name: one for name, one in found.items() if np.isfinite([one.low, one.high]).all()}
    if not found:
        return

    def with_order(end: int) -> Tables:
        tables = copy.deepcopy(base)
        for name, one in found.items():
            tables["queue"][name].pop(field)
            tables["queue"][name] |= order.fields(name, (one.low, one.high)[end])
        return tables

    value, low, high = (
        float(np.mean([getattr(one, key) for one in found.values()]))
        for key in ("value", "low", "high")
    )
    ends = tuple(_end(one, one / value - 1, show) for one in (low, high))
    yield Trial(title, (ends[0], ends[1]), _pair(map(with_order, (0, 1))))


def _pair(tables: Iterable[Tables]) -> tuple[Tables, Tables]:
    low, high = tables
    return low, high


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
    return readable_duration(value)


def _median(value: float) -> str:
    return f"median {_seconds(value)}"


def _weight(value: float) -> str:
    return f"{value:.3g}"


def _agent_hours(value: float) -> str:
    return f"{value:,.3g} agent hours a day"


def _contacts(value: float) -> str:
    return f"{value:,.0f} contacts a week"


def _factors(estimates: CenterEstimates) -> Iterator[_Factor]:
    """Yield factors between the ends of confidence intervals, relative to the estimates."""
    contacts = np.bincount(estimates.log.queue, minlength=len(estimates.queues)).astype(float)
    apart, gap = estimates.pauses, estimates.gap
    mean = apart.gap if apart is not None else None if gap is None else gap.mean
    gap_title = "gap after contacts" + (" without pauses" if apart is not None else "")
    for name, title, found, weights in (
        ("talk", "mean talk", [q.talk.mean if q.talk else None for q in estimates.queues],
         contacts),
        ("patience", "patience",
         [q.patience.median if q.patience else None for q in estimates.queues], contacts),
        ("gap", gap_title, [mean], np.ones(1)),
        ("pauses", "pauses after contacts", [None if apart is None else apart.pauses], np.ones(1)),
    ):  # fmt: skip
        if (pair := _relative(found, weights)) is not None:
            known = [one is not None and np.isfinite(one.value) for one in found]
            values = [one.value for one in found if one is not None and np.isfinite(one.value)]
            level = float(np.average(values, weights=weights[known]))
            show = {"patience": _median, "pauses": _percent}.get(name, _seconds)
            yield _Factor(name, title, level, pair, show)
    if (walk := estimates.talk_level) is not None:
        ends = (walk.at_end.low / walk.at_end.value, walk.at_end.high / walk.at_end.value)
        yield _Factor("talk", "level of talk at the end", walk.at_end.value, ends, _percent)
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


def _volume_trial(estimates: CenterEstimates, base: Tables) -> Iterator[Trial]:
    """Yield the mean volume at its ends: days differ by the busyness, and there are so many."""
    days = int(estimates.usable.sum())
    cv = estimates.volume.cv.value
    if days < 2 or not np.isfinite(cv):
        return
    half = student_quantile(days - 1) * cv / np.sqrt(days)
    pair = tuple(_scaled_volume(base, 1 + sign * half) for sign in (-1, 1))
    week = sum(sum(record["volume"]) for record in base["queue"].values())
    low, high = (_end(week * (1 + change), change, _contacts) for change in (-half, half))
    yield Trial("mean volume", (low, high), (pair[0], pair[1]))


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


def _with_spread(
    base: Tables, spread: float, resolution: tuple[float, float], estimates: CenterEstimates
) -> Tables:
    found, speeds = copy.deepcopy(base), estimates.group_speeds
    for name, record in found["group"].items():
        for key in ("persons", "speed_spread", "tenure"):
            record.pop(key, None)
        record |= persons_of(spread, record["agents"], resolution, speeds[name], estimates.busy)
    return found


ORDER_FIELDS: dict[str, tuple[str, str, Callable[[float], str]]] = {
    "head start": ("head_start", "head starts", _seconds),
    "weight": ("weight", "weights of waiting time", _weight),
}
"""Field of a queue, assumption and how it is shown, by the order of service."""
