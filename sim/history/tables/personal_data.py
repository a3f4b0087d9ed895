"""Refuses columns whose values would be written out, and are numbers or addresses of customers."""

from __future__ import annotations

import re
import statistics
from collections.abc import Collection, Mapping

from sim.scenario import Problem, ScenarioError
from sim.units import counted

MOST_FEW, ROWS_IF_FEW, ROWS_IF_MANY = 20, 10, 100
"""Numbers of a center have so many rows each or more, where there are few and where many."""
MOSTLY = 0.8
"""Share of the rows with numbers that must be those of numbers with so many rows."""
MOST_RARE = 0.5
"""Numbers of a center that may have fewer rows, for each of its others."""
LAST_DIGITS = 4
"""In which numbers of one center differ."""
FEW_ROWS = 0.01
"""Share of all rows below which values are to be corrected, not the choice of the column."""
MANY = 100
"""More different values than this, of few rows each, are no names of queues or channels."""
SELDOM, SELDOM_WITH_DIGITS = (2, 10), (4, 5)
"""Rows of most names, and rows of a name on average (fewer than), that are few."""
_ADDRESS = re.compile(r"[^\s@<>;,]@([^\s@<>;,]+)")
_NUMBER = re.compile(r"\d(?:[\s()./+_,·‐-―−-]{0,3}\d){6,}")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_DATE = re.compile(
    r"((\d{4}[-./]\d\d?[-./]\d\d?|\d\d?[-./]\d\d?[-./](\d{4}|\d\d))([T\s].*)?"
    r"|(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]))"
)
"""Dates, also with a time of day, and such as 20260105."""


def check_names(
    file: str, title: str, meaning: str, rows: Mapping[str, int], known: Collection[str] = ()
) -> None:
    """Refuse a column of names whose values identify customers; they are never written out.

    The numbers that customers dial (DNIS), skills and mailboxes of a center have many rows each:
    they are allowed. So are a few rarer numbers with the same digits but for the last four.

    Parameters
    ----------
    file, title : str
        Of the column, for the message.
    meaning : str
        What its values are taken for, such as ``queue``.
    rows : mapping of str to int
        Rows of each different value.
    known : collection of str
        Names that are allowed, such as the queues of a scenario.

    Raises
    ------
    ScenarioError
        With the column, a masked example and what is allowed; never with a value.
    """
    every = sum(rows.values())
    names = {name: n for name, n in rows.items() if name and n and name not in known}
    of_customers: dict[str, int] = {}
    for is_of_kind in (is_address, is_number):
        of_customers |= _of_customers({one: n for one, n in names.items() if is_of_kind(one)})
    if of_customers:
        found = f"has {counted(len(of_customers), 'value')} like {_kind(of_customers)}, such as "
        there = sum(of_customers.values())
        found += f"{masked(next(iter(of_customers)))!r}, in {there:,} of {counted(every, 'row')}"
        if there < FEW_ROWS * every:
            found += ": correct or remove them"
    elif len(names) > MANY and _are_seldom(names):
        found = (
            f"has {len(names):,} different values, most of them in few rows, such as "
            f"{masked(next(iter(names)))!r}, as {_kind(names, 'customers')} have"
        )
    else:
        return
    message = (
        f"{found}; names of {meaning}s are written out, personal data never; allowed: another "
        f"column, or none (--column {meaning}=TITLE, --column {meaning}=), or write names in place "
        f"of these values in the file; numbers and addresses of the center itself are those of "
        f"{ROWS_IF_FEW} rows or more each, of {ROWS_IF_MANY} where there are more than {MOST_FEW}"
    )
    raise ScenarioError([Problem(title, message, file=file)])


def is_personal(value: str) -> bool:
    """Return whether a value may be a telephone number, a number of a customer or an address."""
    return is_address(value) or is_number(value)


def is_address(value: str) -> bool:
    """Return whether an e-mail address is in a value."""
    return _ADDRESS.search(value) is not None


def is_number(value: str) -> bool:
    """Return whether seven or more digits, also with signs between them, are in a value.

    Not in those of a UUID, by which some systems name queues.
    """
    if is_address(value) or _UUID.fullmatch(value):
        return False
    return _NUMBER.search(value.removesuffix(".0")) is not None


def masked(value: str) -> str:
    """Return a value of which only the first character and the signs between are readable."""
    return value[:1] + re.sub(r"\w", "*", value[1:])


def _of_customers(rows: Mapping[str, int]) -> dict[str, int]:
    """Return which of some numbers, or of some addresses, are not those of the center."""
    least = ROWS_IF_FEW if len(rows) <= MOST_FEW else ROWS_IF_MANY
    own = {one: n for one, n in rows.items() if n >= least}
    if sum(own.values()) < MOSTLY * sum(rows.values()):
        return dict(rows)
    rare = {one: n for one, n in rows.items() if n < least}
    if len(rare) > MOST_RARE * len(own):
        return rare
    forms = {_form(one) for one in own}
    return {one: n for one, n in rare.items() if _form(one) not in forms}


def _form(value: str) -> str:
    """Return a number without its last digits, which numbers of one center share; an address whole.

    A domain says nothing: customers and small centers have addresses of the same providers.
    """
    if _ADDRESS.search(value) is not None:
        return value.casefold()
    digits = "".join(filter(str.isdecimal, value.removesuffix(".0")))
    return f"{len(digits)} digits, {digits[:-LAST_DIGITS]}"


def _are_seldom(rows: Mapping[str, int]) -> bool:
    """Return whether names are those of customers, each with few rows; more if with digits."""
    most, mean = statistics.median(rows.values()), statistics.mean(rows.values())
    with_digits = sum(any(map(str.isdecimal, name)) for name in rows)
    limits = [SELDOM, *([SELDOM_WITH_DIGITS] if with_digits > len(rows) / 2 else [])]
    return any(most <= rows_of_most and mean < on_average for rows_of_most, on_average in limits)


def _kind(
    values: Collection[str],
    otherwise: str = "telephone numbers, e-mail addresses or numbers of customers",
) -> str:
    dates = sum(_DATE.fullmatch(value.strip()) is not None for value in values)
    return "dates" if dates >= MOSTLY * len(values) else otherwise
