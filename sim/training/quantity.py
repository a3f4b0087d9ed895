"""Quantities with a unit: as a lesson states them, as a learner answers, as both are shown."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from sim import units
from sim.numerals import write_number
from sim.report.formatting import show, show_difference
from sim.units import AmbiguousNumberError, BadInputError

COUNT, SHARE, SECONDS, HOURS, TEXT = "", "share", "s", "h", "text"
UNITS = (COUNT, SHARE, SECONDS, HOURS)
_NAME = re.compile(r"\{([a-z][a-z0-9_]*)\}")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, or a text that is shown as it is.

    Attributes
    ----------
    value : float or None
        None where there is no answer (Erlang C with too few agents), or for a text.
    unit : str
        ``""`` for what is counted, ``share``, ``s``, ``h`` or ``text``.
    written : str
        As the lesson states it; empty when computed.
    low, high : float or None
        The 95 % confidence interval of a simulated metric.
    is_difference : bool
        Shown with its sign, shares in percentage points.
    """

    value: float | None
    unit: str
    written: str = ""
    low: float | None = None
    high: float | None = None
    is_difference: bool = False

    @property
    def half(self) -> float | None:
        """Half the width of the confidence interval."""
        if self.low is None or self.high is None:
            return None
        return (self.high - self.low) / 2

    def __str__(self) -> str:
        """Return the quantity as planners write it, with its confidence interval if simulated."""
        if self.unit == TEXT:
            return self.written
        if self.written and self.value is not None and self.unit in (SHARE, SECONDS):
            written = units.show_share if self.unit == SHARE else units.show_duration
            return re.sub(r"(?<=\d)(?=[a-z%])", " ", written(self.value))
        if self.value is None or not math.isfinite(self.value):
            return "no answer"
        if self.is_difference:
            width = show(self.half, self.unit).removesuffix(" %")
            return show_difference(self.value, self.unit) + (f" ± {width}" if self.half else "")
        return show(self.value, self.unit, self.half)

    def raw(self) -> str:
        """Return the quantity as a scenario file or a formula takes it."""
        if self.written:
            return self.written
        return "" if self.value is None else write_number(self.value, 10)


def read_quantity(value: Any) -> Quantity:
    """Read a quantity of a lesson: ``200``, ``"300s"``, ``"80%"``, or any other text.

    Raises
    ------
    BadInputError
        When it is neither a number nor a text.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadInputError(
            f"{value!r} is not a quantity; allowed: a number or a text such as 300s"
        )
    if not isinstance(value, str):
        return Quantity(float(value), COUNT, str(value))
    for read, unit in ((_percent, SHARE), (_time, SECONDS)):
        try:
            return Quantity(read(value), unit, value)
        except BadInputError:
            continue
    return Quantity(None, TEXT, value)


def _percent(text: str) -> float:
    if "%" not in text:
        raise BadInputError(text)
    return units.share(text)


def _time(text: str) -> float:
    if re.fullmatch(r"[\d.\s]*", text):
        raise BadInputError(text)
    return units.duration(text)


def parse_answer(text: str, unit: str, field: str) -> float:
    """Read the answer of a learner.

    Parameters
    ----------
    text : str
        A count ``21``; a share ``80%``, ``80`` (percent) or ``0.8``; a time ``45s`` or ``45``.
    unit : str
    field : str
        Named in the message, such as ``prediction``.

    Raises
    ------
    BadInputError
        When it is not such a quantity.
    """
    words = text.strip()
    try:
        if unit == SHARE:
            return _share(words)
        if unit == SECONDS:
            return units.duration(words)
        number = _number(words)
    except AmbiguousNumberError as error:
        raise BadInputError(f"{field}: {error}") from None
    except (BadInputError, ValueError):
        raise BadInputError(
            f"{field}: {text!r} cannot be read; allowed: {answer_format(unit)}"
        ) from None
    if not math.isfinite(number):
        raise BadInputError(f"{field}: {text!r} is not finite; allowed: {answer_format(unit)}")
    return number


def _number(words: str, thousands: bool = True) -> float:
    """Return a number with its sign, however the decimal mark is written."""
    sign = -1.0 if words.startswith(("-", "−")) else 1.0
    found = units.plain_number(words.lstrip("+-−"), thousands=thousands)
    if found is None:
        raise ValueError(words)
    return sign * found


def _share(words: str) -> float:
    number = _number(words.removesuffix("%").strip(), thousands=False)
    if "%" in words or abs(number) > 1:
        number /= 100
    if not -10 <= number <= 10:
        raise ValueError(words)
    return number


def answer_format(unit: str) -> str:
    """Return how a quantity of a unit is written."""
    return {
        SHARE: "a share, written as 50% or 0.5",
        SECONDS: "a time, written as 90s or 1.5min",
        HOURS: "a number of hours",
    }.get(unit, "a number")


def tolerance(value: Any, unit: str) -> float:
    """Read how far off an answer may be: ``1``, ``"5pp"`` of a share, ``"10s"``.

    Raises
    ------
    BadInputError
        When it does not fit the unit, or is negative.
    """
    words = str(value).strip()
    try:
        if unit == SHARE:
            read = float(words.removesuffix("pp").removesuffix("%").strip()) / 100
        elif unit == SECONDS:
            read = units.duration(words)
        else:
            read = float(words)
    except ValueError:
        kind = {SHARE: '"5pp"', SECONDS: '"10s"'}.get(unit, "1")
        raise BadInputError(f"{value!r} is not a tolerance here; allowed: such as {kind}") from None
    if not 0 <= read < math.inf:
        raise BadInputError(f"{value!r} is negative or endless; allowed: zero or more")
    return read


def names_in(text: str) -> list[str]:
    """Return the names that stand in braces in a text."""
    return list(dict.fromkeys(_NAME.findall(text)))


def fill_in(text: str, quantities: dict[str, Quantity], raw: bool = False) -> str:
    """Return a text with every ``{name}`` replaced by its quantity.

    Parameters
    ----------
    text : str
    quantities : dict
    raw : bool
        As a scenario takes it (``300s``), not as people read it.
    """

    def put(found: re.Match[str]) -> str:
        quantity = quantities.get(found[1])
        if quantity is None:
            return found[0]
        return quantity.raw() if raw else str(quantity)

    return _NAME.sub(put, text)
