"""The wait a contact would have if it never hung up, by integration of its density."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.erlang.special_functions import Array, Truth, integrate

# exp(-46) = 1e-20: what lies beyond adds nothing to a double.
_DROP = 46.0
_EVEN = np.linspace(0.0, 1.0, 8)


class OfferedWait:
    """Density of the offered wait on t > 0, proportional to exp(power(t)).

    Parameters
    ----------
    rate, speed : ndarray, shape (...)
        Arrivals per second, and completions per second while all agents are busy.
    survival, lasting : callable
        Share still patient after t seconds, and its integral from 0 to t; both take and give
        shape (..., nodes).
    peak : ndarray, shape (...)
        Where the density is highest: survival(peak) = speed / rate, or 0.
    bends : ndarray, shape (..., m)
        Times around which survival is not smooth; panels end there.

    Notes
    -----
    power(t) = rate * lasting(t) - speed * t is concave; Baccelli and Hebuterne (1981), "On
    queues with impatient customers"; Zeltyn and Mandelbaum (2005), "Call centers with impatient
    customers: many-server asymptotics of the M/M/n+G queue".
    """

    def __init__(
        self,
        rate: Array,
        speed: Array,
        survival: Callable[[Array], NDArray[Any]],
        lasting: Callable[[Array], NDArray[Any]],
        peak: Array,
        bends: Array,
    ) -> None:
        self.rate, self.speed, self.peak = np.broadcast_arrays(rate, speed, peak)
        self.survival, self.lasting, self.bends = survival, lasting, bends
        self.top = self.power(self.peak[..., None])[..., 0]

    def power(self, t: Array) -> Array:
        """Log of the density up to a constant, for times of shape (..., nodes)."""
        return np.asarray(self.rate[..., None] * self.lasting(t) - self.speed[..., None] * t)

    def _fall(self, rising: bool) -> Array:
        """Find where the power has dropped by 46 on one side of the peak (0 if it never does)."""
        inner, step = self.peak.copy(), 1.0 / self.speed

        def dropped(t: Array) -> Truth:
            return np.asarray(self.power(t[..., None])[..., 0] < self.top - _DROP)

        if rising:
            outer = np.zeros_like(inner)
        else:
            outer = inner + step
            for _ in range(1100):
                short = ~dropped(outer)
                if not bool(np.any(short)):
                    break
                step = 2.0 * step
                outer = np.where(short, outer + step, outer)
        if rising and not bool(np.any(dropped(outer))):
            return outer
        # A twentieth of the distance will do, but the peak may be very narrow.
        for _ in range(100):
            if bool(np.all(np.abs(outer - inner) <= 0.05 * np.abs(inner - self.peak))):
                break
            middle = 0.5 * (inner + outer)
            out = dropped(middle)
            inner, outer = np.where(out, inner, middle), np.where(out, middle, outer)
        return outer

    @cached_property
    def _window(self) -> tuple[Array, Array]:
        return self._fall(rising=True), self._fall(rising=False)

    def _edges(self, start: Array) -> Array:
        low, high = (side[..., None] for side in self._window)
        low, peak = np.minimum(low, high), np.clip(self.peak[..., None], low, high)
        # The two flanks of the peak may be of very different widths.
        rise, fall = low + (peak - low) * _EVEN, peak + (high - peak) * _EVEN
        borders = np.concatenate([rise, fall, self.bends + 0.0 * low], axis=-1)
        borders = np.clip(borders, np.clip(start[..., None], low, high), high)
        return np.asarray(np.sort(borders, axis=-1))

    def _density(self, t: Array, lasting: Array) -> Array:
        power = self.rate[..., None] * lasting - self.speed[..., None] * t
        return np.asarray(np.exp(power - self.top[..., None]))

    def moments(self, start: Array) -> Array:
        """Integrate the density over t > start.

        Returns
        -------
        ndarray, shape (6, ...)
            Integrals of exp(power - power at the peak) times 1, t, survival, t * survival,
            1 - survival and lasting.
        """

        def rows(t: Array) -> Array:
            stays, lasting = self.survival(t), self.lasting(t)
            density = self._density(t, lasting)
            early = [density, t * density, density * stays, t * density * stays]
            return np.stack([*early, density * (1.0 - stays), density * lasting])

        return integrate(rows, self._edges(start))

    @cached_property
    def whole(self) -> Array:
        """The six integrals over all positive times."""
        return self.moments(np.zeros_like(self.peak))

    @cached_property
    def means(self) -> tuple[Array, Array]:
        """Mean offered wait, and its part that is answered, given that all agents are busy."""

        def rows(t: Array) -> Array:
            density = self._density(t, self.lasting(t))
            late = t * density
            return np.stack([density, late, late * self.survival(t)])

        mass, first, stays = integrate(rows, self._edges(np.zeros_like(self.peak)))
        return np.asarray(first / mass), np.asarray(stays / mass)
