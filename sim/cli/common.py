"""What the commands share: reading ``--set``, telling problems and progress."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sim.cli import interrupted, leave_interrupted
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

FAULT = 1
BAD_INPUT = 2


@contextmanager
def judged() -> Iterator[None]:
    """Turn what a user got wrong into one message and an exit code.

    Bad input is what was refused as such (:class:`sim.units.BadInputError`: of scenarios,
    quantities, bounds), and files that cannot be read or written. Everything else is a fault
    of the program and keeps its traceback.

    Raises
    ------
    SystemExit
        With 2 for bad input.
    """
    try:
        yield
    except BadInputError as error:
        note(f"error: {error}")
        sys.exit(BAD_INPUT)
    except KeyboardInterrupt:
        leave_interrupted()
    except BrokenPipeError:
        # The reader of stdout, such as head, has enough: no reason to complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        note(f"error: {place}{error.strerror or error}")
        sys.exit(BAD_INPUT)


def note(text: str) -> None:
    """Tell something on stderr."""
    print(text, file=sys.stderr, flush=True)


def loaded(given: str, sets: list[str] | None) -> Scenario:
    """Load a scenario with the overrides of ``--set``, each value read as TOML spells it."""
    from sim.scenario import load
    from sim.scenario.overrides import typed

    return load(given, {path: typed(text) for path, text in overrides(sets).items()})


def overrides(sets: list[str] | None) -> dict[str, str]:
    """Return the ``--set PATH=VALUE`` options as texts by path, as they were written.

    Raises
    ------
    BadInputError
        When one has no ``=`` or no path.
    """
    found: dict[str, str] = {}
    for text in sets or []:
        path, equals, value = text.partition("=")
        if not equals or not path.strip():
            example = "queue.billing.volume=+10%"
            raise BadInputError(f"--set {text}: must be PATH=VALUE, such as {example}")
        found[path.strip()] = value.strip()
    return found


def tell_of_compiling(engine: str, *scenarios: Scenario) -> None:
    """Say on stderr that the first simulation takes longer, when it does.

    A plain line is lived without the engine as a whole, and compiles in a moment.
    """
    from sim.engine import ENGINES, must_compile

    if engine in ENGINES and must_compile(engine) and not _all_plain(scenarios):
        note("compiling the fast engine; this happens once and takes about twenty seconds")


def _all_plain(scenarios: Sequence[Scenario]) -> bool:
    from sim.engine.kernel.plain import plain_line
    from sim.model import build

    return bool(scenarios) and all(plain_line(build(one)) for one in scenarios)


def heed() -> None:
    """Raise the interruption that somebody on the way, such as a compiler, swallowed.

    Raises
    ------
    KeyboardInterrupt
        When the process was interrupted.
    """
    if interrupted():
        raise KeyboardInterrupt


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """Draw progress on stderr while it is a terminal, and wipe it away at the end.

    Each call also raises an interruption that came before and went unheard.
    """
    if not sys.stderr.isatty():
        yield lambda done, planned: heed()
        heed()
        return
    last = 0.0

    def draw(done: int, planned: int) -> None:
        nonlocal last
        heed()
        now = time.monotonic()
        if now - last < 0.1 and done < planned:
            return
        last = now
        filled = 30 * done // max(planned, 1)
        bar = "#" * filled + "." * (30 - filled)
        print(f"\r{what} [{bar}] {done}/{planned}", end="", file=sys.stderr, flush=True)

    try:
        yield draw
        heed()
    finally:
        print("\r\033[K", end="", file=sys.stderr, flush=True)


def say(text: str) -> None:
    """Write to stdout."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()
