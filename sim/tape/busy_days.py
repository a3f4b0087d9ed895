"""How busy each day is for each queue."""

from __future__ import annotations

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
        self._calm = np.ones(self._shape)

    def draw(self, streams: RandomStreams) -> Floats:
        """Return the factors of one replication, shape (days, queues)."""
        factor = self._factor
        if factor.cv == 0:
            return self._calm
        uniforms = fill_streams(streams, self._names, [self._shape[0]] * len(self._names))
        normals = special.ndtri(uniforms).reshape(len(self._names), -1).T
        score = (
            np.sqrt(factor.shared) * normals[:, :1] + np.sqrt(1 - factor.shared) * normals[:, 1:]
        )
        if factor.lognormal:
            sigma = np.sqrt(np.log1p(factor.cv**2))
            return np.asarray(np.exp(sigma * score - sigma**2 / 2))
        shape = factor.cv**-2
        return np.asarray(special.gammaincinv(shape, special.ndtr(score)) / shape)
