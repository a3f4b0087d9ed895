"""Issues and satisfaction of customers, where a log has issues, customers or survey answers."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.call_log import CallLog
from sim.history.estimation.day_bootstrap import DayBootstrap
from sim.history.estimation.issue_records import IssueRecords, issue_records, issues_of_customers
from sim.history.estimation.satisfaction_fit import (
    ResponseBias,
    SatisfactionFit,
    fit_satisfaction,
    response_bias,
)
from sim.scenario.satisfaction import Satisfaction

FEWEST_ISSUES = 100
FEWEST_REPEATS = 30
FEWEST_ANSWERS = 100
CUSTOMER_DAYS = 7.0
"""Contacts of a customer within so many days are one issue, where no issue is recorded."""
_SATISFIED_FROM = ((1, 1), (5, 4), (7, 6), (10, 8), (100, 80))
"""Largest answer of a scale, and the least that means satisfied."""


@dataclass(frozen=True)
class ExperienceEstimates:
    """What a log shows of issues and satisfaction.

    Attributes
    ----------
    records : IssueRecords or None
    by_customer : bool
        Whether issues were made of the contacts of a customer.
    satisfaction : SatisfactionFit or None
    satisfied_from : float
        Least answer that counts as satisfied.
    bias : ResponseBias or None
    calibrated_on : str
        Data behind the coefficients; empty without.
    missing : tuple of str
        What could not be estimated, and why.
    """

    records: IssueRecords | None
    by_customer: bool
    satisfaction: SatisfactionFit | None
    satisfied_from: float
    bias: ResponseBias | None
    calibrated_on: str
    missing: tuple[str, ...]


def estimate_experience(log: CallLog, bootstrap: DayBootstrap) -> ExperienceEstimates:
    """Estimate repeats, resolution and satisfaction where the log shows them."""
    missing: list[str] = []
    issue, by_customer = _issues(log)
    records = _records(log, issue, bootstrap, missing)
    fit, bias, least = _satisfaction(log, issue, missing)
    days = f"{log.first_day} to {log.date(log.days - 1)}"
    on = f"{fit.answers:,} survey answers, {days}" if fit else ""
    return ExperienceEstimates(records, by_customer, fit, least, bias, on, tuple(missing))


def _issues(log: CallLog) -> tuple[Ints, bool]:
    if log.issue is not None and np.any(log.issue >= 0):
        return log.issue, False
    return issues_of_customers(log.customer, log.instant, CUSTOMER_DAYS), True


def _records(
    log: CallLog, issue: Ints, bootstrap: DayBootstrap, missing: list[str]
) -> IssueRecords | None:
    known = int(np.unique(issue[issue >= 0]).size)
    repeats = int((issue >= 0).sum()) - known
    if known < FEWEST_ISSUES or repeats < FEWEST_REPEATS:
        missing.append(
            f"repeat contacts: {known:,} issues or customers known, {repeats:,} contacts follow "
            f"another; at least {FEWEST_ISSUES} and {FEWEST_REPEATS} are needed"
        )
        return None
    found = issue_records(issue, log.instant, log.queue, log.agent, bootstrap, log.resolved)
    if found is None or not np.isfinite(found.repeat_if_not.value):
        missing.append("repeat share of the unresolved: the log does not say what was resolved")
    missing.append("transfers and lost context: the log does not tell them from other contacts")
    return found


def satisfied_from(answers: Floats) -> float:
    """Return the least answer that means satisfied, by the scale that the answers fit."""
    most = float(answers.max())
    for largest, least in _SATISFIED_FROM:
        if most <= largest:
            return float(least)
    return 0.8 * most


def _satisfaction(
    log: CallLog, issue: Ints, missing: list[str]
) -> tuple[SatisfactionFit | None, ResponseBias | None, float]:
    answers = np.zeros(0) if log.survey is None else log.survey[np.isfinite(log.survey)]
    if answers.size < FEWEST_ANSWERS or log.survey is None:
        missing.append(
            f"satisfaction: {answers.size:,} survey answers; at least {FEWEST_ANSWERS} are needed"
        )
        return None, None, float("nan")
    least = satisfied_from(answers)
    if find_spec("statsmodels") is None:
        missing.append("satisfaction: needs the package statsmodels")
        return None, None, least
    effects, usable = _effects(log, issue)
    answered = np.isfinite(log.survey) & usable
    happy = np.nan_to_num(log.survey) >= least
    fit = fit_satisfaction(
        happy[answered], {k: v[answered] for k, v in effects.items()}, log.day[answered]
    )
    if fit is None:
        missing.append("satisfaction: too few satisfied, or too few dissatisfied answers")
    else:
        missing += [f"satisfaction, {name}: {why}" for name, why in fit.not_estimated.items()]
    asked = usable & log.answered
    bias = response_bias(
        answered[asked], happy[asked],
        {k: v[asked] for k, v in effects.items()}, log.day[asked],
    )  # fmt: skip
    if bias is not None:
        low, high = bias.bounds
        missing.append(
            f"satisfaction of those who did not answer: of all, {low:.1%} to {high:.1%} are "
            f"satisfied, {bias.reweighted:.1%} if the others differ only in what the log shows"
        )
    return fit, bias, least


def _effects(log: CallLog, issue: Ints) -> tuple[dict[str, Floats], Bools]:
    """Return what had happened in an issue up to each contact, and where that is known.

    An answer knows nothing of what came later. A contact without an issue is one of its own.
    """
    own = np.where(issue >= 0, issue, issue.max(initial=0) + 1 + np.arange(issue.size))
    order = np.lexsort((log.instant, own))
    begins = np.ones(order.size, dtype=bool)
    begins[1:] = np.diff(own[order]) != 0
    moved = np.zeros(order.size)
    moved[1:] = (np.diff(log.queue[order]) != 0) & ~begins[1:]
    waited = _sums_within(np.nan_to_num(log.wait[order]), begins)
    wait_from = float(Satisfaction().wait_from)
    ordered = {
        "contact": _sums_within(np.ones(order.size), begins) - 1,
        "switch": _sums_within(moved, begins),
        "wait": np.maximum(waited - wait_from, 0) / 60,
    }
    found = {}
    for name, values in ordered.items():
        found[name] = np.empty(order.size)
        found[name][order] = values
    if log.resolved is None:
        return found, np.ones(order.size, dtype=bool)
    found["unresolved"] = (log.resolved == 0).astype(float)
    return found, np.isfinite(log.resolved)


def _sums_within(values: Floats, begins: Bools) -> Floats:
    """Return running sums that begin anew where an issue begins."""
    sums = np.cumsum(values)
    before = (sums - values)[begins]
    return np.asarray(sums - before[np.cumsum(begins) - 1])


def experience_rows(found: ExperienceEstimates | None) -> list[EstimatedValue]:
    """Return the estimates as rows."""
    if found is None:
        return []
    rows: list[EstimatedValue] = []
    if (records := found.records) is not None:
        of = f"customers within {CUSTOMER_DAYS:g} days" if found.by_customer else "recorded issues"
        how = f"{of}, Kaplan-Meier"
        rows += [
            estimated("contacts_per_issue", "center", records.contacts_per_issue, "ratio", of),
            estimated("repeat_if_unresolved", "center", records.repeat_if_not, "share", how),
            estimated("repeat_if_resolved", "center", records.repeat_if_resolved, "share", how),
            estimated("queue_switch", "center", records.channel_switches, "share", of),
            estimated("hand_off", "center", records.hand_offs, "share", of),
        ]
        for days, one in records.fcr.items():
            rows.append(estimated(f"fcr_{days:g}_days", "center", one, "share", how))
    if (fit := found.satisfaction) is not None:
        how = f"logistic regression, satisfied from {found.satisfied_from:g}"
        for name, one in {"satisfied": fit.satisfied, **fit.factors}.items():
            unit = "share" if name == "satisfied" else "ratio"
            rows.append(
                estimated(f"satisfaction_{name}", "center", one, unit, how, f"satisfaction.{name}")
            )
    if (bias := found.bias) is not None:
        rows.append(
            estimated("survey_response", "center", bias.response, "share", "of those served")
        )
        for name, one in bias.seen.items():
            rows.append(
                estimated(f"response_{name}", "center", one, "ratio", "odds of answering a survey")
            )
    return rows


def satisfaction_table(found: ExperienceEstimates | None) -> dict[str, object]:
    """Return the table ``[satisfaction]``; empty where nothing was estimated."""
    if found is None or (fit := found.satisfaction) is None:
        return {}
    return {"calibrated_on": found.calibrated_on} | {
        name: {
            "value": float(f"{one.value:.4g}"), "low": float(f"{one.low:.4g}"),
            "high": float(f"{one.high:.4g}"), "source": "logistic regression of survey answers",
        }
        for name, one in {"satisfied": fit.satisfied, **fit.factors}.items()
    }  # fmt: skip
