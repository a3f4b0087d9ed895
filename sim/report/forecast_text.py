"""A forecast as text: errors of the methods, what was chosen, coverage, and what was odd."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.history.log_histories import CALL_LOG
from sim.report.forecast_verdict import verdict_sentences
from sim.report.text_table import columns
from sim.scenario.problems import all_of
from sim.units import counted

if TYPE_CHECKING:
    import datetime as dt

    from sim.history.forecast.queue_forecast import HorizonChoice, QueueForecast
    from sim.history.forecast_history import HistoryForecast

CHOSEN, NAIVE = "chosen", ("seasonal naive", "median of six")
COVERAGE_AIM = 0.03
"""Largest difference of measured and nominal coverage about which nothing is said."""
KINDS = {"intervals": "single intervals"}
"""What a coverage is of, in words."""
COVERED = ("intervals", "days", "weeks")
TOO_FEW = "too few days"
"""What there are where something cannot be counted."""
MOST_ODD = 12
"""Findings of a history that the text lists for each queue."""
EXPLAINED = {
    "Low, high": "Ends of the prediction interval of the expected contacts.",
    "WAPE": "Absolute errors of the intervals over all contacts, forecast with what was known 1 "
    "day, 2 to 7 days (1 week) and 8 to 28 days (4 weeks) before.",
    "Bias": "Forecast minus actual contacts, over actual contacts.",
    "Poisson noise": "WAPE that remains when every expected volume is known, near 0.8/√mean.",
    "Coverage": "Share of actual counts inside their prediction intervals in the back-test.",
    "Busyness": "Variation of days about the forecast beyond Poisson noise, with its 95 % "
    "confidence interval, and its correlation from one day to the next.",
}


def forecast_text(found: HistoryForecast) -> str:
    """Return a forecast for a terminal.

    Parameters
    ----------
    found : HistoryForecast
    """
    parts = [f"Forecast from {found.history.name}{_origin(found.history.export)}"]
    queues = zip(found.history.queues, found.queues, strict=True)
    for place, (history, one) in enumerate(queues):
        span = f"{history.first_day} to {history.last_day}"
        parts.append(
            f"{one.queue} ({one.channel}): {counted(len(one.dates), 'day')} from {one.first_day} "
            f"on, in intervals of {one.interval_minutes} min; history {span}"
        )
        parts += _together(verdict_sentences(one, history.days))
        weeks = week_rows(found, place)
        parts.append(columns(weeks if len(weeks) > 1 else day_rows(found, place)))
        parts.append(columns(error_rows(one)))
        parts += _together(chosen_lines(one))
        parts.append(columns(coverage_rows(one)))
        parts += _together(f"Note: {text}." for text in coverage_sentences(one))
        parts += _odd(odd_rows(found, place))
        if one.odd_days:
            shown = ", ".join(f"{day}" for day in one.odd_days[:MOST_ODD])
            more = ", …" if len(one.odd_days) > MOST_ODD else ""
            parts.append(f"Days that count less than half: {shown}{more}")
        parts += [f"Not tried: {name}, {why}" for name, why in one.refused.items()]
    parts += _together(f"Note: {note}." for note in forecast_notes(found))
    parts.append("\n".join(f"{key}: {text}" for key, text in EXPLAINED.items()))
    return "\n\n".join(parts) + "\n"


def _origin(export: str) -> str:
    """Return what the history is, to follow the name of its file; empty where it is not known."""
    if export in ("", "interval rows"):
        return ""
    return f", a {export}" if export == CALL_LOG else f", export of {export}"


def _together(lines: Iterable[str]) -> list[str]:
    """Return lines as one paragraph, none where there are none."""
    text = "\n".join(lines)
    return [text] if text else []


def forecast_notes(found: HistoryForecast) -> list[str]:
    """Return the notes of all queues, once each, and how busyness is shared."""
    notes = [*found.notes, *(note for one in found.queues for note in one.notes)]
    shared = found.queues[0].shared
    if shared is not None:
        notes.append(f"queues share {100 * shared:.0f} % of their busyness")
    return list(dict.fromkeys(notes))


def error_rows(one: QueueForecast) -> list[list[str]]:
    """Return the back-test: a row for each method, WAPE and bias by horizon."""
    tested = [title for title, days in one.back_test.days.items() if days]
    head = ["method"]
    for title in tested:
        head += [f"{title}: WAPE", "bias"]
    rows = [head]
    for method in dict.fromkeys(error.method for error in one.back_test.errors):
        row = [method]
        for title in tested:
            error = one.back_test.error(method, title)
            row += ["", ""] if error is None else [_share(error.wape), _signed(error.bias)]
        rows.append(row)
    noise = _share(one.back_test.poisson_wape)
    rows.append(["Poisson noise", *([noise, ""] * len(tested))])
    return rows


def chosen_lines(one: QueueForecast) -> list[str]:
    """Return what forecasts each horizon, in a line each."""
    return [f"Chosen for {choice.horizon}: {_weights(choice)}" for choice in one.choices]


def coverage_rows(one: QueueForecast) -> list[list[str]]:
    """Return the coverage at each horizon and the busyness of days, where there are enough days.

    Seven days cannot be forecast one day ahead.
    """
    head = ["horizon", f"coverage of {100 * one.level:.0f} %: intervals", "days", "weeks"]
    rows = [[*head, "busyness", "memory"]]
    for choice in one.choices:
        covered = [_share(choice.coverage[key]) or TOO_FEW for key in COVERED]
        if choice is one.choices[0]:
            covered[-1] = "-"
        busyness = choice.busyness
        shown = [TOO_FEW, "-"]
        if busyness is not None:
            span = f"{_share(busyness.low)} to {_share(busyness.high)}"
            shown = [f"{_share(busyness.cv)} ({span})", f"{100 * busyness.memory:.0f} %"]
        rows.append([choice.horizon, *covered, *shown])
    return rows


def _weights(choice: HorizonChoice) -> str:
    parts = sorted(choice.weights.items(), key=lambda item: -item[1])
    if len(parts) == 1:
        return parts[0][0]
    shown = " + ".join(f"{100 * weight:.0f} % {name}" for name, weight in parts)
    return shown if choice.is_tested else f"{shown} (too few days to test)"


def week_rows(found: HistoryForecast, queue: int) -> list[list[str]]:
    """Return contacts of each seven days of the forecast with interval, below a row of titles.

    They begin with the first day of the forecast, which may be any weekday.

    Parameters
    ----------
    found : HistoryForecast
    queue : int
        Place of the queue.
    """
    return _period_rows(found, queue, 7, "days")


def day_rows(found: HistoryForecast, queue: int) -> list[list[str]]:
    """Return contacts of the days of the forecast with their interval; closed days say so."""
    return _period_rows(found, queue, 1, "day")


def _period_rows(found: HistoryForecast, queue: int, step: int, name: str) -> list[list[str]]:
    one, shown = found.queues[queue], found.intervals[queue]
    band = one.weeks if step > 1 else one.days
    totals = shown.offered.sum(axis=1)
    rows = [[name, "contacts", "low", "high"]]
    for k, (expected, low, high) in enumerate(zip(band.expected, band.low, band.high, strict=True)):
        days = slice(k * step, (k + 1) * step)
        label = day_span(one.dates[days][0], one.dates[days][-1])
        if not shown.is_open[days].any():
            rows.append([label, "closed", "", ""])
            continue
        own = totals[days].sum()
        factor = own / expected if expected > 0 else 1.0
        rows.append([label, *(f"{value:,.0f}" for value in (own, low * factor, high * factor))])
    return rows


def day_span(first: dt.date, last: dt.date) -> str:
    """Return the first and last of some days with their weekdays; one day alone."""
    shown = f"{first:%a} {first}"
    return shown if first == last else f"{shown} to {last:%a} {last}"


def coverage_sentences(one: QueueForecast) -> list[str]:
    """Return a sentence for each horizon whose coverage is certainly off the nominal one.

    Its confidence interval must leave out the nominal coverage.

    Parameters
    ----------
    one : QueueForecast
    """
    found = []
    for choice in one.choices:
        known, ends = choice.coverage, choice.coverage_intervals
        narrow = [k for k in ends if ends[k][1] < one.level and known[k] < one.level - COVERAGE_AIM]
        wide = [k for k in ends if ends[k][0] > one.level and known[k] > one.level + COVERAGE_AIM]
        for kinds, word, advice in (
            (narrow, "narrow", "expect more variation than they show"),
            (wide, "wide", "they are on the safe side"),
        ):
            if kinds:
                shown = all_of(
                    [f"{KINDS.get(kind, kind)} ({_share(known[kind])})" for kind in kinds]
                )
                found.append(
                    f"{choice.horizon} ahead, prediction intervals of {shown} are too {word}: "
                    f"{100 * one.level:.0f} % of the actual counts should lie inside them; {advice}"
                )
    return found


def odd_rows(found: HistoryForecast, queue: int) -> list[list[str]]:
    """Return what is odd in the history of a queue, below a row of titles.

    Parameters
    ----------
    found : HistoryForecast
    queue : int
        Place of the queue.
    """
    one = found.queues[queue]
    rows = [["odd in the history", "days", "found", "in the forecast"]]
    for odd in found.history.irregularities:
        if odd.queue == one.queue:
            days = f"{odd.first}" if odd.first == odd.last else f"{odd.first} to {odd.last}"
            clock = odd.clock(one.interval_minutes)
            rows.append([odd.kind, f"{days} {clock}".strip(), odd.text, odd.treatment])
    return rows


def _odd(rows: list[list[str]]) -> list[str]:
    """Return what is odd in the history of a queue, the first findings only."""
    if len(rows) == 1:
        return ["Odd in the history: nothing"]
    parts = [columns(rows[: MOST_ODD + 1], left=4)]
    rest = rows[MOST_ODD + 1 :]
    if rest:
        kinds = Counter(row[0] for row in rest)
        shown = ", ".join(f"{kind}: {number}" for kind, number in kinds.items())
        parts.append(f"and {len(rest)} more ({shown}); --json has all")
    return parts


def _share(value: float) -> str:
    return f"{100 * value:.1f} %" if math.isfinite(value) else ""


def _signed(value: float) -> str:
    return f"{100 * value:+.1f} %"
