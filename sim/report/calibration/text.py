"""A calibration as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.history.calibration.experience_rows import is_of_issues, is_of_satisfaction
from sim.report.calibration.earlier_fit import EARLIER_HEADS, earlier_cells, earlier_note
from sim.report.calibration.trust import bias_lines, lacking_lines, moved_lines, trust_lines
from sim.report.calibration.words import (
    ASSUMPTIONS_IN_WORDS,
    ERROR_HEADS,
    QUEUE_HEADS,
    TITLES,
    UNITS,
    change_text,
    error_cells,
    interval_text,
    left_out_lines,
    level_text,
    name_in_words,
    notes_of,
    queue_cells,
    value_text,
)
from sim.report.coefficients import calibrated_text
from sim.report.text_table import columns
from sim.units import counted

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.assumption_effects import AssumptionEffect
    from sim.history.calibration.estimated_values import EstimatedValue
    from sim.history.calibration.past_days import FitError

MAIN = (
    "agent_hours_a_day", "agent_hours_not_ready",
    "talk_mean", "wrap_mean", "concurrency", "patience_median", "balking", "gap_mean", "gap_median",
    "pauses_after_contacts", "pause_mean", "volume_change_per_week", "busyness_cv",
    "talk_day_cv", "talk_level_change", "talk_level_at_end", "agent_speed_cv", "break_share",
    "not_ready_when_quiet", "quiet_break_mean", "head_start", "weight", "priority",
    "retrial_within_hour",
)  # fmt: skip
"""Estimates that the text shows; the page shows all."""
ONLY_ON_PAGE = ("fcr_14", "fcr_30", "repeat_within", "transferred_to", "response_")
"""Beginnings of names of estimates of issues and satisfaction that the text leaves out."""


ABOUT_ERRORS = (
    "Mean error: mean absolute difference, weighted by contacts (pp: percentage points). Bias: "
    "simulated minus\nactual. Erlang A: with the same arrivals and agents. Band: 95 % of the "
    "simulated days."
)


def calibration_text(found: Calibration) -> str:
    """Return a calibration in short: whether to trust it, what was read, estimated and changed."""
    return "\n".join(_lines(found))


def _lines(found: Calibration) -> Iterator[str]:
    log = found.estimates.log
    yield (
        f"{found.name}: {counted(len(log), 'contact')} on "
        f"{counted(int(found.estimates.usable.sum()), 'day')}, {log.first_day} to "
        f"{log.date(log.days - 1)}"
    )
    verdict, *reasons = trust_lines(found)
    yield from ("", verdict, *_indented(reasons))
    yield from _section("Cleaning", _cleaning(found))
    yield from _section("Notes", [f"{text[:1].upper()}{text[1:]}." for text in notes_of(found)])
    yield ""
    main = [row for row in found.rows if row.name in MAIN]
    scopes = list(dict.fromkeys(row.scope for row in main))
    rows = [_cells(row) for scope in scopes for row in main if row.scope == scope]
    yield columns([["", "estimate", "value", "95 % confidence interval"], *rows], left=2)
    yield "report.html has all estimates, and how each was made"
    yield from _experience(found)
    if (order := found.estimates.order) is not None:
        yield from ("", f"Order of service: {order.in_words}")
    yield from _section(
        "Changed to remove bias", [*moved_lines(found), *bias_lines(found, "bias of ")]
    )
    yield ""
    yield from _errors(
        "Errors on recorded days, simulated with their own arrivals and agents",
        found.in_sample.errors,
    )
    if found.in_sample.by_queue:
        yield "Queues on recorded days, all days together"
        yield columns([QUEUE_HEADS, *map(queue_cells, found.in_sample.by_queue)], left=3)
        yield ""
    if found.left_out is not None:
        yield from _errors(
            f"Errors on the last {counted(found.left_out_days, 'day')}, with estimates of the days "
            "before",
            found.left_out.errors,
        )
        yield f"{earlier_note(found)}."
        yield columns([EARLIER_HEADS, *earlier_cells(found)], left=1)
        yield ""
    yield from (ABOUT_ERRORS, "")
    yield "What matters most: change from one end of the 95 % confidence interval to the other"
    yield "(of agents between two gap rules; talk, patience, gaps, pauses and breaks when quiet"
    yield "at half to double the estimate at most)"
    effects = [
        [ASSUMPTIONS_IN_WORDS.get(one.name, one.name), _span(one)]
        + [change_text(one.effects[m], UNITS[m]) for m in UNITS]
        for one in found.assumptions
    ]
    yield columns([["assumption", "between", *TITLES.values()], *effects], left=2)
    yield from _section("Not estimated", lacking_lines(found))


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", title, *_indented(lines))


def _indented(lines: list[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in lines)


def _cells(row: EstimatedValue) -> list[str]:
    name = name_in_words(row.name)
    scope = row.scope.removeprefix("queue.")
    return [scope, name, value_text(row.value, row.unit), interval_text(row)]


def _cleaning(found: Calibration) -> list[str]:
    """Return what was cleaned, the days left out, and what was read of states of agents."""
    lines = [
        f"{one.name}: {one.count:,}, {one.action}" for one in found.cleaning.steps if one.count
    ]
    lines += [f"day left out, {line}" for line in left_out_lines(found)]
    states, steps = found.estimates.states, found.state_cleaning
    if states is not None and steps is not None:
        lines.append(
            f"states of agents: {counted(steps.rows, 'record')}; {states.agents:,} of "
            f"{counted(states.of_agents, 'agent')}, who answered {100 * states.contacts:.3g} % of "
            "the contacts"
        )
        lines += [f"{one.name}: {one.count:,}, {one.action}" for one in steps.steps]
    return lines


def _experience(found: Calibration) -> Iterator[str]:
    """Yield what the log shows of issues and satisfaction."""
    for title, belongs in (("issues", is_of_issues), ("satisfaction", is_of_satisfaction)):
        rows = [
            _cells(row)
            for row in found.rows
            if belongs(row) and not row.name.startswith(ONLY_ON_PAGE)
        ]
        if rows:
            yield ""
            yield columns([["", title, "value", "95 % confidence interval"], *rows], left=2)
    if model := found.satisfaction_model:
        yield ""
        yield calibrated_text(model.calibrated)


def _errors(title: str, errors: tuple[FitError, ...]) -> Iterator[str]:
    yield title
    yield columns([ERROR_HEADS, *(error_cells(one) for one in errors)], left=2)
    yield ""


def _span(one: AssumptionEffect) -> str:
    """Return the ends of an assumption as one, what they have in common said once."""
    low, high = (end.split(" (")[0].split() for end in (one.low, one.high))
    before = 0
    while before < min(len(low), len(high)) - 1 and low[before] == high[before]:
        before += 1
    after = 0
    while after < min(len(low), len(high)) - before - 1 and low[-1 - after] == high[-1 - after]:
        after += 1
    if len(low) - before - after > 1 or len(high) - before - after > 1:
        after = 0  # such as "58 s to 1 min 2 s": a unit alone is not common
    parts = [*low[: len(low) - after], "to", *high[before:]]
    return level_text(" ".join(parts))
