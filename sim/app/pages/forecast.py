"""Forecast: a history of contacts, the coming days with their band, and how good it is."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.app.column_mapping import mapping_fields, preview, show_table_problems
from sim.app.file_fields import date_format_field, sheet_field
from sim.app.forecast_options import events_upload, forecast_options
from sim.app.forecast_result import draw_forecast
from sim.app.log_fields import has_contacts, log_days_and_outcomes, log_mapping
from sim.app.log_upload import log_titles, upload_mark
from sim.app.planning_jobs import (
    PlanningJob,
    StepsDone,
    earlier_plan,
    finished_plan,
    plan_job,
    start_plan,
)
from sim.app.uploaded_files import temporary_files
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.uploads import Upload
    from sim.fileio import Table
    from sim.history.forecast_history import HistoryForecast

SLOT = "forecast"
LOG_SLOT = "forecast:log"
COMMAND = "ccplan forecast"
WANTED = ("start", "date", "queue", "channel", "offered", "answered", "aht")
SAMPLE = "shop.csv.gz"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    st.title("Forecast")
    st.write(
        "Upload contacts of past weeks, by interval or as a call log with one row per contact. "
        "Several methods are tried on this history, those that did best forecast the coming days, "
        "and their errors are shown."
    )
    file = _upload()
    if file is None:
        if (job := earlier_plan(SLOT, _words)) is not None:
            _show(job.key)
        return
    chosen = _chosen(file)
    if chosen is None:
        return
    wanted, is_valid = chosen
    events = events_upload()
    mark = (file.name, hash(file.getvalue()), repr(wanted), hash(events and events.getvalue()))
    if st.button(
        "Forecast", type="primary", key="forecast:start", icon=":material/trending_up:",
        disabled=not is_valid,
    ):  # fmt: skip
        work = _work(file, events, wanted)
        start_plan(SLOT, PlanningJob(mark, "Forecasting", work, noun="forecast", file=file.name))
        st.rerun()
    _show(mark)
    if plan_job(SLOT, mark) is None:
        st.caption("What you upload is deleted when the forecast is done or cancelled.")


def _chosen(file: Upload) -> tuple[dict[str, Any], bool] | None:
    """Draw the fields of a file; return the options of its forecast, and whether all are valid.

    None where the file cannot be read.
    """
    try:
        is_log = has_contacts(SLOT, file, COMMAND)
    except BadInputError as error:
        show_table_problems(error)
        return None
    if is_log:
        return _log_options(file)
    raw = _table(file)
    if raw is None:
        return None
    table, sheet = raw
    columns, dates = _columns(file.name, table)
    has_columns = _has_columns(table, columns)
    options, is_valid = forecast_options()
    read = {"columns": columns, "dates": dates, "sheet": sheet, "is_log": False}
    return {**options, **read}, is_valid and has_columns


def _log_options(file: Upload) -> tuple[dict[str, Any], bool] | None:
    """Draw the fields of a call log, as :func:`_chosen`."""
    import streamlit as st

    titles = log_titles(LOG_SLOT, file, COMMAND)
    if titles is None:
        return None
    columns, is_valid = log_mapping(LOG_SLOT, file.name, titles, needs_talk=False)
    own_place = st.container()
    options, is_valid_too = forecast_options()
    zone = options["center_zone"]
    with own_place:
        places = st.columns(3)
        own, is_own_valid = log_days_and_outcomes(
            LOG_SLOT, file, columns if is_valid else {}, (zone, is_valid_too),
            (places[0], places[1]), titles.sheet,
        )  # fmt: skip
    all_valid = is_valid and is_valid_too and is_own_valid
    return {**options, **own, "columns": columns, "is_log": True}, all_valid


def _show(mark: Hashable) -> None:
    """Draw progress or result of a forecast."""
    found: HistoryForecast | None = finished_plan(SLOT, mark, _words)
    if found is not None:
        draw_forecast(found)


def _upload() -> Upload | None:
    """Draw the upload and the sample, and return the file."""
    import streamlit as st

    from sim.fileio import MEGABYTE, UPLOADS
    from sim.resources import scenarios_dir

    left, right = st.columns([3, 1], vertical_alignment="bottom")
    with left:
        file = st.file_uploader(
            "History (CSV, CSV.GZ, XLSX, or a call log as parquet)",
            type=["csv", "gz", "tsv", "txt", "xlsx", "parquet"],
            key="forecast:file", max_upload_size=UPLOADS.size // MEGABYTE,
            help="One row per queue and interval, or per contact, several weeks or more. Exports "
            "of Avaya CMS, Five9, Zendesk, Amazon Connect, Genesys Cloud, NICE and Eleveo are "
            f"recognised. For larger call logs use {COMMAND}.",
        )  # fmt: skip
    with right:
        st.download_button(
            "Sample file", data=(scenarios_dir() / "history" / SAMPLE).read_bytes,
            file_name=SAMPLE, icon=":material/download:", on_click="ignore",
            key="forecast:sample", width="stretch",
        )  # fmt: skip
    return file


def _table(file: Upload) -> tuple[Table, str | None] | None:
    """Draw the choice of the sheet; return the table and the sheet, None without a choice."""
    from sim.fileio import table_from_bytes

    try:
        found = table_from_bytes(file.name, file.getvalue())
        sheet = sheet_field(f"{SLOT}:{upload_mark(file)}", found.sheets)
        if sheet is not None and sheet != found.sheets[0]:
            found = table_from_bytes(file.name, file.getvalue(), sheet)
        return found, sheet
    except BadInputError as error:
        show_table_problems(error)
        return None


def _columns(name: str, raw: Table) -> tuple[dict[str, str], str]:
    """Draw mapping, date format and first rows; return columns unlike the guess, and the format."""
    import streamlit as st

    from sim.history.tables.column_mapping import MEANINGS, export_of
    from sim.history.tables.wide_table import guess_interval_columns

    guessed, system = guess_interval_columns(raw), export_of(raw)
    known = (
        f" It looks like an export of {system}."
        if system not in (None, "", "interval rows")
        else ""
    )
    st.caption(
        f"**{as_text(name)}**: {len(raw.rows):,} rows.{known} Columns were guessed from their "
        "titles; correct them below."
    )
    of = f"{SLOT}:{hash((raw.name, raw.header))}"
    sure = {"start", "offered"} <= guessed.keys()
    with st.expander("Column mapping", expanded=not sure, icon=":material/view_column:"):
        meanings = {key: MEANINGS[key] for key in WANTED}
        mapping = mapping_fields(of, raw.header, meanings, guessed)
        dates = date_format_field(of)
        preview(raw, mapping)
    return {key: title for key, title in mapping.items() if title != guessed.get(key, "")}, dates


def _has_columns(raw: Table, columns: dict[str, str]) -> bool:
    """Return whether the columns that are needed are known; show which are not."""
    from sim.history.table_histories import check_columns

    try:
        check_columns(raw, columns)
    except BadInputError as error:
        show_table_problems(error)
        return False
    return True


def _work(file: Upload, events: Upload | None, options: dict[str, Any]) -> Any:
    contents = {file.name: file.getvalue()}
    events_file = f"events-{events.name}" if events is not None else None
    if events is not None and events_file is not None:
        contents[events_file] = events.getvalue()

    def work(job: PlanningJob) -> HistoryForecast:
        from sim.history.forecast_history import forecast

        with temporary_files(contents) as path:
            found = forecast(
                path(file.name),
                events=None if events_file is None else path(events_file),
                progress=lambda done, queues: job.step("queues", done, queues),
                **options,
            )
        return replace(found, history=replace(found.history, name=file.name))

    return work


def _words(state: StepsDone) -> str:
    return f"{state.done} of {state.steps} queues"
