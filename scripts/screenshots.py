"""Takes screenshots of every page of the app, light and dark, into docs/screenshots.

Usage: python -m scripts.screenshots [FOLDER]. Needs Playwright and a Chromium on the path,
or one named by CCPLAN_CHROMIUM.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from scripts import artificial_calls
from scripts.drive_app import (
    FLAGS,
    ROOT,
    SECTIONS,
    TABLET,
    WIDE,
    choose,
    go,
    look,
    save,
    served,
    settled,
)
from scripts.planners_hour import HOUR

if TYPE_CHECKING:
    from playwright.sync_api import FilePayload, Page


def tour(page: Page, address: str, folder: Path, face: str) -> None:
    """Walk through the pages and take a screenshot of each."""
    look(page, address)
    shoot(page, folder / f"start-{face}.png")
    if face == "tablet":
        return
    for tab, name in (("Formula vs. simulation", "formula"),):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(600)
        shoot(page, folder / f"{name}-{face}.png")
    page.get_by_role("tab", name=re.compile("Over the (day|week)")).click()
    save(page, "Today", "current staffing")
    slider = page.get_by_role("slider", name="Volume")
    slider.focus()
    for _ in range(2):
        slider.press("ArrowRight")
    settled(page)
    shoot(page, folder / f"changed-{face}.png")
    save(page, "Busy Monday", "ten percent more volume")
    page.get_by_role("button", name="Discard").click()
    settled(page)
    for title in (name for titles in SECTIONS.values() for name in titles if name != "Start"):
        go(page, title)
        if title in SCENARIOS:
            choose(page, SCENARIOS[title])
        page.wait_for_timeout(1500)  # charts and pictures that move
        settled(page)
        if title in UPLOADS:
            page.locator("input[type=file]").first.set_input_files(uploaded(title))
            settled(page)
        if title in SEARCHES:
            search(page, *SEARCHES[title])
        shoot(page, folder / f"{title.lower().replace(' ', '-')}-{face}.png")
        if title in SCENARIOS:
            choose(page, USUAL)


USUAL = "Retail bank, Monday"
"""The scenario with which the app starts."""
SCENARIOS = {
    "Experience": "Online shop in peak season",
    "Validation": "A peak with callbacks",
}
"""By page: the scenario that it shows, where the usual one lacks something."""
UPLOADS: dict[str, str | Callable[[], str]] = {
    "Forecast": "scenarios/history/shop.csv.gz",
    "Calibrate": artificial_calls.text,
    "Validation": "scenarios/callback_peak_actuals.csv",
}
"""By page: the file that is uploaded there, or what returns its text."""
SEARCHES = {
    "Calibrate": ("Calibrate", "Estimates against the data"),
    "Forecast": ("Forecast", "Odd in the history"),
    "Roster": ("Plan roster", "Soft rules broken"),
}
"""By page: the button that starts a search, and a text that its result shows."""


def uploaded(title: str) -> Path | FilePayload:
    """Return what is uploaded to a page."""
    source = UPLOADS[title]
    if isinstance(source, str):
        return ROOT / source
    return {"name": "customer_service.csv", "mimeType": "text/csv", "buffer": source().encode()}


def search(page: Page, button: str, result: str) -> None:
    """Start the search of a page and wait for its result."""
    page.get_by_role("button", name=button, exact=True).click()
    page.get_by_text(result).first.wait_for(timeout=300_000)
    settled(page)


def tutorial(page: Page, address: str, folder: Path) -> None:
    """Walk through the planner's hour of the tutorial and take a screenshot of each step."""
    look(page, address)
    for name, step in HOUR:
        step(page)
        shoot(page, folder / f"hour-{name}.png")


def shoot(page: Page, file: Path) -> None:
    """Take a screenshot of the whole page."""
    tall = page.evaluate(
        "Math.max(...[...document.querySelectorAll("
        "'[data-testid=stMain], [data-testid=stSidebarContent]')].map(e => e.scrollHeight))"
    )
    size = page.viewport_size or WIDE
    page.set_viewport_size({"width": size["width"], "height": min(int(tall) + 60, 2600)})
    page.wait_for_timeout(700)
    page.screenshot(path=file)
    page.set_viewport_size(size)
    shrink(file)


def shrink(file: Path) -> None:
    """Save a picture with 256 colours: a third of the size without a visible difference."""
    from PIL import Image

    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(
            256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    small.save(file, optimize=True)


def main() -> None:
    """Take all screenshots."""
    from playwright.sync_api import sync_playwright

    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    browser_file = os.environ.get("CCPLAN_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_file, args=FLAGS)
        for face, size in (("light", WIDE), ("dark", WIDE), ("tablet", TABLET)):
            context = browser.new_context(
                viewport=size, color_scheme="dark" if face == "dark" else "light"
            )
            with served() as address:
                tour(context.new_page(), address, folder, face)
            context.close()
        with served() as address:
            tutorial(browser.new_context(viewport=WIDE).new_page(), address, folder)
        browser.close()
    print(f"wrote {len(list(folder.glob('*.png')))} pictures to {folder}")


if __name__ == "__main__":
    main()
