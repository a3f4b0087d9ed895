"""Simulated plans, each of them simulated once, in this process and in worker processes."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.experiment.replications import cpu_count
from sim.experiment.worker_processes import follow_parent, interrupts_blocked
from sim.planning.staff_search.plan_simulator import PlanSimulator, PlanTask
from sim.planning.staff_search.plan_space import Plan
from sim.planning.staff_search.plan_tally import PlanTally

WORTH_WORKERS_S = 2.0
"""Work (s) of one batch for which a further process is started."""
AHEAD = 2
"""Plans that wait at a worker process."""


class SearchStopped(Exception):  # noqa: N818 - not an error
    """The time is up, or the search was asked to stop."""


_simulators: list[PlanSimulator] = []
"""The one of a worker process."""


def _begin(parent: int, task: PlanTask) -> None:
    """Prepare a worker process, and compile or load the engine there."""
    follow_parent(parent)
    _simulators.append(PlanSimulator(task))
    _simulators[0].simulate((0,) * task.space.blocks, range(1, 2))


def _simulate(plan: Plan, days: range) -> list[PlanTally]:
    return list(_simulators[0].parts(plan, days))


@dataclass
class SimulatedPlans:
    """Plans with what their replications gave.

    Attributes
    ----------
    task : PlanTask
    workers : int or None
        Processes, this one included; one for each core by default.
    deadline : float
        Of :func:`time.monotonic`.
    stop : callable or None
        Whether to stop; asked after each plan.
    cells : dict of Plan to PlanTally
    replications : int
        Simulated here so far; saved ones do not count.
    """

    task: PlanTask
    workers: int | None = None
    deadline: float = float("inf")
    stop: Callable[[], bool] | None = None
    cells: dict[Plan, PlanTally] = field(default_factory=dict)
    replications: int = 0
    fresh: set[Plan] = field(default_factory=set)
    _here: PlanSimulator | None = None
    _pool: Any = None
    _ready: Any = None
    _each_s: float = 0.0

    def simulate(self, plans: Sequence[Plan], runs: int) -> list[PlanTally]:
        """Return the cells of some plans, with at least so many replications.

        Raises
        ------
        SearchStopped
            When the time is up before all are simulated; those finished are kept.
        """
        missing = [
            (plan, range(self._runs(plan) + 1, runs + 1))
            for plan in dict.fromkeys(plans)
            if self._runs(plan) < runs
        ]
        if missing:
            self._simulate_missing(deque(missing))
        return [self.cells[plan] for plan in plans]

    def close(self) -> None:
        """End the worker processes."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, kill_workers=True)
            self._pool = None

    def seconds(self, runs: int) -> float:
        """Return how long one plan takes, as far as is known (s); 0 at the beginning."""
        return self._each_s * runs

    def check_time(self) -> None:
        """Stop when the time is up.

        Raises
        ------
        SearchStopped
        """
        if time.monotonic() > self.deadline or (self.stop is not None and self.stop()):
            raise SearchStopped

    def _runs(self, plan: Plan) -> int:
        return self.cells[plan].runs if plan in self.cells else 0

    def _keep_all(self, plan: Plan, parts: Sequence[PlanTally]) -> None:
        """Add parts in their order, as one process would, so that sums are equal to the bit."""
        for cell in parts:
            self._keep(plan, cell)

    def _keep(self, plan: Plan, cell: PlanTally) -> None:
        self.replications += cell.runs
        self.cells[plan] = self.cells[plan] + cell if plan in self.cells else cell
        self.fresh.add(plan)

    def _simulate_missing(self, waiting: deque[tuple[Plan, range]]) -> None:
        self.check_time()
        sent: list[tuple[Plan, Any]] = []
        if self._worth_workers(waiting):
            self._start()
        while waiting:
            sent = self._collect(sent)
            while len(waiting) > 1 and len(sent) < self._most_sent():
                plan, days = waiting.pop()
                sent.append((plan, self._pool.submit(_simulate, plan, days)))
            self._simulate_here(*waiting.popleft())
            self.check_time()
        for plan, future in sent:
            self._keep_all(plan, self._awaited(future))
        self.check_time()

    def _awaited(self, future: Any) -> list[PlanTally]:
        """Return the result of a worker process, waiting no longer than the time allows."""
        left = self.deadline - time.monotonic()
        try:
            found: list[PlanTally] = future.result(None if left == float("inf") else max(left, 0.0))
        except TimeoutError:
            raise SearchStopped from None
        return found

    def _most_sent(self) -> int:
        """Return the plans that may wait at worker processes; none until these have started."""
        if self._ready is None or not self._ready.done():
            return 0
        return AHEAD * (self._processes() - 1)

    def _collect(self, sent: list[tuple[Plan, Any]]) -> list[tuple[Plan, Any]]:
        """Keep the results that have come; return what is still awaited."""
        for plan, future in sent:
            if future.done():
                self._keep_all(plan, future.result())
        return [(plan, future) for plan, future in sent if not future.done()]

    def _simulate_here(self, plan: Plan, days: range) -> None:
        if self._here is None:
            self._here = PlanSimulator(self.task)
            self._here.simulate(plan, range(days.start, days.start + 1))  # compiles, untimed
        self.check_time()
        began, done = time.perf_counter(), 0
        for cell in self._here.parts(plan, days):
            now = time.perf_counter()
            each = (now - began) / cell.runs
            self._each_s = each if self._each_s == 0.0 else 0.7 * self._each_s + 0.3 * each
            self._keep(plan, cell)
            began, done = now, done + cell.runs
            if done < len(days):
                self.check_time()

    def _processes(self) -> int:
        return cpu_count() if self.workers is None else self.workers

    def _worth_workers(self, waiting: deque[tuple[Plan, range]]) -> bool:
        if self._pool is not None or self._processes() < 2 or len(waiting) < 2:
            return False
        if self.workers is not None:
            return True
        return self._each_s * sum(len(days) for _, days in waiting) > WORTH_WORKERS_S

    def _start(self) -> None:
        from joblib.externals.loky import ProcessPoolExecutor

        with interrupts_blocked():
            self._pool = ProcessPoolExecutor(
                max_workers=self._processes() - 1,
                initializer=_begin, initargs=(os.getpid(), self.task),
            )  # fmt: skip
            self._ready = self._pool.submit(os.getpid)  # starts them, the signal still blocked
