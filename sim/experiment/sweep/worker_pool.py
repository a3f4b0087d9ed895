"""Sharing cells out: in this process, to processes of this machine, or to a cluster."""

from __future__ import annotations

import logging
import os
import re
import socket
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext, suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from sim.experiment.replications import cpu_count
from sim.experiment.sweep.worker import CellFailure, CellResult, CellTask, simulate_cell
from sim.experiment.worker_processes import follow_parent, interrupts_blocked
from sim.extras import need
from sim.units import BadInputError

if TYPE_CHECKING:
    from joblib.parallel import ParallelBackendBase

CONNECT_S = 10
"""How long to wait (s) for the scheduler of a cluster, and for its first worker."""


CLUSTER_PREFETCH = 500
"""Cells sent to a cluster ahead; more cores than this would idle."""


class ClusterError(ConnectionError):
    """The scheduler of the cluster went away in the middle; what was finished is kept."""


class WorkerError(RuntimeError):
    """Worker processes are gone, with the cells they were simulating."""


def simulate_cells(
    tasks: Iterable[CellTask], count: int, engine: str, workers: int | None, cluster: str | None
) -> Generator[CellResult | CellFailure]:
    """Simulate cells and yield their results as they come.

    Parameters
    ----------
    tasks : iterable of CellTask
        Taken as they are needed.
    count : int
        How many there are.
    engine : str
        That simulates.
    workers : int or None
        Processes of this machine; one for each core by default.
    cluster : str or None
        Address of a Dask scheduler to use instead.

    Raises
    ------
    BadInputError
        When the cluster cannot be reached or has no workers.
    WorkerError
        When a process ended without a word.
    ClusterError
        When the scheduler of the cluster went away.
    """
    wanted = min(cpu_count() if workers is None else workers, count)
    tasks = iter(tasks)
    if cluster is None:
        for first in islice(tasks, count if wanted <= 1 else _cells_before_workers(engine)):
            yield simulate_cell(first)
        if wanted <= 1:
            return
    with _backend(cluster) as backend, _worker_losses_explained(cluster):
        yield from _stream_results(tasks, wanted, backend)


def _cells_before_workers(engine: str) -> int:
    """Return how many cells are simulated before workers start, so that these need not compile."""
    from sim.engine import must_compile

    return 1 if must_compile(engine) else 0


def _stream_results(
    tasks: Iterable[CellTask], workers: int, backend: ParallelBackendBase | None
) -> Iterator[CellResult | CellFailure]:
    from joblib import Parallel, delayed, parallel_config

    config: AbstractContextManager[Any] = (
        parallel_config(backend="loky", initializer=follow_parent, initargs=(os.getpid(),))
        if backend is None
        else parallel_config(backend=backend)
    )
    with config:
        pool = Parallel(
            n_jobs=workers if backend is None else -1,
            return_as="generator_unordered",
            batch_size=1,
            pre_dispatch="2 * n_jobs" if backend is None else CLUSTER_PREFETCH,
        )
        with interrupts_blocked() if backend is None else nullcontext():
            stream = pool(delayed(simulate_cell)(task) for task in tasks)
        with closing(stream):
            yield from stream


@contextmanager
def _worker_losses_explained(cluster: str | None) -> Iterator[None]:
    """Put the loss of a process, or of the scheduler of a cluster, into words."""
    with warnings.catch_warnings():
        # What joblib says of a stream that is left early; it is meant to be.
        warnings.filterwarnings("ignore", category=UserWarning, module="joblib")
        try:
            yield
        except _scheduler_lost_errors(cluster):
            raise ClusterError(
                f"--cluster {cluster}: the scheduler went away; start it and its workers again"
            ) from None
        except _worker_lost_error(cluster is not None) as error:
            raise WorkerError(
                f"{str(error).splitlines()[0]}\nworkers ended without a word, as they do when "
                "memory runs out; the cells that were finished are kept"
            ) from None


def _scheduler_lost_errors(cluster: str | None) -> tuple[type[BaseException], ...]:
    """Return what is raised when the scheduler is gone; nothing is where there is none."""
    if cluster is None:
        return ()
    from concurrent.futures import CancelledError

    from distributed.client import FutureCancelledError
    from distributed.comm.core import CommClosedError

    return (FutureCancelledError, CancelledError, CommClosedError, ConnectionError)


def _worker_lost_error(on_cluster: bool) -> type[Exception]:
    """Return what is raised when a process is gone; the library is imported only if used."""
    if on_cluster:
        from distributed.scheduler import KilledWorker

        return cast("type[Exception]", KilledWorker)
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    return cast("type[Exception]", TerminatedWorkerError)


@contextmanager
def _backend(cluster: str | None) -> Iterator[ParallelBackendBase | None]:
    """Connect with a cluster meanwhile; None stands for this machine."""
    if cluster is None:
        yield None
        return
    need("--cluster", "distributed")
    from distributed import Client

    _check_address(cluster)
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # tracebacks of a loss
    try:
        connect: Any = Client
        client = connect(cluster, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise _no_answer(cluster, str(error)) from None
    try:
        if not client.ncores():
            _wait_for_workers(client, cluster)
        yield _failing_backend(client)
    finally:
        with suppress(OSError, TimeoutError):  # the scheduler may be gone
            client.close()


def _check_address(cluster: str) -> None:
    """Check that the address answers, as the library would wait for long."""
    found = re.fullmatch(r"(?:[a-z]+://)?\[?([^\[\]/]+?)\]?:(\d{1,5})", cluster.strip())
    if found is None or not 0 < int(found[2]) < 65536:
        raise _no_answer(cluster, "it is not an address")
    try:
        socket.create_connection((found[1], int(found[2])), timeout=CONNECT_S).close()
    except OSError as error:
        raise _no_answer(cluster, error.strerror or str(error)) from None


def _no_answer(cluster: str, why: str) -> BadInputError:
    return BadInputError(
        f"--cluster {cluster}: no scheduler answers there ({why}); "
        "allowed: an address such as tcp://10.0.0.5:8786"
    )


def _wait_for_workers(client: Any, cluster: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError:
        raise BadInputError(
            f"--cluster {cluster}: the scheduler has no workers; start some with: "
            f"dask worker {cluster}"
        ) from None


def _failing_backend(client: Any) -> ParallelBackendBase:
    """Return joblib's backend for Dask that also tells when Dask gives a cell up.

    Dask gives up what has lost several workers; joblib then waits for it without end.
    """
    from joblib._dask import DaskDistributedBackend

    class Honest(DaskDistributedBackend):  # type: ignore[misc]
        """Hands on errors that no task has raised."""

        def submit(self, func: Any, callback: Callable[[Any], None] | None = None) -> Any:
            future = super().submit(func, callback)
            if callback is not None:
                future.add_done_callback(lambda done: _report_error(done, callback))
            return future

        def effective_n_jobs(self, n_jobs: int) -> int:
            # With a single one joblib would simulate the cells in this process.
            return max(2, int(super().effective_n_jobs(n_jobs)))

        def retrieve_result_callback(self, out: Any) -> Any:
            if isinstance(out, BaseException):
                raise out
            return super().retrieve_result_callback(out)

    return Honest(client=client)


def _report_error(done: Any, callback: Callable[[Any], None]) -> None:
    if (error := done.exception()) is not None:
        callback(error)
