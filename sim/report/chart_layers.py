"""Parts that charts are made of: titles, legends, names of layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

    Layered = alt.LayerChart | alt.FacetChart

HEIGHT = 330
"""Height of a chart over the day, in pixels."""
LINE = "#787d82"
"""Of lines that no theme colours; they stand out from light and from dark ground."""
MOST_DOTS = 60
"""Intervals above which a line has no dots: they would run together."""


def tips() -> list[Any]:
    """Return what a service level tells when it is pointed at."""
    import altair as alt

    return [
        alt.Tooltip("interval:O", title="interval"),
        alt.Tooltip("value:Q", title="service level", format=".1%"),
        alt.Tooltip("low:Q", title="95 % from", format=".1%"),
        alt.Tooltip("high:Q", title="to", format=".1%"),
        alt.Tooltip("offered:Q", title="offered", format=",.1f"),
    ]


def frame(rows: Sequence[Any]) -> Any:
    """Return records as a table."""
    import pandas as pd

    return pd.DataFrame([asdict(row) for row in rows])


def legend() -> alt.Legend:
    """Return a legend above the chart."""
    import altair as alt

    return alt.Legend(title=None, orient="top", labelLimit=320, symbolOpacity=1)


TITLE_WIDTH, SUBTITLE_WIDTH = 62, 76
"""Letters of a line of title and subtitle that fit on a tablet."""


def title_of(text: str, key: str = "") -> alt.TitleParams:
    """Return a title, and below it what the marks of the chart stand for."""
    import altair as alt

    title = lines_of(text, " ", TITLE_WIDTH)
    if not key:
        return alt.TitleParams(title, anchor="start", fontSize=15)
    subtitle = lines_of(key, " · ", SUBTITLE_WIDTH)
    return alt.TitleParams(
        title,
        subtitle=subtitle,
        anchor="start",
        fontSize=15,
        subtitleFontSize=13,
        subtitlePadding=6,
    )


def lines_of(text: str, separator: str, width: int) -> str | list[str]:
    """Return a text as lines of at most so many letters; a single one as it is.

    Charts cut off what is wider than they are, as on a tablet.
    """
    lines: list[str] = []
    for part in text.split(separator):
        if lines and len(lines[-1]) + len(separator) + len(part) <= width:
            lines[-1] += separator + part
        else:
            lines.append(part)
    return lines if len(lines) > 1 else text


def named(chart: alt.Chart, name: str, names: Sequence[str]) -> alt.Chart:
    """Name a layer; the order of names decides the colours, whatever the theme's are."""
    import altair as alt

    colour = alt.Color("part:N", scale=alt.Scale(domain=list(names)), legend=None)
    return chart.transform_calculate(part=f"'{name}'").encode(color=colour)


def finished(layers: Sequence[Any], title: str, key: str) -> Layered:
    """Lay layers over each other, under a title and a key to the marks."""
    import altair as alt

    return alt.layer(*layers).properties(title=title_of(title, key), height=HEIGHT)
