"""A broken rule as a sentence."""

from __future__ import annotations

from sim.planning.roster.mixed_integer_model import SHARED
from sim.planning.roster.problem import RosterProblem
from sim.planning.roster.roster_model import Violation
from sim.planning.roster.rule_registry import RULES
from sim.units import show_number

_WORDS = {
    "leave": "{who} works {shift} during leave {when}",
    "availability": "{who} works {shift} {when} although not available",
    "pinned": "{who} does not have {shift} {when} as pinned",
    "max_hours": "{who} has {amount} too many",
    "min_hours": "{who} has {amount} too few",
    "max_hours_a_week": "{who} has {amount} too many in the week of {date}",
    "min_hours_a_week": "{who} has {amount} too few in the week of {date}",
    "max_consecutive_days": "{who} works too many days in a row up to {date}",
    "min_consecutive_days": "{who} works {amount} in a row too few from {date}",
    "min_consecutive_days_off": "{who} has {amount} off in a row too few from {date}",
    "max_weekends": "{who} works {amount} too many",
    "max_shifts": "{who} has {amount} too many of {shift}",
    "forbidden_successions": "{who} works {shift} {when} after a shift that it may not follow",
    "min_rest": "{who} has too short a rest before {shift} {when}",
    "wishes_on": "{who} does not work {shift} {when} as wished",
    "wishes_off": "{who} works {shift} {when} against a wish",
    "cover_under": "{shift} {when} has {amount} too few",
    "cover_over": "{shift} {when} has {amount} too many",
    "fair_nights": "the numbers of nights differ by {amount} more than allowed",
    "fair_weekends": "the numbers of weekends differ by {amount} more than allowed",
}


def violation_sentence(problem: RosterProblem, one: Violation) -> str:
    """Return a violation in words.

    Parameters
    ----------
    problem : RosterProblem
    one : Violation
    """
    unit = RULES[one.rule].unit
    amount = show_number(round(one.amount, 2))
    date = "" if one.day == SHARED else problem.date(one.day).isoformat()
    return _WORDS[one.rule].format(
        who=one.person,
        shift=one.shift or ("the day off" if one.rule == "pinned" else "a shift"),
        amount=f"{amount} {unit[:-1] if amount == '1' else unit}",
        date=date,
        when=f"on {date}" if date else "",
    )
