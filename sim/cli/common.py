"""What the commands share: reading ``--set`` and scenarios, reporting problems and steps."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any, TextIO

from sim.cli import interrupted, leave_interrupted
from sim.extras import missing, of_error
from sim.messages import message, printable
from sim.toml_text import TomlError, decode_toml
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

STDIN = "-"
"""Stands for the standard input where a file is expected."""
FAULT = 1
BAD_INPUT = 2


@contextmanager
def reporting_bad_input() -> Iterator[None]:
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
        if Verbosity.on:
            traceback.print_exc()
        note(f"error: {error}")
        sys.exit(BAD_INPUT)
    except ModuleNotFoundError as error:
        library = of_error(error)
        if library is None:
            raise
        note(f"error: {missing(library)}")
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
    """Tell something on stderr; what a terminal would act upon is written out, long values cut."""
    print(message(text), file=sys.stderr, flush=True)


class Verbosity:
    """Whether each step is reported, and since when."""

    on = False
    began = 0.0


def be_verbose(on: bool) -> None:
    """Tell each step from now on, or no more."""
    Verbosity.on, Verbosity.began = on, time.monotonic()
    if not on:
        return
    import platform

    from sim import __version__

    detail(f"ccplan {__version__}, Python {platform.python_version()}, {platform.platform()}")


def detail(text: str) -> None:
    """Tell a step on stderr with the time it was reached, where ``--verbose`` asks for it."""
    if Verbosity.on:
        note(f"[{time.monotonic() - Verbosity.began:7.2f} s] {text}")


def loaded(file: str, sets: list[str] | None) -> Scenario:
    """Load a scenario with the overrides of ``--set``, each value read as TOML spells it.

    ``-`` is the text on stdin; the tables it names are looked for in the present folder.
    """
    from sim.scenario import Scenario, load
    from sim.scenario.overrides import typed
    from sim.scenario.without_effect import changes_without_effect

    changes = {path: typed(text) for path, text in overrides(sets).items()}
    if file == STDIN:
        text = _text_of(sys.stdin)
        scenario = Scenario.parse(text, ".", overrides=changes, name="stdin", confined=False)
    else:
        scenario = load(file, changes)
    for changed, change in changes_without_effect(scenario, changes).items():
        note(
            f"note: --set {changed}={change} changes nothing: a value with a sign or * changes the "
            "present one, and 0 stays 0; one without sets it"
        )
    detail(f"read {file}{''.join(f', {path}={value}' for path, value in changes.items())}")
    for name, path in scenario.data_files.items():
        detail(f"read {name} beside it: {path}")
    return scenario


@cache
def _text_of(stream: TextIO) -> str:
    """Read a stream to its end, once: what compares reads the base several times.

    Raises
    ------
    BadInputError
        When it is not a text, or it is a terminal.
    """
    if stream.isatty():
        raise BadInputError("-: a scenario is expected on stdin, such as: ccplan check - < my.toml")
    buffer = getattr(stream, "buffer", None)  # a stream of text alone has none
    if buffer is None:
        return stream.read().removeprefix("\ufeff")
    try:
        return decode_toml(buffer.read())
    except TomlError as error:
        raise BadInputError(f"stdin{f':{error.line}' if error.line else ''}: {error}") from None


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


def titles_by_meaning(columns: list[str] | None) -> dict[str, str]:
    """Return titles by meaning."""
    return _pairs(columns, "--column", 'MEANING=TITLE, such as "offered=Calls"')


def state_options(
    states: str | None, columns: list[str] | None, words: list[str] | None
) -> dict[str, Any]:
    """Return the options on states of agents as arguments."""
    if states is None and (columns or words):
        option = "--states-column" if columns else "--state"
        raise BadInputError(f"{option}: there are no states; allowed: with --states FILE")
    return {
        "states": states,
        "state_columns": _pairs(columns, "--states-column", 'MEANING=TITLE, such as "start=Since"'),
        "state_words": _pairs(words, "--state", 'WORD=STATE, such as "Coaching=not_ready"'),
    }


def _pairs(texts: list[str] | None, option: str, form: str) -> dict[str, str]:
    found = {}
    for text in texts or []:
        key, equals, title = text.partition("=")
        if not equals:
            raise BadInputError(f"{option} {text}: must be {form}")
        found[key.strip()] = title.strip()
    return found


def report_compiling(engine: str, *scenarios: Scenario) -> None:
    """Say on stderr that the first simulation takes longer, when it does.

    A single queue needs only a part of the engine, which compiles in a moment.
    """
    from sim.engine import ENGINES, must_compile

    if engine in ENGINES and must_compile(engine) and not _all_plain(scenarios):
        note("compiling the fast engine; this happens once and takes about twenty seconds")
    if Verbosity.on:
        from sim.compile_cache import folder

        detail(f"engine {engine}; compiled code is kept in {folder()}")


def _all_plain(scenarios: Sequence[Scenario]) -> bool:
    from sim.engine.kernel.single_queue import as_single_queue
    from sim.model import build

    return bool(scenarios) and all(as_single_queue(build(one)) for one in scenarios)


def raise_if_interrupted() -> None:
    """Raise the interruption that code on the way, such as a compiler, swallowed.

    Raises
    ------
    KeyboardInterrupt
        When the process was interrupted.
    """
    if interrupted():
        raise KeyboardInterrupt


def say(text: str) -> None:
    """Write to stdout; what a terminal would act upon is written out."""
    text = printable(text)
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def say_parts(parts: Iterable[str]) -> None:
    """Write pieces of one text to stdout as they come."""
    sys.stdout.writelines(parts)
    say("\n")


def date_option(option: str, text: str | None) -> dt.date | None:
    """Return the date that an option has, None without it."""
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        message = f"{option} {text}: is not a date; allowed: a date such as 2026-01-05"
        raise BadInputError(message) from None


def date_range_options(first: str | None, last: str | None) -> dict[str, Any]:
    """Return the dates of ``--from`` and ``--to``; the first must not be after the last."""
    found = {"first": date_option("--from", first), "last": date_option("--to", last)}
    if found["first"] and found["last"] and found["first"] > found["last"]:
        raise BadInputError(
            f"--from {found['first']} is after --to {found['last']}; allowed: the first day first"
        )
    return found
