"""Fixtures that every test may use: a home of its own, the repository, recorded data, a browser."""

import gc
import itertools
import os
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

# As the command line does, and before numpy is imported: the matrices are small, and each worker
# of the tests has one core.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import pytest
from hypothesis import settings

from sim import compile_cache
from sim.user_folders import data_folder

ROOT = Path(__file__).resolve().parents[1]
USERS = [data_folder(), Path.home() / ".ccplan", Path.home() / ".streamlit"]
"""Where who runs the tests keeps work of their own, which no test may touch."""
HOMES = Path(tempfile.mkdtemp(prefix="ccplan-homes-"))
_number = itertools.count()
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# A deadline measures the machine, not the code. `make test` draws the same examples each time, so
# that it says the same of the same code; `make verify` draws others each time.
settings.register_profile(
    "ccplan", deadline=None, print_blob=True, derandomize=True, max_examples=20
)
settings.register_profile("explore", deadline=None, print_blob=True)
settings.load_profile("ccplan")


# Compiled code is shared by all tests; everything else of a user's is new, also for what starts
# before the first test.
os.environ["NUMBA_CACHE_DIR"] = str(compile_cache.folder())
for name in ("CCPLAN_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
    os.environ.pop(name, None)
os.environ["HOME"] = os.environ["USERPROFILE"] = str(HOMES)


def guard(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop a test that is about to write where who runs the tests keeps their own work."""
    if event == "open":
        writes = bool(arguments[2] and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT))
    else:
        writes = event in ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "sqlite3.connect")
    if not writes or not isinstance(arguments[0], str | os.PathLike):
        return
    path = Path(os.path.abspath(os.fsdecode(arguments[0])))
    if any(path.is_relative_to(place) for place in USERS):
        raise RuntimeError(f"a test would write to {path}, which belongs to who runs the tests")


sys.addaudithook(guard)


def pytest_collection_finish() -> None:
    """Look for no garbage among the thousands of tests and all modules, which stay."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_unconfigure() -> None:
    """Remove the homes of the tests."""
    shutil.rmtree(HOMES, ignore_errors=True)


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch) -> Path:
    """Every test has a home of its own, empty at first."""
    home = HOMES / str(next(_number))
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    return home


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


@pytest.fixture
def heard():
    """Ctrl-C is heard, also where the tests run in the background, which ignores it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
