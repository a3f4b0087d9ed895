"""The scenario that is being written: its text, the files beside it, and what is wrong with it."""

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
"""Where the session keeps what texts and files were before, the latest last."""
MOST_STEPS = 50
"""Changes that can be undone."""
WRONG = "scenario:wrong"
"""Where the workspace keeps a text that is not right yet: choice, fingerprint and text."""


@dataclass(frozen=True)
class ScenarioDraft:
    """A scenario while it is written.

    Attributes
    ----------
    source : str
        The choice it belongs to, as the workspace calls it.
    mark : str
        Fingerprint of the scenario that it last became.
    text : str
        TOML.
    files : dict of str to bytes
        Beside it, by name.
    problems : tuple of Problem
        What is wrong with it; empty when it is the scenario at hand.
    refused : dict of str to str
        Fields whose change could not be written into the text, with the reason.
    version : int
        Grows with every change.
    number : int
        Tells the fields of this scenario from those of another one shown before or after it; a
        copy that is made by a change has that of its original.
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
        """Return the text and the files beside it as one ZIP file."""
        sink = io.BytesIO()
        with ZipFile(sink, "w", ZIP_DEFLATED) as book:
            book.writestr(self.name, self.text)
            for name, content in self.files.items():
                book.writestr(name, content)
        return sink.getvalue()


def draft_of(choice: ScenarioChoice) -> ScenarioDraft:
    """Return the draft of the chosen scenario: the one under way, or its file as it is."""
    import streamlit as st

    known = st.session_state.get(KEY)
    if isinstance(known, ScenarioDraft) and known.source == choice.key and _is_of(known, choice):
        return known
    if isinstance(known, ScenarioDraft) and known.source == choice.key and known.problems:
        _settle(known)  # saved elsewhere, while this window holds what is not right yet
        return current()
    st.session_state[KEY] = fresh = _fresh(choice)
    st.session_state[PAST] = []
    left = workspace().values.get(WRONG)
    if isinstance(left, list) and left[:2] == [fresh.source, fresh.mark] and len(left) == 3:
        change(lambda draft: replace(draft, text=str(left[2])))
    found: ScenarioDraft = st.session_state[KEY]
    return found


def _fresh(choice: ScenarioChoice, version: int = 0) -> ScenarioDraft:
    """Return the draft that is the file of a scenario, as it is."""
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
    """Change the draft, and make it the scenario at hand when nothing is wrong with it.

    Parameters
    ----------
    act : callable
        Returns the changed draft; a change it refuses is told beside the field.
    path : str
        Of the field, for what is refused.
    number : int, optional
        Of the draft that the field was drawn for. When another one is at hand by now, nothing
        happens: a browser may send the value of a field that is about to go.

    Returns
    -------
    bool
        Whether it was taken.
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
    """Tell whether there is a change to take back."""
    import streamlit as st

    return bool(st.session_state.get(PAST))


def undo() -> None:
    """Take the last change back."""
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
    st.session_state[KEY] = before  # a shipped scenario as it was: no copy is needed
    workspace().set_value(WRONG, None)


def discard(choice: ScenarioChoice) -> None:
    """Go back to the scenario as it last was right; this can be undone too."""
    import streamlit as st

    save_typed()
    draft = current()
    _remember(draft)
    st.session_state[KEY] = _fresh(choice, draft.version + 1)
    workspace().set_value(WRONG, None)


def _remember(draft: ScenarioDraft) -> None:
    """Keep a draft for :func:`undo`."""
    import streamlit as st

    past = [*st.session_state.get(PAST, ()), (draft.text, draft.files)]
    st.session_state[PAST] = past[-MOST_STEPS:]


def validated(draft: ScenarioDraft) -> ScenarioDraft:
    """Return a draft that is right.

    Raises
    ------
    BadInputError
        With everything that is wrong with it.
    """
    parsed(draft)
    return draft


def _settle(changed: ScenarioDraft) -> None:
    """Take a changed draft, and make it the scenario at hand when nothing is wrong with it."""
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
    """Keep a scenario in the workspace, make it the one at hand, and return its draft."""
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
    """Let a copy have what belongs to its original: variants, and what page Start tries."""
    import streamlit as st

    space = workspace()
    space.copy_variants(before, after)
    space.copy_values(unsaved_prefix(before), unsaved_prefix(after))
    if name := st.session_state.get(f"variant:{before}"):
        st.session_state[f"variant:{after}:next"] = name


def _words(problem: Problem) -> str:
    """Return a problem without its place: it stands beside the field."""
    hint = f" Did you mean {problem.suggestion!r}?" if problem.suggestion else ""
    return problem.message + hint


def _belongs(path: str, field_path: str) -> bool:
    return path == field_path or path.startswith(f"{field_path}.")
