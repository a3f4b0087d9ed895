"""Choice of a scenario: an example, or the user's own files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sim.app.option_words import in_app_words
from sim.app.uploads import SUFFIXES, ZIP, scenario_from_files, title_of_upload
from sim.app.workspace import as_text, recall, remember, workspace
from sim.scenario.question_comment import question_in
from sim.toml_text import read_toml
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.app.workspace import Variant
    from sim.scenario import Scenario

OWN = "Files of my own"
FIRST = "retail_monday"
"""Example that is shown at first."""
MINE = "mine/"
"""Prefix of the key of a scenario of the workspace."""
WRITTEN = "base scenario"


@dataclass(frozen=True)
class ScenarioChoice:
    """The chosen scenario with its variant and unsaved changes.

    Attributes
    ----------
    scenario : Scenario
    source : str
        Name of the shipped scenario or of the file, for the command line.
    question : str
        The question that the file asks in its first comment, or empty.
    key : str
        Of the scenario in the workspace.
    variant : Variant or None
        Changes applied to the scenario.
    unsaved : tuple of str
        Unsaved changes in words; empty where the page draws them itself.
    before : Scenario or None
        The scenario without unsaved changes, where there are some.
    """

    scenario: Scenario
    source: str
    question: str
    key: str = ""
    variant: Variant | None = None
    unsaved: tuple[str, ...] = ()
    before: Scenario | None = None

    @property
    def base(self) -> Scenario:
        """Return the scenario without unsaved changes."""
        return self.before or self.scenario

    @property
    def place(self) -> str:
        """Return the prefix of the keys of the fields of page Start."""
        return unsaved_prefix(self.key) + (self.variant.name if self.variant else "")

    @property
    def title(self) -> str:
        """Return the name of the scenario and of its variant."""
        name = self.scenario.name
        name = f"{name}: {self.variant.name}" if self.variant else name
        return f"{name}, with unsaved changes" if self.unsaved else name

    @property
    def label(self) -> str:
        """Return the name of the scenario as the picker shows it, with what tells copies apart."""
        if not self.key.startswith(MINE):
            return self.scenario.name
        return _shown(self.key, {}, workspace().scenarios)

    @property
    def heading(self) -> str:
        """Return the title as pages show it, with what tells copies apart."""
        return self.label + self.title.removeprefix(self.scenario.name)

    @property
    def words(self) -> tuple[str, ...]:
        """Return every change of the file: those of the variant, then the unsaved."""
        return (*(self.variant.words if self.variant else ()), *self.unsaved)


def unsaved_prefix(key: str) -> str:
    """Return the prefix of the keys of page Start for a scenario and all its variants."""
    return f"start:{key}|"


def pick_scenario(with_changes: bool = True, with_new: bool = True) -> ScenarioChoice | list[str]:
    """Draw the choice of a scenario and of a variant, and return it, or what is wrong with it.

    Parameters
    ----------
    with_changes : bool
        Whether the scenario returned has the unsaved changes; a page that draws their fields, or
        the file, applies them itself or not at all.
    with_new : bool
        Whether a button leads to page New scenario.

    Returns
    -------
    ScenarioChoice or list of str
        An empty list as long as nothing is chosen.
    """
    import streamlit as st

    from sim.resources import shipped_scenarios

    files, own = shipped_scenarios(), workspace().scenarios
    names = [*(f"{MINE}{name}" for name in own), *files, OWN]
    if (wish := st.session_state.pop("scenario:next", None)) in names:
        st.session_state["scenario"] = wish
        workspace().set_value("scenario", wish)
    key = recall("scenario", FIRST if FIRST in files else names[0], names)
    st.selectbox(
        "Scenario",
        names,
        key=key,
        format_func=lambda name: _shown(name, files, own),
        help="An example, one of your scenarios, or a scenario file (TOML, or ZIP with its "
        "tables) to upload.",
    )
    if with_new:
        new_button("picker")
    name = remember(key)
    found = _own() if name == OWN else _found(name, files, own)
    if isinstance(found, ScenarioChoice):
        found = _pick_variant(found)
    return with_unsaved(found) if isinstance(found, ScenarioChoice) and with_changes else found


def new_button(place: str, label: str = "New scenario from a table") -> None:
    """Draw the button that leads to page New scenario."""
    import streamlit as st

    from sim.app.navigation import NEW_SCENARIO, go_to

    if st.button(label, key=f"new:{place}", icon=":material/table_view:"):
        go_to(NEW_SCENARIO)


def with_unsaved(found: ScenarioChoice) -> ScenarioChoice:
    """Return a choice with its unsaved changes, if they fit."""
    from sim.app.unsaved_edits import unsaved

    changes = unsaved(found.scenario, found.place)
    if changes.problems or not changes.words:
        return found
    return replace(found, scenario=changes.scenario, unsaved=changes.words, before=found.scenario)


def current_choice() -> ScenarioChoice | None:
    """Return the current choice without drawing it; None while it is not valid."""
    from sim.resources import shipped_scenarios
    from sim.scenario import ScenarioError

    files, own = shipped_scenarios(), workspace().scenarios
    name = _last("scenario", FIRST)
    if name not in files and name.removeprefix(MINE) not in own:
        return None
    found = _found(name, files, own)
    if not isinstance(found, ScenarioChoice):
        return None
    variants = workspace().variants(name)
    one = variants.get(_last(f"variant:{name}", ""))
    try:
        return replace(found, scenario=one.over(found.scenario), variant=one) if one else found
    except ScenarioError:
        return None


def _last(key: str, default: str) -> str:
    """Return the last value of a field, or the one that it is about to be given."""
    import streamlit as st

    values = (st.session_state.get(f"{key}:next"), st.session_state.get(key))
    stored = next((one for one in values if one is not None), workspace().values.get(key, default))
    return stored if isinstance(stored, str) else default


def _shown(name: str, files: dict[str, Path], own: Mapping[str, Scenario]) -> str:
    from sim.resources import shipped_scenarios

    if name in files:
        return _title(files[name])
    if name == OWN:
        return name
    folder = name.removeprefix(MINE)
    title = own[folder].name
    # What distinguishes it comes first: the picker cuts long names off.
    if sum(one.name == title for one in own.values()) > 1:
        return f"Copy {folder} of {title}"
    return f"Copy of {title}" if title in map(_title, shipped_scenarios().values()) else title


def remove_scenario(choice: ScenarioChoice) -> None:
    """Remove a scenario of the user's own with its variants, and choose another one."""
    import streamlit as st

    space = workspace()
    space.remove_variant(choice.key)
    space.remove_scenario(choice.key.removeprefix(MINE))
    space.forget_values(unsaved_prefix(choice.key))
    st.session_state["scenario:next"] = FIRST


def remove_variant(choice: ScenarioChoice) -> None:
    """Remove the chosen variant of a scenario."""
    if choice.variant is not None:
        workspace().remove_variant(choice.key, choice.variant.name)
        workspace().forget_values(f"{choice.place}:")


def _found(
    name: str, files: dict[str, Path], own: Mapping[str, Scenario]
) -> ScenarioChoice | list[str]:
    from sim.scenario import ScenarioError

    if name.startswith(MINE):
        scenario = own[name.removeprefix(MINE)]
        question = "" if is_borrowed(scenario.text) else question_in(scenario.text)
        return ScenarioChoice(scenario, "scenario.toml", question, name)
    try:
        return ScenarioChoice(_shipped(files[name]), name, question_of(files[name]), name)
    except ScenarioError as error:
        return str(error).splitlines()


@lru_cache(maxsize=64)
def _shipped(file: Path) -> Scenario:
    """Return a shipped scenario; its files do not change while the app runs."""
    from sim.scenario import load

    return load(file)


def _pick_variant(found: ScenarioChoice) -> ScenarioChoice | list[str]:
    """Draw the choice of a variant where there are some, and apply it to the scenario."""
    import streamlit as st

    from sim.scenario import ScenarioError

    variants = workspace().variants(found.key)
    if not variants:
        return found
    names = ["", *variants]
    slot = f"variant:{found.key}"
    if (wish := st.session_state.pop(f"{slot}:next", None)) in names:
        st.session_state[slot] = wish
    key = recall(slot, "", names)
    st.selectbox(
        "Variant",
        names,
        key=key,
        format_func=lambda name: name or WRITTEN,
        help="Named sets of changes, applied to the scenario. Its file is not changed.",
    )
    one = variants.get(remember(key))
    if one is None:
        return found
    if one.note:
        st.caption(as_text(one.note))
    try:
        return replace(found, scenario=one.over(found.scenario), variant=one)
    except ScenarioError as error:
        st.error("The variant no longer fits the scenario.", icon=":material/error:")
        return [f"variant {one.name}: {line}" for line in str(error).splitlines()]


@lru_cache(maxsize=64)
def _title(file: Path) -> str:
    """Return the name that a scenario file gives its center, else that of the file."""
    center = read_toml(file.read_text(encoding="utf-8")).get("center", {})
    return str(center.get("name", file.stem))


def is_borrowed(text: str) -> bool:
    """Return whether a scenario still has the question of the example it was copied from."""
    from sim.resources import shipped_scenarios

    question = question_in(text)
    return bool(question) and question in map(question_of, shipped_scenarios().values())


def question_of(file: Path) -> str:
    """Return the first comment of a scenario file as running text."""
    return question_in(file.read_text(encoding="utf-8"))


def _own() -> ScenarioChoice | list[str]:
    """Draw the upload; an uploaded scenario is saved in the workspace and chosen."""
    import streamlit as st

    from sim.fileio import MEGABYTE, UPLOADS

    files = st.file_uploader(
        "Scenario file and its data files, or a ZIP file of them",
        type=[suffix.lstrip(".") for suffix in (*SUFFIXES, ZIP)],
        accept_multiple_files=True,
        max_upload_size=UPLOADS.size // MEGABYTE,
        key="upload",
        help="One TOML file and the CSV or XLSX files it refers to, or the whole folder as a ZIP "
        "file, such as that of a calibration. They are stored in your workspace.",
    )
    if not files:
        st.info("Upload a scenario file to begin.", icon=":material/upload_file:")
        return []
    try:
        found = workspace().add_scenario(scenario_from_files(files), title_of_upload(files))
    except BadInputError as error:
        problems = str(error).splitlines()
        count = "One problem" if len(problems) == 1 else f"{len(problems)} problems"
        st.error(f"{count}, listed on this page.", icon=":material/error:")
        return problems
    st.session_state["scenario:next"] = f"{MINE}{found}"
    return st.rerun()


def show_problems(problems: BadInputError | Iterable[str]) -> None:
    """Show problems as the command line words them but for its options, each on its own."""
    import streamlit as st

    lines = str(problems).splitlines() if isinstance(problems, BadInputError) else problems
    for line in lines:
        st.error(as_text(in_app_words(line)), icon=":material/error:")
