"""Rules as a file writes them: ``5``, ``"11h"``, ``{ most = 5, price = 10 }``, ``false``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from sim.messages import show_value
from sim.planning.roster.problem import RuleSetting
from sim.planning.roster.rule_registry import RULES, RosterRule
from sim.scenario.problems import listed, nearest
from sim.units import HOUR, BadInputError, duration, money

LARGEST = 10_000
_KEYS = ("value", "price")
_FORMS = {
    "hours": 'hours such as 40 or "40h"',
    "days": "a whole number of days",
    "weekends": "a whole number of weekends",
    "shifts": "a whole number of shifts",
    "by shift": "a whole number for each shift, such as { night = 4 }",
    "none": "true, or { price = … }",
}


def read_rules(
    written: Mapping[str, Any], shifts: frozenset[str], team: bool
) -> dict[str, RuleSetting | None]:
    """Return rules by name; None for those that are removed.

    Parameters
    ----------
    written : mapping
    shifts : frozenset of str
        Names of the shifts, for rules with a number for each.
    team : bool
        Whether rules about the team may stand here, as they may not for a person.

    Raises
    ------
    RuleError
        When there is no such rule, or its value is not allowed.
    """
    found: dict[str, RuleSetting | None] = {}
    for name, value in written.items():
        rule = RULES.get(name)
        if rule is None or (rule.team and not team):
            known = [one.name for one in RULES.values() if team or not one.team]
            hint = nearest(name, known)
            meant = f"; did you mean {hint}?" if hint else ""
            raise RuleError(name, f"unknown rule; known here: {listed(known)}{meant}")
        try:
            found[name] = _setting(rule, value, shifts)
        except BadInputError as error:
            raise RuleError(name, str(error)) from None
    return found


class RuleError(BadInputError):
    """A rule that cannot be read, with its name."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule = rule
        super().__init__(message)


def _setting(rule: RosterRule, value: Any, shifts: frozenset[str]) -> RuleSetting | None:
    if value is False:
        return None
    price = None if rule.default is None else rule.default.price
    if isinstance(value, Mapping) and set(value) & set(_KEYS):
        unknown = [key for key in value if key not in _KEYS]
        if unknown:
            raise BadInputError(f"unknown key {show_value(unknown[0])}; allowed: value, price")
        if "price" in value:
            price = None if value["price"] == "hard" else money(value["price"])
        value = value.get("value", True)
    elif value == "hard":
        price, value = None, True
    if rule.kind == "none":
        if value is not True:
            raise BadInputError(f"{show_value(value)} is not allowed; allowed: {_FORMS['none']}")
        return RuleSetting(None, price)
    return RuleSetting(_value(rule, value, shifts), price)


def _value(rule: RosterRule, value: Any, shifts: frozenset[str]) -> float | dict[str, float]:
    if rule.kind == "hours":
        hours = duration(value) / HOUR if isinstance(value, str) else value
        return _number(hours, rule.kind, whole=False)
    if rule.kind != "by shift":
        return _number(value, rule.kind, least=1 if rule.name == "max_consecutive_days" else 0)
    if not isinstance(value, Mapping):
        raise BadInputError(f"{show_value(value)} is not allowed; allowed: {_FORMS[rule.kind]}")
    for name in value:
        if name not in shifts:
            known = listed(shifts)
            raise BadInputError(f"{show_value(name)} is not a shift; allowed: {known}")
    return {name: _number(number, rule.kind) for name, number in value.items()}


def _number(value: Any, kind: str, whole: bool = True, least: int = 0) -> float:
    good = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if not good or not least <= value <= LARGEST or (whole and value != int(value)):
        bounds = f"from {least} to {LARGEST:,}"
        raise BadInputError(
            f"{show_value(value)} is not allowed; allowed: {_FORMS[kind]}, {bounds}"
        )
    return float(value)
