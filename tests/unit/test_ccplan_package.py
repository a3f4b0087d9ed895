"""`import ccplan` hands on what `sim` holds, also beside a file `sim.py` of one's own."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ccplan
import sim

OWN = "raise SystemExit('the wrong sim was imported')\n"
SCRIPT = """
import ccplan

if __name__ == "__main__":
    result = ccplan.simulate("power_of_one", runs=6, workers=2)
    print(result.runs, ccplan.__version__)
"""


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(Path(ccplan.__file__).parents[1])},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_every_name_is_that_of_sim() -> None:
    assert set(ccplan.__all__) == set(sim.__all__)
    assert dir(ccplan) == sorted(sim.__all__)
    for name in sim.__all__:
        assert getattr(ccplan, name) is getattr(sim, name), name


def test_an_unknown_name_is_refused_in_its_own_name() -> None:
    with pytest.raises(AttributeError, match="module 'ccplan' has no attribute 'simulat'"):
        _ = ccplan.simulat  # type: ignore[attr-defined]


def test_a_file_sim_of_ones_own_is_not_taken_for_it(tmp_path: Path) -> None:
    """Neither here nor in the worker processes, which simulate on the same path."""
    (tmp_path / "sim.py").write_text(OWN)
    (tmp_path / "mine.py").write_text(SCRIPT)
    ran = python(tmp_path, "mine.py")
    assert ran.stdout == f"6 {sim.__version__}\n", ran.stderr


def test_the_command_runs_as_a_module_beside_a_file_sim(tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text(OWN)
    ran = python(tmp_path, "-m", "ccplan", "--version")
    assert ran.stdout == f"ccplan {sim.__version__}\n", ran.stderr


def test_a_script_named_sim_may_use_it(tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text("import ccplan\nprint(ccplan.load('erlang_a').name)\n")
    assert python(tmp_path, "sim.py").stdout == "Erlang A\n"


def test_another_sim_that_was_imported_first_is_named(tmp_path: Path) -> None:
    (tmp_path / "sim.py").write_text("import ccplan\n")
    ran = python(tmp_path, "-c", "import sim")
    assert ran.returncode == 1
    last = ran.stderr.splitlines()[-1]
    assert last.startswith("ImportError: ccplan needs the module name sim, which ")
    assert str(tmp_path / "sim.py") in last


def test_import_ccplan_loads_nothing_heavy() -> None:
    code = "import sys; bare = set(sys.modules); import ccplan; print(*set(sys.modules) - bare)"
    ran = python(Path.cwd(), "-c", code)
    loaded = {name.split(".")[0] for name in ran.stdout.split()}
    assert {"sim", "ccplan"} <= loaded <= {"sim", "ccplan", *sys.stdlib_module_names}


def test_the_wheel_holds_both_packages_and_their_types(repo_root: Path) -> None:
    project = tomllib.loads((repo_root / "pyproject.toml").read_text())
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == ["sim", "ccplan"]
    assert (repo_root / "ccplan" / "py.typed").is_file()
