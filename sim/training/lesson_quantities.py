"""The quantities of a lesson, computed when needed: by formula, simulation or arithmetic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from sim import erlang
from sim.training.check import dependencies
from sim.training.expressions import evaluate
from sim.training.lesson_fields import ERLANG_METRICS, Formula
from sim.training.quantity import Quantity, fill_in, names_in
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.experiment import Result
    from sim.scenario import Scenario
    from sim.training.lesson import Lesson

Simulate = Callable[["Scenario", int, int], "Result"]
"""Takes a scenario, replications and seed."""


def simulate_in_process(scenario: Scenario, runs: int, seed: int) -> Result:
    """Simulate a scenario in this process."""
    from sim.experiment import simulate

    return simulate(scenario, runs=runs, seed=seed, workers=1)


@lru_cache(maxsize=2000)
def by_erlang(**asked: Any) -> Mapping[str, Any]:
    """Return the answer of Erlang's formulas, cached.

    Parameters
    ----------
    **asked
        As :func:`sim.erlang.answer` takes them.
    """
    return MappingProxyType(erlang.answer(**asked))


class LessonQuantities:
    """The quantities of one lesson; each is computed once.

    Parameters
    ----------
    lesson : Lesson
    seed : int
        Of all random numbers.
    simulate : callable
        Takes a scenario, replications and seed; a page passes one that shows progress.
    """

    def __init__(
        self, lesson: Lesson, seed: int = 1, simulate: Simulate = simulate_in_process
    ) -> None:
        self.lesson = lesson
        self.seed = seed
        self.simulate = simulate
        self._known: dict[str, Quantity] = dict(lesson.given)

    def __getitem__(self, name: str) -> Quantity:
        """Return a quantity by its name.

        Raises
        ------
        BadInputError
            When a formula refuses its arguments.
        """
        if name not in self._known:
            for other in dependencies(self.lesson, name):
                self[other]
            self._known[name] = self._made(name)
        return self._known[name]

    def number(self, name: str) -> float:
        """Return a quantity that must have a value.

        Raises
        ------
        BadInputError
            When there is no answer.
        """
        value = self[name].value
        if value is None:
            raise BadInputError(f"{name}: has no answer")
        return value

    def add(self, name: str, quantity: Quantity) -> None:
        """Add what the learner answered, under a name of its own."""
        self._known[name] = quantity

    def text(self, words: str) -> str:
        """Return a text with its quantities."""
        names = [name for name in names_in(words) if name in self._known or self._is_one(name)]
        return fill_in(words, {name: self[name] for name in names})

    def changed(self, change: dict[str, Any]) -> Scenario:
        """Return the lesson's scenario with changes that may hold names of quantities."""
        values = {path: self._put(value) for path, value in change.items()}
        center = self.lesson.center
        return center.with_(**values) if values else center

    def _is_one(self, name: str) -> bool:
        lesson = self.lesson
        return name in lesson.formula or name in lesson.simulate or name in lesson.compute

    def _put(self, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        for name in names_in(value):
            self[name]
        put = fill_in(value, self._known, raw=True)
        if put == value:
            return value
        from sim.scenario.overrides import typed

        return typed(put)

    def _made(self, name: str) -> Quantity:
        lesson = self.lesson
        try:
            if name in lesson.formula:
                return self._by_formula(lesson.formula[name])
            if name in lesson.simulate:
                return self._by_simulation(name)
            return self._by_arithmetic(name)
        except erlang.Unstable:
            return Quantity(None, lesson.unit_of(name))
        except BadInputError as error:
            raise BadInputError(f"{lesson.name}, {name}: {error}") from None

    def _by_formula(self, formula: Formula) -> Quantity:
        asked = formula.model_dump(exclude={"figure", "by"}, exclude_none=True)
        fields = {key: self._put(value) for key, value in asked.items()}
        if formula.figure == "load_erlangs":
            load = erlang.a(fields["calls"], fields["per"], fields["aht"], 1, 1.0).load_erlangs
            return Quantity(float(load), ERLANG_METRICS[formula.figure])
        if "agents" in fields:
            fields["agents"] = round(float(fields["agents"]))
        found = by_erlang(**fields)[formula.figure]
        return Quantity(None if found is None else float(found), ERLANG_METRICS[formula.figure])

    def _by_simulation(self, name: str) -> Quantity:
        asked = self.lesson.simulate[name]
        result = self._result(asked.change)
        if asked.against is None:
            found = metric_quantity(result, asked.figure)
        else:
            found = difference_quantity(self._result(asked.against), result, asked.figure)
        return replace(found, unit=self.lesson.unit_of(name))

    def _result(self, change: dict[str, Any]) -> Result:
        return self.simulate(self.changed(change), self.lesson.reveal.runs, self.seed)

    def _by_arithmetic(self, name: str) -> Quantity:
        formula = self.lesson.compute[name].formula
        values: dict[str, float] = {}
        for other in dependencies(self.lesson, name):
            value = self[other].value
            if value is None:
                return Quantity(None, self.lesson.unit_of(name))
            values[other] = value
        return Quantity(evaluate(formula, values), self.lesson.unit_of(name))


def metric_quantity(result: Result, metric_ref: str) -> Quantity:
    """Return the estimate of a metric, such as ``service_level`` or ``queue.mail.on_time``."""
    key = _row_key(result, metric_ref)
    row = next(r for r in result.rows if (r.scope, r.name, r.metric) == key)
    return Quantity(row.value, row.unit, low=row.low, high=row.high)


def difference_quantity(base: Result, other: Result, metric_ref: str) -> Quantity:
    """Return the difference of a metric between two results on the same random numbers."""
    from sim.experiment import Comparison

    key = _row_key(base, metric_ref)
    rows = Comparison((base, other), ("base", "other"), ()).rows
    row = next(r for r in rows if (r.scope, r.name, r.metric) == key)
    unit = metric_quantity(base, metric_ref).unit
    return Quantity(row.difference, unit, "", row.low, row.high, is_difference=True)


def _row_key(result: Result, metric_ref: str) -> tuple[str, str, str]:
    """Return scope, name and metric of the row of a metric."""
    from sim.metrics import parse_metric

    wanted = parse_metric(result.model, metric_ref)
    return wanted.scope.kind, wanted.scope.name, wanted.metric.name
