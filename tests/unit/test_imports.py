"""Imports keep the contracts of pyproject.toml, and `import sim` loads nothing heavy."""

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {one["id"]: one for one in PROJECT["tool"]["importlinter"]["contracts"]}
LAYERS = [set(re.findall(r"\w+", layer)) for layer in reversed(CONTRACTS["layers"]["layers"])]
"""A module may import from the lines above its own, and within itself."""
CONTRIBUTE = (ROOT / "docs" / "contribute.md").read_text(encoding="utf-8")
OUTER = {"training", "app", "cli", "__init__", "__main__"}
"""These may use the names that the package itself hands on."""

MODULES = sorted((ROOT / "sim").rglob("*.py"))
DOOR = [name for name in sim.__all__ if name != "__version__"]

LINT = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)


def lint(folder: Path) -> tuple[int, str]:
    """Run import-linter on a source tree; return its exit code and what it says."""
    done = subprocess.run(
        [sys.executable, "-c", LINT], cwd=folder, env=os.environ | {"COLUMNS": "250"},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def layer_of(path: Path) -> str:
    """First part below `sim`: the module, or the package that a file belongs to."""
    return path.relative_to(ROOT / "sim").parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Full dotted name of everything imported, also inside functions."""
    package = path.relative_to(ROOT).parent.parts
    for node in imports_and_prints(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


@cache
def imports_and_prints(path: Path) -> list[ast.Import | ast.ImportFrom | ast.Call]:
    """Imports of a module and its calls of `print`, read once for all tests."""
    return [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print")
    ]


def test_imports_keep_the_contracts() -> None:
    code, output = lint(ROOT)
    assert code == 0, output


BROKEN = [
    ("sim/model/__init__.py", "import sim.engine"),
    ("sim/log.py", "def late():\n    from .engine import reference"),
    ("sim/report/__init__.py", "from sim.training import lesson"),
    ("sim/cli/__init__.py", "from sim.app import pages"),
    ("sim/erlang/__init__.py", "from sim.resources import app_file"),
    ("sim/metrics/__init__.py", "def late():\n    import rich.table"),
    ("sim/planning/__init__.py", "import streamlit as st"),
    ("verification/__init__.py", "from tests import support"),
    ("sim/numerals.py", "import benchmarks"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the source tree."""
    only_python = shutil.ignore_patterns("__pycache__", "*.toml", "assets")
    for folder in PROJECT["tool"]["importlinter"]["root_packages"]:
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=only_python)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_wrong_imports_are_found(tree: Path) -> None:
    for file, line in BROKEN:
        with (tree / file).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    for one, other in (("first", "second"), ("second", "first")):
        (tree / "sim/fileio" / f"{one}.py").write_text(f"import sim.fileio.{other}\n")
    code, output = lint(tree)
    assert code == 1
    found = {tuple(pair) for pair in re.findall(r"-\s+(\S+) -> (\S+) \(l", output)}
    assert found >= {
        ("sim.model", "sim.engine"),
        ("sim.log", "sim.engine.reference"),
        ("sim.report", "sim.training.lesson"),
        ("sim.cli", "sim.app.pages"),
        ("sim.erlang", "sim.resources"),
        ("sim.metrics", "rich"),
        ("sim.planning", "streamlit"),
        ("verification", "tests"),
        ("sim.numerals", "benchmarks"),
    }, output
    assert "No cycles are allowed in sim.fileio." in output


def test_a_module_without_a_layer_is_found(tree: Path) -> None:
    (tree / "sim" / "elsewhere.py").touch()
    code, output = lint(tree)
    assert code == 1
    assert "elsewhere" in output


def test_headless_layers_are_all_below_the_reports() -> None:
    below = set().union(*LAYERS[: LAYERS.index({"report"})])
    assert set(CONTRACTS["headless"]["source_modules"]) == {f"sim.{name}" for name in below}


def test_names_of_the_package_itself_are_for_the_outer_layers() -> None:
    """Within the program a name is imported from where it is defined."""
    door = {"sim", *(f"sim.{name}" for name in sim._HOME)}
    inner = (path for path in MODULES if layer_of(path) not in OUTER)
    assert [path for path in inner if door & set(imports(path))] == []


def test_only_the_command_line_prints():
    others = (path for path in MODULES if layer_of(path) != "cli")
    calls = [(path, node) for path in others for node in imports_and_prints(path)]
    assert [(path, node.lineno) for path, node in calls if isinstance(node, ast.Call)] == []


@pytest.mark.parametrize("name", DOOR)
def test_every_public_name_can_be_imported(name):
    module = sim._HOME.get(name, f"sim.{name}")
    source = importlib.import_module(module)
    assert getattr(sim, name) is (source if name == "erlang" else getattr(source, name))


def test_no_module_takes_the_place_of_a_function_of_its_package():
    """Importing `package.build` later would replace a function `build` of the package."""
    for init in (path for path in MODULES if path.name == "__init__.py"):
        body = ast.parse(init.read_text(encoding="utf-8")).body
        defined = {n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        assert not defined & {path.stem for path in init.parent.iterdir()}, init


def test_toml_is_read_within_bounds_everywhere():
    readers = {path for path in MODULES if any("tomllib" in name for name in imports(path))}
    assert readers == {ROOT / "sim/toml_text.py"}


def test_the_package_lists_its_names():
    assert set(sim.__all__) <= set(dir(sim))
    assert set(sim.__all__) == {*sim._HOME, "erlang", "__version__"}


def test_the_package_rejects_unknown_names():
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = sim.simulat


def test_version_is_that_of_the_project():
    assert sim.__version__ in {PROJECT["project"]["version"], "0+unknown"}


def test_import_sim_loads_nothing_heavy():
    code = "import sys; bare = set(sys.modules); import sim; print(*set(sys.modules) - bare)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "sim" in loaded.stdout.split()
    assert {name.split(".")[0] for name in loaded.stdout.split()} <= {
        "sim",
        *sys.stdlib_module_names,
    }
    assert "importlib.metadata" not in loaded.stdout.split()


def test_shipped_files_are_found_beside_the_package(tmp_path, monkeypatch):
    from sim import resources

    (tmp_path / "sim" / "_shipped" / "scenarios").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "sim")
    assert resources.scenarios_dir() == tmp_path / "sim" / "_shipped" / "scenarios"
    with pytest.raises(FileNotFoundError, match=r"planner_app\.py is neither at"):
        resources.app_file()
    (tmp_path / "planner_app.py").touch()
    assert resources.app_file() == tmp_path / "planner_app.py"


def test_the_page_for_contributors_has_the_same_layers() -> None:
    line = CONTRIBUTE.partition("**Imports point down.**")[2].partition(".")[0]
    told = [{name.strip() for name in layer.split(",")} for layer in line.split("←")]
    assert told == LAYERS
