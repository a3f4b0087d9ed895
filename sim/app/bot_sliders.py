"""The sliders of a bot in front of a queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.app.workspace import recall, remember

if TYPE_CHECKING:
    from sim.scenario import Scenario

SLIDERS = (
    ("tried", "Customers who try it", 60, "Share of arriving contacts that begin a session."),
    ("contained", "Contained", 25, "Share of sessions that end without a person being asked for."),
    (
        "resolved",
        "Truly resolved",
        80,
        "Share of the contained that are resolved; others come back.",
    ),
    ("left", "Give up inside", 5, "Share of sessions that end by the customer leaving, unserved."),
    ("back", "Come back", 100, "Share of the contained but unresolved that come back to people."),
    (
        "easy",
        "Talk of the contained",
        50,
        "What the bot contains would have talked, in percent of the mean talk. The bot takes the "
        "easy part, so this is mostly below 100.",
    ),
)
SESSION = 90


def bot_values(
    scenario: Scenario, queue: str, prefix: str, shown: Sequence[str] | None = None
) -> dict[str, int]:
    """Draw the sliders of the bot of a queue and return their values.

    Parameters
    ----------
    scenario : Scenario
    queue : str
        A live one.
    prefix : str
        What the values are kept under.
    shown : sequence of str, optional
        Sliders to draw, all unless given; the others have their usual values.
    """
    import streamlit as st

    from sim.report.self_service_view import slider_values

    start, values = slider_values(scenario, queue), {}
    for name, label, usual, text in SLIDERS:
        values[name] = start.get(name, usual)
        if shown is not None and name not in shown:
            continue
        most = 200 if name == "easy" else 100
        key = recall(f"{prefix}:{queue}:{name}", values[name])
        st.slider(label, 0, most, key=key, format="%d %%", help=text)
        values[name] = int(remember(key))
    values["session"] = start.get("session", SESSION)
    if shown is None or "session" in shown:
        key = recall(f"{prefix}:{queue}:session", values["session"])
        st.slider(
            "Session", 10, 900, step=10, key=key, format="%d s", help="Mean length of a session."
        )
        values["session"] = int(remember(key))
    return values
