"""What is said of the quality of a forecast: a day ahead and four weeks ahead."""

from types import SimpleNamespace

import pytest

from sim.history.forecast.back_test import BackTest, MethodError
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
        "One day ahead, the mix of 2 methods (now 60 % local trend) missed the contacts of "
        "intervals by 19.8 % in the back-test of 12 days (WAPE). The naive forecast, the median of "
        "six same weekdays, missed by more, 20.9 %. Random variation alone (Poisson noise) "
        "gives 16.9 %. On the whole, forecasts were 2.8 % too low, and 93.5 % of the "
        "actual counts lay inside their 90 % prediction interval."
    )


@pytest.mark.parametrize(
    ("naive", "chosen", "words"),
    [(0.2, 0.21, "missed by less, 20.0 %"), (0.2, 0.2001, "missed by as much, 20.0 %")],
)
def test_a_naive_forecast_that_does_as_well_or_better_is_said(naive, chosen, words):
    assert words in said([("median of six", naive, 0.0), ("chosen", chosen, 0.03)])


def test_what_was_not_tried_or_is_not_known_is_left_out():
    alone = said([("chosen", 0.2, 0.0)], weights={"regression": 1.0}, poisson=NAN)
    assert "naive" not in alone
    assert "Poisson" not in alone
    assert alone.startswith("One day ahead, the method regression missed")
    assert "neither too high nor too low" in alone
    week = said([("seasonal naive", 0.25, 0.0), ("chosen", 0.2, 0.03)])
    assert "The naive forecast, the same weekday a week before, missed by more, 25.0 %" in week
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
    assert "in the back-test (WAPE)" in few  # each day is forecast from several days
    assert "the history of 54 days is too short to count how many actual counts lie inside" in few


def test_tables_have_no_blank_cells_and_what_was_chosen_stands_in_lines_of_its_own():
    one = queue([], horizon="4 weeks", coverage=NAN)
    head, day, weeks = coverage_rows(one)
    assert "chosen" not in head
    assert day == ["1 day", "too short", "too short", "-", "too short", "-"]
    assert weeks == ["4 weeks", "too short", "too short", "too short", "too short", "-"]
    assert chosen_lines(one)[1] == "Chosen for 4 weeks: 60 % local trend + 40 % regression"
