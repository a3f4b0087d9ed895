"""A page with work behind it is opened again in the middle of that work, and comes up whole."""

import json
from pathlib import Path

import pytest

import sim.app
from scripts.drive_app import pause
from sim.app.pages.results import SIDE
from sim.app.pages.staffing import MORE, SERVICE
from sim.app.workspace.results import SavedResult
from sim.app.workspace.storage import open_workspace
from sim.experiment import simulate
from sim.resources import shipped_scenarios
from sim.scenario import load
from sim.training import AttemptStore

pytestmark = pytest.mark.browser
ENTRY = Path(__file__).parent / "slow_planner.py"
SMALL = "power_of_one"
CANCEL = '[data-testid="stMain"] button:has-text("Cancel")'
TEAM = '[data-testid="stMain"] [data-testid="stMetric"]'
VIEWS = {
    "Start": ("", {}, CANCEL),
    "Staffing, simulated service": ("staffing", {"staffing:view": SERVICE}, CANCEL),
    "Staffing, agents more or less": ("staffing", {"staffing:view": MORE}, CANCEL),
    "Self-service": ("self_service", {"scenario": "bot_promise"}, CANCEL),
    "Report": ("report", {}, CANCEL),
    "Results": ("results", {"compare:view": SIDE}, CANCEL),
    "Class view": ("class_view", {}, TEAM),
}
"""Address, stored fields and what is there when it is up, of every view that draws itself again."""


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The folder of the workspaces; two saved results, and one prediction of a class."""
    home = tmp_path_factory.mktemp("busy")
    space = open_workspace(home / "workspaces" / "local")
    scenario = load(shipped_scenarios()[SMALL])
    for name, runs in (("today", 2), ("more runs", 3)):
        result = simulate(scenario, runs=runs, seed=1)
        space.save_result(SavedResult(name, "", scenario, (), result))
    store = AttemptStore(home / "classroom.sqlite")
    one = store.begin("spring", "Ada", (SMALL, "The power of one", "m"), "%")
    store.predict(one.id, 70.0, "one of 23")
    return home


@pytest.fixture(scope="module")
def busy(place, shots):
    with shots.served(str(place), ENTRY) as address:
        yield address


@pytest.fixture
def tab(browser, shots):
    page = browser.new_context(viewport=shots.WIDE).new_page()
    page.set_default_timeout(60_000)
    yield page
    page.context.close()


def opened(page, busy, place, view):
    """Open a view of its own session, and return the faults that the browser reports."""
    path, values, _ = VIEWS[view]
    (place / "workspaces" / "local" / "values.json").write_text(
        json.dumps({"scenario": SMALL} | values)
    )
    faults = []
    page.on("pageerror", lambda error: faults.append(f"{view}: {error}"))
    page.goto(f"{busy}/{path}")
    return faults


def is_up(page, view, faults):
    """Wait until a view is up, and a little longer than it takes to draw itself again."""
    shown = page.locator(VIEWS[view][2]).first
    try:
        shown.wait_for()
    except Exception as error:
        raise AssertionError(faults or f"{view}: {error}") from None
    pause(page, 900)
    assert faults == []
    assert shown.is_visible()


@pytest.mark.parametrize(
    "view", [pytest.param(v, marks=[pytest.mark.slow] * (k > 0)) for k, v in enumerate(VIEWS)]
)
def test_a_page_opened_in_the_middle_of_work_comes_up_whole(tab, busy, place, view):
    is_up(tab, view, opened(tab, busy, place, view))


@pytest.mark.slow
@pytest.mark.parametrize("view", VIEWS)
def test_a_page_is_opened_again_twenty_times_in_the_middle_of_work(tab, busy, place, view):
    faults = opened(tab, busy, place, view)
    for k in range(20):
        tab.wait_for_timeout(100 + 90 * k)  # before the first look at the work, while at it, after
        tab.reload()
    is_up(tab, view, faults)


def test_only_one_function_draws_a_part_of_a_page_again_by_itself():
    files = Path(sim.app.__file__).parent.rglob("*.py")
    assert [f.name for f in files if "run_every" in f.read_text("utf-8")] == ["polling.py"]
