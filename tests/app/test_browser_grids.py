"""Grids of page Scenario in a real browser: what is typed at a person's speed arrives whole."""

import csv
import io
import json
import shutil
import tomllib

import pytest

from scripts.drive_app import EDITORS, pause

pytestmark = pytest.mark.browser
GRID = '[data-testid="stDataFrame"]'
TALL = {"width": 1280, "height": 1300}
ROW = 33
"""Height of a row and of the header, in pixels."""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("grids")


@pytest.fixture(scope="module")
def planner(home, shots):
    with shots.served(str(home)) as address:
        yield address


@pytest.fixture
def opened(browser, planner, home, shots):
    """Open page Scenario in a new workspace, at a part of a scenario."""
    pages = []

    def there(scenario, part, **values):
        local = home / "workspaces" / "local"
        shutil.rmtree(local, ignore_errors=True)
        local.mkdir(parents=True, exist_ok=True)
        fields = {"scenario": scenario, "scenario:part": part} | values
        (local / "values.json").write_text(json.dumps(fields))
        page = browser.new_context(viewport=TALL).new_page()
        pages.append(page)
        page.set_default_timeout(60_000)
        page.goto(f"{planner}/scenario")
        page.locator(GRID).first.wait_for()
        page.wait_for_function(EDITORS)
        shots.settled(page)
        return page

    yield there
    for page in pages:
        shots.settled(page)  # or it would go on to write into the next workspace
        page.context.close()


def own(home):
    """The scenarios that the workspace holds, as files."""
    return sorted((home / "workspaces" / "local" / "scenarios").glob("*/scenario.toml"))


def saved(page, home):
    """Wait until the workspace holds one scenario, and return its file."""
    for _ in range(200):
        if own(home):
            break
        page.wait_for_timeout(100)
    (file,) = own(home)
    return file


def click_row(page, grid, row, left=20):
    """Click the first cell of a row that is in view; a mark stands before rows that can go."""
    grid.scroll_into_view_if_needed()
    box = grid.bounding_box()
    page.mouse.click(box["x"] + left, box["y"] + ROW * (row + 1) + ROW // 2)
    pause(page, 200)


def press(page, key, delay):
    """Press a key, and come to the next one after a while, as people do.

    The while passes in the browser, which has drawn by then what the key did.
    """
    page.keyboard.press(key)
    pause(page, delay)


def type_text(page, text, delay):
    for letter in text:
        press(page, letter, delay)


def type_down(page, values, delay):
    for value in values:
        type_text(page, value, delay)
        press(page, "Enter", delay)


def type_along(page, values, delay):
    for value in values:
        type_text(page, value, delay)
        press(page, "Tab", delay)


def save(page, shots):
    page.get_by_role("button", name="Save table").first.click()
    shots.settled(page)


def column(home, name):
    """The numbers of a column of the volumes beside the scenario."""
    (file,) = (home / "workspaces" / "local" / "scenarios").glob("*/*.csv")
    text = "".join(
        line for line in file.read_text().splitlines(keepends=True) if not line.startswith("#")
    )
    return [float(row[name]) for row in csv.DictReader(io.StringIO(text))]


@pytest.mark.slow
@pytest.mark.parametrize("delay", [50, 150])
def test_a_column_of_volumes_is_typed_down(opened, home, shots, delay):
    page = opened("retail_monday", "By interval")
    grid = page.locator(GRID).first
    click_row(page, grid, 0)
    assert own(home) == []  # a click changes nothing
    press(page, "ArrowRight", delay)
    wish = [19, 20, 17, 13, 16] if delay == 50 else [21, 22]
    type_down(page, [str(value) for value in wish], delay)
    page.get_by_text(f"{len(wish)} rows.").wait_for()  # typed, and not saved yet
    bar = page.get_by_test_id("stBottom")
    bar.get_by_text(f"Not saved yet: {len(wish)} rows of a table.").wait_for()
    assert "No unsaved changes" not in bar.inner_text()
    if delay == 50:
        save(page, shots)
    else:
        shots.go(page, "Start")  # going on saves too
    saved(page, home)
    assert column(home, "billing")[: len(wish)] == wish
    bar.get_by_text("Copy of Retail bank, Monday, base scenario. No unsaved changes.").wait_for()


@pytest.mark.slow
@pytest.mark.parametrize("delay", [50, 150])
def test_shifts_are_typed_into_an_empty_row_after_one_click(opened, home, shots, delay):
    page = opened("retail_monday", "Groups", **{"scenario:group": "generalists"})
    grid = page.locator(GRID).first
    before = shifts_of_shipped()
    rows = [["4", "10:00", "8h", "12:00", "30"], ["2", "11:30", "6h", "2h", "15"]]
    for k, row in enumerate(rows[: 2 if delay == 50 else 1]):
        click_row(page, grid, len(before) + k, 50)
        type_along(page, row, delay)
    assert own(home) == []
    assert page.get_by_role("combobox", name="Scenario").input_value() == "Retail bank, Monday"
    save(page, shots)
    file = saved(page, home)
    found = tomllib.loads(file.read_text())["group"]["generalists"]["shifts"]
    assert found[: len(before)] == before
    new = [
        {"agents": 4, "start": "10:00", "length": "8h", "breaks": ["30min at 12:00"]},
        {"agents": 2, "start": "11:30", "length": "6h", "breaks": ["15min after 2h"]},
    ]
    assert found[len(before) :] == new[: 2 if delay == 50 else 1]


def shifts_of_shipped():
    from sim.resources import shipped_scenarios

    text = shipped_scenarios()["retail_monday"].read_text()
    return tomllib.loads(text)["group"]["generalists"]["shifts"]


@pytest.mark.slow
def test_a_long_grid_stays_where_it_is(opened, home, shots):
    page = opened("bank_week", "By interval")
    grid = page.locator(GRID).first
    click_row(page, grid, 0)
    box = grid.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.wheel(0, 60 * ROW)
    pause(page, 500)
    scroller = grid.locator(".dvn-scroller")
    at = scroller.evaluate("e => e.scrollTop")
    assert at > 40 * ROW
    click_row(page, grid, 3)
    press(page, "ArrowRight", 50)
    type_down(page, ["41", "42"], 50)
    save(page, shots)
    saved(page, home)
    shots.settled(page)
    assert abs(scroller.evaluate("e => e.scrollTop") - at) < ROW


@pytest.mark.slow
def test_looking_at_the_parts_of_a_shipped_scenario_makes_no_copy(opened, home, shots):
    page = opened("retail_monday", "Groups")
    for part in ("Queues", "Center", "Groups", "Queues", "Center"):
        page.get_by_role("radio", name=part, exact=True).click()
        pause(page, 200)
    shots.settled(page)
    shots.choose(page, "A peak with callbacks")
    assert own(home) == []
