"""Photographs every page of the planner, light and dark, into docs/screenshots.

Usage: python -m scripts.screenshots [FOLDER]. Needs Playwright and a Chromium on the path,
or one named by CCPLAN_CHROMIUM.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page, ViewportSize

ROOT = Path(__file__).resolve().parents[1]
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DONE = '[data-testid="stApp"][data-test-script-state="notRunning"]'
WIDE: ViewportSize = {"width": 1280, "height": 900}
TABLET: ViewportSize = {"width": 820, "height": 1180}


SECTIONS = {
    "Plan": ("Start", "New scenario", "Scenario", "Staffing", "Compare", "Self-service"),
    "Look": ("Watch", "Believe it", "Report"),
    "Learn": ("Classroom", "Class view", "Free play", "About the figures"),
}
"""Pages by the section that leads to them."""


@contextmanager
def served(home: str | None = None, entry: Path = ROOT / "planner_app.py") -> Iterator[str]:
    """Run the planner on a free port and give its address; its workspace is new unless given."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"--server.port={port} --server.address=localhost --server.headless=true"
    own = tempfile.TemporaryDirectory(prefix="ccplan-")
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", str(entry), *options.split()],
        cwd=ROOT,
        env=os.environ | {"CCPLAN_HOME": home or own.name},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://localhost:{port}/_stcore/health")
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(10)
        own.cleanup()


def wait_for(address: str, seconds: float = 30.0) -> None:
    """Wait until an address answers.

    Raises
    ------
    TimeoutError
        When it does not within the seconds given.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer within {seconds:g} s")


def settled(page: Page, seconds: float = 60.0) -> None:
    """Wait until the script of the page has come to its end."""
    page.wait_for_timeout(250)
    page.wait_for_selector(DONE, timeout=seconds * 1000)
    page.wait_for_timeout(250)


def look(page: Page, address: str) -> None:
    """Open page Start and wait for its first figures."""
    page.goto(address)
    page.wait_for_selector('[data-testid="stMetric"]', timeout=60_000)
    settled(page)


def go(page: Page, title: str) -> None:
    """Go to a page by the menu of its section."""
    section = next(name for name, titles in SECTIONS.items() if title in titles)
    page.get_by_test_id("stTopNavSection").filter(has_text=section).click()
    page.get_by_role("menuitem", name=title, exact=True).click()
    settled(page)


def choose(page: Page, scenario: str) -> None:
    """Choose a scenario by the name shown."""
    box = page.get_by_role("combobox", name="Scenario")
    box.click()
    page.get_by_role("option", name=scenario, exact=True).click()
    settled(page)


def tour(page: Page, address: str, folder: Path, face: str) -> None:
    """Walk through the pages and photograph each."""
    look(page, address)
    shoot(page, folder / f"start-{face}.png")
    if face == "tablet":
        return
    for tab, name in (("Formula beside simulation", "formula"),):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(600)
        shoot(page, folder / f"{name}-{face}.png")
    page.get_by_role("tab", name=re.compile("Over the (day|week)")).click()
    keep(page, "As written", "what we have today")
    slider = page.get_by_role("slider", name="Volume")
    slider.focus()
    for _ in range(2):
        slider.press("ArrowRight")
    settled(page)
    shoot(page, folder / f"changed-{face}.png")
    keep(page, "Busy Monday", "ten per cent more of everything")
    page.get_by_role("button", name="Discard").click()
    settled(page)
    for title in (name for titles in SECTIONS.values() for name in titles if name != "Start"):
        go(page, title)
        page.wait_for_timeout(1500)  # charts and pictures that move
        settled(page)
        shoot(page, folder / f"{title.lower().replace(' ', '-')}-{face}.png")


def story(page: Page, address: str, folder: Path) -> None:
    """Walk through the planner's hour of the tutorial and photograph each step."""
    from scripts.planners_hour import HOUR

    look(page, address)
    for name, step in HOUR:
        step(page)
        shoot(page, folder / f"hour-{name}.png")


def keep(page: Page, name: str, note: str) -> None:
    """Save the result that is shown."""
    page.get_by_test_id("stPopover").get_by_role("button", name="Save result").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Note", exact=True).fill(note)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button", name="Save result").click()
    settled(page)


def shoot(page: Page, file: Path) -> None:
    """Photograph the whole page, as long as it is."""
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
    """Save a picture with 256 colours: a third of the size, and nobody sees it."""
    from PIL import Image

    with Image.open(file) as picture:
        small = picture.convert("RGB").quantize(
            256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
    small.save(file, optimize=True)


def main() -> None:
    """Photograph everything."""
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
            story(browser.new_context(viewport=WIDE).new_page(), address, folder)
        browser.close()
    print(f"wrote {len(list(folder.glob('*.png')))} pictures to {folder}")


if __name__ == "__main__":
    main()
