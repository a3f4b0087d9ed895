"""All numbers per interval of a scenario as one table, and changes of single cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sim import units
from sim.fileio.cell_edit import change_cell
from sim.scenario.editing import EditError, put, written
from sim.scenario.interval_series import Rules, interval_values, rules_of
from sim.scenario.series import Series, amount
from sim.scenario.volume import Volume

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

Content = tuple[str, dict[str, bytes]]
"""Text of a scenario, and the files beside it by name."""


@dataclass(frozen=True)
class IntervalColumn:
    """One series of a scenario.

    Attributes
    ----------
    path : str
        Such as ``queue.billing.volume``.
    title : str
    values : tuple of float or None
        By interval of the table; None where closed.
    rows : tuple of int or None
        The row of the list or file that each value comes from; None for a single number.
    source : str
        ``file:column``, empty for a number or list in the scenario itself.
    """

    path: str
    title: str
    values: tuple[float | None, ...]
    rows: tuple[int | None, ...] | None
    source: str


@dataclass(frozen=True)
class ByInterval:
    """The series of a scenario side by side.

    Attributes
    ----------
    labels : tuple of str
        Start of each interval in which anything is open.
    columns : tuple of IntervalColumn
    """

    labels: tuple[str, ...]
    columns: tuple[IntervalColumn, ...]

    def records(self) -> list[dict[str, Any]]:
        """Return a row for each interval: its start, and every value by title."""
        return [
            {"start": label.replace("T", " ")} | {one.title: one.values[k] for one in self.columns}
            for k, label in enumerate(self.labels)
        ]


def by_interval(scenario: Scenario) -> ByInterval:
    """Return volumes, profiles and headcounts of a scenario by interval.

    Volumes that are rates or recorded arrivals have no numbers per interval and are left out.
    """
    grid, center = scenario.center.grid, scenario.center.open
    series = list(_series(scenario))
    opens = sorted({i for *_, rules in series for i in grid.open_intervals(rules)})
    columns: list[IntervalColumn] = []
    for path, title, one, rules in series:
        own = set(grid.open_intervals(rules))
        values = interval_values(one, grid, rules, center)
        rows = None
        if one.values is not None:
            # Numbered from 1: a list may follow the hours of the center, and be zero beyond.
            numbered = one | {"values": tuple(float(k + 1) for k in range(len(one.values)))}
            rows = interval_values(numbered, grid, rules, center)
            own &= {i for i in opens if rows[i]}
        shown = tuple(values[i] if i in own else None for i in opens)
        places = None
        if rows is not None:
            places = tuple(int(rows[i]) - 1 if i in own else None for i in opens)
        columns.append(IntervalColumn(path, title, shown, places, one.source))
    return _without_empty(ByInterval(tuple(grid.label(i) for i in opens), tuple(columns)))


def _without_empty(table: ByInterval) -> ByInterval:
    """Return the table without the intervals in which no column has a number."""
    kept = [
        k for k in range(len(table.labels)) if any(c.values[k] is not None for c in table.columns)
    ]
    columns = tuple(
        replace(
            one,
            values=tuple(one.values[k] for k in kept),
            rows=None if one.rows is None else tuple(one.rows[k] for k in kept),
        )
        for one in table.columns
    )
    return ByInterval(tuple(table.labels[k] for k in kept), columns)


def _series(scenario: Scenario) -> Iterator[tuple[str, str, Series, Rules]]:
    center = scenario.center.open
    for name, queue in scenario.queue.items():
        rules = rules_of(queue, center)
        if _has_rows(queue.volume):
            yield f"queue.{name}.volume", f"{name}: contacts", queue.volume, rules
        if queue.profile is not None and queue.volume.a_day is not None:
            yield f"queue.{name}.profile", f"{name}: weights", queue.profile, rules
    for name, group in scenario.group.items():
        if group.agents is not None:
            rules = group.open if group.open is not None else center
            yield f"group.{name}.agents", f"{name}: agents", group.agents, rules


def _has_rows(volume: Volume) -> bool:
    return volume.each is not None or volume.values is not None


def change_cells(
    content: Content, table: ByInterval, edited: Mapping[Any, Mapping[str, Any]]
) -> Content:
    """Return text and files with some cells of the table changed.

    A list is changed in the text, a column of a CSV file in that file, each by the one row; a
    single number, or a column of a workbook, becomes a list in the text.

    Parameters
    ----------
    content : (str, dict of str to bytes)
    table : ByInterval
    edited : mapping
        New values by title, by row of the table.

    Raises
    ------
    EditError
        When a value must be a number of 0 or more, or the center is closed there.
    """
    columns = {one.title: one for one in table.columns}
    wishes: dict[str, dict[int, float]] = {}
    for row, cells in edited.items():
        for title, value in cells.items():
            if title in columns:
                wishes.setdefault(title, {})[int(row)] = _number(value, title, table, int(row))
    for title, wish in wishes.items():
        new = {row: value for row, value in wish.items() if columns[title].values[row] != value}
        if new:
            content = _changed(content, columns[title], new, table)
    return content


def _number(value: Any, title: str, table: ByInterval, row: int) -> float:
    place = f"{title} at {table.labels[row]}"
    try:
        number = units.plain_number(value) if isinstance(value, str) else value
    except units.BadInputError as error:
        raise EditError(f"{place}: {error}") from None
    try:
        return amount(number)
    except (TypeError, ValueError):
        raise EditError(f"{place}: {value!r} is not a number; allowed: 0 or more") from None


def _changed(
    content: Content, column: IntervalColumn, wish: dict[int, float], table: ByInterval
) -> Content:
    text, files = content
    closed = [row for row in wish if column.values[row] is None]
    if closed:
        raise EditError(f"{column.title} at {table.labels[closed[0]]}: closed then")
    name = column.source.partition(":")[0].strip()
    if column.source and name in files and not name.lower().endswith((".xlsx", ".xlsm")):
        new = files[name]
        for row, value in wish.items():
            new = change_cell(
                new, column.source.partition(":")[2].strip(), _row(column, row), value
            )
        return text, files | {name: new}
    path = column.path
    if isinstance(written(text, path), dict):
        path += ".exact"
    if column.rows is not None and not column.source:
        for row, value in wish.items():
            text = put(text, f"{path}.{_row(column, row)}", value)
        return text, files
    values = [wish.get(k, v) for k, v in enumerate(column.values) if v is not None]
    return put(text, path, values), files


def _row(column: IntervalColumn, row: int) -> int:
    found = column.rows[row] if column.rows is not None else None
    if found is None:
        raise EditError(f"{column.title}: has no row there")
    return found
