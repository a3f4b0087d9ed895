"""Text that others wrote, made fit for a message or a terminal."""

from __future__ import annotations

import re
from typing import Any

LONGEST_VALUE = 80
"""Characters of a quoted value in a message."""
LONGEST_WORD = 300
"""Characters without a space, such as a path."""
LONGEST_LINE = 1000
"""Characters of a line of a message."""

_JOINERS = "\u200c\u200d"  # between letters of Persian and Indic names, and within emoji
_LONG = f"{{{LONGEST_VALUE},}}+"
_VALUE = re.compile(rf"(?<!\w)('[^'\n]{_LONG}'|\"[^\"\n]{_LONG}\")")
_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}+")
_STRANGE = re.compile(r"[^\x20-\x7e\n\t]")


class BadInputError(ValueError):
    """What a user gave cannot be used; the message says field, value and what is allowed."""


def show_value(value: Any) -> str:
    """Return a value as a message shows it: text quoted and on one line, cut when long."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10**30:
        return "a huge number"
    shown = repr(value) if isinstance(value, str) else str(value)
    return shown if len(shown) <= LONGEST_VALUE else f"{shown[: LONGEST_VALUE - 3]}…"


def is_printable(text: str) -> bool:
    """Tell whether a text holds nothing that a terminal would act upon or not show.

    Refused are control characters, ends of lines, marks that turn the direction of writing,
    and halves of characters.
    """
    return all(sign.isprintable() or sign in _JOINERS for sign in text)


def printable(text: str) -> str:
    r"""Return a text in which such characters are written out, as ``\x1b``; lines and tabs stay."""
    return _STRANGE.sub(_written_out, text)


def _written_out(found: re.Match[str]) -> str:
    sign = found[0]
    return sign if is_printable(sign) else sign.encode("unicode_escape").decode("ascii")


def one_line(text: str) -> str:
    r"""Return a text as one line of a message: printable, ends of lines as ``\n``, cut.

    A quoted value is cut after 77 characters, and so are very long words and what is still too
    long, in its middle: a message says what is allowed at its end.
    """
    line = printable(text).replace("\n", "\\n").replace("\t", "\\t")
    line = _VALUE.sub(lambda found: f"{found[0][: LONGEST_VALUE - 3]}…{found[0][0]}", line)
    line = _WORD.sub(lambda found: f"{found[0][: LONGEST_WORD - 1]}…", line)
    if len(line) <= LONGEST_LINE:
        return line
    return f"{line[: LONGEST_LINE // 2]} … {line[3 - LONGEST_LINE // 2 :]}"


def message(text: str) -> str:
    """Return a message of one or more lines, each as by :func:`one_line`."""
    return "\n".join(one_line(line) for line in text.split("\n"))
