"""The offered load of a day that is never steady: work that came earlier is still there."""

from __future__ import annotations

import numpy as np

from sim.array_types import Floats
from sim.erlang import busy_by_interval


def modified_volume(volume: Floats, aht_s: Floats, interval_s: float) -> Floats:
    """Return the contacts by interval that would give, if steady, the load of unlimited agents.

    A formula for steady queues that is given these instead of the contacts that come has the
    modified offered load: the mean number busy with unlimited agents, which lags the arrivals by
    about a handle time and is smoother than they are.

    Parameters
    ----------
    volume : ndarray, shape (intervals,)
        Expected contacts.
    aht_s : ndarray, shape (intervals,)
        Mean handle time (s).
    interval_s : float

    Returns
    -------
    ndarray, shape (intervals,)

    Notes
    -----
    Jennings, Mandelbaum, Massey and Whitt (1996), "Server staffing to meet time-varying demand";
    Feldman, Mandelbaum, Massey and Whitt (2008), "Staffing of time-varying queues to achieve
    time-stable performance". The mean handle time of all contacts is taken for the lag.
    """
    total = float(volume.sum())
    if total <= 0:
        return volume
    mean = float(volume @ aht_s) / total
    if mean <= 0:
        return volume
    work = volume * aht_s / mean
    busy = np.asarray(busy_by_interval(work, interval_s, mean))
    return np.asarray(busy * interval_s / np.where(aht_s > 0, aht_s, mean))
