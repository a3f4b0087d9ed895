"""Groups of agents by the queues that they serve."""

from __future__ import annotations

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.center_estimates import (
    INTERVAL_MINUTES,
    GroupEstimates,
)
from sim.history.calibration.log_parts import present_of
from sim.history.call_log import CallLog
from sim.history.estimation.agent_skills import agent_skills
from sim.history.estimation.presences import (
    AgentPresences,
)

SMALL_GROUP = 0.05
"""Groups with a smaller share of the answered contacts join the one most like them."""
HARDLY_DIFFERENT = 0.2
"""Share of the contacts in queues that only one of two groups serves."""


def estimate_groups(
    log: CallLog, calls: Ints, present: AgentPresences
) -> tuple[GroupEstimates, ...]:
    """Return the groups of the agents of a log.

    Parameters
    ----------
    log : CallLog
    calls : int64
        Answered contacts whose agent is known.
    present : AgentPresences
    """
    found = agent_skills(log.agent[calls], log.queue[calls], len(log.agents), len(log.queues))
    total = found.calls.sum(axis=0)
    group, skills = _large_groups(
        found.group, found.group_skills, found.calls.sum(axis=1), total / max(int(total.sum()), 1)
    )
    names = _group_names(skills)
    return tuple(
        GroupEstimates(
            names[at], np.flatnonzero(group == at), skills[at],
            present_of(present, np.flatnonzero(group == at), log.days, INTERVAL_MINUTES),
        )
        for at in range(len(skills))
    )  # fmt: skip


def _large_groups(group: Ints, skills: Bools, calls: Ints, share: Floats) -> tuple[Ints, Bools]:
    """Let groups that hardly differ, and small ones, join a larger one.

    Groups hardly differ where the queues that only one of them serves are a small share of the
    contacts. The skills of joined groups are those that most of their contacts came from.

    Parameters
    ----------
    group : int64, shape (agents,)
    skills : bool, shape (groups, queues)
    calls : int64, shape (agents,)
    share : ndarray, shape (queues,)
        Of the answered contacts.
    """
    weight = np.bincount(group[group >= 0], calls[group >= 0], len(skills))
    kept: list[int] = []
    places = np.full(len(skills), -1)
    for one in np.argsort(-weight, kind="stable").tolist():
        apart = [float(share[skills[one] != skills[other]].sum()) for other in kept]
        near = int(np.argmin(apart)) if kept else -1
        small = weight[one] < SMALL_GROUP * weight.sum()
        if kept and (small or apart[near] < HARDLY_DIFFERENT):
            places[one] = near
        else:
            places[one] = len(kept)
            kept.append(one)
    joined = np.where(group >= 0, places[group], -1)
    votes = np.zeros((len(kept), skills.shape[1]))
    np.add.at(votes, places, weight[:, None] * skills)
    total = np.bincount(places, weight, len(kept))
    found = votes > 0.5 * total[:, None]
    found[0] |= ~found.any(axis=0)
    return joined, found


def _group_names(skills: Bools) -> list[str]:
    return ["team" if len(skills) == 1 else f"team {at + 1}" for at in range(len(skills))]


def skills_of_agents(log: CallLog, groups: tuple[GroupEstimates, ...]) -> Bools:
    """Return which queues each agent serves; shape (agents, queues)."""
    skills = np.zeros((len(log.agents), len(log.queues)), dtype=bool)
    for one in groups:
        skills[one.agents] = one.skills
    return skills
