"""Keeps what was measured: writes docs/performance.md."""

import datetime
import os
import platform
from pathlib import Path

from benchmarks.measure import Measure

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"

HEAD = """# Performance

How fast simulations are, from the chance to the figures, and against what. Written by
`make bench` on {date}: {machine}. A figure of another machine differs; the ratios, taken in turn
in one run on one core, hardly do.

`kernel` is the compiled engine, `reference` the one in SimPy; both give the same figures. The
baselines: *textbook SimPy* is the model of a textbook (`Resource`, `request | timeout`) that
records nothing but waits; *Ciw* is another simulator; the *bare loop* is the single queue written
by hand for this one case in numba, with its random numbers, keeping four sums. `transient_day` is
one queue with patience, lived contact by contact instead of event by event where a center is that
plain (see [the engine](engine.md)); the line *event by event* shows what the general way takes.

| measured | value | unit |
|---|---:|---|
"""


def write_page(measures: dict[str, Measure]) -> None:
    """Write the page.

    Parameters
    ----------
    measures : dict of str to Measure
    """
    rows = [f"| {name} | {_shown(m)} | {m.unit} |" for name, m in measures.items()]
    head = HEAD.format(date=datetime.date.today().isoformat(), machine=_machine())
    PAGE.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")


def _shown(measure: Measure) -> str:
    return f"{measure.value:,.0f}" if measure.value >= 100 else f"{measure.value:,.2f}"


def _machine() -> str:
    cores, system = os.cpu_count(), f"{platform.system()} {platform.machine()}"
    return f"{cores} cores, {system}, Python {platform.python_version()}"
