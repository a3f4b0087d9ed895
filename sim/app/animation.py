"""The animation of a day as a component of the page: its files, and how it is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

ASSETS = Path(__file__).parent / "assets"
NAME = "ccplan_watch"
SCRIPTS = ("center_state.js", "picture.js", "watch.js")


def asset(name: str) -> str:
    """Return the text of a file that ships with the app."""
    return (ASSETS / name).read_text(encoding="utf-8")


def draw(document: dict[str, Any], key: str) -> None:
    """Draw the animation of a part of a log.

    Parameters
    ----------
    document : dict
        From :func:`sim.report.replay.replay`. Nothing of it becomes markup.
    key : str
        Identifies the animation.
    """
    import streamlit as st

    component = st.components.v2.component(
        NAME,
        html=asset("watch.html"),
        css=asset("watch.css"),
        js="\n".join(asset(name) for name in SCRIPTS),
    )
    component(key=key, data={**document, "mark": key})
