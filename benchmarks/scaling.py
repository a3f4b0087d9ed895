"""What a second core saves: batches of replications, and a whole sweep."""

import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from statistics import median

from benchmarks.engines import model_of
from benchmarks.measure import Measurement, command

ROUNDS = 3
BATCHES_S = (1, 4, 16)


@cache
def speedups() -> dict[int, float]:
    """Return how much sooner two cores simulate a batch, by the seconds that one core takes.

    Wall time, the median of rounds in turn, on a machine that should be idle.
    """
    from sim.experiment import simulate

    model = model_of("retail_monday")

    def wall(runs: int, workers: int) -> float:
        begun = time.perf_counter()
        simulate(model, runs=runs, seed=1, engine="kernel", workers=workers)
        return time.perf_counter() - begun

    wall(100, 1)
    each = wall(200, 1) / 200
    runs = {seconds: round(seconds / each) for seconds in BATCHES_S}
    return {s: median(wall(n, 1) / wall(n, 2) for _ in range(ROUNDS)) for s, n in runs.items()}


def speedup(seconds: int) -> Measurement:
    """Return how much sooner two cores simulate a batch.

    Raises
    ------
    KeyError
        When this process may use one core only.
    """
    from sim.experiment.replications import cpu_count

    if cpu_count() < 2:
        raise KeyError("a second core")
    return Measurement(speedups()[seconds], "times")


def sweep() -> Measurement:
    """Wall time of a sweep of 200 cells with 200 days each, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        command("sweep", "monday_200", "--out", folder)
        return Measurement(time.perf_counter() - begun, "s")


SCALING: dict[str, Callable[[], Measurement]] = {
    f"two cores, batch of {seconds} s": partial(speedup, seconds) for seconds in BATCHES_S
}
LONG: dict[str, Callable[[], Measurement]] = {
    "sweep, 200 cells of 200 retail Mondays": sweep,
}
"""Cases that take minutes: measured when they are named, or all are asked for."""
