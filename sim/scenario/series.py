"""Values by time of day: volumes, headcounts and profiles."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from pydantic import Field, ValidationInfo

from sim import units
from sim.scenario.field_types import Written
from sim.scenario.files import FileColumn, Files, is_file

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
            value = typed(value)
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
            number = amount(typed(value) if isinstance(value, str) else value)
            if self.is_whole and number != int(number):
                raise ValueError(f"{value!r} is not a whole number; allowed: a whole number")
        return self | {"values": (*rows[:row], number, *rows[row + 1 :])}

    def _within(self, number: float) -> float:
        """Return a changed number, never below zero, whole where it must be."""
        bounded = amount(max(number, 0.0))
        return float(units.to_whole(bounded)) if self.is_whole else bounded


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


def typed(text: str) -> Any:
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
