"""Uploads that long work reads: in a temporary folder that is deleted when the work ends."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sim.app.uploads import UploadError, bare_name
from sim.fileio import MEGABYTE, UPLOADS
from sim.units import BadInputError


@contextmanager
def temporary_files(contents: Mapping[str, bytes]) -> Iterator[Callable[[str], Path]]:
    """Write uploads to a folder that is deleted at the end, and yield a function for their paths.

    Messages name the files as the user does, without the folder.

    Parameters
    ----------
    contents : mapping of str to bytes
        By name of the file.

    Raises
    ------
    BadInputError
        That of the work inside.
    """
    with TemporaryDirectory(prefix="ccplan-") as folder:

        def path(name: str) -> Path:
            return Path(folder) / bare_name(name)

        for name, content in contents.items():
            path(name).write_bytes(content)
        try:
            yield path
        except BadInputError as error:
            raise BadInputError(str(error).replace(f"{folder}/", "")) from None


def guard_log(name: str, content: bytes, command: str) -> None:
    """Refuse a log that is too large for the app.

    Raises
    ------
    UploadError
        With the bound, and the command that reads larger ones.
    """
    most = UPLOADS.size
    size = len(content)
    if name.lower().endswith(".gz") and size <= most:
        most = UPLOADS.unpacked
        try:
            with gzip.open(io.BytesIO(content), "rb") as source:
                size = len(source.read(most + 1))
        except (OSError, EOFError, zlib.error) as error:
            raise UploadError(f"{name}: cannot be unpacked: {error}") from None
    if size > most:
        raise UploadError(
            f"{name}: has more than {most // MEGABYTE} MB; allowed: at most that in the app "
            f"(use {command} for more)"
        )
