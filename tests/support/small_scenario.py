"""The small scenario of many tests: one queue and one group for two hours."""

from __future__ import annotations

SMALL = """# Is it enough?
[center]
name = "Small"
open = "08:00-10:00"
[queue.calls]
volume = 30
talk = "exponential 3min"
patience = "exponential 2min"
target = "80% in 20s"
[group.all]
agents = 4
skills = { calls = 1 }
"""


def small_scenario(more: str = "", **fields: str | int | None) -> str:
    """Return the scenario as text, with some of its fields written otherwise.

    Parameters
    ----------
    more : str
        Tables that follow.
    **fields
        Values as TOML writes them, by the name of the field; None leaves the field out.
    """
    lines = SMALL.splitlines()
    for name, value in fields.items():
        (at,) = [k for k, line in enumerate(lines) if line.startswith(f"{name} = ")]
        lines[at] = "" if value is None else f"{name} = {value}"
    return "\n".join([*filter(None, lines), more])
