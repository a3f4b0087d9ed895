"""The fields of the workbench: sliders, further changes, runs and seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.levers import Lever, blamed, for_center, for_parts, typed
from sim.app.workspace import as_text, recall, remember, workspace
from sim.scenario import ScenarioError

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.scenario import Scenario

RUNS = (5, 10, 20, 50, 100, 200, 500)
FEW = 20
CENTER, PARTS = "All alike", "One by one"


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

    key = recall(f"{place}:reach", CENTER, (CENTER, PARTS))
    st.segmented_control(
        "Change",
        [CENTER, PARTS],
        key=key,
        required=True,
        width="stretch",
        help="*All alike* moves every queue and group together, *One by one* each on its own.",
    )
    levers = for_center(base) if remember(key) == CENTER else for_parts(base)
    values, slots = _sliders(levers, place)
    further, slots[""] = _further(place)
    if st.button("Back to the scenario as written", icon=":material/undo:", type="tertiary"):
        _forget(place)
        st.rerun()
    st.subheader("Simulation", divider="gray")
    runs, seed = _experiment(base)
    shifted = [lever for lever in levers if lever.changes(values[lever.key])]
    words = (*(lever.words(values[lever.key]) for lever in shifted), *map(spoken, further))
    try:
        steps = [dict(lever.changes(values[lever.key])) for lever in shifted]
        steps += [typed(line) for line in further]
        changes = {path: value for step in steps for path, value in step.items()}
        changed = base.with_(**changes) if changes else base
    except ScenarioError as error:
        problems = _blamed_for(error, shifted, slots)
        return Setting(None, {}, words, problems, runs, seed)
    return Setting(_step_by_step(base, steps, changed), changes, words, (), runs, seed)


def moved(base: Scenario, place: str) -> tuple[str, ...]:
    """Return what the fields of page Start change in a scenario, in words, without drawing them."""
    import streamlit as st

    def value(name: str, default: Any) -> Any:
        key = f"{place}:{name}"
        found = st.session_state.get(key, workspace().values.get(key, default))
        return found if isinstance(found, type(default)) else default

    levers = for_center(base) if value("reach", CENTER) == CENTER else for_parts(base)
    tried = ((lever, value(lever.slot, lever.start)) for lever in levers)
    words = [lever.words(at) for lever, at in tried if lever.changes(at) and at in lever.range]
    return (*words, *map(spoken, _lines(value("further", ""))))


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


def _forget(prefix: str) -> None:
    """Put every field of a scenario back to where it began."""
    import streamlit as st

    for key in [key for key in st.session_state if str(key).startswith(f"{prefix}:")]:
        del st.session_state[key]
    workspace().forget_values(f"{prefix}:")
