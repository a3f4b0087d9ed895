"""Upload of states of agents: the file, the meaning of its columns, and of its words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.app.column_mapping import mapping_fields, show_table_problems
from sim.app.uploaded_files import guard_log, temporary_files
from sim.app.uploads import Upload
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.history.calibration.column_file import LogColumns

UNKNOWN = "(choose)"
MOST_WORDS = 100
"""A column with more distinct values holds something else than states."""


@dataclass(frozen=True)
class UploadedStates:
    """A file with states of agents, and what it means.

    Attributes
    ----------
    file : Upload or None
        None where there is none.
    options : dict
        ``state_columns`` and ``state_words`` of a calibration.
    is_valid : bool
    """

    file: Upload | None = None
    options: dict[str, Any] = field(default_factory=dict)
    is_valid: bool = True


def uploaded_states(slot: str, command: str, saved: LogColumns | None = None) -> UploadedStates:
    """Draw the upload with its mapping, and return what came of it.

    Parameters
    ----------
    slot : str
        Identifies this upload.
    command : str
        For larger files.
    saved : LogColumns, optional
        Columns and words of an earlier file of the center, filled in at first.
    """
    import streamlit as st

    from sim.fileio import MEGABYTE, UPLOADS

    file = st.file_uploader(
        "States of agents (optional; CSV, CSV.GZ, parquet or XLSX)",
        type=["csv", "gz", "tsv", "txt", "parquet", "xlsx"],
        key=f"{slot}:states", max_upload_size=UPLOADS.size // MEGABYTE,
        help="One row per state of an agent, per change, or per time logged in. Presences, "
        "wrap-up, gaps and breaks are then as recorded, instead of inferred from the contacts.",
    )  # fmt: skip
    if file is None:
        return UploadedStates()
    content = file.getvalue()
    mark = (file.name, hash(content))
    try:
        table = _distinct(slot, mark, content, command)
    except BadInputError as error:
        show_table_problems(error)
        return UploadedStates(file, is_valid=False)
    if saved is None:
        return _columns_and_words(slot, file, table, {}, {})
    return _columns_and_words(slot, file, table, saved.state_columns, saved.states)


def _distinct(
    slot: str, mark: tuple[str, int], content: bytes, command: str
) -> dict[str, list[str]]:
    """Return some of the distinct values of each column by its title."""
    import streamlit as st

    from sim.history.call_log.log_table import read_log_table

    known = st.session_state.get(f"{slot}:states:values")
    if known is not None and known[0] == mark:
        return dict(known[1])
    guard_log(mark[0], content, command)
    with temporary_files({mark[0]: content}) as path:
        table = read_log_table(path(mark[0]), "state of an agent")
    values = {}
    for title in filter(None, table.titles):
        distinct = table.column(title).values
        # A column of states has few words: those of columns of times are not needed.
        few = len(distinct) <= MOST_WORDS
        values[title] = [str(one) for one in distinct if one not in (None, "")] if few else []
    st.session_state[f"{slot}:states:values"] = (mark, values)
    return values


def _columns_and_words(
    slot: str,
    file: Upload,
    table: dict[str, list[str]],
    saved_columns: Mapping[str, str],
    saved_words: Mapping[str, str],
) -> UploadedStates:
    import streamlit as st

    from sim.history.call_log import STATE_MEANINGS
    from sim.history.call_log.column_meanings import choose_state_columns, likely_columns

    titles = tuple(table)
    guessed = likely_columns(titles, saved_columns, STATE_MEANINGS)
    of = f"{slot}:states:{hash((file.name, titles, repr(guessed), repr(saved_words)))}"
    with st.expander("Columns of the states", expanded=True, icon=":material/view_column:"):
        mapping = mapping_fields(of, titles, STATE_MEANINGS, guessed)
        try:
            columns = choose_state_columns(file.name, titles, mapping, {})
        except BadInputError as error:
            show_table_problems(error)
            return UploadedStates(file, is_valid=False)
        words = _words(of, table.get(columns.get("state", ""), []), saved_words)
    is_valid = UNKNOWN not in words.values()
    if not is_valid:
        st.caption("Say what the unknown states mean.")
    return UploadedStates(file, {"state_columns": mapping, "state_words": words}, is_valid)


def _words(of: str, values: list[str], saved: Mapping[str, str]) -> dict[str, str]:
    """Draw a field for each word that is not known, and return the state by word."""
    import streamlit as st

    from sim.history.call_log import STATE_NAMES
    from sim.history.call_log.state_words import ALL_OTHERS, guess_state

    choices = [UNKNOWN, *STATE_NAMES]
    asked = {
        one: saved.get(one, saved.get(ALL_OTHERS, UNKNOWN))
        for one in values
        if one in saved or guess_state(one) is None
    }
    words: dict[str, str] = {}
    with st.grid(min_column_width=210, gap="small"):
        for one, first in asked.items():
            words[one] = st.selectbox(
                as_text(one), choices, choices.index(first), key=f"{of}:word:{one}",
                help="What agents do in this state.",
            )  # fmt: skip
    return words


def contents_with_states(file: Upload, states: Upload | None) -> tuple[dict[str, bytes], str]:
    """Return the contents of a call log and of its states by name, and the name of the states.

    Both may have been uploaded under one name; the second is empty where there are no states.
    """
    contents = {file.name: file.getvalue()}
    if states is None:
        return contents, ""
    name = f"states of {states.name}"
    return contents | {name: states.getvalue()}, name
