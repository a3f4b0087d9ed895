"""The what-if dialog: common changes by simple fields, from any page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.app.scenario_picker import ScenarioChoice, show_problems
from sim.app.unsaved_edits import add_edit, unsaved
from sim.app.workspace import as_text
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.scenario import Scenario
    from sim.scenario.what_if import Edit

AGENTS, MERGE, BOT, VOLUME = "Agents", "Merge groups", "Bot", "Volume"
KINDS = (AGENTS, MERGE, BOT, VOLUME)
OPEN = "if:open"
ADD, SET = "Add or remove", "Set to a number"
OPENING, CLOSING = "opening", "closing"
DAYS = {
    "every day": None,
    "Monday to Friday": "mon-fri",
    "Saturday": "sat",
    "Sunday": "sun",
    "Monday": "mon",
    "Tuesday": "tue",
    "Wednesday": "wed",
    "Thursday": "thu",
    "Friday": "fri",
}


def open_what_if() -> None:
    """Open the dialog; it stays open while the page is redrawn."""
    import streamlit as st

    st.session_state[OPEN] = True


def close_what_if() -> None:
    """Close the dialog."""
    import streamlit as st

    st.session_state.pop(OPEN, None)


def what_if(choice: ScenarioChoice) -> None:
    """Draw the dialog, if it is open."""
    import streamlit as st

    if not st.session_state.get(OPEN):
        return

    @st.dialog(
        "What if …", position="right", icon=":material/help_center:", on_dismiss=close_what_if
    )
    def drawer() -> None:
        scenario = unsaved(choice.scenario, choice.place).scenario
        st.caption("The change applies on all pages until you save or discard it.")
        kind = st.segmented_control(
            "Kind of change", KINDS, default=AGENTS, required=True, width="stretch", key="if:kind"
        )
        try:
            edit = _FIELDS[str(kind)](scenario)
            if edit is not None:
                scenario.with_(**edit.changes)  # so that errors are shown here
        except BadInputError as error:
            show_problems(error)
            edit = None
        if edit is not None:
            st.markdown(f"**{as_text(edit.words)}**")
        if st.button(
            "Add this change",
            type="primary",
            icon=":material/add:",
            disabled=edit is None,
            width="stretch",
            key="if:add",
        ):
            assert edit is not None
            add_edit(choice.base, choice.place, edit)
            close_what_if()
            st.rerun()

    drawer()


def _agents(scenario: Scenario) -> Edit | None:
    import streamlit as st

    from sim.scenario.what_if import add_agents, set_agents

    group = _one("Group", list(scenario.group), "if:group")
    how = st.segmented_control(
        "Change", (ADD, SET), default=ADD, required=True, width="stretch", key="if:how"
    )
    if how == SET:
        change = set_agents
        agents = st.number_input("Agents scheduled", 0, 5000, 20, step=1, key="if:number")
    else:
        change = add_agents
        agents = st.number_input(
            "Agents added (+) or removed (-)", -500, 500, 2, step=1, key="if:agents"
        )
    if scenario.center.length is not None:
        return change(scenario, group, int(agents))
    grid = scenario.center.grid
    opens = grid.open_intervals(scenario.center.open)
    times = sorted({grid.label(k % grid.per_day)[-5:] for k in opens})
    left, right = st.columns(2)
    with left:
        start = st.selectbox("From", [OPENING, *times], key="if:from")
    ends = [time for time in times if start == OPENING or time > start]
    with right:
        end = st.selectbox("To", [*ends, CLOSING], index=len(ends), key="if:to")
    days = None
    if grid.days > 1:
        days = DAYS[st.selectbox("Days", list(DAYS), key="if:days")]
    begin = None if start == OPENING else start
    finish = None if end == CLOSING else end
    return change(scenario, group, int(agents), begin, finish, days)


def _merge(scenario: Scenario) -> Edit | None:
    import streamlit as st

    from sim.scenario.merged_groups import merge_groups

    if len(scenario.group) < 2:
        st.info("This scenario has only one group.", icon=":material/info:")
        return None
    names = list(scenario.group)
    wanted = st.multiselect(
        "Groups to merge",
        names,
        default=names[:2],
        key="if:teams",
        help="Agents of the merged group have all skills of both. Scheduled and paid hours stay "
        "the same: headcounts are added; merged with shifts they become shifts.",
    )
    if len(wanted) < 2:
        st.info("Choose at least two groups.", icon=":material/info:")
        return None
    return merge_groups(scenario, wanted)


def _bot(scenario: Scenario) -> Edit | None:
    import streamlit as st

    from sim.app.bot_sliders import bot_values
    from sim.report.self_service_view import bot_fields
    from sim.scenario.what_if import bot_in_front

    live = [name for name, queue in scenario.queue.items() if not queue.is_deferred]
    if not live:
        st.info("This scenario has no live queue for a bot.", icon=":material/info:")
        return None
    queue = _one("Queue", live, "if:queue")
    values = bot_values(scenario, queue, "if:bot", ("tried", "contained", "resolved"))
    return bot_in_front(scenario, queue, bot_fields(scenario, queue, values))


def _volume(scenario: Scenario) -> Edit | None:
    import streamlit as st

    from sim.scenario.what_if import change_volume

    names = [name for name, queue in scenario.queue.items() if queue.volume.recorded is None]
    wanted = st.multiselect("Queues", names, key="if:queues", placeholder="all queues")
    percent = st.number_input(
        "Volume change in percent", -100, 900, 10, step=5, key="if:percent"
    )  # fmt: skip
    return change_volume(scenario, int(percent), wanted or None)


_FIELDS: dict[str, Callable[[Scenario], Edit | None]] = {
    AGENTS: _agents,
    MERGE: _merge,
    BOT: _bot,
    VOLUME: _volume,
}


def _one(label: str, names: list[str], key: str) -> str:
    import streamlit as st

    return str(st.selectbox(label, names, key=key))
