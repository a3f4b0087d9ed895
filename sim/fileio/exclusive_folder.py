"""One process at a time in a folder, by a lock that the system drops when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from sim.units import BadInputError

NAME = ".lock"


class BusyError(BadInputError):
    """Another process is at work in the folder."""


@contextmanager
def folder_lock(folder: Path) -> Iterator[None]:
    """Hold a folder alone.

    The lock hangs on an open file and not on the file's being there: after ``kill -9`` or a
    loss of power nothing is left to clear away.

    Parameters
    ----------
    folder : Path
        Exists.

    Raises
    ------
    BusyError
        When another process holds it.
    """
    lock = FileLock(folder / NAME, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"{folder}: another sweep is at work here{_owner(folder)}; wait for it to end, "
            "or give another folder"
        ) from None
    try:
        with suppress(OSError):  # where a lock also bars writing, its owner is unknown
            (folder / NAME).write_text(f"{os.getpid()}\n", encoding="ascii")
        yield
    finally:
        lock.release()


def _owner(folder: Path) -> str:
    try:
        text = (folder / NAME).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return f" (process {text})" if text.isdigit() else ""
