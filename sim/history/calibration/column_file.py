"""The small file that keeps what columns, words and times of a log mean, for the next time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sim.history.calibration.scenario_text import toml_of
from sim.history.call_log import LOG_MEANINGS, STATE_MEANINGS, STATE_NAMES, ReadLog
from sim.toml_text import TomlError, read_toml
from sim.units import BadInputError

COLUMN_FILE = "columns.toml"
WRITTEN = ("scenario.toml", "week.csv", "report.html")
"""Files of every calibration, which must not replace others of the same name."""
PERSONS = "persons_*.csv"
"""Tables of the persons of each group, which a calibration writes where agents differ."""
NOT_CONVERTED = "not converted"
"""Time zone of a log whose times name one and were not converted."""
_HEADING = (
    "# Which column means what, time zone and days; read the next time. An empty title: none.\n"
)


@dataclass(frozen=True)
class LogColumns:
    """What columns and words of the files mean.

    Attributes
    ----------
    columns, state_columns : mapping of str to str
        Titles by meaning, of the call log and of the states of agents.
    states : mapping of str to str
        States by words of the file.
    zone : str or None
        Time zone to whose clock times were converted, :data:`NOT_CONVERTED` where they name one and
        were not; None where they name none.
    first, last : date or None
        Days of the log that a scenario was calibrated on.
    not_outcome : tuple of str
        Outcomes whose records were left out.
    dates : str or None
        How dates such as 05/01/2026 are written, where they are and it is known.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    state_columns: Mapping[str, str] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)
    zone: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None
    not_outcome: tuple[str, ...] = ()
    dates: str | None = None

    def zone_of_log(self, said: str | None) -> str | None:
        """Return the time zone to read a log in: what was said, else that of the last time."""
        return said or (None if self.zone == NOT_CONVERTED else self.zone)


def column_file_text(found: LogColumns) -> str:
    """Return the text of the file: titles by meaning."""
    tables: dict[str, dict[str, Any]] = {
        name: dict(getattr(found, name)) for name in ("columns", "state_columns", "states")
    }
    times = {key: getattr(found, key) for key in ("zone", "first", "last", "dates")}
    tables["times"] = {key: str(value) for key, value in times.items() if value}
    if found.not_outcome:
        tables["outcomes"] = {"left_out": list(found.not_outcome)}
    kept = {name: table for name, table in tables.items() if table or name == "columns"}
    return _HEADING + toml_of(kept, {})


def zone_as_saved(read: ReadLog) -> str | None:
    """Return what the file says of the times of a log."""
    return NOT_CONVERTED if read.is_not_converted else read.zone


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
    for pattern in (*WRITTEN, PERSONS):
        for file in sorted(folder.glob(pattern)):
            raise BadInputError(
                f"{file}: exists, and was not written by calibrate; allowed: a new "
                f"folder, one without {', '.join((*WRITTEN, PERSONS))}, or one that calibrate "
                f"wrote (with {COLUMN_FILE})"
            )


def saved_columns(folder: Path) -> LogColumns:
    """Return what the file of a folder says, nothing where there is none.

    Raises
    ------
    BadInputError
        When it cannot be read.
    """
    file = folder / COLUMN_FILE
    if not file.is_file():
        return LogColumns()
    try:
        found = read_toml(file.read_text(encoding="utf-8"))
    except (TomlError, UnicodeDecodeError, OSError) as error:
        raise BadInputError(f"{file}: cannot be read: {error}; allowed: delete it") from None

    def texts(name: str) -> dict[str, str]:
        table = found.get(name, {})
        rows = table.items() if isinstance(table, dict) else ()
        return {key: text for key, text in rows if isinstance(text, str)}

    return LogColumns(
        {key: title for key, title in texts("columns").items() if key in LOG_MEANINGS},
        {key: title for key, title in texts("state_columns").items() if key in STATE_MEANINGS},
        {word: state for word, state in texts("states").items() if state in STATE_NAMES},
        texts("times").get("zone") or None,
        _day(texts("times").get("first", "")),
        _day(texts("times").get("last", "")),
        _texts_in(found, "outcomes", "left_out"),
        _order(texts("times").get("dates")),
    )


def _texts_in(found: Mapping[str, Any], table: str, key: str) -> tuple[str, ...]:
    values = found[table].get(key) if isinstance(found.get(table), dict) else None
    return tuple(one for one in values or () if isinstance(one, str))


def _order(text: str | None) -> str | None:
    return text if text in ("day-first", "month-first") else None


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
