"""A forecast as plain data, for JSON."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.history.forecast.queue_forecast import HorizonChoice, QueueForecast
    from sim.history.interval_forecast import IntervalForecast
    from sim.history.irregularities import Irregularity
    from sim.history.table_histories import TableHistories
    from sim.history.volume_history import VolumeHistory


def forecast_document(
    history: TableHistories,
    forecasts: Sequence[QueueForecast],
    intervals: Sequence[IntervalForecast],
) -> dict[str, Any]:
    """Return forecasts as plain data: numbers, texts, lists and tables of them.

    Parameters
    ----------
    history : TableHistories
    forecasts : sequence of QueueForecast
    intervals : sequence of IntervalForecast
        Of the same queues.
    """
    step = {one.queue: one.interval_minutes for one in history.queues}
    queues = zip(history.queues, forecasts, intervals, strict=True)
    return {
        "history": history.name,
        "export": history.export,
        "queues": [_queue(*parts) for parts in queues],
        "irregularities": [_odd(one, step[one.queue]) for one in history.irregularities],
    }


def _queue(history: VolumeHistory, one: QueueForecast, shown: IntervalForecast) -> dict[str, Any]:
    factors = shown.offered.sum(axis=1), one.intervals.expected.sum(axis=1)
    changed = [a / b if b > 0 else 1.0 for a, b in zip(*factors, strict=True)]
    return {
        "queue": one.queue,
        "channel": one.channel,
        "interval_minutes": one.interval_minutes,
        "history_first_day": history.first_day.isoformat(),
        "history_last_day": history.last_day.isoformat(),
        "first_day": one.first_day.isoformat(),
        "level": one.level,
        "poisson_wape": _number(one.back_test.poisson_wape),
        "back_test": [
            {key: _number(value) for key, value in asdict(error).items()}
            for error in one.back_test.errors
        ],
        "tested_days": dict(one.back_test.days),
        "chosen": [_choice(choice) for choice in one.choices],
        "shared": _number(one.shared),
        "not_tried": dict(one.refused),
        "odd_days": [day.isoformat() for day in one.odd_days],
        "days": [
            {
                "date": date.isoformat(),
                "offered": _number(float(one.days.expected[k]) * changed[k]),
                "low": _number(float(one.days.low[k]) * changed[k]),
                "high": _number(float(one.days.high[k]) * changed[k]),
            }
            for k, date in enumerate(one.dates)
        ],
        "intervals": [
            {
                "start": shown.start(*at).isoformat(sep=" ", timespec="minutes"),
                "offered": _number(shown.offered[at]),
                "low": _number(shown.low[at]),
                "high": _number(shown.high[at]),
                "aht_s": None if shown.aht is None else _number(shown.aht[at]),
            }
            for at in shown.open_intervals()
        ],
        "notes": list(one.notes),
    }


def _choice(one: HorizonChoice) -> dict[str, Any]:
    return {
        "horizon": one.horizon,
        "weights": {name: _number(weight) for name, weight in one.weights.items()},
        "is_tested": one.is_tested,
        "coverage": {key: _number(value) for key, value in one.coverage.items()},
        "coverage_interval": {
            key: [_number(end) for end in ends] for key, ends in one.coverage_intervals.items()
        },
        "busyness": None
        if one.busyness is None
        else {key: _number(value) for key, value in asdict(one.busyness).items()},
    }


def _odd(one: Irregularity, interval_minutes: int) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "queue": one.queue,
        "first_day": one.first.isoformat(),
        "last_day": one.last.isoformat(),
        "time": one.clock(interval_minutes),
        "found": one.text,
        "treatment": one.treatment,
    }


def _number(value: Any) -> Any:
    """Return a number rounded to what is shown, None where it is unknown, all else as it is."""
    if isinstance(value, bool | str | int) or value is None:
        return value
    number = float(value)
    return round(number, 6) if math.isfinite(number) else None
