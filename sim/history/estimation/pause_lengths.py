"""How long agents pause after contacts, from when they were seen away and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Floats, Ints
from sim.history.estimation.pauses import LONGEST_GAP_AT_WORK
from sim.history.estimation.presences import LONGEST

FEWEST = 10
"""Pauses whose lengths are a distribution."""
_GRID = np.geomspace(LONGEST_GAP_AT_WORK, LONGEST, 201)
_ROUNDS = 200
_EXACT = 2.0
"""Whose end is known to so many seconds was seen to come back."""
_LEAST_IDLE = 20.0
_CONVERGED = 1e-6
_LEVELS = np.linspace(0.05, 0.95, 10)


@dataclass(frozen=True)
class PauseLengths:
    """The lengths of pauses of more than 3 min.

    Attributes
    ----------
    share : ndarray, shape (lengths,)
        Of the pauses, for each length of a fixed grid.
    expected : ndarray, shape (pauses,)
        Mean length (s) of each pause, given when its agent was seen.
    """

    share: Floats
    expected: Floats

    @property
    def mean(self) -> float:
        """Mean length (s)."""
        return float(self.share @ _GRID)

    def points(self) -> tuple[Floats, Floats]:
        """Return times (s), ascending, and the share of pauses that lasts longer than each.

        The first is the shortest length, and the last one, at 0, the longest pause; between them
        are ten quantiles.
        """
        below = np.cumsum(self.share)
        last = int(np.flatnonzero(self.share > 0)[-1])
        inner = _GRID[np.searchsorted(below, _LEVELS * below[-1])]
        time = np.concatenate([[LONGEST_GAP_AT_WORK], inner, [_GRID[last]]])
        # One second apart at least: a share that ends at once has no density.
        steps = np.arange(time.size)
        time = np.maximum.accumulate(time - steps) + steps
        return time, np.concatenate([[1.0], 1 - _LEVELS, [0.0]])


def pause_lengths(away: Floats, back: Floats, idle: float) -> PauseLengths:
    """Return the distribution of lengths that makes what was seen of pauses likeliest.

    Parameters
    ----------
    away, back : ndarray, shape (pauses,)
        Seconds from the begin of each: until a customer last waited whom the agent did not take,
        and until the next contact. The pause ended in between; when the agent took a customer who
        waited, both are the same.
    idle : float
        Mean time (s) from being back to the next contact while no customer waits.

    Notes
    -----
    The likelihood of censored intervals without a family of distributions (Turnbull 1976, The
    empirical distribution function with arbitrarily grouped, censored and truncated data, Journal
    of the Royal Statistical Society B 38, 290-295), its maximum by the EM algorithm. The end of an
    interval is not independent of the length: an agent who is back is idle for an exponential time
    first, so that ends shortly before the next contact are likelier.
    """
    back = np.clip(back, _GRID[0], _GRID[-1])
    away = np.clip(away, _GRID[0], back)
    last = _nearest(back)
    first = np.where(back - away <= _EXACT, last, _nearest(away))
    pairs, pair, counts = np.unique(
        np.stack([first, last]), axis=1, return_inverse=True, return_counts=True
    )
    cell = np.arange(_GRID.size)
    inside = (cell >= pairs[0][:, None]) & (cell <= pairs[1][:, None])
    since = np.maximum(_GRID[pairs[1]][:, None] - _GRID, 0.0)
    density = np.where(inside, np.exp(-since / max(idle, _LEAST_IDLE)), 0.0)
    share = np.full(_GRID.size, 1 / _GRID.size)
    for _ in range(_ROUNDS):
        before = share
        share = share * ((counts / (density @ share)) @ density) / away.size
        if np.abs(share - before).max() < _CONVERGED:
            break
    expected = (density @ (share * _GRID)) / (density @ share)
    share = np.where(share > _CONVERGED, share, 0.0)
    return PauseLengths(share / share.sum(), expected[pair.ravel()])


def _nearest(seconds: Floats) -> Ints:
    """Return the nearest places of the grid."""
    steps = np.log(seconds / _GRID[0]) / np.log(_GRID[1] / _GRID[0])
    return np.asarray(np.rint(steps), dtype=np.int64)
