"""How long customers wait before they hang up: survival curves and their integrals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import special

from sim.erlang.arguments import Duration, Number, Share, fraction, number, seconds
from sim.erlang.special_functions import Array, integrate
from sim.units import BadInputError

Curve = Callable[[Array], NDArray[Any]]

# Panels shrink towards zero, where Weibull and gamma hazards may be singular.
_OCTAVES = 2.0 ** np.arange(-40, 9)


@dataclass(frozen=True, eq=False)
class Patience:
    """A patience distribution as the general queue needs it.

    Attributes
    ----------
    name : str
        What it is, for reports.
    survival : callable
        Share still patient after t seconds (right-continuous: patience > t).
    lasting : callable
        Integral of `survival` from 0 to t, in seconds: the mean of min(patience, t).
    mean_s : float
        Mean patience in seconds; infinite if some never hang up.
    bends : ndarray
        Times in seconds between which the curve is smooth.
    remain : float
        Share that never hangs up.
    """

    name: str
    survival: Curve
    lasting: Curve
    mean_s: float
    bends: Array
    remain: float = 0.0


def _positive(name: str, value: Any) -> float:
    return float(seconds(name, value, above=True))


def _around(scale: float, *kinks: float) -> Array:
    return np.asarray(np.unique(np.concatenate([scale * _OCTAVES, np.asarray(kinks, float)])))


def exponential(mean: Duration) -> Patience:
    """Give exponential patience of the given mean (a constant readiness to hang up)."""
    m = _positive("mean", mean)
    return Patience(
        "exponential", lambda t: np.exp(-t / m), lambda t: -m * np.expm1(-t / m), m, _around(m)
    )


def fitted_mean(abandoned: float, waited_s: float) -> float:
    """Return the mean (s) of exponential patience fitted by likelihood: time waited by abandonment.

    Whoever is answered would have waited for longer, so that wait is censored: the rate that makes
    the record likeliest is the abandonments over the time that all waited, as in Mandelbaum and
    Zeltyn (2007), Service engineering in action: the Palm/Erlang-A queue.

    Parameters
    ----------
    abandoned : float
        Contacts that abandoned.
    waited_s : float
        Time waited by all, the answered included.

    Returns
    -------
    float
        Infinite where no contact abandoned.
    """
    return waited_s / abandoned if abandoned > 0 else np.inf


def fixed(patience: Duration) -> Patience:
    """Give the same patience to everybody: whoever waited that long leaves."""
    d = _positive("patience", patience)
    return Patience(
        "fixed",
        lambda t: _before(t, d),
        lambda t: np.asarray(np.clip(t, 0.0, d), dtype=float),
        d,
        np.array([d]),
    )


def _before(t: Array, end: float) -> Array:
    return np.asarray(np.where(t < end, 1.0, 0.0))


def weibull(mean: Duration, shape: Number) -> Patience:
    """Give Weibull patience; a shape below 1 means that the readiness to leave falls."""
    m, k = _positive("mean", mean), float(number("shape", shape, above=True))
    scale = m / float(special.gamma(1.0 + 1.0 / k))
    return Patience(
        "weibull",
        lambda t: _stretched(t / scale, k),
        lambda t: m * special.gammainc(1.0 / k, np.power(t / scale, k)),
        m,
        _around(m),
    )


def _stretched(t: Array, k: float) -> Array:
    powers: Array = np.power(t, k)
    return np.asarray(np.exp(-powers))


def gamma(mean: Duration, shape: Number) -> Patience:
    """Give gamma patience (Erlang-k for a whole shape k)."""
    m, k = _positive("mean", mean), float(number("shape", shape, above=True))
    b = m / k
    return Patience(
        "gamma",
        lambda t: special.gammaincc(k, t / b),
        lambda t: t * special.gammaincc(k, t / b) + m * special.gammainc(k + 1.0, t / b),
        m,
        _around(m),
    )


def lognormal(mean: Duration, cv: Number) -> Patience:
    """Give lognormal patience by its mean and coefficient of variation."""
    m, c = _positive("mean", mean), float(number("cv", cv, above=True))
    s = float(np.sqrt(np.log1p(c * c)))
    mu = float(np.log(m)) - 0.5 * s * s

    def z(t: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray((np.log(t) - mu) / s)

    return Patience(
        "lognormal",
        lambda t: special.ndtr(-z(t)),
        lambda t: t * special.ndtr(-z(t)) + m * special.ndtr(z(t) - s),
        m,
        _around(m, *np.exp(mu + s * np.arange(-8.0, 8.5, 0.5))),
    )


def uniform(low: Duration, high: Duration) -> Patience:
    """Give patience uniform between `low` and `high`.

    Raises
    ------
    BadInputError
        If `high` is not above `low`.
    """
    a, b = float(seconds("low", low)), _positive("high", high)
    if b <= a:
        raise BadInputError(f"high: {b:g} s must be above low, which is {a:g} s")
    return Patience(
        "uniform",
        lambda t: np.clip((b - t) / (b - a), 0.0, 1.0),
        lambda t: np.minimum(t, a) + _ramp(np.clip(t, a, b) - a, b - a),
        0.5 * (a + b),
        np.array([a, b]),
    )


def _ramp(t: Array, width: float) -> Array:
    return np.asarray(t - 0.5 * t * t / width)


def hyperexponential(shares: Sequence[Any], means: Sequence[Any]) -> Patience:
    """Give a mixture of exponential patiences.

    Raises
    ------
    BadInputError
        If the shares do not sum to 1 or the lengths differ.
    """
    p, m = number("shares", shares), seconds("means", means, above=True)
    if p.ndim != 1 or p.shape != m.shape or abs(float(p.sum()) - 1.0) > 1e-9:
        raise BadInputError(f"shares: {list(p.flat)} must sum to 1, with one mean each")
    parts = [(float(q), exponential(float(v))) for q, v in zip(p, m, strict=True)]
    return Patience(
        "hyperexponential",
        lambda t: np.asarray(sum(q * e.survival(t) for q, e in parts)),
        lambda t: np.asarray(sum(q * e.lasting(t) for q, e in parts)),
        float(p @ m),
        np.unique(np.concatenate([e.bends for _, e in parts])),
    )


def measured(times: Sequence[Any], still_waiting: Sequence[Any]) -> Patience:
    """Give a measured survival curve, straight between its points.

    Parameters
    ----------
    times : sequence of duration
        Increasing, the first >= 0; a curve that does not begin at 0 is 1 until its first point.
    still_waiting : sequence of float
        Share patient for longer than each time, falling, in [0, 1]. A first share below 1 at
        time 0 are customers who balk; a last share above 0 never hang up.

    Raises
    ------
    BadInputError
        If times do not increase or shares rise.
    """
    t, s = seconds("times", times), fraction("still_waiting", still_waiting)
    if t.ndim != 1 or t.shape != s.shape or t.size == 0:
        raise BadInputError(f"still_waiting: {s.size} shares must match {t.size} times, at least 1")
    if bool(np.any(np.diff(t) <= 0.0)):
        raise BadInputError("times: must increase from point to point")
    if bool(np.any(np.diff(s) > 0.0)):
        raise BadInputError("still_waiting: must not rise from point to point")
    if t[0] > 0.0:
        t, s = np.append(0.0, t), np.append(1.0, s)
    area = np.append(0.0, np.cumsum(0.5 * (s[1:] + s[:-1]) * np.diff(t)))

    def lasting(u: Array) -> Array:
        at = np.clip(np.searchsorted(t, u, side="right") - 1, 0, t.size - 1)
        return np.asarray(area[at] + 0.5 * (s[at] + np.interp(u, t, s)) * (u - t[at]))

    remain = float(s[-1])
    mean = float(area[-1]) if remain == 0.0 else float("inf")
    return Patience("measured", lambda u: np.interp(u, t, s), lasting, mean, t, remain)


def curve(survival: Callable[[Any], Any], *, kinks: Sequence[Any] = ()) -> Patience:
    """Give patience by any survival function of seconds, integrated numerically.

    Parameters
    ----------
    survival : callable
        Share patient for longer than t seconds; called with single numbers.
    kinks : sequence of duration
        Times at which the function jumps or bends; exactness needs them.

    Raises
    ------
    BadInputError
        If the function rises or leaves [0, 1].
    """
    call = np.vectorize(survival, otypes=[float])
    octaves = 2.0 ** np.arange(-30, 31, 0.5)
    edges = np.unique(np.concatenate([[0.0], octaves, seconds("kinks", kinks)]))
    seen = fraction("survival", call(edges))
    if bool(np.any(np.diff(seen) > 1e-12)):
        raise BadInputError("survival: must not rise with time")
    pieces = integrate(call, np.stack([edges[:-1], edges[1:]], axis=-1))
    area = np.append(0.0, np.cumsum(pieces))

    def lasting(t: Array) -> Array:
        at = np.clip(np.searchsorted(edges, t, side="right") - 1, 0, edges.size - 1)
        return np.asarray(area[at] + integrate(call, np.stack([edges[at], t], axis=-1)))

    remain = float(seen[-1])
    mean = float(area[-1]) if remain == 0.0 else float("inf")
    return Patience("curve", call, lasting, mean, edges[1:], remain)


def balking(share: Share, patience: Patience) -> Patience:
    """Let a share leave at once when they cannot be answered at once."""
    stay = 1.0 - float(fraction("share", share, below_one=True))
    return Patience(
        f"{patience.name} with balking",
        lambda t: stay * patience.survival(t),
        lambda t: stay * patience.lasting(t),
        stay * patience.mean_s,
        patience.bends,
        stay * patience.remain,
    )
