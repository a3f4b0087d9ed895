"""Estimates of issues and satisfaction as rows."""

from __future__ import annotations

from collections.abc import Iterator

from sim.history.calibration.estimated_values import EstimatedValue, estimated
from sim.history.calibration.experience_estimates import CUSTOMER_DAYS, ExperienceEstimates
from sim.history.estimation.day_bootstrap import DayEstimate
from sim.history.estimation.survey_response import ResponseBias

HALF, TWICE = 0.5, 2.0
_OF_ISSUES = (
    "contacts_per_issue", "unrelated_repeats", "repeat_", "fcr_", "channel_switch", "queue_switch",
    "hand_off", "transferred", "resolved", "agent_resolution",
)  # fmt: skip
_OF_SATISFACTION = ("satisfaction_", "survey_response", "response_", "csat_")


def experience_rows(found: ExperienceEstimates | None) -> list[EstimatedValue]:
    """Return the estimates as rows."""
    if found is None:
        return []
    rows = [*_issue_rows(found), *_resolution_rows(found), *_satisfaction_rows(found)]
    if (bias := found.satisfaction.bias) is not None:
        rows += _response_rows(bias)
    return rows


def is_of_issues(row: EstimatedValue) -> bool:
    """Return whether a row is about issues, and not about satisfaction or the center."""
    return row.name.startswith(_OF_ISSUES)


def is_of_satisfaction(row: EstimatedValue) -> bool:
    """Return whether a row is about satisfaction or who answers surveys."""
    return row.name.startswith(_OF_SATISFACTION)


def _issue_rows(found: ExperienceEstimates) -> Iterator[EstimatedValue]:
    records = found.records
    if records is None:
        return
    of = f"customers within {CUSTOMER_DAYS:g} days" if found.by_customer else "recorded issues"
    how = f"{of}, Kaplan-Meier"
    mixed = "; unrelated calls among them" if found.by_customer else ""
    moved = "channel_switch" if found.has_channels else "queue_switch"
    late = f"{how}: 95 % of the repeats in 30 days"
    mean = f"{how}: of repeats within 30 days"
    for name, one, unit, method, path in (
        ("contacts_per_issue", records.contacts_per_issue, "ratio", of, ""),
        ("repeat_window", records.repeat_window, "s", late, ""),
        ("repeat_delay_mean", records.delay_mean, "s", mean, "queue.repeat"),
        ("repeat_if_unresolved", records.repeat_if_not, "share", how, "queue.repeat"),
        ("repeat_if_resolved", records.repeat_if_resolved, "share", how, ""),
        (moved, records.channel_switches, "share", f"{of}, of repeats{mixed}", ""),
        ("hand_off", records.hand_offs, "share", f"{of}, of repeats: another agent{mixed}", ""),
        ("unrelated_repeats", found.unrelated, "share",
         f"{of}, of repeats: as many as customers call 14 to 28 days later", ""),
        ("transferred", found.transfers, "share", "records that share a contact", ""),
    ):  # fmt: skip
        yield estimated(name, "center", one, unit, method, path)
    for (source, to), one in found.transfers_to.items():
        scope = f"queue.{source}"
        yield estimated(
            f"transferred_to_{to}", scope, one, "share", "records that share a contact",
            f"{scope}.transfer",
        )  # fmt: skip
    for kind, shares in (("fcr", records.fcr), ("repeat_within", records.repeat_within)):
        for days, one in shares.items():
            if not found.by_customer or days <= CUSTOMER_DAYS:
                yield estimated(f"{kind}_{days:g}_days", "center", one, "share", how)


def _resolution_rows(found: ExperienceEstimates) -> Iterator[EstimatedValue]:
    of = f"no repeat within {CUSTOMER_DAYS:g} days" if found.is_inferred else "as recorded"
    unseen = "; who never comes back counts as resolved" if found.is_inferred else ""
    for name, one in found.resolved.items():
        scope = f"queue.{name}"
        yield estimated("resolved", scope, one, "share", of + unseen, f"{scope}.resolved")
    if found.agents is not None:
        yield estimated(
            "agent_resolution_cv", "center", found.agents.spread, "share",
            f"spread of agents beyond sampling error, {of}", "group.persons",
        )  # fmt: skip


def _satisfaction_rows(experience: ExperienceEstimates) -> Iterator[EstimatedValue]:
    found = experience.satisfaction
    if (fit := found.fit) is None:
        return
    how = f"logistic regression, satisfied from {found.satisfied_from:g}"
    for name, one in {"satisfied": fit.satisfied, **fit.factors}.items():
        unit = "share" if name == "satisfied" else "ratio"
        method = how
        if name == "unresolved" and experience.is_inferred:
            method += (
                f"; unresolved is what another follows within {CUSTOMER_DAYS:g} days: who never "
                "comes back is not seen; lower end: if that is every second one"
            )
            method += ", and without unrelated calls" if experience.by_customer else ""
        yield estimated(f"satisfaction_{name}", "center", one, unit, method, f"satisfaction.{name}")
    mixed = "; unrelated calls among the repeats" if experience.by_customer else ""
    for name, one in found.further.items():
        yield estimated(
            f"satisfaction_{name}", "center", one, "ratio",
            f"{how}, beside the other effects; no field of a scenario{mixed}",
        )  # fmt: skip


def _response_rows(bias: ResponseBias) -> Iterator[EstimatedValue]:
    yield estimated("survey_response", "center", bias.response, "share", "of those served")
    for name, one in bias.seen.items():
        yield estimated(f"response_{name}", "center", one, "ratio", "odds of answering a survey")
    for name, one, method in (
        ("csat_of_answers", bias.answered, "share satisfied of the answers"),
        ("csat_weighted", bias.reweighted,
         "of all served, answers weighted by the inverse of their probability"),
        ("csat_by_regression", bias.by_regression,
         "of all served, by regression on what the log shows"),
        ("csat_if_satisfied_answer_half", bias.if_odds[HALF],
         "a supposition: the satisfied have half the odds to answer, beyond what is seen"),
        ("csat_if_satisfied_answer_twice", bias.if_odds[TWICE],
         "a supposition: the satisfied have twice the odds to answer, beyond what is seen"),
    ):  # fmt: skip
        yield estimated(name, "center", one, "share", method)
    for name, (value, low, high) in bias.by_answer.items():
        one = DayEstimate(value, low, high, bias.answered.records)
        yield estimated(
            f"satisfaction_{name}", "center", one, "share",
            "answers weighted; ends: half and twice the odds of the satisfied, a supposition",
            f"satisfaction.{name}",
        )  # fmt: skip
