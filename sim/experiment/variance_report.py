"""By how much options of an experiment lowered the variance of its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics import MEASURES, Reduction, which
from sim.metrics.scopes import Scope, applies

if TYPE_CHECKING:
    from sim.metrics import Tallies
    from sim.metrics.estimate import Estimate
    from sim.model import Model

TOLD = ("service_level", "asa_s", "abandonment", "occupancy")
"""Figures of the whole of which it is told."""

MEASURE = {measure.name: measure for measure in MEASURES}


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


def told_of(model: Model, tallies: Tallies) -> dict[str, Estimate]:
    """Return the figures of which it is told, their influence untouched."""
    return {
        name: which(model, name).of(model, tallies).estimate
        for name in TOLD
        if _is_there(model, name)
    }


def _is_there(model: Model, name: str) -> bool:
    measure = MEASURE[name]
    return applies(model, measure.needs, measure.base, Scope("total", "total"))


def savings(found: Mapping[str, Estimate], reduction: Reduction) -> list[Saving]:
    """Return what was taken off the variance of some figures of the whole.

    Parameters
    ----------
    found : mapping of str to Estimate
        By name, of all replications, untouched.
    reduction : Reduction
    """
    shares = {name: reduction.of(estimate).taken_off for name, estimate in found.items()}
    known = {name: share for name, share in shares.items() if share is not None}
    return [Saving("total", "total", name, share) for name, share in known.items()]


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
