"""Whether agents who are present and free take a call at once when the queue is empty."""

from __future__ import annotations

from dataclasses import dataclass
from math import gcd

import numpy as np
from scipy.special import expit

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.break_likelihood import BreakLikelihood
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate, wilson_interval
from sim.history.estimation.free_agents import FreeAgents
from sim.history.estimation.gap_curve import GapCurve
from sim.history.estimation.likelihood import (
    Likelihood,
    replicates_at,
    rough_maximum,
)
from sim.history.estimation.method_error import QUIET_LENGTH, QUIET_SHARE
from sim.units import HOUR

MOST_FREE = 12
MOST_PAIRS = 100_000
"""Of more pairs of contacts and free agents, those of some hours are used, evenly over the log.

So many are 6,000 to 20,000 contacts that met free agents, and about 2 s of search."""
LENGTHS = 10.0, 1800.0
"""Mean lengths of breaks (s) that are looked for: longer ones end a presence."""
_INSIDE = 1.01
_WEEK_HOURS = 168
_FEWEST = 20
_NONE_UNSEEN = 1e-3
_NEAR = 1e-3
_FEWEST_BREAKS = 0.005
"""Smaller shares are none: scenarios do not have them, and their length says nothing."""
_UNSURE = 5.99
"""95 % quantile of chi-squared with two degrees of freedom, for share and length: of twice the
logarithm of how much likelier breaks make the log."""
_USUAL = 3.84
"""The same for a share alone."""
_START = np.array([-2.0, 0.0, -3.0])
_NO_BREAKS = np.array([-14.0, 0.0])
_MOST_LOGIT = 14.0
_ORDERS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class QuietReadiness:
    """How many of the free agents are not ready while the queue is empty.

    Attributes
    ----------
    not_ready : DayEstimate
        Share of agents without a contact who are on a break in quiet times, gaps not counted; and
        the probability that an agent takes one after a contact and its gap.
    length : DayEstimate
        Mean length (s) of such breaks; NaN where none are seen.
    unseen : DayEstimate
        Share of contacts answered at once whoever is free: agents whose presence is not seen.
    free : ndarray of int, shape (n,)
        Free agents that an arriving contact met, 0 to twelve and more.
    contacts : ndarray, shape (n,)
    waited, low, high : ndarray, shape (n,)
        Share of the contacts that had to wait, with a 95 % confidence interval.
    fitted : ndarray, shape (n,)
        The same as gaps, breaks and unseen agents explain it.
    """

    not_ready: DayEstimate
    length: DayEstimate
    unseen: DayEstimate
    free: Ints
    contacts: Floats
    waited: Floats
    low: Floats
    high: Floats
    fitted: Floats


def quiet_readiness(
    agents: FreeAgents, instant: Floats, wait: Floats, gap: GapCurve, bootstrap: DayBootstrap
) -> QuietReadiness | None:
    """Return how many of the free agents are not ready, None with too few contacts.

    Parameters
    ----------
    agents : FreeAgents
    instant, wait : ndarray, shape (contacts,)
        Of the log of `bootstrap`.
    gap : GapCurve
    bootstrap : DayBootstrap

    Notes
    -----
    The likelihood of whether a contact waits, and of how long until an agent who was not ready
    takes it, for the share of breaks, their length and the share of contacts taken by agents who
    are not seen (:class:`~sim.history.estimation.break_likelihood.BreakLikelihood`). Contacts count
    as independent of one another (composite likelihood; Varin, Reid and Firth 2011), so that days
    are drawn for the confidence intervals, which are wider by the measured error of the method
    (:mod:`~sim.history.estimation.method_error`). Whether agents who have been free for longest
    come first is what makes the log likeliest. Where breaks do not make it likelier beyond random
    variation, there are none.
    """
    hours = _hours_that_count(agents, instant)
    counted = hours[(instant // HOUR).astype(np.int64)]
    states = BreakLikelihood(_near(agents, hours), gap, counted)
    number = states.by_contact(np.ones(states.first.size), states.first)
    met = np.flatnonzero(number > 0)
    waits = wait[met] > 0
    if met.size < _FEWEST or not waits.any() or waits.all():
        return None
    by_day = _by_day(states, met, waits, bootstrap)
    best = _maximum(states, by_day)
    breaks, unseen, parameters = _estimates(by_day, best, bootstrap, int(met.size))
    lost = np.log(np.maximum(1 - states.run(*_breaks_of(parameters))[0], 1e-12))
    expected = np.exp(states.by_contact(lost, states.first)[met]) * (1 - unseen.value)
    return _with_table(breaks, unseen, number, wait > 0, met, expected)


def breaks_within(share: float, length: float, longest: Floats) -> tuple[float, float]:
    """Return share and mean length (s) of breaks that do not end a presence.

    Longer ones are no part of presences, so that a simulation of these must not have them.

    Parameters
    ----------
    share, length : float
        Of all breaks, which last exponentially long.
    longest : ndarray, shape (spans,)
        After how long (s) without a contact a presence would have been over.
    """
    left = np.exp(-longest / length)
    ended = float(np.mean(1 - left))
    if not longest.size or ended <= 0:
        return share, length
    within = float(np.mean(length - (longest + length) * left)) / ended
    # Of contacts that a presence goes on after.
    return share * ended / (1 - share * (1 - ended)), within


def _maximum(states: BreakLikelihood, by_day: Likelihood) -> Floats:
    """Return the parameters of greatest likelihood, with the likeliest order of agents."""
    states.set_order(np.ones(states.first.size), 0.0)
    best = rough_maximum(by_day, _START)
    for _ in range(2):
        states.set_order(states.run(*_breaks_of(best))[0], 0.0)
    ready = states.run(*_breaks_of(best))[0]

    def ordered(longest_first: float) -> float:
        states.set_order(ready, longest_first)
        return float(by_day(best).sum())

    states.set_order(ready, max(_ORDERS, key=ordered))
    return rough_maximum(by_day, best, _NEAR)


def _estimates(
    by_day: Likelihood, best: Floats, bootstrap: DayBootstrap, n: int
) -> tuple[tuple[DayEstimate, DayEstimate], DayEstimate, Floats]:
    """Return share and length of breaks, the share taken by agents not seen, and parameters.

    There are no breaks where they do not make the log likelier.
    """
    days = bootstrap.days.size
    if expit(best[2]) < _NONE_UNSEEN:
        best = best[:2]
    without = best[2:]
    if without.size:
        without = rough_maximum(lambda p: by_day(np.append(_NO_BREAKS, p)), without, _NEAR)
    least = float(by_day(np.append(_NO_BREAKS, without)).sum())
    likelier = 2 * (float(by_day(best).sum()) - least) >= _UNSURE
    if not likelier or _breaks_of(best)[0] < _FEWEST_BREAKS:
        share = DayEstimate(0.0, 0.0, _largest(by_day, without, least), n, days)
        best, breaks = np.append(_NO_BREAKS, without), (share, DayEstimate(np.nan))
    else:
        breaks = _share_and_length(by_day, best, bootstrap, n)
    if not without.size:
        return breaks, DayEstimate(0.0, 0.0, np.nan, n, days), best
    drawn, _ = replicates_at(lambda p: by_day(np.append(best[:2], p)), best[2:], bootstrap)
    return breaks, bootstrap.estimate(float(expit(best[2])), expit(drawn[:, 0]), "logit", n), best


def _share_and_length(
    by_day: Likelihood, best: Floats, bootstrap: DayBootstrap, n: int
) -> tuple[DayEstimate, DayEstimate]:
    share, length = _breaks_of(best)
    if not LENGTHS[0] * _INSIDE < length < LENGTHS[1] / _INSIDE:  # it says nothing of its error
        drawn, _ = replicates_at(lambda p: by_day(np.array([p[0], *best[1:]])), best[:1], bootstrap)
        shares = expit(np.clip(drawn[:, 0], -_MOST_LOGIT, _MOST_LOGIT))
        return QUIET_SHARE.widen(bootstrap.estimate(share, shares, "logit", n)), DayEstimate(length)
    drawn, _ = replicates_at(by_day, best, bootstrap)
    ends = np.array([_breaks_of(one) for one in drawn])
    return (
        QUIET_SHARE.widen(bootstrap.estimate(share, ends[:, 0], "logit", n)),
        QUIET_LENGTH.widen(bootstrap.estimate(length, ends[:, 1], "log", n)),
    )


def _largest(by_day: Likelihood, rest: Floats, least: float) -> float:
    """Return the largest share of breaks, of a usual length, that is about as likely as none."""
    logits = np.linspace(-8.0, 0.0, 33)
    values = np.array([by_day(np.array([one, 0.0, *rest])).sum() for one in logits])
    likely = logits[values >= max(float(values.max()), least) - _USUAL / 2]
    return float(expit(likely[-1] if likely.size else logits[0]))


def _hours_that_count(agents: FreeAgents, instant: Floats) -> Bools:
    """Return of every hour since the first day whether its contacts count, and the last hour.

    It is every n-th, so that there are not too many; every hour of the week has its turn.
    """
    every = max(-(-int(agents.count.sum()) // MOST_PAIRS), 1)
    while gcd(every, _WEEK_HOURS) > 1:
        every += 1
    last = max(instant.max(initial=0.0), agents.end.max(initial=0.0))
    return np.asarray(np.arange(int(last // HOUR) + 1) % every == 0)


def _near(agents: FreeAgents, hours: Bools) -> FreeAgents:
    """Return the spans of an hour that counts, and those that other agents had in them before.

    A span lasts for an hour at most, so that they are those of the hour before, too.
    """
    near = np.append(0, np.cumsum(hours | np.append(hours[1:], False)))
    begin, end = ((one // HOUR).astype(np.int64) for one in (agents.start, agents.end))
    return agents.only(near[end + 1] > near[np.maximum(begin, 0)])


def _breaks_of(parameters: Floats) -> tuple[float, float]:
    """Return share and mean length (s), from parameters of any size."""
    low, high = np.log(LENGTHS)
    length = float(np.exp(low + (high - low) * expit(parameters[1])))
    return float(expit(np.clip(parameters[0], -_MOST_LOGIT, _MOST_LOGIT))), length


def _by_day(
    states: BreakLikelihood, met: Ints, waits: Bools, bootstrap: DayBootstrap
) -> Likelihood:
    """Return the likelihood of each day, for breaks and the logit of the unseen, if any."""
    code, days = bootstrap.code[met], bootstrap.days.size
    contact = states.contact[states.counted]
    place, pairs = np.searchsorted(met, contact), bootstrap.code[contact]

    def likelihood(parameters: Floats) -> Floats:
        ready, density = states.run_counted(*_breaks_of(parameters))
        lost = np.bincount(place, np.log(np.maximum(1 - ready, 1e-12)), met.size)
        seen = -np.logaddexp(0, parameters[2]) if parameters.size > 2 else 0.0
        lost = np.minimum(lost + seen, -1e-12)
        found = np.where(waits, lost, np.log(-np.expm1(lost)))
        return np.asarray(np.bincount(code, found, days) + np.bincount(pairs, density, days))

    return likelihood


def _with_table(
    breaks: tuple[DayEstimate, DayEstimate], unseen: DayEstimate, number: Floats, waited: Bools,
    met: Ints, expected: Floats,
) -> QuietReadiness:  # fmt: skip
    free = np.minimum(number[met].astype(np.int64), MOST_FREE)
    contacts = np.bincount(free, minlength=MOST_FREE + 1).astype(float)
    hits = np.bincount(free, waited[met], MOST_FREE + 1)
    ends = np.array([wilson_interval(h, n) for h, n in zip(hits, contacts, strict=True)])
    with np.errstate(invalid="ignore"):
        share, fitted = hits / contacts, np.bincount(free, expected, MOST_FREE + 1) / contacts
    return QuietReadiness(
        *breaks, unseen, np.arange(MOST_FREE + 1), contacts, share, ends[:, 0], ends[:, 1],
        np.asarray(fitted, dtype=float),
    )  # fmt: skip
