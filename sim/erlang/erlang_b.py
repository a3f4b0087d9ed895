"""Erlang B: trunks without a queue, and its inverses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sim.erlang.arguments import (
    Duration,
    Number,
    Share,
    contacts_per_s,
    fraction,
    number,
    seconds,
    whole,
)
from sim.erlang.redials import settle
from sim.erlang.special_functions import Array, Value, erlang_b, plain
from sim.erlang.steady_state import SteadyState


@dataclass(frozen=True, eq=False)
class ErlangB(SteadyState):
    """A loss system: a contact that finds all trunks in use is blocked (Erlang 1917)."""

    model: ClassVar[str] = "erlang_b"

    def _blocked(self) -> Array:
        return erlang_b(self.rate * self.work, self.staff)

    def _answered(self) -> Array:
        # 1 - B loses digits when nearly all are turned away; B(n-1) does not.
        load = self.rate * self.work
        before = erlang_b(load, np.maximum(self.staff - 1.0, 0.0))
        return np.asarray(self.staff / (self.staff + load * before))

    def _abandoned(self) -> Array:
        return np.asarray(0.0 * self._answered())

    def _waits(self) -> Array:
        return np.asarray(0.0 * self._answered())

    _wait = _answered_wait = _virtual_wait = _waits

    def _waiting_after(self, t: Array) -> Array:
        return np.asarray(0.0 * (self._answered() + 0.0 * t))

    _answered_after = _virtual_after = _waiting_after


def b(
    calls: Number, per: Duration, aht: Duration, lines: Number, *, redial: Share = 0.0
) -> ErlangB:
    """Return the metrics of trunks without a queue (Erlang B).

    Parameters
    ----------
    calls : array_like
        Contacts per `per`.
    per, aht : duration
        Length of the interval and average handle time: seconds, or text such as "30min".
    lines : array_like of int
        Trunks, each with an agent to answer it, >= 1.
    redial : float
        Share of the blocked that redial (extended Erlang B).

    Returns
    -------
    ErlangB

    Raises
    ------
    BadInputError
        If an argument is out of its bounds.
    """
    rate, work = contacts_per_s(calls, per), seconds("aht", aht, above=True)
    n, redialled = whole("lines", lines), fraction("redial", redial)
    if bool(np.any(redialled > 0.0)):
        rate = settle(lambda r: ErlangB(r, work, n)._answered(), rate, redialled)
    return ErlangB(rate, work, n)


def lines_for_blocking(load: Number, blocking: Share) -> Value:
    """Give the fewest trunks that block at most a share `blocking` of `load` erlangs.

    Raises
    ------
    BadInputError
        If `load` is negative or `blocking` not in (0, 1].
    """
    a, goal = np.broadcast_arrays(number("load", load), fraction("blocking", blocking))
    number("blocking", goal, above=True)
    low = np.full(a.shape, -1.0)
    high = np.ceil(a) + 1.0
    while bool(np.any(short := erlang_b(a, high) > goal)):
        low, high = np.where(short, high, low), np.where(short, 2.0 * high, high)
    while bool(np.any(high - low > 1.0)):
        middle = np.floor(0.5 * (low + high))
        short = erlang_b(a, middle) > goal
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return plain(high)


def load_for_blocking(lines: Number, blocking: Share) -> Value:
    """Give the load in erlangs that `lines` carry with a blocking of exactly `blocking`.

    Raises
    ------
    BadInputError
        If `lines` is not a whole number >= 1 or `blocking` not in (0, 1).
    """
    n = whole("lines", lines)
    n, goal = np.broadcast_arrays(n, fraction("blocking", blocking, below_one=True))
    number("blocking", goal, above=True)
    low, high = np.zeros(n.shape), n / (1.0 - goal) + 1.0
    middle = 0.5 * (low + high)
    while bool(np.any((low < middle) & (middle < high))):
        light = erlang_b(middle, n) < goal
        low, high = np.where(light, middle, low), np.where(light, high, middle)
        middle = 0.5 * (low + high)
    return plain(middle)
