"""What the theme cannot say about how pages look."""

from __future__ import annotations

DARK = """<style>
[data-testid^="stBaseButton-primary"], [data-testid^="stBaseButton-primary"] * {
    color: #10171c !important;
}
</style>"""
"""The main colour is light in the dark, so that it reads as text; so words on it are dark."""


def look() -> None:
    """Apply it."""
    import streamlit as st

    if st.context.theme.type == "dark":
        st.html(DARK)
