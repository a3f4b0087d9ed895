"""Interrupting the command as Ctrl-C does, whatever the tests themselves were started with."""

from __future__ import annotations

import signal
from typing import Any


def hear() -> None:
    """Undo what a shell does to processes in the background: they would ignore SIGINT."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


BY_ITSELF: dict[str, Any] = {"start_new_session": True, "preexec_fn": hear}
"""Options of a process that is interrupted together with its workers, and nobody else."""
