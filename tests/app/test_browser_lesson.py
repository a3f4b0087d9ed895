"""A whole lesson in a real browser: predict, decide, watch, compare, own error, new numbers."""

import pytest

from scripts import drive_app as shots
from sim.app.pages.classroom.before_decision import STAGES

pytestmark = pytest.mark.browser


def axe_faults(page):
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{one['id']}: {one['nodes'][0]['target']}"
        for one in Axe().run(page).response["violations"]
        if one["impact"] in ("serious", "critical")
    ]


def onward(page, title):
    page.get_by_role("button", name=f"Next: {title}").click()
    shots.settled(page)


def to_the_end(page):
    """Go on from wherever the page is to the last question."""
    answer = page.get_by_role("spinbutton", name="Answer")
    on = page.get_by_role("button", name="Next:")
    for _ in STAGES:
        on.or_(answer).first.wait_for()
        if answer.is_visible():
            return
        on.click()
        shots.settled(page)


@pytest.mark.slow
@pytest.mark.parametrize("face", ["light", "dark"])
def test_a_lesson_from_the_name_to_the_transfer_question(chromium, face):
    api = pytest.importorskip("playwright.sync_api")
    with shots.served() as address, api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=shots.FLAGS)
        page = browser.new_context(viewport=shots.WIDE, color_scheme=face).new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{address}/learn")
        shots.settled(page)
        page.get_by_role("textbox", name="Your name").fill("Someone")
        page.get_by_role("textbox", name="Your name").press("Enter")
        page.get_by_role("heading", name="Your prediction").wait_for()
        page.get_by_role("spinbutton", name="Prediction").fill("17")
        page.get_by_role("textbox", name="Because").fill("16.7 erlangs, rounded up")
        page.get_by_role("button", name="Lock prediction").click()
        page.get_by_role("heading", name="Your decision").wait_for()
        shots.settled(page)
        faults = axe_faults(page)
        page.get_by_role("spinbutton").fill("20")
        page.get_by_role("button", name="Decide").click()
        page.get_by_role("button", name="Next: Many days").wait_for()
        shots.settled(page)
        page.get_by_role("button", name="To the end").click()
        shots.settled(page)
        faults += axe_faults(page)
        onward(page, "Many days")
        page.locator('[data-testid="stVegaLiteChart"]').first.wait_for()
        faults += axe_faults(page)
        onward(page, "How far off")
        page.get_by_text("You wrote:").wait_for()
        page.reload()
        page.get_by_text("16.7 erlangs, rounded up").first.wait_for()
        shots.settled(page)
        assert page.get_by_role("button", name="Lock prediction").count() == 0
        to_the_end(page)
        page.get_by_role("spinbutton", name="Answer").fill("30")
        page.get_by_role("button", name="Answer").click()
        page.get_by_role("button", name="Start over").wait_for()
        faults += axe_faults(page)
        shots.go(page, "Class view")
        page.get_by_text("16.7 erlangs, rounded up").first.wait_for(state="attached")
        faults += axe_faults(page)
        browser.close()
    assert faults == []
