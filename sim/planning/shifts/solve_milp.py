"""HiGHS, left at once when the search is interrupted.

SciPy cannot stop its solver, nor return what it has found so far. Each model is therefore solved in
a thread for a moment, whose plan can then be returned, and only then for the rest of the time in a
process of its own, which can be ended.
"""

from __future__ import annotations

import pickle
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.planning.child_process import close_child, follow_parent, open_child
from sim.planning.shifts.interruption import look, note_interruption, was_interrupted

if TYPE_CHECKING:
    from sim.array_types import Bools, Floats

MOMENT_S = 3.0
"""Longest time (s) in a thread, which an interruption waits for."""
AFTER_S = 1.0
"""Longest time (s) of a model that is solved after an interruption."""
POLL_S = 0.1
GRACE_S = 5.0
"""Time (s) that a process may take to start, and to end after its time."""
INFEASIBLE = 2
"""Status of SciPy."""


@dataclass(frozen=True)
class Milp:
    """A mixed-integer model: least costs @ x with low <= matrix @ x <= high, lower <= x <= upper.

    Attributes
    ----------
    costs, low, high, lower, upper : ndarray of float
    matrix : sparse array, shape (rows, columns)
    whole : ndarray of bool, shape (columns,)
    """

    costs: Floats
    matrix: Any
    low: Floats
    high: Floats
    lower: Floats
    upper: Floats
    whole: Bools


@dataclass(frozen=True)
class MilpResult:
    """What the solver found.

    Attributes
    ----------
    x : ndarray or None
    bound : float
        No solution costs less.
    is_optimal, is_infeasible : bool
    """

    x: Floats | None = None
    bound: float = -np.inf
    is_optimal: bool = False
    is_infeasible: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether more time changes nothing."""
        return self.is_optimal or self.is_infeasible


def solve_milp(model: Milp, seconds: float) -> MilpResult:
    """Return the best solution that is found in a time.

    Parameters
    ----------
    model : Milp
    seconds : float

    Raises
    ------
    KeyboardInterrupt
        When interrupted for the second time, or outside
        :func:`sim.planning.shifts.interruption.interruptible`.
    """
    if was_interrupted():
        return _solve(model, min(seconds, AFTER_S))
    first = _in_thread(model, min(seconds, MOMENT_S))
    if first.is_settled or seconds <= MOMENT_S or was_interrupted():
        return first
    second = _in_process(model, seconds - MOMENT_S)
    if second is None:
        return first
    if second.is_settled:
        return second
    solutions = [one.x for one in (second, first) if one.x is not None]
    best = min(solutions, key=lambda x: float(model.costs @ x), default=None)
    return MilpResult(best, max(first.bound, second.bound))


def _solve(model: Milp, seconds: float) -> MilpResult:
    from scipy.optimize import Bounds, LinearConstraint, milp

    found = milp(
        model.costs,
        integrality=model.whole.astype(int),
        bounds=Bounds(model.lower, model.upper),
        constraints=LinearConstraint(model.matrix, model.low, model.high),
        options={"time_limit": seconds, "mip_rel_gap": 0.0},
    )
    bound = found.mip_dual_bound
    bound = -np.inf if bound is None or not np.isfinite(bound) else float(bound)
    return MilpResult(found.x, bound, found.status == 0, found.status == INFEASIBLE)


def _in_thread(model: Milp, seconds: float) -> MilpResult:
    """Solve in a thread; an interruption waits for its end."""
    found: list[MilpResult] = []
    thread = threading.Thread(target=lambda: found.append(_solve(model, seconds)), daemon=True)
    thread.start()
    while thread.is_alive():
        try:
            thread.join(POLL_S)
            if not was_interrupted():
                look()
        except KeyboardInterrupt:
            note_interruption()
    return found[0] if found else MilpResult()


def _in_process(model: Milp, seconds: float) -> MilpResult | None:
    """Solve in a process; None when interrupted, or without an answer in time."""
    process = open_child("sim.planning.shifts.solve_milp")
    found: list[MilpResult] = []

    def ask() -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            pickle.dump((model, seconds), process.stdin)
            process.stdin.flush()
            found.append(pickle.load(process.stdout))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    until = time.monotonic() + seconds + GRACE_S
    try:
        while thread.is_alive() and time.monotonic() < until:
            thread.join(POLL_S)
            look()
    except KeyboardInterrupt:
        note_interruption()
    finally:
        process.kill()  # ends the thread too
        thread.join()
        close_child(process)
    return found[0] if found else None


def serve() -> None:
    """Solve the model that arrives on stdin, and write the result to stdout."""
    model, seconds = pickle.load(sys.stdin.buffer)
    follow_parent()
    pickle.dump(_solve(model, seconds), sys.stdout.buffer)
    sys.stdout.buffer.flush()
