"""Redials: lost contacts that redial raise the load."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.erlang.arguments import Unstable
from sim.erlang.special_functions import Array, climb


def settle(answered: Callable[[Array], Array], rate: Array, redial: Array) -> Array:
    """Solve rate_with_redials * (1 - redial * lost) = rate for the rate with redials.

    Parameters
    ----------
    answered : callable
        Share answered at a given rate of all attempts.
    rate : ndarray
        First attempts per second.
    redial : ndarray
        Share of the lost (abandoned or blocked) that redial, in [0, 1].

    Returns
    -------
    ndarray
        Attempts per second.

    Raises
    ------
    Unstable
        If everybody redials and the agents cannot answer all first attempts.

    Notes
    -----
    Fixed point of Garnett, Mandelbaum and Reiman's retrial remark, with redials taken as fresh
    Poisson arrivals whose patience is drawn anew.
    """

    def first_attempts(r: Array) -> Array:
        return np.asarray(r * (1.0 - redial * (1.0 - answered(r))))

    shape = np.broadcast_shapes(rate.shape, redial.shape, answered(rate).shape)
    low = rate + np.zeros(shape)
    high = low.copy()
    for _ in range(60):
        short = first_attempts(high) < rate * (1.0 - 1e-15)
        if not bool(np.any(short)):
            break
        low, high = np.where(short, high, low), np.where(short, 2.0 * high, high)
    else:
        raise Unstable(
            "redial: when every lost contact redials, the agents must be able to answer all"
        )
    return climb(lambda r: first_attempts(r) - rate, low, high)
