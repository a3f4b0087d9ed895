"""The bar at the bottom of every page: current scenario, unsaved changes, Save and Discard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.editable_grids import LOOK_S, rows_not_saved
from sim.app.polling import polled
from sim.app.scenario_picker import WRITTEN, ScenarioChoice, current_choice, show_problems
from sim.app.unsaved_edits import Unsaved, discard_unsaved, unsaved
from sim.app.workspace import Variant, as_text, workspace
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    from collections.abc import Callable

SCENARIO_PAGE = "scenario"
"""Address of the page with tables that are typed into."""
MOST_WORDS = 160
"""Letters of the changes that the bar shows; its help shows all of them."""


def changes_bar() -> None:
    """Draw the bar, unless no valid scenario is chosen."""
    import streamlit as st

    from sim.app.what_if import open_what_if, what_if

    choice = current_choice()
    if choice is None:
        return
    changes = unsaved(choice.scenario, choice.place)
    with st.bottom, st.container(horizontal=True, wrap=False, vertical_alignment="center"):
        live = st.session_state.get("page:shown") == SCENARIO_PAGE
        polled(lambda: _state(choice, changes), LOOK_S if live else None)
        st.button(
            "What if …",
            icon=":material/help_center:",
            key="bar:what-if",
            on_click=open_what_if,
            help="Add or set agents, merge groups, add a bot, change volume.",
        )
        if changes.words:
            with st.popover("Save", icon=":material/save:", key="bar:save", type="primary"):
                _save(choice, changes)
            st.button(
                "Discard",
                icon=":material/undo:",
                key="bar:discard",
                on_click=discard_unsaved,
                args=(choice.place,),
                help="Removes all unsaved changes.",
            )
    what_if(choice)


def _state(choice: ScenarioChoice, changes: Unsaved) -> None:
    """Show the current scenario, its variant, and the unsaved changes."""
    import streamlit as st

    what = choice.variant.name if choice.variant else WRITTEN
    title = f"**{as_text(choice.label)}**, {as_text(what)}"
    elsewhere = _on_page_scenario(choice)
    if changes.problems:
        st.markdown(
            f"{title}. :red[Unsaved changes do not fit the scenario: "
            f"{as_text(changes.problems[0])}] {elsewhere}",
            width="stretch",
        )
    elif changes.words:
        words = "; ".join(changes.words)
        short = words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS]} …"
        st.markdown(
            f"{title}. **Unsaved changes:** {as_text(short)}. {elsewhere}",
            width="stretch",
            help=as_text(words),
        )
    else:
        st.markdown(f"{title}. {elsewhere or ':gray[No unsaved changes.]'}", width="stretch")


def _on_page_scenario(choice: ScenarioChoice) -> str:
    """Report unsaved rows and invalid fields of page Scenario."""
    found = []
    if rows := rows_not_saved():
        found.append(
            f"**Not saved yet: {counted(rows, 'row')} of a table.** *Save table* saves them; "
            "reloading the browser loses them."
        )
    if wrong := _fields_not_right(choice):
        found.append(f":red[Page *Scenario*: {wrong} invalid.]")
    return " ".join(found)


def _fields_not_right(choice: ScenarioChoice) -> str:
    """Report how many fields are invalid; after a reload they are not counted at first."""
    import streamlit as st

    from sim.app.scenario_draft import KEY, WRONG, ScenarioDraft

    known = st.session_state.get(KEY)
    if isinstance(known, ScenarioDraft) and known.source == choice.key:
        count = len(known.problems)
        return f"{counted(count, 'field')} {'is' if count == 1 else 'are'}" if count else ""
    left = workspace().values.get(WRONG)
    return "fields are" if isinstance(left, list) and left[:1] == [choice.key] else ""


def _save(choice: ScenarioChoice, changes: Unsaved) -> None:
    """Draw the ways to save what was changed."""
    import streamlit as st

    if changes.problems:
        show_problems(changes.problems)
        st.caption("Remove the change that does not fit, or discard all.")
        return
    variants = workspace().variants(choice.key)
    with st.form("bar:form", border=False):
        name = st.text_input("Variant name", placeholder="e.g. Two more at noon", max_chars=60)
        note = st.text_input("Variant note", placeholder="optional", max_chars=200)
        as_variant = st.form_submit_button("Save as variant", type="primary", width="stretch")
    if as_variant:
        run_and_report(lambda: save_variant(choice, changes, name.strip(), note.strip()))
    if choice.variant is not None and choice.variant.name in variants:
        label = f"Update variant {choice.variant.name}"
        if st.button(as_text(label), width="stretch", key="bar:update"):
            run_and_report(lambda: update_variant(choice, changes))
    if st.button(
        "Apply to the scenario",
        width="stretch",
        key="bar:write",
        help="Changes the scenario itself (an example becomes your own copy). Can be undone on "
        "page Scenario.",
    ):
        run_and_report(lambda: write_into_scenario(choice, changes))


def save_variant(choice: ScenarioChoice, changes: Unsaved, name: str, note: str) -> str:
    """Save the changes as a variant, choose it, and return a confirmation.

    Raises
    ------
    BadInputError
        When the name is empty or taken, or too many are saved.
    """
    import streamlit as st

    words = (*(choice.variant.words if choice.variant else ()), *changes.words)
    one = Variant(name, note, choice.key, words, changes.scenario.steps)
    workspace().save_variant(one)
    discard_unsaved(choice.place)
    st.session_state[f"variant:{choice.key}:next"] = name
    workspace().set_value(f"variant:{choice.key}", name)
    return f"Variant {name} saved."


def update_variant(choice: ScenarioChoice, changes: Unsaved) -> str:
    """Add the changes to the chosen variant, and return a confirmation.

    Raises
    ------
    BadInputError
        When it cannot be written; the variant and the changes stay as they were.
    """
    old = choice.variant
    assert old is not None
    words = (*old.words, *changes.words)
    one = Variant(old.name, old.note, choice.key, words, changes.scenario.steps)
    if not workspace().change_variant(old.name, one):
        workspace().save_variant(one)  # another window removed it meanwhile
    discard_unsaved(choice.place)
    return f"Variant {old.name} saved."


def write_into_scenario(choice: ScenarioChoice, changes: Unsaved) -> str:
    """Write the chosen variant and the changes into the scenario; return a confirmation.

    Raises
    ------
    BadInputError
        When the file cannot hold them.
    """
    import streamlit as st

    from sim.app.scenario_draft import KEY, change, draft_of
    from sim.scenario.written_changes import text_with_changes

    text = text_with_changes(changes.scenario)
    draft_of(choice)
    discard_unsaved(choice.place)
    change(lambda draft: replace(draft, text=text))
    draft = st.session_state[KEY]
    if draft.problems:
        raise BadInputError("\n".join(str(problem) for problem in draft.problems))
    st.session_state[f"variant:{draft.source}:next"] = ""
    workspace().set_value(f"variant:{draft.source}", "")
    return f"Changes applied to {choice.scenario.name}."


def run_and_report(act: Callable[[], str]) -> None:
    """Do something, confirm it and redraw the page, or show what is wrong."""
    import streamlit as st

    try:
        done = act()
    except BadInputError as error:
        show_problems(error)
        return
    st.toast(as_text(done), icon=":material/save:")
    st.rerun()
