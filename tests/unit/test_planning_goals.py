"""Goals of a plan: what texts mean, and whether they hold in a simulation."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.experiment import Result
from sim.experiment.replications import simulate_replications
from sim.metrics import stack
from sim.model.build_model import build_model
from sim.planning.goal_sums import goal_models, planned_intervals
from sim.planning.plan_goals import PlanGoal, own_goals, parse_goals
from sim.planning.simulated_goals import probability, simulate_goals
from sim.scenario import Scenario, load
from sim.units import BadInputError
from tests.support.small_scenario import small_scenario

MORE = """
[queue."night desk"]
channel = "email"
volume = 5
talk = "3min"
due = "1h"
[queue.empty]
volume = 0
talk = "3min"
[group.two]
agents = 2
skills = { calls = 2, "night desk" = 1, empty = 1 }
"""


def parsed(text):
    return Scenario.parse(text, Path("."))


@pytest.fixture(scope="module")
def scenario():
    return parsed(small_scenario(MORE))


@pytest.fixture(scope="module")
def model(scenario):
    return build_model(scenario)


def only(model, text, **options):
    (goal,) = parse_goals(model, [text], **options)
    return goal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("total=80/20", PlanGoal("total", "total", "service_level", 0.8, within=20.0)),
        ("total=90%/0", PlanGoal("total", "total", "service_level", 0.9, within=0.0)),
        ("queue.calls=90/15", PlanGoal("queue", "calls", "service_level", 0.9, within=15.0)),
        ("queue.calls>=85%", PlanGoal("queue", "calls", "service_level", 0.85)),
        ("queue.night desk=95%", PlanGoal("queue", "night desk", "on_time", 0.95)),
        ("queue.night desk.on_time=95%", PlanGoal("queue", "night desk", "on_time", 0.95)),
        ("group.two.occupancy<=85%", PlanGoal("group", "two", "occupancy", 0.85, False)),
        ("group.two=85%", PlanGoal("group", "two", "occupancy", 0.85, False)),
        ("group.two.occupancy>=50%", PlanGoal("group", "two", "occupancy", 0.5, True)),
        ("channel.voice.asa=30s", PlanGoal("channel", "voice", "asa_s", 30.0, False)),
        ("total.abandonment <= 5%", PlanGoal("total", "total", "abandonment", 0.05, False)),
        (
            "queue.calls.service_level_answered_only=80% in 10s",
            PlanGoal("queue", "calls", "service_level_answered_only", 0.8, within=10.0),
        ),
    ],
)
def test_a_text_means_a_goal(model, text, expected):
    assert only(model, text) == expected


def test_period_and_share_of_days_hold_for_every_goal(model):
    goal = only(model, "total=80/20", per="interval", days_met="90%")
    assert (goal.per, goal.days_met) == ("interval", 0.9)
    assert str(goal).endswith("within 20s in every interval, on 90% of days")


@pytest.mark.parametrize(
    ("texts", "options", "message"),
    [
        (["80/20"], {}, "is not a goal"),
        (["queue.cals=80/20"], {}, "did you mean queue.calls"),
        (["queue.calls.occupancy<=80%"], {}, "this scenario has it as"),
        (["queue.calls.aht_s<=80s"], {}, "is not a metric of goals"),
        (["queue.calls.asa>=20s"], {}, "written with = or <="),
        (["queue.calls=120/20"], {}, "120/20"),
        (["queue.empty=80/20"], {}, "has no contacts"),
        (["queue.calls=80/20", "queue.calls=90/20"], {}, "two targets"),
        (["group.two.occupancy<=40%", "group.two.occupancy>=50%"], {}, "contradicts"),
        (["total=80/20"], {"per": "week"}, "allowed: interval, day, horizon"),
        (["total=80/20"], {"days_met": "100%"}, "below 100 %"),
    ],
)
def test_a_wrong_goal_gets_one_message(model, texts, options, message):
    with pytest.raises(BadInputError, match=message):
        parse_goals(model, texts, **options)


def test_goals_of_a_scenario_are_its_targets(scenario, model):
    found = own_goals(scenario, model)
    assert [(g.where, g.metric, g.target) for g in found] == [
        ("queue.calls", "service_level", 0.8),
        ("queue.night desk", "on_time", 0.8),
    ]
    total = parsed(
        small_scenario(MORE, target=None).replace("[queue", 'target = "70/30"\n[queue', 1)
    )
    found = own_goals(total, build_model(total))
    assert found[0] == PlanGoal("total", "total", "service_level", 0.7, within=30.0)
    assert [g.where for g in found] == ["total", "queue.night desk"]


def test_goals_agree_with_the_metrics_of_the_scenario_itself(scenario, model):
    from sim.experiment import simulate

    result = simulate(scenario, runs=20, seed=3)
    texts = [
        "queue.calls=80/20", "group.two.occupancy<=85%", "total.asa=30s", "channel.voice=80/20",
        "queue.night desk.on_time=95%", "total.abandonment=5%",
    ]  # fmt: skip
    rows = simulate_goals(model, parse_goals(model, texts), runs=20, seed=3)
    for row in rows:
        name = None if row.scope == "total" else row.name
        expected = result.estimate(row.metric, row.scope, name)
        assert (row.value, row.low, row.high) == pytest.approx(
            (expected.value, expected.low, expected.high)
        )
        assert row.met == ((row.value >= row.target) == row.at_least)


def test_thresholds_other_than_the_scenarios_are_counted(model):
    goals = parse_goals(model, ["queue.calls=80/0", "total=80/0", "total.asa=9s"])
    other = [replace(goals[0], within=60.0), replace(goals[1], within=60.0)]
    assert len(goal_models(model, goals)) == 1
    assert len(goal_models(model, [*goals, *other])) == 2
    rows = simulate_goals(model, [*goals, *other], runs=10, seed=1)
    at_once, at_once_total, _, in_a_minute, in_a_minute_total = (row.value for row in rows)
    assert at_once == at_once_total < in_a_minute == in_a_minute_total


def test_every_interval_must_reach_the_target_and_the_worst_is_named(model):
    row = simulate_goals(model, [only(model, "total=80/20", per="interval")], 30, 1)[0]
    overall = simulate_goals(model, [only(model, "total=80/20")], 30, 1)[0]
    assert row.periods == 4
    assert row.worst in ("08:00", "08:30", "09:00", "09:30")
    assert row.value < overall.value
    assert row.low < row.value < row.high


def test_a_share_of_days_is_counted_by_days(model):
    row = simulate_goals(model, [only(model, "total=80/20", days_met="90%")], 40, 1)[0]
    easier = simulate_goals(model, [only(model, "total=80/20", days_met="10%")], 40, 1)[0]
    assert row.value < easier.value
    assert row.days == easier.days
    assert row.met == (row.value >= 0.8) == (row.days >= 0.9)


def test_a_queue_that_answers_no_contact_does_not_meet_its_goal(model):
    groups = tuple(
        replace(g, headcount=np.zeros_like(g.headcount), scheduled=0.0 * g.scheduled)
        for g in model.groups
    )
    idle = replace(model, groups=groups)
    texts = ["queue.calls.asa=20s", "queue.calls.service_level_answered_only=80/20"]
    assert not any(row.met for row in simulate_goals(idle, parse_goals(model, texts), 5, 1))


def test_closed_intervals_cannot_miss_a_goal():
    model = build_model(load("retail_monday"))
    goal = only(model, "queue.cards=80/20", per="interval")
    planned = planned_intervals(model, goal)
    assert not planned[:16].any()
    assert planned[16:40].all()
    assert not planned[40:].any()


def test_probability_that_all_periods_hold():
    rng = np.random.default_rng(1)
    half = rng.normal(0.0, 1.0, (400, 1))
    half -= half.mean()
    assert probability(half) == pytest.approx(0.5, abs=0.05)
    assert probability(half + 5.0) == 1.0
    assert probability(half[:1]) is None


TOGETHER = """
[target.both]
queues = ["calls", "empty"]
goal = "80% in 45s"
[target.post]
queues = ["night desk"]
goal = "95% on time"
[target.team]
groups = ["two"]
"""


def test_targets_of_several_queues_are_goals() -> None:
    scenario = parsed(small_scenario(MORE + TOGETHER))
    model = build_model(scenario)
    goals = {(goal.scope, goal.name): goal for goal in own_goals(scenario, model)}
    assert goals["target", "both"].within == 45
    assert goals["target", "post"].metric == "on_time"
    assert ("target", "team") not in goals
    assert only(model, "target.both=90%").within == 45
    assert only(model, "target.both=90/10").within == 10
    assert only(model, "target.team=90%").within is None


def test_a_goal_of_a_target_is_counted_by_its_threshold() -> None:
    model = build_model(parsed(small_scenario(MORE + TOGETHER)))
    texts = ["target.both=80%", "target.both.service_level_answered_only=80/10", "target.team=80%"]
    goals = parse_goals(model, texts, per="horizon")
    assert len(goal_models(model, goals)) == 2  # one target, two thresholds
    result = ccplan_result(model)
    rows = simulate_goals(model, goals, runs=4, seed=1)
    assert rows[0].value == result.estimate("target.both.service_level").value
    assert rows[1].value < result.estimate("target.both.service_level_answered_only").value
    assert rows[2].value == result.estimate("target.team.service_level").value


def ccplan_result(model):
    tallies = stack(simulate_replications(model, 1, range(1, 5), "auto", 1))
    return Result(model, 1, "kernel", tallies)
