"""A folder of plain files with paths that stay inside, written atomically."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from shutil import rmtree
from typing import Any

from sim.app.workspace.visitors import size_of
from sim.fileio import OutputError, write_file
from sim.toml_text import TomlError, read_toml
from sim.units import BadInputError
from sim.user_folders import keep_private, make_private

MOST_READ = 64 * 1024**2
"""Bytes of a file that is read."""


class Folder:
    """A folder with paths that stay inside it.

    Parameters
    ----------
    root : Path
        Made when something is written, for its owner alone.
    most : int, optional
        Bytes of all its files; no bound unless given.
    """

    def __init__(self, root: Path, most: int | None = None) -> None:
        self.root = root
        self.most = most
        keep_private(root)

    def __repr__(self) -> str:
        """Return the folder as it is made."""
        return f"Folder({str(self.root)!r})"

    def at(self, name: str) -> Path:
        """Return the path of a name such as ``results/today/result.toml``.

        Raises
        ------
        BadInputError
            When it would lead out of the folder, by its words or by a link.
        """
        path = PurePosixPath(name)
        plain = name and "\\" not in name and ":" not in name and name.isprintable()
        if not plain or path.is_absolute() or ".." in path.parts:
            raise BadInputError(f"{name!r} is not a path inside the workspace")
        found = self.root / path
        if not found.resolve().is_relative_to(self.root.resolve()):
            raise BadInputError(f"{name!r} leaves the workspace")
        return found

    def write(self, name: str, content: bytes | str) -> None:
        """Write a file atomically: a reader sees the old one or the new one.

        Raises
        ------
        BadInputError
            When it cannot be written, such as to a full disk, or the bound would be passed.
        """
        path = self.at(name)
        if self.most is not None and self._grown(path, len(content)) > self.most:
            most = f"{self.most / 1024**2:,.0f} MB"
            raise BadInputError(f"{name}: cannot be written: a workspace holds {most} at most")
        try:
            make_private(path.parent)
            write_file(path, content, mode=0o600)
        except (OSError, OutputError) as error:
            reason = error.__cause__ if isinstance(error, OutputError) else error
            why = getattr(reason, "strerror", None) or "it is a folder"
            raise BadInputError(f"{name}: cannot be written: {why}") from None

    def _grown(self, path: Path, size: int) -> int:
        """Return the bytes of all files once one of them has another size; 0 if it shrinks."""
        before = path.stat().st_size if path.is_file() else 0
        return size_of(self.root) + size - before if size > before else 0

    def read(self, name: str) -> bytes:
        """Return the content of a file.

        Raises
        ------
        BadInputError
            When it is not there, cannot be read or is too large.
        """
        path = self.at(name)
        try:
            if path.stat().st_size > MOST_READ:
                raise BadInputError(f"{name}: is larger than {MOST_READ // 1024**2} MB")
            return path.read_bytes()
        except OSError as error:
            raise BadInputError(f"{name}: cannot be read: {error.strerror}") from None

    def table(self, name: str) -> dict[str, Any]:
        """Return a TOML file.

        Raises
        ------
        BadInputError
            When it is none.
        """
        try:
            return read_toml(self.read(name).decode("utf-8"))
        except (UnicodeDecodeError, TomlError) as error:
            raise BadInputError(f"{name}: is damaged: {error}") from None

    def folders(self, name: str) -> list[str]:
        """Return the names of the folders in a folder, in the order of the alphabet."""
        path = self.at(name)
        if not path.is_dir():
            return []
        return sorted(p.name for p in path.iterdir() if p.is_dir() and _is_shown(p))

    def files(self, name: str, suffix: str = "") -> list[str]:
        """Return the names of the files in a folder, in the order of the alphabet."""
        path = self.at(name)
        if not path.is_dir():
            return []
        return sorted(
            p.name for p in path.iterdir() if p.is_file() and _is_shown(p) and p.suffix == suffix
        )

    def stamp(self, name: str) -> int:
        """Return what changes when a file does, 0 where there is none."""
        try:
            return self.at(name).stat().st_mtime_ns
        except OSError:
            return 0

    def remove(self, name: str) -> None:
        """Remove a file or a folder with all in it; nothing happens when there is none."""
        path = self.at(name)
        if path.is_dir() and not path.is_symlink():
            rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)

    def every(self) -> list[str]:
        """Return the paths of all files inside, links left out."""
        if not self.root.is_dir():
            return []
        found = (p for p in self.root.rglob("*") if p.is_file() and not p.is_symlink())
        inside = (p.relative_to(self.root) for p in found)
        return sorted(p.as_posix() for p in inside if not any(x.startswith(".") for x in p.parts))


def _is_shown(path: Path) -> bool:
    return not path.name.startswith(".") and not path.is_symlink()
