"""Every page in a real browser: the scenario stays chosen, nothing bars people or is cut off."""

import re

import pytest

from scripts.drive_app import pause

pytestmark = pytest.mark.browser


def opened(browser, address, shots, face="light"):
    page = browser.new_context(viewport=shots.WIDE, color_scheme=face).new_page()
    page.set_default_timeout(30_000)
    shots.look(page, address)
    return page


@pytest.mark.parametrize(
    ("system", "app", "printed", "is_dark"),
    [
        ("light", "", False, False),
        ("dark", "", False, True),
        ("light", "dark", False, True),
        ("dark", "light", False, False),
        ("dark", "dark", True, False),
    ],
)
def test_a_report_is_dark_where_its_reader_is_and_printed_on_white(
    browser, system, app, printed, is_dark
):
    import sim
    from sim.report.summary_html import summary_page

    result = sim.simulate(sim.load("callback_peak"), runs=2)
    html = summary_page(sim.load("callback_peak"), result)
    page = browser.new_page(color_scheme=system)
    page.emulate_media(media="print" if printed else "screen")
    page.set_content(html.replace("<html ", f'<html data-theme="{app}" ' if app else "<html ", 1))
    colours = "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    ground, ink = (
        sum(int(part) for part in re.findall(r"\d+", colour)[:3])
        for colour in page.locator("body").evaluate(colours)
    )
    assert (ground < ink) == is_dark
    page.close()


def titles(shots):
    return [title for some in shots.SECTIONS.values() for title in some]


@pytest.mark.slow
def test_the_chosen_scenario_is_the_same_on_all_pages(browser, address, shots):
    page = opened(browser, address, shots)
    box = page.get_by_role("combobox", name="Scenario")
    at_first = box.input_value()
    shots.choose(page, "A flat day")
    assert box.input_value() == "A flat day" != at_first
    for title in ("Staffing", "Watch", "Report", "Start"):
        shots.go(page, title)
        assert box.input_value() == "A flat day", title
    page.reload()
    page.wait_for_selector('[data-testid="stMetric"]')
    shots.settled(page)
    assert box.input_value() == "A flat day"
    page.context.close()


def elsewhere(url):
    return not re.match(r"(http|ws)://localhost[:/]|data:|blob:|about:", url)


@pytest.mark.slow
@pytest.mark.parametrize("face", ["light", "dark"])
def test_no_page_bars_people_or_asks_another_machine(browser, address, shots, face):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, address, shots, face)
    found: list[str] = []
    page.on("request", lambda sent: found.append(sent.url) if elsewhere(sent.url) else None)
    page.reload()
    for title in titles(shots):
        shots.go(page, title)
        page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
        pause(page, 100)
        for barrier in Axe().run(page).response["violations"]:
            if barrier["impact"] in ("serious", "critical"):
                where = barrier["nodes"][0]["target"]
                found.append(f"{title}: {barrier['id']} ({len(barrier['nodes'])}): {where}")
    page.context.close()
    assert found == []


@pytest.mark.slow
def test_the_decisions_of_a_shift_are_in_view_without_scrolling(browser, address, shots):
    page = opened(browser, address, shots)
    shots.go(page, "Free play")
    for after in ("09:15", "09:30"):
        button = page.get_by_role("button", name="Next quarter hour")
        box = button.bounding_box()
        assert box["y"] + box["height"] <= shots.WIDE["height"]
        for label in ("Points", "Breaks owed", "Mails open"):
            card = page.locator('[data-testid="stMetric"]', has_text=label).bounding_box()
            assert 0 <= card["y"] <= box["y"]
        button.click()
        page.get_by_role("heading", name=f"It is {after}").wait_for()
        shots.settled(page)
    page.context.close()
