"""Runs of intervals with far fewer contacts than the rest of their day leads one to expect."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats

SURE = 15.0
"""Expected contacts of which a count of 0 has a probability below one in a million."""
LOW = 0.4
"""Share of the expected contacts below which intervals in a row are low."""
FAR = 6.0
"""Standard deviations below the expected root count: one in a billion of normal ones."""
_BLOCK = 2.0
"""Hours of the blocks whose spread beyond Poisson noise is that of runs."""
_MAD_TO_SD = 1.4826


def low_runs(contacts: Floats, profile: Floats, level: Floats) -> list[tuple[int, int, int, float]]:
    """Return runs of intervals with far too few contacts: day, first, end, contacts expected.

    Parameters
    ----------
    contacts : ndarray, shape (days, intervals)
        NaN unknown.
    profile : ndarray, shape (days, intervals)
        Usual contacts; 0 where closed.
    level : ndarray, shape (days,)
        Contacts of the days around each day as a share of the usual ones.

    Returns
    -------
    list of tuple
        In the order of days.

    Notes
    -----
    Intervals in a row are judged as a whole: a few contacts in each of four are as improbable as no
    contact in one of them, and more. Sums N with mean E have on the scale of roots the
    variance 1/4 + c²/4 E, where c is the variation of E beyond Poisson noise, estimated robustly
    from blocks of two hours. They must be low as seen from the other intervals of its day and from
    the days around, and hold less than half of the usual contacts: otherwise the rest says too
    little.
    """
    contacts, profile = contacts.copy(), np.where(np.isnan(contacts), 0.0, profile)
    contacts = np.where(profile > 0, contacts, 0.0)
    variation = _variation(contacts, profile)
    found = []
    for day in np.flatnonzero(_may_be_low(contacts, profile)):
        own, usual = contacts[day].copy(), profile[day].copy()
        while (run := _lowest_run(own, usual, float(level[day]), variation)) is not None:
            found.append((int(day), *run))
            own[run[0] : run[1]] = usual[run[0] : run[1]] = 0.0
    return found


def _may_be_low(contacts: Floats, profile: Floats) -> Bools:
    """Return days with an interval far below the usual: most days need no search."""
    with np.errstate(invalid="ignore", divide="ignore"):
        level = contacts.sum(axis=1) / profile.sum(axis=1)
    expected = np.nan_to_num(level)[:, None] * profile
    return np.asarray(((contacts < LOW * expected) & (profile > 0)).any(axis=1))


def _lowest_run(
    own: Floats, usual: Floats, level: float, variation: float
) -> tuple[int, int, float] | None:
    """Return first and end of the least probable low run of a day, and the contacts expected."""
    sums, masses = (np.concatenate(([0.0], one.cumsum())) for one in (own, usual))
    real, mass = sums[None, :] - sums[:, None], masses[None, :] - masses[:, None]
    rest = masses[-1] - mass
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.minimum((sums[-1] - real) / rest, level)
        expected = np.where((mass > 0) & (mass < rest), rate * mass, 0.0)
        expected = np.maximum(np.nan_to_num(expected), 0.0)
    low = (expected >= SURE) & (real < LOW * expected)
    if not low.any():
        return None
    spread = np.sqrt(0.25 + variation * expected / 4)
    far = np.where(low, (np.sqrt(expected) - np.sqrt(np.maximum(real, 0.0))) / spread, 0.0)
    first, end = np.unravel_index(int(far.argmax()), far.shape)
    if far[first, end] < FAR:
        return None
    while usual[first] == 0:  # the run is the same without closed intervals at its ends
        first += 1
    while usual[end - 1] == 0:
        end -= 1
    return int(first), int(end), float(expected[first, end])


def _variation(contacts: Floats, profile: Floats) -> float:
    """Return the squared variation of the expected contacts of a part of a day."""
    wide = max(round(_BLOCK * contacts.shape[1] / 24), 1)
    parts = np.arange(0, contacts.shape[1], wide)
    total, mass = (np.add.reduceat(one, parts, axis=1) for one in (contacts, profile))
    with np.errstate(invalid="ignore", divide="ignore"):
        others = (total.sum(axis=1, keepdims=True) - total) / (
            mass.sum(axis=1, keepdims=True) - mass
        )
    expected = np.nan_to_num(others) * mass
    compared = expected >= SURE
    if not compared.any():
        return 0.0
    apart = np.sqrt(total[compared]) - np.sqrt(expected[compared])
    spread = (_MAD_TO_SD * float(np.median(np.abs(apart)))) ** 2
    return max(4 * (spread - 0.25) / float(np.median(expected[compared])), 0.0)
