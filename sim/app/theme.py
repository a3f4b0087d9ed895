"""Styles that the theme of Streamlit cannot express."""

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
[data-testid="stMain"] [data-testid="stButton"] button p { white-space: normal; text-align: left; }
[data-testid="stMetricLabel"], [data-testid="stMetricLabel"] * { white-space: normal !important; }
</style>"""
"""The bar at the bottom takes little of the page; labels of buttons and metrics are not cut."""
REFUSED = """<style>
[data-testid="stFileUploader"]:has(input[type="file"]:not([multiple]))
div:has(> [data-testid="stTooltipErrorHoverTarget"] > [data-testid="stFileChip"]):has(~ div) {
    display: none;
}
</style>"""
"""A file that the browser refused is shown until another is chosen in its place."""


def chart_words() -> str:
    """Return a style that lets words and lines of charts follow a change of the theme at once.

    Charts are drawn in the ink of the theme that a page was loaded with; Streamlit does not run
    a page again when its theme changes.
    """
    from sim.report.chart_theme import FACES

    chart = '[data-testid="stVegaLiteChart"]'
    words = ", ".join(f'{chart} text[fill="{one.ink}"]' for one in FACES.values())
    lines = ", ".join(f'{chart} line[stroke="{one.ink}"]' for one in FACES.values())
    return (
        f"<style>{words} {{ fill: currentColor; fill-opacity: 0.85; }} "
        f"{lines} {{ stroke: currentColor; stroke-opacity: 0.85; }}</style>"
    )


LOGO = """<svg xmlns="http://www.w3.org/2000/svg" width="92" height="32" viewBox="0 0 92 32">
<title>ccplan</title><text x="0" y="23" font-family="system-ui, sans-serif" font-size="24"
font-weight="700" fill="{colour}">ccplan</text></svg>"""
INK = {"light": "#00608f", "dark": "#6cb8e0"}
"""Colour of the product's name by theme."""


def apply_theme() -> None:
    """Apply the styles."""
    import streamlit as st

    st.html(BAR + REFUSED + chart_words())
    theme = st.context.theme.type or "light"
    st.logo(LOGO.format(colour=INK.get(theme, INK["light"])), size="large")
    if theme == "dark":
        st.html(DARK)
