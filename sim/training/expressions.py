"""Plain arithmetic with names, read from a lesson and never executed as a program."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

from sim.units import BadInputError

ALLOWED = "names, numbers, + - * / ( ) and ceil, floor, round, min, max, abs"
LONGEST = 200
"""Characters of a formula."""

_BINARY: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "ceil": lambda x: float(math.ceil(x - 1e-9)),
    "floor": lambda x: float(math.floor(x + 1e-9)),
    "round": lambda x: float(math.floor(x + 0.5)),
    "min": min,
    "max": max,
    "abs": abs,
}
_ONE = ("ceil", "floor", "round", "abs")


def names_of(text: str) -> list[str]:
    """Return the names that a formula uses.

    Raises
    ------
    BadInputError
        When it holds anything but plain arithmetic.
    """
    tree = _read(text)
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
    return sorted(names - set(_FUNCTIONS))


def evaluate(text: str, values: Mapping[str, float]) -> float:
    """Evaluate a formula.

    Raises
    ------
    BadInputError
        When it holds anything but plain arithmetic, an unknown name, or divides by zero.
    """
    try:
        found = _value(_read(text), values)
    except ZeroDivisionError:
        raise BadInputError(f"{text!r} divides by zero") from None
    except OverflowError:
        raise BadInputError(f"{text!r} is too large") from None
    return found


def _read(text: str) -> ast.expr:
    if len(text) > LONGEST:
        raise BadInputError(f"a formula of {len(text)} characters; allowed: {LONGEST}")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise BadInputError(f"{text!r} is not a formula; allowed: {ALLOWED}") from None
    _checked(tree, text)
    return tree


def _checked(node: ast.expr, text: str) -> None:
    """Refuse whatever is not plain arithmetic."""
    if isinstance(node, ast.Constant) and type(node.value) in (int, float):
        return
    if isinstance(node, ast.Name) and node.id not in _FUNCTIONS:
        return
    below: list[ast.expr] | None = None
    if isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        below = [node.left, node.right]
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        below = [node.operand]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        many = len(node.args)
        fits = many == 1 if node.func.id in _ONE else many >= 1
        if node.func.id in _FUNCTIONS and not node.keywords and fits:
            below = node.args
    if below is None:
        raise BadInputError(f"{text!r} is not a formula; allowed: {ALLOWED}")
    for each in below:
        _checked(each, text)


def _value(node: Any, values: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise BadInputError(f"{node.id!r} has no value")
        return values[node.id]
    if isinstance(node, ast.UnaryOp):
        return -_value(node.operand, values)
    if isinstance(node, ast.BinOp):
        return _BINARY[type(node.op)](_value(node.left, values), _value(node.right, values))
    return float(_FUNCTIONS[node.func.id](*(_value(arg, values) for arg in node.args)))
