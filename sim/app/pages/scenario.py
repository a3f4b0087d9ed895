"""Scenario: the whole file as a summary, forms, tables and text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.editable_grids import save_typed
from sim.app.rename_forms import ask_identity, identity_form, rename_form
from sim.app.satisfaction_form import satisfaction_form
from sim.app.scenario_draft import ScenarioDraft, can_undo, change, discard, draft_of, undo
from sim.app.scenario_forms import form, own_problems, problems, remove
from sim.app.scenario_picker import (
    MINE,
    ScenarioChoice,
    pick_scenario,
    remove_scenario,
    remove_variant,
    show_problems,
)
from sim.app.versions_panel import conflicts, earlier_versions
from sim.app.workspace import as_text, recall, remember
from sim.scenario.renaming import KINDS

if TYPE_CHECKING:
    from sim.scenario import Scenario

PARTS = (
    "Summary",
    "Center",
    "Queues",
    "Self-service",
    "Groups",
    "Patterns",
    "Targets",
    "Touchpoints",
    "Issues",
    "Segments",
    "Satisfaction",
    "Events",
    "Levers",
    "By interval",
    "Upload volumes",
    "Text",
)
FAMILIES = {
    "Queues": "queue",
    "Self-service": "bot",
    "Groups": "group",
    "Patterns": "pattern",
    "Targets": "target",
    "Touchpoints": "touchpoint",
    "Issues": "issue",
    "Segments": "segment",
    "Events": "event",
    "Levers": "lever",
}
FRESH: dict[str, dict[str, object]] = {
    "queue": {"volume": 20, "talk": "exponential 3min"},
    "bot": {"session": "exponential 1min", "contained": "20%"},
    "group": {"agents": 5, "skills": {}},
    "pattern": {"lengths": "8h", "step": "30min"},
    "target": {"goal": "80% in 20s"},
    "touchpoint": {},
    "issue": {},
    "segment": {"share": "30%"},
    "event": {"start": "10:00", "length": "1h", "changes": {"queue.*.volume": "+20%"}},
    "lever": {"changes": {"group.*.agents": "+1"}},
}
"""Initial fields of what is new; a target and an issue begin with the first queue."""
NEW_HELP = {
    "queue": "A name without . and =, e.g. billing.",
    "bot": "The name of its queue.",
    "group": "A name without . and =, e.g. evening team.",
    "pattern": "A name for a kind of shift without . and =, e.g. full-time.",
    "target": "A name for several queues taken as one, without . and =, e.g. front office.",
    "touchpoint": "Where issues arise, without . and =, e.g. delivery; then add an issue of it.",
    "issue": "What contacts are about, without . and =, e.g. late parcel.",
    "segment": "A name for some customers, without . and =, e.g. loyal.",
    "event": "A name without . and =, e.g. sick morning.",
    "lever": "A name without . and =, e.g. coaching.",
}


def page() -> None:
    """Draw the page."""
    import streamlit as st

    save_typed()
    with st.sidebar:
        choice = pick_scenario(with_changes=False)
    st.title("Scenario")
    if not isinstance(choice, ScenarioChoice):
        st.write("Choose a scenario in the sidebar to edit it.")
        show_problems(choice)
        return
    draft = draft_of(choice)
    with st.container():  # so that what follows keeps its position
        _state(draft, choice)
        conflicts(draft)
        _ways_back(draft, choice)
        ask_identity(draft, choice)
    key = recall("scenario:part", PARTS[0], PARTS)
    st.segmented_control(
        "Part", PARTS, key=key, required=True, width="stretch", label_visibility="collapsed"
    )
    part = str(remember(key))
    if part in FAMILIES:
        _family(draft, choice, FAMILIES[part], part)
        if part == "Patterns":
            st.subheader("All patterns together", divider="gray")
            form(draft, "shift_planning")
    elif part == "Satisfaction":
        satisfaction_form(draft)
    elif part == "Center":
        form(draft, "center")
        st.subheader("Experiment", divider="gray")
        form(draft, "experiment")
    else:
        _other(draft, choice, part)
    _downloads(draft)


def _state(draft: ScenarioDraft, choice: ScenarioChoice) -> None:
    """Show the state of the scenario: valid, or what is wrong with it."""
    import streamlit as st

    if choice.variant is not None:
        st.info(
            f"Variant {as_text(choice.variant.name)} is selected. This page edits the base "
            "scenario; the changes of the variant are applied on top.",
            icon=":material/layers:",
        )
    if not draft.problems:
        st.caption(
            f"**{as_text(choice.label)}**. Changes are checked at once and apply to all pages when "
            "valid. Editing an example creates your own copy. Fields marked * are required; empty "
            "fields use the default."
        )
        return
    count = len(draft.problems)
    st.error(
        f"{'One field is' if count == 1 else f'{count} fields are'} invalid. The other pages show "
        "the last valid version; your input is not lost.",
        icon=":material/error:",
    )
    with st.expander("Errors", expanded=True):
        st.markdown("\n".join(f"- {as_text(str(problem))}" for problem in draft.problems))


def _ways_back(draft: ScenarioDraft, choice: ScenarioChoice) -> None:
    """Draw the buttons that undo or restore."""
    import streamlit as st

    with st.container(horizontal=True):
        st.button(
            "Undo", icon=":material/undo:", disabled=not can_undo(), on_click=undo,
            help="Undoes the last change on this page.",
        )  # fmt: skip
        if draft.problems:
            st.button(
                "Restore last valid version", icon=":material/restore:", on_click=discard,
                args=(choice,), help="Drops all changes made since the scenario was last valid.",
            )  # fmt: skip
        earlier_versions(choice)
        if choice.key.startswith(MINE) and not draft.problems:
            with st.popover("Rename", icon=":material/edit_note:"):
                identity_form(draft, choice, "rename")
        if choice.key.startswith(MINE) or choice.variant is not None:
            with st.popover("Remove", icon=":material/delete:"):
                _removals(choice)


def _removals(choice: ScenarioChoice) -> None:
    """Draw the buttons that remove something from the workspace."""
    import streamlit as st

    st.caption("This cannot be undone. Saved results stay.")
    if choice.variant is not None:
        st.button(
            f"Remove variant {as_text(choice.variant.name)}", key="forget:variant",
            icon=":material/layers_clear:", on_click=remove_variant, args=(choice,),
        )  # fmt: skip
    if choice.key.startswith(MINE):
        st.button(
            f"Remove {as_text(choice.scenario.name)} and its variants", key="forget:scenario",
            icon=":material/delete:", on_click=remove_scenario, args=(choice,),
        )  # fmt: skip


def _family(draft: ScenarioDraft, choice: ScenarioChoice, family: str, title: str) -> None:
    """Draw the choice among queues, bots, groups and so on, and the form of the one chosen."""
    import streamlit as st

    from sim.scenario.editing import EditError, written

    try:
        names = list(written(draft.text, family) or {})
    except (EditError, ValueError):
        st.info("The text is not valid TOML; correct it under Text.")
        return
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    with left:
        if names:
            key = recall(f"scenario:{family}", names[0], names)
            st.segmented_control(
                title, names, key=key, required=True, format_func=as_text,
                label_visibility="collapsed",
            )  # fmt: skip
            remember(key)
        else:
            st.caption(f"No {family} yet.")
    with right, st.popover(f"Add, rename or remove a {family}", icon=":material/edit:"):
        _add(family, draft.number)
        if names and family in KINDS:
            rename_form(family, str(st.session_state[f"scenario:{family}"]), choice)
        if names:
            chosen_name = str(st.session_state[f"scenario:{family}"])
            st.button(
                f"Remove {as_text(chosen_name)}", key=f"drop:{draft.number}:{family}",
                on_click=remove, args=(f"{family}.{chosen_name}", draft.number),
                icon=":material/delete:",
            )  # fmt: skip
    problems(replace(draft, problems=()), family)
    if names:
        path = f"{family}.{st.session_state[f'scenario:{family}']}"
        problems(replace(draft, problems=own_problems(draft, path)), path)
        form(draft, path)


def _add(family: str, number: int) -> None:
    import streamlit as st

    key = f"new:{family}"
    st.text_input(f"Name of new {family}", key=key, help=NEW_HELP[family], max_chars=60)
    st.button(
        "Add", key=f"add:{number}:{family}", on_click=_added, args=(family, key, number),
        type="primary",
    )  # fmt: skip


def _added(family: str, key: str, number: int) -> None:
    import streamlit as st

    name = str(st.session_state[key]).strip()
    if change(lambda draft: _with_new(draft, family, name), family, number):
        st.session_state[key] = ""
        st.session_state[f"scenario:{family}"] = name


def _with_new(draft: ScenarioDraft, family: str, name: str) -> ScenarioDraft:
    from sim.scenario.editing import EditError, put, written

    if not name or "." in name or "=" in name:
        raise EditError(f"{family}: {name!r} is not a valid name; allowed: text without . and =")
    if written(draft.text, f"{family}.{name}") is not None:
        raise EditError(f"{family}: {name!r} already exists; allowed: another name")
    fields = dict(FRESH[family])
    if family == "target":
        fields["queues"] = list(written(draft.text, "queue") or {})[:1]
    elif family == "issue":
        fields["queues"] = dict.fromkeys(list(written(draft.text, "queue") or {})[:1], "10%")
    return replace(draft, text=put(draft.text, f"{family}.{name}", fields))


def _other(draft: ScenarioDraft, choice: ScenarioChoice, part: str) -> None:
    import streamlit as st

    from sim.app.import_volumes import upload
    from sim.app.interval_table import interval_editor

    if part == "Text":
        _text(draft)
    elif part == "Summary":
        _words(choice.scenario.written, bool(draft.problems))
    elif draft.problems:
        st.info("Correct the errors first: the table needs a valid scenario.")
    elif part == "By interval":
        interval_editor(draft, choice.scenario.written)
    else:
        upload(draft, choice.scenario.written)


def _words(scenario: Scenario, stale: bool) -> None:
    """Draw the summary of the scenario, as the command `check` prints it."""
    import streamlit as st

    from sim.scenario import describe, lint_warnings

    if stale:
        st.caption("Last valid version.")
    for line in lint_warnings(scenario):
        st.warning(as_text(line), icon=":material/visibility:")
    st.markdown("\n".join(f"- {as_text(line)}" for line in describe(scenario)))


def _text(draft: ScenarioDraft) -> None:
    """Draw the TOML itself, with what is wrong below it."""
    import streamlit as st

    key = f"scenario:text:{draft.number}"
    st.session_state[key] = draft.text
    st.text_area(
        "Scenario file (TOML)",
        key=key,
        height=560,
        on_change=_text_changed,
        args=(key, draft.number),
        help="The scenario file. Forms keep your comments. Changes apply when you leave the field "
        "or press Ctrl+Enter.",
    )
    st.button("Check text", icon=":material/check:")
    if draft.files:
        st.caption("Data files: " + as_text(", ".join(draft.files)))


def _text_changed(key: str, number: int) -> None:
    import streamlit as st

    text = str(st.session_state[key])
    change(lambda draft: replace(draft, text=text), number=number)


def _downloads(draft: ScenarioDraft) -> None:
    """Draw the downloads."""
    import streamlit as st

    st.divider()
    with st.container(horizontal=True):
        st.download_button(
            "Scenario file (TOML)", data=draft.text, file_name=draft.name,
            mime="application/toml", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        if draft.files:
            st.download_button(
                "Scenario and data files (ZIP)", data=draft.archive(),
                file_name=draft.name.replace(".toml", ".zip"), mime="application/zip",
                icon=":material/folder_zip:", on_click="ignore",
            )  # fmt: skip
