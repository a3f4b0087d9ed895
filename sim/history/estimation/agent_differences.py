"""How agents differ in speed and resolution, beyond sampling error."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile
from sim.history.estimation.queue_factors import queue_factors
from sim.history.estimation.random_effects import (
    GroupSpread,
    group_spread,
    shrunk_ends,
    weighted_spread,
)

HALF_LIFE = 30.0
"""Days after which a call counts half as much for its agent."""
WIDEST_CV = 1.0
"""Upper end of the confidence interval at most: two or three agents would allow any spread."""
_TURNS = 20


@dataclass(frozen=True)
class AgentDifferences:
    """Each agent's value, drawn towards the common one, and how much agents differ.

    Attributes
    ----------
    agent : ndarray of int, shape (agents,)
        Agents with calls.
    calls : ndarray of int, shape (agents,)
    value : ndarray, shape (agents,)
        Speed (1: talks as long as expected, 2: half as long) or share resolved.
    low, high : ndarray, shape (agents,)
        95 % confidence interval.
    observed : ndarray, shape (agents,)
        The same before it was drawn towards the common one.
    spread : DayEstimate
        Coefficient of variation between agents beyond sampling error; for shares their standard
        deviation. ``records`` are the agents.
    common : float
        The common value.
    spread_on_duty : float
        Coefficient of variation of speeds within groups beyond sampling error, with each agent as
        often as contacts are taken: agents with few contacts may differ most, and hardly count.
        NaN unknown.
    queue_factor : ndarray, shape (queues,)
        What talk of queues is multiplied by if agents of usual speed serve all of them.
    part : ndarray of int, shape (agents,)
        Agents of different parts are not compared: no agents connect their queues.
    group_speed : ndarray, shape (groups,)
        Speed of the groups of agents, over their contacts; 1 over all that are compared.
    talk_of_queues : ndarray, shape (queues,)
        What the mean talk of queues is multiplied by, so that it stays what it is with agents of
        these speeds.
    """

    agent: Ints
    calls: Ints
    value: Floats
    low: Floats
    high: Floats
    observed: Floats
    spread: DayEstimate
    common: float
    spread_on_duty: float = float("nan")
    queue_factor: Floats = field(default_factory=lambda: np.empty(0))
    part: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    group_speed: Floats = field(default_factory=lambda: np.empty(0))
    talk_of_queues: Floats = field(default_factory=lambda: np.empty(0))

    def queue_factor_of(self, queue: Ints) -> Floats:
        """Return the factor of each contact by its queue, 1 where there is none."""
        found = np.ones(max(int(queue.max(initial=-1)) + 1, self.queue_factor.size))
        found[: self.queue_factor.size] = self.queue_factor
        return np.asarray(found[queue])

    def speed_of(self, agent: Ints, agents: int) -> Floats:
        """Return the speed of the agent of each contact, 1 where it is not known (from -1)."""
        found = np.ones(agents + 1)
        known = np.isfinite(self.value) & (self.value > 0)
        found[self.agent[known]] = self.value[known]
        return np.asarray(found[agent])

    def group_factor_of(self, queue: Ints, group: Ints) -> Floats:
        """Return the factor on mean talk of each contact if agents are as fast as their group.

        It is 1 on average over the contacts of a queue, and where the group is not known (-1).
        """
        factor = np.ones(max(int(queue.max(initial=-1)) + 1, self.talk_of_queues.size))
        factor[: self.talk_of_queues.size] = self.talk_of_queues
        speed = np.ones(max(int(group.max(initial=-1)) + 1, self.group_speed.size) + 1)
        speed[: self.group_speed.size] = self.group_speed
        return np.where(group >= 0, factor[queue] / speed[group], 1.0)


def agent_speeds(
    agent: Ints, day: Ints, talk: Floats, expected: Floats, half_life: float = HALF_LIFE,
    queue: Ints | None = None, group: Ints | None = None,
) -> AgentDifferences:  # fmt: skip
    """Return the speed of each agent.

    Parameters
    ----------
    agent : ndarray of int, shape (answered,)
        Below 0: unknown, left out.
    day : ndarray of int, shape (answered,)
    talk : ndarray, shape (answered,)
        Seconds.
    expected : ndarray, shape (answered,)
        Mean talk (s) of calls like it: of its queue and hour.
    half_life : float
        Days; infinite: all calls count the same.
    queue : ndarray of int, shape (answered,), optional
        Where what is expected was measured queue by queue, with the agents that it has: agents are
        then compared within queues, and only with those whom such comparisons connect.
    group : ndarray of int, shape (all agents,), optional
        Group of each agent, -1 none; one group unless passed.

    Notes
    -----
    A random effect of the agent on the logarithm of talk against what is expected (Gans, Liu,
    Mandelbaum, Shen and Ye 2010, Service times in call centers: agent heterogeneity and learning).
    The sampling variance is pooled over agents and allows for calls of one day that
    resemble each other.
    """
    known = (agent >= 0) & np.isfinite(talk)
    known[known] = np.bincount(agent[known], talk[known])[agent[known]] > 0
    if not known.any():
        return _nothing()
    agent, day, talk, expected = agent[known], day[known], talk[known], expected[known]
    queue = np.zeros(agent.size, dtype=np.int64) if queue is None else queue[known]
    weight = _weight(day, half_life)
    found = queue_factors(np.unique(agent, return_inverse=True)[1], queue, talk, expected, weight)
    sums = _Sums.of(agent, day, talk, expected * found.factor[queue], half_life)
    logs, variance = np.log(sums.ratio), sums.relative_variance()
    shared = np.sqrt(sums.noise) * found.shared
    parts = _indicators(found.part)
    spread = group_spread(logs, variance, parts, shared)
    low, high = shrunk_ends(spread)
    cv, least, most = (_lognormal_cv(end) for end in (spread.spread, spread.low, spread.high))
    most = min(most, max(WIDEST_CV, cv))
    groups = np.zeros(sums.agent.size, dtype=np.int64) if group is None else group[sums.agent]
    within = _basis(np.hstack([parts, _indicators(groups)]))
    on_duty = weighted_spread(logs, variance, sums.calls.astype(float), within, shared)
    speed = _speeds_of_groups(groups, sums.calls, np.exp(spread.shrunk), parts)
    return AgentDifferences(
        sums.agent, sums.calls, np.exp(-spread.shrunk), np.exp(-high), np.exp(-low), np.exp(-logs),
        DayEstimate(cv, least, most, sums.agent.size, sums.days), float(np.exp(-spread.mean)),
        _lognormal_cv(on_duty), found.factor, found.part, speed,
        _talk_of_queues(queue, groups[np.searchsorted(sums.agent, agent)], speed),
    )  # fmt: skip


def _speeds_of_groups(group: Ints, calls: Ints, longer: Floats, parts: Floats) -> Floats:
    """Return the speed of groups of agents by how much longer than usual their contacts take."""
    usual = parts @ ((parts.T @ (calls * longer)) / (parts.T @ calls))
    own = group >= 0
    many = np.bincount(group[own], calls[own])
    taken = np.bincount(group[own], (calls * longer / usual)[own])
    return np.where(many > 0, many / np.where(many > 0, taken, 1.0), 1.0)


def _talk_of_queues(queue: Ints, group: Ints, speed: Floats) -> Floats:
    """Return by what talk of queues is multiplied for speeds of groups to keep its mean."""
    queues, own = int(queue.max()) + 1, group >= 0
    taken = np.bincount(queue[own], minlength=queues)
    longer = np.bincount(queue[own], 1 / speed[group[own]], queues)
    return np.where(taken > 0, taken / np.where(taken > 0, longer, 1.0), 1.0)


def _indicators(code: Ints) -> Floats:
    return np.asarray((code[:, None] == np.unique(code)).astype(float))


def _basis(columns: Floats) -> Floats:
    """Return independent columns with the same span."""
    left, size, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(left[:, size > 1e-9 * size[0]])


def _weight(day: Ints, half_life: float) -> Floats:
    return np.asarray(0.5 ** ((day.max(initial=0) - day) / half_life))


def expected_of_hours(talk: Floats, mean: Floats, agent: Ints, queue: Ints, hour: Ints) -> Floats:
    """Return the expected talk of contacts by hour, whoever works then.

    Talk is taken as a product of an agent's factor in a queue and of the queue's hour, fitted by
    turns until the sums of both are right (iterative proportional fitting, Deming and Stephan
    1940). Means by hour alone would take up how agents of different shifts differ.

    Parameters
    ----------
    talk, mean : ndarray, shape (answered,)
        Seconds, and the mean of the queue.
    agent, queue, hour : ndarray of int, shape (answered,)
        Agents from -1: unknown.
    """
    queues = int(queue.max(initial=0)) + 1
    agent_of, hour_of = (agent + 1) * queues + queue, hour * queues + queue
    by_hour = np.ones(int(hour_of.max(initial=0)) + 1)
    for _ in range(_TURNS):
        by_agent = _ratio(talk, mean * by_hour[hour_of], agent_of)
        by_hour = _ratio(talk, mean * by_agent[agent_of], hour_of)
    expected = mean * by_hour[hour_of]
    # The mean of each queue stays as it was.
    return np.asarray(expected * _ratio(mean, expected, queue)[queue])


def _ratio(above: Floats, below: Floats, code: Ints) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.bincount(code, above) / np.bincount(code, below)
    return np.where(np.isfinite(found) & (found > 0), found, 1.0)


def agent_resolution(
    agent: Ints, day: Ints, resolved: Floats, half_life: float = HALF_LIFE,
    usual: Floats | None = None,
) -> AgentDifferences:  # fmt: skip
    """Return the share that each agent resolves.

    Parameters
    ----------
    agent, day, half_life
        As for :func:`agent_speeds`.
    resolved : ndarray, shape (answered,)
        1 resolved, 0 not, NaN unknown.
    usual : ndarray, shape (answered,), optional
        Share that is usually resolved where each contact came from, above zero: the values are
        then multiples of it, and the spread is a coefficient of variation.
    """
    known = (agent >= 0) & np.isfinite(resolved)
    below = np.ones(agent.size) if usual is None else usual
    sums = _Sums.of(agent[known], day[known], resolved[known], below[known], half_life)
    if sums.agent.size == 0:
        return _nothing()
    variance = np.maximum(sums.plain_variance(), 1e-9)
    found: GroupSpread = group_spread(sums.ratio, variance)
    low, high = shrunk_ends(found)
    top = 1.0 if usual is None else np.inf
    spread = DayEstimate(found.spread, found.low, found.high, sums.agent.size, sums.days)
    return AgentDifferences(
        sums.agent, sums.calls, np.clip(found.shrunk, 0, top), np.clip(low, 0, top),
        np.clip(high, 0, top), sums.ratio, spread, found.mean,
    )  # fmt: skip


def correlation_of_agents(speeds: AgentDifferences, resolution: AgentDifferences) -> DayEstimate:
    """Return the correlation of speed and resolution between agents, beyond sampling error.

    Errors of both count as independent, so that the covariance of what was observed is that of the
    agents; each agent counts by its contacts. The confidence interval is that of the jackknife
    (Efron 1982). ``records`` are the agents.
    """
    both, one, other = np.intersect1d(speeds.agent, resolution.agent, return_indices=True)
    if both.size < 3:
        return DayEstimate(np.nan)
    x, y = np.log(speeds.observed[one]), resolution.observed[other]
    weight = np.minimum(speeds.calls[one], resolution.calls[other]).astype(float)
    scale = float(np.sqrt(np.log1p(speeds.spread.value**2))) * resolution.spread.value
    if not scale > 0:
        return DayEstimate(np.nan)

    def covariance(kept: Bools) -> float:
        w = weight[kept] / weight[kept].sum()
        left = x[kept] - w @ x[kept]
        return float(w @ (left * (y[kept] - w @ y[kept])) / (1 - w @ w))

    every = np.ones(both.size, dtype=bool)
    value = covariance(every) / scale
    drawn = np.array([covariance(np.arange(both.size) != k) for k in range(both.size)]) / scale
    error = float(np.sqrt((both.size - 1) * np.var(drawn)))
    half = student_quantile(both.size - 1) * error
    return DayEstimate(value, value - half, value + half, both.size, speeds.spread.days)


@dataclass(frozen=True)
class _Sums:
    """Sums by agent, and what is left by agent and day."""

    agent: Ints
    calls: Ints
    top: Floats
    below: Floats
    squares: Floats
    clustered: Floats
    days: int

    @classmethod
    def of(cls, agent: Ints, day: Ints, top: Floats, below: Floats, half_life: float) -> _Sums:
        agents, who = np.unique(agent, return_inverse=True)
        n = agents.size
        weight = _weight(day, half_life)
        tops: Floats = np.bincount(who, weight * top, n).astype(float)
        belows: Floats = np.bincount(who, weight * below, n).astype(float)
        own: Floats = np.bincount(who, (weight * below) ** 2, n).astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            ratio = tops / belows
        left = weight * (top - ratio[who] * below)
        cell, place = np.unique(who * (day.max(initial=0) + 1) + day, return_inverse=True)
        of_cell = np.zeros(cell.size, dtype=np.int64)
        of_cell[place] = who
        days = np.bincount(of_cell, minlength=n)
        by_cell = np.bincount(place, left, cell.size).astype(float)
        clustered = np.bincount(of_cell, by_cell**2, n).astype(float)
        # An agent's own mean takes up part of what is left.
        clustered *= np.where(days > 1, days / np.maximum(days - 1, 1), 0.0)
        squares = np.where(days > 1, own, 0.0)
        return cls(
            agents, np.bincount(who, minlength=n), tops, belows,
            own,
            np.stack([clustered, squares]), int(np.unique(day).size),
        )  # fmt: skip

    @property
    def ratio(self) -> Floats:
        return self.top / self.below

    def relative_variance(self) -> Floats:
        """Return the variance of the logarithm of each ratio, pooled in relation to its square."""
        return np.asarray(self.noise * self.squares / self.below**2)

    @property
    def noise(self) -> float:
        """Squared coefficient of variation of a contact, pooled."""
        left, squares = self.clustered
        pooled = float(np.sum(left / self.ratio**2)) / max(float(squares.sum()), 1e-300)
        return max(pooled, 1e-12)

    def plain_variance(self) -> Floats:
        """Return the variance of each ratio, pooled."""
        left, squares = self.clustered
        pooled = float(left.sum()) / max(float(squares.sum()), 1e-300)
        return np.asarray(pooled * self.squares / self.below**2)


def _lognormal_cv(spread: float) -> float:
    return float(np.sqrt(np.expm1(spread**2)))


def _nothing() -> AgentDifferences:
    empty, none = np.empty(0), np.empty(0, dtype=np.int64)
    return AgentDifferences(none, none, empty, empty, empty, empty, DayEstimate(np.nan), np.nan)
