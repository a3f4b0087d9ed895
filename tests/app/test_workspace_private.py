"""Workspaces and progress are for their owner alone; those of visitors are bounded and expire."""

import os
import stat
import time

import pytest

from sim.app.workspace import visitors
from sim.app.workspace.folder import Folder
from sim.app.workspace.visitors import DAYS_KEPT, MOST_VISITORS, admit, is_visitor
from sim.training.attempt_store import AttemptStore
from sim.units import BadInputError

OTHERS = 0o077


def open_to_others(top):
    return [str(p) for p in (top, *top.rglob("*")) if stat.S_IMODE(p.stat().st_mode) & OTHERS]


@pytest.fixture(autouse=True)
def generous():
    """A process whose files are readable by everybody unless it says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def test_files_of_a_workspace_are_for_their_owner(tmp_path):
    home = tmp_path / "data" / "workspaces"
    Folder(home / "local").write("scenarios/mine/scenario.toml", "a = 1")
    assert open_to_others(tmp_path / "data") == []


def test_a_workspace_of_an_earlier_version_is_closed_when_opened(tmp_path):
    (tmp_path / "local").mkdir(mode=0o755)
    Folder(tmp_path / "local")
    assert open_to_others(tmp_path / "local") == []


def test_progress_of_learners_is_for_its_owner(tmp_path):
    store = AttemptStore(tmp_path / "data" / "classroom.sqlite")
    store.begin("", "somebody", ("one", "One", "mark"), "count")
    assert open_to_others(tmp_path / "data") == []
    store.file.chmod(0o644)
    assert len(store.attempts()) == 1
    assert open_to_others(tmp_path / "data") == []


def visitor(folder, number, days=0.0):
    path = folder / f"{number:032x}"
    path.mkdir()
    (path / "values.json").write_text("{}")
    os.utime(path, (time.time() - days * 86400,) * 2)
    return path


def test_long_unused_workspaces_of_visitors_are_removed_and_no_others(tmp_path):
    old = visitor(tmp_path, 1, DAYS_KEPT + 1)
    young = visitor(tmp_path, 2, DAYS_KEPT - 1)
    mine = visitor(tmp_path, 3, DAYS_KEPT + 1)
    others = [tmp_path / "local", tmp_path / f"user-{'a' * 32}"]
    for path in others:
        path.mkdir()
        os.utime(path, (0, 0))
    admit(tmp_path, mine.name)
    assert not old.exists()
    assert all(path.exists() for path in (young, mine, *others))
    assert time.time() - mine.stat().st_mtime < 60


def test_there_are_no_more_visitors_than_there_is_room_for(tmp_path, monkeypatch):
    monkeypatch.setattr(visitors, "MOST_VISITORS", 3)
    made = [visitor(tmp_path, number) for number in range(3)]
    admit(tmp_path, made[0].name)
    with pytest.raises(BadInputError, match="the limit of 3 visitors is reached"):
        admit(tmp_path, "f" * 32)
    os.utime(made[1], (0, 0))
    admit(tmp_path, "f" * 32)
    assert MOST_VISITORS >= 100


def test_the_workspace_of_a_visitor_is_bounded_in_size(tmp_path):
    folder = Folder(tmp_path / "v", most=1000)
    folder.write("scenarios/a/a.csv", b"x" * 900)
    with pytest.raises(BadInputError, match="a workspace holds .* at most"):
        folder.write("scenarios/a/b.csv", b"x" * 200)
    assert folder.every() == ["scenarios/a/a.csv"]
    Folder(tmp_path / "v").write("scenarios/a/b.csv", b"x" * 200)


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("0" * 32, True), ("local", False), ("user-" + "0" * 32, False), ("../" + "0" * 29, False)],
)
def test_names_of_visitors(name, is_one):
    assert is_visitor(name) is is_one
