"""Volumes of contacts: expected, exactly counted or recorded one by one."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Self

from pydantic import ValidationInfo

from sim import units
from sim.fileio import duration
from sim.fileio.dates import moment, order_of
from sim.scenario.files import FileColumn, is_file
from sim.scenario.problems import listed
from sim.scenario.series import Series, amount, column, typed


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
        if isinstance(value, str) and not is_file(value) and typed(value) == value:
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


def _refuse_rate(value: Any) -> None:
    if isinstance(value, str) and not is_file(value) and typed(value) == value:
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
