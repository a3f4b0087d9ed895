"""Whether a target is met: the one rule, and its words, of every table, page and file."""

from __future__ import annotations

MISSED, UNDECIDED, OVERSHOT, MET = "missed", "undecided", "overshot", "met"
STATUSES = (MISSED, UNDECIDED, OVERSHOT, MET)
"""In the order in which they are shown."""
MORE_RUNS = "more replications needed"
STATUS_WORDS = {status: status for status in STATUSES} | {UNDECIDED: f"undecided, {MORE_RUNS}"}
"""As a sentence ends."""


def target_status(
    low: float | None, high: float | None, target: float, most: float | None = None
) -> str:
    """Return what a 95 % confidence interval shows of a target.

    Parameters
    ----------
    low, high : float or None
        Ends of the interval; a single replication has none.
    target : float
    most : float, optional
        Above this, more was staffed than the target asks for; not asked by default.

    Returns
    -------
    {"missed", "undecided", "overshot", "met"}
        Missed: the interval lies below the target. Undecided: it holds the target, or there is
        none. Overshot: it lies above both `most` and the target. Met: it lies at or above the
        target.
    """
    if low is None or high is None:
        return UNDECIDED
    if high < target:
        return MISSED
    if low < target:
        return UNDECIDED
    return OVERSHOT if most is not None and low > max(most, target) else MET
