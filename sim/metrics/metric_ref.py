"""One metric by its name: ``asa_s`` of the whole, ``queue.billing.asa_s`` of a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics import nonratio
from sim.metrics.aggregation import sum_days, sum_horizon
from sim.metrics.metric_definition import NonRatioMetric, RatioMetric
from sim.metrics.metric_rows import evaluate, horizon_estimate
from sim.metrics.registry import catalogue
from sim.metrics.scoped_estimate import ScopedEstimate
from sim.metrics.scopes import Scope, applies, scopes
from sim.scenario.problems import listed, nearest
from sim.units import BadInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.metrics.metric_definition import Needs
    from sim.metrics.tally_store import Tallies
    from sim.model import Model

HEADLINE = "service_level"


@dataclass(frozen=True, slots=True)
class MetricRef:
    """One metric of the whole horizon.

    Attributes
    ----------
    scope : Scope
    metric : RatioMetric or NonRatioMetric
    """

    scope: Scope
    metric: RatioMetric | NonRatioMetric

    def __str__(self) -> str:
        """Return the name as it is written."""
        scope = self.scope
        place = "" if scope.kind == "total" else f"{scope.kind}.{scope.name}."
        return place + self.metric.name

    def evaluate(self, model: Model, tallies: Tallies) -> ScopedEstimate:
        """Return the metric of some replications, its influence one number for each.

        Parameters
        ----------
        model : Model
        tallies : Tallies
        """
        metric = self.metric
        if isinstance(metric, RatioMetric):
            estimate = evaluate(sum_horizon(model, tallies), metric, self.scope)
            return horizon_estimate(ScopedEstimate(self.scope, metric.name, metric.unit, estimate))
        if metric.name == "longest_wait_s":
            found = nonratio.longest_waits(model, tallies)
        elif metric.name in nonratio.DAY_METRICS:
            found = nonratio.day_estimates(model, sum_days(model, tallies))
        else:
            found = nonratio.percentiles(model, tallies)
        return next(f for f in found if (f.scope, f.metric) == (self.scope, metric.name))


def parse_metric(model: Model, text: str) -> MetricRef:
    """Return the metric of a name.

    Parameters
    ----------
    model : Model
    text : str
        ``METRIC`` for the whole, or ``SCOPE.NAME.METRIC`` with the scope ``channel``,
        ``target``, ``queue``, ``group`` or ``issue``.

    Raises
    ------
    BadInputError
        When there is no such metric in this model.
    """
    place, _, metric = text.strip().removeprefix("total.").rpartition(".")
    kind, _, name = place.partition(".")
    if metric not in catalogue() and any(
        (s.kind, s.name) == (place, metric) for s in scopes(model)
    ):
        raise BadInputError(f"{text}: add a metric, such as {text.strip()}.offered")
    check_metric_name(metric, text)
    scope = Scope(kind, name) if place else Scope("total", "total")
    require_metric(model, scope.kind, scope.name, metric)
    return MetricRef(scope, catalogue()[metric])


def check_metric_name(metric: str, text: str = "") -> None:
    """Refuse a name that no metric has.

    Parameters
    ----------
    metric : str
    text : str
        What was asked for, when it said more than the metric.

    Raises
    ------
    BadInputError
        With the name that was perhaps meant.
    """
    if metric in catalogue():
        return
    like = nearest(metric, catalogue())
    hint = f"; did you mean {like}?" if like else ""
    raise BadInputError(f"{text or metric}: there is no metric {metric!r}{hint}")


def check_scope(model: Model, kind: str) -> None:
    """Refuse a kind of scope that a model does not have.

    Raises
    ------
    BadInputError
        With those it has.
    """
    kinds = list(dict.fromkeys(s.kind for s in scopes(model)))
    if kind not in kinds:
        raise BadInputError(
            f"scope: {kind!r} is not a scope of this scenario; allowed: {listed(kinds)}"
        )


def has_metric(model: Model, kind: str, name: str, metric: str) -> bool:
    """Return whether a model has a metric; ``*`` is any name."""
    return any(
        s.kind == kind and name in ("*", s.name) and _applies(model, catalogue()[metric], s)
        for s in scopes(model)
    )


_BEYOND_PAY = (
    "[satisfaction] or a cost besides wages: bot.NAME.cost, queue.NAME.cost_per_minute or "
    "group.NAME.tools"
)
_REQUIRED: Mapping[Needs, str] = {
    "any": "no queue takes part",
    "always": "no queue takes part",
    "live": "it requires a queue that is not deferred",
    "deferred": "it requires a deferred queue",
    "callback": "it requires queue.NAME.callback",
    "bot": "it requires a bot",
    "resolution": "it requires queue.NAME.resolved",
    "wage": "it requires group.NAME.wage",
    "bot_cost": "it requires bot.NAME.cost",
    "line_cost": "it requires queue.NAME.cost_per_minute",
    "tools": "it requires group.NAME.tools",
    "messages": "it requires issue.NAME.notice with a cost",
    "satisfaction": "it requires [satisfaction]",
    "value": "it requires [satisfaction] and segment.NAME.value",
    "poor_service": "it requires group.NAME.wage, [satisfaction] and segment.NAME.value",
    "costs": f"it requires {_BEYOND_PAY}",
    "costs_resolved": f"it requires queue.NAME.resolved and {_BEYOND_PAY}",
    "costs_paid": f"it requires group.NAME.wage and {_BEYOND_PAY}",
    "silent": "it requires queue.NAME.silent",
    "announce": "it requires queue.NAME.announce",
}
"""What a scenario says that has a metric, by its ``needs``."""


def require_metric(model: Model, kind: str, name: str, metric: str) -> None:
    """Refuse a metric that a model does not have.

    Parameters
    ----------
    model : Model
    kind, name : str
        Of the scope; ``*`` is any name.
    metric : str
        One of the catalogue.

    Raises
    ------
    BadInputError
        Saying where this model has it.
    """
    if has_metric(model, kind, name, metric):
        return
    definition = catalogue()[metric]
    text = str(MetricRef(Scope(kind, name), definition))
    _check_scope_name(model, text, kind, name)
    places = [
        str(MetricRef(s, definition)) for s in scopes(model) if _applies(model, definition, s)
    ]
    if not places:
        raise BadInputError(
            f"{text}: this scenario does not have it; {_REQUIRED[definition.needs]}"
        )
    raise BadInputError(f"{text}: this scenario has it as {listed(places)}")


def _check_scope_name(model: Model, text: str, kind: str, name: str) -> None:
    every = scopes(model)
    kinds = list(dict.fromkeys(s.kind for s in every if s.kind != "total"))
    if kind not in ("total", *kinds):
        raise BadInputError(f"{text}: {kind!r} is not a scope; allowed: {listed(kinds)}")
    names = [s.name for s in every if s.kind == kind]
    if name not in ("*", *names):
        raise BadInputError(f"{text}: there is no {kind} {name!r}; there is {listed(names)}")


def _applies(model: Model, metric: RatioMetric | NonRatioMetric, scope: Scope) -> bool:
    if isinstance(metric, RatioMetric):
        return applies(model, metric.needs, metric.base, scope)
    return scope.kind in metric.scopes and applies(model, metric.needs, "legs", scope)
