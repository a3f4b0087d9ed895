"""The fields of the workbench: sliders, further changes, runs and seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.app.choose import tell
from sim.app.levers import Lever, blamed, for_center, for_parts, typed
from sim.app.workspace import as_text, recall, remember

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.scenario import Scenario, ScenarioError

RUNS = (5, 10, 20, 50, 100, 200, 500)
FEW = 20
CENTER, PARTS = "Whole center", "Each queue and group"


@dataclass(frozen=True)
class Setting:
    """A scenario with its changes, and how it is to be simulated.

    Attributes
    ----------
    scenario : Scenario or None
        None while a field is wrong.
    changes : dict
        By dotted path.
    runs, seed : int
    """

    scenario: Scenario | None
    changes: dict[str, Any]
    runs: int
    seed: int


def setting(base: Scenario) -> Setting:
    """Draw every field and return what they say; what is wrong is told beside its field."""
    import streamlit as st

    prefix = base.fingerprint[:12]
    key = recall(f"{prefix}:reach", CENTER)
    st.segmented_control("Change", [CENTER, PARTS], key=key, required=True, width="stretch")
    levers = for_center(base) if remember(key) == CENTER else for_parts(base)
    changes, slots = _sliders(levers, prefix)
    further, slot = _further(prefix)
    slots[""] = slot
    if st.button("Back to the scenario as written", icon=":material/undo:", type="tertiary"):
        _forget(prefix)
        st.rerun()
    st.subheader("Simulation", divider="gray")
    runs, seed = _experiment(base)
    changed = _applied(base, changes | further, levers, slots)
    return Setting(changed, changes | further, runs, seed)


def _sliders(
    levers: Sequence[Lever], prefix: str
) -> tuple[dict[str, str], dict[str, DeltaGenerator]]:
    """Draw the sliders by section; return what they change, and a place below each."""
    import streamlit as st

    changes: dict[str, str] = {}
    slots: dict[str, DeltaGenerator] = {}
    for section in dict.fromkeys(lever.section for lever in levers):
        place: Any = st.expander(as_text(section), expanded=False) if section else st.container()
        with place:
            for lever in levers:
                if lever.section == section:
                    changes |= lever.changes(_slider(lever, prefix))
                    slots[lever.key] = st.container()
    return changes, slots


def _slider(lever: Lever, prefix: str) -> int:
    import streamlit as st

    key = recall(f"{prefix}:{lever.key}", lever.start)
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


def _further(prefix: str) -> tuple[dict[str, str], DeltaGenerator]:
    """Draw the field for changes by path; return them, and the place below it."""
    import streamlit as st

    with st.expander("Any other field"):
        key = recall(f"{prefix}:further", "")
        st.text_area(
            "One change a line, as PATH=VALUE",
            key=key,
            placeholder="queue.billing.target=90% in 15s\nqueue.billing.balk=5%",
            help="The same as --set on the command line. A value that begins with + or - changes "
            "what is there.",
        )
        slot = st.container()
    try:
        return typed(remember(key)), slot
    except ValueError as error:
        with slot:
            tell(error)
        return {}, slot


def _experiment(base: Scenario) -> tuple[int, int]:
    """Draw runs and seed."""
    import streamlit as st

    key = recall("runs", FEW)
    st.select_slider(
        "Runs",
        RUNS,
        key=key,
        help="How often the scenario is lived. More runs make the intervals narrower: four times "
        "as many halve them.",
    )
    seed = recall("seed", base.experiment.seed)
    st.number_input(
        "Seed",
        min_value=0,
        max_value=2**31,
        step=1,
        key=seed,
        help="Fixes all chance. The same seed gives the same figures again.",
    )
    return int(remember(key)), int(remember(seed))


def _applied(
    base: Scenario,
    changes: dict[str, Any],
    levers: Sequence[Lever],
    slots: dict[str, DeltaGenerator],
) -> Scenario | None:
    """Return the changed scenario, or tell the problems beside their fields."""
    from sim.scenario import ScenarioError

    try:
        return base.with_(**changes) if changes else base
    except ScenarioError as error:
        _blame(error, [lever for lever in levers if _moved(lever, changes)], slots)
    return None


def _moved(lever: Lever, changes: dict[str, Any]) -> bool:
    return any(path in changes for path in lever.paths)


def _blame(error: ScenarioError, levers: Sequence[Lever], slots: dict[str, DeltaGenerator]) -> None:
    for problem in error.problems:
        lever = blamed(levers, problem.path)
        place = slots[lever.key if lever is not None else ""]
        place.error(as_text(str(problem)), icon=":material/error:")


def _forget(prefix: str) -> None:
    """Put every field of a scenario back to where it began."""
    import streamlit as st

    from sim.app.workspace import workspace

    for store in (st.session_state, workspace().values):
        for key in [key for key in store if str(key).startswith(f"{prefix}:")]:
            del store[key]
