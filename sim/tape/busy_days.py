"""How busy each day is for each queue."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from sim.model import Floats, Model
from sim.streams import RandomStreams
from sim.tape.uniforms import fill_streams


class BusyDays:
    """Draws the factors of :func:`sim.tape.busyness`.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: Model) -> None:
        self._factor, self._shape = model.busyness, (model.days, len(model.queues))
        self._names = ["busyness", *(f"busyness/{queue.name}" for queue in model.queues)]

    def draw(self, replications: Sequence[RandomStreams]) -> Floats:
        """Return the factors of some replications, shape (replications, days, queues)."""
        factor, names = self._factor, self._names
        if factor.cv == 0:
            return np.ones((len(replications), *self._shape))
        uniforms = fill_streams(replications, names, [self._shape[0]] * len(names))
        normals = special.ndtri(uniforms).reshape(len(replications), len(names), -1)
        normals = normals.swapaxes(1, 2)
        score = (
            np.sqrt(factor.shared) * normals[:, :, :1]
            + np.sqrt(1 - factor.shared) * normals[:, :, 1:]
        )
        if factor.lognormal:
            sigma = np.sqrt(np.log1p(factor.cv**2))
            return np.asarray(np.exp(sigma * score - sigma**2 / 2))
        shape = factor.cv**-2
        return np.asarray(special.gammaincinv(shape, special.ndtr(score)) / shape)
