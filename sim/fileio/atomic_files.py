"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sim.units import BadInputError

UNFINISHED = ".unfinished"
"""How the names of files end that are still being written."""
_open: set[Path] = set()
"""Files that this process is writing; whoever ends it by a signal can remove them."""


class OutputError(BadInputError):
    """A file cannot be written where it was asked for."""


def _is_same(one: Path, other: Path) -> bool:
    return one.exists() and other.exists() and one.samefile(other)


def checked(path: str | Path, suffix: str | None = None, inputs: Iterable[str | Path] = ()) -> Path:
    """Return the path of a file to write.

    Parameters
    ----------
    path : str or Path
    suffix : str, optional
        How the name must end, such as ``".xlsx"``; a spreadsheet program refuses others.
    inputs : iterable of str or Path
        Files that are read for what is written, which must not be lost.

    Raises
    ------
    OutputError
        When its folder does not exist, the path is a folder, a device or a pipe, one of the files
        that are read, or its name ends otherwise.
    """
    target = Path(path)
    if any(_is_same(target, Path(one)) for one in inputs):
        raise OutputError(f"{target}: is read by the same command; allowed: another file")
    if suffix is not None and target.suffix.lower() != suffix:
        raise OutputError(f"{target}: the name of a workbook must end in {suffix}")
    if not target.parent.is_dir():
        raise OutputError(f"{target}: there is no folder {target.parent}")
    if target.is_dir():
        raise OutputError(f"{target}: is a folder, a file name is needed")
    if target.exists() and not target.is_file():
        raise OutputError(f"{target}: is not a regular file; allowed: the name of a file")
    return target


@contextmanager
def replaced(path: str | Path, *, to_disk: bool = False, mode: int | None = None) -> Iterator[Path]:
    """Give a temporary path beside a file; on success it takes the file's place.

    Whoever reads meanwhile sees the old file or the new one. Nothing is left behind when writing
    fails or is interrupted. A link stays a link: the file that it leads to is replaced.

    Parameters
    ----------
    path : str or Path
    to_disk : bool
        Whether the content must be on the disk before it gets its name, and the name before this
        returns, so that it outlives a loss of power.
    mode : int, optional
        Who may read and write the file, such as 0o600; what the process allows unless given.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    target = checked(Path(path).resolve() if Path(path).is_symlink() else path)
    try:
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name[:100]}-", suffix=UNFINISHED
        )
    except OSError as error:
        raise OutputError(f"{target}: cannot be written: {error.strerror}") from error
    temporary = Path(name)
    _open.add(temporary)
    os.close(handle)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask() if mode is None else mode)
        if to_disk:
            sync(temporary)
        temporary.replace(target)
        if to_disk:
            sync_folder(target.parent)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        _open.discard(temporary)


def write_file(
    path: str | Path, content: bytes | str, *, to_disk: bool = False, mode: int | None = None
) -> None:
    """Write a file whole; text in UTF-8.

    Parameters
    ----------
    path, to_disk, mode
        As for :func:`replaced`.
    content : bytes or str

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    with replaced(path, to_disk=to_disk, mode=mode) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)


def sync(path: Path) -> None:
    """Bring the content of a file to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Bring the names of a folder to the disk, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_unfinished(folder: Path) -> None:
    """Remove what a killed process left half written in a folder and those below."""
    for file in folder.rglob(f"*{UNFINISHED}"):
        file.unlink(missing_ok=True)


def remove_open() -> None:
    """Remove the files that this process is writing; for handlers of signals that end it."""
    for path in list(_open):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
