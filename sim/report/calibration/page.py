"""A calibration on one page: estimates against data, errors, assumptions, as HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.history.calibration.experience_rows import is_of_issues, is_of_satisfaction
from sim.history.calibration.talk_by_hour import talk_by_hour
from sim.report.calibration.drawings import pictures
from sim.report.calibration.earlier_fit import EARLIER_HEADS, earlier_cells, earlier_note
from sim.report.calibration.experience_tables import experience_tables
from sim.report.calibration.page_table import PageTable
from sim.report.calibration.trust import (
    bias_lines,
    days_left_out_row,
    lacking_lines,
    moved_lines,
    trust_lines,
)
from sim.report.calibration.words import (
    ASSUMPTIONS_IN_WORDS,
    ERROR_HEADS,
    QUEUE_HEADS,
    TITLES,
    UNITS,
    agents_text,
    change_text,
    error_cells,
    in_words,
    interval_text,
    left_out_lines,
    level_text,
    notes_of,
    queue_cells,
    value_text,
)
from sim.report.html_page import drawn, html_page
from sim.units import counted

if TYPE_CHECKING:
    from sim.history.calibration import Calibration
    from sim.history.calibration.past_days import FitError


def calibration_page(found: Calibration) -> str:
    """Return the report as HTML that needs nothing else."""
    log = found.estimates.log
    return html_page(
        "calibration.html",
        title=f"Calibration on {found.name}",
        verdict=(
            f"{counted(len(log), 'contact')} on "
            f"{counted(int(found.estimates.usable.sum()), 'day')}, {log.first_day} to "
            f"{log.date(log.days - 1)}"
        ),
        trust=trust_lines(found),
        moved=moved_lines(found),
        biases=bias_lines(found),
        missing=lacking_lines(found),
        notes=notes_of(found),
        unusual=unusual_lines(found),
        tables=calibration_tables(found),
        pictures=[
            {"title": one.title, "drawing": drawn(one.drawing), "note": one.note}
            for one in pictures(found)
        ],
    )


def unusual_lines(found: Calibration) -> list[str]:
    """Return the unusual days with their reasons, those that are left out first."""
    kept = [
        f"{found.estimates.log.date(one.day)}: {one.reason}"
        for one in found.estimates.unusual
        if found.estimates.usable[one.day]
    ]
    return [f"{line}; left out" for line in left_out_lines(found)] + kept


def calibration_tables(found: Calibration) -> list[PageTable]:
    """Return the tables of the report that have rows, what matters most first."""
    tables = [
        PageTable(
            "What matters most",
            "Difference between the ends of the 95 % confidence interval of each assumption, of "
            "agents between two gap rules, in a usual week with the same random numbers (paired "
            "simulations), largest first. Talk, patience, gaps, pauses and breaks when quiet are "
            "simulated with half to double the estimate at most.",
            ["assumption", "from", "to", *TITLES.values()],
            [
                [
                    ASSUMPTIONS_IN_WORDS.get(one.name, one.name),
                    level_text(one.low),
                    level_text(one.high),
                ]
                + [
                    f"{change_text(one.effects[m], UNITS[m])} ± "
                    f"{change_text(one.errors[m], UNITS[m]).removeprefix('+')}"
                    for m in UNITS
                ]
                for one in found.assumptions
            ],
        ),
        _error_table(
            "Errors on recorded days",
            "Simulated with their own arrivals and "
            f"{agents_text(found.estimates.states)}. Mean absolute errors, weighted by contacts. "
            "Erlang A has the same arrivals, agents and patience, and a handle time lengthened by "
            "the gap, all as estimated.",
            found.in_sample.errors,
        ),
    ]
    tables.append(
        PageTable(
            "Queues on recorded days",
            "Each queue over all these days together, service level within 20 s. An actual value "
            "outside of what 95 % of the simulations of these days have is not random.",
            QUEUE_HEADS, [queue_cells(one) for one in found.in_sample.by_queue],
        )
    )  # fmt: skip
    if found.left_out is not None:
        tables.append(
            _error_table(
                "Errors on days left out",
                f"The last {counted(found.left_out_days, 'day')}, with everything estimated on the "
                "days before but their own arrivals and agents.",
                found.left_out.errors,
            )
        )
        tables.append(
            PageTable(
                "What the days left out were simulated with",
                f"{earlier_note(found)}. Factors, biases, and estimates of which one lies outside "
                "the confidence interval of the other: they are why errors on days left out "
                "differ from those on recorded days.",
                EARLIER_HEADS,
                earlier_cells(found),
            )
        )
    tables += experience_tables(found)
    tables += [
        _estimate_table(found),
        _hour_table(found),
        _drift_table(found),
        _cleaning_table(found),
    ]
    tables += [_order_table(found), _state_table(found)]
    return [table for table in tables if table.rows]


def _error_table(title: str, text: str, errors: tuple[FitError, ...]) -> PageTable:
    return PageTable(title, text, ERROR_HEADS, [error_cells(one) for one in errors])


def _estimate_table(found: Calibration) -> PageTable:
    rows = [
        [
            in_words(row.name, row.scope),
            value_text(row.value, row.unit),
            interval_text(row),
            f"{row.records:,}",
            row.method,
            row.field,
        ]
        for row in found.rows
        if not is_of_issues(row) and not is_of_satisfaction(row)
    ]
    return PageTable(
        "Estimates",
        "With 95 % confidence intervals by bootstrap of days.",
        ["estimate", "value", "confidence interval", "records", "method", "field"],
        rows,
    )


def _hour_table(found: Calibration) -> PageTable:
    rows = [
        [one.queue, f"{one.hour}:00", f"{one.as_written:.3f}", f"{one.same_agents:.3f}"]
        for one in talk_by_hour(found.estimates)
    ]
    return PageTable(
        "Talk by hour",
        "Mean talk in relation to that of all hours, drawn towards it where an hour has few "
        "contacts. The scenario, whose persons are the same in all hours, has talk with the "
        "agents who worked then; talk of the same agents is for persons of your own with speeds "
        "and shifts.",
        ["queue", "hour", "in the scenario", "of the same agents"],
        rows,
    )


def _order_table(found: Calibration) -> PageTable:
    order = found.estimates.order
    if order is None:
        return PageTable("Order of service", "", [], [])
    likely = order.found.log_likelihood
    best = max(likely.values())
    rows = [
        [
            order.name(one.later),
            order.name(one.earlier),
            f"{one.pairs:,}",
            f"{100 * one.share:.1f} %",
            f"{100 * one.low:.1f} % to {100 * one.high:.1f} %",
        ]
        for one in order.found.overtaking
    ]
    rules = "; ".join(
        f"{name} {round(value - best, 1) + 0.0:.1f}" for name, value in likely.items()
    )
    return PageTable(
        "Order of service",
        f"The scenario serves {order.in_words}. Pairs of waiting contacts of which an agent who "
        "takes both took one: how often the one that came later. Log-likelihood of each rule, "
        f"less that of the rule that explains the pairs best: {rules}; the lower, the worse. "
        "Strict priority is taken only where those preferred overtake in nine of ten pairs, "
        "however likely it is, and head starts or weights only where they explain the pairs "
        "clearly better than first come.",
        ["came later", "came earlier", "pairs", "later one first", "confidence interval"],
        rows,
    )


def _drift_table(found: Calibration) -> PageTable:
    rows = [
        [
            in_words(one.name, one.scope),
            value_text(one.first, one.unit),
            value_text(one.second, one.unit),
        ]
        for one in found.drift
        if one.apart
    ]
    return PageTable(
        "Changes over time",
        "Estimates whose confidence intervals in the first and second half of the days do not "
        "meet, and contacts per day where their trend is certain: the center changed, and later "
        "days are nearer to the future.",
        ["estimate", "first half", "second half"],
        rows,
    )


def _state_table(found: Calibration) -> PageTable:
    """Return what was read of the states of agents; without rows where there are none."""
    states, steps = found.estimates.states, found.state_cleaning
    if states is None or steps is None:
        return PageTable("States of agents", "", [], [])
    used = (
        "times on duty, breaks, wrap-up, gaps and breaks when quiet"
        if states.has_details
        else "times on duty"
    )
    rows = [
        ["agents with states", f"{states.agents:,}", f"{used} are as recorded"],
        *([step.name, f"{step.count:,}", step.action] for step in steps.steps),
    ]
    share = f"{100 * states.contacts:.3g}"
    note = (
        f"{counted(steps.rows, 'record')} in the file; its agents answered {share} % of the "
        "contacts. Estimates whose origin is recorded states go before inference."
    )
    return PageTable("States of agents", note, ["found", "count", "done"], rows)


def _cleaning_table(found: Calibration) -> PageTable:
    rows = [[step.name, f"{step.count:,}", step.action] for step in found.cleaning.steps]
    if (days := days_left_out_row(found)) is not None:
        rows.append(days)
    return PageTable(
        "Cleaning",
        f"{counted(found.cleaning.rows, 'record')} in the file, "
        f"{counted(len(found.estimates.log), 'contact')} used.",
        ["found", "count", "done"],
        rows,
    )
