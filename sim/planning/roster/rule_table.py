"""The rules as a table: what there is, and what is in force."""

from __future__ import annotations

from typing import Any

from sim.planning.roster.problem import RosterProblem, RuleSetting
from sim.planning.roster.rule_registry import RULES, RosterRule
from sim.units import show_number


def rule_rows(problem: RosterProblem | None = None) -> list[dict[str, Any]]:
    """Return a row for each rule.

    Parameters
    ----------
    problem : RosterProblem, optional
        Whose rules are shown as they are in force.

    Returns
    -------
    list of dict
        ``rule, number, default, in_force, team, sentence``.
    """
    return [
        {
            "rule": rule.name,
            "number": "" if rule.kind == "none" else rule.kind,
            "default": setting_text(rule.default),
            "in_force": None if problem is None else _in_force(problem, rule),
            "team": rule.team,
            "sentence": rule.sentence,
        }
        for rule in RULES.values()
    ]


def _in_force(problem: RosterProblem, rule: RosterRule) -> str:
    text = setting_text(problem.rules.get(rule.name))
    own = sum(rule.name in person.rules for person in problem.persons)
    return f"{text}; {own} persons differ" if own else text


def setting_text(setting: RuleSetting | None) -> str:
    """Return a rule as used: hard or its price, with its number; ``off`` where it is not."""
    if setting is None:
        return "off"
    price = "hard" if setting.price is None else f"price {show_number(setting.price)}"
    if setting.value is None:
        return price
    if isinstance(setting.value, int | float):
        return f"{show_number(setting.value)}, {price}"
    each = ", ".join(f"{name} {show_number(most)}" for name, most in setting.value.items())
    return f"{each}, {price}"
