"""Changes of the scenario at hand that are not saved: by sliders, by questions, by path."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.levers import Lever, blamed, for_center, for_parts, typed
from sim.app.workspace import as_text, recall, remember, workspace
from sim.scenario import ScenarioError
from sim.scenario.what_if import Edit

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.scenario import Scenario

RUNS = (5, 10, 20, 50, 100, 200, 500)
FEW = 20
CENTER, PARTS = "All alike", "One by one"


@dataclass(frozen=True)
class Unsaved:
    """Changes of the scenario at hand that are not saved.

    Attributes
    ----------
    scenario : Scenario
        With the changes; without them while one does not fit.
    words : tuple of str
        Each change as people say it.
    problems : tuple of str
        Why they do not fit, as the command line words it.
    """

    scenario: Scenario
    words: tuple[str, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True)
class Setting:
    """A scenario with its changes, and how it is to be simulated.

    Attributes
    ----------
    scenario : Scenario or None
        None while a field is wrong.
    changes : dict
        By dotted path.
    words : tuple of str
        Each change as people say it: ``Volume +10 %``.
    problems : tuple of str
        What is wrong, as the command line words it.
    runs, seed : int
    """

    scenario: Scenario | None
    changes: dict[str, Any]
    words: tuple[str, ...]
    problems: tuple[str, ...]
    runs: int
    seed: int


def setting(base: Scenario, place: str) -> Setting:
    """Draw every field and return what they say; what is wrong is told beside its field.

    Parameters
    ----------
    base : Scenario
    place : str
        What the values of the fields are kept under.
    """
    import streamlit as st

    edits = edits_in(place)
    edited = _edited(base, edits, place)
    key = recall(f"{place}:reach", CENTER, (CENTER, PARTS))
    st.segmented_control(
        "Change",
        [CENTER, PARTS],
        key=key,
        required=True,
        width="stretch",
        help="*All alike* moves every queue and group together, *One by one* each on its own.",
    )
    levers = for_center(edited) if remember(key) == CENTER else for_parts(edited)
    values, slots = _sliders(levers, place)
    further, slots[""] = _further(place)
    st.subheader("Simulation", divider="gray")
    runs, seed = _experiment(base)
    shifted = [lever for lever in levers if lever.changes(values[lever.key])]
    found = _with_all(base, edits, [(lever, values[lever.key]) for lever in shifted], further)
    if isinstance(found, ScenarioError):
        problems = _blamed_for(found, shifted, slots)
        return Setting(None, {}, (), problems, runs, seed)
    scenario, changes, words = found
    return Setting(scenario, changes, words, (), runs, seed)


def _edited(base: Scenario, edits: Sequence[Edit], place: str) -> Scenario:
    """Draw what was changed by questions, each with a way to take it back, and return it.

    Where one does not fit any more, the scenario is left without them.
    """
    import streamlit as st

    for number, edit in enumerate(edits):
        st.button(
            as_text(edit.words),
            icon=":material/close:",
            key=f"take-back:{place}:{number}",
            on_click=take_back,
            args=(place, number),
            width="stretch",
            help="Takes this change back.",
        )
    found = _with_all(base, edits, [], [])
    return base if isinstance(found, ScenarioError) else found[0]


def _with_all(
    base: Scenario,
    edits: Sequence[Edit],
    moved: Sequence[tuple[Lever, int]],
    further: Sequence[str],
) -> tuple[Scenario, dict[str, Any], tuple[str, ...]] | ScenarioError:
    """Return a scenario with changes made one after the other, all of them, and their words."""
    words = (
        *(edit.words for edit in edits),
        *(lever.words(value) for lever, value in moved),
        *map(spoken, further),
    )
    try:
        first = base
        for edit in edits:
            first = first.with_(**edit.changes)
        steps = [dict(lever.changes(value)) for lever, value in moved]
        steps += [typed(line) for line in further]
        changes = {path: value for step in steps for path, value in step.items()}
        changed = first.with_(**changes) if changes else first
    except ScenarioError as error:
        return error
    every = {path: value for edit in edits for path, value in edit.changes.items()} | changes
    return _step_by_step(first, steps, changed), every, words


def unsaved(base: Scenario, place: str) -> Unsaved:
    """Return what was changed in a scenario and not saved, without drawing a field.

    Parameters
    ----------
    base : Scenario
        As chosen: its file, with a variant over it where one is chosen.
    place : str
        What the values of the fields are kept under.
    """
    import streamlit as st

    def value(name: str, default: Any) -> Any:
        key = f"{place}:{name}"
        found = st.session_state.get(key, workspace().values.get(key, default))
        return found if isinstance(found, type(default)) else default

    edits = edits_in(place)
    first = _with_all(base, edits, [], [])
    edited = base if isinstance(first, ScenarioError) else first[0]
    levers = for_center(edited) if value("reach", CENTER) == CENTER else for_parts(edited)
    tried = ((lever, value(lever.slot, lever.start)) for lever in levers)
    moved = [(lever, at) for lever, at in tried if at in lever.range and lever.changes(at)]
    further = _lines(value("further", ""))
    found = _with_all(base, edits, moved, further)
    if isinstance(found, ScenarioError):
        words = (*(e.words for e in edits), *(lever.words(at) for lever, at in moved), *further)
        return Unsaved(base, words, tuple(str(problem) for problem in found.problems))
    return Unsaved(found[0], found[2], ())


def edits_in(place: str) -> list[Edit]:
    """Return the changes that were made by questions; damaged ones are left out."""
    stored = workspace().values.get(f"{place}:edits", [])
    found = []
    for text in stored if isinstance(stored, list) else []:
        try:
            table = json.loads(text)
            found.append(Edit(str(table["words"]), dict(table["set"])))
        except (TypeError, ValueError, KeyError):
            continue
    return found


def add_edit(place: str, edit: Edit) -> None:
    """Add a change to those that are not saved yet."""
    _store(place, [*edits_in(place), edit])


def take_back(place: str, number: int) -> None:
    """Take one change back, counted from 0."""
    edits = edits_in(place)
    _store(place, [edit for k, edit in enumerate(edits) if k != number])


def _store(place: str, edits: Sequence[Edit]) -> None:
    texts = [json.dumps({"words": edit.words, "set": edit.changes}) for edit in edits]
    workspace().set_value(f"{place}:edits", texts)


def spoken(line: str) -> str:
    """Return a change by path as people say it: ``Queue billing: target 90% in 15s``."""
    path, _, value = line.partition("=")
    parts = path.strip().split(".")
    if len(parts) < 3 or parts[0] not in ("queue", "bot", "group"):
        return line
    return f"{parts[0].title()} {parts[1]}: {' '.join(parts[2:])} {value.strip()}"


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _step_by_step(base: Scenario, steps: Sequence[dict[str, Any]], changed: Scenario) -> Scenario:
    """Return the scenario as changed with one step for each change, where that is the same."""
    scenario = base
    try:
        for step in steps:
            scenario = scenario.with_(**step)
    except ScenarioError:
        return changed
    return scenario if scenario.fingerprint == changed.fingerprint else changed


def _sliders(
    levers: Sequence[Lever], prefix: str
) -> tuple[dict[str, int], dict[str, DeltaGenerator]]:
    """Draw the sliders by section; return their values, and a place below each."""
    import streamlit as st

    values: dict[str, int] = {}
    slots: dict[str, DeltaGenerator] = {}
    for section in dict.fromkeys(lever.section for lever in levers):
        place = st.expander(as_text(section)) if section else st.container()
        with place:
            for lever in levers:
                if lever.section == section:
                    values[lever.key] = _slider(lever, prefix)
                    slots[lever.key] = st.container()
    return values, slots


def _slider(lever: Lever, prefix: str) -> int:
    import streamlit as st

    key = recall(f"{prefix}:{lever.slot}", lever.start, lever.range)
    st.slider(
        as_text(lever.label),
        lever.low,
        lever.high,
        step=lever.step,
        key=key,
        format=lever.shown,
        help=lever.help,
    )
    return int(remember(key))


def _further(prefix: str) -> tuple[list[str], DeltaGenerator]:
    """Draw the field for changes by path; return its lines, and the place below it."""
    import streamlit as st

    with st.expander("Any other field"):
        key = recall(f"{prefix}:further", "", lambda text: isinstance(text, str))
        st.text_area(
            "One change a line, as PATH=VALUE",
            key=key,
            placeholder="queue.billing.target=90% in 15s\nqueue.billing.balk=5%",
            help="The same as --set on the command line. A value that begins with + or - changes "
            "what is there.",
        )
        slot = st.container()
    return _lines(str(remember(key))), slot


def _experiment(base: Scenario) -> tuple[int, int]:
    """Draw runs and seed."""
    import streamlit as st

    key = recall("runs", FEW, RUNS)
    st.select_slider(
        "Runs",
        RUNS,
        key=key,
        help="How often the scenario is lived. More runs make the intervals narrower: four times "
        "as many halve them.",
    )
    seed = recall("seed", base.experiment.seed, lambda seed: 0 <= int(seed) <= 2**31)
    st.number_input(
        "Seed",
        min_value=0,
        max_value=2**31,
        step=1,
        key=seed,
        help="Fixes all chance. The same seed gives the same figures again.",
    )
    return int(remember(key)), int(remember(seed))


def _blamed_for(
    error: ScenarioError, levers: Sequence[Lever], slots: dict[str, DeltaGenerator]
) -> tuple[str, ...]:
    """Tell each problem beside the field that it comes from, and return all of them."""
    for problem in error.problems:
        lever = blamed(levers, problem.path)
        place = slots[lever.key if lever is not None else ""]
        place.error(as_text(str(problem)), icon=":material/error:")
    return tuple(str(problem) for problem in error.problems)


def discard_unsaved(prefix: str) -> None:
    """Put every field of a scenario back to where it began, and take its changes back."""
    import streamlit as st

    for key in [key for key in st.session_state if str(key).startswith(f"{prefix}:")]:
        del st.session_state[key]
    workspace().forget_values(f"{prefix}:")
