"""The search for a roster: the whole model at once, then by parts while another process proves."""

from __future__ import annotations

import math
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from sim.planning.roster.mixed_integer_model import Floats, MixedIntegerModel
from sim.planning.roster.neighbourhoods import by_person
from sim.planning.roster.solve_part import SAME, Solved, solve
from sim.planning.roster.solver_process import Role, SolverJob, SolverMessage, SolverProcess

AT_ONCE = 6000
"""Variables up to which the whole model is tried first."""
AT_ONCE_S = 8.0
"""Time (s) for that."""
START_SHARE = 0.3
"""Share of the time for a first solution of a large model."""
POLL_S = 0.1
FIRST_SHARE, SHORTEST_FIRST_S, LONGEST_FIRST_S = 0.15, 5.0, 60.0
"""Share of the time for the first round of the proof, and its least and most time (s)."""
LONGER = 2.0
"""How much longer the next round is."""
GRACE_S = 4.0
"""Time (s) that the solver may take to end after its time."""

Progress = Callable[[float, float], None]
"""Takes the cost of the best roster and the bound."""


class ClashError(Exception):
    """The hard rules of some persons clash.

    Parameters
    ----------
    persons : list of int
        Their numbers; empty when it is not known who they are.
    """

    def __init__(self, persons: list[int]) -> None:
        self.persons = persons
        super().__init__(str(persons))


@dataclass
class Search:
    """The state of a search.

    Attributes
    ----------
    model : MixedIntegerModel
    deadline : float
        On the monotonic clock.
    progress : callable
        Called with cost and bound when either changes, and now and then; may raise
        KeyboardInterrupt.
    x : ndarray or None
        The best solution.
    cost, bound : float
    interrupted : bool
    messages : queue.Queue
        What the processes found.
    """

    model: MixedIntegerModel
    deadline: float
    progress: Progress
    seed: int = 1
    x: Floats | None = None
    cost: float = math.inf
    bound: float = 0.0  # no price is negative
    interrupted: bool = False
    messages: queue.Queue[tuple[SolverProcess, SolverMessage]] = field(default_factory=queue.Queue)

    @property
    def proven(self) -> bool:
        """Whether the bound shows that nothing is cheaper."""
        return self.cost <= self.bound + SAME

    @property
    def left(self) -> float:
        """Time (s) that is left."""
        return self.deadline - time.monotonic()

    def take(self, x: Floats | None, bound: float | None) -> None:
        """Take over what was found, where it is better."""
        if x is not None and (cost := self.model.value(x)) < self.cost - SAME:
            self.x, self.cost = x, cost
        if bound is not None and bound > self.bound:
            self.bound = bound
        self.bound = min(self.bound, self.cost)


def search(
    model: MixedIntegerModel, time_limit: float, progress: Progress, seed: int = 1
) -> Search:
    """Search for the cheapest solution.

    Parameters
    ----------
    model : MixedIntegerModel
    time_limit : float
        Seconds.
    progress : callable
        Takes cost and bound; may raise KeyboardInterrupt, upon which the best solution so far is
        returned.
    seed : int
        Of the choice of parts.

    Raises
    ------
    ClashError
        When there is no solution.
    KeyboardInterrupt
        When interrupted before there is any.
    """
    state = Search(model, time.monotonic() + time_limit, progress, seed)
    try:
        if model.size <= AT_ONCE:
            _at_once(state)
        if state.x is None:
            _first(state)
        if not state.proven and state.left > 0:
            _long(state)
    except KeyboardInterrupt:
        if state.x is None:
            raise
        state.interrupted = True
    return state


def _at_once(state: Search) -> None:
    """Try the whole model for a moment, in a thread, so that an interruption is answered."""
    limit = min(AT_ONCE_S, max(state.left, 0.1))
    found: list[Solved] = []
    thread = threading.Thread(target=lambda: found.append(solve(state.model, limit)), daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(POLL_S)
            state.progress(state.cost, state.bound)
    except KeyboardInterrupt:
        thread.join()  # soon: its time is short
        if found and found[0].x is not None:
            state.take(found[0].x, found[0].bound)
        raise
    if not found:
        return
    if found[0].infeasible:
        raise ClashError([])
    state.take(found[0].x, found[0].bound)
    state.progress(state.cost, state.bound)


def _first(state: Search) -> None:
    """Place one person after another."""
    order = list(np.random.default_rng(state.seed).permutation(int(state.model.owner.max()) + 1))
    until = time.monotonic() + max(1.0, START_SHARE * state.left)
    numbers = [int(k) for k in order]
    x, clashing = by_person(
        state.model,
        numbers,
        until,
        lambda _: state.progress(state.cost, state.bound),
        state.deadline,
    )
    if clashing:
        raise ClashError(clashing)
    state.take(x, None)
    state.progress(state.cost, state.bound)


def _long(state: Search) -> None:
    """Let one process prove and another improve, until it is proven or the time is over.

    The proof goes on in rounds, each longer than the one before and with the best roster so far:
    it only looks at cheaper ones. The other process begins anew from what a round finds.
    """
    limit = min(LONGEST_FIRST_S, max(SHORTEST_FIRST_S, FIRST_SHARE * state.left))
    proving, improving = _started(state, "relax", limit), _started(state, "improve", state.left)
    try:
        while not state.proven and state.left > 0:
            before = state.cost
            with suppress(queue.Empty):
                sender, message = state.messages.get(timeout=POLL_S)
                state.take(message.x, message.bound)
                if sender is proving and state.cost < before - SAME:
                    improving.stop()
                    improving = _started(state, "improve", state.left)
                if sender is proving and message.ended and not state.proven:
                    proving.stop()
                    limit *= LONGER
                    proving = _started(state, "prove", limit)
            state.progress(state.cost, state.bound)
        _last_messages(state, proving)
    finally:
        for process in (proving, improving):
            process.stop()


def _started(state: Search, role: Role, limit: float) -> SolverProcess:
    assert state.x is not None
    until = time.time() + state.left
    job = SolverJob(role, state.model, state.x, state.seed, limit, until)
    return SolverProcess(job, state.messages)


def _last_messages(state: Search, proving: SolverProcess) -> None:
    """Wait a little for the bound of a proof whose time is over."""
    until = time.monotonic() + GRACE_S
    while not state.proven and time.monotonic() < until:
        with suppress(queue.Empty):
            sender, message = state.messages.get(timeout=POLL_S)
            state.take(message.x, message.bound)
            if sender is proving and message.ended:
                return
