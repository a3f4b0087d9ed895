"""Ctrl-C or Cancel during a search for shifts: it ends with the best plan so far.

The first interruption is noted, and every solver and every step of the search ends soon, as when
the time is over. A second one is raised.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass
class Interruption:
    """Whether the present search was interrupted.

    Attributes
    ----------
    watch : callable or None
        Called several times a second while a solver works; it may show progress, and raise
        KeyboardInterrupt.
    happened : bool
    """

    watch: Callable[[], None] | None = None
    happened: bool = False


_present: ContextVar[Interruption | None] = ContextVar("interruption", default=None)


@contextmanager
def interruptible(watch: Callable[[], None] | None = None) -> Iterator[Interruption]:
    """Note interruptions in this block instead of raising the first one."""
    found = Interruption(watch)
    token = _present.set(found)
    try:
        yield found
    finally:
        _present.reset(token)


def was_interrupted() -> bool:
    """Return whether the present search was interrupted."""
    found = _present.get()
    return found is not None and found.happened


def look() -> None:
    """Show progress; raise KeyboardInterrupt when the search was or is interrupted."""
    found = _present.get()
    if found is None:
        return
    if found.happened:
        raise KeyboardInterrupt
    if found.watch is not None:
        found.watch()


def note_interruption() -> None:
    """Note an interruption; outside a block, or the second time, raise it.

    Raises
    ------
    KeyboardInterrupt
    """
    found = _present.get()
    if found is None or found.happened:
        raise KeyboardInterrupt
    found.happened = True
