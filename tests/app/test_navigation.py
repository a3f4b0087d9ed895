"""The navigation: sections in the order of a planner's work, former addresses, the name."""

import pytest
from streamlit.testing.v1 import AppTest

from scripts.drive_app import SECTIONS
from sim.app import pages
from sim.app.navigation import MOVED
from sim.app.theme import INK, LOGO

LISTED = """
import streamlit as st
from sim.app.pages import moved_pages, pages
st.session_state["sections"] = {name: [p.title for p in some] for name, some in pages().items()}
st.session_state["paths"] = [page.url_path for some in pages().values() for page in some]
st.session_state["moved"] = [page.url_path for page in moved_pages()]
"""


@pytest.fixture(scope="module")
def listed():
    return AppTest.from_string(LISTED, default_timeout=60).run().session_state


def test_sections_follow_the_work_of_a_planner_and_empty_ones_are_not_shown(listed):
    assert {name: tuple(titles) for name, titles in listed["sections"].items()} == SECTIONS
    assert list(listed["sections"]) == list(pages.SECTIONS)


def test_former_addresses_lead_to_pages_that_exist(listed):
    assert listed["moved"] == list(MOVED)
    assert set(MOVED.values()) <= set(listed["paths"])
    assert not set(MOVED) & set(listed["paths"])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_name_of_the_product_is_shown_in_a_colour_of_the_theme(theme):
    drawn = LOGO.format(colour=INK[theme])
    assert ">ccplan</text>" in drawn
    assert INK[theme] in drawn
