"""The lock pins what pyproject.toml asks for, with hashes, for every Python and system."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements-lock.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")
SYSTEMS = ("linux", "darwin", "win32")


def pins() -> list[tuple[Requirement, int]]:
    """Each pinned release, and the number of its hashes."""
    found = []
    for entry in re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", LOCK, flags=re.MULTILINE)):
        lines = entry.strip().splitlines()
        hashes = [line for line in lines[1:] if re.search(r"--hash=sha256:[0-9a-f]{64}", line)]
        assert len(hashes) == len(lines) - 1, entry
        found.append((Requirement(lines[0].rstrip("\\ ")), len(hashes)))
    return found


def wanted() -> list[Requirement]:
    """What the project, its extras for users and checks, and its build ask for."""
    project = PROJECT["project"]
    texts = [*project["dependencies"], *PROJECT["build-system"]["requires"], "editables"]
    for extra in project["optional-dependencies"].values():
        texts += extra
    return [one for one in map(Requirement, texts) if one.name != project["name"]]


def applies(marker: Marker | None, python: str, system: str) -> bool:
    version = python.rpartition(".")[0]
    here = {"python_full_version": python, "python_version": version, "sys_platform": system}
    return marker is None or marker.evaluate({**here, "platform_python_implementation": "CPython"})


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_each_library_is_pinned_once_within_its_bounds(python: str, system: str) -> None:
    chosen: dict[str, str] = {}
    for pin, _ in pins():
        if applies(pin.marker, python, system):
            assert canonicalize_name(pin.name) not in chosen, pin
            (only,) = pin.specifier
            assert only.operator == "=="
            chosen[canonicalize_name(pin.name)] = only.version
    for requirement in wanted():
        version = chosen.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in the lock; run scripts/lock.sh"
        assert requirement.specifier.contains(version), f"{requirement}: run scripts/lock.sh"


def test_every_release_has_hashes_and_compiled_ones_those_of_many_systems() -> None:
    counted = {pin.name: number for pin, number in pins()}
    assert min(counted.values()) >= 1
    assert min(counted[name] for name in ("numpy", "scipy", "pandas", "pyarrow")) > 20


def test_the_lock_names_no_place() -> None:
    assert "://" not in LOCK
    assert "--index" not in LOCK
    assert "--find-links" not in LOCK


def test_the_checks_install_it_with_hashes() -> None:
    make = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert re.search(r"^LOCK +\?= requirements-lock\.txt$", make, flags=re.MULTILINE)
    assert "pip install -q --require-hashes -r $(LOCK)" in make
