"""The satisfaction model from survey answers, and what can be seen of response bias."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.extras import need
from sim.history.estimation.day_bootstrap import DayEstimate, student_quantile, wilson_interval

EFFECTS = ("unresolved", "contact", "transfer", "context_lost", "switch", "wait")
"""Fields of `[satisfaction]` that are factors on the odds of being satisfied."""
_FEWEST = 10
_ODDS_TRIED = (0.5, 2.0)


@dataclass(frozen=True)
class SatisfactionFit:
    """Coefficients of the satisfaction model.

    Attributes
    ----------
    satisfied : DayEstimate
        Share satisfied of customers for whom nothing went wrong.
    factors : dict of str to DayEstimate
        Factors on the odds by field of `[satisfaction]`, also ``channel.NAME``.
    not_estimated : dict of str to str
        Fields that the answers say nothing about, and why.
    answers : int
    fitted : ndarray, shape (answers,)
        Probability of being satisfied of each who answered: the picture against the answers.
    """

    satisfied: DayEstimate
    factors: dict[str, DayEstimate]
    not_estimated: dict[str, str]
    answers: int
    fitted: Floats


@dataclass(frozen=True)
class ResponseBias:
    """What records show of who answers surveys.

    Attributes
    ----------
    response : DayEstimate
        Share who answered.
    seen : dict of str to DayEstimate
        Factors on the odds of answering by what happened: bias by it can be seen, and is taken out
        of `reweighted`.
    answered : float
        Share satisfied among those who answered.
    reweighted : float
        The same with answers weighted by the inverse of their probability to be given.
    bounds : tuple of float
        Share satisfied of all if none, and if all of those who did not answer were satisfied:
        nothing in the records narrows this.
    if_odds : dict of float to float
        Share satisfied of all if the satisfied had so many times the odds to answer, beyond what
        is seen.
    """

    response: DayEstimate
    seen: dict[str, DayEstimate]
    answered: float
    reweighted: float
    bounds: tuple[float, float]
    if_odds: dict[float, float]


def fit_satisfaction(
    satisfied: Bools, effects: Mapping[str, Floats], day: Ints,
    channel: Ints | None = None, channels: tuple[str, ...] = (),
) -> SatisfactionFit | None:  # fmt: skip
    """Return the coefficients of the satisfaction model; None with too few answers.

    Parameters
    ----------
    satisfied : ndarray of bool, shape (answers,)
        Whether each customer who answered was satisfied.
    effects : mapping of str to ndarray, shape (answers,)
        What happened, by field of `[satisfaction]` (see :data:`EFFECTS`): 1 if unresolved, further
        contacts, transfers, times that context was lost, switches of channel, minutes of waiting
        beyond ``wait_from``.
    day : ndarray of int, shape (answers,)
        Answers of one day may resemble one another.
    channel : ndarray of int, shape (answers,), optional
        Channel of the first contact; compared with the one that has the most answers.
    channels : tuple of str

    Notes
    -----
    Logistic regression with standard errors that are robust to days as clusters (Liang and Zeger
    1986, Longitudinal data analysis using generalized linear models, Biometrika 73), by
    statsmodels. A coefficient is estimated where its effect occurs at least ten times both among
    the satisfied and among the others.
    """
    columns = dict(effects) | _channel_columns(channel, channels)
    kept, left_out = _usable(columns, satisfied)
    if min(int(satisfied.sum()), int((~satisfied).sum())) < _FEWEST:
        return None
    found = _logistic(satisfied, kept, day)
    if found is None:
        return None
    coefficient, error, fitted, clusters = found
    half = student_quantile(max(clusters - 1, 1)) * error
    low, high = np.exp(coefficient - half), np.exp(coefficient + half)
    value, n = np.exp(coefficient), satisfied.size
    factors = {
        name: DayEstimate(float(value[k]), float(low[k]), float(high[k]), n, clusters)
        for k, name in enumerate(kept, 1)
    }
    share = [float(odds / (1 + odds)) for odds in (value[0], low[0], high[0])]
    base = DayEstimate(share[0], share[1], share[2], n, clusters)
    return SatisfactionFit(base, factors, left_out, n, fitted)


def response_bias(
    answered: Bools, satisfied: Bools, effects: Mapping[str, Floats], day: Ints
) -> ResponseBias | None:
    """Return what can be seen of response bias; None where all or none answered.

    Parameters
    ----------
    answered : ndarray of bool, shape (issues,)
        Whether the customer answered the survey.
    satisfied : ndarray of bool, shape (issues,)
        Whether those who answered were satisfied; not read for the others.
    effects : mapping of str to ndarray, shape (issues,)
        As in :func:`fit_satisfaction`.
    day : ndarray of int, shape (issues,)

    Notes
    -----
    That the dissatisfied answer more often for the same waits and outcomes cannot be seen in
    records: the bounds are those of Manski (1989, Anatomy of the selection problem), and
    `if_odds` shows what a supposed difference would do. What records do show is taken out by
    inverse probability weights (Horvitz and Thompson 1952).
    """
    if answered.all() or not answered.any():
        return None
    kept, _ = _usable(dict(effects), answered)
    found = _logistic(answered, kept, day)
    seen: dict[str, DayEstimate] = {}
    weight = np.ones(int(answered.sum()))
    if found is not None:
        coefficient, error, fitted, clusters = found
        half = student_quantile(max(clusters - 1, 1)) * error
        for k, name in enumerate(kept, 1):
            value, low, high = np.exp(coefficient[k] + half[k] * np.array([0.0, -1.0, 1.0]))
            seen[name] = DayEstimate(float(value), float(low), float(high), answered.size, clusters)
        weight = 1 / np.maximum(fitted[answered], 1e-6)
    rate, happy = float(answered.mean()), satisfied[answered]
    share = float(happy.mean())
    reweighted = float(weight @ happy / weight.sum())
    low, high = wilson_interval(float(answered.sum()), float(answered.size))
    return ResponseBias(
        DayEstimate(rate, low, high, answered.size, int(np.unique(day).size)), seen, share,
        reweighted, (rate * share, rate * share + 1 - rate),
        {odds: _share_if(rate, reweighted, odds) for odds in _ODDS_TRIED},
    )  # fmt: skip


def _share_if(rate: float, share: float, odds: float) -> float:
    """Return the share satisfied of all if the satisfied answer with so many times the odds.

    With response rates r and r' of satisfied and others, all answer with probability `rate`, and
    a share `share` of the answers is from the satisfied.
    """
    from scipy.optimize import brentq

    if not 0 < share < 1:
        return share

    def excess(everyone: float) -> float:
        ours, theirs = rate * share / everyone, rate * (1 - share) / (1 - everyone)
        return float(np.log(ours / (1 - ours)) - np.log(theirs / (1 - theirs)) - np.log(odds))

    least, most = rate * share, 1 - rate * (1 - share)
    edge = 1e-9 * (most - least)
    return float(brentq(excess, least + edge, most - edge))


def _channel_columns(channel: Ints | None, channels: tuple[str, ...]) -> dict[str, Floats]:
    if channel is None or len(channels) < 2:
        return {}
    count = np.bincount(channel, minlength=len(channels))
    return {
        f"channel.{name}": (channel == k).astype(float)
        for k, name in enumerate(channels)
        if k != int(count.argmax()) and count[k]
    }


def _usable(columns: dict[str, Floats], outcome: Bools) -> tuple[dict[str, Floats], dict[str, str]]:
    kept, left_out = {}, {}
    for name, column in columns.items():
        occurs = column > 0
        fewest = min(int((occurs & outcome).sum()), int((occurs & ~outcome).sum()))
        if fewest >= _FEWEST and np.ptp(column) > 0:
            kept[name] = column
        else:
            left_out[name] = f"occurs {fewest} times on one side; at least {_FEWEST} are needed"
    return kept, left_out


def _logistic(
    outcome: Bools, columns: dict[str, Floats], day: Ints
) -> tuple[Floats, Floats, Floats, int] | None:
    """Return coefficients, standard errors, probabilities and clusters; None if none are found."""
    need("the satisfaction model from answers", "statsmodels")
    import warnings

    from statsmodels.discrete.discrete_model import Logit
    from statsmodels.tools.sm_exceptions import ModelWarning, PerfectSeparationError

    design = np.column_stack([np.ones(outcome.size), *columns.values()])
    clusters = np.unique(day, return_inverse=True)[1]
    with warnings.catch_warnings():
        warnings.simplefilter("error", ModelWarning)
        try:
            found = Logit(outcome.astype(float), design).fit(
                disp=0, cov_type="cluster", cov_kwds={"groups": clusters}
            )
        except (PerfectSeparationError, ModelWarning, np.linalg.LinAlgError):
            return None
    return (
        np.asarray(found.params), np.asarray(found.bse), np.asarray(found.predict(design)),
        int(clusters.max()) + 1,
    )  # fmt: skip
