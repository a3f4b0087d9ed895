"""The command that sweeps: progress with the time that is left, and what was found."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.cli.common import FAULT, heed, note, say, tell_of_compiling

EACH_S = 30.0
"""Seconds between two lines of progress where there is no terminal."""


def sweep_study(
    study: str,
    out: Path,
    workers: int | None,
    cluster: str | None,
    report: bool,
    seed: int | None,
    as_json: bool,
) -> None:
    """Live the cells of a study that are missing, and show all of them.

    Raises
    ------
    SystemExit
        With 1 when cells failed.
    """
    from sim.experiment.sweep import SweepError, WorkerError, load_study, sweep
    from sim.report.sweep_text import sweep_text

    read = load_study(study)
    tell_of_compiling(read.engine, read.scenario)
    try:
        with told() as progress:
            swept = sweep(read, out, workers, cluster, seed, progress)
    except (SweepError, WorkerError) as error:
        note(f"fault: {error}")
        sys.exit(FAULT)
    except (KeyboardInterrupt, OSError):
        if (out / "parts").is_dir():
            note("what was finished is kept; the same command goes on from there")
        raise
    if report:
        from sim.report.sweep_book import write_book
        from sim.report.sweep_page import write_page

        write_page(out / "report.html", swept)
        write_book(out / "report.xlsx", swept)
        note(f"wrote {out / 'report.html'} and {out / 'report.xlsx'}")
    say(swept.to_json() if as_json else sweep_text(swept))


@contextmanager
def told() -> Iterator[Callable[[int, int, int], None]]:
    """Tell progress on stderr: a bar that is wiped away, or a line from time to time."""
    began = time.monotonic()
    last = began
    bar = sys.stderr.isatty()

    def tell(done: int, planned: int, before: int) -> None:
        nonlocal last
        heed()
        now = time.monotonic()
        first = done == before
        if first and before:
            note(f"{before} of {planned} cells were finished before")
        if not first and done < planned and now - last < (0.1 if bar else EACH_S):
            return
        last = now
        text = f"{done}/{planned} cells{_left(done - before, planned - done, now - began)}"
        if bar:
            filled = 30 * done // max(planned, 1)
            shown = f"\r\033[Ksweeping [{'#' * filled}{'.' * (30 - filled)}] {text}"
            print(shown, end="", file=sys.stderr, flush=True)
        elif not first and done < planned:
            note(text)

    try:
        yield tell
        heed()
    finally:
        if bar:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


def _left(done: int, missing: int, took: float) -> str:
    from sim.report.quantity import show_seconds

    if not done or not missing:
        return ""
    return f", about {show_seconds(round(took / done * missing))} left"
