"""Start: change a scenario, simulate it at once, keep what is worth keeping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app import parts
from sim.app.choose import Chosen, chosen, tell
from sim.app.controls import Setting, setting
from sim.app.running import asked_for_many, simulated
from sim.app.workspace import Kept, as_text, recall, remember, workspace
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario

WHOLE = "Whole center"


def page() -> None:
    """Draw the page."""
    import streamlit as st

    with st.sidebar:
        choice = chosen()
        fields = setting(choice.scenario) if isinstance(choice, Chosen) else None
    if not isinstance(choice, Chosen) or fields is None:
        st.title("Simulate a center")
        st.write("Choose a scenario at the left, change it, and see what it does to service.")
        tell(choice if isinstance(choice, list) else [])
        return
    _head(choice)
    if fields.scenario is None:
        st.warning("Nothing is simulated until the marked field at the left is put right.")
        tell(fields.problems)
        return
    result = _result(fields.scenario, fields)
    if result is not None:
        _shown(choice, fields, fields.scenario, result)


def _head(choice: Chosen) -> None:
    import streamlit as st

    st.title(as_text(choice.scenario.name))
    if choice.question:
        st.markdown(f"*{as_text(choice.question)}*")


def _result(scenario: Scenario, fields: Setting) -> Result | None:
    """Simulate, or say why not."""
    key = f"many:{scenario.fingerprint[:12]}:{fields.runs}"
    try:
        if not asked_for_many(scenario, fields.runs, key):
            return None
        return simulated(scenario, fields.runs, fields.seed)
    except BadInputError as error:
        tell(error)
        return None


def _shown(choice: Chosen, fields: Setting, scenario: Scenario, result: Result) -> None:
    """Draw everything about a result, one idea a section."""
    import streamlit as st

    for note in result.notes:
        st.warning(as_text(note), icon=":material/warning:")
    names = [WHOLE, *scenario.queue]
    key = recall(f"look:{choice.scenario.fingerprint[:12]}", WHOLE)
    st.segmented_control(
        "Look at", names, key=key, required=True, format_func=as_text, label_visibility="collapsed"
    )
    look = remember(key)
    queue = None if look == WHOLE else str(look)
    parts.cards(result, queue)
    parts.promises(result, queue)
    with st.container():  # always there, so that the tabs below keep their place
        if fields.changes:
            _against(choice.scenario, fields, result)
    day, staff, beside = st.tabs(["Over the day", "Staffing", "Formula beside simulation"])
    with day:
        _day(result, queue)
    with staff:
        _staffing(scenario, result, queue)
    with beside:
        _beside(scenario, result, queue)
    _keep(choice, fields, scenario, result)
    parts.understood(scenario)


def _against(base: Scenario, fields: Setting, result: Result) -> None:
    """Draw what the changes do against the scenario as written, on the same days."""
    import streamlit as st

    from sim.experiment import Comparison
    from sim.report.views import main_differences

    written = simulated(base, fields.runs, fields.seed, "Simulating the scenario as written")
    comparison = Comparison((written, result), ("as written", "as changed"))
    st.subheader("What the changes do", divider="gray")
    st.caption(
        f"Changed: {as_text('; '.join(fields.words))}. Both lived the same {fields.runs} runs, "
        "so the chance that they share cancels out."
    )
    rows = [row for row in main_differences(comparison, "as changed") if row.scope == "total"]
    parts.difference_rows(rows, "Differences between the scenario as changed and as written")


def _day(result: Result, queue: str | None) -> None:
    """Draw the service level over the day."""
    import streamlit as st

    from sim.report.charts import service_chart, told
    from sim.report.views import common_target, over_the_day

    points = over_the_day(result, "service_level", queue)
    if not points:
        st.info("Nothing was offered here, so there is no service level.")
        return
    whose = queue or "all queues"
    chart = service_chart(points, common_target(result.model, queue), f"Service level of {whose}")
    st.altair_chart(chart, width="stretch", alt=told(points, f"Service level of {whose}"))
    st.caption("A contact counts in the interval in which it arrived.")


def _staffing(scenario: Scenario, result: Result, queue: str | None) -> None:
    """Draw agents needed and on duty."""
    import streamlit as st

    from sim.report.beside import no_formula, staffing
    from sim.report.charts import staffing_chart, told_staffing

    queues = [queue] if queue else list(scenario.queue)
    without = {name: why for name in queues if (why := no_formula(scenario, name))}
    needs = staffing(scenario, result.model, queues)
    if needs:
        title = f"Agents needed and on duty, {queue or 'all queues with a formula'}"
        st.altair_chart(staffing_chart(needs, title), width="stretch", alt=told_staffing(needs))
        st.caption(
            "Needed: the fewest agents by Erlang A (Erlang C when nobody hangs up) with which "
            "each queue alone reaches its target; agents who help several queues may do with "
            "fewer. On duty: net of shrinkage and absence, before breaks; a group that serves "
            "several queues first is split by their load."
        )
    for name, why in without.items():
        st.info(f"{as_text(name)} is left out: {why}.", icon=":material/info:")


def _beside(scenario: Scenario, result: Result, queue: str | None) -> None:
    """Lay formulas beside the simulation."""
    import streamlit as st

    from sim.report.beside import broken_here, formula_beside, no_formula

    names = [queue] if queue else list(scenario.queue)
    fitting = [name for name in names if not no_formula(scenario, name)]
    if not fitting:
        for name in names:
            st.info(f"{as_text(name)}: {no_formula(scenario, name)}.", icon=":material/info:")
        return
    key = recall(f"beside:{result.model.fingerprint[:12]}:{queue}", fitting[0])
    if len(fitting) > 1:
        st.selectbox("Queue", fitting, key=key, format_func=as_text)
    found = formula_beside(scenario, result, str(st.session_state[key]))
    if found is None:
        st.info("No agents or no contacts here: a formula has nothing to say.")
        return
    parts.beside(found, broken_here(scenario, str(st.session_state[key])))


def _keep(choice: Chosen, fields: Setting, scenario: Scenario, result: Result) -> None:
    """Draw the form that keeps a result, and how to have it on the command line."""
    import streamlit as st

    space = workspace()
    st.subheader("Keep this result", divider="gray")
    wish = choice.scenario.name + (", changed" if fields.changes else "")
    with st.form("keep", border=False, clear_on_submit=True):
        left, right = st.columns([2, 3])
        name = left.text_input("Name", value=space.free_name(wish), max_chars=60)
        note = right.text_input("Note", placeholder="why it is worth keeping", max_chars=200)
        pressed = st.form_submit_button("Keep", type="primary", icon=":material/bookmark_add:")
    if pressed:
        try:
            space.keep(Kept(name.strip(), note.strip(), scenario, fields.words, result))
        except BadInputError as error:
            tell(error)
        else:
            st.toast(f"Kept as {as_text(name)}. See page Compare.", icon=":material/bookmark:")
    with st.expander("Take it along"):
        st.caption("The same figures on the command line:")
        st.code(parts.command(choice.source, fields), language="shell", wrap_lines=True)
        st.download_button(
            "Workbook with every figure (XLSX)",
            data=lambda: parts.workbook(result),
            file_name=f"{parts.file_name(choice.scenario.name)}.xlsx",
            icon=":material/download:",
            on_click="ignore",
        )
