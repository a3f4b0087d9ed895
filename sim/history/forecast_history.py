"""From a file of interval rows or contacts to forecasts of its queues, in one call."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.extras import need
from sim.fileio import write_file
from sim.history.export_layouts import in_layout
from sim.history.forecast_document import forecast_document
from sim.history.interval_forecast import COLUMNS, IntervalForecast, forecast_csv
from sim.history.irregularities import KEPT, Irregularity
from sim.history.named_days import NamedDays, holidays_of, read_events
from sim.history.read_history import read_history
from sim.history.scenario_volumes import scenario_volumes
from sim.history.table_histories import ONLY_QUEUE, TableHistories
from sim.history.tables import time_zones
from sim.units import BadInputError, counted

if TYPE_CHECKING:
    import pandas as pd

    from sim.history.forecast.queue_forecast import QueueForecast
    from sim.history.volume_history import VolumeHistory

DAYS = 28
OLDEST = dt.date(1990, 1, 1)
"""Holidays are named from here on, before the days of the history are known."""
HOLIDAYS_UNNAMED = (
    "days of the history are odd and no country is named (--country): its public holidays may "
    "explain them, and would then be known among the coming days"
)
HOLIDAY_LIKE = ("gap", "day without rows", "day of zeros", "near-empty day", "outlier day")
"""Kinds of irregularities that public holidays leave in a history."""


@dataclass(frozen=True)
class HistoryForecast:
    """Forecasts of the queues of a history.

    Attributes
    ----------
    history : TableHistories
        As it was read, with what is odd in it.
    queues : tuple of QueueForecast
        With back-test, choice and prediction intervals.
    intervals : tuple of IntervalForecast
        The same as intervals of the day, with stated changes of events.
    named_days : NamedDays
    center_zone : str or None
        Time zone of the center.
    notes : tuple of str
        What was assumed.
    """

    history: TableHistories
    queues: tuple[QueueForecast, ...]
    intervals: tuple[IntervalForecast, ...]
    named_days: NamedDays
    center_zone: str | None
    notes: tuple[str, ...]

    def to_csv(self, path: str | Path) -> None:
        """Write interval rows that staffing, scenarios and the app read.

        Raises
        ------
        OutputError
            When the file cannot be written.
        """
        write_file(path, forecast_csv(self.intervals))

    def table(self) -> pd.DataFrame:
        """Return the interval rows as a pandas DataFrame."""
        need("table", "pandas")
        import pandas as pd

        rows = [row for one in self.intervals for row in one.rows()]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def in_layout(self, layout: str) -> str:
        """Return the text of a file to import elsewhere.

        Parameters
        ----------
        layout : {"connect", "genesys", "nice"}

        Raises
        ------
        BadInputError
            When there is no such layout, or it cannot hold the forecast.
        """
        zone = time_zones.zone(self.center_zone) if self.center_zone else None
        return in_layout(layout, self.intervals, zone)

    def to_scenario(
        self, path: str | Path, all_days: bool = False
    ) -> tuple[tuple[Path, ...], tuple[str, ...]]:
        """Write volumes and busyness into a scenario file, every other line of it as it was.

        Parameters
        ----------
        path : str or Path
            Of the scenario.
        all_days : bool
            Whether the scenario is to simulate all days of the forecast.

        Returns
        -------
        (tuple of Path, tuple of str)
            The files that were written, and what a reader should know.

        Raises
        ------
        BadInputError
            As :func:`sim.history.scenario_volumes.scenario_volumes`.
        """
        found = scenario_volumes(path, self.intervals, self.busyness(), all_days)
        return found.write(), found.notes

    def busyness(self) -> dict[str, str]:
        """Return the busyness of days as a scenario writes it, empty where it is unknown.

        The coefficient of variation is the mean of the queues by contacts, of days a week ahead
        where they were tested; shape and memory are those of the largest queue.
        """
        known = [
            (float(one.days.expected.sum()), found)
            for one in self.queues
            if (found := next((c.busyness for c in one.choices[1::-1] if c.busyness), None))
        ]
        total = sum(size for size, _ in known)
        if not total > 0:
            return {}
        cv = sum(size * one.cv for size, one in known) / total
        largest = max(known, key=lambda item: item[0])[1]
        written = {"cv": f"{100 * cv:.3g}%"}
        shared = self.queues[0].shared
        if shared is not None:
            written["shared"] = f"{100 * shared:.0f}%"
        memory = f"{100 * min(largest.memory, 0.95):.0f}%"
        return written | {"shape": largest.shape, "memory": memory}

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        found = forecast_document(self.history, self.queues, self.intervals)
        more = {"center_zone": self.center_zone, "busyness": self.busyness()}
        return found | more | {"notes": list(self.notes)}

    def to_json(self) -> str:
        """Return everything as one JSON document."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)


def forecast(
    history: str | Path,
    days: int = DAYS,
    *,
    columns: Mapping[str, str] | None = None,
    zone: str | None = None,
    center_zone: str | None = None,
    dates: str | None = None,
    sheet: str | None = None,
    header_row: int | None = None,
    opening: object = None,
    interval: float | str | None = None,
    country: str | None = None,
    events: str | Path | None = None,
    methods: Sequence[str] | None = None,
    level: float = 0.9,
    keep_odd: bool = False,
    first: dt.date | None = None,
    last: dt.date | None = None,
    not_outcome: Sequence[str] | None = None,
    calibrated: str | Path | None = None,
    is_log: bool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> HistoryForecast:
    """Forecast volumes and handle times of all queues of interval rows or of a call log.

    Parameters
    ----------
    history : str or Path
        CSV (perhaps packed by gzip) or XLSX with one row for each queue and interval; or a call
        log, also as parquet, with one row per contact, which is counted by interval.
    days : int
        Days to forecast, from the day after the history on.
    columns : mapping of str to str, optional
        Title of the table by meaning, such as ``{"offered": "Calls"}``.
    zone : str, optional
        Time zone of the table, such as ``"UTC"``; of a call log that of the center.
    center_zone : str, optional
        Time zone of the center; that of the table unless given.
    dates : {"day-first", "month-first"}, optional
        How a date such as 05/01/2026 is read.
    sheet : str, optional
        Of a workbook.
    header_row : int, optional
        Number of the row with the titles, counted from 1; found unless given.
    opening : str or dict, optional
        Opening hours such as ``"08:00-20:00"`` (weekdays that are closed in the history stay
        closed) or by day, such as ``"mon-sat 08:00-20:00"`` or as a scenario writes them; as the
        history shows them where absent.
    interval : float or str, optional
        Length of an interval (s or text) to which shorter ones are put together; of a call log
        half an hour unless given.
    country : str, optional
        Public holidays of a country or a part of it: ``"US"``, ``"DE-BY"``.
    events : path, optional
        Table of campaigns and other days that the planner knows.
    methods : sequence of str, optional
        Methods to try; all unless given.
    level : float
        Nominal coverage of prediction intervals.
    keep_odd : bool
        Leave out nothing that has a number, however odd it is.
    first, last : date, optional
        Days of the history outside are left out.
    not_outcome : sequence of str, optional
        Records of a call log with one of these outcomes are left out.
    calibrated : str or Path, optional
        Folder of a calibration, whose ``columns.toml`` says what a call log means.
    is_log : bool, optional
        Whether the file is a call log; as its titles say unless given.
    progress : callable, optional
        Called with the queues done and their number.

    Returns
    -------
    HistoryForecast

    Raises
    ------
    BadInputError
        When an option is outside its bounds, or the history is too short.
    sim.scenario.ScenarioError
        With every cell that cannot be read.
    """
    from sim.history.forecast.forecast_volumes import forecast_queues

    named = _named_days(country, events, dates, days)
    read = read_history(
        history, columns=columns, is_log=is_log, calibrated=calibrated, zone=zone,
        center_zone=center_zone, not_outcome=not_outcome, order=dates, sheet=sheet,
        header_row=header_row, first=first, last=last, opening=opening, interval=interval,
        named_days=named.names | {d: "event" for own in named.changes.values() for d in own},
    )  # fmt: skip
    if keep_odd:
        read = replace(read, irregularities=tuple(map(_kept, read.irregularities)))
    usable = [_without_changes(one, named) for one in read.usable()]
    of_events = {day: name for day, name in named.names.items() if name in named.events}
    found = forecast_queues(
        usable, days, holidays=named.names, events=of_events, methods=methods, level=level,
        progress=progress,
    )  # fmt: skip
    intervals = tuple(_intervals(one, named) for one in found)
    notes = [*read.notes, *_notes(read, usable)]
    if country is None and _has_odd_days(read, found):
        notes.append(HOLIDAYS_UNNAMED)
    return HistoryForecast(read, found, intervals, named, center_zone or zone, tuple(notes))


def _has_odd_days(read: TableHistories, found: Sequence[QueueForecast]) -> bool:
    """Return whether whole days are odd that holidays may explain."""
    return any(one.odd_days for one in found) or any(
        one.kind in HOLIDAY_LIKE for one in read.irregularities
    )


def _named_days(
    country: str | None, events: str | Path | None, order: str | None, days: int
) -> NamedDays:
    named = NamedDays()
    if country is not None:
        last = dt.date.today() + dt.timedelta(days=2 * 366 + days)
        named = holidays_of(country, OLDEST, last)
    if events is not None:
        named = named.joined(read_events(events, order))
    return named


def _kept(one: Irregularity) -> Irregularity:
    """Return a finding as kept, where the table has numbers for it."""
    has_number = one.kind not in ("gap", "day without rows", "skipped hour")
    return replace(one, treatment=KEPT) if has_number else one


def _without_changes(history: VolumeHistory, named: NamedDays) -> VolumeHistory:
    """Return the history as it were without the stated changes of past events."""
    factors = np.array(
        [named.factor(history.queue, history.day(day)) for day in range(history.days)]
    )
    if (factors == 1).all():
        return history
    return replace(history, offered=history.offered / factors[:, None])


def _intervals(one: QueueForecast, named: NamedDays) -> IntervalForecast:
    """Return a forecast as intervals, with the stated changes of coming events."""
    factors = np.array([named.factor(one.queue, date) for date in one.dates])[:, None]
    band = one.intervals
    is_open = np.array(band.expected > 0, dtype=bool)
    aht = one.aht
    if aht is not None:
        is_open |= np.array(np.isfinite(aht), dtype=bool)
    return IntervalForecast(
        one.queue, one.channel, one.first_day, one.interval_minutes, band.expected * factors,
        band.low * factors, band.high * factors, is_open, aht,
    )  # fmt: skip


def _notes(read: TableHistories, usable: Sequence[VolumeHistory]) -> list[str]:
    notes = []
    firsts = {one.last_day + dt.timedelta(days=1) for one in usable}
    if len(firsts) > 1:
        raise BadInputError(f"{read.name}: queues end on different days; allowed: one last day")
    without = [one.queue for one in usable if one.aht is None]
    if without:
        shown = ", ".join(without[:5]) + (", …" if len(without) > 5 else "")
        of = "" if without == [ONLY_QUEUE] else f" of {shown}"
        notes.append(f"no handle times are known{of}; staffing then requires an AHT")
    short = [one for one in usable if one.days < 2 * DAYS]
    if short:
        notes.append(
            f"the history has {counted(short[0].days, 'day')}; choices four weeks ahead want "
            "eight weeks or more"
        )
    return notes
