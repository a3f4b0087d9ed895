"""Parts of a calibration that a second process computes meanwhile, where the log is large."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, TypeVar

from sim.experiment.replications import cpu_count
from sim.experiment.worker_processes import follow_parent, interrupts_blocked
from sim.history.call_log import CallLog

WORTH_CONTACTS = 20_000
"""Of smaller logs the parts take little longer than the start of a process (some 2 s)."""
POLL_S = 0.2

Progress = Callable[[int, int], None]
T = TypeVar("T")
Part = Callable[[CallLog, Progress], T]
"""Computes something of a log, and reports the steps done and all."""

_logs: list[CallLog] = []
"""The one of a second process."""


@contextmanager
def second_process(log: CallLog) -> Iterator[Callable[[Part[Any]], Callable[[Progress], Any]]]:
    """Compute parts of a log in a second process, one after the other.

    Yields
    ------
    callable
        Takes a part, a function of a module, and begins with it. What it returns takes where to
        report progress, and returns the result of the part: it waits for it, or computes it in
        this process where the log is small or the machine has one core. The result is the same.
    """
    if len(log) < WORTH_CONTACTS or cpu_count() < 2:
        yield lambda part: lambda progress: part(log, progress)
        return
    from joblib.externals.loky import ProcessPoolExecutor

    pool = ProcessPoolExecutor(max_workers=1, initializer=_begin, initargs=(os.getpid(), log))

    def submit(part: Part[Any]) -> Callable[[Progress], Any]:
        with interrupts_blocked():
            future = pool.submit(_compute, part)
        return lambda progress: _result(future, part, log, progress)

    try:
        yield submit
    finally:
        pool.shutdown(wait=True, kill_workers=True)


def _begin(parent: int, log: CallLog) -> None:
    follow_parent(parent)
    _logs.append(log)


def _compute(part: Part[Any]) -> Any:
    return part(_logs[0], lambda done, steps: None)


def _result(future: Future[Any], part: Part[Any], log: CallLog, progress: Progress) -> Any:
    """Wait for a result; progress, which may raise to cancel, is called meanwhile."""
    while not future.done():
        progress(0, 1)
        wait([future], POLL_S)
    progress(1, 1)
    try:
        return future.result()
    except BrokenProcessPool:  # such as one that was killed because memory became scarce
        return part(log, progress)
