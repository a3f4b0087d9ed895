"""Refuses columns whose values would be written out, and are numbers or addresses of customers."""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping

from sim.scenario import Problem, ScenarioError
from sim.units import counted

FEWEST_DIGITS, MOST_LETTERS = 7, 3
"""Of a telephone number or the number of a customer; letters as in ``ID 1234567``."""
MOST_OWN, OFTEN = 20, 10
"""Numbers and addresses that may be those of the center, each of so many rows or more."""
MOSTLY = 0.8
"""Share of them that must have so many rows."""
MANY, SELDOM = 100, 5
"""More different values than this, most of fewer rows, are no names of queues or channels."""
_ADDRESS = re.compile(r"[^\s@]+@[^\s@]+")


def check_names(file: str, title: str, meaning: str, rows: Mapping[str, int]) -> None:
    """Refuse a column of names whose values identify customers; they are never written out.

    The numbers that customers dial (DNIS) and the mailboxes of a center are few, and each has many
    rows: they are allowed.

    Parameters
    ----------
    file, title : str
        Of the column, for the message.
    meaning : str
        What its values are taken for, such as ``queue``.
    rows : mapping of str to int
        Rows of each different value.

    Raises
    ------
    ScenarioError
        With the column, a masked example and what is allowed; never with a value.
    """
    names = {name: count for name, count in rows.items() if name and count}
    personal = [name for name in names if is_personal(name)]
    often = sum(names[name] >= OFTEN for name in personal)
    if len(personal) > MOST_OWN or often < MOSTLY * len(personal):
        found = (
            f"has {counted(len(personal), 'value')} like telephone numbers, e-mail addresses or "
            f"numbers of customers, such as {masked(personal[0])!r}"
        )
    elif len(names) > MANY and statistics.median(names.values()) < SELDOM:
        found = (
            f"has {len(names):,} different values, most of them in fewer than {SELDOM} rows, such "
            f"as {masked(next(iter(names)))!r}, as customers have"
        )
    else:
        return
    message = (
        f"{found}; names of {meaning}s are written out, personal data never; allowed: another "
        f"column, or none (--column {meaning}=TITLE, --column {meaning}=), or up to {MOST_OWN} "
        f"numbers or addresses of the center itself, of {OFTEN} rows or more each"
    )
    raise ScenarioError([Problem(title, message, file=file)])


def is_personal(value: str) -> bool:
    """Return whether a value may be a telephone number, a number of a customer or an address."""
    if _ADDRESS.fullmatch(value):
        return True
    text = value.removesuffix(".0").lower().removeprefix("tel:")
    digits = sum(map(str.isdecimal, text))
    return digits >= FEWEST_DIGITS and sum(map(str.isalpha, text)) <= MOST_LETTERS


def masked(value: str) -> str:
    """Return a value of which only the first character and the signs between are readable."""
    return value[:1] + re.sub(r"\w", "*", value[1:])
