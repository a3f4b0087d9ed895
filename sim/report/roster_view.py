"""What page Roster shows: a week as a calendar of persons, coverage, sums, broken rules."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from typing import TYPE_CHECKING, Any

from sim.report.formatting import show
from sim.units import counted, show_number

if TYPE_CHECKING:
    from pandas.io.formats.style import Styler

    from sim.planning.roster import Roster, RosterProblem
    from sim.planning.roster.problem import RosterShift

OFF, LEAVE = "", "leave"
TINTS = (
    "#0072b240", "#e69f0050", "#56b4e959", "#cc79a750", "#009e7350", "#f0e44259", "#d55e0050",
)  # fmt: skip
"""Behind the cells of shifts, in their order; black and white text can be read on them."""
LEAVE_TINT = "#7b879440"


@dataclass(frozen=True, slots=True)
class WeekCalendar:
    """A week of a roster.

    Attributes
    ----------
    days : tuple of str
        Titles of its columns, such as ``Mon 05 Jan``.
    rows : list of dict
        By person, in the order of the file: ``Person``, then a cell for each day.
    shifts : list of list of str
        Of the same cells: name of the shift, ``leave``, or empty for a day off.
    cover : list of dict
        By shift: ``Shift``, then agents assigned / required, such as ``2 / 3``, for each day.
    """

    days: tuple[str, ...]
    rows: list[dict[str, str]]
    shifts: list[list[str]]
    cover: list[dict[str, str]]


def week_titles(problem: RosterProblem) -> list[str]:
    """Return what the weeks of a roster are called: first and last day."""
    return [
        f"{problem.date(week[0]):%a %d %b %Y} to {problem.date(week[-1]):%a %d %b %Y}"
        for week in problem.weeks
    ]


def week_calendar(roster: Roster, week: int) -> WeekCalendar:
    """Return a week of a roster.

    Parameters
    ----------
    roster : Roster
    week : int
        From 0.
    """
    problem = roster.problem
    days = problem.weeks[week]
    titles = tuple(f"{problem.date(day):%a %d %b}" for day in days)
    names = [
        [_shift_name(roster, person.name, day, person.leave) for day in days]
        for person in problem.persons
    ]
    rows = [
        {"Person": person.name}
        | {title: _cell(roster, name) for title, name in zip(titles, cells, strict=True)}
        for person, cells in zip(problem.persons, names, strict=True)
    ]
    cover = [
        {"Shift": _titled(shift)}
        | {t: _cover(roster, shift.name, day) for t, day in zip(titles, days, strict=True)}
        for shift in problem.shifts
    ]
    return WeekCalendar(titles, rows, names, cover)


def _shift_name(roster: Roster, person: str, day: int, leave: frozenset[int]) -> str:
    shift = roster.shift_of(person, day)
    if shift is not None:
        return shift.name
    return LEAVE if day in leave else OFF


def _cell(roster: Roster, name: str) -> str:
    if name in (OFF, LEAVE):
        return name
    return _titled(roster.problem.shift[name])


def _titled(shift: RosterShift) -> str:
    """Return a shift with its times: ``late 13:00-21:30``.

    The name of a shift from a plan has them already; there they go first, because they differ.
    """
    from sim.planning.roster.roster_result import clock_text

    if shift.start is None or shift.end is None:
        return shift.name
    times = f"{clock_text(shift.start)}-{clock_text(shift.end)}"
    if times in shift.name:
        return " ".join([times, *shift.name.replace(times, "").split()])
    return f"{shift.name} {times}"


def _cover(roster: Roster, shift: str, day: int) -> str:
    demand = roster.problem.offered.get((day, shift))
    return "" if demand is None else f"{roster.agents(day, shift)} / {demand.agents}"


def styled_week(calendar: WeekCalendar, shifts: Sequence[str]) -> Styler:
    """Return the calendar as a table whose cells have the colour of their shift.

    Parameters
    ----------
    calendar : WeekCalendar
    shifts : sequence of str
        All shifts of the roster, so that each has the same colour in all weeks.
    """
    import pandas as pd

    tints = {name: TINTS[k % len(TINTS)] for k, name in enumerate(shifts)} | {LEAVE: LEAVE_TINT}
    styles = pd.DataFrame(
        [
            ["", *(f"background-color: {tints[one]}" if one else "" for one in cells)]
            for cells in calendar.shifts
        ],
        columns=["Person", *calendar.days],
    )
    frame = pd.DataFrame(calendar.rows, columns=["Person", *calendar.days])
    return frame.style.apply(lambda _: styles, axis=None)


def alt_text_week(calendar: WeekCalendar) -> str:
    """Return a week in words, for those who cannot see its colours."""
    worked = [sum(one not in (OFF, LEAVE) for one in cells) for cells in calendar.shifts]
    leave = sum(one == LEAVE for cells in calendar.shifts for one in cells)
    text = f"{counted(len(worked), 'person')} work {counted(sum(worked), 'shift')} in this week"
    return text + (f"; {counted(leave, 'day')} of leave." if leave else ".")


def roster_cards(roster: Roster) -> list[tuple[str, str, str]]:
    """Return what is shown of a roster: name, value and meaning of each."""
    bound = "-" if roster.bound is None else show_number(roster.bound)
    short = sum(row["short"] for row in roster.uncovered())
    hard = sum(one.hard for one in roster.violations)
    hours = sum(row["hours"] for row in roster.rows())
    return [
        ("Cost", show_number(roster.cost), "Prices of all broken rules."),
        ("Bound", bound, "No roster costs less."),
        ("Above the bound", show(roster.gap, "share"), "Difference from the bound."),
        ("Agents missing", f"{short:,}", "Over all shifts and days."),
        ("Hard rules broken", f"{hard:,}", "Where no roster keeps all of them."),
        ("Paid hours", show(hours, "h"), "Of all persons."),
    ]


def person_rows(roster: Roster) -> list[dict[str, Any]]:
    """Return shifts, hours, nights and weekends of each person."""
    return [
        {
            "Person": row["person"],
            "Shifts": row["shifts"],
            "Hours": row["hours"],
            "Nights": row["nights"],
            "Weekends": row["weekends"],
            "Cost of rules": row["cost"],
        }
        for row in roster.persons()
    ]


def hard_rule_rows(roster: Roster) -> list[dict[str, Any]]:
    """Return the hard rules that are broken."""
    return [
        {"Rule": _rule(row), "What": row["text"]} for row in roster.violation_rows() if row["hard"]
    ]


def soft_rule_rows(roster: Roster) -> list[dict[str, Any]]:
    """Return the soft rules that are broken with their prices, the dearest first."""
    rows = [row for row in roster.violation_rows() if not row["hard"]]
    return [
        {
            "Rule": _rule(row),
            "What": row["text"],
            "Price of a unit": row["price"] / row["amount"],
            "Price": row["price"],
        }
        for row in sorted(rows, key=lambda row: -row["price"])
    ]


def soft_rules_title(roster: Roster) -> str:
    """Return how many soft rules are broken, and at what price."""
    prices = [one.price for one in roster.violations if not one.hard]
    if not prices:
        return "Soft rules broken: none"
    return f"Soft rules broken: {len(prices)}, at a price of {show_number(round(sum(prices), 4))}"


def _rule(row: dict[str, Any]) -> str:
    return str(row["rule"]).replace("_", " ")


def calendars_archive(roster: Roster) -> bytes:
    """Return the iCalendar files of all persons as a ZIP archive."""
    from pathlib import Path
    from tempfile import TemporaryDirectory

    out = io.BytesIO()
    with TemporaryDirectory(prefix="ccplan-") as folder, zipfile.ZipFile(out, "w") as archive:
        for file in roster.to_calendars(Path(folder)):
            archive.write(file, file.name)
    return out.getvalue()


def progress_words(cost: float, bound: float) -> str:
    """Return the best roster so far in words."""
    if not isfinite(cost):
        return "No roster yet"
    known = f", no roster costs less than {show_number(bound)}" if isfinite(bound) else ""
    return f"Best roster so far costs {show_number(cost)}{known}"
