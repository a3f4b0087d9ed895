"""How long plans of shifts take: a day around the clock, its breaks, and a week of tours."""

import time
from collections.abc import Callable
from functools import partial
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.measure import Measurement

DAY = (6, 6, 6, 6, 6, 8, 9, 12, 18, 22, 25, 21, 21, 20, 18, 21, 21, 24, 24, 18, 18, 18, 12, 8)
"""Agents required by hour, of a cyclic day that 55 shifts of 8 hours cover."""
WEEK = (1.0, 0.95, 0.9, 0.95, 1.05, 0.6, 0.5)
"""Requirement of each day of a week as a share of that of the cyclic day."""
BREAKS = (
    "15min between 1h 30min and 3h",
    "30min unpaid between 3h 30min and 5h 30min",
    "15min between 6h and 7h 30min",
)
PLANS: dict[str, tuple[bool, dict[str, Any]]] = {
    "shifts, a day around the clock": (False, {"lengths": "8h", "step": "1h"}),
    "shifts, a day with three breaks": (False, {"lengths": "8h 30min", "breaks": list(BREAKS)}),
    "shifts, a week of tours": (
        True,
        {"lengths": "8h", "step": "1h", "days_a_week": 5, "days_off_in_pairs": True},
    ),
}
"""By name: whether it is a week, and the pattern."""


def requirement(is_week: bool) -> str:
    """Return a table of requirements as CSV."""
    days = WEEK if is_week else WEEK[:1]
    rows = [
        f"2026-01-{5 + day:02d} {hour:02d}:00,{round(share * agents)}"
        for day, share in enumerate(days)
        for hour, agents in enumerate(DAY)
    ]
    return "\n".join(["interval,agents", *rows]) + "\n"


def plan(name: str) -> Measurement:
    """Processor time until the least cost is proven, the best of three, in seconds."""
    from pathlib import Path

    from sim.planning import plan_shifts

    is_week, pattern = PLANS[name]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "requirement.csv"
        path.write_text(requirement(is_week), encoding="utf-8")
        seconds = []
        for _ in range(3):
            began = time.process_time()
            found = plan_shifts(path, patterns={"pattern": pattern}, time_limit="10min")
            seconds.append(time.process_time() - began)
            assert found.gap == 0
    return Measurement(min(seconds), "s")


SHIFTS: dict[str, Callable[[], Measurement]] = {name: partial(plan, name) for name in PLANS}
