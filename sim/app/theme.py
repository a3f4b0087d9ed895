"""What the theme cannot say about how pages look."""

from __future__ import annotations

from pathlib import Path

ICON = str(Path(__file__).parent / "assets" / "icon.png")
"""What stands in the tab of the browser; from here, so that no page asks another machine."""
DARK = """<style>
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] * {
    color: #10171c !important;
}
</style>"""
"""The main colour is light in the dark, so that it reads as text; so words on it are dark."""


BAR = """<style>
[data-testid="stBottomBlockContainer"] {
    padding-top: 0.5rem; padding-bottom: 0.6rem; border-top: 1px solid rgba(128, 140, 150, 0.35);
}
</style>"""
"""The bar at the bottom takes little of the page."""


def apply_theme() -> None:
    """Apply it."""
    import streamlit as st

    st.html(BAR)
    if st.context.theme.type == "dark":
        st.html(DARK)
