"""Where files of a user are kept: by the system's own rules, and where they were before."""

from pathlib import Path

import pytest

from sim.app.workspace.session_workspace import home
from sim.training.attempt_store import classroom_file
from sim.user_folders import cache_folder, data_folder


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("CCPLAN_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


@pytest.mark.usefixtures("user")
def test_data_and_cache_stand_where_the_system_keeps_them() -> None:
    from platformdirs import user_cache_path, user_data_path

    assert data_folder() == user_data_path("ccplan", appauthor=False)
    assert cache_folder() == user_cache_path("ccplan", appauthor=False)
    assert (home().parent, classroom_file().parent) == (data_folder(), data_folder())


def test_the_folder_of_earlier_versions_is_used_on(user: Path) -> None:
    (user / ".ccplan").mkdir()
    assert data_folder() == user / ".ccplan"
    assert home() == user / ".ccplan" / "workspaces"


def test_a_folder_that_is_named_comes_first(user: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (user / ".ccplan").mkdir()
    monkeypatch.setenv("CCPLAN_HOME", str(user / "other"))
    assert data_folder() == user / "other"
