"""The compiler, and the shared rules compiled.

Compiled code is kept on disk under a name made of the sources it was made from, so a changed
source is never run from an old copy.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar

import numba
import numpy as np
import numpy.typing as npt
from numba import types
from numba.core.cgutils import voidptr_t
from numba.extending import intrinsic, register_jitable

from sim import laws
from sim.engine import rules
from sim.model import hours

F = TypeVar("F", bound=Callable[..., object])


def _cache_folder() -> Path:
    sources = [
        *Path(__file__).parent.glob("*.py"),
        *(Path(m.__file__) for m in (rules, laws, hours)),
    ]
    digest = hashlib.sha256(numba.__version__.encode())
    for source in sorted(sources):
        digest.update(source.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "ccplan" / digest.hexdigest()[:16]


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_cache_folder())


def compiled(function: F) -> F:
    """Compile a function to machine code at its first call."""
    options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return numba.njit(cache=True, error_model="numpy", **options)(function)  # type: ignore[no-any-return]


def entrance(function: F) -> F:
    """Compile a function that Python calls."""
    return numba.njit(cache=True, error_model="numpy")(function)  # type: ignore[no-any-return]


for helper in (laws.between, laws.normal_quantile, laws._ratio):
    register_jitable(helper)


@intrinsic
def _pointer(typing_context: Any, address: Any) -> Any:
    """Return an address (an integer) as a pointer."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.inttoptr(arguments[0], voidptr_t)

    return types.voidptr(types.int64), code


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
    if dimensions == 2:

        @compiled
        def wide(where: Any) -> Any:
            return numba.carray(
                _pointer(where[position, 0]), (where[position, 1], where[position, 2]), kind
            )

        return wide

    @compiled
    def long(where: Any) -> Any:
        return numba.carray(_pointer(where[position, 0]), (where[position, 1],), kind)

    return long


def readable(table: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return a table whose records plain Python, too, reads as ``row.column``."""
    plain = numba.config.DISABLE_JIT and table.dtype.names
    return table.view(np.recarray) if plain else table


quantile = compiled(laws.quantile)
agent_key = compiled(rules.agent_key)
queue_key = compiled(rules.queue_key)
has_waited = compiled(rules.has_waited)
speed_among = compiled(rules.speed_among)
end_of_session = compiled(rules.end_of_session)
bot_is_out = compiled(rules.bot_is_out)
passed_on = compiled(rules.passed_on)
altered = compiled(rules.altered)
offered_in_line = compiled(rules.offered_in_line)
next_open = compiled(hours.next_open)
