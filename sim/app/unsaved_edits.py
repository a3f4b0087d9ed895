"""Unsaved changes of the current scenario: by sliders, by what-if, by path."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.sliders import Slider, center_sliders, part_sliders, typed
from sim.app.workspace import workspace
from sim.scenario import ScenarioError
from sim.scenario.what_if import Edit

if TYPE_CHECKING:
    from sim.scenario import Scenario

CENTER, PARTS = "All queues", "Per queue"
"""Which sliders are drawn, as workspaces store it; any other value means the first."""


@dataclass(frozen=True)
class Unsaved:
    """Unsaved changes of the current scenario.

    Attributes
    ----------
    scenario : Scenario
        With the changes; without them while one does not fit.
    words : tuple of str
        Each change in words.
    problems : tuple of str
        Why they do not fit, in the words of the command line.
    """

    scenario: Scenario
    words: tuple[str, ...]
    problems: tuple[str, ...]


def unsaved(base: Scenario, place: str) -> Unsaved:
    """Return the unsaved changes of a scenario, without drawing a field.

    Parameters
    ----------
    base : Scenario
        As chosen: its file, with a variant over it where one is chosen.
    place : str
        Prefix of the keys that the values are stored under.
    """
    import streamlit as st

    def value(name: str, default: Any) -> Any:
        key = f"{place}:{name}"
        found = st.session_state.get(key, workspace().values.get(key, default))
        return found if isinstance(found, type(default)) else default

    edits = edits_in(place)
    first = with_all(base, edits, [], [])
    edited = base if isinstance(first, ScenarioError) else first[0]
    sliders = part_sliders(edited) if value("reach", CENTER) == PARTS else center_sliders(edited)
    tried = ((slider, value(slider.slot, slider.start)) for slider in sliders)
    moved = [(slider, at) for slider, at in tried if at in slider.range and slider.changes(at)]
    further = lines_of(value("further", ""))
    found = with_all(base, edits, moved, further)
    if isinstance(found, ScenarioError):
        words = (*(e.words for e in edits), *(slider.words(at) for slider, at in moved), *further)
        return Unsaved(base, words, tuple(str(problem) for problem in found.problems))
    return Unsaved(found[0], found[2], ())


def edits_in(place: str) -> list[Edit]:
    """Return the what-if changes; damaged ones are left out."""
    stored = workspace().values.get(f"{place}:edits", [])
    found = []
    for text in stored if isinstance(stored, list) else []:
        try:
            table = json.loads(text)
            found.append(Edit(str(table["words"]), dict(table["set"])))
        except (TypeError, ValueError, KeyError):
            continue
    return found


def add_edit(base: Scenario, place: str, edit: Edit) -> None:
    """Add a change to those that are not saved yet, as the last of them.

    What fields such as sliders change is put before it, and the fields go back to where they
    began: a what-if change applies to the scenario with all of them.

    Parameters
    ----------
    base : Scenario
        As chosen, without unsaved changes.
    place : str
        Prefix of the keys that they are stored under.
    edit : Edit
    """
    now = unsaved(base, place)
    if now.problems:
        _store(place, [*edits_in(place), edit])
        return
    steps = now.scenario.steps[len(base.steps) :]
    if len(steps) == len(now.words):
        before = [Edit(words, step) for words, step in zip(now.words, steps, strict=True)]
    else:  # changes that are right only together
        every = {path: value for step in steps for path, value in step.items()}
        before = [Edit("; ".join(now.words), every)]
    discard_unsaved(place)
    _store(place, [*before, edit])


def take_back(place: str, number: int) -> None:
    """Remove one change, counted from 0."""
    edits = edits_in(place)
    _store(place, [edit for k, edit in enumerate(edits) if k != number])


def replace_unsaved(place: str, edits: Sequence[Edit]) -> None:
    """Replace the unsaved changes, as when what they name is renamed."""
    discard_unsaved(place)
    _store(place, edits)


def unsaved_edits(base: Scenario, place: str) -> list[Edit]:
    """Return the changes that are not saved as changes by path, those of sliders too."""
    now = unsaved(base, place)
    steps = now.scenario.steps[len(base.steps) :]
    if now.problems or len(steps) != len(now.words):
        return edits_in(place)
    return [Edit(words, step) for words, step in zip(now.words, steps, strict=True)]


def _store(place: str, edits: Sequence[Edit]) -> None:
    texts = [json.dumps({"words": edit.words, "set": edit.changes}) for edit in edits]
    workspace().set_value(f"{place}:edits", texts)


def discard_unsaved(prefix: str) -> None:
    """Reset every field of a scenario and remove its unsaved changes."""
    import streamlit as st

    for key in [key for key in st.session_state if str(key).startswith(f"{prefix}:")]:
        del st.session_state[key]
    workspace().forget_values(f"{prefix}:")


def with_all(
    base: Scenario,
    edits: Sequence[Edit],
    moved: Sequence[tuple[Slider, int]],
    further: Sequence[str],
) -> tuple[Scenario, dict[str, Any], tuple[str, ...]] | ScenarioError:
    """Return a scenario with changes made one after the other, all of them, and their words."""
    words = (
        *(edit.words for edit in edits),
        *(slider.words(value) for slider, value in moved),
        *map(change_in_words, further),
    )
    try:
        first = base
        for edit in edits:
            first = first.with_(**edit.changes)
        steps = [dict(slider.changes(value)) for slider, value in moved]
        steps += [typed(line) for line in further]
        changes = {path: value for step in steps for path, value in step.items()}
        changed = first.with_(**changes) if changes else first
    except ScenarioError as error:
        return error
    every = {path: value for edit in edits for path, value in edit.changes.items()} | changes
    return _step_by_step(first, steps, changed), every, words


def _step_by_step(base: Scenario, steps: Sequence[dict[str, Any]], changed: Scenario) -> Scenario:
    """Return the scenario as changed with one step for each change, where that is the same."""
    scenario = base
    try:
        for step in steps:
            scenario = scenario.with_(**step)
    except ScenarioError:
        return changed
    return scenario if scenario.fingerprint == changed.fingerprint else changed


def change_in_words(line: str) -> str:
    """Return a change by path in words: ``Queue billing: target 90% in 15s``."""
    path, _, value = line.partition("=")
    parts = path.strip().split(".")
    if len(parts) < 3 or parts[0] not in ("queue", "bot", "group", "target", "event"):
        return line
    return f"{parts[0].title()} {parts[1]}: {' '.join(parts[2:])} {value.strip()}"


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that hold anything."""
    return [line.strip() for line in text.splitlines() if line.strip()]
