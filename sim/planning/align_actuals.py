"""Actuals aligned with the intervals of a scenario: which day, which queue, what sums."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim import units
from sim.history.tables.column_mapping import word
from sim.scenario import Problem, ScenarioError
from sim.scenario.problems import listed
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    import datetime as dt

    from sim.history.tables.actuals import Actuals
    from sim.history.tables.interval_reader import Entry
    from sim.model import Floats
    from sim.scenario import Scenario

WEIGHTS = {"level": "judged", "asa": "answered", "aht": "answered"}
"""By what averages of rows are weighted when rows are put together."""
ALL_QUEUES = "all queues"
"""Name of all compared queues together."""
BY_DATE, BY_WEEKDAY = "date", "weekday"
MATCHES = (BY_DATE, BY_WEEKDAY)
"""How days of a table are matched with those of a scenario."""
SUMS = ("offered", "answered", "abandoned", "judged", "level", "asa", "aht", "agents", "waited")


@dataclass(frozen=True)
class AlignedActuals:
    """Recorded intervals on the cells of a scenario's horizon.

    Attributes
    ----------
    step : float
        Length of a cell (s): the longer of the table's intervals and the scenario's.
    queues : dict of str to dict of str to ndarray, shape (cells,)
        By queue of the scenario and meaning: mean of a day; averages times their weight. NaN
        where nothing is recorded.
    days : int
        Most recorded days that one day of the scenario stands for.
    notes : tuple of str
    handle_total : bool
        Whether handle times were recorded as sums of an interval, not as averages.
    warnings : tuple of str
        What of the table is not compared.
    together : tuple of str
        Queues of the scenario whose sum the table has, where it does not tell them apart.
    dates : int
        Recorded days that are compared, in all.
    """

    step: float
    queues: dict[str, dict[str, Floats]]
    days: int
    notes: tuple[str, ...] = ()
    handle_total: bool = False
    warnings: tuple[str, ...] = ()
    together: tuple[str, ...] = ()
    dates: int = 1

    def names_of(self, queue: str) -> list[str]:
        """Return the queues of the scenario that a compared queue stands for."""
        if queue == ALL_QUEUES and self.together:
            return [*self.together]
        return [queue] if queue in self.queues else [*self.queues]

    def waits_of(self, queue: str) -> tuple[float, float] | None:
        """Return abandonments and time waited (s) of a queue of the scenario, where known."""
        sums = self.of(ALL_QUEUES if self.together else queue)
        if "waited" not in sums or "abandoned" not in sums:
            return None
        return float(np.nansum(sums["abandoned"])), float(np.nansum(sums["waited"]))

    def of(self, queue: str) -> dict[str, Floats]:
        """Return the sums of a queue, or of all together for any other name.

        All together have the meanings that every queue has; NaN where no queue has a value.
        """
        if queue in self.queues:
            return self.queues[queue]
        shared = set.intersection(*(set(sums) for sums in self.queues.values()))
        found = {}
        for key in shared:
            values = np.array([sums[key] for sums in self.queues.values()])
            total = np.nansum(values, axis=0)
            found[key] = np.where(np.isnan(values).all(axis=0), np.nan, total)
        return found


def lay_out(
    actuals: Actuals,
    scenario: Scenario,
    queues: Mapping[str, str] | None = None,
    match: str | None = None,
) -> AlignedActuals:
    """Lay recorded intervals on a scenario.

    By date, rows of dates within the horizon go to these. By weekday, all rows go to the day of
    the same weekday (a scenario of one day takes that weekday only), and the mean of the days is
    what is recorded.

    Parameters
    ----------
    actuals : Actuals
    scenario : Scenario
    queues : mapping of str to str, optional
        Queue of the scenario by name in the table, or :data:`ALL_QUEUES`; alike names unless
        given.
    match : {"date", "weekday"}, optional
        How days are matched. Unless given, by weekday where the scenario is a calibrated usual
        week or no date lies within its horizon, else by date.

    Raises
    ------
    ScenarioError
        When no queue or no day fits.
    BadInputError
        When the scenario is a stationary run, or the intervals do not match each other.
    """
    grid = scenario.center.grid
    if grid.stationary:
        raise BadInputError(
            "center.length: a stationary simulation has no days to compare with a table"
        )
    step = max(actuals.step, grid.interval_s)
    if step % actuals.step or step % grid.interval_s:
        lengths = [units.show_duration(s) for s in (actuals.step, grid.interval_s)]
        raise BadInputError(
            f"interval: {lengths[0]} in the table and {lengths[1]} in the scenario do not fit "
            "into each other; allowed: one a multiple of the other"
        )
    notes: list[str] = []
    warnings: list[str] = []
    names = _names(actuals, scenario, queues, notes, warnings)
    days = matched_days(actuals, scenario, match, notes, warnings)
    cells = grid.days * round(units.DAY / step)
    found: dict[str, dict[str, Floats]] = {}
    most, dates = 1, set[object]()
    for name in dict.fromkeys(names.values()):
        own = [e for e in actuals.entries if names.get(_named(e)) == name and e.day in days]
        if own:
            sums, seen = _summed(own, days, step, cells, actuals.fields)
            found[name] = sums
            most = max(most, seen)
            dates |= {entry.day for entry in own}
    return AlignedActuals(
        step, found, most, tuple(notes), "total" in actuals.fields, tuple(warnings),
        tuple(scenario.queue) if ALL_QUEUES in found else (), len(dates),
    )  # fmt: skip


def matched(actuals: Actuals, scenario: Scenario) -> dict[str, str]:
    """Return the queue of the scenario by name in the table, empty where no name is alike."""
    both = list(dict.fromkeys(_named(entry) for entry in actuals.entries))
    return {queue: _like(queue, channel, both, scenario) for queue, channel in both}


def _like(queue: str, channel: str, both: list[tuple[str, str]], scenario: Scenario) -> str:
    """Return the queue whose name is alike; the only one when the table has one too.

    A table that names neither queue nor channel has all queues together.
    """
    known = {word(name): name for name in scenario.queue}
    if len(both) == len(known) == 1:
        return next(iter(scenario.queue))
    if both == [("", "")]:
        return ALL_QUEUES
    return known.get(word(f"{queue} {channel}")) or known.get(word(queue)) or ""


def _named(entry: Entry) -> tuple[str, str]:
    return entry.queue, entry.channel


def _names(
    actuals: Actuals,
    scenario: Scenario,
    chosen: Mapping[str, str] | None,
    notes: list[str],
    warnings: list[str],
) -> dict[tuple[str, str], str]:
    """Return the queue of the scenario by name and channel in the table."""
    found: dict[tuple[str, str], str] = {}
    both = list(dict.fromkeys(_named(entry) for entry in actuals.entries))
    for queue, channel in both:
        wish = _like(queue, channel, both, scenario) if chosen is None else chosen.get(queue, "")
        if wish in scenario.queue or wish == ALL_QUEUES:
            found[queue, channel] = wish
    lost = list(dict.fromkeys(queue or "(no name)" for queue, c in both if (queue, c) not in found))
    if not found:
        message = (
            f"none of the queues {listed(lost)} is in the scenario; it has: "
            f"{listed(scenario.queue)}"
        )
        raise ScenarioError([Problem("queue", message, file=actuals.name)])
    if lost:
        warnings.append(f"left out, as the scenario has no such queue: {listed(lost)}")
    used = set(found.values())
    if ALL_QUEUES in used:
        if len(used) > 1:
            raise BadInputError(
                f"queue: {ALL_QUEUES} and single queues; allowed: either all rows for {ALL_QUEUES} "
                "together, or each for a queue of its own"
            )
        notes.append(f"the table is compared with {ALL_QUEUES} together: {listed(scenario.queue)}")
        return found
    missing = [name for name in scenario.queue if name not in used]
    if missing:
        notes.append(f"not in the table: {listed(missing)}")
    return found


def is_usual_week(scenario: Scenario) -> bool:
    """Return whether a scenario is a week that stands for every week, as calibration writes it."""
    from sim.history.calibration.week_calendar import USUAL_WEEK

    return scenario.center.grid.days <= 7 and scenario.center.name.startswith(USUAL_WEEK)


def matched_days(
    actuals: Actuals,
    scenario: Scenario,
    match: str | None,
    notes: list[str],
    warnings: list[str],
) -> dict[object, int]:
    """Return the day of the horizon by date of the table; what is not compared is a warning."""
    if match not in (None, *MATCHES):
        raise BadInputError(f"match: {match!r} is unknown; allowed: {listed(MATCHES)}")
    grid = scenario.center.grid
    dates = {entry.day for entry in actuals.entries}
    horizon = {grid.date(k): k for k in range(grid.days)}
    within: dict[object, int] = {day: horizon[day] for day in dates if day in horizon}
    if None in dates:
        within[None] = 0
    if match is None:
        all_within = len(within) == len(dates)
        weekday = not within or (is_usual_week(scenario) and not all_within)
        match = BY_WEEKDAY if weekday else BY_DATE
    found = within if match == BY_DATE else _by_weekday(dates, horizon)
    if not found:
        real = sorted(day for day in dates if day)
        wish = "" if match == BY_DATE else ", or their weekdays"
        message = (
            f"{real[0]:%a %Y-%m-%d} to {real[-1]:%a %Y-%m-%d} fits no day of the scenario; "
            f"allowed: dates from {grid.date(0)} to {grid.date(grid.days - 1)}{wish}"
        )
        raise ScenarioError([Problem("start", message, file=actuals.name)])
    if match == BY_WEEKDAY:
        notes.append(
            f"days are matched by weekday: the actuals are the mean of {counted(len(found), 'day')}"
        )
    if lost := len(dates) - len(found):
        where = (
            f"outside the scenario ({grid.date(0)} to {grid.date(grid.days - 1)})"
            if match == BY_DATE
            else "of a weekday that the scenario does not have"
        )
        are, they = ("is", "it is") if lost == 1 else ("are", "they are")
        warnings.append(
            f"{lost} of {counted(len(dates), 'day')} of the table {are} left out: {they} {where}"
        )
    return found


def _by_weekday(
    dates: Collection[dt.date | None], horizon: dict[dt.date, int]
) -> dict[object, int]:
    weekday = {date.weekday(): k for date, k in reversed(horizon.items())}
    return {day: weekday[day.weekday()] for day in dates if day and day.weekday() in weekday}


def _summed(
    entries: list[Entry], days: dict[object, int], step: float, cells: int, fields: frozenset[str]
) -> tuple[dict[str, Floats], int]:
    """Return means of a day by meaning and cell, and the most days in one cell."""
    per_day = round(units.DAY / step)
    total = {key: np.zeros(cells) for key in SUMS if key in fields or key in ("aht", "judged")}
    if "aht" not in fields and "total" not in fields:
        del total["aht"]
    seen: list[set[object]] = [set() for _ in range(cells)]
    for entry in entries:
        at = days[entry.day] * per_day + int(entry.second // step)
        seen[at].add(entry.day)
        for key, sums in total.items():
            sums[at] += _amount(entry.numbers, key)
    count = np.array([len(one) for one in seen], dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = {key: sums / count for key, sums in total.items()}
    return _completed(means), int(count.max())


def _amount(numbers: Mapping[str, float], key: str) -> float:
    """Return what a row adds to a sum: a count, or an average times its weight."""
    if key == "aht" and not math.isnan(numbers.get("total", math.nan)):
        return numbers["total"]
    if key == "judged":
        return _judged(numbers)
    value = numbers.get(key, math.nan)
    if key not in WEIGHTS:
        return value
    weight = _judged(numbers) if key == "level" else numbers.get("answered", math.nan)
    if math.isnan(weight):
        lost = numbers.get("abandoned", 0.0)
        weight = max(numbers["offered"] - (0.0 if math.isnan(lost) else lost), 0.0)
    return 0.0 if weight == 0 else value * weight


def _judged(numbers: Mapping[str, float]) -> float:
    """Return the contacts a service level is of: answered and abandoned, else offered."""
    both = numbers.get("answered", math.nan) + numbers.get("abandoned", math.nan)
    return numbers["offered"] if math.isnan(both) else both


def _completed(sums: dict[str, Floats]) -> dict[str, Floats]:
    """Return sums with what follows from the others: answered and abandoned make offered."""
    pairs = (("answered", "abandoned"), ("abandoned", "answered"))
    for wanted, other in pairs:
        if wanted not in sums and other in sums:
            return sums | {wanted: np.maximum(sums["offered"] - sums[other], 0.0)}
    return sums
