"""Patience with a shape that is assumed, by likelihood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.distribution_text import mean_text, points_text
from sim.history.estimation.likelihood import LikelihoodFit, fit_likelihood, grouped
from sim.history.estimation.patience_curve import BALK_WITHIN

_TINY = 1e-300
_LONGEST = 700.0
_FEWEST_CURED = 1e-3


@dataclass(frozen=True)
class Family:
    """A distribution of positive times by parameters of any size.

    Attributes
    ----------
    name : str
        As scenarios name it.
    shape : str
        Name of the shape; empty if there is none.
    size : int
        Number of parameters.
    density, survival : callable
        Logarithms, from times (s) and parameters.
    start : callable
        First parameters of the search, from the mean time (s) per abandonment.
    mean_and_shape : callable
        Mean (s) and shape, from parameters of shape (..., size).
    """

    name: str
    shape: str
    size: int
    density: Callable[[Floats, Floats], Floats]
    survival: Callable[[Floats, Floats], Floats]
    start: Callable[[float], Floats]
    mean_and_shape: Callable[[Floats], tuple[Floats, Floats]]


@dataclass(frozen=True)
class PatienceModel:
    """A parametric distribution of patience.

    Attributes
    ----------
    family : str
    mean : DayEstimate
        Seconds, of those who abandon sooner or later.
    shape : DayEstimate or None
        ``shape`` of a Weibull, ``cv`` of a lognormal or gamma distribution.
    cured : DayEstimate or None
        Share who never abandon; None where the model has none.
    log_likelihood, aic : float
    converged : bool
    fitted : LikelihoodFit
    """

    family: str
    mean: DayEstimate
    shape: DayEstimate | None
    cured: DayEstimate | None
    log_likelihood: float
    aic: float
    converged: bool
    fitted: LikelihoodFit

    def survival(self, times: Floats) -> Floats:
        """Return the share who last longer than each time (s)."""
        family = FAMILIES[self.family]
        positive = np.maximum(np.asarray(times, dtype=float), 1e-9)
        rest = np.exp(family.survival(positive, self.fitted.parameters))
        cured = self.cured.value if self.cured else 0.0
        return np.where(np.asarray(times) <= 0, 1.0, cured + (1 - cured) * rest)

    @property
    def text(self) -> str:
        """The distribution for a scenario; points where some never abandon."""
        family = FAMILIES[self.family]
        if self.cured is None:
            shape = (family.shape, self.shape.value) if self.shape else None
            return mean_text(self.family, self.mean.value, shape)
        times = np.concatenate(([0.0], np.geomspace(1.0, 20 * self.mean.value, 40)))
        return points_text(times, 1 - self.survival(times))


def patience_models(
    wait: Floats, abandoned: Bools, rows: Ints, bootstrap: DayBootstrap,
    balk_within: float = BALK_WITHIN, cured: bool = True,
) -> list[PatienceModel]:  # fmt: skip
    """Return distributions of patience, the one with the smallest AIC first.

    Those who were answered are cut off at their wait, and only those who wait longer than
    `balk_within` count, with the likelihood of what follows (left truncation), so that balking
    does not bend the shape.

    Parameters
    ----------
    wait, abandoned, rows, bootstrap, balk_within
        As for :func:`~sim.history.estimation.patience_curve.patience_curve`.
    cured : bool
        Whether to try each also with a share who never abandon (the mixture cure model of
        Boag 1949 and Berkson and Gage 1952). Whether it is seen apart from a long tail
        depends on waits that are long enough; where it is not, its interval is wide.
    """
    counts = wait > balk_within
    if not abandoned[counts].any():
        return []
    times, place = grouped(wait[counts])
    cells = 2 * place + abandoned[counts]
    table = bootstrap.table(cells, 2 * times.size, rows[counts])
    data = _Waits(np.repeat(times, 2), np.tile([False, True], times.size), table, balk_within)
    found = [
        _fit(family, data, bootstrap, with_cured)
        for family in FAMILIES.values()
        for with_cured in ((False, True) if cured else (False,))
    ]
    seen = [one for one in found if one.cured is None or one.cured.value > _FEWEST_CURED]
    return sorted(seen, key=lambda model: model.aic)


@dataclass(frozen=True)
class _Waits:
    time: Floats
    ended: Bools
    table: Floats
    after: float


def _fit(family: Family, data: _Waits, bootstrap: DayBootstrap, cured: bool) -> PatienceModel:
    count = data.table.sum(axis=0)
    start = family.start(float(count @ data.time) / float(count @ data.ended))
    if cured:
        start = np.append(start, -2.0)

    def likelihood(parameters: Floats) -> Floats:
        shape = parameters[: family.size]
        density, survival = family.density(data.time, shape), family.survival(data.time, shape)
        before = family.survival(np.array([data.after]), shape)
        if cured:
            never = -np.logaddexp(0, -parameters[-1])
            ever = -np.logaddexp(0, parameters[-1])
            density = density + ever
            survival = np.logaddexp(never, survival + ever)
            before = np.logaddexp(never, before + ever)
        return np.where(data.ended, density, survival) - before

    fitted = fit_likelihood(likelihood, start, data.table, bootstrap)
    records = int(count.sum())
    mean, shape = family.mean_and_shape(fitted.parameters)
    means, shapes = family.mean_and_shape(fitted.replicates)
    return PatienceModel(
        family.name,
        bootstrap.estimate(float(mean), means, "log", records),
        bootstrap.estimate(float(shape), shapes, "log", records) if family.shape else None,
        _cured(fitted, bootstrap, records) if cured else None,
        fitted.log_likelihood, fitted.aic, fitted.converged, fitted,
    )  # fmt: skip


def _cured(fitted: LikelihoodFit, bootstrap: DayBootstrap, records: int) -> DayEstimate:
    from scipy.special import expit

    value, shares = float(expit(fitted.parameters[-1])), expit(fitted.replicates[:, -1])
    return bootstrap.estimate(value, shares, "logit", records)


def _exponential() -> Family:
    return Family(
        "exponential", "", 1,
        density=lambda t, p: -p[0] - t * np.exp(-p[0]),
        survival=lambda t, p: -t * np.exp(-p[0]),
        start=lambda mean: np.array([np.log(mean)]),
        mean_and_shape=lambda p: (np.exp(p[..., 0]), np.ones(p.shape[:-1])),
    )  # fmt: skip


def _weibull() -> Family:
    from scipy.special import gammaln

    def hazard(t: Floats, p: Floats) -> Floats:
        return np.asarray(np.exp(np.minimum(np.exp(p[1]) * (np.log(t) - p[0]), _LONGEST)))

    return Family(
        "weibull", "shape", 2,
        density=lambda t, p: p[1] - p[0] + np.expm1(p[1]) * (np.log(t) - p[0]) - hazard(t, p),
        survival=lambda t, p: -hazard(t, p),
        start=lambda mean: np.array([np.log(mean), 0.0]),
        mean_and_shape=lambda p: (
            np.exp(np.minimum(p[..., 0] + gammaln(1 + np.exp(-p[..., 1])), _LONGEST)),
            np.exp(p[..., 1]),
        ),
    )  # fmt: skip


def _lognormal() -> Family:
    from scipy.special import log_ndtr

    def score(t: Floats, p: Floats) -> Floats:
        return np.asarray((np.log(t) - p[0]) * np.exp(-p[1]))

    return Family(
        "lognormal", "cv", 2,
        density=lambda t, p: (
            -np.log(t) - p[1] - 0.5 * np.log(2 * np.pi) - 0.5 * score(t, p) ** 2
        ),
        survival=lambda t, p: log_ndtr(-score(t, p)),
        start=lambda mean: np.array([np.log(mean) - 0.3, 0.0]),
        mean_and_shape=lambda p: (
            np.exp(np.minimum(p[..., 0] + np.exp(2 * p[..., 1]) / 2, _LONGEST)),
            np.sqrt(np.expm1(np.minimum(np.exp(2 * p[..., 1]), _LONGEST))),
        ),
    )  # fmt: skip


def _gamma() -> Family:
    from scipy.special import gammaincc, gammaln

    # Parameters: logarithms of mean and shape, which are nearly independent.
    def scaled(t: Floats, p: Floats) -> Floats:
        return np.asarray(t * np.exp(p[1] - p[0]))

    return Family(
        "gamma", "cv", 2,
        density=lambda t, p: (
            np.exp(p[1]) * np.log(scaled(t, p)) - scaled(t, p) - np.log(t) - gammaln(np.exp(p[1]))
        ),
        survival=lambda t, p: np.log(np.maximum(gammaincc(np.exp(p[1]), scaled(t, p)), _TINY)),
        start=lambda mean: np.array([np.log(mean), 0.0]),
        mean_and_shape=lambda p: (
            np.exp(np.minimum(p[..., 0], _LONGEST)), np.exp(-p[..., 1] / 2),
        ),
    )  # fmt: skip


FAMILIES: dict[str, Family] = {
    one.name: one for one in (_exponential(), _weibull(), _lognormal(), _gamma())
}
"""Families by the name that scenarios use."""
