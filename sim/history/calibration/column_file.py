"""The small file that keeps which column of a log means what, for the next time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.history.calibration.scenario_text import toml_of
from sim.history.call_log import LOG_MEANINGS
from sim.toml_text import TomlError, read_toml
from sim.units import BadInputError

COLUMN_FILE = "columns.toml"
WRITTEN = ("scenario.toml", "week.csv", "report.html")
"""Files of every calibration, which must not replace others of the same name."""
_HEADING = "# Which column of the log means what; read the next time. An empty title: none.\n"


def column_file_text(columns: Mapping[str, str]) -> str:
    """Return the text of the file: titles by meaning."""
    return _HEADING + toml_of({"columns": dict(columns)}, {})


def check_folder(folder: Path) -> None:
    """Refuse a folder with a scenario or tables that calibration did not write.

    Raises
    ------
    BadInputError
    """
    if folder.exists() and not folder.is_dir():
        raise BadInputError(f"{folder}: is a file; allowed: a folder")
    if (folder / COLUMN_FILE).exists():
        return
    for name in WRITTEN:
        if (folder / name).exists():
            raise BadInputError(
                f"{folder / name}: exists, and was not written by calibrate; allowed: a new "
                f"folder, one without {', '.join(WRITTEN)}, or one that calibrate wrote (with "
                f"{COLUMN_FILE})"
            )


def saved_columns(folder: Path) -> dict[str, str]:
    """Return what the file of a folder says, nothing where there is none.

    Raises
    ------
    BadInputError
        When it cannot be read.
    """
    file = folder / COLUMN_FILE
    if not file.is_file():
        return {}
    try:
        found = read_toml(file.read_text(encoding="utf-8")).get("columns", {})
    except (TomlError, UnicodeDecodeError, OSError) as error:
        raise BadInputError(f"{file}: cannot be read: {error}; allowed: delete it") from None
    return {
        key: title for key, title in found.items() if key in LOG_MEANINGS and isinstance(title, str)
    }
