"""The planner in a real browser: open, change, upload, keep, compare, look at it in the dark."""

import pytest

SCENARIO = """
[center]
name = "Small shop"
open = "09:00-11:00"

[queue.orders]
volume = 40
talk = "exponential 3min"
patience = "exponential 2min"

[group.sales]
agents = 5
skills = { orders = 1 }
"""
pytestmark = pytest.mark.browser


@pytest.fixture
def tab(browser, address, shots):
    context = browser.new_context(viewport=shots.WIDE)
    page = context.new_page()
    page.set_default_timeout(30_000)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(address)
    page.wait_for_selector('[data-testid="stMetric"]', timeout=30_000)
    shots.settled(page)
    yield page
    context.close()
    assert faults == []


def metric(page, label):
    card = page.locator('[data-testid="stMetric"]', has_text=label)
    return card.locator('[data-testid="stMetricValue"]').inner_text()


def test_from_the_first_look_to_a_comparison(tab, shots, tmp_path):
    assert metric(tab, "Service level").endswith("%")
    chart = tab.locator('[data-testid="stVegaLiteChart"]').first
    assert chart.is_visible()

    shots.choose(tab, "Files of my own")
    for name, text in (("bad.toml", SCENARIO.replace("volume", "volum")), ("shop.toml", SCENARIO)):
        (tmp_path / name).write_text(text)
    tab.locator('input[type="file"]').set_input_files(tmp_path / "bad.toml")
    tab.get_by_text("Did you mean 'volume'?").wait_for()
    tab.get_by_role("button", name="Remove bad.toml").click()
    shots.settled(tab)
    tab.locator('input[type="file"]').set_input_files(tmp_path / "shop.toml")
    tab.get_by_role("heading", name="Small shop").wait_for()
    shots.settled(tab)

    shots.save(tab, "Five agents", "")
    before = metric(tab, "Service level")
    slider = tab.get_by_role("slider", name="Agents")
    slider.focus()
    slider.press("ArrowLeft")
    tab.get_by_role("heading", name="Effect of the changes").wait_for()
    shots.settled(tab)
    assert metric(tab, "Service level") != before
    shots.save(tab, "Four agents", "one is late")

    shots.go(tab, "Results")
    tab.get_by_role("heading", name="Differences from Five agents").wait_for()
    shots.settled(tab)
    assert tab.get_by_text("one is late").is_visible()
    words = tab.locator('[data-testid="stVegaLiteChart"]').first.get_attribute("aria-label")
    assert words.startswith("Four agents: -")
    assert "significant" in words

    shots.go(tab, "Start")
    tab.get_by_role("heading", name="Small shop").wait_for()
    shots.settled(tab)
    assert metric(tab, "Service level") != before  # the slider is where it was left

    shots.go(tab, "About the metrics")
    tab.get_by_text("Service level: six formulas, one name").wait_for()
    file = tmp_path / "figures.png"
    tab.screenshot(path=file)
    assert file.stat().st_size > 20_000


def test_a_refused_file_gives_way_to_the_next_one(tab, shots, tmp_path):
    shots.go(tab, "Forecast")
    chips = tab.locator('[data-testid="stFileChipName"]:visible')
    for name, error in (("photo.jpg", "not allowed"), ("empty.csv", "empty.csv:")):
        (tmp_path / name).write_bytes(b"")
        tab.locator('input[type="file"]').first.set_input_files(tmp_path / name)
        tab.get_by_text(error).first.wait_for(state="attached")
        assert chips.all_inner_texts() == [name]


@pytest.mark.slow
def test_nothing_is_cut_off_on_a_tablet(browser, address, shots):
    context = browser.new_context(viewport=shots.TABLET, color_scheme="dark")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector('[data-testid="stMetric"]', timeout=30_000)
    shots.settled(page)
    ground = page.locator('[data-testid="stApp"]').evaluate(
        "e => getComputedStyle(e).backgroundColor"
    )
    wide = page.locator('[data-testid="stMain"]').evaluate("e => e.scrollWidth - e.clientWidth")
    context.close()
    assert ground == "rgb(18, 24, 29)"
    assert wide <= 0
