"""One rule tells whether a target is met, wherever it is asked."""

import pytest

import sim
from sim.metrics.target_status import target_status
from sim.model import build
from sim.planning.requirement import require
from sim.planning.target_check import check_targets
from sim.report.interval_grid import interval_lines
from sim.report.queue_verdicts import queue_verdicts
from sim.report.summary_html import verdict


@pytest.mark.parametrize(
    ("low", "high", "most", "status"),
    [
        (0.8, 0.9, None, "met"),
        (0.7, 0.79, None, "missed"),
        (0.7, 0.8, None, "undecided"),
        (None, None, None, "undecided"),
        (0.83, 0.9, 0.82, "overshot"),
        (0.82, 0.9, 0.82, "met"),
        (0.79, 0.9, 0.7, "undecided"),
        (0.8, 0.9, 0.7, "met"),
    ],
)
def test_a_status_is_where_the_interval_lies(low, high, most, status):
    assert target_status(low, high, 0.8, most) == status


@pytest.mark.parametrize(
    ("change", "status"), [("-1", "undecided"), ("-6", "missed"), ("+8", "met")]
)
def test_start_staffing_and_report_say_the_same_of_a_queue(repo_root, change, status):
    file = repo_root / "scenarios" / "callback_peak.toml"
    scenario = sim.load(file, [f"group.sales.agents={change}"])
    result = sim.simulate(scenario, runs=5, workers=1)
    (check,) = check_targets(require(scenario, build(scenario)), result)
    (queue,) = queue_verdicts(result)
    assert queue.verdict == status == {"overshot": "met"}.get(check.status, check.status)
    assert f": {queue.verdict}" in verdict(result)
    missed = sum(line.verdict == "missed" for line in interval_lines(scenario, result, "orders"))
    assert missed == check.intervals_missed
