"""Forms that rename a scenario, its file, and its queues and groups."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.renamed_edits import renamed_edit
from sim.app.scenario_draft import KEY, ScenarioDraft, change
from sim.app.scenario_picker import MINE, is_borrowed, unsaved_prefix
from sim.app.unsaved_edits import replace_unsaved, unsaved_edits
from sim.app.workspace import Variant, as_text, workspace
from sim.scenario import ScenarioError
from sim.scenario.what_if import Edit
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.scenario_picker import ScenarioChoice
    from sim.scenario import Scenario

ASKED = "identity"


def ask_identity(draft: ScenarioDraft, choice: ScenarioChoice) -> None:
    """Ask for a name and a question of its own while a copy has those of the example."""
    import streamlit as st

    if not choice.key.startswith(MINE) or draft.problems or not is_borrowed(draft.text):
        return
    with st.container(border=True):
        st.markdown(
            f"This is a copy of **{as_text(choice.scenario.name)}**. Give it its own name and "
            "question. The question of the example is not shown in reports."
        )
        identity_form(draft, choice, "copy")


def identity_form(draft: ScenarioDraft, choice: ScenarioChoice, place: str) -> None:
    """Draw name, question and file of a scenario of the user's own.

    Parameters
    ----------
    draft : ScenarioDraft
    choice : ScenarioChoice
    place : str
        Identifies the form on the page.
    """
    import streamlit as st

    from sim.scenario.question_comment import question_in

    borrowed = is_borrowed(draft.text)
    name = choice.scenario.written.name
    of = f"{ASKED}:{place}:{choice.key}:{draft.version}"
    with st.form(of, border=False):
        left, middle, right = st.columns([3, 4, 2])
        left.text_input(
            "Name", f"{name} (copy)" if borrowed else name, key=f"{of}:name", max_chars=60
        )
        middle.text_input(
            "Question", "" if borrowed else question_in(draft.text), key=f"{of}:question",
            placeholder="e.g. Do we need a late shift?", max_chars=200,
        )  # fmt: skip
        right.text_input("File", draft.name.removesuffix(".toml"), key=f"{of}:file", max_chars=60)
        st.form_submit_button(
            "Save name and question", icon=":material/check:", on_click=_identified,
            args=(of, choice),
        )  # fmt: skip
    if text := st.session_state.get(KEY, draft).refused.get(ASKED):
        st.error(as_text(text), icon=":material/error:")


def _identified(of: str, choice: ScenarioChoice) -> None:
    """Take name, question and file as typed."""
    import streamlit as st

    from sim.scenario.renaming import renamed_center

    name, question, file = (
        str(st.session_state[f"{of}:{k}"]) for k in ("name", "question", "file")
    )
    change(lambda d: replace(d, text=renamed_center(d.text, name, question)), ASKED)
    draft: ScenarioDraft = st.session_state[KEY]
    if draft.refused or draft.problems:
        return
    try:
        place = _moved(choice, file)
    except BadInputError as error:
        st.session_state[KEY] = replace(draft, refused={ASKED: str(error)})
        return
    if place == choice.key:
        return
    st.session_state[KEY] = replace(draft, source=place)
    st.session_state["scenario:next"] = place


def _moved(choice: ScenarioChoice, file: str) -> str:
    """Rename a scenario's file with its variants and unsaved changes; return its new key.

    Raises
    ------
    BadInputError
        When it cannot be renamed; all is as it was then.
    """
    import streamlit as st

    space, name = workspace(), choice.key.removeprefix(MINE)
    found = space.rename_scenario(name, file)
    place = MINE + found
    if place == choice.key:
        return place
    try:
        space.move_variants(choice.key, place)
    except BadInputError:
        space.rename_scenario(found, name)
        raise
    space.copy_values(unsaved_prefix(choice.key), unsaved_prefix(place))
    space.forget_values(unsaved_prefix(choice.key))
    if choice.variant is not None:
        st.session_state[f"variant:{place}:next"] = choice.variant.name
    return place


def rename_form(family: str, name: str, choice: ScenarioChoice) -> None:
    """Draw the field that gives a queue or group another name.

    Parameters
    ----------
    family : {"queue", "group"}
    name : str
    choice : ScenarioChoice
    """
    import streamlit as st

    key = f"rename:{family}:{name}"
    st.text_input(
        f"New name for {as_text(name)}", name, key=key, max_chars=60,
        help="Also renames it in skills, transfers, bots, CSV column titles and variants.",
    )  # fmt: skip
    st.button(
        f"Rename {as_text(name)}", key=f"do:{key}", icon=":material/edit:", on_click=_renamed,
        args=(family, name, key, choice),
    )  # fmt: skip


def _renamed(family: str, old: str, key: str, choice: ScenarioChoice) -> None:
    """Rename a queue or group in the scenario, its variants and its unsaved changes."""
    import streamlit as st

    from sim.scenario.renaming import bot_follows, rename

    new = str(st.session_state[key]).strip()
    if new == old:
        return
    before, own_bot = _unsaved(choice), True

    def act(draft: ScenarioDraft) -> ScenarioDraft:
        nonlocal own_bot
        text, files = rename((draft.text, draft.files), family, old, new)
        own_bot = bot_follows(draft.text, old)
        return replace(draft, text=text, files=files)

    change(act, family)
    draft: ScenarioDraft = st.session_state[KEY]
    if draft.refused:
        return
    st.session_state[f"scenario:{family}"] = new
    for one in workspace().variants(draft.source).values():
        pairs = zip(one.words, one.steps, strict=True)
        edits = [renamed_edit(Edit(*pair), family, old, new, own_bot) for pair in pairs]
        words, steps = (tuple(e.words for e in edits), tuple(e.changes for e in edits))
        workspace().change_variant(one.name, replace(one, steps=steps, words=words))
    for variant, edits in before.items():
        fresh = [renamed_edit(edit, family, old, new, own_bot) for edit in edits]
        replace_unsaved(unsaved_prefix(draft.source) + variant, fresh)


def _unsaved(choice: ScenarioChoice) -> dict[str, list[Edit]]:
    """Return the unsaved changes of a scenario and of each of its variants, by the variant."""
    written = choice.scenario.written
    bases: dict[str, Scenario] = {"": written}
    for one in workspace().variants(choice.key).values():
        if (over := _over(one, written)) is not None:
            bases[one.name] = over
    found = {
        name: unsaved_edits(base, unsaved_prefix(choice.key) + name) for name, base in bases.items()
    }
    return {name: edits for name, edits in found.items() if edits}


def _over(one: Variant, scenario: Scenario) -> Scenario | None:
    try:
        return one.over(scenario)
    except ScenarioError:
        return None
