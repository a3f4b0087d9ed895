"""A login, where one is set up: pages are shown only after it."""

import streamlit as st
from streamlit.testing.v1 import AppTest

APP = "import planner_app\nplanner_app.main()"


def shown(monkeypatch, user):
    monkeypatch.setattr(st, "user", user)
    test = AppTest.from_string(APP, default_timeout=30)
    test.session_state["scenario"], test.session_state["runs"] = "power_of_one", 5
    return test.run()


def test_without_a_login_set_up_pages_are_shown(monkeypatch):
    test = shown(monkeypatch, {})
    assert not test.exception
    assert test.metric
    assert "Log out" not in [button.label for button in test.button]


def test_no_page_is_shown_before_the_login(monkeypatch):
    test = shown(monkeypatch, {"is_logged_in": False})
    assert not test.exception
    assert [button.label for button in test.button] == ["Log in"]
    assert not test.metric
    assert not test.selectbox


def test_who_is_logged_in_may_leave(monkeypatch):
    test = shown(monkeypatch, {"is_logged_in": True, "iss": "provider", "sub": "someone"})
    assert not test.exception
    assert test.metric
    assert "Log out" in [button.label for button in test.button]
