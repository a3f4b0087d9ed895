"""How long the planner in the browser lets one wait."""

import os
import shutil
import time
from functools import cache
from typing import TYPE_CHECKING

from benchmarks.measure import Measurement
from scripts.drive_app import FLAGS, SECTIONS, WIDE, served, settled

if TYPE_CHECKING:
    from playwright.sync_api import Page

DONE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
METRIC = '[data-testid="stMetricValue"]'
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
OPENING, SLIDER = "opening to the first result", "slider to result"
PAGES = tuple(title for titles in SECTIONS.values() for title in titles if title != "Start")
MOVES = 5


def wait_for(what: str) -> Measurement:
    """Return one of the waits, in milliseconds.

    Raises
    ------
    KeyError
        When there is no browser to measure with.
    """
    found = waits()
    if not found:
        raise KeyError("a browser")
    return Measurement(1000 * found[what], "ms")


@cache
def waits() -> dict[str, float]:
    """Return every wait (s): of opening, of a slider, and of each page; empty without a browser."""
    browser = os.environ.get("CCPLAN_CHROMIUM") or next(
        filter(None, map(shutil.which, BROWSERS)), ""
    )
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    if not browser:
        return {}
    with served() as address, sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser, args=FLAGS)
        page = chromium.new_page(viewport=WIDE)
        page.goto(address)  # compiles and imports, once for a server
        page.wait_for_selector(METRIC, timeout=120_000)
        settled(page)
        found = {OPENING: min(_opening(page, address) for _ in range(3))}
        found[SLIDER] = sorted(_slider(page) for _ in range(MOVES))[MOVES // 2]
        found |= {title: _to(page, title) for title in PAGES}
        chromium.close()
    return found


def _opening(page: "Page", address: str) -> float:
    begin = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(METRIC)
    took = time.perf_counter() - begin
    settled(page)
    return took


def _slider(page: "Page") -> float:
    """Press a key on a slider and wait for another service level; each change is a new one."""
    before = page.locator(METRIC).first.inner_text()
    slider = page.get_by_role("slider", name="Volume")
    slider.focus()
    begin = time.perf_counter()
    slider.press("ArrowRight")
    page.wait_for_function(
        "([where, old]) => document.querySelector(where)?.innerText !== old", arg=[METRIC, before]
    )
    took = time.perf_counter() - begin
    settled(page)
    return took


def _to(page: "Page", title: str) -> float:
    section = next(name for name, titles in SECTIONS.items() if title in titles)
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    item = page.get_by_role("menuitem", name=title, exact=True)
    item.wait_for()
    begin = time.perf_counter()
    item.click()
    page.wait_for_timeout(50)
    page.wait_for_selector(DONE, timeout=60_000)
    took = time.perf_counter() - begin
    settled(page)
    return took
