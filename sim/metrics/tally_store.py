"""The tallies of many replications side by side, kept small: only what is not zero.

Most sums are zero in most intervals (nights, outcomes that do not occur), and most are whole
numbers. So each sum is kept for the places only where it is somewhere not zero, in the
smallest type that holds it exactly; nothing is rounded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from sim.metrics.further_thresholds import further_names
from sim.metrics.metric_definition import Base
from sim.metrics.tally_fields import Floats, IssueSum, JourneySum, LegSum, TimeSum, names

if TYPE_CHECKING:
    from sim.metrics.tally import Tally

KINDS: dict[Base, type[IntEnum]] = {
    "legs": LegSum,
    "issues": IssueSum,
    "journeys": JourneySum,
    "time": TimeSum,
}
CLASSES = ("waits", "completions")

BLOCK_BYTES = 2**24
"""Tallies are packed when they take this much memory together."""


@dataclass(frozen=True, slots=True)
class SparseArray:
    """One array of each of some replications.

    Attributes
    ----------
    places : ndarray of int32, shape (kept,)
        Flat places that are not zero in some replication, ascending.
    values : ndarray, shape (runs, kept)
        What stands there.
    """

    places: npt.NDArray[np.int32]
    values: npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class TallyBlock:
    """Some replications, packed.

    Attributes
    ----------
    runs : int
    parts : dict of str to SparseArray
        By name of the sum behind its kind, such as ``"legs.offered"``, and ``"longest"``,
        ``"waits"``, ``"completions"``.
    unstable : ndarray of bool, shape (runs,)
    """

    runs: int
    parts: dict[str, SparseArray] = field(repr=False)
    unstable: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tallies:
    """Sums of all replications.

    Attributes
    ----------
    shapes : dict of str to (int, int)
        Shape of an array of one replication: queues (or groups) and intervals, or classes.
    blocks : tuple of TallyBlock
        In the order of the replications.
    unit_size : int
        Consecutive replications that share random numbers: 1, or 2 for antithetic pairs.
    """

    shapes: dict[str, tuple[int, int]]
    blocks: tuple[TallyBlock, ...] = field(repr=False)
    unit_size: int = 1

    @property
    def runs(self) -> int:
        """Return the number of replications."""
        return sum(block.runs for block in self.blocks)

    @property
    def unstable(self) -> npt.NDArray[np.bool_]:
        """Return which replications were given up, shape (runs,)."""
        return np.concatenate([block.unstable for block in self.blocks])

    @property
    def longest(self) -> Floats:
        """Return the longest wait (s) of the answered, shape (runs, queues)."""
        return self._whole("longest", self.shapes["longest"])[:, :, 0]

    @property
    def legs(self) -> Floats:
        """Return all sums over legs at once, shape (runs, len(LegSum), queues, intervals).

        Takes as much memory as it says; :meth:`of` gives a single sum.
        """
        return np.stack([self.of("legs", name) for name in names(LegSum)], axis=1)

    def of(self, base: Base, name: str) -> Floats:
        """Return one sum, shape (runs, queues or groups, intervals)."""
        return self._whole(f"{base}.{name}", self.shapes[base])

    def classes(self, kind: str, queues: Sequence[int]) -> npt.NDArray[np.int32]:
        """Return how many waits fell in each class, some queues together.

        Parameters
        ----------
        kind : {"waits", "completions"}
        queues : sequence of int

        Returns
        -------
        ndarray, shape (runs, classes)
        """
        width = self.shapes[kind][1]
        out = np.zeros((self.runs, width), dtype=np.int32)
        for rows, part in self._parts(kind):
            for queue in queues:
                low, high = np.searchsorted(part.places, (queue * width, (queue + 1) * width))
                out[rows, part.places[low:high] - queue * width] += part.values[:, low:high]
        return out

    def __add__(self, other: Tallies) -> Tallies:
        """Return these replications followed by others of the same model."""
        return Tallies(self.shapes, self.blocks + other.blocks, self.unit_size)

    def _whole(self, key: str, shape: tuple[int, int]) -> Floats:
        out = np.zeros((self.runs, shape[0] * shape[1]))
        for rows, part in self._parts(key):
            out[rows, part.places] = part.values
        return out.reshape(self.runs, *shape)

    def _parts(self, key: str) -> Iterable[tuple[slice, SparseArray]]:
        first = 0
        for block in self.blocks:
            yield slice(first, first + block.runs), block.parts[key]
            first += block.runs


def stack(tallies: Iterable[Tally], unit_size: int = 1) -> Tallies:
    """Put the tallies of replications side by side.

    Parameters
    ----------
    tallies : iterable of Tally
        Of one model; taken one by one, so that a generator never holds them all.
    unit_size : int
        Consecutive replications that share random numbers.

    Raises
    ------
    ValueError
        Without any tally.
    """
    blocks: list[TallyBlock] = []
    waiting: list[Tally] = []
    shapes: dict[str, tuple[int, int]] = {}
    size = 0
    for tally in tallies:
        shapes = shapes or _shapes(tally)
        waiting.append(tally)
        size += tally.nbytes
        if size >= BLOCK_BYTES:
            blocks.append(_pack(waiting))
            waiting, size = [], 0
    if waiting:
        blocks.append(_pack(waiting))
    if not blocks:
        raise ValueError("tallies: none given, at least one replication is needed")
    return Tallies(shapes, tuple(blocks), unit_size)


def _shapes(tally: Tally) -> dict[str, tuple[int, int]]:
    shapes: dict[str, tuple[int, int]] = {"longest": (tally.longest.size, 1)}
    for base in KINDS:
        _, members, intervals = getattr(tally, base).shape
        shapes[base] = (members, intervals)
    for kind in CLASSES:
        queues, classes = getattr(tally, kind).shape
        shapes[kind] = (queues, classes)
    return shapes


def _pack(tallies: Sequence[Tally]) -> TallyBlock:
    parts: dict[str, SparseArray] = {}
    for key in ("longest", *CLASSES):
        parts |= _sparse_arrays([key], [getattr(tally, key) for tally in tallies])
    for base, kind in KINDS.items():
        further = (getattr(tallies[0], base).shape[0] - len(kind)) // 2 if base == "legs" else 0
        keys = [f"{base}.{name}" for name in (*names(kind), *further_names(further))]
        parts |= _sparse_arrays(keys, [getattr(tally, base) for tally in tallies])
    return TallyBlock(len(tallies), parts, np.array([t.unstable for t in tallies]))


def _sparse_arrays(
    keys: Sequence[str], arrays: Sequence[npt.NDArray[Any]]
) -> dict[str, SparseArray]:
    """Return arrays of some replications, divided evenly among the keys.

    What is not zero is found first, since only that is worth copying.
    """
    rows = [array.ravel() for array in arrays]
    used, here = np.zeros((2, rows[0].size), np.bool_)
    for row in rows:
        np.logical_or(used, np.not_equal(row, 0, out=here), out=used)
    places = np.flatnonzero(used)
    values = np.empty((len(rows), places.size), rows[0].dtype)
    for row, kept in zip(rows, values, strict=True):
        row.take(places, out=kept, mode="clip")  # without a buffer; no place is beyond the end
    size = used.size // len(keys)
    ends = np.searchsorted(places, size * np.arange(len(keys) + 1)).tolist()
    return {
        key: SparseArray(
            (places[first:last] - k * size).astype(np.int32),
            _smallest_type(values[:, first:last].copy()),
        )
        for k, (key, first, last) in enumerate(zip(keys, ends[:-1], ends[1:], strict=True))
    }


def _smallest_type(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return whole numbers of zero and more in the smallest type that holds them."""
    if values.size and (values.min() < 0 or (values != np.floor(values)).any()):
        return values
    most = int(values.max(initial=0))
    return values.astype(np.min_scalar_type(most)) if most < 2**32 else values
