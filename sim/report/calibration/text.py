"""A calibration as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from sim.history.calibration.experience_rows import is_of_issues, is_of_satisfaction
from sim.history.calibration.scenario_comments import shown_value
from sim.report.coefficients import calibrated_text
from sim.report.text_table import columns

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.estimated_values import EstimatedValue
    from sim.history.calibration.past_days import FitError

UNITS = {"service_level": "share", "asa_s": "s", "abandonment": "share"}
TITLES = {"service_level": "service level", "asa_s": "ASA", "abandonment": "abandonment"}
MAIN = ("talk_mean", "wrap_mean", "patience_median", "balking", "gap_mean", "gap_median",
        "busyness_cv", "talk_day_cv", "agent_speed_cv", "break_share", "not_ready_when_quiet",
        "quiet_break_mean", "head_start", "weight", "priority",
        "retrial_within_hour")  # fmt: skip
"""Estimates that the text shows; the page shows all."""
IN_WORDS = {
    "agent_speed_cv": "differences in speed between agents",
    "break_share": "share of time in breaks",
    "busyness_cv": "variation of the volume from day to day",
    "busyness_memory": "correlation of the volume with the day before",
    "busyness_shared": "part of that variation common to all queues",
    "gap_mean": "gap after a contact, mean",
    "gap_median": "gap after a contact, median",
    "gap_zero": "contacts after which there is no gap",
    "not_ready_share": "share of time not ready",
    "not_ready_when_quiet": "not ready while no customer waits",
    "patience_median": "patience, median",
    "quiet_break_mean": "length of a break when quiet",
    "retrial_within_hour": "abandoned who call again within an hour",
    "talk_day_cv": "variation of talk from day to day",
    "talk_day_memory": "correlation of talk with the day before",
    "talk_with_volume": "correlation of talk with the volume of the day",
}
"""Names of estimates on the page and in the report."""
ASSUMPTIONS_IN_WORDS = {
    "busyness of days": "variation of the volume from day to day",
    "talk of days": "variation of talk from day to day",
    "presences (gap rules of 5 and 30 min)": "agents off duty after 5 or 30 min without a contact",
}
ONLY_ON_PAGE = ("fcr_14", "fcr_30", "repeat_within", "transferred_to", "response_")
"""Beginnings of names of estimates of issues and satisfaction that the text leaves out."""


def calibration_text(found: Calibration) -> str:
    """Return a calibration in short: what was read, estimated, solved for, and how it fits."""
    return "\n".join(_lines(found))


def _lines(found: Calibration) -> Iterator[str]:
    log = found.estimates.log
    yield (
        f"{found.name}: {len(log):,} contacts, {int(found.estimates.usable.sum())} days from "
        f"{log.first_day} to {log.date(log.days - 1)}"
    )
    for step in found.cleaning.steps:
        if step.count:
            yield f"  {step.name}: {step.count:,}, {step.action}"
    for line in left_out_lines(found):
        yield f"  day left out, {line}"
    yield from state_lines(found)
    for text in notes_of(found):
        yield f"Note: {text}."
    yield ""
    rows = [
        [row.scope.removeprefix("queue."), row.name.replace("_", " "),
         shown_value(row.value, row.unit), interval_text(row), row.method]
        for row in found.rows
        if row.name in MAIN
    ]  # fmt: skip
    yield columns([["", "estimate", "value", "95 % confidence interval", ""], *rows], left=2)
    yield from _experience(found)
    if (order := found.estimates.order) is not None:
        yield f"Order of service: {order.in_words}"
    yield ""
    for one in found.loop.parameters:
        yield (f"Multiplied by {one.factor:.3f} to remove bias: {one.what} ({one.range_text})")
    yield ""
    yield from _errors("Recorded days, simulated with their own arrivals", found.in_sample.errors)
    if found.left_out is not None:
        yield from _errors(
            f"The last {found.left_out_days} days, calibrated on the days before",
            found.left_out.errors,
        )
    yield "What the assumptions do between the ends of their confidence intervals"
    effects = [
        [one.name, one.low, one.high, *(change_text(one.effects[m], UNITS[m]) for m in UNITS)]
        for one in found.assumptions
    ]
    yield columns([["assumption", "from", "to", *TITLES.values()], *effects])
    for text in found.missing:
        yield f"Not estimated: {text}"


def notes_of(found: Calibration) -> list[str]:
    """Return what was assumed at reading, each note once."""
    states = found.state_cleaning
    more = [] if states is None else [n for n in states.notes if n not in found.cleaning.notes]
    return [*found.cleaning.notes, *more]


def state_lines(found: Calibration) -> Iterator[str]:
    """Yield what was read of the states of agents, and what was done with them."""
    states, steps = found.estimates.states, found.state_cleaning
    if states is None or steps is None:
        return
    yield (
        f"states of agents: {steps.rows:,} records; {states.agents:,} of {states.of_agents:,} "
        f"agents, who answered {100 * states.contacts:.3g} % of the contacts"
    )
    for step in steps.steps:
        yield f"  {step.name}: {step.count:,}, {step.action}"


def _experience(found: Calibration) -> Iterator[str]:
    """Yield what the log shows of issues and satisfaction."""
    for title, belongs in (("issues", is_of_issues), ("satisfaction", is_of_satisfaction)):
        rows = [
            [row.scope.removeprefix("queue."), row.name.replace("_", " "),
             shown_value(row.value, row.unit), interval_text(row), row.method]
            for row in found.rows
            if belongs(row) and not row.name.startswith(ONLY_ON_PAGE)
        ]  # fmt: skip
        if rows:
            yield ""
            yield columns([["", title, "value", "95 % confidence interval", ""], *rows], left=2)
    if model := found.satisfaction_model:
        yield ""
        yield calibrated_text(model.calibrated)


def left_out_lines(found: Calibration) -> list[str]:
    """Return the whole days that estimates leave out, each with its reasons."""
    reasons: dict[int, list[str]] = {}
    for one in found.estimates.unusual:
        if not found.estimates.usable[one.day]:
            reasons.setdefault(one.day, []).append(one.reason)
    log = found.estimates.log
    return [f"{log.date(day)}: {'; '.join(why)}" for day, why in reasons.items()]


def _errors(title: str, errors: tuple[FitError, ...]) -> Iterator[str]:
    yield title
    yield columns([ERROR_HEADS, *(error_cells(one) for one in errors)], left=2)
    yield ""


ERROR_HEADS = ["metric", "by", "error", "Erlang A", "bias", "days inside band"]


def error_cells(one: FitError) -> list[str]:
    """Return one error as cells, as :data:`ERROR_HEADS` names them."""
    unit = UNITS[one.metric]
    inside = f"{100 * one.inside:.0f} %" if np.isfinite(one.inside) else ""
    error, formula = (change_text(x, unit).removeprefix("+") for x in (one.error, one.erlang_a))
    return [TITLES[one.metric], one.period, error, formula, change_text(one.bias, unit), inside]


def interval_text(row: EstimatedValue) -> str:
    """Return the ends of the confidence interval of an estimate, or why there is none."""
    if not np.isfinite([row.low, row.high]).all():
        return row.no_interval
    return f"{shown_value(row.low, row.unit)} to {shown_value(row.high, row.unit)}"


def change_text(value: float, unit: str) -> str:
    """Return a difference with its sign: of shares in percentage points."""
    if not np.isfinite(value):
        return "-"
    shown = round(100 * value if unit == "share" else value, 1) + 0.0  # no minus before a zero
    return f"{shown:+.1f} {'pp' if unit == 'share' else 's'}"


def in_words(name: str, scope: str) -> str:
    """Return the name of an estimate, and of what it is."""
    return f"{IN_WORDS.get(name, name.replace('_', ' '))}, {scope.removeprefix('queue.')}"
