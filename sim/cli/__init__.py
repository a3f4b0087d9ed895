"""The command line: ``ccplan``."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
ENDED = 128
"""Exit code of a process that is asked to end, without the number of the signal."""

LEAVING_S = 5.0
"""Time (s) that an interrupted process takes at most to clean up."""
Handler = Callable[[int, FrameType | None], None]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``ccplan`` and leave with its exit code.

    Parameters
    ----------
    arguments : sequence of str, optional
        By default those of the process.

    Raises
    ------
    SystemExit
        Always: 0 done, 2 bad input, 1 for a fault of the program, 143 when asked to end
        (SIGTERM). When interrupted the process ends at once with 130.
    """
    _tolerate_signs()
    if arguments is None:
        _one_thread_for_small_matrices()
    try:
        # A process that is done still takes a moment to end, and is interrupted then too.
        after = _leave_late if arguments is None else None
        with ending_cleanly(), listening(after):
            from sim.cli.commands import app

            app(args=None if arguments is None else list(arguments), prog_name="ccplan")
    except KeyboardInterrupt:
        leave_interrupted()


def _one_thread_for_small_matrices() -> None:
    """Keep numpy from several threads, unless the user set them: this process is ccplan's own.

    The matrices here are small: threads that wait for one another took nine times as long for the
    chain of concurrent chats. numpy reads it when it is imported.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _tolerate_signs() -> None:
    """Write a question mark for what the encoding of an output lacks, as of a file on Windows."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


class Listener:
    """Answers SIGINT as Python does, and remembers that it came."""

    def __init__(self) -> None:
        self.heard = False

    def __call__(self, number: int, frame: FrameType | None) -> None:
        """Raise the interruption where the process is."""
        self.heard = True
        raise KeyboardInterrupt


@contextmanager
def listening(after: Handler | None = None) -> Iterator[None]:
    """Remember interruptions meanwhile, unless the process ignores or answers them otherwise.

    What runs may swallow a KeyboardInterrupt (a compiler's callbacks do); then
    :func:`interrupted` still reports. Only the main thread can listen.

    Parameters
    ----------
    after : callable, optional
        Answers interruptions from then on, while the interpreter ends; by default as before.
    """
    before = signal.getsignal(signal.SIGINT)
    here = threading.current_thread() is threading.main_thread()
    if before is not signal.default_int_handler or not here:
        yield
        return
    if after is not None:
        # Registered first and so run last: what the interpreter does then takes a moment, answers
        # no interruption any more, and would end by the signal.
        atexit.register(_leave_in_peace)
    signal.signal(signal.SIGINT, Listener())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, after or before)


@contextmanager
def ending_cleanly() -> Iterator[None]:
    """Leave nothing half written when the process is asked to end meanwhile.

    Only where nothing else handles these signals, and in the main thread.
    """
    known = (getattr(signal, name, None) for name in ("SIGTERM", "SIGHUP"))
    here = threading.current_thread() is threading.main_thread()
    ours = [s for s in known if here and s is not None and signal.getsignal(s) == signal.SIG_DFL]
    for number in ours:
        signal.signal(number, end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def end(number: int, frame: FrameType | None) -> NoReturn:
    """Remove what is half written, and leave as after an error; at once if that takes long.

    Raises
    ------
    SystemExit
        With 128 and the number of the signal.
    """
    signal.signal(number, signal.SIG_IGN)  # a second one must not disturb the leaving
    writing = sys.modules.get(
        "sim.fileio.atomic_files"
    )  # to import it now might meet another import
    if writing is not None:
        writing.remove_open()
    _leave_at_last(ENDED + number)
    raise SystemExit(ENDED + number)


def _leave_at_last(code: int) -> None:
    """End the processes that work for this one, and soon this one, whatever it still waits for."""
    from multiprocessing import active_children

    at_last = threading.Timer(LEAVING_S, os._exit, (code,))
    at_last.daemon = True
    at_last.start()
    for child in active_children():  # they were starting or at work; no result is awaited any more
        child.terminate()


def interrupted() -> bool:
    """Tell whether the process was interrupted since it listens."""
    listener = signal.getsignal(signal.SIGINT)
    return isinstance(listener, Listener) and listener.heard


def forget_interruption() -> None:
    """Forget an interruption that was answered, so that the command can end with its result."""
    listener = signal.getsignal(signal.SIGINT)
    if isinstance(listener, Listener):
        listener.heard = False


def _leave_late(number: int, frame: FrameType | None) -> NoReturn:
    """End a process with 130 that is interrupted when its command is done.

    The interpreter may be ending already: nothing is imported, and nothing printed that could be
    in the midst of printing.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.write(2, b"interrupted\n")
    processes = sys.modules.get("multiprocessing")
    for child in processes.active_children() if processes else ():
        child.terminate()
    os._exit(INTERRUPTED)


def _leave_in_peace() -> None:
    """Ignore interruptions while the interpreter takes itself apart: nothing is left to stop."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def leave_interrupted() -> NoReturn:
    """End the process with 130.

    An interruption that meets an import leaves a mark in the interpreter by which a plain
    exit would end with the signal instead.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not disturb the leaving
    print("interrupted", file=sys.stderr, flush=True)
    _leave_at_last(INTERRUPTED)
    atexit._run_exitfuncs()
    os._exit(INTERRUPTED)
