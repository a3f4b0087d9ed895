"""Upload of a table: the file, the meaning of its columns, and how its times are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.file_fields import date_format_field, sheet_field
from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sim.fileio import Table
    from sim.history.tables.actuals import Actuals
    from sim.history.tables.column_mapping import Meaning
    from sim.scenario import Scenario

NOTHING = "(no column)"
AS_CENTER = "Time zone of the center"
MOST_SHOWN = 3
"""Problems of a table that are shown; the others are counted."""
PREVIEW = 5
"""Rows that a preview shows."""


def uploaded_table(
    slot: str, scenario: Scenario, sample: tuple[str, str], wanted: Sequence[str]
) -> tuple[Actuals, dict[str, str] | None] | None:
    """Draw upload, mapping and preview of a table, and return it with its queues.

    Parameters
    ----------
    slot : str
        Identifies this upload.
    scenario : Scenario
        Whose queues and time zone it is for.
    sample : (str, str)
        Name and content of a file to download.
    wanted : sequence of str
        Meanings a column may have here.

    Returns
    -------
    (Actuals, dict or None) or None
        The table and the scenario's queue by name in it; None as long as there is none.
    """
    raw = raw_table(slot, sample)
    return None if raw is None else table_by_meaning(slot, raw, scenario, wanted)


def table_by_meaning(
    slot: str,
    raw: Table,
    scenario: Scenario,
    wanted: Sequence[str],
    allow_together: bool = False,
) -> tuple[Actuals, dict[str, str] | None] | None:
    """Draw the mapping and preview of a table; parameters and result as `uploaded_table`.

    With ``allow_together`` rows may be of all queues of the scenario together.
    """
    try:
        mapping, zone, order = _mapping(slot, raw, scenario, wanted)
        preview(raw, mapping)
        from sim.history.tables.actuals import read_actuals

        actuals = read_actuals(
            raw, mapping, zone=zone, center_zone=scenario.center.time_zone, order=order
        )
    except BadInputError as error:
        show_table_problems(error)
        return None
    return actuals, _queues(slot, actuals, scenario, allow_together)


def show_table_problems(error: BadInputError) -> None:
    """Show what is wrong with the table: file, row, column, value and what is allowed."""
    import streamlit as st

    lines = str(error).splitlines()
    show_problems(lines[:MOST_SHOWN])
    if len(lines) > MOST_SHOWN:
        st.caption(f"and {len(lines) - MOST_SHOWN} more like these")


def raw_table(slot: str, sample: tuple[str, str]) -> Table | None:
    """Draw the upload and the field for a paste, and return what came of them.

    Parameters
    ----------
    slot : str
        Identifies this upload.
    sample : (str, str)
        Name and content of a file to download.

    Returns
    -------
    Table or None
        None as long as there is no table that can be read; what is wrong is said.
    """
    upload = table_upload(slot, sample)
    return None if upload is None else uploaded_part(slot, *upload)


def table_upload(
    slot: str,
    sample: tuple[str, str],
    label: str = "Interval table (CSV, TSV, pipe-delimited or XLSX)",
    kinds: Sequence[str] = ("csv", "tsv", "txt", "xlsx"),
    about: str = "",
) -> tuple[Any, str] | None:
    """Draw the upload and the field for a paste, and return the file, if any, and the paste."""
    import streamlit as st

    from sim.fileio import MEGABYTE, UPLOADS

    name, content = sample
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        file = st.file_uploader(
            label,
            type=list(kinds),
            key=f"{slot}:file",
            max_upload_size=UPLOADS.size // MEGABYTE,
            help="One row per queue and interval of 15, 30 or 60 minutes. Exports of Genesys "
            f"Cloud, Amazon Connect, Eleveo and NICE are recognised. {about}The file stays on "
            "this machine; macros are not run.",
        )
    with right:
        st.download_button(
            "Sample file", data=content, file_name=name, mime="text/csv",
            icon=":material/download:", on_click="ignore", key=f"{slot}:sample", width="stretch",
        )  # fmt: skip
    with st.expander("Or paste cells from a spreadsheet", icon=":material/content_paste:"):
        pasted = st.text_area(
            "Cells with header row", key=f"{slot}:paste", height=120,
            placeholder=content.replace(",", "\t"),
        )  # fmt: skip
    return None if file is None and not pasted.strip() else (file, pasted)


def uploaded_part(slot: str, file: Any, pasted: str) -> Table | None:
    """Draw the choice of sheet and row with titles, and return the table of an upload."""
    from sim.fileio import table_from_bytes, table_from_text

    def read(sheet: str | None = None, header_row: int | None = None) -> Table:
        if file is None:
            return table_from_text("pasted cells", pasted, header_row)
        return table_from_bytes(file.name, file.getvalue(), sheet, header_row)

    of = f"{slot}:{file.file_id if file is not None else hash(pasted)}"
    return _chosen_part(of, read)


def _chosen_part(of: str, read: Callable[[str | None, int | None], Table]) -> Table | None:
    """Draw the choice of the sheet and of the row with the titles, and return the table.

    Parameters
    ----------
    of : str
        Identifies the fields of this file.
    read : callable
        Reads the table, from sheet and header row; None to detect them.
    """
    import streamlit as st

    left, right = st.columns(2)
    place = st.empty()
    with left:
        row = st.number_input(
            "Header row", min_value=1, value=None, step=1, key=f"{of}:header",
            placeholder="detected",
            help="Set it when there is text above the column titles and the wrong row is detected.",
        )  # fmt: skip
    try:
        table = read(None, row)
        with right:
            sheet = sheet_field(of, table.sheets)
        if sheet is not None:
            table = read(sheet, row)
    except BadInputError as error:
        with place.container():
            show_problems(error)
        return None
    if table.header_row > 1:
        place.caption(f"Column titles found in row {table.header_row}.")
    return table


def _mapping(
    slot: str, raw: Table, scenario: Scenario, wanted: Sequence[str]
) -> tuple[dict[str, str], str | None, str]:
    """Draw which column means what, guessed at first, and how times are written."""
    import streamlit as st

    from sim.history.tables.column_mapping import MEANINGS, export_of
    from sim.history.tables.wide_table import guess_interval_columns

    guessed, system = guess_interval_columns(raw), export_of(raw)
    st.caption(
        f"**{as_text(raw.name)}**: {len(raw.rows):,} rows. "
        + (f"It looks like an export of {system}. " if system and system != "interval rows" else "")
        + "Columns were guessed from their titles; correct them below."
    )
    mark = hash((raw.name, raw.header))
    sure = {"start", "offered"} <= guessed.keys()
    with st.expander("Column mapping", expanded=not sure, icon=":material/view_column:"):
        meanings = {key: MEANINGS[key] for key in wanted}
        mapping = mapping_fields(f"{slot}:{mark}", raw.header, meanings, guessed)
        zone = _zone(f"{slot}:{mark}", mapping.get("start", ""), scenario.center.time_zone)
        order = date_format_field(f"{slot}:{mark}")
    return mapping, zone, order


def mapping_fields(
    of: str,
    titles: Sequence[str],
    meanings: Mapping[str, Meaning],
    guessed: Mapping[str, str],
) -> dict[str, str]:
    """Draw a field for each meaning, and return its column by meaning; empty for none.

    Parameters
    ----------
    of : str
        Identifies the fields.
    titles : sequence of str
        Of the columns.
    meanings : mapping of str to Meaning
    guessed : mapping of str to str
        Column by meaning that is chosen at first.
    """
    import streamlit as st

    choices = [NOTHING, *filter(None, titles)]
    mapping: dict[str, str] = {}
    with st.grid(min_column_width=210, gap="small"):
        for key, meaning in meanings.items():
            picked = st.selectbox(
                meaning.title, choices, index=choices.index(guessed.get(key) or NOTHING),
                help=meaning.help, key=f"{of}:{key}",
            )  # fmt: skip
            mapping[key] = "" if picked == NOTHING else picked
    return mapping


def _zone(slot: str, title: str, own: str | None) -> str | None:
    """Draw the time zone of the table, UTC at first where its title says so."""
    import streamlit as st

    zones = [AS_CENTER, "UTC", "Other"]
    zone = st.selectbox(
        "Time zone of the table", zones,
        index=1 if "utc" in title.lower() and own else 0,
        key=f"{slot}:zone",
        help=f"Time zone of the center: {own or 'not set in the scenario'}. Other times are "
        "converted to it; hours skipped or repeated by daylight saving are reported.",
    )  # fmt: skip
    if zone == "Other":
        zone = st.text_input("Time zone name", "Europe/Berlin", key=f"{slot}:other")
    return None if zone == AS_CENTER else zone


def preview(raw: Table, mapping: dict[str, str]) -> None:
    """Draw the first rows, the mapped columns first."""
    import pandas as pd
    import streamlit as st

    used = [title for title in mapping.values() if title]
    heads = [*dict.fromkeys(used), *(t for t in raw.header if t and t not in used)]
    places = {title: raw.header.index(title) for title in heads}
    rows = [
        {title: str(cells[at]) if at < len(cells) else "" for title, at in places.items()}
        for _, cells in raw.rows[:PREVIEW]
    ]
    with st.expander(f"Preview: the first {len(rows)} rows", expanded=True):
        st.dataframe(
            pd.DataFrame(rows, columns=heads), hide_index=True, width="stretch",
            alt=f"First rows of {raw.name}",
        )  # fmt: skip


def _queues(
    slot: str, actuals: Actuals, scenario: Scenario, allow_together: bool
) -> dict[str, str] | None:
    """Draw the mapping of the table's queues to those of the scenario, where names differ."""
    import streamlit as st

    from sim.planning.align_actuals import ALL_QUEUES, matched

    found = matched(actuals, scenario)
    if all(known in scenario.queue for known in found.values()):
        return None
    st.subheader("Queue mapping", divider="gray")
    choices = [NOTHING.replace("column", "queue"), *scenario.queue]
    if allow_together and len(scenario.queue) > 1:
        choices.insert(1, ALL_QUEUES)
    queues: dict[str, str] = {}
    with st.grid(min_column_width=210, gap="small"):
        for name, known in found.items():
            picked = st.selectbox(
                as_text(name or "(no name)"), choices, key=f"{slot}:queue:{name}",
                index=choices.index(known) if known in choices else 0,
            )  # fmt: skip
            queues[name] = "" if picked == choices[0] else picked
    return queues
