"""Roster: which person works which shift, planned in the background, shown week by week."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.app.csv_download import csv_bytes
from sim.app.planning_jobs import PlanningJob, finished_plan, start_plan
from sim.app.result_components import file_name
from sim.app.roster_files import (
    KINDS,
    MINE,
    add_roster,
    read_problem,
    remove_roster,
    roster_names,
)
from sim.app.saved_roster_forms import save_form, saved_roster_list
from sim.app.scenario_picker import show_problems
from sim.app.workspace import as_text, recall, remember, workspace
from sim.app.workspace.saved_rosters import restored_roster, saved_rosters
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    from sim.planning.roster import Roster, RosterProblem

SLOT = "roster"
OWN = "Files of my own"
DAY_PX = 112
"""Width of a day, so that a whole week fits beside the sidebar."""
LIMITS = (10, 30, 60, 120, 300, 600)
"""Time limits of the search (s)."""


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        name = _chosen()
        key = recall("roster:limit", 60, LIMITS)
        st.select_slider(
            "Time limit of the search",
            LIMITS,
            key=key,
            format_func=lambda s: f"{s} s",
            help="The search ends earlier when no cheaper roster can exist.",
        )
        limit = int(remember(key))
    st.title("Roster")
    if _saved():
        return
    _chosen_roster(name, limit)
    saved_roster_list()


def _chosen_roster(name: str | None, limit: int) -> None:
    """Draw the roster file that was chosen, and the search for a roster."""
    import streamlit as st

    if name is None:
        st.write(
            "Upload a roster file (TOML) in the sidebar, with the table of persons and the plan of "
            "shifts it names. The command `ccplan show two_weeks` prints an example."
        )
        return
    try:
        problem = read_problem(name)
    except BadInputError as error:
        show_problems(str(error).splitlines())
        return
    st.caption(
        f"{as_text(problem.name)}: {counted(len(problem.persons), 'person')}, "
        f"{counted(len(problem.shifts), 'shift')} a day, {counted(problem.days, 'day')} from "
        f"{problem.first_day:%A %d %b %Y}. All hard rules are kept; wishes, fairness and missing "
        "agents have a price, and the search is for the cheapest roster."
    )
    _plan(name, problem, limit)


def _saved() -> bool:
    """Draw the saved roster that was asked for; tell whether there is one."""
    import streamlit as st

    folder = workspace().folder
    one = saved_rosters(folder).get(str(st.session_state.get("roster:shown", "")))
    if one is None:
        st.session_state.pop("roster:shown", None)
        return False
    st.button("Back to planning", icon=":material/arrow_back:", on_click=_back)
    st.caption(f"Saved as {as_text(one.name)}" + (f": {as_text(one.note)}" if one.note else ""))
    try:
        found = restored_roster(folder, one)
    except BadInputError as error:
        show_problems(str(error).splitlines())
        return True
    _shown(found)
    return True


def _back() -> None:
    import streamlit as st

    st.session_state.pop("roster:shown", None)


def _chosen() -> str | None:
    """Draw the choice of a roster; return its name, or None while there is none."""
    import streamlit as st

    names = [*roster_names(), OWN]
    if (wish := st.session_state.pop("roster:next", None)) in names:
        st.session_state["roster:file"] = wish
    key = recall("roster:file", names[0], names)
    st.selectbox(
        "Roster",
        names,
        key=key,
        format_func=lambda one: one.removeprefix(MINE).replace("_", " "),
        help="An example, a roster of yours, or a roster file to upload.",
    )
    name = str(remember(key))
    if name == OWN:
        _upload()
        return None
    if name.startswith(MINE):
        st.button(
            "Remove this roster",
            icon=":material/delete:",
            on_click=remove_roster,
            args=(name,),
            help="Removes its files from the workspace. This cannot be undone.",
        )
    return name


def _upload() -> None:
    """Draw the upload; an uploaded roster is stored in the workspace and chosen."""
    import streamlit as st

    files = st.file_uploader(
        "Roster file and its tables",
        type=[suffix.lstrip(".") for suffix in KINDS],
        accept_multiple_files=True,
        key="roster:upload",
        help="One TOML file, and the CSV, XLSX or JSON files it names. They are stored in your "
        "workspace.",
    )
    if not files:
        return
    try:
        st.session_state["roster:next"] = add_roster(files)
    except BadInputError as error:
        show_problems(str(error).splitlines())
        return
    st.rerun()


def _plan(name: str, problem: RosterProblem, limit: int) -> None:
    """Draw the button that starts the search, its progress, and the roster."""
    import streamlit as st

    key = (name, repr(problem), limit)
    if st.button("Plan roster", type="primary", key="roster:start", icon=":material/search:"):
        start_plan(SLOT, PlanningJob(key, "Planning the roster", _work(problem, limit), limit))
        st.rerun()
    found: Roster | None = finished_plan(SLOT, key, _reached)
    if found is not None:
        _shown(found)
        save_form(name, found)


def _work(problem: RosterProblem, limit: int) -> Any:
    def work(job: PlanningJob) -> Roster:
        from sim.planning.roster import plan_roster

        def progress(cost: float, bound: float) -> None:
            job.report((cost, bound))
            if job.was_stopped:
                raise KeyboardInterrupt  # the search returns the best roster so far

        return plan_roster(problem, time_limit=limit, progress=progress)

    return work


def _reached(state: tuple[float, float]) -> str:
    from sim.report.roster_view import progress_words

    return progress_words(*state)


def _shown(found: Roster) -> None:
    """Draw how good a roster is, a week of it, the persons, and what is not kept."""
    import streamlit as st

    from sim.report import roster_view as view
    from sim.report.roster_text import verdict

    st.markdown(f"**{as_text(verdict(found))}**")
    with st.grid(min_column_width=150, gap="small"):
        for title, value, text in view.roster_cards(found):
            st.metric(title, value, border=True, help=text, height="stretch")
    weeks = view.week_titles(found.problem)
    key = recall("roster:week", weeks[0], weeks)
    if len(weeks) > 1:
        st.selectbox("Week", weeks, key=key)
    week = view.week_calendar(found, weeks.index(str(remember(key))) if len(weeks) > 1 else 0)
    names = [shift.name for shift in found.problem.shifts]
    st.dataframe(
        view.styled_week(week, names),
        hide_index=True,
        width="stretch",
        height="content",
        column_config={
            "Person": st.column_config.TextColumn(pinned=True),
            **{day: st.column_config.TextColumn(width=DAY_PX) for day in week.days},
        },
        alt=view.alt_text_week(week),
    )
    st.dataframe(
        week.cover,
        hide_index=True,
        width="stretch",
        height="content",
        alt="Agents assigned / required, by shift and day of the week",
    )
    st.caption("Below the calendar: agents assigned / required, by shift and day.")
    _details(found)
    _export(found)


def _details(found: Roster) -> None:
    import streamlit as st

    from sim.report import roster_view as view

    hard, soft = view.hard_rule_rows(found), view.soft_rule_rows(found)
    if hard:
        st.error(
            f"Hard rules broken: {len(hard)}. No roster was found that keeps all of them.",
            icon=":material/error:",
        )
        st.dataframe(hard, hide_index=True, width="stretch", alt="Hard rules broken")
    with st.expander(view.soft_rules_title(found)):
        if soft:
            st.caption("Soft rules may be broken; the search weighs their prices.")
            st.dataframe(soft, hide_index=True, width="stretch", alt="Soft rules broken")
        else:
            st.write("All soft rules are kept, and all wishes granted.")
    with st.expander("Persons"):
        st.dataframe(
            view.person_rows(found), hide_index=True, width="stretch", alt="Sums of each person"
        )
    if found.notes:
        with st.expander("Notes"):
            st.markdown("\n".join(f"- {as_text(note)}" for note in found.notes))


def _export(found: Roster) -> None:
    import streamlit as st

    from sim.report import roster_view as view

    stem = file_name(found.problem.name)
    downloads = (
        ("Workbook (XLSX)", "xlsx", lambda: _workbook(found), "Calendar, persons, shifts, cover."),
        ("Calendars (ICS)", "zip", lambda: view.calendars_archive(found),
         "One iCalendar file for each person, to import into a calendar program."),
        ("Shifts (CSV)", "csv", lambda: csv_bytes(list(found.rows())),
         "A row for each shift of each person."),
    )  # fmt: skip
    st.subheader("Export", divider="gray")
    with st.container(horizontal=True):
        for title, ending, content, text in downloads:
            st.download_button(
                title,
                data=content,
                file_name=f"{stem}-roster.{ending}",
                icon=":material/download:",
                on_click="ignore",
                help=text,
            )


def _workbook(found: Roster) -> bytes:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(prefix="ccplan-") as folder:
        file = Path(folder) / "roster.xlsx"
        found.to_xlsx(file)
        return file.read_bytes()
