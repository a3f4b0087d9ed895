"""Days differ: Erlang A mixed over a random busyness of the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy import special

from sim.erlang.arguments import Duration, Number, Share, contacts_per_s, number, seconds, whole
from sim.erlang.erlang_a import ErlangA
from sim.erlang.special_functions import Array, log_poisson
from sim.erlang.steady_state import SteadyState
from sim.units import BadInputError

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
_PANELS = 24


@dataclass(frozen=True, eq=False)
class Mixture(SteadyState):
    """Metrics averaged over days, every contact counting once.

    Attributes
    ----------
    days : SteadyState
        SteadyState by kind of day, along the last axis.
    weights : ndarray
        Share of all contacts that come on each kind of day.
    """

    days: SteadyState
    weights: Array

    model: ClassVar[str] = "erlang_a_mixed"

    def _mean(self, value: Array) -> Array:
        return np.asarray(np.sum(self.weights * value, axis=-1))

    def _answered(self) -> Array:
        return self._mean(self.days._answered())

    def _abandoned(self) -> Array:
        return self._mean(self.days._abandoned())

    def _waits(self) -> Array:
        return self._mean(self.days._waits())

    def _answered_wait(self) -> Array:
        return self._mean(self.days._answered_wait())

    def _wait(self) -> Array:
        return self._mean(self.days._wait())

    def _virtual_wait(self) -> Array:
        return self._mean(self.days._virtual_wait())

    def _answered_after(self, t: Array) -> Array:
        return self._mean(self.days._answered_after(np.asarray(t)[..., None]))

    def _waiting_after(self, t: Array) -> Array:
        return self._mean(self.days._waiting_after(np.asarray(t)[..., None]))

    def _virtual_after(self, t: Array) -> Array:
        return self._mean(self.days._virtual_after(np.asarray(t)[..., None]))


def busy_days(
    calls: Number,
    per: Duration,
    aht: Duration,
    agents: Number,
    patience: Duration,
    cv: Share,
    distribution: str = "gamma",
) -> Mixture:
    """Give Erlang A when the rate of a day is random around its forecast.

    Parameters
    ----------
    calls : float
        Mean contacts per `per`, > 0; single numbers only.
    per, aht, patience : duration
        As for Erlang A.
    agents : int
        Number of agents, the same on every day.
    cv : float
        Coefficient of variation of the day's busyness, >= 0.
    distribution : str
        "gamma" or "lognormal".

    Returns
    -------
    Mixture
        A contact is likelier to come on a busy day: shares are of contacts, not of days.

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.

    Notes
    -----
    Doubly stochastic arrivals of Whitt (1999) and Jongbloed and Koole (2001); Gauss-Legendre
    panels over the distribution weighted by busyness, which is also gamma or lognormal.
    """
    rate, work = contacts_per_s(calls, per), seconds("aht", aht, above=True)
    n, mean = whole("agents", agents), seconds("patience", patience, above=True)
    spread = number("cv", cv)
    if max(rate.ndim, work.ndim, n.ndim, mean.ndim, spread.ndim):
        raise BadInputError("calls, aht, agents, patience, cv: busy days take single numbers")
    if distribution not in ("gamma", "lognormal"):
        raise BadInputError(f"distribution: {distribution!r} must be gamma or lognormal")
    if float(spread) == 0.0:
        factors, weights = np.ones(1), np.ones(1)
    elif distribution == "gamma":
        factors, weights = _gamma_by_contact(float(spread))
    else:
        factors, weights = _lognormal_by_contact(float(spread))
    days = ErlangA(rate * factors, work, n, mean)
    return Mixture(rate, work, n, days, weights / weights.sum())


def _panels(low: float, high: float) -> tuple[Array, Array]:
    edges = np.linspace(low, high, _PANELS + 1)
    half = 0.5 * np.diff(edges)[:, None]
    points = 0.5 * (edges[1:] + edges[:-1])[:, None] + half * _NODES
    return points.ravel(), (half * _WEIGHTS).ravel()


def _gamma_by_contact(cv: float) -> tuple[Array, Array]:
    """Gamma busyness of mean 1 seen by a contact: shape grows by one."""
    k = 1.0 / (cv * cv)
    low, high = special.gammaincinv(k + 1.0, 1e-17), special.gammainccinv(k + 1.0, 1e-17)
    # On a log scale the density is smooth at zero for every shape.
    z, dz = _panels(float(np.log(low / k)), float(np.log(high / k)))
    x = np.exp(z)
    return x, dz * x * np.exp(log_poisson(np.asarray(k), k * x)) * k


def _lognormal_by_contact(cv: float) -> tuple[Array, Array]:
    """Lognormal busyness of mean 1 seen by a contact: the log's mean grows by its variance."""
    s = float(np.sqrt(np.log1p(cv * cv)))
    z, dz = _panels(-8.5, 8.5)
    return np.exp(s * z + 0.5 * s * s), dz * np.exp(-0.5 * z * z)
