"""Quantiles of single draws in plain arithmetic, compiled for the kernel.

Compiled and interpreted, the functions give the same bits. A distribution whose quantile has a
closed form has its branch in :func:`quantile`; all others are read from a curve, linear between
its knots, and need none.
"""

from __future__ import annotations

import math

from sim.array_types import Floats

DETERMINISTIC = 0
EXPONENTIAL = 1
LOGNORMAL = 2
SCALED_CURVE = 3
"""Read from the curve and multiplied by the second number."""
WEIBULL = 4
UNIFORM = 5
CURVE = 6
"""Read from the curve; infinite beyond its last knot."""
UNLIMITED = 7


def quantile(
    kind: int, a: float, b: float, zero: float, knots: Floats, values: Floats, u: float
) -> float:
    """Return the quantile (s) of a distribution that is given by its numbers.

    Parameters
    ----------
    kind : int
        ``code`` of the class.
    a, b : float
        ``numbers`` of the distribution.
    zero : float
        Share of draws that are exactly zero.
    knots, values : ndarray, shape (n,)
        ``curve()`` of the distribution.
    u : float
        Between 0 and 1, both excluded.
    """
    if kind == UNLIMITED:
        return math.inf
    if u <= zero:
        return 0.0
    if zero > 0:
        u = (u - zero) / (1 - zero)
    if kind == EXPONENTIAL:
        return -a * math.log1p(-u)
    if kind == LOGNORMAL:
        return math.exp(a + b * normal_quantile(u))
    if kind == SCALED_CURVE:
        return b * between(knots, values, u)
    if kind == WEIBULL:
        return b * math.pow(-math.log1p(-u), 1 / a)
    if kind == UNIFORM:
        return a + (b - a) * u
    if kind == CURVE:
        return between(knots, values, u)
    return a


def between(knots: Floats, values: Floats, u: float) -> float:
    """Return the value at ``u`` of a curve that is linear between knots, infinite beyond them."""
    last = len(knots) - 1
    if u > knots[last]:
        return math.inf
    low, high = 0, last
    while high - low > 1:
        middle = (low + high) // 2
        if knots[middle] <= u:
            low = middle
        else:
            high = middle
    width = knots[high] - knots[low]
    if u <= knots[low] or width <= 0:
        return float(values[low])
    return float(values[low] + (values[high] - values[low]) * ((u - knots[low]) / width))


def normal_quantile(u: float) -> float:
    """Return the quantile of the standard normal distribution.

    Rational approximations in three regions, relative error about 1e-16 (Wichura 1988,
    Applied Statistics 37, algorithm AS 241, PPND16).
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _ratio(r, _CENTRE_TOP, _CENTRE_BOTTOM)
    r = math.sqrt(-math.log(u if q < 0 else 1.0 - u))
    if r <= 5.0:
        tail = _ratio(r - 1.6, _TAIL_TOP, _TAIL_BOTTOM)
    else:
        tail = _ratio(r - 5.0, _FAR_TOP, _FAR_BOTTOM)
    return -tail if q < 0 else tail


def _ratio(r: float, top: tuple[float, ...], bottom: tuple[float, ...]) -> float:
    above, below = 0.0, 0.0
    for k in range(len(top)):
        above = above * r + top[k]
        below = below * r + bottom[k]
    return above / below


# Coefficients of AS 241 (PPND16), highest power first.
_CENTRE_TOP = (
    2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
    4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
    1.3314166789178437745e2, 3.3871328727963666080e0,
)  # fmt: skip
_CENTRE_BOTTOM = (
    5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4,
    2.1213794301586595867e4, 5.3941960214247511077e3, 6.8718700749205790830e2,
    4.2313330701600911252e1, 1.0,
)  # fmt: skip
_TAIL_TOP = (
    7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
    1.27045825245236838258e0, 3.64784832476320460504e0, 5.76949722146069140550e0,
    4.63033784615654529590e0, 1.42343711074968357734e0,
)  # fmt: skip
_TAIL_BOTTOM = (
    1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2,
    1.48103976427480074590e-1, 6.89767334985100004550e-1, 1.67638483018380384940e0,
    2.05319162663775882187e0, 1.0,
)  # fmt: skip
_FAR_TOP = (
    2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
    5.46378491116411436990e0, 6.65790464350110377720e0,
)  # fmt: skip
_FAR_BOTTOM = (
    2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5,
    7.86869131145613259100e-4, 1.48753612908506148525e-2, 1.36929880922735805310e-1,
    5.99832206555887937690e-1, 1.0,
)  # fmt: skip
