"""A roster as a mixed-integer model: every rule in force, applied to every person and the team."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np

from sim.planning.roster.constraints import (
    PersonConstraints,
    PricedAmount,
    RuleInUse,
    TeamConstraints,
)
from sim.planning.roster.mixed_integer_model import Floats, MixedIntegerModel, ModelBuilder
from sim.planning.roster.problem import RosterProblem, RuleSetting
from sim.planning.roster.rule_registry import RULES, PersonRule, RosterRule, TeamRule

HARD_FACTOR = 100.0
"""How much dearer a broken hard rule is than the highest price of a soft one."""
BROKEN = 1e-4
"""The least amount that counts as broken: solvers are exact to a millionth."""

Assignments = Mapping[tuple[str, int], str]
"""The shift of each person and day; a day off has no entry."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that a roster breaks.

    Attributes
    ----------
    rule : str
    hard : bool
    person : str
        Empty for a rule about the team.
    day : int
        ``SHARED`` where it concerns no single day.
    shift : str
    amount : float
        In the units of the rule.
    price : float
        What it adds to the cost.
    """

    rule: str
    hard: bool
    person: str
    day: int
    shift: str
    amount: float
    price: float


class RosterModel:
    """The model of a problem.

    Parameters
    ----------
    problem : RosterProblem
    elastic : collection of str
        Persons for whom hard rules may be broken, at a high price.
    """

    def __init__(self, problem: RosterProblem, elastic: Collection[str] = ()) -> None:
        self.problem, self.elastic = problem, frozenset(elastic)
        self.hard_price = HARD_FACTOR * max([1.0, *_prices(problem)])
        self.amounts: list[PricedAmount] = []
        builder = ModelBuilder()
        self.persons = [
            PersonConstraints(builder, self.amounts, number, problem)
            for number in range(len(problem.persons))
        ]
        self._team = TeamConstraints(builder, self.amounts, self.persons, problem)
        for rule in RULES.values():
            self._apply(rule)
        self.linear: MixedIntegerModel = builder.build()

    def _apply(self, rule: RosterRule) -> None:
        if rule.team:
            setting = self.problem.rules.get(rule.name)
            if setting is not None:
                # Always elastic: what cannot be covered is reported.
                cast(TeamRule, rule.function)(self._team, self._used(rule, setting, True))
            return
        for constraints, person in zip(self.persons, self.problem.persons, strict=True):
            setting = self.problem.setting(person, rule.name)
            if setting is not None:
                used = self._used(rule, setting, person.name in self.elastic)
                cast(PersonRule, rule.function)(constraints, used)

    def _used(self, rule: RosterRule, setting: RuleSetting, elastic: bool) -> RuleInUse:
        return RuleInUse(rule.name, setting, self.hard_price * rule.relaxed, elastic)

    @cached_property
    def variables(self) -> dict[tuple[str, int, str], int]:
        """The variable of each person, day and shift."""
        return {
            (one.name, day, shift): variable
            for one in self.persons
            for (day, shift), variable in one.assigned.items()
        }

    def assignments(self, x: Floats) -> dict[tuple[str, int], str]:
        """Return the shifts of a solution."""
        return {
            (person, day): shift
            for (person, day, shift), variable in self.variables.items()
            if x[variable] > 0.5
        }

    def fixed(self, assignments: Assignments) -> MixedIntegerModel:
        """Return the model with all shifts settled: what is left says which rules they break."""
        value = np.zeros(self.linear.size)
        for (person, day), shift in assignments.items():
            value[self.variables[person, day, shift]] = 1.0
        lower, upper = self.linear.lower.copy(), self.linear.upper.copy()
        places = np.array(list(self.variables.values()), dtype=np.int64)
        lower[places] = upper[places] = value[places]
        return replace(self.linear, lower=lower, upper=upper)

    def violations(self, x: Floats) -> Iterator[Violation]:
        """Return what a solution breaks, in the order of the rules."""
        for one in self.amounts:
            amount = one.constant + sum(float(x[k]) * value for k, value in one.terms)
            if amount > BROKEN:
                amount = round(amount, 4)
                price = round(amount * one.price, 4)
                yield Violation(one.rule, one.hard, one.person, one.day, one.shift, amount, price)


def _prices(problem: RosterProblem) -> Iterator[float]:
    """Return every price of a soft rule."""
    settings: Iterable[RuleSetting | None] = [
        *problem.rules.values(),
        *(setting for person in problem.persons for setting in person.rules.values()),
    ]
    yield from (one.price for one in settings if one is not None and one.price is not None)
    yield from (wish.price for wish in problem.wishes if wish.price is not None)
    for need in problem.demand:
        yield from (price for price in (need.under, need.over) if price is not None)
