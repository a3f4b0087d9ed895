"""Upload of actuals: a table of intervals or a call log, and which of its days are compared."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim.app.column_mapping import (
    mapping_fields,
    show_table_problems,
    table_by_meaning,
    table_upload,
    uploaded_part,
)
from sim.app.day_range import day_range
from sim.app.file_fields import date_format_field
from sim.app.log_fields import has_contacts
from sim.app.log_upload import days_of_log, is_complete, log_titles, upload_mark, zone_field
from sim.app.outcome_field import outcomes_left_out
from sim.app.state_upload import UploadedStates, contents_with_states, uploaded_states
from sim.app.uploaded_files import temporary_files
from sim.app.workspace import as_text
from sim.history.tables.days_of_table import within_days, without_days
from sim.planning.actuals_file import ActualsFile, read_actuals_file
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.uploads import Upload
    from sim.scenario import Scenario

SLOT = "actuals"
COMMAND = "ccplan validate"
KINDS = ("csv", "gz", "tsv", "txt", "parquet", "xlsx")
WANTED = (
    "start",
    "date",
    "queue",
    "channel",
    "offered",
    "answered",
    "abandoned",
    "level",
    "asa",
    "aht",
    "total",
    "agents",
)


@dataclass(frozen=True)
class UploadedActuals:
    """Actuals to compare with.

    Attributes
    ----------
    file : ActualsFile
        Of the days that are compared.
    queues : dict of str to str or None
        Queue of the scenario by name in the table; None where the names are alike.
    has_states : bool
        Whether the agents are those that a file of states records.
    """

    file: ActualsFile
    queues: dict[str, str] | None
    has_states: bool = False


def uploaded_actuals(scenario: Scenario) -> UploadedActuals | None:
    """Draw upload, mapping and days; None, and what is wrong is shown, while there are none."""
    from sim.planning.import_volumes import sample_actuals
    from sim.planning.log_actuals import columns_of

    upload = table_upload(
        SLOT, ("actuals-sample.csv", sample_actuals(scenario)),
        "Interval table or call log (CSV, CSV.GZ, parquet or XLSX)", KINDS,
        "A call log has one row per contact. ",
    )  # fmt: skip
    if upload is None:
        return None
    file, pasted = upload
    try:
        if file is not None and has_contacts(SLOT, file, COMMAND, columns_of(scenario).columns):
            return _log(file, scenario)
        return _table(file, pasted, scenario)
    except BadInputError as error:
        show_table_problems(error)
        return None


def _once(what: str, mark: Hashable, read: Callable[[], Any]) -> Any:
    """Return what was read of the present file before, else read it with a spinner."""
    import streamlit as st

    key = f"{SLOT}:read:{what}"
    known = st.session_state.get(key)
    if known is None or known[0] != mark:
        with st.spinner("Reading the file"):
            known = st.session_state[key] = (mark, read())
    return known[1]


def _log(file: Upload, scenario: Scenario) -> UploadedActuals | None:
    """Draw the mapping of a call log and its days, and read it as the command line does."""
    import streamlit as st

    from sim.history.call_log import LOG_MEANINGS
    from sim.history.call_log.column_meanings import choose_columns, likely_columns
    from sim.planning.log_actuals import columns_of

    known = log_titles(SLOT, file, COMMAND)
    if known is None:
        return None
    titles, saved = known.titles, columns_of(scenario)
    guessed = likely_columns(titles, saved.columns, by_content=known.by_content)
    sure = is_complete(file.name, titles, guessed)
    with st.expander("Column mapping", expanded=not sure, icon=":material/view_column:"):
        of = f"{SLOT}:{hash((titles, repr(guessed)))}"
        columns = mapping_fields(of, titles, LOG_MEANINGS, guessed)
    choose_columns(file.name, titles, columns, {})
    zone_place, outcome_place, date_place = st.columns(3)
    with zone_place:
        zone, is_valid = zone_field(f"{SLOT}:{scenario.name}", scenario.center.time_zone)
    with outcome_place:
        not_outcome, is_clear = outcomes_left_out(
            SLOT, file, columns, saved.not_outcome, known.sheet
        )
    with date_place:
        dates = date_format_field(of, saved.dates)
    states = uploaded_states(SLOT, COMMAND, saved)
    days = days_of_log(SLOT, file, columns, zone, known.sheet, dates) if is_valid else ()
    first, last, without = day_range(SLOT, days, may_leave_out=True)
    is_valid = is_valid and is_clear and bool(days) and not (first and last and first > last)
    if not (is_valid and states.is_valid):
        return None
    options = {"columns": columns, "zone": zone, "first": first, "last": last} | {
        "not_outcome": not_outcome, "dates": dates, "sheet": known.sheet
    }  # fmt: skip
    mark = (upload_mark(file), scenario.fingerprint, repr(options), _mark_of(states))
    found: ActualsFile = _once("log", mark, lambda: _read_log(file, states, scenario, options))
    kept = replace(found, actuals=without_days(found.actuals, without))
    st.caption(as_text(f"{file.name}: {found.actuals.notes[0]}."))
    return UploadedActuals(kept, None, states.file is not None)


def _mark_of(states: UploadedStates) -> Hashable:
    return None if states.file is None else (upload_mark(states.file), repr(states.options))


def _read_log(
    file: Upload, states: UploadedStates, scenario: Scenario, options: dict[str, Any]
) -> ActualsFile:
    from sim.planning.log_actuals import StateFile

    contents, state_name = contents_with_states(file, states.file)
    with temporary_files(contents) as path:
        state_file = None
        if state_name:
            words = (states.options["state_columns"], states.options["state_words"])
            state_file = StateFile(path(state_name), *words)
        found = read_actuals_file(
            path(file.name), scenario, states=state_file, is_log=True, **options
        )
    return replace(found, actuals=replace(found.actuals, name=file.name))


def _table(file: Any, pasted: str, scenario: Scenario) -> UploadedActuals | None:
    """Draw mapping, queues and days of a table of intervals."""
    from sim.planning.missing_rows import with_missing_rows

    raw = uploaded_part(SLOT, file, pasted)
    found = None
    if raw is not None:
        found = table_by_meaning(SLOT, raw, scenario, WANTED, allow_together=True)
    if found is None:
        return None
    actuals, queues = found
    whole = with_missing_rows(actuals, scenario, queues)
    days = sorted({entry.day for entry in actuals.entries if entry.day is not None})
    kept = whole.actuals
    if len(days) > 1:
        first, last, without = day_range(SLOT, tuple(days), may_leave_out=True)
        kept = without_days(within_days(kept, first, last), without)
    return UploadedActuals(ActualsFile(kept, warnings=whole.warnings), queues)
