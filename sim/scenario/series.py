"""Numbers along the day: volumes, headcounts and profiles."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Self

from pydantic import Field, ValidationInfo

from sim import units
from sim.fileio import duration
from sim.fileio.dates import moment, order_of
from sim.scenario.field_types import Written
from sim.scenario.files import FileColumn, Files, is_file
from sim.scenario.problems import listed

MOST = 1_000_000
"""The largest number of an interval, of contacts or agents."""


class Series(Written):
    """A number that holds all day, a list per open interval, or a column of a file."""

    SHORT = 'a number, a list with one number per open interval, or "file.csv:column"'
    EXAMPLES: ClassVar[tuple[object, ...]] = (12, [8, 10, 12], "week.csv:billing")

    TABLE: ClassVar[dict[str, Any]] = {"type": "array", "items": {"type": "number", "minimum": 0}}

    each: float | None = None
    """The same number for every interval."""
    values: tuple[float, ...] | None = None
    """One number per row."""
    times: tuple[str, ...] | None = None
    """Start of each row's interval, when the file says it."""
    source: str = Field(default="", exclude=True)
    """Where the numbers come from."""

    def __repr__(self) -> str:
        """Return the series in one line; long lists by their length and sum."""
        if self.values is None:
            return super().__repr__()
        source = f"{self.source!r}, " if self.source else ""
        return (
            f"{type(self).__name__}({source}{len(self.values)} numbers, sum {sum(self.values):g})"
        )

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read a number, a list, the text of either, or a column of a file."""
        if isinstance(value, str) and not is_file(value):
            value = _typed(value)
        if is_file(value):
            return from_column(column(value, info.context, timed=True))
        if isinstance(value, list | tuple):
            return {
                "values": tuple(amount(item, f"number {i + 1}") for i, item in enumerate(value))
            }
        return {"each": amount(value)}

    @property
    def is_whole(self) -> bool:
        """Whether every number must be a whole one."""
        return False

    def changed(self, change: units.Change) -> Self:
        """Return the series with every number changed, never below zero.

        Where numbers must be whole they are rounded, halves upwards: here and nowhere else, so
        that the same agents are scheduled, paid and on duty.

        Raises
        ------
        ValueError
            When the change adds a time or percentage points, or a number grows out of bounds.
        """
        if change.unit:
            raise ValueError(f'a number takes no {change.unit}; allowed: "+10%", "-2" or "*1.1"')
        each = None if self.each is None else self._within(change.apply(self.each))
        values = self.values
        if values is not None:
            values = tuple(self._within(change.apply(value)) for value in values)
        return self | {"each": each, "values": values}

    def with_row(self, row: int, value: Any) -> Self:
        """Return the series with the number of one row replaced, or changed by ``"+10%"``.

        Raises
        ------
        ValueError
            When the value is not a number that the series may hold.
        """
        rows = self.values or ()
        if units.is_change(value):
            number = units.change(value).apply(rows[row])
            if number < 0:
                raise ValueError(f"{value!r} makes the number {number:g}; allowed: 0 or more")
            number = self._within(number)
        else:
            number = amount(_typed(value) if isinstance(value, str) else value)
            if self.is_whole and number != int(number):
                raise ValueError(f"{value!r} is not a whole number; allowed: a whole number")
        return self | {"values": (*rows[:row], number, *rows[row + 1 :])}

    def _within(self, number: float) -> float:
        """Return a changed number, never below zero, whole where it must be."""
        bounded = amount(max(number, 0.0))
        return float(units.to_whole(bounded)) if self.is_whole else bounded


class Volume(Series):
    """Contacts that arrive: expected, exactly counted or recorded one by one.

    Expected per open interval (number, list or column) or as a rate (``"1200 a day"``,
    ``"48 per min"``); counted as ``{exact = …}``; recorded as ``{recorded =
    "calls.csv:start", talk = "calls.csv:talk"}``.
    """

    SHORT = (
        'contacts per open interval (number, list or "file.csv:column"), '
        'or a rate such as "1200 a day" or "48 per min"'
    )
    EXAMPLES = ("week.csv:billing", [80, 120, 95], "1200 a day", "48 per min", 50)

    TABLE: ClassVar[dict[str, Any]] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "exact": {
                "type": ["string", "number", "array"],
                "description": "exact counts per open interval: number, list or column",
            },
            "recorded": {
                "type": ["string", "array"],
                "description": "times of arrival: column or list",
            },
            "talk": {"type": ["string", "array"], "description": "recorded talk times"},
            "patience": {"type": ["string", "array"], "description": "recorded patience"},
        },
    }

    a_day: float | None = None
    """Contacts a day, spread over the open hours by the queue's profile."""
    per_second: float | None = None
    """Contacts per second, the same at any open time."""
    exact: bool = False
    """The numbers are exact counts, not expectations."""
    recorded: tuple[float | str, ...] | None = None
    """Times of arrival: seconds since midnight of the first day, or date and time."""
    talk: tuple[float, ...] | None = None
    """Recorded talk times (s), one for each arrival; NaN is drawn."""
    patience: tuple[float, ...] | None = None
    """Recorded patience (s), one for each arrival; NaN is drawn."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read a rate, or what :class:`Series` reads."""
        if isinstance(value, str) and not is_file(value) and _typed(value) == value:
            number, seconds = units.rate(value)
            if seconds == units.DAY:
                return {"a_day": number}
            return {"per_second": number / seconds}
        return super().read(value, info)

    @classmethod
    def tidy(cls, table: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Read the table forms ``{exact = …}`` and ``{recorded = …}``."""
        unknown = table.keys() - {*cls.model_fields}
        if unknown:
            allowed = "exact, recorded, talk or patience"
            raise ValueError(f"unknown key {min(unknown)!r}; allowed: {allowed}")
        if "recorded" in table:
            return table | _arrivals(table, info.context)
        if "exact" in table and not isinstance(table["exact"], bool):
            _refuse_rate(table["exact"])
            numbers = super().read(table["exact"], info)
            _refuse_parts(numbers)
            return {**numbers, "exact": True}
        if not table:
            raise ValueError("an empty table; allowed: exact or recorded")
        return table

    @property
    def is_whole(self) -> bool:
        """Whether every number must be a whole one."""
        return self.exact

    def changed(self, change: units.Change) -> Self:
        """Return the volume with every number changed, never below zero.

        Raises
        ------
        ValueError
            When the arrivals are recorded one by one, or the change has a unit.
        """
        if self.recorded is not None:
            raise ValueError("recorded arrivals cannot be scaled; allowed: volumes per interval")
        result = super().changed(change)
        a_day = None if self.a_day is None else max(change.apply(self.a_day), 0.0)
        rate = self.per_second
        if rate is not None:
            # What is added to a rate counts per minute, as rates are mostly written so.
            rate = max(rate * change.factor + change.add / units.MINUTE, 0.0)
        return result | {"a_day": a_day, "per_second": rate}


def amount(value: Any, what: str = "") -> float:
    """Return a number from zero to :data:`MOST`.

    Raises
    ------
    ValueError
        When it is negative, missing, not finite or no number.
    """
    place = f"{what}: " if what else ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{place}{value!r} is not a number; allowed: 0 or more")
    if value != value:  # NaN, and safe for integers of any size
        raise ValueError(f"{place}the number is missing; allowed: 0 or more")
    if not 0 <= value <= MOST:
        shown = f"{value!r}" if abs(value) < 10**30 else "a huge number"
        raise ValueError(f"{place}{shown} is out of bounds; allowed: 0 to {MOST:,}")
    return float(value)


def column(source: str, context: Any, timed: bool = False) -> FileColumn:
    """Return a column of a file beside the scenario, with its times when they are wanted.

    Raises
    ------
    ValueError
        When there is no folder, file or column.
    """
    files = context if isinstance(context, Files) else Files(None)
    return files.column(source, timed)


def from_column(found: FileColumn) -> dict[str, Any]:
    """Return the fields of a series read from a file, each row checked."""
    values = tuple(
        amount(value, f"{found.source} row {row}")
        for row, value in zip(found.rows, found.values, strict=True)
    )
    return {"values": values, "times": found.times, "source": found.source}


def _typed(text: str) -> Any:
    """Return the number or list of numbers that a text spells, else the text.

    Raises
    ------
    ValueError
        When a number may mean two, such as ``"1.440"``.
    """
    if text.strip().startswith("["):
        try:
            return [float(item) for item in text.strip().strip("[]").split(",")]
        except ValueError:
            return text
    number = units.plain_number(text)
    return text if number is None else number


def _refuse_rate(value: Any) -> None:
    if isinstance(value, str) and not is_file(value) and _typed(value) == value:
        raise ValueError(
            f"{value!r} is not an exact count; allowed: counts by interval: a whole number, a list "
            'with one per open interval, or "file.csv:column"'
        )


def _refuse_parts(numbers: dict[str, Any]) -> None:
    for value in numbers.get("values") or (numbers.get("each"),):
        if value is not None and value != int(value):
            raise ValueError(f"{value!r} is not a whole number; allowed: exact counts")


def _arrivals(table: dict[str, Any], context: Any) -> dict[str, Any]:
    """Return recorded arrivals with their talk and patience."""
    arrivals = _cells(table["recorded"], context)
    if not arrivals.values:
        raise ValueError("no arrivals are recorded; allowed: at least one time")
    order = order_of(arrivals.values)
    result: dict[str, Any] = {
        "recorded": tuple(_each(arrivals, lambda cell: _instant(cell, order), ""))
    }
    count = len(arrivals.values)
    for key in ("talk", "patience"):
        if table.get(key) is None:
            continue
        cells = _cells(table[key], context)
        # Empty cells at the end are rows like others: what is not recorded there is drawn.
        missing = max(min(count - len(cells.values), cells.empty), 0)
        if len(cells.values) + missing != count:
            rows = f"{len(cells.values) + cells.empty} rows"
            raise ValueError(f"{key} has {rows} and recorded has {count}; allowed: as many")
        result[key] = (*_each(cells, _maybe_duration, f"{key}: "), *[math.nan] * missing)
    return result


def _cells(value: Any, context: Any) -> FileColumn:
    if is_file(value):
        return column(value, context)
    if isinstance(value, list | tuple):
        return FileColumn(tuple(value), None, "", tuple(range(1, len(value) + 1)))
    raise ValueError(f'{value!r} is not a list of times; allowed: "calls.csv:column" or a list')


def _each(cells: FileColumn, read: Callable[[Any], Any], what: str) -> Iterator[Any]:
    """Give what a reader makes of each cell; an error says which."""
    for row, cell in zip(cells.rows, cells.values, strict=True):
        try:
            yield read(cell)
        except ValueError as error:
            place = f"{cells.source} row {row}" if cells.source else f"number {row}"
            raise ValueError(f"{place}: {what}{error}") from None


def _instant(cell: Any, order: str) -> float | str:
    """Return seconds since midnight of the first day, or a date and time as text."""
    if isinstance(cell, dt.datetime):
        return cell.isoformat()
    if isinstance(cell, dt.time):
        return units.clock(cell)
    if isinstance(cell, str) and ("/" in cell or "." in cell[:3]):
        day, second, _ = moment(cell, order)
        midnight = dt.datetime.combine(day or dt.date(1, 1, 1), dt.time())
        return (midnight + dt.timedelta(seconds=second)).isoformat()
    if isinstance(cell, str) and "-" in cell:
        return parse_datetime(cell).isoformat()
    if isinstance(cell, str):
        return units.clock(cell)
    return amount(cell, "arrival")


def parse_datetime(text: str) -> dt.datetime:
    """Return a date and time without zone, from its ISO form.

    Raises
    ------
    ValueError
        When it is not such a date and time.
    """
    try:
        return dt.datetime.fromisoformat(text.strip()).replace(tzinfo=None)
    except ValueError:
        allowed = listed(("2026-03-02T08:00", "2026-03-02 08:00"))
        raise ValueError(f"{text!r} is not a date and time; allowed: {allowed}") from None


def _maybe_duration(cell: Any) -> float:
    if isinstance(cell, float) and math.isnan(cell):
        return math.nan
    return duration(cell)
