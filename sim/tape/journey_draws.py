"""What each issue is about, who has it, and whether it is settled before any contact."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.model import Floats, Ints, Journeys, Model
from sim.streams import GOLDEN, Words
from sim.tape.choices import Prevention, Purpose, choice_number

Numbers = npt.NDArray[np.int16]
_WORD = 0xFFFFFFFFFFFFFFFF
_30, _27, _31, _12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def first_uniforms(keys: Words, purpose: Purpose, mirrored: npt.NDArray[np.bool_]) -> Floats:
    """Return the numbers that decide one choice of the first contact of each issue.

    They are those of :meth:`sim.tape.Tape.uniform`, equal to the bit.
    """
    z = keys + np.uint64(choice_number(0, 0, purpose) * GOLDEN & _WORD)
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    z = z ^ (z >> _31)
    u = ((z >> _12).astype(np.float64) + 0.5) * 2.0**-52
    return np.where(mirrored, 1.0 - u, u)


def draw_journeys(
    model: Model, queue: Ints, born: Floats, backlog: npt.NDArray[np.bool_], keys: Words,
    mirrored: npt.NDArray[np.bool_],
) -> tuple[Numbers, Numbers, npt.NDArray[np.int8]]:  # fmt: skip
    """Return kind, segment and prevention of each issue, as in :class:`sim.tape.Tape`.

    Parameters
    ----------
    model : Model
    queue, born, backlog, keys : ndarray, shape (issues,)
    mirrored : ndarray of bool, shape (issues,)
        As in :class:`sim.tape.Tape`.
    """
    journeys = model.journeys
    if journeys is None:
        return np.empty(0, np.int16), np.empty(0, np.int16), np.empty(0, np.int8)
    shares = journeys.kind_shares[queue, model.interval_of(born)]
    kind = _chosen(shares, first_uniforms(keys, Purpose.ISSUE_KIND, mirrored))
    shares = journeys.segment_shares[queue, kind + 1]
    segment = _chosen(shares, first_uniforms(keys, Purpose.SEGMENT, mirrored))
    prevention = _prevention(journeys, kind, keys, mirrored)
    prevention[backlog] = Prevention.NONE
    return kind, segment, prevention


def _chosen(cumulated: Floats, u: Floats) -> Numbers:
    """Return which share each number falls into, -1 beyond all of them."""
    most = cumulated.shape[1]
    place = (u[:, None] >= cumulated).sum(axis=1)
    return np.where(place < most, place, -1).astype(np.int16)


def _prevention(
    journeys: Journeys, kind: Numbers, keys: Words, mirrored: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int8]:
    """Return what happens to each issue before any contact, a :class:`Prevention`."""

    def happens(name: str, purpose: Purpose) -> npt.NDArray[np.bool_]:
        shares = np.array([getattr(one, name) for one in journeys.kinds] + [0.0])  # -1: no kind
        if not shares.any():
            return np.zeros(len(keys), np.bool_)
        return first_uniforms(keys, purpose, mirrored) < shares[kind]

    result = np.full(len(keys), Prevention.NONE, np.int8)
    reached = happens("reached", Purpose.REACHED)
    result[reached] = Prevention.REACHED
    result[reached & happens("settled", Purpose.SETTLED)] = Prevention.SETTLED
    result[happens("prevented", Purpose.PREVENTED)] = Prevention.PREVENTED
    return result
