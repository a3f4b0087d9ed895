"""The metrics of several scenarios as a matrix, each with its difference from the base."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics import catalogue
from sim.report.chart_theme import BAD_TINT, GOOD_TINT
from sim.report.coefficients import calibrated_title, calibration_of
from sim.report.formatting import digits_of, show, show_difference
from sim.report.result_views import main_differences

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from sim.experiment import Comparison, Difference

BETTER, WORSE, CHANGED, SAME = "better", "worse", "changed", ""
"""What a significant difference means; changed where more is neither better nor worse."""
TINTS = {BETTER: GOOD_TINT, WORSE: BAD_TINT, CHANGED: "#8090a02e"}
CHARTED = (
    "service_level",
    "abandonment",
    "asa_s",
    "occupancy",
    "scheduled_h",
    "cost",
    "csat",
    "effort",
    "value_lost",
)
"""Metrics of the whole that get a chart and a sentence, where there are any."""


@dataclass(frozen=True, slots=True)
class ComparedValue:
    """One metric of one scenario.

    Attributes
    ----------
    value : float or None
    difference, low, high : float or None
        From the base, with the 95 % confidence interval; None for the base itself.
    judgement : str
        :data:`BETTER`, :data:`WORSE`, :data:`CHANGED`, or empty where the difference is not
        significant.
    unit : str
    """

    value: float | None
    difference: float | None
    low: float | None
    high: float | None
    judgement: str
    unit: str

    @property
    def shown(self) -> str:
        """Return the metric."""
        return show(self.value, self.unit)

    @property
    def gap(self) -> str:
        """Return the difference, ``*`` at a significant one; empty for the base."""
        if self.difference is None:
            return ""
        return f"{self.plain_gap}{' *' if self.judgement else ''}"

    @property
    def plain_gap(self) -> str:
        """Return the difference without a mark, never zero where it is significant."""
        return show_difference(self.difference, self.unit, self._more)

    @property
    def _more(self) -> int:
        return digits_of(self.difference, self.low, self.high, self.unit, bool(self.judgement))

    @property
    def span(self) -> str:
        """Return the confidence interval of the difference; empty without one."""
        if self.low is None or self.high is None:
            return ""
        low, high = (
            show_difference(bound, self.unit, self._more) for bound in (self.low, self.high)
        )
        return f"{low} to {high}"

    @property
    def text(self) -> str:
        """Return the metric with its difference."""
        return f"{self.shown} ({self.gap})" if self.gap else self.shown


@dataclass(frozen=True, slots=True)
class MetricComparison:
    """One metric of all scenarios.

    Attributes
    ----------
    title : str
        Such as ``Service level, billing``.
    scope, name, metric : str
    cells : dict of str to ComparedValue
        By scenario, the base first.
    """

    title: str
    scope: str
    name: str
    metric: str
    cells: dict[str, ComparedValue]


def comparison_matrix(comparison: Comparison) -> list[MetricComparison]:
    """Return the metrics that matter most: the whole, then each target, queue and group."""
    base, *others = comparison.labels
    calibration = calibration_of(comparison)
    by_key: dict[tuple[str, str, str], dict[str, Difference]] = {}
    for other in others:
        for row in main_differences(comparison, other):
            by_key.setdefault((row.scope, row.name, row.metric), {})[other] = row
    lines = []
    for (scope, name, metric), rows in by_key.items():
        unit = catalogue()[metric].unit
        first = next(iter(rows.values()))
        cells = {base: ComparedValue(first.base, None, None, None, SAME, unit)}
        for other in others:
            found = rows.get(other)
            cells[other] = (
                ComparedValue(None, None, None, None, SAME, unit)
                if found is None
                else ComparedValue(
                    found.value, found.difference, found.low, found.high, judgement(found), unit
                )
            )
        where = {"total": "", "target": f", target {name}"}.get(scope, f", {name}")
        title = calibrated_title(metric, calibration) + where
        lines.append(MetricComparison(title, scope, name, metric, cells))
    return lines


def judgement(row: Difference) -> str:
    """Return what a difference means, where its confidence interval does not hold zero."""
    if not row.significant or not row.difference:
        return SAME
    better = catalogue()[row.metric].higher_is_better
    if better is None:
        return CHANGED
    return BETTER if (row.difference > 0) == better else WORSE


def matrix_table(lines: Sequence[MetricComparison], base: str) -> Styler:
    """Return the matrix as a table: significant differences have a star and a colour."""
    import pandas as pd

    names = list(lines[0].cells) if lines else [base]
    titles = {name: f"{name} (base)" if name == base else name for name in names}
    rows = [
        {"Metric": line.title} | {titles[name]: cell.text for name, cell in line.cells.items()}
        for line in lines
    ]
    frame = pd.DataFrame(rows, columns=["Metric", *titles.values()])
    styled = frame.style
    for name, title in titles.items():
        tints = [TINTS.get(line.cells[name].judgement, "") for line in lines]
        colours = [f"background-color: {tint}" if tint else "" for tint in tints]
        styled = styled.apply(lambda _, colours=colours: colours, subset=[title])
    return styled


def main_lines(lines: Sequence[MetricComparison]) -> list[MetricComparison]:
    """Return the metrics of the whole that get a chart and a sentence."""
    return [line for line in lines if line.scope == "total" and line.metric in CHARTED]


def alt_text_matrix(lines: Sequence[MetricComparison], other: str, among: str = "") -> str:
    """Return what is significant about one scenario, in one sentence.

    Parameters
    ----------
    lines : sequence of MetricComparison
    other : str
        The scenario.
    among : str
        What the lines are, such as ``in the main metrics``.
    """
    found = [
        f"{line.title} {cell.plain_gap} ({cell.judgement})"
        for line in lines
        if (cell := line.cells.get(other)) is not None and cell.judgement
    ]
    none = " ".join(f"no significant difference {among}".split())
    return f"{other}: {'; '.join(found) or none}."
