"""Choice of outcomes of a call log that are left out, and whether the others are clear."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.app.column_mapping import show_table_problems
from sim.app.log_upload import upload_mark
from sim.app.uploaded_files import temporary_files
from sim.units import BadInputError

if TYPE_CHECKING:
    from pathlib import Path

    from sim.app.uploads import Upload

MOST_OUTCOMES = 200
"""A column with more distinct values holds something else than outcomes; the rarest are not
offered."""


def outcomes_left_out(
    slot: str,
    file: Upload,
    columns: Mapping[str, str],
    saved: Sequence[str] = (),
    sheet: str | None = None,
) -> tuple[tuple[str, ...], bool]:
    """Draw the choice of outcomes that are left out, below it what is wrong with the others.

    Parameters
    ----------
    slot : str
        Identifies the field.
    file : Upload
        A call log.
    columns : mapping of str to str
        Title of the column by meaning.
    saved : sequence of str
        Outcomes that are left out unless others are chosen.
    sheet : str or None
        Of a workbook.

    Returns
    -------
    (tuple of str, bool)
        Outcomes that are left out, and whether the outcomes are valid.
    """
    import streamlit as st

    from sim.history.call_log.log_outcomes import check_outcomes, outcome_names

    if not columns.get("outcome"):
        return (), True
    mark = (upload_mark(file), sheet, tuple(sorted(columns.items())))
    try:
        names = _once(
            f"{slot}:outcomes", (*mark[:2], columns["outcome"]), file,
            lambda path: outcome_names(path, columns, sheet),
        )  # fmt: skip
    except BadInputError:
        return (), False  # what is wrong is shown with the days of the file
    chosen = tuple(
        st.multiselect(
            "Leave out outcomes", names[:MOST_OUTCOMES],
            default=[one for one in names[:MOST_OUTCOMES] if one in saved], placeholder="none",
            format_func=lambda name: name or "(empty)",
            key=f"{slot}:{hash((*mark[:2], columns['outcome']))}:not_outcome",
            help="Records with these outcomes are left out, such as transfers or tests.",
        )
    )  # fmt: skip
    try:
        _once(
            f"{slot}:outcomes:checked", (mark, chosen), file,
            lambda path: check_outcomes(path, columns, chosen, sheet=sheet),
        )  # fmt: skip
    except BadInputError as error:
        show_table_problems(error)
        return chosen, False
    return chosen, True


def _once(key: str, mark: Hashable, file: Upload, read: Callable[[Path], Any]) -> Any:
    """Return what was read of a file before, else read it; what is wrong is kept too.

    Raises
    ------
    BadInputError
        That of reading it.
    """
    import streamlit as st

    known = st.session_state.get(key)
    if known is None or known[0] != mark:
        try:
            with (
                st.spinner("Reading the outcomes of the file"),
                temporary_files({file.name: file.getvalue()}) as path,
            ):
                found = read(path(file.name))
        except BadInputError as error:
            found = error
        known = st.session_state[key] = (mark, found)
    if isinstance(known[1], BadInputError):
        raise known[1]
    return known[1]
