"""The patience of a queue as the formulas take it."""

from __future__ import annotations

import math

from sim.erlang import Patience
from sim.erlang import patience as laws
from sim.model import Law, LawKind, Queue


def patience_of(queue: Queue) -> Patience | None:
    """Return the patience of a queue, those who leave at once included.

    Parameters
    ----------
    queue : Queue

    Returns
    -------
    Patience or None
        None when everybody waits for ever; the name is "exponential" exactly when Erlang A
        holds.
    """
    if queue.patience.kind is LawKind.UNLIMITED and queue.balk <= 0:
        return None
    return of_law(queue.patience, queue.balk)


def of_law(law: Law, balk: float = 0.0) -> Patience:
    """Return a law as a patience, its draws of zero and a share who balk included.

    Parameters
    ----------
    law : Law
    balk : float
        Share who leave at once when nobody is free, below 1.
    """
    found = _law(law)
    at_once = 1 - (1 - balk) * (1 - law.zero)
    return laws.balking(at_once, found) if at_once > 0 else found


def _law(law: Law) -> Patience:
    """Return the curve of the draws that are not zero."""
    kind, a, b = law.kind, law.a, law.b
    if kind is LawKind.EXPONENTIAL:
        return laws.exponential(a)
    if kind is LawKind.DETERMINISTIC:
        return laws.fixed(a)
    if kind is LawKind.WEIBULL:
        return laws.weibull(b * math.gamma(1 + 1 / a), a)
    if kind is LawKind.GAMMA:
        return laws.gamma(a * b, a)
    if kind is LawKind.LOGNORMAL:
        return laws.lognormal(math.exp(a + b * b / 2), math.sqrt(math.expm1(b * b)))
    if kind is LawKind.UNIFORM and b > a:
        return laws.uniform(a, b)
    if kind is LawKind.UNIFORM:
        return laws.fixed(a)
    if kind is LawKind.POINTS:
        return _points(law)
    return laws.measured([0.0], [1.0])


def _points(law: Law) -> Patience:
    """Return a measured curve; of points at the same time the last one counts."""
    still = dict(zip(law.x.tolist(), (1 - law.u).tolist(), strict=True))
    return laws.measured(list(still), list(still.values()))
