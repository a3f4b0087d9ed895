"""Validation: simulation compared with actuals, and the verification of the engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.actuals_upload import UploadedActuals, uploaded_actuals
from sim.app.column_mapping import show_table_problems
from sim.app.planning_jobs import PlanningJob, finished_plan, start_plan
from sim.app.scenario_picker import ScenarioChoice, pick_scenario, show_problems
from sim.app.simulation_jobs import result_or_stop
from sim.app.validation_view import show_validation
from sim.app.workspace import as_text, recall, remember
from sim.planning.align_actuals import ALL_QUEUES, BY_DATE, BY_WEEKDAY, lay_out
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.history.tables.actuals import Actuals
    from sim.planning.compare_with_actuals import Validation
    from sim.planning.scored_periods import ScoredPeriods
    from sim.scenario import Scenario

RUNS = (50, 100, 200, 500)
SUSPECTS = "suspects"
SUSPECT_LIMIT_S = 300.0
ACTUALS, VERIFICATION = "Compare with actuals", "Verification"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = pick_scenario()
    st.title("Validation")
    st.caption("Does the simulation match your center, and does it match known exact results?")
    key = recall("validation:part", ACTUALS, (ACTUALS, VERIFICATION))
    st.segmented_control(
        "Part", (ACTUALS, VERIFICATION), key=key, required=True, label_visibility="collapsed"
    )
    if remember(key) == VERIFICATION:
        _verification()
    elif isinstance(choice, ScenarioChoice):
        _compare_with_actuals(choice)
    else:
        show_problems(choice)


def _compare_with_actuals(choice: ScenarioChoice) -> None:
    """Draw the upload, then simulation and actuals."""
    import streamlit as st

    from sim.planning.actual_inputs import with_actual_inputs
    from sim.planning.compare_with_actuals import validate

    scenario = choice.scenario
    st.caption(
        f"Upload actuals for **{as_text(choice.title)}**: a table with the contacts offered by "
        "queue and interval, and optionally answered, abandoned, service level, ASA and AHT; or a "
        "call log with one row per contact."
    )
    found = uploaded_actuals(scenario)
    if found is None:
        return
    file, actuals, queues = found.file, found.file.actuals, found.queues
    st.subheader("Simulated and actual", divider="gray")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        runs = _runs()
        seed = _seed(scenario)
        match = _match()
    aht_content = file.aht or _aht_content(actuals)
    taken = _taken(found)
    try:
        inputs = with_actual_inputs(scenario, actuals, taken, queues, file.inputs, aht_content)
        scenario, actuals = inputs.scenario, inputs.actuals
        # Before it is simulated: actuals that do not fit need no simulation.
        lay_out(actuals, scenario, queues, match)
        result = result_or_stop(scenario, runs, seed, "Simulating", "validation")
        validation = validate(scenario, result, actuals, queues, aht_content, match)
    except BadInputError as error:
        show_table_problems(error)
        return
    validation = replace(
        validation.without_taken(taken), from_actuals=tuple(taken),
        notes=(*inputs.notes, *validation.notes),
        warnings=(*file.warnings, *inputs.warnings, *validation.warnings),
    )  # fmt: skip
    show_validation(validation)
    if validation.verdicts:
        _suspects(scenario, actuals, queues, aht_content, match, validation)


def _runs() -> int:
    import streamlit as st

    key = recall("validation:runs", 100, RUNS)
    with st.container(width=260):
        st.select_slider(
            "Replications", RUNS, key=key,
            help="Number of simulated replications. The 95 % band of days needs at least 40.",
        )  # fmt: skip
    return int(remember(key))


def _seed(scenario: Scenario) -> int:
    import streamlit as st

    from sim.app.start_fields import SEED

    key = recall("seed", scenario.experiment.seed)
    st.number_input(
        "Random seed", min_value=0, max_value=2**31, step=1, key=key, help=SEED, width=160
    )
    return int(remember(key))


def _match() -> str | None:
    """Draw how days are matched; None for the usual way."""
    import streamlit as st

    words = {"": "automatically", BY_DATE: "by date", BY_WEEKDAY: "by weekday"}
    key = recall("validation:match", "", words)
    st.segmented_control(
        "Match days", list(words), key=key, required=True, format_func=words.__getitem__,
        help="Automatically: by weekday with a calibrated scenario, whose week stands for every "
        "week, and where no date lies in the scenario; else by date.",
    )  # fmt: skip
    return str(remember(key)) or None


def _taken(found: UploadedActuals) -> list[str]:
    """Draw what the simulation takes from the actuals, day by day."""
    import streamlit as st

    together = ALL_QUEUES in (found.queues or {}).values()
    has_agents = found.file.inputs is not None or "agents" in found.file.actuals.fields
    has_talk = "aht" in found.file.actuals.fields
    possible = ["arrivals", *(["agents"] * has_agents), *(["talk"] * has_talk)]
    possible = [] if together else possible
    if not possible:
        return []
    st.session_state.setdefault("validation:taken", [])
    taken = st.pills(
        "Take from the actuals, day by day", possible, selection_mode="multi",
        key="validation:taken",
        help="With the recorded arrivals the model of queueing is judged apart from the forecast; "
        "with the recorded agents (column agents, or those who took the contacts of a call log) "
        "also apart from the roster; with the mean talk of each day also apart from how long "
        "contacts take.",
    )  # fmt: skip
    if found.has_states and "agents" not in (taken or []):
        st.info(
            "The states of agents have no effect unless agents are taken from the actuals.",
            icon=":material/info:",
        )
    return [one for one in possible if one in (taken or [])]


def _suspects(
    scenario: Scenario,
    actuals: Actuals,
    queues: dict[str, str] | None,
    aht_content: str | None,
    match: str | None,
    validation: Validation,
) -> None:
    """Draw which assumption is most suspect; it is searched in the background."""
    import pandas as pd
    import streamlit as st

    from sim.experiment import simulate
    from sim.planning.compare_with_actuals import not_judged
    from sim.planning.scored_periods import scored_periods
    from sim.planning.suspects import find_suspects
    from sim.report.validation_details import ABOUT_SUSPECTS, suspect_rows, suspect_words

    st.subheader("Which assumption is suspect?", divider="gray")
    mark = (
        scenario.fingerprint,
        validation.runs,
        validation.seed,
        aht_content,
        match,
        actuals.name,
        len(actuals.entries),
    )

    def work(job: PlanningJob) -> object:
        def go_on(*_: int) -> None:
            if job.was_stopped:
                raise KeyboardInterrupt

        def scored(changed: Scenario, runs: int) -> Sequence[ScoredPeriods]:
            go_on()
            found = simulate(changed, runs=runs, seed=validation.seed, progress=go_on)
            return scored_periods(
                changed, found, actuals, queues, aht_content, match,
                not_judged(validation.from_actuals),
            )  # fmt: skip

        return find_suspects(scenario, scored, validation.runs, lambda *done: job.report(done))

    if st.button("Try changes of the assumptions", icon=":material/troubleshoot:"):
        start_plan(SUSPECTS, PlanningJob(mark, "Trying changes", work, SUSPECT_LIMIT_S))
    found = finished_plan(
        SUSPECTS, mark, lambda done: f"{done[0]} of at most {done[1]} simulations done"
    )
    if found:
        st.markdown(f"**{suspect_words(found)}**")
        st.dataframe(
            pd.DataFrame(suspect_rows(found)), hide_index=True, width="content",
            alt="Assumptions that were changed, with the error that remains",
        )  # fmt: skip
    st.caption(ABOUT_SUSPECTS)


def _aht_content(actuals: Actuals) -> str | None:
    """Draw the question what the AHT of the actuals includes; None while unknown."""
    import streamlit as st

    from sim.planning.compared_metrics import HANDLE, TALK, WITH_GAPS

    if not actuals.fields & {"aht", "total"}:
        return None
    words = {
        "": "unknown",
        TALK: "talk and hold only",
        HANDLE: "talk, hold and wrap-up",
        WITH_GAPS: "also idle time between contacts",
    }
    key = recall("validation:aht", "", words)
    st.segmented_control(
        "AHT in the actuals includes", list(words), key=key, required=True,
        format_func=words.__getitem__,
        help="Systems differ. An AHT that includes idle time is not compared.",
    )  # fmt: skip
    return str(remember(key)) or None


def _verification() -> None:
    """Draw expected and computed values of the verification."""
    import pandas as pd
    import streamlit as st

    from sim.report.verification import verified

    try:
        found = verified()
    except FileNotFoundError as error:
        st.info(str(error), icon=":material/info:")
        return
    st.success(as_text(found.summary), icon=":material/verified:")
    for words in found.method:
        st.caption(as_text(words))
    titles = [section.title for section in found.sections]
    key = recall("validation:section", titles[0], titles)
    st.segmented_control("What is verified", titles, key=key, required=True)
    section = found.sections[titles.index(str(remember(key)))]
    for words in section.words:
        st.write(as_text(words))
    source = None
    if len(section.sources) > 1:
        source = st.selectbox("Source", ["all", *section.sources], key=f"source:{section.title}")
    for rows in section.tables:
        shown = [row for row in rows if source in (None, "all", row.get("source"))]
        st.dataframe(
            pd.DataFrame(shown), hide_index=True, width="stretch",
            alt=f"{section.title}: expected and computed values",
        )  # fmt: skip
