"""The tables of the compiled engine, and how compiled functions reach them.

A function takes a set of tables as one number, the address of a list of their addresses, of which
the compiler knows that it does not change.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np
import numpy.typing as npt
from llvmlite import ir

from sim.engine.kernel.jit import extending, numba, types
from sim.engine.kernel.rows import NumberList, Row, copy_memory, load, memory_type

_ADDRESS, _ROWS, _COLUMNS, _PLACES = range(4)
"""What the list of addresses says of each table."""


class EngineTable:
    """One of the tables of a named tuple, and the functions by which compiled code reaches it.

    Parameters
    ----------
    owner : type
        The named tuple that holds the table.
    name : str
        Its field.
    dtype : dtype
        Of the elements of the table.
    dimensions : int
        1 or 2; 0 for a table of a single row.
    constant : bool
        It does not change while compiled code runs.
    """

    def __init__(
        self, owner: Any, name: str, dtype: Any, dimensions: int = 1, constant: bool = False
    ) -> None:
        self.name, self.constant = name, constant
        self.dtype, self.dimensions = np.dtype(dtype), dimensions
        self._first = _PLACES * owner._fields.index(name)

    def element(self) -> Callable[..., Any]:
        """Return a function that gives a row, or a number where the table holds numbers.

        It takes the tables and as many numbers, of the row and the column, as there are dimensions.
        """
        if numba.config.DISABLE_JIT:
            return self._python_element()
        if self.dtype.names:
            kind = Row(self.name, self.dtype, self.constant)
        else:
            kind = types.int64 if self.dtype.kind == "i" else numba.from_dtype(self.dtype)

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            place = self._pointer(builder, *arguments)
            if self.dtype.names:
                return place
            memory = memory_type(self.dtype)
            pointer = builder.bitcast(place, memory.as_pointer())
            loaded = load(builder, pointer, self.name, self.constant)
            return builder.sext(loaded, ir.IntType(64)) if kind is types.int64 else loaded

        word = types.int64

        @extending.intrinsic
        def only(typing_context: Any, tables: Any) -> Any:
            return kind(word), code

        @extending.intrinsic
        def row(typing_context: Any, tables: Any, number: Any) -> Any:
            return kind(word, word), code

        @extending.intrinsic
        def cell(typing_context: Any, tables: Any, number: Any, column: Any) -> Any:
            return kind(word, word, word), code

        return cast(Callable[..., Any], (only, row, cell)[self.dimensions])

    def part(self) -> Callable[[Any, int, int], Any]:
        """Return a function that gives the rows from one number to before another, as a list."""
        if numba.config.DISABLE_JIT:
            return lambda tables, first, end: getattr(tables, self.name)[first:end]
        kind, word = NumberList(self.name, self.dimensions), types.int64

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            tables, first, end = arguments
            place = self._pointer(builder, tables, first)
            part = ir.Constant(context.get_value_type(kind), ir.Undefined)
            part = builder.insert_value(part, place, 0)
            return builder.insert_value(part, builder.sub(end, first), 1)

        @extending.intrinsic
        def part(typing_context: Any, tables: Any, first: Any, end: Any) -> Any:
            return kind(word, word, word), code

        return cast(Callable[[Any, int, int], Any], part)

    def rows(self) -> Callable[[Any], int]:
        """Return a function that gives the number of rows."""
        return self._size(_ROWS)

    def columns(self) -> Callable[[Any], int]:
        """Return a function that gives the number of columns."""
        return self._size(_COLUMNS)

    def _size(self, item: int) -> Callable[[Any], int]:
        if numba.config.DISABLE_JIT:
            return lambda tables: int(getattr(tables, self.name).shape[item - _ROWS])

        def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return self._listed(builder, arguments[0], item)

        @extending.intrinsic
        def size(typing_context: Any, tables: Any) -> Any:
            """Return the size."""
            return types.int64(types.int64), code

        return cast(Callable[[Any], int], size)

    def _listed(self, builder: Any, tables: Any, item: int) -> Any:
        """Load what the list of addresses says of this table."""
        word = ir.IntType(64)
        places = builder.inttoptr(tables, word.as_pointer())
        place = builder.gep(places, [ir.Constant(word, self._first + item)])
        return load(builder, place, "addresses", True)

    def _pointer(self, builder: Any, tables: Any, row: Any = None, column: Any = None) -> Any:
        """Return a pointer to an element."""
        address = self._listed(builder, tables, _ADDRESS)
        pointer = builder.inttoptr(address, ir.IntType(8).as_pointer())
        if row is None:
            return pointer
        if self.dimensions == 2:
            row = builder.mul(row, self._listed(builder, tables, _COLUMNS))
            row = row if column is None else builder.add(row, column)
        size = ir.Constant(ir.IntType(64), self.dtype.itemsize)
        return builder.gep(pointer, [builder.mul(row, size)])

    def _python_element(self) -> Callable[..., Any]:
        name, is_record = self.name, bool(self.dtype.names)

        def element(tables: Any, *place: int) -> Any:
            found = getattr(tables, name)[place or 0]
            return PythonRow(found) if is_record else found.item()

        return element


class PythonRow:
    """A row of a table where nothing is compiled: its fields are numbers of Python."""

    __slots__ = ("record",)

    def __init__(self, record: Any) -> None:
        object.__setattr__(self, "record", record)

    def __getattr__(self, name: str) -> Any:
        """Return a field."""
        return self.record[name].item()

    def __setattr__(self, name: str, value: Any) -> None:
        """Change a field."""
        self.record[name] = value


def _copy_record(to: PythonRow, source: PythonRow) -> None:
    for name in to.record.dtype.names:
        to.record[name] = source.record[name]


copy_row: Any = _copy_record if numba.config.DISABLE_JIT else copy_memory
"""Makes a row equal to another of the same table."""


class Addresses:
    """What compiled functions take for a named tuple of tables; plain Python takes the tables.

    Parameters
    ----------
    tables : named tuple of ndarray

    Attributes
    ----------
    argument : int
        The address of a list with the address, rows and columns of each table.
    """

    def __init__(self, tables: Any) -> None:
        self._tables = tables  # neither they nor the list may be freed meanwhile
        self._list = np.array([_listed(table) for table in tables], np.int64)
        self.argument: Any = tables if numba.config.DISABLE_JIT else self._list.ctypes.data


class AddressesOfEach:
    """What compiled functions take for each of several named tuples that share their tables.

    Parameters
    ----------
    tables : named tuple of ndarray
        Those of all, one after the other.
    first : mapping of str to ndarray of int64, shape (named tuples + 1,)
        By name of a table, where the rows of each begin and the last ones end; a table that is not
        named belongs to all.

    Attributes
    ----------
    arguments : ndarray of int64, shape (named tuples,)
        As :attr:`Addresses.argument`; plain Python takes a list of named tuples.
    """

    def __init__(self, tables: Any, first: Mapping[str, npt.NDArray[np.int64]]) -> None:
        rows = np.array([*first.values()], np.int64)
        places = [tables._fields.index(name) for name in first]
        strides = np.array([[tables[place].strides[0]] for place in places])
        count = rows.shape[1] - 1
        self._tables = tables
        self._lists = lists = np.array([[_listed(table) for table in tables]] * count, np.int64)
        lists[:, places, _ADDRESS] += (rows[:, :-1] * strides).T
        lists[:, places, _ROWS] = (rows[:, 1:] - rows[:, :-1]).T
        self.arguments: Any = lists.ctypes.data + np.arange(count) * lists.strides[0]
        if numba.config.DISABLE_JIT:
            self.arguments = [_part(tables, first, k) for k in range(count)]


def _part(tables: Any, first: Mapping[str, npt.NDArray[np.int64]], k: int) -> Any:
    parts = {name: getattr(tables, name)[rows[k] : rows[k + 1]] for name, rows in first.items()}
    return tables._replace(**parts)


def _listed(table: npt.NDArray[Any]) -> tuple[int, int, int]:
    rows, columns = table.shape if table.ndim == 2 else (len(table), 0)
    return table.ctypes.data, rows, columns


def readable(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a table whose records plain Python, too, reads as ``row.column``."""
    plain = numba.config.DISABLE_JIT and table.dtype.names
    return table.view(np.recarray) if plain else table
