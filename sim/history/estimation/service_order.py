"""Who overtakes whom: the order in which waiting contacts are served."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate, wilson_interval
from sim.history.estimation.likelihood import LikelihoodFit, fit_likelihood, grouped

NEIGHBORS = 15
"""Contacts after each that are compared with it."""
_FEWEST = 50
_BINS = 400
_MOST_CELLS = 20_000
_CLEARLY = 4.0
_STRICT = 0.9
_MOST_LEVELS = 10
_PULL = 1e-9


@dataclass(frozen=True)
class Overtaking:
    """How often contacts of one priority that came later were served before another's.

    Attributes
    ----------
    later, earlier : float
        Priorities of the contact that came later, and of the one that came earlier.
    pairs : int
        Pairs of which both waited when the first of them was served.
    share, low, high : float
        Share in which the later one was served first, with its 95 % confidence interval.
    """

    later: float
    earlier: float
    pairs: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class ServiceOrder:
    """The rule by which waiting contacts are served.

    Attributes
    ----------
    rule : str
        ``"first come"``: priorities make no difference; ``"head start"``: their waits count as
        longer by some seconds; ``"strict"``: they go first, nine times of ten or more;
        ``"weight"``: their waits count as many times as long.
    priorities : ndarray, shape (levels,)
        Ascending.
    head_start : tuple of DayEstimate
        Seconds by which the waits of each priority count as longer than those of the first.
    weight : tuple of DayEstimate
        How many times as long the waits of each priority count as those of the first.
    log_likelihood : dict of str to float
        By rule, of the same pairs.
    overtaking : tuple of Overtaking
    """

    rule: str
    priorities: Floats
    head_start: tuple[DayEstimate, ...]
    weight: tuple[DayEstimate, ...]
    log_likelihood: dict[str, float]
    overtaking: tuple[Overtaking, ...]


@dataclass(frozen=True)
class OrderPairs:
    """Pairs of contacts that both waited when the first of them was served.

    Attributes
    ----------
    earlier, later : ndarray of int, shape (pairs,)
        Positions of the contacts, by when they came.
    apart : ndarray, shape (pairs,)
        Seconds between their arrivals.
    waited : ndarray, shape (pairs,)
        Wait (s) of the later one until then.
    overtaken : ndarray of bool, shape (pairs,)
        Whether the later one was served first.
    """

    earlier: Ints
    later: Ints
    apart: Floats
    waited: Floats
    overtaken: Bools


def order_pairs(
    offered: Floats, wait: Floats, answered: Bools, neighbors: int = NEIGHBORS,
    queue: Ints | None = None, agent: Ints | None = None, skills: Bools | None = None,
) -> OrderPairs:  # fmt: skip
    """Return pairs of contacts of which the agent took one while the other waited.

    Parameters
    ----------
    offered : ndarray, shape (contacts,)
        Seconds since the start of the first day.
    wait : ndarray, shape (contacts,)
        Seconds.
    answered : ndarray of bool, shape (contacts,)
    neighbors : int
        How many of the next contacts that waited each is compared with.
    queue, agent, skills : ndarray, optional
        Queue and agent of each contact and, shape (agents, queues), what agents serve: pairs count
        where the agent could have served the other contact as well.
    """
    rows = np.flatnonzero(wait > 0)
    rows = rows[np.argsort(offered[rows], kind="stable")]
    came, left = offered[rows], (offered + wait)[rows]
    start = np.where(answered[rows], left, np.inf)
    found: list[tuple[Ints, Ints, Floats, Bools]] = []
    for k in range(1, min(neighbors, rows.size - 1) + 1):
        one, other = slice(0, -k), slice(k, None)
        first = np.minimum(start[one], start[other])
        # Both waited: the later one had come, and neither had left by then.
        both = (came[other] < first) & (left[one] >= first) & (left[other] >= first)
        place = np.flatnonzero(both & (start[one] != start[other]) & np.isfinite(first))
        found.append((place, place + k, first[place], start[place + k] < start[place]))
    if not found:
        nothing = np.empty(0, dtype=np.int64)
        return OrderPairs(nothing, nothing, np.empty(0), np.empty(0), nothing.astype(bool))
    earlier, later, moment, overtaken = (
        np.concatenate(column) for column in zip(*found, strict=True)
    )
    if queue is not None and agent is not None and skills is not None:
        taken = np.where(overtaken, later, earlier)
        passed = np.where(overtaken, earlier, later)
        who = agent[rows[taken]]
        able = (who >= 0) & skills[who, queue[rows[passed]]]
        earlier, later, moment, overtaken = (
            column[able] for column in (earlier, later, moment, overtaken)
        )
    return OrderPairs(
        rows[earlier], rows[later], came[later] - came[earlier], moment - came[later], overtaken
    )


def service_order(
    pairs: OrderPairs, priority: Floats, bootstrap: DayBootstrap
) -> ServiceOrder | None:
    """Return the rule of service, None with fewer than fifty pairs of different priority.

    Parameters
    ----------
    pairs : OrderPairs
    priority : ndarray, shape (contacts,)
        NaN unknown: such contacts do not count.
    bootstrap : DayBootstrap
        Days of the contacts.

    Notes
    -----
    Logistic likelihoods of which one of a pair is served first (paired comparisons: Bradley and
    Terry 1952), with a noise that they estimate: under a head start h the later one goes first
    when ``h`` is more than the seconds between their arrivals; under a weight w when w times its
    wait is more than the wait of the other; under strict priority whatever their waits. The most
    likely rule is reported, and first come, first served unless another is clearly better.
    """
    known = np.isfinite(priority[pairs.earlier]) & np.isfinite(priority[pairs.later])
    both = np.concatenate((priority[pairs.earlier[known]], priority[pairs.later[known]]))
    levels, place = np.unique(both, return_inverse=True)
    earlier, later = np.split(place, 2)
    if np.count_nonzero(earlier != later) < _FEWEST or levels.size > _MOST_LEVELS:
        return None
    apart = pairs.apart[known]
    ratio = np.log1p(apart / np.maximum(pairs.waited[known], 1.0))
    data = _Pairs(earlier, later, pairs.overtaken[known], pairs.earlier[known], levels.size)
    fits = {
        "head start": _fit(data, apart, bootstrap),
        "weight": _fit(data, ratio, bootstrap),
        "strict": _fit(data, np.ones(apart.size), bootstrap),
    }
    likelihood = {name: fit.log_likelihood for name, fit in fits.items()}
    likelihood["first come"] = _fit(data, apart, bootstrap, alike=True).log_likelihood
    overtaking = _overtaking(data, levels)
    possible = [
        name for name in fits if name != "strict" or _always(overtaking, levels, fits["strict"])
    ]
    rule = max(possible, key=lambda name: likelihood[name])
    if likelihood[rule] - likelihood["first come"] < _CLEARLY:
        rule = "first come"
    return ServiceOrder(
        rule, levels, _ratios(fits["head start"], bootstrap, apart.size),
        tuple(map(_exponential, _ratios(fits["weight"], bootstrap, apart.size))), likelihood,
        overtaking,
    )  # fmt: skip


@dataclass(frozen=True)
class _Pairs:
    """Priority levels of the pairs, which one went first, and a contact that says the day."""

    earlier: Ints
    later: Ints
    overtaken: Bools
    row: Ints
    levels: int


def _fit(
    pairs: _Pairs, distance: Floats, bootstrap: DayBootstrap, alike: bool = False
) -> LikelihoodFit:
    """Fit logit P(later first) = advantage of the later - of the earlier - slope x distance.

    Parameters are the advantages of all levels but the first and the logarithm of the slope.
    """
    levels = pairs.levels
    value, place = grouped(distance, max(min(_BINS, _MOST_CELLS // (2 * levels**2)), 20))
    size = value.size
    kind = (pairs.earlier * levels + pairs.later) * 2 + pairs.overtaken
    kinds = 2 * levels * levels
    table = bootstrap.table(kind * size + place, kinds * size, pairs.row)
    number = np.repeat(np.arange(kinds), size)
    earlier, later = number // 2 // levels, number // 2 % levels
    sign, distances = np.where(number % 2 == 1, 1.0, -1.0), np.tile(value, kinds)

    def likelihood(p: Floats) -> Floats:
        advantage = np.zeros(levels) if alike else np.concatenate(([0.0], p[:-1]))
        logit = advantage[later] - advantage[earlier] - np.exp(p[-1]) * distances
        # The weak pull keeps what the pairs do not bound from running away.
        pull = _PULL * float(advantage @ advantage)
        return np.asarray(-np.logaddexp(0.0, -sign * logit) - pull)

    start = np.zeros(1 if alike else levels)
    start[-1] = -np.log(max(float(np.mean(distance)), 1e-9))
    return fit_likelihood(likelihood, start, table, bootstrap)


def _ratios(fit: LikelihoodFit, bootstrap: DayBootstrap, pairs: int) -> tuple[DayEstimate, ...]:
    """Return advantages in the unit of the distance."""
    value = fit.parameters[:-1] * np.exp(-fit.parameters[-1])
    drawn = fit.replicates[:, :-1] * np.exp(-fit.replicates[:, -1:])
    days = bootstrap.days.size
    first = DayEstimate(0.0, 0.0, 0.0, pairs, days)
    rest = (
        bootstrap.estimate(float(one), drawn[:, k], "plain", pairs) for k, one in enumerate(value)
    )
    return (first, *rest)


def _exponential(one: DayEstimate) -> DayEstimate:
    value, low, high = (float(np.exp(min(x, 700.0))) for x in (one.value, one.low, one.high))
    return DayEstimate(value, low, high, one.records, one.days)


def _always(overtaking: tuple[Overtaking, ...], levels: Floats, strict: LikelihoodFit) -> bool:
    """Return whether preferred priorities overtake nearly always, as a strict rule would have."""
    advantage = np.concatenate(([0.0], strict.parameters[:-1]))
    place = {float(level): k for k, level in enumerate(levels)}
    ahead = [
        one for one in overtaking if advantage[place[one.later]] > advantage[place[one.earlier]]
    ]
    pairs = sum(one.pairs for one in ahead)
    return pairs > 0 and sum(one.share * one.pairs for one in ahead) >= _STRICT * pairs


def _overtaking(pairs: _Pairs, levels: Floats) -> tuple[Overtaking, ...]:
    kind = pairs.later * levels.size + pairs.earlier
    number = np.bincount(kind, minlength=levels.size**2)
    hits = np.bincount(kind, pairs.overtaken, levels.size**2)
    return tuple(
        Overtaking(
            float(levels[k // levels.size]), float(levels[k % levels.size]), int(number[k]),
            float(hits[k] / number[k]), *wilson_interval(float(hits[k]), float(number[k])),
        )
        for k in np.flatnonzero(number)
    )  # fmt: skip
