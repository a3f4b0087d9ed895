"""What is said of the quality of a forecast: a day ahead and four weeks ahead."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.history.forecast.back_test import CHOSEN, BackTest, MethodError, back_test
from sim.history.forecast.origins import LEADS, at_targets
from sim.history.forecast.queue_forecast import HorizonChoice
from sim.report.forecast_text import chosen_lines, coverage_rows
from sim.report.forecast_verdict import verdict_sentences

NAN = float("nan")
MIX = {"regression": 0.4, "local trend": 0.6}


def queue(errors, weights=MIX, coverage=0.935, poisson=0.169, horizon="1 day", is_tested=True):
    found = tuple(MethodError(name, horizon, wape, bias, wape) for name, wape, bias in errors)
    covered = {"intervals": coverage, "days": coverage, "weeks": NAN}
    choices = [HorizonChoice("1 day", weights, is_tested, covered, None)]
    if horizon != "1 day":
        choices.append(HorizonChoice(horizon, weights, is_tested, covered, None))
    tested = BackTest(found, poisson, {horizon: 12 if found else 0})
    return SimpleNamespace(level=0.9, choices=tuple(choices), back_test=tested)


def said(errors, **options):
    return verdict_sentences(queue(errors, **options), 54)[-1]


def test_the_forecast_is_put_beside_the_naive_one_and_random_variation():
    errors = [("median of six", 0.209, -0.04), ("chosen", 0.198, -0.028)]
    assert said(errors) == (
        "One day ahead, the mix of 2 methods (now 60 % local trend) was off by 19.8 % of the "
        "contacts per interval (WAPE; 12 days tested). The naive forecast, the median of up to "
        "six same weekdays, was off by 20.9 %. Random variation alone (Poisson noise) "
        "gives 16.9 %. On the whole, forecasts were 2.8 % too low, and 93.5 % of the "
        "actual counts lay inside their 90 % prediction interval."
    )


@pytest.mark.parametrize(("mean", "is_shown"), [(2.9, False), (3.1, True)])
def test_random_variation_is_left_out_where_its_formula_is_rough(mean, is_shown):
    noise = math.sqrt(2 / math.pi / mean)
    text = said([("chosen", 0.45, 0.0)], poisson=noise)
    assert ("Random variation alone" in text) == is_shown


def test_what_was_not_tried_or_is_not_known_is_left_out():
    alone = said([("chosen", 0.2, 0.0)], weights={"regression": 1.0}, poisson=NAN)
    assert "naive" not in alone
    assert "Poisson" not in alone
    assert alone.startswith("One day ahead, the method regression was off by")
    assert "neither too high nor too low" in alone
    week = said([("seasonal naive", 0.25, 0.0), ("chosen", 0.2, 0.03)])
    assert "The naive forecast, the same weekday a week before, was off by 25.0 %" in week
    assert "3.0 % too high" in week
    itself = said([("median of six", 0.2, 0), ("chosen", 0.2, 0)], weights={"median of six": 1.0})
    assert "This is the naive forecast itself" in itself


def test_a_history_that_is_too_short_is_said_in_words():
    untested = said([], horizon="4 weeks", is_tested=False, coverage=NAN)
    assert untested == (
        "Four weeks ahead (days 8 to 28), the forecast was not tested: the history of 54 days is "
        "too short for that."
    )
    few = said([("chosen", 0.2, 0.0)], horizon="4 weeks", coverage=NAN)
    assert "(days 8 to 28), the mix of 2 methods" in few
    assert "per interval (WAPE; 12 days tested)" in few
    assert "too few days were tested to count how many actual counts lie inside" in few


@pytest.mark.parametrize(("horizon", "least"), [("1 day", 43), ("4 weeks", 70)])
def test_a_long_history_without_contacts_at_its_end_is_not_called_short(horizon, least):
    one = queue([], horizon=horizon, is_tested=False, coverage=NAN)
    assert verdict_sentences(one, least)[-1].endswith(
        f"not tested: late in the history of {least} days there were no days with contacts to "
        "compare it with."
    )
    assert verdict_sentences(one, least - 1)[-1].endswith("is too short for that.")


@pytest.mark.parametrize(("late", "days"), [(5.0, {"1 day": 78, "1 week": 77, "4 weeks": 71}),
                                            (0.0, {}), (NAN, {})])  # fmt: skip
def test_different_days_with_contacts_are_counted(late, days):
    counts = np.full((120, 3), 5.0)
    counts[42:] = late
    origins = np.arange(42, 121)
    actual = at_targets(counts, origins, LEADS)
    found = back_test([CHOSEN], np.full((1, *actual.shape), 4.0), actual, origins, 120)
    assert found.days == {"1 day": 0, "1 week": 0, "4 weeks": 0} | days
    assert (found.error(CHOSEN, "4 weeks") is not None) == bool(days)


def test_tables_have_no_blank_cells_and_what_was_chosen_stands_in_lines_of_its_own():
    one = queue([], horizon="4 weeks", coverage=NAN)
    head, day, weeks = coverage_rows(one)
    assert "chosen" not in head
    assert day == ["1 day", "too few days", "too few days", "-", "too few days", "-"]
    assert weeks == ["4 weeks", *["too few days"] * 4, "-"]
    assert chosen_lines(one)[1] == "Chosen for 4 weeks: 60 % local trend + 40 % regression"
