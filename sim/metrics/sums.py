"""Tallies of all replications side by side, and formulas evaluated on them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.metrics.counts import Floats, Issue, Leg, Time, names
from sim.metrics.registry import SHORTHAND, VARIANTS, Base
from sim.metrics.spent import measured, scheduled

if TYPE_CHECKING:
    from sim.metrics.tally import Tally
    from sim.model import Model

KINDS: dict[Base, type[IntEnum]] = {"legs": Leg, "issues": Issue, "time": Time}


@dataclass(frozen=True, slots=True)
class Tallies:
    """Sums of all replications, stacked.

    Attributes
    ----------
    legs, issues, time : ndarray, shape (runs, sums, queues or groups, intervals)
    longest : ndarray, shape (runs, queues, intervals)
    waits, completions : ndarray, shape (runs, queues, classes)
    unstable : ndarray of bool, shape (runs,)
    """

    legs: Floats
    issues: Floats
    time: Floats
    longest: Floats
    waits: npt.NDArray[np.int32]
    completions: npt.NDArray[np.int32]
    unstable: npt.NDArray[np.bool_]

    @property
    def runs(self) -> int:
        """Return the number of replications."""
        return int(self.legs.shape[0])


def stack(tallies: Sequence[Tally]) -> Tallies:
    """Put the tallies of replications side by side.

    Raises
    ------
    ValueError
        Without any tally.
    """
    if not tallies:
        raise ValueError("tallies: none given, at least one replication is needed")
    return Tallies(
        legs=np.stack([t.legs for t in tallies]),
        issues=np.stack([t.issues for t in tallies]),
        time=np.stack([t.time for t in tallies]),
        longest=np.stack([t.longest for t in tallies]),
        waits=np.stack([t.waits for t in tallies]),
        completions=np.stack([t.completions for t in tallies]),
        unstable=np.array([t.unstable for t in tallies]),
    )


@dataclass(frozen=True, slots=True)
class Sums:
    """Sums by name, over some stretches of time.

    Attributes
    ----------
    model : Model
    runs, stretches : int
        Stretches are the intervals, or days, or one for all.
    by_name : dict of dict of ndarray, shape (runs or 1, queues or groups, stretches)
        One table for each base.
    """

    model: Model
    runs: int
    stretches: int
    by_name: dict[Base, dict[str, Floats]] = field(repr=False)

    def factors(self, base: Base, formula: str) -> list[Floats]:
        """Evaluate each factor of a formula.

        Returns
        -------
        list of ndarray, shape (runs, queues or groups, stretches)
        """
        return [self._linear(base, factor) for factor in formula.split("*")]

    def _linear(self, base: Base, formula: str) -> Floats:
        table = self.by_name[base]
        out = np.zeros((1, 1, 1))
        for weight, name in terms(formula):
            out = out + weight * table[name]
        return np.broadcast_to(out, (self.runs, *out.shape[1:]))


def over_all(model: Model, tallies: Tallies) -> Sums:
    """Sum over the whole run."""
    return _over(model, tallies, np.zeros(model.intervals, dtype=np.int64), 1)


def over_days(model: Model, tallies: Tallies) -> Sums:
    """Sum over each day."""
    middles = (np.arange(model.intervals, dtype=np.float64) + 0.5) * model.interval_s
    return _over(model, tallies, model.day_of(middles), model.days)


def over_intervals(model: Model, tallies: Tallies) -> Sums:
    """Sum over each interval."""
    return _over(model, tallies, np.arange(model.intervals), model.intervals)


def _over(model: Model, tallies: Tallies, stretch: npt.NDArray[np.int64], count: int) -> Sums:
    """Sum intervals into stretches; ``stretch`` gives the stretch of each interval."""
    first = np.searchsorted(stretch, np.arange(count))
    legs = np.add.reduceat(tallies.legs, first, axis=3)
    last = np.append(first[1:], model.intervals) - 1
    legs[:, Leg.BACKLOG] = tallies.legs[:, Leg.BACKLOG][:, :, last]
    arrays: dict[Base, Floats] = {
        "legs": legs,
        "issues": np.add.reduceat(tallies.issues, first, axis=3),
        "time": np.add.reduceat(tallies.time, first, axis=3),
    }
    tables = {base: _named(KINDS[base], array) for base, array in arrays.items()}
    _add_headline(model, tables["legs"])
    planned, span = scheduled(model), measured(model)
    staffed = (planned > 0) * span
    planned, staffed, span = (np.add.reduceat(x, first, -1) for x in (planned, staffed, span))
    tables["time"] |= {"scheduled": planned[None], "staffed": staffed[None]}
    tables["legs"]["span"] = span[None, None]
    return Sums(model, tallies.runs, count, tables)


def _named(kind: type[IntEnum], array: Floats) -> dict[str, Floats]:
    return {name: array[:, k] for k, name in enumerate(names(kind))}


def _add_headline(model: Model, legs: dict[str, Floats]) -> None:
    """Add what each queue's own promise counts as met, and of what."""
    met = np.zeros_like(legs["offered"])
    judged = np.zeros_like(met)
    for k, queue in enumerate(model.queues):
        top, bottom = VARIANTS[queue.variant]
        if queue.deferred:
            top, bottom = "due_met", "due_met + due_missed"
        met[:, k] = sum(w * legs[name][:, k] for w, name in terms(top))
        judged[:, k] = sum(w * legs[name][:, k] for w, name in terms(bottom))
    legs["met"], legs["judged"] = met, judged


@cache
def terms(formula: str) -> tuple[tuple[float, str], ...]:
    """Read a sum such as ``"answered + abandoned - abandoned_within"``.

    Parameters
    ----------
    formula : str
        Names with signs; a final ``/ number`` divides all of it.

    Returns
    -------
    tuple of (float, str)
        Weight and name, shorthand resolved.
    """
    body, _, divisor = formula.partition("/")
    scale = 1.0 / float(divisor) if divisor else 1.0
    out: list[tuple[float, str]] = []
    for sign, name in re.findall(r"([+-]?)\s*([a-z_]+)", body):
        weight = -scale if sign == "-" else scale
        inner = terms(SHORTHAND[name]) if name in SHORTHAND else ((1.0, name),)
        out += [(weight * w, n) for w, n in inner]
    return tuple(out)
