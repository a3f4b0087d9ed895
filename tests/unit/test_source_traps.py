"""Ways of writing that hide what happens, which no source may use."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "sim").rglob("*.py"))
PACKING = {"sim/engine/rules.py", "sim/tape/choices.py"}


def complaints(tree: ast.Module) -> Iterator[str]:
    """Yield what a source hides: a module behind a local name, an action in an expression."""
    modules = set(imported_modules(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.IfExp | ast.BoolOp):
            yield f"line {node.lineno}: a conditional expression as a statement"
        name = None
        if isinstance(node, ast.arg):
            name = node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        if name in modules:
            yield f"line {node.lineno}: {name} is a module"  # type: ignore[attr-defined]


def imported_modules(tree: ast.Module) -> Iterator[str]:
    """Yield the names by which a source knows modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if is_module(f"{node.module}.{alias.name}"):
                    yield alias.asname or alias.name
        elif isinstance(node, ast.Import):
            yield from (alias.asname or alias.name.split(".")[0] for alias in node.names)


@cache
def is_module(name: str) -> bool:
    """Tell whether a dotted name is a module or package of this repository."""
    path = ROOT.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_source_hides_what_happens(path):
    assert list(complaints(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_complaints_are_found():
    tree = ast.parse(
        "from sim.engine import rules\n"
        "import numpy as np\n"
        "def f(np, x):\n"
        "    rules = 1\n"
        "    g() if x else h()\n"
        "    x or h()\n"
    )
    assert sorted(complaints(tree)) == [
        "line 3: np is a module",
        "line 4: rules is a module",
        "line 5: a conditional expression as a statement",
        "line 6: a conditional expression as a statement",
    ]


@pytest.mark.parametrize("path", [p for p in SOURCES if "engine" in p.parts], ids=lambda p: p.name)
def test_numbers_are_packed_in_one_place(path):
    """Which bits of an order are the issue, the leg and the rank is known to the rules alone."""
    if path.relative_to(ROOT).as_posix() in PACKING:
        return
    shifts = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.LShift)
    ]
    assert shifts == [], f"{path.name} packs numbers in lines {shifts}"
