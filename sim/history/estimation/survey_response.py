"""Who answers surveys: what records show of it, and what no record can show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile, wilson_interval
from sim.history.estimation.logistic_fit import LogisticFit, fit_logistic, usable_columns

ODDS_TRIED = (0.5, 2.0)
"""The satisfied may have so many times the odds to answer: a supposition, not an estimate."""
_LEAST_PROBABILITY = 0.005
"""Of an answer: a single one never stands for more than 200 customers."""


@dataclass(frozen=True)
class ResponseBias:
    """What records show of who answers surveys.

    Attributes
    ----------
    response : DayEstimate
        Share who answered.
    seen : dict of str to DayEstimate
        Factors on the odds of answering by what happened: bias by it can be seen, and is taken out
        of `reweighted` and `by_regression`.
    answered : DayEstimate
        Share satisfied among those who answered.
    reweighted : DayEstimate
        Share satisfied of all: answers weighted by the inverse of their probability to be given.
    by_regression : DayEstimate
        The same by a regression of satisfaction on what happened, for all; NaN where there is none.
    bounds : tuple of float
        Share satisfied of all if none, and if all of those who did not answer were satisfied:
        nothing in the records narrows this.
    if_odds : dict of float to DayEstimate
        Share satisfied of all if the satisfied had so many times the odds to answer, beyond what
        is seen.
    """

    response: DayEstimate
    seen: dict[str, DayEstimate]
    answered: DayEstimate
    reweighted: DayEstimate
    by_regression: DayEstimate
    bounds: tuple[float, float]
    if_odds: dict[float, DayEstimate]

    @property
    def by_answer(self) -> dict[str, tuple[float, float, float]]:
        """Share who answer of the satisfied and of the others, as fields of `[satisfaction]`.

        Each with its range: as seen, and if the satisfied had fewer or more odds to answer.
        """
        shares = [self.reweighted.value, *(one.value for one in self.if_odds.values())]
        rate, happy = self.response.value, self.answered.value
        found = {}
        for name, part, whole in (
            ("response_satisfied", rate * happy, shares),
            ("response_dissatisfied", rate * (1 - happy), [1 - one for one in shares]),
        ):
            ends = [min(part / one, 1.0) if one > 0 else np.nan for one in whole]
            found[name] = (ends[0], min(ends), max(ends))
        return found


def response_bias(
    answered: Bools, satisfied: Bools, effects: Mapping[str, Floats], day: Ints
) -> ResponseBias | None:
    """Return what can be seen of response bias; None where all or none answered.

    Parameters
    ----------
    answered : ndarray of bool, shape (contacts,)
        Whether the customer answered the survey.
    satisfied : ndarray of bool, shape (contacts,)
        Whether those who answered were satisfied; not read for the others.
    effects : mapping of str to ndarray, shape (contacts,)
        What happened and is known of all: what whether they answer may depend on.
    day : ndarray of int, shape (contacts,)

    Notes
    -----
    That the dissatisfied answer more often for the same waits and outcomes cannot be seen in
    records: the bounds are those of Manski (1989, Anatomy of the selection problem), and
    `if_odds` shows what a supposed difference would do. What records do show is taken out by
    inverse probability weights (Horvitz and Thompson 1952), and also by regression. Weights
    count as known, which makes the confidence interval a little too wide.
    """
    if answered.all() or not answered.any():
        return None
    kept, _ = usable_columns(effects, answered)
    found = fit_logistic(answered, kept, day)
    seen: dict[str, DayEstimate] = {}
    weight = np.ones(int(answered.sum()))
    if found is not None:
        seen = found.factors
        weight = 1 / np.maximum(found.fitted[answered], _LEAST_PROBABILITY)
    happy, days = satisfied[answered], day[answered]
    share = _mean(happy, np.ones(weight.size), days)
    reweighted = _mean(happy, weight, days)
    rate = float(answered.mean())
    low, high = wilson_interval(float(answered.sum()), float(answered.size))
    return ResponseBias(
        DayEstimate(rate, low, high, answered.size, int(np.unique(day).size)), seen, share,
        reweighted, _by_regression(happy, answered, effects, day),
        (rate * share.value, rate * share.value + 1 - rate),
        {odds: _if_odds(rate, reweighted, odds) for odds in ODDS_TRIED},
    )  # fmt: skip


def _mean(values: Bools, weight: Floats, day: Ints) -> DayEstimate:
    """Return a weighted share, its error by days on the scale of log odds."""
    share = float(weight @ values / weight.sum())
    code = np.unique(day, return_inverse=True)[1]
    left = np.bincount(code, weight * (values - share))
    days = left.size
    if days < 2 or not 0 < share < 1:
        return DayEstimate(share, records=values.size, days=days)
    error = float(np.sqrt(days / (days - 1) * (left @ left))) / weight.sum()
    return _on_log_odds(share, error, values.size, days)


def _on_log_odds(share: float, error: float, records: int, days: int) -> DayEstimate:
    middle = np.log(share / (1 - share))
    half = student_quantile(max(days - 1, 1)) * error / (share * (1 - share))
    low, high = (float(1 / (1 + np.exp(-(middle + sign * half)))) for sign in (-1, 1))
    return DayEstimate(share, low, high, records, days)


def _by_regression(
    happy: Bools, answered: Bools, effects: Mapping[str, Floats], day: Ints
) -> DayEstimate:
    """Return the share satisfied of all whom a regression of the answers predicts."""
    columns, _ = usable_columns({k: v[answered] for k, v in effects.items()}, happy)
    found = fit_logistic(happy, columns, day[answered]) if 0 < happy.mean() < 1 else None
    if found is None:
        return DayEstimate(np.nan)
    expected = found.predicted(effects, answered.size)
    slope = _slope(found, effects, expected)
    sampled = np.bincount(np.unique(day, return_inverse=True)[1], expected - expected.mean())
    variance = slope @ found.covariance @ slope + float(sampled @ sampled) / answered.size**2
    share = float(expected.mean())
    return _on_log_odds(share, float(np.sqrt(variance)), int(answered.sum()), found.clusters)


def _slope(found: LogisticFit, effects: Mapping[str, Floats], expected: Floats) -> Floats:
    design = found.design(effects, expected.size)
    return np.asarray((expected * (1 - expected)) @ design / expected.size)


def _if_odds(rate: float, found: DayEstimate, odds: float) -> DayEstimate:
    value, low, high = (_share_if(rate, one, odds) for one in (found.value, found.low, found.high))
    return DayEstimate(value, low, high, found.records, found.days)


def _share_if(rate: float, share: float, odds: float) -> float:
    """Return the share satisfied of all if the satisfied answer with so many times the odds.

    With response rates r and r' of satisfied and others, all answer with probability `rate`, and
    a share `share` of the answers is from the satisfied.
    """
    from scipy.optimize import brentq

    if not 0 < share < 1:  # also where it is unknown
        return share

    def excess(everyone: float) -> float:
        ours, theirs = rate * share / everyone, rate * (1 - share) / (1 - everyone)
        return float(np.log(ours / (1 - ours)) - np.log(theirs / (1 - theirs)) - np.log(odds))

    least, most = rate * share, 1 - rate * (1 - share)
    edge = 1e-9 * (most - least)
    return float(brentq(excess, least + edge, most - edge))
