"""Identifiers of customers, issues and contacts as codes: hashed, and never kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import secrets
from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.array_types import Floats, Ints
from sim.fileio import is_missing
from sim.history.call_log.cleaning import Cleaning
from sim.history.call_log.log_cells import LogReader
from sim.history.call_log.phone_numbers import phone_numbers
from sim.history.call_log.sorted_log import FIRST_DATE
from sim.units import DAY

FEWEST = 100
"""Records with an identifier below which nothing is said of how they are written."""
LOOKED_AT = 20_000
"""Records, evenly over the log, that are looked at."""
SOME, NEARLY_ALL = 0.05, 0.98
"""Shares of the records that are written in each of two ways, and that a day parts."""


def hashed_codes(reader: LogReader, meaning: str) -> Ints:
    """Return codes of identifiers; the key is drawn for this call and lost with it.

    Zero and empty cells stand for an unknown one.
    """
    if not reader.has(meaning):
        return np.full(reader.table.rows, -1, dtype=np.int64)
    column = reader.coded(meaning)
    return _codes(_texts(column.values))[column.codes]


def customer_codes(reader: LogReader, offered: Floats, steps: Cleaning) -> Ints:
    """Return codes of customers; a telephone number is one however it is written.

    Parameters
    ----------
    reader : LogReader
    offered : ndarray, shape (rows,)
        Seconds since 1970.
    steps : Cleaning
        Notes that numbers are written in several ways, and that identifiers are written in another
        way from a day on, so that one customer counts as two.
    """
    if not reader.has("customer"):
        return hashed_codes(reader, "customer")
    column = reader.coded("customer")
    texts = _texts(column.values)
    places = [at for at, text in enumerate(texts) if text is not None]
    known = [text for text in texts if text is not None]
    title = reader.columns["customer"]
    found = phone_numbers(known)
    if found is not None:
        for at, key in zip(places, found.keys, strict=True):
            texts[at] = texts[at] if key is None else key
        if found.is_rewritten:
            code = f", without the country code +{found.country_code}" if found.country_code else ""
            steps.notes.append(
                f"telephone numbers of the column {title!r} are written in several ways, and "
                f"compared by their digits{code}"
            )
    elif (day := _day_of_change(texts, column.codes, offered)) is not None:
        steps.notes.append(
            f"customers (column {title!r}) are written in another way from {day} on: whoever "
            "called before and after counts as two, so that repeat contacts over that day are "
            f"missed; leave the days before out (--from {day}), or write all in one way"
        )
    return _codes(texts)[column.codes]


def _texts(values: Sequence[Any]) -> list[str | None]:
    """Return identifiers as text, None where they are unknown."""
    return [None if is_missing(cell) or str(cell) in ("0", "0.0") else str(cell) for cell in values]


def _codes(texts: Sequence[str | None]) -> Ints:
    key = secrets.token_bytes(32)
    places: dict[bytes, int] = {}
    codes = np.full(len(texts), -1, dtype=np.int64)
    for at, text in enumerate(texts):
        if text is not None:
            digest = hashlib.blake2b(text.encode("utf-8", "replace"), key=key).digest()
            codes[at] = places.setdefault(digest, len(places))
    return codes


def _day_of_change(texts: Sequence[str | None], codes: Ints, offered: Floats) -> dt.date | None:
    """Return the day from which on identifiers have another shape, None where there is none."""
    known = np.flatnonzero(np.array([text is not None for text in texts])[codes])
    known = known[np.isfinite(offered[known])]
    if known.size < FEWEST:
        return None
    order = known[np.argsort(offered[known], kind="stable")][:: max(known.size // LOOKED_AT, 1)]
    distinct, place = np.unique(codes[order], return_inverse=True)
    found: dict[str, int] = {}
    shapes = [found.setdefault(_shape(str(texts[at])), len(found)) for at in distinct.tolist()]
    if len(found) < 2:
        return None
    shape = np.array(shapes)[place]
    counts = np.bincount(shape)
    one, other = np.argsort(-counts, kind="stable")[:2]
    if counts[other] < SOME * order.size:
        return None
    ahead = np.cumsum((shape == one).astype(np.int64) - (shape == other))
    # Contacts on the right side, if those before are of one shape and those after of the other.
    right = [counts[other] + ahead, counts[one] - ahead]
    best = max(right, key=lambda side: int(side.max()))
    if best.max() < NEARLY_ALL * order.size:
        return None
    at = min(int(np.argmax(best)) + 1, order.size - 1)
    return FIRST_DATE + dt.timedelta(days=int(offered[order[at]] // DAY))


def _shape(text: str) -> str:
    """Return a text with runs of digits and of letters as one each."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", text))
