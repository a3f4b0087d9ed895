"""Replications of one scenario, simulated one after the other or in parallel processes."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from sim.experiment.worker_processes import follow_parent, interrupts_blocked
from sim.metrics import Tally, tally_log

if TYPE_CHECKING:
    from sim.model import Model

Progress = Callable[[int, int], None]
"""Called with the number of replications done and planned."""

WORTH_WORKERS_S = 4.0
"""Work (s) below which starting further processes costs more than it saves."""

BATCH_S = 0.5
"""Work (s) that a further process takes on at a time."""


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
        try:
            simulate = (
                _replication_function(model, engine, antithetic) if simulate is None else simulate
            )
            one = simulate(seed, replication)
        except Exception as error:
            raise ReplicationError(
                f"scenario {model.name!r}, seed {seed}, replication {replication}: "
                f"{type(error).__name__}: {error}",
                seed,
                replication,
            ) from error
        yield one


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
        Processes; None takes one for each core when the work is worth it. The tallies are
        the same whatever the number.
    antithetic : bool
        As for :func:`replicate`.
    """
    here = simulate_in_turn(model, seed, numbers, engine, antithetic)
    if workers == 1 or len(numbers) <= 3:
        yield from here
        return
    yield next(here)  # makes the engine ready, which takes a time of its own
    began = time.perf_counter()
    yield next(here)
    each, rest = time.perf_counter() - began, numbers[2:]
    if workers is None:
        workers = cpu_count() if each * len(rest) > WORTH_WORKERS_S else 1
    if workers == 1:
        yield from here
        return
    simulate = partial(_simulate_batch, model, seed, engine=engine, antithetic=antithetic)
    yield from _simulate_in_parallel(simulate, rest, min(workers, len(rest)), each)


def cpu_count() -> int:
    """Return the number of processor cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _simulate_in_parallel(
    simulate: Callable[[range], list[Tally]], numbers: range, workers: int, each: float
) -> Iterator[Tally]:
    """Share replications that take ``each`` seconds out to processes, batch by batch."""
    from joblib import Parallel, delayed

    enough = int(BATCH_S / max(each, 1e-6))
    size = max(1, min(enough, len(numbers) // (4 * workers)))
    batches = [numbers[k : k + size] for k in range(0, len(numbers), size)]
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
