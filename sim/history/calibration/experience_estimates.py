"""Issues and satisfaction of customers, where a log has issues, customers or survey answers."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.history.calibration.issue_history import (
    IssueHistory,
    first_records,
    issue_history,
    resolved_without_repeat,
    transferred_from,
)
from sim.history.calibration.satisfaction_estimates import (
    SatisfactionEstimates,
    estimate_satisfaction,
    with_what_repeats_hide,
)
from sim.history.call_log import CallLog
from sim.history.estimation.agent_differences import AgentDifferences, agent_resolution
from sim.history.estimation.day_bootstrap import DayBootstrap, DayEstimate
from sim.history.estimation.issue_records import (
    IssueRecords,
    issue_records,
    issues_of_customers,
    unrelated_repeats,
)

FEWEST_ISSUES = 100
FEWEST_REPEATS = 30
NOTED_SWITCHES = 0.02
CUSTOMER_DAYS = 7.0
"""Contacts of a customer within so many days are one issue, where no issue is recorded; and a
contact that another follows within them did not resolve it, where nothing says what was resolved.
"""


@dataclass(frozen=True)
class ExperienceEstimates:
    """What a log shows of issues and satisfaction.

    Attributes
    ----------
    records : IssueRecords or None
    by_customer : bool
        Whether issues were made of the contacts of a customer.
    has_channels : bool
        Whether the log says by which channel contacts came.
    transfers : DayEstimate
        Share of the answered contacts with a transfer; NaN where the log does not tell.
    transfers_to : dict of tuple of str to DayEstimate
        By the two queues, share of the answered that are transferred from the first to the second.
    resolved : dict of str to DayEstimate
        By queue, share of the contacts that were resolved; empty where the log shows nothing.
    is_inferred : bool
        Whether contacts without a repeat within a week count as resolved, as the log does not say.
    agents : AgentDifferences or None
        Share that each agent resolves, as a multiple of what is usual in the queues.
    satisfaction : SatisfactionEstimates
    missing : tuple of str
        What could not be estimated, and why.
    unrelated : DayEstimate
        Share of the repeats by customer that are calls on other matters; NaN where unknown.
    """

    records: IssueRecords | None
    by_customer: bool
    has_channels: bool
    transfers: DayEstimate
    transfers_to: dict[tuple[str, str], DayEstimate]
    resolved: dict[str, DayEstimate]
    is_inferred: bool
    agents: AgentDifferences | None
    satisfaction: SatisfactionEstimates = field(default_factory=SatisfactionEstimates)
    missing: tuple[str, ...] = ()
    unrelated: DayEstimate = field(default_factory=lambda: DayEstimate(np.nan))


def estimate_experience(log: CallLog, bootstrap: DayBootstrap) -> ExperienceEstimates:
    """Estimate repeats, resolution and satisfaction where the log shows them."""
    missing: list[str] = []
    issue, by_customer = _issues(log)
    records = _records(log, issue, bootstrap, missing)
    resolved = log.resolved
    is_inferred = records is not None and (resolved is None or not np.isfinite(resolved).any())
    if is_inferred:
        resolved = resolved_without_repeat(log, issue, CUSTOMER_DAYS)
    history = issue_history(log, issue, resolved)
    satisfaction = estimate_satisfaction(log, history, missing)
    unrelated = DayEstimate(np.nan)
    if by_customer and records is not None:
        first = np.where(first_records(log), log.customer, -1)
        unrelated = unrelated_repeats(first, log.instant, log.answered, CUSTOMER_DAYS, bootstrap)
    if is_inferred and resolved is not None:
        repeated = float(np.mean(resolved[np.isfinite(resolved)] == 0))
        satisfaction = with_what_repeats_hide(satisfaction, repeated, unrelated.value)
    shares = _resolved_by_queue(log, resolved, bootstrap)
    if satisfaction.fit is not None and not shares:
        missing.append(
            "satisfaction: estimated, but not in the scenario, as nothing in the log shows what "
            "was resolved (columns resolved, issue or customer)"
        )
    return ExperienceEstimates(
        records, by_customer, bool(log.channels), _transfers(log, history, bootstrap),
        _transfers_to(log, bootstrap), shares, is_inferred, _agents(log, resolved, shares),
        satisfaction, tuple(missing), unrelated,
    )  # fmt: skip


def _issues(log: CallLog) -> tuple[Ints, bool]:
    if log.issue is not None and np.any(log.issue >= 0):
        return log.issue, False
    return issues_of_customers(log.customer, log.instant, CUSTOMER_DAYS), True


def _records(
    log: CallLog, issue: Ints, bootstrap: DayBootstrap, missing: list[str]
) -> IssueRecords | None:
    issue = np.where(first_records(log), issue, -1)
    known = int(np.unique(issue[issue >= 0]).size)
    repeats = int((issue >= 0).sum()) - known
    if known < FEWEST_ISSUES or repeats < FEWEST_REPEATS:
        missing.append(
            f"repeat contacts: {known:,} issues or customers known, {repeats:,} contacts follow "
            f"another; at least {FEWEST_ISSUES} and {FEWEST_REPEATS} are needed"
        )
        return None
    place = log.queue
    if log.channels:
        names = list(dict.fromkeys(log.channels))
        place = np.array([names.index(name) for name in log.channels])[log.queue]
    found = issue_records(
        issue, log.instant, place, log.agent, bootstrap, log.resolved, log.answered
    )
    if found is None or not np.isfinite(found.repeat_if_not.value):
        missing.append("repeat share of the unresolved: the log does not say what was resolved")
    if log.contact is None:
        missing.append("transfers: the log does not tell them from other contacts (column contact)")
    missing.append("lost context: no log shows it")
    moved = found.channel_switches.value if found is not None else 0.0
    if log.channels and moved >= NOTED_SWITCHES:
        missing.append(
            f"channel of repeats: {moved:.0%} of them come by another channel; in the scenario "
            "they stay at their queue (field by of repeat sends all to one)"
        )
    return found


def _resolved_by_queue(
    log: CallLog, resolved: Floats | None, bootstrap: DayBootstrap
) -> dict[str, DayEstimate]:
    if resolved is None:
        return {}
    known = np.isfinite(resolved)
    return {
        name: _share(resolved > 0, known & (log.queue == at), bootstrap)
        for at, name in enumerate(log.queues)
    }


def _transfers(log: CallLog, history: IssueHistory, bootstrap: DayBootstrap) -> DayEstimate:
    if log.contact is None or not np.any(log.contact >= 0):
        return DayEstimate(np.nan)
    moved = np.zeros(len(log), dtype=bool)
    moved[history.first] = history.transferred
    rows = np.zeros(len(log), dtype=bool)
    rows[history.first[history.answered]] = True
    return _share(moved, rows, bootstrap)


def _transfers_to(log: CallLog, bootstrap: DayBootstrap) -> dict[tuple[str, str], DayEstimate]:
    source = transferred_from(log)
    to = np.full(len(log), -1)
    to[source[source >= 0]] = log.queue[source >= 0]
    found = {}
    for one, name in enumerate(log.queues):
        rows = log.answered & (log.queue == one)
        for at in np.unique(to[rows & (to >= 0)]):
            found[name, log.queues[at]] = _share(to == at, rows, bootstrap)
    return found


def _agents(
    log: CallLog, resolved: Floats | None, shares: dict[str, DayEstimate]
) -> AgentDifferences | None:
    """Return how agents differ in what they resolve, of the queues whose contacts they took."""
    if resolved is None:
        return None
    usual = np.array([shares[name].value for name in log.queues])[log.queue]
    known = np.isfinite(resolved) & (log.agent >= 0) & (np.nan_to_num(usual) > 0)
    if not known.any():
        return None
    return agent_resolution(log.agent[known], log.day[known], resolved[known], usual=usual[known])


def _share(hits: Bools, rows: Bools, bootstrap: DayBootstrap) -> DayEstimate:
    if not rows.any():
        return DayEstimate(np.nan)
    return bootstrap.ratio(bootstrap.sums(hits[rows], rows), bootstrap.sums(rows=rows), "logit")
