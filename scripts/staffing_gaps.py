"""Write the gap table of docs/staffing.md: plans by simulation, and the least possible cost.

``python -m scripts.staffing_gaps`` searches again and writes; it takes about a minute.
"""

from __future__ import annotations

from pathlib import Path

from sim.planning.least_staff import staff_by_simulation
from sim.planning.simulated_staffing import SimulatedStaffing
from sim.scenario import Scenario

DOCS = Path(__file__).parents[1] / "docs" / "staffing.md"
BEGIN, END = "<!-- gaps -->\n", "<!-- end of gaps -->\n"
HEAD = ("case", "goal", "hours", "bound", "bound is", "gap", "seconds")
ONE = """[center]
open = "08:00-09:00"
interval = "30min"
[queue.calls]
volume = 60
talk = "exponential 3min"
patience = "exponential 2min"
[group.all]
agents = 5
skills = { calls = 1 }
"""
TWO = """[queue.cards]
volume = 20
talk = "exponential 3min"
patience = "exponential 2min"
[group.cards]
agents = 3
skills = { cards = 1, calls = 2 }
"""
CASES: dict[str, tuple[str, str, str]] = {
    "one group, two half hours": (ONE, "total=80/20", "day"),
    "one group, two half hours, each of them": (ONE, "total=80/20", "interval"),
    "two groups with overflow, two half hours": (ONE + TWO, "total=80/20", "day"),
}
"""Text of the scenario, goal, and the time over which it must hold."""


def searched(case: str) -> SimulatedStaffing:
    """Return the staffing of a case."""
    text, goal, per = CASES[case]
    scenario = Scenario.parse(text, Path())
    return staff_by_simulation(scenario, [goal], per=per, runs=60, seed=1, workers=1)


def row(case: str, found: SimulatedStaffing) -> list[str]:
    """Return a row of the table."""
    _, goal, per = CASES[case]
    gap = "-" if found.gap is None else f"{100 * found.gap:.1f} %"
    bound = "-" if found.bound is None else f"{found.bound:.1f}"
    return [
        case, f"`{goal}` per {per}", f"{found.hours:g}", bound, found.bound_is, gap,
        f"{found.seconds:.0f}",
    ]  # fmt: skip


def table(rows: list[list[str]]) -> str:
    """Return rows as a table of Markdown."""
    lines = [list(HEAD), ["---"] * len(HEAD), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Search all cases, and write the table."""
    text = DOCS.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    found = table([row(case, searched(case)) for case in CASES])
    DOCS.write_text(before + BEGIN + found + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
