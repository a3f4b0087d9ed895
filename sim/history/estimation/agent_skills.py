"""Who takes what: skills of agents, and agents with the same skills."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints

_FEWEST = 2
_LEAST = 0.1
_LEAST_OF_HOURS = 1 / 3
_EXPECTED = 20.0
_HOURS = 24


@dataclass(frozen=True)
class AgentSkills:
    """What each agent was seen to serve.

    Attributes
    ----------
    calls : ndarray of int, shape (agents, queues)
    has : ndarray of bool, shape (agents, queues)
        Serves the queue: at least two calls, and a tenth of what the share of all agents makes
        expect, or a third of what that of the same hours does; transfers and slips do not reach it.
    unknown : ndarray of bool, shape (agents, queues)
        Too few calls of the agent to tell: fewer than twenty of the queue would have been expected.
    share : ndarray, shape (agents, queues)
        Share of the agent's calls.
    group : ndarray of int, shape (agents,)
        Agents with the same skills; -1 without calls. Agents about whom something is unknown
        join the largest group that agrees with what is known.
    group_skills : ndarray of bool, shape (groups, queues)
    """

    calls: Ints
    has: Bools
    unknown: Bools
    share: Floats
    group: Ints
    group_skills: Bools


def agent_skills(
    agent: Ints, queue: Ints, agents: int, queues: int, hour: Ints | None = None
) -> AgentSkills:
    """Return the skills of agents from the calls that they took.

    Parameters
    ----------
    agent, queue : ndarray of int, shape (answered,)
        Agents below 0 are left out.
    agents, queues : int
    hour : ndarray of int, shape (answered,), optional
        Of the day, 0 to 23.

    Notes
    -----
    With n calls and a queue that makes up a share q of all, an agent with the skill misses it
    with probability (1 - q)^n: practically never when twenty calls would be expected. The bound is
    wide because who works at night meets other queues than who works by day; it is narrower where
    hours are known. Between the bounds are agents who help out, or had a skill for a part of the
    days: simulated as if they had it all the time, they would take far too many of these contacts.
    """
    known = agent >= 0
    cells = np.bincount(agent[known] * queues + queue[known], minlength=agents * queues)
    calls = cells.reshape(agents, queues)
    total = calls.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = np.where(total > 0, calls / total, 0.0)
    if hour is None:
        least, expected = _LEAST, total * (calls.sum(axis=0) / max(int(calls.sum()), 1))[None, :]
    else:
        least = _LEAST_OF_HOURS
        expected = _expected_of_hours(agent[known], queue[known], hour[known], calls.shape)
    has = (calls >= _FEWEST) & (calls >= least * expected)
    unknown = ~has & (expected < _EXPECTED)
    group, skills = _groups(has, unknown, total[:, 0])
    return AgentSkills(calls, has, unknown, share, group, skills)


def _expected_of_hours(agent: Ints, queue: Ints, hour: Ints, shape: tuple[int, ...]) -> Floats:
    """Return the calls that agents would have taken as the others of the same hours did."""
    agents, queues = shape
    by_hour = np.bincount(hour * queues + queue, minlength=_HOURS * queues).reshape(-1, queues)
    share = by_hour / np.maximum(by_hour.sum(axis=1, keepdims=True), 1)
    hours = np.bincount(agent * _HOURS + hour, minlength=agents * _HOURS).reshape(agents, _HOURS)
    return np.asarray(hours @ share)


def _groups(has: Bools, unknown: Bools, total: Ints) -> tuple[Ints, Bools]:
    sure = (total > 0) & ~unknown.any(axis=1)
    candidates, place = np.unique(has[sure], axis=0, return_inverse=True)
    weight = np.bincount(place.ravel(), total[sure], candidates.shape[0])
    order = np.argsort(-weight, kind="stable")
    skills = [candidates[k] for k in order]
    group = np.full(has.shape[0], -1)
    for agent in np.flatnonzero(total > 0):
        fits = (
            k for k, one in enumerate(skills)
            if np.all((one == has[agent]) | unknown[agent])
        )  # fmt: skip
        found = next(fits, None)
        if found is None:
            skills.append(has[agent])
            found = len(skills) - 1
        group[agent] = found
    return group, np.array(skills, dtype=bool).reshape(len(skills), has.shape[1])


def able_of(agent: Ints, queue: Ints, asked: Ints, hour: Ints | None = None) -> Bools:
    """Return which queues each agent serves; shape (agents, queues).

    Parameters
    ----------
    agent, queue : ndarray of int, shape (answered,)
        Agents of 0 and above; at least one contact.
    asked : ndarray of int, shape (contacts,)
        Queues of all contacts.
    hour : ndarray of int, shape (answered,), optional
        Hour of the day.
    """
    queues = int(max(queue.max(), asked.max(initial=0))) + 1
    found = agent_skills(agent, queue, int(agent.max()) + 1, queues, hour)
    return np.asarray(found.group_skills[found.group] & (found.group >= 0)[:, None])
