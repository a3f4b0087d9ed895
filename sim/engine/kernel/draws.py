"""Single draws, compiled: the twin of :meth:`sim.tape.Tape.unit` and of the scalar quantiles."""

from __future__ import annotations

import numpy as np

from sim.engine.kernel import layout as t
from sim.engine.kernel.jit import compiled, quantile
from sim.engine.kernel.layout import Floor, World

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)
_30, _27, _31, _12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)


@compiled
def unit(w: World, issue: int, contact: int, hop: int, purpose: int) -> float:
    """Return the number ``u`` in (0, 1) that decides one choice, ``1 - u`` on a mirrored tape."""
    place = np.uint64((contact << 16) | (hop << 8) | purpose)
    z = t.keys(w)[issue] + place * _GOLDEN
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    z = z ^ (z >> _31)
    return abs(t.limits(w)[4] - (np.float64(z >> _12) + 0.5) * 2.0**-52)


@compiled
def draw(w: World, law: int, issue: int, contact: int, hop: int, purpose: int) -> float:
    """Return a time (s) from a law, decided by :func:`unit`."""
    r = t.laws(w)[law]
    return quantile(
        r.family, r.a, r.b, r.zero, t.knots(w)[r.knots : r.knots_end],
        t.values(w)[r.knots : r.knots_end], unit(w, issue, contact, hop, purpose),
    )  # fmt: skip


@compiled
def leg_unit(w: World, f: Floor, e: int, purpose: int) -> float:
    """Return the number that decides a choice of leg ``e``."""
    leg = t.legs(f)[e]
    return unit(w, leg.issue, leg.contact, leg.hop, purpose)


@compiled
def leg_draw(w: World, f: Floor, e: int, law: int, purpose: int) -> float:
    """Return a time (s) that leg ``e`` needs."""
    leg = t.legs(f)[e]
    return draw(w, law, leg.issue, leg.contact, leg.hop, purpose)
