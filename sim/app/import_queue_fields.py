"""Fields for the queues of a table: name, channel, handle time, patience and target of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sim.app.workspace import as_text
from sim.units import counted, show_duration

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

    from sim.history.tables.actuals import Actuals
    from sim.planning.import_queues import QueueInput
    from sim.scenario import Problem


def queue_inputs(mark: str, actuals: Actuals) -> dict[QueueInput, DeltaGenerator]:
    """Draw the fields of each queue of a table, and return their values.

    Parameters
    ----------
    mark : str
        Identifies the fields of this table.
    actuals : Actuals

    Returns
    -------
    dict of QueueInput to DeltaGenerator
        A container for errors next to the fields of each queue that is used.
    """
    import streamlit as st

    from sim.planning.import_queues import mean_handle_s, sources, suggested

    contacts = sources(actuals)
    inputs = {}
    for one in suggested(actuals):
        key = f"{mark}:{one.source}"
        with st.container(border=True):
            handle_s = mean_handle_s(actuals, one.source)
            words = counted(round(contacts[one.source]), "contact")
            if handle_s is not None:
                words += f", mean handle time {show_duration(round(handle_s))}"
            used = st.checkbox(f"**{as_text(one.name)}**: {words}", True, key=f"{key}:used")
            if used:
                inputs[_fields(key, one, handle_s)] = st.container()
    return inputs


def _fields(key: str, one: QueueInput, handle_s: float | None) -> QueueInput:
    """Draw the fields of one queue."""
    import streamlit as st

    from sim.planning.import_queues import CHANNELS

    with st.grid(min_column_width=150, gap="small"):
        name = st.text_input("Queue", one.name, key=f"{key}:name", max_chars=60)
        channels = list(dict.fromkeys((*CHANNELS, one.channel)))
        channel = st.selectbox(
            "Channel", channels, index=channels.index(one.channel), key=f"{key}:channel"
        )
        concurrency = st.number_input(
            "Concurrency", 1, 20, one.concurrency, key=f"{key}:concurrency",
            help="Contacts of this queue that one agent may handle at the same time.",
        )  # fmt: skip
        handle = st.text_input(
            "Handle time (AHT)" + (" *" if handle_s is None else ""), key=f"{key}:handle_time",
            placeholder="4min 10s" if handle_s is None else "as in the table",
            help="Mean of talk, hold and wrap-up, such as 4min 10s.",
        )  # fmt: skip
        patience = st.text_input(
            "Mean patience", one.patience, key=f"{key}:patience", placeholder="unlimited",
            help="How long customers wait on average before they abandon. An assumption unless "
            "measured; empty: unlimited.",
        )  # fmt: skip
        target = st.text_input(
            "Service level target", one.target, key=f"{key}:target",
            help='Such as "80% in 20s", for chat "80% in 60s"; for email and other deferred work '
            '"95% in 24h". An assumption until you enter your own.',
        )  # fmt: skip
    by_interval = handle_s is not None and st.toggle(
        "Use the handle time of each interval for the requirement", True, key=f"{key}:by_interval",
        help="Otherwise the mean is used. The simulation always uses the mean.",
    )  # fmt: skip
    return replace(
        one, name=name.strip(), channel=channel, concurrency=int(concurrency),
        handle_time=handle, by_interval=by_interval, patience=patience, target=target,
    )  # fmt: skip


def show_queue_problems(
    inputs: Mapping[QueueInput, DeltaGenerator], problems: Iterable[Problem]
) -> None:
    """Show each problem next to the fields of its queue, or here if it belongs to none."""
    import streamlit as st

    for problem in problems:
        place, what = _place(inputs, problem)
        words = f"{what}: {problem.message}" if what else problem.message
        (place or st.container()).error(as_text(words), icon=":material/error:")


def _place(
    inputs: Mapping[QueueInput, DeltaGenerator], problem: Problem
) -> tuple[DeltaGenerator | None, str]:
    """Return where a problem belongs, and the name of its field."""
    for one, place in inputs.items():
        path = f"queue.{one.name}"
        if problem.path == path or problem.path.startswith(f"{path}."):
            return place, problem.path.removeprefix(path).strip(".").replace("_", " ")
    return None, problem.path.removeprefix("center.")
