"""Tests of the app in a browser share a server, and the workspace of its own that it has."""

import pytest

from scripts import screenshots


@pytest.fixture(scope="module")
def shots():
    """The script that makes the pictures of the documentation knows how to drive the app."""
    return screenshots


@pytest.fixture(scope="module")
def address():
    """Where the app is served for the tests of a file, with a workspace of theirs."""
    with screenshots.served() as place:
        yield place


@pytest.fixture(scope="module")
def browser(chromium):
    """A browser for the tests of a file."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as play:
        found = play.chromium.launch(executable_path=chromium, args=screenshots.FLAGS)
        yield found
        found.close()
