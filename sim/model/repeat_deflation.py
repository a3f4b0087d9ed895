"""Taking today's repeats off observed volumes, so that what is left are new issues.

Observed volumes already include the repeat contacts of customers whose issue was not
resolved. With v the observed volume of a queue by interval, r the share of its contacts
that come back, and K the matrix of when (row: interval of the first contact, column: of the
further one), the new contacts are ``v - r K' v``, never below zero. The share that is new is
found from the scenario as its file says it and kept under changes by path, so that a better
resolution then lowers the volume. Where issues, transfers, lost context or tenure change the
resolution, ``r`` is computed by :mod:`sim.model.expected_repeats`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.model import Floats
from sim.model.expected_repeats import has_factors, repeat_shares
from sim.scenario.interval_series import rules_of, volume_of
from sim.scenario.interval_times import mean_of

if TYPE_CHECKING:
    from sim.distributions import TimeDistribution
    from sim.scenario import Queue, Scenario

_PIECES = 8  # points within an interval over which the moment of the first contact is spread


def new_shares(scenario: Scenario) -> dict[str, Floats]:
    """Return the share of each queue's volume that is new, by interval.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    dict of str to ndarray, shape (intervals,)
        From 0 to 1; 1 where nothing is taken off.
    """
    written = scenario.written
    grid = scenario.center.grid
    # Volumes of the file on the present calendar.
    source = written if written.center.grid == grid else scenario
    volumes = {
        name: np.array(volume_of(queue, grid, source.center.open))
        for name, queue in source.queue.items()
    }
    back = {name: np.zeros(grid.intervals) for name in source.queue}
    for name in sorted(written.queue):
        queue = written.queue[name]
        if has_factors(written):
            _add_expected(written, name, volumes, source, back)
        elif _backs_out(queue) and name in volumes:
            target = written.followers(name, queue.repeat.by if queue.repeat else None)[0]
            back[target] = back[target] + _coming_back(written, name, volumes[name], source)
    return {name: _share(volumes[name], back[name], written.queue[name]) for name in source.queue}


def _add_expected(
    written: Scenario, name: str, volumes: dict[str, Floats], source: Scenario,
    back: dict[str, Floats],
) -> None:  # fmt: skip
    """Add the repeats of a queue's contacts, each factor on resolution at its expectation."""
    queue = written.queue[name]
    if name not in volumes or queue.volume_is != "observed" or queue.volume.recorded is not None:
        return
    for last, share in repeat_shares(written, name).items():
        repeat = written.queue[last].repeat
        assert repeat is not None
        target = written.followers(last, repeat.by)[0]
        if target in back:
            found = _returning(written, last, target, volumes[name], source)
            back[target] = back[target] + share * found


def _returning(
    written: Scenario, last: str, target: str, volume: Floats, source: Scenario
) -> Floats:
    """Return the repeats by interval when every contact of a volume has one, by a queue's rule."""
    queue, grid = written.queue[last], source.center.grid
    assert queue.repeat is not None
    hours = np.array(grid.hours(rules_of(source.queue[target], source.center.open)))
    after = queue.repeat.after.to_model()
    hands = mean_of(written, last, "talk") + mean_of(written, last, "hold")
    return returning(volume, hours, grid.interval_s, after, hands)


def _backs_out(queue: Queue) -> bool:
    observed = queue.volume_is == "observed" and queue.volume.recorded is None
    return observed and queue.repeat is not None and queue.resolved is not None


def _share(volume: Floats, back: Floats, queue: Queue) -> Floats:
    if queue.volume_is == "new" or queue.volume.recorded is not None:
        return np.ones_like(volume)
    left = np.maximum(volume - back, 0.0)
    return np.divide(left, volume, out=np.ones_like(volume), where=volume > 0)


def _coming_back(written: Scenario, name: str, volume: Floats, source: Scenario) -> Floats:
    """Return how many contacts of a queue come back in each interval."""
    queue = written.queue[name]
    repeat = queue.repeat
    if repeat is None or queue.resolved is None:
        return np.zeros_like(volume)
    found = written.bot_of(name)
    reached = found[1].passed if found else 1.0
    share = (1 - queue.resolved) * repeat.share * reached
    target = written.followers(name, repeat.by)[0]
    return share * _returning(written, name, target, volume, source)


def returning(
    volume: Floats, hours: Floats, interval_s: float, after: TimeDistribution, hands: float
) -> Floats:
    """Return the repeat contacts of each interval when every customer has one.

    A contact is assumed to end its mean handling time after it arrives, and to arrive uniformly
    within its interval. Repeats in closed hours move to the next opening hours as in
    :func:`sim.model.opening_hours.next_open`; repeats after the horizon are left out.

    Parameters
    ----------
    volume : ndarray, shape (intervals,)
        Contacts of each interval.
    hours : ndarray, shape (n, 2)
        Opening hours of the queue they come back to.
    interval_s : float
    after : TimeDistribution
        Time until they come back.
    hands : float
        Mean handling time (s).

    Returns
    -------
    ndarray, shape (intervals,)
    """
    starts, ends, interval = _preimages(hours, interval_s, len(volume))
    result = np.zeros(len(volume))
    reach = _reach(after) + hands + interval_s
    pieces = (np.arange(_PIECES) + 0.5) / _PIECES * interval_s + hands
    for j in np.flatnonzero(volume):
        moments = (j * interval_s + pieces)[:, None]
        ahead = (ends > moments[0, 0]) & (starts < j * interval_s + reach)
        mass = after.cdf(ends[ahead] - moments) - after.cdf(starts[ahead] - moments)
        np.add.at(result, interval[ahead], volume[j] * mass.mean(axis=0))
    return result


def _reach(after: TimeDistribution) -> float:
    """Return a time (s) beyond which all but a millionth of those who come back have come."""
    total = after.cdf(np.array([1e12]))[0]
    time = 60.0
    while time < 1e12 and after.cdf(np.array([time]))[0] < (1 - 1e-6) * total:
        time *= 1.5
    return time


def _preimages(hours: Floats, interval_s: float, intervals: int) -> tuple[Floats, Floats, Floats]:
    """Return spans of time and the interval to which each is moved."""
    starts, ends, interval = [], [], []
    closed = 0.0
    for opens, closes in hours:
        first, last = round(opens / interval_s), min(round(closes / interval_s), intervals)
        ratio = (opens - closed) / (closes - opens)
        for i in range(first, last):
            begin = i * interval_s
            starts.append(begin)
            ends.append(begin + interval_s)
            interval.append(i)
            if ratio > 0:
                starts.append(closed + (begin - opens) * ratio)
                ends.append(closed + (begin + interval_s - opens) * ratio)
                interval.append(i)
        closed = closes
    return np.array(starts), np.array(ends), np.array(interval, dtype=np.int64)
