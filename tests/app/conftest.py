"""Tests of the app in a browser share a server, and the workspace of its own that it has."""

import pytest

from scripts import drive_app


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
