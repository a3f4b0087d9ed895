"""Rosters: which person works which shift on which day.

``plan_roster`` finds the cheapest roster that keeps all hard rules, ``judge_roster`` says what one
that is already there breaks; both return a :class:`Roster`. ``RULES`` lists the rules.
"""

from sim.planning.roster.problem import RosterProblem
from sim.planning.roster.roster_file import parse_roster, read_roster
from sim.planning.roster.roster_result import Roster
from sim.planning.roster.rostering import judge_roster, plan_roster
from sim.planning.roster.rule_registry import RULES

__all__ = [
    "RULES",
    "Roster",
    "RosterProblem",
    "judge_roster",
    "parse_roster",
    "plan_roster",
    "read_roster",
]
