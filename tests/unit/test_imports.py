"""Imports point down only, and the door opens fast."""

import ast
import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

ROOT = Path(__file__).resolve().parents[2]

# A module may import from the lines above its own, and within itself.
LAYERS = [
    {"messages"},
    {"numerals"},
    {"durations"},
    {"arrays", "user_folders", "units", "resources"},
    {"extras"},
    {"result_output"},
    {"fileio"},
    {"erlang"},
    {"toml_text"},
    {"scenario"},
    {"model"},
    {"streams"},
    {"distributions"},
    {"tape"},
    {"log"},
    {"engine"},
    {"metrics"},
    {"experiment"},
    {"planning"},
    {"report"},
    {"training"},
    {"app", "cli"},
]
CONTRIBUTE = (ROOT / "docs" / "contribute.md").read_text(encoding="utf-8")
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
OUTER = {"training", "app", "cli"}  # these may use the door itself
SCREENS = {"streamlit", "altair", "typer", "rich"}
HEADLESS = {name for name in RANK if RANK["scenario"] <= RANK[name] <= RANK["planning"]}
EXEMPT = {"__init__", "__main__"}

MODULES = sorted((ROOT / "sim").rglob("*.py"))
DOOR = [name for name in sim.__all__ if name != "__version__"]


def layer_of(path: Path) -> str:
    """First part below `sim`: the module, or the package that a file belongs to."""
    return path.relative_to(ROOT / "sim").parts[0].removesuffix(".py")


def imports(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """Line and full dotted name of everything imported, also inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)


def home(name: str) -> str | None:
    """Layer that a dotted name below `sim` comes from; None for the door as a whole."""
    parts = name.split(".")
    if len(parts) == 1:
        return None
    return sim._HOME.get(parts[1], f"sim.{parts[1]}").split(".")[1]


def complaint(layer: str, name: str) -> str | None:
    """What is wrong with a layer importing a name, or None."""
    top = name.partition(".")[0]
    if top in SCREENS and layer in HEADLESS:
        return f"{layer} must not know of screens: {name}"
    if top != "sim" or name == "sim.__version__":
        return None
    target = home(name)
    if target == layer or (target is None and layer in OUTER):
        return None
    if layer == "erlang" and target != "units":
        return f"erlang imports nothing but sim.units: {name}"
    if target is None or target not in RANK:
        return f"{name} is in no layer"
    return None if RANK[target] < RANK[layer] else f"{layer} is not above {target}: {name}"


def complaints(source: str, package: str, layer: str) -> list[str]:
    found = ((line, complaint(layer, name)) for line, name in imports(ast.parse(source), package))
    return [f"line {line}: {text}" for line, text in found if text]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_point_down(path):
    layer = layer_of(path)
    if layer in EXEMPT:
        return
    assert layer in RANK, f"{layer} has no place in LAYERS"
    package = ".".join(path.relative_to(ROOT).parent.parts)
    assert complaints(path.read_text(encoding="utf-8"), package, layer) == []


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("model", "import sim.engine.rules"),
        ("model", "from sim import metrics"),
        ("model", "def late():\n    from ..planning import staff"),
        ("log", "from sim.engine import rules"),
        ("erlang", "from sim.resources import app_file"),
        ("scenario", "from sim import simulate"),
        ("metrics", "import sim"),
        ("metrics", "import rich.table"),
        ("planning", "import streamlit as st"),
        ("cli", "from sim.app import pages"),
        ("report", "from sim.elsewhere import thing"),
    ],
)
def test_wrong_imports_are_seen(layer, source):
    assert len(complaints(source, f"sim.{layer}", layer)) == 1


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("engine", "from sim.log import Log\nfrom ..tape import Tape\nfrom . import rules"),
        ("erlang", "from sim.units import duration\nfrom sim.erlang.erlang_c import wait"),
        ("planning", "from sim import erlang, load, simulate, __version__"),
        ("cli", "import sim\nimport rich"),
        ("report", "import altair"),
    ],
)
def test_right_imports_pass(layer, source):
    assert complaints(source, f"sim.{layer}", layer) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_command_line_prints(path):
    if layer_of(path) == "cli":
        return
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)]
    printing = [
        call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert printing == []


@pytest.mark.parametrize("name", DOOR)
def test_every_name_of_the_door_opens(name):
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
    readers = set()
    for path in MODULES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        package = ".".join(path.relative_to(ROOT).with_suffix("").parts[:-1])
        if any(name.split(".")[0] == "tomllib" for _, name in imports(tree, package)):
            readers.add(path.relative_to(ROOT).as_posix())
    assert readers == {"sim/toml_text.py"}


def test_door_lists_its_names():
    assert set(sim.__all__) <= set(dir(sim))
    assert set(sim.__all__) == {*sim._HOME, "erlang", "__version__"}


def test_door_refuses_unknown_names():
    with pytest.raises(AttributeError, match="no attribute 'simulat'"):
        _ = sim.simulat


def test_version_is_that_of_the_project():
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert sim.__version__ in {project["version"], "0+unknown"}


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
