"""Reading distributions of times, as text or as a table of parameters."""

from __future__ import annotations

import math
import re
from typing import Any

from sim import units
from sim.distributions import DISTRIBUTIONS, Deterministic, Points, Unlimited
from sim.fileio import duration
from sim.scenario.field_types import one_of
from sim.scenario.files import Files


def short_form() -> str:
    """Return how a distribution is written, with an example of each."""
    shown = [f'"{one.examples[0]}"' for one in DISTRIBUTIONS.values() if one is not Unlimited]
    others = '"30s", "empirical calls.csv:talk" or "unlimited"'
    return f"a distribution such as {', '.join(shown)}, {others}"


def from_text(text: str, files: Any) -> dict[str, Any]:
    """Return the table that a text such as ``"lognormal 4min cv 0.9"`` stands for.

    Parameters
    ----------
    text : str
    files : Files or None
        Where a recorded sample is read from.

    Raises
    ------
    ValueError
        When it is not a distribution; says what is allowed.
    """
    words = text.strip()
    if words.lower() in Unlimited.examples:
        return {"law": Unlimited.name}
    first, _, rest = words.partition(" ")
    if first.lower() == "empirical":
        return _empirical(rest, files)
    named = _named_parameters()
    extras = {key.lower(): value for key, value in named.findall(words)}
    words = named.sub("", words).strip()
    if is_bare(words.removeprefix("-")):
        return {"law": Deterministic.name, "mean": words, **extras}
    first, _, rest = words.partition(" ")
    name = one_of(first, tuple(DISTRIBUTIONS))
    return {"law": name, **DISTRIBUTIONS[name].parse_text(text, rest), **extras}


def _named_parameters() -> re.Pattern[str]:
    """Return what finds the parameters that a text names, as in ``cv 0.9``."""
    found = {"zero"} | {
        each.key for one in DISTRIBUTIONS.values() for each in one.parameters() if each.in_text
    }
    return re.compile(rf"\b({'|'.join(sorted(found))})\s+(\S+(?:\s+%)?)", re.IGNORECASE)


def is_bare(value: Any) -> bool:
    """Return whether a time is written without the name of a distribution."""
    if isinstance(value, str):
        words = value.strip()
        return words[:1].isdigit() or words[:1] in (".", ",")
    return isinstance(value, int | float) and not isinstance(value, bool)


def _empirical(source: str, files: Any) -> dict[str, Any]:
    """Return the quantile curve of a recorded sample.

    Order statistics stand in the middle of their steps; at most 2001 of them are kept.
    """
    if not isinstance(files, Files):
        raise ValueError(f"{source!r} cannot be read: the scenario has no folder")
    sample = sorted(duration(value) for value in files.column(source.strip()).values)
    if not sample:
        raise ValueError(f"{source!r} holds no values; allowed: at least one")
    zero = sum(value == 0 for value in sample) / len(sample)
    kept = [value for value in sample if value > 0]
    points = [[value, (i + 0.5) / len(kept)] for i, value in enumerate(kept)]
    if len(points) > 2001:
        step = (len(points) - 1) / 2000
        points = [points[round(i * step)] for i in range(2001)]
    if points:
        points = [[points[0][0], 0.0], *points, [points[-1][0], 1.0]]
    else:
        return {"law": "deterministic", "mean": 0.0}
    return {"law": "points", "points": points, "zero": zero}


def tidied(table: dict[str, Any]) -> dict[str, Any]:
    """Return a checked table with mean and shape, whatever parameters it has.

    Raises
    ------
    ValueError
        When parameters are missing, too many or out of bounds.
    """
    found = {{"time": "mean", "spread": "cv"}.get(k, k): v for k, v in table.items()}
    known = {"law", "zero", "cv", "shape", "mean"}
    known |= {each.key for one in DISTRIBUTIONS.values() for each in one.parameters()}
    for key in found:
        if key not in known:
            raise ValueError(f"unknown key {key!r}; allowed: {', '.join(sorted(known))}")
    found = {k: v for k, v in found.items() if not _is_blank(v)}
    usual = Points.name if "points" in found else Deterministic.name
    name = one_of(found.get("law", usual), tuple(DISTRIBUTIONS))
    zero = units.share(found.get("zero", 0.0))
    return {"law": name, "zero": zero, **DISTRIBUTIONS[name].read(found | {"zero": zero})}


def _is_blank(value: Any) -> bool:
    return (isinstance(value, float) and math.isnan(value)) or value == ()
