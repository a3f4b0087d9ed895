"""Replications of one scenario, simulated one after the other or in parallel.

The kernel releases Python's lock while it simulates, so that threads share the work of seconds:
they start at once and share the model. Processes take a second or more to start, but do
not wait for one another: they share the work of minutes, and that of the reference engine.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from sim.experiment.worker_processes import follow_parent, interrupts_blocked
from sim.metrics import Tally, tally_log

if TYPE_CHECKING:
    from sim.model import Model

Progress = Callable[[int, int], None]
"""Called with the number of replications done and planned."""

WORTH_THREADS_S = 0.1
"""Work (s) below which making the engine ready in further threads costs more than it saves."""

WORTH_PROCESSES_S = {"kernel": 20.0, "reference": 4.0}
"""Work (s) of each engine below which starting processes costs more than it saves."""

THREAD_BATCH_S, PROCESS_BATCH_S = 0.02, 0.5
"""Work (s) that a thread or process takes on at a time."""

ISSUES_TOGETHER, MOST_TOGETHER = 2**15, 64
"""Issues and replications that the kernel simulates at a time: what is common to them is done once,
and Python's lock is seldom taken; more would not stay in the processor's cache."""


class ReplicationError(RuntimeError):
    """A replication failed; the message names scenario, seed and replication.

    Attributes
    ----------
    seed, replication : int
    place : int
        Which of several scenarios it was, from 0.
    """

    place = 0

    def __init__(self, message: str, seed: int, replication: int) -> None:
        super().__init__(message, seed, replication)  # in full, to pass between processes
        self.seed, self.replication = seed, replication

    def __str__(self) -> str:
        return str(self.args[0])


def simulate_in_turn(
    model: Model, seed: int, numbers: range, engine: str = "auto", antithetic: bool = False
) -> Iterator[Tally]:
    """Simulate some replications one after the other; the engine is prepared once.

    Parameters
    ----------
    model : Model
    seed : int
    numbers : range
        Numbers of the replications.
    engine : str
    antithetic : bool
        As for :func:`replicate`.

    Yields
    ------
    Tally

    Raises
    ------
    ReplicationError
        When the engine fails; the cause is attached.
    """
    simulate, first, size = None, 0, 1
    while first < len(numbers):
        if simulate is None:
            with _failure_named(model, seed, numbers[0]):
                simulate = _simulator(model, engine, antithetic)
        yield from _simulated(simulate, seed, numbers[first : first + size])
        first += size
        size = 1 if first == 1 else simulate.together  # the second one, alone, is timed


@contextmanager
def _failure_named(model: Model, seed: int, replication: int) -> Iterator[None]:
    """Say which replication failed."""
    try:
        yield
    except Exception as error:
        raise ReplicationError(
            f"scenario {model.name!r}, seed {seed}, replication {replication}: "
            f"{type(error).__name__}: {error}",
            seed,
            replication,
        ) from error


class _Simulator(Protocol):
    """Simulates replications of a model, and sums them up.

    Attributes
    ----------
    model : Model
    together : int
        How many at a time are simulated fastest.
    """

    model: Model
    together: int

    def __call__(self, seed: int, numbers: range) -> list[Tally]:
        """Return the tallies of some replications."""
        ...


class _KernelSimulator:
    """Simulates by the compiled engine as many replications at a time as fit in the cache.

    Parameters
    ----------
    model : Model
    antithetic : bool
    turns : semaphore
        Of the threads that draw random numbers: as drawing calls NumPy often, threads that do it
        at once would wait for Python's lock at each call.
    """

    def __init__(
        self, model: Model, antithetic: bool, turns: threading.Semaphore | None = None
    ) -> None:
        from sim.experiment.kernel_tallies import KernelTallier
        from sim.tape.tape_drawer import TapeDrawer

        self.model, self.together = model, 1
        self._turns = turns or threading.Semaphore()
        self._tapes, self._tallier = TapeDrawer(model, antithetic), KernelTallier(model)

    def __call__(self, seed: int, numbers: range) -> list[Tally]:
        """Return the tallies of some replications."""
        with self._turns:
            tapes = self._tapes.draw_together(seed, numbers)
        issues = max(len(tapes.born), 1) / len(numbers)
        self.together = min(max(int(ISSUES_TOGETHER / issues), 1), MOST_TOGETHER)
        return self._tallier.tally_together(tapes)


class _LogSimulator:
    """Simulates by any engine one replication after the other, by its log."""

    together = 1

    def __init__(self, model: Model, engine: str, antithetic: bool) -> None:
        from sim.engine import replication_simulator

        self.model = model
        self._simulate = replication_simulator(model, engine, antithetic)

    def __call__(self, seed: int, numbers: range) -> list[Tally]:
        """Return the tallies of some replications."""
        return [tally_log(self._simulate(seed, number)) for number in numbers]


def _simulator(model: Model, engine: str, antithetic: bool) -> _Simulator:
    """Return what simulates replications with an engine."""
    from sim.engine import resolve_engine

    if resolve_engine(engine) == "kernel":
        return _KernelSimulator(model, antithetic)
    return _LogSimulator(model, engine, antithetic)


def _simulated(simulate: _Simulator, seed: int, numbers: range) -> list[Tally]:
    """Simulate some replications together; one by one when one of them fails, to say which."""
    if len(numbers) > 1:
        with suppress(Exception):
            return simulate(seed, numbers)
    found = []
    for number in numbers:
        with _failure_named(simulate.model, seed, number):
            found += simulate(seed, range(number, number + 1))
    return found


def simulate_replications(
    model: Model,
    seed: int,
    numbers: range,
    engine: str = "auto",
    workers: int | None = None,
    antithetic: bool = False,
) -> Iterator[Tally]:
    """Yield the tallies of some replications in their order.

    Parameters
    ----------
    model : Model
    seed : int
    numbers : range
        Numbers of the replications.
    engine : str
    workers : int or None
        Threads or processes; None takes one for each core when the work is worth it. The
        tallies are the same whatever the number.
    antithetic : bool
        As for :func:`replicate`.
    """
    from sim.engine import resolve_engine

    here = simulate_in_turn(model, seed, numbers, engine, antithetic)
    if workers == 1 or len(numbers) <= 3:
        yield from here
        return
    yield next(here)  # makes the engine ready, which takes a time of its own
    began = time.perf_counter()
    yield next(here)
    each, rest = time.perf_counter() - began, numbers[2:]
    kernel = resolve_engine(engine) == "kernel"
    processes = each * len(rest) > WORTH_PROCESSES_S["kernel" if kernel else "reference"]
    if workers is None:
        worth_it = processes or (kernel and each * len(rest) > WORTH_THREADS_S)
        workers = cpu_count() if worth_it else 1
    workers = min(workers, len(rest))
    if workers == 1:
        yield from here
        return
    if kernel and not processes:
        batches = _batches(rest, workers, each, THREAD_BATCH_S)
        yield from _simulate_in_threads(model, seed, batches, workers, antithetic)
    else:
        batches = _batches(rest, workers, each, PROCESS_BATCH_S)
        simulate = partial(_simulate_batch, model, seed, engine=engine, antithetic=antithetic)
        yield from _simulate_in_processes(simulate, batches, workers)


def cpu_count() -> int:
    """Return the number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _batches(numbers: range, workers: int, each: float, batch_s: float) -> list[range]:
    """Divide replications that take ``each`` seconds into batches of ``batch_s`` seconds."""
    enough = int(batch_s / max(each, 1e-6))
    size = max(1, min(enough, len(numbers) // (4 * workers)))
    return [numbers[k : k + size] for k in range(0, len(numbers), size)]


def _simulate_in_threads(
    model: Model, seed: int, batches: list[range], workers: int, antithetic: bool
) -> Iterator[Tally]:
    """Share batches out to threads, of which this is one; each has an engine of its own."""
    own, stop = threading.local(), threading.Event()
    turns = threading.Semaphore(max(1, workers // 2))

    def simulate(numbers: range) -> list[Tally]:
        found: list[Tally] = []
        while len(found) < len(numbers) and not stop.is_set():
            if not hasattr(own, "simulate"):
                with _failure_named(model, seed, numbers[0]):
                    own.simulate = _KernelSimulator(model, antithetic, turns)
            rest = numbers[len(found) :]
            found += _simulated(own.simulate, seed, rest[: own.simulate.together])
        return found

    waiting = deque(batches)
    coming: deque[_SharedBatch] = deque()
    with ThreadPoolExecutor(workers - 1) as pool:
        try:
            while waiting or coming:
                while waiting and len(coming) < 3 * workers:  # no more than that is kept
                    batch = waiting.popleft()
                    coming.append(_SharedBatch(batch, pool.submit(simulate, batch)))
                if not coming[0].future.done() and (mine := _last_not_begun(coming)):
                    mine.future = Future()
                    mine.future.set_result(simulate(mine.numbers))
                else:
                    yield from coming.popleft().future.result()
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)


@dataclass
class _SharedBatch:
    """Replications that a thread simulates, and what will hold their tallies."""

    numbers: range
    future: Future[list[Tally]]


def _last_not_begun(coming: Iterable[_SharedBatch]) -> _SharedBatch | None:
    """Return the last batch that no thread has begun, taken from the threads; None without one."""
    return next((batch for batch in reversed([*coming]) if batch.future.cancel()), None)


def _simulate_in_processes(
    simulate: Callable[[range], list[Tally]], batches: list[range], workers: int
) -> Iterator[Tally]:
    """Share batches out to processes."""
    from joblib import Parallel, delayed

    pool = Parallel(
        n_jobs=workers, return_as="generator", batch_size=1,
        backend="loky", initializer=follow_parent, initargs=(os.getpid(),),
    )  # fmt: skip
    with interrupts_blocked():
        results = pool(delayed(simulate)(batch) for batch in batches)
    for tallies in results:
        yield from tallies


def _simulate_batch(
    model: Model, seed: int, numbers: range, engine: str, antithetic: bool
) -> list[Tally]:
    return list(simulate_in_turn(model, seed, numbers, engine, antithetic))
