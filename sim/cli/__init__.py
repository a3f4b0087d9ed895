"""The command line: ``ccplan``."""

from __future__ import annotations

import atexit
import os
import signal
import sys
from collections.abc import Sequence
from typing import NoReturn

INTERRUPTED = 130


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
        from sim.cli.commands import app

        app(args=None if arguments is None else list(arguments), prog_name="ccplan")
    except KeyboardInterrupt:
        leave_interrupted()


def leave_interrupted() -> NoReturn:
    """End the process with 130.

    An interruption that meets an import leaves a mark in the interpreter by which a plain
    exit would end with the signal instead.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one must not disturb the leaving
    print("interrupted", file=sys.stderr, flush=True)
    atexit._run_exitfuncs()
    os._exit(INTERRUPTED)
