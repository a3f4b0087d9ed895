"""No test writes where who runs the tests keeps work of their own."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from sim.user_folders import data_folder
from tests.conftest import HOMES, USERS


def test_every_test_has_a_home_of_its_own(own_home):
    assert list(own_home.iterdir()) == []
    assert Path.home() == own_home
    assert data_folder().is_relative_to(own_home)


@pytest.mark.parametrize("known", [0, 1])
def test_homes_are_not_shared(known):
    assert not (Path.home() / "left").exists()
    (Path.home() / "left").write_text(str(known))


def test_processes_that_tests_start_have_it_too(own_home):
    code = "from sim import user_folders as u; print(u.data_folder(), u.cache_folder())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(Path(path).is_relative_to(own_home) for path in done.stdout.split())


@pytest.mark.parametrize("place", USERS)
@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_text("x"),
        lambda path: path.mkdir(),
        lambda path: os.rename(path, path.with_name("other")),
        sqlite3.connect,
        lambda path: path.unlink(),
    ],
    ids=["open", "mkdir", "rename", "connect", "unlink"],
)
def test_the_home_of_who_runs_the_tests_is_guarded(place, write):
    assert not place.is_relative_to(HOMES)
    path = place / "written by a test"
    with pytest.raises(RuntimeError, match="belongs to who runs the tests"):
        write(path)
    assert not path.exists()
