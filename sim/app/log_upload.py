"""An uploaded call log before it is read: the titles of its columns, and its days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.column_mapping import show_table_problems
from sim.app.file_fields import sheet_field
from sim.app.uploaded_files import guard_log, temporary_files
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.uploads import Upload


@dataclass(frozen=True)
class LogTitles:
    """The columns of a call log.

    Attributes
    ----------
    titles : tuple of str
    by_content : dict of str to str
        Meaning of columns whose content shows it, by title.
    sheets : tuple of str
        Titles of the sheets of a workbook, the one that was read first; empty for other files.
    sheet : str or None
        The one that was chosen, None where there is no choice.
    """

    titles: tuple[str, ...]
    by_content: dict[str, str]
    sheets: tuple[str, ...] = ()
    sheet: str | None = None


def upload_mark(file: Any) -> Hashable:
    """Return what identifies an uploaded file."""
    return getattr(file, "file_id", None) or (file.name, hash(file.getvalue()))


def is_known(slot: str, file: Any) -> bool:
    """Return whether the titles of a file were read before."""
    import streamlit as st

    known = st.session_state.get(f"{slot}:titles")
    return known is not None and known[0] == upload_mark(file)


def log_titles(slot: str, file: Upload, command: str) -> LogTitles | None:
    """Draw the choice of the sheet, and return the titles of the columns.

    None, and what is wrong is shown, where there are none.

    Parameters
    ----------
    slot : str
        Identifies the upload.
    file : Upload
    command : str
        That reads files which are too large here.
    """
    titles = _titles_of_sheet(slot, file, command, None)
    if titles is None:
        return None
    sheet = sheet_field(f"{slot}:{upload_mark(file)}", titles.sheets)
    if sheet is None or sheet == titles.sheets[0]:
        return titles
    return _titles_of_sheet(slot, file, command, sheet)


def _titles_of_sheet(slot: str, file: Upload, command: str, sheet: str | None) -> LogTitles | None:
    import streamlit as st

    from sim.history.call_log.log_table import read_log_table

    key, mark = f"{slot}:titles", upload_mark(file)
    known: tuple[Hashable, dict[str | None, LogTitles]] = st.session_state.get(key, (None, {}))
    if known[0] != mark:
        known = (mark, {})
    if sheet in known[1]:
        return known[1][sheet]
    content = file.getvalue()
    try:
        with st.spinner("Reading the file"):
            guard_log(file.name, content, command)
            with temporary_files({file.name: content}) as path:
                table = read_log_table(path(file.name), sheet=sheet)
            titles = LogTitles(table.titles, table.meanings_by_content(), table.sheets, sheet)
    except BadInputError as error:
        show_table_problems(error)
        return None
    known[1][sheet] = titles
    st.session_state[key] = known
    return titles


def is_complete(
    name: str, titles: tuple[str, ...], guessed: Mapping[str, str], needs_talk: bool = True
) -> bool:
    """Return whether the columns that a call log requires are known."""
    from sim.history.call_log.column_meanings import choose_columns

    try:
        choose_columns(name, titles, guessed, {}, needs_talk)
    except BadInputError:
        return False
    return True


def zone_field(slot: str, known: str | None = None) -> tuple[str | None, bool]:
    """Draw the time zone of the center; return it, and whether it is valid.

    Parameters
    ----------
    slot : str
        Identifies the field.
    known : str or None
        Time zone that is filled in at first.
    """
    import streamlit as st

    from sim.history.tables import time_zones

    zone = st.text_input(
        "Time zone of the center", known or "", key=f"{slot}:zone", placeholder="not set",
        help="Such as Europe/Lisbon: times that name a zone are converted to it. Times that name "
        "none are taken as they are.",
    ).strip()  # fmt: skip
    try:
        if zone:
            time_zones.zone(zone)
    except BadInputError as error:
        show_table_problems(error)
        return None, False
    return zone or None, True


def days_of_log(
    slot: str,
    file: Upload,
    columns: Mapping[str, str],
    zone: str | None,
    sheet: str | None = None,
    dates: str = "guess",
) -> tuple[dt.date, ...]:
    """Return the days of a log, ascending; none, and what is wrong is shown, where it has none.

    Parameters
    ----------
    slot : str
        Identifies the upload.
    file : Upload
    columns : mapping of str to str
        Title of the column by meaning.
    zone : str or None
        Time zone of the center.
    sheet : str or None
        Of a workbook.
    dates : str
        How they are written, one of :data:`sim.fileio.dates.ORDERS`.
    """
    import streamlit as st

    from sim.history.call_log.log_days import TIMES, log_days

    times = tuple(columns.get(key, "") for key in ("date", *TIMES))
    key, mark = f"{slot}:days", (upload_mark(file), times, zone, sheet, dates)
    known = st.session_state.get(key)
    if known is None or known[0] != mark:
        days: tuple[dt.date, ...] | BadInputError
        try:
            with (
                st.spinner("Reading the days of the file"),
                temporary_files({file.name: file.getvalue()}) as path,
            ):
                days = log_days(path(file.name), columns, zone, dates, sheet)
        except BadInputError as error:
            days = error
        known = st.session_state[key] = (mark, days)
    if isinstance(known[1], BadInputError):
        show_table_problems(known[1])
        return ()
    return tuple(known[1])
