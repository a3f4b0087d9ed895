"""The sliders of a bot in front of a queue."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.app.workspace import recall, remember

if TYPE_CHECKING:
    from sim.scenario import Scenario

SLIDERS = (
    ("tried", "Use the bot", 60, "Share of arriving contacts that begin a session."),
    (
        "contained",
        "Contained",
        25,
        "Share of sessions that the bot completes; contained is not resolved.",
    ),
    (
        "resolved",
        "Resolved, of contained",
        80,
        "Share of contained sessions that resolve the issue.",
    ),
    ("left", "Abandoned in the bot", 5, "Share of sessions that the customer abandons."),
    (
        "back",
        "Bounce-back, of unresolved",
        100,
        "Share of the contained but unresolved customers who contact an agent after all.",
    ),
    (
        "easy",
        "Talk time of contained contacts",
        50,
        "Talk time the contained contacts would have needed, in percent of the mean. Bots take "
        "the easy contacts, so it is usually below 100.",
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
        Prefix of the keys that the values are stored under.
    shown : sequence of str, optional
        Sliders to draw; all by default. The others keep their default values.
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
            "Session length",
            10,
            900,
            step=10,
            key=key,
            format="%d s",
            help="Mean length of a session.",
        )
        values["session"] = int(remember(key))
    return values
