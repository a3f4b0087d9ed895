"""One figure by its name: ``asa_s`` of the whole, ``queue.billing.asa_s`` of a place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.metrics import special
from sim.metrics.figures import evaluate, flat
from sim.metrics.finding import Finding
from sim.metrics.registry import Measure, Special, catalogue
from sim.metrics.scopes import Scope, applies, scopes
from sim.metrics.sums import over_all, over_days
from sim.scenario.problems import listed, nearest
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.metrics.tallies import Tallies
    from sim.model import Model

HEADLINE = "service_level"


@dataclass(frozen=True, slots=True)
class Which:
    """One figure of the whole run.

    Attributes
    ----------
    scope : Scope
    measure : Measure or Special
    """

    scope: Scope
    measure: Measure | Special

    def __str__(self) -> str:
        """Return the name as it is written."""
        scope = self.scope
        place = "" if scope.kind == "total" else f"{scope.kind}.{scope.name}."
        return place + self.measure.name

    def of(self, model: Model, tallies: Tallies) -> Finding:
        """Return the figure of some replications, its influence one number for each.

        Parameters
        ----------
        model : Model
        tallies : Tallies
        """
        measure = self.measure
        if isinstance(measure, Measure):
            estimate = evaluate(over_all(model, tallies), measure, self.scope)
            return flat(Finding(self.scope, measure.name, measure.unit, estimate))
        if measure.name == "longest_wait_s":
            found = special.longest(model, tallies)
        elif measure.name in special.OF_DAYS:
            found = special.days(model, over_days(model, tallies))
        else:
            found = special.percentiles(model, tallies)
        return next(f for f in found if (f.scope, f.metric) == (self.scope, measure.name))


def which(model: Model, text: str) -> Which:
    """Return the figure of a name.

    Parameters
    ----------
    model : Model
    text : str
        ``METRIC`` for the whole, or ``SCOPE.NAME.METRIC`` with the scope ``channel``,
        ``queue``, ``group`` or ``issue``.

    Raises
    ------
    BadInputError
        When there is no such figure in this model.
    """
    place, _, metric = text.strip().rpartition(".")
    kind, _, name = place.partition(".")
    measure = catalogue().get(metric)
    if measure is None:
        like = nearest(metric, catalogue())
        raise BadInputError(
            f"{text}: there is no figure {metric!r}" + (f"; did you mean {like}?" if like else "")
        )
    scope = Scope(kind, name) if place else Scope("total", "total")
    _check_place(model, text, scope)
    if not _is_there(model, measure, scope):
        places = [str(Which(s, measure)) for s in scopes(model) if _is_there(model, measure, s)]
        raise BadInputError(f"{text}: this scenario has it as {listed(places)}")
    return Which(scope, measure)


def _check_place(model: Model, text: str, scope: Scope) -> None:
    every = scopes(model)
    kinds = list(dict.fromkeys(s.kind for s in every if s.kind != "total"))
    if scope.kind not in ("total", *kinds):
        raise BadInputError(f"{text}: {scope.kind!r} is no scope; allowed: {listed(kinds)}")
    if scope not in every:
        names = listed(s.name for s in every if s.kind == scope.kind)
        raise BadInputError(f"{text}: there is no {scope.kind} {scope.name!r}; there is {names}")


def _is_there(model: Model, measure: Measure | Special, scope: Scope) -> bool:
    if isinstance(measure, Measure):
        return applies(model, measure.needs, measure.base, scope)
    return scope.kind in measure.scopes and applies(model, measure.needs, "legs", scope)
