"""Sweeps: a scenario simulated with many values of one or two fields."""

from __future__ import annotations

from sim.app.sweep.view import sweep_view


def page() -> None:
    """Draw the page."""
    import streamlit as st

    st.title("Sweeps")
    sweep_view()
