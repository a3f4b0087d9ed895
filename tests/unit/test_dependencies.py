"""What is imported is installed, what is installed is used, and the page says why."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
PACKAGES = (ROOT / "sim", ROOT / "ccplan")
PROGRAM = [*(p for d in PACKAGES for p in d.rglob("*.py")), ROOT / "planner_app.py"]
CHECKS = [p for d in ("tests", "verification", "scripts") for p in (ROOT / d).rglob("*.py")]

PART_OF = {
    "pydantic_core": "pydantic",
    "PIL": "pillow",
    "dask": "distributed",
    "llvmlite": "numba",
    "markupsafe": "jinja2",
    "axe_playwright_python": "axe-playwright-python",
    "vl_convert": "vl-convert-python",
}
# Needed without an import: zoneinfo reads it by itself.
UNSEEN = {"tzdata"}
TOOLS = {
    "pytest-xdist",
    "import-linter",
    "mypy",
    "ruff",
    "pandas-stubs",
    "scipy-stubs",
    "types-openpyxl",
}


def names(requirements: Iterable[str]) -> set[str]:
    return {re.match(r"[\w-]+", text)[0] for text in requirements}


def imported(files: Iterable[Path]) -> set[str]:
    """Libraries that files import anywhere, also inside functions."""
    found = set()
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add(node.module.split(".")[0])
    ours = {"sim", "ccplan", "tests", "verification", "benchmarks", "scripts"}
    return {PART_OF.get(name, name) for name in found - sys.stdlib_module_names - ours}


def explained(section: str) -> set[str]:
    """First column of the table below a heading of the page."""
    text = PAGE.split(f"\n## {section}\n")[1].split("\n## ")[0]
    return set(re.findall(r"^\| `([^`]+)` \| .+ \|$", text, flags=re.MULTILINE))


ALWAYS = names(PROJECT["dependencies"])
TABLES, APP, CLUSTER, SENSITIVITY, FORECAST = (
    names(PROJECT["optional-dependencies"][extra]) - {PROJECT["name"]}
    for extra in ("tables", "app", "cluster", "sensitivity", "forecast")
)
EXTRAS = TABLES | APP | CLUSTER | SENSITIVITY | FORECAST
TEST = names(PROJECT["optional-dependencies"]["test"]) - {PROJECT["name"]}


def test_the_program_imports_what_is_installed():
    assert imported(PROGRAM) == (ALWAYS - UNSEEN) | EXTRAS


def test_the_checks_import_what_is_installed():
    used = imported(CHECKS) - ALWAYS - EXTRAS
    assert used == TEST - TOOLS


@pytest.mark.parametrize(
    ("section", "wanted"),
    [
        ("Always", ALWAYS),
        ("Tables and workbooks: `ccplan[tables]`", TABLES),
        ("The app: `ccplan[app]`", APP),
        ("On a cluster: `ccplan[cluster]`", CLUSTER),
        ("For Sobol indices: `ccplan[sensitivity]`", SENSITIVITY),
        ("For forecasts: `ccplan[forecast]`", FORECAST),
        ("For the checks: `ccplan[test]`", TEST),
        (
            "To build",
            names(tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]["requires"]),
        ),
    ],
)
def test_the_page_gives_every_reason(section, wanted):
    assert explained(section) == wanted


def test_imports_are_found_wherever_they_stand(tmp_path):
    file = tmp_path / "module.py"
    file.write_text("import os\nfrom . import near\ndef late():\n    import scipy.stats as s\n")
    assert imported([file]) == {"scipy"}
