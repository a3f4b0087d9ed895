"""How functions are compiled, and how they reach the tables they work on."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt
from numba.extending import intrinsic
from numba.np import arrayobj

from sim import compile_cache
from sim.engine.kernel.numba_pipeline import LinkedCompiler

F = TypeVar("F", bound=Callable[..., object])

numba: Any = compile_cache.compiler()


def compiled(function: F) -> F:
    """Compile a function that other compiled functions call."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
    compile_inner = numba.njit(error_model="numpy", pipeline_class=LinkedCompiler, **options)
    return cast(F, _one_version(compile_inner(function)))


def entry_point(function: F) -> F:
    """Compile a function that Python calls; other threads go on meanwhile."""
    options = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    return cast(F, _one_version(numba.njit(**options)(function)))


def _one_version(dispatcher: Any) -> Any:
    """Compile one version for all constants a function is called with, not one for each."""
    if numba.config.DISABLE_JIT:
        return dispatcher
    call_template = dispatcher.get_call_template

    def template(args: Any, keywords: Any) -> Any:
        unliteral = numba.types.unliteral
        named = {name: unliteral(kind) for name, kind in keywords.items()}
        return call_template(tuple(unliteral(kind) for kind in args), named)

    dispatcher.get_call_template = template
    return dispatcher


def table_accessor(owner: Any, name: str, dtype: Any, dimensions: int) -> Callable[[Any], Any]:
    """Return a function that gives one table of those that :func:`addresses` stands for.

    Parameters
    ----------
    owner : type
        The named tuple that holds the table.
    name : str
        Its field.
    dtype : dtype
        Of the elements of the table.
    dimensions : int
        1 or 2.
    """
    position = owner._fields.index(name)
    if numba.config.DISABLE_JIT:
        return attrgetter(name)
    array_type = numba.types.Array(numba.from_dtype(dtype), dimensions, "C")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        """Make an array of the address and the sizes that stand in the table of addresses."""
        rows = context.make_array(signature.args[0])(context, builder, arguments[0])
        address, height, width = (
            builder.load(builder.gep(rows.data, [context.get_constant(numba.types.intp, at)]))
            for at in range(3 * position, 3 * position + 3)
        )
        array = context.make_array(array_type)(context, builder)
        size = context.get_constant(numba.types.intp, dtype.itemsize)
        shape = [height, width][:dimensions]
        strides = [builder.mul(width, size), size][-dimensions:]
        build: Any = arrayobj.populate_array
        build(array, builder.inttoptr(address, array.data.type), shape, strides, size, None)
        return array._getvalue()

    @intrinsic
    def table(typing_context: Any, tables: Any) -> Any:
        """Return the table."""
        return array_type(tables), code

    return cast(Callable[[Any], Any], table)


def addresses(tables: Any) -> Any:
    """Return what compiled functions take for a named tuple of tables.

    Passing forty tables through every call costs more than the work itself, so it is the
    address, rows and columns of each table, shape (tables, 3); plain Python takes the tables.
    """
    if numba.config.DISABLE_JIT:
        return tables
    rows = [(x.ctypes.data, x.shape[0], x.shape[1] if x.ndim > 1 else 0) for x in tables]
    return np.array(rows, np.int64)


def readable(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a table whose records plain Python, too, reads as ``row.column``."""
    plain = numba.config.DISABLE_JIT and table.dtype.names
    return table.view(np.recarray) if plain else table
