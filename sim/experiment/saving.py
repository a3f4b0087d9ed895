"""By how much options of an experiment lowered the variance of its figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.metrics import Finding, Reduction

TOLD = ("service_level", "asa_s", "abandonment", "occupancy")
"""Figures of the whole of which it is told."""


@dataclass(frozen=True, slots=True)
class Saving:
    """What was taken off the variance of one figure.

    Attributes
    ----------
    scope, name, metric : str
    share : float
        Of the variance that as many independent replications without controls would have, by
        their spread in the same experiment; negative where it was added to.
    """

    scope: str
    name: str
    metric: str
    share: float


def savings(found: Iterable[Finding], reduction: Reduction, also: str = "") -> list[Saving]:
    """Return what was taken off the figures that people look at first.

    Parameters
    ----------
    found : iterable of Finding
        Of all replications, untouched.
    reduction : Reduction
    also : str
        Name of one more figure of the whole.
    """
    if not reduction:
        return []
    out = []
    for f in found:
        if f.scope.kind != "total" or f.metric not in (*TOLD, also):
            continue
        share = reduction.of(f.estimate).taken_off
        if share is not None:
            out.append(Saving(f.scope.kind, f.scope.name, f.metric, share))
    return out


def means(reduction: Reduction) -> str:
    """Return what lowered the variance, in words."""
    names = ["antithetic pairs"] * (reduction.together > 1)
    names += ["controls (arrivals, work)"] * (reduction.controls is not None)
    return " and ".join(names)


def told(found: Sequence[Saving], how: str) -> tuple[str, ...]:
    """Return a sentence on what was taken off, none where nothing is known."""
    if not found:
        return ()
    parts = [f"{s.metric} by {abs(s.share):.0%}{' more' if s.share < 0 else ''}" for s in found]
    return (f"less variance than of as many independent runs, by {how}: {', '.join(parts)}",)
