"""How busy each day is for each queue, and how long its talk."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import special

from sim.model import Floats, Model
from sim.streams import RandomStreams
from sim.tape.uniforms import fill_streams

_TALK, _LEVEL = "talk_variation", "talk_level"


class BusyDays:
    """Draws the factors of :func:`sim.tape.busyness`, and those of talk.

    Parameters
    ----------
    model : Model
    """

    def __init__(self, model: Model) -> None:
        self._factor, self._talk = model.busyness, model.talk_variation
        self._shape = model.days, len(model.queues)
        self._names = ["busyness", *(f"busyness/{queue.name}" for queue in model.queues)]

    def draw(self, replications: Sequence[RandomStreams]) -> tuple[Floats, Floats | None]:
        """Return the factors of volume and talk in some replications.

        Returns
        -------
        busy : ndarray, shape (replications, days, queues)
        talk : ndarray or None, shape (replications, days, queues)
            None where days do not differ in talk.
        """
        shape = len(replications), *self._shape
        busy, innovations = np.ones(shape), np.zeros(shape)
        if self._factor.cv > 0:
            normals = self._normals(replications, self._names)
            innovations = (
                np.sqrt(self._factor.shared) * normals[:, :, :1]
                + np.sqrt(1 - self._factor.shared) * normals[:, :, 1:]
            )
            busy = self._volumes(with_memory(innovations, self._factor.memory))
        if not self._talk.varies:
            return busy, None
        talk = np.ones(shape)
        if self._talk.cv > 0:
            talk = self._talks(innovations, self._normals(replications, [_TALK]))
        if self._talk.level_change > 0:
            talk = talk * self._levels(self._normals(replications, [_LEVEL]))
        return busy, talk

    def _normals(self, replications: Sequence[RandomStreams], names: list[str]) -> Floats:
        """Return independent normal numbers, shape (replications, days, names)."""
        uniforms = fill_streams(replications, names, [self._shape[0]] * len(names))
        normals = special.ndtri(uniforms).reshape(len(replications), len(names), -1)
        return np.asarray(normals.swapaxes(1, 2))

    def _volumes(self, score: Floats) -> Floats:
        factor = self._factor
        if factor.lognormal:
            return _lognormal(factor.cv, score)
        shape = factor.cv**-2
        return np.asarray(special.gammaincinv(shape, special.ndtr(score)) / shape)

    def _talks(self, volumes: Floats, own: Floats) -> Floats:
        """Return the factors of talk from what is new each day in volume and in talk.

        Where volumes do not differ there is nothing to be correlated with.
        """
        busy, talk = self._factor, self._talk
        part = shared_innovation(talk.correlation, busy.memory, talk.memory) if busy.cv else 0.0
        innovations = part * volumes + np.sqrt(max(1 - part**2, 0.0)) * own
        return _lognormal(self._talk.cv, with_memory(innovations, self._talk.memory))

    def _levels(self, normals: Floats) -> Floats:
        """Return the levels of talk, each with mean 1, from independent normal numbers by day."""
        variance = self._talk.level_variances(normals.shape[1])
        steps = np.sqrt(np.diff(variance, prepend=0.0))
        walk = np.cumsum(steps[:, None] * normals, axis=1)
        return np.asarray(np.exp(walk - variance[:, None] / 2))


def shared_innovation(correlation: float, memory: float, other: float) -> float:
    """Return the correlation between what is new each day in two series with memory.

    Of two stationary autoregressive series of first order the values of a day then have the
    correlation asked for. Beyond -1 and 1 there are no such series.

    Parameters
    ----------
    correlation : float
        Between the values of the same day.
    memory, other : float
        Of the two series, from one day to the next.
    """
    return float(correlation * (1 - memory * other) / np.sqrt((1 - memory**2) * (1 - other**2)))


def with_memory(innovations: Floats, memory: float) -> Floats:
    """Return stationary autoregressive series of first order with standard normal values.

    Parameters
    ----------
    innovations : ndarray, shape (replications, days, queues)
        Independent from day to day, standard normal.
    memory : float
        Correlation from one day to the next.
    """
    if memory == 0:
        return innovations
    found = innovations.copy()
    new = np.sqrt(1 - memory**2)
    for day in range(1, found.shape[1]):
        found[:, day] = memory * found[:, day - 1] + new * innovations[:, day]
    return found


def _lognormal(cv: float, score: Floats) -> Floats:
    sigma = np.sqrt(np.log1p(cv**2))
    return np.asarray(np.exp(sigma * score - sigma**2 / 2))
