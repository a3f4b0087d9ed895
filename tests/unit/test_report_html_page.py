"""Pages of HTML: what is shown is escaped, drawings are not, nothing is loaded, nothing missing."""

import re

import pytest
from jinja2 import UndefinedError

from sim.report.html_page import FOLDER, drawn, html_page

HEADING = {"title": "<b> & 'c'", "heading": ["a", "b"], "metric": "level", "words": 1}
EMPTY = {"whiskers": "", "costs": drawn(""), "moves": {}, "shares": [], "drawings": []}


def sweep_page(**given: object) -> str:
    return html_page("sweep.html", **{**HEADING, **EMPTY, "cells": [], **given})


def test_what_was_typed_is_text_and_a_drawing_is_markup() -> None:
    page = sweep_page(drawings=[drawn("<svg></svg>")], cells=[["axis", "level"], ["<i>", "80 %"]])
    assert page.count("&lt;b&gt; &amp; &#39;c&#39;") == 2
    assert "<b>" not in page
    assert "<svg></svg>" in page
    assert '<td class="word">&lt;i&gt;</td><td>80\N{NO-BREAK SPACE}%</td>' in page


def test_a_value_that_is_missing_is_an_error_and_no_gap() -> None:
    values = {**HEADING, **EMPTY}
    with pytest.raises(UndefinedError, match="'cells' is undefined"):
        html_page("sweep.html", **values)


def test_a_page_may_load_nothing() -> None:
    page = sweep_page()
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    for template in FOLDER.iterdir():
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<(script|link|img|iframe)|url\(|@import|\|\s*safe", text), (
            template.name
        )
