"""Runs the planner and drives it in a browser: steps that pictures, tutorial and tests share."""

from __future__ import annotations

import os
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
AT_REST = """([wait, patience]) => new Promise((done, failed) => {
  if (window.asked === undefined) {
    window.asked = false;  // whether a request is not answered yet
    const send = WebSocket.prototype.send;
    WebSocket.prototype.send = function (data) {
      window.asked = true;
      this.addEventListener("message", () => { window.asked = false; }, { once: true });
      send.call(this, data);
    };
  }
  const end = performance.now() + patience;
  let rested = 0;
  const look = () => {
    const state = document.querySelector('[data-testid="stApp"]')?.dataset.testScriptState;
    rested = state === "notRunning" && !window.asked ? rested + 1 : 0;
    if (rested > 25) done();
    else if (performance.now() > end) failed(new Error(`not at rest: ${state}`));
    else setTimeout(look, 10);
  };
  setTimeout(look, wait);
})"""
"""Waits a while, and until nothing is asked of the server and its script rests for a while."""
EDITORS = """() => performance.getEntriesByType('resource').some(
  one => one.name.includes('overlay-editor') && one.responseEnd > 0)"""
"""Whether what takes keys typed into a cell has been loaded, which the page has it be."""
SENT_MS = 250
"""More than Streamlit waits before it sends what was typed or dragged."""
PAUSE = """ms => new Promise(done => setTimeout(
  () => requestAnimationFrame(() => requestAnimationFrame(done)), ms
))"""
WIDE: ViewportSize = {"width": 1280, "height": 900}
TABLET: ViewportSize = {"width": 820, "height": 1180}

SECTIONS = {
    "Simulate": ("Start", "Watch", "Self-service"),
    "Data": ("Forecast", "Calibrate", "Validation"),
    "Plan": ("Scenario", "New scenario", "Staffing", "Shifts", "Roster", "Invest"),
    "Compare": ("Results", "Sweeps", "Report"),
    "Experience": ("Experience",),
    "Learn": ("Classroom", "Class view", "Free play", "About the metrics"),
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
        wait_for(f"http://localhost:{port}/_stcore/health", server)
        yield f"http://localhost:{port}"
    finally:
        server.terminate()
        server.wait(60)
        own.cleanup()


def wait_for(address: str, server: subprocess.Popen[bytes], seconds: float = 120.0) -> None:
    """Wait until a server answers at an address.

    Raises
    ------
    TimeoutError
        When it has ended, or does not answer within so many seconds.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"{address} does not answer within {seconds:g} s, or its server has ended")


def settled(page: Page, seconds: float = 60.0) -> None:
    """Wait until the script of the page has come to its end.

    Time is counted by the browser, between what it has to do: on a busy machine it passes more
    slowly, as what the page does.
    """
    page.evaluate(AT_REST, [SENT_MS, 1000 * seconds])


def look(page: Page, address: str) -> None:
    """Open page Start and wait for its first results."""
    page.goto(address)
    page.wait_for_selector('[data-testid="stMetric"]', timeout=60_000)
    settled(page)


def pause(page: Page, ms: float) -> None:
    """Let some time of the browser pass, and have it draw what changed meanwhile."""
    page.evaluate(PAUSE, ms)


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


def save(page: Page, name: str, note: str) -> None:
    """Save the result that is shown."""
    page.get_by_test_id("stPopover").get_by_role("button", name="Save result").click()
    page.get_by_role("textbox", name="Name", exact=True).fill(name)
    page.get_by_role("textbox", name="Note", exact=True).fill(note)
    page.get_by_test_id("stFormSubmitButton").get_by_role("button", name="Save result").click()
    settled(page)
