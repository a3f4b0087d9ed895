"""Keeping what a page shows: a result, a variant, a command line, a workbook."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.app import parts
from sim.app.choose import Chosen, tell
from sim.app.workspace import Kept, Variant, as_text, workspace
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.controls import Setting
    from sim.experiment import Result
    from sim.scenario import Scenario


def keep_form(choice: Chosen, fields: Setting, scenario: Scenario, result: Result) -> None:
    """Draw the form that keeps a result or a variant, and how to have it elsewhere."""
    import streamlit as st

    st.subheader("Keep it", divider="gray")
    wish = choice.title + (", changed" if fields.changes else "")
    done = st.session_state.setdefault("keep:done", 0)  # fresh fields after each that was kept
    with st.form("keep", border=False):
        left, right = st.columns([2, 3])
        name = left.text_input(
            "Name", value=workspace().free_name(wish), max_chars=60, key=f"keep:{done}:{wish}"
        )
        note = right.text_input(
            "Note", placeholder="why it is worth keeping", max_chars=200, key=f"keep:note:{done}"
        )
        with st.container(horizontal=True):
            as_result = st.form_submit_button(
                "Keep",
                type="primary",
                icon=":material/bookmark_add:",
                help="The result, to be compared on page Compare.",
            )
            as_variant = st.form_submit_button(
                "Keep as variant",
                icon=":material/layers:",
                disabled=not fields.changes,
                help="The changes, to lie over the scenario on every page.",
            )
    if as_result:
        one = Kept(name.strip(), note.strip(), scenario, _words(choice, fields), result)
        if _try(lambda: workspace().keep(one), f"Kept as {as_text(name)}. See page Compare."):
            st.session_state["keep:done"] = done + 1
            st.rerun()
    if as_variant:
        _keep_variant(choice, fields, scenario, name.strip(), note.strip())
    with st.expander("Take it along"):
        _taken_along(choice, fields, result)


def _words(choice: Chosen, fields: Setting) -> tuple[str, ...]:
    """Return every change against the file in words: those of the variant first."""
    return (*(choice.variant.words if choice.variant else ()), *fields.words)


def _keep_variant(
    choice: Chosen, fields: Setting, scenario: Scenario, name: str, note: str
) -> None:
    import streamlit as st

    one = Variant(name, note, choice.key, _words(choice, fields), scenario.steps)
    if _try(lambda: workspace().keep_variant(one), f"Variant {as_text(name)} is kept."):
        st.session_state["keep:done"] += 1
        st.session_state[f"variant:{choice.key}:next"] = name
        st.rerun()


def _try(act: Callable[[], None], done: str) -> bool:
    """Do something, say so, or tell what is wrong with it."""
    import streamlit as st

    try:
        act()
    except BadInputError as error:
        tell(error)
        return False
    st.toast(done, icon=":material/bookmark:")
    return True


def _taken_along(choice: Chosen, fields: Setting, result: Result) -> None:
    """Draw the command line and the workbook."""
    import streamlit as st

    st.caption("The same figures on the command line:")
    st.code(parts.command(choice.source, fields), language=None, wrap_lines=True)
    st.download_button(
        "Workbook with every figure (XLSX)",
        data=lambda: parts.workbook(result),
        file_name=f"{parts.file_name(choice.scenario.name)}.xlsx",
        icon=":material/download:",
        on_click="ignore",
    )
