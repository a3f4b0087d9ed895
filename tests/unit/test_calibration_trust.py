"""Whether to trust a calibration: what speaks against it comes first."""

import datetime as dt
import math
from types import SimpleNamespace

import pytest

from sim.app.option_words import in_app_words
from sim.history.calibration.past_days import FitError
from sim.history.call_log.log_days import log_days
from sim.report.calibration.trust import trust_lines
from sim.report.calibration.words import change_text
from sim.scenario import ScenarioError


def calibration(error, inside, days=60):
    """Errors by half hour and day, where Erlang A has 0.02."""
    errors = tuple(
        FitError("abandonment", period, one, 0.02, 0.0, 0.0, share, days)
        for period, one, share in (("half hour", 0.01, math.nan), ("day", error, inside))
    )
    return SimpleNamespace(left_out=SimpleNamespace(errors=errors), left_out_days=14)


def test_an_error_worse_than_erlang_a_is_said_first():
    verdict, worse, better, inside = trust_lines(calibration(0.03, 0.8))
    assert verdict.startswith("Check before you use it: not everywhere better than Erlang A")
    assert "the last 14 days" in verdict
    assert worse == "Worse than Erlang A: abandonment by day (3.0 pp against 2.0 pp)."
    assert better.startswith("1 of 2 mean errors")
    assert inside == "Days inside their 95 % band: abandonment 80 %."


def test_an_error_as_good_as_that_of_erlang_a_does_not_warn():
    lines = trust_lines(calibration(0.0205, 0.95))
    assert lines[0].startswith("Fits better than Erlang A")
    assert lines[1].startswith("1 of 2 mean errors are below")


@pytest.mark.parametrize(
    ("inside", "verdict"),
    [(0.95, "Fits better than Erlang A, with bands that hold"), (0.8, "bands that are too narrow")],
)
def test_a_calibration_that_fits_says_so(inside, verdict):
    lines = trust_lines(calibration(0.01, inside))
    assert verdict in lines[0]
    assert len(lines) == 3


def test_few_days_outside_of_few_may_be_random():
    assert "bands that hold" in trust_lines(calibration(0.01, 13 / 15, 15))[0]


def test_nothing_has_no_minus():
    assert change_text(-0.0003, "share") == "+0.0 pp"
    assert change_text(-0.003, "share") == "-0.3 pp"


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "Wait: no column; it has: a (say it: --column wait=TITLE)",
            "Wait: no column; it has: a (choose it under Column mapping)",
        ),
        ("given: agents of x", "Take from the actuals: agents of x"),
        ("a cell -1 - 2", "a cell -1 - 2"),
    ],
)
def test_options_of_commands_are_fields_in_the_app(message, shown):
    assert in_app_words(message) == shown


def test_the_days_of_a_log_are_known_without_the_rest(tmp_path):
    pytest.importorskip("pyarrow", reason="call logs are read with pyarrow")
    path = tmp_path / "calls.csv"
    head = "offered,wait,outcome,talk,agent\n"
    path.write_text(head + "2026-03-05 09:00,odd,x,,\n2026-03-02 23:59,1,answered,5,a\n")
    assert log_days(path) == (dt.date(2026, 3, 2), dt.date(2026, 3, 5))
    path.write_text(head + "soon,1,answered,5,a\n")
    with pytest.raises(ScenarioError, match=r"calls.csv:2: offered: .*soon"):
        log_days(path)
