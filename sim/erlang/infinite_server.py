"""Mt/M/infinity: the load of a day in which no contact ever has to wait."""

from __future__ import annotations

import numpy as np

from sim.erlang.arguments import Duration, Number, number, seconds
from sim.erlang.special_functions import Value, plain
from sim.units import BadInputError


def busy_under_sine(
    mean: Number, swing: Number, frequency: Number, finish: Number, at: Number
) -> Value:
    """Give the expected number busy under the arrival rate mean + swing sin(frequency t).

    Parameters
    ----------
    mean, swing : array_like
        Arrival rate and its amplitude, contacts per unit of time; |swing| <= mean.
    frequency : array_like
        Radians per unit of time, >= 0.
    finish : array_like
        Completion rate of one contact (1 / handle time), > 0.
    at : array_like
        Time, in the same unit.

    Returns
    -------
    float or ndarray
        Expected busy agents in the periodic state; the departure rate is `finish` times it.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.

    Notes
    -----
    Eick, Massey and Whitt (1993), "Mt/G/infinity queues with sinusoidal arrival rates". The
    load lags the arrivals by arctan(frequency / finish) / frequency.
    """
    a, b = number("mean", mean), number("swing", swing, -np.inf)
    g, mu = number("frequency", frequency), number("finish", finish, above=True)
    t = number("at", at, -np.inf)
    if bool(np.any(np.abs(b) > a)):
        raise BadInputError("swing: must not exceed mean, or the arrival rate turns negative")
    wave = mu * np.sin(g * t) - g * np.cos(g * t)
    return plain(a / mu + b * wave / (mu * mu + g * g))


def busy_by_interval(calls: Number, per: Duration, aht: Duration, start: float = 0.0) -> Value:
    """Give the mean number busy in each interval of a day with unlimited agents.

    Parameters
    ----------
    calls : array_like, shape (intervals,)
        Expected contacts per interval.
    per, aht : duration
        Length of an interval and average handle time.
    start : float
        Contacts in service when the day begins.

    Returns
    -------
    ndarray, shape (intervals,)
        Time-average of the load in erlangs, carried over from interval to interval: the
        offered load that a short interval really sees.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.

    Notes
    -----
    m' = rate - m / aht within each interval (Eick, Massey and Whitt 1993).
    """
    counts, step = np.atleast_1d(number("calls", calls)), float(seconds("per", per, above=True))
    work = float(seconds("aht", aht, above=True))
    fade, busy = float(np.exp(-step / work)), float(number("start", start))
    spread = -float(np.expm1(-step / work)) * work / step
    means = np.empty(counts.size)
    for i, count in enumerate(counts):
        goal = float(count) / step * work
        means[i] = goal + (busy - goal) * spread
        busy = goal + (busy - goal) * fade
    return means
