"""Progress of long work on stderr, with the time that is left."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.cli.common import detail, note, raise_if_interrupted

if TYPE_CHECKING:
    from rich.progress import Progress

EACH_S = 30.0
"""Seconds between two lines of progress where there is no terminal."""
REDRAWN_S = 0.1
SURE_AFTER_S = 2.0
"""Seconds of measured work before the time left is shown."""


@contextmanager
def progress(what: str, unit: str = "") -> Iterator[Callable[..., None]]:
    """Tell how far a work is: a bar on a terminal, wiped away at the end, else lines.

    Each call also raises an interruption that came before and went unheard.

    Parameters
    ----------
    what : str
        Such as "simulating".
    unit : str
        What is counted, in the plural.

    Yields
    ------
    callable
        Takes how much is done, how much is planned, and optionally how much of it was done
        before this work began, which says nothing about its speed.
    """
    began = time.monotonic()
    with (_bar if sys.stderr.isatty() else _lines)(what, unit) as draw:

        def show(done: int, planned: int, before: int = 0) -> None:
            raise_if_interrupted()
            draw(done, planned, before)

        yield show
        raise_if_interrupted()
    detail(f"{what} took {time.monotonic() - began:.2f} s")


Draw = Callable[[int, int, int], None]


class _TimeLeft:
    """The time that is left, at the speed since the first part was done.

    The first part says nothing of the others: code is loaded and compiled in it.
    """

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None

    def text(self, done: int, planned: int, before: int, now: float) -> str:
        """Return a text such as "about 20 s left", empty before the speed is known."""
        from sim.report.formatting import show_seconds

        if done <= before:
            return ""
        if self._first is None:
            self._first = done, now
        parts, took = done - self._first[0], now - self._first[1]
        if parts <= 0 or took < SURE_AFTER_S or done >= planned:
            return ""
        return f"about {show_seconds(round(took / parts * (planned - done)))} left"


@contextmanager
def _lines(what: str, unit: str) -> Iterator[Draw]:
    last, time_left = time.monotonic(), _TimeLeft()

    def draw(done: int, planned: int, before: int) -> None:
        nonlocal last
        now = time.monotonic()
        left = time_left.text(done, planned, before, now)
        if not before < done < planned or now - last < EACH_S:
            return
        last = now
        counted = f" {unit}" if unit else ""
        note(", ".join(filter(None, (f"{what}: {done}/{planned}{counted}", left))))

    yield draw


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Draw]:
    last, time_left = 0.0, _TimeLeft()
    with _drawn(unit) as shown:
        task = shown.add_task(what, total=None, left="")

        def draw(done: int, planned: int, before: int) -> None:
            nonlocal last
            now = time.monotonic()
            left = time_left.text(done, planned, before, now)
            if now - last < REDRAWN_S and done < planned:
                return
            last = now
            shown.update(task, completed=done, total=planned, left=left, refresh=True)

        yield draw


def _drawn(unit: str) -> Progress:
    """Return a bar that is drawn only when it is updated, by no thread of its own."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
        console=Console(stderr=True),
        transient=True,
        auto_refresh=False,
    )
