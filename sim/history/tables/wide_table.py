"""Tables with one column of contacts for each queue: which columns these are, and reading them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.fileio import dates
from sim.fileio.table import is_empty
from sim.history.tables.actuals import Actuals, read_actuals
from sim.history.tables.column_mapping import guess, word
from sim.history.tables.interval_reader import amount, refuse
from sim.scenario import Problem
from sim.units import BadInputError

if TYPE_CHECKING:
    from sim.fileio import Numbers, Table

TOTALS = ("total", "sum", "all", "gesamt", "summe", "grand total")
"""Titles of columns that add the others up; they are no queue unless picked."""
HANDLE_TIME = re.compile(
    r"\b(?:(?:average|avg|mean|mittlere|durchschnittliche) )?"
    r"(?:aht|handle time|handling time|bearbeitungszeit)(?: (?:s|sec|seconds|sek|sekunden))?\b"
)
"""In titles without case and punctuation: that the column holds handle times."""
CONTACTS = re.compile(r"\b(?:offered|contacts|calls|volume|anrufe|kontakte)\b")
"""In titles without case and punctuation: what is not part of the queue's name."""
NOT_CONTACTS = re.compile(
    r".*\b(?:ftes?|service level|occupancy|utili[sz]ation|shrinkage|speed of answer)\b.*"
    r"|(?:(?:required|scheduled|planned|net|gross|interval|call|average|avg|mean|total) )*"
    r"(?:agents?|staff|staffing|headcount|length|duration|minutes|sla?|asa|acw|talk|hold|wrap|wait"
    r"|wrap up|queue time|week|weekday|month|year)"
    r"(?: (?:time|level|s|sec|secs|seconds|min|minutes|h|hours|percent|pct|required|scheduled))*"
)
"""Titles without case and punctuation of columns that are known to be no contacts."""
MOST_QUEUES = 40
LOOKED_AT = 200
"""Rows of a column that are looked at to see what it holds."""


def guess_interval_columns(raw: Table) -> dict[str, str]:
    """Return the column that each meaning most likely has, by title, else by what is in it.

    Titles that are not known tell nothing; dates and times do.

    Parameters
    ----------
    raw : Table

    Returns
    -------
    dict of str to str
        Title by key of :data:`sim.history.tables.column_mapping.MEANINGS`.
    """
    guessed = guess(raw)
    if "start" in guessed and (
        "date" in guessed or _kind(raw, raw.column(guessed["start"])) != "clock"
    ):
        return guessed
    free = [
        at
        for at, title in enumerate(raw.header)
        if title and title not in guessed.values() and not _is_handle_time(title)
    ]
    kinds = {raw.header[at]: _kind(raw, at) for at in free}
    for title, kind in kinds.items():
        wanted = {"moment": "start", "clock": "start", "date": "date"}.get(kind)
        if wanted and wanted not in guessed:
            guessed[wanted] = title
    if "start" not in guessed and "date" in guessed:
        guessed["start"] = guessed.pop("date")
    return guessed


def chosen_columns(raw: Table, chosen: Mapping[str, str] | None) -> dict[str, str]:
    """Return the guessed columns, replaced by those that were chosen.

    Parameters
    ----------
    raw : Table
    chosen : mapping of str to str or None
        Title by meaning.
    """
    said = dict(chosen or {})
    guessed = {
        key: title
        for key, title in guess_interval_columns(raw).items()
        if title not in said.values()
    }
    return guessed | said


def _kind(raw: Table, at: int) -> str:
    """Return what a column of text holds: ``moment``, ``date``, ``clock`` or nothing of these."""
    found = set()
    cells = _cells(raw, at)
    order = dates.order_of(cells)
    order = "day first" if order == "guess" else order  # either will do to see that it is a date
    for cell in cells[:LOOKED_AT]:
        if isinstance(cell, int | float):
            return ""
        try:
            day, second, _ = dates.moment(cell, order)
        except BadInputError:
            return ""
        found.add("clock" if day is None else "moment" if second else "date")
    if "clock" in found:
        return "clock" if found == {"clock"} else ""
    return "moment" if "moment" in found else "date" if found else ""


def _cells(raw: Table, at: int) -> list[Any]:
    """Return the cells of a column that are not empty."""
    return [cells[at] for _, cells in raw.rows if at < len(cells) and not is_empty(cells[at])]


def layout_of(raw: Table) -> str:
    """Return the layout that a table most likely has: ``long`` or ``wide``."""
    guessed = guess_interval_columns(raw)
    if "offered" in guessed or "queue" in guessed:
        return "long"
    return "wide" if queue_columns(raw) else "long"


def queue_columns(raw: Table) -> list[str]:
    """Return the columns of a wide table that hold contacts: numbers, no times and no totals.

    Columns whose titles tell that they are something else, such as handle times, agents, FTE or
    the length of the interval, are left out.

    Parameters
    ----------
    raw : Table

    Returns
    -------
    list of str
        Titles in the order of the table.
    """
    used = {title for key, title in guess_interval_columns(raw).items() if key != "offered"}
    return [
        title
        for at, title in enumerate(raw.header)
        if title
        and title not in used
        and title.lower() not in TOTALS
        and not _is_handle_time(title)
        and NOT_CONTACTS.fullmatch(word(title)) is None
        and _is_numbers(raw, at)
    ]


def queues_note(raw: Table, mapping: Mapping[str, str], queues: Sequence[str]) -> str:
    """Return what a reader should know of the columns that were taken as contacts.

    Parameters
    ----------
    raw : Table
    mapping : mapping of str to str
        Title by meaning.
    queues : sequence of str
        Titles of the columns of contacts.
    """
    used = {*queues, *handle_columns(raw, queues).values(), mapping.get("start"),
            mapping.get("date")}  # fmt: skip
    others = [title for title in raw.header if title and title not in used]
    note = f"each of these columns is taken as the contacts of a voice queue: {', '.join(queues)}"
    if others:
        note += f"; these are not contacts: {', '.join(others)}"
    return f"{note}; --column offered=TITLE takes one column alone"


def handle_columns(raw: Table, queues: Sequence[str]) -> dict[str, str]:
    """Return the column of handle times that each queue of a wide table has.

    It is titled as "AHT Billing", "Billing handle time" or "Bearbeitungszeit Billing" is; where
    there is one queue only, "AHT" is enough.

    Parameters
    ----------
    raw : Table
    queues : sequence of str
        Titles of the columns of contacts.

    Returns
    -------
    dict of str to str
        Title of the column of handle times by that of the contacts.
    """
    names = {_name(title): title for title in queues}
    found: dict[str, str] = {}
    for title in filter(None, raw.header):
        if title in queues or not _is_handle_time(title):
            continue
        name = _name(HANDLE_TIME.sub(" ", word(title)))
        queue = queues[0] if len(queues) == 1 and not name else names.get(name)
        if queue is not None:
            found.setdefault(queue, title)
    return found


def _name(title: str) -> str:
    """Return the queue's name within a title, without case and punctuation."""
    whole = word(title)
    return " ".join(CONTACTS.sub(" ", whole).split()) or whole


def _is_handle_time(title: str) -> bool:
    return HANDLE_TIME.search(word(title)) is not None


def _is_numbers(raw: Table, at: int) -> bool:
    cells = _cells(raw, at)[:LOOKED_AT]
    return bool(cells) and all(_is_amount(cell, raw.numbers) for cell in cells)


def _is_amount(cell: Any, written: Numbers) -> bool:
    try:
        amount(cell, written)
    except BadInputError:
        return False
    return True


def is_order_open(raw: Table, mapping: Mapping[str, str]) -> bool:
    """Tell whether the dates of a table may be day-month as well as month-day.

    Parameters
    ----------
    raw : Table
    mapping : mapping of str to str
        Title of the column by meaning.
    """
    title = mapping.get("date") or mapping.get("start")
    if not title:
        return False
    at = raw.column(title)
    cells = _cells(raw, at)
    if dates.order_of(cells) != "guess":
        return False
    try:
        for cell in cells:
            dates.moment(cell, "guess")
    except BadInputError:
        return True
    return False


def read_wide(
    raw: Table,
    mapping: Mapping[str, str],
    queues: Sequence[str],
    *,
    handle: Mapping[str, str] | None = None,
    order: str = "guess",
) -> Actuals:
    """Read a table that has one column of contacts for each queue.

    Empty cells are intervals without contacts; a row of which every queue is empty is left out.

    Parameters
    ----------
    raw : Table
    mapping : mapping of str to str
        Title of the columns ``start`` and perhaps ``date``.
    queues : sequence of str
        Titles of the columns of contacts.
    handle : mapping of str to str, optional
        Title of the column of mean handle times by that of the contacts; as
        :func:`handle_columns` finds them unless given.
    order : str
        How dates are written, one of :data:`sim.fileio.dates.ORDERS`.

    Returns
    -------
    Actuals
        With the title of the column as the queue's name.

    Raises
    ------
    ScenarioError
        With every cell that cannot be read.
    """
    if not queues:
        message = "no column of contacts is chosen; allowed: one column of numbers for each queue"
        refuse([Problem("", message, file=raw.name)])
    if len(queues) > MOST_QUEUES:
        message = f"{len(queues)} columns of contacts; allowed: at most {MOST_QUEUES}"
        refuse([Problem("", message, file=raw.name)])
    if order == "guess" and (title := mapping.get("date") or mapping.get("start")):
        # Of the whole column: one queue's rows alone may not tell.
        at = raw.column(title)
        order = dates.order_of(cells[at] for _, cells in raw.rows if at < len(cells))
    times = {key: mapping[key] for key in ("start", "date") if mapping.get(key)}
    handled_by = handle_columns(raw, queues) if handle is None else handle
    parts = [
        _read_column(
            raw, times | ({"aht": handled_by[title]} if handled_by.get(title) else {}), title, order
        )
        for title in queues
    ]
    found = [part for part in parts if part is not None]
    if not found:
        refuse([Problem("", "has no rows with contacts", file=raw.name)])
    notes = dict.fromkeys(note for part in found for note in part.notes)
    entries = tuple(entry for part in found for entry in part.entries)
    step = float(math.gcd(*(int(part.step) for part in found)))
    fields = frozenset({"start", "offered"}).union(*(part.fields & {"aht"} for part in found))
    return Actuals(raw.name, entries, step, fields, tuple(notes))


def _read_column(raw: Table, times: Mapping[str, str], title: str, order: str) -> Actuals | None:
    """Return one queue's column as a recording, None where it is empty throughout."""
    at = raw.column(title)
    rows = [(row, cells) for row, cells in raw.rows if at < len(cells) and not is_empty(cells[at])]
    if not rows:
        return None
    read = read_actuals(replace(raw, rows=rows), {**times, "offered": title}, order=order)
    entries = tuple(replace(entry, queue=title) for entry in read.entries)
    return replace(read, entries=entries)
