"""Sharing cells out: in this process, to processes of this machine, or to a cluster."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from sim.experiment.replicate import _undisturbed, cores
from sim.experiment.sweep.work import Failed, Lived, Task, live
from sim.units import BadInputError

if TYPE_CHECKING:
    from joblib.parallel import ParallelBackendBase

CONNECT_S = 10
"""How long to wait (s) for the scheduler of a cluster, and for its first worker."""


class WorkerError(RuntimeError):
    """Processes that lived cells are gone, and took what they had in hand with them."""


def outcomes(
    tasks: Iterable[Task], count: int, workers: int | None, cluster: str | None
) -> Iterator[Lived | Failed]:
    """Live cells and yield what comes of them, as it comes.

    Parameters
    ----------
    tasks : iterable of Task
        Taken as they are needed.
    count : int
        How many there are.
    workers : int or None
        Processes of this machine; one for each core unless given.
    cluster : str or None
        Address of a Dask scheduler to use instead.

    Raises
    ------
    BadInputError
        When the cluster cannot be reached or has no workers.
    WorkerError
        When a process ended without a word.
    """
    wanted = min(cores() if workers is None else workers, count)
    if cluster is None and wanted <= 1:
        yield from map(live, tasks)
        return
    with _backend(cluster) as backend, _told_of_losses():
        yield from _streamed(tasks, wanted, backend)


def _streamed(
    tasks: Iterable[Task], workers: int, backend: ParallelBackendBase | None
) -> Iterator[Lived | Failed]:
    from joblib import Parallel, delayed, parallel_config

    config: AbstractContextManager[Any] = (
        parallel_config(backend="loky") if backend is None else parallel_config(backend=backend)
    )
    with config:
        pool = Parallel(
            n_jobs=workers if backend is None else -1,
            return_as="generator_unordered",
            batch_size=1,
        )
        with _undisturbed() if backend is None else nullcontext():
            stream = pool(delayed(live)(task) for task in tasks)
        with closing(stream):
            yield from stream


@contextmanager
def _told_of_losses() -> Iterator[None]:
    """Put the loss of a process into words."""
    import warnings

    from joblib.externals.loky.process_executor import TerminatedWorkerError

    lost: tuple[type[Exception], ...] = (TerminatedWorkerError,)
    try:
        from distributed.scheduler import KilledWorker

        lost = (*lost, KilledWorker)
    except ImportError:
        pass
    with warnings.catch_warnings():
        # What joblib says of a stream that is left early; it is meant to be.
        warnings.filterwarnings("ignore", category=UserWarning, module="joblib")
        try:
            yield
        except lost as error:
            raise WorkerError(
                f"{str(error).splitlines()[0]}\nworkers ended without a word, as they do when "
                "memory runs out; the cells that were finished are kept"
            ) from None


@contextmanager
def _backend(cluster: str | None) -> Iterator[ParallelBackendBase | None]:
    """Connect with a cluster meanwhile; None stands for this machine."""
    if cluster is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError:
        raise BadInputError(
            "--cluster: needs a library that is not installed; "
            "install it with: pip install 'ccplan[cluster]'"
        ) from None
    try:
        connect: Any = Client
        client = connect(cluster, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise BadInputError(
            f"--cluster {cluster}: no scheduler answers there ({error}); "
            "allowed: an address such as tcp://10.0.0.5:8786"
        ) from None
    try:
        if not client.ncores():
            _wait(client, cluster)
        yield _honest(client)
    finally:
        client.close()


def _wait(client: Any, cluster: str) -> None:
    try:
        client.wait_for_workers(1, timeout=CONNECT_S)
    except TimeoutError:
        raise BadInputError(
            f"--cluster {cluster}: the scheduler has no workers; start some with: "
            f"dask worker {cluster}"
        ) from None


def _honest(client: Any) -> ParallelBackendBase:
    """Return joblib's backend for Dask that also tells when Dask gives a cell up.

    Dask gives up what has lost several workers; joblib then waits for it without end.
    """
    from joblib._dask import DaskDistributedBackend

    class Honest(DaskDistributedBackend):  # type: ignore[misc]
        """Hands on errors that no task has raised."""

        def submit(self, func: Any, callback: Callable[[Any], None] | None = None) -> Any:
            future = super().submit(func, callback)
            if callback is not None:
                future.add_done_callback(lambda done: _hand_on(done, callback))
            return future

        def retrieve_result_callback(self, out: Any) -> Any:
            if isinstance(out, BaseException):
                raise out
            return super().retrieve_result_callback(out)

    return Honest(client=client)


def _hand_on(done: Any, callback: Callable[[Any], None]) -> None:
    if (error := done.exception()) is not None:
        callback(error)
