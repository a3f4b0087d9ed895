"""Writes the measurements to docs/performance.md."""

import datetime
import os
import platform
from pathlib import Path

from benchmarks.measure import Measurement

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"

HEAD = """# Performance

The speed of whole simulations, random numbers and metrics included, and of some baselines.
Measured by `make bench` on {date}: {machine}.
Other machines differ in speed, but hardly in the ratios, which are measured in turn on one core.

`kernel` is the compiled engine, `reference` the one in SimPy; both give the same results. The
baselines: *textbook SimPy* is a textbook model (`Resource`, `request | timeout`) that only records
waits; *Ciw* is another simulator; the *bare loop* is a numba loop for just this single queue, with
random numbers and four sums. `transient_day` is one queue with patience, which the kernel
simulates contact by contact instead of event by event (see [Engine](engine.md)); the row
*event by event* shows the speed of the general method.

| measured | value | unit |
|---|---:|---|
"""


def write_page(measurements: dict[str, Measurement]) -> None:
    """Write the page; what it says of memory stays.

    Parameters
    ----------
    measures : dict of str to Measure
    """
    rows = [f"| {name} | {_shown(m)} | {m.unit} |" for name, m in measurements.items()]
    head = HEAD.format(date=datetime.date.today().isoformat(), machine=_machine())
    _, mark, memory = PAGE.read_text(encoding="utf-8").partition("\n## Memory\n")
    PAGE.write_text(head + "\n".join(rows) + "\n" + mark + memory, encoding="utf-8")


def _shown(measure: Measurement) -> str:
    return f"{measure.value:,.0f}" if measure.value >= 100 else f"{measure.value:,.2f}"


def _machine() -> str:
    cores, system = os.cpu_count(), f"{platform.system()} {platform.machine()}"
    return f"{cores} cores, {system}, Python {platform.python_version()}"
