"""Report: a result on one page, to print, to send and to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.choose import Chosen, chosen, tell
from sim.app.controls import FEW, RUNS
from sim.app.parts import file_name
from sim.app.running import lived
from sim.app.workspace import as_text, recall, remember
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.report.summary import Heading
    from sim.scenario import Scenario


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = chosen()
        runs, seed = _experiment(choice.scenario) if isinstance(choice, Chosen) else (FEW, 1)
    st.title("Report")
    if not isinstance(choice, Chosen):
        st.write("Choose a scenario at the left, and have it on one page.")
        tell(choice)
        return
    scenario = choice.scenario
    st.caption(
        f"{as_text(choice.title)} on one page: figures with intervals, pictures, and what was "
        "simulated. The files stand alone: they need no network and hold no script."
    )
    try:
        result = lived(scenario, runs, seed, "Simulating", "report")
    except BadInputError as error:
        tell(error)
        return
    _offered(scenario, result, _heading(choice))


def _experiment(scenario: Scenario) -> tuple[int, int]:
    import streamlit as st

    key = recall("runs", FEW, RUNS)
    st.select_slider("Runs", RUNS, key=key, help="Four times as many halve the intervals.")
    seed = recall("seed", scenario.experiment.seed)
    st.number_input(
        "Seed", min_value=0, max_value=2**31, step=1, key=seed, help="Fixes all chance."
    )
    return int(remember(key)), int(remember(seed))


def _heading(choice: Chosen) -> Heading:
    """Draw what stands over the report."""
    import streamlit as st

    from sim.report.summary import Heading

    prefix = f"report:{choice.scenario.fingerprint[:12]}"
    left, right = st.columns([2, 3])
    with left:
        title = recall(f"{prefix}:title", choice.title)
        st.text_input("Title", key=title, max_chars=120)
    with right:
        note = recall(f"{prefix}:note", "")
        st.text_input(
            "Note", key=note, max_chars=600, placeholder="what the reader should know first"
        )
    changes = choice.words
    return Heading(str(remember(title)), choice.question, str(remember(note)), changes)


def _offered(scenario: Scenario, result: Result, heading: Heading) -> None:
    """Draw the downloads and the page itself."""
    import streamlit as st

    from sim.report.summary import summary_page

    html = summary_page(scenario, result, heading)
    name = file_name(heading.title or scenario.name)
    with st.container(horizontal=True):
        st.download_button(
            "Page (HTML)",
            data=html,
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
            help="Opens in any browser and prints on one sheet; from there it becomes a PDF.",
        )
        st.download_button(
            "Workbook (XLSX)",
            data=lambda: _workbook(scenario, result, heading),
            file_name=f"{name}.xlsx",
            icon=":material/download:",
            on_click="ignore",
            help="Inputs, every figure with its interval and its definition, and charts.",
        )
    st.iframe(html, height=1500, alt="The report as it will be printed")


def _workbook(scenario: Scenario, result: Result, heading: Heading) -> bytes:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from sim.report.summary_book import write_summary_book

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "report.xlsx"
        write_summary_book(file, scenario, result, heading)
        return file.read_bytes()
