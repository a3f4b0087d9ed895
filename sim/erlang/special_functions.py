"""Ratios of incomplete gamma functions and quadrature, safe at any size.

Every formula of the package rests on two ratios, both continuous in the number of agents:

* Erlang B is a Poisson term over an upper Poisson tail;
* the queue of Erlang A is a Poisson term over a lower Poisson tail.

Either ratio is taken from `scipy.special` where the tail is representable, and from a continued
fraction (DLMF, chapter 8.9) where it would underflow or cancel.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array: TypeAlias = NDArray[np.float64]
Truth: TypeAlias = NDArray[np.bool_]
#: A float when every argument was a single number, else an array of the arguments' common shape.
Value: TypeAlias = float | Array

_TINY = 1e-13
_ROUNDS = 5000
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def plain(value: Any) -> Value:
    """Give a float for a single number and the array itself otherwise."""
    array = np.asarray(value)
    return array.item() if array.ndim == 0 else array


def share(value: Any) -> Array:
    """Clip rounding dust so that a probability stays in [0, 1]; nan passes through."""
    return np.asarray(np.clip(np.asarray(value, dtype=float), 0.0, 1.0), dtype=float)


def _gap(ratio: Array) -> Array:
    """Give ratio - 1 - log(ratio) >= 0 without cancellation near 1."""
    e = ratio - 1.0
    near = np.abs(e) < 0.3
    small = np.where(near, e, 0.0)
    r = small / (2.0 + small)
    series = np.zeros_like(r)
    for k in range(25, 1, -2):
        series = np.asarray((series + 1.0 / k) * r * r)
    with np.errstate(divide="ignore"):
        far = np.asarray(e - np.log(ratio))
    return np.asarray(np.where(near, small * r - 2.0 * r * series, far))


def _stirling(n: Array) -> Array:
    """Give log n! minus Stirling's leading terms, for n >= 16."""
    m = 1.0 / (n * n)
    return (1 / 12 - m * (1 / 360 - m * (1 / 1260 - m * (1 / 1680 - m / 1188)))) / n


def log_poisson(n: Array, load: Array) -> Array:
    """Give the logarithm of exp(-load) load**n / n! for real n >= 0.

    Saddle-point form of Loader (2000), "Fast and accurate computation of binomial
    probabilities": no large terms cancel, so that a million erlangs lose no digits.
    """
    n, load = np.broadcast_arrays(np.asarray(n, float), np.asarray(load, float))
    large = n >= 16.0
    big = np.where(large, n, 16.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        saddle = -_stirling(big) - 0.5 * np.log(2.0 * np.pi * big) - big * _gap(load / big)
        direct = special.xlogy(n, load) - load - special.gammaln(n + 1.0)
    return np.asarray(np.where(large, saddle, direct))


def _fraction(first: Array, numerator: Callable[[int], Array], step: float) -> Array:
    """Evaluate num(1)/(first+step + num(2)/(first+2 step + ...)) by Lentz's method."""
    bottom = first + step
    d = 1.0 / np.where(np.abs(bottom) < 1e-300, 1e-300, bottom)
    c = np.full_like(first, 1e300)
    value = numerator(1) * d
    for i in range(2, _ROUNDS):
        top, bottom = numerator(i), first + step * i
        d = bottom + top * d
        d = 1.0 / np.where(np.abs(d) < 1e-300, 1e-300, d)
        c = bottom + top / c
        c = np.where(np.abs(c) < 1e-300, 1e-300, c)
        value = value * (c * d)
        if bool(np.all(np.abs(c * d - 1.0) < 4e-16)):
            break
    return value


def erlang_b(load: Any, lines: Any) -> Array:
    """Give Erlang's loss probability for real `lines` >= 0.

    Parameters
    ----------
    load : array_like
        Offered load in erlangs, >= 0.
    lines : array_like
        Number of lines or agents; the continuous extension for fractions.

    Returns
    -------
    ndarray
        Blocking probability, shape of the broadcast arguments.

    Notes
    -----
    Erlang (1917); continuous extension of Jagerman (1974), "Some properties of the Erlang loss
    function": 1/B = load * integral of exp(-load t) (1 + t)**lines, which is the Poisson term
    over the regularised upper incomplete gamma function.
    """
    a, n = np.broadcast_arrays(np.asarray(load, float), np.asarray(lines, float))
    tail = special.gammaincc(n + 1.0, a)
    direct = tail > _TINY
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        out = np.asarray(np.exp(log_poisson(n, a)) / np.where(direct, tail, 1.0))
    if not bool(np.all(direct)):
        deep = ~direct & np.isfinite(a) & np.isfinite(n)
        out[deep] = _loss_when_flooded(a[deep], n[deep])
    return share(np.where(np.isnan(a + n), np.nan, out))


def _loss_when_flooded(a: Array, n: Array) -> Array:
    """Legendre's fraction of the upper incomplete gamma function, for load far above the trunks."""
    # The numerators i (n + 1 - i) are paired with denominators a - n + 2 i.
    rest = _legendre(a - n, n)
    return np.asarray((a - n + rest) / a)


def _legendre(gap: Array, n: Array) -> Array:
    """Give the tail n/(gap+2 + 2(n-1)/(gap+4 + ...)) of Legendre's fraction."""
    return _fraction(gap, lambda i: i * (n + 1.0 - i), 2.0)


def queue_ratio(drain: Any, feed: Any) -> tuple[Array, Array]:
    """Describe the queue of Erlang A while every agent is busy.

    Parameters
    ----------
    drain : array_like
        x = agents * patience / handle time, > 0.
    feed : array_like
        y = arrivals during one mean patience, >= 0.

    Returns
    -------
    log_empty : ndarray
        Log of the probability of an empty queue, given that all agents are busy.
    queue : ndarray
        Mean number waiting, given that all agents are busy.

    Notes
    -----
    With A = 1 + y/(x+1) + y**2/((x+1)(x+2)) + ... (Palm 1957; Mandelbaum and Zeltyn 2007) the
    first is -log A and the second is x/A - (x - y). Where x > y the difference would cancel; it
    is the tail of the fraction A = x/(x - y + y/(x+1-y + 2y/(x+2-y + ...))).
    """
    x, y = np.broadcast_arrays(np.asarray(drain, float), np.asarray(feed, float))
    calm = _calm(x, y)
    out_log, out_queue = np.empty(x.shape), np.empty(x.shape)
    if bool(np.any(calm)):
        u, v = x[calm], y[calm]
        queue = _fraction(u - v, lambda i: i * v, 1.0)
        out_queue[calm] = queue
        out_log[calm] = np.log1p((queue - v) / u)
    busy = ~calm
    if bool(np.any(busy)):
        u, v = x[busy], y[busy]
        with np.errstate(divide="ignore", invalid="ignore"):
            log_empty = np.minimum(log_poisson(u, v) - np.log(special.gammainc(u, v)), 0.0)
        out_log[busy] = log_empty
        out_queue[busy] = np.maximum(u * np.exp(log_empty) - (u - v), 0.0)
    return out_log, out_queue


def _calm(x: Array, y: Array) -> Truth:
    # Beyond four standard deviations scipy's lower gamma function loses digits.
    return np.asarray((y < x) & ((x - y > 4.0 * np.sqrt(x)) | (y < 20.0)))


def lower_gamma_ratio(x: Array, z: Array, y: Array, log_ratio: Array) -> Array:
    """Give P(x, z) / P(x, y) for z <= y, from `log_ratio` where the functions are too small.

    With both near 1 the logarithm would be a difference of large numbers.
    """
    tiny = _calm(x, z)
    with np.errstate(invalid="ignore", divide="ignore"):
        direct = special.gammainc(x, z) / special.gammainc(x, y)
    return share(np.where(tiny, np.exp(np.minimum(log_ratio, 0.0)), direct))


def integrate(function: Callable[[Array], Array], edges: Array) -> Array:
    """Integrate over consecutive panels by 16-point Gauss-Legendre quadrature.

    Parameters
    ----------
    function : callable
        Takes times of shape (..., nodes) and gives values (rows, ..., nodes).
    edges : ndarray
        Sorted panel borders, shape (..., panels + 1); empty panels are harmless.

    Returns
    -------
    ndarray
        Integrals, shape (rows, ...).
    """
    half = 0.5 * np.diff(edges, axis=-1)
    middle = 0.5 * (edges[..., 1:] + edges[..., :-1])
    used = np.any(half > 0.0, axis=tuple(range(half.ndim - 1)))
    half, middle = half[..., used], middle[..., used]
    times = middle[..., None] + half[..., None] * _NODES
    weights = half[..., None] * _WEIGHTS
    flat = edges.shape[:-1] + (-1,)
    return np.asarray(np.sum(function(times.reshape(flat)) * weights.reshape(flat), axis=-1))


def climb(function: Callable[[Array], Array], low: Array, high: Array, rounds: int = 60) -> Array:
    """Find where a rising function crosses zero, elementwise.

    Parameters
    ----------
    function : callable
        Rising; nan counts as below zero.
    low, high : ndarray
        Borders with function(low) <= 0 <= function(high).

    Returns
    -------
    ndarray
        The crossing, to 13 digits.

    Notes
    -----
    Regula falsi with the Illinois weights of Dowell and Jarratt (1971), every fifth step a
    bisection, so that no shape of function is slow.
    """
    low, high = np.array(low, float), np.array(high, float)
    below, above = function(low), function(high)
    last = np.zeros(low.shape, dtype=bool)
    for i in range(rounds):
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            guess = high - above * (high - low) / (above - below)
        middle = 0.5 * (low + high)
        # A step that would land on a border goes just inside, which may end the search.
        least = 4e-14 * np.abs(high)
        guess = np.clip(guess, low + least, high - least)
        inside = (guess > low) & (guess < high) & (i % 5 < 4)
        guess = np.where(inside, guess, middle)
        value = function(guess)
        short, exact = ~(value >= 0.0), value == 0.0
        # A border that stays twice gets half the weight, or it would stay for ever.
        weight = np.where(short == last, 0.5, 1.0)
        below = np.where(short, value, weight * below)
        above = np.where(short, weight * above, value)
        last = short
        low = np.where(short | exact, guess, low)
        high = np.where(short, high, guess)
        if bool(np.all(high - low <= 1e-13 * np.abs(high))):
            break
    return np.asarray(high)
