"""The compiler, and the shared rules compiled."""

from __future__ import annotations

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar, cast

import numba as _numba
import numpy as np
import numpy.typing as npt
from numba.extending import intrinsic, register_jitable
from numba.np import arrayobj

from sim import distributions
from sim.engine import rules
from sim.engine.kernel import cache
from sim.engine.kernel.numba_pipeline import PartCompiler
from sim.model import opening_hours

F = TypeVar("F", bound=Callable[..., object])

numba: Any = _numba  # its own annotations do not know all of its options


numba.config.CACHE_DIR = str(cache.folder())


def compiled(function: F) -> F:
    """Compile a function that other compiled functions call."""
    inner = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
    part = numba.njit(error_model="numpy", pipeline_class=PartCompiler, **inner)
    return cast(F, _once(part(function)))


def entrance(function: F) -> F:
    """Compile a function that Python calls; other threads go on meanwhile."""
    options = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
    return cast(F, _once(numba.njit(**options)(function)))


def _once(dispatcher: Any) -> Any:
    """Compile one version for all constants a function is called with, not one for each."""
    if numba.config.DISABLE_JIT:
        return dispatcher
    chosen = dispatcher.get_call_template

    def template(args: Any, keywords: Any) -> Any:
        plain = tuple(numba.types.unliteral(kind) for kind in args)
        return chosen(plain, {name: numba.types.unliteral(kind) for name, kind in keywords.items()})

    dispatcher.get_call_template = template
    return dispatcher


def table_of(owner: Any, position: int, kind: Any, dimensions: int) -> Callable[[Any], Any]:
    """Return a function that gives one table of a floor or world.

    Parameters
    ----------
    owner : type
        The named tuple that holds the table.
    position : int
        Which of its fields.
    kind : dtype
    dimensions : int
        1 or 2.
    """
    if numba.config.DISABLE_JIT:
        return attrgetter(owner._fields[position])
    element = numba.from_dtype(np.dtype(kind))
    kept = numba.types.Array(element, dimensions, "C")

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        """Make an array of the address and the sizes that stand in the table of addresses."""
        given = context.make_array(signature.args[0])(context, builder, arguments[0])
        address, rows, columns = (
            builder.load(builder.gep(given.data, [context.get_constant(numba.types.intp, at)]))
            for at in range(3 * position, 3 * position + 3)
        )
        array = context.make_array(kept)(context, builder)
        size = context.get_constant(numba.types.intp, np.dtype(kind).itemsize)
        shape = [rows, columns][:dimensions]
        strides = [builder.mul(columns, size), size][-dimensions:]
        build: Any = arrayobj.populate_array
        build(array, builder.inttoptr(address, array.data.type), shape, strides, size, None)
        return array._getvalue()

    @intrinsic
    def table(typing_context: Any, where: Any) -> Any:
        """Return the table."""
        return kept(where), code

    return cast(Callable[[Any], Any], table)


def given(tables: Any) -> Any:
    """Return what compiled functions are given for a world or floor.

    Passing forty tables through every call costs more than the work itself, so it is the
    address, rows and columns of each table, shape (tables, 3); plain Python gets the tables.
    """
    if numba.config.DISABLE_JIT:
        return tables
    rows = [(x.ctypes.data, x.shape[0], x.shape[1] if x.ndim > 1 else 0) for x in tables]
    return np.array(rows, np.int64)


def readable(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a table whose records plain Python, too, reads as ``row.column``."""
    plain = numba.config.DISABLE_JIT and table.dtype.names
    return table.view(np.recarray) if plain else table


for helper in (distributions.between, distributions.normal_quantile, distributions._ratio):
    register_jitable(helper)

quantile = compiled(distributions.quantile)
agent_key = compiled(rules.agent_key)
queue_key = compiled(rules.queue_key)
has_waited = compiled(rules.has_waited)
service_speed = compiled(rules.service_speed)
session_outcome = compiled(rules.session_outcome)
recontact_cap = compiled(rules.recontact_cap)
bot_is_down = compiled(rules.bot_is_down)
choose_transfer = compiled(rules.choose_transfer)
changed_work = compiled(rules.changed_work)
callback_offered = compiled(rules.callback_offered)
next_open = compiled(opening_hours.next_open)
