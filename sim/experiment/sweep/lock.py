"""One process at a time in a folder, by a lock that the system drops when its holder dies."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.units import BadInputError

NAME = ".lock"


class BusyError(BadInputError):
    """Another process is at work in the folder."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
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
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _take(handle)
        except OSError:
            raise BusyError(
                f"{folder}: another sweep is at work here{_holder(folder)}; wait for it to end, "
                "or give another folder"
            ) from None
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0) if hasattr(os, "pwrite") else None
        yield
    finally:
        os.close(handle)


def _holder(folder: Path) -> str:
    try:
        text = (folder / NAME).read_text().strip()
    except OSError:
        return ""
    return f" (process {text})" if text.isdigit() else ""


def _take(handle: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        return
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
