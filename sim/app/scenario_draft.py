"""The scenario being edited: its text, its data files, and its errors."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

from sim.app.editable_grids import save_typed
from sim.app.scenario_picker import MINE, unsaved_prefix
from sim.app.uploads import GeneratedFile, Upload, scenario_from_files
from sim.app.workspace import workspace
from sim.app.workspace.scenario_files import content_at
from sim.scenario import Problem, ScenarioError
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.app.scenario_picker import ScenarioChoice
    from sim.scenario import Scenario
    from sim.scenario.merging import Conflict

KEY = "scenario:draft"
PAST = "scenario:past"
"""Session key of earlier texts and files, the latest last."""
MOST_STEPS = 50
"""Changes that can be undone."""
WRONG = "scenario:wrong"
"""Workspace key of a text that is not valid yet: choice, fingerprint and text."""


@dataclass(frozen=True)
class ScenarioDraft:
    """A scenario while it is edited.

    Attributes
    ----------
    source : str
        The choice it belongs to, as the workspace calls it.
    mark : str
        Fingerprint of the scenario that it last became.
    text : str
        TOML.
    files : dict of str to bytes
        Data files, by name.
    problems : tuple of Problem
        Its errors; empty when it is the current scenario.
    refused : dict of str to str
        Fields whose change could not be written into the text, with the reason.
    version : int
        Grows with every change.
    number : int
        Identifies the fields of this scenario; a copy that is made by a change has that of its
        original.
    base : (str, dict of str to bytes) or None
        Text and files that its changes began with: those last read or saved.
    conflicts : tuple of Conflict
        Fields that another window changed too, in another way.
    """

    source: str
    mark: str
    text: str
    files: dict[str, bytes] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    refused: dict[str, str] = field(default_factory=dict)
    version: int = 0
    number: int = 0
    base: tuple[str, dict[str, bytes]] | None = None
    conflicts: tuple[Conflict, ...] = ()

    @property
    def name(self) -> str:
        """Name of its file."""
        return f"{self.source.rpartition('/')[2] or 'scenario'}.toml"

    def messages(self, path: str) -> list[str]:
        """Return what is wrong with a field, or with what lies below it."""
        found = [self.refused[path]] if path in self.refused else []
        return found + [_words(p) for p in self.problems if _belongs(p.path, path)]

    def archive(self) -> bytes:
        """Return the text and its data files as one ZIP file."""
        sink = io.BytesIO()
        with ZipFile(sink, "w", ZIP_DEFLATED) as book:
            book.writestr(self.name, self.text)
            for name, content in self.files.items():
                book.writestr(name, content)
        return sink.getvalue()


def draft_of(choice: ScenarioChoice) -> ScenarioDraft:
    """Return the draft of the chosen scenario: the one being edited, or its file."""
    import streamlit as st

    known = st.session_state.get(KEY)
    if isinstance(known, ScenarioDraft) and known.source == choice.key and _is_of(known, choice):
        return known
    if isinstance(known, ScenarioDraft) and known.source == choice.key and known.problems:
        _settle(known)  # saved elsewhere, while this window has an invalid version
        return current()
    st.session_state[KEY] = fresh = _fresh(choice)
    st.session_state[PAST] = []
    left = workspace().values.get(WRONG)
    if isinstance(left, list) and left[:2] == [fresh.source, fresh.mark] and len(left) == 3:
        change(lambda draft: replace(draft, text=str(left[2])))
    found: ScenarioDraft = st.session_state[KEY]
    return found


def _fresh(choice: ScenarioChoice, version: int = 0) -> ScenarioDraft:
    """Return a draft of the unchanged file of a scenario."""
    import streamlit as st

    known = st.session_state.get(KEY)
    number = known.number + (known.source != choice.key) if isinstance(known, ScenarioDraft) else 0
    scenario = choice.scenario.written
    text, files = content = content_at(scenario)
    mark = scenario.fingerprint
    return ScenarioDraft(
        choice.key, mark, text, files, version=version, number=number, base=content
    )


def _is_of(draft: ScenarioDraft, choice: ScenarioChoice) -> bool:
    return draft.mark == choice.scenario.written.fingerprint


def change(
    act: Callable[[ScenarioDraft], ScenarioDraft], path: str = "", number: int | None = None
) -> bool:
    """Change the draft, and make it the current scenario when it is valid.

    Parameters
    ----------
    act : callable
        Returns the changed draft; an error is shown next to the field.
    path : str
        Of the field, for what is refused.
    number : int, optional
        Of the draft that the field was drawn for. When another one is open by now, nothing
        happens: a browser may send the value of a field that is about to go.

    Returns
    -------
    bool
        Whether the change was accepted.
    """
    import streamlit as st

    save_typed()
    before = current()
    if number not in (None, before.number):
        return False
    try:
        changed = act(before)
    except BadInputError as error:
        st.session_state[KEY] = replace(before, refused={path: str(error)})
        return False
    if (changed.text, changed.files) == (before.text, before.files):
        st.session_state[KEY] = replace(changed, refused={})
        return True  # a click that changes nothing makes no copy
    _remember(before)
    _settle(replace(changed, refused={}, problems=(), version=before.version + 1))
    return True


def current() -> ScenarioDraft:
    """Return the draft of this session."""
    import streamlit as st

    found: ScenarioDraft = st.session_state[KEY]
    return found


def can_undo() -> bool:
    """Return whether there is a change to undo."""
    import streamlit as st

    return bool(st.session_state.get(PAST))


def undo() -> None:
    """Undo the last change."""
    import streamlit as st

    save_typed()
    if not can_undo():
        return
    draft = current()
    text, files = st.session_state[PAST].pop()
    before = replace(
        draft, text=text, files=files, refused={}, problems=(), version=draft.version + 1
    )
    if can_undo() or draft.source.startswith(MINE):
        _settle(before)
        return
    st.session_state[KEY] = before  # an unchanged example: no copy is needed
    workspace().set_value(WRONG, None)


def discard(choice: ScenarioChoice) -> None:
    """Restore the last valid version; this can be undone too."""
    import streamlit as st

    save_typed()
    draft = current()
    _remember(draft)
    st.session_state[KEY] = _fresh(choice, draft.version + 1)
    workspace().set_value(WRONG, None)


def _remember(draft: ScenarioDraft) -> None:
    """Store a draft for :func:`undo`."""
    import streamlit as st

    past = [*st.session_state.get(PAST, ()), (draft.text, draft.files)]
    st.session_state[PAST] = past[-MOST_STEPS:]


def validated(draft: ScenarioDraft) -> ScenarioDraft:
    """Return a draft if it is valid.

    Raises
    ------
    BadInputError
        With everything that is wrong with it.
    """
    parsed(draft)
    return draft


def _settle(changed: ScenarioDraft) -> None:
    """Store a changed draft, and make it the current scenario when it is valid."""
    import streamlit as st

    changed = _with_other_windows(changed)
    try:
        changed = _save_to_workspace(changed, parsed(changed))
    except ScenarioError as error:
        changed = replace(changed, problems=tuple(error.problems))
    except BadInputError as error:
        changed = replace(changed, problems=(Problem("", str(error)),))
    st.session_state[KEY] = changed
    left = [changed.source, changed.mark, changed.text] if changed.problems else None
    workspace().set_value(WRONG, left)


def _with_other_windows(draft: ScenarioDraft) -> ScenarioDraft:
    """Return a draft with what another window saved since it was read, field by field."""
    import streamlit as st

    from sim.scenario.merging import merged, merged_files

    stored = workspace().scenarios.get(draft.source.removeprefix(MINE))
    if not draft.source.startswith(MINE) or stored is None or draft.base is None:
        return draft
    theirs = content_at(stored)
    if theirs == draft.base:
        return draft
    text, found = merged(draft.base[0], draft.text, theirs[0])
    files, others = merged_files(draft.base[1], draft.files, theirs[1])
    st.session_state[PAST] = [theirs]  # earlier steps lack what the other window did
    conflicts = (*draft.conflicts, *found, *others)
    mark = stored.fingerprint
    return replace(draft, text=text, files=files, base=theirs, conflicts=conflicts, mark=mark)


def choose(conflict: Conflict, takes_mine: bool) -> None:
    """Settle a conflict by one of its values."""
    from sim.scenario.editing import drop, put

    def act(draft: ScenarioDraft) -> ScenarioDraft:
        left = tuple(one for one in draft.conflicts if one != conflict)
        draft = replace(draft, conflicts=left, version=draft.version + 1)
        if not takes_mine:
            return draft
        path, mine = conflict.path, conflict.mine
        if conflict.is_file:
            return replace(draft, files=draft.files | {path: mine})
        if not path:
            return replace(draft, text=mine)
        text = drop(draft.text, path) if mine is None else put(draft.text, path, mine)
        return replace(draft, text=text)

    change(act, conflict.path)


def parsed(draft: ScenarioDraft) -> Scenario:
    """Return the scenario that a draft is, built once to see that its fields fit together.

    Raises
    ------
    BadInputError
        With everything that is wrong with it.
    """
    from sim.model import build

    files: list[Upload] = [GeneratedFile(draft.name, draft.text.encode())]
    files += [GeneratedFile(name, content) for name, content in draft.files.items()]
    scenario = scenario_from_files(files)
    build(scenario)
    return scenario


def _save_to_workspace(draft: ScenarioDraft, scenario: Scenario) -> ScenarioDraft:
    """Save a scenario in the workspace, make it the current one, and return its draft."""
    import streamlit as st

    space = workspace()
    if draft.source.startswith(MINE):
        space.change_scenario(draft.source.removeprefix(MINE), scenario)
        return replace(draft, mark=scenario.fingerprint, base=(draft.text, draft.files))
    source = MINE + space.add_scenario(scenario, draft.source)
    _copy_variants_and_changes(draft.source, source)
    if st.session_state.get("scenario", draft.source) == draft.source:
        st.session_state["scenario:next"] = source  # unless another one was chosen meanwhile
    base = (draft.text, draft.files)
    return replace(draft, source=source, mark=scenario.fingerprint, base=base)


def _copy_variants_and_changes(before: str, after: str) -> None:
    """Copy variants and unsaved changes of a scenario to its copy."""
    import streamlit as st

    space = workspace()
    space.copy_variants(before, after)
    space.copy_values(unsaved_prefix(before), unsaved_prefix(after))
    if name := st.session_state.get(f"variant:{before}"):
        st.session_state[f"variant:{after}:next"] = name


def _words(problem: Problem) -> str:
    """Return a problem without its path: it is shown next to the field."""
    hint = f" Did you mean {problem.suggestion!r}?" if problem.suggestion else ""
    return problem.message + hint


def _belongs(path: str, field_path: str) -> bool:
    return path == field_path or path.startswith(f"{field_path}.")
