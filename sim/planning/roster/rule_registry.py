"""The rules by name: what each says, its number, and how much it may be broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sim.planning.roster import person_rules, team_rules
from sim.planning.roster.constraints import PersonConstraints, RuleInUse, TeamConstraints
from sim.planning.roster.problem import RuleSetting

PersonRule = Callable[[PersonConstraints, RuleInUse], None]
TeamRule = Callable[[TeamConstraints, RuleInUse], None]


@dataclass(frozen=True, slots=True)
class RosterRule:
    """A rule of a roster.

    Attributes
    ----------
    name : str
    kind : {"hours", "days", "weekends", "shifts", "by shift", "none"}
        What its number counts; "by shift" has one for each type of shift, "none" has no number.
    unit : str
        What is counted when it is broken, in the plural.
    function : callable
        Adds it to the model, for a person or for the team.
    relaxed : float
        How dear it is to break when hard rules clash, relative to the others: the cheapest give
        first.
    default : RuleSetting or None
        In force unless the file says otherwise; None when it is not.
    team : bool
    """

    name: str
    kind: str
    unit: str
    function: PersonRule | TeamRule
    relaxed: float
    default: RuleSetting | None = None
    team: bool = False

    @property
    def sentence(self) -> str:
        """What it says."""
        return (self.function.__doc__ or "").partition("\n")[0]


HARD = RuleSetting()

_RULES = (
    RosterRule("leave", "none", "shifts", person_rules.leave, 20, HARD),
    RosterRule("availability", "none", "shifts", person_rules.availability, 10, HARD),
    RosterRule("pinned", "none", "shifts", person_rules.pinned, 10, HARD),
    RosterRule("max_hours", "hours", "hours", person_rules.max_hours, 1),
    RosterRule("min_hours", "hours", "hours", person_rules.min_hours, 1),
    RosterRule("max_hours_a_week", "hours", "hours", person_rules.max_hours_a_week, 1),
    RosterRule("min_hours_a_week", "hours", "hours", person_rules.min_hours_a_week, 1),
    RosterRule("max_consecutive_days", "days", "days", person_rules.max_consecutive_days, 6),
    RosterRule("min_consecutive_days", "days", "days", person_rules.min_consecutive_days, 4),
    RosterRule(
        "min_consecutive_days_off", "days", "days", person_rules.min_consecutive_days_off, 4
    ),
    RosterRule("max_weekends", "weekends", "weekends", person_rules.max_weekends, 5),
    RosterRule("max_shifts", "by shift", "shifts", person_rules.max_shifts, 5),
    RosterRule(
        "forbidden_successions", "none", "times", person_rules.forbidden_successions, 8, HARD
    ),
    RosterRule("min_rest", "hours", "times", person_rules.min_rest, 8),
    RosterRule("wishes_on", "none", "wishes", person_rules.wishes_on, 2, RuleSetting(price=1.0)),
    RosterRule("wishes_off", "none", "wishes", person_rules.wishes_off, 2, RuleSetting(price=1.0)),
    RosterRule(
        "cover_under", "none", "agents", team_rules.cover_under, 3, RuleSetting(price=100.0), True
    ),
    RosterRule(
        "cover_over", "none", "agents", team_rules.cover_over, 3, RuleSetting(price=1.0), True
    ),
    RosterRule("fair_nights", "shifts", "night shifts", team_rules.fair_nights, 2, None, True),
    RosterRule("fair_weekends", "weekends", "weekends", team_rules.fair_weekends, 2, None, True),
)

RULES: dict[str, RosterRule] = {rule.name: rule for rule in _RULES}
"""Every rule by its name, in the order in which they are shown."""


def default_rules() -> dict[str, RuleSetting]:
    """Return the rules that are in force unless a file says otherwise."""
    return {name: rule.default for name, rule in RULES.items() if rule.default is not None}
