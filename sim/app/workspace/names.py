"""Names that people typed: shown as text, and made into names of files."""

from __future__ import annotations

import re
from collections.abc import Container

LONGEST = 48
"""Characters of a file name made of a name."""


def as_text(name: str) -> str:
    """Return a name so that Markdown shows it letter by letter."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])", r"\\\1", " ".join(name.split()))


def slug(name: str) -> str:
    """Return a name made of small letters, digits and lines only, for a file."""
    return re.sub(r"[^0-9a-z]+", "-", name.lower()).strip("-")[:LONGEST].strip("-") or "unnamed"


def free(wish: str, taken: Container[str], form: str = "{} ({})") -> str:
    """Return a name that is not taken: the wish, or the wish with a number."""
    name, number = wish, 2
    while name in taken:
        name, number = form.format(wish, number), number + 1
    return name
