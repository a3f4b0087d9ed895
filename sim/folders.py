"""Where the program keeps files of its user: what may be made again, and what may not."""

from __future__ import annotations

import os
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
