"""A workspace as one ZIP file: exported, and imported within strict limits."""

from __future__ import annotations

import io
from pathlib import Path, PurePosixPath
from stat import S_ISLNK
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.workspace.folder import Folder

MOST_ZIP = 20 * 1024**2
"""Bytes of a zip."""
MOST_UNPACKED = 100 * 1024**2
"""Bytes of all its files."""
MOST_FILES = 5000
SUFFIXES = (".toml", ".csv", ".tsv", ".xlsx", ".json", ".parquet", ".txt")
VALUES = "values.json"
TOP = ("results", "variants", "scenarios", "sweeps", "rosters", "saved_rosters")


def packed(folder: Folder) -> bytes:
    """Return a workspace as a zip; the same files give the same bytes."""
    sink = io.BytesIO()
    with ZipFile(sink, "w", ZIP_DEFLATED) as book:
        for name in folder.every():
            if _is_ours(name):
                book.writestr(ZipInfo(name), folder.read(name), ZIP_DEFLATED)
    return sink.getvalue()


def unpacked(folder: Folder, content: bytes) -> int:
    """Add the files of a zip to a workspace, and return how many there were.

    What the workspace has already stays; what comes under a name that is taken gets another
    folder or file beside it. Nothing is written unless all of the zip is allowed.

    Raises
    ------
    BadInputError
        When it is not a ZIP file, too large, or holds a file that is not allowed.
    """
    if len(content) > MOST_ZIP:
        raise BadInputError(f"zip: is larger than the limit of {MOST_ZIP // 1024**2} MB")
    try:
        with ZipFile(io.BytesIO(content)) as book:
            parts = [part for part in book.infolist() if not part.is_dir()]
            _guard(parts)
            files = {part.filename: _content(book, part) for part in parts}
    except (BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise BadInputError(
            "zip: is damaged or not a ZIP file; allowed: a downloaded workspace"
        ) from None
    moved = _moves(folder, files)
    targets = {moved(name): file for name, file in files.items() if name != VALUES}
    for name in targets:
        folder.at(name)  # refuse before anything is written
    for name, file in targets.items():
        folder.write(name, file)
    return len(targets)


def _content(book: ZipFile, part: ZipInfo) -> bytes:
    """Return a file of the zip; one that is larger than its header says is refused."""
    with book.open(part) as stream:
        content = stream.read(part.file_size + 1)
    if len(content) > part.file_size:
        raise BadInputError(f"zip: {part.filename!r} is larger than its header says")
    return content


def _guard(parts: list[ZipInfo]) -> None:
    if not parts:
        raise BadInputError("zip: is empty; allowed: a downloaded workspace")
    if len(parts) > MOST_FILES:
        raise BadInputError(f"zip: holds {len(parts):,} files; allowed: at most {MOST_FILES:,}")
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadInputError(f"zip: unpacks to more than {MOST_UNPACKED // 1024**2} MB")
    for part in parts:
        if part.flag_bits & 1:
            raise BadInputError("zip: is encrypted; allowed: one without a password")
        if S_ISLNK(part.external_attr >> 16) or not _is_ours(part.filename):
            raise BadInputError(
                f"zip: {part.filename!r} is not a workspace file; "
                f"allowed: {', '.join(SUFFIXES)} in {', '.join(TOP)}"
            )


def _is_ours(name: str) -> bool:
    path = PurePosixPath(name)
    if name == VALUES:
        return True
    plain = not path.is_absolute() and ".." not in path.parts and "\\" not in name
    hidden = any(part.startswith(".") for part in path.parts)
    deep = 2 <= len(path.parts) <= 8 and path.parts[0] in TOP
    return plain and deep and not hidden and path.suffix.lower() in SUFFIXES


class _Moves:
    """Other names for what comes under a name that is taken."""

    def __init__(self, folder: Folder, tops: set[str]) -> None:
        self.names: dict[str, str] = {}
        for top in sorted(tops):
            if not folder.at(top).exists():
                continue
            path, number = PurePosixPath(top), 2
            stem, suffix = Path(top).stem, path.suffix
            while (new := str(path.with_name(f"{stem}-{number}{suffix}"))) and (
                folder.at(new).exists() or new in tops or new in self.names.values()
            ):
                number += 1
            self.names[top] = new

    def __call__(self, name: str) -> str:
        top = _top(name)
        return self.names.get(top, top) + name.removeprefix(top)


def _top(name: str) -> str:
    return "/".join(PurePosixPath(name).parts[:2])


def _moves(folder: Folder, files: dict[str, bytes]) -> _Moves:
    """Return new names for those tops whose content differs from what is there."""
    differing = {
        _top(name)
        for name, content in files.items()
        if name != VALUES and _differs(folder, name, content)
    }
    return _Moves(folder, differing)


def _differs(folder: Folder, name: str, content: bytes) -> bool:
    path = folder.at(name)
    return not path.is_file() or path.read_bytes() != content
