"""Levers: changes that money can buy, with their cost, limits and evidence."""

from __future__ import annotations

from math import floor
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, WithJsonSchema, model_validator

from sim import units
from sim.numerals import finite
from sim.scenario.field_types import Money, Name, Names, Note, Record, SomeRatio, Whole, Written

MADE_UP = "made up"
MOST_LEVELS = 20
"""Amounts of a lever that are compared."""


def _amount(value: object) -> float:
    number = finite(value, "a number such as 3") if not isinstance(value, bool) else None
    if number is None or not 0 < number <= 1000:
        raise ValueError(f"{value!r} is out of bounds; allowed: a number above 0, up to 1000")
    return number


_AMOUNT_SCHEMA = {"type": "number", "exclusiveMinimum": 0, "maximum": 1000}
Amount = Annotated[float, BeforeValidator(_amount), WithJsonSchema(_AMOUNT_SCHEMA)]


class LeverCost(Written):
    """What one step of a lever costs, besides the pay of agents."""

    SHORT = "an amount of money a month"
    EXAMPLES = (500, "1250.50")

    once: Money = 0.0
    """One-off cost, spread evenly over ``life``."""
    life: Annotated[int, Whole(1, 600), Note(unit="months")] = 36
    """Months over which the one-off cost is spread."""
    month: Money = 0.0
    """Cost a month."""
    use: Money = 0.0
    """Cost of each unit of ``per`` that the change adds."""
    per: Annotated[Name | None, Note(unset="needed with `use`")] = None
    """What ``use`` is paid for: a metric that counts, such as ``"sessions"`` or
    ``"queue.calls.callbacks"``."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read an amount a month."""
        return {"month": units.money(value)}

    @model_validator(mode="after")
    def _has_unit(self) -> LeverCost:
        if (self.use > 0) != (self.per is not None):
            raise ValueError(
                'use and per belong together; allowed: both, such as use = 0.1, per = "sessions"'
            )
        return self

    @property
    def fixed(self) -> float:
        """Cost a month without what is paid per use."""
        return self.once / self.life + self.month


class LeverLimit(Written):
    """How often a change may be made, or how much of it."""

    SHORT = '"on/off", or how many times the change may be made'
    EXAMPLES = ("on/off", 5)

    least: Annotated[Amount, Note(unit="a number above 0")] = 1.0
    """The smallest amount, if the lever is used at all."""
    most: Annotated[Amount, Note(unit="a number above 0")] = 1.0
    """The largest amount."""
    by: Annotated[Amount, Note(unit="a number above 0")] = 1.0
    """Distance between the amounts that are compared."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read ``"on/off"`` or a number of times."""
        if isinstance(value, str) and value.strip().lower() in ("on/off", "on or off"):
            return {}
        return {"most": value}

    @model_validator(mode="after")
    def _in_order(self) -> LeverLimit:
        if self.least > self.most:
            raise ValueError(
                f"least {self.least:g} is more than most {self.most:g}; allowed: no more than it"
            )
        if len(self.levels) > MOST_LEVELS:
            raise ValueError(
                f"are {len(self.levels)} amounts; allowed: at most {MOST_LEVELS}, by larger steps"
            )
        return self

    @property
    def levels(self) -> tuple[float, ...]:
        """The amounts that are compared, in their order, without zero."""
        steps = floor((self.most - self.least) / self.by + 1e-9)
        return tuple(round(self.least + k * self.by, 10) for k in range(steps + 1))


class EffectRange(Written):
    """How far the effect of a lever may be from what its changes say."""

    SHORT = "both ends of the effect, as shares of it"
    EXAMPLES = ("50% to 150%",)

    low: SomeRatio = 0.5
    """The least effect, relative to the changes."""
    high: SomeRatio = 1.5
    """The greatest effect."""

    @classmethod
    def read(cls, value: Any, info: ValidationInfo) -> dict[str, Any]:
        """Read ``"50% to 150%"``."""
        low, word, high = str(value).partition(" to ")
        if not word:
            raise ValueError(f'{value!r} is not a range; allowed: such as "50% to 150%"')
        return {"low": low.strip(), "high": high.strip()}

    @model_validator(mode="after")
    def _in_order(self) -> EffectRange:
        if self.low > self.high:
            raise ValueError("low is above high; allowed: low to high")
        return self


class Lever(Record):
    """A change that money can buy."""

    use: Annotated[Name | None, Note(unset="none")] = None
    """A lever of the catalogue (``"bot_coverage"``), from which all that is not written here is
    taken."""
    of: Annotated[Names, Note(unset="all")] = ()
    """The queues, bots, groups or issues that ``*`` in ``changes`` stands for."""
    title: Annotated[Name | None, Note(unset="NAME, or that of the catalogue")] = None
    """Shown in reports."""
    changes: Annotated[dict[str, Any], Note(unset="those of the catalogue")] = Field(
        default_factory=dict
    )
    """What it changes, by path: ``{ "group.team.agents" = "+1", "bot.calls.contained" = "+10pp"
    }``. ``*`` in a path stands for every name that has such a field."""
    cost: Annotated[LeverCost | None, Note(unset="that of the catalogue, or 0")] = None
    """``500`` a month, or ``{ once = 12000, life = 24, month = 300, use = 0.10, per = "sessions"
    }``. The pay of agents follows from their wage and is added."""
    limit: Annotated[LeverLimit | None, Note(unset='`"on/off"`, or that of the catalogue')] = None
    """``"on/off"``, a number of times, or a range ``{ least = 2, most = 8, by = 2 }``; a change
    such as ``"+1"`` is made so many times."""
    excludes: Annotated[Names, Note(unset="none")] = ()
    """Levers that cannot be used together with this one."""
    needs: Annotated[Names, Note(unset="none")] = ()
    """Levers without which this one is not used."""
    effect: Annotated[EffectRange | None, Note(unset='`"50% to 150%"`')] = None
    """Ends of the effect that the tornado compares."""
    source: Annotated[Name | None, Note(unset='`"made up"`, or that of the catalogue')] = None
    """Evidence for the size of the effect."""
