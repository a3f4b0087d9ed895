"""Amounts between two others: what lies between "-10%" and "+10%", or 3min and 5min."""

from __future__ import annotations

from dataclasses import dataclass

from sim import units
from sim.numerals import write_number
from sim.units import BadInputError

FORM = 'a number, a share "70%", a time "3min" or a change such as "+10%", "-2" or "*1.1"'


@dataclass(frozen=True, slots=True)
class RangeValue:
    """A number with the way in which it was written.

    Attributes
    ----------
    number : float
        In seconds, percent or percentage points where it has such a unit.
    sign : {"", "+", "*"}
        Whether it replaces, is added to or multiplies what is there.
    unit : {"", "%", "pp", "s"}
    is_whole : bool
        Written without a unit and without a fraction: it counts something.
    """

    number: float
    sign: str = ""
    unit: str = ""
    is_whole: bool = False

    def at(self, number: float) -> object:
        """Return another number written in the same way, as a scenario reads it."""
        number = round(number, 10) + 0.0
        if self.sign == "*":
            return f"*{number:.10g}"
        if self.sign == "+":
            sign = "" if number < 0 else "+"
            return f"{sign}{write_number(number, 10)}{self.unit}"
        if self.unit == "s":
            return units.show_duration(number)
        if self.unit:
            return f"{number:.10g}{self.unit}"
        return int(number) if self.is_whole else number


def parse_range_value(value: object) -> RangeValue:
    """Return the amount that a number or a text stands for.

    Raises
    ------
    BadInputError
        When it is none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return RangeValue(float(value), is_whole=isinstance(value, int))
    if units.is_change(value):
        return _change(str(value))
    for read in (_number, _percent, _time):
        try:
            return read(value)
        except ValueError:
            continue
    raise BadInputError(f"{value!r} is not an amount; allowed: {FORM}")


def parse_range(low: object, high: object) -> tuple[RangeValue, RangeValue]:
    """Return two amounts of one kind, the lower first.

    Raises
    ------
    BadInputError
        When they are of different kinds, or the second is not above the first.
    """
    first, second = parse_range_value(low), parse_range_value(high)
    if (first.sign, first.unit) != (second.sign, second.unit):
        raise BadInputError(f"{low!r} and {high!r} are of two kinds; allowed: both of one kind")
    if not first.number < second.number:
        raise BadInputError(f"{high!r} is not above {low!r}; allowed: the lower first")
    whole = first.is_whole and second.is_whole
    return tuple(RangeValue(a.number, a.sign, a.unit, whole) for a in (first, second))  # type: ignore[return-value]


def interpolate(low: RangeValue, high: RangeValue, part: float) -> object:
    """Return what lies a part of the way from one amount to another.

    Parameters
    ----------
    low, high : RangeValue
        Of one kind.
    part : float
        From 0 up to 1. Where both are whole, every whole number is as likely as any other;
        else the amount is cut to five digits, which are easier to read.
    """
    if low.is_whole:
        steps = high.number - low.number + 1
        return low.at(low.number + min(int(part * steps), steps - 1))
    return low.at(float(f"{low.number + part * (high.number - low.number):.5g}"))


def _change(text: str) -> RangeValue:
    change = units.change(text)
    if text.strip()[0] in "*x×":
        return RangeValue(change.factor, "*")
    if text.strip().endswith("%"):
        return RangeValue(round((change.factor - 1) * 100, 10), "+", "%")
    if change.unit == "pp":
        return RangeValue(round(change.add * 100, 10), "+", "pp")
    return RangeValue(change.add, "+", change.unit, not change.unit and change.add.is_integer())


def _number(value: object) -> RangeValue:
    number = units.plain_number(str(value))
    if number is None:
        raise ValueError(value)
    return RangeValue(number, is_whole=str(value).strip().isdigit())


def _percent(value: object) -> RangeValue:
    if not str(value).strip().endswith("%"):
        raise ValueError(value)
    return RangeValue(round(units.ratio(value) * 100, 10), "", "%")


def _time(value: object) -> RangeValue:
    return RangeValue(units.duration(value), "", "s")
