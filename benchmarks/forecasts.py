"""Forecasting ten queues from a year of half hours."""

import datetime as dt
import time
from collections.abc import Callable
from functools import partial

import numpy as np

from benchmarks.measure import Measurement

QUEUES, DAYS, INTERVALS = 10, 365, 48
WEEKDAYS = np.array([1.3, 1.1, 1.0, 0.95, 1.05, 0.5, 0.3])


def year_of_queues(queues: int) -> Measurement:
    """Processor time of a forecast of four weeks with its back-test over the year, in seconds."""
    from sim.history.forecast import forecast_queues
    from sim.history.volume_history import VolumeHistory, infer_open

    random = np.random.default_rng(20_241)
    hours = np.arange(INTERVALS) / 2
    profile = np.where((hours >= 7) & (hours < 21), 15 + 60 * np.exp(-(((hours - 11) / 5) ** 2)), 0)
    histories = []
    for queue in range(queues):
        busy = random.gamma(100, 0.01, DAYS)
        means = WEEKDAYS[np.arange(DAYS) % 7, None] * profile * busy[:, None]
        counts = random.poisson(means).astype(float)
        first = dt.date(2024, 1, 1)
        is_open = infer_open(counts, first)
        histories.append(VolumeHistory(f"q{queue}", "voice", first, 30, counts, is_open))
    began = time.process_time()
    forecast_queues(histories)
    return Measurement(time.process_time() - began, "s")


FORECASTS: dict[str, Callable[[], Measurement]] = {
    "ten queues, a year of half hours each": partial(year_of_queues, QUEUES)
}
