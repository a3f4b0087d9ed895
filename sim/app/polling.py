"""Parts of a page that are redrawn at intervals while work goes on in the background."""

from __future__ import annotations

from collections.abc import Callable


def polled(draw: Callable[[], None], seconds: float | None) -> None:
    """Draw a part of the page, and redraw only this part.

    Parameters
    ----------
    draw : callable
        Draws the part, and may call ``st.rerun`` when the work has ended.
    seconds : float or None
        Time between two drawings; None when it is drawn once.

    Notes
    -----
    The part stands in a container that is not its own. What Streamlit has not yet sent of a
    fragment is dropped when the fragment runs again, the block that holds it included; if that
    block were a child of the page, everything below it would arrive at a place that does not
    exist, and the browser would show an empty page ("Bad delta path index").
    """
    import streamlit as st

    with st.container():
        st.fragment(draw, run_every=seconds)()
