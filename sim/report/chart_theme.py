"""How charts look on a light and on a dark ground: colours of words, room for the last label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Face:
    """Colours of a ground.

    Attributes
    ----------
    ground : str
        Of the page.
    ink : str
        Of labels, titles of axes, keys and numbers beside marks: at least 4.5 to 1 on the ground.
    """

    ground: str
    ink: str


FACES = {"light": Face("#fbfcfd", "#4b5a66"), "dark": Face("#12181d", "#b3c0ca")}
"""By the name of the theme, as ``.streamlit/config.toml`` has them."""
GOOD_TINT, BAD_TINT = "#00815f40", "#d55e0059"
"""Behind cells; light enough for black text, and for white text on a dark page."""
PADDING = 30
"""Pixels at the right, so that half a label fits beyond the end of the axis."""
MOST_TICKS = 8
"""Ticks of an axis of numbers at most, roughly."""


def themed(chart: T, face: str = "light") -> T:
    """Return a chart with its words in colours that can be read on a ground.

    Parameters
    ----------
    chart : Chart, LayerChart, FacetChart or HConcatChart
    face : {"light", "dark"}
    """
    ink = FACES.get(face, FACES["light"]).ink
    drawn: Any = chart
    return (  # type: ignore[no-any-return]
        drawn.configure_axis(labelColor=ink, titleColor=ink)
        .configure_legend(labelColor=ink, titleColor=ink)
        .configure_header(labelColor=ink, titleColor=ink)
        .configure_title(subtitleColor=ink)
        .configure_text(color=ink)
        .configure_rule(color=ink)
        .properties(padding={"left": 5, "top": 5, "right": PADDING})
    )
