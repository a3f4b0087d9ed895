"""The tables of a study: axes, overlays, a design of many factors, metrics, sensitivity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from sim.experiment.sweep.value_range import interpolate, parse_range, parse_range_value
from sim.metrics import catalogue
from sim.scenario.field_types import Choice, Flag, Name, Record, Whole, Written, one_of
from sim.scenario.problems import nearest

MOST_CELLS = 1_000_000
RANGE = frozenset({"from", "to", "step", "count", "values", "name", "low", "high"})
SCOPES = ("total", "channel", "target", "queue", "group", "issue")


def flat(value: Any, prefix: str = "") -> Any:
    """Return nested tables as one table by dotted path.

    A key in quotes that holds a dot is a whole path, and what it holds is taken as it is; so is
    a table that says a range or bounds.
    """
    if not isinstance(value, dict):
        return value
    found: dict[str, Any] = {}
    for key, item in value.items():
        path = f"{prefix}{key}"
        if isinstance(item, dict) and "." not in key and not _is_range(item):
            found.update(flat(item, f"{path}."))
        else:
            found[path] = item
    return found


def _is_range(table: dict[str, Any]) -> bool:
    return any(key in RANGE and not isinstance(item, dict) for key, item in table.items())


class Axis(Written):
    """The values that one field takes, one after the other."""

    SHORT = 'a list of values such as ["-10%", "+10%"], or { from = 8, to = 16, step = 2 }'
    EXAMPLES = (["-10%", "+0%", "+10%"],)

    values: tuple[Any, ...] | None = None
    """The values themselves, as for ``--set``."""
    begin: Any = Field(None, alias="from")
    """Or the first of a range: a number, a share, a time or a change."""
    to: Any = None
    """And the last, which is among the values if the steps lead to it."""
    step: Any = None
    """How far it is from one value to the next, written like the first."""
    count: Annotated[int, Whole(2, MOST_CELLS)] | None = None
    """Or how many values there are, evenly apart."""
    name: Name | None = None
    """What the axis is called in tables; its path by default."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read a list of values."""
        if not isinstance(value, list | tuple):
            raise ValueError(f"{value!r} is not a list; allowed: {cls.SHORT}")
        return {"values": list(value)}

    @model_validator(mode="after")
    def _is_said_once(self) -> Axis:
        if self.values is not None:
            if any(v is not None for v in (self.begin, self.to, self.step, self.count)):
                raise ValueError("values and a range are given; allowed: one of them")
            if not self.values:
                raise ValueError("the list is empty; allowed: at least one value")
            if len({repr(value) for value in self.values}) < len(self.values):
                raise ValueError("a value is given twice; allowed: each once")
            return self
        if self.begin is None or self.to is None or (self.step is None) == (self.count is None):
            raise ValueError(
                f"is not a range with from, to, and step or count; allowed: {self.SHORT}"
            )
        list(self.points())
        return self

    def points(self) -> Iterator[Any]:
        """Yield the values in their order.

        Raises
        ------
        BadInputError
            When the bounds of a range do not fit together.
        """
        if self.values is not None:
            yield from self.values
            return
        low, high = parse_range(self.begin, self.to)
        gap = high.number - low.number
        if self.count is not None:
            step, count = gap / (self.count - 1), self.count
        else:
            step = parse_range_value(self.step).number
            if parse_range_value(self.step).unit not in (low.unit, "") or not step > 0:
                raise ValueError(f"step: {self.step!r} does not lead from {self.begin!r} on")
            count = int(gap / step + 1e-9) + 1
        if count > MOST_CELLS:
            raise ValueError(f"step: {self.step!r} makes {count:,} values; at most {MOST_CELLS:,}")
        fine = low if step.is_integer() else type(low)(low.number, low.sign, low.unit)
        yield from (fine.at(low.number + k * step) for k in range(count))


class FactorBounds(Written):
    """Between what a factor lies."""

    SHORT = 'the lowest and the highest value such as ["-20%", "+20%"]'
    EXAMPLES = (["-20%", "+20%"],)

    low: Any
    """The lowest: a number, a share, a time or a change."""
    high: Any
    """The highest, written in the same way."""
    name: Name | None = None
    """What the factor is called in tables; its path by default."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read a list of two."""
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise ValueError(f"{value!r} are no bounds; allowed: {cls.SHORT}")
        return {"low": value[0], "high": value[1]}

    @model_validator(mode="after")
    def _fit(self) -> FactorBounds:
        parse_range(self.low, self.high)
        return self

    def at(self, part: float) -> Any:
        """Return the value a part of the way (0 to 1) from the lowest to the highest."""
        return interpolate(*parse_range(self.low, self.high), part)


Factors = Annotated[dict[Name, FactorBounds], BeforeValidator(flat)]


class Design(Record):
    """Points that fill the space of many factors evenly."""

    kind: Annotated[str, Choice("latin hypercube", "sobol")]
    """How the points are placed."""
    points: Annotated[int, Whole(1, MOST_CELLS)]
    """How many there are; a power of two for ``sobol``."""
    factor: Factors
    """FactorBounds by dotted path."""

    @model_validator(mode="after")
    def _fits(self) -> Design:
        if not self.factor:
            raise ValueError("factor: none is given; allowed: at least one")
        if self.kind == "sobol" and self.points & (self.points - 1):
            raise ValueError(f"points: {self.points} is not a power of two, as sobol needs")
        return self


class MetricPattern(Written):
    """A metric: its scope, the name within the scope, and the metric."""

    SHORT = 'a metric such as "service_level", "queue.billing.asa_s" or "group.*.occupancy"'
    EXAMPLES = ("service_level", "queue.billing.asa_s", "group.*.occupancy")

    scope: Annotated[str, Choice(*SCOPES)] = "total"
    """Of the whole, a channel, a queue, a group, or the issues of a queue."""
    name: Name = "*"
    """Name of the channel, target, queue or group; ``*`` for every one."""
    metric: str
    """Name of the metric."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read ``metric``, ``total.metric`` or ``scope.name.metric``."""
        parts = value.split(".") if isinstance(value, str) else []
        if len(parts) == 1:
            return {"metric": parts[0]}
        if len(parts) == 2 and parts[0] == "total":
            return {"metric": parts[1]}
        if len(parts) != 3:
            raise ValueError(f"{value!r} is not a metric; allowed: {cls.SHORT}")
        return dict(zip(("scope", "name", "metric"), parts, strict=True))

    @model_validator(mode="after")
    def _is_known(self) -> MetricPattern:
        if self.metric not in catalogue():
            hint = nearest(self.metric, catalogue())
            hint = f'; did you mean "{hint}"?' if hint else ""
            raise ValueError(f"{self.metric!r} is not a metric; see docs/metrics.md{hint}")
        one_of(self.scope, SCOPES)
        return self

    @property
    def place(self) -> tuple[str, str, str]:
        """Scope, name and metric; the whole has one name."""
        return self.scope, "total" if self.scope == "total" else self.name, self.metric

    def holds(self, scope: str, name: str, metric: str) -> bool:
        """Return whether a metric is meant."""
        return (scope, metric) == (self.scope, self.metric) and self.name in ("*", name)

    def __str__(self) -> str:
        """Return the short form."""
        return self.metric if self.scope == "total" else f"{self.scope}.{self.name}.{self.metric}"


class Sensitivity(Record):
    """Which factor moves the headline metric how much."""

    factor: Factors = Field(default_factory=dict)
    """FactorBounds by dotted path; those of the axes and of the design by default."""
    one_at_a_time: Flag = True
    """Move each factor alone to its lowest and its highest value."""
    sobol: Annotated[int, Whole(16, 2**20)] | None = None
    """Points of a Sobol analysis, a power of two; it lives (factors + 2) times as many cells."""

    @model_validator(mode="after")
    def _fits(self) -> Sensitivity:
        if self.sobol is not None and self.sobol & (self.sobol - 1):
            raise ValueError(f"sobol: {self.sobol} is not a power of two")
        return self
