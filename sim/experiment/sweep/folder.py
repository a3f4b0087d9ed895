"""The folder of a sweep: its manifest, a part for each finished cell, the tables at the end."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sim.experiment.sweep import cell_files
from sim.experiment.sweep.worker import CellResult
from sim.fileio import UNFINISHED, remove_unfinished, write_file
from sim.fileio.exclusive_folder import folder_lock
from sim.messages import one_line
from sim.toml_text import DEEPEST
from sim.units import BadInputError

MANIFEST = "manifest.json"
FORMAT = 1


class ChangedError(BadInputError):
    """The folder holds the cells of another study, scenario or version."""


class SweepFolder:
    """A folder that is held alone.

    Parameters
    ----------
    folder : Path
    identity : dict
        What the cells depend on; see :func:`sim.experiment.sweep.fingerprint.sweep_identity`.
    """

    def __init__(self, folder: Path, identity: dict[str, Any]) -> None:
        self.folder = folder
        self.identity = identity
        self.sweep = fingerprint(identity)

    def cell_file(self, cell: int) -> Path:
        """Return the file of a cell; a thousand stand in one folder."""
        return self.folder / "parts" / f"{cell // 1000:03d}" / f"cell-{cell:06d}.parquet"

    def read(self, cell: int) -> CellResult | None:
        """Return a finished cell, or None."""
        return cell_files.read(self.cell_file(cell), cell, self.sweep)

    def save(self, cell_result: CellResult) -> None:
        """Keep a finished cell for good."""
        cell_files.write(self.cell_file(cell_result.number), cell_result, self.sweep)


@contextmanager
def open_sweep_folder(folder: Path, identity: dict[str, Any]) -> Iterator[SweepFolder]:
    """Open the folder of a sweep, a new one or one to go on with, and hold it meanwhile.

    Parameters
    ----------
    folder : Path
    identity : dict

    Raises
    ------
    BusyError
        When another process is at work there.
    ChangedError
        When the folder was made by another study, scenario or version.
    BadInputError
        When the folder holds other things.
    """
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder}: is a file; allowed: a folder")
    folder.mkdir(parents=True, exist_ok=True)
    with folder_lock(folder):
        sweep_folder = SweepFolder(folder, identity)
        before = _manifest(folder)
        if before is None:
            _create(sweep_folder)
        elif found := differences(before, identity):
            raise ChangedError(
                f"{folder}: was made otherwise and is left as it is:\n"
                + "\n".join(f"  {text}" for text in found)
                + "\nTake that back to go on, or give another folder for the changed sweep"
            )
        remove_unfinished(folder)
        yield sweep_folder


def _manifest(folder: Path) -> dict[str, Any] | None:
    """Return the manifest, None where a new one is due.

    One that cannot be read is made anew: each part says itself what it belongs to.
    """
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError, RecursionError):
        return None
    tables = isinstance(found, dict) and all(
        isinstance(found.get(key), dict) for key in ("study", "scenario")
    )
    return found if tables else None


def _create(sweep_folder: SweepFolder) -> None:
    ours = {MANIFEST, "parts"}
    strange = sorted(
        path.name
        for path in sweep_folder.folder.iterdir()
        if path.name not in ours and not path.name.startswith(".")
        if not path.name.endswith(UNFINISHED)
    )
    if strange and not (sweep_folder.folder / "parts").is_dir():
        raise BadInputError(
            f"{sweep_folder.folder}: holds {strange[0]!r} and no sweep; "
            "allowed: a new or an empty folder"
        )
    text = json.dumps({**sweep_folder.identity, "sweep": sweep_folder.sweep}, indent=1) + "\n"
    write_file(sweep_folder.folder / MANIFEST, text, to_disk=True)


def fingerprint(identity: dict[str, Any]) -> str:
    """Return the SHA-256 of what the cells depend on."""
    text = json.dumps(identity, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: dict[str, Any], now: dict[str, Any]) -> list[str]:
    """Return in words what differs between two manifests."""
    words = {"version": "version of ccplan", "format": "format of the folder"}
    found = [
        f"{words.get(key, key)}: was {_shortened(before.get(key))}, is {_shortened(now[key])}"
        for key in ("version", "format", "seed", "runs", "precision", "engine")
        if before.get(key) != now[key]
    ]
    if before.get("scenario") != now["scenario"]:
        found.append(_of_scenario(before.get("scenario") or {}, now["scenario"]))
    was, is_now = _by_path(before.get("study")), _by_path(now["study"])
    for key in dict.fromkeys([*is_now, *was]):
        if was.get(key) != is_now.get(key):
            found.append(f"{key}: was {_shortened(was.get(key))}, is {_shortened(is_now.get(key))}")
    if not found and before.get("cells") != now["cells"]:
        found.append("a file that a changed field names holds other numbers")
    return [one_line(text) for text in found]


def _of_scenario(before: dict[str, Any], now: dict[str, Any]) -> str:
    if before.get("name") != now["name"]:
        return f"scenario: was {before.get('name')!r}, is {now['name']!r}"
    return f"scenario {now['name']!r}: its file, or a file beside it, holds something else"


def _by_path(value: Any, path: str = "study", deep: int = 0) -> dict[str, Any]:
    if not isinstance(value, dict) or deep > DEEPEST:
        return {path: value}
    found: dict[str, Any] = {}
    for key, item in value.items():
        found.update(_by_path(item, f"{path}.{key}", deep + 1))
    return found


def _shortened(value: Any) -> str:
    text = "not given" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}…"
