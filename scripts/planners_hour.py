"""The planner's hour of docs/tutorial-app.md, step by step in a browser.

The pictures of the tutorial are made by it (scripts/screenshots.py), and a test walks through it,
so the tutorial says what the planner does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from scripts.drive_app import ROOT, choose, go, save, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

TABLE = ROOT / "docs" / "tutorial" / "monday.csv"
COVERED = "12, 13, 15, 31, 34, 29, 17, 15, 14, 14, 14, 13, 13, 12, 11, 10, 9, 7"
"""Agents by half hour as page Staffing requires them."""


def volumes(page: Page) -> None:
    """Upload the spreadsheet, and check that its columns are recognised."""
    choose(page, "A peak with callbacks")
    go(page, "Scenario")
    view(page, "Upload volumes")
    page.locator('input[type="file"]').set_input_files(TABLE)
    settled(page)
    page.get_by_role("button", name="Import volumes", exact=True).wait_for()


def wage(page: Page) -> None:
    """Import them, and enter the hourly wage of an agent."""
    page.get_by_role("button", name="Import volumes", exact=True).click()
    settled(page)
    view(page, "Groups")
    field = page.get_by_role("textbox", name="Wage")
    field.fill("21")
    field.press("Enter")
    settled(page)


def required(page: Page) -> None:
    """See where agents are missing."""
    go(page, "Staffing")
    page.get_by_text("Over- and understaffing").first.wait_for()
    settled(page)


def first_look(page: Page) -> None:
    """Simulate the day as planned, and save the result."""
    go(page, "Start")
    page.wait_for_selector('[data-testid="stMetric"]')
    settled(page)
    save(page, "As planned", "14 to 25 people, as last month")


def ideas(page: Page) -> None:
    """Save two alternatives: two more all day, and the same hours moved to the peak."""
    change(page, "group.sales.agents=+2")
    save(page, "Two more all day", "what the team asks for")
    change(page, f"group.sales.agents=[{COVERED}]")
    save(page, "Peak covered", "as page Staffing requires, no hour more")


def compared(page: Page) -> None:
    """Compare them side by side."""
    go(page, "Results")
    page.get_by_role("heading", name="Differences from As planned").wait_for()
    settled(page)


HOUR: tuple[tuple[str, Callable[[Page], None]], ...] = (
    ("volumes", volumes),
    ("wage", wage),
    ("staffing", required),
    ("start", first_look),
    ("ideas", ideas),
    ("compare", compared),
)
"""Steps by name, in their order."""


def view(page: Page, name: str) -> None:
    """Go to a part of a page."""
    page.get_by_test_id("stButtonGroup").get_by_text(name, exact=True).click()
    settled(page)


def change(page: Page, line: str) -> None:
    """Change any field by its path."""
    box = page.get_by_role("textbox", name="Changes, one PATH=VALUE per line")
    if not box.is_visible():
        page.get_by_text("Other fields").click()
        settled(page)
    box.fill(line)
    box.press("Control+Enter")
    settled(page)
    page.get_by_role("heading", name="Effect of the changes").wait_for()
    settled(page)
