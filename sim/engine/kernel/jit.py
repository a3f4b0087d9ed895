"""How functions are compiled, by the public interface of numba alone."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from types import FunctionType
from typing import Any, TypeVar, cast, get_type_hints

from llvmlite import binding as llvm
from llvmlite import ir
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
_linked: list[Any] = []
_lock = Lock()


def link() -> None:
    """Compile the linked functions, or load them; required before any of their callers."""
    with _lock:
        while _unlinked:
            symbol, signature, function = _unlinked[0]
            native_address = _native_address_of(function, signature)
            callback = numba.cfunc(types.int64(), **_SAVED)(_saved_as(function, native_address))
            llvm.add_symbol(symbol, callback.ctypes())
            _linked.append(callback)  # which must not be freed
            del _unlinked[0]


def _saved_as(function: Callable[..., object], native_address: Any) -> Callable[[], int]:
    """Return a function that returns an address, saved under the name of another function."""
    code, like = _address.__code__, function.__code__
    code = code.replace(co_filename=like.co_filename, co_firstlineno=like.co_firstlineno)
    found = FunctionType(code, {"_native_address": native_address}, function.__name__)
    found.__module__, found.__qualname__ = function.__module__, function.__qualname__
    return found


def _address() -> int:
    return _native_address()


def _native_address() -> int:
    raise NotImplementedError  # each copy of the function above has an intrinsic instead


def _native_address_of(function: Callable[..., object], signature: Any) -> Any:
    """Return an intrinsic for the address of a function that takes and returns bare numbers.

    A callback of numba would do the same, but is called by way of another function.
    """
    body, arguments, returned = compiled(function), signature.args, signature.return_type

    @extending.intrinsic  # type: ignore[untyped-decorator]
    def native_address(typing_context: Any) -> Any:
        kind = typing_context.resolve_value_type(body)
        resolved = typing_context.resolve_function_type(kind, arguments, {})

        def code(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
            convention, module = context.call_conv, builder.module
            value, values = context.get_value_type, [context.get_value_type(t) for t in arguments]
            inner, within = _new(module, convention.get_function_type(returned, arguments))
            inner.attributes.add("alwaysinline")  # as the body is within it
            call = context.get_function(kind, resolved)
            result = call(within, convention.get_arguments(inner))
            result = context.cast(within, result, resolved.return_type, returned)
            convention.return_value(within, result)
            outer, within = _new(module, ir.FunctionType(value(returned), values))
            within.ret(convention.call_function(within, inner, returned, arguments, outer.args)[1])
            return builder.ptrtoint(outer, ir.IntType(64))

        return types.int64(), code

    return native_address


def _new(module: Any, kind: Any) -> tuple[Any, Any]:
    """Return a new function of a module, and what writes its code."""
    function = ir.Function(module, kind, module.get_unique_name("linked"))
    function.linkage = "internal"
    return function, ir.IRBuilder(function.append_basic_block())
