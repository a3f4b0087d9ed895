"""Writing files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sim.units import BadInputError


class OutputError(BadInputError):
    """A file cannot be written where it was asked for."""


def checked(path: str | Path, suffix: str | None = None) -> Path:
    """Return the path of a file to write.

    Parameters
    ----------
    path : str or Path
    suffix : str, optional
        How the name must end, such as ``".xlsx"``; a spreadsheet program refuses others.

    Raises
    ------
    OutputError
        When its folder does not exist, the path is a folder, or its name ends otherwise.
    """
    target = Path(path)
    if suffix is not None and target.suffix.lower() != suffix:
        raise OutputError(f"{target}: the name of a workbook must end in {suffix}")
    if not target.parent.is_dir():
        raise OutputError(f"{target}: there is no folder {target.parent}")
    if target.is_dir():
        raise OutputError(f"{target}: is a folder, a file name is needed")
    return target


@contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside a file; on success it takes the file's place.

    Nothing is left behind when writing fails or is interrupted.

    Raises
    ------
    OutputError
        When the file cannot be written.
    """
    target = checked(path)
    try:
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.stem}-", suffix=target.suffix
        )
    except OSError as error:
        raise OutputError(f"{target}: {error.strerror}") from error
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
