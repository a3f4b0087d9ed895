"""What a second process saves: batches of replications, and a whole sweep."""

import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from statistics import median

from benchmarks.engines import model_of
from benchmarks.measure import Measurement, command

ROUNDS = 3
BATCHES_S = (1, 4, 16)
COLD, WARM = "processes started for it", "processes kept"


@cache
def speedups(seconds: int) -> dict[str, float]:
    """Return how much sooner two processes simulate a batch that one does in some seconds.

    Wall time, the median of rounds in turn, on a machine that should be idle.
    """
    from joblib.externals.loky import get_reusable_executor

    from sim.experiment import simulate

    model = model_of("retail_monday")

    def wall(runs: int, workers: int) -> float:
        begun = time.perf_counter()
        simulate(model, runs=runs, seed=1, engine="kernel", workers=workers)
        return time.perf_counter() - begun

    wall(100, 1)
    runs = round(100 * seconds / wall(100, 1))
    rounds: dict[str, list[float]] = {COLD: [], WARM: []}
    for _ in range(ROUNDS):
        one = wall(runs, 1)
        get_reusable_executor().shutdown(wait=True)
        rounds[COLD].append(one / wall(runs, 2))
        rounds[WARM].append(one / wall(runs, 2))
    return {how: median(found) for how, found in rounds.items()}


def speedup(seconds: int, how: str) -> Measurement:
    """Return how much sooner two processes simulate a batch.

    Raises
    ------
    KeyError
        When this process may use one core only.
    """
    from sim.experiment.replications import cpu_count

    if cpu_count() < 2:
        raise KeyError("a second core")
    return Measurement(speedups(seconds)[how], "times")


def sweep() -> Measurement:
    """Wall time of a sweep of 200 cells with 200 days each, in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        command("sweep", "monday_200", "--out", folder)
        return Measurement(time.perf_counter() - begun, "s")


SCALING: dict[str, Callable[[], Measurement]] = {
    f"two processes, batch of {seconds} s, {how}": partial(speedup, seconds, how)
    for seconds in BATCHES_S
    for how in (COLD, WARM)
}
LONG: dict[str, Callable[[], Measurement]] = {
    "sweep, 200 cells of 200 retail Mondays": sweep,
}
"""Cases that take minutes: measured when they are named, or all are asked for."""
