"""A queue as a formula of its arrival rate and its number of agents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.erlang.arguments import (
    MOST_LINES,
    Duration,
    Number,
    Share,
    Unstable,
    fraction,
    seconds,
    whole,
)
from sim.erlang.chat import chat_model
from sim.erlang.erlang_a import ErlangA
from sim.erlang.erlang_c import ErlangC
from sim.erlang.finite_capacity import limited
from sim.erlang.goals import Excess
from sim.erlang.mmn_g import as_patience, general
from sim.erlang.patience import Patience
from sim.erlang.redials import settle
from sim.erlang.special_functions import Array
from sim.erlang.steady_state import SteadyState
from sim.units import BadInputError

MODELS = ("erlang_c", "erlang_a", "general_patience", "erlang_chat")


@dataclass(frozen=True)
class QueueFormula:
    """A queue whose arrival rate and number of agents are left open.

    Attributes
    ----------
    build : callable
        SteadyState for a rate (contacts per second) and a number of agents.
    work : ndarray
        Seconds of an agent's time per contact at best, for a first guess.
    smooth : bool
        Whether `build` takes a fractional number of agents.
    most : ndarray
        Most agents that make sense (the trunks), else infinite.
    shape : tuple of int
        Common shape of everything but rate and agents.
    """

    build: Callable[[Array, Array], SteadyState]
    work: Array
    smooth: bool
    most: Array
    shape: tuple[int, ...]

    def excess(self, rate: Array, agents: Array, excess: Excess) -> Array:
        """Return by how much a goal is exceeded; nan where the queue is unstable."""
        try:
            return excess(self.build(rate, agents))
        except Unstable:
            return np.full(np.shape(agents), np.nan)


def open_queue(
    model: str,
    aht: Duration,
    *,
    patience: Duration | Patience | None = None,
    lines: Number | None = None,
    redial: Share = 0.0,
    at_once: int | None = None,
) -> QueueFormula:
    """Fix everything about a queue but its rate and agents.

    Raises
    ------
    BadInputError
        If the model is unknown, or an argument is missing, unwanted or out of bounds.
    """
    short = {"c": "erlang_c", "a": "erlang_a", "g": "general_patience", "chat": "erlang_chat"}
    model = short.get(model, model)
    if model not in MODELS:
        raise BadInputError(f"model: {model!r} must be one of {', '.join(MODELS)}")
    if (patience is None) != (model == "erlang_c"):
        raise BadInputError(
            f"patience: {model} {'takes none' if patience is not None else 'needs it'}"
        )
    if lines is not None and model not in ("erlang_c", "erlang_a"):
        raise BadInputError(f"lines: not known for {model}")
    if model == "erlang_chat":
        return _chat_queue(aht, patience, at_once)
    work, redialled = seconds("aht", aht, above=True), fraction("redial", redial)
    if lines is not None:
        return _limited_queue(work, patience, lines, redialled)
    if model == "erlang_c":
        if bool(np.any(redialled > 0.0)):
            raise BadInputError("redial: no contact is lost in Erlang C; give patience or lines")
        return _queue(lambda r, n: ErlangC(r, work, n), work, work.shape)
    if model == "erlang_a":
        mean = seconds("patience", patience, above=True)
        shape = np.broadcast_shapes(work.shape, mean.shape, redialled.shape)
        return _queue(_redialled(lambda r, n: ErlangA(r, work, n, mean), redialled), work, shape)
    if patience is None:
        raise BadInputError("patience: give one to ask for the general queue")
    curve = as_patience(patience)
    return _queue(_redialled(lambda r, n: general(r, work, n, curve), redialled), work, work.shape)


def _queue(
    build: Callable[[Array, Array], SteadyState], work: Array, shape: tuple[int, ...]
) -> QueueFormula:
    return QueueFormula(build, work, True, np.asarray(np.inf), shape)


def _redialled(
    build: Callable[[Array, Array], SteadyState], redialled: Array
) -> Callable[[Array, Array], SteadyState]:
    if not bool(np.any(redialled > 0.0)):
        return build
    return lambda r, n: build(settle(lambda s: build(s, n)._answered(), r, redialled), n)


def _limited_queue(work: Array, patience: Any, lines: Any, redialled: Array) -> QueueFormula:
    k = whole("lines", lines, most=MOST_LINES)
    leave = np.zeros(()) if patience is None else 1.0 / seconds("patience", patience, above=True)
    shape = np.broadcast_shapes(work.shape, k.shape, leave.shape, redialled.shape)

    def build(r: Array, n: Array) -> SteadyState:
        return limited(r, work, n, k, leave, redialled)

    return QueueFormula(build, work, False, k, shape)


def _chat_queue(aht: Any, patience: Any, at_once: int | None) -> QueueFormula:
    times = np.atleast_1d(seconds("aht", aht, above=True))
    k = times.size if at_once is None else int(whole("at_once", at_once))
    if k > times.size:
        raise BadInputError(f"at_once: {k} must be <= {times.size}, the number of handle times")
    mean, times = seconds("patience", patience, above=True), times[:k]
    best = np.asarray(np.min(times / np.arange(1, k + 1)))
    inf = np.asarray(np.inf)
    return QueueFormula(lambda r, n: chat_model(r, times, n, mean), best, False, inf, mean.shape)
