"""Fields of an uploaded call log: what its rows and columns are, and which of them count."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.app.column_mapping import mapping_fields, show_table_problems
from sim.app.day_range import day_range
from sim.app.file_fields import date_format_field
from sim.app.log_upload import LogTitles, days_of_log, is_complete, upload_mark
from sim.app.outcome_field import outcomes_left_out
from sim.app.uploaded_files import guard_log, temporary_files
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.uploads import Upload

INTERVALS, CONTACTS = "one queue and interval", "one contact (call log)"


def has_contacts(
    slot: str, file: Any, command: str, saved: Mapping[str, str] | None = None
) -> bool:
    """Draw what a row of a file is, at first as its titles say; return whether it is a contact.

    Parameters
    ----------
    slot : str
        Identifies the upload.
    file : Upload
    command : str
        That reads files which are too large here.
    saved : mapping of str to str, optional
        Title of the column by meaning, from the last time.

    Raises
    ------
    BadInputError
        When the file is too large.
    """
    import streamlit as st

    if file.name.lower().endswith(".parquet"):
        return True
    key, mark = f"{slot}:read:kind", (upload_mark(file), repr(saved))
    known = st.session_state.get(key)
    if known is None or known[0] != mark:
        with st.spinner("Reading the file"):
            known = st.session_state[key] = (mark, _is_log(file, command, saved))
    found = st.segmented_control(
        "Each row is", (INTERVALS, CONTACTS), required=True, key=f"{slot}:{mark[0]}:kind",
        default=CONTACTS if known[1] else INTERVALS,
    )  # fmt: skip
    return bool(found == CONTACTS)


def _is_log(file: Any, command: str, saved: Mapping[str, str] | None) -> bool:
    from sim.history.call_log.log_titles import is_call_log

    content = file.getvalue()
    guard_log(file.name, content, command)
    with temporary_files({file.name: content}) as path:
        return is_call_log(path(file.name), {}, saved)


def log_mapping(
    slot: str, name: str, found: LogTitles, needs_talk: bool = True
) -> tuple[dict[str, str], bool]:
    """Draw the mapping, and below it what is wrong with it; return it and whether it is valid.

    Parameters
    ----------
    slot : str
        Identifies the fields.
    name : str
        Of the file.
    found : LogTitles
        Of its columns.
    needs_talk : bool
        Whether talk, or its end, must have a column.
    """
    import streamlit as st

    from sim.history.call_log import LOG_MEANINGS
    from sim.history.call_log.column_meanings import choose_columns, guess_log_columns

    titles = found.titles
    guessed = guess_log_columns(titles, by_content=found.by_content)
    st.caption(
        f"**{as_text(name)}**: {len(titles)} columns. Their meaning was guessed from their titles; "
        "correct it below."
    )
    sure = is_complete(name, titles, guessed, needs_talk)
    with st.expander("Column mapping", expanded=not sure, icon=":material/view_column:"):
        mapping = mapping_fields(f"{slot}:{hash((name, titles))}", titles, LOG_MEANINGS, guessed)
        try:
            choose_columns(name, titles, mapping, {}, needs_talk)
        except BadInputError as error:
            show_table_problems(error)
            return mapping, False
    return mapping, True


def log_days_and_outcomes(
    slot: str,
    file: Upload,
    columns: Mapping[str, str],
    zone: tuple[str | None, bool],
    places: tuple[Any, Any],
    sheet: str | None = None,
) -> tuple[dict[str, Any], bool]:
    """Draw outcomes, date format and days of a log; return them, and whether they are valid.

    Parameters
    ----------
    slot : str
        Identifies the fields.
    file : Upload
    columns : mapping of str to str
        Title of the column by meaning; empty as long as they are not valid.
    zone : (str or None, bool)
        Time zone of the center, and whether it is valid.
    places : (container, container)
        Where the choices of outcomes and of the date format are drawn.
    sheet : str or None
        Of a workbook.
    """
    not_outcome: tuple[str, ...] = ()
    is_clear = True
    with places[0]:
        if columns:
            not_outcome, is_clear = outcomes_left_out(slot, file, columns, sheet=sheet)
    with places[1]:
        dates = date_format_field(f"{slot}:{upload_mark(file)}")
    is_readable = bool(columns) and zone[1]
    days = days_of_log(slot, file, columns, zone[0], sheet, dates) if is_readable else ()
    first, last, _ = day_range(slot, days)
    is_valid = is_clear and bool(days) and not (first and last and first > last)
    chosen = {"first": first, "last": last, "not_outcome": not_outcome}
    return {**chosen, "dates": dates, "sheet": sheet}, is_valid
