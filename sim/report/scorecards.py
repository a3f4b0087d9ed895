"""The scorecards of a result: service, customer experience, money, and who can change what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from sim.metrics.metric_titles import metric_title
from sim.numerals import counted
from sim.report.coefficients import (
    calibrated_text,
    calibration_by_metric,
    short_star,
    star_text,
)
from sim.report.formatting import show
from sim.scenario.satisfaction import calibration_text
from sim.units import DAY

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.experiment.coefficient_range import MetricRange
    from sim.metrics import MetricRow

SERVICE = (
    "service_level",
    "on_time",
    "abandonment",
    "asa_s",
    "wait_p90_s",
    "aht_s",
    "transfer_rate",
    "fcr",
    "containment",
    "occupancy",
)
EXPERIENCE = (
    "csat",
    "nps",
    "effort",
    "high_effort",
    "contacts_per_issue",
    "channel_switches",
    "transfers_per_issue",
    "context_lost",
    "wait_per_issue_s",
    "resolution",
    "open_at_end",
    "time_to_resolution_h",
    "at_risk",
    "value_kept",
    "value_lost",
    "measured_csat",
    "response_rate",
)
MONEY = (
    "cost",
    "bot_cost",
    "telephony_cost",
    "tools_cost",
    "message_cost",
    "total_cost",
    "cost_per_contact",
    "cost_per_resolved",
)
POOR_SERVICE = ("rework_cost", "cost_of_poor_service")
BY_SCOPE = (
    "customers",
    "csat",
    "nps",
    "effort",
    "contacts_per_issue",
    "context_lost",
    "resolution",
    "time_to_resolution_h",
    "at_risk",
    "value_lost",
)
COMPARED = ("csat", "nps", "effort", "value_lost", "cost_per_resolved")
"""What comparisons show besides the metrics of service."""
SHOWN_WITH_COSTS = ("cost_per_resolved",)
"""What comparisons leave out where no scenario has costs."""
SCOPES = ("touchpoint", "owner", "segment", "issue", "channel")
"""What customers' experience is shown by."""
_SHORT = {
    "csat": "CSAT",
    "effort": "Effort",
    "at_risk": "At risk",
    "value_lost": "Value lost",
    "context_lost": "Context lost",
    "customers": "Issues",
}
_TITLES = {"cost": "Pay", "cost_of_poor_service": "Rework and customer value lost"}


@dataclass(frozen=True, slots=True)
class ScorecardLine:
    """One metric of a scorecard as text.

    Attributes
    ----------
    title : str
    value : str
    bounds : str
        95 % confidence interval, or that there is none.
    calibration : str
        ``uncalibrated`` or on what the coefficients are calibrated, where the metric depends on
        them.
    extent : str
        The metric with all coefficients at either end of their ranges; empty unless simulated.
    row : MetricRow
    low_end, high_end : float or None
        The numbers of ``extent``.
    """

    title: str
    value: str
    bounds: str
    calibration: str
    extent: str
    row: MetricRow
    low_end: float | None = None
    high_end: float | None = None


@dataclass(frozen=True)
class Scorecards:
    """The scorecards of one result.

    Attributes
    ----------
    result : Result
    """

    result: Result

    @property
    def calibration(self) -> str:
        """Whether the coefficients are calibrated; empty without a satisfaction model."""
        model = self.result.model.satisfaction
        return "" if model is None else calibration_text(model.calibrated.values())

    @cached_property
    def calibrations(self) -> dict[str, str]:
        """The same by metric, of the coefficients that decide it."""
        return calibration_by_metric(self.result)

    @property
    def star(self) -> str:
        """What the star in the heads of tables by scope means."""
        return star_text(self.calibrations, BY_SCOPE)

    @property
    def calibrated(self) -> str:
        """Which coefficients are calibrated and which are not; empty if all are alike."""
        model = self.result.model.satisfaction
        return "" if model is None else calibrated_text(model.calibrated)

    @cached_property
    def _rows(self) -> dict[tuple[str, str, str], MetricRow]:
        return {(r.scope, r.name, r.metric): r for r in self.result.rows if r.value is not None}

    @cached_property
    def _ranges(self) -> dict[tuple[str, str, str], MetricRange]:
        return {(r.scope, r.name, r.metric): r for r in self.result.ranges or ()}

    def lines(
        self, metrics: Sequence[str], scope: str = "total", name: str = "total"
    ) -> list[ScorecardLine]:
        """Return those of some metrics that a scope has."""
        rows = (self._rows.get((scope, name, metric)) for metric in metrics)
        return [self._line(row) for row in rows if row is not None]

    @property
    def service(self) -> list[ScorecardLine]:
        """Return the metrics of the contact center."""
        return self.lines(SERVICE)

    @property
    def experience(self) -> list[ScorecardLine]:
        """Return the metrics of customer experience; empty without a satisfaction model."""
        return self.lines(EXPERIENCE) if self.calibration else []

    @property
    def money(self) -> list[ScorecardLine]:
        """Return what service costs; empty where nothing but pay is known."""
        total = self._rows.get(("total", "total", "total_cost"))
        return self.lines(MONEY) if total is not None and total.value else []

    @property
    def poor_service(self) -> list[ScorecardLine]:
        """Return what poor service costs, apart from what service costs."""
        return [line for line in self.lines(POOR_SERVICE) if line.row.value]

    def names(self, scope: str) -> list[str]:
        """Return the names of a scope: of issues the kinds, channels where there are several."""
        journeys = self.result.model.journeys
        if not self.calibration or journeys is None:
            return []
        kinds = [kind.name for kind in journeys.kinds]
        found = [n for s, n, metric in self._rows if s == scope and metric == "csat"]
        if scope == "issue":
            return [name for name in found if name in kinds]
        return found if scope != "channel" or len(found) > 1 else []

    def by_scope(self, scope: str) -> tuple[list[str], list[list[ScorecardLine | None]]]:
        """Return the metrics that tell places apart, and the line of each for every name.

        Parameters
        ----------
        scope : str
            One of :data:`SCOPES`.

        Returns
        -------
        metrics : list of str
        lines : list of list of ScorecardLine or None, shape (names, metrics)
            In the order of :meth:`names`.
        """
        names = self.names(scope)
        used = [
            metric for metric in BY_SCOPE if any(self._value(scope, name, metric) for name in names)
        ]
        rows = [[self._rows.get((scope, name, metric)) for metric in used] for name in names]
        return used, [[None if row is None else self._line(row) for row in line] for line in rows]

    def _value(self, scope: str, name: str, metric: str) -> float | None:
        row = self._rows.get((scope, name, metric))
        return None if row is None else row.value

    def _line(self, row: MetricRow) -> ScorecardLine:
        found = self._ranges.get((row.scope, row.name, row.metric))
        return ScorecardLine(
            _TITLES.get(row.metric, metric_title(row.metric)),
            show(row.value, row.unit),
            bounds_text(row),
            self.calibrations.get(row.metric, ""),
            "" if found is None else range_text(found, row.unit),
            row,
            None if found is None else found.low_end,
            None if found is None else found.high_end,
        )


def bounds_text(row: MetricRow) -> str:
    """Return a 95 % confidence interval in words, or that there is none."""
    if row.low is None or row.high is None:
        return "one replication"
    return f"{show(row.low, row.unit)} to {show(row.high, row.unit)}"


def range_text(found: MetricRange, unit: str) -> str:
    """Return the values at the ends of the coefficients in words."""
    if found.low_end is None:
        return ""
    return f"{show(found.low_end, unit)} to {show(found.high_end, unit)}"


def short_title(metric: str) -> str:
    """Return a title for the head of a narrow column; a star where coefficients decide."""
    return _SHORT.get(metric, metric_title(metric)) + short_star(metric)


def open_text(cards: Scorecards) -> str:
    """Return how many issues are open at the end, and why that matters; empty if none are."""
    lines = cards.lines(("open_at_end",)) if cards.calibration else []
    if not lines or not lines[0].row.value:
        return ""
    model = cards.result.model
    days = counted((model.horizon - model.measure_from) / DAY, "day")
    return (
        f"{lines[0].value} of the issues are still open after {days} and count as unresolved: "
        "resolution, CSAT, contacts per issue and what follows from them depend on the length of "
        "the horizon. Compare scenarios of the same length; more days leave fewer issues open."
    )
