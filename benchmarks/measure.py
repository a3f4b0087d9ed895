"""One measured value, and how to measure it."""

import resource
import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

ROUNDS = 5


class Measurement(NamedTuple):
    """One measured value.

    Attributes
    ----------
    value : float
        The measured value.
    unit : str
        Its unit, such as ``ms`` or ``contacts/s``.
    """

    value: float
    unit: str


def best_seconds(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Shortest time that a piece of work takes.

    The shortest, because whatever else the machine does can only lengthen a round.

    Parameters
    ----------
    work : callable
        Called without arguments, once a round.
    rounds : int
        How often, at least 1.

    Returns
    -------
    float
        Seconds of wall time.

    Raises
    ------
    ValueError
        If `rounds` is below 1.
    """
    if rounds < 1:
        raise ValueError(f"rounds must be at least 1, not {rounds}")
    return min(_seconds(work) for _ in range(rounds))


def processor_seconds(work: Callable[[], object]) -> float:
    """Processor time that the processes started by a piece of work take, all cores together (s)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def python(code: str) -> None:
    """Run a line of Python in a fresh interpreter."""
    subprocess.run([sys.executable, "-c", code], check=True)


def command(*words: str) -> None:
    """Run a command of ccplan in a fresh process."""
    subprocess.run([sys.executable, "-m", "sim", *words], check=True, capture_output=True)


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
