"""Writes the measurements to docs/performance.md."""

import datetime
import os
import platform
from collections.abc import Iterable
from pathlib import Path

from benchmarks.cases import SECTIONS
from benchmarks.engines import ENGINES, SHIPPED
from benchmarks.measure import Measurement
from benchmarks.scaling import LONG

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"

HEAD = """# Performance

The speed of whole simulations, random numbers and metrics included, and of some baselines.
Measured by `make bench` on {date}: {machine}.
Other machines differ in speed, but hardly in the ratios. `python -m benchmarks WORD` measures the
rows whose name contains the word.

## Shipped scenarios

Contacts per second of one core, measured as processor time, in turn: a speed is the best of five
rounds, a ratio the median of the ratios within the rounds. `kernel` is the compiled engine,
`reference` the one in SimPy; both give the same results. *Textbook SimPy* is the scenario as users
of SimPy write it, a page each in `benchmarks/textbook/`, which only records waits. Its volumes,
service levels and abandonment agree with those of the scenario, which a test checks; the docstring
of `retail_monday` says what it leaves out.

| scenario | textbook SimPy | reference | kernel | kernel / textbook | kernel / reference |
|---|---:|---:|---:|---:|---:|
{scenarios}

Further baselines: the *bare loops* are compiled event loops for just one scenario, with their
random numbers and a few sums, on one heap of events; the *tuned loop* also uses what is special
about `two_classes_overflow`, such as that all overflow after the same delay. *Ciw* is another
simulator. `transient_day` is one queue with patience, which the kernel simulates contact by contact
instead of event by event (see [Engine](engine.md)); *event by event* is the general method.

"""

TEXTS = {
    "Size of a center": """Processor time of a contact, by the size of the center and by the length
of its queue, the best of three rounds in turn. The *growth* is the greatest from one size to any
larger one.""",
    "Journeys": "Processor time of `ccplan run`, its report included, all cores together.",
    "Two cores": """Wall time on one core divided by that on two, for a batch of `retail_monday`
that takes one core the seconds named. The sweep is measured by `make bench LONG=--long`.""",
    "Start and memory": """The first run on a machine compiles the engine; the result is stored. Its
time is processor time, all else wall time.""",
    "Formulas": "",
    "Shifts": "Processor time until `ccplan shifts` has proven the least cost.",
    "Rosters": "Processor time until the optimum is proven; public instances where they are found.",
    "Forecasts": """Processor time of a forecast of four weeks by all methods, with the back-test
over the year.""",
    "App": "From a click to the complete page, in a browser on the same machine.",
}
TABLE = "| measured | value | unit |\n|---|---:|---|\n"
COLUMNS = (
    "textbook SimPy",
    "reference engine",
    "kernel",
    "kernel / textbook",
    "kernel / reference",
)


def write_page(measurements: dict[str, Measurement]) -> None:
    """Write the page; what it says of memory stays, and what takes minutes if it is not measured.

    Parameters
    ----------
    measurements : dict of str to Measurement
    """
    before, mark, memory = PAGE.read_text(encoding="utf-8").partition("\n## Memory\n")
    rows = {name: f"| {name} | {_shown(m)} | {m.unit} |" for name, m in measurements.items()}
    old = {name: line for line in before.splitlines() for name in LONG if f"| {name} |" in line}
    rows = old | rows
    shown = {f"{name}: {column}" for name in SHIPPED for column in COLUMNS}
    text = HEAD.format(
        date=datetime.date.today().isoformat(),
        machine=_machine(),
        scenarios="\n".join(_scenario(name, measurements) for name in SHIPPED),
    ) + _table(rows, (name for name in ENGINES if name not in shown))
    for title, note in TEXTS.items():
        if table := _table(rows, SECTIONS[title]):
            text += "\n".join(filter(None, (f"\n## {title}\n", note + "\n" * bool(note), table)))
    PAGE.write_text(text + mark + memory, encoding="utf-8")


def _scenario(name: str, measurements: dict[str, Measurement]) -> str:
    cells = (measurements.get(f"{name}: {column}") for column in COLUMNS)
    return " | ".join((f"| `{name}`", *("" if m is None else _shown(m) for m in cells))) + " |"


def _table(rows: dict[str, str], names: Iterable[str]) -> str:
    found = [rows[name] for name in names if name in rows]
    return TABLE + "\n".join(found) + "\n" if found else ""


def _shown(measure: Measurement) -> str:
    if measure.unit == "%":
        return f"{measure.value:+.0f}"
    return f"{measure.value:,.0f}" if measure.value >= 100 else f"{measure.value:,.2f}"


def _machine() -> str:
    cores, system = os.cpu_count(), f"{platform.system()} {platform.machine()}"
    return f"{cores} cores, {system}, Python {platform.python_version()}"
