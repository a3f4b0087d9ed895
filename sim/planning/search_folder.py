"""A folder that keeps what a search has simulated, so that a stopped search can be resumed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sim.fileio import UNFINISHED, remove_unfinished, write_file
from sim.fileio.exclusive_folder import folder_lock
from sim.units import BadInputError

MANIFEST = "manifest.json"


@contextmanager
def search_folder(
    folder: Path, identity: Mapping[str, object], words: Mapping[str, str]
) -> Iterator[None]:
    """Hold the folder of a search, which no other process can use meanwhile.

    Parameters
    ----------
    folder : Path
        Made when it is not there.
    identity : mapping
        What the results of the search depend on.
    words : mapping of str to str
        What a message calls each key of ``identity``.

    Raises
    ------
    BadInputError
        When the folder belongs to another search or holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder}: is a file; allowed: a folder")
    folder.mkdir(parents=True, exist_ok=True)
    with folder_lock(folder):
        _check_manifest(folder, dict(identity), words)
        remove_unfinished(folder)
        yield


def _check_manifest(folder: Path, identity: dict[str, object], words: Mapping[str, str]) -> None:
    path = folder / MANIFEST
    if not path.exists():
        names = [one.name for one in folder.iterdir() if not one.name.startswith(".")]
        strange = [name for name in names if not name.endswith(UNFINISHED)]
        if strange:
            raise BadInputError(
                f"{folder}: holds {strange[0]!r} and no search; allowed: a new or an empty folder"
            )
        write_file(path, json.dumps(identity, indent=1) + "\n", to_disk=True)
        return
    try:
        before = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        before = None
    if not isinstance(before, dict):
        raise BadInputError(f"{path}: cannot be read; give another folder")
    changed = [text for key, text in words.items() if before.get(key) != identity[key]]
    if changed:
        raise BadInputError(
            f"{folder}: belongs to another search ({', '.join(changed)} differs); "
            "give another folder"
        )
