"""Whole headcounts by interval that keep a sum."""

from __future__ import annotations

import math
from collections.abc import Sequence


def changed_headcounts(agents: Sequence[float], share: float) -> list[int]:
    """Return whole headcounts that are higher by a share in their sum, spread evenly.

    What a single interval cannot take as a whole agent is carried to the next one.
    """
    found, rest = list[int](), 0.0
    for number in agents:
        wanted = number * (1 + share) + (rest if number else 0.0)
        whole = max(math.floor(wanted + 0.5), 0)
        if number:
            rest = wanted - whole
        found.append(whole)
    return found
