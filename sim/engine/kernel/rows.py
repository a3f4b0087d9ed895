"""Rows of tables as compiled functions see them, and lists of numbers.

A row is a pointer into its table, and ``row.field`` reads or writes memory. The compiler knows
that different fields never share memory and that the tables of the model do not change, so it
keeps in registers what need not be read twice.
"""

from __future__ import annotations

import operator
from typing import Any, cast

import numpy as np
from llvmlite import ir
from numba.core.typing import templates

from sim.engine.kernel.jit import extending, types

AttributeTemplate: Any = templates.AttributeTemplate
"""What ``numba.extending.infer_getattr`` takes."""


class Row(types.Type):
    """The type of a row of one table.

    Parameters
    ----------
    name : str
        The table.
    dtype : dtype
        Of its rows.
    constant : bool
        It does not change while compiled code runs.
    """

    def __init__(self, name: str, dtype: np.dtype[Any], constant: bool) -> None:
        self.table, self.dtype, self.constant = name, dtype, constant
        super().__init__(name=f"Row({name})")

    def field(self, name: str) -> tuple[Any, int]:
        """Return the type of a field in memory, and its offset."""
        dtype, offset = cast("Any", self.dtype.fields)[name][:2]
        return memory_type(dtype), offset


def memory_type(dtype: np.dtype[Any]) -> Any:
    """Return the type in memory of numbers of a table."""
    return ir.DoubleType() if dtype.kind == "f" else ir.IntType(8 * dtype.itemsize)


extending.register_model(Row)(extending.models.OpaqueModel)


@extending.infer_getattr
class _Fields(AttributeTemplate):
    """The type that a field has in compiled code: whole numbers are read as 64 bits."""

    key = Row

    def generic_resolve(self, row: Any, name: str) -> Any:
        """Return the type of a field."""
        if name not in (row.dtype.names or ()):
            return None
        return types.float64 if row.dtype[name].kind == "f" else types.int64


@extending.lower_getattr_generic(Row)
def _read(context: Any, builder: Any, row: Any, value: Any, name: str) -> Any:
    memory, offset = row.field(name)
    pointer = _at(builder, value, offset, memory)
    loaded = load(builder, pointer, f"{row.table}.{name}", row.constant)
    return loaded if isinstance(memory, ir.DoubleType) else builder.sext(loaded, ir.IntType(64))


@extending.lower_setattr_generic(Row)
def _write(context: Any, builder: Any, signature: Any, arguments: Any, name: str) -> None:
    row, kind = signature.args
    memory, offset = row.field(name)
    value = context.cast(
        builder, arguments[1], kind,
        types.float64 if isinstance(memory, ir.DoubleType) else types.int64,
    )  # fmt: skip
    if not isinstance(memory, ir.DoubleType):
        value = builder.trunc(value, memory)
    stored = builder.store(value, _at(builder, arguments[0], offset, memory))
    stored.align = _alignment(memory)
    stored.set_metadata("tbaa", _tag(builder.module, f"{row.table}.{name}"))


def _at(builder: Any, pointer: Any, offset: int, memory: Any) -> Any:
    """Return the pointer to what lies some bytes behind another."""
    place = builder.gep(pointer, [ir.Constant(ir.IntType(64), offset)])
    return builder.bitcast(place, memory.as_pointer())


def _alignment(memory: Any) -> int:
    return 8 if isinstance(memory, ir.DoubleType) else memory.width // 8


def load(builder: Any, pointer: Any, name: str, constant: bool) -> Any:
    """Load what no store to anything of another name changes; a constant is never changed."""
    loaded = builder.load(pointer)
    loaded.align = _alignment(pointer.type.pointee)
    loaded.set_metadata("tbaa", _tag(builder.module, name))
    if constant:
        loaded.set_metadata("invariant.load", builder.module.add_metadata([]))
    return loaded


def _tag(module: Any, name: str) -> Any:
    """Return the mark of accesses to one field: those with another mark are to other memory."""
    zero = ir.Constant(ir.IntType(64), 0)
    root = module.add_metadata([ir.MetaDataString(module, "tables")])
    node = module.add_metadata([ir.MetaDataString(module, name), root, zero])
    return module.add_metadata([node, node, zero])


# -- lists of numbers ----------------------------------------------------------------------------


class NumberList(types.Type):
    """The type of some rows of a table of numbers (float64) that does not change.

    Parameters
    ----------
    name : str
        The table.
    dimensions : int
        2 where rows are pairs.
    """

    def __init__(self, name: str, dimensions: int) -> None:
        self.table, self.columns = name, dimensions
        super().__init__(name=f"NumberList({name})")


@extending.register_model(NumberList)
class _NumberListModel(extending.models.StructModel):
    """Where the first row is, and how many there are."""

    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, [("first", types.voidptr), ("rows", types.int64)])


@extending.type_callable(len)
def _type_of_length(context: Any) -> Any:
    return lambda part: types.int64 if isinstance(part, NumberList) else None


@extending.type_callable(operator.getitem)
def _type_of_number(context: Any) -> Any:
    return lambda part, place: types.float64 if isinstance(part, NumberList) else None


@extending.lower_builtin(len, NumberList)
def _length(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return builder.extract_value(arguments[0], 1)


@extending.lower_builtin(operator.getitem, NumberList, types.Integer)
def _number(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Load one number."""
    part, place = arguments
    memory = ir.DoubleType().as_pointer()
    pointer = builder.gep(builder.bitcast(builder.extract_value(part, 0), memory), [place])
    return load(builder, pointer, signature.args[0].table, True)


@extending.lower_builtin(operator.getitem, NumberList, types.BaseTuple)
def _number_of_pair(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    """Load one number of a pair."""
    part, place = arguments
    width = ir.Constant(ir.IntType(64), signature.args[0].columns)
    row = builder.mul(builder.extract_value(place, 0), width)
    place = builder.add(row, builder.extract_value(place, 1))
    return _number(context, builder, signature, (part, place))


@extending.intrinsic
def copy_memory(typing_context: Any, to: Any, source: Any) -> Any:
    """Copy a row."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = ir.IntType(8).as_pointer()
        copy = builder.module.declare_intrinsic("llvm.memcpy", [pointer, pointer, ir.IntType(64)])
        size = ir.Constant(ir.IntType(64), to.dtype.itemsize)
        builder.call(copy, [*arguments, size, ir.Constant(ir.IntType(1), 0)])
        return context.get_dummy_value()

    return types.void(to, source), code
