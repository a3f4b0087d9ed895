"""What is wrong with a scenario, told so that a planner can put it right."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.units import BadInputError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    path : str
        Dotted path of the field, such as ``queue.billing.talk``; empty for the whole file.
    message : str
        What is wrong and what is allowed.
    value : object
        The value found, or None when it is missing or the message says it.
    suggestion : str
        The nearest thing that would be right, or empty.
    file : str
    line : int or None
        Line of the file, counted from 1, when known.
    """

    path: str
    message: str
    value: Any = None
    suggestion: str = ""
    file: str = ""
    line: int | None = None

    def __str__(self) -> str:
        """Return the problem as one line."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        hint = f" Did you mean {self.suggestion!r}?" if self.suggestion else ""
        return ": ".join(part for part in (place, self.path, self.message + hint) if part)


class ScenarioError(BadInputError):
    """A scenario that cannot be used, with every problem found in it.

    Parameters
    ----------
    problems : sequence of Problem
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Problem]]]:
        """Rebuild from the problems, so that the error survives being sent to a worker."""
        return ScenarioError, (self.problems,)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like the given one, or an empty string."""
    words = list(known)
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.55)
    if close:
        return close[0]
    longer = [k for k in words if len(word) > 2 and (k.startswith(word) or word.startswith(k))]
    return longer[0] if longer else ""


def listed(words: Iterable[str]) -> str:
    """Return words as ``a, b or c``."""
    items = sorted(words)
    if len(items) < 2:
        return "".join(items) or "none"
    return ", ".join(items[:-1]) + " or " + items[-1]


_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+\s*(?:#.*)?$")
_KEY = re.compile(
    r"\s*((?:[\w-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[\w-]+|\"[^\"]*\"|'[^']*'))*)\s*="
)


def _names(dotted: str) -> tuple[str, ...]:
    parts = re.findall(r"\"([^\"]*)\"|'([^']*)'|([\w-]+)", dotted)
    return tuple(next(p for p in part if p) for part in parts if any(part))


def line_of(text: str, path: str) -> int | None:
    """Return the line of a TOML text where a dotted path, or its nearest parent, stands.

    Parameters
    ----------
    text : str
    path : str
        Such as ``queue.billing.talk.cv``.

    Returns
    -------
    int or None
        Counted from 1; None when no part of the path is found.
    """
    wanted = tuple(part for part in path.split(".") if part)
    best: tuple[int, int] | None = None
    table: tuple[str, ...] = ()
    here: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = here = _names(header[1])
        elif (key := _KEY.match(line)) and not _is_inside(line, here, wanted):
            here = table + _names(key[1])
        depth = _depth(here, wanted, line)
        if depth and (best is None or depth > best[0]):
            best = (depth, number)
    return best[1] if best else None


def _is_inside(line: str, here: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Return whether an indented line continues the value of the key before it."""
    return line[:1].isspace() and len(here) > 2 and wanted[: len(here)] == here


def _depth(here: tuple[str, ...], wanted: tuple[str, ...], line: str) -> int:
    """Return how many parts of the wanted path lead to this line."""
    if not here or wanted[: len(here)] != here:
        return 0
    depth = len(here)
    for part in wanted[len(here) :]:
        if part.isdigit() or re.search(rf"(?<![\w-])[\"']?{re.escape(part)}[\"']?\s*=", line):
            depth += not part.isdigit()
        else:
            break
    return depth
