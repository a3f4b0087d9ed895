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
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from sim.experiment.worker_processes import follow_parent, interrupts_blocked
from sim.metrics import Tally, tally_log

if TYPE_CHECKING:
    from sim.model import Model

Progress = Callable[[int, int], None]
"""Called with the number of replications done and planned."""

WORTH_THREADS_S = 0.3
"""Work (s) below which making the engine ready in further threads costs more than it saves."""

WORTH_PROCESSES_S = {"kernel": 20.0, "reference": 4.0}
"""Work (s) of each engine below which starting processes costs more than it saves."""

BATCH_S = 0.5
"""Work (s) that a thread or process takes on at a time."""


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
    simulate = None
    for replication in numbers:
        with _failure_named(model, seed, replication):
            simulate = simulate or _replication_function(model, engine, antithetic)
            one = simulate(seed, replication)
        yield one


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


def _replication_function(
    model: Model, engine: str, antithetic: bool
) -> Callable[[int, int], Tally]:
    """Return a function that simulates a replication, by seed and number, and sums it up."""
    from sim.engine import replication_simulator, resolve_engine

    if resolve_engine(engine) == "kernel":
        from sim.experiment.kernel_tallies import KernelTallier
        from sim.tape.tape_drawer import TapeDrawer

        tapes, summer = TapeDrawer(model, antithetic), KernelTallier(model)
        return lambda seed, number: summer.tally(tapes.draw(seed, number))
    simulate = replication_simulator(model, engine, antithetic)
    return lambda seed, number: tally_log(simulate(seed, number))


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
    batches = _batches(rest, workers, each)
    if kernel and not processes:
        yield from _simulate_in_threads(model, seed, batches, workers, antithetic)
    else:
        simulate = partial(_simulate_batch, model, seed, engine=engine, antithetic=antithetic)
        yield from _simulate_in_processes(simulate, batches, workers)


def cpu_count() -> int:
    """Return the number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _batches(numbers: range, workers: int, each: float) -> list[range]:
    """Divide replications that take ``each`` seconds."""
    enough = int(BATCH_S / max(each, 1e-6))
    size = max(1, min(enough, len(numbers) // (4 * workers)))
    return [numbers[k : k + size] for k in range(0, len(numbers), size)]


def _simulate_in_threads(
    model: Model, seed: int, batches: list[range], workers: int, antithetic: bool
) -> Iterator[Tally]:
    """Share batches out to threads, each with an engine of its own."""
    own, stop = threading.local(), threading.Event()

    def simulate(numbers: range) -> list[Tally]:
        found = []
        for replication in numbers:
            if stop.is_set():
                break
            with _failure_named(model, seed, replication):
                if not hasattr(own, "simulate"):
                    own.simulate = _replication_function(model, "kernel", antithetic)
                found.append(own.simulate(seed, replication))
        return found

    coming: deque[Future[list[Tally]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for batch in batches:
                coming.append(pool.submit(simulate, batch))
                if len(coming) > 2 * workers:  # no more than that waits to be taken
                    yield from coming.popleft().result()
            while coming:
                yield from coming.popleft().result()
        finally:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)


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
