"""Whether to trust a calibration, what was changed in it, and what its log cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.history.calibration.past_days import BAND
from sim.history.estimation.day_bootstrap import wilson_interval
from sim.report.calibration.words import TITLES, UNITS, change_text, left_out_lines
from sim.units import counted

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.past_days import FitError

REMOVED = ("left out", "talk added to the first one")
"""Beginnings of what was done with records that are no contacts of their own."""
ENOUGH_INSIDE = 0.9
"""Share of days inside their 95 % band from which on the bands are taken for right."""

CLEARLY = 1.1
"""Errors up to so many times those of Erlang A are as good: the difference may be random."""


def trust_lines(found: Calibration) -> list[str]:
    """Return in sentences how far to trust a calibration; what speaks against it first."""
    errors = (found.left_out or found.in_sample).errors
    days = (
        f"the last {counted(found.left_out_days, 'day')}, which were left out of the estimates"
        if found.left_out is not None
        else "the days it was made from; too few days to leave some out"
    )
    worse = [_against_erlang_a(one) for one in errors if one.error > CLEARLY * one.erlang_a]
    inside = {one.metric: one.inside for one in errors if np.isfinite(one.inside)}
    days_of = {one.metric: one.periods for one in errors if np.isfinite(one.inside)}
    low = {name for name, share in inside.items() if _too_few(share, days_of[name])}
    verdict = "Fits better than Erlang A, with bands that hold"
    if worse and low:
        verdict = "Check before you use it: not everywhere better than Erlang A, bands too narrow"
    elif worse:
        verdict = "Check before you use it: not everywhere better than Erlang A"
    elif low:
        verdict = "Better than Erlang A, but with bands that are too narrow"
    lines = [f"{verdict} (on {days})."]
    if worse:
        lines.append(f"Worse than Erlang A: {'; '.join(worse)}.")
    lines.append(
        f"{sum(one.error < one.erlang_a for one in errors)} of {len(errors)} mean errors are below "
        "those of Erlang A."
    )
    if inside:
        shares = ", ".join(f"{TITLES[name]} {100 * share:.0f} %" for name, share in inside.items())
        lines.append(f"Days inside their 95 % band: {shares}.")
    return lines


def _too_few(share: float, days: int) -> bool:
    """Return whether so few days inside a band of 95 % are hardly random."""
    return share < ENOUGH_INSIDE and wilson_interval(share * days, days)[1] < BAND


def _against_erlang_a(one: FitError) -> str:
    unit = UNITS[one.metric]
    error, formula = (change_text(x, unit).removeprefix("+") for x in (one.error, one.erlang_a))
    return f"{TITLES[one.metric]} by {one.period} ({error} against {formula})"


def moved_lines(found: Calibration) -> list[str]:
    """Return by how much each parameter was changed to remove bias."""
    changed = [
        f"{one.what}: multiplied by {one.factor:.3f}; {one.range_text}"
        for one in found.loop.changed
    ]
    return changed or ["nothing: the recorded days are simulated with all estimates as they are"]


def bias_lines(found: Calibration, before: str = "") -> list[str]:
    """Return the bias of each metric before and after these changes."""
    return [
        f"{before}{TITLES[name]}: {change_text(found.loop.before[name], UNITS[name])} before, "
        f"{change_text(found.loop.after[name], UNITS[name])} after"
        for name in UNITS
    ]


def lacking_lines(found: Calibration) -> list[str]:
    """Return what was not estimated and why, columns that the log lacks first."""
    log = found.estimates.log
    lines = []
    if log.wrap is None:
        lines.append(
            "wrap-up: the log has no column of it; it counts as part of the gap after contacts"
        )
    has_customers = bool((log.customer >= 0).any())
    if not has_customers:
        lines.append("retrials and repeat contacts: the log has no column of customers")
    if found.estimates.states is None:
        lines.append(
            "breaks as recorded: there is no file of states of agents; times on duty are inferred "
            "from the gaps between contacts"
        )
    said = () if has_customers else ("repeat contacts: 0 issues or customers known",)
    return [*lines, *(text for text in found.missing if not text.startswith(said))]


def days_left_out_row(found: Calibration) -> list[str] | None:
    """Return the contacts of whole days that were left out, as a row of the cleaning."""
    steps = found.cleaning.steps
    removed = sum(step.count for step in steps if step.action.startswith(REMOVED))
    rest = found.cleaning.rows - removed - len(found.estimates.log)
    days = len(left_out_lines(found))
    if rest <= 0 or not days:
        return None
    name = f"contacts of {counted(days, 'unusual day')}"
    return [name, f"{rest:,}", "left out; reasons below"]
