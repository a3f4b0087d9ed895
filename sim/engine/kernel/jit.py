"""How functions are compiled, by the public interface of numba alone."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar, cast, get_type_hints

from llvmlite import binding as llvm
from numba import extending as untyped

from sim import compile_cache

F = TypeVar("F", bound=Callable[..., object])

numba: Any = compile_cache.compiler()
extending: Any = untyped
types: Any = numba.types

_INNER = {
    "forceinline": True,
    "error_model": "numpy",
    "_nrt": False,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
_SAVED = {"error_model": "numpy", "_nrt": False, "cache": True}


def compiled(function: F) -> F:
    """Compile a function that other compiled functions call; it becomes part of each of them."""
    return cast(F, extending.register_jitable(**_INNER)(function))


def entry_point(function: F) -> F:
    """Compile a function that Python calls; other threads go on meanwhile."""
    return cast(F, numba.njit(nogil=True, **_SAVED)(function))


def linked(function: F) -> F:
    """Compile a function by itself, once for all compiled functions that call it.

    It does not become part of its callers, which more than halves the time of the first use. Its
    annotations are its types. It stands behind the linked functions that it calls itself: in its
    module, or in one that its module imports.
    """
    if numba.config.DISABLE_JIT:
        return function
    hints = get_type_hints(function).values()
    *arguments, result = (_TYPES.get(kind, types.int64) for kind in hints)
    symbol = f"{function.__module__}.{function.__name__}"
    _unlinked.append((symbol, result(*arguments), function))
    return cast(F, types.ExternalFunction(symbol, result(*arguments)))


_TYPES = {float: types.float64, type(None): types.void}
_unlinked: list[tuple[str, Any, Callable[..., object]]] = []
_callbacks: list[Any] = []
_lock = Lock()


def link() -> None:
    """Compile the linked functions, or load them; required before any of their callers."""
    with _lock:
        while _unlinked:
            symbol, signature, function = _unlinked[0]
            callback = numba.cfunc(signature, forceinline=True, **_SAVED)(function)
            llvm.add_symbol(symbol, callback.address)
            _callbacks.append(callback)  # which must not be freed
            del _unlinked[0]
