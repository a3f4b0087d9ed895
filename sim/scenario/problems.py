"""Problems of a scenario, in words from which a planner can correct it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from sim.messages import LONGEST_VALUE, one_line
from sim.toml_text import DEEPEST, lines_of
from sim.units import BadInputError

MOST_SHOWN = 50
"""Problems of a file that are shown at once."""
MOST_LISTED = 60
"""Words of a list of what is allowed."""
MOST_COMPARED = 300
"""Known words among which the nearest is looked for."""


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
        return one_line(": ".join(part for part in (place, self.path, self.message + hint) if part))


class ScenarioError(BadInputError):
    """A scenario that cannot be used, with every problem found in it.

    Parameters
    ----------
    problems : sequence of Problem
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        lines = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        more = len(self.problems) - len(lines)
        lines += [f"and {more:,} more"] if more else []
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[ScenarioError], tuple[list[Problem]]]:
        """Rebuild from the problems, so that the error survives being sent to a worker."""
        return ScenarioError, (self.problems,)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word most like the given one, or an empty string."""
    words = list(islice(known, MOST_COMPARED))
    word = word[: 2 * LONGEST_VALUE]
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.55)
    if close:
        return close[0]
    longer = [k for k in words if len(word) > 2 and (k.startswith(word) or word.startswith(k))]
    return longer[0] if longer else ""


def nearest_zone(name: str) -> str:
    """Return the time zone most like a name, or an empty string."""
    from zoneinfo import available_timezones

    region = name.partition("/")[0]  # first, as not all of them are compared
    zones = sorted(available_timezones(), key=lambda one: (one.partition("/")[0] != region, one))
    return nearest(name, zones)


def listed(words: Iterable[str]) -> str:
    """Return words as ``a, b or c``."""
    return _joined(sorted(words), "or") or "none"


def all_of(words: Iterable[str]) -> str:
    """Return words in their order as ``a, b and c``."""
    return _joined(list(words), "and")


def _joined(items: list[str], last: str) -> str:
    if len(items) > MOST_LISTED:
        return f"{', '.join(items[:MOST_LISTED])} {last} {len(items) - MOST_LISTED:,} others"
    return f" {last} ".join(filter(None, (", ".join(items[:-1]), *items[-1:])))


def placed(problems: Iterable[Problem], text: str, file: str) -> list[Problem]:
    """Return problems with file and line, in the order of the file.

    Parameters
    ----------
    problems : iterable of Problem
    text : str
        Of the TOML file.
    file : str
    """
    lines = lines_of(text)
    found = [replace(p, file=file, line=_line(lines, p.path)) for p in problems]
    return sorted(found, key=lambda problem: problem.line or 0)


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
    return _line(lines_of(text), path)


def _line(lines: dict[str, int], path: str) -> int | None:
    for _ in range(2 * DEEPEST):  # paths are no deeper, unless the file is hostile
        if path in lines or not path:
            break
        path = path.rpartition(".")[0]
    return lines.get(path)
