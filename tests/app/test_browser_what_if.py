"""A what-if without syntax, at a person's speed: build, see it unsaved, save, compare, download."""

import openpyxl
import pytest

from scripts.drive_app import choose, go, look, save, settled

pytestmark = pytest.mark.browser


def pick(page, label, option, pace):
    """Choose from a drop-down by typing."""
    box = page.get_by_role("dialog").get_by_role("combobox", name=label, exact=True)
    box.click()
    page.keyboard.type(option, delay=pace)
    page.keyboard.press("Enter")
    settled(page)


@pytest.mark.slow
def test_a_what_if_from_start_to_the_workbook_for_finance(browser, address, tmp_path):
    slow, fast = 150, 50  # ms a key
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(30_000)
    look(page, address)
    choose(page, "A peak with callbacks")
    save(page, "Today", "as it is")

    page.get_by_role("button", name="What if …").click()
    settled(page)
    agents = page.get_by_role("dialog").get_by_role("spinbutton")
    agents.press("Control+a")
    page.keyboard.type("4", delay=slow)
    page.keyboard.press("Tab")
    settled(page)
    pick(page, "From", "10:00", fast)
    pick(page, "To", "12:00", slow)
    words = "Group sales: +4 agents, 10:00 to 12:00"
    page.get_by_role("dialog").get_by_text(words).wait_for()
    page.get_by_role("button", name="Add this change").click()
    settled(page)

    bar = page.get_by_test_id("stBottomBlockContainer")
    bar.get_by_text("Unsaved changes:").wait_for()
    assert words in bar.inner_text()
    page.get_by_role("heading", name="Effect of the changes").wait_for()
    go(page, "Staffing")  # the same state everywhere
    assert words in bar.inner_text()
    page.get_by_text("with unsaved changes").first.wait_for()

    bar.get_by_role("button", name="Save").click()
    page.get_by_role("textbox", name="Variant name").click()
    page.keyboard.type("Four at the peak", delay=fast)
    page.get_by_role("button", name="Save as variant").click()
    settled(page)
    bar.get_by_text("No unsaved changes.").wait_for()
    assert "Four at the peak" in bar.inner_text()

    go(page, "Start")
    page.wait_for_selector('[data-testid="stMetric"]')
    settled(page)
    save(page, "Covered", "four more for two hours")
    go(page, "Results")
    page.get_by_role("heading", name="Differences from").wait_for()
    settled(page)
    with page.expect_download() as loading:
        page.get_by_role("button", name="Workbook with all differences").click()
    file = tmp_path / "finance.xlsx"
    loading.value.save_as(file)
    page.context.close()
    book = openpyxl.load_workbook(file)
    assert book.sheetnames[:4] == ["Summary", "Changes", "Notes", "Key metrics"]
    changes = [row for row in book["Changes"].iter_rows(min_row=2, values_only=True)]
    assert ("Covered", 1, words) in changes
    assert book["Key metrics"]._charts
