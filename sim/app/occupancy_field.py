"""The limit of occupancy of a scenario: one field, on every page that staffs by formula."""

from __future__ import annotations

from sim.app.scenario_picker import show_problems, unsaved_prefix
from sim.app.workspace import recall, remember
from sim.units import BadInputError

LABEL = "Occupancy at most"
OCCUPANCY = (
    "Largest part of the agents' time that all contacts may need in an interval, such as 90%. "
    "Without a limit a target may be reached only because customers abandon."
)


def occupancy_key(scenario: str) -> str:
    """Return the key of the limit of occupancy of a scenario, by the key of the scenario."""
    return f"{unsaved_prefix(scenario)}max_occupancy"


def occupancy_field(scenario: str) -> str | None:
    """Draw the limit of occupancy of a scenario; return it, None where there is no valid one."""
    import streamlit as st

    key = recall(occupancy_key(scenario), "")
    st.text_input(LABEL, key=key, placeholder="no limit", help=OCCUPANCY, width=220)
    text = str(remember(key))
    try:
        return _checked(text)
    except BadInputError as error:
        show_problems(error)
        return None


def occupancy_limit(scenario: str) -> str | None:
    """Return the limit of occupancy of a scenario, whose field is drawn elsewhere."""
    import streamlit as st

    try:
        return _checked(str(st.session_state[recall(occupancy_key(scenario), "")]))
    except BadInputError:  # said next to the field
        return None


def _checked(text: str) -> str | None:
    from sim.planning.occupancy_limit import max_occupancy_of

    return text.strip() if max_occupancy_of(text) else None
