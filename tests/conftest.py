"""Fixtures that every test may use: the repository, recorded data, a browser."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# A deadline measures the machine, not the code. `make test` draws the same examples each time, so
# that it says the same of the same code; `make verify` draws others each time.
settings.register_profile("ccplan", deadline=None, print_blob=True, derandomize=True)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("ccplan")


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """Top folder of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of recorded contacts; CCPLAN_DATA names it where it is not found by itself."""
    named = os.environ.get("CCPLAN_DATA")
    places = [Path(named)] if named else [ROOT / "data", ROOT.parent / "shared" / "data"]
    for place in places:
        if (place / "anonymous_bank").is_dir():
            return place
    pytest.skip(f"no recorded data in {' or '.join(map(str, places))}; set CCPLAN_DATA")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of a Chromium executable; CCPLAN_CHROMIUM names another one."""
    named = os.environ.get("CCPLAN_CHROMIUM")
    found = next(filter(None, map(shutil.which, [named] if named else BROWSERS)), None)
    if found is None:
        reason = ROOT / ".venv" / ".no-chromium"
        pytest.skip(reason.read_text().strip() if reason.exists() else "no Chromium found")
    return found
