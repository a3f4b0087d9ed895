"""A scenario as arrays: what the tape, the engines and the metrics read.

Here names have become indices. Queues and groups are numbered in the alphabetical order
of their names, so the order in which a file lists them changes nothing. Time is in
seconds since midnight of the first day. The arrays are filled by :func:`build`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.array_types import Bools, Floats, Ints
from sim.distributions import AT_ONCE, NEVER, TimeDistribution
from sim.model.bots import Bot, Context, TalkChange
from sim.model.center import Busyness, CommonTarget, Goal, Model, TalkVariation
from sim.model.conditions import Conditions
from sim.model.groups import Group, QuietBreaks, Shift, Skill
from sim.model.journeys import IssueKind, Journeys, Segment, Touchpoint
from sim.model.queues import (
    AtClose,
    Callback,
    Demand,
    Queue,
    Repeat,
    Resolution,
    Retry,
    Rule,
    Transfer,
)
from sim.model.satisfaction import Satisfaction
from sim.model.waiting import Announce, Silent

if TYPE_CHECKING:
    from sim.scenario import Scenario

__all__ = [
    "AT_ONCE",
    "Announce",
    "AtClose",
    "Bools",
    "Bot",
    "Busyness",
    "Callback",
    "Context",
    "CommonTarget",
    "Conditions",
    "TalkChange",
    "TalkVariation",
    "Demand",
    "Floats",
    "Goal",
    "Group",
    "Ints",
    "IssueKind",
    "Journeys",
    "Model",
    "NEVER",
    "Queue",
    "QuietBreaks",
    "Repeat",
    "Resolution",
    "Retry",
    "Rule",
    "Satisfaction",
    "Segment",
    "Shift",
    "Silent",
    "Skill",
    "TimeDistribution",
    "Touchpoint",
    "Transfer",
    "build",
]


def build(scenario: Scenario) -> Model:
    """Turn a scenario into arrays.

    Parameters
    ----------
    scenario : Scenario

    Returns
    -------
    Model

    Raises
    ------
    sim.scenario.ScenarioError
        When fields that are right one by one do not fit together.
    """
    from sim.model.build_model import build_model

    return build_model(scenario)
