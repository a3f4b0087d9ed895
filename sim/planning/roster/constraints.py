"""The variables of persons, and bounds on them that may be broken at a price."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, reduce

from sim.planning.roster.mixed_integer_model import SHARED, ModelBuilder, Terms
from sim.planning.roster.problem import Person, RosterProblem, RuleSetting, ShiftDemand

FEW = 1e-6


@dataclass(frozen=True, slots=True)
class RuleInUse:
    """A rule as it is applied to a person or the team.

    Attributes
    ----------
    name : str
    setting : RuleSetting
    hard_price : float
        Cost of each unit by which a hard rule is broken, where it may be broken at all.
    elastic : bool
        Whether a hard rule may be broken, because no roster keeps all of them.
    """

    name: str
    setting: RuleSetting
    hard_price: float
    elastic: bool = False

    @property
    def hard(self) -> bool:
        """Whether the rule has no price."""
        return self.setting.price is None

    @property
    def strict(self) -> bool:
        """Whether the rule must be kept in this model."""
        return self.hard and not self.elastic

    def price(self, own: float | None = None) -> float:
        """Return the cost of a unit; ``own`` is the price that goes before that of the rule."""
        if own is not None:
            return own
        return self.hard_price if self.setting.price is None else self.setting.price


@dataclass(frozen=True, slots=True)
class PricedAmount:
    """By how much a rule is broken, as an expression of the variables, and what a unit costs."""

    rule: str
    hard: bool
    person: str
    day: int
    shift: str
    price: float
    terms: Terms
    constant: float = 0.0


class Constraints:
    """Bounds on expressions, for one owner.

    Parameters
    ----------
    builder : ModelBuilder
    amounts : list of PricedAmount
        Grows by what can be broken.
    owner : int
        Number of the person, ``SHARED`` for the team.
    name : str
        Of the person, empty for the team.
    """

    def __init__(
        self, builder: ModelBuilder, amounts: list[PricedAmount], owner: int, name: str
    ) -> None:
        self.builder, self.amounts, self.owner, self.name = builder, amounts, owner, name

    def at_most(self, terms: Terms, most: float, rule: RuleInUse, day: int = SHARED,
                shift: str = "", unit: int = 1, own: float | None = None) -> None:  # fmt: skip
        """Bound an expression from above.

        Parameters
        ----------
        terms : sequence of (int, float)
        most : float
        rule : RuleInUse
        day : int
            To which the bound belongs, ``SHARED`` when to none.
        shift : str
        unit : int
            What counts as one unit when the bound is exceeded, such as 60 for minutes by the hour.
        own : float, optional
            A price that goes before that of the rule; the rule is soft then.
        """
        if rule.strict and own is None:
            if most == 0 and all(value > 0 for _, value in terms):
                for column, _ in terms:
                    self.builder.upper[column] = 0.0
                return
            divisor = common_divisor(terms)
            reduced = [(column, value / divisor) for column, value in terms]
            self.builder.row(reduced, -math.inf, math.floor(most / divisor + FEW))
            return
        excess = self.excess(rule, day, shift, own, whole=unit == 1)
        self.builder.row([*terms, (excess, -unit)], -math.inf, most)

    def at_least(self, terms: Terms, least: float, rule: RuleInUse, day: int = SHARED,
                 shift: str = "", unit: int = 1, own: float | None = None) -> None:  # fmt: skip
        """Bound an expression from below; parameters as for :meth:`at_most`."""
        if least <= 0 and all(value >= 0 for _, value in terms):
            return
        negative = [(column, -value) for column, value in terms]
        self.at_most(negative, -least, rule, day, shift, unit, own)

    def excess(
        self, rule: RuleInUse, day: int, shift: str, own: float | None = None, whole: bool = True
    ) -> int:
        """Add a variable that says by how much a rule is broken; return its number."""
        variable = self.builder.variable(math.inf, whole, self.owner, day)
        self.charge([(variable, 1.0)], 0.0, rule, day, shift, own)
        return variable

    def charge(self, terms: Terms, constant: float, rule: RuleInUse, day: int, shift: str = "",
               own: float | None = None) -> None:  # fmt: skip
        """Put a price on an expression that is never negative."""
        price = rule.price(own)
        hard = rule.hard and own is None
        self.builder.add_cost(terms, constant, price)
        self.amounts.append(
            PricedAmount(rule.name, hard, self.name, day, shift, price, terms, constant)
        )


def common_divisor(terms: Terms) -> float:
    """Return the greatest common divisor of the coefficients where all are whole, else 1."""
    if not terms or any(value != int(value) for _, value in terms):
        return 1.0
    return float(reduce(math.gcd, (abs(int(value)) for _, value in terms))) or 1.0


class PersonConstraints(Constraints):
    """The variables of one person.

    Attributes
    ----------
    assigned : dict of (int, str) to int
        Variable of each day and shift that the person can work by skill.
    """

    def __init__(
        self, builder: ModelBuilder, amounts: list[PricedAmount], owner: int,
        problem: RosterProblem,
    ) -> None:  # fmt: skip
        self.person: Person = problem.persons[owner]
        self.problem = problem
        super().__init__(builder, amounts, owner, self.person.name)
        pinned = {(pin.day, pin.shift) for pin in problem.pins_of.get(self.name, ())}
        known = [s for s in problem.shifts if not s.skill or s.skill in self.person.skills]
        self.assigned = {
            (day, shift.name): builder.variable(1.0, True, owner, day, choice=True)
            for day in range(problem.days)
            for shift in known
            if (day, shift.name) in problem.offered or (day, shift.name) in pinned
        }
        for day in range(problem.days):
            terms = self.work(day)
            if len(terms) > 1:
                builder.row(terms, 0.0, 1.0)

    @cached_property
    def _by_day(self) -> list[list[str]]:
        shifts: list[list[str]] = [[] for _ in range(self.problem.days)]
        for day, shift in self.assigned:
            shifts[day].append(shift)
        return shifts

    def shifts_on(self, day: int) -> list[str]:
        """Return the shifts that the person can work on a day."""
        return self._by_day[day]

    def work(self, day: int, factor: float = 1.0) -> list[tuple[int, float]]:
        """Return whether the person works on a day, as an expression."""
        return [(self.assigned[day, shift], factor) for shift in self._by_day[day]]

    def works(self, day: int, shift: str, factor: float = 1.0) -> list[tuple[int, float]]:
        """Return whether the person works a shift on a day, or any shift where it is empty."""
        if not shift:
            return self.work(day, factor)
        found = self.assigned.get((day, shift))
        return [] if found is None else [(found, factor)]

    def minutes(self, days: range) -> list[tuple[int, float]]:
        """Return the paid minutes of some days as an expression."""
        shift = self.problem.shift
        return [
            (self.assigned[day, name], float(shift[name].minutes))
            for day in days
            for name in self._by_day[day]
        ]

    @cached_property
    def changes(self) -> list[tuple[int, int]]:
        """For each day two variables: whether work starts after a day off, and whether it ends.

        What happens before the first day is not known: on day 0 nothing starts or ends, and both
        variables are ``SHARED``, which stands for none.
        """
        found = [(SHARED, SHARED)]
        for day in range(1, self.problem.days):
            start = self.builder.variable(1.0, False, self.owner, day)
            end = self.builder.variable(1.0, False, self.owner, day)
            today, before = self.work(day), self.work(day - 1, -1.0)
            self.builder.row([*today, *before, (start, -1.0), (end, 1.0)], 0.0, 0.0)
            self.builder.row([*today, (start, -1.0)], 0.0, math.inf)
            self.builder.row([*today, (end, 1.0)], -math.inf, 1.0)
            found.append((start, end))
        return found

    def starts(self, days: range, factor: float = 1.0) -> list[tuple[int, float]]:
        """Return how often work starts within some days, as an expression."""
        return [(self.changes[d][0], factor) for d in days if d >= 1]

    def ends(self, days: range, factor: float = 1.0) -> list[tuple[int, float]]:
        """Return how often work ends within some days, as an expression."""
        return [(self.changes[d][1], factor) for d in days if d >= 1]

    @cached_property
    def weekends(self) -> list[int]:
        """A variable for each weekend: whether the person works on any of its days."""
        return list(self._weekends())

    def _weekends(self) -> Iterator[int]:
        for days in self.problem.weekends:
            worked = self.builder.variable(1.0, True, self.owner, days[0])
            for day in days:
                self.builder.row([*self.work(day, -1.0), (worked, 1.0)], 0.0, math.inf)
            every = [term for day in days for term in self.work(day, -1.0)]
            self.builder.row([*every, (worked, 1.0)], -math.inf, 0.0)
            yield worked


class TeamConstraints(Constraints):
    """What concerns all persons together."""

    def __init__(self, builder: ModelBuilder, amounts: list[PricedAmount],
                 persons: list[PersonConstraints], problem: RosterProblem) -> None:  # fmt: skip
        super().__init__(builder, amounts, SHARED, "")
        self.persons, self.problem = persons, problem

        self._balance: dict[tuple[int, str], tuple[int, int]] = {}

    def balance(self, need: ShiftDemand) -> tuple[int, int]:
        """Return the variables of the agents missing and in surplus on a shift of a day."""
        key = need.day, need.shift
        if key not in self._balance:
            agents = [term for one in self.persons for term in one.works(*key)]
            missing = self.builder.variable(need.agents, True, SHARED, need.day)
            surplus = self.builder.variable(
                max(0, len(agents) - need.agents), True, SHARED, need.day
            )
            terms = [*agents, (missing, 1.0), (surplus, -1.0)]
            self.builder.row(terms, need.agents, need.agents)
            self._balance[key] = missing, surplus
        return self._balance[key]
