"""Folders for user data and for the cache: the cache can be regenerated, data cannot."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from platformdirs import user_cache_path, user_data_path

NAME = "ccplan"


def data_folder() -> Path:
    """Return the folder of what a user made: workspaces and progress in the lessons.

    Returns
    -------
    Path
        What ``CCPLAN_HOME`` names, else ``.ccplan`` in the home folder where it is there
        already, as earlier versions made it, else where the system keeps data of a user. It
        need not exist.
    """
    named = os.environ.get("CCPLAN_HOME")
    if named:
        return Path(named)
    before = Path.home() / f".{NAME}"
    return before if before.is_dir() else user_data_path(NAME, appauthor=False)


def cache_folder() -> Path:
    """Return the folder of what can be made again, such as compiled code.

    Returns
    -------
    Path
        Where the system keeps caches of a user; it need not exist.

    Raises
    ------
    RuntimeError
        When the user has no home.
    """
    Path.home()  # platformdirs would take a folder named ~
    return user_cache_path(NAME, appauthor=False)


def make_private(folder: Path) -> None:
    """Make a folder, and those above it that are missing, for its owner alone.

    Raises
    ------
    OSError
        When it cannot be made.
    """
    missing = [path for path in (folder, *folder.parents) if not path.is_dir()]
    for path in reversed(missing):
        path.mkdir(mode=0o700, exist_ok=True)


def keep_private(path: Path) -> None:
    """Take what others may do with a file or folder away, as far as this user may.

    Earlier versions made both as the system does, readable by everybody.
    """
    with suppress(OSError):
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & 0o077:
            path.chmod(stat.S_IMODE(mode) & ~0o077)
