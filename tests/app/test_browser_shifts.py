"""Page Shifts in a real browser: an edited cell changes the day and the simulated service."""

import pytest

from scripts.drive_app import EDITORS, pause

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_cell_that_is_typed_into_changes_the_day_and_is_simulated(browser, address, shots):
    page = browser.new_context(viewport={"width": 1280, "height": 1700}).new_page()
    page.set_default_timeout(90_000)
    page.goto(f"{address}/shifts")
    page.get_by_text("cards: service level").wait_for()
    page.wait_for_function(EDITORS)
    shots.settled(page)
    duty = page.get_by_test_id("stMetric").filter(has_text="On duty")
    before = duty.inner_text()
    assert page.get_by_role("button", name="Apply these shifts").count() == 0
    grid = page.get_by_test_id("stDataFrame").first
    box = grid.bounding_box()
    # Row 1, column Agents, after the column of checkboxes, Group and Name.
    x, y = box["x"] + 220, box["y"] + 33 + 16
    page.mouse.click(x, y)
    for key in ("1", "5", "Enter"):
        pause(page, 150)
        page.keyboard.press(key)
    page.get_by_role("button", name="Apply these shifts").wait_for()
    shots.settled(page)
    assert duty.inner_text() != before
    page.get_by_text("early A, 15 agents").first.wait_for(state="attached")
    page.context.close()
