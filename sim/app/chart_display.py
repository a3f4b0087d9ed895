"""Charts on pages, in the colours of the light or dark theme."""

from __future__ import annotations

from typing import Any, Literal


def face() -> str:
    """Return the theme of the session: ``light`` or ``dark``."""
    import streamlit as st

    return "dark" if st.context.theme.type == "dark" else "light"


def draw_chart(
    chart: Any,
    alt: str,
    width: Literal["stretch", "content"] = "stretch",
    key: str | None = None,
) -> None:
    """Draw an Altair chart.

    Parameters
    ----------
    chart : Chart, LayerChart, FacetChart or HConcatChart
    alt : str
        The chart in words, for those who cannot see it.
    width : {"stretch", "content"}
    key : str, optional
        Identifies the chart while it changes.
    """
    import streamlit as st

    from sim.report.chart_theme import themed

    st.altair_chart(themed(chart, face()), width=width, alt=alt, key=key)
