"""A sweep in a real browser: cancelled, resumed, refreshed meanwhile, and the same in the end."""

import pytest

from scripts import drive_app as shots
from sim.experiment.sweep import sweep

pytestmark = pytest.mark.browser


def progress(page):
    words = page.get_by_text("variants finished").inner_text()
    return tuple(int(word) for word in words.split() if word.isdigit())


@pytest.mark.slow
def test_a_sweep_is_cancelled_refreshed_and_resumed(chromium, tmp_path):
    api = pytest.importorskip("playwright.sync_api")
    home = tmp_path / "home"
    with shots.served(str(home)) as address, api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=shots.FLAGS)
        page = browser.new_context(viewport=shots.WIDE).new_page()
        page.set_default_timeout(30_000)
        shots.look(page, address)
        shots.save(page, "As written", "")
        shots.go(page, "Sweeps")
        page.get_by_role("textbox", name="Step").first.fill("1%")
        page.get_by_role("textbox", name="Step").first.press("Enter")
        shots.settled(page)
        page.get_by_role("button", name="Start sweep").click()
        page.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Resume").wait_for()
        done, planned = progress(page)
        assert done < planned
        page.reload()
        shots.settled(page)
        assert progress(page)[1] == planned  # the page and the sweep are where they were
        page.get_by_role("button", name="Resume").click()
        page.get_by_role("button", name="Cancel").wait_for()
        page.reload()  # in the middle of work: it goes on behind the page
        page.get_by_text(f"{planned} of {planned} variants finished").wait_for(timeout=60_000)
        page.get_by_role("button", name="Cancel").wait_for(state="detached")
        shots.go(page, "Results")  # another page, and back: the finished sweep is still shown
        shots.go(page, "Sweeps")
        page.get_by_text(f"{planned} of {planned} variants finished").wait_for()
        browser.close()
    (study,) = home.rglob("study.toml")
    found = study.parent / "out" / "figures.parquet"
    undisturbed = tmp_path / "undisturbed"
    sweep(study, undisturbed)
    assert found.read_bytes() == (undisturbed / "figures.parquet").read_bytes()
