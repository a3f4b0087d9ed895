"""Classroom, Class view and Free play without a browser."""

import pytest
from streamlit.testing.v1 import AppTest

PAGE = "from sim.app.pages.classroom import {0}\n{0}.page()"


def page(name, **state):
    test = AppTest.from_string(PAGE.format(name), default_timeout=60)
    for key, value in state.items():
        test.session_state[key] = value
    return test.run()


def texts(found):
    return " ".join(one.value for one in found)


def press(test, label):
    next(one for one in test.button if one.label == label).click()
    test.run()
    assert not test.exception
    return test


def begun():
    test = page("lessons", **{"learn:name": "Someone", "learn:class": "Spring"})
    next(one for one in test.selectbox if one.label == "Lesson").set_value("power_of_one")
    test.run()
    assert not test.exception
    return test


def predicted(test, value=70.0, reason="one of 23"):
    next(one for one in test.number_input if one.label.startswith("Prediction")).set_value(value)
    test.text_area[0].set_value(reason)
    return press(test, "Lock prediction")


def test_without_a_name_the_lessons_are_listed():
    test = page("lessons")
    assert not test.exception
    assert "Enter your name" in texts(test.info)
    assert len(test.table[0].value) == 10


def test_a_prediction_needs_a_reason_and_is_locked():
    test = begun()
    assert "59" not in texts(test.markdown)  # the answer is not shown before
    predicted(test, reason=" ")
    assert "reason" in texts(test.error)
    predicted(test)
    assert "You predicted **70" in texts(test.markdown).replace("\\", "")
    assert not [one for one in test.number_input if one.label.startswith("Prediction")]


def said(test):
    parts = (test.markdown, test.success, test.warning, test.error, test.info)
    return " ".join(texts(part) for part in parts).replace("\\", "")


def test_a_whole_lesson_ends_with_the_own_error_and_new_numbers():
    test = predicted(begun())
    test.radio[0].set_value("Carry on one short")
    press(test, "Decide")
    assert {"Time", "Waiting", "In time so far"} <= {one.label for one in test.metric}
    press(test, "Next: Many days")
    assert "Erlang C" in str(test.dataframe[0].value.columns)
    press(test, "Next: How far off")
    assert "59.3 %" in said(test)  # the truth of training.md: 75 to 59 %
    press(test, "Next: Debrief")
    assert "Move a meeting, and have everyone on the phones" in said(test)
    press(test, "Next: New numbers")
    test.number_input[0].set_value(70.0)
    press(test, "Answer")
    assert "in a small team one person is even more" in said(test)
    again = begun()  # as after a refresh: what was locked and answered is there
    assert "You predicted **70.0 %**" in said(again)
    assert "Start over" in [one.label for one in again.button]


def test_class_view_shows_predictions_and_hides_the_truth_until_revealed():
    predicted(begun())
    test = page("class_view")
    assert not test.exception
    assert {one.label: one.value for one in test.metric}["Predictions"] == "1"
    assert "Truth" not in {one.label for one in test.metric}
    assert "one of 23" in str(test.dataframe[0].value)
    press(test, "Reveal")
    assert "Truth" in {one.label for one in test.metric}


def test_there_are_no_predictions_yet():
    test = page("class_view")
    assert not test.exception
    assert "No predictions yet" in texts(test.info)


@pytest.mark.parametrize("label", ["Next quarter hour", "Next hour"])
def test_a_shift_goes_on_and_its_past_stays(label):
    test = page("free_play")
    assert not test.exception
    assert "It is 09:00" in [one.value for one in test.subheader]
    press(test, label)
    after = "09:15" if "quarter" in label else "10:00"
    assert f"It is {after}" in [one.value for one in test.subheader]


def metrics(test):
    return {one.label: one.value for one in test.metric}


def test_a_shift_says_how_it_stands_and_what_is_owed():
    test = page("free_play")
    assert metrics(test)["Breaks owed"] == "26"
    begun = metrics(test)["Mails open"]
    next(one for one in test.number_input if one.label.startswith("Start breaks")).set_value(3)
    press(test, "Next quarter hour")
    now = metrics(test)
    assert now["Breaks owed"] == "23"
    assert int(now["Mails open"]) >= int(begun)
    assert float(now["Points"]) >= 3 * int(now["Hung up"])


def test_too_many_breaks_are_rejected_with_the_reason():
    test = page("free_play")
    next(one for one in test.number_input if one.label.startswith("Start breaks")).set_value(30)
    press(test, "Next quarter hour")
    told = texts(test.error).replace("\\", "")
    assert "Start breaks now: 30 people; allowed: 0 to 14, as 26 breaks are still owed" in told
    assert "It is 09:00" in [one.value for one in test.subheader]


@pytest.mark.slow
def test_at_the_end_of_a_shift_other_plans_stand_beside_it():
    test = press(page("free_play"), "To the end")
    assert "The shift is over" in [one.value for one in test.subheader]
    found = {one.label: one.value for one in test.metric}
    assert float(found["Points"].replace(",", "")) > 0
    assert len(test.dataframe[0].value) >= 3
