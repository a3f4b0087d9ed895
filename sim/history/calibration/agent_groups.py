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
from sim.history.estimation.presences import AgentPresences
from sim.units import DAY, HOUR

WRONG_SKILLS = 0.01
"""Share of contacts and agents that groups together may take for served when they are not, or not
served when they are."""
MOST_GROUPS = 12


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
    found = agent_skills(
        log.agent[calls], log.queue[calls], len(log.agents), len(log.queues),
        hour_of(log.answer[calls]),
    )  # fmt: skip
    total = found.calls.sum(axis=0)
    group, skills = _few_groups(
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


def hour_of(moment: Floats) -> Ints:
    """Return the hour of the day of moments (s since the start of the first day)."""
    return np.minimum(moment % DAY // HOUR, 23).astype(np.int64)


def _few_groups(group: Ints, skills: Bools, calls: Ints, share: Floats) -> tuple[Ints, Bools]:
    """Let groups that hardly differ join, those first whose joining makes the least wrong.

    What is wrong is the share of agents, weighted by their contacts, times that of the contacts in
    queues that they serve and their group does not, or the other way round. The skills of joined
    groups are those that most of their contacts came from.

    Parameters
    ----------
    group : int64, shape (agents,)
    skills : bool, shape (groups, queues)
    calls : int64, shape (agents,)
    share : ndarray, shape (queues,)
        Of the answered contacts.
    """
    known = group >= 0
    size: Floats = np.bincount(group[known], calls[known], len(skills)).astype(np.float64)
    size /= max(float(size.sum()), 1.0)
    serving: Floats = size[:, None] * skills  # of the agents of each group, by queue
    place = np.arange(len(skills))
    kept = list(range(len(skills)))
    wrong = 0.0
    while len(kept) > 1:
        now = _wrong(serving[kept], size[kept], share)
        both = _wrong(
            serving[kept][:, None] + serving[kept], size[kept][:, None] + size[kept], share
        )
        more = both - now[:, None] - now
        more[np.tril_indices(len(kept))] = np.inf
        one, other = np.unravel_index(int(np.argmin(more)), more.shape)
        wrong += float(more[one, other])
        if wrong > WRONG_SKILLS and len(kept) <= MOST_GROUPS:
            break
        into, gone = kept[one], kept[other]
        serving[into] += serving[gone]
        size[into] += size[gone]
        place[place == gone] = into
        kept.remove(gone)
    kept.sort(key=lambda at: (-size[at], at))
    found = serving[kept] > 0.5 * size[kept][:, None]
    found[0] |= ~found.any(axis=0)
    number = np.full(len(skills) + 1, -1)
    number[kept] = np.arange(len(kept))
    return np.where(group >= 0, number[place[group]], -1), found


def _wrong(serving: Floats, size: Floats, share: Floats) -> Floats:
    """Return what is wrong if each group serves the queues that most of its agents serve."""
    return np.asarray(np.minimum(serving, size[..., None] - serving) @ share)


def _group_names(skills: Bools) -> list[str]:
    return ["team" if len(skills) == 1 else f"team {at + 1}" for at in range(len(skills))]


def skills_of_agents(log: CallLog, groups: tuple[GroupEstimates, ...]) -> Bools:
    """Return which queues each agent serves; shape (agents, queues)."""
    skills = np.zeros((len(log.agents), len(log.queues)), dtype=bool)
    for one in groups:
        skills[one.agents] = one.skills
    return skills
