"""Telephone numbers by their digits, so that one number written in two ways is one customer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_DIGITS, MOST_DIGITS = 7, 15
"""Of a telephone number, its country code included (ITU-T E.164)."""
NEARLY_ALL = 0.8
"""Share of the values of a column that may be telephone numbers; others are words for unknown."""
SOME = 0.05
"""Share of the values that can be nothing else."""
LOOKED_AT = 2000
"""Values that say whether all are telephone numbers."""
_CODE_DIGITS = 3
_SCHEME = "tel:"
_PUNCTUATION = str.maketrans("", "", " ().-/\u00a0")
_CERTAIN = re.compile(r"(?:tel:)?(?:\+\s?\d|\(\d{2,5}\)\s?\d|\d{3}[-. ]\d{3}[-. ]\d{4}$|00\d{9})")


@dataclass(frozen=True)
class PhoneNumbers:
    """The values of a column by their digits.

    Attributes
    ----------
    keys : list of str or None
        Of each value: the number without punctuation, and without the country code of those whose
        number others have without; None for other values.
    country_code : str
        Empty where none had to be left out.
    is_rewritten : bool
        Whether values that differ have the same key.
    """

    keys: list[str | None]
    country_code: str
    is_rewritten: bool


def phone_numbers(values: Sequence[str]) -> PhoneNumbers | None:
    """Return telephone numbers by their digits; None where a column has other identifiers.

    Parameters
    ----------
    values : sequence of str
        Distinct, none empty.

    Notes
    -----
    Numbers from abroad begin with ``+`` or ``00``. The country code of the center is what most of
    them have before a number that is there without it, too: then all numbers with it are those
    without. Numbers of other countries keep theirs.
    """
    some = values[:: max(len(values) // LOOKED_AT, 1)]
    possible = sum(bool(_digits(value)) for value in some)
    certain = sum(bool(_CERTAIN.match(value)) for value in some)
    if not some or possible < NEARLY_ALL * len(some) or certain < SOME * len(some):
        return None
    digits = [_digits(value) for value in values]
    own = {one.lstrip("0") for one in digits if one and not one.startswith("+")}
    code = _country_code(digits, own)
    keys = [one and _without(one, code, own) for one in digits]
    known = [key for key in keys if key]
    return PhoneNumbers(keys, code, len(set(known)) < len(known))


def _digits(value: str) -> str | None:
    """Return the digits, after ``+`` where the country code is there; None for other values."""
    text = value[len(_SCHEME) :] if value.lower().startswith(_SCHEME) else value
    if text.endswith(".0"):  # a number of a spreadsheet
        text = text[:-2]
    if "(0)" in text:  # as in +44 (0)20
        text = text.replace("(0)", "") if "+" in text else text
    found = text.translate(_PUNCTUATION)
    is_abroad = found.startswith(("+", "00"))
    found = found.removeprefix("+") if found.startswith("+") else found.removeprefix("00")
    if not (FEWEST_DIGITS <= len(found) <= MOST_DIGITS and found.isdecimal() and found.isascii()):
        return None
    return f"+{found}" if is_abroad else found


def _country_code(digits: Sequence[str | None], own: set[str]) -> str:
    """Return the country code before most numbers that are there without it, too."""
    abroad = [one for one in digits if one and one.startswith("+")]
    votes = Counter(
        one[1 : 1 + length]
        for one in abroad[:: max(len(abroad) // LOOKED_AT, 1)]
        for length in range(1, _CODE_DIGITS + 1)
        if one[1 + length :].lstrip("0") in own
    )
    return max(votes, key=lambda code: (votes[code], -len(code)), default="")


def _without(number: str, code: str, own: set[str]) -> str:
    """Return a number as that of its country, if its country is that of the center."""
    if not number.startswith("+"):
        plain = number.lstrip("0")
        # As in 1-212-555-0100: the country code without a sign that it is one.
        rest = plain.removeprefix(code) if code else plain
        return rest if rest != plain and rest in own else plain
    if code and number.startswith(f"+{code}"):
        return number[1 + len(code) :].lstrip("0")
    return number
