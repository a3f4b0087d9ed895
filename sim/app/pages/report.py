"""Report: a result on one page, to print, send or download."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.app.result_components import file_name
from sim.app.result_picker import choose_results, with_same_days
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import result_or_stop
from sim.app.start_fields import FEW, REPLICATIONS, RUNS, SEED
from sim.app.workspace import SavedResult, as_text, recall, remember, workspace
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.report.summary_html import Heading
    from sim.scenario import Scenario

CURRENT, COMPARED = "Current scenario", "Comparison of saved results"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
        runs, seed = (
            _experiment(choice.scenario) if isinstance(choice, ScenarioChoice) else (FEW, 1)
        )
    st.title("Report")
    if not isinstance(choice, ScenarioChoice):
        st.write("Choose a scenario in the sidebar to see its report.")
        show_problems(choice)
        return
    saved = workspace().saved_results
    names = [CURRENT, *saved, *([COMPARED] if len(saved) > 1 else [])]
    key = recall("report:on", CURRENT, names)
    st.selectbox(
        "Report on",
        names,
        key=key,
        help="The current scenario, a saved result, or a comparison of saved results.",
    )
    wish = remember(key)
    what = as_text(choice.title if wish == CURRENT else wish)
    st.caption(f"{what}. The downloads are self-contained: no network, no scripts.")
    try:
        if wish == CURRENT:
            result = result_or_stop(choice.scenario, runs, seed, "Simulating", "report")
            _single_report(choice.scenario, result, _heading(choice))
        elif wish == COMPARED:
            _comparison(list(saved.values()))
        else:
            one = saved[wish]
            result = result_or_stop(
                one.scenario, one.runs, one.seed, f"Simulating {wish}", "report"
            )
            _single_report(one.scenario, result, _heading_of(one))
    except BadInputError as error:
        show_problems(error)


def _heading_of(one: SavedResult) -> Heading:
    """Draw title and note of the report of a saved result."""
    from sim.report.summary_html import Heading
    from sim.scenario.question_comment import question_in

    title, note = _title_and_note(f"report:saved:{one.name}", one.name, one.note)
    return Heading(title, question_in(one.scenario.text), note, one.words)


def _title_and_note(prefix: str, title: str, note: str = "") -> tuple[str, str]:
    """Draw the fields of title and note, and return their values."""
    import streamlit as st

    left, right = st.columns([2, 3])
    with left:
        first = recall(f"{prefix}:title", title)
        st.text_input("Title", key=first, max_chars=120)
    with right:
        second = recall(f"{prefix}:note", note)
        st.text_input("Note", key=second, max_chars=600, placeholder="optional, shown at the top")
    return str(remember(first)), str(remember(second))


def _comparison(saved: list[SavedResult]) -> None:
    """Draw the report of saved results that are compared."""
    from sim.app.result_components import workbook
    from sim.experiment import Comparison
    from sim.report.comparison_page import comparison_page
    from sim.report.comparison_workbook import About

    chosen = choose_results(saved)
    results = None if chosen is None else with_same_days(chosen, "report")
    if chosen is None or results is None:
        return
    labels = tuple(one.name for one in chosen)
    comparison = Comparison(tuple(results), labels)
    about = {one.name: About(one.words, one.note) for one in chosen}
    title, note = _title_and_note(
        f"report:compared:{'|'.join(labels)}", f"{labels[0]} vs. {', '.join(labels[1:])}"[:120]
    )
    html = comparison_page(comparison, about, title, note)
    _downloads(html, lambda: workbook(comparison, about), file_name(title or labels[0]))
    _preview(html, 1100)


def _experiment(scenario: Scenario) -> tuple[int, int]:
    import streamlit as st

    key = recall("runs", FEW, RUNS)
    st.select_slider("Replications", RUNS, key=key, help=REPLICATIONS)
    seed = recall("seed", scenario.experiment.seed)
    st.number_input("Random seed", min_value=0, max_value=2**31, step=1, key=seed, help=SEED)
    return int(remember(key)), int(remember(seed))


def _heading(choice: ScenarioChoice) -> Heading:
    """Draw title and note of the report."""
    from sim.report.summary_html import Heading

    prefix = f"report:{choice.scenario.fingerprint[:12]}"
    title, note = _title_and_note(prefix, choice.title)
    return Heading(title, choice.question, note, choice.words)


def _single_report(scenario: Scenario, result: Result, heading: Heading) -> None:
    """Draw the downloads and the page itself."""
    from sim.report.summary_html import summary_page

    html = summary_page(scenario, result, heading)
    name = file_name(heading.title or scenario.name)
    _downloads(html, lambda: _workbook(scenario, result, heading), name)
    _preview(html, 1500)


def _preview(html: str, height: int) -> None:
    """Draw the page as dark or as light as the app; it is printed black on white."""
    import streamlit as st

    theme = st.context.theme.type or "light"
    shown = html.replace("<html ", f'<html data-theme="{theme}" ', 1)
    st.iframe(shown, height=height, alt="The report as printed")


def _downloads(html: str, book: Callable[[], bytes], name: str) -> None:
    """Draw the page and the workbook as downloads."""
    import streamlit as st

    with st.container(horizontal=True):
        st.download_button(
            "Report (HTML)",
            data=html,
            file_name=f"{name}.html",
            mime="text/html",
            icon=":material/download:",
            on_click="ignore",
            type="primary",
            help="Opens in any browser; print it, or save it as PDF from there.",
        )
        st.download_button(
            "Workbook (XLSX)",
            data=book,
            file_name=f"{name}.xlsx",
            icon=":material/download:",
            on_click="ignore",
            help="Inputs, all metrics with confidence intervals and definitions, and charts.",
        )


def _workbook(scenario: Scenario, result: Result, heading: Heading) -> bytes:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from sim.report.summary_workbook import write_summary_book

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "report.xlsx"
        write_summary_book(file, scenario, result, heading)
        return file.read_bytes()
