"""Distributions by time of day: one for the whole day, a list, or a column of a file."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Annotated, Any, ClassVar, Self, TypeVar

from pydantic import BeforeValidator, Field, SkipValidation, ValidationError, ValidationInfo

from sim.distributions import DistributionByInterval, TimeDistribution
from sim.scenario.distribution import Distribution, no_time, patience
from sim.scenario.field_types import Note
from sim.scenario.files import is_file
from sim.scenario.series import column
from sim.toml_text import TomlError, read_toml

T = TypeVar("T")


class DistributionSeries(Distribution):
    """A distribution that holds all day, a list with one per open interval, or a column of texts.

    Of a list, the fields of a single distribution are those of the first with the mean of all.
    """

    SHORT = (
        f"{Distribution.SHORT}; or a list with one per open interval, or a column of them, "
        '"file.csv:column"'
    )
    EXAMPLES: ClassVar[tuple[object, ...]] = (
        *Distribution.EXAMPLES,
        ["exponential 3min", "exponential 4min"],
        "week.csv:talk",
    )
    rows: Annotated[SkipValidation[tuple[Distribution, ...] | None], Note(later=True)] = Field(
        default=None, repr=False
    )  # :meth:`tidy` makes distributions of them, each once
    """One distribution per row; rows that are written alike are one object."""
    times: Annotated[tuple[str, ...] | None, Note(later=True)] = Field(default=None, repr=False)
    """Start of each row's interval, when the file says it."""
    source: str = Field(default="", exclude=True, repr=False)
    """Where the rows come from."""

    @classmethod
    def read_row(cls, value: Any) -> Any:
        """Return what a distribution reads from what a file writes for one interval."""
        return value

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read a list, the text of one, a column of a file, or a single distribution."""
        if is_column(value):
            found = column(value, info.context, timed=True)
            places = [f"{found.source} row {row}" for row in found.rows]
            rows = cls._rows(list(found.values), places, info)
            return {"rows": rows, "times": found.times, "source": found.source}
        if isinstance(value, str) and value.strip().startswith("["):
            value = _listed(value)
        if isinstance(value, list | tuple):
            places = [f"number {k + 1}" for k in range(len(value))]
            return {"rows": cls._rows(list(value), places, info)}
        return super().read(value, info)

    @classmethod
    def _rows(
        cls, values: list[Any], places: list[str], info: ValidationInfo
    ) -> tuple[Distribution, ...]:
        if not values:
            raise ValueError("an empty list; allowed: one distribution per open interval")
        found: list[Distribution] = []
        known: dict[Any, Distribution] = {}
        for value, place in zip(values, places, strict=True):
            same = value if isinstance(value, str) else id(value)
            if same in known:
                found.append(known[same])
                continue
            if value == "" or (isinstance(value, float) and math.isnan(value)):
                raise ValueError(f"{place} is empty; allowed: {Distribution.SHORT}")
            if isinstance(value, list | tuple) or is_column(value):
                raise ValueError(f"{place}: {value!r} is not a distribution; allowed: one a row")
            try:
                read = cls.read_row(value)
                known[same] = Distribution.model_validate(read, context=info.context)
            except ValidationError as error:
                message = str(error.errors()[0]["msg"]).removeprefix("Value error, ")
                raise ValueError(f"{place}: {message}") from None
            found.append(known[same])
        return tuple(found)

    @classmethod
    def tidy(cls, table: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        """Add to a list what stands for it where a single distribution is needed."""
        if table.get("rows") is None:
            kept = {k: v for k, v in table.items() if k not in ("rows", "times", "source")}
            return super().tidy(kept, info)
        rows = table["rows"]
        if not isinstance(rows, tuple) or not all(isinstance(row, Distribution) for row in rows):
            rows = cls._read_written(table, info)
        first = rows[0]
        return {
            **{key: getattr(first, key) for key in ("law", "spread", "shape", "low", "high")},
            "points": first.points, "zero": first.zero, "time": _mean(rows), **table, "rows": rows,
        }  # fmt: skip

    @classmethod
    def _read_written(cls, table: dict[str, Any], info: ValidationInfo) -> tuple[Distribution, ...]:
        """Return the rows of a table as a file writes it."""
        if others := [key for key in table if key != "rows"]:
            raise ValueError(
                f"a table with rows takes no other keys, but has {', '.join(others)}; allowed: "
                "rows alone, or one distribution"
            )
        if not isinstance(table["rows"], list | tuple):
            raise ValueError("rows is not a list; allowed: one distribution per open interval")
        places = [f"number {k + 1}" for k in range(len(table["rows"]))]
        return cls._rows(list(table["rows"]), places, info)

    def to_model(self) -> TimeDistribution:
        """Return the distribution that the tape draws from; of a list, all rows mixed."""
        if self.rows is None:
            return super().to_model()
        rows = [row.to_model() for row in self.rows]
        return DistributionByInterval.from_intervals(rows, [1.0] * len(rows))

    @property
    def mean(self) -> float:
        """Mean of all draws in seconds; of a list, the mean of its rows."""
        return super().mean if self.rows is None else _mean(self.rows)

    @property
    def is_bare(self) -> bool:
        """Whether it, or a row, was written as a time without the name of a distribution."""
        return super().is_bare if self.rows is None else any(row.is_bare for row in self.rows)

    @property
    def is_unlimited(self) -> bool:
        """Whether every draw is infinite."""
        rows = self.rows
        return super().is_unlimited if rows is None else all(row.is_unlimited for row in rows)

    @property
    def is_exponential(self) -> bool:
        """Whether it is, or all rows are the same, exponential distribution."""
        rows = self.rows or (self,)
        return self.law == "exponential" and all(row == rows[0] for row in rows)

    def scaled(self, factor: float) -> Self:
        """Return the same distribution, or each row, with every draw multiplied."""
        if self.rows is None:
            return super().scaled(factor)
        return self.with_rows(tuple(row.scaled(factor) for row in self.rows))

    def with_rows(self, rows: tuple[Distribution, ...]) -> Self:
        """Return a list with other rows in the same places."""
        table = {"rows": rows, "times": self.times}
        return type(self).model_validate(table)

    def _compared(self) -> str:
        left_out = {"rows", "times"} if self.rows is None else set()
        return repr(self.model_dump(exclude=left_out))

    def __str__(self) -> str:
        """Return the text that is read as the same distribution, or list."""
        if self.rows is None:
            return super().__str__()
        if self.source:
            return self.source
        return "[" + ", ".join(f'"{row}"' for row in self.rows) + "]"


class SeriesOrNone(DistributionSeries):
    """A distribution of a time that may be left out, also in some intervals."""

    @classmethod
    def read_row(cls, value: Any) -> Any:
        """Read ``"none"`` as no time at all."""
        return no_time(value)


class PatienceSeries(DistributionSeries):
    """A distribution of patience: a bare time is the mean of an exponential one."""

    @classmethod
    def read_row(cls, value: Any) -> Any:
        """Read a bare time as the mean of an exponential distribution."""
        return patience(value)


Times = DistributionSeries
TimesOrNone = Annotated[SeriesOrNone, BeforeValidator(no_time)]
"""A time that may be left out: ``"none"`` is zero."""


def _patience(value: object) -> object:
    is_list = isinstance(value, list | tuple) or is_column(value)
    if is_list or (isinstance(value, dict) and value.get("rows") is not None):
        return value
    return patience(value)


Patiences = Annotated[PatienceSeries, BeforeValidator(_patience)]
"""A patience: a bare time is the mean of an exponential distribution, as in formulas."""


def is_column(value: object) -> bool:
    """Return whether a value is a column of distributions, not a recorded sample of one."""
    return is_file(value) and not str(value).strip().lower().startswith("empirical ")


def _mean(rows: tuple[Distribution, ...]) -> float:
    return sum(of_each(rows, lambda row: row.mean)) / len(rows)


def of_each(rows: Sequence[Distribution], what: Callable[[Distribution], T]) -> list[T]:
    """Return something of each row, computed once for rows that are one object."""
    known = {key: what(row) for key, row in {id(row): row for row in rows}.items()}
    return [known[id(row)] for row in rows]


def _listed(text: str) -> Any:
    try:
        return read_toml(f"value = {text}")["value"]
    except TomlError:
        raise ValueError(
            f'{text!r} is not a list; allowed: such as ["exponential 3min", "exponential 4min"]'
        ) from None
