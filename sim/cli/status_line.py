"""A line on stderr that says how a search stands."""

from __future__ import annotations

import sys
import time

from sim.cli.common import note

REDRAWN_S = 0.1
EACH_S = 10.0
"""Seconds between two lines where there is no terminal."""
WIDTH = 160
"""Characters of a line that is redrawn at most."""


class StatusLine:
    """A line that is redrawn on a terminal; elsewhere a line from time to time."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._began = time.monotonic()
        self._shown = 0.0 if self._terminal else self._began

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self._began

    @property
    def is_due(self) -> bool:
        """Whether the line has not been shown for long enough."""
        wait = REDRAWN_S if self._terminal else EACH_S
        return time.monotonic() - self._shown >= wait

    def show(self, text: str) -> None:
        """Show a text in place of the one before."""
        self._shown = time.monotonic()
        if self._terminal:
            sys.stderr.write(f"\r\x1b[K{text[:WIDTH]}")
            sys.stderr.flush()
        else:
            note(text)

    def clear(self) -> None:
        """Remove the line from a terminal."""
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
