"""Persons from a table: a row each, with columns for skills, days, and rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sim.fileio import TableError, is_missing, number, read_table
from sim.messages import show_value
from sim.planning.roster.rule_registry import RULES
from sim.scenario.problems import listed, nearest
from sim.units import BadInputError

NAME = "person"
_FIELDS = ("skills", "leave", "unavailable")
_AVAILABLE = "available "
"""Begins the title of a column for a weekday, such as ``available Mon``."""


def read_persons(path: Path) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Give the row, name and fields of each person, as ``[person.NAME]`` has them.

    Parameters
    ----------
    path : Path
        CSV or XLSX file with the column ``person`` and any of ``skills``, ``leave``,
        ``unavailable`` (several separated by semicolons), ``available Mon`` …, and the names of
        rules about a person.

    Raises
    ------
    BadInputError
        With file, row and column.
    """
    table = read_table(path)
    place = table.column(NAME)
    known = [*_FIELDS, *(name for name, rule in RULES.items() if not rule.team)]
    for title in table.header:
        word = title.lower()
        if word and word != NAME and word not in known and not word.startswith(_AVAILABLE):
            hint = nearest(word, known)
            meant = f"; did you mean {hint}?" if hint else ""
            allowed = f"{NAME}, {listed(known)}, available Mon …"
            raise TableError(table.name, f"unknown column; allowed: {allowed}{meant}", None, title)
    for row, cells in table.rows:
        name = cells[place] if place < len(cells) else None
        if is_missing(name):
            raise TableError(table.name, "is empty; allowed: a name", row, NAME)
        fields: dict[str, Any] = {"rules": {}, "available": {}}
        for title, cell in zip(table.header, cells, strict=False):
            if not title or is_missing(cell) or title.lower() == NAME:
                continue
            try:
                _put(fields, title.lower(), cell, table.numbers)
            except BadInputError as error:
                raise TableError(table.name, str(error), row, title) from None
        yield row, str(name).strip(), fields


def _put(fields: dict[str, Any], title: str, cell: Any, numbers: Any) -> None:
    if title in _FIELDS:
        several = cell.replace(";", ",").split(",") if isinstance(cell, str) else [cell]
        fields[title] = [part.strip() if isinstance(part, str) else part for part in several]
    elif title.startswith(_AVAILABLE):
        fields["available"][title.removeprefix(_AVAILABLE)] = cell
    else:
        fields["rules"][title] = _rule(title, cell, numbers)


def _rule(name: str, cell: Any, numbers: Any) -> Any:
    """Return the value of a rule: yes or no, a number, or a number for each shift."""
    words = {"yes": True, "true": True, "no": False, "false": False}
    if isinstance(cell, str) and cell.strip().lower() in words:
        return words[cell.strip().lower()]
    if RULES[name].kind != "by shift":
        return cell if isinstance(cell, bool) else number(cell, numbers)
    found = {}
    for part in filter(None, (p.strip() for p in str(cell).replace(";", ",").split(","))):
        shift, equals, count = part.partition("=")
        if not equals:
            raise BadInputError(f"{show_value(part)} is not allowed; allowed: such as night=4")
        found[shift.strip()] = number(count.strip(), numbers)
    return found
