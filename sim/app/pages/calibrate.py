"""Calibrate: a call log, what was estimated from it, how well it fits, and the scenario."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NoReturn

from sim.app.chart_display import face
from sim.app.log_fields import log_days_and_outcomes, log_mapping
from sim.app.log_upload import is_known, log_titles, zone_field
from sim.app.option_words import in_app_words
from sim.app.planning_jobs import (
    PlanningJob,
    StepsDone,
    earlier_plan,
    finished_plan,
    plan_job,
    running_plan,
    start_plan,
)
from sim.app.result_components import file_name
from sim.app.scenario_picker import MINE, show_problems
from sim.app.state_upload import contents_with_states, uploaded_states
from sim.app.uploaded_files import temporary_files
from sim.app.uploads import GeneratedFile, Upload, scenario_from_files
from sim.app.workspace import as_text, workspace
from sim.history.calibration_stages import (
    READING,
    REMOVING_BIAS,
    STAGES,
    STEPS,
    progress_text,
)
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.report.calibration.page_table import PageTable

SLOT = "calibrate"
COMMAND = "ccplan calibrate"
FIRST = ("Cleaning", "States of agents", "Estimates")
"""Tables above the pictures."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    st.title("Calibrate")
    st.write(
        "Upload a call log with one row per contact. Arrivals, patience, times and agents are "
        "estimated from it, with confidence intervals, and become a scenario that was compared "
        "with the recorded days."
    )
    file = _upload()
    if file is None:
        st.caption(
            "Identifiers of customers and names of agents are replaced at reading, and written to "
            "no file. What you upload is deleted when the calibration is done or cancelled."
        )
        _job(None)
        return
    # What belongs to another file is removed before this one is read.
    place = st.container() if is_known(SLOT, file) else st.empty().container()
    with place:
        _calibrate(file)


def _calibrate(file: Upload) -> None:
    """Draw mapping and options of a file, the button, and what it has started."""
    import streamlit as st

    titles = log_titles(SLOT, file, COMMAND)
    if titles is None:
        return
    columns, is_valid = log_mapping(SLOT, file.name, titles)
    states = uploaded_states(SLOT, COMMAND)
    options, is_valid_too = _options(file, titles.sheet, columns if is_valid else {})
    options = {"columns": columns, **options, **states.options}
    mark = (*_marks(file, states.file), repr(options))
    if st.button(
        "Calibrate", type="primary", key="calibrate:start", icon=":material/tune:",
        disabled=not (is_valid and is_valid_too and states.is_valid),
    ):  # fmt: skip
        work = _work(file, options, states.file)
        job = PlanningJob(mark, "Calibrating", work, noun="calibration", file=file.name)
        start_plan(SLOT, job)
        st.rerun()
    _job(mark)


def _job(mark: Hashable | None) -> None:
    """Draw progress or result of a calibration; without a file that of this session."""
    import streamlit as st

    if mark is None or plan_job(SLOT, mark) is None:
        earlier = running_plan(SLOT) if mark is not None else earlier_plan(SLOT, _words)
        if earlier is None:
            if mark is not None:
                st.caption("What you upload is deleted when the calibration is done or cancelled.")
            return
        mark = earlier.key
    found: Calibration | None = finished_plan(SLOT, mark, _words)
    if found is not None:
        _result(found)


def _upload() -> Upload | None:
    """Draw the upload, and return the file."""
    import streamlit as st

    from sim.fileio import MEGABYTE, UPLOADS

    return st.file_uploader(
        "Call log (CSV, CSV.GZ, parquet or XLSX)",
        type=["csv", "gz", "tsv", "txt", "parquet", "xlsx"],
        key="calibrate:file", max_upload_size=UPLOADS.size // MEGABYTE,
        help="Required are when a contact was offered, its wait (or when it was answered) and its "
        f"talk (or end), and the agent. For larger logs use {COMMAND}.",
    )  # fmt: skip


def _options(
    file: Upload, sheet: str | None, columns: dict[str, str]
) -> tuple[dict[str, Any], bool]:
    """Draw time zone, outcomes, date format and days; return them, and whether they are valid."""
    import streamlit as st

    zone_place, *places = st.columns(3)
    with zone_place:
        zone = zone_field(SLOT)
    options, is_valid = log_days_and_outcomes(
        SLOT, file, columns, zone, (places[0], places[1]), sheet
    )
    return {**options, "zone": zone[0]}, is_valid


def _marks(*files: Upload | None) -> list[Any]:
    """Return what tells files from others."""
    return [file and (file.name, hash(file.getvalue())) for file in files]


def _work(file: Upload, options: dict[str, Any], states: Upload | None = None) -> Any:
    contents, state_name = contents_with_states(file, states)

    def work(job: PlanningJob) -> Calibration:
        job.step(READING, 0, len(STEPS[READING]), 0, len(STAGES))
        from sim.history.calibration import calibrate

        def step(what: str, done: int, steps: int) -> None:
            job.step(what, done, steps, STAGES.index(what), len(STAGES))

        with temporary_files(contents) as path:
            found = path(state_name) if state_name else None
            return calibrate(path(file.name), progress=step, states=found, **options)

    return work


def _words(state: StepsDone) -> str:
    from sim.engine import must_compile

    text = progress_text(state.what, state.done, state.steps)
    if state.what == REMOVING_BIAS and not state.done and must_compile():
        return f"{text} (compiling the engine, once on this machine: a minute or two)"
    return text


def _result(found: Calibration) -> None:
    """Draw the scenario's buttons, whether to trust it, tables, estimates and pictures."""
    import streamlit as st

    from sim.report.calibration.drawings import pictures
    from sim.report.calibration.line_drawing import for_dark
    from sim.report.calibration.page import calibration_tables, unusual_lines
    from sim.report.calibration.trust import bias_lines, lacking_lines, moved_lines, trust_lines
    from sim.report.calibration.words import notes_of

    log = found.estimates.log
    st.subheader(as_text(
        f"{counted(len(log), 'contact')} from {log.first_day} to {log.date(log.days - 1)}"
    ), divider="gray")  # fmt: skip
    _files(found)
    verdict, *reasons = trust_lines(found)
    st.markdown(f"**{as_text(verdict)}**")
    _lines(reasons)
    tables = calibration_tables(found)
    for table in tables:
        if table.title not in FIRST:
            _table(table)
    _section("Changed to remove bias", [*moved_lines(found), *bias_lines(found, "bias of ")])
    _section("Not estimated", lacking_lines(found))
    for title in reversed(FIRST):
        for table in tables:
            if table.title == title:
                _table(table)
    _section("Unusual days", unusual_lines(found))
    _section("Notes", notes_of(found))
    st.subheader("Estimates against the data", divider="gray")
    with st.grid(min_column_width=420, gap="small"):
        for picture in pictures(found):
            with st.container(border=True):
                st.markdown(f"**{as_text(picture.title)}**")
                shown = for_dark(picture.drawing) if face() == "dark" else picture.drawing
                st.image(shown, width="stretch")
                st.caption(as_text(picture.note))


def _section(title: str, texts: Sequence[str]) -> None:
    import streamlit as st

    if texts:
        st.subheader(title, divider="gray")
        _lines(texts)


def _table(table: PageTable) -> None:
    import pandas as pd
    import streamlit as st

    st.subheader(table.title, divider="gray")
    st.caption(as_text(table.note))
    st.dataframe(
        pd.DataFrame(table.rows, columns=table.heads), hide_index=True, width="stretch",
        height="content" if len(table.rows) <= 12 else "auto", alt=table.title,
    )  # fmt: skip


def _lines(texts: Any) -> None:
    import streamlit as st

    if texts:
        st.markdown("\n".join(f"- {as_text(in_app_words(text))}" for text in texts))


def _files(found: Calibration) -> None:
    """Draw the buttons that open the scenario, and download its folder and the report."""
    import streamlit as st

    from sim.report.calibration.page import calibration_page

    stem = PurePath(found.name).name.split(".")[0]
    with st.container(horizontal=True):
        opened = st.button(
            "Open as scenario", type="primary", icon=":material/open_in_new:", key="calibrate:open"
        )
        st.download_button(
            "Folder (ZIP)", data=lambda: _packed(found), file_name=f"{file_name(stem)}-center.zip",
            icon=":material/folder_zip:", on_click="ignore", key="calibrate:zip",
            help="scenario.toml, its tables, columns.toml and report.html.",
        )  # fmt: skip
        st.download_button(
            "Report (HTML)", data=lambda: calibration_page(found).encode(),
            file_name=f"{file_name(stem)}-calibration.html", mime="text/html",
            icon=":material/download:", on_click="ignore", key="calibrate:report",
        )  # fmt: skip
    if opened:
        try:
            _open(found, stem)
        except BadInputError as error:
            show_problems(error)


def _packed(found: Calibration) -> bytes:
    """Return the files of the folder as one."""
    from io import BytesIO
    from zipfile import ZIP_DEFLATED, ZipFile

    from sim.report.calibration.page import calibration_page

    content = BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as packed:
        for name, text in sorted({**found.files, "report.html": calibration_page(found)}.items()):
            packed.writestr(name, text)
    return content.getvalue()


def _open(found: Calibration, stem: str) -> NoReturn:
    """Save the scenario in the workspace, and show it on page Start.

    Raises
    ------
    BadInputError
        When it cannot be saved.
    """
    import streamlit as st

    from sim.app.navigation import START, go_to

    files: list[Upload] = [GeneratedFile(name, text.encode()) for name, text in found.files.items()]
    st.session_state["scenario:next"] = MINE + workspace().add_scenario(
        scenario_from_files(files), stem.replace("_", " ").replace("-", " ")
    )
    go_to(START)
