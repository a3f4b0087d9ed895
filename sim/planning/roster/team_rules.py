"""Rules about all persons together, one function each."""

from __future__ import annotations

import math

from sim.planning.roster.constraints import PersonConstraints, RuleInUse, TeamConstraints
from sim.planning.roster.mixed_integer_model import SHARED


def cover_under(team: TeamConstraints, rule: RuleInUse) -> None:
    """Cover: no shift has fewer agents than it needs."""
    for need in team.problem.demand:
        if need.agents > 0:
            missing, _ = team.balance(need)
            team.charge([(missing, 1.0)], 0.0, rule, need.day, need.shift, need.under)


def cover_over(team: TeamConstraints, rule: RuleInUse) -> None:
    """Cover: no shift has more agents than it needs."""
    for need in team.problem.demand:
        _, surplus = team.balance(need)
        team.charge([(surplus, 1.0)], 0.0, rule, need.day, need.shift, need.over)


def fair_nights(team: TeamConstraints, rule: RuleInUse) -> None:
    """Fairness: those who can work nights differ by at most so many night shifts."""
    shift = team.problem.shift
    counts: list[tuple[PersonConstraints, list[tuple[int, float]]]] = []
    for person in team.persons:
        nights = [(v, 1.0) for (_, name), v in person.assigned.items() if shift[name].night]
        if nights:
            counts.append((person, nights))
    _spread(team, rule, counts)


def fair_weekends(team: TeamConstraints, rule: RuleInUse) -> None:
    """Fairness: persons differ by at most so many weekends with work."""
    counts = [(p, [(v, 1.0) for v in p.weekends]) for p in team.persons if p.assigned]
    _spread(team, rule, [(person, terms) for person, terms in counts if terms])


def _spread(
    team: TeamConstraints, rule: RuleInUse,
    counts: list[tuple[PersonConstraints, list[tuple[int, float]]]],
) -> None:  # fmt: skip
    """Charge the difference between the most and the fewest, beyond what is allowed."""
    if len(counts) < 2:
        return
    most, fewest = team.builder.variable(math.inf), team.builder.variable(math.inf)
    for _, terms in counts:
        team.builder.row([*terms, (most, -1.0)], -math.inf, 0.0)
        team.builder.row([*terms, (fewest, -1.0)], 0.0, math.inf)
    excess = team.excess(rule, SHARED, "")
    spread = [(most, 1.0), (fewest, -1.0), (excess, -1.0)]
    team.builder.row(spread, -math.inf, rule.setting.number)
