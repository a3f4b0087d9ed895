"""Customers who call again after they abandoned or were served."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.distribution_text import mean_text
from sim.units import DAY

HOUR = 3600.0


@dataclass(frozen=True)
class RepeatShares:
    """Calls of the same customer that follow one another.

    Attributes
    ----------
    identified : DayEstimate
        Share of the contacts of this outcome whose customer is known.
    within_hour, within_day : DayEstimate
        Share of them after which the customer called again so soon.
    delays : ndarray
        Seconds until the next call, of those within a day, ascending: the picture against the data.
    median_delay : DayEstimate
        Seconds, of those within the hour.
    delay_text : str
        Distribution of the delays within the hour, for a scenario; empty without delays.
    """

    identified: DayEstimate
    within_hour: DayEstimate
    within_day: DayEstimate
    delays: Floats
    median_delay: DayEstimate
    delay_text: str


@dataclass(frozen=True)
class RepeatCalls:
    """Calls again after an abandonment and after a service.

    Attributes
    ----------
    abandoned, served : RepeatShares
    beyond_served : DayEstimate
        Share of abandoned customers who call again within the hour beyond those who would have
        anyhow, as the served do: (a - s) / (1 - s); 0 where the served call again as often.
    """

    abandoned: RepeatShares
    served: RepeatShares
    beyond_served: DayEstimate


def repeat_calls(
    customer: Ints, offered: Floats, left: Floats, abandoned: Bools, bootstrap: DayBootstrap
) -> RepeatCalls | None:
    """Return how often customers call again; None without a customer who is known.

    Parameters
    ----------
    customer : ndarray of int, shape (contacts,)
        Code; below 0 unknown.
    offered, left : ndarray, shape (contacts,)
        When each contact began, and when it ended by abandonment or service: seconds since the
        start of the first day.
    abandoned : ndarray of bool, shape (contacts,)
    bootstrap : DayBootstrap

    Notes
    -----
    Contacts so near to the end of the log that the time is not over count neither way, nor those
    after which the last contact of the day came within the hour: the center was closing. The share
    is one of customers who are known: of the others nothing is seen.
    """
    if not np.any(customer >= 0):
        return None
    delay = _delays(customer, offered, left)
    last = np.zeros(bootstrap.days.size)
    np.maximum.at(last, bootstrap.code, offered)
    ends = {HOUR: last[bootstrap.code], DAY: np.full(left.size, offered.max())}
    groups = [abandoned, ~abandoned]
    sums = [_sums(group, customer, delay, left, ends, bootstrap) for group in groups]
    found = [
        _shares(group, customer, delay, one, bootstrap)
        for group, one in zip(groups, sums, strict=True)
    ]
    return RepeatCalls(found[0], found[1], _beyond(sums[0], sums[1], bootstrap))


def _delays(customer: Ints, offered: Floats, left: Floats) -> Floats:
    """Return the time from the end of each contact to the customer's next; infinite if none."""
    order = np.lexsort((offered, customer))
    who = customer[order]
    same = np.flatnonzero((np.diff(who) == 0) & (who[1:] >= 0))
    delay = np.full(customer.size, np.inf)
    delay[order[same]] = np.maximum(offered[order[same + 1]] - left[order[same]], 0)
    return delay


_Pairs = dict[float, tuple[Floats, Floats]]


def _sums(
    group: Bools, customer: Ints, delay: Floats, left: Floats, ends: dict[float, Floats],
    bootstrap: DayBootstrap,
) -> _Pairs:  # fmt: skip
    """Return, for an hour and a day, who called again and who could have, by day."""
    found = {}
    for window, end in ends.items():
        rows = np.flatnonzero(group & (customer >= 0) & (left + window <= end))
        found[window] = (bootstrap.sums(delay[rows] <= window, rows), bootstrap.sums(rows=rows))
    return found


def _shares(
    group: Bools, customer: Ints, delay: Floats, sums: _Pairs, bootstrap: DayBootstrap
) -> RepeatShares:
    rows = np.flatnonzero(group)
    soon = np.flatnonzero(group & (delay <= HOUR))
    times = np.sort(delay[group & (delay <= DAY)])
    return RepeatShares(
        bootstrap.ratio(
            bootstrap.sums(customer[rows] >= 0, rows), bootstrap.sums(rows=rows), "logit"
        ),
        bootstrap.ratio(*sums[HOUR], "logit"), bootstrap.ratio(*sums[DAY], "logit"), times,
        _median(delay[soon], soon, bootstrap), _text(delay[soon]),
    )  # fmt: skip


def _median(delay: Floats, rows: Ints, bootstrap: DayBootstrap) -> DayEstimate:
    if delay.size == 0:
        return DayEstimate(np.nan)
    bins = 720
    table = bootstrap.table(np.minimum((delay / HOUR * bins).astype(int), bins - 1), bins, rows)
    cumulated = (bootstrap.weights @ table).cumsum(axis=1)
    middle = cumulated[:, -1:] / 2
    drawn = (cumulated >= middle).argmax(axis=1) * HOUR / bins
    value = float(np.median(delay))
    return bootstrap.estimate(value, drawn - np.median(drawn) + value, "plain", delay.size)


def _text(delay: Floats) -> str:
    positive = delay[delay > 0]
    if positive.size < 2:
        return ""
    sigma = float(np.log(positive).std())
    zero = 1 - positive.size / delay.size
    cv = min(float(np.sqrt(np.expm1(sigma**2))), 10.0)
    return mean_text("lognormal", float(positive.mean()), ("cv", max(cv, 0.01)), zero)


def _beyond(abandoned: _Pairs, served: _Pairs, bootstrap: DayBootstrap) -> DayEstimate:
    def beyond(weight: Floats) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            a, s = ((weight @ hits) / (weight @ n) for hits, n in (abandoned[HOUR], served[HOUR]))
            return np.asarray((a - s) / (1 - s))

    days = bootstrap.days.size
    value = float(beyond(np.ones(days)))
    n = int(abandoned[HOUR][1].sum())
    found = bootstrap.estimate(value, beyond(bootstrap.weights), "plain", n)
    return replace(
        found, value=max(found.value, 0.0), low=max(found.low, 0.0), high=max(found.high, 0.0)
    )
