"""One promise of the center for all live queues together."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.experiment import Result, simulate
from sim.metrics import Tally, compute_rows, stack, tally_log
from sim.metrics.tally_fields import WAIT_EDGES, IssueSum, JourneySum, LegSum, TimeSum
from sim.model import Goal, Model
from sim.model.build_model import build_model
from sim.report import result_text
from sim.scenario import Scenario, ScenarioError, load
from tests.support.three_channels import THREE_CHANNELS

SCENARIO = THREE_CHANNELS.replace("[queue.calls]", 'target = "70% in 30s"\n[queue.calls]')
CALLS, CHAT, MAIL = 0, 1, 2


@pytest.fixture(scope="module")
def center() -> Scenario:
    return Scenario.parse(SCENARIO, Path("."))


@pytest.fixture(scope="module")
def model(center: Scenario) -> Model:
    return build_model(center)


def day(model: Model, counts: Mapping[tuple[int, int], Mapping[str, float]]) -> Tally:
    """A tally with the counts of some (queue, interval)."""
    queues, at = len(model.queues), model.intervals
    out = Tally(
        legs=np.zeros((len(LegSum), queues, at)),
        issues=np.zeros((len(IssueSum), queues, at)),
        time=np.zeros((len(TimeSum), len(model.groups), at)),
        longest=np.zeros(queues),
        waits=np.zeros((queues, WAIT_EDGES.size), dtype=np.int32),
        completions=np.zeros((queues, WAIT_EDGES.size), dtype=np.int32),
        journeys=np.zeros((len(JourneySum), 0, 1)),
    )
    for (queue, interval), names in counts.items():
        for name, value in names.items():
            out.legs[LegSum[name.upper()], queue, interval] = value
    return out


def values(model: Model, one: Tally) -> dict[tuple[str, str, str], Any]:
    return {(r.scope, r.name, r.metric): r.value for r in compute_rows(model, stack([one]))}


COUNTS = {
    (CALLS, 0): {"answered": 90, "within": 50, "within_center": 60, "abandoned": 10,
                 "abandoned_within": 3, "abandoned_within_center": 4},
    (CHAT, 0): {"answered": 50, "within": 45, "within_center": 30, "abandoned": 5,
                "abandoned_within": 5, "abandoned_within_center": 2},
    (MAIL, 0): {"due_met": 1, "due_missed": 9},
}  # fmt: skip


def test_a_target_of_the_center_is_read(center: Scenario, model: Model) -> None:
    assert model.goal == Goal(30.0, 0.7, "abandons_ignored")
    table = {"service_level": "75%", "within": "1min", "variant": "answered only"}
    other = center.with_(**{"center.target": table})
    assert build_model(other).goal == Goal(60.0, 0.75, "answered_only")
    assert build_model(center.with_(**{"center.variant": "short_as_met"})).goal == Goal(
        30.0, 0.7, "short_as_met"
    )
    with pytest.raises(ScenarioError, match=r"center\.target: \"on time\" is for deferred queues"):
        center.with_(**{"center.target": "95% on time"})


def test_the_whole_and_channels_count_by_it_and_queues_by_their_own(model: Model) -> None:
    found = values(model, day(model, COUNTS))
    calls, chat = (60, 90 + 10 - 4), (30, 50 + 5 - 2)
    assert found["total", "total", "service_level"] == pytest.approx(90 / (96 + 53))
    assert found["channel", "voice", "service_level"] == pytest.approx(calls[0] / calls[1])
    assert found["channel", "chat", "service_level"] == pytest.approx(chat[0] / chat[1])
    assert found["queue", "calls", "service_level"] == pytest.approx(50 / 97)
    assert found["queue", "chat", "service_level"] == pytest.approx(45 / 50)
    assert found["channel", "email", "service_level"] == pytest.approx(0.1)
    positive = "service_level_abandons_positive"
    assert found["total", "total", positive] == pytest.approx((60 + 30 + 4 + 2) / 155)
    assert found["queue", "calls", positive] == pytest.approx(53 / 100)


def test_without_it_the_whole_adds_up_the_queues_own(model: Model) -> None:
    found = values(replace(model, goal=None), day(model, COUNTS))
    assert found["total", "total", "service_level"] == pytest.approx((50 + 45) / (97 + 50))


def test_days_on_target_of_the_whole_ask_all_live_queues_together(model: Model) -> None:
    second = model.intervals // 2
    counts = {
        (CALLS, 0): {"answered": 10, "within": 0, "within_center": 4},
        (CHAT, 0): {"answered": 10, "within": 0, "within_center": 10},
        (CALLS, second): {"answered": 10, "within": 10, "within_center": 6},
        (CHAT, second): {"answered": 10, "within": 10, "within_center": 7},
        (MAIL, second): {"due_met": 0, "due_missed": 9},
    }
    found = values(model, day(model, counts))
    assert found["total", "total", "days_on_target"] == 0.5  # 14 of 20, then 13 of 20
    assert found["channel", "voice", "days_on_target"] == 0.0
    assert found["channel", "chat", "days_on_target"] == 1.0
    assert found["queue", "calls", "days_on_target"] == 0.5
    assert found["total", "total", "service_level_day_p90"] == pytest.approx(0.7)
    own = values(replace(model, goal=None), day(model, counts))
    assert own["total", "total", "days_on_target"] == 0.5  # the second day, by each queue's own
    assert own["total", "total", "service_level_day_p90"] == 1.0


def test_rows_say_by_what_they_are_counted(model: Model) -> None:
    rows = compute_rows(model, stack([day(model, {})]), intervals=True)
    notes = {(r.scope, r.name, r.metric): r.note for r in rows}
    assert notes["total", "total", "service_level"] == "abandons_ignored within 30s"
    assert notes["total", "total", "days_on_target"] == "abandons_ignored within 30s"
    assert notes["channel", "chat", "service_level_answered_only"] == "answered_only within 30s"
    assert notes["channel", "email", "service_level"] == "done within 4h"
    assert notes["queue", "calls", "service_level"] == "abandons_ignored within 20s"


@pytest.fixture(scope="module")
def simulated(center: Scenario) -> Result:
    return simulate(center, runs=1)


def test_a_log_is_counted_by_both_thresholds(simulated: Result) -> None:
    log = simulated.log(1)
    sums = tally_log(log).legs.sum(axis=2)
    legs = log.legs
    for queue, own in ((CALLS, 20.0), (CHAT, 60.0)):
        answered = (legs.queue == queue) & (legs.outcome == 0)
        abandoned = (legs.queue == queue) & (legs.outcome == 1)
        for limit, met, lost in (
            (own, LegSum.WITHIN, LegSum.ABANDONED_WITHIN),
            (30.0, LegSum.WITHIN_CENTER, LegSum.ABANDONED_WITHIN_CENTER),
        ):
            in_time = legs.leave <= legs.enter + limit
            assert sums[met, queue] == (answered & in_time).sum()
            assert sums[lost, queue] == (abandoned & in_time).sum()
    assert sums[LegSum.WITHIN, CHAT] > sums[LegSum.WITHIN_CENTER, CHAT] > 0


def test_the_head_says_by_what_the_whole_is_counted(center: Scenario, simulated: Result) -> None:
    line = "Service level of the whole and of channels: "
    assert line + "abandons ignored within 30s" in result_text(simulated).splitlines()
    own = replace(simulated, model=replace(simulated.model, goal=None))
    assert line + "each queue by its own" in result_text(own).splitlines()


def test_two_classes_reach_what_was_published(repo_root: Path) -> None:
    """ContactCenters, example "two queues": 72.4 % of all in 20 s, 69.3 %, 88.1 % by class."""
    scenario = load(repo_root / "scenarios" / "two_classes_overflow.toml")
    result = simulate(scenario, runs=20, seed=4)
    for scope, name, published in (
        ("total", "total", 0.724), ("queue", "small", 0.693), ("queue", "large", 0.881),
    ):  # fmt: skip
        figure = result.estimate("service_level", scope, name)
        assert figure.value is not None
        assert figure.half is not None
        assert figure.half < 0.03
        assert abs(figure.value - published) < 1.6 * figure.half  # 3.3 standard errors


def test_issues_are_judged_for_themselves_whatever_the_center_promises() -> None:
    text = SCENARIO.replace('talk = "60s"', 'talk = "60s"\nresolved = "70%"', 1)
    resolving = Scenario.parse(text, Path("."))
    fcr = simulate(resolving, runs=2).estimate("fcr", "issue", "calls")
    without = Scenario.parse(text.replace('target = "70% in 30s"', ""), Path("."))
    assert fcr == simulate(without, runs=2).estimate("fcr", "issue", "calls")
    assert fcr.value == pytest.approx(0.7, abs=0.1)
