"""What an investment is for: a metric, its better side, and targets of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import floor
from typing import TYPE_CHECKING

from sim import units
from sim.metrics import MetricRef, parse_metric
from sim.metrics.estimators import InfluenceEstimate
from sim.metrics.experience_metrics import COEFFICIENTS_OF
from sim.metrics.metric_ref import has_metric
from sim.metrics.metric_titles import reference_label
from sim.metrics.registry import catalogue
from sim.scenario.problems import listed
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.model import Model

SHORT_NAMES = {"value": "value_kept"}
"""Names of objectives that stand for a metric."""
EXPERIENCE = frozenset(
    {"csat", "nps", "effort", "high_effort", "at_risk", "value_kept", "value_lost", "measured_csat"}
)
"""Metrics that rest on the coefficients of satisfaction."""
DEFAULTS = ("csat", "fcr", "service_level")
"""The first of these that a scenario has is the objective unless another is named."""


@dataclass(frozen=True, slots=True)
class Objective:
    """The metric that a mix shall improve.

    Attributes
    ----------
    metric : MetricRef
        Of the scenario without levers.
    """

    metric: MetricRef

    @property
    def name(self) -> str:
        """Return the name as it is written."""
        return str(self.metric)

    @property
    def words(self) -> str:
        """Return the metric in words: ``FCR``, ``service level of queue cards``."""
        return reference_label(self.name)

    @property
    def unit(self) -> str:
        """Return the unit of the metric."""
        return self.metric.metric.unit

    @property
    def sign(self) -> int:
        """Return 1 where the largest is the best, -1 where the smallest is."""
        return 1 if self.metric.metric.higher_is_better else -1

    @property
    def is_experience(self) -> bool:
        """Return whether the metric rests on the model of satisfaction."""
        return self.metric.metric.name in EXPERIENCE

    def uncalibrated(self, calibrated: Mapping[str, str]) -> Iterator[str]:
        """Yield that it rests on coefficients that are uncalibrated, and on which if not all."""
        used = COEFFICIENTS_OF.get(self.metric.metric.name, ())
        every = {name: on for name, on in calibrated.items() if name.split(".")[0] in used}
        missing = [name for name, on in every.items() if not on]
        if missing:
            of = "" if len(missing) == len(every) else f" with {', '.join(missing)}"
            yield f"uncalibrated: {self.name} rests on the table [satisfaction]{of}"

    def signed(self, estimate: InfluenceEstimate) -> InfluenceEstimate:
        """Return an estimate of which the larger is the better."""
        if self.sign > 0:
            return estimate
        return replace(estimate, value=-estimate.value, influence=-estimate.influence)

    def shown(self, value: float) -> str:
        """Return a value in words."""
        if self.unit == "share":
            return f"{100 * value:.1f} %"
        return f"{value:,.1f} {self.unit}" if self.unit != "money" else _money(value, "")

    def shown_change(self, value: float) -> str:
        """Return a difference in words, with its sign."""
        if self.unit == "share":
            return f"{100 * value:+.1f} points"
        return f"{value:+,.1f} {self.unit}" if self.unit != "money" else _money(value, "+")

    def moved(self, difference: float) -> str:
        """Return in words what a difference does: ``brings 0.3 points of CSAT``."""
        size = self.shown_change(abs(difference)).lstrip("+")
        if self.sign > 0:
            return f"{'brings' if difference > 0 else 'costs'} {size} of {self.words}"
        return f"{'raises' if difference > 0 else 'lowers'} {self.words} by {size}"

    def shown_at_most(self, value: float) -> str:
        """Return a small gain in words: of a share, the tenth of a point that it is below."""
        if self.unit == "share" and value >= 0:
            return f"less than {floor(1000 * value + 1) / 10:.1f} points"
        return f"about {self.shown_change(self.sign * value)}"


def _money(value: float, sign: str) -> str:
    """Return an amount of money, a small one such as a cost per contact with its decimals."""
    return f"{value:{sign},.0f}" if abs(value) >= 100 or value == 0 else f"{value:{sign},.2f}"


def parse_objective(model: Model, text: str | None) -> Objective:
    """Return the objective of a name.

    Parameters
    ----------
    model : Model
    text : str or None
        A metric of the catalogue (``"csat"``, ``"queue.calls.asa_s"``), or ``"value"``.

    Raises
    ------
    BadInputError
        When this scenario has no such metric, or neither more nor less of it is better.
    """
    if text is None:
        text = next(
            n for n in DEFAULTS if n in catalogue() and has_metric(model, "total", "total", n)
        )
    name = SHORT_NAMES.get(text.strip(), text)
    try:
        metric = parse_metric(model, name)
    except BadInputError as error:
        raise BadInputError(f"for: {error}") from None
    if metric.metric.higher_is_better is None:
        good = [
            n for n, m in catalogue().items()
            if m.higher_is_better is not None and has_metric(model, "total", "total", n)
        ]  # fmt: skip
        raise BadInputError(
            f"for: of {metric.metric.name} neither more nor less is better; allowed: {listed(good)}"
        )
    return Objective(metric)


def objective_names(model: Model, names: Sequence[str]) -> list[str]:
    """Return which of some names can be the objective of a model, its default first."""
    found = [parse_objective(model, None).name]
    for name in filter(None, names):
        try:
            parse_objective(model, name)
        except BadInputError:
            continue
        found.append(name)
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class ObjectiveTarget:
    """What an objective shall reach: a value, or a change from the base.

    Attributes
    ----------
    text : str
        As it was written.
    objective : Objective
    change : units.Change or None
        From the base; None for a value.
    value : float
    """

    text: str
    objective: Objective
    change: units.Change | None = None
    value: float = 0.0

    def difference(self, base: float) -> float:
        """Return the difference from the base that is asked for."""
        return (self.value if self.change is None else self.change.apply(base)) - base


def parse_target(model: Model, text: str) -> ObjectiveTarget:
    """Return a target such as ``"csat=+2pp"``, ``"abandonment=-12%"`` or ``"aht_s=210.7s"``.

    Raises
    ------
    BadInputError
        When it is not a target, or the metric is not in this scenario.
    """
    name, equals, wanted = text.partition("=")
    wanted = wanted.strip()
    form = 'allowed: METRIC=CHANGE or METRIC=VALUE, such as "csat=+2pp" or "asa_s=20s"'
    if not equals or not name.strip() or not wanted:
        raise BadInputError(f"what-would-it-take: {text!r} is not a target; {form}")
    try:
        objective = parse_objective(model, name)
        change, value = _wanted(objective.unit, wanted)
    except BadInputError as error:
        message = str(error).removeprefix("for: ")
        raise BadInputError(f"what-would-it-take: {message}") from None
    return ObjectiveTarget(text, objective, change, value)


def _wanted(unit: str, wanted: str) -> tuple[units.Change | None, float]:
    if units.is_change(wanted):
        change = units.change(wanted)
        if change.unit and change.unit != {"share": "pp", "s": "s"}.get(unit):
            raise BadInputError(f"{wanted!r} does not fit a metric in {unit}")
        return change, 0.0
    if unit == "share":
        return None, units.share(wanted)
    if unit == "s":
        return None, units.duration(wanted)
    number = units.plain_number(wanted)
    if number is None:
        raise BadInputError(f"{wanted!r} is not a number")
    return None, number
