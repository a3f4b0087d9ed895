"""Cells of a call log as numbers: times of day, dates, lengths of time, words of outcomes."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from sim.array_types import Bools, Floats, Ints
from sim.cancellation import end_if_cancelled
from sim.fileio import Numbers, dates, duration, is_missing, number
from sim.fileio.cell_values import numbers_in
from sim.history.call_log.iso_times import iso_times
from sim.history.call_log.log_table import CodedColumn, CodedTable
from sim.messages import show_value
from sim.scenario import Problem
from sim.units import DAY, HOUR, BadInputError

EPOCH = 1e8, 1e11
"""Between these a number is a time in seconds since 1970; a thousand times these, in ms."""
BARE = 2 * DAY
"""Seconds up to which a time is one of the day, without a date."""
_SIX = re.compile(r"(\d{2})(\d{2})(\d{2})")
_EIGHT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_FRACTION = re.compile(r"(\d{1,2}:\d{2}:\d{2})[.,](\d{1,9})")
_UNCLEAR = re.compile(r"\s*\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b")
_ZERO_DAY = dt.date(1970, 1, 1)
NOTHING = frozenset({"-", "--", "\u2013", "\u2014", "n/a", "na", "none"})
"""Cells by which programs say that there is no value, beside those of all tables."""
MOST_PROBLEMS = 8
"""Cells of one column that a message names."""
CELLS_AT_A_TIME = 10_000
"""Cells that are read before a look whether the work was cancelled."""


@dataclass
class LogReader:
    """Reads columns of one file, and notes what cannot be read.

    Attributes
    ----------
    table : CodedTable
    columns : dict of str to str
        Title by meaning.
    zone : ZoneInfo or None
        Of the center: times that name a zone are converted to it.
    problems : list of Problem
    order : str
        How dates such as 05/01/2026 are written where none of a column shows it: one of
        :data:`sim.fileio.dates.ORDERS`.
    has_unused_zone : bool
        Whether a time that was read names a zone, and the zone of the center is unknown.
    order_shown : str or None
        How dates such as 05/01/2026 turned out to be written.
    known_queues : frozenset of str
        Names that are queues even where they look like telephone numbers.
    """

    table: CodedTable
    columns: dict[str, str]
    zone: ZoneInfo | None = None
    problems: list[Problem] = field(default_factory=list)
    order: str = "guess"
    has_unused_zone: bool = False
    order_shown: str | None = None
    known_queues: frozenset[str] = frozenset()
    _coded: dict[str, CodedColumn] = field(default_factory=dict)

    def has(self, meaning: str) -> bool:
        """Return whether a meaning has a column."""
        return meaning in self.columns

    def coded(self, meaning: str) -> CodedColumn:
        """Return the column of a meaning as distinct values and codes."""
        if meaning not in self._coded:
            end_if_cancelled()
            self._coded[meaning] = self.table.column(self.columns[meaning])
        return self._coded[meaning]

    def forget(self) -> None:
        """Let the values of all columns go, to free their memory."""
        self._coded.clear()

    def floats(
        self, meaning: str, read: Callable[[Any], float], known: Floats | None = None
    ) -> Floats:
        """Return a column as numbers, one call of ``read`` per distinct value; NaN where empty.

        Parameters
        ----------
        meaning : str
        read : callable
        known : ndarray, shape (distinct values,), optional
            Numbers of those that need no ``read``, NaN for others.
        """
        column = self.coded(meaning)
        found = np.full(len(column.values), math.nan) if known is None else known.copy()
        for done, at in enumerate(np.flatnonzero(np.isnan(found)).tolist()):
            cell = column.values[at]
            if not done % CELLS_AT_A_TIME:
                end_if_cancelled()
            if is_missing(cell) or (isinstance(cell, str) and cell.strip().lower() in NOTHING):
                continue
            try:
                found[at] = read(cell)
            except BadInputError as error:
                self._note(meaning, column, at, str(error))
        return found[column.codes]

    def _note(self, meaning: str, column: CodedColumn, at: int, message: str) -> None:
        title = self.columns[meaning]
        if sum(problem.path == title for problem in self.problems) < MOST_PROBLEMS:
            row = int(np.flatnonzero(column.codes == at)[0])
            self.problems.append(
                Problem(title, message, file=self.table.name, line=self.table.line(row))
            )

    def lengths(self, meaning: str) -> Floats:
        """Return lengths of time (s); negative ones as they stand, NaN where empty."""
        written = self._numbers(meaning)

        def read(cell: Any) -> float:
            if isinstance(cell, str) and cell.startswith("-"):
                return -duration(cell[1:], written)
            if isinstance(cell, int | float) and not isinstance(cell, bool) and cell < 0:
                return float(cell)
            return duration(cell, written)

        return self.floats(meaning, read)

    def numbers(self, meaning: str) -> Floats:
        """Return numbers; NaN where empty."""
        written = self._numbers(meaning)
        return self.floats(meaning, lambda cell: number(cell, written))

    def _numbers(self, meaning: str) -> Numbers:
        values = self.coded(meaning).values
        return numbers_in(((0, [value]) for value in values), self.table.separator)

    def days(self) -> Floats | None:
        """Return the date of each row, in days since 1970; None where no column has it."""
        if not self.has("date"):
            return None
        order = self._order("date", self.coded("date").values)
        if order is None:
            return np.full(self.coded("date").codes.size, np.nan)

        def read(cell: Any) -> float:
            return float((_date(cell, order) - _ZERO_DAY).days)

        return self.floats("date", read)

    def instants(self, meaning: str, days: Floats | None) -> Floats:
        """Return times in seconds since 1970 by the clock of the center; NaN where empty."""
        column = self.coded(meaning)
        if _all_numbers(column.values):
            found = self.floats(meaning, float)
            return self._from_numbers(meaning, found, days)
        known = iso_times(column.values)
        others = np.flatnonzero(np.isnan(known)).tolist()
        order = self._order(meaning, [column.values[at] for at in others])
        if order is None:
            return np.full(column.codes.size, np.nan)

        def read(cell: Any) -> float:
            second, names_zone = _moment(cell, order, self.zone)
            self.has_unused_zone |= names_zone and self.zone is None
            return second

        found = self.floats(meaning, read, known)
        return self._dated(meaning, found, np.asarray(found > BARE), days)

    def _order(self, meaning: str, cells: Sequence[Any]) -> str | None:
        """Return how dates are written; None, with a complaint, where day and month are unclear."""
        order = dates.order_of(cells)
        order = self.order if order == "guess" else order
        if order in ("day first", "month first"):
            self.order_shown = order
        if order != "guess":
            return order
        unclear = next((one for one in cells if _UNCLEAR.match(str(one))), None)
        if unclear is None:
            return order
        both = dates.contradictory(cells)
        why = "The dates of the file do not show it" if both is None else (
            f"The file has both, {show_value(both[0])} and {show_value(both[1])}"
        )  # fmt: skip
        message = (
            f"{show_value(unclear)}: day or month first? {why}; allowed: dates such as 2026-01-05, "
            "or --dates day-first or month-first"
        )
        title = self.columns[meaning]
        self.problems.append(Problem(title, message, file=self.table.name))
        return None

    def _dated(self, meaning: str, found: Floats, dated: Bools, days: Floats | None) -> Floats:
        bare = ~dated & np.isfinite(found)
        if not bare.any():
            return found
        if days is None:
            self._no_date(meaning, int(np.flatnonzero(bare)[0]))
            return found
        return np.where(dated, found, days * DAY + found)

    def _no_date(self, meaning: str, row: int) -> None:
        cell = self.coded(meaning).values[int(self.coded(meaning).codes[row])]
        message = (
            f"{show_value(cell)} is a time without a date; allowed: a date and time, or a column "
            "with the date (--column date=TITLE)"
        )
        title, line = self.columns[meaning], self.table.line(row)
        self.problems.append(Problem(title, message, file=self.table.name, line=line))

    def _from_numbers(self, meaning: str, found: Floats, days: Floats | None) -> Floats:
        """Return times that are written as numbers: of the day, since 1970, or of a spreadsheet."""
        known = found[np.isfinite(found)]
        largest = float(known.max()) if known.size else 0.0
        if largest >= EPOCH[0]:
            self.has_unused_zone |= self.zone is None
            seconds = found / (1000 if largest >= EPOCH[1] else 1)
            return seconds + _offset(seconds, self.zone)
        if dates.SERIALS[0] <= largest < dates.SERIALS[1] and days is None:
            return (found - 25_569) * DAY
        if largest > 1.25 * DAY:
            found = found // 10_000 * HOUR + found // 100 % 100 * 60 + found % 100
        elif known.size and largest <= 1.25:
            found = found * DAY
        if days is None:
            self._no_date(meaning, int(np.flatnonzero(np.isfinite(found))[0]))
            return found
        return days * DAY + found


def codes_by_word(column: CodedColumn, empty: frozenset[str]) -> tuple[list[str], Ints]:
    """Return the names of a column without case and blanks, and a code per row; -1 for none."""
    places: dict[str, int] = {}
    names: list[str] = []
    codes = np.full(len(column.values), -1, dtype=np.int64)
    for at, cell in enumerate(column.values):
        name = " ".join(str("" if is_missing(cell) else cell).split())
        plain = name.casefold()
        if plain in empty or "\ufffd" in name or not name.isprintable():
            continue
        if plain not in places:
            places[plain] = len(names)
            names.append(name)
        codes[at] = places[plain]
    return names, codes[column.codes]


def _all_numbers(values: Iterable[Any]) -> bool:
    for cell in values:
        if is_missing(cell):
            continue
        if isinstance(cell, bool) or not isinstance(cell, int | float | str):
            return False
        try:
            float(cell)
        except ValueError:
            return False
    return True


def _date(cell: Any, order: str) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip() if isinstance(cell, str | int) else ""
    if match := _EIGHT.fullmatch(text) or _SIX.fullmatch(text):
        year = int(match[1])
        year += 0 if year > 99 else 1900 if year >= 70 else 2000
        try:
            return dt.date(year, int(match[2]), int(match[3]))
        except ValueError:
            if len(text) == 6:
                raise BadInputError(
                    f"{show_value(cell)} is not a date; allowed: 2026-01-05"
                ) from None
    return dates.date(cell, order)


def _moment(cell: Any, order: str, zone: ZoneInfo | None) -> tuple[float, bool]:
    """Return seconds since 1970 by the clock of the center, or since midnight without a date.

    Also whether the cell names a zone.
    """
    fraction = 0.0
    if isinstance(cell, str) and ("." in cell or "," in cell) and (match := _FRACTION.search(cell)):
        fraction = int(match[2]) / 10 ** len(match[2])
        cell = cell[: match.end(1)] + cell[match.end() :]
    elif isinstance(cell, dt.datetime | dt.time):
        fraction = cell.microsecond / 1e6
    day, second, there = dates.moment(cell, order)
    if day is None:
        return second + fraction, False
    if there is not None and zone is not None:
        local = dt.datetime.combine(day, dt.time(), there) + dt.timedelta(seconds=second)
        local = local.astimezone(zone).replace(tzinfo=None)
        return (local - dt.datetime(1970, 1, 1)).total_seconds() + fraction, True
    return (day - _ZERO_DAY).days * DAY + second + fraction, there is not None


def _offset(seconds: Floats, zone: ZoneInfo | None) -> Floats:
    """Return how far the clock of a zone is ahead of universal time (s)."""
    if zone is None:
        return np.zeros_like(seconds)
    hours = np.floor(seconds / HOUR)
    distinct, codes = np.unique(hours, return_inverse=True)
    ahead = [
        0.0
        if math.isnan(hour)
        else dt.datetime.fromtimestamp(hour * HOUR, zone).utcoffset().total_seconds()  # type: ignore[union-attr]
        for hour in distinct.tolist()
    ]
    return np.asarray(ahead)[codes]
