"""The planner's hour of the tutorial: from a spreadsheet to a comparison in a workbook."""

import re

import openpyxl
import pytest

from scripts import drive_app as shots
from scripts.planners_hour import HOUR

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_from_a_spreadsheet_to_a_comparison_for_finance(chromium, repo_root, tmp_path):
    api = pytest.importorskip("playwright.sync_api")
    with shots.served() as address, api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=shots.FLAGS)
        page = browser.new_context(viewport=shots.WIDE).new_page()
        page.set_default_timeout(30_000)
        shots.look(page, address)
        for _, step in HOUR:
            step(page)
        with page.expect_download() as loading:
            page.get_by_role("button", name="Workbook with all differences").click()
        file = tmp_path / "for-finance.xlsx"
        loading.value.save_as(file)
        words = page.get_by_text(re.compile("^service level .* replications")).all_inner_texts()
        page.reload()  # nothing is lost by it
        page.get_by_role("heading", name="Differences from As planned").wait_for()
        browser.close()
    book = openpyxl.load_workbook(file)
    rows = [r for r in book["Differences"].iter_rows(min_row=2, values_only=True)]
    level = {r[0]: r for r in rows if r[1:4] == ("total", "total", "Service level")}
    assert set(level) == {"Two more all day", "Peak covered"}
    base = level["Peak covered"][4]
    shown = [re.search(r"([\d.]+) %", text)[1] for text in words]
    assert shown == [f"{100 * value:.1f}" for value in (base, *(r[5] for r in level.values()))]
    story = (repo_root / "docs" / "tutorial-app.md").read_text()
    assert f"{shown[0]} % ±" in story
    for name, gain in (
        ("Two more all day", "adds {:.1f} points"),
        ("Peak covered", "peak {:.1f}."),
    ):
        assert gain.format(100 * level[name][6]) in " ".join(story.split())
    cost = {r[0]: r for r in rows if r[1:4] == ("total", "total", "Cost")}
    for value in (cost["Peak covered"][4], *(r[5] for r in cost.values())):
        assert f"{value:,.0f}" in story
