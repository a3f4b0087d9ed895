"""Staffing by simulation: a day of one group, and of three groups that share three queues."""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.measure import Measurement, command

QUEUES = {"sales": (240, 3.0, 60), "support": (300, 4.0, 70), "billing": (360, 5.0, 35)}
"""Handle time (s), patience (min) and most calls in half an hour, by queue."""
GROUPS = {"a": ("sales", "support"), "b": ("support", "billing"), "c": ("billing", "sales")}


def scenario(groups: int) -> str:
    """Return a day of 24 half hours with as many queues as groups, as text."""
    names = list(QUEUES)[:groups]
    lines = ["[center]", 'name = "Staffed"', 'open = "08:00-20:00"', 'interval = "30min"']
    for name in names:
        handle, patience, most = QUEUES[name]
        volume = [round(most * (0.4 + 0.6 * (1 - abs(k - 8) / 16)), 1) for k in range(24)]
        lines += [f"[queue.{name}]", f"volume = {volume}", f'talk = "exponential {handle}s"']
        lines += [f'patience = "exponential {patience}min"']
    for group, skills in list(GROUPS.items())[:groups]:
        known = [f"{name} = {level}" for level, name in enumerate(skills, 1) if name in names]
        lines += [f"[group.{group}]", "agents = 20", f"skills = {{ {', '.join(known)} }}"]
    return "\n".join(lines) + "\n"


def searched(groups: int) -> Measurement:
    """Time (s) of ``ccplan staff --method simulation`` until it ends by itself."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "staffed.toml"
        file.write_text(scenario(groups), encoding="utf-8")
        command("run", str(file), "--runs", "1")  # compiles the kernel if needed
        began = time.perf_counter()
        command("staff", str(file), "--method", "simulation", "--goal", "total=80/20", "--json")
        return Measurement(time.perf_counter() - began, "s")


STAFFING: dict[str, Callable[[], Measurement]] = {
    "staff by simulation, one group": partial(searched, 1),
    "staff by simulation, three groups": partial(searched, 3),
}
