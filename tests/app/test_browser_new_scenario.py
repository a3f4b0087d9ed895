"""A spreadsheet of one's own becomes a first result within ten clicks, in a real browser."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow]
HEAD = "Datum;Abrechnung;Störung\n"


def week():
    """Return a table as a spreadsheet of a German planner saves it; its dates tell no order."""
    rows = [
        f"0{day}/02/2026 {hour:02d}:{minute:02d};{30 + hour},5;{6 + hour / 10:g}".replace(".", ",")
        for day in (2, 3, 4)
        for hour in range(8, 12)
        for minute in (0, 30)
    ]
    return HEAD + "\n".join(rows) + "\n"


@pytest.fixture
def tab(browser, address, shots):
    context = browser.new_context(viewport=shots.WIDE)
    page = context.new_page()
    page.set_default_timeout(30_000)
    shots.look(page, address)
    yield page
    context.close()


def test_a_first_result_of_ones_own_takes_fewer_than_ten_clicks(tab, shots, tmp_path):
    playwright = pytest.importorskip("playwright.sync_api")
    clicks = []

    def click(place):
        clicks.append(place)
        place.click()
        shots.settled(tab)

    assert tab.get_by_text("This is an example").is_visible()
    assert tab.get_by_text("ccplan", exact=True).first.is_visible()
    file = tmp_path / "my week.csv"
    file.write_text(week(), encoding="cp1252")
    click(tab.get_by_role("button", name="Load your own data"))
    tab.get_by_role("heading", name="New scenario from a table").wait_for()
    with tab.expect_file_chooser() as chooser:
        click(tab.get_by_test_id("stFileUploaderDropzone").get_by_role("button").last)
    clicks.append("the file in the dialog")
    chooser.value.set_files(file)
    tab.get_by_text("are ambiguous. Which comes first?").wait_for()
    shots.settled(tab)
    click(tab.get_by_text("Day first", exact=False))
    times = tab.get_by_role("textbox", name="Handle time (AHT) *")
    times.nth(1).wait_for()
    for place in times.all():
        clicks.append("into the field")
        place.click()
        place.fill("4min")
        shots.settled(tab)
    last = tab.get_by_role("textbox", name="Queue").last
    playwright.expect(last).to_have_value("Störung", timeout=30_000)
    click(tab.get_by_role("button", name="Create and simulate"))
    tab.get_by_role("heading", name="my week").wait_for()
    tab.wait_for_selector('[data-testid="stMetric"]')
    shots.settled(tab)
    assert len(clicks) < 10
    card = tab.locator('[data-testid="stMetric"]', has_text="Service level").first
    assert card.locator('[data-testid="stMetricValue"]').inner_text().endswith("%")
    assert not tab.get_by_text("This is an example").is_visible()
