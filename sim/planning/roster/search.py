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
from sim.planning.roster.solver_process import News, Role, SolverJob, SolverProcess

AT_ONCE = 6000
"""Variables up to which the whole model is tried first."""
AT_ONCE_S = 5.0
"""Time (s) for that."""
START_SHARE = 0.3
"""Share of the time for a first solution of a large model."""
POLL_S = 0.1
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
    """

    model: MixedIntegerModel
    deadline: float
    progress: Progress
    seed: int = 1
    x: Floats | None = None
    cost: float = math.inf
    bound: float = -math.inf
    interrupted: bool = False
    _news: queue.Queue[News] = field(default_factory=queue.Queue)

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
        state.model, numbers, until, lambda _: state.progress(state.cost, state.bound)
    )
    if clashing:
        raise ClashError(clashing)
    state.take(x, None)
    state.progress(state.cost, state.bound)


def _long(state: Search) -> None:
    """Let one process prove and another improve, until it is proven or the time is over."""
    assert state.x is not None
    until = time.time() + state.left
    roles: tuple[Role, ...] = ("prove", "improve")
    running = {r: SolverProcess(SolverJob(r, state.model, state.x, state.seed, until), state._news)
               for r in roles}  # fmt: skip
    ended: set[str] = set()
    try:
        while not state.proven and state.left > 0 and len(ended) < len(roles):
            with suppress(queue.Empty):
                news = state._news.get(timeout=POLL_S)
                state.take(news.x, news.bound)
                if news.ended:
                    ended.add(news.role)
            state.progress(state.cost, state.bound)
        # What was found at the very end counts too.
        _last_news(state, len(roles) - len(ended))
    finally:
        for process in running.values():
            process.stop()


def _last_news(state: Search, open_roles: int) -> None:
    until = time.monotonic() + (0.0 if state.proven else GRACE_S)
    while open_roles and time.monotonic() < until:
        with suppress(queue.Empty):
            news = state._news.get(timeout=POLL_S)
            state.take(news.x, news.bound)
            open_roles -= news.ended
