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


@contextmanager
def _lines(what: str, unit: str) -> Iterator[Draw]:
    began = last = time.monotonic()

    def draw(done: int, planned: int, before: int) -> None:
        nonlocal last
        now = time.monotonic()
        if not before < done < planned or now - last < EACH_S:
            return
        last = now
        counted = f" {unit}" if unit else ""
        left = _left(done - before, planned - done, now - began)
        note(f"{what}: {done}/{planned}{counted}, {left}")

    yield draw


def _left(done: int, missing: int, took: float) -> str:
    from sim.report.formatting import show_seconds

    if not done or not missing:
        return ""
    return f"about {show_seconds(round(took / done * missing))} left"


@contextmanager
def _bar(what: str, unit: str) -> Iterator[Draw]:
    began, last = time.monotonic(), 0.0
    with _drawn(unit) as shown:
        task = shown.add_task(what, total=None, left="")

        def draw(done: int, planned: int, before: int) -> None:
            nonlocal last
            now = time.monotonic()
            if now - last < REDRAWN_S and done < planned:
                return
            last = now
            left = _left(done - before, planned - done, now - began)
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
