"""Every test of the app has a home for workspaces of its own."""

import pytest


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory, monkeypatch):
    """Keep workspaces out of the home of who runs the tests."""
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("CCPLAN_HOME", str(home))
    return home
