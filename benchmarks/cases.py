"""What is measured. A case is a function that returns a `Measure`; `CASES` lists them by name."""

from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.app import OPENING, PAGES, SLIDER, wait_for
from benchmarks.engines import SHIPPED, growth, ratio, speed
from benchmarks.measure import Measurement, best_seconds, command, python

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


def compiling() -> Measurement:
    """Time of the first run on a machine, on one core, in seconds."""
    import os
    import subprocess
    import sys
    import tempfile

    words = [sys.executable, "-m", "sim", "run", "retail_monday", "--runs", "1"]
    with tempfile.TemporaryDirectory() as folder:
        afresh = {**os.environ, "NUMBA_CACHE_DIR": folder}
        once = best_seconds(
            lambda: subprocess.run(words, check=True, capture_output=True, env=afresh), rounds=1
        )
    return Measurement(once, "s")


def memory() -> Measurement:
    """Most memory that 10,000 replications of the transient day take, in megabytes."""
    import subprocess
    import sys

    # Peak memory of the process itself: the other count of the kernel includes its parent's.
    code = (
        "import sim; sim.simulate('scenarios/transient_day.toml', runs=10_000, workers=1).table();"
        " lines = open('/proc/self/status').read().splitlines();"
        " print(next(int(line.split()[1]) / 1024 for line in lines if line.startswith('VmHWM')))"
    )
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


# -- engines ------------------------------------------------------------------------------------


def cost_of_contact(plain: bool, by_agents: bool, size: int) -> Measurement:
    """Time that a contact takes in a center of some size, in nanoseconds."""
    return Measurement(growth(plain, by_agents)[size], "ns")


TRANSIENT = (
    "textbook SimPy",
    "Ciw",
    "reference engine",
    "kernel, event by event",
    "kernel",
    "bare loop",
)
ENGINES: dict[str, Callable[[], Measurement]] = {
    **{f"transient_day: {who}": partial(speed, "transient_day", who) for who in TRANSIENT},
    "transient_day: kernel / textbook": partial(ratio, "transient_day", "kernel", "textbook SimPy"),
    "transient_day: kernel / bare loop": partial(ratio, "transient_day", "kernel", "bare loop"),
    "transient_day: kernel, event by event / textbook": partial(
        ratio, "transient_day", "kernel, event by event", "textbook SimPy"
    ),
    "transient_day: reference / textbook": partial(
        ratio, "transient_day", "reference engine", "textbook SimPy"
    ),
    **{f"{name}: kernel": partial(speed, name, "kernel") for name in SHIPPED[1:]},
    **{
        f"{name}: kernel / reference": partial(ratio, name, "kernel", "reference engine")
        for name in SHIPPED
    },
}
GROWTH: dict[str, Callable[[], Measurement]] = {
    f"{what}, {size:,} {'agents' if by_agents else 'contacts a day'}": partial(
        cost_of_contact, plain, by_agents, size
    )
    for plain, what in ((True, "one queue"), (False, "two queues, two teams"))
    for by_agents, sizes in ((False, (1_000, 10_000, 100_000, 1_000_000)), (True, (10, 100, 1_000)))
    for size in sizes
}
APP: dict[str, Callable[[], Measurement]] = {
    **{f"app: {what}": partial(wait_for, what) for what in (OPENING, SLIDER)},
    **{f"app: page {title}": partial(wait_for, title) for title in PAGES},
}
CASES: dict[str, Callable[[], Measurement]] = {
    **ENGINES,
    **GROWTH,
    "import sim": import_sim,
    "ccplan --help": command_help,
    "ccplan erlang, one question": command_erlang,
    "ccplan run, 100 transient days": command_run,
    "first run on a machine": compiling,
    "10,000 transient days": memory,
    "erlang C, staffing 10,000 intervals": erlang_c_intervals,
    "erlang A, staffing 1,000 intervals": erlang_a_intervals,
    **APP,
}
