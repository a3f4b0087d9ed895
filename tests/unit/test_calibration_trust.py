"""Whether to trust a calibration: what speaks against it comes first."""

import datetime as dt
import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.app.option_words import in_app_words
from sim.history.calibration.close_loop import SolvedParameter
from sim.history.calibration.past_days import FitError, QueueFit
from sim.history.call_log.log_days import log_days
from sim.report.calibration.trust import moved_lines, trust_lines
from sim.report.calibration.words import change_text
from sim.scenario import ScenarioError


def calibration(error, inside, days=60, ends=(-0.001, 0.002), *, queues=(), moved=(), note=""):
    """Errors by half hour and day, where Erlang A has 0.02; `ends` of the difference by day."""
    errors = tuple(
        FitError("abandonment", period, one, 0.02, 0.0, 0.0, share, days, *interval)
        for period, one, share, interval in (
            ("half hour", 0.01, math.nan, (-0.012, -0.008)),
            ("day", error, inside, ends),
        )
    )
    return SimpleNamespace(
        left_out=SimpleNamespace(errors=errors, by_queue=queues),
        left_out_days=14,
        loop=SimpleNamespace(changed=moved),
        volume_note=note,
        talk_note="",
        estimates=SimpleNamespace(log=log_with_waits(50.0, abandoned=True)),
    )


def log_with_waits(wait, *, abandoned, channel="voice"):
    """Two thousand contacts of a queue that all waited for so long."""
    left = np.arange(2000) % 20 == 0 if abandoned else np.zeros(2000, dtype=bool)
    return SimpleNamespace(
        queues=("calls",), queue=np.zeros(2000, dtype=int), wait=np.full(2000, wait),
        abandoned=left, channels=(channel,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("log", "complete"),
    [
        (log_with_waits(90.0, abandoned=True), True),
        (log_with_waits(30.0, abandoned=False), True),
        (log_with_waits(90.0, abandoned=False, channel="email"), True),
        (log_with_waits(90.0, abandoned=False), False),
    ],
)
def test_a_log_without_abandoned_contacts_is_doubted(log, complete):
    found = calibration(0.01, 0.95)
    found.estimates.log = log
    verdict, why, *_ = trust_lines(found)
    assert verdict.startswith("Check before you use it: no abandoned contacts") != complete
    assert why.startswith("No abandoned contact of calls is in the log: ") != complete


def test_an_error_worse_than_erlang_a_is_said_first():
    verdict, worse, better, inside = trust_lines(calibration(0.03, 0.8, ends=(0.004, 0.016)))
    assert verdict.startswith("Check before you use it: in part worse than Erlang A, bands too")
    assert "the last 14 days" in verdict
    assert worse == "Worse than Erlang A: abandonment by day (3.0 pp against 2.0 pp)."
    assert better.startswith("1 of 2 mean errors")
    assert inside == "Days inside their 95 % band: abandonment 80 %."


@pytest.mark.parametrize(
    ("error", "ends"),
    [
        (0.0205, (0.0001, 0.0009)),  # certain, but as good as that of Erlang A
        (0.03, (-0.002, 0.022)),  # much larger, perhaps at random
        (0.03, (math.nan, math.nan)),  # too few days to tell
    ],
)
def test_an_error_that_may_be_random_does_not_warn(error, ends):
    lines = trust_lines(calibration(error, 0.95, ends=ends))
    assert lines[0].startswith("Fits better than Erlang A")
    assert lines[1].startswith("1 of 2 mean errors are below")


def test_errors_that_are_nowhere_certainly_smaller_are_not_called_better():
    one = FitError("asa_s", "day", 1.9, 2.0, 0.0, 0.0, 0.95, 12, -0.3, 0.1)
    found = calibration(0.02, 0.95)
    found.left_out.errors = (one,)
    assert trust_lines(found)[0].startswith("Fits as well as Erlang A, with bands that hold")


@pytest.mark.parametrize(
    ("inside", "verdict"),
    [(0.95, "Fits better than Erlang A, with bands that hold"), (0.8, "bands that are too narrow")],
)
def test_a_calibration_that_fits_says_so(inside, verdict):
    lines = trust_lines(calibration(0.01, inside))
    assert verdict in lines[0]
    assert len(lines) == 3


@pytest.mark.parametrize(("inside", "days"), [(8, 10), (13, 15), (53, 60)])
def test_days_outside_that_may_be_random_do_not_warn(inside, days):
    assert "bands that hold" in trust_lines(calibration(0.01, inside / days, days))[0]


@pytest.mark.parametrize(("inside", "days"), [(7, 10), (11, 15), (50, 60)])
def test_days_outside_that_are_hardly_random_warn(inside, days):
    assert "bands that are too narrow" in trust_lines(calibration(0.01, inside / days, days))[0]


@pytest.mark.parametrize(
    ("factor", "at_end"), [(0.187, True), (0.2, True), (0.21, False), (5.0, True), (4.9, False)]
)
def test_a_parameter_at_the_end_of_what_is_possible_is_named(factor, at_end):
    one = SolvedParameter("quiet", "length of breaks", factor, 0.2, 5.0)
    lines = trust_lines(calibration(0.01, 0.95, moved=(one,)))
    assert lines[0].startswith("Check before you use it: an estimate had") == at_end
    assert any("length of breaks" in line and "0.200 to 5.000" in line for line in lines) == at_end


def test_a_range_that_begins_where_nothing_changes_has_no_lower_end():
    assert not SolvedParameter("talk_days", "", 1.0004, 1.0, 2.0).at_end
    assert SolvedParameter("talk_days", "", 2.0, 1.0, 2.0).at_end


def test_queues_that_are_off_are_named():
    off = QueueFit("gold", "service_level", 500, 0.9, 0.78, 0.75, 0.81)
    little = QueueFit("std", "service_level", 500, 0.84, 0.81, 0.8, 0.82)
    random = QueueFit("new", "service_level", 20, 0.9, 0.78, 0.6, 0.95)
    verdict, named, *_ = trust_lines(calibration(0.01, 0.95, queues=(off, little, random)))
    assert verdict.startswith("Check before you use it: single queues are off")
    assert named == "Simulated minus recorded, by queue: gold, service level -12.0 pp."


def test_a_growing_volume_is_said():
    assert trust_lines(calibration(0.01, 0.95, note="The volume grows"))[-1] == "The volume grows."


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
        (
            "ccplan forecast HISTORY --scenario center/scenario.toml writes",
            "page Forecast, with this scenario, writes",
        ),
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


@pytest.mark.parametrize(
    ("bias", "said"), [(0.012, "other likely values of mean gap did not"), (0.002, "as they are")]
)
def test_nothing_changed_says_whether_anything_was_tried(bias, said):
    parameters = (
        SolvedParameter("gap", "mean gap", 1.0, 0.8, 1.2),
        SolvedParameter("talk_days", "variation of talk", 1.0, 1.0, 2.0),
    )
    before = {"service_level": bias, "asa_s": 0.0, "abandonment": 0.0}
    loop = SimpleNamespace(changed=(), parameters=parameters, before=before, spread_note="")
    (line,) = moved_lines(SimpleNamespace(loop=loop))
    assert line.startswith("nothing: ")
    assert said in line
