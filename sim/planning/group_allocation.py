"""From queues to groups: who is to do the work of which queue, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.erlang import scheduled
from sim.model import Bools, Floats, Group, Model, Skill
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.scenario import Scenario

_SLACK = 1e-6  # of an agent: what is whole but for rounding stays whole


def skill_of(group: Group, queue: int) -> Skill | None:
    """Return what a group may do for a queue, or None."""
    return next((skill for skill in group.skills if skill.queue == queue), None)


def present(scenario: Scenario, group: Group) -> Bools:
    """Return the intervals in which people of a group could be there.

    Returns
    -------
    ndarray of bool, shape (intervals,)
        The group's own hours or the center's; for shifts also while an agent is in one.
    """
    fields, center = scenario.group[group.name], scenario.center
    rules = fields.open if fields.open is not None else center.open
    result = group.scheduled > 0
    result[center.grid.open_intervals(rules)] = True
    return np.asarray(result)


def shares(scenario: Scenario, model: Model, queue: int) -> dict[int, Floats]:
    """Return the part of a queue's requirement that each group has to meet.

    The groups of the lowest level that could be there share it: in proportion to their people
    in the scenario, or evenly where there are none. When none of them could be there, the
    next level follows.

    Returns
    -------
    dict of int to ndarray, shape (intervals,)
        By number of the group; the sum is 1 wherever anybody could be there.
    """
    levels: dict[int, list[int]] = {}
    for g, group in enumerate(model.groups):
        skill = skill_of(group, queue)
        if skill is not None:
            levels.setdefault(skill.level, []).append(g)
    result = {g: np.zeros(model.intervals) for members in levels.values() for g in members}
    free = np.ones(model.intervals, dtype=bool)
    for level in sorted(levels):
        members = levels[level]
        here = np.array([present(scenario, model.groups[g]) for g in members])
        people = np.array([model.groups[g].scheduled for g in members]) * here
        weight = np.where(people.sum(axis=0) > 0, people, here.astype(float))
        total = weight.sum(axis=0)
        chosen = free & (total > 0)
        for row, g in enumerate(members):
            result[g][chosen] = weight[row, chosen] / total[chosen]
        free &= ~chosen
    return result


def mean_gap(model: Model, queue: int, part: dict[int, Floats]) -> Floats:
    """Return how long (s) agents are not ready after a contact of a queue, on average.

    Parameters
    ----------
    model : Model
    queue : int
    part : dict of int to ndarray
        As of :func:`shares`.

    Returns
    -------
    ndarray, shape (intervals,)
        Without groups who may have several of its contacts: their gap follows the last of them.
    """
    found = np.zeros(model.intervals)
    for g, share in part.items():
        group, skill = model.groups[g], skill_of(model.groups[g], queue)
        if group.mean_gap > 0 and skill is not None and skill.at_once == 1:
            found += share * group.mean_gap
    return found


def whole(fractional: Floats) -> Floats:
    """Return agents rounded up; what is whole but for rounding stays."""
    return np.maximum(np.ceil(np.asarray(fractional) - _SLACK), 0.0)


def whole_agents(parts: Floats) -> Floats:
    """Return whole agents of groups that can stand in for one another.

    Their sum is rounded up once, and what is left beyond the whole agents of each goes to the
    largest remainders; of equal ones to the first, so that it is the same group in every interval.

    Parameters
    ----------
    parts : ndarray, shape (groups, intervals)
        Requirement of each group before rounding.

    Returns
    -------
    ndarray, shape (groups, intervals)
    """
    base = np.floor(parts + _SLACK)
    left = np.where(parts > 0, np.round(parts - base, 6), -1.0)
    rank = np.argsort(np.argsort(-left, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(base + (rank < whole(parts.sum(axis=0)) - base.sum(axis=0)))


def grossed_up(net: Floats, name: str, lost: float) -> Floats:
    """Return people to schedule so that enough are there: ceil(net / (1 - lost)).

    Parameters
    ----------
    net : ndarray
        Agents needed.
    name : str
        Of the group, for messages.
    lost : float
        Shrinkage and absence together, a share of the scheduled.

    Raises
    ------
    BadInputError
        When no agents would be left.
    """
    if lost >= 1:
        raise BadInputError(
            f"group.{name}: shrinkage and absence of {lost:.0%} together leave no agents; "
            "allowed: below 100%"
        )
    return np.asarray(scheduled(net, lost), dtype=float)


def on_duty(model: Model, group: Group) -> Floats:
    """Return the agents that the scenario's own staffing gives on average.

    Returns
    -------
    ndarray, shape (intervals,)
        Net of planned shrinkage, of the expected absence, and of breaks.
    """
    if group.headcount is not None:
        return np.asarray(group.headcount * (1 - group.absent))
    found = np.zeros(model.intervals)
    for shift in group.shifts:
        found += inside(model, shift.start, shift.end)
        for start, length in shift.breaks:
            found -= inside(model, start, start + length)
    return np.asarray(found * (1 - group.absent))


def inside(model: Model, start: float, end: float) -> Floats:
    """Return the share of each interval that lies between two instants (s)."""
    edges = np.arange(model.intervals) * model.interval_s
    covered = np.minimum(edges + model.interval_s, end) - np.maximum(edges, start)
    return np.asarray(np.clip(covered, 0.0, None) / model.interval_s)
