"""Tests of the app in a browser share a server, and the workspace of its own that it has."""

from functools import cache
from importlib import import_module

import pytest

from scripts import drive_app
from sim.app import planning_jobs


@pytest.fixture(autouse=True)
def new_server():
    """No test sees the plans of another, as if it had a server of its own."""
    planning_jobs.LATEST.clear()


@pytest.fixture(scope="session", autouse=True)
def packages_scanned_once():
    """Each `AppTest` looks through all installed packages for components; once is enough."""
    name = "streamlit.components.v2.manifest_scanner"
    try:
        scanner = import_module(name)
    except ModuleNotFoundError:  # as in other releases of Streamlit
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        scan = cache(scanner.scan_component_manifests)
        patch.setattr(scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="module")
def shots():
    """The steps in a browser that pictures, tutorial and tests share."""
    return drive_app


@pytest.fixture(scope="module")
def address():
    """Where the app is served for the tests of a file, with a workspace of theirs."""
    with drive_app.served() as place:
        yield place


@pytest.fixture(scope="module")
def browser(chromium):
    """A browser for the tests of a file."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium, args=drive_app.FLAGS)
        yield found
        found.close()
