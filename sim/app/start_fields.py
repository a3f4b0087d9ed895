"""The fields of page Start: sliders, further changes, replications and seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.sliders import Slider, center_sliders, part_sliders, slider_for_path
from sim.app.unsaved_edits import (
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
REPLICATIONS = (
    "Number of simulated replications. Four times as many halve the width of the confidence "
    "intervals."
)
SEED = "The same seed gives the same random numbers, and so the same results."
"""Help of the two fields."""


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
        Each change in words: ``Volume +10 %``.
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
    """Draw every field and return their values; errors are shown next to the field.

    Parameters
    ----------
    base : Scenario
    place : str
        Prefix of the keys that the values are stored under.
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
        help="*All queues* changes every queue and group together, *Per queue* each on its own.",
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
    """Draw the what-if changes, each with a button that removes it, and return their scenario.

    Where one does not fit any more, the scenario is returned without them.
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
            help="Removes this change.",
        )
    found = with_all(base, edits, [], [])
    return base if isinstance(found, ScenarioError) else found[0]


def _sliders(
    sliders: Sequence[Slider], prefix: str
) -> tuple[dict[str, int], dict[str, DeltaGenerator]]:
    """Draw the sliders by section; return their values, and a container below each."""
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
    """Draw the field for changes by path; return its lines, and the container below it."""
    import streamlit as st

    with st.expander("Other fields"):
        key = recall(f"{prefix}:further", "", lambda text: isinstance(text, str))
        st.text_area(
            "Changes, one PATH=VALUE per line",
            key=key,
            placeholder="queue.billing.target=90% in 15s\nqueue.billing.balk=5%",
            help="As --set on the command line. A value with + or - changes the current one: +10%, "
            "-2.",
        )
        slot = st.container()
    return lines_of(str(remember(key))), slot


def _experiment(base: Scenario) -> tuple[int, int]:
    """Draw replications and seed."""
    import streamlit as st

    key = recall("runs", FEW, RUNS)
    st.select_slider(
        "Replications",
        RUNS,
        key=key,
        help=REPLICATIONS,
    )
    seed = recall("seed", base.experiment.seed, lambda seed: 0 <= int(seed) <= 2**31)
    st.number_input(
        "Random seed",
        min_value=0,
        max_value=2**31,
        step=1,
        key=seed,
        help=SEED,
    )
    return int(remember(key)), int(remember(seed))


def _show_problems(
    error: ScenarioError, sliders: Sequence[Slider], slots: dict[str, DeltaGenerator]
) -> tuple[str, ...]:
    """Show each problem next to the field that causes it, and return all of them."""
    for problem in error.problems:
        slider = slider_for_path(sliders, problem.path)
        place = slots[slider.key if slider is not None else ""]
        place.error(as_text(str(problem)), icon=":material/error:")
    return tuple(str(problem) for problem in error.problems)
