"""A process that proves a bound or improves a roster, and ends with the one that started it."""

from __future__ import annotations

import os
import pickle
import queue
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import IO, Literal

import numpy as np

from sim.planning.child_process import close_child, follow_parent, open_child
from sim.planning.roster.mixed_integer_model import Floats, MixedIntegerModel
from sim.planning.roster.neighbourhoods import improvements
from sim.planning.roster.solve_part import SAME, relax, solve

Role = Literal["relax", "prove", "improve"]


@dataclass(frozen=True)
class SolverJob:
    """What such a process does, and from which solution.

    Attributes
    ----------
    role : {"relax", "prove", "improve"}
    model : MixedIntegerModel
    start : ndarray
    seed : int
    limit : float
        Longest time (s) for a solver.
    until : float
        When all must end (s since the epoch).
    """

    role: Role
    model: MixedIntegerModel
    start: Floats
    seed: int
    limit: float
    until: float

    @property
    def left(self) -> float:
        """Time (s) that is left."""
        return self.until - time.time()


@dataclass(frozen=True)
class SolverMessage:
    """What such a process found.

    Attributes
    ----------
    role : {"relax", "prove", "improve"}
    x : ndarray or None
        A solution.
    bound : float or None
        A lower bound of the cost.
    ended : bool
        Whether nothing follows.
    """

    role: Role
    x: Floats | None = None
    bound: float | None = None
    ended: bool = False


class SolverProcess:
    """Such a process, seen from the one that started it.

    Parameters
    ----------
    job : SolverJob
    messages : queue.Queue
        Receives this object with what the process finds.
    """

    def __init__(
        self, job: SolverJob, messages: queue.Queue[tuple[SolverProcess, SolverMessage]]
    ) -> None:
        self._process = open_child("sim.planning.roster.solver_process")
        self._threads = [
            threading.Thread(target=self._send, args=(job,), daemon=True),
            threading.Thread(target=self._receive, args=(job.role, messages), daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def _send(self, job: SolverJob) -> None:
        assert self._process.stdin is not None
        with suppress(OSError):
            pickle.dump(job, self._process.stdin)
            self._process.stdin.flush()

    def _receive(
        self, role: Role, messages: queue.Queue[tuple[SolverProcess, SolverMessage]]
    ) -> None:
        assert self._process.stdout is not None
        with suppress(EOFError, OSError, ValueError, pickle.UnpicklingError):
            while True:
                messages.put((self, pickle.load(self._process.stdout)))
        messages.put((self, SolverMessage(role, ended=True)))

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        for thread in self._threads:
            thread.join(timeout=1.0)
        close_child(self._process)


def serve() -> None:
    """Do the job that arrives on stdin; write what is found to stdout."""
    job: SolverJob = pickle.load(sys.stdin.buffer)
    follow_parent()
    out = sys.stdout.buffer
    if job.role != "improve":
        (_prove if job.role == "prove" else _relax)(job, out)
    else:
        for _, x in improvements(job.model, job.start, job.seed, time.monotonic() + job.left):
            _write(out, SolverMessage("improve", x))
    _write(out, SolverMessage(job.role, ended=True))
    os._exit(0)


def _prove(job: SolverJob, out: IO[bytes]) -> None:
    """Bound the cost of all cheaper solutions."""
    cost = job.model.value(job.start)
    found = solve(job.model.below(cost), min(job.limit, job.left))
    bound = cost if found.infeasible else min(found.bound, cost)
    _write(out, SolverMessage("prove", found.x, bound))


def _relax(job: SolverJob, out: IO[bytes]) -> None:
    """Bound the cost by the relaxed model, then look for a solution with what it uses."""
    relaxed = relax(job.model, job.left)
    if relaxed is None:
        return
    _write(out, SolverMessage("relax", bound=relaxed.bound))
    used = relaxed.uses(job.model) | (job.start > SAME)
    upper = np.where(used, job.model.upper, 0.0)
    cheaper = replace(job.model, upper=upper).below(job.model.value(job.start))
    found = solve(cheaper, min(job.limit, job.left))
    _write(out, SolverMessage("relax", found.x))


def _write(out: IO[bytes], message: SolverMessage) -> None:
    pickle.dump(message, out)
    out.flush()
