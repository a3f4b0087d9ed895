"""How days differ: the service level of every simulated day."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.metrics.aggregation import sum_days
from sim.report.chart_layers import LINE, title_of
from sim.report.formatting import show
from sim.report.interval_metrics import scope_of

if TYPE_CHECKING:
    import altair as alt

    from sim.experiment import Result
    from sim.metrics import MetricRow
    from sim.model import Floats

WIDTH = 0.05
"""Service levels of one bar."""
QUANTILES = (
    ("service_level_day_p10", "10 % of days at most"),
    ("service_level_day_p50", "Half of days at most"),
    ("service_level_day_p90", "90 % of days at most"),
    ("days_on_target", "Days on target"),
)


def day_levels(result: Result, queue: str | None = None) -> Floats:
    """Return the service level of every day with contacts.

    Parameters
    ----------
    result : Result
    queue : str, optional
        The whole center unless given.

    Returns
    -------
    ndarray, shape (days,)
        Of all runs.
    """
    model, scope = result.model, scope_of(queue)
    legs = sum_days(model, result.tallies).by_name["legs"]
    owner = scope.target_owner(model)
    members = scope.members(model, "legs", "any", "service_level")
    met, judged = (legs[owner.sum_name(name)][:, members].sum(axis=1) for name in ("met", "judged"))
    return np.asarray(met[judged > 0] / judged[judged > 0])


def spread(
    results: Sequence[Result], labels: Sequence[str], queue: str | None = None
) -> list[dict[str, Any]]:
    """Return how many days have which service level, as a share of all days.

    Returns
    -------
    list of dict
        Scenario, lower and upper bound of the service level, share of days, number of days.
    """
    edges = np.round(np.arange(0.0, 1.0 + WIDTH / 2, WIDTH), 10)
    rows: list[dict[str, Any]] = []
    for result, label in zip(results, labels, strict=True):
        levels = day_levels(result, queue)
        counts, _ = np.histogram(levels, edges)
        rows += [
            {
                "scenario": label,
                "low": float(low),
                "high": float(high),
                "share": float(count / max(levels.size, 1)),
                "days": int(levels.size),
            }
            for low, high, count in zip(edges, edges[1:], counts, strict=False)
        ]
    return rows


def spread_chart(
    rows: Sequence[dict[str, Any]], target: float | None, title: str
) -> alt.FacetChart:
    """Draw the distribution of days, one scenario above the other on one axis."""
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(rows).assign(goal=target)
    order = list(dict.fromkeys(row["scenario"] for row in rows))
    bars = (
        alt.Chart()
        .mark_bar(binSpacing=1)
        .encode(
            x=alt.X(
                "low:Q",
                bin="binned",
                title="service level of the day",
                axis=alt.Axis(format="%", tickCount=10),
            ),
            x2="high:Q",
            y=alt.Y("share:Q", title="share of days", axis=alt.Axis(format="%", tickCount=4)),
            color=alt.Color("scenario:N", scale=alt.Scale(domain=order), legend=None),
            tooltip=[
                alt.Tooltip("scenario:N", title="scenario"),
                alt.Tooltip("low:Q", title="service level from", format=".0%"),
                alt.Tooltip("high:Q", title="to", format=".0%"),
                alt.Tooltip("share:Q", title="share of days", format=".1%"),
            ],
        )
        .properties(height=110, width=700)
    )
    layers: list[Any] = [bars]
    if target is not None:
        rule = alt.Chart().mark_rule(strokeDash=[6, 4], strokeWidth=2, color=LINE)
        layers.append(rule.encode(x="mean(goal):Q"))
    key = "" if target is None else f"dashed: target {target:.0%}"
    header = alt.Header(
        title=None, labelAnchor="start", labelOrient="top", labelFontSize=13, labelLimit=600
    )
    return (
        alt.layer(*layers, data=frame)
        .facet(row=alt.Row("scenario:N", sort=order, header=header))
        .properties(title=title_of(title, key))
    )


def spread_table(results: Sequence[Result], labels: Sequence[str]) -> list[dict[str, str]]:
    """Return quantiles of the days with their 95 % confidence intervals as rows of text."""
    table = []
    for metric, words in QUANTILES:
        row, known = {"": words}, False
        for result, label in zip(results, labels, strict=True):
            found = next((r for r in result.rows if (r.scope, r.metric) == ("total", metric)), None)
            text = "-"
            if found is not None and found.value is not None:
                text, known = (
                    show(found.value, "share") + between_days(found, day_levels(result)),
                    True,
                )
            row[label] = text
        if known:
            table.append(row)
    return table


def between_days(found: MetricRow, levels: Floats, brief: bool = False) -> str:
    """Return the interval of a quantile of days in brackets.

    Parameters
    ----------
    found : MetricRow
    levels : ndarray, shape (days,)
        Service levels of the simulated days: a bound beyond them is not known.
    brief : bool
        Whether the reason of an unknown bound is left out.
    """
    if found.low is None or found.high is None:
        return ""
    low, high = (show(bound, "share") for bound in (found.low, found.high))
    if found.metric != "days_on_target":
        no_low, no_high = found.low < levels.min(), found.high > levels.max()
        if no_low and no_high:
            return " (too few days for a confidence interval)"
        if no_low:
            return (
                f" (at most {high})" if brief else f" (up to {high}; too few days to say how low)"
            )
        if no_high:
            return f" (at least {low})" if brief else f" (from {low}; too few days to say how high)"
    return f" ({low} to {high})"


def alt_text_spread(
    results: Sequence[Result], labels: Sequence[str], queue: str | None = None
) -> str:
    """Return the distribution of days in one sentence for each scenario."""
    sentences = []
    for result, label in zip(results, labels, strict=True):
        levels = day_levels(result, queue)
        if levels.size:
            low, middle, high = (float(x) for x in np.quantile(levels, (0.1, 0.5, 0.9)))
            sentences.append(
                f"{label}: of {levels.size} days half have at most {middle:.0%}, a tenth at most "
                f"{low:.0%}, nine tenths at most {high:.0%}."
            )
    return " ".join(sentences)
