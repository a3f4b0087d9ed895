"""Files that are there whole or not at all, also after a loss of power."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

UNFINISHED = ".unfinished"


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """Give a path beside a file; what is written there takes the file's place at the end.

    It is on the disk before it gets its name, and the name is before this returns. Nothing is
    left behind when writing fails.
    """
    temporary = path.with_name(path.name + UNFINISHED)
    try:
        yield temporary
        _to_disk(temporary)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
    settle(path.parent)


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def write(path: Path, content: bytes) -> None:
    """Write a file whole."""
    with replaced(path) as temporary:
        temporary.write_bytes(content)


def settle(folder: Path) -> None:
    """Bring the names of a folder to the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep_up(folder: Path) -> None:
    """Remove what a killed process left half written."""
    for file in folder.rglob(f"*{UNFINISHED}"):
        file.unlink(missing_ok=True)
