"""Who overtakes whom: the order in which waiting contacts are served."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import (
    DayBootstrap,
    DayEstimate,
    student_quantile,
    wilson_interval,
)
from sim.history.estimation.likelihood import LikelihoodFit, fit_likelihood, grouped

NEIGHBORS = 15
"""Contacts after each that are compared with it."""
_FEWEST = 50
_BINS = 400
_MOST_CELLS = 20_000
_CLEARLY = 4.0
_STRICT = 0.9
_MOSTLY = 0.5
_MOST_LEVELS = 10
_PULL = 1e-9
_MOST_SCALE = 300.0
"""Logarithm of the largest unit of advantages."""


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
    tiers : ndarray of int, shape (levels,)
        Rank of each priority if the rule were strict: the higher goes first, those with the same
        rank mostly do not overtake each other.
    head_start : tuple of DayEstimate
        Seconds by which the waits of each priority count as longer than those of the first, or of
        the one whose waits count least.
    weight : tuple of DayEstimate
        How many times as long the waits of each priority count as those of the first.
    log_likelihood : dict of str to float
        By rule, of the same pairs.
    overtaking : tuple of Overtaking
    """

    rule: str
    priorities: Floats
    tiers: Ints
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

    def among(self, some: Bools) -> OrderPairs:
        """Return some of the pairs."""
        return OrderPairs(
            self.earlier[some], self.later[some], self.apart[some], self.waited[some],
            self.overtaken[some],
        )  # fmt: skip


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
    pairs: OrderPairs, priority: Floats, bootstrap: DayBootstrap, lowest: bool = False
) -> ServiceOrder | None:
    """Return the rule of service, None with fewer than fifty pairs of different priority.

    Parameters
    ----------
    pairs : OrderPairs
    priority : ndarray, shape (contacts,)
        NaN unknown: such contacts do not count.
    bootstrap : DayBootstrap
        Days of the contacts.
    lowest : bool
        Compare head starts and weights with the smallest, not with those of the first priority.

    Notes
    -----
    Logistic likelihoods of which one of a pair is served first (paired comparisons: Bradley and
    Terry 1952), with a noise that they estimate: under a head start h the later one goes first
    when ``h`` is more than the seconds between their arrivals; under a weight w when w times its
    wait is more than the wait of the other; under strict priority whatever their waits. A weight is
    reported where it explains the days better than a head start beyond their variation, and first
    come, first served unless another rule is clearly better.
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
    fitted = {
        "head start": _fit(data, apart, bootstrap),
        "weight": _fit(data, ratio, bootstrap),
        "strict": _fit(data, np.ones(apart.size), bootstrap),
    }
    fits = {name: fit for name, (fit, _) in fitted.items()}
    likelihood = {name: fit.log_likelihood for name, fit in fits.items()}
    likelihood["first come"] = _fit(data, apart, bootstrap, alike=True)[0].log_likelihood
    overtaking = _overtaking(data, levels)
    tiers = _tiers(overtaking, levels, fits["strict"])
    better = _clearly_better(fitted["weight"][1], fitted["head start"][1])
    rule = "weight" if better else "head start"
    if _always(overtaking, levels, tiers) and likelihood["strict"] > likelihood[rule] - _CLEARLY:
        rule = "strict"
    if likelihood[rule] - likelihood["first come"] < _CLEARLY:
        rule = "first come"
    return ServiceOrder(
        rule, levels, tiers, _ratios(fits["head start"], data, apart, bootstrap, lowest),
        tuple(map(_exponential, _ratios(fits["weight"], data, ratio, bootstrap, lowest))),
        likelihood, overtaking,
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
) -> tuple[LikelihoodFit, Floats]:
    """Fit logit P(later first) = advantage of the later - of the earlier - slope x distance.

    Parameters are the advantages of all levels but the first and the logarithm of the slope. The
    logarithm of the likelihood of each day is returned with the fit.
    """
    levels = pairs.levels
    value, place = grouped(distance, max(min(_BINS, _MOST_CELLS // (2 * levels**2)), 20))
    size = value.size
    kind = (pairs.earlier * levels + pairs.later) * 2 + pairs.overtaken
    kinds = 2 * levels * levels
    table = bootstrap.table(kind * size + place, kinds * size, pairs.row)
    # Cells without pairs count zero times, so that their likelihood does not matter.
    some = np.flatnonzero(table.any(axis=0))
    number, distances = some // size, value[some % size]
    earlier, later = number // 2 // levels, number // 2 % levels
    sign = np.where(number % 2 == 1, 1.0, -1.0)

    def likelihood(p: Floats) -> Floats:
        advantage = np.zeros(levels) if alike else np.concatenate(([0.0], p[:-1]))
        logit = advantage[later] - advantage[earlier] - np.exp(p[-1]) * distances
        # The weak pull keeps what the pairs do not bound from running away.
        pull = _PULL * float(advantage @ advantage)
        found = np.zeros(kinds * size)
        found[some] = -np.logaddexp(0.0, -sign * logit) - pull
        return found

    start = np.zeros(1 if alike else levels)
    start[-1] = -np.log(max(float(np.mean(distance)), 1e-9))
    fit = fit_likelihood(likelihood, start, table, bootstrap)
    return fit, table @ likelihood(fit.parameters)


def _clearly_better(one: Floats, other: Floats) -> bool:
    """Return whether one rule explains the days better than another, beyond their variation.

    The test of Vuong (1989, Econometrica 57, 307-333) for models that are not nested, by days.
    """
    difference = one - other
    error = float(difference.std(ddof=1)) * np.sqrt(difference.size) if one.size > 1 else np.inf
    return bool(difference.sum() > _CLEARLY and difference.sum() > student_quantile(10**6) * error)


def _ratios(
    fit: LikelihoodFit, pairs: _Pairs, distance: Floats, bootstrap: DayBootstrap, lowest: bool
) -> tuple[DayEstimate, ...]:
    """Return advantages in the unit of the distance, over those of the first or the lowest."""
    value = np.concatenate(([0.0], fit.parameters[:-1])) * _scale(fit.parameters[-1])
    drawn = fit.replicates[:, :-1] * _scale(fit.replicates[:, -1:])
    drawn = np.concatenate([np.zeros((drawn.shape[0], 1)), drawn], axis=1)
    base = int(np.argmin(value)) if lowest else 0
    value, drawn = value - value[base], drawn - drawn[:, [base]]
    number, days = distance.size, bootstrap.days.size
    found = [DayEstimate(0.0, 0.0, 0.0, number, days)] * value.size
    for k in range(value.size):
        if k != base and (ends := _between(pairs, distance, k, base)) is not None:
            found[k] = DayEstimate(float(np.clip(value[k], *ends)), *ends, number, days)
        elif k != base:
            found[k] = bootstrap.estimate(float(value[k]), drawn[:, k], "plain", number)
    return tuple(found)


def _scale(logarithm: Floats) -> Floats:
    """Return the unit of advantages; finite also where no pair depends on the distance."""
    return np.asarray(np.exp(np.minimum(-logarithm, _MOST_SCALE)))


def _between(pairs: _Pairs, distance: Floats, k: int, base: int) -> tuple[float, float] | None:
    """Return between which ends an advantage explains all pairs; None where none does.

    A rule without exceptions has no likelihood to make an interval of, but exact bounds.
    """
    ahead = (pairs.later == k) & (pairs.earlier == base)
    overtaken, kept = distance[ahead & pairs.overtaken], distance[ahead & ~pairs.overtaken]
    if not overtaken.size or not kept.size or overtaken.max() > kept.min():
        return None
    return float(overtaken.max()), float(kept.min())


def _exponential(one: DayEstimate) -> DayEstimate:
    value, low, high = (float(np.exp(min(x, 700.0))) for x in (one.value, one.low, one.high))
    return DayEstimate(value, low, high, one.records, one.days)


def _tiers(overtaking: tuple[Overtaking, ...], levels: Floats, strict: LikelihoodFit) -> Ints:
    """Return ranks of levels: neighbors are apart where the preferred one mostly overtakes."""
    advantage = np.concatenate(([0.0], strict.parameters[:-1]))
    shares = {(one.later, one.earlier): one.share for one in overtaking}
    found = np.zeros(levels.size, dtype=np.int64)
    order = np.argsort(advantage, kind="stable")
    for behind, ahead in zip(order[:-1], order[1:], strict=True):
        share = shares.get((float(levels[ahead]), float(levels[behind])), 0.0)
        found[ahead] = found[behind] + (share > _MOSTLY)
    return found


def _always(overtaking: tuple[Overtaking, ...], levels: Floats, tiers: Ints) -> bool:
    """Return whether higher ranks overtake nearly always, as a strict rule would have."""
    rank = dict(zip(levels.tolist(), tiers.tolist(), strict=True))
    ahead = [one for one in overtaking if rank[one.later] > rank[one.earlier]]
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
