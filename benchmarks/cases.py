"""What is measured. A case is a function that returns a `Measure`; `CASES` lists them by name."""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import NamedTuple


class Measure(NamedTuple):
    """One measured figure.

    Attributes
    ----------
    value : float
        The figure.
    unit : str
        Its unit, such as ``ms`` or ``contacts/s``.
    """

    value: float
    unit: str


def best_seconds(work: Callable[[], object], rounds: int = 5) -> float:
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


def import_sim() -> Measure:
    """Time that ``import sim`` adds to a bare interpreter, in milliseconds."""
    bare = best_seconds(lambda: _python("pass"))
    with_sim = best_seconds(lambda: _python("import sim"))
    return Measure(1000 * (with_sim - bare), "ms")


CASES: dict[str, Callable[[], Measure]] = {
    "import sim": import_sim,
}


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _python(code: str) -> None:
    subprocess.run([sys.executable, "-c", code], check=True)
