"""Compiled code is run only from a folder that no other user can write to."""

import ast
import gc
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from numba.core import event

from sim import compile_cache

TELL = "from sim.compile_cache import folder; print(folder())"


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A home whose cache cannot be made, and a folder for temporary files."""
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(blocked))
    monkeypatch.setenv("NUMBA_CACHE_DIR", "")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    compile_cache.folder.cache_clear()
    yield temporary
    compile_cache.folder.cache_clear()


def predictable(temporary: Path) -> Path:
    return temporary / f"ccplan-{os.getuid()}"


def test_folders_are_for_their_owner_alone(places):
    found = compile_cache.folder()
    assert found.parent == predictable(places)
    assert [stat.S_IMODE(p.stat().st_mode) for p in (found, found.parent)] == [0o700, 0o700]
    assert compile_cache.folder() == found


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777, 0o1777])
def test_folder_that_others_can_write_is_not_used(places, mode):
    planted = predictable(places)
    planted.mkdir()
    planted.chmod(mode)
    found = compile_cache.folder()
    assert planted not in (found, *found.parents)
    assert stat.S_IMODE(found.stat().st_mode) == 0o700


def test_inner_folder_that_others_can_write_is_not_used(places):
    inner = compile_cache.folder()
    inner.chmod(0o777)
    compile_cache.folder.cache_clear()
    assert compile_cache.folder() != inner


def test_link_is_not_followed(places, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    predictable(places).symlink_to(elsewhere)
    found = compile_cache.folder()
    assert elsewhere not in found.resolve().parents
    assert not list(elsewhere.iterdir())


def test_folder_of_another_user_is_not_used(places, monkeypatch):
    planted = predictable(places)
    planted.mkdir(mode=0o700)
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    planted.rename(planted.with_name(f"ccplan-{other}"))
    found = compile_cache.folder()
    assert found.parent == places
    assert found.name != f"ccplan-{other}"


def test_cache_of_the_user_is_held_to_the_same(places, tmp_path, monkeypatch):
    home = tmp_path / "cache"
    (home / "ccplan").mkdir(parents=True)
    (home / "ccplan").chmod(0o777)
    monkeypatch.setenv("XDG_CACHE_HOME", str(home))
    assert home not in compile_cache.folder().parents


def test_fresh_folder_is_shared_with_processes_and_removed_at_the_end(places, tmp_path):
    (places / f"ccplan-{os.getuid()}").write_text("in the way")
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {TELL!r}], check=True)"
    done = subprocess.run(
        [sys.executable, "-c", f"{TELL}\nimport sys; sys.stdout.flush()\n{child}"],
        env=os.environ | {"TMPDIR": str(places)},
        capture_output=True,
        text=True,
        check=True,
    )
    first, second = done.stdout.split()
    assert first == second
    assert Path(first).parent == places
    assert not Path(first).exists()


def test_folder_that_is_named_has_one_for_the_present_sources(places, tmp_path, monkeypatch):
    named, known = tmp_path / "named", compile_cache.folder()
    compile_cache.folder.cache_clear()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(named))
    assert compile_cache.folder() == named / known.name
    compile_cache.folder.cache_clear()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(named / known.name))
    assert compile_cache.folder() == named / known.name


def test_no_garbage_is_looked_for_while_the_compiler_works():
    numba, meanwhile = compile_cache.compiler(), []

    class Look(event.Listener):
        def on_start(self, event):
            meanwhile.append(gc.isenabled())

        def on_end(self, event):
            pass

    with event.install_listener("numba:compile", Look()):
        assert numba.njit(lambda x: x + 1)(1) == 2
    assert meanwhile == [False]
    assert gc.isenabled()


def test_compile_cache_is_renewed_when_any_source_of_it_changes():
    """Constants and functions are compiled in, so each module they come from counts."""
    home = Path(compile_cache.__file__).parent
    sources = {file for pattern in compile_cache.COMPILED for file in home.glob(pattern)}
    assert all(any(home.glob(pattern)) for pattern in compile_cache.COMPILED)
    for file in [*home.glob("engine/kernel/*.py"), *home.glob("metrics/kernel/*.py")]:
        for source in imported(file, home.parent):
            assert source in sources, f"{file.name} compiles in {source}"


def imported(file: Path, root: Path) -> set[Path]:
    """Return the sources of sim from which a module with compiled functions takes something."""
    text = file.read_text(encoding="utf-8")
    if not re.search(r"import .*\b(compiled|linked|entry_point)\b", text):
        return set()
    return {
        source_of(node.module, alias.name, root)
        for node in ast.parse(text).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim"
        for alias in node.names
    }


def source_of(module: str, name: str, root: Path) -> Path:
    """Return the file of a name that is imported: a module itself, or what defines it."""
    folder = root.joinpath(*module.split("."))
    places = [folder / f"{name}.py", folder / name / "__init__.py", folder.with_suffix(".py")]
    return next((place for place in places if place.is_file()), folder / "__init__.py")
