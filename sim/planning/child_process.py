"""Processes that solve a model for another one, and end with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

_CODE = (
    "import sys, json, importlib; sys.path[:] = json.loads(sys.argv[1]); "
    "importlib.import_module(sys.argv[2]).serve()"
)


def open_child(module: str) -> subprocess.Popen[bytes]:
    """Start a process that calls ``serve`` of a module, with pipes for stdin and stdout.

    Isolated, so that no module of a user's own in the present folder takes another's place; in a
    session of its own, so that Ctrl-C reaches only the process that started it.

    Parameters
    ----------
    module : str
        Such as ``sim.planning.roster.solver_process``.
    """
    return subprocess.Popen(
        [sys.executable, "-I", "-c", _CODE, json.dumps([p for p in sys.path if p]), module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def close_child(process: subprocess.Popen[bytes]) -> None:
    """End a process at once, and close its pipes."""
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()


def follow_parent() -> None:
    """End this process when its stdin does: its parent has closed it, or is gone.

    To be called once all that is needed was read from stdin; Ctrl-C is left to the parent.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_wait_for_end, daemon=True).start()


def _wait_for_end() -> None:
    sys.stdin.buffer.read()
    os._exit(0)
