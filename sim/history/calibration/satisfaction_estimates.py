"""The satisfaction model and the response to surveys from the answers in a log."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from importlib.util import find_spec

import numpy as np

from sim.array_types import Bools, Floats
from sim.history.calibration.issue_history import IssueHistory
from sim.history.call_log import CallLog
from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.satisfaction_fit import SatisfactionFit, fit_satisfaction
from sim.history.estimation.survey_response import ResponseBias, response_bias

FEWEST_ANSWERS = 100
COME_BACK = 0.5
"""Share of the unresolved who contact the center another time, at the end of what is supposed: no
log without what was resolved shows it."""
_SATISFIED_FROM = ((1, 1), (5, 4), (7, 6), (10, 8), (100, 80))
"""Largest answer of a scale, and the least that means satisfied."""


@dataclass(frozen=True)
class SatisfactionEstimates:
    """What survey answers show.

    Attributes
    ----------
    fit : SatisfactionFit or None
    further : dict of str to DayEstimate
        Factors on the odds of being satisfied that scenarios have no field for, estimated beside
        the others.
    satisfied_from : float
        Least answer that counts as satisfied; NaN without answers.
    bias : ResponseBias or None
    calibrated_on : str
        Data behind the coefficients; empty without.
    """

    fit: SatisfactionFit | None = None
    further: dict[str, DayEstimate] = field(default_factory=dict)
    satisfied_from: float = float("nan")
    bias: ResponseBias | None = None
    calibrated_on: str = ""


def satisfied_from(answers: Floats) -> float:
    """Return the least answer that means satisfied, by the scale that the answers fit."""
    most = float(answers.max())
    for largest, least in _SATISFIED_FROM:
        if most <= largest:
            return float(least)
    return 0.8 * most


def estimate_satisfaction(
    log: CallLog, history: IssueHistory, missing: list[str]
) -> SatisfactionEstimates:
    """Return what the answers in a log show; what they do not is added to `missing`.

    Parameters
    ----------
    log : CallLog
    history : IssueHistory
    missing : list of str
    """
    known = np.isfinite(history.survey)
    if int(known.sum()) < FEWEST_ANSWERS:
        missing.append(
            f"satisfaction: {int(known.sum()):,} survey answers; at least {FEWEST_ANSWERS} are "
            "needed"
        )
        return SatisfactionEstimates()
    least = satisfied_from(history.survey[known])
    if find_spec("statsmodels") is None:
        missing.append("satisfaction: needs the package statsmodels")
        return SatisfactionEstimates(satisfied_from=least)
    happy = np.nan_to_num(history.survey, nan=-np.inf) >= least
    fit, further = _fit(log, history, happy, missing)
    bias = _bias(log, history, happy, missing)
    days = f"{log.first_day} to {log.date(log.days - 1)}"
    on = f"{fit.answers:,} survey answers, {days}" if fit else ""
    return SatisfactionEstimates(fit, further, least, bias, on)


def _fit(
    log: CallLog, history: IssueHistory, happy: Bools, missing: list[str]
) -> tuple[SatisfactionFit | None, dict[str, DayEstimate]]:
    rows = np.isfinite(history.survey)
    if "unresolved" in history.effects:
        rows = rows & np.isfinite(history.resolved)
    effects = {name: one[rows] for name, one in history.effects.items()}
    further = {name: one[rows] for name, one in history.further.items()}
    day, channel = log.day[history.last][rows], history.channel[rows]
    fit = fit_satisfaction(happy[rows], effects, day, channel, history.channels)
    if fit is None:
        missing.append("satisfaction: too few satisfied, or too few dissatisfied answers")
        return None, {}
    missing += [f"satisfaction, {name}: {why}" for name, why in fit.not_estimated.items()]
    every = fit_satisfaction(happy[rows], effects | further, day, channel, history.channels)
    if every is None:
        return fit, {}
    return fit, {name: one for name, one in every.factors.items() if name in further}


def with_what_repeats_hide(
    found: SatisfactionEstimates, repeated: float, unrelated: float
) -> SatisfactionEstimates:
    """Return the estimates with a wider interval of the factor of unresolved contacts.

    Where contacts count as unresolved because another follows, unrelated ones are among them, and
    who never comes back is among the resolved. Both draw the factor towards 1. The lower end
    becomes that which it would have without the unrelated, and with as many again of the
    unresolved who never came back (:data:`COME_BACK`).

    Parameters
    ----------
    found : SatisfactionEstimates
    repeated : float
        Share of the contacts that another follows.
    unrelated : float
        Share of these whose follower has another matter; NaN unknown, and taken as 0.
    """
    fit = found.fit
    if fit is None or "unresolved" not in fit.factors or not 0 < repeated < COME_BACK:
        return found
    one, usual = fit.factors["unresolved"], fit.satisfied.value
    odds = usual / (1 - usual) * one.value
    related = 1 - float(np.nan_to_num(unrelated))
    hidden = repeated * related * (1 / COME_BACK - 1) / (1 - repeated)
    # Shares satisfied of the unresolved and the others mix in both groups that the log shows.
    mixed = np.array([[related, 1 - related], [hidden, 1 - hidden]])
    if np.linalg.det(mixed) <= 0:
        return found
    pure = np.clip(np.linalg.solve(mixed, [odds / (1 + odds), usual]), 1e-3, 1 - 1e-3)
    factor = float(pure[0] / (1 - pure[0]) * (1 - pure[1]) / pure[1])
    wider = replace(one, low=min(one.low, one.low * factor / one.value))
    return replace(found, fit=replace(fit, factors=fit.factors | {"unresolved": wider}))


def _bias(
    log: CallLog, history: IssueHistory, happy: Bools, missing: list[str]
) -> ResponseBias | None:
    """Return who answered of those served, by all that is known of them."""
    asked = history.answered.copy()
    if "unresolved" in history.effects:
        asked &= np.isfinite(history.resolved)
    last = history.last[asked]
    columns = {name: one[asked] for name, one in history.effects.items() if name != "wait"}
    columns["wait_minutes"] = np.nan_to_num(log.wait[last]) / 60
    columns["talk_minutes"] = np.nan_to_num(log.talk[last]) / 60
    largest = int(np.bincount(log.queue[last], minlength=len(log.queues)).argmax())
    columns |= {
        f"queue {name}": (log.queue[last] == at).astype(float)
        for at, name in enumerate(log.queues)
        if at != largest
    }
    answered = np.isfinite(history.survey)[asked]
    bias = response_bias(answered, happy[asked], columns, log.day[last])
    if bias is not None:
        low, high = bias.bounds
        ends = [one.value for one in bias.if_odds.values()]
        missing.append(
            f"satisfaction of those who did not answer: of all, {low:.1%} to {high:.1%} are "
            f"satisfied; {bias.reweighted.value:.1%} if the others differ only in what the log "
            f"shows, {min(ends):.1%} to {max(ends):.1%} if besides the satisfied have half to "
            "twice the odds to answer"
        )
    return bias
