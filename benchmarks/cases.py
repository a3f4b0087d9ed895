"""What is measured: `CASES` lists functions that return a `Measurement`, by name."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.app import OPENING, PAGES, SLIDER, wait_for
from benchmarks.calibration import CALIBRATION
from benchmarks.engines import ENGINES
from benchmarks.forecasts import FORECASTS
from benchmarks.growth import GROWTH, KINDS, Center, growing_scenario
from benchmarks.journeys import JOURNEYS
from benchmarks.measure import Measurement, best_seconds, command, processor_seconds, python
from benchmarks.rosters import ROSTERS
from benchmarks.scaling import LONG, SCALING
from benchmarks.shifts import SHIFTS
from benchmarks.staffing import STAFFING

# -- start-up and memory ------------------------------------------------------------------------


def import_sim() -> Measurement:
    """Time that ``import sim`` adds to a bare interpreter, in milliseconds."""
    bare = best_seconds(lambda: python("pass"))
    with_sim = best_seconds(lambda: python("import sim"))
    return Measurement(1000 * (with_sim - bare), "ms")


def command_help() -> Measurement:
    """Time of ``ccplan --help``, interpreter included, in milliseconds."""
    return Measurement(1000 * best_seconds(lambda: command("--help")), "ms")


def command_erlang() -> Measurement:
    """Time of one question to ``ccplan erlang``, interpreter included, in milliseconds."""
    target = ("--calls", "100", "--per", "30min", "--aht", "180s", "--target", "80/20")
    return Measurement(1000 * best_seconds(lambda: command("erlang", *target, "--json")), "ms")


def command_run() -> Measurement:
    """Time of ``ccplan run`` of 100 days from a cold process, in milliseconds."""
    command("run", "transient_day", "--runs", "1")  # compiles the kernel if needed
    days = best_seconds(lambda: command("run", "transient_day", "--runs", "100"), rounds=3)
    return Measurement(1000 * days, "ms")


def compiling(scenario: str) -> Measurement:
    """Processor time of the first run on a machine, which compiles the engine, in seconds."""
    words = [sys.executable, "-m", "sim", "run", scenario, "--runs", "1"]
    with tempfile.TemporaryDirectory() as folder:
        afresh = {**os.environ, "NUMBA_CACHE_DIR": folder}
        once = processor_seconds(
            lambda: subprocess.run(words, check=True, capture_output=True, env=afresh)
        )
    return Measurement(once, "s")


# Peak memory of the process itself: the other count of the kernel includes its parent's.
PEAK_MB = (
    " lines = open('/proc/self/status').read().splitlines();"
    " print(next(int(line.split()[1]) / 1024 for line in lines if line.startswith('VmHWM')))"
)


def memory() -> Measurement:
    """Most memory that 10,000 replications of the transient day take, in megabytes."""
    return _peak_memory("scenarios/transient_day.toml", 10_000)


def memory_of_a_year() -> Measurement:
    """Most memory that a year of 5,000 contacts a day takes, in megabytes."""
    size = Center(contacts=5_000, agents=60, talk=300.0, patience=120.0)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "year.toml"
        year = growing_scenario(KINDS["two queues, two teams"], size, days=365)
        file.write_text(year, encoding="utf-8")
        return _peak_memory(str(file), 2)


def _peak_memory(scenario: str, runs: int) -> Measurement:
    code = f"import sim; sim.simulate({scenario!r}, runs={runs}, workers=1).table();{PEAK_MB}"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return Measurement(float(done.stdout), "MB")


# -- formulas -----------------------------------------------------------------------------------


def erlang_c_intervals() -> Measurement:
    """Time to staff 10,000 intervals by Erlang C for 80 % in 20 s, in milliseconds."""
    return _staffing("erlang_c", 10_000)


def erlang_a_intervals() -> Measurement:
    """Time to staff 1,000 intervals by Erlang A for 80 % in 20 s, in milliseconds."""
    return _staffing("erlang_a", 1_000, patience="2min")


def _staffing(model: str, intervals: int, **more: Any) -> Measurement:
    import numpy as np

    from sim import erlang

    calls = np.linspace(5.0, 900.0, intervals)
    work = best_seconds(
        lambda: erlang.fewest_agents(model, calls, "30min", "240s", "80/20", **more)
    )
    return Measurement(1000 * work, "ms")


# -- all of them --------------------------------------------------------------------------------

APP: dict[str, Callable[[], Measurement]] = {
    **{f"app: {what}": partial(wait_for, what) for what in (OPENING, SLIDER)},
    **{f"app: page {title}": partial(wait_for, title) for title in PAGES},
}
START: dict[str, Callable[[], Measurement]] = {
    "import sim": import_sim,
    "ccplan --help": command_help,
    "ccplan erlang, one question": command_erlang,
    "ccplan run, 100 transient days": command_run,
    "first run on a machine, a single queue": partial(compiling, "transient_day"),
    "first run on a machine, all else": partial(compiling, "retail_monday"),
    "10,000 transient days": memory,
    "a year of 5,000 contacts a day": memory_of_a_year,
}
FORMULAS: dict[str, Callable[[], Measurement]] = {
    "erlang C, staffing 10,000 intervals": erlang_c_intervals,
    "erlang A, staffing 1,000 intervals": erlang_a_intervals,
}
SECTIONS = {
    "Shipped scenarios": ENGINES,
    "Size of a center": GROWTH,
    "Journeys": JOURNEYS,
    "Two cores": {**SCALING, **LONG},
    "Start and memory": START,
    "Formulas": FORMULAS,
    "Shifts": SHIFTS,
    "Rosters": ROSTERS,
    "Staffing by simulation": STAFFING,
    "Forecasts": FORECASTS,
    "Calibration": CALIBRATION,
    "App": APP,
}
CASES = {name: case for section in SECTIONS.values() for name, case in section.items()}
