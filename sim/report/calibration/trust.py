"""Whether to trust a calibration, what was changed in it, and what its log cannot show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.history.calibration.close_loop import TOLERANCES
from sim.history.calibration.past_days import BAND
from sim.report.calibration.words import TITLES, UNITS, change_text, left_out_lines
from sim.scenario.problems import all_of
from sim.units import counted

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.close_loop import ClosedLoop
    from sim.history.calibration.past_days import FitError, QueueFit
    from sim.history.call_log import CallLog

REMOVED = ("left out", "talk added to the first one")
"""Beginnings of what was done with records that are no contacts of their own."""
ENOUGH_INSIDE = 0.9
"""Share of days inside their 95 % band from which on the bands are taken for right."""
LONG_WAIT = 60.0
"""Seconds after which some customers of any queue abandon."""
FEWEST_LONG_WAITS = 100
"""Waits so long from which on a queue without abandoned contacts is doubted."""
CLEARLY = 1.1
"""Errors up to so many times those of Erlang A count as as good, however certain."""
IMPROBABLE = 0.025
"""Probability below which so few days inside their bands are not taken for random."""


def trust_lines(found: Calibration) -> list[str]:
    """Return in sentences how far to trust a calibration; what speaks against it first."""
    fit = found.left_out or found.in_sample
    errors = fit.errors
    days = (
        f"the last {counted(found.left_out_days, 'day')}, which were left out of the estimates"
        if found.left_out is not None
        else "the days it was made from; too few days to leave some out"
    )
    worse = [_against_erlang_a(one) for one in errors if _certainly_worse(one)]
    inside = {one.metric: one.inside for one in errors if np.isfinite(one.inside)}
    days_of = {one.metric: one.periods for one in errors if np.isfinite(one.inside)}
    low = any(_too_few(share, days_of[name]) for name, share in inside.items())
    ends = [f"{one.what} ({one.range_text})" for one in found.loop.changed if one.at_end]
    off = [_queue_off(one) for one in fit.by_queue if one.is_off]
    better = any(one.difference_high < 0 for one in errors)
    complete = not (queues := _without_abandoned(found.estimates.log))
    verdict = _verdict(bool(worse), low, bool(ends), bool(off), better, complete)
    lines = [f"{verdict} (on {days})."]
    if not complete:
        lines.append(
            f"No abandoned contact of {all_of(queues)} is in the log: patience is taken as "
            "unlimited, and volumes are too low where the export leaves abandoned contacts out."
        )
    if worse:
        lines.append(f"Worse than Erlang A: {'; '.join(worse)}.")
    if off:
        lines.append(f"Simulated minus recorded, by queue: {'; '.join(off)}.")
    if ends:
        lines.append(
            f"Changed to an end of what is taken for possible, or beyond: {'; '.join(ends)}."
        )
    lines.append(
        f"{sum(one.error < one.erlang_a for one in errors)} of {len(errors)} mean errors are below "
        "those of Erlang A."
    )
    if inside:
        shares = ", ".join(f"{TITLES[name]} {100 * share:.0f} %" for name, share in inside.items())
        lines.append(f"Days inside their 95 % band: {shares}.")
    lines += [f"{note}." for note in (found.volume_note, found.talk_note) if note]
    return lines


def _without_abandoned(log: CallLog) -> list[str]:
    """Return queues in which many customers waited for more than a minute and none abandoned."""
    found = []
    for at, name in enumerate(log.queues):
        mine = log.queue == at
        waits = np.count_nonzero(log.wait[mine] > LONG_WAIT) >= FEWEST_LONG_WAITS
        channel = log.channels[at] if log.channels else ""
        if channel in ("", "voice", "chat") and waits and not log.abandoned[mine].any():
            found.append(name)
    return found


def _verdict(worse: bool, low: bool, ends: bool, off: bool, better: bool, complete: bool) -> str:
    against = [
        text
        for holds, text in (
            (not complete, "no abandoned contacts"),
            (worse, "in part worse than Erlang A"),
            (off, "single queues are off"),
            (ends, "an estimate had to be changed as far as is taken for possible, or farther"),
            (low, "bands too narrow"),
        )
        if holds
    ]
    if worse or ends or off or not complete:
        return f"Check before you use it: {', '.join(against)}"
    bands = "but with bands that are too narrow" if low else "with bands that hold"
    return f"Fits {'better than' if better else 'as well as'} Erlang A, {bands}"


def _certainly_worse(one: FitError) -> bool:
    """Return whether an error is certainly and noticeably larger than that of Erlang A."""
    return one.error > CLEARLY * one.erlang_a and one.difference_low > 0


def _too_few(share: float, days: int) -> bool:
    """Return whether so few days inside a band of 95 % are hardly random (binomial)."""
    from scipy.special import bdtr

    return share < ENOUGH_INSIDE and float(bdtr(round(share * days), days, BAND)) < IMPROBABLE


def _queue_off(one: QueueFit) -> str:
    bias = change_text(one.simulated - one.actual, UNITS[one.metric])
    return f"{one.queue}, {TITLES[one.metric]} {bias}"


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
    changed = changed or [_unchanged(found.loop)]
    return [*changed, *([found.loop.spread_note] if found.loop.spread_note else [])]


def _unchanged(loop: ClosedLoop) -> str:
    """Return why nothing was changed."""
    biased = any(abs(bias) > TOLERANCES[name] for name, bias in loop.before.items())
    tried = all_of([one.what for one in loop.parameters if one.name != "talk_days"])
    if tried and biased:
        return (
            f"nothing: other likely values of {tried} did not bring the simulated days clearly "
            "nearer to the recorded ones"
        )
    return "nothing: the recorded days are simulated with all estimates as they are"


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
