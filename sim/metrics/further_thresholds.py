"""Sums of answered and abandoned contacts within thresholds of targets.

A replication counts one threshold for each queue and one for the center. A target whose threshold
is neither has two sums of its own: behind the others, two for each further threshold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.metrics.tally_fields import Floats

if TYPE_CHECKING:
    from sim.model import Model

Bools = npt.NDArray[np.bool_]
_SUMS = ("within", "abandoned_within")


def further_names(thresholds: int) -> tuple[str, ...]:
    """Return the names of the sums behind those of :class:`LegSum`, in their order.

    Parameters
    ----------
    thresholds : int
        Number of further thresholds.
    """
    return tuple(f"{name}_further_{k}" for k in range(thresholds) for name in _SUMS)


def source_of(model: Model, name: str, queue: int, threshold: float) -> str:
    """Return the sum in which the contacts of a queue within a threshold are counted.

    Parameters
    ----------
    model : Model
    name : {"within", "abandoned_within"}
    queue : int
    threshold : float
    """
    one = model.queues[queue]
    if threshold == one.threshold or one.deferred:
        return name
    if model.goal is not None and threshold == model.goal.threshold:
        return f"{name}_center"
    return f"{name}_further_{model.further_thresholds.index(threshold)}"


def sum_within(
    model: Model,
    queue: npt.NDArray[np.integer],
    enter: Floats,
    leave: Floats,
    answered: Bools,
    abandoned: Bools,
) -> Floats:
    """Count answered and abandoned contacts within each further threshold.

    Parameters
    ----------
    model : Model
    queue, enter, leave, answered, abandoned : ndarray, shape (legs,)
        Measured legs; ``answered`` and ``abandoned`` of the offered.

    Returns
    -------
    ndarray, shape (2 * thresholds, queues, intervals)
    """
    shape = len(model.queues), model.intervals
    cell = queue * model.intervals + model.interval_of(enter)
    found = []
    for threshold in model.further_thresholds:
        in_time = leave <= enter + threshold  # comparing instants is exact, differences round
        for mask in (answered & in_time, abandoned & in_time):
            counted = np.bincount(cell[mask], minlength=shape[0] * shape[1])
            found.append(counted.astype(np.float64).reshape(shape))
    return np.array(found).reshape(-1, *shape)
