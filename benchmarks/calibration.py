"""Reading a call log of a million records, and estimating a center from it."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.measure import Measurement

RECORDS, DAYS, AGENTS = 1_000_000, 250, 120
_ESTIMATE = """
import resource, sys, time
from sim.history.calibration.center_estimation import estimate_center
from sim.history.call_log import read_call_log
estimate_center(read_call_log(sys.argv[1]).log)
print(time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def write_records(file: Path, records: int) -> None:
    """Write a log with customers, and survey answers of a tenth."""
    random = np.random.default_rng(20_242)
    second = np.sort(random.integers(0, DAYS * 10 * 3600, records))
    start = np.datetime64("2025-01-06T08:00:00")
    offered = start + (second // 36_000 * 86_400 + second % 36_000).astype("timedelta64[s]")
    wait = random.exponential(20, records).round(1)
    answered = random.random(records) < 0.95
    talk = (random.lognormal(5, 0.8, records) + 1).round(1)
    agent, queue = random.integers(0, AGENTS, records), random.integers(0, 4, records)
    customer = random.integers(0, records // 2, records)
    survey = np.where(random.random(records) < 0.1, random.integers(1, 6, records), 0)
    with file.open("w", encoding="utf-8") as out:
        out.write("offered,wait,outcome,talk,agent,queue,customer,survey\n")
        for at in range(records):
            served = f"answered,{talk[at]},A{agent[at]}" if answered[at] else "abandoned,,"
            answer = survey[at] or ""
            out.write(f"{offered[at]},{wait[at]},{served},q{queue[at]},{customer[at]},{answer}\n")


def million_records(what: str) -> Measurement:
    """Processor time (s) or peak memory (MB) of reading and estimating in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "log.csv"
        write_records(file, RECORDS)
        words = [sys.executable, "-c", _ESTIMATE, str(file)]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
    seconds, megabytes = map(float, done.stdout.split())
    return Measurement(seconds, "s") if what == "time" else Measurement(megabytes, "MB")


CALIBRATION: dict[str, Callable[[], Measurement]] = {
    "a million records read and estimated": partial(million_records, "time"),
    "a million records, peak memory": partial(million_records, "memory"),
}
