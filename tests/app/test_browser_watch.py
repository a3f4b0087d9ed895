"""The animation of a day in a real browser: by mouse, by keyboard, and without a jerk."""

import re

import pytest

from scripts.drive_app import pause

pytestmark = pytest.mark.browser
FRAMES = """() => new Promise(done => {
  let count = 0; const start = performance.now();
  const tick = now => {
    count++;
    if (now - start > 1000) done(count); else requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
})"""


@pytest.fixture
def tab(browser, address, shots):
    context = browser.new_context(viewport=shots.WIDE)
    page = context.new_page()
    page.set_default_timeout(30_000)
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{address}/watch")
    page.wait_for_selector(".watch canvas")
    shots.settled(page)
    yield page
    context.close()
    assert faults == []


def seconds(page):
    hours, minutes, rest = map(int, page.locator(".watch .clock").inner_text().split(":"))
    return 3600 * hours + 60 * minutes + rest


def go_to(page, clock):
    page.locator("[data-is=time]").evaluate(
        "(slider, at) => { slider.value = at; slider.dispatchEvent(new Event('input')); }",
        clock * 10,
    )


@pytest.mark.slow
def test_it_plays_pauses_steps_and_jumps(tab):
    go_to(tab, 10 * 3600)
    assert seconds(tab) == 10 * 3600
    tab.get_by_role("button", name="One step forward").click()
    assert seconds(tab) == 10 * 3600 + 60
    tab.get_by_role("button", name="Play").click()
    later = re.compile("10:01:[2-5]|10:0[2-9]|10:[1-5]|1[1-9]:|2[0-3]:")
    tab.locator(".watch .clock").filter(has_text=later).wait_for()
    tab.get_by_role("button", name="Pause").click()
    played = seconds(tab)
    assert played > 10 * 3600 + 60 + 20
    pause(tab, 300)
    assert seconds(tab) == played
    tab.locator("[data-is=step]").select_option("next event")
    tab.get_by_role("button", name="One step forward").click()
    assert played <= seconds(tab) < played + 60


@pytest.mark.slow
def test_the_keyboard_does_it_all(tab):
    go_to(tab, 10 * 3600 + 48 * 60)
    picture = tab.locator(".watch canvas")
    picture.focus()
    picture.press("ArrowRight")
    assert seconds(tab) == 10 * 3600 + 49 * 60
    picture.press("ArrowLeft")
    assert seconds(tab) == 10 * 3600 + 48 * 60
    picture.press("ArrowDown")
    first = tab.locator(".timeline h4").inner_text()
    assert re.fullmatch(r"Customer \d+", first)
    picture.press("ArrowDown")
    assert tab.locator(".timeline h4").inner_text() != first
    assert tab.locator(".timeline li").count() >= 2
    before = tab.get_by_label("Speed").input_value()
    picture.press("+")
    assert int(tab.get_by_label("Speed").input_value()) > int(before)
    picture.press(" ")
    assert tab.get_by_role("button", name="Pause").count() == 1
    picture.press(" ")
    words = picture.get_attribute("aria-label")
    assert words.startswith("Queues and agents at 10:4") or "waiting now" in words


@pytest.mark.slow
def test_a_click_on_a_busy_agent_shows_the_timeline(tab):
    go_to(tab, 10 * 3600)
    box = tab.locator(".watch canvas").bounding_box()
    for x in range(int(box["width"] * 0.5), int(box["width"]), 12):
        tab.mouse.click(box["x"] + x, box["y"] + 42)
        if tab.locator(".timeline li").count():
            break
    told = tab.locator(".timeline ol").inner_text()
    assert re.search(r"\d\d:\d\d:\d\d", told)
    assert re.search(r"Is (answered|picked up) by agent \d+ \(", told)
    assert "10:" in told or "09:" in told


@pytest.mark.slow
def test_a_rerun_of_the_page_does_not_stop_it(tab, shots):
    tab.get_by_role("button", name="Play").click()
    go_to(tab, 11 * 3600)
    tab.get_by_text("Timeline of a customer").click()
    field = tab.get_by_test_id("stExpander").get_by_role("spinbutton", name="Customer")
    field.fill("12")
    field.press("Enter")
    shots.settled(tab)
    assert tab.get_by_role("button", name="Pause").count() == 1
    assert seconds(tab) >= 11 * 3600


@pytest.mark.slow
def test_metrics_are_those_of_the_table(tab):
    go_to(tab, 12 * 3600)
    shown = tab.locator(".watch .metrics").inner_text().split("\n")
    figures = dict(zip(shown[::2], shown[1::2], strict=False))
    assert int(figures["Arrived so far"].replace(",", "")) > 1000
    assert figures["Service level so far"].endswith("%")


@pytest.mark.slow
def test_a_hundred_agents_run_smoothly(tab, shots):
    shots.choose(tab, "A flat day")
    tab.get_by_text("A flat day: one simulated day").wait_for()
    shots.settled(tab)
    go_to(tab, 4 * 3600)
    still = tab.evaluate(FRAMES)  # 60 a second, and fewer where others use the machine too
    tab.get_by_role("button", name="Play").click()
    assert tab.evaluate(FRAMES) > 24 / 60 * still
