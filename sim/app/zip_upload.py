"""An uploaded ZIP file as the files of a scenario folder, within strict limits."""

from __future__ import annotations

import io
import zlib
from pathlib import PurePosixPath
from stat import S_ISLNK
from zipfile import BadZipFile, ZipFile, ZipInfo

from sim.app.workspace.scenario_files import COLUMN_FILE
from sim.fileio import MEGABYTE, UPLOADS
from sim.units import BadInputError

MOST_ENTRIES = 1000
LONGEST_NAME = 200
"""Bytes."""
REPORT = "report.html"
"""What a calibration writes beside a scenario, and the app does not need."""


class ZipError(BadInputError):
    """A ZIP file that is not accepted; the message names it and what is allowed."""


def files_of_zip(name: str, content: bytes) -> dict[str, bytes]:
    """Return the files of a zipped scenario folder by their path in the folder of the scenario.

    Reports of calibrations, and what systems add unseen, are left out.

    Parameters
    ----------
    name : str
        Of the ZIP file, for messages.
    content : bytes

    Raises
    ------
    ZipError
        When it is not a ZIP file, is too large or unpacks to too much, or holds a link or a path
        that leads out of it.
    """
    if len(content) > UPLOADS.size:
        raise ZipError(
            f"{name}: has more than {UPLOADS.size // MEGABYTE} MB; allowed: at most that"
        )
    try:
        with ZipFile(io.BytesIO(content)) as book:
            parts = [part for part in book.infolist() if not part.is_dir()]
            _guard(name, parts)
            files = {part.filename: _content(name, book, part) for part in parts if _counts(part)}
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error):
        raise ZipError(
            f"{name}: is damaged or not a ZIP file; allowed: a ZIP file of a scenario with its "
            "tables"
        ) from None
    return _without_folder(files)


def _guard(name: str, parts: list[ZipInfo]) -> None:
    """Refuse what could fill the disk or be written elsewhere, before anything is unpacked."""
    if len(parts) > MOST_ENTRIES:
        raise ZipError(f"{name}: has {len(parts):,} files; allowed: at most {MOST_ENTRIES:,}")
    if sum(part.file_size for part in parts) > UPLOADS.unpacked:
        raise ZipError(
            f"{name}: unpacks to more than {UPLOADS.unpacked // MEGABYTE} MB; allowed: at most that"
        )
    names = {part.filename for part in parts}
    for part in parts:
        path = PurePosixPath(part.filename)
        if part.flag_bits & 1:
            raise ZipError(f"{name}: is encrypted; allowed: one without a password")
        if S_ISLNK(part.external_attr >> 16):
            raise ZipError(f"{name}: {part.filename!r} is a link; allowed: files")
        if not _is_plain(part.filename) or not names.isdisjoint(map(str, path.parents)):
            raise ZipError(
                f"{name}: {part.filename[:LONGEST_NAME]!r} is not a valid name in a ZIP file; "
                "allowed: names such as week.csv or center/week.csv"
            )


def _is_plain(name: str) -> bool:
    """Return whether a name stays within the folder that it is unpacked to."""
    path = PurePosixPath(name)
    is_inside = not path.is_absolute() and ".." not in path.parts
    return (
        is_inside
        and not set(name) & {"\\", ":"}
        and name.isprintable()
        and (len(name.encode()) <= LONGEST_NAME)
    )


def _counts(part: ZipInfo) -> bool:
    path = PurePosixPath(part.filename)
    is_hidden = path.parts[0] == "__MACOSX" or any(one.startswith(".") for one in path.parts)
    return not is_hidden and path.name not in (REPORT, "Thumbs.db", "desktop.ini")


def _content(name: str, book: ZipFile, part: ZipInfo) -> bytes:
    """Return a file of the ZIP; one that is larger than its header says is refused."""
    with book.open(part) as stream:
        content = stream.read(part.file_size + 1)
    if len(content) > part.file_size:
        raise ZipError(f"{name}: {part.filename!r} is larger than its header says")
    return content


def _without_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files by their path from the folder of the scenario, where all are in it."""
    tops = [
        PurePosixPath(one).parent
        for one in files
        if one.lower().endswith(".toml") and PurePosixPath(one).name != COLUMN_FILE
    ]
    if len(tops) != 1 or not all(PurePosixPath(one).is_relative_to(tops[0]) for one in files):
        return files
    return {str(PurePosixPath(one).relative_to(tops[0])): data for one, data in files.items()}
