"""Words, times and axes of a calibration as a person reads them."""

import datetime as dt
import re
from types import SimpleNamespace

import numpy as np
import pytest

from sim.report.calibration.line_drawing import DECIMAL, TIMES, Curve, line_drawing, ticks
from sim.report.calibration.text import _span
from sim.report.calibration.words import name_in_words, value_text
from sim.units import readable_duration


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.0, "0 s"), (0.124, "0.12 s"), (5.124, "5.1 s"), (5.0, "5 s"), (9.96, "10 s"),
        (36.42, "36.4 s"), (18.8, "18.8 s"), (84.2, "1 min 24 s"), (120.0, "2 min"),
        (3599.0, "59 min 59 s"), (4980.0, "1 h 23 min"), (85_000.0, "23 h 37 min"),
        (4 * 86_400.0 + 3_700, "4 d 1 h"), (14 * 86_400.0, "14 d"), (-84.2, "-1 min 24 s"),
        (float("inf"), "unlimited"), (float("nan"), "unknown"),
    ],
)  # fmt: skip
def test_times_have_the_digits_that_a_person_reads(seconds, shown):
    assert readable_duration(seconds) == shown


@pytest.mark.parametrize(
    ("top", "steps", "found"),
    [
        (171.0, TIMES, [0, 30, 60, 90, 120, 150]),
        (1372.0, TIMES, [0, 300, 600, 900, 1200]),
        (100.0, DECIMAL, [0, 20, 40, 60, 80, 100]),
        (23.7, DECIMAL, [0, 5, 10, 15, 20]),
        (14 * 86_400.0, TIMES, [86_400 * n for n in (0, 5, 10)]),
    ],
)
def test_ticks_are_at_round_values_up_to_the_top(top, steps, found):
    assert ticks(top, steps) == pytest.approx(found)


def test_estimates_have_names_in_words_with_their_varying_part():
    assert name_in_words("talk_cv") == "talk, coefficient of variation"
    assert name_in_words("patience_beyond_60s") == "waiting still after 60 s"
    assert name_in_words("transferred_to_orders") == "transferred to orders"
    assert value_text(351_000.0, "s") == "4 d 2 h"
    assert value_text(0.25, "share") == "25 %"


@pytest.mark.parametrize(
    ("low", "high", "shown"),
    [
        ("12 s (-8%)", "15 s (+8%)", "12 to 15 s"),
        ("median 58 s (-8%)", "median 1 min 2 s (+8%)", "median 58 s to 1 min 2 s"),
        ("median 1 min 5 s (-8%)", "median 2 min 5 s (+8%)", "median 1 to 2 min 5 s"),
        ("5% (-50%)", "20% (+100%)", "5 % to 20 %"),
    ],
)
def test_ends_of_an_assumption_are_one_span(low, high, shown):
    assert _span(SimpleNamespace(low=low, high=high)) == shown


def test_an_axis_of_days_shows_dates():
    curve = Curve(np.arange(20.0), np.ones(20))
    drawing = line_drawing([curve], "ASA (s), by day", first_day=dt.date(2026, 2, 23))
    shown = re.findall(r'text-anchor="middle">(.+?)</text>', drawing)
    assert shown == ["23 Feb", "2 Mar", "9 Mar"]
