"""Workspaces of visitors without a login: bounded in number and size, removed when long unused."""

from __future__ import annotations

import os
import re
import time
from contextlib import suppress
from pathlib import Path
from shutil import rmtree

from sim.units import BadInputError

DAYS_KEPT = 30
"""Days after its last visit on which a workspace is removed."""
MOST_VISITORS = 500
MOST_BYTES = 200 * 1024**2
"""Bytes of all files in the workspace of a visitor."""


def is_visitor(name: str) -> bool:
    """Tell whether a name is that of a workspace which a browser without a login began."""
    return re.fullmatch(r"[0-9a-f]{32}", name) is not None


def admit(folder: Path, name: str) -> None:
    """Remove the workspaces of visitors that are long unused, and see that one more has room.

    Parameters
    ----------
    folder : Path
        Of all workspaces.
    name : str
        The workspace that is visited; its time begins anew.

    Raises
    ------
    BadInputError
        When there are as many as there may be.
    """
    now = time.time()
    with suppress(OSError):
        os.utime(folder / name)
    found = list(folder.iterdir()) if folder.is_dir() else []
    visitors = [path for path in found if is_visitor(path.name) and not path.is_symlink()]
    stale = {path for path in visitors if now - _visited(path) > DAYS_KEPT * 86400}
    for path in stale:
        rmtree(path, ignore_errors=True)
    if folder / name not in visitors and len(visitors) - len(stale) >= MOST_VISITORS:
        raise BadInputError(
            f"workspace: the limit of {MOST_VISITORS} visitors is reached; ask the operator of "
            "this app to set up a login"
        )


def _visited(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return time.time()


def size_of(folder: Path) -> int:
    """Return the bytes of all files in a folder."""
    total = 0
    for place, _, files in os.walk(folder):
        for file in files:
            with suppress(OSError):
                total += os.lstat(os.path.join(place, file)).st_size
    return total
