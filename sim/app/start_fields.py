"""The fields of page Start: sliders, further changes, runs and seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.sliders import Slider, center_sliders, part_sliders, slider_for_path
from sim.app.unsaved_changes import (
    CENTER,
    PARTS,
    edits_in,
    lines_of,
    take_back,
    with_all,
)
from sim.app.workspace import as_text, recall, remember
from sim.scenario import ScenarioError
from sim.scenario.what_if import Edit

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.scenario import Scenario

RUNS = (5, 10, 20, 50, 100, 200, 500)
FEW = 20


@dataclass(frozen=True)
class SimulationInputs:
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


def simulation_inputs(base: Scenario, place: str) -> SimulationInputs:
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
    sliders = center_sliders(edited) if remember(key) == CENTER else part_sliders(edited)
    values, slots = _sliders(sliders, place)
    further, slots[""] = _further(place)
    st.subheader("Simulation", divider="gray")
    runs, seed = _experiment(base)
    shifted = [slider for slider in sliders if slider.changes(values[slider.key])]
    found = with_all(base, edits, [(slider, values[slider.key]) for slider in shifted], further)
    if isinstance(found, ScenarioError):
        problems = _show_problems(found, shifted, slots)
        return SimulationInputs(None, {}, (), problems, runs, seed)
    scenario, changes, words = found
    return SimulationInputs(scenario, changes, words, (), runs, seed)


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
    found = with_all(base, edits, [], [])
    return base if isinstance(found, ScenarioError) else found[0]


def _sliders(
    sliders: Sequence[Slider], prefix: str
) -> tuple[dict[str, int], dict[str, DeltaGenerator]]:
    """Draw the sliders by section; return their values, and a place below each."""
    import streamlit as st

    values: dict[str, int] = {}
    slots: dict[str, DeltaGenerator] = {}
    for section in dict.fromkeys(slider.section for slider in sliders):
        place = st.expander(as_text(section)) if section else st.container()
        with place:
            for slider in sliders:
                if slider.section == section:
                    values[slider.key] = _slider(slider, prefix)
                    slots[slider.key] = st.container()
    return values, slots


def _slider(slider: Slider, prefix: str) -> int:
    import streamlit as st

    key = recall(f"{prefix}:{slider.slot}", slider.start, slider.range)
    st.slider(
        as_text(slider.label),
        slider.low,
        slider.high,
        step=slider.step,
        key=key,
        format=slider.shown,
        help=slider.help,
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
    return lines_of(str(remember(key))), slot


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


def _show_problems(
    error: ScenarioError, sliders: Sequence[Slider], slots: dict[str, DeltaGenerator]
) -> tuple[str, ...]:
    """Tell each problem beside the field that it comes from, and return all of them."""
    for problem in error.problems:
        slider = slider_for_path(sliders, problem.path)
        place = slots[slider.key if slider is not None else ""]
        place.error(as_text(str(problem)), icon=":material/error:")
    return tuple(str(problem) for problem in error.problems)
