"""A small scenario with levers, of which the best mixes are known by enumeration."""

from __future__ import annotations

SMALL_LEVERS = """
[center]
name = "Small"
open = "08:00-10:00"
[queue.calls]
volume = 30
talk = "exponential 3min"
patience = "exponential 2min"
resolved = "60%"
[group.team]
agents = 3
skills = { calls = 1 }
wage = 20
[lever.agent]
title = "One agent more"
changes = { "group.team.agents" = "+1" }
limit = 2
[lever.coach]
title = "Coaching"
changes = { "queue.calls.resolved" = "+10pp" }
cost = 500
[lever.dear]
title = "Dear coaching"
changes = { "queue.calls.resolved" = "+4pp" }
cost = 900
[lever.nothing]
title = "New chairs"
changes = { "group.team.overtime" = "+10%" }
cost = 100
"""


def with_levers(more: str = "", **fields: str) -> str:
    """Return the scenario as text, with further tables, and lines replaced by their beginning."""
    lines = SMALL_LEVERS.splitlines()
    for name, value in fields.items():
        lines = [f"{name} = {value}" if one.startswith(f"{name} = ") else one for one in lines]
    return "\n".join([*lines, more])
