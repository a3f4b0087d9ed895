"""The command line: ``ccplan``."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130

LEAVING_S = 5.0
"""Time (s) that an interrupted process takes at most to clean up."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``ccplan`` and leave with its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        Those of the process unless given.

    Raises
    ------
    SystemExit
        Always: 0 done, 2 bad input, 1 for a fault of the program. When interrupted the
        process ends at once with 130.
    """
    try:
        with listening():
            from sim.cli.commands import app

            app(args=None if arguments is None else list(arguments), prog_name="ccplan")
    except KeyboardInterrupt:
        leave_interrupted()


class Listener:
    """Answers SIGINT as Python does, and remembers that it came."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Raise the interruption where the process is."""
        self.heard = True
        raise KeyboardInterrupt


@contextmanager
def listening() -> Iterator[None]:
    """Remember interruptions meanwhile, unless the process ignores or answers them otherwise.

    What runs may swallow a KeyboardInterrupt (a compiler's callbacks do); then
    :func:`interrupted` still tells. Only the main thread can listen.
    """
    before = signal.getsignal(signal.SIGINT)
    here = threading.current_thread() is threading.main_thread()
    if before is not signal.default_int_handler or not here:
        yield
        return
    signal.signal(signal.SIGINT, Listener())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def interrupted() -> bool:
    """Tell whether the process was interrupted since it listens."""
    listener = signal.getsignal(signal.SIGINT)
    return isinstance(listener, Listener) and listener.heard


def leave_interrupted() -> NoReturn:
    """End the process with 130.

    An interruption that meets an import leaves a mark in the interpreter by which a plain
    exit would end with the signal instead.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not disturb the leaving
    from multiprocessing import active_children

    print("interrupted", file=sys.stderr, flush=True)
    at_last = threading.Timer(LEAVING_S, os._exit, (INTERRUPTED,))
    at_last.daemon = True
    at_last.start()
    for child in active_children():  # they were starting or at work; nobody waits for it now
        child.terminate()
    atexit._run_exitfuncs()
    os._exit(INTERRUPTED)
