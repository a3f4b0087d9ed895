"""Targets against the simulation of the required agents, and queues that share agents."""

import json

import openpyxl
import pytest

import sim
from sim import erlang
from sim.planning import staff
from sim.planning.staff_scenario import with_target_everywhere, with_targets_in_force
from sim.scenario import Scenario

HEAD = """
[center]
open = "08:00-20:00"
{center}
[queue.calls]
volume = 100
talk = "exponential 180s"
patience = "exponential 2min"
{calls}
"""
CHATS = """
[queue.chats]
channel = "chat"
volume = 60
talk = "exponential 400s"
patience = "exponential 3min"
[group.team]
agents = 25
skills = { calls = 1, chats = { at_once = 3, speed = ["100%", "80%", "65%"] } }
"""
SALES = """
[queue.sales]
volume = 40
talk = "exponential 300s"
patience = "exponential 5min"
{sales}
[group.team]
agents = 20
skills = {{ calls = 1, sales = {skill} }}
"""
ONE = """
[group.team]
agents = 14
skills = { calls = 1 }
"""


def two(sales="", skill="1"):
    return Scenario.parse(HEAD.format(center="", calls="") + SALES.format(sales=sales, skill=skill))


@pytest.fixture(scope="module")
def overflow():
    return staff("two_classes_overflow", runs=12, seed=1, workers=1)


def test_a_missed_target_is_said_first_with_its_confidence_interval_and_its_cause(overflow):
    small = overflow.targets[0]
    assert (small.name, small.status, small.target) == ("small", "missed", 0.8)
    assert small.low < small.simulated < small.high < 0.8
    assert small.difference == pytest.approx(small.simulated - 0.8)
    assert small.by_formula > 0.8
    assert 0 < small.intervals_missed <= small.intervals == 22
    assert small.causes == ("agents of small also answer large, which the formula does not count",)
    first = overflow.text().splitlines()[1]
    assert first == small.sentence()
    assert first.startswith("MISSED: small, target 80% (abandons ignored within 20s): 7")
    assert "points short" in first


def test_intervals_after_closing_miss_no_target():
    center = Scenario.parse(
        """[center]
open = "08:00-10:00"
interval = "30min"
[queue.calls]
volume = 120
talk = "exponential 3min"
patience = "exponential 2min"
target = "80% in 20s"
[bot.front]
queue = "calls"
session = "exponential 20min"
contained = "10%"
[group.all]
agents = 9
skills = { calls = 1 }
"""
    )
    found = sim.staff(center, runs=3)
    late = sim.simulate(found.staffed, runs=3).by_interval("offered")
    assert max(row.interval for row in late if row.value) >= "10:00"  # handed over after closing
    assert [check.intervals for check in found.targets] == [4]


def test_an_overshot_target_names_who_helps(overflow):
    large = next(one for one in overflow.targets if one.name == "large")
    assert large.status == "overshot"
    assert large.low > large.by_formula > 0.8
    assert large.causes[0] == "agents of small help out, which the formula does not count"


def test_every_output_says_which_target_is_missed(overflow, tmp_path):
    document = json.loads(overflow.to_json())
    statuses = [row["status"] for row in document["targets"]]
    assert statuses == sorted(statuses, key=["missed", "undecided", "overshot", "met"].index)
    assert document["targets"][0]["name"] == "small"
    overflow.to_xlsx(tmp_path / "a.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert sheet.title == "Targets"
    assert sheet["A1"].value == overflow.targets[0].sentence()
    heads = [row[0].row for row in sheet.iter_rows() if row[0].value == "Queue"]
    assert sheet.cell(heads[0] + 1, 2).value == "missed"


def test_chats_beside_calls_in_one_group_miss_the_target_of_calls():
    text = HEAD.format(center="", calls="") + CHATS
    found = staff(Scenario.parse(text), runs=6, seed=1, workers=1)
    calls = found.targets[0]
    assert (calls.name, calls.status) == ("calls", "missed")
    assert calls.by_formula > 0.8 > 0.7 > calls.high
    assert "are not free" in calls.causes[0]
    sharing = found.sharings[0]
    assert not sharing.pooled
    assert sharing.at_stake_h < 0
    hours = f"{-sharing.at_stake_h:,.1f} h"
    assert any(hours in note and "more; only simulation" in note for note in found.notes)


def test_what_was_not_simulated_or_only_once_is_not_called_met():
    scenario = Scenario.parse(HEAD.format(center="", calls="") + ONE)
    plain = staff(scenario, simulate=False)
    assert plain.verdict() == ["Not simulated: whether these agents reach the targets is not known"]
    once = staff(scenario, runs=1, seed=1, workers=1)
    assert [one.status for one in once.targets] == ["undecided"]
    assert "in one replication, which has no confidence interval" in once.text().splitlines()[1]


def test_queues_with_the_same_agents_are_one_pool_in_the_formula():
    found = staff(two(), simulate=False)
    patience = 140 / (100 / 120 + 40 / 300)
    aht = (100 * 180 + 40 * 300) / 140
    one = erlang.fewest_agents("erlang_a", 140, 1800, aht, "80/20", patience=patience)
    assert {row["required"] for row in found.of("group")} == {one.agents}
    assert found.of("group")[0]["fractional"] == pytest.approx(one.fractional_agents)
    apart = [
        erlang.fewest_agents("erlang_a", 100, 1800, 180, "80/20", patience=120),
        erlang.fewest_agents("erlang_a", 40, 1800, 300, "80/20", patience=300),
    ]
    sharing = found.sharings[0]
    assert sharing.pooled
    assert sharing.pooled_h == one.agents * 12
    assert sharing.apart_h >= 12 * sum(need.fractional_agents for need in apart)
    assert sharing.apart_h > sharing.pooled_h
    assert "one pool of agents (team)" in sharing.note()


def test_a_pool_is_sized_by_its_strictest_target():
    found = staff(two('target = "90% in 10s"'), simulate=False)
    patience, aht = 140 / (100 / 120 + 40 / 300), (100 * 180 + 40 * 300) / 140
    one = erlang.fewest_agents("erlang_a", 140, 1800, aht, "90/10", patience=patience)
    assert found.of("group")[0]["required"] == one.agents
    levels = {r["name"]: r["service_level_formula"] for r in found.of("queue")}
    figures = erlang.a(140, 1800, aht, one.agents, patience)
    assert levels["calls"] == pytest.approx(figures.service_level(20))
    assert levels["sales"] == pytest.approx(figures.service_level(10))


@pytest.mark.parametrize(
    ("sales", "skill", "why"),
    [
        ("", "2", "not every group answers all of them on the same level"),
        ("", '{ level = 1, after = "10s" }', "only after a delay"),
        ("", "{ at_once = 2 }", "several contacts at once"),
        ("priority = 2", "1", "some of them go first"),
        ('talk = "exponential 20min"', "1", "handle times differ too much"),
        ('patience = "weibull 3min shape 0.8"', "1", "patience follows different distributions"),
    ],
)
def test_queues_that_are_not_a_pool_say_why_and_how_many_hours_are_at_stake(sales, skill, why):
    text = SALES.format(sales=sales, skill=skill)
    for key in ("talk", "patience"):
        if sales.startswith(key):
            kept = [line for line in text.splitlines() if not line.startswith(key)]
            text = "\n".join(kept).replace("volume = 40", f"volume = 40\n{sales}")
    found = staff(Scenario.parse(HEAD.format(center="", calls="") + text), simulate=False)
    sharing = found.sharings[0]
    assert why in sharing.why
    assert sharing.apart_h == sum(row["required"] for row in found.of("group")) / 2
    assert any(f"{abs(sharing.at_stake_h):,.1f} h" in note for note in found.notes)


def test_groups_show_the_handle_time_at_their_own_speed():
    groups = """
[group.fast]
agents = 10
skills = { calls = { speed = "120%" } }
[group.slow]
agents = 10
skills = { calls = { speed = "80%" } }
"""
    found = staff(Scenario.parse(HEAD.format(center="", calls="") + groups), simulate=False)
    rows = {row["name"]: row for row in found.of("group", whole=True)}
    assert rows["fast"]["aht_s"] == pytest.approx(150)
    assert rows["slow"]["aht_s"] == pytest.approx(225)
    assert rows["fast"]["volume"] == pytest.approx(1.5 * rows["slow"]["volume"])
    assert rows["fast"]["volume"] + rows["slow"]["volume"] == pytest.approx(2400)
    assert found.of("queue", whole=True)[0]["aht_s"] == pytest.approx(180)


def test_the_target_of_the_center_sizes_queues_without_their_own():
    strict = HEAD.format(center='target = "95% in 5s"', calls="") + ONE
    found = staff(Scenario.parse(strict), runs=4, seed=1, workers=1)
    one = erlang.fewest_agents("erlang_a", 100, 1800, 180, "95/5", patience=120)
    assert found.of("group")[0]["required"] == one.agents
    assert any("center.target (95% in 5s" in note and "calls" in note for note in found.notes)
    assert {check.formula for check in found.targets} == {"abandons_ignored within 5s"}
    assert {check.scope for check in found.targets} == {"queue", "total"}


def test_a_target_of_the_center_that_sizes_nothing_says_so(overflow):
    assert any(
        note.startswith("center.target (80% in 20s") and "sizes nothing" in note
        for note in overflow.notes
    )
    center = next(one for one in overflow.targets if one.scope == "total")
    assert center.status == "missed"
    assert center.causes == ("each queue is sized by its own target",)


POOL = HEAD.format(center='target = "80% in 20s"', calls="") + (
    '[queue.sales]\nvolume = 40\ntalk = "exponential 180s"\npatience = "exponential 120s"\n{sales}'
    "[group.team]\nagents = 20\nskills = {{ calls = 1, sales = 1 }}\n"
)


def test_the_center_has_a_formula_value_if_it_is_one_pool():
    found = staff(Scenario.parse(POOL.format(sales="")), runs=6, seed=1, workers=1)
    (center,) = (one for one in found.targets if one.scope == "total")
    queue = next(one for one in found.targets if one.name == "calls")
    assert center.by_formula == pytest.approx(queue.by_formula)
    assert "no formula" not in center.sentence()
    apart = POOL.format(sales='target = "80% in 60s"\n')
    found = staff(Scenario.parse(apart), runs=6, seed=1, workers=1)
    (center,) = (one for one in found.targets if one.scope == "total")
    assert center.by_formula is None
    assert "no formula covers the center" in center.sentence()


def test_a_center_far_above_its_target_is_not_called_met():
    far = POOL.format(sales='priority = 2\ntarget = "80% in 20s"\n')
    far = far.replace('target = "80% in 20s"', 'target = "50% in 20s"', 1)
    far = far.replace("[queue.calls]", '[queue.calls]\ntarget = "80% in 20s"', 1)
    found = staff(Scenario.parse(far), runs=6, seed=1, workers=1)
    (center,) = (one for one in found.targets if one.scope == "total")
    assert center.by_formula is None
    assert center.status == "overshot"
    assert center.sentence().startswith("OVERSHOT: center")
    assert any("shares agents" in cause for cause in center.causes)


def test_the_targets_in_force_are_those_that_size_the_queues():
    scenario = Scenario.parse(HEAD.format(center='target = "95% in 5s"', calls="") + ONE)
    assert scenario.queue["calls"].target is None
    by_center = with_targets_in_force(scenario, None).queue["calls"].target
    assert (by_center.service_level, by_center.within) == (0.95, 5)
    typed = with_targets_in_force(scenario, "80/60")
    assert typed.queue["calls"].target.within == 60
    assert typed.group == scenario.group


def test_a_target_that_is_typed_is_that_of_the_center_too():
    scenario = sim.load("callback_peak")
    assert with_target_everywhere(scenario, "70/30") is scenario  # no target of the center
    own = scenario.with_(**{"center.target": "90% in 45s"})
    assert with_target_everywhere(own, None) is own
    goal = with_target_everywhere(own, "70/30").center.target
    assert (goal.service_level, goal.within) == (0.7, 30.0)
